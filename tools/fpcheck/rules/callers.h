/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * What the callers of a static function have in common.
 */

#ifndef FPCHECK_RULES_CALLERS_H
#define FPCHECK_RULES_CALLERS_H

#include "../unit.h"
#include "tree.h"

/**
 * True when every caller of a static function gives a parameter the address of a local variable,
 * and there is one. The unit's bodies are all read for it: ask when the answer decides something.
 *
 * @param[in] parameter  A parameter of @p function.
 */
bool callers_pass_stack(
	struct unit *unit, struct callees *callees, CXCursor function, CXCursor parameter);

#endif /* FPCHECK_RULES_CALLERS_H */
