/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Where the pointers of a function come from, without regard to the order of its statements.
 *
 * A pointer comes from a view when it is a view's address, the data of a packet buffer, what a call
 * gives as a view, or any of these behind casts, arithmetic and local variables. That is less than
 * the lifetime engine knows, and enough to tell what is done with a view.
 */

#ifndef FPCHECK_RULES_ORIGIN_H
#define FPCHECK_RULES_ORIGIN_H

#include "../pointer_map.h"
#include "../unit.h"
#include "flows.h"
#include "tree.h"

/** The value may be the address of a view's bytes. */
#define ORIGIN_VIEW      (1U << 0)
/** The value may be such an address as an integer. */
#define ORIGIN_NUMBER    (1U << 1)
/** The value may be the address of a local variable. */
#define ORIGIN_STACK     (1U << 2)
/** The value may be an address of something else. */
#define ORIGIN_ELSEWHERE (1U << 3)
/** The value is the very first byte of a view, not something behind it. */
#define ORIGIN_START     (1U << 4)

struct origins {
	struct unit *unit;
	const struct tree *tree;
	const struct flows *flows;    /**< NULL: nothing is known of other functions. */
	struct pointer_map variables; /**< Local variable to the ORIGIN_ bits of its values. */
	bool is_changed;
};

/** Learn the local variables of the tree's function. */
void origins_learn(struct origins *origins, struct unit *unit, const struct flows *flows,
	const struct tree *tree);

/** ORIGIN_ bits of an expression's value; 0 when it is no address. */
uint32_t origins_of(const struct origins *origins, uint32_t node);

/** ORIGIN_ bits of the address of an lvalue. */
uint32_t origins_of_address(const struct origins *origins, uint32_t node);

/**
 * True when a struct's value has a pointer in it that may be the address of a view's bytes: a
 * literal, or a local variable that such a pointer is stored in.
 */
bool origins_has_view_inside(const struct origins *origins, uint32_t node);

/** True for types whose values can be an address. */
bool origins_may_be_address(CXType type);

/** True for memcpy() and its like, by name: target, source, bytes. */
bool origins_is_copy(const struct callee *callee);

/** What an argument &object names, behind casts; TREE_NONE when it is no such thing. */
uint32_t origins_pointed_object(const struct tree *tree, uint32_t argument);

/** The struct that holds a member, behind anonymous structs and unions inside of it. */
CXType origins_owner(const struct tree *tree, uint32_t member);

/**
 * True when a member of a view or cursor can be the address of its bytes: a pointer to numbers or
 * to void. A cursor may point to other things as well, such as an index that it walks.
 */
bool origins_is_view_address(CXType member);

/** True when the member is reached through a pointer: p->member. */
bool origins_is_arrow(const struct tree *tree, uint32_t member);

/** True for a variable that lives on the stack: local and not static, or a parameter. */
bool origins_is_stack_variable(CXCursor variable);

#endif /* FPCHECK_RULES_ORIGIN_H */
