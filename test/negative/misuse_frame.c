/* SPDX-License-Identifier: BSD-3-Clause */

/* What was obtained in a frame and is used in the next one. */

#include "fp_poll.h"
#include "misuse.h"
#include "test_port.h"

static struct fp_poll poll;
static struct fp_pool *pool;
static struct test_port port;

/** Open a frame of a loop with scratch, with one packet received. */
static void
open_frame(void)
{
	struct rte_mbuf *mbuf;

	pool = misuse_pool(2);
	misuse_must(test_port_open_ring(&port, "misuse", pool->mempool, 1));
	misuse_must(fp_poll_init(&poll, 8, misuse_arena_named("loop", 0), misuse_arena()));
	fp_poll_start(&poll);
	mbuf = rte_pktmbuf_alloc(pool->mempool);
	misuse_must(mbuf == NULL || rte_pktmbuf_append(mbuf, MISUSE_BYTES) == NULL);
	misuse_must(rte_ring_enqueue(port.rx, mbuf));
	fp_frame_open(&poll);
	misuse_must(fp_frame_receive(&poll, port.id, 0, pool) != 1);
}

/** Close the frame and open the next one. */
static void
next_frame(void)
{
	(void)fp_frame_close(&poll);
	fp_frame_open(&poll);
}

MISUSE(view_in_next_frame)
{
	struct fp_cspan view;

	open_frame();
	view = fp_lease_span(&poll.leases[0]);
	next_frame();
	misuse_use(fp_cspan_at(view, 0));
}

MISUSE(scratch_in_next_frame)
{
	struct fp_span span;

	open_frame();
	span = misuse_take(fp_frame_scratch(&poll));
	next_frame();
	fp_span_set(span, 0, 7);
}

MISUSE(scratch_mark_in_next_frame)
{
	struct fp_mark mark;

	open_frame();
	mark = fp_arena_mark(fp_frame_scratch(&poll));
	next_frame();
	fp_arena_release(fp_frame_scratch(&poll), mark);
}

MISUSE(lease_copied_out_of_frame)
{
	struct fp_lease lease;

	open_frame();
	lease = poll.leases[0];
	next_frame();
	fp_lease_release(&lease);
}

MISUSE(lease_kept_twice)
{
	struct fp_lease first;
	struct fp_lease second;

	open_frame();
	first = fp_frame_keep(&poll, 0);
	second = fp_frame_keep(&poll, 0);
	next_frame();
	misuse_use(fp_cspan_at(fp_lease_span(&second), 0));
	fp_lease_release(&first);
}

MISUSE(lease_kept_and_lost)
{
	struct fp_pool_report report;
	struct fp_lease lease;

	open_frame();
	lease = fp_frame_keep(&poll, 0);
	next_frame();
	fp_pool_report(pool, &report);
	misuse_says("%lu held", fp_pool_held(pool));
	misuse_says("%u by this lcore", report.by_lcore[rte_lcore_id()].buffers);
	misuse_use(lease.generation);
}

MISUSE(frame_without_scratch)
{
	misuse_must(fp_poll_init(&poll, 8, misuse_arena(), NULL));
	fp_frame_open(&poll);
	misuse_use(fp_frame_scratch(&poll)->used);
}

MISUSE(burst_of_0)
{
	misuse_answers(fp_poll_init(&poll, 0, misuse_arena(), NULL));
}

MISUSE(burst_of_513)
{
	misuse_answers(fp_poll_init(&poll, FP_FRAME_BURST_MAX + 1, misuse_arena(), NULL));
}

MISUSE(burst_larger_than_arena)
{
	misuse_answers(fp_poll_init(&poll, FP_FRAME_BURST_MAX, misuse_arena(), NULL));
}

#define LATE_SCRATCH LATE "|it was of arena misuse|was last ended by a reset on lcore #"
#define LATE_MARK    "arena misuse: a mark of depth 1 is released, but its scope has ended"
#define KEPT         ANSWERS("1 held|1 by this lcore")

const struct misuse misuse_frame_rows[] = {
	ROW(view_in_next_frame, LATE_VIEW("returned", "received"), POISONED),
	ROW(scratch_in_next_frame, SILENT, SILENT, PANICS(LATE_SCRATCH), POISONED),
	ROW(scratch_mark_in_next_frame, SILENT, PANICS(LATE_MARK),
		PANICS(LATE_MARK "|was last ended by a reset on lcore #"), NOT_POISONED),
	ROW(lease_copied_out_of_frame, LATE_LEASE("release", "returned"), NOT_POISONED),
	ROW(lease_kept_twice, FAULTS, FAULTS, PANICS("view: the lease is empty: it was released"),
		NOT_POISONED),
	ROW(lease_kept_and_lost, ANSWERS("1 held"), KEPT, KEPT, NOT_POISONED),
	ROW(frame_without_scratch,
		ALL(PANICS("a stage asks for the scratch of a loop that has none")), NOT_POISONED),
	ROW(burst_of_0, ALL(ANSWERS("-EINVAL")), NOT_POISONED),
	ROW(burst_of_513, ALL(ANSWERS("-EINVAL")), NOT_POISONED),
	ROW(burst_larger_than_arena, ALL(ANSWERS("-ENOMEM")), NOT_POISONED),
};
const size_t misuse_frame_count = RTE_DIM(misuse_frame_rows);
