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
#include "fp_span.h"

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
 * Find the UDP payload of a frame.
 *
 * @param[in]  frame          From the Ethernet header on, without FCS.
 * @param[in]  verify         Verify the UDP checksum too, when there is one; the IPv4 header's is
 *                            always verified.
 * @param[out] udp            Filled on success.
 * @return FP_DROP_COUNT when the frame is good; else the reason why it is not.
 * @threads Any. No allocation.
 */
enum fp_drop fp_udp_parse(struct fp_cspan frame, bool verify, struct fp_udp *udp);

/**
 * The Internet checksum's sum of @p bytes, added to @p sum and not yet folded or inverted.
 *
 * Bytes are taken in pairs, big-endian; an odd last one is the high half of its pair. @source RFC 1071
 */
uint64_t fp_checksum_add(uint64_t sum, FP_SCOPED struct fp_cspan bytes);

/** Fold a sum to 16 bits; 0xffff is what a correct header or datagram sums up to. */
static inline uint16_t
fp_checksum_fold(uint64_t sum)
{
	sum = (sum & 0xffffffff) + (sum >> 32);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)sum;
}

#ifdef __cplusplus
}
#endif

#endif /* FP_UDP_H */
