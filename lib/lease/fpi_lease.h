/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * What the files of lib/lease share about the end of leases.
 */

#ifndef FPI_LEASE_H
#define FPI_LEASE_H

#include "fp_lease.h"

/** Close the slot: the tenant's generation is over. */
static inline void
fpi_slot_close(struct fp_pool *pool, struct fp_slot *slot, enum fp_slot_op op, uint32_t lcore,
	uint64_t tsc)
{
#if FP_LIFETIME >= FP_LIFETIME_REF
	fpi_slot_stamp(slot, slot->generation + 1, op, lcore, tsc);
	/* A3: pairs with R3 in fp_ref_confirm(): the next tenant writes after the generation. */
	fp_fence_release();
#else
	(void)slot;
	(void)op;
	(void)lcore;
	(void)tsc;
#endif
#if FP_LIFETIME == FP_LIFETIME_FULL
	fpi_pool_note(pool, (uint32_t)(slot - pool->slots), op, lcore, tsc);
#else
	(void)pool;
#endif
}

/**
 * Take one more reference on every segment of a leased mbuf.
 *
 * DPDK changes a count of 1 without an atomic operation, for who is alone; the holders of several
 * leases are not, and their mbuf's count may be 1. Given back by rte_pktmbuf_free(): the common
 * reference of the leases keeps the count above 1 there.
 */
static inline void
fpi_lease_hold_chain(struct rte_mbuf *mbuf)
{
	for (; mbuf != NULL; mbuf = mbuf->next)
		(void)fp_increment_shared_u16(&mbuf->refcnt);
}

/** Poison what nobody else has of a buffer whose last lease ended; with AddressSanitizer. */
void fpi_lease_poison(struct rte_mbuf *mbuf);

#endif /* FPI_LEASE_H */
