/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * For the tests of the fix venue: a channel, messages written as text, and what is expected.
 *
 * Messages are written with '|' for the delimiter and without their frame: "35=0|34=1|". Each
 * datagram is received from against an inaccessible page. A message of the batch is compared as a
 * whole, every byte of its wire image, with what is expected. Included once by each test.
 */

#ifndef FP_FIX_FIXTURE_H
#define FP_FIX_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "fp_channel.h"
#include "fp_fix.h"
#include "fp_price_text.h"
#include "fp_test_eal.h"
#include "fp_venues.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define BYTES_MAX   ((size_t)1 << 17)
#define BODY_MAX    ((size_t)64000)
#define INSTRUMENTS 4

/* "20240229-12:00:00" and a second later */
#define SENT    "20240229-12:00:00"
#define SENT_NS UINT64_C(1709208000000000000)
#define LATER   "20240229-12:00:01"

/* Header of most messages, but for their type and number. */
#define SAID "|49=S|56=T|52=" SENT "|"

/* A price of 8 decimals. */
#define PRICE(units)                                  \
	{                                             \
		(int64_t)((units)*INT64_C(100000000)) \
	}

/* Bytes that are put together. */
struct bytes {
	uint8_t data[BYTES_MAX];
	uint32_t len;
};

static struct fp_arena *arena;
static struct fp_channel *channel;
static struct fp_batch batch;
static struct bytes said;
static uint32_t seen;        /* messages of the batch that were looked at */
static uint8_t *guarded_end; /* the inaccessible page begins here */

/* Append bytes as they are, '|' being a delimiter. */
static inline void
add_raw(struct bytes *to, const char *text)
{
	for (; *text != '\0'; text++)
		to->data[to->len++] = *text == '|' ? 1 : (uint8_t)*text;
	assert_true(to->len <= BYTES_MAX);
}

/* Append a message: its frame is added. */
static inline void
add_framed(struct bytes *to, const char *version, const char *body)
{
	uint32_t start = to->len;
	uint8_t sum = 0;
	char text[32];

	snprintf(text, sizeof(text), "8=%s|9=%u|", version, (unsigned int)strlen(body));
	add_raw(to, text);
	add_raw(to, body);
	for (uint32_t i = start; i < to->len; i++)
		sum = (uint8_t)(sum + to->data[i]);
	snprintf(text, sizeof(text), "10=%03u|", sum);
	add_raw(to, text);
}

/* The same of FIX 4.4. */
static inline void
add(struct bytes *to, const char *body)
{
	add_framed(to, "FIX.4.4", body);
}

/* Hand bytes to the venue as one datagram, its last byte before the inaccessible page. */
static inline void
receive_on(const uint8_t *data, uint32_t len, uint8_t line)
{
	uint8_t *start = guarded_end - len;
	struct fp_datagram received = { fp_cspan_over(start, len), line };

	memcpy(start, data, len);
	assert_int_equal(fp_channel_receive(channel, &received, 1, &batch), 1);
}

static inline void
receive(const struct bytes *bytes)
{
	receive_on(bytes->data, bytes->len, 0);
}

/* Hand one message to the venue, in a datagram of its own. */
static inline void
say(const char *body)
{
	said.len = 0;
	add(&said, body);
	receive(&said);
}

/* The next message of the batch is this one, byte by byte. */
static inline void
expect(const struct fp_message *message)
{
	char text[512], wanted[512];

	assert_true(seen < batch.count);
	fp_message_describe(&batch.messages[seen], text, sizeof(text));
	fp_message_describe(message, wanted, sizeof(wanted));
	assert_string_equal(text, wanted);
	assert_memory_equal(&batch.messages[seen], message, message->len);
	seen++;
}

static inline void
expect_nothing_more(void)
{
	assert_int_equal(seen, batch.count);
}

#define EXPECT(NAME, name, id, time, ...)                         \
	expect(&(struct fp_message){ .len = FP_MESSAGE_LEN(name), \
		.type = FP_MESSAGE_##NAME,                        \
		.instrument_id = (id),                            \
		.time_ns = (time),                                \
		.name = { __VA_ARGS__ } })

static inline void
expect_instrument(uint32_t id, const char *symbol)
{
	struct fp_message message = {
		.len = FP_MESSAGE_LEN(instrument),
		.type = FP_MESSAGE_INSTRUMENT,
		.instrument_id = id,
		.time_ns = SENT_NS,
		.instrument = { .price_decimals = 8 },
	};

	memcpy(message.instrument.symbol.text, symbol, strlen(symbol));
	expect(&message);
}

static inline void
expect_gap(uint64_t first, uint64_t count)
{
	EXPECT(GAP, gap, 0, 0, .first = first, .count = count);
}

static inline void
expect_clear(uint32_t id)
{
	EXPECT(BOOK_CLEAR, book_clear, id, id == 0 ? 0 : SENT_NS,
		.reason = id == 0 ? FP_CLEAR_SESSION : FP_CLEAR_VENUE);
}

static inline void
expect_level(uint32_t id, char side, int64_t ticks, int64_t quantity, uint8_t flags)
{
	EXPECT(LEVEL_UPDATE, level_update, id, SENT_NS, .price = { ticks },
		.quantity = { quantity }, .side = (uint8_t)side, .flags = flags);
}

/* All the counters are as given. */
static inline void
expect_counters(const struct fp_channel_counters *counters)
{
	for (uint32_t i = 0; i < FP_MALFORMED_COUNT; i++)
		assert_int_equal(channel->counters.malformed[i], counters->malformed[i]);
	for (uint32_t i = 0; i < 256; i++)
		assert_int_equal(channel->counters.by_type[i], counters->by_type[i]);
	assert_memory_equal(&channel->counters, counters, sizeof(*counters));
}

/* What was said last is lost for its contents: a gap, a count of the reason and nothing else. */
static inline void
expect_rejected(const char *body, enum fp_malformed reason, uint64_t number)
{
	struct fp_channel_counters counters = channel->counters;
	uint32_t count = ((struct fp_fix *)channel->state)->symbols.count;

	say(body);
	expect_gap(number, 1);
	expect_nothing_more();
	counters.datagrams++;
	counters.lines[0].datagrams++;
	counters.malformed[reason]++;
	counters.gaps++;
	counters.lost++;
	expect_counters(&counters);
	assert_int_equal(channel->fault.reason, reason);
	assert_int_equal(((struct fp_fix *)channel->state)->symbols.count, count);
}

static inline int
make_channel(const struct fp_venue_params *params)
{
	const struct fp_venue *venue = fp_venue_find("fix");
	struct fp_arena_params room = { "fix", 0, -1, 0 };

	assert_non_null(venue);
	room.cap = fp_channel_bytes(venue, params) +
		fp_arena_array_bytes(FP_BATCH_MESSAGES, FP_MESSAGE_MAX_BYTES, 64);
	assert_int_equal(fp_arena_create(&room, &arena), 0);
	assert_int_equal(fp_channel_create("c", 0, venue, params, arena, &channel), 0);
	assert_int_equal(fp_batch_init(&batch, arena), 0);
	channel->has_line_b = true;
	seen = 0;
	return 0;
}

static inline int
setup(void **unused)
{
	(void)unused;
	return make_channel(&(struct fp_venue_params){
		.max_instruments = INSTRUMENTS, .price_decimals = FP_VENUE_PRICE_DECIMALS });
}

static inline int
setup_stream(void **unused)
{
	(void)unused;
	return make_channel(&(struct fp_venue_params){ .transport = "stream",
		.max_instruments = INSTRUMENTS,
		.price_decimals = FP_VENUE_PRICE_DECIMALS });
}

static inline int
teardown(void **unused)
{
	(void)unused;
	fp_arena_destroy(arena);
	arena = NULL;
	return 0;
}

static inline int
setup_group(void **unused)
{
	uint8_t *pages = mmap(
		NULL, 2 * BYTES_MAX, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)unused;
	if (pages == MAP_FAILED || mprotect(pages + BYTES_MAX, BYTES_MAX, PROT_NONE) != 0)
		return -1;
	guarded_end = pages + BYTES_MAX;
	return fp_test_eal_init();
}

static inline int
teardown_group(void **unused)
{
	(void)unused;
	fp_test_eal_fini();
	return munmap(guarded_end - BYTES_MAX, 2 * BYTES_MAX);
}

/** A test on a channel of its own: datagrams, or a stream. */
#define TEST(function)        cmocka_unit_test_setup_teardown(function, setup, teardown)
#define TEST_STREAM(function) cmocka_unit_test_setup_teardown(function, setup_stream, teardown)

#endif /* FP_FIX_FIXTURE_H */
