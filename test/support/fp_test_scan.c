/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Linked into a test program, it runs all of its tests on the path of the scans that the variable
 * FP_TEST_SCAN names, if there is one, or skips them where the machine has no such path.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fp_scan.h"
#include "fp_test_skip.h"

FP_CONSTRUCTOR static void
set_path(void)
{
	const char *name = getenv("FP_TEST_SCAN"); /* NOLINT(concurrency-mt-unsafe): one thread */

	if (name == NULL)
		return;
	for (int path = 0; path < FP_SCAN_PATHS; path++) {
		if (strcmp(fp_scan_name((enum fp_scan_path)path), name) != 0)
			continue;
		if (fp_scan_set((enum fp_scan_path)path) == 0)
			return;
		fp_test_skip_all("the machine has no such path");
		exit(EXIT_SUCCESS); /* NOLINT(concurrency-mt-unsafe): one thread */
	}
	fprintf(stderr, "FP_TEST_SCAN=%s: no such path\n", name);
	exit(EXIT_FAILURE); /* NOLINT(concurrency-mt-unsafe): one thread */
}
