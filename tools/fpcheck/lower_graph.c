/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Blocks are made as the statements need them, and many are empty in the end. What the engine gets
 * has none that only leads on, unless it tells two jumps apart, and no two that always follow each
 * other: each block costs it a comparison of states.
 */

#include <string.h>

#include "lower.h"

/** Blocks that only lead on are followed so far; chains of them are short. */
#define MAX_HOPS 64U

static struct draft *
draft_of(struct ir_block *block)
{
	return (struct draft *)(void *)block;
}

/** Make room for one more element behind @p count; the capacity doubles. */
static void *
grow(struct region *region, void *old, uint32_t count, uint32_t *cap, size_t size)
{
	uint32_t new_cap = *cap == 0 ? 4 : 2 * *cap;
	void *grown;

	if (count < *cap)
		return old;
	grown = region_alloc(region, new_cap * size);
	if (count > 0)
		memcpy(grown, old, count * size);
	*cap = new_cap;
	return grown;
}

struct draft *
lower_new_block(struct lowering *low)
{
	struct draft *made = region_alloc(low->region, sizeof(*made));

	if (low->last == NULL) {
		low->first = made;
	} else {
		low->last->next = made;
	}
	low->last = made;
	return made;
}

struct ir_instr *
lower_insert(struct lowering *low, struct draft *draft, uint32_t idx, enum ir_instr_kind kind)
{
	struct ir_block *block = &draft->block;
	struct ir_instr *made;

	block->instrs = grow(low->region, block->instrs, block->instr_count, &draft->instr_cap,
		sizeof(*block->instrs));
	made = &block->instrs[idx];
	if (idx < block->instr_count)
		memmove(made + 1, made, (block->instr_count - idx) * sizeof(*made));
	block->instr_count++;
	memset(made, 0, sizeof(*made));
	made->kind = kind;
	made->target = clang_getNullCursor();
	return made;
}

struct ir_instr *
lower_instr(struct lowering *low, enum ir_instr_kind kind, struct place at)
{
	struct ir_instr *made =
		lower_insert(low, low->current, low->current->block.instr_count, kind);

	made->at = at;
	return made;
}

struct ir_edge *
lower_edge(struct lowering *low, struct draft *from, struct draft *to, enum ir_jump jump,
	struct place at)
{
	struct ir_block *block = &from->block;
	struct ir_edge *edge;

	block->edges = grow(low->region, block->edges, block->edge_count, &from->edge_cap,
		sizeof(*block->edges));
	edge = &block->edges[block->edge_count++];
	edge->to = &to->block;
	edge->jump = jump;
	edge->at = at;
	to->in_count++;
	return edge;
}

void
lower_start(struct lowering *low, struct draft *block)
{
	low->current = block;
}

void
lower_jump(struct lowering *low, struct draft *to, enum ir_jump jump, struct place at)
{
	low->current->block.end = IR_END_JUMP;
	low->current->block.at = at;
	low->current->is_closed = true;
	lower_edge(low, low->current, to, jump, at);
}

/** True for values that are 0 never or always: constants, and addresses of what has one. */
static bool
is_constant(const struct ir_expr *value)
{
	return value->kind == IR_CONST || value->kind == IR_STRING || value->kind == IR_FUNCTION ||
		(value->kind == IR_ADDR && lower_root(value->a) != NULL);
}

void
lower_branch(struct lowering *low, struct ir_expr *value, struct draft *yes, struct draft *no)
{
	struct ir_block *block = &low->current->block;
	struct draft *other;

	while (value->kind == IR_UNARY && value->op == IR_OP_NOT) {
		value = value->a;
		other = yes;
		yes = no;
		no = other;
	}
	if (is_constant(value)) {
		lower_jump(low, value->kind != IR_CONST || value->value != 0 ? yes : no,
			IR_JUMP_FALL, value->at);
		return;
	}
	block->end = IR_END_BRANCH;
	block->at = value->at;
	block->value = value;
	low->current->is_closed = true;
	lower_edge(low, low->current, yes, IR_JUMP_FALL, value->at);
	lower_edge(low, low->current, no, IR_JUMP_FALL, value->at);
}

void
lower_stop(struct lowering *low, enum ir_end end, struct place at)
{
	low->current->block.end = end;
	low->current->block.at = at;
	low->current->is_closed = true;
	lower_start(low, lower_new_block(low));
}

/** True when the block does nothing but lead to another one. */
static bool
only_leads_on(const struct draft *draft)
{
	return draft->block.end == IR_END_JUMP && draft->block.instr_count == 0 &&
		draft->block.edge_count == 1;
}

/**
 * Let an edge skip the blocks that only lead on. Of two jumps in a row that are not plain ones the
 * block between them stays, except that `continue` counts where the loop is closed right behind it.
 */
static void
thread_edge(struct ir_edge *edge)
{
	struct draft *via = draft_of(edge->to);
	struct draft *marked[MAX_HOPS];
	uint32_t marked_count = 0;

	while (only_leads_on(via) && !via->is_threading && marked_count < MAX_HOPS) {
		const struct ir_edge *on = &via->block.edges[0];

		if (on->jump != IR_JUMP_FALL && edge->jump == IR_JUMP_FALL) {
			edge->jump = on->jump;
			edge->at = on->at;
		} else if (on->jump != IR_JUMP_FALL && on->jump != IR_JUMP_LOOP) {
			break;
		}
		via->is_threading = true;
		marked[marked_count++] = via;
		edge->to = on->to;
		via = draft_of(edge->to);
	}
	while (marked_count > 0)
		marked[--marked_count]->is_threading = false;
}

/** A branch both of whose sides are the same reads its value, and goes on. */
static void
join_sides(struct lowering *low, struct draft *draft)
{
	struct ir_block *block = &draft->block;
	struct ir_instr *eval;

	if (block->end != IR_END_BRANCH || block->edges[0].to != block->edges[1].to ||
		block->edges[0].jump != block->edges[1].jump)
		return;
	eval = lower_insert(low, draft, block->instr_count, IR_EVAL);
	eval->at = block->value->at;
	eval->value = block->value;
	block->value = NULL;
	block->end = IR_END_JUMP;
	block->edge_count = 1;
}

/** Mark the blocks that the entry reaches; how many there are. */
static uint32_t
mark_reached(struct lowering *low)
{
	uint32_t block_count = 0;
	uint32_t count = 0;
	struct draft **found;

	for (struct draft *draft = low->first; draft != NULL; draft = draft->next)
		block_count++;
	found = region_alloc(low->region, block_count * sizeof(struct draft *));
	low->first->is_reached = true;
	found[count++] = low->first;
	for (uint32_t i = 0; i < count; i++) {
		const struct ir_block *block = &found[i]->block;

		for (uint32_t j = 0; j < block->edge_count; j++) {
			struct draft *next = draft_of(block->edges[j].to);

			next->pred_count++;
			if (!next->is_reached)
				found[count++] = next;
			next->is_reached = true;
		}
	}
	return count;
}

/** A block on the way of the search, and which of its edges are still to be followed. */
struct step {
	struct draft *draft;
	uint32_t left; /**< Edges, and one more for what follows the loop. */
};

/** What is behind the loop whose beginning the block is; NULL. */
static struct draft *
behind_loop(const struct draft *draft)
{
	struct draft *after = draft->after_loop;

	for (uint32_t i = 0; i < MAX_HOPS && after != NULL && only_leads_on(after); i++)
		after = draft_of(after->block.edges[0].to);
	return after;
}

/**
 * Blocks that are reached, in post-order: shape [count]. What is behind a loop is searched before
 * the loop: else a `break` in it would have it numbered, and the engine look at it, amid the loop.
 */
static struct draft **
post_order(struct lowering *low, uint32_t count)
{
	struct draft **order = region_alloc(low->region, count * sizeof(struct draft *));
	struct step *steps = region_alloc(low->region, count * sizeof(*steps));
	uint32_t ordered = 0;
	uint32_t depth = 0;

	low->first->is_ordered = true;
	steps[depth++] = (struct step){ low->first, low->first->block.edge_count + 1 };
	while (depth > 0) {
		struct step *step = &steps[depth - 1];
		struct draft *next;

		if (step->left == 0) {
			order[ordered++] = step->draft;
			depth--;
			continue;
		}
		/* From the last edge to the first, so that the first side is numbered first. */
		step->left--;
		next = step->left == step->draft->block.edge_count
			? behind_loop(step->draft)
			: draft_of(step->draft->block.edges[step->left].to);
		if (next == NULL || next->is_ordered || !next->is_reached)
			continue;
		next->is_ordered = true;
		steps[depth++] = (struct step){ next, next->block.edge_count + 1 };
	}
	return order;
}

/** Put what always follows a block into it. */
static void
absorb(struct lowering *low, struct draft *draft)
{
	struct ir_block *block = &draft->block;

	while (block->end == IR_END_JUMP && block->edges[0].jump == IR_JUMP_FALL) {
		struct draft *next = draft_of(block->edges[0].to);

		if (next == draft || next == low->first || next->pred_count != 1)
			return;
		for (uint32_t i = 0; i < next->block.instr_count; i++) {
			block->instrs = grow(low->region, block->instrs, block->instr_count,
				&draft->instr_cap, sizeof(*block->instrs));
			block->instrs[block->instr_count++] = next->block.instrs[i];
		}
		block->end = next->block.end;
		block->at = next->block.at;
		block->value = next->block.value;
		block->cases = next->block.cases;
		block->edges = next->block.edges;
		block->edge_count = next->block.edge_count;
		block->is_implicit_return = next->block.is_implicit_return;
		next->is_reached = false;
	}
}

void
lower_finish_graph(struct lowering *low)
{
	struct ir_function *function = low->function;
	struct draft **order;
	uint32_t count;

	if (low->first == NULL)
		return;
	for (struct draft *draft = low->first; draft != NULL; draft = draft->next) {
		for (uint32_t i = 0; i < draft->block.edge_count; i++)
			thread_edge(&draft->block.edges[i]);
		join_sides(low, draft);
	}
	count = mark_reached(low);
	order = post_order(low, count);
	function->blocks = region_alloc(low->region, count * sizeof(struct ir_block *));
	for (uint32_t i = count; i > 0; i--) {
		if (!order[i - 1]->is_reached)
			continue;
		absorb(low, order[i - 1]);
		order[i - 1]->block.idx = function->block_count;
		function->blocks[function->block_count++] = &order[i - 1]->block;
	}
	for (uint32_t i = 0; i < function->block_count; i++) {
		const struct ir_block *block = function->blocks[i];

		for (uint32_t j = 0; j < block->edge_count; j++) {
			if (block->edges[j].to->idx <= block->idx)
				block->edges[j].to->is_loop_head = true;
		}
	}
}
