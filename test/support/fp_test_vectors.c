/* SPDX-License-Identifier: BSD-3-Clause */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fp_test_vectors.h"

/* What a failure prints of a row [bytes]. */
#define SHOWN_BYTES 600

const char *
fp_test_vectors_dir(int argc, char **argv, const char *otherwise)
{
	return argc > 1 ? argv[1] : otherwise;
}

/* Cut at the TABs; the number of pieces. */
static unsigned int
split(char *text, const char **pieces)
{
	unsigned int count = 0;

	text[strcspn(text, "\r\n")] = '\0';
	while (count < FP_TEST_VECTORS_COLUMNS_MAX) {
		char *tab = strchr(text, '\t');

		pieces[count] = text;
		count++;
		if (tab == NULL)
			break;
		*tab = '\0';
		text = tab + 1;
	}
	return count;
}

int
fp_test_vectors_open(struct fp_test_vectors *rows, const char *dir, const char *name)
{
	size_t cap = 0;

	memset(rows, 0, sizeof(*rows));
	(void)snprintf(rows->path, sizeof(rows->path), "%s/%s", dir, name);
	rows->file = fopen(rows->path, "r");
	if (rows->file == NULL) {
		print_message("# %s is not there: not tested\n", rows->path);
		return -1;
	}
	rows->line = 1;
	if (getline(&rows->header, &cap, rows->file) < 1 || rows->header[0] != '#') {
		fp_test_vectors_fail(rows, "the first line does not name the columns");
		return -1;
	}
	rows->columns = split(rows->header + 1, rows->names);
	return 0;
}

bool
fp_test_vectors_next(struct fp_test_vectors *rows)
{
	unsigned int count;

	if (getline(&rows->text, &rows->text_cap, rows->file) < 0)
		return false;
	rows->line++;
	rows->rows++;
	rows->has_failed = false;
	free(rows->raw);
	rows->raw = strdup(rows->text);
	assert_non_null(rows->raw);
	count = split(rows->text, rows->fields);
	for (unsigned int i = count; i < FP_TEST_VECTORS_COLUMNS_MAX; i++)
		rows->fields[i] = "";
	if (count != rows->columns)
		fp_test_vectors_fail(rows, "%u fields for %u columns", count, rows->columns);
	return true;
}

const char *
fp_test_vectors_get(struct fp_test_vectors *rows, const char *column)
{
	for (unsigned int i = 0; i < rows->columns; i++) {
		if (strcmp(rows->names[i], column) == 0)
			return rows->fields[i];
	}
	fp_test_vectors_fail(rows, "there is no column %s", column);
	return "";
}

bool
fp_test_vectors_is_none(struct fp_test_vectors *rows, const char *column)
{
	return strcmp(fp_test_vectors_get(rows, column), "-") == 0;
}

/* The byte of `\xHH`, whose backslash is at @text; -1 when it is none. */
static int
parse_byte(const char *text)
{
	static const char digits[] = "0123456789abcdef";
	int value = 0;

	for (int i = 2; i < 4; i++) {
		int lower = text[i] >= 'A' && text[i] <= 'F' ? text[i] - 'A' + 'a' : text[i];
		const char *digit = text[i] == '\0' ? NULL : strchr(digits, lower);

		if (digit == NULL)
			return -1;
		value = value * 16 + (int)(digit - digits);
	}
	return value;
}

size_t
fp_test_vectors_text(struct fp_test_vectors *rows, const char *column, uint8_t *out, size_t cap)
{
	const char *text = fp_test_vectors_get(rows, column);
	size_t len = 0;

	while (*text != '\0') {
		size_t taken = 1;
		int byte = (uint8_t)*text;

		if (text[0] == '\\') {
			taken = text[1] == 'x' ? 4 : 2;
			byte = text[1] == 'x' ? parse_byte(text) : '\\';
			if (text[1] != 'x' && text[1] != '\\' && text[1] != 'e')
				byte = -1;
		}
		if (byte < 0 || (len == cap && text[1] != 'e')) {
			fp_test_vectors_fail(rows, "%s: no text, or too long", column);
			return 0;
		}
		if (text[0] != '\\' || text[1] != 'e') {
			out[len] = (uint8_t)byte;
			len++;
		}
		text += taken;
	}
	return len;
}

/* Parse a decimal of 64 bits, signed or unsigned; where it ended, NULL when it is none. */
static const char *
parse_number(const char *text, int64_t *out)
{
	char *end;

	/* strtoull() would skip white space and take a second sign. */
	if ((text[0] < '0' || text[0] > '9') && (text[0] != '-' || text[1] < '0' || text[1] > '9'))
		return NULL;
	errno = 0;
	if (text[0] == '-')
		*out = strtoll(text, &end, 10);
	else
		*out = (int64_t)strtoull(text, &end, 10);
	return errno == 0 ? end : NULL;
}

int64_t
fp_test_vectors_number(struct fp_test_vectors *rows, const char *column)
{
	const char *text = fp_test_vectors_get(rows, column);
	int64_t value = 0;
	const char *end = parse_number(text, &value);

	if (end == NULL || *end != '\0')
		fp_test_vectors_fail(rows, "%s: no number of 64 bits", column);
	return value;
}

const char *
fp_test_vectors_parse(const char *text, int64_t *out, size_t cap, size_t *count)
{
	*count = 0;
	if (text[0] == '\\' && text[1] == 'e')
		return text + 2;
	for (;;) {
		uint64_t repeats = 1;
		uint64_t step = 0;
		int64_t first;
		int64_t other;

		text = parse_number(text, &first);
		if (text != NULL && text[0] == '*') {
			text = parse_number(text + 1, &other);
			repeats = (uint64_t)other;
		} else if (text != NULL && text[0] == '.' && text[1] == '.') {
			text = parse_number(text + 2, &other);
			step = 1;
			/* Backwards it is a large number; without a limit, 2^64 of them. */
			repeats = (uint64_t)other - (uint64_t)first;
			repeats += repeats < UINT64_MAX ? 1 : 0;
		}
		if (text == NULL || repeats > cap - *count)
			return NULL;
		for (uint64_t i = 0; i < repeats; i++)
			out[(*count)++] = (int64_t)((uint64_t)first + step * i);
		if (*text != ',')
			return text;
		text++;
	}
}

size_t
fp_test_vectors_list(struct fp_test_vectors *rows, const char *column, int64_t *out, size_t cap)
{
	size_t count;
	const char *end =
		fp_test_vectors_parse(fp_test_vectors_get(rows, column), out, cap, &count);

	if (end == NULL || *end != '\0') {
		fp_test_vectors_fail(rows, "%s: no list, or of more than %zu", column, cap);
		return 0;
	}
	return count;
}

void
fp_test_vectors_skip(struct fp_test_vectors *rows, const char *name)
{
	unsigned int i = 0;

	while (i < FP_TEST_VECTORS_SKIPS_MAX - 1 && rows->skip_names[i][0] != '\0' &&
		strcmp(rows->skip_names[i], name) != 0)
		i++;
	if (rows->skip_names[i][0] == '\0')
		(void)snprintf(rows->skip_names[i], sizeof(rows->skip_names[i]), "%s", name);
	rows->skip_counts[i]++;
	rows->skipped++;
}

void
fp_test_vectors_fail(struct fp_test_vectors *rows, const char *fmt, ...)
{
	const char *row = rows->raw == NULL ? "" : rows->raw;
	char why[256];
	va_list args;

	if (rows->has_failed)
		return;
	rows->has_failed = true;
	rows->failed++;
	va_start(args, fmt);
	(void)vsnprintf(why, sizeof(why), fmt, args);
	va_end(args);
	print_error("%s:%u: %s\n  %.*s%s\n", rows->path, rows->line, why,
		(int)strcspn(row, "\r\n") < SHOWN_BYTES ? (int)strcspn(row, "\r\n") : SHOWN_BYTES,
		row, strlen(row) > SHOWN_BYTES ? " ..." : "");
}

unsigned int
fp_test_vectors_close(struct fp_test_vectors *rows)
{
	const char *slash = strrchr(rows->path, '/');

	if (rows->file == NULL)
		return 0;
	if (rows->rows == 0 && rows->failed == 0) {
		fp_test_vectors_fail(rows, "there are no rows");
	}
	print_message("# %s: %u rows run, %u skipped, %u failed\n", slash + 1,
		rows->rows - rows->skipped, rows->skipped, rows->failed);
	for (unsigned int i = 0; i < FP_TEST_VECTORS_SKIPS_MAX; i++) {
		if (rows->skip_counts[i] != 0) {
			print_message("#   skipped by name: %s: %u\n", rows->skip_names[i],
				rows->skip_counts[i]);
		}
	}
	(void)fclose(rows->file);
	free(rows->header);
	free(rows->text);
	free(rows->raw);
	return rows->failed;
}
