/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef FPGEN_MOLD_H
#define FPGEN_MOLD_H

/**
 * @file
 * Messages into MoldUDP64 datagrams.
 *
 *   Session 10 | SequenceNumber u64 | MessageCount u16 | { u16 length, message } ...   big-endian
 *
 * A caller adds messages while they fit, then closes the datagram, sends it and goes on.
 * @source  MoldUDP64 1.00
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "options.h"

#define MOLD_HEADER_LEN 20

/** A closed datagram; valid until the packetiser is used again. */
struct mold_datagram {
	uint64_t idx; /**< in the undamaged stream, heartbeats and the end counted [0..]. */
	uint64_t first_sequence; /**< of its first message, or of the next one when it has none. */
	uint16_t messages;       /**< 0 for a heartbeat and the end of session. */
	const uint8_t *payload;  /**< shape [len]. */
	size_t len;              /**< [bytes]. */
};

/** The datagram being filled. */
struct mold {
	uint64_t next_idx;
	uint64_t first_sequence; /**< of the datagram being filled. */
	size_t len;              /**< header included. */
	size_t cap;
	uint32_t count;
	uint32_t count_cap;
	char session[FPGEN_SESSION_LEN];
	uint8_t payload[FPGEN_PAYLOAD_MAX];
};

/** Begin a session at sequence number 1. */
void mold_init(struct mold *mold, const struct fpgen_options *options);

/** Is there room for a message of @p len bytes in the datagram being filled? */
bool mold_fits(const struct mold *mold, uint16_t len);

/** Append a message that fits. */
void mold_add(struct mold *mold, const uint8_t *message, uint16_t len);

/** Close the datagram being filled and begin the next; without messages it is a heartbeat. */
struct mold_datagram mold_close(struct mold *mold);

/** End of session; nothing may be waiting. */
struct mold_datagram mold_end(struct mold *mold);

#endif /* FPGEN_MOLD_H */
