/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Lists of words that are on their way to the parser.
 */

#ifndef FPCHECK_WORDS_H
#define FPCHECK_WORDS_H

#include <stddef.h>

/** Words, each allocated, behind them NULL. */
struct words {
	char **words;
	size_t count;
};

/** Add a copy of the first @p len bytes of a text. */
void words_add(struct words *words, const char *text, size_t len);

/** Add a copy of a text. */
void words_add_text(struct words *words, const char *text);

/** Add the words of a command as a shell would see them: quotes and backslashes, no expansion. */
void words_add_command(struct words *words, const char *command);

/** Free the list; it is empty afterwards. */
void words_fini(struct words *words);

#endif /* FPCHECK_WORDS_H */
