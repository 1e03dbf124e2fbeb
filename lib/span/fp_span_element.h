/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Views as arrays of integers of 1, 2, 4 or 8 bytes.
 *
 * An element is in the machine's byte order and may lie at any address. What is at the end of a
 * view and forms no whole element is not looked at; this holds in all fp_span_*.h headers.
 *
 * Macros make these functions, for BITS 8, 16, 32 and 64:
 *
 *   fp_cspan_get_uBITS(span, index)          read element `index`, 0 to the number of whole ones
 *   fp_span_set_uBITS(span, index, value)    write it
 *
 * An index out of bounds panics.
 */

#ifndef FP_SPAN_ELEMENT_H
#define FP_SPAN_ELEMENT_H

#include "fp_span.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Stop the program: a view of @p len bytes has no element @p index of @p elem_bytes bytes. */
FP_COLD FP_NORETURN void fpi_span_element(uint32_t len, uint32_t index, uint32_t elem_bytes);

/**
 * Tell whether two views of elements overlap, and how far they are apart then.
 *
 * @param[in]  first       View of elements.
 * @param[in]  second      View of elements.
 * @param[in]  elem_bytes  Size of an element [bytes, from 1 on].
 * @param[out] overlap     True when there is a byte that is in whole elements of both.
 * @param[out] offset      Where @p second begins, counted from the start of @p first [elements];
 *                         0 when they do not overlap.
 * @return 0, or -EINVAL when @p elem_bytes is 0, or when the views overlap at a distance that is no
 *         multiple of it; both results are untouched then.
 */
FP_MUST_CHECK int fp_cspan_overlap_offset(FP_SCOPED struct fp_cspan first,
	FP_SCOPED struct fp_cspan second, uint32_t elem_bytes, bool *overlap, int64_t *offset);

/**
 * View what is there of whole, aligned elements, for code that takes an array of them.
 *
 * @param[in]  span        View of bytes.
 * @param[in]  elem_bytes  Size and alignment of an element [bytes: 1, 2, 4 or 8].
 * @param[out] out         View from the same address on, its length rounded down to whole elements;
 *                         untouched on error.
 * @return 0, or -EINVAL when @p elem_bytes is none of these or the address is not aligned to it.
 */
FP_MUST_CHECK static inline int
fp_cspan_cast(struct fp_cspan span, uint32_t elem_bytes, struct fp_cspan *out)
{
	bool is_size = elem_bytes == 1 || elem_bytes == 2 || elem_bytes == 4 || elem_bytes == 8;

	if (!is_size || ((uintptr_t)span.data & (elem_bytes - 1)) != 0)
		return -EINVAL;
	*out = fp_cspan_slice(span, 0, span.len & ~(elem_bytes - 1));
	return 0;
}

/** View what is there of whole, aligned, writable elements. @see fp_cspan_cast */
FP_MUST_CHECK static inline int
fp_span_cast(struct fp_span span, uint32_t elem_bytes, struct fp_span *out)
{
	struct fp_cspan whole;
	int error = fp_cspan_cast(fp_span_const(span), elem_bytes, &whole);

	if (error == 0)
		*out = fp_span_slice(span, 0, whole.len);
	return error;
}

/* The index is compared with a number of elements: their size times the index could wrap. */
#define FPI_SPAN_ELEMENT(bits)                                                                  \
	static inline uint##bits##_t fp_cspan_get_u##bits(struct fp_cspan span, uint32_t index) \
	{                                                                                       \
		uint##bits##_t value;                                                           \
                                                                                                \
		if (FP_UNLIKELY(index >= span.len / sizeof(value)))                             \
			fpi_span_element(span.len, index, sizeof(value));                       \
		fpi_cspan_check(span);                                                          \
		memcpy(&value, span.data + index * sizeof(value), sizeof(value));               \
		return value;                                                                   \
	}                                                                                       \
                                                                                                \
	static inline void fp_span_set_u##bits(                                                 \
		struct fp_span span, uint32_t index, uint##bits##_t value)                      \
	{                                                                                       \
		if (FP_UNLIKELY(index >= span.len / sizeof(value)))                             \
			fpi_span_element(span.len, index, sizeof(value));                       \
		fpi_cspan_check(fp_span_const(span));                                           \
		memcpy(span.data + index * sizeof(value), &value, sizeof(value));               \
	}

FPI_SPAN_ELEMENT(8)
FPI_SPAN_ELEMENT(16)
FPI_SPAN_ELEMENT(32)
FPI_SPAN_ELEMENT(64)

#undef FPI_SPAN_ELEMENT

#ifdef __cplusplus
}
#endif

#endif /* FP_SPAN_ELEMENT_H */
