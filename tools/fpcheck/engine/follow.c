/* SPDX-License-Identifier: BSD-3-Clause */

#include "engine.h"

/* Arguments of a call that are remembered until its end. */
#define MAX_NOTED 8

/* What the call got, whatever the function does with its parameters. */
static const struct ir_var noted_vars[MAX_NOTED] = {
	{ .name = "@arg0", .kind = IR_VAR_TEMP, .idx = (1U << 30) + 10 },
	{ .name = "@arg1", .kind = IR_VAR_TEMP, .idx = (1U << 30) + 11 },
	{ .name = "@arg2", .kind = IR_VAR_TEMP, .idx = (1U << 30) + 12 },
	{ .name = "@arg3", .kind = IR_VAR_TEMP, .idx = (1U << 30) + 13 },
	{ .name = "@arg4", .kind = IR_VAR_TEMP, .idx = (1U << 30) + 14 },
	{ .name = "@arg5", .kind = IR_VAR_TEMP, .idx = (1U << 30) + 15 },
	{ .name = "@arg6", .kind = IR_VAR_TEMP, .idx = (1U << 30) + 16 },
	{ .name = "@arg7", .kind = IR_VAR_TEMP, .idx = (1U << 30) + 17 },
};

static bool
is_own_buffer(const struct state *state, const struct value *value)
{
	return value->kind == VALUE_OBJECT && state->objects[value->object].fate == FATE_OWNED;
}

/* Remember a call's arguments, when one of them is a buffer of this path's own. */
static void
note_arguments(struct state *state, const struct value *args, uint32_t count, uint32_t depth,
	struct place place)
{
	bool has_own = false;

	count = count < MAX_NOTED ? count : MAX_NOTED;
	for (uint32_t i = 0; i < count; i++)
		has_own = has_own || is_own_buffer(state, &args[i]);
	for (uint32_t i = 0; i < count && has_own; i++) {
		struct address at = address_of_var(&noted_vars[i], depth);

		if (is_own_buffer(state, &args[i])) {
			state_set(state, &at, value_view(args[i].object), place);
		} else if (args[i].kind == VALUE_NUMBER && args[i].number.sym != 0) {
			state_set(state, &at, args[i], place);
		}
	}
}

static void
forget_arguments(struct state *state, uint32_t depth)
{
	for (uint32_t i = 0; i < MAX_NOTED; i++) {
		struct address at = address_of_var(&noted_vars[i], depth);

		state_forget(state, &at);
	}
}

static const struct value *
noted(const struct state *state, uint32_t idx, uint32_t depth)
{
	struct address at = address_of_var(&noted_vars[idx], depth);
	const struct cell *cell = state_cell(state, &at);

	return cell != NULL ? &cell->value : NULL;
}

/* The number that the state knows the value to be. */
static bool
is_constant(const struct state *state, const struct value *value, int64_t *constant)
{
	struct number zero = number_constant(0);
	int64_t most;

	if (value->kind != VALUE_NUMBER)
		return false;
	most = facts_bound(state->facts, value->number, zero);
	*constant = most;
	return most != NUMBER_NO_BOUND && facts_bound(state->facts, zero, value->number) == -most;
}

static bool
excludes(const struct state *state, const struct value *value, int64_t constant)
{
	return value->kind == VALUE_NUMBER &&
		facts_holds(state->facts, value->number, RELATION_EQ, number_constant(constant)) ==
		0;
}

/* Could the caller tell one way out from the other, by the result or by what it handed in? */
static bool
is_told_apart(const struct leaving *a, const struct leaving *b, bool has_result, uint32_t depth)
{
	int64_t x = 0;
	int64_t y = 0;

	if (has_result &&
		(!is_constant(a->state, &a->value, &x) || !is_constant(b->state, &b->value, &y) ||
			x != y))
		return true;
	for (uint32_t i = 0; i < MAX_NOTED; i++) {
		const struct value *in_a = noted(a->state, i, depth);
		const struct value *in_b = noted(b->state, i, depth);

		if (in_a == NULL || in_b == NULL)
			continue;
		if ((is_constant(a->state, in_a, &x) && excludes(b->state, in_b, x)) ||
			(is_constant(b->state, in_b, &y) && excludes(a->state, in_a, y)))
			return true;
	}
	return false;
}

/* The noted buffer's fate at the end of the call; 0 when there is none. */
static uint32_t
fate_of(const struct leaving *leaving, uint32_t idx, uint32_t depth)
{
	const struct value *value = noted(leaving->state, idx, depth);

	return value != NULL && value->kind == VALUE_VIEW
		? leaving->state->objects[value->object].fate
		: 0;
}

/*
 * A function that gives its argument up on one path and keeps it on another, while its caller
 * could not tell which: where it leaves without having given it up is where a leak is to be mended.
 */
static void
blame_callee(const struct leaving *leavings, bool has_result, uint32_t depth)
{
	for (const struct leaving *one = leavings; one != NULL; one = one->next) {
		for (uint32_t i = 0; i < MAX_NOTED; i++) {
			struct object *object;
			const struct leaving *other = leavings;

			if (fate_of(one, i, depth) != FATE_OWNED)
				continue;
			object = &one->state->objects[noted(one->state, i, depth)->object];
			while (other != NULL &&
				((fate_of(other, i, depth) & FATE_DEAD) == 0 ||
					is_told_apart(one, other, has_result, depth)))
				other = other->next;
			if (other != NULL && object->left.line != 0 && !object->is_blame_firm) {
				object->blame = object->left;
				object->is_blame_firm = true;
			}
		}
	}
}

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
	note_arguments(state, args, arg_count, callee.depth, instr->at);
	leavings = engine_walk(engine, &callee, state);
	blame_callee(leavings, function->result->kind != IR_TYPE_VOID, callee.depth);
	for (struct leaving *leaving = leavings; leaving != NULL; leaving = leaving->next) {
		leaving->state->call = before;
		forget_arguments(leaving->state, callee.depth);
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
