/* SPDX-License-Identifier: BSD-3-Clause */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <rte_cycles.h>
#include <rte_ethdev.h>

#include "fp_file_feed.h"
#include "fp_lease.h"
#include "fp_test_eal.h"
#include "fp_test_panic.h"
#include "fp_udp.h"
#include "test_port.h"

#define BURST      64
#define DEADLINE_S 10
#define FILE_BYTES 100003 /* a prime: no piece divides it */

static struct fp_pool *pool;
static struct fp_pool *small_pool;
static uint8_t content[FILE_BYTES];
static char file[] = "/tmp/fp-feed-XXXXXX";

static void
write_file(size_t len)
{
	int fd;

	memcpy(file, "/tmp/fp-feed-XXXXXX", sizeof(file));
	fd = mkstemp(file);
	assert_true(fd >= 0);
	for (size_t at = 0; at < len; at += FILE_BYTES) {
		size_t part = len - at < FILE_BYTES ? len - at : FILE_BYTES;

		assert_int_equal(write(fd, content, part), part);
	}
	assert_int_equal(close(fd), 0);
}

static void
start(struct fp_file_feed *feed, const struct fp_pool *of)
{
	const struct rte_eth_conf conf = { 0 };
	uint16_t port = fp_file_feed_port(feed);

	assert_int_equal(rte_eth_dev_configure(port, 1, 0, &conf), 0);
	assert_int_equal(rte_eth_rx_queue_setup(port, 0, 64, SOCKET_ID_ANY, NULL, of->mempool), 0);
	assert_int_equal(fp_file_feed_attach(feed), 0);
	assert_int_equal(rte_eth_dev_start(port), 0);
}

static struct fp_file_feed *
create_feed(const struct fp_file_feed_params *params)
{
	struct fp_file_feed *feed;

	assert_int_equal(fp_file_feed_create(params, &feed), 0);
	start(feed, pool);
	return feed;
}

/* Take the feed down; every buffer is back. */
static void
destroy_feed(struct fp_file_feed *feed)
{
	assert_int_equal(rte_eth_dev_stop(fp_file_feed_port(feed)), 0);
	fp_file_feed_destroy(feed);
	assert_int_equal(rte_mempool_avail_count(pool->mempool), pool->count);
}

/* The payload of a frame that any receiver takes. */
static struct fp_cspan
payload_of(struct rte_mbuf *mbuf)
{
	struct fp_udp udp;

	assert_int_equal(mbuf->pkt_len, mbuf->data_len);
	assert_int_equal(
		fp_udp_parse(fp_cspan_over(rte_pktmbuf_mtod(mbuf, uint8_t *), mbuf->data_len), true,
			&udp),
		FP_DROP_COUNT);
	assert_int_equal(udp.destination, FP_FILE_FEED_GROUP);
	assert_int_equal(udp.port, FP_FILE_FEED_UDP_PORT);
	return udp.payload;
}

/* Receive until the feed is done; what comes is the file, once and again. The datagrams. */
static uint64_t
receive_all(struct fp_file_feed *feed, size_t size, uint16_t piece)
{
	struct rte_mbuf *mbufs[BURST];
	uint64_t end_tsc = rte_rdtsc() + DEADLINE_S * rte_get_tsc_hz();
	uint64_t datagrams = 0;
	size_t at = 0;

	while (!fp_file_feed_is_done(feed)) {
		uint16_t burst = (uint16_t)(1 + datagrams % BURST);
		uint16_t count = rte_eth_rx_burst(fp_file_feed_port(feed), 0, mbufs, burst);

		for (uint16_t i = 0; i < count; i++) {
			struct fp_cspan payload = payload_of(mbufs[i]);
			size_t left = size - at;

			assert_int_equal(payload.len, left < piece ? left : piece);
			assert_memory_equal(payload.data, content + at, payload.len);
			at = (at + payload.len) % size;
			rte_pktmbuf_free(mbufs[i]);
		}
		assert_true(rte_rdtsc() < end_tsc);
		datagrams += count;
	}
	assert_int_equal(rte_eth_rx_burst(fp_file_feed_port(feed), 0, mbufs, BURST), 0);
	assert_int_equal(at, 0);
	return datagrams;
}

static void
what_is_delivered_is_the_file_at_every_size_of_the_pieces(void **state)
{
	static const struct {
		size_t size;
		uint16_t piece;
	} rows[] = {
		{ 1, 1 },
		{ 1, 0 },
		{ 999, 1 },
		{ 1399, 0 },
		{ 1400, 0 },
		{ 1401, 0 },
		{ 5600, 0 },
		{ FILE_BYTES, 0 },
		{ FILE_BYTES, 7 },
		{ FILE_BYTES, 64 },
		{ FILE_BYTES, 1471 },
		{ FILE_BYTES, FP_FILE_FEED_PIECE_MAX },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct fp_file_feed_params params = { .path = file, .piece = rows[i].piece };
		uint16_t piece = rows[i].piece != 0 ? rows[i].piece : FP_FILE_FEED_PIECE;
		uint64_t wanted = (rows[i].size + piece - 1) / piece;
		struct fp_file_feed *feed;

		write_file(rows[i].size);
		feed = create_feed(&params);
		assert_int_equal(fp_file_feed_size(feed), rows[i].size);
		assert_int_equal(receive_all(feed, rows[i].size, piece), wanted);
		assert_int_equal(fp_file_feed_datagrams(feed), wanted);
		assert_int_equal(fp_file_feed_bytes(feed), rows[i].size);
		assert_false(fp_file_feed_is_cut(feed));
		destroy_feed(feed);
		assert_int_equal(unlink(file), 0);
	}
}

static void
a_file_is_sent_again_as_often_as_is_asked(void **state)
{
	const struct fp_file_feed_params params = { .path = file, .repeats = 4, .piece = 1000 };
	struct fp_file_feed *feed;

	(void)state;
	write_file(2500);
	feed = create_feed(&params);
	assert_int_equal(receive_all(feed, 2500, 1000), 5 * 3);
	assert_int_equal(fp_file_feed_bytes(feed), 5 * 2500);
	destroy_feed(feed);
	assert_int_equal(unlink(file), 0);
}

static void
a_pace_is_kept(void **state)
{
	const struct fp_file_feed_params params = { .path = file, .rate = 20000, .piece = 100 };
	struct fp_file_feed *feed;
	uint64_t start_tsc;
	uint64_t us;

	(void)state;
	write_file(FILE_BYTES);
	feed = create_feed(&params);
	start_tsc = rte_rdtsc();
	assert_int_equal(receive_all(feed, FILE_BYTES, 100), 1001);
	us = (rte_rdtsc() - start_tsc) / (rte_get_tsc_hz() / 1000000);
	/* 1,001 at 20,000 a second are 50 ms, less what 10 ms of backlog may bring at once. */
	assert_in_range(us, 38000, 2000000);
	destroy_feed(feed);
	assert_int_equal(unlink(file), 0);
}

static void
a_file_that_shrinks_ends_the_feed(void **state)
{
	const struct fp_file_feed_params params = { .path = file, .piece = 1000 };
	struct rte_mbuf *mbufs[BURST];
	struct fp_file_feed *feed;
	uint16_t count;

	(void)state;
	write_file(FILE_BYTES);
	feed = create_feed(&params);
	count = rte_eth_rx_burst(fp_file_feed_port(feed), 0, mbufs, 8);
	assert_int_equal(count, 8);
	rte_pktmbuf_free_bulk(mbufs, count);
	assert_int_equal(truncate(file, 9500), 0);
	count = rte_eth_rx_burst(fp_file_feed_port(feed), 0, mbufs, 8);
	assert_int_equal(count, 2);
	assert_int_equal(payload_of(mbufs[0]).len, 1000);
	assert_int_equal(payload_of(mbufs[1]).len, 500);
	rte_pktmbuf_free_bulk(mbufs, count);
	assert_true(fp_file_feed_is_done(feed));
	assert_true(fp_file_feed_is_cut(feed));
	assert_int_equal(fp_file_feed_bytes(feed), 9500);
	assert_int_equal(rte_eth_rx_burst(fp_file_feed_port(feed), 0, mbufs, 8), 0);
	destroy_feed(feed);
	assert_int_equal(unlink(file), 0);
}

static void
what_is_no_file_is_refused(void **state)
{
	struct fp_file_feed_params params = { .path = "/nonexistent/file" };
	char pipe_name[] = "/tmp/fp-feed-pipe-XXXXXX";
	struct fp_file_feed *feed;

	(void)state;
	assert_int_equal(fp_file_feed_create(&params, &feed), -ENOENT);
	assert_null(feed);
	params.path = "/tmp";
	assert_int_equal(fp_file_feed_create(&params, &feed), -EINVAL);
	params.path = "/dev/null";
	assert_int_equal(fp_file_feed_create(&params, &feed), -EINVAL);
	assert_non_null(mkdtemp(pipe_name));
	assert_int_equal(rmdir(pipe_name), 0);
	assert_int_equal(mkfifo(pipe_name, 0600), 0);
	params.path = pipe_name;
	assert_int_equal(fp_file_feed_create(&params, &feed), -EINVAL);
	assert_int_equal(unlink(pipe_name), 0);
	write_file(0);
	params.path = file;
	assert_int_equal(fp_file_feed_create(&params, &feed), -ENODATA);
	assert_null(feed);
	assert_int_equal(unlink(file), 0);
}

static void
a_piece_that_no_frame_holds_is_refused(void **state)
{
	const struct fp_file_feed_params params = {
		.path = file,
		.piece = FP_FILE_FEED_PIECE_MAX + 1,
	};
	struct fp_file_feed *feed;

	(void)state;
	write_file(1);
	assert_int_equal(fp_file_feed_create(&params, &feed), -EINVAL);
	assert_null(feed);
	assert_int_equal(unlink(file), 0);
}

static void
there_is_one_feed_at_a_time(void **state)
{
	const struct fp_file_feed_params params = { .path = file };
	struct fp_file_feed *feed;
	struct fp_file_feed *second;

	(void)state;
	write_file(1);
	feed = create_feed(&params);
	assert_int_equal(fp_file_feed_create(&params, &second), -EEXIST);
	assert_null(second);
	destroy_feed(feed);
	assert_int_equal(unlink(file), 0);
}

/* fpcheck: allow R-04-01 because this panics, and its caller wants it to */
static void
receive_one(void *arg)
{
	struct rte_mbuf *mbuf;

	(void)rte_eth_rx_burst(fp_file_feed_port(arg), 0, &mbuf, 1);
}

static void
buffers_too_small_for_a_piece_panic(void **state)
{
	const struct fp_file_feed_params params = { .path = file };
	struct fp_file_feed *feed;

	(void)state;
	write_file(1);
	assert_int_equal(fp_file_feed_create(&params, &feed), 0);
	start(feed, small_pool);
	ASSERT_PANICS(receive_one, feed, "give its pool a greater data room");
	destroy_feed(feed);
	assert_int_equal(unlink(file), 0);
}

static void
destroy(void *arg)
{
	fp_file_feed_destroy(arg);
}

static void
a_feed_whose_port_was_closed_before_it_panics(void **state)
{
	const struct fp_file_feed_params params = { .path = file };
	struct fp_file_feed *feed;

	(void)state;
	write_file(1);
	feed = create_feed(&params);
	assert_int_equal(rte_eth_dev_stop(fp_file_feed_port(feed)), 0);
	assert_int_equal(rte_eth_dev_close(fp_file_feed_port(feed)), 0);
	ASSERT_PANICS(destroy, feed, "fp_file_feed_destroy() closes it");
	assert_int_equal(unlink(file), 0);
}

static int
set_up(void **state)
{
	const struct fp_pool_params params = { "feed", 512, 2176, 0, SOCKET_ID_ANY };
	const struct fp_pool_params small = { "feed_small", 128, 1024, 0, SOCKET_ID_ANY };
	uint32_t value = 1;

	(void)state;
	for (size_t i = 0; i < FILE_BYTES; i++) {
		value = value * 1664525 + 1013904223;
		content[i] = (uint8_t)(value >> 24);
	}
	return fp_pool_create(&params, &pool) != 0 || fp_pool_create(&small, &small_pool) != 0;
}

static int
tear_down(void **state)
{
	(void)state;
	fp_pool_destroy(small_pool);
	fp_pool_destroy(pool);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_delivered_is_the_file_at_every_size_of_the_pieces),
		cmocka_unit_test(a_file_is_sent_again_as_often_as_is_asked),
		cmocka_unit_test(a_pace_is_kept),
		cmocka_unit_test(a_file_that_shrinks_ends_the_feed),
		cmocka_unit_test(what_is_no_file_is_refused),
		cmocka_unit_test(a_piece_that_no_frame_holds_is_refused),
		cmocka_unit_test(there_is_one_feed_at_a_time),
		cmocka_unit_test(buffers_too_small_for_a_piece_panic),
		/* The last: DPDK has the feed's callback for ever. */
		cmocka_unit_test(a_feed_whose_port_was_closed_before_it_panics),
	};
	int failed;

	if (fp_test_eal_init() != 0)
		return EXIT_FAILURE;
	failed = cmocka_run_group_tests(tests, set_up, tear_down);
	fp_test_eal_fini();
	return failed;
}
