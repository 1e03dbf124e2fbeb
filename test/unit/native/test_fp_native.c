/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * The native venue. What is sent is made with the encoder of lib/message, what arrives has to be
 * the same bytes; what is wrong is made by overwriting bytes. Each packet is received from against
 * an inaccessible page.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "fp_channel.h"
#include "fp_packet.h"
#include "fp_test_eal.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define PAGE_BYTES   ((size_t)4096)
#define HEADER_BYTES 40
#define SENT         UINT64_C(1700000000000000000)

/* Where the fields of the header are [bytes]. */
enum {
	AT_MAGIC = 0,
	AT_VERSION = 4,
	AT_SESSION = 8,
	AT_SEQUENCE = 16,
	AT_COUNT = 24,
	AT_PAYLOAD = 26,
};

#define TYPE_ENTRY(code, NAME, name, help) code,

static const uint8_t types[] = { FP_MESSAGES(TYPE_ENTRY) };

/* A packet that is put together; room for one whole message behind it, as the encoder wants. */
struct packet {
	uint8_t bytes[FP_PACKET_MAX_BYTES + FP_MESSAGE_MAX_BYTES];
	uint32_t len;
};

static struct fp_arena *arena;
static struct fp_channel *channel;
static struct fp_batch batch;
static uint8_t *guarded_end; /* the inaccessible page begins here */
static uint64_t random_state;

/* xorshift: the same values in every run */
static uint64_t
next_random(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

static void
put_le(uint8_t *to, uint64_t value, uint32_t bytes)
{
	for (uint32_t i = 0; i < bytes; i++)
		to[i] = (uint8_t)(value >> (8 * i));
}

/* A message of the type with random fields inside their domains. */
static struct fp_message
random_message(uint8_t type)
{
	static const struct fp_symbol16 symbols[] = { { "A" }, { "BRK.B" },
		{ "ESZ5 C04000~ABCD" } };
	struct fp_message message;
	uint8_t *bytes = (uint8_t *)&message;
	struct fp_qty *quantities[] = { &message.order_add.quantity,
		&message.order_execute.quantity, &message.order_reduce.quantity,
		&message.order_replace.quantity, &message.level_update.quantity,
		&message.quote.bid_quantity, &message.quote.ask_quantity, &message.trade.quantity,
		&message.order_request.quantity };

	for (uint32_t i = 0; i < sizeof(message); i++)
		bytes[i] = (uint8_t)next_random();
	message.len = fp_message_lengths[type];
	message.type = type;
	/* over all the bodies at once: it does no harm where the field is another */
	for (uint32_t i = 0; i < COUNT(quantities); i++)
		quantities[i]->units &= INT64_MAX;
	if (type == FP_MESSAGE_ORDER_ADD)
		message.order_add.side = next_random() % 2 ? 'B' : 'S';
	if (type == FP_MESSAGE_ORDER_REQUEST)
		message.order_request.side = next_random() % 2 ? 'B' : 'S';
	if (type == FP_MESSAGE_LEVEL_UPDATE)
		message.level_update.side = next_random() % 2 ? 'B' : 'S';
	if (type == FP_MESSAGE_TRADE)
		message.trade.side = (uint8_t) "BS"[next_random() % 3];
	if (type == FP_MESSAGE_INSTRUMENT) {
		message.instrument.symbol = symbols[next_random() % COUNT(symbols)];
		message.instrument.price_decimals = (uint8_t)(next_random() % 10);
	}
	return message;
}

static struct packet
open_packet(uint64_t session, uint64_t sequence)
{
	struct fp_packet_header header = { session, sequence, SENT, 3, 0, 0 };
	struct packet packet = { .len = HEADER_BYTES };
	struct fp_writer writer = fp_writer_open(fp_span_over(packet.bytes, HEADER_BYTES));

	fp_packet_encode(&writer, &header);
	return packet;
}

/* Make the header agree with what follows it. */
static void
close_packet(struct packet *packet, uint32_t count)
{
	put_le(packet->bytes + AT_COUNT, count, 2);
	put_le(packet->bytes + AT_PAYLOAD, packet->len - HEADER_BYTES, 2);
}

static void
add_message(struct packet *packet, const struct fp_message *message)
{
	struct fp_writer writer =
		fp_writer_open(fp_span_over(packet->bytes + packet->len, FP_MESSAGE_MAX_BYTES));

	fp_message_encode(&writer, message);
	packet->len += fp_writer_written(&writer);
	close_packet(packet, packet->bytes[AT_COUNT] + 1U);
}

static void
receive(const struct packet *packet)
{
	struct fp_datagram datagram = { fp_cspan_over(guarded_end - packet->len, packet->len), 0 };

	memcpy(guarded_end - packet->len, packet->bytes, packet->len);
	assert_int_equal(fp_channel_receive(channel, &datagram, 1, &batch), 1);
}

/* Message idx of the batch is this one, byte by byte. */
static void
expect_at(uint32_t idx, const struct fp_message *message)
{
	assert_true(idx < batch.count);
	assert_memory_equal(&batch.messages[idx], message, message->len);
}

static void
expect_gap_at(uint32_t idx, uint64_t first, uint64_t count)
{
	const struct fp_message gap = { .len = FP_MESSAGE_LEN(gap),
		.type = FP_MESSAGE_GAP,
		.gap = { .first = first, .count = count } };

	expect_at(idx, &gap);
}

/* A packet whose header is not believed leaves one count of the reason. */
static void
expect_header_rejected(const struct packet *packet, enum fp_malformed reason)
{
	struct fp_channel_counters counters = channel->counters;
	struct fp_continuity continuity = channel->continuity;

	batch.count = 0;
	receive(packet);
	assert_int_equal(batch.count, 0);
	counters.datagrams++;
	counters.lines[0].datagrams++;
	counters.malformed[reason]++;
	assert_memory_equal(&channel->counters, &counters, sizeof(counters));
	assert_memory_equal(&channel->continuity, &continuity, sizeof(continuity));
}

/* A packet that is lost for its contents leaves one gap, one count of the reason, nothing else. */
static void
expect_rejected(struct packet packet, enum fp_malformed reason)
{
	uint64_t first = channel->continuity.next != 0 ? channel->continuity.next : 1;
	uint32_t count = packet.bytes[AT_COUNT] | (uint32_t)packet.bytes[AT_COUNT + 1] << 8;
	struct fp_channel_counters counters = channel->counters;

	put_le(packet.bytes + AT_SEQUENCE, first, 8);
	batch.count = 0;
	receive(&packet);
	assert_int_equal(batch.count, 1);
	expect_gap_at(0, first, count);
	counters.datagrams++;
	counters.lines[0].datagrams++;
	counters.malformed[reason]++;
	counters.gaps++;
	counters.lost += count;
	assert_memory_equal(&channel->counters, &counters, sizeof(counters));
}

static int
setup(void **unused)
{
	const struct fp_venue *venue = fp_venue_find("native");
	struct fp_venue_params params = { .transport = NULL, .max_instruments = 16 };
	struct fp_arena_params room = { "native", 0, -1, 0 };

	(void)unused;
	assert_non_null(venue);
	random_state = UINT64_C(88172645463325252);
	room.cap = fp_channel_bytes(venue, &params) +
		fp_arena_array_bytes(FP_BATCH_MESSAGES, FP_MESSAGE_MAX_BYTES, 64);
	assert_int_equal(fp_arena_create(&room, &arena), 0);
	assert_int_equal(fp_channel_create("c", 0, venue, &params, arena, &channel), 0);
	return fp_batch_init(&batch, arena);
}

static int
teardown(void **unused)
{
	(void)unused;
	fp_arena_destroy(arena);
	return 0;
}

static int
setup_group(void **unused)
{
	uint8_t *pages = mmap(
		NULL, 2 * PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)unused;
	if (pages == MAP_FAILED || mprotect(pages + PAGE_BYTES, PAGE_BYTES, PROT_NONE) != 0)
		return -1;
	guarded_end = pages + PAGE_BYTES;
	return fp_test_eal_init();
}

static int
teardown_group(void **unused)
{
	(void)unused;
	fp_test_eal_fini();
	return munmap(guarded_end - PAGE_BYTES, 2 * PAGE_BYTES);
}

static void
every_message_arrives_as_it_was_sent(void **unused)
{
	struct fp_message sent[FP_PACKET_MAX_BYTES / FP_MESSAGE_HEADER_BYTES];
	uint64_t by_type[256] = { 0 }, total = 0;

	(void)unused;
	for (uint32_t round = 0; round < 20000; round++) {
		struct packet packet = open_packet(UINT64_MAX - 1, total + 1);
		uint32_t count = 0, wanted = 1 + (uint32_t)(next_random() % COUNT(types));

		do {
			uint32_t pick = round < COUNT(types) ? round : (uint32_t)next_random();

			sent[count] = random_message(types[pick % COUNT(types)]);
			by_type[sent[count].type]++;
			add_message(&packet, &sent[count++]);
		} while (
			count < wanted && packet.len + FP_MESSAGE_MAX_BYTES <= FP_PACKET_MAX_BYTES);
		batch.count = 0;
		receive(&packet);
		assert_int_equal(batch.count, count);
		for (uint32_t i = 0; i < count; i++)
			expect_at(i, &sent[i]);
		total += count;
	}
	assert_int_equal(channel->counters.messages, total);
	assert_int_equal(channel->counters.unknown_types, 0);
	assert_memory_equal(channel->counters.by_type, by_type, sizeof(by_type));
	assert_int_equal(channel->continuity.session.high, 0);
	assert_int_equal(channel->continuity.session.low, UINT64_MAX - 1);
	assert_int_equal(channel->continuity.newest_send_ns, SENT);
}

static void
every_message_of_another_length_is_malformed(void **unused)
{
	(void)unused;
	for (uint32_t i = 0; i < COUNT(types); i++) {
		for (uint32_t len = 0; len <= 80; len++) {
			struct packet packet = open_packet(7, 1);
			struct fp_message message = random_message(types[i]);
			enum fp_malformed reason = FP_MALFORMED_MESSAGE_LENGTH;

			if (len == message.len)
				continue;
			if (len < FP_MESSAGE_HEADER_BYTES)
				reason = FP_MALFORMED_MESSAGE_SHORT;
			/* behind good ones that have to be taken back, before one more */
			add_message(&packet, &message);
			message.type = 0x7f;
			add_message(&packet, &message);
			message.type = types[i];
			message.len = (uint16_t)len;
			memcpy(packet.bytes + packet.len, &message, sizeof(message));
			packet.len += len < FP_MESSAGE_HEADER_BYTES ? FP_MESSAGE_HEADER_BYTES : len;
			message = random_message(FP_MESSAGE_HEARTBEAT);
			add_message(&packet, &message);
			close_packet(&packet, 4);
			expect_rejected(packet, reason);
		}
	}
}

static void
every_packet_cut_at_every_length_is_malformed(void **unused)
{
	(void)unused;
	for (uint32_t i = 0; i < COUNT(types); i++) {
		struct fp_message message = random_message(types[i]);
		struct packet whole = open_packet(7, 1);

		add_message(&whole, &message);
		for (uint32_t len = 0; len < whole.len; len++) {
			struct packet cut = whole;

			cut.len = len;
			expect_header_rejected(&cut,
				len < HEADER_BYTES ? FP_MALFORMED_HEADER_SHORT
						   : FP_MALFORMED_PAYLOAD_LENGTH);
			if (len < HEADER_BYTES)
				continue;
			/* a header that knows of the cut; behind a good message, too */
			close_packet(&cut, 1);
			if (len < HEADER_BYTES + FP_MESSAGE_HEADER_BYTES) {
				expect_header_rejected(&cut, FP_MALFORMED_MESSAGE_COUNT);
			} else {
				expect_rejected(cut, FP_MALFORMED_MESSAGE_COUNT);
			}
			cut = whole;
			memcpy(cut.bytes + whole.len, whole.bytes + HEADER_BYTES, message.len);
			cut.len = whole.len + len - HEADER_BYTES;
			close_packet(&cut, 2);
			if (cut.len < HEADER_BYTES + 2 * FP_MESSAGE_HEADER_BYTES) {
				expect_header_rejected(&cut, FP_MALFORMED_MESSAGE_COUNT);
			} else {
				expect_rejected(cut, FP_MALFORMED_MESSAGE_COUNT);
			}
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
		{ AT_MAGIC, 1, 'f', FP_MALFORMED_HEADER_VERSION },
		{ AT_MAGIC + 3, 1, '2', FP_MALFORMED_HEADER_VERSION },
		{ AT_VERSION, 1, 0, FP_MALFORMED_HEADER_VERSION },
		{ AT_VERSION, 1, 2, FP_MALFORMED_HEADER_VERSION },
		{ AT_PAYLOAD, 2, 0, FP_MALFORMED_PAYLOAD_LENGTH },
		{ AT_PAYLOAD, 2, 47, FP_MALFORMED_PAYLOAD_LENGTH },
		{ AT_PAYLOAD, 2, 49, FP_MALFORMED_PAYLOAD_LENGTH },
		{ AT_COUNT, 2, 0, FP_MALFORMED_PAYLOAD_LENGTH },
		{ AT_COUNT, 2, 4, FP_MALFORMED_MESSAGE_COUNT },
		{ AT_COUNT, 2, 0xffff, FP_MALFORMED_MESSAGE_COUNT },
		{ AT_SEQUENCE, 8, 0, FP_MALFORMED_SEQUENCE },
		{ AT_SEQUENCE, 8, UINT64_MAX, FP_MALFORMED_SEQUENCE },
	};
	struct packet packet, good = open_packet(7, 1);
	struct fp_message messages[2];

	(void)unused;
	for (uint32_t i = 0; i < 2; i++) {
		messages[i] = random_message(FP_MESSAGE_HEARTBEAT);
		add_message(&good, &messages[i]);
	}
	for (uint32_t i = 0; i < COUNT(wrong); i++) {
		packet = good;
		put_le(packet.bytes + wrong[i].at, wrong[i].value, wrong[i].bytes);
		expect_header_rejected(&packet, wrong[i].reason);
	}
	packet = good;
	put_le(packet.bytes + AT_COUNT, 3, 2);
	expect_rejected(packet, FP_MALFORMED_MESSAGE_COUNT);
	put_le(packet.bytes + AT_COUNT, 1, 2);
	expect_rejected(packet, FP_MALFORMED_PAYLOAD_LENGTH);
	put_le(good.bytes + AT_SEQUENCE, channel->continuity.next, 8);
	batch.count = 0;
	receive(&good);
	assert_int_equal(batch.count, 2);
	expect_at(1, &messages[1]);
}

static void
an_unknown_type_is_counted_and_skipped(void **unused)
{
	struct fp_message message = random_message(FP_MESSAGE_TRADE);
	uint64_t sequence = 1;

	(void)unused;
	for (uint32_t type = 0; type < 256; type++) {
		struct packet packet = open_packet(7, sequence);
		struct fp_message unknown = message;

		if (fp_message_lengths[type] != 0)
			continue;
		unknown.type = (uint8_t)type;
		for (uint16_t len = 16; len <= 64; len += 8) {
			unknown.len = len;
			add_message(&packet, &unknown);
		}
		/* longer than any that is known */
		unknown.len = 128;
		memset(packet.bytes + packet.len, 0xff, unknown.len);
		memcpy(packet.bytes + packet.len, &unknown, FP_MESSAGE_HEADER_BYTES);
		packet.len += unknown.len;
		add_message(&packet, &message);
		close_packet(&packet, 9);
		batch.count = 0;
		receive(&packet);
		assert_int_equal(batch.count, 1);
		expect_at(0, &message);
		sequence += 9;
	}
	assert_int_equal(channel->counters.malformed[FP_MALFORMED_MESSAGE_LENGTH], 0);
	/* even so its length has to be one */
	for (uint16_t len = 17; len < 24; len++) {
		struct packet packet = open_packet(7, sequence);
		struct fp_message unknown = message;

		unknown.type = 0x7f;
		unknown.len = len;
		add_message(&packet, &unknown);
		expect_rejected(packet, FP_MALFORMED_MESSAGE_LENGTH);
	}
	assert_int_equal(channel->counters.unknown_types, (256 - COUNT(types)) * 8);
	assert_int_equal(channel->counters.by_type[FP_MESSAGE_TRADE], 256 - COUNT(types));
	assert_int_equal(channel->counters.messages, (256 - COUNT(types)) * 9);
}

/* The message alone, with one of its bytes changed, is good or is outside the domain. */
static void
expect_domain(const struct fp_message *good, size_t at, uint8_t value, bool is_good)
{
	struct fp_message message = *good;
	struct packet packet = open_packet(7, channel->continuity.next);

	((uint8_t *)&message)[at] = value;
	if (channel->continuity.next == 0)
		packet = open_packet(7, 1);
	add_message(&packet, &message);
	if (!is_good) {
		expect_rejected(packet, FP_MALFORMED_MESSAGE_FIELD);
		return;
	}
	batch.count = 0;
	receive(&packet);
	assert_int_equal(batch.count, 1);
	expect_at(0, &message);
}

/* NOLINTNEXTLINE(bugprone-macro-parentheses): names of fields */
#define AT(name, field) offsetof(struct fp_message, name.field)

static void
a_field_outside_its_domain_is_malformed(void **unused)
{
	static const struct {
		uint8_t type;
		size_t at;
	} quantities[] = {
		{ FP_MESSAGE_ORDER_ADD, AT(order_add, quantity) },
		{ FP_MESSAGE_ORDER_EXECUTE, AT(order_execute, quantity) },
		{ FP_MESSAGE_ORDER_REDUCE, AT(order_reduce, quantity) },
		{ FP_MESSAGE_ORDER_REPLACE, AT(order_replace, quantity) },
		{ FP_MESSAGE_ORDER_REQUEST, AT(order_request, quantity) },
		{ FP_MESSAGE_LEVEL_UPDATE, AT(level_update, quantity) },
		{ FP_MESSAGE_QUOTE, AT(quote, bid_quantity) },
		{ FP_MESSAGE_QUOTE, AT(quote, ask_quantity) },
		{ FP_MESSAGE_TRADE, AT(trade, quantity) },
	};
	struct fp_message message;

	(void)unused;
	for (uint32_t i = 0; i < COUNT(quantities); i++) {
		message = random_message(quantities[i].type);
		expect_domain(&message, quantities[i].at + 7, 0x80, false);
		expect_domain(&message, quantities[i].at + 7, 0x7f, true);
	}
	for (uint32_t side = 0; side < 256; side++) {
		bool is_side = side == 'B' || side == 'S';

		message = random_message(FP_MESSAGE_ORDER_ADD);
		expect_domain(&message, AT(order_add, side), (uint8_t)side, is_side);
		message = random_message(FP_MESSAGE_ORDER_REQUEST);
		expect_domain(&message, AT(order_request, side), (uint8_t)side, is_side);
		message = random_message(FP_MESSAGE_LEVEL_UPDATE);
		expect_domain(&message, AT(level_update, side), (uint8_t)side, is_side);
		message = random_message(FP_MESSAGE_TRADE);
		expect_domain(&message, AT(trade, side), (uint8_t)side, is_side || side == 0);
		message = random_message(FP_MESSAGE_INSTRUMENT);
		expect_domain(&message, AT(instrument, price_decimals), (uint8_t)side, side <= 9);
	}
}

static void
an_instrument_without_a_name_is_malformed(void **unused)
{
	static const struct {
		struct fp_symbol16 symbol;
		bool is_good;
	} symbols[] = {
		{ { "A" }, true },
		{ { "ABCDEFGHIJKLMNOP" }, true },
		{ { "~!^=+-.0" }, true },
		{ { "" }, false },
		{ { " A" }, false },
		{ { "A " }, false },
		{ { "A B" }, true },
		{ { " " }, false },
		{ { "\x1f" }, false },
		{ { "A\0B" }, false },
		{ { "A\x7f" }, false },
		{ { "\xc3\xa4" }, false },
		{ { "ABCDEFGHIJKLMNO " }, false },
	};

	(void)unused;
	for (uint32_t i = 0; i < COUNT(symbols); i++) {
		struct fp_message message = random_message(FP_MESSAGE_INSTRUMENT);

		message.instrument.symbol = symbols[i].symbol;
		expect_domain(&message, AT(instrument, pad), 0, symbols[i].is_good);
	}
}

static void
what_follows_in_the_stream_is_seen(void **unused)
{
	struct fp_message messages[4];
	struct packet packet = open_packet(7, 1);

	(void)unused;
	for (uint32_t i = 0; i < 4; i++)
		messages[i] = random_message(FP_MESSAGE_GAP);
	receive(&packet);
	assert_int_equal(channel->counters.heartbeats, 1);
	add_message(&packet, &messages[0]);
	add_message(&packet, &messages[1]);
	receive(&packet);
	receive(&packet);
	assert_int_equal(batch.count, 2);
	assert_int_equal(channel->counters.duplicates, 2);
	/* nothing of a copy is looked at */
	packet.bytes[HEADER_BYTES] = 0;
	receive(&packet);
	assert_int_equal(batch.count, 2);
	assert_int_equal(channel->counters.duplicates, 4);
	assert_int_equal(channel->counters.malformed[FP_MALFORMED_MESSAGE_SHORT], 0);

	/* the first was delivered: only its length is looked at */
	packet = open_packet(7, 2);
	for (uint32_t i = 1; i < 4; i++)
		add_message(&packet, &messages[i]);
	packet.bytes[HEADER_BYTES + 2] = FP_MESSAGE_TRADE;
	receive(&packet);
	assert_int_equal(batch.count, 4);
	for (uint32_t i = 0; i < 4; i++)
		expect_at(i, &messages[i]);

	/* a heartbeat reveals a lost tail, another session clears */
	packet = open_packet(7, 9);
	receive(&packet);
	expect_gap_at(4, 5, 4);
	packet = open_packet(8, 1);
	add_message(&packet, &messages[0]);
	receive(&packet);
	assert_int_equal(batch.messages[5].type, FP_MESSAGE_BOOK_CLEAR);
	expect_at(6, &messages[0]);
	assert_int_equal(batch.count, 7);
	assert_int_equal(channel->counters.session_restarts, 1);
	assert_int_equal(channel->counters.messages, 5);
	assert_int_equal(channel->counters.by_type[FP_MESSAGE_GAP], 5);
	assert_int_equal(channel->counters.by_type[FP_MESSAGE_TRADE], 0);
}

static void
an_overlap_that_is_malformed_loses_only_what_is_new(void **unused)
{
	struct fp_message message = random_message(FP_MESSAGE_HEARTBEAT);
	struct packet packet = open_packet(7, 1);

	(void)unused;
	add_message(&packet, &message);
	add_message(&packet, &message);
	receive(&packet);
	/* wrong behind what was delivered, then inside it */
	for (uint32_t wrong = 0; wrong < 2; wrong++) {
		uint64_t next = channel->continuity.next;

		packet = open_packet(7, next - 1);
		for (uint32_t i = 0; i < 3; i++)
			add_message(&packet, &message);
		packet.bytes[HEADER_BYTES + (1 - wrong) * 2 * message.len] = 8;
		batch.count = 0;
		receive(&packet);
		assert_int_equal(batch.count, 1);
		expect_gap_at(0, next, 2);
		assert_int_equal(channel->counters.by_type[FP_MESSAGE_HEARTBEAT], 2);
		assert_int_equal(
			channel->counters.malformed[FP_MALFORMED_MESSAGE_SHORT], wrong + 1);
	}
}

static void
a_batch_without_room_takes_what_fits(void **unused)
{
	struct packet packet = open_packet(7, 1);
	struct fp_datagram burst[3];

	(void)unused;
	for (uint32_t i = 0; i < COUNT(burst); i++)
		burst[i] = (struct fp_datagram){ fp_cspan_over(packet.bytes, packet.len), 0 };
	batch.count = FP_BATCH_MESSAGES - fp_batch_bound(packet.len) + 1;
	assert_int_equal(fp_channel_receive(channel, burst, 3, &batch), 0);
	batch.count--;
	assert_int_equal(fp_channel_receive(channel, burst, 3, &batch), 3);
	assert_int_equal(channel->counters.heartbeats, 3);
}

static void
damaged_packets_never_break_the_books_of_the_channel(void **unused)
{
	uint64_t sum;

	(void)unused;
	for (uint32_t i = 0; i < 200000; i++) {
		struct packet packet = open_packet(7, channel->continuity.next + 1);

		for (uint32_t k = (uint32_t)(next_random() % 6); k > 0; k--) {
			struct fp_message message =
				random_message(types[next_random() % COUNT(types)]);

			add_message(&packet, &message);
		}
		for (uint32_t k = (uint32_t)(next_random() % 4); k > 0; k--) {
			packet.bytes[next_random() % packet.len] ^=
				(uint8_t)(1U << next_random() % 8);
		}
		batch.count = 0;
		receive(&packet);
		assert_true(batch.count <= fp_batch_bound(packet.len));
		for (uint32_t k = 0; k < batch.count; k++) {
			assert_int_equal(
				batch.messages[k].len, fp_message_lengths[batch.messages[k].type]);
		}
	}
	sum = channel->counters.unknown_types;
	for (uint32_t i = 0; i < 256; i++)
		sum += channel->counters.by_type[i];
	assert_int_equal(sum, channel->counters.messages);
	assert_true(channel->counters.malformed[FP_MALFORMED_MESSAGE_FIELD] > 100);
	assert_true(channel->counters.malformed[FP_MALFORMED_MESSAGE_LENGTH] > 100);
}

static void
parameters_and_names_are_what_they_should(void **unused)
{
	struct fp_venue_params params = { .transport = "udp", .max_instruments = 0 };
	struct fp_arena_params room = { "native2", 1 << 16, -1, 0 };
	struct fp_channel *made;
	struct fp_arena *other;
	char text[FP_VENUE_TYPE_BYTES] = "xxxxxxx";

	(void)unused;
	assert_string_equal(channel->venue->transports, "udp");
	assert_int_equal(fp_arena_create(&room, &other), 0);
	assert_int_equal(fp_channel_create("x", 0, channel->venue, &params, other, &made), 0);
	params.transport = "tcp";
	assert_int_equal(fp_channel_create("x", 0, channel->venue, &params, other, &made), -EINVAL);
	fp_arena_destroy(other);
	channel->venue->type_name(FP_MESSAGE_ORDER_ADD, text);
	assert_string_equal(text, "order_add");
	channel->venue->type_name(0x2f, text);
	assert_string_equal(text, "unknown");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_message_arrives_as_it_was_sent),
		TEST(every_message_of_another_length_is_malformed),
		TEST(every_packet_cut_at_every_length_is_malformed),
		TEST(a_header_that_is_wrong_is_rejected),
		TEST(an_unknown_type_is_counted_and_skipped),
		TEST(a_field_outside_its_domain_is_malformed),
		TEST(an_instrument_without_a_name_is_malformed),
		TEST(what_follows_in_the_stream_is_seen),
		TEST(an_overlap_that_is_malformed_loses_only_what_is_new),
		TEST(a_batch_without_room_takes_what_fits),
		TEST(damaged_packets_never_break_the_books_of_the_channel),
		TEST(parameters_and_names_are_what_they_should),
	};

	return cmocka_run_group_tests(tests, setup_group, teardown_group);
}
