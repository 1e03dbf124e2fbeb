/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Slots: what is known about each buffer of a pool, 16 bytes beside it.
 *
 *   generation | shares | lcore | op | tsc
 *
 * A slot lies in its pool's memzone, not in the buffer, so it outlives clones and what drivers do
 * to an mbuf, and a leak scan reads all slots without touching a buffer.
 *
 * Generations tell tenants apart: even = the buffer is with the pool or a driver, odd = it is
 * leased. Every grant and every end of a last lease moves it on by one.
 *
 * All leases of a buffer hold one mbuf reference together; shares counts the leases beyond the
 * first. Level `full` also keeps the last operations of each slot, for the message of a panic.
 */

#ifndef FP_SLOT_H
#define FP_SLOT_H

#include <rte_lcore.h>

#include "fp_atomic.h"
#include "fp_common.h"
#include "fp_lifetime.h"

#ifdef __cplusplus
extern "C" {
#endif

#if RTE_MAX_LCORE > UINT8_MAX
#error "a slot keeps an lcore in 8 bits"
#endif

/** The lcore of a slot when the thread was none. */
#define FP_SLOT_NO_LCORE UINT8_MAX

/** Operations of a slot that level `full` remembers. */
#define FP_SLOT_EVENTS 8

/** What happened to a buffer. */
enum fp_slot_op {
	FP_SLOT_NEW = 0,     /**< Never granted. */
	FP_SLOT_RECEIVED,    /**< Granted as it came from a port. */
	FP_SLOT_RENTED,      /**< Granted from the pool. */
	FP_SLOT_CLONED,      /**< Granted as a second mbuf over another buffer's data. */
	FP_SLOT_HANDED_OVER, /**< Its lease was put into a ring, for another lcore. */
	FP_SLOT_TAKEN_OVER,  /**< Its lease was taken from a ring, by another lcore. */
	FP_SLOT_RETURNED,    /**< Its last lease was released. */
	FP_SLOT_HANDED_TX,   /**< Its last lease was handed to transmission. */
	FP_SLOT_SHARED,      /**< History only: one more lease. */
	FP_SLOT_SLICED,      /**< History only: a lease's window was narrowed. */
	FP_SLOT_RELEASED,    /**< History only: one of several leases was released. */
	FP_SLOT_SENT,        /**< History only: one of several leases was handed to tx. */
	FP_SLOT_REFUSED,     /**< History only: the driver did not take it. */
	FP_SLOT_OP_COUNT,    /**< Number of operations, none itself. */
};

/** State of one buffer. Written by who holds it; the first 8 bytes at once. */
struct fp_slot {
	union {
		struct {
			uint32_t generation; /**< Odd = leased. */
			uint16_t shares;     /**< Leases beyond the first. */
			uint8_t lcore;       /**< Holder, or FP_SLOT_NO_LCORE. */
			uint8_t op;          /**< enum fp_slot_op, the last one. */
		};
		uint64_t stamp; /**< The same, for one load or store. */
	};
	uint64_t tsc; /**< When, as the caller's clock said [cycles]. */
};

/** One remembered operation of a slot. */
struct fp_slot_event {
	uint64_t tsc;        /**< When [cycles]. */
	uint32_t generation; /**< Of the slot after it. */
	uint8_t op;          /**< enum fp_slot_op */
	uint8_t lcore;       /**< Who, or FP_SLOT_NO_LCORE. */
	uint16_t shares;     /**< Leases beyond the first after it. */
};

/** The last operations of one slot; exists at level `full` only. */
struct fp_slot_history {
	uint32_t count;                              /**< Operations so far, modulo 2^32. */
	struct fp_slot_event events[FP_SLOT_EVENTS]; /**< Operation i is at i modulo the length. */
};

/**
 * Name of an operation of enum fp_slot_op.
 *
 * @return Constant text; "unknown" outside the list.
 */
const char *fp_slot_op_name(uint8_t op);

/** An lcore as slots keep it. */
static inline uint8_t
fpi_slot_lcore(uint32_t lcore)
{
	return FP_LIKELY(lcore < RTE_MAX_LCORE) ? (uint8_t)lcore : FP_SLOT_NO_LCORE;
}

/** What one more lease adds to a stamp; it has UINT16_MAX times that for them. */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define FPI_SLOT_SHARE (1ULL << 32)
#else
#define FPI_SLOT_SHARE (1ULL << 16)
#endif

/** True when a slot has no lease but one. */
static inline bool
fpi_slot_is_alone(struct fp_slot seen)
{
	return (seen.stamp & UINT16_MAX * FPI_SLOT_SHARE) == 0;
}

/** What a slot says, in one load; what the tenants before did is visible. */
static inline struct fp_slot
fpi_slot_read(const struct fp_slot *slot)
{
	struct fp_slot seen;

	/* R1: pairs with A1 in fpi_slot_stamp() and with A2 in fpi_slot_leave(). */
	seen.stamp = fp_load_acquire_u64(&slot->stamp);
	/* ThreadSanitizer does not see that 64 bits read meet 16 bits of them written. */
	if (FP_HAS_TSAN)
		(void)fp_load_acquire_u16(&slot->shares);
	seen.tsc = 0;
	return seen;
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
	/* A1: pairs with R1 in fpi_slot_read(); makes what happened under the old stamp visible. */
	fp_store_release_u64(&slot->stamp, stamped.stamp);
}

#ifdef __cplusplus
}
#endif

#endif /* FP_SLOT_H */
