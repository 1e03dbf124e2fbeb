/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Chains: a read-only view over bytes that lie in several segments of one buffer.
 *
 *   mbuf        mbuf      mbuf (empty)   mbuf
 *    |---|=======|=========|              |====|-------|
 *        off                                   off + len, counted over the segments
 *
 * A chain is a value for the stack, like a span: it owns nothing and dies with the lease that it
 * was made of, and the segments stay as they are meanwhile. Any segment may be empty. Where every
 * chain begins and ends is known to lie inside the segments' data; what the mbufs hold behind its
 * end is never looked at.
 *
 * To walk the segments is to take pieces off the front of a copy:
 *
 *   struct fp_chain rest = chain;
 *   struct fp_cspan piece;
 *
 *   while (fp_chain_try_next(&rest, &piece))
 *           ...
 *
 * fp_chain_reader.h reads integers and searches. Level full: each access checks the lease's watch.
 */

#ifndef FP_CHAIN_H
#define FP_CHAIN_H

#include <rte_mbuf.h>

#include "fp_common.h"
#include "fp_error.h"
#include "fp_lifetime.h"
#include "fp_span.h"

#ifdef __cplusplus
extern "C" {
#endif

struct fp_lease;

/** Most segments of a chain. */
#define FP_CHAIN_SEGMENTS_MAX 64U

/** A view over several segments. 16 bytes below level full. */
struct fp_chain {
	const struct rte_mbuf *first; /**< Segment in which it begins; NULL when there is none. */
	uint32_t len;                 /**< Length [bytes]. */
	uint16_t off;                 /**< Where it begins, from that segment's data [bytes]. */
	uint16_t segments; /**< That it extends over, empty ones too [0..FP_CHAIN_SEGMENTS_MAX]. */
#if FP_LIFETIME == FP_LIFETIME_FULL
	struct fp_watch watch; /**< Tells when the buffer has gone. */
#endif
};

/**
 * A place between two bytes of a buffer. Lives as long as the chain it was asked of.
 *
 * The place where one segment ends and the next begins has several forms; all of them mean the
 * same. What asks a chain for a position gets the start of the next segment that has bytes, except
 * at the end of the chain, which is the end of the last segment that has any.
 */
struct fp_chain_position {
	const struct rte_mbuf *segment; /**< Of the buffer; NULL in a chain without segments. */
	uint32_t off;                   /**< From the segment's data [bytes]. */
};

/** A chain of no bytes. */
FP_HOT_PATH static inline struct fp_chain
fp_chain_none(void)
{
	struct fp_chain chain;

	chain.first = NULL;
	chain.len = 0;
	chain.off = 0;
	chain.segments = 0;
#if FP_LIFETIME == FP_LIFETIME_FULL
	chain.watch = fp_watch_none();
#endif
	return chain;
}

/**
 * View what a lease holds, over all segments.
 *
 * A window that ends where the first segment's data end goes on through all following segments; one
 * that ends earlier is all there is of the chain, and the following segments are no part of it.
 *
 * @param[in]  lease  Not empty.
 * @param[out] out    From the window's start on; valid until this lease is released or transmitted.
 *                    Without bytes on error.
 * @return 0; -EBADMSG the mbufs contradict each other: nb_segs is not the number of segments,
 *         pkt_len is not the sum of their data_len, data_len passes the end of a segment's buffer,
 *         or the window passes the end of the first one's data; -EINVAL there are more than
 *         FP_CHAIN_SEGMENTS_MAX segments.
 * @owns    Nothing.
 * @cost    Reads the mbuf of each segment once.
 */
FP_MUST_CHECK FP_HOT_PATH int fp_chain_of(const struct fp_lease *lease, struct fp_chain *out);

/**
 * View all of an mbuf that outlives the view by construction: tests, tables.
 *
 * @param[in]  mbuf  First segment.
 * @param[out] out   All segments; without bytes on error.
 * @return 0; -EBADMSG the mbufs contradict each other, as for fp_chain_of(); -EINVAL @p mbuf is
 *         NULL, or has more than FP_CHAIN_SEGMENTS_MAX segments.
 */
FP_MUST_CHECK int fp_chain_over(const struct rte_mbuf *mbuf, struct fp_chain *out);

/** Length [bytes]. */
FP_HOT_PATH static inline uint32_t
fp_chain_len(FP_SCOPED struct fp_chain chain)
{
	return chain.len;
}

/** True when it has no bytes. It may have segments. */
FP_HOT_PATH static inline bool
fp_chain_is_empty(FP_SCOPED struct fp_chain chain)
{
	return chain.len == 0;
}

/** True when all bytes lie in one segment: fp_chain_view() of all of them copies nothing. */
FP_HOT_PATH bool fp_chain_is_single(FP_SCOPED struct fp_chain chain);

/** View what lies in the first segment: no bytes when that one is empty. */
FP_RETURNS(chain)
FP_HOT_PATH struct fp_cspan fp_chain_first(struct fp_chain chain);

/**
 * Take the first segment off a chain, be it empty or not.
 *
 * @param[in,out] rest   What is left; unchanged when nothing is.
 * @param[out]    piece  What of the chain lies in that segment; untouched when nothing is left.
 * @return False when no segment is left.
 */
FP_MUST_CHECK FP_HOT_PATH bool fp_chain_try_next(struct fp_chain *rest, struct fp_cspan *piece);

/**
 * View a part of a chain. It begins and ends at bytes: empty segments around are no part of it.
 *
 * @param[in]  chain  To take from.
 * @param[in]  off    First byte wanted [bytes, 0..chain.len].
 * @param[in]  len    Length wanted [bytes, 0..chain.len - off].
 * @param[out] out    With the lifetime of @p chain; untouched on error.
 * @return 0, or -ERANGE when the part does not lie inside @p chain.
 * @cost   Reads the mbufs up to the part's end.
 */
FP_MUST_CHECK FP_HOT_PATH int
fp_chain_slice(FP_RETAINS struct fp_chain chain, uint32_t off, uint32_t len, struct fp_chain *out);

/**
 * View what lies between two positions.
 *
 * @param[in]  chain  To take from.
 * @param[in]  start  First byte wanted.
 * @param[in]  end    Behind the last byte wanted.
 * @param[out] out    With the lifetime of @p chain; untouched on error.
 * @return 0, or -ERANGE when a position is not in @p chain, or @p end is before @p start.
 */
FP_MUST_CHECK FP_HOT_PATH int
fp_chain_slice_between(FP_RETAINS struct fp_chain chain, FP_SCOPED struct fp_chain_position start,
	FP_SCOPED struct fp_chain_position end, struct fp_chain *out);

/**
 * Find the position before a byte, or the end.
 *
 * @param[in]  chain  To look in.
 * @param[in]  off    Bytes before the position [0..chain.len].
 * @param[out] out    The position; untouched on error.
 * @return 0, or -ERANGE when @p off passes the end.
 */
FP_MUST_CHECK FP_HOT_PATH int
fp_chain_position_at(FP_RETAINS struct fp_chain chain, uint32_t off, struct fp_chain_position *out);

/**
 * Count the bytes before a position.
 *
 * @param[in]  chain     To look in; need not be the one that the position was asked of, as long as
 *                       both are of one buffer.
 * @param[in]  position  Any form of it.
 * @param[out] off       Bytes of @p chain before it [0..chain.len]; untouched on error.
 * @return 0, or -ERANGE when the position is not in @p chain.
 */
FP_MUST_CHECK FP_HOT_PATH int fp_chain_offset(FP_SCOPED struct fp_chain chain,
	FP_SCOPED struct fp_chain_position position, uint32_t *off);

/**
 * Find a byte.
 *
 * @param[in]  chain  To look in.
 * @param[in]  byte   Wanted.
 * @param[out] out    Position before its first occurrence; untouched when there is none.
 * @return True when it is there.
 */
FP_MUST_CHECK FP_HOT_PATH bool
fp_chain_position_of(FP_RETAINS struct fp_chain chain, uint8_t byte, struct fp_chain_position *out);

/**
 * Copy all bytes of a chain.
 *
 * @param[in]  chain  Source.
 * @param[out] to     Room for chain.len bytes, none of them in a segment of @p chain.
 * @return 0, or -ERANGE when @p to is shorter; nothing is written then.
 */
FP_MUST_CHECK FP_HOT_PATH int
fp_chain_copy_to(FP_SCOPED struct fp_chain chain, FP_SCOPED struct fp_span to);

/**
 * View a part in one piece: in place where it lies in one segment, else copied to scratch.
 *
 * @param[in]  chain    To take from.
 * @param[in]  off      First byte wanted [bytes].
 * @param[in]  len      Length wanted [bytes].
 * @param[out] scratch  Room of the caller's, written to only if the part lies in several segments.
 * @param[out] out      @p len bytes, with the lifetime of @p chain or, where copied, of @p scratch;
 *                      untouched on error.
 * @return 0; -ENODATA the part does not lie inside @p chain; -ERANGE it lies in several segments
 *         and @p scratch is shorter than @p len.
 */
FP_MUST_CHECK FP_HOT_PATH int fp_chain_view(FP_RETAINS struct fp_chain chain, uint32_t off,
	uint32_t len, FP_RETAINS struct fp_span scratch, struct fp_cspan *out);

/** True when the chain has the bytes of @p bytes, and no more; both may be empty. */
FP_HOT_PATH bool fp_chain_equal(FP_SCOPED struct fp_chain chain, FP_SCOPED struct fp_cspan bytes);

#ifdef __cplusplus
}
#endif

#endif /* FP_CHAIN_H */
