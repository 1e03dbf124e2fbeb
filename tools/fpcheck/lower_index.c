/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Which variables walk over arrays, by whose place the engine keeps paths apart, and which count.
 */

#include "lower.h"

static void
walk_array(struct region *region, struct ir_var *var, const struct ir_expr *array)
{
	struct ir_walked *walked = region_alloc(region, sizeof(*walked));

	walked->array = array;
	walked->next = var->walks;
	var->walks = walked;
}

/* What is looked up somewhere is another number than what it is looked up with. */
static void
mark(struct region *region, struct ir_expr *index, const struct ir_expr *array)
{
	if (index == NULL || index->kind == IR_INDEX || index->kind == IR_FIELD ||
		index->kind == IR_DEREF)
		return;
	if (index->kind == IR_VAR)
		walk_array(region, index->var, array);
	mark(region, index->a, array);
	mark(region, index->b, array);
}

static bool
is_pointer(const struct ir_expr *expr)
{
	return expr->type != NULL &&
		(expr->type->kind == IR_TYPE_POINTER || expr->type->kind == IR_TYPE_ARRAY);
}

/* What another number is below is a count, and no flag. */
static void
mark_count(struct ir_expr *expr)
{
	while (expr->kind == IR_CAST)
		expr = expr->a;
	if (expr->kind == IR_VAR)
		expr->var->is_count = true;
}

static void
find(struct region *region, struct ir_expr *expr)
{
	if (expr == NULL)
		return;
	if (expr->kind == IR_INDEX ||
		(expr->kind == IR_BINARY && is_pointer(expr->a) && !is_pointer(expr->b)))
		mark(region, expr->b, expr->a);
	if (expr->kind == IR_BINARY && expr->op >= IR_OP_LT && expr->op <= IR_OP_GE) {
		mark_count(expr->a);
		mark_count(expr->b);
	}
	find(region, expr->a);
	find(region, expr->b);
	for (uint32_t i = 0; i < expr->part_count; i++)
		find(region, expr->parts[i]);
}

static void
find_reads(struct region *region, struct ir_function *function)
{
	for (uint32_t i = 0; i < function->block_count; i++) {
		struct ir_block *block = function->blocks[i];

		find(region, block->value);
		for (uint32_t k = 0; k < block->instr_count; k++) {
			struct ir_instr *instr = &block->instrs[k];

			find(region, instr->value);
			for (uint32_t a = 0; a < instr->arg_count; a++)
				find(region, instr->args[a]);
		}
	}
}

/*
 * pkts[i++] reads by a temporary, in which i was put. Where a filter stores, keep[k++], it need not
 * be known: how many were kept says nothing of the element that is followed.
 */
static void
mark_origins(struct region *region, struct ir_function *function)
{
	for (uint32_t i = 0; i < function->block_count; i++) {
		const struct ir_block *block = function->blocks[i];

		for (uint32_t k = 0; k < block->instr_count; k++) {
			const struct ir_instr *instr = &block->instrs[k];

			if (instr->kind != IR_ASSIGN || instr->to->kind != IR_VAR ||
				instr->to->var->kind != IR_VAR_TEMP)
				continue;
			for (const struct ir_walked *walked = instr->to->var->walks; walked != NULL;
				walked = walked->next)
				mark(region, instr->value, walked->array);
		}
	}
}

void
lower_mark_indexes(struct region *region, struct ir_function *function)
{
	find_reads(region, function);
	mark_origins(region, function);
	for (uint32_t i = 0; i < function->block_count; i++) {
		for (uint32_t k = 0; k < function->blocks[i]->instr_count; k++)
			find(region, function->blocks[i]->instrs[k].to);
	}
}
