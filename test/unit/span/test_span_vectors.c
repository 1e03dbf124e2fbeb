/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Questions to views whose answers are known from the reference implementation: searches,
 * comparisons, bounds and overlaps.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fp_span_compare.h"
#include "fp_span_element.h"
#include "fp_test_panic.h"
#include "fp_test_skip.h"
#include "vector_rows.h"
#include "walls.h"

static const char *folder;
static struct walls walls;
static struct walls other_walls;
static struct vector_list first;
static struct vector_list second;

/* Where a view is put: the bytes beside it may not be touched, or are what is looked for. */
enum place {
	BEFORE_WALL,
	BEHIND_WALL,
	ALIGNED_AMONG,
	UNALIGNED_AMONG,
	PLACES
};

/* Repeat the elements of a list on both sides of [at, at + len), as far as a page. */
static void
surround(const struct vector_list *list, uint32_t elem_bytes, uint8_t *at, uint32_t len)
{
	uint8_t value[8] = { 0 };

	for (uint32_t i = 0; i < 512; i++) {
		size_t offset = (size_t)i * elem_bytes;

		if (list->count != 0)
			memcpy(value, list->bytes + offset % list->len, elem_bytes);
		memcpy(at + len + offset, value, elem_bytes);
		memcpy(at - offset - elem_bytes, value, elem_bytes);
	}
}

static struct fp_span
put_view(enum place place, const struct vector_list *list, const struct vector_list *beside,
	uint32_t elem_bytes)
{
	uint8_t *at = walls.start + 8192 + (place == UNALIGNED_AMONG);

	if (place == BEFORE_WALL)
		at = walls.end - list->len;
	if (place == BEHIND_WALL)
		at = walls.start;
	if (place == ALIGNED_AMONG || place == UNALIGNED_AMONG)
		surround(beside, elem_bytes, at, list->len);
	memcpy(at, list->bytes, list->len);
	return fp_span_over(at, list->len);
}

static struct fp_cspan
put_other(const struct vector_list *list, enum place place)
{
	uint8_t *at = place == BEFORE_WALL ? other_walls.end - list->len
					   : other_walls.start + (place == UNALIGNED_AMONG);

	memcpy(at, list->bytes, list->len);
	return fp_cspan_over(at, list->len);
}

/* The end of the name of a search, and what it means. */
static const struct {
	const char *name;
	enum search_kind kind;
	bool is_except;
	bool is_any; /* of one, two, three values, or of a set when there are more or fewer */
} kinds[] = {
	{ "", SEARCH_ONE, false, false },
	{ "Any", SEARCH_SET, false, true },
	{ "AnySet", SEARCH_SET, false, false },
	{ "Seq", SEARCH_SEQUENCE, false, false },
	{ "AnyExcept", SEARCH_SET, true, true },
	{ "AnyExceptSet", SEARCH_SET, true, false },
	{ "AnyInRange", SEARCH_RANGE, false, false },
	{ "AnyExceptInRange", SEARCH_RANGE, true, false },
};

static bool
parse_search(const char *op, const struct vector_list *needle, struct search *search)
{
	static const enum search_kind by_count[] = { SEARCH_SET, SEARCH_ONE, SEARCH_TWO,
		SEARCH_THREE };

	search->is_last = strncmp(op, "Last", 4) == 0;
	op += search->is_last ? 4 : 0;
	if (strncmp(op, "IndexOf", 7) != 0)
		return false;
	for (uint32_t i = 0; i < 3 && i < needle->count; i++)
		search->values[i] = needle->values[i];
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(kinds[i].name, op + 7) != 0)
			continue;
		search->kind = kinds[i].is_any && needle->count <= 3 ? by_count[needle->count]
								     : kinds[i].kind;
		search->is_except = kinds[i].is_except;
		return (search->kind != SEARCH_ONE || needle->count == 1) &&
			(search->kind != SEARCH_RANGE || needle->count == 2);
	}
	return false;
}

static void
check_search(struct fp_test_vectors *rows)
{
	const char *op = fp_test_vectors_get(rows, "op");
	const struct element_type *type = vector_type(rows);
	int64_t expected = fp_test_vectors_number(rows, "result");
	struct search search = { 0 };
	bool is_search;

	if (type == NULL)
		return;
	vector_list(rows, "haystack", type, &first);
	vector_list(rows, "needle", type, &second);
	is_search = parse_search(op, &second, &search);
	for (int place = 0; place < PLACES; place++) {
		struct fp_span view = put_view((enum place)place, &first, &second, type->bytes);
		struct fp_cspan span = fp_span_const(view);
		int64_t found = INT64_MIN;

		search.set = put_other(&second, (enum place)place);
		if (is_search) {
			found = type->find(span, &search);
		} else if (strcmp(op, "Contains") == 0 && second.count == 1) {
			found = type->contains(span, second.values[0]);
		} else if (strcmp(op, "Count") == 0 && second.count == 1) {
			found = type->count(span, second.values[0]);
		} else if (strcmp(op, "CountSeq") == 0) {
			found = type->count_sequence(span, search.set);
		} else {
			fp_test_vectors_fail(rows, "nobody knows the operation");
		}
		if (found != expected)
			fp_test_vectors_fail(rows, "%lld at place %d", (long long)found, place);
	}
}

static int
sign_of(int64_t value)
{
	return (value > 0) - (value < 0);
}

static void
check_comparison(struct fp_test_vectors *rows)
{
	const char *op = fp_test_vectors_get(rows, "op");
	const struct element_type *type = vector_type(rows);
	int64_t expected = fp_test_vectors_number(rows, "result");

	if (type == NULL)
		return;
	vector_list(rows, "first", type, &first);
	vector_list(rows, "second", type, &second);
	for (int place = 0; place < PLACES; place++) {
		struct fp_cspan a =
			fp_span_const(put_view((enum place)place, &first, &second, type->bytes));
		struct fp_cspan b = put_other(&second, (enum place)place);
		int64_t answer = INT64_MIN;

		if (strcmp(op, "SequenceEqual") == 0) {
			answer = fp_cspan_equal(a, b);
		} else if (strcmp(op, "StartsWith") == 0) {
			answer = fp_cspan_starts_with(a, b);
		} else if (strcmp(op, "EndsWith") == 0) {
			answer = fp_cspan_ends_with(a, b);
		} else if (strcmp(op, "SequenceCompareTo") == 0) {
			answer = sign_of(type->compare(a, b));
			if (answer != -sign_of(type->compare(b, a)))
				fp_test_vectors_fail(rows, "not so the other way round");
		} else {
			fp_test_vectors_fail(rows, "nobody knows the operation");
		}
		if (answer != expected)
			fp_test_vectors_fail(rows, "%lld at place %d", (long long)answer, place);
	}
}

static void
check_common_prefix(struct fp_test_vectors *rows)
{
	const struct element_type *type = vector_type(rows);
	int64_t expected = fp_test_vectors_number(rows, "result");

	if (type == NULL)
		return;
	vector_list(rows, "first", type, &first);
	vector_list(rows, "second", type, &second);
	for (int place = 0; place < PLACES; place++) {
		struct fp_cspan a =
			fp_span_const(put_view((enum place)place, &first, &second, type->bytes));
		uint32_t answer = type->common_prefix(a, put_other(&second, (enum place)place));

		if (answer != expected)
			fp_test_vectors_fail(rows, "%u at place %d", answer, place);
	}
}

static void
check_bisection(struct fp_test_vectors *rows)
{
	const struct element_type *type = vector_type(rows);
	int64_t expected = fp_test_vectors_number(rows, "result");
	int64_t value;

	if (type == NULL)
		return;
	if (strcmp(fp_test_vectors_get(rows, "op"), "BinarySearch") != 0)
		fp_test_vectors_fail(rows, "nobody knows the operation");
	vector_list(rows, "span", type, &first);
	value = vector_value(rows, "value", type);
	for (int place = 0; place < PLACES; place++) {
		struct fp_span view = put_view((enum place)place, &first, &first, type->bytes);
		int64_t found = type->binary_search(fp_span_const(view), value);

		if (found != expected)
			fp_test_vectors_fail(rows, "%lld at place %d", (long long)found, place);
	}
}

/* A slice out of bounds. */
struct slice {
	struct fp_span span;
	uint32_t start;
	uint32_t count;
	bool has_count;
	bool is_const;
};

static void
take_slice(void *arg)
{
	struct slice *slice = arg;
	struct fp_cspan span = fp_span_const(slice->span);

	if (slice->has_count && slice->is_const) {
		(void)fp_cspan_slice(span, slice->start, slice->count);
	} else if (slice->has_count) {
		(void)fp_span_slice(slice->span, slice->start, slice->count);
	} else if (slice->is_const) {
		(void)fp_cspan_slice_from(span, slice->start);
	} else {
		(void)fp_span_slice_from(slice->span, slice->start);
	}
}

/* A slice that is to panic: of a read-only view and of a writable one in turn, a child for each. */
static void
check_refused(struct slice *slice)
{
	static unsigned int refused;

	refused++;
	slice->is_const = refused % 2 == 0;
	ASSERT_PANICS(take_slice, slice, "of a view of");
}

static void
check_sliced(struct fp_test_vectors *rows, const struct slice *slice)
{
	int64_t expected = fp_test_vectors_number(rows, "result_length");
	struct fp_cspan span = fp_span_const(slice->span);
	struct fp_cspan out = fp_cspan_slice_from(span, slice->start);
	struct fp_span writable = fp_span_slice_from(slice->span, slice->start);

	if (slice->has_count) {
		out = fp_cspan_slice(span, slice->start, slice->count);
		writable = fp_span_slice(slice->span, slice->start, slice->count);
	}
	if (out.len != expected || out.data != span.data + slice->start)
		fp_test_vectors_fail(rows, "[%p, +%u)", (const void *)out.data, out.len);
	if (!fp_cspan_same(out, fp_span_const(writable)))
		fp_test_vectors_fail(rows, "another one of a writable view");
}

static void
check_bounds(struct fp_test_vectors *rows)
{
	const char *op = fp_test_vectors_get(rows, "op");
	const char *outcome = fp_test_vectors_get(rows, "outcome");
	bool is_inside = strcmp(outcome, "ok") == 0;
	int64_t start = fp_test_vectors_number(rows, "start");
	struct slice slice = { .start = (uint32_t)start, .has_count = strcmp(op, "Slice2") == 0 };
	int64_t count = slice.has_count ? fp_test_vectors_number(rows, "count") : 0;
	int64_t len = fp_test_vectors_number(rows, "length");
	struct fp_cspan out;
	struct fp_span writable;

	if ((!slice.has_count && strcmp(op, "Slice1") != 0) ||
		(!is_inside && strcmp(outcome, "range") != 0) || len < 0 || len > INT32_MAX ||
		start != (int32_t)start || count != (int32_t)count) {
		fp_test_vectors_fail(rows, "nobody knows the operation, the outcome or a number");
		return;
	}
	/* A negative number, converted, is out of bounds as every large one is. */
	slice.count = (uint32_t)count;
	slice.span = fp_span_over(walls.start, (uint32_t)len);
	if (slice.has_count) {
		int error = fp_cspan_try_slice(
			fp_span_const(slice.span), slice.start, slice.count, &out);

		if (error != (is_inside ? 0 : -ERANGE) ||
			error != fp_span_try_slice(slice.span, slice.start, slice.count, &writable))
			fp_test_vectors_fail(rows, "error %d", error);
	}
	if (is_inside) {
		check_sliced(rows, &slice);
	} else {
		check_refused(&slice);
	}
}

static void
check_overlap(struct fp_test_vectors *rows)
{
	static const char *const columns[] = { "first_begin", "first_end", "second_begin",
		"second_end" };
	bool expected = fp_test_vectors_number(rows, "overlaps") != 0;
	int64_t expected_offset = fp_test_vectors_number(rows, "element_offset");
	uint32_t at[4] = { 0 };

	for (size_t i = 0; i < 4; i++) {
		int64_t number = fp_test_vectors_number(rows, columns[i]);

		at[i] = (uint32_t)number;
		if (number < 0 || number > VECTOR_ELEMENTS_MAX ||
			(i % 2 == 1 && at[i] < at[i - 1])) {
			fp_test_vectors_fail(rows, "no indexes");
			return;
		}
	}
	for (uint32_t bytes = 1; bytes <= 8; bytes *= 2) {
		struct fp_cspan area = fp_cspan_over(first.bytes, VECTOR_BYTES_MAX);
		struct fp_cspan a = fp_cspan_slice(area, at[0] * bytes, (at[1] - at[0]) * bytes);
		struct fp_cspan b = fp_cspan_slice(area, at[2] * bytes, (at[3] - at[2]) * bytes);
		bool overlap = false;
		int64_t offset = INT64_MIN;

		if (fp_cspan_overlap_offset(a, b, bytes, &overlap, &offset) != 0 ||
			overlap != expected || offset != expected_offset) {
			fp_test_vectors_fail(
				rows, "overlap %d, offset %lld", overlap, (long long)offset);
		}
		if (fp_cspan_overlaps(a, b) != expected || fp_cspan_overlaps(b, a) != expected)
			fp_test_vectors_fail(rows, "another answer without the offset");
	}
}

static void
searches_find_what_is_expected(void **state)
{
	(void)state;
	vector_run_file(folder, "span_indexof.tsv", check_search);
}

static void
comparisons_answer_what_is_expected(void **state)
{
	(void)state;
	vector_run_file(folder, "span_sequence_compare.tsv", check_comparison);
}

static void
common_prefixes_are_as_long_as_expected(void **state)
{
	(void)state;
	vector_run_file(folder, "span_common_prefix.tsv", check_common_prefix);
}

static void
bisections_end_where_expected(void **state)
{
	(void)state;
	vector_run_file(folder, "binarysearch.tsv", check_bisection);
}

/* Unsorted elements, so that the order in which they are tried shows. */
static void
bisection_tries_the_lower_middle_first(void **state)
{
	static const uint8_t unsorted[] = { 2, 2, 2, 1 };
	static const uint8_t equal[] = { 1, 2, 2, 2 };
	struct fp_cspan span = fp_cspan_over(unsorted, sizeof(unsorted));

	(void)state;
	assert_int_equal(fp_cspan_binary_search_u8(span, 2), 1);
	assert_int_equal(fp_cspan_binary_search_u8(span, 1), -1);
	assert_int_equal(fp_cspan_binary_search_u8(fp_cspan_over(equal, sizeof(equal)), 2), 1);
}

static void
slices_are_given_and_refused_as_expected(void **state)
{
	(void)state;
	vector_run_file(folder, "span_slice_bounds.tsv", check_bounds);
}

static void
overlaps_are_seen_as_expected(void **state)
{
	(void)state;
	vector_run_file(folder, "span_overlaps.tsv", check_overlap);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(searches_find_what_is_expected),
		cmocka_unit_test(comparisons_answer_what_is_expected),
		cmocka_unit_test(common_prefixes_are_as_long_as_expected),
		cmocka_unit_test(bisections_end_where_expected),
		cmocka_unit_test(bisection_tries_the_lower_middle_first),
		cmocka_unit_test(slices_are_given_and_refused_as_expected),
		cmocka_unit_test(overlaps_are_seen_as_expected),
	};
	int result;

	folder = fp_test_vectors_dir(argc, argv, FP_SHARED_DIR "/vectors");
	if (fp_test_skips_without(folder))
		return 0;
	if (walls_create(&walls, 2 * VECTOR_BYTES_MAX) != 0 ||
		walls_create(&other_walls, VECTOR_BYTES_MAX + 1) != 0)
		return 1;
	result = cmocka_run_group_tests_name("span_vectors", tests, NULL, NULL);
	walls_destroy(&walls);
	walls_destroy(&other_walls);
	return result;
}
