/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Session continuity with small constants, so that sequences of four datagrams reach every rule:
 * the code under test is compiled here once more, under another name.
 */

/* NOLINTBEGIN(readability-identifier-naming): they stand for functions */
#define fpi_continuity_unusual small_continuity_unusual
#define fp_continuity_restart  small_continuity_restart
/* NOLINTEND(readability-identifier-naming) */

#include "fp_continuity.h"

#undef FP_CONTINUITY_LEAP
#define FP_CONTINUITY_LEAP 1u
#undef FP_CONTINUITY_LAG
#define FP_CONTINUITY_LAG 2u
#undef FP_CONTINUITY_CONFIRM_BACK
#define FP_CONTINUITY_CONFIRM_BACK 3

/* NOLINTNEXTLINE(bugprone-suspicious-include): with the constants above */
#include "fp_continuity.c"
#include "fp_continuity_model.h"

static void
agrees_with_the_model_in_three_datagrams(void **unused)
{
	static const uint64_t times[] = { 0, 7, 8 };
	const struct alphabet alphabet = { 2, 5, 3, times, 3 };

	(void)unused;
	assert_int_equal(compare_all(&alphabet, 3), 90 + 90 * 90 + 90 * 90 * 90);
}

static void
agrees_with_the_model_in_four_datagrams_without_times(void **unused)
{
	static const uint64_t times[] = { 0 };
	const struct alphabet alphabet = { 2, 5, 3, times, 1 };

	(void)unused;
	assert_int_equal(
		compare_all(&alphabet, 4), 30 + 30 * 30 + 30 * 30 * 30 + 30 * 30 * 30 * 30);
}

static void
agrees_with_the_model_in_four_datagrams_with_times(void **unused)
{
	static const uint64_t times[] = { 7, 8 };
	const struct alphabet alphabet = { 1, 5, 3, times, 2 };

	(void)unused;
	assert_int_equal(
		compare_all(&alphabet, 4), 30 + 30 * 30 + 30 * 30 * 30 + 30 * 30 * 30 * 30);
}

static void
agrees_with_the_model_in_four_datagrams_of_two_sessions(void **unused)
{
	static const uint64_t times[] = { 7, 8 };
	const struct alphabet alphabet = { 2, 4, 2, times, 2 };

	(void)unused;
	assert_int_equal(
		compare_all(&alphabet, 4), 32 + 32 * 32 + 32 * 32 * 32 + 32 * 32 * 32 * 32);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(agrees_with_the_model_in_three_datagrams),
		cmocka_unit_test(agrees_with_the_model_in_four_datagrams_without_times),
		cmocka_unit_test(agrees_with_the_model_in_four_datagrams_with_times),
		cmocka_unit_test(agrees_with_the_model_in_four_datagrams_of_two_sessions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
