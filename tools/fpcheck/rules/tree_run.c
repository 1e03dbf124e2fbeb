/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * What of a function runs: again at each round of a loop, or never at all.
 *
 * Never run are the operands of sizeof, of typeof and of the compiler's questions about an
 * expression, the expressions that a _Generic did not choose, and what stands behind a condition
 * that is constant, as it is in a log macro whose level is compiled out.
 */

#include <string.h>

#include "../pointer_map.h"
#include "tree.h"

/** True for the parts of a statement that run more than once. */
static bool
repeats(const struct tree *tree, uint32_t statement, uint32_t part)
{
	switch ((int)tree->nodes[statement].kind) {
	case CXCursor_WhileStmt:
		return true;
	case CXCursor_DoStmt:
		return !tree_is_zero(tree, tree_last(tree, statement)); /* do { } while (0) */
	case CXCursor_ForStmt:
		/* A declaration there can only be the first part. */
		return tree->nodes[part].kind != CXCursor_DeclStmt;
	default:
		return false;
	}
}

static uint32_t
find_label(const struct tree *tree, CXCursor label, uint32_t before)
{
	for (uint32_t i = 0; i < before; i++) {
		if (tree->nodes[i].kind == CXCursor_LabelStmt &&
			cursor_key(tree->nodes[i].cursor) == cursor_key(label))
			return i;
	}
	return TREE_NONE;
}

void
tree_mark_rounds(struct tree *tree)
{
	for (uint32_t i = 1; i < tree->count; i++) {
		uint32_t parent = tree->nodes[i].parent;

		if (tree->nodes[parent].is_in_loop || repeats(tree, parent, i))
			tree->nodes[i].is_in_loop = true;
		if (tree->nodes[i].kind == CXCursor_LabelRef) {
			CXCursor label = clang_getCursorReferenced(tree->nodes[i].cursor);

			/* A goto back makes a loop of what lies between. */
			for (uint32_t n = find_label(tree, label, i); n < i; n++)
				tree->nodes[n].is_in_loop = true;
		}
	}
}

uint32_t
tree_generic_choice(const struct tree *tree, uint32_t generic, bool *is_only)
{
	CXType type = tree_type(tree, generic);
	uint32_t choice = TREE_NONE;

	*is_only = true;
	for (uint32_t i = tree_child(tree, generic, 1); i != TREE_NONE; i = tree_next(tree, i)) {
		if (clang_isExpression(tree->nodes[i].kind) == 0 ||
			clang_equalTypes(tree_type(tree, i), type) == 0)
			continue;
		if (choice == TREE_NONE) {
			choice = i;
		} else {
			*is_only = false;
		}
	}
	return choice;
}

/** True for functions of the compiler that ask about their argument and do not compute it. */
static bool
only_asks(const struct callee *callee)
{
	static const char *const names[] = { "constant_p", "object_size", "dynamic_object_size",
		"classify_type" };

	for (size_t i = 0; callee != NULL && i < sizeof(names) / sizeof(names[0]); i++) {
		if (callee->is_builtin && strcmp(callee->name, names[i]) == 0)
			return true;
	}
	return false;
}

/** What __builtin_expect() is of, behind the negations of likely() and unlikely(). */
static uint32_t
expected(const struct tree *tree, uint32_t condition)
{
	const struct callee *callee;

	condition = tree_inside(tree, condition);
	if (condition == TREE_NONE || tree->nodes[condition].kind != CXCursor_CallExpr)
		return condition;
	callee = tree_callee(tree, condition);
	return callee != NULL && callee->is_builtin && strcmp(callee->name, "expect") == 0
		? tree_argument(tree, condition, 0)
		: condition;
}

/** True when nothing below the node is computed when the program runs. */
static bool
is_made_of_literals(const struct tree *tree, uint32_t idx)
{
	for (uint32_t i = idx; i < tree->nodes[idx].end; i++) {
		switch ((int)tree->nodes[i].kind) {
		case CXCursor_IntegerLiteral:
		case CXCursor_CharacterLiteral:
		case CXCursor_ParenExpr:
		case CXCursor_UnexposedExpr:
		case CXCursor_CStyleCastExpr:
		case CXCursor_TypeRef:
		case CXCursor_BinaryOperator:
		case CXCursor_ConditionalOperator:
			break;
		case CXCursor_UnaryOperator:
			if (clang_getCursorUnaryOperatorKind(tree->nodes[i].cursor) ==
				CXUnaryOperator_Deref)
				return false;
			break;
		case CXCursor_UnaryExpr: /* sizeof */
			i = tree->nodes[i].end - 1;
			break;
		case CXCursor_DeclRefExpr:
			if (clang_getCursorKind(clang_getCursorReferenced(tree->nodes[i].cursor)) !=
				CXCursor_EnumConstantDecl)
				return false;
			break;
		default:
			return false;
		}
	}
	return true;
}

/** True when the condition is constant; then @p is_true is what it is. */
static bool
is_constant(const struct tree *tree, uint32_t condition, bool *is_true)
{
	CXEvalResult value;
	bool is_known;

	condition = expected(tree, condition);
	if (condition == TREE_NONE || !is_made_of_literals(tree, condition))
		return false;
	value = clang_Cursor_Evaluate(tree->nodes[condition].cursor);
	is_known = value != NULL && clang_EvalResult_getKind(value) == CXEval_Int;
	*is_true = is_known && clang_EvalResult_getAsLongLong(value) != 0;
	clang_EvalResult_dispose(value);
	return is_known;
}

/** True when a jump leads into the statement: it may run whatever the condition before it says. */
static bool
is_jumped_into(const struct tree *tree, uint32_t idx)
{
	for (uint32_t i = idx; i < tree->nodes[idx].end; i++) {
		enum CXCursorKind kind = tree->nodes[i].kind;

		if (kind == CXCursor_LabelStmt || kind == CXCursor_CaseStmt ||
			kind == CXCursor_DefaultStmt)
			return true;
	}
	return false;
}

static void
mark(struct tree *tree, uint32_t idx)
{
	for (uint32_t i = idx; idx != TREE_NONE && i < tree->nodes[idx].end; i++)
		tree->nodes[i].is_unevaluated = true;
}

/** Of what is chosen from by its first child: `if`, ?:, and __builtin_choose_expr(). */
static void
mark_branches(struct tree *tree, uint32_t idx)
{
	uint32_t first = tree_child(tree, idx, 1);
	uint32_t dead;
	bool is_true;

	if (first == TREE_NONE || !is_constant(tree, tree_first(tree, idx), &is_true))
		return;
	dead = is_true ? tree_next(tree, first) : first;
	if (dead != TREE_NONE && !is_jumped_into(tree, dead))
		mark(tree, dead);
}

/** The operand behind && and ||. */
static void
mark_operand(struct tree *tree, uint32_t idx)
{
	enum CXBinaryOperatorKind kind = clang_getCursorBinaryOperatorKind(tree->nodes[idx].cursor);
	bool is_true;

	if ((kind == CXBinaryOperator_LAnd || kind == CXBinaryOperator_LOr) &&
		is_constant(tree, tree_first(tree, idx), &is_true) &&
		is_true == (kind == CXBinaryOperator_LOr))
		mark(tree, tree_last(tree, idx));
}

/** All children that are expressions, but one. */
static void
mark_but(struct tree *tree, uint32_t idx, uint32_t kept)
{
	for (uint32_t i = tree_first(tree, idx); i != TREE_NONE; i = tree_next(tree, i)) {
		if (i != kept && clang_isExpression(tree->nodes[i].kind) != 0)
			mark(tree, i);
	}
}

/** The typeof of a declaration; the sizes of an array are computed. */
static void
mark_declared_type(struct tree *tree, uint32_t idx)
{
	CXType type = tree_type(tree, idx);

	while (type.kind == CXType_Pointer || type.kind == CXType_ConstantArray) {
		type = clang_getCanonicalType(type.kind == CXType_Pointer
				? clang_getPointeeType(type)
				: clang_getArrayElementType(type));
	}
	if (type.kind != CXType_VariableArray)
		mark_but(tree, idx, tree_initialiser(tree, idx));
}

static void
mark_generic(struct tree *tree, uint32_t idx)
{
	bool is_only;
	uint32_t choice = tree_generic_choice(tree, idx, &is_only);

	mark(tree, tree_first(tree, idx));
	if (is_only)
		mark_but(tree, idx, choice);
}

void
tree_mark_unevaluated(struct tree *tree)
{
	for (uint32_t i = 1; i < tree->count; i++) {
		if (tree->nodes[i].is_unevaluated)
			continue;
		switch ((int)tree->nodes[i].kind) {
		case CXCursor_UnaryExpr: /* So clang's C interface calls sizeof and _Alignof. */
			mark_but(tree, i, TREE_NONE);
			break;
		case CXCursor_VarDecl:
			mark_declared_type(tree, i);
			break;
		case CXCursor_CStyleCastExpr:
			mark_but(tree, i, tree_last(tree, i));
			break;
		case CXCursor_GenericSelectionExpr:
			mark_generic(tree, i);
			break;
		case CXCursor_CallExpr:
			if (only_asks(tree_callee(tree, i)))
				mark_but(tree, i, tree_first(tree, i));
			break;
		case CXCursor_UnexposedExpr:
			/* A part of an initialiser with two indexes has three children as well. */
			if (tree_child(tree, i, 2) != TREE_NONE &&
				tree_child(tree, i, 3) == TREE_NONE &&
				tree->nodes[tree->nodes[i].parent].kind != CXCursor_InitListExpr)
				mark_branches(tree, i);
			break;
		case CXCursor_IfStmt:
		case CXCursor_ConditionalOperator:
			mark_branches(tree, i);
			break;
		case CXCursor_BinaryOperator:
			mark_operand(tree, i);
			break;
		default:
			break;
		}
	}
}
