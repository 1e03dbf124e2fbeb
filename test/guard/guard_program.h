/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * What the cases of guard_program share. A case gets the name of mempool ops and answers its exit
 * status; one that is wrong does not tidy up.
 */

#ifndef GUARD_PROGRAM_H
#define GUARD_PROGRAM_H

#include <stdbool.h>
#include <stdint.h>

#include <rte_mbuf.h>
#include <rte_mempool.h>

/** A pool that is not special: buffers, and bytes of their data rooms. */
#define BUFFERS 255U
#define ROOM    (RTE_PKTMBUF_HEADROOM + 2048U)

/** Buffers that are got at once. */
#define BURST 32U

/** What is written. */
#define BYTE 7

/** End the program with status 3 and what is wrong. */
__rte_noreturn void guard_fail(const char *what);

/** Do that unless @p is_right. */
#define GUARD_MUST(is_right, what)        \
	do {                              \
		if (!(is_right))          \
			guard_fail(what); \
	} while (0)

/** A pool of mbufs, or NULL. */
struct rte_mempool *
guard_make(const char *name, const char *ops, uint32_t count, uint32_t cache, uint16_t room);

/** A pool that is not special. */
struct rte_mempool *guard_make_or_end(const char *name, const char *ops);

/** A buffer. */
struct rte_mbuf *guard_get(struct rte_mempool *pool);

/** The first byte that is not the buffer's. */
volatile uint8_t *guard_end_of(const struct rte_mbuf *mbuf);

/** Count from this address when a refused access is said; returns the address. */
volatile uint8_t *guard_expect(volatile uint8_t *address);

/** Let mprotect() fail with @p error once, after @p calls calls that do not. */
void guard_refuse_protection(int error, int calls);

/** Write and read every byte of all @p count buffers, free in another order, four times over. */
void guard_use_all(struct rte_mempool *pool, uint32_t count);

/* guard_right.c */
int guard_run_clean(const char *ops);
int guard_run_sizes(const char *ops);
int guard_run_cached(const char *ops);
int guard_run_ends(const char *ops);
int guard_run_linear(const char *ops);
int guard_run_anonymous(const char *ops);
int guard_run_generic(const char *ops);
int guard_run_lcores(const char *ops);

/* guard_wrong.c */
int guard_run_read_past(const char *ops);
int guard_run_write_past(const char *ops);
int guard_run_read_past_page(const char *ops);
int guard_run_read_past_last(const char *ops);
int guard_run_read_free(const char *ops);
int guard_run_write_free(const char *ops);
int guard_run_read_free_cached(const char *ops);
int guard_run_read_never_held(const char *ops);
int guard_run_walk_free(const char *ops);
int guard_run_write_past_odd(const char *ops);
int guard_run_free_twice(const char *ops);
int guard_run_put_twice(const char *ops);
int guard_run_put_twice_at_once(const char *ops);
int guard_run_put_unheld(const char *ops);
int guard_run_put_foreign(const char *ops);
int guard_run_put_inside(const char *ops);
int guard_run_put_stack(const char *ops);
int guard_run_stale_found(const char *ops);
int guard_run_stale_first_byte(const char *ops);
int guard_run_stale_last_byte(const char *ops);
int guard_run_stale_at_end(const char *ops);
int guard_run_pattern(const char *ops);

/* guard_refused.c */
int guard_run_too_many(const char *ops);
int guard_run_no_memory(const char *ops);
int guard_run_hugepages(const char *ops);
int guard_run_no_areas(const char *ops);

/* guard_cost.c */
int guard_run_bench(const char *ops);

#endif /* GUARD_PROGRAM_H */
