/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * The comments of a C source, and which lines have code.
 *
 * It knows strings, characters, and lines that go on behind a backslash; it knows no preprocessor,
 * so what an #if leaves out is read as well.
 */

#ifndef FPCHECK_COMMENTS_H
#define FPCHECK_COMMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct comment {
	const char *text; /**< What is between its marks; not zero-terminated. */
	size_t len;
	uint32_t first_line; /**< Counted from 1, as all lines here. */
	uint32_t last_line;
	uint32_t column;
	bool has_code_before; /**< On its first line. */
};

struct comments {
	char *text;               /**< The file. */
	struct comment *comments; /**< In the file's order; shape [count]. */
	size_t count;
	unsigned char *lines; /**< COMMENTS_* of each line; shape [line_count + 1], from 1. */
	uint32_t line_count;
};

#define COMMENTS_HAS_CODE 1U
#define COMMENTS_HAS_END  2U /**< Of a statement or block: ; { or } */

/** Read a file; false when it cannot be read. */
bool comments_read(struct comments *comments, const char *path);

/** Free what it holds. */
void comments_fini(struct comments *comments);

/** True when the line has code. Lines beyond the end have none. */
static inline bool
comments_has_code(const struct comments *comments, uint32_t line)
{
	return line <= comments->line_count && (comments->lines[line] & COMMENTS_HAS_CODE) != 0;
}

#endif /* FPCHECK_COMMENTS_H */
