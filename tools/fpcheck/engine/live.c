/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Liveness, backwards over the blocks: a variable that nothing reads before it is written holds
 * nothing that matters, and paths that differ in it alone are one.
 */

#include <string.h>

#include "engine.h"

struct live {
	const struct ir_function *function;
	uint32_t word_count;
	uint64_t *at_entry; /* [block * word_count]: read from the block's beginning on */
	bool *is_in_loop;
	const struct live *next;
};

static void
set_bit(uint64_t *words, uint32_t bit)
{
	words[bit / 64] |= 1UL << bit % 64;
}

static bool
is_local(const struct ir_var *var)
{
	return var->kind == IR_VAR_LOCAL || var->kind == IR_VAR_PARAM || var->kind == IR_VAR_TEMP;
}

static void
read_expr(uint64_t *live, const struct ir_expr *expr)
{
	if (expr == NULL)
		return;
	if (expr->kind == IR_VAR && is_local(expr->var))
		set_bit(live, expr->var->idx);
	read_expr(live, expr->a);
	read_expr(live, expr->b);
	for (uint32_t i = 0; i < expr->part_count; i++)
		read_expr(live, expr->parts[i]);
}

static void
write_expr(uint64_t *live, const struct ir_expr *to)
{
	if (to != NULL && to->kind == IR_VAR && is_local(to->var))
		live[to->var->idx / 64] &= ~(1UL << to->var->idx % 64);
}

/* The variable that a call stores a buffer in, whatever was there; NULL. */
static const struct ir_expr *
granted_var(const struct engine *engine, const struct ir_instr *instr, uint32_t idx)
{
	const struct contract *contract = instr->callee != NULL
		? contracts_find(engine->unit->contracts, instr->callee)
		: NULL;
	const struct ir_expr *arg = instr->args[idx];

	if (contract == NULL || idx >= contract->param_count ||
		contract->params[idx].effect != CONTRACT_GRANT)
		return NULL;
	while (arg->kind == IR_CAST)
		arg = arg->a;
	return arg->kind == IR_ADDR && arg->a->kind == IR_VAR ? arg->a : NULL;
}

static void
step_back(const struct engine *engine, uint64_t *live, const struct ir_instr *instr)
{
	for (uint32_t i = 0; i < instr->arg_count; i++)
		write_expr(live, granted_var(engine, instr, i));
	write_expr(live, instr->to);
	if (instr->var != NULL && is_local(instr->var))
		live[instr->var->idx / 64] &= ~(1UL << instr->var->idx % 64);
	if (instr->to != NULL && instr->to->kind != IR_VAR)
		read_expr(live, instr->to);
	read_expr(live, instr->value);
	read_expr(live, instr->through);
	for (uint32_t i = 0; i < instr->arg_count; i++) {
		if (granted_var(engine, instr, i) == NULL)
			read_expr(live, instr->args[i]);
	}
}

static bool
flow_block(const struct engine *engine, struct live *live, const struct ir_block *block,
	uint64_t *words)
{
	uint64_t *entry = live->at_entry + (size_t)block->idx * live->word_count;
	bool has_changed = false;

	memset(words, 0, live->word_count * sizeof(*words));
	for (uint32_t i = 0; i < block->edge_count; i++) {
		const uint64_t *to =
			live->at_entry + (size_t)block->edges[i].to->idx * live->word_count;

		for (uint32_t k = 0; k < live->word_count; k++)
			words[k] |= to[k];
	}
	read_expr(words, block->value);
	for (uint32_t i = block->instr_count; i > 0; i--)
		step_back(engine, words, &block->instrs[i - 1]);
	for (uint32_t k = 0; k < live->word_count; k++) {
		has_changed = has_changed || (words[k] & ~entry[k]) != 0;
		entry[k] |= words[k];
	}
	return has_changed;
}

static void
mark_loops(struct live *live)
{
	const struct ir_function *function = live->function;

	for (uint32_t i = 0; i < function->block_count; i++) {
		const struct ir_block *block = function->blocks[i];

		for (uint32_t e = 0; e < block->edge_count; e++) {
			for (uint32_t k = block->edges[e].to->idx; k <= i; k++)
				live->is_in_loop[k] = true;
		}
	}
}

const struct live *
live_of(struct engine *engine, const struct ir_function *function)
{
	struct live *live;
	uint64_t *words;
	bool has_changed = true;

	for (const struct live *known = engine->lives; known != NULL; known = known->next) {
		if (known->function == function)
			return known;
	}
	live = region_alloc(&engine->region, sizeof(*live));
	live->function = function;
	live->word_count = function->var_count / 64 + 1;
	live->at_entry = region_alloc(&engine->region,
		(size_t)function->block_count * live->word_count * sizeof(uint64_t));
	live->is_in_loop = region_alloc(&engine->region, function->block_count + 1);
	words = region_alloc(&engine->region, live->word_count * sizeof(*words));
	while (has_changed) {
		has_changed = false;
		for (uint32_t i = function->block_count; i > 0; i--) {
			if (flow_block(engine, live, function->blocks[i - 1], words))
				has_changed = true;
		}
	}
	mark_loops(live);
	live->next = engine->lives;
	engine->lives = live;
	return live;
}

bool
live_at(const struct live *live, const struct ir_block *block, const struct ir_var *var)
{
	const uint64_t *entry = live->at_entry + (size_t)block->idx * live->word_count;

	return !is_local(var) || (entry[var->idx / 64] >> var->idx % 64 & 1) != 0;
}

bool
live_is_in_loop(const struct live *live, const struct ir_block *block)
{
	return live->is_in_loop[block->idx];
}
