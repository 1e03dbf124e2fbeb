/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * The settings by name: one table for the command line, the configuration file and the help.
 */

#ifndef FPCHECK_SETTING_H
#define FPCHECK_SETTING_H

#include <stdbool.h>
#include <stddef.h>

#include "settings.h"

enum setting_kind {
	SETTING_TEXT,
	SETTING_PATH,
	SETTING_LIST,
	SETTING_PATH_LIST,
	SETTING_NUMBER,
	SETTING_FLAG,
	SETTING_RULES,
	SETTING_FORMAT,
};

struct setting {
	const char *name;
	const char *argument; /**< As the help calls it; NULL for a flag. */
	char letter;          /**< Of the short option; 0 for none. */
	bool is_in_file;      /**< The configuration file may say it, with '_' for '-'. */
	enum setting_kind kind;
	size_t offset; /**< In struct settings. */
	uint32_t min;
	uint32_t max;
	const char *help;
};

extern const struct setting setting_rows[];
extern const size_t setting_count;

/**
 * Set one.
 *
 * @param[in] folder  What a relative path is relative to.
 * @param[out] error  A sentence when the result is false.
 */
bool setting_set(struct settings *settings, const struct setting *row, const char *value,
	const char *folder, char *error, size_t error_cap);

#endif /* FPCHECK_SETTING_H */
