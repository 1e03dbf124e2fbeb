/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * The engine's ports: made from their device texts, set up, started, stopped and closed in order.
 */

#ifndef PORTS_H
#define PORTS_H

#include "config.h"
#include "fp_file_feed.h"
#include "fp_pool.h"
#include "fp_synthetic.h"

/** What a device text begins with that names a file to be sent. */
#define PORT_FILE_PREFIX "file:"

/** A port in use. */
struct port {
	uint16_t number;                /**< In the configuration. */
	uint16_t port_id;               /**< Of DPDK. */
	uint16_t rx_queues;             /**< Set up. */
	uint16_t tx_queues;             /**< Set up. */
	bool is_started;                /**< Between start and stop. */
	bool is_ours;                   /**< Made here, and to be removed here. */
	char device[CONFIG_TEXT_BYTES]; /**< Driver and arguments, for reports. */
	uint8_t mac[6];                 /**< Of the port. */
	struct fp_synthetic *synthetic; /**< The embedded feed behind it, or NULL. */
	struct fp_file_feed *file;      /**< The file feed behind it, or NULL. */
};

/**
 * Make or find the device of a port.
 *
 * @param[out] port       Filled in.
 * @param[in]  config     Of the port.
 * @param[in]  synthetic  Parameters for the device `synthetic`.
 * @return True; otherwise the reason was printed.
 */
bool port_open(struct port *port, const struct config_port *config,
	const struct config_synthetic *synthetic);

/**
 * Configure the port and its queues.
 *
 * @param[in,out] port      Opened.
 * @param[in]     config    Descriptors and promiscuous mode.
 * @param[in]     pools     Shape [rx_queues]: the pool of each receive queue.
 * @param[in]     rx_queues Receive queues.
 * @param[in]     tx_queues Transmit queues.
 * @return True; otherwise the reason was printed.
 */
bool port_setup(struct port *port, const struct config_port *config, struct fp_pool *const *pools,
	uint16_t rx_queues, uint16_t tx_queues);

/** Start the port; true, or the reason was printed. */
bool port_start(struct port *port);

/** Stop and close the port: after it the driver holds no buffer any more. */
void port_close(struct port *port);

/** True when the port has a feed behind it that has sent everything. @threads Any. */
bool port_is_done(const struct port *port);

/** Socket of the port, SOCKET_ID_ANY when it has none. */
int port_socket(const struct port *port);

#endif /* PORTS_H */
