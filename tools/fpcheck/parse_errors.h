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

/**
 * The name in front of the parameters that end before a nested function's brace; empty when there
 * is none.
 *
 * @param[in]  location  The message's place.
 * @param[out] name      Where the name is, or @p location.
 */
const char *
parse_errors_nested_name(struct unit *unit, CXSourceLocation location, CXSourceLocation *name);

#endif /* FPCHECK_PARSE_ERRORS_H */
