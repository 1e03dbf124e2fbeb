/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Hand-offs on one lcore: parameters, both policies, counters, and where their memory is. All short
 * sequences: test/model/test_handoff_model.c; two lcores: test/stress/stress_lease.c.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <rte_malloc.h>
#include <rte_memory.h>
#include <rte_memzone.h>

#include <cmocka.h>

#include "fp_handoff.h"
#include "fp_test_eal.h"
#include "fp_test_panic.h"

#define BUFFERS   64
#define DATA_ROOM (RTE_PKTMBUF_HEADROOM + 64)
#define EXIT_SKIP 77

static struct fp_pool *pool;

static int
create_pool(void **state)
{
	struct fp_pool_params params = { "tested", BUFFERS, DATA_ROOM, 0, SOCKET_ID_ANY };

	(void)state;
	return fp_pool_create(&params, &pool);
}

static int
destroy_pool(void **state)
{
	bool is_clean =
		rte_mempool_avail_count(pool->mempool) == BUFFERS && fp_pool_held(pool) == 0;

	(void)state;
	fp_pool_destroy(pool);
	return is_clean ? 0 : -1;
}

static struct fp_handoff *
create(uint32_t cap, enum fp_handoff_policy policy)
{
	struct fp_handoff_params params = { "tested_handoff", cap, policy, SOCKET_ID_ANY };
	struct fp_handoff *handoff;

	assert_int_equal(fp_handoff_create(&params, &handoff), 0);
	assert_non_null(handoff);
	return handoff;
}

static void
rent(struct fp_lease *leases, uint16_t count)
{
	for (uint16_t i = 0; i < count; i++) {
		assert_int_equal(fp_lease_rent(pool, 8, 1, &leases[i]), 0);
		fp_lease_writable(&leases[i]).data[0] = (uint8_t)i;
	}
}

static void
assert_counters(const struct fp_handoff *handoff, uint64_t sent, uint64_t refused, uint64_t dropped,
	uint64_t received)
{
	struct fp_handoff_counters counters;

	fp_handoff_get_counters(handoff, &counters);
	assert_int_equal(counters.sent, sent);
	assert_int_equal(counters.refused, refused);
	assert_int_equal(counters.dropped, dropped);
	assert_int_equal(counters.received, received);
	assert_int_equal(fp_handoff_count(handoff), sent - received);
}

static void
create_refuses_parameters_out_of_range(void **state)
{
	static const struct fp_handoff_params bad[] = {
		{ NULL, 4, FP_HANDOFF_KEEP, SOCKET_ID_ANY },
		{ "", 4, FP_HANDOFF_KEEP, SOCKET_ID_ANY },
		{ "a_name_of_25_characters__", 4, FP_HANDOFF_KEEP, SOCKET_ID_ANY },
		{ "handoff", 0, FP_HANDOFF_KEEP, SOCKET_ID_ANY },
		{ "handoff", FP_HANDOFF_CAP_MAX + 1, FP_HANDOFF_KEEP, SOCKET_ID_ANY },
		{ "handoff", UINT32_MAX, FP_HANDOFF_KEEP, SOCKET_ID_ANY },
		{ "handoff", 4, (enum fp_handoff_policy)2, SOCKET_ID_ANY },
	};
	static const struct fp_handoff_params good[] = {
		{ "a_name_of_24_characters_", 1, FP_HANDOFF_DROP, SOCKET_ID_ANY },
		{ "handoff", FP_HANDOFF_CAP_MAX, FP_HANDOFF_KEEP, SOCKET_ID_ANY },
	};
	struct fp_handoff *handoff;

	(void)state;
	for (size_t i = 0; i < RTE_DIM(bad); i++) {
		handoff = (struct fp_handoff *)&handoff;
		assert_int_equal(fp_handoff_create(&bad[i], &handoff), -EINVAL);
		assert_null(handoff);
	}
	assert_int_equal(fp_handoff_create(NULL, &handoff), -EINVAL);
	for (size_t i = 0; i < RTE_DIM(good); i++) {
		assert_int_equal(fp_handoff_create(&good[i], &handoff), 0);
		assert_int_equal(fp_handoff_destroy(handoff), 0);
	}
	assert_int_equal(fp_handoff_destroy(NULL), 0);
}

static void
a_name_is_taken_once_and_memory_given_back(void **state)
{
	const struct fp_handoff_params params = { "tested_handoff", 4, FP_HANDOFF_KEEP,
		SOCKET_ID_ANY };
	struct rte_malloc_socket_stats before;
	struct rte_malloc_socket_stats after;
	struct fp_handoff *second;

	(void)state;
	assert_int_equal(rte_malloc_get_socket_stats(0, &before), 0);
	for (int i = 0; i < 20; i++) {
		struct fp_handoff *handoff = create(4, FP_HANDOFF_KEEP);

		second = handoff;
		assert_int_equal(fp_handoff_create(&params, &second), -EEXIST);
		assert_null(second);
		assert_int_equal(fp_handoff_destroy(handoff), 0);
	}
	assert_int_equal(rte_malloc_get_socket_stats(0, &after), 0);
	assert_true(before.heap_allocsz_bytes == after.heap_allocsz_bytes);
}

static void
leases_arrive_in_order_and_the_senders_are_empty(void **state)
{
	struct fp_handoff *handoff = create(8, FP_HANDOFF_KEEP);
	struct fp_lease leases[8];
	struct fp_lease got[8];

	(void)state;
	rent(leases, 8);
	assert_int_equal(fp_handoff_send(handoff, leases, 0, 1), 0);
	assert_int_equal(fp_handoff_send(handoff, leases, 8, 1), 8);
	for (int i = 0; i < 8; i++)
		assert_true(fp_lease_is_empty(&leases[i]));
	assert_counters(handoff, 8, 0, 0, 0);
	assert_int_equal(fp_pool_held(pool), 8);
	assert_int_equal(fp_handoff_receive(handoff, got, 0, 1), 0);
	assert_int_equal(fp_handoff_receive(handoff, got, 3, 1), 3);
	assert_int_equal(fp_handoff_receive(handoff, got + 3, 8, 1), 5);
	assert_int_equal(fp_handoff_receive(handoff, leases, 8, 1), 0);
	for (int i = 0; i < 8; i++)
		assert_int_equal(fp_cspan_at(fp_lease_span(&got[i]), 0), i);
	assert_counters(handoff, 8, 0, 0, 8);
	fp_lease_release_burst(got, 8, 1);
	assert_int_equal(fp_handoff_destroy(handoff), 0);
}

static void
what_does_not_fit_stays_or_is_released_by_policy(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct fp_handoff *handoff = create(5, i == 0 ? FP_HANDOFF_KEEP : FP_HANDOFF_DROP);
		struct fp_lease leases[8];
		struct fp_lease got[8];

		rent(leases, 8);
		assert_int_equal(fp_handoff_send(handoff, leases, 8, 1), 5);
		for (int j = 0; j < 8; j++)
			assert_int_equal(fp_lease_is_empty(&leases[j]), j < 5 || i == 1);
		assert_int_equal(fp_pool_held(pool), i == 0 ? 8 : 5);
		assert_counters(handoff, 5, i == 0 ? 3 : 0, i == 0 ? 0 : 3, 0);
		assert_int_equal(fp_handoff_receive(handoff, got, 2, 1), 2);
		if (i == 0) {
			assert_int_equal(fp_handoff_send(handoff, leases + 5, 3, 1), 2);
			assert_counters(handoff, 7, 4, 0, 2);
			assert_false(fp_lease_is_empty(&leases[7]));
		}
		fp_lease_release_burst(got, 2, 1);
		fp_lease_release_burst(leases, 8, 1);
		/* What is under way is released with the hand-off. */
		assert_int_equal(fp_handoff_destroy(handoff), i == 0 ? 5 : 3);
		assert_int_equal(fp_pool_held(pool), 0);
	}
}

static void
leases_of_one_buffer_travel_with_their_windows(void **state)
{
	struct fp_handoff *handoff = create(2, FP_HANDOFF_DROP);
	struct fp_lease leases[3];

	(void)state;
	rent(leases, 1);
	assert_int_equal(fp_lease_split(&leases[0], 3, &leases[1]), 0);
	assert_int_equal(fp_lease_share(&leases[0], &leases[2]), 0);
	/* The third is dropped, the buffer stays. */
	/* fpcheck: allow R-04-01 because a hand-off of this policy releases what does not fit */
	assert_int_equal(fp_handoff_send(handoff, leases, 3, 1), 2);
	assert_int_equal(fp_pool_held(pool), 1);
	assert_int_equal(fp_handoff_receive(handoff, leases, 3, 1), 2);
	assert_int_equal(fp_lease_span(&leases[0]).len, 3);
	assert_int_equal(fp_lease_span(&leases[1]).len, 5);
	fp_lease_release_burst(leases, 2, 1);
	assert_int_equal(fp_handoff_destroy(handoff), 0);
}

#if FP_LIFETIME
static void
reports_say_since_when_a_lease_is_under_way(void **state)
{
	struct fp_handoff *handoff = create(2, FP_HANDOFF_KEEP);
	struct fp_pool_holder holder;
	struct fp_lease lease;

	(void)state;
	rent(&lease, 1);
	assert_int_equal(fp_handoff_send(handoff, &lease, 1, 500), 1);
	assert_int_equal(fp_pool_holders(pool, 0, &holder, 1), 1);
	assert_int_equal(holder.slot.op, FP_SLOT_HANDED_OVER);
	assert_int_equal(holder.slot.tsc, 500);
	assert_int_equal(fp_handoff_receive(handoff, &lease, 1, 600), 1);
	assert_int_equal(fp_pool_holders(pool, 0, &holder, 1), 1);
	assert_int_equal(holder.slot.op, FP_SLOT_TAKEN_OVER);
	assert_int_equal(holder.slot.tsc, 600);
	assert_int_equal(holder.slot.lcore, rte_lcore_id());
	fp_lease_release(&lease);
	assert_int_equal(fp_handoff_destroy(handoff), 0);
}

static struct fp_handoff *used;

static void
send_one(void *lease)
{
	(void)fp_handoff_send(used, lease, 1, 1);
}

static void
a_lease_that_is_over_cannot_be_sent(void **state)
{
	struct fp_lease lease;
	struct fp_lease copy;

	(void)state;
	used = create(2, FP_HANDOFF_KEEP);
	rent(&lease, 1);
	copy = lease;
	fp_lease_release(&lease);
	ASSERT_PANICS(send_one, &lease, "hand over: the lease is empty");
	ASSERT_PANICS(send_one, &copy, "hand over: the lease of buffer");
	assert_int_equal(fp_handoff_destroy(used), 0);
}
#endif

/* AddressSanitizer maps most numbers that look like addresses: they cannot be told apart. */
#if !FP_HAS_ASAN
/* The words of its memory that are addresses in use are of memory that other processes map. */
static void
nothing_in_a_handoff_points_to_private_memory(void **state)
{
	struct fp_handoff *handoff = create(4, FP_HANDOFF_KEEP);
	const struct rte_memzone *zone = rte_memzone_lookup("HO_tested_handoff");
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	uint32_t inside = 0;

	(void)state;
	assert_non_null(zone);
	assert_ptr_equal(zone->addr, handoff);
	for (size_t i = 0; i + sizeof(void *) <= zone->len; i += sizeof(void *)) {
		unsigned char resident;
		char *word;

		memcpy(&word, (const char *)zone->addr + i, sizeof(word));
		/* The list of memzones is EAL's own shared memory. */
		if ((const void *)word == zone || (uintptr_t)word < page ||
			mincore(word - (uintptr_t)word % page, 1, &resident) != 0)
			continue;
		assert_non_null(rte_mem_virt2memseg_list(word));
		inside++;
	}
	assert_int_equal(inside, 1); /* its ring */
	assert_int_equal(fp_handoff_destroy(handoff), 0);
}
#endif

#define TEST(name) cmocka_unit_test_setup_teardown(name, create_pool, destroy_pool)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(create_refuses_parameters_out_of_range),
		TEST(a_name_is_taken_once_and_memory_given_back),
		TEST(leases_arrive_in_order_and_the_senders_are_empty),
		TEST(what_does_not_fit_stays_or_is_released_by_policy),
		TEST(leases_of_one_buffer_travel_with_their_windows),
#if FP_LIFETIME
		TEST(reports_say_since_when_a_lease_is_under_way),
		TEST(a_lease_that_is_over_cannot_be_sent),
#endif
#if !FP_HAS_ASAN
		TEST(nothing_in_a_handoff_points_to_private_memory),
#endif
	};
	int failed;

	if (fp_test_eal_init() != 0) {
		(void)printf("1..0 # SKIP EAL did not start\n");
		return EXIT_SKIP;
	}
	failed = cmocka_run_group_tests_name("fp_handoff", tests, NULL, NULL);
	fp_test_eal_fini();
	return failed;
}
