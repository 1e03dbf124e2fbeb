/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Why an index is arithmetic. The mempool is populated from one memzone by one call and without the
 * rule that an object may not cross a page, so object i begins at first + i * stride with no hole.
 * pool_verify() checks that for every buffer once, at creation; foreign mbufs are refused before an
 * index is computed. reciprocal = ceil(2^64 / stride): for a distance d = i * stride below 2^40,
 * d * reciprocal / 2^64 lies in [i, i + d / 2^64) and so truncates to i.
 */

#include <string.h>

#include <rte_errno.h>
#include <rte_malloc.h>
#include <rte_mbuf_pool_ops.h>
#include <rte_string_fns.h>

#include "fp_numa.h"
#include "fp_panic.h"
#include "fp_poison.h"
#include "fp_pool.h"

/* The pools of this process, so that telemetry finds them; written at start-up and exit only. */
static struct fp_pool *pools[FP_POOLS_MAX];

static struct fp_pool **
find_place(const struct fp_pool *pool)
{
	for (uint32_t idx = 0; idx < FP_POOLS_MAX; idx++) {
		if (pools[idx] == pool)
			return &pools[idx];
	}
	return NULL;
}

static bool
are_valid(const struct fp_pool_params *params)
{
	return params->name != NULL && params->name[0] != '\0' &&
		strnlen(params->name, FP_POOL_NAME_BYTES) < FP_POOL_NAME_BYTES &&
		params->buffers != 0 && params->buffers <= FP_POOL_BUFFERS_MAX &&
		params->data_room > RTE_PKTMBUF_HEADROOM &&
		params->cache <= RTE_MEMPOOL_CACHE_MAX_SIZE &&
		/* A mempool's cache is flushed at one and a half of its size. */
		params->cache * 3U / 2 <= params->buffers &&
		/* Without hugepages EAL takes any socket for its own. */
		(params->socket_id == SOCKET_ID_ANY || fp_numa_has_socket(params->socket_id));
}

uint64_t
fp_pool_bytes(const struct fp_pool_params *params)
{
	struct rte_mempool_objsz object;
	uint32_t stride = rte_mempool_calc_obj_size(
		(uint32_t)sizeof(struct rte_mbuf) + params->data_room, 0, &object);

	/*
	 * The buffers and their slots, the ring of free buffers with a power of two of places, and
	 * two pages for what surrounds them.
	 */
	return params->buffers * ((uint64_t)stride + sizeof(struct fp_slot)) +
		(uint64_t)rte_align32pow2(params->buffers + 1) * sizeof(void *) +
		sizeof(struct fp_pool) + RTE_MAX_LCORE * sizeof(struct rte_mempool_cache) + 8192;
}

/* A pool name is short enough for any of the suffixes. */
static void
zone_name(const char *pool_name, const char *suffix, char name[RTE_MEMZONE_NAMESIZE])
{
	(void)strlcpy(name, pool_name, RTE_MEMZONE_NAMESIZE);
	(void)strlcat(name, suffix, RTE_MEMZONE_NAMESIZE);
}

/* Reserve this structure with the slots behind it. */
static int
create_slots(const struct fp_pool_params *params, struct fp_pool **out)
{
	const struct rte_memzone *zone;
	char name[RTE_MEMZONE_NAMESIZE];
	struct fp_pool *pool;

	zone_name(params->name, "_slots", name);
	zone = rte_memzone_reserve_aligned(name,
		sizeof(*pool) + params->buffers * sizeof(struct fp_slot), params->socket_id, 0,
		FP_CACHE_LINE_BYTES);
	if (zone == NULL)
		return rte_errno == EEXIST ? -EEXIST : -ENOMEM;
	pool = zone->addr;
	memset(pool, 0, zone->len);
	pool->slots = (struct fp_slot *)(pool + 1);
	pool->slots_zone = zone;
	pool->count = params->buffers;
	pool->data_room = params->data_room;
	pool->socket_id = zone->socket_id;
	memcpy(pool->name, params->name, strlen(params->name) + 1);
	*out = pool;
	return 0;
}

/* Make the empty mempool; its private area names the pool. */
static int
create_mempool(struct fp_pool *pool, const struct fp_pool_params *params)
{
	struct rte_pktmbuf_pool_private mbuf = { .mbuf_data_room_size = params->data_room };
	struct fpi_mempool_private *private;

	pool->mempool = rte_mempool_create_empty(params->name, params->buffers,
		(unsigned int)sizeof(struct rte_mbuf) + params->data_room, params->cache,
		sizeof(struct fpi_mempool_private), params->socket_id,
		RTE_MEMPOOL_F_NO_IOVA_CONTIG);
	if (pool->mempool == NULL)
		return rte_errno == EEXIST ? -EEXIST : -ENOMEM;
	if (rte_mempool_set_ops_byname(pool->mempool, rte_mbuf_best_mempool_ops(), NULL) != 0)
		return -ENOMEM;
	rte_pktmbuf_pool_init(pool->mempool, &mbuf);
	private = rte_mempool_get_priv(pool->mempool);
	private->magic = FPI_POOL_MAGIC;
	private->pool = pool;
	return 0;
}

/* Give the mempool all its buffers from one memzone. */
static int
populate(struct fp_pool *pool)
{
	const struct rte_memzone *zone;
	char name[RTE_MEMZONE_NAMESIZE];
	size_t min_chunk;
	size_t align;
	ssize_t need = rte_mempool_op_calc_mem_size_default(
		pool->mempool, pool->count, 0, &min_chunk, &align);

	if (need < 0)
		return -ENOMEM;
	zone_name(pool->name, "_buffers", name);
	zone = rte_memzone_reserve_aligned(name, (size_t)need, pool->socket_id,
		rte_eal_iova_mode() == RTE_IOVA_PA ? RTE_MEMZONE_IOVA_CONTIG : 0,
		FP_CACHE_LINE_BYTES);
	if (zone == NULL)
		return -ENOMEM;
	pool->buffers_zone = zone;
	if (rte_mempool_populate_iova(pool->mempool, zone->addr, zone->iova, zone->len, NULL,
		    NULL) != (int)pool->count)
		return -ENOMEM;
	rte_mempool_obj_iter(pool->mempool, rte_pktmbuf_init, NULL);
	return 0;
}

static void
note_first(struct rte_mempool *mempool, void *arg, void *object, unsigned int idx)
{
	struct fp_pool *pool = arg;

	(void)mempool;
	(void)idx;
	if (pool->first == 0 || (uintptr_t)object < pool->first)
		pool->first = (uintptr_t)object;
}

static void
verify_index(struct rte_mempool *mempool, void *arg, void *object, unsigned int idx)
{
	const struct fp_pool *pool = arg;
	uint32_t found = fpi_pool_index(pool, object);

	(void)mempool;
	(void)idx;
	if (found >= pool->count ||
		pool->first + (uint64_t)found * pool->stride != (uintptr_t)object) {
		fp_panic(
			"pool %s is not linear: buffer %p has index %u", pool->name, object, found);
	}
	fp_poison(((const struct rte_mbuf *)object)->buf_addr,
		((const struct rte_mbuf *)object)->buf_len);
}

int
fp_pool_create(const struct fp_pool_params *params, struct fp_pool **out)
{
	struct fp_pool **place = find_place(NULL);
	struct fp_pool *pool;
	int error;

	*out = NULL;
	if (!are_valid(params))
		return -EINVAL;
	if (place == NULL)
		return -ENOMEM;
	error = create_slots(params, &pool);
	if (error != 0)
		return error;
	error = create_mempool(pool, params);
	if (error == 0)
		error = populate(pool);
	if (error != 0) {
		fp_pool_destroy(pool);
		return error;
	}
	pool->stride =
		pool->mempool->header_size + pool->mempool->elt_size + pool->mempool->trailer_size;
	pool->reciprocal = UINT64_MAX / pool->stride + 1;
	rte_mempool_obj_iter(pool->mempool, note_first, pool);
	rte_mempool_obj_iter(pool->mempool, verify_index, pool);
	pool->id = (uint16_t)(place - pools);
	*place = pool;
	*out = pool;
	return 0;
}

void
fp_pool_destroy(struct fp_pool *pool)
{
	struct fp_pool **place;

	if (pool == NULL)
		return;
	place = find_place(pool);
	if (place != NULL)
		*place = NULL;
	if (pool->buffers_zone != NULL) {
		const struct rte_memzone *zone = pool->buffers_zone;

		fp_unpoison(zone->addr, zone->len);
	}
	rte_mempool_free(pool->mempool);
	(void)rte_memzone_free(pool->buffers_zone);
	(void)rte_memzone_free(pool->slots_zone);
}

void
fp_pool_count(const struct fp_pool *pool, struct fp_pool_counters *total)
{
	memset(total, 0, sizeof(*total));
	for (uint32_t lcore = 0; lcore < FP_POOL_LCORES; lcore++) {
		const struct fp_pool_counters *counters = &pool->counters[lcore];

		total->received += fp_load_relaxed_u64(&counters->received);
		total->rented += fp_load_relaxed_u64(&counters->rented);
		total->returned += fp_load_relaxed_u64(&counters->returned);
		total->handed_to_tx += fp_load_relaxed_u64(&counters->handed_to_tx);
		total->refused += fp_load_relaxed_u64(&counters->refused);
	}
}

uint64_t
fp_pool_held(const struct fp_pool *pool)
{
	struct fp_pool_counters total;

	fp_pool_count(pool, &total);
	return total.received + total.rented - total.returned - total.handed_to_tx;
}

uint32_t
fp_pool_holders(
	const struct fp_pool *pool, uint32_t from, struct fp_pool_holder *holders, uint32_t cap)
{
	uint32_t listed = 0;

	for (uint32_t idx = from; idx < pool->count && listed < cap; idx++) {
		const struct fp_slot *slot = &pool->slots[idx];

		/* R1: pairs with A1 in fpi_slot_grant(). */
		if ((fp_load_acquire_u32(&slot->generation) & 1) == 0)
			continue;
		holders[listed].buffer_idx = idx;
		holders[listed].slot = *slot;
		listed++;
	}
	return listed;
}

const char *
fp_slot_op_name(uint8_t op)
{
	static const char *const names[] = {
		[FP_SLOT_NEW] = "never granted",
		[FP_SLOT_RECEIVED] = "received",
		[FP_SLOT_RENTED] = "rented",
		[FP_SLOT_RETURNED] = "returned",
		[FP_SLOT_HANDED_TX] = "handed to tx",
	};

	return op < RTE_DIM(names) ? names[op] : "unknown";
}

const struct fp_pool *
fp_pool_at(uint32_t idx)
{
	return idx < FP_POOLS_MAX ? pools[idx] : NULL;
}

void
fpi_pool_foreign(const struct rte_mbuf *mbuf)
{
	fp_panic("mbuf %p of mempool \"%s\" was not made by fp_pool_create(): give the port the "
		 "mempool of an fp_pool",
		(const void *)mbuf, mbuf->pool->name);
}
