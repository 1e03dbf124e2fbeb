/* SPDX-License-Identifier: BSD-3-Clause */

#include "cursor_map.h"

void *
cursor_map_find(const struct cursor_map *map, CXCursor cursor)
{
	return pointer_map_find(&map->map, cursor_key(cursor));
}

void
cursor_map_set(struct cursor_map *map, struct region *region, CXCursor cursor, void *value)
{
	pointer_map_set(&map->map, region, cursor_key(cursor), value);
}
