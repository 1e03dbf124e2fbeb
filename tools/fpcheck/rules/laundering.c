/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * FP0405: what makes a pointer into a buffer forget where it came from.
 *
 * A buffer or lease got back from the data, by a cast of whatever was computed from it; a step back
 * to before the first byte of a view; const cast away, of the bytes or of the pointer to them; a
 * pointer made of a number that was one; a view read as another struct; a union that one pointer
 * goes into and another comes out of (launder_union.c). A line gives one finding: such a trick is
 * several of these at once.
 */

#include <string.h>

#include "laundering.h"

void
laundering_tell(struct laundering *laundering, uint32_t node, const char *text)
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

/** A pointer of bytes, or a number that was a pointer, less something: a step back. */
static bool
is_step_back(const struct tree *tree, uint32_t value)
{
	uint32_t right;
	CXType left;

	value = tree_uncast(tree, value);
	if (value == TREE_NONE || tree->nodes[value].kind != CXCursor_BinaryOperator ||
		clang_getCursorBinaryOperatorKind(tree->nodes[value].cursor) !=
			CXBinaryOperator_Sub)
		return false;
	left = tree_type(tree, tree_first(tree, value));
	right = tree_uncast(tree, tree_last(tree, value));
	/* Less the offset of a member: the struct around something that it has inside. */
	if (right == TREE_NONE || tree->nodes[right].kind == CXCursor_UnexposedExpr)
		return false;
	return left.kind == CXType_Pointer
		? origins_is_view_address(left) && tree_type(tree, right).kind != CXType_Pointer
		: tree->nodes[tree_inside(tree, tree_first(tree, value))].kind ==
			CXCursor_CStyleCastExpr;
}

/** True for a parameter that points to bytes which are not to be written. */
static bool
is_parameter_of_bytes(const struct tree *tree, uint32_t value)
{
	CXCursor parameter;
	CXType type;

	value = tree_uncast(tree, value);
	if (value == TREE_NONE || tree->nodes[value].kind != CXCursor_DeclRefExpr)
		return false;
	parameter = clang_getCursorReferenced(tree->nodes[value].cursor);
	type = pointee_of(tree_type(tree, value));
	return clang_getCursorKind(parameter) == CXCursor_ParmDecl && type.kind == CXType_UChar &&
		clang_isConstQualifiedType(type) != 0;
}

/** True when a cast takes the const away from what a pointer points to, through numbers as well. */
static bool
drops_const(const struct tree *tree, uint32_t value, CXType to)
{
	uint32_t bare = tree_uncast(tree, value);

	return bare != TREE_NONE && !points_to_const(to) && points_to_const(tree_type(tree, bare));
}

static bool
is_view_type(const struct rules *rules, CXType type)
{
	enum contract_type meaning = unit_type_of(rules->unit, type);

	return meaning == CONTRACT_TYPE_VIEW || meaning == CONTRACT_TYPE_CURSOR;
}

/** A pointer to a view, taken for a pointer to something else that is not bytes. */
static bool
is_view_as_other(const struct rules *rules, CXType from, CXType to)
{
	CXType source;
	CXType target;

	if (from.kind != CXType_Pointer)
		return false;
	source = pointee_of(from);
	target = pointee_of(to);
	if (!is_view_type(rules, source) || target.kind == CXType_Void ||
		clang_Type_getSizeOf(target) == 1)
		return false;
	return clang_equalCursors(
		       clang_getTypeDeclaration(source), clang_getTypeDeclaration(target)) == 0 ||
		(points_to_const(from) && !points_to_const(to));
}

/** The address of a pointer into a view, as that of a pointer to what may be written. */
static bool
is_pointer_as_other(const struct rules *rules, uint32_t value, CXType to)
{
	uint32_t object = origins_pointed_object(&rules->tree, value);
	CXType target = pointee_of(to);

	return object != TREE_NONE && points_to_const(tree_type(&rules->tree, object)) &&
		target.kind == CXType_Pointer && !points_to_const(target) &&
		(origins_of(&rules->origins, object) & ORIGIN_VIEW) != 0;
}

/** memcpy() of a pointer, or of a view, into one of another kind. */
static void
check_copy(struct laundering *laundering, uint32_t call)
{
	const struct rules *rules = laundering->rules;
	const struct tree *tree = &rules->tree;
	uint32_t to = tree_uncast(tree, tree_argument(tree, call, 0));
	uint32_t from = tree_uncast(tree, tree_argument(tree, call, 1));

	if (to == TREE_NONE || from == TREE_NONE || !origins_is_copy(tree_callee(tree, call)) ||
		tree_type(tree, to).kind != CXType_Pointer)
		return;
	if (is_pointer_as_other(rules, from, tree_type(tree, to)) ||
		is_view_as_other(rules, tree_type(tree, from), tree_type(tree, to)))
		laundering_tell(laundering, call, "a view is copied into what is another type");
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
	if (points_to_buffer(rules, to) && !points_to_buffer(rules, from) &&
		((bits & (ORIGIN_VIEW | ORIGIN_NUMBER)) != 0 || is_step_back(tree, value))) {
		laundering_tell(laundering, node,
			"a buffer is got back from a view of it: pass the buffer instead");
		return;
	}
	if (!is_explicit)
		return;
	if (is_view_as_other(rules, from, to) || is_pointer_as_other(rules, value, to)) {
		laundering_tell(laundering, node, "a view is taken for something else");
		return;
	}
	if ((bits & (ORIGIN_VIEW | ORIGIN_NUMBER)) == 0 && !is_parameter_of_bytes(tree, value))
		return;
	if (drops_const(tree, value, to)) {
		laundering_tell(laundering, node, "const is cast away from a view");
	} else if (from.kind != CXType_Pointer && (bits & ORIGIN_NUMBER) != 0 &&
		!is_known_arithmetic(rules, node)) {
		laundering_tell(laundering, node, "a view's address comes back out of a number");
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
	laundering_tell(laundering, node, "a step back to before the first byte of a view");
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
		laundering_tell(laundering, node, "a byte before the first one of a view");
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
			laundering_check_union(&laundering, i);
			break;
		case CXCursor_CallExpr:
			check_copy(&laundering, i);
			break;
		case CXCursor_ArraySubscriptExpr:
			check_subscript(&laundering, i);
			break;
		case CXCursor_VarDecl:
			laundering_check_union(&laundering, i);
			break;
		case CXCursor_MemberRefExpr:
			laundering_check_union_literal(&laundering, i);
			break;
		default:
			break;
		}
	}
}
