/* SPDX-License-Identifier: BSD-3-Clause */

#include "parse.h"

#include <stdbool.h>
#include <stdlib.h>

#include "clang_errors.h"
#include "flags.h"

static const char *
describe(enum CXErrorCode error)
{
	switch (error) {
	case CXError_Crashed:
		return "the parser crashed";
	case CXError_InvalidArguments:
		return "the parser does not take its flags";
	case CXError_ASTReadError:
	case CXError_Failure:
	case CXError_Success:
		break;
	}
	return "the parser failed";
}

/* What the command line was wrong about is said without a place. */
static void
note_flag_error(CXDiagnostic error, void *context)
{
	bool *is_found = context;

	if (clang_equalLocations(clang_getDiagnosticLocation(error), clang_getNullLocation()) != 0)
		*is_found = true;
}

static bool
has_flag_errors(CXTranslationUnit tu)
{
	bool is_found = false;

	clang_errors_each(tu, note_flag_error, &is_found);
	return is_found;
}

static enum CXErrorCode
parse(CXIndex index, const struct source *source, bool has_machine, CXTranslationUnit *tu)
{
	const char **flags = calloc(source->flags.count + 1, sizeof(*flags));
	enum CXErrorCode error;
	int count = 0;

	if (flags == NULL)
		abort();
	for (size_t i = 0; i < source->flags.count; i++) {
		if (has_machine || !flags_is_machine(source->flags.words[i]))
			flags[count++] = source->flags.words[i];
	}
	*tu = NULL;
	error = clang_parseTranslationUnit2(
		index, source->file, flags, count, NULL, 0, CXTranslationUnit_KeepGoing, tu);
	free(flags);
	return error;
}

CXTranslationUnit
parse_source(CXIndex index, const struct source *source, struct problem_list *problems)
{
	CXTranslationUnit tu;
	enum CXErrorCode error = parse(index, source, true, &tu);

	if (error != CXError_Crashed && (tu == NULL || has_flag_errors(tu))) {
		if (tu != NULL)
			clang_disposeTranslationUnit(tu);
		error = parse(index, source, false, &tu);
		if (tu != NULL) {
			PROBLEM_OF_FILE(problems, PROBLEM_NOTE, source->file,
				"parsed without its flags of -m, which clang does not take");
		}
	}
	if (tu == NULL)
		PROBLEM_OF_FILE(problems, PROBLEM_INPUT, source->file, "%s", describe(error));
	return tu;
}
