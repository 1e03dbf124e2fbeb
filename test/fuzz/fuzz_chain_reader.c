/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * The chain reader against the naive one of fp_test_chain_model.h, for libFuzzer: an input is a
 * split and a program. A difference aborts.
 *
 *   segments | length of each | window off, len | bytes | operation, its arguments | ...
 *
 * Each number is one byte; what the input does not have is 0. Each segment lies in heap of its own,
 * so that one byte too far is seen. No EAL, no pool.
 */

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "fp_panic.h"
#include "fp_test_chain_model.h"

/* Nothing longer is needed to cross a boundary. */
#define SEGMENT_BYTES_MAX 16U

/** The rest of the input. */
struct input {
	const uint8_t *data;
	size_t len;
};

/* libFuzzer's name: NOLINTNEXTLINE(readability-identifier-naming) */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t
take(struct input *input)
{
	if (input->len == 0)
		return 0;
	input->len--;
	return *input->data++;
}

/* Small numbers mostly; the last eight are next to where 32 bits and its sign end. */
static uint32_t
take_count(struct input *input)
{
	static const uint32_t limits[] = { 0x7ffffffe, 0x7fffffff, 0x80000000, 0x80000001,
		UINT32_MAX - 16, UINT32_MAX - 2, UINT32_MAX - 1, UINT32_MAX };
	uint8_t byte = take(input);

	return byte < 0xf8 ? byte : limits[byte - 0xf8];
}

static uint32_t
take_lens(struct input *input, uint16_t *lens)
{
	uint32_t count = 1 + take(input) % FP_CHAIN_SEGMENTS_MAX;
	uint32_t total = 0;

	for (uint32_t i = 0; i < count; i++) {
		lens[i] = (uint16_t)(take(input) % (SEGMENT_BYTES_MAX + 1));
		if (total + lens[i] > FP_TEST_CHAIN_BYTES_MAX)
			lens[i] = 0;
		total += lens[i];
	}
	return count;
}

/* What the bytes are does not matter to most operations: few different ones make more hits. */
static void
fill_segments(struct input *input, uint8_t **segments, const uint16_t *lens, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		segments[i] = malloc(lens[i] == 0 ? 1 : lens[i]);
		if (segments[i] == NULL)
			fp_panic("no memory for a segment");
		for (uint16_t k = 0; k < lens[i]; k++)
			segments[i][k] = take(input) & 3;
	}
}

static struct fp_test_chain_step
take_step(struct input *input, uint8_t *needle)
{
	struct fp_test_chain_step step = { .op = take(input) % fp_test_chain_ops() };
	enum fp_test_chain_args args = fp_test_chain_op_args(step.op);
	uint8_t flags;

	step.bytes = needle;
	if (args == FP_TEST_ARGS_COUNT || args == FP_TEST_ARGS_VIEW)
		step.count = take_count(input);
	if (args == FP_TEST_ARGS_VIEW || args == FP_TEST_ARGS_BYTE_VIEW)
		step.room = take(input);
	if (args <= FP_TEST_ARGS_VIEW)
		return step;
	flags = take(input);
	step.is_past = (flags & 1) != 0;
	step.byte = flags >> 1 & 7;
	step.escape = flags >> 4 & 3;
	step.word = (uint16_t)(step.byte | step.escape << 8);
	if (args == FP_TEST_ARGS_BYTES || args == FP_TEST_ARGS_SET) {
		step.bytes_len = flags >> 4;
		for (uint32_t i = 0; i < step.bytes_len; i++)
			needle[i] = take(input) & 7;
	}
	return step;
}

static void
run_program(struct input *input, const struct fp_test_chain *chain)
{
	uint8_t needle[16] = { 0 };
	struct fp_test_chain_pair pair;
	const char *what;

	fp_test_chain_open(&pair, chain);
	what = fp_test_chain_compare(&pair);
	if (what != NULL)
		fp_panic("opened: %s", what);
	while (input->len != 0) {
		struct fp_test_chain_step step = take_step(input, needle);

		what = fp_test_chain_step(&pair, &step);
		if (what != NULL) {
			fp_panic("%s, at %u of %u bytes: %s", fp_test_chain_op_name(step.op),
				pair.pos, chain->len, what);
		}
		/* After a fault nothing happens any more. */
		if (!pair.is_ok)
			fp_test_chain_open(&pair, chain);
	}
}

/* libFuzzer's name: NOLINTNEXTLINE(readability-identifier-naming) */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fp_test_chain chain;
	uint8_t *segments[FP_CHAIN_SEGMENTS_MAX];
	uint16_t lens[FP_CHAIN_SEGMENTS_MAX];
	struct input input = { data, size };
	uint32_t count = take_lens(&input, lens);
	uint32_t total = 0;
	uint8_t off;
	uint8_t len;

	for (uint32_t i = 0; i < count; i++)
		total += lens[i];
	off = take(&input);
	len = take(&input);
	fill_segments(&input, segments, lens, count);
	if (off > total || len > total - off) {
		fp_test_chain_build(&chain, segments, lens, count, 0, UINT32_MAX);
	} else {
		fp_test_chain_build(&chain, segments, lens, count, off, len);
	}
	run_program(&input, &chain);
	for (uint32_t i = 0; i < count; i++)
		free(segments[i]);
	return 0;
}
