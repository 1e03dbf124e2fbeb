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

static void
check_argument(struct rules *rules, uint32_t node, const struct callee *callee)
{
	if (node == TREE_NONE || (origins_of(&rules->origins, node) & ORIGIN_VIEW) == 0 ||
		!is_characters(rules, node))
		return;
	rules_report(rules, RULE_FP0402, node,
		RULES_TEXT(rules,
			"a view's bytes as a C string of '%s': they end at its "
			"length, and nothing puts a zero there",
			callee->name),
		NULL);
}

static void
check_arguments(struct rules *rules, uint32_t call, const struct callee *callee)
{
	uint32_t node;

	for (uint32_t number = 0; (node = tree_argument(&rules->tree, call, number)) != TREE_NONE;
		number++)
		check_argument(rules, node, callee);
}

/** The number of the first argument that is a text with conversions, UINT32_MAX when none is. */
static uint32_t
find_format(const struct rules *rules, uint32_t call, const char **format)
{
	const struct tree *tree = &rules->tree;
	uint32_t node;

	for (uint32_t number = 0; (node = tree_argument(tree, call, number)) != TREE_NONE;
		number++) {
		node = tree_uncast(tree, node);
		if (node == TREE_NONE || tree->nodes[node].kind != CXCursor_StringLiteral)
			continue;
		*format = unit_spelling(rules->unit, tree->nodes[node].cursor);
		if (strchr(*format, '%') != NULL)
			return number;
	}
	return UINT32_MAX;
}

/** Arguments of %s; one with a precision, as %.*s, is read as far as that, and needs no zero. */
static void
check_formatted(struct rules *rules, uint32_t call, const struct callee *callee)
{
	const char *at = NULL;
	uint32_t number = find_format(rules, call, &at);

	if (number == UINT32_MAX)
		return;
	number++;
	while ((at = strchr(at, '%')) != NULL) {
		bool has_precision = false;

		for (at++; *at != '\0' && strchr("-+ #0123456789.*hljztL'", *at) != NULL; at++) {
			has_precision |= *at == '.';
			number += *at == '*';
		}
		if (*at == 's' && !has_precision)
			check_argument(rules, tree_argument(&rules->tree, call, number), callee);
		number += *at != '%';
		if (*at != '\0')
			at++;
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
	if (callee->is_formatting || (is_banned && rule == RULE_FP0404))
		check_formatted(rules, call, callee);
}

/** What an expression of characters is named by: a variable or a member; or a null cursor. */
static CXCursor
characters_named(const struct tree *tree, uint32_t node)
{
	CXType type;

	node = tree_uncast(tree, node);
	if (node == TREE_NONE ||
		(tree->nodes[node].kind != CXCursor_DeclRefExpr &&
			tree->nodes[node].kind != CXCursor_MemberRefExpr))
		return clang_getNullCursor();
	type = tree_type(tree, node);
	type = type.kind == CXType_Pointer ? clang_getPointeeType(type)
					   : clang_getArrayElementType(type);
	if (clang_getCanonicalType(type).kind != CXType_Char_S)
		return clang_getNullCursor();
	return clang_getCursorReferenced(tree->nodes[node].cursor);
}

/** A value that is constant; false when it is not. */
static bool
constant_of(const struct tree *tree, uint32_t node, long long *value)
{
	CXEvalResult result;
	bool is_int;

	node = tree_inside(tree, node);
	if (node == TREE_NONE)
		return false;
	result = clang_Cursor_Evaluate(tree->nodes[node].cursor);
	is_int = result != NULL && clang_EvalResult_getKind(result) == CXEval_Int;
	if (is_int)
		*value = clang_EvalResult_getAsLongLong(result);
	clang_EvalResult_dispose(result);
	return is_int;
}

/** A zero that is put among characters. */
struct terminator {
	CXCursor named; /**< Whose characters they are. */
	uint32_t array; /**< The expression that names them. */
	uint32_t index; /**< Where it is put. */
};

/** True when an index is where a C string of @p bytes bytes ends, or may be. */
static bool
is_end(const struct rules *rules, const struct terminator *terminator, uint32_t bytes)
{
	const struct tree *tree = &rules->tree;
	CXType type = tree_type(tree, tree_uncast(tree, terminator->array));
	long long index = 0;
	long long copied = 0;

	if (!constant_of(tree, terminator->index, &index))
		return true;
	if (type.kind == CXType_ConstantArray && index + 1 == clang_getArraySize(type))
		return true;
	return constant_of(tree, bytes, &copied) && index == copied;
}

/** True when a view's bytes are copied to the characters somewhere, and end where the zero is. */
static bool
ends_copy_of_view(const struct rules *rules, const struct terminator *terminator)
{
	const struct tree *tree = &rules->tree;

	for (uint32_t i = 0; i < tree->count; i++) {
		uint32_t from;

		if (tree->nodes[i].kind != CXCursor_CallExpr ||
			!origins_is_copy(tree_callee(tree, i)))
			continue;
		from = tree_argument(tree, i, 1);
		if (from != TREE_NONE && (origins_of(&rules->origins, from) & ORIGIN_VIEW) != 0 &&
			clang_equalCursors(characters_named(tree, tree_argument(tree, i, 0)),
				terminator->named) != 0 &&
			is_end(rules, terminator, tree_argument(tree, i, 2)))
			return true;
	}
	return false;
}

/** text[len] = 0 and *(text + len) = 0, where a view was copied to text. */
static void
check_terminator(struct rules *rules, uint32_t node)
{
	const struct tree *tree = &rules->tree;
	uint32_t to = tree_inside(tree, tree_first(tree, node));
	struct terminator terminator;

	if (to == TREE_NONE || !tree_is_zero(tree, tree_last(tree, node)))
		return;
	if (tree->nodes[to].kind == CXCursor_UnaryOperator)
		to = tree_inside(tree, tree_first(tree, to));
	if (to == TREE_NONE ||
		(tree->nodes[to].kind != CXCursor_ArraySubscriptExpr &&
			tree->nodes[to].kind != CXCursor_BinaryOperator))
		return;
	terminator.array = tree_first(tree, to);
	terminator.index = tree_last(tree, to);
	terminator.named = characters_named(tree, terminator.array);
	if (clang_Cursor_isNull(terminator.named) != 0 || !ends_copy_of_view(rules, &terminator))
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
