/* SPDX-License-Identifier: BSD-3-Clause */

#include <ctype.h>
#include <string.h>

#include <rte_cfgfile.h>

#include "config_lines.h"

/* Longest line that rte_cfgfile takes, without its end [bytes]. */
#define LINE_BYTES (CFG_NAME_LEN + CFG_VALUE_LEN + 2)

/* A line, and which it is. */
struct line {
	char text[LINE_BYTES + 1]; /* terminated */
	size_t len;
	unsigned int number; /* from 1 */
	bool is_long;        /* there is more of it than text has */
};

/* Read up to the end of the line, or to one byte too many. False at the end of the file. */
static bool
next_line(FILE *file, struct line *line)
{
	int byte = getc(file);

	line->len = 0;
	line->number++;
	line->is_long = false;
	if (byte == EOF)
		return false;
	for (; byte != EOF && byte != '\n' && !line->is_long; byte = getc(file)) {
		if (line->len == LINE_BYTES) {
			line->is_long = true;
		} else {
			line->text[line->len++] = (char)byte;
		}
	}
	line->text[line->len] = '\0';
	return true;
}

/* Length of the text from its first character on that is no space to its last one. */
static size_t
trimmed_len(const char *text, size_t len)
{
	size_t start = 0;

	while (len > 0 && isspace((unsigned char)text[len - 1]))
		len--;
	while (start < len && isspace((unsigned char)text[start]))
		start++;
	return len - start;
}

/* The line without its comment: as for rte_cfgfile, the first ; unless \ stands before it. */
static size_t
uncommented_len(const struct line *line)
{
	const char *comment = memchr(line->text, ';', line->len);

	if (comment == NULL || (comment != line->text && comment[-1] == '\\'))
		return line->len;
	return (size_t)(comment - line->text);
}

static int
check_title(const struct config *config, const struct line *line, const char *text, size_t len,
	FILE *errors)
{
	const char *end = memchr(text, ']', len);

	if (end == NULL) {
		return config_complain(errors, config, NULL, NULL,
			"line %u: expected ] at the end of the section's title", line->number);
	}
	if (trimmed_len(end + 1, len - (size_t)(end + 1 - text)) != 0) {
		return config_complain(errors, config, NULL, NULL,
			"line %u: there is something behind the section's title", line->number);
	}
	if (trimmed_len(text + 1, (size_t)(end - text) - 1) >= CFG_NAME_LEN) {
		return config_complain(errors, config, NULL, NULL,
			"line %u: expected a section's title of up to %d characters", line->number,
			CFG_NAME_LEN - 1);
	}
	return 0;
}

static int
check_pair(const struct config *config, const struct line *line, const char *text, size_t len,
	FILE *errors)
{
	const char *equals = memchr(text, '=', len);

	if (equals == NULL) {
		return config_complain(errors, config, NULL, NULL,
			"line %u: expected [section], key = value, or ; and a comment",
			line->number);
	}
	if (trimmed_len(text, (size_t)(equals - text)) >= CFG_NAME_LEN) {
		return config_complain(errors, config, NULL, NULL,
			"line %u: expected a key of up to %d characters", line->number,
			CFG_NAME_LEN - 1);
	}
	if (trimmed_len(equals + 1, len - (size_t)(equals + 1 - text)) >= CFG_VALUE_LEN) {
		return config_complain(errors, config, NULL, NULL,
			"line %u: expected a value of up to %d characters", line->number,
			CFG_VALUE_LEN - 1);
	}
	return 0;
}

static int
check_line(const struct config *config, const struct line *line, FILE *errors)
{
	const char *text = line->text;
	size_t len;

	if (line->is_long) {
		return config_complain(errors, config, NULL, NULL,
			"line %u: expected at most %d characters", line->number, LINE_BYTES);
	}
	if (memchr(line->text, '\0', line->len) != NULL) {
		return config_complain(errors, config, NULL, NULL,
			"line %u: expected text, found a NUL character", line->number);
	}
	len = uncommented_len(line);
	while (len > 0 && isspace((unsigned char)*text)) {
		text++;
		len--;
	}
	len = trimmed_len(text, len);
	if (len == 0)
		return 0;
	return text[0] == '[' ? check_title(config, line, text, len, errors)
			      : check_pair(config, line, text, len, errors);
}

int
config_check_lines(const struct config *config, FILE *file, FILE *errors)
{
	struct line line = { .number = 0 };
	int error = 0;

	while (error == 0 && next_line(file, &line))
		error = check_line(config, &line, errors);
	if (error == 0 && ferror(file) != 0)
		return config_complain(errors, config, NULL, NULL, "cannot be read to its end");
	return error;
}
