/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * libclang has no names for implicit casts, a ?: b, __builtin_choose_expr, offsetof, va_arg and the
 * atomic builtins: all are "unexposed", and told apart by what stands below them.
 */

#include <string.h>

#include "lower.h"

static enum CXTypeKind
kind_of(CXCursor cursor)
{
	return clang_getCanonicalType(clang_getCursorType(cursor)).kind;
}

/** True for va_arg(list, type): its list has the type that only lists have. */
static bool
is_va_arg(CXCursor cursor, CXCursor operand)
{
	CXType list = clang_getCanonicalType(clang_getCursorType(operand));
	CXString spelling;
	const char *text;
	bool is_list;

	if (list.kind != CXType_Pointer ||
		clang_equalTypes(list, clang_getCanonicalType(clang_getCursorType(cursor))) != 0)
		return false;
	spelling = clang_getTypeSpelling(clang_getPointeeType(list));
	text = clang_getCString(spelling);
	is_list = text != NULL && strstr(text, "__va_list_tag") != NULL;
	clang_disposeString(spelling);
	return is_list;
}

struct only_child {
	CXCursor child;
	uint32_t count;
};

static enum CXChildVisitResult
count_child(CXCursor cursor, CXCursor parent, CXClientData data)
{
	struct only_child *only = data;

	(void)parent;
	only->child = cursor;
	only->count++;
	return CXChildVisit_Continue;
}

CXCursor
lower_implicit_operand(CXCursor cursor)
{
	struct only_child only = { .count = 0 };

	if (clang_getCursorKind(cursor) != CXCursor_UnexposedExpr)
		return clang_getNullCursor();
	clang_visitChildren(cursor, count_child, &only);
	if (only.count != 1 || clang_isExpression(clang_getCursorKind(only.child)) == 0 ||
		is_va_arg(cursor, only.child))
		return clang_getNullCursor();
	return only.child;
}

struct ir_expr *
lower_as_truth(struct lowering *low, struct ir_expr *value)
{
	bool is_truth = (value->kind == IR_UNARY && value->op == IR_OP_NOT) ||
		(value->kind == IR_BINARY && value->op >= IR_OP_LT && value->op <= IR_OP_NE);

	if (is_truth)
		return value;
	if (value->kind == IR_CONST)
		return lower_constant(low, value->value != 0, ir_type_int(), value->at);
	return lower_binary(low, IR_OP_NE, value,
		lower_constant(low, 0,
			value->type->kind == IR_TYPE_POINTER ? value->type : ir_type_int(),
			value->at),
		ir_type_int(), value->at);
}

struct ir_expr *
lower_convert(struct lowering *low, struct ir_expr *value, const struct ir_type *type)
{
	if (value->kind != IR_CONST)
		return value;
	if (type->kind == IR_TYPE_INT || type->kind == IR_TYPE_POINTER)
		return lower_constant(low, value->value, type, value->at);
	return lower_new(low, IR_UNKNOWN, type, value->at);
}

static struct ir_expr *
lower_implicit_cast(struct lowering *low, CXCursor cursor, CXCursor operand)
{
	const struct ir_type *type = lower_type(low, cursor);
	const struct ir_type *from = lower_type(low, operand);
	struct ir_expr *value;

	if (from->kind == IR_TYPE_ARRAY && type->kind == IR_TYPE_POINTER) {
		value = lower_object(low, operand);
		if (value->kind == IR_STRING) {
			value->type = type;
			return value;
		}
		return lower_address(low, value, type, unit_place(low->unit, cursor));
	}
	value = lower_expr(low, operand);
	if (from->kind == IR_TYPE_FUNCTION && value->kind == IR_FUNCTION)
		value->type = type;
	if (kind_of(cursor) == CXType_Bool && kind_of(operand) != CXType_Bool)
		return lower_as_truth(low, value);
	return from == type ? value : lower_convert(low, value, type);
}

static struct ir_expr *
lower_va_arg(struct lowering *low, CXCursor cursor, CXCursor list)
{
	struct ir_expr *value = lower_expr(low, list);
	struct ir_instr *havoc = lower_instr(low, IR_HAVOC, unit_place(low->unit, cursor));

	havoc->args = region_alloc(low->region, sizeof(struct ir_expr *));
	havoc->args[0] = value->kind == IR_ADDR ? value->a : value;
	havoc->arg_count = 1;
	return lower_new(low, IR_UNKNOWN, lower_type(low, cursor), unit_place(low->unit, cursor));
}

/** What an atomic builtin does to memory is not told apart: what is pointed to may have changed. */
static struct ir_expr *
lower_atomic(struct lowering *low, CXCursor cursor)
{
	struct ir_expr *value = lower_unknown(low, cursor);
	struct ir_instr *havoc = lower_instr(low, IR_HAVOC, value->at);
	uint32_t count = 0;

	havoc->args = region_alloc(low->region, (value->part_count + 1) * sizeof(struct ir_expr *));
	for (uint32_t i = 0; i < value->part_count; i++) {
		const struct ir_type *type = value->parts[i]->type;

		if (type->kind != IR_TYPE_POINTER || type->to->is_const)
			continue;
		havoc->args[count++] =
			lower_deref(low, lower_copy(low, value->parts[i]), type->to, value->at);
	}
	havoc->arg_count = count;
	return value;
}

static struct ir_expr *
lower_by_children(struct lowering *low, CXCursor cursor, struct children children)
{
	CXCursor first = lower_child(low, children, 0);
	CXCursor second = lower_child(low, children, 1);
	CXCursor last = lower_child(low, children, children.count - 1);
	bool is_int = lower_type(low, cursor)->kind == IR_TYPE_INT;
	int64_t value;

	if (children.count == 0 || clang_isExpression(clang_getCursorKind(first)) == 0) {
		if (is_int && lower_evaluate(cursor, &value)) {
			return lower_constant(
				low, value, lower_type(low, cursor), unit_place(low->unit, cursor));
		}
		return lower_unknown(low, cursor);
	}
	if (children.count == 1) {
		return is_va_arg(cursor, first) ? lower_va_arg(low, cursor, first)
						: lower_implicit_cast(low, cursor, first);
	}
	if (children.count == 4 && clang_equalCursors(first, second) != 0)
		return lower_elvis(low, cursor, first, last);
	if (kind_of(first) == CXType_Pointer)
		return lower_atomic(low, cursor);
	if (children.count == 3 && lower_evaluate(first, &value))
		return lower_expr(low, value != 0 ? second : last);
	return lower_unknown(low, cursor);
}

struct ir_expr *
lower_hidden(struct lowering *low, CXCursor cursor)
{
	struct children children = lower_children(low, cursor);
	struct ir_expr *value = lower_by_children(low, cursor, children);

	lower_drop_children(low, children);
	return value;
}

CXCursor
lower_generic_choice(struct lowering *low, CXCursor cursor)
{
	CXType type = clang_getCanonicalType(clang_getCursorType(cursor));
	struct children children = lower_children(low, cursor);
	CXCursor choice = clang_getNullCursor();
	uint32_t count = 0;

	/* The first child is what the choice is made by. Which one was chosen, its type says. */
	for (uint32_t i = 1; i < children.count; i++) {
		CXCursor child = lower_child(low, children, i);

		if (clang_isExpression(clang_getCursorKind(child)) == 0 ||
			clang_equalTypes(
				clang_getCanonicalType(clang_getCursorType(child)), type) == 0)
			continue;
		choice = child;
		count++;
	}
	lower_drop_children(low, children);
	return count == 1 ? choice : clang_getNullCursor();
}
