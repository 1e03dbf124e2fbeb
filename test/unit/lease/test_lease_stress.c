/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Two threads end leases of the same buffers at the same time. Whatever the order was, each buffer
 * ends exactly once.
 */

#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_errno.h>
#include <rte_ethdev.h>
#include <rte_lcore.h>
#include <rte_pause.h>

#include <cmocka.h>

#include "fp_lease.h"
#include "fp_test_eal.h"
#include "test_port.h"

#define BUFFERS   2048
#define DATA_ROOM (RTE_PKTMBUF_HEADROOM + 64)
#define THREADS   2
#define BURST     32
#define MEETING   16 /* leases between two meetings of the threads */
#define SPINS     200
#define EXIT_SKIP 77

/* Releases in a test, of all its threads. */
#define RELEASES 1000000

/* What a thread does to its leases in a round. */
struct worker;
typedef void (*work_fn)(struct worker *worker);

struct worker {
	pthread_t thread;
	struct fp_lease leases[BUFFERS];
	work_fn work;
	uint64_t seed;
	uint32_t progress; /* leases worked on in this round */
	bool is_lcore;     /* registers with EAL */
	int error;         /* of the registration */
	uint32_t lcore;    /* the one it got */
};

static struct fp_pool *pool;
static struct test_port full_port;
static struct worker workers[THREADS];
static pthread_barrier_t begin;
static pthread_barrier_t end;
static bool is_over;

/* Before EAL gave this thread a CPU of its own, which threads would inherit. */
static cpu_set_t cpus;

/* xorshift: the same values in every run */
static uint64_t
next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/*
 * Let the other thread catch up, so that both are at the same buffers; but not for longer than a
 * few microseconds, because it may have lost its CPU.
 */
static void
meet(struct worker *worker, uint32_t progress)
{
	const struct worker *other = &workers[worker == &workers[0]];

	if (progress % MEETING != 0)
		return;
	fp_store_release_u32(&worker->progress, progress);
	for (int i = 0; i < SPINS && fp_load_acquire_u32(&other->progress) < progress; i++)
		rte_pause();
}

static void
release_one_by_one(struct worker *worker)
{
	for (uint32_t i = 0; i < BUFFERS; i++) {
		meet(worker, i);
		fp_lease_release(&worker->leases[i]);
	}
}

static void
release_in_bursts(struct worker *worker)
{
	for (uint32_t i = 0; i < BUFFERS; i += BURST) {
		meet(worker, i);
		fp_lease_release_burst(&worker->leases[i], BURST, i);
	}
}

/* Get one more lease of some buffers first and release the two in any order. */
static void
share_and_release(struct worker *worker)
{
	struct fp_lease *leases = worker->leases;

	for (uint32_t i = 0; i < BUFFERS; i++) {
		uint64_t random = next_random(&worker->seed);
		struct fp_lease shared = fp_lease_none();

		meet(worker, i);

		if (random % 2 == 0 && fp_lease_share(&leases[i], &shared) != 0)
			continue;
		if (random % 4 < 2)
			fp_lease_release(&leases[i]);
		fp_lease_release(&shared);
		fp_lease_release(&leases[i]);
	}
}

/* The port takes nothing: what it was offered is ours as before. */
static void
offer_and_release(struct worker *worker)
{
	struct fp_lease *leases = worker->leases;

	for (uint32_t i = 0; i < BUFFERS; i += BURST) {
		meet(worker, i);
		if (fp_lease_transmit(full_port.id, 0, &leases[i], BURST, i) == 0)
			fp_lease_release_burst(&leases[i], BURST, i);
	}
}

static void *
work(void *arg)
{
	struct worker *worker = arg;

	(void)pthread_setaffinity_np(pthread_self(), sizeof(cpus), &cpus);
	worker->error = worker->is_lcore ? rte_thread_register() : 0;
	worker->lcore = rte_lcore_id();
	for (;;) {
		(void)pthread_barrier_wait(&begin);
		if (is_over)
			break;
		worker->work(worker);
		(void)pthread_barrier_wait(&end);
	}
	if (worker->is_lcore)
		rte_thread_unregister();
	return NULL;
}

static void
start_workers(work_fn first, work_fn second, bool are_lcores)
{
	is_over = false;
	assert_int_equal(pthread_barrier_init(&begin, NULL, THREADS + 1), 0);
	assert_int_equal(pthread_barrier_init(&end, NULL, THREADS + 1), 0);
	for (uint32_t i = 0; i < THREADS; i++) {
		workers[i].work = i == 0 ? first : second;
		workers[i].seed = 17 + i;
		workers[i].is_lcore = are_lcores;
		assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
	}
}

static void
stop_workers(void)
{
	is_over = true;
	(void)pthread_barrier_wait(&begin);
	for (uint32_t i = 0; i < THREADS; i++) {
		assert_int_equal(pthread_join(workers[i].thread, NULL), 0);
		assert_int_equal(workers[i].error, 0);
		assert_true(workers[i].is_lcore == (workers[i].lcore < RTE_MAX_LCORE));
	}
	(void)pthread_barrier_destroy(&begin);
	(void)pthread_barrier_destroy(&end);
}

/* A lease of every buffer for each thread. */
static void
deal(void)
{
	workers[0].progress = 0;
	workers[1].progress = 0;
	for (uint32_t i = 0; i < BUFFERS; i++) {
		assert_int_equal(fp_lease_rent(pool, 8, 0, &workers[0].leases[i]), 0);
		assert_int_equal(fp_lease_share(&workers[0].leases[i], &workers[1].leases[i]), 0);
	}
}

static void
assert_each_buffer_ended_once(uint64_t rented)
{
	struct fp_pool_counters total;

	fp_pool_count(pool, &total);
	assert_int_equal(total.rented, rented);
	assert_int_equal(total.returned, rented);
	assert_int_equal(total.handed_to_tx, 0);
	assert_int_equal(fp_pool_held(pool), 0);
	assert_int_equal(rte_mempool_avail_count(pool->mempool), BUFFERS);
	for (uint32_t i = 0; i < BUFFERS; i++) {
		const struct fp_slot *slot = &pool->slots[i];

		assert_int_equal(slot->shares, 0);
		assert_int_equal(slot->generation % 2, 0);
	}
	for (uint32_t i = 0; i < BUFFERS; i++) {
		assert_true(fp_lease_is_empty(&workers[0].leases[i]));
		assert_true(fp_lease_is_empty(&workers[1].leases[i]));
	}
}

static void
stress(work_fn first, work_fn second, bool are_lcores)
{
	uint64_t rented = 0;

	start_workers(first, second, are_lcores);
	while (rented * THREADS < RELEASES) {
		deal();
		rented += BUFFERS;
		(void)pthread_barrier_wait(&begin);
		(void)pthread_barrier_wait(&end);
		(void)fp_pool_collect(pool);
		assert_each_buffer_ended_once(rented);
	}
	stop_workers();
	/* All were ended by the threads, under their own numbers. */
	if (are_lcores) {
		assert_int_equal(pool->counters[workers[0].lcore].returned +
				pool->counters[workers[1].lcore].returned,
			rented);
	} else {
		assert_int_equal(pool->counters[RTE_MAX_LCORE].returned, rented);
	}
}

static void
two_lcores_release_shares_of_the_same_buffers(void **state)
{
	(void)state;
	stress(release_one_by_one, release_in_bursts, true);
}

static void
two_lcores_share_while_the_other_releases(void **state)
{
	(void)state;
	stress(share_and_release, share_and_release, true);
}

static void
two_threads_that_are_no_lcores_release_shares(void **state)
{
	(void)state;
	stress(release_in_bursts, share_and_release, false);
}

static void
a_full_port_refuses_a_share_while_the_other_is_released(void **state)
{
	(void)state;
	stress(offer_and_release, release_one_by_one, true);
}

static int
create_pool(void **state)
{
	struct fp_pool_params params = { "tested", BUFFERS, DATA_ROOM, 0, SOCKET_ID_ANY };
	struct rte_mbuf *mbuf;
	int error = fp_pool_create(&params, &pool);

	(void)state;
	if (error == 0)
		error = test_port_open_ring(&full_port, "full", pool->mempool, 1);
	if (error != 0)
		return error;
	/* Fill it with what is no buffer of the pool's; it is never looked at. */
	mbuf = (struct rte_mbuf *)&full_port;
	return rte_ring_enqueue(full_port.tx, mbuf);
}

static int
destroy_pool(void **state)
{
	void *filler;

	(void)state;
	(void)rte_ring_dequeue(full_port.tx, &filler);
	test_port_close(&full_port);
	fp_pool_destroy(pool);
	return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, create_pool, destroy_pool)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(two_lcores_release_shares_of_the_same_buffers),
		TEST(two_lcores_share_while_the_other_releases),
		TEST(two_threads_that_are_no_lcores_release_shares),
		TEST(a_full_port_refuses_a_share_while_the_other_is_released),
	};
	int failed;

	(void)sched_getaffinity(0, sizeof(cpus), &cpus);
	if (fp_test_eal_init() != 0) {
		(void)printf("1..0 # SKIP EAL did not start\n");
		return EXIT_SKIP;
	}
	failed = cmocka_run_group_tests_name("lease_stress", tests, NULL, NULL);
	fp_test_eal_fini();
	return failed;
}
