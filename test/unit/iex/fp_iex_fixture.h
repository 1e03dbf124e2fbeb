/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * For the tests of the iex venue: a channel, datagrams made by hand, and what is expected of them.
 *
 * Each datagram is received from against an inaccessible page. A message of the batch is compared
 * as a whole, every byte of its wire image, with what is expected. Included once by each test.
 */

#ifndef FP_IEX_FIXTURE_H
#define FP_IEX_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "fp_channel.h"
#include "fp_iex.h"
#include "fp_test_eal.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define DATAGRAM_MAX ((size_t)4096)
#define HEADER_BYTES 40
#define INSTRUMENTS  4
#define SENT         UINT64_C(1493133139388618963)
#define TIME_NS      UINT64_C(0x1122334455667788)
#define TIME_BYTES   0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11
#define ZIEXT        'Z', 'I', 'E', 'X', 'T', ' ', ' ', ' '
#define PRICE_BYTES  0xf0, 0xde, 0xbc, 0x9a, 0x78, 0x56, 0x34, 0x12
#define PRICE                               \
	{                                   \
		INT64_C(0x123456789abcdef0) \
	}
#define BELOW_BYTES 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff
#define SIZE_BYTES  0xfe, 0xff, 0xff, 0xff
#define SIZE                        \
	{                           \
		INT64_C(0xfffffffe) \
	}

/* One message of each kind, of exactly the type's length, about the symbol ZIEXT or about none. */
static const uint8_t system_event[] = { 'S', 'O', TIME_BYTES };
static const uint8_t directory[] = { 'D', 0x80, TIME_BYTES, ZIEXT, 100, 0, 0, 0, PRICE_BYTES, 1 };
static const uint8_t trading_status[] = { 'H', 'H', TIME_BYTES, ZIEXT, 'T', '1', ' ', ' ' };
static const uint8_t retail[] = { 'I', 'A', TIME_BYTES, ZIEXT };
static const uint8_t operational[] = { 'O', 'N', TIME_BYTES, ZIEXT };
static const uint8_t short_sale[] = { 'P', 1, TIME_BYTES, ZIEXT, 'A' };
static const uint8_t security_event[] = { 'E', 'C', TIME_BYTES, ZIEXT };
static const uint8_t buy_level[] = { '8', 1, TIME_BYTES, ZIEXT, SIZE_BYTES, PRICE_BYTES };
static const uint8_t sell_level[] = { '5', 0, TIME_BYTES, ZIEXT, SIZE_BYTES, BELOW_BYTES };
static const uint8_t trade[] = { 'T', 0xa8, TIME_BYTES, ZIEXT, SIZE_BYTES, PRICE_BYTES, 1, 2, 3, 4,
	5, 6, 7, 8 };
static const uint8_t trade_break[] = { 'B', 0x40, TIME_BYTES, ZIEXT, SIZE_BYTES, PRICE_BYTES, 1, 2,
	3, 4, 5, 6, 7, 8 };
static const uint8_t official_price[] = { 'X', 'Q', TIME_BYTES, ZIEXT, PRICE_BYTES };
static const uint8_t quote[] = { 'Q', 0xc0, TIME_BYTES, ZIEXT, SIZE_BYTES, PRICE_BYTES, BELOW_BYTES,
	7, 0, 0, 0 };
static const uint8_t auction[80] = { 'A', 'O', TIME_BYTES, ZIEXT, SIZE_BYTES, PRICE_BYTES };

#define STATUS(kind_of, letter, why)                                                      \
	{                                                                                 \
		.len = FP_MESSAGE_LEN(trading_status), .type = FP_MESSAGE_TRADING_STATUS, \
		.instrument_id = 1, .time_ns = TIME_NS, .trading_status = {               \
			.kind = (kind_of),                                                \
			.status = (letter),                                               \
			.reason = { why }                                                 \
		}                                                                         \
	}

/* What they become; len 0 = nothing. */
static const struct {
	const uint8_t *bytes;
	uint16_t len;
	struct fp_message native;
} kinds[] = {
	{ system_event, sizeof(system_event),
		{ .len = FP_MESSAGE_LEN(trading_status),
			.type = FP_MESSAGE_TRADING_STATUS,
			.time_ns = TIME_NS,
			.trading_status = { .kind = FP_STATUS_SYSTEM, .status = 'O' } } },
	{ directory, sizeof(directory), { 0 } },
	{ trading_status, sizeof(trading_status), STATUS(FP_STATUS_TRADING, 'H', "T1") },
	{ retail, sizeof(retail), STATUS(FP_STATUS_RETAIL, 'A', "") },
	{ operational, sizeof(operational), STATUS(FP_STATUS_OPERATIONAL, 'N', "") },
	{ short_sale, sizeof(short_sale), STATUS(FP_STATUS_SHORT_SALE, '1', "A") },
	{ security_event, sizeof(security_event), STATUS(FP_STATUS_SECURITY, 'C', "") },
	{ buy_level, sizeof(buy_level),
		{ .len = FP_MESSAGE_LEN(level_update),
			.type = FP_MESSAGE_LEVEL_UPDATE,
			.instrument_id = 1,
			.time_ns = TIME_NS,
			.level_update = { .price = PRICE, .quantity = SIZE, .side = 'B' } } },
	{ sell_level, sizeof(sell_level),
		{ .len = FP_MESSAGE_LEN(level_update),
			.type = FP_MESSAGE_LEVEL_UPDATE,
			.instrument_id = 1,
			.time_ns = TIME_NS,
			.level_update = { .price = { -1 },
				.quantity = SIZE,
				.side = 'S',
				.flags = FP_LEVEL_F_PARTIAL } } },
	{ trade, sizeof(trade),
		{ .len = FP_MESSAGE_LEN(trade),
			.type = FP_MESSAGE_TRADE,
			.instrument_id = 1,
			.time_ns = TIME_NS,
			.trade = { .price = PRICE,
				.quantity = SIZE,
				.match_id = UINT64_C(0x0807060504030201),
				.kind = 'T',
				.conditions = 0xa8 } } },
	{ trade_break, sizeof(trade_break),
		{ .len = FP_MESSAGE_LEN(trade),
			.type = FP_MESSAGE_TRADE,
			.instrument_id = 1,
			.time_ns = TIME_NS,
			.trade = { .price = PRICE,
				.quantity = SIZE,
				.match_id = UINT64_C(0x0807060504030201),
				.kind = 'B',
				.conditions = 0x40 } } },
	{ official_price, sizeof(official_price), { 0 } },
	{ quote, sizeof(quote),
		{ .len = FP_MESSAGE_LEN(quote),
			.type = FP_MESSAGE_QUOTE,
			.instrument_id = 1,
			.time_ns = TIME_NS,
			.quote = { .bid_price = PRICE,
				.bid_quantity = SIZE,
				.ask_price = { -1 },
				.ask_quantity = { 7 },
				.flags = FP_QUOTE_F_HALTED } } },
	{ auction, sizeof(auction), { 0 } },
};

/* A datagram that is put together. */
struct datagram {
	uint8_t bytes[DATAGRAM_MAX];
	uint32_t len;
};

static struct fp_arena *arena;
static struct fp_channel *channel;
static struct fp_batch batch;
static uint32_t seen;        /* messages of the batch that were looked at */
static uint8_t *guarded_end; /* the inaccessible page begins here */

/* xorshift: the same values in every run */
static inline uint64_t
next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static inline void
put_le(uint8_t *to, uint64_t value, uint32_t bytes)
{
	for (uint32_t i = 0; i < bytes; i++)
		to[i] = (uint8_t)(value >> (8 * i));
}

static inline uint16_t
get_le16(const uint8_t *from)
{
	return (uint16_t)(from[0] | from[1] << 8);
}

static inline void
set_count(struct datagram *datagram, uint32_t count)
{
	put_le(datagram->bytes + 14, count, 2);
}

/* A heartbeat of session 7 on channel 3 until messages are added; the offset follows from first. */
static inline struct datagram
open_datagram(uint64_t first, uint64_t send_ns)
{
	struct datagram datagram = { { 1, 0, 0x04, 0x80, 3, 0, 0, 0, 7 }, HEADER_BYTES };

	put_le(datagram.bytes + 16, first * 1000, 8);
	put_le(datagram.bytes + 24, first, 8);
	put_le(datagram.bytes + 32, send_ns, 8);
	return datagram;
}

static inline void
set_payload_len(struct datagram *datagram)
{
	put_le(datagram->bytes + 12, datagram->len - HEADER_BYTES, 2);
}

static inline void
add_message(struct datagram *datagram, const uint8_t *message, uint16_t len)
{
	assert_true(datagram->len + 2 + len <= DATAGRAM_MAX);
	put_le(datagram->bytes + datagram->len, len, 2);
	memcpy(datagram->bytes + datagram->len + 2, message, len);
	datagram->len += 2U + len;
	set_count(datagram, get_le16(datagram->bytes + 14) + 1U);
	set_payload_len(datagram);
}

/* A message about another symbol, given with its spaces. */
static inline void
add_about(struct datagram *datagram, const uint8_t *message, uint16_t len, const char *symbol)
{
	add_message(datagram, message, len);
	memcpy(datagram->bytes + datagram->len - len + 10, symbol, 8);
}

/* Hand the datagram to the venue, its last byte before the inaccessible page. */
static inline void
receive_on(const struct datagram *datagram, uint8_t line)
{
	uint8_t *start = guarded_end - datagram->len;
	struct fp_datagram received = { fp_cspan_over(start, datagram->len), line };

	memcpy(start, datagram->bytes, datagram->len);
	assert_int_equal(fp_channel_receive(channel, &received, 1, &batch), 1);
}

static inline void
receive(const struct datagram *datagram)
{
	receive_on(datagram, 0);
}

static inline void
receive_one(uint64_t first, const uint8_t *message, uint16_t len)
{
	struct datagram datagram = open_datagram(first, SENT);

	add_message(&datagram, message, len);
	receive(&datagram);
}

/* The next message of the batch is this one, byte by byte. */
static inline void
expect(const struct fp_message *message)
{
	assert_true(seen < batch.count);
	assert_memory_equal(&batch.messages[seen], message, message->len);
	seen++;
}

static inline void
expect_nothing_more(void)
{
	assert_int_equal(seen, batch.count);
}

static inline void
expect_instrument(uint32_t id, const char *symbol, uint32_t lot)
{
	struct fp_message message = {
		.len = FP_MESSAGE_LEN(instrument),
		.type = FP_MESSAGE_INSTRUMENT,
		.instrument_id = id,
		.time_ns = TIME_NS,
		.instrument = { .lot = lot, .price_decimals = 4 },
	};

	memcpy(message.instrument.symbol.text, symbol, strlen(symbol));
	expect(&message);
}

static inline void
expect_gap(uint64_t first, uint64_t count)
{
	expect(&(struct fp_message){ .len = FP_MESSAGE_LEN(gap),
		.type = FP_MESSAGE_GAP,
		.gap = { .first = first, .count = count } });
}

static inline void
expect_clear(void)
{
	expect(&(struct fp_message){ .len = FP_MESSAGE_LEN(book_clear),
		.type = FP_MESSAGE_BOOK_CLEAR,
		.book_clear = { .reason = FP_CLEAR_SESSION } });
}

static inline void
expect_halt_of(uint32_t id)
{
	expect(&(struct fp_message){ .len = FP_MESSAGE_LEN(trading_status),
		.type = FP_MESSAGE_TRADING_STATUS,
		.instrument_id = id,
		.time_ns = TIME_NS,
		.trading_status = { .kind = FP_STATUS_OPERATIONAL, .status = 'N' } });
}

/* All the counters are as given; byte offsets, which these tests do not follow, aside. */
static inline void
expect_counters(const struct fp_channel_counters *counters)
{
	channel->counters.offset_breaks = counters->offset_breaks;
	for (uint32_t i = 0; i < FP_MALFORMED_COUNT; i++)
		assert_int_equal(channel->counters.malformed[i], counters->malformed[i]);
	for (uint32_t i = 0; i < 256; i++)
		assert_int_equal(channel->counters.by_type[i], counters->by_type[i]);
	assert_memory_equal(&channel->counters, counters, sizeof(*counters));
}

static inline struct fp_iex *
state(void)
{
	return channel->state;
}

static inline int
make_channel(uint32_t max_instruments)
{
	const struct fp_venue *venue = fp_venue_find("iex");
	struct fp_venue_params params = { .transport = NULL, .max_instruments = max_instruments };
	struct fp_arena_params room = { "iex", 0, -1, 0 };

	assert_non_null(venue);
	room.cap = fp_channel_bytes(venue, &params) +
		fp_arena_array_bytes(FP_BATCH_MESSAGES, FP_MESSAGE_MAX_BYTES, 64);
	assert_int_equal(fp_arena_create(&room, &arena), 0);
	assert_int_equal(fp_channel_create("c", 0, venue, &params, arena, &channel), 0);
	assert_int_equal(fp_batch_init(&batch, arena), 0);
	channel->has_line_b = true;
	seen = 0;
	return 0;
}

static inline int
setup(void **unused)
{
	(void)unused;
	return make_channel(INSTRUMENTS);
}

static inline int
teardown(void **unused)
{
	(void)unused;
	fp_arena_destroy(arena);
	return 0;
}

static inline int
setup_group(void **unused)
{
	uint8_t *pages = mmap(
		NULL, 2 * DATAGRAM_MAX, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)unused;
	if (pages == MAP_FAILED || mprotect(pages + DATAGRAM_MAX, DATAGRAM_MAX, PROT_NONE) != 0)
		return -1;
	guarded_end = pages + DATAGRAM_MAX;
	return fp_test_eal_init();
}

static inline int
teardown_group(void **unused)
{
	(void)unused;
	fp_test_eal_fini();
	return munmap(guarded_end - DATAGRAM_MAX, 2 * DATAGRAM_MAX);
}

/* A datagram lost for its contents leaves one gap, one count of the reason and nothing else. */
static inline void
expect_rejected(const struct datagram *datagram, enum fp_malformed reason)
{
	struct fp_channel_counters counters = channel->counters;
	uint64_t first = channel->continuity.next != 0 ? channel->continuity.next : 1;
	uint32_t count = get_le16(datagram->bytes + 14);
	struct fp_iex_symbols symbols = state()->symbols;

	receive(datagram);
	expect_gap(first, count);
	expect_nothing_more();
	counters.datagrams++;
	counters.lines[0].datagrams++;
	counters.malformed[reason]++;
	counters.gaps++;
	counters.lost += count;
	expect_counters(&counters);
	assert_int_equal(state()->symbols.count, symbols.count);
}

/* A datagram whose header is not believed leaves one count of the reason. */
static inline void
expect_header_rejected(const struct datagram *datagram, enum fp_malformed reason)
{
	struct fp_channel_counters counters = channel->counters;
	struct fp_continuity continuity = channel->continuity;

	receive(datagram);
	expect_nothing_more();
	counters.datagrams++;
	counters.lines[0].datagrams++;
	counters.malformed[reason]++;
	expect_counters(&counters);
	assert_memory_equal(&channel->continuity, &continuity, sizeof(continuity));
}

/** A test on a channel of its own. */
#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

#endif /* FP_IEX_FIXTURE_H */
