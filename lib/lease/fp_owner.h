/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Owners: memory that outlives the frame, with exactly one owner who disposes of it or gives it on.
 *
 *     rent  -->  LIVE  -- transfer -->  LIVE, another holder      the old handle is over
 *     wrap  -->   |  ^
 *                 |  +-- -EBUSY while pins are out
 *                 +----- dispose -->  free: every memory of it answers -ESTALE
 *
 * A table has a fixed number of records, each with a block of memory of its own. A rented owner has
 * the block; a wrapping owner has a buffer's lease instead. Both look the same to memories and pins
 * (fp_memory.h), which may be stored. For asynchronous edges (R-04-04), not for the hot path: each
 * step is an atomic operation or two.
 *
 * struct fp_owner is 16 bytes by value and moved, not copied. The record knows the tenant by a
 * generation and the present holder by a ticket, so that a copy that was kept beyond a transfer or
 * dispose stops the program when it is used, at every lifetime level.
 *
 * Everything lies in one memzone at one address in all processes; private memory is not pointed to.
 * All functions may be called by any thread, unless they say otherwise. Free records are kept in an
 * rte_ring: as with a mempool, a thread that loses its CPU inside rent, wrap or dispose holds up
 * others that do the same until it goes on, so none of them may have a real-time priority above it.
 */

#ifndef FP_OWNER_H
#define FP_OWNER_H

#include <rte_memory.h>

#include "fp_common.h"
#include "fp_error.h"
#include "fp_lease.h"
#include "fp_memory.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Room for a table's name, its terminator included [bytes]. */
#define FP_OWNERS_NAME_BYTES 24

/** Tables that one process may have at a time. */
#define FP_OWNERS_MAX 16

/** Most records of one table. */
#define FP_OWNERS_RECORDS_MAX (1U << 20)

/** Largest block [bytes]. */
#define FP_OWNERS_BLOCK_MAX (1U << 30)

/** A table of owners. */
struct fp_owners;

/** The right and the duty to end an owner. Empty when record is NULL. */
struct fp_owner {
	struct fp_owner_record *record; /**< In the table; NULL = empty. */
	uint32_t generation;            /**< Of this tenant. */
	uint32_t ticket;                /**< Of this holder. */
};

/** What last happened to an owner. */
enum fp_owner_op {
	FP_OWNER_NEW = 0,     /**< Never had a tenant. */
	FP_OWNER_RENTED,      /**< A block was rented. */
	FP_OWNER_WRAPPED,     /**< A lease was taken. */
	FP_OWNER_TRANSFERRED, /**< A new holder. */
	FP_OWNER_PINNED,      /**< One more pin. */
	FP_OWNER_UNPINNED,    /**< One pin less. */
	FP_OWNER_DISPOSED,    /**< Ended. */
};

/** What a table is made with. */
struct fp_owners_params {
	const char *name;     /**< Unique [1..FP_OWNERS_NAME_BYTES - 1 characters]. */
	uint32_t count;       /**< Records [1..FP_OWNERS_RECORDS_MAX]. */
	uint32_t block_bytes; /**< Of each block [bytes, 0..FP_OWNERS_BLOCK_MAX]; 0 = only wraps. */
	int socket_id;        /**< NUMA node, or SOCKET_ID_ANY. */
};

/** What a table counts. */
struct fp_owners_counters {
	uint64_t rented;      /**< Blocks rented. */
	uint64_t wrapped;     /**< Leases taken. */
	uint64_t disposed;    /**< Owners ended. */
	uint64_t transferred; /**< Changes of holder. */
	uint64_t pinned;      /**< Pins given. */
	uint64_t unpinned;    /**< Pins released. */
	uint64_t refused;     /**< Rents and wraps that found no free record. */
	uint64_t busy;        /**< Disposals that found pins out. */
};

/** A live owner, for reports. */
struct fp_owner_holder {
	uint64_t tsc;        /**< When it was rented or wrapped [cycles]. */
	uint32_t record_idx; /**< [0..count - 1] */
	uint32_t generation; /**< Odd. */
	uint32_t len;        /**< Of its memory [bytes]. */
	uint16_t pins;       /**< Out now. */
	uint8_t lcore;       /**< That rented or wrapped; UINT8_MAX = no lcore. */
	uint8_t origin;      /**< FP_OWNER_RENTED or FP_OWNER_WRAPPED. */
	uint8_t op;          /**< enum fp_owner_op, the last one. */
};

/**
 * Make a table in a memzone of its own.
 *
 * Blocks start at a cache line, those of a page or more at a page; in IOVA mode PA the memzone is
 * contiguous for devices, too.
 *
 * @param[in]  params  What is wanted.
 * @param[out] out     The table; NULL on failure.
 * @return 0; -EINVAL a parameter is out of range; -EEXIST the name is taken; -ENOMEM there is no
 *         such memory, or FP_OWNERS_MAX tables exist.
 * @owns    The caller destroys it.
 * @threads Start-up only, EAL initialised.
 */
FP_MUST_CHECK int fp_owners_create(const struct fp_owners_params *params, struct fp_owners **out);

/**
 * Free a table and its memzone; NULL is nothing.
 *
 * A live owner is a leak, and a pin may be a device that writes: both stop the program with a list
 * of the live ones, before anything is freed. Memories may be left; they answer -ESTALE.
 *
 * @threads When no other thread uses the table.
 */
void fp_owners_destroy(struct fp_owners *owners);

/** Bytes of memzone that a table takes, for sizing; @p params as for fp_owners_create(). */
uint64_t fp_owners_bytes(const struct fp_owners_params *params);

/** Read the counters. */
void fp_owners_count(const struct fp_owners *owners, struct fp_owners_counters *total);

/** Owners that live now: rented + wrapped - disposed. */
uint64_t fp_owners_live(const struct fp_owners *owners);

/** Name of a table, as it was given. */
const char *fp_owners_name(const struct fp_owners *owners);

/**
 * List live owners, in the order of their records; tsc tells which is the oldest.
 *
 * @param[in]  owners   To look through.
 * @param[in]  from     First record to look at.
 * @param[out] holders  Shape [cap]; the first return-value entries are filled.
 * @param[in]  cap      Most to list.
 * @return Owners listed; the walk can go on behind the last one's record.
 * @threads Any; what is seen is exact only while the table rests.
 */
uint32_t fp_owners_holders(const struct fp_owners *owners, uint32_t from,
	struct fp_owner_holder *holders, uint32_t cap);

/** Name of an operation of enum fp_owner_op. */
const char *fp_owner_op_name(uint8_t op);

/** The tables that exist, for reports; NULL when the place [0..FP_OWNERS_MAX - 1] is empty. */
const struct fp_owners *fp_owners_at(uint32_t idx);

/** An empty handle. */
FP_HOT_PATH static inline struct fp_owner
fp_owner_none(void)
{
	struct fp_owner owner = { NULL, 0, 0 };

	return owner;
}

/** True when there is nothing in the handle: it was disposed, transferred or never filled. */
FP_HOT_PATH static inline bool
fp_owner_is_empty(const struct fp_owner *owner)
{
	return owner->record == NULL;
}

/**
 * Rent a block.
 *
 * Of the free records the one that has been free for the longest is taken.
 *
 * @param[in]  owners  To rent from.
 * @param[in]  len     Length of the owner's memory, exactly [bytes, 0..block_bytes].
 * @param[out] owner   Its contents are unspecified; empty on error.
 * @return 0; -ENOBUFS (counted) when no record is free; -ERANGE @p len is larger than a block.
 * @owns    The caller disposes @p owner or transfers it.
 */
FP_MUST_CHECK FP_HOT_PATH int
fp_owner_rent(struct fp_owners *owners, uint32_t len, struct fp_owner *owner);

/**
 * Make an owner of a lease: the lease's window becomes its memory.
 *
 * If other leases share the buffer, the memory is for reading only, as with fp_lease_span().
 *
 * @param[in]     owners  That has a record for it.
 * @param[in,out] lease   Not empty; empty afterwards, also on error: it is released then.
 * @param[out]    owner   Empty on error.
 * @return 0; -ENOBUFS (counted) when no record is free; -ERANGE the window is not in one piece.
 * @owns    The caller disposes @p owner or transfers it; dispose releases the lease.
 * @threads Any that may release the lease.
 */
FP_MUST_CHECK FP_HOT_PATH int
fp_owner_wrap(struct fp_owners *owners, FP_TAKES struct fp_lease *lease, struct fp_owner *owner);

/**
 * Get the memory of an owner, all of it.
 *
 * @param[in] owner  A present handle; an empty or old one stops the program.
 * @return Memory that holds until the owner is disposed, through any number of transfers.
 */
FP_HOT_PATH struct fp_memory fp_owner_memory(const struct fp_owner *owner);

/**
 * Pass an owner on.
 *
 * Memories and pins stay as they are.
 *
 * @param[in,out] from  A present handle; empty afterwards. An empty or old one, which was disposed
 *                      or transferred before, stops the program.
 * @return The handle of the new holder; copies of @p from are over.
 */
FP_MUST_CHECK FP_HOT_PATH struct fp_owner fp_owner_transfer(struct fp_owner *from);

/**
 * End an owner: its memories are stale from here on, its block or lease is given back.
 *
 * @param[in,out] owner  A present handle, or empty, which is nothing; empty after 0, else as it
 *                       was. An old one stops the program.
 * @return 0, or -EBUSY (counted) when pins are out; nothing has changed then.
 * @threads Of an owner that wraps a lease, any that may release the lease.
 */
FP_MUST_CHECK FP_HOT_PATH int fp_owner_dispose(struct fp_owner *owner);

#ifdef __cplusplus
}
#endif

#endif /* FP_OWNER_H */
