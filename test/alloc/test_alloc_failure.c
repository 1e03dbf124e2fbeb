/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Every allocation of every scenario fails once: the n-th, for n = 1, 2, 3 ... until the scenario
 * makes fewer. What is created then either says a documented error or does without; nothing is left
 * behind. Two sweeps: over the calls of our own code, and, deep, over those of DPDK and the other
 * libraries meanwhile too. What DPDK itself does not survive is in a table with its reason, is not
 * made to fail, and is counted.
 *
 * A scenario is a row of a table: alloc_failure.h says how to add one.
 *
 * With a scenario's name as argument, only that one runs, and each call that fails is printed.
 */

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>
#include <rte_common.h>
#include <rte_errno.h>
#include <rte_log.h>
#include <rte_malloc.h>

#include "alloc_failure.h"
#include "alloc_hook.h"
#include "call_site.h"
#include "fp_test_eal.h"
#include "leak_check.h"

#define SITES_MAX     512
#define SCENARIOS_MAX 64

/* What other code than ours does not survive, by the innermost function that has a name. */
struct exclusion {
	const char *scenario; /* NULL = any */
	const char *function;
	enum alloc_kind kind;
	const char *reason;
	uint32_t calls; /* left alone because of it */
};

static struct exclusion exclusions[] = {
	{ NULL, "rte_cfgfile_create", ALLOC_MALLOC, "rte_cfgfile_load() uses what it did not get",
		0 },
	{ NULL, "rte_cfgfile_create", ALLOC_CALLOC, "rte_cfgfile_load() uses what it did not get",
		0 },
	{ "engine_replay", "rte_eth_dev_configure", ALLOC_RTE_ZMALLOC,
		"net_pcap closes as many files as queues were configured, none then", 0 },
};

#define NET_NULL_KEEPS "net_null frees a queue's packet when it is set up anew, not at close"

/* What DPDK does not give back, whatever fails. */
static struct exclusion leaks[] = {
	{ NULL, "rte_eth_rx_queue_setup", ALLOC_RTE_ZMALLOC_SOCKET, NET_NULL_KEEPS, 0 },
	{ NULL, "rte_eth_tx_queue_setup", ALLOC_RTE_ZMALLOC_SOCKET, NET_NULL_KEEPS, 0 },
};

/* Where an allocation that failed was asked for. */
struct site {
	enum alloc_kind kind;
	const void *address;
	char name[CALL_SITE_BYTES];
};

/* One sweep over one scenario. */
struct sweep {
	const struct scenario *scenario;
	bool is_deep;
	uint64_t failed;   /* calls that failed */
	uint64_t survived; /* of those, without an error */
	uint64_t excluded; /* calls that were left alone */
	uint32_t problems;
	uint32_t site_count;
	struct site sites[SITES_MAX];
};

static const char *only;         /* scenario, or NULL */
static struct sweep sweep;       /* the one that runs, so that a crash can name it */
static struct alloc_fault fault; /* its call that fails */
static uint64_t failed_in_all;
static int null_fd;
static int report_fd; /* standard output also while the scenario has none */
static int said_fd;   /* what the scenario says on standard error */
static char said[8192];

/* Name the call that failed. NOLINTBEGIN(bugprone-signal-handler): see on_crash() */
static void
name_fault(char text[CALL_SITE_BYTES])
{
	char function[CALL_SITE_BYTES];

	call_site_of(&fault.trace, function, text);
}
/* NOLINTEND(bugprone-signal-handler) */

static void
note_site(const struct alloc_fault *of)
{
	struct site *site;

	for (uint32_t i = 0; i < sweep.site_count; i++) {
		if (sweep.sites[i].address == of->trace.frames[0] &&
			sweep.sites[i].kind == of->kind)
			return;
	}
	if (sweep.site_count == SITES_MAX)
		return;
	site = &sweep.sites[sweep.site_count++];
	site->kind = of->kind;
	site->address = of->trace.frames[0];
	name_fault(site->name);
}

static struct exclusion *
find_exclusion(struct exclusion *list, size_t count, enum alloc_kind kind, const char *function)
{
	for (size_t i = 0; i < count; i++) {
		if (list[i].kind == kind && strcmp(list[i].function, function) == 0 &&
			(list[i].scenario == NULL ||
				strcmp(list[i].scenario, sweep.scenario->name) == 0))
			return &list[i];
	}
	return NULL;
}

static bool
is_excluded(const struct alloc_fault *of)
{
	char function[CALL_SITE_BYTES];
	char text[CALL_SITE_BYTES];
	struct exclusion *exclusion;

	call_site_of(&of->trace, function, text);
	exclusion = find_exclusion(exclusions, RTE_DIM(exclusions), of->kind, function);
	if (exclusion != NULL)
		exclusion->calls++;
	return exclusion != NULL;
}

/* A crash says what had failed; it may crash again. NOLINTBEGIN(bugprone-signal-handler) */
static void
on_crash(int number)
{
	char name[CALL_SITE_BYTES] = "?";
	ssize_t len;

	(void)signal(number, SIG_DFL);
	name_fault(name);
	dprintf(report_fd, "\nBail out! signal %d in %s, %s: call %" PRIu64 ", %s by %s\n", number,
		sweep.scenario->name, sweep.is_deep ? "deep" : "own", fault.at,
		fault.was_reached ? alloc_kind_name(fault.kind) : "none", name);
	len = pread(said_fd, said, sizeof(said), 0);
	if (len > 0)
		dprintf(report_fd, "%.*s\n", (int)len, said);
	(void)raise(number);
}
/* NOLINTEND(bugprone-signal-handler) */

/* Standard output into nothing and standard error into a file while the scenario talks. */
static void
listen(int saved[2])
{
	(void)fflush(stdout);
	saved[0] = dup(STDOUT_FILENO);
	saved[1] = dup(STDERR_FILENO);
	assert_int_equal(ftruncate(said_fd, 0), 0);
	(void)lseek(said_fd, 0, SEEK_SET);
	assert_true(dup2(null_fd, STDOUT_FILENO) >= 0 && dup2(said_fd, STDERR_FILENO) >= 0);
}

static void
listen_no_more(const int saved[2])
{
	ssize_t len;

	(void)fflush(stdout);
	(void)dup2(saved[0], STDOUT_FILENO);
	(void)dup2(saved[1], STDERR_FILENO);
	(void)close(saved[0]);
	(void)close(saved[1]);
	len = pread(said_fd, said, sizeof(said) - 1, 0);
	said[len > 0 ? len : 0] = '\0';
}

static void
complain(const char *what)
{
	char name[CALL_SITE_BYTES] = "?";

	name_fault(name);
	printf("#   %s, %s, call %" PRIu64 " (%s by %s): %s\n", sweep.scenario->name,
		sweep.is_deep ? "deep" : "own", fault.at,
		fault.was_reached ? alloc_kind_name(fault.kind) : "none", name, what);
	sweep.problems++;
}

static void
judge(int error)
{
	const struct scenario *scenario = sweep.scenario;
	bool has_failed = fault.was_reached && !fault.was_excluded;
	bool is_documented = false;
	char text[64];

	if (error == 0)
		return;
	if (!has_failed) {
		complain("an error although no allocation failed");
		return;
	}
	for (int i = 0; i < SCENARIO_ERRORS_MAX; i++)
		is_documented |= error == scenario->errors[i];
	if (!is_documented) {
		(void)snprintf(text, sizeof(text), "error %d is not documented for it", error);
		complain(text);
	}
	if (scenario->prints && strstr(said, "fablepool: ") == NULL)
		complain("an error without a word");
}

/* Complain about what was not given back; what DPDK is known to leave is given back here. */
static void
check_blocks(void)
{
	const struct alloc_block *block;
	uint32_t place = 0;

	while ((block = alloc_track_next(&place)) != NULL) {
		char function[CALL_SITE_BYTES];
		char name[CALL_SITE_BYTES];
		char text[CALL_SITE_BYTES + 100];
		struct exclusion *leak;

		call_site_of(&block->trace, function, name);
		leak = find_exclusion(leaks, RTE_DIM(leaks), block->kind, function);
		if (leak != NULL) {
			leak->calls++;
			rte_free(block->memory);
			place = 0; /* entries may have moved */
			continue;
		}
		if (fault.at == 0)
			continue;
		(void)snprintf(text, sizeof(text), "%zu bytes of %s by %s are left", block->size,
			alloc_kind_name(block->kind), name);
		complain(text);
	}
}

/* One round: call number `at` fails; 0 = none does. */
static void
run_once(uint64_t at)
{
	static struct leak_holdings before;
	static struct leak_holdings after;
	const struct scenario *scenario = sweep.scenario;
	int saved[2];
	int error;

	leak_count(&before);
	fault = (struct alloc_fault){ .at = at, .is_deep = sweep.is_deep, .excludes = is_excluded };
	listen(saved);
	alloc_track_begin();
	if (scenario->prepare != NULL)
		scenario->prepare();
	rte_errno = EEXIST; /* of an earlier call: not to be taken for this one's */
	alloc_fault_begin(&fault);
	error = scenario->create();
	alloc_fault_end();
	scenario->destroy();
	alloc_track_end();
	listen_no_more(saved);

	judge(error);
	check_blocks();
	leak_count(&after);
	if (at != 0 && leak_compare(&before, &after) != 0)
		complain("it left what is listed above");
	if (!fault.was_reached)
		return;
	if (fault.was_excluded) {
		sweep.excluded++;
		return;
	}
	note_site(&fault);
	sweep.failed++;
	sweep.survived += error == 0;
	if (only != NULL) {
		char name[CALL_SITE_BYTES];

		name_fault(name);
		printf("#   call %" PRIu64 ": %s by %s: %d %.*s\n", at, alloc_kind_name(fault.kind),
			name, error, (int)strcspn(said, "\n"), said);
	}
}

static void
run_sweep(const struct scenario *scenario, bool is_deep)
{
	uint64_t at = 0;

	memset(&sweep, 0, sizeof(sweep));
	sweep.scenario = scenario;
	sweep.is_deep = is_deep;
	run_once(0); /* what is made once and kept, by whatever library */
	do {
		run_once(++at);
	} while (fault.was_reached);
	printf("# %s, %s: %" PRIu64 " allocations failed at %u sites, %" PRIu64
	       " of them without an error; %" PRIu64 " excluded; %u problems\n",
		scenario->name, is_deep ? "deep" : "own", sweep.failed, sweep.site_count,
		sweep.survived, sweep.excluded, sweep.problems);
	failed_in_all += sweep.failed;
	for (uint32_t i = 0; i < sweep.site_count; i++) {
		printf("#     %s by %s\n", alloc_kind_name(sweep.sites[i].kind),
			sweep.sites[i].name);
	}
}

static void
print_exclusions(const char *what, const struct exclusion *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		printf("# %s %u times: %s by %s: %s\n", what, list[i].calls,
			alloc_kind_name(list[i].kind), list[i].function, list[i].reason);
	}
}

static void
every_allocation_may_fail(void **state)
{
	static const int signals[] = { SIGSEGV, SIGBUS, SIGABRT, SIGFPE };
	const struct scenario *scenario = *state;
	uint64_t failed;
	uint32_t problems;

	for (size_t i = 0; i < RTE_DIM(signals); i++)
		(void)signal(signals[i], on_crash);
	run_sweep(scenario, false);
	failed = sweep.failed;
	problems = sweep.problems;
	run_sweep(scenario, true);
	assert_int_equal(problems + sweep.problems, 0);
	assert_true(failed + sweep.failed != 0);
}

static size_t
add_tests(const struct scenario *scenarios, uint32_t count, struct CMUnitTest *tests)
{
	size_t added = 0;

	for (uint32_t i = 0; i < count; i++) {
		if (only != NULL && strcmp(only, scenarios[i].name) != 0)
			continue;
		tests[added].name = scenarios[i].name;
		tests[added].test_func = every_allocation_may_fail;
		/* NOLINTNEXTLINE(performance-no-int-to-ptr): CMocka wants it without const */
		tests[added].initial_state = (void *)(uintptr_t)&scenarios[i];
		added++;
	}
	return added;
}

int
main(int argc, char **argv)
{
	static struct CMUnitTest tests[SCENARIOS_MAX];
	size_t count;
	FILE *nothing;
	int failed;

	only = argc > 1 ? argv[1] : NULL;
	if (lib_scenario_count + engine_scenario_count > SCENARIOS_MAX || fp_test_eal_init() != 0)
		return EXIT_FAILURE;
	null_fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	report_fd = dup(STDOUT_FILENO);
	said_fd = memfd_create("said", MFD_CLOEXEC);
	nothing = fopen("/dev/null", "we");
	if (null_fd < 0 || report_fd < 0 || said_fd < 0 || nothing == NULL ||
		rte_openlog_stream(nothing) != 0)
		return EXIT_FAILURE;
	(void)setvbuf(nothing, NULL, _IONBF, 0); /* or its buffer is allocated some time */
	call_site_init();
	count = add_tests(lib_scenarios, lib_scenario_count, tests);
	count += add_tests(engine_scenarios, engine_scenario_count, tests + count);
	failed = _cmocka_run_group_tests("alloc_failure", tests, count, NULL, NULL);
	printf("# in all: %" PRIu64 " allocations failed\n", failed_in_all);
	print_exclusions("excluded", exclusions, RTE_DIM(exclusions));
	print_exclusions("left by DPDK", leaks, RTE_DIM(leaks));
	fp_test_eal_fini();
	(void)fclose(nothing);
	return failed;
}
