/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Pointers that walk over an array: `for (p = pkts; p < pkts + n; p++)`. Two of them compare, and
 * differ, as their indexes do.
 */

#include "engine.h"

bool
positions_of(struct state *state, const struct value *a, const struct value *b, struct number *x,
	struct number *y)
{
	struct address to_a;
	struct address to_b;
	struct number first;
	struct number second;
	uint32_t last;

	/* Two numbers are compared as such: most pointers of which nothing is known are. */
	if (a->kind != VALUE_ADDRESS && b->kind != VALUE_ADDRESS)
		return false;
	if ((a->kind != VALUE_ADDRESS && a->kind != VALUE_NUMBER) ||
		(b->kind != VALUE_ADDRESS && b->kind != VALUE_NUMBER) ||
		!engine_pointee(state, a, &to_a) || !engine_pointee(state, b, &to_b))
		return false;
	if (to_a.step_count == 0 || to_a.step_count != to_b.step_count)
		return false;
	last = to_a.step_count - 1;
	if (to_a.steps[last].field != NULL || to_b.steps[last].field != NULL)
		return false;
	*x = to_a.steps[last].index;
	*y = to_b.steps[last].index;
	to_a.step_count = last;
	to_b.step_count = last;
	return address_match(state, &to_a, &to_b, &first, &second) == 1;
}
