/* SPDX-License-Identifier: BSD-3-Clause */

#include "parse_errors.h"

#include <ctype.h>
#include <string.h>

#include "clang_errors.h"

#define SHOWN_MAX 5 /* errors of one unit that are said one by one */

#define TEXT_INITIALISER "initializer element is not a compile-time constant"
#define TEXT_UNDECLARED  "use of undeclared identifier '"

struct nested {
	const char *name;
	struct nested *next;
};

struct error_pass {
	struct unit *unit;
	struct outcome *outcome;
	struct nested *nested;
	uint32_t shown;
	uint32_t initialisers;
	struct place first_initialiser;
};

static const struct outcome_function *
find_function(const struct outcome *outcome, const struct place *at)
{
	for (size_t i = 0; at->file != NULL && i < outcome->function_count; i++) {
		const struct outcome_function *function = &outcome->functions[i];

		if (at->line >= function->first_line && at->line <= function->last_line &&
			strcmp(function->file, at->file) == 0)
			return function;
	}
	return NULL;
}

/* The offset of a comment's begin, of one that ends at this one; the offset itself if none does. */
static unsigned int
before_comment(const char *text, unsigned int offset)
{
	if (offset < 3 || text[offset] != '/' || text[offset - 1] != '*')
		return offset;
	for (unsigned int start = offset - 3; start > 0; start--) {
		if (text[start] == '/' && text[start + 1] == '*')
			return start;
	}
	return offset;
}

const char *
parse_errors_nested_name(struct unit *unit, CXSourceLocation location, CXSourceLocation *name)
{
	CXFile file;
	unsigned int offset;
	size_t len = 0;
	const char *text;
	unsigned int end;
	unsigned int depth = 0;

	*name = location;
	clang_getFileLocation(location, &file, NULL, NULL, &offset);
	text = file == NULL ? NULL : clang_getFileContents(unit->tu, file, &len);
	if (text == NULL || offset >= len)
		return "";
	while (offset > 0) {
		offset = before_comment(text, offset - 1);
		if (text[offset] == ')') {
			depth++;
		} else if (text[offset] == '(' && --depth == 0) {
			break;
		} else if (depth == 0 && text[offset] != '/' &&
			!isspace((unsigned char)text[offset])) {
			return "";
		}
	}
	while (offset > 0 && isspace((unsigned char)text[offset - 1]))
		offset--;
	end = offset;
	while (offset > 0 && (isalnum((unsigned char)text[offset - 1]) || text[offset - 1] == '_'))
		offset--;
	*name = clang_getLocationForOffset(unit->tu, file, offset);
	return region_text(&unit->region, text + offset, end - offset);
}

static bool
is_found(const struct outcome *outcome, const struct place *at)
{
	size_t count;
	const struct finding *findings = finding_set_sorted(outcome->found, &count);

	for (size_t i = 0; i < count; i++) {
		if (findings[i].rule == RULE_FP0409 && findings[i].at.line == at->line &&
			strcmp(findings[i].at.file, at->file) == 0)
			return true;
	}
	return false;
}

/* Once, whatever else the function was left out for: the error is the reason of that. */
static void
skip_function(struct error_pass *pass, const struct outcome_function *function, const char *detail)
{
	for (size_t i = 0; i < pass->outcome->skipped_count; i++) {
		struct outcome_skipped *other = &pass->outcome->skipped[i];

		if (other->at.line >= function->first_line &&
			other->at.line <= function->last_line &&
			strcmp(other->at.file, function->file) == 0) {
			if (other->why != UNIT_SKIP_PARSE)
				other->detail = detail;
			other->why = UNIT_SKIP_PARSE;
			return;
		}
	}
	outcome_add_skipped(pass->outcome,
		&(struct outcome_skipped){ .function = function->name,
			.at = { function->file, function->first_line, 1 },
			.why = UNIT_SKIP_PARSE,
			.detail = detail });
}

static void
report_nested(struct error_pass *pass, CXSourceLocation location, const struct place *at)
{
	const struct outcome_function *function = find_function(pass->outcome, at);
	struct nested *nested = region_alloc(&pass->unit->region, sizeof(*nested));
	CXSourceLocation name;
	struct place named_at;

	nested->name = parse_errors_nested_name(pass->unit, location, &name);
	named_at = unit_place_of(pass->unit, name);
	nested->next = pass->nested;
	pass->nested = nested;
	if (is_found(pass->outcome, &named_at))
		return;
	problem_add(&pass->outcome->problems, PROBLEM_PARSE, at,
		"a nested function is not analysed: clang does not know them");
	if (function != NULL)
		skip_function(pass, function, "a nested function");
}

static bool
is_of_nested(const struct error_pass *pass, const char *text)
{
	const size_t prefix_len = strlen(TEXT_UNDECLARED);

	if (strncmp(text, TEXT_UNDECLARED, prefix_len) != 0)
		return false;
	for (const struct nested *nested = pass->nested; nested != NULL; nested = nested->next) {
		const size_t len = strlen(nested->name);

		if (strncmp(text + prefix_len, nested->name, len) == 0 &&
			text[prefix_len + len] == '\'')
			return true;
	}
	return false;
}

static void
report_error(struct error_pass *pass, const char *text, const struct place *at)
{
	const struct outcome_function *function = find_function(pass->outcome, at);

	if (function == NULL && strcmp(text, TEXT_INITIALISER) == 0) {
		if (pass->initialisers++ == 0)
			pass->first_initialiser = *at;
		return;
	}
	pass->unit->parse_errors++;
	if (pass->shown++ < SHOWN_MAX)
		problem_add(&pass->outcome->problems, PROBLEM_PARSE, at, "%s", text);
	if (function != NULL)
		skip_function(pass, function, NULL);
}

static void
report_diagnostic(CXDiagnostic diagnostic, void *context)
{
	struct error_pass *pass = context;
	const CXSourceLocation location = clang_getDiagnosticLocation(diagnostic);
	const struct place found = unit_place_of(pass->unit, location);
	/* What is wrong with a file of -include stands in none. */
	const struct place at =
		found.file[0] != '\0' ? found : (struct place){ .file = pass->unit->main_file };
	const CXString spelling = clang_getDiagnosticSpelling(diagnostic);
	const char *text = clang_getCString(spelling);

	if (strcmp(text, PARSE_ERRORS_NESTED) == 0) {
		report_nested(pass, location, &at);
	} else if (!is_of_nested(pass, text)) {
		report_error(pass, text, &at);
	}
	clang_disposeString(spelling);
}

void
parse_errors_report(struct unit *unit, struct outcome *outcome)
{
	struct error_pass pass = { .unit = unit, .outcome = outcome };

	clang_errors_each(unit->tu, report_diagnostic, &pass);
	if (pass.shown > SHOWN_MAX) {
		PROBLEM_OF_FILE(&outcome->problems, PROBLEM_PARSE, unit->main_file,
			"%u more errors of the parser", (unsigned int)(pass.shown - SHOWN_MAX));
	}
	if (pass.initialisers > 0) {
		problem_add(&outcome->problems, PROBLEM_NOTE, &pass.first_initialiser,
			"%u initialisers of file scope, which only gcc can compute: no harm",
			(unsigned int)pass.initialisers);
	}
}
