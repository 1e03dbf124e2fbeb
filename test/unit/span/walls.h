/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Memory with an inaccessible page on both sides.
 */

#ifndef WALLS_H
#define WALLS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

/** Accessible bytes from start to end, and not one before or behind. */
struct walls {
	uint8_t *start;
	uint8_t *end;
};

/** Map at least @p len bytes; 0 or -1. */
static inline int
walls_create(struct walls *walls, size_t len)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t accessible = (len + page - 1) / page * page;
	uint8_t *map = (uint8_t *)mmap(
		NULL, accessible + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (map == MAP_FAILED)
		return -1;
	walls->start = map + page;
	walls->end = walls->start + accessible;
	return mprotect(walls->start, accessible, PROT_READ | PROT_WRITE);
}

/** Unmap it. */
static inline void
walls_destroy(struct walls *walls)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	(void)munmap(walls->start - page, (size_t)(walls->end - walls->start) + 2 * page);
}

#endif /* WALLS_H */
