/* SPDX-License-Identifier: BSD-3-Clause */

/* What the engine says of its pools at the end: what is missing, what leaked, who holds it. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>
#include <rte_cycles.h>

#include "engine.h"
#include "fp_test_eal.h"
#include "summary.h"

static struct engine engine;
static struct config config;

static int
set_up(void **state)
{
	(void)state;
	config_init(&config);
	config_add_synthetic(&config);
	if (config_complete(&config, rte_get_main_lcore(), stderr) != 0 ||
		!engine_create(&engine, &config, NULL))
		return -1;
	engine_close_ports(&engine);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	engine_destroy(&engine);
	return 0;
}

static void
release_without_lcore(struct fp_lease *lease)
{
	const unsigned int lcore_id = rte_lcore_id();

	RTE_PER_LCORE(_lcore_id) = LCORE_ID_ANY;
	fp_lease_release(lease);
	RTE_PER_LCORE(_lcore_id) = lcore_id;
}

static void
what_a_thread_without_lcore_gave_back_is_not_missing(void **state)
{
	struct fp_pool *pool = engine.workers[0].rx_pool;
	struct fp_lease lease;

	(void)state;
	assert_int_equal(engine_leaks(&engine), 0);
	assert_int_equal(fp_lease_rent(pool, 64, rte_rdtsc(), &lease), 0);
	assert_int_equal(engine_missing(pool), 0);
	assert_int_equal(engine_leaks(&engine), 1);
	release_without_lcore(&lease);
	assert_int_equal(engine_missing(pool), 0);
	assert_int_equal(engine_leaks(&engine), 0);
}

static void
what_a_driver_kept_is_missing(void **state)
{
	struct fp_pool *pool = engine.workers[0].tx_pool;
	struct rte_mbuf *mbuf = rte_pktmbuf_alloc(pool->mempool);

	(void)state;
	assert_non_null(mbuf);
	assert_int_equal(engine_missing(pool), 1);
	assert_int_equal(engine_leaks(&engine), 1);
	rte_pktmbuf_free(mbuf);
	assert_int_equal(engine_missing(pool), 0);
}

#if FP_LIFETIME
/* What the list of holders says on standard error. */
static void
list_holders(char *said, size_t room)
{
	int file = memfd_create("said", MFD_CLOEXEC);
	int saved = dup(STDERR_FILENO);
	ssize_t len;

	assert_true(file >= 0 && saved >= 0);
	assert_true(dup2(file, STDERR_FILENO) >= 0);
	summary_print_holders(&engine);
	(void)fflush(stderr);
	assert_true(dup2(saved, STDERR_FILENO) >= 0);
	len = pread(file, said, room - 1, 0);
	said[len > 0 ? len : 0] = '\0';
	(void)close(saved);
	(void)close(file);
}

static void
holders_are_listed_with_their_thread_and_time(void **state)
{
	struct fp_pool *pool = engine.workers[0].rx_pool;
	const unsigned int lcore_id = rte_lcore_id();
	uint64_t now = rte_rdtsc();
	struct fp_lease leases[2];
	char line[128];
	char said[1024];

	(void)state;
	assert_int_equal(fp_lease_rent(pool, 64, now - 2 * rte_get_tsc_hz(), &leases[0]), 0);
	/* A clock that is ahead of this lcore's. */
	assert_int_equal(fp_lease_rent(pool, 64, now + 60 * rte_get_tsc_hz(), &leases[1]), 0);
	RTE_PER_LCORE(_lcore_id) = LCORE_ID_ANY;
	fp_lease_take_over(&leases[0], 1, now - 2 * rte_get_tsc_hz());
	RTE_PER_LCORE(_lcore_id) = lcore_id;
	list_holders(said, sizeof(said));
	assert_non_null(strstr(said, "2 buffers are still leased"));
	assert_non_null(strstr(said, ": taken over by a thread without lcore 2."));
	(void)snprintf(line, sizeof(line), ": rented by lcore %u 0.000 s ago", lcore_id);
	assert_non_null(strstr(said, line));
	fp_lease_release_burst(leases, 2, now);
	list_holders(said, sizeof(said));
	assert_string_equal(said, "");
}
#endif

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_thread_without_lcore_gave_back_is_not_missing),
		cmocka_unit_test(what_a_driver_kept_is_missing),
#if FP_LIFETIME
		cmocka_unit_test(holders_are_listed_with_their_thread_and_time),
#endif
	};
	int failed;

	if (fp_test_eal_init() != 0)
		return EXIT_FAILURE;
	failed = cmocka_run_group_tests(tests, set_up, tear_down);
	fp_test_eal_fini();
	return failed;
}
