/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * A state in its normal form: cells in the order in which a walk from the variables meets them,
 * objects and symbols numbered in that order, and nothing that the walk does not meet. Two paths
 * that differ only in how they came here have then states that compare by going through both.
 */

#include <string.h>

#include "state.h"

/* A root whose cells are to be walked. */
struct pending {
	enum root root;
	uint32_t id;
};

struct walk {
	struct state *state;
	uint32_t *objects; /* old to new, 0: not met */
	uint32_t *symbols;
	uint32_t object_count;
	uint32_t symbol_count;
	bool *is_taken;
	uint32_t *order;
	uint32_t order_count;
	struct pending *pending;
	uint32_t pending_count;
	uint32_t pending_cap;
};

static void
push(struct walk *walk, enum root root, uint32_t id)
{
	if (walk->pending_count == walk->pending_cap) {
		uint32_t cap = walk->pending_cap * 2 + 16;
		struct pending *pending =
			region_alloc(walk->state->scratch, cap * sizeof(*pending));

		if (walk->pending_count != 0)
			memcpy(pending, walk->pending, walk->pending_count * sizeof(*pending));
		walk->pending = pending;
		walk->pending_cap = cap;
	}
	walk->pending[walk->pending_count].root = root;
	walk->pending[walk->pending_count].id = id;
	walk->pending_count++;
}

static void
meet_symbol(struct walk *walk, uint32_t sym)
{
	if (sym == 0 || walk->symbols[sym] != 0)
		return;
	walk->symbols[sym] = walk->symbol_count++;
	push(walk, ROOT_POINTEE, sym);
}

static void
meet_object(struct walk *walk, uint32_t object)
{
	if (walk->objects[object] != 0)
		return;
	walk->objects[object] = walk->object_count++;
	push(walk, ROOT_OBJECT, object);
	push(walk, ROOT_DATA, object);
}

static void
meet_address(struct walk *walk, const struct address *at)
{
	if (at->root == ROOT_POINTEE) {
		meet_symbol(walk, at->id);
	} else if (at->root != ROOT_VAR) {
		meet_object(walk, at->id);
	}
	for (uint32_t i = 0; i < at->step_count; i++) {
		if (at->steps[i].field == NULL)
			meet_symbol(walk, at->steps[i].index.sym);
	}
}

static void
meet_value(struct walk *walk, const struct value *value)
{
	if (value->kind == VALUE_NUMBER) {
		meet_symbol(walk, value->number.sym);
	} else if (value->kind == VALUE_OBJECT || value->kind == VALUE_VIEW) {
		meet_object(walk, value->object);
	} else if (value->kind == VALUE_ADDRESS) {
		meet_address(walk, value->address);
	}
}

static int
compare_steps(const struct address *a, const struct address *b)
{
	for (uint32_t i = 0; i < a->step_count && i < b->step_count; i++) {
		const struct step *x = &a->steps[i];
		const struct step *y = &b->steps[i];
		int order;

		if (x->field == NULL || y->field == NULL) {
			if (x->field != y->field)
				return x->field == NULL ? -1 : 1;
			/* Constants before symbols, which have no order. */
			if (x->index.sym == 0 && y->index.sym == 0 && x->index.off != y->index.off)
				return x->index.off < y->index.off ? -1 : 1;
			if ((x->index.sym == 0) != (y->index.sym == 0))
				return x->index.sym == 0 ? -1 : 1;
			continue;
		}
		order = strcmp(x->field, y->field);
		if (order != 0)
			return order;
	}
	return a->step_count < b->step_count ? -1 : a->step_count > b->step_count;
}

static int
compare_vars(const struct address *a, const struct address *b)
{
	if (a->depth != b->depth)
		return a->depth < b->depth ? -1 : 1;
	if (a->var == b->var)
		return 0;
	if (a->var->kind != b->var->kind)
		return a->var->kind < b->var->kind ? -1 : 1;
	if (a->var->kind == IR_VAR_GLOBAL || a->var->kind == IR_VAR_STATIC) {
		int order = strcmp(a->var->name, b->var->name);

		if (order != 0)
			return order;
		return a->var < b->var ? -1 : 1;
	}
	if (a->var->idx != b->var->idx)
		return a->var->idx < b->var->idx ? -1 : 1;
	return a->var < b->var ? -1 : 1;
}

static int
compare_cells(const struct cell *a, const struct cell *b)
{
	int order = a->at.root == ROOT_VAR ? compare_vars(&a->at, &b->at) : 0;

	return order != 0 ? order : compare_steps(&a->at, &b->at);
}

/* Take the cells of one root (for ROOT_VAR of all variables), sorted; then their values. */
static void
take_root(struct walk *walk, enum root root, uint32_t id)
{
	const struct state *state = walk->state;
	uint32_t first = walk->order_count;

	for (uint32_t i = 0; i < state->cell_count; i++) {
		const struct cell *cell = state->cells[i];
		uint32_t at = walk->order_count;

		if (walk->is_taken[i] || cell->at.root != root ||
			(root != ROOT_VAR && cell->at.id != id))
			continue;
		while (at > first && compare_cells(cell, state->cells[walk->order[at - 1]]) < 0) {
			walk->order[at] = walk->order[at - 1];
			at--;
		}
		walk->order[at] = i;
		walk->order_count++;
		walk->is_taken[i] = true;
	}
	for (uint32_t i = first; i < walk->order_count; i++) {
		meet_address(walk, &state->cells[walk->order[i]]->at);
		meet_value(walk, &state->cells[walk->order[i]]->value);
	}
}

static struct address
rename_address(const struct walk *walk, const struct address *old)
{
	struct address at = *old;

	if (at.root == ROOT_POINTEE) {
		at.id = walk->symbols[at.id];
	} else if (at.root != ROOT_VAR) {
		at.id = walk->objects[at.id];
	}
	for (uint32_t i = 0; i < at.step_count; i++) {
		if (at.steps[i].field == NULL)
			at.steps[i].index.sym = walk->symbols[at.steps[i].index.sym];
	}
	return at;
}

static const struct cell *
rename_cell(const struct walk *walk, const struct cell *old)
{
	struct cell *cell = region_alloc(walk->state->region, sizeof(*cell));

	*cell = *old;
	cell->at = rename_address(walk, &old->at);
	if (old->value.kind == VALUE_NUMBER) {
		cell->value.number.sym = walk->symbols[old->value.number.sym];
	} else if (old->value.kind == VALUE_OBJECT || old->value.kind == VALUE_VIEW) {
		cell->value.object = walk->objects[old->value.object];
	} else if (old->value.kind == VALUE_ADDRESS) {
		struct address *at = region_alloc(walk->state->region, sizeof(*at));

		*at = rename_address(walk, old->value.address);
		cell->value.address = at;
	}
	return cell;
}

static void
keep_bounds(const struct walk *walk, const struct facts *old, struct facts *facts)
{
	for (uint32_t x = 0; x < old->sym_count; x++) {
		if (x != 0 && walk->symbols[x] == 0)
			continue;
		for (uint32_t y = 0; y < old->sym_count; y++) {
			if (y == 0 || walk->symbols[y] != 0) {
				facts_put(facts, walk->symbols[x], walk->symbols[y],
					facts_between(old, x, y));
			}
		}
	}
}

static void
keep_facts(const struct walk *walk)
{
	struct state *state = walk->state;
	const struct facts *old = state->facts;
	struct facts *facts = facts_create(state->region, walk->symbol_count);

	keep_bounds(walk, old, facts);
	for (uint32_t i = 0; i < old->unequal_count; i++) {
		struct number_unequal unequal = old->unequal[i];

		if ((unequal.x != 0 && walk->symbols[unequal.x] == 0) ||
			(unequal.y != 0 && walk->symbols[unequal.y] == 0))
			continue;
		unequal.x = walk->symbols[unequal.x];
		unequal.y = walk->symbols[unequal.y];
		facts->unequal[facts->unequal_count++] = unequal;
	}
	for (uint32_t i = 0; i < old->sum_count; i++) {
		struct number_sum sum = old->sums[i];

		sum.z = walk->symbols[sum.z];
		sum.x = walk->symbols[sum.x];
		sum.y = walk->symbols[sum.y];
		if ((sum.z != 0 || old->sums[i].z == 0) && (sum.x != 0 || old->sums[i].x == 0) &&
			(sum.y != 0 || old->sums[i].y == 0))
			facts->sums[facts->sum_count++] = sum;
	}
	for (uint32_t i = 0; i < facts->sum_count; i++) {
		struct number_sum *sum = &facts->sums[i];

		if (sum->x > sum->y) {
			uint32_t x = sum->x;

			sum->x = sum->y;
			sum->y = x;
		}
	}
	state->facts = facts;
	state->owns_facts = true;
}

/* The sum of two numbers that are known is known, too: `sent + n` is about to be made anew. */
static void
meet_sums(struct walk *walk)
{
	const struct facts *facts = walk->state->facts;

	for (uint32_t i = 0; i < facts->sum_count; i++) {
		const struct number_sum *sum = &facts->sums[i];
		uint32_t known = (sum->x == 0 || walk->symbols[sum->x] != 0) +
			(sum->y == 0 || walk->symbols[sum->y] != 0) +
			(sum->z == 0 || walk->symbols[sum->z] != 0);

		if (known == 2) {
			meet_symbol(walk, sum->x);
			meet_symbol(walk, sum->y);
			meet_symbol(walk, sum->z);
		}
	}
}

/* What is held where nothing leads any more is held by somebody else from here on. */
static void
let_go(struct walk *walk)
{
	struct state *state = walk->state;

	for (uint32_t i = 0; i < state->cell_count; i++) {
		const struct value *value = &state->cells[i]->value;
		struct object *object;

		if (walk->is_taken[i] || value->kind != VALUE_OBJECT)
			continue;
		object = &state->objects[value->object];
		if (object->fate == FATE_OWNED)
			object->fate = FATE_ESCAPED;
	}
}

static void
keep_objects(const struct walk *walk)
{
	struct state *state = walk->state;
	struct object *objects =
		region_alloc(state->region, (walk->object_count + 4) * sizeof(*objects));

	for (uint32_t i = 1; i < state->object_count; i++) {
		if (walk->objects[i] == 0)
			continue;
		objects[walk->objects[i]] = state->objects[i];
		objects[walk->objects[i]].parent = walk->objects[state->objects[i].parent];
	}
	state->objects = objects;
	state->object_count = walk->object_count;
	state->object_cap = walk->object_count + 4;
}

void
state_normalize(struct state *state, state_drop_fn on_drop, void *context)
{
	struct region *region = state->region;
	struct walk walk = { .state = state, .object_count = 1, .symbol_count = 1 };
	const struct cell **cells;

	state_fold(state);
	state_drop_idle(state);
	walk.objects = region_alloc(state->scratch, (state->object_count + 1) * sizeof(uint32_t));
	walk.symbols =
		region_alloc(state->scratch, (state->facts->sym_count + 1) * sizeof(uint32_t));
	walk.is_taken = region_alloc(state->scratch, state->cell_count + 1);
	walk.order = region_alloc(state->scratch, (state->cell_count + 1) * sizeof(uint32_t));
	take_root(&walk, ROOT_VAR, 0);
	for (uint32_t i = 0; i < walk.pending_count; i++)
		take_root(&walk, walk.pending[i].root, walk.pending[i].id);
	meet_sums(&walk);
	for (uint32_t i = 0; i < state->cell_count && on_drop != NULL; i++) {
		if (!walk.is_taken[i])
			on_drop(state, state->cells[i], context);
	}
	let_go(&walk);
	cells = region_alloc(region, (walk.order_count + 4) * sizeof(const struct cell *));
	for (uint32_t i = 0; i < walk.order_count; i++)
		cells[i] = rename_cell(&walk, state->cells[walk.order[i]]);
	keep_facts(&walk);
	keep_objects(&walk);
	state->cells = cells;
	state->cell_count = walk.order_count;
	state->cell_cap = walk.order_count + 4;
}
