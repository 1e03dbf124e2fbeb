/* SPDX-License-Identifier: BSD-3-Clause */

#include "engine.h"

/* The argument is a buffer that is gone, points into one, or to the variable that holds it. */
static bool
is_dead(const struct state *state, const struct value *argument)
{
	const struct value *value = argument;
	const struct cell *cell;

	if (value->kind == VALUE_ADDRESS && value->address->step_count == 0) {
		cell = state_cell(state, value->address);
		value = cell != NULL ? &cell->value : value;
	}
	return (value->kind == VALUE_OBJECT || value->kind == VALUE_VIEW) &&
		(state->objects[value->object].fate & ~FATE_DEAD) == 0;
}

void
engine_follow(struct engine *engine, const struct frame *frame, struct state *state,
	const struct ir_instr *instr, const struct ir_function *function, struct value *args,
	struct states *out)
{
	struct frame callee = {
		.function = function,
		.live = live_of(engine, function),
		.caller = frame,
		.depth = frame->depth + 1,
		.call_at = instr->at,
	};
	uint32_t arg_count =
		instr->arg_count < ENGINE_MAX_ARGS ? instr->arg_count : ENGINE_MAX_ARGS;
	const struct call_id *before = state->call;
	struct call_id *call = region_alloc(&engine->region, sizeof(*call));
	struct leaving *leavings;

	call->caller = before;
	call->at = instr->at;
	call->from = frame->function->name;
	for (uint32_t i = 0; i < arg_count && i < function->param_count; i++)
		call->gets_dead = call->gets_dead || is_dead(state, &args[i]);
	state->call = call;
	rebase_begin(engine, state, args, arg_count, callee.depth);
	for (uint32_t i = 0; i < function->param_count && i < arg_count; i++) {
		struct address at = address_of_var(function->params[i], callee.depth);

		state_set(state, &at, args[i], instr->at);
	}
	duty_note(state, args, arg_count, callee.depth, instr->at);
	leavings = engine_walk(engine, &callee, state);
	duty_blame(leavings, function->result->kind != IR_TYPE_VOID, callee.depth, instr->at);
	for (struct leaving *leaving = leavings; leaving != NULL; leaving = leaving->next) {
		leaving->state->call = before;
		duty_forget(leaving->state, callee.depth);
		rebase_end(engine, leaving->state, &leaving->value, callee.depth);
		if (instr->to == NULL) {
			if (leaving->value.kind == VALUE_OBJECT) {
				fate_lost(engine, frame, leaving->state, leaving->value.object,
					instr->at, "the result is not used");
			}
			states_add(out, leaving->state);
		} else {
			engine_set_result(engine, frame, leaving->state, instr->to, leaving->value,
				instr->at, out);
		}
	}
}
