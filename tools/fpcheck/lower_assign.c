/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Expressions that change a variable. Their value is read from the variable itself, so that a
 * condition on `(m = next())` says something about m.
 */

#include "lower.h"

struct ir_expr *
lower_step(struct lowering *low, CXCursor cursor, bool is_unused)
{
	enum CXUnaryOperatorKind kind = clang_getCursorUnaryOperatorKind(cursor);
	bool is_post = kind == CXUnaryOperator_PostInc || kind == CXUnaryOperator_PostDec;
	bool is_inc = kind == CXUnaryOperator_PostInc || kind == CXUnaryOperator_PreInc;
	struct place at = unit_place(low->unit, cursor);
	struct ir_expr *object = lower_object(low, lower_last_child(cursor));
	struct ir_expr *one = lower_constant(low, 1, ir_type_int(), at);
	struct ir_expr *before = NULL;

	if (is_post && !is_unused)
		before = lower_in_temp(low, lower_copy(low, object));
	lower_assign(low, object,
		lower_binary(low, is_inc ? IR_OP_ADD : IR_OP_SUB, lower_copy(low, object), one,
			object->type, at),
		at);
	return before != NULL ? before : lower_copy(low, object);
}

struct ir_expr *
lower_assignment(struct lowering *low, CXCursor cursor)
{
	struct children children = lower_children(low, cursor);
	CXCursor target = lower_child(low, children, 0);
	CXCursor value = lower_child(low, children, 1);
	struct ir_expr *to;

	lower_drop_children(low, children);
	to = lower_object(low, target);
	lower_to(low, value, to, unit_place(low->unit, cursor));
	return lower_copy(low, to);
}

struct ir_expr *
lower_compound_assignment(struct lowering *low, CXCursor cursor)
{
	enum ir_op op = lower_op(clang_getCursorBinaryOperatorKind(cursor));
	struct place at = unit_place(low->unit, cursor);
	struct children children = lower_children(low, cursor);
	CXCursor target = lower_child(low, children, 0);
	CXCursor operand = lower_child(low, children, 1);
	struct ir_expr *value;
	struct ir_expr *to;
	struct moment then;

	lower_drop_children(low, children);
	to = lower_object(low, target);
	then = lower_now(low);
	value = lower_expr(low, operand);
	lower_keep_object(low, then, to);
	lower_assign(low, to, lower_binary(low, op, lower_copy(low, to), value, to->type, at), at);
	return lower_copy(low, to);
}
