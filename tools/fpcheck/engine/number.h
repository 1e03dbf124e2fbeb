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
 * Facts are shared between states until one is about to change them (facts_own()).
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

/** x - y <= c, or x - y != c */
struct number_bound {
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

#define FACTS_MAX_BOUNDS  160
#define FACTS_MAX_UNEQUAL 12
#define FACTS_MAX_SUMS    8

/** No bound is known. Far from the ends of int64_t, so that sums of a few do not overflow. */
#define NUMBER_NO_BOUND (INT64_MAX / 8)

struct facts {
	uint32_t sym_count; /**< Symbols are [0..sym_count). */
	uint32_t bound_count;
	uint32_t bound_cap;
	uint32_t unequal_count;
	uint32_t sum_count;
	struct number_bound *bounds;
	const int64_t *closure; /**< See facts_closure(), when it was made; NULL. */
	struct number_bound unequal[FACTS_MAX_UNEQUAL];
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

/** Facts that know nothing. */
struct facts *facts_create(struct region *region);

/** A copy that its owner may change. */
struct facts *facts_copy(struct region *region, const struct facts *facts);

/** A number of which nothing is known. */
struct number facts_new_symbol(struct facts *facts);

/** The least upper bound known of x - y; NUMBER_NO_BOUND. */
int64_t facts_bound(const struct facts *facts, struct number x, struct number y);

/** 1: the relation holds; 0: it cannot hold; -1: not known. */
int
facts_holds(const struct facts *facts, struct number x, enum relation relation, struct number y);

/** From here on the relation holds. False: it cannot, and the path is not possible. */
bool facts_assume(struct region *region, struct facts *facts, struct number x,
	enum relation relation, struct number y);

/** x + y, or x - y: a known number when there is one. */
struct number
facts_add(struct region *region, struct facts *facts, struct number x, struct number y);
struct number
facts_subtract(struct region *region, struct facts *facts, struct number x, struct number y);

/**
 * All bounds between the symbols, closed: shape [sym_count * sym_count], [x * sym_count + y] being
 * the bound of x - y. Allocated in the region.
 */
const int64_t *facts_closure(struct region *region, const struct facts *facts);

/** Put in the bounds of a closed matrix of facts->sym_count symbols, without those implied. */
void facts_set_closure(
	struct region *region, struct region *scratch, struct facts *facts, int64_t *matrix);

#endif /* FPCHECK_NUMBER_H */
