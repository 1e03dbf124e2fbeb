/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * The packet of the native wire: one UDP payload, a header and whole messages.
 *
 *    0       4         5       6         8         16         24      26        28     32
 *    | magic | version | zero  | channel | session | sequence | count | payload | zero | send_ns |
 *                                                                                              40
 *
 * Little-endian. The sequence is that of the first message; a packet of count 0 is a heartbeat and
 * its sequence is the next one to come. payload is the length of all messages together.
 */

#ifndef FP_PACKET_H
#define FP_PACKET_H

#include "fp_message.h"

#ifdef __cplusplus
extern "C" {
#endif

/** First four bytes, "FPW1" as text. */
#define FP_PACKET_MAGIC 0x31575046U

/** Version of the wire format. */
#define FP_PACKET_VERSION 1

/** Length of the header [bytes]. */
#define FP_PACKET_HEADER_BYTES 40

/** Longest packet: the UDP payload of a full Ethernet frame [bytes]. */
#define FP_PACKET_MAX_BYTES 1472

/** Header of a packet. */
struct fp_packet_header {
	uint64_t session;      /**< Changes when the publisher starts anew. */
	uint64_t sequence;     /**< Of the first message, from 1. */
	uint64_t send_time_ns; /**< When it was sent [ns since 1970, UTC]. */
	uint16_t channel;      /**< Publisher's number of the channel. */
	uint16_t count;        /**< Messages. */
	uint16_t payload_len;  /**< Of all messages together [bytes]. */
};

/** Write the header: FP_PACKET_HEADER_BYTES bytes. */
FP_HOT_PATH static inline void
fp_packet_encode(struct fp_writer *writer, const struct fp_packet_header *header)
{
	fp_writer_write_le32(writer, FP_PACKET_MAGIC);
	fp_writer_write_u8(writer, FP_PACKET_VERSION);
	fp_writer_write_u8(writer, 0);
	fp_writer_write_le16(writer, header->channel);
	fp_writer_write_le64(writer, header->session);
	fp_writer_write_le64(writer, header->sequence);
	fp_writer_write_le16(writer, header->count);
	fp_writer_write_le16(writer, header->payload_len);
	fp_writer_write_le32(writer, 0);
	fp_writer_write_le64(writer, header->send_time_ns);
}

/**
 * Read the header.
 *
 * @param[in,out] reader  At the start of a packet; left behind the header on success.
 * @param[out]    header  Filled on success.
 * @return 0; -ENODATA fewer than FP_PACKET_HEADER_BYTES bytes; -EBADMSG magic or version differ.
 */
FP_MUST_CHECK FP_HOT_PATH static inline int
fp_packet_decode(struct fp_reader *reader, struct fp_packet_header *header)
{
	uint32_t magic;
	uint8_t version;

	if (!fp_reader_require(reader, FP_PACKET_HEADER_BYTES))
		return -ENODATA;
	magic = fp_reader_read_le32(reader);
	version = fp_reader_read_u8(reader);
	fp_reader_skip(reader, 1);
	header->channel = fp_reader_read_le16(reader);
	header->session = fp_reader_read_le64(reader);
	header->sequence = fp_reader_read_le64(reader);
	header->count = fp_reader_read_le16(reader);
	header->payload_len = fp_reader_read_le16(reader);
	fp_reader_skip(reader, 4);
	header->send_time_ns = fp_reader_read_le64(reader);
	return magic == FP_PACKET_MAGIC && version == FP_PACKET_VERSION ? 0 : -EBADMSG;
}

#ifdef __cplusplus
}
#endif

#endif /* FP_PACKET_H */
