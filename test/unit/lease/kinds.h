/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Buffers of every kind for tests of leases: of a created pool, of an adopted one, over external
 * memory, pinned and not, with tails from other pools.
 */

#ifndef KINDS_H
#define KINDS_H

#include "fp_lease.h"

#define KINDS_BUFFERS   80                           /**< Of each pool. */
#define KINDS_DATA_ROOM (RTE_PKTMBUF_HEADROOM + 256) /**< Of each pool [bytes]. */
#define KINDS_SEGMENTS  64                           /**< Longest chain. */

/** Pools of all kinds. */
struct kinds {
	struct fp_pool *created;        /**< By fp_pool_create(). */
	struct fp_pool *adopted;        /**< Of rte_pktmbuf_pool_create(). */
	struct fp_pool *pinned;         /**< Of rte_pktmbuf_pool_create_extbuf(). */
	const struct rte_memzone *zone; /**< External memory of the pinned ones. */
	uint32_t freed;                 /**< External buffers whose callback was called. */
};

/** Make the pools; 0, or a negative errno. */
int kinds_open(struct kinds *kinds);

/** Free the pools; false when a buffer was missing. */
bool kinds_close(struct kinds *kinds);

/** True when every buffer is where it came from and every slot is closed; collects first. */
bool kinds_are_all_back(struct kinds *kinds);

/** A chain as a port would receive it: segments of @p pools in turn, of @p len bytes 0, 1, 2... */
struct rte_mbuf *
kinds_receive(struct fp_pool *const *pools, uint32_t pool_count, uint16_t segments, uint16_t len);

/** A buffer of the pool over external memory of @p len bytes 0, 1, 2... that is freed at its end.
 */
struct rte_mbuf *
kinds_attach(struct kinds *kinds, struct fp_pool *pool, uint8_t *memory, uint16_t len);

/** Take a lease on it. */
struct fp_lease kinds_take(struct rte_mbuf *mbuf);

/** Run @p call with @p arg on a thread that is no lcore, and wait for its end. */
void kinds_elsewhere(void *(*call)(void *), void *arg);

/** Assert what a pool counted. */
void kinds_assert_counts(const struct fp_pool *pool, uint64_t received, uint64_t rented,
	uint64_t returned, uint64_t handed_to_tx);

#endif /* KINDS_H */
