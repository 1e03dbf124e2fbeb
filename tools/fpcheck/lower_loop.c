/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Of a for statement, the parts that are absent are no children, and nothing says which of the
 * others a child is. Its semicolons tell, where it is written or in the macro that it comes from;
 * when a part is all made of macros, what the parts do must.
 */

#include <string.h>

#include "lower.h"

/** The parens behind `for` are looked for in so many bytes. */
#define MAX_HEAD_BYTES 2048U

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
	head->after_loop = after;
	inside->after_loop = after;
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
	inside->after_loop = after;
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

/** The parens behind `for` as they are spelled, in the source or in a macro. */
struct for_head {
	CXFile file;
	unsigned begin; /**< Offsets of the keyword, the semicolons, the closing paren. */
	unsigned semicolons[2];
	unsigned end;
};

/** Follow the tokens to the paren that closes the head; false when it is no head. */
static bool
scan_head(struct lowering *low, struct for_head *head, const CXToken *tokens, unsigned count)
{
	unsigned found = 0;
	int depth = 0;

	for (unsigned i = 0; i < count && found <= 2; i++) {
		CXString spelling = clang_getTokenSpelling(low->unit->tu, tokens[i]);
		char mark = clang_getCString(spelling)[0];
		bool is_for = i > 0 || strcmp(clang_getCString(spelling), "for") == 0;
		unsigned offset;

		clang_disposeString(spelling);
		clang_getSpellingLocation(clang_getTokenLocation(low->unit->tu, tokens[i]), NULL,
			NULL, NULL, &offset);
		if (!is_for)
			return false;
		if (mark == '(' || mark == '{' || mark == '[') {
			depth++;
		} else if (mark == ')' || mark == '}' || mark == ']') {
			depth--;
		} else if (mark == ';' && depth == 1 && found < 2) {
			head->semicolons[found++] = offset;
		}
		head->end = offset;
		if (i > 0 && depth == 0)
			return found == 2;
	}
	return false;
}

/** Find the head where it is spelled; false when it is longer than heads are, or pasted. */
static bool
find_head(struct lowering *low, CXCursor statement, struct for_head *head)
{
	CXTranslationUnit tu = low->unit->tu;
	CXToken *tokens = NULL;
	unsigned count = 0;
	size_t size = 0;
	size_t end;
	bool is_found;

	clang_getSpellingLocation(clang_getRangeStart(clang_getCursorExtent(statement)),
		&head->file, NULL, NULL, &head->begin);
	if (head->file == NULL || clang_getFileContents(tu, head->file, &size) == NULL)
		return false;
	end = (size_t)head->begin + MAX_HEAD_BYTES;
	end = end < size ? end : size;
	clang_tokenize(tu,
		clang_getRange(clang_getLocationForOffset(tu, head->file, head->begin),
			clang_getLocationForOffset(tu, head->file, (unsigned)end)),
		&tokens, &count);
	is_found = scan_head(low, head, tokens, count);
	clang_disposeTokens(tu, tokens, count);
	return is_found;
}

typedef void (*locate_fn)(CXSourceLocation location, CXFile *file, unsigned *line, unsigned *column,
	unsigned *offset);

/** Whether a part has its beginning or its end in the head, and where. */
static bool
locate_part(const struct for_head *head, CXCursor part, unsigned *offset)
{
	static const locate_fn locate[] = { clang_getSpellingLocation, clang_getExpansionLocation };
	CXSourceRange extent = clang_getCursorExtent(part);
	CXSourceLocation ends[] = { clang_getRangeStart(extent), clang_getRangeEnd(extent) };
	CXFile file;

	for (size_t i = 0; i < 4; i++) {
		locate[i / 2](ends[i % 2], &file, NULL, NULL, offset);
		if (file != NULL && clang_File_isEqual(file, head->file) != 0 &&
			*offset > head->begin && *offset <= head->end)
			return true;
	}
	return false;
}

/** Tell the parts by the semicolons; false when one of them is not in the head. */
static bool
place_parts(struct lowering *low, const struct for_head *head, struct children children,
	struct for_parts *parts)
{
	for (uint32_t i = 0; i + 1 < children.count; i++) {
		CXCursor child = lower_child(low, children, i);
		unsigned offset;

		if (!locate_part(head, child, &offset))
			return false;
		/* A part ends at its semicolon at the latest. */
		if (offset <= head->semicolons[0]) {
			parts->first = child;
		} else if (offset <= head->semicolons[1]) {
			parts->condition = child;
		} else {
			parts->step = child;
		}
	}
	return true;
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
			(i == 0 && is_done && (is_assignment || children.count > 2))) {
			parts->first = child;
		} else if (!is_done && clang_Cursor_isNull(parts->condition) != 0) {
			parts->condition = child;
		} else {
			parts->step = child;
		}
	}
}

static struct for_parts
split_for(struct lowering *low, CXCursor statement, struct children children)
{
	const struct for_parts none = { clang_getNullCursor(), clang_getNullCursor(),
		clang_getNullCursor() };
	struct for_parts parts = none;
	struct for_head head;

	if (children.count == 4) {
		parts.first = lower_child(low, children, 0);
		parts.condition = lower_child(low, children, 1);
		parts.step = lower_child(low, children, 2);
		return parts;
	}
	if (children.count == 1)
		return parts;
	if (find_head(low, statement, &head) && place_parts(low, &head, children, &parts))
		return parts;
	parts = none;
	guess_parts(low, children, &parts);
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
	head->after_loop = after;
	inside->after_loop = after;
	if (clang_Cursor_isNull(parts.first) == 0)
		lower_statement(low, parts.first);
	lower_jump(low, head, IR_JUMP_FALL, at);
	lower_start(low, head);
	if (clang_Cursor_isNull(parts.condition) == 0) {
		lower_cond(low, parts.condition, inside, after);
	} else {
		lower_jump(low, inside, IR_JUMP_FALL, at);
	}
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
