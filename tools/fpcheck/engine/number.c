/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Bounds are edges of a graph: x - y <= c leads from y to x at length c, and what is known of
 * x - y is the shortest way from y to x. A cycle of negative length is a contradiction; it is found
 * when the bound that would close it is assumed.
 */

#include "number.h"

#include <string.h>

/* Symbols that there is room for when a state begins to make new ones. */
#define SPARE_SYMBOLS 6

static void
set_room(struct region *region, struct facts *facts, uint32_t sym_cap)
{
	int64_t *bounds = region_alloc(region, (size_t)sym_cap * sym_cap * sizeof(*bounds));

	for (uint32_t x = 0; x < facts->sym_count; x++) {
		memcpy(bounds + (size_t)x * sym_cap, facts->bounds + (size_t)x * facts->sym_cap,
			facts->sym_count * sizeof(*bounds));
	}
	facts->bounds = bounds;
	facts->sym_cap = sym_cap;
}

struct facts *
facts_create(struct region *region, uint32_t sym_count)
{
	struct facts *facts = region_alloc(region, sizeof(*facts));

	facts_grow(region, facts, sym_count);
	return facts;
}

struct facts *
facts_copy(struct region *region, const struct facts *facts)
{
	struct facts *copy = region_alloc(region, sizeof(*copy));

	*copy = *facts;
	set_room(region, copy, facts->sym_count + SPARE_SYMBOLS);
	return copy;
}

void
facts_grow(struct region *region, struct facts *facts, uint32_t sym_count)
{
	if (sym_count > facts->sym_cap) {
		set_room(
			region, facts, facts->sym_cap == 0 ? sym_count : sym_count + sym_count / 2);
	}
	for (uint32_t x = 0; x < sym_count; x++) {
		for (uint32_t y = x < facts->sym_count ? facts->sym_count : 0; y < sym_count; y++)
			facts_put(facts, x, y, x == y ? 0 : NUMBER_NO_BOUND);
	}
	facts->sym_count = sym_count;
}

struct number
facts_new_symbol(struct region *region, struct facts *facts)
{
	struct number number = { facts->sym_count, 0 };

	facts_grow(region, facts, facts->sym_count + 1);
	return number;
}

int64_t
facts_bound(const struct facts *facts, struct number x, struct number y)
{
	int64_t bound;

	/* A path is split on a symbol that it makes only when the instruction is run again. */
	if (x.sym >= facts->sym_count || y.sym >= facts->sym_count)
		return x.sym == y.sym ? x.off - y.off : NUMBER_NO_BOUND;
	bound = facts_between(facts, x.sym, y.sym);
	return bound == NUMBER_NO_BOUND ? bound : bound + x.off - y.off;
}

/* A way that goes on with another; what is far beyond any number is as good as nothing. */
static int64_t
way_over(int64_t first, int64_t second)
{
	int64_t way = first + second;

	if (first == NUMBER_NO_BOUND || second == NUMBER_NO_BOUND || way >= NUMBER_NO_BOUND)
		return NUMBER_NO_BOUND;
	return way < -NUMBER_NO_BOUND ? -NUMBER_NO_BOUND : way;
}

bool
facts_is_related(const struct facts *facts, uint32_t x, uint32_t y)
{
	return facts_between(facts, x, y) <
		way_over(facts_between(facts, x, 0), facts_between(facts, 0, y));
}

/* Ways that a symbol lies on. */
static void
close_over(struct facts *facts, uint32_t middle)
{
	for (uint32_t x = 0; x < facts->sym_count; x++) {
		int64_t to_middle = facts_between(facts, x, middle);

		if (to_middle == NUMBER_NO_BOUND)
			continue;
		for (uint32_t y = 0; y < facts->sym_count; y++) {
			int64_t way = way_over(to_middle, facts_between(facts, middle, y));

			if (way < facts_between(facts, x, y))
				facts_put(facts, x, y, way);
		}
	}
}

void
facts_close(struct facts *facts)
{
	for (uint32_t middle = 0; middle < facts->sym_count; middle++)
		close_over(facts, middle);
}

static bool
are_unequal(const struct facts *facts, struct number x, struct number y)
{
	for (uint32_t i = 0; i < facts->unequal_count; i++) {
		const struct number_unequal *unequal = &facts->unequal[i];

		if (unequal->x == x.sym && unequal->y == y.sym && unequal->c == y.off - x.off)
			return true;
		if (unequal->x == y.sym && unequal->y == x.sym && unequal->c == x.off - y.off)
			return true;
	}
	return false;
}

int
facts_holds(const struct facts *facts, struct number x, enum relation relation, struct number y)
{
	int64_t most = facts_bound(facts, x, y);
	int64_t least;

	if (relation == RELATION_LT && most <= -1)
		return 1;
	if (relation == RELATION_LE && most <= 0)
		return 1;
	least = facts_bound(facts, y, x);
	least = least == NUMBER_NO_BOUND ? -NUMBER_NO_BOUND : -least;
	if (relation == RELATION_LT)
		return least >= 0 ? 0 : -1;
	if (relation == RELATION_LE)
		return least >= 1 ? 0 : -1;
	if (most < 0 || least > 0 || are_unequal(facts, x, y))
		return relation == RELATION_NE;
	if (most == 0 && least == 0)
		return relation == RELATION_EQ;
	return -1;
}

/* The bound x - y <= c, and all ways that it shortens. */
static void
add_bound(struct facts *facts, uint32_t x, uint32_t y, int64_t c)
{
	if (c >= facts_between(facts, x, y))
		return;
	for (uint32_t a = 0; a < facts->sym_count; a++) {
		int64_t to_y = way_over(facts_between(facts, a, x), c);

		if (to_y >= facts_between(facts, a, y) && a != x)
			continue;
		for (uint32_t b = 0; b < facts->sym_count; b++) {
			int64_t way = way_over(to_y, facts_between(facts, y, b));

			if (way < facts_between(facts, a, b))
				facts_put(facts, a, b, way);
		}
	}
}

/* x - y <= c. */
static bool
assume_bound(struct facts *facts, struct number x, struct number y, int64_t c)
{
	struct number limit = { y.sym, y.off + c };
	int64_t back = facts_bound(facts, limit, x);

	if (back != NUMBER_NO_BOUND && back < 0)
		return false;
	if (x.sym != y.sym)
		add_bound(facts, x.sym, y.sym, c + y.off - x.off);
	return true;
}

/* An inequality at the edge of what is possible moves the edge. */
static bool
tighten(struct facts *facts)
{
	for (uint32_t i = 0; i < facts->unequal_count; i++) {
		const struct number_unequal *unequal = &facts->unequal[i];
		struct number x = { unequal->x, 0 };
		struct number y = { unequal->y, unequal->c };
		int64_t most = facts_bound(facts, x, y);
		int64_t least = facts_bound(facts, y, x);

		if (most == 0 && least == 0)
			return false;
		if (most == 0 && !assume_bound(facts, x, y, -1))
			return false;
		if (least == 0 && !assume_bound(facts, y, x, -1))
			return false;
	}
	return true;
}

static bool
assume_unequal(struct facts *facts, struct number x, struct number y)
{
	if (x.sym == y.sym)
		return x.off != y.off;
	if (are_unequal(facts, x, y))
		return true;
	if (facts->unequal_count == FACTS_MAX_UNEQUAL) {
		memmove(facts->unequal, facts->unequal + 1,
			(FACTS_MAX_UNEQUAL - 1) * sizeof(facts->unequal[0]));
		facts->unequal_count--;
	}
	facts->unequal[facts->unequal_count].x = x.sym;
	facts->unequal[facts->unequal_count].y = y.sym;
	facts->unequal[facts->unequal_count].c = y.off - x.off;
	facts->unequal_count++;
	return tighten(facts);
}

/* part <= z - rest and part >= z - rest, of z = part + rest. */
static bool
bound_part(struct facts *facts, struct number z, struct number part, struct number rest)
{
	struct number zero = number_constant(0);
	int64_t most = facts_bound(facts, z, rest);
	int64_t least = facts_bound(facts, rest, z);

	if (most != NUMBER_NO_BOUND && most < facts_bound(facts, part, zero) &&
		!assume_bound(facts, part, zero, most))
		return false;
	return least == NUMBER_NO_BOUND || least >= facts_bound(facts, zero, part) ||
		assume_bound(facts, zero, part, least);
}

/* What is new about a sum and one of its parts is new about the other part. */
static bool
bound_parts(struct facts *facts)
{
	for (uint32_t i = 0; i < facts->sum_count; i++) {
		const struct number_sum *sum = &facts->sums[i];
		struct number z = { sum->z, -sum->c };
		struct number x = { sum->x, 0 };
		struct number y = { sum->y, 0 };

		if (!bound_part(facts, z, x, y) || !bound_part(facts, z, y, x))
			return false;
	}
	return true;
}

bool
facts_assume(struct facts *facts, struct number x, enum relation relation, struct number y)
{
	int holds = facts_holds(facts, x, relation, y);

	if (holds != -1)
		return holds == 1;
	switch (relation) {
	case RELATION_LT:
		return assume_bound(facts, x, y, -1) && bound_parts(facts) && tighten(facts);
	case RELATION_LE:
		return assume_bound(facts, x, y, 0) && bound_parts(facts) && tighten(facts);
	case RELATION_EQ:
		return assume_bound(facts, x, y, 0) && assume_bound(facts, y, x, 0) &&
			bound_parts(facts) && tighten(facts);
	case RELATION_NE:
		return assume_unequal(facts, x, y);
	}
	return true;
}

/* What follows for z = x + y from the bounds of x and y, and from the sums that share one. */
static void
bound_sum(struct facts *facts, const struct number_sum *sum)
{
	struct number zero = number_constant(0);
	struct number z = { sum->z, -sum->c };
	const struct number parts[2] = { { sum->x, 0 }, { sum->y, 0 } };

	for (uint32_t i = 0; i < 2; i++) {
		int64_t most = facts_bound(facts, parts[i], zero);
		int64_t least = facts_bound(facts, zero, parts[i]);

		if (most != NUMBER_NO_BOUND)
			(void)assume_bound(facts, z, parts[1 - i], most);
		if (least != NUMBER_NO_BOUND)
			(void)assume_bound(facts, parts[1 - i], z, least);
	}
	for (uint32_t i = 0; i < facts->sum_count; i++) {
		const struct number_sum *other = &facts->sums[i];
		struct number w = { other->z, -other->c };
		const struct number theirs[2] = { { other->x, 0 }, { other->y, 0 } };

		for (uint32_t k = 0; k < 4; k++) {
			struct number a = parts[1 - (k & 1)];
			struct number b = theirs[1 - (k >> 1)];
			int64_t most;

			if (parts[k & 1].sym != theirs[k >> 1].sym)
				continue;
			most = facts_bound(facts, a, b);
			if (most != NUMBER_NO_BOUND)
				(void)assume_bound(facts, z, w, most);
			most = facts_bound(facts, b, a);
			if (most != NUMBER_NO_BOUND)
				(void)assume_bound(facts, w, z, most);
		}
	}
}

static bool
has_sum(const struct facts *facts, const struct number_sum *sum)
{
	for (uint32_t i = 0; i < facts->sum_count; i++) {
		if (facts->sums[i].x == sum->x && facts->sums[i].y == sum->y)
			return true;
	}
	return false;
}

static void
keep_sum(struct facts *facts, const struct number_sum *sum)
{
	bound_sum(facts, sum);
	if (facts->sum_count == FACTS_MAX_SUMS) {
		memmove(facts->sums, facts->sums + 1,
			(FACTS_MAX_SUMS - 1) * sizeof(facts->sums[0]));
		facts->sum_count--;
	}
	facts->sums[facts->sum_count++] = *sum;
}

/*
 * What is taken from one part of a sum and put to the other leaves the sum: of all = done + left,
 * left = rest + k and more = done + k follows all = more + rest. So a burst that is sent piece by
 * piece is known to end where it ended.
 */
static void
move_between(struct facts *facts, const struct number_sum *left, const struct number_sum *more)
{
	for (uint32_t i = 0; i < 4; i++) {
		uint32_t k = (i & 1) != 0 ? left->x : left->y;
		uint32_t rest = (i & 1) != 0 ? left->y : left->x;
		uint32_t other = (i & 2) != 0 ? more->x : more->y;
		uint32_t done = (i & 2) != 0 ? more->y : more->x;

		if (k != other || more->z == 0 || left->z == 0)
			continue;
		for (uint32_t a = 0; a < facts->sum_count; a++) {
			const struct number_sum *all = &facts->sums[a];
			struct number_sum sum = { all->z, more->z < rest ? more->z : rest,
				more->z < rest ? rest : more->z, left->c + all->c - more->c };

			if (((all->x == done && all->y == left->z) ||
				    (all->y == done && all->x == left->z)) &&
				!has_sum(facts, &sum)) {
				keep_sum(facts, &sum);
				return;
			}
		}
	}
}

static void
remember_sum(struct facts *facts, uint32_t z, uint32_t x, uint32_t y, int64_t c)
{
	struct number_sum sum = { z, x < y ? x : y, x < y ? y : x, c };

	keep_sum(facts, &sum);
	for (uint32_t i = 0; i < facts->sum_count; i++) {
		struct number_sum other = facts->sums[i];

		move_between(facts, &sum, &other);
		move_between(facts, &other, &sum);
	}
}

struct number
facts_add(struct region *region, struct facts *facts, struct number x, struct number y)
{
	struct number z;
	uint32_t low = x.sym < y.sym ? x.sym : y.sym;
	uint32_t high = x.sym < y.sym ? y.sym : x.sym;

	if (low == 0) {
		z.sym = high;
		z.off = x.off + y.off;
		return z;
	}
	for (uint32_t i = 0; i < facts->sum_count; i++) {
		if (facts->sums[i].x == low && facts->sums[i].y == high) {
			/* More may be known of the parts than when the sum was made. */
			bound_sum(facts, &facts->sums[i]);
			z.sym = facts->sums[i].z;
			z.off = x.off + y.off - facts->sums[i].c;
			return z;
		}
	}
	z = facts_new_symbol(region, facts);
	remember_sum(facts, z.sym, x.sym, y.sym, 0);
	z.off = x.off + y.off;
	return z;
}

/* Of sums that share a part, what is known of the wholes is known of the other parts. */
static void
bound_other_parts(struct facts *facts, const struct number_sum *sum)
{
	const struct number parts[2] = { { sum->x, 0 }, { sum->y, 0 } };
	struct number z = { sum->z, -sum->c };

	for (uint32_t i = 0; i < facts->sum_count; i++) {
		const struct number_sum *other = &facts->sums[i];
		struct number w = { other->z, -other->c };
		const struct number theirs[2] = { { other->x, 0 }, { other->y, 0 } };
		int64_t most = facts_bound(facts, z, w);
		int64_t least = facts_bound(facts, w, z);

		for (uint32_t k = 0; k < 4; k++) {
			struct number a = parts[1 - (k & 1)];
			struct number b = theirs[1 - (k >> 1)];

			if (parts[k & 1].sym != theirs[k >> 1].sym || a.sym == b.sym)
				continue;
			if (most != NUMBER_NO_BOUND)
				(void)assume_bound(facts, a, b, most);
			if (least != NUMBER_NO_BOUND)
				(void)assume_bound(facts, b, a, least);
		}
	}
}

struct number
facts_subtract(struct region *region, struct facts *facts, struct number x, struct number y)
{
	struct number_sum sum = { 0 };
	struct number difference;
	struct number z;
	int64_t most;
	int64_t least;

	if (x.sym == y.sym)
		return number_constant(x.off - y.off);
	if (y.sym == 0) {
		z.sym = x.sym;
		z.off = x.off - y.off;
		return z;
	}
	for (uint32_t i = 0; i < facts->sum_count; i++) {
		const struct number_sum *known = &facts->sums[i];

		if (known->z == x.sym && (known->x == y.sym || known->y == y.sym)) {
			z.sym = known->x == y.sym ? known->y : known->x;
			z.off = x.off - y.off + known->c;
			return z;
		}
	}
	/* x = z + y */
	z = facts_new_symbol(region, facts);
	difference.sym = z.sym;
	difference.off = x.off - y.off;
	most = facts_bound(facts, x, y);
	least = facts_bound(facts, y, x);
	if (most != NUMBER_NO_BOUND)
		(void)assume_bound(facts, difference, number_constant(0), most);
	if (least != NUMBER_NO_BOUND)
		(void)assume_bound(facts, number_constant(0), difference, least);
	remember_sum(facts, x.sym, z.sym, y.sym, 0);
	sum.z = x.sym;
	sum.x = z.sym;
	sum.y = y.sym;
	bound_other_parts(facts, &sum);
	z.off = x.off - y.off;
	return z;
}
