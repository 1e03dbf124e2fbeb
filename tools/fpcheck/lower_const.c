/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Constants, and what is constant because its operands are. Clang is asked for the value of leaves
 * only: asking at each level of an expression would go through the levels below it each time.
 */

#include "lower.h"

bool
lower_evaluate(CXCursor cursor, int64_t *value)
{
	CXEvalResult result = clang_Cursor_Evaluate(cursor);
	bool is_int;

	if (result == NULL)
		return false;
	is_int = clang_EvalResult_getKind(result) == CXEval_Int;
	if (is_int && clang_EvalResult_isUnsignedInt(result) != 0) {
		*value = (int64_t)clang_EvalResult_getAsUnsigned(result);
	} else if (is_int) {
		*value = clang_EvalResult_getAsLongLong(result);
	}
	clang_EvalResult_dispose(result);
	return is_int;
}

int64_t
lower_fit(int64_t value, const struct ir_type *type)
{
	uint32_t shift;

	if (type->kind != IR_TYPE_INT || type->bytes == 0 || type->bytes >= sizeof(value))
		return value;
	shift = (uint32_t)(64 - 8 * type->bytes);
	if (type->is_signed)
		return (int64_t)((uint64_t)value << shift) >> shift;
	return (int64_t)((uint64_t)value << shift >> shift);
}

struct ir_expr *
lower_constant(struct lowering *low, int64_t value, const struct ir_type *type, struct place at)
{
	struct ir_expr *made = lower_new(low, IR_CONST, type, at);

	made->value = lower_fit(value, type);
	return made;
}

static bool
is_int_constant(const struct ir_expr *expr)
{
	return expr->kind == IR_CONST && expr->type->kind == IR_TYPE_INT && expr->type->bytes <= 8;
}

struct ir_expr *
lower_unary(struct lowering *low, enum ir_op op, struct ir_expr *a, const struct ir_type *type,
	struct place at)
{
	struct ir_expr *made;

	if (op == IR_OP_NOT && a->kind == IR_CONST)
		return lower_constant(low, a->value == 0, type, at);
	if (op == IR_OP_NEG && is_int_constant(a))
		return lower_constant(low, (int64_t)(0 - (uint64_t)a->value), type, at);
	if (op == IR_OP_BITNOT && is_int_constant(a))
		return lower_constant(low, ~a->value, type, at);
	made = lower_new(low, IR_UNARY, type, at);
	made->op = op;
	made->a = a;
	return made;
}

static bool
fold_comparison(enum ir_op op, const struct ir_expr *a, const struct ir_expr *b, int64_t *value)
{
	/* Both have the type that C converted them to. */
	bool is_less =
		a->type->is_signed ? a->value < b->value : (uint64_t)a->value < (uint64_t)b->value;
	bool is_equal = a->value == b->value;

	if (op == IR_OP_EQ) {
		*value = is_equal;
	} else if (op == IR_OP_NE) {
		*value = !is_equal;
	} else if (op == IR_OP_LT) {
		*value = is_less;
	} else if (op == IR_OP_LE) {
		*value = is_less || is_equal;
	} else if (op == IR_OP_GT) {
		*value = !is_less && !is_equal;
	} else if (op == IR_OP_GE) {
		*value = !is_less;
	} else {
		return false;
	}
	return true;
}

static bool
fold_division(enum ir_op op, const struct ir_expr *a, const struct ir_expr *b, int64_t *value)
{
	if (b->value == 0 || (b->value == -1 && a->type->is_signed))
		return false;
	if (a->type->is_signed) {
		*value = op == IR_OP_DIV ? a->value / b->value : a->value % b->value;
	} else if (op == IR_OP_DIV) {
		*value = (int64_t)((uint64_t)a->value / (uint64_t)b->value);
	} else {
		*value = (int64_t)((uint64_t)a->value % (uint64_t)b->value);
	}
	return true;
}

static bool
fold_shift(enum ir_op op, const struct ir_expr *a, const struct ir_expr *b, int64_t *value)
{
	if (b->value < 0 || b->value >= (int64_t)(8 * a->type->bytes))
		return false;
	if (op == IR_OP_SHL) {
		*value = (int64_t)((uint64_t)a->value << b->value);
	} else if (a->type->is_signed) {
		*value = a->value >> b->value;
	} else {
		*value = (int64_t)((uint64_t)a->value >> b->value);
	}
	return true;
}

static bool
fold(enum ir_op op, const struct ir_expr *a, const struct ir_expr *b, int64_t *value)
{
	uint64_t left = (uint64_t)a->value;
	uint64_t right = (uint64_t)b->value;

	if (op == IR_OP_ADD) {
		*value = (int64_t)(left + right);
	} else if (op == IR_OP_SUB) {
		*value = (int64_t)(left - right);
	} else if (op == IR_OP_MUL) {
		*value = (int64_t)(left * right);
	} else if (op == IR_OP_AND) {
		*value = (int64_t)(left & right);
	} else if (op == IR_OP_OR) {
		*value = (int64_t)(left | right);
	} else if (op == IR_OP_XOR) {
		*value = (int64_t)(left ^ right);
	} else if (op == IR_OP_DIV || op == IR_OP_REM) {
		return fold_division(op, a, b, value);
	} else if (op == IR_OP_SHL || op == IR_OP_SHR) {
		return fold_shift(op, a, b, value);
	} else {
		return fold_comparison(op, a, b, value);
	}
	return true;
}

struct ir_expr *
lower_binary(struct lowering *low, enum ir_op op, struct ir_expr *a, struct ir_expr *b,
	const struct ir_type *type, struct place at)
{
	struct ir_expr *made;
	int64_t value = 0;

	if (is_int_constant(a) && is_int_constant(b) && type->kind == IR_TYPE_INT &&
		fold(op, a, b, &value))
		return lower_constant(low, value, type, at);
	made = lower_new(low, IR_BINARY, type, at);
	made->op = op;
	made->a = a;
	made->b = b;
	return made;
}

enum ir_op
lower_op(enum CXBinaryOperatorKind kind)
{
	static const enum ir_op ops[] = {
		[CXBinaryOperator_Mul] = IR_OP_MUL,
		[CXBinaryOperator_Div] = IR_OP_DIV,
		[CXBinaryOperator_Rem] = IR_OP_REM,
		[CXBinaryOperator_Add] = IR_OP_ADD,
		[CXBinaryOperator_Sub] = IR_OP_SUB,
		[CXBinaryOperator_Shl] = IR_OP_SHL,
		[CXBinaryOperator_Shr] = IR_OP_SHR,
		[CXBinaryOperator_LT] = IR_OP_LT,
		[CXBinaryOperator_GT] = IR_OP_GT,
		[CXBinaryOperator_LE] = IR_OP_LE,
		[CXBinaryOperator_GE] = IR_OP_GE,
		[CXBinaryOperator_EQ] = IR_OP_EQ,
		[CXBinaryOperator_NE] = IR_OP_NE,
		[CXBinaryOperator_And] = IR_OP_AND,
		[CXBinaryOperator_Xor] = IR_OP_XOR,
		[CXBinaryOperator_Or] = IR_OP_OR,
		[CXBinaryOperator_MulAssign] = IR_OP_MUL,
		[CXBinaryOperator_DivAssign] = IR_OP_DIV,
		[CXBinaryOperator_RemAssign] = IR_OP_REM,
		[CXBinaryOperator_AddAssign] = IR_OP_ADD,
		[CXBinaryOperator_SubAssign] = IR_OP_SUB,
		[CXBinaryOperator_ShlAssign] = IR_OP_SHL,
		[CXBinaryOperator_ShrAssign] = IR_OP_SHR,
		[CXBinaryOperator_AndAssign] = IR_OP_AND,
		[CXBinaryOperator_XorAssign] = IR_OP_XOR,
		[CXBinaryOperator_OrAssign] = IR_OP_OR,
	};

	return (size_t)kind < sizeof(ops) / sizeof(ops[0]) ? ops[kind] : IR_OP_NONE;
}
