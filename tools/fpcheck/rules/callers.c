/* SPDX-License-Identifier: BSD-3-Clause */

#include "callers.h"
#include "origin.h"

/** A parameter that is only passed on is followed this far up. */
#define MAX_PASSED_ON 4

struct caller_search {
	struct unit *unit;
	struct tree tree; /**< Of the caller at hand. */
	CXCursor wanted;  /**< Canonical. */
	uint32_t argument;
	uint32_t depth;
	CXCursor caller;
	bool is_called;
	bool is_elsewhere; /**< A caller gives something else, or its address is taken. */
};

/** The call that a name of the function is the callee of, or TREE_NONE. */
static uint32_t
call_by(const struct tree *tree, uint32_t name)
{
	uint32_t parent = tree->nodes[name].parent;

	while (tree->nodes[parent].kind == CXCursor_UnexposedExpr ||
		tree->nodes[parent].kind == CXCursor_ParenExpr) {
		name = parent;
		parent = tree->nodes[name].parent;
	}
	return tree->nodes[parent].kind == CXCursor_CallExpr && tree_first(tree, parent) == name
		? parent
		: TREE_NONE;
}

static bool all_pass_stack(struct unit *unit, struct callees *callees, CXCursor function,
	CXCursor parameter, uint32_t depth);

/** True when an argument is the address of a local variable, of the caller or of its callers. */
static bool
is_stack(struct caller_search *search, const struct origins *origins, uint32_t argument)
{
	const struct tree *tree = &search->tree;
	CXCursor variable;

	if ((origins_of(origins, argument) & ~ORIGIN_START) == ORIGIN_STACK)
		return true;
	argument = tree_inside(tree, argument);
	if (tree->nodes[argument].kind != CXCursor_DeclRefExpr)
		return false;
	variable = clang_getCursorReferenced(tree->nodes[argument].cursor);
	return clang_getCursorKind(variable) == CXCursor_ParmDecl &&
		search->depth < MAX_PASSED_ON &&
		pointer_map_find(&origins->variables, cursor_key(variable)) == NULL &&
		all_pass_stack(
			search->unit, tree->callees, search->caller, variable, search->depth + 1);
}

static void
look_at_caller(struct caller_search *search)
{
	const struct tree *tree = &search->tree;
	struct origins origins;
	bool is_learnt = false;

	for (uint32_t i = 0; i < tree->count && !search->is_elsewhere; i++) {
		uint32_t argument;
		uint32_t call;

		if (tree->nodes[i].kind != CXCursor_DeclRefExpr ||
			clang_equalCursors(clang_getCanonicalCursor(clang_getCursorReferenced(
						   tree->nodes[i].cursor)),
				search->wanted) == 0)
			continue;
		if (!is_learnt)
			origins_learn(&origins, search->unit, NULL, tree);
		is_learnt = true;
		call = call_by(tree, i);
		argument =
			call == TREE_NONE ? TREE_NONE : tree_argument(tree, call, search->argument);
		search->is_called = true;
		search->is_elsewhere =
			argument == TREE_NONE || !is_stack(search, &origins, argument);
	}
}

static enum CXChildVisitResult
visit_caller(CXCursor cursor, CXCursor parent, CXClientData data)
{
	struct caller_search *search = data;

	(void)parent;
	if (clang_getCursorKind(cursor) != CXCursor_FunctionDecl) {
		/* A table of functions has its address. */
		if (clang_getCursorKind(cursor) != CXCursor_VarDecl ||
			!unit_is_ours(search->unit, cursor))
			return CXChildVisit_Continue;
	} else if (clang_isCursorDefinition(cursor) == 0 || !unit_is_ours(search->unit, cursor)) {
		return CXChildVisit_Continue;
	}
	search->caller = cursor;
	tree_build(&search->tree, cursor);
	look_at_caller(search);
	return search->is_elsewhere ? CXChildVisit_Break : CXChildVisit_Continue;
}

static bool
all_pass_stack(struct unit *unit, struct callees *callees, CXCursor function, CXCursor parameter,
	uint32_t depth)
{
	struct caller_search search = { .unit = unit, .depth = depth };
	int count = clang_Cursor_getNumArguments(function);

	if (clang_Cursor_getStorageClass(clang_getCanonicalCursor(function)) != CX_SC_Static)
		return false;
	search.wanted = clang_getCanonicalCursor(function);
	for (int i = 0; i < count; i++) {
		if (clang_equalCursors(
			    clang_Cursor_getArgument(function, (unsigned)i), parameter) != 0)
			search.argument = (uint32_t)i;
	}
	tree_init(&search.tree, callees);
	clang_visitChildren(clang_getTranslationUnitCursor(unit->tu), visit_caller, &search);
	tree_fini(&search.tree);
	return search.is_called && !search.is_elsewhere;
}

bool
callers_pass_stack(
	struct unit *unit, struct callees *callees, CXCursor function, CXCursor parameter)
{
	return all_pass_stack(unit, callees, function, parameter, 0);
}
