/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Frames of FIX and the stream of them.
 *
 *    | cut u8 | seed u8 | the stream's bytes |
 *
 * The bytes are framed at their start; then they go through a stream in one piece and in pieces of
 * up to 2^(cut % 8) bytes, each of which is memory of its own and freed before the next: what comes
 * out is the same, each message is a frame whose length and sum are right by a count of the
 * target's own, and all bytes are given, skipped or separators. With cut & 8 the stream is one that
 * passes over the text of a log.
 */

#include "fp_counter.h"
#include "fp_fix_stream.h"
#include "fp_test_eal.h"
#include "fuzz_input.h"

#define SOH 1

/* What came out of a stream. */
struct outcome {
	uint64_t digest;
	uint64_t given; /* bytes of messages */
};

/* Of messages alone, and of a log with text. */
static struct fp_fix_stream *streams[2];

static struct fp_fix_stream *stream;

int
/* NOLINTNEXTLINE(readability-non-const-parameter): the type is libFuzzer's */
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const struct fp_arena_params params = { "fuzz", 2 * fp_fix_stream_bytes(), -1, 0 };
	struct fp_arena *arena;

	(void)argc;
	(void)argv;
	FUZZ_CHECK(fp_test_eal_init() == 0);
	FUZZ_CHECK(fp_arena_create(&params, &arena) == 0);
	FUZZ_CHECK(fp_fix_stream_create(arena, &streams[0]) == 0);
	FUZZ_CHECK(fp_fix_stream_create(arena, &streams[1]) == 0);
	fp_fix_stream_pass_text(streams[1]);
	return 0;
}

static uint32_t
number_of(const uint8_t *digits, uint32_t count)
{
	uint32_t number = 0;

	for (uint32_t i = 0; i < count; i++) {
		FUZZ_CHECK(digits[i] >= '0' && digits[i] <= '9');
		number = number * 10 + digits[i] - '0';
	}
	return number;
}

/* "8=...|9=LEN|35=...|10=ccc|", counted from the front and from the back. */
static void
check_frame(const struct fp_fix_frame *frame)
{
	const uint8_t *bytes = frame->message.data;
	const uint8_t *trailer = bytes + frame->trailer;
	const uint8_t *first = memchr(bytes, SOH, frame->message.len);
	const uint8_t *second;
	uint8_t sum = 0;

	FUZZ_CHECK(memcmp(bytes, "8=FIX", 5) == 0 && first != NULL);
	second = memchr(first + 1, SOH, frame->message.len);
	FUZZ_CHECK(memcmp(first + 1, "9=", 2) == 0 && second + 1 == bytes + frame->body);
	FUZZ_CHECK(number_of(first + 3, (uint32_t)(second - first - 3)) ==
		frame->trailer - frame->body);
	FUZZ_CHECK(memcmp(second + 1, "35=", 3) == 0);
	FUZZ_CHECK(frame->trailer + 7 == frame->message.len && trailer[-1] == SOH);
	for (const uint8_t *at = bytes; at < trailer; at++)
		sum = (uint8_t)(sum + *at);
	FUZZ_CHECK(memcmp(trailer, "10=", 3) == 0 && number_of(trailer + 3, 3) == sum);
	FUZZ_CHECK(trailer[6] == SOH);
}

static void
add(struct outcome *outcome, const void *bytes, size_t len)
{
	const uint8_t *at = bytes;

	for (size_t i = 0; i < len; i++)
		outcome->digest = (outcome->digest ^ at[i]) * UINT64_C(0x100000001b3);
}

static void
drain(struct outcome *outcome)
{
	struct fp_fix_stream_fault fault;
	struct fp_fix_frame frame;
	uint64_t end;
	int error;

	while ((error = fp_fix_stream_next(stream, &frame, &fault)) != -ENODATA) {
		if (error == 0) {
			check_frame(&frame);
			end = fp_fix_stream_offset(stream);
			add(outcome, frame.message.data, frame.message.len);
			add(outcome, &end, sizeof(end));
			outcome->given += frame.message.len;
			continue;
		}
		FUZZ_CHECK(error == -EBADMSG && fault.reason < FP_MALFORMED_COUNT);
		FUZZ_CHECK(fault.start <= fault.offset);
		add(outcome, &fault.reason, sizeof(fault.reason));
		add(outcome, &fault.start, sizeof(fault.start));
		add(outcome, &fault.offset, sizeof(fault.offset));
	}
}

static struct outcome
run(struct fuzz_input input, uint32_t most, uint64_t random)
{
	const struct fp_fix_stream_counters *counters = fp_fix_stream_counters(stream);
	struct outcome outcome = { .digest = UINT64_C(0xcbf29ce484222325) };
	uint64_t len = input.len;
	uint64_t skipped = counters->skipped;
	uint64_t separators = 0;

	for (size_t i = 0; i < input.len; i++)
		separators += input.data[i] == '\n' || input.data[i] == '\r';
	fp_fix_stream_reset(stream);
	while (input.len != 0) {
		struct fuzz_copy copy;

		random = random * UINT64_C(6364136223846793005) + 1442695040888963407;
		copy = fuzz_take_copy(&input, most != 0 ? 1 + (random >> 33) % most : input.len);
		fp_fix_stream_feed(stream, fp_cspan_over(copy.data, copy.len));
		drain(&outcome);
		free(copy.base);
	}
	fp_fix_stream_finish(stream);
	drain(&outcome);
	FUZZ_CHECK(fp_fix_stream_offset(stream) == len);
	skipped = counters->skipped - skipped;
	FUZZ_CHECK(outcome.given + skipped <= len);
	FUZZ_CHECK(stream == streams[1] || outcome.given + skipped + separators >= len);
	add(&outcome, &skipped, sizeof(skipped));
	return outcome;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct fuzz_input input = { data, len };
	uint8_t cut = fuzz_take_u8(&input);
	uint64_t seed = fuzz_take_u8(&input);
	struct fuzz_input rest = input;
	struct fuzz_copy copy = fuzz_take_copy(&rest, rest.len);
	struct fp_fix_fault fault;
	struct fp_fix_frame frame;
	struct outcome whole;
	struct outcome pieces;

	stream = streams[cut >> 3 & 1];
	if (fp_fix_frame(fp_cspan_over(copy.data, copy.len), &frame, &fault) == 0)
		check_frame(&frame);
	free(copy.base);
	whole = run(input, 0, seed);
	pieces = run(input, 1U << cut % 8, seed);
	FUZZ_CHECK(whole.digest == pieces.digest && whole.given == pieces.given);
	return 0;
}
