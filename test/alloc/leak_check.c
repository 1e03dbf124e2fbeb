/* SPDX-License-Identifier: BSD-3-Clause */

#include <dirent.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <rte_ethdev.h>
#include <rte_malloc.h>
#include <rte_mempool.h>
#include <rte_memzone.h>
#include <rte_string_fns.h>

#include "fp_arena.h"
#include "fp_pool.h"
#include "leak_check.h"

/* One number of the holdings. */
struct number {
	const char *name;
	size_t offset;
};

#define NUMBER(field)                                         \
	{                                                     \
#field, offsetof(struct leak_holdings, field) \
	}

static const struct number numbers[] = {
	NUMBER(zones),
	NUMBER(heap_bytes),
	NUMBER(heap_blocks),
	NUMBER(mempools),
	NUMBER(pools),
	NUMBER(arenas),
	NUMBER(ports),
	NUMBER(files),
	NUMBER(threads),
};

static void
count_zone(const struct rte_memzone *zone, void *arg)
{
	struct leak_holdings *holdings = arg;

	if (holdings->zones < LEAK_ZONES_MAX) {
		(void)strlcpy(holdings->zone_names[holdings->zones], zone->name, LEAK_NAME_BYTES);
	}
	holdings->zones++;
}

static void
count_mempool(struct rte_mempool *mempool, void *arg)
{
	struct leak_holdings *holdings = arg;

	(void)mempool;
	holdings->mempools++;
}

static uint64_t
count_entries(const char *path)
{
	DIR *folder = opendir(path);
	uint64_t count = 0;

	if (folder == NULL)
		return 0;
	while (readdir(folder) != NULL) /* NOLINT(concurrency-mt-unsafe): this folder is ours */
		count++;
	(void)closedir(folder);
	return count;
}

void
leak_count(struct leak_holdings *holdings)
{
	struct rte_malloc_socket_stats stats;

	memset(holdings, 0, sizeof(*holdings));
	rte_memzone_walk(count_zone, holdings);
	rte_mempool_walk(count_mempool, holdings);
	for (int socket = 0; socket < RTE_MAX_NUMA_NODES; socket++) {
		if (rte_malloc_get_socket_stats(socket, &stats) != 0)
			continue;
		holdings->heap_bytes += stats.heap_allocsz_bytes;
		holdings->heap_blocks += stats.alloc_count;
	}
	for (uint32_t i = 0; i < FP_POOLS_MAX; i++)
		holdings->pools += fp_pool_at(i) != NULL;
	for (uint32_t i = 0; i < FP_ARENAS_MAX; i++)
		holdings->arenas += fp_arena_at(i) != NULL;
	holdings->ports = rte_eth_dev_count_avail();
	holdings->files = count_entries("/proc/self/fd");
	holdings->threads = count_entries("/proc/self/task");
}

static bool
has_zone(const struct leak_holdings *holdings, const char *name)
{
	for (uint64_t i = 0; i < holdings->zones && i < LEAK_ZONES_MAX; i++) {
		if (strcmp(holdings->zone_names[i], name) == 0)
			return true;
	}
	return false;
}

uint32_t
leak_compare(const struct leak_holdings *before, const struct leak_holdings *after)
{
	uint32_t lines = 0;

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		uint64_t was;
		uint64_t is;

		memcpy(&was, (const char *)before + numbers[i].offset, sizeof(was));
		memcpy(&is, (const char *)after + numbers[i].offset, sizeof(is));
		if (was == is)
			continue;
		printf("#     %s: %" PRIu64 " before, %" PRIu64 " after\n", numbers[i].name, was,
			is);
		lines++;
	}
	for (uint64_t i = 0; i < after->zones && i < LEAK_ZONES_MAX; i++) {
		if (has_zone(before, after->zone_names[i]))
			continue;
		printf("#     memzone %s is left\n", after->zone_names[i]);
		lines++;
	}
	return lines;
}
