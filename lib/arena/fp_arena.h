/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Arenas: memory in one hugepage memzone that is handed out from the front and taken back at once.
 *
 *   base            mark           used          high_water          cap
 *    |===============|==============|- - - - - - - - -|---------------|
 *     scope of depth 0   depth 1      was handed out before
 *
 * Scopes nest. A reset ends all of them; fp_arena_mark() opens one inside the innermost, and
 * fp_arena_release() ends it with those opened inside it. There is an epoch per depth, and the end
 * of a scope moves its epoch on: every view and array taken in the scope is dead then, in O(1),
 * while those taken before the mark live on. What does not fit is refused and counted; an arena
 * never falls back to the heap. One thread allocates, marks, releases and resets; any thread may
 * read the counters.
 */

#ifndef FP_ARENA_H
#define FP_ARENA_H

#include "fp_array.h"
#include "fp_atomic.h"
#include "fp_poison.h"
#include "fp_span.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Room for an arena's name, its terminator included [bytes]. */
#define FP_ARENA_NAME_BYTES 24

/** Arenas that one process may have at a time. */
#define FP_ARENAS_MAX 64

/** Scopes that may be open at a time, one inside the other, beside the arena's own. */
#define FP_ARENA_DEPTH_MAX 8

/** Largest alignment, and what a size is rounded up to [bytes]. */
#define FP_ARENA_PAGE_BYTES 4096

/** Memory that ends the program when it is touched lies behind the arena: see fp_arena_create(). */
#define FP_ARENA_F_GUARD 1U

/** What an arena is made with. */
struct fp_arena_params {
	const char *name; /**< Unique in the process [1..FP_ARENA_NAME_BYTES - 1 characters]. */
	uint64_t cap;     /**< Size [bytes, 1..]; rounded up to FP_ARENA_PAGE_BYTES. */
	int socket_id;    /**< NUMA node on which EAL found lcores, or SOCKET_ID_ANY. */
	uint32_t flags;   /**< 0 or FP_ARENA_F_GUARD. */
};

/** How the scope of a depth last ended. */
struct fp_arena_end {
	uint64_t tsc;      /**< When [cycles]; 0 = none has ended. */
	uint32_t lcore_id; /**< On which lcore; LCORE_ID_ANY = a thread that is none. */
	uint32_t depth;    /**< Of the scope that was ended: this one, or one around it. */
};

/** An arena. Lives at the start of its own memzone and points to nothing outside of memzones. */
struct fp_arena {
	/* hot */
	uint8_t *base;       /**< First byte that is handed out; at an FP_ARENA_PAGE_BYTES. */
	uint64_t cap;        /**< Size [bytes, a multiple of FP_ARENA_PAGE_BYTES]. */
	uint64_t used;       /**< Handed out, padding for alignment included [bytes]. */
	uint64_t high_water; /**< Most ever handed out at a time [bytes]. */
	uint32_t depth;      /**< Scopes open inside the arena's own [0..FP_ARENA_DEPTH_MAX]. */
	uint32_t epochs[FP_ARENA_DEPTH_MAX + 1]; /**< Scopes ended, by depth, modulo 2^32. */
	/* cold */
	uint64_t refusals;              /**< Allocations that did not fit. */
	const void *zone;               /**< The memzone that holds all this. */
	uint64_t guard_bytes;           /**< Inaccessible behind the arena [bytes]; 0 = no guard. */
	int32_t socket_id;              /**< NUMA node that EAL took the memory from. */
	char name[FP_ARENA_NAME_BYTES]; /**< As given. */
#if FP_LIFETIME == FP_LIFETIME_FULL
	struct fp_arena_end ends[FP_ARENA_DEPTH_MAX + 1]; /**< By depth, for explanations. */
#endif
};

/** The right to end a scope of an arena, once. */
struct fp_mark {
	const struct fp_arena *arena; /**< Whose scope it is. */
	uint64_t used;                /**< Handed out when it was opened [bytes]. */
	uint32_t depth;               /**< Of the scope [1..FP_ARENA_DEPTH_MAX]. */
	uint32_t epoch;               /**< Of that depth while the scope is open. */
};

/**
 * Reserve a memzone and make an arena of it.
 *
 * With FP_ARENA_F_GUARD the byte behind the arena and a page from there on cannot be accessed: an
 * overrun ends in SIGSEGV. The page has 4 KiB without hugepages, where another one lies before the
 * arena, and 2 MiB with hugepages, where the arena's end is moved to the end of one: up to 4 MiB
 * more in all.
 *
 * @param[in]  params  Name, size, node and flags.
 * @param[out] out     The arena; NULL on failure.
 * @return 0; -EINVAL a parameter is NULL or out of range, or no lcore is on the node; -EEXIST the
 *         name is taken; -ENOMEM there is no such memory left, or FP_ARENAS_MAX arenas exist;
 *         -ENOTSUP the system refuses to protect the guard's pages.
 * @owns    The caller destroys it.
 * @threads Start-up only, EAL initialised.
 */
FP_MUST_CHECK int fp_arena_create(const struct fp_arena_params *params, struct fp_arena **out);

/** Free the arena and its memzone; NULL is nothing. Every view of it must be gone. */
void fp_arena_destroy(struct fp_arena *arena);

/**
 * Take a zeroed array of @p count elements of @p size bytes as a plain pointer, for tables that
 * live as long as their scope.
 *
 * @param[in,out] arena  To take from.
 * @param[in]     count  Elements.
 * @param[in]     size   Of one element [bytes].
 * @param[in]     align  Alignment [bytes, a power of two up to FP_ARENA_PAGE_BYTES].
 * @return The array, zeroed; NULL (counted) when it does not fit.
 * @cost   Touches all of it: for start-up.
 */
FP_MUST_CHECK void *
fp_arena_array(struct fp_arena *arena, uint64_t count, uint64_t size, uint32_t align);

/** Bytes that a call of fp_arena_array() with these arguments may take at most. */
static inline uint64_t
fp_arena_array_bytes(uint64_t count, uint64_t size, uint32_t align)
{
	return count * size + align;
}

/**
 * Open a scope inside the innermost one that is open.
 *
 * @param[in,out] arena  At most FP_ARENA_DEPTH_MAX - 1 scopes open in it; one more panics.
 * @return The mark to end it with.
 */
FP_MUST_CHECK FP_HOT_PATH struct fp_mark fp_arena_mark(struct fp_arena *arena);

/**
 * End a scope and every scope opened inside it: what was taken since the mark is dead and free.
 *
 * A mark of another arena, or of a scope that has ended already (by its mark, by the mark of a
 * scope around it, by a reset), panics at levels `ref` and `full` and is not noticed at `trust`.
 *
 * @param[in,out] arena  The mark's.
 * @param[in]     mark   From fp_arena_mark().
 */
FP_HOT_PATH void fp_arena_release(struct fp_arena *arena, struct fp_mark mark);

/** End every scope, the arena's own too: every view and array is dead, all memory is free again. */
FP_HOT_PATH void fp_arena_reset(struct fp_arena *arena);

/** True when nothing was taken since the last reset, and no scope opened. */
FP_HOT_PATH static inline bool
fp_arena_is_untouched(const struct fp_arena *arena)
{
	return (arena->used | arena->depth) == 0;
}

/** True when the mark's scope is open: fp_arena_release() would take the mark. */
FP_HOT_PATH static inline bool
fp_arena_mark_is_open(const struct fp_arena *arena, struct fp_mark mark)
{
	return mark.arena == arena && mark.depth - 1 < arena->depth &&
		arena->epochs[mark.depth] == mark.epoch;
}

/**
 * The arenas that exist, for reports.
 *
 * @param[in] idx  [0..FP_ARENAS_MAX - 1]
 * @return The arena, or NULL when the place is empty.
 * @threads Any, while no arena is created or destroyed.
 */
const struct fp_arena *fp_arena_at(uint32_t idx);

/** Count a refusal and make the view empty; -ENOMEM. */
FP_COLD int fpi_arena_refuse_span(struct fp_arena *arena, struct fp_span *out);

/** Count a refusal and make the array empty; -ENOMEM, or -EINVAL without counting. */
FP_COLD int
fpi_arena_refuse_array(struct fp_arena *arena, uint32_t elem_bytes, struct fp_array *out);

/** Stop the program: an alignment is no power of two up to FP_ARENA_PAGE_BYTES. */
FP_COLD FP_NORETURN void fpi_arena_misaligned(const struct fp_arena *arena, uint32_t align);

/** What tells that the innermost scope has ended. */
static inline struct fp_watch
fpi_arena_watch(const struct fp_arena *arena)
{
	const uint32_t *word = &arena->epochs[arena->depth];
	struct fp_watch watch = { word, *word };

	return watch;
}

/**
 * Move on behind @p len bytes; false, and nothing changed, when they do not fit.
 *
 * The cap is a multiple of every alignment, so the aligned start lies inside and nothing here
 * overflows, whatever len is.
 */
static inline bool
fpi_arena_bump(struct fp_arena *arena, uint64_t len, uint32_t align, uint8_t **data)
{
	uint64_t start = (arena->used + align - 1) & ~((uint64_t)align - 1);

	if (FP_UNLIKELY(align == 0 || (align & (align - 1)) != 0 || align > FP_ARENA_PAGE_BYTES))
		fpi_arena_misaligned(arena, align);
	if (FP_UNLIKELY(len > arena->cap - start))
		return false;
	fp_store_relaxed_u64(&arena->used, start + len);
	if (start + len > arena->high_water)
		fp_store_relaxed_u64(&arena->high_water, start + len);
	fp_unpoison(arena->base + start, len);
	*data = arena->base + start;
	return true;
}

/**
 * Take a view of fresh memory.
 *
 * @param[in,out] arena  To take from.
 * @param[in]     len    Length wanted [bytes].
 * @param[in]     align  Alignment [bytes, a power of two up to FP_ARENA_PAGE_BYTES; else a panic].
 * @param[out]    out    View of @p len bytes, contents unspecified, valid until its scope ends.
 * @return 0, or -ENOMEM (counted) when it does not fit; @p out is empty then.
 * @cost   No lock, no allocation. Bench: bench_arena span_64.
 */
FP_MUST_CHECK FP_HOT_PATH static inline int
fp_arena_span(struct fp_arena *arena, uint32_t len, uint32_t align, struct fp_span *out)
{
	uint8_t *data;

	if (FP_UNLIKELY(!fpi_arena_bump(arena, len, align, &data)))
		return fpi_arena_refuse_span(arena, out);
	*out = fp_span_watched(data, len, fpi_arena_watch(arena));
	return 0;
}

/**
 * Take an array. @see FP_ARENA_TAKE
 *
 * @param[in,out] arena       To take from.
 * @param[in]     count       Elements; more than UINT32_MAX never fit.
 * @param[in]     elem_bytes  Of one element [bytes, 1..].
 * @param[in]     align       Of the first element [bytes, a power of two up to
 *                            FP_ARENA_PAGE_BYTES]; else it panics.
 * @param[out]    out         The array, contents unspecified, valid until its scope ends.
 * @return 0; -EINVAL elem_bytes is 0; -ENOMEM (counted) when it does not fit; @p out has no
 *         elements then.
 * @cost   No lock, no allocation. Bench: bench_arena take_64.
 */
FP_MUST_CHECK FP_HOT_PATH static inline int
fp_arena_take(struct fp_arena *arena, uint64_t count, uint32_t elem_bytes, uint32_t align,
	struct fp_array *out)
{
	/* The product of the largest two fits into 64 bits. */
	uint64_t len = count <= UINT32_MAX ? count * elem_bytes : UINT64_MAX;
	uint8_t *data;

	if (FP_UNLIKELY(elem_bytes == 0 || !fpi_arena_bump(arena, len, align, &data)))
		return fpi_arena_refuse_array(arena, elem_bytes, out);
	*out = fp_array_watched(data, (uint32_t)count, elem_bytes, fpi_arena_watch(arena));
	return 0;
}

/** Take an array of @p count elements of @p type, aligned for it: as fp_arena_take(). */
#define FP_ARENA_TAKE(arena, type, count, out) \
	fp_arena_take((arena), (count), (uint32_t)sizeof(type), (uint32_t) __alignof__(type), (out))

#ifdef __cplusplus
}
#endif

#endif /* FP_ARENA_H */
