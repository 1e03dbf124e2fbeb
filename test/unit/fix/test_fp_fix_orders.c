/* SPDX-License-Identifier: BSD-3-Clause */

/* Orders that are asked for, and the reports of what became of them, byte by byte. */

#include "fp_fix_fixture.h"
#include "fp_fix_ids.h"

#define M(type, number, body) "35=" type "|34=" number SAID body

/* A report about the order 5 of ABC, which buys. */
#define REPORT(number, body) M("8", number, "37=5|17=9|55=ABC|54=1|" body)

#define EXPECT_REQUEST(id, ...) EXPECT(ORDER_REQUEST, order_request, id, SENT_NS, __VA_ARGS__)

static void
requests_are_told_as_they_are_asked(void **unused)
{
	(void)unused;
	say(M("D", "1", "11=7|55=ABC|54=1|60=" SENT "|38=100|40=2|44=10.25|59=0|"));
	expect_instrument(1, "ABC");
	EXPECT_REQUEST(1, .order_id = 7, .price = { 1025000000 }, .quantity = { 100 }, .side = 'B',
		.kind = 'D', .flags = FP_REQUEST_F_PRICED);
	/* at the market, without a quantity; an old id means nothing */
	say(M("D", "2", "11=8|41=7|55=ABC|54=5|40=1|"));
	EXPECT_REQUEST(1, .order_id = 8, .side = 'S', .kind = 'D');
	say(M("G", "3", "11=9|41=7|55=ABC|54=2|38=50.000|44=-1|"));
	EXPECT_REQUEST(1, .order_id = 9, .original_id = 7, .price = PRICE(-1), .quantity = { 50 },
		.side = 'S', .kind = 'G', .flags = FP_REQUEST_F_PRICED);
	say(M("F", "4", "11=10|41=9|55=ABC|54=6|"));
	EXPECT_REQUEST(1, .order_id = 10, .original_id = 9, .side = 'S', .kind = 'F');
	expect_nothing_more();
	assert_int_equal(channel->counters.by_type['D'], 2);
	assert_int_equal(channel->counters.by_type['G'], 1);
	assert_int_equal(channel->counters.by_type['F'], 1);
}

static void
a_new_order_with_a_limit_rests(void **unused)
{
	(void)unused;
	say(REPORT("1", "150=0|39=0|38=100|151=80|44=10|"));
	expect_instrument(1, "ABC");
	EXPECT(ORDER_ADD, order_add, 1, SENT_NS, .order_id = 5, .price = PRICE(10),
		.quantity = { 80 }, .side = 'B');
	say(REPORT("2", "150=0|39=0|38=100|44=10|"));
	EXPECT(ORDER_ADD, order_add, 1, SENT_NS, .order_id = 5, .price = PRICE(10),
		.quantity = { 100 }, .side = 'B');
	/* at the market, nothing open, and in FIX 4.0, which has no type of report */
	say(REPORT("3", "150=0|39=0|38=100|151=100|"));
	say(REPORT("4", "150=0|39=0|38=100|151=0|44=10|"));
	expect_nothing_more();
	say(M("8", "5", "37=6|17=1|20=0|39=0|55=ABC|54=2|38=3|44=1|"));
	EXPECT(ORDER_ADD, order_add, 1, SENT_NS, .order_id = 6, .price = PRICE(1),
		.quantity = { 3 }, .side = 'S');
	expect_nothing_more();
}

static void
executions_of_every_version(void **unused)
{
	static const char *const types[] = { "150=1|20=0|39=1|", "150=2|20=0|39=2|", "150=F|39=1|",
		"20=0|39=2|" };

	(void)unused;
	for (uint32_t i = 0; i < COUNT(types); i++) {
		char body[256];

		snprintf(body, sizeof(body),
			"35=8|34=%u" SAID "37=5|17=9|55=ABC|54=1|%s44=10|32=30|31=9.5|151=70|",
			2 * i + 1, types[i]);
		say(body);
		if (i == 0)
			expect_instrument(1, "ABC");
		EXPECT(ORDER_EXECUTE, order_execute, 1, SENT_NS, .order_id = 5, .quantity = { 30 },
			.price = { 950000000 }, .match_id = 9, .flags = FP_EXECUTE_F_PRICED);
		snprintf(body, sizeof(body),
			"35=8|34=%u" SAID "37=5|17=9|55=ABC|54=1|%s32=30|31=9.5|151=70|", 2 * i + 2,
			types[i]);
		say(body);
		EXPECT(TRADE, trade, 1, SENT_NS, .price = { 950000000 }, .quantity = { 30 },
			.match_id = 9, .side = 'B', .kind = 'T');
	}
	expect_nothing_more();
}

static void
an_execution_of_nothing_says_what_the_status_says(void **unused)
{
	(void)unused;
	say(REPORT("1", "150=2|20=0|39=0|32=0|31=0|38=10|151=10|44=1|"));
	expect_instrument(1, "ABC");
	EXPECT(ORDER_ADD, order_add, 1, SENT_NS, .order_id = 5, .price = PRICE(1),
		.quantity = { 10 }, .side = 'B');
	say(REPORT("2", "150=F|39=4|44=1|"));
	EXPECT(ORDER_DELETE, order_delete, 1, SENT_NS, .order_id = 5);
	say(REPORT("3", "150=1|20=0|39=1|32=0|44=1|"));
	say(REPORT("4", "150=F|32=0|44=1|"));
	expect_nothing_more();
}

static void
what_takes_an_order_away_deletes_it(void **unused)
{
	(void)unused;
	say(REPORT("1", "150=4|39=4|44=1|"));
	expect_instrument(1, "ABC");
	EXPECT(ORDER_DELETE, order_delete, 1, SENT_NS, .order_id = 5);
	say(REPORT("2", "150=C|39=C|44=1|"));
	EXPECT(ORDER_DELETE, order_delete, 1, SENT_NS, .order_id = 5);
	say(REPORT("3", "150=3|39=3|44=1|"));
	EXPECT(ORDER_DELETE, order_delete, 1, SENT_NS, .order_id = 5);
	/* it did not rest */
	say(REPORT("4", "150=4|39=4|"));
	say(REPORT("5", "150=8|39=8|44=1|"));
	expect_nothing_more();
}

static void
a_replaced_order_keeps_its_id(void **unused)
{
	(void)unused;
	say(REPORT("1", "150=5|39=0|38=100|151=60|44=11|"));
	expect_instrument(1, "ABC");
	EXPECT(ORDER_REPLACE, order_replace, 1, SENT_NS, .order_id = 5, .new_order_id = 5,
		.price = PRICE(11), .quantity = { 60 });
	say(REPORT("2", "150=5|39=0|38=100|151=0|44=11|"));
	EXPECT(ORDER_DELETE, order_delete, 1, SENT_NS, .order_id = 5);
	say(REPORT("3", "150=5|39=0|38=100|"));
	expect_nothing_more();
}

static void
other_reports_have_no_event(void **unused)
{
	static const char *const types[] = { "6", "7", "8", "9", "A", "B", "D", "E", "I", "L",
		"?" };

	(void)unused;
	for (uint32_t i = 0; i < COUNT(types); i++) {
		char body[256];

		snprintf(body, sizeof(body),
			"35=8|34=%u" SAID "37=5|17=9|55=ABC|54=1|150=%s|39=0|38=1|44=1|", i + 1,
			types[i]);
		say(body);
	}
	say(REPORT("12", "20=3|150=0|39=0|38=1|44=1|"));
	expect_nothing_more();
	assert_int_equal(channel->counters.by_type['8'], COUNT(types) + 1);
}

static void
an_execution_that_is_void_is_a_break(void **unused)
{
	(void)unused;
	say(REPORT("1", "20=1|19=4|150=1|39=1|32=30|31=9|44=1|"));
	expect_instrument(1, "ABC");
	EXPECT(TRADE, trade, 1, SENT_NS, .price = PRICE(9), .quantity = { 30 }, .match_id = 4,
		.side = 'B', .kind = 'B');
	say(REPORT("2", "150=H|39=1|"));
	EXPECT(TRADE, trade, 1, SENT_NS, .match_id = 9, .side = 'B', .kind = 'B');
	say(REPORT("3", "20=2|19=4|150=2|39=2|32=20|31=8|"));
	EXPECT(TRADE, trade, 1, SENT_NS, .price = PRICE(8), .quantity = { 20 }, .match_id = 4,
		.side = 'B', .kind = 'B');
	EXPECT(TRADE, trade, 1, SENT_NS, .price = PRICE(8), .quantity = { 20 }, .match_id = 9,
		.side = 'B', .kind = 'T');
	say(REPORT("4", "150=G|19=4|39=2|32=20|31=8|44=2|"));
	EXPECT(TRADE, trade, 1, SENT_NS, .price = PRICE(8), .quantity = { 20 }, .match_id = 4,
		.side = 'B', .kind = 'B');
	EXPECT(TRADE, trade, 1, SENT_NS, .price = PRICE(8), .quantity = { 20 }, .match_id = 9,
		.side = 'B', .kind = 'T');
	expect_nothing_more();
}

static void
ids_are_numbers_or_hashes(void **unused)
{
	/* computed apart from the code, in exact integers */
	static const struct {
		const char *text;
		uint64_t id;
	} ids[] = {
		{ "1", 1 },
		{ "9223372036854775807", INT64_MAX },
		{ "9223372036854775808", UINT64_C(0x996163c1acd118a4) },
		{ "0", UINT64_C(0xe427eadea4632135) },
		{ "007", UINT64_C(0xbdec02eaef3bc913) },
		{ "A", UINT64_C(0xe037c2d01144241c) },
		{ "-1", UINT64_C(0xdf2be251d610aec9) },
		{ "12345678901234567890", UINT64_C(0xed1c4001f7674cf2) },
		{ "18446744073709551617", UINT64_C(0xf4bf72368cfaf3e9) },
		{ "ORDER-01", UINT64_C(0xe5d18a36b9365c0d) },
		{ "25ecf178-55e3-4914-90d6-53db38ff46c5", UINT64_C(0xc7ad66ffcd41db89) },
	};
	char text[FP_FIX_ID_MAX + 1];
	uint64_t id, other;

	(void)unused;
	for (uint32_t i = 0; i < COUNT(ids); i++) {
		assert_true(fp_fix_read_id(
			fp_cspan_over(ids[i].text, (uint32_t)strlen(ids[i].text)), &id));
		assert_int_equal(id, ids[i].id);
	}
	/* one byte of the longest changed: another id */
	memset(text, 'x', sizeof(text));
	assert_true(fp_fix_read_id(fp_cspan_over(text, FP_FIX_ID_MAX), &id));
	for (uint32_t i = 0; i < FP_FIX_ID_MAX; i++) {
		text[i] ^= 1;
		assert_true(fp_fix_read_id(fp_cspan_over(text, FP_FIX_ID_MAX), &other));
		assert_int_not_equal(id, other);
		text[i] ^= 1;
	}
	assert_false(fp_fix_read_id(fp_cspan_over(text, FP_FIX_ID_MAX + 1), &id));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(requests_are_told_as_they_are_asked),
		TEST(a_new_order_with_a_limit_rests),
		TEST(executions_of_every_version),
		TEST(an_execution_of_nothing_says_what_the_status_says),
		TEST(what_takes_an_order_away_deletes_it),
		TEST(a_replaced_order_keeps_its_id),
		TEST(other_reports_have_no_event),
		TEST(an_execution_that_is_void_is_a_break),
		TEST(ids_are_numbers_or_hashes),
	};

	return cmocka_run_group_tests(tests, setup_group, teardown_group);
}
