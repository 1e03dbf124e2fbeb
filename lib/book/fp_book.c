/* SPDX-License-Identifier: BSD-3-Clause */

#include "fp_error.h"
#include "fpi_books.h"

#define SIZE_LIMIT (UINT32_C(1) << 31)

uint64_t
fp_books_bytes(const struct fp_books_params *params)
{
	return fp_arena_array_bytes(1, sizeof(struct fp_books), FP_CACHE_LINE_BYTES) +
		fp_arena_array_bytes((uint64_t)params->max_instruments + 1, sizeof(struct fpi_book),
			FP_CACHE_LINE_BYTES) +
		fpi_orders_bytes(params->max_orders) +
		fpi_levels_bytes(params->max_levels, params->max_instruments);
}

int
fp_books_create(const struct fp_books_params *params, struct fp_arena *arena, struct fp_books **out)
{
	struct fp_books *books;
	struct fp_books_counters *counters;

	*out = NULL;
	if (params->max_instruments == 0 || params->max_instruments >= SIZE_LIMIT ||
		params->max_levels == 0 || params->max_levels >= SIZE_LIMIT ||
		params->max_orders >= SIZE_LIMIT)
		return -EINVAL;
	books = fp_arena_array(arena, 1, sizeof(*books), FP_CACHE_LINE_BYTES);
	if (books == NULL)
		return -ENOMEM;
	counters = &books->counters;
	books->max_instruments = params->max_instruments;
	books->books = fp_arena_array(arena, (uint64_t)params->max_instruments + 1,
		sizeof(struct fpi_book), FP_CACHE_LINE_BYTES);
	if (books->books == NULL ||
		fpi_orders_init(&books->orders, params->max_orders, &counters->orders, arena) !=
			0 ||
		fpi_levels_init(&books->levels, params->max_levels, params->max_instruments,
			&counters->levels, arena) != 0)
		return -ENOMEM;
	for (uint32_t id = 0; id <= params->max_instruments; id++) {
		books->books[id].best[0] = fpi_best_none();
		books->books[id].best[1] = fpi_best_none();
	}
	*out = books;
	return 0;
}

uint32_t
fpi_book_mark_stale(struct fp_books *books, struct fpi_book *book, uint32_t reason)
{
	if (book->is_stale)
		return 0;
	book->is_stale = true;
	books->marked++;
	fpi_books_count_stale(books);
	return books->is_stale ? 0 : fpi_stale_bits(reason);
}

uint32_t
fpi_book_distrust(struct fp_books *books, struct fpi_book *book, uint64_t *counter, uint32_t reason)
{
	fpi_books_count(counter);
	return fpi_book_mark_stale(books, book, reason);
}

static void
note_highest(struct fp_books *books, uint32_t instrument_id)
{
	if (instrument_id > books->highest)
		books->highest = instrument_id;
}

void
fpi_book_make(struct fp_books *books, uint32_t instrument_id)
{
	books->books[instrument_id].exists = true;
	note_highest(books, instrument_id);
	fpi_books_count(&books->counters.instruments);
	fpi_books_count_stale(books);
}

static void
name_instrument(struct fp_books *books, const struct fp_message *message)
{
	struct fpi_book *book = &books->books[message->instrument_id];

	if (message->instrument.price_decimals > FP_PRICE_DECIMALS_MAX) {
		fpi_books_count(&books->counters.bad_fields);
		return;
	}
	book->symbol = message->instrument.symbol;
	book->price_decimals = message->instrument.price_decimals;
	note_highest(books, message->instrument_id);
}

/* Take an instrument's orders out of the table; their levels are dropped by the caller. */
static void
remove_orders_of(struct fp_books *books, uint32_t instrument_id)
{
	struct fpi_orders *orders = &books->orders;

	for (uint32_t idx = 1; idx <= orders->used; idx++) {
		const struct fpi_order *order = &orders->records[idx];

		if (order->level != FPI_NONE && order->instrument_id == instrument_id)
			fpi_orders_remove(orders, fpi_orders_find(orders, order->id));
	}
}

/* Make a book, whose sides are empty, as good as new. */
static uint32_t
reset_book(struct fp_books *books, struct fpi_book *book)
{
	const struct fpi_best before[FPI_SIDES] = { book->best[0], book->best[1] };

	book->kind = FPI_KIND_NONE;
	book->best[0] = fpi_best_none();
	book->best[1] = fpi_best_none();
	if (book->is_stale)
		books->marked--;
	book->is_stale = false;
	return fpi_best_report_both(books, before, book->best);
}

static uint32_t
clear_book(struct fp_books *books, uint32_t instrument_id)
{
	struct fpi_book *book = &books->books[instrument_id];
	uint32_t bits;

	if (book->kind == FPI_KIND_ORDER)
		remove_orders_of(books, instrument_id);
	for (uint32_t side = 0; side < FPI_SIDES; side++)
		fpi_levels_clear_side(&books->levels, &book->sides[side]);
	bits = reset_book(books, book);
	fpi_books_count_stale(books);
	return bits;
}

/* Numbers of instruments belong to their session: the next one names them anew. */
static void
forget_names(struct fp_books *books)
{
	for (uint32_t id = 1; id <= books->highest; id++)
		memset(&books->books[id].symbol, 0, sizeof(books->books[id].symbol));
}

static void
clear_all(struct fp_books *books)
{
	fpi_orders_clear(&books->orders);
	fpi_levels_clear(&books->levels);
	for (uint32_t id = 1; id <= books->highest; id++) {
		books->books[id].sides[0] = FPI_NONE;
		books->books[id].sides[1] = FPI_NONE;
		(void)reset_book(books, &books->books[id]);
	}
	books->is_stale = false;
	fpi_books_count_stale(books);
}

static uint32_t
distrust_all(struct fp_books *books, uint32_t reason)
{
	if (books->is_stale)
		return 0;
	books->is_stale = true;
	fpi_books_count_stale(books);
	return fpi_stale_bits(reason);
}

uint32_t
fpi_books_apply_control(struct fp_books *books, const struct fp_message *message)
{
	const uint32_t id = message->instrument_id;

	if (message->type == FP_MESSAGE_GAP)
		return distrust_all(books, FP_STALE_GAP);
	if (message->type == FP_MESSAGE_STALE && id == 0)
		return distrust_all(books, FP_STALE_UPSTREAM);
	if (message->type == FP_MESSAGE_BOOK_CLEAR && id == 0) {
		clear_all(books);
		if (message->book_clear.reason == FP_CLEAR_SESSION)
			forget_names(books);
		return 0;
	}
	if (!fpi_books_has_place(books, id))
		return 0;
	if (message->type == FP_MESSAGE_INSTRUMENT) {
		name_instrument(books, message);
		return 0;
	}
	if (!books->books[id].exists)
		fpi_book_make(books, id);
	if (message->type == FP_MESSAGE_BOOK_CLEAR)
		return clear_book(books, id);
	return fpi_book_mark_stale(books, &books->books[id], FP_STALE_UPSTREAM);
}

/* The instrument's record; record 0, which stays empty, for ids that the tables lack. */
static const struct fpi_book *
look_up(const struct fp_books *books, uint32_t instrument_id)
{
	return &books->books[instrument_id <= books->max_instruments ? instrument_id : 0];
}

bool
fp_books_quote(const struct fp_books *books, uint32_t instrument_id, struct fp_quote *quote)
{
	const struct fpi_book *book = look_up(books, instrument_id);
	const struct fpi_best *bid = &book->best[0];
	const struct fpi_best *ask = &book->best[1];

	quote->bid_price.ticks = bid->quantity == 0 ? 0 : fpi_level_price(0, bid->key).ticks;
	quote->bid_quantity.units = bid->quantity;
	quote->ask_price.ticks = ask->quantity == 0 ? 0 : fpi_level_price(1, ask->key).ticks;
	quote->ask_quantity.units = ask->quantity;
	return !(books->is_stale || book->is_stale);
}

int
fp_books_level(const struct fp_books *books, uint32_t instrument_id, enum fp_side side,
	uint32_t depth, struct fp_level *level)
{
	const struct fpi_level *record;
	const uint32_t s = side == FP_SIDE_SELL;
	uint32_t idx;

	if (side != FP_SIDE_BUY && side != FP_SIDE_SELL)
		return -ERANGE;
	idx = fpi_levels_at(&books->levels, look_up(books, instrument_id)->sides[s], depth);
	if (idx == FPI_NONE)
		return -ERANGE;
	record = &books->levels.records[idx];
	level->price = fpi_level_price(s, record->key);
	level->quantity.units = record->quantity;
	level->orders = record->orders;
	return 0;
}

uint32_t
fp_books_find(const struct fp_books *books, struct fp_symbol16 symbol)
{
	/* what no Instrument message named has the empty symbol */
	if (symbol.text[0] == '\0')
		return 0;
	for (uint32_t id = 1; id <= books->highest; id++) {
		if (fp_symbol16_equal(books->books[id].symbol, symbol))
			return id;
	}
	return 0;
}

struct fp_symbol16
fp_books_symbol(const struct fp_books *books, uint32_t instrument_id)
{
	return look_up(books, instrument_id)->symbol;
}

uint8_t
fp_books_price_decimals(const struct fp_books *books, uint32_t instrument_id)
{
	return look_up(books, instrument_id)->price_decimals;
}

bool
fp_books_exists(const struct fp_books *books, uint32_t instrument_id)
{
	return look_up(books, instrument_id)->exists;
}

bool
fp_books_is_stale(const struct fp_books *books, uint32_t instrument_id)
{
	return books->is_stale || look_up(books, instrument_id)->is_stale;
}

uint32_t
fp_books_max_instruments(const struct fp_books *books)
{
	return books->max_instruments;
}

const struct fp_books_counters *
fp_books_counters(const struct fp_books *books)
{
	return &books->counters;
}
