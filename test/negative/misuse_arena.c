/* SPDX-License-Identifier: BSD-3-Clause */

/* Arenas: views of scopes that have ended, marks that are none, more than there is. */

#include "misuse.h"

MISUSE(span_after_reset)
{
	struct fp_arena *arena = misuse_arena();
	struct fp_span span = misuse_take(arena);

	fp_arena_reset(arena);
	fp_span_set(span, 0, 7);
}

MISUSE(span_after_reset_and_new_span)
{
	struct fp_arena *arena = misuse_arena();
	struct fp_span span = misuse_take(arena);

	fp_arena_reset(arena);
	misuse_use(misuse_take(arena).len);
	fp_span_set(span, 0, 7);
}

MISUSE(span_after_its_mark)
{
	struct fp_arena *arena = misuse_arena();
	struct fp_mark mark = fp_arena_mark(arena);
	struct fp_span span = misuse_take(arena);

	fp_arena_release(arena, mark);
	fp_span_set(span, 0, 7);
}

MISUSE(span_after_outer_mark)
{
	struct fp_arena *arena = misuse_arena();
	struct fp_mark outer = fp_arena_mark(arena);
	struct fp_mark inner = fp_arena_mark(arena);
	struct fp_span span = misuse_take(arena);

	misuse_use(inner.depth);
	fp_arena_release(arena, outer);
	misuse_use(fp_span_at(span, 63));
}

MISUSE(span_after_arena_destroyed)
{
	struct fp_arena *arena = misuse_arena();
	struct fp_span span = misuse_take(arena);

	fp_arena_destroy(arena);
	misuse_use(fp_span_at(span, 0));
}

static struct fp_array
take_array(struct fp_arena *arena)
{
	struct fp_array array;

	misuse_must(FP_ARENA_TAKE(arena, uint64_t, 4, &array));
	return array;
}

MISUSE(array_after_reset)
{
	struct fp_arena *arena = misuse_arena();
	struct fp_array array = take_array(arena);

	fp_arena_reset(arena);
	*FP_ARRAY_AT(array, uint64_t, 3) = 7;
}

MISUSE(array_past_end)
{
	*FP_ARRAY_AT(take_array(misuse_arena()), uint64_t, 4) = 7;
}

MISUSE(array_at_negative)
{
	int64_t index = -1;

	*FP_ARRAY_AT(take_array(misuse_arena()), uint64_t, (uint64_t)index) = 7;
}

MISUSE(array_of_other_type)
{
	*FP_ARRAY_AT(take_array(misuse_arena()), uint32_t, 0) = 7;
}

MISUSE(array_that_wraps)
{
	struct fp_array array;

	misuse_answers(FP_ARENA_TAKE(misuse_arena(), uint64_t, UINT64_MAX / 8 + 2, &array));
}

MISUSE(array_of_nothing)
{
	struct fp_array array;

	misuse_answers(fp_arena_take(misuse_arena(), 4, 0, 8, &array));
}

MISUSE(mark_released_twice)
{
	struct fp_arena *arena = misuse_arena();
	struct fp_mark mark = fp_arena_mark(arena);

	fp_arena_release(arena, mark);
	fp_arena_release(arena, mark);
}

MISUSE(mark_released_after_outer)
{
	struct fp_arena *arena = misuse_arena();
	struct fp_mark outer = fp_arena_mark(arena);
	struct fp_mark inner = fp_arena_mark(arena);

	fp_arena_release(arena, outer);
	fp_arena_release(arena, inner);
}

MISUSE(mark_released_after_reset)
{
	struct fp_arena *arena = misuse_arena();
	struct fp_mark mark = fp_arena_mark(arena);

	fp_arena_reset(arena);
	fp_arena_release(arena, mark);
}

MISUSE(mark_of_another_arena)
{
	struct fp_mark mark = fp_arena_mark(misuse_arena_named("other", 0));

	fp_arena_release(misuse_arena(), mark);
}

MISUSE(mark_never_given)
{
	struct fp_arena *arena = misuse_arena();
	struct fp_mark mark = { arena, 0, 4711, 0 };

	fp_arena_release(arena, mark);
}

MISUSE(ninth_scope)
{
	struct fp_arena *arena = misuse_arena();

	for (uint32_t i = 0; i < FP_ARENA_DEPTH_MAX + 1; i++)
		misuse_use(fp_arena_mark(arena).depth);
}

MISUSE(alignment_of_3)
{
	struct fp_span span;

	misuse_answers(fp_arena_span(misuse_arena(), 8, 3, &span));
}

MISUSE(arena_exhausted)
{
	struct fp_arena *arena = misuse_arena();
	struct fp_span span = misuse_take(arena);

	misuse_answers(fp_arena_span(arena, FP_ARENA_PAGE_BYTES, 8, &span));
	misuse_says("%lu refused", arena->refusals);
}

MISUSE(arena_exhausted_unseen)
{
	struct fp_arena *arena = misuse_arena();
	struct fp_span span;

	misuse_answers(fp_arena_span(arena, FP_ARENA_PAGE_BYTES + 1, 8, &span));
	fp_span_set(span, 0, 7);
}

static void
answer_to(const char *name, uint64_t cap)
{
	struct fp_arena_params params = { name, cap, SOCKET_ID_ANY, 0 };
	struct fp_arena *arena;

	misuse_answers(fp_arena_create(&params, &arena));
}

MISUSE(arena_of_nothing)
{
	answer_to("misuse", 0);
}

MISUSE(arena_larger_than_memory)
{
	answer_to("misuse", UINT64_MAX / 2);
}

MISUSE(arena_of_taken_name)
{
	(void)misuse_arena();
	answer_to("misuse", 4096);
}

MISUSE(arena_destroyed_twice)
{
	struct fp_arena *arena = misuse_arena();

	fp_arena_destroy(arena);
	fp_arena_destroy(arena);
}

#define ENDED_BY_RESET "ended by a reset on lcore #|, # us ago"
#define ENDED_BY_MARK  "ended by a release of the mark of depth # on lcore #|, # us ago"

#define LATE_SPAN(end)                                                               \
	SILENT, SILENT,                                                              \
		PANICS(LATE                                                          \
			"|it was of arena misuse, taken in a scope of depth #"       \
			"|, whose epoch is now #|its scope of depth # was last " end \
			"|the arena has # of # bytes handed out, # at most so far, in # scopes")

#define ENDED_SCOPE                                                                    \
	"arena misuse: a mark of depth # is released, but its scope has ended: it was" \
	" epoch #, that depth is now at epoch #, and the arena at depth #"
#define LATE_MARK(end) \
	SILENT, PANICS(ENDED_SCOPE), PANICS(ENDED_SCOPE "|its scope of depth # was last " end)
#define FROM_REF(words) SILENT, PANICS(words), PANICS(words)

const struct misuse misuse_arena_rows[] = {
	ROW(span_after_reset, LATE_SPAN(ENDED_BY_RESET), POISONED),
	ROW(span_after_reset_and_new_span, LATE_SPAN(ENDED_BY_RESET), NOT_POISONED),
	ROW(span_after_its_mark, LATE_SPAN(ENDED_BY_MARK), POISONED),
	ROW(span_after_outer_mark, LATE_SPAN(ENDED_BY_MARK), POISONED),
	/* The epoch is gone with the arena; memory that is given back reads as epoch 0. */
	ROW(span_after_arena_destroyed, ALL(SILENT), NOT_POISONED),
	ROW(array_after_reset, LATE_SPAN(ENDED_BY_RESET), POISONED),
	ROW(array_past_end, ALL(PANICS("element 4 of an array of 4")), NOT_POISONED),
	ROW(array_at_negative, ALL(PANICS("element 18446744073709551615 of an array of 4")),
		NOT_POISONED),
	ROW(array_of_other_type,
		ALL(PANICS("an array of elements of 8 bytes is used as one of a type of 4 bytes")),
		NOT_POISONED),
	ROW(array_that_wraps, ALL(ANSWERS("-ENOMEM")), NOT_POISONED),
	ROW(array_of_nothing, ALL(ANSWERS("-EINVAL")), NOT_POISONED),
	ROW(mark_released_twice, LATE_MARK(ENDED_BY_MARK), NOT_POISONED),
	ROW(mark_released_after_outer, LATE_MARK(ENDED_BY_MARK), NOT_POISONED),
	ROW(mark_released_after_reset, LATE_MARK(ENDED_BY_RESET), NOT_POISONED),
	ROW(mark_of_another_arena, FROM_REF("arena misuse: a mark of another arena"), NOT_POISONED),
	ROW(mark_never_given, FROM_REF("arena misuse: a mark of depth 4711 was never given"),
		NOT_POISONED),
	ROW(ninth_scope, ALL(PANICS("arena misuse: a scope is opened inside 8 others")),
		NOT_POISONED),
	ROW(alignment_of_3, ALL(PANICS("arena misuse: an alignment of 3 bytes")), NOT_POISONED),
	ROW(arena_exhausted, ALL(ANSWERS("-ENOMEM|1 refused")), NOT_POISONED),
	ROW(arena_exhausted_unseen, ALL(PANICS("slice [0, +1) of a view of 0 bytes")),
		NOT_POISONED),
	ROW(arena_of_nothing, ALL(ANSWERS("-EINVAL")), NOT_POISONED),
	ROW(arena_larger_than_memory, ALL(ANSWERS("-ENOMEM")), NOT_POISONED),
	ROW(arena_of_taken_name, ALL(ANSWERS("-EEXIST")), NOT_POISONED),
	ROW(arena_destroyed_twice, ALL(PANICS("is destroyed twice, or was never created")),
		NOT_POISONED),
};
const size_t misuse_arena_count = RTE_DIM(misuse_arena_rows);
