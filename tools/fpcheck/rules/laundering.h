/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * What the parts of FP0405 share.
 */

#ifndef FPCHECK_RULES_LAUNDERING_H
#define FPCHECK_RULES_LAUNDERING_H

#include "rules.h"

struct laundering {
	struct rules *rules;
	uint32_t last_line; /**< The line of the last finding: it gives no other. */
};

/** Add a finding, unless the line has one. */
void laundering_tell(struct laundering *laundering, uint32_t node, const char *text);

/** launder_union.c: a view that is stored to a union and read from it as something else. */
void laundering_check_union(struct laundering *laundering, uint32_t node);

/** launder_union.c: ((union u){ .a = view }).b */
void laundering_check_union_literal(struct laundering *laundering, uint32_t member);

#endif /* FPCHECK_RULES_LAUNDERING_H */
