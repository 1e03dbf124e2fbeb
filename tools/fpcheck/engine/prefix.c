/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Functions that count a prefix of an array by their result, at their definition.
 *
 * Of one that takes the first n of a burst, what it does not count must still be the caller's,
 * because the caller frees it or sends it again. One element of the caller's array is followed. Its
 * index, and the buffer itself as long as the function may change the array, stand in cells of
 * their own.
 *
 * Of one that fills the first n, a buffer that it had and left behind those is nobody's.
 */

#include "engine.h"

static const struct ir_var index_var = { .name = "@index", .kind = IR_VAR_TEMP, .idx = 1U << 30 };
static const struct ir_var buffer_var = {
	.name = "@buffer", .kind = IR_VAR_TEMP, .idx = (1U << 30) + 1
};

static const struct ir_var filled_var = {
	.name = "@filled", .kind = IR_VAR_TEMP, .idx = (1U << 30) + 2
};

void
prefix_begin_filled(struct state *state, const struct ir_var *array)
{
	struct address at = address_of_var(array, 0);
	struct address filled_at = address_of_var(&filled_var, 0);
	const struct cell *pointer = state_cell(state, &at);

	if (pointer != NULL && pointer->value.kind == VALUE_NUMBER)
		state_set(state, &filled_at, pointer->value, array->at);
}

void
prefix_note_read(struct state *state, const struct address *at, const struct value *value)
{
	struct address filled_at = address_of_var(&filled_var, 0);
	const struct cell *filled;

	if (at->root != ROOT_POINTEE || value->kind != VALUE_OBJECT ||
		state->objects[value->object].fate != FATE_BORROWED)
		return;
	filled = state_cell(state, &filled_at);
	if (filled != NULL && filled->value.number.sym == at->id)
		state_forget(state, &filled_at);
}

void
prefix_end_filled(struct engine *engine, const struct frame *frame, struct state *state,
	const struct value *result, const struct ir_block *block)
{
	struct address filled_at = address_of_var(&filled_var, 0);
	const struct cell *filled = state_cell(state, &filled_at);

	if (filled == NULL || result->kind != VALUE_NUMBER)
		return;
	for (uint32_t i = 0; i < state->cell_count; i++) {
		const struct cell *cell = state->cells[i];

		if (cell->value.kind == VALUE_OBJECT && cell->at.root == ROOT_POINTEE &&
			cell->at.id == filled->value.number.sym && cell->at.step_count == 1 &&
			cell->at.steps[0].field == NULL &&
			facts_holds(state->facts, result->number, RELATION_LE,
				cell->at.steps[0].index) == 1)
			fate_uncounted(engine, frame, state, cell->value.object, block->at);
	}
}

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
