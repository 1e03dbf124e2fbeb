/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * What transmission does to leases, with a port that takes everything and one that is full.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_ethdev.h>

#include <cmocka.h>

#include "fp_lease.h"
#include "fp_test_eal.h"
#include "fp_test_panic.h"
#include "test_port.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define BUFFERS   200
#define DATA_ROOM (RTE_PKTMBUF_HEADROOM + 384)
#define ROOM      100
#define EXIT_SKIP 77

static struct fp_pool *pool;
static struct test_port null_port;
static struct test_port ring_port;

static int
open_ports(void **state)
{
	struct fp_pool_params params = { "tested", BUFFERS, DATA_ROOM, 0, SOCKET_ID_ANY };
	int error = fp_pool_create(&params, &pool);

	(void)state;
	if (error == 0)
		error = test_port_open_null(&null_port, "tested", pool->mempool);
	if (error == 0)
		error = test_port_open_ring(&ring_port, "tested", pool->mempool, ROOM);
	return error;
}

static bool
are_all_back(void)
{
	bool are_slots_clear = true;

	(void)test_port_drain(&ring_port, UINT32_MAX);
	for (uint32_t i = 0; i < BUFFERS; i++)
		are_slots_clear &= pool->slots[i].generation % 2 == 0 && pool->slots[i].shares == 0;
	return are_slots_clear && fp_pool_held(pool) == 0 &&
		rte_mempool_avail_count(pool->mempool) == BUFFERS;
}

/* No test may leave a buffer behind. */
static int
close_ports(void **state)
{
	bool is_clean = are_all_back();

	(void)state;
	test_port_close(&null_port);
	test_port_close(&ring_port);
	fp_pool_destroy(pool);
	return is_clean ? 0 : -1;
}

static void
rent(struct fp_lease *leases, uint16_t count, uint16_t len)
{
	for (uint16_t i = 0; i < count; i++) {
		assert_int_equal(fp_lease_rent(pool, len, 1, &leases[i]), 0);
		for (uint16_t j = 0; j < len; j++)
			fp_lease_writable(&leases[i]).data[j] = (uint8_t)(i + j);
	}
}

static struct fp_lease
share(const struct fp_lease *lease)
{
	struct fp_lease out;

	assert_int_equal(fp_lease_share(lease, &out), 0);
	return out;
}

static void
assert_counts(uint64_t rented, uint64_t returned, uint64_t handed_to_tx)
{
	struct fp_pool_counters total;

	fp_pool_count(pool, &total);
	assert_int_equal(total.received, 0);
	assert_int_equal(total.rented, rented);
	assert_int_equal(total.returned, returned);
	assert_int_equal(total.handed_to_tx, handed_to_tx);
	assert_int_equal(fp_pool_held(pool), rented - returned - handed_to_tx);
}

static void
what_a_port_takes_is_not_ours_any_more(void **state)
{
	static const uint16_t counts[] = { 1, 2, 63, 64, 65, 128, 129, BUFFERS };
	struct fp_lease leases[BUFFERS];
	uint64_t sent = 0;

	(void)state;
	assert_int_equal(fp_lease_transmit(null_port.id, 0, leases, 0, 0), 0);
	for (size_t i = 0; i < COUNT(counts); i++) {
		const uint16_t count = counts[i];

		rent(leases, count, 60);
		assert_int_equal(fp_lease_transmit(null_port.id, 0, leases, count, 9), count);
		sent += count;
		for (uint16_t j = 0; j < count; j++)
			assert_true(fp_lease_is_empty(&leases[j]));
		assert_counts(sent, 0, sent);
		assert_int_equal(rte_mempool_avail_count(pool->mempool), BUFFERS);
	}
#if FP_LIFETIME
	for (uint32_t i = 0; i < BUFFERS; i++) {
		assert_int_equal(pool->slots[i].op, FP_SLOT_HANDED_TX);
		assert_int_equal(pool->slots[i].tsc, 9);
	}
#endif
}

static void
the_driver_sees_the_window_and_nothing_else(void **state)
{
	struct fp_lease leases[3];
	const uint8_t *data[3];
	void *mbufs[3];

	(void)state;
	rent(leases, 3, 100);
	for (int i = 0; i < 3; i++)
		data[i] = fp_lease_span(&leases[i]).data;
	assert_int_equal(fp_lease_slice(&leases[0], 0, 60), 0);
	assert_int_equal(fp_lease_slice(&leases[1], 14, 40), 0);
	assert_int_equal(fp_lease_slice(&leases[1], 6, 30), 0);
	assert_int_equal(fp_lease_transmit(ring_port.id, 0, leases, 3, 0), 3);
	assert_int_equal(rte_ring_dequeue_bulk(ring_port.tx, mbufs, 3, NULL), 3);
	for (int i = 0; i < 3; i++) {
		static const uint16_t offs[] = { 0, 20, 0 };
		static const uint16_t lens[] = { 60, 30, 100 };
		struct rte_mbuf *mbuf = mbufs[i];

		assert_ptr_equal(rte_pktmbuf_mtod(mbuf, uint8_t *), data[i] + offs[i]);
		assert_int_equal(mbuf->data_len, lens[i]);
		assert_int_equal(mbuf->pkt_len, lens[i]);
		assert_int_equal(*rte_pktmbuf_mtod(mbuf, uint8_t *), i + offs[i]);
		rte_pktmbuf_free(mbuf);
	}
}

/* A lease that the port did not take shows the same bytes as before and can be used as before. */
static void
assert_is_ours(struct fp_lease *lease, const uint8_t *data, uint16_t len)
{
	struct fp_lease shared;

	assert_false(fp_lease_is_empty(lease));
	assert_ptr_equal(fp_lease_span(lease).data, data);
	assert_int_equal(fp_lease_span(lease).len, len);
	(void)fp_cspan_at(fp_lease_span(lease), 0);
#if FP_LIFETIME
	{
		const struct fp_slot *slot = fpi_lease_slot(lease);

		assert_int_equal(slot->generation, lease->generation);
		assert_int_equal(slot->generation % 2, 1);
		assert_int_equal(slot->op, FP_SLOT_RENTED);
	}
#endif
	shared = share(lease);
	assert_int_equal(fp_lease_slice(&shared, 0, len), 0);
	fp_lease_release(&shared);
}

static void
the_tail_that_a_full_port_refuses_stays_the_callers(void **state)
{
	static const uint16_t rooms[] = { 0, 1, 36, 63, 64, 65, 99, 100 };
	struct fp_lease leases[BUFFERS];
	const uint8_t *data[BUFFERS];
	uint64_t rented = 0;
	uint64_t returned = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(rooms); i++) {
		const uint16_t room = rooms[i];
		const uint16_t filler = ROOM - room;
		const uint16_t count = BUFFERS - filler;
		struct fp_cspan view;

		rent(leases, filler, 60);
		assert_int_equal(fp_lease_transmit(ring_port.id, 0, leases, filler, 0), filler);
		rent(leases, count, 60);
		for (uint16_t j = 0; j < count; j++) {
			assert_int_equal(fp_lease_slice(&leases[j], j % 7, 40), 0);
			data[j] = fp_lease_span(&leases[j]).data;
		}
		view = fp_lease_span(&leases[count - 1]);
		assert_int_equal(fp_lease_transmit(ring_port.id, 0, leases, count, 0), room);
		assert_int_equal(fp_lease_transmit(ring_port.id, 0, leases + room,
					 (uint16_t)(count - room), 0),
			0);
		rented += BUFFERS;
		assert_int_equal(fp_pool_held(pool), count - room);
		for (uint16_t j = 0; j < room; j++)
			assert_true(fp_lease_is_empty(&leases[j]));
		for (uint16_t j = room; j < count; j++)
			assert_is_ours(&leases[j], data[j], 40);
		/* A view from before is still one. */
		assert_int_equal(fp_cspan_at(view, 0), (uint8_t)(count - 1 + (count - 1) % 7));
		fp_lease_release_burst(leases, count, 0);
		returned += count - room;
		assert_counts(rented, returned, rented - returned);
		assert_int_equal(test_port_drain(&ring_port, UINT32_MAX), ROOM);
		assert_int_equal(rte_mempool_avail_count(pool->mempool), BUFFERS);
	}
}

/* fpcheck: allow R-04-01 because the last lease is sent when there is room for it */
static void
a_refused_lease_can_be_sent_later(void **state)
{
	struct fp_lease leases[ROOM + 1];
	struct fp_lease *last = &leases[ROOM];
	const uint8_t *data;

	(void)state;
	rent(leases, ROOM + 1, 60);
	data = fp_lease_span(last).data;
	assert_int_equal(fp_lease_slice(last, 10, 50), 0);
	assert_int_equal(fp_lease_transmit(ring_port.id, 0, leases, ROOM + 1, 0), ROOM);
	assert_int_equal(fp_lease_slice(last, 5, 40), 0);
	assert_int_equal(fp_lease_transmit(ring_port.id, 0, last, 1, 0), 0);
	assert_is_ours(last, data + 15, 40);
	assert_int_equal(test_port_drain(&ring_port, 1), 1);
	assert_int_equal(fp_lease_transmit(ring_port.id, 0, last, 1, 0), 1);
	assert_true(fp_lease_is_empty(last));
	assert_counts(ROOM + 1, 0, ROOM + 1);
}

static void
a_refused_lease_is_listed_as_what_it_was(void **state)
{
	struct rte_mbuf *mbufs[1] = { rte_pktmbuf_alloc(pool->mempool) };
	struct fp_lease filler[ROOM];
	struct fp_lease lease;

	(void)state;
	rent(filler, ROOM, 1);
	assert_int_equal(fp_lease_transmit(ring_port.id, 0, filler, ROOM, 0), ROOM);
	fp_lease_take_burst(pool, mbufs, 1, 55, &lease);
	assert_int_equal(fp_lease_transmit(ring_port.id, 0, &lease, 1, 66), 0);
#if FP_LIFETIME
	assert_int_equal(fpi_lease_slot(&lease)->op, FP_SLOT_RECEIVED);
	assert_int_equal(fpi_lease_slot(&lease)->tsc, 55);
#endif
	fp_lease_release(&lease);
}

static void
how_the_last_lease_ends_is_how_a_shared_buffer_counts(void **state)
{
	struct fp_lease lease;
	struct fp_lease shared;

	(void)state;
	/* Sent first, released last: the driver is done before and after that. */
	rent(&lease, 1, 60);
	shared = share(&lease);
	assert_int_equal(fp_lease_transmit(null_port.id, 0, &lease, 1, 0), 1);
	assert_counts(1, 0, 0);
	fp_lease_release(&shared);
	assert_counts(1, 1, 0);
	rent(&lease, 1, 60);
	shared = share(&lease);
	assert_int_equal(fp_lease_transmit(ring_port.id, 0, &lease, 1, 0), 1);
	fp_lease_release(&shared);
	assert_counts(2, 2, 0);
	assert_int_equal(rte_mempool_avail_count(pool->mempool), BUFFERS - 1);
	assert_int_equal(test_port_drain(&ring_port, 1), 1);
	assert_int_equal(rte_mempool_avail_count(pool->mempool), BUFFERS);
	/* Released first, sent last. */
	rent(&lease, 1, 60);
	shared = share(&lease);
	fp_lease_release(&lease);
	assert_int_equal(fp_lease_transmit(ring_port.id, 0, &shared, 1, 0), 1);
	assert_counts(3, 2, 1);
	assert_int_equal(test_port_drain(&ring_port, 1), 1);
	/* Both sent, to different ports. */
	rent(&lease, 1, 60);
	shared = share(&lease);
	assert_int_equal(fp_lease_transmit(ring_port.id, 0, &lease, 1, 0), 1);
	assert_counts(4, 2, 1);
	assert_int_equal(fp_lease_transmit(null_port.id, 0, &shared, 1, 0), 1);
	assert_counts(4, 2, 2);
}

/* fpcheck: allow R-04-01 because the port has all of the fillers: there is room for them */
static void
leases_of_one_buffer_in_one_burst_end_as_far_as_they_were_taken(void **state)
{
	struct fp_lease filler[ROOM];
	struct fp_lease leases[4];

	(void)state;
	for (uint16_t room = 0; room <= 4; room++) {
		struct fp_pool_counters before;
		struct fp_pool_counters after;

		fp_pool_count(pool, &before);
		rent(filler, ROOM - room, 1);
		assert_int_equal(
			fp_lease_transmit(ring_port.id, 0, filler, ROOM - room, 0), ROOM - room);
		rent(leases, 2, 60);
		leases[2] = share(&leases[0]);
		leases[3] = share(&leases[0]);
		assert_int_equal(fp_lease_transmit(ring_port.id, 0, leases, 4, 0), room);
		for (uint16_t i = 0; i < 4; i++) {
			assert_int_equal(fp_lease_is_empty(&leases[i]), i < room);
			if (i >= room) {
				assert_int_equal(
					fp_cspan_at(fp_lease_span(&leases[i]), 3), i == 1 ? 4 : 3);
			}
		}
		/* Buffer 0 has the leases 0, 2 and 3; buffer 1 has lease 1. */
		assert_int_equal(fp_pool_held(pool), (room < 4) + (room < 2));
		fp_lease_release_burst(leases, 4, 0);
		assert_int_equal(fp_pool_held(pool), 0);
		fp_pool_count(pool, &after);
		assert_int_equal(after.handed_to_tx - before.handed_to_tx,
			ROOM - room + (room >= 2) + (room == 4));
		assert_int_equal(test_port_drain(&ring_port, UINT32_MAX), ROOM);
		assert_int_equal(rte_mempool_avail_count(pool->mempool), BUFFERS);
	}
}

/* What another lcore may do while the driver is asked: release its lease of the same buffer. */
static uint16_t
release_meanwhile(
	uint16_t port_id, uint16_t queue_id, struct rte_mbuf *mbufs[], uint16_t count, void *lease)
{
	(void)port_id;
	(void)queue_id;
	(void)mbufs;
	fp_lease_release(lease);
	return count;
}

static void
the_other_lease_of_a_buffer_may_end_while_the_driver_is_asked(void **state)
{
	struct fp_lease filler[ROOM];
	struct fp_lease lease;
	struct fp_lease shared;
	const struct rte_eth_rxtx_callback *callback =
		rte_eth_add_tx_callback(ring_port.id, 0, release_meanwhile, &shared);

	(void)state;
	assert_non_null(callback);
	/* The driver takes it: ours was the last lease. */
	rent(&lease, 1, 60);
	shared = share(&lease);
	assert_int_equal(fp_lease_transmit(ring_port.id, 0, &lease, 1, 0), 1);
	assert_true(fp_lease_is_empty(&lease) && fp_lease_is_empty(&shared));
	assert_counts(1, 0, 1);
	/* The driver refuses it: ours is an only lease now. */
	rent(filler, ROOM - 1, 60);
	assert_int_equal(fp_lease_transmit(ring_port.id, 0, filler, ROOM - 1, 0), ROOM - 1);
	rent(&lease, 1, 60);
	shared = share(&lease);
	assert_int_equal(fp_lease_transmit(ring_port.id, 0, &lease, 1, 0), 0);
	assert_true(fp_lease_is_empty(&shared));
	assert_counts(ROOM + 1, 0, ROOM);
	assert_is_ours(&lease, fp_lease_span(&lease).data, 60);
	assert_int_equal(test_port_drain(&ring_port, 1), 1);
	assert_int_equal(fp_lease_slice(&lease, 10, 20), 0);
	assert_int_equal(fp_lease_transmit(ring_port.id, 0, &lease, 1, 0), 1);
	assert_counts(ROOM + 1, 0, ROOM + 1);
	assert_int_equal(rte_eth_remove_tx_callback(ring_port.id, 0, callback), 0);
}

/* What a child transmits. */
static void
transmit(void *lease)
{
	(void)fp_lease_transmit(null_port.id, 0, lease, 1, 0);
}

static void
a_part_of_a_shared_or_chained_buffer_cannot_be_sent(void **state)
{
	struct rte_mbuf *mbufs[2];
	struct fp_lease lease;
	struct fp_lease part;

	(void)state;
	rent(&lease, 1, 60);
	part = share(&lease);
	assert_int_equal(fp_lease_slice(&part, 1, 59), 0);
	ASSERT_PANICS(transmit, &part, "transmit: window [1, +59) of a shared or chained buffer");
	fp_lease_release(&part);
	/* Alone again, it can. */
	assert_int_equal(fp_lease_slice(&lease, 1, 59), 0);
	assert_int_equal(fp_lease_transmit(null_port.id, 0, &lease, 1, 0), 1);

	for (int i = 0; i < 2; i++) {
		mbufs[i] = rte_pktmbuf_alloc(pool->mempool);
		assert_non_null(rte_pktmbuf_append(mbufs[i], 30));
	}
	assert_int_equal(rte_pktmbuf_chain(mbufs[0], mbufs[1]), 0);
	fp_lease_take_burst(pool, mbufs, 1, 0, &lease);
	part = lease;
	assert_int_equal(fp_lease_slice(&part, 0, 29), 0);
	ASSERT_PANICS(transmit, &part, "transmit: window [0, +29) of a shared or chained buffer");
	assert_int_equal(fp_lease_transmit(null_port.id, 0, &lease, 1, 0), 1);
}

#if FP_LIFETIME
static void
a_lease_that_is_over_cannot_be_sent(void **state)
{
	struct fp_lease lease;
	struct fp_lease copy;
	struct fp_lease none = fp_lease_none();

	(void)state;
	ASSERT_PANICS(transmit, &none, "transmit: the lease is empty");
	rent(&lease, 1, 60);
	copy = lease;
	fp_lease_release(&lease);
	ASSERT_PANICS(transmit, &copy, "last operation: returned");
	rent(&lease, 1, 60);
	copy = lease;
	assert_int_equal(fp_lease_transmit(null_port.id, 0, &lease, 1, 0), 1);
	ASSERT_PANICS(transmit, &copy, "last operation: handed to tx");
}
#endif

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_ports, close_ports)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_a_port_takes_is_not_ours_any_more),
		TEST(the_driver_sees_the_window_and_nothing_else),
		TEST(the_tail_that_a_full_port_refuses_stays_the_callers),
		TEST(a_refused_lease_can_be_sent_later),
		TEST(a_refused_lease_is_listed_as_what_it_was),
		TEST(how_the_last_lease_ends_is_how_a_shared_buffer_counts),
		TEST(leases_of_one_buffer_in_one_burst_end_as_far_as_they_were_taken),
		TEST(the_other_lease_of_a_buffer_may_end_while_the_driver_is_asked),
		TEST(a_part_of_a_shared_or_chained_buffer_cannot_be_sent),
#if FP_LIFETIME
		TEST(a_lease_that_is_over_cannot_be_sent),
#endif
	};
	int failed;

	if (fp_test_eal_init() != 0) {
		(void)printf("1..0 # SKIP EAL did not start\n");
		return EXIT_SKIP;
	}
	failed = cmocka_run_group_tests_name("fp_transmit", tests, NULL, NULL);
	fp_test_eal_fini();
	return failed;
}
