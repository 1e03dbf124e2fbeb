/* SPDX-License-Identifier: BSD-3-Clause */

#include <stdio.h>
#include <string.h>

#include <rte_bus_vdev.h>
#include <rte_dev.h>
#include <rte_errno.h>
#include <rte_ethdev.h>

#include "ports.h"

static bool
complain(const struct port *port, const char *what, int error)
{
	fprintf(stderr, "fablepool: port %u (%s): %s: %s\n", port->number, port->device, what,
		rte_strerror(-error));
	return false;
}

static bool
open_synthetic(struct port *port, const struct config_synthetic *config)
{
	const struct fp_synthetic_params params = {
		.seed = config->seed,
		.messages = config->messages,
		.symbols = config->symbols,
		.max_live_orders = config->orders,
		.max_payload = (uint16_t)config->max_payload,
		.max_messages = (uint16_t)config->max_messages,
		.rate = config->rate,
		.passes = config->passes,
		.socket_id = SOCKET_ID_ANY,
	};
	int error = fp_synthetic_create(&params, &port->synthetic);

	if (error == -ENOMEM) {
		fprintf(stderr,
			"fablepool: the embedded feed needs %ju MiB for %ju messages: give EAL "
			"more memory (-m), or lower [synthetic] messages\n",
			(uintmax_t)(fp_synthetic_bytes(&params) >> 20), (uintmax_t)params.messages);
		return false;
	}
	if (error != 0)
		return complain(port, "the embedded feed could not be made", error);
	port->port_id = fp_synthetic_port(port->synthetic);
	return true;
}

static bool
open_file(struct port *port, const char *path)
{
	const struct fp_file_feed_params params = { .path = path };
	int error = fp_file_feed_create(&params, &port->file);

	if (error == -EINVAL) {
		return complain(
			port, "expected a file that is no directory, device or pipe", error);
	}
	if (error == -ENODATA)
		return complain(port, "the file is empty", error);
	if (error != 0)
		return complain(port, "the file feed could not be made", error);
	port->port_id = fp_file_feed_port(port->file);
	return true;
}

/* "net_pcap0,rx_pcap=x" is driver name and arguments. */
static bool
open_vdev(struct port *port)
{
	char name[CONFIG_TEXT_BYTES];
	char *arguments;
	int error;

	snprintf(name, sizeof(name), "%s", port->device);
	arguments = strchr(name, ',');
	if (arguments != NULL)
		*arguments++ = '\0';
	error = rte_vdev_init(name, arguments);
	if (error != 0)
		return complain(port, "the virtual device could not be made", error);
	error = rte_eth_dev_get_port_by_name(name, &port->port_id);
	if (error != 0) {
		(void)rte_vdev_uninit(name);
		return complain(port, "the virtual device is no Ethernet port", error);
	}
	port->is_ours = true;
	return true;
}

bool
port_open(struct port *port, const struct config_port *config,
	const struct config_synthetic *synthetic)
{
	struct rte_ether_addr mac;

	memset(port, 0, sizeof(*port));
	port->number = config->number;
	snprintf(port->device, sizeof(port->device), "%s",
		config->device[0] != '\0' ? config->device : "of EAL");
	if (strcmp(config->device, "synthetic") == 0) {
		if (!open_synthetic(port, synthetic))
			return false;
	} else if (strncmp(config->device, PORT_FILE_PREFIX, strlen(PORT_FILE_PREFIX)) == 0) {
		if (!open_file(port, config->device + strlen(PORT_FILE_PREFIX)))
			return false;
	} else if (strncmp(config->device, "net_", 4) == 0) {
		if (!open_vdev(port))
			return false;
	} else if (config->device[0] != '\0') {
		if (rte_eth_dev_get_port_by_name(config->device, &port->port_id) != 0) {
			return complain(port,
				"EAL has no such device; start with -a and its address, bound to "
				"vfio-pci",
				-ENODEV);
		}
	} else {
		port->port_id = config->number;
		if (!rte_eth_dev_is_valid_port(port->port_id)) {
			fprintf(stderr,
				"fablepool: there is no port %u: EAL found %u ports; add a device "
				"key to [port %u], or --vdev or -a to the EAL arguments\n",
				config->number, rte_eth_dev_count_avail(), config->number);
			return false;
		}
	}
	if (rte_eth_macaddr_get(port->port_id, &mac) == 0)
		memcpy(port->mac, mac.addr_bytes, sizeof(port->mac));
	return true;
}

static int
setup_queues(struct port *port, const struct config_port *config, struct fp_pool *const *pools)
{
	uint16_t rx_descriptors = (uint16_t)config->rx_descriptors;
	uint16_t tx_descriptors = (uint16_t)config->tx_descriptors;
	int socket = port_socket(port);
	int error =
		rte_eth_dev_adjust_nb_rx_tx_desc(port->port_id, &rx_descriptors, &tx_descriptors);

	for (uint16_t i = 0; i < port->rx_queues && error == 0; i++) {
		error = rte_eth_rx_queue_setup(port->port_id, i, rx_descriptors,
			(unsigned int)socket, NULL, pools[i]->mempool);
	}
	for (uint16_t i = 0; i < port->tx_queues && error == 0; i++) {
		error = rte_eth_tx_queue_setup(
			port->port_id, i, tx_descriptors, (unsigned int)socket, NULL);
	}
	return error;
}

/* A feed fills what the queue receives. */
static int
attach_feed(struct port *port)
{
	if (port->synthetic != NULL)
		return fp_synthetic_attach(port->synthetic);
	return port->file != NULL ? fp_file_feed_attach(port->file) : 0;
}

bool
port_setup(struct port *port, const struct config_port *config, struct fp_pool *const *pools,
	uint16_t rx_queues, uint16_t tx_queues)
{
	struct rte_eth_conf conf = { 0 };
	struct rte_eth_dev_info info;
	int error = rte_eth_dev_info_get(port->port_id, &info);

	if (error != 0)
		return complain(port, "the driver tells nothing of itself", error);
	if (rx_queues > info.max_rx_queues || tx_queues > info.max_tx_queues) {
		fprintf(stderr,
			"fablepool: port %u (%s): %u receive and %u transmit queues are wanted, "
			"it has at most %u and %u\n",
			port->number, port->device, rx_queues, tx_queues, info.max_rx_queues,
			info.max_tx_queues);
		return false;
	}
	if ((port->synthetic != NULL || port->file != NULL) && rx_queues > 1) {
		fprintf(stderr,
			"fablepool: port %u (%s): %u receive queues are wanted, the feed behind it "
			"has one\n",
			port->number, port->device, rx_queues);
		return false;
	}
	port->rx_queues = rx_queues;
	port->tx_queues = tx_queues;
	if (rx_queues > 1) {
		conf.rxmode.mq_mode = RTE_ETH_MQ_RX_RSS;
		conf.rx_adv_conf.rss_conf.rss_hf =
			(RTE_ETH_RSS_IP | RTE_ETH_RSS_UDP) & info.flow_type_rss_offloads;
	}
	conf.rxmode.offloads = info.rx_offload_capa &
		(RTE_ETH_RX_OFFLOAD_IPV4_CKSUM | RTE_ETH_RX_OFFLOAD_UDP_CKSUM);
	/* Never MBUF_FAST_FREE: leases may be shared, and it ignores reference counts. */
	error = rte_eth_dev_configure(port->port_id, rx_queues, tx_queues, &conf);
	if (error != 0)
		return complain(port, "its queues could not be configured", error);
	error = setup_queues(port, config, pools);
	if (error != 0)
		return complain(port, "its queues could not be set up", error);
	if (rx_queues != 0)
		error = attach_feed(port);
	if (error != 0)
		return complain(port, "the feed behind it could not be attached", error);
	/* A driver that cannot do these receives everything anyway, or says so in its xstats. */
	if (config->promiscuous != 0)
		(void)rte_eth_promiscuous_enable(port->port_id);
	(void)rte_eth_allmulticast_enable(port->port_id);
	return true;
}

bool
port_start(struct port *port)
{
	int error = rte_eth_dev_start(port->port_id);

	if (error != 0)
		return complain(port, "it could not be started", error);
	port->is_started = true;
	return true;
}

bool
port_is_done(const struct port *port)
{
	if (port->synthetic != NULL)
		return fp_synthetic_is_done(port->synthetic);
	return port->file != NULL && fp_file_feed_is_done(port->file);
}

/* A file that was written to meanwhile may have become shorter than what was to be sent. */
static void
close_file(struct port *port)
{
	if (fp_file_feed_is_cut(port->file)) {
		fprintf(stderr,
			"fablepool: port %u (%s): the file ended after %ju of %ju bytes: it shrank "
			"or cannot be read; replay one that nobody writes to\n",
			port->number, port->device, (uintmax_t)fp_file_feed_bytes(port->file),
			(uintmax_t)fp_file_feed_size(port->file));
	}
	fp_file_feed_destroy(port->file);
}

void
port_close(struct port *port)
{
	char name[RTE_ETH_NAME_MAX_LEN] = "";

	if (port->is_started)
		(void)rte_eth_dev_stop(port->port_id);
	port->is_started = false;
	(void)rte_eth_dev_get_name_by_port(port->port_id, name);
	if (port->synthetic != NULL) {
		fp_synthetic_destroy(port->synthetic);
	} else if (port->file != NULL) {
		close_file(port);
	} else if (port->rx_queues + port->tx_queues != 0) {
		(void)rte_eth_dev_close(port->port_id);
	}
	port->synthetic = NULL;
	port->file = NULL;
	if (port->is_ours && name[0] != '\0')
		(void)rte_vdev_uninit(name);
	port->is_ours = false;
}

int
port_socket(const struct port *port)
{
	int socket = rte_eth_dev_socket_id(port->port_id);

	return socket < 0 ? SOCKET_ID_ANY : socket;
}
