/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * The states of a lease one by one, and each misuse that must end the program. What happens in long
 * mixtures of all operations is in test_lease_model.c, with several threads in test_lease_stress.c.
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
#include "fp_reader.h"
#include "fp_test_eal.h"
#include "fp_test_panic.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define BUFFERS   200
#define DATA_ROOM (RTE_PKTMBUF_HEADROOM + 384)
#define EXIT_SKIP 77

static struct fp_pool *pool;

static int
create_pool_of(uint32_t buffers)
{
	struct fp_pool_params params = { "tested", buffers, DATA_ROOM, 0, SOCKET_ID_ANY };

	return fp_pool_create(&params, &pool);
}

static int
create_pool(void **state)
{
	(void)state;
	return create_pool_of(BUFFERS);
}

#if FP_LIFETIME
/* Its buffer is granted again as soon as it is free. */
static int
create_pool_of_one(void **state)
{
	(void)state;
	return create_pool_of(1);
}
#endif

static int
destroy_pool(void **state)
{
	(void)state;
	fp_pool_destroy(pool);
	pool = NULL;
	return 0;
}

static struct fp_lease
rent(uint16_t len)
{
	struct fp_lease lease;

	assert_int_equal(fp_lease_rent(pool, len, 1, &lease), 0);
	return lease;
}

/* As a driver would hand it over. */
static struct rte_mbuf *
receive(uint16_t len)
{
	struct rte_mbuf *mbuf = rte_pktmbuf_alloc(pool->mempool);

	assert_non_null(mbuf);
	assert_non_null(rte_pktmbuf_append(mbuf, len));
	return mbuf;
}

static struct fp_slot *
slot_of(const struct rte_mbuf *mbuf)
{
	return &pool->slots[fpi_pool_index(pool, mbuf)];
}

static void
assert_counts(uint64_t received, uint64_t rented, uint64_t returned)
{
	struct fp_pool_counters total;

	fp_pool_count(pool, &total);
	assert_int_equal(total.received, received);
	assert_int_equal(total.rented, rented);
	assert_int_equal(total.returned, returned);
	assert_int_equal(total.handed_to_tx, 0);
	assert_int_equal(total.refused, 0);
	assert_int_equal(fp_pool_held(pool), received + rented - returned);
}

/* No buffer is out, and each is as the pool expects it. */
static void
assert_all_are_back(void)
{
	assert_int_equal(fp_pool_held(pool), 0);
	assert_int_equal(rte_mempool_avail_count(pool->mempool), pool->count);
	for (uint32_t i = 0; i < pool->count; i++) {
		assert_int_equal(pool->slots[i].generation % 2, 0);
		assert_int_equal(pool->slots[i].shares, 0);
	}
}

static void
a_lease_is_two_words(void **state)
{
	struct fp_lease none = fp_lease_none();

	(void)state;
	assert_int_equal(sizeof(struct fp_lease), 16);
	assert_true(fp_lease_is_empty(&none));
}

static void
a_received_mbuf_is_leased_with_all_its_data(void **state)
{
	struct fp_lease leases[3];
	struct rte_mbuf *mbufs[3];

	(void)state;
	for (uint16_t i = 0; i < 3; i++)
		mbufs[i] = receive((uint16_t)(60 + i));
	fp_lease_take_burst(pool, mbufs, 0, 5, leases);
	assert_counts(0, 0, 0);
	fp_lease_take_burst(pool, mbufs, 3, 77, leases);
	assert_counts(3, 0, 0);
	for (uint16_t i = 0; i < 3; i++) {
		struct fp_span span = fp_lease_writable(&leases[i]);

		assert_false(fp_lease_is_empty(&leases[i]));
		assert_ptr_equal(leases[i].mbuf, mbufs[i]);
		assert_ptr_equal(span.data, rte_pktmbuf_mtod(mbufs[i], uint8_t *));
		assert_int_equal(span.len, 60 + i);
		assert_int_equal(fp_lease_total_len(&leases[i]), 60 + i);
		assert_true(fp_lease_is_contiguous(&leases[i]));
		memset(span.data, i, span.len);
		assert_int_equal(fp_cspan_at(fp_lease_span(&leases[i]), 59 + i), i);
#if FP_LIFETIME
		assert_int_equal(leases[i].generation, 1);
		assert_int_equal(slot_of(mbufs[i])->generation, 1);
		assert_int_equal(slot_of(mbufs[i])->op, FP_SLOT_RECEIVED);
		assert_int_equal(slot_of(mbufs[i])->lcore, rte_lcore_id());
		assert_int_equal(slot_of(mbufs[i])->tsc, 77);
#endif
	}
	fp_lease_release_burst(leases, 3, 78);
	assert_counts(3, 0, 3);
	assert_all_are_back();
}

static void
rent_gives_lengths_up_to_the_room_of_a_buffer(void **state)
{
	static const uint16_t lens[] = { 0, 1, 383, 384 };
	static const uint16_t too_long[] = { 385, DATA_ROOM, UINT16_MAX };
	struct fp_lease lease;

	(void)state;
	for (size_t i = 0; i < COUNT(lens); i++) {
		lease = rent(lens[i]);
		assert_int_equal(fp_lease_writable(&lease).len, lens[i]);
		assert_int_equal(fp_lease_total_len(&lease), lens[i]);
		memset(fp_lease_writable(&lease).data, 0xff, lens[i]);
		fp_lease_release(&lease);
	}
	for (size_t i = 0; i < COUNT(too_long); i++) {
		lease.mbuf = (struct rte_mbuf *)&lease;
		assert_int_equal(fp_lease_rent(pool, too_long[i], 0, &lease), -ERANGE);
		assert_true(fp_lease_is_empty(&lease));
	}
	assert_counts(0, COUNT(lens), COUNT(lens));
	assert_all_are_back();
}

static void
a_released_lease_is_empty_and_its_buffer_back(void **state)
{
	struct fp_lease lease = rent(10);
	struct rte_mbuf *mbuf = lease.mbuf;

	(void)state;
	assert_int_equal(rte_mempool_avail_count(pool->mempool), BUFFERS - 1);
	fp_lease_release(&lease);
	assert_true(fp_lease_is_empty(&lease));
	assert_counts(0, 1, 1);
	assert_all_are_back();
#if FP_LIFETIME
	assert_int_equal(slot_of(mbuf)->generation, 2);
	assert_int_equal(slot_of(mbuf)->op, FP_SLOT_RETURNED);
#else
	assert_int_equal(slot_of(mbuf)->generation, 0);
#endif
}

static void
releasing_an_empty_lease_is_nothing(void **state)
{
	struct fp_lease leases[70];

	(void)state;
	for (size_t i = 0; i < COUNT(leases); i++)
		leases[i] = fp_lease_none();
	fp_lease_release(&leases[0]);
	fp_lease_release_burst(leases, COUNT(leases), 0);
	fp_lease_release_burst(leases, 0, 0);
	leases[0] = rent(1);
	fp_lease_release(&leases[0]);
	fp_lease_release(&leases[0]);
	assert_counts(0, 1, 1);
	assert_all_are_back();
}

static void
a_burst_of_any_length_passes_over_empty_leases(void **state)
{
	static const uint16_t counts[] = { 1, 2, 63, 64, 65, 127, 128, 129, BUFFERS };
	struct fp_lease leases[BUFFERS];
	uint64_t rented = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(counts); i++) {
		for (uint16_t every = 1; every <= 3; every++) {
			for (uint16_t j = 0; j < counts[i]; j++) {
				leases[j] = j % every == 0 ? rent(10) : fp_lease_none();
				rented += j % every == 0;
			}
			fp_lease_release_burst(leases, counts[i], 3);
			for (uint16_t j = 0; j < counts[i]; j++)
				assert_true(fp_lease_is_empty(&leases[j]));
			assert_counts(0, rented, rented);
			assert_all_are_back();
		}
	}
}

static void
a_shared_buffer_returns_with_its_last_lease_in_any_order(void **state)
{
	static const uint8_t orders[][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 }, { 1, 2, 0 },
		{ 2, 0, 1 }, { 2, 1, 0 } };

	(void)state;
	for (size_t i = 0; i < COUNT(orders); i++) {
		struct fp_lease leases[3];

		leases[0] = rent(20);
		memset(fp_lease_writable(&leases[0]).data, 7, 20);
		assert_int_equal(fp_lease_share(&leases[0], &leases[1]), 0);
		assert_int_equal(fp_lease_share(&leases[1], &leases[2]), 0);
		assert_counts(0, i + 1, i);
		for (int j = 0; j < 3; j++) {
			assert_int_equal(rte_mempool_avail_count(pool->mempool), BUFFERS - 1);
			for (int k = j; k < 3; k++) {
				assert_int_equal(
					fp_cspan_at(fp_lease_span(&leases[orders[i][k]]), 19), 7);
			}
			fp_lease_release(&leases[orders[i][j]]);
			assert_int_equal(fp_pool_held(pool), j < 2);
		}
		assert_counts(0, i + 1, i + 1);
		assert_all_are_back();
	}
}

static void
leases_of_one_buffer_may_be_released_in_one_burst(void **state)
{
	struct fp_lease leases[6];

	(void)state;
	leases[0] = rent(20);
	leases[3] = rent(20);
	assert_int_equal(fp_lease_share(&leases[0], &leases[1]), 0);
	assert_int_equal(fp_lease_share(&leases[3], &leases[2]), 0);
	assert_int_equal(fp_lease_share(&leases[0], &leases[4]), 0);
	leases[5] = fp_lease_none();
	fp_lease_release_burst(leases, 6, 0);
	assert_counts(0, 2, 2);
	assert_all_are_back();
}

static void
a_share_holds_every_segment_of_a_chain(void **state)
{
	struct rte_mbuf *head = receive(100);
	struct rte_mbuf *mbufs[1] = { head };
	struct fp_lease leases[2];

	(void)state;
	assert_int_equal(rte_pktmbuf_chain(head, receive(50)), 0);
	assert_int_equal(rte_pktmbuf_chain(head, receive(7)), 0);
	fp_lease_take_burst(pool, mbufs, 1, 0, leases);
	assert_int_equal(fp_lease_span(&leases[0]).len, 100);
	assert_int_equal(fp_lease_total_len(&leases[0]), 157);
	assert_false(fp_lease_is_contiguous(&leases[0]));
	assert_int_equal(fp_lease_share(&leases[0], &leases[1]), 0);
	fp_lease_release(&leases[0]);
	assert_int_equal(rte_mempool_avail_count(pool->mempool), BUFFERS - 3);
	assert_int_equal(rte_mbuf_refcnt_read(head->next), 1);
	assert_int_equal(rte_mbuf_refcnt_read(head->next->next), 1);
	assert_int_equal(fp_lease_total_len(&leases[1]), 157);
	fp_lease_release(&leases[1]);
	assert_counts(1, 0, 1);
	assert_all_are_back();
}

static void
a_slice_lies_in_the_present_window_or_changes_nothing(void **state)
{
	static const uint16_t edges[] = { 0, 1, 9, 10, 99, 100, 101, 0x7fff, 0x8000, UINT16_MAX - 1,
		UINT16_MAX };

	(void)state;
	for (size_t i = 0; i < COUNT(edges); i++) {
		for (size_t j = 0; j < COUNT(edges); j++) {
			struct fp_lease lease = rent(110);
			uint8_t *data = fp_lease_writable(&lease).data;
			bool is_inside = (uint32_t)edges[i] + edges[j] <= 100;

			assert_int_equal(fp_lease_slice(&lease, 10, 100), 0);
			assert_int_equal(fp_lease_slice(&lease, edges[i], edges[j]),
				is_inside ? 0 : -ERANGE);
			assert_ptr_equal(
				fp_lease_span(&lease).data, data + 10 + (is_inside ? edges[i] : 0));
			assert_int_equal(fp_lease_span(&lease).len, is_inside ? edges[j] : 100);
			fp_lease_release(&lease);
		}
	}
	assert_all_are_back();
}

static void
windows_of_shares_are_independent(void **state)
{
	struct fp_lease first = rent(100);
	struct fp_lease second;

	(void)state;
	assert_int_equal(fp_lease_slice(&first, 10, 50), 0);
	assert_int_equal(fp_lease_share(&first, &second), 0);
	assert_ptr_equal(fp_lease_span(&second).data, fp_lease_span(&first).data);
	assert_int_equal(fp_lease_span(&second).len, 50);
	assert_int_equal(fp_lease_slice(&second, 20, 5), 0);
	assert_int_equal(fp_lease_span(&first).len, 50);
	assert_ptr_equal(fp_lease_span(&second).data, fp_lease_span(&first).data + 20);
	fp_lease_release(&first);
	fp_lease_release(&second);
	assert_all_are_back();
}

static void
shares_stop_at_the_ceiling(void **state)
{
	static struct fp_lease shares[FP_LEASE_SHARES_MAX];
	struct fp_lease first = rent(1);
	struct fp_lease more;

	(void)state;
	for (uint32_t i = 0; i < FP_LEASE_SHARES_MAX; i++)
		assert_int_equal(fp_lease_share(&first, &shares[i]), 0);
	for (int i = 0; i < 3; i++) {
		more = first;
		assert_int_equal(fp_lease_share(&shares[i], &more), -EOVERFLOW);
		assert_true(fp_lease_is_empty(&more));
	}
	/* One less makes room for one. */
	fp_lease_release(&shares[100]);
	assert_int_equal(fp_lease_share(&first, &shares[100]), 0);
	assert_int_equal(fp_lease_share(&first, &more), -EOVERFLOW);
	fp_lease_release(&first);
	fp_lease_release_burst(shares, FP_LEASE_SHARES_MAX, 0);
	assert_counts(0, 1, 1);
	assert_all_are_back();
}

static void *
release_there(void *lease)
{
	fp_lease_release(lease);
	return NULL;
}

static void
a_thread_that_is_no_lcore_releases_and_is_told_apart(void **state)
{
	struct fp_lease lease = rent(1);
	struct rte_mbuf *mbuf = lease.mbuf;
	pthread_t thread;

	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, release_there, &lease), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_true(fp_lease_is_empty(&lease));
	assert_counts(0, 1, 1);
	assert_int_equal(pool->counters[RTE_MAX_LCORE].returned, 1);
#if FP_LIFETIME
	assert_int_equal(slot_of(mbuf)->lcore, UINT8_MAX);
#else
	(void)mbuf;
#endif
	/* It did not touch the mempool: an lcore puts the buffer back. */
	assert_int_equal(rte_mempool_avail_count(pool->mempool), BUFFERS - 1);
	assert_int_equal(fp_pool_collect(pool), 1);
	assert_int_equal(fp_pool_collect(pool), 0);
	assert_all_are_back();
}

#if FP_LIFETIME
/* Each of these calls is wrong for a lease that is over. */
static void
release(void *lease)
{
	fp_lease_release(lease);
}

static void
release_in_a_burst(void *lease)
{
	struct fp_lease leases[3] = { fp_lease_none(), *(struct fp_lease *)lease, fp_lease_none() };

	fp_lease_release_burst(leases, 3, 0);
}

/* fpcheck: allow R-04-01 because this panics, and its caller wants it to */
static void
share(void *lease)
{
	struct fp_lease out;

	(void)!fp_lease_share(lease, &out);
}

static void
slice(void *lease)
{
	(void)!fp_lease_slice(lease, 0, 0);
}

static void
generations_move_on_with_each_grant_and_end_and_wrap(void **state)
{
	struct fp_lease lease;

	(void)state;
	for (uint32_t i = 1; i < 20; i += 2) {
		lease = rent(1);
		assert_int_equal(lease.generation, i);
		fp_lease_release(&lease);
		assert_int_equal(pool->slots[0].generation, i + 1);
	}
	pool->slots[0].generation = UINT32_MAX - 1;
	lease = rent(1);
	assert_true(lease.generation == UINT32_MAX);
	fp_lease_release(&lease);
	assert_int_equal(pool->slots[0].generation, 0);
	lease = rent(1);
	assert_int_equal(lease.generation, 1);
	fp_lease_release(&lease);
}

static void
a_second_release_panics_with_the_buffer_named(void **state)
{
	struct fp_lease lease = rent(1);
	struct fp_lease copy = lease;
	char text[200];

	(void)state;
	(void)snprintf(text, sizeof(text),
		"release: the lease of buffer %u of pool \"tested\" is over: it was granted as "
		"generation 1, the buffer is at 2 (last operation: returned, by lcore %u)",
		fpi_pool_index(pool, lease.mbuf), rte_lcore_id());
	fp_lease_release(&lease);
	ASSERT_PANICS(release, &copy, text);
	ASSERT_PANICS(release_in_a_burst, &copy, "release: the lease of buffer");
	ASSERT_PANICS(share, &copy, "share: the lease of buffer");
	ASSERT_PANICS(slice, &copy, "slice: the lease of buffer");
}

static void
a_release_after_the_buffer_went_to_another_tenant_panics(void **state)
{
	static const char text[] =
		"the lease of buffer 0 of pool \"tested\" is over: it was granted as "
		"generation 1, the buffer is at 3 (last operation: rented";
	struct fp_lease lease = rent(1);
	struct fp_lease copy = lease;
	struct fp_lease next;

	(void)state;
	fp_lease_release(&lease);
	next = rent(1);
	assert_ptr_equal(next.mbuf, copy.mbuf);
	ASSERT_PANICS(release, &copy, text);
	ASSERT_PANICS(share, &copy, text);
	ASSERT_PANICS(slice, &copy, text);
	/* It did not hurt the tenant. */
	fp_lease_release(&next);
	assert_all_are_back();
}

static void
one_release_too_many_of_a_shared_buffer_panics_at_the_last(void **state)
{
	struct fp_lease lease = rent(1);
	struct fp_lease copy = lease;
	struct fp_lease shared;

	(void)state;
	assert_int_equal(fp_lease_share(&lease, &shared), 0);
	fp_lease_release(&lease);
	fp_lease_release(&copy);
	ASSERT_PANICS(release, &shared, "of pool \"tested\" is over");
}

static void
an_empty_lease_can_be_nothing_but_released(void **state)
{
	struct fp_lease none = fp_lease_none();

	(void)state;
	ASSERT_PANICS(share, &none, "share: the lease is empty");
	ASSERT_PANICS(slice, &none, "slice: the lease is empty");
}

/*
 * A call with an mbuf of the wrong mempool.
 *
 * fpcheck: allow R-04-01 because this panics, and its caller wants it to
 */
static void
take(void *mbuf)
{
	struct rte_mbuf *mbufs[1] = { mbuf };
	struct fp_lease lease;

	fp_lease_take_burst(pool, mbufs, 1, 0, &lease);
}

static void
release_raw(void *mbuf)
{
	struct fp_lease lease = { mbuf, 1, 0, 0 };

	fp_lease_release(&lease);
}

static void
an_mbuf_of_a_foreign_mempool_panics_with_its_name(void **state)
{
	struct rte_mempool *mempool =
		rte_pktmbuf_pool_create("foreign", 15, 0, 0, 256, SOCKET_ID_ANY);
	struct rte_mbuf *mbuf;

	(void)state;
	assert_non_null(mempool);
	mbuf = rte_pktmbuf_alloc(mempool);
	assert_non_null(mbuf);
	ASSERT_PANICS(release_raw, mbuf, "mempool \"foreign\"");
	ASSERT_PANICS(take, mbuf, "mempool \"foreign\"");
	rte_pktmbuf_free(mbuf);
	rte_mempool_free(mempool);
}

static void
an_mbuf_of_another_pool_of_ours_is_not_taken(void **state)
{
	struct fp_pool_params params = { "other", 3, DATA_ROOM, 0, SOCKET_ID_ANY };
	struct fp_pool *other;
	struct fp_lease lease;

	(void)state;
	assert_int_equal(fp_pool_create(&params, &other), 0);
	assert_int_equal(fp_lease_rent(other, 1, 0, &lease), 0);
	ASSERT_PANICS(take, lease.mbuf, "mempool \"other\"");
	fp_lease_release(&lease);
	fp_pool_destroy(other);
}

/* fpcheck: allow R-04-01 because this panics, and its caller wants it to */
static void
rent_one(void *arg)
{
	(void)arg;
	(void)!fp_lease_rent(pool, 1, 0, &(struct fp_lease){ 0 });
}

static void
a_buffer_freed_behind_its_lease_panics_at_the_next_grant(void **state)
{
	static const char text[] =
		"buffer 0 of pool \"tested\" was granted while a lease holds it (last operation: ";
	struct fp_lease lease = rent(1);
	struct rte_mbuf *mbuf = lease.mbuf;

	(void)state;
	rte_pktmbuf_free(mbuf);
	ASSERT_PANICS(take, receive(1), text);
	/* fpcheck: allow R-04-01 because the lease's reference is what is to be missing */
	rte_pktmbuf_free(mbuf);
	ASSERT_PANICS(rent_one, NULL, text);
	/* The child took it out of the mempool, so that it is the lease's again. */
	fp_lease_release(&lease);
	assert_all_are_back();
}
#endif

#if FP_LIFETIME == FP_LIFETIME_FULL
struct views {
	struct fp_span span;
	struct fp_reader reader;
};

static void
read_span(void *arg)
{
	const struct views *views = arg;

	(void)fp_cspan_at(fp_span_const(views->span), 0);
}

static void
read_slice(void *arg)
{
	const struct views *views = arg;

	(void)fp_cspan_at(fp_span_const(fp_span_slice(views->span, 1, 1)), 0);
}

static void
read_reader(void *arg)
{
	struct views *views = arg;

	(void)fp_reader_read_u8(&views->reader);
}

static void
view(void *lease)
{
	(void)fp_lease_span(lease);
}

static void
a_view_used_after_release_panics_at_level_full(void **state)
{
	static const char late[] = "a view is used too late: it was made under generation 1, the "
				   "memory is now at generation ";
	struct fp_lease lease = rent(2);
	struct fp_lease copy = lease;
	struct views views;

	(void)state;
	views.span = fp_lease_writable(&lease);
	views.reader = fp_reader_open(fp_lease_span(&lease));
	memset(views.span.data, 1, 2);
	read_span(&views);
	read_slice(&views);
	read_reader(&views);
	fp_lease_release(&lease);
	ASSERT_PANICS(view, &lease, "view: the lease is empty");
	/* Once when nobody has the buffer, once when another tenant has it. */
	for (int i = 0; i < 2; i++) {
		ASSERT_PANICS(read_span, &views, late);
		ASSERT_PANICS(read_slice, &views, late);
		ASSERT_PANICS(read_reader, &views, late);
		ASSERT_PANICS(view, &copy, "view: the lease of buffer 0");
		if (i == 0)
			lease = rent(2);
	}
	fp_lease_release(&lease);
}
#endif

#if FP_HAS_ASAN
static void
read_byte(void *arg)
{
	/* A write, so that no compiler leaves it out. */
	*(uint8_t *)arg = 1;
}

static void
a_raw_pointer_used_after_release_is_stopped_by_asan(void **state)
{
	struct fp_lease lease = rent(100);
	struct fp_lease shared;
	uint8_t *data = fp_lease_writable(&lease).data;

	(void)state;
	assert_int_equal(fp_lease_share(&lease, &shared), 0);
	read_byte(data);
	read_byte(data + 99);
	ASSERT_ASAN_STOPS(read_byte, data + 100);
	ASSERT_ASAN_STOPS(read_byte, data - 1);
	fp_lease_release(&lease);
	read_byte(data);
	fp_lease_release(&shared);
	ASSERT_ASAN_STOPS(read_byte, data);
	ASSERT_ASAN_STOPS(read_byte, data + 99);
	lease = rent(100);
	read_byte(data);
	fp_lease_release(&lease);
}

static void
a_received_mbuf_is_accessible_only_while_leased(void **state)
{
	struct rte_mbuf *mbufs[1] = { receive(61) };
	struct fp_lease lease;
	uint8_t *data = rte_pktmbuf_mtod(mbufs[0], uint8_t *);

	(void)state;
	ASSERT_ASAN_STOPS(read_byte, data);
	fp_lease_take_burst(pool, mbufs, 1, 0, &lease);
	read_byte(data);
	read_byte(data + 60);
	ASSERT_ASAN_STOPS(read_byte, data + 61);
	fp_lease_release(&lease);
	ASSERT_ASAN_STOPS(read_byte, data + 60);
}
#endif

#define TEST(name)        cmocka_unit_test_setup_teardown(name, create_pool, destroy_pool)
#define TEST_OF_ONE(name) cmocka_unit_test_setup_teardown(name, create_pool_of_one, destroy_pool)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_lease_is_two_words),
		TEST(a_received_mbuf_is_leased_with_all_its_data),
		TEST(rent_gives_lengths_up_to_the_room_of_a_buffer),
		TEST(a_released_lease_is_empty_and_its_buffer_back),
		TEST(releasing_an_empty_lease_is_nothing),
		TEST(a_burst_of_any_length_passes_over_empty_leases),
		TEST(a_shared_buffer_returns_with_its_last_lease_in_any_order),
		TEST(leases_of_one_buffer_may_be_released_in_one_burst),
		TEST(a_share_holds_every_segment_of_a_chain),
		TEST(a_slice_lies_in_the_present_window_or_changes_nothing),
		TEST(windows_of_shares_are_independent),
		TEST(shares_stop_at_the_ceiling),
		TEST(a_thread_that_is_no_lcore_releases_and_is_told_apart),
#if FP_LIFETIME
		TEST_OF_ONE(generations_move_on_with_each_grant_and_end_and_wrap),
		TEST(a_second_release_panics_with_the_buffer_named),
		TEST_OF_ONE(a_release_after_the_buffer_went_to_another_tenant_panics),
		TEST(one_release_too_many_of_a_shared_buffer_panics_at_the_last),
		TEST(an_empty_lease_can_be_nothing_but_released),
		TEST(an_mbuf_of_a_foreign_mempool_panics_with_its_name),
		TEST(an_mbuf_of_another_pool_of_ours_is_not_taken),
		TEST_OF_ONE(a_buffer_freed_behind_its_lease_panics_at_the_next_grant),
#endif
#if FP_LIFETIME == FP_LIFETIME_FULL
		TEST_OF_ONE(a_view_used_after_release_panics_at_level_full),
#endif
#if FP_HAS_ASAN
		TEST_OF_ONE(a_raw_pointer_used_after_release_is_stopped_by_asan),
		TEST_OF_ONE(a_received_mbuf_is_accessible_only_while_leased),
#endif
	};
	int failed;

	if (fp_test_eal_init() != 0) {
		(void)printf("1..0 # SKIP EAL did not start\n");
		return EXIT_SKIP;
	}
	failed = cmocka_run_group_tests_name("fp_lease", tests, NULL, NULL);
	fp_test_eal_fini();
	return failed;
}
