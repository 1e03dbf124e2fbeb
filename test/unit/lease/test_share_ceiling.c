/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * As many leases of one buffer as there can be: what a caller gets that asks for 65,535, and
 * threads that ask for more at the same time while others release.
 */

#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <rte_cycles.h>

#include <cmocka.h>

#include "fp_lease.h"
#include "fp_test_eal.h"

#define ASKED     65535
#define THREADS   4
#define SECONDS   0.4 /* for threads at the ceiling; without care it breaks in some 10 ms */
#define EXIT_SKIP 77

static struct fp_pool *pool;
static struct fp_lease leases[ASKED];

/* Before EAL gave this thread a CPU of its own, which threads would inherit. */
static cpu_set_t cpus;

/* One that shares and releases at the ceiling. */
struct asker {
	pthread_t thread;
	struct fp_lease own;
	uint64_t shared;
	uint64_t refused;
	uint64_t until;
};

static int
create_pool(void **state)
{
	struct fp_pool_params params = { "tested", 2, RTE_PKTMBUF_HEADROOM + 64, 0, SOCKET_ID_ANY };

	(void)state;
	return fp_pool_create(&params, &pool);
}

static int
destroy_pool(void **state)
{
	bool is_clean = rte_mempool_avail_count(pool->mempool) == 2 && fp_pool_held(pool) == 0;

	(void)state;
	fp_pool_destroy(pool);
	return is_clean ? 0 : -1;
}

static void
of_65535_shares_asked_for_those_above_the_ceiling_are_refused(void **state)
{
	uint32_t refused = 0;

	(void)state;
	assert_int_equal(fp_lease_rent(pool, 1, 0, &leases[0]), 0);
	for (uint32_t i = 1; i < ASKED; i++) {
		if (fp_lease_share(&leases[0], &leases[i]) == 0)
			continue;
		assert_true(fp_lease_is_empty(&leases[i]));
		refused++;
	}
	assert_int_equal(refused, ASKED - 1 - FP_LEASE_SHARES_MAX);
	assert_int_equal(fp_pool_held(pool), 1);
	fp_lease_release_burst(leases, ASKED, 0);
	assert_int_equal(fp_pool_held(pool), 0);
	/* The next tenant begins without any of it. */
	assert_int_equal(fp_lease_rent(pool, 1, 0, &leases[0]), 0);
	assert_int_equal(fp_lease_share(&leases[0], &leases[1]), 0);
	fp_lease_release_burst(leases, 2, 0);
}

static void *
ask(void *arg)
{
	struct asker *asker = arg;

	(void)pthread_setaffinity_np(pthread_self(), sizeof(cpus), &cpus);
	while (rte_rdtsc() < asker->until) {
		struct fp_lease more;

		if (fp_lease_share(&asker->own, &more) != 0) {
			asker->refused++;
			continue;
		}
		asker->shared++;
		fp_lease_release(&more);
	}
	return NULL;
}

static void
threads_that_ask_at_the_ceiling_do_not_end_the_buffer(void **state)
{
	static struct asker askers[THREADS];
	const uint64_t until = rte_rdtsc() + (uint64_t)(SECONDS * (double)rte_get_tsc_hz());
	uint64_t refused = 0;
	uint64_t shared = 0;

	(void)state;
	assert_int_equal(fp_lease_rent(pool, 1, 0, &leases[0]), 0);
	for (uint32_t i = 1; i < FP_LEASE_SHARES_MAX; i++)
		assert_int_equal(fp_lease_share(&leases[0], &leases[i]), 0);
	for (uint32_t i = 0; i < THREADS; i++) {
		askers[i] = (struct asker){ .own = leases[i], .until = until };
		assert_int_equal(pthread_create(&askers[i].thread, NULL, ask, &askers[i]), 0);
	}
	for (uint32_t i = 0; i < THREADS; i++) {
		assert_int_equal(pthread_join(askers[i].thread, NULL), 0);
		refused += askers[i].refused;
		shared += askers[i].shared;
	}
	assert_true(shared > 0 && refused > 0);
	assert_int_equal(fpi_lease_slot(&leases[0])->shares, FP_LEASE_SHARES_MAX - 1);
	assert_int_equal(fp_pool_held(pool), 1);
	fp_lease_release_burst(leases, FP_LEASE_SHARES_MAX, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, create_pool, destroy_pool)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(of_65535_shares_asked_for_those_above_the_ceiling_are_refused),
		TEST(threads_that_ask_at_the_ceiling_do_not_end_the_buffer),
	};
	int failed;

	(void)sched_getaffinity(0, sizeof(cpus), &cpus);
	if (fp_test_eal_init() != 0) {
		(void)printf("1..0 # SKIP EAL did not start\n");
		return EXIT_SKIP;
	}
	failed = cmocka_run_group_tests_name("share_ceiling", tests, NULL, NULL);
	fp_test_eal_fini();
	return failed;
}
