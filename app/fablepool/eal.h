/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Starting EAL: with what the user gave, or with arguments that work on this machine as it is.
 */

#ifndef EAL_H
#define EAL_H

#include <stdbool.h>

/**
 * Start EAL.
 *
 * With eal_argc 1 the arguments are chosen: hugepages when enough are free, else none; no PCI
 * devices; one lcore; a file prefix of this process. The line is printed.
 *
 * @param[in] eal_argc  Arguments for EAL, the program's name included.
 * @param[in] argv      Of main().
 * @return True when EAL runs; otherwise the reason was printed.
 */
bool eal_start(int eal_argc, char **argv);

/** End EAL, and remove the runtime folder when it is one of this process alone. */
void eal_stop(void);

#endif /* EAL_H */
