/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Ports for tests: one that takes everything, and one that is two rings, so that the test decides
 * what it receives and when it is full.
 */

#ifndef TEST_PORT_H
#define TEST_PORT_H

#include <rte_mempool.h>
#include <rte_ring.h>

/** A started port with one queue in each direction. */
struct test_port {
	uint16_t id;
	char name[32];       /**< Of the device. */
	struct rte_ring *rx; /**< The test puts in what the port receives; NULL for net_null. */
	struct rte_ring *tx; /**< The test takes out what was transmitted; NULL for net_null. */
};

/** Start a net_null port, which frees what it transmits; 0, or a negative errno. */
int test_port_open_null(struct test_port *port, const char *name, struct rte_mempool *mempool);

/**
 * Start a net_ring port.
 *
 * @param[out] port     The port.
 * @param[in]  name     Shorter than 16 characters.
 * @param[in]  mempool  For receiving.
 * @param[in]  room     Packets that it takes until the test takes some out.
 * @return 0, or a negative errno.
 */
int test_port_open_ring(
	struct test_port *port, const char *name, struct rte_mempool *mempool, unsigned int room);

/** Close it; the rings must be empty. */
void test_port_close(struct test_port *port);

/** Free what was transmitted, as a NIC does when it is done; at most @p most. Packets freed. */
unsigned int test_port_drain(struct test_port *port, unsigned int most);

#endif /* TEST_PORT_H */
