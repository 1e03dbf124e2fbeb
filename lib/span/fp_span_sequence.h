/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Where in a view is a sequence of elements.
 *
 * A position is the index of an element of the view; it is -1 when the sequence does not occur. An
 * empty sequence is found at the start, and searched backwards at the end, of every view. What is
 * at the end of the view or of the sequence and forms no whole element is not looked at.
 *
 * The functions for bytes are documented; those for elements of 16, 32 and 64 bits are the same on
 * their elements: fp_cspan_index_of_seq_u16() and so on.
 *
 * The cost is linear in both lengths whatever their content is: a few attempts at the places of
 * the first element, then the two-way algorithm of Crochemore and Perrin, which needs no memory.
 */

#ifndef FP_SPAN_SEQUENCE_H
#define FP_SPAN_SEQUENCE_H

#include "fp_span.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Position at which @p sequence occurs first, or -1; of an empty one 0. */
int64_t
fp_cspan_index_of_seq_u8(FP_SCOPED struct fp_cspan span, FP_SCOPED struct fp_cspan sequence);

/** Position at which @p sequence occurs last, or -1; of an empty one the number of elements. */
int64_t
fp_cspan_last_index_of_seq_u8(FP_SCOPED struct fp_cspan span, FP_SCOPED struct fp_cspan sequence);

/** How often @p sequence occurs, from the start on and without overlaps; an empty one 0 times. */
uint32_t fp_cspan_count_seq_u8(FP_SCOPED struct fp_cspan span, FP_SCOPED struct fp_cspan sequence);

#define FPI_SPAN_SEQUENCE(name)                                                      \
	int64_t fp_cspan_index_of_seq_##name(                                        \
		FP_SCOPED struct fp_cspan span, FP_SCOPED struct fp_cspan sequence); \
	int64_t fp_cspan_last_index_of_seq_##name(                                   \
		FP_SCOPED struct fp_cspan span, FP_SCOPED struct fp_cspan sequence); \
	uint32_t fp_cspan_count_seq_##name(                                          \
		FP_SCOPED struct fp_cspan span, FP_SCOPED struct fp_cspan sequence);

FPI_SPAN_SEQUENCE(u16)
FPI_SPAN_SEQUENCE(u32)
FPI_SPAN_SEQUENCE(u64)

#undef FPI_SPAN_SEQUENCE

#ifdef __cplusplus
}
#endif

#endif /* FP_SPAN_SEQUENCE_H */
