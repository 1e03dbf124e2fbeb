/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Which sources are checked, each with the flags it is parsed with.
 */

#ifndef FPCHECK_SOURCES_H
#define FPCHECK_SOURCES_H

#include <stdint.h>

#include "problem.h"
#include "settings.h"
#include "words.h"

struct source {
	char *file;         /**< Absolute, canonical. */
	char *directory;    /**< What its flags are relative to. */
	struct words flags; /**< For the parser, without the file. */
	uint64_t bytes;
};

/** Biggest first, then by name: the order of the work. */
struct sources {
	struct source *sources; /**< Shape [count]; no file twice. */
	size_t count;
};

/**
 * Find the sources that the settings ask for, and the root where they do not say it. What cannot be
 * checked is a problem.
 */
void
sources_find(struct sources *sources, struct settings *settings, struct problem_list *problems);

/** Free what the list holds. */
void sources_fini(struct sources *sources);

#endif /* FPCHECK_SOURCES_H */
