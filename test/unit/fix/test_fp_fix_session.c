/* SPDX-License-Identifier: BSD-3-Clause */

/* Sessions, their numbers, and what Logon and SequenceReset do to them. */

#include "fp_fix_fixture.h"

#define HEARTBEAT(number)    "35=0|34=" number SAID
#define FROM(sender, number) "35=0|49=" sender "|56=T|34=" number "|52=" SENT "|"

/* Number, counters and gaps after what was said. */
static void
expect_next(uint64_t next, uint64_t messages)
{
	assert_int_equal(channel->continuity.next, next);
	assert_int_equal(channel->counters.messages, messages);
	expect_nothing_more();
}

static void
session_messages_are_counted_by_type(void **unused)
{
	static const char types[] = "0123A5V";
	char body[128];

	(void)unused;
	for (uint32_t i = 0; i < strlen(types); i++) {
		snprintf(body, sizeof(body), "35=%c|34=%u" SAID "112=x|", types[i], i + 1);
		say(body);
		assert_int_equal(channel->counters.by_type[(uint8_t)types[i]], 1);
	}
	say("35=AE|34=8" SAID);
	say("35=Z|34=9" SAID);
	assert_int_equal(channel->counters.unknown_types, 2);
	expect_next(10, 9);
}

static void
a_gap_is_told_and_a_copy_is_not_delivered(void **unused)
{
	(void)unused;
	say(HEARTBEAT("5"));
	say(HEARTBEAT("7"));
	expect_gap(6, 1);
	say(HEARTBEAT("6"));
	say("35=0|34=6|43=Y" SAID);
	expect_next(8, 2);
	assert_int_equal(channel->counters.duplicates, 2);
	assert_int_equal(channel->counters.lost, 1);
}

static void
a_leap_of_any_length_is_believed(void **unused)
{
	(void)unused;
	say(HEARTBEAT("1"));
	say(HEARTBEAT("9223372036854775806"));
	expect_gap(2, UINT64_C(9223372036854775804));
	expect_next(UINT64_C(9223372036854775807), 2);
	assert_int_equal(channel->counters.unconfirmed, 0);
}

static void
resent_messages_never_begin_a_session_anew(void **unused)
{
	char body[128];

	(void)unused;
	say(HEARTBEAT("20000"));
	for (uint32_t i = 1; i <= 10000; i++) {
		snprintf(body, sizeof(body), "35=0|34=%u|43=Y|49=S|56=T|52=" LATER "|", i);
		say(body);
	}
	expect_next(20001, 1);
	assert_int_equal(channel->counters.duplicates, 10000);
	assert_int_equal(channel->counters.session_restarts, 0);
}

static void
both_directions_are_sessions_of_their_own(void **unused)
{
	(void)unused;
	for (uint32_t i = 1; i <= 9; i++) {
		char body[128];

		snprintf(body, sizeof(body), "35=0|34=%u|49=S|56=T|52=" SENT "|", i);
		say(body);
		snprintf(body, sizeof(body), "35=0|34=%u|49=T|56=S|52=" SENT "|", 100 + i);
		say(body);
		snprintf(body, sizeof(body), "35=0|34=%u|49=LONGER NAME|56=S|52=" SENT "|", i * i);
		say(body);
		if (i > 1)
			expect_gap((uint64_t)(i - 1) * (i - 1) + 1, 2 * (uint64_t)i - 2);
	}
	expect_next(82, 27);
	assert_int_equal(channel->counters.session_restarts, 0);
	say(FROM("S", "9"));
	expect_next(10, 27);
	assert_int_equal(channel->counters.duplicates, 1);
}

static void
application_sequences_count_where_there_are_no_others(void **unused)
{
	(void)unused;
	said.len = 0;
	add_framed(&said, "FIXT.1.1", "35=0|52=" SENT "|1180=FEED|1181=7|");
	add_framed(&said, "FIXT.1.1", "35=0|52=" SENT "|1180=OTHER|1181=70|");
	add_framed(&said, "FIXT.1.1", "35=0|52=" SENT "|1180=FEED|1181=9|");
	receive(&said);
	expect_gap(8, 1);
	expect_next(10, 3);
	say("35=0|52=" SENT "|1180=FEED|");
	assert_int_equal(channel->counters.malformed[FP_MALFORMED_FIELD_MISSING], 1);
	/* 34 comes first */
	say("35=0|34=1|49=A|56=B|1180=FEED|1181=100|");
	expect_next(2, 4);
}

static void
messages_without_any_number_are_delivered(void **unused)
{
	(void)unused;
	say("35=0|");
	say("35=0|49=S|56=T|");
	expect_next(0, 2);
	say(HEARTBEAT("1"));
	expect_next(2, 3);
	say("35=0|49=S|56=T|");
	assert_int_equal(channel->counters.malformed[FP_MALFORMED_FIELD_MISSING], 1);
	assert_int_equal(channel->fault.reason, FP_MALFORMED_FIELD_MISSING);
	expect_next(2, 3);
	say("35=0|49=S|56=U|");
	say("35=W|55=A|268=1|269=0|270=x|271=1|");
	expect_gap(0, 1);
	expect_next(2, 4);
}

static void
a_header_out_of_place_is_found(void **unused)
{
	(void)unused;
	say("35=W|55=ABC|49=S|268=0|56=T|52=" SENT "|34=7|");
	expect_instrument(1, "ABC");
	expect_clear(1);
	expect_next(8, 1);
	say("35=W|34=9|34=9" SAID "55=ABC|268=0|");
	assert_int_equal(channel->counters.malformed[FP_MALFORMED_FIELD_ORDER], 1);
	say("35=W|55=ABC|34=9|268=0|34=9" SAID);
	assert_int_equal(channel->counters.malformed[FP_MALFORMED_FIELD_ORDER], 2);
	expect_next(8, 1);
}

static void
a_sixty_fifth_session_is_refused_and_counted(void **unused)
{
	char body[128];

	(void)unused;
	for (uint32_t i = 0; i < FP_FIX_SESSIONS_MAX; i++) {
		snprintf(body, sizeof(body), "35=0|34=1|49=S%u|56=T|", i);
		say(body);
	}
	say("35=0|34=1|49=S64|56=T|");
	expect_next(2, 64);
	assert_int_equal(channel->counters.unconfirmed, 1);
	say("35=0|34=3|49=S0|56=T|");
	expect_gap(2, 1);
	expect_next(4, 65);
	say("35=0|49=S64|56=T|");
	expect_next(4, 66);
}

static void
a_gap_fill_says_that_nothing_is_lost(void **unused)
{
	(void)unused;
	say(HEARTBEAT("1"));
	say("35=4|34=2|123=Y" SAID "36=1000000|");
	expect_next(1000000, 2);
	say(HEARTBEAT("1000000"));
	expect_next(1000001, 3);
	/* after a gap, and a copy of one that reaches further than what came since */
	say("35=4|34=1000003|123=Y" SAID "36=1000005|");
	expect_gap(1000001, 2);
	expect_next(1000005, 4);
	say("35=4|34=1000002|43=Y" SAID "123=Y|36=1000004|");
	expect_next(1000005, 4);
	say("35=4|34=1000002|43=Y" SAID "123=Y|36=1000009|");
	expect_next(1000009, 4);
	assert_int_equal(channel->counters.duplicates, 2);
}

static void
a_reset_gives_the_next_number(void **unused)
{
	(void)unused;
	say("35=4|34=77" SAID "36=10|");
	expect_next(10, 1);
	say(HEARTBEAT("10"));
	say("35=4|34=1" SAID "123=N|36=20|");
	expect_next(20, 3);
	say(HEARTBEAT("20"));
	expect_next(21, 4);
	say("35=4|34=0" SAID "36=30|");
	expect_next(30, 5);
	say(HEARTBEAT("30"));
	expect_next(31, 6);
	assert_int_equal(channel->counters.gaps, 0);
}

/* It has no number that could be lost. */
static void
a_reset_with_a_bad_time_is_no_gap(void **unused)
{
	(void)unused;
	say(HEARTBEAT("1"));
	say("35=4|34=0|49=S|56=T|52=x|36=30|");
	assert_int_equal(channel->counters.malformed[FP_MALFORMED_MESSAGE_FIELD], 1);
	assert_int_equal(channel->counters.gaps, 0);
}

static void
a_reset_that_goes_back_is_ignored_and_counted(void **unused)
{
	static const char *const wrong[] = { "35=4|34=11" SAID "36=10|",
		"35=4|34=11|123=Y" SAID "36=11|", "35=4|34=11|123=Y" SAID "36=5|",
		"35=4|34=11" SAID "36=0|", "35=4|34=0|123=Y" SAID "36=12|",
		"35=4|34=0" SAID "36=10|" };

	(void)unused;
	say(HEARTBEAT("10"));
	for (uint32_t i = 0; i < COUNT(wrong); i++) {
		say(wrong[i]);
		assert_int_equal(channel->counters.malformed[FP_MALFORMED_SEQUENCE], i + 1);
		expect_next(11, 1);
	}
	say("35=4|34=11" SAID);
	assert_int_equal(channel->counters.malformed[FP_MALFORMED_FIELD_MISSING], 1);
	say("35=4|34=11" SAID "36=x|");
	assert_int_equal(channel->counters.malformed[FP_MALFORMED_MESSAGE_FIELD], 1);
	say("35=4|34=11" SAID "36=12|36=13|");
	assert_int_equal(channel->counters.malformed[FP_MALFORMED_FIELD_ORDER], 1);
	expect_next(11, 1);
	say(HEARTBEAT("11"));
	expect_next(12, 2);
}

static void
a_logon_may_begin_the_session_anew(void **unused)
{
	(void)unused;
	say("35=A|34=1" SAID "98=0|108=30|");
	say("35=W|34=2" SAID "55=ABC|268=0|");
	expect_instrument(1, "ABC");
	expect_clear(1);
	/* at the same second, but it says so */
	say("35=A|34=1" SAID "98=0|108=30|141=Y|");
	expect_clear(0);
	expect_next(2, 3);
	/* the same once more is a copy */
	say("35=A|34=1" SAID "98=0|108=30|141=Y|");
	expect_next(2, 3);
	assert_int_equal(channel->counters.duplicates, 1);
	say("35=W|34=2" SAID "55=ABC|268=0|");
	expect_instrument(1, "ABC");
	expect_clear(1);
	/* later, whatever it says */
	say("35=A|34=1|49=S|56=T|52=" LATER "|98=0|");
	expect_clear(0);
	expect_next(2, 5);
	say("35=0|34=2|49=S|56=T|52=" LATER "|");
	/* neither an old one, nor one that was sent before */
	say("35=A|34=1" SAID "141=Y|");
	say("35=A|34=1|43=Y|49=S|56=T|52=" LATER "|141=Y|");
	expect_next(3, 6);
	assert_int_equal(channel->counters.session_restarts, 2);
	/* without a time, and with a number of its own */
	say("35=A|34=2|49=S|56=T|141=Y|");
	expect_clear(0);
	expect_gap(1, 1);
	expect_next(3, 7);
}

static void
a_datagram_waits_when_it_is_one_run(void **unused)
{
	static const struct {
		const char *bodies[3];
		uint64_t first;
		uint32_t count; /* 0 = it cannot wait */
	} cases[] = {
		{ { HEARTBEAT("7") }, 7, 1 },
		{ { HEARTBEAT("7"), HEARTBEAT("8"), HEARTBEAT("9") }, 7, 3 },
		{ { HEARTBEAT("7"), HEARTBEAT("9") }, 0, 0 },
		{ { HEARTBEAT("7"), FROM("U", "8") }, 0, 0 },
		{ { HEARTBEAT("7"), "35=0|" }, 0, 0 },
		{ { "35=0|34=x|" }, 0, 0 },
		{ { "35=0|34=7|43=Y|" }, 0, 0 },
		{ { "35=4|34=7|36=9|" }, 0, 0 },
		{ { "35=0|34=0|" }, 0, 0 },
	};
	struct fp_datagram_header place;

	(void)unused;
	for (uint32_t i = 0; i < COUNT(cases); i++) {
		said.len = 0;
		for (uint32_t k = 0; k < 3 && cases[i].bodies[k] != NULL; k++) {
			add(&said, cases[i].bodies[k]);
			add_raw(&said, "\r\n");
		}
		assert_int_equal(channel->venue->peek(fp_cspan_over(said.data, said.len), &place),
			cases[i].count != 0);
		if (cases[i].count == 0)
			continue;
		assert_int_equal(place.first, cases[i].first);
		assert_int_equal(place.count, cases[i].count);
		assert_int_equal(place.send_time_ns, SENT_NS);
	}
	assert_false(channel->venue->peek(fp_cspan_over(said.data, said.len - 3), &place));
	assert_false(channel->venue->peek(fp_cspan_over(said.data, 0), &place));
}

static void
the_second_line_is_a_copy(void **unused)
{
	(void)unused;
	for (uint8_t line = 0; line < 2; line++) {
		said.len = 0;
		add(&said, HEARTBEAT("1"));
		add(&said, HEARTBEAT("2"));
		receive_on(said.data, said.len, line);
	}
	expect_next(3, 2);
	assert_int_equal(channel->counters.duplicates, 2);
	assert_int_equal(channel->counters.lines[1].duplicates, 2);
	assert_int_equal(channel->counters.lines[1].datagrams, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(session_messages_are_counted_by_type),
		TEST(a_gap_is_told_and_a_copy_is_not_delivered),
		TEST(a_leap_of_any_length_is_believed),
		TEST(resent_messages_never_begin_a_session_anew),
		TEST(both_directions_are_sessions_of_their_own),
		TEST(application_sequences_count_where_there_are_no_others),
		TEST(messages_without_any_number_are_delivered),
		TEST(a_header_out_of_place_is_found),
		TEST(a_sixty_fifth_session_is_refused_and_counted),
		TEST(a_gap_fill_says_that_nothing_is_lost),
		TEST(a_reset_gives_the_next_number),
		TEST(a_reset_with_a_bad_time_is_no_gap),
		TEST(a_reset_that_goes_back_is_ignored_and_counted),
		TEST(a_logon_may_begin_the_session_anew),
		TEST(a_datagram_waits_when_it_is_one_run),
		TEST(the_second_line_is_a_copy),
	};

	return cmocka_run_group_tests(tests, setup_group, teardown_group);
}
