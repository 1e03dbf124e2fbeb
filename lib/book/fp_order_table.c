/* SPDX-License-Identifier: BSD-3-Clause */

#include <rte_common.h>

#include "fp_error.h"
#include "fpi_orders.h"

/* Heads of a table of max orders: a power of two, at least one per order. */
static uint32_t
count_heads(uint32_t max)
{
	return max == 0 ? 1 : rte_align32pow2(max);
}

uint64_t
fpi_orders_bytes(uint32_t max)
{
	return fp_arena_array_bytes(count_heads(max), sizeof(uint32_t), FP_CACHE_LINE_BYTES) +
		fp_arena_array_bytes(
			(uint64_t)max + 1, sizeof(struct fpi_order), FP_CACHE_LINE_BYTES);
}

int
fpi_orders_init(struct fpi_orders *orders, uint32_t max, uint64_t *live, struct fp_arena *arena)
{
	const uint32_t heads = count_heads(max);

	orders->heads = fp_arena_array(arena, heads, sizeof(uint32_t), FP_CACHE_LINE_BYTES);
	orders->records = fp_arena_array(
		arena, (uint64_t)max + 1, sizeof(struct fpi_order), FP_CACHE_LINE_BYTES);
	if (orders->heads == NULL || orders->records == NULL)
		return -ENOMEM;
	orders->mask = heads - 1;
	orders->bits = (uint32_t)__builtin_ctz(heads);
	orders->free = FPI_NONE;
	orders->used = 0;
	orders->max = max;
	orders->live = live;
	return 0;
}

/*
 * Every id that is in a chain is the id of a record in 1..used. Freed records keep the id they had;
 * the head that it names is to be emptied anyway.
 */
void
fpi_orders_clear(struct fpi_orders *orders)
{
	for (uint32_t idx = 1; idx <= orders->used; idx++)
		*fpi_orders_head(orders, orders->records[idx].id) = FPI_NONE;
	orders->free = FPI_NONE;
	orders->used = 0;
	fp_store_relaxed_u64(orders->live, 0);
}
