/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * What the parser complains about, and which of it matters.
 *
 * An error counts when a part of the tree may be missing where we look. Two kinds do not:
 *   - nested functions, a GNU extension that clang has not, where rule FP0409 found them; what
 *     follows of one (its name is not known) is never said;
 *   - initialisers of file scope that gcc computes at compile time and clang does not: no function
 *     is touched. They are notes.
 */

#ifndef FPCHECK_PARSE_ERRORS_H
#define FPCHECK_PARSE_ERRORS_H

#include "outcome.h"
#include "unit.h"

/** The parser's message for a nested function, at its opening brace. */
#define PARSE_ERRORS_NESTED "function definition is not allowed here"

/**
 * Go through the diagnostics of a unit that was checked: errors become problems and are counted in
 * the unit, and functions that have one are skipped.
 *
 * @param[in,out] outcome  The unit's own, with its functions and findings.
 */
void parse_errors_report(struct unit *unit, struct outcome *outcome);

#endif /* FPCHECK_PARSE_ERRORS_H */
