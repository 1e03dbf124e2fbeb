/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Decimal digits of an integer, eight at a time in one register of 64 bits.
 *
 * Eight characters are held as fp_load_le64() loads them: the first is the lowest byte. Digits are
 * the same with values 0 to 9 in the place of characters. For who makes text of its own out of
 * numbers; numbers as text are fp_text_format.h. Any thread.
 */

#ifndef FP_DIGITS_H
#define FP_DIGITS_H

#include "fp_endian.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Eight times '0'. */
#define FP_DIGITS_ZEROS UINT64_C(0x3030303030303030)

/** 10^8, the first number of more than eight digits. */
#define FP_DIGITS_10_8 UINT64_C(100000000)

/** 10^16, the first number of more than sixteen digits. */
#define FP_DIGITS_10_16 UINT64_C(10000000000000000)

/** Most digits of 64 bits. */
#define FP_DIGITS_MAX 20

/** Powers of ten that 64 bits hold. */
static const uint64_t fp_digits_pow10[FP_DIGITS_MAX] = {
	1,
	10,
	100,
	1000,
	10000,
	100000,
	1000000,
	10000000,
	100000000,
	1000000000,
	10000000000,
	100000000000,
	1000000000000,
	10000000000000,
	100000000000000,
	1000000000000000,
	10000000000000000,
	100000000000000000,
	1000000000000000000,
	10000000000000000000U,
};

/** Number of decimal digits [1..20]; 0 has one. */
static inline uint32_t
fp_digits_count(uint64_t value)
{
	uint64_t odd = value | 1; /* as many digits, and never 0 */
	uint32_t bits = 64 - (uint32_t)__builtin_clzll(odd);
	uint32_t guess = bits * 1233 >> 12; /* log10(2) is 1233/4096, nearly: right or one less */

	return guess + (odd >= fp_digits_pow10[guess]);
}

/**
 * Split a number into its eight digits, leading zeros among them.
 *
 * Halves are split next to each other: into 4 and 4 digits, then 2 each, then 1 each. The
 * quotients are products with a rounded reciprocal, exact for all numbers of that many digits.
 *
 * @param[in] value  Below 10^8.
 */
static inline uint64_t
fp_digits_split(uint32_t value)
{
	uint64_t high = value * UINT64_C(109951163) >> 40;
	uint64_t fours = high | (value - high * 10000) << 32;
	uint64_t hundreds = (fours * 10486) >> 20 & UINT64_C(0x0000007f0000007f);
	uint64_t twos = hundreds | (fours - hundreds * 100) << 16;
	uint64_t tens = (twos * 103) >> 10 & UINT64_C(0x000f000f000f000f);

	return tens | (twos - tens * 10) << 8;
}

#ifdef __cplusplus
}
#endif

#endif /* FP_DIGITS_H */
