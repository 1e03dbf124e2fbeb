/* SPDX-License-Identifier: BSD-3-Clause */

#include "comments.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "text_file.h"

struct scan {
	struct comments *out;
	const char *at;
	const char *line_start;
	uint32_t line;
	size_t cap;
};

/* One character on, counting lines. */
static void
step(struct scan *scan)
{
	if (*scan->at == '\n') {
		scan->line++;
		scan->line_start = scan->at + 1;
	}
	scan->at++;
}

static void
mark(struct scan *scan)
{
	const char letter = *scan->at;

	if (isspace((unsigned char)letter))
		return;
	scan->out->lines[scan->line] |= COMMENTS_HAS_CODE;
	if (letter == ';' || letter == '{' || letter == '}')
		scan->out->lines[scan->line] |= COMMENTS_HAS_END;
}

/* To behind the closing quote, or to the end of the line: a lone ' may stand in an #error. */
static void
pass_literal(struct scan *scan)
{
	const char quote = *scan->at;

	scan->out->lines[scan->line] |= COMMENTS_HAS_CODE;
	step(scan);
	while (*scan->at != '\0' && *scan->at != quote && *scan->at != '\n') {
		if (*scan->at == '\\' && scan->at[1] != '\0')
			step(scan);
		step(scan);
	}
	if (*scan->at == quote)
		step(scan);
}

static struct comment *
add_comment(struct scan *scan)
{
	struct comments *out = scan->out;
	struct comment *comment;

	if (out->count == scan->cap) {
		scan->cap = scan->cap == 0 ? 64 : scan->cap * 2;
		out->comments = realloc(out->comments, scan->cap * sizeof(*out->comments));
		if (out->comments == NULL)
			abort();
	}
	comment = &out->comments[out->count++];
	*comment = (struct comment){ .text = scan->at + 2,
		.first_line = scan->line,
		.column = (uint32_t)(scan->at - scan->line_start) + 1,
		.has_code_before = comments_has_code(out, scan->line) };
	return comment;
}

static void
pass_comment(struct scan *scan)
{
	const bool is_block = scan->at[1] == '*';
	struct comment *comment = add_comment(scan);

	step(scan);
	step(scan);
	while (*scan->at != '\0') {
		if (is_block ? scan->at[0] == '*' && scan->at[1] == '/' : *scan->at == '\n')
			break;
		if (!is_block && scan->at[0] == '\\' && scan->at[1] == '\n')
			step(scan);
		step(scan);
	}
	comment->len = (size_t)(scan->at - comment->text);
	comment->last_line = scan->line;
	if (is_block && *scan->at != '\0') {
		step(scan);
		step(scan);
	}
}

static uint32_t
count_lines(const char *text)
{
	uint32_t count = 1;

	for (; (text = strchr(text, '\n')) != NULL; text++)
		count++;
	return count;
}

bool
comments_read(struct comments *comments, const char *path)
{
	struct scan scan = { .out = comments, .line = 1 };

	*comments = (struct comments){ .text = text_file_read(path, NULL) };
	if (comments->text == NULL)
		return false;
	comments->line_count = count_lines(comments->text);
	comments->lines = calloc(comments->line_count + 1, 1);
	if (comments->lines == NULL)
		abort();
	scan.at = comments->text;
	scan.line_start = comments->text;
	while (*scan.at != '\0') {
		if (scan.at[0] == '/' && (scan.at[1] == '*' || scan.at[1] == '/')) {
			pass_comment(&scan);
		} else if (*scan.at == '"' || *scan.at == '\'') {
			pass_literal(&scan);
		} else {
			mark(&scan);
			step(&scan);
		}
	}
	return true;
}

void
comments_fini(struct comments *comments)
{
	free(comments->text);
	free(comments->comments);
	free(comments->lines);
	*comments = (struct comments){ 0 };
}
