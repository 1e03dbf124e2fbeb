/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef FPGEN_LINE_H
#define FPGEN_LINE_H

/**
 * @file
 * One line of a feed: datagrams go in, frames come out, and on the way they are damaged.
 *
 *   datagram -> lost? -> truncated? or flipped? -> duplicated? -> window -> reordered? -> pcap
 *
 * The window holds the last frames until it is known with which later one the oldest changes
 * places. Whether each kind of damage strikes is drawn for every datagram, wanted or not, and how
 * it strikes from other numbers; so one kind does not change where another one would strike.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture.h"
#include "fp_itch_day_random.h"
#include "frame.h"
#include "mold.h"
#include "options.h"
#include "truth.h"

#define LINE_REACH  4                /* a swap goes this many frames at most */
#define LINE_WINDOW (LINE_REACH + 2) /* a datagram adds two frames at most */

/** A frame that waits. */
struct line_frame {
	uint64_t datagram;
	uint64_t due; /**< when it is sent: its own datagram, or that it was swapped with. */
	uint64_t first_sequence;
	uint16_t messages;
	bool is_to_swap; /**< is to change places when it is the oldest. */
	bool is_swapped; /**< has changed places already. */
	size_t len;
	uint8_t bytes[FRAME_MAX];
};

/** A line under way. */
struct line {
	unsigned int idx; /**< 0 = A, 1 = B. */
	const struct fpgen_options *options;
	struct capture *capture;
	struct truth *truth;
	struct frame_path path;
	struct random_source strikes; /**< one number per datagram and kind of damage. */
	struct random_source details[TRUTH_KINDS]; /**< as many as it takes. */
	unsigned int waiting;
	struct line_frame *window[LINE_WINDOW]; /**< a permutation of frames[], oldest first. */
	struct line_frame frames[LINE_WINDOW];
};

/** Begin a line; all that is pointed to must outlive it. */
void line_init(struct line *line, unsigned int idx, const struct fpgen_options *options,
	struct capture *capture, struct truth *truth);

/** Send a datagram. @return Did it come through intact? */
bool line_send(struct line *line, const struct mold_datagram *datagram);

/** Write all that waits, then @p datagram as it is: the end of session. */
void line_end(struct line *line, const struct mold_datagram *datagram);

/** Write all that waits. */
void line_flush(struct line *line);

#endif /* FPGEN_LINE_H */
