/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * A program that knows nothing of FablePool and uses a pool of mbufs rightly or wrongly:
 *
 *     guard_program EAL-ARGUMENTS... -- OPS CASE
 *
 * test_guard.py runs each case in a process of its own. What is said to standard output: "done" at
 * the end of a case, "fault at +N" when an access N bytes from the expected address is refused.
 */

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <rte_eal.h>
#include <rte_errno.h>

#include "guard_program.h"

/* A case; its exit status, when it comes to its end. */
typedef int (*case_fn)(const char *ops);

static const volatile uint8_t *volatile expected;

/* What mprotect() answers once instead of asking the kernel, after how many calls; 0 for never. */
static int protection_error;
static int protection_calls;

/* The plugin finds this function instead of libc's. */
int mprotect(void *start, size_t len, int protection);

int
mprotect(void *start, size_t len, int protection)
{
	if (protection_error != 0 && protection_calls-- <= 0) {
		errno = protection_error;
		protection_error = 0;
		return -1;
	}
	return (int)syscall(SYS_mprotect, start, len, protection);
}

static void
say_fault(int number, siginfo_t *info, void *context)
{
	char line[64];
	int len = snprintf(line, sizeof(line), "fault at %+ld\n",
		(long)((const volatile uint8_t *)info->si_addr - expected));

	(void)context;
	if (write(STDOUT_FILENO, line, (size_t)len) < 0)
		_exit(2);
	(void)signal(number, SIG_DFL);
}

void
guard_fail(const char *what)
{
	fprintf(stderr, "guard_program: %s (rte_errno %d)\n", what, rte_errno);
	_exit(3);
}

struct rte_mempool *
guard_make(const char *name, const char *ops, uint32_t count, uint32_t cache, uint16_t room)
{
	return rte_pktmbuf_pool_create_by_ops(name, count, cache, 0, room, SOCKET_ID_ANY, ops);
}

struct rte_mempool *
guard_make_or_end(const char *name, const char *ops)
{
	struct rte_mempool *pool = guard_make(name, ops, BUFFERS, 0, ROOM);

	GUARD_MUST(pool != NULL, "no pool");
	return pool;
}

struct rte_mbuf *
guard_get(struct rte_mempool *pool)
{
	struct rte_mbuf *mbuf = rte_pktmbuf_alloc(pool);

	GUARD_MUST(mbuf != NULL, "no buffer");
	return mbuf;
}

volatile uint8_t *
guard_end_of(const struct rte_mbuf *mbuf)
{
	return (volatile uint8_t *)mbuf->buf_addr + mbuf->buf_len;
}

volatile uint8_t *
guard_expect(volatile uint8_t *address)
{
	expected = address;
	return address;
}

void
guard_refuse_protection(int error, int calls)
{
	protection_error = error;
	protection_calls = calls;
}

static const struct {
	const char *name;
	case_fn run;
} cases[] = {
	{ "clean", guard_run_clean },
	{ "sizes", guard_run_sizes },
	{ "cached", guard_run_cached },
	{ "ends", guard_run_ends },
	{ "linear", guard_run_linear },
	{ "anonymous", guard_run_anonymous },
	{ "generic", guard_run_generic },
	{ "lcores", guard_run_lcores },
	{ "read_past", guard_run_read_past },
	{ "write_past", guard_run_write_past },
	{ "read_past_page", guard_run_read_past_page },
	{ "read_past_last", guard_run_read_past_last },
	{ "read_free", guard_run_read_free },
	{ "write_free", guard_run_write_free },
	{ "read_free_cached", guard_run_read_free_cached },
	{ "read_never_held", guard_run_read_never_held },
	{ "walk_free", guard_run_walk_free },
	{ "write_past_odd", guard_run_write_past_odd },
	{ "free_twice", guard_run_free_twice },
	{ "put_twice", guard_run_put_twice },
	{ "put_twice_at_once", guard_run_put_twice_at_once },
	{ "put_unheld", guard_run_put_unheld },
	{ "put_foreign", guard_run_put_foreign },
	{ "put_inside", guard_run_put_inside },
	{ "put_stack", guard_run_put_stack },
	{ "stale_found", guard_run_stale_found },
	{ "stale_first_byte", guard_run_stale_first_byte },
	{ "stale_last_byte", guard_run_stale_last_byte },
	{ "stale_at_end", guard_run_stale_at_end },
	{ "pattern", guard_run_pattern },
	{ "too_many", guard_run_too_many },
	{ "no_memory", guard_run_no_memory },
	{ "hugepages", guard_run_hugepages },
	{ "no_areas", guard_run_no_areas },
	{ "bench", guard_run_bench },
};

int
main(int argc, char **argv)
{
	struct sigaction action = { .sa_sigaction = say_fault, .sa_flags = SA_SIGINFO };
	int used = rte_eal_init(argc, argv);

	if (used < 0 || argc - used != 3) {
		fprintf(stderr, "usage: guard_program EAL-ARGUMENTS... -- OPS CASE\n");
		return 2;
	}
	(void)sigaction(SIGSEGV, &action, NULL);
	for (size_t i = 0; i < RTE_DIM(cases); i++) {
		int status;

		if (strcmp(cases[i].name, argv[used + 2]) != 0)
			continue;
		status = cases[i].run(argv[used + 1]);
		if (status == 0)
			printf("done\n");
		(void)fflush(stdout);
		/* A pool that was used wrongly is not looked at again. */
		_exit(status);
	}
	fprintf(stderr, "guard_program: no case %s\n", argv[used + 2]);
	return 2;
}
