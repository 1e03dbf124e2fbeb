/* SPDX-License-Identifier: BSD-3-Clause */

#include "fp_span_search.h"
#include "fpi_width.h"

/* What is looked at without leaving the loop between: a few vectors [bytes]. */
#define BLOCK_BYTES 64U

/* Which lowest bytes occur among the elements of a set. */
struct byte_map {
	uint64_t words[4]; /* bit b % 64 of word b / 64 */
};

static inline bool
has_byte(const struct byte_map *map, uint8_t byte)
{
	return (map->words[byte / 64] >> (byte % 64) & 1) != 0;
}

/*
 * Whether one of the elements of the block at @at is wanted. A loop that is never left early is one
 * that compilers turn into vector code; the result has the width of an element for the same reason.
 */
#define BLOCK_HAS(at, is_wanted)                                     \
	const uint8_t *from = (at);                                  \
	ELEMENT hits = 0;                                            \
                                                                     \
	for (uint32_t k = 0; k < BLOCK_BYTES / ELEMENT_BYTES; k++) { \
		ELEMENT value = NAME(load)(from, k);                 \
                                                                     \
		hits = (ELEMENT)(hits | (ELEMENT)(is_wanted));       \
	}

/* Body of a function: the first element, which is called value, for which is_wanted holds. */
#define FIND_FIRST(is_wanted)                                               \
	const uint32_t block = BLOCK_BYTES / ELEMENT_BYTES;                 \
	uint32_t count = span.len / ELEMENT_BYTES;                          \
	uint32_t i = 0;                                                     \
                                                                            \
	fpi_cspan_check(span);                                              \
	for (; count - i >= block; i += block) {                            \
		BLOCK_HAS(span.data + (size_t)i * ELEMENT_BYTES, is_wanted) \
		if (hits != 0)                                              \
			break;                                              \
	}                                                                   \
	for (; i < count; i++) {                                            \
		ELEMENT value = NAME(load)(span.data, i);                   \
                                                                            \
		if (is_wanted)                                              \
			return i;                                           \
	}                                                                   \
	return -1;

/* Body of a function: the last element, which is called value, for which is_wanted holds. */
#define FIND_LAST(is_wanted)                                                          \
	const uint32_t block = BLOCK_BYTES / ELEMENT_BYTES;                           \
	uint32_t i = span.len / ELEMENT_BYTES;                                        \
                                                                                      \
	fpi_cspan_check(span);                                                        \
	for (; i >= block; i -= block) {                                              \
		BLOCK_HAS(span.data + (size_t)(i - block) * ELEMENT_BYTES, is_wanted) \
		if (hits != 0)                                                        \
			break;                                                        \
	}                                                                             \
	for (; i > 0; i--) {                                                          \
		ELEMENT value = NAME(load)(span.data, i - 1);                         \
                                                                                      \
		if (is_wanted)                                                        \
			return (int64_t)i - 1;                                        \
	}                                                                             \
	return -1;

#define WIDTH 8
#include "fpi_search_width.h"
#undef WIDTH

#define WIDTH 16
#include "fpi_search_width.h"
#undef WIDTH

#define WIDTH 32
#include "fpi_search_width.h"
#undef WIDTH

#define WIDTH 64
#include "fpi_search_width.h"
#undef WIDTH
