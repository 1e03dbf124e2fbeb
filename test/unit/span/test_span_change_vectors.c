/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Changes through views whose outcome is known from the reference implementation: copies that
 * overlap or do not fit, fill, clear, reverse, replace.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fp_span_copy.h"
#include "fp_test_panic.h"
#include "fp_test_skip.h"
#include "vector_rows.h"

#define BESIDE 64UL /* bytes on each side of a view that must stay [bytes] */
#define MARK   0xa5

static const char *folder;
static struct vector_list before;
static struct vector_list after;
static struct vector_list source;
static uint8_t area[2 * VECTOR_BYTES_MAX + 4 * BESIDE];
static uint8_t expected_area[sizeof(area)];

/* Put the list at an offset of an area that is marked elsewhere. */
static struct fp_span
put_at(uint32_t offset, const struct vector_list *list)
{
	memcpy(area + offset, list->bytes, list->len);
	return fp_span_over(area + offset, list->len);
}

/* The area but for the view at an offset is as it was; there it is as the list. */
static void
compare_area(struct fp_test_vectors *rows, uint32_t offset, const struct vector_list *list)
{
	memcpy(expected_area + offset, list->bytes, list->len);
	if (memcmp(area, expected_area, sizeof(area)) != 0)
		fp_test_vectors_fail(rows, "wrong bytes in the view or beside it");
}

static void
check_fill(struct fp_test_vectors *rows)
{
	const char *op = fp_test_vectors_get(rows, "op");
	const struct element_type *type = vector_type(rows);
	bool is_clear = strcmp(op, "Clear") == 0;

	if (type == NULL)
		return;
	if (!is_clear && strcmp(op, "Fill") != 0)
		fp_test_vectors_fail(rows, "nobody knows the operation");
	vector_list(rows, "before", type, &before);
	vector_list(rows, "after", type, &after);
	for (uint32_t offset = BESIDE; offset < BESIDE + 8; offset++) {
		memset(area, MARK, sizeof(area));
		memcpy(expected_area, area, sizeof(area));
		if (is_clear) {
			fp_span_clear(put_at(offset, &before));
		} else {
			type->fill(put_at(offset, &before), vector_value(rows, "value", type));
		}
		compare_area(rows, offset, &after);
	}
}

static void
check_reverse(struct fp_test_vectors *rows)
{
	const struct element_type *type = vector_type(rows);

	if (type == NULL)
		return;
	vector_list(rows, "before", type, &before);
	vector_list(rows, "after", type, &after);
	for (uint32_t offset = BESIDE; offset < BESIDE + 8; offset++) {
		memset(area, MARK, sizeof(area));
		memcpy(expected_area, area, sizeof(area));
		type->reverse(put_at(offset, &before));
		compare_area(rows, offset, &after);
	}
}

static void
check_replace(struct fp_test_vectors *rows)
{
	const struct element_type *type = vector_type(rows);

	if (type == NULL)
		return;
	vector_list(rows, "before", type, &before);
	vector_list(rows, "after", type, &after);
	for (uint32_t offset = BESIDE; offset < BESIDE + 8; offset++) {
		memset(area, MARK, sizeof(area));
		memcpy(expected_area, area, sizeof(area));
		type->replace(put_at(offset, &before), vector_value(rows, "old", type),
			vector_value(rows, "new", type));
		compare_area(rows, offset, &after);
	}
}

/* A copy. */
struct copy {
	struct fp_cspan from;
	struct fp_span to;
};

static void
run_copy(void *arg)
{
	struct copy *copy = arg;

	fp_cspan_copy(copy->from, copy->to);
}

/* Lay source and destination out; at a distance when they overlap, else far from each other. */
static struct copy
lay_out(struct fp_test_vectors *rows, const struct element_type *type, uint32_t shift)
{
	uint32_t from = (uint32_t)(2 * BESIDE + VECTOR_BYTES_MAX / 2) + shift;
	int64_t distance = VECTOR_ELEMENTS_MAX / type->bytes;
	struct copy copy;

	if (!fp_test_vectors_is_none(rows, "dst_minus_src"))
		distance = fp_test_vectors_number(rows, "dst_minus_src");
	memset(area, MARK, sizeof(area));
	if (distance < -VECTOR_ELEMENTS_MAX / 16 || distance > VECTOR_ELEMENTS_MAX ||
		before.len > VECTOR_BYTES_MAX / 2 || source.len > VECTOR_BYTES_MAX / 8) {
		fp_test_vectors_fail(rows, "too long or too far");
		distance = 0;
	}
	copy.to = put_at((uint32_t)((int64_t)from + distance * type->bytes), &before);
	copy.from = fp_span_const(put_at(from, &source));
	if (memcmp(copy.to.data, before.bytes, before.len) != 0)
		fp_test_vectors_fail(rows, "source and destination contradict each other");
	memcpy(expected_area, area, sizeof(area));
	return copy;
}

static void
check_copy(struct fp_test_vectors *rows)
{
	const char *op = fp_test_vectors_get(rows, "op");
	const char *outcome = fp_test_vectors_get(rows, "outcome");
	const struct element_type *type = vector_type(rows);
	bool is_try = strcmp(op, "TryCopyTo") == 0;
	bool fits = strcmp(outcome, is_try ? "1" : "ok") == 0;

	if (type == NULL)
		return;
	if ((!is_try && strcmp(op, "CopyTo") != 0) ||
		(!fits && strcmp(outcome, is_try ? "0" : "short") != 0))
		fp_test_vectors_fail(rows, "nobody knows the operation or the outcome");
	vector_list(rows, "src_before", type, &source);
	vector_list(rows, "dst_before", type, &before);
	vector_list(rows, "dst_after", type, &after);
	for (uint32_t shift = 0; shift < 8; shift++) {
		struct copy copy = lay_out(rows, type, shift);

		if (fp_cspan_try_copy(copy.from, copy.to) != (fits ? 0 : -ERANGE))
			fp_test_vectors_fail(rows, "another outcome");
		compare_area(rows, (uint32_t)(copy.to.data - area), &after);
		copy = lay_out(rows, type, shift);
		if (fits) {
			run_copy(&copy);
			compare_area(rows, (uint32_t)(copy.to.data - area), &after);
		} else if (shift == 0) {
			ASSERT_PANICS(run_copy, &copy, "copy of");
		}
	}
}

static void
copies_end_as_expected(void **state)
{
	(void)state;
	vector_run_file(folder, "span_copy_overlap.tsv", check_copy);
}

static void
fills_end_as_expected(void **state)
{
	(void)state;
	vector_run_file(folder, "span_fill.tsv", check_fill);
}

static void
reversals_end_as_expected(void **state)
{
	(void)state;
	vector_run_file(folder, "span_reverse.tsv", check_reverse);
}

static void
replacements_end_as_expected(void **state)
{
	(void)state;
	vector_run_file(folder, "span_replace.tsv", check_replace);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(copies_end_as_expected),
		cmocka_unit_test(fills_end_as_expected),
		cmocka_unit_test(reversals_end_as_expected),
		cmocka_unit_test(replacements_end_as_expected),
	};

	folder = fp_test_vectors_dir(argc, argv, FP_SHARED_DIR "/vectors");
	if (fp_test_skips_without(folder))
		return 0;
	return cmocka_run_group_tests_name("span_change_vectors", tests, NULL, NULL);
}
