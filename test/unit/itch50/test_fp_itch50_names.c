/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Names of stock locates in itch50: joining in mid-day, changes, restarts, and rejected datagrams.
 */

#include "itch50_fixture.h"
#include "itch50_samples.h"

/* One message in a datagram of its own, with its locate and, if not NULL, its symbol changed. */
static void
receive_named(struct fixture *f, uint64_t first, char type, uint16_t locate, const char *symbol)
{
	const struct sample *sample = sample_of(type);
	uint8_t wire[50];

	memcpy(wire, sample->wire, sizeof(wire));
	put_be(wire + 1, locate, 2);
	if (symbol != NULL)
		memcpy(wire + (type == 'R' ? 11 : 24), symbol, 8);
	mold_begin(&f->mold, SESSION, first, 1);
	mold_message(&f->mold, wire, sample->len);
	receive(f);
}

static void
locate_is_named_before_its_first_use_and_again_when_changed(void **state)
{
	const struct fp_message *message;
	struct fixture *f = *state;

	receive_named(f, 1, 'A', 7, "MIDDAY  ");
	message = expect_type(f, FP_MESSAGE_INSTRUMENT);
	assert_int_equal(message->instrument_id, 7);
	assert_int_equal(message->instrument.lot, 0);
	assert_memory_equal(message->instrument.symbol.text, "MIDDAY\0\0\0\0\0\0\0\0\0\0", 16);
	(void)expect_type(f, FP_MESSAGE_ORDER_ADD);
	receive_named(f, 2, 'F', 7, "MIDDAY  ");
	(void)expect_type(f, FP_MESSAGE_ORDER_ADD);
	receive_named(f, 3, 'R', 7, "MIDDAY  ");
	message = expect_type(f, FP_MESSAGE_INSTRUMENT);
	assert_int_equal(message->instrument.lot, 0x010264);
	receive_named(f, 4, 'R', 7, "MIDDAY  ");
	expect_nothing(f);
	receive_named(f, 5, 'R', 7, "RENAMED ");
	message = expect_type(f, FP_MESSAGE_INSTRUMENT);
	assert_memory_equal(message->instrument.symbol.text, "RENAMED", 8);
	receive_named(f, 6, 'A', 7, NULL);
	(void)expect_type(f, FP_MESSAGE_ORDER_ADD);
	receive_named(f, 7, 'A', 8, NULL);
	message = expect_type(f, FP_MESSAGE_INSTRUMENT);
	assert_int_equal(message->instrument_id, 8);
	(void)expect_type(f, FP_MESSAGE_ORDER_ADD);
	expect_nothing(f);
	assert_int_equal(f->channel->counters.messages, 7);
}

static void
locates_above_the_maximum_are_passed_on(void **state)
{
	const uint16_t locates[] = { MAX_INSTRUMENTS, MAX_INSTRUMENTS + 1, UINT16_MAX };
	struct fixture *f = *state;
	uint64_t first = 1;

	for (size_t idx = 0; idx < 3; idx++) {
		receive_named(f, first++, 'R', locates[idx], NULL);
		(void)expect_type(f, FP_MESSAGE_INSTRUMENT);
		receive_named(f, first++, 'A', locates[idx], NULL);
		assert_int_equal(expect_type(f, FP_MESSAGE_ORDER_ADD)->instrument_id, locates[idx]);
		receive_named(f, first++, 'R', locates[idx], NULL);
		if (locates[idx] > MAX_INSTRUMENTS)
			(void)expect_type(f, FP_MESSAGE_INSTRUMENT);
		expect_nothing(f);
	}
}

static void
restart_forgets_the_names(void **state)
{
	const struct sample *add = sample_of('A');
	struct fixture *f = *state;

	receive_named(f, 1, 'R', SAMPLE_LOCATE, NULL);
	(void)expect_type(f, FP_MESSAGE_INSTRUMENT);
	mold_begin(&f->mold, OTHER_SESSION, 1, 1);
	mold_message(&f->mold, add->wire, add->len);
	receive(f);
	(void)expect_type(f, FP_MESSAGE_BOOK_CLEAR);
	expect(f, &add->natives[0]);
	expect(f, &add->natives[1]);

	/* The restart can also come with a heartbeat, and with a datagram that is then rejected. */
	receive_notice(f, SESSION, 1, 0);
	(void)expect_type(f, FP_MESSAGE_BOOK_CLEAR);
	receive_named(f, 1, 'A', SAMPLE_LOCATE, NULL);
	expect(f, &add->natives[0]);
	expect(f, &add->natives[1]);
	mold_begin(&f->mold, OTHER_SESSION, 1, 1);
	mold_message(&f->mold, add->wire, add->len - 1U);
	receive(f);
	(void)expect_type(f, FP_MESSAGE_BOOK_CLEAR);
	expect_gap(f, 1, 1);
	mold_begin(&f->mold, OTHER_SESSION, 2, 1);
	mold_message(&f->mold, add->wire, add->len);
	receive(f);
	expect(f, &add->natives[0]);
	expect(f, &add->natives[1]);
	expect_nothing(f);
}

static void
names_of_a_rejected_datagram_are_undone(void **state)
{
	const struct sample *directory = sample_of('R');
	struct fixture *f = *state;
	uint8_t wire[39];

	receive_named(f, 1, 'R', SAMPLE_LOCATE, NULL);
	expect(f, &directory->natives[0]);

	/* Another lot, another locate, and the first one once more; then one byte too many. */
	mold_begin(&f->mold, SESSION, 2, 4);
	memcpy(wire, directory->wire, sizeof(wire));
	put_be(wire + 21, 10, 4);
	mold_message(&f->mold, wire, sizeof(wire));
	put_be(wire + 1, 9, 2);
	mold_message(&f->mold, wire, sizeof(wire));
	put_be(wire + 1, SAMPLE_LOCATE, 2);
	put_be(wire + 21, 20, 4);
	mold_message(&f->mold, wire, sizeof(wire));
	put_be(wire + 1, UINT16_MAX, 2);
	mold_message(&f->mold, wire, sizeof(wire));
	f->mold.len++;
	receive(f);
	expect_gap(f, 2, 4);
	assert_int_equal(f->channel->counters.by_type['R'], 1);

	receive_named(f, 6, 'R', SAMPLE_LOCATE, NULL);
	expect_nothing(f);
	receive_named(f, 7, 'A', SAMPLE_LOCATE, NULL);
	(void)expect_type(f, FP_MESSAGE_ORDER_ADD);
	receive_named(f, 8, 'A', 9, NULL);
	(void)expect_type(f, FP_MESSAGE_INSTRUMENT);
	(void)expect_type(f, FP_MESSAGE_ORDER_ADD);
	receive_named(f, 9, 'A', UINT16_MAX, NULL);
	(void)expect_type(f, FP_MESSAGE_INSTRUMENT);
	(void)expect_type(f, FP_MESSAGE_ORDER_ADD);
	expect_nothing(f);
}

static void
longest_datagram_of_new_names_fits_an_empty_batch(void **state)
{
	const uint16_t count = (DATAGRAM_MAX - MOLD_BYTES) / 38;
	const struct sample *add = sample_of('A');
	struct fixture *f = *state;
	uint8_t wire[36];

	mold_begin(&f->mold, SESSION, 1, count);
	memcpy(wire, add->wire, sizeof(wire));
	for (uint16_t locate = 1; locate <= count; locate++) {
		put_be(wire + 1, locate, 2);
		mold_message(&f->mold, wire, sizeof(wire));
	}
	receive(f);
	for (uint16_t locate = 1; locate <= count; locate++) {
		(void)expect_type(f, FP_MESSAGE_INSTRUMENT);
		(void)expect_type(f, FP_MESSAGE_ORDER_ADD);
	}
	expect_nothing(f);

	/* Rejected with its last byte: every one of the names is undone. */
	fixture_reopen(f);
	put_be(f->mold.bytes + f->mold.len - 4, UINT32_MAX, 4);
	receive(f);
	expect_gap(f, 1, count);
	expect_nothing(f);
	put_be(f->mold.bytes + f->mold.len - 4, 1, 4);
	put_be(f->mold.bytes + 10, count + 1U, 8);
	receive(f);
	assert_int_equal(f->batch.count, 1 + 2 * count);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CHANNEL_TEST(locate_is_named_before_its_first_use_and_again_when_changed),
		CHANNEL_TEST(locates_above_the_maximum_are_passed_on),
		CHANNEL_TEST(restart_forgets_the_names),
		CHANNEL_TEST(names_of_a_rejected_datagram_are_undone),
		CHANNEL_TEST(longest_datagram_of_new_names_fits_an_empty_batch),
	};

	return cmocka_run_group_tests_name("fp_itch50_names", tests, group_setup, group_teardown);
}
