/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Memory that is given back all at once.
 *
 * A translation unit's tree and a function's states are made of many small pieces that die
 * together: they come out of a region, and nobody frees one of them. Regions may share a budget, so
 * that a function that grows without end stops as "not analysed" and not with the machine.
 *
 * One thread at a time.
 */

#ifndef FPCHECK_REGION_H
#define FPCHECK_REGION_H

#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>

struct region_block;

/**
 * What regions may take together. Whoever would take more does not come back: the work goes on
 * behind setjmp(budget->out), whose caller clears the regions. So nothing but regions may be held
 * where memory of a budget is asked for: no lock, no file, no text of clang's.
 */
struct region_budget {
	size_t used_bytes; /**< Of all blocks that the regions hold. */
	size_t limit_bytes;
	jmp_buf out;
};

struct region {
	struct region_block *blocks;  /**< Newest first. */
	struct region_budget *budget; /**< NULL: the machine's memory is the limit. */
};

/** An empty region; @p budget may be NULL. */
void region_init(struct region *region, struct region_budget *budget);

/**
 * Zeroed memory, aligned for any type; never NULL. When the machine has none, a region with a
 * budget does as if that was used up; without one the process ends by SIGABRT (see guard.h).
 */
void *region_alloc(struct region *region, size_t bytes);

/** A copy of @p len bytes of @p text, with a zero behind it. */
char *region_text(struct region *region, const char *text, size_t len);

/** A copy of a formatted text. */
char *
region_format(struct region *region, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** Everything handed out is gone; a block stays with the region for what comes next. */
void region_clear(struct region *region);

/** Give all memory back. */
void region_fini(struct region *region);

#endif /* FPCHECK_REGION_H */
