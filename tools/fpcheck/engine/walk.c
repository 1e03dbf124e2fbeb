/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Blocks are run in reverse post-order, so that what comes together is joined before it goes on.
 * A block keeps every state that differs in what became of buffers; of those that differ in numbers
 * alone it keeps a few, then joins.
 */

#include "engine.h"

/* States of one kind that a block keeps apart before it joins their numbers. */
#define MAX_ALIKE              3
/* States of all kinds; one more is joined by force. */
#define MAX_KINDS              120
/* Joins of one state after which bounds that still grow go to the next threshold; are dropped. */
#define JOINS_BEFORE_WIDENING  3
#define JOINS_BEFORE_GIVING_UP 28
/* Nested splits of one instruction. */
#define MAX_SPLITS             6

struct arrival {
	struct state *state;
	uint64_t key;
	uint32_t join_count;
	bool is_pending;
	struct arrival *next;
};

struct table {
	struct arrival *first;
	uint32_t count;
	bool is_pending;
};

struct walk {
	struct engine *engine;
	struct frame frame;
	struct table *tables; /* by block; one more for the way out */
	uint32_t lowest;      /* no block before it has something pending */
	bool returns;         /* there is a way out of the function */
};

/* Where a function leaves its result, so that it takes part in joins. */
static const struct ir_var result_var = { .name = "@result", .kind = IR_VAR_TEMP, .idx = 1U << 30 };

/* Where states of this call's blocks live. */
static struct region *
kept_of(const struct walk *walk)
{
	return &walk->engine->kept[walk->frame.depth];
}

void
states_init(struct states *states)
{
	states->first = NULL;
	states->last = &states->first;
}

void
states_add(struct states *states, struct state *state)
{
	state->next = NULL;
	*states->last = state;
	states->last = &state->next;
}

/*
 * Flags that another thread or a signal handler writes do not keep their value around a loop. The
 * size of a burst, that is configured once, does.
 */
static void
forget_globals(struct state *state)
{
	for (uint32_t i = 0; i < state->cell_count;) {
		const struct cell *cell = state->cells[i];

		if (cell->value.kind == VALUE_NUMBER && cell->at.root == ROOT_VAR &&
			address_is_lasting(&cell->at) &&
			!(cell->at.step_count == 0 && cell->at.var->is_count)) {
			state_remove_cell(state, i);
		} else {
			i++;
		}
	}
}

static bool
is_watched(const struct state *state, uint32_t object)
{
	for (uint32_t i = 0; i < state->cell_count; i++) {
		const struct cell *cell = state->cells[i];

		if (cell->at.root == ROOT_VAR && cell->value.kind == VALUE_VIEW &&
			cell->value.object == object)
			return true;
	}
	return false;
}

/*
 * Around a loop, elements of lasting arrays that are somebody else's buffers, of which nothing
 * happened, are as unknown as the others.
 */
static void
forget_lent(struct state *state)
{
	for (uint32_t i = 0; i < state->cell_count;) {
		const struct cell *cell = state->cells[i];
		bool is_element = address_is_lasting(&cell->at) && cell->at.step_count != 0 &&
			cell->at.steps[cell->at.step_count - 1].field == NULL;

		if (is_element && cell->value.kind == VALUE_OBJECT &&
			(state->objects[cell->value.object].fate &
				~(FATE_BORROWED | FATE_ESCAPED)) == 0 &&
			!state_holds(state, cell->value.object, i) &&
			!is_watched(state, cell->value.object)) {
			state_remove_cell(state, i);
		} else {
			i++;
		}
	}
}

static void
join_into(struct walk *walk, struct table *table, struct arrival *arrival, struct state *state,
	bool is_head)
{
	bool has_changed;
	enum widening widening = WIDEN_NOT;
	struct state *joined;

	if (arrival->join_count >= JOINS_BEFORE_GIVING_UP) {
		widening = WIDEN_AWAY;
	} else if (is_head && arrival->join_count >= JOINS_BEFORE_WIDENING) {
		widening = WIDEN_TO_THRESHOLD;
	}
	joined = state_join(arrival->state, state, widening, &has_changed);

	if (joined == NULL || !has_changed)
		return;
	joined = state_keep(joined, kept_of(walk));
	state_normalize(joined, NULL, NULL);
	arrival->state = joined;
	arrival->key = state_key(joined);
	arrival->join_count++;
	arrival->is_pending = true;
	table->is_pending = true;
	(void)walk;
}

static void
join_by_force(struct walk *walk, struct table *table, struct state *state)
{
	struct arrival *arrival = table->first;
	struct state *joined;

	if (arrival == NULL)
		return;
	joined = state_keep(state_join_by_force(arrival->state, state), kept_of(walk));
	state_normalize(joined, NULL, NULL);
	walk->engine->has_forced = true;
	arrival->join_count++;
	if (arrival->join_count > 40)
		return;
	arrival->state = joined;
	arrival->key = state_key(joined);
	arrival->is_pending = true;
	table->is_pending = true;
}

static void
note_dropped(struct state *state, const struct cell *cell, void *context)
{
	const struct walk *walk = context;

	fate_dropped(walk->engine, &walk->frame, state, cell);
}

static void
arrive(struct walk *walk, uint32_t idx, bool is_head, struct state *state)
{
	struct table *table = &walk->tables[idx];
	struct arrival *last = NULL;
	uint32_t alike = 0;
	uint64_t key;

	region_clear(&walk->engine->scratch);
	if (is_head)
		forget_globals(state);
	if (is_head)
		forget_lent(state);
	state_normalize(state, note_dropped, walk);
	key = state_key(state);
	for (struct arrival *arrival = table->first; arrival != NULL; arrival = arrival->next) {
		bool has_changed;

		if (arrival->key != key)
			continue;
		walk->engine->steps += 2;
		region_clear(&walk->engine->scratch);
		if (state_join(arrival->state, state, WIDEN_NOT, &has_changed) == NULL)
			continue;
		if (!has_changed)
			return;
		last = arrival;
		alike++;
	}
	if (idx < walk->lowest)
		walk->lowest = idx;
	if (alike >= (is_head ? 1 : MAX_ALIKE)) {
		join_into(walk, table, last, state, is_head);
		return;
	}
	if (table->count >= MAX_KINDS) {
		join_by_force(walk, table, state);
		return;
	}
#ifdef FPC_TRACE
	fprintf(stderr, "--- %s block %u kind %u\n", walk->frame.function->name, idx, table->count);
	state_print(stderr, state);
#endif
	state = state_keep(state, kept_of(walk));
	state_normalize(state, NULL, NULL);
	last = region_alloc(kept_of(walk), sizeof(*last));
	last->state = state;
	last->key = key;
	last->is_pending = true;
	last->next = table->first;
	table->first = last;
	table->count++;
	table->is_pending = true;
}

/* Fork on x against y; at most three states. */
static void
split(struct state *state, struct number x, struct number y, struct states *out)
{
	struct state *less = state_copy(state);
	struct state *equal = state_copy(state);
	struct state *more = state_copy(state);

	if (state_assume(less, x, RELATION_LT, y))
		states_add(out, less);
	if (state_assume(equal, x, RELATION_EQ, y))
		states_add(out, equal);
	if (state_assume(more, y, RELATION_LT, x))
		states_add(out, more);
}

static bool
may_split(const struct state *state)
{
	for (uint32_t i = 0; i < state->cell_count; i++) {
		const struct cell *cell = state->cells[i];

		if (cell->value.kind != VALUE_OBJECT && cell->value.kind != VALUE_VIEW)
			continue;
		for (uint32_t k = 0; k < cell->at.step_count; k++) {
			if (cell->at.steps[k].field == NULL)
				return true;
		}
	}
	return false;
}

/*
 * A variable's buffer that is gone is put among those that somebody will take out of an array. Of
 * members see fate_kept(); elements that are moved within their array are no use.
 */
static void
check_placed(struct walk *walk, struct state *state, const struct ir_instr *instr,
	const struct value *value)
{
	const struct ir_expr *from = instr->value;
	struct address at;

	while (from->kind == IR_CAST)
		from = from->a;
	if (value->kind != VALUE_OBJECT || from->kind != IR_VAR ||
		!engine_locate(walk->engine, &walk->frame, state, instr->to, &at) ||
		!address_is_lasting(&at) || at.step_count == 0 ||
		at.steps[at.step_count - 1].field != NULL)
		return;
	fate_use(walk->engine, &walk->frame, state, value, instr->at,
		diagnose_name(walk->engine, from));
}

/* The number that the split is on may be one that only the aborted evaluation made up. */
static bool
knows_split(const struct engine *engine, const struct state *state)
{
	return engine->split_x.sym < state->facts->sym_count &&
		engine->split_y.sym < state->facts->sym_count;
}

static void
run_assign(struct walk *walk, struct state *state, const struct ir_instr *instr, struct states *out)
{
	struct engine *engine = walk->engine;
	bool is_record = instr->to->type != NULL &&
		(instr->to->type->kind == IR_TYPE_RECORD || instr->value->kind == IR_RECORD);

	if (!is_record && instr->to->kind != IR_VAR) {
		struct value value = engine_eval(engine, &walk->frame, state, instr->value);

		if (!engine->needs_split) {
			check_placed(walk, state, instr, &value);
			engine_set_result(
				engine, &walk->frame, state, instr->to, value, instr->at, out);
		}
		return;
	}
	engine_assign(engine, &walk->frame, state, instr->to, instr->value, instr->at);
	states_add(out, state);
}

static void
havoc(struct walk *walk, struct state *state, const struct ir_instr *instr)
{
	for (uint32_t i = 0; i < instr->arg_count; i++) {
		struct address at;
		struct value value = engine_eval(walk->engine, &walk->frame, state, instr->args[i]);

		fate_escape(state, &value);
		if (engine_locate(walk->engine, &walk->frame, state, instr->args[i], &at) &&
			value.kind == VALUE_NUMBER)
			state_forget(state, &at);
	}
}

/* An explicit jump out of the block, or a return: a variable that ends is lost there. */
static bool
leaves_by_jump(const struct ir_block *block, struct place *at)
{
	if (block->end == IR_END_RETURN && !block->is_implicit_return) {
		*at = block->at;
		return true;
	}
	if (block->end == IR_END_JUMP && block->edges[0].jump != IR_JUMP_FALL &&
		block->edges[0].jump != IR_JUMP_LOOP) {
		*at = block->edges[0].at;
		return true;
	}
	return false;
}

static void
run_instr(struct walk *walk, const struct ir_block *block, struct state *state,
	const struct ir_instr *instr, struct states *out)
{
	struct engine *engine = walk->engine;
	struct place at = instr->at;
	struct address address;
	bool is_jump;

	switch (instr->kind) {
	case IR_ASSIGN:
		run_assign(walk, state, instr, out);
		return;
	case IR_CALL:
		engine_call(engine, &walk->frame, state, instr, out);
		return;
	case IR_EVAL:
		(void)engine_eval(engine, &walk->frame, state, instr->value);
		break;
	case IR_DECL:
		address = address_of_var(instr->var, walk->frame.depth);
		if (instr->var->kind != IR_VAR_STATIC && instr->var->kind != IR_VAR_GLOBAL)
			state_forget(state, &address);
		break;
	case IR_END:
		is_jump = leaves_by_jump(block, &at);
		fate_end_var(engine, &walk->frame, state, instr->var, at, is_jump);
		break;
	case IR_HAVOC:
		havoc(walk, state, instr);
		break;
	}
	states_add(out, state);
}

static void
step(struct walk *walk, const struct ir_block *block, struct state *state,
	const struct ir_instr *instr, struct states *out, uint32_t depth)
{
	struct engine *engine = walk->engine;
	struct states results;
	struct states parts;
	struct state *work = may_split(state) ? state_copy(state) : state;

	engine->steps++;
	engine->needs_split = false;
	states_init(&results);
	run_instr(walk, block, work, instr, &results);
	if (!engine->needs_split || depth >= MAX_SPLITS || !knows_split(engine, state)) {
		engine->needs_split = false;
		if (results.first != NULL) {
			*out->last = results.first;
			out->last = results.last;
		}
		return;
	}
	states_init(&parts);
	split(state, engine->split_x, engine->split_y, &parts);
	engine->needs_split = false;
	for (struct state *part = parts.first, *next; part != NULL; part = next) {
		next = part->next;
		step(walk, block, part, instr, out, depth + 1);
	}
}

static bool
has_pointer_to(const struct state *state, const struct ir_var *var, uint32_t depth)
{
	for (uint32_t i = 0; i < state->cell_count; i++) {
		const struct value *value = &state->cells[i]->value;

		if (value->kind == VALUE_ADDRESS && value->address->root == ROOT_VAR &&
			value->address->var == var && value->address->depth == depth)
			return true;
	}
	return false;
}

/*
 * A part of an array or struct that nobody reads before it is written as a whole. What the path
 * owns stays: it is lost where it is overwritten.
 */
static bool
is_stale_part(const struct state *state, const struct cell *cell)
{
	return cell->at.step_count != 0 &&
		(cell->value.kind != VALUE_OBJECT ||
			(state->objects[cell->value.object].fate & FATE_OWNED) == 0) &&
		!has_pointer_to(state, cell->at.var, cell->at.depth);
}

/* Whether the cell is of a variable of this call that the target does not read. */
static bool
is_dead_cell(const struct walk *walk, const struct ir_edge *edge, const struct cell *cell)
{
	return cell->at.root == ROOT_VAR && cell->at.depth == walk->frame.depth &&
		!address_is_lasting(&cell->at) &&
		cell->at.var->idx < walk->frame.function->var_count &&
		!live_at(walk->frame.live, edge->to, cell->at.var);
}

/* Lost where it is overwritten, unless a jump leads here, or the round ends with a refusal. */
static bool
is_lost_later(const struct ir_edge *edge, const struct object *object)
{
	return object->fate == FATE_OWNED &&
		(edge->jump == IR_JUMP_FALL ||
			(edge->jump == IR_JUMP_LOOP && object->blame.line == 0));
}

/* Variables that the target does not read: what they hold goes. */
static void
end_dead_vars(struct walk *walk, struct state *state, const struct ir_edge *edge)
{
	bool is_jump = edge->jump == IR_JUMP_CONTINUE || edge->jump == IR_JUMP_BREAK ||
		edge->jump == IR_JUMP_GOTO;

	for (uint32_t i = 0; i < state->cell_count;) {
		const struct cell *cell = state->cells[i];
		const struct object *object = cell->value.kind == VALUE_OBJECT
			? &state->objects[cell->value.object]
			: NULL;
		bool is_dead = is_dead_cell(walk, edge, cell);

		if (is_dead && is_stale_part(state, cell)) {
			state_remove_cell(state, i);
		} else if (!is_dead || cell->at.step_count != 0 ||
			(object == NULL && cell->at.var->is_address_taken) ||
			(object != NULL && is_lost_later(edge, object) &&
				!state_holds(state, cell->value.object, i))) {
			i++;
		} else {
			fate_end_var(
				walk->engine, &walk->frame, state, cell->at.var, edge->at, is_jump);
		}
	}
}

static void
go(struct walk *walk, const struct ir_edge *edge, struct state *state)
{
	if (edge->jump != IR_JUMP_FALL && edge->jump != IR_JUMP_LOOP)
		fate_jump(state, edge->jump, edge->at);
	end_dead_vars(walk, state, edge);
	if (!walk->returns && walk->frame.caller == NULL && edge->to->is_loop_head &&
		(edge->jump == IR_JUMP_LOOP || edge->jump == IR_JUMP_CONTINUE))
		fate_kept(walk->engine, &walk->frame, state);
	if (edge->to->is_loop_head) {
		for (uint32_t i = 1; i < state->object_count; i++)
			state->objects[i].is_touched = false;
	}
	arrive(walk, edge->to->idx, edge->to->is_loop_head, state);
}

static void
leave(struct walk *walk, const struct ir_block *block, struct state *state)
{
	struct engine *engine = walk->engine;
	const struct ir_function *function = walk->frame.function;
	struct value value = value_unknown();
	struct address at = address_of_var(&result_var, walk->frame.depth);
	struct place place = block->at;
	bool is_jump = leaves_by_jump(block, &place);
	struct address record;

	if (block->value != NULL) {
		value = engine_eval(engine, &walk->frame, state, block->value);
		if (value.kind == VALUE_OBJECT) {
			fate_use(engine, &walk->frame, state, &value, block->at,
				diagnose_name(engine, block->value));
		}
		if (block->value->type != NULL && block->value->type->kind == IR_TYPE_RECORD &&
			engine_locate(engine, &walk->frame, state, block->value, &record)) {
			for (uint32_t i = 0; i < state->cell_count; i++) {
				if (address_covers(state, &record, &state->cells[i]->at))
					fate_escape(state, &state->cells[i]->value);
			}
		}
		if (value.kind == VALUE_VIEW && !value.is_number &&
			(state->objects[value.object].fate & ~FATE_DEAD) == 0) {
			diagnose(engine, &walk->frame, state, RULE_R_04_01, "returned-view",
				block->at, value.object,
				"a pointer into a buffer that is gone is returned");
			value = value_unknown();
		}
		if (walk->frame.caller == NULL)
			fate_return(engine, &walk->frame, state, &value, block->at);
		state_set(state, &at, value, block->at);
	}
	for (uint32_t i = 1; i < state->object_count; i++)
		state->objects[i].left = place;
	for (uint32_t i = 0; i < function->var_count; i++)
		fate_end_var(engine, &walk->frame, state, function->vars[i], place, is_jump);
	if (walk->frame.caller == NULL) {
		fate_end(engine, &walk->frame, state, &value, block);
		prefix_end_filled(engine, &walk->frame, state, &value, block);
		prefix_end(engine, &walk->frame, state, &value, block);
	} else {
		arrive(walk, function->block_count, false, state);
	}
}

static void
run_switch(struct walk *walk, const struct ir_block *block, struct state *state)
{
	struct value value = engine_eval(walk->engine, &walk->frame, state, block->value);
	struct number number = engine_number(state, &value, block->value->type);
	bool is_possible = true;

	for (uint32_t i = 0; i + 1 < block->edge_count; i++) {
		struct state *side = state_copy(state);
		struct number low = number_constant(block->cases[i].low);
		struct number high = number_constant(block->cases[i].high);

		if (state_assume(side, low, RELATION_LE, number) &&
			state_assume(side, number, RELATION_LE, high))
			go(walk, &block->edges[i], side);
		if (is_possible && block->cases[i].low == block->cases[i].high)
			is_possible = state_assume(state, number, RELATION_NE, low);
	}
	if (is_possible)
		go(walk, &block->edges[block->edge_count - 1], state);
}

static void
run_branch(struct walk *walk, const struct ir_block *block, struct state *state, uint32_t depth)
{
	struct engine *engine = walk->engine;
	struct states parts;

	for (uint32_t side = 0; side < 2; side++) {
		struct state *taken = state_copy(state);
		bool is_possible;

		engine->needs_split = false;
		is_possible = engine_assume(engine, &walk->frame, taken, block->value, side == 0);
		if (engine->needs_split && depth < MAX_SPLITS && knows_split(engine, state))
			break;
		engine->needs_split = false;
		if (is_possible)
			go(walk, &block->edges[side], taken);
	}
	if (!engine->needs_split)
		return;
	states_init(&parts);
	split(state, engine->split_x, engine->split_y, &parts);
	engine->needs_split = false;
	for (struct state *part = parts.first, *next; part != NULL; part = next) {
		next = part->next;
		run_branch(walk, block, part, depth + 1);
	}
}

static void
run_end(struct walk *walk, const struct ir_block *block, struct state *state)
{
	walk->engine->needs_split = false;
	switch (block->end) {
	case IR_END_JUMP:
		go(walk, &block->edges[0], state);
		break;
	case IR_END_BRANCH:
		run_branch(walk, block, state, 0);
		break;
	case IR_END_SWITCH:
		run_switch(walk, block, state);
		break;
	case IR_END_RETURN:
		leave(walk, block, state);
		break;
	case IR_END_STOP:
		break;
	}
	walk->engine->needs_split = false;
}

/* States behind one instruction that a block keeps apart: from there on they are joined. */
#define MAX_BEHIND_CALL 6

/* The state is in the list already, or becomes a part of one that is. */
static bool
is_merged(struct walk *walk, struct states *list, struct state *state, uint64_t key)
{
	uint32_t alike = 0;

	for (struct state **at = &list->first; *at != NULL; at = &(*at)->next) {
		struct state *joined;
		bool has_changed;

		if (state_key(*at) != key)
			continue;
		region_clear(&walk->engine->scratch);
		joined = state_join(*at, state, WIDEN_NOT, &has_changed);
		if (joined == NULL)
			continue;
		if (!has_changed)
			return true;
		alike++;
		if (alike < MAX_ALIKE)
			continue;
		joined = state_keep(joined, state->region);
		state_normalize(joined, NULL, NULL);
		joined->next = (*at)->next;
		if (list->last == &(*at)->next)
			list->last = &joined->next;
		*at = joined;
		return true;
	}
	return false;
}

/*
 * Four calls in a row with three results each are 81 states at the block's end, of which most are
 * one: those that differ in numbers alone are joined on the way, as they would be at the end.
 */
static void
merge_alike(struct walk *walk, struct states *states)
{
	struct states merged;
	uint32_t count = 0;

	for (const struct state *state = states->first; state != NULL; state = state->next)
		count++;
	if (count <= MAX_BEHIND_CALL)
		return;
	states_init(&merged);
	for (struct state *state = states->first, *after; state != NULL; state = after) {
		after = state->next;
		region_clear(&walk->engine->scratch);
		state_normalize(state, note_dropped, walk);
		walk->engine->steps++;
		if (!is_merged(walk, &merged, state, state_key(state)))
			states_add(&merged, state);
	}
	*states = merged;
}

static void
run_block(struct walk *walk, const struct ir_block *block, struct state *state)
{
	struct states now;

	walk->frame.is_in_loop = live_is_in_loop(walk->frame.live, block) ||
		(walk->frame.caller != NULL && walk->frame.caller->is_in_loop);
	states_init(&now);
	states_add(&now, state);
	for (uint32_t i = 0; i < block->instr_count; i++) {
		struct states next;

		states_init(&next);
		for (struct state *one = now.first, *after; one != NULL; one = after) {
			after = one->next;
			step(walk, block, one, &block->instrs[i], &next, 0);
		}
		now = next;
		if (next.first == NULL)
			return;
		merge_alike(walk, &now);
	}
	for (struct state *one = now.first, *after; one != NULL; one = after) {
		after = one->next;
		run_end(walk, block, one);
	}
}

static bool
is_exhausted(struct engine *engine)
{
	if (engine->steps > engine->unit->settings->budget_steps)
		engine->is_out_of_steps = true;
	return engine->is_out_of_steps;
}

static struct leaving *
leavings_of(struct walk *walk)
{
	struct leaving *first = NULL;
	struct address at = address_of_var(&result_var, walk->frame.depth);
	struct arrival *arrival = walk->tables[walk->frame.function->block_count].first;

	if (walk->frame.depth == 0)
		return NULL;
	for (; arrival != NULL; arrival = arrival->next) {
		struct region *region = &walk->engine->passing[walk->frame.depth - 1];
		struct leaving *leaving = region_alloc(region, sizeof(*leaving));
		const struct cell *cell;

		leaving->state = state_keep(arrival->state, region);
		state_normalize(leaving->state, NULL, NULL);
		cell = state_cell(leaving->state, &at);
		leaving->value = cell != NULL ? cell->value : value_unknown();
		state_forget(leaving->state, &at);
		leaving->next = first;
		first = leaving;
	}
	return first;
}

struct leaving *
engine_walk(struct engine *engine, const struct frame *frame, struct state *entry)
{
	const struct ir_function *function = frame->function;
	struct walk walk = { .engine = engine, .frame = *frame };

	region_clear(kept_of(&walk));
	walk.tables =
		region_alloc(kept_of(&walk), (function->block_count + 1) * sizeof(*walk.tables));
	for (uint32_t i = 0; i < function->block_count; i++)
		walk.returns = walk.returns || function->blocks[i]->end == IR_END_RETURN;
	arrive(&walk, 0, function->blocks[0]->is_loop_head, entry);
	for (uint32_t i = 0; i < function->block_count && !is_exhausted(engine);) {
		struct table *table = &walk.tables[i];
		struct arrival *arrival = table->first;

		while (arrival != NULL && !arrival->is_pending)
			arrival = arrival->next;
		if (arrival == NULL) {
			table->is_pending = false;
			i++;
			continue;
		}
		arrival->is_pending = false;
		walk.lowest = i;
		region_clear(&engine->passing[frame->depth]);
		run_block(&walk, function->blocks[i],
			state_copy_to(arrival->state, &engine->passing[frame->depth]));
		i = walk.lowest;
	}
	return leavings_of(&walk);
}
