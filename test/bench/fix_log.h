/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * A log of market data in FIX, made up: what bench_fix.c and bench_fix_venue.c decode.
 */

#ifndef FIX_LOG_H
#define FIX_LOG_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Longest message that is made [bytes]. */
#define FIX_LOG_MESSAGE_MAX 512U

/** Symbols of a log of one session. */
#define FIX_LOG_SYMBOLS 5000U

/** Messages, one behind the other. */
struct fix_log {
	uint8_t *bytes;    /**< All of them; freed by fix_log_fini(). */
	uint32_t len;      /**< [bytes] */
	uint32_t messages; /**< How many. */
	uint32_t fields;   /**< Of all bodies. */
};

/**
 * Make messages W and X of 35 52 1180 1181 268 and 1 to 3 entries, whose types, tags, numbers and
 * lengths no predictor can learn.
 *
 * @return 0, or -1 when there is no memory.
 */
int fix_log_init(struct fix_log *log, uint32_t messages, uint64_t seed);

/**
 * Make messages W and X of one session, which the venue takes as they are: 35 49 56 34 52, 55 in W,
 * 268, and 1 to 3 entries, levels and trades in FIX_LOG_SYMBOLS symbols. No predictor can learn
 * them.
 *
 * @param[in] first  Number of the first message.
 * @return 0, or -1 when there is no memory.
 */
int fix_log_init_session(struct fix_log *log, uint32_t messages, uint64_t seed, uint64_t first);

/** Free it. */
void fix_log_fini(struct fix_log *log);

#ifdef __cplusplus
}
#endif

#endif /* FIX_LOG_H */
