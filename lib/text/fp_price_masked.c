/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Prices of up to 32 bytes of text by loads under a mask. A text is loaded so that it ends in the
 * last lane of its registers; what is in front of it is masked, and becomes leading zeros.
 *
 *   "1234.56"   loaded      0 0 0 0 0 0 0 0 0 1 2 3 4 . 5 6
 *               point out   0 0 0 0 0 0 0 0 0 0 1 2 3 4 5 6      six digits, two behind
 *
 * Up to sixteen bytes are one register, and nothing depends on the length but the mask. Of longer
 * ones two registers tell where sign, point and other bytes are. The digits that the scale holds
 * are then loaded once more, those on both sides of the point next to each other, and the first one
 * that it does not hold is rounded by. What is refused goes the long way, which is the judge.
 */

#include <rte_common.h>

#include "fpi_text_decimal.h"

#ifdef RTE_ARCH_X86

#include <immintrin.h>

#include "fpi_text_sixteen.h"

#define TARGET FPI_TEXT_MASKED

#define SHORT_MAX 16U
#define SEEN_MAX  32U

/* Most that the digits in front of the last sixteen can be: 922 * 10^16 is within int64. */
#define FRONT_MAX 922U

/* Where sign, point and digits of a text are; bit 31 is its last byte, bits below it are 0. */
struct marks {
	uint32_t there;   /* bytes behind the sign */
	uint32_t point;   /* one bit or none */
	uint32_t nonzero; /* bytes that are not '0' */
};

static inline TARGET __m128i
load_digits(const uint8_t *text, uint32_t mask)
{
	const __m128i zeros = _mm_set1_epi8('0');

	return _mm_sub_epi8(_mm_mask_loadu_epi8(zeros, (__mmask16)mask, text), zeros);
}

static inline TARGET uint32_t
find_others(__m128i digits)
{
	return _mm_cmpgt_epu8_mask(digits, _mm_set1_epi8(9));
}

static inline TARGET uint32_t
find_points(__m128i digits)
{
	return _mm_cmpeq_epi8_mask(digits, _mm_set1_epi8('.' - '0'));
}

static inline int64_t
with_sign(uint64_t magnitude, uint32_t is_negative)
{
	return (int64_t)((magnitude ^ (0 - (uint64_t)is_negative)) + is_negative);
}

/* A text of 1 to 16 bytes that is a price which the scale holds; false for all others. */
static inline TARGET bool
parse_short(const uint8_t *text, uint32_t len, uint8_t decimals, int64_t *ticks)
{
	uint32_t is_negative = text[0] == '-';
	uint32_t there = UINT16_MAX & (UINT32_C(0xffff) << (16 - len + is_negative));
	__m128i digits = load_digits(text + len - 16, there);
	uint32_t point = find_points(digits);
	/* All lanes up to the point; none without one. */
	uint32_t moved = 2 * point - (point != 0);
	uint32_t behind = _lzcnt_u32(point << 16) & 31;
	int64_t value;

	if (FP_UNLIKELY(find_others(digits) != (point & (0 - point)) || there == point ||
		    behind > decimals))
		return false;
	digits = _mm_mask_alignr_epi8(digits, (__mmask16)moved, digits, _mm_setzero_si128(), 15);
	value = (int64_t)fpi_text_join(digits);
	if (FP_UNLIKELY(__builtin_mul_overflow(
		    value, (int64_t)fpi_text_pow10[decimals - behind], &value)))
		return false;
	*ticks = with_sign((uint64_t)value, is_negative);
	return true;
}

/* False when a text of 1 to 32 bytes is no price. */
static inline TARGET bool
find_marks(const uint8_t *text, uint32_t len, uint32_t is_negative, struct marks *marks)
{
	uint32_t there = (uint32_t)(UINT64_C(0xffffffff) << (32 - len + is_negative));
	__m128i front = load_digits(text + len - 32, there & UINT16_MAX);
	__m128i back = load_digits(text + len - 16, there >> 16);
	uint32_t points = find_points(front) | find_points(back) << 16;
	uint32_t others = find_others(front) | find_others(back) << 16;

	marks->there = there;
	marks->point = points;
	marks->nonzero =
		_mm_test_epi8_mask(front, front) | (uint32_t)_mm_test_epi8_mask(back, back) << 16;
	return others == (points & (0 - points)) && there != points;
}

/*
 * One when the digits that the scale does not hold, of which the first is @first, make the
 * magnitude one more.
 */
static inline uint32_t
round_up(uint32_t first, bool has_more, bool is_odd, enum fp_price_excess excess)
{
	/* What twice the first digit, and one for more behind it, has to exceed. */
	static const uint8_t limits[4] = { UINT8_MAX, 9, 10, UINT8_MAX };
	uint32_t is_tie_up = (uint32_t)is_odd & (excess == FP_PRICE_EXCESS_HALF_EVEN);

	return 2 * first + has_more + is_tie_up > limits[excess & 3];
}

/* The @count digits in front of @end as a number, of sixteen or more; false for too large ones. */
static __rte_noinline TARGET bool
add_front(const uint8_t *end, uint32_t count, uint64_t *value)
{
	uint64_t front = fpi_text_join(load_digits(end - 16, UINT32_C(0xffff) << (16 - count)));

	*value += front * FPI_TEXT_10_16;
	return front <= FRONT_MAX;
}

/*
 * The last @count digits in front of @end, with a point before the last @behind of them if there
 * is one, as a number; false for too large ones.
 */
static inline TARGET bool
join_held(const uint8_t *end, uint32_t count, uint32_t behind, uint32_t has_point, uint64_t *value)
{
	uint32_t right = UINT32_C(0xffff) << (16 - behind);
	uint32_t left = ~right & (UINT32_C(0xffff) << (count < 16 ? 16 - count : 0));
	const uint8_t *from = end - 16;

	*value = fpi_text_join(
		_mm_or_si128(load_digits(from, right), load_digits(from - has_point, left)));
	return FP_LIKELY(count <= 16) || add_front(from - has_point, count - 16, value);
}

/* As parse_short(), for up to 32 bytes, and with digits that the scale does not hold. */
static inline TARGET bool
parse_long(struct fp_cspan text, uint8_t decimals, enum fp_price_excess excess, int64_t *ticks)
{
	uint32_t is_negative = text.data[0] == '-';
	const uint8_t *end = text.data + text.len;
	struct marks marks;
	uint32_t has_point;
	uint32_t behind; /* digits behind the point that the scale holds */
	uint32_t beyond; /* digits that it does not hold */
	uint32_t count;  /* digits that it holds */
	uint64_t dropped;
	uint64_t value;
	uint32_t digit;

	if (FP_UNLIKELY(!find_marks(text.data, text.len, is_negative, &marks)))
		return false;
	has_point = marks.point != 0;
	behind = _lzcnt_u32(marks.point) & 31;
	beyond = behind > decimals ? behind - decimals : 0;
	behind -= beyond;
	count = text.len - is_negative - has_point - beyond;
	dropped = (uint64_t)marks.nonzero >> (32 - beyond);
	/* Zero also when there is none; another byte is looked at then. */
	digit = (text.data[text.len - beyond - (beyond == 0)] - (uint32_t)'0') &
		(0 - (uint32_t)(dropped & 1));
	if (FP_UNLIKELY(!join_held(end - beyond, count, behind, has_point, &value) ||
		    __builtin_mul_overflow(value, fpi_text_pow10[decimals - behind], &value)))
		return false;
	value += round_up(digit, dropped >> 1 != 0, value & 1, excess);
	if (FP_UNLIKELY(value > (uint64_t)INT64_MAX + is_negative ||
		    (dropped != 0 && excess == FP_PRICE_EXCESS_REFUSE)))
		return false;
	*ticks = with_sign(value, is_negative);
	return true;
}

/* Everything that parse_short() does not take. */
static __rte_noinline TARGET int
parse_other(
	struct fp_cspan text, uint8_t decimals, enum fp_price_excess excess, struct fp_price *price)
{
	if (FP_LIKELY(text.len - 1 < SEEN_MAX && decimals <= FP_PRICE_DECIMALS_MAX) &&
		FP_LIKELY(parse_long(text, decimals, excess, &price->ticks)))
		return 0;
	return fpi_price_parse_plain(text, decimals, excess, price);
}

TARGET int
fpi_price_parse_masked(
	struct fp_cspan text, uint8_t decimals, enum fp_price_excess excess, struct fp_price *price)
{
	fpi_cspan_check(text);
	if (FP_LIKELY(text.len - 1 < SHORT_MAX && decimals <= FP_PRICE_DECIMALS_MAX) &&
		FP_LIKELY(parse_short(text.data, text.len, decimals, &price->ticks)))
		return 0;
	return parse_other(text, decimals, excess, price);
}

/* Length of what may be a price at the start of a text; SEEN_MAX + 1 when that is not seen. */
static inline TARGET uint32_t
find_end(const uint8_t *text, uint32_t len)
{
	uint32_t there = len < SEEN_MAX ? _bzhi_u32(UINT32_MAX, len) : UINT32_MAX;
	/* Bytes that are masked are zeros here, and end the number. */
	__m128i front = _mm_maskz_loadu_epi8((__mmask16)there, text);
	__m128i back = _mm_maskz_loadu_epi8((__mmask16)(there >> 16), text + 16);
	uint64_t others;

	front = _mm_sub_epi8(front, _mm_set1_epi8('0'));
	back = _mm_sub_epi8(back, _mm_set1_epi8('0'));
	others = find_others(front) | find_others(back) << 16;
	others |= UINT64_C(1) << (len <= SEEN_MAX ? SEEN_MAX : SEEN_MAX + 1);
	others &= text[0] == '-' ? UINT64_MAX - 1 : UINT64_MAX;
	others ^= others & (0 - others) & (find_points(front) | find_points(back) << 16);
	return (uint32_t)_tzcnt_u64(others);
}

TARGET int
fpi_price_parse_prefix_masked(struct fp_cspan text, uint8_t decimals, enum fp_price_excess excess,
	struct fp_price *price, uint32_t *consumed)
{
	struct fp_cspan number;

	fpi_cspan_check(text);
	if (FP_UNLIKELY(text.len == 0 || decimals > FP_PRICE_DECIMALS_MAX))
		return fpi_price_parse_prefix_plain(text, decimals, excess, price, consumed);
	number = text;
	number.len = find_end(text.data, text.len);
	if (FP_UNLIKELY(number.len - 1 >= SEEN_MAX ||
		    !parse_long(number, decimals, excess, &price->ticks)))
		return fpi_price_parse_prefix_plain(text, decimals, excess, price, consumed);
	*consumed = number.len;
	return 0;
}

#else

int
fpi_price_parse_masked(
	struct fp_cspan text, uint8_t decimals, enum fp_price_excess excess, struct fp_price *price)
{
	return fpi_price_parse_plain(text, decimals, excess, price);
}

int
fpi_price_parse_prefix_masked(struct fp_cspan text, uint8_t decimals, enum fp_price_excess excess,
	struct fp_price *price, uint32_t *consumed)
{
	return fpi_price_parse_prefix_plain(text, decimals, excess, price, consumed);
}

#endif
