/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Nothing is allocated on the hot path: the engine's worker runs over days of the embedded feed
 * while every allocating function of libc and DPDK is counted. After the first day, which warms the
 * tables up, the count has to stay at zero for millions of messages. test_no_alloc_calls.c shows
 * that each of these functions would be counted.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "alloc_hook.h"
#include "engine.h"
#include "fp_counter.h"
#include "fp_poison.h"
#include "fp_test_eal.h"
#include "fp_test_skip.h"

#define DAY_MESSAGES 100000UL
#define DAYS         20

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
the_hot_path_allocates_nothing(void **state)
{
	const struct fp_channel *channel = engine.channels[0].channel;
	uint64_t before;

	(void)state;
	run_days(1);
	before = fp_counter_get(&channel->counters.messages);
	alloc_count_begin();
	run_days(DAYS);
	assert_int_equal(alloc_count_end(), 0);
	assert_int_equal(fp_counter_get(&channel->counters.messages) - before, DAYS * DAY_MESSAGES);
	assert_int_equal(fp_pool_held(engine.workers[0].rx_pool), 0);
	assert_int_equal(fp_pool_held(engine.workers[0].tx_pool), 0);
	assert_true(engine.channels[0].publisher->counters.messages > DAYS * DAY_MESSAGES);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
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
