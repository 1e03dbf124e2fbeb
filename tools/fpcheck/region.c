/* SPDX-License-Identifier: BSD-3-Clause */

#include "region.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_BYTES (64U << 10)

struct region_block {
	struct region_block *next;
	size_t cap_bytes;
	size_t used_bytes;
	alignas(max_align_t) unsigned char bytes[];
};

void
region_init(struct region *region, size_t limit_bytes)
{
	region->blocks = NULL;
	region->used_bytes = 0;
	region->limit_bytes = limit_bytes;
}

/* In front of the others: the newest block is the one that is handed out of. */
static struct region_block *
add_block(struct region *region, size_t bytes)
{
	const size_t cap_bytes = bytes > BLOCK_BYTES ? bytes : BLOCK_BYTES;
	struct region_block *block = malloc(sizeof(*block) + cap_bytes);

	if (block == NULL) {
		fputs("fpcheck: out of memory\n", stderr);
		exit(2); /* NOLINT(concurrency-mt-unsafe): whatever else is done needs memory */
	}
	block->next = region->blocks;
	block->cap_bytes = cap_bytes;
	block->used_bytes = 0;
	region->blocks = block;
	return block;
}

void *
region_alloc(struct region *region, size_t bytes)
{
	const size_t rounded = (bytes + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
	struct region_block *block = region->blocks;
	void *piece;

	if (block == NULL || block->cap_bytes - block->used_bytes < rounded)
		block = add_block(region, rounded);
	piece = block->bytes + block->used_bytes;
	block->used_bytes += rounded;
	region->used_bytes += rounded;
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

bool
region_is_full(const struct region *region)
{
	return region->used_bytes > region->limit_bytes;
}

static void
free_blocks(struct region_block *block)
{
	while (block != NULL) {
		struct region_block *next = block->next;

		free(block);
		block = next;
	}
}

void
region_clear(struct region *region)
{
	/* One block is enough for most functions; what a big one took goes back to the machine. */
	if (region->blocks != NULL) {
		free_blocks(region->blocks->next);
		region->blocks->next = NULL;
		region->blocks->used_bytes = 0;
	}
	region->used_bytes = 0;
}

void
region_fini(struct region *region)
{
	free_blocks(region->blocks);
	region->blocks = NULL;
	region->used_bytes = 0;
}
