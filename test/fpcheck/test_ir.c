/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * What the lowering makes of each function in lowering/NAME.c, against what stands before it:
 *
 *   expect FUNCTION          the text of ir_print(), without places
 *   expect-lines FUNCTION    with them, lines counted from the function's name
 *
 * One test per function; a function without expectation fails.
 */

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lower.h"
#include "run.h"

#define MAX_TESTS      512
#define MAX_TEXT_BYTES 65536

/** The units that are open, for as long as the tests run. */
static struct unit unit;
static struct ir_cache *cache;
static char *source;

bool
run_claim_file(const char *file)
{
	(void)file;
	return false;
}

static char *
read_whole(const char *path)
{
	FILE *file = fopen(path, "r");
	char *text = calloc(1, 16 * MAX_TEXT_BYTES);

	assert_non_null(file);
	assert_non_null(text);
	assert_true(fread(text, 1, 16 * MAX_TEXT_BYTES - 1, file) > 0);
	fclose(file);
	return text;
}

/** Copy one line of an expectation, without what makes it a comment. */
static const char *
copy_line(char **to, const char *from)
{
	const char *end = from + strcspn(from, "\n");

	/* " * b0:" or " *\tn = 1" */
	from += strlen(" *");
	from += *from == ' ' || *from == '\t';
	while (from < end)
		*(*to)++ = *from++;
	*(*to)++ = '\n';
	return end + 1;
}

/** What is expected of a function; false when the file says nothing. */
static bool
expected_of(const char *name, char *text, bool *has_lines)
{
	char wanted[256];
	const char *at;
	char *to = text;

	snprintf(wanted, sizeof(wanted), "expect %s\n", name);
	at = strstr(source, wanted);
	*has_lines = at == NULL;
	if (at == NULL) {
		snprintf(wanted, sizeof(wanted), "expect-lines %s\n", name);
		at = strstr(source, wanted);
	}
	if (at == NULL)
		return false;
	for (at += strlen(wanted); strncmp(at, " */", 3) != 0;)
		at = copy_line(&to, at);
	*to = '\0';
	return true;
}

/** A place "@123": counted from the function, or left out with what separates it. */
static const char *
copy_place(char **to, const char *from, uint32_t first, bool has_lines)
{
	char *end;
	unsigned long line = strtoul(from + 1, &end, 10);

	if ((*to)[-1] == ' ')
		(*to)--;
	if (has_lines)
		*to += sprintf(*to, "@%lu", line - first);
	return end;
}

/** What ir_print() says, in the form in which expectations are. */
static void
lowered_text(const struct ir_function *function, char *text, bool has_lines)
{
	char *printed = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&printed, &len);
	const char *from;

	assert_non_null(out);
	ir_print(out, function);
	fclose(out);
	/* The first line names the function. */
	from = strchr(printed, '\n') + 1;
	while (*from != '\0') {
		if (*from == '\t')
			from++;
		else if (*from == '@')
			from = copy_place(&text, from, function->at.line, has_lines);
		else
			*text++ = *from++;
	}
	*text = '\0';
	free(printed);
}

static void
is_lowered_as_expected(void **state)
{
	const struct ir_function *function = *state;
	static char expected[MAX_TEXT_BYTES];
	static char found[MAX_TEXT_BYTES];
	bool has_lines;

	if (!expected_of(function->name, expected, &has_lines))
		fail_msg("no expectation of %s", function->name);
	lowered_text(function, found, has_lines);
	assert_string_equal(found, expected);
	assert_null(ir_check(function));
}

struct collected {
	struct CMUnitTest tests[MAX_TESTS];
	size_t count;
};

static void
collect(struct unit *of, CXCursor cursor, void *context)
{
	struct collected *collected = context;
	const struct ir_function *function = ir_function_of(cache, cursor);

	(void)of;
	assert_non_null(function);
	assert_true(collected->count < MAX_TESTS);
	collected->tests[collected->count++] = (struct CMUnitTest){
		.name = function->name,
		.test_func = is_lowered_as_expected,
		.initial_state = (void *)(uintptr_t)function,
	};
}

static int
test_file(const char *path)
{
	static const char *const arguments[] = { "-std=gnu11" };
	static struct collected collected;
	static struct settings settings;
	CXIndex index = clang_createIndex(0, 1);
	char *main_file = realpath(path, NULL);
	int failed;

	assert_non_null(main_file);
	memset(&unit, 0, sizeof(unit));
	collected.count = 0;
	region_init(&unit.region, SIZE_MAX);
	unit.main_file = main_file;
	unit.settings = &settings;
	unit.contracts = contracts_create();
	unit.tu = clang_parseTranslationUnit(
		index, main_file, arguments, 1, NULL, 0, CXTranslationUnit_KeepGoing);
	assert_non_null(unit.tu);
	source = read_whole(main_file);
	cache = ir_cache_create(&unit);
	unit_each_function(&unit, collect, &collected);
	failed = _cmocka_run_group_tests(path, collected.tests, collected.count, NULL, NULL);
	free(source);
	contracts_destroy((struct contracts *)(uintptr_t)unit.contracts);
	clang_disposeTranslationUnit(unit.tu);
	clang_disposeIndex(index);
	region_fini(&unit.region);
	free(main_file);
	return collected.count == 0 ? 1 : failed;
}

int
main(int argc, char **argv)
{
	int failed = 0;

	for (int i = 1; i < argc; i++)
		failed += test_file(argv[i]);
	return failed;
}
