/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * The work: every unit parsed and checked, by as many threads as were asked for.
 *
 * Units are taken in one fixed order, and what each gives is put together in that order, so that
 * two runs say the same however many threads they have. A header belongs to the first unit, in that
 * order, that includes it; a thread that needs to know waits until all units before its own have
 * said what they include, which they do right after parsing.
 */

#ifndef FPCHECK_RUN_H
#define FPCHECK_RUN_H

#include <stdbool.h>

#include "guard.h"
#include "outcome.h"
#include "sources.h"

/**
 * Check all sources but those that the guard has a signal of: these are problems.
 *
 * @param[in,out] guard  Is told what is in work; NULL for none.
 * @param[in,out] outcome  What was found, and what could not be analysed, is added.
 */
void run_all(const struct settings *settings, const struct sources *sources, struct guard *guard,
	struct outcome *outcome);

/** Parse one source and print the instructions of --dump-ir; false when it has no such function. */
bool run_dump(const struct settings *settings, const struct source *source,
	struct problem_list *problems);

/**
 * True when the functions of a header are to be analysed by the unit that this thread works on: it
 * is the first that includes it. May wait for other units to be parsed.
 *
 * @param[in] file  Absolute.
 */
bool run_claim_file(const char *file);

#endif /* FPCHECK_RUN_H */
