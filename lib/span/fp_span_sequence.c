/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Most sequences are found, or found to be absent, by looking for their first element and comparing
 * the rest. When that was in vain for some times the content is repetitive, and the two-way
 * algorithm goes on from there.
 *
 * The sequence is cut at a critical place: any shift that makes its right part fit on itself is at
 * least as long as the period of the whole. The right part is compared first, forward, then the
 * left one, backward.
 *
 *   - A mismatch in the right part after k elements that fit: the next k positions cannot fit, or a
 *     shift smaller than the period would have made the right part fit on itself.
 *   - A mismatch in the left part: the right part fits, so the next candidate is one period on.
 *
 * With a left part that repeats within the period (the sequence is periodic as a whole) the next
 * candidate is known to begin with all but one period of the sequence: `known` remembers that, so
 * that no element of the view is compared twice by the left part. Otherwise the period is replaced
 * by a lower bound of it, and there is nothing to remember. In both cases each element of the view
 * is compared at most twice.
 *
 * The critical place is found by the greatest suffix of the sequence, by the order of elements and
 * by the opposite order; the shorter of the two suffixes begins there.
 *
 * To search backwards is to search forward in the view and the sequence read from their ends.
 */

#include "fp_span_sequence.h"
#include "fp_span_search.h"
#include "fpi_width.h"

/* Comparisons in vain before the algorithm for repetitive content is used. */
#define TRIES_BY_FIRST 16

/* Elements of a view, in the direction of the search. */
struct row {
	const uint8_t *data;
	uint32_t count;
	bool is_backward;
};

/* Where a sequence is cut. */
struct cut {
	int64_t left;   /* last element of the left part, -1 when it is empty */
	int64_t period; /* of the right part, later of the whole or a lower bound of it */
};

#define WIDTH 8
#include "fpi_sequence_width.h"
#undef WIDTH

#define WIDTH 16
#include "fpi_sequence_width.h"
#undef WIDTH

#define WIDTH 32
#include "fpi_sequence_width.h"
#undef WIDTH

#define WIDTH 64
#include "fpi_sequence_width.h"
#undef WIDTH
