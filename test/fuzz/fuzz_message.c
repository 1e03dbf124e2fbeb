/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Any bytes as one message of the native wire, and as the header of a packet.
 *
 * What decodes encodes to the same bytes. Any message, decoded or not, is printed within its line,
 * and a line too short for it holds the beginning of the whole one.
 *
 *    | cap u8 | message or packet |
 */

#include "fp_packet.h"
#include "fuzz_input.h"

/* Longer than any line. */
#define LINE_BYTES 1024

static void
check_describe(const struct fp_message *message, uint8_t cap)
{
	char whole[LINE_BYTES];
	size_t whole_len = fp_message_describe(message, whole, sizeof(whole));
	size_t wanted = whole_len < (size_t)cap - 1 ? whole_len : (size_t)cap - 1;
	char *cut = malloc(cap);

	FUZZ_CHECK(cut != NULL);
	/* 512 bytes are promised to be enough. */
	FUZZ_CHECK(whole_len < 512 && strlen(whole) == whole_len);
	FUZZ_CHECK(fp_message_describe(message, cut, cap) == wanted);
	FUZZ_CHECK(memcmp(cut, whole, wanted) == 0 && cut[wanted] == '\0');
	free(cut);
}

static void
check_message(struct fp_cspan view, uint8_t cap)
{
	uint8_t wire[FP_MESSAGE_MAX_BYTES];
	struct fp_writer writer = fp_writer_open(fp_span_over(wire, sizeof(wire)));
	struct fp_message message;
	int error;

	memset(&message, 0, sizeof(message));
	error = fp_message_decode(view, &message);
	FUZZ_CHECK(error == 0 || error == -ENOENT || error == -EBADMSG);
	FUZZ_CHECK(error != -ENOENT || fp_message_lengths[fp_cspan_at(view, 2)] == 0);
	if (error == 0) {
		FUZZ_CHECK(message.len == view.len);
		FUZZ_CHECK(message.len == fp_message_lengths[message.type]);
		fp_message_encode(&writer, &message);
		FUZZ_CHECK(fp_writer_written(&writer) == view.len);
		FUZZ_CHECK(memcmp(wire, view.data, view.len) == 0);
	}
	check_describe(&message, cap);
}

/* Where the header keeps zeros, others may keep something else. */
static void
check_packet(struct fp_cspan view)
{
	struct fp_reader reader = fp_reader_open(view);
	uint8_t wire[FP_PACKET_HEADER_BYTES];
	struct fp_writer writer = fp_writer_open(fp_span_over(wire, sizeof(wire)));
	struct fp_packet_header header;
	int error = fp_packet_decode(&reader, &header);

	FUZZ_CHECK(error == 0 || error == -ENODATA || error == -EBADMSG);
	FUZZ_CHECK((error == -ENODATA) == (view.len < FP_PACKET_HEADER_BYTES));
	FUZZ_CHECK(fp_reader_ok(&reader) == (error != -ENODATA));
	if (error != 0)
		return;
	FUZZ_CHECK(fp_reader_remaining(&reader) == view.len - FP_PACKET_HEADER_BYTES);
	fp_packet_encode(&writer, &header);
	wire[5] = fp_cspan_at(view, 5);
	memcpy(wire + 28, view.data + 28, 4);
	FUZZ_CHECK(memcmp(wire, view.data, sizeof(wire)) == 0);
}

/* Any bytes as a message in memory: what only a decoder of ours would have refused. */
static void
check_memory(const struct fuzz_copy *copy, uint8_t cap)
{
	struct fp_message message;

	memset(&message, 0, sizeof(message));
	memcpy(&message, copy->data, copy->len < sizeof(message) ? copy->len : sizeof(message));
	check_describe(&message, cap);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct fuzz_input input = { data, len };
	uint8_t cap = fuzz_take_u8(&input) | 1;
	struct fuzz_copy copy = fuzz_take_copy(&input, UINT16_MAX);
	struct fp_cspan view = fp_cspan_over(copy.data, copy.len);

	check_message(view, cap);
	check_packet(view);
	if (copy.len != 0)
		check_memory(&copy, cap);
	free(copy.base);
	return 0;
}
