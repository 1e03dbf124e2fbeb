/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Mutated datagrams through the engine's own worker: valid frames of every venue are damaged at
 * random and received through a port, decoded, put into books that are far too small, published.
 * Whatever comes, no buffer is lost, every frame is accounted for, and the sanitizers stay silent.
 *
 * usage: fuzz_engine [frames [seed]]      the default is 10,000,000 frames
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_eth_ring.h>
#include <rte_ethdev.h>

#include "corpus.h"
#include "engine.h"
#include "fp_counter.h"
#include "fp_panic.h"
#include "fp_test_eal.h"

#define BURST          32
#define FRAMES_DEFAULT 10000000
#define MUTATIONS_MAX  6

struct fuzz {
	struct corpus corpus;
	struct engine engine;
	struct config config;
	struct rte_ring *ring;
	uint64_t frames;
	uint8_t last[CORPUS_FRAME_MAX];
	uint16_t last_len;
};

static void
mutate_bytes(struct fuzz *fuzz, uint8_t *frame, uint16_t len)
{
	static const uint8_t interesting[] = { 0x00, 0x01, 0x7f, 0x80, 0xff, ' ', 'A', 'B' };
	uint64_t pick = corpus_random(&fuzz->corpus);
	uint32_t at = (uint32_t)(pick >> 8) % len;

	switch (pick & 3) {
	case 0:
		frame[at] ^= (uint8_t)(1U << (pick >> 40 & 7));
		break;
	case 1:
		frame[at] = (uint8_t)(pick >> 40);
		break;
	case 2:
		frame[at] = interesting[pick >> 40 & 7];
		break;
	default:
		/* Length fields and counts stand in pairs of bytes. */
		if (at + 1 < len)
			fp_store_be16(frame + at, (uint16_t)(pick >> 40 & 0x07ff));
		break;
	}
}

/* Damage a frame; its new length. */
static uint16_t
mutate(struct fuzz *fuzz, uint8_t *frame, uint16_t len)
{
	uint64_t pick = corpus_random(&fuzz->corpus);
	uint32_t count = (uint32_t)(pick & 0xff) % MUTATIONS_MAX;

	if ((pick >> 8 & 0x0f) == 0)
		len = (uint16_t)(pick >> 16 & 0xffff) % len;
	if ((pick >> 12 & 0x0f) == 0 && fuzz->last_len != 0) {
		/* The end of this frame becomes that of the last one. */
		uint16_t from = (uint16_t)((pick >> 32 & 0xffff) % fuzz->last_len);

		if (from < len) {
			memcpy(frame + from, fuzz->last + from,
				RTE_MIN((uint16_t)(fuzz->last_len - from), (uint16_t)(len - from)));
		}
	}
	for (uint32_t i = 0; i < count && len != 0; i++)
		mutate_bytes(fuzz, frame, len);
	if ((pick >> 50 & 3) != 0)
		corpus_fix_checksums(frame, len);
	return len;
}

/* One frame into an mbuf, in up to two segments. */
static struct rte_mbuf *
make_mbuf(struct fuzz *fuzz, const uint8_t *frame, uint16_t len)
{
	struct rte_mempool *pool = fuzz->engine.workers[0].rx_pool->mempool;
	struct rte_mbuf *mbuf = rte_pktmbuf_alloc(pool);

	FP_ASSERT(mbuf != NULL);
	fp_unpoison(rte_pktmbuf_mtod(mbuf, void *), len);
	memcpy(rte_pktmbuf_mtod(mbuf, void *), frame, len);
	mbuf->data_len = len;
	mbuf->pkt_len = len;
	if (corpus_random(&fuzz->corpus) % 1000 == 0) {
		struct rte_mbuf *tail = rte_pktmbuf_alloc(pool);

		FP_ASSERT(tail != NULL && rte_pktmbuf_chain(mbuf, tail) == 0);
	}
	return mbuf;
}

/* Send a burst, some of it twice, and let the worker have it. */
static void
run_burst(struct fuzz *fuzz)
{
	struct worker *worker = fuzz->engine.workers[0].worker;
	struct rte_mbuf *mbufs[BURST];
	uint8_t frame[CORPUS_FRAME_MAX];

	for (int i = 0; i < BURST; i++) {
		uint16_t len = corpus_next(&fuzz->corpus, frame);

		len = mutate(fuzz, frame, len);
		mbufs[i] = make_mbuf(fuzz, frame, len);
		memcpy(fuzz->last, frame, len);
		fuzz->last_len = len;
	}
	if (corpus_random(&fuzz->corpus) % 4 == 0) {
		struct rte_mbuf *first = mbufs[0]; /* out of order */

		mbufs[0] = mbufs[BURST - 1];
		mbufs[BURST - 1] = first;
	}
	/* fpcheck: allow R-04-01 because all are sent, the two that changed places among them */
	FP_ASSERT(rte_ring_sp_enqueue_bulk(fuzz->ring, (void **)mbufs, BURST, NULL) == BURST);
	(void)worker_frame(worker, &worker->queues[0]);
	fuzz->frames += BURST;
	FP_ASSERT(fp_pool_held(fuzz->engine.workers[0].rx_pool) == 0);
	FP_ASSERT(fp_pool_held(fuzz->engine.workers[0].tx_pool) == 0);
}

static void
add_channel(struct config *config, const char *venue, uint16_t port)
{
	struct config_channel *channel = config_add_channel(config, venue);

	FP_ASSERT(channel != NULL);
	snprintf(channel->venue, sizeof(channel->venue), "%s", venue);
	channel->lines[0].group = CORPUS_GROUP;
	channel->lines[0].port = port;
	channel->instruments = 30;
	channel->orders = 200;
	channel->levels = 60;
}

static void
configure(struct fuzz *fuzz)
{
	int port;

	fuzz->ring =
		rte_ring_create("fuzz", 4 * BURST, SOCKET_ID_ANY, RING_F_SP_ENQ | RING_F_SC_DEQ);
	FP_ASSERT(fuzz->ring != NULL);
	port = rte_eth_from_ring(fuzz->ring);
	FP_ASSERT(port == 0);
	config_init(&fuzz->config);
	FP_ASSERT(config_add_port(&fuzz->config, 0) != NULL);
	fuzz->config.ports[0].verify_checksum = CONFIG_VERIFY_YES;
	add_channel(&fuzz->config, "itch50", CORPUS_PORT_ITCH);
	add_channel(&fuzz->config, "iex", CORPUS_PORT_IEX);
	add_channel(&fuzz->config, "native", CORPUS_PORT_NATIVE);
}

static void
start(struct fuzz *fuzz, uint64_t seed)
{
	configure(fuzz);
	FP_ASSERT(config_complete(&fuzz->config, rte_get_main_lcore(), stderr) == 0);
	FP_ASSERT(engine_create(&fuzz->engine, &fuzz->config, NULL));
	for (uint16_t i = 0; i < fuzz->engine.port_count; i++)
		FP_ASSERT(port_start(&fuzz->engine.ports[i]));
	corpus_init(&fuzz->corpus, seed);
}

/* Every frame was dropped with a reason or reached a channel; every type is counted. */
static int
check(const struct fuzz *fuzz)
{
	const struct worker_queue *queue = &fuzz->engine.workers[0].worker->queues[0];
	uint64_t accounted = 0;
	uint64_t rejected = 0;
	uint64_t delivered = 0;

	for (int reason = 0; reason < FP_DROP_COUNT; reason++) {
		accounted += fp_counter_get(&queue->dropped[reason]);
		printf("# dropped %s: %" PRIu64 "\n", fp_drop_name((enum fp_drop)reason),
			fp_counter_get(&queue->dropped[reason]));
	}
	for (uint16_t i = 0; i < fuzz->engine.channel_count; i++) {
		const struct fp_channel_counters *counters =
			&fuzz->engine.channels[i].channel->counters;

		accounted += counters->datagrams;
		delivered += counters->messages;
		for (int reason = 0; reason < FP_MALFORMED_COUNT; reason++)
			rejected += counters->malformed[reason];
		printf("# %s: datagrams %" PRIu64 " messages %" PRIu64 " lost %" PRIu64
		       " restarts %" PRIu64 " unconfirmed %" PRIu64 "\n",
			fuzz->engine.channels[i].channel->name, counters->datagrams,
			counters->messages, counters->lost, counters->session_restarts,
			counters->unconfirmed);
	}
	printf("# frames %" PRIu64 " accounted %" PRIu64 " rejected datagrams %" PRIu64
	       " delivered messages %" PRIu64 "\n",
		fuzz->frames, accounted, rejected, delivered);
	/* A fuzzer that gets nothing through, or breaks nothing, tests nothing. */
	if (rejected < fuzz->frames / 100 || delivered < fuzz->frames / 2)
		return EXIT_FAILURE;
	return accounted == fuzz->frames ? EXIT_SUCCESS : EXIT_FAILURE;
}

int
main(int argc, char **argv)
{
	static struct fuzz fuzz;
	uint64_t frames = argc > 1 ? strtoull(argv[1], NULL, 10) : FRAMES_DEFAULT;
	uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
	int status;

	if (fp_test_eal_init() != 0)
		return EXIT_FAILURE;
	start(&fuzz, seed);
	while (fuzz.frames < frames)
		run_burst(&fuzz);
	status = check(&fuzz);
	engine_close_ports(&fuzz.engine);
	for (uint16_t i = 0; i < fuzz.engine.worker_count; i++) {
		if (engine_missing(fuzz.engine.workers[i].rx_pool) != 0 ||
			engine_missing(fuzz.engine.workers[i].tx_pool) != 0) {
			puts("# buffers are missing");
			status = EXIT_FAILURE;
		}
	}
	engine_destroy(&fuzz.engine);
	corpus_fini(&fuzz.corpus);
	printf("%s 1 - %" PRIu64 " mutated frames leave the engine whole (seed %" PRIu64
	       ")\n1..1\n",
		status == EXIT_SUCCESS ? "ok" : "not ok", fuzz.frames, seed);
	fp_test_eal_fini();
	return status;
}
