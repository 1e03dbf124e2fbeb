/* SPDX-License-Identifier: BSD-3-Clause */

#include <string.h>

#include "engine.h"

struct number
engine_number(struct state *state, const struct value *value, const struct ir_type *type)
{
	struct number number;

	if (value->kind == VALUE_NUMBER)
		return value->number;
	number = state_new_symbol(state);
	if (type != NULL &&
		(type->kind == IR_TYPE_POINTER || (type->kind == IR_TYPE_INT && !type->is_signed)))
		(void)state_assume(state, number_constant(0), RELATION_LE, number);
	return number;
}

static bool
is_unsigned(const struct ir_type *type)
{
	return type != NULL && type->kind == IR_TYPE_INT && !type->is_signed;
}

/* A new number in [low, high]. */
static struct value
number_between(struct state *state, int64_t low, int64_t high)
{
	struct number number = state_new_symbol(state);

	(void)state_assume(state, number_constant(low), RELATION_LE, number);
	if (high != NUMBER_NO_BOUND)
		(void)state_assume(state, number, RELATION_LE, number_constant(high));
	return value_number(number);
}

static bool
relation_of(enum ir_op op, enum relation *relation, bool *is_swapped)
{
	*is_swapped = op == IR_OP_GT || op == IR_OP_GE;
	switch ((int)op) {
	case IR_OP_LT:
	case IR_OP_GT:
		*relation = RELATION_LT;
		return true;
	case IR_OP_LE:
	case IR_OP_GE:
		*relation = RELATION_LE;
		return true;
	case IR_OP_EQ:
		*relation = RELATION_EQ;
		return true;
	case IR_OP_NE:
		*relation = RELATION_NE;
		return true;
	default:
		return false;
	}
}

static bool
is_null(const struct value *value)
{
	return value->kind == VALUE_NUMBER && value->number.sym == 0 && value->number.off == 0;
}

/* A view made of a buffer is none of NULL; one that the caller handed in may be NULL. */
static bool
is_maybe_null_view(const struct state *state, const struct value *view)
{
	const struct object *object = &state->objects[view->object];

	return object->is_view_only && object->may_be_null;
}

/* 1, 0 or -1 for "a op b" on pointers. */
static int
compare_pointers(const struct state *state, const struct value *a, const struct value *b)
{
	const struct value *other = is_null(a) ? b : a;

	if (a->kind == VALUE_OBJECT && b->kind == VALUE_OBJECT) {
		const struct object *x = &state->objects[a->object];
		const struct object *y = &state->objects[b->object];

		/* Two that somebody lent may be one; what this path was given is no other's. */
		if (a->object == b->object)
			return 1;
		return ((x->fate | y->fate) & (FATE_OWNED | FATE_DEAD)) != 0 ||
				(x->is_argument && y->is_argument)
			? 0
			: -1;
	}
	if (!is_null(a) && !is_null(b))
		return -1;
	if (other->kind == VALUE_OBJECT)
		return state->objects[other->object].may_be_null ? -1 : 0;
	if (other->kind == VALUE_VIEW)
		return is_maybe_null_view(state, other) ? -1 : 0;
	return other->kind == VALUE_ADDRESS ? 0 : -1;
}

static struct value
eval_comparison(struct state *state, const struct ir_expr *expr, const struct value *a,
	const struct value *b)
{
	enum relation relation = RELATION_EQ;
	bool is_swapped;
	struct number x = a->number;
	struct number y = b->number;
	int holds = -1;

	(void)relation_of(expr->op, &relation, &is_swapped);
	if ((a->kind == VALUE_NUMBER && b->kind == VALUE_NUMBER) ||
		positions_of(state, a, b, &x, &y)) {
		holds = is_swapped ? facts_holds(state->facts, y, relation, x)
				   : facts_holds(state->facts, x, relation, y);
	} else if (relation == RELATION_EQ || relation == RELATION_NE) {
		holds = compare_pointers(state, a, b);
		if (holds != -1 && relation == RELATION_NE)
			holds = !holds;
	}
	if (holds != -1)
		return value_number(number_constant(holds));
	return number_between(state, 0, 1);
}

static bool
fold(enum ir_op op, int64_t a, int64_t b, int64_t *result)
{
	switch ((int)op) {
	case IR_OP_MUL:
		return !__builtin_mul_overflow(a, b, result);
	case IR_OP_DIV:
		*result = b == 0 ? 0 : a / (b == -1 ? 1 : b);
		return b != 0 && b != -1;
	case IR_OP_REM:
		*result = b == 0 || b == -1 ? 0 : a % b;
		return b != 0;
	case IR_OP_SHL:
		*result = b >= 0 && b < 48 && a >= 0 && a < 32768 ? a << b : 0;
		return b >= 0 && b < 48 && a >= 0 && a < 32768;
	case IR_OP_SHR:
		*result = b >= 0 && b < 63 ? a >> b : 0;
		return b >= 0 && b < 63;
	case IR_OP_AND:
		*result = a & b;
		return true;
	case IR_OP_OR:
		*result = a | b;
		return true;
	case IR_OP_XOR:
		*result = a ^ b;
		return true;
	default:
		return false;
	}
}

static struct value
bounded_result(struct state *state, const struct ir_expr *expr, const struct number *a,
	const struct number *b)
{
	bool is_positive = facts_holds(state->facts, number_constant(0), RELATION_LE, *a) == 1;

	if (expr->op == IR_OP_AND && b->sym == 0 && b->off >= 0)
		return number_between(state, 0, b->off);
	if (expr->op == IR_OP_REM && is_positive && b->sym == 0 && b->off > 0)
		return number_between(state, 0, b->off - 1);
	if ((expr->op == IR_OP_DIV || expr->op == IR_OP_SHR) && is_positive) {
		struct value value = number_between(state, 0, NUMBER_NO_BOUND);

		(void)state_assume(state, value.number, RELATION_LE, *a);
		return value;
	}
	if (is_unsigned(expr->type))
		return number_between(state, 0, NUMBER_NO_BOUND);
	return value_number(state_new_symbol(state));
}

static const char *const op_words[] = { "", "-", "~", "!", "+", "-", "*", "/", "%", "<<", ">>", "&",
	"|", "^" };

/*
 * What is made of a variable with a constant is the same when it is made again: `flags & DROP`. It
 * is kept as if it were a field of the variable, so that it goes when the variable changes.
 */
static bool
derived_address(struct engine *engine, const struct frame *frame, struct state *state,
	const struct ir_expr *expr, struct address *at)
{
	char *name;
	const struct ir_expr *a = expr->a;

	while (a->kind == IR_CAST)
		a = a->a;
	if (expr->b == NULL || expr->b->kind != IR_CONST ||
		(a->kind != IR_VAR && a->kind != IR_FIELD))
		return false;
	name = pointer_map_find(&engine->derived, expr);
	if (name == NULL) {
		name = region_format(
			&engine->region, "%s%lld", op_words[expr->op], (long long)expr->b->value);
		pointer_map_set(&engine->derived, &engine->region, expr, name);
	}
	return engine_locate(engine, frame, state, a, at) && address_add_field(at, name);
}

static struct value
eval_arithmetic(struct engine *engine, const struct frame *frame, struct state *state,
	const struct ir_expr *expr, const struct value *a, const struct value *b)
{
	struct number x = engine_number(state, a, expr->a->type);
	struct number y = engine_number(state, b, expr->b->type);
	struct place nowhere = { 0 };
	struct address at;
	const struct cell *cell;
	struct value value;
	int64_t folded;
	bool is_kept;

	if (expr->op == IR_OP_ADD)
		return value_number(facts_add(state->region, state_facts(state), x, y));
	if (expr->op == IR_OP_SUB)
		return value_number(facts_subtract(state->region, state_facts(state), x, y));
	if (x.sym == 0 && y.sym == 0 && fold(expr->op, x.off, y.off, &folded))
		return value_number(number_constant(folded));
	is_kept = derived_address(engine, frame, state, expr, &at);
	if (is_kept) {
		cell = state_cell(state, &at);
		if (cell != NULL)
			return cell->value;
	}
	value = bounded_result(state, expr, &x, &y);
	if (is_kept)
		state_set(state, &at, value, nowhere);
	return value;
}

static bool
is_pointer_type(const struct ir_type *type)
{
	return type != NULL && (type->kind == IR_TYPE_POINTER || type->kind == IR_TYPE_ARRAY);
}

static struct value
eval_pointer_arithmetic(struct state *state, const struct ir_expr *expr,
	const struct value *pointer, const struct value *offset)
{
	struct number number = engine_number(state, offset, expr->b->type);
	struct address at;
	struct step *last;

	if (pointer->kind == VALUE_OBJECT)
		return value_view(pointer->object);
	if (pointer->kind == VALUE_VIEW)
		return *pointer;
	if (expr->op == IR_OP_SUB) {
		number = facts_subtract(
			state->region, state_facts(state), number_constant(0), number);
	}
	if (pointer->kind == VALUE_UNKNOWN || !engine_pointee(state, pointer, &at))
		return value_unknown();
	if (at.root == ROOT_OBJECT || at.root == ROOT_DATA)
		return value_view(at.id);
	if (at.step_count == 0 || at.steps[at.step_count - 1].field != NULL) {
		if (!address_add_index(&at, number))
			return value_unknown();
		return value_address(state, &at);
	}
	last = &at.steps[at.step_count - 1];
	last->index = facts_add(state->region, state_facts(state), last->index, number);
	return value_address(state, &at);
}

static struct value
eval_binary(struct engine *engine, const struct frame *frame, struct state *state,
	const struct ir_expr *expr)
{
	struct value a = engine_eval(engine, frame, state, expr->a);
	struct value b = engine_eval(engine, frame, state, expr->b);
	enum relation relation;
	bool is_swapped;
	struct number x;
	struct number y;

	if (relation_of(expr->op, &relation, &is_swapped))
		return eval_comparison(state, expr, &a, &b);
	if (expr->op == IR_OP_ADD && is_pointer_type(expr->b->type))
		return eval_pointer_arithmetic(state, expr, &b, &a);
	if (b.kind == VALUE_VIEW && b.is_number && a.kind != VALUE_VIEW && expr->op == IR_OP_ADD)
		return b;
	if (b.kind == VALUE_VIEW && b.is_number)
		return value_number(state_new_symbol(state));
	if ((expr->op == IR_OP_ADD || expr->op == IR_OP_SUB) &&
		(is_pointer_type(expr->a->type) || a.kind == VALUE_VIEW)) {
		if (is_pointer_type(expr->b->type) && positions_of(state, &a, &b, &x, &y)) {
			return value_number(
				facts_subtract(state->region, state_facts(state), x, y));
		}
		if (is_pointer_type(expr->b->type))
			return value_number(state_new_symbol(state));
		return eval_pointer_arithmetic(state, expr, &a, &b);
	}
	return eval_arithmetic(engine, frame, state, expr, &a, &b);
}

static struct value
eval_unary(struct engine *engine, const struct frame *frame, struct state *state,
	const struct ir_expr *expr)
{
	struct value a = engine_eval(engine, frame, state, expr->a);
	struct value zero = value_number(number_constant(0));
	int holds;

	if (expr->op == IR_OP_NEG && a.kind == VALUE_NUMBER) {
		return value_number(facts_subtract(
			state->region, state_facts(state), number_constant(0), a.number));
	}
	if (expr->op != IR_OP_NOT)
		return value_unknown();
	holds = a.kind == VALUE_NUMBER
		? facts_holds(state->facts, a.number, RELATION_EQ, number_constant(0))
		: compare_pointers(state, &a, &zero);
	if (holds != -1)
		return value_number(number_constant(holds));
	return number_between(state, 0, 1);
}

static struct value
eval_cast(struct engine *engine, const struct frame *frame, struct state *state,
	const struct ir_expr *expr)
{
	struct value value = engine_eval(engine, frame, state, expr->a);

	if (expr->type != NULL && expr->type->kind == IR_TYPE_INT && value.kind == VALUE_VIEW) {
		value.is_number = true;
		return value;
	}
	if (expr->type != NULL && expr->type->kind == IR_TYPE_POINTER && value.is_number) {
		/* Found by its address: the buffer itself may be behind it. */
		if (expr->type->to != NULL && expr->type->to->kind == IR_TYPE_RECORD &&
			expr->type->to->meaning == CONTRACT_TYPE_BUFFER) {
			fate_escape(state, &value);
			return value_unknown();
		}
		value.is_number = false;
		return value;
	}
	if (expr->type != NULL && expr->type->kind == IR_TYPE_INT &&
		(value.kind == VALUE_OBJECT || value.kind == VALUE_ADDRESS)) {
		/* A pointer in a number: whoever makes a pointer of it again may own it. */
		fate_escape(state, &value);
		if (value.kind != VALUE_OBJECT)
			return value_unknown();
		value = value_view(value.object);
		value.is_number = true;
		return value;
	}
	if (expr->type != NULL && expr->type->kind == IR_TYPE_POINTER &&
		value.kind == VALUE_NUMBER && value.number.sym != 0 && expr->a->type != NULL &&
		expr->a->type->kind == IR_TYPE_INT)
		return value_unknown();
	return value;
}

static struct value
eval_address(struct engine *engine, const struct frame *frame, struct state *state,
	const struct ir_expr *expr)
{
	struct address at;

	if (!engine_locate(engine, frame, state, expr->a, &at))
		return value_unknown();
	if (at.root == ROOT_DATA)
		return value_view(at.id);
	if (at.root == ROOT_OBJECT && at.step_count == 0)
		return value_object(at.id);
	if (expr->a->type != NULL && expr->a->type->kind == IR_TYPE_ARRAY &&
		!address_add_index(&at, number_constant(0)))
		return value_unknown();
	return value_address(state, &at);
}

struct value
engine_eval(struct engine *engine, const struct frame *frame, struct state *state,
	const struct ir_expr *expr)
{
	struct address at;

	switch (expr->kind) {
	case IR_CONST:
		return value_number(number_constant(
			expr->value > NUMBER_NO_BOUND / 4 || expr->value < -NUMBER_NO_BOUND / 4
				? NUMBER_NO_BOUND / 4
				: expr->value));
	case IR_VAR:
	case IR_DEREF:
	case IR_FIELD:
	case IR_INDEX:
		if (!engine_locate(engine, frame, state, expr, &at))
			return value_unknown();
		if (expr->type != NULL && expr->type->kind == IR_TYPE_ARRAY)
			return value_unknown();
		return engine_load(engine, frame, state, &at, expr);
	case IR_ADDR:
		return eval_address(engine, frame, state, expr);
	case IR_UNARY:
		return eval_unary(engine, frame, state, expr);
	case IR_BINARY:
		return eval_binary(engine, frame, state, expr);
	case IR_CAST:
		return eval_cast(engine, frame, state, expr);
	case IR_RECORD:
	case IR_UNKNOWN:
		for (uint32_t i = 0; i < expr->part_count; i++)
			(void)engine_eval(engine, frame, state, expr->parts[i]);
		return value_unknown();
	case IR_STRING:
	case IR_FUNCTION:
		return number_between(state, 1, NUMBER_NO_BOUND);
	}
	return value_unknown();
}

bool
engine_assume_value(struct state *state, const struct value *value, bool truth)
{
	switch (value->kind) {
	case VALUE_NUMBER:
		return state_assume(state, value->number, truth ? RELATION_NE : RELATION_EQ,
			number_constant(0));
	case VALUE_OBJECT:
		if (truth) {
			state->objects[value->object].may_be_null = false;
		} else if (state->objects[value->object].may_be_null) {
			state_nullify(state, value->object);
		} else {
			return false;
		}
		return true;
	case VALUE_VIEW:
		return truth || is_maybe_null_view(state, value);
	case VALUE_ADDRESS:
		return truth;
	case VALUE_UNKNOWN:
		break;
	}
	return true;
}

/* An unknown value that is compared is a number from here on, so that the answer is remembered. */
static struct value
as_number(struct engine *engine, const struct frame *frame, struct state *state,
	const struct ir_expr *expr, struct value value)
{
	struct place nowhere = { 0 };
	struct address at;

	if (value.kind != VALUE_UNKNOWN)
		return value;
	value = value_number(engine_number(state, &value, expr->type));
	while (expr->kind == IR_CAST)
		expr = expr->a;
	if (expr->kind == IR_VAR && engine_locate(engine, frame, state, expr, &at) &&
		state_cell(state, &at) == NULL)
		state_set(state, &at, value, nowhere);
	return value;
}

/* A pointer of which nothing was known turned out to be a buffer's. */
static void
become(struct engine *engine, const struct frame *frame, struct state *state,
	const struct ir_expr *expr, const struct value *value, const struct value *buffer)
{
	struct place nowhere = { 0 };
	struct address at;

	if (buffer->kind != VALUE_OBJECT ||
		(value->kind != VALUE_NUMBER && value->kind != VALUE_UNKNOWN))
		return;
	while (expr->kind == IR_CAST)
		expr = expr->a;
	if (expr->kind == IR_VAR && engine_locate(engine, frame, state, expr, &at)) {
		state_set(state, &at, *buffer, nowhere);
	} else {
		fate_escape(state, buffer);
	}
}

static bool
assume_comparison(struct engine *engine, const struct frame *frame, struct state *state,
	const struct ir_expr *condition, bool truth)
{
	struct value a = engine_eval(engine, frame, state, condition->a);
	struct value b = engine_eval(engine, frame, state, condition->b);
	enum relation relation = RELATION_EQ;
	bool is_swapped;
	struct number first;
	struct number second;

	(void)relation_of(condition->op, &relation, &is_swapped);
	a = as_number(engine, frame, state, condition->a, a);
	b = as_number(engine, frame, state, condition->b, b);
	first = a.number;
	second = b.number;
	if ((a.kind == VALUE_NUMBER && b.kind == VALUE_NUMBER) ||
		positions_of(state, &a, &b, &first, &second)) {
		struct number x = is_swapped ? second : first;
		struct number y = is_swapped ? first : second;

		/* A count that does not even admit 0 is 0: nobody counts below it. */
		if (relation == RELATION_LT && !truth && x.sym == 0 && x.off == 0 &&
			facts_bound(state->facts, x, y) == NUMBER_NO_BOUND)
			return state_assume(state, y, RELATION_EQ, x);
		switch (relation) {
		case RELATION_LT:
			return truth ? state_assume(state, x, RELATION_LT, y)
				     : state_assume(state, y, RELATION_LE, x);
		case RELATION_LE:
			return truth ? state_assume(state, x, RELATION_LE, y)
				     : state_assume(state, y, RELATION_LT, x);
		case RELATION_EQ:
		case RELATION_NE:
			return state_assume(state, x,
				(relation == RELATION_EQ) == truth ? RELATION_EQ : RELATION_NE, y);
		}
		return true;
	}
	if (relation != RELATION_EQ && relation != RELATION_NE)
		return true;
	if (is_null(&a))
		return engine_assume_value(state, &b, (relation == RELATION_NE) == truth);
	if (is_null(&b))
		return engine_assume_value(state, &a, (relation == RELATION_NE) == truth);
	switch (compare_pointers(state, &a, &b)) {
	case 1:
		return (relation == RELATION_EQ) == truth;
	case 0:
		return (relation == RELATION_NE) == truth;
	default:
		if ((relation == RELATION_EQ) == truth) {
			become(engine, frame, state, condition->b, &b, &a);
			become(engine, frame, state, condition->a, &a, &b);
		}
		return true;
	}
}

bool
engine_assume(struct engine *engine, const struct frame *frame, struct state *state,
	const struct ir_expr *condition, bool truth)
{
	enum relation relation;
	bool is_swapped;
	struct value value;

	while (condition->kind == IR_UNARY && condition->op == IR_OP_NOT) {
		condition = condition->a;
		truth = !truth;
	}
	if (condition->kind == IR_BINARY && relation_of(condition->op, &relation, &is_swapped))
		return assume_comparison(engine, frame, state, condition, truth);
	value = engine_eval(engine, frame, state, condition);
	value = as_number(engine, frame, state, condition, value);
	return engine_assume_value(state, &value, truth);
}
