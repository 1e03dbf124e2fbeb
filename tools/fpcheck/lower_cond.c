/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Conditions become branches: what the engine learns on each side is then about the variables that
 * the source compares, and not about 0 and 1.
 */

#include "lower.h"

static bool
is_comparison(enum CXBinaryOperatorKind kind)
{
	return kind >= CXBinaryOperator_LT && kind <= CXBinaryOperator_NE;
}

/** True for what is 0 or 1 by its operator. */
static bool
is_logical(CXCursor cursor)
{
	enum CXBinaryOperatorKind kind = clang_getCursorBinaryOperatorKind(cursor);

	return kind == CXBinaryOperator_LAnd || kind == CXBinaryOperator_LOr ||
		is_comparison(kind) ||
		clang_getCursorUnaryOperatorKind(cursor) == CXUnaryOperator_LNot;
}

/** What decides, below parens, conversions and __builtin_expect(). */
static CXCursor
strip_condition(struct lowering *low, CXCursor cursor)
{
	for (;;) {
		CXCursor inner = lower_strip_parens(cursor);
		CXCursor next = lower_expected(inner);

		if (clang_getCursorKind(inner) == CXCursor_UnexposedExpr) {
			next = lower_implicit_operand(inner);
			if (clang_Cursor_isNull(next) == 0 &&
				(lower_type(low, next)->kind == IR_TYPE_ARRAY ||
					lower_type(low, next)->kind == IR_TYPE_FUNCTION))
				return inner;
		} else if (clang_getCursorKind(inner) == CXCursor_CStyleCastExpr) {
			next = strip_condition(low, lower_last_child(inner));
			if (lower_type(low, inner)->kind != IR_TYPE_INT || !is_logical(next))
				return inner;
		}
		if (clang_Cursor_isNull(next) != 0)
			return inner;
		cursor = next;
	}
}

static bool
is_zero(CXCursor cursor)
{
	int64_t value = 1;

	cursor = lower_strip_parens(cursor);
	while (clang_Cursor_isNull(lower_implicit_operand(cursor)) == 0)
		cursor = lower_strip_parens(lower_implicit_operand(cursor));
	return clang_getCursorKind(cursor) == CXCursor_IntegerLiteral &&
		lower_evaluate(cursor, &value) && value == 0;
}

/** `(a && b) != 0` and the like: true when it was lowered as what stands in the parens. */
static bool
lower_against_zero(struct lowering *low, CXCursor cursor, struct draft *yes, struct draft *no)
{
	enum CXBinaryOperatorKind kind = clang_getCursorBinaryOperatorKind(cursor);
	struct children sides;
	CXCursor left;
	CXCursor right;

	if (kind != CXBinaryOperator_EQ && kind != CXBinaryOperator_NE)
		return false;
	sides = lower_children(low, cursor);
	left = strip_condition(low, lower_child(low, sides, 0));
	right = lower_child(low, sides, 1);
	lower_drop_children(low, sides);
	if (!is_logical(left) || !is_zero(right))
		return false;
	if (kind == CXBinaryOperator_NE) {
		lower_cond(low, left, yes, no);
	} else {
		lower_cond(low, left, no, yes);
	}
	return true;
}

/** a && b && c ..., or a || b || c ...: the left sides are walked. */
static void
lower_chain(struct lowering *low, CXCursor cursor, struct draft *yes, struct draft *no)
{
	enum CXBinaryOperatorKind kind = clang_getCursorBinaryOperatorKind(cursor);
	struct children spine = { .first = low->child_count, .count = 0 };
	CXCursor node = cursor;
	struct draft *next;

	while (clang_getCursorBinaryOperatorKind(node) == kind) {
		struct children sides = lower_children(low, node);

		node = strip_condition(low, lower_child(low, sides, 0));
		low->children[sides.first] = lower_child(low, sides, 1);
		low->child_count = sides.first + 1;
		spine.count++;
	}
	for (uint32_t i = spine.count; i > 0; i--) {
		next = lower_new_block(low);
		if (kind == CXBinaryOperator_LAnd) {
			lower_cond(low, node, next, no);
		} else {
			lower_cond(low, node, yes, next);
		}
		lower_start(low, next);
		node = low->children[spine.first + i - 1];
	}
	lower_drop_children(low, spine);
	lower_cond(low, node, yes, no);
}

static void
lower_cond_choice(struct lowering *low, CXCursor cursor, struct draft *yes, struct draft *no)
{
	struct children parts = lower_children(low, cursor);
	CXCursor first = lower_child(low, parts, 1);
	CXCursor second = lower_child(low, parts, 2);
	struct draft *on_first = lower_new_block(low);
	struct draft *on_second = lower_new_block(low);

	lower_cond(low, lower_child(low, parts, 0), on_first, on_second);
	lower_drop_children(low, parts);
	lower_start(low, on_first);
	lower_cond(low, first, yes, no);
	lower_start(low, on_second);
	lower_cond(low, second, yes, no);
}

static void
lower_stripped(struct lowering *low, CXCursor cursor, struct draft *yes, struct draft *no)
{
	enum CXBinaryOperatorKind binary = clang_getCursorBinaryOperatorKind(cursor);

	if (clang_getCursorUnaryOperatorKind(cursor) == CXUnaryOperator_LNot) {
		lower_cond(low, lower_last_child(cursor), no, yes);
	} else if (binary == CXBinaryOperator_LAnd || binary == CXBinaryOperator_LOr) {
		lower_chain(low, cursor, yes, no);
	} else if (clang_getCursorKind(cursor) == CXCursor_ConditionalOperator) {
		lower_cond_choice(low, cursor, yes, no);
	} else if (!lower_against_zero(low, cursor, yes, no)) {
		lower_branch(low, lower_expr(low, cursor), yes, no);
	}
}

void
lower_cond(struct lowering *low, CXCursor cursor, struct draft *yes, struct draft *no)
{
	if (low->depth >= LOWER_MAX_DEPTH) {
		lower_give_up(low, "nesting too deep");
		lower_branch(low,
			lower_new(low, IR_UNKNOWN, ir_type_int(), unit_place(low->unit, cursor)),
			yes, no);
		return;
	}
	low->depth++;
	lower_stripped(low, strip_condition(low, cursor), yes, no);
	low->depth--;
}

struct ir_expr *
lower_truth(struct lowering *low, CXCursor cursor)
{
	struct place at = unit_place(low->unit, cursor);
	struct ir_var *temp = lower_temp(low, ir_type_int(), at);
	struct draft *yes = lower_new_block(low);
	struct draft *no = lower_new_block(low);
	struct draft *join = lower_new_block(low);

	lower_cond(low, cursor, yes, no);
	lower_start(low, yes);
	lower_assign(
		low, lower_new_var(low, temp, at), lower_constant(low, 1, ir_type_int(), at), at);
	lower_jump(low, join, IR_JUMP_FALL, at);
	lower_start(low, no);
	lower_assign(
		low, lower_new_var(low, temp, at), lower_constant(low, 0, ir_type_int(), at), at);
	lower_jump(low, join, IR_JUMP_FALL, at);
	lower_start(low, join);
	return lower_new_var(low, temp, at);
}

/** One side of a choice. */
static void
lower_side(struct lowering *low, CXCursor side, struct ir_var *temp, struct draft *join)
{
	struct place at = unit_place(low->unit, side);

	if (temp == NULL) {
		lower_effect(low, side);
	} else {
		lower_to(low, side, lower_new_var(low, temp, at), at);
	}
	lower_jump(low, join, IR_JUMP_FALL, at);
}

struct ir_expr *
lower_choice(struct lowering *low, CXCursor cursor, bool is_unused)
{
	const struct ir_type *type = lower_type(low, cursor);
	struct place at = unit_place(low->unit, cursor);
	bool is_valued = !is_unused && type->kind != IR_TYPE_VOID;
	struct children parts = lower_children(low, cursor);
	CXCursor first = lower_child(low, parts, 1);
	CXCursor second = lower_child(low, parts, 2);
	struct draft *yes = lower_new_block(low);
	struct draft *no = lower_new_block(low);
	struct draft *join;
	struct ir_var *temp;

	lower_cond(low, lower_child(low, parts, 0), yes, no);
	lower_drop_children(low, parts);
	if (is_valued && (yes->in_count == 0 || no->in_count == 0)) {
		/* The condition is constant, as in what macros make of types. */
		lower_start(low, no->in_count == 0 ? yes : no);
		return lower_convert(
			low, lower_expr(low, no->in_count == 0 ? first : second), type);
	}
	temp = is_valued ? lower_temp(low, type, at) : NULL;
	join = lower_new_block(low);
	lower_start(low, yes);
	lower_side(low, first, temp, join);
	lower_start(low, no);
	lower_side(low, second, temp, join);
	lower_start(low, join);
	return temp != NULL ? lower_new_var(low, temp, at) : lower_new(low, IR_UNKNOWN, type, at);
}

struct ir_expr *
lower_elvis(struct lowering *low, CXCursor cursor, CXCursor first, CXCursor second)
{
	const struct ir_type *type = lower_type(low, cursor);
	struct place at = unit_place(low->unit, cursor);
	struct ir_var *temp = lower_temp(low, type, at);
	struct draft *no = lower_new_block(low);
	struct draft *join = lower_new_block(low);

	lower_to(low, first, lower_new_var(low, temp, at), at);
	lower_branch(low, lower_new_var(low, temp, at), join, no);
	lower_start(low, no);
	lower_side(low, second, temp, join);
	lower_start(low, join);
	return lower_new_var(low, temp, at);
}
