/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Who ends a shared buffer. Every lease holds one reference of the mbuf, and slot->shares counts
 * the leases beyond the first. Who finds the reference count at 1 is alone: nobody else can share
 * or release, so it ends the buffer without an atomic operation. Otherwise each releaser subtracts
 * one from shares before it frees its reference; exactly one of them finds 0 there, and that one
 * ends the buffer: it moves the generation on before it frees, and the mbuf can reach the pool only
 * after every reference, its own included, was freed. So a generation never changes while a lease
 * is out, and has changed before the pool can grant the buffer again.
 *
 * Transmission. The driver may free an mbuf, and the pool grant it anew, before it is known what
 * the driver took. An only lease is therefore ended before the driver sees the mbuf; if it is
 * refused, nobody else can have touched the buffer and the slot is put back. A lease among others
 * must not be ended before: the others may end meanwhile, the last of them would end the buffer,
 * and there would be nothing left to put back. It stays, with a second reference that keeps the
 * buffer from the pool until the call is over.
 */

#include <rte_ethdev.h>

#include "fp_lease.h"
#include "fp_panic.h"

/** Buffers that are freed to the mempool in one go. */
#define FREE_BURST 64

void
fpi_lease_stale(const struct fp_lease *lease, const char *operation)
{
	const struct fp_pool *pool;
	const struct fp_slot *slot;

	if (lease->mbuf == NULL) {
		fp_panic("%s: the lease is empty: it was released, transmitted or moved before",
			operation);
	}
	pool = fpi_pool_of(lease->mbuf);
	slot = fpi_lease_slot(lease);
	fp_panic("%s: the lease of buffer %u of pool \"%s\" is over: it was granted as generation "
		 "%u, the buffer is at %u (last operation: %s, by lcore %u); each lease is "
		 "released or transmitted once, by whoever holds it",
		operation, fpi_pool_index(pool, lease->mbuf), pool->name, lease->generation,
		slot->generation, fp_slot_op_name(slot->op), slot->lcore);
}

void
fpi_lease_taken(const struct rte_mbuf *mbuf)
{
	const struct fp_pool *pool = fpi_pool_of(mbuf);
	uint32_t idx = fpi_pool_index(pool, mbuf);

	fp_panic("buffer %u of pool \"%s\" was granted while a lease holds it (last operation: %s, "
		 "by lcore %u): somebody freed the mbuf behind the lease's back",
		idx, pool->name, fp_slot_op_name(pool->slots[idx].op), pool->slots[idx].lcore);
}

void
fpi_lease_foreign(const struct fp_pool *pool, const struct rte_mbuf *mbuf)
{
	fp_panic("mbuf %p of mempool \"%s\" was received for pool \"%s\": take a port's mbufs into "
		 "the pool whose mempool its queues were set up with",
		(const void *)mbuf, mbuf->pool->name, pool->name);
}

/* Close the slot: the tenant's generation is over. */
static inline void
close_slot(struct fp_slot *slot, enum fp_slot_op op, uint32_t lcore, uint64_t tsc)
{
#if FP_LIFETIME >= FP_LIFETIME_REF
	fpi_slot_stamp(slot, slot->generation + 1, op, lcore, tsc);
#else
	(void)slot;
	(void)op;
	(void)lcore;
	(void)tsc;
#endif
}

/* Give up one lease of a buffer whose reference count is above 1; true when it was the last. */
static FP_COLD bool
leave_shared(struct fp_slot *slot)
{
	if (fp_decrement_shared_u16(&slot->shares) != 0)
		return false;
	fp_store_relaxed_u16(&slot->shares, 0);
	return true;
}

int
fp_lease_rent(struct fp_pool *pool, uint16_t len, uint64_t tsc, struct fp_lease *lease)
{
	uint32_t lcore = fpi_pool_lcore();
	struct rte_mbuf *mbuf;

	*lease = fp_lease_none();
	if (len > pool->data_room - RTE_PKTMBUF_HEADROOM)
		return -ERANGE;
	mbuf = rte_pktmbuf_alloc(pool->mempool);
	if (FP_UNLIKELY(mbuf == NULL)) {
		fpi_pool_add(&pool->counters[lcore].refused, 1, lcore);
		return -ENOBUFS;
	}
	mbuf->data_len = len;
	mbuf->pkt_len = len;
	fp_unpoison(rte_pktmbuf_mtod(mbuf, const void *), len);
	lease->mbuf = mbuf;
	lease->len = len;
#if FP_LIFETIME >= FP_LIFETIME_REF
	lease->generation = fpi_slot_grant(
		&pool->slots[fpi_pool_index(pool, mbuf)], mbuf, FP_SLOT_RENTED, lcore, tsc);
#else
	(void)tsc;
#endif
	fpi_pool_add(&pool->counters[lcore].rented, 1, lcore);
	return 0;
}

int
fp_lease_share(const struct fp_lease *lease, struct fp_lease *out)
{
	struct fp_slot *slot;

	*out = fp_lease_none();
	fpi_lease_check(lease, "share");
	slot = fpi_lease_slot(lease);
	if (fp_increment_shared_u16(&slot->shares) > FP_LEASE_SHARES_MAX) {
		(void)fp_decrement_shared_u16(&slot->shares);
		return -EOVERFLOW;
	}
	rte_pktmbuf_refcnt_update(lease->mbuf, 1);
	*out = *lease;
	return 0;
}

int
fp_lease_slice(struct fp_lease *lease, uint16_t off, uint16_t len)
{
	fpi_lease_check(lease, "slice");
	if (off > lease->len || len > lease->len - off)
		return -ERANGE;
	lease->off = (uint16_t)(lease->off + off);
	lease->len = len;
	return 0;
}

void
fp_lease_release(struct fp_lease *lease)
{
	if (!fp_lease_is_empty(lease))
		fp_lease_release_burst(lease, 1, rte_rdtsc());
}

/* Nobody may read the buffer any more: the next access is a use after release. */
static inline void
poison_chain(const struct rte_mbuf *mbuf)
{
	if (!FP_HAS_ASAN)
		return;
	for (; mbuf != NULL; mbuf = mbuf->next)
		fp_poison(mbuf->buf_addr, mbuf->buf_len);
}

/* End one lease; true when it was the last of its buffer. */
static inline bool
end_lease(const struct fp_lease *lease, struct fp_pool *pool, uint32_t lcore, uint64_t tsc)
{
	struct rte_mbuf *mbuf = lease->mbuf;
	struct fp_slot *slot = &pool->slots[fpi_pool_index(pool, mbuf)];

#if FP_LIFETIME >= FP_LIFETIME_REF
	if (FP_UNLIKELY(fp_load_relaxed_u32(&slot->generation) != lease->generation))
		fpi_lease_stale(lease, "release");
#endif
	if (FP_UNLIKELY(rte_mbuf_refcnt_read(mbuf) != 1) && !leave_shared(slot))
		return false;
	close_slot(slot, FP_SLOT_RETURNED, lcore, tsc);
	poison_chain(mbuf);
	return true;
}

/** Buffers on their way back to one pool. */
struct returning {
	struct rte_mempool *mempool;
	struct fp_pool *pool; /**< That of mempool. */
	uint32_t ended;       /**< Leases that were the last of their buffer. */
	uint32_t count;       /**< Buffers below. */
	struct rte_mbuf
		*mbufs[FREE_BURST]; /**< Ours alone, of one segment, ready for the mempool. */
};

/* Give the buffers gathered so far to their mempool. */
static inline void
flush(struct returning *returning, uint32_t lcore)
{
	if (returning->count != 0) {
		rte_mempool_put_bulk(
			returning->mempool, (void *const *)returning->mbufs, returning->count);
	}
	if (returning->ended != 0)
		fpi_pool_add(&returning->pool->counters[lcore].returned, returning->ended, lcore);
	returning->count = 0;
	returning->ended = 0;
}

/*
 * A buffer that is ours alone and of one segment is just what a mempool wants to have: it is put
 * back without what rte_pktmbuf_free_bulk() finds out anew (6 cycles less per buffer, burst 32).
 */
static inline void
gather(struct returning *returning, struct rte_mbuf *mbuf, uint32_t lcore)
{
	if (FP_UNLIKELY(mbuf->nb_segs != 1 || mbuf->next != NULL || !RTE_MBUF_DIRECT(mbuf) ||
		    rte_mbuf_refcnt_read(mbuf) != 1)) {
		rte_pktmbuf_free(mbuf);
		return;
	}
	returning->mbufs[returning->count++] = mbuf;
	if (FP_UNLIKELY(returning->count == FREE_BURST))
		flush(returning, lcore);
}

void
fp_lease_release_burst(struct fp_lease *leases, uint16_t count, uint64_t tsc)
{
	uint32_t lcore = fpi_pool_lcore();
	struct returning returning;

	returning.mempool = NULL;
	returning.pool = NULL;
	returning.count = 0;
	returning.ended = 0;
	for (uint16_t i = 0; i < count; i++) {
		struct rte_mbuf *mbuf = leases[i].mbuf;

		if (mbuf == NULL)
			continue;
		if (FP_UNLIKELY(returning.pool == NULL || mbuf->pool != returning.mempool)) {
			flush(&returning, lcore);
			returning.pool = fpi_pool_of(mbuf);
			returning.mempool = mbuf->pool;
		}
		returning.ended += end_lease(&leases[i], returning.pool, lcore, tsc);
		leases[i].mbuf = NULL;
		gather(&returning, mbuf, lcore);
	}
	flush(&returning, lcore);
}

/* Make the mbuf show the lease's window, and nothing else, to the driver. */
static void
apply_window(const struct fp_lease *lease)
{
	struct rte_mbuf *mbuf = lease->mbuf;

	if (lease->off == 0 && lease->len == mbuf->data_len)
		return;
	if (rte_mbuf_refcnt_read(mbuf) != 1 || mbuf->nb_segs != 1) {
		fp_panic("transmit: window [%u, +%u) of a shared or chained buffer of %u bytes: "
			 "only a whole one can be sent",
			lease->off, lease->len, mbuf->pkt_len);
	}
	mbuf->data_off = (uint16_t)(mbuf->data_off + lease->off);
	mbuf->data_len = lease->len;
	mbuf->pkt_len = lease->len;
}

/** What has to be known of a lease after the driver may have freed its mbuf. */
struct handover {
	struct fp_pool *pool;
	struct fp_slot *slot;
	struct rte_mbuf *held; /**< One of several leases: reference until the end of the call. */
	uint64_t tsc;          /**< An only lease: what its slot said before it was closed. */
	uint8_t op;            /**< The same. */
	uint8_t lcore;         /**< The same. */
};

/* Before the driver sees it. */
static void
hand_over(struct fp_lease *lease, struct handover *handover, uint32_t lcore, uint64_t tsc)
{
	fpi_lease_check(lease, "transmit");
	apply_window(lease);
	handover->pool = fpi_pool_of(lease->mbuf);
	handover->slot = &handover->pool->slots[fpi_pool_index(handover->pool, lease->mbuf)];
	handover->held = NULL;
	if (rte_mbuf_refcnt_read(lease->mbuf) != 1) {
		handover->held = lease->mbuf;
		rte_pktmbuf_refcnt_update(lease->mbuf, 1);
		return;
	}
	handover->tsc = handover->slot->tsc;
	handover->op = handover->slot->op;
	handover->lcore = handover->slot->lcore;
	close_slot(handover->slot, FP_SLOT_HANDED_TX, lcore, tsc);
}

/* The driver took it. */
static void
give_up(struct fp_lease *lease, const struct handover *handover, uint32_t lcore, uint64_t tsc)
{
	bool is_last = true;

	lease->mbuf = NULL;
	if (handover->held != NULL) {
		is_last = leave_shared(handover->slot);
		if (is_last)
			close_slot(handover->slot, FP_SLOT_HANDED_TX, lcore, tsc);
		rte_pktmbuf_free(handover->held);
	}
	if (is_last)
		fpi_pool_add(&handover->pool->counters[lcore].handed_to_tx, 1, lcore);
}

/* The driver did not take it: the buffer is the lease's as before; the window was applied. */
static void
take_back(struct fp_lease *lease, const struct handover *handover)
{
	lease->off = 0;
	if (handover->held != NULL) {
		rte_pktmbuf_free(handover->held);
		return;
	}
#if FP_LIFETIME >= FP_LIFETIME_REF
	fpi_slot_stamp(handover->slot, lease->generation, (enum fp_slot_op)handover->op,
		handover->lcore, handover->tsc);
#endif
}

/* One call of the driver. */
static uint16_t
transmit_burst(
	uint16_t port_id, uint16_t queue_id, struct fp_lease *leases, uint16_t count, uint64_t tsc)
{
	struct rte_mbuf *mbufs[FREE_BURST];
	struct handover handovers[FREE_BURST];
	uint32_t lcore = fpi_pool_lcore();
	uint16_t sent;

	for (uint16_t i = 0; i < count; i++) {
		mbufs[i] = leases[i].mbuf;
		hand_over(&leases[i], &handovers[i], lcore, tsc);
	}
	sent = rte_eth_tx_burst(port_id, queue_id, mbufs, count);
	for (uint16_t i = 0; i < sent; i++)
		give_up(&leases[i], &handovers[i], lcore, tsc);
	for (uint16_t i = sent; i < count; i++)
		take_back(&leases[i], &handovers[i]);
	return sent;
}

uint16_t
fp_lease_transmit(
	uint16_t port_id, uint16_t queue_id, struct fp_lease *leases, uint16_t count, uint64_t tsc)
{
	uint16_t sent = 0;

	while (sent < count) {
		uint16_t burst = (uint16_t)RTE_MIN(count - sent, FREE_BURST);
		uint16_t taken = transmit_burst(port_id, queue_id, leases + sent, burst, tsc);

		sent = (uint16_t)(sent + taken);
		if (taken < burst)
			break;
	}
	return sent;
}
