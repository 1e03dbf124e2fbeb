/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * All that a process can hold, counted before and after: what is there more was leaked.
 */

#ifndef LEAK_CHECK_H
#define LEAK_CHECK_H

#include <stdint.h>

/** Memzones whose names are kept. */
#define LEAK_ZONES_MAX 256

/** Bytes of a name that are kept. */
#define LEAK_NAME_BYTES 32

/** What the process holds. */
struct leak_holdings {
	uint64_t zones;       /**< Memzones. */
	uint64_t heap_bytes;  /**< Of all DPDK heaps [bytes]. */
	uint64_t heap_blocks; /**< Of all DPDK heaps. */
	uint64_t mempools;    /**< Mempools of DPDK. */
	uint64_t pools;       /**< Pools in fp_pool_at(). */
	uint64_t arenas;      /**< Arenas in fp_arena_at(). */
	uint64_t ports;       /**< Ethernet ports. */
	uint64_t files;       /**< Open file descriptors. */
	uint64_t threads;     /**< Of the process. */
	char zone_names[LEAK_ZONES_MAX][LEAK_NAME_BYTES];
};

/** Count now. */
void leak_count(struct leak_holdings *holdings);

/** Print, a line each, what is there more or less, and which memzones; how many lines. */
uint32_t leak_compare(const struct leak_holdings *before, const struct leak_holdings *after);

#endif /* LEAK_CHECK_H */
