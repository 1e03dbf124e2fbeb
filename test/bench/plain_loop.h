/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * The loop that people write without a library: receive a burst, cast, free. Nothing is leased,
 * nothing is bounded but what a careful author would check once: the datagram's length, its
 * sequence, and that each message ends inside it.
 */

#ifndef PLAIN_LOOP_H
#define PLAIN_LOOP_H

#include "worker.h"

/** The loop's state. */
struct plain_loop {
	uint16_t port_id;
	uint16_t queue_id;
	uint64_t next_sequence;
	uint64_t packets;
	uint64_t messages;
	uint64_t gaps;
	uint64_t sum; /**< Of all integer fields: the work that cannot be left out. */
};

/** Poll what the queue receives. */
void plain_loop_init(struct plain_loop *loop, const struct worker_queue *queue);

/** Forget the counts, and where the sequence was: others polled meanwhile. */
void plain_loop_begin(struct plain_loop *loop);

/** One burst: receive and free. */
void plain_loop_free(struct plain_loop *loop);

/** One burst: receive, cast, sum, free. */
void plain_loop_cast(struct plain_loop *loop);

#endif /* PLAIN_LOOP_H */
