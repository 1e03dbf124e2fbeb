/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * libclang has no question for cold, noreturn and format. Attributes stand in a declaration as
 * clang prints it, also those that came out of a macro; noreturn is part of the function's type.
 */

#include <string.h>

#include "callee.h"
#include "pointer_map.h"

struct callees {
	struct unit *unit;
	struct pointer_map known; /**< Canonical function to a struct callee. */
};

struct callees *
callees_create(struct unit *unit)
{
	struct callees *callees = region_alloc(&unit->region, sizeof(*callees));

	callees->unit = unit;
	return callees;
}

/** "snprintf" of "__builtin___snprintf_chk"; a name that is no builtin's is given back. */
static const char *
library_name(struct unit *unit, const char *name)
{
	static const char builtin[] = "__builtin_";
	static const char checked[] = "_chk";
	size_t len;

	if (strncmp(name, builtin, sizeof(builtin) - 1) != 0)
		return name;
	name += sizeof(builtin) - 1;
	len = strlen(name);
	if (strncmp(name, "__", 2) != 0 || len < sizeof(checked) + 2 ||
		strcmp(name + len - (sizeof(checked) - 1), checked) != 0)
		return name;
	return region_text(&unit->region, name + 2, len - 2 - (sizeof(checked) - 1));
}

static void
read_attributes(struct callee *callee, CXCursor declaration)
{
	CXPrintingPolicy policy = clang_getCursorPrintingPolicy(declaration);
	CXString printed;
	const char *text;

	clang_PrintingPolicy_setProperty(policy, CXPrintingPolicy_TerseOutput, 1);
	printed = clang_getCursorPrettyPrinted(declaration, policy);
	text = clang_getCString(printed);
	if (text != NULL) {
		callee->is_cold |= strstr(text, "__attribute__((cold))") != NULL;
		callee->is_formatting |= strstr(text, "__attribute__((format(") != NULL;
		callee->is_noreturn |=
			strncmp(text, "_Noreturn ", 10) == 0 || strstr(text, " _Noreturn ") != NULL;
	}
	clang_disposeString(printed);
	clang_PrintingPolicy_dispose(policy);
}

static void
read_type(struct callee *callee, CXCursor declaration)
{
	CXType type = clang_getCursorType(declaration);
	CXString spelling = clang_getTypeSpelling(type);
	const char *text = clang_getCString(spelling);

	callee->is_noreturn |= text != NULL && strstr(text, "__attribute__((noreturn))") != NULL;
	callee->is_variadic |= clang_getCanonicalType(type).kind == CXType_FunctionProto &&
		clang_isFunctionTypeVariadic(type) != 0;
	clang_disposeString(spelling);
}

const struct callee *
callee_of(struct callees *callees, CXCursor function)
{
	struct unit *unit = callees->unit;
	CXCursor first = clang_getCanonicalCursor(function);
	CXCursor definition = clang_getCursorDefinition(function);
	struct callee *callee = pointer_map_find(&callees->known, cursor_key(first));
	const char *name;

	if (callee != NULL)
		return callee;
	callee = region_alloc(&unit->region, sizeof(*callee));
	pointer_map_set(&callees->known, &unit->region, cursor_key(first), callee);
	name = unit_spelling(unit, first);
	callee->is_builtin =
		strncmp(name, "__builtin_", 10) == 0 || strncmp(name, "__sync_", 7) == 0;
	callee->name = library_name(unit, name);
	callee->declaration = first;
	callee->returns = unit_annotation_behind(unit, first, "fp_returns:");
	read_type(callee, function);
	read_type(callee, first);
	read_attributes(callee, function);
	read_attributes(callee, first);
	if (clang_Cursor_isNull(definition) == 0) {
		read_type(callee, definition);
		read_attributes(callee, definition);
	}
	return callee;
}
