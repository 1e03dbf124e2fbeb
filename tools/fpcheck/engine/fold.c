/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Numbers that are equal get one symbol. A path that found out that n is 0 then says 0 where it
 * said n, and a state has as many symbols as there are numbers that differ: comparing states costs
 * the cube of them.
 */

#include "state.h"

struct fold {
	struct state *state;
	struct number *names; /* what each symbol is called; itself when it is not folded */
	bool *is_pointer;     /* cells lie behind it: it keeps its name */
};

/* The number that a symbol is now, through all names that it got. */
static struct number
name_of(const struct fold *fold, uint32_t sym)
{
	struct number number = { sym, 0 };

	while (number.sym != 0 && fold->names[number.sym].sym != number.sym) {
		number.off += fold->names[number.sym].off;
		number.sym = fold->names[number.sym].sym;
	}
	return number;
}

/* x = y + c. True when one of both is called by the other from here on. */
static bool
fold_pair(struct fold *fold, uint32_t x, uint32_t y, int64_t c)
{
	struct number a = name_of(fold, x);
	struct number b = name_of(fold, y);
	struct number name;

	if (a.sym == b.sym)
		return false;
	/* a.sym = b.sym + off */
	name.off = b.off + c - a.off;
	if (a.sym < b.sym || fold->is_pointer[a.sym]) {
		struct number other = a;

		a = b;
		b = other;
		name.off = -name.off;
	}
	if (fold->is_pointer[a.sym] || a.sym == 0)
		return false;
	name.sym = b.sym;
	fold->names[a.sym] = name;
	return true;
}

static bool
find_equal(struct fold *fold)
{
	const struct facts *facts = fold->state->facts;
	bool has_folded = false;

	for (uint32_t x = 0; x < facts->sym_count; x++) {
		for (uint32_t y = x + 1; y < facts->sym_count; y++) {
			int64_t bound = facts_between(facts, x, y);

			if (bound != NUMBER_NO_BOUND && facts_between(facts, y, x) == -bound &&
				fold_pair(fold, x, y, bound))
				has_folded = true;
		}
	}
	return has_folded;
}

static void
mark_pointer(struct fold *fold, const struct address *at)
{
	if (at->root == ROOT_POINTEE)
		fold->is_pointer[at->id] = true;
}

static void
mark_pointers(struct fold *fold)
{
	const struct state *state = fold->state;

	for (uint32_t i = 0; i < state->cell_count; i++) {
		mark_pointer(fold, &state->cells[i]->at);
		if (state->cells[i]->value.kind == VALUE_ADDRESS)
			mark_pointer(fold, state->cells[i]->value.address);
	}
}

static bool
rename_number(const struct fold *fold, struct number *number)
{
	struct number name = name_of(fold, number->sym);
	bool is_new = name.sym != number->sym;

	number->sym = name.sym;
	number->off += name.off;
	return is_new;
}

static bool
rename_address(const struct fold *fold, struct address *at)
{
	bool is_new = false;

	for (uint32_t i = 0; i < at->step_count; i++) {
		if (at->steps[i].field == NULL && rename_number(fold, &at->steps[i].index))
			is_new = true;
	}
	return is_new;
}

static void
rename_cells(const struct fold *fold)
{
	struct state *state = fold->state;

	for (uint32_t i = 0; i < state->cell_count; i++) {
		struct cell renamed = *state->cells[i];
		bool is_new = rename_address(fold, &renamed.at);
		struct cell *cell;

		if (renamed.value.kind == VALUE_NUMBER) {
			is_new = rename_number(fold, &renamed.value.number) || is_new;
		} else if (renamed.value.kind == VALUE_ADDRESS) {
			struct address at = *renamed.value.address;

			if (rename_address(fold, &at)) {
				renamed.value = value_address(state, &at);
				is_new = true;
			}
		}
		if (!is_new)
			continue;
		cell = region_alloc(state->region, sizeof(*cell));
		*cell = renamed;
		state->cells[i] = cell;
	}
}

static void
rename_unequal(const struct fold *fold)
{
	struct facts *facts = state_facts(fold->state);

	for (uint32_t i = 0; i < facts->unequal_count; i++) {
		struct number_unequal *unequal = &facts->unequal[i];
		struct number x = name_of(fold, unequal->x);
		struct number y = name_of(fold, unequal->y);

		unequal->x = x.sym;
		unequal->y = y.sym;
		unequal->c += y.off - x.off;
	}
}

/* A sum of which a part is a constant says nothing now; it does when the part varies again. */
static void
rename_sums(const struct fold *fold)
{
	struct facts *facts = state_facts(fold->state);

	for (uint32_t i = 0; i < facts->sum_count; i++) {
		struct number_sum *sum = &facts->sums[i];
		struct number z = name_of(fold, sum->z);
		struct number x = name_of(fold, sum->x);
		struct number y = name_of(fold, sum->y);

		sum->z = z.sym;
		sum->x = x.sym < y.sym ? x.sym : y.sym;
		sum->y = x.sym < y.sym ? y.sym : x.sym;
		sum->c += x.off + y.off - z.off;
	}
}

/* What is known of the symbols that are left is there already: bounds are closed. */
void
state_fold(struct state *state)
{
	uint32_t sym_count = state->facts->sym_count;
	struct fold fold = { .state = state };

	fold.names = region_alloc(state->scratch, (sym_count + 1) * sizeof(*fold.names));
	fold.is_pointer = region_alloc(state->scratch, sym_count + 1);
	for (uint32_t i = 0; i < sym_count; i++)
		fold.names[i].sym = i;
	mark_pointers(&fold);
	if (!find_equal(&fold))
		return;
	rename_cells(&fold);
	rename_unequal(&fold);
	rename_sums(&fold);
}
