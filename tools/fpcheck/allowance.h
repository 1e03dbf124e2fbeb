/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * What a comment says to fpcheck: the words, not yet what they are about.
 *
 *   fpcheck: allow RULE, RULE because REASON
 *   fpcheck: allow-file RULE: REASON
 *
 * They stand at the beginning of a comment, or of a line of one; further in they are an example.
 */

#ifndef FPCHECK_ALLOWANCE_H
#define FPCHECK_ALLOWANCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct allowance {
	uint32_t rules; /**< Bit per rule that is allowed; 0 when the words are wrong. */
	bool is_of_file;
	char fault[160]; /**< A sentence about what is wrong with it; "" when nothing is. */
};

/**
 * The next words to fpcheck in a comment.
 *
 * @param[in] text  The comment's text, or what is left of it, [len].
 * @param[in] is_first  It is the comment's beginning.
 * @return What is behind the words, the beginning of a line; NULL when there are none.
 */
const char *allowance_parse(const char *text, size_t len, bool is_first, struct allowance *out);

#endif /* FPCHECK_ALLOWANCE_H */
