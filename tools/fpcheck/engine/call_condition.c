/* SPDX-License-Identifier: BSD-3-Clause */

/* What a contract makes depend on the result of the call. */

#include "call.h"

/* The condition on the result: 1 it holds, 0 not, -1 not known. */
int
call_condition_holds(const struct call *call, const struct state *state, enum contract_when when)
{
	struct number zero = number_constant(0);

	switch (when) {
	case CONTRACT_ALWAYS:
		return 1;
	case CONTRACT_IF_ZERO:
		return facts_holds(state->facts, call->result, RELATION_EQ, zero);
	case CONTRACT_IF_NONZERO:
		return facts_holds(state->facts, call->result, RELATION_NE, zero);
	case CONTRACT_IF_POSITIVE:
		return facts_holds(state->facts, zero, RELATION_LT, call->result);
	case CONTRACT_IF_NOT_NEGATIVE:
		return facts_holds(state->facts, zero, RELATION_LE, call->result);
	case CONTRACT_IF_NEGATIVE:
		return facts_holds(state->facts, call->result, RELATION_LT, zero);
	}
	return -1;
}

static bool
assume_condition(const struct call *call, struct state *state, enum contract_when when, bool truth)
{
	struct number zero = number_constant(0);

	switch (when) {
	case CONTRACT_ALWAYS:
		return truth;
	case CONTRACT_IF_ZERO:
	case CONTRACT_IF_NONZERO:
		return state_assume(state, call->result,
			(when == CONTRACT_IF_ZERO) == truth ? RELATION_EQ : RELATION_NE, zero);
	case CONTRACT_IF_POSITIVE:
		return truth ? state_assume(state, zero, RELATION_LT, call->result)
			     : state_assume(state, call->result, RELATION_LE, zero);
	case CONTRACT_IF_NOT_NEGATIVE:
	case CONTRACT_IF_NEGATIVE:
		return (when == CONTRACT_IF_NOT_NEGATIVE) == truth
			? state_assume(state, zero, RELATION_LE, call->result)
			: state_assume(state, call->result, RELATION_LT, zero);
	}
	return true;
}

/* Split the states on a condition, unless they know it already. */
void
call_split_on(const struct call *call, struct states *states, enum contract_when when)
{
	struct states out;

	states_init(&out);
	for (struct state *state = states->first, *after; state != NULL; state = after) {
		struct state *other;

		after = state->next;
		if (call_condition_holds(call, state, when) != -1) {
			states_add(&out, state);
			continue;
		}
		other = state_copy(state);
		if (assume_condition(call, state, when, true))
			states_add(&out, state);
		if (assume_condition(call, other, when, false))
			states_add(&out, other);
	}
	*states = out;
}
