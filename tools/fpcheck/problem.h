/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * What could not be analysed, and why.
 *
 * A run goes on past all of them; it ends with status 2 when one of them is an error. Notes are
 * said and change nothing.
 *
 * One thread at a time: every unit has a list of its own until they are put together.
 */

#ifndef FPCHECK_PROBLEM_H
#define FPCHECK_PROBLEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "finding.h"

enum problem_kind {
	PROBLEM_SETTING, /**< Command line, configuration, tables. */
	PROBLEM_INPUT,   /**< A database or a source that cannot be read. */
	PROBLEM_PARSE,   /**< An error of the parser. */
	PROBLEM_NOTE,    /**< Worth saying; no error. */
};

struct problem {
	enum problem_kind kind;
	struct place at; /**< File NULL: of no file; line 0: of the whole file. */
	char *file;      /**< What `at.file` is a pointer to. */
	char *text;      /**< One sentence, small letter first, no full stop. */
};

struct problem_list {
	struct problem *problems; /**< Shape [count]. */
	size_t count;
	size_t cap;
};

/** Add one; the file's name is copied. */
void problem_add(struct problem_list *list, enum problem_kind kind, const struct place *at,
	const char *format, ...) __attribute__((format(printf, 4, 5)));

/** Add what is to be said of a whole file, or of none (NULL). */
#define PROBLEM_OF_FILE(list, kind, name, ...) \
	problem_add(list, kind, &(const struct place){ .file = (name) }, __VA_ARGS__)

/** Put the problems of @p from behind those of @p to; @p from is empty afterwards. */
void problem_move(struct problem_list *to, struct problem_list *from);

/** Leave out what is said a second time of one place: a header is parsed with each source. */
void problem_drop_repeated(struct problem_list *list);

/** True when one of them is more than a note. */
bool problem_is_any(const struct problem_list *list);

/** Free what the list holds; it is empty afterwards. */
void problem_fini(struct problem_list *list);

#endif /* FPCHECK_PROBLEM_H */
