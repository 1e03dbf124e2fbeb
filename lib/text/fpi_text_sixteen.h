/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Sixteen decimal digits in a register of 128 bits. Internal to lib/text, x86 only.
 */

#ifndef FPI_TEXT_SIXTEEN_H
#define FPI_TEXT_SIXTEEN_H

#include <smmintrin.h>

#include "fpi_text_digits.h"

/** What the masked functions need of a CPU; fpi_text_has_masked() asks it for the same. */
#define FPI_TEXT_MASKED FP_TARGET("avx512f,avx512bw,avx512vl,bmi,bmi2,lzcnt")

/** The number that sixteen digits of 0 to 9 are, the first of them in the lowest lane. */
static inline uint64_t
fpi_text_join(__m128i digits)
{
	uint64_t eights;

	digits = _mm_maddubs_epi16(digits, _mm_set1_epi16(10 | 1 << 8));
	digits = _mm_madd_epi16(digits, _mm_set1_epi32(100 | 1 << 16));
	digits = _mm_packus_epi32(digits, digits);
	digits = _mm_madd_epi16(digits, _mm_set1_epi32(10000 | 1 << 16));
	eights = (uint64_t)_mm_cvtsi128_si64(digits);
	return (uint32_t)eights * FP_DIGITS_10_8 + (eights >> 32);
}

#endif /* FPI_TEXT_SIXTEEN_H */
