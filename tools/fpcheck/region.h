/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Memory that is given back all at once.
 *
 * A translation unit's tree and a function's states are made of many small pieces that die
 * together: they come out of a region, and nobody frees one of them. A region has a ceiling, so
 * that a function that grows without end stops as "not analysed" and not with the machine.
 *
 * One thread at a time.
 */

#ifndef FPCHECK_REGION_H
#define FPCHECK_REGION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct region_block;

struct region {
	struct region_block *blocks; /**< Newest first. */
	size_t used_bytes;           /**< Handed out since the last region_clear(). */
	size_t limit_bytes;          /**< region_is_full() tells when used_bytes has passed it. */
};

/** An empty region that is full at @p limit_bytes; SIZE_MAX for one that never is. */
void region_init(struct region *region, size_t limit_bytes);

/**
 * Zeroed memory, aligned for any type; never NULL (the program ends with status 2 when the machine
 * has none). The ceiling is the caller's to ask for: memory is given beyond it.
 */
void *region_alloc(struct region *region, size_t bytes);

/** A copy of @p len bytes of @p text, with a zero behind it. */
char *region_text(struct region *region, const char *text, size_t len);

/** A copy of a formatted text. */
char *
region_format(struct region *region, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** True when more was handed out than the ceiling. */
bool region_is_full(const struct region *region);

/** Everything handed out is gone; memory stays with the region for what comes next. */
void region_clear(struct region *region);

/** Give all memory back. */
void region_fini(struct region *region);

#endif /* FPCHECK_REGION_H */
