/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * What rows of expected answers about views have in common: a type, and lists of its elements.
 */

#ifndef VECTOR_ROWS_H
#define VECTOR_ROWS_H

#include "element_types.h"
#include "fp_test_vectors.h"

/** Most elements of a list, and bytes that they take. */
#define VECTOR_ELEMENTS_MAX 65536
#define VECTOR_BYTES_MAX    (8UL * VECTOR_ELEMENTS_MAX)

/** A list of a row. */
struct vector_list {
	int64_t values[VECTOR_ELEMENTS_MAX];
	uint8_t bytes[VECTOR_BYTES_MAX];
	uint32_t count;
	uint32_t len; /* [bytes] */
};

/**
 * The type that the row names.
 *
 * @return NULL for one that the library has not by design, when the row is skipped by its name, and
 *         for one that nobody knows, when it fails.
 */
const struct element_type *vector_type(struct fp_test_vectors *rows);

/** Take a column for elements; what the type cannot hold fails the row. */
void vector_list(struct fp_test_vectors *rows, const char *column, const struct element_type *type,
	struct vector_list *list);

/** Take a column for one element. */
int64_t
vector_value(struct fp_test_vectors *rows, const char *column, const struct element_type *type);

/** Run a check on each row of a file; what fails there fails the test. */
void
vector_run_file(const char *folder, const char *name, void (*check)(struct fp_test_vectors *rows));

#endif /* VECTOR_ROWS_H */
