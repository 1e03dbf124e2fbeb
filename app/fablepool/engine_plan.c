/* SPDX-License-Identifier: BSD-3-Clause */

#include <stdio.h>

#include <rte_ethdev.h>
#include <rte_memzone.h>

#include "engine.h"
#include "fp_numa.h"
#include "fp_scan.h"

/* The node where the page of an address really is; -1 when it is not known. */
static int
node_of(const void *address)
{
	int node = fp_numa_node(address);

	return node >= 0 ? node : -1;
}

static const void *
first_page(const struct fp_pool *pool)
{
	const struct rte_memzone *zone = pool->buffers_zone;

	return zone->addr;
}

static bool
is_mismatch(int wanted, int found)
{
	return wanted >= 0 && found >= 0 && wanted != found;
}

bool
engine_print_plan(const struct engine *engine)
{
	bool is_matching = true;

	printf("%-6s %-6s %-28s %-10s %-10s %s\n", "lcore", "socket", "queues (port,queue:socket)",
		"rx pool", "tx pool", "arena");
	for (uint16_t i = 0; i < engine->worker_count; i++) {
		const struct engine_worker *worker = &engine->workers[i];
		int socket = (int)rte_lcore_to_socket_id(worker->lcore_id);
		int rx_node = node_of(first_page(worker->rx_pool));
		int tx_node = node_of(first_page(worker->tx_pool));
		int arena_node = node_of(worker->arena->base);
		char queues[128] = "";
		size_t used = 0;

		for (uint16_t j = 0; j < worker->worker->queue_count; j++) {
			const struct worker_queue *queue = &worker->worker->queues[j];
			int port_node = rte_eth_dev_socket_id(queue->port_id);

			if (used < sizeof(queues)) {
				used += (size_t)snprintf(queues + used, sizeof(queues) - used,
					"%s%u,%u:%d", j == 0 ? "" : " ", queue->port_id,
					queue->queue_id, port_node);
			}
			is_matching &= !is_mismatch(socket, port_node);
		}
		printf("%-6u %-6d %-28s %6u:%-3d %6u:%-3d %ju MiB:%d\n", worker->lcore_id, socket,
			queues, worker->rx_pool->count, rx_node, worker->tx_pool->count, tx_node,
			(uintmax_t)(worker->arena->cap >> 20), arena_node);
		is_matching &= !is_mismatch(socket, rx_node) && !is_mismatch(socket, tx_node) &&
			!is_mismatch(socket, arena_node);
	}
	printf("scans  %s\n", fp_scan_name(fp_scan_get()));
	fflush(stdout);
	if (is_matching || engine->config->allow_numa_mismatch != 0)
		return true;
	fputs("fablepool: memory or a port is on another NUMA node than the lcore that uses it: "
	      "choose other lcores, or set allow_numa_mismatch = yes in [engine]\n",
		stderr);
	return false;
}
