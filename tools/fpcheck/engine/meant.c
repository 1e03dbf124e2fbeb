/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * What passes through a `void *` is a buffer when the function itself says so later: it assigns the
 * variable to a pointer to a buffer, casts it to one, or hands it to a function that takes one.
 */

#include "engine.h"

static char yes;
static char no;

static bool
points_to_buffer(const struct ir_type *type)
{
	/* The array of them, too. */
	for (uint32_t i = 0; i < 2 && type != NULL && type->kind == IR_TYPE_POINTER; i++) {
		type = type->to;
		if (type != NULL && type->kind == IR_TYPE_RECORD)
			return type->meaning == CONTRACT_TYPE_BUFFER;
	}
	return false;
}

/* The variable that the expression is, or is an element of; NULL. */
static const struct ir_var *
variable_of(const struct ir_expr *expr)
{
	while (expr != NULL &&
		(expr->kind == IR_CAST || expr->kind == IR_ADDR || expr->kind == IR_INDEX ||
			expr->kind == IR_DEREF))
		expr = expr->a;
	return expr != NULL && expr->kind == IR_VAR ? expr->var : NULL;
}

static bool
is_cast(const struct ir_expr *expr, const struct ir_var *var)
{
	if (expr == NULL)
		return false;
	if (expr->kind == IR_CAST && points_to_buffer(expr->type) && variable_of(expr->a) == var)
		return true;
	for (uint32_t i = 0; i < expr->part_count; i++) {
		if (is_cast(expr->parts[i], var))
			return true;
	}
	return is_cast(expr->a, var) || is_cast(expr->b, var);
}

static bool
says_so(struct engine *engine, const struct ir_instr *instr, const struct ir_var *var)
{
	if (instr->kind == IR_ASSIGN && variable_of(instr->value) == var &&
		points_to_buffer(instr->to->type))
		return true;
	if (is_cast(instr->to, var) || is_cast(instr->value, var))
		return true;
	for (uint32_t i = 0; i < instr->arg_count; i++) {
		CXCursor param;

		if (is_cast(instr->args[i], var))
			return true;
		if (instr->kind != IR_CALL || instr->callee == NULL ||
			variable_of(instr->args[i]) != var)
			continue;
		param = clang_Cursor_getArgument(instr->target, i);
		if (!clang_Cursor_isNull(param) &&
			points_to_buffer(ir_type_of(engine->cache, clang_getCursorType(param))))
			return true;
	}
	return false;
}

static bool
is_in_function(struct engine *engine, const struct ir_function *function, const struct ir_var *var)
{
	for (uint32_t i = 0; i < function->block_count; i++) {
		const struct ir_block *block = function->blocks[i];

		for (uint32_t k = 0; k < block->instr_count; k++) {
			if (says_so(engine, &block->instrs[k], var))
				return true;
		}
		if (is_cast(block->value, var))
			return true;
	}
	return false;
}

bool
meant_is_buffer(
	struct engine *engine, const struct ir_function *function, const struct ir_expr *expr)
{
	const struct ir_var *var = variable_of(expr);
	const struct ir_type *type = var != NULL ? var->type : NULL;
	char *known;

	if (type != NULL && type->kind == IR_TYPE_ARRAY)
		type = type->to;
	if (type == NULL || var->kind == IR_VAR_PARAM || type->kind != IR_TYPE_POINTER ||
		type->to == NULL || type->to->kind != IR_TYPE_VOID)
		return false;
	known = pointer_map_find(&engine->meant, var);
	if (known == NULL) {
		known = is_in_function(engine, function, var) ? &yes : &no;
		pointer_map_set(&engine->meant, &engine->region, var, known);
	}
	return known == &yes;
}
