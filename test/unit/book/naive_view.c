/* SPDX-License-Identifier: BSD-3-Clause */

#include <stdlib.h>
#include <string.h>

#include "naive_book.h"

bool
naive_same_level(const struct naive_entry *a, const struct naive_entry *b)
{
	return a->instrument == b->instrument && a->side == b->side && a->price == b->price;
}

uint64_t
naive_count_orders(const struct naive *naive)
{
	uint64_t orders = 0;

	for (size_t i = 0; i < naive->count; i++)
		orders += !naive->entries[i].is_total;
	return orders;
}

uint64_t
naive_count_levels(const struct naive *naive)
{
	uint64_t levels = 0;

	for (size_t i = 0; i < naive->count; i++) {
		size_t first = 0;

		while (!naive_same_level(&naive->entries[first], &naive->entries[i]))
			first++;
		levels += first == i;
	}
	return levels;
}

static int
compare_bids(const void *left, const void *right)
{
	const struct naive_level *a = left;
	const struct naive_level *b = right;

	return (a->price < b->price) - (a->price > b->price);
}

static int
compare_offers(const void *left, const void *right)
{
	return compare_bids(right, left);
}

size_t
naive_levels(const struct naive *naive, uint32_t instrument, char side, struct naive_level *levels,
	size_t cap)
{
	struct naive_level *all = calloc(naive->count + 1, sizeof(*all));
	size_t orders = 0;
	size_t count = 0;

	for (size_t i = 0; i < naive->count; i++) {
		const struct naive_entry *entry = &naive->entries[i];

		if (entry->instrument != instrument || entry->side != side)
			continue;
		all[orders].price = entry->price;
		all[orders].quantity = entry->quantity;
		all[orders++].orders = !entry->is_total;
	}
	qsort(all, orders, sizeof(*all), side == 'B' ? compare_bids : compare_offers);
	for (size_t i = 0; i < orders && count <= cap; i++) {
		if (count != 0 && levels[count - 1].price == all[i].price) {
			levels[count - 1].quantity += all[i].quantity;
			levels[count - 1].orders += all[i].orders;
		} else if (count < cap) {
			levels[count++] = all[i];
		} else {
			break;
		}
	}
	free(all);
	return count;
}

void
naive_get_quote(const struct naive *naive, uint32_t instrument, struct naive_quote *quote)
{
	memset(quote, 0, sizeof(*quote));
	if (instrument <= naive->max_instruments)
		*quote = naive->instruments[instrument].quote;
}

bool
naive_is_stale(const struct naive *naive, uint32_t instrument)
{
	return naive->is_stale ||
		(instrument <= naive->max_instruments && naive->instruments[instrument].is_stale);
}

bool
naive_exists(const struct naive *naive, uint32_t instrument)
{
	return instrument <= naive->max_instruments && naive->instruments[instrument].exists;
}

const char *
naive_symbol(const struct naive *naive, uint32_t instrument)
{
	return naive->instruments[instrument].symbol;
}

uint8_t
naive_decimals(const struct naive *naive, uint32_t instrument)
{
	return naive->instruments[instrument].decimals;
}

struct naive_counters
naive_count(const struct naive *naive)
{
	struct naive_counters counters = naive->counters;

	for (uint32_t i = 1; i <= naive->max_instruments; i++) {
		counters.instruments += naive->instruments[i].exists;
		counters.stale_books += naive->instruments[i].exists && naive_is_stale(naive, i);
	}
	counters.orders = naive_count_orders(naive);
	counters.levels = naive_count_levels(naive);
	return counters;
}
