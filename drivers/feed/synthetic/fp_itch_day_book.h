/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef FP_ITCH_DAY_BOOK_H
#define FP_ITCH_DAY_BOOK_H

/**
 * @file
 * The generator's own idea of its live orders: enough to choose the next message, no more.
 *
 *   slots[]  0 .. live | live .. high_water      a permutation: live orders first, then free slots
 *   symbol   near[side][tick % 32]  the orders of one tick, first come first: the 32 ticks from mid
 *            far[side][tick % 32]   orders further out, which the mid has left behind
 *
 * Invariant: in every symbol, live bids < mid < live asks. New orders are placed outside the mid,
 * and the mid moves by one tick only onto a tick where nothing rests; so no book is ever locked or
 * crossed.
 * Private to fp_itch_day.c.
 */

#include <stdbool.h>
#include <stdint.h>

#include "fp_itch_day_random.h"

#define DAY_LEVELS       32U        /**< ticks per side that are near; one bit each in a u32 */
#define DAY_RECENT       4096U      /**< newest orders that can be found again; a power of two */
#define DAY_RECENT_MEAN  300U       /**< how far back a recent order is looked for [orders] */
#define DAY_TICK         100U       /**< 0.01 in Price(4) */
#define DAY_MID_TICK_MIN 200U       /**< lowest mid; above the deepest offset */
#define DAY_MID_TICK_MAX 10000000U  /**< highest mid: 100,000.00 */
#define DAY_NONE         UINT32_MAX /**< no order, no symbol */

enum day_side {
	DAY_BUY,
	DAY_SELL,
};

/** One live order. */
struct day_order {
	uint64_t ref; /**< 0 = the slot is free. */
	uint32_t tick;
	uint32_t shares;     /**< what remains. */
	uint32_t live_idx;   /**< where slots[] names this slot. */
	uint32_t next;       /**< slot behind it in its circle. */
	uint32_t prev;       /**< slot before it. */
	uint16_t symbol_idx; /**< stock locate - 1. */
	uint8_t side;        /**< enum day_side. */
	bool is_deep;        /**< was placed far from the mid, to stay. */
};

/** One symbol and its resting orders. */
struct day_symbol {
	uint32_t mid_tick;
	uint32_t round_lot;
	int8_t drift;                 /**< +1 or -1: where the mid goes when it can. */
	char name[8];                 /**< space padded. */
	uint32_t filled[2];           /**< bit set = the near queue has orders. */
	uint32_t near[2][DAY_LEVELS]; /**< first slot of a circle, or DAY_NONE. */
	uint32_t far[2][DAY_LEVELS];  /**< likewise; ticks mixed. */
};

/** An order as it was when it was new; gone when the slot's ref has changed. */
struct day_recent {
	uint64_t ref;
	uint32_t slot;
};

/** All live orders. */
struct day_book {
	struct day_order *orders;   /**< by slot. */
	uint32_t *slots;            /**< permutation of the slots used so far. */
	struct day_symbol *symbols; /**< by stock locate - 1. */
	uint32_t live;
	uint32_t cap;
	uint32_t high_water;
	uint64_t created; /**< orders that ever were new; indexes recent[]. */
	struct day_recent recent[DAY_RECENT];
};

/** The side that must give way for the mid to drift on. */
static inline enum day_side
day_side_ahead(const struct day_symbol *symbol)
{
	return symbol->drift > 0 ? DAY_SELL : DAY_BUY;
}

/** The tick whose orders are in the near queue number @p level. */
static inline uint32_t
day_symbol_near_tick(const struct day_symbol *symbol, enum day_side side, uint32_t level)
{
	const uint32_t mid_tick = symbol->mid_tick;

	return side == DAY_SELL ? mid_tick + 1 + (level - mid_tick - 1) % DAY_LEVELS
				: mid_tick - 1 - (mid_tick - 1 - level) % DAY_LEVELS;
}

/** Put @p slot at the end of the circle that begins at @p first. */
static inline void
day_circle_append(struct day_order *orders, uint32_t *first, uint32_t slot)
{
	uint32_t last;

	if (*first == DAY_NONE) {
		*first = slot;
		orders[slot].next = slot;
		orders[slot].prev = slot;
		return;
	}
	last = orders[*first].prev;
	orders[slot].next = *first;
	orders[slot].prev = last;
	orders[last].next = slot;
	orders[*first].prev = slot;
}

static inline void
day_circle_remove(struct day_order *orders, uint32_t *first, uint32_t slot)
{
	const struct day_order *order = &orders[slot];

	if (order->next == slot) {
		*first = DAY_NONE;
		return;
	}
	orders[order->prev].next = order->next;
	orders[order->next].prev = order->prev;
	if (*first == slot)
		*first = order->next;
}

/** Queue the order in @p slot behind those of its tick. */
static inline void
day_book_queue(struct day_book *book, uint32_t slot)
{
	const struct day_order *order = &book->orders[slot];
	struct day_symbol *symbol = &book->symbols[order->symbol_idx];
	const uint32_t level = order->tick % DAY_LEVELS;

	if (order->tick != day_symbol_near_tick(symbol, order->side, level)) {
		day_circle_append(book->orders, &symbol->far[order->side][level], slot);
		return;
	}
	day_circle_append(book->orders, &symbol->near[order->side][level], slot);
	symbol->filled[order->side] |= UINT32_C(1) << level;
}

/** Queue the order in @p slot and remember it as the newest one. */
static inline void
day_book_link(struct day_book *book, uint32_t slot)
{
	struct day_recent *recent = &book->recent[book->created++ % DAY_RECENT];

	day_book_queue(book, slot);
	recent->ref = book->orders[slot].ref;
	recent->slot = slot;
}

/** Take the order in @p slot out of its queue. */
static inline void
day_book_unlink(struct day_book *book, uint32_t slot)
{
	const struct day_order *order = &book->orders[slot];
	struct day_symbol *symbol = &book->symbols[order->symbol_idx];
	const uint32_t level = order->tick % DAY_LEVELS;

	if (order->tick != day_symbol_near_tick(symbol, order->side, level)) {
		day_circle_remove(book->orders, &symbol->far[order->side][level], slot);
		return;
	}
	day_circle_remove(book->orders, &symbol->near[order->side][level], slot);
	if (symbol->near[order->side][level] == DAY_NONE)
		symbol->filled[order->side] &= ~(UINT32_C(1) << level);
}

/** A free slot, now counted as live; the caller has checked live < cap, fills it and links it. */
static inline uint32_t
day_book_take(struct day_book *book)
{
	uint32_t slot;

	if (book->live == book->high_water) {
		slot = book->high_water++;
		book->slots[book->live] = slot;
	} else {
		slot = book->slots[book->live];
	}
	book->orders[slot].live_idx = book->live++;
	return slot;
}

/** The order in @p slot is no more. */
static inline void
day_book_remove(struct day_book *book, uint32_t slot)
{
	const uint32_t hole = book->orders[slot].live_idx;
	const uint32_t moved = book->slots[--book->live];

	day_book_unlink(book, slot);
	book->orders[slot].ref = 0;
	book->slots[hole] = moved;
	book->orders[moved].live_idx = hole;
	book->slots[book->live] = slot;
}

/** Any live order, all equally likely; there must be one. */
static inline uint32_t
day_book_any(const struct day_book *book, struct random_source *random)
{
	return book->slots[random_below(random, book->live)];
}

/** One of the newest, the newer the likelier, none that is deep; or any one if that finds none. */
static inline uint32_t
day_book_recent(const struct day_book *book, struct random_source *random)
{
	const uint64_t known = book->created < DAY_RECENT ? book->created : DAY_RECENT;

	for (unsigned int attempt = 0; attempt < 8; attempt++) {
		const uint64_t back = random_exponential(random, DAY_RECENT_MEAN);
		const struct day_recent *recent;

		if (back >= known)
			continue;
		recent = &book->recent[(book->created - 1 - back) % DAY_RECENT];
		if (book->orders[recent->slot].ref == recent->ref &&
			!book->orders[recent->slot].is_deep)
			return recent->slot;
	}
	return day_book_any(book, random);
}

/** First order of the best tick of one side, or DAY_NONE when nothing is near. */
static inline uint32_t
day_symbol_best(const struct day_symbol *symbol, enum day_side side)
{
	const uint32_t filled = symbol->filled[side];
	const uint32_t nearest =
		(side == DAY_SELL ? symbol->mid_tick + 1 : symbol->mid_tick - 1) % DAY_LEVELS;
	uint32_t level;

	if (filled == 0)
		return DAY_NONE;
	if (side == DAY_SELL) {
		const uint32_t outward = filled >> nearest | filled << (-nearest % DAY_LEVELS);

		level = (nearest + (uint32_t)__builtin_ctz(outward)) % DAY_LEVELS;
	} else {
		const uint32_t shift = DAY_LEVELS - 1 - nearest;
		const uint32_t outward = filled << shift | filled >> (-shift % DAY_LEVELS);

		level = (nearest - (uint32_t)__builtin_clz(outward)) % DAY_LEVELS;
	}
	return symbol->near[side][level];
}

/** An order that trading would meet next: the best one ahead of the drift of a busy symbol. */
static inline uint32_t
day_book_touch(const struct day_book *book, struct random_source *random)
{
	const uint32_t slot = day_book_any(book, random);
	const struct day_symbol *symbol = &book->symbols[book->orders[slot].symbol_idx];
	const uint32_t best = day_symbol_best(symbol, day_side_ahead(symbol));

	return best == DAY_NONE ? slot : best;
}

/** Queue again all that was in the circle which began at @p first, in its order. */
static inline void
day_book_requeue(struct day_book *book, uint32_t *first)
{
	const uint32_t begin = *first;
	uint32_t slot = begin;

	if (begin == DAY_NONE)
		return;
	*first = DAY_NONE;
	do {
		const uint32_t next = book->orders[slot].next;

		day_book_queue(book, slot);
		slot = next;
	} while (slot != begin);
}

/**
 * Move the mid one tick along its drift; nothing rests there.
 *
 * One queue of each side now stands for another tick: ahead, a tick has come near that may have
 * orders in the far circle; behind, the tick that is furthest out has become far.
 */
static inline void
day_book_move_mid(struct day_book *book, struct day_symbol *symbol)
{
	const enum day_side ahead = day_side_ahead(symbol);
	const enum day_side behind = ahead == DAY_SELL ? DAY_BUY : DAY_SELL;
	const uint32_t left = symbol->mid_tick % DAY_LEVELS;

	symbol->mid_tick += (uint32_t)symbol->drift;
	symbol->filled[behind] &= ~(UINT32_C(1) << left);
	day_book_requeue(book, &symbol->near[behind][left]);
	day_book_requeue(book, &symbol->far[ahead][symbol->mid_tick % DAY_LEVELS]);
}

/**
 * Now and then move the mid one tick along its drift, if nothing rests there.
 *
 * The drift lasts 16 ticks in the mean, and as many messages as it takes for the orders ahead to
 * go; where they do not go, it turns round at last.
 */
static inline void
day_book_walk(struct day_book *book, struct day_symbol *symbol, uint32_t bits)
{
	const uint32_t next = symbol->mid_tick + (uint32_t)symbol->drift;
	const bool is_free = (symbol->filled[day_side_ahead(symbol)] >> next % DAY_LEVELS & 1) == 0;
	uint32_t turn_mask = 4095;

	if (is_free && (bits & 3) == 0 && next >= DAY_MID_TICK_MIN && next <= DAY_MID_TICK_MAX) {
		day_book_move_mid(book, symbol);
		turn_mask = 15;
	}
	if ((bits >> 2 & turn_mask) == 0)
		symbol->drift = (int8_t)-symbol->drift;
}

/**
 * Choose where an order rests: two in three within a few ticks of the mid, the others deep.
 *
 * Those near the mid are mostly deleted soon; if they stayed, a busy symbol could not move.
 *
 * @param[in]     symbol  The order's symbol.
 * @param[in,out] order   Its side is set; gets tick and is_deep.
 * @param[in]     bits    64 random bits.
 */
static inline void
day_symbol_place(const struct day_symbol *symbol, struct day_order *order, uint64_t bits)
{
	uint32_t offset = 1 + random_run((uint32_t)bits);

	order->is_deep = (bits >> 32 & 255) < 85;
	if (order->side == day_side_ahead(symbol))
		offset++;
	if (order->is_deep)
		offset += 8 + (uint32_t)(bits >> 40) % 128;
	order->tick =
		order->side == DAY_SELL ? symbol->mid_tick + offset : symbol->mid_tick - offset;
}

#endif /* FP_ITCH_DAY_BOOK_H */
