/* SPDX-License-Identifier: BSD-3-Clause */

#include <string.h>

#include "engine.h"

/* Segments of a chain, behind the first, that are known one by one. */
#define MAX_CHAIN 2

bool
engine_pointee(struct state *state, const struct value *pointer, struct address *at)
{
	(void)state;
	switch (pointer->kind) {
	case VALUE_NUMBER:
		if (pointer->number.sym == 0)
			return false;
		*at = address_of_root(ROOT_POINTEE, pointer->number.sym);
		return address_add_index(at, number_constant(pointer->number.off));
	case VALUE_OBJECT:
		*at = address_of_root(ROOT_OBJECT, pointer->object);
		return true;
	case VALUE_VIEW:
		*at = address_of_root(ROOT_DATA, pointer->object);
		return true;
	case VALUE_ADDRESS:
		*at = *pointer->address;
		return true;
	case VALUE_UNKNOWN:
		break;
	}
	return false;
}

/* Append an index to what a pointer points to: pointer arithmetic and then *. */
static bool
add_offset(struct state *state, struct address *at, struct number index)
{
	struct step *last;

	if (at->root == ROOT_DATA)
		return true;
	if (at->step_count == 0 || at->steps[at->step_count - 1].field != NULL) {
		if (number_is_constant(index) && index.off == 0)
			return true;
		return at->root != ROOT_OBJECT && address_add_index(at, index);
	}
	last = &at->steps[at->step_count - 1];
	last->index = facts_add(state->region, state_facts(state), last->index, index);
	return true;
}

static bool
locate_index(struct engine *engine, const struct frame *frame, struct state *state,
	const struct ir_expr *expr, struct address *at)
{
	struct value index = engine_eval(engine, frame, state, expr->b);
	struct number number = engine_number(state, &index, expr->b->type);
	struct value pointer;

	if (expr->a->type != NULL && expr->a->type->kind == IR_TYPE_ARRAY) {
		return engine_locate(engine, frame, state, expr->a, at) &&
			(at->root == ROOT_DATA || address_add_index(at, number));
	}
	pointer = engine_eval(engine, frame, state, expr->a);
	if (pointer.kind == VALUE_VIEW)
		fate_use(engine, frame, state, &pointer, expr->at, diagnose_name(engine, expr->a));
	return engine_pointee(state, &pointer, at) && add_offset(state, at, number);
}

bool
engine_locate(struct engine *engine, const struct frame *frame, struct state *state,
	const struct ir_expr *expr, struct address *at)
{
	struct value pointer;

	switch (expr->kind) {
	case IR_VAR:
		*at = address_of_var(expr->var, frame->depth);
		return true;
	case IR_DEREF:
		pointer = engine_eval(engine, frame, state, expr->a);
		if (pointer.kind == VALUE_VIEW && pointer.is_stale) {
			fate_use(engine, frame, state, &pointer, expr->at,
				diagnose_name(engine, expr->a));
		}
		return engine_pointee(state, &pointer, at);
	case IR_FIELD:
		return engine_locate(engine, frame, state, expr->a, at) &&
			address_add_field(at, expr->name);
	case IR_INDEX:
		return locate_index(engine, frame, state, expr, at);
	case IR_CAST:
		return engine_locate(engine, frame, state, expr->a, at);
	case IR_CONST:
	case IR_STRING:
	case IR_ADDR:
	case IR_UNARY:
	case IR_BINARY:
	case IR_FUNCTION:
	case IR_RECORD:
	case IR_UNKNOWN:
		break;
	}
	return false;
}

static bool
is_tracked(const struct value *value)
{
	return value->kind == VALUE_OBJECT || value->kind == VALUE_VIEW;
}

/* Something is known of how far the number goes, beside what is known against the other. */
static bool
is_limited(const struct state *state, struct number x, struct number other)
{
	for (uint32_t sym = 0; sym < state->facts->sym_count; sym++) {
		struct number limit = { sym, 0 };

		if (sym != x.sym && sym != other.sym &&
			facts_bound(state->facts, x, limit) != NUMBER_NO_BOUND)
			return true;
	}
	return false;
}

/*
 * A buffer that is gone, in an element of which nobody knows any more whether it is before the one
 * meant or behind it: that it is this one, of all, would be a guess. The index may have been known
 * better, before the loop came to its end, or never: the lowest bit of a mask, a slot's number. So
 * it is when the same expression read it in an earlier round: `ring[head++ & mask]` moves on.
 */
static bool
is_far_fetched(const struct state *state, const struct cell *cell, const char *name,
	struct number x, struct number y)
{
	return cell->value.kind == VALUE_OBJECT &&
		(state->objects[cell->value.object].fate & ~FATE_DEAD) == 0 &&
		facts_holds(state->facts, x, RELATION_LE, y) == -1 &&
		facts_holds(state->facts, y, RELATION_LE, x) == -1 &&
		(state->is_widened || state->objects[cell->value.object].read_as == name ||
			!is_limited(state, x, y) || !is_limited(state, y, x));
}

/* A number in a struct that holds buffers, too: the count of a table that is one of many. */
static bool
counts_buffers(const struct state *state, const struct cell *number)
{
	struct address table = number->at;
	bool is_of_many = false;

	if (number->value.kind != VALUE_NUMBER || table.step_count < 2 ||
		table.steps[table.step_count - 1].field == NULL)
		return false;
	table.step_count--;
	for (uint32_t i = 0; i < table.step_count; i++)
		is_of_many = is_of_many ||
			(table.steps[i].field == NULL && table.steps[i].index.sym != 0);
	for (uint32_t i = 0; is_of_many && i < state->cell_count; i++) {
		if (state->cells[i]->value.kind == VALUE_OBJECT &&
			state->cells[i]->at.step_count > number->at.step_count &&
			address_covers(state, &table, &state->cells[i]->at))
			return true;
	}
	return false;
}

bool
engine_is_ambiguous(struct engine *engine, const struct state *state, const struct address *at,
	const struct ir_expr *expr)
{
	const char *name = diagnose_name(engine, expr);

	for (uint32_t i = 0; i < state->cell_count; i++) {
		const struct cell *cell = state->cells[i];
		struct number x;
		struct number y;

		if (address_match(state, at, &cell->at, &x, &y) != -1 ||
			(!is_tracked(&cell->value) && !counts_buffers(state, cell)) ||
			is_far_fetched(state, cell, name, x, y))
			continue;
		if (!engine->needs_split) {
			engine->needs_split = true;
			engine->split_x = x;
			engine->split_y = y;
		}
		return true;
	}
	return false;
}

/* The view or lease that a shorter address holds: its fields speak of the same buffer. */
static const struct cell *
holder_of(const struct state *state, const struct address *at)
{
	struct address whole = *at;

	while (whole.step_count > 0 && whole.steps[whole.step_count - 1].field != NULL) {
		const struct cell *cell;

		whole.step_count--;
		cell = state_cell(state, &whole);
		if (cell != NULL && is_tracked(&cell->value))
			return cell;
	}
	return NULL;
}

bool
engine_varies(const struct ir_expr *expr)
{
	if (expr->kind == IR_ADDR)
		expr = expr->a;
	while (expr->kind == IR_FIELD || expr->kind == IR_INDEX || expr->kind == IR_DEREF) {
		if (expr->kind == IR_INDEX && expr->b->kind != IR_CONST)
			return true;
		if (expr->kind == IR_DEREF)
			return false;
		expr = expr->a;
	}
	return false;
}

/*
 * Of an array that a loop walks, the element that was met last is known; of one that the path was
 * given or filled itself, the element that is followed.
 */
static bool
make_room(struct state *state, const struct address *at)
{
	for (uint32_t i = 0; i < state->cell_count;) {
		const struct cell *cell = state->cells[i];

		if (!address_is_like(at, &cell->at) || cell->value.kind != VALUE_OBJECT) {
			i++;
			continue;
		}
		if (cell->written.line != 0 ||
			(state->objects[cell->value.object].fate & FATE_OWNED) != 0)
			return false;
		state_remove_cell(state, i);
	}
	return true;
}

/* A member of a local struct, which somebody else filled: an event. */
static bool
is_member(const struct address *at)
{
	for (uint32_t i = 0; i < at->step_count; i++) {
		if (at->steps[i].field == NULL)
			return false;
	}
	return at->step_count != 0 && at->var->type->kind == IR_TYPE_RECORD;
}

static struct value
lazy_buffer(struct state *state, const struct address *at, const char *name, bool is_varying)
{
	uint32_t depth = 0;
	struct value value;
	struct place nowhere = { 0 };

	if (at->root == ROOT_OBJECT) {
		depth = state->objects[at->id].depth + 1U;
		if (depth > MAX_CHAIN || strcmp(at->steps[at->step_count - 1].field, "next") != 0)
			return value_unknown();
	} else if (at->root == ROOT_DATA || (is_varying && !make_room(state, at)) ||
		(at->root == ROOT_VAR && !address_is_lasting(at) && at->var->kind != IR_VAR_PARAM &&
			!is_member(at))) {
		return value_unknown();
	}
	value = value_object(state_new_object(state, FATE_BORROWED, name));
	state->objects[value.object].may_be_null = true;
	state->objects[value.object].depth = (uint8_t)depth;
	state_set(state, at, value, nowhere);
	return value;
}

static bool
is_plain(const struct value *value)
{
	return value->kind == VALUE_NUMBER || value->kind == VALUE_ADDRESS;
}

/* Of numbers and addresses in an array that is walked, too, the last one is known. */
static void
forget_others(struct state *state, const struct address *at, const struct ir_expr *expr)
{
	bool is_varying = engine_varies(expr);

	for (uint32_t i = 0; i < at->step_count; i++) {
		is_varying =
			is_varying || (at->steps[i].field == NULL && at->steps[i].index.sym != 0);
	}
	for (uint32_t i = 0; is_varying && i < state->cell_count;) {
		const struct cell *cell = state->cells[i];

		if (is_plain(&cell->value) && address_is_like(at, &cell->at)) {
			state_remove_cell(state, i);
		} else {
			i++;
		}
	}
}

struct value
engine_lazy(struct engine *engine, const struct frame *frame, struct state *state,
	const struct address *at, const struct ir_type *type, const struct ir_expr *expr)
{
	struct value value = value_unknown();
	struct place nowhere = { 0 };
	const char *name = diagnose_name(engine, expr);

	(void)frame;
	if (type == NULL)
		return value;
	if (type->kind == IR_TYPE_RECORD && type->meaning == CONTRACT_TYPE_LEASE &&
		(address_is_lasting(at) || at->root == ROOT_OBJECT)) {
		value = value_object(state_new_object(state, FATE_BORROWED, name));
		state->objects[value.object].may_be_null = true;
		state_set(state, at, value, nowhere);
		return value;
	}
	if (type->kind == IR_TYPE_POINTER && type->to != NULL && type->to->kind == IR_TYPE_RECORD &&
		type->to->meaning == CONTRACT_TYPE_BUFFER)
		return lazy_buffer(state, at, name, engine_varies(expr));
	if (type->kind != IR_TYPE_POINTER &&
		(type->kind != IR_TYPE_INT || !matter_at(engine->matter, at)))
		return value;
	forget_others(state, at, expr);
	if (at->root == ROOT_DATA && at->step_count == 0)
		return value;
	value = value_number(state_new_symbol(state));
	if (type->kind == IR_TYPE_POINTER || !type->is_signed)
		(void)state_assume(state, number_constant(0), RELATION_LE, value.number);
	state_set(state, at, value, nowhere);
	return value;
}

static bool
is_pointer(const struct ir_type *type)
{
	return type != NULL && (type->kind == IR_TYPE_POINTER || type->kind == IR_TYPE_ARRAY);
}

/* What lies in a buffer is read: the buffer must be alive. */
static void
check_read(struct engine *engine, const struct frame *frame, struct state *state,
	const struct address *at, const struct ir_expr *expr)
{
	struct value through = value_object(at->id);

	if (at->root == ROOT_OBJECT || at->root == ROOT_DATA)
		fate_use(engine, frame, state, &through, expr->at, diagnose_name(engine, expr));
}

/* What lies in a buffer is written: it must be alive, and its data nobody else's. */
static void
check_written(struct engine *engine, const struct frame *frame, struct state *state,
	const struct address *at, const struct ir_expr *expr, struct place place)
{
	struct value through = value_object(at->id);

	if (at->root != ROOT_OBJECT && at->root != ROOT_DATA)
		return;
	fate_use(engine, frame, state, &through, place, diagnose_name(engine, expr));
	if (at->root == ROOT_DATA)
		fate_write(engine, frame, state, at->id, place, diagnose_name(engine, expr));
}

/* Where a device finds the data: m->buf_iova, in older releases m->buf_physaddr. */
static bool
is_device_address(const struct address *at)
{
	const char *field = at->step_count != 0 ? at->steps[at->step_count - 1].field : NULL;

	return field != NULL &&
		(strcmp(field, "buf_iova") == 0 || strcmp(field, "buf_physaddr") == 0);
}

/* Which expression took the buffer out of an array. */
static void
note_read(struct engine *engine, struct state *state, const struct address *at,
	const struct value *value, const struct ir_expr *expr)
{
	if (value->kind == VALUE_OBJECT && at->step_count != 0 &&
		at->steps[at->step_count - 1].field == NULL)
		state->objects[value->object].read_as = diagnose_name(engine, expr);
}

struct value
engine_load(struct engine *engine, const struct frame *frame, struct state *state,
	const struct address *at, const struct ir_expr *expr)
{
	const struct cell *cell;
	struct value value;

	check_read(engine, frame, state, at, expr);
	cell = state_cell(state, at);
	if (cell != NULL) {
		value = cell->value;
		note_read(engine, state, at, &value, expr);
		prefix_note_read(state, at, &value);
		return value;
	}
	if (engine_is_ambiguous(engine, state, at, expr))
		return value_unknown();
	cell = holder_of(state, at);
	if (cell != NULL) {
		const struct object *object = &state->objects[cell->value.object];

		if (!is_pointer(expr->type))
			return value_unknown();
		if (cell->value.kind == VALUE_OBJECT && !object->is_view_only)
			return cell->value;
		return cell->value;
	}
	if (at->root == ROOT_OBJECT && at->step_count == 1 && at->steps[0].field != NULL &&
		strcmp(at->steps[0].field, "buf_addr") == 0)
		return value_view(at->id);
	if (at->root == ROOT_OBJECT && is_device_address(at)) {
		value = value_view(at->id);
		value.is_number = true;
		return value;
	}
	value = engine_lazy(engine, frame, state, at, expr->type, expr);
	note_read(engine, state, at, &value, expr);
	prefix_note_read(state, at, &value);
	return value;
}

static void
check_kept(struct engine *engine, const struct frame *frame, struct state *state,
	const struct address *at, const struct value *value, struct place place)
{
	struct object *object = &state->objects[value->object];

	if (!object->is_scoped || !address_is_lasting(at))
		return;
	diagnose(engine, frame, state, RULE_R_04_02, "kept-view", place, value->object,
		"'%s' is annotated as not kept, and is stored where it outlives the call",
		object->name);
}

/* One more `next` away from the first of its chain or list than the one before it. */
static void
deepen(struct object *object, const struct object *before)
{
	object->depth = (uint8_t)(before->depth < UINT8_MAX ? before->depth + 1 : UINT8_MAX);
}

/* A segment belongs to the head of its chain, with which it is freed. */
static void
join_chain(struct state *state, struct object *segment, uint32_t before)
{
	const struct object *object = &state->objects[before];
	bool is_segment = object->fate == FATE_JOINED && object->parent != 0;

	segment->fate = FATE_JOINED;
	segment->parent = is_segment ? object->parent : before;
	fate_adopt(state, (uint32_t)(segment - state->objects), segment->parent);
	deepen(segment, object);
}

/* What a buffer's pointer being stored says of its owner. */
static void
note_store(struct engine *engine, const struct frame *frame, struct state *state,
	const struct address *at, const struct value *value, struct place place)
{
	struct object *object;

	if (!is_tracked(value))
		return;
	check_kept(engine, frame, state, at, value, place);
	object = &state->objects[value->object];
	if (at->step_count != 0 || at->root != ROOT_VAR) {
		object->is_placed = true;
		object->blame.line = 0;
	}
	if (value->kind == VALUE_OBJECT && at->root == ROOT_OBJECT &&
		object->fate == FATE_BORROWED && at->id != value->object)
		deepen(object, &state->objects[at->id]);
	if (value->kind != VALUE_OBJECT || (object->fate & FATE_OWNED) == 0)
		return;
	if (at->root == ROOT_DATA) {
		fate_escape(state, value);
	} else if (at->root == ROOT_OBJECT && at->id != value->object) {
		join_chain(state, object, at->id);
	}
}

static bool
is_in_table(const struct address *at)
{
	for (uint32_t i = 0; i < at->step_count; i++) {
		if (at->steps[i].field == NULL &&
			(i != 0 || at->root != ROOT_POINTEE || at->step_count == 1))
			return true;
	}
	return false;
}

/*
 * A slot that lent its buffer gets another one: what was in it is now the variable's that it was
 * read into. So it is when a slot of a table is emptied; a member alone may be a mark in a list
 * that somebody else owns.
 */
static void
take_out(
	struct state *state, const struct cell *slot, const struct value *value, struct place place)
{
	struct object *object;

	bool is_emptied = value->kind == VALUE_NUMBER && value->number.sym == 0 &&
		value->number.off == 0 && is_in_table(&slot->at);

	if (slot->value.kind != VALUE_OBJECT || slot->written.line != 0 ||
		(!is_emptied &&
			(value->kind != VALUE_OBJECT || value->object == slot->value.object)))
		return;
	object = &state->objects[slot->value.object];
	if (object->fate != FATE_BORROWED)
		return;
	for (uint32_t i = 0; i < state->cell_count; i++) {
		const struct cell *cell = state->cells[i];

		if (cell != slot && cell->value.kind == VALUE_OBJECT &&
			cell->value.object == slot->value.object && cell->at.root == ROOT_VAR &&
			!address_is_lasting(&cell->at) && cell->at.step_count == 0) {
			object->fate = FATE_OWNED;
			state_event(state, slot->value.object, EVENT_BORROWED, place, NULL);
			return;
		}
	}
}

/*
 * A static, or what a parameter points to. What a descriptor or an operation points to, that the
 * function fetched itself, is nothing to anybody once it was given back.
 */
static bool
outlives_call(const struct state *state, const struct address *at)
{
	if (at->root != ROOT_POINTEE)
		return address_is_lasting(at);
	for (uint32_t i = 0; i < state->cell_count; i++) {
		const struct cell *cell = state->cells[i];

		if (cell->value.kind == VALUE_NUMBER && cell->value.number.sym == at->id &&
			cell->at.root == ROOT_VAR && cell->at.depth == 0 &&
			cell->at.step_count == 0 && cell->at.var->kind == IR_VAR_PARAM)
			return true;
	}
	return false;
}

/*
 * One of many bytes that a loop writes through a pointer. Nobody decides by them what becomes of
 * buffers, and what they are made of would take part in each join of the loop.
 */
static bool
is_payload(const struct address *at, const struct value *value, const struct ir_expr *expr)
{
	return value->kind == VALUE_NUMBER && expr->type != NULL && expr->type->bytes == 1 &&
		(at->root == ROOT_POINTEE || at->root == ROOT_DATA) && engine_varies(expr);
}

void
engine_store(struct engine *engine, const struct frame *frame, struct state *state,
	const struct address *at, struct value value, const struct ir_expr *expr,
	struct place place)
{
	const struct cell *old;
	uint32_t lost = 0;

	if (value.kind == VALUE_NUMBER && !matter_at(engine->matter, at))
		value = value_unknown();
	check_written(engine, frame, state, at, expr, place);
	if (value.kind == VALUE_VIEW && expr->type != NULL && expr->type->kind == IR_TYPE_INT) {
		/* In a descriptor, wherever that is, it is on its way to the device. */
		value.is_number = true;
		if (address_is_lasting(at) || (at->root == ROOT_VAR && at->step_count != 0)) {
			fate_escape(state, &value);
			value = value_unknown();
		}
	}
	old = state_cell(state, at);
	if (old == NULL && engine_is_ambiguous(engine, state, at, expr))
		return;
	if (old != NULL && old->value.kind == VALUE_OBJECT && !address_is_lasting(at) &&
		!(value.kind == VALUE_OBJECT && value.object == old->value.object))
		lost = old->value.object;
	if (old != NULL && address_is_lasting(at))
		take_out(state, old, &value, place);
	state_forget(state, at);
	if (lost != 0)
		fate_lost(engine, frame, state, lost, place, "overwritten");
	if (at->root == ROOT_DATA && at->step_count == 0) {
		/* Whoever reads it there may own it. */
		fate_escape(state, &value);
		return;
	}
	note_store(engine, frame, state, at, &value, place);
	fate_overwritten(state, at);
	/* Of long chains and lists the first are known; others belong to the head as well. */
	if (at->root == ROOT_OBJECT && value.kind == VALUE_OBJECT &&
		(state->objects[value.object].fate & ~(FATE_JOINED | FATE_BORROWED)) == 0 &&
		state->objects[value.object].depth > MAX_CHAIN)
		return;
	if (is_plain(&value))
		forget_others(state, at, expr);
	if (!is_payload(at, &value, expr))
		state_set(state, at, value, place);
	if (value.kind != VALUE_OBJECT && expr->type != NULL && expr->type->kind == IR_TYPE_INT)
		refill_tables(state, at, old, &value);
	if (is_tracked(&value) && is_pointer(expr->type) && outlives_call(state, at))
		state_mark_lasting(state, at, true);
}

/* Copy what is known of one record to another. */
static void
copy_record(struct state *state, const struct address *to, const struct address *from,
	struct place place)
{
	uint32_t count = state->cell_count;
	const struct cell **cells =
		region_alloc(state->region, (count + 1) * sizeof(const struct cell *));

	if (count != 0)
		memcpy(cells, state->cells, count * sizeof(const struct cell *));
	for (uint32_t i = 0; i < count; i++) {
		struct address at = *to;
		const struct address *old = &cells[i]->at;
		bool fits = true;

		if (!address_covers(state, from, old))
			continue;
		for (uint32_t k = from->step_count; k < old->step_count && fits; k++) {
			fits = old->steps[k].field != NULL
				? address_add_field(&at, old->steps[k].field)
				: address_add_index(&at, old->steps[k].index);
		}
		if (fits)
			state_set(state, &at, cells[i]->value, place);
	}
}

static void assign_record(struct engine *engine, const struct frame *frame, struct state *state,
	const struct address *to, const struct ir_expr *record, struct place place);

static void
assign_part(struct engine *engine, const struct frame *frame, struct state *state,
	const struct address *at, const struct ir_expr *value, struct place place)
{
	if (value->kind == IR_RECORD) {
		assign_record(engine, frame, state, at, value, place);
	} else {
		engine_store(engine, frame, state, at, engine_eval(engine, frame, state, value),
			value, place);
	}
}

static bool
is_meant(const struct ir_type *type)
{
	return type != NULL && type->kind == IR_TYPE_RECORD &&
		type->meaning != CONTRACT_TYPE_PLAIN && type->meaning != CONTRACT_TYPE_BUFFER;
}

static void
assign_record(struct engine *engine, const struct frame *frame, struct state *state,
	const struct address *to, const struct ir_expr *record, struct place place)
{
	if (is_meant(record->type)) {
		struct value whole = value_unknown();

		for (uint32_t i = 0; i < record->part_count; i++) {
			struct value part = engine_eval(engine, frame, state, record->parts[i]);

			if (is_tracked(&part))
				whole = part;
		}
		if (whole.kind == VALUE_OBJECT && record->type->meaning != CONTRACT_TYPE_LEASE)
			whole.kind = VALUE_VIEW;
		engine_store(engine, frame, state, to, whole, record, place);
		return;
	}
	for (uint32_t i = 0; i < record->part_count; i++) {
		struct address at = *to;
		bool fits = record->fields != NULL
			? record->fields[i] != NULL && address_add_field(&at, record->fields[i])
			: record->indexes != NULL &&
				address_add_index(&at, number_constant(record->indexes[i]));

		if (fits) {
			assign_part(engine, frame, state, &at, record->parts[i], place);
		} else {
			(void)engine_eval(engine, frame, state, record->parts[i]);
		}
	}
}

static void
assign_whole(struct engine *engine, const struct frame *frame, struct state *state,
	const struct address *to, const struct ir_expr *target, const struct ir_expr *value,
	struct place place)
{
	struct address from;

	check_written(engine, frame, state, to, target, place);
	if (value->kind == IR_RECORD) {
		state_forget(state, to);
		assign_record(engine, frame, state, to, value, place);
		return;
	}
	if (!engine_locate(engine, frame, state, value, &from)) {
		state_forget(state, to);
		return;
	}
	check_read(engine, frame, state, &from, value);
	if (is_meant(value->type)) {
		struct value whole = engine_load(engine, frame, state, &from, value);

		engine_store(engine, frame, state, to, whole, value, place);
		return;
	}
	state_forget(state, to);
	copy_record(state, to, &from, place);
}

void
engine_assign(struct engine *engine, const struct frame *frame, struct state *state,
	const struct ir_expr *to, const struct ir_expr *value, struct place place)
{
	struct address at;
	bool is_located = engine_locate(engine, frame, state, to, &at);
	struct value stored;

	if (is_located && to->type != NULL &&
		(to->type->kind == IR_TYPE_RECORD || value->kind == IR_RECORD)) {
		assign_whole(engine, frame, state, &at, to, value, place);
		return;
	}
	stored = engine_eval(engine, frame, state, value);
	if (engine->needs_split)
		return;
	if (is_located) {
		engine_store(engine, frame, state, &at, stored, to, place);
	} else {
		fate_escape(state, &stored);
	}
}
