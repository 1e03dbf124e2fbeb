/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Fixed-size log-linear histogram of latencies, in nanoseconds or cycles.
 *
 *   value              buckets     width of each
 *   [0, 256)           0..255      1
 *   [256, 512)         256..383    2
 *   [512, 1024)        384..511    4
 *   ...                ...         value's power of two / 128
 *   [2^35, 2^36)       3712..3839  2^28      larger values count in bucket 3839
 *
 * A bucket is at most 1/128 (0.79 %) of its values wide. All memory is inside the struct, which
 * the caller supplies. One thread records; any thread may merge from it or query it meanwhile.
 * There is no lock and no allocation, and all histograms have the same buckets.
 */

#ifndef FP_HISTOGRAM_H
#define FP_HISTOGRAM_H

#include <assert.h>
#include <stdint.h>

#include "fp_atomic.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Bits of a value that follow its leading one and still choose the bucket. */
#define FP_HISTOGRAM_MANTISSA_BITS 7

/** Values below 2 to this power are told apart; larger ones share the last bucket. */
#define FP_HISTOGRAM_VALUE_BITS 36

/** Largest value that has a bucket of bounded width: about 68.7 s in nanoseconds. */
#define FP_HISTOGRAM_VALUE_MAX ((UINT64_C(1) << FP_HISTOGRAM_VALUE_BITS) - 1)

/** Number of buckets. */
#define FP_HISTOGRAM_BUCKETS \
	((FP_HISTOGRAM_VALUE_BITS - FP_HISTOGRAM_MANTISSA_BITS + 1) << FP_HISTOGRAM_MANTISSA_BITS)

/**
 * A histogram: 30 784 bytes, to be initialised by fp_histogram_init().
 *
 * @threads One writer (init, reset, record, merge into); any number of readers (all the rest).
 *
 * What a reader sees while the writer records: each query copies the buckets once, one relaxed
 * load each, and answers from the copy, so that its own numbers agree with each other. The copy is
 * not of one instant: a record made meanwhile may be in it or not. Between two copies no record
 * disappears, unless the writer resets.
 */
struct fp_histogram {
	uint64_t max; /**< Largest value recorded, exact. */
	uint64_t min; /**< Smallest one; UINT64_MAX: none. */
	FP_CACHE_ALIGNED uint64_t bucket[FP_HISTOGRAM_BUCKETS]; /**< Records per bucket. */
} FP_CACHE_ALIGNED;

static_assert(FP_HISTOGRAM_BUCKETS == 3840, "the table in this header's comment");
static_assert(sizeof(struct fp_histogram) == 30784, "the size that the documentation gives");

/** What summaries, telemetry and reports print of a histogram; all zero when it is empty. */
struct fp_histogram_summary {
	uint64_t count;   /**< Records. */
	uint64_t min;     /**< Smallest value, exact [recorded unit, or ns after conversion]. */
	uint64_t p50;     /**< Median [as min]; this and the next as fp_histogram_percentile(). */
	uint64_t p90;     /**< 90th percentile [as min]. */
	uint64_t p99;     /**< 99th percentile [as min]. */
	uint64_t p99_9;   /**< 99.9th percentile [as min]. */
	uint64_t p99_99;  /**< 99.99th percentile [as min]. */
	uint64_t p99_999; /**< 99.999th percentile [as min]. */
	uint64_t max;     /**< Largest value, exact [as min]. */
};

/**
 * Make an empty histogram of any memory.
 *
 * @param[out] h  Histogram, aligned to a cache line; no thread may be using it.
 */
FP_COLD void fp_histogram_init(struct fp_histogram *h);

/**
 * Forget all records.
 *
 * A reader that copies meanwhile gets a part of the old records, never a value that was not there.
 *
 * @param[in,out] h  Histogram.
 * @threads The writer of @p h.
 */
FP_COLD void fp_histogram_reset(struct fp_histogram *h);

/**
 * Add all records of another histogram, as if each had been recorded here.
 *
 * Merging into an empty histogram takes a snapshot.
 *
 * @param[in,out] into  Histogram that receives the records.
 * @param[in]     from  Histogram to read, unchanged; its writer may be recording.
 * @threads The writer of @p into; any as to @p from.
 */
FP_COLD void fp_histogram_merge(struct fp_histogram *into, const struct fp_histogram *from);

/**
 * Count the records.
 *
 * @param[in] h  Histogram.
 * @return The sum over all buckets.
 * @threads Any.
 * @cost    One pass over all buckets.
 */
FP_COLD uint64_t fp_histogram_count(const struct fp_histogram *h);

/** The smallest value recorded, exact; 0 when nothing was recorded. @threads Any. */
FP_COLD uint64_t fp_histogram_min(const struct fp_histogram *h);

/**
 * The largest value recorded, exact also above FP_HISTOGRAM_VALUE_MAX; 0 when nothing was recorded.
 *
 * @threads Any.
 */
FP_COLD uint64_t fp_histogram_max(const struct fp_histogram *h);

/**
 * Get the value that @p percent of the records do not exceed.
 *
 * With n records, the one looked for is number ceil(percent / 100 * n), but at least number 1, in
 * ascending order; exact integer arithmetic on @p percent rounded to six decimals. The result is
 * the largest value that its bucket holds, or the histogram's maximum if that is smaller. It is
 * thus never below that record's value, and above it by less than 1/128 of it. A record in the last
 * bucket gives the maximum: about values above FP_HISTOGRAM_VALUE_MAX nothing else is known.
 *
 * @param[in] h        Histogram.
 * @param[in] percent  [0..100]; taken as 0 when below or not a number, as 100 when above.
 * @return The value [unit that was recorded]; 0 when nothing was recorded.
 * @threads Any; uses 32 KiB of stack.
 * @cost    One copy of the histogram, one pass over it.
 */
FP_COLD uint64_t fp_histogram_percentile(const struct fp_histogram *h, double percent);

/**
 * Fill a summary from one copy of the histogram, so that its numbers agree with each other.
 *
 * @param[in]  h          Histogram.
 * @param[in]  cycles_hz  When not 0, values are cycles of a counter of this frequency [Hz] and the
 *                        summary is in nanoseconds: value * 10^9 / cycles_hz, rounded down,
 *                        exact, UINT64_MAX when it exceeds 64 bits. When 0, values stay as they
 *                        were recorded.
 * @param[out] out        Summary.
 * @threads Any; uses 32 KiB of stack.
 */
FP_COLD void fp_histogram_get_summary(
	const struct fp_histogram *h, uint64_t cycles_hz, struct fp_histogram_summary *out);

/** Index of the bucket that holds @p value [0..FP_HISTOGRAM_BUCKETS - 1]. */
static inline uint32_t
fpi_histogram_bucket(uint64_t value)
{
	const uint64_t linear = UINT64_C(1) << FP_HISTOGRAM_MANTISSA_BITS;
	uint64_t bounded = value < FP_HISTOGRAM_VALUE_MAX ? value : FP_HISTOGRAM_VALUE_MAX;
	uint32_t msb = 63 - (uint32_t)__builtin_clzll(bounded | linear);
	uint32_t shift = msb - FP_HISTOGRAM_MANTISSA_BITS;

	/* The leading one is still there after the shift: it adds the 128 that shift leaves out. */
	return (shift << FP_HISTOGRAM_MANTISSA_BITS) + (uint32_t)(bounded >> shift);
}

/**
 * Record @p value @p n times, as for the packets of one burst that share a latency.
 *
 * @param[in,out] h      Histogram.
 * @param[in]     value  Any value [ns or cycles, the same for all records of @p h].
 * @param[in]     n      How many records; 0 records nothing.
 * @threads The writer of @p h; wait-free.
 * @cost    No division, no locked instruction; three predictable branches, two cache lines.
 */
FP_HOT_PATH static inline void
fp_histogram_record_n(struct fp_histogram *h, uint64_t value, uint64_t n)
{
	uint64_t *bucket = &h->bucket[fpi_histogram_bucket(value)];

	if (FP_UNLIKELY(n == 0))
		return;
	if (FP_UNLIKELY(value > fp_load_relaxed_u64(&h->max)))
		fp_store_relaxed_u64(&h->max, value);
	if (FP_UNLIKELY(value < fp_load_relaxed_u64(&h->min)))
		fp_store_relaxed_u64(&h->min, value);
	fp_store_relaxed_u64(bucket, fp_load_relaxed_u64(bucket) + n);
}

/**
 * Record @p value once.
 *
 * @param[in,out] h      Histogram.
 * @param[in]     value  Any value [ns or cycles, the same for all records of @p h].
 * @threads The writer of @p h; wait-free.
 * @cost    As fp_histogram_record_n().
 */
FP_HOT_PATH static inline void
fp_histogram_record(struct fp_histogram *h, uint64_t value)
{
	fp_histogram_record_n(h, value, 1);
}

#ifdef __cplusplus
}
#endif

#endif /* FP_HISTOGRAM_H */
