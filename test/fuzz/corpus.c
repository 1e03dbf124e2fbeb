/* SPDX-License-Identifier: BSD-3-Clause */

#include <stdlib.h>
#include <string.h>

#include "corpus.h"
#include "fp_packet.h"
#include "fp_panic.h"
#include "fp_udp.h"

#define HEADERS_BYTES 42
#define IPV4_OFF      14
#define UDP_OFF       34
#define IEX_SYMBOLS   12

/* Type and length of every message of DEEP 1.0 and TOPS 1.6. @source protocols A6 */
static const struct {
	char type;
	uint8_t len;
} iex_messages[] = {
	{ 'S', 10 },
	{ 'D', 31 },
	{ 'H', 22 },
	{ 'I', 18 },
	{ 'O', 18 },
	{ 'P', 19 },
	{ 'E', 18 },
	{ '8', 30 },
	{ '5', 30 },
	{ 'T', 38 },
	{ 'B', 38 },
	{ 'X', 26 },
	{ 'Q', 42 },
	{ 'A', 80 },
	{ '8', 30 },
	{ '5', 30 },
	{ '8', 30 },
	{ '5', 30 },
};

uint64_t
corpus_random(struct corpus *corpus)
{
	uint64_t z = (corpus->random += 0x9e3779b97f4a7c15ULL);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

static void
begin_day(struct corpus *corpus)
{
	const struct fp_itch_day_params params = {
		.seed = corpus->seed++, .messages = 20000, .symbols = 40, .max_live_orders = 400
	};
	int error = fp_itch_day_create(&params, &corpus->day);

	FP_ASSERT(error == 0);
}

void
corpus_init(struct corpus *corpus, uint64_t seed)
{
	*corpus = (struct corpus){
		.random = seed,
		.seed = seed,
		.itch_sequence = 1,
		.iex_sequence = 1,
		.iex_time = 1493000000000000000,
		.native_sequence = 1,
	};
	begin_day(corpus);
}

void
corpus_fini(struct corpus *corpus)
{
	fp_itch_day_destroy(corpus->day);
}

/* MoldUDP64 with up to 40 ITCH messages, or none: a heartbeat. */
static void
write_itch(struct corpus *corpus, struct fp_writer *writer)
{
	uint8_t message[FP_ITCH_DAY_MESSAGE_MAX];
	uint16_t wanted = (uint16_t)(corpus_random(corpus) % 40);
	uint32_t count_pos;
	uint16_t count = 0;

	fp_writer_write_bytes(writer, fp_cspan_over("FUZZ000001", 10));
	fp_writer_write_be64(writer, corpus->itch_sequence);
	count_pos = fp_writer_written(writer);
	fp_writer_write_be16(writer, 0);
	while (count < wanted && fp_writer_room(writer) >= 2 + sizeof(message)) {
		uint16_t len = fp_itch_day_next(corpus->day, message);

		if (len == 0) {
			fp_itch_day_destroy(corpus->day);
			begin_day(corpus);
			continue;
		}
		fp_writer_write_be16(writer, len);
		fp_writer_write_bytes(writer, fp_cspan_over(message, len));
		count++;
	}
	fp_store_be16(writer->data + count_pos, count);
	corpus->itch_sequence += count;
}

static void
write_iex_message(struct corpus *corpus, struct fp_writer *writer, uint8_t type, uint8_t len)
{
	static const char symbols[IEX_SYMBOLS][9] = { "AAPL    ", "ZIEXT   ", "MSFT    ",
		"A       ", "BRK.A   ", "ZVZZT   ", "ZXIET   ", "GOOG    ", "TSLA    ", "IBM     ",
		"ABCDEFGH", "X       " };
	uint32_t end;

	fp_writer_write_le16(writer, len);
	end = fp_writer_written(writer) + len;
	fp_writer_write_u8(writer, type);
	fp_writer_write_u8(writer, (uint8_t)corpus_random(corpus));
	fp_writer_write_le64(writer, corpus->iex_time++);
	if (type != 'S') {
		fp_writer_write_bytes(
			writer, fp_cspan_over(symbols[corpus_random(corpus) % IEX_SYMBOLS], 8));
	}
	if (end - fp_writer_written(writer) >= 12) {
		fp_writer_write_le32(writer, (uint32_t)corpus_random(corpus) % 5 * 100);
		fp_writer_write_le64(writer, 100000 + corpus_random(corpus) % 40 * 100);
	}
	while (fp_writer_written(writer) < end)
		fp_writer_write_u8(writer, (uint8_t)corpus_random(corpus));
}

static void
write_iex(struct corpus *corpus, struct fp_writer *writer)
{
	uint16_t wanted = (uint16_t)(corpus_random(corpus) % 12);
	uint32_t start = fp_writer_written(writer);
	uint16_t payload_len;
	uint16_t count = 0;

	fp_writer_write_zeros(writer, 40);
	for (; count < wanted; count++) {
		size_t pick =
			corpus_random(corpus) % (sizeof(iex_messages) / sizeof(iex_messages[0]));

		write_iex_message(
			corpus, writer, (uint8_t)iex_messages[pick].type, iex_messages[pick].len);
	}
	payload_len = (uint16_t)(fp_writer_written(writer) - start - 40);
	writer->data[start] = 1;
	fp_store_le16(writer->data + start + 2, 0x8004);
	fp_store_le32(writer->data + start + 4, 1);
	fp_store_le32(writer->data + start + 8, 77);
	fp_store_le16(writer->data + start + 12, payload_len);
	fp_store_le16(writer->data + start + 14, count);
	fp_store_le64(writer->data + start + 16, corpus->iex_offset);
	fp_store_le64(writer->data + start + 24, corpus->iex_sequence);
	fp_store_le64(writer->data + start + 32, corpus->iex_time++);
	corpus->iex_offset += payload_len;
	corpus->iex_sequence += count;
}

static void
write_native(struct corpus *corpus, struct fp_writer *writer)
{
	struct fp_packet_header header = {
		.session = 5,
		.sequence = corpus->native_sequence,
		.send_time_ns = corpus->iex_time++,
		.count = (uint16_t)(corpus_random(corpus) % 20),
	};
	uint32_t start = fp_writer_written(writer);
	struct fp_writer headers;

	fp_writer_write_zeros(writer, FP_PACKET_HEADER_BYTES);
	for (uint16_t i = 0; i < header.count; i++) {
		struct fp_message message = { .instrument_id =
						      (uint32_t)(corpus_random(corpus) % 10),
			.time_ns = corpus->iex_time++ };

		do {
			message.type = (uint8_t)(corpus_random(corpus) % 0x40);
		} while (fp_message_lengths[message.type] == 0);
		message.len = fp_message_lengths[message.type];
		/* Small numbers: orders meet each other again. */
		for (size_t off = 0; off < 48; off += 8) {
			fp_store_le64((uint8_t *)&message.heartbeat + off,
				corpus_random(corpus) % 50 + 1);
		}
		if (message.type == FP_MESSAGE_ORDER_ADD)
			message.order_add.side = corpus_random(corpus) % 2 != 0 ? 'B' : 'S';
		if (message.type == FP_MESSAGE_LEVEL_UPDATE)
			message.level_update.side = corpus_random(corpus) % 2 != 0 ? 'B' : 'S';
		fp_message_encode(writer, &message);
	}
	header.payload_len = (uint16_t)(fp_writer_written(writer) - start - FP_PACKET_HEADER_BYTES);
	headers = fp_writer_open(fp_span_over(writer->data + start, FP_PACKET_HEADER_BYTES));
	fp_packet_encode(&headers, &header);
	corpus->native_sequence += header.count;
}

/* Headers in front of a payload that is already in place. */
static void
write_headers(uint8_t *frame, uint16_t payload_len, uint16_t port)
{
	struct fp_writer writer = fp_writer_open(fp_span_over(frame, HEADERS_BYTES));

	fp_writer_write_be16(&writer, 0x0100);
	fp_writer_write_be32(&writer, 0x5e000001);
	fp_writer_write_be16(&writer, 0x0200);
	fp_writer_write_be32(&writer, 1);
	fp_writer_write_be16(&writer, 0x0800);
	fp_writer_write_be16(&writer, 0x4500);
	fp_writer_write_be16(&writer, (uint16_t)(28 + payload_len));
	fp_writer_write_be32(&writer, 0);
	fp_writer_write_be16(&writer, 0x1011);
	fp_writer_write_be16(&writer, 0);
	fp_writer_write_be32(&writer, 0x0a000001);
	fp_writer_write_be32(&writer, CORPUS_GROUP);
	fp_writer_write_be16(&writer, 1);
	fp_writer_write_be16(&writer, port);
	fp_writer_write_be16(&writer, (uint16_t)(8 + payload_len));
	fp_writer_write_be16(&writer, 0);
}

void
corpus_fix_checksums(uint8_t *frame, uint16_t len)
{
	if (len < HEADERS_BYTES)
		return;
	fp_store_be16(frame + UDP_OFF + 6, 0);
	fp_store_be16(frame + IPV4_OFF + 10, 0);
	fp_store_be16(frame + IPV4_OFF + 10,
		(uint16_t)~fp_checksum_fold(
			fp_checksum_add(0, fp_cspan_over(frame + IPV4_OFF, 20))));
}

uint16_t
corpus_next(struct corpus *corpus, uint8_t frame[CORPUS_FRAME_MAX])
{
	static void (*const streams[])(
		struct corpus *, struct fp_writer *) = { write_itch, write_iex, write_native };
	static const uint16_t ports[] = { CORPUS_PORT_ITCH, CORPUS_PORT_IEX, CORPUS_PORT_NATIVE };
	size_t pick = corpus_random(corpus) % 3;
	struct fp_writer writer = fp_writer_open(
		fp_span_over(frame + HEADERS_BYTES, CORPUS_FRAME_MAX - HEADERS_BYTES));
	uint16_t len;

	streams[pick](corpus, &writer);
	len = (uint16_t)(fp_writer_written(&writer) + HEADERS_BYTES);
	write_headers(frame, (uint16_t)(len - HEADERS_BYTES), ports[pick]);
	corpus_fix_checksums(frame, len);
	return len;
}
