/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * What the engine did, once as a tree: the text and the JSON are two prints of the same numbers.
 */

#ifndef SUMMARY_H
#define SUMMARY_H

#include <jansson.h>

#include "engine.h"

/** Name and version of the tree's schema. */
#define SUMMARY_SCHEMA "fablepool-summary/1"

/**
 * Make the tree; docs/05-stats-and-log.md describes it.
 *
 * @param[in] engine  Its workers have ended and its ports are closed.
 * @return The tree, to be released with json_decref(); NULL when the heap is full: a tree is
 *         whole or it is not there.
 */
json_t *summary_make(const struct engine *engine);

/** Print the tree as text for people on standard output. */
void summary_print(const json_t *summary);

/** Write a tree to a file, "-" being standard output; false when the reason was printed. */
bool summary_write(const json_t *tree, const char *path);

/** Print who holds the buffers that leaked, on standard error. */
void summary_print_holders(const struct engine *engine);

/** The books of all channels as a tree, or NULL: levels of every instrument that has a book. */
json_t *summary_make_books(const struct engine *engine);

#endif /* SUMMARY_H */
