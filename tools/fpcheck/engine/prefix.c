/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * A function that takes the first n of a burst, n being its result, at its definition: what it does
 * not count must still be the caller's, because the caller frees it or sends it again.
 *
 * One element of the caller's array is followed. Its index, and the buffer itself as long as the
 * function may change the array, stand in cells of their own.
 */

#include "engine.h"

static const struct ir_var index_var = { .name = "@index", .kind = IR_VAR_TEMP, .idx = 1U << 30 };
static const struct ir_var buffer_var = {
	.name = "@buffer", .kind = IR_VAR_TEMP, .idx = (1U << 30) + 1
};

void
prefix_begin(struct state *state, const struct ir_var *array, const struct ir_var *count)
{
	struct address at = address_of_var(array, 0);
	struct address count_at = address_of_var(count, 0);
	struct address index_at = address_of_var(&index_var, 0);
	struct address buffer_at = address_of_var(&buffer_var, 0);
	const struct cell *pointer = state_cell(state, &at);
	const struct cell *limit = state_cell(state, &count_at);
	struct number index;
	struct address element;
	uint32_t object;

	if (pointer == NULL || limit == NULL || pointer->value.kind != VALUE_NUMBER ||
		limit->value.kind != VALUE_NUMBER)
		return;
	index = state_new_symbol(state);
	(void)state_assume(state, number_constant(0), RELATION_LE, index);
	(void)state_assume(state, index, RELATION_LT, limit->value.number);
	element = address_of_root(ROOT_POINTEE, pointer->value.number.sym);
	(void)address_add_index(&element, index);
	object = state_new_object(state, FATE_BORROWED, array->name);
	state_set(state, &element, value_object(object), array->at);
	state_set(state, &index_at, value_number(index), array->at);
	state_set(state, &buffer_at, value_view(object), array->at);
}

void
prefix_end(struct engine *engine, const struct frame *frame, struct state *state,
	const struct value *result, const struct ir_block *block)
{
	struct address index_at = address_of_var(&index_var, 0);
	struct address buffer_at = address_of_var(&buffer_var, 0);
	const struct cell *index = state_cell(state, &index_at);
	const struct cell *buffer = state_cell(state, &buffer_at);
	const struct object *object;

	if (index == NULL || buffer == NULL || result->kind != VALUE_NUMBER ||
		buffer->value.kind != VALUE_VIEW)
		return;
	object = &state->objects[buffer->value.object];
	if (object->fate == 0 || (object->fate & ~FATE_DEAD) != 0 ||
		(object->trail != NULL && object->trail->kind == EVENT_REPLACED))
		return;
	/* Nothing is said about a count of which nothing is known. */
	if (facts_bound(state->facts, result->number, index->value.number) == NUMBER_NO_BOUND &&
		facts_bound(state->facts, result->number, number_constant(0)) == NUMBER_NO_BOUND)
		return;
	if (!state_assume(state, result->number, RELATION_LE, index->value.number))
		return;
	diagnose(engine, frame, state, RULE_R_04_01, "double-free", block->at, buffer->value.object,
		"a buffer of '%s' that was given up is not counted in the result, so the caller "
		"still holds it",
		object->name);
}
