/* SPDX-License-Identifier: BSD-3-Clause */

#include "lower.h"

struct place
lower_end_of(struct lowering *low, CXCursor cursor)
{
	CXSourceLocation end = clang_getRangeEnd(clang_getCursorExtent(cursor));
	struct place place = unit_place_of(low->unit, end);

	/* The extent ends behind its last character. */
	if (place.column > 1)
		place.column--;
	return place;
}

/** What the dimensions of an array of run-time size read. */
static void
lower_dimensions(struct lowering *low, CXCursor declaration, CXCursor initialiser)
{
	struct children children = lower_children(low, declaration);

	for (uint32_t i = 0; i < children.count; i++) {
		CXCursor child = lower_child(low, children, i);

		if (clang_isExpression(clang_getCursorKind(child)) != 0 &&
			clang_equalCursors(child, initialiser) == 0)
			lower_effect(low, child);
	}
	lower_drop_children(low, children);
}

static void
lower_variable(struct lowering *low, CXCursor declaration)
{
	CXCursor initialiser = clang_Cursor_getVarDeclInitializer(declaration);
	struct ir_var *var = lower_var(low, declaration);
	struct place at = unit_place(low->unit, declaration);
	struct ir_instr *made;
	struct ir_expr *value;

	if (var->kind == IR_VAR_STATIC || var->kind == IR_VAR_GLOBAL)
		return;
	if (var->type->kind == IR_TYPE_ARRAY && var->type->count < 0)
		lower_dimensions(low, declaration, initialiser);
	if (clang_Cursor_isNull(initialiser) != 0 || lower_is_direct(low, initialiser, var->type)) {
		lower_instr(low, IR_DECL, at)->var = var;
		lower_begin_var(low, var, declaration);
		if (clang_Cursor_isNull(initialiser) == 0)
			lower_to(low, initialiser, lower_new_var(low, var, at), at);
		return;
	}
	if (clang_getCursorKind(initialiser) == CXCursor_InitListExpr) {
		value = lower_init(low, initialiser, clang_getCursorType(declaration));
	} else {
		value = lower_expr(low, initialiser);
	}
	made = lower_instr(low, IR_ASSIGN, at);
	made->to = lower_new_var(low, var, at);
	made->value = value;
	made->var = var;
	made->is_decl = true;
	lower_begin_var(low, var, declaration);
}

static void
lower_declarations(struct lowering *low, CXCursor statement)
{
	struct children children = lower_children(low, statement);

	for (uint32_t i = 0; i < children.count; i++) {
		CXCursor child = lower_child(low, children, i);

		if (clang_getCursorKind(child) == CXCursor_VarDecl)
			lower_variable(low, child);
	}
	lower_drop_children(low, children);
}

/** The last statement of ({ ... }) gives the value, which outlives the variables in there. */
static void
lower_last(struct lowering *low, CXCursor last, struct ir_expr *to, struct ir_expr **value)
{
	while (clang_getCursorKind(last) == CXCursor_LabelStmt) {
		lower_label(low, last);
		last = lower_last_child(last);
	}
	if (clang_isExpression(clang_getCursorKind(last)) == 0) {
		lower_statement(low, last);
	} else if (to != NULL) {
		lower_to(low, last, to, unit_place(low->unit, last));
	} else {
		*value = lower_expr(low, last);
	}
}

/** True for a value that nothing changes when variables end. */
static bool
is_lasting(const struct ir_expr *value)
{
	return value->kind == IR_CONST || value->kind == IR_STRING || value->kind == IR_FUNCTION ||
		value->type->kind == IR_TYPE_VOID ||
		(value->kind == IR_VAR && value->var->kind != IR_VAR_LOCAL);
}

void
lower_compound(struct lowering *low, CXCursor compound, struct ir_expr *to, struct ir_expr **value)
{
	struct children children = lower_children(low, compound);
	const struct live *outside = low->live;
	struct place end = lower_end_of(low, compound);
	bool is_valued = to != NULL || value != NULL;
	uint32_t count = children.count;

	while (is_valued && count > 0 &&
		clang_getCursorKind(lower_child(low, children, count - 1)) == CXCursor_NullStmt)
		count--;
	for (uint32_t i = 0; i < count; i++) {
		if (is_valued && i + 1 == count) {
			lower_last(low, lower_child(low, children, i), to, value);
		} else {
			lower_statement(low, lower_child(low, children, i));
		}
	}
	lower_drop_children(low, children);
	if (value != NULL && *value == NULL)
		*value = lower_new(low, IR_UNKNOWN, ir_type_void(), end);
	if (value != NULL && low->live != outside && !is_lasting(*value))
		*value = lower_in_temp(low, *value);
	lower_leave(low, outside, end);
}

static void
lower_block(struct lowering *low, CXCursor statement)
{
	lower_compound(low, statement, NULL, NULL);
}

/** if, and the else ifs behind it: generated code has thousands. */
static void
lower_if(struct lowering *low, CXCursor statement)
{
	struct draft *join = lower_new_block(low);

	while (clang_getCursorKind(statement) == CXCursor_IfStmt) {
		struct children parts = lower_children(low, statement);
		CXCursor then = lower_child(low, parts, 1);
		CXCursor otherwise = lower_child(low, parts, 2);
		struct draft *yes = lower_new_block(low);
		struct draft *no =
			clang_Cursor_isNull(otherwise) != 0 ? join : lower_new_block(low);

		lower_cond(low, lower_child(low, parts, 0), yes, no);
		lower_drop_children(low, parts);
		lower_start(low, yes);
		lower_statement(low, then);
		lower_jump(low, join, IR_JUMP_FALL, lower_end_of(low, then));
		lower_start(low, no);
		statement = otherwise;
	}
	if (clang_Cursor_isNull(statement) == 0) {
		lower_statement(low, statement);
		lower_jump(low, join, IR_JUMP_FALL, lower_end_of(low, statement));
	}
	lower_start(low, join);
}

static void
lower_break(struct lowering *low, CXCursor statement)
{
	bool is_break = clang_getCursorKind(statement) == CXCursor_BreakStmt;
	const struct jump_target *target = low->targets;
	struct place at = unit_place(low->unit, statement);

	while (target != NULL && !is_break && target->to_continue == NULL)
		target = target->outer;
	if (target == NULL) {
		lower_give_up(low, "a break without a loop");
		return;
	}
	lower_end_vars(low, target->live, at);
	lower_jump(low, is_break ? target->to_break : target->to_continue,
		is_break ? IR_JUMP_BREAK : IR_JUMP_CONTINUE, at);
	lower_start(low, lower_new_block(low));
}

static void
lower_return(struct lowering *low, CXCursor statement)
{
	struct place at = unit_place(low->unit, statement);
	CXCursor result = lower_last_child(statement);
	struct ir_expr *value = NULL;

	if (clang_Cursor_isNull(result) == 0 && low->function->result->kind == IR_TYPE_VOID) {
		lower_effect(low, result);
	} else if (clang_Cursor_isNull(result) == 0) {
		value = lower_expr(low, result);
	}
	if (value != NULL && low->live != NULL && !is_lasting(value))
		value = lower_in_temp(low, value);
	lower_end_vars(low, NULL, at);
	low->current->block.value = value;
	lower_stop(low, IR_END_RETURN, at);
}

static void
lower_computed_goto(struct lowering *low, CXCursor statement)
{
	lower_give_up(low, "computed goto");
	lower_effect(low, lower_last_child(statement));
	lower_stop(low, IR_END_STOP, unit_place(low->unit, statement));
}

/** A statement with attributes, as `__attribute__((fallthrough));`. */
static void
lower_attributed(struct lowering *low, CXCursor statement)
{
	CXCursor inner = lower_last_child(statement);

	if (clang_Cursor_isNull(inner) == 0)
		lower_statement(low, inner);
}

static void
lower_nothing(struct lowering *low, CXCursor statement)
{
	(void)low;
	(void)statement;
}

typedef void (*statement_fn)(struct lowering *low, CXCursor statement);

static const statement_fn by_kind[] = {
	[CXCursor_UnexposedStmt] = lower_attributed,
	[CXCursor_LabelStmt] = lower_case,
	[CXCursor_CompoundStmt] = lower_block,
	[CXCursor_CaseStmt] = lower_case,
	[CXCursor_DefaultStmt] = lower_case,
	[CXCursor_IfStmt] = lower_if,
	[CXCursor_SwitchStmt] = lower_switch,
	[CXCursor_WhileStmt] = lower_while,
	[CXCursor_DoStmt] = lower_do,
	[CXCursor_ForStmt] = lower_for,
	[CXCursor_GotoStmt] = lower_goto,
	[CXCursor_IndirectGotoStmt] = lower_computed_goto,
	[CXCursor_ContinueStmt] = lower_break,
	[CXCursor_BreakStmt] = lower_break,
	[CXCursor_ReturnStmt] = lower_return,
	[CXCursor_GCCAsmStmt] = lower_asm,
	[CXCursor_MSAsmStmt] = lower_asm,
	[CXCursor_NullStmt] = lower_nothing,
	[CXCursor_DeclStmt] = lower_declarations,
};

void
lower_statement(struct lowering *low, CXCursor statement)
{
	enum CXCursorKind kind = clang_getCursorKind(statement);

	if (low->depth >= LOWER_MAX_DEPTH) {
		lower_give_up(low, "nesting too deep");
		return;
	}
	low->depth++;
	if (clang_isExpression(kind) != 0) {
		lower_effect(low, statement);
	} else if ((size_t)kind < sizeof(by_kind) / sizeof(by_kind[0]) && by_kind[kind] != NULL) {
		by_kind[kind](low, statement);
	} else {
		lower_give_up(low, "a statement that is not known");
	}
	low->depth--;
}
