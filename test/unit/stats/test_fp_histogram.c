/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * The histogram is compared with two naive models: a bucket layout built by counting upwards from
 * 0, and percentiles taken from the sorted array of all values.
 */

#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fp_counter.h"
#include "fp_histogram.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define VALUES_MAX 5000

__extension__ typedef unsigned __int128 wide;

static struct fp_histogram histogram;
static struct fp_histogram other;
static uint64_t values[VALUES_MAX];

/* Percents with at most six decimals, as millionths of a percent beside the double. */
static const struct {
	double percent;
	uint64_t millionths;
} percents[] = {
	{ 0.0, 0 },
	{ 0.000001, 1 },
	{ 1.0, 1000000 },
	{ 10.0, 10000000 },
	{ 25.0, 25000000 },
	{ 33.333333, 33333333 },
	{ 50.0, 50000000 },
	{ 70.0, 70000000 },
	{ 90.0, 90000000 },
	{ 99.0, 99000000 },
	{ 99.9, 99900000 },
	{ 99.99, 99990000 },
	{ 99.999, 99999000 },
	{ 99.999999, 99999999 },
	{ 100.0, 100000000 },
};

/* xorshift: the same values in every run */
static uint64_t
next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* Not by bytes of the whole: the space between the fields may hold anything. */
static void
assert_same(const struct fp_histogram *left, const struct fp_histogram *right)
{
	assert_true(left->min == right->min);
	assert_true(left->max == right->max);
	assert_memory_equal(left->bucket, right->bucket, sizeof(left->bucket));
}

static int
compare_values(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left;
	uint64_t b = *(const uint64_t *)right;

	return (a > b) - (a < b);
}

/* Value of the record that the percentile means; sorted in place. */
static uint64_t
naive_percentile(uint64_t *sorted, size_t n, uint64_t millionths)
{
	uint64_t rank;

	qsort(sorted, n, sizeof(*sorted), compare_values);
	/* The smallest rank with rank / n >= percent / 100, found by trying them all. */
	for (rank = 1; rank < n; rank++) {
		if ((wide)rank * 100000000 >= (wide)millionths * n)
			break;
	}
	return sorted[rank - 1];
}

static void
check_percentiles(size_t n)
{
	fp_histogram_init(&histogram);
	for (size_t i = 0; i < n; i++)
		fp_histogram_record(&histogram, values[i]);
	assert_int_equal(fp_histogram_count(&histogram), n);
	for (size_t i = 0; i < COUNT(percents); i++) {
		uint64_t exact = naive_percentile(values, n, percents[i].millionths);
		uint64_t got = fp_histogram_percentile(&histogram, percents[i].percent);

		assert_true(got >= exact);
		assert_true(got <= values[n - 1]);
		if (exact < 256) {
			assert_true(got == exact);
		} else if (exact <= FP_HISTOGRAM_VALUE_MAX - (UINT64_C(1) << 28)) {
			assert_true(got - exact < exact / 128 + 1);
		} else {
			assert_true(got == values[n - 1]);
		}
	}
	assert_true(fp_histogram_min(&histogram) == values[0]);
	assert_true(fp_histogram_max(&histogram) == values[n - 1]);
}

/* The layout of the header's table, built without logarithms: bucket i starts at lows[i]. */
static uint64_t lows[FP_HISTOGRAM_BUCKETS + 1];

static int
build_layout(void **state)
{
	uint64_t low = 0;

	(void)state;
	for (size_t i = 0; i <= FP_HISTOGRAM_BUCKETS; i++) {
		uint64_t width = 1;

		lows[i] = low;
		while (low / width >= 256)
			width *= 2;
		low += width;
	}
	return 0;
}

static void
the_layout_ends_at_the_largest_value(void **state)
{
	(void)state;
	assert_true(lows[FP_HISTOGRAM_BUCKETS] == FP_HISTOGRAM_VALUE_MAX + 1);
	assert_true(lows[256] == 256 && lows[384] == 512 && lows[512] == 1024);
	assert_true(lows[3712] == UINT64_C(1) << 35);
}

static void
every_bucket_edge_maps_to_its_bucket(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < FP_HISTOGRAM_BUCKETS; i++) {
		uint64_t low = lows[i];
		uint64_t high = lows[i + 1] - 1;

		assert_int_equal(fpi_histogram_bucket(low), i);
		assert_int_equal(fpi_histogram_bucket(high), i);
		assert_int_equal(fpi_histogram_bucket(low + (high - low) / 2), i);
		assert_true(high - low <= low / 128);
	}
	assert_int_equal(fpi_histogram_bucket(FP_HISTOGRAM_VALUE_MAX + 1), 3839);
	assert_int_equal(fpi_histogram_bucket(UINT64_MAX), 3839);
}

static void
small_values_map_in_ascending_order_without_gaps(void **state)
{
	uint32_t before = 0;

	(void)state;
	assert_int_equal(fpi_histogram_bucket(0), 0);
	for (uint64_t v = 1; v < (1U << 22); v++) {
		uint32_t idx = fpi_histogram_bucket(v);

		assert_true(idx == before || idx == before + 1);
		before = idx;
	}
}

static void
a_percentile_is_the_upper_edge_of_its_bucket(void **state)
{
	(void)state;
	fp_histogram_init(&histogram);
	for (uint32_t i = 0; i + 1 < FP_HISTOGRAM_BUCKETS; i++) {
		fp_histogram_record(&histogram, lows[i]);
		fp_histogram_record(&histogram, FP_HISTOGRAM_VALUE_MAX);
		assert_true(fp_histogram_percentile(&histogram, 50.0) == lows[i + 1] - 1);
		fp_histogram_reset(&histogram);
	}
}

static void
an_empty_histogram_is_all_zero(void **state)
{
	struct fp_histogram_summary zero;
	struct fp_histogram_summary summary;

	(void)state;
	memset(&histogram, 0xa5, sizeof(histogram));
	memset(&zero, 0, sizeof(zero));
	memset(&summary, 0xa5, sizeof(summary));
	fp_histogram_init(&histogram);
	fp_histogram_get_summary(&histogram, 0, &summary);
	assert_memory_equal(&summary, &zero, sizeof(zero));
	assert_true(fp_histogram_count(&histogram) == 0);
	assert_true(fp_histogram_min(&histogram) == 0);
	assert_true(fp_histogram_max(&histogram) == 0);
	assert_true(fp_histogram_percentile(&histogram, 0.0) == 0);
	assert_true(fp_histogram_percentile(&histogram, 99.0) == 0);
	assert_true(fp_histogram_percentile(&histogram, 100.0) == 0);
}

static void
reset_forgets_everything(void **state)
{
	(void)state;
	fp_histogram_init(&histogram);
	fp_histogram_init(&other);
	fp_histogram_record(&histogram, 7);
	fp_histogram_record(&histogram, UINT64_MAX);
	fp_histogram_reset(&histogram);
	assert_same(&histogram, &other);
}

static void
one_value_is_every_percentile(void **state)
{
	static const uint64_t single[] = { 0, 1, 127, 128, 255, 256, 1000003,
		FP_HISTOGRAM_VALUE_MAX, FP_HISTOGRAM_VALUE_MAX + 1, UINT64_MAX };

	(void)state;
	for (size_t i = 0; i < COUNT(single); i++) {
		values[0] = single[i];
		check_percentiles(1);
		assert_true(fp_histogram_percentile(&histogram, 0.0) == single[i]);
		assert_true(fp_histogram_percentile(&histogram, 100.0) == single[i]);
		for (size_t j = 0; j < 1000; j++)
			values[j] = single[i];
		check_percentiles(1000);
		assert_true(fp_histogram_percentile(&histogram, 50.0) == single[i]);
	}
}

static void
percentiles_match_the_sorted_values(void **state)
{
	static const size_t lengths[] = { 2, 3, 10, 99, 100, 101, 999, 1000, 1001, VALUES_MAX };
	uint64_t seed = 0x9e3779b97f4a7c15;

	(void)state;
	for (size_t i = 0; i < COUNT(lengths); i++) {
		for (uint32_t bits = 4; bits <= 64; bits += 6) {
			/* Spread over all magnitudes below 2^bits, as latencies are. */
			for (size_t j = 0; j < lengths[i]; j++) {
				uint64_t random = next_random(&seed);

				values[j] = next_random(&seed) >> (64 - bits) >> random % bits;
			}
			check_percentiles(lengths[i]);
		}
	}
}

static void
the_rank_is_exact_at_its_boundaries(void **state)
{
	(void)state;
	fp_histogram_init(&histogram);
	fp_histogram_record_n(&histogram, 1, 999);
	fp_histogram_record(&histogram, 2);
	assert_true(fp_histogram_percentile(&histogram, 99.9) == 1);
	assert_true(fp_histogram_percentile(&histogram, 99.900001) == 2);
	/* A percent whose product with a million comes out below the whole number. */
	assert_true((uint64_t)(1.001 * 1e6) == 1000999);
	fp_histogram_init(&histogram);
	fp_histogram_record_n(&histogram, 1, 1000999);
	fp_histogram_record_n(&histogram, 2, 98999001);
	assert_true(fp_histogram_percentile(&histogram, 1.001) == 2);
	fp_histogram_init(&histogram);
	fp_histogram_record_n(&histogram, 1, UINT64_C(99999) << 40);
	fp_histogram_record_n(&histogram, 2, UINT64_C(1) << 40);
	assert_true(fp_histogram_percentile(&histogram, 99.999) == 1);
	fp_histogram_record(&histogram, 2);
	assert_true(fp_histogram_percentile(&histogram, 99.999) == 2);
}

static void
a_percent_outside_0_to_100_is_clamped(void **state)
{
	(void)state;
	fp_histogram_init(&histogram);
	fp_histogram_record(&histogram, 10);
	fp_histogram_record(&histogram, 20);
	assert_true(fp_histogram_percentile(&histogram, -1.0) == 10);
	assert_true(fp_histogram_percentile(&histogram, -INFINITY) == 10);
	assert_true(fp_histogram_percentile(&histogram, NAN) == 10);
	assert_true(fp_histogram_percentile(&histogram, 100.5) == 20);
	assert_true(fp_histogram_percentile(&histogram, INFINITY) == 20);
}

static void
huge_values_are_counted_and_their_maximum_is_exact(void **state)
{
	(void)state;
	fp_histogram_init(&histogram);
	fp_histogram_record(&histogram, 5);
	fp_histogram_record(&histogram, UINT64_C(1) << 40);
	fp_histogram_record(&histogram, (UINT64_C(1) << 50) + 3);
	assert_true(fp_histogram_count(&histogram) == 3);
	assert_true(fp_histogram_max(&histogram) == (UINT64_C(1) << 50) + 3);
	assert_true(fp_histogram_percentile(&histogram, 33.0) == 5);
	assert_true(fp_histogram_percentile(&histogram, 50.0) == (UINT64_C(1) << 50) + 3);
}

static void
record_n_is_n_records(void **state)
{
	uint64_t seed = 42;

	(void)state;
	fp_histogram_init(&histogram);
	fp_histogram_init(&other);
	for (size_t i = 0; i < 1000; i++) {
		uint64_t value = next_random(&seed) >> next_random(&seed) % 64;
		uint64_t n = next_random(&seed) % 33;

		fp_histogram_record_n(&histogram, value, n);
		for (uint64_t j = 0; j < n; j++)
			fp_histogram_record(&other, value);
	}
	assert_same(&histogram, &other);
}

static void
record_n_of_0_changes_nothing(void **state)
{
	(void)state;
	fp_histogram_init(&histogram);
	fp_histogram_init(&other);
	fp_histogram_record_n(&histogram, 0, 0);
	fp_histogram_record_n(&histogram, UINT64_MAX, 0);
	assert_same(&histogram, &other);
}

static void
merge_is_recording_both(void **state)
{
	static struct fp_histogram both;
	uint64_t seed = 7;

	(void)state;
	fp_histogram_init(&histogram);
	fp_histogram_init(&other);
	fp_histogram_init(&both);
	for (size_t i = 0; i < 5000; i++) {
		uint64_t value = next_random(&seed) >> next_random(&seed) % 64;

		fp_histogram_record(i % 3 == 0 ? &histogram : &other, value);
		fp_histogram_record(&both, value);
	}
	fp_histogram_merge(&histogram, &other);
	assert_same(&histogram, &both);
}

static void
merging_an_empty_histogram_changes_nothing(void **state)
{
	static struct fp_histogram before;

	(void)state;
	fp_histogram_init(&histogram);
	fp_histogram_init(&other);
	fp_histogram_record(&histogram, 77);
	fp_histogram_init(&before);
	fp_histogram_record(&before, 77);
	fp_histogram_merge(&histogram, &other);
	assert_same(&histogram, &before);
	fp_histogram_merge(&other, &histogram);
	assert_same(&other, &before);
}

static void
the_summary_is_the_single_percentiles(void **state)
{
	/* A million records, one power of ten for each field. */
	static const uint64_t counts[] = { 400000, 300000, 250000, 45000, 4600, 385, 10, 5 };
	struct fp_histogram_summary s;
	uint64_t value = 10;

	(void)state;
	fp_histogram_init(&histogram);
	for (size_t i = 0; i < COUNT(counts); i++, value *= 10)
		fp_histogram_record_n(&histogram, value, counts[i]);
	fp_histogram_get_summary(&histogram, 0, &s);
	assert_true(s.count == 1000000);
	assert_true(s.min == fp_histogram_min(&histogram));
	assert_true(s.p50 == fp_histogram_percentile(&histogram, 50.0));
	assert_true(s.p90 == fp_histogram_percentile(&histogram, 90.0));
	assert_true(s.p99 == fp_histogram_percentile(&histogram, 99.0));
	assert_true(s.p99_9 == fp_histogram_percentile(&histogram, 99.9));
	assert_true(s.p99_99 == fp_histogram_percentile(&histogram, 99.99));
	assert_true(s.p99_999 == fp_histogram_percentile(&histogram, 99.999));
	assert_true(s.max == fp_histogram_max(&histogram));
	assert_true(s.min < s.p50 && s.p50 < s.p90 && s.p90 < s.p99 && s.p99 < s.p99_9);
	assert_true(s.p99_9 < s.p99_99 && s.p99_99 < s.p99_999 && s.p99_999 < s.max);
}

static void
check_conversion(uint64_t cycles, uint64_t hz)
{
	wide ns = (wide)cycles * 1000000000 / hz;
	uint64_t expected = ns >> 64 != 0 ? UINT64_MAX : (uint64_t)ns;
	struct fp_histogram_summary s;

	fp_histogram_init(&histogram);
	fp_histogram_record(&histogram, cycles);
	fp_histogram_get_summary(&histogram, hz, &s);
	assert_true(s.count == 1);
	assert_true(s.min == expected && s.p50 == expected && s.p90 == expected);
	assert_true(s.p99 == expected && s.p99_9 == expected && s.p99_99 == expected);
	assert_true(s.p99_999 == expected && s.max == expected);
}

static void
cycles_become_nanoseconds_exactly(void **state)
{
	static const uint64_t frequencies[] = { 1, 24000000, 999999999, 1000000000, 1000000001,
		2000000000, 2445426000, 3000000000, 6000000007, UINT64_MAX };
	uint64_t seed = 3;

	(void)state;
	for (size_t i = 0; i < COUNT(frequencies); i++) {
		check_conversion(0, frequencies[i]);
		check_conversion(1, frequencies[i]);
		check_conversion(FP_HISTOGRAM_VALUE_MAX, frequencies[i]);
		check_conversion(UINT64_MAX, frequencies[i]);
		for (size_t j = 0; j < 50; j++)
			check_conversion(next_random(&seed) >> j, frequencies[i]);
	}
}

static void
a_reader_gets_consistent_summaries_while_stale_extremes_are_seen(void **state)
{
	struct fp_histogram_summary s;

	(void)state;
	/* The records are visible already, the extremes that they set are not. */
	fp_histogram_init(&histogram);
	fp_histogram_record_n(&histogram, 1000, 3);
	fp_histogram_record(&histogram, 5000);
	histogram.max = 0;
	histogram.min = UINT64_MAX;
	fp_histogram_get_summary(&histogram, 0, &s);
	assert_true(s.count == 4);
	assert_true(s.min >= 1000 && s.min <= 1003);
	assert_true(s.p50 >= 1000 && s.p50 <= 1003);
	assert_true(s.max <= 5000 && s.max > 5000 - 5000 / 128);
	/* The extremes are visible already, the records are not. */
	fp_histogram_init(&histogram);
	histogram.max = 5000;
	histogram.min = 1000;
	fp_histogram_get_summary(&histogram, 0, &s);
	assert_true(s.count == 0 && s.min == 0 && s.p50 == 0 && s.max == 0);
}

static bool stop;

static void *
record_until_stopped(void *arg)
{
	uint64_t seed = 11;

	(void)arg;
	while (!fp_load_relaxed_bool(&stop)) {
		uint64_t value = next_random(&seed) >> (10 + next_random(&seed) % 50);

		fp_histogram_record(&histogram, value);
	}
	return NULL;
}

static void
summaries_beside_a_writer_never_go_back(void **state)
{
	uint64_t count = 0;
	pthread_t writer;

	(void)state;
	fp_histogram_init(&histogram);
	fp_store_relaxed_bool(&stop, false);
	assert_int_equal(pthread_create(&writer, NULL, record_until_stopped, NULL), 0);
	for (size_t i = 0; i < 2000; i++) {
		struct fp_histogram_summary s;

		fp_histogram_get_summary(&histogram, 0, &s);
		assert_true(s.count >= count);
		assert_true(s.min <= s.p50 && s.p50 <= s.p90 && s.p90 <= s.p99);
		assert_true(s.p99 <= s.p99_9 && s.p99_9 <= s.p99_99 && s.p99_99 <= s.p99_999);
		assert_true(s.p99_999 <= s.max);
		count = s.count;
	}
	fp_store_relaxed_bool(&stop, true);
	assert_int_equal(pthread_join(writer, NULL), 0);
	assert_true(fp_histogram_count(&histogram) >= count);
}

static void
a_counter_is_the_sum_of_what_was_added(void **state)
{
	uint64_t counter = 0;

	(void)state;
	fp_counter_add(&counter, 0);
	assert_true(fp_counter_get(&counter) == 0);
	fp_counter_add(&counter, 1);
	fp_counter_add(&counter, 1);
	fp_counter_add(&counter, 1);
	fp_counter_add(&counter, UINT64_C(1) << 40);
	assert_true(fp_counter_get(&counter) == (UINT64_C(1) << 40) + 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_layout_ends_at_the_largest_value),
		cmocka_unit_test(every_bucket_edge_maps_to_its_bucket),
		cmocka_unit_test(small_values_map_in_ascending_order_without_gaps),
		cmocka_unit_test(a_percentile_is_the_upper_edge_of_its_bucket),
		cmocka_unit_test(an_empty_histogram_is_all_zero),
		cmocka_unit_test(reset_forgets_everything),
		cmocka_unit_test(one_value_is_every_percentile),
		cmocka_unit_test(percentiles_match_the_sorted_values),
		cmocka_unit_test(the_rank_is_exact_at_its_boundaries),
		cmocka_unit_test(a_percent_outside_0_to_100_is_clamped),
		cmocka_unit_test(huge_values_are_counted_and_their_maximum_is_exact),
		cmocka_unit_test(record_n_is_n_records),
		cmocka_unit_test(record_n_of_0_changes_nothing),
		cmocka_unit_test(merge_is_recording_both),
		cmocka_unit_test(merging_an_empty_histogram_changes_nothing),
		cmocka_unit_test(the_summary_is_the_single_percentiles),
		cmocka_unit_test(cycles_become_nanoseconds_exactly),
		cmocka_unit_test(a_reader_gets_consistent_summaries_while_stale_extremes_are_seen),
		cmocka_unit_test(summaries_beside_a_writer_never_go_back),
		cmocka_unit_test(a_counter_is_the_sum_of_what_was_added),
	};

	return cmocka_run_group_tests_name("fp_histogram", tests, build_layout, NULL);
}
