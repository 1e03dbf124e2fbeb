/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Order books as the rules say them, without a thought for speed: a second implementation to
 * compare lib/book with. Orders are in one array; levels and quotes of books by order are kept
 * nowhere, but added up from the orders each time somebody asks.
 */

#ifndef NAIVE_BOOK_H
#define NAIVE_BOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** What apply functions return: bits, and with BECAME_STALE a reason in the second byte. */
enum {
	NAIVE_QUOTE_CHANGED = 1,
	NAIVE_BECAME_STALE = 2,
};

/** Why something became stale. */
enum naive_reason {
	NAIVE_FIELD = 7,
	NAIVE_GAP = 1,
	NAIVE_UNKNOWN = 2,
	NAIVE_OVER = 3,
	NAIVE_DUPLICATE = 4,
	NAIVE_FULL = 5,
	NAIVE_UPSTREAM = 6,
};

struct naive_counters {
	uint64_t instruments;
	uint64_t orders;
	uint64_t levels;
	uint64_t quote_changes;
	uint64_t stale_books;
	uint64_t unknown_orders;
	uint64_t duplicate_orders;
	uint64_t over_reductions;
	uint64_t orders_refused;
	uint64_t levels_refused;
	uint64_t instruments_refused;
	uint64_t bad_fields;
};

struct naive_quote {
	int64_t bid_price;
	int64_t bid_quantity;
	int64_t ask_price;
	int64_t ask_quantity;
};

struct naive_level {
	int64_t price;
	int64_t quantity;
	uint32_t orders;
};

/* An order; or, with is_total, a level as the venue sent it. */
struct naive_entry {
	uint32_t instrument;
	uint64_t id;
	char side;
	bool is_total;
	int64_t price;
	int64_t quantity;
};

enum naive_kind {
	NAIVE_UNSAID,
	NAIVE_BY_ORDER,
	NAIVE_BY_LEVEL,
};

struct naive_instrument {
	bool exists;
	bool is_stale;
	enum naive_kind kind;
	struct naive_quote quote; /* as reported last */
	char symbol[16];
	uint8_t decimals;
};

struct naive {
	uint32_t max_instruments;
	uint32_t max_orders;
	uint32_t max_levels;
	bool is_stale;
	struct naive_counters counters; /* the sums of events; the rest is counted when asked */
	struct naive_instrument *instruments;
	struct naive_entry *entries; /* room for all that the limits allow */
	size_t count;
};

struct naive *naive_new(uint32_t max_instruments, uint32_t max_orders, uint32_t max_levels);
void naive_free(struct naive *naive);

uint32_t naive_add(struct naive *naive, uint32_t instrument, uint64_t id, char side, int64_t price,
	int64_t quantity);
uint32_t naive_reduce(struct naive *naive, uint32_t instrument, uint64_t id, int64_t quantity);
uint32_t naive_delete(struct naive *naive, uint32_t instrument, uint64_t id);
uint32_t naive_replace(struct naive *naive, uint32_t instrument, uint64_t id, uint64_t new_id,
	int64_t price, int64_t quantity);
uint32_t naive_level_update(struct naive *naive, uint32_t instrument, char side, int64_t price,
	int64_t quantity, bool is_partial);
uint32_t naive_set_quote(
	struct naive *naive, uint32_t instrument, const struct naive_quote *quote, bool is_stale);
uint32_t
naive_instrument(struct naive *naive, uint32_t instrument, const char symbol[16], uint8_t decimals);
uint32_t naive_clear(struct naive *naive, uint32_t instrument, bool is_new_session);
uint32_t naive_stale(struct naive *naive, uint32_t instrument);
uint32_t naive_gap(struct naive *naive);

bool naive_same_level(const struct naive_entry *a, const struct naive_entry *b);
uint64_t naive_count_orders(const struct naive *naive);
uint64_t naive_count_levels(const struct naive *naive);

/** Levels of one side, best first, at most @p cap of them; their number. */
size_t naive_levels(const struct naive *naive, uint32_t instrument, char side,
	struct naive_level *levels, size_t cap);
void naive_get_quote(const struct naive *naive, uint32_t instrument, struct naive_quote *quote);
bool naive_is_stale(const struct naive *naive, uint32_t instrument);
bool naive_exists(const struct naive *naive, uint32_t instrument);
const char *naive_symbol(const struct naive *naive, uint32_t instrument);
uint8_t naive_decimals(const struct naive *naive, uint32_t instrument);
struct naive_counters naive_count(const struct naive *naive);

#endif /* NAIVE_BOOK_H */
