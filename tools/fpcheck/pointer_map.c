/* SPDX-License-Identifier: BSD-3-Clause */

#include <stddef.h>

#include "pointer_map.h"

#define SMALLEST_CAP 32U

struct pointer_map_entry {
	const void *key;
	void *value; /**< NULL: the place is free. */
};

/** Where the key is, or where it would be put. The table is never full. */
static struct pointer_map_entry *
find_entry(const struct pointer_map *map, const void *key)
{
	/* The low bits of addresses are alike, and those of types tell const from not. */
	uint64_t at = (uint64_t)(uintptr_t)key * 0x9e3779b97f4a7c15U >> 32;

	while (map->entries[at & (map->cap - 1)].value != NULL &&
		map->entries[at & (map->cap - 1)].key != key)
		at++;
	return &map->entries[at & (map->cap - 1)];
}

static void
grow(struct pointer_map *map, struct region *region)
{
	const struct pointer_map old = *map;

	map->cap = old.cap == 0 ? SMALLEST_CAP : 2 * old.cap;
	map->entries = region_alloc(region, map->cap * sizeof(*map->entries));
	for (uint32_t i = 0; i < old.cap; i++) {
		if (old.entries[i].value != NULL)
			*find_entry(map, old.entries[i].key) = old.entries[i];
	}
}

void *
pointer_map_find(const struct pointer_map *map, const void *key)
{
	return map->cap == 0 ? NULL : find_entry(map, key)->value;
}

void
pointer_map_set(struct pointer_map *map, struct region *region, const void *key, void *value)
{
	struct pointer_map_entry *entry;

	if (2 * (map->count + 1) > map->cap)
		grow(map, region);
	entry = find_entry(map, key);
	if (entry->value == NULL)
		map->count++;
	entry->key = key;
	entry->value = value;
}
