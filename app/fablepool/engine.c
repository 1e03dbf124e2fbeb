/* SPDX-License-Identifier: BSD-3-Clause */

#include <stdio.h>
#include <string.h>
#include <time.h>

#include <rte_ethdev.h>
#include <rte_launch.h>

#include "engine.h"

#define DATA_ROOM  (RTE_PKTMBUF_HEADROOM + 2048)
#define POOL_CACHE 256

/* Table sizes for `auto`: a busy venue's day needs more orders; the configuration says so. */
#define AUTO_INSTRUMENTS 16384
#define AUTO_ORDERS      524288
#define AUTO_LEVELS      262144

#define SINK_DEVICE "net_null_sink,size=64"

static bool
complain(const char *what, const char *name, int error)
{
	fprintf(stderr, "fablepool: %s %s: %s\n", what, name, fp_error_text(error));
	if (error == -ENOMEM) {
		fputs("fablepool: give EAL more memory (-m MEGABYTES, or more hugepages), or set "
		      "smaller sizes in the configuration\n",
			stderr);
	}
	return false;
}

static uint32_t
or_auto(uint32_t size, uint32_t chosen)
{
	return size != 0 ? size : chosen;
}

static struct fp_books_params
books_params(const struct config_channel *channel)
{
	return (struct fp_books_params){
		.max_instruments = or_auto(channel->instruments, AUTO_INSTRUMENTS),
		.max_orders = or_auto(channel->orders, AUTO_ORDERS),
		.max_levels = or_auto(channel->levels, AUTO_LEVELS),
	};
}

static struct fp_venue_params
venue_params(const struct config_channel *channel)
{
	return (struct fp_venue_params){
		.transport = channel->transport[0] != '\0' ? channel->transport : NULL,
		.max_instruments = or_auto(channel->instruments, AUTO_INSTRUMENTS),
		.price_decimals = (uint8_t)channel->price_decimals,
		.price_excess = (uint8_t)(channel->price_excess != CONFIG_EXCESS_DEFAULT
				? channel->price_excess
				: FP_PRICE_EXCESS_HALF_EVEN),
	};
}

static struct port *
find_port(struct engine *engine, uint32_t number)
{
	for (uint16_t i = 0; i < engine->port_count; i++) {
		if (engine->ports[i].number == number)
			return &engine->ports[i];
	}
	return NULL;
}

static bool
open_ports(struct engine *engine, const char *publish)
{
	const struct config *config = engine->config;
	struct config_port sink = { .number = CONFIG_PORT_NONE };

	for (uint16_t i = 0; i < config->port_count; i++) {
		struct port *port = &engine->ports[engine->port_count];

		if (!port_open(port, &config->ports[i], &config->synthetic))
			return false;
		engine->port_count++;
	}
	if (publish == NULL && config->publisher.port != CONFIG_PORT_NONE) {
		engine->publish_port = find_port(engine, config->publisher.port);
		return true;
	}
	if (publish != NULL) {
		snprintf(sink.device, sizeof(sink.device), "net_pcap_publish,tx_pcap=%s", publish);
	} else {
		snprintf(sink.device, sizeof(sink.device), SINK_DEVICE);
	}
	engine->publish_port = &engine->ports[engine->port_count];
	if (!port_open(engine->publish_port, &sink, &config->synthetic))
		return false;
	engine->port_count++;
	return true;
}

static struct engine_worker *
find_worker(struct engine *engine, unsigned int lcore_id)
{
	for (uint16_t i = 0; i < engine->worker_count; i++) {
		if (engine->workers[i].lcore_id == lcore_id)
			return &engine->workers[i];
	}
	return NULL;
}

/* The one worker that polls a port's queues, and so owns its channels. */
static struct engine_worker *
find_owner(struct engine *engine, uint32_t port_number, bool *is_shared)
{
	struct engine_worker *owner = NULL;

	*is_shared = false;
	for (uint16_t i = 0; i < engine->config->queue_count; i++) {
		const struct config_queue *queue = &engine->config->queues[i];
		struct engine_worker *worker = find_worker(engine, queue->lcore);

		if (queue->port != port_number)
			continue;
		*is_shared |= owner != NULL && owner != worker;
		owner = worker;
	}
	return owner;
}

/* Every lcore of the queues becomes a worker. */
static bool
list_workers(struct engine *engine)
{
	for (uint16_t i = 0; i < engine->config->queue_count; i++) {
		unsigned int lcore = engine->config->queues[i].lcore;

		if (find_worker(engine, lcore) != NULL)
			continue;
		if (engine->worker_count == ENGINE_WORKERS_MAX) {
			fprintf(stderr, "fablepool: [engine] lcores: more than %d lcores\n",
				ENGINE_WORKERS_MAX);
			return false;
		}
		engine->workers[engine->worker_count++].lcore_id = lcore;
	}
	return true;
}

static bool
check_channel_owner(struct engine *engine, const struct config_channel *channel)
{
	bool is_shared;
	struct engine_worker *owner = find_owner(engine, channel->port, &is_shared);

	if (owner != NULL && !is_shared)
		return true;
	fprintf(stderr,
		"fablepool: [channel %s]: port %u is polled by %s, expected exactly one lcore: "
		"it owns the channel's books\n",
		channel->name, channel->port, owner == NULL ? "none" : "several lcores");
	return false;
}

/* Bytes of arena for a worker and all that it owns. */
static uint64_t
count_bytes(struct engine *engine, const struct engine_worker *worker)
{
	const struct config *config = engine->config;
	uint64_t bytes = worker_bytes((uint16_t)config->burst);
	bool is_shared;

	for (uint16_t i = 0; i < config->channel_count; i++) {
		const struct config_channel *channel = &config->channels[i];
		struct fp_venue_params for_venue = venue_params(channel);
		struct fp_books_params for_books = books_params(channel);

		if (find_owner(engine, channel->port, &is_shared) != worker)
			continue;
		bytes += fp_channel_bytes(fp_venue_find(channel->venue), &for_venue);
		bytes += config->books != 0 ? fp_books_bytes(&for_books) : 0;
		bytes += fp_arena_array_bytes(1, sizeof(struct publisher), FP_CACHE_LINE_BYTES);
		bytes += fp_arena_array_bytes(1, sizeof(struct fp_hold), FP_CACHE_LINE_BYTES);
	}
	return bytes;
}

static uint32_t
count_rx_buffers(const struct engine *engine, const struct engine_worker *worker)
{
	const struct config *config = engine->config;
	uint32_t buffers =
		2 * config->burst + 2 * POOL_CACHE + config->channel_count * (uint32_t)FP_HOLD_MAX;

	for (uint16_t i = 0; i < config->queue_count; i++) {
		if (config->queues[i].lcore == worker->lcore_id)
			buffers += config_find_port(config, config->queues[i].port)->rx_descriptors;
	}
	return RTE_MAX(buffers, 4096U);
}

static bool
create_pool(const char *kind, unsigned int lcore, uint32_t buffers, struct fp_pool **out)
{
	char name[FP_POOL_NAME_BYTES];
	const struct fp_pool_params params = {
		.name = name,
		.buffers = buffers,
		.data_room = DATA_ROOM,
		.cache = (uint16_t)RTE_MIN((uint32_t)POOL_CACHE, buffers / 2),
		.socket_id = (int)rte_lcore_to_socket_id(lcore),
	};
	int error;

	snprintf(name, sizeof(name), "%s_%u", kind, lcore);
	error = fp_pool_create(&params, out);
	return error == 0 || complain("pool", name, error);
}

static bool
create_worker(struct engine *engine, struct engine_worker *worker)
{
	const struct config *config = engine->config;
	char name[FP_ARENA_NAME_BYTES];
	const struct fp_arena_params params = {
		.name = name,
		.cap = count_bytes(engine, worker),
		.socket_id = (int)rte_lcore_to_socket_id(worker->lcore_id),
	};
	uint32_t tx_buffers =
		PUBLISHER_BURST * 2 * (config->channel_count + 1U) + 2 * POOL_CACHE + 1024;
	int error;

	snprintf(name, sizeof(name), "lcore_%u", worker->lcore_id);
	error = fp_arena_create(&params, &worker->arena);
	if (error != 0)
		return complain("arena", name, error);
	error = worker_create(
		&worker->worker, worker->lcore_id, (uint16_t)config->burst, worker->arena);
	if (error != 0)
		return complain("worker", name, error);
	worker->worker->wait_cycles = config->line_wait_us * (rte_get_tsc_hz() / 1000000);
	return create_pool("rx", worker->lcore_id,
		       or_auto(config->rx_buffers, count_rx_buffers(engine, worker)),
		       &worker->rx_pool) &&
		create_pool("tx", worker->lcore_id,
			or_auto(config->tx_buffers, RTE_MAX(tx_buffers, 2048U)), &worker->tx_pool);
}

static bool
setup_port(struct engine *engine, struct port *port)
{
	const struct config *config = engine->config;
	const struct config_port *found = config_find_port(config, port->number);
	struct config_port sink = { .rx_descriptors = 64, .tx_descriptors = 1024 };
	struct fp_pool *pools[CONFIG_QUEUES_MAX] = { NULL };
	uint16_t tx_queues = port == engine->publish_port ? engine->worker_count : 0;
	uint16_t rx_queues = 0;

	for (uint16_t i = 0; i < config->queue_count; i++) {
		const struct config_queue *queue = &config->queues[i];

		if (queue->port != port->number || found == NULL)
			continue;
		if (queue->queue >= CONFIG_QUEUES_MAX) {
			fprintf(stderr, "fablepool: [engine] lcores: queue %u: expected below %d\n",
				queue->queue, CONFIG_QUEUES_MAX);
			return false;
		}
		pools[queue->queue] = find_worker(engine, queue->lcore)->rx_pool;
		if (queue->queue >= rx_queues)
			rx_queues = (uint16_t)(queue->queue + 1);
	}
	for (uint16_t i = 0; i < rx_queues; i++) {
		if (pools[i] == NULL) {
			fprintf(stderr,
				"fablepool: [engine] lcores: port %u has queue %u but not queue "
				"%u\n",
				port->number, rx_queues - 1, i);
			return false;
		}
	}
	return port_setup(port, found != NULL ? found : &sink, pools, rx_queues, tx_queues);
}

static bool
add_queues(struct engine *engine)
{
	for (uint16_t i = 0; i < engine->config->queue_count; i++) {
		const struct config_queue *queue = &engine->config->queues[i];
		struct engine_worker *owner = find_worker(engine, queue->lcore);
		struct worker *worker = owner->worker;

		if (worker->queue_count == WORKER_QUEUES_MAX) {
			fprintf(stderr,
				"fablepool: [engine] lcores: lcore %u has more than %d "
				"queues\n",
				queue->lcore, WORKER_QUEUES_MAX);
			return false;
		}
		worker->queues[worker->queue_count++] = (struct worker_queue){
			.port_id = find_port(engine, queue->port)->port_id,
			.queue_id = queue->queue,
			.pool = owner->rx_pool,
			.verify_checksum =
				config_find_port(engine->config, queue->port)->verify_checksum ==
				CONFIG_VERIFY_YES,
		};
	}
	return true;
}

static void
create_publisher(struct engine *engine, struct engine_channel *to)
{
	const struct config_publisher *config = &engine->config->publisher;
	struct publisher_params params = {
		.port_id = engine->publish_port->port_id,
		.queue_id = (uint16_t)(to->owner - engine->workers),
		.pool = to->owner->tx_pool,
		.channel = to->channel->id,
		.session = engine->session,
		.source = config->source,
		.destination = config->to.group,
		.udp_port = (uint16_t)(config->to.port + to->channel->id),
		.latency = &to->owner->worker->latency,
	};

	memcpy(params.destination_mac, config->destination_mac, sizeof(params.destination_mac));
	memcpy(params.source_mac, engine->publish_port->mac, sizeof(params.source_mac));
	publisher_init(to->publisher, &params);
}

static bool
add_routes(struct engine_channel *to, const struct config_channel *config)
{
	for (uint8_t line = 0; line < FP_CHANNEL_LINES; line++) {
		int error;

		if (config->lines[line].port == 0)
			continue;
		error = fp_demux_add(&to->owner->worker->demux, config->lines[line].group,
			(uint16_t)config->lines[line].port, to->channel, line);
		if (error != 0)
			return complain("group and UDP port of channel", config->name, error);
	}
	return true;
}

static bool
create_channel(struct engine *engine, uint16_t id)
{
	const struct config_channel *config = &engine->config->channels[id];
	struct fp_venue_params for_venue = venue_params(config);
	struct fp_books_params for_books = books_params(config);
	struct engine_channel *to = &engine->channels[id];
	struct fp_hold *hold = NULL;
	bool is_shared;
	int error;

	to->owner = find_owner(engine, config->port, &is_shared);
	error = fp_channel_create(config->name, id, fp_venue_find(config->venue), &for_venue,
		to->owner->arena, &to->channel);
	if (error == 0 && engine->config->books != 0)
		error = fp_books_create(&for_books, to->owner->arena, &to->books);
	if (error != 0)
		return complain("channel", config->name, error);
	to->publisher =
		fp_arena_array(to->owner->arena, 1, sizeof(*to->publisher), FP_CACHE_LINE_BYTES);
	if (to->publisher == NULL)
		return complain("publisher of channel", config->name, -ENOMEM);
	create_publisher(engine, to);
	if (config->lines[1].port != 0 && engine->config->line_wait_us != 0) {
		hold = fp_arena_array(to->owner->arena, 1, sizeof(*hold), FP_CACHE_LINE_BYTES);
		if (hold == NULL)
			return complain("second line of channel", config->name, -ENOMEM);
	}
	worker_add_stream(to->owner->worker,
		&(struct worker_stream){ .channel = to->channel,
			.books = to->books,
			.publisher = to->publisher,
			.hold = hold });
	engine->channel_count++;
	return add_routes(to, config);
}

bool
engine_create(struct engine *engine, const struct config *config, const char *publish)
{
	memset(engine, 0, sizeof(*engine));
	engine->config = config;
	engine->session = (uint64_t)time(NULL);
	if (!open_ports(engine, publish) || !list_workers(engine))
		return false;
	if (publish != NULL && engine->worker_count > 1) {
		fputs("fablepool: --publish FILE: expected one lcore that polls: a pcap has one "
		      "writer\n",
			stderr);
		return false;
	}
	for (uint16_t i = 0; i < config->channel_count; i++) {
		if (!check_channel_owner(engine, &config->channels[i]))
			return false;
	}
	for (uint16_t i = 0; i < engine->worker_count; i++) {
		if (!create_worker(engine, &engine->workers[i]))
			return false;
	}
	for (uint16_t i = 0; i < engine->port_count; i++) {
		if (!setup_port(engine, &engine->ports[i]))
			return false;
	}
	for (uint16_t i = 0; i < config->channel_count; i++) {
		if (!create_channel(engine, i))
			return false;
	}
	return add_queues(engine);
}

bool
engine_run(struct engine *engine)
{
	struct engine_worker *of_main = find_worker(engine, rte_get_main_lcore());

	for (uint16_t i = 0; i < engine->port_count; i++) {
		if (!port_start(&engine->ports[i]))
			return false;
	}
	engine->start_tsc = rte_rdtsc();
	for (uint16_t i = 0; i < engine->worker_count; i++) {
		if (&engine->workers[i] != of_main) {
			(void)rte_eal_remote_launch(
				worker_run, engine->workers[i].worker, engine->workers[i].lcore_id);
		}
	}
	if (of_main != NULL)
		(void)worker_run(of_main->worker);
	rte_eal_mp_wait_lcore();
	engine->stop_tsc = rte_rdtsc();
	return true;
}

void
engine_stop(struct engine *engine)
{
	for (uint16_t i = 0; i < engine->worker_count; i++) {
		if (engine->workers[i].worker != NULL)
			fp_poll_stop(&engine->workers[i].worker->poll);
	}
}

void
engine_close_ports(struct engine *engine)
{
	for (uint16_t i = 0; i < engine->port_count; i++)
		port_close(&engine->ports[i]);
}

/* One with leases out was reported as a leak, and goes with the process. */
static void
destroy_pool(struct fp_pool *pool)
{
	if (pool != NULL && fp_pool_held(pool) == 0)
		fp_pool_destroy(pool);
}

void
engine_destroy(struct engine *engine)
{
	for (uint16_t i = 0; i < engine->worker_count; i++) {
		destroy_pool(engine->workers[i].rx_pool);
		destroy_pool(engine->workers[i].tx_pool);
		fp_arena_destroy(engine->workers[i].arena);
	}
	engine->worker_count = 0;
}

uint64_t
engine_missing(struct fp_pool *pool)
{
	uint64_t present;

	/* What a thread without lcore gave back waits to be put into the mempool. */
	(void)fp_pool_collect(pool);
	present = rte_mempool_avail_count(pool->mempool) + fp_pool_held(pool);
	return present < pool->count ? pool->count - present : 0;
}

uint64_t
engine_leaks(const struct engine *engine)
{
	uint64_t leaks = 0;

	for (uint16_t i = 0; i < engine->worker_count; i++) {
		struct fp_pool *of_worker[2] = { engine->workers[i].rx_pool,
			engine->workers[i].tx_pool };

		for (int j = 0; j < 2; j++)
			leaks += fp_pool_held(of_worker[j]) + engine_missing(of_worker[j]);
	}
	return leaks;
}
