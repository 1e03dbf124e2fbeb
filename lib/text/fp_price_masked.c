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
#define SEEN_MIN  3U /* whatever has its form has a digit */
#define SEEN_MAX  32U

/* Most that the digits in front of the last sixteen can be: 922 * 10^16 is within int64. */
#define FRONT_MAX 922U

/* Of the digits that the scale holds, when there are too many of them; a unit more is as large. */
#define TOO_LARGE (UINT64_MAX - 1)

/* What stands where in a text; bit 31 is its last byte, bits in front of it are 0. */
struct marks {
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
		    value, (int64_t)fp_digits_pow10[decimals - behind], &value)))
		return false;
	*ticks = with_sign((uint64_t)value, is_negative);
	return true;
}

/* False when there are other bytes than digits behind the sign and around one point. */
static inline TARGET bool
find_marks(const uint8_t *text, uint32_t len, uint32_t is_negative, struct marks *marks)
{
	uint32_t there = UINT32_MAX << (32 - len);
	__m128i front = load_digits(text + len - 32, there & UINT16_MAX);
	__m128i back = load_digits(text + len - 16, there >> 16);
	uint32_t points = _mm512_kunpackw(find_points(back), find_points(front));
	uint32_t others = _mm512_kunpackw(find_others(back), find_others(front));

	marks->point = points;
	marks->nonzero =
		_mm512_kunpackw(_mm_test_epi8_mask(back, back), _mm_test_epi8_mask(front, front));
	return (others ^ is_negative << (32 - len)) == (points & (0 - points));
}

/*
 * One when the digits that the scale does not hold, of which the first is @first, make the
 * magnitude one more.
 */
static inline uint32_t
round_up(uint8_t first, bool has_more, bool is_odd, enum fp_price_excess excess)
{
	/* What twice the first digit, and one for more behind it, has to exceed. */
	static const uint8_t limits[4] = { UINT8_MAX, 9, 10, UINT8_MAX };
	uint32_t is_tie_up = (uint32_t)is_odd & (excess == FP_PRICE_EXCESS_HALF_EVEN);

	return 2 * (first - (uint32_t)'0') + has_more + is_tie_up > limits[excess & 3];
}

/* What the @count digits in front of @end add to the sixteen behind it. */
static __rte_noinline TARGET uint64_t
join_front(const uint8_t *end, uint32_t count)
{
	uint64_t front = fpi_text_join(load_digits(end - 16, UINT32_C(0xffff) << (16 - count)));

	return front <= FRONT_MAX ? front * FP_DIGITS_10_16 : TOO_LARGE;
}

/*
 * The last @count digits in front of @end, with a point before the last @behind of them if there
 * is one, as a number.
 */
static inline TARGET uint64_t
join_held(const uint8_t *end, uint32_t count, uint32_t behind, uint32_t has_point)
{
	const __m128i zeros = _mm_set1_epi8('0');
	uint32_t right = UINT32_C(0xffff) << (16 - behind);
	uint32_t left = ~right & (UINT32_C(0xffff) << (count < 16 ? 16 - count : 0));
	const uint8_t *from = end - 16;
	__m128i digits = _mm_mask_loadu_epi8(zeros, (__mmask16)left, from - has_point);
	uint64_t value;

	digits = _mm_mask_loadu_epi8(digits, (__mmask16)right, from);
	value = fpi_text_join(_mm_sub_epi8(digits, zeros));
	if (FP_UNLIKELY(count > 16)) {
		uint64_t front = join_front(from - has_point, count - 16);

		return front != TOO_LARGE ? front + value : TOO_LARGE;
	}
	return value;
}

/* As parse_short(), for 3 to 32 bytes, and with digits that the scale does not hold. */
static inline TARGET bool
parse_long(struct fp_cspan text, uint8_t decimals, enum fp_price_excess excess, int64_t *ticks)
{
	uint32_t is_negative = text.data[0] == '-';
	const uint8_t *end = text.data + text.len;
	struct marks marks;
	uint32_t has_point;
	uint32_t behind; /* digits behind the point */
	uint32_t held;   /* those of them that the scale holds */
	uint64_t dropped;
	uint64_t value;

	if (FP_UNLIKELY(!find_marks(text.data, text.len, is_negative, &marks)))
		return false;
	has_point = marks.point != 0;
	behind = _lzcnt_u32(marks.point) & 31;
	held = FP_UNPREDICTABLE(behind < decimals) ? behind : decimals;
	end -= behind - held;
	value = join_held(
		end, text.len - is_negative - has_point - (behind - held), held, has_point);
	if (FP_UNLIKELY(__builtin_mul_overflow(value, fp_digits_pow10[decimals - held], &value)))
		return false;
	dropped = (uint64_t)marks.nonzero >> (32 - (behind - held));
	/* Texts of more than sixteen bytes are of feeds that always drop some, or never. */
	if (dropped != 0) {
		if (FP_UNLIKELY(excess == FP_PRICE_EXCESS_REFUSE))
			return false;
		value += round_up(end[0], dropped >> 1 != 0, value & 1, excess);
	}
	/* The one price that is only negative is left to the long way. */
	if (FP_UNLIKELY(value > INT64_MAX))
		return false;
	*ticks = with_sign(value, is_negative);
	return true;
}

/* Everything that parse_short() does not take. */
static __rte_noinline TARGET int
parse_other(
	struct fp_cspan text, uint8_t decimals, enum fp_price_excess excess, struct fp_price *price)
{
	if (FP_LIKELY(text.len - SEEN_MIN <= SEEN_MAX - SEEN_MIN &&
		    decimals <= FP_PRICE_DECIMALS_MAX) &&
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

/* By parse_short() where that is enough: of a prefix the length is known only here. */
static inline TARGET bool
parse_number(struct fp_cspan text, uint8_t decimals, enum fp_price_excess excess, int64_t *ticks)
{
	return (FP_LIKELY(text.len <= SHORT_MAX) &&
		       FP_LIKELY(parse_short(text.data, text.len, decimals, ticks))) ||
		(FP_LIKELY(text.len >= SEEN_MIN) && parse_long(text, decimals, excess, ticks));
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
		    !parse_number(number, decimals, excess, &price->ticks)))
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
