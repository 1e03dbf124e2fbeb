/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Mempools that somebody else made: their mbufs lie where they lie, with holes at page boundaries,
 * and some are in use by code that knows no leases.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_malloc.h>
#include <rte_memzone.h>

#include <cmocka.h>

#include "fp_lease.h"
#include "fp_test_eal.h"
#include "fp_test_panic.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define SEEN_MAX  4096
#define ROUNDS    20
#define EXIT_SKIP 77

static size_t heap_before;

static size_t
heap_used(void)
{
	struct rte_malloc_socket_stats stats;

	assert_int_equal(rte_malloc_get_socket_stats(0, &stats), 0);
	return stats.heap_allocsz_bytes;
}

static int
note_heap(void **state)
{
	(void)state;
	heap_before = heap_used();
	return 0;
}

/* No pool, and no memory, is left. */
static int
compare_heap(void **state)
{
	uint32_t pools = 0;

	(void)state;
	for (uint32_t i = 0; i < FP_POOLS_MAX; i++)
		pools += fp_pool_at(i) != NULL;
	return pools == 0 && heap_used() == heap_before ? 0 : -1;
}

static struct rte_mempool *
make(const char *name, uint32_t buffers, uint16_t data_room)
{
	struct rte_mempool *mempool =
		rte_pktmbuf_pool_create(name, buffers, 0, 0, data_room, SOCKET_ID_ANY);

	assert_non_null(mempool);
	return mempool;
}

static struct fp_pool *
adopt(struct rte_mempool *mempool)
{
	struct fp_pool *pool;

	assert_int_equal(fp_pool_adopt(mempool, &pool), 0);
	assert_ptr_equal(fp_pool_find(mempool), pool);
	return pool;
}

/* What the walk over a mempool's mbufs has seen. */
struct walk {
	const struct fp_pool *pool;
	bool seen[SEEN_MAX * 16];
	uint32_t count;
	uint32_t shifted; /* mbufs that do not begin their place */
};

static void
check_mbuf(struct rte_mempool *mempool, void *arg, void *object, unsigned int number)
{
	struct walk *walk = arg;
	const struct fp_pool *pool = walk->pool;
	struct rte_mbuf *mbuf = object;
	uint64_t distance = (uintptr_t)object - pool->first;
	uint32_t place = fpi_pool_index(pool, mbuf);

	(void)mempool;
	(void)number;
	assert_true((uintptr_t)object >= pool->first);
	assert_true(place == distance / pool->stride);
	assert_true(place < pool->places);
	assert_false(walk->seen[place]);
	assert_ptr_equal(fpi_pool_mbuf(pool, place), mbuf);
	assert_ptr_equal(fpi_pool_of(mbuf), pool);
	assert_ptr_equal(fpi_pool_slot_of(mbuf), &pool->slots[place]);
	assert_ptr_equal(fpi_pool_slot(pool, mbuf), &pool->slots[place]);
	walk->seen[place] = true;
	walk->shifted += distance % pool->stride != 0;
	walk->count++;
}

static void
each_mbuf_has_a_place_of_its_own_whatever_the_holes(void **state)
{
	static const uint32_t buffers[] = { 1, 2, 3, 4, 5, 6, 7, 9, 63, 64, 1000, 3000 };
	static const uint16_t rooms[] = { 0, 129, 200, 512, 600, 700, 1000, 1600, 2176, 9000 };
	static struct walk walk;
	uint32_t pools_with_holes = 0;
	uint32_t shifted = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(buffers); i++) {
		for (size_t j = 0; j < COUNT(rooms); j++) {
			struct rte_mempool *mempool = make("foreign", buffers[i], rooms[j]);
			struct fp_pool *pool = adopt(mempool);

			memset(&walk, 0, sizeof(walk));
			walk.pool = pool;
			assert_true(pool->is_adopted);
			assert_string_equal(pool->name, "foreign");
			assert_int_equal(pool->count, buffers[i]);
			(void)rte_mempool_obj_iter(mempool, check_mbuf, &walk);
			assert_int_equal(walk.count, buffers[i]);
			assert_true(pool->deltas != NULL || walk.shifted == 0);
			pools_with_holes += pool->places > pool->count;
			shifted += walk.shifted;
			fp_pool_destroy(pool);
			assert_null(fp_pool_find(mempool));
			rte_mempool_free(mempool);
		}
	}
	/* Else this tells nothing. */
	assert_true(pools_with_holes > 0 && shifted > 0);
}

static void
buffers_of_an_adopted_pool_are_leased_like_others(void **state)
{
	struct rte_mempool *mempool = make("foreign", 63, 600);
	struct fp_pool *pool = adopt(mempool);
	struct fp_pool_counters total;
	struct fp_lease leases[63];
	struct fp_lease more;

	(void)state;
	assert_int_equal(pool->room, 600 - RTE_PKTMBUF_HEADROOM);
	for (int round = 0; round < 3; round++) {
		for (uint32_t i = 0; i < 63; i++) {
			assert_int_equal(fp_lease_rent(pool, pool->room, i, &leases[i]), 0);
			memset(fp_lease_writable(&leases[i]).data, (int)i, pool->room);
		}
		assert_int_equal(fp_lease_rent(pool, 1, 0, &more), -ENOBUFS);
		assert_int_equal(fp_pool_held(pool), 63);
		for (uint32_t i = 0; i < 63; i++)
			assert_int_equal(fp_cspan_at(fp_lease_span(&leases[i]), 100), i);
		fp_lease_release_burst(leases, 63, 0);
	}
	fp_pool_count(pool, &total);
	assert_int_equal(total.rented, 3 * 63);
	assert_int_equal(total.returned, 3 * 63);
	assert_int_equal(total.refused, 3);
	assert_int_equal(rte_mempool_avail_count(mempool), 63);
	fp_pool_destroy(pool);
	rte_mempool_free(mempool);
}

static void
what_others_hold_of_an_adopted_pool_is_not_held_and_can_be_received(void **state)
{
	struct rte_mempool *mempool = make("foreign", 63, 600);
	struct rte_mbuf *mbufs[20];
	struct fp_lease leases[20];
	struct fp_pool *pool;

	(void)state;
	for (int i = 0; i < 20; i++) {
		mbufs[i] = rte_pktmbuf_alloc(mempool);
		assert_non_null(mbufs[i]);
		memset(rte_pktmbuf_append(mbufs[i], 60), i, 60);
	}
	pool = adopt(mempool);
	assert_int_equal(fp_pool_held(pool), 0);
	fp_lease_take_burst(pool, mbufs, 10, 1, leases);
	assert_int_equal(fp_pool_held(pool), 10);
	for (int i = 0; i < 10; i++)
		assert_int_equal(fp_cspan_at(fp_lease_span(&leases[i]), 59), i);
	/* Whoever has the others frees them as ever. */
	for (int i = 10; i < 20; i++) {
		assert_int_equal(rte_pktmbuf_mtod(mbufs[i], uint8_t *)[59], i);
		rte_pktmbuf_free(mbufs[i]);
	}
	fp_lease_release_burst(leases, 10, 1);
	assert_int_equal(fp_pool_held(pool), 0);
	assert_int_equal(rte_mempool_avail_count(mempool), 63);
	fp_pool_destroy(pool);
	rte_mempool_free(mempool);
}

static void
adopting_ends_and_begins_again(void **state)
{
	struct rte_mempool *mempool = make("foreign", 63, 600);
	struct fp_pool *second;
	struct fp_lease lease;

	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		struct fp_pool *pool = adopt(mempool);

		second = pool;
		assert_int_equal(fp_pool_adopt(mempool, &second), -EEXIST);
		assert_null(second);
		assert_int_equal(fp_lease_rent(pool, 1, 0, &lease), 0);
		fp_lease_release(&lease);
		fp_pool_destroy(pool);
		assert_null(fp_pool_find(mempool));
		assert_int_equal(rte_mempool_avail_count(mempool), 63);
	}
	rte_mempool_free(mempool);
}

static void
a_pool_that_was_created_has_slots_already(void **state)
{
	struct fp_pool_params params = { "created", 63, 600, 0, SOCKET_ID_ANY };
	struct fp_pool *pool;
	struct fp_pool *second;

	(void)state;
	assert_int_equal(fp_pool_create(&params, &pool), 0);
	assert_int_equal(fp_pool_adopt(pool->mempool, &second), -EEXIST);
	assert_null(second);
	fp_pool_destroy(pool);
}

static void
what_is_no_mempool_of_mbufs_is_refused(void **state)
{
	struct rte_mempool *small =
		rte_mempool_create("small", 63, 64, 0, 64, NULL, NULL, NULL, NULL, 0, 0);
	struct rte_mempool *no_private =
		rte_mempool_create("no_private", 63, 512, 0, 0, NULL, NULL, NULL, NULL, 0, 0);
	struct rte_mempool *other =
		rte_mempool_create("other", 63, 512, 0, 64, NULL, NULL, NULL, NULL, 0, 0);
	struct rte_mempool *empty = rte_mempool_create_empty("empty", 63, 512, 0, 64, 0, 0);
	struct rte_mempool *const bad[] = { NULL, small, no_private, other, empty };
	struct fp_pool *pool;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		assert_true(i == 0 || bad[i] != NULL);
		pool = (struct fp_pool *)&pool;
		assert_int_equal(fp_pool_adopt(bad[i], &pool), -EINVAL);
		assert_null(pool);
		rte_mempool_free(bad[i]);
	}
}

static void
mbufs_that_lie_too_far_apart_are_refused(void **state)
{
	const uint32_t size = sizeof(struct rte_mbuf) + 256;
	const struct rte_memzone *zone =
		rte_memzone_reserve_aligned("far", 1 << 20, SOCKET_ID_ANY, 0, 4096);
	struct rte_pktmbuf_pool_private private = { .mbuf_data_room_size = 256 };
	struct rte_mempool *mempool =
		rte_mempool_create_empty("far", 3, size, 0, sizeof(private), SOCKET_ID_ANY, 0);
	struct fp_pool *pool;
	uint32_t room; /* of one object */

	(void)state;
	assert_non_null(zone);
	assert_non_null(mempool);
	rte_pktmbuf_pool_init(mempool, &private);
	room = mempool->header_size + mempool->elt_size + mempool->trailer_size;
	/* Two neighbours at the one end of the zone, one at the other end. */
	assert_int_equal(rte_mempool_populate_iova(
				 mempool, zone->addr, RTE_BAD_IOVA, 2UL * room, NULL, NULL),
		2);
	assert_int_equal(rte_mempool_populate_iova(mempool, (char *)zone->addr + (1 << 20) - room,
				 RTE_BAD_IOVA, room, NULL, NULL),
		1);
	rte_mempool_obj_iter(mempool, rte_pktmbuf_init, NULL);
	assert_int_equal(fp_pool_adopt(mempool, &pool), -ENOTSUP);
	assert_null(pool);
	rte_mempool_free(mempool);
	rte_memzone_free(zone);
}

static void
the_fullest_table_of_pools_refuses_one_more(void **state)
{
	struct rte_mempool *mempools[FP_POOLS_MAX];
	struct fp_pool *pools[FP_POOLS_MAX];
	struct rte_mempool *more = make("more", 1, 256);
	struct fp_pool *pool;
	char name[16];

	(void)state;
	for (uint32_t i = 0; i < FP_POOLS_MAX; i++) {
		(void)snprintf(name, sizeof(name), "pool_%u", i);
		mempools[i] = make(name, 1 + i % 3, 256);
		pools[i] = adopt(mempools[i]);
	}
	assert_int_equal(fp_pool_adopt(more, &pool), -ENOMEM);
	assert_null(pool);
	fp_pool_destroy(pools[20]);
	pools[20] = adopt(more);
	for (uint32_t i = 0; i < FP_POOLS_MAX; i++) {
		fp_pool_destroy(pools[i]);
		rte_mempool_free(mempools[i]);
	}
	rte_mempool_free(more);
}

static uint64_t
next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* The table from mempools to pools, and the one of ids, say of all mempools what is so. */
static void
check_tables(struct rte_mempool *const *mempools, struct fp_pool *const *pools)
{
	for (uint32_t i = 0; i < FP_POOLS_MAX; i++) {
		assert_ptr_equal(fp_pool_find(mempools[i]), pools[i]);
		if (pools[i] != NULL) {
			assert_ptr_equal(fp_pool_at(pools[i]->id), pools[i]);
			assert_ptr_equal(pools[i]->mempool, mempools[i]);
		}
	}
}

static void
every_pool_is_found_while_others_come_and_go(void **state)
{
	struct rte_mempool *mempools[FP_POOLS_MAX];
	struct fp_pool *pools[FP_POOLS_MAX] = { NULL };
	bool is_taken[FPI_POOL_PLACES] = { false };
	uint32_t collisions = 0;
	uint64_t random = 42;
	char name[16];

	(void)state;
	for (uint32_t i = 0; i < FP_POOLS_MAX; i++) {
		(void)snprintf(name, sizeof(name), "pool_%u", i);
		mempools[i] = make(name, 1 + i % 7, (uint16_t)(256 + 64 * i));
		collisions += is_taken[fpi_pool_hash(mempools[i])];
		is_taken[fpi_pool_hash(mempools[i])] = true;
	}
	assert_true(collisions > 0);
	for (int i = 0; i < 2000; i++) {
		uint32_t which = (uint32_t)next_random(&random) % FP_POOLS_MAX;

		if (pools[which] == NULL) {
			pools[which] = adopt(mempools[which]);
		} else {
			fp_pool_destroy(pools[which]);
			pools[which] = NULL;
		}
		check_tables(mempools, pools);
	}
	for (uint32_t i = 0; i < FP_POOLS_MAX; i++) {
		fp_pool_destroy(pools[i]);
		rte_mempool_free(mempools[i]);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, note_heap, compare_heap)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_mbuf_has_a_place_of_its_own_whatever_the_holes),
		TEST(buffers_of_an_adopted_pool_are_leased_like_others),
		TEST(what_others_hold_of_an_adopted_pool_is_not_held_and_can_be_received),
		TEST(adopting_ends_and_begins_again),
		TEST(a_pool_that_was_created_has_slots_already),
		TEST(what_is_no_mempool_of_mbufs_is_refused),
		TEST(mbufs_that_lie_too_far_apart_are_refused),
		TEST(the_fullest_table_of_pools_refuses_one_more),
		TEST(every_pool_is_found_while_others_come_and_go),
	};
	int failed;

	if (fp_test_eal_init() != 0) {
		(void)printf("1..0 # SKIP EAL did not start\n");
		return EXIT_SKIP;
	}
	failed = cmocka_run_group_tests_name("fp_adopt", tests, NULL, NULL);
	fp_test_eal_fini();
	return failed;
}
