/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * The reader of expected answers, on rows whose content is known and on rows that are damaged.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "fp_test_vectors.h"

#define LIST_MAX 8

static char folder[] = "/tmp/fp-vectors-XXXXXX";

/* Write the file that the test reads, and open it. */
static void
open_rows(struct fp_test_vectors *rows, const char *text)
{
	char path[64];
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/rows.tsv", folder);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(fp_test_vectors_open(rows, folder, "rows.tsv"), 0);
}

static void
fields_are_found_by_the_names_of_the_header(void **state)
{
	struct fp_test_vectors rows;

	(void)state;
	open_rows(&rows,
		"#op\ttext\n"
		"first\t-\n"
		"second\tlast");
	assert_true(fp_test_vectors_next(&rows));
	assert_string_equal(fp_test_vectors_get(&rows, "op"), "first");
	assert_true(fp_test_vectors_is_none(&rows, "text"));
	assert_true(fp_test_vectors_next(&rows));
	assert_string_equal(fp_test_vectors_get(&rows, "text"), "last");
	assert_int_equal(rows.line, 3);
	fp_test_vectors_skip(&rows, "second");
	assert_false(fp_test_vectors_next(&rows));
	assert_int_equal(rows.rows, 2);
	assert_int_equal(rows.skipped, 1);
	assert_int_equal(fp_test_vectors_close(&rows), 0);
}

static void
lists_give_their_elements(void **state)
{
	static const struct {
		const char *text;
		size_t count;
		int64_t values[LIST_MAX];
	} cases[] = {
		{ "\\e", 0, { 0 } },
		{ "7", 1, { 7 } },
		{ "-1,2", 2, { -1, 2 } },
		{ "5*3", 3, { 5, 5, 5 } },
		{ "5*0", 0, { 0 } },
		{ "-2..1", 4, { -2, -1, 0, 1 } },
		{ "9*2,-3..-2,4", 5, { 9, 9, -3, -2, 4 } },
		{ "18446744073709551615,-9223372036854775808", 2, { -1, INT64_MIN } },
		{ "18446744073709551614..18446744073709551615", 2, { -2, -1 } },
		{ "1..8", 8, { 1, 2, 3, 4, 5, 6, 7, 8 } },
	};
	struct fp_test_vectors rows;
	int64_t values[LIST_MAX];
	char text[128];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		(void)snprintf(text, sizeof(text), "#list\n%s\n", cases[i].text);
		open_rows(&rows, text);
		assert_true(fp_test_vectors_next(&rows));
		assert_int_equal(
			fp_test_vectors_list(&rows, "list", values, LIST_MAX), cases[i].count);
		assert_memory_equal(values, cases[i].values, cases[i].count * sizeof(values[0]));
		assert_int_equal(fp_test_vectors_close(&rows), 0);
	}
}

static void
segments_are_parsed_one_by_one(void **state)
{
	static const char text[] = "1,2|\\e|3*2;past=1";
	int64_t values[LIST_MAX];
	const char *at;
	size_t count;

	(void)state;
	at = fp_test_vectors_parse(text, values, LIST_MAX, &count);
	assert_int_equal(count, 2);
	assert_int_equal(*at, '|');
	at = fp_test_vectors_parse(at + 1, values, LIST_MAX, &count);
	assert_int_equal(count, 0);
	assert_int_equal(*at, '|');
	at = fp_test_vectors_parse(at + 1, values, LIST_MAX, &count);
	assert_int_equal(count, 2);
	assert_string_equal(at, ";past=1");
}

static void
text_is_given_without_its_escapes(void **state)
{
	struct fp_test_vectors rows;
	uint8_t text[8];

	(void)state;
	open_rows(&rows,
		"#a\tb\tc\n"
		"\\e\tx\\\\y\\x0a\\xFf\t-\n");
	assert_true(fp_test_vectors_next(&rows));
	assert_int_equal(fp_test_vectors_text(&rows, "a", text, sizeof(text)), 0);
	assert_int_equal(fp_test_vectors_text(&rows, "b", text, sizeof(text)), 5);
	assert_memory_equal(text, "x\\y\n\xff", 5);
	assert_int_equal(fp_test_vectors_text(&rows, "c", text, sizeof(text)), 1);
	assert_int_equal(text[0], '-');
	assert_int_equal(fp_test_vectors_text(&rows, "b", text, 5), 5);
	assert_int_equal(fp_test_vectors_close(&rows), 0);
}

static void
what_cannot_be_parsed_fails_its_row_once(void **state)
{
	static const char *const lists[] = { "", "-", "1,", ",1", "1..", "1*", "2..1", "1*9", "1.5",
		"+1", " 1", "1|2", "18446744073709551616", "-9223372036854775809", "1*-1", "x" };
	static const char *const texts[] = { "\\", "\\q", "\\x", "\\x1", "\\x1g", "123456789" };
	struct fp_test_vectors rows;
	int64_t values[LIST_MAX];
	uint8_t bytes[LIST_MAX];
	char text[128];

	(void)state;
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		(void)snprintf(text, sizeof(text), "#list\n%s\n1\n", lists[i]);
		open_rows(&rows, text);
		assert_true(fp_test_vectors_next(&rows));
		assert_int_equal(fp_test_vectors_list(&rows, "list", values, LIST_MAX), 0);
		assert_int_equal(rows.failed, 1);
		fp_test_vectors_fail(&rows, "not counted twice");
		assert_true(fp_test_vectors_next(&rows));
		assert_int_equal(fp_test_vectors_list(&rows, "list", values, LIST_MAX), 1);
		assert_int_equal(fp_test_vectors_close(&rows), 1);
	}
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		(void)snprintf(text, sizeof(text), "#text\n%s\n", texts[i]);
		open_rows(&rows, text);
		assert_true(fp_test_vectors_next(&rows));
		assert_int_equal(fp_test_vectors_text(&rows, "text", bytes, sizeof(bytes)), 0);
		assert_int_equal(fp_test_vectors_close(&rows), 1);
	}
}

static void
damaged_files_fail(void **state)
{
	struct fp_test_vectors rows;

	(void)state;
	open_rows(&rows, "#a\tb\n");
	assert_false(fp_test_vectors_next(&rows));
	assert_int_equal(fp_test_vectors_close(&rows), 1);

	open_rows(&rows, "#a\tb\n1\n");
	assert_true(fp_test_vectors_next(&rows));
	assert_string_equal(fp_test_vectors_get(&rows, "b"), "");
	assert_int_equal(fp_test_vectors_close(&rows), 1);

	open_rows(&rows, "#a\n1\n");
	assert_true(fp_test_vectors_next(&rows));
	assert_int_equal(fp_test_vectors_number(&rows, "other"), 0);
	assert_int_equal(fp_test_vectors_close(&rows), 1);

	assert_int_equal(fp_test_vectors_open(&rows, folder, "absent.tsv"), -1);
	assert_int_equal(fp_test_vectors_close(&rows), 0);
}

static int
make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) == NULL ? -1 : 0;
}

static int
remove_folder(void **state)
{
	char path[64];

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/rows.tsv", folder);
	(void)unlink(path);
	return rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_are_found_by_the_names_of_the_header),
		cmocka_unit_test(lists_give_their_elements),
		cmocka_unit_test(segments_are_parsed_one_by_one),
		cmocka_unit_test(text_is_given_without_its_escapes),
		cmocka_unit_test(what_cannot_be_parsed_fails_its_row_once),
		cmocka_unit_test(damaged_files_fail),
	};

	return cmocka_run_group_tests_name("fp_test_vectors", tests, make_folder, remove_folder);
}
