/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * All sequences of send(1..3) and receive(1..3) up to a length, on hand-offs of 1 to 4 leases and
 * of both policies, against a queue that is an array: what each call returns, which buffers arrive
 * in which order, who has what afterwards, and the counters.
 *
 *   test_handoff_model [LENGTH]
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "fp_handoff.h"
#include "fp_test_eal.h"

#define CAP_MAX   4
#define MOST      3U               /* leases of one call */
#define KINDS     (2UL * MOST)     /* of steps */
#define BUFFERS   (CAP_MAX + MOST) /* that there are, in the stock or under way */
#define EXIT_SKIP 77

/* The hand-off as an array. */
struct naive {
	const struct rte_mbuf *queue[CAP_MAX]; /* oldest first */
	uint32_t count;
	uint32_t cap;
	bool drops;
	struct fp_handoff_counters counters;
	uint64_t offered;
};

static struct fp_pool *pool;
static struct fp_handoff *handoff;
static uint32_t length = 8;
static uint64_t sequences_done;
static uint64_t steps_done;

/* Leases that are to be sent; what is received or refused comes back. */
static struct fp_lease stock[BUFFERS];
static uint32_t in_stock;

static void
check(const struct naive *naive)
{
	struct fp_handoff_counters counters;

	fp_handoff_get_counters(handoff, &counters);
	assert_int_equal(fp_handoff_count(handoff), naive->count);
	assert_int_equal(counters.sent, naive->counters.sent);
	assert_int_equal(counters.refused, naive->counters.refused);
	assert_int_equal(counters.dropped, naive->counters.dropped);
	assert_int_equal(counters.received, naive->counters.received);
	assert_int_equal(counters.sent + counters.refused + counters.dropped, naive->offered);
	assert_int_equal(counters.sent, counters.received + naive->count);
	assert_int_equal(in_stock + naive->count, BUFFERS);
}

static void
send_some(struct naive *naive, uint16_t count)
{
	const uint16_t fit = (uint16_t)RTE_MIN(naive->cap - naive->count, (uint32_t)count);
	struct fp_lease leases[MOST];

	for (uint16_t i = 0; i < count; i++) {
		leases[i] = stock[--in_stock];
		if (i < fit)
			naive->queue[naive->count + i] = leases[i].mbuf;
	}
	assert_int_equal(fp_handoff_send(handoff, leases, count, 1), fit);
	for (uint16_t i = 0; i < count; i++) {
		assert_int_equal(fp_lease_is_empty(&leases[i]), i < fit || naive->drops);
		/* What was dropped is free for the next tenant. */
		if (i >= fit && naive->drops)
			assert_int_equal(fp_lease_rent(pool, 8, 1, &leases[i]), 0);
		if (i >= fit)
			stock[in_stock++] = leases[i];
	}
	naive->count += fit;
	naive->offered += count;
	naive->counters.sent += fit;
	*(naive->drops ? &naive->counters.dropped : &naive->counters.refused) +=
		(uint64_t)(count - fit);
}

/* fpcheck: allow R-04-01 because what comes out of the hand-off is put back into the stock */
static void
receive_some(struct naive *naive, uint16_t cap)
{
	const uint16_t expected = (uint16_t)RTE_MIN(naive->count, (uint32_t)cap);
	struct fp_lease leases[CAP_MAX];

	assert_int_equal(fp_handoff_receive(handoff, leases, cap, 1), expected);
	for (uint16_t i = 0; i < expected; i++) {
		assert_ptr_equal(leases[i].mbuf, naive->queue[i]);
		stock[in_stock++] = leases[i];
	}
	for (uint32_t i = expected; i < naive->count; i++)
		naive->queue[i - expected] = naive->queue[i];
	naive->count -= expected;
	naive->counters.received += expected;
}

/* The steps are the digits of a number to the base KINDS. */
static void
run_sequence(struct naive *naive, uint64_t digits)
{
	for (uint32_t i = 0; i < length; i++) {
		uint32_t step = (uint32_t)(digits % KINDS);

		digits /= KINDS;
		if (step < MOST) {
			send_some(naive, (uint16_t)(step + 1));
		} else {
			receive_some(naive, (uint16_t)(step - MOST + 1));
		}
		check(naive);
		steps_done++;
	}
	/* The next one begins with an empty hand-off. */
	receive_some(naive, CAP_MAX);
	assert_int_equal(naive->count, 0);
}

static void
run_all(uint32_t cap, bool drops)
{
	struct fp_handoff_params params = { "model", cap, drops ? FP_HANDOFF_DROP : FP_HANDOFF_KEEP,
		SOCKET_ID_ANY };
	struct naive naive = { .cap = cap, .drops = drops };
	uint64_t sequences = 1;

	for (uint32_t i = 0; i < length; i++)
		sequences *= KINDS;
	assert_int_equal(fp_handoff_create(&params, &handoff), 0);
	for (in_stock = 0; in_stock < BUFFERS; in_stock++)
		assert_int_equal(fp_lease_rent(pool, 8, 1, &stock[in_stock]), 0);
	for (uint64_t digits = 0; digits < sequences; digits++)
		run_sequence(&naive, digits);
	assert_int_equal(fp_pool_held(pool), BUFFERS);
	fp_lease_release_burst(stock, BUFFERS, 1);
	assert_int_equal(fp_handoff_destroy(handoff), 0);
	assert_int_equal(fp_pool_held(pool), 0);
	assert_int_equal(rte_mempool_avail_count(pool->mempool), BUFFERS);
	sequences_done += sequences;
}

static void
all_sequences_agree_with_an_array(void **state)
{
	(void)state;
	/* Each shorter sequence is the beginning of a longer one. */
	for (uint32_t cap = 1; cap <= CAP_MAX; cap++) {
		run_all(cap, false);
		run_all(cap, true);
	}
	print_message("# %lu sequences of %u steps, %lu states compared\n", sequences_done, length,
		steps_done);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_sequences_agree_with_an_array),
	};
	struct fp_pool_params params = { "model", BUFFERS, RTE_PKTMBUF_HEADROOM + 64, 0,
		SOCKET_ID_ANY };
	int failed;

	if (argc > 1)
		length = (uint32_t)RTE_MIN(strtoul(argv[1], NULL, 10), 16UL);
	if (fp_test_eal_init() != 0 || fp_pool_create(&params, &pool) != 0) {
		(void)printf("1..0 # SKIP EAL did not start\n");
		return EXIT_SKIP;
	}
	failed = cmocka_run_group_tests_name("handoff_model", tests, NULL, NULL);
	fp_pool_destroy(pool);
	fp_test_eal_fini();
	return failed;
}
