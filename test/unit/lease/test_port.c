/* SPDX-License-Identifier: BSD-3-Clause */

#include <stdio.h>
#include <string.h>

#include <rte_bus_vdev.h>
#include <rte_errno.h>
#include <rte_eth_ring.h>
#include <rte_ethdev.h>
#include <rte_mbuf.h>

#include "test_port.h"

#define DESCRIPTORS 64
#define RX_ROOM     1024

static int
start(uint16_t id, struct rte_mempool *mempool)
{
	struct rte_eth_conf conf;
	int error;

	memset(&conf, 0, sizeof(conf));
	error = rte_eth_dev_configure(id, 1, 1, &conf);
	if (error == 0)
		error = rte_eth_rx_queue_setup(id, 0, DESCRIPTORS, SOCKET_ID_ANY, NULL, mempool);
	if (error == 0)
		error = rte_eth_tx_queue_setup(id, 0, DESCRIPTORS, SOCKET_ID_ANY, NULL);
	return error != 0 ? error : rte_eth_dev_start(id);
}

int
test_port_open_null(struct test_port *port, const char *name, struct rte_mempool *mempool)
{
	int error;

	memset(port, 0, sizeof(*port));
	(void)snprintf(port->name, sizeof(port->name), "net_null_%s", name);
	error = rte_vdev_init(port->name, "size=64");
	if (error == 0)
		error = rte_eth_dev_get_port_by_name(port->name, &port->id);
	return error != 0 ? error : start(port->id, mempool);
}

int
test_port_open_ring(
	struct test_port *port, const char *name, struct rte_mempool *mempool, unsigned int room)
{
	char ring_name[32];
	int id;

	memset(port, 0, sizeof(*port));
	(void)snprintf(ring_name, sizeof(ring_name), "%s_rx", name);
	port->rx = rte_ring_create(ring_name, RX_ROOM, SOCKET_ID_ANY, RING_F_EXACT_SZ);
	(void)snprintf(ring_name, sizeof(ring_name), "%s_tx", name);
	port->tx = rte_ring_create(ring_name, room, SOCKET_ID_ANY, RING_F_EXACT_SZ);
	if (port->rx == NULL || port->tx == NULL)
		return -rte_errno;
	id = rte_eth_from_rings(name, &port->rx, 1, &port->tx, 1, 0);
	if (id < 0)
		return -rte_errno;
	port->id = (uint16_t)id;
	(void)snprintf(port->name, sizeof(port->name), "net_ring_%s", name);
	return start(port->id, mempool);
}

void
test_port_close(struct test_port *port)
{
	(void)rte_eth_dev_stop(port->id);
	(void)rte_eth_dev_close(port->id);
	(void)rte_vdev_uninit(port->name);
	rte_ring_free(port->rx);
	rte_ring_free(port->tx);
	memset(port, 0, sizeof(*port));
}

unsigned int
test_port_drain(struct test_port *port, unsigned int most)
{
	unsigned int freed = 0;
	void *mbuf;

	while (freed < most && rte_ring_dequeue(port->tx, &mbuf) == 0) {
		rte_pktmbuf_free(mbuf);
		freed++;
	}
	return freed;
}
