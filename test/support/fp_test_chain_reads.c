/* SPDX-License-Identifier: BSD-3-Clause */

#include "fp_test_chain_ops.h"

static void
latch(struct fp_test_chain_pair *pair)
{
	pair->is_ok = false;
	pair->pos = 0;
}

/* Operations without arguments, and those that take a count. */

static void
run_advance(struct fp_test_chain_pair *pair, const struct fp_test_chain_step *step,
	struct fp_test_chain_answer *answer)
{
	answer->result = fp_chain_reader_advance(&pair->reader, step->count);
}

static void
naive_advance(struct fp_test_chain_pair *pair, const struct fp_test_chain_step *step,
	struct fp_test_chain_answer *answer)
{
	bool is_far = step->count > fp_test_chain_remaining(pair);

	answer->result = is_far ? -ERANGE : 0;
	pair->pos += is_far ? fp_test_chain_remaining(pair) : step->count;
}

static void
run_rewind(struct fp_test_chain_pair *pair, const struct fp_test_chain_step *step,
	struct fp_test_chain_answer *answer)
{
	answer->result = fp_chain_reader_rewind(&pair->reader, step->count);
}

static void
naive_rewind(struct fp_test_chain_pair *pair, const struct fp_test_chain_step *step,
	struct fp_test_chain_answer *answer)
{
	bool is_far = step->count > pair->pos;

	answer->result = is_far ? -ERANGE : 0;
	pair->pos -= is_far ? 0 : step->count;
}

static void
run_to_end(struct fp_test_chain_pair *pair, const struct fp_test_chain_step *step,
	struct fp_test_chain_answer *answer)
{
	(void)step;
	(void)answer;
	fp_chain_reader_advance_to_end(&pair->reader);
}

static void
naive_to_end(struct fp_test_chain_pair *pair, const struct fp_test_chain_step *step,
	struct fp_test_chain_answer *answer)
{
	(void)step;
	(void)answer;
	pair->pos += fp_test_chain_remaining(pair);
}

static void
run_require(struct fp_test_chain_pair *pair, const struct fp_test_chain_step *step,
	struct fp_test_chain_answer *answer)
{
	answer->result = fp_chain_reader_require(&pair->reader, step->count);
}

static void
naive_require(struct fp_test_chain_pair *pair, const struct fp_test_chain_step *step,
	struct fp_test_chain_answer *answer)
{
	answer->result = step->count <= fp_test_chain_remaining(pair);
	if (answer->result == 0)
		latch(pair);
}

static void
run_skip(struct fp_test_chain_pair *pair, const struct fp_test_chain_step *step,
	struct fp_test_chain_answer *answer)
{
	(void)answer;
	fp_chain_reader_skip(&pair->reader, step->count);
}

static void
naive_skip(struct fp_test_chain_pair *pair, const struct fp_test_chain_step *step,
	struct fp_test_chain_answer *answer)
{
	(void)answer;
	if (step->count > fp_test_chain_remaining(pair)) {
		latch(pair);
	} else {
		pair->pos += step->count;
	}
}

static void
run_peek(struct fp_test_chain_pair *pair, const struct fp_test_chain_step *step,
	struct fp_test_chain_answer *answer)
{
	uint8_t value;

	(void)step;
	answer->result = fp_chain_reader_try_peek(&pair->reader, &value);
	if (answer->result != 0)
		answer->value = value;
}

static void
run_peek_at(struct fp_test_chain_pair *pair, const struct fp_test_chain_step *step,
	struct fp_test_chain_answer *answer)
{
	uint8_t value;

	answer->result = fp_chain_reader_try_peek_at(&pair->reader, step->count, &value);
	if (answer->result != 0)
		answer->value = value;
}

static void
naive_peek_at(struct fp_test_chain_pair *pair, const struct fp_test_chain_step *step,
	struct fp_test_chain_answer *answer)
{
	answer->result = step->count < fp_test_chain_remaining(pair);
	if (answer->result != 0)
		answer->value = fp_test_chain_byte(pair, step->count);
}

static void
naive_peek(struct fp_test_chain_pair *pair, const struct fp_test_chain_step *step,
	struct fp_test_chain_answer *answer)
{
	struct fp_test_chain_step next = *step;

	next.count = 0;
	naive_peek_at(pair, &next, answer);
}

/* The destination shows what was written. */
static void
run_read_into(struct fp_test_chain_pair *pair, const struct fp_test_chain_step *step,
	struct fp_test_chain_answer *answer)
{
	uint32_t count = RTE_MIN(step->count, FP_TEST_CHAIN_BYTES_MAX);
	uint32_t off = fp_chain_reader_consumed(&pair->reader);

	(void)fp_test_chain_clean(0);
	fp_chain_reader_read_into(&pair->reader, fp_test_chain_scratch, count);
	answer->result = fp_test_chain_is_clean(count);
	if (fp_chain_reader_ok(&pair->reader)) {
		fp_test_chain_lent_view(
			pair, fp_cspan_over(fp_test_chain_scratch, count), off, answer);
		return;
	}
	for (uint32_t i = 0; i < count; i++)
		answer->result &= fp_test_chain_scratch[i] == 0;
}

static void
naive_read_into(struct fp_test_chain_pair *pair, const struct fp_test_chain_step *step,
	struct fp_test_chain_answer *answer)
{
	uint32_t count = RTE_MIN(step->count, FP_TEST_CHAIN_BYTES_MAX);

	answer->result = 1;
	if (count > fp_test_chain_remaining(pair))
		latch(pair);
	if (!pair->is_ok)
		return;
	fp_test_chain_lend(pair, count, answer);
	answer->is_copied = true;
	pair->pos += count;
}

static void
run_copy(struct fp_test_chain_pair *pair, const struct fp_test_chain_step *step,
	struct fp_test_chain_answer *answer)
{
	uint32_t count = RTE_MIN(step->count, FP_TEST_CHAIN_BYTES_MAX);

	answer->result = fp_chain_reader_try_copy(&pair->reader, fp_test_chain_clean(count));
	if (answer->result != 0) {
		fp_test_chain_lent_view(pair, fp_cspan_over(fp_test_chain_scratch, count),
			fp_chain_reader_consumed(&pair->reader), answer);
	}
	if (!fp_test_chain_is_clean(answer->result != 0 ? count : 0))
		answer->out_off = UINT32_MAX;
}

static void
naive_copy(struct fp_test_chain_pair *pair, const struct fp_test_chain_step *step,
	struct fp_test_chain_answer *answer)
{
	uint32_t count = RTE_MIN(step->count, FP_TEST_CHAIN_BYTES_MAX);

	answer->result = count <= fp_test_chain_remaining(pair);
	if (answer->result != 0)
		fp_test_chain_lend(pair, count, answer);
	answer->is_copied = answer->result != 0;
}

static void
run_slice(struct fp_test_chain_pair *pair, const struct fp_test_chain_step *step,
	struct fp_test_chain_answer *answer)
{
	struct fp_chain out;

	answer->result = fp_chain_reader_try_slice(&pair->reader, step->count, &out);
	if (answer->result != 0)
		fp_test_chain_lent(pair, out, answer);
}

static void
naive_slice(struct fp_test_chain_pair *pair, const struct fp_test_chain_step *step,
	struct fp_test_chain_answer *answer)
{
	answer->result = step->count <= fp_test_chain_remaining(pair);
	if (answer->result == 0)
		return;
	fp_test_chain_lend(pair, step->count, answer);
	pair->pos += step->count;
}

static void
run_view(struct fp_test_chain_pair *pair, const struct fp_test_chain_step *step,
	struct fp_test_chain_answer *answer)
{
	struct fp_span room = fp_test_chain_clean(step->room);
	uint32_t off = fp_chain_reader_consumed(&pair->reader);
	struct fp_cspan out;

	answer->result = fp_chain_reader_view(&pair->reader, step->count, room, &out);
	if (answer->result == 0)
		fp_test_chain_lent_view(pair, out, off, answer);
	if (!fp_test_chain_is_clean(answer->is_copied ? step->count : 0))
		answer->out_off = UINT32_MAX;
}

static void
naive_view(struct fp_test_chain_pair *pair, const struct fp_test_chain_step *step,
	struct fp_test_chain_answer *answer)
{
	if (step->count > fp_test_chain_remaining(pair)) {
		answer->result = -ENODATA;
	} else {
		fp_test_chain_lend_view(pair, step->count, step->room, answer);
	}
}

/* Integers. */

static uint64_t
naive_integer(struct fp_test_chain_pair *pair, uint32_t bytes, bool is_big)
{
	uint64_t value = 0;

	for (uint32_t i = 0; i < bytes; i++)
		value = value << 8 | fp_test_chain_byte(pair, is_big ? i : bytes - 1 - i);
	pair->pos += bytes;
	return value;
}

/* A type takes no parentheses: NOLINTBEGIN(bugprone-macro-parentheses) */
#define INTEGER(name, type, bytes, is_big)                                                  \
	static void run_try_##name(struct fp_test_chain_pair *pair,                         \
		const struct fp_test_chain_step *step, struct fp_test_chain_answer *answer) \
	{                                                                                   \
		type value;                                                                 \
                                                                                            \
		(void)step;                                                                 \
		answer->result = fp_chain_reader_try_##name(&pair->reader, &value);         \
		if (answer->result != 0)                                                    \
			answer->value = value;                                              \
	}                                                                                   \
                                                                                            \
	static void naive_try_##name(struct fp_test_chain_pair *pair,                       \
		const struct fp_test_chain_step *step, struct fp_test_chain_answer *answer) \
	{                                                                                   \
		(void)step;                                                                 \
		answer->result = fp_test_chain_remaining(pair) >= (bytes);                  \
		if (answer->result != 0)                                                    \
			answer->value = naive_integer(pair, bytes, is_big);                 \
	}                                                                                   \
                                                                                            \
	static void run_read_##name(struct fp_test_chain_pair *pair,                        \
		const struct fp_test_chain_step *step, struct fp_test_chain_answer *answer) \
	{                                                                                   \
		(void)step;                                                                 \
		answer->value = fp_chain_reader_read_##name(&pair->reader);                 \
	}                                                                                   \
                                                                                            \
	static void naive_read_##name(struct fp_test_chain_pair *pair,                      \
		const struct fp_test_chain_step *step, struct fp_test_chain_answer *answer) \
	{                                                                                   \
		(void)step;                                                                 \
		if (fp_test_chain_remaining(pair) < (bytes))                                \
			latch(pair);                                                        \
		answer->value = pair->is_ok ? naive_integer(pair, bytes, is_big) : 0;       \
	}

INTEGER(u8, uint8_t, 1, false)
INTEGER(le16, uint16_t, 2, false)
INTEGER(le32, uint32_t, 4, false)
INTEGER(le64, uint64_t, 8, false)
INTEGER(be16, uint16_t, 2, true)
INTEGER(be32, uint32_t, 4, true)
INTEGER(be48, uint64_t, 6, true)
INTEGER(be64, uint64_t, 8, true)
/* NOLINTEND(bugprone-macro-parentheses) */

#define INTEGER_OPS(name)                                                            \
	{ "try_" #name, FP_TEST_ARGS_NONE, run_try_##name, naive_try_##name },       \
	{                                                                            \
		"read_" #name, FP_TEST_ARGS_NONE, run_read_##name, naive_read_##name \
	}

const struct fp_test_chain_op fp_test_chain_reads[] = {
	INTEGER_OPS(u8),
	INTEGER_OPS(le16),
	INTEGER_OPS(le32),
	INTEGER_OPS(le64),
	INTEGER_OPS(be16),
	INTEGER_OPS(be32),
	INTEGER_OPS(be48),
	INTEGER_OPS(be64),
	{ "advance", FP_TEST_ARGS_COUNT, run_advance, naive_advance },
	{ "rewind", FP_TEST_ARGS_COUNT, run_rewind, naive_rewind },
	{ "advance_to_end", FP_TEST_ARGS_NONE, run_to_end, naive_to_end },
	{ "require", FP_TEST_ARGS_COUNT, run_require, naive_require },
	{ "skip", FP_TEST_ARGS_COUNT, run_skip, naive_skip },
	{ "try_peek", FP_TEST_ARGS_NONE, run_peek, naive_peek },
	{ "try_peek_at", FP_TEST_ARGS_COUNT, run_peek_at, naive_peek_at },
	{ "read_into", FP_TEST_ARGS_COUNT, run_read_into, naive_read_into },
	{ "try_copy", FP_TEST_ARGS_COUNT, run_copy, naive_copy },
	{ "try_slice", FP_TEST_ARGS_COUNT, run_slice, naive_slice },
	{ "view", FP_TEST_ARGS_VIEW, run_view, naive_view },
	{ NULL, FP_TEST_ARGS_NONE, NULL, NULL },
};
