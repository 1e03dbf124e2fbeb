/* SPDX-License-Identifier: BSD-3-Clause */

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <rte_cycles.h>
#include <rte_ethdev.h>
#include <rte_lcore.h>

#include "control.h"
#include "fp_counter.h"

#define TICK_NS          10000000 /* 10 ms */
#define TICKS_PER_SECOND 100
#define WATCH_TICKS      10

/* Without a packet for so long a replay is over, whatever was counted: the driver lost some. */
#define REPLAY_QUIET_TICKS (2ULL * TICKS_PER_SECOND)

/* Set by the handler, the only state that a handler may touch. */
static volatile sig_atomic_t is_signalled;

/* Sums over all workers and channels. */
struct totals {
	uint64_t packets;
	uint64_t messages;
	uint64_t gaps;
	uint64_t busy_cycles;
	uint64_t total_cycles;
	uint64_t held;
};

static void
on_signal(int signal)
{
	(void)signal;
	is_signalled = 1;
}

void
control_install_signals(void)
{
	struct sigaction action = { .sa_handler = on_signal };

	(void)sigemptyset(&action.sa_mask);
	(void)sigaction(SIGINT, &action, NULL);
	(void)sigaction(SIGTERM, &action, NULL);
}

static struct totals
count(const struct engine *engine)
{
	struct totals totals = { 0 };

	for (uint16_t i = 0; i < engine->worker_count; i++) {
		const struct fp_poll_counters *counters = &engine->workers[i].worker->poll.counters;

		totals.packets += fp_counter_get(&counters->packets);
		totals.busy_cycles += fp_counter_get(&counters->busy_cycles);
		totals.total_cycles += fp_counter_get(&counters->total_cycles);
		totals.held += fp_pool_held(engine->workers[i].rx_pool);
	}
	for (uint16_t i = 0; i < engine->channel_count; i++) {
		totals.messages += fp_counter_get(&engine->channels[i].channel->counters.messages);
		totals.gaps += fp_counter_get(&engine->channels[i].channel->counters.gaps);
	}
	return totals;
}

static void
print_line(const struct control *control, uint64_t seconds, const struct totals *before,
	const struct totals *now)
{
	static struct fp_histogram latency; /* too large for the stack; only this thread's */
	struct fp_histogram_summary percentiles;
	uint64_t total = now->total_cycles - before->total_cycles;
	uint64_t busy = now->busy_cycles - before->busy_cycles;

	fp_histogram_init(&latency);
	for (uint16_t i = 0; i < control->engine->worker_count; i++)
		fp_histogram_merge(&latency, &control->engine->workers[i].worker->latency);
	fp_histogram_get_summary(&latency, rte_get_tsc_hz(), &percentiles);
	printf("%4" PRIu64 " s  %11" PRIu64 " messages/s  %9" PRIu64 " packets/s  busy %3" PRIu64
	       " %%  latency p50 %" PRIu64 ".%01" PRIu64 " us p99 %" PRIu64 ".%01" PRIu64
	       " us  gaps %" PRIu64 "\n",
		seconds, (now->messages - before->messages) / control->period_s,
		(now->packets - before->packets) / control->period_s,
		total == 0 ? 0 : busy * 100 / total, percentiles.p50 / 1000,
		percentiles.p50 / 100 % 10, percentiles.p99 / 1000, percentiles.p99 / 100 % 10,
		now->gaps);
	fflush(stdout);
}

/* True when the engine lives of feeds that end, and all of them have. */
static bool
are_feeds_done(const struct engine *engine)
{
	unsigned int feeds = 0;
	unsigned int done = 0;

	for (uint16_t i = 0; i < engine->port_count; i++) {
		const struct port *port = &engine->ports[i];

		feeds += port->synthetic != NULL || port->file != NULL;
		done += port_is_done(port);
	}
	return feeds != 0 && done == feeds;
}

/* True when there is nothing left to wait for. */
static bool
is_over(const struct control *control, uint64_t ticks, uint64_t quiet_ticks, uint64_t packets)
{
	if (is_signalled != 0 || fp_load_relaxed_bool(&control->is_done))
		return true;
	if (control->duration_s != 0 && ticks >= control->duration_s * TICKS_PER_SECOND)
		return true;
	if (control->is_replay &&
		(packets >= control->replay_packets || quiet_ticks >= REPLAY_QUIET_TICKS))
		return true;
	return are_feeds_done(control->engine);
}

static void *
run(void *arg)
{
	struct control *control = arg;
	struct totals last_line = count(control->engine);
	struct totals last = last_line;
	uint64_t start = rte_rdtsc();
	uint64_t hz = rte_get_tsc_hz();
	uint64_t next_line = control->period_s;
	uint64_t quiet_since = 0;
	uint64_t ticks = 0;

	while (!is_over(control, ticks, ticks - quiet_since, last.packets)) {
		const struct timespec tick = { 0, TICK_NS };
		struct totals now;

		(void)nanosleep(&tick, NULL);
		ticks = (rte_rdtsc() - start) / (hz / TICKS_PER_SECOND);
		now = count(control->engine);
		if (now.packets != last.packets)
			quiet_since = ticks;
		if (ticks % WATCH_TICKS == 0) {
			for (uint16_t i = 0; i < control->engine->worker_count; i++)
				(void)fp_poll_watch(&control->engine->workers[i].worker->poll);
		}
		if (control->period_s != 0 && ticks >= next_line * TICKS_PER_SECOND) {
			print_line(control, next_line, &last_line, &now);
			last_line = now;
			next_line += control->period_s;
		}
		last = now;
	}
	engine_stop(control->engine);
	return NULL;
}

bool
control_start(struct control *control)
{
	int error = rte_ctrl_thread_create(&control->thread, "fp-control", NULL, run, control);

	if (error != 0) {
		fprintf(stderr, "fablepool: the control thread could not be started: %s\n",
			rte_strerror(error < 0 ? -error : error));
	}
	return error == 0;
}

void
control_join(struct control *control)
{
	fp_store_relaxed_bool(&control->is_done, true);
	(void)pthread_join(control->thread, NULL);
}
