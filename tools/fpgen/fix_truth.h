/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef FPGEN_FIX_TRUTH_H
#define FPGEN_FIX_TRUTH_H

/**
 * @file
 * What a reader of a FIX log must find: intact messages by type, what is missing by the sequence
 * numbers of those, what is not to be believed by its reason, and the books at the end, those of a
 * log without damage.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fix_market.h"
#include "fix_orders.h"
#include "options.h"

/** Sequence numbers of the messages that one kind of fault struck. */
struct fix_truth_list {
	uint64_t *items;
	size_t count;
	size_t cap;
};

/** All that is known so far. */
struct fix_truth {
	uint64_t bytes;   /**< of the log, or of the payloads. */
	uint64_t written; /**< messages, damaged ones included. */
	uint64_t intact;
	uint64_t by_type[128]; /**< of the intact ones. */
	uint64_t gaps;
	uint64_t lost;     /**< messages that are missing in the gaps. */
	uint64_t expected; /**< sequence number of the next intact message. */
	uint64_t stray;    /**< stretches of garbage that follow an intact message. */
	bool is_in_step;   /**< the message before was intact. */
	bool is_out_of_memory;
	struct fix_truth_list faults[FPGEN_FIX_FAULTS];
};

/** Note a message and what was done to it, FPGEN_FIX_FAULTS being nothing. */
void fix_truth_message(
	struct fix_truth *truth, const struct fix_message *message, enum fpgen_fix_fault fault);

/** Note that messages are missing before one, or garbage before it. */
void fix_truth_before(struct fix_truth *truth, uint64_t sequence, enum fpgen_fix_fault fault);

/** Write the JSON. @return 0, or a negative errno; then a line was printed. */
int fix_truth_write(const struct fix_truth *truth, const struct fpgen_options *options,
	const struct fix_market *market, const struct fix_orders *orders);

/** Give the lists back. */
void fix_truth_fini(struct fix_truth *truth);

#endif /* FPGEN_FIX_TRUTH_H */
