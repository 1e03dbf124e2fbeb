/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Any bytes as an Ethernet frame: fp_udp_parse() judges as a parser that looks at one byte after
 * the other, and its payload is the same bytes of the frame.
 *
 *    | how u8 | frame |
 *
 * how: bit 0 verify the UDP checksum, bit 1 set the IPv4 checksum right first, bit 2 the UDP one.
 */

#include "fp_udp.h"
#include "fuzz_input.h"

#define UDP 17

/* A frame, and where its parts are [bytes]. */
struct frame {
	uint8_t *bytes;
	uint32_t len;
	uint32_t ip;
	uint32_t udp;
	uint32_t ip_end; /* by the IPv4 header's own word */
	uint32_t udp_end;
};

static uint32_t
be16(const struct frame *frame, uint32_t at)
{
	return (uint32_t)frame->bytes[at] << 8 | frame->bytes[at + 1];
}

/* Sum of 16-bit words, folded each time; an odd byte is a high one. */
static uint32_t
ones_sum(const struct frame *frame, uint32_t from, uint32_t to, uint32_t sum)
{
	for (uint32_t at = from; at < to; at++) {
		sum += (at - from) % 2 == 0 ? (uint32_t)frame->bytes[at] << 8 : frame->bytes[at];
		sum = (sum & 0xffff) + (sum >> 16);
	}
	return sum;
}

static uint32_t
udp_sum(const struct frame *frame)
{
	uint32_t sum = ones_sum(frame, frame->ip + 12, frame->ip + 20, UDP);

	sum += frame->udp_end - frame->udp;
	return ones_sum(frame, frame->udp, frame->udp_end, sum);
}

static enum fp_drop
find_ip(struct frame *frame)
{
	uint32_t tags = 0;

	for (frame->ip = 14;; frame->ip += 4) {
		uint32_t type;

		if (frame->len < frame->ip)
			return FP_DROP_ETHERNET_SHORT;
		type = be16(frame, frame->ip - 2);
		if (type == 0x0800)
			return FP_DROP_COUNT;
		if (type != 0x8100 && type != 0x88a8)
			return FP_DROP_NOT_IPV4;
		if (++tags == 3)
			return FP_DROP_VLAN_DEPTH;
	}
}

static enum fp_drop
find_udp(struct frame *frame)
{
	uint32_t present = frame->len - frame->ip;
	uint32_t header_len;
	uint32_t total_len;

	if (present < 20)
		return FP_DROP_IP_SHORT;
	header_len = (frame->bytes[frame->ip] & 0x0fU) * 4;
	total_len = be16(frame, frame->ip + 2);
	if (frame->bytes[frame->ip] >> 4 != 4 || header_len < 20)
		return FP_DROP_IP_HEADER;
	if (header_len > present)
		return FP_DROP_IP_SHORT;
	if (total_len < header_len || total_len > present)
		return FP_DROP_IP_LENGTH;
	frame->udp = frame->ip + header_len;
	frame->ip_end = frame->ip + total_len;
	if (ones_sum(frame, frame->ip, frame->udp, 0) != 0xffff)
		return FP_DROP_IP_CHECKSUM;
	if ((be16(frame, frame->ip + 6) & 0x3fff) != 0)
		return FP_DROP_FRAGMENT;
	return frame->bytes[frame->ip + 9] == UDP ? FP_DROP_COUNT : FP_DROP_NOT_UDP;
}

static enum fp_drop
find_payload(struct frame *frame)
{
	if (frame->ip_end - frame->udp < 8)
		return FP_DROP_UDP_LENGTH;
	frame->udp_end = frame->udp + be16(frame, frame->udp + 4);
	if (frame->udp_end - frame->udp < 8 || frame->udp_end > frame->ip_end)
		return FP_DROP_UDP_LENGTH;
	return FP_DROP_COUNT;
}

/* The reason to drop the frame, or FP_DROP_COUNT with all its parts found. */
static enum fp_drop
judge(struct frame *frame, bool verify)
{
	enum fp_drop reason = find_ip(frame);

	if (reason == FP_DROP_COUNT)
		reason = find_udp(frame);
	if (reason == FP_DROP_COUNT)
		reason = find_payload(frame);
	if (reason == FP_DROP_COUNT && verify && be16(frame, frame->udp + 6) != 0 &&
		udp_sum(frame) != 0xffff)
		reason = FP_DROP_UDP_CHECKSUM;
	return reason;
}

static void
set_checksum(struct frame *frame, uint32_t at, uint32_t sum)
{
	frame->bytes[at] = (uint8_t)(~sum >> 8);
	frame->bytes[at + 1] = (uint8_t)~sum;
}

/* Checksums are the one lock that guesses do not open. */
static void
repair(struct frame *frame, uint8_t how)
{
	enum fp_drop reason = find_ip(frame);

	if (reason != FP_DROP_COUNT)
		return;
	reason = find_udp(frame);
	if ((how & 2) != 0 && reason == FP_DROP_IP_CHECKSUM) {
		set_checksum(frame, frame->ip + 10, 0xffff);
		set_checksum(frame, frame->ip + 10, ones_sum(frame, frame->ip, frame->udp, 0));
		reason = find_udp(frame);
	}
	if ((how & 4) != 0 && reason == FP_DROP_COUNT && find_payload(frame) == FP_DROP_COUNT) {
		set_checksum(frame, frame->udp + 6, 0xffff);
		set_checksum(frame, frame->udp + 6, udp_sum(frame));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct fuzz_input input = { data, len };
	uint8_t how = fuzz_take_u8(&input);
	struct fuzz_copy copy = fuzz_take_copy(&input, SIZE_MAX);
	struct frame frame = { .bytes = copy.data, .len = copy.len };
	bool verify = (how & 1) != 0;
	struct fp_udp parsed;
	enum fp_drop reason;
	enum fp_drop judged;

	memset(&parsed, 0, sizeof(parsed));
	repair(&frame, how);
	reason = fp_udp_parse(fp_cspan_over(copy.data, copy.len), verify, &parsed);
	judged = judge(&frame, verify);
	FUZZ_CHECK(reason == judged);
	if (reason == FP_DROP_COUNT) {
		FUZZ_CHECK(parsed.payload.data == frame.bytes + frame.udp + 8);
		FUZZ_CHECK(parsed.payload.len == frame.udp_end - frame.udp - 8);
		FUZZ_CHECK(parsed.port == be16(&frame, frame.udp + 2));
		FUZZ_CHECK(parsed.destination ==
			(be16(&frame, frame.ip + 16) << 16 | be16(&frame, frame.ip + 18)));
	}
	free(copy.base);
	return 0;
}
