/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * The rules of books by order, by hand, and the making of tables and sides.
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
create_refuses_sizes_out_of_range(void **state)
{
	static const struct fp_books_params wrong[] = {
		{ 0, 1, 1 },
		{ 1, 1, 0 },
		{ 1U << 31, 1, 1 },
		{ 1, 1U << 31, 1 },
		{ 1, 1, 1U << 31 },
	};
	struct fp_books *books;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(fp_books_create(&wrong[i], pair_arena(), &books), -EINVAL);
		assert_null(books);
	}
}

static void
create_takes_no_more_than_it_says(void **state)
{
	struct fp_arena *arena = pair_arena();
	struct fp_books *books;

	(void)state;
	for (uint32_t n = 1; n < 5000; n = 3 * n + 1) {
		struct fp_books_params params = { n, 2 * n, 3 * n };

		fp_arena_reset(arena);
		assert_int_equal(fp_books_create(&params, arena, &books), 0);
		assert_true(arena->used <= fp_books_bytes(&params));
		assert_int_equal(fp_books_max_instruments(books), n);
	}
}

static void
create_says_when_the_arena_is_full(void **state)
{
	struct fp_books_params params = { 1000, 10000, 10000 };
	struct fp_arena *arena = pair_arena();
	struct fp_books *books;
	struct fp_span span;

	(void)state;
	fp_arena_reset(arena);
	assert_int_equal(
		fp_arena_span(arena, (uint32_t)(arena->cap - fp_books_bytes(&params)), 64, &span),
		0);
	assert_int_equal(fp_books_create(&params, arena, &books), 0);
	/* every table in turn is the one that does not fit */
	for (uint64_t room = 0; room < fp_books_bytes(&params) - 4096; room += 20000) {
		fp_arena_reset(arena);
		assert_int_equal(fp_arena_span(arena, (uint32_t)(arena->cap - room), 64, &span), 0);
		assert_int_equal(fp_books_create(&params, arena, &books), -ENOMEM);
		assert_null(books);
	}
}

static void
orders_of_one_price_share_a_level(void **state)
{
	struct pair pair = pair_open(2, 8, 8);
	struct fp_level level;

	(void)state;
	APPLY(&pair, QUOTE, message_add(1, 1, 'B', 100, 10));
	assert_int_equal(fp_books_level(pair.books, 1, (enum fp_side)0, 0, &level), -ERANGE);
	APPLY(&pair, QUOTE, message_add(1, 2, 'B', 100, 5));
	APPLY(&pair, 0, message_add(1, 3, 'B', 99, 7));
	APPLY(&pair, QUOTE, message_add(1, 4, 'S', 102, 1));
	APPLY(&pair, QUOTE, message_add(1, 5, 'S', 101, 2));
	pair_expect_quote(&pair, 1, 100, 15, 101, 2);
	pair_expect_level(&pair, 1, FP_SIDE_BUY, 0, (struct naive_level){ 100, 15, 2 });
	pair_expect_level(&pair, 1, FP_SIDE_BUY, 1, (struct naive_level){ 99, 7, 1 });
	pair_expect_level(&pair, 1, FP_SIDE_SELL, 1, (struct naive_level){ 102, 1, 1 });
	APPLY(&pair, 0, message_delete(1, 3));
	APPLY(&pair, QUOTE, message_delete(1, 5));
	pair_expect_quote(&pair, 1, 100, 15, 102, 1);
	assert_int_equal(counters_of(&pair)->orders, 3);
	assert_int_equal(counters_of(&pair)->levels, 2);
	assert_int_equal(counters_of(&pair)->quote_changes, 5);
	pair_close(&pair);
}

static void
an_execution_reduces_at_the_orders_own_price(void **state)
{
	struct pair pair = pair_open(1, 4, 4);

	(void)state;
	APPLY(&pair, QUOTE, message_add(1, 1, 'S', 50, 10));
	APPLY(&pair, QUOTE, message_execute(1, 1, 4));
	pair_expect_quote(&pair, 1, 0, 0, 50, 6);
	APPLY(&pair, 0, message_reduce(1, 1, 0));
	APPLY(&pair, QUOTE, message_execute(1, 1, 6));
	pair_expect_quote(&pair, 1, 0, 0, 0, 0);
	assert_int_equal(counters_of(&pair)->orders, 0);
	assert_int_equal(counters_of(&pair)->levels, 0);
	assert_false(fp_books_is_stale(pair.books, 1));
	pair_close(&pair);
}

static void
a_reduction_by_too_much_takes_all_and_makes_stale(void **state)
{
	struct pair pair = pair_open(1, 4, 4);

	(void)state;
	APPLY(&pair, QUOTE, message_add(1, 1, 'B', 50, 10));
	APPLY(&pair, QUOTE | STALE(FP_STALE_OVER_REDUCTION), message_reduce(1, 1, 11));
	assert_int_equal(counters_of(&pair)->over_reductions, 1);
	assert_int_equal(counters_of(&pair)->orders, 0);
	APPLY(&pair, QUOTE, message_add(1, 1, 'B', 50, 10));
	APPLY(&pair, QUOTE, message_execute(1, 1, INT64_MAX));
	assert_int_equal(counters_of(&pair)->over_reductions, 2);
	pair_close(&pair);
}

static void
an_unknown_order_makes_the_book_of_the_message_stale(void **state)
{
	struct pair pair = pair_open(3, 4, 4);

	(void)state;
	APPLY(&pair, STALE(FP_STALE_UNKNOWN_ORDER), message_execute(1, 1, 1));
	APPLY(&pair, 0, message_reduce(1, 1, 1));
	APPLY(&pair, STALE(FP_STALE_UNKNOWN_ORDER), message_delete(2, 0));
	APPLY(&pair, STALE(FP_STALE_UNKNOWN_ORDER), message_replace(3, 1, 2, 10, 1));
	assert_int_equal(counters_of(&pair)->unknown_orders, 4);
	assert_int_equal(counters_of(&pair)->stale_books, 3);
	assert_int_equal(counters_of(&pair)->orders, 0);
	pair_close(&pair);
}

static void
an_order_of_another_instrument_makes_both_books_stale(void **state)
{
	struct pair pair = pair_open(4, 4, 4);

	(void)state;
	APPLY(&pair, QUOTE, message_add(1, 7, 'B', 50, 10));
	APPLY(&pair, STALE(FP_STALE_UNKNOWN_ORDER), message_delete(2, 7));
	assert_true(fp_books_is_stale(pair.books, 1));
	pair_expect_quote(&pair, 1, 50, 10, 0, 0);
	assert_int_equal(counters_of(&pair)->unknown_orders, 1);
	APPLY(&pair, QUOTE, message_add(3, 8, 'B', 50, 10));
	APPLY(&pair, STALE(FP_STALE_DUPLICATE_ORDER), message_add(4, 8, 'B', 50, 10));
	assert_true(fp_books_is_stale(pair.books, 3));
	APPLY(&pair, 0, message_replace(3, 7, 9, 50, 10));
	APPLY(&pair, 0, message_execute(4, 7, 10));
	assert_int_equal(counters_of(&pair)->duplicate_orders, 1);
	assert_int_equal(counters_of(&pair)->unknown_orders, 3);
	assert_int_equal(counters_of(&pair)->orders, 2);
	pair_close(&pair);
}

static void
a_duplicate_add_keeps_the_first_order(void **state)
{
	struct pair pair = pair_open(1, 4, 4);

	(void)state;
	APPLY(&pair, QUOTE, message_add(1, 7, 'B', 50, 10));
	APPLY(&pair, STALE(FP_STALE_DUPLICATE_ORDER), message_add(1, 7, 'S', 60, 3));
	pair_expect_quote(&pair, 1, 50, 10, 0, 0);
	assert_int_equal(counters_of(&pair)->duplicate_orders, 1);
	pair_close(&pair);
}

static void
a_replace_inherits_side_and_instrument(void **state)
{
	struct pair pair = pair_open(1, 4, 4);

	(void)state;
	APPLY(&pair, QUOTE, message_add(1, 1, 'S', 50, 10));
	APPLY(&pair, QUOTE, message_replace(1, 1, 2, 49, 20));
	pair_expect_quote(&pair, 1, 0, 0, 49, 20);
	APPLY(&pair, QUOTE, message_replace(1, 2, 2, 51, 20));
	APPLY(&pair, 0, message_replace(1, 2, 3, 51, 20));
	pair_expect_level(&pair, 1, FP_SIDE_SELL, 0, (struct naive_level){ 51, 20, 1 });
	APPLY(&pair, STALE(FP_STALE_UNKNOWN_ORDER), message_delete(1, 1));
	pair_close(&pair);
}

static void
a_refused_replace_ends_the_old_order(void **state)
{
	struct pair pair = pair_open(1, 4, 2);

	(void)state;
	APPLY(&pair, QUOTE, message_add(1, 1, 'B', 50, 10));
	APPLY(&pair, 0, message_add(1, 2, 'B', 49, 10));
	APPLY(&pair, QUOTE | STALE(FP_STALE_DUPLICATE_ORDER), message_replace(1, 1, 2, 51, 5));
	pair_expect_quote(&pair, 1, 49, 10, 0, 0);
	assert_int_equal(counters_of(&pair)->duplicate_orders, 1);
	APPLY(&pair, QUOTE, message_replace(1, 2, 3, 51, 0));
	assert_int_equal(counters_of(&pair)->bad_fields, 1);
	assert_int_equal(counters_of(&pair)->orders, 0);
	APPLY(&pair, QUOTE, message_add(1, 4, 'B', 50, 1));
	APPLY(&pair, QUOTE, message_add(1, 5, 'B', 50, 1));
	APPLY(&pair, 0, message_add(1, 6, 'B', 49, 1));
	APPLY(&pair, QUOTE, message_replace(1, 5, 7, 51, 1));
	assert_int_equal(counters_of(&pair)->levels_refused, 1);
	assert_int_equal(counters_of(&pair)->orders, 2);
	pair_close(&pair);
}

static void
fields_outside_their_domain_are_refused(void **state)
{
	struct naive_quote quote = { 1, -1, 2, 2 };
	struct pair pair = pair_open(4, 4, 4);

	(void)state;
	APPLY(&pair, STALE(FP_STALE_FIELD), message_add(1, 1, 'b', 50, 10));
	APPLY(&pair, 0, message_add(1, 1, 'B', 50, 0));
	APPLY(&pair, 0, message_add(1, 1, 'B', 50, -1));
	APPLY(&pair, 0, message_add(1, 1, 'B', 50, FP_BOOK_ORDER_QUANTITY_MAX + INT64_C(1)));
	assert_int_equal(counters_of(&pair)->orders, 0);
	APPLY(&pair, QUOTE, message_add(1, 1, 'B', 50, 1));
	APPLY(&pair, 0, message_execute(1, 1, -1));
	APPLY(&pair, STALE(FP_STALE_FIELD), message_level(2, 'B', 50, -1, 0));
	APPLY(&pair, 0, message_level(2, 0, 50, 1, 0));
	APPLY(&pair, STALE(FP_STALE_FIELD), message_quote(3, &quote, 0));
	APPLY(&pair, 0, message_instrument(4, "X", 10));
	assert_int_equal(counters_of(&pair)->bad_fields, 9);
	pair_close(&pair);
}

static void
the_greatest_quantities_and_prices_are_kept(void **state)
{
	const int64_t most = FP_BOOK_ORDER_QUANTITY_MAX;
	struct pair pair = pair_open(2, 8, 16);

	(void)state;
	APPLY(&pair, QUOTE, message_add(1, 1, 'B', INT64_MIN, most));
	APPLY(&pair, QUOTE, message_add(1, 2, 'B', INT64_MIN, most));
	pair_expect_quote(&pair, 1, INT64_MIN, 2 * most, 0, 0);
	APPLY(&pair, QUOTE, message_add(1, UINT64_MAX, 'B', INT64_MAX, 1));
	APPLY(&pair, QUOTE, message_add(1, 4, 'S', INT64_MAX, 1));
	APPLY(&pair, QUOTE, message_add(1, 5, 'S', INT64_MIN, 1));
	pair_expect_quote(&pair, 1, INT64_MAX, 1, INT64_MIN, 1);
	APPLY(&pair, QUOTE, message_delete(1, UINT64_MAX));
	APPLY(&pair, QUOTE, message_delete(1, 5));
	pair_expect_quote(&pair, 1, INT64_MIN, 2 * most, INT64_MAX, 1);
	APPLY(&pair, QUOTE, message_level(2, 'S', -5, INT64_MAX, 0));
	pair_expect_quote(&pair, 2, 0, 0, -5, INT64_MAX);
	pair_close(&pair);
}

static void
a_full_order_table_refuses_and_makes_stale(void **state)
{
	struct pair pair = pair_open(2, 2, 8);

	(void)state;
	APPLY(&pair, QUOTE, message_add(1, 1, 'B', 50, 1));
	APPLY(&pair, 0, message_add(1, 2, 'B', 49, 1));
	APPLY(&pair, STALE(FP_STALE_FULL), message_add(2, 3, 'B', 50, 1));
	assert_int_equal(counters_of(&pair)->orders_refused, 1);
	assert_int_equal(counters_of(&pair)->levels, 2);
	APPLY(&pair, 0, message_delete(1, 2));
	APPLY(&pair, QUOTE, message_add(2, 3, 'B', 50, 1));
	assert_false(fp_books_is_stale(pair.books, 1));
	pair_close(&pair);
}

static void
a_full_level_table_refuses_and_makes_stale(void **state)
{
	struct pair pair = pair_open(2, 8, 2);

	(void)state;
	APPLY(&pair, QUOTE, message_add(1, 1, 'B', 50, 1));
	APPLY(&pair, QUOTE, message_level(2, 'S', 50, 1, 0));
	APPLY(&pair, STALE(FP_STALE_FULL), message_add(1, 2, 'S', 51, 1));
	APPLY(&pair, STALE(FP_STALE_FULL), message_level(2, 'B', 49, 1, 0));
	assert_int_equal(counters_of(&pair)->levels_refused, 2);
	assert_int_equal(counters_of(&pair)->orders, 1);
	APPLY(&pair, QUOTE, message_add(1, 2, 'B', 50, 1));
	APPLY(&pair, QUOTE, message_level(2, 'S', 50, 0, 0));
	APPLY(&pair, QUOTE, message_add(1, 3, 'S', 51, 1));
	pair_close(&pair);
}

/* Levels that come and go in an order of their own, so that blocks fill, split, empty and merge. */
static void
a_deep_side_stays_sorted(void **state)
{
	enum {
		DEPTH = 700
	};
	struct pair pair = pair_open(1, 0, DEPTH);

	(void)state;
	for (uint32_t step = 1; step < DEPTH; step = 3 * step + 2) {
		for (uint32_t round = 0; round < 2 * DEPTH; round++) {
			const uint32_t price = round * step % DEPTH;
			struct fp_message message =
				message_level(1, 'S', price, round < DEPTH ? 1 + price : 0, 0);

			(void)pair_apply(&pair, &message);
			if (round % 16 == 0)
				pair_compare_side(&pair, 1, FP_SIDE_SELL);
		}
		pair_compare(&pair);
		assert_int_equal(counters_of(&pair)->levels_refused, 0);
	}
	pair_close(&pair);
}

/*
 * Fill one side, leave one level in five, and give the room to the other side: blocks that had not
 * been merged would be missing there. Inserting the best last leaves every block half full;
 * thinning from the worst on merges a block with its worse neighbour, from the best on with its
 * better one.
 */
static void
a_thinned_side_gives_its_room_back(void **state)
{
	enum {
		DEPTH = 700,
		KEPT = 5
	};
	struct pair pair = pair_open(1, 0, DEPTH);
	struct fp_message message;

	(void)state;
	for (uint32_t round = 0; round < 2; round++) {
		for (uint32_t i = 0; i < DEPTH; i++) {
			message = message_level(1, 'B', i, 1, 0);
			(void)pair_apply(&pair, &message);
		}
		for (uint32_t i = 0; i < DEPTH; i++) {
			const uint32_t price = round == 0 ? i : DEPTH - 1 - i;

			message = message_level(1, 'B', price, price % KEPT == 0, 0);
			(void)pair_apply(&pair, &message);
		}
		for (uint32_t i = 0; i < DEPTH - DEPTH / KEPT; i++) {
			message = message_level(1, 'S', 2 * DEPTH - i, 1, 0);
			(void)pair_apply(&pair, &message);
		}
		pair_compare(&pair);
		assert_int_equal(counters_of(&pair)->levels, DEPTH);
		assert_int_equal(counters_of(&pair)->levels_refused, 0);
		message = message_plain(FP_MESSAGE_BOOK_CLEAR, 0);
		(void)pair_apply(&pair, &message);
	}
	pair_close(&pair);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(create_refuses_sizes_out_of_range),
		cmocka_unit_test(create_takes_no_more_than_it_says),
		cmocka_unit_test(create_says_when_the_arena_is_full),
		cmocka_unit_test(orders_of_one_price_share_a_level),
		cmocka_unit_test(an_execution_reduces_at_the_orders_own_price),
		cmocka_unit_test(a_reduction_by_too_much_takes_all_and_makes_stale),
		cmocka_unit_test(an_unknown_order_makes_the_book_of_the_message_stale),
		cmocka_unit_test(an_order_of_another_instrument_makes_both_books_stale),
		cmocka_unit_test(a_duplicate_add_keeps_the_first_order),
		cmocka_unit_test(a_replace_inherits_side_and_instrument),
		cmocka_unit_test(a_refused_replace_ends_the_old_order),
		cmocka_unit_test(fields_outside_their_domain_are_refused),
		cmocka_unit_test(the_greatest_quantities_and_prices_are_kept),
		cmocka_unit_test(a_full_order_table_refuses_and_makes_stale),
		cmocka_unit_test(a_full_level_table_refuses_and_makes_stale),
		cmocka_unit_test(a_deep_side_stays_sorted),
		cmocka_unit_test(a_thinned_side_gives_its_room_back),
	};

	return cmocka_run_group_tests_name("fp_book", tests, pair_group_setup, pair_group_teardown);
}
