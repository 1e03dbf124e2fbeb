/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Bytes of any kind through the venue "fix", as datagrams and as a stream.
 *
 * An input makes messages:
 *
 *    | channel u8 | how u8, len u8, len bytes | how u8, len u8, len bytes | ...
 *
 * channel: bits 0 and 1 instruments - 1, bits 2 to 7 size of the stream's chunks - 1. how: bit 0
 * the bytes are taken as they are; else '|' is the delimiter and they get a frame, so that what is
 * behind length and sum is reached. Bit 1: line B.
 *
 * Each piece is a datagram in memory of its own, and the batch's memory ends where the bound for it
 * ends: what is read or written beyond is seen by AddressSanitizer. After each the books have to
 * balance: a message is delivered, a copy, malformed or not believed; what is delivered has a type
 * or an unknown one; gaps and clears are those that are counted; each message of the batch is
 * well-formed and of an instrument that was named. Then the same bytes come as a stream in chunks:
 * when every piece had a frame, it tells the same.
 */

#include <stdio.h>

#include "fp_channel.h"
#include "fp_fix_stream.h"
#include "fp_test_eal.h"
#include "fuzz_input.h"

#define INSTRUMENTS_MAX 4
#define BYTES_MAX       65536

/* A run of one transport over an input. */
struct run {
	struct fp_channel *channel;
	uint32_t instruments;
	uint32_t named;  /* bit per instrument */
	uint64_t told;   /* messages of the batches */
	uint64_t digest; /* of all these */
	uint64_t gaps;
	uint64_t lost;
	uint64_t clears;
};

static const struct fp_venue *venue;
static struct fp_arena *arena;
static struct fp_batch batch;
static uint8_t all[BYTES_MAX];
static uint32_t all_len;

static struct fp_venue_params
params_of(const char *transport, uint32_t instruments)
{
	struct fp_venue_params params = { .transport = transport,
		.max_instruments = instruments,
		.price_decimals = FP_VENUE_PRICE_DECIMALS };

	return params;
}

int
/* NOLINTNEXTLINE(readability-non-const-parameter): the type is libFuzzer's */
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct fp_venue_params largest = params_of(NULL, INSTRUMENTS_MAX);
	struct fp_arena_params params = { .name = "fuzz", .socket_id = -1 };
	int error;

	(void)argc;
	(void)argv;
	venue = fp_venue_find("fix");
	FUZZ_CHECK(venue != NULL);
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

static void
begin_run(struct run *run, const char *transport, uint32_t instruments)
{
	struct fp_venue_params params = params_of(transport, instruments);
	int error;

	memset(run, 0, sizeof(*run));
	run->instruments = instruments;
	fp_arena_reset(arena);
	error = fp_channel_create("c", 0, venue, &params, arena, &run->channel);
	FUZZ_CHECK(error == 0);
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
		FUZZ_CHECK(message->instrument.price_decimals == 8);
		FUZZ_CHECK(message->instrument.symbol.text[0] > ' ');
		break;
	case FP_MESSAGE_ORDER_ADD:
		FUZZ_CHECK(is_side(message->order_add.side) && message->order_add.order_id != 0);
		FUZZ_CHECK(message->order_add.quantity.units >= 0);
		break;
	case FP_MESSAGE_ORDER_EXECUTE:
		FUZZ_CHECK(message->order_execute.quantity.units > 0);
		break;
	case FP_MESSAGE_ORDER_REPLACE:
		FUZZ_CHECK(message->order_replace.quantity.units >= 0);
		break;
	case FP_MESSAGE_ORDER_REQUEST:
		FUZZ_CHECK(is_side(message->order_request.side));
		FUZZ_CHECK(message->order_request.quantity.units >= 0);
		break;
	case FP_MESSAGE_LEVEL_UPDATE:
		FUZZ_CHECK(is_side(message->level_update.side));
		FUZZ_CHECK(message->level_update.quantity.units >= 0);
		break;
	case FP_MESSAGE_TRADE:
		FUZZ_CHECK(message->trade.side == 0 || is_side(message->trade.side));
		FUZZ_CHECK(message->trade.quantity.units >= 0);
		break;
	default:
		FUZZ_CHECK(message->type == FP_MESSAGE_ORDER_DELETE ||
			message->type == FP_MESSAGE_BOOK_CLEAR || message->type == FP_MESSAGE_GAP);
	}
}

/* An instrument is named before it is spoken of, again after each restart. */
static void
check_named(struct run *run, const struct fp_message *message)
{
	uint32_t id = message->instrument_id;

	FUZZ_CHECK(id <= run->instruments + 1);
	if (message->type == FP_MESSAGE_GAP ||
		(message->type == FP_MESSAGE_BOOK_CLEAR && id == 0)) {
		FUZZ_CHECK(id == 0);
	} else if (message->type == FP_MESSAGE_INSTRUMENT) {
		FUZZ_CHECK((run->named & 1U << id) == 0);
		run->named |= 1U << id;
	} else {
		FUZZ_CHECK(id != 0);
		FUZZ_CHECK(id > run->instruments || (run->named & 1U << id) != 0);
	}
}

/* Look at the messages of the batch from start on, and forget them. */
static void
take_batch(struct run *run, uint32_t start)
{
	for (uint32_t i = start; i < batch.count; i++) {
		const struct fp_message *message = &batch.messages[i];
		const uint8_t *bytes = (const uint8_t *)message;

		FUZZ_CHECK(message->len == fp_message_lengths[message->type]);
		check_fields(message);
		if (message->type == FP_MESSAGE_GAP) {
			run->gaps++;
			run->lost += message->gap.count;
		} else if (message->type == FP_MESSAGE_BOOK_CLEAR && message->instrument_id == 0) {
			run->clears++;
			run->named = 0;
		}
		check_named(run, message);
		run->told++;
		for (uint32_t k = 0; k < message->len; k++)
			run->digest = (run->digest ^ bytes[k]) * UINT64_C(0x100000001b3);
	}
	batch.count = 0;
}

static uint64_t
sum_of(const uint64_t *counters, size_t count)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += counters[i];
	return sum;
}

/* Messages and faults that are in a class; copies are one each. */
static uint64_t
classified(const struct fp_channel_counters *counters)
{
	return counters->messages + counters->duplicates + counters->unconfirmed +
		sum_of(counters->malformed, FP_MALFORMED_COUNT);
}

static void
check_counters(const struct run *run)
{
	const struct fp_channel_counters *counters = &run->channel->counters;

	FUZZ_CHECK(sum_of(counters->by_type, 256) + counters->unknown_types == counters->messages);
	FUZZ_CHECK(run->gaps == counters->gaps && run->lost == counters->lost);
	FUZZ_CHECK(run->clears == counters->session_restarts);
	FUZZ_CHECK(counters->heartbeats == 0 && counters->waited == 0);
	FUZZ_CHECK(run->channel->fault.reason <= FP_MALFORMED_COUNT);
	FUZZ_CHECK((run->channel->fault.reason == FP_MALFORMED_COUNT) ==
		(sum_of(counters->malformed, FP_MALFORMED_COUNT) == 0));
}

/* A batch with room for less than the datagram may decode to is left as it is. */
static void
offer_too_little(struct run *run, const struct fp_datagram *datagram)
{
	struct fp_channel before = *run->channel;

	batch.count = FP_BATCH_MESSAGES - fp_batch_bound(datagram->payload.len) + 1;
	FUZZ_CHECK(fp_channel_receive(run->channel, datagram, 1, &batch) == 0);
	FUZZ_CHECK(memcmp(&before.counters, &run->channel->counters, sizeof(before.counters)) == 0);
}

/* One piece as a datagram. */
static void
receive_datagram(struct run *run, const struct fuzz_copy *copy, uint8_t line)
{
	struct fp_datagram datagram = { fp_cspan_over(copy->data, copy->len), line };
	uint32_t start = FP_BATCH_MESSAGES - fp_batch_bound(copy->len);
	uint64_t before = classified(&run->channel->counters);
	struct fp_datagram_header place;

	if (venue->peek(datagram.payload, &place))
		FUZZ_CHECK(place.count != 0 && place.first != 0);
	offer_too_little(run, &datagram);
	batch.count = start;
	FUZZ_CHECK(fp_channel_receive(run->channel, &datagram, 1, &batch) == 1);
	FUZZ_CHECK(batch.count >= start && batch.count <= FP_BATCH_MESSAGES);
	FUZZ_CHECK(classified(&run->channel->counters) != before || copy->len != 0);
	take_batch(run, start);
	check_counters(run);
}

/* All bytes as a stream in chunks. */
static void
receive_stream(struct run *run, uint32_t chunk)
{
	for (uint32_t at = 0; at < all_len; at += chunk) {
		struct fuzz_input input = { all + at, all_len - at };
		struct fuzz_copy copy = fuzz_take_copy(&input, chunk);
		struct fp_datagram datagram = { fp_cspan_over(copy.data, copy.len), 0 };
		uint16_t used;

		do {
			used = fp_channel_receive(run->channel, &datagram, 1, &batch);
			FUZZ_CHECK(used == 1 || batch.count != 0);
			take_batch(run, 0);
		} while (used == 0);
		free(copy.base);
	}
	venue->finish(run->channel, &batch);
	take_batch(run, 0);
	check_counters(run);
}

/* The bytes with their frame: '|' becomes the delimiter. */
static struct fuzz_copy
frame(const struct fuzz_copy *body)
{
	struct fuzz_copy copy = { .base = malloc(body->len + 64U) };
	uint8_t sum = 0;

	FUZZ_CHECK(copy.base != NULL);
	copy.data = copy.base;
	copy.len = (uint32_t)sprintf((char *)copy.base,
		"8=FIX.4.4\001"
		"9=%u\001",
		body->len);
	for (uint32_t i = 0; i < body->len; i++)
		copy.data[copy.len++] = body->data[i] == '|' ? 1 : body->data[i];
	for (uint32_t i = 0; i < copy.len; i++)
		sum = (uint8_t)(sum + copy.data[i]);
	copy.len += (uint32_t)sprintf((char *)copy.data + copy.len, "10=%03u\001", sum);
	return copy;
}

/*
 * One message and nothing else. What is garbled may hold the beginning of another one, which the
 * end of a datagram cuts and a stream goes on with.
 */
static bool
is_message(const struct fuzz_copy *piece)
{
	struct fp_fix_frame message;
	struct fp_fix_fault fault;

	return fp_fix_frame(fp_cspan_over(piece->data, piece->len), &message, &fault) == 0 &&
		message.message.len == piece->len;
}

/* What messages tell does not depend on the transport. */
static void
check_same(const struct run *a, const struct run *b, struct fp_channel_counters *of_a)
{
	struct fp_channel_counters of_b = b->channel->counters;

	of_a->datagrams = of_b.datagrams;
	of_a->lines[0] = of_b.lines[0];
	of_a->lines[1] = of_b.lines[1];
	FUZZ_CHECK(memcmp(of_a, &of_b, sizeof(of_b)) == 0);
	FUZZ_CHECK(a->told == b->told && a->digest == b->digest);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct fuzz_input input = { data, len };
	uint8_t code = fuzz_take_u8(&input);
	struct fp_channel_counters counters;
	bool are_messages = true;
	struct run datagrams, stream;

	all_len = 0;
	begin_run(&datagrams, "udp", 1U + code % INSTRUMENTS_MAX);
	datagrams.channel->has_line_b = true;
	while (input.len != 0 && all_len < BYTES_MAX - 512) {
		uint8_t how = fuzz_take_u8(&input);
		struct fuzz_copy body = fuzz_take_copy(&input, fuzz_take_u8(&input));
		struct fuzz_copy piece = body;

		if ((how & 1) == 0) {
			piece = frame(&body);
			/* exactly its length, for AddressSanitizer */
			piece.base = realloc(piece.base, piece.len);
			FUZZ_CHECK(piece.base != NULL);
			piece.data = piece.base;
		}
		are_messages &= is_message(&piece);
		memcpy(all + all_len, piece.data, piece.len);
		all_len += piece.len;
		receive_datagram(&datagrams, &piece, (how >> 1) & 1);
		if ((how & 1) == 0)
			free(piece.base);
		free(body.base);
	}
	counters = datagrams.channel->counters;
	begin_run(&stream, "stream", 1U + code % INSTRUMENTS_MAX);
	receive_stream(&stream, 1U + (code >> 2));
	if (are_messages)
		check_same(&datagrams, &stream, &counters);
	return 0;
}
