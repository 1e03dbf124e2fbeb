/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Of asm, libclang shows the operands and neither which are written to nor the labels. An operand
 * that is an lvalue may be written to, unless it is const; what a pointer operand leads to, too.
 */

#include <string.h>

#include "lower.h"

/** Whether the statement says "goto", as far as it is written here and not in a macro. */
static bool
says_goto(struct lowering *low, CXCursor statement, bool *is_hidden)
{
	CXSourceRange extent = clang_getCursorExtent(statement);
	CXToken *tokens = NULL;
	unsigned count = 0;
	bool is_goto = false;

	*is_hidden = true;
	clang_tokenize(low->unit->tu, extent, &tokens, &count);
	for (unsigned i = 0; i < count && i < 4; i++) {
		CXString spelling = clang_getTokenSpelling(low->unit->tu, tokens[i]);
		const char *text = clang_getCString(spelling);

		if (i == 0 && text != NULL && strstr(text, "asm") != NULL)
			*is_hidden = false;
		if (text != NULL && strcmp(text, "goto") == 0)
			is_goto = true;
		clang_disposeString(spelling);
	}
	clang_disposeTokens(low->unit->tu, tokens, count);
	return is_goto;
}

void
lower_asm(struct lowering *low, CXCursor statement)
{
	struct children children = lower_children(low, statement);
	struct place at = unit_place(low->unit, statement);
	struct ir_expr **args =
		region_alloc(low->region, (2 * children.count + 1) * sizeof(struct ir_expr *));
	struct ir_instr *havoc;
	uint32_t count = 0;
	bool is_hidden;

	if (says_goto(low, statement, &is_hidden)) {
		lower_give_up(low, "asm goto");
	} else if (is_hidden) {
		low->has_hidden_asm = true;
	}
	for (uint32_t i = 0; i < children.count; i++) {
		CXCursor child = lower_child(low, children, i);
		bool is_value = clang_getCursorKind(child) == CXCursor_UnexposedExpr;
		struct ir_expr *operand;

		if (clang_isExpression(clang_getCursorKind(child)) == 0)
			continue;
		operand = lower_expr(low, child);
		if (is_value || !lower_is_lvalue(operand) || operand->type->is_const) {
			lower_eval(low, operand);
		} else {
			args[count++] = operand;
		}
		if (operand->type->kind == IR_TYPE_POINTER && !operand->type->to->is_const &&
			operand->type->to->kind != IR_TYPE_FUNCTION) {
			args[count++] =
				lower_deref(low, lower_copy(low, operand), operand->type->to, at);
		}
	}
	lower_drop_children(low, children);
	havoc = lower_instr(low, IR_HAVOC, at);
	havoc->args = args;
	havoc->arg_count = count;
}
