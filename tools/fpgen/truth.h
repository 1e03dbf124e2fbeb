/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef FPGEN_TRUTH_H
#define FPGEN_TRUTH_H

/**
 * @file
 * What really is in the capture: counts, every damage, and which messages never arrived intact.
 *
 * Collected while the capture is written, and written as JSON at its end.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture.h"
#include "mold.h"
#include "options.h"
#include "source.h"

#define TRUTH_BITS_MAX 8

/** Kinds of damage; each is a list in the JSON. */
enum truth_kind {
	TRUTH_LOST,
	TRUTH_DUPLICATED,
	TRUTH_REORDERED,
	TRUTH_TRUNCATED,
	TRUTH_FLIPPED,
	TRUTH_KINDS,
};

/** One damage of one datagram on one line. */
struct truth_damage {
	uint64_t datagram;
	uint64_t first_sequence;
	uint16_t messages;
	uint8_t line_idx;
	uint8_t bit_count;             /**< flipped: bits. */
	uint32_t original_len;         /**< truncated: frame before [bytes]. */
	uint32_t kept_len;             /**< truncated: frame after [bytes]. */
	uint32_t distance;             /**< reordered: how many frames later the other one was. */
	uint64_t swapped_with;         /**< reordered: the other datagram. */
	uint32_t bits[TRUTH_BITS_MAX]; /**< flipped: byte * 8 + bit, bit 0 the lowest, rising. */
};

/** A growing list. */
struct truth_list {
	struct truth_damage *items;
	size_t count;
	size_t cap;
};

/** Sequence numbers, both ends counted. */
struct truth_range {
	uint64_t first;
	uint64_t last;
};

/** All that is known so far. */
struct truth {
	uint64_t datagrams; /**< of the undamaged stream, heartbeats and the end counted. */
	uint64_t heartbeats;
	bool has_end;
	bool is_out_of_memory; /**< a list is not complete. */
	uint64_t messages;
	uint64_t by_type[256];
	uint64_t undelivered[FPGEN_LINES]; /**< messages never intact on this line. */
	uint64_t undelivered_all;          /**< on no line. */
	struct truth_list damage[TRUTH_KINDS];
	struct truth_range *ranges; /**< of undelivered_all. */
	size_t range_count;
	size_t range_cap;
};

/** Note one damage; the item is copied. */
void truth_add(struct truth *truth, enum truth_kind kind, const struct truth_damage *damage);

/** Note a datagram of the undamaged stream, and on which lines it came through intact. */
void truth_datagram(struct truth *truth, const struct mold_datagram *datagram,
	const bool *is_intact, unsigned int lines);

/**
 * Write the JSON.
 *
 * @return 0, or a negative errno; then a line was printed.
 */
int truth_write(const struct truth *truth, const struct fpgen_options *options,
	const struct source *source, const struct capture *capture);

/** Give the lists back. */
void truth_fini(struct truth *truth);

#endif /* FPGEN_TRUTH_H */
