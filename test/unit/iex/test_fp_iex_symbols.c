/* SPDX-License-Identifier: BSD-3-Clause */

/* Symbols, the ids that they get, and when they are named. */

#include "fp_iex_fixture.h"

static void
symbols_of_every_length_are_named(void **unused)
{
	static const char *const symbols[] = { "A       ", "BF.B    ", "TRC+AB^=", "~!0zZ   " };
	static const char *const names[] = { "A", "BF.B", "TRC+AB^=", "~!0zZ" };
	struct datagram datagram = open_datagram(1, SENT);

	(void)unused;
	for (uint32_t i = 0; i < COUNT(symbols); i++)
		add_about(&datagram, operational, sizeof(operational), symbols[i]);
	receive(&datagram);
	for (uint32_t i = 0; i < COUNT(symbols); i++) {
		expect_instrument(i + 1, names[i], 0);
		expect_halt_of(i + 1);
	}
	expect_nothing_more();
}

static void
a_symbol_that_is_none_is_malformed(void **unused)
{
	static const char *const wrong[] = { "        ", " A      ", "A B     ", "A      B",
		"\0\0\0\0\0\0\0", "A\0      ", "A      \0", "\x7f       ", "A\x80      ",
		"\xff\xff\xff\xff\xff\xff\xff\xff", "\tA      ", "A       " };

	(void)unused;
	receive_one(1, system_event, sizeof(system_event));
	expect(&kinds[0].native);
	for (uint32_t i = 1; i < COUNT(kinds); i++) {
		for (uint32_t k = 0; k < COUNT(wrong) - 1; k++) {
			struct datagram datagram = open_datagram(channel->continuity.next, SENT);

			add_about(&datagram, kinds[i].bytes, kinds[i].len, wrong[k]);
			expect_rejected(&datagram, FP_MALFORMED_MESSAGE_FIELD);
		}
	}
}

static void
a_lot_that_changes_names_the_symbol_again(void **unused)
{
	struct datagram datagram = open_datagram(1, SENT);
	uint8_t other_lot[sizeof(directory)];

	(void)unused;
	memcpy(other_lot, directory, sizeof(directory));
	put_le(other_lot + 18, 0xfedcba98, 4);
	add_message(&datagram, operational, sizeof(operational));
	add_message(&datagram, directory, sizeof(directory));
	add_message(&datagram, directory, sizeof(directory));
	add_message(&datagram, other_lot, sizeof(other_lot));
	put_le(other_lot + 18, 0, 4);
	add_message(&datagram, other_lot, sizeof(other_lot));
	add_message(&datagram, operational, sizeof(operational));
	receive(&datagram);
	expect_instrument(1, "ZIEXT", 0);
	expect_halt_of(1);
	expect_instrument(1, "ZIEXT", 100);
	expect_instrument(1, "ZIEXT", 0xfedcba98);
	expect_instrument(1, "ZIEXT", 0);
	expect_halt_of(1);
	expect_nothing_more();
}

static void
a_restart_clears_and_names_every_symbol_anew(void **unused)
{
	struct datagram datagram = open_datagram(1, SENT);

	(void)unused;
	add_message(&datagram, directory, sizeof(directory));
	add_about(&datagram, operational, sizeof(operational), "OTHER   ");
	receive(&datagram);
	expect_instrument(1, "ZIEXT", 100);
	expect_instrument(2, "OTHER", 0);
	expect_halt_of(2);

	/* as in IEX's sample: a heartbeat at 1, sent later */
	datagram = open_datagram(1, SENT + 1);
	receive(&datagram);
	expect_clear();
	expect_nothing_more();
	assert_int_equal(channel->counters.session_restarts, 1);
	assert_int_equal(channel->counters.heartbeats, 1);
	receive_one(1, operational, sizeof(operational));
	expect_instrument(1, "ZIEXT", 100);
	expect_halt_of(1);
	receive_one(2, operational, sizeof(operational));
	expect_halt_of(1);
	expect_nothing_more();

	/* with messages at once */
	datagram = open_datagram(1, SENT + 2);
	add_message(&datagram, directory, sizeof(directory));
	receive(&datagram);
	expect_clear();
	expect_instrument(1, "ZIEXT", 100);
	expect_nothing_more();

	/* another session id */
	datagram = open_datagram(1, SENT + 3);
	datagram.bytes[8] = 8;
	add_message(&datagram, operational, sizeof(operational));
	receive(&datagram);
	expect_clear();
	expect_instrument(1, "ZIEXT", 100);
	expect_halt_of(1);
	expect_nothing_more();
	assert_int_equal(channel->counters.session_restarts, 3);
	assert_int_equal(channel->counters.gaps, 0);
}

static void
a_rejected_datagram_leaves_the_symbols_as_they_were(void **unused)
{
	struct datagram datagram = open_datagram(3, SENT), bad;
	uint8_t other_lot[sizeof(directory)];

	(void)unused;
	receive_one(1, directory, sizeof(directory));
	expect_instrument(1, "ZIEXT", 100);
	memcpy(other_lot, directory, sizeof(directory));
	bad = open_datagram(2, SENT);
	for (uint8_t lot = 1; lot <= 3; lot++) {
		other_lot[18] = lot;
		add_message(&bad, other_lot, sizeof(other_lot));
		add_about(&bad, other_lot, sizeof(other_lot), "NEW     ");
		add_message(&bad, system_event, sizeof(system_event));
	}
	add_about(&bad, operational, sizeof(operational), "NEWER   ");
	add_message(&bad, trade, sizeof(trade) - 1);
	expect_rejected(&bad, FP_MALFORMED_MESSAGE_LENGTH);

	put_le(datagram.bytes + 24, channel->continuity.next, 8);
	add_message(&datagram, directory, sizeof(directory));
	add_message(&datagram, operational, sizeof(operational));
	add_about(&datagram, operational, sizeof(operational), "NEWER   ");
	add_about(&datagram, operational, sizeof(operational), "NEW     ");
	receive(&datagram);
	expect_halt_of(1);
	expect_instrument(2, "NEWER", 0);
	expect_halt_of(2);
	expect_instrument(3, "NEW", 0);
	expect_halt_of(3);
	expect_nothing_more();
}

static void
what_a_rejected_datagram_of_a_new_session_named_is_named_later(void **unused)
{
	struct datagram datagram = open_datagram(1, SENT + 1);

	(void)unused;
	receive_one(1, directory, sizeof(directory));
	expect_instrument(1, "ZIEXT", 100);
	add_message(&datagram, operational, sizeof(operational));
	add_message(&datagram, trade, 1);
	receive(&datagram);
	expect_clear();
	expect_gap(1, 2);
	receive_one(3, operational, sizeof(operational));
	expect_instrument(1, "ZIEXT", 100);
	expect_halt_of(1);
	expect_nothing_more();
}

static void
a_full_table_gives_the_id_after_the_last(void **unused)
{
	static const char *const symbols[] = { "A       ", "B       ", "C       ", "D       ",
		"E       ", "F       ", "B       " };
	static const char *const names[] = { "A", "B", "C", "D" };
	struct datagram datagram = open_datagram(1, SENT);

	(void)unused;
	for (uint32_t i = 0; i < COUNT(symbols); i++)
		add_about(&datagram, operational, sizeof(operational), symbols[i]);
	add_about(&datagram, directory, sizeof(directory), "G       ");
	receive(&datagram);
	for (uint32_t i = 0; i < INSTRUMENTS; i++) {
		expect_instrument(i + 1, names[i], 0);
		expect_halt_of(i + 1);
	}
	expect_halt_of(INSTRUMENTS + 1);
	expect_halt_of(INSTRUMENTS + 1);
	expect_halt_of(2);
	expect_nothing_more();

	datagram = open_datagram(9, SENT);
	add_about(&datagram, operational, sizeof(operational), "H       ");
	add_about(&datagram, operational, sizeof(operational), " H      ");
	expect_rejected(&datagram, FP_MALFORMED_MESSAGE_FIELD);
}

static void
ids_agree_with_a_naive_table(void **unused)
{
	static char known[500][9];
	uint64_t random = 1;
	uint32_t count = 0;

	teardown(unused);
	make_channel(COUNT(known));
	for (uint32_t i = 0; i < 20000; i++) {
		struct datagram datagram = open_datagram(i + 1, SENT);
		char symbol[9] = "        ";
		uint32_t len = 1 + (uint32_t)(next_random(&random) % 2), id;

		for (uint32_t k = 0; k < len; k++)
			symbol[k] = (char)('A' + next_random(&random) % 26);
		for (id = 0; id < count && memcmp(known[id], symbol, 8) != 0;)
			id++;
		if (id == count && count < COUNT(known))
			memcpy(known[count++], symbol, 9);
		add_about(&datagram, operational, sizeof(operational), symbol);
		batch.count = seen = 0;
		receive(&datagram);
		assert_in_range(batch.count, 1, 2);
		assert_int_equal(batch.messages[batch.count - 1].instrument_id, id + 1);
	}
	assert_int_equal(count, COUNT(known));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(symbols_of_every_length_are_named),
		TEST(a_symbol_that_is_none_is_malformed),
		TEST(a_lot_that_changes_names_the_symbol_again),
		TEST(a_restart_clears_and_names_every_symbol_anew),
		TEST(a_rejected_datagram_leaves_the_symbols_as_they_were),
		TEST(what_a_rejected_datagram_of_a_new_session_named_is_named_later),
		TEST(a_full_table_gives_the_id_after_the_last),
		TEST(ids_agree_with_a_naive_table),
	};

	return cmocka_run_group_tests(tests, setup_group, teardown_group);
}
