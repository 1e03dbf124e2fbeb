/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Pools: the arithmetic of indexes against division, parameters, and what a pool leaves behind.
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
#include "fp_pool.h"
#include "fp_test_eal.h"
#include "fp_test_panic.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define CHURN       200
#define SEEN_MAX    4096
#define HOLDERS_MAX 16
#define EXIT_SKIP   77

static const struct fp_pool_params usual = { "pool", 64, 512, 0, SOCKET_ID_ANY };

static struct fp_pool *
create(const char *name, uint32_t buffers, uint16_t data_room, uint16_t cache)
{
	struct fp_pool_params params = { name, buffers, data_room, cache, SOCKET_ID_ANY };
	struct fp_pool *pool;

	assert_int_equal(fp_pool_create(&params, &pool), 0);
	assert_non_null(pool);
	return pool;
}

/* Pools that a failed test left. */
static int
destroy_all(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < FP_POOLS_MAX; i++) {
		const struct fp_pool *pool = fp_pool_at(i);

		if (pool != NULL)
			fp_pool_destroy(fp_pool_find(pool->mempool));
	}
	return 0;
}

/* The index by division, and that it was not seen before. */
struct walk {
	const struct fp_pool *pool;
	bool seen[SEEN_MAX];
	uint32_t count;
};

static void
check_buffer(struct rte_mempool *mempool, void *arg, void *object, unsigned int number)
{
	struct walk *walk = arg;
	struct rte_mbuf *mbuf = object;
	uint64_t distance = (uintptr_t)object - walk->pool->first;
	uint32_t idx = fpi_pool_index(walk->pool, mbuf);

	(void)number;
	assert_true((uintptr_t)object >= walk->pool->first);
	assert_true(distance % walk->pool->stride == 0);
	assert_true(idx == distance / walk->pool->stride);
	assert_true(idx < walk->pool->count);
	assert_false(walk->seen[idx]);
	walk->seen[idx] = true;
	walk->count++;
	assert_ptr_equal(mbuf->pool, mempool);
	assert_ptr_equal(fpi_pool_of(mbuf), walk->pool);
	assert_true(mbuf->buf_len == walk->pool->data_room);
}

static void
every_buffer_has_an_index_of_its_own(void **state)
{
	static const uint32_t buffers[] = { 1, 2, 3, 63, 64, 127, 1000, SEEN_MAX };
	static const uint16_t rooms[] = { RTE_PKTMBUF_HEADROOM + 1, 200, 256, 1000, 2176, 9000 };
	static struct walk walk;

	(void)state;
	for (size_t i = 0; i < COUNT(buffers); i++) {
		for (size_t j = 0; j < COUNT(rooms); j++) {
			struct fp_pool *pool = create("pool", buffers[i], rooms[j],
				buffers[i] >= 63 && j % 2 == 1 ? 32 : 0);

			memset(&walk, 0, sizeof(walk));
			walk.pool = pool;
			assert_int_equal(pool->count, buffers[i]);
			(void)rte_mempool_obj_iter(pool->mempool, check_buffer, &walk);
			assert_int_equal(walk.count, buffers[i]);
			fp_pool_destroy(pool);
		}
	}
}

/*
 * An index is only arithmetic on an address, so that of the last buffers of the largest pools can
 * be had without their memory.
 */
static uint32_t
index_at(uint32_t stride, uint64_t distance)
{
	struct fp_pool pool = { .stride = stride, .first = 0x100000000 };
	uintptr_t address = pool.first + distance;
	const struct rte_mbuf *mbuf;

	pool.reciprocal = UINT64_MAX / stride + 1; /* as fp_pool_create() does */
	memcpy(&mbuf, &address, sizeof(address));
	return fpi_pool_index(&pool, mbuf);
}

static void
indexes_are_those_of_a_division_up_to_the_largest_pool(void **state)
{
	static const uint32_t last[] = { 1, 2, 3, 255, 65535, 0x7fffff, FP_POOL_BUFFERS_MAX - 2,
		FP_POOL_BUFFERS_MAX - 1 };

	(void)state;
	for (uint32_t stride = 192; stride <= 66048; stride += 8) {
		for (size_t i = 0; i < COUNT(last); i++) {
			uint64_t distance = (uint64_t)last[i] * stride;

			assert_true(index_at(stride, distance) == last[i]);
			assert_true(index_at(stride, distance - stride) == last[i] - 1);
		}
	}
}

static void
create_refuses_parameters_out_of_range(void **state)
{
	static const struct fp_pool_params bad[] = {
		{ NULL, 64, 512, 0, SOCKET_ID_ANY }, { "", 64, 512, 0, SOCKET_ID_ANY },
		{ "a_name_of_24_characters_", 64, 512, 0, SOCKET_ID_ANY },
		{ "pool", 0, 512, 0, SOCKET_ID_ANY },
		{ "pool", FP_POOL_BUFFERS_MAX + 1, 512, 0, SOCKET_ID_ANY },
		{ "pool", UINT32_MAX, 512, 0, SOCKET_ID_ANY }, { "pool", 64, 0, 0, SOCKET_ID_ANY },
		{ "pool", 64, RTE_PKTMBUF_HEADROOM, 0, SOCKET_ID_ANY },
		{ "pool", 64, 512, 513, SOCKET_ID_ANY },
		{ "pool", 64, 512, 44, SOCKET_ID_ANY }, /* more than two thirds of the buffers */
	};
	struct fp_pool *pool;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		pool = (struct fp_pool *)&pool;
		assert_int_equal(fp_pool_create(&bad[i], &pool), -EINVAL);
		assert_null(pool);
	}
	assert_int_equal(fp_pool_create(NULL, &pool), -EINVAL);
	fp_pool_destroy(create("a_name_of_23_characters", 1, RTE_PKTMBUF_HEADROOM + 1, 0));
	fp_pool_destroy(create("pool", 768, 512, 512));
	fp_pool_destroy(NULL);
}

static void
a_name_is_taken_once(void **state)
{
	struct fp_pool *pool = create("pool", 64, 512, 0);
	struct fp_pool *second = pool;

	(void)state;
	assert_int_equal(fp_pool_create(&usual, &second), -EEXIST);
	assert_null(second);
	/* The first one is as it was. */
	assert_string_equal(pool->name, "pool");
	assert_int_equal(rte_mempool_avail_count(pool->mempool), 64);
	fp_pool_destroy(pool);
	fp_pool_destroy(create("pool", 64, 512, 0));
}

static void
a_mempool_of_somebody_else_keeps_its_name(void **state)
{
	struct rte_mempool *foreign = rte_pktmbuf_pool_create("pool", 63, 0, 0, 512, SOCKET_ID_ANY);
	struct fp_pool *pool;

	(void)state;
	assert_non_null(foreign);
	assert_int_equal(fp_pool_create(&usual, &pool), -EEXIST);
	assert_null(pool);
	rte_mempool_free(foreign);
	/* Nothing of the failed one is left that would take the name. */
	fp_pool_destroy(create("pool", 64, 512, 0));
}

static size_t
heap_used(void)
{
	struct rte_malloc_socket_stats stats;

	assert_int_equal(rte_malloc_get_socket_stats(0, &stats), 0);
	return stats.heap_allocsz_bytes;
}

static void
destroy_gives_all_memory_back(void **state)
{
	size_t before = heap_used();

	(void)state;
	for (int i = 0; i < CHURN; i++) {
		fp_pool_destroy(create("pool", 512, 2176, 256));
		assert_true(heap_used() == before);
	}
}

static void
a_pool_that_does_not_fit_leaves_nothing_behind(void **state)
{
	/* Their slots fit, their buffers do not. */
	static const struct fp_pool_params large[] = {
		{ "large", FP_POOL_BUFFERS_MAX, 2176, 0, SOCKET_ID_ANY },
		{ "large", 1 << 18, 2176, 32, SOCKET_ID_ANY },
	};
	size_t before = heap_used();
	struct fp_pool *pool;

	(void)state;
	for (size_t i = 0; i < COUNT(large); i++) {
		assert_int_equal(fp_pool_create(&large[i], &pool), -ENOMEM);
		assert_null(pool);
		assert_true(heap_used() == before);
	}
	fp_pool_destroy(create("large", 64, 512, 0));
}

static void
the_estimate_of_bytes_is_enough_and_not_far_off(void **state)
{
	static const struct fp_pool_params sizes[] = {
		{ "pool", 1, 256, 0, SOCKET_ID_ANY },
		{ "pool", 64, 512, 0, SOCKET_ID_ANY },
		{ "pool", 1024, 2176, 32, SOCKET_ID_ANY },
		{ "pool", 8192, 2176, 512, SOCKET_ID_ANY },
		{ "pool", 1 << 17, 256, 512, SOCKET_ID_ANY },
		{ "pool", (1 << 18) - 1, 192, 512, SOCKET_ID_ANY },
		{ "pool", 1 << 18, 192, 512, SOCKET_ID_ANY },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(sizes); i++) {
		size_t before = heap_used();
		struct fp_pool *pool;
		size_t taken;

		assert_int_equal(fp_pool_create(&sizes[i], &pool), 0);
		taken = heap_used() - before;
		assert_true(fp_pool_bytes(&sizes[i]) >= taken);
		assert_true(fp_pool_bytes(&sizes[i]) <= taken + taken / 4 + (4U << 20));
		fp_pool_destroy(pool);
	}
}

static void
pools_are_listed_until_the_places_are_used_up(void **state)
{
	struct fp_pool *created[FP_POOLS_MAX];
	struct fp_pool *more;
	char name[FP_POOL_NAME_BYTES];
	uint32_t id;

	(void)state;
	for (uint32_t i = 0; i < FP_POOLS_MAX; i++) {
		(void)snprintf(name, sizeof(name), "pool_%u", i);
		created[i] = create(name, 1, 256, 0);
		assert_ptr_equal(fp_pool_at(created[i]->id), created[i]);
		/* In turn, so that an id rests before it names another pool. */
		assert_int_equal(created[i]->id, (created[0]->id + i) % FP_POOLS_MAX);
	}
	assert_int_equal(fp_pool_create(&usual, &more), -ENOMEM);
	assert_null(more);
	assert_null(fp_pool_at(FP_POOLS_MAX));
	assert_null(fp_pool_at(UINT32_MAX));
	id = created[7]->id;
	fp_pool_destroy(created[7]);
	assert_null(fp_pool_at(id));
	created[7] = create("again", 1, 256, 0);
	assert_ptr_equal(fp_pool_at(id), created[7]);
	assert_int_equal(created[7]->id, id);
	for (uint32_t i = 0; i < FP_POOLS_MAX; i++)
		fp_pool_destroy(created[i]);
}

static void
a_full_pool_rents_out_each_buffer_once_and_counts_refusals(void **state)
{
	struct fp_pool *pool = create("pool", 64, 512, 0);
	struct fp_pool_counters total;
	struct fp_lease leases[64];
	struct fp_lease more = { (struct rte_mbuf *)&total, 1, 1, 1 };
	bool seen[64] = { false };

	(void)state;
	for (uint32_t i = 0; i < 64; i++) {
		uint32_t idx;

		assert_int_equal(fp_lease_rent(pool, 100, i, &leases[i]), 0);
		idx = fpi_pool_index(pool, leases[i].mbuf);
		assert_false(seen[idx]);
		seen[idx] = true;
	}
	for (int i = 0; i < 3; i++) {
		assert_int_equal(fp_lease_rent(pool, 100, 0, &more), -ENOBUFS);
		assert_true(fp_lease_is_empty(&more));
	}
	assert_int_equal(fp_pool_held(pool), 64);
	fp_lease_release_burst(leases, 64, 0);
	fp_pool_count(pool, &total);
	assert_int_equal(total.rented, 64);
	assert_int_equal(total.returned, 64);
	assert_int_equal(total.refused, 3);
	assert_int_equal(total.received + total.handed_to_tx, 0);
	assert_int_equal(fp_pool_held(pool), 0);
	assert_int_equal(rte_mempool_avail_count(pool->mempool), 64);
	fp_pool_destroy(pool);
}

#if FP_LIFETIME
static void
holders_are_listed_in_pages_by_index(void **state)
{
	struct fp_pool *pool = create("pool", 64, 512, 0);
	struct fp_pool_holder holders[HOLDERS_MAX];
	struct fp_lease leases[64];
	uint32_t listed = 0;
	uint32_t from = 0;
	uint32_t got;

	(void)state;
	assert_int_equal(fp_pool_holders(pool, 0, holders, HOLDERS_MAX), 0);
	for (uint32_t i = 0; i < 64; i++)
		assert_int_equal(fp_lease_rent(pool, 100, 1000 + i, &leases[i]), 0);
	/* What stays with us: buffers of odd index. */
	for (uint32_t i = 0; i < 64; i++) {
		if (fpi_pool_index(pool, leases[i].mbuf) % 2 == 0)
			fp_lease_release(&leases[i]);
	}
	while ((got = fp_pool_holders(pool, from, holders, 5)) != 0) {
		for (uint32_t i = 0; i < got; i++) {
			assert_int_equal(holders[i].buffer_idx, 2 * (listed + i) + 1);
			assert_int_equal(holders[i].slot.generation, 1);
			assert_int_equal(holders[i].slot.op, FP_SLOT_RENTED);
			assert_int_equal(holders[i].slot.lcore, rte_lcore_id());
			assert_in_range(holders[i].slot.tsc, 1000, 1063);
		}
		listed += got;
		from = holders[got - 1].buffer_idx + 1;
	}
	assert_int_equal(listed, 32);
	assert_int_equal(fp_pool_holders(pool, 64, holders, 5), 0);
	assert_int_equal(fp_pool_holders(pool, UINT32_MAX, holders, 5), 0);
	assert_int_equal(fp_pool_holders(pool, 0, holders, 0), 0);
	fp_lease_release_burst(leases, 64, 0);
	assert_int_equal(fp_pool_holders(pool, 0, holders, HOLDERS_MAX), 0);
	fp_pool_destroy(pool);
}

static void
the_report_tells_of_each_holder_the_oldest_lease_and_its_operation(void **state)
{
	const unsigned int lcore_id = rte_lcore_id();
	struct fp_pool *pool = create("pool", 64, 512, 0);
	struct fp_pool_report report;
	struct fp_lease leases[3];

	(void)state;
	for (uint32_t i = 0; i < 3; i++)
		assert_int_equal(fp_lease_rent(pool, 100, 1000 - i, &leases[i]), 0);
	RTE_PER_LCORE(_lcore_id) = LCORE_ID_ANY;
	fp_lease_take_over(&leases[1], 1, 500);
	RTE_PER_LCORE(_lcore_id) = lcore_id;
	fp_pool_report(pool, &report);
	assert_int_equal(report.all.buffers, 3);
	assert_int_equal(report.all.oldest_op, FP_SLOT_TAKEN_OVER);
	assert_int_equal(report.by_lcore[lcore_id].buffers, 2);
	assert_int_equal(
		report.by_lcore[lcore_id].oldest_idx, fpi_pool_index(pool, leases[2].mbuf));
	assert_int_equal(report.by_lcore[lcore_id].oldest_tsc, 998);
	assert_int_equal(report.by_lcore[lcore_id].oldest_op, FP_SLOT_RENTED);
	assert_int_equal(report.by_lcore[RTE_MAX_LCORE].buffers, 1);
	assert_int_equal(report.by_lcore[RTE_MAX_LCORE].oldest_tsc, 500);
	assert_int_equal(report.by_lcore[RTE_MAX_LCORE].oldest_op, FP_SLOT_TAKEN_OVER);
	fp_lease_release_burst(leases, 3, 0);
	fp_pool_report(pool, &report);
	assert_int_equal(report.all.buffers, 0);
	assert_int_equal(report.all.oldest_op, FP_SLOT_NEW);
	fp_pool_destroy(pool);
}
#endif

static void
operations_have_names_of_their_own(void **state)
{
	(void)state;
	for (uint32_t i = FP_SLOT_NEW; i < FP_SLOT_OP_COUNT; i++) {
		const char *name = fp_slot_op_name((uint8_t)i);

		assert_string_not_equal(name, "unknown");
		for (uint32_t other = FP_SLOT_NEW; other < i; other++)
			assert_string_not_equal(name, fp_slot_op_name((uint8_t)other));
	}
	assert_string_equal(fp_slot_op_name(FP_SLOT_OP_COUNT), "unknown");
	assert_string_equal(fp_slot_op_name(UINT8_MAX), "unknown");
}

static void
look_up_pool(void *mbuf)
{
	(void)fpi_pool_of(mbuf);
}

static void
an_mbuf_of_another_mempool_panics_with_its_name(void **state)
{
	/* Their private areas do not matter: neither was given slots. */
	static const char *const names[] = { "small_private", "large_private" };

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		struct rte_mempool *mempool = rte_mempool_create(names[i], 15,
			sizeof(struct rte_mbuf) + 256, 0,
			i == 0 ? sizeof(struct rte_pktmbuf_pool_private) : 256,
			rte_pktmbuf_pool_init, NULL, rte_pktmbuf_init, NULL, SOCKET_ID_ANY, 0);
		struct rte_mbuf *mbuf;

		assert_non_null(mempool);
		mbuf = rte_pktmbuf_alloc(mempool);
		assert_non_null(mbuf);
		ASSERT_PANICS(look_up_pool, mbuf, names[i]);
		rte_mempool_free(mempool);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(every_buffer_has_an_index_of_its_own, destroy_all),
		cmocka_unit_test_teardown(
			indexes_are_those_of_a_division_up_to_the_largest_pool, destroy_all),
		cmocka_unit_test_teardown(create_refuses_parameters_out_of_range, destroy_all),
		cmocka_unit_test_teardown(a_name_is_taken_once, destroy_all),
		cmocka_unit_test_teardown(a_mempool_of_somebody_else_keeps_its_name, destroy_all),
		cmocka_unit_test_teardown(destroy_gives_all_memory_back, destroy_all),
		cmocka_unit_test_teardown(
			a_pool_that_does_not_fit_leaves_nothing_behind, destroy_all),
		cmocka_unit_test_teardown(
			the_estimate_of_bytes_is_enough_and_not_far_off, destroy_all),
		cmocka_unit_test_teardown(
			pools_are_listed_until_the_places_are_used_up, destroy_all),
		cmocka_unit_test_teardown(
			a_full_pool_rents_out_each_buffer_once_and_counts_refusals, destroy_all),
#if FP_LIFETIME
		cmocka_unit_test_teardown(holders_are_listed_in_pages_by_index, destroy_all),
		cmocka_unit_test_teardown(
			the_report_tells_of_each_holder_the_oldest_lease_and_its_operation,
			destroy_all),
#endif
		cmocka_unit_test_teardown(operations_have_names_of_their_own, destroy_all),
		cmocka_unit_test_teardown(
			an_mbuf_of_another_mempool_panics_with_its_name, destroy_all),
	};
	int failed;

	if (fp_test_eal_init() != 0) {
		(void)printf("1..0 # SKIP EAL did not start\n");
		return EXIT_SKIP;
	}
	failed = cmocka_run_group_tests_name("fp_pool", tests, NULL, NULL);
	fp_test_eal_fini();
	return failed;
}
