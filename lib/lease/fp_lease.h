/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Leases: the right to use a buffer, held by exactly one piece of code at a time.
 *
 *                take (received)
 *    port  ----------------------->  GRANTED  --- share --->  SHARED(n)
 *    pool  ------ rent ---------->      |                        |
 *                                       +--- release -----> returned to the pool
 *                                       +--- transmit ----> the driver's: not ours any more
 *
 * A lease is 16 bytes by value and is moved, not copied: whoever passes it on does not use it any
 * more. Each holder of a shared buffer has a lease of its own. Views made from a lease die with it.
 *
 * A lease carries the generation of its buffer's slot. Releasing it twice, or after the buffer went
 * to another tenant, is found by that number and stops the program (levels ref and full).
 *
 * A lease covers the whole mbuf chain; its slot is that of the first mbuf.
 */

#ifndef FP_LEASE_H
#define FP_LEASE_H

#include "fp_poison.h"
#include "fp_pool.h"
#include "fp_span.h"

#ifdef __cplusplus
extern "C" {
#endif

#ifndef RTE_MBUF_REFCNT_ATOMIC
#error "leases are shared between lcores: DPDK must be built with RTE_MBUF_REFCNT_ATOMIC"
#endif

/** Most leases of one buffer at a time, beyond the first. */
#define FP_LEASE_SHARES_MAX 32767

/** A lease. Empty when mbuf is NULL. */
struct fp_lease {
	struct rte_mbuf *mbuf; /**< First mbuf of the buffer; NULL = empty. */
	uint32_t generation;   /**< Of the slot when granted; 0 at level trust. */
	uint16_t off;          /**< First byte of the window, from the mbuf's data [bytes]. */
	uint16_t len;          /**< Length of the window [bytes]. */
};

/** Stop the program: the lease is not (or not any more) one of its buffer. */
FP_COLD FP_NORETURN void fpi_lease_stale(const struct fp_lease *lease, const char *operation);

/** Stop the program: a buffer came from a port or pool while a lease still holds it. */
FP_COLD FP_NORETURN void fpi_lease_taken(const struct rte_mbuf *mbuf);

/** Stop the program: an mbuf is taken into a pool that is not its own. */
FP_COLD FP_NORETURN void fpi_lease_foreign(const struct fp_pool *pool, const struct rte_mbuf *mbuf);

/** An empty lease. */
static inline struct fp_lease
fp_lease_none(void)
{
	struct fp_lease lease = { NULL, 0, 0, 0 };

	return lease;
}

/** True when there is nothing in the lease. */
static inline bool
fp_lease_is_empty(const struct fp_lease *lease)
{
	return lease->mbuf == NULL;
}

/** Slot of a lease's buffer. */
static inline struct fp_slot *
fpi_lease_slot(const struct fp_lease *lease)
{
	struct fp_pool *pool = fpi_pool_of(lease->mbuf);

	return &pool->slots[fpi_pool_index(pool, lease->mbuf)];
}

/** Write what happened to a slot that nobody shares, and its generation, in one store each. */
static inline void
fpi_slot_stamp(
	struct fp_slot *slot, uint32_t generation, enum fp_slot_op op, uint32_t lcore, uint64_t tsc)
{
	struct fp_slot stamped;

	stamped.generation = generation;
	stamped.shares = 0;
	stamped.lcore = fpi_slot_lcore(lcore);
	stamped.op = (uint8_t)op;
	fp_store_relaxed_u64(&slot->tsc, tsc);
	/* A1: pairs with R1, the acquire load of who scans; makes the tenant visible. */
	fp_store_release_u64(&slot->stamp, stamped.stamp);
}

/** Open a slot for a new tenant; returns its generation. */
static inline uint32_t
fpi_slot_grant(struct fp_slot *slot, const struct rte_mbuf *mbuf, enum fp_slot_op op,
	uint32_t lcore, uint64_t tsc)
{
	uint32_t generation = slot->generation + 1;

	if (FP_UNLIKELY((generation & 1) == 0))
		fpi_lease_taken(mbuf);
	fpi_slot_stamp(slot, generation, op, lcore, tsc);
	return generation;
}

/**
 * Take leases on mbufs that a port received.
 *
 * @param[in]  pool    All of them come from this pool.
 * @param[in]  mbufs   Shape [count]; owned by the caller, as rte_eth_rx_burst() gives them.
 * @param[in]  count   [0..]
 * @param[in]  tsc     The frame's time, for the slots [cycles].
 * @param[out] leases  Shape [count]; each window is the first mbuf's data.
 * @owns    The leases own the mbufs from here on.
 * @threads An lcore.
 * @cost    About 7 cycles a buffer; no allocation, no atomic read-modify-write.
 */
static inline void
fp_lease_take_burst(struct fp_pool *pool, struct rte_mbuf *const *mbufs, uint16_t count,
	uint64_t tsc, struct fp_lease *leases)
{
	uint32_t lcore = fpi_pool_lcore();

	for (uint16_t i = 0; i < count; i++) {
		struct rte_mbuf *mbuf = mbufs[i];

		leases[i].mbuf = mbuf;
		leases[i].generation = 0;
		leases[i].off = 0;
		leases[i].len = mbuf->data_len;
		fp_unpoison(rte_pktmbuf_mtod(mbuf, const void *), mbuf->data_len);
#if FP_LIFETIME >= FP_LIFETIME_REF
		if (FP_UNLIKELY(mbuf->pool != pool->mempool))
			fpi_lease_foreign(pool, mbuf);
		leases[i].generation = fpi_slot_grant(&pool->slots[fpi_pool_index(pool, mbuf)],
			mbuf, FP_SLOT_RECEIVED, lcore, tsc);
#else
		(void)tsc;
#endif
	}
	fpi_pool_add(&pool->counters[lcore].received, count, lcore);
}

/**
 * Rent an empty buffer from a pool.
 *
 * @param[in]  pool   To rent from.
 * @param[in]  len    Bytes of data wanted [0..data room less headroom].
 * @param[in]  tsc    The caller's time, for the slot [cycles].
 * @param[out] lease  The buffer, its window len bytes of unspecified contents; empty on error.
 * @return 0, or -ENOBUFS (counted) when no buffer is free; -ERANGE @p len does not fit a buffer.
 * @owns    The lease owns the buffer.
 */
FP_MUST_CHECK int
fp_lease_rent(struct fp_pool *pool, uint16_t len, uint64_t tsc, struct fp_lease *lease);

/** Panic if the lease is not one of its buffer's. */
static inline void
fpi_lease_check(const struct fp_lease *lease, const char *operation)
{
#if FP_LIFETIME >= FP_LIFETIME_REF
	if (FP_UNLIKELY(lease->mbuf == NULL ||
		    fp_load_relaxed_u32(&fpi_lease_slot(lease)->generation) != lease->generation))
		fpi_lease_stale(lease, operation);
#else
	(void)lease;
	(void)operation;
#endif
}

/**
 * View the window of a lease.
 *
 * @return View that is valid until this lease is released or transmitted.
 * @cost   Below level full: two moves.
 */
static inline struct fp_span
fp_lease_writable(const struct fp_lease *lease)
{
	struct fp_watch watch = fp_watch_none();
	uint8_t *data;

#if FP_LIFETIME == FP_LIFETIME_FULL
	fpi_lease_check(lease, "view");
	watch.word = &fpi_lease_slot(lease)->generation;
	watch.stamp = lease->generation;
#endif
	data = rte_pktmbuf_mtod_offset(lease->mbuf, uint8_t *, lease->off);
	return fp_span_watched(data, lease->len, watch);
}

/** View the window of a lease, to read only. @see fp_lease_writable */
static inline struct fp_cspan
fp_lease_span(const struct fp_lease *lease)
{
	return fp_span_const(fp_lease_writable(lease));
}

/** True when the buffer is one contiguous piece: the window then shows all of it. */
static inline bool
fp_lease_is_contiguous(const struct fp_lease *lease)
{
	return lease->mbuf->nb_segs == 1;
}

/** True when the NIC found the IPv4 or UDP checksum of what it received wrong. */
static inline bool
fp_lease_has_bad_checksum(const struct fp_lease *lease)
{
	uint64_t flags = lease->mbuf->ol_flags;

	/* Two bits tell most of it; with a third and fourth they say "not looked at" instead. */
	if (FP_LIKELY((flags & (RTE_MBUF_F_RX_IP_CKSUM_BAD | RTE_MBUF_F_RX_L4_CKSUM_BAD)) == 0))
		return false;
	return (flags & RTE_MBUF_F_RX_IP_CKSUM_MASK) == RTE_MBUF_F_RX_IP_CKSUM_BAD ||
		(flags & RTE_MBUF_F_RX_L4_CKSUM_MASK) == RTE_MBUF_F_RX_L4_CKSUM_BAD;
}

/** Length of the whole buffer, all segments [bytes]. */
static inline uint32_t
fp_lease_total_len(const struct fp_lease *lease)
{
	return lease->mbuf->pkt_len;
}

/**
 * Get one more lease on the same buffer, window and all.
 *
 * @param[in]  lease  Stays valid.
 * @param[out] out    The new lease; empty on error.
 * @return 0, or -EOVERFLOW when FP_LEASE_SHARES_MAX leases are out.
 * @cost   Two atomic additions; all segments of a chain are held.
 */
FP_MUST_CHECK int fp_lease_share(const struct fp_lease *lease, struct fp_lease *out);

/**
 * Narrow the window of a lease.
 *
 * @param[in,out] lease  Its window.
 * @param[in]     off    From the present window's start [bytes, 0..len].
 * @param[in]     len    New length [bytes].
 * @return 0, or -ERANGE when the new window does not lie in the present one.
 */
FP_MUST_CHECK int fp_lease_slice(struct fp_lease *lease, uint16_t off, uint16_t len);

/**
 * Release a lease; it is empty afterwards.
 *
 * The last one gives the buffer back to its pool. An empty lease is nothing.
 */
void fp_lease_release(struct fp_lease *lease);

/**
 * Release many leases of one pool; all are empty afterwards.
 *
 * @param[in,out] leases  Shape [count]; empty ones are passed over.
 * @param[in]     count   [0..]
 * @param[in]     tsc     The frame's time, for the slots [cycles].
 * @cost   About 5 cycles a buffer above what freeing the mbuf costs.
 */
void fp_lease_release_burst(struct fp_lease *leases, uint16_t count, uint64_t tsc);

/**
 * Send what leases hold and hand the mbufs to the driver.
 *
 * The data and length of each mbuf are set to the lease's window first. A slot says "handed over"
 * before the driver sees the mbuf, because the driver may free it, and the pool grant it anew,
 * before this call returns. A buffer that has more leases is held by one more reference meanwhile.
 * Never use MBUF_FAST_FREE on a port that shared buffers are sent to.
 *
 * @param[in]     port_id   Started.
 * @param[in]     queue_id  Used by this lcore only.
 * @param[in,out] leases    Shape [count]; the first return-value of them are empty afterwards, the
 *                          rest are untouched and the caller's. The window of a shared buffer must
 *                          be the whole buffer.
 * @param[in]     count     [0..]
 * @param[in]     tsc       The frame's time, for the slots [cycles].
 * @return Leases that the driver took.
 */
uint16_t fp_lease_transmit(uint16_t port_id, uint16_t queue_id,
	FP_CONSUMES_PREFIX struct fp_lease *leases, uint16_t count, uint64_t tsc);

#ifdef __cplusplus
}
#endif

#endif /* FP_LEASE_H */
