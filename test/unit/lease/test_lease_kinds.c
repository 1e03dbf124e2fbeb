/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Leases on buffers of every kind, split, moved and cloned. After each test every buffer is back
 * and every count adds up.
 */

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fp_lease.h"
#include "fp_test_eal.h"
#include "fp_test_panic.h"
#include "kinds.h"
#include "test_port.h"

#define CLONERS   2
#define ROUNDS    20000
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

static struct fp_lease
rent(uint16_t len)
{
	struct fp_lease lease;

	assert_int_equal(fp_lease_rent(kinds.created, len, 1, &lease), 0);
	for (uint16_t i = 0; i < len; i++)
		fp_lease_writable(&lease).data[i] = (uint8_t)i;
	return lease;
}

static struct fp_lease
clone_of(const struct fp_lease *lease, struct fp_pool *pool)
{
	struct fp_lease out;

	assert_int_equal(fp_lease_clone(lease, pool, 1, &out), 0);
	return out;
}

/* The window is [first, first + len) of a buffer of bytes 0, 1, 2... */
static void
assert_window(const struct fp_lease *lease, uint8_t first, uint16_t len)
{
	struct fp_cspan span = fp_lease_span(lease);

	assert_int_equal(span.len, len);
	for (uint32_t i = 0; i < len; i++)
		assert_int_equal(fp_cspan_at(span, i), (uint8_t)(first + i));
}

static void
a_transfer_empties_its_source(void **state)
{
	struct fp_lease lease = rent(30);
	struct fp_lease moved = fp_lease_transfer(&lease);
	struct fp_lease none = fp_lease_none();

	(void)state;
	assert_true(fp_lease_is_empty(&lease));
	assert_window(&moved, 0, 30);
	fp_lease_release(&lease);
	kinds_assert_counts(kinds.created, 0, 1, 0, 0);
	fp_lease_release(&moved);
	kinds_assert_counts(kinds.created, 0, 1, 1, 0);
	moved = fp_lease_transfer(&none);
	assert_true(fp_lease_is_empty(&moved));
}

static void
a_split_divides_the_window_or_changes_nothing(void **state)
{
	static const uint16_t ats[] = { 0, 1, 39, 40, 41, 0x8000, UINT16_MAX };

	(void)state;
	for (size_t i = 0; i < RTE_DIM(ats); i++) {
		struct fp_lease front = rent(60);
		struct fp_lease back = front;
		bool is_inside = ats[i] <= 40;

		assert_int_equal(fp_lease_slice(&front, 10, 40), 0);
		assert_int_equal(fp_lease_split(&front, ats[i], &back), is_inside ? 0 : -ERANGE);
		assert_int_equal(fp_lease_is_empty(&back), !is_inside);
		assert_window(&front, 10, is_inside ? ats[i] : 40);
		if (is_inside)
			assert_window(&back, (uint8_t)(10 + ats[i]), (uint16_t)(40 - ats[i]));
		assert_int_equal(fp_pool_held(kinds.created), 1);
		fp_lease_release(&front);
		assert_int_equal(fp_pool_held(kinds.created), is_inside);
		fp_lease_release(&back);
	}
}

static void
a_buffer_is_split_into_single_bytes_and_no_further_than_the_ceiling(void **state)
{
	static struct fp_lease shares[FP_LEASE_SHARES_MAX];
	struct fp_lease bytes[200];
	struct fp_lease rest = rent(200);

	(void)state;
	for (int i = 199; i > 0; i--)
		assert_int_equal(fp_lease_split(&rest, (uint16_t)i, &bytes[i]), 0);
	bytes[0] = fp_lease_transfer(&rest);
	for (int i = 0; i < 200; i++)
		assert_window(&bytes[i], (uint8_t)i, 1);
	fp_lease_release_burst(bytes, 200, 1);
	rest = rent(200);
	for (uint32_t i = 0; i < FP_LEASE_SHARES_MAX; i++)
		assert_int_equal(fp_lease_share(&rest, &shares[i]), 0);
	assert_int_equal(fp_lease_split(&rest, 100, &bytes[0]), -EOVERFLOW);
	assert_true(fp_lease_is_empty(&bytes[0]));
	assert_window(&rest, 0, 200);
	fp_lease_release(&rest);
	fp_lease_release_burst(shares, FP_LEASE_SHARES_MAX, 1);
	kinds_assert_counts(kinds.created, 0, 2, 2, 0);
}

static void
buffers_of_every_kind_are_received_shared_and_released(void **state)
{
	static uint8_t memory[512] __rte_aligned(64);
	struct fp_pool *const pools[] = { kinds.created, kinds.adopted, kinds.pinned };

	(void)state;
	for (uint32_t i = 0; i <= RTE_DIM(pools); i++) {
		struct fp_pool *pool = pools[i % RTE_DIM(pools)];
		struct fp_lease lease =
			kinds_take(i < RTE_DIM(pools) ? kinds_receive(&pool, 1, 1, 90)
						      : kinds_attach(&kinds, pool, memory, 90));
		struct fp_lease other;

		assert_int_equal(fp_lease_share(&lease, &other), 0);
		assert_int_equal(fp_lease_slice(&other, 80, 10), 0);
		assert_window(&lease, 0, 90);
		fp_lease_release(&lease);
		assert_window(&other, 80, 10);
		assert_int_equal(fp_pool_held(pool), 1);
		fp_lease_release(&other);
		assert_int_equal(fp_pool_held(pool), 0);
	}
	assert_int_equal(kinds.freed, 1);
	kinds_assert_counts(kinds.created, 2, 0, 2, 0);
	kinds_assert_counts(kinds.pinned, 1, 0, 1, 0);
}

static void
chains_of_1_to_64_segments_of_different_pools_come_back(void **state)
{
	struct fp_pool *const pools[] = { kinds.created, kinds.adopted, kinds.pinned };

	(void)state;
	for (uint16_t segments = 1; segments <= KINDS_SEGMENTS; segments++) {
		struct fp_lease lease = kinds_take(kinds_receive(pools, 3, segments, 4));
		struct fp_lease other;

		assert_int_equal(fp_lease_total_len(&lease), segments * 4);
		assert_int_equal(fp_lease_is_contiguous(&lease), segments == 1);
		assert_int_equal(fp_lease_share(&lease, &other), 0);
		fp_lease_release(&lease);
		assert_int_equal(other.mbuf != NULL ? fp_lease_total_len(&other) : 0, segments * 4);
		fp_lease_release_burst(&other, 1, 1);
		assert_true(kinds_are_all_back(&kinds));
	}
	/* A chain counts as one buffer, with the pool of its head. */
	kinds_assert_counts(kinds.created, KINDS_SEGMENTS, 0, KINDS_SEGMENTS, 0);
	kinds_assert_counts(kinds.adopted, 0, 0, 0, 0);
	kinds_assert_counts(kinds.pinned, 0, 0, 0, 0);
}

static void
any_part_of_a_shared_buffer_is_transmitted_through_a_clone(void **state)
{
	struct fp_lease lease = rent(100);
	struct fp_lease other;
	struct fp_lease clones[2];
	struct test_port port;
	void *sent = NULL;

	(void)state;
	assert_int_equal(test_port_open_ring(&port, "clones", kinds.created->mempool, 4), 0);
	assert_int_equal(fp_lease_share(&lease, &other), 0);
	assert_int_equal(fp_lease_slice(&other, 20, 30), 0);
	clones[0] = clone_of(&other, kinds.adopted);
	clones[1] = clone_of(&lease, kinds.created);
	assert_window(&clones[0], 20, 30);
	assert_int_equal(fp_lease_slice(&clones[1], 90, 10), 0);
	assert_int_equal(fp_lease_transmit(port.id, 0, clones, 2, 1), 2);
	/* Whose leases are released before the driver is done. */
	fp_lease_release(&other);
	fp_lease_release(&lease);
	kinds_assert_counts(kinds.adopted, 0, 1, 0, 1);
	kinds_assert_counts(kinds.created, 0, 2, 1, 1);
	for (int i = 0; i < 2; i++) {
		struct rte_mbuf *mbuf;

		assert_int_equal(rte_ring_dequeue(port.tx, &sent), 0);
		mbuf = sent;
		assert_int_equal(rte_pktmbuf_pkt_len(mbuf), i == 0 ? 30 : 10);
		assert_int_equal(*rte_pktmbuf_mtod(mbuf, uint8_t *), i == 0 ? 20 : 90);
		rte_pktmbuf_free(mbuf);
	}
	test_port_close(&port);
}

static void
clones_and_originals_end_in_any_order(void **state)
{
	static const uint8_t orders[][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 }, { 1, 2, 0 },
		{ 2, 0, 1 }, { 2, 1, 0 } };
	static uint8_t memory[512] __rte_aligned(64);
	struct fp_pool *const pools[] = { kinds.created, kinds.adopted, kinds.pinned };

	(void)state;
	/* Of one buffer, over external memory, pinned, and chains of two and three pools. */
	for (uint32_t i = 0; i < 5 * RTE_DIM(orders); i++) {
		const uint8_t *order = orders[i % RTE_DIM(orders)];
		uint32_t kind = i / RTE_DIM(orders);
		struct fp_lease leases[3];

		leases[0] = kinds_take(kind == 1
				? kinds_attach(&kinds, kinds.created, memory, 50)
				: kinds_receive(kind == 2 ? &pools[2] : pools,
					  kind < 3 ? 1 : kind - 1, kind < 3 ? 1 : 7, 50));
		/* A clone, and a clone of the clone. */
		leases[1] = clone_of(&leases[0], kinds.adopted);
		leases[2] = clone_of(&leases[1], kinds.created);
		for (int j = 0; j < 3; j++) {
			for (int k = j; k < 3; k++) {
				assert_window(&leases[order[k]], 0, 50);
				assert_int_equal(
					fp_lease_total_len(&leases[order[k]]), kind < 3 ? 50 : 350);
			}
			fp_lease_release(&leases[order[j]]);
		}
		assert_true(kinds_are_all_back(&kinds));
	}
	assert_int_equal(kinds.freed, RTE_DIM(orders));
	kinds_assert_counts(kinds.adopted, 0, 5 * RTE_DIM(orders), 5 * RTE_DIM(orders), 0);
}

static void
a_clone_that_finds_too_few_mbufs_is_refused_whole(void **state)
{
	struct fp_pool *const pools[] = { kinds.adopted };
	struct fp_lease lease = kinds_take(kinds_receive(pools, 1, 5, 10));
	struct fp_lease others[KINDS_BUFFERS];
	struct fp_pool_counters total;
	struct fp_lease clone = lease;

	(void)state;
	for (uint32_t i = 0; i < KINDS_BUFFERS - 4; i++)
		others[i] = rent(1);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(fp_lease_clone(&lease, kinds.created, 1, &clone), -ENOBUFS);
		assert_true(fp_lease_is_empty(&clone));
	}
	fp_pool_count(kinds.created, &total);
	assert_int_equal(total.refused, 2);
	assert_int_equal(rte_mempool_avail_count(kinds.created->mempool), 4);
	for (struct rte_mbuf *mbuf = lease.mbuf; mbuf != NULL; mbuf = mbuf->next)
		assert_int_equal(rte_mbuf_refcnt_read(mbuf), 1);
	fp_lease_release(&others[0]);
	clone = clone_of(&lease, kinds.created);
	fp_lease_release(&lease);
	fp_lease_release(&clone);
	fp_lease_release_burst(others + 1, KINDS_BUFFERS - 5, 1);
}

static void
clones_stop_at_the_ceiling_of_references(void **state)
{
	struct fp_lease lease = rent(10);
	struct fp_lease clone = lease;

	(void)state;
	rte_mbuf_refcnt_set(lease.mbuf, FP_LEASE_SHARES_MAX + 1);
	assert_int_equal(fp_lease_clone(&lease, kinds.adopted, 1, &clone), -EOVERFLOW);
	assert_true(fp_lease_is_empty(&clone));
	rte_mbuf_refcnt_set(lease.mbuf, 1);
	fp_lease_release(&lease);
}

/* Clones a share of its own again and again. */
struct cloner {
	pthread_t thread;
	struct fp_lease lease;
	struct fp_pool *pool;
	uint32_t wrong;
};

static void *
clone_and_release(void *arg)
{
	struct cloner *cloner = arg;

	for (int i = 0; i < ROUNDS; i++) {
		struct fp_lease clone;

		if (fp_lease_clone(&cloner->lease, cloner->pool, 1, &clone) != 0)
			continue;
		cloner->wrong += fp_lease_span(&clone).data[7] != 7;
		fp_lease_release(&clone);
	}
	fp_lease_release(&cloner->lease);
	return NULL;
}

/* fpcheck: allow R-04-01 because each thread releases the share that it got */
static void
holders_clone_the_same_chain_at_the_same_time(void **state)
{
	struct fp_pool *const pools[] = { kinds.created, kinds.pinned };
	struct cloner cloners[CLONERS];
	struct fp_lease lease = kinds_take(kinds_receive(pools, 2, 3, 20));

	(void)state;
	for (int i = 0; i < CLONERS; i++) {
		cloners[i].pool = i == 0 ? kinds.created : kinds.adopted;
		cloners[i].wrong = 0;
		assert_int_equal(fp_lease_share(&lease, &cloners[i].lease), 0);
	}
	for (int i = 0; i < CLONERS; i++) {
		assert_int_equal(
			pthread_create(&cloners[i].thread, NULL, clone_and_release, &cloners[i]),
			0);
	}
	for (int i = 0; i < CLONERS; i++) {
		assert_int_equal(pthread_join(cloners[i].thread, NULL), 0);
		assert_int_equal(cloners[i].wrong, 0);
	}
	for (struct rte_mbuf *mbuf = lease.mbuf; mbuf != NULL; mbuf = mbuf->next)
		assert_int_equal(rte_mbuf_refcnt_read(mbuf), 1);
	fp_lease_release(&lease);
}

/* A driver holds the clone, whose lease and whose original's are over: it may read the bytes. */
static void
what_a_driver_holds_stays_readable(void **state)
{
	struct fp_lease lease = rent(40);
	struct fp_lease clone = clone_of(&lease, kinds.created);
	struct fp_lease other;
	struct test_port port;
	struct rte_mbuf *mbuf;
	void *sent = NULL;

	(void)state;
	assert_int_equal(test_port_open_ring(&port, "holds", kinds.created->mempool, 4), 0);
	assert_int_equal(fp_lease_share(&clone, &other), 0);
	fp_lease_release(&lease);
	assert_int_equal(fp_lease_transmit(port.id, 0, &other, 1, 1), 1);
	fp_lease_release(&clone);
	assert_int_equal(fp_pool_held(kinds.created), 0);
	assert_int_equal(rte_ring_dequeue(port.tx, &sent), 0);
	mbuf = sent;
	for (uint32_t i = 0; i < 40; i++)
		assert_int_equal(rte_pktmbuf_mtod(mbuf, uint8_t *)[i], i);
	rte_pktmbuf_free(mbuf);
	test_port_close(&port);
}

/* fpcheck: allow R-04-01 because this panics, and its caller wants it to */
static void
clone_into_pinned(void *lease)
{
	struct fp_lease out;

	(void)!fp_lease_clone(lease, kinds.pinned, 1, &out);
}

static void
a_clone_into_a_pinned_pool_panics_with_its_name(void **state)
{
	struct fp_lease lease = rent(10);

	(void)state;
	ASSERT_PANICS(clone_into_pinned, &lease, "clone: the mbufs of pool pinned are pinned");
	fp_lease_release(&lease);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_kinds, close_kinds)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_transfer_empties_its_source),
		TEST(a_split_divides_the_window_or_changes_nothing),
		TEST(a_buffer_is_split_into_single_bytes_and_no_further_than_the_ceiling),
		TEST(buffers_of_every_kind_are_received_shared_and_released),
		TEST(chains_of_1_to_64_segments_of_different_pools_come_back),
		TEST(any_part_of_a_shared_buffer_is_transmitted_through_a_clone),
		TEST(clones_and_originals_end_in_any_order),
		TEST(a_clone_that_finds_too_few_mbufs_is_refused_whole),
		TEST(clones_stop_at_the_ceiling_of_references),
		TEST(holders_clone_the_same_chain_at_the_same_time),
		TEST(what_a_driver_holds_stays_readable),
		TEST(a_clone_into_a_pinned_pool_panics_with_its_name),
	};
	int failed;

	if (fp_test_eal_init() != 0) {
		(void)printf("1..0 # SKIP EAL did not start\n");
		return EXIT_SKIP;
	}
	failed = cmocka_run_group_tests_name("lease_kinds", tests, NULL, NULL);
	fp_test_eal_fini();
	return failed;
}
