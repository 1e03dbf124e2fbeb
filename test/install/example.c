/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * A program of your own on libfablepool: receive from the embedded feed, look at each datagram's
 * MoldUDP64 header with a cursor, and give every buffer back.
 *
 *   cc example.c $(pkg-config --cflags --libs fablepool)
 */

#include <inttypes.h>
#include <stdio.h>

#include <rte_eal.h>

#include <fp_channel.h>
#include <fp_poll.h>
#include <fp_reader.h>
#include <fp_synthetic.h>
#include <fp_udp.h>

#define FRAMES 1000

/* A span is taken in the frame and dies with it: this function is done with it when it returns. */
static uint16_t
count_messages(FP_SCOPED struct fp_cspan frame)
{
	struct fp_reader reader;
	struct fp_udp udp;
	uint16_t count;

	if (fp_udp_parse(frame, true, &udp) != FP_DROP_COUNT)
		return 0;
	reader = fp_reader_open(udp.payload);
	fp_reader_skip(&reader, 18); /* session and sequence */
	count = fp_reader_read_be16(&reader);
	return fp_reader_ok(&reader) ? count : 0;
}

static uint64_t
receive(uint16_t port_id, struct fp_pool *pool, struct fp_arena *arena)
{
	static struct fp_poll poll;
	uint64_t messages = 0;

	if (fp_poll_init(&poll, 32, arena, NULL) != 0)
		return 0;
	fp_poll_start(&poll);
	for (int i = 0; i < FRAMES; i++) {
		fp_frame_open(&poll);
		fp_frame_receive(&poll, port_id, 0, pool);
		for (uint16_t j = 0; j < poll.count; j++)
			messages += count_messages(fp_lease_span(&poll.leases[j]));
		fp_frame_close(&poll); /* releases every lease that was not kept */
	}
	return messages;
}

int
main(void)
{
	char *eal[] = { (char[]){ "example" }, (char[]){ "--no-huge" }, (char[]){ "--no-pci" },
		(char[]){ "--no-shconf" }, (char[]){ "-m256" }, (char[]){ "--log-level=error" },
		(char[]){ "--file-prefix=fpexample" } };
	const struct fp_synthetic_params feed_params = { .seed = 1,
		.messages = 100000,
		.symbols = 100,
		.max_live_orders = 5000,
		.max_payload = 1472,
		.socket_id = SOCKET_ID_ANY };
	const struct fp_arena_params arena_params = { "example", 1 << 20, SOCKET_ID_ANY, 0 };
	const struct fp_pool_params pool_params = { "example_rx", 4096, 2176, 256, SOCKET_ID_ANY };
	const struct rte_eth_conf port_conf = { 0 };
	struct fp_synthetic *feed;
	struct fp_arena *arena;
	struct fp_pool *pool;
	uint64_t messages;
	uint64_t held;
	uint16_t port_id;

	/* The drivers of the library, whether it was linked as an archive or not. */
	for (const struct fp_venue *venue = fp_venue_next(NULL); venue != NULL;
		venue = fp_venue_next(venue))
		printf("venue %s\n", venue->name);
	if (fp_venue_find("itch50") == NULL)
		return 1;
	if (rte_eal_init(7, eal) < 0 || fp_synthetic_create(&feed_params, &feed) != 0 ||
		fp_arena_create(&arena_params, &arena) != 0 ||
		fp_pool_create(&pool_params, &pool) != 0)
		return 1;
	port_id = fp_synthetic_port(feed);
	if (rte_eth_dev_configure(port_id, 1, 0, &port_conf) != 0 ||
		rte_eth_rx_queue_setup(port_id, 0, 512, 0, NULL, pool->mempool) != 0 ||
		fp_synthetic_attach(feed) != 0 || rte_eth_dev_start(port_id) != 0)
		return 1;

	messages = receive(port_id, pool, arena);

	(void)rte_eth_dev_stop(port_id);
	fp_synthetic_destroy(feed); /* closes the port */
	held = fp_pool_held(pool);
	printf("%" PRIu64 " messages, %" PRIu64 " buffers held\n", messages, held);
	fp_pool_destroy(pool);
	fp_arena_destroy(arena);
	(void)rte_eal_cleanup();
	return messages != 0 && held == 0 ? 0 : 1;
}
