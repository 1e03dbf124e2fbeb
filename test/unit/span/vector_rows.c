/* SPDX-License-Identifier: BSD-3-Clause */

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "vector_rows.h"

const struct element_type *
vector_type(struct fp_test_vectors *rows)
{
	const char *name = fp_test_vectors_get(rows, "type");
	const struct element_type *type = element_type_find(name);

	if (type == NULL && strcmp(name, "f64") == 0) {
		fp_test_vectors_skip(rows, "f64: elements are integers");
	} else if (type == NULL) {
		fp_test_vectors_fail(rows, "nobody knows the type");
	}
	return type;
}

static bool
is_of_type(const struct element_type *type, int64_t value)
{
	uint8_t bytes[8];
	int64_t back;

	(void)element_put(type, bytes, &value, 1);
	element_take(type, bytes, &back, 1);
	return back == value;
}

void
vector_list(struct fp_test_vectors *rows, const char *column, const struct element_type *type,
	struct vector_list *list)
{
	list->count =
		(uint32_t)fp_test_vectors_list(rows, column, list->values, VECTOR_ELEMENTS_MAX);
	for (uint32_t i = 0; i < list->count; i++) {
		if (!is_of_type(type, list->values[i]))
			fp_test_vectors_fail(rows, "%s: no value of the type", column);
	}
	list->len = element_put(type, list->bytes, list->values, list->count);
}

int64_t
vector_value(struct fp_test_vectors *rows, const char *column, const struct element_type *type)
{
	int64_t value = fp_test_vectors_number(rows, column);

	if (!is_of_type(type, value))
		fp_test_vectors_fail(rows, "%s: no value of the type", column);
	return value;
}

void
vector_run_file(const char *folder, const char *name, void (*check)(struct fp_test_vectors *rows))
{
	struct fp_test_vectors rows;

	if (fp_test_vectors_open(&rows, folder, name) == 0) {
		while (fp_test_vectors_next(&rows))
			check(&rows);
	}
	assert_int_equal(fp_test_vectors_close(&rows), 0);
}
