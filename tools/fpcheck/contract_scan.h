/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * A line of a contract table, cut into tokens on demand, with one token in hand.
 *
 * What does not fit is told once, in a sentence with small letter first and without full stop.
 */

#ifndef FPCHECK_CONTRACT_SCAN_H
#define FPCHECK_CONTRACT_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "contract_line.h"

enum token_kind {
	TOKEN_END,    /**< Of the line, or a comment. */
	TOKEN_WORD,   /**< Letters, digits, '_', and '-' inside. */
	TOKEN_NUMBER, /**< Digits. */
	TOKEN_SYMBOL, /**< One character, or one of "->" "..." ".." ">=". */
};

/** A line that is being read. */
struct scan {
	const char *at;             /**< Behind the token in hand. */
	const char *end;            /**< Of the line. */
	enum token_kind kind;       /**< Of the token in hand. */
	struct contract_text token; /**< In hand. */
	uint32_t number;            /**< NUMBER: its value, UINT32_MAX from there on. */
	char *problem;              /**< Where the first problem is written. */
	size_t problem_cap;         /**< [bytes] */
};

/** Take the next token into the hand. */
void scan_next(struct scan *scan);

/** True when the token in hand is @p text. */
bool scan_is(const struct scan *scan, const char *text);

/** Take the token if it is the one; false, and nothing taken, when it is another. */
bool scan_accept(struct scan *scan, const char *text);

/** Take the token; when it is another, tell that @p what was expected, and false. */
bool scan_expect(struct scan *scan, const char *text, const char *what);

/** Tell that something else was expected than what is in hand; false, for returning it. */
bool scan_expected(struct scan *scan, const char *what);

/** Tell a sentence; false, for returning it. */
bool scan_wrong(struct scan *scan, const char *sentence);

/** True at the end of the line; else tell, and false. */
bool scan_end(struct scan *scan);

#endif /* FPCHECK_CONTRACT_SCAN_H */
