/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Decimal text, made in two ways with the same results. Internal to lib/text.
 *
 *   _plain    what the library is built for: integers in C, eight digits at a time
 *             (fp_text_plain.c), prices with SSE4.1 up to 16 bytes, else byte by byte
 *             (fp_price_text.c)
 *   _masked   loads and stores under a mask, for integers of up to sixteen digits
 *             (fp_text_masked.c) and prices of up to 32 bytes (fp_price_masked.c); AVX-512 BW and
 *             VL with registers of 128 bits, the width that the library is built for anyway
 *
 * fp_text_decimal.c calls one of them, chosen before main(). Each is what the public function of
 * its name is.
 */

#ifndef FPI_TEXT_DECIMAL_H
#define FPI_TEXT_DECIMAL_H

#include "fp_price_text.h"

/** True when the CPU has what the masked functions need. */
bool fpi_text_has_masked(void);

/**
 * Choose between the two, for tests and benchmarks.
 *
 * @return 0, or -ENOTSUP when the CPU has not what the masked functions need.
 */
FP_MUST_CHECK int fpi_text_set_masked(bool is_masked);

#define FPI_TEXT_DECIMAL(path)                                                                     \
	FP_MUST_CHECK int fpi_text_write_u64_##path(                                               \
		uint64_t value, FP_SCOPED struct fp_span to, uint32_t *written);                   \
	FP_MUST_CHECK int fpi_text_write_i64_##path(                                               \
		int64_t value, FP_SCOPED struct fp_span to, uint32_t *written);                    \
	FP_MUST_CHECK int fpi_text_read_u64_##path(                                                \
		FP_SCOPED struct fp_cspan text, uint64_t *value, uint32_t *consumed);              \
	FP_MUST_CHECK int fpi_text_read_i64_##path(                                                \
		FP_SCOPED struct fp_cspan text, int64_t *value, uint32_t *consumed);               \
	FP_MUST_CHECK int fpi_price_parse_##path(FP_SCOPED struct fp_cspan text, uint8_t decimals, \
		enum fp_price_excess excess, struct fp_price *price);                              \
	FP_MUST_CHECK int fpi_price_parse_prefix_##path(FP_SCOPED struct fp_cspan text,            \
		uint8_t decimals, enum fp_price_excess excess, struct fp_price *price,             \
		uint32_t *consumed);

FPI_TEXT_DECIMAL(plain)
FPI_TEXT_DECIMAL(masked)

#undef FPI_TEXT_DECIMAL

#endif /* FPI_TEXT_DECIMAL_H */
