/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * EAL for a unit test: no hugepages, no devices, no privileges, any number at the same time.
 */

#ifndef FP_TEST_EAL_H
#define FP_TEST_EAL_H

/**
 * Start EAL with a file prefix of this process.
 *
 * @return 0, or a negative errno with EAL's own message printed.
 */
int fp_test_eal_init(void);

/** End EAL and remove its runtime folder. */
void fp_test_eal_fini(void);

#endif /* FP_TEST_EAL_H */
