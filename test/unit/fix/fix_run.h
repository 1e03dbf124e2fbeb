/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * What a stream gives for bytes in one piece and for the same bytes in pieces.
 */

#ifndef FIX_RUN_H
#define FIX_RUN_H

#include "fp_fix_stream.h"

/** What came out of a stream. */
struct fix_run {
	uint64_t digest; /**< Of all messages, faults, their places and their order. */
	uint32_t messages;
	uint32_t garbled;
	uint64_t skipped;
	struct fp_fix_stream_fault faults[8]; /**< The first ones. */
};

/** How bytes are cut: the length of the next piece, of those that are left. */
typedef uint32_t (*fix_cut_fn)(uint32_t at, uint32_t left, void *arg);

/** Make the stream that runs use; EAL has been initialised. */
int fix_run_set_up(void **state);

/** Free it. */
int fix_run_tear_down(void **state);

/** Feed bytes in pieces, each of which is memory of its own and gone before the next comes. */
struct fix_run fix_run(const uint8_t *bytes, uint32_t len, fix_cut_fn cut, void *arg);

/** In one piece. */
struct fix_run fix_run_whole(const uint8_t *bytes, uint32_t len);

/** In pieces of a length; the last may be shorter. */
struct fix_run fix_run_chunks(const uint8_t *bytes, uint32_t len, uint32_t chunk);

/** In two pieces. */
struct fix_run fix_run_two(const uint8_t *bytes, uint32_t len, uint32_t first);

/** True when both gave the same. */
bool fix_runs_equal(const struct fix_run *a, const struct fix_run *b);

/** The stream, for what runs do not do. */
extern struct fp_fix_stream *fix_stream;

#endif /* FIX_RUN_H */
