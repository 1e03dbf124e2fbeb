/* SPDX-License-Identifier: BSD-3-Clause */

#include "run.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "claims.h"
#include "ir.h"
#include "parse.h"
#include "parse_errors.h"
#include "text_file.h"

/* Trees are walked by recursion, and some input is deep. */
#define STACK_BYTES (64U << 20)

struct run;

struct run_unit {
	struct unit unit;
	struct run *run;
	size_t idx;
	struct outcome outcome;
	bool is_done;
};

struct run {
	const struct settings *settings;
	const struct sources *sources;
	struct run_unit *units; /* Shape [sources->count]. */
	struct claims *claims;
	struct guard *guard; /* NULL for none. */
	atomic_size_t next;
	atomic_size_t started; /* Threads. */
};

static volatile sig_atomic_t is_stopping;

static void
stop(int signal_number)
{
	(void)signal_number;
	is_stopping = 1;
}

/* What this thread works on. */
static _Thread_local struct run_unit *current;

bool
run_claim_file(const char *file)
{
	char *path;
	bool is_ours;

	if (current == NULL || current->run == NULL)
		return true;
	path = text_file_canonical(NULL, file);
	is_ours = claims_is_first(current->run->claims, current->idx, path);
	free(path);
	return is_ours;
}

/* ---- one unit ---- */

static bool
is_source(const struct sources *sources, const char *file)
{
	for (size_t i = 0; i < sources->count; i++) {
		if (strcmp(sources->sources[i].file, file) == 0)
			return true;
	}
	return false;
}

/* A source that another one includes stays with itself. */
static void
claim_inclusion(CXFile file, CXSourceLocation *stack, unsigned int depth, CXClientData data)
{
	struct run_unit *work = data;
	const CXString name = clang_getFileName(file);
	char *path = text_file_canonical(
		work->run->sources->sources[work->idx].directory, clang_getCString(name));

	(void)stack;
	if (depth > 0 && !is_source(work->run->sources, path))
		claims_add(work->run->claims, work->idx, path);
	clang_disposeString(name);
	free(path);
}

static void
note_function(struct unit *unit, CXCursor function, void *context)
{
	const CXSourceRange range = clang_getCursorExtent(function);
	const struct place first = unit_place_of(unit, clang_getRangeStart(range));
	const struct place last = unit_place_of(unit, clang_getRangeEnd(range));

	outcome_add_function(context,
		&(struct outcome_function){
			unit_spelling(unit, function), first.file, first.line, last.line });
}

/* The files of ours whose functions this unit analyses: their comments are read later. */
static void
note_inclusion(CXFile file, CXSourceLocation *stack, unsigned int depth, CXClientData data)
{
	struct run_unit *work = data;
	const CXString name = clang_getFileName(file);
	char *path = text_file_canonical(
		work->run->sources->sources[work->idx].directory, clang_getCString(name));
	const char *root = work->run->settings->root;
	const size_t root_len = strlen(root);

	(void)stack;
	if (depth == 0) {
		outcome_add_file(&work->outcome, work->unit.main_file);
	} else if (strncmp(path, root, root_len) == 0 && path[root_len] == '/' &&
		!settings_match(&work->run->settings->exclude, path) && run_claim_file(path)) {
		outcome_add_file(&work->outcome, path);
	}
	clang_disposeString(name);
	free(path);
}

static void
keep_outcome(struct run_unit *work)
{
	for (const struct unit_skipped *skipped = work->unit.skipped; skipped != NULL;
		skipped = skipped->next) {
		outcome_add_skipped(&work->outcome,
			&(struct outcome_skipped){
				skipped->function, skipped->at, skipped->why, skipped->detail });
	}
	parse_errors_report(&work->unit, &work->outcome);
	work->outcome.analysed = work->unit.analysed;
}

static void
check_unit(struct run_unit *work)
{
	const struct settings *settings = work->run->settings;

	clang_getInclusions(work->unit.tu, claim_inclusion, work);
	claims_close(work->run->claims, work->idx);
	clang_getInclusions(work->unit.tu, note_inclusion, work);
	unit_each_function(&work->unit, note_function, &work->outcome);
	rules_check(&work->unit);
	if (settings_wants(settings, RULE_R_04_01) || settings_wants(settings, RULE_R_04_02))
		lifetime_check(&work->unit);
	keep_outcome(work);
	work->is_done = true;
}

/* Of this thread, so that it does not depend on what else the machine does. */
static double
read_clock_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void
begin_unit(struct unit *unit, const struct source *source, const struct settings *settings,
	struct outcome *outcome)
{
	*unit = (struct unit){
		.main_file = source->file,
		.settings = settings,
		.contracts = settings->contracts,
		.findings = outcome->found,
	};
	region_init(&unit->region, NULL);
}

static void
run_unit(struct run *run, size_t idx, CXIndex index)
{
	const struct source *source = &run->sources->sources[idx];
	struct run_unit *work = &run->units[idx];
	const double start_s = read_clock_s();

	current = work;
	begin_unit(&work->unit, source, run->settings, &work->outcome);
	work->unit.tu = parse_source(index, source, &work->outcome.problems);
	if (work->unit.tu != NULL) {
		check_unit(work);
		clang_disposeTranslationUnit(work->unit.tu);
	} else {
		claims_close(run->claims, idx);
	}
	region_fini(&work->unit.region);
	if (run->settings->is_verbose) {
		fprintf(stderr, "fpcheck: %zu of %zu: %s: %.2f s\n", idx + 1, run->sources->count,
			text_file_shown(source->file), read_clock_s() - start_s);
	}
}

/* ---- all units ---- */

/* Unless it is one that kills. */
static void
begin_guarded(struct run *run, size_t idx, CXIndex index, size_t thread_idx)
{
	struct run_unit *work = &run->units[idx];

	if (run->guard == NULL) {
		run_unit(run, idx, index);
	} else if (run->guard->signals[idx] != 0) {
		claims_close(run->claims, idx);
		PROBLEM_OF_FILE(&work->outcome.problems, PROBLEM_INPUT,
			run->sources->sources[idx].file, "is not analysed: fpcheck dies of it (%s)",
			sigdescr_np(run->guard->signals[idx]));
	} else {
		guard_enter(run->guard, thread_idx, idx);
		run_unit(run, idx, index);
		guard_leave(run->guard, thread_idx);
	}
}

static void *
work_on(void *context)
{
	struct run *run = context;
	const size_t thread_idx = atomic_fetch_add(&run->started, 1);
	CXIndex index = clang_createIndex(0, 0);

	while (!is_stopping) {
		const size_t idx = atomic_fetch_add(&run->next, 1);

		if (idx >= run->sources->count)
			break;
		begin_guarded(run, idx, index, thread_idx);
	}
	clang_disposeIndex(index);
	return NULL;
}

static size_t
count_threads(const struct run *run)
{
	const size_t jobs =
		run->guard != NULL && run->guard->is_alone ? 1 : (size_t)run->settings->jobs;

	return jobs < run->sources->count ? jobs : run->sources->count;
}

static void
run_threads(struct run *run)
{
	const size_t jobs = count_threads(run);
	pthread_t threads[GUARD_THREADS_MAX];
	pthread_attr_t attributes;
	size_t started = 0;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK_BYTES);
	while (started < jobs && pthread_create(&threads[started], &attributes, work_on, run) == 0)
		started++;
	pthread_attr_destroy(&attributes);
	if (started == 0 && jobs > 0)
		fputs("fpcheck: no thread can be started\n", stderr);
	for (size_t i = 0; i < started; i++)
		pthread_join(threads[i], NULL);
}

void
run_all(const struct settings *settings, const struct sources *sources, struct guard *guard,
	struct outcome *outcome)
{
	struct run run = { .settings = settings, .sources = sources, .guard = guard };
	const struct sigaction stopping = { .sa_handler = stop, .sa_flags = (int)SA_RESETHAND };

	run.units = calloc(sources->count + 1, sizeof(*run.units));
	if (run.units == NULL)
		abort();
	run.claims = claims_create(sources->count);
	for (size_t i = 0; i < sources->count; i++) {
		run.units[i].run = &run;
		run.units[i].idx = i;
		outcome_init(&run.units[i].outcome);
	}
	sigaction(SIGINT, &stopping, NULL);
	sigaction(SIGTERM, &stopping, NULL);
	run_threads(&run);
	outcome->units += sources->count;
	outcome->is_interrupted = is_stopping != 0;
	for (size_t i = 0; i < sources->count; i++) {
		outcome->units_done += run.units[i].is_done;
		outcome_move(outcome, &run.units[i].outcome);
	}
	outcome_sort(outcome);
	claims_destroy(run.claims);
	free(run.units);
}

/* ---- --dump-ir ---- */

struct dump {
	const char *name;
	struct ir_cache *cache;
	bool is_found;
};

static void
dump_function(struct unit *unit, CXCursor function, void *context)
{
	struct dump *dump = context;
	const struct ir_function *lowered;

	if (strcmp(unit_spelling(unit, function), dump->name) != 0)
		return;
	lowered = ir_function_of(dump->cache, function);
	if (lowered != NULL)
		ir_print(stdout, lowered);
	dump->is_found = lowered != NULL;
}

bool
run_dump(
	const struct settings *settings, const struct source *source, struct problem_list *problems)
{
	struct dump dump = { settings->dump_function, NULL, false };
	struct run_unit work = { .run = NULL };
	CXIndex index = clang_createIndex(0, 0);

	outcome_init(&work.outcome);
	begin_unit(&work.unit, source, settings, &work.outcome);
	work.unit.tu = parse_source(index, source, problems);
	if (work.unit.tu != NULL) {
		dump.cache = ir_cache_create(&work.unit);
		unit_each_function(&work.unit, dump_function, &dump);
		clang_disposeTranslationUnit(work.unit.tu);
	}
	region_fini(&work.unit.region);
	outcome_fini(&work.outcome);
	clang_disposeIndex(index);
	return dump.is_found;
}
