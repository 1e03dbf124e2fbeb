/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * A source given to libclang.
 */

#ifndef FPCHECK_PARSE_H
#define FPCHECK_PARSE_H

#include <clang-c/Index.h>

#include "problem.h"
#include "sources.h"

/**
 * Parse a source, going on behind errors. Machine flags that clang does not know are left out,
 * which is a note.
 *
 * @return What the caller disposes of; NULL when nothing came of it, which is a problem.
 */
CXTranslationUnit
parse_source(CXIndex index, const struct source *source, struct problem_list *problems);

#endif /* FPCHECK_PARSE_H */
