/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Session continuity with its own constants: all sequences of four short datagrams against the
 * model, and by hand what they do not reach.
 */

#include "fp_continuity_model.h"

#define LEAP ((uint64_t)FP_CONTINUITY_LEAP)

static struct fp_continuity stream;

/* Place a datagram of that session, which must be taken so; the result for looking closer. */
static struct fp_continuity_result
place(uint64_t session, uint64_t first, uint32_t count, uint64_t send_ns,
	enum fp_continuity_verdict verdict)
{
	struct fp_datagram_header header = { { 0, session }, first, count, send_ns };
	struct fp_continuity_result result = fp_continuity_place(&stream, &header);

	assert_int_equal(result.verdict, verdict);
	return result;
}

static int
setup(void **unused)
{
	(void)unused;
	memset(&stream, 0, sizeof(stream));
	return 0;
}

static void
agrees_with_the_model_in_four_datagrams(void **unused)
{
	static const uint64_t times[] = { 0, 8 };
	const struct alphabet alphabet = { 2, 5, 2, times, 2 };

	(void)unused;
	assert_int_equal(
		compare_all(&alphabet, 4), 40 + 40 * 40 + 40 * 40 * 40 + 40 * 40 * 40 * 40);
}

static void
the_first_datagram_is_taken_as_it_comes(void **unused)
{
	struct fp_continuity_result result;

	(void)unused;
	result = place(9, UINT64_C(1) << 40, 3, 0, FP_CONTINUITY_IN_ORDER);
	assert_int_equal(result.lost, 0);
	assert_int_equal(stream.next, (UINT64_C(1) << 40) + 3);
	setup(NULL);
	(void)place(9, 77, 0, 0, FP_CONTINUITY_IN_ORDER);
	assert_int_equal(stream.next, 77);
	result = place(9, 79, 0, 0, FP_CONTINUITY_GAP);
	assert_int_equal(result.lost, 2);
	assert_int_equal(result.gap_first, 77);
}

static void
a_sequence_of_0_is_impossible(void **unused)
{
	struct fp_continuity before;

	(void)unused;
	place(9, 0, 0, 0, FP_CONTINUITY_IMPOSSIBLE);
	place(9, 0, 1, 0, FP_CONTINUITY_IMPOSSIBLE);
	place(0, 0, 0, 0, FP_CONTINUITY_IMPOSSIBLE);
	place(0, 0, 1, 0, FP_CONTINUITY_IMPOSSIBLE);
	assert_int_equal(stream.next, 0);
	place(9, 5, 1, 0, FP_CONTINUITY_IN_ORDER);
	before = stream;
	place(9, 0, 1, 0, FP_CONTINUITY_IMPOSSIBLE);
	place(9, 0, 10, 0, FP_CONTINUITY_IMPOSSIBLE);
	place(8, 0, 1, 0, FP_CONTINUITY_IMPOSSIBLE);
	assert_memory_equal(&stream, &before, sizeof(before));
}

static void
the_end_of_all_sequences_is_not_passed(void **unused)
{
	(void)unused;
	place(9, UINT64_MAX - 2, 2, 0, FP_CONTINUITY_IN_ORDER);
	assert_int_equal(stream.next, UINT64_MAX);
	/* first + count would be 2^64, then beyond */
	place(9, UINT64_MAX, 1, 0, FP_CONTINUITY_IMPOSSIBLE);
	place(9, UINT64_MAX, UINT32_MAX, 0, FP_CONTINUITY_IMPOSSIBLE);
	place(9, UINT64_MAX - 1, 2, 0, FP_CONTINUITY_IMPOSSIBLE);
	place(8, UINT64_MAX, 1, 0, FP_CONTINUITY_IMPOSSIBLE);
	assert_int_equal(stream.next, UINT64_MAX);
	place(9, UINT64_MAX, 0, 0, FP_CONTINUITY_IN_ORDER);
	place(9, UINT64_MAX - 1, 1, 0, FP_CONTINUITY_DUPLICATE);
	assert_int_equal(stream.next, UINT64_MAX);
}

static void
a_leap_is_believed_up_to_its_bound(void **unused)
{
	struct fp_continuity_result result;

	(void)unused;
	place(9, 1, 1, 0, FP_CONTINUITY_IN_ORDER);
	result = place(9, 2 + LEAP, 1, 0, FP_CONTINUITY_GAP);
	assert_int_equal(result.lost, LEAP);
	assert_int_equal(result.gap_first, 2);

	/* one more, and the next datagram has to confirm it */
	place(9, 3 + LEAP + LEAP + 1, 2, 0, FP_CONTINUITY_UNCONFIRMED);
	assert_int_equal(stream.next, 3 + LEAP);
	result = place(9, 3 + LEAP + LEAP + 3, 5, 0, FP_CONTINUITY_GAP);
	assert_int_equal(result.lost, LEAP + 3);
	assert_int_equal(result.gap_first, 3 + LEAP);
	assert_int_equal(stream.next, 3 + LEAP + LEAP + 8);
}

static void
a_leap_that_nothing_follows_is_forgotten(void **unused)
{
	const uint64_t far = UINT64_C(1) << 50;

	(void)unused;
	for (uint32_t between = 0; between < 4; between++) {
		setup(NULL);
		place(9, 1, 2, 0, FP_CONTINUITY_IN_ORDER);
		place(9, far, 1, 0, FP_CONTINUITY_UNCONFIRMED);
		/* the stream goes on: in order, overlapping, by a heartbeat, behind a gap */
		if (between == 0) {
			place(9, 3, 1, 0, FP_CONTINUITY_IN_ORDER);
		} else if (between == 1) {
			place(9, 2, 2, 0, FP_CONTINUITY_IN_ORDER);
		} else if (between == 2) {
			place(9, 3, 0, 0, FP_CONTINUITY_IN_ORDER);
		} else {
			place(9, 5, 1, 0, FP_CONTINUITY_GAP);
		}
		place(9, far + 1, 1, 0, FP_CONTINUITY_UNCONFIRMED);
		place(9, far + 3, 1, 0, FP_CONTINUITY_UNCONFIRMED);
		assert_true(stream.next < 10);
		place(9, far + 4, 0, 0, FP_CONTINUITY_GAP);
		assert_int_equal(stream.next, far + 4);
	}
}

static void
another_session_is_confirmed_by_the_datagram_that_follows(void **unused)
{
	struct fp_continuity_result result;

	(void)unused;
	place(9, 1, 2, 0, FP_CONTINUITY_IN_ORDER);
	place(8, 50, 2, 0, FP_CONTINUITY_UNCONFIRMED);
	place(8, 53, 2, 0, FP_CONTINUITY_UNCONFIRMED);
	/* a copy of it, from the other line, is no confirmation and no obstacle */
	place(8, 53, 2, 0, FP_CONTINUITY_UNCONFIRMED);
	place(7, 55, 2, 0, FP_CONTINUITY_UNCONFIRMED);
	place(8, 53, 2, 0, FP_CONTINUITY_UNCONFIRMED);
	place(8, 54, 1, 0, FP_CONTINUITY_UNCONFIRMED);
	result = place(8, 55, 1, 0, FP_CONTINUITY_RESTART);
	assert_int_equal(result.lost, 54);
	assert_int_equal(result.gap_first, 1);
	assert_int_equal(stream.next, 56);
	/* both halves of the name count */
	struct fp_datagram_header other = { { 1, 8 }, 56, 1, 0 };

	assert_int_equal(fp_continuity_place(&stream, &other).verdict, FP_CONTINUITY_UNCONFIRMED);
	/* from 1 on it is believed at once */
	result = place(7, 1, 1, 0, FP_CONTINUITY_RESTART);
	assert_int_equal(result.lost, 0);
}

static void
a_sequence_that_went_back_to_1_restarts_when_it_was_sent_later(void **unused)
{
	(void)unused;
	place(9, 1, 5, 100, FP_CONTINUITY_IN_ORDER);
	place(9, 6, 5, 99, FP_CONTINUITY_IN_ORDER);
	assert_int_equal(stream.newest_send_ns, 100);
	place(9, 1, 5, 100, FP_CONTINUITY_DUPLICATE);
	place(9, 1, 5, 0, FP_CONTINUITY_DUPLICATE);
	place(9, 2, 5, 101, FP_CONTINUITY_DUPLICATE);
	place(9, 1, 5, 101, FP_CONTINUITY_RESTART);
	assert_int_equal(stream.next, 6);
	place(9, 1, 0, 101, FP_CONTINUITY_DUPLICATE);
	place(9, 1, 0, 102, FP_CONTINUITY_RESTART);
	assert_int_equal(stream.next, 1);
	place(9, 1, 0, 103, FP_CONTINUITY_IN_ORDER);
	place(9, 1, 1, 103, FP_CONTINUITY_IN_ORDER);
}

/* Datagrams from 1 on, on two lines at once or on one; how many were believed to be old. */
static uint32_t
go_back(uint32_t lines, uint64_t send_ns)
{
	struct fp_datagram_header header = { { 0, 9 }, 1, 1, send_ns };
	uint32_t duplicates = 0;

	for (; header.first <= FP_CONTINUITY_CONFIRM_BACK; header.first++) {
		for (uint32_t line = 0; line < lines; line++) {
			if (fp_continuity_place(&stream, &header).verdict == FP_CONTINUITY_RESTART)
				return duplicates;
			duplicates++;
		}
	}
	return duplicates;
}

static void
a_long_run_of_old_datagrams_restarts(void **unused)
{
	const uint32_t run = FP_CONTINUITY_CONFIRM_BACK;

	(void)unused;
	place(9, 100000, 1, 0, FP_CONTINUITY_IN_ORDER);
	assert_int_equal(go_back(1, 0), run - 1);
	assert_int_equal(stream.next, run + 1);
	/* two lines in step do not hinder each other */
	setup(NULL);
	place(9, 100000, 1, 0, FP_CONTINUITY_IN_ORDER);
	assert_int_equal(go_back(2, 0), 2 * (run - 1));
	assert_int_equal(stream.next, run + 1);
	/* nor does a send time that some datagram once gave far in the future */
	setup(NULL);
	place(9, 100000, 1, 7, FP_CONTINUITY_IN_ORDER);
	assert_int_equal(go_back(1, 6), run - 1);
	assert_int_equal(stream.next, run + 1);
}

static void
a_way_back_farther_than_any_line_lags_is_soon_believed(void **unused)
{
	const uint64_t far = 3ULL * FP_CONTINUITY_LAG;

	(void)unused;
	place(9, far, 1, 0, FP_CONTINUITY_IN_ORDER);
	place(9, 5, 1, 0, FP_CONTINUITY_DUPLICATE);
	place(9, 6, 1, 0, FP_CONTINUITY_RESTART);
	assert_int_equal(stream.next, 7);
	place(9, far, 1, 0, FP_CONTINUITY_UNCONFIRMED);
	place(9, 7, 1, 0, FP_CONTINUITY_IN_ORDER);
}

static void
a_run_of_old_datagrams_ends_where_the_stream_goes_on(void **unused)
{
	(void)unused;
	place(9, 100000, 1, 0, FP_CONTINUITY_IN_ORDER);
	for (uint32_t i = 0; i < 2 * FP_CONTINUITY_CONFIRM_BACK; i++) {
		place(9, 1 + i, 1, 0, FP_CONTINUITY_DUPLICATE);
		if (i % 1000 == 999)
			place(9, 100001 + i / 1000, 1, 0, FP_CONTINUITY_IN_ORDER);
	}
}

static void
an_overlap_delivers_what_is_new(void **unused)
{
	struct fp_continuity_result result;

	(void)unused;
	place(9, 1, 10, 100, FP_CONTINUITY_IN_ORDER);
	result = place(9, 5, 10, 100, FP_CONTINUITY_IN_ORDER);
	assert_int_equal(result.skip, 6);
	assert_int_equal(result.lost, 0);
	assert_int_equal(stream.next, 15);
	result = place(9, 2, 14, 105, FP_CONTINUITY_IN_ORDER);
	assert_int_equal(result.skip, 13);
	assert_int_equal(stream.next, 16);
	assert_int_equal(stream.newest_send_ns, 105);
	result = place(9, 2, 14, 105, FP_CONTINUITY_DUPLICATE);
	assert_int_equal(result.skip, 14);
}

static void
a_leap_of_a_verified_stream_is_believed_at_once(void **unused)
{
	struct fp_continuity_result result;

	(void)unused;
	stream.is_verified = true;
	(void)place(9, 1, 1, 0, FP_CONTINUITY_IN_ORDER);
	result = place(9, 3 + LEAP, 1, 0, FP_CONTINUITY_GAP);
	assert_int_equal(result.lost, LEAP + 1);
	assert_int_equal(stream.next, 4 + LEAP);
	/* another session, and a way back, are not */
	(void)place(8, 5, 1, 0, FP_CONTINUITY_UNCONFIRMED);
	(void)place(9, 5, 1, 0, FP_CONTINUITY_DUPLICATE);
	(void)place(9, 4 + LEAP, 1, 0, FP_CONTINUITY_IN_ORDER);
}

static void
a_restart_and_a_skip_are_what_the_venue_says(void **unused)
{
	struct fp_datagram_header header = { { 0, 9 }, 3, 2, 7 };
	struct fp_continuity_result result;

	(void)unused;
	(void)place(9, 100, 1, 8, FP_CONTINUITY_IN_ORDER);
	result = fp_continuity_restart(&stream, &header);
	assert_int_equal(result.verdict, FP_CONTINUITY_RESTART);
	assert_int_equal(result.gap_first, 1);
	assert_int_equal(result.lost, 2);
	assert_int_equal(stream.next, 5);
	assert_int_equal(stream.newest_send_ns, 7);
	fp_continuity_skip_to(&stream, UINT64_C(1) << 40);
	(void)place(9, UINT64_C(1) << 40, 1, 0, FP_CONTINUITY_IN_ORDER);
}

#define TEST(function) cmocka_unit_test_setup(function, setup)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(agrees_with_the_model_in_four_datagrams),
		TEST(the_first_datagram_is_taken_as_it_comes),
		TEST(a_sequence_of_0_is_impossible),
		TEST(the_end_of_all_sequences_is_not_passed),
		TEST(a_leap_is_believed_up_to_its_bound),
		TEST(a_leap_that_nothing_follows_is_forgotten),
		TEST(another_session_is_confirmed_by_the_datagram_that_follows),
		TEST(a_sequence_that_went_back_to_1_restarts_when_it_was_sent_later),
		TEST(a_long_run_of_old_datagrams_restarts),
		TEST(a_way_back_farther_than_any_line_lags_is_soon_believed),
		TEST(a_run_of_old_datagrams_ends_where_the_stream_goes_on),
		TEST(an_overlap_delivers_what_is_new),
		TEST(a_leap_of_a_verified_stream_is_believed_at_once),
		TEST(a_restart_and_a_skip_are_what_the_venue_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
