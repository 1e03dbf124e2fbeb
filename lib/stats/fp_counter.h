/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Counters that one lcore writes and any thread reads.
 *
 * A counter is a plain uint64_t in a struct of its lcore. Only that lcore may add to it; a second
 * writer loses counts without any sign of it. Readers never see half a value, but two counters
 * read one after the other are of two moments: totals may differ by what was added in between.
 * Counters start at zero and are never reset; who wants a rate subtracts two readings.
 */

#ifndef FP_COUNTER_H
#define FP_COUNTER_H

#include <stdint.h>

#include "fp_atomic.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Add @p n to a counter.
 *
 * @param[in,out] counter  Counter of the calling lcore.
 * @param[in]     n        What to add; the sum wraps at 2^64.
 * @threads The one lcore that owns @p counter; wait-free.
 * @cost    One load, one add, one store; no locked instruction.
 */
FP_HOT_PATH static inline void
fp_counter_add(uint64_t *counter, uint64_t n)
{
	fp_store_relaxed_u64(counter, fp_load_relaxed_u64(counter) + n);
}

/**
 * Read a counter.
 *
 * @param[in] counter  Counter of any lcore.
 * @return The value at some moment during the call.
 * @threads Any; wait-free.
 */
static inline uint64_t
fp_counter_get(const uint64_t *counter)
{
	return fp_load_relaxed_u64(counter);
}

#ifdef __cplusplus
}
#endif

#endif /* FP_COUNTER_H */
