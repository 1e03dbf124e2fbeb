/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * The pools of this process: from an id, and from a mempool. Both tables are written at start-up
 * and exit only, and read by everybody without a lock.
 */

#include "fp_panic.h"
#include "fp_pool.h"
#include "fpi_pool.h"

/** What an empty entry of the table has: no mbuf is of it, not even one whose memory is gone. */
#define EMPTY ((const struct rte_mempool *)fpi_pool_table)

struct fpi_pool_entry fpi_pool_table[FPI_POOL_PLACES];
struct fp_pool *fpi_pools[FPI_POOL_IDS];

/* Where the generations of the next pool of an id begin: those before it were given out. */
static uint32_t first_generations[FP_POOLS_MAX];

/* Ids are given out in turn, so that the one of a destroyed pool rests as long as it can. */
static uint32_t next_id;

uint32_t
fpi_pool_find_id(void)
{
	for (uint32_t i = 0; i < FP_POOLS_MAX; i++) {
		uint32_t id = (next_id + i) % FP_POOLS_MAX;

		if (fpi_pools[id] == NULL)
			return id;
	}
	return FP_POOLS_MAX;
}

FP_CONSTRUCTOR static void
empty_table(void)
{
	for (uint32_t at = 0; at < FPI_POOL_PLACES; at++)
		fpi_pool_table[at].mempool = EMPTY;
}

/* Where a mempool's entry is; of EMPTY, or of one without: the empty entry that follows. */
static uint32_t
find_entry(const struct rte_mempool *mempool, uint32_t from)
{
	uint32_t at = from;

	while (fpi_pool_table[at].mempool != EMPTY && fpi_pool_table[at].mempool != mempool)
		at = (at + 1) % FPI_POOL_PLACES;
	return at;
}

void
fpi_pool_enter(struct fp_pool *pool, uint32_t id)
{
	const uint32_t at = find_entry(EMPTY, fpi_pool_hash(pool->mempool));

	fpi_pool_table[at].mempool = pool->mempool;
	fpi_pool_table[at].first = pool->first;
	fpi_pool_table[at].reciprocal = pool->reciprocal;
	fpi_pool_table[at].slots = pool->slots;
	fpi_pool_table[at].pool = pool;
	fpi_pools[id] = pool;
	next_id = (id + 1) % FP_POOLS_MAX;
	pool->id = (uint8_t)id;
	for (uint32_t idx = 0; first_generations[id] != 0 && idx < pool->places; idx++)
		pool->slots[idx].generation = first_generations[id];
}

bool
fpi_pool_is_entered(const struct fp_pool *pool)
{
	for (uint32_t id = 0; id < FP_POOLS_MAX; id++) {
		if (fpi_pools[id] == pool)
			return true;
	}
	return false;
}

void
fpi_pool_leave(const struct fp_pool *pool)
{
	const struct fpi_pool_entry none = { .mempool = EMPTY };
	uint32_t at = find_entry(pool->mempool, fpi_pool_hash(pool->mempool));
	uint32_t last = first_generations[pool->id];

	for (uint32_t idx = 0; idx < pool->places; idx++) {
		/* Unsigned differences, because generations wrap. */
		if (pool->slots[idx].generation - first_generations[pool->id] >
			last - first_generations[pool->id])
			last = pool->slots[idx].generation;
	}
	first_generations[pool->id] = (last + 1) & ~1U;
	fpi_pools[pool->id] = NULL;
	fpi_pool_table[at] = none;
	/* What lies behind it in the same run may have come there because it was taken. */
	for (at = (at + 1) % FPI_POOL_PLACES; fpi_pool_table[at].mempool != EMPTY;
		at = (at + 1) % FPI_POOL_PLACES) {
		struct fpi_pool_entry entry = fpi_pool_table[at];

		fpi_pool_table[at] = none;
		fpi_pool_table[find_entry(EMPTY, fpi_pool_hash(entry.mempool))] = entry;
	}
}

struct fp_pool *
fp_pool_find(const struct rte_mempool *mempool)
{
	return fpi_pool_table[find_entry(mempool, fpi_pool_hash(mempool))].pool;
}

const struct fpi_pool_entry *
fpi_pool_search(const struct rte_mbuf *mbuf)
{
	const struct fpi_pool_entry *entry =
		&fpi_pool_table[find_entry(mbuf->pool, fpi_pool_hash(mbuf->pool))];

	if (mbuf->pool == NULL) {
		fp_panic("mbuf %p is of no mempool: its pool was destroyed, or it is no mbuf",
			(const void *)mbuf);
	}
	if (entry->mempool == EMPTY) {
		fp_panic("mbuf %p of mempool \"%s\" has no slot: make the mempool with "
			 "fp_pool_create(), or give it slots with fp_pool_adopt(), before its "
			 "mbufs are leased",
			(const void *)mbuf, mbuf->pool->name);
	}
	return entry;
}

const struct fp_pool *
fp_pool_at(uint32_t idx)
{
	return idx < FP_POOLS_MAX ? fpi_pools[idx] : NULL;
}
