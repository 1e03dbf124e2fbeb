/* SPDX-License-Identifier: BSD-3-Clause */

#include <string.h>

#include "engine.h"

static bool
is_surely(const struct object *object, uint32_t fates)
{
	return object->fate != 0 && (object->fate & ~fates) == 0;
}

static void
settle(struct object *object)
{
	/* One finding per buffer and path: what follows from it is no news. */
	object->fate = FATE_ESCAPED;
	object->references = 0;
	object->kept.line = 0;
	object->is_shared = false;
	object->is_shared_widely = false;
}

static bool
is_sent(const struct object *object)
{
	return (object->fate & FATE_FREED) == 0;
}

static void
mark_views(struct state *state, uint32_t id, bool is_stale)
{
	for (uint32_t i = 0; i < state->cell_count; i++) {
		const struct cell *old = state->cells[i];
		struct cell *cell;

		if (old->value.kind != VALUE_VIEW || old->value.object != id)
			continue;
		cell = region_alloc(state->region, sizeof(*cell));
		*cell = *old;
		cell->value.is_stale = is_stale;
		state->cells[i] = cell;
	}
}

/* One finding per move and pointer: whoever mends one use of it looks at the others. */
static bool
is_move_told(struct engine *engine, const struct frame *frame, const struct object *object,
	const char *name)
{
	const struct event *event = object->trail;
	struct told_move *told;

	while (event != NULL && event->kind != EVENT_MOVED)
		event = event->before;
	if (event == NULL)
		return false;
	for (const struct told_move *old = engine->told_moves; old != NULL; old = old->next) {
		if (old->function == frame->function && old->at.line == event->at.line &&
			old->at.column == event->at.column &&
			strcmp(old->at.file, event->at.file) == 0 && strcmp(old->name, name) == 0)
			return true;
	}
	told = region_alloc(&engine->unit->region, sizeof(*told));
	told->at = event->at;
	told->function = frame->function;
	told->name = region_text(&engine->unit->region, name, strlen(name));
	told->next = engine->told_moves;
	engine->told_moves = told;
	return false;
}

void
fate_use(struct engine *engine, const struct frame *frame, struct state *state,
	const struct value *value, struct place at, const char *name)
{
	struct object *object;

	if (engine->needs_split || (value->kind != VALUE_OBJECT && value->kind != VALUE_VIEW) ||
		value->is_number)
		return;
	object = &state->objects[value->object];
	object->is_touched = true;
	if (is_surely(object, FATE_DEAD)) {
		bool sent = is_sent(object);

		diagnose(engine, frame, state, RULE_R_04_01,
			sent ? "use-after-send" : "use-after-free", at, value->object,
			"'%s' is used after its buffer was %s", name,
			sent ? "given away" : "freed");
		settle(object);
	} else if (value->kind == VALUE_VIEW && value->is_stale) {
		if (!is_move_told(engine, frame, object, name)) {
			diagnose(engine, frame, state, RULE_R_04_01, "stale-view", at,
				value->object,
				"'%s' points to where the data was before the buffer changed",
				name);
		}
		settle(object);
		mark_views(state, value->object, false);
	}
}

void
fate_write(struct engine *engine, const struct frame *frame, struct state *state, uint32_t id,
	struct place at, const char *name)
{
	struct object *object = &state->objects[id];

	if (engine->needs_split || !object->is_shared || is_surely(object, FATE_DEAD))
		return;
	diagnose(engine, frame, state, RULE_R_04_01, "shared-write", at, id,
		"'%s' is written to while its data is shared with another holder", name);
	object->is_shared = false;
}

/* The segments of a chain are gone with it. */
static void
end_joined(struct state *state, uint32_t id, struct place at, const char *by)
{
	const struct object *head = &state->objects[id];

	for (uint32_t i = 1; i < state->object_count; i++) {
		if (state->objects[i].parent != id || state->objects[i].fate != FATE_JOINED)
			continue;
		state->objects[i].fate = head->fate;
		state_event(state, i, head->fate == FATE_SENT ? EVENT_SENT : EVENT_FREED, at, by);
		end_joined(state, i, at, by);
	}
}

/* The segment that `next` of a buffer leads to; 0. */
static uint32_t
next_of(const struct state *state, uint32_t id)
{
	struct address next = address_of_root(ROOT_OBJECT, id);
	const struct cell *cell;

	(void)address_add_field(&next, "next");
	cell = state_cell(state, &next);
	return cell != NULL && cell->value.kind == VALUE_OBJECT && cell->value.object != id
		? cell->value.object
		: 0;
}

static void
report_kept(struct engine *engine, const struct frame *frame, struct state *state, uint32_t id,
	struct place at)
{
	const char *name = state->objects[id].name;

	diagnose(engine, frame, state, RULE_R_04_01, "kept-view", at, id,
		"a pointer into '%s' is kept in memory that outlives the buffer",
		name != NULL ? name : "a buffer");
}

/* Of two that shared data, the one that is left has it alone. */
static void
end_share(struct state *state, uint32_t id)
{
	const struct object *object = &state->objects[id];

	if (!object->is_shared || object->is_shared_widely)
		return;
	for (uint32_t i = 1; i < state->object_count; i++) {
		struct object *other = &state->objects[i];

		if ((object->fate != FATE_JOINED && object->parent == i) ||
			(other->fate != FATE_JOINED && other->parent == id))
			other->is_shared = other->is_shared_widely;
	}
}

/* The buffer is gone, and a pointer of it is where the path reaches it no more. */
static void
end_kept(struct engine *engine, const struct frame *frame, struct state *state, uint32_t id)
{
	/* An operation points into the buffer that it goes away with. */
	if (state->objects[id].kept.line == 0 || state->objects[id].is_carried)
		return;
	report_kept(engine, frame, state, id, state->objects[id].kept);
	state->objects[id].kept.line = 0;
}

void
fate_free(struct engine *engine, const struct frame *frame, struct state *state, uint32_t id,
	struct place at, const char *name, const char *by, bool is_segment)
{
	struct object *object = &state->objects[id];
	uint32_t next;

	if (engine->needs_split || object->fate == 0)
		return;
	if (is_surely(object, FATE_DEAD)) {
		bool sent = is_sent(object);

		diagnose(engine, frame, state, RULE_R_04_01,
			sent ? "free-after-send" : "double-free", at, id,
			sent ? "'%s' is freed after it was given away" : "'%s' is freed twice",
			name);
		settle(object);
		return;
	}
	if (object->references == REFERENCES_UNKNOWN)
		return;
	if (object->references > 0) {
		object->references--;
		object->is_shared = object->references > 0 || object->is_shared_widely;
		return;
	}
	end_share(state, id);
	object->fate = FATE_FREED;
	end_kept(engine, frame, state, id);
	state_event(state, id, EVENT_FREED, at, by);
	next = is_segment ? 0 : next_of(state, id);
	if (next != 0)
		fate_free(engine, frame, state, next, at, name, by, false);
	if (!is_segment)
		end_joined(state, id, at, by);
}

void
fate_send(struct engine *engine, const struct frame *frame, struct state *state, uint32_t id,
	struct place at, const char *name, const char *by)
{
	struct object *object = &state->objects[id];
	uint32_t next;

	if (engine->needs_split || object->fate == 0)
		return;
	if (is_surely(object, FATE_DEAD)) {
		bool sent = is_sent(object);

		diagnose(engine, frame, state, RULE_R_04_01,
			sent ? "send-after-send" : "send-after-free", at, id,
			"'%s' is given away after it was %s", name, sent ? "given away" : "freed");
		settle(object);
		return;
	}
	if (object->references == REFERENCES_UNKNOWN)
		return;
	if (object->references > 0) {
		object->references--;
		return;
	}
	object->fate = FATE_SENT;
	end_kept(engine, frame, state, id);
	state_event(state, id, EVENT_SENT, at, by);
	next = next_of(state, id);
	if (next != 0)
		fate_send(engine, frame, state, next, at, name, by);
	end_joined(state, id, at, by);
}

void
fate_escape(struct state *state, const struct value *value)
{
	struct object *object;

	/* Whoever gets the address as a number, a device, may have the buffer from there on. */
	if (value->kind != VALUE_OBJECT && !(value->kind == VALUE_VIEW && value->is_number))
		return;
	object = &state->objects[value->object];
	if ((object->fate & FATE_OWNED) != 0)
		object->fate = (object->fate & ~FATE_OWNED) | FATE_ESCAPED;
	object->is_shared = false;
}

void
fate_move(struct state *state, uint32_t id, struct place at, const char *by)
{
	struct address data = address_of_root(ROOT_DATA, id);

	mark_views(state, id, true);
	state_forget(state, &data);
	state_event(state, id, EVENT_MOVED, at, by);
}

static void
report_leak(struct engine *engine, const struct frame *frame, struct state *state, uint32_t id,
	struct place at, const char *how)
{
	struct object *object = &state->objects[id];
	const char *name = object->name != NULL ? object->name : "a buffer";

	diagnose(engine, frame, state, RULE_R_04_01, "leak", at, id,
		"'%s' is neither freed nor given away on this path%s%s", name,
		how[0] != '\0' ? ": " : "", how);
	settle(object);
}

void
fate_lost(struct engine *engine, const struct frame *frame, struct state *state, uint32_t id,
	struct place at, const char *how)
{
	struct object *object = &state->objects[id];

	if (engine->needs_split || object->fate != FATE_OWNED || object->is_view_only ||
		state_holds(state, id, UINT32_MAX))
		return;
	if (object->is_blame_firm && object->blame.line != 0)
		at = object->blame;
	report_leak(engine, frame, state, id, at, how);
}

static bool
is_in_array(const struct state *state, uint32_t id)
{
	for (uint32_t i = 0; i < state->cell_count; i++) {
		const struct cell *cell = state->cells[i];

		if (cell->value.kind == VALUE_OBJECT && cell->value.object == id &&
			cell->at.step_count != 0 &&
			cell->at.steps[cell->at.step_count - 1].field == NULL)
			return true;
	}
	return false;
}

/*
 * A jump leaves buffers behind in an array that was given to the path: the one that this round of
 * the loop looked at, for sure; by a break, those that no round will look at any more.
 */
void
fate_jump(struct state *state, enum ir_jump jump, struct place at)
{
	for (uint32_t i = 1; i < state->object_count; i++) {
		struct object *object = &state->objects[i];

		if (object->fate != FATE_OWNED || object->is_placed || object->is_blame_firm ||
			!is_in_array(state, i))
			continue;
		if (object->is_touched || jump != IR_JUMP_CONTINUE) {
			object->blame = at;
			object->is_blame_firm = object->is_touched;
		}
	}
}

void
fate_end_var(struct engine *engine, const struct frame *frame, struct state *state,
	const struct ir_var *var, struct place at, bool is_jump)
{
	struct address whole = address_of_var(var, frame->depth);

	for (uint32_t i = 0; i < state->cell_count;) {
		const struct cell *cell = state->cells[i];
		struct object *object;

		if (!address_has_root(&whole, &cell->at)) {
			i++;
			continue;
		}
		state_remove_cell(state, i);
		if (cell->value.kind != VALUE_OBJECT)
			continue;
		object = &state->objects[cell->value.object];
		if (object->fate != FATE_OWNED)
			continue;
		if (state_holds(state, cell->value.object, UINT32_MAX))
			continue;
		if (object->blame.line != 0 && (object->is_blame_firm || !is_jump))
			at = object->blame;
		if (!object->is_view_only)
			report_leak(engine, frame, state, cell->value.object, at, "");
	}
}

void
fate_return(struct engine *engine, const struct frame *frame, struct state *state,
	const struct value *value, struct place at)
{
	const struct object *object;

	if ((value->kind != VALUE_VIEW && value->kind != VALUE_OBJECT) || value->is_number)
		return;
	object = &state->objects[value->object];
	if (object->is_scoped) {
		diagnose(engine, frame, state, RULE_R_04_02, "returned-view", at, value->object,
			"'%s' is annotated as not kept, and is returned here", object->name);
	}
}

/*
 * A pointer that the path stored in memory that outlives the call. Of a buffer's own pointer in an
 * array nothing is said: a count beside it tells which elements are of use.
 */
static bool
is_kept(const struct cell *cell)
{
	const struct address *at = &cell->at;

	if (cell->written.line == 0 || !address_is_lasting(at))
		return false;
	if (cell->value.kind == VALUE_VIEW)
		return !cell->value.is_number;
	return cell->value.kind == VALUE_OBJECT && cell->is_lasting &&
		(at->step_count == 0 || at->steps[at->step_count - 1].field != NULL);
}

void
fate_kept(struct engine *engine, const struct frame *frame, struct state *state)
{
	for (uint32_t i = 0; i < state->cell_count; i++) {
		const struct cell *cell = state->cells[i];
		struct object *object;

		if (!is_kept(cell))
			continue;
		object = &state->objects[cell->value.object];
		if (object->is_view_only || object->fate == 0)
			continue;
		/* A view in a static is one too many, whoever has the buffer. */
		if ((is_surely(object, FATE_DEAD) && !object->is_carried) ||
			(cell->at.root == ROOT_VAR && cell->value.kind == VALUE_VIEW)) {
			report_kept(engine, frame, state, cell->value.object, cell->written);
			settle(object);
		}
	}
}

void
fate_dropped(struct engine *engine, const struct frame *frame, struct state *state,
	const struct cell *cell)
{
	const struct address *at = &cell->at;
	struct object *object;

	if (!is_kept(cell) || !cell->is_lasting)
		return;
	object = &state->objects[cell->value.object];
	if (object->is_view_only || object->fate == 0)
		return;
	if (is_surely(object, FATE_DEAD)) {
		report_kept(engine, frame, state, cell->value.object, cell->written);
		settle(object);
	} else if (at->step_count != 0) {
		object->kept = cell->written;
		object->kept_field = at->steps[at->step_count - 1].field;
	}
}

void
fate_overwritten(struct state *state, const struct address *at)
{
	const char *field = at->step_count != 0 ? at->steps[at->step_count - 1].field : NULL;

	for (uint32_t i = 1; i < state->object_count && address_is_lasting(at); i++) {
		struct object *object = &state->objects[i];

		if (object->kept.line != 0 &&
			(field == NULL || object->kept_field == NULL ||
				strcmp(field, object->kept_field) == 0))
			object->kept.line = 0;
	}
}

/* What the function took over stands in memory that outlives it, where the path put it. */
static bool
is_put_away(const struct state *state, uint32_t id)
{
	for (uint32_t i = 0; i < state->cell_count; i++) {
		const struct cell *cell = state->cells[i];

		if (cell->value.kind == VALUE_OBJECT && cell->value.object == id &&
			address_is_lasting(&cell->at) && state->objects[id].is_placed)
			return true;
	}
	return false;
}

void
fate_end(struct engine *engine, const struct frame *frame, struct state *state,
	const struct value *returned, const struct ir_block *block)
{
	uint32_t kept = returned != NULL && returned->kind == VALUE_OBJECT ? returned->object : 0;

	fate_kept(engine, frame, state);
	for (uint32_t i = 1; i < state->object_count; i++) {
		struct object *object = &state->objects[i];

		if (i != kept && object->must_release && object->fate == FATE_OWNED &&
			!is_put_away(state, i))
			report_leak(engine, frame, state, i, block->at, "it was taken over here");
	}
}

void
fate_uncounted(struct engine *engine, const struct frame *frame, struct state *state, uint32_t id,
	struct place at)
{
	if (state->objects[id].fate == FATE_OWNED)
		report_leak(engine, frame, state, id, at, "it is behind those that are counted");
}

void
fate_apply(struct engine *engine, const struct frame *frame, struct state *state,
	const struct contract_param *param, uint32_t id, struct place at, const char *name,
	const char *by)
{
	struct value whole = value_object(id);

	switch (param->effect) {
	case CONTRACT_USE:
	case CONTRACT_SCOPED:
	case CONTRACT_WRITE:
		fate_use(engine, frame, state, &whole, at, name);
		break;
	case CONTRACT_FREE:
	case CONTRACT_FREE_SEG:
		fate_free(
			engine, frame, state, id, at, name, by, param->effect == CONTRACT_FREE_SEG);
		break;
	case CONTRACT_SEND:
		fate_send(engine, frame, state, id, at, name, by);
		break;
	case CONTRACT_KEEP:
		fate_use(engine, frame, state, &whole, at, name);
		fate_escape(state, &whole);
		state_event(state, id, EVENT_KEPT, at, by);
		break;
	case CONTRACT_MOVE:
		fate_use(engine, frame, state, &whole, at, name);
		fate_move(state, id, at, by);
		break;
	case CONTRACT_REPLACE:
		/* The variable that holds it is set anew by the call. */
		fate_use(engine, frame, state, &whole, at, name);
		state->objects[id].fate = FATE_FREED;
		state_event(state, id, EVENT_REPLACED, at, by);
		break;
	case CONTRACT_SHARE:
		fate_use(engine, frame, state, &whole, at, name);
		state->objects[id].is_shared_widely = state->objects[id].is_shared;
		state->objects[id].is_shared = true;
		state_event(state, id, EVENT_SHARED, at, by);
		break;
	case CONTRACT_NONE:
	case CONTRACT_GRANT:
	case CONTRACT_LEND:
	case CONTRACT_REF:
	case CONTRACT_JOIN:
	case CONTRACT_CLEAR:
	case CONTRACT_VIEW_OUT:
	case CONTRACT_MOVE_OUT:
		break;
	}
}

void
fate_adopt(struct state *state, uint32_t from, uint32_t head)
{
	for (uint32_t i = 1; i < state->object_count; i++) {
		if (state->objects[i].fate == FATE_JOINED && state->objects[i].parent == from)
			state->objects[i].parent = head;
	}
}
