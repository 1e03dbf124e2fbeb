/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * The engine: ports, pools, arenas, channels and workers, made from a configuration and taken down
 * again in the reverse order.
 */

#ifndef ENGINE_H
#define ENGINE_H

#include "config.h"
#include "ports.h"
#include "worker.h"

/** Workers at most: lcores that poll. */
#define ENGINE_WORKERS_MAX 32

/** What one worker was given. */
struct engine_worker {
	struct worker *worker;   /**< In the arena. */
	struct fp_arena *arena;  /**< Everything of this lcore. */
	struct fp_pool *rx_pool; /**< Of the queues that it polls. */
	struct fp_pool *tx_pool; /**< Of its publishers. */
	unsigned int lcore_id;   /**< That runs it. */
};

/** A channel and what it flows through, for reports. */
struct engine_channel {
	struct fp_channel *channel;
	struct fp_books *books;      /**< NULL = none. */
	struct publisher *publisher; /**< NULL = none. */
	struct engine_worker *owner; /**< Whose lcore owns it. */
};

/** All of it. */
struct engine {
	const struct config *config;
	uint16_t port_count;
	uint16_t worker_count;
	uint16_t channel_count;
	struct port ports[CONFIG_PORTS_MAX + 1]; /**< The last one may be the publishers' sink. */
	struct port *publish_port;               /**< One of them. */
	struct engine_worker workers[ENGINE_WORKERS_MAX];
	struct engine_channel channels[WORKER_CHANNELS_MAX];
	uint64_t session;   /**< Of this run, in published packets. */
	uint64_t start_tsc; /**< When the workers were launched [cycles]. */
	uint64_t stop_tsc;  /**< When they had ended [cycles]; 0 before. */
};

/**
 * Make everything; nothing runs yet.
 *
 * @param[out] engine   Caller's memory.
 * @param[in]  config   Completed; outlives the engine.
 * @param[in]  publish  File for published packets, or NULL.
 * @return True; otherwise the reason was printed, and engine_destroy() takes down what was made.
 */
bool engine_create(struct engine *engine, const struct config *config, const char *publish);

/** Print which port, lcore, pool and arena is on which NUMA node; false when they do not match. */
bool engine_print_plan(const struct engine *engine);

/** Start the ports and run the workers until engine_stop(); false when a port does not start. */
bool engine_run(struct engine *engine);

/** Ask all workers to end. @threads Any. */
void engine_stop(struct engine *engine);

/** Close the ports: afterwards no driver holds a buffer. */
void engine_close_ports(struct engine *engine);

/** Free pools and arenas. */
void engine_destroy(struct engine *engine);

/**
 * Buffers of a pool that are neither in it nor, by its count, held: a driver kept them.
 *
 * What threads without lcore gave back is collected before. @threads An lcore.
 */
uint64_t engine_missing(struct fp_pool *pool);

/** Buffers of all pools that are leased or missing; the ports are closed. @threads An lcore. */
uint64_t engine_leaks(const struct engine *engine);

#endif /* ENGINE_H */
