/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * What a table of owners is made of. Internal to lib/lease.
 *
 *   memzone  | table | record 0 | ... | record n-1 | ring of free records | block 0 | ... |
 *
 * A record's word holds all that decides whether an operation may happen, and changes as one: the
 * generation (odd = live), the pins that are out, and the low half of the holder's ticket. The
 * proof that uses this stands in fp_owner.c.
 */

#ifndef FPI_OWNER_H
#define FPI_OWNER_H

#include <assert.h>

#include <rte_memzone.h>
#include <rte_ring.h>

#include "fp_owner.h"

/** Operations that a record remembers; the one of rent or wrap is kept besides. */
#if FP_LIFETIME == FP_LIFETIME_FULL
#define FPI_OWNER_EVENTS 8
#else
#define FPI_OWNER_EVENTS 1
#endif

/** What decides about a record. Changed by compare-and-swap of the whole. */
union fpi_owner_word {
	struct {
		uint32_t generation; /**< Odd = live; also the word that spans watch. */
		uint16_t pins;       /**< Out now. */
		uint16_t ticket;     /**< Of the present holder, its low half. */
	};
	uint64_t bits; /**< The same at once. */
};

static_assert(sizeof(union fpi_owner_word) == 8, "one compare-and-swap");

/** An operation. Of two at once on one record, one may be lost or mixed: it is for people. */
struct fpi_owner_event {
	uint64_t tsc; /**< When [cycles]. */
	union {
		struct {
			uint32_t generation; /**< After it. */
			uint16_t pins;       /**< After it. */
			uint8_t op;          /**< enum fp_owner_op */
			uint8_t lcore;       /**< That did it; UINT8_MAX = no lcore. */
		};
		uint64_t bits; /**< The same at once. */
	};
};

/** An owner's state. */
struct fp_owner_record {
	union fpi_owner_word word; /**< Who may do what. */
	void *data;                /**< First byte; changes only while the record is free. */
	rte_iova_t iova;           /**< The same for a device, or RTE_BAD_IOVA. */
	struct fp_lease lease;     /**< That is wrapped; empty = the record's own block. */
	uint32_t len;              /**< Of the memory [bytes]. */
	uint32_t ticket_high;      /**< Of the present holder, its high half; its low half wraps. */
	struct fpi_owner_event granted;                  /**< How the tenant came. */
	uint32_t events_seen;                            /**< Operations until now; wraps. */
	struct fpi_owner_event events[FPI_OWNER_EVENTS]; /**< The last ones, at events_seen - 1. */
} FP_CACHE_ALIGNED;

/** A table. */
struct fp_owners {
	/* constant after creation */
	struct fp_owner_record *records; /**< Shape [count]. */
	struct rte_ring *free;           /**< Records without a tenant, first in first out. */
	uint8_t *blocks;                 /**< Shape [count * stride]. */
	rte_iova_t iova;                 /**< Of blocks, or RTE_BAD_IOVA. */
	uint64_t stride;                 /**< Distance of two blocks [bytes]. */
	const struct rte_memzone *zone;  /**< All of it. */
	uint32_t count;                  /**< Records. */
	uint32_t block_bytes;            /**< As given. */
	char name[FP_OWNERS_NAME_BYTES]; /**< As given. */
	/* any thread, by atomic addition */
	struct fp_owners_counters counters FP_CACHE_ALIGNED; /**< As they are counted. */
};

/** The table that has a record, or NULL when none does: it was destroyed, or never was one. */
struct fp_owners *fpi_owners_of(const struct fp_owner_record *record);

/** Remember an operation; @p word as it left it. */
void fpi_owner_note(struct fp_owner_record *record, enum fp_owner_op op, union fpi_owner_word word);

/** Add to a panic what is known of a record. */
FP_COLD void
fpi_owner_explain(const struct fp_owners *owners, const struct fp_owner_record *record);

/** Read the state of a record, and all that was done before it was written. */
static inline union fpi_owner_word
fpi_owner_load(const struct fp_owner_record *record)
{
	union fpi_owner_word word;

	word.bits = fp_load_acquire_u64(&record->word.bits);
	return word;
}

/** Change the state of a record if it is still @p seen, which is updated otherwise. */
static inline bool
fpi_owner_change(
	struct fp_owner_record *record, union fpi_owner_word *seen, union fpi_owner_word next)
{
	return fp_compare_exchange_u64(&record->word.bits, &seen->bits, next.bits);
}

/** Index of a record in its table. */
static inline uint32_t
fpi_owner_idx(const struct fp_owners *owners, const struct fp_owner_record *record)
{
	return (uint32_t)(record - owners->records);
}

#endif /* FPI_OWNER_H */
