/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Why an epoch per depth is enough. At any time one scope is open per depth from 0 to arena->depth.
 * A view is stamped with the epoch of the innermost one, and the epoch of a depth moves on exactly
 * when the scope open at that depth ends. So a stamp is equal to its depth's epoch if and only if
 * the very scope that the view was taken in is open (until 2^32 scopes of that depth later). Marks
 * are told apart in the same way.
 */

#include <string.h>

#include <rte_cycles.h>
#include <rte_lcore.h>

#include "fp_arena.h"
#include "fp_panic.h"

static void
count_refusal(struct fp_arena *arena)
{
	fp_store_relaxed_u64(&arena->refusals, arena->refusals + 1);
}

int
fpi_arena_refuse_span(struct fp_arena *arena, struct fp_span *out)
{
	count_refusal(arena);
	*out = fp_span_watched(NULL, 0, fp_watch_none());
	return -ENOMEM;
}

int
fpi_arena_refuse_array(struct fp_arena *arena, uint32_t elem_bytes, struct fp_array *out)
{
	*out = fp_array_watched(NULL, 0, elem_bytes, fp_watch_none());
	if (elem_bytes == 0)
		return -EINVAL;
	count_refusal(arena);
	return -ENOMEM;
}

void
fpi_arena_misaligned(const struct fp_arena *arena, uint32_t align)
{
	fp_panic("arena %s: an alignment of %u bytes: it has to be a power of two up to %d",
		arena->name, align, FP_ARENA_PAGE_BYTES);
}

void
fpi_array_bounds(uint32_t count, uint32_t elem_bytes, uint64_t size, uint64_t idx)
{
	if (size != elem_bytes) {
		fp_panic("an array of elements of %u bytes is used as one of a type of %ju bytes",
			elem_bytes, (uintmax_t)size);
	}
	fp_panic("element %ju of an array of %u: check the index before", (uintmax_t)idx, count);
}

void *
fp_arena_array(struct fp_arena *arena, uint64_t count, uint64_t size, uint32_t align)
{
	uint8_t *data;

	if ((size != 0 && count > UINT64_MAX / size) ||
		!fpi_arena_bump(arena, count * size, align, &data)) {
		count_refusal(arena);
		return NULL;
	}
	memset(data, 0, count * size);
	return data;
}

#if FP_LIFETIME == FP_LIFETIME_FULL
/* Remember for a scope who ended it, by the end of the scope of depth @from. */
static void
note_end(struct fp_arena *arena, uint32_t depth, uint32_t from)
{
	struct fp_arena_end *end = &arena->ends[depth];

	end->tsc = rte_rdtsc();
	end->lcore_id = rte_lcore_id();
	end->depth = from;
}

/* Say who last ended a scope of that depth. */
static void
explain_end(const struct fp_arena *arena, uint32_t depth)
{
	const struct fp_arena_end *end = &arena->ends[depth];
	uint64_t age_us = (rte_rdtsc() - end->tsc) / (rte_get_tsc_hz() / 1000000);

	if (end->tsc == 0) {
		fp_panic_note("no scope of depth %u has ended in it", depth);
	} else if (end->depth == 0) {
		fp_panic_note("its scope of depth %u was last ended by a reset on lcore %d (-1 = "
			      "a thread that is none), %ju us ago",
			depth, (int)end->lcore_id, (uintmax_t)age_us);
	} else {
		fp_panic_note("its scope of depth %u was last ended by a release of the mark of "
			      "depth %u on lcore %d (-1 = a thread that is none), %ju us ago",
			depth, end->depth, (int)end->lcore_id, (uintmax_t)age_us);
	}
}

/* The arena that a watched word is an epoch of, and the depth; NULL for other words. */
static const struct fp_arena *
find_epoch(const uint32_t *word, uint32_t *depth)
{
	for (uint32_t idx = 0; idx < FP_ARENAS_MAX; idx++) {
		const struct fp_arena *arena = fp_arena_at(idx);

		for (*depth = 0; arena != NULL && *depth <= FP_ARENA_DEPTH_MAX; (*depth)++) {
			if (word == &arena->epochs[*depth])
				return arena;
		}
	}
	return NULL;
}

static bool
explain(const uint32_t *word)
{
	uint32_t depth;
	const struct fp_arena *arena = find_epoch(word, &depth);

	if (arena == NULL)
		return false;
	fp_panic_note("it was of arena %s, taken in a scope of depth %u (0 = the arena's own), "
		      "whose epoch is now %u",
		arena->name, depth, *word);
	explain_end(arena, depth);
	fp_panic_note("the arena has %ju of %ju bytes handed out, %ju at most so far, in %u "
		      "scopes beside its own",
		(uintmax_t)arena->used, (uintmax_t)arena->cap, (uintmax_t)arena->high_water,
		arena->depth);
	return true;
}

FP_CONSTRUCTOR static void
explain_arenas(void)
{
	fp_explainer_add(explain);
}
#endif

/* End the scopes from that depth on and give back all but the first @used bytes. */
static void
end_scopes(struct fp_arena *arena, uint32_t from, uint64_t used)
{
	for (uint32_t depth = from; depth <= arena->depth; depth++) {
#if FP_LIFETIME == FP_LIFETIME_FULL
		note_end(arena, depth, from);
#endif
		fp_store_relaxed_u32(&arena->epochs[depth], arena->epochs[depth] + 1);
	}
	fp_poison(arena->base + used, arena->used - used);
	fp_store_relaxed_u64(&arena->used, used);
}

void
fp_arena_reset(struct fp_arena *arena)
{
	end_scopes(arena, 0, 0);
	fp_store_relaxed_u32(&arena->depth, 0);
}

struct fp_mark
fp_arena_mark(struct fp_arena *arena)
{
	struct fp_mark mark = { arena, arena->used, arena->depth + 1, 0 };

	if (FP_UNLIKELY(mark.depth > FP_ARENA_DEPTH_MAX)) {
		fp_panic("arena %s: a scope is opened inside %u others, the most there may be: "
			 "release a mark before",
			arena->name, arena->depth);
	}
	mark.epoch = arena->epochs[mark.depth];
	fp_store_relaxed_u32(&arena->depth, mark.depth);
	return mark;
}

#if FP_LIFETIME != FP_LIFETIME_TRUST
/* Stop the program: the mark is none of a scope that is open in the arena. */
FP_COLD FP_NORETURN static void
refuse_mark(const struct fp_arena *arena, struct fp_mark mark)
{
	if (mark.arena != arena) {
		fp_panic("arena %s: a mark of another arena (%p, depth %u) is released: each mark "
			 "is of the arena that gave it",
			arena->name, (const void *)mark.arena, mark.depth);
	}
	if (mark.depth == 0 || mark.depth > FP_ARENA_DEPTH_MAX)
		fp_panic("arena %s: a mark of depth %u was never given", arena->name, mark.depth);
	fp_panic_open("arena %s: a mark of depth %u is released, but its scope has ended: it was "
		      "epoch %u, that depth is now at epoch %u, and the arena at depth %u",
		arena->name, mark.depth, mark.epoch, arena->epochs[mark.depth], arena->depth);
	fp_panic_note("a mark ends with its own release, with that of a mark before it, and with a "
		      "reset");
#if FP_LIFETIME == FP_LIFETIME_FULL
	explain_end(arena, mark.depth);
#endif
	fp_panic_close();
}
#endif

void
fp_arena_release(struct fp_arena *arena, struct fp_mark mark)
{
#if FP_LIFETIME != FP_LIFETIME_TRUST
	if (FP_UNLIKELY(!fp_arena_mark_is_open(arena, mark)))
		refuse_mark(arena, mark);
#endif
	end_scopes(arena, mark.depth, mark.used);
	fp_store_relaxed_u32(&arena->depth, mark.depth - 1);
}
