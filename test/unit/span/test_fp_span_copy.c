/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Writing through views at the edges: too little room, nothing to do, parts of elements.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "element_types.h"
#include "fp_span_copy.h"
#include "fp_test_panic.h"

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

static void
a_copy_leaves_the_room_behind_it_as_it_was(void **state)
{
	uint8_t to[8] = { 1, 1, 1, 1, 1, 1, 1, 1 };

	(void)state;
	fp_cspan_copy(fp_cspan_over("abc", 3), fp_span_over(to + 1, 6));
	assert_memory_equal(to, "\1abc\1\1\1\1", 8);
	fp_cspan_copy(fp_cspan_over(NULL, 0), fp_span_over(to, 8));
	fp_cspan_copy(fp_cspan_over(NULL, 0), fp_span_over(NULL, 0));
	fp_cspan_copy(fp_cspan_over(to, 7), fp_span_over(to + 1, 7));
	assert_memory_equal(to, "\1\1abc\1\1\1", 8);
}

static void
a_copy_into_too_little_room_panics(void **state)
{
	uint8_t to[4];
	struct copy copy = { fp_cspan_over("abcd", 4), fp_span_over(to, 3) };

	(void)state;
	ASSERT_PANICS(run_copy, &copy, "copy of 4 bytes into a view of 3 bytes");
	copy.from = fp_cspan_over(to, UINT32_MAX);
	ASSERT_PANICS(run_copy, &copy, "copy of 4294967295 bytes into a view of 3 bytes");
	copy = (struct copy){ fp_cspan_over("a", 1), fp_span_over(NULL, 0) };
	ASSERT_PANICS(run_copy, &copy, "copy of 1 bytes into a view of 0 bytes");
}

static void
parts_of_elements_are_cleared_but_not_filled(void **state)
{
	uint8_t area[18];

	(void)state;
	for (size_t i = 0; i < ELEMENT_TYPES; i++) {
		const struct element_type *type = element_types[i];

		for (uint32_t len = 0; len <= 16; len++) {
			uint32_t whole = len - len % type->bytes;

			memset(area, 0x22, sizeof(area));
			type->fill(fp_span_over(area + 1, len), -1);
			type->replace(fp_span_over(area + 1, len), 0x2222222222222222, 1);
			for (uint32_t at = 0; at < sizeof(area); at++) {
				assert_int_equal(area[at], at >= 1 && at <= whole ? 0xff : 0x22);
			}
			fp_span_clear(fp_span_over(area + 1, len));
			for (uint32_t at = 0; at < sizeof(area); at++)
				assert_int_equal(area[at], at >= 1 && at <= len ? 0 : 0x22);
		}
	}
}

static void
nothing_is_done_to_an_empty_view(void **state)
{
	struct fp_span none = fp_span_over(NULL, 0);

	(void)state;
	fp_span_clear(none);
	for (size_t i = 0; i < ELEMENT_TYPES; i++) {
		element_types[i]->fill(none, 1);
		element_types[i]->reverse(none);
		element_types[i]->replace(none, 0, 1);
	}
}

static void
a_value_that_is_replaced_by_itself_stays(void **state)
{
	uint8_t area[24];
	uint8_t before[24];

	(void)state;
	for (size_t i = 0; i < sizeof(area); i++)
		area[i] = (uint8_t)(i % 3);
	memcpy(before, area, sizeof(area));
	for (size_t i = 0; i < ELEMENT_TYPES; i++) {
		element_types[i]->replace(fp_span_over(area, sizeof(area)), 1, 1);
		assert_memory_equal(area, before, sizeof(area));
	}
}

static void
what_is_reversed_twice_is_as_it_was(void **state)
{
	uint8_t area[34];
	uint8_t before[34];

	(void)state;
	for (size_t i = 0; i < sizeof(area); i++)
		area[i] = (uint8_t)(i * 37 + 1);
	memcpy(before, area, sizeof(area));
	for (size_t i = 0; i < ELEMENT_TYPES; i++) {
		for (uint32_t len = 0; len <= 32; len++) {
			struct fp_span span = fp_span_over(area + 1, len);

			element_types[i]->reverse(span);
			assert_int_equal(memcmp(area, before, sizeof(area)) != 0,
				len >= 2 * element_types[i]->bytes);
			element_types[i]->reverse(span);
			assert_memory_equal(area, before, sizeof(area));
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_copy_leaves_the_room_behind_it_as_it_was),
		cmocka_unit_test(a_copy_into_too_little_room_panics),
		cmocka_unit_test(parts_of_elements_are_cleared_but_not_filled),
		cmocka_unit_test(nothing_is_done_to_an_empty_view),
		cmocka_unit_test(a_value_that_is_replaced_by_itself_stays),
		cmocka_unit_test(what_is_reversed_twice_is_as_it_was),
	};

	return cmocka_run_group_tests_name("fp_span_copy", tests, NULL, NULL);
}
