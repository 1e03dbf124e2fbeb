/* SPDX-License-Identifier: BSD-3-Clause */

/* What a call returns, by its contract. */

#include "call.h"

bool
call_is_pointer_result(enum contract_result result)
{
	return result == CONTRACT_RESULT_NEW || result == CONTRACT_RESULT_NEW_OR_SAME ||
		result == CONTRACT_RESULT_VIEW || result == CONTRACT_RESULT_PART ||
		result == CONTRACT_RESULT_SAME || result == CONTRACT_RESULT_CLONE ||
		result == CONTRACT_RESULT_NEXT;
}

bool
call_has_prefix(const struct contract *contract)
{
	for (uint32_t i = 0; i < contract->param_count; i++) {
		if (contract->params[i].extent == CONTRACT_RESULT)
			return true;
	}
	return false;
}

/* Of an annotated function that takes a prefix: the array's count stands behind it. */
static void
begin_prefix_result(struct call *call, struct state *state)
{
	const struct contract *contract = call->contract;

	for (uint32_t i = 0; i + 1 < call->arg_count && i < contract->param_count; i++) {
		struct number count;

		if (contract->params[i].extent != CONTRACT_RESULT)
			continue;
		count = engine_number(state, &call->args[i + 1], call->instr->args[i + 1]->type);
		if (call->args[i + 1].kind == VALUE_UNKNOWN)
			call->args[i + 1] = value_number(count);
		(void)state_assume(state, number_constant(0), RELATION_LE, call->result);
		(void)state_assume(state, call->result, RELATION_LE, count);
		return;
	}
}

/* Whether a lease is empty follows from what became of it; false when that is not known. */
static bool
begin_empty(struct call *call, struct state *state)
{
	uint32_t of = call->contract->of;
	uint32_t object = of < call->arg_count ? engine_buffer_of(call->engine, call->frame, state,
							 &call->args[of], call->instr->args[of])
					       : 0;
	uint32_t fate = state->objects[object].fate;

	if (object == 0 || ((fate & ~FATE_DEAD) != 0 && fate != FATE_OWNED))
		return false;
	(void)state_assume(
		state, call->result, RELATION_EQ, number_constant(fate == FATE_OWNED ? 0 : 1));
	return true;
}

/* The result as a number, with what the contract says of it. */
void
call_begin_result(struct call *call, struct states *states)
{
	struct state *state = states->first;
	const struct contract *contract = call->contract;
	struct number zero = number_constant(0);
	struct number limit;

	call->result = state_new_symbol(state);
	switch (contract->result) {
	case CONTRACT_RESULT_STATUS:
		(void)state_assume(state, call->result, RELATION_LE, zero);
		if (contract->of == 0)
			break;
		call_split_on(call, states, CONTRACT_IF_ZERO);
		for (state = states->first; state != NULL; state = state->next) {
			if (call_condition_holds(call, state, CONTRACT_IF_ZERO) == 0) {
				(void)state_assume(state, call->result, RELATION_EQ,
					number_constant(-(int64_t)contract->of));
			}
		}
		break;
	case CONTRACT_RESULT_EMPTY:
	case CONTRACT_RESULT_FLAG:
		if (contract->result == CONTRACT_RESULT_EMPTY && begin_empty(call, state))
			break;
		(void)state_assume(state, zero, RELATION_LE, call->result);
		(void)state_assume(state, call->result, RELATION_LE, number_constant(1));
		break;
	case CONTRACT_RESULT_COUNT:
	case CONTRACT_RESULT_COUNT_OR_ERROR:
	case CONTRACT_RESULT_ALL:
		if (contract->result != CONTRACT_RESULT_COUNT_OR_ERROR)
			(void)state_assume(state, zero, RELATION_LE, call->result);
		if (contract->of >= call->arg_count)
			break;
		limit = engine_number(
			state, &call->args[contract->of], call->instr->args[contract->of]->type);
		if (call->args[contract->of].kind == VALUE_UNKNOWN)
			call->args[contract->of] = value_number(limit);
		(void)state_assume(state, call->result, RELATION_LE, limit);
		if (contract->result == CONTRACT_RESULT_ALL) {
			call_split_on(call, states, CONTRACT_IF_ZERO);
			for (state = states->first; state != NULL; state = state->next) {
				if (call_condition_holds(call, state, CONTRACT_IF_ZERO) == 0)
					(void)state_assume(state, call->result, RELATION_EQ, limit);
			}
		}
		break;
	case CONTRACT_RESULT_NEW:
	case CONTRACT_RESULT_NEW_OR_SAME:
	case CONTRACT_RESULT_VIEW:
	case CONTRACT_RESULT_PART:
	case CONTRACT_RESULT_SAME:
	case CONTRACT_RESULT_CLONE:
	case CONTRACT_RESULT_NEXT:
		(void)state_assume(state, zero, RELATION_LE, call->result);
		if (!contract->result_may_be_null)
			(void)state_assume(state, zero, RELATION_LT, call->result);
		call->is_null_known =
			contract->result_may_be_null && contract->result != CONTRACT_RESULT_NEW;
		break;
	case CONTRACT_RESULT_NONE:
	case CONTRACT_RESULT_NEVER:
		begin_prefix_result(call, state);
		break;
	}
	for (uint32_t i = 0; i < contract->param_count; i++) {
		if (contract->params[i].when == CONTRACT_ALWAYS)
			continue;
		call_split_on(call, states, contract->params[i].when);
		call->is_null_known = true;
	}
	if (call->is_null_known && call_is_pointer_result(contract->result))
		call_split_on(call, states, CONTRACT_IF_ZERO);
}

/* A lease that is returned by value moved there: what the argument points to is empty. */
static struct value
moved_lease(struct call *call, struct state *state, uint32_t object)
{
	struct address at;

	if (engine_pointee(state, &call->args[call->contract->of], &at))
		state_forget(state, &at);
	return value_object(object);
}

struct value
call_pointer_result(struct call *call, struct state *state)
{
	const struct contract *contract = call->contract;
	const char *name = call->instr->to != NULL ? diagnose_name(call->engine, call->instr->to)
						   : "the result";
	struct value value = value_unknown();
	struct address part;
	uint32_t of = 0;

	if (facts_holds(state->facts, call->result, RELATION_EQ, number_constant(0)) == 1)
		return value_number(number_constant(0));
	if (contract->of < call->arg_count && contract->result != CONTRACT_RESULT_NEW) {
		of = engine_buffer_of(call->engine, call->frame, state, &call->args[contract->of],
			call->instr->args[contract->of]);
	}
	switch ((int)contract->result) {
	case CONTRACT_RESULT_SAME:
		if (of != 0 &&
			call_has_meaning(call->instr->to != NULL ? call->instr->to->type : NULL,
				CONTRACT_TYPE_LEASE))
			return moved_lease(call, state, of);
		return contract->of < call->arg_count ? call->args[contract->of] : value;
	case CONTRACT_RESULT_VIEW:
		return of != 0 ? value_view(of) : value;
	case CONTRACT_RESULT_PART:
		part = address_of_root(ROOT_OBJECT, of);
		return of != 0 && address_add_field(&part, "@part") ? value_address(state, &part)
								    : value;
	case CONTRACT_RESULT_NEXT:
		value = value_object(state_new_object(state, FATE_BORROWED, name));
		state->objects[value.object].parent = of;
		if (of != 0)
			state->objects[value.object].fate = FATE_JOINED;
		return value;
	default:
		break;
	}
	value = value_object(state_new_object(state, FATE_OWNED, name));
	state->objects[value.object].may_be_null =
		contract->result_may_be_null && !call->is_null_known;
	state_event(state, value.object, EVENT_GRANTED, call->instr->at, call->instr->callee);
	if (contract->result == CONTRACT_RESULT_CLONE) {
		state->objects[value.object].is_shared = true;
		state->objects[value.object].parent = of;
		state_event(
			state, value.object, EVENT_SHARED, call->instr->at, call->instr->callee);
	}
	return value;
}
