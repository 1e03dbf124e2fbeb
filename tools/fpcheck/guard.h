/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * A crash on one source does not take the others down.
 *
 * The work is done by a child process. When it dies of a signal, the parent tries each source that
 * was in work alone, in a child of its own; those that kill it again are left out, and the work
 * begins anew. So a crash costs time, and the source is said to be not analysed.
 *
 * SIGINT and SIGTERM go to the parent, which tells the child once; the second one ends both.
 */

#ifndef FPCHECK_GUARD_H
#define FPCHECK_GUARD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GUARD_THREADS_MAX 64

/** Shared by parent and child. */
struct guard_board {
	atomic_size_t in_work[GUARD_THREADS_MAX]; /**< Source of each thread, plus 1; 0 for none. */
};

struct guard {
	struct guard_board *board;
	int *signals; /**< Of each source: what it died of; 0 for none. Shape [source_count]. */
	size_t source_count;
	bool is_alone; /**< One thread is to do the work: many at once killed it. */
};

/** Do the work of one source, for the trial. */
typedef void (*guard_trial_fn)(size_t source_idx, void *context);

/**
 * Split into the parent and the child that does the work.
 *
 * @param[out] guard  What the child, and a trial, are to know; guard_fini() frees it.
 * @return -1 in the child, which is to go on; in the parent, after the work, the exit status.
 */
int guard_supervise(struct guard *guard, size_t source_count, guard_trial_fn trial, void *context);

/** Free what guard_supervise() made; both processes do it. */
void guard_fini(struct guard *guard);

/** Thread @p thread_idx begins a source. */
static inline void
guard_enter(struct guard *guard, size_t thread_idx, size_t source_idx)
{
	atomic_store(&guard->board->in_work[thread_idx], source_idx + 1);
}

/** Thread @p thread_idx is done with its source. */
static inline void
guard_leave(struct guard *guard, size_t thread_idx)
{
	atomic_store(&guard->board->in_work[thread_idx], 0);
}

#endif /* FPCHECK_GUARD_H */
