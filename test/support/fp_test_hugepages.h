/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Hugepages of 2 MiB for a test: free ones, or some more for its time, where the system lets us.
 */

#ifndef FP_TEST_HUGEPAGES_H
#define FP_TEST_HUGEPAGES_H

#include <stdbool.h>

/**
 * See that so many hugepages are free; reserve what is missing.
 *
 * Other tests may do the same at the same time: pages are added and taken away, never set.
 *
 * @return False when they are not, with nothing changed.
 */
bool fp_test_hugepages_reserve(long count);

/** Give back what was reserved. */
void fp_test_hugepages_restore(void);

#endif /* FP_TEST_HUGEPAGES_H */
