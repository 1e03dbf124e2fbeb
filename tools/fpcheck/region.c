/* SPDX-License-Identifier: BSD-3-Clause */

#include "region.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * The sanitizer is told what of a block is handed out, so that a step over the end of a piece, or a
 * look at what was cleared, is as wrong to it as with malloc() and free().
 */
#ifndef __has_feature
#define __has_feature(feature) 0
#endif
#if __has_feature(address_sanitizer) || defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#define GAP_BYTES 16U /* between two pieces; keeps the alignment */
#else
#define GAP_BYTES                                 0U
#define ASAN_POISON_MEMORY_REGION(bytes, count)   ((void)(bytes))
#define ASAN_UNPOISON_MEMORY_REGION(bytes, count) ((void)(bytes))
#endif

#define BLOCK_BYTES (64U << 10)
#define KEPT_BYTES  (1U << 20) /* the largest block that outlives region_clear() */

struct region_block {
	struct region_block *next;
	size_t cap_bytes;
	size_t used_bytes;
	alignas(max_align_t) unsigned char bytes[];
};

void
region_init(struct region *region, struct region_budget *budget)
{
	region->blocks = NULL;
	region->budget = budget;
}

static _Noreturn void
give_up(struct region_budget *budget)
{
	if (budget != NULL)
		longjmp(budget->out, 1);
	fputs("fpcheck: out of memory\n", stderr);
	abort();
}

/* Before the block is there, so that the budget holds whatever is asked for. */
static void
charge(struct region_budget *budget, size_t bytes)
{
	if (budget == NULL)
		return;
	if (bytes > budget->limit_bytes - budget->used_bytes)
		give_up(budget);
	budget->used_bytes += bytes;
}

/* In front of the others: the newest block is the one that is handed out of. */
static struct region_block *
add_block(struct region *region, size_t bytes)
{
	const size_t cap_bytes = bytes > BLOCK_BYTES ? bytes : BLOCK_BYTES;
	struct region_block *block;

	charge(region->budget, sizeof(*block) + cap_bytes);
	block = malloc(sizeof(*block) + cap_bytes);
	if (block == NULL) {
		if (region->budget != NULL)
			region->budget->used_bytes -= sizeof(*block) + cap_bytes;
		give_up(region->budget);
	}
	block->next = region->blocks;
	block->cap_bytes = cap_bytes;
	block->used_bytes = 0;
	region->blocks = block;
	ASAN_POISON_MEMORY_REGION(block->bytes, block->cap_bytes);
	return block;
}

void *
region_alloc(struct region *region, size_t bytes)
{
	const size_t rounded =
		((bytes + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1)) + GAP_BYTES;
	struct region_block *block = region->blocks;
	void *piece;

	if (block == NULL || block->cap_bytes - block->used_bytes < rounded)
		block = add_block(region, rounded);
	piece = block->bytes + block->used_bytes;
	block->used_bytes += rounded;
	ASAN_UNPOISON_MEMORY_REGION(piece, bytes);
	return memset(piece, 0, bytes);
}

char *
region_text(struct region *region, const char *text, size_t len)
{
	char *copy = region_alloc(region, len + 1);

	memcpy(copy, text, len);
	return copy;
}

char *
region_format(struct region *region, const char *format, ...)
{
	va_list arguments;
	char *text;
	int len;

	va_start(arguments, format);
	/* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): false with several files */
	len = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (len < 0)
		return region_text(region, "", 0);
	text = region_alloc(region, (size_t)len + 1);
	va_start(arguments, format);
	/* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): false with several files */
	vsnprintf(text, (size_t)len + 1, format, arguments);
	va_end(arguments);
	return text;
}

static void
free_blocks(struct region *region, struct region_block *block)
{
	while (block != NULL) {
		struct region_block *next = block->next;

		if (region->budget != NULL)
			region->budget->used_bytes -= sizeof(*block) + block->cap_bytes;
		ASAN_UNPOISON_MEMORY_REGION(block->bytes, block->cap_bytes);
		free(block);
		block = next;
	}
}

void
region_clear(struct region *region)
{
	struct region_block *kept = region->blocks;

	/* One block is enough for most functions; what a big one took goes back to the machine. */
	if (kept == NULL)
		return;
	if (kept->cap_bytes > KEPT_BYTES) {
		region_fini(region);
		return;
	}
	free_blocks(region, kept->next);
	kept->next = NULL;
	kept->used_bytes = 0;
	ASAN_POISON_MEMORY_REGION(kept->bytes, kept->cap_bytes);
}

void
region_fini(struct region *region)
{
	free_blocks(region, region->blocks);
	region->blocks = NULL;
}
