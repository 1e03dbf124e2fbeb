/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * The order table: every live order of a channel by its id. Internal to lib/book.
 *
 *    heads[hash(id)] -> record -> record -> 0
 *
 * Records are numbered from 1, so that zeroed memory is an empty table. A record that is freed is
 * the next to be used: it is still in the cache. The hash folds an id onto the heads and does not
 * mix it: ids that a venue counts upwards land on adjacent heads, sixteen to a cache line, and ids
 * that differ in their high bits still spread.
 */

#ifndef FPI_ORDERS_H
#define FPI_ORDERS_H

#include <assert.h>

#include <rte_common.h>

#include "fp_arena.h"

/** No record, no level, no block. */
#define FPI_NONE 0U

/** A live order; a free record has level FPI_NONE. */
struct fpi_order {
	uint64_t id;            /**< The venue's. */
	uint32_t quantity;      /**< What remains [units, 1..]. */
	uint32_t level;         /**< Level record that it is part of. */
	uint32_t next;          /**< In the chain of its head, or in the free list. */
	uint32_t instrument_id; /**< Whose book holds it. */
	uint8_t side;           /**< 0 = buy, 1 = sell. */
} __rte_aligned(32);

static_assert(sizeof(struct fpi_order) == 32, "two orders share a cache line, none straddles two");

/** The table. */
struct fpi_orders {
	uint32_t *heads;           /**< Shape [mask + 1]: first record of each chain. */
	struct fpi_order *records; /**< Shape [max + 1]; record 0 is none. */
	uint64_t mask;             /**< Heads - 1, a power of two - 1. */
	uint32_t bits;             /**< Bits of mask [0..31]. */
	uint32_t free;             /**< First record of the free list. */
	uint32_t used;             /**< Records 1..used have been live since the last clear. */
	uint32_t max;              /**< Records. */
	uint64_t *live;            /**< The books' counter of live orders. */
};

/** Bytes of arena for a table of @p max orders. */
uint64_t fpi_orders_bytes(uint32_t max);

/** Make an empty table of @p max orders, counted in @p live; 0, or -ENOMEM. */
FP_MUST_CHECK int
fpi_orders_init(struct fpi_orders *orders, uint32_t max, uint64_t *live, struct fp_arena *arena);

/** Empty the table. Cost: one pass over the records used since the last clear. */
void fpi_orders_clear(struct fpi_orders *orders);

/** The head of an id's chain. */
FP_HOT_PATH static inline uint32_t *
fpi_orders_head(const struct fpi_orders *orders, uint64_t id)
{
	uint64_t folded = id ^ id >> orders->bits ^ id >> 2 * orders->bits;

	return &orders->heads[folded & orders->mask];
}

/** The link that names an order's record: *link is FPI_NONE when the id is not live. */
FP_HOT_PATH static inline uint32_t *
fpi_orders_find(const struct fpi_orders *orders, uint64_t id)
{
	uint32_t *link = fpi_orders_head(orders, id);

	while (*link != FPI_NONE && orders->records[*link].id != id)
		link = &orders->records[*link].next;
	return link;
}

/** True when no record is left for fpi_orders_insert(). */
FP_HOT_PATH static inline bool
fpi_orders_is_full(const struct fpi_orders *orders)
{
	return orders->free == FPI_NONE && orders->used == orders->max;
}

/** Put an order, whose id is not live, into the table, which is not full. */
FP_HOT_PATH static inline void
fpi_orders_insert(struct fpi_orders *orders, const struct fpi_order *order)
{
	uint32_t *head = fpi_orders_head(orders, order->id);
	uint32_t idx = orders->free;

	if (idx != FPI_NONE) {
		orders->free = orders->records[idx].next;
	} else {
		idx = ++orders->used;
	}
	orders->records[idx] = *order;
	orders->records[idx].next = *head;
	*head = idx;
	fp_store_relaxed_u64(orders->live, *orders->live + 1);
}

/** Take the order that @p link names out of the table. */
FP_HOT_PATH static inline void
fpi_orders_remove(struct fpi_orders *orders, uint32_t *link)
{
	uint32_t idx = *link;
	struct fpi_order *order = &orders->records[idx];

	*link = order->next;
	order->level = FPI_NONE;
	order->next = orders->free;
	orders->free = idx;
	fp_store_relaxed_u64(orders->live, *orders->live - 1);
}

#endif /* FPI_ORDERS_H */
