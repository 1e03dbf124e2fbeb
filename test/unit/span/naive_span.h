/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * What can be asked of a view, answered the simplest way on an array of values.
 */

#ifndef NAIVE_SPAN_H
#define NAIVE_SPAN_H

#include "element_types.h"

/** Values, as element_take() gives them. */
struct naive_row {
	const struct element_type *type;
	const int64_t *values;
	size_t count;
};

/** Position or -1; @p set has the elements of the set or the sequence. */
int64_t naive_find(struct naive_row row, const struct search *search, struct naive_row set);

/** How often a sequence occurs without overlaps. */
uint32_t naive_count_sequence(struct naive_row row, struct naive_row sequence);

/** First and last element, and one behind, of what trimming the elements of a set leaves. */
void naive_trim(struct naive_row row, enum trim_side side, struct naive_row set, size_t *start,
	size_t *end);

/** -1, 0 or 1. */
int naive_compare(struct naive_row a, struct naive_row b);

/** Number of elements that both begin with. */
uint32_t naive_common_prefix(struct naive_row a, struct naive_row b);

/** True when a value is less than another by the order of the type. */
bool naive_is_less(const struct element_type *type, int64_t a, int64_t b);

#endif /* NAIVE_SPAN_H */
