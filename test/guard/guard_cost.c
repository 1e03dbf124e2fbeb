/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * What the ops cost, all in one run.
 */

#include <stdio.h>
#include <stdlib.h>

#include <rte_cycles.h>

#include "guard_program.h"

#define TURNS  20000U
#define ROUNDS 21U

static int
compare_doubles(const void *a, const void *b)
{
	double first = *(const double *)a;
	double second = *(const double *)b;

	return (first > second) - (first < second);
}

/* Cycles for one alloc and free, of @p turns. */
static double
measure(struct rte_mempool *pool, uint32_t turns)
{
	uint64_t start = rte_rdtsc_precise();

	for (uint32_t i = 0; i < turns; i++) {
		struct rte_mbuf *mbuf = guard_get(pool);

		*rte_pktmbuf_mtod(mbuf, volatile uint8_t *) = BYTE;
		rte_pktmbuf_free(mbuf);
	}
	return (double)(rte_rdtsc_precise() - start) / turns;
}

/* All ops in turn, so that a machine whose speed changes hits them alike; medians. */
int
guard_run_bench(const char *ops)
{
	static const struct {
		const char *name;
		const char *ops;
		uint32_t cache;
		uint32_t turns;
	} kinds[] = {
		{ "cached", "ring_mp_mc", 250, TURNS },
		{ "ring", "ring_mp_mc", 0, TURNS },
		{ "poison", "guard_poison", 0, TURNS / 4 },
		{ "guard", "guard", 0, TURNS / 20 },
	};
	double cycles[RTE_DIM(kinds)][ROUNDS];
	struct rte_mempool *made[RTE_DIM(kinds)];

	(void)ops;
	for (size_t kind = 0; kind < RTE_DIM(kinds); kind++) {
		made[kind] = guard_make(
			kinds[kind].name, kinds[kind].ops, 1023, kinds[kind].cache, ROOM);
		GUARD_MUST(made[kind] != NULL, "no pool");
		(void)measure(made[kind], kinds[kind].turns);
	}
	for (size_t round = 0; round < ROUNDS; round++) {
		for (size_t kind = 0; kind < RTE_DIM(kinds); kind++)
			cycles[kind][round] = measure(made[kind], kinds[kind].turns);
	}
	for (size_t kind = 0; kind < RTE_DIM(kinds); kind++) {
		qsort(cycles[kind], ROUNDS, sizeof(double), compare_doubles);
		printf("{\"bench\": \"guard\", \"ops\": \"%s\", \"cache\": %u, "
		       "\"cycles_per_alloc_and_free\": %.0f, \"least\": %.0f, \"most\": %.0f}\n",
			kinds[kind].ops, kinds[kind].cache, cycles[kind][ROUNDS / 2],
			cycles[kind][0], cycles[kind][ROUNDS - 1]);
		rte_mempool_free(made[kind]);
	}
	return 0;
}
