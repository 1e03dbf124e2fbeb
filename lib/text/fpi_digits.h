/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Decimal digits of an integer, exactly as many as wanted, at an address that has room for them.
 */

#ifndef FPI_DIGITS_H
#define FPI_DIGITS_H

#include <stdint.h>
#include <string.h>

#include "fp_common.h"

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

/** The eight digits of a value below 10^8 as bytes 0 to 9, the first in the lowest byte. */
static inline uint64_t
fpi_text_spread8(uint32_t value)
{
	uint64_t fours = (value / 10000) | ((uint64_t)(value % 10000) << 32);
	/* In each half, a hundredth is a multiplication by 5243 / 2^19. */
	uint64_t hundreds = ((fours * 5243) >> 19) & 0x0000007f0000007f;
	uint64_t twos = hundreds | ((fours - hundreds * 100) << 16);
	/* In each quarter, a tenth is a multiplication by 103 / 2^10. */
	uint64_t tens = ((twos * 103) >> 10) & 0x000f000f000f000f;

	return tens | ((twos - tens * 10) << 8);
}

/** Write the lowest @p count digits of a value, with zeros in front [count 0..20]. */
static inline void
fpi_text_put_digits(uint8_t *to, uint64_t value, uint32_t count)
{
	uint64_t digits;

	while (count >= 8) {
		digits = fpi_text_spread8((uint32_t)(value % 100000000)) | 0x3030303030303030;
		count -= 8;
		memcpy(to + count, &digits, 8);
		value /= 100000000;
	}
	if (count == 0)
		return;
	digits = fpi_text_spread8((uint32_t)(value % 100000000)) | 0x3030303030303030;
	digits >>= 8 * (8 - count);
	for (uint32_t i = 0; i < count; i++)
		to[i] = (uint8_t)(digits >> 8 * i);
}

#endif /* FPI_DIGITS_H */
