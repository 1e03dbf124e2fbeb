/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * A table from what clang has one object of (declarations, labels, types) to what we know of it.
 *
 * Everything lives in a region and dies with it; there is no removal. One thread at a time.
 */

#ifndef FPCHECK_POINTER_MAP_H
#define FPCHECK_POINTER_MAP_H

#include <clang-c/Index.h>
#include <stdint.h>

#include "region.h"

struct pointer_map_entry;

/** Empty when zeroed. */
struct pointer_map {
	struct pointer_map_entry *entries; /**< Shape [cap], a power of two. */
	uint32_t cap;
	uint32_t count;
};

/** The value kept for a key; NULL when there is none. O(1). */
void *pointer_map_find(const struct pointer_map *map, const void *key);

/** Keep a value that is not NULL for a key; an earlier one is replaced. O(1). */
void pointer_map_set(struct pointer_map *map, struct region *region, const void *key, void *value);

/**
 * The object that a declaration's or a statement's cursor stands for.
 *
 * clang_equalCursors() will not do for labels: the cursor that a goto leads to and the one met in
 * the tree differ in a field that says where they were found.
 */
static inline const void *
cursor_key(CXCursor cursor)
{
	return clang_isDeclaration(cursor.kind) != 0 ? cursor.data[0] : cursor.data[1];
}

/** The object that a type stands for, its const and volatile included. */
static inline const void *
type_key(CXType type)
{
	return type.data[0];
}

#endif /* FPCHECK_POINTER_MAP_H */
