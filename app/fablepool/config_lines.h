/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * The lines of a configuration file, before DPDK's reader sees them.
 *
 * rte_cfgfile passes over what it does not understand: a line without `=`, what stands behind a
 * title, what follows a NUL, and the end of a value that is too long. All of that is an error here,
 * with the number of the line.
 */

#ifndef CONFIG_LINES_H
#define CONFIG_LINES_H

#include "config.h"

/**
 * Check that every line is a comment, a title or a pair, and fits.
 *
 * @param[in]     config  Names the file in messages.
 * @param[in,out] file    At its start; left somewhere.
 * @param[in]     errors  Where the first error is printed, one line.
 * @return 0, or -EINVAL.
 */
FP_MUST_CHECK int config_check_lines(const struct config *config, FILE *file, FILE *errors);

#endif /* CONFIG_LINES_H */
