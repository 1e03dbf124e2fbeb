/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * The version, as the build says it.
 */

#ifndef FPCHECK_VERSION_H
#define FPCHECK_VERSION_H

#ifndef FPCHECK_VERSION
#define FPCHECK_VERSION "of no build"
#endif

#endif /* FPCHECK_VERSION_H */
