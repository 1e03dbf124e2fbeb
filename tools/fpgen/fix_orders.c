/* SPDX-License-Identifier: BSD-3-Clause */

#include "fix_orders.h"

#include <stdio.h>
#include <string.h>

#define ID_BYTES 24

void
fix_orders_init(struct fix_orders *orders, uint64_t seed, uint32_t symbols, int is_4_2)
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
	if (orders->live[orders->chosen].id == 0)
		return 'D';
	return "8888FFGG"[random_below(&orders->random, 8)];
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

	snprintf(text, sizeof(text), "SYM%04u", order->symbol);
	fix_add_text(message, 55, text);
	fix_add_character(message, 54, order->side);
}

/* A new order, or what replaces one. */
static void
add_terms(struct fix_orders *orders, struct fix_order *order, uint64_t ms,
	struct fix_message *message)
{
	order->quantity = 100 * (1 + (uint64_t)random_below(&orders->random, 20));
	order->cents = 1000 + random_below(&orders->random, 50000);
	fix_add_character(message, 21, '1');
	add_symbol(message, order);
	fix_add_time(message, 60, ms);
	fix_add_number(message, 38, order->quantity + order->filled);
	fix_add_character(message, 40, '2');
	fix_add_price(message, 44, order->cents, 0);
	fix_add_character(message, 59, '0');
}

/* Part of an order, or all of it. */
static void
add_fill(struct fix_orders *orders, struct fix_order *order, uint64_t ms,
	struct fix_message *message)
{
	uint64_t part = 100 * (1 + (uint64_t)random_below(&orders->random, 10));
	int is_whole;

	if (part > order->quantity)
		part = order->quantity;
	order->quantity -= part;
	order->filled += part;
	is_whole = order->quantity == 0;
	add_id(message, 37, 'O', order->id);
	add_id(message, 11, 'C', order->id);
	add_id(message, 17, 'E', ++orders->last_execution);
	if (orders->is_4_2)
		fix_add_character(message, 20, '0');
	fix_add_character(message, 150, !orders->is_4_2 ? 'F' : is_whole ? '2' : '1');
	fix_add_character(message, 39, is_whole ? '2' : '1');
	add_symbol(message, order);
	fix_add_number(message, 38, order->quantity + order->filled);
	fix_add_price(message, 44, order->cents, 0);
	fix_add_number(message, 32, part);
	fix_add_price(message, 31, order->cents, 0);
	fix_add_number(message, 151, order->quantity);
	fix_add_number(message, 14, order->filled);
	fix_add_price(message, 6, order->cents, 0);
	fix_add_time(message, 60, ms);
	if (is_whole)
		order->id = 0;
}

void
fix_orders_add(struct fix_orders *orders, uint64_t ms, struct fix_message *message)
{
	struct fix_order *order = &orders->live[orders->chosen];
	const uint64_t old_id = order->id;

	if (message->type == '8') {
		add_fill(orders, order, ms, message);
		return;
	}
	if (old_id != 0)
		add_id(message, 41, 'C', old_id);
	order->id = ++orders->last_id;
	add_id(message, 11, 'C', order->id);
	if (message->type == 'F') {
		add_symbol(message, order);
		fix_add_time(message, 60, ms);
		fix_add_number(message, 38, order->quantity + order->filled);
		order->id = 0;
		return;
	}
	if (message->type == 'D') {
		order->symbol = random_below(&orders->random, orders->symbol_count);
		order->side = random_below(&orders->random, 2) == 0 ? '1' : '2';
		order->filled = 0;
	}
	add_terms(orders, order, ms, message);
}
