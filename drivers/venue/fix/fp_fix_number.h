/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Short numbers of FIX, tags and lengths, out of eight bytes at once.
 */

#ifndef FP_FIX_NUMBER_H
#define FP_FIX_NUMBER_H

#include "fp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Where a byte is first among eight.
 *
 * @param[in] text  The bytes, the first one lowest.
 * @param[in] byte  Wanted.
 * @return Its place [0..7], or 8.
 */
static inline uint32_t
fp_fix_byte_place(uint64_t text, uint8_t byte)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t found = text ^ ones * byte;

	/* The highest bit of the first one, and perhaps of later bytes. */
	found = (found - ones) & ~found & ones << 7;
	return found != 0 ? (uint32_t)__builtin_ctzll(found) / 8 : 8;
}

/**
 * The number that the first of eight bytes are.
 *
 * @param[in] text    The bytes, the first one lowest.
 * @param[in] digits  How many of them; any.
 * @return The number [0..99999999]; 0 also when it has no digits or more than 8, or one of them is
 *         none, or it begins with 0.
 */
static inline uint32_t
fp_fix_number(uint64_t text, uint32_t digits)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t value = text ^ ones * '0';
	/* The digits go to the last of eight places, zeros before them. */
	uint64_t moved = value << ((64 - digits * 8) & 63);

	if (FP_UNLIKELY(digits - 1 > 7 || (value & 0xff) == 0 ||
		    (((moved + ones * 0x76) | moved) & ones << 7) != 0))
		return 0;
	moved = moved * 10 + (moved >> 8);
	moved = (moved & UINT64_C(0xff000000ff)) * UINT64_C(0xf424000000064) +
		(moved >> 16 & UINT64_C(0xff000000ff)) * UINT64_C(0x271000000001);
	return (uint32_t)(moved >> 32);
}

#ifdef __cplusplus
}
#endif

#endif /* FP_FIX_NUMBER_H */
