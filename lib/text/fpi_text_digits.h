/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Digits that are read, and what stands between them. Internal to lib/text.
 */

#ifndef FPI_TEXT_DIGITS_H
#define FPI_TEXT_DIGITS_H

#include "fp_digits.h"

/** The number that eight digits are; the inverse of fp_digits_split(). */
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
 * @param[in] digits  The characters after `^ FP_DIGITS_ZEROS`.
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
		digits = fp_digits_split((uint32_t)(value % FP_DIGITS_10_8)) | FP_DIGITS_ZEROS;
		count -= 8;
		fp_store_le64(to + count, digits);
		value /= FP_DIGITS_10_8;
	}
	if (count == 0)
		return;
	digits = fp_digits_split((uint32_t)(value % FP_DIGITS_10_8)) | FP_DIGITS_ZEROS;
	digits >>= 8 * (8 - count);
	for (uint32_t i = 0; i < count; i++)
		to[i] = (uint8_t)(digits >> 8 * i);
}

#endif /* FPI_TEXT_DIGITS_H */
