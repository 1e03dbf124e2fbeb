/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Why nothing outside the segments is touched. check_mbufs() goes over the segments once: nb_segs
 * of them are linked, none more; each one's data lie in its buffer; their lengths add up to
 * pkt_len. From there on a chain only shrinks. Its first segment, offset, length and number of
 * segments always describe bytes that are there: part_len() is what of them lies in the first
 * segment, and pop() takes just that off. A walk ends with the chain's own length or number of
 * segments, whatever the last mbuf's next says. Who changes the segments under a chain is told so
 * (panic_torn) as soon as the two disagree.
 */

#include <string.h>

#include "fp_chain.h"
#include "fp_lease.h"
#include "fp_panic.h"

static FP_COLD FP_NORETURN void
panic_torn(const struct fp_chain *chain)
{
	fp_panic("chain: %u bytes in %u segments are left, but segment %p does not have those from "
		 "its byte %u on: segments must not change while a chain looks at them",
		chain->len, chain->segments, (const void *)chain->first, chain->off);
}

static inline void
check(const struct fp_chain *chain)
{
#if FP_LIFETIME == FP_LIFETIME_FULL
	fp_watch_check(chain->watch);
#else
	(void)chain;
#endif
}

/* Bytes of the chain that lie in its first segment. */
static inline uint32_t
part_len(const struct fp_chain *chain)
{
	if (FP_UNLIKELY(chain->first == NULL)) {
		if (chain->len != 0 || chain->segments != 0)
			panic_torn(chain);
		return 0;
	}
	if (FP_UNLIKELY(chain->first->data_len < chain->off))
		panic_torn(chain);
	return RTE_MIN((uint32_t)chain->first->data_len - chain->off, chain->len);
}

/* What lies in the first segment: the first @len bytes there, len = part_len(). */
static inline struct fp_cspan
part(const struct fp_chain *chain, uint32_t len)
{
	struct fp_cspan view = fp_cspan_over(NULL, 0);

	if (chain->first != NULL)
		view.data = rte_pktmbuf_mtod_offset(chain->first, const uint8_t *, chain->off);
	view.len = len;
#if FP_LIFETIME == FP_LIFETIME_FULL
	view.watch = chain->watch;
#endif
	return view;
}

/* Take the first segment off, in which @len bytes lie. */
static inline void
pop(struct fp_chain *chain, uint32_t len)
{
	if (FP_UNLIKELY(chain->first == NULL))
		panic_torn(chain);
	chain->segments--;
	chain->first = chain->segments == 0 ? NULL : chain->first->next;
	chain->off = 0;
	chain->len -= len;
}

/*
 * Take bytes off the front. Behind the last byte of a segment the chain begins at the next byte
 * that there is; only at its own end it stays where it is.
 */
static void
drop(struct fp_chain *chain, uint32_t count)
{
	uint32_t len = part_len(chain);

	while (count > len || (count == len && chain->len > count)) {
		pop(chain, len);
		count -= len;
		len = part_len(chain);
	}
	chain->off = (uint16_t)(chain->off + count);
	chain->len -= count;
}

/* Keep the first @len bytes, and the segments that these lie in. */
static void
keep(struct fp_chain *chain, uint32_t len)
{
	struct fp_chain rest;
	uint16_t segments;
	uint32_t taken;

	chain->len = len;
	rest = *chain;
	segments = chain->first == NULL ? 0 : 1;
	for (taken = part_len(&rest); taken < rest.len; taken = part_len(&rest)) {
		pop(&rest, taken);
		segments++;
	}
	chain->segments = segments;
}

/* Copy all bytes to where there is room for them. */
static void
copy_all(struct fp_chain rest, uint8_t *to)
{
	while (rest.len != 0) {
		uint32_t len = part_len(&rest);

		/* What a chain lends is read only where it is: NULL has no length. */
		if (len != 0)
			memcpy(to, part(&rest, len).data, len);
		to += len;
		pop(&rest, len);
	}
}

/* True when the data of one segment lie in its buffer. */
static bool
is_segment(const struct rte_mbuf *mbuf)
{
	return mbuf->data_off <= mbuf->buf_len && mbuf->data_len <= mbuf->buf_len - mbuf->data_off;
}

/* 0 when all mbufs of a buffer agree on what it is. */
static int
check_mbufs(const struct rte_mbuf *mbuf)
{
	const struct rte_mbuf *segment = mbuf;
	uint32_t len = 0;

	if (mbuf->nb_segs > FP_CHAIN_SEGMENTS_MAX)
		return -EINVAL;
	if (mbuf->nb_segs == 0)
		return -EBADMSG;
	for (uint32_t i = 0; i < mbuf->nb_segs; i++) {
		if (segment == NULL || !is_segment(segment))
			return -EBADMSG;
		len += segment->data_len;
		segment = segment->next;
	}
	return segment == NULL && len == mbuf->pkt_len ? 0 : -EBADMSG;
}

int
fp_chain_over(const struct rte_mbuf *mbuf, struct fp_chain *out)
{
	int result = mbuf == NULL ? -EINVAL : check_mbufs(mbuf);

	*out = fp_chain_none();
	if (result != 0)
		return result;
	out->first = mbuf;
	out->len = mbuf->pkt_len;
	out->segments = mbuf->nb_segs;
	return 0;
}

int
fp_chain_of(const struct fp_lease *lease, struct fp_chain *out)
{
	const struct rte_mbuf *mbuf = lease->mbuf;
	uint32_t window_end = (uint32_t)lease->off + lease->len;

	*out = fp_chain_none();
	if (FP_UNLIKELY(mbuf == NULL))
		fpi_lease_stale(lease, "chain");
	fpi_lease_check(lease, "chain");
	if (!is_segment(mbuf) || window_end > mbuf->data_len)
		return -EBADMSG;
	if (window_end < mbuf->data_len) {
		out->first = mbuf;
		out->len = lease->len;
		out->segments = 1;
	} else {
		int result = fp_chain_over(mbuf, out);

		if (result != 0)
			return result;
		out->len -= lease->off;
	}
	out->off = lease->off;
#if FP_LIFETIME == FP_LIFETIME_FULL
	out->watch.word = &fpi_lease_slot(lease)->generation;
	out->watch.stamp = lease->generation;
#endif
	return 0;
}

bool
fp_chain_is_single(struct fp_chain chain)
{
	check(&chain);
	drop(&chain, 0);
	return part_len(&chain) == chain.len;
}

struct fp_cspan
fp_chain_first(struct fp_chain chain)
{
	check(&chain);
	return part(&chain, part_len(&chain));
}

bool
fp_chain_try_next(struct fp_chain *rest, struct fp_cspan *piece)
{
	uint32_t len;

	if (rest->segments == 0 && rest->len == 0)
		return false;
	check(rest);
	len = part_len(rest);
	*piece = part(rest, len);
	pop(rest, len);
	return true;
}

int
fp_chain_slice(struct fp_chain chain, uint32_t off, uint32_t len, struct fp_chain *out)
{
	if (off > chain.len || len > chain.len - off)
		return -ERANGE;
	check(&chain);
	drop(&chain, off);
	keep(&chain, len);
	*out = chain;
	return 0;
}

int
fp_chain_slice_between(struct fp_chain chain, struct fp_chain_position start,
	struct fp_chain_position end, struct fp_chain *out)
{
	uint32_t from;
	uint32_t to;

	if (fp_chain_offset(chain, start, &from) != 0 || fp_chain_offset(chain, end, &to) != 0 ||
		to < from)
		return -ERANGE;
	return fp_chain_slice(chain, from, to - from, out);
}

int
fp_chain_position_at(struct fp_chain chain, uint32_t off, struct fp_chain_position *out)
{
	if (off > chain.len)
		return -ERANGE;
	check(&chain);
	drop(&chain, off);
	out->segment = chain.first;
	out->off = chain.off;
	return 0;
}

int
fp_chain_offset(struct fp_chain chain, struct fp_chain_position position, uint32_t *off)
{
	uint32_t passed = 0;
	uint32_t len;

	check(&chain);
	len = part_len(&chain);
	while (chain.first != position.segment && chain.segments > 1) {
		passed += len;
		pop(&chain, len);
		len = part_len(&chain);
	}
	/* Before the chain's first byte the difference is a large number. */
	if (chain.first != position.segment || position.off - chain.off > len)
		return -ERANGE;
	*off = passed + (position.off - chain.off);
	return 0;
}

bool
fp_chain_position_of(struct fp_chain chain, uint8_t byte, struct fp_chain_position *out)
{
	check(&chain);
	while (chain.len != 0) {
		struct fp_cspan view = part(&chain, part_len(&chain));
		const uint8_t *found = view.len == 0 ? NULL : memchr(view.data, byte, view.len);

		if (found != NULL) {
			out->segment = chain.first;
			out->off = chain.off + (uint32_t)(found - view.data);
			return true;
		}
		pop(&chain, view.len);
	}
	return false;
}

int
fp_chain_copy_to(struct fp_chain chain, struct fp_span to)
{
	if (to.len < chain.len)
		return -ERANGE;
	check(&chain);
	fpi_cspan_check(fp_span_const(to));
	copy_all(chain, to.data);
	return 0;
}

int
fp_chain_view(struct fp_chain chain, uint32_t off, uint32_t len, struct fp_span scratch,
	struct fp_cspan *out)
{
	if (off > chain.len || len > chain.len - off)
		return -ENODATA;
	check(&chain);
	drop(&chain, off);
	chain.len = len;
	if (FP_LIKELY(part_len(&chain) == len)) {
		*out = part(&chain, len);
		return 0;
	}
	if (scratch.len < len)
		return -ERANGE;
	fpi_cspan_check(fp_span_const(scratch));
	copy_all(chain, scratch.data);
	*out = fp_span_const(fp_span_slice(scratch, 0, len));
	return 0;
}

bool
fp_chain_equal(struct fp_chain chain, struct fp_cspan bytes)
{
	const uint8_t *expected = bytes.data;

	if (chain.len != bytes.len)
		return false;
	check(&chain);
	fpi_cspan_check(bytes);
	while (chain.len != 0) {
		struct fp_cspan view = part(&chain, part_len(&chain));

		if (view.len != 0 && memcmp(view.data, expected, view.len) != 0)
			return false;
		expected += view.len;
		pop(&chain, view.len);
	}
	return true;
}
