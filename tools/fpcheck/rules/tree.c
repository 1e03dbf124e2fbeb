/* SPDX-License-Identifier: BSD-3-Clause */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tree.h"

void
tree_init(struct tree *tree, struct callees *callees)
{
	*tree = (struct tree){ .callees = callees };
}

void
tree_fini(struct tree *tree)
{
	free(tree->nodes);
	*tree = (struct tree){ .callees = NULL };
}

/** Room for one more element; the program ends when the machine has no memory. */
static void *
grown(void *elements, uint32_t count, uint32_t *cap, size_t element_bytes)
{
	if (count < *cap)
		return elements;
	*cap = *cap == 0 ? 256 : *cap * 2;
	elements = realloc(elements, *cap * element_bytes);
	if (elements == NULL) {
		fputs("fpcheck: out of memory\n", stderr);
		exit(2); /* NOLINT(concurrency-mt-unsafe): nothing is left to do */
	}
	return elements;
}

/** A node that waits for its turn: it stands behind all of the tree that is laid out already. */
struct waiting {
	CXCursor cursor;
	uint32_t parent;
};

struct waiting_list {
	struct waiting *items;
	uint32_t count;
	uint32_t cap;
	uint32_t parent; /**< Whose children are collected. */
};

static enum CXChildVisitResult
collect_child(CXCursor cursor, CXCursor parent, CXClientData data)
{
	struct waiting_list *list = data;

	(void)parent;
	list->items = grown(list->items, list->count, &list->cap, sizeof(*list->items));
	list->items[list->count++] = (struct waiting){ cursor, list->parent };
	return CXChildVisit_Continue;
}

static void
turn_around(struct waiting *items, uint32_t count)
{
	for (uint32_t i = 0; i < count / 2; i++) {
		struct waiting item = items[i];

		items[i] = items[count - 1 - i];
		items[count - 1 - i] = item;
	}
}

static uint32_t
append(struct tree *tree, const struct waiting *item)
{
	struct tree_node node = { .cursor = item->cursor, .parent = item->parent };
	uint32_t idx = tree->count;

	node.kind = clang_getCursorKind(item->cursor);
	node.end = idx + 1;
	tree->nodes = grown(tree->nodes, tree->count, &tree->cap, sizeof(*tree->nodes));
	tree->nodes[tree->count++] = node;
	return idx;
}

static void
lay_out(struct tree *tree, CXCursor function)
{
	struct waiting_list list = { .items = NULL };

	list.parent = TREE_NONE;
	(void)collect_child(function, function, &list);
	while (list.count > 0) {
		struct waiting item = list.items[--list.count];
		uint32_t before = list.count;

		list.parent = append(tree, &item);
		clang_visitChildren(item.cursor, collect_child, &list);
		turn_around(list.items + before, list.count - before);
	}
	free(list.items);
}

/** True for a statement that the program does not come back from. */
static bool
ends_program(const struct tree *tree, uint32_t idx)
{
	const struct callee *callee;

	idx = tree_uncast(tree, idx);
	if (idx == TREE_NONE || tree->nodes[idx].kind != CXCursor_CallExpr)
		return false;
	callee = tree_callee(tree, idx);
	return callee != NULL && callee->is_noreturn;
}

/** True for a call whose arguments are made on the exception path. */
static bool
is_exception_call(const struct tree *tree, uint32_t idx)
{
	const struct callee *callee = tree_callee(tree, idx);

	return callee != NULL && (callee->is_noreturn || callee->is_cold);
}

/**
 * Mark what runs only when something is wrong already: a call that does not return or is cold, with
 * its arguments, and a block that ends in a call that does not return.
 */
static void
mark_exceptions(struct tree *tree)
{
	for (uint32_t i = 1; i < tree->count; i++) {
		struct tree_node *node = &tree->nodes[i];
		const struct tree_node *parent = &tree->nodes[node->parent];

		node->is_exceptional = parent->is_exceptional;
		if (node->is_exceptional)
			continue;
		if (node->kind == CXCursor_CallExpr) {
			node->is_exceptional = is_exception_call(tree, i);
		} else if (node->kind == CXCursor_CompoundStmt && node->parent != 0) {
			node->is_exceptional = ends_program(tree, tree_last(tree, i));
		}
	}
}

void
tree_build(struct tree *tree, CXCursor function)
{
	tree->count = 0;
	lay_out(tree, function);
	for (uint32_t i = tree->count - 1; i > 0; i--) {
		struct tree_node *parent = &tree->nodes[tree->nodes[i].parent];

		if (tree->nodes[i].end > parent->end)
			parent->end = tree->nodes[i].end;
	}
	mark_exceptions(tree);
	tree_mark_rounds(tree);
	tree_mark_unevaluated(tree);
}

uint32_t
tree_first(const struct tree *tree, uint32_t idx)
{
	return idx + 1 < tree->nodes[idx].end ? idx + 1 : TREE_NONE;
}

uint32_t
tree_next(const struct tree *tree, uint32_t idx)
{
	uint32_t parent = tree->nodes[idx].parent;
	uint32_t next = tree->nodes[idx].end;

	return parent != TREE_NONE && next < tree->nodes[parent].end ? next : TREE_NONE;
}

uint32_t
tree_last(const struct tree *tree, uint32_t idx)
{
	uint32_t last = TREE_NONE;

	for (uint32_t i = tree_first(tree, idx); i != TREE_NONE; i = tree_next(tree, i))
		last = i;
	return last;
}

uint32_t
tree_child(const struct tree *tree, uint32_t idx, uint32_t number)
{
	uint32_t i = tree_first(tree, idx);

	for (; number > 0 && i != TREE_NONE; number--)
		i = tree_next(tree, i);
	return i;
}

/** The only child of a node that stands for its child; TREE_NONE when it is more than that. */
static uint32_t
only_child(const struct tree *tree, uint32_t idx)
{
	uint32_t child = tree_first(tree, idx);

	return child != TREE_NONE && tree_next(tree, child) == TREE_NONE ? child : TREE_NONE;
}

uint32_t
tree_inside(const struct tree *tree, uint32_t idx)
{
	while (idx != TREE_NONE) {
		enum CXCursorKind kind = tree->nodes[idx].kind;
		uint32_t child;

		if (kind != CXCursor_ParenExpr && kind != CXCursor_UnexposedExpr)
			return idx;
		child = only_child(tree, idx);
		if (child == TREE_NONE)
			return idx;
		idx = child;
	}
	return idx;
}

uint32_t
tree_uncast(const struct tree *tree, uint32_t idx)
{
	idx = tree_inside(tree, idx);
	while (idx != TREE_NONE && tree->nodes[idx].kind == CXCursor_CStyleCastExpr)
		idx = tree_inside(tree, tree_last(tree, idx));
	return idx;
}

CXType
tree_type(const struct tree *tree, uint32_t idx)
{
	return clang_getCanonicalType(clang_getCursorType(tree->nodes[idx].cursor));
}

const struct callee *
tree_callee(const struct tree *tree, uint32_t call)
{
	uint32_t idx = tree_first(tree, call);
	CXCursor target;
	bool is_only;

	for (;;) {
		idx = tree_uncast(tree, idx);
		if (idx == TREE_NONE)
			break;
		if (tree->nodes[idx].kind == CXCursor_GenericSelectionExpr) {
			idx = tree_generic_choice(tree, idx, &is_only);
		} else if (tree->nodes[idx].kind == CXCursor_UnaryOperator) {
			idx = tree_first(tree, idx); /* (*f)() and (&f)() call f */
		} else {
			break;
		}
	}
	if (idx == TREE_NONE || tree->nodes[idx].kind != CXCursor_DeclRefExpr)
		return NULL;
	target = clang_getCursorReferenced(tree->nodes[idx].cursor);
	if (clang_getCursorKind(target) != CXCursor_FunctionDecl)
		return NULL;
	return callee_of(tree->callees, target);
}

uint32_t
tree_argument(const struct tree *tree, uint32_t call, uint32_t number)
{
	return tree_child(tree, call, number + 1);
}

uint32_t
tree_initialiser(const struct tree *tree, uint32_t declaration)
{
	CXCursor wanted = clang_Cursor_getVarDeclInitializer(tree->nodes[declaration].cursor);

	if (clang_Cursor_isNull(wanted) != 0)
		return TREE_NONE;
	for (uint32_t i = tree_first(tree, declaration); i != TREE_NONE; i = tree_next(tree, i)) {
		if (clang_equalCursors(tree->nodes[i].cursor, wanted) != 0)
			return i;
	}
	return tree_last(tree, declaration);
}

bool
tree_is_zero(const struct tree *tree, uint32_t idx)
{
	CXEvalResult value;
	bool is_zero;

	idx = tree_uncast(tree, idx);
	if (idx == TREE_NONE ||
		(tree->nodes[idx].kind != CXCursor_IntegerLiteral &&
			tree->nodes[idx].kind != CXCursor_CharacterLiteral))
		return false;
	value = clang_Cursor_Evaluate(tree->nodes[idx].cursor);
	is_zero = value != NULL && clang_EvalResult_getKind(value) == CXEval_Int &&
		clang_EvalResult_getAsLongLong(value) == 0;
	clang_EvalResult_dispose(value);
	return is_zero;
}
