/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Formatting and parsing where one byte too far ends the program: at both ends of memory that has
 * an inaccessible page before it and behind it; and with whichever instructions there are.
 */

#ifndef TEXT_WALLS_H
#define TEXT_WALLS_H

#include "text_types.h"

/** Map the memory; to be called once. 0 or -1. */
int text_walls_create(void);

/** Unmap it. */
void text_walls_destroy(void);

/** Number of ways that plain decimal is made on this CPU: 1 or 2. */
int text_paths(void);

/** Use the way @p path from 0 on; text_paths() - 1 is what the library chooses. */
void text_use_path(int path);

/** A call that formats: one value of one type. */
struct text_format_call {
	const struct text_type *type; /**< NULL for bool. */
	uint64_t value;
	struct fp_text_format format;
};

/**
 * Format with every length that is too short, the exact one, and 200 bytes more.
 *
 * @return NULL when each did what it should, else what was wrong.
 */
const char *
text_check_format(const struct text_format_call *call, const char *expected, uint32_t len);

/** What parsing should come to. */
struct text_parse_call {
	const struct text_type *type; /**< NULL for bool. */
	char symbol;
	int error;         /**< Expected; 1 for any error. */
	uint64_t value;    /**< Expected; 0 on error. */
	uint32_t consumed; /**< Expected; 0 on error. */
};

/**
 * Parse a text that ends with the accessible memory, one that begins with it, and, when it is to
 * succeed, one with 34 '$' behind it.
 *
 * @return NULL when each came to what it should, else what was wrong.
 */
const char *text_check_parse(const struct text_parse_call *call, const void *text, uint32_t len);

#endif /* TEXT_WALLS_H */
