/* SPDX-License-Identifier: BSD-3-Clause */

#include "state.h"

#include <string.h>

struct state *
state_create(struct region *region, struct region *scratch, struct region *trails)
{
	struct state *state = region_alloc(region, sizeof(*state));

	state->region = region;
	state->scratch = scratch;
	state->trails = trails;
	state->object_count = 1;
	state->facts = facts_create(region, 1);
	state->owns_facts = true;
	return state;
}

struct state *
state_keep(const struct state *state, struct region *region)
{
	struct state *kept = region_alloc(region, sizeof(*kept));

	*kept = *state;
	kept->region = region;
	kept->owns_facts = false;
	return kept;
}

struct state *
state_copy_to(struct state *state, struct region *region)
{
	struct state *copy = region_alloc(region, sizeof(*copy));

	*copy = *state;
	copy->region = region;
	copy->next = NULL;
	copy->cell_cap = state->cell_count + 4;
	copy->cells = region_alloc(region, copy->cell_cap * sizeof(const struct cell *));
	if (state->cell_count != 0)
		memcpy(copy->cells, state->cells, state->cell_count * sizeof(const struct cell *));
	copy->object_cap = state->object_count + 2;
	copy->objects = region_alloc(region, copy->object_cap * sizeof(*copy->objects));
	if (state->objects != NULL) {
		memcpy(copy->objects, state->objects, state->object_count * sizeof(*copy->objects));
	}
	copy->owns_facts = false;
	state->owns_facts = false;
	return copy;
}

struct state *
state_copy(struct state *state)
{
	return state_copy_to(state, state->region);
}

struct facts *
state_facts(struct state *state)
{
	if (!state->owns_facts) {
		state->facts = facts_copy(state->region, state->facts);
		state->owns_facts = true;
	}
	return state->facts;
}

bool
state_assume(struct state *state, struct number x, enum relation relation, struct number y)
{
	int holds = facts_holds(state->facts, x, relation, y);

	if (holds != -1)
		return holds == 1;
	return facts_assume(state_facts(state), x, relation, y);
}

struct number
state_new_symbol(struct state *state)
{
	return facts_new_symbol(state->region, state_facts(state));
}

struct address
address_of_var(const struct ir_var *var, uint32_t depth)
{
	struct address address;

	memset(&address, 0, sizeof(address));
	address.root = ROOT_VAR;
	address.var = var;
	address.depth = var->kind == IR_VAR_GLOBAL || var->kind == IR_VAR_STATIC ? 0 : depth;
	return address;
}

struct address
address_of_root(enum root root, uint32_t id)
{
	struct address address;

	memset(&address, 0, sizeof(address));
	address.root = root;
	address.id = id;
	return address;
}

bool
address_add_field(struct address *address, const char *field)
{
	struct step *step;

	if (address->step_count == ADDRESS_MAX_STEPS)
		return false;
	step = &address->steps[address->step_count++];
	step->field = field;
	step->index = number_constant(0);
	return true;
}

bool
address_add_index(struct address *address, struct number index)
{
	struct step *step;

	if (address->step_count == ADDRESS_MAX_STEPS)
		return false;
	step = &address->steps[address->step_count++];
	step->field = NULL;
	step->index = index;
	return true;
}

bool
address_has_root(const struct address *a, const struct address *b)
{
	if (a->root != b->root)
		return false;
	if (a->root == ROOT_VAR)
		return a->var == b->var && a->depth == b->depth;
	return a->id == b->id;
}

static bool
are_fields_equal(const struct step *a, const struct step *b)
{
	if (a->field == NULL || b->field == NULL)
		return a->field == b->field;
	return a->field == b->field || strcmp(a->field, b->field) == 0;
}

bool
address_is_like(const struct address *a, const struct address *b)
{
	if (!address_has_root(a, b) || a->step_count != b->step_count)
		return false;
	for (uint32_t i = 0; i < a->step_count; i++) {
		if (!are_fields_equal(&a->steps[i], &b->steps[i]))
			return false;
	}
	return true;
}

/* Compare the first `count` steps. */
static int
match_steps(const struct state *state, const struct address *a, const struct address *b,
	uint32_t count, struct number *x, struct number *y)
{
	int result = 1;

	for (uint32_t i = 0; i < count; i++) {
		int is_equal;

		if (!are_fields_equal(&a->steps[i], &b->steps[i]))
			return 0;
		if (a->steps[i].field != NULL)
			continue;
		is_equal = facts_holds(
			state->facts, a->steps[i].index, RELATION_EQ, b->steps[i].index);
		if (is_equal == 0)
			return 0;
		if (is_equal == -1) {
			if (result == 1) {
				*x = a->steps[i].index;
				*y = b->steps[i].index;
			}
			result = -1;
		}
	}
	return result;
}

int
address_match(const struct state *state, const struct address *a, const struct address *b,
	struct number *x, struct number *y)
{
	if (!address_has_root(a, b) || a->step_count != b->step_count)
		return 0;
	return match_steps(state, a, b, a->step_count, x, y);
}

bool
address_covers(const struct state *state, const struct address *a, const struct address *b)
{
	struct number x;
	struct number y;

	if (!address_has_root(a, b) || a->step_count > b->step_count)
		return false;
	return match_steps(state, a, b, a->step_count, &x, &y) != 0;
}

bool
address_is_lasting(const struct address *address)
{
	if (address->root == ROOT_POINTEE)
		return true;
	return address->root == ROOT_VAR &&
		(address->var->kind == IR_VAR_GLOBAL || address->var->kind == IR_VAR_STATIC);
}

struct value
value_unknown(void)
{
	struct value value;

	memset(&value, 0, sizeof(value));
	return value;
}

struct value
value_number(struct number number)
{
	struct value value = value_unknown();

	value.kind = VALUE_NUMBER;
	value.number = number;
	return value;
}

struct value
value_object(uint32_t object)
{
	struct value value = value_unknown();

	value.kind = VALUE_OBJECT;
	value.object = object;
	return value;
}

struct value
value_view(uint32_t object)
{
	struct value value = value_unknown();

	value.kind = VALUE_VIEW;
	value.object = object;
	return value;
}

/* A pointer to the first thing that an unknown pointer points to is that pointer. */
struct value
value_address(struct state *state, const struct address *address)
{
	struct value value = value_unknown();
	struct address *copy;

	if (address->root == ROOT_POINTEE && address->step_count == 1 &&
		address->steps[0].field == NULL && address->steps[0].index.sym == 0 &&
		address->steps[0].index.off == 0) {
		struct number number = { address->id, 0 };

		return value_number(number);
	}
	copy = region_alloc(state->region, sizeof(*copy));
	*copy = *address;
	value.kind = VALUE_ADDRESS;
	value.address = copy;
	return value;
}

const struct cell *
state_cell(const struct state *state, const struct address *at)
{
	for (uint32_t i = 0; i < state->cell_count; i++) {
		struct number x;
		struct number y;

		if (address_match(state, at, &state->cells[i]->at, &x, &y) == 1)
			return state->cells[i];
	}
	return NULL;
}

void
state_remove_cell(struct state *state, uint32_t idx)
{
	memmove(state->cells + idx, state->cells + idx + 1,
		(state->cell_count - idx - 1) * sizeof(const struct cell *));
	state->cell_count--;
}

void
state_set(struct state *state, const struct address *at, struct value value, struct place written)
{
	uint32_t idx = 0;
	struct cell *cell;

	while (idx < state->cell_count) {
		struct number x;
		struct number y;

		if (address_match(state, at, &state->cells[idx]->at, &x, &y) == 1)
			break;
		idx++;
	}
	if (value.kind == VALUE_UNKNOWN) {
		if (idx < state->cell_count)
			state_remove_cell(state, idx);
		return;
	}
	cell = region_alloc(state->region, sizeof(*cell));
	cell->at = *at;
	cell->value = value;
	cell->written = written;
	cell->is_lasting = false;
	if (idx == state->cell_cap) {
		uint32_t cap = state->cell_cap * 2 + 8;
		const struct cell **cells =
			region_alloc(state->region, cap * sizeof(const struct cell *));

		if (state->cell_count != 0) {
			memcpy(cells, state->cells,
				state->cell_count * sizeof(const struct cell *));
		}
		state->cells = cells;
		state->cell_cap = cap;
	}
	state->cells[idx] = cell;
	if (idx == state->cell_count)
		state->cell_count++;
}

void
state_mark_lasting(struct state *state, const struct address *at, bool is_lasting)
{
	for (uint32_t i = 0; i < state->cell_count; i++) {
		struct number x;
		struct number y;
		struct cell *cell;

		if (address_match(state, at, &state->cells[i]->at, &x, &y) != 1)
			continue;
		cell = region_alloc(state->region, sizeof(*cell));
		*cell = *state->cells[i];
		cell->is_lasting = is_lasting;
		state->cells[i] = cell;
		return;
	}
}

void
state_forget(struct state *state, const struct address *at)
{
	for (uint32_t i = 0; i < state->cell_count;) {
		if (address_covers(state, at, &state->cells[i]->at)) {
			state_remove_cell(state, i);
		} else {
			i++;
		}
	}
}

uint32_t
state_new_object(struct state *state, uint32_t fate, const char *name)
{
	struct object *object;

	if (state->object_count >= state->object_cap) {
		uint32_t cap = state->object_cap * 2 + 8;
		struct object *objects = region_alloc(state->region, cap * sizeof(*objects));

		if (state->objects != NULL)
			memcpy(objects, state->objects, state->object_count * sizeof(*objects));
		state->objects = objects;
		state->object_cap = cap;
	}
	object = &state->objects[state->object_count];
	memset(object, 0, sizeof(*object));
	object->fate = fate;
	object->name = name;
	return state->object_count++;
}

void
state_event(
	struct state *state, uint32_t object, enum event_kind kind, struct place at, const char *by)
{
	const struct event *trail = state->objects[object].trail;
	struct event *event;

	if (trail != NULL && trail->kind == kind && trail->at.line == at.line &&
		trail->at.column == at.column)
		return;
	event = region_alloc(state->trails, sizeof(*event));
	event->kind = kind;
	event->at = at;
	event->by = by;
	event->before = trail;
	event->call = state->call;
	state->objects[object].trail = event;
}

bool
state_holds(const struct state *state, uint32_t object, uint32_t except)
{
	for (uint32_t i = 0; i < state->cell_count; i++) {
		const struct value *value = &state->cells[i]->value;

		if (i != except && value->kind == VALUE_OBJECT && value->object == object)
			return true;
	}
	return false;
}

void
state_nullify(struct state *state, uint32_t object)
{
	for (uint32_t i = 0; i < state->cell_count; i++) {
		const struct cell *old = state->cells[i];
		struct cell *cell;

		if ((old->value.kind != VALUE_OBJECT && old->value.kind != VALUE_VIEW) ||
			old->value.object != object)
			continue;
		cell = region_alloc(state->region, sizeof(*cell));
		*cell = *old;
		cell->value = value_number(number_constant(0));
		state->cells[i] = cell;
	}
	state->objects[object].fate = 0;
}

static const char *const value_words[] = { "?", "", "object ", "view ", "&" };

static void
print_address(FILE *out, const struct address *at)
{
	static const char *const roots[] = { "", "object", "data", "pointee" };

	if (at->root == ROOT_VAR) {
		fprintf(out, "%s/%u", at->var->name[0] != '\0' ? at->var->name : "t",
			at->var->name[0] != '\0' ? at->depth : at->var->idx);
	} else {
		fprintf(out, "%s(%u)", roots[at->root], at->id);
	}
	for (uint32_t i = 0; i < at->step_count; i++) {
		const struct step *step = &at->steps[i];

		if (step->field != NULL) {
			fprintf(out, ".%s", step->field);
		} else {
			fprintf(out, "[s%u%+lld]", step->index.sym, (long long)step->index.off);
		}
	}
}

static void
print_bounds(FILE *out, const struct facts *facts)
{
	for (uint32_t x = 0; x < facts->sym_count; x++) {
		for (uint32_t y = 0; y < facts->sym_count; y++) {
			int64_t bound = facts_between(facts, x, y);

			if (x != y && bound != NUMBER_NO_BOUND &&
				(x == 0 || y == 0 || facts_is_related(facts, x, y)))
				fprintf(out, "    s%u - s%u <= %lld\n", x, y, (long long)bound);
		}
	}
}

void
state_print(FILE *out, const struct state *state)
{
	for (uint32_t i = 0; i < state->cell_count; i++) {
		const struct cell *cell = state->cells[i];

		fprintf(out, "    ");
		print_address(out, &cell->at);
		fprintf(out, " = %s", value_words[cell->value.kind]);
		if (cell->value.kind == VALUE_NUMBER) {
			fprintf(out, "s%u%+lld", cell->value.number.sym,
				(long long)cell->value.number.off);
		} else if (cell->value.kind == VALUE_ADDRESS) {
			print_address(out, cell->value.address);
		} else {
			fprintf(out, "%u%s", cell->value.object,
				cell->value.is_stale ? " stale" : "");
		}
		fprintf(out, "\n");
	}
	for (uint32_t i = 1; i < state->object_count; i++) {
		if (state->objects[i].fate != 0) {
			fprintf(out, "    object %u fate %#x refs %d%s%s%s\n", i,
				state->objects[i].fate, state->objects[i].references,
				state->objects[i].is_blame_firm ? " blamed" : "",
				state->objects[i].may_be_null ? " null?" : "",
				state->objects[i].is_shared ? " shared" : "");
		}
	}
	print_bounds(out, state->facts);
	for (uint32_t i = 0; i < state->facts->unequal_count; i++) {
		fprintf(out, "    s%u - s%u != %lld\n", state->facts->unequal[i].x,
			state->facts->unequal[i].y, (long long)state->facts->unequal[i].c);
	}
}
