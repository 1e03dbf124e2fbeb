/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * What the rules on a function's tree share: the function at hand, and how a finding is told.
 *
 * Each rule is one function that goes over the tree once. Those of hot code return at once for
 * functions that are not. What stands on the exception path of hot code (see callee.h) is no
 * finding of the rules about time: heap, text, callbacks, variadic calls and calls by pointer.
 */

#ifndef FPCHECK_RULES_RULES_H
#define FPCHECK_RULES_RULES_H

#include "../hot.h"
#include "../unit.h"
#include "origin.h"
#include "tree.h"

struct rules {
	struct unit *unit;
	struct tree tree;       /**< Of the function at hand. */
	struct origins origins; /**< Where its pointers come from. */
	struct flows flows;     /**< Of the unit. */
	CXCursor function;
	const char *function_name;
	bool is_hot;
	bool has_root; /**< Hot because `root` calls it. */
	CXCursor root;
};

/**
 * Add a finding in the function at hand.
 *
 * @param[in] node  Where: a node of the tree.
 * @param[in] text  Of the unit's region.
 * @param[in] note  What else there is to see; NULL for nothing.
 */
void rules_report(struct rules *rules, enum finding_rule rule, uint32_t node, const char *text,
	const struct finding_note *note);

/** Add a finding at a place of its own. */
void rules_report_at(struct rules *rules, enum finding_rule rule, struct place at, const char *text,
	const struct finding_note *note);

/** A text of the unit's region. */
#define RULES_TEXT(rules, ...) region_format(&(rules)->unit->region, __VA_ARGS__)

/** True for what is run in hot code when nothing is wrong: what the rules about time look at. */
bool rules_is_busy(const struct rules *rules, uint32_t node);

/** calls.c: FP0401, FP0402 (C strings by name), FP0404, FP0406, FP0408, FP0409 */
void rules_calls(struct rules *rules);
/** strings.c: FP0402 on views */
void rules_strings(struct rules *rules);
/** stored.c: FP0403 */
void rules_stored(struct rules *rules);
/** laundering.c: FP0405 */
void rules_laundering(struct rules *rules);
/** stack.c: FP0407, R-04-07 */
void rules_stack(struct rules *rules);
/** scoped.c: R-04-02 */
void rules_scoped(struct rules *rules);
/** raw_view.c: R-04-06 */
void rules_raw_view(struct rules *rules);

/** nested.c: FP0409, nested functions, out of what the parser complained of. */
void rules_nested(struct unit *unit);
/** scoped.c: R-04-02 at prototypes of hot functions that have no body here. */
void rules_scoped_prototypes(struct unit *unit);

#endif /* FPCHECK_RULES_RULES_H */
