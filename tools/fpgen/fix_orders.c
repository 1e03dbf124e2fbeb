/* SPDX-License-Identifier: BSD-3-Clause */

#include "fix_orders.h"

#include <stdio.h>
#include <string.h>

#define ID_BYTES 24

/* Buys are below, sells above: the books stay uncrossed. */
#define MIDDLE_CENTS 25000
#define RANGE_CENTS  500

void
fix_orders_init(struct fix_orders *orders, uint64_t seed, uint32_t symbols, bool is_4_2)
{
	memset(orders, 0, sizeof(*orders));
	random_seed(&orders->random, seed);
	orders->symbol_count = symbols;
	orders->is_4_2 = is_4_2;
}

char
fix_orders_next(struct fix_orders *orders)
{
	orders->chosen = random_below(&orders->random, FIX_ORDERS_LIVE);
	switch (orders->live[orders->chosen].state) {
	case FIX_ORDER_FREE:
		return 'D';
	case FIX_ORDER_LIVE:
		return "8888GGGF"[random_below(&orders->random, 8)];
	case FIX_ORDER_ASKED:
	case FIX_ORDER_REPLACING:
	case FIX_ORDER_CANCELLING:
		break;
	}
	return '8';
}

static void
add_id(struct fix_message *message, unsigned int tag, char kind, uint64_t number)
{
	char text[ID_BYTES];

	snprintf(text, sizeof(text), "%c%08ju", kind, (uintmax_t)number);
	fix_add_text(message, tag, text);
}

static void
add_symbol(struct fix_message *message, const struct fix_order *order)
{
	char text[ID_BYTES];

	snprintf(text, sizeof(text), "ORD%04u", order->symbol);
	fix_add_text(message, 55, text);
	fix_add_character(message, 54, order->side);
}

static void
draw_terms(struct fix_orders *orders, struct fix_order *order)
{
	const int64_t distance = 1 + random_below(&orders->random, RANGE_CENTS);

	order->wanted_quantity = 100 * (1 + (uint64_t)random_below(&orders->random, 20));
	order->wanted_cents = MIDDLE_CENTS + (order->side == '1' ? -distance : distance);
}

/* D, G, F: something is asked for. */
static void
add_request(struct fix_orders *orders, struct fix_order *order, uint64_t ms,
	struct fix_message *message)
{
	if (message->type == 'D') {
		*order = (struct fix_order){
			.state = FIX_ORDER_ASKED,
			.side = random_below(&orders->random, 2) == 0 ? '1' : '2',
			.symbol = random_below(&orders->random, orders->symbol_count),
			.number = ++orders->last_number,
		};
	} else {
		order->state = message->type == 'G' ? FIX_ORDER_REPLACING : FIX_ORDER_CANCELLING;
		order->original_id = order->id;
		add_id(message, 41, 'C', order->original_id);
	}
	order->id = ++orders->last_id;
	if (message->type != 'F')
		draw_terms(orders, order);
	add_id(message, 11, 'C', order->id);
	if (message->type != 'F')
		fix_add_character(message, 21, '1');
	add_symbol(message, order);
	fix_add_time(message, 60, ms);
	if (message->type == 'F') {
		fix_add_number(message, 38, order->quantity + order->filled);
		return;
	}
	fix_add_number(message, 38, order->wanted_quantity + order->filled);
	fix_add_character(message, 40, '2');
	fix_add_price(message, 44, order->wanted_cents, 0);
	fix_add_character(message, 59, '0');
}

/* What a report says happened: its ExecType, and the status that goes with it. */
struct outcome {
	char type;
	char status;
	uint64_t part; /* executed */
};

/* What was asked for is granted, or part of the order is executed. */
static struct outcome
advance(struct fix_orders *orders, struct fix_order *order)
{
	const enum fix_order_state before = order->state;
	uint64_t part = 100 * (1 + (uint64_t)random_below(&orders->random, 10));
	struct outcome outcome;
	bool is_whole;

	order->state = before == FIX_ORDER_CANCELLING ? FIX_ORDER_FREE : FIX_ORDER_LIVE;
	if (before == FIX_ORDER_CANCELLING) {
		order->quantity = 0;
		return (struct outcome){ '4', '4', 0 };
	}
	if (before != FIX_ORDER_LIVE) {
		order->quantity = order->wanted_quantity;
		order->cents = order->wanted_cents;
		return before == FIX_ORDER_ASKED ? (struct outcome){ '0', '0', 0 }
						 : (struct outcome){ '5', '5', 0 };
	}
	if (part > order->quantity)
		part = order->quantity;
	order->quantity -= part;
	order->filled += part;
	outcome.part = part;
	is_whole = order->quantity == 0;
	if (is_whole)
		order->state = FIX_ORDER_FREE;
	outcome.status = is_whole ? '2' : '1';
	outcome.type = 'F';
	if (orders->is_4_2)
		outcome.type = outcome.status;
	return outcome;
}

static void
add_report(struct fix_orders *orders, struct fix_order *order, uint64_t ms,
	struct fix_message *message)
{
	const bool is_replaced = order->state == FIX_ORDER_REPLACING;
	const bool is_canceled = order->state == FIX_ORDER_CANCELLING;
	const struct outcome outcome = advance(orders, order);

	add_id(message, 37, 'O', order->number);
	add_id(message, 11, 'C', order->id);
	if (is_replaced || is_canceled)
		add_id(message, 41, 'C', order->original_id);
	add_id(message, 17, 'E', ++orders->last_execution);
	if (orders->is_4_2)
		fix_add_character(message, 20, '0');
	fix_add_character(message, 150, outcome.type);
	fix_add_character(message, 39, outcome.status);
	add_symbol(message, order);
	fix_add_number(message, 38, order->quantity + order->filled);
	fix_add_price(message, 44, order->cents, 0);
	if (outcome.part != 0) {
		fix_add_number(message, 32, outcome.part);
		fix_add_price(message, 31, order->cents, 0);
	}
	fix_add_number(message, 151, order->quantity);
	fix_add_number(message, 14, order->filled);
	fix_add_price(message, 6, order->filled != 0 ? order->cents : 0, 0);
	fix_add_time(message, 60, ms);
}

void
fix_orders_add(struct fix_orders *orders, uint64_t ms, struct fix_message *message)
{
	struct fix_order *order = &orders->live[orders->chosen];

	if (message->type == '8') {
		add_report(orders, order, ms, message);
	} else {
		add_request(orders, order, ms, message);
	}
}
