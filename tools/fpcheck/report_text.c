/* SPDX-License-Identifier: BSD-3-Clause */

#include <inttypes.h>
#include <string.h>

#include "report.h"
#include "text_file.h"

static void
print_place(FILE *out, const struct place *at)
{
	if (at->file == NULL) {
		fputs("fpcheck: ", out);
	} else if (at->line == 0) {
		fprintf(out, "%s: ", text_file_shown(at->file));
	} else if (at->column == 0) {
		fprintf(out, "%s:%" PRIu32 ": ", text_file_shown(at->file), at->line);
	} else {
		fprintf(out, "%s:%" PRIu32 ":%" PRIu32 ": ", text_file_shown(at->file), at->line,
			at->column);
	}
}

void
report_text(FILE *out, const struct outcome *outcome)
{
	for (size_t i = 0; i < outcome->finding_count; i++) {
		const struct finding *finding = &outcome->reported[i];

		print_place(out, &finding->at);
		fprintf(out, "warning: [%s] %s", finding_rule_id(finding->rule), finding->text);
		if (finding->kind != NULL)
			fprintf(out, " [%s]", finding->kind);
		fputc('\n', out);
		for (uint32_t n = 0; n < finding->note_count; n++) {
			print_place(out, &finding->notes[n].at);
			fprintf(out, "note: %s\n", finding->notes[n].text);
		}
	}
}

void
report_problems(FILE *out, const struct outcome *outcome)
{
	for (size_t i = 0; i < outcome->problems.count; i++) {
		const struct problem *problem = &outcome->problems.problems[i];

		print_place(out, &problem->at);
		fprintf(out, "%s: %s\n", problem->kind == PROBLEM_NOTE ? "note" : "error",
			problem->text);
	}
}

static void
print_skipped(FILE *out, const struct outcome *outcome)
{
	for (size_t i = 0; i < outcome->skipped_count; i++) {
		const struct outcome_skipped *skipped = &outcome->skipped[i];

		print_place(out, &skipped->at);
		fprintf(out, "note: '%s' is not analysed to its end: %s", skipped->function,
			outcome_why(skipped->why));
		if (skipped->detail != NULL)
			fprintf(out, " (%s)", skipped->detail);
		fputc('\n', out);
	}
}

/* They are sorted by file. */
static size_t
count_skipped_files(const struct outcome *outcome)
{
	size_t count = 0;

	for (size_t i = 0; i < outcome->skipped_count; i++) {
		count += i == 0 ||
			strcmp(outcome->skipped[i].at.file, outcome->skipped[i - 1].at.file) != 0;
	}
	return count;
}

static void
print_rules(FILE *out, const struct outcome *outcome)
{
	uint32_t counts[RULE_COUNT] = { 0 };

	for (size_t i = 0; i < outcome->finding_count; i++)
		counts[outcome->reported[i].rule]++;
	for (unsigned int i = 0; i < RULE_COUNT; i++) {
		if (counts[i] == 0 && outcome->suppressed[i] == 0)
			continue;
		fprintf(out, "  %-8s %-12s %" PRIu32, finding_rule_id((enum finding_rule)i),
			finding_rule_word((enum finding_rule)i), counts[i]);
		if (outcome->suppressed[i] > 0)
			fprintf(out, ", and %" PRIu32 " allowed", outcome->suppressed[i]);
		fputc('\n', out);
	}
}

void
report_summary(FILE *out, const struct outcome *outcome, const struct settings *settings)
{
	report_problems(out, outcome);
	print_skipped(out, outcome);
	fprintf(out, "fpcheck: %zu of %zu sources, %zu functions", outcome->units_done,
		outcome->units, outcome->function_count);
	if (settings_wants(settings, RULE_R_04_01)) {
		fprintf(out, ", the lifetimes of %" PRIu64 " followed to the end",
			outcome->analysed);
	}
	if (outcome->skipped_count > 0) {
		const size_t files = count_skipped_files(outcome);

		fprintf(out, ", %zu of %zu %s not", outcome->skipped_count, files,
			files == 1 ? "file" : "files");
	}
	fprintf(out, "; %zu %s\n", outcome->finding_count,
		outcome->finding_count == 1 ? "finding" : "findings");
	print_rules(out, outcome);
	if (outcome->is_interrupted)
		fputs("fpcheck: interrupted: the rest was not analysed\n", out);
}
