/* SPDX-License-Identifier: BSD-3-Clause */

/* Which way a call goes: by a contract, into the function followed, or out of sight. */

#include "call.h"

static void
call_by_contract(struct call *call, struct state *state, struct states *out)
{
	const struct contract *contract = call->contract;
	struct states states;

	states_init(&states);
	if (contract->result == CONTRACT_RESULT_NEW_OR_SAME && contract->of < call->arg_count &&
		call->instr->to != NULL) {
		engine_set_result(call->engine, call->frame, state_copy(state), call->instr->to,
			call->args[contract->of], call->instr->at, out);
	}
	states_add(&states, state);
	call_begin_result(call, &states);
	for (enum call_phase phase = PHASE_LOOK; phase <= PHASE_STORE; phase++) {
		for (uint32_t i = 0; i < contract->param_count && i < call->arg_count; i++) {
			if (call_phase_of(contract->params[i].effect) == phase)
				call_apply_param(call, &states, i);
		}
	}
	for (state = states.first; state != NULL;) {
		struct state *after = state->next;
		struct value value;

		if (contract->result == CONTRACT_RESULT_NEVER) {
			state = after;
			continue;
		}
		value = call_is_pointer_result(contract->result) ? call_pointer_result(call, state)
								 : value_number(call->result);
		if (contract->result == CONTRACT_RESULT_NONE && !call_has_prefix(contract))
			value = call_unknown_result(call, state);
		if (call->instr->to != NULL) {
			engine_set_result(call->engine, call->frame, state, call->instr->to, value,
				call->instr->at, out);
		} else {
			/* A new buffer that nobody takes. */
			if (value.kind == VALUE_OBJECT &&
				(contract->result == CONTRACT_RESULT_NEW ||
					contract->result == CONTRACT_RESULT_CLONE)) {
				fate_lost(call->engine, call->frame, state, value.object,
					call->instr->at, "the result is not used");
			}
			states_add(out, state);
		}
		state = after;
	}
}

/* A lease that an argument points to may be the one in an array that is followed, or not. */
static bool
has_ambiguous_lease(struct call *call, struct state *state)
{
	for (uint32_t i = 0; i < call->contract->param_count && i < call->arg_count; i++) {
		const struct contract_param *param = &call->contract->params[i];
		struct address at;

		if (param->extent == CONTRACT_ONE && call_phase_of(param->effect) != PHASE_STORE &&
			call_has_meaning(
				call_pointed_type(call->instr->args[i]), CONTRACT_TYPE_LEASE) &&
			engine_pointee(state, &call->args[i], &at) &&
			state_cell(state, &at) == NULL &&
			engine_is_ambiguous(call->engine, state, &at, call->instr->args[i]))
			return true;
	}
	return false;
}

static bool
is_recursive(const struct frame *frame, const struct ir_function *function)
{
	for (; frame != NULL; frame = frame->caller) {
		if (frame->function == function)
			return true;
	}
	return false;
}

static bool
says_who_owns(const struct contract *contract)
{
	for (uint32_t i = 0; i < contract->param_count; i++) {
		if (contract->params[i].effect != CONTRACT_NONE &&
			contract->params[i].effect != CONTRACT_USE &&
			contract->params[i].effect != CONTRACT_SCOPED)
			return true;
	}
	return false;
}

static bool
has_buffer(const struct call *call)
{
	for (uint32_t i = 0; i < call->arg_count; i++) {
		if (call->args[i].kind == VALUE_OBJECT || call->args[i].kind == VALUE_VIEW)
			return true;
	}
	return false;
}

void
engine_call(struct engine *engine, const struct frame *frame, struct state *state,
	const struct ir_instr *instr, struct states *out)
{
	struct call call = { .engine = engine, .frame = frame, .instr = instr };
	const struct ir_function *function = NULL;
	const struct contract *annotated = NULL;

	if (instr->through != NULL)
		(void)engine_eval(engine, frame, state, instr->through);
	call.arg_count = instr->arg_count < ENGINE_MAX_ARGS ? instr->arg_count : ENGINE_MAX_ARGS;
	for (uint32_t i = 0; i < call.arg_count; i++)
		call.args[i] = engine_eval(engine, frame, state, instr->args[i]);
	if (engine->needs_split)
		return;
	if (instr->callee != NULL) {
		call.contract = contracts_find(engine->unit->contracts, instr->callee);
		if (call.contract == NULL)
			annotated = ir_contract_of(engine->cache, instr->target);
		if (annotated != NULL && says_who_owns(annotated)) {
			call.contract = annotated;
		} else if (call.contract == NULL) {
			function = ir_function_of(engine->cache, instr->target);
		}
	}
	if (call.contract != NULL && has_ambiguous_lease(&call, state))
		return;
	if (call.contract != NULL) {
		call_by_contract(&call, state, out);
	} else if (function != NULL && function->not_known == NULL &&
		(engine_concerns(engine, function) || has_buffer(&call) ||
			engine_judges(function)) &&
		frame->depth < ENGINE_MAX_DEPTH && !is_recursive(frame, function)) {
		engine_follow(engine, frame, state, instr, function, call.args, out);
	} else if (annotated != NULL) {
		call.contract = annotated;
		call_by_contract(&call, state, out);
	} else {
		call_unknown(&call, state, out);
	}
}
