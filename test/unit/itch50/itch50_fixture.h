/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * What the tests of the itch50 driver share: a channel of their own, MoldUDP64 datagrams made byte
 * by byte, and a place for them that ends at an inaccessible page, so that reading one byte too far
 * ends the test.
 *
 * Byte order, offsets and lengths are written out here once more, from the sheet and not from the
 * driver's headers.
 */

#ifndef ITCH50_FIXTURE_H
#define ITCH50_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "fp_channel.h"
#include "fp_test_eal.h"

#define DATAGRAM_MAX    65507
#define MOLD_BYTES      20
#define END_OF_SESSION  0xffff
#define MAX_INSTRUMENTS 100
#define SESSION         "000010059B"
#define OTHER_SESSION   "000010060A"

/** A MoldUDP64 datagram under construction. */
struct mold {
	uint8_t bytes[DATAGRAM_MAX];
	uint32_t len;
};

/** A channel, a batch and a guarded place. */
struct fixture {
	struct fp_arena *arena;
	struct fp_channel *channel;
	struct fp_batch batch;
	struct mold mold;
	uint8_t *guarded;   /* first byte of the accessible pages */
	size_t guarded_cap; /* they end here, inaccessible from there on */
	uint32_t checked;   /* messages of the batch that expect_*() has seen */
};

static inline void
put_be(uint8_t *to, uint64_t value, unsigned int bytes)
{
	for (unsigned int idx = 0; idx < bytes; idx++)
		to[idx] = (uint8_t)(value >> 8 * (bytes - 1 - idx));
}

/** Begin a datagram: header only. */
static inline void
mold_begin(struct mold *mold, const char *session, uint64_t first, uint16_t count)
{
	memcpy(mold->bytes, session, 10);
	put_be(mold->bytes + 10, first, 8);
	put_be(mold->bytes + 18, count, 2);
	mold->len = MOLD_BYTES;
}

/** Append a block that announces @p announced bytes and has @p len. */
static inline void
mold_block(struct mold *mold, uint16_t announced, const uint8_t *message, uint32_t len)
{
	assert_true(mold->len + 2 + len <= DATAGRAM_MAX);
	put_be(mold->bytes + mold->len, announced, 2);
	if (len != 0)
		memcpy(mold->bytes + mold->len + 2, message, len);
	mold->len += 2 + len;
}

/** Append a whole block. */
static inline void
mold_message(struct mold *mold, const uint8_t *message, uint32_t len)
{
	mold_block(mold, (uint16_t)len, message, len);
}

/** The first @p len bytes, copied to end at the inaccessible page. */
static inline struct fp_datagram
guarded_datagram(struct fixture *f, const uint8_t *bytes, uint32_t len, uint8_t line)
{
	uint8_t *at = f->guarded + f->guarded_cap - len;
	struct fp_datagram datagram = { .line = line };

	if (len != 0)
		memcpy(at, bytes, len);
	datagram.payload = fp_cspan_over(at, len);
	return datagram;
}

/** Have the channel receive the first @p len bytes of the fixture's datagram. */
static inline void
receive_cut(struct fixture *f, uint32_t len)
{
	struct fp_datagram datagram = guarded_datagram(f, f->mold.bytes, len, 0);

	assert_int_equal(fp_channel_receive(f->channel, &datagram, 1, &f->batch), 1);
}

/** Have the channel receive the fixture's datagram. */
static inline void
receive(struct fixture *f)
{
	receive_cut(f, f->mold.len);
}

/** Have the channel receive a header without messages. */
static inline void
receive_notice(struct fixture *f, const char *session, uint64_t next, uint16_t count)
{
	mold_begin(&f->mold, session, next, count);
	receive(f);
}

/** The next message of the batch that no test has looked at is just this one. */
static inline void
expect(struct fixture *f, const struct fp_message *message)
{
	assert_true(f->checked < f->batch.count);
	assert_int_equal(f->batch.messages[f->checked].type, message->type);
	assert_memory_equal(&f->batch.messages[f->checked], message, message->len);
	f->checked++;
}

/** The next message is a gap. */
static inline void
expect_gap(struct fixture *f, uint64_t first, uint64_t count)
{
	struct fp_message gap = { .len = 32, .type = FP_MESSAGE_GAP, .gap = { first, count } };

	expect(f, &gap);
}

/** The next message is of that type, whatever it says. */
static inline const struct fp_message *
expect_type(struct fixture *f, enum fp_message_type type)
{
	assert_true(f->checked < f->batch.count);
	assert_int_equal(f->batch.messages[f->checked].type, type);
	return &f->batch.messages[f->checked++];
}

/** No more messages were appended. */
static inline void
expect_nothing(const struct fixture *f)
{
	assert_int_equal(f->batch.count, f->checked);
}

/** Datagrams rejected as malformed, all reasons together. */
static inline uint64_t
count_malformed(const struct fp_channel *channel)
{
	uint64_t sum = 0;

	for (unsigned int reason = 0; reason < FP_MALFORMED_COUNT; reason++)
		sum += channel->counters.malformed[reason];
	return sum;
}

/** Messages counted by type. */
static inline uint64_t
count_typed(const struct fp_channel *channel)
{
	uint64_t sum = 0;

	for (unsigned int type = 0; type < 256; type++)
		sum += channel->counters.by_type[type];
	return sum;
}

/** A channel as at the start of a day. */
static inline void
fixture_reopen(struct fixture *f)
{
	const struct fp_venue_params params = { .max_instruments = MAX_INSTRUMENTS };
	const struct fp_venue *venue = fp_venue_find("itch50");

	assert_non_null(venue);
	fp_arena_reset(f->arena);
	assert_int_equal(fp_channel_create("test", 0, venue, &params, f->arena, &f->channel), 0);
	assert_int_equal(fp_batch_init(&f->batch, f->arena), 0);
	f->checked = 0;
}

static inline int
fixture_setup(void **state)
{
	const struct fp_venue_params venue_params = { .max_instruments = MAX_INSTRUMENTS };
	const struct fp_arena_params params = {
		.name = "itch50",
		.cap = fp_channel_bytes(fp_venue_find("itch50"), &venue_params) +
			fp_arena_array_bytes(FP_BATCH_MESSAGES, sizeof(struct fp_message), 64),
		.socket_id = -1,
	};
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	struct fixture *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	assert_int_equal(fp_arena_create(&params, &f->arena), 0);
	f->guarded_cap = (DATAGRAM_MAX + page - 1) / page * page;
	f->guarded = mmap(NULL, f->guarded_cap + page, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_true(f->guarded != MAP_FAILED);
	assert_int_equal(mprotect(f->guarded + f->guarded_cap, page, PROT_NONE), 0);
	fixture_reopen(f);
	*state = f;
	return 0;
}

static inline int
fixture_teardown(void **state)
{
	struct fixture *f = *state;

	munmap(f->guarded, f->guarded_cap + (size_t)sysconf(_SC_PAGESIZE));
	fp_arena_destroy(f->arena);
	free(f);
	return 0;
}

static inline int
group_setup(void **state)
{
	(void)state;
	return fp_test_eal_init();
}

static inline int
group_teardown(void **state)
{
	(void)state;
	fp_test_eal_fini();
	return 0;
}

/** A test with a channel of its own. */
#define CHANNEL_TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

#endif /* ITCH50_FIXTURE_H */
