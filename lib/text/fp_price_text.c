/* SPDX-License-Identifier: BSD-3-Clause */

#include "fp_price_text.h"
#include "fp_panic.h"
#include "fpi_digits.h"

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

static FP_COLD FP_NORETURN void
refuse_decimals(uint8_t decimals)
{
	fp_panic("price text: %u decimals; a price has at most %u, ask the instrument for its own",
		decimals, FP_PRICE_DECIMALS_MAX);
}

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

/* The number as a price, if it fits and the policy allows it. */
static int
settle(struct number *number, enum fp_price_excess excess, struct fp_price *price)
{
	uint64_t limit = (uint64_t)INT64_MAX + number->is_negative;

	if (number->is_too_large)
		return -EOVERFLOW;
	number->magnitude += is_rounded_up(number, excess);
	if (number->magnitude > limit)
		return -EOVERFLOW;
	if (excess == FP_PRICE_EXCESS_REFUSE && (number->next_digit != 0 || number->has_more))
		return -ERANGE;
	price->ticks = (int64_t)(number->is_negative ? 0 - number->magnitude : number->magnitude);
	return 0;
}

int
fp_price_parse_prefix(FP_SCOPED struct fp_cspan text, uint8_t decimals, enum fp_price_excess excess,
	struct fp_price *price, uint32_t *consumed)
{
	struct number number;
	int error;

	price->ticks = 0;
	*consumed = 0;
	if (FP_UNLIKELY(decimals > FP_PRICE_DECIMALS_MAX))
		refuse_decimals(decimals);
	fpi_cspan_check(text);
	if (!read_number(text, decimals, &number))
		return -EBADMSG;
	error = settle(&number, excess, price);
	if (error == 0)
		*consumed = number.consumed;
	return error;
}

int
fp_price_parse(FP_SCOPED struct fp_cspan text, uint8_t decimals, enum fp_price_excess excess,
	struct fp_price *price)
{
	struct number number;

	price->ticks = 0;
	if (FP_UNLIKELY(decimals > FP_PRICE_DECIMALS_MAX))
		refuse_decimals(decimals);
	fpi_cspan_check(text);
	if (!read_number(text, decimals, &number) || number.consumed != text.len)
		return -EBADMSG;
	return settle(&number, excess, price);
}

int
fp_qty_parse(FP_SCOPED struct fp_cspan text, struct fp_qty *qty)
{
	struct fp_price whole;
	int error = fp_price_parse(text, 0, FP_PRICE_EXCESS_REFUSE, &whole);

	if (error == 0 && whole.ticks < 0)
		error = -ERANGE;
	qty->units = error == 0 ? whole.ticks : 0;
	return error;
}

int
fp_price_format(
	struct fp_price price, uint8_t decimals, FP_SCOPED struct fp_span to, uint32_t *written)
{
	bool is_negative = price.ticks < 0;
	uint64_t magnitude = is_negative ? 0 - (uint64_t)price.ticks : (uint64_t)price.ticks;
	uint32_t digits = fpi_text_count_digits(magnitude);
	uint32_t whole_digits;
	uint32_t len;

	*written = 0;
	if (FP_UNLIKELY(decimals > FP_PRICE_DECIMALS_MAX))
		refuse_decimals(decimals);
	whole_digits = digits > decimals ? digits - decimals : 1;
	len = is_negative + whole_digits + (decimals != 0) + decimals;
	if (FP_UNLIKELY(len > to.len))
		return -ERANGE;
	fpi_cspan_check(fp_span_const(to));
	to.data[0] = '-';
	fpi_text_put_digits(
		to.data + is_negative, magnitude / fpi_text_pow10[decimals], whole_digits);
	if (decimals != 0) {
		to.data[is_negative + whole_digits] = '.';
		fpi_text_put_digits(
			to.data + len - decimals, magnitude % fpi_text_pow10[decimals], decimals);
	}
	*written = len;
	return 0;
}
