/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Releases on a thread that is no lcore: it never touches a mempool; what it gives back waits in
 * the ring of its pool until an lcore receives, rents or collects.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fp_arena.h"
#include "fp_lease.h"
#include "fp_poll.h"
#include "fp_test_eal.h"
#include "kinds.h"
#include "test_port.h"

#define BURST     40
#define EXIT_SKIP 77

static struct kinds kinds;

static int
open_kinds(void **state)
{
	(void)state;
	return kinds_open(&kinds);
}

static int
close_kinds(void **state)
{
	(void)state;
	return kinds_close(&kinds) ? 0 : -1;
}

static void *
release(void *lease)
{
	fp_lease_release(lease);
	return NULL;
}

static void *
release_burst(void *leases)
{
	fp_lease_release_burst(leases, BURST, 2);
	return NULL;
}

/* Buffers that wait in the ring of a pool, none of which is in the mempool. */
static void
assert_waiting(const struct fp_pool *pool, uint32_t waiting)
{
	assert_int_equal(rte_ring_count(pool->returns), waiting);
	assert_int_equal(rte_mempool_avail_count(pool->mempool), KINDS_BUFFERS - waiting);
}

static struct fp_lease
rent(struct fp_pool *pool)
{
	struct fp_lease lease;

	assert_int_equal(fp_lease_rent(pool, 100, 1, &lease), 0);
	return lease;
}

static void
single_buffers_of_all_pools_wait_in_their_rings(void **state)
{
	struct fp_pool *const pools[] = { kinds.created, kinds.adopted, kinds.pinned };

	(void)state;
	for (uint32_t i = 0; i < RTE_DIM(pools); i++) {
		struct fp_lease lease = rent(pools[i]);

		kinds_elsewhere(release, &lease);
		assert_true(fp_lease_is_empty(&lease));
		assert_waiting(pools[i], 1);
		kinds_assert_counts(pools[i], 0, 1, 1, 0);
		assert_int_equal(pools[i]->counters[RTE_MAX_LCORE].returned, 1);
		assert_int_equal(fp_pool_collect(pools[i]), 1);
		assert_waiting(pools[i], 0);
	}
}

static void
a_burst_of_mixed_pools_is_sorted_by_pool(void **state)
{
	struct fp_pool *const pools[] = { kinds.created, kinds.adopted, kinds.pinned };
	struct fp_lease leases[BURST];
	uint32_t counts[3] = { 0, 0, 0 };

	(void)state;
	for (uint32_t i = 0; i < BURST; i++) {
		uint32_t which = i * i % 7 % 3;

		leases[i] = i % 11 == 10 ? fp_lease_none() : rent(pools[which]);
		counts[which] += i % 11 != 10;
	}
	kinds_elsewhere(release_burst, leases);
	for (uint32_t i = 0; i < 3; i++) {
		assert_true(counts[i] > 0);
		assert_waiting(pools[i], counts[i]);
		kinds_assert_counts(pools[i], 0, counts[i], counts[i], 0);
	}
}

static void
the_segments_of_a_chain_go_back_to_where_each_came_from(void **state)
{
	struct fp_pool *const pools[] = { kinds.created, kinds.adopted, kinds.pinned };

	(void)state;
	for (uint16_t segments = 1; segments <= KINDS_SEGMENTS; segments++) {
		struct fp_lease lease = kinds_take(kinds_receive(pools, 3, segments, 5));

		kinds_elsewhere(release, &lease);
		for (uint16_t i = 0; i < 3; i++) {
			assert_waiting(pools[i], (uint32_t)(segments + 2 - i) / 3);
			(void)fp_pool_collect(pools[i]);
		}
	}
	kinds_assert_counts(kinds.created, KINDS_SEGMENTS, 0, KINDS_SEGMENTS, 0);
	kinds_assert_counts(kinds.adopted, 0, 0, 0, 0);
}

static void
a_last_clone_takes_the_owner_of_its_memory_along_to_its_ring(void **state)
{
	struct fp_lease lease = rent(kinds.created);
	struct fp_lease clone;

	(void)state;
	assert_int_equal(fp_lease_clone(&lease, kinds.adopted, 1, &clone), 0);
	kinds_elsewhere(release, &lease);
	/* The clone still needs it. */
	assert_int_equal(rte_ring_count(kinds.created->returns), 0);
	assert_int_equal(rte_mempool_avail_count(kinds.created->mempool), KINDS_BUFFERS - 1);
	kinds_elsewhere(release, &clone);
	assert_waiting(kinds.adopted, 1);
	assert_waiting(kinds.created, 1);
	kinds_assert_counts(kinds.created, 0, 1, 1, 0);
	kinds_assert_counts(kinds.adopted, 0, 1, 1, 0);
	/* What was sent back is as a pool expects it. */
	assert_int_equal(fp_pool_collect(kinds.created), 1);
	assert_int_equal(fp_pool_collect(kinds.adopted), 1);
	assert_true(kinds_are_all_back(&kinds));
}

static void
a_clone_released_before_its_owner_leaves_the_owner_alone(void **state)
{
	struct fp_pool *const pools[] = { kinds.created, kinds.adopted };
	struct fp_lease lease = kinds_take(kinds_receive(pools, 2, 6, 20));
	struct fp_lease clones[2];

	(void)state;
	for (int i = 0; i < 2; i++)
		assert_int_equal(fp_lease_clone(&lease, kinds.adopted, 1, &clones[i]), 0);
	kinds_elsewhere(release, &clones[0]);
	assert_int_equal(rte_ring_count(kinds.adopted->returns), 6);
	assert_int_equal(rte_ring_count(kinds.created->returns), 0);
	assert_int_equal(fp_cspan_at(fp_lease_span(&clones[1]), 19), 19);
	kinds_elsewhere(release, &lease);
	assert_int_equal(rte_ring_count(kinds.adopted->returns), 6);
	assert_int_equal(rte_ring_count(kinds.created->returns), 0);
	kinds_elsewhere(release, &clones[1]);
	/* Its own six, and the tails of the owner. */
	assert_waiting(kinds.adopted, 6 + 6 + 3);
	assert_waiting(kinds.created, 3);
}

static void
an_external_buffer_is_freed_by_whoever_is_last(void **state)
{
	static uint8_t memory[512] __rte_aligned(64);
	struct fp_lease lease = kinds_take(kinds_attach(&kinds, kinds.created, memory, 100));
	struct fp_lease clone;

	(void)state;
	assert_int_equal(fp_lease_clone(&lease, kinds.adopted, 1, &clone), 0);
	kinds_elsewhere(release, &lease);
	assert_waiting(kinds.created, 1);
	assert_int_equal(kinds.freed, 0);
	assert_int_equal(fp_cspan_at(fp_lease_span(&clone), 99), 99);
	kinds_elsewhere(release, &clone);
	assert_waiting(kinds.adopted, 1);
	assert_int_equal(kinds.freed, 1);
}

static void
renting_collects_when_the_pool_is_empty(void **state)
{
	struct fp_lease leases[KINDS_BUFFERS];
	struct fp_lease clone;

	(void)state;
	for (uint32_t i = 0; i < KINDS_BUFFERS; i++)
		leases[i] = rent(kinds.created);
	assert_int_equal(fp_lease_rent(kinds.created, 1, 0, &clone), -ENOBUFS);
	kinds_elsewhere(release, &leases[3]);
	leases[3] = rent(kinds.created);
	/* So does cloning. */
	kinds_elsewhere(release, &leases[4]);
	assert_int_equal(fp_lease_clone(&leases[3], kinds.created, 1, &clone), 0);
	assert_int_equal(fp_lease_clone(&leases[3], kinds.created, 1, &leases[4]), -ENOBUFS);
	fp_lease_release(&clone);
	fp_lease_release_burst(leases, KINDS_BUFFERS, 1);
	kinds_assert_counts(kinds.created, 0, KINDS_BUFFERS + 2, KINDS_BUFFERS + 2, 0);
}

static void
receiving_collects_what_waits(void **state)
{
	struct fp_arena_params params = { "tested", 1 << 16, SOCKET_ID_ANY, 0 };
	struct fp_arena *arena;
	struct test_port port;
	struct fp_lease lease;
	struct fp_poll poll;

	(void)state;
	assert_int_equal(fp_arena_create(&params, &arena), 0);
	assert_int_equal(test_port_open_ring(&port, "waits", kinds.created->mempool, 4), 0);
	assert_int_equal(fp_poll_init(&poll, 32, arena, NULL), 0);
	lease = rent(kinds.created);
	kinds_elsewhere(release, &lease);
	assert_waiting(kinds.created, 1);
	fp_poll_start(&poll);
	fp_frame_open(&poll);
	assert_int_equal(fp_frame_receive(&poll, port.id, 0, kinds.created), 0);
	fp_frame_close(&poll);
	assert_waiting(kinds.created, 0);
	test_port_close(&port);
	fp_arena_destroy(arena);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_kinds, close_kinds)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(single_buffers_of_all_pools_wait_in_their_rings),
		TEST(a_burst_of_mixed_pools_is_sorted_by_pool),
		TEST(the_segments_of_a_chain_go_back_to_where_each_came_from),
		TEST(a_last_clone_takes_the_owner_of_its_memory_along_to_its_ring),
		TEST(a_clone_released_before_its_owner_leaves_the_owner_alone),
		TEST(an_external_buffer_is_freed_by_whoever_is_last),
		TEST(renting_collects_when_the_pool_is_empty),
		TEST(receiving_collects_what_waits),
	};
	int failed;

	if (fp_test_eal_init() != 0) {
		(void)printf("1..0 # SKIP EAL did not start\n");
		return EXIT_SKIP;
	}
	failed = cmocka_run_group_tests_name("lease_elsewhere", tests, NULL, NULL);
	fp_test_eal_fini();
	return failed;
}
