/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * What our code calls to make ports, queues, threads and files: they take memory as they go along,
 * and fail when there is none. fp_arena_array() is our own: calls across the library's files come
 * here by the linker's --wrap.
 */

#include <errno.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <string.h>

#include <rte_bus_vdev.h>
#include <rte_cfgfile.h>
#include <rte_errno.h>
#include <rte_ethdev.h>
#include <rte_lcore.h>
#include <rte_telemetry.h>

#include "alloc_hook.h"
#include "fp_arena.h"

/* NOLINTBEGIN(readability-inconsistent-declaration-parameter-name): as in alloc_hook.c */
ALLOC_HOOK(ALLOC_VDEV_INIT, int, -ENOMEM, rte_vdev_init, (const char *name, const char *arguments),
	(name, arguments))
ALLOC_HOOK(ALLOC_PORT_BY_NAME, int, -ENODEV, rte_eth_dev_get_port_by_name,
	(const char *name, uint16_t *port), (name, port))
ALLOC_HOOK(ALLOC_PORT_INFO, int, -ENOMEM, rte_eth_dev_info_get,
	(uint16_t port, struct rte_eth_dev_info *info), (port, info))
ALLOC_HOOK(ALLOC_PORT_CONFIGURE, int, -ENOMEM, rte_eth_dev_configure,
	(uint16_t port, uint16_t rx, uint16_t tx, const struct rte_eth_conf *conf),
	(port, rx, tx, conf))
ALLOC_HOOK(ALLOC_RX_QUEUE_SETUP, int, -ENOMEM, rte_eth_rx_queue_setup,
	(uint16_t port, uint16_t queue, uint16_t descriptors, unsigned int socket,
		const struct rte_eth_rxconf *conf, struct rte_mempool *mempool),
	(port, queue, descriptors, socket, conf, mempool))
ALLOC_HOOK(ALLOC_TX_QUEUE_SETUP, int, -ENOMEM, rte_eth_tx_queue_setup,
	(uint16_t port, uint16_t queue, uint16_t descriptors, unsigned int socket,
		const struct rte_eth_txconf *conf),
	(port, queue, descriptors, socket, conf))
ALLOC_HOOK(ALLOC_ADD_RX_CALLBACK, const struct rte_eth_rxtx_callback *, NULL,
	rte_eth_add_rx_callback,
	(uint16_t port, uint16_t queue, rte_rx_callback_fn function, void *arg),
	(port, queue, function, arg))
ALLOC_HOOK(ALLOC_PORT_START, int, -ENOMEM, rte_eth_dev_start, (uint16_t port), (port))
ALLOC_HOOK(ALLOC_TEL_DATA_ALLOC, struct rte_tel_data *, NULL, rte_tel_data_alloc, (void), ())
ALLOC_HOOK(ALLOC_CTRL_THREAD_CREATE, int, -ENOMEM, rte_ctrl_thread_create,
	(pthread_t * thread, const char *name, const pthread_attr_t *attributes,
		void *(*function)(void *), void *arg),
	(thread, name, attributes, function, arg))
ALLOC_HOOK(ALLOC_CFGFILE_LOAD, struct rte_cfgfile *, NULL, rte_cfgfile_load,
	(const char *path, int flags), (path, flags))
ALLOC_HOOK(ALLOC_FOPEN, FILE *, NULL, fopen, (const char *path, const char *mode), (path, mode))

/* DPDK has no way to take a command back and room for 64: none is really registered. */
int
rte_telemetry_register_cmd(const char *command, telemetry_cb callback, const char *help)
{
	(void)command;
	(void)callback;
	(void)help;
	return alloc_hook_enter(ALLOC_TELEMETRY_REGISTER, __builtin_return_address(0)) ? -ENOMEM
										       : 0;
}

pcap_t *
pcap_open_offline(const char *path, char *reason)
{
	static pcap_t *(*next)(const char *, char *);
	pcap_t *capture;

	if (next == NULL)
		next = alloc_hook_next("pcap_open_offline");
	if (alloc_hook_enter(ALLOC_PCAP_OPEN, __builtin_return_address(0))) {
		(void)snprintf(reason, PCAP_ERRBUF_SIZE, "no memory");
		return NULL;
	}
	alloc_hook_down();
	capture = next(path, reason);
	alloc_hook_up();
	return capture;
}

/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */

/* The names are the linker's. NOLINTBEGIN */
void *__real_fp_arena_array(struct fp_arena *arena, uint64_t count, uint64_t size, uint32_t align);
void *__wrap_fp_arena_array(struct fp_arena *arena, uint64_t count, uint64_t size, uint32_t align);

void *
__wrap_fp_arena_array(struct fp_arena *arena, uint64_t count, uint64_t size, uint32_t align)
{
	if (alloc_hook_enter(ALLOC_FP_ARENA_ARRAY, __builtin_return_address(0)))
		return NULL;
	return __real_fp_arena_array(arena, count, size, align);
}
/* NOLINTEND */
