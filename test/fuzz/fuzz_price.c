/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Prices, quantities and points in time as text, against parsers that go character by character.
 *
 * An input is
 *
 *    | what u8 | scale or digits u8 | policy u8 | text, or a number of 8 bytes |
 *
 * what selects price, quantity, a point in time, or a number to be written. The text is memory of
 * its own. What parses is written again and has to parse to the same; what is written has to be
 * read back, and to take the bytes that it says it takes and no other. Texts of prices are parsed
 * in each of the ways that the CPU has.
 */

#include "../unit/text/naive_price.h"
#include "fp_price_text.h"
#include "fp_timestamp.h"
#include "fpi_text_decimal.h"
#include "fuzz_input.h"

#define ROOM       40
#define FILL       0xa5
#define NS_PER_SEC UINT64_C(1000000000)

/* What is written into a room of that length stays inside it, and within what is said. */
static void
check_room(const uint8_t *to, uint32_t room, int error, uint32_t written, uint32_t needed)
{
	FUZZ_CHECK(error == (room < needed ? -ERANGE : 0));
	FUZZ_CHECK(written == (room < needed ? 0 : needed));
	for (uint32_t i = written; i < ROOM; i++)
		FUZZ_CHECK(to[i] == FILL);
}

static void
write_price(int64_t ticks, uint8_t decimals, uint32_t room)
{
	struct fp_price price = { ticks };
	struct fp_price back;
	uint8_t to[ROOM];
	char right[ROOM];
	uint32_t needed = naive_price_format(ticks, decimals, right);
	uint32_t written;
	int error;

	memset(to, FILL, sizeof(to));
	error = fp_price_format(price, decimals, fp_span_over(to, room), &written);
	check_room(to, room, error, written, needed);
	if (error != 0)
		return;
	FUZZ_CHECK(memcmp(to, right, written) == 0);
	FUZZ_CHECK(fp_price_parse(fp_cspan_over(to, written), decimals, FP_PRICE_EXCESS_REFUSE,
			   &back) == 0);
	FUZZ_CHECK(back.ticks == ticks);
}

static void
parse_price(struct fp_cspan text, uint8_t decimals, enum fp_price_excess excess)
{
	struct naive_price right = naive_price_parse(text.data, text.len, decimals, excess);
	int whole = right.len == text.len ? right.error : -EBADMSG;
	struct fp_price price;
	uint32_t consumed;

	FUZZ_CHECK(fp_price_parse_prefix(text, decimals, excess, &price, &consumed) == right.error);
	FUZZ_CHECK(price.ticks == right.ticks);
	FUZZ_CHECK(consumed == (right.error == 0 ? right.len : 0));
	FUZZ_CHECK(fp_price_parse(text, decimals, excess, &price) == whole);
	FUZZ_CHECK(price.ticks == (whole == 0 ? right.ticks : 0));
	if (whole == 0)
		write_price(price.ticks, decimals, FP_PRICE_TEXT_MAX);
}

static void
parse_qty(struct fp_cspan text)
{
	struct naive_price right =
		naive_price_parse(text.data, text.len, 0, FP_PRICE_EXCESS_REFUSE);
	int whole = right.len == text.len ? right.error : -EBADMSG;
	struct fp_qty qty;

	if (whole == 0 && right.ticks < 0)
		whole = -ERANGE;
	FUZZ_CHECK(fp_qty_parse(text, &qty) == whole);
	FUZZ_CHECK(qty.units == (whole == 0 ? right.ticks : 0));
}

static bool
is_digit(struct fp_cspan text, uint32_t at)
{
	return at < text.len && text.data[at] >= '0' && text.data[at] <= '9';
}

/* The number of two or four digits at a place. */
static uint32_t
number(struct fp_cspan text, uint32_t at, uint32_t digits)
{
	uint32_t value = 0;

	for (uint32_t i = at; i < at + digits; i++)
		value = value * 10 + text.data[i] - '0';
	return value;
}

static uint32_t
month_days(uint32_t year, uint32_t month)
{
	bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	if (month == 2)
		return is_leap ? 29 : 28;
	return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/* Days from 1970, counted; a day that there is. */
static uint32_t
count_days(uint32_t year, uint32_t month, uint32_t day)
{
	uint32_t days = day - 1;

	while (--month != 0)
		days += month_days(year, month);
	while (year-- != 1970)
		days += 337 + month_days(year, 2);
	return days;
}

/* Date and time as of the form, whose zeros stand for digits; false when they are none. */
static bool
read_moment(struct fp_cspan text, const char *form, uint32_t date_len, uint32_t fields[6])
{
	uint32_t gap = date_len == 10;

	for (uint32_t i = 0; form[i] != '\0'; i++) {
		if (form[i] == '0' ? !is_digit(text, i)
				   : i >= text.len || text.data[i] != (uint8_t)form[i])
			return false;
	}
	fields[0] = number(text, 0, 4);
	fields[1] = number(text, 4 + gap, 2);
	fields[2] = number(text, 6 + 2 * gap, 2);
	for (uint32_t i = 0; i < 3; i++)
		fields[3 + i] = number(text, date_len + 1 + 3 * i, 2);
	if (fields[1] < 1 || fields[1] > 12 || fields[2] < 1 ||
		fields[2] > month_days(fields[0], fields[1]))
		return false;
	return fields[3] < 24 && fields[4] < 60 &&
		(fields[5] < 60 || (fields[3] == 23 && fields[4] == 59 && fields[5] == 60));
}

/* What fp_timestamp_parse_prefix() has to answer. */
static int
naive_timestamp(
	struct fp_cspan text, enum fp_timestamp_style style, uint64_t *ns, uint32_t *consumed)
{
	bool is_iso = style == FP_TIMESTAMP_ISO;
	const char *form = is_iso ? "0000-00-00T00:00:00" : "00000000-00:00:00";
	uint32_t end = (uint32_t)strlen(form);
	uint32_t digits = 0;
	uint64_t rest = 0;
	uint32_t fields[6];
	uint64_t secs = 0;

	if (!read_moment(text, form, is_iso ? 10 : 8, fields))
		return -EBADMSG;
	if (end < text.len && text.data[end] == '.') {
		while (is_digit(text, end + 1 + digits))
			digits++;
		for (uint32_t i = 0; i < 9; i++)
			rest = rest * 10 + (i < digits ? text.data[end + 1 + i] - '0' : 0);
		end += digits != 0 ? 1 + digits : 0;
	}
	if (digits > 12 || (is_iso && (end >= text.len || text.data[end] != 'Z')))
		return -EBADMSG;
	if (fields[0] < 1970 || fields[0] > 2554)
		return -ERANGE;
	secs = count_days(fields[0], fields[1], fields[2]) * UINT64_C(86400) +
		fields[3] * UINT64_C(3600) + fields[4] * UINT64_C(60) + fields[5];
	if (__builtin_mul_overflow(secs, NS_PER_SEC, ns) || __builtin_add_overflow(*ns, rest, ns))
		return -ERANGE;
	*consumed = end + is_iso;
	return 0;
}

static void
write_timestamp(uint64_t ns, enum fp_timestamp_style style, uint8_t digits, uint32_t room)
{
	static const uint64_t scales[4] = { NS_PER_SEC, 1000000, 1000, 1 };
	uint32_t needed = (style == FP_TIMESTAMP_ISO ? 20 : 17) + (digits != 0 ? 1U + digits : 0);
	uint8_t to[ROOM];
	uint64_t back;
	uint32_t written;
	int error;

	memset(to, FILL, sizeof(to));
	error = fp_timestamp_format(ns, style, digits, fp_span_over(to, room), &written);
	check_room(to, room, error, written, needed);
	if (error != 0)
		return;
	FUZZ_CHECK(fp_timestamp_parse(fp_cspan_over(to, written), style, &back) == 0);
	FUZZ_CHECK(back == ns - ns % scales[digits / 3 % 4]);
}

static void
parse_timestamp(struct fp_cspan text, enum fp_timestamp_style style)
{
	uint64_t right = 0;
	uint32_t right_len = 0;
	int right_error = naive_timestamp(text, style, &right, &right_len);
	uint64_t ns;
	uint32_t consumed;
	int error = fp_timestamp_parse_prefix(text, style, &ns, &consumed);

	FUZZ_CHECK(error == right_error);
	FUZZ_CHECK(consumed == right_len);
	FUZZ_CHECK(ns == (error == 0 ? right : 0));
	error = fp_timestamp_parse(text, style, &ns);
	if (right_error == 0)
		FUZZ_CHECK(error == (right_len == text.len ? 0 : -EBADMSG));
	FUZZ_CHECK(ns == (error == 0 ? right : 0));
	if (error == 0)
		write_timestamp(ns, style, 9, FP_TIMESTAMP_TEXT_MAX);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct fuzz_input input = { data, len < NAIVE_PRICE_LEN_MAX ? len : NAIVE_PRICE_LEN_MAX };
	uint8_t what = fuzz_take_u8(&input) % 5;
	uint8_t scale = fuzz_take_u8(&input);
	uint8_t policy = fuzz_take_u8(&input);
	struct fuzz_copy copy;
	struct fp_cspan text;

	if (what >= 3) {
		uint64_t number_8 = fuzz_take_number(&input, 8);

		if (what == 3) {
			write_price((int64_t)number_8, scale % 10, policy % ROOM);
		} else {
			write_timestamp(number_8, scale / 4 % 2, scale % 4 * 3, policy % ROOM);
		}
		return 0;
	}
	copy = fuzz_take_copy(&input, (uint32_t)input.len);
	text = fp_cspan_over(copy.data, copy.len);
	if (what == 2)
		parse_timestamp(text, scale % 2);
	for (int way = 0; way < 1 + fpi_text_has_masked() && what < 2; way++) {
		FUZZ_CHECK(fpi_text_set_masked(way == 1) == 0);
		if (what == 0) {
			parse_price(text, scale % 10, policy % 4);
		} else {
			parse_qty(text);
		}
	}
	free(copy.base);
	return 0;
}
