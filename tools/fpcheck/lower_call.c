/* SPDX-License-Identifier: BSD-3-Clause */

#include <string.h>

#include "lower.h"

/** Builtins that are no calls. */
enum builtin {
	BUILTIN_NONE,
	BUILTIN_FIRST,    /**< Its value is its first argument. */
	BUILTIN_CONSTANT, /**< Its arguments are not evaluated, its value clang knows or nobody. */
	BUILTIN_ARITHMETIC,  /**< Its value depends on those of its arguments only. */
	BUILTIN_LIST,        /**< It changes the va_list that is its first argument. */
	BUILTIN_NOTHING,     /**< It has no effect that matters. */
	BUILTIN_UNREACHABLE, /**< Nothing follows. */
};

static enum builtin
builtin_of_name(const char *name)
{
	static const struct {
		const char *name;
		enum builtin builtin;
	} builtins[] = {
		{ "expect", BUILTIN_FIRST },
		{ "expect_with_probability", BUILTIN_FIRST },
		{ "unpredictable", BUILTIN_FIRST },
		{ "assume_aligned", BUILTIN_FIRST },
		{ "constant_p", BUILTIN_CONSTANT },
		{ "object_size", BUILTIN_CONSTANT },
		{ "dynamic_object_size", BUILTIN_CONSTANT },
		{ "bswap", BUILTIN_ARITHMETIC },
		{ "clz", BUILTIN_ARITHMETIC },
		{ "ctz", BUILTIN_ARITHMETIC },
		{ "ffs", BUILTIN_ARITHMETIC },
		{ "popcount", BUILTIN_ARITHMETIC },
		{ "parity", BUILTIN_ARITHMETIC },
		{ "abs", BUILTIN_ARITHMETIC },
		{ "labs", BUILTIN_ARITHMETIC },
		{ "va_start", BUILTIN_LIST },
		{ "va_copy", BUILTIN_LIST },
		{ "va_end", BUILTIN_LIST },
		{ "prefetch", BUILTIN_NOTHING },
		{ "assume", BUILTIN_NOTHING },
		{ "unreachable", BUILTIN_UNREACHABLE },
	};
	size_t len = strlen(name);

	/* bswap16, clzll: what is behind the name says the width. */
	while (len > 0 && name[len - 1] >= '0' && name[len - 1] <= '9')
		len--;
	for (size_t i = 0; i < sizeof(builtins) / sizeof(builtins[0]); i++) {
		size_t known = strlen(builtins[i].name);
		bool is_wide = builtins[i].builtin == BUILTIN_ARITHMETIC &&
			strspn(name + (len < known ? len : known), "l") == len - known;

		if (len >= known && strncmp(name, builtins[i].name, known) == 0 &&
			(len == known || is_wide))
			return builtins[i].builtin;
	}
	return BUILTIN_NONE;
}

static enum builtin
builtin_of(CXCursor cursor)
{
	static const char prefix[] = "__builtin_";
	enum builtin builtin = BUILTIN_NONE;
	CXString spelling;
	const char *name;

	if (clang_getCursorKind(cursor) != CXCursor_CallExpr)
		return BUILTIN_NONE;
	spelling = clang_getCursorSpelling(cursor);
	name = clang_getCString(spelling);
	if (name != NULL && strncmp(name, prefix, sizeof(prefix) - 1) == 0)
		builtin = builtin_of_name(name + sizeof(prefix) - 1);
	clang_disposeString(spelling);
	return builtin;
}

CXCursor
lower_expected(CXCursor cursor)
{
	if (builtin_of(cursor) == BUILTIN_FIRST)
		return clang_Cursor_getArgument(cursor, 0);
	return clang_getNullCursor();
}

bool
lower_is_call(CXCursor cursor)
{
	return clang_getCursorKind(cursor) == CXCursor_CallExpr &&
		builtin_of(cursor) == BUILTIN_NONE;
}

/** The function that is called by name; the null cursor when it is called by a pointer. */
static CXCursor
direct_callee(struct lowering *low, CXCursor callee)
{
	while (clang_Cursor_isNull(callee) == 0) {
		enum CXUnaryOperatorKind unary = clang_getCursorUnaryOperatorKind(callee);
		enum CXCursorKind kind = clang_getCursorKind(callee);

		if (kind == CXCursor_DeclRefExpr) {
			callee = clang_getCursorReferenced(callee);
			return clang_getCursorKind(callee) == CXCursor_FunctionDecl
				? callee
				: clang_getNullCursor();
		}
		if (kind == CXCursor_UnexposedExpr) {
			callee = lower_implicit_operand(callee);
		} else if (kind == CXCursor_GenericSelectionExpr) {
			callee = lower_generic_choice(low, callee);
		} else if (kind == CXCursor_ParenExpr || unary == CXUnaryOperator_Deref ||
			unary == CXUnaryOperator_AddrOf || unary == CXUnaryOperator_Extension) {
			callee = lower_last_child(callee);
		} else {
			break;
		}
	}
	return clang_getNullCursor();
}

/** Values of arguments, in order: what a later one changes, an earlier one has read before. */
static struct ir_expr **
lower_arguments(struct lowering *low, struct children children, uint32_t first)
{
	uint32_t count = children.count - first;
	struct ir_expr **args = region_alloc(low->region, (count + 1) * sizeof(struct ir_expr *));
	struct moment *moments = region_alloc(low->region, (count + 1) * sizeof(*moments));

	for (uint32_t i = 0; i < count; i++) {
		args[i] = lower_expr(low, lower_child(low, children, first + i));
		moments[i] = lower_now(low);
	}
	for (uint32_t i = count; i > 0; i--)
		lower_keep(low, moments[i - 1], &args[i - 1]);
	return args;
}

static struct ir_expr *
lower_builtin(struct lowering *low, CXCursor cursor, enum builtin builtin, struct children children)
{
	const struct ir_type *type = lower_type(low, cursor);
	struct place at = unit_place(low->unit, cursor);
	struct ir_expr *value = lower_new(low, IR_UNKNOWN, type, at);
	struct ir_instr *havoc;
	struct ir_expr **args;
	int64_t known;

	if (builtin == BUILTIN_CONSTANT && type->kind == IR_TYPE_INT) {
		/* What clang does not see to be constant, the program cannot rely upon either. */
		if (!lower_evaluate(cursor, &known))
			known = 0;
		return type->bytes == sizeof(int) ? lower_constant(low, known, type, at) : value;
	}
	if (builtin == BUILTIN_UNREACHABLE) {
		lower_stop(low, IR_END_STOP, at);
		return value;
	}
	args = lower_arguments(low, children, 1);
	if (builtin == BUILTIN_FIRST && children.count > 1)
		return lower_convert(low, args[0], type);
	if (builtin == BUILTIN_ARITHMETIC && children.count == 2 && args[0]->kind == IR_CONST &&
		lower_evaluate(cursor, &known))
		return lower_constant(low, known, type, at);
	if (builtin == BUILTIN_ARITHMETIC) {
		value->parts = args;
		value->part_count = children.count - 1;
	}
	if (builtin == BUILTIN_LIST && children.count > 1) {
		havoc = lower_instr(low, IR_HAVOC, at);
		if (args[0]->kind == IR_ADDR)
			args[0] = args[0]->a;
		havoc->args = args;
		havoc->arg_count = 1;
	}
	return value;
}

/** Who is called, in a new instruction behind all that the arguments do. */
static struct ir_instr *
new_call(struct lowering *low, CXCursor cursor, CXCursor target, struct ir_expr *through)
{
	struct ir_instr *call = lower_instr(low, IR_CALL, unit_place(low->unit, cursor));
	const struct callee_facts *facts;

	call->target = target;
	call->through = through;
	if (clang_Cursor_isNull(target) != 0)
		return call;
	facts = ir_callee_of(low->cache, target);
	call->callee = facts->name;
	call->is_noreturn = facts->is_noreturn;
	if (facts->is_twice)
		lower_give_up(low, "a call that returns twice");
	return call;
}

static struct ir_expr *
lower_plain_call(struct lowering *low, CXCursor cursor, struct ir_expr *to, bool is_unused)
{
	const struct ir_type *type = lower_type(low, cursor);
	struct children children = lower_children(low, cursor);
	CXCursor callee = lower_child(low, children, 0);
	CXCursor target = direct_callee(low, callee);
	struct place at = unit_place(low->unit, cursor);
	struct ir_expr *through = NULL;
	struct moment then = lower_now(low);
	struct ir_expr **args;
	struct ir_instr *call;

	if (clang_Cursor_isNull(target) != 0)
		through = lower_expr(low, callee);
	args = lower_arguments(low, children, children.count > 0 ? 1 : 0);
	if (through != NULL)
		lower_keep(low, then, &through);
	if (to != NULL)
		lower_keep_object(low, then, to);
	call = new_call(low, cursor, target, through);
	call->args = args;
	call->arg_count = children.count > 0 ? children.count - 1 : 0;
	lower_drop_children(low, children);
	if (to == NULL && !is_unused && type->kind != IR_TYPE_VOID)
		to = lower_new_var(low, lower_temp(low, type, at), at);
	call->to = to;
	if (call->is_noreturn)
		lower_stop(low, IR_END_STOP, at);
	return to != NULL ? lower_copy(low, to) : lower_new(low, IR_UNKNOWN, type, at);
}

struct ir_expr *
lower_call(struct lowering *low, CXCursor cursor, struct ir_expr *to, bool is_unused)
{
	enum builtin builtin = builtin_of(cursor);
	struct children children;
	struct ir_expr *value;

	if (builtin == BUILTIN_NONE)
		return lower_plain_call(low, cursor, to, is_unused);
	children = lower_children(low, cursor);
	value = lower_builtin(low, cursor, builtin, children);
	lower_drop_children(low, children);
	if (is_unused)
		lower_eval(low, value);
	return value;
}
