/* SPDX-License-Identifier: BSD-3-Clause */

#include "frame.h"

#include <string.h>

#include "fp_itch_day_wire.h"

#define FROM_PORT       26400
#define TYPE_IPV4       0x0800
#define TYPE_VLAN       0x8100
#define TYPE_OUTER_VLAN 0x88a8
#define PROTOCOL_UDP    17
#define IP_CHECKSUM_AT  10
#define UDP_CHECKSUM_AT (FRAME_IP_LEN + 6) /* from the IPv4 header */

/* Sum of 16-bit big-endian words, not folded yet. */
static uint64_t
sum_words(const uint8_t *at, size_t len, uint64_t sum)
{
	for (size_t i = 0; i + 1 < len; i += 2)
		sum += (uint64_t)at[i] << 8 | at[i + 1];
	if ((len & 1) != 0)
		sum += (uint64_t)at[len - 1] << 8;
	return sum;
}

static uint16_t
fold(uint64_t sum)
{
	while (sum >> 16 != 0)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)sum;
}

/* Pseudo header (addresses, protocol, UDP length as its header has it), UDP header and payload. */
static uint16_t
udp_sum(const uint8_t *ip, size_t udp_len)
{
	uint64_t sum = sum_words(ip + 12, 8, PROTOCOL_UDP);

	sum = sum_words(ip + FRAME_IP_LEN + 4, 2, sum);
	return fold(sum_words(ip + FRAME_IP_LEN, udp_len, sum));
}

static uint8_t *
put_ethernet(const struct frame_path *path, uint8_t *at)
{
	at = put_be16(at, 0x0100);
	at = put_be32(at, 0x5e000000 | (path->to.ip & 0x7fffff));
	at = put_be16(at, 0x0200);
	at = put_be32(at, path->from_ip);
	for (unsigned int i = 0; i < path->vlan_count; i++) {
		at = put_be16(at, path->vlan_count == 2 && i == 0 ? TYPE_OUTER_VLAN : TYPE_VLAN);
		at = put_be16(at, path->vlans[i]);
	}
	return put_be16(at, TYPE_IPV4);
}

static uint8_t *
put_ipv4(struct frame_path *path, uint8_t *at, size_t udp_len)
{
	uint8_t *ip = at;

	at = put_u8(at, 0x45);
	at = put_u8(at, 0);
	at = put_be16(at, (unsigned int)(FRAME_IP_LEN + udp_len));
	at = put_be16(at, path->ip_id++);
	at = put_be16(at, 0x4000); /* don't fragment */
	at = put_u8(at, 16);
	at = put_u8(at, PROTOCOL_UDP);
	at = put_be16(at, 0);
	at = put_be32(at, path->from_ip);
	at = put_be32(at, path->to.ip);
	put_be16(ip + IP_CHECKSUM_AT, (uint16_t)~fold(sum_words(ip, FRAME_IP_LEN, 0)));
	return at;
}

size_t
frame_build(struct frame_path *path, const uint8_t *payload, size_t len, uint8_t *frame)
{
	uint8_t *at = put_ethernet(path, frame);

	at = put_ipv4(path, at, FRAME_UDP_LEN + len);
	at = put_be16(at, FROM_PORT);
	at = put_be16(at, path->to.port);
	at = put_be16(at, (unsigned int)(FRAME_UDP_LEN + len));
	at = put_be16(at, 0);
	memcpy(at, payload, len);
	at += len;
	frame_fix_udp_checksum(path, frame, (size_t)(at - frame));
	return (size_t)(at - frame);
}

void
frame_fix_udp_checksum(const struct frame_path *path, uint8_t *frame, size_t len)
{
	uint8_t *ip = frame + frame_ip_at(path);
	uint16_t checksum;

	put_be16(ip + UDP_CHECKSUM_AT, 0);
	checksum = (uint16_t)~udp_sum(ip, len - frame_ip_at(path) - FRAME_IP_LEN);
	put_be16(ip + UDP_CHECKSUM_AT, checksum == 0 ? 0xffff : checksum);
}

bool
frame_is_believed(const struct frame_path *path, const uint8_t *frame, size_t len)
{
	const uint8_t *ip = frame + frame_ip_at(path);
	const uint8_t *checksum = ip + UDP_CHECKSUM_AT;

	if (fold(sum_words(ip, FRAME_IP_LEN, 0)) != 0xffff)
		return false;
	return (checksum[0] == 0 && checksum[1] == 0) ||
		udp_sum(ip, len - frame_ip_at(path) - FRAME_IP_LEN) == 0xffff;
}
