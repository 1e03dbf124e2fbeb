/* SPDX-License-Identifier: BSD-3-Clause */

/* What the messages of DEEP and TOPS become, and how their datagrams follow each other. */

#include "fp_iex_fixture.h"

static void
every_type_becomes_what_it_should(void **unused)
{
	struct fp_channel_counters counters = { .datagrams = 1, .lines[0].datagrams = 1 };
	struct datagram datagram = open_datagram(1, SENT);

	(void)unused;
	add_message(&datagram, directory, sizeof(directory));
	for (uint32_t i = 0; i < COUNT(kinds); i++)
		add_message(&datagram, kinds[i].bytes, kinds[i].len);
	receive(&datagram);

	expect_instrument(1, "ZIEXT", 100);
	for (uint32_t i = 0; i < COUNT(kinds); i++) {
		if (kinds[i].native.len != 0)
			expect(&kinds[i].native);
	}
	expect_nothing_more();
	for (uint32_t i = 0; i < COUNT(kinds); i++)
		counters.by_type[kinds[i].bytes[0]] = 1;
	counters.by_type['D'] = 2;
	counters.messages = COUNT(kinds) + 1;
	expect_counters(&counters);
}

static void
a_type_alone_names_its_symbol_first(void **unused)
{
	static const uint8_t silent[] = { 'S', 'X', 'A' };

	for (uint32_t i = 0; i < COUNT(kinds); i++) {
		receive_one(1, kinds[i].bytes, kinds[i].len);
		if (memchr(silent, kinds[i].bytes[0], sizeof(silent)) == NULL)
			expect_instrument(1, "ZIEXT", kinds[i].bytes[0] == 'D' ? 100 : 0);
		if (kinds[i].native.len != 0)
			expect(&kinds[i].native);
		expect_nothing_more();
		teardown(unused);
		setup(unused);
	}
}

static void
fields_of_another_value_show_it(void **unused)
{
	struct fp_message quote_of = kinds[12].native, level_of = kinds[7].native;
	struct datagram datagram = open_datagram(1, SENT);

	(void)unused;
	add_message(&datagram, directory, sizeof(directory));
	add_message(&datagram, quote, sizeof(quote));
	datagram.bytes[datagram.len - sizeof(quote) + 1] = 0x40;
	add_message(&datagram, buy_level, sizeof(buy_level));
	datagram.bytes[datagram.len - sizeof(buy_level) + 1] = 0xfe;
	add_message(&datagram, short_sale, sizeof(short_sale));
	datagram.bytes[datagram.len - sizeof(short_sale) + 1] = 0;
	datagram.bytes[datagram.len - 1] = ' ';
	add_message(&datagram, short_sale, sizeof(short_sale));
	datagram.bytes[datagram.len - sizeof(short_sale) + 1] = 'x';
	/* TOPS comes by the same way */
	datagram.bytes[2] = 0x03;
	receive(&datagram);

	expect_instrument(1, "ZIEXT", 100);
	quote_of.quote.flags = 0;
	expect(&quote_of);
	level_of.level_update.flags = FP_LEVEL_F_PARTIAL;
	expect(&level_of);
	expect(&(struct fp_message)STATUS(FP_STATUS_SHORT_SALE, '0', ""));
	expect(&(struct fp_message)STATUS(FP_STATUS_SHORT_SALE, 'x', "A"));
	expect_nothing_more();
}

static void
a_message_that_grew_is_read_as_far_as_it_is_known(void **unused)
{
	uint8_t longer[128];

	(void)unused;
	receive_one(1, directory, sizeof(directory));
	expect_instrument(1, "ZIEXT", 100);
	for (uint32_t i = 0; i < COUNT(kinds); i++) {
		memset(longer, 0xee, sizeof(longer));
		memcpy(longer, kinds[i].bytes, kinds[i].len);
		for (uint16_t more = 1; more <= 17; more++) {
			receive_one(channel->continuity.next, longer, kinds[i].len + more);
			if (kinds[i].native.len != 0)
				expect(&kinds[i].native);
			expect_nothing_more();
		}
		assert_int_equal(channel->counters.by_type[kinds[i].bytes[0]],
			17 + (kinds[i].bytes[0] == 'D'));
	}
}

static void
an_unknown_type_is_counted_and_skipped(void **unused)
{
	static const char known[] = "SDHIOPE85TBXQA";
	struct datagram datagram = open_datagram(1, SENT);
	uint8_t message[9] = "?";

	(void)unused;
	for (uint32_t type = 0; type < 256; type++) {
		message[0] = (uint8_t)type;
		if (type != 0 && strchr(known, (int)type) != NULL)
			continue;
		add_message(&datagram, message, (uint16_t)(1 + type % 9));
	}
	add_message(&datagram, retail, sizeof(retail));
	receive(&datagram);
	expect_instrument(1, "ZIEXT", 0);
	expect(&kinds[3].native);
	expect_nothing_more();
	assert_int_equal(channel->counters.unknown_types, 256 - 14);
	assert_int_equal(channel->counters.messages, 256 - 14 + 1);
	assert_int_equal(channel->counters.by_type['I'], 1);
	assert_int_equal(channel->counters.by_type['?'], 0);
}

static void
a_heartbeat_is_counted_and_reveals_a_lost_tail(void **unused)
{
	struct datagram heartbeat = open_datagram(1, SENT);

	(void)unused;
	receive(&heartbeat);
	receive(&heartbeat);
	assert_int_equal(channel->counters.heartbeats, 2);
	expect_nothing_more();
	receive_one(1, operational, sizeof(operational));
	expect_instrument(1, "ZIEXT", 0);
	expect_halt_of(1);
	heartbeat = open_datagram(5, SENT + 1);
	receive(&heartbeat);
	expect_gap(2, 3);
	expect_nothing_more();
	assert_int_equal(channel->counters.heartbeats, 3);
	assert_int_equal(channel->counters.lost, 3);
	receive_one(5, operational, sizeof(operational));
	expect_halt_of(1);
	/* the other line's, later */
	receive_on(&heartbeat, 1);
	expect_nothing_more();
	assert_int_equal(channel->counters.heartbeats, 4);
	assert_int_equal(channel->counters.messages, 2);
	assert_int_equal(channel->counters.gaps, 1);
}

static void
what_was_delivered_is_skipped(void **unused)
{
	static const char *const symbols[] = { "A       ", "B       ", "C       ", "D       " };
	struct datagram datagram = open_datagram(1, SENT);

	(void)unused;
	add_about(&datagram, operational, sizeof(operational), symbols[0]);
	add_about(&datagram, operational, sizeof(operational), symbols[1]);
	receive(&datagram);
	expect_instrument(1, "A", 0);
	expect_halt_of(1);
	expect_instrument(2, "B", 0);
	expect_halt_of(2);
	receive_on(&datagram, 1);
	expect_nothing_more();
	assert_int_equal(channel->counters.duplicates, 2);
	assert_int_equal(channel->counters.lines[1].duplicates, 1);
	assert_int_equal(channel->counters.lines[0].duplicates, 0);

	/* nothing of a copy is looked at */
	put_le(datagram.bytes + HEADER_BYTES, 1000, 2);
	receive_on(&datagram, 1);
	expect_nothing_more();
	assert_int_equal(channel->counters.duplicates, 4);
	assert_int_equal(channel->counters.malformed[FP_MALFORMED_MESSAGE_COUNT], 0);

	/* the first of these was delivered: only its length is looked at */
	datagram = open_datagram(2, SENT);
	add_message(&datagram, (const uint8_t *)"T", 1);
	add_about(&datagram, operational, sizeof(operational), symbols[2]);
	add_about(&datagram, operational, sizeof(operational), symbols[3]);
	receive(&datagram);
	expect_instrument(3, "C", 0);
	expect_halt_of(3);
	expect_instrument(4, "D", 0);
	expect_halt_of(4);
	expect_nothing_more();
	assert_int_equal(channel->counters.duplicates, 5);
	assert_int_equal(channel->counters.messages, 4);
	assert_int_equal(channel->counters.by_type['O'], 4);
	assert_int_equal(channel->counters.by_type['T'], 0);
}

static void
both_parts_of_the_session_id_count(void **unused)
{
	static const uint32_t at[] = { 4, 7, 8, 11 };

	for (uint32_t i = 0; i < COUNT(at); i++) {
		struct datagram datagram = open_datagram(1, SENT);

		receive_one(1, system_event, sizeof(system_event));
		add_message(&datagram, system_event, sizeof(system_event));
		datagram.bytes[at[i]] ^= 1;
		receive(&datagram);
		assert_int_equal(channel->counters.session_restarts, 1);
		assert_int_equal(channel->counters.messages, 2);
		teardown(unused);
		setup(unused);
	}
}

static void
an_offset_out_of_step_is_counted_and_delivered(void **unused)
{
	struct datagram datagram, old = open_datagram(1, SENT), strange = open_datagram(2, SENT);
	uint64_t offset = 5000;

	(void)unused;
	strange.bytes[8] = 8;
	/* first datagram, in step, a heartbeat, in step, gap, in step */
	static const struct {
		uint64_t first;
		bool is_heartbeat;
		uint64_t slip;
		uint64_t breaks;
	} steps[] = {
		{ 1, false, 0, 0 },
		{ 2, false, 0, 0 },
		{ 3, true, 0, 0 },
		{ 3, false, 0, 0 },
		{ 5, false, 777, 0 },
		{ 6, false, 0, 0 },
		{ 7, false, 1, 1 },
		{ 8, false, 0, 1 },
		{ 9, true, UINT64_MAX, 2 },
		{ 9, false, 0, 2 },
	};

	for (uint32_t i = 0; i < COUNT(steps); i++) {
		datagram = open_datagram(steps[i].first, SENT);
		if (!steps[i].is_heartbeat)
			add_message(&datagram, system_event, sizeof(system_event));
		offset += steps[i].slip;
		put_le(datagram.bytes + 16, offset, 8);
		offset += datagram.len - HEADER_BYTES;
		receive(&datagram);
		assert_int_equal(channel->counters.offset_breaks, steps[i].breaks);
		/* a copy on the other line moves nothing, nor does an old one or a strange one */
		receive_on(&datagram, 1);
		receive_on(&old, 1);
		receive_on(&strange, 1);
		assert_int_equal(state()->next_offset, offset);
		assert_int_equal(channel->counters.offset_breaks, steps[i].breaks);
	}
	assert_int_equal(channel->counters.messages, 8);
	assert_int_equal(channel->counters.lost, 1);
}

static void
a_batch_without_room_takes_what_fits(void **unused)
{
	struct datagram datagram = open_datagram(1, SENT);
	struct fp_datagram burst[3];

	(void)unused;
	add_message(&datagram, system_event, sizeof(system_event));
	memcpy(guarded_end - datagram.len, datagram.bytes, datagram.len);
	for (uint32_t i = 0; i < COUNT(burst); i++) {
		burst[i] = (struct fp_datagram){
			fp_cspan_over(guarded_end - datagram.len, datagram.len), 0
		};
	}
	batch.count = FP_BATCH_MESSAGES - fp_batch_bound(datagram.len) + 1;
	assert_int_equal(fp_channel_receive(channel, burst, 3, &batch), 0);
	assert_int_equal(channel->counters.datagrams, 0);
	batch.count--;
	assert_int_equal(fp_channel_receive(channel, burst, 3, &batch), 1);
	assert_int_equal(channel->counters.datagrams, 1);
	batch.count = 0;
	assert_int_equal(fp_channel_receive(channel, burst, 3, &batch), 3);
	assert_int_equal(channel->counters.datagrams, 4);
}

static void
a_channel_is_not_made_of_wrong_parameters(void **unused)
{
	const struct fp_venue *venue = fp_venue_find("iex");
	struct fp_arena_params room = { "iex2", 1 << 20, -1, 0 };
	struct fp_venue_params params = { .transport = "iextp", .max_instruments = 16 };
	struct fp_channel *made;
	struct fp_arena *other;

	(void)unused;
	assert_string_equal(venue->transports, "iextp");
	assert_int_equal(venue->price_decimals, 4);
	assert_int_equal(fp_arena_create(&room, &other), 0);
	assert_int_equal(fp_channel_create("x", 0, venue, &params, other, &made), 0);
	params.transport = "moldudp64";
	assert_int_equal(fp_channel_create("x", 0, venue, &params, other, &made), -EINVAL);
	params = (struct fp_venue_params){ .transport = NULL, .max_instruments = 0 };
	assert_int_equal(fp_channel_create("x", 0, venue, &params, other, &made), -EINVAL);
	params.max_instruments = UINT32_MAX;
	assert_true(venue->state_bytes(&params) > UINT32_MAX);
	assert_int_equal(fp_channel_create("x", 0, venue, &params, other, &made), -EINVAL);
	params.max_instruments = FP_IEX_INSTRUMENTS_MAX;
	assert_int_equal(fp_channel_create("x", 0, venue, &params, other, &made), -ENOMEM);
	assert_null(made);
	fp_arena_destroy(other);
}

static void
types_have_names(void **unused)
{
	static const struct {
		uint8_t type;
		const char *name;
	} names[] = { { 'T', "T" }, { '8', "8" }, { 'a', "a" }, { 0, "0x00" }, { '"', "0x22" },
		{ 0xff, "0xff" } };
	char text[FP_VENUE_TYPE_BYTES];

	(void)unused;
	for (uint32_t i = 0; i < COUNT(names); i++) {
		memset(text, 'x', sizeof(text));
		channel->venue->type_name(names[i].type, text);
		assert_string_equal(text, names[i].name);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_type_becomes_what_it_should),
		TEST(a_type_alone_names_its_symbol_first),
		TEST(fields_of_another_value_show_it),
		TEST(a_message_that_grew_is_read_as_far_as_it_is_known),
		TEST(an_unknown_type_is_counted_and_skipped),
		TEST(a_heartbeat_is_counted_and_reveals_a_lost_tail),
		TEST(what_was_delivered_is_skipped),
		TEST(both_parts_of_the_session_id_count),
		TEST(an_offset_out_of_step_is_counted_and_delivered),
		TEST(a_batch_without_room_takes_what_fits),
		TEST(a_channel_is_not_made_of_wrong_parameters),
		TEST(types_have_names),
	};

	return cmocka_run_group_tests(tests, setup_group, teardown_group);
}
