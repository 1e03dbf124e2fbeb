/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * An expression reads its variables where it stands, which is behind all that the rest of the full
 * expression does. A variable that an operand read before, and that something later in the same
 * expression writes to, is therefore copied at the moment when the operand was read.
 */

#include "lower.h"

#define MAX_CHANGED 16U

/** Named variables that instructions write to. */
struct changes {
	const struct ir_var *vars[MAX_CHANGED];
	uint32_t count;
	bool is_any; /**< More than there is room for. */
};

struct moment
lower_now(const struct lowering *low)
{
	return (struct moment){ .draft = low->current,
		.newest = low->last,
		.instr_count = low->current->block.instr_count };
}

struct ir_var *
lower_root(const struct ir_expr *lvalue)
{
	while (lvalue->kind == IR_FIELD ||
		(lvalue->kind == IR_INDEX && lvalue->a->type->kind == IR_TYPE_ARRAY))
		lvalue = lvalue->a;
	return lvalue->kind == IR_VAR ? lvalue->var : NULL;
}

static void
add_change(struct changes *changes, const struct ir_var *var)
{
	if (var == NULL || var->kind == IR_VAR_TEMP)
		return;
	for (uint32_t i = 0; i < changes->count; i++) {
		if (changes->vars[i] == var)
			return;
	}
	if (changes->count == MAX_CHANGED) {
		changes->is_any = true;
	} else {
		changes->vars[changes->count++] = var;
	}
}

static void
add_changes(struct changes *changes, const struct ir_block *block, uint32_t from)
{
	for (uint32_t i = from; i < block->instr_count; i++) {
		const struct ir_instr *instr = &block->instrs[i];

		/* What begins there cannot have been read before. */
		if (instr->kind == IR_ASSIGN && instr->is_decl)
			continue;
		if (instr->to != NULL)
			add_change(changes, lower_root(instr->to));
		for (uint32_t j = 0; j < instr->arg_count; j++) {
			const struct ir_expr *arg = instr->args[j];

			if (arg->kind == IR_ADDR) {
				add_change(changes, lower_root(arg->a));
			} else if (instr->kind == IR_HAVOC) {
				add_change(changes, lower_root(arg));
			}
		}
	}
}

static bool
reads_changed(const struct ir_expr *expr, const struct changes *changes)
{
	if (expr == NULL)
		return false;
	if (expr->kind == IR_VAR) {
		if (expr->var->kind == IR_VAR_TEMP)
			return false;
		for (uint32_t i = 0; i < changes->count; i++) {
			if (changes->vars[i] == expr->var)
				return true;
		}
		return changes->is_any;
	}
	/* The address of a variable stays what it is. */
	if (expr->kind == IR_ADDR && expr->a->kind == IR_VAR)
		return false;
	for (uint32_t i = 0; i < expr->part_count; i++) {
		if (reads_changed(expr->parts[i], changes))
			return true;
	}
	return reads_changed(expr->a, changes) || reads_changed(expr->b, changes);
}

void
lower_keep(struct lowering *low, struct moment then, struct ir_expr **value)
{
	struct changes changes = { .count = 0 };
	struct ir_instr *copy;
	struct ir_var *temp;

	if (low->current == then.draft && low->current->block.instr_count == then.instr_count)
		return;
	add_changes(&changes, &then.draft->block, then.instr_count);
	for (const struct draft *draft = then.newest->next; draft != NULL; draft = draft->next)
		add_changes(&changes, &draft->block, 0);
	if ((changes.count == 0 && !changes.is_any) || !reads_changed(*value, &changes))
		return;
	temp = lower_temp(low, (*value)->type, (*value)->at);
	copy = lower_insert(low, then.draft, then.instr_count, IR_ASSIGN);
	copy->at = (*value)->at;
	copy->to = lower_new_var(low, temp, (*value)->at);
	copy->value = *value;
	*value = lower_new_var(low, temp, (*value)->at);
}

void
lower_keep_object(struct lowering *low, struct moment then, struct ir_expr *object)
{
	while (object->kind == IR_FIELD || object->kind == IR_INDEX || object->kind == IR_DEREF) {
		if (object->kind == IR_INDEX)
			lower_keep(low, then, &object->b);
		if (object->a->type->kind == IR_TYPE_POINTER) {
			lower_keep(low, then, &object->a);
			return;
		}
		object = object->a;
	}
}
