/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * FP0403: a view, or a pointer into a buffer, stored where it outlives the frame.
 *
 * A struct on the stack may hold views: it dies with the frame as they do. What is found is a store
 * to a static or global object, or to a member of a struct that is reached through a pointer,
 * unless that struct is a view or a cursor itself by the tables. The member's declaration is a
 * finding as well when its type is a view: there the mistake is mended for all of its stores.
 */

#include <string.h>

#include "callers.h"
#include "rules.h"

/** Structs in structs are looked into this deep for views. */
#define MAX_NESTING 4

struct member_search {
	struct unit *unit;
	uint32_t depth;
	bool has_view;
};

static enum CXVisitorResult look_at_member(CXCursor field, CXClientData data);

static bool
is_view(struct unit *unit, CXType type)
{
	enum contract_type meaning = unit_type_of(unit, type);

	return meaning == CONTRACT_TYPE_VIEW || meaning == CONTRACT_TYPE_CURSOR;
}

/** True for a view, and for a struct or an array that has one inside. */
static bool
holds_view(struct unit *unit, CXType type, uint32_t depth)
{
	struct member_search search = { .unit = unit, .depth = depth + 1 };

	type = clang_getCanonicalType(type);
	while (type.kind == CXType_ConstantArray)
		type = clang_getCanonicalType(clang_getArrayElementType(type));
	if (type.kind != CXType_Record || depth > MAX_NESTING)
		return false;
	if (is_view(unit, type))
		return true;
	if (unit_type_of(unit, type) != CONTRACT_TYPE_PLAIN)
		return false;
	(void)clang_Type_visitFields(type, look_at_member, &search);
	return search.has_view;
}

static enum CXVisitorResult
look_at_member(CXCursor field, CXClientData data)
{
	struct member_search *search = data;

	search->has_view = holds_view(search->unit, clang_getCursorType(field), search->depth);
	return search->has_view ? CXVisit_Break : CXVisit_Continue;
}

/** An object that something is stored in, as the source names it. */
struct target {
	uint32_t member; /**< The outermost member stored to; TREE_NONE: a variable. */
	bool is_kept;    /**< It outlives the call, as far as can be seen. */
	const char *where;
};

/** True when the pointer is a parameter that all callers give the address of a local variable. */
static bool
is_callers_stack(const struct rules *rules, uint32_t pointer)
{
	const struct tree *tree = &rules->tree;
	uint32_t idx = tree_inside(tree, pointer);
	CXCursor parameter;

	if (idx == TREE_NONE || tree->nodes[idx].kind != CXCursor_DeclRefExpr)
		return false;
	parameter = clang_getCursorReferenced(tree->nodes[idx].cursor);
	return clang_getCursorKind(parameter) == CXCursor_ParmDecl &&
		pointer_map_find(&rules->origins.variables, cursor_key(parameter)) == NULL &&
		callers_pass_stack(rules->unit, tree->callees, rules->function, parameter);
}

/** True for a pointer to a struct that is more than a view: to store one there is to keep it. */
static bool
points_to_struct(const struct rules *rules, uint32_t pointer)
{
	CXType type = tree_type(&rules->tree, pointer);

	if (type.kind != CXType_Pointer)
		return false;
	type = clang_getCanonicalType(clang_getPointeeType(type));
	return type.kind == CXType_Record && unit_type_of(rules->unit, type) == CONTRACT_TYPE_PLAIN;
}

static struct target
target_of_pointer(const struct rules *rules, struct target target, uint32_t pointer)
{
	uint32_t bits = origins_of(&rules->origins, pointer);

	/* A member of what a pointer to a local variable points to is on the stack. */
	target.is_kept = (target.member != TREE_NONE || points_to_struct(rules, pointer)) &&
		bits != ORIGIN_STACK && !is_callers_stack(rules, pointer);
	target.where = "a struct that a pointer leads to";
	return target;
}

/** What an lvalue stores to. */
static struct target
target_of(const struct rules *rules, uint32_t idx)
{
	const struct tree *tree = &rules->tree;
	struct target target = { .member = TREE_NONE };

	for (idx = tree_inside(tree, idx); idx != TREE_NONE;) {
		uint32_t base = tree_first(tree, idx);
		CXCursor variable;

		switch ((int)tree->nodes[idx].kind) {
		case CXCursor_DeclRefExpr:
			variable = clang_getCursorReferenced(tree->nodes[idx].cursor);
			target.is_kept = !origins_is_stack_variable(variable);
			target.where = "a static or global object";
			return target;
		case CXCursor_MemberRefExpr:
			if (unit_type_of(rules->unit, origins_owner(tree, idx)) !=
				CONTRACT_TYPE_PLAIN)
				return target; /* A cursor's own member, a buffer's. */
			if (target.member == TREE_NONE)
				target.member = idx;
			if (origins_is_arrow(tree, idx))
				return target_of_pointer(rules, target, base);
			break;
		case CXCursor_ArraySubscriptExpr:
			if (tree_type(tree, tree_inside(tree, base)).kind == CXType_Pointer)
				return target_of_pointer(rules, target, base);
			base = tree_inside(tree, base);
			break;
		case CXCursor_UnaryOperator: /* *p */
			return target_of_pointer(rules, target, base);
		default:
			return target;
		}
		idx = tree_inside(tree, base);
	}
	return target;
}

static void
report_member(struct rules *rules, CXCursor field)
{
	if (!unit_is_ours(rules->unit, field))
		return;
	rules_report_at(rules, RULE_FP0403, unit_place(rules->unit, field),
		RULES_TEXT(rules,
			"member '%s' holds a view in a struct that hot code keeps: keep the lease, "
			"or (id, offset, length)",
			unit_spelling(rules->unit, field)),
		NULL);
}

static void
report_store(struct rules *rules, uint32_t node, const struct target *target, bool is_view_type)
{
	struct finding_note note = { .text = "the member is declared here" };
	CXCursor field;

	if (target->member == TREE_NONE) {
		rules_report(rules, RULE_FP0403, node,
			RULES_TEXT(rules, "a view is stored in %s", target->where), NULL);
		return;
	}
	field = clang_getCursorReferenced(rules->tree.nodes[target->member].cursor);
	note.at = unit_place(rules->unit, field);
	rules_report(rules, RULE_FP0403, node,
		RULES_TEXT(rules, "a view is stored in member '%s' of %s",
			unit_spelling(rules->unit, field), target->where),
		&note);
	if (is_view_type)
		report_member(rules, field);
}

/** A library's own struct is as it is: what it keeps a pointer for is the library's contract. */
static bool
is_foreign(struct rules *rules, const struct target *target)
{
	CXCursor field;

	if (target->member == TREE_NONE)
		return false;
	field = clang_getCursorReferenced(rules->tree.nodes[target->member].cursor);
	return !unit_is_ours(rules->unit, field);
}

/** True for a pointer into a view, and for a struct with one in it. */
static bool
leads_to_view(const struct rules *rules, CXType type, uint32_t value)
{
	if (type.kind == CXType_Record)
		return origins_has_view_inside(&rules->origins, value);
	return type.kind == CXType_Pointer &&
		(origins_of(&rules->origins, value) & ORIGIN_VIEW) != 0;
}

/** @p to is stored to, at @p node, what @p value gives; TREE_NONE for a value that is not seen. */
static void
check_store(struct rules *rules, uint32_t node, uint32_t to, uint32_t value)
{
	CXType type = tree_type(&rules->tree, tree_inside(&rules->tree, to));
	bool is_view_type = holds_view(rules->unit, type, 0);
	struct target target;

	if (!is_view_type && (value == TREE_NONE || !leads_to_view(rules, type, value)))
		return;
	target = target_of(rules, to);
	if (target.is_kept && (is_view_type || !is_foreign(rules, &target)))
		report_store(rules, node, &target, is_view_type);
}

/** An argument &object whose parameter is a pointer to a view: the callee stores one there. */
static void
check_out_argument(struct rules *rules, uint32_t call, uint32_t argument)
{
	const struct tree *tree = &rules->tree;
	uint32_t object = origins_pointed_object(tree, argument);
	CXType to;

	if (object == TREE_NONE || tree_type(tree, argument).kind != CXType_Pointer)
		return;
	to = clang_getPointeeType(tree_type(tree, argument));
	if (clang_isConstQualifiedType(to) == 0 &&
		is_view(rules->unit, clang_getCursorType(tree->nodes[object].cursor)))
		check_store(rules, call, object, TREE_NONE);
}

/** memcpy(&session->bytes, &pointer, n) */
static void
check_copied_pointer(struct rules *rules, uint32_t call)
{
	const struct tree *tree = &rules->tree;
	uint32_t to = origins_pointed_object(tree, tree_argument(tree, call, 0));
	uint32_t from = origins_pointed_object(tree, tree_argument(tree, call, 1));

	if (to != TREE_NONE && from != TREE_NONE && origins_is_copy(tree_callee(tree, call)) &&
		!holds_view(rules->unit, tree_type(tree, to), 0))
		check_store(rules, call, to, from);
}

/** True for a literal without names and calls in it, and for a call that gets only zeros. */
static bool
is_empty_view(const struct tree *tree, uint32_t value)
{
	uint32_t idx = tree_uncast(tree, value);

	if (idx != TREE_NONE && tree->nodes[idx].kind == CXCursor_CallExpr) {
		uint32_t argument = tree_argument(tree, idx, 0);

		for (uint32_t n = 1; argument != TREE_NONE && tree_is_zero(tree, argument); n++)
			argument = tree_argument(tree, idx, n);
		return argument == TREE_NONE && tree_argument(tree, idx, 0) != TREE_NONE;
	}

	if (idx != TREE_NONE && tree->nodes[idx].kind == CXCursor_CompoundLiteralExpr)
		idx = tree_last(tree, idx);
	if (idx == TREE_NONE || tree->nodes[idx].kind != CXCursor_InitListExpr)
		return false;
	for (uint32_t i = idx + 1; i < tree->nodes[idx].end; i++) {
		enum CXCursorKind kind = tree->nodes[i].kind;

		if (kind == CXCursor_DeclRefExpr || kind == CXCursor_CallExpr)
			return false;
	}
	return true;
}

void
rules_stored(struct rules *rules)
{
	const struct tree *tree = &rules->tree;
	uint32_t argument;

	for (uint32_t i = 0; rules->is_hot && i < tree->count; i++) {
		if (tree->nodes[i].is_unevaluated)
			continue;
		if (tree->nodes[i].kind == CXCursor_BinaryOperator &&
			clang_getCursorBinaryOperatorKind(tree->nodes[i].cursor) ==
				CXBinaryOperator_Assign &&
			!is_empty_view(tree, tree_last(tree, i)))
			check_store(rules, i, tree_first(tree, i), tree_last(tree, i));
		if (tree->nodes[i].kind != CXCursor_CallExpr)
			continue;
		for (uint32_t n = 0; (argument = tree_argument(tree, i, n)) != TREE_NONE; n++)
			check_out_argument(rules, i, argument);
		check_copied_pointer(rules, i);
	}
}
