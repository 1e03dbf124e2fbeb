/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * A part of an array is handed to a function that is followed: `free_all(&pkts[sent], n - sent)`.
 * The function counts from the part's beginning, so while it runs the array's elements are numbered
 * from there, too. Then what its loops do is compared with one number and not with the sum of two.
 *
 * Where the part begins, and of which array, stands in cells of its own until the function ends.
 */

#include <string.h>

#include "engine.h"

#define MAX_PARTS 2

static const struct ir_var base_vars[MAX_PARTS] = {
	{ .name = "@base", .kind = IR_VAR_TEMP, .idx = (1U << 30) + 2 },
	{ .name = "@base", .kind = IR_VAR_TEMP, .idx = (1U << 30) + 3 },
};
static const struct ir_var array_vars[MAX_PARTS] = {
	{ .name = "@array", .kind = IR_VAR_TEMP, .idx = (1U << 30) + 4 },
	{ .name = "@array", .kind = IR_VAR_TEMP, .idx = (1U << 30) + 5 },
};

static bool
is_same_step(const struct step *a, const struct step *b)
{
	if (a->field == NULL || b->field == NULL) {
		return a->field == b->field && a->index.sym == b->index.sym &&
			a->index.off == b->index.off;
	}
	return strcmp(a->field, b->field) == 0;
}

/* True for an element of the array, and for a part of one. */
static bool
is_below(const struct address *array, const struct address *at)
{
	if (at->root != array->root || at->step_count <= array->step_count ||
		at->steps[array->step_count].field != NULL)
		return false;
	if (at->root == ROOT_VAR ? at->var != array->var || at->depth != array->depth
				 : at->id != array->id)
		return false;
	for (uint32_t i = 0; i < array->step_count; i++) {
		if (!is_same_step(&array->steps[i], &at->steps[i]))
			return false;
	}
	return true;
}

/* Elements are numbered from `base` on, or again from the array's own beginning. */
struct shift {
	struct engine *engine;
	struct state *state;
	struct address array;
	struct number base;
	bool is_back;
};

static struct address
shift_address(const struct shift *shift, struct address at)
{
	struct number *index = &at.steps[shift->array.step_count].index;
	struct facts *facts = state_facts(shift->state);
	struct region *region = shift->state->region;

	*index = shift->is_back ? facts_add(region, facts, *index, shift->base)
				: facts_subtract(region, facts, *index, shift->base);
	return at;
}

static void
shift_value(const struct shift *shift, struct value *value)
{
	struct address at;

	if (value->kind != VALUE_ADDRESS || value->address == NULL ||
		!is_below(&shift->array, value->address))
		return;
	at = shift_address(shift, *value->address);
	*value = value_address(shift->state, &at);
}

static void
shift_cells(const struct shift *shift)
{
	struct state *state = shift->state;

	for (uint32_t i = 0; i < state->cell_count; i++) {
		const struct cell *old = state->cells[i];
		bool is_element = is_below(&shift->array, &old->at);
		struct cell *cell;

		if (!is_element && old->value.kind != VALUE_ADDRESS)
			continue;
		cell = region_alloc(state->region, sizeof(*cell));
		*cell = *old;
		if (is_element)
			cell->at = shift_address(shift, old->at);
		shift_value(shift, &cell->value);
		state->cells[i] = cell;
	}
}

static bool
is_followed(const struct state *state, const struct address *array)
{
	for (uint32_t i = 0; i < state->cell_count; i++) {
		if (state->cells[i]->value.kind == VALUE_OBJECT &&
			is_below(array, &state->cells[i]->at))
			return true;
	}
	return false;
}

/* The array that is also handed over as a whole keeps its numbers. */
static bool
is_given_whole(const struct value *args, uint32_t arg_count, const struct address *array)
{
	for (uint32_t i = 0; i < arg_count; i++) {
		if (array->root == ROOT_POINTEE && args[i].kind == VALUE_NUMBER &&
			args[i].number.sym == array->id)
			return true;
	}
	return false;
}

void
rebase_begin(struct engine *engine, struct state *state, struct value *args, uint32_t arg_count,
	uint32_t depth)
{
	struct place nowhere = { 0 };
	uint32_t count = 0;

	for (uint32_t i = 0; i < arg_count && count < MAX_PARTS; i++) {
		const struct address *at = args[i].kind == VALUE_ADDRESS ? args[i].address : NULL;
		struct shift shift = { .engine = engine, .state = state };
		struct address base_at = address_of_var(&base_vars[count], depth);
		struct address array_at = address_of_var(&array_vars[count], depth);

		if (at == NULL || at->step_count == 0 ||
			at->steps[at->step_count - 1].field != NULL ||
			at->steps[at->step_count - 1].index.sym == 0)
			continue;
		shift.array = *at;
		shift.array.step_count--;
		shift.base = at->steps[at->step_count - 1].index;
		if (!is_followed(state, &shift.array) ||
			is_given_whole(args, arg_count, &shift.array))
			continue;
		shift_cells(&shift);
		for (uint32_t k = 0; k < arg_count; k++)
			shift_value(&shift, &args[k]);
		state_set(state, &base_at, value_number(shift.base), nowhere);
		state_set(state, &array_at, value_address(state, &shift.array), nowhere);
		count++;
	}
}

void
rebase_end(struct engine *engine, struct state *state, struct value *result, uint32_t depth)
{
	for (uint32_t i = MAX_PARTS; i > 0; i--) {
		struct address base_at = address_of_var(&base_vars[i - 1], depth);
		struct address array_at = address_of_var(&array_vars[i - 1], depth);
		const struct cell *base = state_cell(state, &base_at);
		const struct cell *array = state_cell(state, &array_at);
		struct shift shift = { .engine = engine, .state = state, .is_back = true };

		if (base != NULL && base->value.kind == VALUE_NUMBER && array != NULL &&
			array->value.kind == VALUE_ADDRESS) {
			shift.array = *array->value.address;
			shift.base = base->value.number;
			shift_cells(&shift);
			shift_value(&shift, result);
		}
		state_forget(state, &base_at);
		state_forget(state, &array_at);
	}
}
