/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Why a place is arithmetic. Let s be the stride. No two mbufs of a mempool are closer than s, so
 * at most one of them begins in each of the windows [first + k * s, first + (k + 1) * s), and k is
 * its place. lay_out() tries the least distance that it saw between neighbours, checks that no two
 * mbufs share a place, and else takes the size of an object, which is a lower bound for sure. Our
 * own mempools are populated from one memzone by one call and without the rule that an object may
 * not cross a page: they have no holes, and every mbuf begins its window.
 *
 * reciprocal = ceil(2^64 / s): for a distance d below 2^40 the product d * reciprocal / 2^64
 * exceeds d / s by less than 2^-24. The fraction of d / s is at most 1 - 1 / s, and s is below
 * 2^20, so the product truncates to the same integer.
 */

#include <string.h>

#include <rte_errno.h>
#include <rte_malloc.h>
#include <rte_mbuf_pool_ops.h>
#include <rte_memzone.h>
#include <rte_string_fns.h>

#include "fp_numa.h"
#include "fp_panic.h"
#include "fp_poison.h"
#include "fp_pool.h"
#include "fpi_pool.h"

/** Places that an adopted buffer may cost, holes included. */
#define PLACES_PER_BUFFER 16

/** What follows the pool's structure begins at multiples of it [bytes]. */
#define PART_ALIGN 128

/** Holders that a refused destruction names. */
#define HOLDERS_LISTED 4

/** Buffers put back into the mempool in one go. */
#define COLLECT_BURST 64

/** How the mbufs of a mempool lie. */
struct layout {
	uintptr_t first;    /**< Lowest mbuf. */
	uintptr_t last;     /**< Highest mbuf. */
	uintptr_t previous; /**< While walking. */
	uint64_t gap;       /**< Least distance of two that follow each other in the walk. */
	uint64_t stride;    /**< The one that is tried. */
	uint64_t places;    /**< Windows from first to last. */
	uint32_t mbufs;     /**< Objects that say to be mbufs of this mempool. */
};

static bool
are_valid(const struct fp_pool_params *params)
{
	return params != NULL && params->name != NULL && params->name[0] != '\0' &&
		strnlen(params->name, FP_POOL_NAME_MAX + 1) <= FP_POOL_NAME_MAX &&
		params->buffers != 0 && params->buffers <= FP_POOL_BUFFERS_MAX &&
		params->data_room > RTE_PKTMBUF_HEADROOM &&
		params->cache <= RTE_MEMPOOL_CACHE_MAX_SIZE &&
		/* A mempool's cache is flushed at one and a half of its size. */
		params->cache * 3U / 2 <= params->buffers &&
		/* Without hugepages EAL takes any socket for its own. */
		(params->socket_id == SOCKET_ID_ANY || fp_numa_has_socket(params->socket_id));
}

/* Places of the ring through which buffers come back. */
static uint32_t
ring_places(uint32_t buffers)
{
	return rte_align32pow2(buffers + 1);
}

static size_t
part(size_t bytes)
{
	return RTE_ALIGN_CEIL(bytes, PART_ALIGN);
}

/* Bytes of the zone with the pool, its slots and what else is kept for each place. */
static size_t
zone_bytes(uint64_t places, uint32_t buffers, bool has_deltas)
{
	return part(sizeof(struct fp_pool)) + part(places * sizeof(struct fp_slot)) +
		part(has_deltas ? places * sizeof(uint32_t) : 0) +
		part(FP_LIFETIME == FP_LIFETIME_FULL ? places * sizeof(struct fp_slot_history)
						     : 0) +
		part((size_t)rte_ring_get_memsize(ring_places(buffers)));
}

uint64_t
fp_pool_bytes(const struct fp_pool_params *params)
{
	struct rte_mempool_objsz object;
	uint32_t stride = rte_mempool_calc_obj_size(
		(uint32_t)sizeof(struct rte_mbuf) + params->data_room, 0, &object);

	/*
	 * The buffers, what is kept about them, the ring of free buffers with a power of two of
	 * places, and two pages for what surrounds them.
	 */
	return (uint64_t)params->buffers * stride +
		zone_bytes(params->buffers, params->buffers, false) +
		(uint64_t)ring_places(params->buffers) * sizeof(void *) +
		RTE_MAX_LCORE * sizeof(struct rte_mempool_cache) + 8192;
}

/* Make the mempool, without buffers. */
static int
create_mempool(const struct fp_pool_params *params, struct rte_mempool **out)
{
	struct rte_pktmbuf_pool_private private = { .mbuf_data_room_size = params->data_room };

	/* DPDK does not say why in every case. */
	rte_errno = 0;
	*out = rte_mempool_create_empty(params->name, params->buffers,
		(unsigned int)sizeof(struct rte_mbuf) + params->data_room, params->cache,
		sizeof(private), params->socket_id, RTE_MEMPOOL_F_NO_IOVA_CONTIG);
	if (*out == NULL)
		return rte_errno == EEXIST ? -EEXIST : -ENOMEM;
	if (rte_mempool_set_ops_byname(*out, rte_mbuf_best_mempool_ops(), NULL) != 0)
		return -ENOMEM;
	rte_pktmbuf_pool_init(*out, &private);
	return 0;
}

/* Memory that the mempool's operations want for its buffers, or a negative value [bytes]. */
static ssize_t
buffers_bytes(struct rte_mempool *mempool)
{
	const struct rte_mempool_ops *ops = rte_mempool_get_ops(mempool->ops_index);
	size_t min_chunk;
	size_t align;

	if (ops->calc_mem_size != NULL)
		return ops->calc_mem_size(mempool, mempool->size, 0, &min_chunk, &align);
	return rte_mempool_op_calc_mem_size_default(mempool, mempool->size, 0, &min_chunk, &align);
}

/* Give the mempool all its buffers from one memzone. */
static int
populate(struct rte_mempool *mempool, int socket_id, const struct rte_memzone **out)
{
	const struct rte_memzone *zone;
	char name[RTE_MEMZONE_NAMESIZE];
	ssize_t need = buffers_bytes(mempool);

	if (need < 0)
		return -ENOMEM;
	(void)strlcpy(name, mempool->name, sizeof(name));
	(void)strlcat(name, "_buffers", sizeof(name));
	zone = rte_memzone_reserve_aligned(name, (size_t)need, socket_id,
		rte_eal_iova_mode() == RTE_IOVA_PA ? RTE_MEMZONE_IOVA_CONTIG : 0,
		FP_CACHE_LINE_BYTES);
	if (zone == NULL)
		return -ENOMEM;
	*out = zone;
	if (rte_mempool_populate_iova(mempool, zone->addr, zone->iova, zone->len, NULL, NULL) !=
		(int)mempool->size)
		return -ENOMEM;
	rte_mempool_obj_iter(mempool, rte_pktmbuf_init, NULL);
	return 0;
}

static void
measure(struct rte_mempool *mempool, void *arg, void *object, unsigned int idx)
{
	struct layout *layout = arg;
	const struct rte_mbuf *mbuf = object;
	uintptr_t address = (uintptr_t)object;
	uint64_t gap = address > layout->previous ? address - layout->previous
						  : layout->previous - address;

	layout->mbufs += mbuf->pool == mempool;
	layout->first = RTE_MIN(layout->first, address);
	layout->last = RTE_MAX(layout->last, address);
	if (idx != 0)
		layout->gap = RTE_MIN(layout->gap, gap);
	layout->previous = address;
}

/* Note where an mbuf lies; two at one place are seen by the count. */
static void
place(struct rte_mempool *mempool, void *arg, void *object, unsigned int idx)
{
	struct fp_pool *pool = arg;
	uint32_t found = fpi_pool_index(pool, object);
	uint64_t delta = (uintptr_t)object - pool->first - (uint64_t)found * pool->stride;
	/* Written here only. NOLINTNEXTLINE(performance-no-int-to-ptr) */
	uint32_t *deltas = (uint32_t *)(uintptr_t)pool->deltas;

	(void)mempool;
	(void)idx;
	if (deltas != NULL && deltas[found] == FPI_POOL_HOLE) {
		deltas[found] = (uint32_t)delta;
		pool->count++;
	}
	if (deltas == NULL && delta == 0)
		pool->count++;
}

/* Divide the zone among the pool's parts. */
static void
divide(struct fp_pool *pool, uint64_t places, uint32_t buffers, bool has_deltas)
{
	uint8_t *at = (uint8_t *)pool + part(sizeof(*pool));

	pool->slots = (struct fp_slot *)at;
	at += part(places * sizeof(struct fp_slot));
	if (has_deltas) {
		pool->deltas = (uint32_t *)at;
		memset(at, UINT8_MAX, places * sizeof(uint32_t));
		at += part(places * sizeof(uint32_t));
	}
	if (FP_LIFETIME == FP_LIFETIME_FULL) {
		pool->histories = (struct fp_slot_history *)at;
		at += part(places * sizeof(struct fp_slot_history));
	}
	pool->returns = (struct rte_ring *)at;
	/* A thread that loses its CPU while it gives back holds up no other: relaxed tails. */
	if (rte_ring_init(pool->returns, pool->name, ring_places(buffers),
		    RING_F_MP_RTS_ENQ | RING_F_SC_DEQ) != 0) {
		fp_panic("pool %s: a ring of %u places is refused", pool->name,
			ring_places(buffers));
	}
}

/* Reserve the zone for one layout, and see whether each mbuf has a place of its own in it. */
static int
try_layout(struct rte_mempool *mempool, const struct layout *layout, bool has_deltas,
	struct fp_pool **out)
{
	const struct rte_memzone *zone;
	char name[RTE_MEMZONE_NAMESIZE] = "FP_";
	struct fp_pool *pool;

	(void)strlcat(name, mempool->name, sizeof(name));
	zone = rte_memzone_reserve_aligned(name,
		zone_bytes(layout->places, mempool->populated_size, has_deltas), mempool->socket_id,
		0, PART_ALIGN);
	if (zone == NULL)
		return rte_errno == EEXIST ? -EEXIST : -ENOMEM;
	pool = zone->addr;
	memset(pool, 0, zone->len);
	(void)strlcpy(pool->name, mempool->name, sizeof(pool->name));
	pool->slots_zone = zone;
	pool->socket_id = zone->socket_id;
	pool->mempool = mempool;
	pool->first = layout->first;
	pool->stride = (uint32_t)layout->stride;
	pool->reciprocal = UINT64_MAX / pool->stride + 1;
	pool->places = (uint32_t)layout->places;
	divide(pool, layout->places, mempool->populated_size, has_deltas);
	rte_mempool_obj_iter(mempool, place, pool);
	if (pool->count != mempool->populated_size) {
		(void)rte_memzone_free(zone);
		return -ENOTSUP;
	}
	*out = pool;
	return 0;
}

/* Try places of one stride. */
static int
try_stride(
	struct rte_mempool *mempool, uint64_t stride, struct layout *layout, struct fp_pool **out)
{
	const uint64_t most = (uint64_t)mempool->populated_size * PLACES_PER_BUFFER;
	int error = -ENOTSUP;

	layout->stride = stride;
	layout->places = (layout->last - layout->first) / stride + 1;
	if (layout->places > RTE_MIN(most, (uint64_t)FP_POOL_BUFFERS_MAX))
		return -ENOTSUP;
	/* Our own mempools' mbufs begin their places, which then need no table. */
	if (layout->places == mempool->populated_size)
		error = try_layout(mempool, layout, false, out);
	return error != -ENOTSUP ? error : try_layout(mempool, layout, true, out);
}

/* Reserve a pool for a populated mempool. */
static int
lay_out(struct rte_mempool *mempool, struct fp_pool **out)
{
	const uint64_t object = mempool->header_size + mempool->elt_size + mempool->trailer_size;
	struct layout layout = { .first = UINTPTR_MAX, .gap = UINT64_MAX };
	int error;

	rte_mempool_obj_iter(mempool, measure, &layout);
	if (layout.mbufs != mempool->populated_size)
		return -EINVAL;
	if (layout.gap == UINT64_MAX)
		layout.gap = object;
	if (layout.gap >= 1U << 20 || layout.last - layout.first >= 1UL << 40)
		return -ENOTSUP;
	error = try_stride(mempool, layout.gap, &layout, out);
	return error != -ENOTSUP ? error : try_stride(mempool, object, &layout, out);
}

static void
poison_free(struct rte_mempool *mempool, void *arg, void *object, unsigned int idx)
{
	const struct rte_mbuf *mbuf = object;

	(void)mempool;
	(void)arg;
	(void)idx;
	fp_poison(mbuf->buf_addr, mbuf->buf_len);
}

/* Make a pool of a populated mempool. */
static int
attach(struct rte_mempool *mempool, struct fp_pool **out)
{
	const uint32_t id = fpi_pool_find_id();
	struct fp_pool *pool;
	int error;

	if (id == FP_POOLS_MAX)
		return -ENOMEM;
	error = lay_out(mempool, &pool);
	if (error != 0)
		return error;
	pool->data_room = rte_pktmbuf_data_room_size(mempool);
	if (pool->data_room > RTE_PKTMBUF_HEADROOM)
		pool->room = (uint16_t)(pool->data_room - RTE_PKTMBUF_HEADROOM);
	fpi_pool_enter(pool, id);
	*out = pool;
	return 0;
}

int
fp_pool_create(const struct fp_pool_params *params, struct fp_pool **out)
{
	const struct rte_memzone *zone = NULL;
	struct rte_mempool *mempool;
	int error;

	*out = NULL;
	if (!are_valid(params))
		return -EINVAL;
	error = create_mempool(params, &mempool);
	if (error == 0)
		error = populate(mempool, params->socket_id, &zone);
	if (error == 0)
		error = attach(mempool, out);
	if (error != 0) {
		rte_mempool_free(mempool);
		(void)rte_memzone_free(zone);
		return error;
	}
	(*out)->buffers_zone = zone;
	rte_mempool_obj_iter(mempool, poison_free, NULL);
	return 0;
}

int
fp_pool_adopt(struct rte_mempool *mempool, struct fp_pool **out)
{
	int error;

	*out = NULL;
	if (mempool == NULL || mempool->populated_size == 0 ||
		mempool->private_data_size < sizeof(struct rte_pktmbuf_pool_private) ||
		mempool->elt_size < sizeof(struct rte_mbuf))
		return -EINVAL;
	if (fp_pool_find(mempool) != NULL)
		return -EEXIST;
	error = attach(mempool, out);
	if (error == 0)
		(*out)->is_adopted = true;
	return error;
}

/* A lease is out: its holder would use memory that is gone. */
FP_COLD FP_NORETURN static void
refuse_destruction(const struct fp_pool *pool)
{
	struct fp_pool_holder holders[HOLDERS_LISTED];
	uint32_t count = fp_pool_holders(pool, 0, holders, HOLDERS_LISTED);

	fp_panic_open("pool \"%s\" is destroyed while leases hold %ju of its buffers: release them "
		      "first",
		pool->name, (uintmax_t)fp_pool_held(pool));
	for (uint32_t i = 0; i < count; i++)
		fpi_pool_explain(pool, holders[i].buffer_idx);
	fp_panic_close();
}

void
fp_pool_destroy(struct fp_pool *pool)
{
	const struct rte_memzone *buffers;
	const struct rte_memzone *slots;

	if (pool == NULL)
		return;
	if (!fpi_pool_is_entered(pool))
		fp_panic("pool %p is destroyed twice, or was never created", (void *)pool);
	(void)fp_pool_collect(pool);
	if (fp_pool_held(pool) != 0)
		refuse_destruction(pool);
	fpi_pool_leave(pool);
	buffers = pool->buffers_zone;
	slots = pool->slots_zone;
	if (!pool->is_adopted) {
		fp_unpoison(buffers->addr, buffers->len);
		rte_mempool_free(pool->mempool);
		(void)rte_memzone_free(buffers);
	}
	(void)rte_memzone_free(slots);
}

/*
 * One lcore collects at a time, so that the ring's room is known: what was taken out of it has left
 * it, and not more than all buffers of the pool can be in it.
 */
uint32_t
fp_pool_collect(struct fp_pool *pool)
{
	void *mbufs[COLLECT_BURST];
	uint32_t collected = 0;
	unsigned int got;

	if (!fp_try_lock(&pool->is_collecting))
		return 0;
	do {
		got = rte_ring_sc_dequeue_burst(pool->returns, mbufs, COLLECT_BURST, NULL);
		if (got != 0)
			rte_mempool_put_bulk(pool->mempool, mbufs, got);
		collected += got;
	} while (got == COLLECT_BURST);
	fp_unlock(&pool->is_collecting);
	return collected;
}
