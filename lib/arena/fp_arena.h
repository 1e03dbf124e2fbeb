/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Arenas: memory in one hugepage memzone that is handed out from the front and taken back at once.
 *
 *   base           used            high_water          cap
 *    |==============|- - - - - - - - - -|---------------|
 *      handed out     was handed out before a reset
 *
 * A reset ends the arena's epoch: every view and array taken from it is dead then, in O(1). What
 * does not fit is refused and counted; an arena never falls back to the heap. One thread allocates
 * and resets; any thread may read the counters.
 */

#ifndef FP_ARENA_H
#define FP_ARENA_H

#include "fp_atomic.h"
#include "fp_span.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Room for an arena's name, its terminator included [bytes]. */
#define FP_ARENA_NAME_BYTES 24

/** Arenas that one process may have at a time. */
#define FP_ARENAS_MAX 64

/** What an arena is made with. */
struct fp_arena_params {
	const char *name; /**< Unique in the process [1..FP_ARENA_NAME_BYTES - 1 characters]. */
	uint64_t cap;     /**< Size [bytes, 1..]; rounded up to a page. */
	int socket_id;    /**< NUMA node, or SOCKET_ID_ANY. */
};

/** An arena. Lives at the start of its own memzone. */
struct fp_arena {
	/* hot */
	uint8_t *base;     /**< First byte that is handed out. */
	uint64_t cap;      /**< Size [bytes]. */
	uint64_t used;     /**< Handed out in this epoch [bytes]. */
	uint32_t epoch;    /**< Resets so far, modulo 2^32. */
	int32_t socket_id; /**< NUMA node asked for. */
	/* cold */
	uint64_t high_water;            /**< Most ever handed out in one epoch [bytes]. */
	uint64_t refusals;              /**< Allocations that did not fit. */
	const void *zone;               /**< The memzone that holds all this. */
	char name[FP_ARENA_NAME_BYTES]; /**< As given. */
};

/**
 * Reserve a memzone and make an arena of it.
 *
 * @param[in]  params  Name, size and node.
 * @param[out] out     The arena; NULL on failure.
 * @return 0; -EINVAL a parameter is out of range; -EEXIST the name is taken; -ENOMEM there is no
 *         such memory left, or FP_ARENAS_MAX arenas exist.
 * @owns    The caller destroys it.
 * @threads Start-up only, EAL initialised.
 */
FP_MUST_CHECK int fp_arena_create(const struct fp_arena_params *params, struct fp_arena **out);

/** Free the arena and its memzone; NULL is nothing. Every view of it must be gone. */
void fp_arena_destroy(struct fp_arena *arena);

/**
 * Take a view of fresh memory.
 *
 * @param[in,out] arena  To take from.
 * @param[in]     len    Length wanted [bytes].
 * @param[in]     align  Alignment [bytes, a power of two up to 4096].
 * @param[out]    out    View of @p len bytes, contents unspecified, valid until the arena is reset.
 * @return 0, or -ENOMEM (counted) when it does not fit; @p out is empty then.
 * @cost   No lock, no allocation; one addition and one comparison.
 */
FP_MUST_CHECK int
fp_arena_span(struct fp_arena *arena, uint32_t len, uint32_t align, struct fp_span *out);

/**
 * Take a zeroed array of @p count elements of @p size bytes, for tables that live as long as the
 * arena's epoch.
 *
 * @param[in,out] arena  To take from.
 * @param[in]     count  Elements.
 * @param[in]     size   Of one element [bytes].
 * @param[in]     align  Alignment [bytes, a power of two up to 4096].
 * @return The array, zeroed; NULL (counted) when it does not fit.
 * @cost   Touches all of it: for start-up.
 */
FP_MUST_CHECK void *
fp_arena_array(struct fp_arena *arena, uint64_t count, uint64_t size, uint32_t align);

/** End the epoch: every view and array is dead, all memory is free again. */
void fp_arena_reset(struct fp_arena *arena);

/** Bytes that a call of fp_arena_array() with these arguments may take at most. */
static inline uint64_t
fp_arena_array_bytes(uint64_t count, uint64_t size, uint32_t align)
{
	return count * size + align;
}

/**
 * The arenas that exist, for reports.
 *
 * @param[in] idx  [0..FP_ARENAS_MAX - 1]
 * @return The arena, or NULL when the place is empty.
 * @threads Any, while no arena is created or destroyed.
 */
const struct fp_arena *fp_arena_at(uint32_t idx);

#ifdef __cplusplus
}
#endif

#endif /* FP_ARENA_H */
