/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * References, on one lcore: what they see, when they are stale, and values that nobody made. With
 * several lcores: test/stress/stress_lease.c; all short sequences: test/model/test_ref_model.c.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fp_ref.h"
#include "fp_test_eal.h"
#include "fp_test_panic.h"
#include "test_port.h"

#define BUFFERS   7
#define DATA_ROOM (RTE_PKTMBUF_HEADROOM + 256)
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
		rte_mempool_avail_count(pool->mempool) == pool->count && fp_pool_held(pool) == 0;

	(void)state;
	fp_pool_destroy(pool);
	return is_clean ? 0 : -1;
}

static struct fp_lease
rent(uint16_t len, uint8_t tag)
{
	struct fp_lease lease;

	assert_int_equal(fp_lease_rent(pool, len, 1, &lease), 0);
	for (uint16_t i = 0; i < len; i++)
		fp_lease_writable(&lease).data[i] = (uint8_t)(tag + i);
	return lease;
}

static void
assert_sees(const struct fp_ref *ref, uint32_t len, uint8_t first)
{
	struct fp_cspan span = fp_cspan_over(NULL, 0);

	assert_int_equal(fp_ref_resolve(ref, &span), 0);
	assert_int_equal(span.len, len);
	for (uint32_t i = 0; i < len; i++)
		assert_int_equal(fp_cspan_at(span, i), (uint8_t)(first + i));
	assert_int_equal(fp_ref_confirm(ref), 0);
}

static void
assert_stale(const struct fp_ref *ref)
{
	const uint8_t bytes[1] = { 9 };
	struct fp_cspan span = fp_cspan_over(bytes, 1);

	assert_int_equal(fp_ref_resolve(ref, &span), -ESTALE);
	/* Untouched. */
	assert_ptr_equal(span.data, bytes);
	assert_int_equal(span.len, 1);
	assert_int_equal(fp_ref_confirm(ref), -ESTALE);
}

/* Level trust stamps no tenancies. */
static void
assert_over(const struct fp_ref *ref)
{
	if (FP_LIFETIME >= FP_LIFETIME_REF) {
		assert_stale(ref);
	} else {
		assert_int_equal(fp_ref_confirm(ref), 0);
	}
}

static void
a_reference_is_16_bytes_and_sees_the_window(void **state)
{
	struct fp_lease lease = rent(200, 5);
	struct fp_ref whole = fp_ref_of(&lease);
	struct fp_ref part;

	(void)state;
	assert_int_equal(sizeof(struct fp_ref), 16);
	assert_sees(&whole, 200, 5);
	assert_int_equal(fp_lease_slice(&lease, 10, 50), 0);
	part = fp_ref_of(&lease);
	assert_sees(&part, 50, 15);
	assert_sees(&whole, 200, 5);
	fp_lease_release(&lease);
	assert_over(&whole);
	assert_over(&part);
}

static void
a_reference_lasts_as_long_as_any_lease_of_the_buffer(void **state)
{
	struct fp_lease first = rent(20, 1);
	struct fp_lease second;
	struct fp_ref ref = fp_ref_of(&first);

	(void)state;
	assert_int_equal(fp_lease_share(&first, &second), 0);
	fp_lease_release(&first);
	assert_sees(&ref, 20, 1);
	fp_lease_release(&second);
	assert_over(&ref);
	/* Nor does the next tenant make it live again. */
	for (int i = 0; i < 3 * BUFFERS; i++) {
		first = rent(20, 77);
		assert_over(&ref);
		fp_lease_release(&first);
	}
}

static void
a_part_lies_inside_or_is_refused(void **state)
{
	static const uint32_t edges[] = { 0, 1, 10, 39, 40, 41, 0xffff, 0x10000, UINT32_MAX };
	struct fp_lease lease = rent(40, 3);
	struct fp_ref ref = fp_ref_of(&lease);

	(void)state;
	for (size_t i = 0; i < RTE_DIM(edges); i++) {
		for (size_t j = 0; j < RTE_DIM(edges); j++) {
			bool is_inside = (uint64_t)edges[i] + edges[j] <= 40;
			struct fp_ref part = { 1, 2, 3, 4 };

			assert_int_equal(fp_ref_slice(&ref, edges[i], edges[j], &part),
				is_inside ? 0 : -ERANGE);
			if (is_inside) {
				assert_sees(&part, edges[j], (uint8_t)(3 + edges[i]));
			} else {
				assert_int_equal(part.id + part.generation, 3);
				assert_int_equal(part.off + part.len, 7);
			}
		}
	}
	fp_lease_release(&lease);
}

static void
values_that_nobody_made_are_stale(void **state)
{
	static const uint32_t offs[] = { 0, DATA_ROOM, DATA_ROOM + 1, 1U << 31, UINT32_MAX };
	struct fp_lease lease = rent(40, 3);
	struct fp_ref ref = fp_ref_of(&lease);
	struct fp_ref bad = { 0, 0, 0, 0 };

	(void)state;
	assert_stale(&bad);
	for (size_t i = 0; i < RTE_DIM(offs); i++) {
		for (size_t j = 0; j < RTE_DIM(offs); j++) {
			struct fp_cspan span;

			bad = ref;
			bad.off = offs[i];
			bad.len = offs[j];
			assert_int_equal(fp_ref_resolve(&bad, &span),
				(uint64_t)offs[i] + offs[j] <= DATA_ROOM ? 0 : -ESTALE);
		}
	}
	/* Every pool id but ours. */
	for (uint32_t id = 0; id <= UINT8_MAX; id++) {
		bad = ref;
		bad.id = id << 24 | FPI_REF_PLACE(ref.id);
		if (id != pool->id)
			assert_stale(&bad);
	}
	for (uint32_t place = BUFFERS; place < FP_POOL_BUFFERS_MAX; place += place) {
		bad = ref;
		bad.id = (ref.id & 0xff000000) | place;
		assert_stale(&bad);
	}
#if FP_LIFETIME
	for (uint32_t bit = 0; bit < 32; bit++) {
		bad = ref;
		bad.generation ^= 1U << bit;
		assert_stale(&bad);
	}
	/* An even generation is no tenancy, even if the slot says so. */
	bad = ref;
	bad.generation = 0;
	bad.id = (ref.id & 0xff000000) | (FPI_REF_PLACE(ref.id) + 1) % BUFFERS;
	assert_stale(&bad);
#endif
	assert_sees(&ref, 40, 3);
	fp_lease_release(&lease);
}

static void
a_place_without_an_mbuf_is_stale(void **state)
{
	struct rte_mempool *mempool =
		rte_pktmbuf_pool_create("foreign", 63, 0, 0, 600, SOCKET_ID_ANY);
	struct fp_pool *adopted;
	struct fp_lease lease;
	uint32_t holes = 0;
	struct fp_ref ref;

	(void)state;
	assert_non_null(mempool);
	assert_int_equal(fp_pool_adopt(mempool, &adopted), 0);
	assert_int_equal(fp_lease_rent(adopted, 8, 0, &lease), 0);
	ref = fp_ref_of(&lease);
	for (uint32_t place = 0; place < adopted->places; place++) {
		struct fp_ref other = ref;
		struct fp_cspan span = fp_cspan_over(NULL, 0);

		other.id = (uint32_t)adopted->id << 24 | place;
		holes += adopted->deltas != NULL && adopted->deltas[place] == FPI_POOL_HOLE;
		if (place == FPI_REF_PLACE(ref.id)) {
			assert_int_equal(fp_ref_resolve(&other, &span), 0);
			assert_ptr_equal(span.data, fp_lease_span(&lease).data);
		} else if (FP_LIFETIME >= FP_LIFETIME_REF ||
			(adopted->deltas != NULL && adopted->deltas[place] == FPI_POOL_HOLE)) {
			assert_stale(&other);
		}
	}
	assert_int_equal(holes, adopted->places - adopted->count);
	assert_true(holes > 0);
	fp_lease_release(&lease);
	fp_pool_destroy(adopted);
	rte_mempool_free(mempool);
}

static void
a_clone_is_another_buffer_of_the_same_bytes(void **state)
{
	struct fp_lease lease = rent(100, 0);
	struct fp_lease clone;
	struct fp_ref of_lease;
	struct fp_ref of_clone;

	(void)state;
	assert_int_equal(fp_lease_slice(&lease, 30, 40), 0);
	assert_int_equal(fp_lease_clone(&lease, pool, 1, &clone), 0);
	of_lease = fp_ref_of(&lease);
	of_clone = fp_ref_of(&clone);
	assert_true(of_lease.id != of_clone.id);
	assert_sees(&of_lease, 40, 30);
	assert_sees(&of_clone, 40, 30);
	fp_lease_release(&lease);
	assert_over(&of_lease);
	assert_sees(&of_clone, 40, 30);
	fp_lease_release(&clone);
	assert_over(&of_clone);
}

static void
a_reference_of_a_pool_that_is_gone_stays_stale(void **state)
{
	struct fp_pool_params params = { "again", 3, DATA_ROOM, 0, SOCKET_ID_ANY };
	struct fp_ref refs[3 * FP_POOLS_MAX];
	uint32_t count = 0;

	(void)state;
	/* Pools one after the other; each id comes up again and again. */
	for (uint32_t i = 0; i < 3 * FP_POOLS_MAX; i++) {
		struct fp_pool *other;
		struct fp_lease leases[3];

		assert_int_equal(fp_pool_create(&params, &other), 0);
		for (uint32_t j = 0; j < i % 5; j++) {
			assert_int_equal(fp_lease_rent(other, 8, 0, &leases[0]), 0);
			fp_lease_release(&leases[0]);
		}
		for (uint32_t j = 0; j < 3; j++)
			assert_int_equal(fp_lease_rent(other, 8, 0, &leases[j]), 0);
		if (FP_LIFETIME >= FP_LIFETIME_REF) {
			for (uint32_t j = 0; j < count; j++)
				assert_stale(&refs[j]);
		}
		refs[count++] = fp_ref_of(&leases[i % 3]);
		fp_lease_release_burst(leases, 3, 0);
		fp_pool_destroy(other);
		for (uint32_t j = 0; j < count; j++)
			assert_stale(&refs[j]);
	}
}

static void
a_reference_rests_while_a_port_is_asked_and_lives_when_it_refuses(void **state)
{
	struct fp_lease leases[3];
	struct fp_ref refs[3];
	struct test_port port;

	(void)state;
	assert_int_equal(test_port_open_ring(&port, "refs", pool->mempool, 1), 0);
	for (int i = 0; i < 3; i++) {
		leases[i] = rent(60, (uint8_t)i);
		assert_int_equal(fp_lease_slice(&leases[i], 4, 20), 0);
		refs[i] = fp_ref_of(&leases[i]);
	}
	assert_int_equal(fp_lease_transmit(port.id, 0, leases, 3, 1), 1);
	assert_over(&refs[0]);
	assert_sees(&refs[1], 20, 5);
	assert_sees(&refs[2], 20, 6);
	fp_lease_release_burst(leases, 3, 1);
	assert_over(&refs[1]);
	assert_over(&refs[2]);
	assert_int_equal(test_port_drain(&port, 1), 1);
	test_port_close(&port);
}

#if FP_LIFETIME == FP_LIFETIME_FULL
static void
read_view(void *span)
{
	(void)fp_cspan_at(*(const struct fp_cspan *)span, 0);
}

static void
a_view_of_a_reference_panics_when_the_tenancy_is_over(void **state)
{
	struct fp_lease lease = rent(20, 1);
	struct fp_ref ref = fp_ref_of(&lease);
	struct fp_cspan span;

	(void)state;
	assert_int_equal(fp_ref_resolve(&ref, &span), 0);
	read_view(&span);
	fp_lease_release(&lease);
	ASSERT_PANICS(read_view, &span, "a view is used too late: it was made under generation 1");
}
#endif

#if FP_LIFETIME
static void
refer(void *lease)
{
	(void)fp_ref_of(lease);
}

static void
nothing_is_referred_to_by_a_lease_that_is_over(void **state)
{
	struct fp_lease lease = rent(20, 1);
	struct fp_lease copy = lease;

	(void)state;
	fp_lease_release(&lease);
	ASSERT_PANICS(refer, &lease, "refer: the lease is empty");
	ASSERT_PANICS(refer, &copy, "refer: the lease of buffer");
}
#endif

#define TEST(name) cmocka_unit_test_setup_teardown(name, create_pool, destroy_pool)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_reference_is_16_bytes_and_sees_the_window),
		TEST(a_reference_lasts_as_long_as_any_lease_of_the_buffer),
		TEST(a_part_lies_inside_or_is_refused),
		TEST(values_that_nobody_made_are_stale),
		TEST(a_place_without_an_mbuf_is_stale),
		TEST(a_clone_is_another_buffer_of_the_same_bytes),
		TEST(a_reference_of_a_pool_that_is_gone_stays_stale),
		TEST(a_reference_rests_while_a_port_is_asked_and_lives_when_it_refuses),
#if FP_LIFETIME == FP_LIFETIME_FULL
		TEST(a_view_of_a_reference_panics_when_the_tenancy_is_over),
#endif
#if FP_LIFETIME
		TEST(nothing_is_referred_to_by_a_lease_that_is_over),
#endif
	};
	int failed;

	if (fp_test_eal_init() != 0) {
		(void)printf("1..0 # SKIP EAL did not start\n");
		return EXIT_SKIP;
	}
	failed = cmocka_run_group_tests_name("fp_ref", tests, NULL, NULL);
	fp_test_eal_fini();
	return failed;
}
