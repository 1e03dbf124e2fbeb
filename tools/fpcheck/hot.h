/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Which functions of a unit are hot, and by whom.
 *
 * unit_is_hot() of unit.h is answered here, too. A function that is marked cold is hot only when it
 * is annotated so itself; a call on the exception path (see callee.h) makes nothing hot.
 */

#ifndef FPCHECK_HOT_H
#define FPCHECK_HOT_H

#include <clang-c/Index.h>
#include <stdbool.h>

#include "callee.h"
#include "unit.h"

/** True when the function is annotated fp_hot_path itself. */
bool hot_is_annotated(struct unit *unit, CXCursor function);

/**
 * The annotated (or by its file) hot function that a function is called from, through however many
 * others; false when the function is hot by itself, or not hot.
 */
bool hot_root_of(struct unit *unit, CXCursor function, CXCursor *root);

/** What the unit knows of callees. */
struct callees *hot_callees(struct unit *unit);

#endif /* FPCHECK_HOT_H */
