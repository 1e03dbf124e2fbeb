/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * A line is cut into tokens on demand, with one token in hand. The first thing that does not fit
 * writes the problem and makes every function on the way return false.
 */

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "contract_line.h"

#define CONSTANT_COUNT_MAX 4096

enum token_kind {
	TOKEN_END,
	TOKEN_WORD,
	TOKEN_NUMBER,
	TOKEN_SYMBOL, /* One character, or one of "->" "..." ".." ">=". */
};

struct scan {
	const char *at; /* Behind the token in hand. */
	const char *end;
	enum token_kind kind; /* Of the token in hand. */
	struct contract_text token;
	uint32_t number; /* NUMBER: its value, UINT32_MAX from there on. */
	char *problem;
	size_t problem_cap;
};

static bool
is_word_start(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_word_inside(char c)
{
	return is_word_start(c) || is_digit(c);
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

/* A word may have hyphens inside, so that rules and "free-seg" are words. */
static void
scan_word(struct scan *scan)
{
	const char *at = scan->at;

	while (at < scan->end) {
		bool is_hyphen = *at == '-' && at + 1 < scan->end && is_word_inside(at[1]);

		if (!is_word_inside(*at) && !is_hyphen)
			break;
		at++;
	}
	scan->kind = TOKEN_WORD;
	scan->token.len = (size_t)(at - scan->at);
	scan->at = at;
}

static void
scan_number(struct scan *scan)
{
	uint64_t number = 0;

	scan->kind = TOKEN_NUMBER;
	while (scan->at < scan->end && is_digit(*scan->at)) {
		number = number * 10 + (uint64_t)(*scan->at++ - '0');
		if (number > UINT32_MAX)
			number = UINT32_MAX;
	}
	scan->number = (uint32_t)number;
	scan->token.len = (size_t)(scan->at - scan->token.text);
}

static void
scan_symbol(struct scan *scan)
{
	static const char *const longer[] = { "->", "...", "..", ">=" };
	size_t left = (size_t)(scan->end - scan->at);
	size_t len = 1;

	for (size_t i = 0; i < sizeof(longer) / sizeof(longer[0]); i++) {
		size_t longer_len = strlen(longer[i]);

		if (longer_len <= left && memcmp(scan->at, longer[i], longer_len) == 0) {
			len = longer_len;
			break;
		}
	}
	/* A character of several bytes is shown whole. */
	while (len < left && ((unsigned char)scan->at[len] & 0xc0) == 0x80)
		len++;
	scan->kind = TOKEN_SYMBOL;
	scan->token.len = len;
	scan->at += len;
}

/* Take the next token into the hand. */
static void
scan_next(struct scan *scan)
{
	while (scan->at < scan->end && is_space(*scan->at))
		scan->at++;
	scan->token.text = scan->at;
	scan->token.len = 0;
	if (scan->at == scan->end || *scan->at == '#') {
		scan->kind = TOKEN_END;
		return;
	}
	if (is_word_start(*scan->at))
		scan_word(scan);
	else if (is_digit(*scan->at))
		scan_number(scan);
	else
		scan_symbol(scan);
}

static bool
scan_is(const struct scan *scan, const char *text)
{
	return scan->kind != TOKEN_END && strlen(text) == scan->token.len &&
		memcmp(scan->token.text, text, scan->token.len) == 0;
}

/* Take the token if it is the one; false, and nothing taken, when it is another. */
static bool
scan_accept(struct scan *scan, const char *text)
{
	if (!scan_is(scan, text))
		return false;
	scan_next(scan);
	return true;
}

/* Always false, for returning it. */
static bool
expected(struct scan *scan, const char *what)
{
	if (scan->kind == TOKEN_END)
		(void)snprintf(scan->problem, scan->problem_cap,
			"expected %s, but the line ends here", what);
	else
		(void)snprintf(scan->problem, scan->problem_cap, "expected %s, found '%.*s'", what,
			(int)scan->token.len, scan->token.text);
	return false;
}

/* Always false, for returning it. */
static bool
wrong(struct scan *scan, const char *sentence)
{
	(void)snprintf(scan->problem, scan->problem_cap, "%s", sentence);
	return false;
}

static bool
scan_expect(struct scan *scan, const char *text, const char *what)
{
	return scan_accept(scan, text) || expected(scan, what);
}

static bool
read_end(struct scan *scan)
{
	return scan->kind == TOKEN_END || expected(scan, "the end of the line");
}

/* A C identifier. */
static bool
read_name(struct scan *scan, struct contract_text *name, const char *what)
{
	if (scan->kind != TOKEN_WORD || memchr(scan->token.text, '-', scan->token.len) != NULL)
		return expected(scan, what);
	*name = scan->token;
	scan_next(scan);
	return true;
}

/* Number of a parameter, from 1, as an index from 0. */
static bool
read_param_number(struct scan *scan, uint32_t *idx)
{
	if (scan->kind != TOKEN_NUMBER)
		return expected(scan, "the number of a parameter");
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
		return param->other != param_idx || wrong(scan, "a parameter names itself");
	}
	return expected(scan, "what happens to a parameter (-, use, free, send, grant ...)");
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
			return expected(scan, "a number of elements");
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
		return wrong(scan, "a parameter counts itself");
	return scan_expect(scan, "]", "']'");
}

/* Behind the "if". */
static bool
read_condition(struct scan *scan, enum contract_when *when)
{
	static const char *const what = "a condition: 0, !0, >0, >=0 or <0";

	if (scan_accept(scan, "!"))
		*when = CONTRACT_IF_NONZERO;
	else if (scan_accept(scan, ">="))
		*when = CONTRACT_IF_NOT_NEGATIVE;
	else if (scan_accept(scan, ">"))
		*when = CONTRACT_IF_POSITIVE;
	else if (scan_accept(scan, "<"))
		*when = CONTRACT_IF_NEGATIVE;
	else
		*when = CONTRACT_IF_ZERO;
	return scan_expect(scan, "0", what);
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
	{ "never", NULL, CONTRACT_RESULT_NEVER, false, false },
};

static const struct result_word *
find_result_word(struct scan *scan)
{
	for (size_t i = 0; i < sizeof(result_words) / sizeof(result_words[0]); i++)
		if (scan_accept(scan, result_words[i].word))
			return &result_words[i];
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
	return wrong(scan, "only 'new' and 'count' have an 'or'");
}

/* Behind the "->". */
static bool
read_result(struct scan *scan, struct contract *fn)
{
	const struct result_word *word = find_result_word(scan);

	if (word == NULL)
		return expected(scan, "a result (-, new, view of, same as, count, status ...)");
	fn->result = word->result;
	if (word->joint != NULL && !scan_expect(scan, word->joint, "'of' or 'as'"))
		return false;
	if (word->has_param && !read_param_number(scan, &fn->of))
		return false;
	if (scan_accept(scan, "or") && !read_alternative(scan, fn))
		return false;
	if (!scan_is(scan, "?"))
		return true;
	if (!word->is_pointer)
		return wrong(scan, "'?' behind a result that is no pointer");
	fn->result_may_be_null = true;
	scan_next(scan);
	return true;
}

static bool
has_result_extent(const struct contract *fn)
{
	for (uint32_t i = 0; i < fn->param_count; i++)
		if (fn->params[i].extent == CONTRACT_RESULT)
			return true;
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
		return wrong(scan, "[..ret] needs a result that counts");
	return read_end(scan);
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
			return read_end(scan);
		}
	}
	return expected(scan, "what the type is: buffer, lease, view, cursor or plain");
}

static bool
read_ban(struct scan *scan, struct contract_line *line)
{
	struct contract_text name;

	line->is_ban_lifted = scan_is(scan, "-");
	if (!line->is_ban_lifted &&
		(scan->kind != TOKEN_WORD ||
			!finding_rule_of(scan->token.text, scan->token.len, &line->rule)))
		return expected(scan, "the id of a rule, or '-'");
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
	return expected(scan, "'fn', 'type' or 'ban'");
}

int
contract_line_read(
	struct contract_line *line, struct contract_text text, char *problem, size_t problem_cap)
{
	struct scan scan = {
		.at = text.text,
		.end = text.text + text.len,
		.problem = problem,
		.problem_cap = problem_cap,
	};

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
