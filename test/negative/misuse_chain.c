/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Chains, and cursors on them: after the lease they were made from, over mbufs that are not what
 * they say, and past their ends. Buffers have three segments of 20 bytes unless a function says
 * otherwise.
 */

#include <string.h>

#include "fp_chain.h"
#include "fp_chain_reader.h"
#include "fp_chain_search.h"
#include "fp_poison.h"
#include "misuse.h"

#define SEGMENTS      3
#define SEGMENT_BYTES (MISUSE_BYTES / SEGMENTS)

/** A lease of a buffer as a port gives it. */
static struct fp_lease
receive(uint16_t segments)
{
	struct fp_pool *pool = misuse_pool(segments);
	struct rte_mbuf *mbufs[FP_CHAIN_SEGMENTS_MAX + 1];
	struct fp_lease lease;

	misuse_must(rte_pktmbuf_alloc_bulk(pool->mempool, mbufs, segments));
	for (uint16_t i = 0; i < segments; i++) {
		char *data = rte_pktmbuf_append(mbufs[i], SEGMENT_BYTES);

		if (data == NULL)
			misuse_unprepared(-ENOMEM);
		/* A port knows of no poison, and leaves none behind either. */
		fp_unpoison(data, SEGMENT_BYTES);
		memset(data, 'a' + i, SEGMENT_BYTES);
		fp_poison(data, SEGMENT_BYTES);
		if (i != 0)
			misuse_must(rte_pktmbuf_chain(mbufs[0], mbufs[i]));
	}
	fp_lease_take_burst(pool, mbufs, 1, rte_rdtsc(), &lease);
	return lease;
}

static struct fp_chain
chain_of(const struct fp_lease *lease)
{
	struct fp_chain chain;

	misuse_must(fp_chain_of(lease, &chain));
	return chain;
}

static struct fp_chain
chain_of_all(void)
{
	struct fp_lease lease = receive(SEGMENTS);

	return chain_of(&lease);
}

/** What lies in the second segment. */
static struct fp_cspan
second_piece(struct fp_chain chain)
{
	struct fp_cspan piece = fp_cspan_over(NULL, 0);

	for (uint32_t i = 0; i < 2; i++)
		misuse_must(fp_chain_try_next(&chain, &piece) ? 0 : -ENODATA);
	return piece;
}

MISUSE(chain_first_after_release)
{
	struct fp_lease lease = receive(SEGMENTS);
	struct fp_chain chain = chain_of(&lease);

	fp_lease_release(&lease);
	misuse_use(fp_cspan_at(fp_chain_first(chain), 0));
}

MISUSE(chain_piece_after_release)
{
	struct fp_lease lease = receive(SEGMENTS);
	struct fp_cspan piece = second_piece(chain_of(&lease));

	fp_lease_release(&lease);
	misuse_use(fp_cspan_at(piece, 0));
}

MISUSE(chain_search_after_release)
{
	struct fp_lease lease = receive(1);
	struct fp_chain chain = chain_of(&lease);
	struct fp_chain_position position;

	fp_lease_release(&lease);
	misuse_use(fp_chain_position_of(chain, 'z', &position));
}

MISUSE(chain_copy_after_release)
{
	uint8_t to[MISUSE_BYTES];
	struct fp_lease lease = receive(1);
	struct fp_chain chain = chain_of(&lease);

	fp_lease_release(&lease);
	misuse_answers(fp_chain_copy_to(chain, fp_span_over(to, sizeof(to))));
}

MISUSE(chain_slice_after_release)
{
	struct fp_lease lease = receive(SEGMENTS);
	struct fp_chain chain = chain_of(&lease);
	struct fp_chain part;

	fp_lease_release(&lease);
	misuse_answers(fp_chain_slice(chain, 8, 8, &part));
}

MISUSE(chain_slice_across_after_release)
{
	struct fp_lease lease = receive(SEGMENTS);
	struct fp_chain chain = chain_of(&lease);
	struct fp_chain part;

	fp_lease_release(&lease);
	misuse_answers(fp_chain_slice(chain, SEGMENT_BYTES - 4, 8, &part));
}

MISUSE(chain_after_new_tenant)
{
	struct fp_lease lease = receive(1);
	struct fp_chain chain = chain_of(&lease);
	struct fp_pool *pool = fp_pool_find(lease.mbuf->pool);

	fp_lease_release(&lease);
	lease = misuse_rent(pool);
	misuse_use(fp_cspan_at(fp_chain_first(chain), 0));
}

MISUSE(chain_of_stale_lease)
{
	struct fp_lease lease = receive(1);
	struct fp_lease copy = lease;
	struct fp_chain chain;

	fp_lease_release(&lease);
	misuse_answers(fp_chain_of(&copy, &chain));
}

MISUSE(chain_of_stale_lease_of_segments)
{
	struct fp_lease lease = receive(SEGMENTS);
	struct fp_lease copy = lease;
	struct fp_chain chain;

	fp_lease_release(&lease);
	misuse_answers(fp_chain_of(&copy, &chain));
}

MISUSE(chain_of_empty_lease)
{
	struct fp_lease lease = fp_lease_none();
	struct fp_chain chain;

	misuse_answers(fp_chain_of(&lease, &chain));
}

MISUSE(chain_of_65_segments)
{
	struct fp_lease lease = receive(FP_CHAIN_SEGMENTS_MAX + 1);
	struct fp_chain chain;

	misuse_answers(fp_chain_of(&lease, &chain));
}

MISUSE(chain_of_lying_length)
{
	struct fp_lease lease = receive(SEGMENTS);
	struct fp_chain chain;

	lease.mbuf->pkt_len = UINT32_MAX;
	misuse_answers(fp_chain_of(&lease, &chain));
}

MISUSE(chain_of_lying_count)
{
	struct fp_lease lease = receive(SEGMENTS);
	struct fp_chain chain;

	lease.mbuf->nb_segs = SEGMENTS + 1;
	misuse_answers(fp_chain_of(&lease, &chain));
}

MISUSE(chain_of_lying_segment)
{
	struct fp_lease lease = receive(SEGMENTS);
	struct fp_chain chain;

	lease.mbuf->next->data_off = lease.mbuf->next->buf_len;
	misuse_answers(fp_chain_of(&lease, &chain));
}

MISUSE(chain_over_nothing)
{
	struct fp_chain chain;

	misuse_answers(fp_chain_over(NULL, &chain));
}

MISUSE(chain_of_trimmed_segment)
{
	uint8_t to[MISUSE_BYTES];
	struct fp_lease lease = receive(SEGMENTS);
	struct fp_chain chain = chain_of(&lease);

	misuse_must(rte_pktmbuf_trim(lease.mbuf, 8));
	misuse_answers(fp_chain_copy_to(chain, fp_span_over(to, sizeof(to))));
}

MISUSE(chain_of_unlinked_segment)
{
	struct fp_lease lease = receive(SEGMENTS);
	struct fp_chain chain = chain_of(&lease);
	struct fp_chain part;

	lease.mbuf->next->next = NULL;
	misuse_answers(fp_chain_slice(chain, MISUSE_BYTES - 8, 8, &part));
}

/* The middle segment gives more than it had, and the last one less. */
MISUSE(chain_of_grown_segment)
{
	uint8_t to[MISUSE_BYTES];
	struct fp_lease lease = receive(SEGMENTS);
	struct fp_chain chain = chain_of(&lease);
	struct rte_mbuf *middle = lease.mbuf->next;

	fp_unpoison(rte_pktmbuf_mtod_offset(middle, uint8_t *, middle->data_len), 8);
	middle->data_len += 8;
	misuse_answers(fp_chain_copy_to(chain, fp_span_over(to, sizeof(to))));
}

MISUSE(chain_slice_past_end)
{
	struct fp_chain part;

	misuse_answers(fp_chain_slice(chain_of_all(), 8, UINT32_MAX - 4, &part));
}

MISUSE(chain_slice_between_reversed)
{
	struct fp_chain chain = chain_of_all();
	struct fp_chain_position start;
	struct fp_chain_position end;
	struct fp_chain part;

	misuse_must(fp_chain_position_at(chain, 8, &end));
	misuse_must(fp_chain_position_at(chain, SEGMENT_BYTES + 8, &start));
	misuse_answers(fp_chain_slice_between(chain, start, end, &part));
}

MISUSE(chain_position_past_end)
{
	struct fp_chain_position position;

	misuse_answers(fp_chain_position_at(chain_of_all(), MISUSE_BYTES + 1, &position));
}

MISUSE(chain_position_of_another)
{
	struct fp_chain chain = chain_of_all();
	struct fp_chain_position position;
	struct rte_mbuf other;
	uint32_t off;

	position.segment = &other;
	position.off = 0;
	misuse_answers(fp_chain_offset(chain, position, &off));
}

MISUSE(chain_copy_to_shorter)
{
	uint8_t to[MISUSE_BYTES - 1];

	misuse_answers(fp_chain_copy_to(chain_of_all(), fp_span_over(to, sizeof(to))));
}

MISUSE(chain_view_past_end)
{
	uint8_t scratch[16];
	struct fp_cspan view;

	misuse_answers(fp_chain_view(chain_of_all(), MISUSE_BYTES - 8, 9,
		fp_span_over(scratch, sizeof(scratch)), &view));
}

MISUSE(chain_view_without_room)
{
	uint8_t scratch[15];
	struct fp_cspan view;

	misuse_answers(fp_chain_view(chain_of_all(), SEGMENT_BYTES - 8, 16,
		fp_span_over(scratch, sizeof(scratch)), &view));
}

MISUSE(chain_reader_after_release)
{
	struct fp_lease lease = receive(SEGMENTS);
	struct fp_chain_reader reader = fp_chain_reader_open(chain_of(&lease));

	fp_lease_release(&lease);
	misuse_use(fp_chain_reader_read_be32(&reader));
}

MISUSE(chain_reader_across_after_release)
{
	struct fp_lease lease = receive(SEGMENTS);
	struct fp_chain_reader reader = fp_chain_reader_open(chain_of(&lease));

	fp_chain_reader_skip(&reader, SEGMENT_BYTES - 2);
	fp_lease_release(&lease);
	misuse_use(fp_chain_reader_read_be32(&reader));
}

MISUSE(chain_reader_search_after_release)
{
	struct fp_lease lease = receive(SEGMENTS);
	struct fp_chain_reader reader = fp_chain_reader_open(chain_of(&lease));

	fp_lease_release(&lease);
	misuse_use(fp_chain_reader_try_advance_to(&reader, 'a', true));
}

MISUSE(chain_reader_search_across_after_release)
{
	struct fp_lease lease = receive(2);
	struct fp_chain_reader reader = fp_chain_reader_open(chain_of(&lease));

	fp_lease_release(&lease);
	misuse_use(fp_chain_reader_try_advance_to(&reader, 'z', true));
}

MISUSE(chain_reader_advance_after_release)
{
	struct fp_lease lease = receive(SEGMENTS);
	struct fp_chain_reader reader = fp_chain_reader_open(chain_of(&lease));

	fp_lease_release(&lease);
	misuse_answers(fp_chain_reader_advance(&reader, MISUSE_BYTES - 4));
}

MISUSE(chain_reader_view_after_release)
{
	struct fp_lease lease = receive(SEGMENTS);
	struct fp_chain_reader reader = fp_chain_reader_open(chain_of(&lease));
	struct fp_cspan view = fp_cspan_over(NULL, 0);

	misuse_must(fp_chain_reader_view(&reader, 8, fp_span_over(NULL, 0), &view));
	fp_lease_release(&lease);
	misuse_use(fp_cspan_at(view, 0));
}

MISUSE(chain_reader_advanced_past_end)
{
	struct fp_chain_reader reader = fp_chain_reader_open(chain_of_all());

	misuse_answers(fp_chain_reader_advance(&reader, MISUSE_BYTES + 1));
	misuse_says("%u of %u bytes remain, %s", fp_chain_reader_remaining(&reader),
		fp_chain_reader_len(&reader), fp_chain_reader_ok(&reader) ? "no fault" : "a fault");
}

MISUSE(chain_reader_rewound_before_start)
{
	struct fp_chain_reader reader = fp_chain_reader_open(chain_of_all());

	fp_chain_reader_skip(&reader, SEGMENT_BYTES + 8);
	misuse_answers(fp_chain_reader_rewind(&reader, SEGMENT_BYTES + 9));
	misuse_says("%u bytes read", fp_chain_reader_consumed(&reader));
}

MISUSE(chain_reader_past_end)
{
	struct fp_chain_reader reader = fp_chain_reader_open(chain_of_all());
	uint64_t sum;

	fp_chain_reader_skip(&reader, MISUSE_BYTES - 2);
	sum = fp_chain_reader_read_be32(&reader);
	sum += fp_chain_reader_read_u8(&reader);
	misuse_says("%s, sum %lu", fp_chain_reader_ok(&reader) ? "read" : "a latched fault", sum);
}

MISUSE(raw_read_of_second_segment)
{
	struct fp_lease lease = receive(SEGMENTS);
	struct fp_cspan piece = second_piece(chain_of(&lease));

	misuse_use(*(const volatile uint8_t *)piece.data);
	fp_lease_release(&lease);
	misuse_use(*(const volatile uint8_t *)piece.data);
}

#define LATE_CHAIN PANICS(LATE_OF_BUFFER("returned", "received"))

/* Segments that went back to their pool are linked no longer: a walk over them is torn. */
#define TORN(bytes, segments)                                   \
	PANICS("chain: " bytes " bytes in " segments            \
	       " segments are left, but segment|segments must " \
	       "not change while a chain looks at them")

#define EMPTY PANICS("chain: the lease is empty: it was released, transmitted")

const struct misuse misuse_chain_rows[] = {
	ROW(chain_first_after_release, SILENT, SILENT, LATE_CHAIN, POISONED),
	ROW(chain_piece_after_release, SILENT, SILENT, LATE_CHAIN, POISONED),
	ROW(chain_search_after_release, SILENT, SILENT, LATE_CHAIN, POISONED),
	ROW(chain_copy_after_release, SILENT, SILENT, LATE_CHAIN, POISONED),
	/* It reads the mbufs, not their data. */
	ROW(chain_slice_after_release, SILENT, SILENT, LATE_CHAIN, NOT_POISONED),
	ROW(chain_slice_across_after_release, TORN("4", "2"), TORN("4", "2"), LATE_CHAIN,
		NOT_POISONED),
	ROW(chain_after_new_tenant, SILENT, SILENT, PANICS(LATE_OF_BUFFER("rented", "returned")),
		NOT_POISONED),
	ROW(chain_of_stale_lease, LATE_LEASE("chain", "returned"), NOT_POISONED),
	ROW(chain_of_stale_lease_of_segments, ANSWERS("-EBADMSG"),
		PANICS(OVER("chain", "returned")), PANICS(OVER("chain", "returned") "|before: "),
		NOT_POISONED),
	ROW(chain_of_empty_lease, ALL(EMPTY), NOT_POISONED),
	ROW(chain_of_65_segments, ALL(ANSWERS("-EINVAL")), NOT_POISONED),
	ROW(chain_of_lying_length, ALL(ANSWERS("-EBADMSG")), NOT_POISONED),
	ROW(chain_of_lying_count, ALL(ANSWERS("-EBADMSG")), NOT_POISONED),
	ROW(chain_of_lying_segment, ALL(ANSWERS("-EBADMSG")), NOT_POISONED),
	ROW(chain_over_nothing, ALL(ANSWERS("-EINVAL")), NOT_POISONED),
	ROW(chain_of_trimmed_segment, ALL(TORN("8", "0")), NOT_POISONED),
	ROW(chain_of_unlinked_segment, ALL(TORN("20", "1")), NOT_POISONED),
	/* All that is read lies in a segment's data, if not in those that the chain was made of. */
	ROW(chain_of_grown_segment, ALL(SILENT), NOT_POISONED),
	ROW(chain_slice_past_end, ALL(ANSWERS("-ERANGE")), NOT_POISONED),
	ROW(chain_slice_between_reversed, ALL(ANSWERS("-ERANGE")), NOT_POISONED),
	ROW(chain_position_past_end, ALL(ANSWERS("-ERANGE")), NOT_POISONED),
	ROW(chain_position_of_another, ALL(ANSWERS("-ERANGE")), NOT_POISONED),
	ROW(chain_copy_to_shorter, ALL(ANSWERS("-ERANGE")), NOT_POISONED),
	ROW(chain_view_past_end, ALL(ANSWERS("-ENODATA")), NOT_POISONED),
	ROW(chain_view_without_room, ALL(ANSWERS("-ERANGE")), NOT_POISONED),
	ROW(chain_reader_after_release, SILENT, SILENT, LATE_CHAIN, POISONED),
	ROW(chain_reader_across_after_release, SILENT, SILENT, LATE_CHAIN, POISONED),
	ROW(chain_reader_search_after_release, SILENT, SILENT, LATE_CHAIN, POISONED),
	ROW(chain_reader_search_across_after_release, SILENT, SILENT, LATE_CHAIN, POISONED),
	ROW(chain_reader_advance_after_release, TORN("20", "1"), TORN("20", "1"), LATE_CHAIN,
		NOT_POISONED),
	ROW(chain_reader_view_after_release, SILENT, SILENT, LATE_CHAIN, POISONED),
	ROW(chain_reader_advanced_past_end, ALL(ANSWERS("-ERANGE|0 of 60 bytes remain, no fault")),
		NOT_POISONED),
	ROW(chain_reader_rewound_before_start, ALL(ANSWERS("-ERANGE|28 bytes read")), NOT_POISONED),
	ROW(chain_reader_past_end, ALL(ANSWERS("a latched fault|sum 0")), NOT_POISONED),
	ROW(raw_read_of_second_segment, ALL(SILENT), POISONED),
};
const size_t misuse_chain_count = RTE_DIM(misuse_chain_rows);
