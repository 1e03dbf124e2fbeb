/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Which values matter: those that a condition, an index or a call asks for, and those that these
 * are made of. A counter of statistics only ever becomes itself; to remember it would keep states
 * apart that are one, and a loop that counts would never come to an end by itself.
 *
 * Members are told apart by name alone. The function that is analysed and those that it calls are
 * looked at; what any other function reads, it reads from memory that the engine does not follow.
 */

#include <string.h>

#include "engine.h"

#define BUCKET_COUNT 64

struct source {
	struct matter_node *node;
	const struct source *next;
};

/* A variable, or all members of a name. */
struct matter_node {
	const struct ir_var *var;
	const char *field;
	bool matters;
	const struct source *sources; /* what its values are made of */
	struct matter_node *next;
};

struct matter {
	struct engine *engine;
	struct matter_node *buckets[BUCKET_COUNT];
	struct pointer_map functions; /* those that were looked at */
	struct matter_node waste;     /* what is read and not used */
};

static uint32_t
bucket_of(const struct ir_var *var, const char *field)
{
	uint64_t hash = (uintptr_t)var >> 4;

	for (; field != NULL && *field != '\0'; field++)
		hash = hash * 31 + (unsigned char)*field;
	return (uint32_t)(hash % BUCKET_COUNT);
}

static struct matter_node *
find_node(const struct matter *matter, const struct ir_var *var, const char *field)
{
	struct matter_node *node = matter->buckets[bucket_of(var, field)];

	while (node != NULL &&
		!(node->var == var &&
			(field == NULL ||
				(node->field != NULL && strcmp(node->field, field) == 0))))
		node = node->next;
	return node;
}

static struct matter_node *
node_for(struct matter *matter, const struct ir_var *var, const char *field)
{
	struct matter_node *node = find_node(matter, var, field);
	uint32_t bucket = bucket_of(var, field);

	if (node != NULL)
		return node;
	node = region_alloc(&matter->engine->region, sizeof(*node));
	node->var = var;
	node->field = field;
	node->next = matter->buckets[bucket];
	matter->buckets[bucket] = node;
	return node;
}

static void
mark(struct matter_node *node)
{
	if (node->matters)
		return;
	node->matters = true;
	for (const struct source *source = node->sources; source != NULL; source = source->next)
		mark(source->node);
}

/* What is read becomes a part of the target; NULL: of what matters. */
static void
flow(struct matter *matter, struct matter_node *from, struct matter_node *target)
{
	struct source *source;

	if (target == NULL || target->matters) {
		mark(from);
		return;
	}
	source = region_alloc(&matter->engine->region, sizeof(*source));
	source->node = from;
	source->next = target->sources;
	target->sources = source;
}

static bool
is_int(const struct ir_type *type)
{
	return type != NULL && type->kind == IR_TYPE_INT;
}

/* The variable or member that an lvalue is, or is an element of; NULL for other memory. */
static struct matter_node *
node_of(struct matter *matter, const struct ir_expr *expr)
{
	while ((expr->kind == IR_INDEX && expr->a->type != NULL &&
		       expr->a->type->kind == IR_TYPE_ARRAY) ||
		expr->kind == IR_CAST)
		expr = expr->a;
	if (expr->kind == IR_FIELD)
		return node_for(matter, NULL, expr->name);
	return expr->kind == IR_VAR ? node_for(matter, expr->var, NULL) : NULL;
}

static void
read_expr(struct matter *matter, const struct ir_expr *expr, struct matter_node *target);

/* Indexes and pointers on the way to an lvalue. */
static void
read_way(struct matter *matter, const struct ir_expr *expr)
{
	if (expr->kind == IR_DEREF) {
		read_expr(matter, expr->a, NULL);
	} else if (expr->kind == IR_FIELD || expr->kind == IR_CAST) {
		read_way(matter, expr->a);
	} else if (expr->kind == IR_INDEX) {
		read_expr(matter, expr->b, NULL);
		if (expr->a->type != NULL && expr->a->type->kind == IR_TYPE_ARRAY) {
			read_way(matter, expr->a);
		} else {
			read_expr(matter, expr->a, NULL);
		}
	} else if (expr->kind != IR_VAR) {
		read_expr(matter, expr, NULL);
	}
}

static void
read_record(struct matter *matter, const struct ir_expr *expr, struct matter_node *target)
{
	for (uint32_t i = 0; i < expr->part_count; i++) {
		bool is_member = expr->kind == IR_RECORD && expr->fields != NULL &&
			expr->fields[i] != NULL && is_int(expr->parts[i]->type);

		read_expr(matter, expr->parts[i],
			is_member                         ? node_for(matter, NULL, expr->fields[i])
				: expr->kind == IR_RECORD ? target
							  : NULL);
	}
}

static void
read_expr(struct matter *matter, const struct ir_expr *expr, struct matter_node *target)
{
	struct matter_node *node;

	switch (expr->kind) {
	case IR_VAR:
	case IR_FIELD:
	case IR_INDEX:
	case IR_DEREF:
		node = node_of(matter, expr);
		if (node != NULL)
			flow(matter, node, target);
		read_way(matter, expr);
		break;
	case IR_ADDR:
		node = node_of(matter, expr->a);
		if (node != NULL)
			mark(node);
		read_way(matter, expr->a);
		break;
	case IR_UNARY:
	case IR_CAST:
		read_expr(matter, expr->a, target);
		break;
	case IR_BINARY:
		read_expr(matter, expr->a, target);
		read_expr(matter, expr->b, target);
		break;
	case IR_RECORD:
	case IR_UNKNOWN:
		read_record(matter, expr, target);
		break;
	case IR_CONST:
	case IR_STRING:
	case IR_FUNCTION:
		break;
	}
}

static void read_function(struct matter *matter, const struct ir_function *function);

/* Numbers behind the format of a printf() are printed. */
static uint32_t
named_count(const struct ir_instr *instr)
{
	CXType type;
	int count;

	if (instr->callee == NULL)
		return instr->arg_count;
	type = clang_getCursorType(instr->target);
	if (clang_isFunctionTypeVariadic(type) == 0)
		return instr->arg_count;
	count = clang_getNumArgTypes(type);
	return count < 0 || (uint32_t)count > instr->arg_count ? instr->arg_count : (uint32_t)count;
}

static void
read_instr(struct matter *matter, const struct ir_instr *instr)
{
	uint32_t named = instr->kind == IR_CALL ? named_count(instr) : instr->arg_count;
	const struct ir_function *callee;

	if (instr->to != NULL) {
		read_way(matter, instr->to);
		/* A member that is written has to be known, for that nobody reads it. */
		(void)node_of(matter, instr->to);
	}
	if (instr->value != NULL) {
		struct matter_node *target = instr->kind == IR_EVAL ? &matter->waste : NULL;

		if (instr->to != NULL && is_int(instr->to->type))
			target = node_of(matter, instr->to);
		read_expr(matter, instr->value, target);
	}
	if (instr->through != NULL)
		read_expr(matter, instr->through, NULL);
	for (uint32_t i = 0; i < instr->arg_count; i++) {
		read_expr(matter, instr->args[i],
			i >= named && is_int(instr->args[i]->type) ? &matter->waste : NULL);
	}
	if (instr->kind != IR_CALL || instr->callee == NULL)
		return;
	callee = ir_function_of(matter->engine->cache, instr->target);
	if (callee != NULL && callee->not_known == NULL)
		read_function(matter, callee);
}

static void
read_function(struct matter *matter, const struct ir_function *function)
{
	if (pointer_map_find(&matter->functions, function) != NULL)
		return;
	pointer_map_set(&matter->functions, &matter->engine->region, function, matter);
	for (uint32_t i = 0; i < function->block_count; i++) {
		const struct ir_block *block = function->blocks[i];

		for (uint32_t k = 0; k < block->instr_count; k++)
			read_instr(matter, &block->instrs[k]);
		if (block->value != NULL)
			read_expr(matter, block->value, NULL);
	}
}

const struct matter *
matter_of(struct engine *engine, const struct ir_function *function)
{
	struct matter *matter = region_alloc(&engine->region, sizeof(*matter));

	matter->engine = engine;
	read_function(matter, function);
	return matter;
}

bool
matter_at(const struct matter *matter, const struct address *at)
{
	uint32_t last = at->step_count;
	const struct matter_node *node = NULL;

	while (last > 0 && at->steps[last - 1].field == NULL)
		last--;
	if (last > 0) {
		node = find_node(matter, NULL, at->steps[last - 1].field);
	} else if (at->root == ROOT_VAR) {
		node = find_node(matter, at->var, NULL);
	}
	return node == NULL || node->matters;
}
