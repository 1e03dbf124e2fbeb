/* SPDX-License-Identifier: BSD-3-Clause */

#include <string.h>

#include "lower.h"

CXCursor
lower_strip_parens(CXCursor cursor)
{
	while (clang_getCursorKind(cursor) == CXCursor_ParenExpr ||
		(clang_getCursorKind(cursor) == CXCursor_UnaryOperator &&
			clang_getCursorUnaryOperatorKind(cursor) == CXUnaryOperator_Extension))
		cursor = lower_last_child(cursor);
	return cursor;
}

static struct ir_expr *
lower_inner(struct lowering *low, CXCursor cursor)
{
	return lower_expr(low, lower_last_child(cursor));
}

static struct ir_expr *
lower_literal(struct lowering *low, CXCursor cursor)
{
	int64_t value;

	if (!lower_evaluate(cursor, &value)) {
		return lower_new(
			low, IR_UNKNOWN, lower_type(low, cursor), unit_place(low->unit, cursor));
	}
	return lower_constant(low, value, lower_type(low, cursor), unit_place(low->unit, cursor));
}

static struct ir_expr *
lower_opaque(struct lowering *low, CXCursor cursor)
{
	return lower_new(low, IR_UNKNOWN, lower_type(low, cursor), unit_place(low->unit, cursor));
}

static struct ir_expr *
lower_string(struct lowering *low, CXCursor cursor)
{
	return lower_new(low, IR_STRING, lower_type(low, cursor), unit_place(low->unit, cursor));
}

static struct ir_expr *
lower_reference(struct lowering *low, CXCursor cursor)
{
	CXCursor target = clang_getCursorReferenced(cursor);
	enum CXCursorKind kind = clang_getCursorKind(target);
	const struct ir_type *type = lower_type(low, cursor);
	struct place at = unit_place(low->unit, cursor);
	struct ir_expr *made;

	if (kind == CXCursor_VarDecl || kind == CXCursor_ParmDecl)
		return lower_new_var(low, lower_var(low, target), at);
	if (kind == CXCursor_EnumConstantDecl)
		return lower_constant(low, clang_getEnumConstantDeclValue(target), type, at);
	if (kind != CXCursor_FunctionDecl)
		return lower_new(low, IR_UNKNOWN, type, at);
	made = lower_new(low, IR_FUNCTION, type, at);
	made->name = ir_callee_of(low->cache, target)->name;
	return made;
}

static struct ir_expr *
lower_member(struct lowering *low, CXCursor cursor)
{
	struct children children = lower_children(low, cursor);
	CXCursor base = lower_child(low, children, 0);
	CXType base_type = clang_getCanonicalType(clang_getCursorType(base));
	struct place at = unit_place(low->unit, cursor);
	struct ir_expr *object;
	struct ir_expr *made;

	lower_drop_children(low, children);
	if (base_type.kind == CXType_Pointer) {
		object = lower_deref(low, lower_expr(low, base),
			ir_type_of(low->cache, clang_getPointeeType(base_type)), at);
	} else {
		object = lower_object(low, base);
	}
	if (object->type->kind != IR_TYPE_RECORD) {
		/* The parser knew nothing about the record, and put another type in its place. */
		lower_give_up(low, "errors of the parser");
		return lower_opaque(low, cursor);
	}
	made = lower_new(low, IR_FIELD, lower_type(low, cursor), at);
	made->name = unit_spelling(low->unit, cursor);
	made->a = object;
	return made;
}

/** The array below its decay to a pointer; the null cursor when the pointer is none of an array. */
static CXCursor
decayed_array(struct lowering *low, CXCursor pointer)
{
	CXCursor operand = lower_implicit_operand(lower_strip_parens(pointer));

	if (clang_Cursor_isNull(operand) == 0 && lower_type(low, operand)->kind == IR_TYPE_ARRAY)
		return operand;
	return clang_getNullCursor();
}

static struct ir_expr *
lower_subscript(struct lowering *low, CXCursor cursor)
{
	struct children children = lower_children(low, cursor);
	CXCursor base = lower_child(low, children, 0);
	CXCursor idx = lower_child(low, children, 1);
	struct ir_expr *made =
		lower_new(low, IR_INDEX, lower_type(low, cursor), unit_place(low->unit, cursor));
	struct moment then;
	CXCursor array;

	lower_drop_children(low, children);
	if (lower_type(low, base)->kind == IR_TYPE_INT) {
		array = base;
		base = idx;
		idx = array;
	}
	array = decayed_array(low, base);
	made->a =
		clang_Cursor_isNull(array) != 0 ? lower_expr(low, base) : lower_object(low, array);
	then = lower_now(low);
	made->b = lower_expr(low, idx);
	if (made->a->type->kind == IR_TYPE_POINTER) {
		lower_keep(low, then, &made->a);
	} else {
		lower_keep_object(low, then, made->a);
	}
	return made;
}

static struct ir_expr *
lower_address_of(struct lowering *low, CXCursor cursor)
{
	CXCursor operand = lower_strip_parens(lower_last_child(cursor));
	const struct ir_type *type = lower_type(low, cursor);
	struct ir_expr *object = lower_object(low, operand);

	if (object->kind == IR_FUNCTION || object->kind == IR_STRING)
		return object;
	return lower_address(low, object, type, unit_place(low->unit, cursor));
}

static struct ir_expr *
lower_not(struct lowering *low, CXCursor cursor)
{
	CXCursor operand = lower_strip_parens(lower_last_child(cursor));
	enum CXBinaryOperatorKind binary = clang_getCursorBinaryOperatorKind(operand);

	if (binary == CXBinaryOperator_LAnd || binary == CXBinaryOperator_LOr)
		return lower_truth(low, cursor);
	if (clang_getCursorUnaryOperatorKind(operand) == CXUnaryOperator_LNot)
		return lower_as_truth(low, lower_inner(low, operand));
	return lower_unary(low, IR_OP_NOT, lower_expr(low, operand), lower_type(low, cursor),
		unit_place(low->unit, cursor));
}

static struct ir_expr *
lower_unary_operator(struct lowering *low, CXCursor cursor)
{
	enum CXUnaryOperatorKind kind = clang_getCursorUnaryOperatorKind(cursor);
	const struct ir_type *type = lower_type(low, cursor);
	struct place at = unit_place(low->unit, cursor);

	if (kind == CXUnaryOperator_AddrOf)
		return lower_address_of(low, cursor);
	if (kind == CXUnaryOperator_Deref)
		return lower_deref(low, lower_inner(low, cursor), type, at);
	if (kind == CXUnaryOperator_LNot)
		return lower_not(low, cursor);
	if (kind == CXUnaryOperator_Minus)
		return lower_unary(low, IR_OP_NEG, lower_inner(low, cursor), type, at);
	if (kind == CXUnaryOperator_Not)
		return lower_unary(low, IR_OP_BITNOT, lower_inner(low, cursor), type, at);
	if (kind == CXUnaryOperator_Plus || kind == CXUnaryOperator_Extension)
		return lower_inner(low, cursor);
	if (kind >= CXUnaryOperator_PostInc && kind <= CXUnaryOperator_PreDec)
		return lower_step(low, cursor, false);
	return lower_unknown(low, cursor);
}

static bool
is_arithmetic(CXCursor cursor)
{
	return clang_getCursorKind(cursor) == CXCursor_BinaryOperator &&
		lower_op(clang_getCursorBinaryOperatorKind(cursor)) != IR_OP_NONE;
}

/** a + b + c ...: the left sides are walked without recursion: generated code has thousands. */
static struct ir_expr *
lower_arithmetic(struct lowering *low, CXCursor cursor)
{
	struct children spine = { .first = low->child_count, .count = 0 };
	CXCursor node = cursor;
	struct ir_expr *value;
	struct ir_expr *right;
	struct moment then;

	/* The stack of children holds pairs: a node, and its right side. */
	while (is_arithmetic(node)) {
		struct children sides = lower_children(low, node);
		CXCursor left = lower_child(low, sides, 0);

		low->children[sides.first] = node;
		node = left;
		spine.count++;
	}
	value = lower_expr(low, node);
	for (uint32_t i = spine.count; i > 0; i--) {
		node = low->children[spine.first + 2 * (i - 1)];
		then = lower_now(low);
		right = lower_expr(low, low->children[spine.first + 2 * (i - 1) + 1]);
		lower_keep(low, then, &value);
		value = lower_binary(low, lower_op(clang_getCursorBinaryOperatorKind(node)), value,
			right, lower_type(low, node), unit_place(low->unit, node));
		if (i % LOWER_MAX_CHAIN == 0)
			value = lower_in_temp(low, value);
	}
	lower_drop_children(low, spine);
	return value;
}

/** Everything of a, b, c ... but its last value, which is given out. */
static CXCursor
lower_commas(struct lowering *low, CXCursor cursor)
{
	struct children spine = { .first = low->child_count, .count = 0 };
	CXCursor last = lower_last_child(cursor);
	CXCursor node = cursor;

	while (clang_getCursorBinaryOperatorKind(node) == CXBinaryOperator_Comma) {
		struct children sides = lower_children(low, node);

		node = lower_child(low, sides, 0);
		low->children[sides.first] = lower_child(low, sides, 1);
		low->child_count = sides.first + 1;
		spine.count++;
	}
	lower_effect(low, node);
	for (uint32_t i = spine.count; i > 1; i--)
		lower_effect(low, low->children[spine.first + i - 1]);
	lower_drop_children(low, spine);
	return last;
}

static struct ir_expr *
lower_binary_operator(struct lowering *low, CXCursor cursor)
{
	enum CXBinaryOperatorKind kind = clang_getCursorBinaryOperatorKind(cursor);

	if (kind == CXBinaryOperator_Assign)
		return lower_assignment(low, cursor);
	if (kind == CXBinaryOperator_Comma)
		return lower_expr(low, lower_commas(low, cursor));
	if (kind == CXBinaryOperator_LAnd || kind == CXBinaryOperator_LOr)
		return lower_truth(low, cursor);
	if (is_arithmetic(cursor))
		return lower_arithmetic(low, cursor);
	return lower_unknown(low, cursor);
}

static struct ir_expr *
lower_cast(struct lowering *low, CXCursor cursor)
{
	const struct ir_type *type = lower_type(low, cursor);
	CXCursor operand = lower_last_child(cursor);
	struct place at = unit_place(low->unit, cursor);
	struct ir_expr *value;
	struct ir_expr *made;

	if (type->kind == IR_TYPE_VOID) {
		lower_effect(low, operand);
		return lower_new(low, IR_UNKNOWN, type, at);
	}
	value = lower_expr(low, operand);
	if (clang_getCanonicalType(clang_getCursorType(cursor)).kind == CXType_Bool)
		return lower_as_truth(low, value);
	if (value->kind == IR_CONST)
		return lower_convert(low, value, type);
	made = lower_new(low, IR_CAST, type, at);
	made->a = value;
	return made;
}

static struct ir_expr *
lower_compound_literal(struct lowering *low, CXCursor cursor)
{
	return lower_init(low, lower_last_child(cursor), clang_getCursorType(cursor));
}

static struct ir_expr *
lower_list(struct lowering *low, CXCursor cursor)
{
	return lower_init(low, cursor, clang_getCursorType(cursor));
}

static struct ir_expr *
lower_statement_expression(struct lowering *low, CXCursor cursor)
{
	struct ir_expr *value = NULL;

	lower_compound(low, lower_last_child(cursor), NULL, &value);
	return value;
}

static struct ir_expr *
lower_called(struct lowering *low, CXCursor cursor)
{
	return lower_call(low, cursor, NULL, false);
}

static struct ir_expr *
lower_chosen(struct lowering *low, CXCursor cursor)
{
	return lower_choice(low, cursor, false);
}

static struct ir_expr *
lower_generic(struct lowering *low, CXCursor cursor)
{
	CXCursor choice = lower_generic_choice(low, cursor);

	return clang_Cursor_isNull(choice) != 0 ? lower_opaque(low, cursor)
						: lower_expr(low, choice);
}

typedef struct ir_expr *(*lower_fn)(struct lowering *low, CXCursor cursor);

static const lower_fn by_kind[] = {
	[CXCursor_UnexposedExpr] = lower_hidden,
	[CXCursor_DeclRefExpr] = lower_reference,
	[CXCursor_MemberRefExpr] = lower_member,
	[CXCursor_CallExpr] = lower_called,
	[CXCursor_IntegerLiteral] = lower_literal,
	[CXCursor_FloatingLiteral] = lower_opaque,
	[CXCursor_ImaginaryLiteral] = lower_opaque,
	[CXCursor_StringLiteral] = lower_string,
	[CXCursor_CharacterLiteral] = lower_literal,
	[CXCursor_ParenExpr] = lower_inner,
	[CXCursor_UnaryOperator] = lower_unary_operator,
	[CXCursor_ArraySubscriptExpr] = lower_subscript,
	[CXCursor_BinaryOperator] = lower_binary_operator,
	[CXCursor_CompoundAssignOperator] = lower_compound_assignment,
	[CXCursor_ConditionalOperator] = lower_chosen,
	[CXCursor_CStyleCastExpr] = lower_cast,
	[CXCursor_CompoundLiteralExpr] = lower_compound_literal,
	[CXCursor_InitListExpr] = lower_list,
	[CXCursor_AddrLabelExpr] = lower_opaque,
	[CXCursor_StmtExpr] = lower_statement_expression,
	[CXCursor_GenericSelectionExpr] = lower_generic,
	[CXCursor_UnaryExpr] = lower_literal,
};

struct ir_expr *
lower_expr(struct lowering *low, CXCursor cursor)
{
	size_t kind = (size_t)clang_getCursorKind(cursor);
	struct ir_expr *value;

	if (low->depth >= LOWER_MAX_DEPTH) {
		lower_give_up(low, "nesting too deep");
		return lower_opaque(low, cursor);
	}
	low->depth++;
	if (kind < sizeof(by_kind) / sizeof(by_kind[0]) && by_kind[kind] != NULL) {
		value = by_kind[kind](low, cursor);
	} else {
		value = lower_unknown(low, cursor);
	}
	low->depth--;
	return value;
}

struct ir_expr *
lower_object(struct lowering *low, CXCursor cursor)
{
	struct ir_expr *value = lower_expr(low, lower_strip_parens(cursor));

	if (lower_is_lvalue(value) || value->kind == IR_FUNCTION || value->kind == IR_STRING)
		return value;
	return lower_in_temp(low, value);
}

/** A call, an assignment and the like, below what only C's grammar needs. */
static CXCursor
strip_for_effect(struct lowering *low, CXCursor cursor)
{
	for (;;) {
		CXCursor inner = lower_strip_parens(cursor);

		if (clang_getCursorKind(inner) == CXCursor_UnexposedExpr) {
			inner = lower_implicit_operand(inner);
		} else if (clang_getCursorKind(inner) == CXCursor_CStyleCastExpr) {
			inner = lower_last_child(inner);
		} else if (clang_getCursorKind(inner) == CXCursor_GenericSelectionExpr) {
			inner = lower_generic_choice(low, inner);
		} else {
			return inner;
		}
		if (clang_Cursor_isNull(inner) != 0)
			return cursor;
		cursor = inner;
	}
}

static void
lower_choice_of_effects(struct lowering *low, CXCursor cursor)
{
	struct draft *yes = lower_new_block(low);
	struct draft *no = lower_new_block(low);
	struct place at = unit_place(low->unit, cursor);
	bool is_and = clang_getCursorBinaryOperatorKind(cursor) == CXBinaryOperator_LAnd;
	struct children sides = lower_children(low, cursor);
	CXCursor left = lower_child(low, sides, 0);
	CXCursor right = lower_child(low, sides, 1);

	lower_drop_children(low, sides);
	lower_cond(low, left, is_and ? yes : no, is_and ? no : yes);
	lower_start(low, yes);
	lower_effect(low, right);
	lower_jump(low, no, IR_JUMP_FALL, at);
	lower_start(low, no);
}

void
lower_effect(struct lowering *low, CXCursor cursor)
{
	CXCursor inner = strip_for_effect(low, cursor);
	enum CXCursorKind kind = clang_getCursorKind(inner);
	enum CXBinaryOperatorKind binary = clang_getCursorBinaryOperatorKind(inner);
	enum CXUnaryOperatorKind unary = clang_getCursorUnaryOperatorKind(inner);

	if (kind == CXCursor_CallExpr) {
		lower_call(low, inner, NULL, true);
	} else if (binary == CXBinaryOperator_Assign) {
		lower_assignment(low, inner);
	} else if (kind == CXCursor_CompoundAssignOperator) {
		lower_compound_assignment(low, inner);
	} else if (binary == CXBinaryOperator_Comma) {
		lower_effect(low, lower_commas(low, inner));
	} else if (binary == CXBinaryOperator_LAnd || binary == CXBinaryOperator_LOr) {
		lower_choice_of_effects(low, inner);
	} else if (unary >= CXUnaryOperator_PostInc && unary <= CXUnaryOperator_PreDec) {
		lower_step(low, inner, true);
	} else if (kind == CXCursor_ConditionalOperator) {
		lower_choice(low, inner, true);
	} else if (kind == CXCursor_StmtExpr) {
		lower_statement(low, lower_last_child(inner));
	} else {
		lower_eval(low, lower_expr(low, inner));
	}
}
