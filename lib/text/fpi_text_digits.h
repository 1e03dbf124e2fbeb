/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Decimal digits of an integer, eight at a time in one register of 64 bits. Internal to lib/text.
 *
 * Eight characters are held as fp_load_le64() loads them: the first is the lowest byte. Digits are
 * the same with values 0 to 9 in the place of characters.
 */

#ifndef FPI_TEXT_DIGITS_H
#define FPI_TEXT_DIGITS_H

#include "fp_endian.h"

/** Eight times '0'. */
#define FPI_TEXT_ZEROS UINT64_C(0x3030303030303030)

/** 10^8, the first number of more than eight digits. */
#define FPI_TEXT_10_8 UINT64_C(100000000)

/** 10^16, the first number of more than sixteen digits. */
#define FPI_TEXT_10_16 UINT64_C(10000000000000000)

/** Most digits of 64 bits. */
#define FPI_TEXT_DIGITS_MAX 20

/** Powers of ten that 64 bits hold. */
static const uint64_t fpi_text_pow10[FPI_TEXT_DIGITS_MAX] = {
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
fpi_text_count_digits(uint64_t value)
{
	uint64_t odd = value | 1; /* as many digits, and never 0 */
	uint32_t bits = 64 - (uint32_t)__builtin_clzll(odd);
	uint32_t guess = bits * 1233 >> 12; /* log10(2) is 1233/4096, nearly: right or one less */

	return guess + (odd >= fpi_text_pow10[guess]);
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
fpi_text_digits(uint32_t value)
{
	uint64_t high = value * UINT64_C(109951163) >> 40;
	uint64_t fours = high | (value - high * 10000) << 32;
	uint64_t hundreds = (fours * 10486) >> 20 & UINT64_C(0x0000007f0000007f);
	uint64_t twos = hundreds | (fours - hundreds * 100) << 16;
	uint64_t tens = (twos * 103) >> 10 & UINT64_C(0x000f000f000f000f);

	return tens | (twos - tens * 10) << 8;
}

/** The number that eight digits are; the inverse of fpi_text_digits(). */
static inline uint32_t
fpi_text_number(uint64_t digits)
{
	uint64_t twos = (digits * (1 + (10 << 8))) >> 8 & UINT64_C(0x00ff00ff00ff00ff);
	uint64_t fours = (twos * (1 + (100 << 16))) >> 16 & UINT64_C(0x0000ffff0000ffff);

	return (uint32_t)((fours * (1 + (UINT64_C(10000) << 32))) >> 32);
}

/**
 * Find what is no digit among eight characters.
 *
 * @param[in] digits  The characters after `^ FPI_TEXT_ZEROS`.
 * @return The lowest bit that is set is the top bit of the first character that is no digit; 0 when
 *         all are. Bits above the lowest say nothing.
 */
static inline uint64_t
fpi_text_others(uint64_t digits)
{
	return ((digits + UINT64_C(0x7676767676767676)) | digits) & UINT64_C(0x8080808080808080);
}

/**
 * 1 when the character is '+' or '-', else 0.
 *
 * Without a comparison: gcc 12 makes a register of one byte of it, which waits for what the number
 * before left in that register, and reading takes twice as long. The two differ in one bit.
 */
static inline uint32_t
fpi_text_sign(uint8_t character)
{
	return (((uint32_t)(character - '+') & 0xfd) - 1) >> 31;
}

/** Write the lowest @p count digits of a value, with zeros in front [count 0..20]. */
static inline void
fpi_text_put_digits(uint8_t *to, uint64_t value, uint32_t count)
{
	uint64_t digits;

	while (count >= 8) {
		digits = fpi_text_digits((uint32_t)(value % FPI_TEXT_10_8)) | FPI_TEXT_ZEROS;
		count -= 8;
		fp_store_le64(to + count, digits);
		value /= FPI_TEXT_10_8;
	}
	if (count == 0)
		return;
	digits = fpi_text_digits((uint32_t)(value % FPI_TEXT_10_8)) | FPI_TEXT_ZEROS;
	digits >>= 8 * (8 - count);
	for (uint32_t i = 0; i < count; i++)
		to[i] = (uint8_t)(digits >> 8 * i);
}

#endif /* FPI_TEXT_DIGITS_H */
