/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * The command line.
 */

#ifndef FPCHECK_OPTIONS_H
#define FPCHECK_OPTIONS_H

#include "problem.h"
#include "settings.h"

enum options_result {
	OPTIONS_RUN,   /**< The settings are filled. */
	OPTIONS_DONE,  /**< All was said (help, version): end with status 0. */
	OPTIONS_WRONG, /**< The command line was wrong, and that was said: end with status 2. */
};

/**
 * Read the command line, and the configuration file that it names or that is in the root. What the
 * command line says wins over the file; lists of both are put together. A file with errors is a
 * problem of @p problems; the rest of it holds.
 *
 * @param[in,out] settings  From settings_init().
 */
enum options_result
options_read(int argc, char **argv, struct settings *settings, struct problem_list *problems);

#endif /* FPCHECK_OPTIONS_H */
