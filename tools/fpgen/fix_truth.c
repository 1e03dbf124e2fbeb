/* SPDX-License-Identifier: BSD-3-Clause */

#include "fix_truth.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "complain.h"
#include "truth_file.h"

/* Decimals of the books: those that a reader has by itself. */
#define DECIMALS_OF_CENTS 1000000 /* 8 less 2 */

/* Better than any price. */
#define FIX_NO_CENTS(side) ((side) == '1' ? INT32_MAX : 0)

static const char *const fault_names[FPGEN_FIX_FAULTS] = {
	[FPGEN_FIX_CUT] = "cut",
	[FPGEN_FIX_LENGTH] = "bad_length",
	[FPGEN_FIX_CHECKSUM] = "bad_checksum",
	[FPGEN_FIX_GAP] = "gaps",
	[FPGEN_FIX_GARBAGE] = "garbage",
};

static void
add(struct fix_truth *truth, enum fpgen_fix_fault fault, uint64_t sequence)
{
	struct fix_truth_list *list = &truth->faults[fault];

	if (list->count == list->cap) {
		const size_t cap = list->cap == 0 ? 64 : list->cap * 2;
		uint64_t *items = realloc(list->items, cap * sizeof(*items));

		if (items == NULL) {
			truth->is_out_of_memory = true;
			return;
		}
		list->items = items;
		list->cap = cap;
	}
	list->items[list->count++] = sequence;
}

void
fix_truth_message(
	struct fix_truth *truth, const struct fix_message *message, enum fpgen_fix_fault fault)
{
	truth->written++;
	truth->is_in_step = fault == FPGEN_FIX_FAULTS;
	if (!truth->is_in_step) {
		add(truth, fault, message->sequence);
		return;
	}
	truth->intact++;
	truth->by_type[(unsigned char)message->type & 127]++;
	if (truth->expected != 0 && message->sequence > truth->expected) {
		truth->gaps++;
		truth->lost += message->sequence - truth->expected;
	}
	truth->expected = message->sequence + 1;
}

void
fix_truth_before(struct fix_truth *truth, uint64_t sequence, enum fpgen_fix_fault fault)
{
	add(truth, fault, sequence);
	/* After a message that is refused, all up to the next one is passed over with it. */
	if (fault == FPGEN_FIX_GARBAGE && truth->is_in_step)
		truth->stray++;
}

static json_t *
make_parameters(const struct fpgen_options *options)
{
	static const char *const separators[] = { "none", "lf", "crlf" };
	static const char *const versions[] = { "4.2", "4.4", "fixt" };
	json_t *object = json_object();
	bool ok = truth_set(object, "command", json_string("fix"));

	ok &= truth_set_number(object, "messages", options->messages);
	ok &= truth_set_number(object, "symbols", options->symbols);
	ok &= truth_set_seed(object, "seed", options->seed);
	ok &= truth_set_seed(object, "damage_seed", options->damage_seed);
	ok &= truth_set(object, "version", json_string(versions[options->version]));
	ok &= truth_set(object, "separator", json_string(separators[options->separator]));
	ok &= truth_set(object, "datagrams", json_boolean(options->is_datagrams));
	ok &= truth_set_percent(object, "orders", options->orders_ppm);
	ok &= truth_set_percent(object, "dirty_prices", options->dirt_ppm);
	for (int kind = 0; kind < FPGEN_FIX_FAULTS; kind++)
		ok &= truth_set_percent(object, fault_names[kind], options->fix_faults_ppm[kind]);
	return truth_object(object, ok);
}

static json_t *
make_by_type(const struct fix_truth *truth)
{
	json_t *object = json_object();
	bool ok = true;

	for (unsigned int type = 0; type < 128; type++) {
		const char name[2] = { (char)type, '\0' };

		if (truth->by_type[type] != 0)
			ok &= truth_set_number(object, name, truth->by_type[type]);
	}
	return truth_object(object, ok);
}

static json_t *
make_malformed(const struct fix_truth *truth)
{
	json_t *object = json_object();
	bool ok = truth_set_number(object, "body_length",
		truth->faults[FPGEN_FIX_CUT].count + truth->faults[FPGEN_FIX_LENGTH].count);

	ok &= truth_set_number(object, "checksum", truth->faults[FPGEN_FIX_CHECKSUM].count);
	ok &= truth_set_number(object, "field_order", truth->stray);
	return truth_object(object, ok);
}

static json_t *
make_damage(const struct fix_truth *truth)
{
	json_t *object = json_object();
	bool ok = true;

	for (int kind = 0; kind < FPGEN_FIX_FAULTS; kind++) {
		const struct fix_truth_list *list = &truth->faults[kind];
		json_t *array = json_array();

		for (size_t i = 0; i < list->count; i++) {
			ok &= json_array_append_new(
				      array, json_integer((json_int_t)list->items[i])) == 0;
		}
		ok &= truth_set(object, fault_names[kind], array);
	}
	return truth_object(object, ok);
}

/* One price level: [price, quantity, orders]; a book by level knows no orders. */
static bool
append_level(json_t *side, int64_t cents, uint64_t quantity, uint64_t orders)
{
	return json_array_append_new(side,
		       json_pack("[I, I, I]", (json_int_t)cents * DECIMALS_OF_CENTS,
			       (json_int_t)quantity, (json_int_t)orders)) == 0;
}

/* One side of a book of market data, best first. */
static json_t *
make_side(const struct fix_level levels[FIX_LEVELS])
{
	json_t *array = json_array();
	bool ok = true;

	for (int i = 0; i < FIX_LEVELS; i++) {
		if (levels[i].quantity != 0)
			ok &= append_level(array, levels[i].cents, levels[i].quantity, 0);
	}
	return truth_object(array, ok);
}

/* The resting order of that side and symbol that is nearest behind a price, or NULL. */
static const struct fix_order *
find_behind(const struct fix_orders *orders, char side, uint32_t symbol, int64_t cents)
{
	const struct fix_order *best = NULL;
	const int64_t sign = side == '1' ? -1 : 1;

	for (uint32_t i = 0; i < FIX_ORDERS_LIVE; i++) {
		const struct fix_order *order = &orders->live[i];

		if (!fix_order_rests(order) || order->side != side || order->symbol != symbol ||
			order->cents * sign <= cents * sign)
			continue;
		if (best == NULL || order->cents * sign < best->cents * sign)
			best = order;
	}
	return best;
}

/* One side of a book of orders, best first. */
static json_t *
make_order_side(const struct fix_orders *orders, char side, uint32_t symbol)
{
	json_t *array = json_array();
	const struct fix_order *next = find_behind(orders, side, symbol, FIX_NO_CENTS(side));
	bool ok = true;

	while (next != NULL) {
		uint64_t quantity = 0;
		uint64_t count = 0;

		for (uint32_t i = 0; i < FIX_ORDERS_LIVE; i++) {
			const struct fix_order *order = &orders->live[i];

			if (fix_order_rests(order) && order->side == side &&
				order->symbol == symbol && order->cents == next->cents) {
				quantity += order->quantity;
				count++;
			}
		}
		ok &= append_level(array, next->cents, quantity, count);
		next = find_behind(orders, side, symbol, next->cents);
	}
	return truth_object(array, ok);
}

/* Put a book with both of its sides, which it takes. */
static bool
set_book(json_t *books, const char *name, json_t *bids, json_t *asks)
{
	json_t *book = json_object();
	bool ok = truth_set(book, "bids", bids);

	ok &= truth_set(book, "asks", asks);
	return truth_set(books, name, truth_object(book, ok));
}

/* Books without any order are left out. */
static json_t *
make_books(const struct fix_market *market, const struct fix_orders *orders)
{
	json_t *object = json_object();
	bool ok = true;

	for (uint32_t i = 0; i < market->symbol_count; i++) {
		const struct fix_symbol *symbol = &market->symbols[i];

		if (symbol->has_snapshot) {
			ok &= set_book(object, symbol->name, make_side(symbol->levels[0]),
				make_side(symbol->levels[1]));
		}
	}
	for (uint32_t i = 0; i < FIX_ORDERS_LIVE; i++) {
		const uint32_t symbol = orders->live[i].symbol;
		char name[FIX_SYMBOL_BYTES];

		if (!fix_order_rests(&orders->live[i]))
			continue;
		snprintf(name, sizeof(name), "ORD%04u", symbol);
		if (json_object_get(object, name) == NULL) {
			ok &= set_book(object, name, make_order_side(orders, '1', symbol),
				make_order_side(orders, '2', symbol));
		}
	}
	return truth_object(object, ok);
}

int
fix_truth_write(const struct fix_truth *truth, const struct fpgen_options *options,
	const struct fix_market *market, const struct fix_orders *orders)
{
	json_t *object = json_object();
	bool ok = truth_set(object, "parameters", make_parameters(options));

	ok &= truth_set_number(object, "bytes", truth->bytes);
	ok &= truth_set_number(object, "written", truth->written);
	ok &= truth_set_number(object, "messages", truth->intact);
	ok &= truth_set(object, "by_type", make_by_type(truth));
	ok &= truth_set_number(object, "gaps", truth->gaps);
	ok &= truth_set_number(object, "lost", truth->lost);
	ok &= truth_set(object, "malformed", make_malformed(truth));
	ok &= truth_set(object, "damage", make_damage(truth));
	ok &= truth_set(object, "books", make_books(market, orders));
	return truth_write_file(truth_object(object, ok && !truth->is_out_of_memory), options);
}

void
fix_truth_fini(struct fix_truth *truth)
{
	for (int kind = 0; kind < FPGEN_FIX_FAULTS; kind++)
		free(truth->faults[kind].items);
}
