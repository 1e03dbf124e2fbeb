/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * R-04-06: views are made by who lends memory, in the files of settings->memory, and by nobody
 * else.
 *
 * Found are initialisers and literals of a view with an address in them, stores to a view's
 * address, casts of other memory to a view, copies of bytes into one, and fp_span_over() of a
 * pointer whose memory is not seen to outlive the view. An object named in the call (an array, a
 * variable) is seen, and a text in the source; empty views are made of nothing.
 */

#include <string.h>

#include "rules.h"

static bool
is_view(const struct rules *rules, CXType type)
{
	enum contract_type meaning = unit_type_of(rules->unit, type);

	return meaning == CONTRACT_TYPE_VIEW || meaning == CONTRACT_TYPE_CURSOR;
}

/** True when the node, or the macro that it is out of, is in a file that may make views. */
static bool
is_allowed_here(const struct rules *rules, uint32_t node)
{
	struct unit *unit = rules->unit;
	const struct text_list *memory = &unit->settings->memory;
	CXCursor cursor = rules->tree.nodes[node].cursor;
	CXString name;
	CXFile file;
	bool is_allowed;

	if (settings_match(memory, unit_place(unit, cursor).file))
		return true;
	clang_getSpellingLocation(clang_getCursorLocation(cursor), &file, NULL, NULL, NULL);
	if (file == NULL)
		return false;
	name = clang_File_tryGetRealPathName(file);
	is_allowed = settings_match(memory, clang_getCString(name));
	clang_disposeString(name);
	return is_allowed;
}

static void
tell(struct rules *rules, uint32_t node, const char *text)
{
	if (!is_allowed_here(rules, node))
		rules_report(rules, RULE_R_04_06, node, text, NULL);
}

/** The value of an initialiser's part, behind its designator. */
static uint32_t
part_value(const struct tree *tree, uint32_t part)
{
	uint32_t first = tree_first(tree, part);

	if (tree->nodes[part].kind == CXCursor_UnexposedExpr && first != TREE_NONE &&
		tree->nodes[first].kind == CXCursor_MemberRef)
		return tree_last(tree, part);
	return part;
}

static bool
is_address(const struct tree *tree, uint32_t value)
{
	uint32_t bare = tree_uncast(tree, value);

	if (bare == TREE_NONE || tree->nodes[bare].kind == CXCursor_StringLiteral)
		return false;
	return origins_is_view_address(tree_type(tree, value)) && !tree_is_zero(tree, value);
}

static void
check_initialiser(struct rules *rules, uint32_t list)
{
	const struct tree *tree = &rules->tree;
	uint32_t parent = tree->nodes[list].parent;

	if (!is_view(rules, clang_getCursorType(tree->nodes[list].cursor)))
		return;
	for (uint32_t part = tree_first(tree, list); part != TREE_NONE;
		part = tree_next(tree, part)) {
		if (!is_address(tree, part_value(tree, part)))
			continue;
		tell(rules,
			tree->nodes[parent].kind == CXCursor_CompoundLiteralExpr ? parent : list,
			"a view is made of a bare pointer: take it from a lease, an arena or "
			"another view");
		return;
	}
}

/** view.data++ and its like. */
static bool
is_step(CXCursor unary)
{
	enum CXUnaryOperatorKind kind = clang_getCursorUnaryOperatorKind(unary);

	return kind == CXUnaryOperator_PostInc || kind == CXUnaryOperator_PostDec ||
		kind == CXUnaryOperator_PreInc || kind == CXUnaryOperator_PreDec;
}

static void
check_store(struct rules *rules, uint32_t node)
{
	const struct tree *tree = &rules->tree;
	uint32_t to = tree_inside(tree, tree_first(tree, node));

	if (to == TREE_NONE || tree->nodes[to].kind != CXCursor_MemberRefExpr ||
		!origins_is_view_address(tree_type(tree, to)) ||
		!is_view(rules, origins_owner(tree, to)) ||
		(tree->nodes[node].kind != CXCursor_UnaryOperator &&
			tree_is_zero(tree, tree_last(tree, node))))
		return;
	tell(rules, node, "the address of a view is set by hand: slice it instead");
}

static void
check_cast(struct rules *rules, uint32_t node)
{
	const struct tree *tree = &rules->tree;
	uint32_t value = tree_inside(tree, tree_last(tree, node));
	CXType to = tree_type(tree, node);
	CXType from;

	if (to.kind != CXType_Pointer || value == TREE_NONE ||
		!is_view(rules, clang_getPointeeType(to)))
		return;
	from = tree_type(tree, value);
	if (from.kind != CXType_Pointer)
		return;
	from = clang_getCanonicalType(clang_getPointeeType(from));
	if (from.kind == CXType_Void ||
		clang_equalCursors(clang_getTypeDeclaration(from),
			clang_getTypeDeclaration(
				clang_getCanonicalType(clang_getPointeeType(to)))) != 0)
		return;
	tell(rules, node, "other memory is taken for a view");
}

static bool
is_name_of(const char *name, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(name, names[i]) == 0)
			return true;
	}
	return false;
}

/** memcpy(&view, bytes, n) */
static void
check_copy(struct rules *rules, uint32_t call)
{
	const struct tree *tree = &rules->tree;
	uint32_t to = tree_uncast(tree, tree_argument(tree, call, 0));
	uint32_t from = tree_uncast(tree, tree_argument(tree, call, 1));
	CXType types[2];

	if (to == TREE_NONE || from == TREE_NONE)
		return;
	types[0] = tree_type(tree, to);
	types[1] = tree_type(tree, from);
	if (types[0].kind != CXType_Pointer || !is_view(rules, clang_getPointeeType(types[0])))
		return;
	if (types[1].kind == CXType_Pointer && is_view(rules, clang_getPointeeType(types[1])))
		return;
	tell(rules, call, "bytes are copied into a view");
}

static bool
is_array(CXType type)
{
	return type.kind == CXType_ConstantArray || type.kind == CXType_VariableArray;
}

/** True for an object that the source names: its own memory, not what a pointer leads to. */
static bool
is_named_object(const struct rules *rules, uint32_t node)
{
	const struct tree *tree = &rules->tree;
	uint32_t idx = tree_uncast(tree, node);

	if (idx == TREE_NONE || tree_is_zero(tree, idx))
		return true;
	switch ((int)tree->nodes[idx].kind) {
	case CXCursor_StringLiteral:
	case CXCursor_CompoundLiteralExpr:
		return true;
	case CXCursor_UnaryOperator:
		return clang_getCursorUnaryOperatorKind(tree->nodes[idx].cursor) ==
			CXUnaryOperator_AddrOf &&
			(origins_of(&rules->origins, idx) & ORIGIN_VIEW) == 0;
	case CXCursor_DeclRefExpr:
	case CXCursor_MemberRefExpr:
	case CXCursor_ArraySubscriptExpr:
		return is_array(tree_type(tree, idx));
	default:
		return origins_of(&rules->origins, idx) == ORIGIN_STACK;
	}
}

static void
check_call(struct rules *rules, uint32_t call)
{
	static const char *const copies[] = { "memcpy", "memmove", "rte_memcpy", "bcopy" };
	static const char *const makers[] = { "fp_span_over", "fp_cspan_over", "fp_span_watched",
		"fp_cspan_watched" };
	const struct callee *callee = tree_callee(&rules->tree, call);

	if (callee == NULL)
		return;
	if (is_name_of(callee->name, copies, sizeof(copies) / sizeof(copies[0]))) {
		check_copy(rules, call);
		return;
	}
	if (is_name_of(callee->name, makers, sizeof(makers) / sizeof(makers[0])) &&
		!is_named_object(rules, tree_argument(&rules->tree, call, 0))) {
		tell(rules, call,
			RULES_TEXT(rules,
				"'%s' of a pointer: nothing here says that its memory outlives "
				"the view",
				callee->name));
	}
}

void
rules_raw_view(struct rules *rules)
{
	const struct tree *tree = &rules->tree;

	for (uint32_t i = 0; i < tree->count; i++) {
		if (tree->nodes[i].is_unevaluated)
			continue;
		switch ((int)tree->nodes[i].kind) {
		case CXCursor_InitListExpr:
			check_initialiser(rules, i);
			break;
		case CXCursor_CStyleCastExpr:
			check_cast(rules, i);
			break;
		case CXCursor_CallExpr:
			check_call(rules, i);
			break;
		case CXCursor_BinaryOperator:
			if (clang_getCursorBinaryOperatorKind(tree->nodes[i].cursor) ==
				CXBinaryOperator_Assign)
				check_store(rules, i);
			break;
		case CXCursor_CompoundAssignOperator:
			check_store(rules, i);
			break;
		case CXCursor_UnaryOperator:
			if (is_step(tree->nodes[i].cursor))
				check_store(rules, i);
			break;
		default:
			break;
		}
	}
}
