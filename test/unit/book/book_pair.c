/* SPDX-License-Identifier: BSD-3-Clause */

#include "book_pair.h"

#include <assert.h>
#include <string.h>

#include "fp_test_eal.h"

/* More levels than any side of a test has. */
#define LEVELS_MAX 2048

static_assert(NAIVE_QUOTE_CHANGED == FP_BOOK_F_QUOTE && NAIVE_BECAME_STALE == FP_BOOK_F_STALE,
	"bits are compared as they are");

static struct fp_arena *arena;

int
pair_group_setup(void **state)
{
	struct fp_arena_params params = { "test_book", 32 << 20, -1, 0 };

	(void)state;
	if (fp_test_eal_init() != 0)
		return -1;
	return fp_arena_create(&params, &arena);
}

int
pair_group_teardown(void **state)
{
	(void)state;
	fp_arena_destroy(arena);
	fp_test_eal_fini();
	return 0;
}

struct fp_arena *
pair_arena(void)
{
	return arena;
}

struct pair
pair_open(uint32_t max_instruments, uint32_t max_orders, uint32_t max_levels)
{
	struct fp_books_params params = { max_instruments, max_orders, max_levels };
	struct pair pair;

	fp_arena_reset(arena);
	assert_int_equal(fp_books_create(&params, arena, &pair.books), 0);
	pair.naive = naive_new(max_instruments, max_orders, max_levels);
	pair.max_instruments = max_instruments;
	return pair;
}

void
pair_close(struct pair *pair)
{
	naive_free(pair->naive);
}

static uint32_t
tell_naive(struct naive *naive, const struct fp_message *m)
{
	const uint32_t instrument = m->instrument_id;
	struct naive_quote quote;

	switch (m->type) {
	case FP_MESSAGE_ORDER_ADD:
		return naive_add(naive, instrument, m->order_add.order_id, (char)m->order_add.side,
			m->order_add.price.ticks, m->order_add.quantity.units);
	case FP_MESSAGE_ORDER_EXECUTE:
		return naive_reduce(naive, instrument, m->order_execute.order_id,
			m->order_execute.quantity.units);
	case FP_MESSAGE_ORDER_REDUCE:
		return naive_reduce(naive, instrument, m->order_reduce.order_id,
			m->order_reduce.quantity.units);
	case FP_MESSAGE_ORDER_DELETE:
		return naive_delete(naive, instrument, m->order_delete.order_id);
	case FP_MESSAGE_ORDER_REPLACE:
		return naive_replace(naive, instrument, m->order_replace.order_id,
			m->order_replace.new_order_id, m->order_replace.price.ticks,
			m->order_replace.quantity.units);
	case FP_MESSAGE_LEVEL_UPDATE:
		return naive_level_update(naive, instrument, (char)m->level_update.side,
			m->level_update.price.ticks, m->level_update.quantity.units,
			(m->level_update.flags & FP_LEVEL_F_PARTIAL) != 0);
	case FP_MESSAGE_QUOTE:
		quote.bid_price = m->quote.bid_price.ticks;
		quote.bid_quantity = m->quote.bid_quantity.units;
		quote.ask_price = m->quote.ask_price.ticks;
		quote.ask_quantity = m->quote.ask_quantity.units;
		return naive_set_quote(
			naive, instrument, &quote, (m->quote.flags & FP_QUOTE_F_STALE) != 0);
	case FP_MESSAGE_INSTRUMENT:
		return naive_instrument(
			naive, instrument, m->instrument.symbol.text, m->instrument.price_decimals);
	case FP_MESSAGE_BOOK_CLEAR:
		return naive_clear(naive, instrument, m->book_clear.reason == FP_CLEAR_SESSION);
	case FP_MESSAGE_STALE:
		return naive_stale(naive, instrument);
	case FP_MESSAGE_GAP:
		return naive_gap(naive);
	default:
		return 0;
	}
}

uint32_t
pair_apply(struct pair *pair, const struct fp_message *message)
{
	uint32_t bits;

	fp_books_prefetch(pair->books, message);
	bits = fp_books_apply(pair->books, message);
	assert_int_equal(bits, tell_naive(pair->naive, message));
	return bits;
}

static void
compare_counters(const struct pair *pair)
{
	const struct fp_books_counters *counters = fp_books_counters(pair->books);
	const struct naive_counters naive = naive_count(pair->naive);

	assert_int_equal(counters->instruments, naive.instruments);
	assert_int_equal(counters->orders, naive.orders);
	assert_int_equal(counters->levels, naive.levels);
	assert_int_equal(counters->quote_changes, naive.quote_changes);
	assert_int_equal(counters->stale_books, naive.stale_books);
	assert_int_equal(counters->unknown_orders, naive.unknown_orders);
	assert_int_equal(counters->duplicate_orders, naive.duplicate_orders);
	assert_int_equal(counters->over_reductions, naive.over_reductions);
	assert_int_equal(counters->orders_refused, naive.orders_refused);
	assert_int_equal(counters->levels_refused, naive.levels_refused);
	assert_int_equal(counters->instruments_refused, naive.instruments_refused);
	assert_int_equal(counters->bad_fields, naive.bad_fields);
}

static void
compare_quote(const struct pair *pair, uint32_t instrument)
{
	struct naive_quote naive;
	struct fp_quote quote;

	assert_int_equal(fp_books_quote(pair->books, instrument, &quote),
		!naive_is_stale(pair->naive, instrument));
	assert_int_equal(fp_books_is_stale(pair->books, instrument),
		naive_is_stale(pair->naive, instrument));
	assert_int_equal(
		fp_books_exists(pair->books, instrument), naive_exists(pair->naive, instrument));
	naive_get_quote(pair->naive, instrument, &naive);
	assert_int_equal(quote.bid_price.ticks, naive.bid_price);
	assert_int_equal(quote.bid_quantity.units, naive.bid_quantity);
	assert_int_equal(quote.ask_price.ticks, naive.ask_price);
	assert_int_equal(quote.ask_quantity.units, naive.ask_quantity);
}

void
pair_compare_side(const struct pair *pair, uint32_t instrument, enum fp_side side)
{
	static struct naive_level levels[LEVELS_MAX];
	const size_t count = naive_levels(pair->naive, instrument, (char)side, levels, LEVELS_MAX);
	struct fp_level level;

	for (uint32_t i = 0; i < count; i++) {
		assert_int_equal(fp_books_level(pair->books, instrument, side, i, &level), 0);
		assert_int_equal(level.price.ticks, levels[i].price);
		assert_int_equal(level.quantity.units, levels[i].quantity);
		assert_int_equal(level.orders, levels[i].orders);
	}
	assert_int_equal(
		fp_books_level(pair->books, instrument, side, (uint32_t)count, &level), -ERANGE);
}

void
pair_compare(const struct pair *pair)
{
	for (uint32_t i = 0; i <= pair->max_instruments + 1; i++) {
		compare_quote(pair, i);
		pair_compare_side(pair, i, FP_SIDE_BUY);
		pair_compare_side(pair, i, FP_SIDE_SELL);
	}
	for (uint32_t i = 1; i <= pair->max_instruments; i++) {
		struct fp_symbol16 symbol = fp_books_symbol(pair->books, i);

		assert_memory_equal(symbol.text, naive_symbol(pair->naive, i), 16);
		assert_int_equal(
			fp_books_price_decimals(pair->books, i), naive_decimals(pair->naive, i));
	}
	compare_counters(pair);
}

uint32_t
pair_check(struct pair *pair, const struct fp_message *message)
{
	uint32_t bits = pair_apply(pair, message);

	pair_compare(pair);
	return bits;
}

void
pair_expect_quote(const struct pair *pair, uint32_t instrument, int64_t bid, int64_t bid_quantity,
	int64_t ask, int64_t ask_quantity)
{
	struct fp_quote quote;

	(void)fp_books_quote(pair->books, instrument, &quote);
	assert_int_equal(quote.bid_price.ticks, bid);
	assert_int_equal(quote.bid_quantity.units, bid_quantity);
	assert_int_equal(quote.ask_price.ticks, ask);
	assert_int_equal(quote.ask_quantity.units, ask_quantity);
}

void
pair_expect_level(const struct pair *pair, uint32_t instrument, enum fp_side side, uint32_t depth,
	struct naive_level expected)
{
	struct fp_level level;

	assert_int_equal(fp_books_level(pair->books, instrument, side, depth, &level), 0);
	assert_int_equal(level.price.ticks, expected.price);
	assert_int_equal(level.quantity.units, expected.quantity);
	assert_int_equal(level.orders, expected.orders);
}

struct fp_message
message_plain(uint8_t type, uint32_t instrument)
{
	struct fp_message message;

	memset(&message, 0, sizeof(message));
	message.len = fp_message_lengths[type];
	message.type = type;
	message.instrument_id = instrument;
	return message;
}

struct fp_message
message_add(uint32_t instrument, uint64_t id, char side, int64_t price, int64_t quantity)
{
	struct fp_message message = message_plain(FP_MESSAGE_ORDER_ADD, instrument);

	message.order_add.order_id = id;
	message.order_add.side = (uint8_t)side;
	message.order_add.price.ticks = price;
	message.order_add.quantity.units = quantity;
	return message;
}

/* Priced far away from any book: that price must not matter. */
struct fp_message
message_execute(uint32_t instrument, uint64_t id, int64_t quantity)
{
	struct fp_message message = message_plain(FP_MESSAGE_ORDER_EXECUTE, instrument);

	message.order_execute.order_id = id;
	message.order_execute.quantity.units = quantity;
	message.order_execute.price.ticks = 999999;
	message.order_execute.flags = FP_EXECUTE_F_PRICED;
	return message;
}

struct fp_message
message_reduce(uint32_t instrument, uint64_t id, int64_t quantity)
{
	struct fp_message message = message_plain(FP_MESSAGE_ORDER_REDUCE, instrument);

	message.order_reduce.order_id = id;
	message.order_reduce.quantity.units = quantity;
	return message;
}

struct fp_message
message_delete(uint32_t instrument, uint64_t id)
{
	struct fp_message message = message_plain(FP_MESSAGE_ORDER_DELETE, instrument);

	message.order_delete.order_id = id;
	return message;
}

struct fp_message
message_replace(uint32_t instrument, uint64_t id, uint64_t new_id, int64_t price, int64_t quantity)
{
	struct fp_message message = message_plain(FP_MESSAGE_ORDER_REPLACE, instrument);

	message.order_replace.order_id = id;
	message.order_replace.new_order_id = new_id;
	message.order_replace.price.ticks = price;
	message.order_replace.quantity.units = quantity;
	return message;
}

struct fp_message
message_level(uint32_t instrument, char side, int64_t price, int64_t quantity, uint8_t flags)
{
	struct fp_message message = message_plain(FP_MESSAGE_LEVEL_UPDATE, instrument);

	message.level_update.side = (uint8_t)side;
	message.level_update.price.ticks = price;
	message.level_update.quantity.units = quantity;
	message.level_update.flags = flags;
	return message;
}

struct fp_message
message_quote(uint32_t instrument, const struct naive_quote *quote, uint8_t flags)
{
	struct fp_message message = message_plain(FP_MESSAGE_QUOTE, instrument);

	message.quote.bid_price.ticks = quote->bid_price;
	message.quote.bid_quantity.units = quote->bid_quantity;
	message.quote.ask_price.ticks = quote->ask_price;
	message.quote.ask_quantity.units = quote->ask_quantity;
	message.quote.flags = flags;
	return message;
}

struct fp_message
message_instrument(uint32_t instrument, const char *symbol, uint8_t decimals)
{
	struct fp_message message = message_plain(FP_MESSAGE_INSTRUMENT, instrument);

	memcpy(message.instrument.symbol.text, symbol, strnlen(symbol, FP_SYMBOL_LEN));
	message.instrument.price_decimals = decimals;
	return message;
}
