/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Tables of buffers that outlive the function: a count, and an array that the count says how far is
 * filled. What was sent or freed stays in its slot, and nobody looks at it any more once the count
 * says so. When the count shrinks, slots of which the path only knows that their buffers are gone
 * mean nothing: the next that is read there was put there since. An index that moves on says no
 * such thing.
 */

#include "engine.h"

/* The slot is in the struct, or in an array that a pointer in the struct leads to. */
static bool
is_in_table(const struct state *state, const struct address *table, const struct cell *slot)
{
	if (slot->at.step_count == 0 || slot->at.steps[slot->at.step_count - 1].field != NULL)
		return false;
	if (address_covers(state, table, &slot->at))
		return true;
	if (slot->at.root != ROOT_POINTEE)
		return false;
	for (uint32_t i = 0; i < state->cell_count; i++) {
		const struct cell *cell = state->cells[i];

		if (cell->value.kind == VALUE_NUMBER && cell->value.number.sym == slot->at.id &&
			cell->at.step_count == table->step_count + 1 &&
			address_covers(state, table, &cell->at))
			return true;
	}
	return false;
}

static bool
has_grown(const struct state *state, const struct cell *old, const struct value *value)
{
	return old != NULL && old->value.kind == VALUE_NUMBER && value->kind == VALUE_NUMBER &&
		facts_holds(state->facts, old->value.number, RELATION_LT, value->number) == 1;
}

void
refill_tables(struct state *state, const struct address *count, const struct cell *old,
	const struct value *value)
{
	struct address table = *count;

	if (!address_is_lasting(count) || count->step_count == 0 ||
		count->steps[count->step_count - 1].field == NULL || has_grown(state, old, value))
		return;
	table.step_count--;
	for (uint32_t i = 0; i < state->cell_count;) {
		const struct cell *cell = state->cells[i];

		if (cell->value.kind == VALUE_OBJECT &&
			(state->objects[cell->value.object].fate & ~FATE_DEAD) == 0 &&
			is_in_table(state, &table, cell)) {
			state_remove_cell(state, i);
		} else {
			i++;
		}
	}
}
