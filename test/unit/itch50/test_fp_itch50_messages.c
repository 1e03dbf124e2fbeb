/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * The messages of itch50: each type decoded field by field, cut at every length, and with every
 * checked field outside its domain; then random damage, followed by a naive model.
 */

#include "itch50_fixture.h"
#include "itch50_samples.h"

/* Fields that are checked, and the values just inside and just outside. */
static const struct {
	char type;
	uint8_t at;
	uint8_t bytes;
	uint64_t value;
	bool is_good;
} fields[] = {
	{ 'A', 19, 1, 'B', true },
	{ 'A', 19, 1, 'S', true },
	{ 'A', 19, 1, 'b', false },
	{ 'A', 19, 1, 'C', false },
	{ 'A', 19, 1, 'R', false },
	{ 'A', 19, 1, 0, false },
	{ 'A', 19, 1, 'B' ^ 0x80, false },
	{ 'A', 20, 4, 0, false },
	{ 'A', 20, 4, 1, true },
	{ 'A', 20, 4, UINT32_MAX, true },
	{ 'A', 32, 4, 0, true },
	{ 'A', 32, 4, 2000000000, true },
	{ 'A', 32, 4, 2000000001, false },
	{ 'A', 24, 1, ' ', false },
	{ 'A', 24, 1, 0, false },
	{ 'F', 19, 1, 'T', false },
	{ 'F', 20, 4, 0, false },
	{ 'F', 32, 4, 2000000001, false },
	{ 'F', 24, 1, ' ', false },
	{ 'R', 11, 1, ' ', false },
	{ 'R', 11, 1, 0, false },
	{ 'R', 21, 4, 0, true },
	{ 'U', 27, 4, 0, false },
	{ 'U', 27, 4, 1, true },
	{ 'U', 31, 4, 2000000000, true },
	{ 'U', 31, 4, 2000000001, false },
	{ 'C', 31, 1, 'Y', true },
	{ 'C', 31, 1, 'N', true },
	{ 'C', 31, 1, ' ', false },
	{ 'C', 32, 4, 2000000001, false },
	{ 'C', 19, 4, 0, true },
	{ 'E', 19, 4, 0, true },
	{ 'X', 19, 4, 0, true },
	{ 'P', 19, 1, 'S', true },
	{ 'P', 19, 1, ' ', false },
	{ 'P', 20, 4, 0, true },
	{ 'P', 32, 4, 2000000001, false },
	{ 'Q', 11, 8, 0, true },
	{ 'Q', 11, 8, INT64_MAX, true },
	{ 'Q', 11, 8, (uint64_t)INT64_MAX + 1, false },
	{ 'Q', 27, 4, 2000000001, false },
	{ 'Q', 39, 1, '?', true },
	{ 'K', 24, 4, 2000000000, true },
	{ 'K', 24, 4, 2000000001, false },
	{ 'K', 19, 4, UINT32_MAX, true },
	{ 'J', 19, 4, 2000000001, false },
	{ 'J', 23, 4, 2000000001, false },
	{ 'J', 27, 4, 2000000001, false },
	{ 'J', 31, 4, UINT32_MAX, true },
	{ 'I', 36, 4, 2000000001, false },
	{ 'I', 40, 4, 2000000001, false },
	{ 'I', 44, 4, 2000000001, false },
	{ 'O', 20, 4, 2000000001, false },
	{ 'O', 24, 4, 2000000001, false },
	{ 'O', 28, 4, 2000000001, false },
	{ 'O', 32, 8, UINT64_MAX, true },
	{ 'O', 40, 4, 2000000001, false },
	{ 'O', 44, 4, 2000000001, false },
	{ 'V', 11, 8, UINT64_MAX, true },
	{ 'S', 11, 1, '?', true },
	{ 'H', 19, 1, '?', true },
	{ 'L', 23, 1, '?', true },
	{ 'N', 19, 1, '?', true },
	{ 'W', 11, 1, '?', true },
	{ 'Y', 19, 1, '?', true },
	{ 'h', 20, 1, '?', true },
};

static void
receive_one(struct fixture *f, uint64_t first, const uint8_t *message, uint32_t len)
{
	mold_begin(&f->mold, SESSION, first, 1);
	mold_message(&f->mold, message, len);
	receive(f);
}

static void
every_type_is_decoded_field_by_field(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(SAMPLES, 23);
	for (size_t idx = 0; idx < SAMPLES; idx++) {
		const struct sample *sample = &samples[idx];

		fixture_reopen(f);
		receive_one(f, 1, sample->wire, sample->len);
		for (uint8_t native = 0; native < sample->native_count; native++)
			expect(f, &sample->natives[native]);
		expect_nothing(f);
		assert_int_equal(count_malformed(f->channel), 0);
		assert_int_equal(f->channel->counters.messages, 1);
		assert_int_equal(f->channel->counters.by_type[sample->wire[0]], 1);
		assert_int_equal(count_typed(f->channel), 1);
	}
}

static void
printable_execution_is_only_priced(void **state)
{
	const struct sample *sample = sample_of('C');
	struct fp_message expected = sample->natives[0];
	struct fixture *f = *state;
	uint8_t wire[50];

	memcpy(wire, sample->wire, sizeof(wire));
	wire[31] = 'Y';
	expected.order_execute.flags = FP_EXECUTE_F_PRICED;
	receive_one(f, 1, wire, sample->len);
	expect(f, &expected);
}

static void
tags_and_symbols_lose_the_spaces_on_their_right_only(void **state)
{
	struct fixture *f = *state;
	const struct fp_message *message;
	uint8_t wire[50];

	memcpy(wire, sample_of('H')->wire, sizeof(wire));
	memcpy(wire + 21, " T  ", 4); /* NOLINT(bugprone-not-null-terminated-result) */
	receive_one(f, 1, wire, 25);
	message = expect_type(f, FP_MESSAGE_TRADING_STATUS);
	assert_memory_equal(message->trading_status.reason.text, " T\0\0", 4);

	memcpy(wire, sample_of('F')->wire, sizeof(wire));
	/* NOLINTBEGIN(bugprone-not-null-terminated-result): the wire has no terminators */
	memcpy(wire + 24, "A B CDEF", 8);
	memcpy(wire + 36, "    ", 4);
	/* NOLINTEND(bugprone-not-null-terminated-result) */
	receive_one(f, 2, wire, 40);
	message = expect_type(f, FP_MESSAGE_INSTRUMENT);
	assert_memory_equal(message->instrument.symbol.text, "A B CDEF\0\0\0\0\0\0\0\0", 16);
	message = expect_type(f, FP_MESSAGE_ORDER_ADD);
	assert_memory_equal(message->order_add.attribution.text, "\0\0\0\0", 4);
}

/* A good datagram, then one of an add of a new locate, a delete and the block to try. */
static void
receive_behind_good_messages(
	struct fixture *f, uint16_t announced, const uint8_t *message, uint32_t len)
{
	const struct sample *add = sample_of('A');
	uint8_t wire[50];

	fixture_reopen(f);
	receive_one(f, 1, add->wire, add->len);
	memcpy(wire, add->wire, sizeof(wire));
	wire[2] = 0x22;
	mold_begin(&f->mold, SESSION, 2, 3);
	mold_message(&f->mold, wire, add->len);
	mold_message(&f->mold, sample_of('D')->wire, sample_of('D')->len);
	mold_block(&f->mold, announced, message, len);
	receive(f);
}

/* The second datagram had no effect but a gap of its three messages. */
static void
expect_rejected(struct fixture *f, enum fp_malformed reason)
{
	const struct fp_channel_counters *counters = &f->channel->counters;

	expect(f, &sample_of('A')->natives[0]);
	expect(f, &sample_of('A')->natives[1]);
	expect_gap(f, 2, 3);
	expect_nothing(f);
	assert_int_equal(counters->malformed[reason], 1);
	assert_int_equal(count_malformed(f->channel), 1);
	assert_int_equal(counters->messages, 1);
	assert_int_equal(counters->by_type['A'], 1);
	assert_int_equal(count_typed(f->channel), 1);
	assert_int_equal(counters->unknown_types, 0);
	assert_int_equal(counters->lost, 3);
	assert_int_equal(counters->gaps, 1);
	assert_int_equal(counters->datagrams, 2);
}

static void
every_type_cut_by_its_length_is_rejected(void **state)
{
	struct fixture *f = *state;

	for (size_t idx = 0; idx < SAMPLES; idx++) {
		for (uint32_t len = 1; len <= samples[idx].len + 3U; len++) {
			uint8_t wire[64] = { 0 };

			if (len == samples[idx].len)
				continue;
			memcpy(wire, samples[idx].wire, samples[idx].len);
			receive_behind_good_messages(f, (uint16_t)len, wire, len);
			expect_rejected(f, FP_MALFORMED_MESSAGE_LENGTH);
		}
	}
}

static void
every_type_cut_by_the_end_of_the_datagram_is_rejected(void **state)
{
	struct fixture *f = *state;

	for (size_t idx = 0; idx < SAMPLES; idx++) {
		for (uint32_t len = 0; len < samples[idx].len; len++) {
			receive_behind_good_messages(f, samples[idx].len, samples[idx].wire, len);
			expect_rejected(f, FP_MALFORMED_MESSAGE_COUNT);
		}
	}
}

static void
checked_fields_have_exactly_their_domain(void **state)
{
	struct fixture *f = *state;

	for (size_t idx = 0; idx < sizeof(fields) / sizeof(fields[0]); idx++) {
		const struct sample *sample = sample_of(fields[idx].type);
		uint8_t wire[50];

		memcpy(wire, sample->wire, sizeof(wire));
		put_be(wire + fields[idx].at, fields[idx].value, fields[idx].bytes);
		wire[2] = 0x23; /* a locate without name, so that adds look at their symbol */
		receive_behind_good_messages(f, sample->len, wire, sample->len);
		if (!fields[idx].is_good) {
			expect_rejected(f, FP_MALFORMED_MESSAGE_FIELD);
			continue;
		}
		assert_int_equal(count_malformed(f->channel), 0);
		assert_int_equal(f->channel->counters.messages, 4);
	}
}

static void
types_outside_the_table_are_skipped_and_counted(void **state)
{
	struct fixture *f = *state;
	uint64_t first = 1;

	for (unsigned int type = 0; type < 256; type++) {
		uint8_t wire[40] = { (uint8_t)type };

		if (type != 0 && strchr("SRHYLVWKJhAFECXDUPQBINO", (int)type) != NULL)
			continue;
		for (uint32_t len = 1; len <= sizeof(wire); len += 13)
			receive_one(f, first++, wire, len);
	}
	expect_nothing(f);
	assert_int_equal(count_malformed(f->channel), 0);
	assert_int_equal(f->channel->counters.unknown_types, (256 - 23) * 4);
	assert_int_equal(f->channel->counters.messages, (256 - 23) * 4);
	assert_int_equal(count_typed(f->channel), 0);
}

/* A channel as the model sees it. */
struct model {
	enum fp_malformed fault; /* of the last datagram; FP_MALFORMED_COUNT = none */
	uint64_t typed;          /* messages of known types */
	uint64_t messages;
	uint64_t lost;
	bool is_named[65536]; /* by locate */
};

static bool
is_blank(uint8_t first)
{
	return first == ' ' || first == 0;
}

static bool
is_field_good(const uint8_t *message, bool is_named)
{
	static const struct {
		char type;
		uint8_t at[5];
	} prices[] = { { 'A', { 32 } }, { 'F', { 32 } }, { 'U', { 31 } }, { 'C', { 32 } },
		{ 'P', { 32 } }, { 'Q', { 27 } }, { 'K', { 24 } }, { 'J', { 19, 23, 27 } },
		{ 'I', { 36, 40, 44 } }, { 'O', { 20, 24, 28, 40, 44 } } };
	static const uint8_t zeros[4];
	char type = (char)message[0];
	bool is_add = type == 'A' || type == 'F';

	for (size_t idx = 0; idx < sizeof(prices) / sizeof(prices[0]); idx++) {
		for (size_t at = 0; prices[idx].type == type && at < 5; at++) {
			if (prices[idx].at[at] != 0 &&
				memcmp(message + prices[idx].at[at], "\x77\x35\x94\x00", 4) > 0)
				return false;
		}
	}
	if ((is_add || type == 'P') && message[19] != 'B' && message[19] != 'S')
		return false;
	if (is_add && (memcmp(message + 20, zeros, 4) == 0 || (!is_named && is_blank(message[24]))))
		return false;
	if (type == 'U' && memcmp(message + 27, zeros, 4) == 0)
		return false;
	if ((type == 'Q' && message[11] >= 0x80) || (type == 'R' && is_blank(message[11])))
		return false;
	return type != 'C' || message[31] == 'Y' || message[31] == 'N';
}

/* Judge one message of a size; it may give its locate a name. */
static enum fp_malformed
judge_message(struct model *model, const uint8_t *message, uint32_t size)
{
	const struct sample *sample = size != 0 ? sample_of((char)message[0]) : NULL;
	uint16_t locate;

	if (sample == NULL)
		return FP_MALFORMED_COUNT;
	if (size != sample->len)
		return FP_MALFORMED_MESSAGE_LENGTH;
	locate = (uint16_t)(message[1] << 8 | message[2]);
	if (!is_field_good(message, model->is_named[locate]))
		return FP_MALFORMED_MESSAGE_FIELD;
	if (strchr("RAF", message[0]) != NULL)
		model->is_named[locate] = true;
	model->typed++;
	return FP_MALFORMED_COUNT;
}

static enum fp_malformed
judge_blocks(struct model *model, const uint8_t *bytes, uint32_t len, uint32_t count)
{
	enum fp_malformed fault = FP_MALFORMED_COUNT;
	uint32_t pos = MOLD_BYTES;

	for (uint32_t idx = 0; idx < count && fault == FP_MALFORMED_COUNT; idx++) {
		uint32_t size;

		if (len - pos < 2)
			return FP_MALFORMED_MESSAGE_COUNT;
		size = (uint32_t)bytes[pos] << 8 | bytes[pos + 1];
		pos += 2;
		if (len - pos < size)
			return FP_MALFORMED_MESSAGE_COUNT;
		fault = judge_message(model, bytes + pos, size);
		pos += size;
	}
	return fault == FP_MALFORMED_COUNT && pos != len ? FP_MALFORMED_PAYLOAD_LENGTH : fault;
}

static void
judge(struct model *model, const uint8_t *bytes, uint32_t len)
{
	uint32_t count = (uint32_t)bytes[18] << 8 | bytes[19];
	static struct model next;

	next = *model;
	next.fault = judge_blocks(&next, bytes, len, count);
	if (next.fault == FP_MALFORMED_COUNT) {
		*model = next;
		model->messages += count;
	} else {
		model->fault = next.fault;
		model->lost += count;
	}
}

static uint32_t
draw(uint64_t *seed, uint32_t below)
{
	*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)((*seed >> 33) % below);
}

/* Up to 11 samples with up to two damaged bytes, now and then cut or with something behind them. */
static uint32_t
draw_datagram(struct mold *mold, uint64_t *seed, uint64_t first, uint16_t *count)
{
	uint32_t shortest;

	*count = (uint16_t)(1 + draw(seed, 11));
	mold_begin(mold, SESSION, first, *count);
	for (uint16_t idx = 0; idx < *count; idx++) {
		const struct sample *sample = &samples[draw(seed, SAMPLES)];

		mold_message(mold, sample->wire, draw(seed, 16) == 0 ? 0 : sample->len);
	}
	for (uint32_t damages = draw(seed, 3); damages > 0; damages--) {
		mold->bytes[MOLD_BYTES + draw(seed, mold->len - MOLD_BYTES)] =
			(uint8_t)draw(seed, 256);
	}
	/* A count that the length rules out is another test's: such datagrams are not placed. */
	shortest = MOLD_BYTES + 2U * *count;
	switch (draw(seed, 16)) {
	case 0:
		return shortest + draw(seed, mold->len - shortest + 1);
	case 1:
		return mold->len + 1 + draw(seed, 40);
	default:
		return mold->len;
	}
}

static void
random_damage_is_judged_as_the_model_does(void **state)
{
	static struct model model;
	struct fixture *f = *state;
	const struct fp_channel_counters *counters = &f->channel->counters;
	uint64_t faults[FP_MALFORMED_COUNT + 1] = { 0 };
	uint64_t seed = 50;

	for (unsigned int round = 0; round < 40000; round++) {
		uint64_t first = model.messages + model.lost + 1;
		uint16_t count;
		uint32_t len = draw_datagram(&f->mold, &seed, first, &count);

		judge(&model, f->mold.bytes, len);
		faults[model.fault]++;
		f->batch.count = 0;
		receive_cut(f, len);
		for (unsigned int reason = 0; reason < FP_MALFORMED_COUNT; reason++)
			assert_int_equal(counters->malformed[reason], faults[reason]);
		if (model.fault != FP_MALFORMED_COUNT) {
			f->checked = 0;
			expect_gap(f, first, count);
			expect_nothing(f);
		}
		assert_int_equal(counters->messages, model.messages);
		assert_int_equal(counters->lost, model.lost);
		assert_int_equal(count_typed(f->channel), model.typed);
	}
	for (unsigned int reason = FP_MALFORMED_PAYLOAD_LENGTH;
		reason <= FP_MALFORMED_MESSAGE_FIELD; reason++)
		assert_true(reason == FP_MALFORMED_MESSAGE_SHORT || faults[reason] > 400);
	assert_true(faults[FP_MALFORMED_COUNT] > 5000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CHANNEL_TEST(every_type_is_decoded_field_by_field),
		CHANNEL_TEST(printable_execution_is_only_priced),
		CHANNEL_TEST(tags_and_symbols_lose_the_spaces_on_their_right_only),
		CHANNEL_TEST(every_type_cut_by_its_length_is_rejected),
		CHANNEL_TEST(every_type_cut_by_the_end_of_the_datagram_is_rejected),
		CHANNEL_TEST(checked_fields_have_exactly_their_domain),
		CHANNEL_TEST(types_outside_the_table_are_skipped_and_counted),
		CHANNEL_TEST(random_damage_is_judged_as_the_model_does),
	};

	return cmocka_run_group_tests_name(
		"fp_itch50_messages", tests, group_setup, group_teardown);
}
