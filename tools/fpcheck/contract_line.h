/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * One line of a contract table, understood: the grammar at the top of contract.h.
 *
 * Nothing is kept: names point into the line.
 */

#ifndef FPCHECK_CONTRACT_LINE_H
#define FPCHECK_CONTRACT_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "contract.h"
#include "finding.h"

/** A piece of a line, without a zero behind it. */
struct contract_text {
	const char *text;
	size_t len; /**< [bytes] */
};

enum contract_line_kind {
	CONTRACT_LINE_EMPTY, /**< Blank, or a comment. */
	CONTRACT_LINE_TYPE,
	CONTRACT_LINE_BAN,
	CONTRACT_LINE_FN,
};

struct contract_line {
	enum contract_line_kind kind;
	struct contract_text name;  /**< TYPE: tag; FN: function. */
	enum contract_type type;    /**< TYPE. */
	bool is_ban_lifted;         /**< BAN: "-" instead of a rule. */
	enum finding_rule rule;     /**< BAN, unless lifted. */
	struct contract_text names; /**< BAN: what contract_line_take_name() walks. */
	struct contract fn;         /**< FN; its name is NULL. */
};

/**
 * Understand a line.
 *
 * @param[in] text  Without its newline.
 * @param[out] problem  A sentence, small letter first, no full stop, when the result is negative.
 * @return 0, or -EINVAL.
 */
int contract_line_read(
	struct contract_line *line, struct contract_text text, char *problem, size_t problem_cap);

/** Take the next name off the names of a ban; false when there is none left. */
bool contract_line_take_name(struct contract_text *names, struct contract_text *name);

#endif /* FPCHECK_CONTRACT_LINE_H */
