/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * The iex venue on IEX's published sample of DEEP 1.0 (2017-04-25), which lies beside the project:
 * a classic pcap of whole Ethernet frames whose last record is cut off. Skipped where it is absent.
 *
 * Its eleven restarts all begin with a heartbeat at sequence 1 and offset 0, sent later than all
 * before, under the same session id. Its UDP checksums are those of a sender that leaves them to
 * the network card, so that all but three by chance are wrong; IPv4 header checksums are right.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "fp_channel.h"
#include "fp_iex.h"
#include "fp_test_eal.h"
#include "fp_test_skip.h"

#define CAPTURE FP_SHARED_DIR "/data/iex-deep10.pcap.gz"

#define FILE_HEADER_BYTES   24
#define RECORD_HEADER_BYTES 16
#define PCAP_MAGIC          0xa1b2c3d4U
#define FRAME_MAX           2048
#define ETHERNET_BYTES      14
#define UDP_BYTES           8
#define INSTRUMENTS         16384
#define SYMBOLS             7802

static struct fp_arena *arena;
static struct fp_channel *channel;
static struct fp_batch batch;
static uint64_t native_by_type[256];
static uint64_t partial_levels;
static bool is_named[INSTRUMENTS + 1];

static uint32_t
get_le32(const uint8_t *from)
{
	return from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16 | (uint32_t)from[3] << 24;
}

static uint32_t
get_be16(const uint8_t *from)
{
	return (uint32_t)from[0] << 8 | from[1];
}

/* Count what the venue made of the frame; an instrument is named before it is spoken of. */
static void
look_at_batch(void)
{
	for (uint32_t i = 0; i < batch.count; i++) {
		const struct fp_message *message = &batch.messages[i];

		native_by_type[message->type]++;
		assert_true(message->instrument_id <= SYMBOLS);
		if (message->type == FP_MESSAGE_BOOK_CLEAR) {
			memset(is_named, 0, sizeof(is_named));
		} else if (message->type == FP_MESSAGE_INSTRUMENT) {
			is_named[message->instrument_id] = true;
		} else if (message->instrument_id != 0) {
			assert_true(is_named[message->instrument_id]);
		}
		if (message->type == FP_MESSAGE_LEVEL_UPDATE)
			partial_levels += message->level_update.flags == FP_LEVEL_F_PARTIAL;
	}
	batch.count = 0;
}

/* Hand the UDP payload of an Ethernet frame to the venue; lengths are as the frame says. */
static void
receive_frame(const uint8_t *frame, uint32_t len)
{
	const uint8_t *ip = frame + ETHERNET_BYTES, *udp;
	struct fp_datagram datagram = { .line = 0 };
	uint32_t ip_bytes, udp_bytes;

	assert_true(len >= ETHERNET_BYTES + 20 + UDP_BYTES);
	assert_int_equal(get_be16(frame + 12), 0x0800);
	ip_bytes = (ip[0] & 0xfU) * 4;
	assert_int_equal(ETHERNET_BYTES + get_be16(ip + 2), len);
	assert_int_equal(ip[9], 17);
	udp = ip + ip_bytes;
	udp_bytes = get_be16(udp + 4);
	assert_int_equal(ETHERNET_BYTES + ip_bytes + udp_bytes, len);
	assert_int_equal(get_be16(udp + 2), 16648);
	datagram.payload = fp_cspan_over(udp + UDP_BYTES, udp_bytes - UDP_BYTES);
	assert_int_equal(fp_channel_receive(channel, &datagram, 1, &batch), 1);
	look_at_batch();
}

/* Receive all whole records; returns how many there were. */
static uint64_t
receive_file(FILE *file, uint32_t *cut_bytes)
{
	static uint8_t frame[FRAME_MAX];
	uint8_t header[FILE_HEADER_BYTES];
	uint64_t frames = 0;
	uint32_t len;
	size_t there;

	assert_int_equal(fread(header, 1, FILE_HEADER_BYTES, file), FILE_HEADER_BYTES);
	assert_int_equal(get_le32(header), PCAP_MAGIC);
	assert_int_equal(get_le32(header + 20), 1);
	while (fread(header, 1, RECORD_HEADER_BYTES, file) == RECORD_HEADER_BYTES) {
		len = get_le32(header + 8);
		assert_true(len <= FRAME_MAX);
		assert_int_equal(get_le32(header + 12), len);
		there = fread(frame, 1, len, file);
		if (there != len) {
			*cut_bytes = (uint32_t)there;
			break;
		}
		receive_frame(frame, len);
		frames++;
	}
	return frames;
}

static void
open_channel(void)
{
	const struct fp_venue *venue = fp_venue_find("iex");
	struct fp_venue_params params = { .transport = NULL, .max_instruments = INSTRUMENTS };
	struct fp_arena_params room = { "capture", 0, -1, 0 };

	assert_non_null(venue);
	room.cap = fp_channel_bytes(venue, &params) +
		fp_arena_array_bytes(FP_BATCH_MESSAGES, FP_MESSAGE_MAX_BYTES, 64);
	assert_int_equal(fp_arena_create(&room, &arena), 0);
	assert_int_equal(fp_channel_create("c", 0, venue, &params, arena, &channel), 0);
	assert_int_equal(fp_batch_init(&batch, arena), 0);
}

static void
counts_are_those_of_an_independent_parser(void)
{
	struct fp_channel_counters expected = {
		.datagrams = 121314,
		.heartbeats = 7937,
		.messages = 391999,
		.session_restarts = 11,
		.lines[0].datagrams = 121314,
	};

	expected.by_type['H'] = 93638;
	expected.by_type['O'] = 93638;
	expected.by_type['P'] = 93636;
	expected.by_type['T'] = 83343;
	expected.by_type['5'] = 14627;
	expected.by_type['8'] = 12941;
	expected.by_type['B'] = 73;
	expected.by_type['E'] = 59;
	expected.by_type['S'] = 44;
	for (uint32_t i = 0; i < 256; i++)
		assert_int_equal(channel->counters.by_type[i], expected.by_type[i]);
	assert_int_equal(channel->counters.datagrams, expected.datagrams);
	assert_int_equal(channel->counters.heartbeats, expected.heartbeats);
	assert_int_equal(channel->counters.messages, expected.messages);
	assert_int_equal(channel->counters.session_restarts, expected.session_restarts);
	/* no gap, no duplicate, nothing malformed */
	assert_memory_equal(&channel->counters, &expected, sizeof(expected));
}

static void
the_sample_of_deep_1_0_is_read_whole(void **unused)
{
	const struct fp_iex *iex;
	uint32_t cut_bytes = 0;
	FILE *file;

	(void)unused;
	/* NOLINTNEXTLINE(cert-env33-c): the command is a constant */
	file = popen("exec gzip -dc '" CAPTURE "'", "r");
	assert_non_null(file);
	open_channel();
	assert_int_equal(receive_file(file, &cut_bytes), 121314);
	(void)pclose(file);
	assert_int_equal(cut_bytes, 460);

	counts_are_those_of_an_independent_parser();
	iex = channel->state;
	assert_int_equal(channel->counters.offset_breaks, 0);
	assert_int_equal(iex->symbols.count, SYMBOLS);
	assert_int_equal(
		native_by_type[FP_MESSAGE_TRADING_STATUS], 93638 + 93638 + 93636 + 59 + 44);
	assert_int_equal(native_by_type[FP_MESSAGE_TRADE], 83343 + 73);
	assert_int_equal(native_by_type[FP_MESSAGE_LEVEL_UPDATE], 14627 + 12941);
	assert_int_equal(partial_levels, 567 + 575);
	assert_int_equal(native_by_type[FP_MESSAGE_BOOK_CLEAR], 11);
	assert_int_equal(native_by_type[FP_MESSAGE_GAP], 0);
	fp_arena_destroy(arena);
}

static int
setup_group(void **unused)
{
	(void)unused;
	return fp_test_eal_init();
}

static int
teardown_group(void **unused)
{
	(void)unused;
	fp_test_eal_fini();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_sample_of_deep_1_0_is_read_whole),
	};

	if (fp_test_skips_without(CAPTURE))
		return 0;
	return cmocka_run_group_tests(tests, setup_group, teardown_group);
}
