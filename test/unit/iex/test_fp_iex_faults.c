/* SPDX-License-Identifier: BSD-3-Clause */

/* Datagrams that are malformed: each is counted by its reason and leaves a gap, nothing else. */

#include "fp_iex_fixture.h"

static void
every_message_cut_at_every_length_is_malformed(void **unused)
{
	for (uint32_t i = 0; i < COUNT(kinds); i++) {
		for (uint16_t len = 0; len < kinds[i].len; len++) {
			/* alone; then behind good ones that have to be taken back */
			struct datagram datagram = open_datagram(1, SENT);

			add_message(&datagram, kinds[i].bytes, len);
			expect_rejected(&datagram,
				len == 0 ? FP_MALFORMED_MESSAGE_SHORT
					 : FP_MALFORMED_MESSAGE_LENGTH);
			datagram = open_datagram(2, SENT);
			add_message(&datagram, trade, sizeof(trade));
			add_message(&datagram, (const uint8_t *)"?unknown", 8);
			add_about(&datagram, directory, sizeof(directory), "OTHER   ");
			add_message(&datagram, kinds[i].bytes, len);
			add_message(&datagram, trade, sizeof(trade));
			expect_rejected(&datagram,
				len == 0 ? FP_MALFORMED_MESSAGE_SHORT
					 : FP_MALFORMED_MESSAGE_LENGTH);
			receive_one(7, trade, sizeof(trade));
			expect_instrument(1, "ZIEXT", 0);
			expect(&kinds[9].native);
			expect_nothing_more();
			teardown(unused);
			setup(unused);
		}
	}
}

static void
every_datagram_cut_at_every_length_is_malformed(void **unused)
{
	for (uint32_t i = 0; i < COUNT(kinds); i++) {
		struct datagram whole = open_datagram(1, SENT);

		add_message(&whole, kinds[i].bytes, kinds[i].len);
		for (uint32_t len = 0; len < whole.len; len++) {
			struct datagram cut = whole;

			cut.len = len;
			expect_header_rejected(&cut,
				len < HEADER_BYTES ? FP_MALFORMED_HEADER_SHORT
						   : FP_MALFORMED_PAYLOAD_LENGTH);
			if (len < HEADER_BYTES)
				continue;
			/* a header that knows of the cut */
			set_payload_len(&cut);
			if (len < HEADER_BYTES + 2) {
				expect_header_rejected(&cut, FP_MALFORMED_MESSAGE_COUNT);
				continue;
			}
			expect_rejected(&cut, FP_MALFORMED_MESSAGE_COUNT);
			teardown(unused);
			setup(unused);
		}
	}
}

static void
a_header_that_is_wrong_is_rejected(void **unused)
{
	static const struct {
		uint32_t at;
		uint32_t bytes;
		uint64_t value;
		enum fp_malformed reason;
	} wrong[] = {
		{ 0, 1, 0, FP_MALFORMED_HEADER_VERSION },
		{ 0, 1, 2, FP_MALFORMED_HEADER_VERSION },
		{ 2, 2, 0x8002, FP_MALFORMED_HEADER_VERSION },
		{ 2, 2, 0x8005, FP_MALFORMED_HEADER_VERSION },
		{ 2, 2, 0x0480, FP_MALFORMED_HEADER_VERSION },
		{ 12, 2, 0, FP_MALFORMED_PAYLOAD_LENGTH },
		{ 12, 2, 39, FP_MALFORMED_PAYLOAD_LENGTH },
		{ 12, 2, 41, FP_MALFORMED_PAYLOAD_LENGTH },
		{ 12, 2, 0xffff, FP_MALFORMED_PAYLOAD_LENGTH },
		{ 14, 2, 0, FP_MALFORMED_PAYLOAD_LENGTH },
		{ 14, 2, 21, FP_MALFORMED_MESSAGE_COUNT },
		{ 14, 2, 0xffff, FP_MALFORMED_MESSAGE_COUNT },
		{ 24, 8, UINT64_C(1) << 63, FP_MALFORMED_SEQUENCE },
		{ 24, 8, UINT64_MAX, FP_MALFORMED_SEQUENCE },
		{ 24, 8, 0, FP_MALFORMED_SEQUENCE },
	};
	struct datagram datagram, good = open_datagram(1, SENT);

	(void)unused;
	add_message(&good, trade, sizeof(trade));
	for (uint32_t i = 0; i < COUNT(wrong); i++) {
		datagram = good;
		put_le(datagram.bytes + wrong[i].at, wrong[i].value, wrong[i].bytes);
		expect_header_rejected(&datagram, wrong[i].reason);
	}
	/* the reserved byte is nobody's business */
	good.bytes[1] = 0xff;
	receive(&good);
	expect_instrument(1, "ZIEXT", 0);
	expect(&kinds[9].native);
	expect_nothing_more();
}

static void
a_count_that_lies_is_malformed(void **unused)
{
	struct datagram datagram = open_datagram(1, SENT);

	(void)unused;
	for (uint32_t i = 0; i < 3; i++)
		add_message(&datagram, trade, sizeof(trade));
	for (uint32_t count = 1; count <= 3 * (2 + sizeof(trade)) / 2; count++) {
		if (count == 3)
			continue;
		put_le(datagram.bytes + 24, channel->continuity.next + (count == 1), 8);
		set_count(&datagram, count);
		expect_rejected(&datagram,
			count < 3 ? FP_MALFORMED_PAYLOAD_LENGTH : FP_MALFORMED_MESSAGE_COUNT);
	}
	assert_int_equal(channel->counters.messages, 0);
}

static void
an_overlap_that_is_malformed_loses_only_what_is_new(void **unused)
{
	struct datagram datagram = open_datagram(1, SENT);

	(void)unused;
	for (uint32_t i = 0; i < 2; i++)
		add_message(&datagram, system_event, sizeof(system_event));
	receive(&datagram);
	expect(&kinds[0].native);
	expect(&kinds[0].native);

	/* a good new one, then a bad one; and blocks that end in what was delivered */
	for (uint32_t wrong = 0; wrong < 2; wrong++) {
		uint64_t next = channel->continuity.next;
		uint8_t *blocks = datagram.bytes + HEADER_BYTES;

		datagram = open_datagram(next - 1, SENT);
		for (uint32_t i = 0; i < 2; i++)
			add_message(&datagram, system_event, sizeof(system_event));
		if (wrong == 0) {
			add_message(&datagram, system_event, sizeof(system_event) - 1);
		} else {
			/* a length that is too long, and behind it what would pass for blocks */
			memmove(blocks + 2, blocks, datagram.len - HEADER_BYTES);
			put_le(blocks, 1000, 2);
			datagram.len += 2;
			set_payload_len(&datagram);
			set_count(&datagram, 3);
		}
		receive(&datagram);
		expect_gap(next, 2);
		expect_nothing_more();
		assert_int_equal(channel->counters.lost, 2 * (wrong + 1));
		assert_int_equal(channel->counters.by_type['S'], 2);
		assert_int_equal(channel->counters.messages, 2);
	}
	assert_int_equal(channel->counters.malformed[FP_MALFORMED_MESSAGE_LENGTH], 1);
	assert_int_equal(channel->counters.malformed[FP_MALFORMED_MESSAGE_COUNT], 1);
}

static void
damaged_datagrams_never_break_the_books_of_the_channel(void **unused)
{
	uint64_t random = UINT64_C(88172645463325252), sum;
	struct datagram datagram;

	(void)unused;
	for (uint32_t i = 0; i < 200000; i++) {
		uint32_t used;

		datagram = open_datagram(
			channel->continuity.next + 1 + next_random(&random) % 2, SENT);
		for (uint32_t k = (uint32_t)(next_random(&random) % 6); k > 0; k--) {
			uint32_t kind = (uint32_t)(next_random(&random) % COUNT(kinds));

			add_message(&datagram, kinds[kind].bytes, kinds[kind].len);
		}
		for (uint32_t k = (uint32_t)(next_random(&random) % 4); k > 0; k--) {
			datagram.bytes[next_random(&random) % datagram.len] ^=
				(uint8_t)(1U << next_random(&random) % 8);
		}
		batch.count = 0;
		receive(&datagram);
		assert_true(batch.count <= fp_batch_bound(datagram.len));
		used = state()->symbols.count;
		assert_true(used <= INSTRUMENTS);
		for (uint32_t k = 0; k < batch.count; k++) {
			assert_int_equal(
				batch.messages[k].len, fp_message_lengths[batch.messages[k].type]);
			assert_true(batch.messages[k].instrument_id <= INSTRUMENTS + 1);
		}
	}
	sum = channel->counters.unknown_types;
	for (uint32_t i = 0; i < 256; i++)
		sum += channel->counters.by_type[i];
	assert_int_equal(sum, channel->counters.messages);
	assert_true(channel->counters.malformed[FP_MALFORMED_MESSAGE_FIELD] > 100);
	assert_true(channel->counters.malformed[FP_MALFORMED_MESSAGE_COUNT] > 100);
	assert_true(channel->counters.malformed[FP_MALFORMED_PAYLOAD_LENGTH] > 100);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_message_cut_at_every_length_is_malformed),
		TEST(every_datagram_cut_at_every_length_is_malformed),
		TEST(a_header_that_is_wrong_is_rejected),
		TEST(a_count_that_lies_is_malformed),
		TEST(an_overlap_that_is_malformed_loses_only_what_is_new),
		TEST(damaged_datagrams_never_break_the_books_of_the_channel),
	};

	return cmocka_run_group_tests(tests, setup_group, teardown_group);
}
