/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * FIX read byte by byte, with the checks of the library: what bench_fix.c compares it with.
 */

#ifndef FIX_BYTES_H
#define FIX_BYTES_H

#include "fix_log.h"

/** What was found in a log: sums over its messages. */
struct fix_found {
	uint64_t messages;   /**< How many. */
	uint64_t tags;       /**< Sum, or of the lengths of bodies where no field is looked at. */
	uint64_t lengths;    /**< Of values, or of times [bytes]. */
	uint64_t types;      /**< Of their letters. */
	uint64_t symbols;    /**< Of their last letters. */
	uint64_t entries;    /**< Announced. */
	uint64_t prices;     /**< Scaled to nine decimals, modulo 2^64. */
	uint64_t sizes;      /**< Of their digits. */
	uint64_t feeds;      /**< Of the digits of their numbers. */
	uint64_t sequences;  /**< Of the digits of their numbers. */
	uint64_t sides[4];   /**< Entries by type. */
	uint64_t actions[4]; /**< Entries by action. */
};

/** Frame every message and verify its sum. */
void fix_bytes_frame(const struct fix_log *log, struct fix_found *found);

/** The same, and visit every field. */
void fix_bytes_walk(const struct fix_log *log, struct fix_found *found);

/** The same, and look at every field by its tag. */
void fix_bytes_dispatch(const struct fix_log *log, struct fix_found *found);

#endif /* FIX_BYTES_H */
