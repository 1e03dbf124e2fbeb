/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Rows of test_no_alloc_calls.c: views of received buffers of several segments. Chains, the chain
 * reader and its searches. The segments are made so that values, views and delimiters cross them.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <rte_common.h>
#include <rte_mbuf.h>

#include "call_rows.h"
#include "fp_chain.h"
#include "fp_chain_reader.h"
#include "fp_chain_search.h"

#define SEGMENTS 4
#define BYTES    48 /* of all segments: 0, 1, 2 ... */
#define CROSSED  6  /* where the first segment ends and, behind an empty one, the next begins */

static uint8_t room[BYTES];

static void
want(bool is_so)
{
	if (!is_so)
		fail_msg("a call did not do its work");
}

static struct fp_span
scratch(uint32_t len)
{
	return fp_span_over(room, len);
}

static struct fp_lease
receive(void)
{
	static const uint16_t lens[SEGMENTS] = { CROSSED, 0, 18, 24 };
	struct rte_mbuf *mbufs[SEGMENTS];
	struct fp_lease lease;
	uint8_t byte = 0;

	want(rte_pktmbuf_alloc_bulk(call_pool->mempool, mbufs, SEGMENTS) == 0);
	for (uint32_t i = 0; i < SEGMENTS; i++) {
		uint8_t *data = rte_pktmbuf_mtod(mbufs[i], uint8_t *);

		want(rte_pktmbuf_append(mbufs[i], lens[i]) != NULL);
		for (uint32_t k = 0; k < lens[i]; k++)
			data[k] = byte++;
		want(i == 0 || rte_pktmbuf_chain(mbufs[0], mbufs[i]) == 0);
	}
	fp_lease_take_burst(call_pool, mbufs, 1, call_turn, &lease);
	/* fpcheck: allow R-04-01 because the others are segments of the first by now */
	return lease;
}

static struct fp_chain
chain_of(const struct fp_lease *lease)
{
	struct fp_chain chain;

	want(fp_chain_of(lease, &chain) == 0);
	return chain;
}

static void
call_chain(void)
{
	struct fp_lease lease = receive();
	struct fp_chain rest = chain_of(&lease);
	struct fp_chain none = fp_chain_none();
	uint32_t pieces = 0;
	struct fp_cspan piece;

	want(fp_chain_len(rest) == BYTES && !fp_chain_is_empty(rest) && fp_chain_is_empty(none));
	want(!fp_chain_is_single(rest) && fp_chain_is_single(none));
	want(fp_chain_first(rest).len == CROSSED);
	want(fp_chain_copy_to(rest, scratch(BYTES)) == 0);
	want(fp_chain_equal(rest, fp_cspan_over(room, BYTES)));
	while (fp_chain_try_next(&rest, &piece))
		pieces++;
	want(pieces == SEGMENTS);
	fp_lease_release(&lease);
}

/* What a port says is not so, or the buffer has too many segments. */
static void
call_refused_chain(void)
{
	struct fp_lease lease = receive();
	struct rte_mbuf *mbuf = lease.mbuf;
	struct fp_chain chain;

	mbuf->pkt_len++;
	want(fp_chain_of(&lease, &chain) == -EBADMSG);
	mbuf->pkt_len--;
	mbuf->nb_segs = FP_CHAIN_SEGMENTS_MAX + 1;
	want(fp_chain_over(mbuf, &chain) == -EINVAL);
	mbuf->nb_segs = SEGMENTS;
	want(fp_chain_over(mbuf, &chain) == 0);
	fp_lease_release(&lease);
}

static void
call_chain_parts(void)
{
	struct fp_lease lease = receive();
	struct fp_chain chain = chain_of(&lease);
	struct fp_chain_position start;
	struct fp_chain_position end;
	struct fp_chain part = fp_chain_none();
	struct fp_cspan view = fp_cspan_over(NULL, 0);
	uint32_t off = 0;

	want(fp_chain_slice(chain, 4, 8, &part) == 0 && part.len == 8);
	want(fp_chain_slice(chain, BYTES, 1, &part) == -ERANGE);
	want(fp_chain_position_at(chain, CROSSED, &start) == 0);
	want(fp_chain_position_at(chain, BYTES + 1, &end) == -ERANGE);
	want(fp_chain_position_of(chain, BYTES - 1, &end));
	want(!fp_chain_position_of(chain, BYTES, &end));
	want(fp_chain_offset(chain, end, &off) == 0 && off == BYTES - 1);
	want(fp_chain_slice_between(chain, start, end, &part) == 0);
	want(fp_chain_slice_between(chain, end, start, &part) == -ERANGE);
	want(fp_chain_copy_to(chain, scratch(8)) == -ERANGE);
	want(fp_chain_view(chain, CROSSED, 8, scratch(0), &view) == 0);
	want(fp_chain_view(chain, 4, 8, scratch(8), &view) == 0 && fp_cspan_at(view, 7) == 11);
	want(fp_chain_view(chain, 4, 8, scratch(7), &view) == -ERANGE);
	want(fp_chain_view(chain, BYTES, 1, scratch(8), &view) == -ENODATA);
	fp_lease_release(&lease);
}

/* In a segment, over two, and more than there is. */
static void
call_reader_read(void)
{
	struct fp_lease lease = receive();
	struct fp_chain_reader reader = fp_chain_reader_open(chain_of(&lease));

	call_result += fp_chain_reader_read_u8(&reader);
	call_result += fp_chain_reader_read_le16(&reader);
	call_result += fp_chain_reader_read_be16(&reader);
	want(fp_chain_reader_read_be32(&reader) == 0x05060708);
	call_result += fp_chain_reader_read_le32(&reader);
	call_result += fp_chain_reader_read_le64(&reader);
	want(fp_chain_reader_read_be48(&reader) == 0x15161718191a);
	call_result += fp_chain_reader_read_be64(&reader);
	fp_chain_reader_skip(&reader, 8);
	want(fp_chain_reader_require(&reader, 5) && fp_chain_reader_ok(&reader));
	want(fp_chain_reader_read_be64(&reader) == 0 && !fp_chain_reader_ok(&reader));
	want(fp_chain_reader_len(&reader) == 0);
	fp_lease_release(&lease);
}

static void
call_reader_try(void)
{
	struct fp_lease lease = receive();
	struct fp_chain_reader reader = fp_chain_reader_open(chain_of(&lease));
	uint64_t u64 = 0;
	uint32_t u32 = 0;
	uint16_t u16 = 0;
	uint8_t u8 = 0;

	want(fp_chain_reader_try_u8(&reader, &u8) && fp_chain_reader_try_be16(&reader, &u16));
	want(fp_chain_reader_try_le16(&reader, &u16) && fp_chain_reader_try_le32(&reader, &u32));
	want(u32 == 0x08070605 && fp_chain_reader_try_be32(&reader, &u32));
	want(fp_chain_reader_try_be64(&reader, &u64) && fp_chain_reader_try_be48(&reader, &u64));
	want(u64 == 0x15161718191a && fp_chain_reader_try_le64(&reader, &u64));
	want(fp_chain_reader_try_peek(&reader, &u8) && u8 == 35);
	want(fp_chain_reader_try_peek_at(&reader, 12, &u8) && u8 == 47);
	want(!fp_chain_reader_try_peek_at(&reader, 13, &u8));
	fp_chain_reader_advance_to_end(&reader);
	want(!fp_chain_reader_try_peek(&reader, &u8) && !fp_chain_reader_try_be64(&reader, &u64));
	fp_lease_release(&lease);
}

static void
call_reader_move(void)
{
	struct fp_lease lease = receive();
	struct fp_chain chain = chain_of(&lease);
	struct fp_chain_reader reader = fp_chain_reader_open(chain);
	struct fp_chain_position position;
	uint32_t off = 0;

	want(fp_chain_reader_advance(&reader, 30) == 0);
	want(fp_chain_reader_consumed(&reader) == 30 && fp_chain_reader_remaining(&reader) == 18);
	want(fp_chain_reader_rewind(&reader, 28) == 0);
	want(fp_chain_reader_rewind(&reader, 3) == -ERANGE);
	position = fp_chain_reader_position(&reader);
	want(fp_chain_offset(chain, position, &off) == 0 && off == 2);
	want(fp_chain_reader_current(&reader).len == CROSSED);
	want(fp_chain_reader_unread_span(&reader).len == CROSSED - 2);
	want(fp_chain_len(fp_chain_reader_unread(&reader)) == BYTES - 2);
	want(fp_chain_reader_len(&reader) == BYTES && !fp_chain_reader_is_end(&reader));
	want(fp_chain_reader_advance(&reader, BYTES) == -ERANGE && fp_chain_reader_is_end(&reader));
	fp_lease_release(&lease);
}

static void
call_reader_views(void)
{
	struct fp_lease lease = receive();
	struct fp_chain_reader reader = fp_chain_reader_open(chain_of(&lease));
	struct fp_chain part = fp_chain_none();
	struct fp_cspan view = fp_cspan_over(NULL, 0);

	want(fp_chain_reader_try_copy(&reader, scratch(BYTES)));
	fp_chain_reader_read_into(&reader, room, 4);
	want(fp_chain_reader_view(&reader, 8, scratch(7), &view) == -ERANGE);
	want(fp_chain_reader_view(&reader, 8, scratch(8), &view) == 0);
	want(fp_cspan_at(view, 7) == 11);
	want(fp_chain_reader_view(&reader, 8, scratch(0), &view) == 0);
	want(fp_chain_reader_try_slice(&reader, 8, &part) && part.len == 8);
	want(fp_chain_reader_view(&reader, 21, scratch(BYTES), &view) == -ENODATA);
	want(!fp_chain_reader_try_slice(&reader, 21, &part));
	want(!fp_chain_reader_try_copy(&reader, scratch(21)));
	fp_chain_reader_read_into(&reader, room, 21);
	want(!fp_chain_reader_ok(&reader));
	fp_lease_release(&lease);
}

static void
call_search(void)
{
	static const uint8_t sequence[] = { 22, 23, 24, 25 };
	static const uint8_t set[] = { 31, 30, 29, 28 };
	struct fp_cspan any = fp_cspan_over(set, sizeof(set));
	struct fp_lease lease = receive();
	struct fp_chain_reader reader = fp_chain_reader_open(chain_of(&lease));
	struct fp_cspan view = fp_cspan_over(NULL, 0);
	struct fp_chain part = fp_chain_none();

	want(fp_chain_reader_is_next(&reader, 0, true));
	want(fp_chain_reader_try_read_to(&reader, 4, true, &part) && part.len == 3);
	want(fp_chain_reader_view_to(&reader, 8, false, scratch(2), &view) == -ERANGE);
	want(fp_chain_reader_view_to(&reader, 8, false, scratch(8), &view) == 0 && view.len == 3);
	want(fp_chain_reader_view_to(&reader, 7, false, scratch(8), &view) == -ENODATA);
	want(fp_chain_reader_try_read_to_span(
		     &reader, fp_cspan_over(sequence, sizeof(sequence)), false, &part) &&
		part.len == 14);
	want(fp_chain_reader_is_next_span(
		&reader, fp_cspan_over(sequence, sizeof(sequence)), true));
	want(fp_chain_reader_try_read_to_any(&reader, any, false, &part) && part.len == 2);
	want(fp_chain_reader_advance_past_any(&reader, any) == sizeof(set));
	want(fp_chain_reader_advance_past(&reader, 32) == 1);
	want(!fp_chain_reader_try_read_to_escaped(&reader, 40, 39, true, &part));
	want(fp_chain_reader_try_read_to_escaped(&reader, 40, 38, true, &part) && part.len == 7);
	want(!fp_chain_reader_try_read_to(&reader, 4, true, &part));
	fp_lease_release(&lease);
}

static void
call_search_advance(void)
{
	static const uint8_t set[] = { 20, 19 };
	struct fp_cspan any = fp_cspan_over(set, sizeof(set));
	struct fp_lease lease = receive();
	struct fp_chain_reader reader = fp_chain_reader_open(chain_of(&lease));
	struct fp_chain part = fp_chain_none();

	want(fp_chain_reader_try_advance_to(&reader, 5, false));
	want(!fp_chain_reader_try_advance_to_le16(&reader, 0x0706, false));
	want(fp_chain_reader_try_advance_to_le16(&reader, 0x0605, true));
	want(fp_chain_reader_try_advance_to_any(&reader, any, false));
	want(!fp_chain_reader_try_advance_to(&reader, 5, true));
	want(fp_chain_reader_try_read_to_le16(&reader, 0x1817, true, &part) && part.len == 4);
	want(!fp_chain_reader_try_read_to_le16(&reader, 0x1817, true, &part));
	want(!fp_chain_reader_try_advance_to_any(&reader, any, true));
	fp_lease_release(&lease);
}

const struct call_row chain_rows[] = {
	{ "fp_chain_of, try_next, equal ...", call_chain },
	{ "fp_chain_of, over of what is not so", call_refused_chain },
	{ "fp_chain_slice, position_at, copy_to, view ...", call_chain_parts },
	{ "fp_chain_reader_read", call_reader_read },
	{ "fp_chain_reader_try", call_reader_try },
	{ "fp_chain_reader_advance, rewind, position ...", call_reader_move },
	{ "fp_chain_reader_view, try_slice, read_into ...", call_reader_views },
	{ "fp_chain_reader_try_read_to, is_next, advance_past ...", call_search },
	{ "fp_chain_reader_try_advance_to, read_to_le16 ...", call_search_advance },
};
const uint32_t chain_row_count = RTE_DIM(chain_rows);
