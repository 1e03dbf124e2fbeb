/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Most functions of a program never touch a buffer: they parse arguments and set up ports. They are
 * neither analysed nor followed, but for small ones whose answer is all that they are for.
 */

#include "engine.h"

static char yes;
static char no;

static bool
is_meant(const struct ir_type *type)
{
	for (uint32_t i = 0; i < 4 && type != NULL; i++) {
		if (type->kind == IR_TYPE_RECORD)
			return type->meaning != CONTRACT_TYPE_PLAIN;
		type = type->to;
	}
	return false;
}

static bool
is_expr_concerned(const struct ir_expr *expr)
{
	if (expr == NULL)
		return false;
	if (is_meant(expr->type) || is_expr_concerned(expr->a) || is_expr_concerned(expr->b))
		return true;
	for (uint32_t i = 0; i < expr->part_count; i++) {
		if (is_expr_concerned(expr->parts[i]))
			return true;
	}
	return false;
}

/* A function is called that takes a buffer: of what is passed, a `void *`, nothing is seen. */
static bool
takes_buffer(struct engine *engine, const struct ir_instr *call)
{
	for (uint32_t i = 0; i < call->arg_count; i++) {
		CXCursor param = clang_Cursor_getArgument(call->target, i);

		if (!clang_Cursor_isNull(param) &&
			is_meant(ir_type_of(engine->cache, clang_getCursorType(param))))
			return true;
	}
	return false;
}

static bool
is_instr_concerned(struct engine *engine, const struct ir_instr *instr)
{
	const struct ir_function *callee;

	if (is_expr_concerned(instr->to) || is_expr_concerned(instr->value) ||
		(instr->var != NULL && is_meant(instr->var->type)))
		return true;
	for (uint32_t i = 0; i < instr->arg_count; i++) {
		if (is_expr_concerned(instr->args[i]))
			return true;
	}
	if (instr->kind != IR_CALL || instr->callee == NULL)
		return false;
	if (takes_buffer(engine, instr))
		return true;
	callee = ir_function_of(engine->cache, instr->target);
	return callee != NULL && engine_concerns(engine, callee);
}

bool
engine_concerns(struct engine *engine, const struct ir_function *function)
{
	struct pointer_map *map = &engine->concerns;
	const char *known = pointer_map_find(map, function);
	bool is_concerned = false;

	if (known != NULL)
		return known == &yes;
	/* A function that calls itself is concerned when something else in it is. */
	pointer_map_set(map, &engine->unit->region, function, &no);
	for (uint32_t i = 0; i < function->param_count; i++) {
		is_concerned = is_concerned || is_meant(function->params[i]->type) ||
			function->params[i]->notes != 0;
	}
	for (uint32_t i = 0; i < function->block_count && !is_concerned; i++) {
		const struct ir_block *block = function->blocks[i];

		is_concerned = is_expr_concerned(block->value);
		for (uint32_t k = 0; k < block->instr_count && !is_concerned; k++)
			is_concerned = is_instr_concerned(engine, &block->instrs[k]);
	}
	if (is_concerned)
		pointer_map_set(map, &engine->unit->region, function, &yes);
	return is_concerned;
}

/* A function of more blocks, or more parameters, does something beside judging. */
#define JUDGE_MAX_BLOCKS 12
#define JUDGE_MAX_PARAMS 4

/* True when the block calls something that the program comes back from. */
static bool
does_something(const struct ir_block *block)
{
	for (uint32_t i = 0; block->end != IR_END_STOP && i < block->instr_count; i++) {
		if (block->instrs[i].kind == IR_CALL || block->instrs[i].kind == IR_HAVOC)
			return true;
	}
	return false;
}

bool
engine_judges(const struct ir_function *function)
{
	bool has_answer = function->result != NULL && function->result->kind == IR_TYPE_INT;

	if (function->param_count == 0 || function->param_count > JUDGE_MAX_PARAMS ||
		function->block_count > JUDGE_MAX_BLOCKS)
		return false;
	for (uint32_t i = 0; i < function->param_count; i++) {
		if (function->params[i]->type->kind != IR_TYPE_INT)
			return false;
	}
	for (uint32_t i = 0; i < function->block_count; i++) {
		const struct ir_block *block = function->blocks[i];

		if (block->is_loop_head || does_something(block))
			return false;
		has_answer = has_answer || block->end == IR_END_STOP;
	}
	return has_answer;
}
