/* SPDX-License-Identifier: BSD-3-Clause */

#include <stdio.h>
#include <string.h>

#include "contract_scan.h"

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

void
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
	if (is_word_start(*scan->at)) {
		scan_word(scan);
	} else if (is_digit(*scan->at)) {
		scan_number(scan);
	} else {
		scan_symbol(scan);
	}
}

bool
scan_is(const struct scan *scan, const char *text)
{
	return scan->kind != TOKEN_END && strlen(text) == scan->token.len &&
		memcmp(scan->token.text, text, scan->token.len) == 0;
}

bool
scan_accept(struct scan *scan, const char *text)
{
	if (!scan_is(scan, text))
		return false;
	scan_next(scan);
	return true;
}

bool
scan_expected(struct scan *scan, const char *what)
{
	if (scan->kind == TOKEN_END) {
		(void)snprintf(scan->problem, scan->problem_cap,
			"expected %s, but the line ends here", what);
	} else {
		(void)snprintf(scan->problem, scan->problem_cap, "expected %s, found '%.*s'", what,
			(int)scan->token.len, scan->token.text);
	}
	return false;
}

bool
scan_wrong(struct scan *scan, const char *sentence)
{
	(void)snprintf(scan->problem, scan->problem_cap, "%s", sentence);
	return false;
}

bool
scan_expect(struct scan *scan, const char *text, const char *what)
{
	return scan_accept(scan, text) || scan_expected(scan, what);
}

bool
scan_end(struct scan *scan)
{
	return scan->kind == TOKEN_END || scan_expected(scan, "the end of the line");
}
