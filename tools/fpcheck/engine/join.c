/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Joining goes through two normalized states side by side. Numbers that stand in the same places
 * become one symbol each, and a bound holds of the join when it holds of both.
 */

#include <string.h>

#include "state.h"

/* What a symbol of the join is in the one state and in the other. */
struct pair {
	struct number a;
	struct number b;
};

struct join {
	const struct state *a;
	const struct state *b;
	struct state *out;
	struct pair *pairs;
	uint32_t pair_count;
	uint32_t pair_cap;
	uint32_t *objects; /* of a to those of b; 0: not met */
	bool *is_met;      /* of b */
	bool is_forced;
	bool has_lost;
};

#define MAX_PAIRS   90
#define MAX_OFFSETS 4

static bool
is_same(struct number x, struct number y)
{
	return x.sym == y.sym && x.off == y.off;
}

/* The number of the join. Its offset is that of a symbol: a constant is one of many values. */
static struct number
pair_numbers(struct join *join, struct number a, struct number b)
{
	struct number number = { 0, a.sym != 0 ? a.off : b.sym != 0 ? b.off : 0 };

	if (a.sym == 0 && b.sym == 0 && a.off == b.off)
		return a;
	a.off -= number.off;
	b.off -= number.off;
	for (uint32_t i = 1; i < join->pair_count; i++) {
		if (is_same(join->pairs[i].a, a) && is_same(join->pairs[i].b, b)) {
			number.sym = i;
			return number;
		}
	}
	if (join->pair_count == join->pair_cap) {
		uint32_t cap = join->pair_cap * 2 + 16;
		struct pair *pairs = region_alloc(join->out->region, cap * sizeof(*pairs));

		memcpy(pairs, join->pairs, join->pair_count * sizeof(*pairs));
		join->pairs = pairs;
		join->pair_cap = cap;
	}
	join->pairs[join->pair_count].a = a;
	join->pairs[join->pair_count].b = b;
	number.sym = join->pair_count++;
	return number;
}

static bool
are_alike(struct join *join, uint32_t a, uint32_t b)
{
	const struct object *x = &join->a->objects[a];
	const struct object *y = &join->b->objects[b];
	struct object *z = &join->out->objects[a];

	if (join->is_forced) {
		z->fate = x->fate | y->fate;
		z->may_be_null = x->may_be_null || y->may_be_null;
		z->is_shared = x->is_shared && y->is_shared;
		if (x->references != y->references || x->parent != y->parent)
			z->fate |= FATE_ESCAPED;
		return true;
	}
	if (x->blame.line == 0 && y->blame.line != 0) {
		z->blame = y->blame;
		z->is_blame_firm = y->is_blame_firm;
	}
	return x->fate == y->fate && x->references == y->references &&
		x->may_be_null == y->may_be_null && x->is_shared == y->is_shared &&
		x->is_shared_widely == y->is_shared_widely && x->kept.line == y->kept.line &&
		x->is_blame_firm == y->is_blame_firm && x->is_touched == y->is_touched &&
		(x->parent == 0) == (y->parent == 0);
}

static bool
pair_objects(struct join *join, uint32_t a, uint32_t b)
{
	if (join->objects[a] != 0 || join->is_met[b])
		return join->objects[a] == b;
	if (!are_alike(join, a, b))
		return false;
	join->objects[a] = b;
	join->is_met[b] = true;
	return true;
}

/* The address in the join; false when the two do not name the same place. */
static bool
pair_addresses(
	struct join *join, const struct address *a, const struct address *b, struct address *out)
{
	*out = *a;
	if (a->root != b->root || a->step_count != b->step_count)
		return false;
	if (a->root == ROOT_VAR && (a->var != b->var || a->depth != b->depth))
		return false;
	if ((a->root == ROOT_OBJECT || a->root == ROOT_DATA) && join->objects[a->id] != b->id)
		return false;
	for (uint32_t i = 0; i < a->step_count; i++) {
		const struct step *x = &a->steps[i];
		const struct step *y = &b->steps[i];

		if (x->field == NULL || y->field == NULL) {
			if (x->field != y->field)
				return false;
		} else if (strcmp(x->field, y->field) != 0) {
			return false;
		}
	}
	if (a->root == ROOT_POINTEE) {
		struct number x = { a->id, 0 };
		struct number y = { b->id, 0 };

		out->id = pair_numbers(join, x, y).sym;
	}
	for (uint32_t i = 0; i < a->step_count; i++) {
		if (a->steps[i].field == NULL) {
			out->steps[i].index =
				pair_numbers(join, a->steps[i].index, b->steps[i].index);
		}
	}
	return true;
}

static bool
pair_values(struct join *join, const struct value *a, const struct value *b, struct value *out)
{
	*out = *a;
	if (a->kind != b->kind)
		return false;
	if (a->kind == VALUE_NUMBER) {
		out->number = pair_numbers(join, a->number, b->number);
		return true;
	}
	if (a->kind == VALUE_ADDRESS) {
		struct address *at = region_alloc(join->out->region, sizeof(*at));

		if (a->address->root == ROOT_OBJECT || a->address->root == ROOT_DATA) {
			if (!pair_objects(join, a->address->id, b->address->id))
				return false;
		}
		out->address = at;
		return pair_addresses(join, a->address, b->address, at);
	}
	return a->is_stale == b->is_stale && a->is_number == b->is_number &&
		pair_objects(join, a->object, b->object);
}

static bool
names_the_same(const struct join *join, const struct address *a, const struct address *b)
{
	if (a->root != b->root || a->step_count != b->step_count)
		return false;
	if (a->root == ROOT_VAR) {
		if (a->var != b->var || a->depth != b->depth)
			return false;
	} else if (a->root != ROOT_POINTEE) {
		if (join->objects[a->id] != b->id)
			return false;
	} else {
		struct number x = { a->id, 0 };
		struct number y = { b->id, 0 };
		bool is_paired = false;

		for (uint32_t i = 1; i < join->pair_count && !is_paired; i++) {
			is_paired = is_same(join->pairs[i].a, x) && is_same(join->pairs[i].b, y);
		}
		if (!is_paired)
			return false;
	}
	for (uint32_t i = 0; i < a->step_count; i++) {
		const char *x = a->steps[i].field;
		const char *y = b->steps[i].field;

		if (x == NULL || y == NULL ? x != y : strcmp(x, y) != 0)
			return false;
	}
	return true;
}

static void
append_cell(struct join *join, const struct cell *like, const struct address *at,
	const struct value *value)
{
	struct state *out = join->out;
	struct cell *cell = region_alloc(out->region, sizeof(*cell));

	*cell = *like;
	cell->at = *at;
	cell->value = *value;
	out->cells[out->cell_count++] = cell;
}

/*
 * The cell of b that names the same place. Mostly it is the next; where the walk came to the same
 * memory on another way, it is elsewhere. b's cell count when there is none.
 */
static uint32_t
find_partner(const struct join *join, const struct cell *cell, uint32_t next, const bool *is_used)
{
	const struct state *b = join->b;

	for (uint32_t i = 0; i < b->cell_count; i++) {
		uint32_t at = next + i < b->cell_count ? next + i : next + i - b->cell_count;

		if (!is_used[at] && names_the_same(join, &cell->at, &b->cells[at]->at))
			return at;
	}
	return b->cell_count;
}

/* Go through the cells of both; false when one that is no number has no partner. */
static bool
pair_cells(struct join *join)
{
	const struct state *a = join->a;
	const struct state *b = join->b;
	bool *is_used = region_alloc(join->out->region, b->cell_count + 1);
	uint32_t next = 0;

	for (uint32_t i = 0; i < a->cell_count; i++) {
		const struct cell *x = a->cells[i];
		uint32_t found = find_partner(join, x, next, is_used);
		struct address at;
		struct value value;

		if (found == b->cell_count) {
			if (x->value.kind != VALUE_NUMBER && !join->is_forced)
				return false;
			join->has_lost = true;
			continue;
		}
		is_used[found] = true;
		next = found + 1;
		if (pair_addresses(join, &x->at, &b->cells[found]->at, &at) &&
			pair_values(join, &x->value, &b->cells[found]->value, &value)) {
			append_cell(join, x, &at, &value);
		} else {
			if (!join->is_forced)
				return false;
			join->has_lost = true;
		}
	}
	for (uint32_t i = 0; i < b->cell_count && !join->is_forced; i++) {
		if (!is_used[i] && b->cells[i]->value.kind != VALUE_NUMBER)
			return false;
	}
	return true;
}

/* What stands in cells of one symbol of the join: it plus each of these. */
struct offsets {
	int64_t values[MAX_OFFSETS];
	uint32_t count;
};

static void
note_offset(struct offsets *offsets, struct number number)
{
	struct offsets *of = &offsets[number.sym];

	for (uint32_t i = 0; i < of->count; i++) {
		if (of->values[i] == number.off)
			return;
	}
	if (of->count < MAX_OFFSETS)
		of->values[of->count++] = number.off;
}

static void
note_indexes(struct offsets *offsets, const struct address *at)
{
	for (uint32_t i = 0; i < at->step_count; i++) {
		if (at->steps[i].field == NULL)
			note_offset(offsets, at->steps[i].index);
	}
}

/* The offsets with which each symbol stands in cells. */
static struct offsets *
find_offsets(const struct join *join)
{
	const struct state *out = join->out;
	struct offsets *offsets =
		region_alloc(join->out->region, (join->pair_count + 1) * sizeof(*offsets));

	for (uint32_t i = 0; i < out->cell_count; i++) {
		const struct cell *cell = out->cells[i];

		note_indexes(offsets, &cell->at);
		if (cell->value.kind == VALUE_NUMBER) {
			note_offset(offsets, cell->value.number);
		} else if (cell->value.kind == VALUE_ADDRESS) {
			note_indexes(offsets, cell->value.address);
		}
	}
	return offsets;
}

/* A bound that grows stops at the least of those that matter that it does not exceed. */
static int64_t
widened(const struct join *join, int64_t bound)
{
	const struct thresholds *thresholds = &join->a->thresholds;

	for (uint32_t i = 0; i < thresholds->count; i++) {
		if (thresholds->values[i] >= bound)
			return thresholds->values[i];
	}
	return NUMBER_NO_BOUND;
}

/*
 * Between two numbers that both vary it matters which is the greater, and whether by more than one:
 * of what stands in cells, x + a and y + b; what the function writes as a constant is no bound of a
 * difference.
 */
static int64_t
widened_difference(const struct offsets *x, const struct offsets *y, int64_t bound)
{
	int64_t least = NUMBER_NO_BOUND;

	for (uint32_t i = 0; i <= x->count; i++) {
		for (uint32_t k = 0; k <= y->count; k++) {
			int64_t a = i < x->count ? x->values[i] : 0;
			int64_t b = k < y->count ? y->values[k] : 0;

			for (int64_t near = b - a - 1; near <= b - a + 1; near++) {
				if (near >= bound && near < least)
					least = near;
			}
		}
	}
	return least;
}

/* What becomes of a bound between two pairs that grew. */
static int64_t
grown(const struct join *join, enum widening widening, const struct offsets *offsets, uint32_t x,
	uint32_t y, int64_t bound)
{
	if (widening == WIDEN_AWAY)
		return NUMBER_NO_BOUND;
	if (offsets == NULL)
		return bound;
	return x == 0 || y == 0 ? widened(join, bound)
				: widened_difference(&offsets[x], &offsets[y], bound);
}

static void
join_bounds(struct join *join, enum widening widening)
{
	struct facts *facts = join->out->facts;
	uint32_t count = join->pair_count;
	const struct offsets *offsets = widening == WIDEN_TO_THRESHOLD ? find_offsets(join) : NULL;
	bool is_widened = false;

	facts_grow(join->out->region, facts, count);
	for (uint32_t x = 0; x < count; x++) {
		for (uint32_t y = 0; y < count; y++) {
			const struct pair *px = &join->pairs[x];
			const struct pair *py = &join->pairs[y];
			int64_t old = facts_bound(join->a->facts, px->a, py->a);
			int64_t other = facts_bound(join->b->facts, px->b, py->b);

			if (other > old) {
				old = grown(join, widening, offsets, x, y, other);
				is_widened = widening != WIDEN_NOT;
				join->has_lost = true;
			}
			facts_put(facts, x, y, old);
		}
	}
	/* What holds of both is closed as theirs is. */
	if (is_widened)
		facts_close(facts);
}

/* An inequality x - y != c of the one, when it holds in the other, too. */
static bool
join_one_unequal(struct join *join, uint32_t x, uint32_t y, int64_t c)
{
	struct facts *facts = join->out->facts;
	const struct pair *px = &join->pairs[x];
	const struct pair *py = &join->pairs[y];
	struct number limit = py->b;
	struct number_unequal unequal = { x, y, c + px->a.off - py->a.off };

	limit.off += unequal.c;
	if (facts_holds(join->b->facts, px->b, RELATION_NE, limit) != 1)
		return false;
	facts->unequal[facts->unequal_count++] = unequal;
	return true;
}

/* Inequalities of the one that hold in the other. */
static void
join_unequal(struct join *join)
{
	const struct facts *a = join->a->facts;

	for (uint32_t i = 0; i < a->unequal_count; i++) {
		bool is_kept = false;

		for (uint32_t k = 0; k < join->pair_count * join->pair_count && !is_kept; k++) {
			uint32_t x = k / join->pair_count;
			uint32_t y = k % join->pair_count;

			is_kept = join->pairs[x].a.sym == a->unequal[i].x &&
				join->pairs[y].a.sym == a->unequal[i].y &&
				join_one_unequal(join, x, y, a->unequal[i].c);
		}
		if (!is_kept)
			join->has_lost = true;
	}
}

/* x + y + c as a number of one side; false when that has no name there. */
static bool
sum_of(const struct facts *facts, uint32_t x, uint32_t y, int64_t c, struct number *z)
{
	z->sym = x == 0 ? y : x;
	z->off = c;
	if (x == 0 || y == 0)
		return true;
	for (uint32_t i = 0; i < facts->sum_count; i++) {
		const struct number_sum *sum = &facts->sums[i];

		if ((sum->x == x && sum->y == y) || (sum->x == y && sum->y == x)) {
			z->sym = sum->z;
			z->off = c - sum->c;
			return true;
		}
	}
	return false;
}

static bool
has_sum(const struct facts *facts, uint32_t x, uint32_t y)
{
	for (uint32_t i = 0; i < facts->sum_count; i++) {
		if (facts->sums[i].x == x && facts->sums[i].y == y)
			return true;
	}
	return false;
}

static struct number
on_side(const struct pair *pair, uint32_t side)
{
	return side == 0 ? pair->a : pair->b;
}

/* The sum of one side (0: a), as one of the numbers x and y of the join. */
static void
pair_sum(struct join *join, uint32_t side, const struct number_sum *sum, uint32_t x, uint32_t y)
{
	struct facts *facts = join->out->facts;
	const struct pair *px = &join->pairs[x];
	const struct pair *py = &join->pairs[y];
	struct number_sum joined = { 0, x < y ? x : y, x < y ? y : x,
		sum->c - on_side(px, side).off - on_side(py, side).off };
	struct number other_x = on_side(px, !side);
	struct number other_y = on_side(py, !side);
	struct number ours = { sum->z, 0 };
	struct number theirs;
	struct number z;

	if (facts->sum_count == FACTS_MAX_SUMS || has_sum(facts, joined.x, joined.y) ||
		!sum_of(side == 0 ? join->b->facts : join->a->facts, other_x.sym, other_y.sym,
			joined.c + other_x.off + other_y.off, &theirs))
		return;
	z = side == 0 ? pair_numbers(join, ours, theirs) : pair_numbers(join, theirs, ours);
	joined.z = z.sym;
	joined.c -= z.off;
	facts->sums[facts->sum_count++] = joined;
}

/* What is one number on one side may be several on the other: each of them is tried. */
static void
pair_parts(struct join *join, uint32_t side, const struct number_sum *sum)
{
	uint32_t count = join->pair_count;

	for (uint32_t x = 0; x < count; x++) {
		if (on_side(&join->pairs[x], side).sym != sum->x)
			continue;
		for (uint32_t y = 0; y < count; y++) {
			if (x != y && on_side(&join->pairs[y], side).sym == sum->y)
				pair_sum(join, side, sum, x, y);
		}
	}
}

/* A sum that one side has made, and that the other can name, is one of the join. */
static void
pair_sums(struct join *join)
{
	for (uint32_t i = 0; i < join->a->facts->sum_count; i++)
		pair_parts(join, 0, &join->a->facts->sums[i]);
	for (uint32_t i = 0; i < join->b->facts->sum_count; i++)
		pair_parts(join, 1, &join->b->facts->sums[i]);
}

static struct state *
join_states(const struct state *a, const struct state *b, enum widening widening, bool is_forced,
	bool *changed)
{
	struct region *region = a->scratch;
	struct join join = { .a = a, .b = b, .pair_count = 1, .is_forced = is_forced };

	join.out = state_create(region, region, a->trails);
	join.out->thresholds = a->thresholds;
	join.out->call = a->call;
	join.out->is_widened = a->is_widened || b->is_widened || widening != WIDEN_NOT;
	join.out->is_guess = a->is_guess || b->is_guess || is_forced;
	join.out->cell_cap = a->cell_count + 4;
	join.out->cells = region_alloc(region, join.out->cell_cap * sizeof(const struct cell *));
	join.out->object_count = a->object_count;
	join.out->object_cap = a->object_count + 4;
	join.out->objects = region_alloc(region, join.out->object_cap * sizeof(*join.out->objects));
	if (a->objects != NULL)
		memcpy(join.out->objects, a->objects, a->object_count * sizeof(*a->objects));
	join.pair_cap = 32;
	join.pairs = region_alloc(region, join.pair_cap * sizeof(*join.pairs));
	join.objects = region_alloc(region, (a->object_count + 1) * sizeof(uint32_t));
	join.is_met = region_alloc(region, b->object_count + 1);
	if (!pair_cells(&join))
		return NULL;
	pair_sums(&join);
	if (join.pair_count > MAX_PAIRS) {
		/* Too many numbers to compare: nothing is known of them. */
		facts_grow(region, join.out->facts, join.pair_count);
		*changed = a->facts->sym_count <= MAX_PAIRS;
		return join.out;
	}
	join_bounds(&join, widening);
	join_unequal(&join);
	*changed = join.has_lost;
	return join.out;
}

struct state *
state_join(
	const struct state *old, const struct state *other, enum widening widening, bool *changed)
{
	return join_states(old, other, widening, false, changed);
}

struct state *
state_join_by_force(const struct state *a, const struct state *b)
{
	bool has_changed;
	struct state *out = join_states(a, b, WIDEN_AWAY, true, &has_changed);

	/* An object that only one of both knew: nobody can say whose it is. */
	for (uint32_t i = 1; i < out->object_count; i++) {
		if (!state_holds(out, i, UINT32_MAX) && out->objects[i].fate != 0)
			out->objects[i].fate |= FATE_ESCAPED;
	}
	return out;
}
