/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Searches for single elements at the edges: empty views and sets, what lies beside a view, ranges
 * the wrong way round, parts of elements, trimming.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "element_types.h"
#include "fp_span_search.h"

static struct fp_cspan
text(const char *bytes)
{
	return fp_cspan_over(bytes, (uint32_t)strlen(bytes));
}

/* Every search but that for a sequence, of every type, in a view of three equal elements. */
static void
for_all_searches(void (*check)(const struct element_type *type, const struct search *search))
{
	for (size_t i = 0; i < ELEMENT_TYPES; i++) {
		for (int kind = 0; kind < SEARCH_SEQUENCE; kind++) {
			for (int variant = 0; variant < 4; variant++) {
				struct search search = { .kind = (enum search_kind)kind,
					.is_last = (variant & 1) != 0,
					.is_except = (variant & 2) != 0 };

				check(element_types[i], &search);
			}
		}
	}
}

static void
find_in_nothing(const struct element_type *type, const struct search *search)
{
	assert_int_equal(type->find(fp_cspan_over(NULL, 0), search), -1);
	assert_int_equal(type->find(fp_cspan_over("abcdefg", type->bytes - 1), search), -1);
}

static void
nothing_is_found_in_an_empty_view_or_in_a_part_of_an_element(void **state)
{
	(void)state;
	for_all_searches(find_in_nothing);
}

/* Of equal elements, the first or last, or none: beside the view is what is looked for. */
static void
find_among(const struct element_type *type, const struct search *search)
{
	int64_t values[] = { 3, 3, 5, 5, 5, 3, 3 };
	int64_t wanted = 3;
	uint8_t area[8 * 7];
	const uint8_t *view = area + (size_t)2 * type->bytes;
	uint8_t set[8];
	struct search in_view = *search;
	int64_t expected = search->is_except ? (search->is_last ? 2 : 0) : -1;

	(void)element_put(type, area, values, 7);
	in_view.set = fp_cspan_over(set, element_put(type, set, &wanted, 1));
	for (size_t i = 0; i < 3; i++)
		in_view.values[i] = wanted;
	assert_int_equal(type->find(fp_cspan_over(view, 3 * type->bytes), &in_view), expected);
	assert_int_equal(type->find(fp_cspan_over(view, 4 * type->bytes - 1), &in_view), expected);
}

static void
what_is_beside_a_view_is_not_found(void **state)
{
	(void)state;
	for_all_searches(find_among);
}

static void
of_an_empty_set_nothing_is_in_it_and_everything_is_not(void **state)
{
	struct fp_cspan none = fp_cspan_over(NULL, 0);
	/* A part of an element makes no set either. */
	struct fp_cspan part = fp_cspan_over("a", 1);

	(void)state;
	assert_int_equal(fp_cspan_index_of_any_u8(text("abc"), none), -1);
	assert_int_equal(fp_cspan_last_index_of_any_u8(text("abc"), none), -1);
	assert_int_equal(fp_cspan_index_of_except_any_u8(text("abc"), none), 0);
	assert_int_equal(fp_cspan_last_index_of_except_any_u8(text("abc"), none), 2);
	assert_int_equal(fp_cspan_index_of_any_u16(text("aaaa"), part), -1);
	assert_int_equal(fp_cspan_last_index_of_except_any_u16(text("aaaa"), part), 1);
	assert_int_equal(fp_cspan_index_of_any_u8(none, none), -1);
	assert_int_equal(fp_cspan_index_of_except_any_u8(none, none), -1);
}

static void
ranges_have_their_ends_and_the_order_of_their_type(void **state)
{
	static const int8_t values[] = { -128, -1, 0, 1, 127 };
	struct fp_cspan span = fp_cspan_over(values, sizeof(values));

	(void)state;
	assert_int_equal(fp_cspan_index_of_in_range_i8(span, -1, 0), 1);
	assert_int_equal(fp_cspan_last_index_of_in_range_i8(span, -1, 0), 2);
	assert_int_equal(fp_cspan_index_of_in_range_u8(span, 127, 128), 0);
	assert_int_equal(fp_cspan_last_index_of_in_range_u8(span, 127, 128), 4);
	assert_int_equal(fp_cspan_index_of_except_in_range_i8(span, -128, 0), 3);
	assert_int_equal(fp_cspan_last_index_of_except_in_range_u8(span, 0, 127), 1);
	assert_int_equal(fp_cspan_index_of_except_in_range_i8(span, -128, 127), -1);
	assert_int_equal(fp_cspan_index_of_in_range_u8(span, 0, 255), 0);
	/* The wrong way round it is empty. */
	assert_int_equal(fp_cspan_index_of_in_range_i8(span, 1, -1), -1);
	assert_int_equal(fp_cspan_last_index_of_in_range_u8(span, 255, 0), -1);
	assert_int_equal(fp_cspan_index_of_except_in_range_u8(span, 255, 0), 0);
}

/* Each position to 300, each length: across all blocks of the loops and what is left of them. */
static void
one_element_is_found_wherever_it_is(void **state)
{
	static uint8_t area[300 * 8];

	(void)state;
	for (size_t i = 0; i < ELEMENT_TYPES; i += 2) {
		const struct element_type *type = element_types[i];
		struct search search = { .kind = SEARCH_ONE, .values = { 1 } };

		memset(area, 0, sizeof(area));
		for (uint32_t place = 0; place < 300; place++) {
			struct fp_span span = fp_span_over(area, 300 * type->bytes);

			type->set(span, place, 1);
			for (uint32_t len = 0; len <= 300; len += 1 + len / 8) {
				struct fp_cspan cut =
					fp_cspan_slice(fp_span_const(span), 0, len * type->bytes);

				search.is_last = false;
				assert_int_equal(type->find(cut, &search),
					place < len ? (int64_t)place : -1);
				search.is_last = true;
				assert_int_equal(type->find(cut, &search),
					place < len ? (int64_t)place : -1);
				assert_int_equal(type->count(cut, 1), place < len);
			}
			type->set(span, place, 0);
		}
	}
}

static void
check_text(struct fp_cspan got, const char *expected)
{
	assert_int_equal(got.len, strlen(expected));
	assert_memory_equal(got.data, expected, got.len);
}

static void
trimming_takes_matches_at_the_ends_only(void **state)
{
	struct fp_cspan none = fp_cspan_over(NULL, 0);

	(void)state;
	check_text(fp_cspan_trim_u8(text("  a b "), ' '), "a b");
	check_text(fp_cspan_trim_start_u8(text("  a b "), ' '), "a b ");
	check_text(fp_cspan_trim_end_u8(text("  a b "), ' '), "  a b");
	check_text(fp_cspan_trim_any_u8(text("-+a-b+-"), text("+-")), "a-b");
	check_text(fp_cspan_trim_start_any_u8(text("-+a-b+-"), text("+-")), "a-b+-");
	check_text(fp_cspan_trim_end_any_u8(text("-+a-b+-"), text("+-")), "-+a-b");
	check_text(fp_cspan_trim_u8(text("abc"), ' '), "abc");
	/* An empty set trims nothing. */
	check_text(fp_cspan_trim_any_u8(text(" a "), none), " a ");
	check_text(fp_cspan_trim_u8(none, ' '), "");
	assert_null(fp_cspan_trim_u8(none, ' ').data);
}

static void
what_is_trimmed_away_leaves_an_empty_view_inside(void **state)
{
	struct fp_cspan blanks = text("    ");

	(void)state;
	assert_ptr_equal(fp_cspan_trim_start_u8(blanks, ' ').data, blanks.data + 4);
	assert_ptr_equal(fp_cspan_trim_end_u8(blanks, ' ').data, blanks.data);
	assert_ptr_equal(fp_cspan_trim_u8(blanks, ' ').data, blanks.data + 4);
	assert_int_equal(fp_cspan_trim_u8(blanks, ' ').len, 0);
	assert_int_equal(fp_cspan_trim_start_u8(blanks, ' ').len, 0);
	assert_int_equal(fp_cspan_trim_end_u8(blanks, ' ').len, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_found_in_an_empty_view_or_in_a_part_of_an_element),
		cmocka_unit_test(what_is_beside_a_view_is_not_found),
		cmocka_unit_test(of_an_empty_set_nothing_is_in_it_and_everything_is_not),
		cmocka_unit_test(ranges_have_their_ends_and_the_order_of_their_type),
		cmocka_unit_test(one_element_is_found_wherever_it_is),
		cmocka_unit_test(trimming_takes_matches_at_the_ends_only),
		cmocka_unit_test(what_is_trimmed_away_leaves_an_empty_view_inside),
	};

	return cmocka_run_group_tests_name("fp_span_search", tests, NULL, NULL);
}
