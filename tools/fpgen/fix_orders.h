/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef FPGEN_FIX_ORDERS_H
#define FPGEN_FIX_ORDERS_H

/**
 * @file
 * An order session: orders (D) that are replaced (G) and cancelled (F), and reports (8) of what
 * became of them.
 *
 *    D --8 new--> rests --8 fill-->        rests, or is gone
 *                       --G, 8 replaced--> rests
 *                       --F, 8 canceled--> gone
 *
 * The symbols are others than those of the market data, so that each has a book of one kind.
 */

#include <stdbool.h>
#include <stdint.h>

#include "fix_message.h"
#include "fp_itch_day_random.h"

#define FIX_ORDERS_LIVE 256

enum fix_order_state {
	FIX_ORDER_FREE,
	FIX_ORDER_ASKED, /**< D was sent. */
	FIX_ORDER_LIVE,
	FIX_ORDER_REPLACING,  /**< G was sent. */
	FIX_ORDER_CANCELLING, /**< F was sent. */
};

/** One order. */
struct fix_order {
	enum fix_order_state state;
	char side; /**< FIX's: '1' buys, '2' sells. */
	uint32_t symbol;
	uint64_t number;      /**< Of the order, for OrderID. */
	uint64_t id;          /**< Of the last request, for ClOrdID. */
	uint64_t original_id; /**< Of the request that it replaces. */
	uint64_t quantity;    /**< Open. */
	uint64_t filled;
	int64_t cents;
	uint64_t wanted_quantity; /**< Open when the last request is granted. */
	int64_t wanted_cents;
};

/** The session. */
struct fix_orders {
	struct random_source random;
	uint64_t last_number;
	uint64_t last_id;
	uint64_t last_execution;
	uint32_t symbol_count;
	uint32_t chosen; /**< Place of the order that the next message is for. */
	bool is_4_2;     /**< Reports have an ExecTransType, and fills a type for each kind. */
	struct fix_order live[FIX_ORDERS_LIVE];
};

/** Begin a session. */
void fix_orders_init(struct fix_orders *orders, uint64_t seed, uint32_t symbols, bool is_4_2);

/** Type of the next message: D, G, F or 8. */
char fix_orders_next(struct fix_orders *orders);

/** Append the fields of the message that was chosen. */
void fix_orders_add(struct fix_orders *orders, uint64_t ms, struct fix_message *message);

/** True when the order rests in the book. */
static inline bool
fix_order_rests(const struct fix_order *order)
{
	return order->state == FIX_ORDER_LIVE || order->state == FIX_ORDER_REPLACING ||
		order->state == FIX_ORDER_CANCELLING;
}

#endif /* FPGEN_FIX_ORDERS_H */
