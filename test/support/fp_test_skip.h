/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Skipping a whole test program with a line that says why, as TAP wants it.
 *
 * cmocka's own skip() prints a line that TAP readers take for a failure.
 */

#ifndef FP_TEST_SKIP_H
#define FP_TEST_SKIP_H

#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

/** Say that all tests of the program are skipped; main() then returns 0. */
static inline void
fp_test_skip_all(const char *reason)
{
	printf("1..0 # SKIP %s\n", reason);
}

/** True, with the line printed, when a file that the program's tests read is not there. */
static inline bool
fp_test_skips_without(const char *path)
{
	if (access(path, R_OK) == 0)
		return false;
	printf("1..0 # SKIP %s is not there\n", path);
	return true;
}

#endif /* FP_TEST_SKIP_H */
