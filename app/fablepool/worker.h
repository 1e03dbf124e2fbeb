/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * A worker: one lcore that receives, decodes, keeps books and publishes, run to completion.
 *
 * Follow one datagram: worker_frame() receives a burst into the frame's leases, finds the channel
 * of each, gives runs of datagrams of one channel to its venue, applies what was decoded to the
 * books, and publishes it; then the frame releases the buffers. No lock, no allocation, no system
 * call.
 */

#ifndef WORKER_H
#define WORKER_H

#include "fp_book.h"
#include "fp_demux.h"
#include "fp_hold.h"
#include "fp_poll.h"
#include "publisher.h"

/** Queues that one worker polls at most. */
#define WORKER_QUEUES_MAX 16

/** Channels of the engine at most; a channel's id is below. */
#define WORKER_CHANNELS_MAX 64

/** Levels of each side in a snapshot of a book. */
#define WORKER_SNAPSHOT_LEVELS 10

/** One queue that a worker polls. */
struct worker_queue {
	uint16_t port_id;                /**< Started. */
	uint16_t queue_id;               /**< Polled by this worker only. */
	struct fp_pool *pool;            /**< The queue is filled from it. */
	bool verify_checksum;            /**< Verify UDP checksums. */
	uint64_t received;               /**< Packets. Single writer: the worker. */
	uint64_t dropped[FP_DROP_COUNT]; /**< Packets, by reason. Single writer: the worker. */
};

/** What a channel flows through. */
struct worker_stream {
	struct fp_channel *channel;  /**< Cursor and venue. */
	struct fp_books *books;      /**< NULL = no books are kept. */
	struct publisher *publisher; /**< NULL = nothing is published. */
	struct fp_hold *hold;        /**< Of a channel with two lines; else NULL. */
};

/** State of a request for a book. */
enum worker_snapshot_state {
	WORKER_SNAPSHOT_FREE = 0, /**< Nobody asks. */
	WORKER_SNAPSHOT_ASKED,    /**< The worker is to fill it. */
	WORKER_SNAPSHOT_FILLED,   /**< The asker is to read it. */
};

/** A book as it was between two frames, for other threads. */
struct worker_snapshot {
	uint32_t state;                                    /**< enum worker_snapshot_state. */
	uint16_t channel_id;                               /**< Asked for. */
	struct fp_symbol16 symbol;                         /**< Asked for. */
	uint32_t instrument_id;                            /**< 0 = no such symbol. */
	bool is_stale;                                     /**< The book cannot be trusted. */
	uint8_t price_decimals;                            /**< Of its prices. */
	uint32_t depth[2];                                 /**< Levels filled: bids, offers. */
	struct fp_level levels[2][WORKER_SNAPSHOT_LEVELS]; /**< Bids, offers; best first. */
};

/** A worker. Lives in an arena of its lcore's socket. */
struct worker {
	/* hot */
	struct fp_poll poll;
	struct fp_batch batch;
	struct fp_datagram *datagrams; /**< Of one run; shape [burst]. */
	uint16_t queue_count;
	uint16_t stream_count;
	struct worker_queue queues[WORKER_QUEUES_MAX];
	struct worker_stream *streams[WORKER_CHANNELS_MAX]; /**< By channel id; NULL = not ours. */
	struct fp_demux demux;
	uint64_t wait_cycles; /**< Longest time that a datagram waits for the other line. */
	struct worker_snapshot snapshot;
	/* cold */
	unsigned int lcore_id;
	struct fp_histogram latency; /**< Receive to publish [cycles]. */
	struct worker_stream stream_table[WORKER_CHANNELS_MAX];
};

/**
 * Make a worker without queues and streams.
 *
 * @param[out]    out       The worker, in @p arena; NULL on failure.
 * @param[in]     lcore_id  That will run it.
 * @param[in]     burst     Packets asked for at a time [1..FP_FRAME_BURST_MAX].
 * @param[in,out] arena     Of the lcore's socket.
 * @return 0; -EINVAL burst out of range; -ENOMEM the arena is full.
 */
FP_MUST_CHECK int
worker_create(struct worker **out, unsigned int lcore_id, uint16_t burst, struct fp_arena *arena);

/** Bytes of arena that worker_create() takes at most. */
uint64_t worker_bytes(uint16_t burst);

/** Add a stream, with the channel that it is of; the rest of it may be NULL. */
void worker_add_stream(struct worker *worker, const struct worker_stream *stream);

/**
 * Run one frame on one of the queues.
 *
 * @return True when packets were received.
 */
FP_HOT_PATH bool worker_frame(struct worker *worker, struct worker_queue *queue);

/** Deliver what still waits for the other line, and tell the venues that no more comes. */
void worker_drain(struct worker *worker);

/** Poll all queues until the worker is asked to stop, then end the published sessions. */
int worker_run(void *arg);

#endif /* WORKER_H */
