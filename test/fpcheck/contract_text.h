/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * A contract written as a line of a table, by the grammar in contract.h alone: what the parser made
 * of a line can be compared with the line.
 */

#ifndef CONTRACT_TEXT_H
#define CONTRACT_TEXT_H

#include <stddef.h>

#include "contract.h"

/** Write "fn  NAME(...)", with " -> RESULT" when there is one, zero-terminated. */
void contract_text(const struct contract *contract, char *line, size_t cap);

#endif /* CONTRACT_TEXT_H */
