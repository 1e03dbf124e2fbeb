/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * What comes before and behind the digits of a plain decimal text, however they were read.
 * Internal to lib/text.
 */

#ifndef FPI_TEXT_RUN_H
#define FPI_TEXT_RUN_H

#include "fp_span.h"

/** Digits that were read. */
struct fpi_text_run {
	uint64_t value; /**< The number. */
	uint32_t count; /**< How many digits; 0 = none, or the number does not fit 64 bits. */
};

/** A sign at the start of a text. */
struct fpi_text_sign {
	uint32_t len;         /**< 1 when there is one, else 0 [bytes]. */
	uint32_t is_negative; /**< 1 when it is '-', else 0. */
};

/** Look for a sign. */
static inline struct fpi_text_sign
fpi_text_sign(struct fp_cspan text)
{
	struct fpi_text_sign sign = { 0, 0 };

	if (FP_LIKELY(text.len != 0)) {
		sign.is_negative = text.data[0] == '-';
		sign.len = sign.is_negative | (text.data[0] == '+');
	}
	return sign;
}

/** All digits of a text that has at least sixteen. */
struct fpi_text_run fpi_text_read_long(const uint8_t *text, uint32_t len);

/** Give the error of a text that has no number where one should begin. */
FP_COLD int fpi_text_read_error(struct fp_cspan text, uint32_t pos);

/** Give the results of fp_text_read_u64() when up to sixteen digits have been read. */
static inline int
fpi_text_end_u64(struct fp_cspan text, struct fpi_text_run run, uint64_t *value, uint32_t *consumed)
{
	if (run.count == 16)
		run = fpi_text_read_long(text.data, text.len);
	*value = run.value;
	*consumed = run.count;
	return FP_LIKELY(run.count != 0) ? 0 : fpi_text_read_error(text, 0);
}

/** Give the results of fp_text_read_i64() when up to sixteen digits have been read. */
static inline int
fpi_text_end_i64(struct fp_cspan text, struct fpi_text_sign sign, struct fpi_text_run run,
	int64_t *value, uint32_t *consumed)
{
	if (run.count == 16)
		run = fpi_text_read_long(text.data + sign.len, text.len - sign.len);
	if (FP_UNLIKELY(run.count == 0 || run.value > (uint64_t)INT64_MAX + sign.is_negative)) {
		*value = 0;
		*consumed = 0;
		return fpi_text_read_error(text, sign.len);
	}
	*value = (int64_t)(sign.is_negative != 0 ? 0 - run.value : run.value);
	*consumed = run.count + sign.len;
	return 0;
}

#endif /* FPI_TEXT_RUN_H */
