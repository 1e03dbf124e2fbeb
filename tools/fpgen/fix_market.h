/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef FPGEN_FIX_MARKET_H
#define FPGEN_FIX_MARKET_H

/**
 * @file
 * Market data of some symbols: a snapshot (W) of each, then increments (X) of its price levels and
 * trades, now and then another snapshot. The books stay uncrossed, at most FIX_LEVELS on a side.
 */

#include <stdbool.h>
#include <stdint.h>

#include "fix_message.h"
#include "fp_itch_day.h"
#include "fp_itch_day_random.h"

#define FIX_LEVELS       8
#define FIX_SYMBOLS_MAX  FP_ITCH_DAY_SYMBOLS_MAX
#define FIX_SYMBOL_BYTES 16

/** One price level. */
struct fix_level {
	int64_t cents;
	uint64_t quantity; /**< 0 = there is none. */
};

/** What a reader knows of a symbol; level i of a side is i + 1 ticks from the middle. */
struct fix_symbol {
	char name[FIX_SYMBOL_BYTES];
	int64_t middle_cents;
	bool has_snapshot;
	struct fix_level levels[2][FIX_LEVELS]; /**< bids, offers; best first, with holes. */
};

/** The market. */
struct fix_market {
	struct random_source random;
	uint64_t dirt_ppm; /**< prices that are written with binary dirt. */
	uint32_t symbol_count;
	struct fix_symbol symbols[FIX_SYMBOLS_MAX];
};

/** Begin a market of @p symbols symbols. */
void fix_market_init(struct fix_market *market, uint64_t seed, uint32_t symbols, uint64_t dirt_ppm);

/** Type of the next message, W or X; the symbol it is for is in @p symbol. */
char fix_market_next(struct fix_market *market, uint32_t *symbol);

/** Append the fields of a message of that type for symbol number @p idx. */
void fix_market_add(struct fix_market *market, uint32_t idx, struct fix_message *message);

#endif /* FPGEN_FIX_MARKET_H */
