/* SPDX-License-Identifier: BSD-3-Clause */

#include <string.h>

#include "clang_errors.h"
#include "lower.h"

struct ir_cache *
ir_cache_create(struct unit *unit)
{
	struct ir_cache *cache = region_alloc(&unit->region, sizeof(*cache));

	cache->unit = unit;
	cache->region = &unit->region;
	return cache;
}

void
lower_give_up(struct lowering *low, const char *why)
{
	if (low->function->not_known == NULL)
		low->function->not_known = why;
}

/* A parameter that is declared as an array is a pointer, but libclang gives the type as written. */
static bool
is_parameter(CXCursor cursor)
{
	CXCursor operand = lower_strip_parens(cursor);

	while (clang_Cursor_isNull(operand) == 0) {
		cursor = operand;
		operand = lower_implicit_operand(cursor);
		if (clang_Cursor_isNull(operand) == 0)
			operand = lower_strip_parens(operand);
	}
	return clang_getCursorKind(cursor) == CXCursor_DeclRefExpr &&
		clang_getCursorKind(clang_getCursorReferenced(cursor)) == CXCursor_ParmDecl;
}

const struct ir_type *
lower_type(struct lowering *low, CXCursor cursor)
{
	const struct ir_type *type = ir_type_of(low->cache, clang_getCursorType(cursor));

	if (type->kind == IR_TYPE_ARRAY && is_parameter(cursor))
		return ir_type_pointer_to(low->cache, type->to);
	return type;
}

void
lower_push_child(struct lowering *low, CXCursor cursor)
{
	CXCursor *grown;

	if (low->child_count == low->child_cap) {
		low->child_cap = low->child_cap == 0 ? 256 : 2 * low->child_cap;
		grown = region_alloc(low->region, low->child_cap * sizeof(*grown));
		if (low->child_count > 0)
			memcpy(grown, low->children, low->child_count * sizeof(*grown));
		low->children = grown;
	}
	low->children[low->child_count++] = cursor;
}

static enum CXChildVisitResult
push_child(CXCursor cursor, CXCursor parent, CXClientData data)
{
	(void)parent;
	lower_push_child(data, cursor);
	return CXChildVisit_Continue;
}

struct children
lower_children(struct lowering *low, CXCursor parent)
{
	struct children children = { .first = low->child_count, .count = 0 };

	clang_visitChildren(parent, push_child, low);
	children.count = low->child_count - children.first;
	return children;
}

CXCursor
lower_child(const struct lowering *low, struct children children, uint32_t i)
{
	return i < children.count ? low->children[children.first + i] : clang_getNullCursor();
}

void
lower_drop_children(struct lowering *low, struct children children)
{
	low->child_count = children.first;
}

static struct ir_var *
new_var(struct ir_cache *cache, CXCursor declaration, enum ir_var_kind kind)
{
	struct ir_var *var = region_alloc(cache->region, sizeof(*var));

	var->name = unit_spelling(cache->unit, declaration);
	var->type = ir_type_of(cache, clang_getCursorType(declaration));
	if (kind == IR_VAR_PARAM && var->type->kind == IR_TYPE_ARRAY)
		var->type = ir_type_pointer_to(cache, var->type->to);
	var->at = unit_place(cache->unit, declaration);
	var->kind = kind;
	var->is_const = var->type->is_const;
	return var;
}

/** Give a variable its number in the function. */
static void
add_var(struct lowering *low, struct ir_var *var)
{
	struct ir_function *function = low->function;
	struct ir_var **grown;

	if (function->var_count == low->var_cap) {
		low->var_cap = low->var_cap == 0 ? 16 : 2 * low->var_cap;
		grown = region_alloc(low->region, low->var_cap * sizeof(struct ir_var *));
		for (uint32_t i = 0; i < function->var_count; i++)
			grown[i] = function->vars[i];
		function->vars = grown;
	}
	var->idx = function->var_count;
	function->vars[function->var_count++] = var;
}

struct ir_var *
lower_temp(struct lowering *low, const struct ir_type *type, struct place at)
{
	struct ir_var *var = region_alloc(low->region, sizeof(*var));

	var->name = "";
	var->type = type;
	var->at = at;
	var->kind = IR_VAR_TEMP;
	add_var(low, var);
	return var;
}

static struct ir_var *
global_var(struct ir_cache *cache, CXCursor declaration)
{
	CXCursor first = clang_getCanonicalCursor(declaration);
	struct ir_var *var = pointer_map_find(&cache->globals, cursor_key(first));
	bool is_static;

	if (var != NULL)
		return var;
	is_static = clang_Cursor_getStorageClass(first) == CX_SC_Static &&
		clang_getCursorKind(clang_getCursorSemanticParent(first)) == CXCursor_FunctionDecl;
	var = new_var(cache, declaration, is_static ? IR_VAR_STATIC : IR_VAR_GLOBAL);
	pointer_map_set(&cache->globals, cache->region, cursor_key(first), var);
	return var;
}

struct ir_var *
lower_var(struct lowering *low, CXCursor declaration)
{
	struct ir_var *var = pointer_map_find(&low->vars, cursor_key(declaration));
	bool is_var = clang_getCursorKind(declaration) == CXCursor_VarDecl;

	if (var != NULL)
		return var;
	if (is_var && clang_Cursor_hasVarDeclGlobalStorage(declaration) == 1)
		return global_var(low->cache, declaration);
	/* A parameter that is met here belongs to the type of another function. */
	var = new_var(low->cache, declaration, IR_VAR_LOCAL);
	add_var(low, var);
	pointer_map_set(&low->vars, low->region, cursor_key(declaration), var);
	return var;
}

static void
add_params(struct lowering *low, CXCursor definition)
{
	int count = clang_Cursor_getNumArguments(definition);
	struct ir_function *function = low->function;

	function->param_count = count > 0 ? (uint32_t)count : 0;
	function->params =
		region_alloc(low->region, (function->param_count + 1) * sizeof(struct ir_var *));
	for (uint32_t i = 0; i < function->param_count; i++) {
		CXCursor parameter = clang_Cursor_getArgument(definition, i);
		struct ir_var *var = new_var(low->cache, parameter, IR_VAR_PARAM);

		var->param_idx = i;
		var->notes = ir_notes_of(low->cache, parameter);
		add_var(low, var);
		function->params[i] = var;
		pointer_map_set(&low->vars, low->region, cursor_key(parameter), var);
	}
}

/** All of the parser's errors but nested functions: of those it drops the body only. */
static void
collect_error(CXDiagnostic diagnostic, void *context)
{
	struct ir_cache *cache = context;
	CXString spelling = clang_getDiagnosticSpelling(diagnostic);
	struct parse_error *error;

	if (strstr(clang_getCString(spelling), "function definition is not allowed") == NULL) {
		error = region_alloc(cache->region, sizeof(*error));
		clang_getExpansionLocation(clang_getDiagnosticLocation(diagnostic), &error->file,
			NULL, NULL, &error->offset);
		error->next = cache->errors;
		cache->errors = error;
	}
	clang_disposeString(spelling);
}

static void
collect_errors(struct ir_cache *cache)
{
	cache->is_errors_known = true;
	clang_errors_each(cache->unit->tu, collect_error, cache);
}

static bool
has_error(struct ir_cache *cache, CXCursor definition)
{
	CXSourceRange extent = clang_getCursorExtent(definition);
	unsigned first;
	unsigned end;
	CXFile file;

	if (!cache->is_errors_known)
		collect_errors(cache);
	clang_getExpansionLocation(clang_getRangeStart(extent), &file, NULL, NULL, &first);
	clang_getExpansionLocation(clang_getRangeEnd(extent), NULL, NULL, NULL, &end);
	for (const struct parse_error *error = cache->errors; error != NULL; error = error->next) {
		if (clang_File_isEqual(error->file, file) != 0 && error->offset >= first &&
			error->offset <= end)
			return true;
	}
	return false;
}

static void
lower_body(struct lowering *low, CXCursor definition)
{
	struct ir_function *function = low->function;
	CXCursor body = lower_last_child(definition);

	lower_start(low, lower_new_block(low));
	if (clang_getCursorKind(body) == CXCursor_CompoundStmt) {
		lower_statement(low, body);
	} else {
		lower_give_up(low, "a body that the parser dropped");
	}
	low->current->block.is_implicit_return = true;
	lower_stop(low, IR_END_RETURN, function->end);
	lower_resolve_gotos(low);
	lower_finish_graph(low);
	lower_mark_indexes(low->region, function);
}

static struct ir_function *
lower_function(struct ir_cache *cache, CXCursor definition)
{
	struct ir_function *function = region_alloc(cache->region, sizeof(*function));
	struct lowering low = {
		.cache = cache, .unit = cache->unit, .region = cache->region, .function = function
	};

	function->name = unit_spelling(cache->unit, definition);
	function->cursor = definition;
	function->at = unit_place(cache->unit, definition);
	function->end = lower_end_of(&low, definition);
	function->result = ir_type_of(cache, clang_getCursorResultType(definition));
	function->returns_param = unit_annotation_behind(cache->unit, definition, "fp_returns:");
	if (has_error(cache, definition))
		function->not_known = "errors of the parser";
	add_params(&low, definition);
	lower_body(&low, definition);
	return function;
}

const struct ir_function *
ir_function_of(struct ir_cache *cache, CXCursor function)
{
	CXCursor definition = clang_getCursorDefinition(function);
	struct ir_function *made;

	if (clang_Cursor_isNull(definition) != 0 ||
		clang_getCursorKind(definition) != CXCursor_FunctionDecl ||
		!unit_is_ours(cache->unit, definition))
		return NULL;
	made = pointer_map_find(&cache->functions, cursor_key(definition));
	if (made == NULL) {
		made = lower_function(cache, definition);
		pointer_map_set(&cache->functions, cache->region, cursor_key(definition), made);
	}
	return made;
}
