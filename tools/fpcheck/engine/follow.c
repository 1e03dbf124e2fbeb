/* SPDX-License-Identifier: BSD-3-Clause */

#include "engine.h"

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

	rebase_begin(engine, state, args, arg_count, callee.depth);
	for (uint32_t i = 0; i < function->param_count && i < arg_count; i++) {
		struct address at = address_of_var(function->params[i], callee.depth);

		state_set(state, &at, args[i], instr->at);
	}
	for (struct leaving *leaving = engine_walk(engine, &callee, state); leaving != NULL;
		leaving = leaving->next) {
		rebase_end(engine, leaving->state, &leaving->value, callee.depth);
		if (instr->to == NULL)
			states_add(out, leaving->state);
		else
			engine_set_result(engine, frame, leaving->state, instr->to, leaving->value,
				instr->at, out);
	}
}
