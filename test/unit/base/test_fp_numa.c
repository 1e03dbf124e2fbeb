/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Where pages really are, and that arenas and pools are on the node that was asked for.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <rte_lcore.h>
#include <rte_memory.h>
#include <rte_memzone.h>

#include <cmocka.h>

#include "fp_arena.h"
#include "fp_numa.h"
#include "fp_pool.h"
#include "fp_test_eal.h"

#define PAGE      4096UL
#define PAGES     16
#define DATA_ROOM (RTE_PKTMBUF_HEADROOM + 128)
#define EXIT_SKIP 77

/* Without hugepages memory is on the node of who touches it first: this thread. */
static int
own_socket(void)
{
	return (int)rte_lcore_to_socket_id(rte_lcore_id());
}

static void
a_page_is_nowhere_until_it_is_touched(void **state)
{
	uint8_t *map =
		mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)state;
	assert_true(map != MAP_FAILED);
	assert_int_equal(fp_numa_node(map), -ENOENT);
	map[1] = 1;
	assert_int_equal(fp_numa_node(map), own_socket());
	assert_int_equal(fp_numa_node(map + PAGE - 1), own_socket());
	assert_int_equal(fp_numa_node(map + PAGE), -ENOENT);
	assert_int_equal(munmap(map, 2 * PAGE), 0);
	assert_int_equal(fp_numa_node(map), -EINVAL);
	assert_int_equal(fp_numa_node(NULL), -EINVAL);
}

static void
the_sockets_are_those_of_the_lcores(void **state)
{
	(void)state;
	assert_true(fp_numa_has_socket(own_socket()));
	assert_false(fp_numa_has_socket(SOCKET_ID_ANY));
	assert_false(fp_numa_has_socket(RTE_MAX_NUMA_NODES));
	assert_false(fp_numa_has_socket(INT32_MAX));
	assert_false(fp_numa_has_socket(INT32_MIN));
}

static void
every_page_of_an_arena_is_on_the_node_asked_for(void **state)
{
	struct fp_arena_params params = { "placed", (uint64_t)PAGES * PAGE, own_socket(), 0 };
	struct fp_arena *arena;

	(void)state;
	for (uint32_t flags = 0; flags <= FP_ARENA_F_GUARD; flags++) {
		params.flags = flags;
		assert_int_equal(fp_arena_create(&params, &arena), 0);
		assert_int_equal(arena->socket_id, params.socket_id);
		assert_non_null(fp_arena_array(arena, arena->cap, 1, 1));
		assert_int_equal(fp_numa_node(arena), params.socket_id);
		for (uint64_t at = 0; at < arena->cap; at += PAGE)
			assert_int_equal(fp_numa_node(arena->base + at), params.socket_id);
		fp_arena_destroy(arena);
	}
}

static void
every_page_of_a_pool_is_on_the_node_asked_for(void **state)
{
	struct fp_pool_params params = { "placed", 500, DATA_ROOM, 0, own_socket() };
	const struct rte_memzone *zones[2];
	struct fp_pool *pool;

	(void)state;
	assert_int_equal(fp_pool_create(&params, &pool), 0);
	zones[0] = pool->buffers_zone;
	zones[1] = pool->slots_zone;
	for (int i = 0; i < 2; i++) {
		uint8_t *page = RTE_PTR_ALIGN_FLOOR((uint8_t *)zones[i]->addr, PAGE);

		assert_int_equal(zones[i]->socket_id, params.socket_id);
		for (; page < (uint8_t *)zones[i]->addr + zones[i]->len; page += PAGE)
			assert_int_equal(fp_numa_node(page), params.socket_id);
	}
	fp_pool_destroy(pool);
}

static void
a_socket_that_does_not_exist_is_refused(void **state)
{
	static const int sockets[] = { RTE_MAX_NUMA_NODES - 1, RTE_MAX_NUMA_NODES, 255, 1000000,
		INT32_MAX, -2, INT32_MIN };

	(void)state;
	for (size_t i = 0; i < sizeof(sockets) / sizeof(sockets[0]); i++) {
		struct fp_arena_params arena_params = { "nowhere", PAGE, sockets[i], 0 };
		struct fp_pool_params pool_params = { "nowhere", 100, DATA_ROOM, 0, sockets[i] };
		struct fp_arena *arena;
		struct fp_pool *pool;

		assert_int_equal(fp_arena_create(&arena_params, &arena), -EINVAL);
		assert_null(arena);
		assert_int_equal(fp_pool_create(&pool_params, &pool), -EINVAL);
		assert_null(pool);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_page_is_nowhere_until_it_is_touched),
		cmocka_unit_test(the_sockets_are_those_of_the_lcores),
		cmocka_unit_test(every_page_of_an_arena_is_on_the_node_asked_for),
		cmocka_unit_test(every_page_of_a_pool_is_on_the_node_asked_for),
		cmocka_unit_test(a_socket_that_does_not_exist_is_refused),
	};
	int failed;

	if (fp_test_eal_init() != 0) {
		(void)printf("1..0 # SKIP EAL did not start\n");
		return EXIT_SKIP;
	}
	failed = cmocka_run_group_tests_name("fp_numa", tests, NULL, NULL);
	fp_test_eal_fini();
	return failed;
}
