/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Nothing is allocated on the hot path: the engine's worker runs over days of the embedded feed
 * while every allocating function of libc and DPDK is counted. After the first day, which warms the
 * tables up, the count has to stay at zero for millions of messages; a control shows that it would
 * not.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#include <cmocka.h>
#include <rte_malloc.h>

#include "engine.h"
#include "fp_counter.h"
#include "fp_poison.h"
#include "fp_test_eal.h"
#include "fp_test_skip.h"

#define DAY_MESSAGES 100000UL
#define DAYS         20

/* glibc's own functions below the names that are taken over here. NOLINTBEGIN */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
extern void __libc_free(void *memory);

/* NOLINTEND */

static __thread bool is_counting;
static __thread uint64_t calls;

/* NOLINTBEGIN(readability-inconsistent-declaration-parameter-name): libc reserves its names */
#if !FP_HAS_ASAN
void *
malloc(size_t size)
{
	calls += is_counting;
	return __libc_malloc(size);
}

void *
calloc(size_t count, size_t size)
{
	calls += is_counting;
	return __libc_calloc(count, size);
}

void *
realloc(void *memory, size_t size)
{
	calls += is_counting;
	return __libc_realloc(memory, size);
}

void
free(void *memory)
{
	calls += is_counting && memory != NULL;
	__libc_free(memory);
}
#endif
/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */

/* Called by DPDK's own libraries too: the program's definition is found first. */
void *
rte_malloc(const char *type, size_t size, unsigned int align)
{
	calls += is_counting;
	return rte_malloc_socket(type, size, align, SOCKET_ID_ANY);
}

void *
rte_zmalloc(const char *type, size_t size, unsigned int align)
{
	calls += is_counting;
	return rte_zmalloc_socket(type, size, align, SOCKET_ID_ANY);
}

static struct engine engine;
static struct config config;

static int
set_up(void **state)
{
	(void)state;
	config_init(&config);
	config.synthetic.rate = 0;
	config.synthetic.messages = DAY_MESSAGES;
	config.synthetic.symbols = 500;
	config_add_synthetic(&config);
	if (config_complete(&config, rte_get_main_lcore(), stderr) != 0 ||
		!engine_create(&engine, &config, NULL))
		return -1;
	for (uint16_t i = 0; i < engine.port_count; i++) {
		if (!port_start(&engine.ports[i]))
			return -1;
	}
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	engine_close_ports(&engine);
	engine_destroy(&engine);
	return 0;
}

static void
run_days(uint64_t days)
{
	struct worker *worker = engine.workers[0].worker;
	uint64_t end = fp_synthetic_messages(engine.ports[0].synthetic) + days * DAY_MESSAGES;

	while (fp_synthetic_messages(engine.ports[0].synthetic) < end)
		(void)worker_frame(worker, &worker->queues[0]);
}

static void
the_counter_sees_an_allocation(void **state)
{
	void *volatile memory;

	(void)state;
	calls = 0;
	is_counting = true;
	memory = malloc(10);
	free(memory);
	memory = rte_malloc(NULL, 10, 0);
	is_counting = false;
	rte_free(memory);
	assert_int_equal(calls, 3);
}

static void
the_hot_path_allocates_nothing(void **state)
{
	const struct fp_channel *channel = engine.channels[0].channel;
	uint64_t before;

	(void)state;
	run_days(1);
	before = fp_counter_get(&channel->counters.messages);
	calls = 0;
	is_counting = true;
	run_days(DAYS);
	is_counting = false;
	assert_int_equal(calls, 0);
	assert_int_equal(fp_counter_get(&channel->counters.messages) - before, DAYS * DAY_MESSAGES);
	assert_int_equal(fp_pool_held(engine.workers[0].rx_pool), 0);
	assert_int_equal(fp_pool_held(engine.workers[0].tx_pool), 0);
	assert_true(engine.channels[0].publisher->counters.messages > DAYS * DAY_MESSAGES);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_counter_sees_an_allocation),
		cmocka_unit_test(the_hot_path_allocates_nothing),
	};
	int failed;

	if (FP_HAS_ASAN) {
		fp_test_skip_all("AddressSanitizer has taken malloc over");
		return 0;
	}
	if (fp_test_eal_init() != 0)
		return EXIT_FAILURE;
	failed = cmocka_run_group_tests(tests, set_up, tear_down);
	fp_test_eal_fini();
	return failed;
}
