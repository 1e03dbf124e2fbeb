/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Transmission. The driver may free an mbuf, and the pool grant it anew, before it is known what
 * the driver took. An only lease is therefore ended before the driver sees the mbuf; if it is
 * refused, nobody else can have touched the slot and it is put back. A lease among others must not
 * be ended before: the others may end meanwhile, the last of them would end the buffer, and there
 * would be nothing left to put back. It stays, and the driver gets an mbuf reference of its own.
 */

#include <rte_ethdev.h>

#include "fp_lease.h"
#include "fp_panic.h"
#include "fpi_lease.h"

/** Leases of one call of the driver. */
#define BURST 64

/* Make the mbuf show the lease's window, and nothing else, to the driver. */
static void
apply_window(const struct fp_lease *lease, bool is_only)
{
	struct rte_mbuf *mbuf = lease->mbuf;

	if (lease->off == 0 && lease->len == mbuf->data_len)
		return;
	if (!is_only || mbuf->nb_segs != 1 || rte_mbuf_refcnt_read(mbuf) != 1) {
		fp_panic("transmit: window [%u, +%u) of a shared or chained buffer of %u bytes: "
			 "only a whole one can be sent; send a clone's window instead",
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
	struct rte_mbuf *shared; /**< One of several leases: its mbuf; NULL = it was the only. */
	uint64_t tsc;            /**< An only lease: what its slot said before it was closed. */
	uint8_t op;              /**< The same. */
	uint8_t lcore;           /**< The same. */
};

/* Before the driver sees it. */
static void
hand_over(struct fp_lease *lease, struct handover *handover, uint32_t lcore, uint64_t tsc)
{
	struct fp_slot seen;

	fpi_lease_check(lease, "transmit");
	handover->pool = fpi_pool_of(lease->mbuf);
	handover->slot = fpi_pool_slot(handover->pool, lease->mbuf);
	handover->shared = NULL;
	seen = fpi_slot_read(handover->slot);
	apply_window(lease, seen.shares == 0);
	if (seen.shares != 0) {
		handover->shared = lease->mbuf;
		fpi_lease_hold_chain(lease->mbuf);
		return;
	}
	handover->tsc = fp_load_relaxed_u64(&handover->slot->tsc);
	handover->op = seen.op;
	handover->lcore = seen.lcore;
	fpi_slot_close(handover->pool, handover->slot, FP_SLOT_HANDED_TX, lcore, tsc);
}

/* The driver took it. */
static void
give_up(struct fp_lease *lease, const struct handover *handover, uint32_t lcore, uint64_t tsc)
{
	bool is_last = true;

	if (handover->shared != NULL) {
		fpi_lease_note(lease, FP_SLOT_SENT);
		is_last = !fpi_slot_leave(handover->slot);
		if (is_last) {
			fpi_slot_close(
				handover->pool, handover->slot, FP_SLOT_HANDED_TX, lcore, tsc);
			rte_pktmbuf_free(handover->shared);
		}
	}
	lease->mbuf = NULL;
	if (is_last)
		fpi_pool_add(&handover->pool->counters[lcore].handed_to_tx, 1, lcore);
}

/* The driver did not take it: the buffer is the lease's as before; the window was applied. */
static void
take_back(struct fp_lease *lease, const struct handover *handover)
{
	lease->off = 0;
	if (handover->shared != NULL) {
		rte_pktmbuf_free(handover->shared);
		return;
	}
#if FP_LIFETIME >= FP_LIFETIME_REF
	fpi_slot_stamp(handover->slot, lease->generation, (enum fp_slot_op)handover->op,
		handover->lcore, handover->tsc);
#endif
	fpi_lease_note(lease, FP_SLOT_REFUSED);
}

/* One call of the driver. */
static uint16_t
transmit_burst(
	uint16_t port_id, uint16_t queue_id, struct fp_lease *leases, uint16_t count, uint64_t tsc)
{
	struct rte_mbuf *mbufs[BURST];
	/* fpcheck: allow FP0407 because a driver is given no more at a time */
	struct handover handovers[BURST];
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
		uint16_t burst = (uint16_t)RTE_MIN(count - sent, BURST);
		uint16_t taken = transmit_burst(port_id, queue_id, leases + sent, burst, tsc);

		sent = (uint16_t)(sent + taken);
		if (taken < burst)
			break;
	}
	return sent;
}
