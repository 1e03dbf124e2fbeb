/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Valid frames of every venue, endlessly: what the fuzzers then damage.
 */

#ifndef CORPUS_H
#define CORPUS_H

#include <stdint.h>

#include "fp_itch_day.h"

/** Longest frame that is made: Ethernet, IPv4, UDP and 1,472 bytes [bytes]. */
#define CORPUS_FRAME_MAX 1514

/** Destination ports of the three streams; their group is CORPUS_GROUP. */
#define CORPUS_PORT_ITCH   20001
#define CORPUS_PORT_IEX    20002
#define CORPUS_PORT_NATIVE 20003
#define CORPUS_GROUP       0xe9000001

/** Streams under way. */
struct corpus {
	uint64_t random; /**< State of the generator of numbers. */
	uint64_t seed;   /**< Of the ITCH day. */
	struct fp_itch_day *day;
	uint64_t itch_sequence;
	uint64_t iex_sequence;
	uint64_t iex_offset;
	uint64_t iex_time;
	uint64_t native_sequence;
};

/** Begin all streams. */
void corpus_init(struct corpus *corpus, uint64_t seed);

/** Free what corpus_init() made. */
void corpus_fini(struct corpus *corpus);

/** A random number (splitmix64). */
uint64_t corpus_random(struct corpus *corpus);

/**
 * Make the next frame of a random stream, correct in every field.
 *
 * @return Its length [bytes]; checksums are right, the UDP one is 0 (none) in half of the frames.
 */
uint16_t corpus_next(struct corpus *corpus, uint8_t frame[CORPUS_FRAME_MAX]);

/** Set the IPv4 header checksum right again, and the UDP checksum to none. */
void corpus_fix_checksums(uint8_t *frame, uint16_t len);

#endif /* CORPUS_H */
