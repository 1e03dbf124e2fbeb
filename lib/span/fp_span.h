/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Views: an address and a length in bytes, by value, owning nothing.
 *
 *   struct fp_span   may be written through      struct fp_cspan   read only
 *
 * A view is a value for the stack: it is passed, sliced and dropped inside one frame, and it dies
 * with the lease, arena epoch or frame that it was taken from. Keep the lease to keep the data.
 * A span is 16 bytes; at level `full` it also carries a watch. Every function that touches memory
 * checks the watches of its views before, after the bounds; a view of no bytes is never checked,
 * since nothing is touched through it.
 *
 * Positions and lengths are unsigned and judged without forming a sum that could wrap: a negative
 * number that was converted is a huge one, and ends as every number out of bounds does.
 *
 * fp_span_element.h has views of elements of more than a byte, fp_span_copy.h writes through views,
 * fp_span_compare.h, fp_span_search.h and fp_span_sequence.h ask about their content, and
 * fp_span_endian.h reads and writes integers in a stated byte order.
 *
 * Views come from leases and arenas. fp_span_over() makes one from a bare address, for memory that
 * outlives the view by construction (tests, tables, a local array): fpcheck asks for it to be
 * absent elsewhere (R-04-06).
 */

#ifndef FP_SPAN_H
#define FP_SPAN_H

#include <stdint.h>
#include <string.h>

#include "fp_common.h"
#include "fp_error.h"
#include "fp_lifetime.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A view that may be written through. */
struct fp_span {
	uint8_t *data; /**< First byte; may be NULL when len is 0. */
	uint32_t len;  /**< Length [bytes]. */
#if FP_LIFETIME == FP_LIFETIME_FULL
	struct fp_watch watch; /**< Tells when the memory has gone. */
#endif
};

/** A view that is only read. */
struct fp_cspan {
	const uint8_t *data; /**< First byte; may be NULL when len is 0. */
	uint32_t len;        /**< Length [bytes]. */
#if FP_LIFETIME == FP_LIFETIME_FULL
	struct fp_watch watch; /**< Tells when the memory has gone. */
#endif
};

/** Stop the program: an index or slice of a view is out of its bounds. */
FP_COLD FP_NORETURN void fpi_span_bounds(uint32_t len, uint32_t start, uint32_t count);

/** Stop the program: a view of @p len bytes was asked for at no address. */
FP_COLD FP_NORETURN void fpi_span_null(uint32_t len);

/** Make a view under a watch: for who lends memory, as leases and arenas do (R-04-06). */
static inline struct fp_span
/* NOLINTNEXTLINE(readability-non-const-parameter): it is written through the span */
fp_span_watched(uint8_t *data, uint32_t len, struct fp_watch watch)
{
#if FP_LIFETIME == FP_LIFETIME_FULL
	struct fp_span span = { data, len, watch };
#else
	struct fp_span span = { data, len };

	(void)watch;
#endif
	return span;
}

/** Panic at level `full` if the memory below a view that is not empty has gone. */
static inline void
fpi_cspan_check(struct fp_cspan span)
{
#if FP_LIFETIME == FP_LIFETIME_FULL
	if (span.len != 0)
		fp_watch_check(span.watch);
#else
	(void)span;
#endif
}

/**
 * Make a view over memory that outlives it by construction.
 *
 * @param[in] data  First byte; NULL only with @p len 0, otherwise it panics.
 * @param[in] len   Length [bytes].
 */
static inline struct fp_span
fp_span_over(void *data, uint32_t len)
{
	if (FP_UNLIKELY(data == NULL && len != 0))
		fpi_span_null(len);
	return fp_span_watched((uint8_t *)data, len, fp_watch_none());
}

/** Give up the right to write. */
FP_RETURNS(span)
static inline struct fp_cspan
fp_span_const(struct fp_span span)
{
#if FP_LIFETIME == FP_LIFETIME_FULL
	struct fp_cspan view = { span.data, span.len, span.watch };
#else
	struct fp_cspan view = { span.data, span.len };
#endif
	return view;
}

/** Make a read-only view over memory that outlives it by construction. @see fp_span_over */
static inline struct fp_cspan
fp_cspan_over(const void *data, uint32_t len)
{
#if FP_LIFETIME == FP_LIFETIME_FULL
	struct fp_cspan view = { (const uint8_t *)data, len, fp_watch_none() };
#else
	struct fp_cspan view = { (const uint8_t *)data, len };
#endif
	if (FP_UNLIKELY(data == NULL && len != 0))
		fpi_span_null(len);
	return view;
}

/** True when the view has no bytes, whatever its address. */
static inline bool
fp_cspan_is_empty(struct fp_cspan span)
{
	return span.len == 0;
}

/** True when the view has no bytes, whatever its address. */
static inline bool
fp_span_is_empty(struct fp_span span)
{
	return span.len == 0;
}

/** True when both views have the same address and length; their bytes are not looked at. */
static inline bool
fp_cspan_same(FP_SCOPED struct fp_cspan a, FP_SCOPED struct fp_cspan b)
{
	return a.data == b.data && a.len == b.len;
}

/**
 * View @p count bytes from @p start on.
 *
 * Out of bounds is the caller's error and panics; sum of both is never formed in 32 bits.
 *
 * @param[in] span   View to take from.
 * @param[in] start  First byte wanted [bytes, 0..span.len].
 * @param[in] count  Length wanted [bytes, 0..span.len - start].
 * @return View with the lifetime of @p span.
 */
FP_RETURNS(span)
static inline struct fp_cspan
fp_cspan_slice(struct fp_cspan span, uint32_t start, uint32_t count)
{
	if (FP_UNLIKELY(start > span.len || count > span.len - start))
		fpi_span_bounds(span.len, start, count);
	if (start != 0)
		span.data += start; /* 0 is the only start of a view without address */
	span.len = count;
	return span;
}

/** View @p count writable bytes from @p start on. @see fp_cspan_slice */
FP_RETURNS(span)
static inline struct fp_span
fp_span_slice(struct fp_span span, uint32_t start, uint32_t count)
{
	if (FP_UNLIKELY(start > span.len || count > span.len - start))
		fpi_span_bounds(span.len, start, count);
	if (start != 0)
		span.data += start; /* 0 is the only start of a view without address */
	span.len = count;
	return span;
}

/** View all bytes from @p start on [0..span.len]; out of bounds panics. */
FP_RETURNS(span)
static inline struct fp_cspan
fp_cspan_slice_from(struct fp_cspan span, uint32_t start)
{
	return fp_cspan_slice(span, start, start <= span.len ? span.len - start : 0);
}

/** View all writable bytes from @p start on [0..span.len]; out of bounds panics. */
FP_RETURNS(span)
static inline struct fp_span
fp_span_slice_from(struct fp_span span, uint32_t start)
{
	return fp_span_slice(span, start, start <= span.len ? span.len - start : 0);
}

/**
 * View @p count bytes from @p start on, if they are there.
 *
 * @param[in]  span   View to take from.
 * @param[in]  start  First byte wanted [bytes].
 * @param[in]  count  Length wanted [bytes].
 * @param[out] out    The slice, with the lifetime of @p span; untouched on error.
 * @return 0, or -ERANGE when the slice does not lie inside @p span.
 */
FP_MUST_CHECK static inline int
fp_cspan_try_slice(struct fp_cspan span, uint32_t start, uint32_t count, struct fp_cspan *out)
{
	if (start > span.len || count > span.len - start)
		return -ERANGE;
	*out = fp_cspan_slice(span, start, count);
	return 0;
}

/** View @p count writable bytes from @p start on, if they are there. @see fp_cspan_try_slice */
FP_MUST_CHECK static inline int
fp_span_try_slice(struct fp_span span, uint32_t start, uint32_t count, struct fp_span *out)
{
	if (start > span.len || count > span.len - start)
		return -ERANGE;
	*out = fp_span_slice(span, start, count);
	return 0;
}

/** Where @p inner begins in @p outer, of which it is a slice [bytes]; otherwise it panics. */
static inline uint32_t
fp_cspan_offset(struct fp_cspan outer, FP_SCOPED struct fp_cspan inner)
{
	uint64_t offset = (uint64_t)((uintptr_t)inner.data - (uintptr_t)outer.data);

	if (FP_UNLIKELY(offset > outer.len || inner.len > outer.len - offset))
		fpi_span_bounds(outer.len, (uint32_t)offset, inner.len);
	return (uint32_t)offset;
}

/** View as writable the slice @p inner of @p outer, such as a trimmed one; otherwise it panics. */
FP_RETURNS(outer)
static inline struct fp_span
fp_span_part(struct fp_span outer, FP_SCOPED struct fp_cspan inner)
{
	return fp_span_slice(outer, fp_cspan_offset(fp_span_const(outer), inner), inner.len);
}

/** True when there is a byte that is in both views. */
static inline bool
fp_cspan_overlaps(FP_SCOPED struct fp_cspan a, FP_SCOPED struct fp_cspan b)
{
	uintptr_t a_start = (uintptr_t)a.data;
	uintptr_t b_start = (uintptr_t)b.data;

	if (a.len == 0 || b.len == 0)
		return false;
	return a_start <= b_start ? b_start - a_start < a.len : a_start - b_start < b.len;
}

/** The byte at @p index [0..span.len - 1]; out of bounds panics. */
static inline uint8_t
fp_cspan_at(struct fp_cspan span, uint32_t index)
{
	if (FP_UNLIKELY(index >= span.len))
		fpi_span_bounds(span.len, index, 1);
	fpi_cspan_check(span);
	return span.data[index];
}

/** The byte at @p index [0..span.len - 1]; out of bounds panics. */
static inline uint8_t
fp_span_at(struct fp_span span, uint32_t index)
{
	return fp_cspan_at(fp_span_const(span), index);
}

/** Write the byte at @p index [0..span.len - 1]; out of bounds panics. */
static inline void
fp_span_set(struct fp_span span, uint32_t index, uint8_t value)
{
	if (FP_UNLIKELY(index >= span.len))
		fpi_span_bounds(span.len, index, 1);
	fpi_cspan_check(fp_span_const(span));
	span.data[index] = value;
}

/** True when both views have the same length and bytes; two empty views are equal. */
static inline bool
fp_cspan_equal(FP_SCOPED struct fp_cspan a, FP_SCOPED struct fp_cspan b)
{
	fpi_cspan_check(a);
	fpi_cspan_check(b);
	return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

/**
 * Copy all of @p from to the start of @p to; the two may overlap.
 *
 * @param[in] from  Bytes to copy.
 * @param[in] to    Room for them.
 * @return 0, or -ERANGE when @p to is shorter than @p from; nothing is written then.
 */
FP_MUST_CHECK static inline int
fp_cspan_try_copy(FP_SCOPED struct fp_cspan from, FP_SCOPED struct fp_span to)
{
	if (from.len > to.len)
		return -ERANGE;
	fpi_cspan_check(from);
	fpi_cspan_check(fp_span_const(to));
	if (from.len != 0)
		memmove(to.data, from.data, from.len);
	return 0;
}

#ifdef __cplusplus
}
#endif

#endif /* FP_SPAN_H */
