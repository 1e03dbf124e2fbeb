/* SPDX-License-Identifier: BSD-3-Clause */

#include <stddef.h>

#include "cursor_map.h"

#define SMALLEST_CAP 32U

struct cursor_map_entry {
	CXCursor cursor;
	void *value; /**< NULL: the place is free. */
};

/** Where the cursor is, or where it would be put. The table is never full. */
static struct cursor_map_entry *
find_entry(const struct cursor_map *map, CXCursor cursor)
{
	/* Clang's hash is of addresses: their low bits alone would fill a few places only. */
	uint32_t at = clang_hashCursor(cursor) * 0x9e3779b1U;

	at ^= at >> 16;
	while (map->entries[at & (map->cap - 1)].value != NULL &&
		clang_equalCursors(map->entries[at & (map->cap - 1)].cursor, cursor) == 0)
		at++;
	return &map->entries[at & (map->cap - 1)];
}

static void
grow(struct cursor_map *map, struct region *region)
{
	const struct cursor_map old = *map;

	map->cap = old.cap == 0 ? SMALLEST_CAP : 2 * old.cap;
	map->entries = region_alloc(region, map->cap * sizeof(*map->entries));
	for (uint32_t i = 0; i < old.cap; i++) {
		if (old.entries[i].value != NULL)
			*find_entry(map, old.entries[i].cursor) = old.entries[i];
	}
}

void *
cursor_map_find(const struct cursor_map *map, CXCursor cursor)
{
	return map->cap == 0 ? NULL : find_entry(map, cursor)->value;
}

void
cursor_map_set(struct cursor_map *map, struct region *region, CXCursor cursor, void *value)
{
	struct cursor_map_entry *entry;

	if (2 * (map->count + 1) > map->cap)
		grow(map, region);
	entry = find_entry(map, cursor);
	if (entry->value == NULL)
		map->count++;
	entry->cursor = cursor;
	entry->value = value;
}
