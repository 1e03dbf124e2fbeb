/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * What a state knows and nobody asks for: it costs time in each comparison, and keeps apart what is
 * the same.
 */

#include "state.h"

static void
count_address(uint32_t *uses, const struct address *at)
{
	if (at->root == ROOT_POINTEE)
		uses[at->id]++;
	for (uint32_t i = 0; i < at->step_count; i++) {
		if (at->steps[i].field == NULL)
			uses[at->steps[i].index.sym]++;
	}
}

/* That a number is not negative says its type. */
static bool
is_bounded(const struct facts *facts, uint32_t sym)
{
	if (facts_between(facts, sym, 0) != NUMBER_NO_BOUND || facts_between(facts, 0, sym) < 0)
		return true;
	for (uint32_t i = 1; i < facts->sym_count; i++) {
		if (i != sym &&
			(facts_is_related(facts, sym, i) || facts_is_related(facts, i, sym)))
			return true;
	}
	return false;
}

static void
count_facts(uint32_t *uses, const struct facts *facts)
{
	for (uint32_t i = 0; i < facts->unequal_count; i++) {
		uses[facts->unequal[i].x]++;
		uses[facts->unequal[i].y]++;
	}
	for (uint32_t i = 0; i < facts->sum_count; i++) {
		uses[facts->sums[i].x]++;
		uses[facts->sums[i].y]++;
		uses[facts->sums[i].z]++;
	}
}

/*
 * Whether the number says more than the type does. Of a variable of a signed type that is not
 * negative, the path, or the function's beginning, found that it counts.
 */
static bool
says_more(const struct state *state, const struct cell *cell)
{
	const struct ir_type *type =
		cell->at.root == ROOT_VAR && cell->at.step_count == 0 ? cell->at.var->type : NULL;
	bool is_signed = type != NULL && type->kind == IR_TYPE_INT && type->is_signed;

	return facts_holds(state->facts, number_constant(is_signed ? -1 : 0), RELATION_LT,
		       cell->value.number) == 1;
}

/*
 * A number of which nothing is known, and that stands nowhere else, is what a variable without a
 * cell holds. What is left is what costs.
 */
static void
drop_idle_numbers(struct state *state)
{
	uint32_t *uses =
		region_alloc(state->scratch, (state->facts->sym_count + 1) * sizeof(*uses));

	for (uint32_t i = 0; i < state->cell_count; i++) {
		const struct cell *cell = state->cells[i];

		count_address(uses, &cell->at);
		if (cell->value.kind == VALUE_NUMBER) {
			uses[cell->value.number.sym]++;
		} else if (cell->value.kind == VALUE_ADDRESS) {
			count_address(uses, cell->value.address);
		}
	}
	count_facts(uses, state->facts);
	for (uint32_t i = 0; i < state->cell_count;) {
		const struct cell *cell = state->cells[i];

		if (cell->value.kind == VALUE_NUMBER && cell->value.number.sym != 0 &&
			uses[cell->value.number.sym] == 1 &&
			!is_bounded(state->facts, cell->value.number.sym) &&
			!says_more(state, cell) &&
			!(cell->at.root == ROOT_VAR && cell->at.var->name[0] == '@')) {
			state_remove_cell(state, i);
		} else {
			i++;
		}
	}
}

static bool
is_surely_dead(const struct object *object)
{
	return object->fate != 0 && (object->fate & ~FATE_DEAD) == 0;
}

/* What a buffer held that is gone. Its pointers are kept: where they lead may be gone as well. */
static void
drop_contents_of_dead(struct state *state)
{
	for (uint32_t i = 0; i < state->cell_count;) {
		const struct cell *cell = state->cells[i];

		if ((cell->at.root == ROOT_OBJECT || cell->at.root == ROOT_DATA) &&
			cell->value.kind == VALUE_NUMBER &&
			is_surely_dead(&state->objects[cell->at.id])) {
			state_remove_cell(state, i);
		} else {
			i++;
		}
	}
}

/* x - y != c where the bounds of x - y do not reach c any more. */
static bool
is_beyond(const struct facts *facts, const struct number_unequal *unequal)
{
	struct number x = { unequal->x, 0 };
	struct number y = { unequal->y, unequal->c };

	return facts_bound(facts, x, y) < 0 || facts_bound(facts, y, x) < 0;
}

static void
drop_implied(struct state *state)
{
	for (uint32_t i = 0; i < state->facts->unequal_count;) {
		struct facts *facts;

		if (!is_beyond(state->facts, &state->facts->unequal[i])) {
			i++;
			continue;
		}
		facts = state_facts(state);
		facts->unequal[i] = facts->unequal[--facts->unequal_count];
	}
}

void
state_drop_idle(struct state *state)
{
	drop_contents_of_dead(state);
	drop_implied(state);
	drop_idle_numbers(state);
}
