/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * A file as a feed: a port without a NIC that receives the bytes of a file, piece by piece.
 *
 *    file:       |.... piece ....|.... piece ....|.. rest |     cut anywhere, in order
 *    per burst:  net_null gives mbufs ---> rx callback reads the pieces behind the headers
 *    frame:      Ethernet 14 | IPv4 20 | UDP 8 | piece          UDP checksum 0 (none)
 *
 * The payloads joined are the file. The port behaves as any other: rte_eth_rx_burst(), statistics,
 * telemetry.
 *
 * Nothing is allocated after the start. A burst is one system call for each 32 pieces, which reads
 * from the page cache into the mbufs; a piece that is not in it waits for the disk. The file is not
 * mapped, since one that shrinks then stops the process with SIGBUS, and not kept in memory, since
 * logs outgrow it: a file that shrinks ends the feed early, fp_file_feed_is_cut(), and what is
 * appended after the start is not sent. One lcore polls the queue.
 */

#ifndef FP_FILE_FEED_H
#define FP_FILE_FEED_H

#include <stdbool.h>
#include <stdint.h>

#include "fp_error.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Group that the pieces are sent to: 233.252.0.1, for documentation [host order]. */
#define FP_FILE_FEED_GROUP 0xe9fc0001

/** UDP port that the pieces are sent to. */
#define FP_FILE_FEED_UDP_PORT 9878

/** Bytes of a datagram, unless told otherwise. */
#define FP_FILE_FEED_PIECE 1400

/** Bytes of a datagram at most. */
#define FP_FILE_FEED_PIECE_MAX 1472

/** What the feed is made with. */
struct fp_file_feed_params {
	const char *path; /**< A regular file with at least one byte. */
	uint64_t rate;    /**< Datagrams a second; 0 = as fast as the queue is polled. */
	uint32_t repeats; /**< Times that the file is sent again after the first time. */
	uint16_t piece;   /**< Bytes of a datagram [1..FP_FILE_FEED_PIECE_MAX]; 0 = 1,400. */
};

/** A feed. */
struct fp_file_feed;

/**
 * Open the file and create the port, not yet configured.
 *
 * @param[in]  params  What to send; the path is not kept.
 * @param[out] out     The feed; NULL on failure.
 * @return 0; -EINVAL the piece is out of range, or the path names no regular file; -ENOENT there is
 *         no such file; -ENODATA the file is empty; -ENOMEM no memory for the feed or the port;
 *         -EEXIST there is a feed already; -EIO the file cannot be opened, or the net_null driver
 *         could not make a port.
 * @owns    The caller destroys it, after the port was stopped, and before the pool of its queue.
 * @threads Start-up only.
 */
FP_MUST_CHECK int
fp_file_feed_create(const struct fp_file_feed_params *params, struct fp_file_feed **out);

/**
 * Close the port and the file; NULL is nothing.
 *
 * @param[in] feed  Its port is stopped. One that the caller closed after fp_file_feed_attach()
 *                  panics: DPDK would call the feed for the next port of that number.
 */
void fp_file_feed_destroy(struct fp_file_feed *feed);

/** The port of the feed. */
uint16_t fp_file_feed_port(const struct fp_file_feed *feed);

/**
 * Let the feed fill what queue 0 of its port receives; after the queue was set up.
 *
 * The buffers of the queue's pool have room for a piece and 42 bytes of headers; those of a smaller
 * one panic when they are filled.
 *
 * @return 0, or -ENOMEM.
 */
FP_MUST_CHECK int fp_file_feed_attach(struct fp_file_feed *feed);

/** True when all was sent, or the file shrank. @threads Any. */
bool fp_file_feed_is_done(const struct fp_file_feed *feed);

/** True when the file shrank or could not be read on: not all was sent. @threads Any. */
bool fp_file_feed_is_cut(const struct fp_file_feed *feed);

/** Bytes of the file sent so far. @threads Any. */
uint64_t fp_file_feed_bytes(const struct fp_file_feed *feed);

/** Datagrams sent so far. @threads Any. */
uint64_t fp_file_feed_datagrams(const struct fp_file_feed *feed);

/** Bytes of the file when it was opened. */
uint64_t fp_file_feed_size(const struct fp_file_feed *feed);

#ifdef __cplusplus
}
#endif

#endif /* FP_FILE_FEED_H */
