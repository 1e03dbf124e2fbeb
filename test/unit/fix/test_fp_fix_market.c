/* SPDX-License-Identifier: BSD-3-Clause */

/* Snapshots and increments of market data to native messages, byte by byte. */

#include "fp_fix_fixture.h"

#define W(number, body) "35=W|34=" number SAID body
#define X(number, body) "35=X|34=" number SAID body

static void
a_snapshot_clears_the_book_and_gives_its_levels(void **unused)
{
	(void)unused;
	say(W("1",
		"55=ABC|262=1|268=3|269=0|270=10.5|271=100|269=1|270=11|271=200.0|"
		"269=1|270=-12|271=0|"));
	expect_instrument(1, "ABC");
	expect_clear(1);
	expect_level(1, 'B', 1050000000, 100, FP_LEVEL_F_PARTIAL);
	expect_level(1, 'S', 1100000000, 200, FP_LEVEL_F_PARTIAL);
	expect_level(1, 'S', -1200000000, 0, 0);
	expect_nothing_more();
	assert_int_equal(channel->counters.by_type['W'], 1);
	assert_int_equal(channel->counters.messages, 1);
}

static void
a_snapshot_of_nothing_clears_the_book(void **unused)
{
	(void)unused;
	say(W("1", "55=ABC|268=0|"));
	expect_instrument(1, "ABC");
	expect_clear(1);
	say(W("2", "55=ABC|268=1|269=J|"));
	expect_clear(1);
	expect_nothing_more();
}

static void
a_snapshot_with_ids_gives_orders(void **unused)
{
	(void)unused;
	say(W("1", "55=ABC|268=2|269=0|278=7|270=1|271=2|269=1|270=3|271=4|278=8|"));
	expect_instrument(1, "ABC");
	expect_clear(1);
	EXPECT(ORDER_ADD, order_add, 1, SENT_NS, .order_id = 7, .price = PRICE(1),
		.quantity = { 2 }, .side = 'B');
	EXPECT(ORDER_ADD, order_add, 1, SENT_NS, .order_id = 8, .price = PRICE(3),
		.quantity = { 4 }, .side = 'S');
	expect_nothing_more();
}

static void
trades_and_types_that_are_passed_over(void **unused)
{
	(void)unused;
	say(W("1",
		"55=ABC|268=5|269=2|270=1|271=2|269=3|270=x|269=B|271=5|269=xyz|"
		"269=2|270=4|278=9|"));
	expect_instrument(1, "ABC");
	expect_clear(1);
	EXPECT(TRADE, trade, 1, SENT_NS, .price = PRICE(1), .quantity = { 2 }, .kind = 'T');
	EXPECT(TRADE, trade, 1, SENT_NS, .price = PRICE(4), .match_id = 9, .kind = 'T');
	expect_nothing_more();
}

static void
an_increment_changes_levels(void **unused)
{
	(void)unused;
	say(X("1",
		"268=3|279=0|269=0|55=ABC|270=1|271=2|279=1|269=1|270=3|271=4|"
		"279=2|269=0|270=5|271=6|"));
	expect_instrument(1, "ABC");
	expect_level(1, 'B', 100000000, 2, FP_LEVEL_F_PARTIAL);
	expect_level(1, 'S', 300000000, 4, FP_LEVEL_F_PARTIAL);
	expect_level(1, 'B', 500000000, 0, 0);
	expect_nothing_more();
}

static void
the_last_level_of_each_instrument_completes_its_event(void **unused)
{
	(void)unused;
	say(X("1",
		"268=6|279=0|269=0|55=A|270=1|271=1|279=0|269=0|55=B|270=2|271=2|"
		"279=0|269=0|55=A|270=3|271=3|279=0|269=2|270=9|279=0|269=0|55=C|270=4|271=4|"
		"279=0|269=1|55=B|270=5|271=5|"));
	expect_instrument(1, "A");
	expect_level(1, 'B', 100000000, 1, FP_LEVEL_F_PARTIAL);
	expect_instrument(2, "B");
	expect_level(2, 'B', 200000000, 2, FP_LEVEL_F_PARTIAL);
	expect_level(1, 'B', 300000000, 3, 0);
	EXPECT(TRADE, trade, 1, SENT_NS, .price = PRICE(9), .kind = 'T');
	expect_instrument(3, "C");
	expect_level(3, 'B', 400000000, 4, 0);
	expect_level(2, 'S', 500000000, 5, 0);
	say(X("2", "268=1|279=0|269=0|55=A|270=1|271=1|"));
	expect_level(1, 'B', 100000000, 1, 0);
	expect_nothing_more();
}

static void
an_event_stays_complete_when_the_next_one_comes(void **unused)
{
	(void)unused;
	say(X("1", "268=1|279=0|269=0|55=A|270=1|271=1|"));
	say(X("2", "268=1|279=0|269=0|55=A|270=2|271=2|"));
	expect_instrument(1, "A");
	expect_level(1, 'B', 100000000, 1, 0);
	expect_level(1, 'B', 200000000, 2, 0);
	expect_nothing_more();
}

static void
an_increment_changes_orders(void **unused)
{
	(void)unused;
	say(X("1",
		"268=5|279=0|269=1|278=7|55=ABC|270=1|271=2|279=1|269=1|278=7|270=3|271=4|"
		"279=1|278=8|280=7|270=5|271=6|279=2|278=8|279=2|269=0|278=9|270=1|"));
	expect_instrument(1, "ABC");
	EXPECT(ORDER_ADD, order_add, 1, SENT_NS, .order_id = 7, .price = PRICE(1),
		.quantity = { 2 }, .side = 'S');
	EXPECT(ORDER_REPLACE, order_replace, 1, SENT_NS, .order_id = 7, .new_order_id = 7,
		.price = PRICE(3), .quantity = { 4 });
	EXPECT(ORDER_REPLACE, order_replace, 1, SENT_NS, .order_id = 7, .new_order_id = 8,
		.price = PRICE(5), .quantity = { 6 });
	EXPECT(ORDER_DELETE, order_delete, 1, SENT_NS, .order_id = 8);
	EXPECT(ORDER_DELETE, order_delete, 1, SENT_NS, .order_id = 9);
	expect_nothing_more();
}

static void
an_increment_has_trades_that_are_void_or_changed(void **unused)
{
	(void)unused;
	say(X("1",
		"268=4|279=0|269=2|55=ABC|278=1|270=1|271=2|279=2|269=2|278=1|"
		"279=1|269=2|278=2|270=3|271=4|279=1|269=2|270=5|"));
	expect_instrument(1, "ABC");
	EXPECT(TRADE, trade, 1, SENT_NS, .price = PRICE(1), .quantity = { 2 }, .match_id = 1,
		.kind = 'T');
	EXPECT(TRADE, trade, 1, SENT_NS, .match_id = 1, .kind = 'B');
	EXPECT(TRADE, trade, 1, SENT_NS, .price = PRICE(3), .quantity = { 4 }, .match_id = 2,
		.kind = 'B');
	EXPECT(TRADE, trade, 1, SENT_NS, .price = PRICE(3), .quantity = { 4 }, .match_id = 2,
		.kind = 'T');
	EXPECT(TRADE, trade, 1, SENT_NS, .price = PRICE(5), .kind = 'T');
	expect_nothing_more();
}

static void
an_empty_book_in_an_increment_is_a_clear(void **unused)
{
	(void)unused;
	say(X("1", "55=ABC|268=2|279=0|269=J|279=0|269=J|55=D|"));
	expect_instrument(1, "ABC");
	expect_clear(1);
	expect_instrument(2, "D");
	expect_clear(2);
	expect_nothing_more();
}

static void
tags_that_venues_add_are_passed_over_anywhere(void **unused)
{
	(void)unused;
	say(W("1",
		"9001=x|55=ABC|5999=1|268=2|269=0|290=1|270=1|1023=2|5001=z|271=2|15=USD|"
		"269=1|270=3|5001=z|271=4|346=7|9002=y|"));
	expect_instrument(1, "ABC");
	expect_clear(1);
	expect_level(1, 'B', 100000000, 2, FP_LEVEL_F_PARTIAL);
	expect_level(1, 'S', 300000000, 4, 0);
	expect_nothing_more();
}

static void
the_instrument_may_come_behind_the_group(void **unused)
{
	(void)unused;
	say(W("1", "268=1|269=0|270=1|271=2|55=ABC|48=9|"));
	expect_instrument(1, "ABC");
	expect_clear(1);
	expect_level(1, 'B', 100000000, 2, 0);
	expect_nothing_more();
}

static void
times_are_of_the_entry_or_of_the_message(void **unused)
{
	const uint64_t moment = UINT64_C(1709251199123456789), later = SENT_NS + 1000000000;

	(void)unused;
	say(X("1",
		"268=2|279=0|269=2|55=A|270=1|272=20240229|273=23:59:59.123456789|"
		"279=0|269=2|270=1|273=23:59:59|"));
	expect_instrument(1, "A");
	EXPECT(TRADE, trade, 1, moment, .price = PRICE(1), .kind = 'T');
	EXPECT(TRADE, trade, 1, SENT_NS, .price = PRICE(1), .kind = 'T');
	/* before the group, behind it, and in each entry */
	say(X("2", "60=" LATER "|268=1|279=0|269=2|55=A|270=1|"));
	EXPECT(TRADE, trade, 1, later, .price = PRICE(1), .kind = 'T');
	say(X("3", "268=2|279=0|269=2|55=A|270=1|279=0|269=2|270=2|60=" LATER "|"));
	EXPECT(TRADE, trade, 1, later, .price = PRICE(1), .kind = 'T');
	EXPECT(TRADE, trade, 1, later, .price = PRICE(2), .kind = 'T');
	say(X("4", "268=2|279=0|269=2|55=A|270=1|279=0|269=2|270=2|262=1|60=" LATER "|"));
	EXPECT(TRADE, trade, 1, later, .price = PRICE(1), .kind = 'T');
	EXPECT(TRADE, trade, 1, later, .price = PRICE(2), .kind = 'T');
	say(X("5", "268=2|279=0|269=2|55=A|270=1|60=" SENT "|279=0|269=2|270=2|60=" LATER "|"));
	EXPECT(TRADE, trade, 1, SENT_NS, .price = PRICE(1), .kind = 'T');
	EXPECT(TRADE, trade, 1, later, .price = PRICE(2), .kind = 'T');
	say(X("6", "268=2|279=0|269=2|55=A|270=1|60=" LATER "|279=0|269=2|270=2|"));
	EXPECT(TRADE, trade, 1, later, .price = PRICE(1), .kind = 'T');
	EXPECT(TRADE, trade, 1, SENT_NS, .price = PRICE(2), .kind = 'T');
	/* a message without any time */
	say("35=X|34=7|49=S|56=T|268=1|279=0|269=2|55=A|270=1|");
	EXPECT(TRADE, trade, 1, 0, .price = PRICE(1), .kind = 'T');
	expect_nothing_more();
}

static void
a_symbol_that_is_found_late_is_named_once(void **unused)
{
	(void)unused;
	say(W("1", "268=1|269=0|270=1|271=2|55=ABC|60=" LATER "|"));
	EXPECT(INSTRUMENT, instrument, 1, SENT_NS + 1000000000, .symbol = { "ABC" },
		.price_decimals = 8);
	EXPECT(BOOK_CLEAR, book_clear, 1, SENT_NS + 1000000000, .reason = FP_CLEAR_VENUE);
	EXPECT(LEVEL_UPDATE, level_update, 1, SENT_NS + 1000000000, .price = PRICE(1),
		.quantity = { 2 }, .side = 'B');
	expect_nothing_more();
	say(X("2", "268=2|279=0|269=0|55=NEW|270=1|271=2|279=0|269=0|270=3|271=2|60=" LATER "|"));
	EXPECT(INSTRUMENT, instrument, 2, SENT_NS + 1000000000, .symbol = { "NEW" },
		.price_decimals = 8);
	EXPECT(LEVEL_UPDATE, level_update, 2, SENT_NS + 1000000000, .price = PRICE(1),
		.quantity = { 2 }, .side = 'B', .flags = FP_LEVEL_F_PARTIAL);
	EXPECT(LEVEL_UPDATE, level_update, 2, SENT_NS + 1000000000, .price = PRICE(3),
		.quantity = { 2 }, .side = 'B');
	expect_nothing_more();
}

static void
a_security_id_stands_for_a_symbol_that_is_long_or_absent(void **unused)
{
	(void)unused;
	say(W("1", "55=SIXTEEN CHARS OK|48=1|268=0|"));
	expect_instrument(1, "SIXTEEN CHARS OK");
	expect_clear(1);
	say(W("2", "55=SEVENTEEN CHARS..|48=US0001|268=0|"));
	expect_instrument(2, "US0001");
	expect_clear(2);
	say(X("3", "268=1|279=0|269=J|48=US0001|"));
	expect_clear(2);
	expect_nothing_more();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_snapshot_clears_the_book_and_gives_its_levels),
		TEST(a_snapshot_of_nothing_clears_the_book),
		TEST(a_snapshot_with_ids_gives_orders),
		TEST(trades_and_types_that_are_passed_over),
		TEST(an_increment_changes_levels),
		TEST(the_last_level_of_each_instrument_completes_its_event),
		TEST(an_event_stays_complete_when_the_next_one_comes),
		TEST(an_increment_changes_orders),
		TEST(an_increment_has_trades_that_are_void_or_changed),
		TEST(an_empty_book_in_an_increment_is_a_clear),
		TEST(tags_that_venues_add_are_passed_over_anywhere),
		TEST(the_instrument_may_come_behind_the_group),
		TEST(times_are_of_the_entry_or_of_the_message),
		TEST(a_symbol_that_is_found_late_is_named_once),
		TEST(a_security_id_stands_for_a_symbol_that_is_long_or_absent),
	};

	return cmocka_run_group_tests(tests, setup_group, teardown_group);
}
