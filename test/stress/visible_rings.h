/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Mempools and ports in which ThreadSanitizer sees who meets whom.
 */

#ifndef VISIBLE_RINGS_H
#define VISIBLE_RINGS_H

#include <stdint.h>

#include <rte_mbuf.h>
#include <rte_ring.h>

#include "fp_pool.h"

/** References of an mbuf; what those did who had given up theirs is visible. */
uint16_t visible_references(const struct rte_mbuf *mbuf);

/** Make the mempools of pools that are created from now on visible; 0 or an errno. */
int visible_mempools(void);

/**
 * Make the ring of a new pool visible, through which one thread without lcore gives buffers back.
 *
 * The ring is of a kind that writes 64 bits of which the other side reads 32, and ThreadSanitizer
 * does not see that the two meet. 0 or an errno.
 */
int visible_ring_of_returns(struct fp_pool *pool);

/** Let a started port put what it transmits into the ring right here. */
void visible_rings_in_port(uint16_t port_id, struct rte_ring *ring);

#endif /* VISIBLE_RINGS_H */
