/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef FPGEN_FIX_ORDERS_H
#define FPGEN_FIX_ORDERS_H

/**
 * @file
 * An order session: orders (D) that are replaced (G), cancelled (F) and filled (8).
 */

#include <stdint.h>

#include "fix_message.h"
#include "fp_itch_day_random.h"

#define FIX_ORDERS_LIVE 64

/** One live order. */
struct fix_order {
	uint64_t id;       /**< ClOrdID; 0 = the place is free. */
	uint64_t quantity; /**< left. */
	uint64_t filled;
	int64_t cents;
	uint32_t symbol;
	char side; /**< FIX's: '1' buys, '2' sells. */
};

/** The session. */
struct fix_orders {
	struct random_source random;
	uint64_t last_id;
	uint64_t last_execution;
	uint32_t symbol_count;
	uint32_t chosen; /**< Place of the order that the next message is for. */
	int is_4_2;      /**< Executions have an ExecTransType. */
	struct fix_order live[FIX_ORDERS_LIVE];
};

/** Begin a session. */
void fix_orders_init(struct fix_orders *orders, uint64_t seed, uint32_t symbols, int is_4_2);

/** Type of the next message: D, G, F or 8. */
char fix_orders_next(struct fix_orders *orders);

/** Append the fields of the message that was chosen. */
void fix_orders_add(struct fix_orders *orders, uint64_t ms, struct fix_message *message);

#endif /* FPGEN_FIX_ORDERS_H */
