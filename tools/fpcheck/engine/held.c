/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Arrays of events and operations in calls: what a device takes it takes with the buffers in it.
 * `events[i].mbuf`, `ops[i]->sym->m_src` are buffers of element i.
 */

#include "engine.h"

bool
held_is_array(const struct ir_expr *expr)
{
	const struct ir_type *type;

	while (expr->kind == IR_CAST)
		expr = expr->a;
	type = expr->type != NULL ? expr->type->to : NULL;
	if (type != NULL && type->kind == IR_TYPE_ARRAY)
		type = type->to;
	if (type != NULL && type->kind == IR_TYPE_POINTER)
		type = type->to;
	return type != NULL && type->kind == IR_TYPE_RECORD && type->meaning == CONTRACT_TYPE_PLAIN;
}

/* The index, in the array, of the element that the address is in. */
static bool
index_of(const struct state *state, const struct address *array, bool is_single,
	const struct address *at, struct number *index)
{
	uint32_t steps = array->step_count;

	if (!address_covers(state, array, at))
		return false;
	*index = number_constant(0);
	if (is_single)
		return true;
	if (at->step_count <= steps || at->steps[steps].field != NULL)
		return false;
	*index = at->steps[steps].index;
	return true;
}

/* The cell is in an element, or in what an element points to. */
static bool
is_reached(const struct state *state, const struct address *array, bool is_single,
	const struct cell *cell, struct number *index)
{
	if (index_of(state, array, is_single, &cell->at, index))
		return true;
	for (uint32_t i = 0; i < state->cell_count; i++) {
		const struct cell *element = state->cells[i];

		if (element->value.kind == VALUE_NUMBER && cell->at.root == ROOT_POINTEE &&
			element->value.number.sym == cell->at.id &&
			index_of(state, array, is_single, &element->at, index))
			return true;
	}
	return false;
}

bool
held_index(const struct state *state, const struct address *array, bool is_single,
	const struct cell *cell, struct number *index)
{
	return cell->value.kind == VALUE_OBJECT && is_reached(state, array, is_single, cell, index);
}

/* A pointer to the buffer, or into it: operations point to what they work on, too. */
static bool
is_of(const struct cell *cell, uint32_t object)
{
	return (cell->value.kind == VALUE_OBJECT || cell->value.kind == VALUE_VIEW) &&
		cell->value.object == object;
}

void
held_release(struct state *state, const struct address *array, bool is_single, uint32_t object)
{
	for (uint32_t i = 0; i < state->cell_count; i++) {
		const struct cell *cell = state->cells[i];
		struct number index;

		if (cell->is_lasting && is_of(cell, object) &&
			is_reached(state, array, is_single, cell, &index))
			state_mark_lasting(state, &cell->at, false);
	}
	state->objects[object].is_carried = true;
}

void
held_return(struct state *state)
{
	for (uint32_t i = 1; i < state->object_count; i++) {
		struct object *object = &state->objects[i];

		if (object->is_carried && object->fate == FATE_SENT)
			object->fate = FATE_ESCAPED;
	}
}
