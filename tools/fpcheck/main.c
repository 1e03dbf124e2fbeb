/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * fpcheck: a checker of the lifetimes of buffers and views, and of hot code, for DPDK programs.
 *
 * options.c, config.c: what is asked for. sources.c, compile_db.c, flags.c: which files, and how
 * they are parsed. guard.c: what survives a crash. run.c: the work, by threads; each unit is parsed
 * (parse.c) and goes through rules_check() and lifetime_check(). suppress.c: what the source
 * allows. report_*.c: what is said.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "guard.h"
#include "options.h"
#include "outcome.h"
#include "report.h"
#include "run.h"
#include "sources.h"
#include "suppress.h"

#define STATUS_NOT_ANALYSED 2

static void
print_tables(void)
{
	for (size_t i = 0; i < contract_table_count; i++)
		printf("# ---- %s ----\n%s\n", contract_tables[i].name, contract_tables[i].text);
}

static int
dump_ir(const struct settings *settings, const struct sources *sources, struct outcome *outcome)
{
	if (sources->count != 1) {
		PROBLEM_OF_FILE(&outcome->problems, PROBLEM_SETTING, NULL,
			"--dump-ir needs one FILE, not %zu", sources->count);
	} else if (!run_dump(settings, &sources->sources[0], &outcome->problems)) {
		PROBLEM_OF_FILE(&outcome->problems, PROBLEM_INPUT, sources->sources[0].file,
			"has no function '%s'", settings->dump_function);
	}
	report_problems(stderr, outcome);
	return problem_is_any(&outcome->problems) ? STATUS_NOT_ANALYSED : 0;
}

static void
print_report(FILE *out, const struct outcome *outcome, const struct settings *settings)
{
	switch (settings->format) {
	case REPORT_TEXT:
		report_text(out, outcome);
		break;
	case REPORT_JSON:
		report_json(out, outcome, settings);
		break;
	case REPORT_SARIF:
		report_sarif(out, outcome, settings);
		break;
	}
}

/* A report that could not be written whole is an error: nobody may take its rest for all. */
static int
report(const struct outcome *outcome, const struct settings *settings)
{
	FILE *out = settings->output == NULL ? stdout : fopen(settings->output, "we");
	bool is_written;

	if (out == NULL) {
		fprintf(stderr, "%s: error: cannot be written: %s\n", settings->output,
			strerrordesc_np(errno));
		return STATUS_NOT_ANALYSED;
	}
	print_report(out, outcome, settings);
	is_written = fflush(out) == 0 && ferror(out) == 0;
	if (out != stdout)
		is_written = fclose(out) == 0 && is_written;
	report_summary(stderr, outcome, settings);
	if (is_written)
		return outcome_status(outcome, settings);
	fputs("fpcheck: error: the report could not be written\n", stderr);
	return STATUS_NOT_ANALYSED;
}

struct request {
	struct settings *settings;
	struct sources sources;
};

/* One source alone, to see whether it is the one that kills. */
static void
try_source(size_t source_idx, void *context)
{
	const struct request *request = context;
	const struct sources one = { &request->sources.sources[source_idx], 1 };
	struct outcome outcome;

	outcome_init(&outcome);
	run_all(request->settings, &one, NULL, &outcome);
	outcome_fini(&outcome);
}

static int
check_sources(struct request *request, struct outcome *outcome)
{
	struct guard guard;
	int status = guard_supervise(&guard, request->sources.count, try_source, request);

	if (status < 0) {
		run_all(request->settings, &request->sources, &guard, outcome);
		suppress_apply(outcome, request->settings);
		status = report(outcome, request->settings);
	}
	guard_fini(&guard);
	return status;
}

static int
check(struct settings *settings, struct outcome *outcome)
{
	struct request request = { .settings = settings };
	int status;

	/* Our threads have the stack for deep input; libclang's own do not. */
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): before any other thread exists */
	setenv("LIBCLANG_NOTHREADS", "1", 1);
	config_read_tables(settings, &outcome->problems);
	sources_find(&request.sources, settings, &outcome->problems);
	if (settings->dump_function != NULL) {
		status = dump_ir(settings, &request.sources, outcome);
	} else {
		status = check_sources(&request, outcome);
	}
	sources_fini(&request.sources);
	return status;
}

int
main(int argc, char **argv)
{
	struct settings settings;
	struct outcome outcome;
	int status = 0;

	settings_init(&settings);
	outcome_init(&outcome);
	switch (options_read(argc, argv, &settings, &outcome.problems)) {
	case OPTIONS_RUN:
		if (settings.is_printing_tables) {
			print_tables();
		} else {
			status = check(&settings, &outcome);
		}
		break;
	case OPTIONS_DONE:
		break;
	case OPTIONS_WRONG:
		status = STATUS_NOT_ANALYSED;
		break;
	}
	outcome_fini(&outcome);
	settings_fini(&settings);
	return status;
}
