/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Arenas against a naive one that keeps no addresses, only sums.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_malloc.h>
#include <rte_memory.h>

#include <cmocka.h>

#include "fp_arena.h"
#include "fp_poison.h"
#include "fp_test_eal.h"
#include "fp_test_panic.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define CAP       8192
#define PAGE      4096UL
#define CHURN     200
#define STEPS     200000
#define EXIT_SKIP 77

static struct fp_arena *arena;

static struct fp_arena *
create(const char *name, uint64_t cap)
{
	struct fp_arena_params params = { name, cap, SOCKET_ID_ANY, 0 };
	struct fp_arena *created;

	assert_int_equal(fp_arena_create(&params, &created), 0);
	assert_non_null(created);
	return created;
}

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
	arena = NULL;
	return 0;
}

static size_t
heap_used(void)
{
	struct rte_malloc_socket_stats stats;

	assert_int_equal(rte_malloc_get_socket_stats(0, &stats), 0);
	return stats.heap_allocsz_bytes;
}

static void
create_refuses_parameters_out_of_range(void **state)
{
	static const struct fp_arena_params bad[] = {
		{ NULL, CAP, SOCKET_ID_ANY, 0 },
		{ "", CAP, SOCKET_ID_ANY, 0 },
		{ "a_name_of_24_characters_", CAP, SOCKET_ID_ANY, 0 },
		{ "arena", 0, SOCKET_ID_ANY, 0 },
		{ "arena", UINT64_MAX, SOCKET_ID_ANY, 0 },
		{ "arena", UINT64_MAX / 2 + 1, SOCKET_ID_ANY, 0 },
		{ "arena", CAP, SOCKET_ID_ANY - 1, 0 },
		{ "arena", CAP, RTE_MAX_NUMA_NODES, 0 },
		{ "arena", CAP, SOCKET_ID_ANY, FP_ARENA_F_GUARD << 1 },
	};
	struct fp_arena *created;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		created = (struct fp_arena *)&created;
		assert_int_equal(fp_arena_create(&bad[i], &created), -EINVAL);
		assert_null(created);
	}
	created = (struct fp_arena *)&created;
	assert_int_equal(fp_arena_create(NULL, &created), -EINVAL);
	assert_null(created);
	assert_int_equal(fp_arena_create(&bad[0], NULL), -EINVAL);
	created = create("a_name_of_23_characters", 1);
	assert_int_equal(created->cap, PAGE);
	assert_string_equal(created->name, "a_name_of_23_characters");
	fp_arena_destroy(created);
	fp_arena_destroy(NULL);
}

static void
a_size_is_rounded_up_to_pages(void **state)
{
	static const uint64_t caps[][2] = { { 1, PAGE }, { PAGE - 1, PAGE }, { PAGE, PAGE },
		{ PAGE + 1, 2 * PAGE }, { 3 * PAGE - 5, 3 * PAGE } };

	(void)state;
	for (size_t i = 0; i < COUNT(caps); i++) {
		struct fp_arena *created = create("rounded", caps[i][0]);

		assert_int_equal(created->cap, caps[i][1]);
		assert_int_equal((uintptr_t)created->base % PAGE, 0);
		assert_true(fp_arena_is_untouched(created));
		assert_non_null(fp_arena_array(created, 1, caps[i][1], PAGE));
		assert_null(fp_arena_array(created, 1, 1, 1));
		fp_arena_destroy(created);
	}
}

static void
a_name_is_taken_once(void **state)
{
	struct fp_arena_params params = { "tested", CAP, SOCKET_ID_ANY, 0 };
	struct fp_arena *second = arena;

	(void)state;
	assert_int_equal(fp_arena_create(&params, &second), -EEXIST);
	assert_null(second);
	assert_non_null(fp_arena_array(arena, 1, CAP, 1));
}

static void
an_arena_that_does_not_fit_leaves_nothing_behind(void **state)
{
	static const uint64_t caps[] = { UINT64_C(1) << 40, UINT64_MAX / 2, UINT64_C(600) << 20 };
	size_t before = heap_used();

	(void)state;
	for (size_t i = 0; i < COUNT(caps); i++) {
		struct fp_arena_params params = { "large", caps[i], SOCKET_ID_ANY, 0 };
		struct fp_arena *created;

		assert_int_equal(fp_arena_create(&params, &created), -ENOMEM);
		assert_null(created);
		assert_true(heap_used() == before);
	}
	fp_arena_destroy(create("large", 1));
}

static void
destroy_gives_all_memory_back(void **state)
{
	size_t before = heap_used();

	(void)state;
	for (uint64_t i = 0; i < CHURN; i++) {
		struct fp_arena *created = create("churned", CAP << i % 8);

		memset(fp_arena_array(created, 1, CAP, 1), 0xff, CAP);
		fp_arena_destroy(created);
		assert_true(heap_used() == before);
	}
}

static void
arenas_are_listed_until_the_places_are_used_up(void **state)
{
	struct fp_arena_params params = { "more", CAP, SOCKET_ID_ANY, 0 };
	struct fp_arena *created[FP_ARENAS_MAX];
	struct fp_arena *more;
	char name[FP_ARENA_NAME_BYTES];

	(void)state;
	for (uint32_t i = 0; i < FP_ARENAS_MAX; i++) {
		(void)snprintf(name, sizeof(name), "arena_%u", i);
		assert_null(fp_arena_at(i));
		created[i] = create(name, CAP);
		assert_ptr_equal(fp_arena_at(i), created[i]);
	}
	assert_int_equal(fp_arena_create(&params, &more), -ENOMEM);
	assert_null(more);
	assert_null(fp_arena_at(FP_ARENAS_MAX));
	assert_null(fp_arena_at(UINT32_MAX));
	fp_arena_destroy(created[5]);
	assert_null(fp_arena_at(5));
	created[5] = create("more", CAP);
	assert_ptr_equal(fp_arena_at(5), created[5]);
	for (uint32_t i = 0; i < FP_ARENAS_MAX; i++)
		fp_arena_destroy(created[i]);
}

static void
every_alignment_is_kept_and_costs_what_it_must(void **state)
{
	(void)state;
	for (uint32_t align = 1; align <= PAGE; align *= 2) {
		struct fp_span first;
		struct fp_span second;

		fp_arena_reset(arena);
		assert_int_equal(fp_arena_span(arena, 1, 1, &first), 0);
		assert_int_equal(fp_arena_span(arena, 3, align, &second), 0);
		assert_int_equal((uintptr_t)second.data % align, 0);
		assert_ptr_equal(second.data, first.data + align);
		assert_int_equal(arena->used, align + 3);
		memset(second.data, 1, 3);
	}
}

static void
the_last_byte_is_given_and_no_more(void **state)
{
	struct fp_span all;
	struct fp_span more;

	(void)state;
	assert_int_equal(fp_arena_span(arena, CAP - 1, 1, &all), 0);
	assert_int_equal(fp_arena_span(arena, 2, 1, &more), -ENOMEM);
	assert_null(more.data);
	assert_int_equal(more.len, 0);
	assert_int_equal(fp_arena_span(arena, 1, 1, &more), 0);
	assert_ptr_equal(more.data, all.data + CAP - 1);
	memset(all.data, 2, CAP - 1);
	more.data[0] = 3;
	assert_int_equal(arena->refusals, 1);
	assert_int_equal(arena->used, CAP);
	/* Nothing more fits, but nothing does. */
	assert_int_equal(fp_arena_span(arena, 0, 1, &more), 0);
	assert_int_equal(more.len, 0);
	assert_int_equal(fp_arena_span(arena, 1, 1, &more), -ENOMEM);
	assert_int_equal(fp_arena_span(arena, UINT32_MAX, 1, &more), -ENOMEM);
	assert_int_equal(arena->refusals, 3);
	assert_int_equal(arena->high_water, CAP);
}

static void
what_fits_only_unaligned_is_refused_and_changes_nothing(void **state)
{
	struct fp_span span;

	(void)state;
	assert_int_equal(fp_arena_span(arena, CAP - 63, 1, &span), 0);
	assert_int_equal(fp_arena_span(arena, 1, 64, &span), -ENOMEM);
	assert_int_equal(fp_arena_span(arena, 1, PAGE, &span), -ENOMEM);
	assert_int_equal(arena->refusals, 2);
	assert_int_equal(arena->used, CAP - 63);
	assert_int_equal(fp_arena_span(arena, 0, 64, &span), 0);
	assert_int_equal(fp_arena_span(arena, 0, 1, &span), 0);
}

static void
an_array_is_zeroed_even_where_others_wrote_before(void **state)
{
	uint8_t *bytes;
	uint64_t *numbers;

	(void)state;
	bytes = fp_arena_array(arena, CAP, 1, 1);
	assert_non_null(bytes);
	memset(bytes, 0xff, CAP);
	fp_arena_reset(arena);
	assert_non_null(fp_arena_array(arena, 3, 1, 1));
	numbers = fp_arena_array(arena, 100, sizeof(*numbers), 64);
	assert_non_null(numbers);
	assert_int_equal((uintptr_t)numbers % 64, 0);
	for (int i = 0; i < 100; i++)
		assert_true(numbers[i] == 0);
	assert_int_equal(arena->used, 64 + 800);
	assert_non_null(fp_arena_array(arena, 0, 8, 8));
	assert_non_null(fp_arena_array(arena, 8, 0, 8));
	assert_int_equal(arena->used, 64 + 800);
}

static void
an_array_whose_size_overflows_is_refused(void **state)
{
	static const uint64_t sizes[][2] = { { UINT64_MAX, 2 }, { 2, UINT64_MAX },
		{ UINT64_C(1) << 32, UINT64_C(1) << 32 }, { UINT64_MAX / 2 + 1, 2 },
		{ UINT64_MAX, UINT64_MAX }, { UINT64_MAX, 1 }, { UINT64_C(1) << 63, 1 },
		{ CAP + 1, 1 }, { 1, CAP + 1 }, { CAP / 8 + 1, 8 } };

	(void)state;
	assert_non_null(fp_arena_array(arena, 1, 1, 1));
	for (size_t i = 0; i < COUNT(sizes); i++) {
		assert_null(fp_arena_array(arena, sizes[i][0], sizes[i][1], 1));
		assert_null(fp_arena_array(arena, sizes[i][0], sizes[i][1], PAGE));
		assert_int_equal(arena->refusals, 2 * i + 2);
		assert_int_equal(arena->used, 1);
	}
}

static void
a_reset_frees_everything_and_ends_the_epoch(void **state)
{
	struct fp_span first;
	struct fp_span again;

	(void)state;
	assert_int_equal(fp_arena_span(arena, 100, 1, &first), 0);
	assert_int_equal(arena->epochs[0], 0);
	for (uint32_t i = 1; i < 10; i++) {
		fp_arena_reset(arena);
		assert_int_equal(arena->epochs[0], i);
		assert_int_equal(arena->used, 0);
		assert_int_equal(fp_arena_span(arena, 100 - i, 1, &again), 0);
		assert_ptr_equal(again.data, first.data);
		assert_int_equal(arena->high_water, 100);
	}
	assert_int_equal(fp_arena_span(arena, 100, 1, &again), 0);
	assert_int_equal(arena->high_water, 191);
	/* The number of epochs is modulo 2^32. */
	arena->epochs[0] = UINT32_MAX;
	fp_arena_reset(arena);
	assert_int_equal(arena->epochs[0], 0);
}

static void
the_bytes_of_an_array_are_an_upper_bound(void **state)
{
	(void)state;
	for (uint32_t align = 1; align <= PAGE; align *= 2) {
		for (uint64_t before = 0; before < 70; before++) {
			uint64_t used;

			fp_arena_reset(arena);
			assert_non_null(fp_arena_array(arena, before, 1, 1));
			used = arena->used;
			assert_non_null(fp_arena_array(arena, 7, 24, align));
			assert_true(arena->used - used <= fp_arena_array_bytes(7, 24, align));
		}
	}
}

/* xorshift: the same values in every run */
static uint64_t
next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* As the text says it: the next multiple of align, if the rest is long enough. */
struct naive_arena {
	uint64_t used;
	uint64_t high_water;
	uint64_t refusals;
	uint32_t epoch;
};

static bool
naive_take(struct naive_arena *naive, uint64_t len, uint32_t align, uint64_t *start)
{
	*start = naive->used;
	while (*start % align != 0)
		(*start)++;
	if (*start + len > CAP) {
		naive->refusals++;
		return false;
	}
	naive->used = *start + len;
	if (naive->used > naive->high_water)
		naive->high_water = naive->used;
	return true;
}

static void
a_random_sequence_does_what_a_naive_arena_does(void **state)
{
	struct naive_arena naive = { 0 };
	uint64_t seed = 11;

	(void)state;
	for (int i = 0; i < STEPS; i++) {
		uint64_t random = next_random(&seed);
		uint32_t align = 1U << (random >> 8) % 13 * ((random >> 16) % 3 == 0);
		uint32_t len = (uint32_t)((random >> 32) % (random % 7 == 0 ? CAP : 200));
		const uint8_t *data;
		struct fp_span span;
		uint64_t start;

		if (random % 64 == 0) {
			fp_arena_reset(arena);
			naive.used = 0;
			naive.epoch++;
		} else if (random % 2 == 0) {
			bool is_there = naive_take(&naive, len, align, &start);
			int error = fp_arena_span(arena, len, align, &span);

			assert_int_equal(error, is_there ? 0 : -ENOMEM);
			assert_ptr_equal(span.data, is_there ? arena->base + start : NULL);
			assert_int_equal(span.len, is_there ? len : 0);
			if (is_there)
				memset(span.data, 0x77, len);
		} else {
			bool is_there = naive_take(&naive, (uint64_t)len * 3, align, &start);

			data = fp_arena_array(arena, len, 3, align);
			assert_ptr_equal(data, is_there ? arena->base + start : NULL);
			for (uint32_t j = 0; is_there && j < len * 3; j++)
				assert_true(data[j] == 0);
		}
		assert_true(arena->used == naive.used && arena->epochs[0] == naive.epoch);
		assert_true(arena->high_water == naive.high_water);
		assert_true(arena->refusals == naive.refusals);
	}
	assert_true(naive.refusals > 1000 && naive.epoch > 1000);
}

static void
take_aligned(void *align)
{
	struct fp_span span;

	(void)!fp_arena_span(arena, 1, *(uint32_t *)align, &span);
}

static void
an_alignment_that_is_none_panics(void **state)
{
	static uint32_t aligns[] = { 0, 3, 12, 4097, 8192, 0x80000000, UINT32_MAX };

	(void)state;
	for (size_t i = 0; i < COUNT(aligns); i++)
		ASSERT_PANICS(take_aligned, &aligns[i], "it has to be a power of two up to 4096");
}

static void
destroy_it(void *destroyed)
{
	fp_arena_destroy(destroyed);
}

static void
a_second_destroy_panics(void **state)
{
	struct fp_arena *created = create("twice", CAP);

	(void)state;
	fp_arena_destroy(created);
	ASSERT_PANICS(destroy_it, created, "is destroyed twice");
}

#if FP_HAS_ASAN
static void
write_byte(void *at)
{
	*(uint8_t *)at = 1;
}

static void
asan_stops_what_was_not_given_out_or_is_over(void **state)
{
	struct fp_span span;

	(void)state;
	ASSERT_ASAN_STOPS(write_byte, arena->base);
	assert_int_equal(fp_arena_span(arena, 13, 1, &span), 0);
	write_byte(span.data);
	write_byte(span.data + 12);
	ASSERT_ASAN_STOPS(write_byte, span.data + 13);
	ASSERT_ASAN_STOPS(write_byte, arena->base + CAP - 1);
	fp_arena_reset(arena);
	ASSERT_ASAN_STOPS(write_byte, span.data);
	ASSERT_ASAN_STOPS(write_byte, span.data + 12);
	assert_int_equal(fp_arena_span(arena, 5, 1, &span), 0);
	write_byte(span.data + 4);
	ASSERT_ASAN_STOPS(write_byte, span.data + 5);
}
#endif

#define TEST(name) cmocka_unit_test_setup_teardown(name, create_arena, destroy_arena)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(create_refuses_parameters_out_of_range),
		cmocka_unit_test(a_size_is_rounded_up_to_pages),
		TEST(a_name_is_taken_once),
		cmocka_unit_test(an_arena_that_does_not_fit_leaves_nothing_behind),
		cmocka_unit_test(destroy_gives_all_memory_back),
		cmocka_unit_test(arenas_are_listed_until_the_places_are_used_up),
		TEST(every_alignment_is_kept_and_costs_what_it_must),
		TEST(an_alignment_that_is_none_panics),
		TEST(the_last_byte_is_given_and_no_more),
		TEST(what_fits_only_unaligned_is_refused_and_changes_nothing),
		TEST(an_array_is_zeroed_even_where_others_wrote_before),
		TEST(an_array_whose_size_overflows_is_refused),
		TEST(a_reset_frees_everything_and_ends_the_epoch),
		TEST(the_bytes_of_an_array_are_an_upper_bound),
		TEST(a_random_sequence_does_what_a_naive_arena_does),
		cmocka_unit_test(a_second_destroy_panics),
#if FP_HAS_ASAN
		TEST(asan_stops_what_was_not_given_out_or_is_over),
#endif
	};
	int failed;

	if (fp_test_eal_init() != 0) {
		(void)printf("1..0 # SKIP EAL did not start\n");
		return EXIT_SKIP;
	}
	failed = cmocka_run_group_tests_name("fp_arena", tests, NULL, NULL);
	fp_test_eal_fini();
	return failed;
}
