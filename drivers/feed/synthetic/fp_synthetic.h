/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * The embedded feed: a port without a NIC that receives a plausible exchange day.
 *
 *    generated once:  corpus of whole frames, Ethernet / IPv4 / UDP / MoldUDP64 / ITCH 5.0
 *    per burst:       net_null gives mbufs ---> rx callback copies frames in, stamps sequence and
 *    time
 *
 * The port behaves as any other: rte_eth_rx_burst(), statistics, telemetry. The day is closed, so
 * the corpus repeats without end while the MoldUDP64 sequence goes on. UDP checksums are 0 (none).
 *
 * Generation uses the heap and an arena, at start-up only; the callback allocates nothing. One
 * lcore polls the queue.
 */

#ifndef FP_SYNTHETIC_H
#define FP_SYNTHETIC_H

#include "fp_arena.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Group that the feed is sent to: 233.54.12.111 [host order]. */
#define FP_SYNTHETIC_GROUP 0xe9360c6f

/** UDP port that the feed is sent to. */
#define FP_SYNTHETIC_UDP_PORT 26477

/** Session of the feed, as MoldUDP64 writes it. */
#define FP_SYNTHETIC_SESSION "FABLEPOOL1"

/** What the feed is made with. */
struct fp_synthetic_params {
	uint64_t seed;            /**< Equal seeds give equal days. */
	uint64_t messages;        /**< Of one pass of the day [>= 16]. */
	uint32_t symbols;         /**< [1..60000] */
	uint32_t max_live_orders; /**< Live at a time [>= 1]. */
	uint16_t max_payload;     /**< Longest UDP payload [72..1472 bytes]. */
	uint16_t max_messages;    /**< Most messages of a datagram; 0 = as many as fit. */
	uint64_t rate;            /**< Messages a second; 0 = as fast as the queue is polled. */
	uint32_t passes;          /**< Times the day is sent; 0 = without end. */
	bool keep_times; /**< Leave the day's own times in the messages instead of now's. */
	int socket_id;   /**< NUMA node of the corpus. */
};

/** A feed. */
struct fp_synthetic;

/**
 * Generate the corpus and create the port, not yet configured.
 *
 * @param[in]  params  What to generate.
 * @param[out] out     The feed; NULL on failure.
 * @return 0; -EINVAL a parameter is out of range; -ENOMEM no memory for the corpus or the port;
 *         -EEXIST there is a feed already; -EIO the net_null driver could not make a port.
 * @owns    The caller destroys it, after the port was stopped, and before the pool of its queue.
 * @threads Start-up only.
 * @cost    About 100 ns a message.
 */
FP_MUST_CHECK int
fp_synthetic_create(const struct fp_synthetic_params *params, struct fp_synthetic **out);

/**
 * Close the port, and free it and the corpus; NULL is nothing.
 *
 * @param[in] feed  Its port is stopped. One that the caller closed after fp_synthetic_attach()
 *                  panics: DPDK would call the feed for the next port of that number.
 */
void fp_synthetic_destroy(struct fp_synthetic *feed);

/** The port of the feed. */
uint16_t fp_synthetic_port(const struct fp_synthetic *feed);

/**
 * Let the feed fill what queue 0 of its port receives; after the queue was set up.
 *
 * @return 0, or -ENOMEM.
 */
FP_MUST_CHECK int fp_synthetic_attach(struct fp_synthetic *feed);

/** True when all passes were sent. @threads Any. */
bool fp_synthetic_is_done(const struct fp_synthetic *feed);

/** Messages sent so far. @threads Any. */
uint64_t fp_synthetic_messages(const struct fp_synthetic *feed);

/** Bytes of the corpus's arena for these parameters, for sizing. */
uint64_t fp_synthetic_bytes(const struct fp_synthetic_params *params);

#ifdef __cplusplus
}
#endif

#endif /* FP_SYNTHETIC_H */
