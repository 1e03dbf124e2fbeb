/* SPDX-License-Identifier: BSD-3-Clause */

/* What a call does to its arguments, by the words of its contract. */

#include "call.h"

enum call_phase
call_phase_of(enum contract_effect effect)
{
	switch (effect) {
	case CONTRACT_NONE:
	case CONTRACT_USE:
	case CONTRACT_WRITE:
	case CONTRACT_SCOPED:
		return PHASE_LOOK;
	case CONTRACT_GRANT:
	case CONTRACT_LEND:
	case CONTRACT_VIEW_OUT:
	case CONTRACT_MOVE_OUT:
	case CONTRACT_CLEAR:
		return PHASE_STORE;
	case CONTRACT_FREE:
	case CONTRACT_FREE_SEG:
	case CONTRACT_SEND:
	case CONTRACT_KEEP:
	case CONTRACT_MOVE:
	case CONTRACT_REPLACE:
	case CONTRACT_SHARE:
	case CONTRACT_REF:
	case CONTRACT_JOIN:
		break;
	}
	return PHASE_GIVE;
}

static struct number
count_of(const struct call *call, struct state *state, const struct contract_param *param)
{
	if (param->extent == CONTRACT_RESULT)
		return call->result;
	if (param->extent == CONTRACT_CONSTANT)
		return number_constant(param->count);
	if (param->count < call->arg_count) {
		return engine_number(
			state, &call->args[param->count], call->instr->args[param->count]->type);
	}
	return state_new_symbol(state);
}

/* A grant through a `void **` is of a buffer only when the variable's own type says so. */
static bool
grants_buffer(const struct ir_expr *expr)
{
	const struct ir_type *type;

	while (expr->kind == IR_CAST)
		expr = expr->a;
	type = expr->type != NULL ? expr->type->to : NULL;
	if (type != NULL && type->kind == IR_TYPE_ARRAY)
		type = type->to;
	if (call_has_meaning(type, CONTRACT_TYPE_LEASE))
		return true;
	return type != NULL && type->kind == IR_TYPE_POINTER &&
		call_has_meaning(type->to, CONTRACT_TYPE_BUFFER);
}

/* Words that store something where the argument points. */
static void
apply_out(struct call *call, struct state *state, const struct contract_param *param, uint32_t idx,
	struct states *out)
{
	const struct ir_expr *expr = call->instr->args[idx];
	struct value value = value_unknown();
	struct address at;
	uint32_t other = 0;
	const char *by = call->instr->callee;

	if (param->other < call->arg_count) {
		other = engine_buffer_of(call->engine, call->frame, state,
			&call->args[param->other], call->instr->args[param->other]);
	}
	if (!engine_pointee(state, &call->args[idx], &at)) {
		states_add(out, state);
		return;
	}
	switch ((int)param->effect) {
	case CONTRACT_GRANT:
	case CONTRACT_LEND:
		value = value_object(state_new_object(state,
			param->effect == CONTRACT_GRANT ? FATE_OWNED : FATE_BORROWED,
			diagnose_name(call->engine, expr)));
		state_event(state, value.object,
			param->effect == CONTRACT_GRANT ? EVENT_GRANTED : EVENT_BORROWED,
			call->instr->at, by);
		break;
	case CONTRACT_VIEW_OUT:
		if (other != 0)
			value = value_view(other);
		break;
	case CONTRACT_MOVE_OUT:
		if (other != 0)
			value = value_object(other);
		break;
	default:
		break;
	}
	engine_set_element(
		call->engine, call->frame, state, &at, value, expr, call->instr->at, out);
}

/* The argument's variable holds another buffer afterwards, and the first one is gone. */
static void
apply_replace(
	struct call *call, struct state *state, const struct contract_param *param, uint32_t idx)
{
	const struct value *argument = &call->args[idx];
	const char *name = diagnose_name(call->engine, call->instr->args[idx]);
	struct address at;
	const struct cell *cell;
	struct object fresh;
	uint32_t id;
	uint32_t old;

	if (argument->kind == VALUE_OBJECT || !engine_pointee(state, argument, &at))
		return;
	cell = state_cell(state, &at);
	if (cell == NULL || cell->value.kind != VALUE_OBJECT)
		return;
	old = cell->value.object;
	fresh = state->objects[old];
	fate_apply(call->engine, call->frame, state, param, old, call->instr->at, name,
		call->instr->callee);
	id = state_new_object(state, 0, NULL);
	state->objects[id] = fresh;
	state->objects[id].blame.line = 0;
	/* Whoever lent the first one does not know of the other. */
	if (fresh.fate == FATE_BORROWED && !address_is_lasting(&at)) {
		state->objects[id].fate = FATE_OWNED;
		state_event(state, id, EVENT_GRANTED, call->instr->at, call->instr->callee);
	}
	state_set(state, &at, value_object(id), call->instr->at);
}

static void
apply_reference(
	struct call *call, struct state *state, const struct contract_param *param, uint32_t object)
{
	struct object *held = &state->objects[object];
	const struct value *change = &call->args[param->other];
	struct value whole = value_object(object);

	fate_use(call->engine, call->frame, state, &whole, call->instr->at,
		held->name != NULL ? held->name : "the buffer");
	if (param->other >= call->arg_count || change->kind != VALUE_NUMBER ||
		!number_is_constant(change->number)) {
		held->fate = FATE_ESCAPED;
		held->references = REFERENCES_UNKNOWN;
		held->is_shared = false;
		return;
	}
	if (held->references == REFERENCES_UNKNOWN)
		return;
	held->references += (int32_t)change->number.off;
	held->is_shared = held->references > 0;
	if (held->references < 0 && held->fate == FATE_BORROWED) {
		/* Whoever lent it may hold more of them, and looks at the result. */
		held->references = 0;
	} else if (held->references < 0) {
		held->references = 0;
		fate_free(call->engine, call->frame, state, object, call->instr->at,
			held->name != NULL ? held->name : "the buffer", call->instr->callee, false);
	} else if (held->is_shared) {
		state_event(state, object, EVENT_SHARED, call->instr->at, call->instr->callee);
	}
}

static void
refuse(struct call *call, struct state *state, uint32_t idx)
{
	uint32_t id = engine_buffer_of(
		call->engine, call->frame, state, &call->args[idx], call->instr->args[idx]);
	struct object *object = &state->objects[id];

	if (id == 0)
		return;
	/* A dead buffer is offered: whether it is taken or not, the call is wrong. */
	if ((object->fate & ~FATE_DEAD) == 0) {
		fate_send(call->engine, call->frame, state, id, call->instr->at,
			diagnose_name(call->engine, call->instr->args[idx]), call->instr->callee);
		return;
	}
	if (object->fate != FATE_OWNED)
		return;
	state_event(state, id, EVENT_REFUSED, call->instr->at, call->instr->callee);
	object->is_touched = true;
	if (!object->is_blame_firm)
		object->blame = call->instr->at;
}

static bool
is_giving(enum contract_effect effect)
{
	return effect == CONTRACT_FREE || effect == CONTRACT_FREE_SEG || effect == CONTRACT_SEND;
}

/* After the data's beginning moved, a header is moved after it: memmove(new, old, len). */
static bool
is_header_move(const struct call *call, uint32_t idx)
{
	const struct value *to = &call->args[0];
	const struct value *from = &call->args[idx];

	return idx == 1 && call->contract->result == CONTRACT_RESULT_SAME &&
		call->contract->of == 0 && to->kind == VALUE_VIEW && !to->is_stale &&
		from->kind == VALUE_VIEW && from->is_stale && to->object == from->object;
}

/* Looked at in the call, or written to; what a copy of an array holds may be held twice. */
static void
apply_use(struct call *call, struct state *state, const struct contract_param *param, uint32_t idx)
{
	const struct value *value = &call->args[idx];
	const struct ir_expr *expr = call->instr->args[idx];
	const char *name = diagnose_name(call->engine, expr);
	struct value whole = *value;
	struct address at;

	if (value->kind == VALUE_OBJECT || value->kind == VALUE_VIEW) {
		if (is_header_move(call, idx))
			whole.is_stale = false;
		fate_use(call->engine, call->frame, state, &whole, expr->at, name);
		if (param->effect == CONTRACT_WRITE && value->kind == VALUE_VIEW)
			fate_write(call->engine, call->frame, state, value->object, expr->at, name);
		return;
	}
	if (call_has_meaning(call_pointed_type(expr), CONTRACT_TYPE_LEASE)) {
		whole.object = engine_buffer_of(call->engine, call->frame, state, value, expr);
		whole.kind = whole.object != 0 ? VALUE_OBJECT : VALUE_UNKNOWN;
		fate_use(call->engine, call->frame, state, &whole, expr->at, name);
		return;
	}
	if (value->kind != VALUE_ADDRESS || !engine_pointee(state, value, &at))
		return;
	if (at.step_count > 0 && at.steps[at.step_count - 1].field == NULL)
		at.step_count--;
	for (uint32_t i = 0; i < state->cell_count;) {
		const struct cell *cell = state->cells[i];

		if (!address_covers(state, &at, &cell->at)) {
			i++;
		} else if (param->effect == CONTRACT_WRITE) {
			fate_escape(state, &cell->value);
			state_remove_cell(state, i);
		} else {
			if (cell->at.step_count > at.step_count) {
				fate_escape(state, &cell->value);
			} else {
				fate_use(call->engine, call->frame, state, &cell->value, expr->at,
					name);
			}
			i++;
		}
	}
}

/* The member that a buffer is freed through is its owner's, who goes too or forgets it. */
static void
forget_keeper(struct call *call, struct state *state, const struct ir_expr *expr)
{
	struct address at;

	while (expr->kind == IR_CAST)
		expr = expr->a;
	if (expr->kind == IR_FIELD && engine_locate(call->engine, call->frame, state, expr, &at))
		state_mark_lasting(state, &at, false);
}

static void
apply_one(struct call *call, struct state *state, const struct contract_param *param, uint32_t idx)
{
	const struct ir_expr *expr = call->instr->args[idx];
	const char *name = diagnose_name(call->engine, expr);
	uint32_t object;
	uint32_t other;
	struct address at;

	switch (param->effect) {
	case CONTRACT_REPLACE:
		apply_replace(call, state, param, idx);
		return;
	case CONTRACT_NONE:
		if (call->args[idx].kind == VALUE_ADDRESS && !call_is_const_pointer(expr) &&
			expr->type != NULL && expr->type->to != NULL &&
			expr->type->to->kind == IR_TYPE_INT &&
			engine_pointee(state, &call->args[idx], &at))
			state_forget(state, &at);
		return;
	case CONTRACT_WRITE:
	case CONTRACT_USE:
	case CONTRACT_SCOPED:
		apply_use(call, state, param, idx);
		return;
	case CONTRACT_FREE:
	case CONTRACT_FREE_SEG:
	case CONTRACT_SEND:
	case CONTRACT_KEEP:
	case CONTRACT_MOVE:
	case CONTRACT_SHARE:
	case CONTRACT_REF:
	case CONTRACT_JOIN:
		break;
	case CONTRACT_GRANT:
	case CONTRACT_LEND:
	case CONTRACT_VIEW_OUT:
	case CONTRACT_MOVE_OUT:
	case CONTRACT_CLEAR:
		return;
	}
	if (call->args[idx].kind == VALUE_VIEW && param->effect != CONTRACT_USE &&
		!state->objects[call->args[idx].object].is_scoped)
		return;
	object = engine_buffer_of(call->engine, call->frame, state, &call->args[idx], expr);
	/* A lease that was given away is empty: giving it away once more is nothing. */
	if (object == 0 ||
		(call->args[idx].kind != VALUE_OBJECT && is_giving(param->effect) &&
			call_has_meaning(call_pointed_type(expr), CONTRACT_TYPE_LEASE) &&
			(state->objects[object].fate & ~FATE_DEAD) == 0))
		return;
	if (param->effect == CONTRACT_REF) {
		apply_reference(call, state, param, object);
	} else if (param->effect == CONTRACT_JOIN) {
		other = param->other < call->arg_count
			? engine_buffer_of(call->engine, call->frame, state,
				  &call->args[param->other], call->instr->args[param->other])
			: 0;
		if (other == 0 || other == object) {
			/* Of a chain that is not followed; none is joined to itself. */
			struct value whole = value_object(object);

			fate_escape(state, &whole);
			if (state->objects[object].fate == FATE_BORROWED)
				state->objects[object].fate = FATE_ESCAPED;
		} else if ((state->objects[object].fate & FATE_DEAD) == 0) {
			state->objects[object].fate = FATE_JOINED;
			state->objects[object].parent = other;
			fate_adopt(state, object, other);
		}
	} else {
		if (is_giving(param->effect))
			forget_keeper(call, state, expr);
		fate_apply(call->engine, call->frame, state, param, object, call->instr->at, name,
			call->instr->callee);
	}
}

static bool
is_count(enum contract_result result)
{
	return result == CONTRACT_RESULT_COUNT || result == CONTRACT_RESULT_COUNT_OR_ERROR;
}

/*
 * A chain of somebody else's segments that nobody asks whether it failed: whoever put them together
 * knows that they fit.
 */
static bool
is_join_sure(const struct call *call, const struct state *state, const struct contract_param *param,
	uint32_t idx)
{
	const struct value *segment = &call->args[idx];

	return param->effect == CONTRACT_JOIN && call->instr->to == NULL &&
		segment->kind == VALUE_OBJECT &&
		state->objects[segment->object].fate == FATE_BORROWED;
}

void
call_apply_param(struct call *call, struct states *states, uint32_t idx)
{
	const struct contract_param *param = &call->contract->params[idx];
	struct states out;

	states_init(&out);
	if ((param->effect == CONTRACT_GRANT || param->effect == CONTRACT_LEND) &&
		!grants_buffer(call->instr->args[idx]) &&
		!meant_is_buffer(call->engine, call->frame->function, call->instr->args[idx])) {
		for (struct state *state = states->first; state != NULL; state = state->next) {
			call_give_unknown(call, state, idx);
			held_return(state);
		}
		return;
	}
	for (struct state *state = states->first, *after; state != NULL; state = after) {
		struct states one;
		struct burst_call burst = {
			.instr = call->instr, .param = param, .arg_idx = idx, .result = call->result
		};

		after = state->next;
		if (call_condition_holds(call, state, param->when) == 0) {
			if (param->effect == CONTRACT_SEND && param->extent == CONTRACT_ONE) {
				refuse(call, state, idx);
			} else if (param->effect == CONTRACT_SEND) {
				burst.array = call->args[idx];
				burst.count = count_of(call, state, param);
				burst_refuse(state, &burst);
			}
			if (!is_join_sure(call, state, param, idx))
				states_add(&out, state);
			continue;
		}
		if (param->extent == CONTRACT_ONE && call_phase_of(param->effect) == PHASE_STORE) {
			apply_out(call, state, param, idx, &out);
			continue;
		}
		if (param->extent == CONTRACT_ONE) {
			apply_one(call, state, param, idx);
			states_add(&out, state);
			continue;
		}
		states_init(&one);
		states_add(&one, state);
		burst.array = call->args[idx];
		burst.count = count_of(call, state, param);
		burst.is_of_leases = call_has_meaning(
			call_pointed_type(call->instr->args[idx]), CONTRACT_TYPE_LEASE);
		burst.has_offered =
			is_count(call->contract->result) && call->contract->of < call->arg_count;
		if (burst.has_offered) {
			burst.offered = engine_number(state, &call->args[call->contract->of],
				call->instr->args[call->contract->of]->type);
		}
		burst_apply(call->engine, call->frame, &one, &burst);
		if (one.first != NULL) {
			*out.last = one.first;
			out.last = one.last;
		}
	}
	*states = out;
	if (out.first == NULL)
		states->last = &states->first;
}
