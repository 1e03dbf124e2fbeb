/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Which states of a block may be joined: those that agree on what became of each buffer, and on
 * where indexes stand to the element of an array that is followed.
 */

#include <string.h>

#include "state.h"

static uint64_t
mix(uint64_t key, uint64_t value)
{
	key ^= value + 0x9e3779b97f4a7c15U + (key << 6) + (key >> 2);
	return key * 0xff51afd7ed558ccdU;
}

static uint64_t
mix_address(uint64_t key, const struct address *at)
{
	key = mix(key, at->root);
	if (at->root == ROOT_VAR) {
		key = mix(mix(key, (uintptr_t)at->var), at->depth);
	} else if (at->root != ROOT_POINTEE) {
		key = mix(key, at->id);
	}
	for (uint32_t i = 0; i < at->step_count; i++) {
		const char *field = at->steps[i].field != NULL ? at->steps[i].field : "[]";

		while (*field != '\0')
			key = mix(key, (unsigned char)*field++);
	}
	return key;
}

/* The array that a variable walks, as its function names it, may be the one of the element. */
static bool
is_array_of(const struct state *state, const struct cell *element, const struct ir_expr *array,
	uint32_t depth)
{
	const struct address *at = &element->at;
	uint32_t last = at->step_count - 1;
	struct address pointer_at;
	const struct cell *pointer;

	while (array->kind == IR_CAST || array->kind == IR_ADDR)
		array = array->a;
	if (array->kind == IR_FIELD) {
		if (last == 0)
			return at->root != ROOT_VAR;
		return at->steps[last - 1].field == NULL ||
			strcmp(at->steps[last - 1].field, array->name) == 0;
	}
	if (array->kind != IR_VAR)
		return true;
	pointer_at = address_of_var(array->var, depth);
	if (array->var->type->kind == IR_TYPE_ARRAY)
		return address_has_root(&pointer_at, at);
	pointer = state_cell(state, &pointer_at);
	if (pointer == NULL)
		return false;
	if (pointer->value.kind == VALUE_ADDRESS)
		return address_has_root(pointer->value.address, at);
	return pointer->value.kind == VALUE_NUMBER && at->root == ROOT_POINTEE &&
		at->id == pointer->value.number.sym;
}

static bool
walks_array_of(const struct state *state, const struct cell *element, const struct cell *variable)
{
	for (const struct ir_walked *walked = variable->at.var->walks; walked != NULL;
		walked = walked->next) {
		if (is_array_of(state, element, walked->array, variable->at.depth))
			return true;
	}
	return false;
}

/*
 * Whether a variable is behind the element that is followed or not: what loops over the array are
 * about, and what joining their states would forget.
 */
static uint64_t
mix_order(uint64_t key, const struct state *state, const struct cell *element)
{
	struct number index = element->at.steps[element->at.step_count - 1].index;

	for (uint32_t i = 0; i < state->cell_count; i++) {
		const struct cell *cell = state->cells[i];
		struct number other;

		if (cell->at.root != ROOT_VAR || cell->at.step_count != 0)
			continue;
		if (cell->value.kind == VALUE_NUMBER && walks_array_of(state, element, cell)) {
			other = cell->value.number;
		} else if (cell->value.kind == VALUE_ADDRESS &&
			address_is_like(cell->value.address, &element->at)) {
			other = cell->value.address->steps[element->at.step_count - 1].index;
		} else {
			continue;
		}
		key = mix(key, 3 + facts_holds(state->facts, index, RELATION_LT, other));
		key = mix(key, 3 + facts_holds(state->facts, other, RELATION_LT, index));
	}
	return key;
}

static bool
is_element(const struct cell *cell)
{
	return cell->value.kind == VALUE_OBJECT && cell->at.step_count != 0 &&
		cell->at.steps[cell->at.step_count - 1].field == NULL;
}

uint64_t
state_key(const struct state *state)
{
	uint64_t key = state->is_guess ? 2 : 1;

	for (uint32_t i = 0; i < state->cell_count; i++) {
		const struct cell *cell = state->cells[i];

		if (cell->value.kind == VALUE_NUMBER)
			continue;
		key = mix(mix_address(key, &cell->at), cell->value.kind);
		if (cell->value.kind == VALUE_ADDRESS) {
			key = mix_address(key, cell->value.address);
		} else {
			key = mix(mix(key, cell->value.object),
				cell->value.is_number << 1 | cell->value.is_stale);
		}
		if (is_element(cell))
			key = mix_order(key, state, cell);
	}
	for (uint32_t i = 1; i < state->object_count; i++) {
		const struct object *object = &state->objects[i];

		key = mix(mix(key, object->fate), object->parent);
		key = mix(key, object->kept.line);
		key = mix(key,
			(uint64_t)object->references << 5 | object->is_shared_widely << 4 |
				object->is_touched << 3 | object->is_blame_firm << 2 |
				object->may_be_null << 1 | object->is_shared);
	}
	return key;
}
