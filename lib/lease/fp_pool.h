/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Pools: mbufs of one mempool, and a slot of 16 bytes for each.
 *
 *   mempool  | mbuf 0 | mbuf 1 |  hole  | ... | mbuf n-1 |      place = (mbuf - first) / stride
 *   slots    | slot 0 | slot 1 | unused | ... | slot n-1 |
 *
 * fp_pool_create() makes a mempool without holes in a memzone of its own. fp_pool_adopt() gives
 * slots to a mempool that somebody else made: two mbufs are never closer than the stride, so the
 * quotient tells them apart there as well, and a hole costs an unused slot.
 *
 * Conservation, per pool, in buffers: received + rented = returned + handed_to_tx + held. A buffer
 * counts once when it is granted and once when its last lease ends; how that lease ended (returned
 * or handed to transmission) is how the buffer is counted.
 *
 * A thread that is no lcore gives buffers back through the pool's ring, and an lcore puts them into
 * the mempool: such a thread may lose its CPU at any moment, and must not do so inside the mempool.
 * Segments of mempools without slots, and pinned external buffers whose last clone it releases, go
 * to their mempool at once.
 *
 * Everything a pool points to lies in memzones, at the same address in every process.
 */

#ifndef FP_POOL_H
#define FP_POOL_H

#include <rte_lcore.h>
#include <rte_mbuf.h>
#include <rte_ring.h>

#include "fp_atomic.h"
#include "fp_common.h"
#include "fp_error.h"
#include "fp_slot.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Room for a pool's name, its terminator included [bytes]. */
#define FP_POOL_NAME_BYTES 32

/** Longest name of a pool that is created: its memzones' names are longer [characters]. */
#define FP_POOL_NAME_MAX 23

/** Pools that one process may have at a time. */
#define FP_POOLS_MAX 64

/** Most buffers of one pool: an index is 24 bits wide. */
#define FP_POOL_BUFFERS_MAX (1U << 24)

/** Counter sets of a pool: one per lcore, and one that other threads share by atomic addition. */
#define FP_POOL_LCORES (RTE_MAX_LCORE + 1)

/** What a pool counts, in buffers. */
struct fp_pool_counters {
	uint64_t received;     /**< Granted as they came from a port. */
	uint64_t rented;       /**< Granted from the pool, clones included. */
	uint64_t returned;     /**< Last lease released. */
	uint64_t handed_to_tx; /**< Last lease handed to transmission. */
	uint64_t refused;      /**< Rents that found the pool empty. */
} FP_CACHE_ALIGNED;

/** What a pool is made with. */
struct fp_pool_params {
	const char *name;   /**< Unique [1..FP_POOL_NAME_MAX characters]. */
	uint32_t buffers;   /**< Buffers [1..FP_POOL_BUFFERS_MAX]. */
	uint16_t data_room; /**< Of a buffer, headroom included [bytes, > RTE_PKTMBUF_HEADROOM]. */
	uint16_t cache;     /**< Per-lcore cache [0..512 buffers, two thirds of all at most]. */
	int socket_id;      /**< NUMA node, or SOCKET_ID_ANY. */
};

/** A pool. Lives in a memzone of its own, its slots behind it. */
struct fp_pool {
	/* hot: constant after creation */
	uintptr_t first;             /**< Address of the lowest mbuf. */
	uint64_t reciprocal;         /**< 2^64 / stride, rounded up: a distance to a place. */
	struct fp_slot *slots;       /**< Shape [places]. */
	struct rte_mempool *mempool; /**< For ports: rte_eth_rx_queue_setup(). */
	struct rte_ring *returns;    /**< Buffers that threads without lcore gave back. */
	const uint32_t *deltas;      /**< From a place to its mbuf; NULL when all are 0 [bytes]. */
	uint32_t stride;             /**< Least distance of two mbufs [bytes]. */
	uint32_t places;             /**< Slots [count..]. */
	uint32_t count;              /**< Buffers. */
	uint16_t room;               /**< Data that a rented buffer can have [bytes]. */
	uint8_t id;                  /**< In references [0..FP_POOLS_MAX - 1]. */
	bool is_adopted;             /**< Somebody else made the mempool and frees it. */
	bool is_collecting;          /**< An lcore is taking from the ring. */
	/* cold */
	struct fp_slot_history *histories; /**< Shape [places]; NULL below level `full`. */
	const void *slots_zone;            /**< Memzone of this structure and what is beside it. */
	const void *buffers_zone;          /**< Memzone of the buffers; NULL when adopted. */
	int32_t socket_id;                 /**< NUMA node of the memzones. */
	uint16_t data_room;                /**< As given. */
	char name[FP_POOL_NAME_BYTES];     /**< As given, or the mempool's. */
	/* hot: one line per lcore */
	struct fp_pool_counters counters[FP_POOL_LCORES]; /**< By lcore. */
};

/** A buffer that is leased, for reports. */
struct fp_pool_holder {
	uint32_t buffer_idx; /**< Its place [0..places - 1]. */
	struct fp_slot slot; /**< As it was when looked at. */
};

/** What one lcore holds of a pool, for reports. */
struct fp_pool_holding {
	uint32_t buffers;    /**< Leased buffers that it was the last to take. */
	uint32_t oldest_idx; /**< Place of the one it has had longest; undefined without any. */
	uint64_t oldest_tsc; /**< Since when [cycles]; undefined without any. */
	uint8_t oldest_op;   /**< What last happened to it, enum fp_slot_op; without any 0. */
};

/** Who holds what of a pool, for reports. */
struct fp_pool_report {
	struct fp_pool_holding all;                      /**< All leased buffers. */
	struct fp_pool_holding by_lcore[FP_POOL_LCORES]; /**< The last: threads without lcore. */
};

/**
 * Make a pool in memzones of its own.
 *
 * @param[in]  params  What is wanted.
 * @param[out] out     The pool; NULL on failure.
 * @return 0; -EINVAL a parameter is out of range, or no lcore is on the node; -EEXIST the name is
 *         taken; -ENOMEM there is no such memory, or FP_POOLS_MAX pools exist.
 * @owns    The caller destroys it, after every port that uses it was closed.
 * @threads Start-up only, EAL initialised.
 */
FP_MUST_CHECK int fp_pool_create(const struct fp_pool_params *params, struct fp_pool **out);

/**
 * Give slots to a mempool of mbufs that somebody else made, so that its mbufs can be leased.
 *
 * The mempool may be in use already, and by code that knows no leases; what such code holds does
 * not count as held. AddressSanitizer's poison is not applied to its buffers, for their sake.
 *
 * @param[in]  mempool  Of mbufs, populated; pinned external buffers included.
 * @param[out] out      The pool, named like the mempool; NULL on failure.
 * @return 0; -EINVAL it is no mempool of mbufs, or is empty; -EEXIST it has slots already; -ENOTSUP
 *         its mbufs lie so far apart that slots would take more than 16 places each; -ENOMEM.
 * @owns    The caller destroys the pool, and then frees the mempool.
 * @threads Start-up only, EAL initialised.
 */
FP_MUST_CHECK int fp_pool_adopt(struct rte_mempool *mempool, struct fp_pool **out);

/**
 * Free the pool and its memzones; NULL is nothing. No buffer may be out any more. A pool that was
 * destroyed before stops the program.
 *
 * A reference to a buffer of this pool stays stale for as long as the process lives.
 */
void fp_pool_destroy(struct fp_pool *pool);

/**
 * Bytes of memzones that a pool takes, for sizing.
 *
 * @param[in] params  As for fp_pool_create().
 */
uint64_t fp_pool_bytes(const struct fp_pool_params *params);

/**
 * Put what threads without lcore gave back into the mempool.
 *
 * fp_frame_receive() and fp_lease_rent() call it; who does neither calls it now and then.
 *
 * @return Buffers put back; 0 also when another lcore is about it.
 * @threads An lcore; any number at the same time.
 */
uint32_t fp_pool_collect(struct fp_pool *pool);

/** Add up the counters of all lcores. @threads Any. */
void fp_pool_count(const struct fp_pool *pool, struct fp_pool_counters *total);

/** Buffers that leases hold now: received + rented - returned - handed_to_tx. @threads Any. */
uint64_t fp_pool_held(const struct fp_pool *pool);

/**
 * List buffers that leases hold; none at level `trust`, where slots are not stamped.
 *
 * @param[in]  pool     To look through.
 * @param[in]  from     First place to look at.
 * @param[out] holders  Shape [cap]; the first return-value entries are filled.
 * @param[in]  cap      Most to list.
 * @return Buffers listed; the walk can go on behind the last one's index.
 * @threads Any; what is seen is exact only while the pool rests.
 */
uint32_t fp_pool_holders(
	const struct fp_pool *pool, uint32_t from, struct fp_pool_holder *holders, uint32_t cap);

/**
 * Say how many buffers each lcore holds and which it has had longest; nothing at level `trust`.
 *
 * @param[in]  pool    To look through: all slots.
 * @param[out] report  Filled.
 * @threads Any; what is seen is exact only while the pool rests.
 */
void fp_pool_report(const struct fp_pool *pool, struct fp_pool_report *report);

/** The pools that exist, for reports; NULL when the place [0..FP_POOLS_MAX - 1] is empty. */
const struct fp_pool *fp_pool_at(uint32_t idx);

/** The pool of a mempool, created or adopted; NULL when it is none of ours. @threads Any. */
struct fp_pool *fp_pool_find(const struct rte_mempool *mempool);

/** Places of the table from mempools to pools: a power of two, half of them empty at least. */
#define FPI_POOL_PLACES (2 * FP_POOLS_MAX)

/** An entry of the table: what is needed to get from an mbuf to its slot, on one line. */
struct fpi_pool_entry {
	const struct rte_mempool *mempool; /**< Empty: no mempool's address, and not NULL. */
	uintptr_t first;                   /**< As in the pool. */
	uint64_t reciprocal;               /**< As in the pool. */
	struct fp_slot *slots;             /**< As in the pool. */
	struct fp_pool *pool;              /**< Of that mempool. */
} FP_CACHE_ALIGNED;

/** From mempools to pools, open addressing by address; written at start-up and exit only. */
extern struct fpi_pool_entry fpi_pool_table[FPI_POOL_PLACES];

/** The entry of an mbuf's mempool where it is not found at once; no return when there is none. */
FP_COLD const struct fpi_pool_entry *fpi_pool_search(const struct rte_mbuf *mbuf);

/** Pool ids that a reference can name; no pool has those from FP_POOLS_MAX on. */
#define FPI_POOL_IDS (UINT8_MAX + 1)

/** The pools of this process by id; written at start-up and exit only. */
extern struct fp_pool *fpi_pools[FPI_POOL_IDS];

/** Delta of a place without an mbuf. */
#define FPI_POOL_HOLE UINT32_MAX

/** Where a mempool's entry is, unless another one is there. */
static inline uint32_t
fpi_pool_hash(const struct rte_mempool *mempool)
{
	return (uint32_t)((uintptr_t)mempool >> 7) & (FPI_POOL_PLACES - 1);
}

/** The entry of an mbuf's mempool; one of a mempool that has no slots stops the program. */
static inline const struct fpi_pool_entry *
fpi_pool_entry_of(const struct rte_mbuf *mbuf)
{
	const struct fpi_pool_entry *entry = &fpi_pool_table[fpi_pool_hash(mbuf->pool)];

	return FP_LIKELY(entry->mempool == mbuf->pool) ? entry : fpi_pool_search(mbuf);
}

/** The pool of an mbuf; one of a mempool that has no slots stops the program. */
static inline struct fp_pool *
fpi_pool_of(const struct rte_mbuf *mbuf)
{
	return fpi_pool_entry_of(mbuf)->pool;
}

/** Slot of an mbuf; one of a mempool that has no slots stops the program. */
static inline struct fp_slot *
fpi_pool_slot_of(const struct rte_mbuf *mbuf)
{
	const struct fpi_pool_entry *entry = fpi_pool_entry_of(mbuf);
	uint64_t distance = (uintptr_t)mbuf - entry->first;

	return entry->slots + (((unsigned __int128)distance * entry->reciprocal) >> 64);
}

/** Place of an mbuf in its pool: a multiplication instead of a division. */
static inline uint32_t
fpi_pool_index(const struct fp_pool *pool, const struct rte_mbuf *mbuf)
{
	uint64_t distance = (uintptr_t)mbuf - pool->first;

	return (uint32_t)(((unsigned __int128)distance * pool->reciprocal) >> 64);
}

/** Slot of an mbuf of a pool. */
static inline struct fp_slot *
fpi_pool_slot(const struct fp_pool *pool, const struct rte_mbuf *mbuf)
{
	uint64_t distance = (uintptr_t)mbuf - pool->first;

	return pool->slots + (((unsigned __int128)distance * pool->reciprocal) >> 64);
}

/** The mbuf at a place where there is one. */
static inline struct rte_mbuf *
fpi_pool_mbuf(const struct fp_pool *pool, uint32_t idx)
{
	uintptr_t address = pool->first + (uint64_t)idx * pool->stride;

	if (FP_UNLIKELY(pool->deltas != NULL))
		address += pool->deltas[idx];
	/* The address was made from mbufs of the pool. NOLINTNEXTLINE(performance-no-int-to-ptr) */
	return (struct rte_mbuf *)address;
}

/** Counters that the calling thread may write; the last set is shared by atomic addition. */
static inline uint32_t
fpi_pool_lcore(void)
{
	uint32_t lcore = rte_lcore_id();

	return FP_LIKELY(lcore < RTE_MAX_LCORE) ? lcore : RTE_MAX_LCORE;
}

/** Add to a counter of set @p lcore. */
static inline void
fpi_pool_add(uint64_t *counter, uint64_t n, uint32_t lcore)
{
	if (FP_LIKELY(lcore < RTE_MAX_LCORE)) {
		fp_store_relaxed_u64(counter, fp_load_relaxed_u64(counter) + n);
	} else {
		fp_add_shared_u64(counter, n);
	}
}

/** Remember an operation on a slot; nothing below level `full`. */
FP_COLD void
fpi_pool_note(struct fp_pool *pool, uint32_t idx, enum fp_slot_op op, uint32_t lcore, uint64_t tsc);

/** Add what is known about a place to a panic: who holds it, what last happened there. */
FP_COLD void fpi_pool_explain(const struct fp_pool *pool, uint32_t idx);

#ifdef __cplusplus
}
#endif

#endif /* FP_POOL_H */
