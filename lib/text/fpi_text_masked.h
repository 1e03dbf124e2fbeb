/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Decimal text in one register of 128 bits, by loads and stores under a mask. Internal to lib/text.
 *
 * With a mask a text of any length up to 16 is one load or one store that touches nothing else, so
 * that no branch depends on the length. The instructions are those of AVX-512 BW and VL, at 128
 * bits. fp_text_write.c and fp_text_read.c do the same in C; the results are equal.
 */

#ifndef FPI_TEXT_MASKED_H
#define FPI_TEXT_MASKED_H

#include "fp_span.h"

/** 1 when the CPU has the instructions, which is found out before main(), else 0. */
extern uint32_t fpi_text_is_masked;

/** True when the functions below are to be called. */
static inline bool
fpi_text_use_masked(void)
{
	return fp_load_relaxed_u32(&fpi_text_is_masked) != 0;
}

/**
 * Choose between the two, for tests and benchmarks.
 *
 * @return 0, or -ENOTSUP when the CPU has no such instructions.
 */
int fpi_text_set_masked(bool is_masked);

/** As fp_text_write_u64(), which calls them. */
int fpi_text_write_u64_masked(uint64_t value, FP_SCOPED struct fp_span to, uint32_t *written);
int fpi_text_write_i64_masked(int64_t value, FP_SCOPED struct fp_span to, uint32_t *written);

/** As fp_text_read_u64(), which calls them. */
int fpi_text_read_u64_masked(FP_SCOPED struct fp_cspan text, uint64_t *value, uint32_t *consumed);
int fpi_text_read_i64_masked(FP_SCOPED struct fp_cspan text, int64_t *value, uint32_t *consumed);

#endif /* FPI_TEXT_MASKED_H */
