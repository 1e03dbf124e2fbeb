/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Price levels, and the sorted sides of books that they form. Internal to lib/book.
 *
 *    side -> block -----------------> block -> 0      best block first
 *            [k k k k k . . . . . ]   [k k k k ... ]   keys ascending: the best at the end
 *             | | | | |
 *             level records, which orders know directly
 *
 * A side is a list of blocks of FPI_BLOCK_LEVELS places; the first block holds the best levels. A
 * change near the best moves a few words of one block, whatever the depth of the book, and every
 * block has the same size, so that freeing one makes room for any other. What bounds their number
 * is proved in fp_levels.c.
 *
 * A key is the price of a bid and the complement of the price of an offer: the better level has the
 * greater key on either side, and no price overflows.
 */

#ifndef FPI_LEVELS_H
#define FPI_LEVELS_H

#include <assert.h>

#include <rte_common.h>

#include "fp_arena.h"
#include "fp_units.h"
#include "fpi_orders.h"

/** Places of a block: with its links it fills two cache lines. */
#define FPI_BLOCK_LEVELS 10U

/** One price level. */
struct fpi_level {
	int64_t key;
	int64_t quantity; /**< Sum of its orders, or the total that the venue sent [units]. */
	uint32_t orders;  /**< Orders that make it up. */
	uint32_t next;    /**< In the free list. */
} __rte_aligned(32);

static_assert(sizeof(struct fpi_level) == 32, "no level straddles two cache lines");

/** A run of levels of one side. */
struct fpi_block {
	uint32_t worse;                    /**< Block of the next worse levels, or free block. */
	uint32_t count;                    /**< Places taken [1..FPI_BLOCK_LEVELS]. */
	int64_t keys[FPI_BLOCK_LEVELS];    /**< Ascending; INT64_MAX where no level is. */
	uint32_t levels[FPI_BLOCK_LEVELS]; /**< Record of the level at the same place. */
} FP_CACHE_ALIGNED;

static_assert(sizeof(struct fpi_block) == 128, "a block is two cache lines");

/** The levels of all books of a channel. */
struct fpi_levels {
	struct fpi_level *records; /**< Shape [max + 1]; record 0 is none. */
	struct fpi_block *blocks;  /**< Shape [blocks_max + 1]; block 0 is none. */
	uint32_t free;             /**< First record of the free list. */
	uint32_t used;             /**< Records 1..used have been taken since the last clear. */
	uint32_t max;              /**< Records. */
	uint32_t blocks_free;      /**< First block of the free list. */
	uint32_t blocks_used; /**< Blocks 1..blocks_used have been taken since the last clear. */
	uint32_t blocks_max;  /**< Blocks. */
	uint64_t *live;       /**< The books' counter of levels. */
};

/** Bytes of arena for @p max levels of the books of @p instruments instruments. */
uint64_t fpi_levels_bytes(uint32_t max, uint32_t instruments);

/** Make room for @p max levels, counted in @p live; 0, or -ENOMEM. */
FP_MUST_CHECK int fpi_levels_init(struct fpi_levels *levels, uint32_t max, uint32_t instruments,
	uint64_t *live, struct fp_arena *arena);

/** Free every level. The sides that held them are to be set to FPI_NONE by the caller. O(1). */
void fpi_levels_clear(struct fpi_levels *levels);

/** Free the levels of one side. */
void fpi_levels_clear_side(struct fpi_levels *levels, uint32_t *side);

/** The level of that key in a side, made with quantity and orders 0 when absent; FPI_NONE: full. */
uint32_t fpi_levels_obtain(struct fpi_levels *levels, uint32_t *side, int64_t key);

/** Take a level out of its side and free it. */
void fpi_levels_remove(struct fpi_levels *levels, uint32_t *side, int64_t key);

/** The level of that key in a side, or FPI_NONE. */
uint32_t fpi_levels_find(const struct fpi_levels *levels, uint32_t side, int64_t key);

/** The level at place @p depth of a side, 0 = best; FPI_NONE beyond the last. */
uint32_t fpi_levels_at(const struct fpi_levels *levels, uint32_t side, uint32_t depth);

/** Key of a price: side is 0 = buy, 1 = sell. */
FP_HOT_PATH static inline int64_t
fpi_level_key(uint32_t side, struct fp_price price)
{
	return price.ticks ^ -(int64_t)side;
}

/** Price of a key. */
FP_HOT_PATH static inline struct fp_price
fpi_level_price(uint32_t side, int64_t key)
{
	struct fp_price price = { key ^ -(int64_t)side };

	return price;
}

/** The best level of a side, or FPI_NONE. */
FP_HOT_PATH static inline uint32_t
fpi_levels_best(const struct fpi_levels *levels, uint32_t side)
{
	const struct fpi_block *block = &levels->blocks[side];

	return side == FPI_NONE ? FPI_NONE : block->levels[block->count - 1];
}

#endif /* FPI_LEVELS_H */
