/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * FP0402: a view's bytes given to what takes a C string. A function whose calls are banned as
 * FP0402 by name is found in calls.c; here are those that are banned for something else, or not at
 * all.
 */

#include <string.h>

#include "rules.h"

/** Functions that read an argument up to its zero byte, beside those of the tables. */
static const char *const takers[] = { "strdup", "strndup", "strdupa", "puts", "fputs", "perror",
	"rte_strlcpy", "rte_strscpy", "strlcpy", "strlcat" };

static bool
takes_strings(const char *name)
{
	for (size_t i = 0; i < sizeof(takers) / sizeof(takers[0]); i++) {
		if (strcmp(name, takers[i]) == 0)
			return true;
	}
	return false;
}

static bool
is_characters(const struct rules *rules, uint32_t node)
{
	CXType type = tree_type(&rules->tree, tree_inside(&rules->tree, node));
	enum CXTypeKind kind;

	if (type.kind != CXType_Pointer)
		return false;
	kind = clang_getCanonicalType(clang_getPointeeType(type)).kind;
	return kind == CXType_Char_S || kind == CXType_SChar || kind == CXType_UChar;
}

/** True when a format of the call, a literal, has an s conversion. */
static bool
prints_strings(const struct rules *rules, uint32_t call)
{
	const struct tree *tree = &rules->tree;
	uint32_t node;

	for (uint32_t number = 0; (node = tree_argument(tree, call, number)) != TREE_NONE;
		number++) {
		const char *percent;

		node = tree_uncast(tree, node);
		if (node == TREE_NONE || tree->nodes[node].kind != CXCursor_StringLiteral)
			continue;
		percent = unit_spelling(rules->unit, tree->nodes[node].cursor);
		while ((percent = strchr(percent, '%')) != NULL) {
			percent++;
			percent += strspn(percent, "-+ #0123456789.*hl");
			if (*percent == 's')
				return true;
			if (*percent != '\0')
				percent++;
		}
	}
	return false;
}

static void
check_arguments(struct rules *rules, uint32_t call, const struct callee *callee)
{
	const struct tree *tree = &rules->tree;
	uint32_t node;

	for (uint32_t number = 0; (node = tree_argument(tree, call, number)) != TREE_NONE;
		number++) {
		if ((origins_of(&rules->origins, node) & ORIGIN_VIEW) == 0 ||
			!is_characters(rules, node))
			continue;
		rules_report(rules, RULE_FP0402, node,
			RULES_TEXT(rules,
				"a view's bytes as a C string of '%s': they end at its "
				"length, and nothing puts a zero there",
				callee->name),
			NULL);
	}
}

static void
check_call(struct rules *rules, uint32_t call, const struct callee *callee)
{
	enum finding_rule rule = RULE_COUNT;
	bool is_banned = contracts_ban(rules->unit->contracts, callee->name, &rule);

	if (is_banned && rule == RULE_FP0402)
		return; /* calls.c has told. */
	if (takes_strings(callee->name)) {
		check_arguments(rules, call, callee);
		return;
	}
	if ((callee->is_formatting || (is_banned && rule == RULE_FP0404)) &&
		prints_strings(rules, call))
		check_arguments(rules, call, callee);
}

/** The local array of char that an expression names, or a null cursor. */
static CXCursor
character_array(const struct tree *tree, uint32_t node)
{
	CXCursor variable;
	CXType type;

	node = tree_uncast(tree, node);
	if (node == TREE_NONE || tree->nodes[node].kind != CXCursor_DeclRefExpr)
		return clang_getNullCursor();
	variable = clang_getCursorReferenced(tree->nodes[node].cursor);
	type = tree_type(tree, node);
	if (type.kind != CXType_ConstantArray || !origins_is_stack_variable(variable) ||
		clang_getCanonicalType(clang_getArrayElementType(type)).kind != CXType_Char_S)
		return clang_getNullCursor();
	return variable;
}

/** True when a view's bytes are copied to the array somewhere. */
static bool
is_filled_from_view(const struct rules *rules, CXCursor array)
{
	const struct tree *tree = &rules->tree;

	for (uint32_t i = 0; i < tree->count; i++) {
		const struct callee *callee;
		uint32_t from;

		if (tree->nodes[i].kind != CXCursor_CallExpr)
			continue;
		callee = tree_callee(tree, i);
		from = tree_argument(tree, i, 1);
		if (callee == NULL || from == TREE_NONE ||
			(strcmp(callee->name, "memcpy") != 0 &&
				strcmp(callee->name, "rte_memcpy") != 0 &&
				strcmp(callee->name, "memmove") != 0))
			continue;
		if ((origins_of(&rules->origins, from) & ORIGIN_VIEW) != 0 &&
			clang_equalCursors(
				character_array(tree, tree_argument(tree, i, 0)), array) != 0)
			return true;
	}
	return false;
}

/** text[len] = 0, where text is a local array of char that a view was copied to. */
static void
check_terminator(struct rules *rules, uint32_t node)
{
	const struct tree *tree = &rules->tree;
	uint32_t to = tree_inside(tree, tree_first(tree, node));
	CXCursor array;

	if (to == TREE_NONE || tree->nodes[to].kind != CXCursor_ArraySubscriptExpr ||
		!tree_is_zero(tree, tree_last(tree, node)))
		return;
	array = character_array(tree, tree_first(tree, to));
	if (clang_Cursor_isNull(array) != 0 || !is_filled_from_view(rules, array))
		return;
	rules_report(rules, RULE_FP0402, node,
		"a C string is made of a view: it is copied and "
		"given a zero",
		NULL);
}

void
rules_strings(struct rules *rules)
{
	const struct tree *tree = &rules->tree;

	for (uint32_t i = 0; rules->is_hot && i < tree->count; i++) {
		const struct callee *callee;

		if (!rules_is_busy(rules, i))
			continue;
		if (tree->nodes[i].kind == CXCursor_BinaryOperator &&
			clang_getCursorBinaryOperatorKind(tree->nodes[i].cursor) ==
				CXBinaryOperator_Assign)
			check_terminator(rules, i);
		if (tree->nodes[i].kind != CXCursor_CallExpr)
			continue;
		callee = tree_callee(tree, i);
		if (callee != NULL)
			check_call(rules, i, callee);
	}
}
