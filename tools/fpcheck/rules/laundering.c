/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * FP0405: what makes a pointer into a buffer forget where it came from.
 *
 * A buffer or lease got back from the data, by a cast of whatever was computed from it; a step back
 * to before the first byte of a view; const cast away; a pointer made of a number that was one; a
 * union that one pointer goes into and another comes out of. A line gives one finding: such a trick
 * is several of these at once.
 */

#include <string.h>

#include "rules.h"

struct laundering {
	struct rules *rules;
	uint32_t last_line;
};

static void
tell(struct laundering *laundering, uint32_t node, const char *text)
{
	struct rules *rules = laundering->rules;
	struct place at = unit_place(rules->unit, rules->tree.nodes[node].cursor);

	if (at.line == laundering->last_line)
		return;
	laundering->last_line = at.line;
	rules_report_at(rules, RULE_FP0405, at, text, NULL);
}

static CXType
pointee_of(CXType pointer)
{
	return clang_getCanonicalType(clang_getPointeeType(pointer));
}

static bool
points_to_buffer(const struct rules *rules, CXType type)
{
	enum contract_type meaning;

	if (type.kind != CXType_Pointer)
		return false;
	meaning = unit_type_of(rules->unit, pointee_of(type));
	return meaning == CONTRACT_TYPE_BUFFER || meaning == CONTRACT_TYPE_LEASE;
}

static bool
points_to_const(CXType type)
{
	return type.kind == CXType_Pointer &&
		clang_isConstQualifiedType(clang_getPointeeType(type)) != 0;
}

/** The word in the source where a node begins: of a macro's expansion, the macro's name. */
static const char *
first_word(const struct rules *rules, uint32_t node)
{
	struct unit *unit = rules->unit;
	CXSourceLocation location = clang_getCursorLocation(rules->tree.nodes[node].cursor);
	const char *word = "";
	unsigned column;
	unsigned line;
	CXString spelling;
	CXToken *token;
	CXFile file;

	clang_getExpansionLocation(location, &file, &line, &column, NULL);
	token = clang_getToken(unit->tu, clang_getLocation(unit->tu, file, line, column));
	if (token == NULL)
		return word;
	spelling = clang_getTokenSpelling(unit->tu, *token);
	word = RULES_TEXT(rules, "%s", clang_getCString(spelling));
	clang_disposeString(spelling);
	clang_disposeTokens(unit->tu, token, 1);
	return word;
}

/** RTE_PTR_ADD() and its like go through a number and stay in the buffer. */
static bool
is_known_arithmetic(const struct rules *rules, uint32_t node)
{
	const char *word = first_word(rules, node);

	return strncmp(word, "RTE_PTR_", 8) == 0 && strcmp(word, "RTE_PTR_UNQUAL") != 0;
}

/** A cast, or a conversion that the compiler put in. */
static void
check_conversion(struct laundering *laundering, uint32_t node, bool is_explicit)
{
	const struct rules *rules = laundering->rules;
	const struct tree *tree = &rules->tree;
	uint32_t value = tree_inside(tree, tree_last(tree, node));
	CXType to = tree_type(tree, node);
	uint32_t bits;
	CXType from;

	if (to.kind != CXType_Pointer || value == TREE_NONE)
		return;
	from = tree_type(tree, value);
	bits = origins_of(&rules->origins, value);
	if ((bits & (ORIGIN_VIEW | ORIGIN_NUMBER)) == 0)
		return;
	if (points_to_buffer(rules, to) && !points_to_buffer(rules, from)) {
		tell(laundering, node,
			"a buffer is got back from a view of it: pass the buffer instead");
		return;
	}
	if (!is_explicit)
		return;
	if (points_to_const(from) && !points_to_const(to)) {
		tell(laundering, node, "const is cast away from a view");
	} else if (from.kind != CXType_Pointer && (bits & ORIGIN_NUMBER) != 0 &&
		!is_known_arithmetic(rules, node)) {
		tell(laundering, node, "a view's address comes back out of a number");
	}
}

/** data - n, where data is the first byte. */
static void
check_subtraction(struct laundering *laundering, uint32_t node)
{
	const struct rules *rules = laundering->rules;
	const struct tree *tree = &rules->tree;
	uint32_t left = tree_first(tree, node);
	uint32_t right = tree_last(tree, node);
	uint32_t bits = origins_of(&rules->origins, left);

	if ((bits & ORIGIN_START) == 0 || (bits & (ORIGIN_VIEW | ORIGIN_NUMBER)) == 0 ||
		tree_type(tree, right).kind == CXType_Pointer || tree_is_zero(tree, right) ||
		(origins_of(&rules->origins, right) & (ORIGIN_VIEW | ORIGIN_NUMBER)) != 0)
		return;
	tell(laundering, node, "a step back to before the first byte of a view");
}

static bool
is_minus(const struct tree *tree, uint32_t node)
{
	node = tree_uncast(tree, node);
	return node != TREE_NONE && tree->nodes[node].kind == CXCursor_UnaryOperator &&
		clang_getCursorUnaryOperatorKind(tree->nodes[node].cursor) == CXUnaryOperator_Minus;
}

static void
check_subscript(struct laundering *laundering, uint32_t node)
{
	const struct rules *rules = laundering->rules;
	uint32_t bits = origins_of(&rules->origins, tree_first(&rules->tree, node));

	if ((bits & ORIGIN_START) != 0 && (bits & ORIGIN_VIEW) != 0 &&
		is_minus(&rules->tree, tree_last(&rules->tree, node)))
		tell(laundering, node, "a byte before the first one of a view");
}

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

/** The member that an initialiser of a union sets to a view, or a null cursor. */
static CXCursor
initialised_member(const struct rules *rules, uint32_t list)
{
	const struct tree *tree = &rules->tree;
	uint32_t part;

	if (list == TREE_NONE || tree->nodes[list].kind != CXCursor_InitListExpr)
		return clang_getNullCursor();
	part = tree_first(tree, list);
	if (part == TREE_NONE || tree->nodes[part].kind != CXCursor_UnexposedExpr ||
		!is_view_value(rules, tree_last(tree, part)))
		return clang_getNullCursor();
	part = tree_first(tree, part);
	if (tree->nodes[part].kind != CXCursor_MemberRef)
		return clang_getNullCursor();
	return clang_getCursorReferenced(tree->nodes[part].cursor);
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

/** Another member of the union read, when it can be a view's address as well. */
static void
check_union(struct laundering *laundering, uint32_t node)
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
		if (tree_type(tree, i).kind == CXType_Pointer ||
			tree_type(tree, i).kind == CXType_Record ||
			tree_type(tree, i).kind == CXType_ULong) {
			tell(laundering, i,
				"a view goes into a union as one type and comes out "
				"as another");
		}
	}
}

void
rules_laundering(struct rules *rules)
{
	struct laundering laundering = { .rules = rules };
	const struct tree *tree = &rules->tree;

	for (uint32_t i = 0; rules->is_hot && i < tree->count; i++) {
		if (tree->nodes[i].is_unevaluated)
			continue;
		switch ((int)tree->nodes[i].kind) {
		case CXCursor_CStyleCastExpr:
			check_conversion(&laundering, i, true);
			break;
		case CXCursor_UnexposedExpr:
			check_conversion(&laundering, i, false);
			break;
		case CXCursor_BinaryOperator:
			if (clang_getCursorBinaryOperatorKind(tree->nodes[i].cursor) ==
				CXBinaryOperator_Sub)
				check_subtraction(&laundering, i);
			check_union(&laundering, i);
			break;
		case CXCursor_ArraySubscriptExpr:
			check_subscript(&laundering, i);
			break;
		case CXCursor_VarDecl:
			check_union(&laundering, i);
			break;
		default:
			break;
		}
	}
}
