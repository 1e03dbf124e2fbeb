/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * What a run came to: findings, suppressions, and what was not analysed. The reports print it.
 */

#ifndef FPCHECK_OUTCOME_H
#define FPCHECK_OUTCOME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "finding.h"
#include "problem.h"
#include "region.h"
#include "settings.h"
#include "unit.h"

/** A function that was not analysed to its end. */
struct outcome_skipped {
	const char *function;
	struct place at;
	enum unit_skip why;
	const char *detail; /**< NULL for none. */
};

/** A function defined in a file of ours. */
struct outcome_function {
	const char *name;
	const char *file;    /**< Absolute. */
	uint32_t first_line; /**< Of the definition, from its type on. */
	uint32_t last_line;
};

struct outcome {
	struct finding_set *found; /**< By the rules, before suppressions. */
	struct finding *reported;  /**< What is left of them, sorted; shape [finding_count]. */
	size_t finding_count;
	uint32_t suppressed[RULE_COUNT];
	struct problem_list problems;
	struct outcome_skipped *skipped; /**< Shape [skipped_count]. */
	size_t skipped_count;
	struct outcome_function *functions; /**< Shape [function_count]. */
	size_t function_count;
	const char **files; /**< Sources and headers that were analysed; shape [file_count]. */
	size_t file_count;
	uint64_t analysed; /**< Functions that the lifetime engine went through to the end. */
	size_t units;      /**< Sources that were asked for. */
	size_t units_done; /**< Of these, sources that were parsed and checked. */
	bool is_interrupted;
	struct region texts; /**< Owns the texts above. */
};

void outcome_init(struct outcome *outcome);
void outcome_fini(struct outcome *outcome);

/** Add one of each; texts are copied. */
void outcome_add_skipped(struct outcome *outcome, const struct outcome_skipped *skipped);
void outcome_add_function(struct outcome *outcome, const struct outcome_function *function);
void outcome_add_file(struct outcome *outcome, const char *file);

/** Put all that @p from holds into @p to; @p from is then gone, as after outcome_fini(). */
void outcome_move(struct outcome *to, struct outcome *from);

/** Put what was added, but the findings, into the order in which it is printed, each once. */
void outcome_sort(struct outcome *outcome);

/** In words: why a function was not analysed. */
const char *outcome_why(enum unit_skip why);

/** 0 clean, 1 findings, 2 something could not be analysed. */
int outcome_status(const struct outcome *outcome, const struct settings *settings);

#endif /* FPCHECK_OUTCOME_H */
