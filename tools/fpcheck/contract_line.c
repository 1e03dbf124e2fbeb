/* SPDX-License-Identifier: BSD-3-Clause */

/* What does not fit is told where it is met, and every function on the way returns false. */

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "contract_line.h"
#include "contract_scan.h"

#define CONSTANT_COUNT_MAX 4096

/* A C identifier. */
static bool
read_name(struct scan *scan, struct contract_text *name, const char *what)
{
	if (scan->kind != TOKEN_WORD || memchr(scan->token.text, '-', scan->token.len) != NULL)
		return scan_expected(scan, what);
	*name = scan->token;
	scan_next(scan);
	return true;
}

/* Number of a parameter, from 1, as an index from 0. */
static bool
read_param_number(struct scan *scan, uint32_t *idx)
{
	if (scan->kind != TOKEN_NUMBER)
		return scan_expected(scan, "the number of a parameter");
	if (scan->number < 1 || scan->number > CONTRACT_MAX_PARAMS) {
		(void)snprintf(scan->problem, scan->problem_cap,
			"parameter %.*s is not one of 1 to %d", (int)scan->token.len,
			scan->token.text, CONTRACT_MAX_PARAMS);
		return false;
	}
	*idx = scan->number - 1;
	scan_next(scan);
	return true;
}

struct effect_word {
	const char *word;
	enum contract_effect effect;
	bool has_other;
};

static const struct effect_word effect_words[] = {
	{ "-", CONTRACT_NONE, false },
	{ "use", CONTRACT_USE, false },
	{ "write", CONTRACT_WRITE, false },
	{ "free", CONTRACT_FREE, false },
	{ "free-seg", CONTRACT_FREE_SEG, false },
	{ "send", CONTRACT_SEND, false },
	{ "keep", CONTRACT_KEEP, false },
	{ "grant", CONTRACT_GRANT, false },
	{ "lend", CONTRACT_LEND, false },
	{ "move", CONTRACT_MOVE, false },
	{ "replace", CONTRACT_REPLACE, false },
	{ "share", CONTRACT_SHARE, false },
	{ "ref", CONTRACT_REF, true },
	{ "join", CONTRACT_JOIN, true },
	{ "clear", CONTRACT_CLEAR, false },
	{ "view", CONTRACT_VIEW_OUT, true },
	{ "take", CONTRACT_MOVE_OUT, true },
	{ "scoped", CONTRACT_SCOPED, false },
};

static bool
read_effect(struct scan *scan, struct contract_param *param, uint32_t param_idx)
{
	for (size_t i = 0; i < sizeof(effect_words) / sizeof(effect_words[0]); i++) {
		const struct effect_word *word = &effect_words[i];

		if (!scan_accept(scan, word->word))
			continue;
		param->effect = word->effect;
		if (!word->has_other)
			return true;
		if (!read_param_number(scan, &param->other))
			return false;
		return param->other != param_idx || scan_wrong(scan, "a parameter names itself");
	}
	return scan_expected(scan, "what happens to a parameter (-, use, free, send, grant ...)");
}

/* Behind the '['. */
static bool
read_extent(struct scan *scan, struct contract_param *param, uint32_t param_idx)
{
	if (scan_accept(scan, "..")) {
		param->extent = CONTRACT_RESULT;
		return scan_expect(scan, "ret", "'ret' behind '[..'") &&
			scan_expect(scan, "]", "']'");
	}
	if (scan_accept(scan, "=")) {
		param->extent = CONTRACT_CONSTANT;
		if (scan->kind != TOKEN_NUMBER)
			return scan_expected(scan, "a number of elements");
		if (scan->number < 1 || scan->number > CONSTANT_COUNT_MAX) {
			(void)snprintf(scan->problem, scan->problem_cap,
				"%.*s elements is not one of 1 to %d", (int)scan->token.len,
				scan->token.text, CONSTANT_COUNT_MAX);
			return false;
		}
		param->count = scan->number;
		scan_next(scan);
		return scan_expect(scan, "]", "']'");
	}
	param->extent = CONTRACT_COUNTED;
	if (!read_param_number(scan, &param->count))
		return false;
	if (param->count == param_idx)
		return scan_wrong(scan, "a parameter counts itself");
	return scan_expect(scan, "]", "']'");
}

/* Behind the "if". */
static bool
read_condition(struct scan *scan, enum contract_when *when)
{
	static const struct {
		const char *text;
		enum contract_when when;
	} signs[] = {
		{ "!", CONTRACT_IF_NONZERO },
		{ ">=", CONTRACT_IF_NOT_NEGATIVE },
		{ ">", CONTRACT_IF_POSITIVE },
		{ "<", CONTRACT_IF_NEGATIVE },
	};

	*when = CONTRACT_IF_ZERO;
	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		if (scan_accept(scan, signs[i].text)) {
			*when = signs[i].when;
			break;
		}
	}
	return scan_expect(scan, "0", "a condition: 0, !0, >0, >=0 or <0");
}

static bool
read_param(struct scan *scan, struct contract_param *param, uint32_t param_idx)
{
	if (!read_effect(scan, param, param_idx))
		return false;
	if (param->effect == CONTRACT_NONE)
		return true;
	param->may_be_null = scan_accept(scan, "?");
	if (scan_accept(scan, "[") && !read_extent(scan, param, param_idx))
		return false;
	return !scan_accept(scan, "if") || read_condition(scan, &param->when);
}

/* Behind the '('. */
static bool
read_params(struct scan *scan, struct contract *fn)
{
	if (scan_accept(scan, ")"))
		return true;
	do {
		if (scan_accept(scan, "..."))
			break;
		if (fn->param_count == CONTRACT_MAX_PARAMS) {
			(void)snprintf(scan->problem, scan->problem_cap, "more than %d parameters",
				CONTRACT_MAX_PARAMS);
			return false;
		}
		if (!read_param(scan, &fn->params[fn->param_count], fn->param_count))
			return false;
		fn->param_count++;
	} while (scan_accept(scan, ","));
	return scan_expect(scan, ")", "',' or ')'");
}

struct result_word {
	const char *word;
	const char *joint; /* Between the word and its parameter; NULL for none. */
	enum contract_result result;
	bool has_param;
	bool is_pointer;
};

static const struct result_word result_words[] = {
	{ "-", NULL, CONTRACT_RESULT_NONE, false, false },
	{ "new", NULL, CONTRACT_RESULT_NEW, false, true },
	{ "view", "of", CONTRACT_RESULT_VIEW, true, true },
	{ "part", "of", CONTRACT_RESULT_PART, true, true },
	{ "same", "as", CONTRACT_RESULT_SAME, true, true },
	{ "clone", "of", CONTRACT_RESULT_CLONE, true, true },
	{ "next", "of", CONTRACT_RESULT_NEXT, true, true },
	{ "count", NULL, CONTRACT_RESULT_COUNT, true, false },
	{ "all", NULL, CONTRACT_RESULT_ALL, true, false },
	{ "status", NULL, CONTRACT_RESULT_STATUS, false, false },
	{ "flag", NULL, CONTRACT_RESULT_FLAG, false, false },
	{ "empty", NULL, CONTRACT_RESULT_EMPTY, true, false },
	{ "never", NULL, CONTRACT_RESULT_NEVER, false, false },
};

static const struct result_word *
find_result_word(struct scan *scan)
{
	for (size_t i = 0; i < sizeof(result_words) / sizeof(result_words[0]); i++) {
		if (scan_accept(scan, result_words[i].word))
			return &result_words[i];
	}
	return NULL;
}

/* "new or N" and "count N or error". */
static bool
read_alternative(struct scan *scan, struct contract *fn)
{
	if (fn->result == CONTRACT_RESULT_NEW) {
		fn->result = CONTRACT_RESULT_NEW_OR_SAME;
		return read_param_number(scan, &fn->of);
	}
	if (fn->result == CONTRACT_RESULT_COUNT) {
		fn->result = CONTRACT_RESULT_COUNT_OR_ERROR;
		return scan_expect(scan, "error", "'error'");
	}
	return scan_wrong(scan, "only 'new' and 'count' have an 'or'");
}

/* Behind the "->". */
static bool
read_result(struct scan *scan, struct contract *fn)
{
	const struct result_word *word = find_result_word(scan);

	if (word == NULL) {
		return scan_expected(
			scan, "a result (-, new, view of, same as, count, status ...)");
	}
	fn->result = word->result;
	if (word->joint != NULL && !scan_expect(scan, word->joint, "'of' or 'as'"))
		return false;
	if (word->has_param && !read_param_number(scan, &fn->of))
		return false;
	if (fn->result == CONTRACT_RESULT_STATUS && scan->kind == TOKEN_NUMBER) {
		fn->of = scan->number;
		scan_next(scan);
	}
	if (scan_accept(scan, "or") && !read_alternative(scan, fn))
		return false;
	if (!scan_is(scan, "?"))
		return true;
	if (!word->is_pointer)
		return scan_wrong(scan, "'?' behind a result that is no pointer");
	fn->result_may_be_null = true;
	scan_next(scan);
	return true;
}

static bool
has_result_extent(const struct contract *fn)
{
	for (uint32_t i = 0; i < fn->param_count; i++) {
		if (fn->params[i].extent == CONTRACT_RESULT)
			return true;
	}
	return false;
}

static bool
is_number(enum contract_result result)
{
	return result == CONTRACT_RESULT_NONE || result == CONTRACT_RESULT_COUNT ||
		result == CONTRACT_RESULT_COUNT_OR_ERROR || result == CONTRACT_RESULT_ALL;
}

static bool
read_fn(struct scan *scan, struct contract_line *line)
{
	if (!read_name(scan, &line->name, "the name of a function") ||
		!scan_expect(scan, "(", "'(' behind the function's name") ||
		!read_params(scan, &line->fn))
		return false;
	if (scan_accept(scan, "->") && !read_result(scan, &line->fn))
		return false;
	if (has_result_extent(&line->fn) && !is_number(line->fn.result))
		return scan_wrong(scan, "[..ret] needs a result that counts");
	return scan_end(scan);
}

static bool
read_type(struct scan *scan, struct contract_line *line)
{
	static const struct {
		const char *word;
		enum contract_type type;
	} words[] = {
		{ "plain", CONTRACT_TYPE_PLAIN },
		{ "buffer", CONTRACT_TYPE_BUFFER },
		{ "lease", CONTRACT_TYPE_LEASE },
		{ "view", CONTRACT_TYPE_VIEW },
		{ "cursor", CONTRACT_TYPE_CURSOR },
	};

	if (!read_name(scan, &line->name, "the tag of a struct"))
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (scan_accept(scan, words[i].word)) {
			line->type = words[i].type;
			return scan_end(scan);
		}
	}
	return scan_expected(scan, "what the type is: buffer, lease, view, cursor or plain");
}

static bool
read_ban(struct scan *scan, struct contract_line *line)
{
	struct contract_text name;

	line->is_ban_lifted = scan_is(scan, "-");
	if (!line->is_ban_lifted &&
		(scan->kind != TOKEN_WORD ||
			!finding_rule_of(scan->token.text, scan->token.len, &line->rule)))
		return scan_expected(scan, "the id of a rule, or '-'");
	line->names.text = scan->at;
	line->names.len = (size_t)(scan->end - scan->at);
	scan_next(scan);
	do {
		if (!read_name(scan, &name, "the name of a function"))
			return false;
	} while (scan->kind != TOKEN_END);
	return true;
}

static bool
read_line(struct scan *scan, struct contract_line *line)
{
	if (scan->kind == TOKEN_END)
		return true;
	if (scan_accept(scan, "fn")) {
		line->kind = CONTRACT_LINE_FN;
		return read_fn(scan, line);
	}
	if (scan_accept(scan, "type")) {
		line->kind = CONTRACT_LINE_TYPE;
		return read_type(scan, line);
	}
	if (scan_accept(scan, "ban")) {
		line->kind = CONTRACT_LINE_BAN;
		return read_ban(scan, line);
	}
	return scan_expected(scan, "'fn', 'type' or 'ban'");
}

int
contract_line_read(
	struct contract_line *line, struct contract_text text, char *problem, size_t problem_cap)
{
	struct scan scan = {
		.at = text.text,
		.end = text.text + text.len,
		.problem_cap = problem_cap,
	};

	scan.problem = problem;
	*line = (struct contract_line){ .kind = CONTRACT_LINE_EMPTY };
	scan_next(&scan);
	return read_line(&scan, line) ? 0 : -EINVAL;
}

bool
contract_line_take_name(struct contract_text *names, struct contract_text *name)
{
	struct scan scan = { .at = names->text, .end = names->text + names->len };

	scan_next(&scan);
	if (scan.kind != TOKEN_WORD)
		return false;
	*name = scan.token;
	names->text = scan.at;
	names->len = (size_t)(scan.end - scan.at);
	return true;
}
