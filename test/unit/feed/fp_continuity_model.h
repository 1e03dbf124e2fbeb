/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * A naive model of session continuity, written from the rules in fp_continuity.h, and the
 * comparison with it over all short sequences of datagrams.
 *
 * The model keeps what is known of every single sequence number and the list of all datagrams that
 * were not believed, and works everything out from them anew for each datagram. The constants are
 * those in force where this is included.
 */

#ifndef FP_CONTINUITY_MODEL_H
#define FP_CONTINUITY_MODEL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fp_continuity.h"

#define MODEL_SEQUENCES 16
#define MODEL_DATAGRAMS 4

/** What is known of one sequence number of the session that goes on. */
enum model_known {
	MODEL_UNKNOWN = 0,
	MODEL_BEFORE,    /**< Sent before the first datagram was received. */
	MODEL_LOST,      /**< Missing for good. */
	MODEL_DELIVERED, /**< Given to the caller. */
};

/** The stream as the model sees it. */
struct model {
	bool is_begun;
	uint64_t session;
	uint64_t newest_ns;
	enum model_known known[MODEL_SEQUENCES];
	struct fp_datagram_header doubted[MODEL_DATAGRAMS];
	uint32_t doubted_count;
};

/** The sequence expected next: behind all that is known. */
static inline uint64_t
model_next(const struct model *model)
{
	uint64_t next = MODEL_SEQUENCES;

	while (next > 1 && model->known[next - 1] == MODEL_UNKNOWN)
		next--;
	return next;
}

/** Mark what is not known below @p first, deliver what is not known of the datagram. */
static inline struct fp_continuity_result
model_take(struct model *model, const struct fp_datagram_header *header,
	enum fp_continuity_verdict verdict, enum model_known below)
{
	struct fp_continuity_result result = { verdict, 0, 0, 0 };

	for (uint64_t sequence = 1; sequence < header->first; sequence++) {
		if (model->known[sequence] != MODEL_UNKNOWN)
			continue;
		model->known[sequence] = below;
		if (below == MODEL_LOST && result.lost++ == 0)
			result.gap_first = sequence;
	}
	for (uint64_t sequence = header->first; sequence < header->first + header->count;
		sequence++) {
		if (model->known[sequence] == MODEL_UNKNOWN) {
			model->known[sequence] = MODEL_DELIVERED;
		} else {
			result.skip++;
		}
	}
	if (header->send_time_ns > model->newest_ns)
		model->newest_ns = header->send_time_ns;
	model->doubted_count = 0;
	return result;
}

/** The session begins anew with this datagram. */
static inline struct fp_continuity_result
model_restart(struct model *model, const struct fp_datagram_header *header)
{
	memset(model, 0, sizeof(*model));
	model->is_begun = true;
	model->session = header->session.low;
	return model_take(model, header, FP_CONTINUITY_RESTART, MODEL_LOST);
}

/** How many datagrams that follow each other the last one not believed completes; 0 = none. */
static inline uint32_t
model_run(const struct model *model)
{
	uint64_t session = 0, begin = 0, end = 0;
	uint32_t run = 0;
	bool is_copy = false;

	for (uint32_t i = 0; i < model->doubted_count; i++) {
		const struct fp_datagram_header *header = &model->doubted[i];
		bool is_same = run != 0 && header->session.low == session;

		is_copy = false;
		if (is_same && header->first == end) {
			run++;
		} else if (is_same && header->first >= begin &&
			header->first + header->count <= end) {
			is_copy = true;
			continue;
		} else {
			session = header->session.low;
			begin = header->first;
			run = 1;
		}
		end = header->first + header->count;
	}
	return is_copy ? 0 : run;
}

/** Doubt the datagram; true when it and those before it are enough to be believed. */
static inline bool
model_doubt(struct model *model, const struct fp_datagram_header *header, uint32_t wanted)
{
	assert_true(model->doubted_count < MODEL_DATAGRAMS);
	model->doubted[model->doubted_count++] = *header;
	return model_run(model) >= wanted;
}

/** What the rules say of a datagram. */
static inline struct fp_continuity_result
model_place(struct model *model, const struct fp_datagram_header *header)
{
	struct fp_continuity_result nothing = { FP_CONTINUITY_UNCONFIRMED, 0, 0, 0 };
	bool is_newer = model->newest_ns != 0 && header->send_time_ns > model->newest_ns;
	uint64_t next = model_next(model);

	if (!model->is_begun) {
		model->is_begun = true;
		model->session = header->session.low;
		return model_take(model, header, FP_CONTINUITY_IN_ORDER, MODEL_BEFORE);
	}
	if (header->session.low != model->session) {
		if (header->first == 1 || model_doubt(model, header, FP_CONTINUITY_CONFIRM))
			return model_restart(model, header);
		return nothing;
	}
	if (header->first < next && header->first == 1 && is_newer)
		return model_restart(model, header);
	if (header->first > next) {
		if (header->first - next > FP_CONTINUITY_LEAP &&
			!model_doubt(model, header, FP_CONTINUITY_CONFIRM))
			return nothing;
		return model_take(model, header, FP_CONTINUITY_GAP, MODEL_LOST);
	}
	if (header->first == next || header->first + header->count > next)
		return model_take(model, header, FP_CONTINUITY_IN_ORDER, MODEL_LOST);
	/* Nothing new: a copy, or perhaps a session that went back. */
	if (header->count != 0 &&
		model_doubt(model, header,
			next - header->first - header->count > FP_CONTINUITY_LAG
				? FP_CONTINUITY_CONFIRM
				: FP_CONTINUITY_CONFIRM_BACK))
		return model_restart(model, header);
	nothing.verdict = FP_CONTINUITY_DUPLICATE;
	nothing.skip = header->count;
	return nothing;
}

/** What was delivered since the session began, kept apart from the model. */
struct delivery {
	uint32_t delivered; /**< Bit per sequence. */
	uint64_t begin;     /**< First sequence that counts. */
	uint64_t lost;      /**< Declared so far. */
};

/** Deliver what the result says; no message twice, and all of them accounted for. */
static inline void
deliver(struct delivery *delivery, const struct fp_continuity *continuity,
	const struct fp_datagram_header *header, const struct fp_continuity_result *result,
	bool is_first)
{
	if (is_first || result->verdict == FP_CONTINUITY_RESTART)
		*delivery = (struct delivery){ .begin = is_first ? header->first : 1 };
	delivery->lost += result->lost;
	if (result->verdict == FP_CONTINUITY_UNCONFIRMED) {
		assert_int_equal(result->lost, 0);
		return;
	}
	assert_true(result->skip <= header->count);
	for (uint64_t i = header->first + result->skip; i < header->first + header->count; i++) {
		assert_false(delivery->delivered & 1U << i);
		delivery->delivered |= 1U << i;
	}
	assert_int_equal(continuity->next - delivery->begin,
		(uint64_t)__builtin_popcount(delivery->delivered) + delivery->lost);
}

/** Datagrams that a sequence is made of: all values of each part. */
struct alphabet {
	uint64_t sessions;
	uint64_t firsts;
	uint32_t counts;
	const uint64_t *times; /**< Shape [times_count]. */
	uint32_t times_count;
};

/** The datagram of that number; false behind the last. */
static inline bool
alphabet_at(const struct alphabet *alphabet, uint64_t number, struct fp_datagram_header *header)
{
	*header = (struct fp_datagram_header){ 0 };
	header->count = (uint32_t)(number % alphabet->counts);
	number /= alphabet->counts;
	header->first = 1 + number % alphabet->firsts;
	number /= alphabet->firsts;
	header->send_time_ns = alphabet->times[number % alphabet->times_count];
	number /= alphabet->times_count;
	header->session.low = number;
	return number < alphabet->sessions;
}

/** Where both are after some datagrams, and the next one to try. */
struct point {
	struct fp_continuity continuity;
	struct model model;
	struct delivery delivery;
	uint64_t number;
};

/** Place one more datagram with both and compare. */
static inline void
step(struct point *point, const struct fp_datagram_header *header)
{
	bool is_first = !point->model.is_begun;
	struct fp_continuity_result is, ought;

	is = fp_continuity_place(&point->continuity, header);
	ought = model_place(&point->model, header);
	assert_int_equal(is.verdict, ought.verdict);
	assert_int_equal(is.skip, ought.skip);
	assert_int_equal(is.lost, ought.lost);
	if (is.lost != 0)
		assert_int_equal(is.gap_first, ought.gap_first);
	assert_int_equal(point->continuity.next, model_next(&point->model));
	deliver(&point->delivery, &point->continuity, header, &is, is_first);
}

/** Compare for all sequences of at most @p depth datagrams; returns how many there are. */
static inline uint64_t
compare_all(const struct alphabet *alphabet, uint32_t depth)
{
	static struct point path[MODEL_DATAGRAMS + 1];
	struct fp_datagram_header header;
	uint64_t cases = 0;
	uint32_t level = 0;

	assert_true(depth <= MODEL_DATAGRAMS);
	memset(path, 0, sizeof(path));
	for (;;) {
		if (!alphabet_at(alphabet, path[level].number++, &header)) {
			if (level == 0)
				return cases;
			level--;
			continue;
		}
		path[level + 1] = path[level];
		step(&path[level + 1], &header);
		cases++;
		if (level + 1 < depth) {
			level++;
			path[level].number = 0;
		}
	}
}

#endif /* FP_CONTINUITY_MODEL_H */
