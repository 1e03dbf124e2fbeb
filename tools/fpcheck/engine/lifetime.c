/* SPDX-License-Identifier: BSD-3-Clause */

#include <string.h>

#include "engine.h"

static bool
points_to(const struct ir_type *type, enum contract_type meaning)
{
	return type != NULL && type->kind == IR_TYPE_POINTER && type->to != NULL &&
		type->to->kind == IR_TYPE_RECORD && type->to->meaning == meaning;
}

static bool
is_record_of(const struct ir_type *type, enum contract_type meaning)
{
	return type != NULL && type->kind == IR_TYPE_RECORD && type->meaning == meaning;
}

/* A pointer into data, as a view is: not to a pointer, nor to what the tables give a meaning. */
static bool
points_to_bytes(const struct ir_type *type)
{
	const struct ir_type *to = type->kind == IR_TYPE_POINTER ? type->to : NULL;

	return to != NULL && to->kind != IR_TYPE_POINTER && to->kind != IR_TYPE_FUNCTION &&
		(to->kind != IR_TYPE_RECORD || to->meaning == CONTRACT_TYPE_PLAIN);
}

/* A buffer that the caller hands in. */
static uint32_t
lend(struct state *state, const struct ir_var *param)
{
	uint32_t object = state_new_object(state, FATE_BORROWED, param->name);

	state->objects[object].may_be_null = param->type->kind == IR_TYPE_POINTER;
	state->objects[object].is_scoped = (param->notes & IR_NOTE_SCOPED) != 0;
	state->objects[object].is_argument = true;
	if ((param->notes & IR_NOTE_TAKES) != 0) {
		state->objects[object].fate = FATE_OWNED;
		state->objects[object].must_release = true;
		state_event(state, object, EVENT_GRANTED, param->at, NULL);
	}
	return object;
}

/* x < var, or var > x, somewhere below. */
static bool
is_compared(const struct ir_expr *expr, const struct ir_var *var)
{
	const struct ir_expr *limit;
	const struct ir_expr *other;

	if (expr == NULL)
		return false;
	if (expr->kind == IR_BINARY && (expr->op == IR_OP_LT || expr->op == IR_OP_GT)) {
		limit = expr->op == IR_OP_LT ? expr->b : expr->a;
		other = expr->op == IR_OP_LT ? expr->a : expr->b;
		if (limit->kind == IR_VAR && limit->var == var && other->kind == IR_VAR)
			return true;
	}
	return is_compared(expr->a, var) || is_compared(expr->b, var);
}

/* A parameter that loops count up to is taken for a count, whatever the sign of its type. */
static bool
is_limit(const struct ir_function *function, const struct ir_var *param)
{
	for (uint32_t i = 0; i < function->block_count; i++) {
		if (function->blocks[i]->end == IR_END_BRANCH &&
			is_compared(function->blocks[i]->value, param))
			return true;
	}
	return false;
}

static void
begin_param(struct state *state, const struct ir_function *function, const struct ir_var *param,
	uint32_t depth)
{
	struct address at = address_of_var(param, depth);
	struct value value;
	struct address pointee;
	uint32_t object;

	if (points_to(param->type, CONTRACT_TYPE_BUFFER) ||
		is_record_of(param->type, CONTRACT_TYPE_LEASE)) {
		object = lend(state, param);
		state_set(state, &at, value_object(object), param->at);
		return;
	}
	if (is_record_of(param->type, CONTRACT_TYPE_VIEW) ||
		is_record_of(param->type, CONTRACT_TYPE_CURSOR)) {
		object = state_new_object(state, FATE_BORROWED, param->name);
		state->objects[object].is_view_only = true;
		state->objects[object].is_scoped = (param->notes & IR_NOTE_SCOPED) != 0;
		state_set(state, &at, value_view(object), param->at);
		return;
	}
	if ((param->notes & IR_NOTE_SCOPED) != 0 && points_to_bytes(param->type)) {
		object = state_new_object(state, FATE_BORROWED, param->name);
		state->objects[object].may_be_null = true;
		state->objects[object].is_view_only = true;
		state->objects[object].is_scoped = true;
		state_set(state, &at, value_view(object), param->at);
		return;
	}
	if (param->type->kind != IR_TYPE_POINTER && param->type->kind != IR_TYPE_INT)
		return;
	value = value_number(state_new_symbol(state));
	if (param->type->kind == IR_TYPE_POINTER || !param->type->is_signed ||
		is_limit(function, param))
		(void)state_assume(state, number_constant(0), RELATION_LE, value.number);
	state_set(state, &at, value, param->at);
	if (points_to(param->type, CONTRACT_TYPE_LEASE) &&
		engine_pointee(state, &value, &pointee)) {
		object = lend(state, param);
		state_set(state, &pointee, value_object(object), param->at);
	}
}

/*
 * uint16_t f(void *queue, struct rte_mbuf **pkts, uint16_t n) is what ethdev calls to send (or to
 * receive, where nothing of the array is given up): without annotation, the result counts what was
 * taken.
 */
static bool
is_port_function(const struct ir_function *function)
{
	const struct ir_type *queue;
	const struct ir_type *count;

	if (function->param_count != 3 || function->result->kind != IR_TYPE_INT ||
		function->result->bytes != sizeof(uint16_t))
		return false;
	queue = function->params[0]->type;
	count = function->params[2]->type;
	return queue->kind == IR_TYPE_POINTER && queue->to != NULL &&
		queue->to->kind == IR_TYPE_VOID && count->kind == IR_TYPE_INT &&
		count->bytes == sizeof(uint16_t);
}

/* The array of buffers that a function takes the first of, and the parameter that counts it. */
static void
begin_prefix(struct state *state, const struct ir_function *function)
{
	for (uint32_t i = 0; i + 1 < function->param_count; i++) {
		const struct ir_var *param = function->params[i];
		const struct ir_type *type = param->type;

		if (((param->notes & IR_NOTE_CONSUMES_PREFIX) != 0 ||
			    (i == 1 && is_port_function(function))) &&
			type->kind == IR_TYPE_POINTER &&
			points_to(type->to, CONTRACT_TYPE_BUFFER) &&
			function->params[i + 1]->type->kind == IR_TYPE_INT)
			prefix_begin(state, param, function->params[i + 1]);
	}
}

/* A function that returns a count: an unsigned number, which is not always a constant. */
static bool
returns_count(const struct ir_function *function)
{
	if (function->result->kind != IR_TYPE_INT || function->result->is_signed ||
		function->result->bytes < sizeof(uint16_t))
		return false;
	for (uint32_t i = 0; i < function->block_count; i++) {
		const struct ir_block *block = function->blocks[i];

		if (block->end == IR_END_RETURN && block->value != NULL &&
			block->value->kind != IR_CONST)
			return true;
	}
	return false;
}

/* uint16_t f(..., struct rte_mbuf **pkts, uint16_t count): what it puts there, it counts. */
static void
begin_filled(struct state *state, const struct ir_function *function)
{
	for (uint32_t i = 0; i + 1 < function->param_count && returns_count(function); i++) {
		const struct ir_type *type = function->params[i]->type;

		if (type->kind == IR_TYPE_POINTER && points_to(type->to, CONTRACT_TYPE_BUFFER) &&
			function->params[i + 1]->type->kind == IR_TYPE_INT) {
			prefix_begin_filled(state, function->params[i]);
			return;
		}
	}
}

#define MAX_THRESHOLDS 40

static void
add_threshold(int64_t *values, uint32_t *count, int64_t value)
{
	uint32_t at = *count;

	for (uint32_t i = 0; i < *count; i++) {
		if (values[i] == value)
			return;
	}
	if (*count == MAX_THRESHOLDS)
		return;
	while (at > 0 && values[at - 1] > value) {
		values[at] = values[at - 1];
		at--;
	}
	values[at] = value;
	(*count)++;
}

static void
collect_thresholds(const struct ir_expr *expr, int64_t *values, uint32_t *count)
{
	if (expr == NULL)
		return;
	if (expr->kind == IR_CONST && expr->value > 1 && expr->value < 65536) {
		add_threshold(values, count, expr->value - 1);
		add_threshold(values, count, expr->value);
	}
	collect_thresholds(expr->a, values, count);
	collect_thresholds(expr->b, values, count);
}

/* Sizes of bursts and ends of loops, as the function itself writes them. */
static struct thresholds
thresholds_of(struct engine *engine, const struct ir_function *function)
{
	int64_t *values = region_alloc(&engine->region, MAX_THRESHOLDS * sizeof(*values));
	struct thresholds thresholds = { .values = values };

	for (int64_t i = -1; i <= 1; i++)
		add_threshold(values, &thresholds.count, i);
	for (uint32_t i = 0; i < function->block_count; i++) {
		const struct ir_block *block = function->blocks[i];

		collect_thresholds(block->value, values, &thresholds.count);
		for (uint32_t k = 0; k < block->instr_count; k++) {
			const struct ir_instr *instr = &block->instrs[k];

			for (uint32_t a = 0; instr->kind == IR_CALL && a < instr->arg_count; a++)
				collect_thresholds(instr->args[a], values, &thresholds.count);
		}
	}
	return thresholds;
}

/* The buffer that a function gets, when it is one, and no annotation says whose it is; NULL. */
static const struct ir_var *
handed_buffer(const struct ir_function *function)
{
	const struct ir_var *buffer = NULL;

	for (uint32_t i = 0; i < function->param_count; i++) {
		const struct ir_var *param = function->params[i];

		if (param->notes != 0)
			return NULL;
		if (!points_to(param->type, CONTRACT_TYPE_BUFFER))
			continue;
		if (buffer != NULL || param->type->to->is_const)
			return NULL;
		buffer = param;
	}
	return buffer;
}

/* Once more, as if the function had been handed its buffer for good. */
static void
check_duty(struct engine *engine, const struct ir_function *function, const struct frame *root)
{
	const struct ir_var *buffer = handed_buffer(function);
	struct value *args;
	struct state *entry;

	if (buffer == NULL || engine->is_out_of_steps || engine->has_forced ||
		!duty_may_be(engine, function, buffer))
		return;
	entry = state_create(&engine->region, &engine->scratch, &engine->region);
	entry->thresholds = thresholds_of(engine, function);
	args = region_alloc(&engine->region, function->param_count * sizeof(*args));
	for (uint32_t i = 0; i < function->param_count; i++) {
		struct address at = address_of_var(function->params[i], 1);
		const struct cell *cell;

		begin_param(entry, function, function->params[i], 1);
		cell = state_cell(entry, &at);
		if (cell != NULL)
			args[i] = cell->value;
		if (function->params[i] == buffer)
			entry->objects[args[i].object].fate = FATE_OWNED;
	}
	duty_check(engine, function, root, entry, args);
	engine->is_out_of_steps = false;
	engine->has_forced = false;
}

static void
free_regions(struct engine *engine)
{
	region_fini(&engine->region);
	region_fini(&engine->scratch);
	for (uint32_t i = 0; i <= ENGINE_MAX_DEPTH; i++) {
		region_fini(&engine->kept[i]);
		region_fini(&engine->passing[i]);
	}
}

/* All that the last function left behind goes, wherever it stopped. */
static void
begin_function(struct engine *engine)
{
	engine->steps = 0;
	engine->is_out_of_steps = false;
	engine->is_out_of_memory = false;
	engine->has_forced = false;
	engine->needs_split = false;
	engine->is_silent = false;
	engine->lives = NULL;
	free_regions(engine);
	memset(&engine->names, 0, sizeof(engine->names));
	memset(&engine->derived, 0, sizeof(engine->derived));
	memset(&engine->meant, 0, sizeof(engine->meant));
}

static void
walk_function(struct engine *engine, const struct ir_function *function)
{
	struct frame frame = { .function = function };
	struct state *entry;

	frame.live = live_of(engine, function);
	engine->matter = matter_of(engine, function);
	entry = state_create(&engine->region, &engine->scratch, &engine->region);
	entry->thresholds = thresholds_of(engine, function);
	for (uint32_t i = 0; i < function->param_count; i++)
		begin_param(entry, function, function->params[i], 0);
	begin_prefix(entry, function);
	begin_filled(entry, function);
	(void)engine_walk(engine, &frame, entry);
	diagnose_flush(engine);
	check_duty(engine, function, &frame);
	diagnose_flush(engine);
}

static void
analyse(struct engine *engine, const struct ir_function *function)
{
	begin_function(engine);
	if (setjmp(engine->budget.out) == 0) {
		walk_function(engine, function);
	} else {
		engine->is_out_of_memory = true;
	}
}

static void
check_function(struct unit *unit, CXCursor cursor, void *context)
{
	struct engine *engine = context;
	const struct ir_function *function = ir_function_of(engine->cache, cursor);

	if (function == NULL)
		return;
	if (function->not_known != NULL) {
		unit_skip(unit, cursor, UNIT_SKIP_CONSTRUCT, function->not_known);
		return;
	}
	if (!engine_concerns(engine, function)) {
		unit->analysed++;
		return;
	}
	analyse(engine, function);
	if (engine->is_out_of_memory) {
		unit_skip(unit, cursor, UNIT_SKIP_MEMORY, NULL);
	} else if (engine->is_out_of_steps) {
		unit_skip(unit, cursor, UNIT_SKIP_STEPS, NULL);
	} else if (engine->has_forced) {
		unit_skip(unit, cursor, UNIT_SKIP_STATES, NULL);
	} else {
		unit->analysed++;
	}
}

void
lifetime_check(struct unit *unit)
{
	struct engine engine = { .unit = unit, .cache = ir_cache_create(unit) };

	engine.budget.limit_bytes = (size_t)unit->settings->budget_mib << 20;
	region_init(&engine.scratch, &engine.budget);
	region_init(&engine.region, &engine.budget);
	for (uint32_t i = 0; i <= ENGINE_MAX_DEPTH; i++) {
		region_init(&engine.kept[i], &engine.budget);
		region_init(&engine.passing[i], &engine.budget);
	}
	unit_each_function(unit, check_function, &engine);
	free_regions(&engine);
}
