/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Session continuity, the same for every venue: (session, first sequence, count).
 *
 *                 next
 *    ...==========|
 *    [first, first + count)    all below next: duplicate
 *            [-----|------)    partly below:   the first next - first messages are skipped
 *                 [-----)      at next:        in order
 *                     [----)   above:          a gap of first - next messages, then in order
 *
 * A count of 0 is a heartbeat: its first is the next to come, so it reveals a lost tail.
 *
 * A new session is believed at once when it begins at 1, and a sequence that went back to 1 when
 * its send time is newer than all before. Anything else that would move the cursor far (another
 * session in its middle, a leap of more than FP_CONTINUITY_LEAP, a run of old datagrams) must first
 * be confirmed by datagrams that follow each other, so that one bad datagram cannot derail a feed.
 * Where a transport verifies each message, a leap ahead is believed at once.
 * Duplicates are free of effect: two lines of one feed are arbitrated by first arrival.
 */

#ifndef FP_CONTINUITY_H
#define FP_CONTINUITY_H

#include <stdint.h>

#include "fp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Leap ahead that needs no confirmation [messages]. A gap longer than this costs one datagram more;
 * a datagram that lies by less costs the feed this many messages at most.
 */
#define FP_CONTINUITY_LEAP 4096U

/** Way back that no line lags behind the other [messages]. */
#define FP_CONTINUITY_LAG (1U << 20)

/** Datagrams that follow each other and confirm another session, a leap, or a lag. */
#define FP_CONTINUITY_CONFIRM 2

/** Datagrams that follow each other and confirm a sequence that went back by less than a lag. */
#define FP_CONTINUITY_CONFIRM_BACK 4096

/** Identity of a session; venues pad theirs. */
struct fp_session_id {
	uint64_t high; /**< First 8 bytes, or 0. */
	uint64_t low;  /**< Rest, or the whole of a numeric id. */
};

/** What a datagram says of its place in the stream. */
struct fp_datagram_header {
	struct fp_session_id session; /**< It belongs to. */
	uint64_t first; /**< Sequence of the first message, or the next one when count is 0. */
	uint32_t count; /**< Messages. */
	uint64_t send_time_ns; /**< The venue's time of sending; 0 = the transport has none [ns]. */
};

/** What to do with a datagram. */
enum fp_continuity_verdict {
	FP_CONTINUITY_IN_ORDER,  /**< Deliver all but the first skip messages. */
	FP_CONTINUITY_GAP,       /**< lost messages are missing before it; deliver all. */
	FP_CONTINUITY_DUPLICATE, /**< Deliver nothing. */
	FP_CONTINUITY_RESTART, /**< The session began anew; lost of it are missing; deliver all. */
	FP_CONTINUITY_UNCONFIRMED, /**< Deliver nothing: its place is not believed yet. */
	FP_CONTINUITY_IMPOSSIBLE,  /**< Deliver nothing: first + count passes 2^64. */
};

/** The verdict with its numbers. */
struct fp_continuity_result {
	enum fp_continuity_verdict verdict; /**< What to do. */
	uint32_t skip;                      /**< Leading messages already delivered [0..count]. */
	uint64_t gap_first;                 /**< First sequence lost, when lost is not 0. */
	uint64_t lost;                      /**< Messages lost before this datagram. */
};

/** Where a stream is. Zeroed to start; the first datagram is taken as it comes. */
struct fp_continuity {
	struct fp_session_id session; /**< Current session. */
	uint64_t next;                /**< Sequence expected next; 0 before the first datagram. */
	uint64_t newest_send_ns;      /**< Newest send time seen in the session. */
	struct fp_session_id candidate_session; /**< What an unconfirmed datagram said. */
	uint64_t candidate_first;               /**< Where the run of the candidate began. */
	uint64_t candidate_next;                /**< What would follow it; 0 = no candidate. */
	uint32_t candidate_run;                 /**< Datagrams that followed each other so far. */
	bool is_verified; /**< Set by the venue: no damaged datagram comes here; leaps are true. */
};

/** Everything but the common case. Not for callers. */
FP_COLD struct fp_continuity_result
fpi_continuity_unusual(struct fp_continuity *continuity, const struct fp_datagram_header *header);

/**
 * Take a datagram as the first one of its session: the venue says that it begins anew.
 *
 * @return RESTART; what comes before @p header in its session is lost.
 */
FP_COLD struct fp_continuity_result
fp_continuity_restart(struct fp_continuity *continuity, const struct fp_datagram_header *header);

/**
 * Go on at @p next: the venue says that the numbers before are not used.
 *
 * @param[in,out] continuity  Of the channel.
 * @param[in]     next        Sequence expected next [continuity->next..].
 */
FP_HOT_PATH static inline void
fp_continuity_skip_to(struct fp_continuity *continuity, uint64_t next)
{
	continuity->next = next;
	continuity->candidate_next = 0;
}

/** True when both name the same session. */
FP_HOT_PATH static inline bool
fp_session_equal(struct fp_session_id a, struct fp_session_id b)
{
	return a.high == b.high && a.low == b.low;
}

/**
 * Place a datagram in its stream and move the cursor.
 *
 * @param[in,out] continuity  Of the channel.
 * @param[in]     header      What the datagram says.
 * @return What to do with it; with IN_ORDER, GAP and RESTART the cursor is behind the datagram.
 * @threads The lcore that owns the channel.
 * @cost   In order: four comparisons, no call.
 */
FP_HOT_PATH static inline struct fp_continuity_result
fp_continuity_place(struct fp_continuity *continuity, const struct fp_datagram_header *header)
{
	struct fp_continuity_result result = { FP_CONTINUITY_IN_ORDER, 0, 0, 0 };

	if (FP_LIKELY(header->first == continuity->next && header->count != 0 &&
		    header->first != 0 && fp_session_equal(header->session, continuity->session) &&
		    continuity->next + header->count > continuity->next)) {
		continuity->next += header->count;
		if (header->send_time_ns > continuity->newest_send_ns)
			continuity->newest_send_ns = header->send_time_ns;
		continuity->candidate_next = 0;
		return result;
	}
	return fpi_continuity_unusual(continuity, header);
}

#ifdef __cplusplus
}
#endif

#endif /* FP_CONTINUITY_H */
