/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * A query works on a copy, in which the buckets and the extremes need not be of the same instant:
 * the writer's stores are relaxed, so a reader may see a record in its bucket before it sees the
 * maximum that the same record set. settle() therefore widens the extremes to the buckets that are
 * not empty. After it: count is the sum of the buckets; min and max lie within the first and the
 * last bucket that is not empty or outside of them; so every percentile is within [min, max].
 */

#include <stddef.h>

#include "fp_histogram.h"

/* Percentiles are computed in steps of 0.000001 %. */
#define PERCENT_SCALE UINT64_C(1000000)
#define PERCENT_FULL  UINT64_C(100000000)

#define NS_PER_S UINT64_C(1000000000)

__extension__ typedef unsigned __int128 wide;

/* A private copy of a histogram and the number of its records. */
struct snapshot {
	struct fp_histogram h;
	uint64_t count;
};

static uint64_t
bucket_low(uint32_t idx)
{
	const uint32_t linear = 1U << FP_HISTOGRAM_MANTISSA_BITS;
	uint32_t shift = idx < linear ? 0 : (idx >> FP_HISTOGRAM_MANTISSA_BITS) - 1;

	return (uint64_t)(idx - (shift << FP_HISTOGRAM_MANTISSA_BITS)) << shift;
}

/* Largest value of a bucket; the last one has no bound, as it takes all that is too large. */
static uint64_t
bucket_high(uint32_t idx)
{
	return idx == FP_HISTOGRAM_BUCKETS - 1 ? UINT64_MAX : bucket_low(idx + 1) - 1;
}

static void
settle(struct snapshot *s)
{
	uint32_t first = FP_HISTOGRAM_BUCKETS;
	uint32_t last = 0;

	s->count = 0;
	for (uint32_t i = 0; i < FP_HISTOGRAM_BUCKETS; i++) {
		if (s->h.bucket[i] == 0)
			continue;
		s->count += s->h.bucket[i];
		last = i;
		if (first == FP_HISTOGRAM_BUCKETS)
			first = i;
	}
	if (s->count == 0) {
		s->h.min = 0;
		s->h.max = 0;
		return;
	}
	if (s->h.max < bucket_low(last))
		s->h.max = bucket_low(last);
	if (s->h.min > bucket_high(first))
		s->h.min = bucket_high(first);
	if (s->h.min > s->h.max)
		s->h.min = s->h.max;
}

static void
take_snapshot(const struct fp_histogram *h, struct snapshot *s)
{
	fp_histogram_init(&s->h);
	fp_histogram_merge(&s->h, h);
	settle(s);
}

/* Number of the record, from 1, that a percentile means; 0 when there are no records. */
static uint64_t
percentile_rank(uint64_t count, double percent)
{
	uint64_t part = 0;

	if (percent >= 100.0)
		return count;
	if (percent > 0.0) /* false for what is not a number */
		part = (uint64_t)(percent * (double)PERCENT_SCALE + 0.5);
	if (part == 0)
		return count == 0 ? 0 : 1;
	return (uint64_t)(((wide)part * count + PERCENT_FULL - 1) / PERCENT_FULL);
}

static uint64_t
snapshot_percentile(const struct snapshot *s, double percent)
{
	uint64_t rank = percentile_rank(s->count, percent);
	uint64_t seen = 0;

	for (uint32_t i = 0; i < FP_HISTOGRAM_BUCKETS; i++) {
		seen += s->h.bucket[i];
		if (seen >= rank)
			return bucket_high(i) < s->h.max ? bucket_high(i) : s->h.max;
	}
	return s->h.max;
}

static uint64_t
cycles_to_ns(uint64_t cycles, uint64_t cycles_hz)
{
	wide ns;

	if (cycles_hz == 0)
		return cycles;
	ns = (wide)cycles * NS_PER_S / cycles_hz;
	return ns > UINT64_MAX ? UINT64_MAX : (uint64_t)ns;
}

void
fp_histogram_init(struct fp_histogram *h)
{
	fp_histogram_reset(h);
}

void
fp_histogram_reset(struct fp_histogram *h)
{
	for (uint32_t i = 0; i < FP_HISTOGRAM_BUCKETS; i++)
		fp_store_relaxed_u64(&h->bucket[i], 0);
	fp_store_relaxed_u64(&h->max, 0);
	fp_store_relaxed_u64(&h->min, UINT64_MAX);
}

void
fp_histogram_merge(struct fp_histogram *into, const struct fp_histogram *from)
{
	uint64_t max;
	uint64_t min;

	for (uint32_t i = 0; i < FP_HISTOGRAM_BUCKETS; i++) {
		uint64_t n = fp_load_relaxed_u64(&from->bucket[i]);

		if (n == 0)
			continue;
		n += fp_load_relaxed_u64(&into->bucket[i]);
		fp_store_relaxed_u64(&into->bucket[i], n);
	}
	/* Read last, because record stores them first: they seldom lag behind the buckets. */
	max = fp_load_relaxed_u64(&from->max);
	min = fp_load_relaxed_u64(&from->min);
	if (max > fp_load_relaxed_u64(&into->max))
		fp_store_relaxed_u64(&into->max, max);
	if (min < fp_load_relaxed_u64(&into->min))
		fp_store_relaxed_u64(&into->min, min);
}

uint64_t
fp_histogram_count(const struct fp_histogram *h)
{
	uint64_t count = 0;

	for (uint32_t i = 0; i < FP_HISTOGRAM_BUCKETS; i++)
		count += fp_load_relaxed_u64(&h->bucket[i]);
	return count;
}

uint64_t
fp_histogram_min(const struct fp_histogram *h)
{
	uint64_t min = fp_load_relaxed_u64(&h->min);

	/* No record and a record of UINT64_MAX differ in the maximum. */
	return min <= fp_load_relaxed_u64(&h->max) ? min : 0;
}

uint64_t
fp_histogram_max(const struct fp_histogram *h)
{
	return fp_load_relaxed_u64(&h->max);
}

uint64_t
fp_histogram_percentile(const struct fp_histogram *h, double percent)
{
	struct snapshot s;

	take_snapshot(h, &s);
	return snapshot_percentile(&s, percent);
}

void
fp_histogram_get_summary(
	const struct fp_histogram *h, uint64_t cycles_hz, struct fp_histogram_summary *out)
{
	struct snapshot s;

	take_snapshot(h, &s);
	out->count = s.count;
	out->min = cycles_to_ns(s.h.min, cycles_hz);
	out->p50 = cycles_to_ns(snapshot_percentile(&s, 50.0), cycles_hz);
	out->p90 = cycles_to_ns(snapshot_percentile(&s, 90.0), cycles_hz);
	out->p99 = cycles_to_ns(snapshot_percentile(&s, 99.0), cycles_hz);
	out->p99_9 = cycles_to_ns(snapshot_percentile(&s, 99.9), cycles_hz);
	out->p99_99 = cycles_to_ns(snapshot_percentile(&s, 99.99), cycles_hz);
	out->p99_999 = cycles_to_ns(snapshot_percentile(&s, 99.999), cycles_hz);
	out->max = cycles_to_ns(s.h.max, cycles_hz);
}
