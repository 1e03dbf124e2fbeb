/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Input that is made to be slow: what a stream does for each byte of it.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "fix_input.h"
#include "fix_run.h"
#include "fp_test_eal.h"
#include "naive_fix.h"

static double
seconds_of(uint32_t chunk)
{
	struct timespec start;
	struct timespec end;

	assert_int_equal(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &start), 0);
	(void)fix_run_chunks(input, input_len, chunk);
	assert_int_equal(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end), 0);
	return (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9;
}

/* Begins that all announce the same far trailer. The sum of what lies between two of them is 0, so
 * that the sum is another one than announced for each. */
static void
put_begins_of_one_trailer(void)
{
	uint32_t end = input_len + 60000;
	uint32_t start = input_len;

	while (input_len + 200 < end) {
		uint8_t sum = 0;
		char text[64];
		int len = snprintf(text, sizeof(text),
			"8=FIX.4.4\0019=00%05u\00135=0\00158=", end - input_len - 20);

		for (int i = 0; i < len; i++)
			sum = (uint8_t)(sum + (uint8_t)text[i]);
		text[len++] = 'd';
		text[len] = (char)(uint8_t)(256 - sum - 'd' - FP_FIX_SOH);
		if ((uint8_t)text[len] < '!') {
			text[len - 1] -= '!';
			text[len] += '!';
		}
		input_put_bytes(text, (uint32_t)len + 1);
		input_put("|");
	}
	while (input_len < end - 1)
		input_put("x");
	input_put("|10=000|");
	fix_mend_sum(input + start, input_len - start);
	input[input_len - 2] ^= 1;
}

/* Each of them costs a sum over all that follows, so not all are looked at. */
static void
wrong_sums_one_over_the_other_are_given_up(void **state)
{
	struct fix_run run;

	(void)state;
	input_clear();
	for (int i = 0; i < 5; i++) {
		put_begins_of_one_trailer();
		input_put_message("35=0|");
	}
	run = fix_run_whole(input, input_len);
	assert_int_equal(run.messages, 5);
	assert_int_equal(run.garbled, 5 * 8);
	for (uint32_t chunk = 1; chunk < 3000; chunk += 301) {
		struct fix_run cut = fix_run_chunks(input, input_len, chunk);

		assert_true(fix_runs_equal(&run, &cut));
	}
}

static void
put_pattern(int pattern, uint32_t limit)
{
	static const char *const repeated[] = {
		"8=FIX",
		"8=FIX|",
		"8=FI|",
		"|",
		"8=FIX.4.4|9=64000|35=0|",
		"8=FIX.4.4|9=9999999999|35=0|95=9999999999|96=",
		"8=FIX.4.4|9=64000|35=0|95=63000|96=",
		"8=FIX.4.4|9=5|35=0|10=000|",
		"\n",
	};

	input_clear();
	while (input_len < limit) {
		if (pattern < (int)(sizeof(repeated) / sizeof(repeated[0]))) {
			input_put(repeated[pattern]);
		} else {
			put_begins_of_one_trailer();
		}
	}
	input_len = limit;
}

#define PATTERNS     10
#define LINEAR_BYTES (1U << 20)

/* In time per byte, against bytes among which nothing is to be found. */
static void
check_time(int pattern, uint32_t chunk, double nothing)
{
	double some;

	put_pattern(pattern, LINEAR_BYTES);
	some = seconds_of(chunk);
	/* 8 wrong sums, 2 copies, and what a clock under load adds */
	if (some > 24 * (nothing + 0.002)) {
		fail_msg("pattern %d in chunks of %u: %g s, nothing %g s", pattern, chunk, some,
			nothing);
	}
}

static void
the_work_is_linear_in_the_bytes_whatever_they_are(void **state)
{
	static const uint32_t chunks[] = { INPUT_MAX, 7, 1500 };

	(void)state;
	for (size_t i = 0; i < sizeof(chunks) / sizeof(chunks[0]); i++) {
		double nothing;

		input_clear();
		while (input_len < LINEAR_BYTES)
			input_put("x");
		nothing = seconds_of(chunks[i]);
		for (int pattern = 0; pattern < PATTERNS; pattern++)
			check_time(pattern, chunks[i], nothing);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wrong_sums_one_over_the_other_are_given_up),
		cmocka_unit_test(the_work_is_linear_in_the_bytes_whatever_they_are),
	};
	int failed;

	if (fp_test_eal_init() != 0)
		return EXIT_FAILURE;
	failed = cmocka_run_group_tests_name(
		"fix_stream_work", tests, fix_input_set_up, fix_input_tear_down);
	fp_test_eal_fini();
	return failed;
}
