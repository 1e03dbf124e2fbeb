/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Real messages beside the project: framed, walked and streamed in every cut; lengths and sums are
 * verified here once more.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fix_run.h"
#include "fp_test_eal.h"
#include "fp_test_panic.h"
#include "fp_test_skip.h"
#include "naive_fix.h"

#define FOLDER    FP_SHARED_DIR "/data/"
#define FILE_MAX  65536
#define BAD_COUNT 100

static const char *const good[] = { FOLDER "fix41-16.fix", FOLDER "fix50-cme-test.fix" };
static const char *const bad = FOLDER "fix42-bad-length-and-checksum.fix";

#define GOOD (sizeof(good) / sizeof(good[0]))

static const uint32_t good_messages[GOOD] = { 16, 65 };
static uint8_t bytes[FILE_MAX];

static uint32_t
load(const char *path)
{
	FILE *file = fopen(path, "rb");
	size_t len;

	assert_non_null(file);
	len = fread(bytes, 1, sizeof(bytes), file);
	assert_int_equal(fclose(file), 0);
	assert_in_range(len, 1, sizeof(bytes) - 1);
	return (uint32_t)len;
}

/* The message at an offset: its length by its own trailer, which no data hides in these files. */
static uint32_t
message_len(uint32_t at, uint32_t len)
{
	for (uint32_t i = at; i + 8 <= len; i++) {
		if (memcmp(bytes + i, "\00110=", 4) == 0 && bytes[i + 7] == FP_FIX_SOH)
			return i + 8 - at;
	}
	return 0;
}

static bool
is_separator(uint8_t byte)
{
	return byte == '\n' || byte == '\r';
}

static void
every_message_of_the_good_files_is_framed(void **state)
{
	struct fp_fix_frame frame;
	struct fp_fix_fault fault;

	(void)state;
	for (size_t i = 0; i < GOOD; i++) {
		uint32_t len = load(good[i]);
		uint32_t messages = 0;

		for (uint32_t at = 0; at < len;) {
			uint32_t wanted = message_len(at, len);
			unsigned int sum = 0;
			const char *second = memchr(bytes + at, FP_FIX_SOH, len - at);

			assert_int_equal(
				fp_fix_frame(fp_cspan_over(bytes + at, len - at), &frame, &fault),
				0);
			assert_int_equal(frame.message.len, wanted);
			assert_memory_equal(second + 1, "9=", 2);
			assert_int_equal(strtoul(second + 3, NULL, 10), frame.trailer - frame.body);
			for (uint32_t k = 0; k < wanted - 7; k++)
				sum += bytes[at + k];
			assert_int_equal(strtoul((const char *)bytes + at + wanted - 4, NULL, 10),
				sum % 256);
			assert_true(fix_agrees(bytes + at, len - at));
			messages++;
			at += wanted;
			while (at < len && is_separator(bytes[at]))
				at++;
		}
		assert_int_equal(messages, good_messages[i]);
	}
}

static void
every_message_of_the_bad_file_is_refused_for_its_length(void **state)
{
	struct fp_fix_frame frame;
	struct fp_fix_fault fault;
	uint32_t len = load(bad), refused = 0;

	(void)state;
	for (uint32_t at = 0; at < len;) {
		const uint8_t *end = memchr(bytes + at, '\n', len - at);

		assert_int_equal(fp_fix_frame(fp_cspan_over(bytes + at, len - at), &frame, &fault),
			-EBADMSG);
		assert_int_equal(fault.reason, FP_MALFORMED_BODY_LENGTH);
		assert_int_equal(fault.offset, strlen("8=FIX.4.2|9="));
		refused++;
		at = end != NULL ? (uint32_t)(end - bytes) + 1 : len;
	}
	assert_int_equal(refused, BAD_COUNT);
}

/* At each length against memory that may not be touched. */
static void
every_message_cut_anywhere_waits_for_more(void **state)
{
	struct fp_test_guard guard;
	struct fp_fix_frame frame;
	struct fp_fix_fault fault;

	(void)state;
	assert_int_equal(fp_test_guard_create(&guard, 4096), 0);
	for (size_t i = 0; i < GOOD; i++) {
		uint32_t len = load(good[i]);

		for (uint32_t at = 0; at < len;) {
			uint32_t whole = message_len(at, len);

			for (uint32_t cut = 0; cut <= whole; cut++) {
				uint8_t *start = guard.end - cut;

				memcpy(start, bytes + at, cut);
				assert_int_equal(
					fp_fix_frame(fp_cspan_over(start, cut), &frame, &fault),
					cut < whole ? -ENODATA : 0);
			}
			assert_true(fix_agrees(guard.end - whole, whole));
			at += whole;
			while (at < len && is_separator(bytes[at]))
				at++;
		}
	}
	fp_test_guard_destroy(&guard);
}

static void
check_cuts(uint32_t len, uint32_t messages, uint32_t garbled)
{
	struct fix_run whole = fix_run_whole(bytes, len);

	assert_int_equal(whole.messages, messages);
	assert_int_equal(whole.garbled, garbled);
	for (uint32_t chunk = 1; chunk <= 64; chunk++) {
		struct fix_run run = fix_run_chunks(bytes, len, chunk);

		assert_true(fix_runs_equal(&run, &whole));
	}
	/* Each place of the first kilobytes: the longer file repeats itself. */
	for (uint32_t first = 0; first <= len && first < 3000; first++) {
		struct fix_run run = fix_run_two(bytes, len, first);

		assert_true(fix_runs_equal(&run, &whole));
	}
}

static void
the_files_give_the_same_in_every_cut(void **state)
{
	(void)state;
	for (size_t i = 0; i < GOOD; i++)
		check_cuts(load(good[i]), good_messages[i], 0);
	check_cuts(load(bad), 0, BAD_COUNT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_message_of_the_good_files_is_framed),
		cmocka_unit_test(every_message_of_the_bad_file_is_refused_for_its_length),
		cmocka_unit_test(every_message_cut_anywhere_waits_for_more),
		cmocka_unit_test(the_files_give_the_same_in_every_cut),
	};
	int failed;

	if (fp_test_skips_without(good[0]) || fp_test_eal_init() != 0)
		return 0;
	failed = cmocka_run_group_tests_name("fix_files", tests, fix_run_set_up, fix_run_tear_down);
	fp_test_eal_fini();
	return failed;
}
