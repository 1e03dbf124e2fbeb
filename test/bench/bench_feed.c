/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * What safety costs: the same datagrams of the embedded feed through loops that do more and more.
 *
 *   free     receive and free: what the source costs
 *   cast     receive, check lengths and sequence, cast each message to a packed struct, free: the
 *            plain loop that the others are measured against
 *   decode   frames, leases, header checks, the itch50 venue's cursors into native messages
 *   book     the same and the books
 *   publish  the same and native packets out: the engine's own worker, whole
 *
 * Loops take turns for short slices, so that a change of the machine's speed hits all of them; the
 * ratio to `cast` is taken turn by turn and its median is printed. One JSON line per loop.
 *
 * usage: bench_feed [EAL arguments] -- [full|tiny] [turns] [messages of the day]
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_cycles.h>
#include <rte_eal.h>
#include <rte_ethdev.h>
#include <rte_lcore.h>

#include "config.h"
#include "engine.h"
#include "fp_counter.h"
#include "plain_loop.h"

#define TURNS_MAX 256

enum loop {
	LOOP_FREE,
	LOOP_CAST,
	LOOP_DECODE,
	LOOP_BOOK,
	LOOP_PUBLISH,
	LOOP_COUNT,
};

static const char *const loop_names[LOOP_COUNT] = { "free", "cast", "decode", "book", "publish" };

/* What one slice of one loop took. */
struct slice {
	uint64_t cycles;
	uint64_t packets;
	uint64_t messages;
};

/* Everything that the loops share: one engine, whose port all of them poll. */
struct bench {
	struct engine engine;
	struct worker *worker;
	struct plain_loop plain;
	struct slice slices[LOOP_COUNT][TURNS_MAX];
	uint64_t day_messages; /**< Of one pass of the feed: a slice. */
	int turns;
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
	return count % 2 != 0 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

/* The engine's worker with or without books and publisher. */
static void
set_stream(struct bench *bench, enum loop loop)
{
	struct engine_channel *channel = &bench->engine.channels[0];
	struct worker_stream *stream = &bench->worker->stream_table[0];

	stream->books = loop >= LOOP_BOOK ? channel->books : NULL;
	stream->publisher = loop >= LOOP_PUBLISH ? channel->publisher : NULL;
}

/* True until the feed has sent one day more than at the slice's start. */
static bool
is_day_going_on(const struct bench *bench, uint64_t start)
{
	return fp_synthetic_messages(bench->engine.ports[0].synthetic) - start <
		bench->day_messages;
}

static struct slice
run_worker(struct bench *bench, enum loop loop)
{
	struct fp_poll_counters *counters = &bench->worker->poll.counters;
	struct fp_channel *channel = bench->engine.channels[0].channel;
	uint64_t start = fp_synthetic_messages(bench->engine.ports[0].synthetic);
	uint64_t packets = fp_counter_get(&counters->packets);
	uint64_t messages = fp_counter_get(&channel->counters.messages);
	struct slice slice;

	set_stream(bench, loop);
	/* The other loops took what came between: begin anew instead of finding a gap. */
	channel->continuity = (struct fp_continuity){ 0 };
	fp_poll_start(&bench->worker->poll);
	slice.cycles = rte_rdtsc();
	while (is_day_going_on(bench, start))
		(void)worker_frame(bench->worker, &bench->worker->queues[0]);
	slice.cycles = rte_rdtsc() - slice.cycles;
	slice.packets = fp_counter_get(&counters->packets) - packets;
	slice.messages = fp_counter_get(&channel->counters.messages) - messages;
	return slice;
}

static struct slice
run_plain(struct bench *bench, enum loop loop)
{
	uint64_t start = fp_synthetic_messages(bench->engine.ports[0].synthetic);
	struct slice slice;

	plain_loop_begin(&bench->plain);
	slice.cycles = rte_rdtsc();
	while (is_day_going_on(bench, start)) {
		if (loop == LOOP_FREE) {
			plain_loop_free(&bench->plain);
		} else {
			plain_loop_cast(&bench->plain);
		}
	}
	slice.cycles = rte_rdtsc() - slice.cycles;
	slice.packets = bench->plain.packets;
	slice.messages = bench->plain.messages;
	return slice;
}

/*
 * A slice is one whole day of the feed. The day is closed, all its orders are gone at its end, so
 * that books begin and end every slice empty and never see part of a stream.
 */
static void
run(struct bench *bench)
{
	for (int turn = -1; turn < bench->turns; turn++) {
		for (int loop = 0; loop < LOOP_COUNT; loop++) {
			struct slice slice = loop <= LOOP_CAST ? run_plain(bench, (enum loop)loop)
							       : run_worker(bench, (enum loop)loop);

			if (turn >= 0) /* the first turn warms caches and tables */
				bench->slices[loop][turn] = slice;
		}
	}
}

static double
cycles_per_packet(const struct slice *slice)
{
	return (double)slice->cycles / (double)slice->packets;
}

static void
report(struct bench *bench, const char *shape)
{
	for (int loop = 0; loop < LOOP_COUNT; loop++) {
		double of_packet;
		double packets[TURNS_MAX];
		double messages[TURNS_MAX];
		double ratios[TURNS_MAX];
		double net_ratios[TURNS_MAX];

		for (int turn = 0; turn < bench->turns; turn++) {
			const struct slice *slice = &bench->slices[loop][turn];
			double source = cycles_per_packet(&bench->slices[LOOP_FREE][turn]);
			double cast = cycles_per_packet(&bench->slices[LOOP_CAST][turn]);

			packets[turn] = cycles_per_packet(slice);
			messages[turn] = slice->messages == 0
				? 0
				: (double)slice->cycles / (double)slice->messages;
			ratios[turn] = packets[turn] / cast;
			net_ratios[turn] = (packets[turn] - source) / (cast - source);
		}
		of_packet = median(packets, bench->turns); /* sorted from here on */
		printf("{\"bench\": \"feed\", \"shape\": \"%s\", \"loop\": \"%s\", \"lifetime\": "
		       "\"%s\", \"turns\": %d, \"cycles_per_packet\": %.1f, "
		       "\"best_cycles_per_packet\": %.1f, \"cycles_per_message\": %.2f, "
		       "\"ratio_to_cast\": %.3f, \"ratio_to_cast_without_source\": %.3f}\n",
			shape, loop_names[loop], FP_LIFETIME_NAME, bench->turns, of_packet,
			packets[0], median(messages, bench->turns), median(ratios, bench->turns),
			median(net_ratios, bench->turns));
	}
}

int
main(int argc, char **argv)
{
	static struct bench bench;
	static struct config config;
	int eal_argc = rte_eal_init(argc, argv);
	const char *shape = eal_argc >= 0 && argc - eal_argc > 1 ? argv[eal_argc + 1] : "full";

	if (eal_argc < 0)
		return EXIT_FAILURE;
	bench.turns = argc - eal_argc > 2 ? (int)strtol(argv[eal_argc + 2], NULL, 10) : 15;
	if (bench.turns < 1 || bench.turns > TURNS_MAX) {
		fprintf(stderr, "bench_feed: turns: expected 1 to %d\n", TURNS_MAX);
		return EXIT_FAILURE;
	}
	config_init(&config);
	config.synthetic.max_messages = strcmp(shape, "tiny") == 0 ? 2 : 0;
	config.synthetic.rate = 0;
	if (argc - eal_argc > 3)
		config.synthetic.messages = strtoull(argv[eal_argc + 3], NULL, 10);
	config_add_synthetic(&config);
	bench.day_messages = config.synthetic.messages;
	if (config_complete(&config, rte_get_main_lcore(), stderr) != 0 ||
		!engine_create(&bench.engine, &config, NULL) ||
		!port_start(&bench.engine.ports[0]) || !port_start(&bench.engine.ports[1]))
		return EXIT_FAILURE;
	bench.worker = bench.engine.workers[0].worker;
	plain_loop_init(&bench.plain, &bench.worker->queues[0]);
	run(&bench);
	report(&bench, shape);
	if (fp_books_counters(bench.engine.channels[0].books)->unknown_orders != 0) {
		fputs("bench_feed: the books did not see whole days: the figures are void\n",
			stderr);
		return EXIT_FAILURE;
	}
	engine_close_ports(&bench.engine);
	engine_destroy(&bench.engine);
	(void)rte_eal_cleanup();
	return EXIT_SUCCESS;
}
