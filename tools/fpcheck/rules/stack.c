/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Stack memory: FP0407 in hot code, R-04-07 elsewhere.
 *
 * One array gives one finding. In hot code it is FP0407, whatever is wrong with it: its size is not
 * constant, it is larger than settings->stack_bytes, or it is declared in a loop. In other code the
 * same is R-04-07, and only for an array that a view is laid over: that is the array that the rule
 * is about, the memory of a view on the stack.
 */

#include <string.h>

#include "rules.h"

/** The names that alloca() goes by, a builtin's prefix taken off. */
static bool
is_alloca(const struct callee *callee)
{
	static const char *const names[] = { "alloca", "alloca_with_align",
		"alloca_with_align_and_max", "alloca_uninitialized" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(callee->name, names[i]) == 0)
			return true;
	}
	return false;
}

/** What is wrong with the size of an array; NULL for nothing. */
static const char *
size_fault_of(struct rules *rules, CXType type)
{
	uint32_t limit = rules->unit->settings->stack_bytes;
	CXType element = type;
	long long bytes;

	while (element.kind == CXType_ConstantArray)
		element = clang_getCanonicalType(clang_getArrayElementType(element));
	if (type.kind == CXType_VariableArray || element.kind == CXType_VariableArray)
		return "its size is not constant";
	if (type.kind != CXType_ConstantArray)
		return NULL;
	bytes = clang_Type_getSizeOf(type);
	if (bytes > limit) {
		return RULES_TEXT(
			rules, "it has %lld bytes, %u are allowed on the stack", bytes, limit);
	}
	return NULL;
}

/** What is wrong with an array's declaration; NULL for nothing. */
static const char *
fault_of(struct rules *rules, uint32_t declaration)
{
	CXType type = tree_type(&rules->tree, declaration);
	const char *fault = size_fault_of(rules, type);

	if (fault == NULL && type.kind == CXType_ConstantArray &&
		rules->tree.nodes[declaration].is_in_loop)
		return "it is declared in a loop, declare it above";
	return fault;
}

/** True when the node is the variable, as it is or at its beginning. */
static bool
names_variable(const struct tree *tree, uint32_t node, CXCursor variable)
{
	node = tree_uncast(tree, node);
	if (node != TREE_NONE && tree->nodes[node].kind == CXCursor_UnaryOperator &&
		clang_getCursorUnaryOperatorKind(tree->nodes[node].cursor) ==
			CXUnaryOperator_AddrOf)
		node = tree_uncast(tree, tree_first(tree, node));
	if (node != TREE_NONE && tree->nodes[node].kind == CXCursor_ArraySubscriptExpr)
		node = tree_uncast(tree, tree_first(tree, node));
	return node != TREE_NONE && tree->nodes[node].kind == CXCursor_DeclRefExpr &&
		clang_equalCursors(clang_getCursorReferenced(tree->nodes[node].cursor), variable) !=
		0;
}

/** True for an array of numbers: views are laid over these, not over structs that hold views. */
static bool
has_bytes(const struct rules *rules, uint32_t declaration)
{
	CXType type = tree_type(&rules->tree, declaration);

	while (type.kind == CXType_ConstantArray || type.kind == CXType_VariableArray)
		type = clang_getCanonicalType(clang_getArrayElementType(type));
	return type.kind != CXType_Record && type.kind != CXType_Pointer;
}

static bool
makes_view(const struct rules *rules, uint32_t node)
{
	enum CXCursorKind kind = rules->tree.nodes[node].kind;
	enum contract_type type;

	if (kind != CXCursor_CallExpr && kind != CXCursor_InitListExpr)
		return false;
	type = unit_type_of(rules->unit, clang_getCursorType(rules->tree.nodes[node].cursor));
	return type == CONTRACT_TYPE_VIEW || type == CONTRACT_TYPE_CURSOR;
}

/** True when a view is made of the array: an initialiser or a call that gives a view has it. */
static bool
is_below_view(const struct rules *rules, CXCursor variable)
{
	const struct tree *tree = &rules->tree;

	for (uint32_t i = 0; i < tree->count; i++) {
		if (!makes_view(rules, i))
			continue;
		for (uint32_t part = tree_first(tree, i); part != TREE_NONE;
			part = tree_next(tree, part)) {
			uint32_t value = part;

			/* .data = array */
			if (tree->nodes[part].kind == CXCursor_UnexposedExpr)
				value = tree_last(tree, part);
			if (names_variable(tree, part, variable) ||
				(value != TREE_NONE && names_variable(tree, value, variable)))
				return true;
		}
	}
	return false;
}

static void
check_array(struct rules *rules, uint32_t declaration)
{
	CXCursor variable = rules->tree.nodes[declaration].cursor;
	enum finding_rule rule = rules->is_hot ? RULE_FP0407 : RULE_R_04_07;
	const char *fault;

	if (!origins_is_stack_variable(variable))
		return;
	fault = fault_of(rules, declaration);
	if (fault == NULL ||
		(!rules->is_hot &&
			(!has_bytes(rules, declaration) || !is_below_view(rules, variable))))
		return;
	rules_report(rules, rule, declaration,
		RULES_TEXT(
			rules, "local array '%s': %s", unit_spelling(rules->unit, variable), fault),
		NULL);
}

/** (uint8_t[4096]){ 0 } is an array on the stack as well. */
static void
check_literal(struct rules *rules, uint32_t literal)
{
	const char *fault = size_fault_of(rules, tree_type(&rules->tree, literal));

	if (fault != NULL) {
		rules_report(rules, RULE_FP0407, literal,
			RULES_TEXT(rules, "an array without a name: %s", fault), NULL);
	}
}

void
rules_stack(struct rules *rules)
{
	const struct tree *tree = &rules->tree;

	for (uint32_t i = 0; i < tree->count; i++) {
		const struct callee *callee;

		if (tree->nodes[i].kind == CXCursor_VarDecl) {
			check_array(rules, i);
			continue;
		}
		if (!rules_is_busy(rules, i))
			continue;
		if (tree->nodes[i].kind == CXCursor_CompoundLiteralExpr)
			check_literal(rules, i);
		if (tree->nodes[i].kind != CXCursor_CallExpr)
			continue;
		callee = tree_callee(tree, i);
		if (callee != NULL && is_alloca(callee)) {
			rules_report(rules, RULE_FP0407, i,
				"alloca(): stack memory whose size is not constant", NULL);
		}
	}
}
