/* SPDX-License-Identifier: BSD-3-Clause */

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "fp_test_panic.h"

/* A child that neither ends nor returns is ended. */
#define CHILD_SECONDS 30

/* No handler of the test framework may turn the end of the child into the next test. */
static void
run_call(fp_test_call_fn call, void *arg, int error_fd)
{
	static const int signals[] = { SIGFPE, SIGILL, SIGSEGV, SIGBUS, SIGSYS, SIGABRT, SIGALRM };

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		(void)signal(signals[i], SIG_DFL);
	(void)alarm(CHILD_SECONDS);
	if (dup2(error_fd, STDERR_FILENO) < 0)
		_exit(2);
	call(arg);
	_exit(0);
}

/* Read to the end of file; what does not fit is dropped. */
static void
read_all(int fd, char *text, size_t cap)
{
	size_t len = 0;
	char rest[512];
	ssize_t got;

	do {
		bool is_full = len == cap - 1;

		got = is_full ? read(fd, rest, sizeof(rest)) : read(fd, text + len, cap - 1 - len);
		if (got > 0 && !is_full)
			len += (size_t)got;
	} while (got > 0);
	text[len] = '\0';
}

void
fp_test_run_child(fp_test_call_fn call, void *arg, struct fp_test_end *end)
{
	int fds[2];
	pid_t child;

	(void)fflush(NULL);
	assert_int_equal(pipe(fds), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		run_call(call, arg, fds[1]);
	(void)close(fds[1]);
	read_all(fds[0], end->text, sizeof(end->text));
	(void)close(fds[0]);
	assert_true(waitpid(child, &end->status, 0) == child);
}

void
fp_test_panics(fp_test_call_fn call, void *arg, const char *text, const char *file, int line)
{
	static const char prefix[] = "fablepool: panic: ";
	static struct fp_test_end end;
	const char *message;

	fp_test_run_child(call, arg, &end);
	message = strstr(end.text, prefix);
	if (WIFSIGNALED(end.status) && WTERMSIG(end.status) == SIGABRT && message != NULL &&
		strstr(message, text) != NULL)
		return;
	print_error("expected a panic with \"%s\"; wait status 0x%x, standard error:\n%s\n", text,
		(unsigned int)end.status, end.text);
	_fail(file, line);
}

void
fp_test_asan_stops(fp_test_call_fn call, void *arg, const char *file, int line)
{
	static struct fp_test_end end;

	fp_test_run_child(call, arg, &end);
	if (end.status != 0 && strstr(end.text, "AddressSanitizer: use-after-poison") != NULL)
		return;
	print_error(
		"expected a report of use-after-poison; wait status 0x%x, standard error:\n%s\n",
		(unsigned int)end.status, end.text);
	_fail(file, line);
}

int
fp_test_guard_create(struct fp_test_guard *guard, size_t len)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t accessible = (len + page - 1) / page * page;
	void *map = mmap(NULL, accessible + page, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (map == MAP_FAILED)
		return -1;
	guard->start = map;
	guard->end = guard->start + accessible;
	return mprotect(guard->end, page, PROT_NONE);
}

void
fp_test_guard_destroy(struct fp_test_guard *guard)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	(void)munmap(guard->start, (size_t)(guard->end - guard->start) + page);
}
