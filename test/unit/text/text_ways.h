/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Tests of text with each of the ways that the CPU has: plain, and by loads under a mask.
 */

#ifndef TEXT_WAYS_H
#define TEXT_WAYS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/** Most tests of one group. */
#define TEXT_WAYS_TESTS 16

/**
 * Run the tests, which have no fixtures, once for each way; its name is behind theirs.
 *
 * @param[in] count  [1..TEXT_WAYS_TESTS]
 * @return What cmocka_run_group_tests_name() does.
 */
int text_ways_run(const char *group, const struct CMUnitTest *tests, size_t count);

#endif /* TEXT_WAYS_H */
