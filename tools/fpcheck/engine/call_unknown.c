/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Calls of functions of which nothing is known: who gets a buffer may have it from there on.
 */

#include "call.h"

const struct ir_type *
call_pointed_type(const struct ir_expr *expr)
{
	while (expr->kind == IR_CAST && expr->type != NULL && expr->type->kind == IR_TYPE_POINTER &&
		expr->type->to != NULL && expr->type->to->kind == IR_TYPE_VOID)
		expr = expr->a;
	return expr->type != NULL ? expr->type->to : NULL;
}

uint32_t
engine_buffer_of(struct engine *engine, const struct frame *frame, struct state *state,
	const struct value *argument, const struct ir_expr *expr)
{
	const struct ir_type *type = call_pointed_type(expr);
	const struct cell *cell;
	struct address at;
	struct place nowhere = { 0 };
	uint32_t object;

	if (argument->kind == VALUE_OBJECT || argument->kind == VALUE_VIEW)
		return argument->object;
	if (!engine_pointee(state, argument, &at) || at.root == ROOT_DATA)
		return 0;
	cell = state_cell(state, &at);
	if (cell != NULL && (cell->value.kind == VALUE_OBJECT || cell->value.kind == VALUE_VIEW))
		return cell->value.object;
	if (call_has_meaning(type, CONTRACT_TYPE_LEASE)) {
		struct value lease = engine_lazy(engine, frame, state, &at, type, expr);

		return lease.kind == VALUE_OBJECT ? lease.object : 0;
	}
	if (type == NULL || type->kind != IR_TYPE_RECORD || type->meaning != CONTRACT_TYPE_PLAIN ||
		!address_add_field(&at, "@self"))
		return 0;
	cell = state_cell(state, &at);
	if (cell != NULL)
		return cell->value.object;
	object = state_new_object(state, FATE_BORROWED, diagnose_name(engine, expr));
	state->objects[object].is_view_only = true;
	state_set(state, &at, value_object(object), nowhere);
	return object;
}

bool
call_is_const_pointer(const struct ir_expr *expr)
{
	const struct ir_type *type = call_pointed_type(expr);

	return type != NULL && type->is_const;
}

/* A function of which nothing is known got the argument. */
void
call_give_unknown(struct call *call, struct state *state, uint32_t idx)
{
	const struct value *value = &call->args[idx];
	const struct ir_expr *expr = call->instr->args[idx];
	bool is_const = call_is_const_pointer(expr);
	struct address at;

	fate_use(call->engine, call->frame, state, value, expr->at,
		diagnose_name(call->engine, expr));
	if (value->is_number) {
		fate_escape(state, value);
		return;
	}
	if (value->kind == VALUE_OBJECT && !is_const) {
		struct address next = address_of_root(ROOT_OBJECT, value->object);

		if ((state->objects[value->object].fate & FATE_OWNED) != 0) {
			state_event(state, value->object, EVENT_KEPT, call->instr->at,
				call->instr->callee);
		}
		fate_escape(state, value);
		state_forget(state, &next);
		return;
	}
	if (is_const || (value->kind != VALUE_ADDRESS && value->kind != VALUE_NUMBER) ||
		!engine_pointee(state, value, &at))
		return;
	if (at.step_count > 0 && at.steps[at.step_count - 1].field == NULL)
		at.step_count--;
	for (uint32_t i = 0; i < state->cell_count;) {
		const struct cell *cell = state->cells[i];

		if (!address_covers(state, &at, &cell->at)) {
			i++;
			continue;
		}
		fate_escape(state, &cell->value);
		state_remove_cell(state, i);
	}
}

struct value
call_unknown_result(struct call *call, struct state *state)
{
	const struct ir_expr *to = call->instr->to;
	struct value value = value_unknown();

	if (to == NULL || to->type == NULL)
		return value;
	if (to->type->kind == IR_TYPE_POINTER &&
		call_has_meaning(to->type->to, CONTRACT_TYPE_BUFFER)) {
		value = value_object(
			state_new_object(state, FATE_ESCAPED, diagnose_name(call->engine, to)));
		state->objects[value.object].may_be_null = true;
		return value;
	}
	if (to->type->kind == IR_TYPE_INT || to->type->kind == IR_TYPE_POINTER)
		return value_number(engine_number(state, &value, to->type));
	return value;
}

void
call_unknown(struct call *call, struct state *state, struct states *out)
{
	for (uint32_t i = 0; i < call->arg_count; i++)
		call_give_unknown(call, state, i);
	if (call->instr->to != NULL) {
		engine_set_result(call->engine, call->frame, state, call->instr->to,
			call_unknown_result(call, state), call->instr->at, out);
	} else {
		states_add(out, state);
	}
}
