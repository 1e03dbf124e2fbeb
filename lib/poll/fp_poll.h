/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * The poll loop of one lcore and its frames.
 *
 *    open ---> receive ---> stages ---> transmit ---> close
 *     |          |             |                         |
 *     epoch + 1  leases        keep some                 release the rest, reset scratch,
 *                                                        tsc = start of the next one
 *
 * One iteration of the loop is a frame. A view obtained in a frame dies with it. Who keeps data
 * takes the lease out of the frame with fp_frame_keep(); what is left is released in bulk at its
 * close.
 *
 * The clock is read once per frame: the end of one is the start of the next. Cycles of frames that
 * moved packets are busy, those of the others idle. While a frame is open, stage says what it is
 * at, so that another thread that finds the same frame open for long can say where it stalls.
 */

#ifndef FP_POLL_H
#define FP_POLL_H

#include <rte_cycles.h>
#include <rte_ethdev.h>

#include "fp_arena.h"
#include "fp_lease.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Most packets of one burst. */
#define FP_FRAME_BURST_MAX 512

/** What a frame is at. */
enum fp_stage {
	FP_STAGE_IDLE = 0, /**< Between frames, or in an empty one. */
	FP_STAGE_RECEIVE,  /**< Asking a port. */
	FP_STAGE_DECODE,   /**< Parsing headers, venues decoding. */
	FP_STAGE_BOOK,     /**< Applying to books and encoding. */
	FP_STAGE_TRANSMIT, /**< Handing packets to a port. */
	FP_STAGE_RELEASE,  /**< Giving buffers back. */
	FP_STAGE_COUNT,    /**< Number of stages, none itself. */
};

/** What one lcore's loop counts. Single writer: that lcore. */
struct fp_poll_counters {
	uint64_t frames;         /**< Frames closed. */
	uint64_t busy_frames;    /**< Frames that moved packets. */
	uint64_t total_cycles;   /**< Cycles of all frames. */
	uint64_t busy_cycles;    /**< Cycles of frames that moved packets. */
	uint64_t packets;        /**< Packets received. */
	uint64_t longest_cycles; /**< Longest frame that moved packets. */
};

/** The loop of one lcore. Lives as long as the lcore polls. */
struct fp_poll {
	/* hot */
	uint64_t tsc;             /**< Start of the open frame [cycles]. */
	uint64_t epoch;           /**< Frames opened so far. */
	struct fp_arena *scratch; /**< Reset by frames that used it; NULL = none. */
	struct fp_lease *leases;  /**< Of the open frame; shape [burst]. */
	uint16_t burst;           /**< Packets asked for at a time [1..FP_FRAME_BURST_MAX]. */
	uint16_t count;           /**< Leases in the open frame. */
	uint32_t stage;           /**< enum fp_stage of the open frame. */
	bool moved;               /**< The open frame moved packets. */
	bool stop;                /**< Set by another thread to end the loop. */
	struct fp_poll_counters counters; /**< Of all frames. */
	/* cold: what a watcher noticed */
	uint64_t watched_epoch; /**< Epoch at the last look. */
	uint64_t stalls;        /**< Looks that found the same busy frame open as the one before. */
	uint32_t stalled_stage; /**< Stage of the last stall. */
} FP_CACHE_ALIGNED;

/**
 * Make a loop.
 *
 * @param[out]    poll     Caller's memory.
 * @param[in]     burst    [1..FP_FRAME_BURST_MAX]
 * @param[in,out] arena    Holds the frame's leases.
 * @param[in]     scratch  For the stages of a frame, this loop's alone; or NULL.
 * @return 0; -EINVAL burst out of range; -ENOMEM the arena is full.
 */
FP_MUST_CHECK int fp_poll_init(
	struct fp_poll *poll, uint16_t burst, struct fp_arena *arena, struct fp_arena *scratch);

/** Start the clock: call it on the lcore, right before the first frame. */
static inline void
fp_poll_start(struct fp_poll *poll)
{
	poll->tsc = rte_rdtsc();
}

/** True until another thread asked the loop to end. */
FP_HOT_PATH static inline bool
fp_poll_goes_on(const struct fp_poll *poll)
{
	return !fp_load_relaxed_bool(&poll->stop);
}

/** Ask the loop to end after its frame. @threads Any; async-signal-safe. */
static inline void
fp_poll_stop(struct fp_poll *poll)
{
	fp_store_relaxed_bool(&poll->stop, true);
}

/** Say what the frame is at from here on. */
FP_HOT_PATH static inline void
fp_frame_stage(struct fp_poll *poll, enum fp_stage stage)
{
	fp_store_relaxed_u32(&poll->stage, stage);
}

/** Open a frame. */
FP_HOT_PATH static inline void
fp_frame_open(struct fp_poll *poll)
{
	fp_store_relaxed_u64(&poll->epoch, poll->epoch + 1);
	poll->count = 0;
	poll->moved = false;
}

/**
 * Receive a burst into the frame.
 *
 * @param[in,out] poll      With an open frame that has no leases yet.
 * @param[in]     port_id   Started; its queue is filled from @p pool.
 * @param[in]     queue_id  Polled by this lcore only.
 * @param[in]     pool      Of the port.
 * @return Leases in the frame, in poll->leases [0..burst].
 */
FP_HOT_PATH static inline uint16_t
fp_frame_receive(struct fp_poll *poll, uint16_t port_id, uint16_t queue_id, struct fp_pool *pool)
{
	/* fpcheck: allow FP0407 because it is filled and read from its start, by one burst */
	struct rte_mbuf *mbufs[FP_FRAME_BURST_MAX];

	fp_frame_stage(poll, FP_STAGE_RECEIVE);
	if (FP_UNLIKELY(rte_ring_empty(pool->returns) == 0))
		(void)fp_pool_collect(pool);
	poll->count = rte_eth_rx_burst(port_id, queue_id, mbufs, poll->burst);
	if (poll->count == 0)
		return 0;
	fp_lease_take_burst(pool, mbufs, poll->count, poll->tsc, poll->leases);
	poll->moved = true;
	return poll->count;
}

/** Take a lease out of the frame: it lives on and is the caller's. */
FP_HOT_PATH static inline struct fp_lease
fp_frame_keep(struct fp_poll *poll, uint16_t idx)
{
	struct fp_lease lease = poll->leases[idx];

	poll->leases[idx] = fp_lease_none();
	return lease;
}

/** Release what is left of the frame's leases; views of them are dead. */
FP_HOT_PATH static inline void
fp_frame_release(struct fp_poll *poll)
{
	if (poll->count == 0)
		return;
	fp_frame_stage(poll, FP_STAGE_RELEASE);
	fp_lease_release_burst(poll->leases, poll->count, poll->tsc);
	fp_store_relaxed_u64(&poll->counters.packets, poll->counters.packets + poll->count);
	poll->count = 0;
}

/** Stop the program: a stage asked for scratch that the loop was not given. */
FP_COLD FP_NORETURN void fpi_poll_no_scratch(void);

/**
 * Give a stage memory for the length of the frame.
 *
 * What is taken from it is dead when the frame closes, and scopes left open are ended then. Its
 * high_water says what frames needed at most, its refusals how often it was too small.
 *
 * @param[in] poll  With an open frame, and with a scratch arena; without one it panics.
 * @return The arena, for the loop's lcore alone.
 */
FP_RETURNS(poll)
FP_HOT_PATH static inline struct fp_arena *
fp_frame_scratch(const struct fp_poll *poll)
{
	if (FP_UNLIKELY(poll->scratch == NULL))
		fpi_poll_no_scratch();
	return poll->scratch;
}

/**
 * Close the frame: release what it holds, reset scratch if it was used, account its cycles.
 *
 * @return Whether the frame moved packets.
 */
FP_HOT_PATH static inline bool
fp_frame_close(struct fp_poll *poll)
{
	struct fp_poll_counters *counters = &poll->counters;
	uint64_t end;
	uint64_t cycles;

	fp_frame_release(poll);
	if (poll->scratch != NULL && !fp_arena_is_untouched(poll->scratch))
		fp_arena_reset(poll->scratch);
	fp_frame_stage(poll, FP_STAGE_IDLE);
	end = rte_rdtsc();
	cycles = end - poll->tsc;
	poll->tsc = end;
	fp_store_relaxed_u64(&counters->frames, counters->frames + 1);
	fp_store_relaxed_u64(&counters->total_cycles, counters->total_cycles + cycles);
	if (poll->moved) {
		fp_store_relaxed_u64(&counters->busy_frames, counters->busy_frames + 1);
		fp_store_relaxed_u64(&counters->busy_cycles, counters->busy_cycles + cycles);
		if (cycles > counters->longest_cycles)
			fp_store_relaxed_u64(&counters->longest_cycles, cycles);
	}
	return poll->moved;
}

/**
 * Look whether the loop stalls: whether the frame that was open at the last look still is.
 *
 * @return True when it does; stalls and stalled_stage say more.
 * @threads One watcher, not the loop's own lcore.
 */
bool fp_poll_watch(struct fp_poll *poll);

/** Name of a stage, "unknown" outside the list. */
const char *fp_stage_name(uint32_t stage);

#ifdef __cplusplus
}
#endif

#endif /* FP_POLL_H */
