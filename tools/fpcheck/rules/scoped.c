/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * R-04-02: a hot function says of each view that it takes what becomes of it.
 *
 * Looked at are functions that are hot by annotation, and those of a hot file or of our headers
 * that others can call. A static function that is hot only because a hot one calls it needs none:
 * its body is there to be followed.
 */

#include <string.h>

#include "rules.h"

static bool
is_view(struct unit *unit, CXType type)
{
	enum contract_type meaning = unit_type_of(unit, type);

	return meaning == CONTRACT_TYPE_VIEW || meaning == CONTRACT_TYPE_CURSOR;
}

/** A view by value, or by a pointer that it is not changed through. */
static bool
takes_view(struct unit *unit, CXCursor parameter)
{
	CXType type = clang_getCanonicalType(clang_getCursorType(parameter));
	CXType to;

	if (is_view(unit, type))
		return true;
	if (type.kind != CXType_Pointer)
		return false;
	to = clang_getPointeeType(type);
	return clang_isConstQualifiedType(to) != 0 && is_view(unit, to);
}

static bool
is_annotated(struct unit *unit, CXCursor function, CXCursor parameter, const char *name)
{
	static const char *const words[] = { "fp_scoped", "fp_retains", "fp_takes", "fp_replaces",
		"fp_consumes_prefix" };
	const char *returned = unit_annotation_behind(unit, function, "fp_returns:");

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (unit_is_annotated(unit, parameter, words[i]))
			return true;
	}
	return returned != NULL && strcmp(returned, name) == 0;
}

static void
check_parameters(struct rules *rules, CXCursor function)
{
	struct unit *unit = rules->unit;
	int count = clang_Cursor_getNumArguments(function);

	for (int i = 0; i < count; i++) {
		CXCursor parameter = clang_Cursor_getArgument(function, (unsigned)i);
		const char *name;

		if (!takes_view(unit, parameter))
			continue;
		name = unit_spelling(unit, parameter);
		if (is_annotated(unit, function, parameter, name))
			continue;
		rules_report_at(rules, RULE_R_04_02, unit_place(unit, parameter),
			RULES_TEXT(rules,
				"'%s' of the hot function '%s' is a view: FP_SCOPED, "
				"FP_RETURNS(%s) or FP_RETAINS is to say what becomes of it",
				name, rules->function_name, name),
			NULL);
	}
}

/** True when others can call the function: it has a name outside of its file, or is in a header. */
static bool
is_interface(struct unit *unit, CXCursor function)
{
	return clang_getCursorLinkage(function) != CXLinkage_Internal ||
		strcmp(unit_place(unit, function).file, unit->main_file) != 0;
}

void
rules_scoped(struct rules *rules)
{
	struct unit *unit = rules->unit;
	CXCursor first = clang_getCanonicalCursor(rules->function);
	bool is_here;

	if (!rules->is_hot || rules->has_root)
		return;
	if (!hot_is_annotated(unit, rules->function) && !is_interface(unit, rules->function))
		return;
	/* Where the annotation belongs: at the prototype in a header, else at the definition. */
	is_here = strcmp(unit_place(unit, first).file, unit_place(unit, rules->function).file) == 0;
	check_parameters(rules, is_here || !unit_is_ours(unit, first) ? rules->function : first);
}

static enum CXChildVisitResult
check_prototype(CXCursor cursor, CXCursor parent, CXClientData data)
{
	struct rules *rules = data;
	struct unit *unit = rules->unit;

	(void)parent;
	if (clang_getCursorKind(cursor) != CXCursor_FunctionDecl ||
		clang_equalCursors(cursor, clang_getCanonicalCursor(cursor)) == 0 ||
		clang_Cursor_isNull(clang_getCursorDefinition(cursor)) == 0 ||
		!unit_is_ours(unit, cursor) || !hot_is_annotated(unit, cursor))
		return CXChildVisit_Continue;
	rules->function_name = unit_spelling(unit, cursor);
	check_parameters(rules, cursor);
	return CXChildVisit_Continue;
}

void
rules_scoped_prototypes(struct unit *unit)
{
	struct rules rules = { .unit = unit };

	clang_visitChildren(clang_getTranslationUnitCursor(unit->tu), check_prototype, &rules);
}
