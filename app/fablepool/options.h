/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * The command line: EAL's part, then `--`, then ours.
 */

#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

/** What the part behind `--` says. Texts point into argv. */
struct options {
	const char *config;  /**< --config FILE, or NULL. */
	const char *replay;  /**< --replay FILE, or NULL. */
	const char *publish; /**< --publish FILE, or NULL. */
	const char *json;    /**< --json FILE, or NULL. */
	const char *books;   /**< --books FILE, or NULL. */
	uint64_t duration_s; /**< --duration S; 0 = until a signal. */
	uint64_t period_s;   /**< --stats-period S; 0 = no live line. */
	uint64_t rate;       /**< --rate N; UINT64_MAX = not given. */
	uint64_t seed;       /**< --seed N; UINT64_MAX = not given. */
};

/** What to do after the command line was read. */
enum options_verdict {
	OPTIONS_RUN,   /**< Go on. */
	OPTIONS_EXIT,  /**< Help or version was asked for and printed. */
	OPTIONS_WRONG, /**< An error was printed. */
};

/**
 * Read our part of the command line.
 *
 * @param[in]  argc     Of main().
 * @param[in]  argv     Of main().
 * @param[out] options  Filled in.
 * @param[out] eal_argc Arguments for EAL, the program's name included: those before `--`.
 */
enum options_verdict options_parse(int argc, char **argv, struct options *options, int *eal_argc);

#endif /* OPTIONS_H */
