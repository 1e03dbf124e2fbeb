/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Comparisons of views at the edges: empty ones, beginnings and endings, signs, parts of elements.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "fp_span_compare.h"

static struct fp_cspan
text(const char *bytes)
{
	return fp_cspan_over(bytes, (uint32_t)strlen(bytes));
}

static void
a_shorter_view_is_smaller_when_it_is_the_beginning(void **state)
{
	(void)state;
	assert_true(fp_cspan_compare_u8(text("ab"), text("abc")) < 0);
	assert_true(fp_cspan_compare_u8(text("abc"), text("ab")) > 0);
	assert_true(fp_cspan_compare_u8(text("abc"), text("abc")) == 0);
	assert_true(fp_cspan_compare_u8(text("b"), text("abc")) > 0);
	assert_true(fp_cspan_compare_u8(fp_cspan_over(NULL, 0), text("")) == 0);
	assert_true(fp_cspan_compare_u8(fp_cspan_over(NULL, 0), text("a")) < 0);
	assert_true(fp_cspan_compare_u64(text("12345678"), text("1234567")) > 0);
}

static void
the_sign_counts_for_signed_elements_only(void **state)
{
	static const int16_t negative[] = { 1, -1 };
	static const int16_t positive[] = { 1, 1 };
	struct fp_cspan a = fp_cspan_over(negative, sizeof(negative));
	struct fp_cspan b = fp_cspan_over(positive, sizeof(positive));
	static const int64_t lowest[] = { INT64_MIN };
	static const int64_t zero[] = { 0 };

	(void)state;
	assert_true(fp_cspan_compare_i16(a, b) < 0);
	assert_true(fp_cspan_compare_u16(a, b) > 0);
	assert_true(fp_cspan_compare_i64(fp_cspan_over(lowest, 8), fp_cspan_over(zero, 8)) < 0);
	assert_true(fp_cspan_compare_u64(fp_cspan_over(lowest, 8), fp_cspan_over(zero, 8)) > 0);
	assert_true(fp_cspan_compare_i8(text("\x80"), text("\x7f")) < 0);
	assert_true(fp_cspan_compare_u8(text("\x80"), text("\x7f")) > 0);
}

static void
parts_of_elements_do_not_count(void **state)
{
	(void)state;
	assert_int_equal(fp_cspan_compare_u32(text("abcd12"), text("abcd987")), 0);
	assert_int_equal(fp_cspan_common_prefix_u32(text("abcd12"), text("abcd123")), 1);
	assert_int_equal(fp_cspan_common_prefix_u16(text("abcd1"), text("abcX1")), 1);
	assert_int_equal(fp_cspan_binary_search_u16(text("a"), 'a'), -1);
}

static void
every_view_begins_and_ends_with_an_empty_one(void **state)
{
	struct fp_cspan none = fp_cspan_over(NULL, 0);

	(void)state;
	assert_true(fp_cspan_starts_with(text("abc"), none));
	assert_true(fp_cspan_ends_with(text("abc"), none));
	assert_true(fp_cspan_starts_with(none, none));
	assert_true(fp_cspan_ends_with(none, none));
	assert_false(fp_cspan_starts_with(none, text("a")));
	assert_false(fp_cspan_ends_with(none, text("a")));
}

static void
beginnings_and_endings_are_compared_to_their_last_byte(void **state)
{
	(void)state;
	assert_true(fp_cspan_starts_with(text("abcabd"), text("abc")));
	assert_false(fp_cspan_starts_with(text("abcabd"), text("abd")));
	assert_true(fp_cspan_ends_with(text("abcabd"), text("abd")));
	assert_false(fp_cspan_ends_with(text("abcabd"), text("abc")));
	assert_true(fp_cspan_starts_with(text("abc"), text("abc")));
	assert_true(fp_cspan_ends_with(text("abc"), text("abc")));
	assert_false(fp_cspan_starts_with(text("abc"), text("abcd")));
	assert_false(fp_cspan_ends_with(text("bcd"), text("abcd")));
}

static void
nothing_in_common_is_a_prefix_of_no_elements(void **state)
{
	struct fp_cspan none = fp_cspan_over(NULL, 0);

	(void)state;
	assert_int_equal(fp_cspan_common_prefix_u8(none, none), 0);
	assert_int_equal(fp_cspan_common_prefix_u8(none, text("a")), 0);
	assert_int_equal(fp_cspan_common_prefix_u8(text("a"), text("b")), 0);
	assert_int_equal(fp_cspan_common_prefix_u8(text("ab"), text("abc")), 2);
}

/* Every length to 40 of 0, 2, 4 ...: each is found, and each odd number has its place. */
static void
bisection_finds_each_element_and_each_place_between(void **state)
{
	int16_t elements[40];

	(void)state;
	for (int16_t i = 0; i < 40; i++)
		elements[i] = (int16_t)(2 * i - 40);
	for (uint32_t count = 0; count <= 40; count++) {
		struct fp_cspan span = fp_cspan_over(elements, count * sizeof(elements[0]));

		for (uint32_t i = 0; i < count; i++) {
			assert_int_equal(fp_cspan_binary_search_i16(span, elements[i]), i);
			assert_int_equal(
				fp_cspan_binary_search_i16(span, (int16_t)(elements[i] + 1)),
				~(int64_t)(i + 1));
		}
		assert_int_equal(fp_cspan_binary_search_i16(span, INT16_MIN), -1);
		assert_int_equal(fp_cspan_binary_search_i16(span, INT16_MAX), ~(int64_t)count);
	}
}

/* The sum of two positions would not fit 32 bits. */
static void
bisection_reaches_the_end_of_the_longest_view(void **state)
{
	size_t len = UINT32_MAX;
	uint8_t *map = mmap(NULL, len, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	(void)state;
	if (map == MAP_FAILED) {
		print_message("# 4 GiB of addresses are not to be had: not tested\n");
		return;
	}
	map[len - 1] = 7;
	assert_int_equal(
		fp_cspan_binary_search_u8(fp_cspan_over(map, UINT32_MAX), 7), UINT32_MAX - 1);
	assert_true(fp_cspan_binary_search_u8(fp_cspan_over(map, UINT32_MAX), 9) ==
		~(int64_t)UINT32_MAX);
	assert_int_equal(munmap(map, len), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_shorter_view_is_smaller_when_it_is_the_beginning),
		cmocka_unit_test(the_sign_counts_for_signed_elements_only),
		cmocka_unit_test(parts_of_elements_do_not_count),
		cmocka_unit_test(every_view_begins_and_ends_with_an_empty_one),
		cmocka_unit_test(beginnings_and_endings_are_compared_to_their_last_byte),
		cmocka_unit_test(nothing_in_common_is_a_prefix_of_no_elements),
		cmocka_unit_test(bisection_finds_each_element_and_each_place_between),
		cmocka_unit_test(bisection_reaches_the_end_of_the_longest_view),
	};

	return cmocka_run_group_tests_name("fp_span_compare", tests, NULL, NULL);
}
