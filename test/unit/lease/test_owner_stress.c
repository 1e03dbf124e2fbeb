/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Two threads pin each other's memories while these are disposed. Each tenant writes its generation
 * all over its memory, so a pinned block that goes to somebody else shows at once. Takes the
 * seconds of the run as argument; the default is short.
 */

#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_cycles.h>
#include <rte_pause.h>

#include <cmocka.h>

#include "fp_owner.h"
#include "fp_test_eal.h"

#define THREADS   2
#define RECORDS   3 /* few, so that a record has the next tenant at once */
#define WORDS     128
#define BYTES     (WORDS * (uint32_t)sizeof(uint32_t))
#define BUFFERS   15
#define OLD       16
#define LOOKS     4
#define SPINS     100
#define SECONDS   1.2
#define EXIT_SKIP 77

/*
 * For ThreadSanitizer: several producers of DPDK's ring wait for each other with relaxed loads, so
 * that in C11's terms a pointer in it is not handed over. What lies behind the pointer is handed
 * over by the record's word, and is checked. NOLINTBEGIN(readability-identifier-naming)
 */
const char *__tsan_default_suppressions(void);

const char *
__tsan_default_suppressions(void)
{
	return "race:__rte_ring_dequeue_elems_64\n";
}
/* NOLINTEND(readability-identifier-naming) */

/* A memory that is to be used by the other thread, and where its bytes are. */
struct notice {
	struct fp_memory memory;
	const uint8_t *data;
};

struct worker {
	pthread_t thread;
	pthread_mutex_t lock; /* of notice */
	struct notice notice;
	struct fp_memory old[OLD]; /* disposed */
	uint64_t tenants;
	uint64_t refused;
	uint64_t busy;
	uint64_t pins;
	uint64_t views;
	uint64_t stale;
	const char *failure;
};

static double seconds = SECONDS;
static struct fp_owners *owners;
static struct fp_pool *pool;
static struct worker workers[THREADS];
static bool is_over;

static void
fail_with(struct worker *worker, const char *failure)
{
	worker->failure = failure;
	fp_store_relaxed_bool(&is_over, true);
}

/* Tell the other thread of a memory. */
static void
publish(struct worker *worker, const struct fp_memory *memory, const uint8_t *data)
{
	(void)pthread_mutex_lock(&worker->lock);
	worker->notice.memory = *memory;
	worker->notice.data = data;
	(void)pthread_mutex_unlock(&worker->lock);
}

static struct notice
look(struct worker *worker)
{
	struct notice notice;

	(void)pthread_mutex_lock(&worker->lock);
	notice = worker->notice;
	(void)pthread_mutex_unlock(&worker->lock);
	return notice;
}

static bool
is_filled_with(const void *data, uint32_t generation)
{
	const uint32_t *words = data;

	for (uint32_t i = 0; i < WORDS; i++) {
		if (words[i] != generation)
			return false;
	}
	return true;
}

/* Use the other's memory, which may be disposed at any time. */
static void
use(struct worker *worker, const struct notice *notice)
{
	struct fp_span span;
	struct fp_pin pin;
	int error = fp_memory_span(&notice->memory, &span);

	if (error == 0 && span.data != notice->data)
		fail_with(worker, "a span shows another place");
	worker->views += error == 0;
	error = fp_memory_pin(&notice->memory, &pin);
	if (error == -ESTALE) {
		worker->stale++;
		return;
	}
	if (error != 0) {
		fail_with(worker, "a pin was refused");
		return;
	}
	worker->pins++;
	for (uint32_t i = 0; i < LOOKS && notice->memory.record != NULL; i++) {
		if (pin.address != notice->data)
			fail_with(worker, "a pin has another address");
		if (!is_filled_with(pin.address, notice->memory.generation))
			fail_with(worker, "a pinned block has another tenant");
		rte_pause();
	}
	fp_pin_release(&pin);
}

/* A new owner, by rent or by wrap, filled with its generation; false when none was to be had. */
static bool
begin(struct worker *worker, struct fp_owner *owner)
{
	struct fp_lease lease;
	struct fp_memory memory;
	struct fp_span span;
	uint32_t *words;
	int error;

	/* ThreadSanitizer does not see how a mempool orders what its buffers' holders did. */
	if (worker->tenants % 3 == 0 && !FP_HAS_TSAN) {
		if (fp_lease_rent(pool, BYTES, 0, &lease) != 0)
			return false;
		error = fp_owner_wrap(owners, &lease, owner);
	} else {
		error = fp_owner_rent(owners, BYTES, owner);
	}
	if (error != 0) {
		worker->refused++;
		return false;
	}
	memory = fp_owner_memory(owner);
	if (fp_memory_span(&memory, &span) != 0) {
		fail_with(worker, "a memory is stale at once");
		return true;
	}
	words = (uint32_t *)(void *)span.data;
	for (uint32_t i = 0; i < WORDS; i++)
		words[i] = owner->generation;
	publish(worker, &memory, span.data);
	return true;
}

/* Dispose as soon as the other thread lets go. */
static void
end(struct worker *worker, struct fp_owner *owner)
{
	struct fp_owner moved = fp_owner_transfer(owner);
	struct fp_memory memory = fp_owner_memory(&moved);
	struct fp_span span;
	struct fp_pin pin;

	for (uint32_t i = 1; fp_owner_dispose(&moved) != 0; i++) {
		worker->busy++;
		if (i % SPINS == 0)
			(void)sched_yield();
	}
	worker->old[worker->tenants++ % OLD] = memory;
	for (uint32_t i = 0; i < OLD; i++) {
		const struct fp_memory *old = &worker->old[i];

		if (old->record == NULL)
			continue;
		if (fp_memory_span(old, &span) != -ESTALE)
			fail_with(worker, "a disposed memory is viewed");
		if (fp_memory_pin(old, &pin) != -ESTALE) {
			fail_with(worker, "a disposed memory is pinned");
			fp_pin_release(&pin);
		}
	}
}

static void *
work(void *arg)
{
	struct worker *worker = arg;
	struct worker *other = &workers[worker == &workers[0]];

	while (!fp_load_relaxed_bool(&is_over)) {
		struct fp_owner owner;
		struct notice notice;
		bool has_one = begin(worker, &owner);

		/* The same again and again: it goes stale meanwhile. */
		notice = look(other);
		for (uint32_t i = 0; i < LOOKS; i++)
			use(worker, &notice);
		if (has_one)
			end(worker, &owner);
	}
	return NULL;
}

static void
a_pinned_block_is_never_somebody_elses(void **state)
{
	struct fp_owners_counters total;
	uint64_t pins = 0;
	uint64_t until;

	(void)state;
	until = rte_rdtsc() + (uint64_t)(seconds * (double)rte_get_tsc_hz());
	for (uint32_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_mutex_init(&workers[i].lock, NULL), 0);
	for (uint32_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
	while (rte_rdtsc() < until && !fp_load_relaxed_bool(&is_over))
		rte_delay_us_sleep(1000);
	fp_store_relaxed_bool(&is_over, true);
	for (uint32_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_join(workers[i].thread, NULL), 0);
	for (uint32_t i = 0; i < THREADS; i++) {
		const struct worker *worker = &workers[i];

		print_message("# thread %u: %lu tenants, %lu pins, %lu views, %lu stale, %lu "
			      "refused as busy, %lu without a record\n",
			i, worker->tenants, worker->pins, worker->views, worker->stale,
			worker->busy, worker->refused);
		if (worker->failure != NULL)
			fail_msg("thread %u: %s", i, worker->failure);
		pins += worker->pins;
	}
	/* One thread may have had no luck on a busy machine, but not both. */
	assert_true(pins > 0);
	fp_owners_count(owners, &total);
	assert_true(total.rented + total.wrapped == workers[0].tenants + workers[1].tenants);
	assert_true(total.disposed == total.rented + total.wrapped);
	assert_true(total.pinned == total.unpinned);
	assert_true(total.busy == workers[0].busy + workers[1].busy);
	assert_true(fp_pool_held(pool) == 0);
}

static int
create_all(void **state)
{
	struct fp_owners_params params = { "stress", RECORDS, BYTES, SOCKET_ID_ANY };
	struct fp_pool_params pool_params = { "pool", BUFFERS, RTE_PKTMBUF_HEADROOM + BYTES, 0,
		SOCKET_ID_ANY };

	(void)state;
	return fp_owners_create(&params, &owners) == 0 ? fp_pool_create(&pool_params, &pool) : -1;
}

static int
destroy_all(void **state)
{
	(void)state;
	fp_owners_destroy(owners);
	fp_pool_destroy(pool);
	return 0;
}

/* EAL gives the thread that starts it a CPU of its own, which other threads would inherit. */
static int
start_eal(void)
{
	cpu_set_t cpus;
	int error;

	CPU_ZERO(&cpus);
	(void)sched_getaffinity(0, sizeof(cpus), &cpus);
	error = fp_test_eal_init();
	(void)sched_setaffinity(0, sizeof(cpus), &cpus);
	return error;
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_pinned_block_is_never_somebody_elses, create_all, destroy_all),
	};
	int failed;

	if (argc > 1)
		seconds = strtod(argv[1], NULL);
	if (start_eal() != 0) {
		(void)printf("1..0 # SKIP EAL did not start\n");
		return EXIT_SKIP;
	}
	failed = cmocka_run_group_tests_name("owner_stress", tests, NULL, NULL);
	fp_test_eal_fini();
	return failed;
}
