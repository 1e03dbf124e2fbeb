/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * What the lowering makes of each function in lowering/NAME.c, against what stands before it:
 *
 *   expect FUNCTION          the text of ir_print(), without places
 *   expect-lines FUNCTION    with them, lines counted from the function's name
 *
 * One test per function; a function without expectation fails.
 */

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

#define MAX_FILES      16
#define MAX_TESTS      512
#define MAX_TEXT_BYTES 65536UL

/** A file that is open while the tests run. */
struct opened {
	struct unit unit;
	struct ir_cache *cache;
	struct contracts *contracts;
	char *path;
	char *source;
	CXIndex index;
};

/** A function, and the file whose comments say what is expected of it. */
struct lowered {
	const struct opened *opened;
	const struct ir_function *function;
};

static struct opened files[MAX_FILES];
static struct lowered functions[MAX_TESTS];
static struct CMUnitTest tests[MAX_TESTS];
static size_t test_count;

/* Headers have no functions to lower here. */
bool
run_claim_file(const char *file)
{
	(void)file;
	return false;
}

bool
settings_match(const struct text_list *globs, const char *path)
{
	(void)globs;
	(void)path;
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

/**
 * Copy one line of an expectation, without what makes it a comment; a backslash at its end takes
 * the next line to it.
 */
static const char *
copy_line(char **to, const char *from)
{
	const char *end = from + strcspn(from, "\n");

	/* " * b0:" or " *\tn = 1" */
	from += strlen(" *");
	from += *from == ' ' || *from == '\t';
	while (from < end)
		*(*to)++ = *from++;
	if (end[-1] == '\\') {
		(*to)--;
	} else {
		*(*to)++ = '\n';
	}
	return end + 1;
}

/** What is expected of a function; false when the file says nothing. */
static bool
expected_of(const struct lowered *lowered, char *text, bool *has_lines)
{
	const char *source = lowered->opened->source;
	const char *name = lowered->function->name;
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
		if (*from == '\t') {
			from++;
		} else if (*from == '@') {
			from = copy_place(&text, from, function->at.line, has_lines);
		} else {
			*text++ = *from++;
		}
	}
	*text = '\0';
	free(printed);
}

static void
is_lowered_as_expected(void **state)
{
	const struct lowered *lowered = *state;
	const struct ir_function *function = lowered->function;
	static char expected[MAX_TEXT_BYTES];
	static char found[MAX_TEXT_BYTES];
	bool has_lines;

	if (!expected_of(lowered, expected, &has_lines))
		fail_msg("no expectation of %s", function->name);
	lowered_text(function, found, has_lines);
	assert_string_equal(found, expected);
	assert_null(ir_check(function));
}

static void
collect(struct unit *unit, CXCursor cursor, void *context)
{
	const struct opened *opened = context;
	struct lowered *lowered = &functions[test_count];

	(void)unit;
	assert_true(test_count < MAX_TESTS);
	lowered->opened = opened;
	lowered->function = ir_function_of(opened->cache, cursor);
	assert_non_null(lowered->function);
	tests[test_count++] = (struct CMUnitTest){
		.name = lowered->function->name,
		.test_func = is_lowered_as_expected,
		.initial_state = lowered,
	};
}

static void
open_file(struct opened *opened, const char *path)
{
	static const char *const arguments[] = { "-std=gnu11" };
	static const struct settings settings;
	struct unit *unit = &opened->unit;

	region_init(&unit->region, NULL);
	opened->path = realpath(path, NULL);
	assert_non_null(opened->path);
	unit->main_file = opened->path;
	unit->settings = &settings;
	opened->contracts = contracts_create();
	unit->contracts = opened->contracts;
	opened->index = clang_createIndex(0, 1);
	unit->tu = clang_parseTranslationUnit(
		opened->index, unit->main_file, arguments, 1, NULL, 0, CXTranslationUnit_KeepGoing);
	assert_non_null(unit->tu);
	opened->source = read_whole(path);
	opened->cache = ir_cache_create(unit);
	unit_each_function(unit, collect, opened);
}

static void
close_file(struct opened *opened)
{
	struct unit *unit = &opened->unit;

	free(opened->source);
	contracts_destroy(opened->contracts);
	clang_disposeTranslationUnit(unit->tu);
	clang_disposeIndex(opened->index);
	region_fini(&unit->region);
	free(opened->path);
}

int
main(int argc, char **argv)
{
	int failed;

	if (argc < 2 || argc > MAX_FILES) {
		fputs("usage: test_ir FILE...\n", stderr);
		return 2;
	}
	for (int i = 1; i < argc; i++)
		open_file(&files[i], argv[i]);
	failed = _cmocka_run_group_tests("ir", tests, test_count, NULL, NULL);
	for (int i = 1; i < argc; i++)
		close_file(&files[i]);
	return test_count == 0 ? 1 : failed;
}
