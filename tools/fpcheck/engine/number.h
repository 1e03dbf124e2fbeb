/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * What a path knows of numbers: differences between symbols.
 *
 * A symbol stands for a number that the engine cannot know: a parameter, a result, an index. A
 * number is a symbol plus a constant; symbol 0 is the number zero, so a constant is 0 + k. A path
 * knows bounds x - y <= c, inequalities x - y != c, and sums z = x + y. That is enough to follow
 * what programs do with bursts: `for (i = sent; i < n; i++)`, `pkts + sent, n - sent`,
 * `sent += more`.
 *
 * Bounds are kept closed: what follows from two of them stands there, too. So asking costs nothing,
 * and a new bound costs the square of the symbols.
 *
 * Facts are shared between states until one is about to change them (facts_copy()).
 */

#ifndef FPCHECK_NUMBER_H
#define FPCHECK_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

#include "../region.h"

/** A symbol plus a constant. */
struct number {
	uint32_t sym;
	int64_t off;
};

enum relation {
	RELATION_LT,
	RELATION_LE,
	RELATION_EQ,
	RELATION_NE,
};

/** x - y != c */
struct number_unequal {
	uint32_t x;
	uint32_t y;
	int64_t c;
};

/** z = x + y + c; x <= y by number */
struct number_sum {
	uint32_t z;
	uint32_t x;
	uint32_t y;
	int64_t c;
};

#define FACTS_MAX_UNEQUAL 12
#define FACTS_MAX_SUMS    8

/** No bound is known. Far from the ends of int64_t, so that sums of a few do not overflow. */
#define NUMBER_NO_BOUND (INT64_MAX / 8)

struct facts {
	uint32_t sym_count; /**< Symbols are [0..sym_count). */
	uint32_t sym_cap;
	int64_t *bounds; /**< Closed; [x * sym_cap + y] is the least upper bound known of x - y. */
	uint32_t unequal_count;
	uint32_t sum_count;
	struct number_unequal unequal[FACTS_MAX_UNEQUAL];
	struct number_sum sums[FACTS_MAX_SUMS];
};

static inline struct number
number_constant(int64_t value)
{
	struct number number = { 0, value };

	return number;
}

static inline bool
number_is_constant(struct number number)
{
	return number.sym == 0;
}

/** Facts that know nothing of @p sym_count symbols, symbol 0 among them. */
struct facts *facts_create(struct region *region, uint32_t sym_count);

/** A copy that its owner may change. */
struct facts *facts_copy(struct region *region, const struct facts *facts);

/** From here on there are @p sym_count symbols; of the new ones nothing is known. */
void facts_grow(struct region *region, struct facts *facts, uint32_t sym_count);

/** A number of which nothing is known. */
struct number facts_new_symbol(struct region *region, struct facts *facts);

/** The least upper bound known of x - y, of two symbols; NUMBER_NO_BOUND. */
static inline int64_t
facts_between(const struct facts *facts, uint32_t x, uint32_t y)
{
	return facts->bounds[(size_t)x * facts->sym_cap + y];
}

/** Put a bound where nothing else is known of the two: facts_close() has to follow. */
static inline void
facts_put(struct facts *facts, uint32_t x, uint32_t y, int64_t bound)
{
	facts->bounds[(size_t)x * facts->sym_cap + y] = bound;
}

/** Bounds that were put one by one are closed again. */
void facts_close(struct facts *facts);

/** True when a bound says more than what is known of both symbols by themselves. */
bool facts_is_related(const struct facts *facts, uint32_t x, uint32_t y);

/** The least upper bound known of x - y; NUMBER_NO_BOUND. */
int64_t facts_bound(const struct facts *facts, struct number x, struct number y);

/** 1: the relation holds; 0: it cannot hold; -1: not known. */
int
facts_holds(const struct facts *facts, struct number x, enum relation relation, struct number y);

/** From here on the relation holds. False: it cannot, and the path is not possible. */
bool facts_assume(struct facts *facts, struct number x, enum relation relation, struct number y);

/** x + y, or x - y: a known number when there is one. */
struct number
facts_add(struct region *region, struct facts *facts, struct number x, struct number y);
struct number
facts_subtract(struct region *region, struct facts *facts, struct number x, struct number y);

#endif /* FPCHECK_NUMBER_H */
