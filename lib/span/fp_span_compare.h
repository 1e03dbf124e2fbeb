/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Comparing views: order, beginnings, endings, binary search.
 *
 * Equality of bytes is fp_cspan_equal() in fp_span.h. What is at the end of a view and forms no
 * whole element is not looked at, except where bytes are said to be compared.
 *
 * The functions for bytes are documented; those for other elements differ in the type of the
 * elements only. Functions that depend on the order exist with _u8, _i8, _u16, _i16, _u32, _i32,
 * _u64 and _i64, the others with _u8, _u16, _u32 and _u64.
 */

#ifndef FP_SPAN_COMPARE_H
#define FP_SPAN_COMPARE_H

#include "fp_span.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Compare element by element; when one view is the beginning of the other, it is the smaller one.
 *
 * @return Below 0, 0 or above 0, as @p a is smaller than, equal to or greater than @p b; nothing
 *         but the sign is defined.
 */
int fp_cspan_compare_u8(FP_SCOPED struct fp_cspan a, FP_SCOPED struct fp_cspan b);

/** Number of elements that both views have in common at their starts [0..the shorter length]. */
uint32_t fp_cspan_common_prefix_u8(FP_SCOPED struct fp_cspan a, FP_SCOPED struct fp_cspan b);

/**
 * Find a value in elements that are in ascending order.
 *
 * The element in the middle, (low + high) / 2 rounded down, is tried, then the half that is left.
 *
 * @param[in] span   Elements in ascending order; otherwise the result is one of the two below, too.
 * @param[in] value  Value wanted.
 * @return Index of an element that is equal, of several any; else the complement ~i, below 0, of
 *         the index i at which @p value could be inserted.
 */
int64_t fp_cspan_binary_search_u8(FP_SCOPED struct fp_cspan span, uint8_t value);

#define FPI_SPAN_ORDER(name, type)                                                             \
	int fp_cspan_compare_##name(FP_SCOPED struct fp_cspan a, FP_SCOPED struct fp_cspan b); \
	int64_t fp_cspan_binary_search_##name(FP_SCOPED struct fp_cspan span, type value);

FPI_SPAN_ORDER(i8, int8_t)
FPI_SPAN_ORDER(u16, uint16_t)
FPI_SPAN_ORDER(i16, int16_t)
FPI_SPAN_ORDER(u32, uint32_t)
FPI_SPAN_ORDER(i32, int32_t)
FPI_SPAN_ORDER(u64, uint64_t)
FPI_SPAN_ORDER(i64, int64_t)

#undef FPI_SPAN_ORDER

#define FPI_SPAN_PREFIX(name)                   \
	uint32_t fp_cspan_common_prefix_##name( \
		FP_SCOPED struct fp_cspan a, FP_SCOPED struct fp_cspan b);

FPI_SPAN_PREFIX(u16)
FPI_SPAN_PREFIX(u32)
FPI_SPAN_PREFIX(u64)

#undef FPI_SPAN_PREFIX

/** True when @p span begins with the bytes of @p prefix; every view begins with an empty one. */
static inline bool
fp_cspan_starts_with(FP_SCOPED struct fp_cspan span, FP_SCOPED struct fp_cspan prefix)
{
	return prefix.len <= span.len &&
		fp_cspan_equal(fp_cspan_slice(span, 0, prefix.len), prefix);
}

/** True when @p span ends with the bytes of @p suffix; every view ends with an empty one. */
static inline bool
fp_cspan_ends_with(FP_SCOPED struct fp_cspan span, FP_SCOPED struct fp_cspan suffix)
{
	return suffix.len <= span.len &&
		fp_cspan_equal(fp_cspan_slice_from(span, span.len - suffix.len), suffix);
}

#ifdef __cplusplus
}
#endif

#endif /* FP_SPAN_COMPARE_H */
