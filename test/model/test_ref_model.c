/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * All sequences of operations up to a length on a pool of two buffers: rent, share, release, refer,
 * transmit to a port that takes and to one that refuses. After each operation every reference made
 * so far is resolved and confirmed, and must be alive, and show the bytes of its tenant, just when
 * a naive list of tenancies says so.
 *
 *   test_ref_model [LENGTH]
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

#include "fp_ref.h"
#include "fp_test_eal.h"
#include "test_port.h"

#define BUFFERS    2
#define LENGTH_MAX 8
#define BYTES      8
#define EXIT_SKIP  77

/* Operations; those from SHARE on have an even and an odd form: of the oldest and newest lease. */
enum {
	RENT,
	SHARE,
	RELEASE = SHARE + 2,
	REFER = RELEASE + 2,
	TRANSMIT = REFER + 2,
	OFFER = TRANSMIT + 2,
	OPERATIONS = OFFER + 2,
};

/* What the model knows; tenancy i is that of the i-th rent of the sequence. */
struct naive {
	uint32_t leases_of[LENGTH_MAX]; /* of a tenancy */
	uint32_t tenancies;
	uint32_t tenancy_of_lease[LENGTH_MAX];
	uint32_t tenancy_of_ref[LENGTH_MAX];
	uint32_t held;
};

static struct fp_pool *pool;
static struct test_port taking;
static struct test_port full;
static uint32_t length = 7;

/* The library's side, beside the lists of the model. */
static struct fp_lease leases[LENGTH_MAX];
static uint32_t lease_count;
static struct fp_ref refs[LENGTH_MAX];
static uint32_t ref_count;
static struct fp_pool_counters expected;
static uint64_t checks;

static uint8_t
tag_of(uint32_t tenancy)
{
	return (uint8_t)(17 * (tenancy + 1));
}

static void
check(const struct naive *naive)
{
	for (uint32_t i = 0; i < ref_count; i++) {
		const uint32_t tenancy = naive->tenancy_of_ref[i];
		const bool is_alive = naive->leases_of[tenancy] != 0;
		/* Level trust does not know better. */
		const int answer = is_alive || FP_LIFETIME == FP_LIFETIME_TRUST ? 0 : -ESTALE;
		struct fp_cspan span = fp_cspan_over(NULL, 0);

		assert_int_equal(fp_ref_resolve(&refs[i], &span), answer);
		if (is_alive) {
			assert_int_equal(span.len, BYTES);
			assert_int_equal(fp_cspan_at(span, 0), tag_of(tenancy));
			assert_int_equal(fp_cspan_at(span, BYTES - 1), tag_of(tenancy));
		}
		assert_int_equal(fp_ref_confirm(&refs[i]), answer);
		checks++;
	}
}

static void
rent(struct naive *naive)
{
	struct fp_lease lease;

	if (naive->held == BUFFERS) {
		assert_int_equal(fp_lease_rent(pool, BYTES, 1, &lease), -ENOBUFS);
		expected.refused++;
		return;
	}
	assert_int_equal(fp_lease_rent(pool, BYTES, 1, &lease), 0);
	memset(fp_lease_writable(&lease).data, tag_of(naive->tenancies), BYTES);
	naive->leases_of[naive->tenancies] = 1;
	naive->tenancy_of_lease[lease_count] = naive->tenancies++;
	leases[lease_count++] = lease;
	naive->held++;
	expected.rented++;
}

static void
share(struct naive *naive, uint32_t which)
{
	assert_int_equal(fp_lease_share(&leases[which], &leases[lease_count]), 0);
	naive->leases_of[naive->tenancy_of_lease[which]]++;
	naive->tenancy_of_lease[lease_count++] = naive->tenancy_of_lease[which];
}

/* The lease has ended; the later ones move up. */
static void
forget(struct naive *naive, uint32_t which, uint64_t *counter)
{
	assert_true(fp_lease_is_empty(&leases[which]));
	if (--naive->leases_of[naive->tenancy_of_lease[which]] == 0) {
		naive->held--;
		++*counter;
	}
	lease_count--;
	for (uint32_t i = which; i < lease_count; i++) {
		leases[i] = leases[i + 1];
		naive->tenancy_of_lease[i] = naive->tenancy_of_lease[i + 1];
	}
}

/* Do one operation; false when there is no such lease, or it is the same as another operation. */
static bool
step(struct naive *naive, uint32_t operation)
{
	const bool is_newest = operation >= SHARE && (operation - SHARE) % 2 == 1;
	const uint32_t which = is_newest ? lease_count - 1 : 0;

	if (operation == RENT) {
		rent(naive);
		return true;
	}
	if (lease_count == 0 || (is_newest && lease_count == 1))
		return false;
	switch (operation - is_newest) {
	case SHARE:
		share(naive, which);
		return true;
	case RELEASE:
		fp_lease_release(&leases[which]);
		forget(naive, which, &expected.returned);
		return true;
	case REFER:
		refs[ref_count] = fp_ref_of(&leases[which]);
		naive->tenancy_of_ref[ref_count++] = naive->tenancy_of_lease[which];
		return true;
	case TRANSMIT:
		assert_int_equal(fp_lease_transmit(taking.id, 0, &leases[which], 1, 1), 1);
		forget(naive, which, &expected.handed_to_tx);
		return true;
	default:
		assert_int_equal(fp_lease_transmit(full.id, 0, &leases[which], 1, 1), 0);
		assert_false(fp_lease_is_empty(&leases[which]));
		return true;
	}
}

/* The operations one after the other; the number of those that could be done. */
static uint32_t
run_sequence(const uint32_t *operations)
{
	struct naive naive;
	uint32_t done = 0;

	memset(&naive, 0, sizeof(naive));
	lease_count = 0;
	ref_count = 0;
	while (done < length && step(&naive, operations[done])) {
		check(&naive);
		done++;
	}
	while (lease_count != 0) {
		fp_lease_release(&leases[0]);
		forget(&naive, 0, &expected.returned);
		check(&naive);
	}
	return done;
}

static void
assert_counts(void)
{
	struct fp_pool_counters total;

	fp_pool_count(pool, &total);
	assert_int_equal(total.received, 0);
	assert_int_equal(total.rented, expected.rented);
	assert_int_equal(total.returned, expected.returned);
	assert_int_equal(total.handed_to_tx, expected.handed_to_tx);
	assert_int_equal(total.refused, expected.refused);
	assert_int_equal(fp_pool_held(pool), 0);
	assert_int_equal(rte_mempool_avail_count(pool->mempool), BUFFERS);
}

static void
all_sequences_agree_with_a_list_of_tenancies(void **state)
{
	uint32_t operations[LENGTH_MAX] = { 0 };
	uint64_t sequences = 0;
	bool is_over = false;

	(void)state;
	while (!is_over) {
		uint32_t done = run_sequence(operations);
		uint32_t at = done < length ? done : length - 1;

		sequences += done == length;
		assert_counts();
		/* The next sequence; with another beginning where this one could not go on. */
		memset(&operations[at + 1], 0, (LENGTH_MAX - at - 1) * sizeof(operations[0]));
		while (++operations[at] == OPERATIONS && at != 0)
			operations[at--] = 0;
		is_over = operations[0] == OPERATIONS;
	}
	print_message("# %lu sequences of %u operations, %lu references resolved\n", sequences,
		length, checks);
}

static int
open_all(void)
{
	struct fp_pool_params params = { "model", BUFFERS, RTE_PKTMBUF_HEADROOM + 64, 0,
		SOCKET_ID_ANY };
	int error = fp_test_eal_init();

	if (error == 0)
		error = fp_pool_create(&params, &pool);
	if (error == 0)
		error = test_port_open_null(&taking, "taking", pool->mempool);
	if (error == 0)
		error = test_port_open_ring(&full, "full", pool->mempool, 1);
	/* Full of what is no buffer; it is never looked at. */
	return error == 0 ? rte_ring_enqueue(full.tx, &full) : error;
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_sequences_agree_with_a_list_of_tenancies),
	};
	void *filler;
	int failed;

	if (argc > 1)
		length = (uint32_t)strtoul(argv[1], NULL, 10);
	length = RTE_MIN(RTE_MAX(length, 1U), (uint32_t)LENGTH_MAX);
	if (open_all() != 0) {
		(void)printf("1..0 # SKIP EAL did not start\n");
		return EXIT_SKIP;
	}
	failed = cmocka_run_group_tests_name("ref_model", tests, NULL, NULL);
	(void)rte_ring_dequeue(full.tx, &filler);
	test_port_close(&taking);
	test_port_close(&full);
	fp_pool_destroy(pool);
	fp_test_eal_fini();
	return failed;
}
