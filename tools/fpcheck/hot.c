/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * All bodies of the unit are read once for whom they call; from the functions that are hot by
 * themselves heat then flows along the calls of static functions of the same file.
 */

#include <string.h>

#include "hot.h"
#include "pointer_map.h"
#include "rules/tree.h"

struct hot_call;

struct hot_function {
	CXCursor cursor; /**< The definition. */
	const char *file;
	bool is_static;
	bool is_hot;
	const struct hot_function *root; /**< NULL when hot by itself. */
	struct hot_call *calls;
	struct hot_function *next;    /**< In the order of the file. */
	struct hot_function *pending; /**< Hot, and its calls not yet followed. */
};

struct hot_call {
	CXCursor callee; /**< Canonical. */
	struct hot_call *next;
};

struct unit_hot {
	struct callees *callees;
	struct pointer_map functions; /**< Canonical function to a struct hot_function. */
	struct hot_function *first;
	struct hot_function **end;
};

static bool
is_static(CXCursor function)
{
	return clang_Cursor_getStorageClass(clang_getCanonicalCursor(function)) == CX_SC_Static;
}

static enum CXChildVisitResult
note_function(CXCursor cursor, CXCursor parent, CXClientData data)
{
	struct unit *unit = data;
	struct unit_hot *hot = unit->hot;
	struct hot_function *function;

	(void)parent;
	if (clang_getCursorKind(cursor) != CXCursor_FunctionDecl ||
		clang_isCursorDefinition(cursor) == 0 || !unit_is_ours(unit, cursor))
		return CXChildVisit_Continue;
	function = region_alloc(&unit->region, sizeof(*function));
	function->cursor = cursor;
	function->file = unit_place(unit, cursor).file;
	function->is_static = is_static(cursor);
	pointer_map_set(&hot->functions, &unit->region,
		cursor_key(clang_getCanonicalCursor(cursor)), function);
	*hot->end = function;
	hot->end = &function->next;
	return CXChildVisit_Continue;
}

/** Keep calls of functions that heat could flow to; those of cold ones are the exception path. */
static void
note_calls(struct unit *unit, struct tree *tree, struct hot_function *function)
{
	struct hot_call *call;
	const struct callee *callee;

	tree_build(tree, function->cursor);
	for (uint32_t i = 0; i < tree->count; i++) {
		const struct tree_node *node = &tree->nodes[i];

		if (node->kind != CXCursor_CallExpr || node->is_unevaluated || node->is_exceptional)
			continue;
		callee = tree_callee(tree, i);
		if (callee == NULL ||
			pointer_map_find(&unit->hot->functions, cursor_key(callee->declaration)) ==
				NULL)
			continue;
		call = region_alloc(&unit->region, sizeof(*call));
		call->callee = callee->declaration;
		call->next = function->calls;
		function->calls = call;
	}
}

bool
hot_is_annotated(struct unit *unit, CXCursor function)
{
	return unit_is_annotated(unit, function, "fp_hot_path");
}

static bool
is_hot_by_itself(struct unit *unit, CXCursor function)
{
	if (hot_is_annotated(unit, function))
		return true;
	return settings_match(&unit->settings->hot, unit_place(unit, function).file) &&
		!callee_of(unit->hot->callees, function)->is_cold;
}

/** Make the static functions hot that a hot one of their file calls. */
static struct hot_function *
heat_callees(struct unit *unit, const struct hot_function *from, struct hot_function *pending)
{
	struct hot_function *to;

	for (const struct hot_call *call = from->calls; call != NULL; call = call->next) {
		to = pointer_map_find(&unit->hot->functions, cursor_key(call->callee));
		if (to == NULL || to->is_hot || !to->is_static || strcmp(to->file, from->file) != 0)
			continue;
		to->is_hot = true;
		to->root = from->root != NULL ? from->root : from;
		to->pending = pending;
		pending = to;
	}
	return pending;
}

static void
spread(struct unit *unit)
{
	struct hot_function *pending = NULL;
	struct hot_function *function;

	for (function = unit->hot->first; function != NULL; function = function->next)
		function->is_hot = is_hot_by_itself(unit, function->cursor);
	for (function = unit->hot->first; function != NULL; function = function->next) {
		if (!function->is_hot || function->root != NULL)
			continue;
		pending = heat_callees(unit, function, pending);
		while (pending != NULL) {
			const struct hot_function *from = pending;

			pending = heat_callees(unit, from, from->pending);
		}
	}
}

static struct unit_hot *
hot_of(struct unit *unit)
{
	struct hot_function *function;
	struct tree tree;

	if (unit->hot != NULL)
		return unit->hot;
	unit->hot = region_alloc(&unit->region, sizeof(*unit->hot));
	unit->hot->callees = callees_create(unit);
	unit->hot->end = &unit->hot->first;
	clang_visitChildren(clang_getTranslationUnitCursor(unit->tu), note_function, unit);
	tree_init(&tree, unit->hot->callees);
	for (function = unit->hot->first; function != NULL; function = function->next)
		note_calls(unit, &tree, function);
	tree_fini(&tree);
	spread(unit);
	return unit->hot;
}

static struct hot_function *
find_function(struct unit *unit, CXCursor function)
{
	return pointer_map_find(
		&hot_of(unit)->functions, cursor_key(clang_getCanonicalCursor(function)));
}

bool
unit_is_hot(struct unit *unit, CXCursor function)
{
	const struct hot_function *found = find_function(unit, function);

	return found != NULL ? found->is_hot : is_hot_by_itself(unit, function);
}

bool
hot_root_of(struct unit *unit, CXCursor function, CXCursor *root)
{
	const struct hot_function *found = find_function(unit, function);

	if (found == NULL || found->root == NULL)
		return false;
	*root = found->root->cursor;
	return true;
}

struct callees *
hot_callees(struct unit *unit)
{
	return hot_of(unit)->callees;
}
