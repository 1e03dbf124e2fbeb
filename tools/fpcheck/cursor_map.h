/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * A table from cursors (declarations, as a rule) to what is known about them.
 *
 * Everything lives in a region and dies with it; there is no removal. One thread at a time.
 */

#ifndef FPCHECK_CURSOR_MAP_H
#define FPCHECK_CURSOR_MAP_H

#include <clang-c/Index.h>
#include <stdint.h>

#include "pointer_map.h"

/** Empty when zeroed. */
struct cursor_map {
	struct pointer_map map;
};

/** The value kept for a cursor; NULL when there is none. O(1). */
void *cursor_map_find(const struct cursor_map *map, CXCursor cursor);

/** Keep a value that is not NULL for a cursor; an earlier one is replaced. O(1). */
void cursor_map_set(struct cursor_map *map, struct region *region, CXCursor cursor, void *value);

#endif /* FPCHECK_CURSOR_MAP_H */
