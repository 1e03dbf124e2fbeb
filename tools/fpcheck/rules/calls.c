/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Calls that hot code does not make: by name from the tables (FP0401, FP0402, FP0404, FP0406), of
 * variadic functions (FP0408) and by pointer (FP0409).
 */

#include <string.h>

#include "rules.h"

/** True when every argument is a text in the source: its length is known when it is compiled. */
static bool
has_only_literals(const struct tree *tree, uint32_t call)
{
	uint32_t number = 0;
	uint32_t argument;

	for (; (argument = tree_argument(tree, call, number)) != TREE_NONE; number++) {
		argument = tree_uncast(tree, argument);
		if (argument == TREE_NONE || tree->nodes[argument].kind != CXCursor_StringLiteral)
			return false;
	}
	return number > 0;
}

static const char *
words_of(enum finding_rule rule)
{
	switch ((int)rule) {
	case RULE_FP0401:
		return "the heap is not for hot code";
	case RULE_FP0402:
		return "C strings are not for hot code, compare and parse bytes in place";
	case RULE_FP0404:
		return "hot code formats no text, a binary record does it later";
	case RULE_FP0405:
		return "a buffer is got back from what is in it";
	case RULE_FP0406:
		return "an iteration that calls back for each element, use a plain loop";
	default:
		return finding_rule_text(rule);
	}
}

/** Banned as what makes C strings or formats, and heap allocations, too. */
static bool
allocates_text(const char *name)
{
	static const char *const names[] = { "strdup", "strndup", "__strdup", "__strndup",
		"asprintf", "vasprintf" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(name, names[i]) == 0)
			return true;
	}
	return false;
}

static void
report_banned(
	struct rules *rules, uint32_t call, const struct callee *callee, enum finding_rule rule)
{
	rules_report(rules, rule, call,
		RULES_TEXT(rules, "call of '%s': %s", callee->name, words_of(rule)), NULL);
}

static void
check_named(struct rules *rules, uint32_t call, const struct callee *callee)
{
	enum finding_rule rule;

	if (callee->is_noreturn)
		return;
	if (contracts_ban(rules->unit->contracts, callee->name, &rule)) {
		if (rule == RULE_FP0402 && has_only_literals(&rules->tree, call))
			return;
		report_banned(rules, call, callee, rule);
		if (rule != RULE_FP0401 && allocates_text(callee->name))
			report_banned(rules, call, callee, RULE_FP0401);
		return;
	}
	if (callee->is_cold)
		return;
	if (callee->is_formatting) {
		rules_report(rules, RULE_FP0404, call,
			RULES_TEXT(rules, "call of '%s', which formats: %s", callee->name,
				words_of(RULE_FP0404)),
			NULL);
		return;
	}
	if (callee->is_variadic && !callee->is_builtin) {
		rules_report(rules, RULE_FP0408, call,
			RULES_TEXT(rules, "call of the variadic function '%s'", callee->name),
			NULL);
	}
}

/** A banned foreign function stays banned although its header calls it cold, as perror() is. */
static bool
is_excused(const struct rules *rules, uint32_t call, const struct callee *callee)
{
	const struct tree_node *node = &rules->tree.nodes[call];

	if (node->is_unevaluated || rules->tree.nodes[node->parent].is_exceptional)
		return true;
	return node->is_exceptional && callee != NULL && callee->is_noreturn;
}

/** A library's function that happens to be a variable, as rte_delay_us() is. */
static bool
is_library_function(const struct rules *rules, uint32_t called)
{
	const struct tree_node *node;
	CXCursor variable;

	called = tree_inside(&rules->tree, called);
	node = &rules->tree.nodes[called];
	if (node->kind != CXCursor_DeclRefExpr)
		return false;
	variable = clang_getCursorReferenced(node->cursor);
	return !origins_is_stack_variable(variable) && !unit_is_ours(rules->unit, variable);
}

/** False for the call of what clang could not make sense of. */
static bool
calls_pointer(const struct rules *rules, uint32_t call)
{
	uint32_t called = tree_first(&rules->tree, call);

	return called != TREE_NONE && tree_type(&rules->tree, called).kind == CXType_Pointer &&
		!is_library_function(rules, called);
}

void
rules_calls(struct rules *rules)
{
	const struct tree *tree = &rules->tree;

	if (!rules->is_hot)
		return;
	for (uint32_t i = 0; i < tree->count; i++) {
		const struct callee *callee;

		if (tree->nodes[i].kind != CXCursor_CallExpr)
			continue;
		callee = tree_callee(tree, i);
		if (is_excused(rules, i, callee))
			continue;
		if (callee != NULL)
			check_named(rules, i, callee);
		if (callee == NULL && calls_pointer(rules, i))
			rules_report(rules, RULE_FP0409, i, "call by a function pointer", NULL);
	}
}
