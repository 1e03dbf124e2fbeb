/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Prices against naive_price.c: every short text over the characters that matter, every byte at
 * every place, random texts inside and outside the grammar, at each scale and policy. Each text
 * lies against an inaccessible page, by turns with its first and with its last byte. All of it runs
 * with each of the ways to read prices that the CPU has.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../span/walls.h"
#include "fp_test_panic.h"
#include "naive_price.h"
#include "text_ways.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define SCALES       (FP_PRICE_DECIMALS_MAX + 1)
#define POLICIES     4
#define SHORT_LEN    5
#define RANDOM_TEXTS 60000
#define NEAR_HALVES  10000
#define BEHIND       200
#define FILL         0xa5

static struct walls walls;
static uint64_t random_state = 1;

static uint32_t
next_random(uint32_t below)
{
	random_state = random_state * 6364136223846793005U + 1442695040888963407U;
	return (uint32_t)((random_state >> 33) % below);
}

static uint8_t *
place(const void *text, uint32_t len, bool is_first)
{
	uint8_t *at = is_first ? walls.start : walls.end - len;

	if (len != 0)
		memcpy(at, text, len);
	return at;
}

/* Both parsers on one text. */
static void
check(const void *text, uint32_t len, uint8_t decimals, enum fp_price_excess excess)
{
	const uint8_t *at = place(text, len, (len + decimals + excess) % 2 == 0);
	struct naive_price right = naive_price_parse(at, len, decimals, excess);
	int whole_error = right.len == len ? right.error : -EBADMSG;
	struct fp_price price = { 77 };
	struct fp_price prefix = { 77 };
	uint32_t consumed = 77;
	int error = fp_price_parse(fp_cspan_over(at, len), decimals, excess, &price);
	int prefix_error =
		fp_price_parse_prefix(fp_cspan_over(at, len), decimals, excess, &prefix, &consumed);

	if (error != whole_error || price.ticks != (whole_error == 0 ? right.ticks : 0) ||
		prefix_error != right.error || prefix.ticks != right.ticks ||
		consumed != (right.error == 0 ? right.len : 0)) {
		fail_msg("\"%.*s\" (%u bytes) at %u decimals, policy %d: %d %lld, prefix %d %lld "
			 "%u, right is %d %lld %u",
			(int)len, (const char *)text, len, decimals, (int)excess, error,
			(long long)price.ticks, prefix_error, (long long)prefix.ticks, consumed,
			right.error, (long long)right.ticks, right.len);
	}
}

static void
check_all(const void *text, uint32_t len)
{
	for (uint8_t decimals = 0; decimals < SCALES; decimals++) {
		for (int excess = 0; excess < POLICIES; excess++)
			check(text, len, decimals, (enum fp_price_excess)excess);
	}
}

/* The shorter they are, the more scales and policies. */
static void
check_short(const char *text, uint32_t len, uint32_t number)
{
	uint8_t decimals = (uint8_t)(number % SCALES);

	if (len < SHORT_LEN) {
		check_all(text, len);
		return;
	}
	if (len > SHORT_LEN) {
		check(text, len, decimals, (enum fp_price_excess)(number / SCALES % POLICIES));
		return;
	}
	for (int excess = 0; excess < POLICIES; excess++)
		check(text, len, decimals, (enum fp_price_excess)excess);
}

static void
every_short_text_is_judged_as_by_the_naive_parser(void **state)
{
	static const char characters[] = "-+.0159e ";
	const uint32_t base = sizeof(characters) - 1;
	char text[SHORT_LEN + 1];
	uint32_t texts = 1;

	(void)state;
	for (uint32_t len = 0; len <= SHORT_LEN + 1; len++, texts *= base) {
		for (uint32_t number = 0; number < texts; number++) {
			uint32_t rest = number;

			for (uint32_t i = 0; i < len; i++, rest /= base)
				text[i] = characters[rest % base];
			check_short(text, len, number);
		}
	}
}

static void
every_byte_at_every_place_is_judged_as_by_the_naive_parser(void **state)
{
	static const char digits[33] = "1728394051.6273849506172839405162";
	char text[sizeof(digits)];

	(void)state;
	for (uint32_t len = 1; len <= sizeof(digits); len += len < 18 || len > 29 ? 1 : 6) {
		for (uint32_t at = 0; at < len; at++) {
			for (uint32_t byte = 0; byte < 256; byte++) {
				memcpy(text, digits, sizeof(text));
				if (byte % 2 == 0)
					text[0] = '-';
				text[at] = (char)byte;
				check(text, len, (uint8_t)((at + byte) % SCALES),
					(enum fp_price_excess)(byte / 3 % POLICIES));
			}
		}
	}
}

static uint32_t
put_digits(char *to, uint32_t count)
{
	uint32_t zeros = next_random(3) == 0 ? next_random(count + 1) : 0;
	uint32_t nines = next_random(5) == 0 ? 9 : 0;

	for (uint32_t i = 0; i < count; i++)
		to[i] = (char)('0' + (i < zeros ? 0 : nines != 0 ? nines : next_random(10)));
	return count;
}

/* Inside the grammar, and sometimes a byte beside it. */
static uint32_t
make_text(char *to)
{
	uint32_t most = next_random(4) == 0 ? 24 : 9;
	uint32_t len = 0;

	if (next_random(4) == 0)
		to[len++] = '-';
	len += put_digits(to + len, next_random(most));
	if (next_random(4) != 0) {
		to[len++] = '.';
		len += put_digits(to + len, next_random(most));
	}
	if (next_random(8) == 0)
		to[len++] = (char)next_random(256);
	if (len != 0 && next_random(8) == 0)
		to[next_random(len)] = "-+.e $\0\xff"[next_random(8)];
	return len;
}

static void
random_texts_are_judged_as_by_the_naive_parser(void **state)
{
	char text[80];

	(void)state;
	for (uint32_t i = 0; i < RANDOM_TEXTS; i++) {
		uint32_t len = make_text(text);
		uint8_t decimals = (uint8_t)next_random(SCALES);

		for (int excess = 0; excess < POLICIES; excess++)
			check(text, len, decimals, (enum fp_price_excess)excess);
	}
}

/* What is decided about the edges of the grammar, in words. */
struct edge {
	const char *text;
	int error;
	int64_t ticks; /* At 2 decimals. */
};

static void
edges_of_the_grammar_are_as_documented(void **state)
{
	static const struct edge edges[] = {
		{ "-0", 0, 0 },
		{ "-0.00", 0, 0 },
		{ ".5", 0, 50 },
		{ "-.5", 0, -50 },
		{ "5.", 0, 500 },
		{ "00023.23", 0, 2323 },
		{ "23.0000", 0, 2300 },
		{ "23", 0, 2300 },
		{ "00000000000000000000000000000000000000023.23", 0, 2323 },
		{ "23.23000000000000000000000000000000000000000", 0, 2323 },
		{ "0.000000000000000000000000000001", -ERANGE, 0 },
		{ "92233720368547758.07", 0, INT64_MAX },
		{ "-92233720368547758.08", 0, INT64_MIN },
		{ "92233720368547758.08", -EOVERFLOW, 0 },
		{ "-92233720368547758.09", -EOVERFLOW, 0 },
		{ "99999999999999999999", -EOVERFLOW, 0 },
		{ "99999999999999999999999999999999.999", -EOVERFLOW, 0 },
		{ "18446744073709551616", -EOVERFLOW, 0 },
		{ "", -EBADMSG, 0 },
		{ ".", -EBADMSG, 0 },
		{ "-", -EBADMSG, 0 },
		{ "-.", -EBADMSG, 0 },
		{ "--1", -EBADMSG, 0 },
		{ "1-", -EBADMSG, 0 },
		{ "1.2.3", -EBADMSG, 0 },
		{ "1..2", -EBADMSG, 0 },
		{ "+1", -EBADMSG, 0 },
		{ "1e2", -EBADMSG, 0 },
		{ "1E2", -EBADMSG, 0 },
		{ " 1", -EBADMSG, 0 },
		{ "1 ", -EBADMSG, 0 },
		{ "1,000", -EBADMSG, 0 },
		{ "0x10", -EBADMSG, 0 },
		{ "nan", -EBADMSG, 0 },
		{ "\xb1\xb2", -EBADMSG, 0 },
		{ "99999999999999999999x", -EBADMSG, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(edges); i++) {
		struct fp_price price = { 77 };
		uint32_t len = (uint32_t)strlen(edges[i].text);
		int error = fp_price_parse(
			fp_cspan_over(edges[i].text, len), 2, FP_PRICE_EXCESS_REFUSE, &price);

		if (error != edges[i].error || price.ticks != edges[i].ticks)
			fail_msg("\"%s\": %d %lld", edges[i].text, error, (long long)price.ticks);
		check_all(edges[i].text, len);
	}
	check("1\0002", 3, 2, FP_PRICE_EXCESS_REFUSE);
}

static void
each_policy_answers_a_price_with_float_dirt(void **state)
{
	static const char text[] = "25929.169999999996";
	static const int64_t nearest[SCALES] = { 25929, 259292, 2592917, 25929170, 259291700,
		2592917000, 25929170000, 259291700000, 2592917000000, 25929170000000 };
	static const int64_t cut[SCALES] = { 25929, 259291, 2592916, 25929169, 259291699,
		2592916999, 25929169999, 259291699999, 2592916999999, 25929169999999 };

	(void)state;
	for (uint8_t decimals = 0; decimals < SCALES; decimals++) {
		struct fp_cspan view = fp_cspan_over(text, sizeof(text) - 1);
		struct fp_price price;

		assert_int_equal(
			fp_price_parse(view, decimals, FP_PRICE_EXCESS_REFUSE, &price), -ERANGE);
		assert_int_equal(price.ticks, 0);
		assert_int_equal(
			fp_price_parse(view, decimals, FP_PRICE_EXCESS_HALF_AWAY, &price), 0);
		assert_int_equal(price.ticks, nearest[decimals]);
		assert_int_equal(
			fp_price_parse(view, decimals, FP_PRICE_EXCESS_HALF_EVEN, &price), 0);
		assert_int_equal(price.ticks, nearest[decimals]);
		assert_int_equal(
			fp_price_parse(view, decimals, FP_PRICE_EXCESS_TRUNCATE, &price), 0);
		assert_int_equal(price.ticks, cut[decimals]);
	}
}

static void
halves_and_limits_are_rounded_as_the_policy_says(void **state)
{
	static const char *const texts[] = { "0.5", "1.5", "2.5", "-0.5", "-1.5", "-2.5",
		"2.5000000000000000000000001", "2.4999999999999999999999999", "0.05", "0.15",
		"0.25", "9223372036854775807.4", "9223372036854775807.5", "9223372036854775807.9",
		"-9223372036854775808.4", "-9223372036854775808.5", "-9223372036854775808.6",
		"922337203685477580.75", "-922337203685477580.85", "9223372036.8547758075" };
	struct fp_price price;

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++)
		check_all(texts[i], (uint32_t)strlen(texts[i]));
	assert_int_equal(
		fp_price_parse(fp_cspan_over("2.5", 3), 0, FP_PRICE_EXCESS_HALF_AWAY, &price), 0);
	assert_int_equal(price.ticks, 3);
	assert_int_equal(
		fp_price_parse(fp_cspan_over("2.5", 3), 0, FP_PRICE_EXCESS_HALF_EVEN, &price), 0);
	assert_int_equal(price.ticks, 2);
	assert_int_equal(
		fp_price_parse(fp_cspan_over("-2.5", 4), 0, FP_PRICE_EXCESS_HALF_AWAY, &price), 0);
	assert_int_equal(price.ticks, -3);
	assert_int_equal(fp_price_parse(fp_cspan_over("9223372036854775807.5", 21), 0,
				 FP_PRICE_EXCESS_HALF_AWAY, &price),
		-EOVERFLOW);
	assert_int_equal(price.ticks, 0);
}

/* A half of the last decimal, or as near to one as the text is long. */
static void
texts_near_a_half_are_judged_as_by_the_naive_parser(void **state)
{
	char text[40];

	(void)state;
	for (uint32_t i = 0; i < NEAR_HALVES; i++) {
		uint8_t decimals = (uint8_t)next_random(SCALES);
		uint32_t all = 17 + next_random(17);
		uint32_t near = next_random(3);
		uint32_t len = 0;

		if (next_random(2) == 0)
			text[len++] = '-';
		len += put_digits(text + len, next_random(all - decimals - 3));
		text[len++] = '.';
		len += put_digits(text + len, decimals);
		memset(text + len, near == 1 ? '9' : '0', all - len);
		text[len] = near == 1 ? '4' : '5';
		if (near == 2)
			text[all - 1]++;
		for (int excess = 0; excess < POLICIES; excess++) {
			check(text, all, decimals, (enum fp_price_excess)excess);
			check(text, all, (uint8_t)(i % SCALES), (enum fp_price_excess)excess);
		}
	}
}

static void
a_number_of_a_megabyte_is_read_to_its_end(void **state)
{
	const uint32_t len = 1 << 20;
	char *text = malloc(len);
	struct fp_price price;

	(void)state;
	assert_non_null(text);
	memset(text, '0', len);
	text[len - 1] = '7';
	assert_int_equal(
		fp_price_parse(fp_cspan_over(text, len), 9, FP_PRICE_EXCESS_REFUSE, &price), 0);
	assert_int_equal(price.ticks, 7000000000);
	text[1] = '.';
	assert_int_equal(
		fp_price_parse(fp_cspan_over(text, len), 9, FP_PRICE_EXCESS_REFUSE, &price),
		-ERANGE);
	memset(text, '9', len);
	assert_int_equal(
		fp_price_parse(fp_cspan_over(text, len), 0, FP_PRICE_EXCESS_REFUSE, &price),
		-EOVERFLOW);
	free(text);
}

static void
a_quantity_is_a_price_without_decimals_and_not_negative(void **state)
{
	static const struct {
		const char *text;
		int error;
		int64_t units;
	} rows[] = {
		{ "100", 0, 100 },
		{ "100.00", 0, 100 },
		{ "0", 0, 0 },
		{ "-0", 0, 0 },
		{ "9223372036854775807", 0, INT64_MAX },
		{ "9223372036854775808", -EOVERFLOW, 0 },
		{ "-9223372036854775809", -EOVERFLOW, 0 },
		{ "0.5", -ERANGE, 0 },
		{ "-1", -ERANGE, 0 },
		{ "-9223372036854775808", -ERANGE, 0 },
		{ "", -EBADMSG, 0 },
		{ "1e3", -EBADMSG, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct fp_qty qty = { 77 };
		uint32_t len = (uint32_t)strlen(rows[i].text);
		const uint8_t *at = place(rows[i].text, len, i % 2 == 0);

		assert_int_equal(fp_qty_parse(fp_cspan_over(at, len), &qty), rows[i].error);
		assert_int_equal(qty.units, rows[i].units);
	}
}

static bool
is_filled(const uint8_t *from, const uint8_t *to)
{
	for (; from < to; from++) {
		if (*from != FILL)
			return false;
	}
	return true;
}

/* Into each room that is too short, into the exact one and into a longer one; then back. */
static void
check_format(int64_t ticks, uint8_t decimals)
{
	struct fp_price price = { ticks };
	struct fp_price back = { 0 };
	char right[32];
	uint32_t len = naive_price_format(ticks, decimals, right);
	uint8_t *at = walls.end - len;
	uint32_t written = 77;

	for (uint32_t room = 0; room < len; room++) {
		memset(walls.end - FP_PRICE_TEXT_MAX, FILL, FP_PRICE_TEXT_MAX);
		assert_int_equal(fp_price_format(price, decimals,
					 fp_span_over(walls.end - room, room), &written),
			-ERANGE);
		assert_int_equal(written, 0);
		assert_true(is_filled(walls.end - FP_PRICE_TEXT_MAX, walls.end));
	}
	memset(at - 8, FILL, 8);
	assert_int_equal(fp_price_format(price, decimals, fp_span_over(at, len), &written), 0);
	assert_int_equal(written, len);
	if (memcmp(at, right, len) != 0) {
		fail_msg("%lld at %u decimals: \"%.*s\"", (long long)ticks, decimals, (int)len,
			(const char *)at);
	}
	assert_true(is_filled(at - 8, at));
	assert_int_equal(
		fp_price_parse(fp_cspan_over(at, len), decimals, FP_PRICE_EXCESS_REFUSE, &back), 0);
	assert_int_equal(back.ticks, ticks);
	memset(walls.start, FILL, len + BEHIND);
	assert_int_equal(
		fp_price_format(price, decimals, fp_span_over(walls.start, len + BEHIND), &written),
		0);
	assert_int_equal(written, len);
	assert_memory_equal(walls.start, right, len);
	assert_true(is_filled(walls.start + len, walls.start + len + BEHIND));
}

static void
prices_survive_text_at_every_digit_boundary(void **state)
{
	(void)state;
	for (uint8_t decimals = 0; decimals < SCALES; decimals++) {
		uint64_t power = 1;

		for (int digits = 0; digits < 19; digits++, power *= 10) {
			for (int64_t near = -1; near <= 1; near++) {
				check_format((int64_t)power + near, decimals);
				check_format(-((int64_t)power + near), decimals);
			}
		}
		check_format(INT64_MAX, decimals);
		check_format(INT64_MIN, decimals);
		check_format(INT64_MIN + 1, decimals);
	}
}

static void
random_prices_survive_text(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 20000; i++) {
		uint64_t bits = (uint64_t)next_random(UINT32_MAX) << 32 | next_random(UINT32_MAX);
		int64_t ticks = (int64_t)(bits >> next_random(64));

		check_format(next_random(2) == 0 ? ticks : -ticks, (uint8_t)next_random(SCALES));
	}
}

static void
parse_with_ten_decimals(void *arg)
{
	struct fp_price price;

	(void)arg;
	assert_int_equal(
		fp_price_parse(fp_cspan_over("1", 1), 10, FP_PRICE_EXCESS_REFUSE, &price), 0);
}

static void
parse_prefix_with_ten_decimals(void *arg)
{
	struct fp_price price;
	uint32_t consumed;

	(void)arg;
	assert_int_equal(fp_price_parse_prefix(fp_cspan_over("1", 1), 255, FP_PRICE_EXCESS_REFUSE,
				 &price, &consumed),
		0);
}

static void
format_with_ten_decimals(void *arg)
{
	struct fp_price price = { 1 };
	uint8_t to[32];
	uint32_t written;

	(void)arg;
	assert_int_equal(fp_price_format(price, 10, fp_span_over(to, sizeof(to)), &written), 0);
}

static void
more_decimals_than_a_price_has_panic(void **state)
{
	(void)state;
	ASSERT_PANICS(parse_with_ten_decimals, NULL, "10 decimals");
	ASSERT_PANICS(parse_prefix_with_ten_decimals, NULL, "255 decimals");
	ASSERT_PANICS(format_with_ten_decimals, NULL, "10 decimals");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_short_text_is_judged_as_by_the_naive_parser),
		cmocka_unit_test(every_byte_at_every_place_is_judged_as_by_the_naive_parser),
		cmocka_unit_test(random_texts_are_judged_as_by_the_naive_parser),
		cmocka_unit_test(edges_of_the_grammar_are_as_documented),
		cmocka_unit_test(each_policy_answers_a_price_with_float_dirt),
		cmocka_unit_test(halves_and_limits_are_rounded_as_the_policy_says),
		cmocka_unit_test(texts_near_a_half_are_judged_as_by_the_naive_parser),
		cmocka_unit_test(a_number_of_a_megabyte_is_read_to_its_end),
		cmocka_unit_test(a_quantity_is_a_price_without_decimals_and_not_negative),
		cmocka_unit_test(prices_survive_text_at_every_digit_boundary),
		cmocka_unit_test(random_prices_survive_text),
		cmocka_unit_test(more_decimals_than_a_price_has_panic),
	};
	int result;

	if (walls_create(&walls, 4096) != 0)
		return 1;
	result = text_ways_run("fp_price_text", tests, COUNT(tests));
	walls_destroy(&walls);
	return result;
}
