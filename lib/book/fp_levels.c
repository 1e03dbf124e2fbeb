/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Why blocks cannot run out. Let K be FPI_BLOCK_LEVELS and h = K/2 + 1.
 *
 * Invariant: no block is empty, and two neighbouring blocks of a side hold at least h levels
 * together.
 *
 *   Insert, block not full: counts only grow.
 *   Insert, block full: it is split into two of K/2, one of which gets the new level. The two hold
 *     K + 1 >= h; each with its other neighbour, which is not empty, at least K/2 + 1 = h.
 *   Remove: a pair may fall to h - 1 = K/2; then the two are merged. The merged block holds what
 *     one of the two held, and at least 1 of the other on top, so that its pairs with its other
 *     neighbours, h - 1 or more before, are h or more now.
 *   Remove, block empty: it is unlinked. It held 1, so each neighbour held at least h - 1 = K/2;
 *     those two, now neighbours, hold K >= h.
 *
 * Hence a side of n >= 1 levels has at most 1 + 2(n - 1)/h blocks: b blocks form floor(b/2)
 * disjoint pairs, and one block of at least 1 when b is odd. Summed over the s sides that are not
 * empty, N levels have at most s + 2(N - s)/h blocks. That grows with s, and s is at most N and at
 * most two per instrument: count_blocks() is the bound. It holds after every operation, and no
 * operation has more blocks in between than after it: a split gives a block to a level that has its
 * record already. So a level that gets a record always gets a place.
 */

#include <string.h>

#include <rte_common.h>

#include "fp_error.h"
#include "fp_panic.h"
#include "fpi_levels.h"

#define HALF (FPI_BLOCK_LEVELS / 2)

static_assert(FPI_BLOCK_LEVELS % 2 == 0 && HALF >= 1, "the proof above needs an even number");

static uint32_t
count_blocks(uint32_t max, uint32_t instruments)
{
	const uint64_t sides = RTE_MIN((uint64_t)max, 2 * (uint64_t)instruments);

	return (uint32_t)(sides + 2 * (max - sides) / (HALF + 1));
}

uint64_t
fpi_levels_bytes(uint32_t max, uint32_t instruments)
{
	const uint64_t blocks = count_blocks(max, instruments);

	return fp_arena_array_bytes(
		       (uint64_t)max + 1, sizeof(struct fpi_level), FP_CACHE_LINE_BYTES) +
		fp_arena_array_bytes(blocks + 1, sizeof(struct fpi_block), FP_CACHE_LINE_BYTES);
}

int
fpi_levels_init(struct fpi_levels *levels, uint32_t max, uint32_t instruments, uint64_t *live,
	struct fp_arena *arena)
{
	const uint32_t blocks = count_blocks(max, instruments);

	levels->records = fp_arena_array(
		arena, (uint64_t)max + 1, sizeof(struct fpi_level), FP_CACHE_LINE_BYTES);
	levels->blocks = fp_arena_array(
		arena, (uint64_t)blocks + 1, sizeof(struct fpi_block), FP_CACHE_LINE_BYTES);
	if (levels->records == NULL || levels->blocks == NULL)
		return -ENOMEM;
	levels->max = max;
	levels->blocks_max = blocks;
	levels->live = live;
	fpi_levels_clear(levels);
	return 0;
}

void
fpi_levels_clear(struct fpi_levels *levels)
{
	levels->free = FPI_NONE;
	levels->used = 0;
	levels->blocks_free = FPI_NONE;
	levels->blocks_used = 0;
	fp_store_relaxed_u64(levels->live, 0);
}

/* A record with quantity and orders 0, or FPI_NONE when none is left. */
static uint32_t
take_level(struct fpi_levels *levels, int64_t key)
{
	uint32_t idx = levels->free;
	struct fpi_level *level;

	if (idx == FPI_NONE && levels->used == levels->max)
		return FPI_NONE;
	if (idx != FPI_NONE) {
		levels->free = levels->records[idx].next;
	} else {
		idx = ++levels->used;
	}
	level = &levels->records[idx];
	level->key = key;
	level->quantity = 0;
	level->orders = 0;
	fp_store_relaxed_u64(levels->live, *levels->live + 1);
	return idx;
}

static void
free_level(struct fpi_levels *levels, uint32_t idx)
{
	levels->records[idx].next = levels->free;
	levels->free = idx;
	fp_store_relaxed_u64(levels->live, *levels->live - 1);
}

/* An empty block before block worse. By the proof above there is one. */
static uint32_t
take_block(struct fpi_levels *levels, uint32_t worse)
{
	uint32_t idx = levels->blocks_free;
	struct fpi_block *block;

	if (idx != FPI_NONE) {
		levels->blocks_free = levels->blocks[idx].worse;
	} else {
		FP_ASSERT(levels->blocks_used < levels->blocks_max);
		idx = ++levels->blocks_used;
	}
	block = &levels->blocks[idx];
	block->worse = worse;
	block->count = 0;
	for (uint32_t i = 0; i < FPI_BLOCK_LEVELS; i++)
		block->keys[i] = INT64_MAX;
	return idx;
}

static void
free_block(struct fpi_levels *levels, uint32_t idx)
{
	levels->blocks[idx].worse = levels->blocks_free;
	levels->blocks_free = idx;
}

/*
 * Keys of a block below key: the place where key is, or where it belongs. Always looks at all
 * places, which is cheaper than to mispredict where to stop; places without a level hold INT64_MAX,
 * which is below no key.
 */
FP_HOT_PATH static inline uint32_t
place_of(const struct fpi_block *block, int64_t key)
{
	uint32_t place = 0;

	for (uint32_t i = 0; i < FPI_BLOCK_LEVELS; i++)
		place += block->keys[i] < key;
	return place;
}

static inline bool
is_at(const struct fpi_block *block, uint32_t place, int64_t key)
{
	return place < block->count && block->keys[place] == key;
}

/* The block of a side where a key is or belongs. The search walks from the best block on. */
FP_HOT_PATH static inline uint32_t
block_of(const struct fpi_levels *levels, uint32_t side, int64_t key)
{
	uint32_t idx = side;

	while (key < levels->blocks[idx].keys[0] && levels->blocks[idx].worse != FPI_NONE)
		idx = levels->blocks[idx].worse;
	return idx;
}

uint32_t
fpi_levels_find(const struct fpi_levels *levels, uint32_t side, int64_t key)
{
	const struct fpi_block *block = &levels->blocks[block_of(levels, side, key)];
	uint32_t place = place_of(block, key);

	if (side == FPI_NONE || !is_at(block, place, key))
		return FPI_NONE;
	return block->levels[place];
}

/* Move the worse half of a full block into a new block after it. */
static void
split(struct fpi_levels *levels, uint32_t idx)
{
	struct fpi_block *better = &levels->blocks[idx];
	uint32_t worse_idx = take_block(levels, better->worse);
	struct fpi_block *worse = &levels->blocks[worse_idx];

	for (uint32_t i = 0; i < HALF; i++) {
		worse->keys[i] = better->keys[i];
		worse->levels[i] = better->levels[i];
		better->keys[i] = better->keys[HALF + i];
		better->levels[i] = better->levels[HALF + i];
		better->keys[HALF + i] = INT64_MAX;
	}
	worse->count = HALF;
	better->count = HALF;
	better->worse = worse_idx;
}

/* Move all levels of the block after idx, which fit, into idx. */
static void
merge(struct fpi_levels *levels, uint32_t idx)
{
	struct fpi_block *better = &levels->blocks[idx];
	uint32_t worse_idx = better->worse;
	const struct fpi_block *worse = &levels->blocks[worse_idx];

	for (uint32_t i = better->count; i-- > 0;) {
		better->keys[worse->count + i] = better->keys[i];
		better->levels[worse->count + i] = better->levels[i];
	}
	for (uint32_t i = 0; i < worse->count; i++) {
		better->keys[i] = worse->keys[i];
		better->levels[i] = worse->levels[i];
	}
	better->count += worse->count;
	better->worse = worse->worse;
	free_block(levels, worse_idx);
}

/* Put a new level at a place of a block, which is full perhaps. */
static uint32_t
insert(struct fpi_levels *levels, uint32_t idx, uint32_t place, int64_t key)
{
	uint32_t level = take_level(levels, key);
	struct fpi_block *block = &levels->blocks[idx];

	if (level == FPI_NONE)
		return FPI_NONE;
	if (block->count == FPI_BLOCK_LEVELS) {
		split(levels, idx);
		if (place < HALF) {
			block = &levels->blocks[block->worse];
		} else {
			place -= HALF;
		}
	}
	for (uint32_t i = block->count; i > place; i--) {
		block->keys[i] = block->keys[i - 1];
		block->levels[i] = block->levels[i - 1];
	}
	block->keys[place] = key;
	block->levels[place] = level;
	block->count++;
	return level;
}

FP_HOT_PATH uint32_t
fpi_levels_obtain(struct fpi_levels *levels, uint32_t *side, int64_t key)
{
	uint32_t idx;
	uint32_t place;

	if (FP_UNLIKELY(*side == FPI_NONE)) {
		if (levels->free == FPI_NONE && levels->used == levels->max)
			return FPI_NONE;
		*side = take_block(levels, FPI_NONE);
		return insert(levels, *side, 0, key);
	}
	idx = block_of(levels, *side, key);
	place = place_of(&levels->blocks[idx], key);
	if (is_at(&levels->blocks[idx], place, key))
		return levels->blocks[idx].levels[place];
	return insert(levels, idx, place, key);
}

/* Restore the invariant of the proof after a removal from block idx, whose better neighbour is. */
static void
join(struct fpi_levels *levels, uint32_t *side, uint32_t better, uint32_t idx)
{
	const struct fpi_block *block = &levels->blocks[idx];

	if (block->count == 0) {
		if (better == FPI_NONE) {
			*side = block->worse;
		} else {
			levels->blocks[better].worse = block->worse;
		}
		free_block(levels, idx);
		return;
	}
	if (better != FPI_NONE && levels->blocks[better].count + block->count <= HALF) {
		merge(levels, better);
	} else if (block->worse != FPI_NONE &&
		block->count + levels->blocks[block->worse].count <= HALF) {
		merge(levels, idx);
	}
}

FP_HOT_PATH void
fpi_levels_remove(struct fpi_levels *levels, uint32_t *side, int64_t key)
{
	uint32_t better = FPI_NONE;
	uint32_t idx = *side;
	struct fpi_block *block = &levels->blocks[idx];
	uint32_t place;

	while (key < block->keys[0]) {
		better = idx;
		idx = block->worse;
		block = &levels->blocks[idx];
	}
	place = place_of(block, key);
	free_level(levels, block->levels[place]);
	block->count--;
	for (uint32_t i = place; i < block->count; i++) {
		block->keys[i] = block->keys[i + 1];
		block->levels[i] = block->levels[i + 1];
	}
	block->keys[block->count] = INT64_MAX;
	if (block->count <= HALF)
		join(levels, side, better, idx);
}

void
fpi_levels_clear_side(struct fpi_levels *levels, uint32_t *side)
{
	uint32_t idx = *side;

	while (idx != FPI_NONE) {
		const struct fpi_block *block = &levels->blocks[idx];
		uint32_t worse = block->worse;

		for (uint32_t i = 0; i < block->count; i++)
			free_level(levels, block->levels[i]);
		free_block(levels, idx);
		idx = worse;
	}
	*side = FPI_NONE;
}

uint32_t
fpi_levels_at(const struct fpi_levels *levels, uint32_t side, uint32_t depth)
{
	uint32_t idx = side;

	while (idx != FPI_NONE && depth >= levels->blocks[idx].count) {
		depth -= levels->blocks[idx].count;
		idx = levels->blocks[idx].worse;
	}
	if (idx == FPI_NONE)
		return FPI_NONE;
	return levels->blocks[idx].levels[levels->blocks[idx].count - 1 - depth];
}
