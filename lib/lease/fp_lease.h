/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Leases: the right to use a buffer, held by exactly one piece of code at a time.
 *
 *                take (received)
 *    port  ----------------------->  GRANTED  --- share --->  SHARED(n)
 *    pool  ------ rent ---------->      |                        |
 *    pool  ------ clone --------->      +--- hand over, take over (another lcore)
 *                                       +--- release -----> returned to the pool
 *                                       +--- transmit ----> the driver's: not ours any more
 *
 * A lease is 16 bytes by value and is moved, not copied: whoever passes it on does not use it any
 * more. Each holder of a shared buffer has a lease of its own. Views made from a lease die with it.
 *
 * A lease carries the generation of its buffer's slot. Releasing it twice, or after the buffer went
 * to another tenant, is found by that number and stops the program (levels ref and full).
 *
 * A lease covers the whole mbuf chain; its slot is that of the first mbuf. The mbuf may be direct,
 * a clone, or over an external buffer. All leases of a buffer hold one mbuf reference together: do
 * not change the reference count of a leased mbuf, nor clone it, but through this header.
 */

#ifndef FP_LEASE_H
#define FP_LEASE_H

#include <rte_cycles.h>

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

/** All segments of a granted buffer may be read; for builds with AddressSanitizer. */
FP_COLD void fpi_lease_unpoison(const struct rte_mbuf *mbuf);

/** An empty lease. */
FP_HOT_PATH static inline struct fp_lease
fp_lease_none(void)
{
	struct fp_lease lease = { NULL, 0, 0, 0 };

	return lease;
}

/** True when there is nothing in the lease. */
FP_HOT_PATH static inline bool
fp_lease_is_empty(const struct fp_lease *lease)
{
	return lease->mbuf == NULL;
}

/** Slot of a lease's buffer. */
FP_HOT_PATH static inline struct fp_slot *
fpi_lease_slot(const struct fp_lease *lease)
{
	return fpi_pool_slot_of(lease->mbuf);
}

/** Remember, at level `full`, what happened to a lease's buffer. */
FP_HOT_PATH static inline void
fpi_lease_note(const struct fp_lease *lease, enum fp_slot_op op)
{
#if FP_LIFETIME == FP_LIFETIME_FULL
	struct fp_pool *pool = fpi_pool_of(lease->mbuf);

	fpi_pool_note(pool, fpi_pool_index(pool, lease->mbuf), op, fpi_pool_lcore(), rte_rdtsc());
#else
	(void)lease;
	(void)op;
#endif
}

/** Open the slot of an mbuf for a new tenant; returns its generation. */
FP_HOT_PATH static inline uint32_t
fpi_slot_grant(struct fp_pool *pool, const struct rte_mbuf *mbuf, enum fp_slot_op op,
	uint32_t lcore, uint64_t tsc)
{
	uint32_t idx = fpi_pool_index(pool, mbuf);
	struct fp_slot *slot = &pool->slots[idx];
	uint32_t generation = slot->generation + 1;

	if (FP_UNLIKELY((generation & 1) == 0))
		fpi_lease_taken(mbuf);
	fpi_slot_stamp(slot, generation, op, lcore, tsc);
#if FP_LIFETIME == FP_LIFETIME_FULL
	fpi_pool_note(pool, idx, op, lcore, tsc);
#endif
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
 * @cost    No allocation, no atomic read-modify-write. Bench: bench_lease receive.
 */
FP_HOT_PATH static inline void
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
		if (FP_HAS_ASAN)
			fpi_lease_unpoison(mbuf);
#if FP_LIFETIME >= FP_LIFETIME_REF
		if (FP_UNLIKELY(mbuf->pool != pool->mempool))
			fpi_lease_foreign(pool, mbuf);
		leases[i].generation = fpi_slot_grant(pool, mbuf, FP_SLOT_RECEIVED, lcore, tsc);
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
FP_MUST_CHECK FP_HOT_PATH int
fp_lease_rent(struct fp_pool *pool, uint16_t len, uint64_t tsc, struct fp_lease *lease);

/** Panic if the lease is not one of its buffer's. */
FP_HOT_PATH static inline void
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
FP_RETURNS(lease)
FP_HOT_PATH static inline struct fp_span
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
FP_RETURNS(lease)
FP_HOT_PATH static inline struct fp_cspan
fp_lease_span(const struct fp_lease *lease)
{
	return fp_span_const(fp_lease_writable(lease));
}

/** True when the buffer is one contiguous piece: the window then shows all of it. */
FP_HOT_PATH static inline bool
fp_lease_is_contiguous(const struct fp_lease *lease)
{
	return lease->mbuf->nb_segs == 1;
}

/** True when the NIC found the IPv4 or UDP checksum of what it received wrong. */
FP_HOT_PATH static inline bool
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
FP_HOT_PATH static inline uint32_t
fp_lease_total_len(const struct fp_lease *lease)
{
	return lease->mbuf->pkt_len;
}

/** Share a buffer that has more leases already. */
FP_MUST_CHECK FP_HOT_PATH int fpi_lease_share_more(struct fp_slot *slot);

/**
 * Get one more lease on the same buffer, window and all.
 *
 * @param[in]  lease  Stays valid.
 * @param[out] out    The new lease; empty on error.
 * @return 0, or -EOVERFLOW when FP_LEASE_SHARES_MAX leases are out.
 * @threads The holder of @p lease; holders of other leases of the buffer may share meanwhile.
 * @cost   The second lease is a plain store, each further one an atomic exchange.
 */
FP_MUST_CHECK FP_HOT_PATH static inline int
fp_lease_share(const struct fp_lease *lease, struct fp_lease *out)
{
	struct fp_slot *slot;
	struct fp_slot seen;

#if FP_LIFETIME >= FP_LIFETIME_REF
	if (FP_UNLIKELY(fp_lease_is_empty(lease)))
		fpi_lease_stale(lease, "share");
#endif
	slot = fpi_lease_slot(lease);
	seen = fpi_slot_read(slot);
#if FP_LIFETIME >= FP_LIFETIME_REF
	if (FP_UNLIKELY(seen.generation != lease->generation))
		fpi_lease_stale(lease, "share");
#endif
	if (FP_LIKELY(fpi_slot_is_alone(seen))) {
		/* Nobody else has a lease, so nobody else counts. As wide as its next load. */
		fp_store_relaxed_u64(&slot->stamp, seen.stamp + FPI_SLOT_SHARE);
	} else if (FP_UNLIKELY(fpi_lease_share_more(slot) != 0)) {
		*out = fp_lease_none();
		return -EOVERFLOW;
	}
	*out = *lease;
	fpi_lease_note(lease, FP_SLOT_SHARED);
	return 0;
}

/**
 * Divide a lease in two: one keeps the front of the window, the other gets the rest.
 *
 * @param[in,out] lease  Its window is [0, at) of what it was; unchanged on error.
 * @param[in]     at     Where to divide [bytes, 0..len].
 * @param[out]    out    A lease of the same buffer, its window [at, len); empty on error.
 * @return 0; -ERANGE @p at lies outside the window; -EOVERFLOW as for fp_lease_share().
 */
FP_MUST_CHECK FP_HOT_PATH int
fp_lease_split(struct fp_lease *lease, uint16_t at, struct fp_lease *out);

/**
 * Lease the data of a buffer a second time, through an mbuf of its own.
 *
 * A clone has its own headers and window, so that any part of a shared buffer can be transmitted;
 * the data is the same and must not be written while several see it.
 *
 * @param[in]     lease  Stays valid; its buffer's memory lasts until the clone is gone as well.
 * @param[in,out] pool   Gives an mbuf for each segment, whose data rooms stay unused. One of pinned
 *                       external buffers stops the program: its mbufs cannot be clones.
 * @param[in]     tsc    The caller's time, for the slot [cycles].
 * @param[out]    out    The clone with the window of @p lease; empty on error.
 * @return 0; -ENOBUFS (counted) @p pool is empty; -EOVERFLOW the buffer has too many references.
 * @owns    The clone has a slot of its own, in @p pool, where it counts as rented.
 */
FP_MUST_CHECK FP_HOT_PATH int fp_lease_clone(
	const struct fp_lease *lease, struct fp_pool *pool, uint64_t tsc, struct fp_lease *out);

/** Move a lease out of where it is kept, which is empty afterwards. */
FP_HOT_PATH static inline struct fp_lease
fp_lease_transfer(struct fp_lease *lease)
{
	struct fp_lease moved = *lease;

	*lease = fp_lease_none();
	return moved;
}

/**
 * Narrow the window of a lease.
 *
 * @param[in,out] lease  Its window.
 * @param[in]     off    From the present window's start [bytes, 0..len].
 * @param[in]     len    New length [bytes].
 * @return 0, or -ERANGE when the new window does not lie in the present one.
 */
FP_MUST_CHECK FP_HOT_PATH int fp_lease_slice(struct fp_lease *lease, uint16_t off, uint16_t len);

/** End the last lease of a buffer. */
FP_HOT_PATH void fpi_lease_end(struct fp_lease *lease);

/** Give up one of several leases; false when it turns out to be the last. */
FP_HOT_PATH static inline bool
fpi_slot_leave(struct fp_slot *slot)
{
	/* A2: pairs with R1 in fpi_slot_read(); who is last sees what the others did. */
	if (FP_LIKELY(!fp_decrement_below_u16(&slot->shares)))
		return true;
	fp_store_relaxed_u16(&slot->shares, 0);
	return false;
}

/**
 * Release a lease; it is empty afterwards.
 *
 * The last one gives the buffer back to its pool. An empty lease is nothing.
 *
 * @threads Any; see fp_pool.h for those that are no lcore.
 * @cost    One of several: an atomic subtraction. The last: reads the clock.
 */
FP_HOT_PATH static inline void
fp_lease_release(FP_TAKES struct fp_lease *lease)
{
	struct fp_slot *slot;
	struct fp_slot seen;

	if (fp_lease_is_empty(lease))
		return;
	slot = fpi_lease_slot(lease);
	seen = fpi_slot_read(slot);
#if FP_LIFETIME >= FP_LIFETIME_REF
	if (FP_UNLIKELY(seen.generation != lease->generation))
		fpi_lease_stale(lease, "release");
#endif
	if (fpi_slot_is_alone(seen)) {
		fpi_lease_end(lease);
		return;
	}
	fpi_lease_note(lease, FP_SLOT_RELEASED);
	if (FP_LIKELY(fpi_slot_leave(slot))) {
		lease->mbuf = NULL;
	} else {
		fpi_lease_end(lease);
	}
}

/**
 * Release many leases of one pool; all are empty afterwards.
 *
 * @param[in,out] leases  Shape [count]; empty ones are passed over.
 * @param[in]     count   [0..]
 * @param[in]     tsc     The frame's time, for the slots [cycles].
 * @cost   As fp_lease_take_burst(), for buffers that nobody shares. Bench: bench_lease receive.
 */
FP_HOT_PATH void
fp_lease_release_burst(FP_TAKES struct fp_lease *leases, uint16_t count, uint64_t tsc);

/**
 * Say that leases leave this lcore for another one, right before they are put into a ring.
 *
 * Reports then tell since when they are under way. fp_handoff.h does it; so does who has a ring of
 * their own.
 *
 * @param[in] leases  Shape [count]; not empty, still the caller's.
 * @param[in] count   [0..]
 * @param[in] tsc     The frame's time [cycles].
 */
FP_HOT_PATH void fp_lease_hand_over(const struct fp_lease *leases, uint16_t count, uint64_t tsc);

/** Say that leases have arrived: the calling lcore holds them. @see fp_lease_hand_over */
FP_HOT_PATH void fp_lease_take_over(const struct fp_lease *leases, uint16_t count, uint64_t tsc);

/**
 * Send what leases hold and hand the mbufs to the driver.
 *
 * The data and length of each mbuf are set to the lease's window first. The slot of an only lease
 * is closed before the driver sees the mbuf, because the driver may free it, and the pool grant it
 * anew, before this call returns. For one of several leases the driver gets an mbuf reference of
 * its own. Never use MBUF_FAST_FREE on a port that shared buffers are sent to.
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
FP_HOT_PATH uint16_t fp_lease_transmit(uint16_t port_id, uint16_t queue_id,
	FP_CONSUMES_PREFIX struct fp_lease *leases, uint16_t count, uint64_t tsc);

#ifdef __cplusplus
}
#endif

#endif /* FP_LEASE_H */
