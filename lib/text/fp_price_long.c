/* SPDX-License-Identifier: BSD-3-Clause */

#include "fpi_price_long.h"
#include "fpi_text_digits.h"

/* A digit more would pass every limit: what is there already is at least 2^60. */
#define MAGNITUDE_FULL (UINT64_MAX / 10 - 1)

/* A number as it is read from the left. */
struct number {
	uint64_t magnitude; /* Of the digits that the scale holds. */
	uint32_t consumed;  /* [bytes] */
	bool is_negative;
	bool is_too_large;  /* The magnitude has more than 64 bits. */
	uint8_t next_digit; /* The first digit that the scale does not hold. */
	bool has_more;      /* A digit behind that is not zero. */
};

static bool
is_digit(uint8_t byte)
{
	return (uint8_t)(byte - '0') <= 9;
}

static void
append_digit(struct number *number, uint32_t digit)
{
	if (number->magnitude > MAGNITUDE_FULL) {
		number->is_too_large = true;
	} else {
		number->magnitude = number->magnitude * 10 + digit;
	}
}

/* Digits behind the point, from pos on, until something else; returns where that is. */
static uint32_t
read_fraction(struct number *number, struct fp_cspan text, uint32_t pos, uint8_t decimals)
{
	uint32_t held = 0;

	for (; pos < text.len && is_digit(text.data[pos]); pos++) {
		uint8_t digit = (uint8_t)(text.data[pos] - '0');

		if (held < decimals) {
			append_digit(number, digit);
		} else if (held == decimals) {
			number->next_digit = digit;
		} else {
			number->has_more |= digit != 0;
		}
		/* Not beyond what is compared: a text may be longer than any counter of its own. */
		held += held <= decimals;
	}
	for (; held < decimals; held++)
		append_digit(number, 0);
	return pos;
}

/* Read byte by byte, whatever the length; false when the text does not begin with a number. */
static bool
read_number(struct fp_cspan text, uint8_t decimals, struct number *number)
{
	uint32_t pos = text.len != 0 && text.data[0] == '-';
	uint32_t start = pos;
	uint32_t digits;

	memset(number, 0, sizeof(*number));
	number->is_negative = pos != 0;
	for (; pos < text.len && is_digit(text.data[pos]); pos++)
		append_digit(number, (uint32_t)(text.data[pos] - '0'));
	digits = pos - start;
	if (pos < text.len && text.data[pos] == '.') {
		uint32_t end = read_fraction(number, text, pos + 1, decimals);

		digits += end - pos - 1;
		pos = end;
	} else {
		(void)read_fraction(number, text, text.len, decimals);
	}
	number->consumed = pos;
	return digits != 0;
}

/* True when the digits that the scale does not hold make the magnitude one more. */
static bool
is_rounded_up(const struct number *number, enum fp_price_excess excess)
{
	switch (excess) {
	case FP_PRICE_EXCESS_HALF_AWAY:
		return number->next_digit >= 5;
	case FP_PRICE_EXCESS_HALF_EVEN:
		if (number->next_digit != 5)
			return number->next_digit > 5;
		return number->has_more || number->magnitude % 2 != 0;
	case FP_PRICE_EXCESS_REFUSE:
	case FP_PRICE_EXCESS_TRUNCATE:
	default:
		return false;
	}
}

/* The number as ticks, if they fit and the policy allows it. */
static int
settle(const struct number *number, enum fp_price_excess excess, int64_t *ticks)
{
	uint64_t limit = (uint64_t)INT64_MAX + number->is_negative;
	uint64_t magnitude = number->magnitude + is_rounded_up(number, excess);

	if (number->is_too_large || magnitude > limit)
		return -EOVERFLOW;
	if (excess == FP_PRICE_EXCESS_REFUSE && (number->next_digit != 0 || number->has_more))
		return -ERANGE;
	*ticks = (int64_t)(number->is_negative ? 0 - magnitude : magnitude);
	return 0;
}

int
fpi_price_parse_long(struct fp_cspan text, uint8_t decimals, enum fp_price_excess excess,
	int64_t *ticks, uint32_t *end)
{
	struct number number;

	*ticks = 0;
	*end = 0;
	if (!read_number(text, decimals, &number))
		return -EBADMSG;
	*end = number.consumed;
	return settle(&number, excess, ticks);
}

void
fpi_price_format_long(
	uint8_t *to, bool is_negative, uint64_t magnitude, uint32_t decimals, uint32_t len)
{
	uint64_t scale = fp_digits_pow10[decimals];
	uint32_t whole = len - is_negative - decimals - (decimals != 0);

	to[0] = '-';
	to += is_negative;
	fpi_text_put_digits(to, magnitude / scale, whole);
	if (decimals != 0) {
		to[whole] = '.';
		fpi_text_put_digits(to + whole + 1, magnitude % scale, decimals);
	}
}
