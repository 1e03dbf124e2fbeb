/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * The integer types that have text, each by its functions, and the same done naively.
 *
 * A value is held in 64 bits, with its sign extended.
 */

#ifndef TEXT_TYPES_H
#define TEXT_TYPES_H

#include "fp_text_format.h"
#include "fp_text_parse.h"

/** Longest text of any format: 20 digits in groups, a point and 99 zeros, or 99 digits. */
#define TEXT_MAX 128

/** Number of types. */
#define TEXT_TYPES 8

/** A type. */
struct text_type {
	const char *name; /**< As in the names of its functions. */
	uint32_t bits;
	bool is_signed;
	int (*format)(
		uint64_t value, struct fp_text_format format, struct fp_span to, uint32_t *written);
	int (*parse)(struct fp_cspan text, char symbol, uint64_t *value, uint32_t *consumed);
};

/** All of them. */
extern const struct text_type text_types[TEXT_TYPES];

/** The type of that name; NULL when there is none. */
const struct text_type *text_type_find(const char *name);

/** The value cut to the type's width. */
uint64_t text_type_cut(const struct text_type *type, uint64_t value);

/**
 * Format by the rules, one digit at a time.
 *
 * @return Length; or what the library's function should return whatever the room.
 */
int naive_format(const struct text_type *type, uint64_t value, struct fp_text_format format,
	char text[TEXT_MAX]);

/** Parse by the rules, one byte at a time; results as those of the library's function. */
int naive_parse(const struct text_type *type, struct fp_cspan text, char symbol, uint64_t *value,
	uint32_t *consumed);

/** True when the text says which word; as fp_text_parse_bool(). */
int naive_parse_bool(struct fp_cspan text, char symbol, bool *value, uint32_t *consumed);

/** Format a bool; as naive_format(). */
int naive_format_bool(bool value, struct fp_text_format format, char text[TEXT_MAX]);

#endif /* TEXT_TYPES_H */
