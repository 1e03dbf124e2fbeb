/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * The hot path: what orders, levels and quotes do to a book.
 *
 * The best bid and offer are kept in the instrument's own cache line. By order, a change is
 * compared with them by its key alone: below the best key it cannot change the best; at or above it
 * the touched level is the best itself, and only a level that emptied makes the side be asked. So a
 * reduction touches four cache lines: a head, an order, its level, its instrument.
 */

#include "fp_error.h"
#include "fpi_books.h"

/* The id of an order is read without asking for the type of the message. */
static_assert(offsetof(struct fp_message_order_add, order_id) == 0 &&
		offsetof(struct fp_message_order_execute, order_id) == 0 &&
		offsetof(struct fp_message_order_reduce, order_id) == 0 &&
		offsetof(struct fp_message_order_delete, order_id) == 0 &&
		offsetof(struct fp_message_order_replace, order_id) == 0,
	"order_id is the first field of each message of an order");

/* An order that is to be put into a book. */
struct addition {
	uint64_t order_id;
	struct fp_price price;
	int64_t quantity;
	uint32_t side;
	uint32_t instrument_id;
};

static inline uint32_t
index_of_side(uint8_t side)
{
	return side == FP_SIDE_SELL;
}

static inline bool
is_side(uint8_t side)
{
	return side == FP_SIDE_BUY || side == FP_SIDE_SELL;
}

/* What a side says its best level is. */
FP_HOT_PATH static inline struct fpi_best
ask_side(const struct fp_books *books, uint32_t side)
{
	const uint32_t idx = fpi_levels_best(&books->levels, side);
	const struct fpi_level *level = &books->levels.records[idx];
	struct fpi_best best;

	if (idx == FPI_NONE)
		return fpi_best_none();
	best.key = level->key;
	best.quantity = level->quantity;
	return best;
}

/* Refuse a message for its fields. */
FP_COLD static uint32_t
refuse_fields(struct fp_books *books, struct fpi_book *book)
{
	return fpi_book_distrust(books, book, &books->counters.bad_fields, FP_STALE_FIELD);
}

/* Refuse an add whose id is live. Ids are unique in a session: the other's book is wrong too. */
FP_COLD static uint32_t
refuse_duplicate(struct fp_books *books, struct fpi_book *book, const struct fpi_order *live)
{
	const uint32_t bits = fpi_book_distrust(
		books, book, &books->counters.duplicate_orders, FP_STALE_DUPLICATE_ORDER);

	(void)fpi_book_mark_stale(
		books, &books->books[live->instrument_id], FP_STALE_DUPLICATE_ORDER);
	return bits;
}

FP_HOT_PATH static inline uint32_t
insert_order(struct fp_books *books, struct fpi_book *book, const struct addition *addition)
{
	const int64_t key = fpi_level_key(addition->side, addition->price);
	struct fpi_best *best = &book->best[addition->side];
	struct fpi_order order;
	struct fpi_level *level;
	uint32_t other;

	if (FP_UNLIKELY(addition->quantity < 1 || addition->quantity > FP_BOOK_ORDER_QUANTITY_MAX))
		return refuse_fields(books, book);
	other = *fpi_orders_find(&books->orders, addition->order_id);
	if (FP_UNLIKELY(other != FPI_NONE))
		return refuse_duplicate(books, book, &books->orders.records[other]);
	if (FP_UNLIKELY(fpi_orders_is_full(&books->orders))) {
		return fpi_book_distrust(
			books, book, &books->counters.orders_refused, FP_STALE_FULL);
	}
	order.level = fpi_levels_obtain(&books->levels, &book->sides[addition->side], key);
	if (FP_UNLIKELY(order.level == FPI_NONE)) {
		return fpi_book_distrust(
			books, book, &books->counters.levels_refused, FP_STALE_FULL);
	}

	order.id = addition->order_id;
	order.quantity = (uint32_t)addition->quantity;
	order.instrument_id = addition->instrument_id;
	order.side = (uint8_t)addition->side;
	fpi_orders_insert(&books->orders, &order);
	level = &books->levels.records[order.level];
	level->quantity += addition->quantity;
	level->orders++;
	if (key >= best->key) {
		best->key = key;
		best->quantity = level->quantity;
	}
	return 0;
}

/* Take the order that link names out of its book. */
FP_HOT_PATH static inline void
remove_order(struct fp_books *books, struct fpi_book *book, uint32_t *link)
{
	const struct fpi_order *order = &books->orders.records[*link];
	struct fpi_level *level = &books->levels.records[order->level];
	struct fpi_best *best = &book->best[order->side];
	uint32_t *side = &book->sides[order->side];
	const int64_t key = level->key;

	level->orders--;
	level->quantity -= order->quantity;
	if (level->orders == 0) {
		fpi_levels_remove(&books->levels, side, key);
		if (key == best->key)
			*best = ask_side(books, *side);
	} else if (key == best->key) {
		best->quantity = level->quantity;
	}
	fpi_orders_remove(&books->orders, link);
}

/* A change of an order that is not live in the instrument of the message. */
FP_COLD static uint32_t
refuse_unknown(struct fp_books *books, struct fpi_book *book, const struct fpi_order *order)
{
	if (order != &books->orders.records[FPI_NONE]) {
		(void)fpi_book_mark_stale(
			books, &books->books[order->instrument_id], FP_STALE_UNKNOWN_ORDER);
	}
	return fpi_book_distrust(
		books, book, &books->counters.unknown_orders, FP_STALE_UNKNOWN_ORDER);
}

/* True when a record is the live order of an instrument; record 0 is of instrument 0. */
static inline bool
is_order_of(const struct fpi_order *order, uint32_t instrument_id)
{
	return order->instrument_id == instrument_id;
}

/* The first order of a book: it may have had a quote that is not its own. */
FP_COLD static uint32_t
apply_first_add(struct fp_books *books, struct fpi_book *book, const struct addition *addition)
{
	const struct fpi_best before[FPI_SIDES] = { book->best[0], book->best[1] };
	uint32_t bits;

	if (book->kind == FPI_KIND_LEVEL)
		return refuse_fields(books, book);
	book->kind = FPI_KIND_ORDER;
	book->best[0] = fpi_best_none();
	book->best[1] = fpi_best_none();
	bits = insert_order(books, book, addition);
	return bits | fpi_best_report_both(books, before, book->best);
}

FP_HOT_PATH static uint32_t
apply_add(struct fp_books *books, struct fpi_book *book, const struct fp_message *message)
{
	const uint32_t side = index_of_side(message->order_add.side);
	const struct fpi_best before = book->best[side];
	struct addition addition;
	uint32_t bits;

	if (FP_UNLIKELY(!is_side(message->order_add.side)))
		return refuse_fields(books, book);
	addition.order_id = message->order_add.order_id;
	addition.price = message->order_add.price;
	addition.quantity = message->order_add.quantity.units;
	addition.side = side;
	addition.instrument_id = message->instrument_id;
	if (FP_UNLIKELY(book->kind != FPI_KIND_ORDER))
		return apply_first_add(books, book, &addition);
	bits = insert_order(books, book, &addition);
	return bits | fpi_best_report(books, &before, &book->best[side]);
}

FP_HOT_PATH static uint32_t
apply_reduction(struct fp_books *books, struct fpi_book *book, const struct fp_message *message,
	int64_t quantity)
{
	uint32_t *link = fpi_orders_find(&books->orders, message->order_reduce.order_id);
	struct fpi_order *order = &books->orders.records[*link];
	struct fpi_best *best = &book->best[order->side];
	const struct fpi_best before = *best;
	struct fpi_level *level;
	uint32_t bits = 0;

	if (FP_UNLIKELY(quantity < 0))
		return refuse_fields(books, book);
	if (FP_UNLIKELY(!is_order_of(order, message->instrument_id)))
		return refuse_unknown(books, book, order);
	if (quantity >= order->quantity) {
		if (FP_UNLIKELY(quantity > order->quantity)) {
			bits = fpi_book_distrust(books, book, &books->counters.over_reductions,
				FP_STALE_OVER_REDUCTION);
		}
		remove_order(books, book, link);
		return bits | fpi_best_report(books, &before, best);
	}
	level = &books->levels.records[order->level];
	order->quantity -= (uint32_t)quantity;
	level->quantity -= quantity;
	if (level->key == best->key)
		best->quantity = level->quantity;
	return fpi_best_report(books, &before, best);
}

FP_HOT_PATH static uint32_t
apply_delete(struct fp_books *books, struct fpi_book *book, const struct fp_message *message)
{
	uint32_t *link = fpi_orders_find(&books->orders, message->order_delete.order_id);
	const struct fpi_order *order = &books->orders.records[*link];
	const struct fpi_best *best = &book->best[order->side];
	const struct fpi_best before = *best;

	if (FP_UNLIKELY(!is_order_of(order, message->instrument_id)))
		return refuse_unknown(books, book, order);
	remove_order(books, book, link);
	return fpi_best_report(books, &before, best);
}

/* The old order is gone, whatever is wrong with the new one. */
FP_HOT_PATH static uint32_t
apply_replace(struct fp_books *books, struct fpi_book *book, const struct fp_message *message)
{
	uint32_t *link = fpi_orders_find(&books->orders, message->order_replace.order_id);
	const struct fpi_order *order = &books->orders.records[*link];
	const uint32_t side = order->side;
	const struct fpi_best before = book->best[side];
	struct addition addition;
	uint32_t bits;

	if (FP_UNLIKELY(!is_order_of(order, message->instrument_id)))
		return refuse_unknown(books, book, order);
	addition.order_id = message->order_replace.new_order_id;
	addition.price = message->order_replace.price;
	addition.quantity = message->order_replace.quantity.units;
	addition.side = side;
	addition.instrument_id = message->instrument_id;
	remove_order(books, book, link);
	bits = insert_order(books, book, &addition);
	return bits | fpi_best_report(books, &before, &book->best[side]);
}

/* Give a level its new total. */
FP_HOT_PATH static inline uint32_t
set_level(struct fp_books *books, struct fpi_book *book, const struct fp_message *message,
	uint32_t side, int64_t key)
{
	const int64_t quantity = message->level_update.quantity.units;
	uint32_t idx;

	if (FP_UNLIKELY(!is_side(message->level_update.side) || quantity < 0 ||
		    book->kind != FPI_KIND_LEVEL))
		return refuse_fields(books, book);
	if (quantity == 0) {
		if (fpi_levels_find(&books->levels, book->sides[side], key) != FPI_NONE)
			fpi_levels_remove(&books->levels, &book->sides[side], key);
		return 0;
	}
	idx = fpi_levels_obtain(&books->levels, &book->sides[side], key);
	if (FP_UNLIKELY(idx == FPI_NONE)) {
		return fpi_book_distrust(
			books, book, &books->counters.levels_refused, FP_STALE_FULL);
	}
	books->levels.records[idx].quantity = quantity;
	return 0;
}

/* A refused update ends its event all the same. */
FP_HOT_PATH static uint32_t
apply_level_update(struct fp_books *books, struct fpi_book *book, const struct fp_message *message)
{
	const struct fpi_best before[FPI_SIDES] = { book->best[0], book->best[1] };
	const uint32_t side = index_of_side(message->level_update.side);
	const int64_t key = fpi_level_key(side, message->level_update.price);
	uint32_t bits;

	if (FP_UNLIKELY(book->kind == FPI_KIND_NONE)) {
		/* it may have had a quote that is not its own */
		book->kind = FPI_KIND_LEVEL;
		book->is_unsettled = true;
	}
	bits = set_level(books, book, message, side, key);
	if ((message->level_update.flags & FP_LEVEL_F_PARTIAL) != 0) {
		book->is_unsettled = true;
		return bits;
	}
	if (!book->is_unsettled && key < before[side].key)
		return bits;
	book->is_unsettled = false;
	book->best[0] = ask_side(books, book->sides[0]);
	book->best[1] = ask_side(books, book->sides[1]);
	return bits | fpi_best_report_both(books, before, book->best);
}

/* One side of a quote: what has no quantity has no price. */
static inline struct fpi_best
best_of_quote(uint32_t side, struct fp_price price, struct fp_qty quantity)
{
	struct fpi_best best = { fpi_level_key(side, price), quantity.units };

	return quantity.units == 0 ? fpi_best_none() : best;
}

FP_HOT_PATH static uint32_t
apply_quote(struct fp_books *books, struct fpi_book *book, const struct fp_message *message)
{
	const struct fp_message_quote *quote = &message->quote;
	const struct fpi_best before[FPI_SIDES] = { book->best[0], book->best[1] };
	uint32_t bits = 0;

	if (book->kind != FPI_KIND_NONE)
		return 0;
	if (FP_UNLIKELY(quote->bid_quantity.units < 0 || quote->ask_quantity.units < 0))
		return refuse_fields(books, book);
	if (FP_UNLIKELY((quote->flags & FP_QUOTE_F_STALE) != 0))
		bits = fpi_book_mark_stale(books, book, FP_STALE_UPSTREAM);
	book->best[0] = best_of_quote(0, quote->bid_price, quote->bid_quantity);
	book->best[1] = best_of_quote(1, quote->ask_price, quote->ask_quantity);
	return bits | fpi_best_report_both(books, before, book->best);
}

/* The instrument's book, made if this is the first to name it; NULL when the tables lack it. */
FP_HOT_PATH static inline struct fpi_book *
book_of(struct fp_books *books, uint32_t instrument_id)
{
	struct fpi_book *book;

	if (FP_UNLIKELY(!fpi_books_has_place(books, instrument_id)))
		return NULL;
	book = &books->books[instrument_id];
	if (FP_UNLIKELY(!book->exists))
		fpi_book_make(books, instrument_id);
	return book;
}

FP_HOT_PATH uint32_t
fp_books_apply(struct fp_books *books, const struct fp_message *message)
{
	struct fpi_book *book;

	switch (message->type) {
	case FP_MESSAGE_ORDER_ADD:
		book = book_of(books, message->instrument_id);
		return book == NULL ? 0 : apply_add(books, book, message);
	case FP_MESSAGE_ORDER_DELETE:
		book = book_of(books, message->instrument_id);
		return book == NULL ? 0 : apply_delete(books, book, message);
	case FP_MESSAGE_ORDER_REPLACE:
		book = book_of(books, message->instrument_id);
		return book == NULL ? 0 : apply_replace(books, book, message);
	case FP_MESSAGE_ORDER_EXECUTE:
		book = book_of(books, message->instrument_id);
		return book == NULL ? 0
				    : apply_reduction(books, book, message,
					      message->order_execute.quantity.units);
	case FP_MESSAGE_ORDER_REDUCE:
		book = book_of(books, message->instrument_id);
		return book == NULL ? 0
				    : apply_reduction(books, book, message,
					      message->order_reduce.quantity.units);
	case FP_MESSAGE_LEVEL_UPDATE:
		book = book_of(books, message->instrument_id);
		return book == NULL ? 0 : apply_level_update(books, book, message);
	case FP_MESSAGE_QUOTE:
		book = book_of(books, message->instrument_id);
		return book == NULL ? 0 : apply_quote(books, book, message);
	case FP_MESSAGE_INSTRUMENT:
	case FP_MESSAGE_BOOK_CLEAR:
	case FP_MESSAGE_GAP:
	case FP_MESSAGE_STALE:
		return fpi_books_apply_control(books, message);
	default:
		return 0;
	}
}

FP_HOT_PATH void
fp_books_prefetch(const struct fp_books *books, const struct fp_message *message)
{
	const uint32_t *head = fpi_orders_head(&books->orders, message->order_delete.order_id);
	const uint32_t id = message->instrument_id;

	__builtin_prefetch(&books->books[id <= books->max_instruments ? id : 0], 1);
	if (message->type == FP_MESSAGE_ORDER_ADD) {
		__builtin_prefetch(head, 1);
	} else {
		__builtin_prefetch(&books->orders.records[*head], 1);
	}
}
