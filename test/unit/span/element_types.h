/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * The functions of lib/span for all types of elements behind one face, so that a test is written
 * once. A value is an int64_t: sign-extended of signed types, zero-extended of unsigned ones, its
 * bits of u64.
 */

#ifndef ELEMENT_TYPES_H
#define ELEMENT_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fp_span.h"

/** What elements a search is for. */
enum search_kind {
	SEARCH_ONE,      /* equal to a */
	SEARCH_TWO,      /* equal to a or b */
	SEARCH_THREE,    /* equal to a, b or c */
	SEARCH_SET,      /* in the set */
	SEARCH_RANGE,    /* from a to b */
	SEARCH_SEQUENCE, /* the beginning of the set's elements in a row */
	SEARCH_KINDS
};

/** A search in a view. */
struct search {
	enum search_kind kind;
	bool is_last;        /**< For the last one. */
	bool is_except;      /**< For one that is not such an element; not with a sequence. */
	int64_t values[3];   /**< a, b, c. */
	struct fp_cspan set; /**< Elements of the same type. */
};

/** Where a view is trimmed. */
enum trim_side {
	TRIM_START,
	TRIM_END,
	TRIM_BOTH,
	TRIM_SIDES
};

/** The functions for one type. */
struct element_type {
	const char *name;
	uint32_t bytes;
	bool is_signed;
	int64_t (*find)(struct fp_cspan span, const struct search *search);
	bool (*contains)(struct fp_cspan span, int64_t value);
	uint32_t (*count)(struct fp_cspan span, int64_t value);
	uint32_t (*count_sequence)(struct fp_cspan span, struct fp_cspan sequence);
	struct fp_cspan (*trim)(struct fp_cspan span, enum trim_side side, int64_t value);
	struct fp_cspan (*trim_set)(struct fp_cspan span, enum trim_side side, struct fp_cspan set);
	int (*compare)(struct fp_cspan a, struct fp_cspan b);
	uint32_t (*common_prefix)(struct fp_cspan a, struct fp_cspan b);
	int64_t (*binary_search)(struct fp_cspan span, int64_t value);
	void (*fill)(struct fp_span span, int64_t value);
	void (*reverse)(struct fp_span span);
	void (*replace)(struct fp_span span, int64_t old, int64_t value);
	int64_t (*get)(struct fp_cspan span, uint32_t index);
	void (*set)(struct fp_span span, uint32_t index, int64_t value);
};

/** Number of types. */
#define ELEMENT_TYPES 8

/** u8, i8, u16, i16, u32, i32, u64, i64. */
extern const struct element_type *const element_types[ELEMENT_TYPES];

/** The type of that name; "bool" is u8; NULL for another. */
const struct element_type *element_type_find(const char *name);

/** Write values one after the other; the bytes that they take. */
uint32_t
element_put(const struct element_type *type, uint8_t *to, const int64_t *values, size_t count);

/** Read them back. */
void
element_take(const struct element_type *type, const uint8_t *from, int64_t *values, size_t count);

#endif /* ELEMENT_TYPES_H */
