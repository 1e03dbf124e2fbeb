/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * FP0409, nested functions. Clang does not know gcc's nested functions: it complains where the body
 * begins, and goes on without it. That complaint is the finding, at the function's name. (The call
 * of the nested function is then a call of an undeclared one; it has no prototype and is not taken
 * for a variadic one.)
 */

#include <string.h>

#include "../clang_errors.h"
#include "../parse_errors.h"
#include "rules.h"

struct enclosing {
	struct unit *unit;
	CXFile file;
	unsigned offset;
	CXCursor found;
	bool is_found;
};

static enum CXChildVisitResult
find_enclosing(CXCursor cursor, CXCursor parent, CXClientData data)
{
	struct enclosing *enclosing = data;
	CXSourceRange extent = clang_getCursorExtent(cursor);
	unsigned start;
	unsigned end;
	CXFile file;

	(void)parent;
	if (clang_getCursorKind(cursor) != CXCursor_FunctionDecl)
		return CXChildVisit_Continue;
	clang_getExpansionLocation(clang_getRangeStart(extent), &file, NULL, NULL, &start);
	clang_getExpansionLocation(clang_getRangeEnd(extent), NULL, NULL, NULL, &end);
	if (clang_File_isEqual(file, enclosing->file) == 0 || enclosing->offset < start ||
		enclosing->offset >= end)
		return CXChildVisit_Continue;
	enclosing->found = cursor;
	enclosing->is_found = true;
	return CXChildVisit_Break;
}

static void
report_nested(struct unit *unit, CXSourceLocation location)
{
	struct enclosing enclosing = { .unit = unit };
	struct rules rules = { .unit = unit };
	CXSourceLocation name;

	clang_getExpansionLocation(location, &enclosing.file, NULL, NULL, &enclosing.offset);
	clang_visitChildren(clang_getTranslationUnitCursor(unit->tu), find_enclosing, &enclosing);
	if (!enclosing.is_found || !unit_is_ours(unit, enclosing.found) ||
		!unit_is_hot(unit, enclosing.found))
		return;
	rules.function_name = unit_spelling(unit, enclosing.found);
	rules.has_root = hot_root_of(unit, enclosing.found, &rules.root);
	(void)parse_errors_nested_name(unit, location, &name);
	rules_report_at(&rules, RULE_FP0409, unit_place_of(unit, name),
		"a function nested in hot code: it is called by a pointer, over code on the stack",
		NULL);
}

static void
report_error(CXDiagnostic error, void *context)
{
	CXString spelling = clang_getDiagnosticSpelling(error);

	if (strstr(clang_getCString(spelling), "function definition is not allowed here") != NULL)
		report_nested(context, clang_getDiagnosticLocation(error));
	clang_disposeString(spelling);
}

void
rules_nested(struct unit *unit)
{
	clang_errors_each(unit->tu, report_error, unit);
}
