/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Typed arrays of an arena: what is taken, what is refused, and the element that an index means.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_memory.h>

#include <cmocka.h>

#include "fp_arena.h"
#include "fp_test_eal.h"
#include "fp_test_panic.h"

#define CAP       4096
#define EXIT_SKIP 77

static struct fp_arena *arena;

static int
create_arena(void **state)
{
	struct fp_arena_params params = { "tested", CAP, SOCKET_ID_ANY, 0 };

	(void)state;
	return fp_arena_create(&params, &arena);
}

static int
destroy_arena(void **state)
{
	(void)state;
	fp_arena_destroy(arena);
	return 0;
}

static void
take_byte(void)
{
	struct fp_span span;

	assert_int_equal(fp_arena_span(arena, 1, 1, &span), 0);
}

static void
an_array_is_taken_aligned_and_accessed_by_element(void **state)
{
	struct fp_array array;
	struct fp_array pages;

	(void)state;
	take_byte();
	assert_int_equal(FP_ARENA_TAKE(arena, uint64_t, 100, &array), 0);
	assert_int_equal(array.count, 100);
	assert_int_equal(array.elem_bytes, 8);
	assert_ptr_equal(array.data, arena->base + 8);
	assert_int_equal(arena->used, 808);
	for (uint32_t i = 0; i < array.count; i++)
		*FP_ARRAY_AT(array, uint64_t, i) = i;
	for (uint32_t i = 0; i < array.count; i++)
		assert_ptr_equal(FP_ARRAY_AT(array, uint64_t, i), arena->base + (i + 1UL) * 8);
	assert_int_equal(*FP_ARRAY_AT(array, uint64_t, 99), 99);
	assert_int_equal(fp_arena_take(arena, 3, 5, 64, &pages), 0);
	assert_ptr_equal(pages.data, arena->base + 832);
	assert_int_equal(arena->used, 847);
}

static void
an_array_that_cannot_be_is_refused(void **state)
{
	static const struct {
		uint64_t count;
		uint32_t elem_bytes;
		int error;
	} cases[] = {
		{ 1, 0, -EINVAL },
		{ 0, 0, -EINVAL },
		{ UINT64_MAX, 0, -EINVAL },
		{ CAP + 1, 1, -ENOMEM },
		{ 1, CAP + 1, -ENOMEM },
		{ CAP / 2, 3, -ENOMEM },
		{ UINT32_MAX, UINT32_MAX, -ENOMEM },
		{ UINT32_MAX, 1, -ENOMEM },
		{ 1, UINT32_MAX, -ENOMEM },
		{ (uint64_t)UINT32_MAX + 1, 1, -ENOMEM },
		{ UINT64_C(1) << 32, 1U << 31, -ENOMEM },
		{ UINT64_MAX, 1, -ENOMEM },
		{ UINT64_MAX, UINT32_MAX, -ENOMEM },
		{ (uint64_t)-1, 8, -ENOMEM },
		/* The product is 0, or 8, modulo 2^64. */
		{ UINT64_C(1) << 62, 4, -ENOMEM },
		{ (UINT64_C(1) << 61) + 1, 8, -ENOMEM },
	};
	uint64_t refusals = 0;

	(void)state;
	take_byte();
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fp_array array;

		for (uint32_t align = 1; align <= FP_ARENA_PAGE_BYTES; align *= 64) {
			memset(&array, 0xff, sizeof(array));
			assert_int_equal(fp_arena_take(arena, cases[i].count, cases[i].elem_bytes,
						 align, &array),
				cases[i].error);
			assert_null(array.data);
			assert_int_equal(array.count, 0);
			assert_int_equal(arena->used, 1);
			refusals += cases[i].error == -ENOMEM;
			assert_int_equal(arena->refusals, refusals);
		}
	}
}

static void
read_element(void *idx)
{
	struct fp_array array;

	if (FP_ARENA_TAKE(arena, uint32_t, 10, &array) == 0)
		(void)*FP_ARRAY_AT(array, uint32_t, *(uint64_t *)idx);
}

static void
read_of_none(void *arg)
{
	struct fp_array array;

	(void)arg;
	if (FP_ARENA_TAKE(arena, uint32_t, 0, &array) == 0)
		(void)FP_ARRAY_AT(array, uint32_t, 0);
}

static void
read_as_anarena_type(void *arg)
{
	struct fp_array array;

	(void)arg;
	if (FP_ARENA_TAKE(arena, uint32_t, 10, &array) == 0)
		(void)FP_ARRAY_AT(array, uint64_t, 9);
}

static void
an_index_or_type_that_is_not_the_arrays_panics(void **state)
{
	static uint64_t bad[] = { 10, 11, UINT32_MAX, UINT64_C(1) << 32, UINT64_MAX };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ASSERT_PANICS(read_element, &bad[i], "of an array of 10: check the index before");
	ASSERT_PANICS(read_of_none, NULL, "element 0 of an array of 0");
	ASSERT_PANICS(read_as_anarena_type, NULL,
		"an array of elements of 4 bytes is used as one of a type of 8 bytes");
}

#if FP_LIFETIME == FP_LIFETIME_FULL
static void
touch_element(void *array)
{
	FP_ARRAY_AT(*(struct fp_array *)array, uint32_t, 0)[0] = 1;
}

static void
an_array_dies_with_its_scope(void **state)
{
	struct fp_array before;
	struct fp_array inside;
	struct fp_mark mark;

	(void)state;
	assert_int_equal(FP_ARENA_TAKE(arena, uint32_t, 10, &before), 0);
	mark = fp_arena_mark(arena);
	assert_int_equal(FP_ARENA_TAKE(arena, uint32_t, 10, &inside), 0);
	touch_element(&inside);
	fp_arena_release(arena, mark);
	touch_element(&before);
	ASSERT_PANICS(touch_element, &inside, "a view is used too late");
	fp_arena_reset(arena);
	ASSERT_PANICS(
		touch_element, &before, "it was of arena tested, taken in a scope of depth 0");
}
#endif

#define TEST(name) cmocka_unit_test_setup_teardown(name, create_arena, destroy_arena)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_array_is_taken_aligned_and_accessed_by_element),
		TEST(an_array_that_cannot_be_is_refused),
		TEST(an_index_or_type_that_is_not_the_arrays_panics),
#if FP_LIFETIME == FP_LIFETIME_FULL
		TEST(an_array_dies_with_its_scope),
#endif
	};
	int failed;

	if (fp_test_eal_init() != 0) {
		(void)printf("1..0 # SKIP EAL did not start\n");
		return EXIT_SKIP;
	}
	failed = cmocka_run_group_tests_name("fp_array", tests, NULL, NULL);
	fp_test_eal_fini();
	return failed;
}
