/* SPDX-License-Identifier: BSD-3-Clause */

#include "suppress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "allowance.h"
#include "comments.h"

#define FILE_LINES_MAX  40 /* allow-file stands in the first of a file */
#define ABOVE_LINES_MAX 4  /* of attributes between a comment and where a definition begins */

#define LIFETIME_RULES (1U << RULE_R_04_01 | 1U << RULE_R_04_02)

/* A comment that allows something, and the lines it is about. */
struct permit {
	struct place at;
	uint32_t rules;
	uint32_t used;
	uint32_t first_line;
	uint32_t last_line;
};

struct pass {
	struct outcome *outcome;
	const struct settings *settings;
	struct permit *permits;
	size_t permit_count;
};

static void
complain(struct pass *pass, const struct place *at, const char *kind, const char *text)
{
	finding_add(pass->outcome->found,
		&(const struct finding){
			.rule = RULE_SUPPRESSION, .kind = kind, .at = *at, .text = text });
}

/* ---- reading the comments ---- */

static const struct outcome_function *
find_function_at(
	const struct pass *pass, const struct comments *comments, const char *file, uint32_t line)
{
	for (size_t i = 0; i < pass->outcome->function_count; i++) {
		const struct outcome_function *function = &pass->outcome->functions[i];
		uint32_t above = line;

		if (function->first_line < line || function->first_line - line > ABOVE_LINES_MAX ||
			strcmp(function->file, file) != 0)
			continue;
		while (above < function->first_line &&
			(comments->lines[above] & COMMENTS_HAS_END) == 0)
			above++;
		if (above == function->first_line)
			return function;
	}
	return NULL;
}

/* Lines that a comment is about. */
static void
aim(struct permit *permit, const struct pass *pass, const struct comments *comments,
	const struct comment *comment)
{
	const struct outcome_function *function;
	uint32_t line = comment->last_line;

	permit->first_line = comment->first_line;
	permit->last_line = comment->last_line;
	if (comment->has_code_before || comments_has_code(comments, line))
		return;
	while (line < comments->line_count && !comments_has_code(comments, line))
		line++;
	permit->first_line = line;
	permit->last_line = line;
	function = find_function_at(pass, comments, permit->at.file, line);
	if (function != NULL)
		permit->last_line = function->last_line;
}

static void
add_permit(struct pass *pass, const struct comments *comments, const struct comment *comment,
	const struct allowance *allowance, const struct place *at)
{
	struct permit *permit;

	pass->permits = realloc(pass->permits, (pass->permit_count + 1) * sizeof(*permit));
	if (pass->permits == NULL)
		abort();
	permit = &pass->permits[pass->permit_count++];
	*permit = (struct permit){ .at = *at, .rules = allowance->rules, .last_line = UINT32_MAX };
	if (!allowance->is_of_file)
		aim(permit, pass, comments, comment);
}

static void
read_comment(struct pass *pass, const struct comments *comments, const struct comment *comment,
	const char *file)
{
	const struct place at = { file, comment->first_line, comment->column };
	const char *end = comment->text + comment->len;
	const char *text = comment->text;
	struct allowance allowance;

	while ((text = allowance_parse(
			text, (size_t)(end - text), text == comment->text, &allowance)) != NULL) {
		if (allowance.fault[0] != '\0')
			complain(pass, &at, "wrong", allowance.fault);
		if (allowance.is_of_file && comment->first_line > FILE_LINES_MAX) {
			complain(pass, &at, "wrong",
				"allow-file belongs into the first 40 lines of its file");
		} else if (allowance.rules != 0) {
			add_permit(pass, comments, comment, &allowance, &at);
		}
	}
}

static void
read_file(struct pass *pass, const char *file)
{
	struct comments comments;

	if (!comments_read(&comments, file))
		return;
	for (size_t i = 0; i < comments.count; i++)
		read_comment(pass, &comments, &comments.comments[i], file);
	comments_fini(&comments);
}

/* ---- what is allowed ---- */

static bool
is_allowed(struct pass *pass, const struct finding *finding)
{
	bool is_found = false;

	for (size_t i = 0; i < pass->permit_count; i++) {
		struct permit *permit = &pass->permits[i];

		if ((permit->rules >> finding->rule & 1U) == 0 ||
			finding->at.line < permit->first_line ||
			finding->at.line > permit->last_line ||
			strcmp(finding->at.file, permit->at.file) != 0)
			continue;
		permit->used |= 1U << finding->rule;
		is_found = true;
	}
	return is_found;
}

static bool
is_wanted(const struct pass *pass, const struct finding *finding)
{
	return settings_wants(pass->settings, finding->rule) &&
		!settings_match(&pass->settings->exclude, finding->at.file);
}

/* Rules of a comment that could not have been found, as what it is about was not analysed. */
static uint32_t
find_unknown(const struct pass *pass, const struct permit *permit)
{
	const struct outcome *outcome = pass->outcome;
	uint32_t rules = 0;

	for (size_t i = 0; i < outcome->skipped_count; i++) {
		const struct outcome_skipped *skipped = &outcome->skipped[i];

		if (strcmp(skipped->at.file, permit->at.file) != 0)
			continue;
		for (size_t n = 0; n < outcome->function_count; n++) {
			const struct outcome_function *function = &outcome->functions[n];

			if (strcmp(function->file, skipped->at.file) == 0 &&
				skipped->at.line >= function->first_line &&
				skipped->at.line <= function->last_line &&
				function->first_line <= permit->last_line &&
				function->last_line >= permit->first_line) {
				rules |= skipped->why == UNIT_SKIP_PARSE ? UINT32_MAX
									 : LIFETIME_RULES;
			}
		}
	}
	return rules;
}

/* A header may have findings of sources that were not analysed, or not asked for. */
static bool
is_complete(const struct pass *pass, const char *file)
{
	const struct outcome *outcome = pass->outcome;
	const size_t len = strlen(file);

	return (outcome->units_done == outcome->units && pass->settings->files.count == 0) ||
		(len > 2 && strcmp(file + len - 2, ".c") == 0);
}

static void
judge_permit(struct pass *pass, const struct permit *permit)
{
	const uint32_t useless =
		permit->rules & ~permit->used & pass->settings->rules & ~find_unknown(pass, permit);
	char text[256] = "this comment allows what is not found here:";

	if (useless == 0 || !is_complete(pass, permit->at.file))
		return;
	for (unsigned int i = 0; i < RULE_COUNT; i++) {
		const size_t len = strlen(text);

		if ((useless >> i & 1U) != 0) {
			snprintf(text + len, sizeof(text) - len, " %s",
				finding_rule_id((enum finding_rule)i));
		}
	}
	complain(pass, &permit->at, "unused", text);
}

void
suppress_apply(struct outcome *outcome, const struct settings *settings)
{
	struct pass pass = { .outcome = outcome, .settings = settings };
	const struct finding *found;
	size_t count;

	for (size_t i = 0; i < outcome->file_count; i++)
		read_file(&pass, outcome->files[i]);
	found = finding_set_sorted(outcome->found, &count);
	for (size_t i = 0; i < count; i++) {
		if (is_wanted(&pass, &found[i]) && is_allowed(&pass, &found[i]))
			outcome->suppressed[found[i].rule]++;
	}
	for (size_t i = 0; i < pass.permit_count; i++)
		judge_permit(&pass, &pass.permits[i]);
	found = finding_set_sorted(outcome->found, &count);
	outcome->reported = calloc(count + 1, sizeof(*outcome->reported));
	if (outcome->reported == NULL)
		abort();
	for (size_t i = 0; i < count; i++) {
		if (is_wanted(&pass, &found[i]) && !is_allowed(&pass, &found[i]))
			outcome->reported[outcome->finding_count++] = found[i];
	}
	free(pass.permits);
}
