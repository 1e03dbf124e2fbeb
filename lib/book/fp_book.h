/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Order books of the instruments of one channel: by order, by level, or best bid and offer only.
 *
 * One fp_books holds every instrument, order and level of a channel in tables of fixed size, made
 * in an arena at start-up. Native messages are applied one by one; what a message does is decided
 * by its type, and the kind of a book by what its venue sends:
 *
 *   OrderAdd, Execute, Reduce, Delete, Replace   by order: quantities are kept per order and level
 *   LevelUpdate                                  by level: the venue sends new totals
 *   Quote                                        top only: the venue sends the best bid and offer
 *
 * The first OrderAdd or LevelUpdate of an instrument says which kind its book is, until it is
 * cleared; the other one is refused then, and a Quote ignored.
 *
 * A change that the book cannot believe (an order that is unknown, added twice, reduced by more
 * than it has; a field outside its domain) is counted, applied as far as it makes sense, and makes
 * the book stale; so does a table that is full, and a Gap or a Stale of instrument 0 makes every
 * book stale, those that begin later included. A stale book goes on being updated, flagged, until
 * BookClear of its instrument, or of instrument 0 when every book is stale. Nothing from the wire
 * panics.
 *
 * One lcore owns an fp_books; others may read its counters, not its books.
 */

#ifndef FP_BOOK_H
#define FP_BOOK_H

#include "fp_arena.h"
#include "fp_message.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Greatest quantity of one order; sums of them fit a level whatever the number of orders. */
#define FP_BOOK_ORDER_QUANTITY_MAX UINT32_MAX

/** Sizes of the tables. */
struct fp_books_params {
	uint32_t max_instruments; /**< Instrument ids are in [1..max_instruments]. */
	uint32_t max_orders; /**< Live orders of all instruments together; 0 = none are kept. */
	uint32_t max_levels; /**< Price levels of all instruments together. */
};

/** What the books count. Single writer: the owning lcore. */
struct fp_books_counters {
	uint64_t instruments;      /**< Instruments with a book. */
	uint64_t orders;           /**< Live orders now. */
	uint64_t levels;           /**< Price levels now. */
	uint64_t quote_changes;    /**< Messages that changed a best bid or offer, by instrument. */
	uint64_t stale_books;      /**< Instruments that are stale now. */
	uint64_t unknown_orders;   /**< Changes of orders that are not in the instrument's book. */
	uint64_t duplicate_orders; /**< Adds of ids that are live, in whatever book. */
	uint64_t over_reductions;  /**< Reductions by more than the order had. */
	uint64_t orders_refused;   /**< Adds refused because the order table was full. */
	uint64_t levels_refused;   /**< Adds or updates refused because the level table was full. */
	uint64_t instruments_refused; /**< Messages whose instrument the tables lack. */
	uint64_t bad_fields; /**< Messages refused for a quantity, side, decimals or kind. */
};

/** The books of one channel; its layout is lib/book's own. */
struct fp_books;

/** Best bid and offer of one instrument. */
struct fp_quote {
	struct fp_price bid_price;  /**< 0 when bid_quantity is 0. */
	struct fp_qty bid_quantity; /**< 0 = there is no bid. */
	struct fp_price ask_price;  /**< 0 when ask_quantity is 0. */
	struct fp_qty ask_quantity; /**< 0 = there is no offer. */
};

/** One price level. */
struct fp_level {
	struct fp_price price;  /**< Of the level. */
	struct fp_qty quantity; /**< Total displayed, > 0. */
	uint32_t orders;        /**< Orders that make it up; 0 in a book by level. */
};

/** What applying a message changed: bits. The best bid or offer of the message's instrument did. */
#define FP_BOOK_F_QUOTE 0x01

/** What the message names (an instrument's book; 0: every book) became stale by it. */
#define FP_BOOK_F_STALE 0x02

/** With FP_BOOK_F_STALE: why, an enum fp_stale_reason. */
#define FP_BOOK_STALE_REASON(result) ((uint8_t)((result) >> 8))

/** Bytes of arena that fp_books_create() takes at most. */
uint64_t fp_books_bytes(const struct fp_books_params *params);

/**
 * Make empty books in an arena.
 *
 * @param[in]     params  Sizes; max_instruments and max_levels at least 1, each below 2^31.
 * @param[in,out] arena   Holds every table; they live as long as its epoch.
 * @param[out]    out     The books; NULL on failure.
 * @return 0; -EINVAL a size is out of range; -ENOMEM the arena is full.
 * @cost   Touches all tables, so that no page fault is left for the hot path.
 */
FP_MUST_CHECK int fp_books_create(
	const struct fp_books_params *params, struct fp_arena *arena, struct fp_books **out);

/**
 * Start to load what applying @p message will touch; changes nothing.
 *
 * @param[in] books    Of the channel.
 * @param[in] message  To be applied soon: 8 to 16 messages later.
 * @cost  A load from the heads of the order table. Pays when tables outgrow the nearest caches.
 */
FP_HOT_PATH void fp_books_prefetch(const struct fp_books *books, const struct fp_message *message);

/**
 * Apply one message.
 *
 * Messages that concern no book (trades, status) change nothing. The rest, by type:
 *
 *  - OrderAdd: refused when a field is outside its domain (quantity 1..FP_BOOK_ORDER_QUANTITY_MAX),
 *    its id is live, or a table is full; tested in that order, one reason is counted.
 *  - OrderExecute, OrderReduce: take from the order at its own price, whatever the execution's.
 *    More than it has takes all; 0 changes nothing; below 0 is refused.
 *  - OrderDelete: the order is gone.
 *  - OrderReplace: OrderDelete of the old and OrderAdd of the new id, which may be the same, with
 *    instrument and side of the old. The old is gone even when the new is refused.
 *  - Ids are unique among all instruments. A change that names an order of another instrument is an
 *    unknown order, and an add of such an id a duplicate; both books are stale then.
 *  - LevelUpdate: quantity 0 removes the level, if there is one. Flagged FP_LEVEL_F_PARTIAL it
 *    changes the levels, and the quote stays as it was until the update that completes the event.
 *  - Quote: best bid and offer, as long as the instrument has no book of the other kinds. A side of
 *    quantity 0 has no price. FP_QUOTE_F_STALE makes the book stale; its absence clears nothing.
 *  - Instrument: symbol and decimals are kept; it makes no book.
 *  - BookClear: the instrument's book is empty and not stale by itself. Of instrument 0: all books.
 *    One of instrument 0 with FP_CLEAR_SESSION forgets the symbols too: another session names them.
 *  - Stale, Gap: see above.
 *
 * A message of an order, a level or a quote, a BookClear and a Stale make the book of the
 * instrument that they name, be they refused or not. What names an instrument that the tables lack
 * is counted and has no other effect.
 *
 * @param[in,out] books    To be changed.
 * @param[in]     message  Any native message; nothing in it is trusted.
 * @return Bits FP_BOOK_F_*, and FP_BOOK_STALE_REASON(). FP_BOOK_F_QUOTE is never returned for a
 *         message of instrument 0.
 * @threads The owning lcore.
 * @cost   No allocation. Constant time but for two searches: a level from the best one on, ten at a
 *         time, and an order among those of equal hash. A BookClear passes over as many orders as
 *         were ever live together since the last BookClear of instrument 0.
 */
FP_HOT_PATH uint32_t fp_books_apply(struct fp_books *books, const struct fp_message *message);

/**
 * Best bid and offer of an instrument.
 *
 * @param[in]  books          Of the channel.
 * @param[in]  instrument_id  Any number.
 * @param[out] quote          All zero when the instrument has no book.
 * @return True when the book is to be trusted, false when it is stale.
 */
FP_HOT_PATH bool
fp_books_quote(const struct fp_books *books, uint32_t instrument_id, struct fp_quote *quote);

/**
 * The level at place @p depth of one side, from the best price on.
 *
 * @param[in]  books          Of the channel.
 * @param[in]  instrument_id  Any number.
 * @param[in]  side           FP_SIDE_BUY or FP_SIDE_SELL.
 * @param[in]  depth          0 = best.
 * @param[out] level          Filled on success.
 * @return 0, or -ERANGE when the side has no more levels.
 */
FP_MUST_CHECK FP_HOT_PATH int fp_books_level(const struct fp_books *books, uint32_t instrument_id,
	enum fp_side side, uint32_t depth, struct fp_level *level);

/**
 * Number of the instrument with that symbol, the lowest if there are several.
 *
 * @param[in] books   Of the channel.
 * @param[in] symbol  Padded with NUL; an empty one is nobody's.
 * @return The instrument id, or 0 when no Instrument message named it.
 * @cost   Walks the instruments: for reports.
 */
uint32_t fp_books_find(const struct fp_books *books, struct fp_symbol16 symbol);

/** Symbol of an instrument; all NUL when it has none. */
struct fp_symbol16 fp_books_symbol(const struct fp_books *books, uint32_t instrument_id);

/** Decimals of the instrument's prices, from its Instrument message; 0 before. */
uint8_t fp_books_price_decimals(const struct fp_books *books, uint32_t instrument_id);

/** True when a book of that instrument exists: see fp_books_apply(). */
bool fp_books_exists(const struct fp_books *books, uint32_t instrument_id);

/** True when the instrument's book, or every book of the channel, is stale. */
bool fp_books_is_stale(const struct fp_books *books, uint32_t instrument_id);

/** Highest instrument id that the tables hold. */
uint32_t fp_books_max_instruments(const struct fp_books *books);

/** The counters; their memory lives as long as the books. */
const struct fp_books_counters *fp_books_counters(const struct fp_books *books);

#ifdef __cplusplus
}
#endif

#endif /* FP_BOOK_H */
