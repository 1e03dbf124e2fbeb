/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * A function's tree, laid out flat, so that a rule is a loop and not a visitor of its own.
 *
 * Nodes stand in the order of the source, a parent before its children: the children of node i are
 * i + 1, then the `end` of that one, and so on while below the `end` of i. Node 0 is the function.
 * It is built without recursion: however deep the source is nested, it is only memory.
 */

#ifndef FPCHECK_RULES_TREE_H
#define FPCHECK_RULES_TREE_H

#include <clang-c/Index.h>
#include <stdbool.h>
#include <stdint.h>

#include "../callee.h"

/** No node. */
#define TREE_NONE UINT32_MAX

struct tree_node {
	CXCursor cursor;
	enum CXCursorKind kind;
	uint32_t parent;
	uint32_t end;        /**< Index behind the last node below this one. */
	bool is_in_loop;     /**< Run at each round of a loop. */
	bool is_unevaluated; /**< Never run: below sizeof, behind a constant condition. */
	bool is_exceptional; /**< On the way to the program's end, or in the call of a cold one. */
};

struct tree {
	struct tree_node *nodes;
	uint32_t count;
	uint32_t cap;
	struct callees *callees;
};

void tree_init(struct tree *tree, struct callees *callees);
void tree_fini(struct tree *tree);

/** Lay out a function's definition; what was in the tree before is gone. */
void tree_build(struct tree *tree, CXCursor function);

/** tree_run.c: mark what runs at each round of a loop. */
void tree_mark_rounds(struct tree *tree);

/** tree_run.c: mark what never runs. */
void tree_mark_unevaluated(struct tree *tree);

/** First child of a node, or TREE_NONE. */
uint32_t tree_first(const struct tree *tree, uint32_t idx);

/** The next child of the same parent, or TREE_NONE. */
uint32_t tree_next(const struct tree *tree, uint32_t idx);

/** The last child, or TREE_NONE. */
uint32_t tree_last(const struct tree *tree, uint32_t idx);

/** Child number @p number, from 0, or TREE_NONE. */
uint32_t tree_child(const struct tree *tree, uint32_t idx, uint32_t number);

/** The expression inside parentheses and implicit conversions; TREE_NONE stays it. */
uint32_t tree_inside(const struct tree *tree, uint32_t idx);

/** As tree_inside(), and inside of explicit casts. */
uint32_t tree_uncast(const struct tree *tree, uint32_t idx);

/** Type of a node, canonical. */
CXType tree_type(const struct tree *tree, uint32_t idx);

/**
 * What a call calls by name; NULL when it goes by a pointer.
 *
 * @param[in] call  A node of kind CXCursor_CallExpr.
 */
const struct callee *tree_callee(const struct tree *tree, uint32_t call);

/** Argument number @p number, from 0, of a call, or TREE_NONE. */
uint32_t tree_argument(const struct tree *tree, uint32_t call, uint32_t number);

/** The initialiser of a variable's declaration, or TREE_NONE. */
uint32_t tree_initialiser(const struct tree *tree, uint32_t declaration);

/**
 * tree_run.c: the expression that a _Generic is, as far as types tell: the first that has its type.
 *
 * @param[out] is_only  Whether no other has that type.
 */
uint32_t tree_generic_choice(const struct tree *tree, uint32_t generic, bool *is_only);

/** True when the node is a literal 0, a zero character or NULL, behind casts. */
bool tree_is_zero(const struct tree *tree, uint32_t idx);

#endif /* FPCHECK_RULES_TREE_H */
