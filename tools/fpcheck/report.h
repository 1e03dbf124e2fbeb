/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * What a run came to, for people, for programs, and for editors and code hosts.
 *
 * A report is complete: also what could not be analysed is in it. People get that on standard
 * error, behind what they asked for.
 */

#ifndef FPCHECK_REPORT_H
#define FPCHECK_REPORT_H

#include <stdio.h>

#include "outcome.h"
#include "settings.h"

/** file:line:col: warning: [RULE] text, and the notes of each finding. */
void report_text(FILE *out, const struct outcome *outcome);

/** One JSON object: findings, problems, not_analysed, summary. */
void report_json(FILE *out, const struct outcome *outcome, const struct settings *settings);

/** SARIF 2.1.0. */
void report_sarif(FILE *out, const struct outcome *outcome, const struct settings *settings);

/** What could not be analysed. */
void report_problems(FILE *out, const struct outcome *outcome);

/** Problems, functions that were not analysed to their end, and counts. */
void report_summary(FILE *out, const struct outcome *outcome, const struct settings *settings);

#endif /* FPCHECK_REPORT_H */
