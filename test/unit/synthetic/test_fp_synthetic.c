/* SPDX-License-Identifier: BSD-3-Clause */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <rte_ethdev.h>

#include "fp_pool.h"
#include "fp_synthetic.h"
#include "fp_test_eal.h"
#include "fp_test_panic.h"
#include "test_port.h"

#define BURST 32

static struct fp_pool *pool;

static struct fp_synthetic *
create_feed(void)
{
	const struct fp_synthetic_params params = {
		.seed = 1,
		.messages = 1000,
		.symbols = 10,
		.max_live_orders = 100,
		.max_payload = 1400,
		.socket_id = SOCKET_ID_ANY,
	};
	const struct rte_eth_conf conf = { 0 };
	struct fp_synthetic *feed;
	uint16_t port;

	assert_int_equal(fp_synthetic_create(&params, &feed), 0);
	port = fp_synthetic_port(feed);
	assert_int_equal(rte_eth_dev_configure(port, 1, 0, &conf), 0);
	assert_int_equal(
		rte_eth_rx_queue_setup(port, 0, 64, SOCKET_ID_ANY, NULL, pool->mempool), 0);
	assert_int_equal(fp_synthetic_attach(feed), 0);
	assert_int_equal(rte_eth_dev_start(port), 0);
	return feed;
}

static uint16_t
receive(uint16_t port, struct rte_mbuf **mbufs)
{
	uint16_t count = rte_eth_rx_burst(port, 0, mbufs, BURST);

	assert_int_not_equal(count, 0);
	return count;
}

static void
a_feed_is_gone_when_its_number_is_given_anew(void **state)
{
	struct fp_synthetic *feed = create_feed();
	uint16_t number = fp_synthetic_port(feed);
	struct rte_mbuf *mbufs[BURST];
	struct test_port port;

	(void)state;
	rte_pktmbuf_free_bulk(mbufs, receive(number, mbufs));
	assert_true(fp_synthetic_messages(feed) != 0);
	assert_int_equal(rte_eth_dev_stop(number), 0);
	fp_synthetic_destroy(feed);

	assert_int_equal(test_port_open_null(&port, "next", pool->mempool), 0);
	assert_int_equal(port.id, number);
	/* net_null's own packets have 64 bytes; those of the feed are longer. */
	for (uint16_t i = receive(port.id, mbufs); i != 0; i--) {
		assert_int_equal(rte_pktmbuf_pkt_len(mbufs[i - 1]), 64);
		rte_pktmbuf_free(mbufs[i - 1]);
	}
	test_port_close(&port);
	assert_int_equal(rte_mempool_avail_count(pool->mempool), pool->count);
}

static void
destroy(void *arg)
{
	fp_synthetic_destroy(arg);
}

static void
a_feed_whose_port_was_closed_before_it_panics(void **state)
{
	struct fp_synthetic *feed = create_feed();

	(void)state;
	assert_int_equal(rte_eth_dev_stop(fp_synthetic_port(feed)), 0);
	assert_int_equal(rte_eth_dev_close(fp_synthetic_port(feed)), 0);
	ASSERT_PANICS(destroy, feed, "fp_synthetic_destroy() closes it");
}

static int
set_up(void **state)
{
	const struct fp_pool_params params = { "feed", 512, 2176, 0, SOCKET_ID_ANY };

	(void)state;
	return fp_pool_create(&params, &pool);
}

static int
tear_down(void **state)
{
	(void)state;
	fp_pool_destroy(pool);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_feed_is_gone_when_its_number_is_given_anew),
		cmocka_unit_test(a_feed_whose_port_was_closed_before_it_panics),
	};
	int failed;

	if (fp_test_eal_init() != 0)
		return EXIT_FAILURE;
	failed = cmocka_run_group_tests(tests, set_up, tear_down);
	fp_test_eal_fini();
	return failed;
}
