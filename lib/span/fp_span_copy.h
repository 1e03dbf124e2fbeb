/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Writing through views: copy, fill, clear, reverse, replace.
 *
 * Nothing outside the view is written. What is at the end of a view and forms no whole element
 * stays as it is. fp_cspan_try_copy(), for lengths that come from outside, is in fp_span.h.
 *
 * The functions for bytes are documented; those for elements of 16, 32 and 64 bits differ in the
 * type of the value only: fp_span_fill_u16(), fp_span_reverse_u16(), fp_span_replace_u16() and so
 * on. A signed value is converted: its bits are what is compared and written.
 */

#ifndef FP_SPAN_COPY_H
#define FP_SPAN_COPY_H

#include "fp_span.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Copy all of @p from to the start of @p to, as if through a third place; too short panics. */
void fp_cspan_copy(FP_SCOPED struct fp_cspan from, FP_SCOPED struct fp_span to);

/** Set all bytes of the view to zero, those of a part of an element too. */
void fp_span_clear(FP_SCOPED struct fp_span span);

/** Set each element to @p value. */
void fp_span_fill_u8(FP_SCOPED struct fp_span span, uint8_t value);

/** Put the elements into the opposite order; the bytes of an element keep theirs. */
void fp_span_reverse_u8(FP_SCOPED struct fp_span span);

/** Set each element that is equal to @p old to @p value; the two may be the same. */
void fp_span_replace_u8(FP_SCOPED struct fp_span span, uint8_t old, uint8_t value);

#define FPI_SPAN_COPY(bits)                                                             \
	void fp_span_fill_u##bits(FP_SCOPED struct fp_span span, uint##bits##_t value); \
	void fp_span_reverse_u##bits(FP_SCOPED struct fp_span span);                    \
	void fp_span_replace_u##bits(                                                   \
		FP_SCOPED struct fp_span span, uint##bits##_t old, uint##bits##_t value);

FPI_SPAN_COPY(16)
FPI_SPAN_COPY(32)
FPI_SPAN_COPY(64)

#undef FPI_SPAN_COPY

#ifdef __cplusplus
}
#endif

#endif /* FP_SPAN_COPY_H */
