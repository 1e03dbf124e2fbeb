/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * The configuration file: lines `key = value`, named as the options.
 */

#ifndef FPCHECK_CONFIG_H
#define FPCHECK_CONFIG_H

#include "problem.h"
#include "settings.h"

/**
 * Read a configuration. Each line that cannot be understood is a problem, with its number; the
 * others hold. Paths are relative to the file's folder.
 */
void config_read(struct settings *settings, const char *path, struct problem_list *problems);

/** The built-in tables and those of the settings; a table with an error is a problem. */
void config_read_tables(struct settings *settings, struct problem_list *problems);

#endif /* FPCHECK_CONFIG_H */
