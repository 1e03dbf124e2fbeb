/* SPDX-License-Identifier: BSD-3-Clause */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fix_run.h"
#include "fp_counter.h"
#include "fp_panic.h"

struct fp_fix_stream *fix_stream;
static struct fp_arena *arena;

int
fix_run_set_up(void **state)
{
	const struct fp_arena_params params = { "fix_run", fp_fix_stream_bytes(), -1, 0 };

	(void)state;
	if (fp_arena_create(&params, &arena) != 0)
		return -1;
	return fp_fix_stream_create(arena, &fix_stream);
}

int
fix_run_tear_down(void **state)
{
	(void)state;
	fp_arena_destroy(arena);
	return 0;
}

static void
add(struct fix_run *run, const void *bytes, size_t len)
{
	const uint8_t *at = bytes;

	for (size_t i = 0; i < len; i++)
		run->digest = (run->digest ^ at[i]) * UINT64_C(0x100000001b3);
}

/* All that the stream gives now. */
static void
drain(struct fix_run *run)
{
	struct fp_fix_stream_fault fault;
	struct fp_fix_frame frame;
	int error;

	while ((error = fp_fix_stream_next(fix_stream, &frame, &fault)) != -ENODATA) {
		uint64_t end = fp_fix_stream_offset(fix_stream);

		if (error == 0) {
			run->messages++;
			add(run, frame.message.data, frame.message.len);
			add(run, &end, sizeof(end));
			continue;
		}
		FP_ASSERT(error == -EBADMSG);
		if (run->garbled < 8)
			run->faults[run->garbled] = fault;
		run->garbled++;
		add(run, &fault.reason, sizeof(fault.reason));
		add(run, &fault.start, sizeof(fault.start));
		add(run, &fault.offset, sizeof(fault.offset));
	}
}

struct fix_run
fix_run(const uint8_t *bytes, uint32_t len, fix_cut_fn cut, void *arg)
{
	const struct fp_fix_stream_counters *counters = fp_fix_stream_counters(fix_stream);
	struct fp_fix_stream_counters before = *counters;
	struct fix_run run = { .digest = UINT64_C(0xcbf29ce484222325) };

	fp_fix_stream_reset(fix_stream);
	for (uint32_t at = 0; at < len;) {
		uint32_t piece = cut(at, len - at, arg);
		uint8_t *copy = malloc(piece != 0 ? piece : 1);

		FP_ASSERT(copy != NULL && piece <= len - at);
		memcpy(copy, bytes + at, piece);
		fp_fix_stream_feed(fix_stream, fp_cspan_over(copy, piece));
		drain(&run);
		memset(copy, 0xdb, piece);
		free(copy);
		at += piece;
	}
	fp_fix_stream_finish(fix_stream);
	drain(&run);
	run.skipped = counters->skipped - before.skipped;
	FP_ASSERT(counters->bytes - before.bytes == len);
	FP_ASSERT(counters->messages - before.messages == run.messages);
	FP_ASSERT(counters->garbled - before.garbled == run.garbled);
	FP_ASSERT(fp_fix_stream_offset(fix_stream) == len);
	return run;
}

static uint32_t
cut_nowhere(uint32_t at, uint32_t left, void *arg)
{
	(void)at;
	(void)arg;
	return left;
}

static uint32_t
cut_chunks(uint32_t at, uint32_t left, void *arg)
{
	uint32_t chunk = *(uint32_t *)arg;

	(void)at;
	return chunk < left ? chunk : left;
}

static uint32_t
cut_once(uint32_t at, uint32_t left, void *arg)
{
	uint32_t first = *(uint32_t *)arg;

	return at < first ? first - at : left;
}

struct fix_run
fix_run_whole(const uint8_t *bytes, uint32_t len)
{
	return fix_run(bytes, len, cut_nowhere, NULL);
}

struct fix_run
fix_run_chunks(const uint8_t *bytes, uint32_t len, uint32_t chunk)
{
	return fix_run(bytes, len, cut_chunks, &chunk);
}

struct fix_run
fix_run_two(const uint8_t *bytes, uint32_t len, uint32_t first)
{
	return fix_run(bytes, len, cut_once, &first);
}

bool
fix_runs_equal(const struct fix_run *a, const struct fix_run *b)
{
	return a->digest == b->digest && a->messages == b->messages && a->garbled == b->garbled &&
		a->skipped == b->skipped;
}
