/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * What the engine is to do: from an INI file, or the embedded feed when there is none.
 *
 * Every key is in the table of config_file.c and in docs/guide/configuration.md. What is unknown,
 * twice there, out of range or does not fit the rest is an error that names the file, the section,
 * the key and what was expected. Sizes that are 0 here mean `auto`; engine.c chooses them.
 */

#ifndef CONFIG_H
#define CONFIG_H

#include <stdio.h>

#include "fp_channel.h"
#include "fp_price_text.h"
#include "worker.h"

#define CONFIG_PORTS_MAX  32
#define CONFIG_QUEUES_MAX 64
#define CONFIG_TEXT_BYTES 256

/** Port number that stands for none. */
#define CONFIG_PORT_NONE UINT16_MAX

/** Whether UDP checksums are verified in software; what a NIC says of them is always heeded. */
enum config_verify {
	CONFIG_VERIFY_NO = 0, /**< Not. */
	CONFIG_VERIFY_YES,    /**< Always. */
	CONFIG_VERIFY_AUTO,   /**< In a replay whose checksums are mostly right; else not. */
};

/** Channel: price_excess is not given. */
#define CONFIG_EXCESS_DEFAULT UINT32_MAX

/** A port: `[port N]`. */
struct config_port {
	uint16_t number;                /**< N. */
	char device[CONFIG_TEXT_BYTES]; /**< vdev or PCI address; "" = DPDK's port N. */
	uint32_t rx_descriptors;        /**< [64..4096] */
	uint32_t tx_descriptors;        /**< [64..4096] */
	uint32_t promiscuous;           /**< 0 or 1. */
	uint32_t verify_checksum;       /**< enum config_verify. */
};

/** Who polls a queue: one of `lcores`. */
struct config_queue {
	uint16_t port;      /**< Number of a port. */
	uint16_t queue;     /**< Of the port. */
	unsigned int lcore; /**< Of EAL. */
};

/** One line of a channel. */
struct config_line {
	uint32_t group; /**< Destination address [host order]; 0 = any. */
	uint32_t port;  /**< UDP port; 0 = there is no such line. */
};

/** A channel: `[channel NAME]`. */
struct config_channel {
	char name[FP_CHANNEL_NAME_BYTES];  /**< NAME. */
	char venue[CONFIG_TEXT_BYTES];     /**< Of a driver. */
	char transport[CONFIG_TEXT_BYTES]; /**< Of the venue; "" = its first. */
	struct config_line lines[FP_CHANNEL_LINES];
	uint32_t port;           /**< Port that receives it, or CONFIG_PORT_NONE = the first. */
	uint32_t instruments;    /**< Table size; 0 = auto. */
	uint32_t orders;         /**< Table size; 0 = auto. */
	uint32_t levels;         /**< Table size; 0 = auto. */
	uint32_t price_decimals; /**< [0..9], or FP_VENUE_PRICE_DECIMALS = the venue's own. */
	uint32_t price_excess;   /**< enum fp_price_excess, or CONFIG_EXCESS_DEFAULT. */
};

/** The publisher: `[publisher]`. */
struct config_publisher {
	uint32_t port;              /**< Number of a port, or CONFIG_PORT_NONE = a sink. */
	struct config_line to;      /**< Destination. */
	uint32_t source;            /**< Source address [host order]. */
	uint8_t destination_mac[6]; /**< For a destination that is not multicast. */
};

/** The embedded feed: `[synthetic]`. */
struct config_synthetic {
	uint64_t seed;
	uint64_t messages;
	uint64_t rate; /**< Messages a second; 0 = unlimited. */
	uint32_t symbols;
	uint32_t orders;
	uint32_t passes;
	uint32_t max_payload;
	uint32_t max_messages;
};

/** All of it. */
struct config {
	char file[CONFIG_TEXT_BYTES]; /**< Name of the file for messages; "" = none. */
	uint32_t burst;               /**< Packets asked for at a time. */
	uint32_t line_wait_us;        /**< Longest wait for the other line; 0 = none. */
	uint32_t books;               /**< 0 or 1: keep books. */
	uint32_t allow_numa_mismatch; /**< 0 or 1. */
	uint32_t rx_buffers;          /**< Of each receive pool; 0 = auto. */
	uint32_t tx_buffers;          /**< Of the publishers' pool; 0 = auto. */
	uint16_t port_count;
	uint16_t queue_count;
	uint16_t channel_count;
	struct config_port ports[CONFIG_PORTS_MAX];
	struct config_queue queues[CONFIG_QUEUES_MAX];
	struct config_channel channels[WORKER_CHANNELS_MAX];
	struct config_publisher publisher;
	struct config_synthetic synthetic;
};

/**
 * Print the one line that every error of the configuration is.
 *
 * @param[in] errors   Where to.
 * @param[in] config   Names the file.
 * @param[in] section  Title, or NULL.
 * @param[in] key      Name, or NULL.
 * @param[in] fmt      What was found and what was expected.
 * @return -EINVAL, so that it can be returned in turn.
 */
FP_PRINTF(5, 6)
int config_complain(FILE *errors, const struct config *config, const char *section, const char *key,
	const char *fmt, ...);

/** Fill in the defaults: no ports, no channels, the embedded feed's numbers. */
void config_init(struct config *config);

/**
 * Read a configuration file over the defaults.
 *
 * @param[in,out] config  As config_init() left it.
 * @param[in]     path    Of the file.
 * @param[in]     errors  Where the first error is printed, one line.
 * @return 0, or -EINVAL.
 */
FP_MUST_CHECK int config_load(struct config *config, const char *path, FILE *errors);

/**
 * Check that the parts fit each other and complete what was left open.
 *
 * @param[in,out] config         Loaded, or with what the command line added.
 * @param[in]     default_lcore  That polls when `lcores` is not given.
 * @param[in]     errors         Where the first error is printed.
 * @return 0, or -EINVAL.
 */
FP_MUST_CHECK int config_complete(struct config *config, unsigned int default_lcore, FILE *errors);

/** Add the port of the embedded feed and the channel that decodes it. */
void config_add_synthetic(struct config *config);

/** Add the channel of a FIX log that is replayed, over a transport of the venue. */
void config_add_fix(struct config *config, const char *transport);

/** Add a channel that nothing is for, so that a capture without known streams can be counted. */
void config_add_unmatched(struct config *config);

/** Add a port; NULL when CONFIG_PORTS_MAX exist. */
struct config_port *config_add_port(struct config *config, uint16_t number);

/** Add a channel; NULL when WORKER_CHANNELS_MAX exist. */
struct config_channel *config_add_channel(struct config *config, const char *name);

/** The port of that number, or NULL. */
const struct config_port *config_find_port(const struct config *config, uint32_t number);

/** Print the names of all keys, "section key", one a line: for the test of the documents. */
void config_print_keys(FILE *out);

#endif /* CONFIG_H */
