/* SPDX-License-Identifier: BSD-3-Clause */

#include <string.h>

#include "engine.h"

/* A call under way. */
struct call {
	struct engine *engine;
	const struct frame *frame;
	const struct ir_instr *instr;
	const struct contract *contract;
	struct value args[ENGINE_MAX_ARGS];
	uint32_t arg_count;
	struct number result; /* of pointers: 0 for NULL */
	bool is_null_known;   /* the states are split on the result's being NULL */
};

static const struct ir_type *
pointed_type(const struct ir_expr *expr)
{
	while (expr->kind == IR_CAST && expr->type != NULL && expr->type->kind == IR_TYPE_POINTER &&
		expr->type->to != NULL && expr->type->to->kind == IR_TYPE_VOID)
		expr = expr->a;
	return expr->type != NULL ? expr->type->to : NULL;
}

static bool
has_meaning(const struct ir_type *type, enum contract_type meaning)
{
	return type != NULL && type->kind == IR_TYPE_RECORD && type->meaning == meaning;
}

uint32_t
engine_buffer_of(struct engine *engine, const struct frame *frame, struct state *state,
	const struct value *argument, const struct ir_expr *expr)
{
	const struct ir_type *type = pointed_type(expr);
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
	if (has_meaning(type, CONTRACT_TYPE_LEASE)) {
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

static bool
is_const_pointer(const struct ir_expr *expr)
{
	const struct ir_type *type = pointed_type(expr);

	return type != NULL && type->is_const;
}

/* A function of which nothing is known got the argument. */
static void
give_unknown(struct call *call, struct state *state, uint32_t idx)
{
	const struct value *value = &call->args[idx];
	const struct ir_expr *expr = call->instr->args[idx];
	bool is_const = is_const_pointer(expr);
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

static struct value
unknown_result(struct call *call, struct state *state)
{
	const struct ir_expr *to = call->instr->to;
	struct value value = value_unknown();

	if (to == NULL || to->type == NULL)
		return value;
	if (to->type->kind == IR_TYPE_POINTER && has_meaning(to->type->to, CONTRACT_TYPE_BUFFER)) {
		value = value_object(
			state_new_object(state, FATE_ESCAPED, diagnose_name(call->engine, to)));
		state->objects[value.object].may_be_null = true;
		return value;
	}
	if (to->type->kind == IR_TYPE_INT || to->type->kind == IR_TYPE_POINTER)
		return value_number(engine_number(state, &value, to->type));
	return value;
}

static void
call_unknown(struct call *call, struct state *state, struct states *out)
{
	for (uint32_t i = 0; i < call->arg_count; i++)
		give_unknown(call, state, i);
	if (call->instr->to != NULL) {
		engine_set_result(call->engine, call->frame, state, call->instr->to,
			unknown_result(call, state), call->instr->at, out);
	} else {
		states_add(out, state);
	}
}

static bool
is_pointer_result(enum contract_result result)
{
	return result == CONTRACT_RESULT_NEW || result == CONTRACT_RESULT_NEW_OR_SAME ||
		result == CONTRACT_RESULT_VIEW || result == CONTRACT_RESULT_PART ||
		result == CONTRACT_RESULT_SAME || result == CONTRACT_RESULT_CLONE ||
		result == CONTRACT_RESULT_NEXT;
}

/* The condition on the result: 1 it holds, 0 not, -1 not known. */
static int
condition_holds(const struct call *call, const struct state *state, enum contract_when when)
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
static void
split_on(const struct call *call, struct states *states, enum contract_when when)
{
	struct states out;

	states_init(&out);
	for (struct state *state = states->first, *after; state != NULL; state = after) {
		struct state *other;

		after = state->next;
		if (condition_holds(call, state, when) != -1) {
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
	if (has_meaning(type, CONTRACT_TYPE_LEASE))
		return true;
	return type != NULL && type->kind == IR_TYPE_POINTER &&
		has_meaning(type->to, CONTRACT_TYPE_BUFFER);
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
	if (has_meaning(pointed_type(expr), CONTRACT_TYPE_LEASE)) {
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
		if (call->args[idx].kind == VALUE_ADDRESS && !is_const_pointer(expr) &&
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
			has_meaning(pointed_type(expr), CONTRACT_TYPE_LEASE) &&
			(state->objects[object].fate & ~FATE_DEAD) == 0))
		return;
	if (param->effect == CONTRACT_REF) {
		apply_reference(call, state, param, object);
	} else if (param->effect == CONTRACT_JOIN) {
		other = param->other < call->arg_count
			? engine_buffer_of(call->engine, call->frame, state,
				  &call->args[param->other], call->instr->args[param->other])
			: 0;
		if (other == 0) {
			/* Of a chain that is not followed. */
			struct value whole = value_object(object);

			fate_escape(state, &whole);
		} else if (other != object && (state->objects[object].fate & FATE_DEAD) == 0) {
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

/* A call looks at its arguments before it gives them away, and stores what it makes last. */
enum phase {
	PHASE_LOOK,
	PHASE_GIVE,
	PHASE_STORE
};

static enum phase
phase_of(enum contract_effect effect)
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

static void
apply_param(struct call *call, struct states *states, uint32_t idx)
{
	const struct contract_param *param = &call->contract->params[idx];
	struct states out;

	states_init(&out);
	if ((param->effect == CONTRACT_GRANT || param->effect == CONTRACT_LEND) &&
		!grants_buffer(call->instr->args[idx]) &&
		!meant_is_buffer(call->engine, call->frame->function, call->instr->args[idx])) {
		for (struct state *state = states->first; state != NULL; state = state->next) {
			give_unknown(call, state, idx);
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
		if (condition_holds(call, state, param->when) == 0) {
			if (param->effect == CONTRACT_SEND && param->extent == CONTRACT_ONE) {
				refuse(call, state, idx);
			} else if (param->effect == CONTRACT_SEND) {
				burst.array = call->args[idx];
				burst.count = count_of(call, state, param);
				burst_refuse(state, &burst);
			}
			states_add(&out, state);
			continue;
		}
		if (param->extent == CONTRACT_ONE && phase_of(param->effect) == PHASE_STORE) {
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
		burst.is_of_leases =
			has_meaning(pointed_type(call->instr->args[idx]), CONTRACT_TYPE_LEASE);
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

static bool
has_prefix(const struct contract *contract)
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
static void
begin_result(struct call *call, struct states *states)
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
		split_on(call, states, CONTRACT_IF_ZERO);
		for (state = states->first; state != NULL; state = state->next) {
			if (condition_holds(call, state, CONTRACT_IF_ZERO) == 0) {
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
			split_on(call, states, CONTRACT_IF_ZERO);
			for (state = states->first; state != NULL; state = state->next) {
				if (condition_holds(call, state, CONTRACT_IF_ZERO) == 0)
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
		split_on(call, states, contract->params[i].when);
		call->is_null_known = true;
	}
	if (call->is_null_known && is_pointer_result(contract->result))
		split_on(call, states, CONTRACT_IF_ZERO);
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

static struct value
pointer_result(struct call *call, struct state *state)
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
			has_meaning(call->instr->to != NULL ? call->instr->to->type : NULL,
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
	begin_result(call, &states);
	for (enum phase phase = PHASE_LOOK; phase <= PHASE_STORE; phase++) {
		for (uint32_t i = 0; i < contract->param_count && i < call->arg_count; i++) {
			if (phase_of(contract->params[i].effect) == phase)
				apply_param(call, &states, i);
		}
	}
	for (state = states.first; state != NULL;) {
		struct state *after = state->next;
		struct value value;

		if (contract->result == CONTRACT_RESULT_NEVER) {
			state = after;
			continue;
		}
		value = is_pointer_result(contract->result) ? pointer_result(call, state)
							    : value_number(call->result);
		if (contract->result == CONTRACT_RESULT_NONE && !has_prefix(contract))
			value = unknown_result(call, state);
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

		if (param->extent == CONTRACT_ONE && phase_of(param->effect) != PHASE_STORE &&
			has_meaning(pointed_type(call->instr->args[i]), CONTRACT_TYPE_LEASE) &&
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
