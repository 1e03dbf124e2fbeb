/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * The variables that live at a place are a list that shares its tail with those of outer scopes:
 * a jump ends what stands on its own list before the first entry that both lists have, and begins
 * what stands on the other.
 */

#include <string.h>

#include "lower.h"

struct function_search {
	const char *name;
	CXCursor found;
};

static enum CXChildVisitResult
match_function(CXCursor cursor, CXCursor parent, CXClientData data)
{
	struct function_search *search = data;
	CXString spelling;
	const char *text;

	(void)parent;
	if (clang_getCursorKind(cursor) != CXCursor_FunctionDecl)
		return CXChildVisit_Continue;
	spelling = clang_getCursorSpelling(cursor);
	text = clang_getCString(spelling);
	if (text != NULL && strcmp(text, search->name) == 0)
		search->found = cursor;
	clang_disposeString(spelling);
	return CXChildVisit_Continue;
}

void
lower_begin_var(struct lowering *low, struct ir_var *var, CXCursor declaration)
{
	struct live *made = region_alloc(low->region, sizeof(*made));
	struct function_search search;

	made->var = var;
	made->outer = low->live;
	made->depth = low->live == NULL ? 1 : low->live->depth + 1;
	made->cleanup = ir_cleanup_of(low->cache, declaration);
	if (made->cleanup != NULL) {
		search.name = made->cleanup;
		search.found = clang_getNullCursor();
		clang_visitChildren(
			clang_getTranslationUnitCursor(low->unit->tu), match_function, &search);
		made->cleanup_target = search.found;
		var->is_address_taken = true;
	}
	low->live = made;
}

static void
call_cleanup(struct lowering *low, const struct live *entry, struct place at)
{
	struct ir_expr *object = lower_new_var(low, entry->var, at);
	struct ir_type *pointer = region_alloc(low->region, sizeof(*pointer));
	struct ir_instr *call = lower_instr(low, IR_CALL, at);

	pointer->kind = IR_TYPE_POINTER;
	pointer->to = entry->var->type;
	pointer->count = -1;
	pointer->bytes = sizeof(void *);
	call->callee = entry->cleanup;
	call->target = entry->cleanup_target;
	call->args = region_alloc(low->region, sizeof(struct ir_expr *));
	call->args[0] = lower_new(low, IR_ADDR, pointer, at);
	call->args[0]->a = object;
	call->arg_count = 1;
}

void
lower_end_vars(struct lowering *low, const struct live *until, struct place at)
{
	for (const struct live *entry = low->live; entry != until && entry != NULL;
		entry = entry->outer) {
		if (entry->cleanup != NULL)
			call_cleanup(low, entry, at);
		lower_instr(low, IR_END, at)->var = entry->var;
	}
}

void
lower_leave(struct lowering *low, const struct live *until, struct place at)
{
	lower_end_vars(low, until, at);
	low->live = until;
}

const struct live *
lower_common(const struct live *a, const struct live *b)
{
	while (a != b) {
		uint32_t depth_a = a == NULL ? 0 : a->depth;
		uint32_t depth_b = b == NULL ? 0 : b->depth;

		if (a != NULL && depth_a >= depth_b)
			a = a->outer;
		if (b != NULL && depth_b >= depth_a)
			b = b->outer;
	}
	return a;
}

void
lower_enter_vars(
	struct lowering *low, const struct live *from, const struct live *to, struct place at)
{
	const struct live *common = lower_common(from, to);
	const struct live *held = low->live;

	low->live = from;
	lower_end_vars(low, common, at);
	low->live = held;
	for (const struct live *entry = to; entry != common; entry = entry->outer)
		lower_instr(low, IR_DECL, at)->var = entry->var;
}

static struct label *
label_of(struct lowering *low, CXCursor statement)
{
	struct label *label = pointer_map_find(&low->labels, cursor_key(statement));

	if (label != NULL)
		return label;
	label = region_alloc(low->region, sizeof(*label));
	label->block = lower_new_block(low);
	label->next = low->all_labels;
	low->all_labels = label;
	pointer_map_set(&low->labels, low->region, cursor_key(statement), label);
	return label;
}

void
lower_goto(struct lowering *low, CXCursor statement)
{
	CXCursor target = clang_getCursorReferenced(lower_last_child(statement));
	struct place at = unit_place(low->unit, statement);
	struct pending_goto *made;

	if (clang_Cursor_isNull(target) != 0 || clang_getCursorKind(target) != CXCursor_LabelStmt) {
		lower_give_up(low, "goto without a label");
		lower_stop(low, IR_END_STOP, at);
		return;
	}
	made = region_alloc(low->region, sizeof(*made));
	made->from = low->current;
	made->label = label_of(low, target);
	made->label->is_used = true;
	made->live = low->live;
	made->at = at;
	made->next = low->gotos;
	low->gotos = made;
	low->current->is_closed = true;
	lower_start(low, lower_new_block(low));
}

void
lower_label(struct lowering *low, CXCursor statement)
{
	struct label *label = label_of(low, statement);

	lower_jump(low, label->block, IR_JUMP_FALL, unit_place(low->unit, statement));
	lower_start(low, label->block);
	label->live = low->live;
	label->is_placed = true;
}

void
lower_resolve_gotos(struct lowering *low)
{
	for (const struct pending_goto *jump = low->gotos; jump != NULL; jump = jump->next) {
		lower_start(low, jump->from);
		if (!jump->label->is_placed) {
			lower_give_up(low, "goto without a label");
			jump->from->block.end = IR_END_STOP;
			jump->from->block.at = jump->at;
			continue;
		}
		lower_enter_vars(low, jump->live, jump->label->live, jump->at);
		lower_jump(low, jump->label->block, IR_JUMP_GOTO, jump->at);
	}
	for (const struct label *label = low->all_labels; label != NULL; label = label->next) {
		if (!label->is_used && low->has_hidden_asm)
			lower_give_up(low, "asm goto");
	}
}
