/* SPDX-License-Identifier: BSD-3-Clause */

#include "fp_test_chain_ops.h"

/* Searches. */

/* True when what is searched for begins @ahead bytes before the reader; its length. */
typedef bool (*is_hit_fn)(const struct fp_test_chain_pair *pair,
	const struct fp_test_chain_step *step, uint32_t ahead);

static bool
is_byte(const struct fp_test_chain_pair *pair, const struct fp_test_chain_step *step,
	uint32_t ahead)
{
	return ahead < fp_test_chain_remaining(pair) &&
		fp_test_chain_byte(pair, ahead) == step->byte;
}

/* An odd number of escapes directly before it, from the reader on, is none. */
static bool
is_unescaped(const struct fp_test_chain_pair *pair, const struct fp_test_chain_step *step,
	uint32_t ahead)
{
	uint32_t escapes = 0;

	while (escapes < ahead && fp_test_chain_byte(pair, ahead - 1 - escapes) == step->escape)
		escapes++;
	return is_byte(pair, step, ahead) && escapes % 2 == 0;
}

static bool
is_in_set(const struct fp_test_chain_pair *pair, const struct fp_test_chain_step *step,
	uint32_t ahead)
{
	bool is_there = false;

	for (uint32_t i = 0; ahead < fp_test_chain_remaining(pair) && i < step->bytes_len; i++)
		is_there |= fp_test_chain_byte(pair, ahead) == step->bytes[i];
	return is_there;
}

static bool
is_sequence(const struct fp_test_chain_pair *pair, const struct fp_test_chain_step *step,
	uint32_t ahead)
{
	bool is_there = ahead <= fp_test_chain_remaining(pair) &&
		step->bytes_len <= fp_test_chain_remaining(pair) - ahead;

	for (uint32_t i = 0; is_there && i < step->bytes_len; i++)
		is_there = fp_test_chain_byte(pair, ahead + i) == step->bytes[i];
	return is_there;
}

static bool
is_word(const struct fp_test_chain_pair *pair, const struct fp_test_chain_step *step,
	uint32_t ahead)
{
	return ahead % 2 == 0 && fp_test_chain_remaining(pair) >= 2 &&
		ahead <= fp_test_chain_remaining(pair) - 2 &&
		(fp_test_chain_byte(pair, ahead) | fp_test_chain_byte(pair, ahead + 1) << 8) ==
		step->word;
}

/* Bytes before the first hit; -1 when there is none. */
static int64_t
naive_find(const struct fp_test_chain_pair *pair, const struct fp_test_chain_step *step,
	is_hit_fn is_hit)
{
	for (uint32_t ahead = 0; ahead <= fp_test_chain_remaining(pair); ahead++) {
		if (is_hit(pair, step, ahead))
			return ahead;
	}
	return -1;
}

static void
naive_seek(struct fp_test_chain_pair *pair, const struct fp_test_chain_step *step, is_hit_fn is_hit,
	uint32_t hit_len, struct fp_test_chain_answer *answer)
{
	int64_t found = naive_find(pair, step, is_hit);

	answer->result = found >= 0;
	if (found < 0)
		return;
	fp_test_chain_lend(pair, (uint32_t)found, answer);
	pair->pos += (uint32_t)found + (step->is_past ? hit_len : 0);
}

/* A search that lends what is before the hit, and the same that only moves. */
#define SEARCH(name, hit_len, is_hit, ...)                                                  \
	static void run_read_to##name(struct fp_test_chain_pair *pair,                      \
		const struct fp_test_chain_step *step, struct fp_test_chain_answer *answer) \
	{                                                                                   \
		struct fp_chain out;                                                        \
                                                                                            \
		answer->result = fp_chain_reader_try_read_to##name(                         \
			&pair->reader, __VA_ARGS__, step->is_past, &out);                   \
		if (answer->result != 0)                                                    \
			fp_test_chain_lent(pair, out, answer);                              \
	}                                                                                   \
                                                                                            \
	static void naive_read_to##name(struct fp_test_chain_pair *pair,                    \
		const struct fp_test_chain_step *step, struct fp_test_chain_answer *answer) \
	{                                                                                   \
		naive_seek(pair, step, is_hit, hit_len, answer);                            \
	}

#define MOVE(name, ...)                                                                     \
	static void run_advance_to##name(struct fp_test_chain_pair *pair,                   \
		const struct fp_test_chain_step *step, struct fp_test_chain_answer *answer) \
	{                                                                                   \
		answer->result = fp_chain_reader_try_advance_to##name(                      \
			&pair->reader, __VA_ARGS__, step->is_past);                         \
	}                                                                                   \
                                                                                            \
	static void naive_advance_to##name(struct fp_test_chain_pair *pair,                 \
		const struct fp_test_chain_step *step, struct fp_test_chain_answer *answer) \
	{                                                                                   \
		struct fp_test_chain_answer whole = *answer;                                \
                                                                                            \
		naive_read_to##name(pair, step, &whole);                                    \
		answer->result = whole.result;                                              \
	}

#define STEP_BYTES fp_cspan_over(step->bytes, step->bytes_len)

SEARCH(, 1, is_byte, step->byte)
SEARCH(_escaped, 1, is_unescaped, step->byte, step->escape)
SEARCH(_any, 1, is_in_set, STEP_BYTES)
SEARCH(_span, step->bytes_len, is_sequence, STEP_BYTES)
SEARCH(_le16, 2, is_word, step->word)
MOVE(, step->byte)
MOVE(_any, STEP_BYTES)
MOVE(_le16, step->word)

static void
run_view_to(struct fp_test_chain_pair *pair, const struct fp_test_chain_step *step,
	struct fp_test_chain_answer *answer)
{
	struct fp_span room = fp_test_chain_clean(step->room);
	uint32_t off = fp_chain_reader_consumed(&pair->reader);
	struct fp_cspan out;

	answer->result =
		fp_chain_reader_view_to(&pair->reader, step->byte, step->is_past, room, &out);
	if (answer->result == 0)
		fp_test_chain_lent_view(pair, out, off, answer);
	if (!fp_test_chain_is_clean(answer->is_copied ? answer->out_len : 0))
		answer->out_off = UINT32_MAX;
}

static void
naive_view_to(struct fp_test_chain_pair *pair, const struct fp_test_chain_step *step,
	struct fp_test_chain_answer *answer)
{
	int64_t found = naive_find(pair, step, is_byte);

	if (found < 0) {
		answer->result = -ENODATA;
		return;
	}
	fp_test_chain_lend_view(pair, (uint32_t)found, step->room, answer);
	if (answer->result == 0 && step->is_past)
		pair->pos++;
}

static void
run_is_next(struct fp_test_chain_pair *pair, const struct fp_test_chain_step *step,
	struct fp_test_chain_answer *answer)
{
	answer->result = fp_chain_reader_is_next(&pair->reader, step->byte, step->is_past);
}

static void
naive_is_next(struct fp_test_chain_pair *pair, const struct fp_test_chain_step *step,
	struct fp_test_chain_answer *answer)
{
	answer->result = is_byte(pair, step, 0);
	if (answer->result != 0 && step->is_past)
		pair->pos++;
}

static void
run_is_next_span(struct fp_test_chain_pair *pair, const struct fp_test_chain_step *step,
	struct fp_test_chain_answer *answer)
{
	answer->result = fp_chain_reader_is_next_span(&pair->reader, STEP_BYTES, step->is_past);
}

static void
naive_is_next_span(struct fp_test_chain_pair *pair, const struct fp_test_chain_step *step,
	struct fp_test_chain_answer *answer)
{
	answer->result = is_sequence(pair, step, 0);
	if (answer->result != 0 && step->is_past)
		pair->pos += step->bytes_len;
}

static void
run_past(struct fp_test_chain_pair *pair, const struct fp_test_chain_step *step,
	struct fp_test_chain_answer *answer)
{
	answer->result = fp_chain_reader_advance_past(&pair->reader, step->byte);
}

static void
naive_past(struct fp_test_chain_pair *pair, const struct fp_test_chain_step *step,
	struct fp_test_chain_answer *answer)
{
	answer->result = 0;
	for (; is_byte(pair, step, 0); pair->pos++)
		answer->result++;
}

static void
run_past_any(struct fp_test_chain_pair *pair, const struct fp_test_chain_step *step,
	struct fp_test_chain_answer *answer)
{
	answer->result = fp_chain_reader_advance_past_any(&pair->reader, STEP_BYTES);
}

static void
naive_past_any(struct fp_test_chain_pair *pair, const struct fp_test_chain_step *step,
	struct fp_test_chain_answer *answer)
{
	answer->result = 0;
	for (; is_in_set(pair, step, 0); pair->pos++)
		answer->result++;
}

const struct fp_test_chain_op fp_test_chain_searches[] = {
	{ "is_next", FP_TEST_ARGS_BYTE, run_is_next, naive_is_next },
	{ "is_next_span", FP_TEST_ARGS_BYTES, run_is_next_span, naive_is_next_span },
	{ "try_read_to", FP_TEST_ARGS_BYTE, run_read_to, naive_read_to },
	{ "view_to", FP_TEST_ARGS_BYTE_VIEW, run_view_to, naive_view_to },
	{ "try_read_to_escaped", FP_TEST_ARGS_ESCAPE, run_read_to_escaped, naive_read_to_escaped },
	{ "try_read_to_span", FP_TEST_ARGS_BYTES, run_read_to_span, naive_read_to_span },
	{ "try_read_to_any", FP_TEST_ARGS_SET, run_read_to_any, naive_read_to_any },
	{ "try_read_to_le16", FP_TEST_ARGS_WORD, run_read_to_le16, naive_read_to_le16 },
	{ "try_advance_to", FP_TEST_ARGS_BYTE, run_advance_to, naive_advance_to },
	{ "try_advance_to_any", FP_TEST_ARGS_SET, run_advance_to_any, naive_advance_to_any },
	{ "try_advance_to_le16", FP_TEST_ARGS_WORD, run_advance_to_le16, naive_advance_to_le16 },
	{ "advance_past", FP_TEST_ARGS_BYTE, run_past, naive_past },
	{ "advance_past_any", FP_TEST_ARGS_SET, run_past_any, naive_past_any },
	{ NULL, FP_TEST_ARGS_NONE, NULL, NULL },
};
