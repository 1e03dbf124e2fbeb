/* SPDX-License-Identifier: BSD-3-Clause */

#include "lower.h"

static void
add_case(struct lowering *low, int64_t first, int64_t last, struct draft *to)
{
	struct switch_context *context = low->switches;
	struct switch_case *grown;

	if (context->count == context->cap) {
		context->cap = context->cap == 0 ? 8 : 2 * context->cap;
		grown = region_alloc(low->region, context->cap * sizeof(*grown));
		for (uint32_t i = 0; i < context->count; i++)
			grown[i] = context->cases[i];
		context->cases = grown;
	}
	context->cases[context->count].range = (struct ir_case){ first, last };
	context->cases[context->count].to = to;
	context->cases[context->count].live = low->live;
	context->count++;
}

/** Note where a case or default label leads; its statement is given out. */
static CXCursor
note_case(struct lowering *low, CXCursor label, struct draft *to)
{
	struct children children = lower_children(low, label);
	CXCursor statement = lower_child(low, children, children.count - 1);
	bool is_range = children.count == 3;
	int64_t first;
	int64_t last;

	if (low->switches == NULL) {
		lower_give_up(low, "a case outside of a switch");
	} else if (clang_getCursorKind(label) == CXCursor_DefaultStmt) {
		low->switches->to_default = to;
		low->switches->default_live = low->live;
	} else if (!lower_evaluate(lower_child(low, children, 0), &first) ||
		!lower_evaluate(lower_child(low, children, is_range ? 1 : 0), &last)) {
		lower_give_up(low, "a case whose value is not known");
	} else {
		add_case(low, first, last, to);
	}
	lower_drop_children(low, children);
	return statement;
}

/** Labels of any kind, one behind the other, and the statement that they stand at. */
void
lower_case(struct lowering *low, CXCursor label)
{
	struct draft *block = NULL;

	for (;;) {
		enum CXCursorKind kind = clang_getCursorKind(label);

		if (kind == CXCursor_LabelStmt) {
			lower_label(low, label);
			label = lower_last_child(label);
			block = NULL;
			continue;
		}
		if (kind != CXCursor_CaseStmt && kind != CXCursor_DefaultStmt)
			break;
		if (block == NULL) {
			block = lower_new_block(low);
			lower_jump(low, block, IR_JUMP_FALL, unit_place(low->unit, label));
			lower_start(low, block);
		}
		label = note_case(low, label, block);
	}
	lower_statement(low, label);
}

/** The block that a label stands at, or one before it that begins the variables of its scope. */
static struct draft *
entry_of(struct lowering *low, struct draft *to, const struct live *live, struct place at)
{
	struct draft *held = low->current;
	struct draft *entry;

	if (live == low->live)
		return to;
	entry = lower_new_block(low);
	lower_start(low, entry);
	lower_enter_vars(low, low->live, live, at);
	lower_jump(low, to, IR_JUMP_FALL, at);
	lower_start(low, held);
	return entry;
}

static void
end_in_switch(struct lowering *low, struct ir_expr *value, struct draft *after, struct place at)
{
	const struct switch_context *context = low->switches;
	struct ir_block *block = &low->current->block;
	struct draft *otherwise = context->to_default == NULL
		? after
		: entry_of(low, context->to_default, context->default_live, at);

	block->cases = region_alloc(low->region, (context->count + 1) * sizeof(*block->cases));
	for (uint32_t i = 0; i < context->count; i++) {
		block->cases[i] = context->cases[i].range;
		lower_edge(low, low->current,
			entry_of(low, context->cases[i].to, context->cases[i].live, at),
			IR_JUMP_FALL, at);
	}
	lower_edge(low, low->current, otherwise, IR_JUMP_FALL, at);
	block->end = IR_END_SWITCH;
	block->at = at;
	block->value = value;
	low->current->is_closed = true;
}

/** A switch over a constant has one way. */
static void
end_in_choice(struct lowering *low, int64_t value, struct draft *after, struct place at)
{
	const struct switch_context *context = low->switches;
	struct draft *to = context->to_default == NULL ? after : context->to_default;
	const struct live *live = context->to_default == NULL ? low->live : context->default_live;

	for (uint32_t i = 0; i < context->count; i++) {
		if (value >= context->cases[i].range.low && value <= context->cases[i].range.high) {
			to = context->cases[i].to;
			live = context->cases[i].live;
		}
	}
	lower_jump(low, entry_of(low, to, live, at), IR_JUMP_FALL, at);
}

void
lower_switch(struct lowering *low, CXCursor statement)
{
	struct children parts = lower_children(low, statement);
	CXCursor body = lower_child(low, parts, 1);
	struct ir_expr *value = lower_expr(low, lower_child(low, parts, 0));
	struct draft *after = lower_new_block(low);
	struct draft *dispatch = low->current;
	struct place at = unit_place(low->unit, statement);
	struct switch_context context = { .outer = low->switches };
	struct jump_target target = {
		.to_break = after,
		.to_continue = NULL,
		.live = low->live,
		.outer = low->targets,
	};

	lower_drop_children(low, parts);
	low->switches = &context;
	low->targets = &target;
	lower_start(low, lower_new_block(low));
	lower_statement(low, body);
	lower_jump(low, after, IR_JUMP_FALL, lower_end_of(low, body));
	low->targets = target.outer;
	lower_start(low, dispatch);
	if (value->kind == IR_CONST) {
		end_in_choice(low, value->value, after, at);
	} else {
		end_in_switch(low, value, after, at);
	}
	low->switches = context.outer;
	lower_start(low, after);
}
