/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Typed arrays: so many elements of one size in an arena, by value, owning nothing.
 *
 *   struct fp_array quotes;
 *
 *   error = FP_ARENA_TAKE(arena, struct quote, 100, &quotes);
 *   FP_ARRAY_AT(quotes, struct quote, i)->price = price;
 *
 * An array is a view: it dies with the scope of the arena that it was taken in, and it lives on the
 * stack. Each access is held to the number of elements and to their size, so that an array that is
 * read as another type stops the program; at level `full` it also carries a watch. 16 bytes below.
 */

#ifndef FP_ARRAY_H
#define FP_ARRAY_H

#include <stdint.h>

#include "fp_common.h"
#include "fp_lifetime.h"

#ifdef __cplusplus
extern "C" {
#endif

/** An array. */
struct fp_array {
	uint8_t *data;       /**< First byte of the first element; may be NULL when count is 0. */
	uint32_t count;      /**< Elements. */
	uint32_t elem_bytes; /**< Of one element [bytes]. */
#if FP_LIFETIME == FP_LIFETIME_FULL
	struct fp_watch watch; /**< Tells when the memory has gone. */
#endif
};

/** Stop the program: an index or the size of the type is not the array's. */
FP_COLD FP_NORETURN void
fpi_array_bounds(uint32_t count, uint32_t elem_bytes, uint64_t size, uint64_t idx);

/** Make an array under a watch: for who lends memory, as arenas do (R-04-06). */
static inline struct fp_array
/* NOLINTNEXTLINE(readability-non-const-parameter): it is written through the array */
fp_array_watched(uint8_t *data, uint32_t count, uint32_t elem_bytes, struct fp_watch watch)
{
#if FP_LIFETIME == FP_LIFETIME_FULL
	struct fp_array array = { data, count, elem_bytes, watch };
#else
	struct fp_array array = { data, count, elem_bytes };

	(void)watch;
#endif
	return array;
}

/** Element @p idx of an array whose elements have @p size bytes; anything else panics. */
static inline void *
fpi_array_at(struct fp_array array, uint64_t size, uint64_t idx)
{
	if (FP_UNLIKELY(idx >= array.count || size != array.elem_bytes))
		fpi_array_bounds(array.count, array.elem_bytes, size, idx);
#if FP_LIFETIME == FP_LIFETIME_FULL
	fp_watch_check(array.watch);
#endif
	return array.data + idx * size;
}

/**
 * Point to an element.
 *
 * @param[in] array  struct fp_array.
 * @param[in] type   Of its elements, as it was taken.
 * @param[in] idx    [0..array.count - 1]; anything else panics.
 * @return type *, valid as long as the array.
 * @cost   Below `full` two comparisons, the one of the sizes the same for all elements.
 */
#define FP_ARRAY_AT(array, type, idx) ((type *)fpi_array_at((array), sizeof(type), (idx)))

#ifdef __cplusplus
}
#endif

#endif /* FP_ARRAY_H */
