/* SPDX-License-Identifier: BSD-3-Clause */

#include "flows.h"
#include "origin.h"

/** A view that is passed on through more static functions than this is lost sight of. */
#define MAX_ROUNDS 4

/** What flows from one function to another, of all that an expression's value may be. */
#define FLOWING (ORIGIN_VIEW | ORIGIN_NUMBER)

struct flow_search {
	struct flows *flows;
	struct unit *unit;
	struct tree tree;
};

static uint32_t
bits_at(const struct pointer_map *map, const void *key)
{
	const uint32_t *bits = pointer_map_find(map, key);

	return bits != NULL ? *bits : 0;
}

static void
add_bits(struct flow_search *search, struct pointer_map *map, const void *key, uint32_t bits)
{
	uint32_t *known = pointer_map_find(map, key);

	bits &= FLOWING;
	if (bits == 0)
		return;
	if (known == NULL) {
		known = region_alloc(&search->unit->region, sizeof(*known));
		pointer_map_set(map, &search->unit->region, key, known);
	}
	if ((*known | bits) != *known) {
		*known |= bits;
		search->flows->is_changed = true;
	}
}

static bool
is_static(CXCursor function)
{
	return clang_Cursor_getStorageClass(clang_getCanonicalCursor(function)) == CX_SC_Static;
}

/** A pointer parameter that says of itself that a view is passed by it. */
static bool
is_said_to_be_view(struct unit *unit, CXCursor parameter)
{
	CXType type = clang_getCanonicalType(clang_getCursorType(parameter));
	enum contract_type to;

	if (type.kind != CXType_Pointer)
		return false;
	if (origins_is_view_address(type) && unit_is_annotated(unit, parameter, "fp_retains"))
		return true;
	to = unit_type_of(unit, clang_getPointeeType(type));
	return to == CONTRACT_TYPE_PLAIN && unit_is_annotated(unit, parameter, "fp_scoped");
}

static void
learn_parameters(struct flow_search *search, CXCursor function)
{
	int count = clang_Cursor_getNumArguments(function);

	for (int i = 0; i < count; i++) {
		CXCursor parameter = clang_Cursor_getArgument(function, (unsigned)i);

		if (is_said_to_be_view(search->unit, parameter)) {
			add_bits(search, &search->flows->parameters, cursor_key(parameter),
				ORIGIN_VIEW);
		}
	}
}

static void
learn_call(struct flow_search *search, const struct origins *origins, uint32_t call)
{
	const struct callee *callee = tree_callee(&search->tree, call);
	CXCursor definition;
	int count;

	if (callee == NULL || !is_static(callee->declaration))
		return;
	definition = clang_getCursorDefinition(callee->declaration);
	if (clang_Cursor_isNull(definition) != 0 || !unit_is_ours(search->unit, definition))
		return;
	count = clang_Cursor_getNumArguments(definition);
	for (int i = 0; i < count; i++) {
		uint32_t argument = tree_argument(&search->tree, call, (uint32_t)i);

		if (argument == TREE_NONE)
			return;
		add_bits(search, &search->flows->parameters,
			cursor_key(clang_Cursor_getArgument(definition, (unsigned)i)),
			origins_of(origins, argument));
	}
}

static void
learn_function(struct unit *unit, CXCursor function, void *context)
{
	struct flow_search *search = context;
	const void *key = cursor_key(clang_getCanonicalCursor(function));
	struct origins origins;

	if (!unit_is_hot(unit, function))
		return;
	tree_build(&search->tree, function);
	learn_parameters(search, function);
	origins_learn(&origins, unit, search->flows, &search->tree);
	for (uint32_t i = 0; i < search->tree.count; i++) {
		const struct tree_node *node = &search->tree.nodes[i];

		if (node->is_unevaluated)
			continue;
		if (node->kind == CXCursor_CallExpr) {
			learn_call(search, &origins, i);
		} else if (node->kind == CXCursor_ReturnStmt && is_static(function) &&
			tree_first(&search->tree, i) != TREE_NONE) {
			add_bits(search, &search->flows->results, key,
				origins_of(&origins, tree_first(&search->tree, i)));
		}
	}
}

void
flows_learn(struct flows *flows, struct unit *unit, struct callees *callees)
{
	struct flow_search search = { .flows = flows, .unit = unit };

	tree_init(&search.tree, callees);
	flows->is_changed = true;
	for (uint32_t round = 0; round < MAX_ROUNDS && flows->is_changed; round++) {
		flows->is_changed = false;
		unit_each_function(unit, learn_function, &search);
	}
	tree_fini(&search.tree);
}

uint32_t
flows_of_parameter(const struct flows *flows, CXCursor parameter)
{
	return flows == NULL ? 0 : bits_at(&flows->parameters, cursor_key(parameter));
}

uint32_t
flows_of_result(const struct flows *flows, CXCursor function)
{
	return flows == NULL
		? 0
		: bits_at(&flows->results, cursor_key(clang_getCanonicalCursor(function)));
}
