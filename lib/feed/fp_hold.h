/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Datagrams that came before their turn, on a channel with two lines.
 *
 *    next             first of the earliest held
 *     |- - missing - -|=====|  |=====|
 *
 * When one line jumps, what is missing may still come on the other. The datagram waits, its buffer
 * leased, until the messages before it were delivered, until FP_HOLD_MAX others wait, or until it
 * has waited for too long; only then is the gap declared. Order of delivery is order of sequence.
 *
 * One lcore owns a hold. It is the one place where a lease outlives its frame.
 */

#ifndef FP_HOLD_H
#define FP_HOLD_H

#include "fp_channel.h"
#include "fp_lease.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Datagrams that may wait at a time. */
#define FP_HOLD_MAX 64

/** One datagram that waits. */
struct fp_held {
	struct fp_lease lease; /**< Its window is the UDP payload. */
	uint64_t first;        /**< Sequence of its first message. */
	uint64_t since_tsc;    /**< When it came [cycles]. */
	uint32_t count;        /**< Messages; 0 = a heartbeat. */
	uint8_t line;          /**< It came on. */
};

/** What waits, sorted by sequence. Zeroed to start. */
struct fp_hold {
	uint32_t count;                   /**< Datagrams that wait. */
	struct fp_held held[FP_HOLD_MAX]; /**< Lowest sequence first. */
};

/**
 * Whether a datagram is to wait: messages are missing before it, and not too many to be believed. A
 * heartbeat waits too: what it reveals as missing may be waiting, or still to come.
 *
 * @param[in] channel   Of the datagram.
 * @param[in] header    What it says.
 * @param[in] expected  Sequence that will be next when what came before it was delivered.
 */
FP_HOT_PATH static inline bool
fp_hold_wants(const struct fp_channel *channel, const struct fp_datagram_header *header,
	uint64_t expected)
{
	return expected != 0 && header->first > expected &&
		header->first - expected <= FP_CONTINUITY_LEAP &&
		fp_session_equal(header->session, channel->continuity.session);
}

/**
 * Let a datagram wait.
 *
 * @param[in,out] hold   With less than FP_HOLD_MAX waiting.
 * @param[in,out] lease  Its window is the UDP payload; moved: empty afterwards.
 * @param[in]     header What it says.
 * @param[in]     line   It came on.
 * @param[in]     tsc    The frame's time [cycles].
 */
FP_HOT_PATH void fp_hold_put(struct fp_hold *hold, FP_TAKES struct fp_lease *lease,
	const struct fp_datagram_header *header, uint8_t line, uint64_t tsc);

/**
 * Take the datagram of the lowest sequence out.
 *
 * @param[in,out] hold  Not empty.
 * @return It; the caller releases its lease.
 */
FP_HOT_PATH struct fp_held fp_hold_take(struct fp_hold *hold);

/** True when the lowest sequence that waits is due: nothing is missing before it any more. */
FP_HOT_PATH static inline bool
fp_hold_is_due(const struct fp_hold *hold, uint64_t next)
{
	return hold->count != 0 && hold->held[0].first <= next;
}

/** True when what @p header says is in a datagram that waits already: it is a copy. */
FP_HOT_PATH bool fp_hold_has(const struct fp_hold *hold, const struct fp_datagram_header *header);

/** True when some datagram has waited since before @p limit_tsc [cycles]. */
FP_HOT_PATH bool fp_hold_is_overdue(const struct fp_hold *hold, uint64_t limit_tsc);

#ifdef __cplusplus
}
#endif

#endif /* FP_HOLD_H */
