/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Findings that a comment in the source allows, and comments that allow nothing.
 *
 *   free(m); // fpcheck: allow R-04-01 because the owner waits for us
 *
 *   // fpcheck: allow FP0404, FP0408: printed once, when the program ends
 *   printf("...");
 *
 * A comment with code on its line is about that line; one alone is about the next line of code, and
 * when a function's definition begins there, about the whole function. `allow-file` in the first 40
 * lines is about the file. The reason, behind "because" or ":", is needed.
 */

#ifndef FPCHECK_SUPPRESS_H
#define FPCHECK_SUPPRESS_H

#include "outcome.h"
#include "settings.h"

/**
 * Choose what is reported: of what was found, the rules that are wanted, without what is allowed. A
 * comment that is wrong, or useless although all it is about was analysed, is a finding itself.
 */
void suppress_apply(struct outcome *outcome, const struct settings *settings);

#endif /* FPCHECK_SUPPRESS_H */
