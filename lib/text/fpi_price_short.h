/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Prices of up to 16 bytes of text, without a loop and without a branch that depends on the text.
 *
 * Lengths and digits of prices cannot be predicted, and a wrong guess of the processor costs more
 * than all of the arithmetic here. Texts are therefore loaded and stored in overlapping pieces of
 * 8, 4 and 1 bytes whose addresses lead to a spare place where a piece would be outside the text,
 * and moved about inside a register by tables:
 *
 *   "1234.56"   loaded as     1 2 3 4 4 . 5 6 _ _ _ _ _ _ _ _
 *               to the right  _ _ _ _ _ _ _ _ _ 1 2 3 4 . 5 6
 *               point out     _ _ _ _ _ _ _ _ _ _ 1 2 3 4 5 6      six digits, two behind
 *
 * Lane 0 is on the left. Not a byte outside the text is read or written.
 */

#ifndef FPI_PRICE_SHORT_H
#define FPI_PRICE_SHORT_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "fp_common.h"
#include "fpi_text_digits.h"

#ifdef __SSE4_1__

#include "fpi_text_sixteen.h"

/** Longest text that goes this way [bytes]. */
#define FPI_PRICE_SHORT_MAX 16U

/**
 * Where each lane comes from, so that a text of that length as loaded ends in lane 15; from row 17
 * on without the first byte, which is a sign.
 */
static const int8_t fpi_price_places[2 * 17][16] = {
	{ -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1 },
	{ -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 0 },
	{ -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 0, 2 },
	{ -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 0, 1, 2 },
	{ -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 0, 1, 2, 3 },
	{ -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 0, 1, 2, 3, 7 },
	{ -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 0, 1, 2, 3, 6, 7 },
	{ -1, -1, -1, -1, -1, -1, -1, -1, -1, 0, 1, 2, 3, 5, 6, 7 },
	{ -1, -1, -1, -1, -1, -1, -1, -1, 8, 9, 10, 11, 12, 13, 14, 15 },
	{ -1, -1, -1, -1, -1, -1, -1, 0, 8, 9, 10, 11, 12, 13, 14, 15 },
	{ -1, -1, -1, -1, -1, -1, 0, 1, 8, 9, 10, 11, 12, 13, 14, 15 },
	{ -1, -1, -1, -1, -1, 0, 1, 2, 8, 9, 10, 11, 12, 13, 14, 15 },
	{ -1, -1, -1, -1, 0, 1, 2, 3, 8, 9, 10, 11, 12, 13, 14, 15 },
	{ -1, -1, -1, 0, 1, 2, 3, 4, 8, 9, 10, 11, 12, 13, 14, 15 },
	{ -1, -1, 0, 1, 2, 3, 4, 5, 8, 9, 10, 11, 12, 13, 14, 15 },
	{ -1, 0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, 15 },
	{ 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 },
	{ -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1 },
	{ -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1 },
	{ -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 2 },
	{ -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1, 2 },
	{ -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1, 2, 3 },
	{ -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1, 2, 3, 7 },
	{ -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1, 2, 3, 6, 7 },
	{ -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1, 2, 3, 5, 6, 7 },
	{ -1, -1, -1, -1, -1, -1, -1, -1, -1, 9, 10, 11, 12, 13, 14, 15 },
	{ -1, -1, -1, -1, -1, -1, -1, -1, 8, 9, 10, 11, 12, 13, 14, 15 },
	{ -1, -1, -1, -1, -1, -1, -1, 1, 8, 9, 10, 11, 12, 13, 14, 15 },
	{ -1, -1, -1, -1, -1, -1, 1, 2, 8, 9, 10, 11, 12, 13, 14, 15 },
	{ -1, -1, -1, -1, -1, 1, 2, 3, 8, 9, 10, 11, 12, 13, 14, 15 },
	{ -1, -1, -1, -1, 1, 2, 3, 4, 8, 9, 10, 11, 12, 13, 14, 15 },
	{ -1, -1, -1, 1, 2, 3, 4, 5, 8, 9, 10, 11, 12, 13, 14, 15 },
	{ -1, -1, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, 15 },
	{ -1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 },
};

/** From digits that end in lane 15 to the same with a point, by number of digits behind it. */
static const int8_t fpi_price_points[10][16] = {
	{ 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 },
	{ 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, -1, 15 },
	{ 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, -1, 14, 15 },
	{ 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, -1, 13, 14, 15 },
	{ 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, -1, 12, 13, 14, 15 },
	{ 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, -1, 11, 12, 13, 14, 15 },
	{ 1, 2, 3, 4, 5, 6, 7, 8, 9, -1, 10, 11, 12, 13, 14, 15 },
	{ 1, 2, 3, 4, 5, 6, 7, 8, -1, 9, 10, 11, 12, 13, 14, 15 },
	{ 1, 2, 3, 4, 5, 6, 7, -1, 8, 9, 10, 11, 12, 13, 14, 15 },
	{ 1, 2, 3, 4, 5, 6, -1, 7, 8, 9, 10, 11, 12, 13, 14, 15 },
};

/** From lane n on: the last 16 - n lanes move to the front. */
static const int8_t fpi_price_front[32] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
	-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1 };

/** The number of each lane. */
static inline __m128i
fpi_price_lanes(void)
{
	return _mm_set_epi8(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
}

/** Load a text of 1 to 16 bytes as fpi_price_places expects it. */
static inline __m128i
fpi_price_load(const uint8_t *text, uint32_t len)
{
	static const uint8_t nothing[24];
	const uint8_t *spare = nothing;
	const uint8_t *eight;
	const uint8_t *four;
	uint32_t same = len;
	uint64_t is_few = (uint64_t)(((int64_t)len - 4) >> 63);
	uint64_t low;
	uint64_t high;
	uint64_t few;
	uint32_t front;
	uint32_t back;

	/* Else gcc sees that nothing is zeros, or what the conditions have in common: branches. */
	FP_FORGET(spare);
	FP_FORGET(same);
	eight = FP_UNPREDICTABLE(len >= 8) ? text : spare;
	four = FP_UNPREDICTABLE(same - 4 < 4) ? text : spare;
	memcpy(&low, eight, 8);
	memcpy(&high, eight + ((len - 8) & 15), 8);
	memcpy(&front, four, 4);
	memcpy(&back, four + ((len - 4) & 7), 4);
	few = text[0] | (uint64_t)text[len >> 1] << 8 | (uint64_t)text[len - 1] << 16;
	low |= front | (uint64_t)back << 32 | (few & is_few);
	return _mm_set_epi64x((int64_t)high, (int64_t)low);
}

/**
 * Parse a text that is a price which the scale holds.
 *
 * @param[in]  text      Shape [len]; the memory below it is checked already.
 * @param[in]  len       [bytes, 1..FPI_PRICE_SHORT_MAX]
 * @param[in]  decimals  Scale of the result [0..FP_PRICE_DECIMALS_MAX].
 * @param[out] ticks     The price; untouched when it is false.
 * @return True when that was it; else the text has to be judged the long way.
 */
static inline bool
fpi_price_parse_short(const uint8_t *text, uint32_t len, uint8_t decimals, int64_t *ticks)
{
	const __m128i lanes = fpi_price_lanes();
	uint32_t is_negative = text[0] == '-';
	uint32_t unsigned_len = len - is_negative;
	__m128i digits = _mm_sub_epi8(fpi_price_load(text, len), _mm_set1_epi8('0'));
	__m128i points;
	uint32_t point; /* One more than the lane it is in; 0 for none. */
	uint32_t behind;
	int64_t value;

	digits = _mm_shuffle_epi8(digits,
		_mm_loadu_si128(
			(const __m128i *)(const void *)fpi_price_places[len + 17 * is_negative]));
	points = _mm_cmpeq_epi8(digits, _mm_set1_epi8('.' - '0'));
	/* The last one: another stays among the digits and is none. */
	point = 31 ^ (uint32_t)__builtin_clz((uint32_t)_mm_movemask_epi8(points) << 1 | 1);
	behind = (16 - point) & 15;
	points = _mm_cmpgt_epi8(_mm_set1_epi8((char)point), lanes);
	digits = _mm_shuffle_epi8(digits, _mm_add_epi8(lanes, points));
	if (FP_UNLIKELY(_mm_movemask_epi8(_mm_adds_epu8(digits, _mm_set1_epi8(0x76))) != 0 ||
		    behind > decimals || unsigned_len == (point != 0)))
		return false;
	value = (int64_t)fpi_text_join(digits);
	if (FP_UNLIKELY(__builtin_mul_overflow(
		    value, (int64_t)fp_digits_pow10[decimals - behind], &value)))
		return false;
	*ticks = (value ^ -(int64_t)is_negative) + is_negative;
	return true;
}

/** Store a text of 1 to 16 bytes that ends in lane 15. */
static inline void
fpi_price_store(uint8_t *to, __m128i text, uint32_t len)
{
	uint8_t nowhere[24];
	uint8_t *spare = nowhere;
	uint8_t *eight;
	uint8_t *four;
	uint8_t *few;
	uint32_t same = len;
	uint32_t equal = len;
	__m128i in_front = _mm_shuffle_epi8(
		text, _mm_loadu_si128((const __m128i *)(const void *)(fpi_price_front + 16 - len)));
	uint64_t front = (uint64_t)_mm_cvtsi128_si64(in_front);
	uint64_t back = (uint64_t)_mm_extract_epi64(text, 1);
	uint32_t back_half = (uint32_t)(back >> 32);

	FP_FORGET(spare);
	FP_FORGET(same);
	FP_FORGET(equal);
	eight = FP_UNPREDICTABLE(len >= 8) ? to : spare;
	four = FP_UNPREDICTABLE(same - 4 < 4) ? to : spare;
	few = FP_UNPREDICTABLE(equal < 4) ? to : spare;
	memcpy(eight, &front, 8);
	memcpy(eight + ((len - 8) & 15), &back, 8);
	memcpy(four, &front, 4);
	memcpy(four + ((len - 4) & 7), &back_half, 4);
	few[0] = (uint8_t)front;
	few[len >> 1 & 1] = (uint8_t)(front >> (len << 2 & 8));
	few[(len - 1) & 3] = (uint8_t)(back >> 56);
}

/**
 * Write a price that is known to take @p len bytes.
 *
 * @param[out] to           Room for @p len bytes.
 * @param[in]  is_negative  A '-' goes in front.
 * @param[in]  magnitude    Below 10^16.
 * @param[in]  decimals     Digits behind the point [0..FP_PRICE_DECIMALS_MAX].
 * @param[in]  len          [bytes, 1..FPI_PRICE_SHORT_MAX]
 */
static inline void
fpi_price_format_short(
	uint8_t *to, bool is_negative, uint64_t magnitude, uint32_t decimals, uint32_t len)
{
	uint64_t high = fp_digits_split((uint32_t)(magnitude / FP_DIGITS_10_8));
	uint64_t low = fp_digits_split((uint32_t)(magnitude % FP_DIGITS_10_8));
	__m128i text = _mm_set_epi64x((int64_t)low, (int64_t)high);
	__m128i sign = _mm_set1_epi8((char)(is_negative ? 15 - (int)len + 1 : -1));

	text = _mm_add_epi8(text, _mm_set1_epi8('0'));
	text = _mm_shuffle_epi8(
		text, _mm_loadu_si128((const __m128i *)(const void *)fpi_price_points[decimals]));
	/* Where the table has a gap the lane is 0. */
	sign = _mm_cmpeq_epi8(sign, fpi_price_lanes());
	text = _mm_or_si128(
		text, _mm_and_si128(_mm_cmpeq_epi8(text, _mm_setzero_si128()), _mm_set1_epi8('.')));
	text = _mm_blendv_epi8(text, _mm_set1_epi8('-'), sign);
	fpi_price_store(to, text, len);
}

#else

/* Without the instructions every text goes the long way. */
#define FPI_PRICE_SHORT_MAX 0U

static inline bool
fpi_price_parse_short(const uint8_t *text, uint32_t len, uint8_t decimals, int64_t *ticks)
{
	(void)text;
	(void)len;
	(void)decimals;
	(void)ticks;
	return false;
}

static inline void
fpi_price_format_short(
	uint8_t *to, bool is_negative, uint64_t magnitude, uint32_t decimals, uint32_t len)
{
	(void)to;
	(void)is_negative;
	(void)magnitude;
	(void)decimals;
	(void)len;
}

#endif

#endif /* FPI_PRICE_SHORT_H */
