/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * What an fp_books is made of. Internal to lib/book.
 */

#ifndef FPI_BOOKS_H
#define FPI_BOOKS_H

#include <assert.h>

#include "fp_book.h"
#include "fpi_levels.h"
#include "fpi_orders.h"

/** Sides of a book: 0 = buy, 1 = sell. */
#define FPI_SIDES 2

/** What a book is kept by. */
enum fpi_kind {
	FPI_KIND_NONE,  /**< Nothing said so far, or top only. */
	FPI_KIND_ORDER, /**< By order. */
	FPI_KIND_LEVEL, /**< By level. */
};

/** Best bid or offer: key INT64_MIN and quantity 0 when there is none. */
struct fpi_best {
	int64_t key;
	int64_t quantity;
};

/**
 * One instrument: one cache line.
 *
 * A book by order, and one by level while is_unsettled is false, has the best that its sides say.
 */
struct fpi_book {
	struct fpi_best best[FPI_SIDES]; /**< As reported last. */
	uint32_t sides[FPI_SIDES];       /**< First block of each, or FPI_NONE. */
	uint8_t kind;                    /**< enum fpi_kind. */
	bool exists;                     /**< A message of a book type named the instrument. */
	bool is_stale;                   /**< Marked by itself. */
	bool is_unsettled; /**< By level: best is not known to be what the sides say. */
	uint8_t price_decimals;
	struct fp_symbol16 symbol;
} FP_CACHE_ALIGNED;

static_assert(sizeof(struct fpi_book) == 64, "an instrument is one cache line");

/** All books of a channel. */
struct fp_books {
	struct fpi_orders orders;
	struct fpi_levels levels;
	struct fpi_book *books;   /**< Shape [max_instruments + 1], by instrument id; 0 unused. */
	uint32_t max_instruments; /**< Highest id. */
	uint32_t highest;         /**< Highest id that a message named. */
	bool is_stale;            /**< The whole channel. */
	uint64_t marked;          /**< Books with is_stale. */
	struct fp_books_counters counters;
};

static inline void
fpi_books_count(uint64_t *counter)
{
	fp_store_relaxed_u64(counter, *counter + 1);
}

/** No bid or no offer. */
static inline struct fpi_best
fpi_best_none(void)
{
	struct fpi_best best = { INT64_MIN, 0 };

	return best;
}

/** Count, and say in bits, whether a best bid or offer is another one than before. */
FP_HOT_PATH static inline uint32_t
fpi_best_report(struct fp_books *books, const struct fpi_best *before, const struct fpi_best *after)
{
	if (before->key == after->key && before->quantity == after->quantity)
		return 0;
	fpi_books_count(&books->counters.quote_changes);
	return FP_BOOK_F_QUOTE;
}

/** The same for both sides at once: one change. */
FP_HOT_PATH static inline uint32_t
fpi_best_report_both(
	struct fp_books *books, const struct fpi_best *before, const struct fpi_best *after)
{
	if (before[0].key == after[0].key && before[0].quantity == after[0].quantity)
		return fpi_best_report(books, &before[1], &after[1]);
	fpi_books_count(&books->counters.quote_changes);
	return FP_BOOK_F_QUOTE;
}

/** Publish how many books are stale. */
static inline void
fpi_books_count_stale(struct fp_books *books)
{
	fp_store_relaxed_u64(&books->counters.stale_books,
		books->is_stale ? books->counters.instruments : books->marked);
}

/** The bits of a message by which something became stale for a reason, an enum fp_stale_reason. */
static inline uint32_t
fpi_stale_bits(uint32_t reason)
{
	return FP_BOOK_F_STALE | reason << 8;
}

/** Mark a book stale; the bits that say so when neither it nor the channel was, else 0. */
FP_COLD uint32_t fpi_book_mark_stale(
	struct fp_books *books, struct fpi_book *book, uint32_t reason);

/** Add to a counter and mark the book stale. */
FP_COLD uint32_t fpi_book_distrust(
	struct fp_books *books, struct fpi_book *book, uint64_t *counter, uint32_t reason);

/** Make the book of an instrument that had none. */
FP_COLD void fpi_book_make(struct fp_books *books, uint32_t instrument_id);

/** Apply an Instrument, Stale, BookClear or Gap. */
FP_COLD uint32_t fpi_books_apply_control(struct fp_books *books, const struct fp_message *message);

/** True when the tables have a place for that instrument id; counts when they have not. */
FP_HOT_PATH static inline bool
fpi_books_has_place(struct fp_books *books, uint32_t instrument_id)
{
	/* one comparison for 0, which wraps, and for ids above the table */
	if (FP_LIKELY(instrument_id - 1 < books->max_instruments))
		return true;
	fpi_books_count(&books->counters.instruments_refused);
	return false;
}

#endif /* FPI_BOOKS_H */
