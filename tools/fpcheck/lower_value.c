/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Making and storing values: what lower_expr.c and its neighbours put together.
 */

#include <string.h>

#include "lower.h"

static enum CXChildVisitResult
take_child(CXCursor cursor, CXCursor parent, CXClientData data)
{
	CXCursor *last = data;

	(void)parent;
	*last = cursor;
	return CXChildVisit_Continue;
}

CXCursor
lower_last_child(CXCursor cursor)
{
	CXCursor last = clang_getNullCursor();

	clang_visitChildren(cursor, take_child, &last);
	return last;
}

struct ir_expr *
lower_new(struct lowering *low, enum ir_expr_kind kind, const struct ir_type *type, struct place at)
{
	struct ir_expr *made = region_alloc(low->region, sizeof(*made));

	made->kind = kind;
	made->type = type;
	made->at = at;
	return made;
}

struct ir_expr *
lower_new_var(struct lowering *low, struct ir_var *var, struct place at)
{
	struct ir_expr *made = lower_new(low, IR_VAR, var->type, at);

	made->var = var;
	return made;
}

struct ir_expr *
lower_copy(struct lowering *low, const struct ir_expr *expr)
{
	struct ir_expr *made;

	if (expr == NULL)
		return NULL;
	made = lower_new(low, expr->kind, expr->type, expr->at);
	*made = *expr;
	made->a = lower_copy(low, expr->a);
	made->b = lower_copy(low, expr->b);
	if (expr->part_count == 0)
		return made;
	made->parts = region_alloc(low->region, expr->part_count * sizeof(struct ir_expr *));
	for (uint32_t i = 0; i < expr->part_count; i++)
		made->parts[i] = lower_copy(low, expr->parts[i]);
	return made;
}

void
lower_add_part(struct lowering *low, struct ir_expr *expr, struct ir_expr *part)
{
	uint32_t count = expr->part_count;
	struct ir_expr **grown;

	/* Room is there up to the next power of two. */
	if ((count & (count - 1)) == 0) {
		grown = region_alloc(
			low->region, (count == 0 ? 1 : 2 * count) * sizeof(struct ir_expr *));
		if (count > 0)
			memcpy(grown, expr->parts, count * sizeof(struct ir_expr *));
		expr->parts = grown;
	}
	expr->parts[expr->part_count++] = part;
}

bool
lower_is_lvalue(const struct ir_expr *expr)
{
	return expr->kind == IR_VAR || expr->kind == IR_DEREF || expr->kind == IR_FIELD ||
		expr->kind == IR_INDEX;
}

struct ir_expr *
lower_address(
	struct lowering *low, struct ir_expr *object, const struct ir_type *type, struct place at)
{
	struct ir_var *root = lower_root(object);
	struct ir_expr *made;

	if (object->kind == IR_DEREF)
		return object->a;
	if (root != NULL)
		root->is_address_taken = true;
	made = lower_new(low, IR_ADDR, type, at);
	made->a = object;
	return made;
}

struct ir_expr *
lower_deref(
	struct lowering *low, struct ir_expr *pointer, const struct ir_type *type, struct place at)
{
	struct ir_expr *made;

	if (type->kind == IR_TYPE_FUNCTION)
		return pointer;
	if (pointer->kind == IR_ADDR && pointer->a->type->kind != IR_TYPE_ARRAY &&
		pointer->a->type->kind == type->kind)
		return pointer->a;
	if (pointer->kind == IR_ADDR && pointer->a->type->kind == IR_TYPE_ARRAY &&
		type->kind != IR_TYPE_ARRAY) {
		made = lower_new(low, IR_INDEX, type, at);
		made->a = pointer->a;
		made->b = lower_constant(low, 0, ir_type_int(), at);
		return made;
	}
	made = lower_new(low, IR_DEREF, type, at);
	made->a = pointer;
	return made;
}

struct ir_expr *
lower_unknown(struct lowering *low, CXCursor cursor)
{
	struct ir_expr *made =
		lower_new(low, IR_UNKNOWN, lower_type(low, cursor), unit_place(low->unit, cursor));
	struct children children = lower_children(low, cursor);

	for (uint32_t i = 0; i < children.count; i++) {
		CXCursor child = lower_child(low, children, i);

		if (clang_isExpression(clang_getCursorKind(child)) != 0)
			lower_add_part(low, made, lower_expr(low, child));
	}
	lower_drop_children(low, children);
	return made;
}

void
lower_assign(struct lowering *low, struct ir_expr *to, struct ir_expr *value, struct place at)
{
	struct ir_instr *made = lower_instr(low, IR_ASSIGN, at);

	made->to = to;
	made->value = value;
}

struct ir_expr *
lower_in_temp(struct lowering *low, struct ir_expr *value)
{
	struct ir_var *temp = lower_temp(low, value->type, value->at);

	lower_assign(low, lower_new_var(low, temp, value->at), value, value->at);
	return lower_new_var(low, temp, value->at);
}

/** True when memory is read, beyond the value of a variable. */
static bool
reads_memory(const struct ir_expr *expr)
{
	if (expr == NULL || expr->kind == IR_ADDR)
		return false;
	if (expr->kind == IR_DEREF || expr->kind == IR_INDEX || expr->kind == IR_FIELD)
		return true;
	for (uint32_t i = 0; i < expr->part_count; i++) {
		if (reads_memory(expr->parts[i]))
			return true;
	}
	return reads_memory(expr->a) || reads_memory(expr->b);
}

void
lower_eval(struct lowering *low, struct ir_expr *value)
{
	if (value->type->kind != IR_TYPE_VOID && reads_memory(value))
		lower_instr(low, IR_EVAL, value->at)->value = value;
}

/** A call or statement expression below parens and conversions that keep what the value is. */
static CXCursor
strip_for_store(struct lowering *low, CXCursor cursor, const struct ir_type *type)
{
	for (;;) {
		CXCursor inner = lower_strip_parens(cursor);
		CXCursor operand;

		if (clang_getCursorKind(inner) != CXCursor_UnexposedExpr)
			return lower_type(low, inner)->kind == type->kind ? inner : cursor;
		operand = lower_implicit_operand(inner);
		if (clang_Cursor_isNull(operand) != 0 ||
			lower_type(low, operand)->kind != type->kind ||
			(clang_getCanonicalType(clang_getCursorType(inner)).kind == CXType_Bool &&
				clang_getCanonicalType(clang_getCursorType(operand)).kind !=
					CXType_Bool))
			return inner;
		cursor = operand;
	}
}

bool
lower_is_direct(struct lowering *low, CXCursor cursor, const struct ir_type *type)
{
	CXCursor inner = strip_for_store(low, cursor, type);

	return lower_is_call(inner) || clang_getCursorKind(inner) == CXCursor_StmtExpr;
}

void
lower_to(struct lowering *low, CXCursor cursor, struct ir_expr *to, struct place at)
{
	CXCursor inner = strip_for_store(low, cursor, to->type);
	struct moment then = lower_now(low);
	struct ir_expr *value;

	if (lower_is_call(inner)) {
		lower_call(low, inner, to, false);
	} else if (clang_getCursorKind(inner) == CXCursor_StmtExpr) {
		lower_compound(low, lower_last_child(inner), to, NULL);
	} else {
		value = lower_expr(low, cursor);
		lower_keep_object(low, then, to);
		lower_assign(low, to, value, at);
	}
}
