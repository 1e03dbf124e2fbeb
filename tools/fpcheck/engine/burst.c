/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Arrays of buffers in calls.
 *
 * Of a burst one element is followed, with an index of which only the bounds are known. What is
 * true of it is true of any, so a loop over the burst, a prefix that a port took and the tail that
 * is freed are followed exactly, whatever the counts.
 */

#include "engine.h"

/* An array in a call: its address without the index of its first element. */
struct array {
	struct address at;
	struct number first;
	bool is_single; /* a variable, by its address: its only element is it */
};

struct burst {
	struct engine *engine;
	const struct frame *frame;
	const struct burst_call *call;
	const struct array *array;
	struct number end; /* first + count */
	const char *name;
	const char *by;
};

static bool
array_of(struct state *state, const struct value *value, struct array *array)
{
	if (!engine_pointee(state, value, &array->at) || array->at.root == ROOT_DATA)
		return false;
	array->first = number_constant(0);
	array->is_single = true;
	if (array->at.step_count > 0 && array->at.steps[array->at.step_count - 1].field == NULL) {
		array->at.step_count--;
		array->first = array->at.steps[array->at.step_count].index;
		array->is_single = false;
	}
	return true;
}

/* The index in the array of a cell that is one of its elements. */
static bool
element_index(const struct state *state, const struct array *array, const struct cell *cell,
	struct number *index)
{
	uint32_t steps = array->at.step_count + (array->is_single ? 0 : 1);

	if (cell->value.kind != VALUE_OBJECT || cell->at.step_count != steps ||
		!address_covers(state, &array->at, &cell->at))
		return false;
	if (array->is_single) {
		*index = number_constant(0);
		return true;
	}
	if (cell->at.steps[steps - 1].field != NULL)
		return false;
	*index = cell->at.steps[steps - 1].index;
	return true;
}

static struct address
element_at(const struct array *array, struct number index)
{
	struct address at = array->at;

	if (!array->is_single)
		(void)address_add_index(&at, index);
	return at;
}

/* NULL pointers that the array held are overwritten. */
static void
forget_numbers(struct state *state, const struct array *array)
{
	for (uint32_t i = 0; i < state->cell_count;) {
		const struct cell *cell = state->cells[i];

		if (cell->value.kind == VALUE_NUMBER &&
			cell->at.step_count == array->at.step_count + 1 &&
			cell->at.steps[array->at.step_count].field == NULL &&
			address_covers(state, &array->at, &cell->at) &&
			facts_holds(state->facts, cell->at.steps[array->at.step_count].index,
				RELATION_LT, array->first) != 1) {
			state_remove_cell(state, i);
		} else {
			i++;
		}
	}
}

/* A state in which a new element in [first, first + count) is followed; NULL: there is none. */
static struct state *
follow_any(const struct burst *burst, struct state *state, uint32_t fate)
{
	const struct array *array = burst->array;
	struct place at = burst->call->instr->at;
	struct number count = burst->call->count;
	struct number index = array->first;
	struct number end;
	struct address element;
	uint32_t object;

	if (!state_assume(state, number_constant(1), RELATION_LE, count))
		return NULL;
	if (!array->is_single) {
		end = facts_add(state->region, state_facts(state), array->first, count);
		index = state_new_symbol(state);
		if (!state_assume(state, array->first, RELATION_LE, index) ||
			!state_assume(state, index, RELATION_LT, end))
			return NULL;
		if (facts_bound(state->facts, end, array->first) == 1)
			index = array->first;
	}
	element = element_at(array, index);
	object = state_new_object(state, fate, burst->name);
	state->objects[object].is_touched = true;
	state_event(
		state, object, fate == FATE_OWNED ? EVENT_GRANTED : EVENT_BORROWED, at, burst->by);
	state_set(state, &element, value_object(object), at);
	return state;
}

/* What the array held of this path's own is overwritten. */
static bool
clear_array(struct engine *engine, const struct frame *frame, struct state *state,
	const struct array *array, struct place at)
{
	bool has_kept = false;

	for (uint32_t i = 0; i < state->cell_count;) {
		const struct cell *cell = state->cells[i];
		struct number index;
		struct object *object;

		if (!element_index(state, array, cell, &index)) {
			i++;
			continue;
		}
		if (facts_holds(state->facts, index, RELATION_LT, array->first) == 1) {
			has_kept = true;
			i++;
			continue;
		}
		state_remove_cell(state, i);
		object = &state->objects[cell->value.object];
		if (facts_holds(state->facts, index, RELATION_LT, array->first) == 0) {
			fate_lost(engine, frame, state, cell->value.object,
				object->blame.line != 0 ? object->blame : at, "overwritten");
		}
	}
	return has_kept;
}

/* Nothing came: what is left in the array of the round before is no concern of this one. */
static void
forget_dead(struct state *state, const struct array *array)
{
	for (uint32_t i = 0; i < state->cell_count;) {
		const struct cell *cell = state->cells[i];
		struct number index;

		if (element_index(state, array, cell, &index) &&
			(state->objects[cell->value.object].fate & FATE_OWNED) == 0) {
			state_remove_cell(state, i);
		} else {
			i++;
		}
	}
}

static void
let_go(struct state *state, const struct array *array)
{
	for (uint32_t i = 0; i < state->cell_count;) {
		const struct cell *cell = state->cells[i];
		struct number index;

		if (element_index(state, array, cell, &index)) {
			fate_escape(state, &cell->value);
			state_remove_cell(state, i);
		} else {
			i++;
		}
	}
}

/* An element of another array, that this path has in its hand or gave away. */
static bool
is_followed_elsewhere(const struct state *state, const struct array *array, const struct cell *cell)
{
	struct number index;

	return cell->value.kind == VALUE_OBJECT && cell->at.step_count != 0 &&
		cell->at.steps[cell->at.step_count - 1].field == NULL &&
		(state->objects[cell->value.object].fate & (FATE_OWNED | FATE_DEAD)) != 0 &&
		!element_index(state, array, cell, &index);
}

/*
 * Buffers of two bursts have nothing to do with each other: a path follows one of the one or one of
 * the other, and not all pairs of both.
 */
static void
follow_one(struct state *state, const struct array *array, struct states *out)
{
	bool has_forked = false;

	for (uint32_t i = 0; i < state->cell_count;) {
		const struct cell *cell = state->cells[i];

		if (!is_followed_elsewhere(state, array, cell)) {
			i++;
			continue;
		}
		if (!has_forked)
			states_add(out, state_copy(state));
		has_forked = true;
		fate_escape(state, &cell->value);
		state_remove_cell(state, i);
	}
}

static void
grant(const struct burst *burst, struct state *state, struct states *out)
{
	const struct burst_call *call = burst->call;
	uint32_t fate = call->param->effect == CONTRACT_GRANT ? FATE_OWNED : FATE_BORROWED;
	struct state *none = state_copy(state);
	struct state *some;

	if (state_assume(none, call->count, RELATION_LE, number_constant(0))) {
		if (burst->frame->is_in_loop)
			forget_dead(none, burst->array);
		states_add(out, none);
	}
	forget_numbers(state, burst->array);
	if (clear_array(burst->engine, burst->frame, state, burst->array, call->instr->at)) {
		/* Either one that was there before is followed, or a new one. */
		states_add(out, state_copy(state));
		if (burst->frame->is_in_loop)
			let_go(state, burst->array);
	}
	if (!state_assume(state, number_constant(1), RELATION_LE, call->count))
		return;
	follow_one(state, burst->array, out);
	some = follow_any(burst, state, fate);
	if (some != NULL)
		states_add(out, some);
}

static void
refuse(struct state *state, uint32_t id, struct place at, const char *by)
{
	struct object *object = &state->objects[id];

	if (object->fate != FATE_OWNED)
		return;
	state_event(state, id, EVENT_REFUSED, at, by);
	object->is_touched = true;
	if (!object->is_blame_firm)
		object->blame = at;
}

/* Of a burst that is merged, the first `result` are the caller's afterwards. */
static void
merge(const struct burst *burst, struct state *state, uint32_t object, struct number index,
	struct states *out)
{
	struct state *gone = state_copy(state);

	if (state_assume(gone, burst->call->result, RELATION_LE, index)) {
		gone->objects[object].fate = FATE_SENT;
		state_event(gone, object, EVENT_REPLACED, burst->call->instr->at, burst->by);
		states_add(out, gone);
	}
	if (state_assume(state, index, RELATION_LT, burst->call->result))
		states_add(out, state);
}

/* Is the element in the range? One state for each possible answer. */
static void
apply_element(const struct burst *burst, struct state *state, uint32_t object, struct number index,
	struct states *out)
{
	struct state *before;
	struct state *behind;

	/* See is_far_fetched() in access.c. */
	if (state->is_widened && (state->objects[object].fate & ~FATE_DEAD) == 0 &&
		facts_holds(state->facts, index, RELATION_LT, burst->array->first) == -1) {
		states_add(out, state);
		return;
	}
	before = state_copy(state);
	behind = state_copy(state);
	if (state_assume(before, index, RELATION_LT, burst->array->first))
		states_add(out, before);
	if (state_assume(behind, burst->end, RELATION_LE, index)) {
		if (burst->call->param->effect == CONTRACT_SEND ||
			burst->call->param->effect == CONTRACT_FREE)
			refuse(behind, object, burst->call->instr->at, burst->by);
		states_add(out, behind);
	}
	if (!state_assume(state, burst->array->first, RELATION_LE, index) ||
		!state_assume(state, index, RELATION_LT, burst->end))
		return;
	if (burst->call->param->effect == CONTRACT_REPLACE) {
		merge(burst, state, object, index, out);
		return;
	}
	fate_apply(burst->engine, burst->frame, state, burst->call->param, object,
		burst->call->instr->at, burst->name, burst->by);
	states_add(out, state);
}

/* Descriptors, operations: what an array of pointers to them points to is no buffer. */
static bool
is_of_others(const struct ir_expr *expr)
{
	const struct ir_type *type;

	while (expr->kind == IR_CAST)
		expr = expr->a;
	type = expr->type != NULL ? expr->type->to : NULL;
	if (type != NULL && type->kind == IR_TYPE_ARRAY)
		type = type->to;
	return type != NULL && type->kind == IR_TYPE_POINTER && type->to != NULL &&
		type->to->kind == IR_TYPE_RECORD && type->to->meaning == CONTRACT_TYPE_PLAIN;
}

static void
apply_all(const struct burst *burst, struct state *state, struct states *out)
{
	struct number count = burst->call->count;
	uint32_t objects[8];
	struct number indexes[8];
	uint32_t known = 0;
	struct states now;

	for (uint32_t i = 0; i < state->cell_count && known < 8; i++) {
		if (element_index(state, burst->array, state->cells[i], &indexes[known]))
			objects[known++] = state->cells[i]->value.object;
	}
	if (known == 0 && burst->call->param->effect != CONTRACT_USE &&
		!is_of_others(burst->call->instr->args[burst->call->arg_idx])) {
		struct state *none = state_copy(state);

		if (state_assume(none, count, RELATION_LE, number_constant(0)))
			states_add(out, none);
		state = follow_any(burst, state, FATE_BORROWED);
		if (state == NULL)
			return;
		for (uint32_t i = 0; i < state->cell_count && known < 8; i++) {
			if (element_index(state, burst->array, state->cells[i], &indexes[known]))
				objects[known++] = state->cells[i]->value.object;
		}
		/* Nobody saw it before: that it came from here is no event. */
		if (known != 0)
			state->objects[objects[0]].trail = NULL;
	}
	states_init(&now);
	states_add(&now, state);
	for (uint32_t i = 0; i < known; i++) {
		struct states next;

		states_init(&next);
		for (struct state *one = now.first, *after; one != NULL; one = after) {
			after = one->next;
			apply_element(burst, one, objects[i], indexes[i], &next);
		}
		now = next;
		if (next.first == NULL)
			return;
	}
	*out->last = now.first;
	out->last = now.last;
}

/* A buffer that is followed may be in this one of many arrays: the path has to be split first. */
static bool
is_ambiguous(struct engine *engine, const struct state *state, const struct array *array)
{
	for (uint32_t i = 0; i < state->cell_count; i++) {
		const struct cell *cell = state->cells[i];
		struct address whole = cell->at;
		struct number x;
		struct number y;

		if (cell->value.kind != VALUE_OBJECT || cell->at.step_count <= array->at.step_count)
			continue;
		whole.step_count = array->at.step_count;
		if (address_match(state, &array->at, &whole, &x, &y) != -1)
			continue;
		engine->needs_split = true;
		engine->split_x = x;
		engine->split_y = y;
		return true;
	}
	return false;
}

void
burst_apply(struct engine *engine, const struct frame *frame, struct states *states,
	const struct burst_call *call)
{
	struct states out;
	struct array array;
	struct burst burst = {
		.engine = engine,
		.frame = frame,
		.call = call,
		.array = &array,
		.name = diagnose_name(engine, call->instr->args[call->arg_idx]),
		.by = call->instr->callee,
	};

	states_init(&out);
	for (struct state *state = states->first, *after; state != NULL; state = after) {
		after = state->next;
		if (!array_of(state, &call->array, &array) || is_ambiguous(engine, state, &array)) {
			states_add(&out, state);
		} else if (call->param->effect == CONTRACT_GRANT ||
			call->param->effect == CONTRACT_LEND) {
			grant(&burst, state, &out);
		} else {
			burst.end = facts_add(
				state->region, state_facts(state), array.first, call->count);
			apply_all(&burst, state, &out);
		}
	}
	*states = out;
	if (out.first == NULL)
		states->last = &states->first;
}
