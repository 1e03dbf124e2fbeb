/* SPDX-License-Identifier: BSD-3-Clause */

#include <string.h>

#include "origin.h"

/** An expression nested deeper than this is not looked into. */
#define MAX_DEPTH 200

static uint32_t value_of(const struct origins *origins, uint32_t idx, uint32_t depth);

bool
origins_may_be_address(CXType type)
{
	switch ((int)type.kind) {
	case CXType_Pointer:
	case CXType_ULong:
	case CXType_Long:
	case CXType_ULongLong:
	case CXType_LongLong:
		return true;
	default:
		return false;
	}
}

bool
origins_is_arrow(const struct tree *tree, uint32_t member)
{
	uint32_t base = tree_first(tree, member);

	return base != TREE_NONE && tree_type(tree, base).kind == CXType_Pointer;
}

/** The object that a member is of, as a node, behind implicit members without a name. */
static uint32_t
named_base(const struct tree *tree, uint32_t member)
{
	uint32_t base = tree_inside(tree, tree_first(tree, member));

	while (base != TREE_NONE && tree->nodes[base].kind == CXCursor_MemberRefExpr) {
		CXCursor field = clang_getCursorReferenced(tree->nodes[base].cursor);

		if (clang_Cursor_isAnonymous(field) == 0 &&
			clang_Cursor_isAnonymousRecordDecl(clang_getTypeDeclaration(
				clang_getCursorType(tree->nodes[base].cursor))) == 0)
			break;
		base = tree_inside(tree, tree_first(tree, base));
	}
	return base;
}

CXType
origins_owner(const struct tree *tree, uint32_t member)
{
	uint32_t base = named_base(tree, member);
	CXType type = { .kind = CXType_Invalid };

	if (base == TREE_NONE)
		return type;
	type = tree_type(tree, base);
	return type.kind == CXType_Pointer ? clang_getCanonicalType(clang_getPointeeType(type))
					   : type;
}

bool
origins_is_view_address(CXType member)
{
	enum CXTypeKind to;

	if (clang_getCanonicalType(member).kind != CXType_Pointer)
		return false;
	to = clang_getCanonicalType(clang_getPointeeType(clang_getCanonicalType(member))).kind;
	return to == CXType_Void || (to >= CXType_FirstBuiltin && to <= CXType_LastBuiltin);
}

bool
origins_is_stack_variable(CXCursor variable)
{
	enum CXCursorKind kind = clang_getCursorKind(variable);

	if (kind == CXCursor_ParmDecl)
		return true;
	return kind == CXCursor_VarDecl && clang_Cursor_hasVarDeclGlobalStorage(variable) == 0;
}

static uint32_t
address_of(const struct origins *origins, uint32_t idx, uint32_t depth)
{
	const struct tree *tree = origins->tree;
	uint32_t base;

	idx = tree_inside(tree, idx);
	if (idx == TREE_NONE || depth > MAX_DEPTH)
		return ORIGIN_ELSEWHERE;
	base = tree_first(tree, idx);
	switch ((int)tree->nodes[idx].kind) {
	case CXCursor_DeclRefExpr:
		return origins_is_stack_variable(clang_getCursorReferenced(tree->nodes[idx].cursor))
			? ORIGIN_STACK
			: ORIGIN_ELSEWHERE;
	case CXCursor_MemberRefExpr:
		if (base == TREE_NONE)
			return ORIGIN_ELSEWHERE;
		return origins_is_arrow(tree, idx) ? value_of(origins, base, depth + 1)
						   : address_of(origins, base, depth + 1);
	case CXCursor_ArraySubscriptExpr:
	case CXCursor_UnaryOperator: /* *p */
		return value_of(origins, base, depth + 1);
	case CXCursor_CompoundLiteralExpr:
		return ORIGIN_STACK;
	default:
		return ORIGIN_ELSEWHERE;
	}
}

static uint32_t
value_of_member(const struct origins *origins, uint32_t idx, uint32_t depth)
{
	const struct tree *tree = origins->tree;
	CXType type = tree_type(tree, idx);
	CXType owner;

	if (type.kind == CXType_ConstantArray || type.kind == CXType_IncompleteArray)
		return address_of(origins, idx, depth + 1);
	if (type.kind != CXType_Pointer)
		return 0;
	owner = origins_owner(tree, idx);
	switch ((int)unit_type_of(origins->unit, owner)) {
	case CONTRACT_TYPE_VIEW:
	case CONTRACT_TYPE_CURSOR:
		return origins_is_view_address(type) ? ORIGIN_VIEW | ORIGIN_START
						     : ORIGIN_ELSEWHERE;
	case CONTRACT_TYPE_BUFFER:
		if (strcmp(unit_spelling(origins->unit, tree->nodes[idx].cursor), "buf_addr") == 0)
			return ORIGIN_VIEW | ORIGIN_START;
		return ORIGIN_ELSEWHERE;
	default:
		return ORIGIN_ELSEWHERE;
	}
}

static uint32_t
value_of_call(const struct origins *origins, uint32_t idx, uint32_t depth)
{
	const struct tree *tree = origins->tree;
	const struct callee *callee = tree_callee(tree, idx);
	const struct contract *contract;

	if (callee == NULL)
		return ORIGIN_ELSEWHERE;
	if (strcmp(callee->name, "expect") == 0 && callee->is_builtin)
		return value_of(origins, tree_argument(tree, idx, 0), depth + 1);
	if (tree_type(tree, idx).kind != CXType_Pointer)
		return 0;
	contract = contracts_find(origins->unit->contracts, callee->name);
	if (contract != NULL && contract->result == CONTRACT_RESULT_VIEW)
		return ORIGIN_VIEW;
	if (contract != NULL && contract->result == CONTRACT_RESULT_SAME)
		return value_of(origins, tree_argument(tree, idx, contract->of), depth + 1);
	if (callee->returns != NULL)
		return ORIGIN_VIEW;
	return ORIGIN_ELSEWHERE | flows_of_result(origins->flows, callee->declaration);
}

/** True for 0 and for the headroom of a buffer, as in rte_pktmbuf_mtod(). */
static bool
stays_at_start(const struct origins *origins, uint32_t added)
{
	const struct tree *tree = origins->tree;
	uint32_t idx = tree_uncast(tree, added);

	if (tree_is_zero(tree, idx))
		return true;
	return idx != TREE_NONE && tree->nodes[idx].kind == CXCursor_MemberRefExpr &&
		unit_type_of(origins->unit, origins_owner(tree, idx)) == CONTRACT_TYPE_BUFFER &&
		strcmp(unit_spelling(origins->unit, tree->nodes[idx].cursor), "data_off") == 0;
}

static uint32_t
value_of_binary(const struct origins *origins, uint32_t idx, uint32_t depth)
{
	const struct tree *tree = origins->tree;
	uint32_t left = tree_first(tree, idx);
	uint32_t right = tree_last(tree, idx);
	uint32_t bits;

	switch ((int)clang_getCursorBinaryOperatorKind(tree->nodes[idx].cursor)) {
	case CXBinaryOperator_Assign:
	case CXBinaryOperator_Comma:
		return value_of(origins, right, depth + 1);
	case CXBinaryOperator_Sub:
		if (tree_type(tree, left).kind == CXType_Pointer &&
			tree_type(tree, right).kind == CXType_Pointer)
			return 0;
		return value_of(origins, left, depth + 1) & ~ORIGIN_START;
	case CXBinaryOperator_Add:
	case CXBinaryOperator_And:
	case CXBinaryOperator_Or:
	case CXBinaryOperator_Xor:
		bits = value_of(origins, left, depth + 1) | value_of(origins, right, depth + 1);
		return stays_at_start(origins, right) ? bits : bits & ~ORIGIN_START;
	default:
		return 0;
	}
}

static uint32_t
value_of_cast(const struct origins *origins, uint32_t idx, uint32_t depth)
{
	const struct tree *tree = origins->tree;
	CXType type = tree_type(tree, idx);
	uint32_t bits;

	if (!origins_may_be_address(type))
		return 0;
	bits = value_of(origins, tree_last(tree, idx), depth + 1);
	if (type.kind != CXType_Pointer && (bits & ORIGIN_VIEW) != 0)
		bits = (bits & ~ORIGIN_VIEW) | ORIGIN_NUMBER;
	if (type.kind == CXType_Pointer && (bits & ORIGIN_NUMBER) != 0)
		bits = (bits & ~ORIGIN_NUMBER) | ORIGIN_VIEW;
	return bits;
}

static uint32_t
value_of_variable(const struct origins *origins, uint32_t idx)
{
	CXCursor variable = clang_getCursorReferenced(origins->tree->nodes[idx].cursor);
	const uint32_t *bits;

	if (tree_type(origins->tree, idx).kind == CXType_ConstantArray)
		return origins_is_stack_variable(variable) ? ORIGIN_STACK : ORIGIN_ELSEWHERE;
	if (!origins_may_be_address(tree_type(origins->tree, idx)))
		return 0;
	bits = pointer_map_find(&origins->variables, cursor_key(variable));
	if (clang_getCursorKind(variable) == CXCursor_VarDecl &&
		origins_is_stack_variable(variable))
		return bits != NULL ? *bits : 0;
	return ORIGIN_ELSEWHERE | flows_of_parameter(origins->flows, variable) |
		(bits != NULL ? *bits : 0);
}

static uint32_t
value_of_unary(const struct origins *origins, uint32_t idx, uint32_t depth)
{
	const struct tree *tree = origins->tree;
	uint32_t child = tree_first(tree, idx);

	switch ((int)clang_getCursorUnaryOperatorKind(tree->nodes[idx].cursor)) {
	case CXUnaryOperator_AddrOf:
		return address_of(origins, child, depth + 1);
	case CXUnaryOperator_Deref:
		return tree_type(tree, idx).kind == CXType_ConstantArray
			? value_of(origins, child, depth + 1)
			: ORIGIN_ELSEWHERE;
	case CXUnaryOperator_PostInc:
	case CXUnaryOperator_PostDec:
	case CXUnaryOperator_PreInc:
	case CXUnaryOperator_PreDec:
	case CXUnaryOperator_Plus:
	case CXUnaryOperator_Extension:
		return value_of(origins, child, depth + 1) & ~ORIGIN_START;
	default:
		return 0;
	}
}

/** All children but the first: both sides of ?:. */
static uint32_t
value_of_choice(const struct origins *origins, uint32_t idx, uint32_t depth)
{
	const struct tree *tree = origins->tree;
	uint32_t bits = 0;

	for (uint32_t i = tree_child(tree, idx, 1); i != TREE_NONE; i = tree_next(tree, i))
		bits |= value_of(origins, i, depth + 1);
	return bits;
}

static uint32_t
value_of(const struct origins *origins, uint32_t idx, uint32_t depth)
{
	const struct tree *tree = origins->tree;

	idx = tree_inside(tree, idx);
	if (idx == TREE_NONE || depth > MAX_DEPTH)
		return 0;
	switch ((int)tree->nodes[idx].kind) {
	case CXCursor_CStyleCastExpr:
		return value_of_cast(origins, idx, depth);
	case CXCursor_DeclRefExpr:
		return value_of_variable(origins, idx);
	case CXCursor_MemberRefExpr:
		return value_of_member(origins, idx, depth);
	case CXCursor_ArraySubscriptExpr:
		return tree_type(tree, idx).kind == CXType_ConstantArray
			? address_of(origins, idx, depth + 1)
			: ORIGIN_ELSEWHERE;
	case CXCursor_UnaryOperator:
		return value_of_unary(origins, idx, depth);
	case CXCursor_BinaryOperator:
		return value_of_binary(origins, idx, depth);
	case CXCursor_ConditionalOperator:
	case CXCursor_UnexposedExpr: /* a ?: b, and __builtin_choose_expr() */
		return value_of_choice(origins, idx, depth);
	case CXCursor_StmtExpr:
		return value_of(origins, tree_last(tree, tree_first(tree, idx)), depth + 1);
	case CXCursor_CallExpr:
		return value_of_call(origins, idx, depth);
	case CXCursor_StringLiteral:
		return ORIGIN_ELSEWHERE;
	default:
		return 0;
	}
}

uint32_t
origins_of(const struct origins *origins, uint32_t node)
{
	return value_of(origins, node, 0);
}

uint32_t
origins_of_address(const struct origins *origins, uint32_t node)
{
	return address_of(origins, node, 0);
}

bool
origins_has_view_inside(const struct origins *origins, uint32_t node)
{
	const struct tree *tree = origins->tree;
	const uint32_t *bits;

	node = tree_uncast(tree, node);
	if (node == TREE_NONE || tree_type(tree, node).kind != CXType_Record)
		return false;
	if (tree->nodes[node].kind == CXCursor_DeclRefExpr) {
		bits = pointer_map_find(&origins->variables,
			cursor_key(clang_getCursorReferenced(tree->nodes[node].cursor)));
		return bits != NULL && (*bits & ORIGIN_VIEW) != 0;
	}
	if (tree->nodes[node].kind == CXCursor_CompoundLiteralExpr)
		node = tree_last(tree, node);
	if (node == TREE_NONE || tree->nodes[node].kind != CXCursor_InitListExpr)
		return false;
	for (uint32_t part = tree_first(tree, node); part != TREE_NONE;
		part = tree_next(tree, part)) {
		uint32_t value = part;

		/* .member = value */
		if (tree->nodes[part].kind == CXCursor_UnexposedExpr)
			value = tree_last(tree, part);
		if (value == TREE_NONE)
			continue;
		if (origins_has_view_inside(origins, value) ||
			(tree_type(tree, value).kind == CXType_Pointer &&
				(origins_of(origins, value) & ORIGIN_VIEW) != 0))
			return true;
	}
	return false;
}

bool
origins_is_copy(const struct callee *callee)
{
	static const char *const names[] = { "memcpy", "memmove", "rte_memcpy", "mempcpy" };

	for (size_t i = 0; callee != NULL && i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(callee->name, names[i]) == 0)
			return true;
	}
	return false;
}

uint32_t
origins_pointed_object(const struct tree *tree, uint32_t argument)
{
	uint32_t idx = tree_uncast(tree, argument);

	if (idx == TREE_NONE || tree->nodes[idx].kind != CXCursor_UnaryOperator ||
		clang_getCursorUnaryOperatorKind(tree->nodes[idx].cursor) != CXUnaryOperator_AddrOf)
		return TREE_NONE;
	return tree_inside(tree, tree_first(tree, idx));
}
