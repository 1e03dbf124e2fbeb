/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * What leases cost over the DPDK calls that they stand for, in cycles per buffer.
 *
 *   receive   receive a burst, free it                       | the same through leases
 *   share     one reference more, then one less              | share, release
 *   shares    one more on each of a burst, then one less     | share a burst, release it
 *   clone     rte_pktmbuf_clone(), rte_pktmbuf_free()        | clone, release
 *   handoff   mbufs through an rte_ring, both ends here      | leases through a hand-off
 *   resolve   a stored (mbuf, offset, length) to an address  | a reference to a view
 *
 * The two of a pair take turns for short slices, so that a change of the machine's speed hits both;
 * difference and ratio are taken turn by turn, and their medians are printed. One JSON line a pair.
 *
 * usage: bench_lease [EAL arguments] -- [turns]
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_bus_vdev.h>
#include <rte_cycles.h>
#include <rte_eal.h>
#include <rte_ethdev.h>

#include "fp_handoff.h"
#include "fp_lease.h"
#include "fp_ref.h"

#define BURST      32
#define BURSTS     2000 /* of a slice */
#define BUFFERS    4095
#define TURNS_MAX  1001
#define EXIT_USAGE 2

/* What all slices share. */
struct bench {
	struct fp_pool *pool;
	struct fp_handoff *handoff;
	struct rte_ring *ring;
	uint16_t port_id;
	struct fp_lease held[BURST]; /* leased for as long as it runs */
	struct fp_ref refs[BURST];   /* of the held ones */
	uint64_t sum;                /* of what was read, so that it is read */
};

typedef void (*slice_fn)(struct bench *bench);

static void
receive_raw(struct bench *bench)
{
	struct rte_mbuf *mbufs[BURST];

	for (int i = 0; i < BURSTS; i++) {
		uint16_t got = rte_eth_rx_burst(bench->port_id, 0, mbufs, BURST);

		rte_pktmbuf_free_bulk(mbufs, got);
	}
}

static void
receive_leased(struct bench *bench)
{
	struct rte_mbuf *mbufs[BURST];
	struct fp_lease leases[BURST];
	uint64_t tsc = rte_rdtsc();

	for (int i = 0; i < BURSTS; i++) {
		uint16_t got = rte_eth_rx_burst(bench->port_id, 0, mbufs, BURST);

		fp_lease_take_burst(bench->pool, mbufs, got, tsc, leases);
		fp_lease_release_burst(leases, got, tsc);
	}
}

static void
share_raw(struct bench *bench)
{
	for (int i = 0; i < BURSTS; i++) {
		for (int j = 0; j < BURST; j++) {
			rte_pktmbuf_refcnt_update(bench->held[j].mbuf, 1);
			rte_pktmbuf_free(bench->held[j].mbuf);
		}
	}
}

static void
share_leased(struct bench *bench)
{
	struct fp_lease shared;

	for (int i = 0; i < BURSTS; i++) {
		for (int j = 0; j < BURST; j++) {
			if (fp_lease_share(&bench->held[j], &shared) != 0)
				abort();
			fp_lease_release(&shared);
		}
	}
}

static void
shares_raw(struct bench *bench)
{
	for (int i = 0; i < BURSTS; i++) {
		for (int j = 0; j < BURST; j++)
			rte_pktmbuf_refcnt_update(bench->held[j].mbuf, 1);
		for (int j = 0; j < BURST; j++)
			rte_pktmbuf_free(bench->held[j].mbuf);
	}
}

static void
shares_leased(struct bench *bench)
{
	struct fp_lease shared[BURST];

	for (int i = 0; i < BURSTS; i++) {
		for (int j = 0; j < BURST; j++) {
			if (fp_lease_share(&bench->held[j], &shared[j]) != 0)
				abort();
		}
		for (int j = 0; j < BURST; j++)
			fp_lease_release(&shared[j]);
	}
}

/* fpcheck: allow R-04-01 because each round frees the clones that it made */
static void
clone_raw(struct bench *bench)
{
	struct rte_mbuf *clones[BURST];

	for (int i = 0; i < BURSTS; i++) {
		for (int j = 0; j < BURST; j++)
			clones[j] = rte_pktmbuf_clone(bench->held[j].mbuf, bench->pool->mempool);
		for (int j = 0; j < BURST; j++)
			rte_pktmbuf_free(clones[j]);
	}
}

static void
clone_leased(struct bench *bench)
{
	struct fp_lease clones[BURST];
	uint64_t tsc = rte_rdtsc();

	for (int i = 0; i < BURSTS; i++) {
		for (int j = 0; j < BURST; j++) {
			if (fp_lease_clone(&bench->held[j], bench->pool, tsc, &clones[j]) != 0)
				abort();
		}
		fp_lease_release_burst(clones, BURST, tsc);
	}
}

/* fpcheck: allow R-04-01 because leases hold what goes round here, and release it */
static void
handoff_raw(struct bench *bench)
{
	struct rte_mbuf *mbufs[BURST];

	for (int j = 0; j < BURST; j++)
		mbufs[j] = bench->held[j].mbuf;
	for (int i = 0; i < BURSTS; i++) {
		if (rte_ring_sp_enqueue_burst(bench->ring, (void *const *)mbufs, BURST, NULL) !=
				BURST ||
			rte_ring_sc_dequeue_burst(bench->ring, (void **)mbufs, BURST, NULL) !=
				BURST)
			abort();
	}
}

static void
handoff_leased(struct bench *bench)
{
	uint64_t tsc = rte_rdtsc();

	for (int i = 0; i < BURSTS; i++) {
		if (fp_handoff_send(bench->handoff, bench->held, BURST, tsc) != BURST ||
			fp_handoff_receive(bench->handoff, bench->held, BURST, tsc) != BURST)
			abort();
	}
}

static void
resolve_raw(struct bench *bench)
{
	uint64_t sum = 0;

	for (int i = 0; i < BURSTS; i++) {
		for (int j = 0; j < BURST; j++) {
			const struct fp_lease *stored = &bench->held[j];

			sum += *rte_pktmbuf_mtod_offset(stored->mbuf, const uint8_t *, stored->off);
		}
		rte_compiler_barrier();
	}
	bench->sum += sum;
}

static void
resolve_leased(struct bench *bench)
{
	struct fp_cspan view;
	uint64_t sum = 0;

	for (int i = 0; i < BURSTS; i++) {
		for (int j = 0; j < BURST; j++) {
			if (fp_ref_resolve(&bench->refs[j], &view) != 0)
				abort();
			sum += fp_cspan_at(view, 0);
		}
		rte_compiler_barrier();
	}
	bench->sum += sum;
}

/* A pair of loops. */
struct pair {
	const char *name;
	slice_fn raw;
	slice_fn leased;
};

static const struct pair pairs[] = {
	{ "receive", receive_raw, receive_leased },
	{ "share", share_raw, share_leased },
	{ "shares", shares_raw, shares_leased },
	{ "clone", clone_raw, clone_leased },
	{ "handoff", handoff_raw, handoff_leased },
	{ "resolve", resolve_raw, resolve_leased },
};

static int
compare(const void *a, const void *b)
{
	double left = *(const double *)a;
	double right = *(const double *)b;

	return (left > right) - (left < right);
}

static double
median(double *values, int count)
{
	qsort(values, (size_t)count, sizeof(*values), compare);
	return values[count / 2];
}

static double
time_slice(struct bench *bench, slice_fn slice)
{
	uint64_t start = rte_rdtsc_precise();

	slice(bench);
	return (double)(rte_rdtsc_precise() - start) / BURSTS / BURST;
}

static void
run_pair(struct bench *bench, const struct pair *pair, int turns)
{
	static double raw[TURNS_MAX];
	static double leased[TURNS_MAX];
	static double more[TURNS_MAX];
	static double ratio[TURNS_MAX];
	double ns = 1e9 / (double)rte_get_tsc_hz();

	/* The first turn warms up. */
	for (int i = -1; i < turns; i++) {
		int at = i < 0 ? 0 : i;

		raw[at] = time_slice(bench, pair->raw);
		leased[at] = time_slice(bench, pair->leased);
		more[at] = leased[at] - raw[at];
		ratio[at] = leased[at] / raw[at];
	}
	printf("{\"bench\": \"lease\", \"pair\": \"%s\", \"lifetime\": \"%s\", \"burst\": %d, "
	       "\"turns\": %d, \"raw_cycles\": %.2f, \"lease_cycles\": %.2f, "
	       "\"more_cycles\": %.2f, \"ratio\": %.3f, \"lease_ns\": %.2f}\n",
		pair->name, FP_LIFETIME_NAME, BURST, turns, median(raw, turns),
		median(leased, turns), median(more, turns), median(ratio, turns),
		median(leased, turns) * ns);
}

static int
open_port(struct bench *bench)
{
	struct rte_eth_conf conf;
	int error;

	memset(&conf, 0, sizeof(conf));
	error = rte_vdev_init("net_null0", "size=252");
	if (error == 0)
		error = rte_eth_dev_get_port_by_name("net_null0", &bench->port_id);
	if (error == 0)
		error = rte_eth_dev_configure(bench->port_id, 1, 1, &conf);
	if (error == 0) {
		error = rte_eth_rx_queue_setup(
			bench->port_id, 0, 512, SOCKET_ID_ANY, NULL, bench->pool->mempool);
	}
	if (error == 0)
		error = rte_eth_tx_queue_setup(bench->port_id, 0, 512, SOCKET_ID_ANY, NULL);
	return error != 0 ? error : rte_eth_dev_start(bench->port_id);
}

static int
open_bench(struct bench *bench)
{
	struct fp_pool_params pool = { "bench", BUFFERS, 2176, 256, SOCKET_ID_ANY };
	struct fp_handoff_params handoff = { "bench_handoff", 255, FP_HANDOFF_KEEP, SOCKET_ID_ANY };
	int error = fp_pool_create(&pool, &bench->pool);

	if (error == 0)
		error = fp_handoff_create(&handoff, &bench->handoff);
	if (error == 0)
		error = open_port(bench);
	bench->ring =
		rte_ring_create("bench_ring", 256, SOCKET_ID_ANY, RING_F_SP_ENQ | RING_F_SC_DEQ);
	if (error != 0 || bench->ring == NULL)
		return -1;
	for (int i = 0; i < BURST; i++) {
		if (fp_lease_rent(bench->pool, 100, 1, &bench->held[i]) != 0)
			return -1;
		memset(fp_lease_writable(&bench->held[i]).data, i, 100);
		bench->refs[i] = fp_ref_of(&bench->held[i]);
	}
	return 0;
}

static int
close_bench(struct bench *bench)
{
	uint64_t held;

	fp_lease_release_burst(bench->held, BURST, 0);
	(void)rte_eth_dev_stop(bench->port_id);
	(void)rte_eth_dev_close(bench->port_id);
	(void)fp_handoff_destroy(bench->handoff);
	rte_ring_free(bench->ring);
	held = fp_pool_held(bench->pool);
	fp_pool_destroy(bench->pool);
	return held == 0 ? 0 : -1;
}

int
main(int argc, char **argv)
{
	static struct bench bench;
	int used = rte_eal_init(argc, argv);
	int turns;

	if (used < 0)
		return EXIT_USAGE;
	turns = argc - used > 1 ? (int)strtol(argv[used + 1], NULL, 10) : 101;
	if (turns < 1 || turns > TURNS_MAX) {
		fprintf(stderr, "usage: bench_lease [EAL arguments] -- [turns 1..%d]\n", TURNS_MAX);
		return EXIT_USAGE;
	}
	if (open_bench(&bench) != 0)
		return EXIT_FAILURE;
	for (size_t i = 0; i < RTE_DIM(pairs); i++)
		run_pair(&bench, &pairs[i], turns);
	return close_bench(&bench) == 0 && rte_eal_cleanup() == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
