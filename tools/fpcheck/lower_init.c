/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Initialisers in braces, as they are written: which member a value is for must be found out as the
 * compiler does, with designators, and with inner braces left out.
 *
 * A position in the list is a stack of levels: the aggregate of the braces, and below it those of
 * its members that braces were left out for. An anonymous struct is a level of its own, whose
 * members are those of the record around it.
 */

#include <string.h>

#include "lower.h"

#define MAX_LEVELS 32U

/** More elements of a range than this are not written out. */
#define MAX_RANGE 64

struct level {
	struct ir_expr *record;           /**< Where its values go. */
	CXType type;                      /**< Canonical. */
	const struct record_shape *shape; /**< NULL for an array. */
	uint64_t idx;                     /**< The member or element that comes next. */
	uint64_t count;                   /**< Members; UINT64_MAX for an array without a size. */
};

struct position {
	struct lowering *low;
	struct level levels[MAX_LEVELS];
	uint32_t depth;
	bool is_ordered; /**< No designator so far: what comes next is in no part yet. */
};

static bool
is_array(CXType type)
{
	return type.kind == CXType_ConstantArray || type.kind == CXType_IncompleteArray ||
		type.kind == CXType_VariableArray;
}

static bool
is_aggregate(CXType type)
{
	return is_array(type) || type.kind == CXType_Record;
}

static void
push_level(struct position *position, struct ir_expr *record, CXType type)
{
	struct level *level = &position->levels[position->depth++];

	level->record = record;
	level->type = type;
	level->idx = 0;
	level->shape = is_array(type) ? NULL : ir_shape_of(position->low->cache, type);
	if (level->shape != NULL) {
		level->count = level->shape->count;
	} else {
		level->count = type.kind == CXType_ConstantArray
			? (uint64_t)clang_getArraySize(type)
			: UINT64_MAX;
	}
}

static struct level *
top_of(struct position *position)
{
	return &position->levels[position->depth - 1];
}

static CXType
member_type(const struct level *level)
{
	if (level->shape == NULL)
		return clang_getCanonicalType(clang_getArrayElementType(level->type));
	return clang_getCanonicalType(level->shape->fields[level->idx].type);
}

/** The next member; behind the first one of a union there is none. */
static void
advance(struct level *level)
{
	level->idx = level->shape != NULL && level->shape->is_union ? level->count : level->idx + 1;
}

/** Of the part that a level's next member has, or is given: NULL in it when it is new. */
static struct ir_expr **
part_of(struct position *position, const struct level *level)
{
	struct ir_expr *record = level->record;
	const char *name = level->shape == NULL ? NULL : level->shape->fields[level->idx].name;
	uint32_t count = record->part_count;
	void *grown;
	size_t size = name != NULL ? sizeof(*record->fields) : sizeof(*record->indexes);

	for (uint32_t i = count; i > 0 && !position->is_ordered; i--) {
		if (name != NULL ? strcmp(record->fields[i - 1], name) == 0
				 : record->indexes[i - 1] == (int64_t)level->idx)
			return &record->parts[i - 1];
	}
	if ((count & (count - 1)) == 0) {
		grown = region_alloc(position->low->region, (count == 0 ? 1 : 2 * count) * size);
		if (count > 0) {
			memcpy(grown,
				name != NULL ? (const void *)record->fields
					     : (const void *)record->indexes,
				count * size);
		}
		if (name != NULL) {
			record->fields = grown;
		} else {
			record->indexes = grown;
		}
	}
	if (name != NULL) {
		record->fields[count] = name;
	} else {
		record->indexes[count] = (int64_t)level->idx;
	}
	lower_add_part(position->low, record, NULL);
	return &record->parts[count];
}

/** Go into the next member of the innermost level. */
static void
descend(struct position *position, struct place at)
{
	struct level *level = top_of(position);
	CXType type = member_type(level);
	struct ir_expr **part;

	if (level->shape != NULL && level->shape->fields[level->idx].name[0] == '\0') {
		push_level(position, level->record, type);
		return;
	}
	part = part_of(position, level);
	if (*part == NULL || (*part)->kind != IR_RECORD) {
		*part = lower_new(
			position->low, IR_RECORD, ir_type_of(position->low->cache, type), at);
	}
	push_level(position, *part, type);
}

static bool
is_string(CXCursor cursor)
{
	cursor = lower_strip_parens(cursor);
	while (clang_Cursor_isNull(lower_implicit_operand(cursor)) == 0)
		cursor = lower_strip_parens(lower_implicit_operand(cursor));
	return clang_getCursorKind(cursor) == CXCursor_StringLiteral;
}

/** True when the value is for the whole member, and not for the first one in it. */
static bool
is_for_whole(CXCursor value, CXType member)
{
	CXType type = clang_getCanonicalType(clang_getCursorType(value));

	if (!is_aggregate(member) || clang_getCursorKind(value) == CXCursor_InitListExpr)
		return true;
	if (is_array(member)) {
		return is_array(type) ||
			(is_string(value) &&
				!is_aggregate(clang_getCanonicalType(
					clang_getArrayElementType(member))) &&
				clang_getCanonicalType(clang_getArrayElementType(member)).kind !=
					CXType_Pointer);
	}
	return type.kind == CXType_Record &&
		clang_equalCursors(
			clang_getTypeDeclaration(type), clang_getTypeDeclaration(member)) != 0;
}

/** An anonymous struct in braces: its members are those of the record around it. */
static void
take_over(struct position *position, const struct level *level, const struct ir_expr *inner)
{
	for (uint32_t i = 0; inner->kind == IR_RECORD && i < inner->part_count; i++) {
		struct record_field field = { .name = inner->fields[i] };
		struct record_shape shape = { .fields = &field, .count = 1 };
		struct level alias = { .record = level->record, .shape = &shape, .count = 1 };

		*part_of(position, &alias) = inner->parts[i];
	}
}

static void
put_value(struct position *position, CXCursor value)
{
	struct level *level = top_of(position);
	struct ir_expr *made;
	CXType type;

	type = member_type(level);
	made = clang_getCursorKind(value) == CXCursor_InitListExpr
		? lower_init(position->low, value, type)
		: lower_expr(position->low, value);
	if (level->shape != NULL && level->shape->fields[level->idx].name[0] == '\0') {
		take_over(position, level, made);
	} else {
		*part_of(position, level) = made;
	}
	advance(level);
}

/** Go to where a value without a designator belongs; false when there is no such place. */
static bool
settle(struct position *position, CXCursor value)
{
	struct place at = unit_place(position->low->unit, value);

	for (;;) {
		struct level *level = top_of(position);

		if (level->idx >= level->count) {
			if (position->depth == 1)
				return false;
			position->depth--;
			advance(top_of(position));
			continue;
		}
		if (is_for_whole(value, member_type(level)))
			return true;
		if (position->depth == MAX_LEVELS)
			return false;
		descend(position, at);
	}
}

/** Number of a member by its name; false when the record has none. */
static bool
find_field(const struct record_shape *shape, const char *name, CXCursor reference, uint64_t *idx)
{
	CXCursor field = clang_getCursorReferenced(reference);
	CXType type = clang_getCanonicalType(clang_getCursorType(field));

	for (uint32_t i = 0; i < shape->count; i++) {
		CXType own = clang_getCanonicalType(shape->fields[i].type);

		if (strcmp(shape->fields[i].name, name) == 0 &&
			(name[0] != '\0' || clang_equalTypes(own, type) != 0)) {
			*idx = i;
			return true;
		}
	}
	return false;
}

/** Follow one designator; false when it is not understood. */
static bool
follow(struct position *position, CXCursor designator)
{
	struct level *level = top_of(position);
	int64_t value;
	const char *name;

	if (clang_getCursorKind(designator) != CXCursor_MemberRef) {
		if (level->shape != NULL || !lower_evaluate(designator, &value) || value < 0)
			return false;
		level->idx = (uint64_t)value;
		return true;
	}
	name = unit_spelling(position->low->unit, designator);
	return level->shape != NULL && find_field(level->shape, name, designator, &level->idx);
}

/** The same value for each element of a range; false when it is too long to write out. */
static bool
put_range(struct position *position, CXCursor end, CXCursor value)
{
	struct level *level = top_of(position);
	uint64_t first = level->idx;
	struct ir_expr *made;
	int64_t last;

	if (!lower_evaluate(end, &last) || last < (int64_t)first ||
		last - (int64_t)first >= MAX_RANGE)
		return false;
	put_value(position, value);
	level->idx = first;
	made = *part_of(position, level);
	for (level->idx = first + 1; level->idx <= (uint64_t)last; level->idx++)
		*part_of(position, level) = lower_copy(position->low, made);
	return true;
}

/** A value behind designators: `.a.b[3] = value`. */
static bool
put_designated(struct position *position, struct children children)
{
	struct lowering *low = position->low;
	CXCursor value = lower_child(low, children, children.count - 1);

	position->depth = 1;
	position->is_ordered = false;
	for (uint32_t i = 0; i + 1 < children.count; i++) {
		CXCursor designator = lower_child(low, children, i);

		if (i > 0) {
			struct level *level = top_of(position);

			/* A second index without a second dimension is the end of a range. */
			if (level->shape == NULL &&
				clang_getCursorKind(designator) != CXCursor_MemberRef &&
				!is_array(member_type(level)) && i + 2 == children.count)
				return put_range(position, designator, value);
			if (position->depth == MAX_LEVELS || !is_aggregate(member_type(level)))
				return false;
			descend(position, unit_place(low->unit, value));
		}
		if (!follow(position, designator) ||
			top_of(position)->idx >= top_of(position)->count)
			return false;
	}
	if (!settle(position, value))
		return false;
	put_value(position, value);
	return true;
}

static bool
is_designated(CXCursor cursor)
{
	return clang_getCursorKind(cursor) == CXCursor_UnexposedExpr &&
		clang_getCanonicalType(clang_getCursorType(cursor)).kind == CXType_Void;
}

static bool
put_child(struct position *position, CXCursor child)
{
	struct children children;
	bool is_put;

	if (is_designated(child)) {
		children = lower_children(position->low, child);
		is_put = children.count >= 2 && put_designated(position, children);
		lower_drop_children(position->low, children);
		return is_put;
	}
	if (!settle(position, child))
		return false;
	put_value(position, child);
	return true;
}

struct ir_expr *
lower_init(struct lowering *low, CXCursor cursor, CXType type)
{
	CXType canonical = clang_getCanonicalType(type);
	struct children children = lower_children(low, cursor);
	struct place at = unit_place(low->unit, cursor);
	const struct ir_type *made_type = ir_type_of(low->cache, canonical);
	CXCursor first = lower_child(low, children, 0);
	struct ir_expr *made = lower_new(low, IR_RECORD, made_type, at);
	struct position position = { .low = low, .is_ordered = true };

	if (!is_aggregate(canonical) ||
		(children.count == 1 && is_array(canonical) && is_for_whole(first, canonical) &&
			is_string(first))) {
		made = children.count == 0 ? lower_constant(low, 0, made_type, at)
					   : lower_expr(low, first);
		lower_drop_children(low, children);
		return made;
	}
	push_level(&position, made, canonical);
	for (uint32_t i = 0; i < children.count; i++) {
		if (put_child(&position, lower_child(low, children, i)))
			continue;
		/* What cannot be placed is read all the same; where it goes is not known. */
		made->kind = IR_UNKNOWN;
		made->fields = NULL;
		made->indexes = NULL;
		break;
	}
	lower_drop_children(low, children);
	return made;
}
