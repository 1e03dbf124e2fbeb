/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Where in a view is an element of some kind: equal to a value, one of a set, in a range, or none
 * of these; counting and trimming.
 *
 * A position is the index of an element, counted from the start of the view, also by the functions
 * that search backwards for the last one. It is -1 when there is none. What is at the end of a
 * view and forms no whole element is not looked at.
 *
 * The functions for bytes are documented; those for elements of 16, 32 and 64 bits differ in the
 * type of the values only: fp_cspan_index_of_u16() and so on. A signed value is converted, except
 * where order matters: ranges exist with _i8, _i16, _i32 and _i64, too.
 *
 * The cost is at most linear in the length of the view, and the loops are made for the compiler's
 * vector code; a set costs a look at a bit map for each element, and one at all of the set for
 * those whose lowest byte occurs in it (bytes excepted). The first byte that is equal to one, two
 * or three values is found by the scans of fp_scan.h. Nothing is read outside the view.
 */

#ifndef FP_SPAN_SEARCH_H
#define FP_SPAN_SEARCH_H

#include "fp_scan.h"
#include "fp_span.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Position of the first element that is equal to @p a, or -1. @cost Bench: bench_scan/find. */
static inline int64_t
fp_cspan_index_of_u8(FP_SCOPED struct fp_cspan span, uint8_t a)
{
	fpi_cspan_check(span);
	return fpi_scan_table()->find(span.data, span.len, a);
}

/** Position of the last element that is equal to @p a, or -1. */
int64_t fp_cspan_last_index_of_u8(FP_SCOPED struct fp_cspan span, uint8_t a);

/** Position of the first element that is equal to one of the two, or -1. */
static inline int64_t
fp_cspan_index_of_any2_u8(FP_SCOPED struct fp_cspan span, uint8_t a, uint8_t b)
{
	fpi_cspan_check(span);
	return fpi_scan_table()->find_any2(span.data, span.len, a, b);
}

/** Position of the last element that is equal to one of the two, or -1. */
int64_t fp_cspan_last_index_of_any2_u8(FP_SCOPED struct fp_cspan span, uint8_t a, uint8_t b);

/** Position of the first element that is equal to one of the three, or -1. */
static inline int64_t
fp_cspan_index_of_any3_u8(FP_SCOPED struct fp_cspan span, uint8_t a, uint8_t b, uint8_t c)
{
	fpi_cspan_check(span);
	return fpi_scan_table()->find_any3(span.data, span.len, a, b, c);
}

/** Position of the last element that is equal to one of the three, or -1. */
int64_t
fp_cspan_last_index_of_any3_u8(FP_SCOPED struct fp_cspan span, uint8_t a, uint8_t b, uint8_t c);

/** Position of the first element that is in @p set, or -1, which an empty set always gives. */
int64_t fp_cspan_index_of_any_u8(FP_SCOPED struct fp_cspan span, FP_SCOPED struct fp_cspan set);

/** Position of the last element that is in @p set, or -1, which an empty set always gives. */
int64_t
fp_cspan_last_index_of_any_u8(FP_SCOPED struct fp_cspan span, FP_SCOPED struct fp_cspan set);

/** Position of the first element that is not equal to @p a, or -1. */
int64_t fp_cspan_index_of_except_u8(FP_SCOPED struct fp_cspan span, uint8_t a);

/** Position of the last element that is not equal to @p a, or -1. */
int64_t fp_cspan_last_index_of_except_u8(FP_SCOPED struct fp_cspan span, uint8_t a);

/** Position of the first element that is equal to neither, or -1. */
int64_t fp_cspan_index_of_except2_u8(FP_SCOPED struct fp_cspan span, uint8_t a, uint8_t b);

/** Position of the last element that is equal to neither, or -1. */
int64_t fp_cspan_last_index_of_except2_u8(FP_SCOPED struct fp_cspan span, uint8_t a, uint8_t b);

/** Position of the first element that is equal to none of the three, or -1. */
int64_t
fp_cspan_index_of_except3_u8(FP_SCOPED struct fp_cspan span, uint8_t a, uint8_t b, uint8_t c);

/** Position of the last element that is equal to none of the three, or -1. */
int64_t
fp_cspan_last_index_of_except3_u8(FP_SCOPED struct fp_cspan span, uint8_t a, uint8_t b, uint8_t c);

/** Position of the first element that is not in @p set, or -1; of an empty set none is. */
int64_t
fp_cspan_index_of_except_any_u8(FP_SCOPED struct fp_cspan span, FP_SCOPED struct fp_cspan set);

/** Position of the last element that is not in @p set, or -1; of an empty set none is. */
int64_t
fp_cspan_last_index_of_except_any_u8(FP_SCOPED struct fp_cspan span, FP_SCOPED struct fp_cspan set);

/** Position of the first element from @p low to @p high, or -1; nothing is in 2 to 1. */
int64_t fp_cspan_index_of_in_range_u8(FP_SCOPED struct fp_cspan span, uint8_t low, uint8_t high);

/** Position of the last element from @p low to @p high, or -1; nothing is in 2 to 1. */
int64_t
fp_cspan_last_index_of_in_range_u8(FP_SCOPED struct fp_cspan span, uint8_t low, uint8_t high);

/** Position of the first element below @p low or above @p high, or -1. */
int64_t
fp_cspan_index_of_except_in_range_u8(FP_SCOPED struct fp_cspan span, uint8_t low, uint8_t high);

/** Position of the last element below @p low or above @p high, or -1. */
int64_t fp_cspan_last_index_of_except_in_range_u8(
	FP_SCOPED struct fp_cspan span, uint8_t low, uint8_t high);

/** Number of elements that are equal to @p a. */
uint32_t fp_cspan_count_u8(FP_SCOPED struct fp_cspan span, uint8_t a);

/** View what is left without the elements equal to @p a at the start; whole elements only. */
FP_RETURNS(span)
struct fp_cspan fp_cspan_trim_start_u8(struct fp_cspan span, uint8_t a);

/** View what is left without the elements equal to @p a at the end; whole elements only. */
FP_RETURNS(span)
struct fp_cspan fp_cspan_trim_end_u8(struct fp_cspan span, uint8_t a);

/** View what is left without the elements equal to @p a at both ends; whole elements only. */
FP_RETURNS(span)
struct fp_cspan fp_cspan_trim_u8(struct fp_cspan span, uint8_t a);

/** View what is left without the elements of @p set at the start; whole elements only. */
FP_RETURNS(span)
struct fp_cspan fp_cspan_trim_start_any_u8(struct fp_cspan span, FP_SCOPED struct fp_cspan set);

/** View what is left without the elements of @p set at the end; whole elements only. */
FP_RETURNS(span)
struct fp_cspan fp_cspan_trim_end_any_u8(struct fp_cspan span, FP_SCOPED struct fp_cspan set);

/** View what is left without the elements of @p set at both ends; whole elements only. */
FP_RETURNS(span)
struct fp_cspan fp_cspan_trim_any_u8(struct fp_cspan span, FP_SCOPED struct fp_cspan set);

/*
 * The same for wider elements, in the same order.
 * A type takes no parentheses: NOLINTBEGIN(bugprone-macro-parentheses)
 */
#define FPI_SPAN_VALUES(direction, name, type)                                                   \
	int64_t fp_cspan_##direction##_of_##name(FP_SCOPED struct fp_cspan span, type a);        \
	int64_t fp_cspan_##direction##_of_any2_##name(                                           \
		FP_SCOPED struct fp_cspan span, type a, type b);                                 \
	int64_t fp_cspan_##direction##_of_any3_##name(                                           \
		FP_SCOPED struct fp_cspan span, type a, type b, type c);                         \
	int64_t fp_cspan_##direction##_of_any_##name(                                            \
		FP_SCOPED struct fp_cspan span, FP_SCOPED struct fp_cspan set);                  \
	int64_t fp_cspan_##direction##_of_except_##name(FP_SCOPED struct fp_cspan span, type a); \
	int64_t fp_cspan_##direction##_of_except2_##name(                                        \
		FP_SCOPED struct fp_cspan span, type a, type b);                                 \
	int64_t fp_cspan_##direction##_of_except3_##name(                                        \
		FP_SCOPED struct fp_cspan span, type a, type b, type c);                         \
	int64_t fp_cspan_##direction##_of_except_any_##name(                                     \
		FP_SCOPED struct fp_cspan span, FP_SCOPED struct fp_cspan set);

#define FPI_SPAN_RANGE(direction, name, type)                         \
	int64_t fp_cspan_##direction##_of_in_range_##name(            \
		FP_SCOPED struct fp_cspan span, type low, type high); \
	int64_t fp_cspan_##direction##_of_except_in_range_##name(     \
		FP_SCOPED struct fp_cspan span, type low, type high);

#define FPI_SPAN_WIDER(name, type)                                                \
	FPI_SPAN_VALUES(index, name, type)                                        \
	FPI_SPAN_VALUES(last_index, name, type)                                   \
	FPI_SPAN_RANGE(index, name, type)                                         \
	FPI_SPAN_RANGE(last_index, name, type)                                    \
	uint32_t fp_cspan_count_##name(FP_SCOPED struct fp_cspan span, type a);   \
	FP_RETURNS(span)                                                          \
	struct fp_cspan fp_cspan_trim_start_##name(struct fp_cspan span, type a); \
	FP_RETURNS(span)                                                          \
	struct fp_cspan fp_cspan_trim_end_##name(struct fp_cspan span, type a);   \
	FP_RETURNS(span)                                                          \
	struct fp_cspan fp_cspan_trim_##name(struct fp_cspan span, type a);       \
	FP_RETURNS(span)                                                          \
	struct fp_cspan fp_cspan_trim_start_any_##name(                           \
		struct fp_cspan span, FP_SCOPED struct fp_cspan set);             \
	FP_RETURNS(span)                                                          \
	struct fp_cspan fp_cspan_trim_end_any_##name(                             \
		struct fp_cspan span, FP_SCOPED struct fp_cspan set);             \
	FP_RETURNS(span)                                                          \
	struct fp_cspan fp_cspan_trim_any_##name(                                 \
		struct fp_cspan span, FP_SCOPED struct fp_cspan set);

#define FPI_SPAN_SIGNED(name, type)       \
	FPI_SPAN_RANGE(index, name, type) \
	FPI_SPAN_RANGE(last_index, name, type)

FPI_SPAN_WIDER(u16, uint16_t)
FPI_SPAN_WIDER(u32, uint32_t)
FPI_SPAN_WIDER(u64, uint64_t)
FPI_SPAN_SIGNED(i8, int8_t)
FPI_SPAN_SIGNED(i16, int16_t)
FPI_SPAN_SIGNED(i32, int32_t)
FPI_SPAN_SIGNED(i64, int64_t)

#undef FPI_SPAN_SIGNED
#undef FPI_SPAN_WIDER
#undef FPI_SPAN_RANGE
#undef FPI_SPAN_VALUES

/* fp_cspan_contains_u<bits>(span, a): true when an element is equal to a. */
#define FPI_SPAN_CONTAINS(name, type)                                                       \
	static inline bool fp_cspan_contains_##name(FP_SCOPED struct fp_cspan span, type a) \
	{                                                                                   \
		return fp_cspan_index_of_##name(span, a) >= 0;                              \
	}

FPI_SPAN_CONTAINS(u8, uint8_t)
FPI_SPAN_CONTAINS(u16, uint16_t)
FPI_SPAN_CONTAINS(u32, uint32_t)
FPI_SPAN_CONTAINS(u64, uint64_t)

#undef FPI_SPAN_CONTAINS
/* NOLINTEND(bugprone-macro-parentheses) */

#ifdef __cplusplus
}
#endif

#endif /* FP_SPAN_SEARCH_H */
