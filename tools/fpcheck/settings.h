/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * What a run was asked to do: the command line and the configuration file, as one.
 *
 * Filled by options.c (command line) and config.c (file); read-only afterwards, by all threads.
 */

#ifndef FPCHECK_SETTINGS_H
#define FPCHECK_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "contract.h"
#include "finding.h"
#include "region.h"

enum report_format {
	REPORT_TEXT,
	REPORT_JSON,
	REPORT_SARIF
};

/** A list of texts that grows while the settings are read. */
struct text_list {
	char **texts;
	size_t count;
};

struct settings {
	const char *build_dir;    /**< Where compile_commands.json is. */
	const char *root;         /**< Absolute; headers below it are checked as the sources are. */
	struct text_list files;   /**< Files or folders to check; empty for all of the database. */
	struct text_list exclude; /**< Globs of files that are not checked. */
	struct text_list hot;     /**< Globs of files all of whose functions are hot. */
	struct text_list
		memory; /**< Globs of files that may make views of raw pointers (R-04-06). */
	struct text_list define; /**< Given to the parser as -D. */
	struct text_list tables; /**< Contract tables beside the built-in ones. */
	struct contracts *contracts;
	uint32_t rules; /**< Bit per enum finding_rule: what is reported. */
	enum report_format format;
	uint32_t jobs;         /**< Threads [1..64]. */
	uint32_t stack_bytes;  /**< Largest local array in hot code; 1024 unless told. */
	uint32_t budget_steps; /**< Instructions that are followed per function at most. */
	uint32_t budget_mib;   /**< Memory of the lifetime engine per function at most. */
	bool is_verbose;
	const char *dump_function; /**< Print this function's instructions and stop; NULL: check. */
	const char *config;        /**< Configuration file; NULL: the root's .fpcheck when there. */
	const char *output;        /**< Where the report goes; NULL: standard output. */
	struct text_list flags; /**< Compiler flags from behind `--`, for files without database. */
	bool is_strict;         /**< A function over its budget is an error (status 2). */
	bool is_printing_tables;
	struct region texts; /**< Owns the texts above. */
};

/** What holds unless told otherwise; the build directory and the root are not known yet. */
void settings_init(struct settings *settings);

/** Free all that the settings hold. */
void settings_fini(struct settings *settings);

/** Add a copy of a text to a list of the settings. */
void settings_append(struct settings *settings, struct text_list *list, const char *text);

/** True when the rule is to be reported. */
static inline bool
settings_wants(const struct settings *settings, enum finding_rule rule)
{
	return (settings->rules >> rule & 1U) != 0;
}

/** True when the path, or its end behind a '/', matches one of the globs. */
bool settings_match(const struct text_list *globs, const char *path);

#endif /* FPCHECK_SETTINGS_H */
