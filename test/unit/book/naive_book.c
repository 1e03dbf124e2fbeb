/* SPDX-License-Identifier: BSD-3-Clause */

#include <stdlib.h>
#include <string.h>

#include "naive_book.h"

struct naive *
naive_new(uint32_t max_instruments, uint32_t max_orders, uint32_t max_levels)
{
	struct naive *naive = calloc(1, sizeof(*naive));

	if (naive == NULL)
		abort();
	naive->max_instruments = max_instruments;
	naive->max_orders = max_orders;
	naive->max_levels = max_levels;
	naive->instruments = calloc(max_instruments + 1, sizeof(struct naive_instrument));
	naive->entries = calloc((size_t)max_orders + max_levels + 1, sizeof(struct naive_entry));
	if (naive->instruments == NULL || naive->entries == NULL)
		abort();
	return naive;
}

void
naive_free(struct naive *naive)
{
	free(naive->instruments);
	free(naive->entries);
	free(naive);
}

static void
append(struct naive *naive, struct naive_entry entry)
{
	naive->entries[naive->count++] = entry;
}

static void
erase(struct naive *naive, struct naive_entry *entry)
{
	*entry = naive->entries[--naive->count];
}

static struct naive_entry *
order_of_id(struct naive *naive, uint64_t id)
{
	for (size_t i = 0; i < naive->count; i++) {
		if (!naive->entries[i].is_total && naive->entries[i].id == id)
			return &naive->entries[i];
	}
	return NULL;
}

/* Index of an order of that level, or of the level; count when there is none. */
static size_t
place_of_level(const struct naive *naive, const struct naive_entry *wanted)
{
	size_t i = 0;

	while (i < naive->count && !naive_same_level(&naive->entries[i], wanted))
		i++;
	return i;
}

static bool
is_better(char side, int64_t price, int64_t than)
{
	return side == 'B' ? price > than : price < than;
}

static void
best_of(const struct naive *naive, uint32_t instrument, char side, int64_t *price,
	int64_t *quantity)
{
	*price = 0;
	*quantity = 0;
	for (size_t i = 0; i < naive->count; i++) {
		const struct naive_entry *entry = &naive->entries[i];

		if (entry->instrument != instrument || entry->side != side)
			continue;
		if (*quantity == 0 || is_better(side, entry->price, *price)) {
			*price = entry->price;
			*quantity = entry->quantity;
		} else if (entry->price == *price) {
			*quantity += entry->quantity;
		}
	}
}

static uint32_t
report(struct naive *naive, uint32_t instrument, struct naive_quote now)
{
	struct naive_quote *last = &naive->instruments[instrument].quote;

	if (memcmp(last, &now, sizeof(now)) == 0)
		return 0;
	*last = now;
	naive->counters.quote_changes++;
	return NAIVE_QUOTE_CHANGED;
}

static uint32_t
report_book(struct naive *naive, uint32_t instrument)
{
	struct naive_quote now;

	best_of(naive, instrument, 'B', &now.bid_price, &now.bid_quantity);
	best_of(naive, instrument, 'S', &now.ask_price, &now.ask_quantity);
	return report(naive, instrument, now);
}

static uint32_t
distrust(struct naive *naive, uint32_t instrument, enum naive_reason why)
{
	bool was_stale = naive_is_stale(naive, instrument);

	naive->instruments[instrument].is_stale = true;
	return was_stale ? 0 : NAIVE_BECAME_STALE | (uint32_t)why << 8;
}

static bool
has_place(struct naive *naive, uint32_t instrument)
{
	if (instrument >= 1 && instrument <= naive->max_instruments)
		return true;
	naive->counters.instruments_refused++;
	return false;
}

/* Of a message that makes a book; false when it cannot. */
static bool
make(struct naive *naive, uint32_t instrument)
{
	if (!has_place(naive, instrument))
		return false;
	naive->instruments[instrument].exists = true;
	return true;
}

static uint32_t
try_add(struct naive *naive, const struct naive_entry *order)
{
	struct naive_entry *live = order_of_id(naive, order->id);

	if (order->quantity <= 0 || order->quantity > 0xffffffffLL) {
		naive->counters.bad_fields++;
		return distrust(naive, order->instrument, NAIVE_FIELD);
	}
	if (live != NULL) {
		uint32_t bits = distrust(naive, order->instrument, NAIVE_DUPLICATE);

		naive->counters.duplicate_orders++;
		(void)distrust(naive, live->instrument, NAIVE_DUPLICATE);
		return bits;
	}
	if (naive_count_orders(naive) == naive->max_orders) {
		naive->counters.orders_refused++;
		return distrust(naive, order->instrument, NAIVE_FULL);
	}
	/* there are no more levels than orders */
	if (naive->count >= naive->max_levels && place_of_level(naive, order) == naive->count &&
		naive_count_levels(naive) == naive->max_levels) {
		naive->counters.levels_refused++;
		return distrust(naive, order->instrument, NAIVE_FULL);
	}
	append(naive, *order);
	return 0;
}

uint32_t
naive_add(struct naive *naive, uint32_t instrument, uint64_t id, char side, int64_t price,
	int64_t quantity)
{
	struct naive_entry order = { instrument, id, side, false, price, quantity };
	uint32_t bits;

	if (!make(naive, instrument))
		return 0;
	if ((side != 'B' && side != 'S') || naive->instruments[instrument].kind == NAIVE_BY_LEVEL) {
		naive->counters.bad_fields++;
		return distrust(naive, instrument, NAIVE_FIELD);
	}
	naive->instruments[instrument].kind = NAIVE_BY_ORDER;
	bits = try_add(naive, &order);
	return bits | report_book(naive, instrument);
}

/* The order, if it is live in that instrument; else both are distrusted. */
static struct naive_entry *
find(struct naive *naive, uint32_t instrument, uint64_t id, uint32_t *bits)
{
	struct naive_entry *order = order_of_id(naive, id);

	*bits = 0;
	if (order != NULL && order->instrument == instrument)
		return order;
	naive->counters.unknown_orders++;
	if (order != NULL)
		(void)distrust(naive, order->instrument, NAIVE_UNKNOWN);
	*bits = distrust(naive, instrument, NAIVE_UNKNOWN);
	return NULL;
}

uint32_t
naive_reduce(struct naive *naive, uint32_t instrument, uint64_t id, int64_t quantity)
{
	struct naive_entry *order;
	uint32_t bits;

	if (!make(naive, instrument))
		return 0;
	if (quantity < 0) {
		naive->counters.bad_fields++;
		return distrust(naive, instrument, NAIVE_FIELD);
	}
	order = find(naive, instrument, id, &bits);
	if (order == NULL)
		return bits;
	if (quantity > order->quantity) {
		naive->counters.over_reductions++;
		bits = distrust(naive, instrument, NAIVE_OVER);
		quantity = order->quantity;
	}
	order->quantity -= quantity;
	if (order->quantity == 0)
		erase(naive, order);
	return bits | report_book(naive, instrument);
}

uint32_t
naive_delete(struct naive *naive, uint32_t instrument, uint64_t id)
{
	struct naive_entry *order;
	uint32_t bits;

	if (!make(naive, instrument))
		return 0;
	order = find(naive, instrument, id, &bits);
	if (order == NULL)
		return bits;
	erase(naive, order);
	return report_book(naive, instrument);
}

uint32_t
naive_replace(struct naive *naive, uint32_t instrument, uint64_t id, uint64_t new_id, int64_t price,
	int64_t quantity)
{
	struct naive_entry *order;
	struct naive_entry new_order;
	uint32_t bits;

	if (!make(naive, instrument))
		return 0;
	order = find(naive, instrument, id, &bits);
	if (order == NULL)
		return bits;
	new_order = *order;
	new_order.id = new_id;
	new_order.price = price;
	new_order.quantity = quantity;
	erase(naive, order);
	bits = try_add(naive, &new_order);
	return bits | report_book(naive, instrument);
}

uint32_t
naive_level_update(struct naive *naive, uint32_t instrument, char side, int64_t price,
	int64_t quantity, bool is_partial)
{
	struct naive_entry level = { instrument, 0, side, true, price, quantity };
	size_t old;
	uint32_t bits = 0;

	if (!make(naive, instrument))
		return 0;
	if (naive->instruments[instrument].kind == NAIVE_UNSAID)
		naive->instruments[instrument].kind = NAIVE_BY_LEVEL;
	old = place_of_level(naive, &level);
	if ((side != 'B' && side != 'S') || quantity < 0 ||
		naive->instruments[instrument].kind == NAIVE_BY_ORDER) {
		naive->counters.bad_fields++;
		bits = distrust(naive, instrument, NAIVE_FIELD);
	} else if (quantity == 0) {
		if (old < naive->count)
			erase(naive, &naive->entries[old]);
	} else if (old < naive->count) {
		naive->entries[old].quantity = quantity;
	} else if (naive_count_levels(naive) == naive->max_levels) {
		naive->counters.levels_refused++;
		bits = distrust(naive, instrument, NAIVE_FULL);
	} else {
		append(naive, level);
	}
	return is_partial ? bits : bits | report_book(naive, instrument);
}

uint32_t
naive_set_quote(
	struct naive *naive, uint32_t instrument, const struct naive_quote *quote, bool is_stale)
{
	struct naive_quote now = *quote;
	uint32_t bits = 0;

	if (!make(naive, instrument) || naive->instruments[instrument].kind != NAIVE_UNSAID)
		return 0;
	if (now.bid_quantity < 0 || now.ask_quantity < 0) {
		naive->counters.bad_fields++;
		return distrust(naive, instrument, NAIVE_FIELD);
	}
	if (is_stale)
		bits = distrust(naive, instrument, NAIVE_UPSTREAM);
	if (now.bid_quantity == 0)
		now.bid_price = 0;
	if (now.ask_quantity == 0)
		now.ask_price = 0;
	return bits | report(naive, instrument, now);
}

uint32_t
naive_instrument(struct naive *naive, uint32_t instrument, const char symbol[16], uint8_t decimals)
{
	if (!has_place(naive, instrument))
		return 0;
	if (decimals > 9) {
		naive->counters.bad_fields++;
		return 0;
	}
	memcpy(naive->instruments[instrument].symbol, symbol, 16);
	naive->instruments[instrument].decimals = decimals;
	return 0;
}

static uint32_t
clear_one(struct naive *naive, uint32_t instrument)
{
	struct naive_quote nothing = { 0, 0, 0, 0 };
	size_t i = 0;

	while (i < naive->count) {
		if (naive->entries[i].instrument == instrument) {
			erase(naive, &naive->entries[i]);
		} else {
			i++;
		}
	}
	naive->instruments[instrument].kind = NAIVE_UNSAID;
	naive->instruments[instrument].is_stale = false;
	return report(naive, instrument, nothing);
}

uint32_t
naive_clear(struct naive *naive, uint32_t instrument, bool is_new_session)
{
	if (instrument != 0)
		return make(naive, instrument) ? clear_one(naive, instrument) : 0;
	naive->is_stale = false;
	for (uint32_t i = 1; i <= naive->max_instruments; i++) {
		(void)clear_one(naive, i);
		if (is_new_session)
			memset(naive->instruments[i].symbol, 0, 16);
	}
	return 0;
}

static uint32_t
distrust_all(struct naive *naive, enum naive_reason why)
{
	bool was_stale = naive->is_stale;

	naive->is_stale = true;
	return was_stale ? 0 : NAIVE_BECAME_STALE | (uint32_t)why << 8;
}

uint32_t
naive_gap(struct naive *naive)
{
	return distrust_all(naive, NAIVE_GAP);
}

uint32_t
naive_stale(struct naive *naive, uint32_t instrument)
{
	if (instrument == 0)
		return distrust_all(naive, NAIVE_UPSTREAM);
	return make(naive, instrument) ? distrust(naive, instrument, NAIVE_UPSTREAM) : 0;
}
