/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * lib/book and the naive book side by side: what one is told the other is told, and a difference
 * between the two fails the running test.
 */

#ifndef BOOK_PAIR_H
#define BOOK_PAIR_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fp_book.h"
#include "naive_book.h"

struct pair {
	struct fp_books *books;
	struct naive *naive;
	uint32_t max_instruments;
};

/** CMocka group fixtures: EAL and the arena of the books. */
int pair_group_setup(void **state);
int pair_group_teardown(void **state);

/** The arena that pair_open() makes books in. */
struct fp_arena *pair_arena(void);

/** Make both books empty, and forget those of the pair opened last. */
struct pair pair_open(uint32_t max_instruments, uint32_t max_orders, uint32_t max_levels);
void pair_close(struct pair *pair);

/** Tell both; the bits that both returned. */
uint32_t pair_apply(struct pair *pair, const struct fp_message *message);

/** Compare everything that can be asked. */
void pair_compare(const struct pair *pair);

/** Compare the levels of one side. */
void pair_compare_side(const struct pair *pair, uint32_t instrument, enum fp_side side);

/** Tell both and compare everything. */
uint32_t pair_check(struct pair *pair, const struct fp_message *message);

/** Tell both, expect these bits, compare everything. */
#define APPLY(pair, expected, ...)                                           \
	do {                                                                 \
		struct fp_message message_ = __VA_ARGS__;                    \
		assert_int_equal(pair_check((pair), &message_), (expected)); \
	} while (0)

void pair_expect_quote(const struct pair *pair, uint32_t instrument, int64_t bid,
	int64_t bid_quantity, int64_t ask, int64_t ask_quantity);
void pair_expect_level(const struct pair *pair, uint32_t instrument, enum fp_side side,
	uint32_t depth, struct naive_level expected);

struct fp_message
message_add(uint32_t instrument, uint64_t id, char side, int64_t price, int64_t quantity);
struct fp_message message_execute(uint32_t instrument, uint64_t id, int64_t quantity);
struct fp_message message_reduce(uint32_t instrument, uint64_t id, int64_t quantity);
struct fp_message message_delete(uint32_t instrument, uint64_t id);
struct fp_message
message_replace(uint32_t instrument, uint64_t id, uint64_t new_id, int64_t price, int64_t quantity);
struct fp_message
message_level(uint32_t instrument, char side, int64_t price, int64_t quantity, uint8_t flags);
struct fp_message
message_quote(uint32_t instrument, const struct naive_quote *quote, uint8_t flags);
struct fp_message message_instrument(uint32_t instrument, const char *symbol, uint8_t decimals);

/** Of a type whose fields the books do not read. */
struct fp_message message_plain(uint8_t type, uint32_t instrument);

#endif /* BOOK_PAIR_H */
