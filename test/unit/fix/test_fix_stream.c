/* SPDX-License-Identifier: BSD-3-Clause */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fix_input.h"
#include "fix_run.h"
#include "fp_test_eal.h"
#include "fp_test_panic.h"
#include "naive_fix.h"

/* A message that says another length than it has; its sum is right for what it says. */
static uint32_t
put_liar(const char *length, const char *body)
{
	uint32_t start = input_len;

	input_put("8=FIX.4.4|9=");
	input_put(length);
	input_put("|");
	input_put(body);
	input_put("10=000|");
	fix_mend_sum(input + start, input_len - start);
	return start;
}

/* The input as a whole: so many messages, and these faults one after the other. */
static struct fix_run
expect(uint32_t messages, uint32_t garbled, enum fp_malformed reason)
{
	struct fix_run run = fix_run_whole(input, input_len);

	assert_int_equal(run.messages, messages);
	assert_int_equal(run.garbled, garbled);
	for (uint32_t i = 0; i < garbled && i < 8; i++)
		assert_int_equal(run.faults[i].reason, reason);
	return run;
}

/* The same in every cut: chunks of 1 to 64 bytes, and two pieces at each place. */
static void
expect_in_every_cut(uint32_t messages, uint32_t garbled, enum fp_malformed reason)
{
	struct fix_run whole = expect(messages, garbled, reason);

	for (uint32_t chunk = 1; chunk <= 64; chunk++) {
		struct fix_run run = fix_run_chunks(input, input_len, chunk);

		assert_true(fix_runs_equal(&run, &whole));
	}
	for (uint32_t first = 0; first <= input_len; first++) {
		struct fix_run run = fix_run_two(input, input_len, first);

		assert_true(fix_runs_equal(&run, &whole));
	}
}

static void
separators_between_messages_are_passed_over(void **state)
{
	static const char *const separators[] = { "", "\n", "\r\n", "\r", "\n\n\r\n\r\r" };

	(void)state;
	for (size_t i = 0; i < sizeof(separators) / sizeof(separators[0]); i++) {
		input_clear();
		input_put(separators[i]);
		for (int k = 0; k < 5; k++) {
			input_put_message("35=0|112=a|");
			input_put(separators[i]);
		}
		expect_in_every_cut(5, 0, FP_MALFORMED_COUNT);
		assert_int_equal(fix_run_whole(input, input_len).skipped, 0);
	}
}

/* No copy of what lies in a chunk, and only of what lies across two. */
static void
a_message_that_lies_in_a_chunk_is_a_view_of_it(void **state)
{
	const struct fp_fix_stream_counters *counters = fp_fix_stream_counters(fix_stream);
	struct fp_fix_stream_fault fault;
	struct fp_fix_frame frame;
	uint64_t carried;
	uint32_t len;

	(void)state;
	input_clear();
	input_put_message("35=0|112=a|");
	len = input_len;
	input_put_message("35=0|112=b|");
	input_put_message("35=0|112=c|");
	fp_fix_stream_reset(fix_stream);
	carried = counters->carried;
	fp_fix_stream_feed(fix_stream, fp_cspan_over(input, len + 10));
	assert_int_equal(fp_fix_stream_next(fix_stream, &frame, &fault), 0);
	assert_ptr_equal(frame.message.data, input);
	assert_int_equal(fp_fix_stream_next(fix_stream, &frame, &fault), -ENODATA);
	assert_int_equal(counters->carried - carried, 10);
	assert_int_equal(fp_fix_stream_next(fix_stream, &frame, &fault), -ENODATA);
	assert_int_equal(counters->carried - carried, 10);
	fp_fix_stream_feed(fix_stream, fp_cspan_over(input + len + 10, input_len - len - 10));
	assert_int_equal(fp_fix_stream_next(fix_stream, &frame, &fault), 0);
	assert_memory_equal(frame.message.data, input + len, len);
	assert_int_equal(frame.message.len, len);
	assert_int_equal(counters->carried - carried, len);
	assert_int_equal(fp_fix_stream_next(fix_stream, &frame, &fault), 0);
	assert_ptr_equal(frame.message.data, input + 2UL * len);
	assert_int_equal(fp_fix_stream_next(fix_stream, &frame, &fault), -ENODATA);
	assert_int_equal(counters->carried - carried, len);
	assert_int_equal(fp_fix_stream_offset(fix_stream), input_len);
}

static void
garbled_messages_are_told_once_and_skipped(void **state)
{
	static const struct {
		const char *garbled;
		enum fp_malformed reason;
		uint32_t offset; /* from its start */
	} rows[] = {
		{ "hello|", FP_MALFORMED_FIELD_ORDER, 0 },
		{ "8=FIX.4.9|9=5|35=0|10=000|", FP_MALFORMED_HEADER_VERSION, 0 },
		{ "8=FIX.4.4|35=0|9=5|10=000|", FP_MALFORMED_FIELD_ORDER, 10 },
		{ "8=FIX.4.4|9=02A|35=0|10=000|", FP_MALFORMED_BODY_LENGTH, 14 },
		{ "8=FIX.4.4|9=5|34=0|10=000|", FP_MALFORMED_FIELD_ORDER, 14 },
		{ "8=FIX.4.4|9=6|35=0|10=000|", FP_MALFORMED_BODY_LENGTH, 20 },
		{ "8=FIX.4.4|9=5|35=0|10=000|", FP_MALFORMED_CHECKSUM, 19 },
		{ "8=FIX.4.4|9=5|35=0|10=1633|", FP_MALFORMED_CHECKSUM, 19 },
		{ "8=FIX.4.4|9=100000|35=0|10=163|", FP_MALFORMED_MESSAGE_LONG, 12 },
		{ "8=FIX.4.4|9=5|35=0|10=163", FP_MALFORMED_CHECKSUM, 19 },
		{ "8=FIX.4.4|\n", FP_MALFORMED_FIELD_ORDER, 10 },
		{ "8=FIX.4.4|9=|8=FI\r\n", FP_MALFORMED_BODY_LENGTH, 12 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fix_run run;
		uint32_t start;

		input_clear();
		input_put_message("35=0|112=a|");
		start = input_len;
		input_put(rows[i].garbled);
		/* The line's end behind one that has no delimiter at its end. */
		input_put("\n");
		input_put_message("35=0|112=b|");
		run = expect(2, 1, rows[i].reason);
		assert_int_equal(run.faults[0].start, start);
		assert_int_equal(run.faults[0].offset, start + rows[i].offset);
		assert_int_equal(run.skipped, strlen(rows[i].garbled) + 1);
		expect_in_every_cut(2, 1, rows[i].reason);
	}
}

static void
each_of_several_garbled_messages_is_told(void **state)
{
	(void)state;
	input_clear();
	for (int i = 0; i < 4; i++) {
		input_put("8=FIX.4.4|9=5|35=0|10=000|");
		input_put_message("35=0|");
		input_put("8=FIX.4.4|9=5|35=0|10=001|");
	}
	expect_in_every_cut(4, 8, FP_MALFORMED_CHECKSUM);
}

/* The length takes in the messages that follow: these are not lost, whatever it says. */
static void
a_length_that_lies_swallows_no_message(void **state)
{
	static const char *const lengths[] = { "27", "30", "50", "100", "500", "64000", "65001",
		"10000000", "9999999999" };
	struct fix_run run;

	(void)state;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		input_clear();
		(void)put_liar(lengths[i], "35=0|112=a|58=text|");
		for (int k = 0; k < 6; k++)
			input_put_message("35=0|112=b|");
		run = fix_run_whole(input, input_len);
		assert_int_equal(run.messages, 6);
		assert_int_equal(run.garbled, 1);
		expect_in_every_cut(6, 1, run.faults[0].reason);
	}
	/* just what takes in the next message or two, to the byte */
	for (int swallowed = 1; swallowed <= 2; swallowed++) {
		char length[16];

		input_clear();
		input_put_message("35=0|112=b|");
		snprintf(length, sizeof(length), "%u", 19 + 7 + swallowed * input_len - 7);
		input_clear();
		(void)put_liar(length, "35=0|112=a|58=text|");
		for (int k = 0; k < 4; k++)
			input_put_message("35=0|112=b|");
		expect_in_every_cut(4, 1, FP_MALFORMED_CHECKSUM);
	}
}

/* Two messages, so that the second stands behind a delimiter. */
static void
put_two_inside(const char *tags)
{
	uint32_t start;
	char length[16];
	static uint8_t inner[200];
	uint32_t inner_len;

	start = input_len;
	input_put_message("35=8|37=inside|");
	input_put_message("35=8|37=inside|");
	inner_len = input_len - start;
	memcpy(inner, input + start, inner_len);
	input_len = start;
	snprintf(length, sizeof(length), "%u", inner_len);
	input_put(tags);
	input_put(length);
	input_put("|96=");
	input_put_bytes(inner, inner_len);
	input_put("|");
}

static void
messages_inside_of_data_are_not_taken_for_messages(void **state)
{
	static const struct {
		const char *head; /* of what is garbled */
		enum fp_malformed reason;
	} rows[] = {
		{ "8=FIX.4.4|9=9999999|35=B|", FP_MALFORMED_MESSAGE_LONG },
		{ "8=FIX.4.4|9=400|35=B|", FP_MALFORMED_BODY_LENGTH },
		{ "8=FIX.4.4|9=02A|35=B|", FP_MALFORMED_BODY_LENGTH },
		{ "8=FIX.4.9|9=200|35=B|", FP_MALFORMED_HEADER_VERSION },
		{ "8=FIX.4.4|35=B|", FP_MALFORMED_FIELD_ORDER },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		input_clear();
		input_put(rows[i].head);
		put_two_inside("95=");
		input_put("10=000|");
		for (int k = 0; k < 12; k++)
			input_put_message("35=0|112=b|");
		expect_in_every_cut(12, 1, rows[i].reason);
	}
	/* a wrong sum */
	{
		static uint8_t body[1000];
		static struct fix_text text;
		uint32_t len;

		input_clear();
		input_put("35=B|");
		put_two_inside("95=");
		len = input_len;
		memcpy(body, input, len);
		fix_make(&text, "FIX.4.4", body, len, false);
		text.bytes[text.len - 2] ^= 1;
		input_clear();
		input_put_bytes(text.bytes, text.len);
		input_put_message("35=0|112=b|");
		expect_in_every_cut(1, 1, FP_MALFORMED_CHECKSUM);
	}
}

/* The length of data lies, too: it is believed as far as the message goes, and no further. */
static void
data_that_lies_swallows_no_more_than_its_message(void **state)
{
	(void)state;
	input_clear();
	(void)put_liar("28", "35=B|95=999999|96=abc|58=z|");
	for (int k = 0; k < 6; k++)
		input_put_message("35=0|112=b|");
	expect_in_every_cut(6, 1, FP_MALFORMED_BODY_LENGTH);
	input_clear();
	input_put("8=FIX.4.4|9=27|35=B|95=999999|96=abc|58=z|10=000|");
	for (int k = 0; k < 6; k++)
		input_put_message("35=0|112=b|");
	expect_in_every_cut(6, 1, FP_MALFORMED_CHECKSUM);
}

/* It was announced, and it comes: nothing of it is kept, and nothing inside is a message. */
static void
a_message_of_ten_megabytes_is_refused_at_once(void **state)
{
	const struct fp_fix_stream_counters *counters = fp_fix_stream_counters(fix_stream);
	static const uint32_t chunks[] = { INPUT_MAX, 1500, 65536 };
	uint32_t data = 10000000;
	char text[64];

	(void)state;
	for (size_t i = 0; i < sizeof(chunks) / sizeof(chunks[0]); i++) {
		struct fix_run run;
		uint64_t carried = counters->carried;
		uint32_t start;

		input_clear();
		input_put_message("35=0|112=a|");
		snprintf(text, sizeof(text), "8=FIX.4.4|9=%u|35=B|95=%u|96=", 5 + 12 + 3 + data + 1,
			data);
		input_put(text);
		start = input_len;
		while (input_len - start < data)
			input_put_message("35=8|37=inside|");
		input_len = start + data;
		input_put("|10=000|");
		input_put_message("35=0|112=b|");
		run = fix_run_chunks(input, input_len, chunks[i]);
		assert_int_equal(run.messages, 2);
		assert_int_equal(run.garbled, 1);
		assert_int_equal(run.faults[0].reason, FP_MALFORMED_MESSAGE_LONG);
		assert_true(counters->carried - carried < 100);
	}
}

static void
what_is_left_at_the_end_is_a_fault(void **state)
{
	static const char *const left[] = { "8", "8=FIX.4.4|9=100|35=0|",
		"8=FIX.4.4|9=5|35=0|10=163", "8=F" };

	(void)state;
	for (size_t i = 0; i < sizeof(left) / sizeof(left[0]); i++) {
		struct fix_run run;
		uint32_t start;

		input_clear();
		input_put_message("35=0|112=a|");
		start = input_len;
		input_put(left[i]);
		run = expect(1, 1, FP_MALFORMED_MESSAGE_SHORT);
		assert_int_equal(run.faults[0].start, start);
		assert_int_equal(run.faults[0].offset, input_len);
		assert_int_equal(run.skipped, input_len - start);
		expect_in_every_cut(1, 1, FP_MALFORMED_MESSAGE_SHORT);
	}
	/* what it held back is given then */
	input_clear();
	(void)put_liar("60000", "35=0|112=a|");
	input_put_message("35=0|112=b|");
	input_put("8=FIX.4.4|9=5|3");
	expect_in_every_cut(1, 2, FP_MALFORMED_MESSAGE_SHORT);
}

static void
a_reset_begins_anew(void **state)
{
	struct fp_fix_stream_fault fault;
	struct fp_fix_frame frame;

	(void)state;
	for (int cut = 1; cut < 60; cut += 7) {
		input_clear();
		input_put_message("35=0|112=a|58=a text that is long enough|");
		fp_fix_stream_reset(fix_stream);
		fp_fix_stream_feed(fix_stream, fp_cspan_over(input, (uint32_t)cut));
		assert_int_equal(fp_fix_stream_next(fix_stream, &frame, &fault), -ENODATA);
		fp_fix_stream_reset(fix_stream);
		fp_fix_stream_feed(fix_stream, fp_cspan_over(input, input_len));
		assert_int_equal(fp_fix_stream_next(fix_stream, &frame, &fault), 0);
		assert_int_equal(fp_fix_stream_offset(fix_stream), input_len);
	}
}

static void
feed_twice(void *arg)
{
	(void)arg;
	fp_fix_stream_reset(fix_stream);
	fp_fix_stream_feed(fix_stream, fp_cspan_over("8=FIX", 5));
	fp_fix_stream_feed(fix_stream, fp_cspan_over("8=FIX", 5));
}

static void
feed_behind_the_end(void *arg)
{
	(void)arg;
	fp_fix_stream_reset(fix_stream);
	fp_fix_stream_finish(fix_stream);
	fp_fix_stream_feed(fix_stream, fp_cspan_over("8=FIX", 5));
}

static void
feeding_too_early_or_too_late_panics(void **state)
{
	(void)state;
	ASSERT_PANICS(feed_twice, NULL, "5 bytes are fed while those before are not used up");
	ASSERT_PANICS(feed_behind_the_end, NULL, "5 bytes are fed after its end");
}

static void
an_arena_that_is_too_small_is_refused(void **state)
{
	const struct fp_arena_params params = { "small", 65536, -1, 0 };
	struct fp_fix_stream *stream;
	struct fp_arena *arena;

	(void)state;
	assert_int_equal(fp_arena_create(&params, &arena), 0);
	assert_int_equal(fp_fix_stream_create(arena, &stream), -ENOMEM);
	assert_null(stream);
	fp_arena_destroy(arena);
}

/* Messages whole and damaged, and parts of them. */
static void
put_mixture(uint64_t *random)
{
	static const uint8_t likely[] = { '0', '9', '8', '=', FP_FIX_SOH, '\n', '5', '3' };
	static struct fix_text text;
	uint32_t start = input_len;

	for (int i = 0; i < 6; i++) {
		uint64_t pick = fix_random(random);

		fix_make_random(&text, random);
		if (text.len > 2000)
			continue;
		if (pick % 4 == 0)
			text.len = (uint32_t)(fix_random(random) % text.len);
		input_put_bytes(text.bytes, text.len);
		if (pick % 8 == 1)
			input_put("\r\n");
		if (pick % 3 == 0) {
			uint32_t at =
				start + (uint32_t)(fix_random(random) % (input_len - start + 1));

			input[at] = likely[fix_random(random) % 8];
		}
		/* near the front, where lengths are */
		if (pick % 5 == 0 && text.len > 20) {
			input[input_len - text.len + fix_random(random) % 20] =
				likely[fix_random(random) % 8];
		}
	}
}

static uint32_t
cut_randomly(uint32_t at, uint32_t left, void *arg)
{
	static const uint32_t limits[] = { 2, 8, 64, 1000 };
	uint64_t *random = arg;
	uint32_t piece = (uint32_t)(fix_random(random) % limits[fix_random(random) % 4]);

	(void)at;
	return piece < left ? piece : left;
}

static void
random_streams_are_the_same_in_random_cuts(void **state)
{
	uint64_t random = 5;
	uint32_t messages = 0, garbled = 0;

	(void)state;
	for (int round = 0; round < 3000; round++) {
		struct fix_run whole;

		input_clear();
		put_mixture(&random);
		whole = fix_run_whole(input, input_len);
		messages += whole.messages;
		garbled += whole.garbled;
		for (int i = 0; i < 4; i++) {
			struct fix_run run = fix_run(input, input_len, cut_randomly, &random);

			assert_true(fix_runs_equal(&run, &whole));
		}
	}
	assert_true(messages > 3000 && garbled > 3000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(separators_between_messages_are_passed_over),
		cmocka_unit_test(a_message_that_lies_in_a_chunk_is_a_view_of_it),
		cmocka_unit_test(garbled_messages_are_told_once_and_skipped),
		cmocka_unit_test(each_of_several_garbled_messages_is_told),
		cmocka_unit_test(a_length_that_lies_swallows_no_message),
		cmocka_unit_test(messages_inside_of_data_are_not_taken_for_messages),
		cmocka_unit_test(data_that_lies_swallows_no_more_than_its_message),
		cmocka_unit_test(a_message_of_ten_megabytes_is_refused_at_once),
		cmocka_unit_test(what_is_left_at_the_end_is_a_fault),
		cmocka_unit_test(a_reset_begins_anew),
		cmocka_unit_test(feeding_too_early_or_too_late_panics),
		cmocka_unit_test(an_arena_that_is_too_small_is_refused),
		cmocka_unit_test(random_streams_are_the_same_in_random_cuts),
	};
	int failed;

	if (fp_test_eal_init() != 0)
		return EXIT_FAILURE;
	failed = cmocka_run_group_tests_name(
		"fix_stream", tests, fix_input_set_up, fix_input_tear_down);
	fp_test_eal_fini();
	return failed;
}
