/* SPDX-License-Identifier: BSD-3-Clause */

/* What the local variables of a function are given, whatever the order of its statements. */

#include "origin.h"

/** How often all assignments are gone through: a chain of that many copies backwards is rare. */
#define MAX_ROUNDS 6

static void
add_origin(struct origins *origins, CXCursor variable, uint32_t bits)
{
	uint32_t *known = pointer_map_find(&origins->variables, cursor_key(variable));

	bits &= ~ORIGIN_START;
	if (known == NULL) {
		known = region_alloc(&origins->unit->region, sizeof(*known));
		pointer_map_set(
			&origins->variables, &origins->unit->region, cursor_key(variable), known);
	}
	if ((*known | bits) != *known) {
		*known |= bits;
		origins->is_changed = true;
	}
}

/** The local struct that an lvalue is a part of, or TREE_NONE. */
static uint32_t
local_struct_of(const struct tree *tree, uint32_t to)
{
	bool is_part = false;

	while (to != TREE_NONE) {
		const struct tree_node *node = &tree->nodes[to];

		if (node->kind == CXCursor_DeclRefExpr) {
			return is_part && tree_type(tree, to).kind == CXType_Record &&
					origins_is_stack_variable(
						clang_getCursorReferenced(node->cursor))
				? to
				: TREE_NONE;
		}
		if (node->kind != CXCursor_MemberRefExpr || origins_is_arrow(tree, to))
			return TREE_NONE;
		is_part = true;
		to = tree_inside(tree, tree_first(tree, to));
	}
	return TREE_NONE;
}

/** memcpy(&pointer, &other, n), by which a pointer is copied as bytes. */
static void
learn_from_copy(struct origins *origins, uint32_t call)
{
	const struct tree *tree = origins->tree;
	uint32_t to = origins_pointed_object(tree, tree_argument(tree, call, 0));
	uint32_t from = origins_pointed_object(tree, tree_argument(tree, call, 1));
	uint32_t bits;

	if (to == TREE_NONE || from == TREE_NONE || !origins_is_copy(tree_callee(tree, call)) ||
		tree->nodes[to].kind != CXCursor_DeclRefExpr ||
		!origins_may_be_address(tree_type(tree, to)))
		return;
	bits = origins_of(origins, from) & (ORIGIN_VIEW | ORIGIN_NUMBER);
	if (bits != 0)
		bits = tree_type(tree, to).kind == CXType_Pointer ? ORIGIN_VIEW : ORIGIN_NUMBER;
	if (bits != 0)
		add_origin(origins, clang_getCursorReferenced(tree->nodes[to].cursor), bits);
}

/** A pointer into a view that is put into a member of a local struct. */
static void
learn_from_member(struct origins *origins, uint32_t to, uint32_t value)
{
	const struct tree *tree = origins->tree;
	uint32_t object = local_struct_of(tree, to);

	if (object != TREE_NONE &&
		(origins_has_view_inside(origins, value) ||
			(tree_type(tree, to).kind == CXType_Pointer &&
				(origins_of(origins, value) & ORIGIN_VIEW) != 0))) {
		add_origin(origins, clang_getCursorReferenced(tree->nodes[object].cursor),
			ORIGIN_VIEW);
	}
}

/** A declaration with an initialiser, or an assignment to a local variable. */
static void
learn_from(struct origins *origins, uint32_t idx)
{
	const struct tree *tree = origins->tree;
	enum CXCursorKind kind = tree->nodes[idx].kind;
	uint32_t value;
	uint32_t to;

	if (kind == CXCursor_VarDecl) {
		value = tree_initialiser(tree, idx);
		if (value != TREE_NONE && origins_may_be_address(tree_type(tree, idx)))
			add_origin(origins, tree->nodes[idx].cursor, origins_of(origins, value));
		if (value != TREE_NONE && origins_has_view_inside(origins, value))
			add_origin(origins, tree->nodes[idx].cursor, ORIGIN_VIEW);
		return;
	}
	to = tree_inside(tree, tree_first(tree, idx));
	if (to == TREE_NONE ||
		(kind == CXCursor_BinaryOperator &&
			clang_getCursorBinaryOperatorKind(tree->nodes[idx].cursor) !=
				CXBinaryOperator_Assign))
		return;
	if (tree->nodes[to].kind == CXCursor_DeclRefExpr &&
		origins_has_view_inside(origins, tree_last(tree, idx))) {
		add_origin(origins, clang_getCursorReferenced(tree->nodes[to].cursor), ORIGIN_VIEW);
		return;
	}
	if (tree->nodes[to].kind == CXCursor_MemberRefExpr)
		learn_from_member(origins, to, tree_last(tree, idx));
	if (tree->nodes[to].kind != CXCursor_DeclRefExpr ||
		!origins_may_be_address(tree_type(tree, to)))
		return;
	add_origin(origins, clang_getCursorReferenced(tree->nodes[to].cursor),
		origins_of(origins, tree_last(tree, idx)));
}

void
origins_learn(struct origins *origins, struct unit *unit, const struct flows *flows,
	const struct tree *tree)
{
	*origins = (struct origins){ .unit = unit, .tree = tree, .flows = flows };
	origins->is_changed = true;
	for (uint32_t round = 0; round < MAX_ROUNDS && origins->is_changed; round++) {
		origins->is_changed = false;
		for (uint32_t i = 0; i < tree->count; i++) {
			enum CXCursorKind kind = tree->nodes[i].kind;

			if (kind == CXCursor_VarDecl || kind == CXCursor_BinaryOperator ||
				kind == CXCursor_CompoundAssignOperator) {
				learn_from(origins, i);
			} else if (kind == CXCursor_CallExpr) {
				learn_from_copy(origins, i);
			}
		}
	}
}
