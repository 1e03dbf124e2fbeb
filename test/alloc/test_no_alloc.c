/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Nothing is allocated on the hot path: the engine's worker runs over days of the embedded feed,
 * and over a FIX log, while every allocating function of libc and DPDK is counted. After the first
 * day or messages, which warm the tables up, the count has to stay at zero for millions of
 * messages. test_no_alloc_calls.c shows that each of these functions would be counted.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "alloc_hook.h"
#include "engine.h"
#include "fp_counter.h"
#include "fp_poison.h"
#include "fp_test_eal.h"
#include "fp_test_skip.h"

#define DAY_MESSAGES 100000UL
#define DAYS         20

#define LOG_MESSAGES 50000UL
#define LOG_WARM     5000UL
#define LOG_SYMBOLS  50UL

static struct engine engine;
static struct config config;
static char log_file[] = "/tmp/fp-no-alloc-XXXXXX";

static int
start(void)
{
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

static int
set_up_synthetic(void **state)
{
	(void)state;
	config_init(&config);
	config.synthetic.rate = 0;
	config.synthetic.messages = DAY_MESSAGES;
	config.synthetic.symbols = 500;
	config_add_synthetic(&config);
	return start();
}

/* One increment of one price level of one symbol. */
static void
write_message(FILE *log, uint64_t number)
{
	char body[256];
	char head[300];
	unsigned int sum = 0;
	int len = snprintf(body, sizeof(body),
		"35=X\00134=%ju\00149=TEST\00152=20240102-14:00:00.000\00156=ENGINE\001262=1\001"
		"268=1\001279=%c\001269=%ju\00155=SYM%ju\001270=%ju.%02ju\001271=%ju\001",
		(uintmax_t)number, number % 3 == 0 ? '2' : '0', (uintmax_t)(number & 1),
		(uintmax_t)(number % LOG_SYMBOLS), (uintmax_t)(100 + number % 20),
		(uintmax_t)(number % 100), (uintmax_t)(1 + number % 900));

	assert_true(len > 0 && (size_t)len < sizeof(body));
	len = snprintf(head, sizeof(head), "8=FIX.4.4\0019=%d\001%s", len, body);
	for (int i = 0; i < len; i++)
		sum += (uint8_t)head[i];
	assert_true(fprintf(log, "%s10=%03u\001\n", head, sum % 256) > 0);
}

static int
set_up_log(void **state)
{
	struct config_port *port;
	FILE *log;
	int fd = mkstemp(log_file);

	(void)state;
	log = fd < 0 ? NULL : fdopen(fd, "w");
	if (log == NULL)
		return -1;
	for (uint64_t i = 1; i <= LOG_MESSAGES; i++)
		write_message(log, i);
	if (fclose(log) != 0)
		return -1;
	config_init(&config);
	config_add_fix(&config, "stream");
	port = config_add_port(&config, 0);
	snprintf(port->device, sizeof(port->device), PORT_FILE_PREFIX "%s", log_file);
	return start();
}

static int
tear_down_log(void **state)
{
	(void)unlink(log_file);
	return tear_down(state);
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

static void
a_log_is_read_without_allocation(void **state)
{
	struct worker *worker = engine.workers[0].worker;
	const uint64_t *messages = &engine.channels[0].channel->counters.messages;

	(void)state;
	while (fp_counter_get(messages) < LOG_WARM)
		(void)worker_frame(worker, &worker->queues[0]);
	alloc_count_begin();
	while (!fp_file_feed_is_done(engine.ports[0].file))
		(void)worker_frame(worker, &worker->queues[0]);
	worker_drain(worker);
	assert_int_equal(alloc_count_end(), 0);
	assert_int_equal(fp_counter_get(messages), LOG_MESSAGES);
	assert_int_equal(fp_pool_held(engine.workers[0].rx_pool), 0);
	assert_int_equal(fp_pool_held(engine.workers[0].tx_pool), 0);
	assert_true(engine.channels[0].publisher->counters.messages > LOG_MESSAGES / 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			the_hot_path_allocates_nothing, set_up_synthetic, tear_down),
		cmocka_unit_test_setup_teardown(
			a_log_is_read_without_allocation, set_up_log, tear_down_log),
	};
	int failed;

	if (FP_HAS_ASAN) {
		fp_test_skip_all("AddressSanitizer has taken malloc over");
		return 0;
	}
	if (fp_test_eal_init() != 0)
		return EXIT_FAILURE;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	fp_test_eal_fini();
	return failed;
}
