/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * From an Ethernet frame to the UDP payload, every length checked.
 *
 *    | Ethernet 14 | VLAN 4 | VLAN 4 | IPv4 20..60 | UDP 8 | payload | Ethernet's padding |
 *
 * Up to two tags, IPv4, UDP; nothing is reassembled. What is not used is refused with its reason.
 */

#ifndef FP_UDP_H
#define FP_UDP_H

#include "fp_fault.h"
#include "fp_reader.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Where a datagram came to, and what it carried. */
struct fp_udp {
	uint32_t destination;    /**< IPv4 address [host order]. */
	uint16_t port;           /**< UDP port [host order]. */
	struct fp_cspan payload; /**< Lives as long as the frame's view. */
};

/**
 * The Internet checksum's sum of @p bytes, added to @p sum and not yet folded or inverted.
 *
 * Bytes are taken in pairs, big-endian; an odd last one is the high half of its pair. @source RFC
 * 1071
 */
FP_HOT_PATH uint64_t fp_checksum_add(uint64_t sum, FP_SCOPED struct fp_cspan bytes);

/** Fold a sum to 16 bits; 0xffff is what a correct header or datagram sums up to. */
FP_HOT_PATH static inline uint16_t
fp_checksum_fold(uint64_t sum)
{
	sum = (sum & 0xffffffff) + (sum >> 32);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)sum;
}

/** The same judgement as fp_udp_parse(), for frames of every shape. Not for callers. */
FP_HOT_PATH enum fp_drop
fpi_udp_parse_any(FP_RETAINS struct fp_cspan frame, bool verify, struct fp_udp *udp);

/** The same, by way of a copy: @p udp of an inlined caller stays in registers. */
FP_HOT_PATH static inline enum fp_drop
fpi_udp_parse_copy(FP_RETAINS struct fp_cspan frame, bool verify, struct fp_udp *udp)
{
	struct fp_udp any;
	enum fp_drop reason;

	memset(&any, 0, sizeof(any));
	reason = fpi_udp_parse_any(frame, verify, &any);

	*udp = any;
	return reason;
}

/** A big-endian constant as a little-endian load sees it. */
#define FPI_LE16_OF_BE(value) ((uint16_t)((value) << 8 | (value) >> 8))

/** Ethernet without tags, IPv4 without options, UDP: as nearly every frame begins [bytes]. */
#define FPI_UDP_PLAIN_BYTES 42

/**
 * Find the UDP payload of a frame.
 *
 * @param[in]  frame          From the Ethernet header on, without FCS.
 * @param[in]  verify         Verify the UDP checksum too, when there is one; the IPv4 header's is
 *                            always verified.
 * @param[out] udp            Filled on success.
 * @return FP_DROP_COUNT when the frame is good; else the reason why it is not.
 * @threads Any. No allocation.
 */
FP_HOT_PATH static inline enum fp_drop
fp_udp_parse(FP_RETAINS struct fp_cspan frame, bool verify, struct fp_udp *udp)
{
	struct fp_reader reader = fp_reader_open(frame);
	uint32_t words[5];
	uint64_t sum = 0;
	uint32_t odd;
	uint16_t total_len;
	uint16_t udp_len;
	uint16_t checksum;

	if (FP_UNLIKELY(frame.len < FPI_UDP_PLAIN_BYTES))
		return fpi_udp_parse_copy(frame, verify, udp);
	fp_reader_skip(&reader, 12);
	odd = fp_reader_read_le16(&reader) ^ FPI_LE16_OF_BE(0x0800);
	/* The checksum does not mind the byte order: the header is read once, as words. */
	for (int i = 0; i < 5; i++) {
		words[i] = fp_reader_read_le32(&reader);
		sum += words[i];
	}
	fp_reader_skip(&reader, 2);
	udp->port = fp_reader_read_be16(&reader);
	udp_len = fp_reader_read_be16(&reader);
	checksum = fp_reader_read_le16(&reader);
	total_len = (uint16_t)FPI_BE16((uint16_t)(words[0] >> 16));
	udp->destination = FPI_BE32(words[4]);
	/* What is not just so shows as a bit: IPv4, five words, no fragment, UDP, checksum. */
	odd |= (words[0] & 0xff) ^ 0x45;
	odd |= (words[1] >> 16) & FPI_LE16_OF_BE(0x3fff);
	odd |= (words[2] >> 8 & 0xff) ^ 17;
	odd |= fp_checksum_fold(sum) ^ 0xffffU;
	if (FP_UNLIKELY(odd != 0 || total_len > frame.len - 14 || udp_len < 8 ||
		    udp_len + 20 > total_len || (verify && checksum != 0)))
		return fpi_udp_parse_copy(frame, verify, udp);
	udp->payload = fp_cspan_slice(frame, FPI_UDP_PLAIN_BYTES, (uint32_t)udp_len - 8);
	return FP_DROP_COUNT;
}

#ifdef __cplusplus
}
#endif

#endif /* FP_UDP_H */
