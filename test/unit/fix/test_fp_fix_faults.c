/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * What is malformed: every reason with its place, and that nothing of the message stays. Symbols
 * and the channel's parameters belong here too, since the one is undone and the others refused.
 */

#include "fp_fix_fixture.h"

#define W(body) "35=W|34=1" SAID body
#define X(body) "35=X|34=1" SAID body
#define D(body) "35=D|34=1" SAID body
#define R(body) "35=8|34=1" SAID body

/* A message that is malformed inside: the reason, and the text at which it is seen. */
struct fault {
	enum fp_malformed reason;
	const char *body;
	const char *at;
};

/* Where the text is in what was said last. */
static uint64_t
offset_of(const char *text)
{
	struct bytes wanted = { .len = 0 };

	add_raw(&wanted, text);
	for (uint32_t i = 0; i + wanted.len <= said.len; i++) {
		if (memcmp(said.data + i, wanted.data, wanted.len) == 0)
			return i;
	}
	fail_msg("%s is not there", text);
	return 0;
}

/* Each is rejected, in a channel of its own, and the good message that follows is delivered. */
static void
expect_faults(const struct fault *faults, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		assert_int_equal(setup(NULL), 0);
		batch.count = 0;
		expect_rejected(faults[i].body, faults[i].reason, 1);
		if (faults[i].at != NULL)
			assert_int_equal(channel->fault.offset, offset_of(faults[i].at));
		say("35=W|34=2" SAID "55=GOOD|268=0|");
		expect_instrument(1, "GOOD");
		expect_clear(1);
		expect_nothing_more();
		assert_int_equal(channel->counters.messages, 1);
		(void)teardown(NULL);
	}
}

static const struct fault market_faults[] = {
	/* fields */
	{ FP_MALFORMED_FIELD_SYNTAX, W("55=A|268=1|269=0|270=1|271=1|x=1|"), "x=1|" },
	{ FP_MALFORMED_FIELD_SYNTAX, W("55=A|268=1|269=0|270=|271=1|"), NULL },
	{ FP_MALFORMED_FIELD_SYNTAX, W("55=A|268=1|269=0|12345678901234567890=1|"), NULL },
	{ FP_MALFORMED_FIELD_SYNTAX, W("55=A|268=0|15|"), NULL },
	{ FP_MALFORMED_DATA_LENGTH, W("55=A|268=0|95=9|96=ab|"), NULL },
	{ FP_MALFORMED_DATA_LENGTH, W("55=A|268=0|95=2|58=ab|"), NULL },
	/* the group */
	{ FP_MALFORMED_GROUP_COUNT, W("55=A|268=2|269=0|270=1|271=1|"), "268=2|" },
	{ FP_MALFORMED_GROUP_COUNT, W("55=A|268=1|269=0|270=1|271=1|269=1|270=2|271=1|"),
		"269=1|" },
	{ FP_MALFORMED_GROUP_COUNT, W("55=A|268=0|269=0|270=1|271=1|"), "269=0|" },
	{ FP_MALFORMED_GROUP_COUNT, W("55=A|268=x|269=0|270=1|271=1|"), "268=x|" },
	{ FP_MALFORMED_GROUP_COUNT, W("55=A|268=-1|"), "268=-1|" },
	{ FP_MALFORMED_GROUP_COUNT, W("55=A|268=99999999999999999999|"), "268=9" },
	{ FP_MALFORMED_GROUP_COUNT, W("55=A|268=1|270=1|269=0|271=1|"), "270=1|" },
	{ FP_MALFORMED_GROUP_COUNT, W("55=A|268=1|269=0|270=1|270=2|271=1|"), "270=2|" },
	{ FP_MALFORMED_GROUP_COUNT, W("55=A|269=0|270=1|268=1|"), "269=0|" },
	{ FP_MALFORMED_GROUP_COUNT, W("268=1|269=0|270=1|55=A|271=1|"), "271=1|" },
	{ FP_MALFORMED_GROUP_COUNT, X("268=1|269=0|279=0|55=A|270=1|271=1|"), "269=0|" },
	{ FP_MALFORMED_GROUP_COUNT, X("268=1|55=A|279=0|269=0|270=1|271=1|"), "55=A|" },
	{ FP_MALFORMED_GROUP_COUNT, X("268=1|279=0|269=0|55=A|55=A|270=1|271=1|"), NULL },
	/* what is there twice, or not at all */
	{ FP_MALFORMED_FIELD_ORDER, W("55=A|55=B|268=0|"), "55=B|" },
	{ FP_MALFORMED_FIELD_ORDER, W("55=A|268=0|268=0|"), NULL },
	{ FP_MALFORMED_FIELD_ORDER, W("268=0|55=A|55=B|"), "55=B|" },
	{ FP_MALFORMED_FIELD_ORDER, W("60=" SENT "|60=" SENT "|55=A|268=0|"), NULL },
	{ FP_MALFORMED_FIELD_MISSING, W("55=A|"), "35=W|" },
	{ FP_MALFORMED_FIELD_MISSING, W("268=0|"), "35=W|" },
	{ FP_MALFORMED_FIELD_MISSING, W("55=A|268=1|269=0|271=1|"), "269=0|" },
	{ FP_MALFORMED_FIELD_MISSING, W("55=A|268=1|269=0|270=1|"), "269=0|" },
	{ FP_MALFORMED_FIELD_MISSING, W("55=A|268=1|269=0|278=1|270=1|"), "278=1|" },
	{ FP_MALFORMED_FIELD_MISSING, W("55=A|268=1|269=2|271=1|"), "269=2|" },
	{ FP_MALFORMED_FIELD_MISSING, X("268=1|279=0|269=0|270=1|271=1|"), "35=X|" },
	{ FP_MALFORMED_FIELD_MISSING, X("268=1|279=0|55=A|278=1|270=1|271=1|"), "279=0|" },
	{ FP_MALFORMED_FIELD_MISSING, X("268=1|279=1|55=A|269=0|278=1|271=1|"), "278=1|" },
	{ FP_MALFORMED_FIELD_MISSING, X("268=1|279=2|55=A|269=0|"), "269=0|" },
	/* values */
	{ FP_MALFORMED_MESSAGE_FIELD, W("55=A|268=1|269=0|270=1x|271=1|"), "270=1x|" },
	{ FP_MALFORMED_MESSAGE_FIELD, W("55=A|268=1|269=0|270=1e5|271=1|"), "270=1e5|" },
	{ FP_MALFORMED_MESSAGE_FIELD, W("55=A|268=1|269=0|270=1.123456789|271=1|"), NULL },
	{ FP_MALFORMED_MESSAGE_FIELD, W("55=A|268=1|269=0|270=99999999999999|271=1|"), NULL },
	{ FP_MALFORMED_MESSAGE_FIELD, W("55=A|268=1|269=0|270=1|271=1.5|"), "271=1.5|" },
	{ FP_MALFORMED_MESSAGE_FIELD, W("55=A|268=1|269=0|270=1|271=-1|"), "271=-1|" },
	{ FP_MALFORMED_MESSAGE_FIELD, W("55= A|268=0|"), "55= A|" },
	{ FP_MALFORMED_MESSAGE_FIELD, W("55=SEVENTEEN CHARS..|268=0|"), "55=S" },
	{ FP_MALFORMED_MESSAGE_FIELD, W("55=SEVENTEEN CHARS..|48=SEVENTEEN CHARS..|268=0|"),
		"48=S" },
	{ FP_MALFORMED_MESSAGE_FIELD, W("60=20240230-00:00:00|55=A|268=0|"), "60=2" },
	{ FP_MALFORMED_MESSAGE_FIELD, W("55=A|268=0|60=noon|"), "60=noon|" },
	{ FP_MALFORMED_MESSAGE_FIELD, W("55=A|268=1|269=2|270=1|272=20241301|273=00:00:00|"),
		"272=2" },
	{ FP_MALFORMED_MESSAGE_FIELD, W("55=A|268=1|269=2|270=1|272=20240101|273=24:00:00|"),
		"273=2" },
	{ FP_MALFORMED_MESSAGE_FIELD, X("268=1|279=3|55=A|269=0|270=1|271=1|"), "279=3|" },
	{ FP_MALFORMED_MESSAGE_FIELD, X("268=1|279=00|55=A|269=0|270=1|271=1|"), "279=00|" },
	{ FP_MALFORMED_MESSAGE_FIELD,
		X("268=2|279=0|55=A|269=0|270=1|271=1|279=0|55=B|269=0|270=x|271=1|"), "270=x|" },
};

static void
market_data_that_is_malformed_inside(void **unused)
{
	(void)unused;
	expect_faults(market_faults, COUNT(market_faults));
}

#define ID65 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static const struct fault order_faults[] = {
	{ FP_MALFORMED_FIELD_MISSING, D("55=A|54=1|38=1|"), "35=D|" },
	{ FP_MALFORMED_FIELD_MISSING, D("11=1|54=1|38=1|"), "35=D|" },
	{ FP_MALFORMED_FIELD_MISSING, D("11=1|55=A|38=1|"), "35=D|" },
	{ FP_MALFORMED_FIELD_MISSING, "35=F|34=1" SAID "11=1|55=A|54=1|", "11=1|" },
	{ FP_MALFORMED_FIELD_MISSING, "35=G|34=1" SAID "11=1|55=A|54=1|38=1|", "11=1|" },
	{ FP_MALFORMED_FIELD_ORDER, D("11=1|55=A|54=1|11=1|"), NULL },
	{ FP_MALFORMED_FIELD_SYNTAX, D("11=1|55=A|54=1|=1|"), NULL },
	{ FP_MALFORMED_MESSAGE_FIELD, D("11=1|55=A|54=3|38=1|"), "54=3|" },
	{ FP_MALFORMED_MESSAGE_FIELD, D("11=1|55=A|54=11|38=1|"), "54=11|" },
	{ FP_MALFORMED_MESSAGE_FIELD, D("11=1|55=A|54=1|38=x|"), "38=x|" },
	{ FP_MALFORMED_MESSAGE_FIELD, D("11=1|55=A|54=1|44=.|"), "44=.|" },
	{ FP_MALFORMED_MESSAGE_FIELD, D("11=" ID65 "|55=A|54=1|"), "11=a" },
	{ FP_MALFORMED_MESSAGE_FIELD, D("11=1|55=A|54=1|60=x|"), "60=x|" },
	{ FP_MALFORMED_MESSAGE_FIELD, "35=F|34=1" SAID "11=1|41=" ID65 "|55=A|54=1|", "41=a" },
	{ FP_MALFORMED_FIELD_MISSING, R("55=A|54=1|150=0|44=1|38=1|"), "35=8|" },
	{ FP_MALFORMED_FIELD_MISSING, R("37=1|54=1|150=0|44=1|38=1|"), "35=8|" },
	{ FP_MALFORMED_FIELD_MISSING, R("37=1|55=A|150=0|44=1|38=1|"), "35=8|" },
	{ FP_MALFORMED_FIELD_MISSING, R("37=1|55=A|54=1|150=0|44=1|"), "37=1|" },
	{ FP_MALFORMED_FIELD_MISSING, R("37=1|55=A|54=1|150=F|44=1|32=1|"), "32=1|" },
	{ FP_MALFORMED_FIELD_MISSING, R("37=1|55=A|54=1|150=F|32=1|"), "32=1|" },
	{ FP_MALFORMED_MESSAGE_FIELD, R("37=1|55=A|54=1|150=F|32=1|31=x|"), "31=x|" },
	{ FP_MALFORMED_MESSAGE_FIELD, R("37=1|55=A|54=1|150=F|32=0.1|31=1|"), "32=0.1|" },
	{ FP_MALFORMED_MESSAGE_FIELD, R("37=1|55=A|54=1|150=F|32=1|31=1|17=" ID65 "|"), "17=a" },
	{ FP_MALFORMED_MESSAGE_FIELD, R("37=" ID65 "|55=A|54=1|150=A|"), "37=a" },
	{ FP_MALFORMED_MESSAGE_FIELD, R("37=1|55=A|54=8|150=0|44=1|38=1|"), "54=8|" },
	{ FP_MALFORMED_MESSAGE_FIELD, R("37=1|55=A|54=1|150=0|44=x|38=1|"), "44=x|" },
	{ FP_MALFORMED_MESSAGE_FIELD, R("37=1|55=A|54=1|150=0|44=1|151=x|"), "151=x|" },
	{ FP_MALFORMED_MESSAGE_FIELD, R("20=2|37=1|19=" ID65 "|55=A|54=1|150=F|"), "19=a" },
	{ FP_MALFORMED_FIELD_MISSING, R("20=2|37=1|17=2|19=1|55=A|54=1|150=F|32=1|"), "32=1|" },
	{ FP_MALFORMED_MESSAGE_FIELD, "35=0|34=1|49=S|56=T|52=now|", "52=now|" },
	{ FP_MALFORMED_MESSAGE_FIELD, "35=A|34=1|49=S|56=T|52=now|98=0|", "52=now|" },
};

static void
orders_that_are_malformed_inside(void **unused)
{
	(void)unused;
	expect_faults(order_faults, COUNT(order_faults));
}

/* What is garbled, or has no place, is one count of the reason and nothing else. */
static void
expect_garbled(enum fp_malformed reason, uint64_t offset)
{
	struct fp_channel_counters counters = channel->counters;
	struct fp_continuity continuity = channel->continuity;

	receive(&said);
	expect_nothing_more();
	counters.datagrams++;
	counters.lines[0].datagrams++;
	counters.malformed[reason]++;
	expect_counters(&counters);
	assert_memory_equal(&channel->continuity, &continuity, sizeof(continuity));
	assert_int_equal(channel->fault.reason, reason);
	assert_int_equal(channel->fault.offset, offset);
}

static void
a_message_that_is_garbled_does_not_advance(void **unused)
{
	static const struct {
		enum fp_malformed reason;
		const char *raw;
		uint32_t offset;
	} garbled[] = {
		{ FP_MALFORMED_HEADER_VERSION, "8=FIX.9.9|9=5|35=0|10=168|", 0 },
		{ FP_MALFORMED_FIELD_ORDER, "9=5|8=FXX.4.4|35=0|10=163|", 0 },
		{ FP_MALFORMED_FIELD_ORDER, "8=FIX.4.4|35=0|9=5|10=163|", 10 },
		{ FP_MALFORMED_FIELD_ORDER, "8=FIX.4.4|9=6|034=0|10=163|", 14 },
		{ FP_MALFORMED_BODY_LENGTH, "8=FIX.4.4|9=02A|35=0|10=163|", 14 },
		{ FP_MALFORMED_BODY_LENGTH, "8=FIX.4.4|9=6|35=0|10=164||", 20 },
		{ FP_MALFORMED_MESSAGE_LONG, "8=FIX.4.4|9=64980|35=0|10=163|", 12 },
		{ FP_MALFORMED_CHECKSUM, "8=FIX.4.4|9=5|35=0|10=164|", 19 },
		{ FP_MALFORMED_CHECKSUM, "8=FIX.4.4|9=5|35=0|10=1A3|", 19 },
		{ FP_MALFORMED_MESSAGE_SHORT, "8=FIX.4.4|9=5|35=0|10=163", 25 },
		{ FP_MALFORMED_MESSAGE_SHORT, "8=FIX.4.4|9=500|35=0|10=163|", 28 },
		{ FP_MALFORMED_FIELD_ORDER, "hello", 0 },
	};

	(void)unused;
	say("35=0|34=1" SAID);
	for (uint32_t i = 0; i < COUNT(garbled); i++) {
		said.len = 0;
		add_raw(&said, garbled[i].raw);
		expect_garbled(garbled[i].reason, garbled[i].offset);
	}
	said.len = 0;
	expect_garbled(FP_MALFORMED_MESSAGE_SHORT, 0);
	said.len = 0;
	add(&said, "35=0|34=1x" SAID);
	expect_garbled(FP_MALFORMED_MESSAGE_FIELD, offset_of("34=1x|"));
	said.len = 0;
	add(&said, "35=0|34=0" SAID);
	expect_garbled(FP_MALFORMED_SEQUENCE, offset_of("34=0|"));
	said.len = 0;
	add(&said, "35=0|34=9223372036854775808" SAID);
	expect_garbled(FP_MALFORMED_MESSAGE_FIELD, offset_of("34=9"));
	said.len = 0;
	add(&said, "35=0|34=18446744073709551618" SAID);
	expect_garbled(FP_MALFORMED_MESSAGE_FIELD, offset_of("34=1"));
	said.len = 0;
	add(&said, "35=0|34=2|034=2" SAID);
	expect_garbled(FP_MALFORMED_FIELD_SYNTAX, offset_of("034=2|"));
	said.len = 0;
	add(&said, "35=0|49=S|35=1|34=2|");
	expect_garbled(FP_MALFORMED_FIELD_ORDER, offset_of("35=1|"));
	say("35=0|34=2" SAID);
	assert_int_equal(channel->continuity.next, 3);
	assert_int_equal(channel->counters.messages, 2);
}

static void
what_follows_a_garbled_message_is_used(void **unused)
{
	(void)unused;
	said.len = 0;
	add_raw(&said, "\n\r");
	add(&said, "35=0|34=1" SAID);
	add_raw(&said, "\n8=FIX.4.4|9=5|35=0|10=000|");
	add(&said, "35=0|34=2" SAID);
	add(&said, "35=W|34=3" SAID "55=A|268=1|269=0|270=x|271=1|");
	add(&said, "35=0|34=4" SAID);
	receive(&said);
	expect_gap(3, 1);
	expect_nothing_more();
	assert_int_equal(channel->counters.messages, 3);
	assert_int_equal(channel->counters.malformed[FP_MALFORMED_CHECKSUM], 1);
	assert_int_equal(channel->fault.reason, FP_MALFORMED_MESSAGE_FIELD);
	assert_int_equal(channel->fault.offset, offset_of("270=x|"));
}

static void
a_fault_behind_good_messages_is_placed_in_the_datagram(void **unused)
{
	(void)unused;
	said.len = 0;
	add(&said, "35=0|34=1" SAID);
	add_raw(&said, "8=FIX.4.4|9=5|35=0|10=000|");
	receive(&said);
	assert_int_equal(channel->fault.reason, FP_MALFORMED_CHECKSUM);
	assert_int_equal(channel->fault.offset, offset_of("10=000|"));
	said.len = 0;
	add(&said, "35=0|34=2" SAID);
	add_raw(&said, "\n");
	add(&said, "35=W|34=3" SAID "55=A|268=1|269=0|270=x|271=1|");
	receive(&said);
	assert_int_equal(channel->fault.reason, FP_MALFORMED_MESSAGE_FIELD);
	assert_int_equal(channel->fault.offset, offset_of("270=x|"));
	assert_int_equal(channel->counters.messages, 2);
}

static void
symbols_get_ids_in_order_until_the_table_is_full(void **unused)
{
	struct fp_message message;
	char body[128];

	(void)unused;
	for (uint32_t i = 1; i <= INSTRUMENTS + 2; i++) {
		uint32_t id = i <= INSTRUMENTS ? i : INSTRUMENTS + 1;
		char symbol[8];

		snprintf(symbol, sizeof(symbol), "S%u", i);
		snprintf(body, sizeof(body),
			"35=W|34=%u" SAID "55=%s|268=2|269=0|270=1|271=1|"
			"269=1|270=2|271=1|",
			i, symbol);
		say(body);
		if (i <= INSTRUMENTS)
			expect_instrument(i, symbol);
		expect_clear(id);
		expect_level(id, 'B', 100000000, 1, i <= INSTRUMENTS ? FP_LEVEL_F_PARTIAL : 0);
		expect_level(id, 'S', 200000000, 1, 0);
	}
	expect_nothing_more();
	/* a restart names them again, with their ids */
	say("35=A|34=1|49=S|56=T|52=" LATER "|");
	expect_clear(0);
	say("35=W|34=2" SAID "55=S3|268=0|");
	expect_instrument(3, "S3");
	expect_clear(3);
	/* and so does what comes after a message that named it and was rejected */
	expect_rejected("35=X|34=3" SAID "268=2|279=0|55=S4|269=2|270=1|279=0|55=S1|269=2|",
		FP_MALFORMED_FIELD_MISSING, 3);
	say("35=W|34=4" SAID "55=S4|268=0|");
	expect_instrument(4, "S4");
	expect_clear(4);
	expect_nothing_more();
	message = batch.messages[0];
	assert_int_equal(message.type, FP_MESSAGE_INSTRUMENT);
}

static void
prices_have_the_decimals_and_the_policy_of_the_channel(void **unused)
{
	const struct fp_venue_params params = {
		.max_instruments = 1, .price_decimals = 2, .price_excess = FP_PRICE_EXCESS_HALF_EVEN
	};

	(void)unused;
	assert_int_equal(make_channel(&params), 0);
	say("35=W|34=1" SAID "55=A|268=1|269=0|270=25929.165|271=1|");
	EXPECT(INSTRUMENT, instrument, 1, SENT_NS, .symbol = { "A" }, .price_decimals = 2);
	expect_clear(1);
	expect_level(1, 'B', 2592916, 1, 0);
	expect_nothing_more();
	(void)teardown(NULL);
}

static void
parameters_and_names_are_what_they_should(void **unused)
{
	static const struct fp_venue_params wrong[] = {
		{ .transport = "tcp", .max_instruments = 1 },
		{ .transport = "udp stream", .max_instruments = 1 },
		{ .max_instruments = 0 },
		{ .max_instruments = FP_FIX_INSTRUMENTS_MAX + 1 },
		{ .max_instruments = 1, .price_decimals = 10 },
		{ .max_instruments = 1, .price_excess = FP_PRICE_EXCESS_TRUNCATE + 1 },
	};
	struct fp_arena_params room = { "fix", (uint64_t)2 << 20, -1, 0 };
	struct fp_arena *own = NULL;
	struct fp_channel *none;
	char name[FP_VENUE_TYPE_BYTES];

	(void)unused;
	assert_int_equal(fp_arena_create(&room, &own), 0);
	for (uint32_t i = 0; i < COUNT(wrong); i++) {
		assert_int_equal(
			fp_channel_create("c", 0, &fp_venue_fix, &wrong[i], own, &none), -EINVAL);
	}
	fp_arena_destroy(own);
	for (uint32_t type = 0; type < 256; type++) {
		fp_venue_fix.type_name((uint8_t)type, name);
		assert_true(strnlen(name, sizeof(name)) < sizeof(name));
	}
	fp_venue_fix.type_name('W', name);
	assert_string_equal(name, "snapshot");
	fp_venue_fix.type_name('!', name);
	assert_string_equal(name, "unknown");
	assert_string_equal(fp_venue_fix.transports, "udp stream log");
	assert_int_equal(fp_venue_fix.price_decimals, 8);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(market_data_that_is_malformed_inside, teardown),
		cmocka_unit_test_teardown(orders_that_are_malformed_inside, teardown),
		TEST(a_message_that_is_garbled_does_not_advance),
		TEST(what_follows_a_garbled_message_is_used),
		TEST(a_fault_behind_good_messages_is_placed_in_the_datagram),
		TEST(symbols_get_ids_in_order_until_the_table_is_full),
		cmocka_unit_test(prices_have_the_decimals_and_the_policy_of_the_channel),
		cmocka_unit_test(parameters_and_names_are_what_they_should),
	};

	return cmocka_run_group_tests(tests, setup_group, teardown_group);
}
