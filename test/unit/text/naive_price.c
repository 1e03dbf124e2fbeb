/* SPDX-License-Identifier: BSD-3-Clause */

#include "naive_price.h"

/* Digits from the left, as characters. */
struct row {
	char digits[NAIVE_PRICE_LEN_MAX + 16];
	uint32_t count;
};

static void
append(struct row *row, char digit)
{
	row->digits[row->count++] = digit;
}

/* What the digits behind the scale are: less than a half, a half, more; 0 digits are nothing. */
enum rest {
	NOTHING,
	LESS,
	HALF,
	MORE,
};

static enum rest
judge(const struct row *behind)
{
	bool is_zero = true;
	bool is_five = behind->count != 0 && behind->digits[0] == '5';

	for (uint32_t i = 0; i < behind->count; i++) {
		is_zero &= behind->digits[i] == '0';
		is_five &= i == 0 || behind->digits[i] == '0';
	}
	if (is_zero)
		return NOTHING;
	if (is_five)
		return HALF;
	return behind->digits[0] >= '5' ? MORE : LESS;
}

static bool
goes_up(enum rest rest, const struct row *kept, enum fp_price_excess excess)
{
	bool is_odd = kept->count != 0 && (kept->digits[kept->count - 1] - '0') % 2 != 0;

	if (excess == FP_PRICE_EXCESS_HALF_AWAY)
		return rest == HALF || rest == MORE;
	if (excess == FP_PRICE_EXCESS_HALF_EVEN)
		return rest == MORE || (rest == HALF && is_odd);
	return false;
}

/* One more; the row begins with a 0 for the carry. */
static void
increment(struct row *row)
{
	uint32_t i = row->count - 1;

	while (row->digits[i] == '9')
		row->digits[i--] = '0';
	row->digits[i]++;
}

/* True when the digits are more than 19 or a number above the limit. */
static bool
is_above(const struct row *row, const char *limit, uint64_t *value)
{
	uint32_t zeros = 0;

	while (zeros < row->count && row->digits[zeros] == '0')
		zeros++;
	if (row->count - zeros > 19 ||
		(row->count - zeros == 19 && memcmp(row->digits + zeros, limit, 19) > 0))
		return true;
	*value = 0;
	for (uint32_t i = zeros; i < row->count; i++)
		*value = *value * 10 + (uint64_t)(row->digits[i] - '0');
	return false;
}

struct naive_price
naive_price_parse(const uint8_t *text, uint32_t len, uint8_t decimals, enum fp_price_excess excess)
{
	struct naive_price none = { -EBADMSG, 0, 0 };
	struct naive_price price = { 0, 0, 0 };
	struct row kept = { "0", 1 };
	struct row behind = { "", 0 };
	bool is_negative = len != 0 && text[0] == '-';
	bool has_point = false;
	uint32_t digits = 0;
	uint32_t held = 0;
	uint64_t value = 0;
	enum rest rest;

	for (price.len = is_negative; price.len < len; price.len++) {
		char byte = (char)text[price.len];

		if (byte == '.' && !has_point) {
			has_point = true;
		} else if (byte >= '0' && byte <= '9') {
			digits++;
			append(has_point && held == decimals ? &behind : &kept, byte);
			held += has_point && held < decimals;
		} else {
			break;
		}
	}
	if (digits == 0)
		return none;
	for (; held < decimals; held++)
		append(&kept, '0');
	rest = judge(&behind);
	if (goes_up(rest, &kept, excess))
		increment(&kept);
	if (is_above(&kept, is_negative ? "9223372036854775808" : "9223372036854775807", &value)) {
		price.error = -EOVERFLOW;
	} else if (excess == FP_PRICE_EXCESS_REFUSE && rest != NOTHING) {
		price.error = -ERANGE;
	} else {
		price.ticks = (int64_t)(is_negative ? 0 - value : value);
	}
	return price;
}

uint32_t
naive_price_format(int64_t ticks, uint8_t decimals, char *to)
{
	uint64_t rest = ticks < 0 ? 0 - (uint64_t)ticks : (uint64_t)ticks;
	char reversed[32];
	uint32_t count = 0;
	uint32_t len = 0;

	do {
		reversed[count++] = (char)('0' + rest % 10);
		rest /= 10;
		if (count == decimals)
			reversed[count++] = '.';
	} while (rest != 0 || count < decimals || reversed[count - 1] == '.');
	if (ticks < 0)
		to[len++] = '-';
	while (count != 0)
		to[len++] = reversed[--count];
	to[len] = '\0';
	return len;
}
