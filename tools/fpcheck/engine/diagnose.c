/* SPDX-License-Identifier: BSD-3-Clause */

#include <stdarg.h>
#include <string.h>

#include "engine.h"

static const char *
event_text(struct engine *engine, const struct event *event)
{
	static const char *const words[] = {
		[EVENT_GRANTED] = "granted here",
		[EVENT_BORROWED] = "taken from here",
		[EVENT_FREED] = "freed here",
		[EVENT_SENT] = "given away here",
		[EVENT_REFUSED] = "not accepted here",
		[EVENT_MOVED] = "its data may move here",
		[EVENT_SHARED] = "shared here",
		[EVENT_KEPT] = "kept here",
		[EVENT_REPLACED] = "replaced here",
	};

	if (event->by == NULL)
		return words[event->kind];
	return region_format(&engine->region, "%s by %s()", words[event->kind], event->by);
}

/* The trail has the newest first; people read the oldest first. */
static void
add_trail(struct engine *engine, struct finding *finding, const struct event *trail)
{
	const struct event *events[FINDING_MAX_NOTES - 2];
	uint32_t count = 0;

	while (trail != NULL && count < FINDING_MAX_NOTES - 2) {
		events[count++] = trail;
		trail = trail->before;
	}
	while (count > 0) {
		struct finding_note *note = &finding->notes[finding->note_count++];

		count--;
		note->at = events[count]->at;
		note->text = event_text(engine, events[count]);
	}
}

/*
 * What happens to a buffer that was gone before a function of the unit was called with it happens
 * where it was called, by the outermost function that had it in its hands; NULL when none had.
 */
static const struct call_id *
call_with_dead(const struct state *state, const struct object *object)
{
	const struct event *end = object->trail;
	const struct call_id *outermost = NULL;

	while (end != NULL && end->kind != EVENT_FREED && end->kind != EVENT_SENT &&
		end->kind != EVENT_REPLACED)
		end = end->before;
	if (end == NULL || (object->fate & ~FATE_DEAD) != 0)
		return NULL;
	for (const struct call_id *call = state->call;; call = call->caller) {
		for (const struct call_id *then = end->call;; then = then->caller) {
			if (then == call)
				return outermost;
			if (then == NULL)
				break;
		}
		if (call == NULL)
			return NULL;
		if (call->gets_dead)
			outermost = call;
	}
}

/* A finding of the function under way. */
struct told {
	struct finding finding;
	const struct told *next;
};

static void
keep(struct engine *engine, const struct finding *finding)
{
	struct told *told = region_alloc(&engine->region, sizeof(*told));

	told->finding = *finding;
	told->finding.text = region_text(&engine->region, finding->text, strlen(finding->text));
	told->next = engine->told;
	engine->told = told;
}

static bool
is_same_place(const struct place *a, const struct place *b)
{
	return a->line == b->line && a->column == b->column && strcmp(a->file, b->file) == 0;
}

/*
 * A burst that is offered once more from its head, or freed there instead of from its tail: what
 * was given up twice is the finding. That others are lost, because the counts are wrong, is the
 * same mistake.
 */
static bool
follows_from_another(const struct engine *engine, const struct finding *leak)
{
	if (strcmp(leak->kind, "leak") != 0)
		return false;
	for (const struct told *told = engine->told; told != NULL; told = told->next) {
		const struct finding *other = &told->finding;

		if (strcmp(other->kind, "send-after-send") != 0 &&
			strcmp(other->kind, "free-after-send") != 0)
			continue;
		if (is_same_place(&leak->at, &other->at))
			return true;
		for (uint32_t i = 0; i < other->note_count; i++) {
			if (is_same_place(&leak->at, &other->notes[i].at))
				return true;
		}
	}
	return false;
}

void
diagnose_flush(struct engine *engine)
{
	for (const struct told *told = engine->told; told != NULL; told = told->next) {
		if (!follows_from_another(engine, &told->finding))
			finding_add(engine->unit->findings, &told->finding);
	}
	engine->told = NULL;
}

void
diagnose(struct engine *engine, const struct frame *frame, const struct state *state,
	enum finding_rule rule, const char *kind, struct place at, uint32_t object,
	const char *format, ...)
{
	struct finding finding;
	char text[512];
	va_list args;

	if (engine->needs_split || engine->is_silent || state->is_guess ||
		!settings_wants(engine->unit->settings, rule) || at.line == 0)
		return;
	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	memset(&finding, 0, sizeof(finding));
	finding.rule = rule;
	finding.kind = kind;
	finding.at = at;
	finding.text = text;
	finding.function = frame->function->name;
	if (object != 0) {
		const struct call_id *call = call_with_dead(state, &state->objects[object]);

		add_trail(engine, &finding, state->objects[object].trail);
		if (call != NULL) {
			finding.notes[finding.note_count].at = at;
			finding.notes[finding.note_count].text = "this happens here";
			finding.note_count++;
			finding.at = call->at;
			finding.function = call->from;
		}
	}
	for (const struct frame *call = frame;
		call->caller != NULL && finding.note_count < FINDING_MAX_NOTES;
		call = call->caller) {
		struct finding_note *note = &finding.notes[finding.note_count++];

		note->at = call->call_at;
		note->text =
			region_format(&engine->region, "'%s' is called here", call->function->name);
	}
	keep(engine, &finding);
}

static const char *
name_of(struct engine *engine, const struct ir_expr *expr)
{
	switch (expr->kind) {
	case IR_VAR:
		return expr->var->name[0] != '\0' ? expr->var->name : "the result";
	case IR_CONST:
		return region_format(&engine->region, "%lld", (long long)expr->value);
	case IR_DEREF:
		return region_format(&engine->region, "*%s", name_of(engine, expr->a));
	case IR_FIELD:
		/* A member of an anonymous union is one of the struct around it. */
		while (expr->a->kind == IR_FIELD && strchr(expr->a->name, '(') != NULL) {
			struct ir_expr *outer = region_alloc(&engine->region, sizeof(*outer));

			*outer = *expr;
			outer->a = expr->a->a;
			expr = outer;
		}
		if (expr->a->kind == IR_DEREF) {
			return region_format(
				&engine->region, "%s->%s", name_of(engine, expr->a->a), expr->name);
		}
		return region_format(
			&engine->region, "%s.%s", name_of(engine, expr->a), expr->name);
	case IR_INDEX:
		return region_format(&engine->region, "%s[%s]", name_of(engine, expr->a),
			name_of(engine, expr->b));
	case IR_ADDR:
		if (expr->a->type != NULL && expr->a->type->kind == IR_TYPE_ARRAY)
			return name_of(engine, expr->a);
		return region_format(&engine->region, "&%s", name_of(engine, expr->a));
	case IR_CAST:
	case IR_BINARY:
		return name_of(engine, expr->a);
	case IR_STRING:
	case IR_UNARY:
	case IR_FUNCTION:
	case IR_RECORD:
	case IR_UNKNOWN:
		break;
	}
	return "the buffer";
}

const char *
diagnose_name(struct engine *engine, const struct ir_expr *expr)
{
	char *name = pointer_map_find(&engine->names, expr);

	if (name == NULL) {
		const char *text = name_of(engine, expr);

		name = region_text(&engine->region, text, strlen(text));
		pointer_map_set(&engine->names, &engine->region, expr, name);
	}
	return name;
}
