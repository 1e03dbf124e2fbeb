/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * The pace of the feeds without a NIC: so many units a second, by the time-stamp counter.
 *
 * Each look at the clock adds credit, each unit that is sent takes some. A feed that was not asked
 * for a while catches up with 1/100 s of its rate at most.
 */

#ifndef FEED_PACE_H
#define FEED_PACE_H

#include <stdint.h>

#include <rte_common.h>

#define FEED_PACE_BACKLOG_PER_SEC 100

/** A pace. One lcore's. */
struct feed_pace {
	uint64_t rate;   /**< Units a second; 0 = unlimited. */
	uint64_t hz;     /**< Of the clock. */
	uint64_t tsc;    /**< Of the last look [cycles]. */
	uint64_t credit; /**< Units that may be sent, times hz. */
};

/** Begin now, without credit. */
static inline void
feed_pace_start(struct feed_pace *pace, uint64_t rate, uint64_t hz, uint64_t tsc)
{
	*pace = (struct feed_pace){ .rate = rate, .hz = hz, .tsc = tsc };
}

/**
 * Units that may be sent now.
 *
 * @param[in,out] pace   Its clock moves on.
 * @param[in]     now    Clock [cycles].
 * @param[in]     least  Units that the credit always has room for: what is sent at once.
 */
static inline uint64_t
feed_pace_allowed(struct feed_pace *pace, uint64_t now, uint64_t least)
{
	uint64_t backlog = pace->rate * (pace->hz / FEED_PACE_BACKLOG_PER_SEC);
	uint64_t passed = now - pace->tsc;

	pace->tsc = now;
	if (pace->rate == 0)
		return UINT64_MAX;
	if (passed > pace->hz / FEED_PACE_BACKLOG_PER_SEC) {
		pace->credit = backlog;
	} else {
		pace->credit += passed * pace->rate;
	}
	pace->credit = RTE_MIN(pace->credit, RTE_MAX(backlog, least * pace->hz));
	return pace->credit / pace->hz;
}

/** Take the credit of what was sent, at most what was allowed. */
static inline void
feed_pace_spend(struct feed_pace *pace, uint64_t units)
{
	if (pace->rate != 0)
		pace->credit -= units * pace->hz;
}

#endif /* FEED_PACE_H */
