/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Whose duty it is to give a buffer up that a function got.
 *
 * A function that gives its argument up on one way out and not on another, while its caller could
 * not tell which it was, by the result or by the numbers that it handed in, has to give it up on
 * all: it leaves with the buffer where a leak is to be mended. That holds of calls that are
 * followed and, of a function that is mostly for giving up, without a caller, too.
 */

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

void
duty_note(struct state *state, const struct value *args, uint32_t count, uint32_t depth,
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

void
duty_forget(struct state *state, uint32_t depth)
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

	return value != NULL && value->kind != VALUE_NUMBER
		? leaving->state->objects[value->object].fate
		: 0;
}

/* A way out on which the buffer was given up, and that is the same to the caller; NULL. */
static const struct leaving *
find_twin(const struct leaving *one, const struct leaving *leavings, uint32_t idx, bool has_result,
	uint32_t depth)
{
	for (const struct leaving *other = leavings; other != NULL; other = other->next) {
		if ((fate_of(other, idx, depth) & FATE_DEAD) != 0 &&
			!is_told_apart(one, other, has_result, depth))
			return other;
	}
	return NULL;
}

static bool
is_given_anywhere(const struct leaving *leavings, uint32_t idx, uint32_t depth)
{
	for (; leavings != NULL; leavings = leavings->next) {
		if ((fate_of(leavings, idx, depth) & FATE_DEAD) != 0)
			return true;
	}
	return false;
}

void
duty_blame(const struct leaving *leavings, bool has_result, uint32_t depth, struct place call_at)
{
	for (const struct leaving *one = leavings; one != NULL; one = one->next) {
		for (uint32_t i = 0; i < MAX_NOTED; i++) {
			struct object *object;

			if (fate_of(one, i, depth) != FATE_OWNED)
				continue;
			object = &one->state->objects[noted(one->state, i, depth)->object];
			if (object->left.line == 0 || object->is_blame_firm)
				continue;
			if (find_twin(one, leavings, i, has_result, depth) != NULL) {
				object->blame = object->left;
				object->is_blame_firm = true;
			} else if (is_given_anywhere(leavings, i, depth)) {
				/* Refused, as by a ring. */
				object->blame = call_at;
			}
		}
	}
}

/* So many calls give the buffer up that the function is for that. */
#define MANY_GIVINGS     3
/* How deep calls are looked into for what they do to their argument. */
#define MAX_GIVING_DEPTH 3

static bool
is_param(const struct ir_expr *expr, const struct ir_var *param)
{
	while (expr->kind == IR_CAST || expr->kind == IR_ADDR)
		expr = expr->a;
	return expr->kind == IR_VAR && expr->var == param;
}

static uint32_t count_givings(struct engine *engine, const struct ir_function *function,
	const struct ir_var *param, uint32_t depth);

static bool
gives_up(struct engine *engine, const struct ir_instr *instr, uint32_t idx, uint32_t depth)
{
	const struct ir_function *callee;
	const struct contract *contract;

	if (instr->callee == NULL)
		return false;
	contract = contracts_find(engine->unit->contracts, instr->callee);
	if (contract != NULL) {
		return idx < contract->param_count &&
			(contract->params[idx].effect == CONTRACT_FREE ||
				contract->params[idx].effect == CONTRACT_SEND);
	}
	callee = depth < MAX_GIVING_DEPTH ? ir_function_of(engine->cache, instr->target) : NULL;
	return callee != NULL && idx < callee->param_count &&
		count_givings(engine, callee, callee->params[idx], depth + 1) != 0;
}

/* Calls in the function that give its parameter up, on some path. */
static uint32_t
count_givings(struct engine *engine, const struct ir_function *function, const struct ir_var *param,
	uint32_t depth)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < function->block_count; i++) {
		const struct ir_block *block = function->blocks[i];

		for (uint32_t k = 0; k < block->instr_count; k++) {
			const struct ir_instr *instr = &block->instrs[k];

			for (uint32_t a = 0; instr->kind == IR_CALL && a < instr->arg_count; a++) {
				if (is_param(instr->args[a], param) &&
					gives_up(engine, instr, a, depth))
					count++;
			}
		}
	}
	return count;
}

bool
duty_may_be(struct engine *engine, const struct ir_function *function, const struct ir_var *buffer)
{
	return function->result->kind == IR_TYPE_VOID &&
		count_givings(engine, function, buffer, 0) >= MANY_GIVINGS;
}

static const struct object *
noted_object(const struct leaving *leaving, uint32_t idx)
{
	return &leaving->state->objects[noted(leaving->state, idx, 1)->object];
}

/* The one way out that forgets the buffer, while all others like it give it up. */
static bool
is_odd(const struct leaving *one, const struct leaving *leavings, uint32_t idx)
{
	const struct object *object = noted_object(one, idx);
	bool is_given = false;

	for (const struct leaving *other = leavings; other != NULL; other = other->next) {
		uint32_t fate = fate_of(other, idx, 1);

		if (fate == 0 || is_told_apart(one, other, false, 1))
			continue;
		is_given = is_given || (fate & FATE_DEAD) != 0;
		if (fate == FATE_OWNED &&
			(noted_object(other, idx)->is_placed ||
				noted_object(other, idx)->left.line != object->left.line))
			return false;
	}
	return is_given && !object->is_placed;
}

/* Whoever called holds the buffer until the function returns. */
static void
hold(struct state *state)
{
	for (uint32_t i = 0; i < MAX_NOTED; i++) {
		struct address at = address_of_var(&noted_vars[i], 1);
		const struct value *value = noted(state, i, 1);

		if (value != NULL && value->kind == VALUE_VIEW)
			state_set(state, &at, value_object(value->object), noted_vars[i].at);
	}
}

/* Of who falls off the end, the call that refused the buffer. */
static struct place
place_of(const struct ir_function *function, const struct object *object)
{
	if (object->blame.line != 0 &&
		(object->is_blame_firm || object->left.line == function->end.line))
		return object->blame;
	return object->left;
}

void
duty_check(struct engine *engine, const struct ir_function *function, const struct frame *root,
	struct state *entry, const struct value *args)
{
	struct frame frame = *root;
	struct leaving *leavings;

	frame.caller = root;
	frame.depth = 1;
	engine->is_silent = true;
	duty_note(entry, args, function->param_count, 1, function->at);
	hold(entry);
	region_clear(&engine->passing[0]);
	leavings = engine_walk(engine, &frame, entry);
	engine->is_silent = false;
	if (engine->is_out_of_steps || engine->has_forced)
		return;
	for (const struct leaving *one = leavings; one != NULL; one = one->next) {
		for (uint32_t i = 0; i < MAX_NOTED; i++) {
			const struct object *object;

			if (fate_of(one, i, 1) != FATE_OWNED || !is_odd(one, leavings, i))
				continue;
			object = noted_object(one, i);
			diagnose(engine, root, one->state, RULE_R_04_01, "leak",
				place_of(function, object), noted(one->state, i, 1)->object,
				"'%s' is neither freed nor given away here, as it is on every "
				"other way out",
				object->name != NULL ? object->name : "a buffer");
		}
	}
}
