/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * What declarations say of functions and parameters: annotations, noreturn, cleanup.
 *
 * libclang names few attributes. Those that it does not name are looked for in the declaration as
 * clang prints it, and only where there is an attribute at all.
 */

#include <string.h>

#include "lower.h"

static const struct {
	const char *text;
	uint32_t note;
} annotations[] = {
	{ "fp_scoped", IR_NOTE_SCOPED },
	{ "fp_takes", IR_NOTE_TAKES },
	{ "fp_retains", IR_NOTE_RETAINS },
	{ "fp_consumes_prefix", IR_NOTE_CONSUMES_PREFIX },
	{ "fp_replaces", IR_NOTE_REPLACES },
};

uint32_t
ir_notes_of(struct ir_cache *cache, CXCursor parameter)
{
	uint32_t notes = 0;

	for (size_t i = 0; i < sizeof(annotations) / sizeof(annotations[0]); i++) {
		if (unit_is_annotated(cache->unit, parameter, annotations[i].text))
			notes |= annotations[i].note;
	}
	return notes;
}

/** The strongest word wins where a parameter has several; false when it has none. */
static bool
describe_param(struct contract_param *param, uint32_t notes)
{
	if ((notes & IR_NOTE_TAKES) != 0) {
		param->effect = CONTRACT_SEND;
		param->may_be_null = true;
	} else if ((notes & IR_NOTE_CONSUMES_PREFIX) != 0) {
		param->effect = CONTRACT_SEND;
		param->extent = CONTRACT_RESULT;
	} else if ((notes & IR_NOTE_REPLACES) != 0) {
		param->effect = CONTRACT_REPLACE;
	} else if ((notes & IR_NOTE_RETAINS) != 0) {
		param->effect = CONTRACT_KEEP;
	} else if ((notes & IR_NOTE_SCOPED) != 0) {
		param->effect = CONTRACT_SCOPED;
	}
	return param->effect != CONTRACT_NONE;
}

/** Number of the parameter that a declaration calls so, or -1. */
static int
named_parameter(CXCursor function, const char *name)
{
	int count = clang_Cursor_getNumArguments(function);

	for (int i = 0; i < count; i++) {
		CXString spelling =
			clang_getCursorSpelling(clang_Cursor_getArgument(function, (unsigned)i));
		const char *text = clang_getCString(spelling);
		bool is_it = text != NULL && strcmp(text, name) == 0;

		clang_disposeString(spelling);
		if (is_it)
			return i;
	}
	return -1;
}

static bool
describe_result(struct ir_cache *cache, struct contract *made, CXCursor declaration)
{
	const char *name = unit_annotation_behind(cache->unit, declaration, "fp_returns:");
	CXCursor others[] = { declaration, clang_getCanonicalCursor(declaration),
		clang_getCursorDefinition(declaration) };

	if (name == NULL)
		return false;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		int of =
			clang_Cursor_isNull(others[i]) != 0 ? -1 : named_parameter(others[i], name);

		if (of < 0)
			continue;
		made->result = CONTRACT_RESULT_VIEW;
		made->of = (uint32_t)of;
		return true;
	}
	return false;
}

static const struct contract *
make_contract(struct ir_cache *cache, CXCursor declaration)
{
	int count = clang_Cursor_getNumArguments(declaration);
	struct contract made = { .name = NULL };
	struct contract *kept;
	bool says_something = describe_result(cache, &made, declaration);

	for (int i = 0; i < count && i < CONTRACT_MAX_PARAMS; i++) {
		CXCursor parameter = clang_Cursor_getArgument(declaration, (unsigned)i);

		if (describe_param(&made.params[i], ir_notes_of(cache, parameter)))
			says_something = true;
		made.param_count = (uint32_t)i + 1;
	}
	if (!says_something)
		return NULL;
	kept = region_alloc(cache->region, sizeof(*kept));
	*kept = made;
	kept->name = unit_spelling(cache->unit, declaration);
	return kept;
}

static bool
holds_text(CXString string, const char *wanted)
{
	const char *text = clang_getCString(string);
	bool is_there = text != NULL && strstr(text, wanted) != NULL;

	clang_disposeString(string);
	return is_there;
}

static enum CXChildVisitResult
stop_at_attribute(CXCursor cursor, CXCursor parent, CXClientData data)
{
	bool *has_attribute = data;

	(void)parent;
	if (clang_getCursorKind(cursor) == CXCursor_UnexposedAttr) {
		*has_attribute = true;
		return CXChildVisit_Break;
	}
	return CXChildVisit_Continue;
}

static bool
has_unnamed_attribute(CXCursor declaration)
{
	bool has_attribute = false;

	clang_visitChildren(declaration, stop_at_attribute, &has_attribute);
	return has_attribute;
}

static CXString
print_declaration(CXCursor declaration)
{
	CXPrintingPolicy policy = clang_getCursorPrintingPolicy(declaration);
	CXString printed;

	clang_PrintingPolicy_setProperty(policy, CXPrintingPolicy_TerseOutput, 1);
	printed = clang_getCursorPrettyPrinted(declaration, policy);
	clang_PrintingPolicy_dispose(policy);
	return printed;
}

static bool
is_in(const char *const *names, const char *name)
{
	for (; *names != NULL; names++) {
		if (strcmp(*names, name) == 0)
			return true;
	}
	return false;
}

static bool
is_noreturn(struct ir_cache *cache, CXCursor declaration, const char *name)
{
	static const char *const known[] = { "abort", "exit", "_exit", "_Exit", "quick_exit",
		"longjmp", "siglongjmp", "pthread_exit", "rte_exit", "rte_panic", "__rte_panic",
		"__builtin_unreachable", "__builtin_trap", "__builtin_abort", "__builtin_exit",
		NULL };
	const struct contract *contract = contracts_find(cache->unit->contracts, name);

	if (is_in(known, name))
		return true;
	if (contract != NULL && contract->result == CONTRACT_RESULT_NEVER)
		return true;
	if (holds_text(clang_getTypeSpelling(clang_getCursorType(declaration)),
		    "__attribute__((noreturn))"))
		return true;
	return has_unnamed_attribute(declaration) &&
		holds_text(print_declaration(declaration), "oreturn");
}

/** libc's functions are called by their own names also where the compiler's are used. */
static const char *
plain_name(const char *name)
{
	static const char prefix[] = "__builtin_";
	static const char *const same[] = { "memcpy", "memmove", "memset", "memcmp", "strlen",
		"strcpy", "strncpy", "strcmp", "strncmp", "malloc", "calloc", "realloc", "free",
		"alloca", "abort", "exit", "printf", "sprintf", "snprintf", "fprintf", NULL };

	if (strncmp(name, prefix, sizeof(prefix) - 1) == 0 &&
		is_in(same, name + sizeof(prefix) - 1))
		return name + sizeof(prefix) - 1;
	return name;
}

const struct callee_facts *
ir_callee_of(struct ir_cache *cache, CXCursor declaration)
{
	static const char *const twice[] = { "setjmp", "_setjmp", "sigsetjmp", "__sigsetjmp",
		"vfork", "getcontext", NULL };
	struct callee_facts *facts = pointer_map_find(&cache->callees, cursor_key(declaration));

	if (facts != NULL)
		return facts;
	facts = region_alloc(cache->region, sizeof(*facts));
	pointer_map_set(&cache->callees, cache->region, cursor_key(declaration), facts);
	facts->name = plain_name(unit_spelling(cache->unit, declaration));
	facts->is_noreturn = is_noreturn(cache, declaration, facts->name);
	facts->is_twice = is_in(twice, facts->name);
	return facts;
}

const struct contract *
ir_contract_of(struct ir_cache *cache, CXCursor declaration)
{
	struct callee_facts *facts;

	if (clang_getCursorKind(declaration) != CXCursor_FunctionDecl)
		return NULL;
	ir_callee_of(cache, declaration);
	facts = pointer_map_find(&cache->callees, cursor_key(declaration));
	if (!facts->is_contract_known) {
		facts->is_contract_known = true;
		facts->contract = make_contract(cache, declaration);
	}
	return facts->contract;
}

const char *
ir_cleanup_of(struct ir_cache *cache, CXCursor declaration)
{
	static const char word[] = "__attribute__((cleanup(";
	CXString printed;
	const char *text;
	const char *name = NULL;

	if (!has_unnamed_attribute(declaration))
		return NULL;
	printed = print_declaration(declaration);
	text = clang_getCString(printed);
	text = text == NULL ? NULL : strstr(text, word);
	if (text != NULL) {
		text += sizeof(word) - 1;
		name = region_text(cache->region, text, strcspn(text, ")"));
	}
	clang_disposeString(printed);
	return name;
}
