/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Numbers and bool as text that is known from the reference implementation; besides, for every row,
 * each room that is too short, and text with something behind it.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fp_test_skip.h"
#include "fp_test_vectors.h"
#include "text_walls.h"

#define TEXT_BYTES_MAX 2048

static const char *folder;

/* The type that the row names; NULL for bool, too, and for decimal, whose rows are skipped. */
static bool
take_type(struct fp_test_vectors *rows, const struct text_type **type)
{
	const char *name = fp_test_vectors_get(rows, "type");

	*type = text_type_find(name);
	if (strcmp(name, "decimal") == 0) {
		fp_test_vectors_skip(rows, "decimal: prices have text of their own");
		return false;
	}
	if (*type == NULL && strcmp(name, "bool") != 0) {
		fp_test_vectors_fail(rows, "nobody knows the type");
		return false;
	}
	return true;
}

/* The symbol of the row; 0 for none. */
static char
take_symbol(struct fp_test_vectors *rows)
{
	const char *symbol = fp_test_vectors_get(rows, "symbol");

	if (fp_test_vectors_is_none(rows, "symbol"))
		return 0;
	if (strlen(symbol) != 1)
		fp_test_vectors_fail(rows, "no symbol");
	return symbol[0];
}

static struct fp_text_format
take_format(struct fp_test_vectors *rows)
{
	struct fp_text_format format = { take_symbol(rows), FP_TEXT_PRECISION_NONE };

	if (!fp_test_vectors_is_none(rows, "precision"))
		format.precision = (uint8_t)fp_test_vectors_number(rows, "precision");
	return format;
}

static void
check_format(struct fp_test_vectors *rows)
{
	const struct text_type *type;
	uint8_t expected[TEXT_BYTES_MAX];
	const char *wrong;
	size_t len;

	if (!take_type(rows, &type))
		return;
	len = fp_test_vectors_text(rows, "expected_text", expected, sizeof(expected));
	for (int path = 0; path < text_paths(); path++) {
		struct text_format_call call = { type,
			(uint64_t)fp_test_vectors_number(rows, "value"), take_format(rows) };

		text_use_path(path);
		wrong = text_check_format(&call, (const char *)expected, (uint32_t)len);
		if (wrong != NULL)
			fp_test_vectors_fail(rows, "%s", wrong);
		/* No format, said in the other way. */
		if (call.format.symbol == 0 && call.format.precision != 0) {
			call.format.precision = 0;
			wrong = text_check_format(&call, (const char *)expected, (uint32_t)len);
			if (wrong != NULL)
				fp_test_vectors_fail(rows, "%s", wrong);
		}
	}
}

static void
check_parse(struct fp_test_vectors *rows)
{
	struct text_parse_call call = { .error = 1, .symbol = take_symbol(rows) };
	uint8_t text[TEXT_BYTES_MAX];
	size_t len = fp_test_vectors_text(rows, "text", text, sizeof(text));

	if (!take_type(rows, &call.type))
		return;
	if (fp_test_vectors_number(rows, "success") != 0) {
		call.error = 0;
		call.value = (uint64_t)fp_test_vectors_number(rows, "value");
		call.consumed = (uint32_t)fp_test_vectors_number(rows, "bytes_consumed");
	}
	for (int path = 0; path < text_paths(); path++) {
		const char *wrong;

		text_use_path(path);
		wrong = text_check_parse(&call, text, (uint32_t)len);
		if (wrong != NULL)
			fp_test_vectors_fail(rows, "%s", wrong);
	}
}

static void
check_bad_format(struct fp_test_vectors *rows)
{
	const char *outcome = fp_test_vectors_get(rows, "outcome");
	bool is_format = strcmp(fp_test_vectors_get(rows, "direction"), "format") == 0;
	int expected = strcmp(outcome, "not_supported") == 0 ? -ENOTSUP : -EINVAL;
	struct text_parse_call call = { .error = expected };
	uint8_t room[TEXT_MAX];

	if (!take_type(rows, &call.type))
		return;
	if (expected == -EINVAL && strcmp(outcome, "bad_format") != 0)
		fp_test_vectors_fail(rows, "nobody knows the outcome");
	if (!is_format) {
		call.symbol = take_symbol(rows);
		if (text_check_parse(&call, "", 0) != NULL ||
			text_check_parse(&call, "1", 1) != NULL ||
			text_check_parse(&call, "true", 4) != NULL)
			fp_test_vectors_fail(rows, "not refused");
		return;
	}
	/* Refused whatever the room. */
	for (uint32_t cap = 0; cap <= TEXT_MAX; cap += TEXT_MAX) {
		struct fp_span to = fp_span_over(room, cap);
		uint32_t written = 1;
		int error = call.type == NULL
			? fp_text_format_bool(true, take_format(rows), to, &written)
			: call.type->format(1, take_format(rows), to, &written);

		if (error != expected || written != 0)
			fp_test_vectors_fail(rows, "not refused");
	}
}

static void
run(const char *name, void (*check)(struct fp_test_vectors *rows))
{
	struct fp_test_vectors rows;

	if (fp_test_vectors_open(&rows, folder, name) == 0) {
		while (fp_test_vectors_next(&rows))
			check(&rows);
	}
	assert_int_equal(fp_test_vectors_close(&rows), 0);
}

static void
integers_are_formatted_as_expected(void **state)
{
	(void)state;
	run("utf8_format_int.tsv", check_format);
}

static void
hexadecimal_is_formatted_as_expected(void **state)
{
	(void)state;
	run("utf8_format_hex.tsv", check_format);
}

static void
bool_is_formatted_as_expected(void **state)
{
	(void)state;
	run("utf8_format_bool.tsv", check_format);
}

static void
integers_are_parsed_as_expected(void **state)
{
	(void)state;
	run("utf8_parse_int.tsv", check_parse);
}

static void
bool_is_parsed_as_expected(void **state)
{
	(void)state;
	run("utf8_parse_bool.tsv", check_parse);
}

static void
formats_that_are_none_are_refused(void **state)
{
	(void)state;
	run("utf8_bad_format.tsv", check_bad_format);
}

static int
set_up(void **state)
{
	(void)state;
	return text_walls_create();
}

static int
tear_down(void **state)
{
	(void)state;
	text_walls_destroy();
	return 0;
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(integers_are_formatted_as_expected),
		cmocka_unit_test(hexadecimal_is_formatted_as_expected),
		cmocka_unit_test(bool_is_formatted_as_expected),
		cmocka_unit_test(integers_are_parsed_as_expected),
		cmocka_unit_test(bool_is_parsed_as_expected),
		cmocka_unit_test(formats_that_are_none_are_refused),
	};

	folder = fp_test_vectors_dir(argc, argv, FP_SHARED_DIR "/vectors");
	if (fp_test_skips_without(folder))
		return 0;
	return cmocka_run_group_tests_name("text_vectors", tests, set_up, tear_down);
}
