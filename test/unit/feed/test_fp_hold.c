/* SPDX-License-Identifier: BSD-3-Clause */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "fp_hold.h"
#include "fp_test_eal.h"

static struct fp_pool *pool;
static struct fp_hold hold;

static void
put(uint64_t first, uint32_t count, uint64_t tsc)
{
	const struct fp_datagram_header header = { { 0, 1 }, first, count, 0 };
	struct fp_lease lease;

	assert_int_equal(fp_lease_rent(pool, 64, tsc, &lease), 0);
	fp_hold_put(&hold, &lease, &header, (uint8_t)(first % 2), tsc);
	assert_true(fp_lease_is_empty(&lease));
}

static void
expect_next(uint64_t first)
{
	struct fp_held held = fp_hold_take(&hold);

	assert_int_equal(held.first, first);
	assert_int_equal(held.line, first % 2);
	fp_lease_release(&held.lease);
}

static int
set_up(void **unused)
{
	const struct fp_pool_params params = { "hold", 256, RTE_PKTMBUF_HEADROOM + 256, 0,
		SOCKET_ID_ANY };

	(void)unused;
	memset(&hold, 0, sizeof(hold));
	return fp_pool_create(&params, &pool);
}

static int
tear_down(void **unused)
{
	(void)unused;
	assert_int_equal(fp_pool_held(pool), 0);
	fp_pool_destroy(pool);
	return 0;
}

static void
what_waits_is_taken_by_its_sequence(void **unused)
{
	static const uint64_t firsts[] = { 50, 10, 30, 20, 40, 60, 5 };

	(void)unused;
	for (size_t i = 0; i < RTE_DIM(firsts); i++)
		put(firsts[i], 5, i);
	assert_int_equal(fp_pool_held(pool), RTE_DIM(firsts));
	expect_next(5);
	for (uint64_t first = 10; first <= 60; first += 10)
		expect_next(first);
	assert_int_equal(hold.count, 0);
}

static void
the_lowest_is_due_when_nothing_is_missing_before_it(void **unused)
{
	(void)unused;
	assert_false(fp_hold_is_due(&hold, 100));
	put(20, 5, 0);
	put(10, 5, 0);
	assert_false(fp_hold_is_due(&hold, 9));
	assert_true(fp_hold_is_due(&hold, 10));
	assert_true(fp_hold_is_due(&hold, 12));
	expect_next(10);
	assert_false(fp_hold_is_due(&hold, 15));
	expect_next(20);
}

static void
a_copy_is_known_and_a_heartbeat_is_no_copy_of_data(void **unused)
{
	struct fp_datagram_header header = { { 0, 1 }, 10, 5, 0 };

	(void)unused;
	put(10, 0, 0);
	assert_false(fp_hold_has(&hold, &header));
	put(10, 5, 0);
	assert_true(fp_hold_has(&hold, &header));
	header.count = 0;
	assert_true(fp_hold_has(&hold, &header));
	header.first = 11;
	assert_false(fp_hold_has(&hold, &header));
	expect_next(10);
	expect_next(10);
}

static void
who_waits_too_long_is_overdue_also_across_the_clocks_end(void **unused)
{
	(void)unused;
	put(20, 1, 1000);
	put(10, 1, 2000);
	assert_false(fp_hold_is_overdue(&hold, 1000));
	assert_true(fp_hold_is_overdue(&hold, 1001));
	expect_next(10);
	expect_next(20);
	put(10, 1, UINT64_MAX - 5);
	assert_false(fp_hold_is_overdue(&hold, UINT64_MAX - 5));
	assert_true(fp_hold_is_overdue(&hold, 3));
	expect_next(10);
}

static void
only_what_can_be_believed_waits(void **unused)
{
	struct fp_channel channel = { .continuity = { .session = { 0, 1 }, .next = 100 } };
	struct fp_datagram_header header = { { 0, 1 }, 101, 1, 0 };

	(void)unused;
	assert_true(fp_hold_wants(&channel, &header, 100));
	header.count = 0;
	assert_true(fp_hold_wants(&channel, &header, 100));
	header.first = 100;
	assert_false(fp_hold_wants(&channel, &header, 100));
	header.first = 100 + FP_CONTINUITY_LEAP;
	assert_true(fp_hold_wants(&channel, &header, 100));
	header.first++;
	assert_false(fp_hold_wants(&channel, &header, 100));
	header = (struct fp_datagram_header){ { 0, 2 }, 101, 1, 0 };
	assert_false(fp_hold_wants(&channel, &header, 100));
	header.session.low = 1;
	assert_false(fp_hold_wants(&channel, &header, 0));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_waits_is_taken_by_its_sequence),
		TEST(the_lowest_is_due_when_nothing_is_missing_before_it),
		TEST(a_copy_is_known_and_a_heartbeat_is_no_copy_of_data),
		TEST(who_waits_too_long_is_overdue_also_across_the_clocks_end),
		TEST(only_what_can_be_believed_waits),
	};
	int failed;

	if (fp_test_eal_init() != 0)
		return EXIT_FAILURE;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	fp_test_eal_fini();
	return failed;
}
