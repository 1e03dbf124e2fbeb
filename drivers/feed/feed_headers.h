/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Ethernet, IPv4 and UDP headers as the feeds without a NIC write them: multicast, no VLAN tag, no
 * fragment, no UDP checksum.
 */

#ifndef FEED_HEADERS_H
#define FEED_HEADERS_H

#include "fp_span_endian.h"
#include "fp_udp.h"
#include "fp_writer.h"

#define FEED_ETHERNET_BYTES 14
#define FEED_IPV4_BYTES     20
#define FEED_UDP_BYTES      8
#define FEED_HEADERS_BYTES  (FEED_ETHERNET_BYTES + FEED_IPV4_BYTES + FEED_UDP_BYTES)

/** Longest UDP payload of an Ethernet frame of the usual size [bytes]. */
#define FEED_PAYLOAD_MAX 1472

#define FEED_SOURCE_ADDRESS 0xc6336401 /* 198.51.100.1, for documentation */
#define FEED_TTL            16
#define FEED_PROTOCOL_UDP   17
#define FEED_CHECKSUM_OFF   10 /* in the IPv4 header */

/**
 * Write the headers of a frame.
 *
 * @param[in,out] writer       Room for FEED_HEADERS_BYTES.
 * @param[in]     group        Destination, a multicast address [host order].
 * @param[in]     udp_port     Destination, and source.
 * @param[in]     payload_len  UDP payload [bytes, 0..FEED_PAYLOAD_MAX].
 */
static inline void
feed_write_headers(
	struct fp_writer *writer, uint32_t group, uint16_t udp_port, uint16_t payload_len)
{
	uint16_t total_len = (uint16_t)(FEED_IPV4_BYTES + FEED_UDP_BYTES + payload_len);
	struct fp_writer header;
	struct fp_span ipv4;

	fp_writer_write_be16(writer, 0x0100); /* multicast 01:00:5e and 23 bits of the group */
	fp_writer_write_be32(writer, 0x5e000000 | (group & 0x7fffff));
	fp_writer_write_be16(writer, 0x0200);
	fp_writer_write_be32(writer, FEED_SOURCE_ADDRESS);
	fp_writer_write_be16(writer, 0x0800);

	ipv4 = fp_span_slice(fp_writer_rest(writer), 0, FEED_IPV4_BYTES);
	header = fp_writer_open(ipv4);
	fp_writer_write_be16(&header, 0x4500);
	fp_writer_write_be16(&header, total_len);
	fp_writer_write_be32(&header, 0x00004000); /* don't fragment */
	fp_writer_write_u8(&header, FEED_TTL);
	fp_writer_write_u8(&header, FEED_PROTOCOL_UDP);
	fp_writer_write_be16(&header, 0);
	fp_writer_write_be32(&header, FEED_SOURCE_ADDRESS);
	fp_writer_write_be32(&header, group);
	fp_span_write_be16(fp_span_slice(ipv4, FEED_CHECKSUM_OFF, 2),
		(uint16_t)~fp_checksum_fold(fp_checksum_add(0, fp_span_const(ipv4))));
	fp_writer_commit(writer, FEED_IPV4_BYTES);

	fp_writer_write_be16(writer, udp_port);
	fp_writer_write_be16(writer, udp_port);
	fp_writer_write_be16(writer, (uint16_t)(FEED_UDP_BYTES + payload_len));
	fp_writer_write_be16(writer, 0);
}

#endif /* FEED_HEADERS_H */
