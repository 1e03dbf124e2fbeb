/* SPDX-License-Identifier: BSD-3-Clause */

/* SARIF 2.1.0: what is needed to see findings and their paths in editors and on code hosts. */

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json_text.h"
#include "report.h"
#include "text_file.h"
#include "version.h"

#define SCHEMA \
	"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

static json_t *
make_message(const char *text)
{
	return json_pack("{s:o}", "text", json_text(text));
}

/* A path as a URI: relative ones stay so. */
static json_t *
make_uri(const char *path)
{
	static const char safe[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				   "0123456789-._~/+,@=";
	const char *shown = text_file_shown(path);
	char *uri = malloc(strlen(shown) * 3 + sizeof("file://"));
	char *out = uri;
	json_t *value;

	if (uri == NULL)
		abort();
	if (shown[0] == '/')
		out += sprintf(out, "file://");
	for (; *shown != '\0'; shown++) {
		if (strchr(safe, *shown) != NULL) {
			*out++ = *shown;
		} else {
			out += sprintf(out, "%%%02X", (unsigned int)(unsigned char)*shown);
		}
	}
	*out = '\0';
	value = json_string(uri);
	free(uri);
	return value;
}

static json_t *
make_location(const struct place *at, const char *message)
{
	json_t *artifact = json_pack("{s:o}", "uri", make_uri(at->file));
	json_t *physical = json_pack("{s:o}", "artifactLocation", artifact);
	json_t *location = json_pack("{s:o}", "physicalLocation", physical);

	if (at->line > 0) {
		json_t *region = json_pack("{s:i}", "startLine", (int)at->line);

		if (at->column > 0)
			json_object_set_new(region, "startColumn", json_integer(at->column));
		json_object_set_new(physical, "region", region);
	}
	if (message != NULL)
		json_object_set_new(location, "message", make_message(message));
	return location;
}

/* ---- the tool ---- */

static json_t *
make_rules(void)
{
	json_t *rules = json_array();

	for (unsigned int i = 0; i < RULE_COUNT; i++) {
		const enum finding_rule rule = (enum finding_rule)i;

		json_array_append_new(rules,
			json_pack("{s:s, s:s, s:{s:s}, s:{s:s}, s:{s:s}}", "id",
				finding_rule_id(rule), "name", finding_rule_word(rule),
				"shortDescription", "text", finding_rule_text(rule), "help", "text",
				finding_rule_text(rule), "defaultConfiguration", "level",
				"warning"));
	}
	return rules;
}

static json_t *
make_tool(void)
{
	return json_pack("{s:{s:s, s:s, s:o}}", "driver", "name", "fpcheck", "version",
		FPCHECK_VERSION, "rules", make_rules());
}

/* ---- results ---- */

/* The events and then the finding itself, as one thread of execution. */
static json_t *
make_flow(const struct finding *finding)
{
	json_t *steps = json_array();

	for (uint32_t i = 0; i < finding->note_count; i++) {
		const struct finding_note *note = &finding->notes[i];

		if (note->at.file != NULL) {
			json_array_append_new(steps,
				json_pack(
					"{s:o}", "location", make_location(&note->at, note->text)));
		}
	}
	json_array_append_new(
		steps, json_pack("{s:o}", "location", make_location(&finding->at, finding->text)));
	return json_pack("[{s:[{s:o}]}]", "threadFlows", "locations", steps);
}

static json_t *
make_related(const struct finding *finding)
{
	json_t *related = json_array();

	for (uint32_t i = 0; i < finding->note_count; i++) {
		const struct finding_note *note = &finding->notes[i];
		json_t *location;

		if (note->at.file == NULL)
			continue;
		location = make_location(&note->at, note->text);
		json_object_set_new(location, "id", json_integer(i));
		json_array_append_new(related, location);
	}
	return related;
}

static json_t *
make_result(const struct finding *finding)
{
	json_t *location = make_location(&finding->at, NULL);
	json_t *result = json_pack("{s:s, s:i, s:s, s:o, s:[O]}", "ruleId",
		finding_rule_id(finding->rule), "ruleIndex", (int)finding->rule, "level", "warning",
		"message", make_message(finding->text), "locations", location);

	if (finding->function != NULL) {
		json_object_set_new(location, "logicalLocations",
			json_pack("[{s:o, s:s}]", "name", json_text(finding->function), "kind",
				"function"));
	}
	if (finding->kind != NULL) {
		json_object_set_new(
			result, "properties", json_pack("{s:o}", "kind", json_text(finding->kind)));
	}
	if (finding->note_count > 0) {
		json_object_set_new(result, "relatedLocations", make_related(finding));
		json_object_set_new(result, "codeFlows", make_flow(finding));
	}
	json_decref(location);
	return result;
}

static json_t *
make_results(const struct outcome *outcome)
{
	json_t *results = json_array();

	for (size_t i = 0; i < outcome->finding_count; i++)
		json_array_append_new(results, make_result(&outcome->reported[i]));
	return results;
}

/* ---- what was not analysed ---- */

static json_t *
make_notification(const struct place *at, const char *level, const char *text)
{
	json_t *notification =
		json_pack("{s:s, s:o}", "level", level, "message", make_message(text));

	if (at->file != NULL) {
		json_object_set_new(
			notification, "locations", json_pack("[o]", make_location(at, NULL)));
	}
	return notification;
}

static json_t *
make_notifications(const struct outcome *outcome, const struct settings *settings)
{
	json_t *list = json_array();

	for (size_t i = 0; i < outcome->problems.count; i++) {
		const struct problem *problem = &outcome->problems.problems[i];

		if (problem->kind != PROBLEM_SETTING) {
			json_array_append_new(list,
				make_notification(&problem->at,
					problem->kind == PROBLEM_NOTE ? "note" : "error",
					problem->text));
		}
	}
	for (size_t i = 0; i < outcome->skipped_count; i++) {
		const struct outcome_skipped *skipped = &outcome->skipped[i];
		char text[512];

		snprintf(text, sizeof(text), "'%s' is not analysed to its end: %s%s%s",
			skipped->function, outcome_why(skipped->why),
			skipped->detail == NULL ? "" : ": ",
			skipped->detail == NULL ? "" : skipped->detail);
		json_array_append_new(list,
			make_notification(
				&skipped->at, settings->is_strict ? "error" : "warning", text));
	}
	return list;
}

static json_t *
make_setting_notifications(const struct outcome *outcome)
{
	json_t *list = json_array();

	for (size_t i = 0; i < outcome->problems.count; i++) {
		const struct problem *problem = &outcome->problems.problems[i];

		if (problem->kind == PROBLEM_SETTING) {
			json_array_append_new(
				list, make_notification(&problem->at, "error", problem->text));
		}
	}
	return list;
}

static json_t *
make_invocation(const struct outcome *outcome, const struct settings *settings)
{
	const int status = outcome_status(outcome, settings);

	return json_pack("{s:b, s:i, s:o, s:o}", "executionSuccessful", status != 2, "exitCode",
		status, "toolExecutionNotifications", make_notifications(outcome, settings),
		"toolConfigurationNotifications", make_setting_notifications(outcome));
}

void
report_sarif(FILE *out, const struct outcome *outcome, const struct settings *settings)
{
	json_t *top = json_pack("{s:s, s:s, s:[{s:o, s:[o], s:o}]}", "$schema", SCHEMA, "version",
		"2.1.0", "runs", "tool", make_tool(), "invocations",
		make_invocation(outcome, settings), "results", make_results(outcome));

	json_dumpf(top, out, JSON_INDENT(1));
	fputc('\n', out);
	json_decref(top);
}
