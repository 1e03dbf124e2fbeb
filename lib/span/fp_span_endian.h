/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Integers in a stated byte order at the start of a view.
 *
 * Macros make these functions, for ORDER `le` and `be` and BITS 16, 32 and 64; bytes of the view
 * behind the integer are ignored:
 *
 *   fp_cspan_read_ORDERBITS(span)             read it; a view that is too short panics
 *   fp_cspan_try_read_ORDERBITS(span, &out)   read it; too short: false, and *out is 0
 *   fp_span_write_ORDERBITS(span, value)      write it; a view that is too short panics
 *   fp_span_try_write_ORDERBITS(span, value)  write it; too short: false, and nothing is written
 *
 * A signed integer is the unsigned one, converted. A single byte is fp_cspan_at() and
 * fp_span_set(); a whole message is better read through fp_reader.h.
 */

#ifndef FP_SPAN_ENDIAN_H
#define FP_SPAN_ENDIAN_H

#include "fp_endian.h"
#include "fp_span.h"

#ifdef __cplusplus
extern "C" {
#endif

#define FPI_SPAN_ENDIAN(order, bits)                                                             \
	static inline uint##bits##_t fp_cspan_read_##order##bits(FP_SCOPED struct fp_cspan span) \
	{                                                                                        \
		if (FP_UNLIKELY(span.len < (bits) / 8))                                          \
			fpi_span_bounds(span.len, 0, (bits) / 8);                                \
		fpi_cspan_check(span);                                                           \
		return fp_load_##order##bits(span.data);                                         \
	}                                                                                        \
                                                                                                 \
	FP_MUST_CHECK static inline bool fp_cspan_try_read_##order##bits(                        \
		FP_SCOPED struct fp_cspan span, uint##bits##_t *out)                             \
	{                                                                                        \
		bool is_there = span.len >= (bits) / 8;                                          \
                                                                                                 \
		*out = is_there ? fp_cspan_read_##order##bits(span) : 0;                         \
		return is_there;                                                                 \
	}                                                                                        \
                                                                                                 \
	static inline void fp_span_write_##order##bits(                                          \
		FP_SCOPED struct fp_span span, uint##bits##_t value)                             \
	{                                                                                        \
		if (FP_UNLIKELY(span.len < (bits) / 8))                                          \
			fpi_span_bounds(span.len, 0, (bits) / 8);                                \
		fpi_cspan_check(fp_span_const(span));                                            \
		fp_store_##order##bits(span.data, value);                                        \
	}                                                                                        \
                                                                                                 \
	FP_MUST_CHECK static inline bool fp_span_try_write_##order##bits(                        \
		FP_SCOPED struct fp_span span, uint##bits##_t value)                             \
	{                                                                                        \
		if (span.len < (bits) / 8)                                                       \
			return false;                                                            \
		fp_span_write_##order##bits(span, value);                                        \
		return true;                                                                     \
	}

FPI_SPAN_ENDIAN(le, 16)
FPI_SPAN_ENDIAN(le, 32)
FPI_SPAN_ENDIAN(le, 64)
FPI_SPAN_ENDIAN(be, 16)
FPI_SPAN_ENDIAN(be, 32)
FPI_SPAN_ENDIAN(be, 64)

#undef FPI_SPAN_ENDIAN

#ifdef __cplusplus
}
#endif

#endif /* FP_SPAN_ENDIAN_H */
