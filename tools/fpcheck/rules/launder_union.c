/* SPDX-License-Identifier: BSD-3-Clause */

/* FP0405 by a union: one pointer goes in, and another comes out. */

#include "laundering.h"

/** A store to a member of a union, or an initialiser of one. */
struct union_store {
	CXCursor variable;
	CXCursor member;
};

/** The variable that a member of a union is of; a null cursor when it is no such thing. */
static CXCursor
union_variable(const struct tree *tree, uint32_t member)
{
	uint32_t base = tree_inside(tree, tree_first(tree, member));

	if (base == TREE_NONE || tree->nodes[base].kind != CXCursor_DeclRefExpr ||
		clang_getCursorKind(clang_getTypeDeclaration(tree_type(tree, base))) !=
			CXCursor_UnionDecl)
		return clang_getNullCursor();
	return clang_getCursorReferenced(tree->nodes[base].cursor);
}

/** True for what a view's address is in: a pointer out of a view, or a view itself. */
static bool
is_view_value(const struct rules *rules, uint32_t value)
{
	enum contract_type meaning;

	if (value == TREE_NONE)
		return false;
	meaning = unit_type_of(rules->unit, tree_type(&rules->tree, value));
	return meaning == CONTRACT_TYPE_VIEW || meaning == CONTRACT_TYPE_CURSOR ||
		(origins_of(&rules->origins, value) & ORIGIN_VIEW) != 0;
}

static enum CXVisitorResult
take_first(CXCursor field, CXClientData data)
{
	*(CXCursor *)data = field;
	return CXVisit_Break;
}

/** The member that an initialiser of a union sets to a view, or a null cursor. */
static CXCursor
initialised_member(const struct rules *rules, uint32_t list)
{
	const struct tree *tree = &rules->tree;
	CXCursor member = clang_getNullCursor();
	uint32_t named;
	uint32_t part;
	CXType type;

	if (list == TREE_NONE || tree->nodes[list].kind != CXCursor_InitListExpr)
		return member;
	type = tree_type(tree, list);
	part = tree_first(tree, list);
	if (part == TREE_NONE ||
		clang_getCursorKind(clang_getTypeDeclaration(type)) != CXCursor_UnionDecl)
		return member;
	named = tree_first(tree, part);
	if (tree->nodes[part].kind != CXCursor_UnexposedExpr || named == TREE_NONE ||
		tree->nodes[named].kind != CXCursor_MemberRef) {
		if (is_view_value(rules, part))
			(void)clang_Type_visitFields(type, take_first, &member);
		return member;
	}
	if (is_view_value(rules, tree_last(tree, part)))
		member = clang_getCursorReferenced(tree->nodes[named].cursor);
	return member;
}

/** What is stored to a union by a node; variable is null when nothing is. */
static struct union_store
union_store_of(const struct rules *rules, uint32_t node)
{
	const struct tree *tree = &rules->tree;
	struct union_store store = { clang_getNullCursor(), clang_getNullCursor() };
	uint32_t to;

	if (tree->nodes[node].kind == CXCursor_VarDecl) {
		store.member =
			initialised_member(rules, tree_inside(tree, tree_initialiser(tree, node)));
		if (clang_Cursor_isNull(store.member) == 0)
			store.variable = tree->nodes[node].cursor;
	} else if (tree->nodes[node].kind == CXCursor_BinaryOperator &&
		clang_getCursorBinaryOperatorKind(tree->nodes[node].cursor) ==
			CXBinaryOperator_Assign) {
		to = tree_inside(tree, tree_first(tree, node));
		if (to != TREE_NONE && tree->nodes[to].kind == CXCursor_MemberRefExpr &&
			is_view_value(rules, tree_last(tree, node))) {
			store.variable = union_variable(tree, to);
			store.member = clang_getCursorReferenced(tree->nodes[to].cursor);
		}
	}
	return store;
}

/** True when a member is only stored to: it is the left side of an assignment. */
static bool
is_assigned(const struct tree *tree, uint32_t member)
{
	uint32_t parent = tree->nodes[member].parent;

	return tree->nodes[parent].kind == CXCursor_BinaryOperator &&
		tree_first(tree, parent) == member &&
		clang_getCursorBinaryOperatorKind(tree->nodes[parent].cursor) ==
		CXBinaryOperator_Assign;
}

/** A member that is read can be a view's address, or a view, as well. */
static void
tell_if_address(struct laundering *laundering, uint32_t member)
{
	CXType type = tree_type(&laundering->rules->tree, member);

	if (type.kind == CXType_Pointer || type.kind == CXType_Record ||
		type.kind == CXType_ULong) {
		laundering_tell(laundering, member,
			"a view goes into a union as one type and comes out as another");
	}
}

/** Another member of the union read, when it can be a view's address as well. */
void
laundering_check_union(struct laundering *laundering, uint32_t node)
{
	const struct rules *rules = laundering->rules;
	const struct tree *tree = &rules->tree;
	struct union_store store = union_store_of(rules, node);

	if (clang_Cursor_isNull(store.variable) != 0)
		return;
	for (uint32_t i = 0; i < tree->count; i++) {
		if (tree->nodes[i].kind != CXCursor_MemberRefExpr || is_assigned(tree, i) ||
			clang_equalCursors(union_variable(tree, i), store.variable) == 0 ||
			clang_equalCursors(clang_getCursorReferenced(tree->nodes[i].cursor),
				store.member) != 0)
			continue;
		tell_if_address(laundering, i);
	}
}

void
laundering_check_union_literal(struct laundering *laundering, uint32_t member)
{
	const struct rules *rules = laundering->rules;
	const struct tree *tree = &rules->tree;
	uint32_t base = tree_inside(tree, tree_first(tree, member));
	CXCursor set;

	if (base == TREE_NONE || tree->nodes[base].kind != CXCursor_CompoundLiteralExpr)
		return;
	set = initialised_member(rules, tree_last(tree, base));
	if (clang_Cursor_isNull(set) == 0 &&
		clang_equalCursors(clang_getCursorReferenced(tree->nodes[member].cursor), set) == 0)
		tell_if_address(laundering, member);
}
