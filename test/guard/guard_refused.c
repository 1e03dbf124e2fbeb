/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Cases in which a pool cannot be made, or the kernel refuses to protect it.
 */

#include <errno.h>

#include <rte_errno.h>

#include "guard_program.h"

#define TOO_MANY 40000U

int
guard_run_too_many(const char *ops)
{
	struct rte_mempool *pool = guard_make("many", ops, TOO_MANY, 0, ROOM);

	GUARD_MUST(pool == NULL && rte_errno == ENOMEM, "not refused");
	/* What was refused is not counted. */
	guard_use_all(guard_make_or_end("few", ops), BUFFERS);
	return 0;
}

int
guard_run_no_memory(const char *ops)
{
	struct rte_mempool *pool = guard_make("large", ops, 20000, 0, 60000);

	GUARD_MUST(pool == NULL, "there was memory");
	guard_use_all(guard_make_or_end("few", ops), BUFFERS);
	return 0;
}

int
guard_run_hugepages(const char *ops)
{
	struct rte_mempool *pool;

	/* As the kernel does for a page of 4 KiB in a larger one. */
	guard_refuse_protection(EINVAL, 0);
	pool = guard_make("huge", ops, BUFFERS, 0, ROOM);
	GUARD_MUST(pool == NULL && rte_errno == ENOBUFS, "not refused");
	guard_use_all(guard_make_or_end("small", ops), BUFFERS);
	return 0;
}

/* The kernel has no more areas half-way through a pool, and then while a buffer is got. */
int
guard_run_no_areas(const char *ops)
{
	struct rte_mempool *pool;

	guard_refuse_protection(ENOMEM, 100);
	pool = guard_make("half", ops, BUFFERS, 0, ROOM);
	GUARD_MUST(pool == NULL, "not refused");
	pool = guard_make_or_end("whole", ops);
	guard_use_all(pool, BUFFERS);
	guard_refuse_protection(ENOMEM, 0);
	(void)guard_get(pool);
	return 0;
}
