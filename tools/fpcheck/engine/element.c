/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Arrays that a loop fills.
 *
 * However many elements there are, one is followed: of an array of this call, any one, so a path is
 * split at each store into "this is the one" and "it is not"; of memory that outlives the call, the
 * last.
 */

#include "engine.h"

/* Another element of the same array, the path's own or not. */
static bool
is_sibling(const struct state *state, const struct cell *cell, const struct address *at)
{
	struct number x;
	struct number y;

	return (cell->value.kind == VALUE_OBJECT || cell->value.kind == VALUE_VIEW) &&
		address_is_like(at, &cell->at) && address_match(state, at, &cell->at, &x, &y) != 1;
}

static bool
is_in_array(const struct state *state, const struct address *at)
{
	for (uint32_t i = 0; i < at->step_count; i++) {
		if (at->steps[i].field == NULL && at->steps[i].index.sym != 0)
			return true;
	}
	for (uint32_t i = 0; i < state->cell_count; i++) {
		if (is_sibling(state, state->cells[i], at))
			return true;
	}
	return false;
}

static bool
has_owned_sibling(const struct state *state, const struct address *at)
{
	for (uint32_t i = 0; i < state->cell_count; i++) {
		const struct cell *cell = state->cells[i];

		if (is_sibling(state, cell, at) && cell->value.kind == VALUE_OBJECT &&
			(state->objects[cell->value.object].fate & FATE_OWNED) != 0)
			return true;
	}
	return false;
}

static void
forget_siblings(struct state *state, const struct address *at)
{
	for (uint32_t i = 0; i < state->cell_count;) {
		const struct cell *cell = state->cells[i];

		if (!is_sibling(state, cell, at)) {
			i++;
			continue;
		}
		fate_escape(state, &cell->value);
		state_remove_cell(state, i);
	}
}

static bool
is_gone(const struct state *state, const struct cell *cell)
{
	return cell->value.kind == VALUE_OBJECT &&
		(state->objects[cell->value.object].fate & ~FATE_DEAD) == 0;
}

/* As forget_siblings(), but for buffers that are gone, in elements that surely are others. */
static void
forget_possible(struct state *state, const struct address *at)
{
	for (uint32_t i = 0; i < state->cell_count;) {
		const struct cell *cell = state->cells[i];
		struct number x;
		struct number y;

		if (!is_sibling(state, cell, at) ||
			(is_gone(state, cell) &&
				address_match(state, at, &cell->at, &x, &y) == 0)) {
			i++;
			continue;
		}
		fate_escape(state, &cell->value);
		state_remove_cell(state, i);
	}
}

/* What was here, or may have been, is overwritten by one that is let go: no use of it is wrong. */
static void
forget_dead(struct state *state, const struct address *at)
{
	for (uint32_t i = 0; i < state->cell_count;) {
		const struct cell *cell = state->cells[i];

		if (cell->value.kind == VALUE_OBJECT && address_is_like(at, &cell->at) &&
			(state->objects[cell->value.object].fate & ~FATE_DEAD) == 0) {
			state_remove_cell(state, i);
		} else {
			i++;
		}
	}
}

/* The call may run again, or one that it is made by. */
static bool
is_in_loop(const struct frame *frame)
{
	while (frame != NULL && !frame->is_in_loop)
		frame = frame->caller;
	return frame != NULL;
}

void
engine_set_element(struct engine *engine, const struct frame *frame, struct state *state,
	const struct address *at, struct value value, const struct ir_expr *to, struct place place,
	struct states *out)
{
	if ((value.kind == VALUE_OBJECT || value.kind == VALUE_VIEW) && is_in_loop(frame) &&
		(engine_varies(to) || is_in_array(state, at))) {
		if (!address_is_lasting(at) && value.kind == VALUE_OBJECT &&
			(state->objects[value.object].fate & FATE_OWNED) != 0) {
			struct state *other = state_copy(state);

			fate_escape(other, &value);
			forget_dead(other, at);
			states_add(out, other);
			if (has_owned_sibling(state, at))
				return;
		}
		forget_siblings(state, at);
	}
	engine_store(engine, frame, state, at, value, to, place);
	states_add(out, state);
}

/* A pointer to a buffer, the path's own or one that it does not follow. */
static bool
is_buffer_pointer(const struct ir_expr *to)
{
	const struct ir_type *pointee = to->type != NULL ? to->type->to : NULL;

	return pointee != NULL && pointee->kind == IR_TYPE_RECORD &&
		pointee->meaning == CONTRACT_TYPE_BUFFER;
}

/* An array of arrays, or of structs with one: where in which one is not known. */
static bool
is_in_table(const struct address *at)
{
	uint32_t index_count = 0;
	bool is_constant = true;

	for (uint32_t i = 0; i < at->step_count; i++) {
		if (at->steps[i].field != NULL)
			continue;
		index_count++;
		is_constant = is_constant && number_is_constant(at->steps[i].index);
	}
	return index_count > 1 && !is_constant;
}

void
engine_set_result(struct engine *engine, const struct frame *frame, struct state *state,
	const struct ir_expr *to, struct value value, struct place place, struct states *out)
{
	struct address at;

	if (!engine_locate(engine, frame, state, to, &at)) {
		fate_escape(state, &value);
		states_add(out, state);
		return;
	}
	if (frame->is_in_loop && (engine_varies(to) || is_in_array(state, &at)) &&
		value.kind != VALUE_OBJECT && value.kind != VALUE_VIEW &&
		(address_is_lasting(&at) || is_in_table(&at)) && is_buffer_pointer(to)) {
		/* It may be put where the one that is followed is: whose that is nobody can say. */
		forget_possible(state, &at);
	}
	engine_set_element(engine, frame, state, &at, value, to, place, out);
}
