/* SPDX-License-Identifier: BSD-3-Clause */

#include <jansson.h>

#include "json_text.h"
#include "report.h"
#include "text_file.h"
#include "version.h"

static json_t *
make_place(const struct place *at)
{
	json_t *object = json_object();

	if (at->file != NULL)
		json_object_set_new(object, "file", json_text(text_file_shown(at->file)));
	if (at->line != 0)
		json_object_set_new(object, "line", json_integer(at->line));
	if (at->column != 0)
		json_object_set_new(object, "column", json_integer(at->column));
	return object;
}

static json_t *
make_finding(const struct finding *finding)
{
	json_t *object = make_place(&finding->at);
	json_t *notes = json_array();

	json_object_set_new(object, "rule", json_text(finding_rule_id(finding->rule)));
	json_object_set_new(object, "name", json_text(finding_rule_word(finding->rule)));
	json_object_set_new(object, "kind", json_text(finding->kind));
	json_object_set_new(object, "message", json_text(finding->text));
	json_object_set_new(object, "function", json_text(finding->function));
	for (uint32_t i = 0; i < finding->note_count; i++) {
		json_t *note = make_place(&finding->notes[i].at);

		json_object_set_new(note, "message", json_text(finding->notes[i].text));
		json_array_append_new(notes, note);
	}
	json_object_set_new(object, "notes", notes);
	return object;
}

static json_t *
make_findings(const struct outcome *outcome)
{
	json_t *list = json_array();

	for (size_t i = 0; i < outcome->finding_count; i++)
		json_array_append_new(list, make_finding(&outcome->reported[i]));
	return list;
}

static json_t *
make_problems(const struct outcome *outcome)
{
	static const char *const words[] = { [PROBLEM_SETTING] = "setting",
		[PROBLEM_INPUT] = "input",
		[PROBLEM_PARSE] = "parse",
		[PROBLEM_NOTE] = "note" };
	json_t *list = json_array();

	for (size_t i = 0; i < outcome->problems.count; i++) {
		const struct problem *problem = &outcome->problems.problems[i];
		json_t *object = make_place(&problem->at);

		json_object_set_new(object, "kind", json_text(words[problem->kind]));
		json_object_set_new(object, "message", json_text(problem->text));
		json_array_append_new(list, object);
	}
	return list;
}

static json_t *
make_skipped(const struct outcome *outcome)
{
	json_t *list = json_array();

	for (size_t i = 0; i < outcome->skipped_count; i++) {
		const struct outcome_skipped *skipped = &outcome->skipped[i];
		json_t *object = make_place(&skipped->at);

		json_object_set_new(object, "function", json_text(skipped->function));
		json_object_set_new(object, "reason", json_text(outcome_why(skipped->why)));
		json_object_set_new(object, "detail", json_text(skipped->detail));
		json_array_append_new(list, object);
	}
	return list;
}

static json_t *
make_summary(const struct outcome *outcome, const struct settings *settings)
{
	json_t *object = json_object();
	json_t *suppressed = json_object();

	for (unsigned int i = 0; i < RULE_COUNT; i++) {
		if (outcome->suppressed[i] > 0) {
			json_object_set_new(suppressed, finding_rule_id((enum finding_rule)i),
				json_integer(outcome->suppressed[i]));
		}
	}
	json_object_set_new(object, "sources", json_integer((json_int_t)outcome->units));
	json_object_set_new(
		object, "sources_analysed", json_integer((json_int_t)outcome->units_done));
	json_object_set_new(object, "functions", json_integer((json_int_t)outcome->function_count));
	json_object_set_new(
		object, "functions_followed", json_integer((json_int_t)outcome->analysed));
	json_object_set_new(object, "findings", json_integer((json_int_t)outcome->finding_count));
	json_object_set_new(object, "allowed", suppressed);
	json_object_set_new(object, "is_interrupted", json_boolean(outcome->is_interrupted));
	json_object_set_new(object, "status", json_integer(outcome_status(outcome, settings)));
	return object;
}

void
report_json(FILE *out, const struct outcome *outcome, const struct settings *settings)
{
	json_t *top = json_object();

	json_object_set_new(top, "fpcheck", json_text(FPCHECK_VERSION));
	json_object_set_new(top, "findings", make_findings(outcome));
	json_object_set_new(top, "problems", make_problems(outcome));
	json_object_set_new(top, "not_analysed", make_skipped(outcome));
	json_object_set_new(top, "summary", make_summary(outcome, settings));
	json_dumpf(top, out, JSON_INDENT(1));
	fputc('\n', out);
	json_decref(top);
}
