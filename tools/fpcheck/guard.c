/* SPDX-License-Identifier: BSD-3-Clause */

#include "guard.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROUNDS_MAX          32 /* that the work begins anew */
#define STATUS_NOT_ANALYSED 2

static volatile sig_atomic_t child_pid;
static volatile sig_atomic_t signal_count;

static void
forward(int signal_number)
{
	if (child_pid > 0)
		kill((pid_t)child_pid, signal_count++ == 0 ? signal_number : SIGKILL);
}

static void
forward_signals(void)
{
	const struct sigaction forwarding = { .sa_handler = forward, .sa_flags = SA_RESTART };

	sigaction(SIGINT, &forwarding, NULL);
	sigaction(SIGTERM, &forwarding, NULL);
}

/* A group of its own, so that the terminal's SIGINT comes from the parent alone. */
static pid_t
split(void)
{
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (pid != 0)
		return pid;
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	child_pid = 0;
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	return 0;
}

static int
wait_for(pid_t pid)
{
	int status = 0;

	child_pid = pid;
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	child_pid = 0;
	return status;
}

static bool
was_stopped(int status)
{
	return !WIFSIGNALED(status) || WTERMSIG(status) == SIGPIPE || signal_count > 0;
}

/* What a source dies of when it is alone; 0 for nothing. */
static int
try_alone(size_t source_idx, guard_trial_fn trial, void *context)
{
	const pid_t pid = split();
	int status;

	if (pid == 0) {
		trial(source_idx, context);
		_exit(0);
	}
	status = pid < 0 ? 0 : wait_for(pid);
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

/* Find out which source killed the child; false when that helps no further. */
static bool
blame(struct guard *guard, guard_trial_fn trial, void *context)
{
	bool is_found = false;

	for (size_t i = 0; i < GUARD_THREADS_MAX && signal_count == 0; i++) {
		const size_t in_work = atomic_exchange(&guard->board->in_work[i], 0);

		if (in_work == 0 || in_work > guard->source_count)
			continue;
		guard->signals[in_work - 1] = try_alone(in_work - 1, trial, context);
		is_found = is_found || guard->signals[in_work - 1] != 0;
	}
	if (is_found || guard->is_alone)
		return is_found;
	guard->is_alone = true;
	return true;
}

static bool
make_board(struct guard *guard, size_t source_count)
{
	void *board = mmap(NULL, sizeof(*guard->board), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	*guard = (struct guard){ .source_count = source_count };
	if (board == MAP_FAILED)
		return false;
	guard->board = board;
	guard->signals = calloc(source_count + 1, sizeof(*guard->signals));
	return guard->signals != NULL;
}

int
guard_supervise(struct guard *guard, size_t source_count, guard_trial_fn trial, void *context)
{
	int status = 0;

	if (!make_board(guard, source_count)) {
		fprintf(stderr, "fpcheck: no memory to begin with\n");
		return STATUS_NOT_ANALYSED;
	}
	forward_signals();
	for (unsigned int round = 0; round < ROUNDS_MAX; round++) {
		const pid_t pid = split();

		if (pid == 0)
			return -1;
		if (pid < 0) {
			fprintf(stderr, "fpcheck: no process to work in: %s\n",
				strerrordesc_np(errno));
			return STATUS_NOT_ANALYSED;
		}
		status = wait_for(pid);
		if (was_stopped(status) || !blame(guard, trial, context))
			break;
	}
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	if (WTERMSIG(status) != SIGPIPE) {
		fprintf(stderr, "fpcheck: the work ended by a signal: %s\n",
			sigdescr_np(WTERMSIG(status)));
	}
	return STATUS_NOT_ANALYSED;
}

void
guard_fini(struct guard *guard)
{
	free(guard->signals);
	if (guard->board != NULL)
		munmap(guard->board, sizeof(*guard->board));
	*guard = (struct guard){ 0 };
}
