/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * The publisher of one channel: native messages into packets, packets to a port.
 *
 *    publish ---> packet being filled ---> packets waiting ---> port
 *                 (one lease, one writer)   (up to a burst)
 *
 * A packet is closed when the next message does not fit, and at the end of the frame at the latest.
 * Sequence numbers are given to every message, also to those that could not be sent, so that a
 * receiver sees what it missed. One lcore owns a publisher.
 */

#ifndef PUBLISHER_H
#define PUBLISHER_H

#include "fp_histogram.h"
#include "fp_lease.h"
#include "fp_packet.h"

/** Packets that wait for a port at most. */
#define PUBLISHER_BURST 32

/** Where packets go. */
struct publisher_params {
	uint16_t port_id;             /**< Started. */
	uint16_t queue_id;            /**< Used by this lcore only. */
	struct fp_pool *pool;         /**< Packets are rented here. */
	uint16_t channel;             /**< Number of the channel in the packets. */
	uint64_t session;             /**< Of this run. */
	uint32_t source;              /**< IPv4 address [host order]. */
	uint32_t destination;         /**< IPv4 address [host order]. */
	uint16_t udp_port;            /**< Destination port. */
	uint8_t destination_mac[6];   /**< For addresses that are not multicast. */
	uint8_t source_mac[6];        /**< Of the port. */
	struct fp_histogram *latency; /**< Receive to publish, one record a packet [cycles]. */
};

/** What a publisher counts. Single writer: its lcore. */
struct publisher_counters {
	uint64_t packets;          /**< Taken by the port. */
	uint64_t messages;         /**< In those packets. */
	uint64_t bytes;            /**< UDP payload of those packets. */
	uint64_t by_type[256];     /**< Messages written into packets, by type code. */
	uint64_t dropped_packets;  /**< Given up because the port took no more. */
	uint64_t dropped_messages; /**< In those packets, or without a buffer to write to. */
};

/** A publisher. */
struct publisher {
	/* hot */
	struct publisher_params params;
	uint64_t sequence;      /**< Of the first message of the packet being filled. */
	uint64_t now;           /**< Start of the frame [cycles]. */
	struct fp_lease packet; /**< Being filled; empty = none. */
	/* fpcheck: allow FP0403 because the lease of what it writes to is beside it */
	struct fp_writer writer;                /**< At the next message of the packet. */
	uint16_t count;                         /**< Messages in the packet. */
	uint16_t waiting;                       /**< Packets that wait. */
	struct fp_lease burst[PUBLISHER_BURST]; /**< They. */
	uint16_t burst_counts[PUBLISHER_BURST]; /**< Messages in each. */
	struct publisher_counters counters;
	/* cold */
	uint64_t epoch_tsc; /**< Clock when epoch_ns was read [cycles]. */
	uint64_t epoch_ns;  /**< Time of day then [ns since 1970]. */
	uint64_t hz;        /**< Of the clock. */
	uint64_t last_sent; /**< Clock of the last packet [cycles]. */
	bool has_ended;     /**< The last message was an EndOfSession. */
};

/** Make a publisher in the caller's memory. */
void publisher_init(struct publisher *publisher, const struct publisher_params *params);

/** Begin a frame whose packets were received at @p now [cycles]. */
FP_HOT_PATH static inline void
publisher_begin(struct publisher *publisher, uint64_t now)
{
	publisher->now = now;
}

/** Append one message to the stream. */
FP_HOT_PATH void publisher_write(struct publisher *publisher, const struct fp_message *message);

/** Send everything written so far; at the end of a frame. */
FP_HOT_PATH void publisher_flush(struct publisher *publisher);

/** Say that the publisher is alive when it sent nothing for a second; between frames. */
FP_HOT_PATH void publisher_idle(struct publisher *publisher, uint64_t now);

/** End the session and send what is left; nothing may be written afterwards. */
void publisher_end(struct publisher *publisher);

#endif /* PUBLISHER_H */
