/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Of a for statement, the parts that are absent are no children, and nothing says which of the
 * others a child is. Where the statement is written out, its semicolons tell; where it comes out of
 * a macro with fewer than three parts, what the parts do must.
 */

#include <string.h>

#include "lower.h"

static void
lower_loop_body(
	struct lowering *low, CXCursor body, struct draft *to_break, struct draft *to_continue)
{
	struct jump_target target = {
		.to_break = to_break,
		.to_continue = to_continue,
		.live = low->live,
		.outer = low->targets,
	};

	low->targets = &target;
	lower_statement(low, body);
	low->targets = target.outer;
}

void
lower_while(struct lowering *low, CXCursor statement)
{
	struct children parts = lower_children(low, statement);
	CXCursor body = lower_child(low, parts, 1);
	struct draft *head = lower_new_block(low);
	struct draft *inside = lower_new_block(low);
	struct draft *after = lower_new_block(low);

	lower_jump(low, head, IR_JUMP_FALL, unit_place(low->unit, statement));
	lower_start(low, head);
	lower_cond(low, lower_child(low, parts, 0), inside, after);
	lower_drop_children(low, parts);
	lower_start(low, inside);
	lower_loop_body(low, body, after, head);
	lower_jump(low, head, IR_JUMP_LOOP, lower_end_of(low, body));
	lower_start(low, after);
}

void
lower_do(struct lowering *low, CXCursor statement)
{
	struct children parts = lower_children(low, statement);
	CXCursor body = lower_child(low, parts, 0);
	CXCursor condition = lower_child(low, parts, 1);
	struct draft *inside = lower_new_block(low);
	struct draft *check = lower_new_block(low);
	struct draft *again = lower_new_block(low);
	struct draft *after = lower_new_block(low);
	struct place at = unit_place(low->unit, condition);

	lower_drop_children(low, parts);
	lower_jump(low, inside, IR_JUMP_FALL, unit_place(low->unit, statement));
	lower_start(low, inside);
	lower_loop_body(low, body, after, check);
	lower_jump(low, check, IR_JUMP_FALL, lower_end_of(low, body));
	lower_start(low, check);
	lower_cond(low, condition, again, after);
	lower_start(low, again);
	lower_jump(low, inside, IR_JUMP_LOOP, at);
	lower_start(low, after);
}

/** Parts of a for statement; null cursors for absent ones. */
struct for_parts {
	CXCursor first;
	CXCursor condition;
	CXCursor step;
};

static unsigned
offset_of(CXSourceLocation location)
{
	unsigned offset;

	clang_getFileLocation(location, NULL, NULL, NULL, &offset);
	return offset;
}

/** Where the two semicolons are; false when they are not written in this place. */
static bool
find_semicolons(struct lowering *low, CXCursor statement, CXCursor body, unsigned semicolons[2])
{
	CXSourceRange head = clang_getRange(clang_getRangeStart(clang_getCursorExtent(statement)),
		clang_getRangeStart(clang_getCursorExtent(body)));
	CXToken *tokens = NULL;
	unsigned count = 0;
	unsigned found = 0;
	int depth = 0;
	bool is_for = false;

	clang_tokenize(low->unit->tu, head, &tokens, &count);
	for (unsigned i = 0; i < count && found < 2; i++) {
		CXString spelling = clang_getTokenSpelling(low->unit->tu, tokens[i]);
		const char *text = clang_getCString(spelling);

		if (i == 0)
			is_for = strcmp(text, "for") == 0;
		if (text[0] == '(' || text[0] == '{' || text[0] == '[')
			depth++;
		else if (text[0] == ')' || text[0] == '}' || text[0] == ']')
			depth--;
		else if (text[0] == ';' && depth == 1)
			semicolons[found++] =
				offset_of(clang_getTokenLocation(low->unit->tu, tokens[i]));
		clang_disposeString(spelling);
	}
	clang_disposeTokens(low->unit->tu, tokens, count);
	return is_for && found == 2;
}

static bool
is_step_or_assignment(CXCursor cursor, bool *is_assignment)
{
	enum CXUnaryOperatorKind unary = clang_getCursorUnaryOperatorKind(cursor);
	enum CXBinaryOperatorKind binary = clang_getCursorBinaryOperatorKind(cursor);

	while (binary == CXBinaryOperator_Comma) {
		cursor = lower_last_child(cursor);
		binary = clang_getCursorBinaryOperatorKind(cursor);
		unary = clang_getCursorUnaryOperatorKind(cursor);
	}
	*is_assignment = binary == CXBinaryOperator_Assign;
	return *is_assignment || clang_getCursorKind(cursor) == CXCursor_CompoundAssignOperator ||
		(unary >= CXUnaryOperator_PostInc && unary <= CXUnaryOperator_PreDec) ||
		clang_getCanonicalType(clang_getCursorType(cursor)).kind == CXType_Void;
}

static void
guess_parts(struct lowering *low, struct children children, struct for_parts *parts)
{
	for (uint32_t i = 0; i + 1 < children.count; i++) {
		CXCursor child = lower_child(low, children, i);
		bool is_assignment = false;
		bool is_done = is_step_or_assignment(child, &is_assignment);

		if (clang_getCursorKind(child) == CXCursor_DeclStmt ||
			(i == 0 && is_done && (is_assignment || children.count > 2)))
			parts->first = child;
		else if (!is_done && clang_Cursor_isNull(parts->condition) != 0)
			parts->condition = child;
		else
			parts->step = child;
	}
}

static struct for_parts
split_for(struct lowering *low, CXCursor statement, struct children children)
{
	struct for_parts parts = { clang_getNullCursor(), clang_getNullCursor(),
		clang_getNullCursor() };
	CXCursor body = lower_child(low, children, children.count - 1);
	unsigned semicolons[2];

	if (children.count == 4) {
		parts.first = lower_child(low, children, 0);
		parts.condition = lower_child(low, children, 1);
		parts.step = lower_child(low, children, 2);
		return parts;
	}
	if (children.count == 1)
		return parts;
	if (!find_semicolons(low, statement, body, semicolons)) {
		guess_parts(low, children, &parts);
		return parts;
	}
	for (uint32_t i = 0; i + 1 < children.count; i++) {
		CXCursor child = lower_child(low, children, i);
		unsigned offset = offset_of(clang_getRangeStart(clang_getCursorExtent(child)));

		if (offset < semicolons[0])
			parts.first = child;
		else if (offset < semicolons[1])
			parts.condition = child;
		else
			parts.step = child;
	}
	return parts;
}

void
lower_for(struct lowering *low, CXCursor statement)
{
	struct children children = lower_children(low, statement);
	CXCursor body = lower_child(low, children, children.count - 1);
	struct for_parts parts = split_for(low, statement, children);
	const struct live *outside = low->live;
	struct draft *head = lower_new_block(low);
	struct draft *inside = lower_new_block(low);
	struct draft *step = lower_new_block(low);
	struct draft *after = lower_new_block(low);
	struct place at = unit_place(low->unit, statement);

	lower_drop_children(low, children);
	if (clang_Cursor_isNull(parts.first) == 0)
		lower_statement(low, parts.first);
	lower_jump(low, head, IR_JUMP_FALL, at);
	lower_start(low, head);
	if (clang_Cursor_isNull(parts.condition) == 0)
		lower_cond(low, parts.condition, inside, after);
	else
		lower_jump(low, inside, IR_JUMP_FALL, at);
	lower_start(low, inside);
	lower_loop_body(low, body, after, step);
	lower_jump(low, step, IR_JUMP_FALL, lower_end_of(low, body));
	lower_start(low, step);
	if (clang_Cursor_isNull(parts.step) == 0)
		lower_effect(low, parts.step);
	lower_jump(low, head, IR_JUMP_LOOP, lower_end_of(low, body));
	lower_start(low, after);
	lower_leave(low, outside, lower_end_of(low, statement));
}
