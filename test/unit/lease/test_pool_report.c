/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * What a pool tells about who holds what, and that all of it lies where another process could read
 * it.
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

#include <rte_memory.h>
#include <rte_memzone.h>

#include <cmocka.h>

#include "fp_handoff.h"
#include "fp_lease.h"
#include "fp_test_eal.h"
#include "fp_test_panic.h"
#include "kinds.h"

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

/* AddressSanitizer maps most numbers that look like addresses: they cannot be told apart. */
#if !FP_HAS_ASAN
/* An address that is in use in this process, and what it is in. */
static void
assert_word_is_shared(char *word, const struct fp_pool *pool)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	unsigned char resident;

	/* The list of memzones is EAL's own shared memory. */
	if ((uintptr_t)word < page || (const void *)word == pool->slots_zone ||
		(const void *)word == pool->buffers_zone ||
		mincore(word - (uintptr_t)word % page, 1, &resident) != 0)
		return;
	assert_non_null(rte_mem_virt2memseg_list(word));
}

static void
nothing_in_a_pool_points_to_private_memory(void **state)
{
	struct fp_pool *const pools[] = { kinds.created, kinds.adopted, kinds.pinned };

	(void)state;
	for (uint32_t i = 0; i < RTE_DIM(pools); i++) {
		const struct fp_pool *pool = pools[i];
		const struct rte_memzone *zone = pool->slots_zone;
		char name[FP_POOL_NAME_BYTES + 8];
		struct fp_lease lease;

		(void)snprintf(name, sizeof(name), "FP_%s", pool->name);
		assert_ptr_equal(zone, rte_memzone_lookup(name));
		assert_ptr_equal(zone->addr, pool);
		assert_int_equal(fp_lease_rent(pools[i], 8, 1, &lease), 0);
		fp_lease_release(&lease);
		for (size_t at = 0; at + sizeof(void *) <= zone->len; at += sizeof(void *)) {
			char *word;

			memcpy(&word, (const char *)zone->addr + at, sizeof(word));
			assert_word_is_shared(word, pool);
		}
		assert_non_null(rte_mem_virt2memseg_list(pool->slots));
		assert_non_null(rte_mem_virt2memseg_list(pool->mempool));
		assert_non_null(rte_mem_virt2memseg_list(pool->mempool->pool_data));
		assert_non_null(rte_mem_virt2memseg_list(pool->returns));
	}
}
#endif

#if FP_LIFETIME
static void *
rent_late(void *lease)
{
	(void)!fp_lease_rent(kinds.adopted, 8, 50, lease);
	return NULL;
}

static void
a_report_tells_how_many_each_lcore_holds_and_the_oldest(void **state)
{
	static struct fp_pool_report report;
	const uint32_t lcore = rte_lcore_id();
	struct fp_lease leases[10];
	struct fp_lease elsewhere;

	(void)state;
	fp_pool_report(kinds.adopted, &report);
	assert_int_equal(report.all.buffers, 0);
	for (uint32_t i = 0; i < 10; i++) {
		assert_int_equal(
			fp_lease_rent(kinds.adopted, 8, 100 + (i + 5) % 10, &leases[i]), 0);
	}
	kinds_elsewhere(rent_late, &elsewhere);
	fp_pool_report(kinds.adopted, &report);
	assert_int_equal(report.all.buffers, 11);
	assert_int_equal(report.all.oldest_tsc, 50);
	assert_int_equal(report.all.oldest_idx, fpi_pool_index(kinds.adopted, elsewhere.mbuf));
	assert_int_equal(report.by_lcore[lcore].buffers, 10);
	assert_int_equal(report.by_lcore[lcore].oldest_tsc, 100);
	assert_int_equal(
		report.by_lcore[lcore].oldest_idx, fpi_pool_index(kinds.adopted, leases[5].mbuf));
	assert_int_equal(report.by_lcore[RTE_MAX_LCORE].buffers, 1);
	assert_int_equal(report.by_lcore[RTE_MAX_LCORE].oldest_tsc, 50);
	for (uint32_t i = 0; i < FP_POOL_LCORES; i++)
		assert_true(i == lcore || i == RTE_MAX_LCORE || report.by_lcore[i].buffers == 0);
	/* Taken over: this lcore has it from then on. */
	fp_lease_take_over(&elsewhere, 1, 200);
	fp_lease_release(&leases[5]);
	fp_pool_report(kinds.adopted, &report);
	assert_int_equal(report.all.buffers, 10);
	assert_int_equal(report.all.oldest_tsc, 101);
	assert_int_equal(report.by_lcore[lcore].buffers, 10);
	assert_int_equal(report.by_lcore[RTE_MAX_LCORE].buffers, 0);
	fp_lease_release(&elsewhere);
	fp_lease_release_burst(leases, 10, 300);
	fp_pool_report(kinds.adopted, &report);
	assert_int_equal(report.all.buffers, 0);
}
#else
static void
nothing_is_reported_at_level_trust(void **state)
{
	static struct fp_pool_report report;
	struct fp_pool_holder holder;
	struct fp_lease lease;

	(void)state;
	assert_int_equal(fp_lease_rent(kinds.adopted, 8, 1, &lease), 0);
	fp_pool_report(kinds.adopted, &report);
	assert_int_equal(report.all.buffers, 0);
	assert_int_equal(fp_pool_holders(kinds.adopted, 0, &holder, 1), 0);
	assert_int_equal(fp_pool_held(kinds.adopted), 1);
	fp_lease_release(&lease);
}
#endif

#if FP_LIFETIME == FP_LIFETIME_FULL
/* What a stale use of a buffer's lease or view says. */
struct stale {
	struct fp_lease lease;
	struct fp_span span;
};

static void
use_lease(void *arg)
{
	struct stale *stale = arg;

	fp_lease_release(&stale->lease);
}

static void
use_view(void *arg)
{
	struct stale *stale = arg;

	(void)fp_cspan_at(fp_span_const(stale->span), 0);
}

static void *
release_one(void *lease)
{
	fp_lease_release(lease);
	return NULL;
}

/* Shared, sliced, handed over, taken over, and released: twice here, once by another thread. */
static struct stale
live_and_die(void)
{
	struct fp_handoff_params params = { "dying", 4, FP_HANDOFF_KEEP, SOCKET_ID_ANY };
	struct fp_handoff *handoff;
	struct fp_lease leases[3];
	struct stale stale;

	assert_int_equal(fp_handoff_create(&params, &handoff), 0);
	assert_int_equal(fp_lease_rent(kinds.created, 20, rte_rdtsc(), &leases[0]), 0);
	stale.lease = leases[0];
	stale.span = fp_lease_writable(&leases[0]);
	assert_int_equal(fp_lease_share(&leases[0], &leases[1]), 0);
	assert_int_equal(fp_lease_slice(&leases[1], 5, 5), 0);
	assert_int_equal(fp_handoff_send(handoff, &leases[1], 1, rte_rdtsc()), 1);
	assert_int_equal(fp_handoff_receive(handoff, &leases[1], 1, rte_rdtsc()), 1);
	fp_lease_release(&leases[0]);
	kinds_elsewhere(release_one, &leases[1]);
	assert_int_equal(fp_handoff_destroy(handoff), 0);
	return stale;
}

/* The message has these, one after the other. */
static void
assert_tells(const char *text, const char *const *parts, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		const char *found = strstr(text, parts[i]);

		if (found == NULL) {
			fail_msg("no \"%s\" in the rest:\n%s", parts[i], text);
			return;
		}
		text = found + strlen(parts[i]);
	}
}

static void
a_stale_use_tells_the_life_of_the_buffer(void **state)
{
	static struct fp_test_end end;
	struct stale stale = live_and_die();
	char buffer[100];
	char by[40];
	const char *const parts[] = { buffer, "generation 2 (not leased), 0 more leases",
		"last: returned by a thread without lcore, ", " us ago, generation 2",
		"before: one lease released", by, " us ago, generation 1", "before: taken over", by,
		"before: handed over", by, "before: sliced", by, "before: shared", by,
		"before: rented", by, " us ago, generation 1", "backtrace:" };
	const char *const head_of_lease[] = {
		"panic: release: the lease of buffer ",
		" of pool \"created\" is over: it was granted as generation 1, the buffer is at 2"
	};
	const char *const head_of_view[] = {
		"panic: a view is used too late: it was made under generation 1, the memory is now",
		" at generation 2",
		"used at: ",
		"test_pool_report(",
	};

	(void)state;
	(void)snprintf(buffer, sizeof(buffer),
		"buffer %u of pool \"created\": ", fpi_pool_index(kinds.created, stale.lease.mbuf));
	(void)snprintf(by, sizeof(by), " by lcore %u, ", rte_lcore_id());
	fp_test_run_child(use_lease, &stale, &end);
	assert_tells(end.text, head_of_lease, RTE_DIM(head_of_lease));
	assert_tells(end.text, parts, RTE_DIM(parts));
	fp_test_run_child(use_view, &stale, &end);
	assert_tells(end.text, head_of_view, RTE_DIM(head_of_view));
	assert_tells(end.text, parts, RTE_DIM(parts));
}

static void
of_many_operations_the_last_eight_are_told(void **state)
{
	static struct fp_test_end end;
	struct stale stale;
	struct fp_lease lease;
	uint32_t told = 0;

	(void)state;
	assert_int_equal(fp_lease_rent(kinds.created, 20, rte_rdtsc(), &lease), 0);
	stale.lease = lease;
	for (int i = 0; i < 30; i++)
		assert_int_equal(fp_lease_slice(&lease, 0, 20), 0);
	fp_lease_release(&lease);
	fp_test_run_child(use_lease, &stale, &end);
	for (const char *at = end.text; (at = strstr(at, "before: sliced")) != NULL; at++)
		told++;
	assert_int_equal(told, FP_SLOT_EVENTS - 1);
	assert_non_null(strstr(end.text, "last: returned"));
	assert_null(strstr(end.text, "before: rented"));
}
#endif

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_kinds, close_kinds)

int
main(void)
{
	const struct CMUnitTest tests[] = {
#if !FP_HAS_ASAN
		TEST(nothing_in_a_pool_points_to_private_memory),
#endif
#if FP_LIFETIME
		TEST(a_report_tells_how_many_each_lcore_holds_and_the_oldest),
#else
		TEST(nothing_is_reported_at_level_trust),
#endif
#if FP_LIFETIME == FP_LIFETIME_FULL
		TEST(a_stale_use_tells_the_life_of_the_buffer),
		TEST(of_many_operations_the_last_eight_are_told),
#endif
	};
	int failed;

	if (fp_test_eal_init() != 0) {
		(void)printf("1..0 # SKIP EAL did not start\n");
		return EXIT_SKIP;
	}
	failed = cmocka_run_group_tests_name("pool_report", tests, NULL, NULL);
	fp_test_eal_fini();
	return failed;
}
