/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Every row of price_parse.tsv, price_format.tsv and price_round.tsv; the folder may be given as an
 * argument. Rows with an exponent or a '+' are refused here by decision, and scales above 9 do not
 * exist: such rows are checked to be refused where that can be, and counted by name.
 *
 * Each text is parsed once more with other bytes behind it, and each price is written into each
 * room that is too short, into the exact one and into a longer one.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../span/walls.h"
#include "fp_price_text.h"
#include "fp_test_skip.h"
#include "fp_test_vectors.h"
#include "text_ways.h"

#define TEXT_MAX 512U
#define RUBBISH  34U
#define BEHIND   200U
#define FILL     0xa5

static const char *dir;
static struct walls walls;

/* What one policy has to answer. */
struct answer {
	enum fp_price_excess excess;
	int error;
	int64_t ticks;
};

static int
parse_at_wall(const uint8_t *text, uint32_t len, uint8_t decimals, enum fp_price_excess excess,
	struct fp_price *price)
{
	uint8_t *at = walls.end - len;

	memcpy(at, text, len);
	return fp_price_parse(fp_cspan_over(at, len), decimals, excess, price);
}

static void
check_prefix(struct fp_test_vectors *rows, const uint8_t *text, uint32_t len, uint8_t decimals,
	const struct answer *answer)
{
	uint32_t all = len + RUBBISH;
	uint8_t *at = walls.end - all;
	struct fp_price price = { 77 };
	uint32_t consumed = 77;
	int error;

	memcpy(at, text, len);
	memset(at + len, '$', RUBBISH);
	error = fp_price_parse_prefix(
		fp_cspan_over(at, all), decimals, answer->excess, &price, &consumed);
	if (error != answer->error || price.ticks != answer->ticks ||
		consumed != (answer->error == 0 ? len : 0)) {
		fp_test_vectors_fail(rows, "policy %d with rubbish: %d %lld, %u bytes",
			(int)answer->excess, error, (long long)price.ticks, consumed);
	}
	if (len != 0 &&
		fp_price_parse(fp_cspan_over(at, len + 1), decimals, answer->excess, &price) !=
			-EBADMSG)
		fp_test_vectors_fail(rows, "a '$' behind it is taken");
}

static void
check_answer(struct fp_test_vectors *rows, const uint8_t *text, uint32_t len, uint8_t decimals,
	const struct answer *answer)
{
	struct fp_price price = { 77 };
	int error = parse_at_wall(text, len, decimals, answer->excess, &price);

	if (error != answer->error || price.ticks != answer->ticks) {
		fp_test_vectors_fail(rows, "policy %d: %d %lld", (int)answer->excess, error,
			(long long)price.ticks);
	}
	check_prefix(rows, text, len, decimals, answer);
}

/* Refused by decision: the row is counted under the reason. */
static void
check_refused(struct fp_test_vectors *rows, const uint8_t *text, uint32_t len, uint8_t decimals,
	const char *reason)
{
	for (int excess = 0; excess < 4; excess++) {
		struct fp_price price = { 77 };
		int error =
			parse_at_wall(text, len, decimals, (enum fp_price_excess)excess, &price);

		if (error != -EBADMSG || price.ticks != 0) {
			fp_test_vectors_fail(rows, "%s: not refused: %d", reason, error);
			return;
		}
	}
	fp_test_vectors_skip(rows, reason);
}

static void
parse_row(struct fp_test_vectors *rows)
{
	struct answer answers[3] = { { FP_PRICE_EXCESS_REFUSE, 0, 0 },
		{ FP_PRICE_EXCESS_HALF_AWAY, 0, 0 }, { FP_PRICE_EXCESS_TRUNCATE, 0, 0 } };
	static const char *const columns[3] = { "scaled_i64", "round_half_away", "truncated" };
	const char *status = fp_test_vectors_get(rows, "status");
	const char *features = fp_test_vectors_get(rows, "features");
	uint8_t text[TEXT_MAX];
	uint32_t len = (uint32_t)fp_test_vectors_text(rows, "text", text, sizeof(text));
	int64_t decimals = fp_test_vectors_number(rows, "n_decimals");

	if (decimals > FP_PRICE_DECIMALS_MAX) {
		fp_test_vectors_skip(rows, "more than 9 decimals");
		return;
	}
	if (strstr(features, "exponent") != NULL || strstr(features, "plus") != NULL) {
		check_refused(rows, text, len, (uint8_t)decimals,
			strstr(features, "plus") != NULL ? "refused: plus" : "refused: exponent");
		return;
	}
	if (strcmp(status, "not_number") == 0) {
		for (int i = 0; i < 3; i++) {
			struct fp_price price = { 77 };

			if (parse_at_wall(text, len, (uint8_t)decimals, answers[i].excess,
				    &price) != -EBADMSG ||
				price.ticks != 0)
				fp_test_vectors_fail(rows, "taken for a number");
		}
		return;
	}
	for (int i = 0; i < 3; i++) {
		if (strcmp(status, "overflow") == 0) {
			answers[i].error = -EOVERFLOW;
		} else if (i == 0 && strcmp(status, "excess_digits") == 0) {
			answers[i].error = -ERANGE;
		} else {
			answers[i].ticks = fp_test_vectors_number(rows, columns[i]);
		}
		check_answer(rows, text, len, (uint8_t)decimals, &answers[i]);
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

/* The price is written as the text, into rooms of all sizes that matter. */
static void
check_format(struct fp_test_vectors *rows, struct fp_price price, uint8_t decimals,
	const uint8_t *text, uint32_t len)
{
	uint32_t written = 77;

	for (uint32_t room = 0; room < len; room++) {
		memset(walls.start, FILL, len);
		if (fp_price_format(price, decimals, fp_span_over(walls.start, room), &written) !=
				-ERANGE ||
			written != 0 || !is_filled(walls.start + room, walls.start + len))
			fp_test_vectors_fail(rows, "a room of %u bytes", room);
	}
	if (fp_price_format(price, decimals, fp_span_over(walls.end - len, len), &written) != 0 ||
		written != len || memcmp(walls.end - len, text, len) != 0)
		fp_test_vectors_fail(rows, "\"%.*s\"", (int)len, (const char *)walls.end - len);
	memset(walls.start, FILL, len + BEHIND);
	if (fp_price_format(price, decimals, fp_span_over(walls.start, len + BEHIND), &written) !=
			0 ||
		written != len || memcmp(walls.start, text, len) != 0 ||
		!is_filled(walls.start + len, walls.start + len + BEHIND))
		fp_test_vectors_fail(rows, "a room that is longer");
}

static void
format_row(struct fp_test_vectors *rows)
{
	struct fp_price price = { fp_test_vectors_number(rows, "scaled_i64") };
	int64_t decimals = fp_test_vectors_number(rows, "n_decimals");
	uint8_t text[TEXT_MAX];
	uint32_t len = (uint32_t)fp_test_vectors_text(rows, "text", text, sizeof(text));

	if (decimals > FP_PRICE_DECIMALS_MAX) {
		fp_test_vectors_skip(rows, "more than 9 decimals");
		return;
	}
	check_format(rows, price, (uint8_t)decimals, text, len);
}

static void
round_row(struct fp_test_vectors *rows)
{
	int64_t decimals = fp_test_vectors_number(rows, "n_decimals");
	struct fp_price price = { 77 };
	uint8_t text[TEXT_MAX];
	uint8_t rounded[TEXT_MAX];
	uint32_t len = (uint32_t)fp_test_vectors_text(rows, "decimal_text", text, sizeof(text));
	uint32_t rounded_len =
		(uint32_t)fp_test_vectors_text(rows, "rounded_text", rounded, sizeof(rounded));

	if (decimals > FP_PRICE_DECIMALS_MAX) {
		fp_test_vectors_skip(rows, "more than 9 decimals");
		return;
	}
	if (parse_at_wall(text, len, (uint8_t)decimals, FP_PRICE_EXCESS_HALF_AWAY, &price) != 0)
		fp_test_vectors_fail(rows, "not parsed");
	check_format(rows, price, (uint8_t)decimals, rounded, rounded_len);
}

static void
run_file(const char *name, void (*run)(struct fp_test_vectors *rows))
{
	static struct fp_test_vectors rows;

	if (fp_test_vectors_open(&rows, dir, name) == 0) {
		while (fp_test_vectors_next(&rows))
			run(&rows);
		assert_true(rows.skipped < rows.rows);
	}
	assert_int_equal(fp_test_vectors_close(&rows), 0);
}

static void
every_text_parses_to_the_expected_price(void **state)
{
	(void)state;
	run_file("price_parse.tsv", parse_row);
}

static void
every_price_is_written_as_the_expected_text(void **state)
{
	(void)state;
	run_file("price_format.tsv", format_row);
}

static void
every_price_is_rounded_as_expected(void **state)
{
	(void)state;
	run_file("price_round.tsv", round_row);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_text_parses_to_the_expected_price),
		cmocka_unit_test(every_price_is_written_as_the_expected_text),
		cmocka_unit_test(every_price_is_rounded_as_expected),
	};
	char path[512];
	int result;

	dir = fp_test_vectors_dir(argc, argv, FP_SHARED_DIR "/vectors");
	(void)snprintf(path, sizeof(path), "%s/%s", dir, "price_parse.tsv");
	if (fp_test_skips_without(path))
		return 0;
	if (walls_create(&walls, 4096) != 0)
		return 1;
	result = text_ways_run("price_vectors", tests, sizeof(tests) / sizeof(tests[0]));
	walls_destroy(&walls);
	return result;
}
