/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Scopes of an arena: what a mark gives back, which views live on, and the misuse of marks.
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
#include "fp_poison.h"
#include "fp_test_eal.h"
#include "fp_test_panic.h"

#define CAP       4096
#define EXIT_SKIP 77

static struct fp_arena *arena;
static struct fp_arena *other;

static int
create_arenas(void **state)
{
	struct fp_arena_params params = { "tested", CAP, SOCKET_ID_ANY, 0 };
	struct fp_arena_params others = { "other", CAP, SOCKET_ID_ANY, 0 };
	int error = fp_arena_create(&params, &arena);

	(void)state;
	return error != 0 ? error : fp_arena_create(&others, &other);
}

static int
destroy_arenas(void **state)
{
	(void)state;
	fp_arena_destroy(arena);
	fp_arena_destroy(other);
	return 0;
}

static struct fp_span
take(uint32_t len)
{
	struct fp_span span;

	assert_int_equal(fp_arena_span(arena, len, 1, &span), 0);
	assert_int_equal(span.len, len);
	memset(span.data, 0x5a, len);
	return span;
}

static void
a_release_gives_back_what_was_taken_since_the_mark(void **state)
{
	struct fp_mark mark;
	struct fp_span before;
	struct fp_span inside;

	(void)state;
	before = take(5);
	mark = fp_arena_mark(arena);
	assert_int_equal(arena->depth, 1);
	assert_true(fp_arena_mark_is_open(arena, mark));
	inside = take(1000);
	assert_int_equal(arena->used, 1005);
	fp_arena_release(arena, mark);
	assert_int_equal(arena->depth, 0);
	assert_int_equal(arena->used, 5);
	assert_int_equal(arena->high_water, 1005);
	assert_int_equal(arena->epochs[0], 0);
	assert_int_equal(arena->epochs[1], 1);
	assert_false(fp_arena_mark_is_open(arena, mark));
	/* What was taken before is as it was; the rest is handed out again. */
	assert_int_equal(fp_cspan_at(fp_span_const(before), 4), 0x5a);
	assert_ptr_equal(take(7).data, inside.data);
}

static void
an_empty_scope_changes_nothing_but_its_epoch(void **state)
{
	(void)state;
	(void)take(3);
	for (uint32_t i = 0; i < 10; i++) {
		assert_int_equal(arena->epochs[1], i);
		fp_arena_release(arena, fp_arena_mark(arena));
		assert_int_equal(arena->used, 3);
		assert_int_equal(arena->epochs[0], 0);
	}
}

static void
an_outer_release_ends_the_scopes_inside(void **state)
{
	struct fp_mark marks[FP_ARENA_DEPTH_MAX];

	(void)state;
	for (uint32_t i = 0; i < FP_ARENA_DEPTH_MAX; i++) {
		(void)take(10);
		marks[i] = fp_arena_mark(arena);
		assert_int_equal(marks[i].depth, i + 1);
	}
	(void)take(10);
	fp_arena_release(arena, marks[3]);
	assert_int_equal(arena->depth, 3);
	assert_int_equal(arena->used, 40);
	for (uint32_t i = 0; i < FP_ARENA_DEPTH_MAX; i++) {
		assert_int_equal(fp_arena_mark_is_open(arena, marks[i]), i < 3);
		assert_int_equal(arena->epochs[i + 1], i < 3 ? 0 : 1);
	}
	/* A new scope of that depth is another one. */
	marks[4] = fp_arena_mark(arena);
	assert_true(fp_arena_mark_is_open(arena, marks[4]));
	assert_false(fp_arena_mark_is_open(arena, marks[3]));
	fp_arena_release(arena, marks[0]);
	assert_int_equal(arena->depth, 0);
	assert_int_equal(arena->used, 10);
}

static void
a_reset_ends_every_scope(void **state)
{
	struct fp_mark outer;
	struct fp_mark inner;

	(void)state;
	outer = fp_arena_mark(arena);
	(void)take(1);
	inner = fp_arena_mark(arena);
	fp_arena_reset(arena);
	assert_true(fp_arena_is_untouched(arena));
	assert_int_equal(arena->epochs[0], 1);
	assert_int_equal(arena->epochs[1], 1);
	assert_int_equal(arena->epochs[2], 1);
	assert_int_equal(arena->epochs[3], 0);
	assert_false(fp_arena_mark_is_open(arena, outer));
	assert_false(fp_arena_mark_is_open(arena, inner));
	outer = fp_arena_mark(arena);
	assert_false(fp_arena_is_untouched(arena));
	fp_arena_release(arena, outer);
	assert_true(fp_arena_is_untouched(arena));
}

static void
an_epoch_goes_round_without_opening_an_ended_scope(void **state)
{
	struct fp_mark mark;

	(void)state;
	arena->epochs[1] = UINT32_MAX;
	mark = fp_arena_mark(arena);
	fp_arena_release(arena, mark);
	assert_int_equal(arena->epochs[1], 0);
	assert_false(fp_arena_mark_is_open(arena, mark));
	mark = fp_arena_mark(arena);
	assert_true(fp_arena_mark_is_open(arena, mark));
	fp_arena_release(arena, mark);
}

static void
a_full_arena_has_room_again_after_the_release(void **state)
{
	struct fp_mark mark;
	struct fp_span more;

	(void)state;
	(void)take(1);
	mark = fp_arena_mark(arena);
	(void)take(CAP - 1);
	assert_int_equal(fp_arena_span(arena, 1, 1, &more), -ENOMEM);
	fp_arena_release(arena, mark);
	(void)take(CAP - 1);
	assert_int_equal(arena->refusals, 1);
	assert_int_equal(arena->high_water, CAP);
}

static void
open_a_scope(void *opened)
{
	(void)!fp_arena_mark(opened).depth;
}

static void
a_ninth_scope_panics(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < FP_ARENA_DEPTH_MAX; i++)
		open_a_scope(arena);
	assert_int_equal(arena->depth, FP_ARENA_DEPTH_MAX);
	ASSERT_PANICS(open_a_scope, arena,
		"arena tested: a scope is opened inside 8 others, the most there may be");
}

#if FP_LIFETIME != FP_LIFETIME_TRUST
static void
release_mark(void *mark)
{
	fp_arena_release(arena, *(const struct fp_mark *)mark);
}

static void
a_mark_released_twice_panics(void **state)
{
	struct fp_mark mark;

	(void)state;
	fp_arena_release(arena, fp_arena_mark(arena));
	mark = fp_arena_mark(arena);
	fp_arena_release(arena, mark);
	ASSERT_PANICS(release_mark, &mark,
		"arena tested: a mark of depth 1 is released, but its scope has ended: it was "
		"epoch 1, that depth is now at epoch 2, and the arena at depth 0");
	/* Also when another scope of that depth is open, which it would end. */
	open_a_scope(arena);
	ASSERT_PANICS(release_mark, &mark, "epoch 1, that depth is now at epoch 2");
}

static void
a_mark_released_after_the_one_before_it_panics(void **state)
{
	struct fp_mark outer;
	struct fp_mark inner;

	(void)state;
	outer = fp_arena_mark(arena);
	inner = fp_arena_mark(arena);
	fp_arena_release(arena, outer);
	ASSERT_PANICS(release_mark, &inner,
		"a mark of depth 2 is released, but its scope has ended: it was epoch 0, that "
		"depth is now at epoch 1, and the arena at depth 0");
#if FP_LIFETIME == FP_LIFETIME_FULL
	ASSERT_PANICS(release_mark, &inner,
		"its scope of depth 2 was last ended by a release of the mark of depth 1");
#endif
}

static void
a_mark_released_after_a_reset_panics(void **state)
{
	struct fp_mark mark;

	(void)state;
	mark = fp_arena_mark(arena);
	fp_arena_reset(arena);
	ASSERT_PANICS(release_mark, &mark, "epoch 0, that depth is now at epoch 1");
#if FP_LIFETIME == FP_LIFETIME_FULL
	ASSERT_PANICS(release_mark, &mark, "was last ended by a reset on lcore 0");
#endif
	open_a_scope(arena);
	ASSERT_PANICS(release_mark, &mark, "epoch 0, that depth is now at epoch 1");
}

static void
a_mark_of_another_arena_or_of_none_panics(void **state)
{
	struct fp_mark mark;
	struct fp_mark none = { 0 };

	(void)state;
	open_a_scope(arena);
	mark = fp_arena_mark(other);
	ASSERT_PANICS(release_mark, &mark, "arena tested: a mark of another arena");
	ASSERT_PANICS(release_mark, &none, "arena tested: a mark of another arena");
	none.arena = arena;
	ASSERT_PANICS(release_mark, &none, "a mark of depth 0 was never given");
	none.depth = FP_ARENA_DEPTH_MAX + 1;
	ASSERT_PANICS(release_mark, &none, "a mark of depth 9 was never given");
	none.depth = UINT32_MAX;
	ASSERT_PANICS(release_mark, &none, "a mark of depth 4294967295 was never given");
}
#endif

static void
read_span(void *arg)
{
	const struct fp_span *span = arg;

	/* fpcheck: allow R-04-01 because views that have gone are what it is called with */
	(void)fp_cspan_at(fp_span_const(*span), 0);
}

static void
a_view_of_an_earlier_epoch_panics_at_level_full_alone(void **state)
{
	struct fp_span span;
	struct fp_span slice;

	(void)state;
	assert_int_equal(fp_arena_span(arena, 10, 1, &span), 0);
	slice = fp_span_slice(span, 5, 5);
	memset(span.data, 1, 10);
	read_span(&slice);
	fp_arena_reset(arena);
#if FP_LIFETIME == FP_LIFETIME_FULL
	ASSERT_PANICS(read_span, &slice,
		"it was made under generation 0, the memory is now at "
		"generation 1");
	/* Also when the same bytes were given out again. */
	assert_int_equal(fp_arena_span(arena, 10, 1, &span), 0);
	read_span(&span);
	ASSERT_PANICS(read_span, &slice, "a view is used too late");
#elif !FP_HAS_ASAN
	read_span(&slice);
#endif
}

#if FP_LIFETIME == FP_LIFETIME_FULL
static void
views_die_with_the_scope_they_were_taken_in(void **state)
{
	struct fp_span spans[4];
	struct fp_mark marks[3];

	(void)state;
	for (int i = 0; i < 3; i++) {
		spans[i] = take(10);
		marks[i] = fp_arena_mark(arena);
	}
	spans[3] = take(10);
	fp_arena_release(arena, marks[1]);
	read_span(&spans[0]);
	read_span(&spans[1]);
	ASSERT_PANICS(read_span, &spans[2], "a view is used too late");
	ASSERT_PANICS(read_span, &spans[3], "a view is used too late");
	/* Also where another scope of that depth hands the same bytes out again. */
	marks[1] = fp_arena_mark(arena);
	(void)take(10);
	read_span(&spans[1]);
	ASSERT_PANICS(read_span, &spans[2], "a view is used too late");
	/* A view taken after the release is of the scope around it. */
	fp_arena_release(arena, marks[1]);
	spans[2] = take(10);
	fp_arena_release(arena, marks[0]);
	read_span(&spans[0]);
	ASSERT_PANICS(read_span, &spans[1], "a view is used too late");
	ASSERT_PANICS(read_span, &spans[2], "a view is used too late");
	fp_arena_reset(arena);
	ASSERT_PANICS(read_span, &spans[0], "a view is used too late");
}

static void
a_stale_view_is_explained(void **state)
{
	struct fp_span span;
	struct fp_mark marks[2];

	(void)state;
	(void)take(100);
	marks[0] = fp_arena_mark(arena);
	marks[1] = fp_arena_mark(arena);
	span = take(200);
	fp_arena_release(arena, marks[0]);
	ASSERT_PANICS(read_span, &span,
		"it was made under generation 0, the memory is now at generation 1");
	ASSERT_PANICS(read_span, &span,
		"it was of arena tested, taken in a scope of depth 2 (0 = the arena's own), "
		"whose epoch is now 1");
	ASSERT_PANICS(read_span, &span,
		"its scope of depth 2 was last ended by a release of the mark of depth 1 on lcore "
		"0 (");
	ASSERT_PANICS(read_span, &span,
		"the arena has 100 of 4096 bytes handed out, 300 at most so far, in 0 scopes");
	span = take(1);
	fp_arena_reset(arena);
	ASSERT_PANICS(read_span, &span, "its scope of depth 0 was last ended by a reset on lcore");
}
#endif

#if FP_HAS_ASAN
static void
write_byte(void *at)
{
	*(uint8_t *)at = 1;
}

static void
asan_stops_what_a_release_gave_back_and_no_more(void **state)
{
	struct fp_mark mark;
	struct fp_span before;
	struct fp_span inside;

	(void)state;
	before = take(13);
	mark = fp_arena_mark(arena);
	inside = take(50);
	write_byte(inside.data + 49);
	ASSERT_ASAN_STOPS(write_byte, inside.data + 50);
	fp_arena_release(arena, mark);
	write_byte(before.data);
	write_byte(before.data + 12);
	for (uint32_t i = 0; i < inside.len; i++)
		assert_true(__asan_address_is_poisoned(inside.data + i));
	ASSERT_ASAN_STOPS(write_byte, inside.data);
	ASSERT_ASAN_STOPS(write_byte, inside.data + 49);
	inside = take(2);
	write_byte(inside.data + 1);
	ASSERT_ASAN_STOPS(write_byte, inside.data + 2);
}
#endif

#define TEST(name) cmocka_unit_test_setup_teardown(name, create_arenas, destroy_arenas)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_release_gives_back_what_was_taken_since_the_mark),
		TEST(an_empty_scope_changes_nothing_but_its_epoch),
		TEST(an_outer_release_ends_the_scopes_inside),
		TEST(a_reset_ends_every_scope),
		TEST(an_epoch_goes_round_without_opening_an_ended_scope),
		TEST(a_full_arena_has_room_again_after_the_release),
		TEST(a_ninth_scope_panics),
#if FP_LIFETIME != FP_LIFETIME_TRUST
		TEST(a_mark_released_twice_panics),
		TEST(a_mark_released_after_the_one_before_it_panics),
		TEST(a_mark_released_after_a_reset_panics),
		TEST(a_mark_of_another_arena_or_of_none_panics),
#endif
		TEST(a_view_of_an_earlier_epoch_panics_at_level_full_alone),
#if FP_LIFETIME == FP_LIFETIME_FULL
		TEST(views_die_with_the_scope_they_were_taken_in),
		TEST(a_stale_view_is_explained),
#endif
#if FP_HAS_ASAN
		TEST(asan_stops_what_a_release_gave_back_and_no_more),
#endif
	};
	int failed;

	if (fp_test_eal_init() != 0) {
		(void)printf("1..0 # SKIP EAL did not start\n");
		return EXIT_SKIP;
	}
	failed = cmocka_run_group_tests_name("fp_arena_scope", tests, NULL, NULL);
	fp_test_eal_fini();
	return failed;
}
