/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Pools: mbufs that lie in one memzone at equal distances, and a slot of 16 bytes for each.
 *
 *   zone    | mbuf 0 | mbuf 1 | ... | mbuf n-1 |      index = (mbuf - first) / stride, no table
 *   slots   |  slot 0 | slot 1 | ... | slot n-1 |     generation, shares, lcore, operation, time
 *
 * A slot says who holds its buffer. It lies beside the buffer, not in it, so it outlives clones and
 * what drivers do to an mbuf, and a leak scan reads all slots without touching a buffer.
 *
 * Generations tell tenants apart: even = the buffer is with the pool or a driver, odd = it is
 * leased. Every grant and every end of a last lease moves it on by one.
 *
 * Conservation, per pool, in buffers: received + rented = returned + handed_to_tx + held. A buffer
 * counts once when it is granted and once when its last lease ends; how that lease ended (returned
 * or handed to transmission) is how the buffer is counted.
 */

#ifndef FP_POOL_H
#define FP_POOL_H

#include <rte_lcore.h>
#include <rte_mbuf.h>

#include "fp_atomic.h"
#include "fp_common.h"
#include "fp_error.h"
#include "fp_lifetime.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Room for a pool's name, its terminator included [bytes]. */
#define FP_POOL_NAME_BYTES 24

/** Pools that one process may have at a time. */
#define FP_POOLS_MAX 64

/** Most buffers of one pool: an index is 24 bits wide. */
#define FP_POOL_BUFFERS_MAX (1U << 24)

/** Counter sets of a pool: one per lcore, and one that other threads share by atomic addition. */
#define FP_POOL_LCORES (RTE_MAX_LCORE + 1)

#if RTE_MAX_LCORE > UINT8_MAX
#error "a slot keeps an lcore in 8 bits"
#endif

/** What last happened to a buffer. */
enum fp_slot_op {
	FP_SLOT_NEW = 0,   /**< Never granted. */
	FP_SLOT_RECEIVED,  /**< Granted as it came from a port. */
	FP_SLOT_RENTED,    /**< Granted from the pool. */
	FP_SLOT_RETURNED,  /**< Its last lease was released. */
	FP_SLOT_HANDED_TX, /**< Its last lease was handed to transmission. */
};

/** State of one buffer. Written by the lcore that holds it; the first 8 bytes at once. */
struct fp_slot {
	union {
		struct {
			uint32_t generation; /**< Odd = leased. */
			uint16_t shares;     /**< Leases beyond the first. */
			uint8_t lcore;       /**< Of the last operation; UINT8_MAX = no lcore. */
			uint8_t op;          /**< enum fp_slot_op, the last one. */
		};
		uint64_t stamp; /**< The same, for one store. */
	};
	uint64_t tsc; /**< When, as the caller's clock said [cycles]. */
};

/** What a pool counts, in buffers. */
struct fp_pool_counters {
	uint64_t received;     /**< Granted as they came from a port. */
	uint64_t rented;       /**< Granted from the pool. */
	uint64_t returned;     /**< Last lease released. */
	uint64_t handed_to_tx; /**< Last lease handed to transmission. */
	uint64_t refused;      /**< Rents that found the pool empty. */
} FP_CACHE_ALIGNED;

/** What a pool is made with. */
struct fp_pool_params {
	const char *name;   /**< Unique [1..FP_POOL_NAME_BYTES - 1 characters]. */
	uint32_t buffers;   /**< Buffers [1..FP_POOL_BUFFERS_MAX]. */
	uint16_t data_room; /**< Of a buffer, headroom included [bytes, > RTE_PKTMBUF_HEADROOM]. */
	uint16_t cache;     /**< Per-lcore cache [0..512 buffers, two thirds of all at most]. */
	int socket_id;      /**< NUMA node, or SOCKET_ID_ANY. */
};

/** A pool. Lives in a memzone of its own, its slots behind it. */
struct fp_pool {
	/* hot: constant after creation */
	uintptr_t first;       /**< Address of mbuf 0. */
	uint64_t reciprocal;   /**< 2^64 / stride, rounded up: turns a distance into an index. */
	struct fp_slot *slots; /**< Shape [count]. */
	uint32_t stride;       /**< Distance of two mbufs [bytes]. */
	uint32_t count;        /**< Buffers. */
	struct rte_mempool *mempool; /**< For ports: rte_eth_rx_queue_setup(). */
	/* cold */
	const void *slots_zone;        /**< Memzone of this structure and the slots. */
	const void *buffers_zone;      /**< Memzone of the buffers. */
	uint16_t id;                   /**< Place in the registry. */
	uint16_t data_room;            /**< As given. */
	int32_t socket_id;             /**< NUMA node of the memzones. */
	char name[FP_POOL_NAME_BYTES]; /**< As given. */
	/* hot: one line per lcore */
	struct fp_pool_counters counters[FP_POOL_LCORES]; /**< By lcore. */
};

/** Who holds a buffer of a pool, for reports. */
struct fp_pool_holder {
	uint32_t buffer_idx; /**< [0..count - 1] */
	struct fp_slot slot; /**< As it was when looked at. */
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

/** Free the pool and its memzones; NULL is nothing. No buffer may be out any more. */
void fp_pool_destroy(struct fp_pool *pool);

/**
 * Bytes of memzones that a pool takes, for sizing.
 *
 * @param[in] params  As for fp_pool_create().
 */
uint64_t fp_pool_bytes(const struct fp_pool_params *params);

/** Add up the counters of all lcores. @threads Any. */
void fp_pool_count(const struct fp_pool *pool, struct fp_pool_counters *total);

/** Buffers that leases hold now: received + rented - returned - handed_to_tx. @threads Any. */
uint64_t fp_pool_held(const struct fp_pool *pool);

/**
 * List buffers that leases hold.
 *
 * @param[in]  pool     To look through.
 * @param[in]  from     First index to look at.
 * @param[out] holders  Shape [cap]; the first return-value entries are filled.
 * @param[in]  cap      Most to list.
 * @return Buffers listed; the walk can go on behind the last one's index.
 * @threads Any; what is seen is exact only while the pool rests.
 */
uint32_t fp_pool_holders(
	const struct fp_pool *pool, uint32_t from, struct fp_pool_holder *holders, uint32_t cap);

/** Name of an operation of enum fp_slot_op. */
const char *fp_slot_op_name(uint8_t op);

/** The pools that exist, for reports; NULL when the place [0..FP_POOLS_MAX - 1] is empty. */
const struct fp_pool *fp_pool_at(uint32_t idx);

/** Stop the program: an mbuf is not one of a pool of ours. */
FP_COLD FP_NORETURN void fpi_pool_foreign(const struct rte_mbuf *mbuf);

/** Private area of our mempools: rte's own part first, then ours. */
struct fpi_mempool_private {
	struct rte_pktmbuf_pool_private mbuf; /**< What rte_mbuf expects. */
	uint64_t magic;                       /**< FPI_POOL_MAGIC: the mempool is ours. */
	struct fp_pool *pool;                 /**< In a memzone, at the same address everywhere. */
};

#define FPI_POOL_MAGIC 0x6c6f6f7070662121ULL

/** The pool of an mbuf; a foreign mbuf stops the program. */
static inline struct fp_pool *
fpi_pool_of(const struct rte_mbuf *mbuf)
{
	const struct fpi_mempool_private *area =
		(const struct fpi_mempool_private *)rte_mempool_get_priv(mbuf->pool);

	if (FP_UNLIKELY(
		    mbuf->pool->private_data_size < sizeof(*area) || area->magic != FPI_POOL_MAGIC))
		fpi_pool_foreign(mbuf);
	return area->pool;
}

/** Index of an mbuf in its pool: a multiplication instead of a division. */
static inline uint32_t
fpi_pool_index(const struct fp_pool *pool, const struct rte_mbuf *mbuf)
{
	uint64_t distance = (uintptr_t)mbuf - pool->first;

	return (uint32_t)(((unsigned __int128)distance * pool->reciprocal) >> 64);
}

/** Counters that the calling thread may write; the last set is shared by atomic addition. */
static inline uint32_t
fpi_pool_lcore(void)
{
	uint32_t lcore = rte_lcore_id();

	return FP_LIKELY(lcore < RTE_MAX_LCORE) ? lcore : RTE_MAX_LCORE;
}

/** An lcore as slots keep it. */
static inline uint8_t
fpi_slot_lcore(uint32_t lcore)
{
	return FP_LIKELY(lcore < RTE_MAX_LCORE) ? (uint8_t)lcore : UINT8_MAX;
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

#ifdef __cplusplus
}
#endif

#endif /* FP_POOL_H */
