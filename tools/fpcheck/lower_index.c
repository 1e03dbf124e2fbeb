/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Which variables walk over arrays: the engine keeps paths apart by where they stand.
 */

#include "lower.h"

static void
mark(struct ir_expr *expr)
{
	if (expr == NULL)
		return;
	if (expr->kind == IR_VAR)
		expr->var->is_index = true;
	mark(expr->a);
	mark(expr->b);
}

static bool
is_pointer(const struct ir_expr *expr)
{
	return expr->type != NULL &&
		(expr->type->kind == IR_TYPE_POINTER || expr->type->kind == IR_TYPE_ARRAY);
}

static void
find(struct ir_expr *expr)
{
	if (expr == NULL)
		return;
	if (expr->kind == IR_INDEX)
		mark(expr->b);
	if (expr->kind == IR_BINARY && is_pointer(expr->a) && !is_pointer(expr->b))
		mark(expr->b);
	find(expr->a);
	find(expr->b);
	for (uint32_t i = 0; i < expr->part_count; i++)
		find(expr->parts[i]);
}

static void
find_reads(struct ir_function *function)
{
	for (uint32_t i = 0; i < function->block_count; i++) {
		struct ir_block *block = function->blocks[i];

		find(block->value);
		for (uint32_t k = 0; k < block->instr_count; k++) {
			struct ir_instr *instr = &block->instrs[k];

			find(instr->value);
			for (uint32_t a = 0; a < instr->arg_count; a++)
				find(instr->args[a]);
		}
	}
}

/*
 * pkts[i++] reads by a temporary, in which i was put. Where a filter stores, keep[k++], it need not
 * be known: how many were kept says nothing of the element that is followed.
 */
static void
mark_origins(struct ir_function *function)
{
	for (uint32_t i = 0; i < function->block_count; i++) {
		const struct ir_block *block = function->blocks[i];

		for (uint32_t k = 0; k < block->instr_count; k++) {
			const struct ir_instr *instr = &block->instrs[k];

			if (instr->kind == IR_ASSIGN && instr->to->kind == IR_VAR &&
				instr->to->var->kind == IR_VAR_TEMP && instr->to->var->is_index)
				mark(instr->value);
		}
	}
}

void
lower_mark_indexes(struct ir_function *function)
{
	find_reads(function);
	mark_origins(function);
	for (uint32_t i = 0; i < function->block_count; i++) {
		for (uint32_t k = 0; k < function->blocks[i]->instr_count; k++)
			find(function->blocks[i]->instrs[k].to);
	}
}
