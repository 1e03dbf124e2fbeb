/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * The rules of levels, quotes, staleness, clearing and instruments, by hand.
 * Every message also goes to the naive book, which must agree.
 */

#include "book_pair.h"

#include <string.h>

#define QUOTE         FP_BOOK_F_QUOTE
#define STALE(reason) (FP_BOOK_F_STALE | (reason) << 8)

static const struct fp_books_counters *
counters_of(const struct pair *pair)
{
	return fp_books_counters(pair->books);
}

static void
level_updates_set_and_remove_levels(void **state)
{
	struct pair pair = pair_open(1, 0, 8);

	(void)state;
	APPLY(&pair, QUOTE, message_level(1, 'B', 50, 10, 0));
	APPLY(&pair, 0, message_level(1, 'B', 50, 10, 0));
	APPLY(&pair, 0, message_level(1, 'B', 49, 10, 0));
	APPLY(&pair, 0, message_level(1, 'B', 48, 0, 0));
	APPLY(&pair, QUOTE, message_level(1, 'B', 50, 3, 0));
	pair_expect_level(&pair, 1, FP_SIDE_BUY, 0, (struct naive_level){ 50, 3, 0 });
	APPLY(&pair, QUOTE, message_level(1, 'B', 50, 0, 0));
	pair_expect_quote(&pair, 1, 49, 10, 0, 0);
	APPLY(&pair, STALE(FP_STALE_FIELD), message_add(1, 1, 'B', 50, 10));
	assert_int_equal(counters_of(&pair)->bad_fields, 1);
	pair_close(&pair);
}

static void
a_partial_update_is_reported_when_its_event_ends(void **state)
{
	struct pair pair = pair_open(1, 0, 8);

	(void)state;
	APPLY(&pair, QUOTE, message_level(1, 'S', 50, 10, 0));
	APPLY(&pair, 0, message_level(1, 'S', 50, 0, FP_LEVEL_F_PARTIAL));
	pair_expect_quote(&pair, 1, 0, 0, 50, 10);
	APPLY(&pair, 0, message_level(1, 'S', 51, 5, FP_LEVEL_F_PARTIAL));
	pair_expect_level(&pair, 1, FP_SIDE_SELL, 0, (struct naive_level){ 51, 5, 0 });
	APPLY(&pair, QUOTE, message_level(1, 'B', 40, 1, 0));
	pair_expect_quote(&pair, 1, 40, 1, 51, 5);
	/* there and back again within an event is no change */
	APPLY(&pair, 0, message_level(1, 'S', 51, 0, FP_LEVEL_F_PARTIAL));
	APPLY(&pair, 0, message_level(1, 'S', 51, 5, 0));
	/* an update far from the best ends the event as well */
	APPLY(&pair, 0, message_level(1, 'S', 51, 6, FP_LEVEL_F_PARTIAL));
	APPLY(&pair, QUOTE, message_level(1, 'B', 30, 1, 0));
	pair_expect_quote(&pair, 1, 40, 1, 51, 6);
	pair_close(&pair);
}

static void
quotes_stand_for_instruments_without_another_book(void **state)
{
	struct naive_quote quote = { 50, 10, 51, 20 };
	struct naive_quote bid_only = { 50, 10, 51, 0 };
	struct pair pair = pair_open(3, 4, 4);

	(void)state;
	APPLY(&pair, QUOTE, message_quote(1, &quote, 0));
	APPLY(&pair, 0, message_quote(1, &quote, FP_QUOTE_F_HALTED));
	APPLY(&pair, QUOTE, message_quote(1, &bid_only, 0));
	pair_expect_quote(&pair, 1, 50, 10, 0, 0);
	APPLY(&pair, STALE(FP_STALE_UPSTREAM), message_quote(1, &bid_only, FP_QUOTE_F_STALE));
	APPLY(&pair, QUOTE, message_quote(1, &quote, 0));
	assert_true(fp_books_is_stale(pair.books, 1));
	pair_close(&pair);
}

static void
the_first_order_or_level_ends_a_quote(void **state)
{
	struct naive_quote quote = { 50, 10, 51, 20 };
	struct naive_quote bid_only = { 50, 10, 51, 0 };
	struct naive_quote other = { 1, 1, 2, 2 };
	struct pair pair = pair_open(3, 4, 4);

	(void)state;
	APPLY(&pair, QUOTE, message_quote(1, &quote, 0));
	APPLY(&pair, QUOTE, message_add(1, 1, 'B', 49, 1));
	pair_expect_quote(&pair, 1, 49, 1, 0, 0);
	APPLY(&pair, 0, message_quote(1, &other, FP_QUOTE_F_STALE));
	APPLY(&pair, QUOTE, message_quote(2, &bid_only, 0));
	APPLY(&pair, 0, message_add(2, 2, 'B', 50, 10));
	APPLY(&pair, QUOTE, message_quote(3, &quote, 0));
	APPLY(&pair, 0, message_level(3, 'B', 50, 10, FP_LEVEL_F_PARTIAL));
	pair_expect_quote(&pair, 3, 50, 10, 51, 20);
	APPLY(&pair, 0, message_quote(3, &other, 0));
	APPLY(&pair, 0, message_level(3, 'S', 51, 20, 0));
	pair_close(&pair);
}

static void
a_gap_makes_every_book_stale(void **state)
{
	struct pair pair = pair_open(4, 4, 4);

	(void)state;
	APPLY(&pair, QUOTE, message_add(1, 1, 'B', 50, 10));
	APPLY(&pair, STALE(FP_STALE_UNKNOWN_ORDER), message_delete(2, 9));
	APPLY(&pair, STALE(FP_STALE_GAP), message_plain(FP_MESSAGE_GAP, 0));
	APPLY(&pair, 0, message_plain(FP_MESSAGE_GAP, 0));
	assert_int_equal(counters_of(&pair)->stale_books, 2);
	APPLY(&pair, QUOTE, message_add(3, 2, 'B', 50, 10));
	assert_int_equal(counters_of(&pair)->stale_books, 3);
	APPLY(&pair, 0, message_delete(3, 9));
	APPLY(&pair, QUOTE, message_plain(FP_MESSAGE_BOOK_CLEAR, 1));
	assert_true(fp_books_is_stale(pair.books, 1));
	assert_int_equal(counters_of(&pair)->stale_books, 3);
	APPLY(&pair, 0, message_plain(FP_MESSAGE_BOOK_CLEAR, 0));
	assert_int_equal(counters_of(&pair)->stale_books, 0);
	assert_int_equal(counters_of(&pair)->orders, 0);
	assert_int_equal(counters_of(&pair)->levels, 0);
	assert_int_equal(counters_of(&pair)->instruments, 3);
	pair_expect_quote(&pair, 3, 0, 0, 0, 0);
	APPLY(&pair, STALE(FP_STALE_UPSTREAM), message_plain(FP_MESSAGE_STALE, 0));
	assert_int_equal(counters_of(&pair)->stale_books, 3);
	pair_close(&pair);
}

static void
stale_and_clear_of_one_instrument(void **state)
{
	struct naive_quote quote = { 1, 1, 2, 2 };
	struct pair pair = pair_open(2, 8, 8);

	(void)state;
	APPLY(&pair, QUOTE, message_add(1, 1, 'B', 50, 10));
	APPLY(&pair, QUOTE, message_add(2, 2, 'B', 50, 10));
	APPLY(&pair, 0, message_add(1, 3, 'B', 49, 10));
	APPLY(&pair, STALE(FP_STALE_UPSTREAM), message_plain(FP_MESSAGE_STALE, 1));
	APPLY(&pair, 0, message_plain(FP_MESSAGE_STALE, 1));
	APPLY(&pair, QUOTE, message_plain(FP_MESSAGE_BOOK_CLEAR, 1));
	assert_false(fp_books_is_stale(pair.books, 1));
	assert_int_equal(counters_of(&pair)->orders, 1);
	assert_int_equal(counters_of(&pair)->levels, 1);
	pair_expect_quote(&pair, 2, 50, 10, 0, 0);
	/* a cleared book may begin as another kind */
	APPLY(&pair, QUOTE, message_quote(1, &quote, 0));
	APPLY(&pair, QUOTE, message_level(1, 'B', 50, 10, 0));
	APPLY(&pair, STALE(FP_STALE_UNKNOWN_ORDER), message_delete(1, 3));
	pair_close(&pair);
}

static void
a_new_session_names_its_instruments_anew(void **state)
{
	struct fp_symbol16 symbol = { "ABC" };
	struct fp_message clear = {
		.len = FP_MESSAGE_LEN(book_clear),
		.type = FP_MESSAGE_BOOK_CLEAR,
		.book_clear = { .reason = FP_CLEAR_VENUE },
	};
	struct pair pair = pair_open(3, 4, 4);

	(void)state;
	APPLY(&pair, 0, message_instrument(2, "ABC", 4));
	assert_int_equal(fp_books_apply(pair.books, &clear), 0);
	assert_int_equal(fp_books_find(pair.books, symbol), 2);
	clear.book_clear.reason = FP_CLEAR_SESSION;
	assert_int_equal(fp_books_apply(pair.books, &clear), 0);
	assert_int_equal(fp_books_find(pair.books, symbol), 0);
	pair_close(&pair);
}

static void
instruments_are_found_by_symbol(void **state)
{
	struct fp_symbol16 full = { "ABCDEFGHIJKLMNOP" };
	struct fp_symbol16 shorter = { "ABC" };
	struct fp_symbol16 empty = { "" };
	struct fp_message clear = message_plain(FP_MESSAGE_BOOK_CLEAR, 0);
	struct pair pair = pair_open(3, 4, 4);

	(void)state;
	assert_int_equal(fp_books_find(pair.books, shorter), 0);
	APPLY(&pair, 0, message_instrument(2, "ABC", 4));
	APPLY(&pair, 0, message_instrument(3, "ABCDEFGHIJKLMNOP", 9));
	assert_int_equal(fp_books_find(pair.books, shorter), 2);
	assert_int_equal(fp_books_find(pair.books, full), 3);
	assert_int_equal(fp_books_find(pair.books, empty), 0);
	assert_int_equal(fp_books_price_decimals(pair.books, 3), 9);
	assert_false(fp_books_exists(pair.books, 2));
	assert_int_equal(counters_of(&pair)->instruments, 0);
	APPLY(&pair, QUOTE, message_add(2, 1, 'B', 50, 10));
	assert_true(fp_books_exists(pair.books, 2));
	clear.book_clear.reason = FP_CLEAR_VENUE;
	APPLY(&pair, 0, clear);
	assert_int_equal(fp_books_find(pair.books, shorter), 2);
	/* another session may number them anew */
	clear.book_clear.reason = FP_CLEAR_SESSION;
	clear.instrument_id = 2;
	APPLY(&pair, 0, clear);
	assert_int_equal(fp_books_find(pair.books, shorter), 2);
	clear.instrument_id = 0;
	APPLY(&pair, 0, clear);
	assert_int_equal(fp_books_find(pair.books, shorter), 0);
	assert_int_equal(fp_books_find(pair.books, full), 0);
	pair_close(&pair);
}

static void
instruments_outside_the_table_are_counted_only(void **state)
{
	static const uint32_t outside[] = { 3, 1U << 31, UINT32_MAX };
	struct pair pair = pair_open(2, 4, 4);
	struct fp_level level;

	(void)state;
	APPLY(&pair, 0, message_add(0, 1, 'B', 50, 10));
	for (size_t i = 0; i < 3; i++) {
		APPLY(&pair, 0, message_add(outside[i], 1, 'B', 50, 10));
		APPLY(&pair, 0, message_delete(outside[i], 1));
		APPLY(&pair, 0, message_plain(FP_MESSAGE_STALE, outside[i]));
		APPLY(&pair, 0, message_plain(FP_MESSAGE_BOOK_CLEAR, outside[i]));
		APPLY(&pair, 0, message_instrument(outside[i], "A", 1));
		pair_expect_quote(&pair, outside[i], 0, 0, 0, 0);
		assert_int_equal(
			fp_books_level(pair.books, outside[i], FP_SIDE_BUY, 0, &level), -ERANGE);
		assert_int_equal(fp_books_symbol(pair.books, outside[i]).text[0], 0);
	}
	assert_int_equal(counters_of(&pair)->instruments_refused, 16);
	assert_int_equal(counters_of(&pair)->instruments, 0);
	assert_int_equal(fp_books_level(pair.books, 1, (enum fp_side)0, 0, &level), -ERANGE);
	pair_close(&pair);
}

/* Every type that no book knows, its fields all ones: instrument 1 has a book, 2 has none. */
static void
other_types_change_nothing(void **state)
{
	struct pair pair = pair_open(2, 4, 4);

	(void)state;
	APPLY(&pair, QUOTE, message_add(1, 1, 'B', 50, 10));
	for (uint32_t type = 0; type < 256; type++) {
		const bool is_order_or_level = type >= 0x10 && type <= 0x21;
		const bool is_control = type == 0x03 || (type >= 0x30 && type <= 0x32);

		for (uint32_t instrument = 0; instrument <= 3; instrument++) {
			struct fp_message message = message_plain((uint8_t)type, instrument);

			memset((uint8_t *)&message + FP_MESSAGE_HEADER_BYTES, 1,
				FP_MESSAGE_MAX_BYTES - FP_MESSAGE_HEADER_BYTES);
			if (!is_order_or_level && !is_control)
				APPLY(&pair, 0, message);
		}
	}
	assert_int_equal(counters_of(&pair)->instruments, 1);
	assert_int_equal(counters_of(&pair)->instruments_refused, 0);
	pair_close(&pair);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(level_updates_set_and_remove_levels),
		cmocka_unit_test(a_partial_update_is_reported_when_its_event_ends),
		cmocka_unit_test(quotes_stand_for_instruments_without_another_book),
		cmocka_unit_test(the_first_order_or_level_ends_a_quote),
		cmocka_unit_test(a_gap_makes_every_book_stale),
		cmocka_unit_test(stale_and_clear_of_one_instrument),
		cmocka_unit_test(a_new_session_names_its_instruments_anew),
		cmocka_unit_test(instruments_are_found_by_symbol),
		cmocka_unit_test(instruments_outside_the_table_are_counted_only),
		cmocka_unit_test(other_types_change_nothing),
	};

	return cmocka_run_group_tests_name(
		"book_kinds", tests, pair_group_setup, pair_group_teardown);
}
