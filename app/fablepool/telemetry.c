/* SPDX-License-Identifier: BSD-3-Clause */

#include <pthread.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include <rte_cycles.h>
#include <rte_errno.h>
#include <rte_telemetry.h>
#include <rte_version.h>

#include "fp_counter.h"
#include "fp_scan.h"
#include "fp_telemetry.h"
#include "telemetry.h"

/* A worker fills a snapshot between two frames: this long is a stall. */
#define SNAPSHOT_TRIES   200
#define SNAPSHOT_WAIT_NS 1000000

/* Longest text of a holder: quoted lcore and operation, three numbers, commas [bytes]. */
#define HOLDER_TEXT_BYTES 96

/*
 * DPDK's callbacks carry no argument: this is what they answer for. The lock keeps the engine alive
 * while a request is answered and lets one request at a time ask a worker for a book; no lcore
 * takes it.
 */
static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_mutex_t snapshot_lock = PTHREAD_MUTEX_INITIALIZER;
static const struct engine *engine;

typedef int (*answer_fn)(const struct fp_telemetry_params *params, struct rte_tel_data *data);

/* Every command: take the parameters apart, hold the engine, answer. */
static int
answer(answer_fn answer_it, const char *text, struct rte_tel_data *data)
{
	struct fp_telemetry_params params;
	int error = -ENOENT;

	if (fp_telemetry_params_init(&params, text) != 0)
		return -EINVAL;
	pthread_rwlock_rdlock(&lock);
	if (engine != NULL)
		error = answer_it(&params, data);
	pthread_rwlock_unlock(&lock);
	return error;
}

/* Without a parameter: the list of what there is. */
static int
answer_list(struct rte_tel_data *data, const char *name, uint64_t count)
{
	struct fp_telemetry_node root;
	struct fp_telemetry_node list;

	fp_telemetry_init(&root, data);
	fp_telemetry_open_uints(&root, name, &list);
	for (uint64_t i = 0; i < count; i++)
		fp_telemetry_append_uint(&list, i);
	return fp_telemetry_commit(&root);
}

static int
answer_info(const struct fp_telemetry_params *params, struct rte_tel_data *data)
{
	struct fp_telemetry_node root;

	(void)params;
	fp_telemetry_init(&root, data);
	fp_telemetry_add_string(&root, "version", FP_VERSION);
	fp_telemetry_add_string(&root, "dpdk", rte_version());
	fp_telemetry_add_string(&root, "lifetime", FP_LIFETIME_NAME);
	fp_telemetry_add_string(&root, "scans", fp_scan_name(fp_scan_get()));
	fp_telemetry_add_uint(&root, "pid", (uint64_t)getpid());
	fp_telemetry_add_uint(&root, "tsc_hz", rte_get_tsc_hz());
	fp_telemetry_add_uint(&root, "uptime_ms",
		engine->start_tsc == 0
			? 0
			: (rte_rdtsc() - engine->start_tsc) / (rte_get_tsc_hz() / 1000));
	fp_telemetry_add_uint(&root, "lcores", engine->worker_count);
	fp_telemetry_add_uint(&root, "ports", engine->port_count);
	fp_telemetry_add_uint(&root, "channels", engine->channel_count);
	fp_telemetry_add_uint(&root, "session", engine->session);
	return fp_telemetry_commit(&root);
}

static int
answer_lcore(const struct fp_telemetry_params *params, struct rte_tel_data *data)
{
	const struct fp_poll *poll;
	struct fp_telemetry_node root;
	uint64_t idx;

	if (params->field_count == 0)
		return answer_list(data, "workers", engine->worker_count);
	if (fp_telemetry_params_get_uint(params, 0, engine->worker_count - 1U, &idx) != 0)
		return -EINVAL;
	poll = &engine->workers[idx].worker->poll;
	fp_telemetry_init(&root, data);
	fp_telemetry_add_uint(&root, "lcore", engine->workers[idx].lcore_id);
	fp_telemetry_add_uint(&root, "frames", fp_counter_get(&poll->counters.frames));
	fp_telemetry_add_uint(&root, "busy_frames", fp_counter_get(&poll->counters.busy_frames));
	fp_telemetry_add_uint(&root, "packets", fp_counter_get(&poll->counters.packets));
	fp_telemetry_add_uint(&root, "total_cycles", fp_counter_get(&poll->counters.total_cycles));
	fp_telemetry_add_uint(&root, "busy_cycles", fp_counter_get(&poll->counters.busy_cycles));
	fp_telemetry_add_uint(
		&root, "longest_cycles", fp_counter_get(&poll->counters.longest_cycles));
	fp_telemetry_add_uint(&root, "stalls", fp_counter_get(&poll->stalls));
	fp_telemetry_add_string(
		&root, "stalled_stage", fp_stage_name(fp_load_relaxed_u32(&poll->stalled_stage)));
	return fp_telemetry_commit(&root);
}

/* For how long, by a time that came from another clock: 0 when it lies ahead. */
static uint64_t
age_us(uint64_t tsc, uint64_t now)
{
	return tsc < now ? (now - tsc) / (rte_get_tsc_hz() / 1000000) : 0;
}

/* The nth pool that exists. */
static const struct fp_pool *
find_pool(uint64_t nth)
{
	for (uint32_t place = 0; place < FP_POOLS_MAX; place++) {
		const struct fp_pool *pool = fp_pool_at(place);

		if (pool != NULL && nth-- == 0)
			return pool;
	}
	return NULL;
}

/* The lcores that hold buffers of a pool, in their order; the last is of threads without lcore. */
static uint32_t
find_holders(const struct fp_pool_report *report, uint32_t holders[FP_POOL_LCORES])
{
	uint32_t count = 0;

	for (uint32_t lcore = 0; lcore < FP_POOL_LCORES; lcore++) {
		if (report->by_lcore[lcore].buffers != 0)
			holders[count++] = lcore;
	}
	return count;
}

/* A page of the holders, as columns: a dictionary for each would take 70 KB of heap each. */
static void
add_holders(struct fp_telemetry_node *root, const struct fp_pool_report *report,
	const uint32_t *holders, const struct fp_telemetry_page *page, uint64_t now)
{
	struct fp_telemetry_node dict;
	struct fp_telemetry_node columns[5];

	fp_telemetry_open_dict(root, "holders", &dict);
	fp_telemetry_add_page(&dict, page);
	fp_telemetry_open_strings(&dict, "lcores", &columns[0]);
	fp_telemetry_open_uints(&dict, "buffers", &columns[1]);
	fp_telemetry_open_uints(&dict, "oldest_us", &columns[2]);
	fp_telemetry_open_uints(&dict, "oldest_buffer", &columns[3]);
	fp_telemetry_open_strings(&dict, "oldest_op", &columns[4]);
	for (uint64_t i = page->first; i < page->end; i++) {
		const struct fp_pool_holding *holding = &report->by_lcore[holders[i]];
		char lcore[12] = "none";

		if (holders[i] != RTE_MAX_LCORE)
			snprintf(lcore, sizeof(lcore), "%u", holders[i]);
		fp_telemetry_append_string(&columns[0], lcore);
		fp_telemetry_append_uint(&columns[1], holding->buffers);
		fp_telemetry_append_uint(&columns[2], age_us(holding->oldest_tsc, now));
		fp_telemetry_append_uint(&columns[3], holding->oldest_idx);
		fp_telemetry_append_string(&columns[4], fp_slot_op_name(holding->oldest_op));
	}
}

static int
answer_pool(const struct fp_telemetry_params *params, struct rte_tel_data *data)
{
	const struct fp_pool *pool;
	struct fp_pool_counters total;
	uint32_t holders[FP_POOL_LCORES];
	struct fp_telemetry_node root;
	struct fp_telemetry_page page;
	struct fp_pool_report report;
	uint64_t count = 0;
	uint64_t now;
	uint64_t idx;

	while (find_pool(count) != NULL)
		count++;
	if (params->field_count == 0)
		return answer_list(data, "pools", count);
	if (count == 0 || fp_telemetry_params_get_uint(params, 0, count - 1, &idx) != 0)
		return -EINVAL;
	pool = find_pool(idx);
	fp_pool_count(pool, &total);
	fp_pool_report(pool, &report);
	now = rte_rdtsc();
	if (fp_telemetry_page_init(
		    &page, params, 1, find_holders(&report, holders), HOLDER_TEXT_BYTES) != 0)
		return -EINVAL;
	fp_telemetry_init(&root, data);
	fp_telemetry_add_string(&root, "name", pool->name);
	fp_telemetry_add_uint(&root, "buffers", pool->count);
	fp_telemetry_add_int(&root, "socket", pool->socket_id);
	fp_telemetry_add_uint(&root, "received", total.received);
	fp_telemetry_add_uint(&root, "rented", total.rented);
	fp_telemetry_add_uint(&root, "returned", total.returned);
	fp_telemetry_add_uint(&root, "handed_to_tx", total.handed_to_tx);
	fp_telemetry_add_uint(&root, "held", fp_pool_held(pool));
	fp_telemetry_add_uint(&root, "refused", total.refused);
	fp_telemetry_add_uint(&root, "oldest_lease_us",
		report.all.buffers == 0 ? 0 : age_us(report.all.oldest_tsc, now));
	add_holders(&root, &report, holders, &page, now);
	return fp_telemetry_commit(&root);
}

/* The nth arena that exists. */
static const struct fp_arena *
find_arena(uint64_t nth)
{
	for (uint32_t place = 0; place < FP_ARENAS_MAX; place++) {
		const struct fp_arena *arena = fp_arena_at(place);

		if (arena != NULL && nth-- == 0)
			return arena;
	}
	return NULL;
}

static int
answer_arena(const struct fp_telemetry_params *params, struct rte_tel_data *data)
{
	const struct fp_arena *arena;
	struct fp_telemetry_node root;
	uint64_t count = 0;
	uint64_t idx;

	while (find_arena(count) != NULL)
		count++;
	if (params->field_count == 0)
		return answer_list(data, "arenas", count);
	if (count == 0 || fp_telemetry_params_get_uint(params, 0, count - 1, &idx) != 0)
		return -EINVAL;
	arena = find_arena(idx);
	fp_telemetry_init(&root, data);
	fp_telemetry_add_string(&root, "name", arena->name);
	fp_telemetry_add_int(&root, "socket", arena->socket_id);
	fp_telemetry_add_uint(&root, "bytes", arena->cap);
	fp_telemetry_add_uint(&root, "used", fp_counter_get(&arena->used));
	fp_telemetry_add_uint(&root, "high_water", fp_counter_get(&arena->high_water));
	fp_telemetry_add_uint(&root, "refusals", fp_counter_get(&arena->refusals));
	fp_telemetry_add_uint(&root, "epoch", fp_load_relaxed_u32(&arena->epochs[0]));
	return fp_telemetry_commit(&root);
}

static void
add_channel_counters(struct fp_telemetry_node *root, const struct fp_channel_counters *counters)
{
	struct fp_telemetry_node malformed;

	fp_telemetry_add_uint(root, "datagrams", fp_counter_get(&counters->datagrams));
	fp_telemetry_add_uint(root, "heartbeats", fp_counter_get(&counters->heartbeats));
	fp_telemetry_add_uint(root, "messages", fp_counter_get(&counters->messages));
	fp_telemetry_add_uint(root, "gaps", fp_counter_get(&counters->gaps));
	fp_telemetry_add_uint(root, "lost", fp_counter_get(&counters->lost));
	fp_telemetry_add_uint(root, "duplicates", fp_counter_get(&counters->duplicates));
	fp_telemetry_add_uint(
		root, "session_restarts", fp_counter_get(&counters->session_restarts));
	fp_telemetry_add_uint(root, "waited", fp_counter_get(&counters->waited));
	fp_telemetry_add_uint(root, "unconfirmed", fp_counter_get(&counters->unconfirmed));
	fp_telemetry_add_uint(root, "unknown_types", fp_counter_get(&counters->unknown_types));
	fp_telemetry_add_uint(root, "gaps_line_a", fp_counter_get(&counters->lines[0].gaps));
	fp_telemetry_add_uint(root, "gaps_line_b", fp_counter_get(&counters->lines[1].gaps));
	fp_telemetry_open_dict(root, "malformed", &malformed);
	for (int reason = 0; reason < FP_MALFORMED_COUNT; reason++) {
		fp_telemetry_add_uint(&malformed, fp_malformed_name((enum fp_malformed)reason),
			fp_counter_get(&counters->malformed[reason]));
	}
}

static void
add_channel_fault(struct fp_telemetry_node *root, const struct fp_channel_fault *fault)
{
	uint64_t reason = fp_counter_get(&fault->reason);

	fp_telemetry_add_string(root, "last_fault",
		reason == FP_MALFORMED_COUNT ? "none"
					     : fp_malformed_name((enum fp_malformed)reason));
	fp_telemetry_add_uint(root, "last_fault_offset", fp_counter_get(&fault->offset));
}

static int
answer_channel(const struct fp_telemetry_params *params, struct rte_tel_data *data)
{
	const struct engine_channel *from;
	struct fp_telemetry_node root;
	uint64_t idx;

	if (params->field_count == 0)
		return answer_list(data, "channels", engine->channel_count);
	if (fp_telemetry_params_get_uint(params, 0, engine->channel_count - 1U, &idx) != 0)
		return -EINVAL;
	from = &engine->channels[idx];
	fp_telemetry_init(&root, data);
	fp_telemetry_add_string(&root, "name", from->channel->name);
	fp_telemetry_add_string(&root, "venue", from->channel->venue->name);
	fp_telemetry_add_uint(
		&root, "next_sequence", fp_counter_get(&from->channel->continuity.next));
	add_channel_counters(&root, &from->channel->counters);
	add_channel_fault(&root, &from->channel->fault);
	if (from->books != NULL) {
		const struct fp_books_counters *counters = fp_books_counters(from->books);

		fp_telemetry_add_uint(&root, "books", fp_counter_get(&counters->instruments));
		fp_telemetry_add_uint(&root, "stale_books", fp_counter_get(&counters->stale_books));
		fp_telemetry_add_uint(&root, "orders", fp_counter_get(&counters->orders));
		fp_telemetry_add_uint(&root, "levels", fp_counter_get(&counters->levels));
		fp_telemetry_add_uint(
			&root, "quote_changes", fp_counter_get(&counters->quote_changes));
	}
	fp_telemetry_add_uint(
		&root, "published_packets", fp_counter_get(&from->publisher->counters.packets));
	fp_telemetry_add_uint(
		&root, "published_messages", fp_counter_get(&from->publisher->counters.messages));
	return fp_telemetry_commit(&root);
}

/* Let the channel's worker copy a book out; false when it does not answer in time. */
static bool
ask(struct worker *worker, uint16_t channel_id, struct fp_symbol16 symbol)
{
	const struct timespec wait = { 0, SNAPSHOT_WAIT_NS };
	struct worker_snapshot *snapshot = &worker->snapshot;

	snapshot->channel_id = channel_id;
	snapshot->symbol = symbol;
	/* A3: pairs with R3 in worker_run(); makes the question visible. */
	fp_store_release_u32(&snapshot->state, WORKER_SNAPSHOT_ASKED);
	for (int i = 0; i < SNAPSHOT_TRIES; i++) {
		/* R2: pairs with A2 in fill_snapshot(). */
		if (fp_load_acquire_u32(&snapshot->state) == WORKER_SNAPSHOT_FILLED)
			return true;
		(void)nanosleep(&wait, NULL);
	}
	return false;
}

static void
add_side(struct fp_telemetry_node *root, const struct worker_snapshot *snapshot, int side)
{
	static const char *const names[2][3] = {
		{ "bid_prices", "bid_quantities", "bid_orders" },
		{ "ask_prices", "ask_quantities", "ask_orders" },
	};
	char text[24];

	for (int column = 0; column < 3; column++) {
		struct fp_telemetry_node list;

		fp_telemetry_open_strings(root, names[side][column], &list);
		for (uint32_t i = 0; i < snapshot->depth[side]; i++) {
			const struct fp_level *level = &snapshot->levels[side][i];

			snprintf(text, sizeof(text), "%jd",
				(intmax_t)(column == 0        ? level->price.ticks
						: column == 1 ? level->quantity.units
							      : (int64_t)level->orders));
			fp_telemetry_append_string(&list, text);
		}
	}
}

static int
answer_snapshot(const struct engine_channel *from, const char *name, struct rte_tel_data *data)
{
	const struct worker_snapshot *snapshot = &from->owner->worker->snapshot;
	struct fp_symbol16 symbol = { { 0 } };
	struct fp_telemetry_node root;
	size_t len = strlen(name);
	int error = -ENOENT;

	if (len > sizeof(symbol.text))
		return -EINVAL;
	memcpy(symbol.text, name, len);
	pthread_mutex_lock(&snapshot_lock);
	if (ask(from->owner->worker, from->channel->id, symbol) && snapshot->instrument_id != 0) {
		fp_telemetry_init(&root, data);
		fp_telemetry_add_string(&root, "symbol", name);
		fp_telemetry_add_uint(&root, "instrument_id", snapshot->instrument_id);
		fp_telemetry_add_uint(&root, "stale", snapshot->is_stale);
		fp_telemetry_add_uint(&root, "price_decimals", snapshot->price_decimals);
		add_side(&root, snapshot, 0);
		add_side(&root, snapshot, 1);
		error = fp_telemetry_commit(&root);
	}
	pthread_mutex_unlock(&snapshot_lock);
	return error;
}

/* "SYMBOL" in any channel, or "SYMBOL,CHANNEL". */
static int
answer_book(const struct fp_telemetry_params *params, struct rte_tel_data *data)
{
	const char *name = fp_telemetry_params_get_string(params, 0);
	uint64_t channel = 0;
	int error = -ENOENT;

	if (name == NULL || engine->start_tsc == 0 || engine->stop_tsc != 0)
		return -EINVAL;
	if (params->field_count > 1) {
		if (fp_telemetry_params_get_uint(params, 1, engine->channel_count - 1U, &channel) !=
			0)
			return -EINVAL;
		return answer_snapshot(&engine->channels[channel], name, data);
	}
	for (uint16_t i = 0; i < engine->channel_count && error == -ENOENT; i++)
		error = answer_snapshot(&engine->channels[i], name, data);
	return error;
}

static int
answer_latency(const struct fp_telemetry_params *params, struct rte_tel_data *data)
{
	struct fp_histogram_summary latency;
	struct fp_telemetry_node root;
	uint64_t idx = 0;

	if (params->field_count != 0 &&
		fp_telemetry_params_get_uint(params, 0, engine->worker_count - 1U, &idx) != 0)
		return -EINVAL;
	fp_histogram_get_summary(&engine->workers[idx].worker->latency, rte_get_tsc_hz(), &latency);
	fp_telemetry_init(&root, data);
	fp_telemetry_add_uint(&root, "lcore", engine->workers[idx].lcore_id);
	fp_telemetry_add_summary(&root, "receive_to_publish_ns", &latency);
	return fp_telemetry_commit(&root);
}

/* One callback of DPDK's signature per command. */
#define CALLBACK(name)                                                                           \
	static int on_##name(const char *command, const char *params, struct rte_tel_data *data) \
	{                                                                                        \
		(void)command;                                                                   \
		return answer(answer_##name, params, data);                                      \
	}

CALLBACK(info)
CALLBACK(lcore)
CALLBACK(pool)
CALLBACK(arena)
CALLBACK(channel)
CALLBACK(book)
CALLBACK(latency)

int
telemetry_start(const struct engine *answered)
{
	static const struct {
		const char *command;
		telemetry_cb callback;
		const char *help;
	} commands[] = {
		{ "/fablepool/info", on_info, "Version, lifetime level, uptime. No parameters" },
		{ "/fablepool/lcore", on_lcore, "A worker's counters. Parameter: worker" },
		{ "/fablepool/pool", on_pool,
			"A pool's buffers and who holds them. Parameters: pool[,first holder]" },
		{ "/fablepool/arena", on_arena, "An arena's use. Parameter: arena" },
		{ "/fablepool/channel", on_channel, "A channel's counters. Parameter: channel" },
		{ "/fablepool/book", on_book, "A book. Parameters: symbol[,channel]" },
		{ "/fablepool/latency", on_latency, "Receive to publish. Parameter: worker" },
	};
	int error = 0;

	pthread_rwlock_wrlock(&lock);
	engine = answered;
	pthread_rwlock_unlock(&lock);
	for (size_t i = 0; i < RTE_DIM(commands) && error == 0; i++) {
		error = rte_telemetry_register_cmd(
			commands[i].command, commands[i].callback, commands[i].help);
		if (error != 0) {
			fprintf(stderr, "fablepool: telemetry command %s was refused: %s\n",
				commands[i].command, rte_strerror(-error));
		}
	}
	return error;
}

void
telemetry_stop(void)
{
	pthread_rwlock_wrlock(&lock);
	engine = NULL;
	pthread_rwlock_unlock(&lock);
}
