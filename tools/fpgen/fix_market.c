/* SPDX-License-Identifier: BSD-3-Clause */

#include "fix_market.h"

#include <stdio.h>
#include <string.h>

#define SNAPSHOT_EVERY 500 /* messages of a symbol, about */
#define ENTRIES_MAX    3   /* of an increment */

enum update {
	UPDATE_NEW = '0',
	UPDATE_CHANGE = '1',
	UPDATE_DELETE = '2',
};

void
fix_market_init(struct fix_market *market, uint64_t seed, uint32_t symbols, uint64_t dirt_ppm)
{
	random_seed(&market->random, seed);
	market->dirt_ppm = dirt_ppm;
	market->symbol_count = symbols;
	for (uint32_t i = 0; i < symbols; i++) {
		struct fix_symbol *symbol = &market->symbols[i];

		memset(symbol, 0, sizeof(*symbol));
		snprintf(symbol->name, sizeof(symbol->name), "SYM%04u", i);
		symbol->middle_cents = 1000 + random_below(&market->random, 50000);
		for (int side = 0; side < 2; side++) {
			for (int level = 0; level < FIX_LEVELS; level++) {
				const int64_t distance = level + 1;

				symbol->levels[side][level].cents =
					symbol->middle_cents + (side == 0 ? -distance : distance);
			}
		}
	}
}

char
fix_market_next(struct fix_market *market, uint32_t *symbol)
{
	*symbol = random_below(&market->random, market->symbol_count);
	if (!market->symbols[*symbol].has_snapshot)
		return 'W';
	return random_below(&market->random, SNAPSHOT_EVERY) == 0 ? 'W' : 'X';
}

static void
add_price(struct fix_market *market, struct fix_message *message, int64_t cents)
{
	fix_add_price(
		message, 270, cents, random_below(&market->random, 1000000) < market->dirt_ppm);
}

static uint64_t
draw_quantity(struct fix_market *market)
{
	return 100 * (1 + (uint64_t)random_below(&market->random, 99));
}

/* The whole book, filled up anew where levels are missing. */
static void
add_snapshot(struct fix_market *market, struct fix_symbol *symbol, struct fix_message *message)
{
	uint64_t entries = 0;

	symbol->has_snapshot = true;
	for (int side = 0; side < 2; side++) {
		for (int level = 0; level < FIX_LEVELS; level++) {
			if (random_below(&market->random, 4) != 0)
				symbol->levels[side][level].quantity = draw_quantity(market);
			entries += symbol->levels[side][level].quantity != 0;
		}
	}
	fix_add_text(message, 55, symbol->name);
	fix_add_text(message, 262, "FPGEN");
	fix_add_number(message, 268, entries);
	for (int side = 0; side < 2; side++) {
		for (int level = 0; level < FIX_LEVELS; level++) {
			const struct fix_level *at = &symbol->levels[side][level];

			if (at->quantity == 0)
				continue;
			fix_add_character(message, 269, (char)('0' + side));
			add_price(market, message, at->cents);
			fix_add_number(message, 271, at->quantity);
		}
	}
}

/* One price level becomes, changes or goes. */
static void
add_change(struct fix_market *market, struct fix_symbol *symbol, struct fix_message *message)
{
	const uint32_t side = random_below(&market->random, 2);
	struct fix_level *at = &symbol->levels[side][random_below(&market->random, FIX_LEVELS)];
	enum update update = UPDATE_NEW;

	if (at->quantity != 0)
		update = random_below(&market->random, 3) == 0 ? UPDATE_DELETE : UPDATE_CHANGE;
	at->quantity = update == UPDATE_DELETE ? 0 : draw_quantity(market);
	fix_add_character(message, 279, (char)update);
	fix_add_character(message, 269, (char)('0' + side));
	fix_add_text(message, 55, symbol->name);
	add_price(market, message, at->cents);
	if (update != UPDATE_DELETE)
		fix_add_number(message, 271, at->quantity);
}

static void
add_trade(struct fix_market *market, struct fix_symbol *symbol, struct fix_message *message)
{
	fix_add_character(message, 279, UPDATE_NEW);
	fix_add_character(message, 269, '2');
	fix_add_text(message, 55, symbol->name);
	add_price(market, message, symbol->middle_cents);
	fix_add_number(message, 271, draw_quantity(market));
}

void
fix_market_add(struct fix_market *market, uint32_t idx, struct fix_message *message)
{
	struct fix_symbol *symbol = &market->symbols[idx];
	uint32_t entries;

	if (message->type == 'W') {
		add_snapshot(market, symbol, message);
		return;
	}
	entries = 1 + random_below(&market->random, ENTRIES_MAX);
	fix_add_text(message, 262, "FPGEN");
	fix_add_number(message, 268, entries);
	for (uint32_t i = 0; i < entries; i++) {
		if (random_below(&market->random, 10) == 0) {
			add_trade(market, symbol, message);
		} else {
			add_change(market, symbol, message);
		}
	}
}
