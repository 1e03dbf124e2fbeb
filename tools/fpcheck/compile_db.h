/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * compile_commands.json: how each source of a project is compiled.
 */

#ifndef FPCHECK_COMPILE_DB_H
#define FPCHECK_COMPILE_DB_H

#include <stdbool.h>

#include "problem.h"
#include "words.h"

struct compile_entry {
	char *file;           /**< Absolute, canonical. */
	char *directory;      /**< Absolute. */
	struct words command; /**< Without the compiler. */
};

struct compile_db {
	struct compile_entry *entries; /**< In the file's order; shape [count]. */
	size_t count;
};

/**
 * Read a database. An entry that has not the right shape is a problem, and the others are used.
 *
 * @return False when nothing of it can be used; that is a problem already.
 */
bool compile_db_read(struct compile_db *db, const char *path, struct problem_list *problems);

/** Free what the database holds. */
void compile_db_fini(struct compile_db *db);

#endif /* FPCHECK_COMPILE_DB_H */
