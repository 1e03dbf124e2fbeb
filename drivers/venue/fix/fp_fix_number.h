/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Short numbers of FIX, tags and lengths, out of eight bytes at once.
 */

#ifndef FP_FIX_NUMBER_H
#define FP_FIX_NUMBER_H

#include "fp_endian.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Place of the lowest bit that is set [0..63]; 64 when there is none. */
static inline uint32_t
fp_fix_first_bit(uint64_t bits)
{
	/* Counting costs the same everywhere; to search is slow on some CPUs of the baseline. */
	return (uint32_t)__builtin_popcountll((bits - 1) & ~bits);
}

/**
 * Read the digits that a text begins with.
 *
 * @param[in]  text    Eight bytes.
 * @param[out] digits  How many digits they begin with [0..8].
 * @return The number, zeros at its front included; unspecified without digits.
 */
static inline uint32_t
fp_fix_number(const uint8_t *text, uint32_t *digits)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t value = fp_load_le64(text) ^ ones * '0';
	/* The highest bit of the first byte that is no digit, and others behind. */
	uint64_t others = (value | (value + ones * 0x76)) & ones << 7;
	uint32_t bits = fp_fix_first_bit(others) & 0x78;

	*digits = bits / 8;
	/* The digits go to the last of eight places, zeros before them. */
	value <<= (64 - bits) & 63;
	value = value * 10 + (value >> 8);
	value = (value & UINT64_C(0xff000000ff)) * UINT64_C(0xf424000000064) +
		(value >> 16 & UINT64_C(0xff000000ff)) * UINT64_C(0x271000000001);
	return (uint32_t)(value >> 32);
}

/**
 * Read the tag that a text begins with.
 *
 * @param[in]  text    Eight bytes.
 * @param[out] digits  How many digits it has, '=' behind them.
 * @return The tag [1..9999999]; 0 when it has more digits, begins with 0, or is none.
 */
static inline uint32_t
fp_fix_read_tag(const uint8_t *text, uint32_t *digits)
{
	/* As fp_fix_number(), for the four digits that tags rarely have more than. */
	uint32_t value = fp_load_le32(text) ^ UINT32_C(0x30303030);
	uint32_t others = (value | (value + UINT32_C(0x76767676))) & UINT32_C(0x80808080);
	uint32_t bits = (uint32_t)__builtin_popcount((others - 1) & ~others) & 0x38;

	*digits = bits / 8;
	value <<= (32 - bits) & 31;
	value = (value * 10 + (value >> 8)) & UINT32_C(0x00ff00ff);
	value = value * UINT32_C(0x00640001) >> 16;
	if (FP_UNLIKELY(text[*digits] != '=')) {
		value = fp_fix_number(text, digits);
		if (*digits == 8 || text[*digits] != '=')
			return 0;
	}
	return FP_LIKELY((uint8_t)(text[0] - '1') <= 8) ? value : 0;
}

#ifdef __cplusplus
}
#endif

#endif /* FP_FIX_NUMBER_H */
