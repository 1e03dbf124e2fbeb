/* SPDX-License-Identifier: BSD-3-Clause */

#include "allowance.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "finding.h"

#define MARK     "fpcheck:"
#define MARK_LEN (sizeof(MARK) - 1)

struct reading {
	const char *at;
	const char *end;
	struct allowance *out;
};

/*
 * What a line of a comment begins with: blanks, a star, one blank. Further in stand examples, as in
 * the comments of fpcheck itself.
 */
static const char *
pass_margin(const char *at, const char *end, bool is_first)
{
	while (at < end && (*at == ' ' || *at == '\t' || (is_first && strchr("*!</", *at) != NULL)))
		at++;
	if (!is_first && at < end && *at == '*') {
		at++;
		if (at < end && (*at == ' ' || *at == '\t'))
			at++;
	}
	return at;
}

/* Where the next line that begins with the mark has it; @end when none does. */
static const char *
find_mark(const char *at, const char *end, bool is_first)
{
	while (at < end) {
		const char *line_end = memchr(at, '\n', (size_t)(end - at));

		at = pass_margin(at, end, is_first);
		if ((size_t)(end - at) >= MARK_LEN && memcmp(at, MARK, MARK_LEN) == 0)
			return at;
		at = line_end == NULL ? end : line_end + 1;
		is_first = false;
	}
	return end;
}

static size_t
word_len(const struct reading *reading)
{
	const char *at = reading->at;

	while (at < reading->end && (isalnum((unsigned char)*at) || *at == '_' || *at == '-'))
		at++;
	return (size_t)(at - reading->at);
}

static void
pass_spaces(struct reading *reading)
{
	while (reading->at < reading->end &&
		(isspace((unsigned char)*reading->at) || *reading->at == '*'))
		reading->at++;
}

static bool
take_word(struct reading *reading, const char *word)
{
	const size_t len = strlen(word);

	if (word_len(reading) != len || memcmp(reading->at, word, len) != 0)
		return false;
	reading->at += len;
	return true;
}

#define SAY(reading, ...)                                                              \
	do {                                                                           \
		if ((reading)->out->fault[0] == '\0')                                  \
			snprintf((reading)->out->fault, sizeof((reading)->out->fault), \
				__VA_ARGS__);                                          \
	} while (0)

static void
take_rule(struct reading *reading)
{
	const size_t len = word_len(reading);
	enum finding_rule rule;

	if (len == 0) {
		SAY(reading, "a comment to fpcheck names no rule");
	} else if (!finding_rule_of(reading->at, len, &rule)) {
		SAY(reading, "a comment to fpcheck names no rule by '%.*s'",
			(int)(len > 40 ? 40 : len), reading->at);
	} else if (rule == RULE_SUPPRESSION) {
		SAY(reading, "%s cannot be allowed", finding_rule_id(rule));
	} else {
		reading->out->rules |= 1U << rule;
	}
	reading->at += len;
}

/* A list by commas or "and"; one wrong name in it leaves the others what they are. */
static void
take_rules(struct reading *reading)
{
	for (;;) {
		pass_spaces(reading);
		take_rule(reading);
		pass_spaces(reading);
		if (reading->at < reading->end && *reading->at == ',') {
			reading->at++;
		} else if (!take_word(reading, "and")) {
			return;
		}
	}
}

static bool
has_words(const char *at, const char *end)
{
	for (; at < end; at++) {
		if (isalnum((unsigned char)*at) || (unsigned char)*at >= 0x80)
			return true;
	}
	return false;
}

/* A wrong comment allows nothing: the reason is what makes it one. */
static void
take_reason(struct reading *reading)
{
	const bool is_marked = (reading->at < reading->end && *reading->at == ':') ||
		take_word(reading, "because");

	if (is_marked && has_words(reading->at, reading->end))
		return;
	SAY(reading, "a comment to fpcheck gives no reason: 'because ...' behind the rules");
	reading->out->rules = 0;
}

/* Whether what is left of the line names a rule: else it is a sentence about fpcheck. */
static bool
names_rule(struct reading reading)
{
	for (; reading.at < reading.end && *reading.at != '\n'; reading.at++) {
		const size_t len = word_len(&reading);
		enum finding_rule rule;

		if (len > 0 && finding_rule_of(reading.at, len, &rule))
			return true;
		if (len > 0)
			reading.at += len - 1;
	}
	return false;
}

static void
take_words(struct reading *reading)
{
	pass_spaces(reading);
	if (take_word(reading, "allow-file")) {
		reading->out->is_of_file = true;
	} else if (!take_word(reading, "allow")) {
		const size_t len = word_len(reading);

		if (names_rule(*reading)) {
			SAY(reading, "a comment to fpcheck says '%.*s', not allow or allow-file",
				(int)(len > 40 ? 40 : len), reading->at);
		}
		return;
	}
	take_rules(reading);
	take_reason(reading);
}

const char *
allowance_parse(const char *text, size_t len, bool is_first, struct allowance *out)
{
	const char *end = text + len;
	struct reading reading = { find_mark(text, end, is_first), end, out };

	if (reading.at == end)
		return NULL;
	*out = (struct allowance){ 0 };
	reading.at += MARK_LEN;
	reading.end = memchr(reading.at, '\n', (size_t)(end - reading.at));
	reading.end = reading.end == NULL ? end : find_mark(reading.end + 1, end, false);
	take_words(&reading);
	return reading.end;
}
