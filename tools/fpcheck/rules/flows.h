/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * What views flow through between the hot functions of a unit: the pointers that static ones are
 * given, and those that they return.
 *
 * A parameter is a view's address when any hot caller gives it one, or when it is annotated as what
 * a view is passed by; a result, when any return of the function is one.
 */

#ifndef FPCHECK_RULES_FLOWS_H
#define FPCHECK_RULES_FLOWS_H

#include "../pointer_map.h"
#include "../unit.h"
#include "tree.h"

/** Empty when zeroed; of the unit's region. */
struct flows {
	struct pointer_map parameters; /**< Parameter of a definition to its ORIGIN_ bits. */
	struct pointer_map results;    /**< Canonical function to the ORIGIN_ bits of its result. */
	bool is_changed;
};

/** Go through the hot functions of the unit until nothing flows any more. */
void flows_learn(struct flows *flows, struct unit *unit, struct callees *callees);

/** ORIGIN_ bits that a parameter is known to have; 0 when nothing is known. */
uint32_t flows_of_parameter(const struct flows *flows, CXCursor parameter);

/** ORIGIN_ bits of what a static function returns; 0 when nothing is known. */
uint32_t flows_of_result(const struct flows *flows, CXCursor function);

#endif /* FPCHECK_RULES_FLOWS_H */
