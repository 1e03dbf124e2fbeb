/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Datagrams of any bytes through one venue driver, FUZZ_VENUE, by the interface of fp_channel.h.
 *
 * An input is a stream:
 *
 *    | channel u8 | how u8, len u16, len bytes | how u8, len u16, len bytes | ...
 *
 * channel: bits 0 to 2 instruments - 1, bit 3 two lines. how: bit 0 line B, bit 1 the batch is
 * first offered with room for one message too few.
 *
 * Each datagram is memory of its own, and the batch's memory ends where the bound for the datagram
 * ends: what is read or written beyond is seen by AddressSanitizer. After each datagram the books
 * have to balance: every sequence number the cursor passed was delivered or declared lost, every
 * datagram is counted in its class, what was rejected left nothing but the gap (what has a header
 * that cannot be true, nothing at all), what was delivered is whole by a walk of its own, and each
 * message is well-formed and of an instrument that was named in this session.
 */

#include "fp_channel.h"
#include "fp_test_eal.h"
#include "fuzz_input.h"
#include "fuzz_wire.h"

#define SESSION_IDS 65536

/* What all inputs share. */
static struct fp_arena *arena;
static struct fp_batch batch;
static const struct fp_venue *venue;
static enum wire wire;

/* What one input has done so far. */
struct stream {
	struct fp_channel *channel;
	uint32_t instruments;
	bool is_ended;
	uint64_t named[SESSION_IDS / 64]; /* instruments named in this session, a bit each */
};

/* What the messages of a datagram add up to. */
struct told {
	uint64_t gaps;
	uint64_t lost;
	uint64_t clears;
	uint64_t ends;
	uint64_t others;
};

int
/* NOLINTNEXTLINE(readability-non-const-parameter): the type is libFuzzer's */
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct fp_venue_params largest = { .transport = NULL, .max_instruments = 8 };
	struct fp_arena_params params = { .name = "fuzz", .socket_id = -1 };
	int error;

	(void)argc;
	(void)argv;
	venue = fp_venue_find(FUZZ_VENUE);
	FUZZ_CHECK(venue != NULL);
	wire = strcmp(venue->name, "native") == 0 ? WIRE_NATIVE
		: strcmp(venue->name, "iex") == 0 ? WIRE_IEX
						  : WIRE_ITCH50;
	error = fp_test_eal_init();
	FUZZ_CHECK(error == 0);
	(void)atexit(fp_test_eal_fini);
	params.cap = fp_channel_bytes(venue, &largest);
	error = fp_arena_create(&params, &arena);
	FUZZ_CHECK(error == 0);
	batch.messages =
		aligned_alloc(FP_CACHE_LINE_BYTES, FP_BATCH_MESSAGES * sizeof(*batch.messages));
	FUZZ_CHECK(batch.messages != NULL);
	return 0;
}

static bool
is_side(uint8_t side)
{
	return side == FP_SIDE_BUY || side == FP_SIDE_SELL;
}

/* What readers further on rely on. */
static void
check_fields(const struct fp_message *message)
{
	switch (message->type) {
	case FP_MESSAGE_INSTRUMENT:
		FUZZ_CHECK(message->instrument.price_decimals <= FP_PRICE_DECIMALS_MAX);
		FUZZ_CHECK(message->instrument.symbol.text[0] != '\0');
		FUZZ_CHECK(message->instrument.symbol.text[0] != ' ');
		break;
	case FP_MESSAGE_ORDER_ADD:
		FUZZ_CHECK(is_side(message->order_add.side));
		FUZZ_CHECK(message->order_add.quantity.units >= 0);
		break;
	case FP_MESSAGE_ORDER_EXECUTE:
		FUZZ_CHECK(message->order_execute.quantity.units >= 0);
		break;
	case FP_MESSAGE_ORDER_REDUCE:
		FUZZ_CHECK(message->order_reduce.quantity.units >= 0);
		break;
	case FP_MESSAGE_ORDER_REPLACE:
		FUZZ_CHECK(message->order_replace.quantity.units >= 0);
		break;
	case FP_MESSAGE_LEVEL_UPDATE:
		FUZZ_CHECK(is_side(message->level_update.side));
		FUZZ_CHECK(message->level_update.quantity.units >= 0);
		break;
	case FP_MESSAGE_QUOTE:
		FUZZ_CHECK(message->quote.bid_quantity.units >= 0);
		FUZZ_CHECK(message->quote.ask_quantity.units >= 0);
		break;
	case FP_MESSAGE_TRADE:
		FUZZ_CHECK(message->trade.side == 0 || is_side(message->trade.side));
		FUZZ_CHECK(message->trade.quantity.units >= 0);
		break;
	default:
		break;
	}
}

/* Who names instruments does so before speaking of them; our own wire passes on what it gets. */
static void
check_named(struct stream *stream, const struct fp_message *message)
{
	uint32_t id = message->instrument_id;
	uint64_t bit = UINT64_C(1) << id % 64;

	if (wire == WIRE_NATIVE)
		return;
	FUZZ_CHECK(id < SESSION_IDS && (wire == WIRE_ITCH50 || id <= stream->instruments + 1));
	if (message->type == FP_MESSAGE_INSTRUMENT) {
		stream->named[id / 64] |= bit;
	} else if (wire == WIRE_ITCH50 ? message->type == FP_MESSAGE_ORDER_ADD
				       : id != 0 && id <= stream->instruments) {
		FUZZ_CHECK((stream->named[id / 64] & bit) != 0);
	}
}

/* What is encoded decodes to the same bytes. */
static void
check_wire(const struct fp_message *message)
{
	uint8_t bytes[FP_MESSAGE_MAX_BYTES];
	struct fp_writer writer = fp_writer_open(fp_span_over(bytes, sizeof(bytes)));
	struct fp_message decoded;

	FUZZ_CHECK(message->len == fp_message_lengths[message->type]);
	fp_message_encode(&writer, message);
	FUZZ_CHECK(fp_writer_written(&writer) == message->len);
	FUZZ_CHECK(fp_message_decode(fp_cspan_over(bytes, message->len), &decoded) == 0);
	FUZZ_CHECK(memcmp(&decoded, message, message->len) == 0);
}

/* Look at the messages of one datagram, those from start on. */
static struct told
check_messages(struct stream *stream, uint32_t start)
{
	struct told told = { 0 };

	for (uint32_t i = start; i < batch.count; i++) {
		const struct fp_message *message = &batch.messages[i];

		check_wire(message);
		check_fields(message);
		if (message->type == FP_MESSAGE_GAP) {
			told.gaps++;
			told.lost += message->gap.count;
		} else if (message->type == FP_MESSAGE_BOOK_CLEAR) {
			told.clears++;
			stream->is_ended = false;
			memset(stream->named, 0, sizeof(stream->named));
		} else if (message->type == FP_MESSAGE_END_OF_SESSION) {
			told.ends++;
			FUZZ_CHECK(wire == WIRE_NATIVE || !stream->is_ended);
			stream->is_ended = true;
		} else {
			told.others++;
			check_named(stream, message);
		}
	}
	return told;
}

static uint64_t
sum_of(const uint64_t *counters, size_t count)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += counters[i];
	return sum;
}

static bool
is_same_place(const struct fp_continuity *a, const struct fp_continuity *b)
{
	return fp_session_equal(a->session, b->session) && a->next == b->next &&
		a->newest_send_ns == b->newest_send_ns &&
		fp_session_equal(a->candidate_session, b->candidate_session) &&
		a->candidate_first == b->candidate_first &&
		a->candidate_next == b->candidate_next && a->candidate_run == b->candidate_run;
}

/* Datagrams rejected for their lengths and counts, and not for what a field of them says. */
static uint64_t
misshapen(const struct fp_channel_counters *counters)
{
	return sum_of(counters->malformed, FP_MALFORMED_COUNT) -
		counters->malformed[FP_MALFORMED_SEQUENCE] -
		counters->malformed[FP_MALFORMED_MESSAGE_FIELD];
}

/* Header and messages were judged as by a walk from one length to the next. */
static void
check_shape(const struct fp_channel *before, const struct fp_channel *after,
	const struct fp_datagram *datagram)
{
	const uint8_t *data = datagram->payload.data;
	uint32_t len = datagram->payload.len;
	bool is_believable = wire_is_believable(wire, data, len);
	uint64_t skip = after->counters.duplicates - before->counters.duplicates;
	bool is_whole = is_believable && wire_is_whole(wire, data, len, 0, fp_message_lengths);

	FUZZ_CHECK(after->counters.malformed[FP_MALFORMED_HEADER_SHORT] -
			before->counters.malformed[FP_MALFORMED_HEADER_SHORT] ==
		(len < wire_header_bytes(wire)));
	FUZZ_CHECK(after->counters.messages == before->counters.messages ||
		(is_believable && wire_is_whole(wire, data, len, skip, fp_message_lengths)));
	FUZZ_CHECK(!is_whole || misshapen(&after->counters) == misshapen(&before->counters));
	FUZZ_CHECK(is_believable || is_same_place(&before->continuity, &after->continuity));
	FUZZ_CHECK(is_believable || misshapen(&after->counters) != misshapen(&before->counters) ||
		wire == WIRE_IEX);
}

/* Each sequence number that the cursor passed was delivered or declared lost. */
static void
check_sequence(const struct fp_channel *before, const struct fp_channel *after,
	const struct fp_datagram_header *header)
{
	uint64_t passed = after->continuity.next - before->continuity.next;

	if (after->counters.session_restarts != before->counters.session_restarts) {
		passed = after->continuity.next - 1;
	} else if (before->continuity.next == 0 && after->continuity.next != 0) {
		passed = after->continuity.next - header->first;
	}
	FUZZ_CHECK(passed ==
		after->counters.messages - before->counters.messages + after->counters.lost -
			before->counters.lost);
}

/* Each datagram is in a class, and the classes agree with what was put into the batch. */
static void
check_counters(const struct fp_channel_counters *before, const struct fp_channel_counters *after,
	const struct told *told)
{
	uint64_t malformed = sum_of(after->malformed, FP_MALFORMED_COUNT) -
		sum_of(before->malformed, FP_MALFORMED_COUNT);
	uint64_t delivered = after->messages - before->messages;
	uint64_t by_type = sum_of(after->by_type, 256) - sum_of(before->by_type, 256);
	uint64_t unknown = after->unknown_types - before->unknown_types;
	uint64_t passed_on_gaps = wire == WIRE_NATIVE
		? after->by_type[FP_MESSAGE_GAP] - before->by_type[FP_MESSAGE_GAP]
		: 0;
	uint64_t silent = after->heartbeats - before->heartbeats + after->unconfirmed -
		before->unconfirmed + after->lines[0].duplicates - before->lines[0].duplicates +
		after->lines[1].duplicates - before->lines[1].duplicates;

	FUZZ_CHECK(after->datagrams == before->datagrams + 1);
	FUZZ_CHECK(after->datagrams == after->lines[0].datagrams + after->lines[1].datagrams);
	FUZZ_CHECK(malformed + (delivered != 0) <= 1 && silent <= 1);
	FUZZ_CHECK(malformed + (delivered != 0) + silent != 0);
	FUZZ_CHECK(by_type + unknown == delivered ||
		(wire == WIRE_ITCH50 && by_type + unknown < delivered));
	FUZZ_CHECK(told->gaps == after->gaps - before->gaps + passed_on_gaps);
	FUZZ_CHECK(passed_on_gaps != 0 || told->lost == after->lost - before->lost);
	FUZZ_CHECK(told->clears >= after->session_restarts - before->session_restarts);
	if (wire == WIRE_NATIVE) {
		FUZZ_CHECK(told->gaps + told->clears + told->ends + told->others ==
			after->gaps - before->gaps + after->session_restarts -
				before->session_restarts + by_type);
	} else {
		FUZZ_CHECK(told->clears == after->session_restarts - before->session_restarts);
	}
	FUZZ_CHECK(malformed == 0 || told->others + told->ends == 0);
}

/* A batch with room for less than the datagram may decode to is left as it is. */
static void
offer_too_little(struct stream *stream, const struct fp_datagram *datagram)
{
	struct fp_channel before = *stream->channel;

	batch.count = FP_BATCH_MESSAGES - fp_batch_bound(datagram->payload.len) + 1;
	FUZZ_CHECK(fp_channel_receive(stream->channel, datagram, 1, &batch) == 0);
	FUZZ_CHECK(is_same_place(&before.continuity, &stream->channel->continuity));
	FUZZ_CHECK(
		memcmp(&before.counters, &stream->channel->counters, sizeof(before.counters)) == 0);
}

static void
receive(struct stream *stream, const struct fp_datagram *datagram)
{
	struct fp_channel before = *stream->channel;
	const struct fp_channel *after = stream->channel;
	uint32_t start = FP_BATCH_MESSAGES - fp_batch_bound(datagram->payload.len);
	uint32_t header_bytes = wire_header_bytes(wire);
	struct fp_datagram_header header = { 0 };
	char text[FP_VENUE_TYPE_BYTES];
	struct told told;

	FUZZ_CHECK(
		!venue->peek(datagram->payload, &header) || datagram->payload.len >= header_bytes);
	batch.count = start;
	FUZZ_CHECK(fp_channel_receive(stream->channel, datagram, 1, &batch) == 1);
	FUZZ_CHECK(batch.count >= start && batch.count <= FP_BATCH_MESSAGES);
	told = check_messages(stream, start);
	check_sequence(&before, after, &header);
	check_counters(&before.counters, &after->counters, &told);
	check_shape(&before, after, datagram);
	if (datagram->payload.len != 0) {
		venue->type_name(fp_cspan_at(datagram->payload, 0), text);
		FUZZ_CHECK(strnlen(text, sizeof(text)) < sizeof(text));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct fuzz_input input = { data, len };
	struct stream stream = { 0 };
	struct fp_venue_params params = { 0 };
	uint8_t code = fuzz_take_u8(&input);
	int error;

	stream.instruments = 1U + code % 8U;
	params.max_instruments = stream.instruments;
	fp_arena_reset(arena);
	error = fp_channel_create("c", 0, venue, &params, arena, &stream.channel);
	FUZZ_CHECK(error == 0);
	stream.channel->has_line_b = (code & 8) != 0;
	while (input.len != 0) {
		uint8_t how = fuzz_take_u8(&input);
		struct fuzz_copy copy = fuzz_take_copy(&input, fuzz_take_u16(&input));
		struct fp_datagram datagram = { fp_cspan_over(copy.data, copy.len),
			stream.channel->has_line_b ? how & 1 : 0 };

		if ((how & 2) != 0)
			offer_too_little(&stream, &datagram);
		receive(&stream, &datagram);
		free(copy.base);
	}
	return 0;
}
