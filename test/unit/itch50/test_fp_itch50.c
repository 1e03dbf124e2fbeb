/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * The transport side of itch50: MoldUDP64 headers, heartbeats, the end of a session, duplicates,
 * gaps, counts that lie, and what a rejected datagram leaves behind.
 */

#include "itch50_fixture.h"
#include "itch50_samples.h"

/* A datagram of @p count deletes, the order id of each being its sequence number. */
static void
make_deletes(struct mold *mold, const char *session, uint64_t first, uint16_t count)
{
	uint8_t wire[19];

	mold_begin(mold, session, first, count);
	memcpy(wire, sample_of('D')->wire, sizeof(wire));
	for (uint16_t idx = 0; idx < count; idx++) {
		put_be(wire + 11, first + idx, 8);
		mold_message(mold, wire, sizeof(wire));
	}
}

static void
receive_deletes(struct fixture *f, const char *session, uint64_t first, uint16_t count)
{
	make_deletes(&f->mold, session, first, count);
	receive(f);
}

static void
expect_deletes(struct fixture *f, uint64_t first, uint64_t count)
{
	for (uint64_t id = first; id < first + count; id++) {
		const struct fp_message *message = expect_type(f, FP_MESSAGE_ORDER_DELETE);

		assert_int_equal(message->order_delete.order_id, id);
	}
}

static void
venue_is_registered_with_its_transport(void **state)
{
	struct fp_venue_params params = { .max_instruments = MAX_INSTRUMENTS };
	const struct fp_venue *venue = fp_venue_find("itch50");
	struct fixture *f = *state;
	struct fp_channel *channel;
	char text[FP_VENUE_TYPE_BYTES];

	assert_string_equal(venue->transports, "moldudp64");
	assert_int_equal(venue->price_decimals, 4);
	for (size_t idx = 0; idx < SAMPLES; idx++) {
		venue->type_name(samples[idx].wire[0], text);
		assert_int_equal(text[0], samples[idx].wire[0]);
		assert_int_equal(strlen(text), 1);
	}
	venue->type_name(0, text);
	assert_string_equal(text, "?");

	fp_arena_reset(f->arena);
	params.transport = "soupbintcp";
	assert_int_equal(fp_channel_create("test", 0, venue, &params, f->arena, &channel), -EINVAL);
	assert_null(channel);
	params.transport = "moldudp64";
	assert_int_equal(fp_channel_create("test", 0, venue, &params, f->arena, &channel), 0);
	params.max_instruments = UINT32_MAX;
	assert_int_equal(fp_channel_create("test", 0, venue, &params, f->arena, &channel), -ENOMEM);
	params.max_instruments = 0;
	fp_arena_reset(f->arena);
	assert_int_equal(fp_channel_create("test", 0, venue, &params, f->arena, &channel), 0);
}

static void
header_cut_at_every_length_is_rejected(void **state)
{
	struct fixture *f = *state;

	make_deletes(&f->mold, SESSION, 1, 3);
	for (uint32_t len = 0; len < MOLD_BYTES; len++)
		receive_cut(f, len);
	expect_nothing(f);
	assert_int_equal(f->channel->counters.malformed[FP_MALFORMED_HEADER_SHORT], MOLD_BYTES);
	assert_int_equal(f->channel->counters.datagrams, MOLD_BYTES);
	receive(f);
	expect_deletes(f, 1, 3);
}

static void
datagrams_in_order_are_delivered_and_counted(void **state)
{
	struct fixture *f = *state;
	struct fp_datagram datagram;

	f->channel->has_line_b = true;
	receive_deletes(f, SESSION, 1, 3);
	make_deletes(&f->mold, SESSION, 4, 2);
	datagram = guarded_datagram(f, f->mold.bytes, f->mold.len, 1);
	assert_int_equal(fp_channel_receive(f->channel, &datagram, 1, &f->batch), 1);
	expect_deletes(f, 1, 5);
	expect_nothing(f);
	assert_int_equal(f->channel->counters.datagrams, 2);
	assert_int_equal(f->channel->counters.lines[0].datagrams, 1);
	assert_int_equal(f->channel->counters.lines[1].datagrams, 1);
	assert_int_equal(f->channel->counters.messages, 5);
	assert_int_equal(f->channel->counters.by_type['D'], 5);
	assert_int_equal(f->channel->continuity.next, 6);
}

static void
session_is_all_of_its_ten_bytes(void **state)
{
	struct fixture *f = *state;

	receive_deletes(f, "0000100591", 1, 1);
	assert_int_equal(f->channel->continuity.session.high, UINT64_C(0x3030303031303035));
	assert_int_equal(f->channel->continuity.session.low, 0x3931);
	receive_deletes(f, "0000100592", 2, 1);
	receive_deletes(f, "1000100591", 2, 1);
	assert_int_equal(f->channel->counters.unconfirmed, 2);
	expect_deletes(f, 1, 1);
	expect_nothing(f);
}

static void
heartbeat_reveals_a_lost_tail(void **state)
{
	struct fixture *f = *state;

	receive_notice(f, SESSION, 5, 0);
	receive_deletes(f, SESSION, 5, 1);
	receive_notice(f, SESSION, 6, 0);
	expect_deletes(f, 5, 1);
	expect_nothing(f);
	receive_notice(f, SESSION, 9, 0);
	expect_gap(f, 6, 3);
	receive_notice(f, SESSION, 9, 0);
	expect_nothing(f);
	assert_int_equal(f->channel->counters.heartbeats, 4);
	assert_int_equal(f->channel->counters.messages, 1);
	assert_int_equal(f->channel->counters.lost, 3);
}

static void
notice_with_bytes_behind_it_is_rejected(void **state)
{
	const uint8_t message[12] = { 'S' };
	struct fixture *f = *state;

	receive_deletes(f, SESSION, 1, 1);
	expect_deletes(f, 1, 1);
	mold_begin(&f->mold, SESSION, 7, 0);
	mold_message(&f->mold, message, sizeof(message));
	receive(f);
	mold_begin(&f->mold, SESSION, 7, END_OF_SESSION);
	f->mold.len++;
	receive(f);
	expect_nothing(f);
	assert_int_equal(f->channel->counters.malformed[FP_MALFORMED_PAYLOAD_LENGTH], 2);
	assert_int_equal(f->channel->counters.heartbeats, 0);
	assert_int_equal(f->channel->counters.datagrams, 3);
	assert_int_equal(f->channel->continuity.next, 2);
}

static void
end_of_session_is_told_once_per_session(void **state)
{
	const struct fp_message *end;
	struct fixture *f = *state;

	receive_deletes(f, SESSION, 1, 2);
	expect_deletes(f, 1, 2);
	for (unsigned int repeat = 0; repeat < 3; repeat++)
		receive_notice(f, SESSION, 5, END_OF_SESSION);
	expect_gap(f, 3, 2);
	end = expect_type(f, FP_MESSAGE_END_OF_SESSION);
	assert_int_equal(end->end_of_session.messages, 4);
	expect_nothing(f);

	receive_deletes(f, OTHER_SESSION, 1, 1);
	(void)expect_type(f, FP_MESSAGE_BOOK_CLEAR);
	expect_deletes(f, 1, 1);
	receive_notice(f, OTHER_SESSION, 2, END_OF_SESSION);
	end = expect_type(f, FP_MESSAGE_END_OF_SESSION);
	assert_int_equal(end->end_of_session.messages, 1);
	expect_nothing(f);
}

static void
end_of_another_place_ends_nothing(void **state)
{
	struct fixture *f = *state;

	mold_begin(&f->mold, "\0\0\0\0\0\0\0\0\0\0", 0, END_OF_SESSION);
	receive(f);
	receive_deletes(f, SESSION, 100, 2);
	expect_deletes(f, 100, 2);
	receive_notice(f, OTHER_SESSION, 102, END_OF_SESSION);
	receive_notice(f, SESSION, 50, END_OF_SESSION);
	receive_notice(f, SESSION, UINT64_C(1) << 40, END_OF_SESSION);
	expect_nothing(f);
	receive_notice(f, SESSION, 102, END_OF_SESSION);
	(void)expect_type(f, FP_MESSAGE_END_OF_SESSION);
	expect_nothing(f);
}

static void
duplicates_are_skipped_wholly_or_in_part(void **state)
{
	struct fixture *f = *state;

	receive_deletes(f, SESSION, 1, 10);
	expect_deletes(f, 1, 10);
	receive_deletes(f, SESSION, 1, 10);
	receive_deletes(f, SESSION, 4, 3);
	expect_nothing(f);
	assert_int_equal(f->channel->counters.duplicates, 13);
	assert_int_equal(f->channel->counters.lines[0].duplicates, 2);
	for (uint16_t overlap = 1; overlap < 10; overlap++) {
		uint64_t next = f->channel->continuity.next;

		receive_deletes(f, SESSION, next - overlap, 10);
		expect_deletes(f, next, 10U - overlap);
		expect_nothing(f);
	}
	assert_int_equal(f->channel->counters.duplicates, 13 + 45);
	assert_int_equal(f->channel->counters.messages, 10 + 45);
	assert_int_equal(f->channel->counters.by_type['D'], 10 + 45);
	assert_int_equal(count_malformed(f->channel), 0);
}

static void
malformed_duplicate_is_counted_and_no_gap(void **state)
{
	struct fixture *f = *state;

	receive_deletes(f, SESSION, 1, 10);
	expect_deletes(f, 1, 10);
	make_deletes(&f->mold, SESSION, 1, 10);
	receive_cut(f, f->mold.len - 1);
	receive_cut(f, MOLD_BYTES + 20);
	assert_int_equal(f->channel->counters.malformed[FP_MALFORMED_MESSAGE_COUNT], 2);
	f->mold.len++;
	receive(f);
	assert_int_equal(f->channel->counters.malformed[FP_MALFORMED_PAYLOAD_LENGTH], 1);
	expect_nothing(f);
	assert_int_equal(f->channel->counters.messages, 10);
	assert_int_equal(f->channel->counters.by_type['D'], 10);

	/* Cut inside the part that is skipped, and inside the new one: the new one is lost. */
	make_deletes(&f->mold, SESSION, 6, 10);
	receive_cut(f, MOLD_BYTES + 3 * 21 + 5);
	expect_gap(f, 11, 5);
	make_deletes(&f->mold, SESSION, 11, 10);
	receive_cut(f, f->mold.len - 30);
	expect_gap(f, 16, 5);
	expect_nothing(f);
	assert_int_equal(f->channel->counters.messages, 10);
	assert_int_equal(f->channel->counters.by_type['D'], 10);
	assert_int_equal(f->channel->counters.malformed[FP_MALFORMED_MESSAGE_COUNT], 4);
}

static void
gap_stands_before_the_messages_behind_it(void **state)
{
	struct fixture *f = *state;

	receive_deletes(f, SESSION, 1, 2);
	receive_deletes(f, SESSION, 5, 2);
	expect_deletes(f, 1, 2);
	expect_gap(f, 3, 2);
	expect_deletes(f, 5, 2);
	expect_nothing(f);
	assert_int_equal(f->channel->counters.gaps, 1);
	assert_int_equal(f->channel->counters.messages, 4);
}

static void
impossible_sequence_is_one_fault(void **state)
{
	struct fixture *f = *state;

	make_deletes(&f->mold, SESSION, 0, 3);
	receive_cut(f, f->mold.len - 1);
	make_deletes(&f->mold, SESSION, UINT64_MAX - 1, 3);
	receive_cut(f, f->mold.len - 1);
	expect_nothing(f);
	assert_int_equal(f->channel->counters.malformed[FP_MALFORMED_SEQUENCE], 2);
	assert_int_equal(count_malformed(f->channel), 2);
}

static void
count_above_what_is_there_is_rejected_with_its_range(void **state)
{
	struct fixture *f = *state;

	receive_deletes(f, SESSION, 1, 2);
	make_deletes(&f->mold, SESSION, 3, 5);
	put_be(f->mold.bytes + 18, 6, 2);
	receive(f);
	expect_deletes(f, 1, 2);
	expect_gap(f, 3, 6);
	expect_nothing(f);
	assert_int_equal(f->channel->counters.malformed[FP_MALFORMED_MESSAGE_COUNT], 1);
	assert_int_equal(f->channel->counters.messages, 2);
	assert_int_equal(f->channel->counters.by_type['D'], 2);
}

static void
count_below_what_is_there_is_rejected_with_its_range(void **state)
{
	struct fixture *f = *state;

	receive_deletes(f, SESSION, 1, 2);
	make_deletes(&f->mold, SESSION, 3, 5);
	put_be(f->mold.bytes + 18, 4, 2);
	receive(f);
	receive_deletes(f, SESSION, 8, 1);
	expect_deletes(f, 1, 2);
	expect_gap(f, 3, 4);
	expect_gap(f, 7, 1);
	expect_deletes(f, 8, 1);
	expect_nothing(f);
	assert_int_equal(f->channel->counters.malformed[FP_MALFORMED_PAYLOAD_LENGTH], 1);
	assert_int_equal(f->channel->counters.messages, 3);
	assert_int_equal(f->channel->counters.by_type['D'], 3);
}

static void
count_that_the_length_rules_out_does_not_move_the_cursor(void **state)
{
	struct fixture *f = *state;

	receive_deletes(f, SESSION, 1, 2);
	make_deletes(&f->mold, SESSION, 3, 2);
	put_be(f->mold.bytes + 18, 22, 2); /* 42 bytes are at most 21 blocks */
	receive(f);
	put_be(f->mold.bytes + 18, 0xfffe, 2);
	receive(f);
	assert_int_equal(f->channel->counters.malformed[FP_MALFORMED_MESSAGE_COUNT], 2);
	assert_int_equal(f->channel->continuity.next, 3);
	receive_deletes(f, SESSION, 5, 1);
	expect_deletes(f, 1, 2);
	expect_gap(f, 3, 2);
	expect_deletes(f, 5, 1);
	expect_nothing(f);
}

static void
empty_blocks_take_a_sequence_number_and_have_no_type(void **state)
{
	struct fixture *f = *state;

	mold_begin(&f->mold, SESSION, 1, 3);
	mold_message(&f->mold, NULL, 0);
	mold_message(&f->mold, sample_of('D')->wire, sample_of('D')->len);
	mold_message(&f->mold, NULL, 0);
	receive(f);
	(void)expect_type(f, FP_MESSAGE_ORDER_DELETE);
	expect_nothing(f);
	assert_int_equal(f->channel->counters.messages, 3);
	assert_int_equal(count_typed(f->channel), 1);
	assert_int_equal(f->channel->counters.unknown_types, 0);
	assert_int_equal(count_malformed(f->channel), 0);
	receive_deletes(f, SESSION, 4, 1);
	expect_deletes(f, 4, 1);
	expect_nothing(f);
}

static void
unknown_types_are_taken_back_too(void **state)
{
	const uint8_t unknown[7] = { 'z' };
	struct fixture *f = *state;

	mold_begin(&f->mold, SESSION, 1, 3);
	mold_message(&f->mold, unknown, sizeof(unknown));
	mold_message(&f->mold, NULL, 0);
	mold_message(&f->mold, sample_of('D')->wire, sample_of('D')->len);
	receive(f);
	(void)expect_type(f, FP_MESSAGE_ORDER_DELETE);
	put_be(f->mold.bytes + 10, 4, 8);
	f->mold.len++;
	receive(f);
	expect_gap(f, 4, 3);
	expect_nothing(f);
	assert_int_equal(f->channel->counters.unknown_types, 1);
	assert_int_equal(count_typed(f->channel), 1);
	assert_int_equal(f->channel->counters.messages, 3);
}

static void
full_batch_takes_what_it_has_room_for(void **state)
{
	struct fixture *f = *state;
	struct fp_datagram datagrams[3];
	struct mold molds[3];

	for (unsigned int idx = 0; idx < 3; idx++) {
		make_deletes(&molds[idx], SESSION, 1 + 40U * idx, 40);
		datagrams[idx] = (struct fp_datagram){ .payload = fp_cspan_over(
							       molds[idx].bytes, molds[idx].len) };
	}
	/* Room for one and then just not for another: 860 bytes are bound to 115 messages. */
	f->batch.count = FP_BATCH_MESSAGES - 154;
	f->checked = f->batch.count;
	assert_int_equal(fp_channel_receive(f->channel, datagrams, 3, &f->batch), 1);
	expect_deletes(f, 1, 40);
	expect_nothing(f);
	assert_int_equal(f->channel->counters.datagrams, 1);
	assert_int_equal(fp_channel_receive(f->channel, datagrams + 1, 2, &f->batch), 0);
	expect_nothing(f);
	f->batch.count = FP_BATCH_MESSAGES - 155;
	f->checked = f->batch.count;
	assert_int_equal(fp_channel_receive(f->channel, datagrams + 1, 2, &f->batch), 2);
	expect_deletes(f, 41, 80);
	expect_nothing(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CHANNEL_TEST(venue_is_registered_with_its_transport),
		CHANNEL_TEST(header_cut_at_every_length_is_rejected),
		CHANNEL_TEST(datagrams_in_order_are_delivered_and_counted),
		CHANNEL_TEST(session_is_all_of_its_ten_bytes),
		CHANNEL_TEST(heartbeat_reveals_a_lost_tail),
		CHANNEL_TEST(notice_with_bytes_behind_it_is_rejected),
		CHANNEL_TEST(end_of_session_is_told_once_per_session),
		CHANNEL_TEST(end_of_another_place_ends_nothing),
		CHANNEL_TEST(duplicates_are_skipped_wholly_or_in_part),
		CHANNEL_TEST(malformed_duplicate_is_counted_and_no_gap),
		CHANNEL_TEST(gap_stands_before_the_messages_behind_it),
		CHANNEL_TEST(impossible_sequence_is_one_fault),
		CHANNEL_TEST(count_above_what_is_there_is_rejected_with_its_range),
		CHANNEL_TEST(count_below_what_is_there_is_rejected_with_its_range),
		CHANNEL_TEST(count_that_the_length_rules_out_does_not_move_the_cursor),
		CHANNEL_TEST(empty_blocks_take_a_sequence_number_and_have_no_type),
		CHANNEL_TEST(unknown_types_are_taken_back_too),
		CHANNEL_TEST(full_batch_takes_what_it_has_room_for),
	};

	return cmocka_run_group_tests_name("fp_itch50", tests, group_setup, group_teardown);
}
