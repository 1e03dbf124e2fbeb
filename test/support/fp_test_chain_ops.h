/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * What the files of the chain reader's model share; tests include fp_test_chain_model.h.
 */

#ifndef FP_TEST_CHAIN_OPS_H
#define FP_TEST_CHAIN_OPS_H

#include "fp_test_chain_model.h"

/** What an operation did. Lent bytes are given by their place in the chain. */
struct fp_test_chain_answer {
	int64_t result; /**< What it returned: a bool, a count, 0 or an error. */
	uint64_t value; /**< An integer. */
	bool has_out;   /**< It lent or copied bytes: */
	bool is_copied; /**< to the scratch or destination, not in place; */
	uint32_t
		out_off; /**< the first of them, from the chain's start; UINT32_MAX = wrong ones; */
	uint32_t out_len; /**< how many. */
};

/** Do an operation, with the library's reader or with the naive one. */
typedef void (*fp_test_chain_run_fn)(struct fp_test_chain_pair *pair,
	const struct fp_test_chain_step *step, struct fp_test_chain_answer *answer);

/** An operation, done twice. */
struct fp_test_chain_op {
	const char *name;             /**< Without the prefix. */
	enum fp_test_chain_args args; /**< What it takes. */
	fp_test_chain_run_fn run;     /**< The library. */
	fp_test_chain_run_fn naive;   /**< The model. */
};

/** Moves, peeks and reads; ends with a name that is NULL. */
extern const struct fp_test_chain_op fp_test_chain_reads[];

/** Searches; ends with a name that is NULL. */
extern const struct fp_test_chain_op fp_test_chain_searches[];

/** Where operations copy to; nothing else is written there. */
extern uint8_t fp_test_chain_scratch[FP_TEST_CHAIN_BYTES_MAX + 1];

/** Bytes that the naive reader has before it. */
static inline uint32_t
fp_test_chain_remaining(const struct fp_test_chain_pair *pair)
{
	return pair->is_ok ? pair->of->len - pair->pos : 0;
}

/** The byte that lies @p ahead bytes before the naive reader, which remains. */
static inline uint8_t
fp_test_chain_byte(const struct fp_test_chain_pair *pair, uint32_t ahead)
{
	return pair->of->bytes[pair->pos + ahead];
}

/** Note what the library lent as a chain; the place follows from that of its first byte. */
void fp_test_chain_lent(const struct fp_test_chain_pair *pair, struct fp_chain out,
	struct fp_test_chain_answer *answer);

/** Note what the library lent in one piece or copied, being the bytes at @p off. */
void fp_test_chain_lent_view(const struct fp_test_chain_pair *pair, struct fp_cspan out,
	uint32_t off, struct fp_test_chain_answer *answer);

/** Note that the naive reader lends its next @p len bytes. */
void fp_test_chain_lend(
	const struct fp_test_chain_pair *pair, uint32_t len, struct fp_test_chain_answer *answer);

/** The same in one piece and move past them, or note that the scratch is too short. */
void fp_test_chain_lend_view(struct fp_test_chain_pair *pair, uint32_t len, uint32_t room,
	struct fp_test_chain_answer *answer);

/** Scratch of @p room bytes with nothing written to it. */
struct fp_span fp_test_chain_clean(uint32_t room);

/** True when nothing was written to the scratch from @p len on. */
bool fp_test_chain_is_clean(uint32_t len);

#endif /* FP_TEST_CHAIN_OPS_H */
