/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * From a compiler's command line to what the parser is given.
 */

#ifndef FPCHECK_FLAGS_H
#define FPCHECK_FLAGS_H

#include <stdbool.h>

#include "words.h"

/**
 * Add the flags of a command line that change what a C source means: search paths, macros, the
 * language, the instruction set. All others are left out, and so are those that only gcc knows:
 * what warns, links, writes files or optimises does not matter here.
 *
 * @param[in] command  Without the compiler itself; response files (@FILE) are read.
 * @param[in] directory  What a response file's name is relative to.
 * @param[in,out] unread  Response files that could not be read, with their @, are added.
 */
void flags_add(struct words *flags, const struct words *command, const char *directory,
	struct words *unread);

/** True for a flag that says what the CPU can do: left out when the parser does not know it. */
bool flags_is_machine(const char *flag);

#endif /* FPCHECK_FLAGS_H */
