/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Inputs for libFuzzer to begin with, from the frames of corpus.c.
 *
 * usage: fuzz_seeds FOLDER      writes FOLDER/TARGET/seed-N for the targets whose inputs are bytes
 *                               of a wire; the folders exist
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "corpus.h"
#include "fp_endian.h"
#include "fp_packet.h"
#include "fp_panic.h"

#define FRAMES        1500
#define STREAM_FRAMES 4
#define HEADERS_BYTES 42
#define VLAN_BYTES    4
#define FILE_BYTES    ((size_t)STREAM_FRAMES * (CORPUS_FRAME_MAX + 3) + 1)

/* A file that is put together. */
struct seed {
	const char *target;
	uint32_t number;
	uint32_t frames;
	size_t len;
	uint8_t bytes[FILE_BYTES];
};

static void
write_seed(const char *folder, struct seed *seed)
{
	char path[512];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s/seed-%u", folder, seed->target, seed->number++);
	file = fopen(path, "wbe");
	if (file == NULL)
		fp_panic("%s cannot be written; make the folder first", path);
	FP_ASSERT(fwrite(seed->bytes, 1, seed->len, file) == seed->len && fclose(file) == 0);
	seed->len = 0;
	seed->frames = 0;
}

static void
put(struct seed *seed, const void *bytes, size_t len)
{
	FP_ASSERT(len <= sizeof(seed->bytes) - seed->len);
	memcpy(seed->bytes + seed->len, bytes, len);
	seed->len += len;
}

static void
put_u8(struct seed *seed, uint8_t byte)
{
	put(seed, &byte, 1);
}

/* A datagram behind others of its stream; some come twice, some on the other line. */
static void
add_datagram(const char *folder, struct seed *seed, const uint8_t *payload, uint16_t len)
{
	uint8_t record[3] = { (uint8_t)(seed->frames % 2) };

	if (seed->frames == 0)
		put_u8(seed, (uint8_t)(7 + 8 * (seed->number % 2)));
	fp_store_le16(record + 1, len);
	put(seed, record, sizeof(record));
	put(seed, payload, len);
	if (++seed->frames == STREAM_FRAMES)
		write_seed(folder, seed);
}

/* A frame with 0, 1 or 2 tags. */
static void
add_frame(const char *folder, struct seed *seed, const uint8_t *frame, uint16_t len)
{
	static const uint8_t tag[VLAN_BYTES] = { 0x81, 0x00, 0x00, 0x07 };

	put_u8(seed, (uint8_t)(seed->number % 8));
	put(seed, frame, 12);
	for (uint32_t i = 0; i < seed->number % 3; i++)
		put(seed, tag, sizeof(tag));
	put(seed, frame + 12, len - 12U);
	write_seed(folder, seed);
}

/* The header of a packet and each of its messages. */
static void
add_messages(const char *folder, struct seed *seed, const uint8_t *packet, uint16_t len)
{
	uint32_t at = FP_PACKET_HEADER_BYTES;

	put_u8(seed, 0xff);
	put(seed, packet, FP_PACKET_HEADER_BYTES);
	write_seed(folder, seed);
	while (at < len) {
		uint16_t message_len = fp_load_le16(packet + at);

		put_u8(seed, (uint8_t)(at % 2 != 0 ? at : 0xff));
		put(seed, packet + at, message_len);
		write_seed(folder, seed);
		at += message_len;
	}
}

int
main(int argc, char **argv)
{
	static struct seed venues[] = { { .target = "itch50" }, { .target = "iex" },
		{ .target = "native" } };
	static struct seed udp = { .target = "udp" };
	static struct seed messages = { .target = "message" };
	struct corpus corpus;

	if (argc != 2) {
		fputs("usage: fuzz_seeds FOLDER\n", stderr);
		return EXIT_FAILURE;
	}
	corpus_init(&corpus, 1);
	for (uint32_t i = 0; i < FRAMES; i++) {
		uint8_t frame[CORPUS_FRAME_MAX];
		uint16_t len = corpus_next(&corpus, frame);
		uint16_t port = fp_load_be16(frame + 36);
		const uint8_t *payload = frame + HEADERS_BYTES;
		uint16_t payload_len = (uint16_t)(len - HEADERS_BYTES);

		add_datagram(argv[1], &venues[port - CORPUS_PORT_ITCH], payload, payload_len);
		if (i < 30)
			add_frame(argv[1], &udp, frame, len);
		if (i < 100 && port == CORPUS_PORT_NATIVE)
			add_messages(argv[1], &messages, payload, payload_len);
	}
	corpus_fini(&corpus);
	return EXIT_SUCCESS;
}
