/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef FPGEN_FRAME_H
#define FPGEN_FRAME_H

/**
 * @file
 * Ethernet, VLAN tags, IPv4 and UDP around a payload, with right checksums.
 *
 *   dst 6 | src 6 | (tag 4) (tag 4) | type 2 | IPv4 20 | UDP 8 | payload
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "options.h"

#define FRAME_IP_LEN  20
#define FRAME_UDP_LEN 8
#define FRAME_MAX     (22 + FRAME_IP_LEN + FRAME_UDP_LEN + FPGEN_PAYLOAD_MAX)

/** What all frames of one line have in common. */
struct frame_path {
	struct fpgen_endpoint to; /**< multicast. */
	uint32_t from_ip;
	uint16_t vlans[2];
	unsigned int vlan_count;
	uint16_t ip_id; /**< of the next frame. */
};

/** Where the IPv4 header begins [bytes]. */
static inline size_t
frame_ip_at(const struct frame_path *path)
{
	return 14 + 4 * (size_t)path->vlan_count;
}

/**
 * Build a frame.
 *
 * @param[in,out] path     Its IP id moves on.
 * @param[in]     payload  UDP payload.
 * @param[in]     len      Its length [bytes, 0..FPGEN_PAYLOAD_MAX].
 * @param[out]    frame    Room for FRAME_MAX bytes.
 * @return Length of the frame [bytes].
 */
size_t frame_build(struct frame_path *path, const uint8_t *payload, size_t len, uint8_t *frame);

/** Make the UDP checksum of a frame of frame_build() right for the bytes it now has. */
void frame_fix_udp_checksum(const struct frame_path *path, uint8_t *frame, size_t len);

/**
 * Would a receiver take the frame: both checksums right?
 *
 * A UDP checksum of 0 means "none", which a receiver takes too.
 */
bool frame_is_believed(const struct frame_path *path, const uint8_t *frame, size_t len);

#endif /* FPGEN_FRAME_H */
