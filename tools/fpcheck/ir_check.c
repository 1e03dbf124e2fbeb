/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Whether a lowered function is as ir.h says. For tests: the engine takes it for granted.
 */

#include "lower.h"

static const char *check_expr(const struct ir_function *function, const struct ir_expr *expr);

static const char *
check_var(const struct ir_function *function, const struct ir_var *var)
{
	if (var == NULL)
		return "a variable is missing";
	if (var->type == NULL || var->name == NULL)
		return "a variable without type or name";
	if (var->kind == IR_VAR_STATIC || var->kind == IR_VAR_GLOBAL)
		return NULL;
	if (var->idx >= function->var_count || function->vars[var->idx] != var)
		return "a variable of another function";
	return NULL;
}

static const char *
check_parts(const struct ir_function *function, struct ir_expr *const *parts, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		const char *wrong = check_expr(function, parts[i]);

		if (wrong != NULL)
			return wrong;
	}
	return NULL;
}

/** How many of a and b an expression has. */
static uint32_t
operand_count(const struct ir_expr *expr)
{
	if (expr->kind == IR_INDEX || expr->kind == IR_BINARY)
		return 2;
	return expr->kind == IR_DEREF || expr->kind == IR_FIELD || expr->kind == IR_ADDR ||
		expr->kind == IR_UNARY || expr->kind == IR_CAST;
}

static const char *
check_operands(const struct ir_function *function, const struct ir_expr *expr)
{
	uint32_t count = operand_count(expr);
	const char *wrong = NULL;

	if ((expr->a != NULL) != (count >= 1) || (expr->b != NULL) != (count >= 2))
		return "operands too many or too few";
	if (count >= 1)
		wrong = check_expr(function, expr->a);
	if (count >= 2 && wrong == NULL)
		wrong = check_expr(function, expr->b);
	return wrong;
}

static const char *
check_expr(const struct ir_function *function, const struct ir_expr *expr)
{
	const char *wrong;

	if (expr == NULL)
		return "an operand is missing";
	if (expr->type == NULL)
		return "an expression without a type";
	if (expr->at.file == NULL)
		return "an expression without a place";
	wrong = check_operands(function, expr);
	if (wrong != NULL)
		return wrong;
	if (expr->kind == IR_VAR)
		return check_var(function, expr->var);
	if ((expr->kind == IR_FIELD || expr->kind == IR_FUNCTION) && expr->name == NULL)
		return "a member or function without a name";
	if (expr->kind == IR_FIELD && !lower_is_lvalue(expr->a))
		return "a member of what has no address";
	if (expr->kind == IR_FIELD && expr->a->type->kind != IR_TYPE_RECORD)
		return "a member of what is no record";
	if (expr->kind == IR_DEREF && expr->a->type->kind != IR_TYPE_POINTER)
		return "a dereference of what is no pointer";
	if ((expr->kind == IR_UNARY || expr->kind == IR_BINARY) && expr->op == IR_OP_NONE)
		return "an operation without an operator";
	if (expr->kind == IR_RECORD && expr->part_count > 0 &&
		(expr->fields != NULL) == (expr->indexes != NULL))
		return "a record without members, or with two kinds of them";
	return check_parts(function, expr->parts, expr->part_count);
}

static const char *
check_instr(const struct ir_function *function, const struct ir_instr *instr)
{
	bool has_var = instr->kind == IR_DECL || instr->kind == IR_END;
	bool has_value = instr->kind == IR_ASSIGN || instr->kind == IR_EVAL;
	const char *wrong = NULL;

	if (instr->at.file == NULL)
		return "an instruction without a place";
	if (has_var && (wrong = check_var(function, instr->var)) != NULL)
		return wrong;
	if (has_var && instr->var->kind != IR_VAR_LOCAL)
		return "the scope of what is no local variable";
	if (has_value && (wrong = check_expr(function, instr->value)) != NULL)
		return wrong;
	if (instr->kind == IR_ASSIGN && instr->to == NULL)
		return "an assignment to nothing";
	if (instr->to != NULL && !lower_is_lvalue(instr->to))
		return "an assignment to what is no lvalue";
	if (instr->to != NULL && (wrong = check_expr(function, instr->to)) != NULL)
		return wrong;
	if (instr->kind == IR_CALL && (instr->callee == NULL) == (instr->through == NULL))
		return "a call of nobody, or of two";
	if (instr->through != NULL && (wrong = check_expr(function, instr->through)) != NULL)
		return wrong;
	return check_parts(function, instr->args, instr->arg_count);
}

static const char *
check_end(const struct ir_function *function, const struct ir_block *block)
{
	bool has_value = block->end == IR_END_BRANCH || block->end == IR_END_SWITCH;
	uint32_t expected = block->end == IR_END_JUMP ? 1 : block->end == IR_END_BRANCH ? 2 : 0;

	if (block->at.file == NULL)
		return "a block's end without a place";
	if (block->end == IR_END_SWITCH ? block->edge_count == 0 : block->edge_count != expected)
		return "a wrong number of edges";
	if (has_value && block->value == NULL)
		return "a branch on nothing";
	for (uint32_t i = 0; i < block->edge_count; i++) {
		const struct ir_block *to = block->edges[i].to;

		if (to == NULL || to->idx >= function->block_count ||
			function->blocks[to->idx] != to)
			return "an edge to another function";
		if (to->idx <= block->idx && !to->is_loop_head)
			return "a back edge to what is no head";
	}
	if (block->end == IR_END_RETURN && !block->is_implicit_return &&
		(block->value != NULL) != (function->result->kind != IR_TYPE_VOID))
		return "a return with the wrong value";
	return block->value == NULL ? NULL : check_expr(function, block->value);
}

const char *
ir_check(const struct ir_function *function)
{
	const char *wrong = NULL;

	if (function->block_count == 0)
		return "a function without a block";
	for (uint32_t i = 0; i < function->var_count && wrong == NULL; i++)
		wrong = check_var(function, function->vars[i]);
	for (uint32_t i = 0; i < function->block_count && wrong == NULL; i++) {
		const struct ir_block *block = function->blocks[i];

		if (block->idx != i)
			return "a block with another's number";
		for (uint32_t j = 0; j < block->instr_count && wrong == NULL; j++)
			wrong = check_instr(function, &block->instrs[j]);
		if (wrong == NULL)
			wrong = check_end(function, block);
	}
	return wrong;
}
