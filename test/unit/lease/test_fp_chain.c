/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Chains of received buffers: what a chain is made of, its parts and positions, and what refuses or
 * ends a misuse. That each part of each split is right is in test_chain_reader_model.c.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fp_chain.h"
#include "fp_lease.h"
#include "fp_test_eal.h"
#include "fp_test_panic.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define BUFFERS   80
#define DATA_ROOM (RTE_PKTMBUF_HEADROOM + 256)

static struct fp_pool *pool;

/* The bytes of a buffer, over all segments, are 0, 1, 2 ... */
static struct rte_mbuf *
receive(const uint16_t *lens, uint16_t count)
{
	struct rte_mbuf *head = NULL;
	uint8_t byte = 0;

	for (uint16_t i = 0; i < count; i++) {
		struct rte_mbuf *segment = rte_pktmbuf_alloc(pool->mempool);
		uint8_t *data;

		assert_non_null(segment);
		data = (uint8_t *)rte_pktmbuf_append(segment, lens[i]);
		assert_non_null(data);
		/* A port knows of no poison, and leaves none behind either. */
		fp_unpoison(data, lens[i]);
		for (uint16_t k = 0; k < lens[i]; k++)
			data[k] = byte++;
		fp_poison(data, lens[i]);
		if (head == NULL) {
			head = segment;
		} else {
			assert_int_equal(rte_pktmbuf_chain(head, segment), 0);
		}
	}
	return head;
}

static struct fp_lease
take(struct rte_mbuf *mbuf)
{
	struct fp_lease lease;

	fp_lease_take_burst(pool, &mbuf, 1, 1, &lease);
	return lease;
}

static struct fp_lease
take_segments(const uint16_t *lens, uint16_t count)
{
	return take(receive(lens, count));
}

static struct fp_chain
chain_of(const struct fp_lease *lease)
{
	struct fp_chain chain;

	assert_int_equal(fp_chain_of(lease, &chain), 0);
	return chain;
}

/* The chain has the bytes from, from + 1 ... to - 1. */
static void
assert_bytes(struct fp_chain chain, uint32_t from, uint32_t to)
{
	uint8_t expected[256];

	for (uint32_t i = from; i < to; i++)
		expected[i - from] = (uint8_t)i;
	assert_int_equal(fp_chain_len(chain), to - from);
	assert_int_equal(fp_chain_is_empty(chain), to == from);
	assert_true(fp_chain_equal(chain, fp_cspan_over(expected, to - from)));
	if (to != from) {
		expected[to - from - 1] ^= 1;
		assert_false(fp_chain_equal(chain, fp_cspan_over(expected, to - from)));
	}
	assert_false(fp_chain_equal(chain, fp_cspan_over(expected, to - from + 1)));
}

/* The lengths of the pieces are those. */
static void
assert_pieces(struct fp_chain chain, const uint32_t *lens, uint32_t count)
{
	struct fp_cspan piece;

	assert_int_equal(chain.segments, count);
	for (uint32_t i = 0; i < count; i++) {
		assert_int_equal(fp_chain_first(chain).len, lens[i]);
		assert_true(fp_chain_try_next(&chain, &piece));
		assert_int_equal(piece.len, lens[i]);
	}
	piece = fp_cspan_over(&piece, 1);
	assert_false(fp_chain_try_next(&chain, &piece));
	assert_int_equal(piece.len, 1);
	assert_int_equal(fp_chain_first(chain).len, 0);
}

static void
a_chain_is_two_words_below_level_full(void **state)
{
	(void)state;
#if FP_LIFETIME != FP_LIFETIME_FULL
	assert_int_equal(sizeof(struct fp_chain), 16);
#endif
}

static void
a_chain_of_nothing_has_no_bytes_and_no_segments(void **state)
{
	struct fp_chain none = fp_chain_none();
	struct fp_chain_position position;
	struct fp_cspan view;
	uint8_t byte = 7;

	(void)state;
	assert_pieces(none, NULL, 0);
	assert_true(fp_chain_is_empty(none));
	assert_true(fp_chain_is_single(none));
	assert_true(fp_chain_equal(none, fp_cspan_over(NULL, 0)));
	assert_int_equal(fp_chain_slice(none, 0, 0, &none), 0);
	assert_int_equal(fp_chain_slice(none, 1, 0, &none), -ERANGE);
	assert_int_equal(fp_chain_slice(none, 0, 1, &none), -ERANGE);
	assert_int_equal(fp_chain_position_at(none, 0, &position), 0);
	assert_int_equal(fp_chain_position_at(none, 1, &position), -ERANGE);
	assert_int_equal(fp_chain_slice_between(none, position, position, &none), 0);
	assert_false(fp_chain_position_of(none, 0, &position));
	assert_int_equal(fp_chain_copy_to(none, fp_span_over(&byte, 1)), 0);
	assert_int_equal(byte, 7);
	assert_int_equal(fp_chain_view(none, 0, 0, fp_span_over(NULL, 0), &view), 0);
	assert_int_equal(view.len, 0);
	assert_int_equal(fp_chain_view(none, 0, 1, fp_span_over(&byte, 1), &view), -ENODATA);
}

static void
a_whole_window_goes_on_through_all_segments(void **state)
{
	static const uint16_t lens[] = { 0, 3, 0, 0, 4, 1, 0 };
	static const uint32_t pieces[] = { 0, 3, 0, 0, 4, 1, 0 };
	struct fp_lease lease = take_segments(lens, COUNT(lens));
	struct fp_chain chain = chain_of(&lease);

	(void)state;
	assert_bytes(chain, 0, 8);
	assert_pieces(chain, pieces, COUNT(pieces));
	assert_false(fp_chain_is_single(chain));
	fp_lease_release(&lease);
}

static void
a_window_that_reaches_the_first_segments_end_goes_on_behind_it(void **state)
{
	static const uint16_t lens[] = { 5, 0, 4 };
	static const uint32_t pieces[] = { 2, 0, 4 };
	static const uint32_t none[] = { 0, 0, 4 };
	struct fp_lease lease = take_segments(lens, COUNT(lens));

	(void)state;
	assert_int_equal(fp_lease_slice(&lease, 3, 2), 0);
	assert_bytes(chain_of(&lease), 3, 9);
	assert_pieces(chain_of(&lease), pieces, COUNT(pieces));
	assert_int_equal(fp_lease_slice(&lease, 2, 0), 0);
	assert_bytes(chain_of(&lease), 5, 9);
	assert_pieces(chain_of(&lease), none, COUNT(none));
	assert_true(fp_chain_is_single(chain_of(&lease)));
	fp_lease_release(&lease);
}

static void
a_window_inside_the_first_segment_is_all_of_the_chain(void **state)
{
	static const uint16_t lens[] = { 5, 4 };
	static const uint32_t pieces[] = { 3 };
	static const uint32_t none[] = { 0 };
	struct fp_lease lease = take_segments(lens, COUNT(lens));

	(void)state;
	assert_int_equal(fp_lease_slice(&lease, 1, 3), 0);
	assert_bytes(chain_of(&lease), 1, 4);
	assert_pieces(chain_of(&lease), pieces, 1);
	assert_true(fp_chain_is_single(chain_of(&lease)));
	assert_int_equal(fp_lease_slice(&lease, 3, 0), 0);
	assert_bytes(chain_of(&lease), 4, 4);
	assert_pieces(chain_of(&lease), none, 1);
	fp_lease_release(&lease);
}

static void
chains_have_up_to_64_segments(void **state)
{
	uint16_t lens[FP_CHAIN_SEGMENTS_MAX + 1];
	struct fp_chain chain;
	struct fp_lease lease;

	(void)state;
	for (uint16_t count = 1; count <= FP_CHAIN_SEGMENTS_MAX + 1; count++) {
		for (uint16_t len = 0; len < 3; len++) {
			for (uint16_t i = 0; i < count; i++)
				lens[i] = len;
			lease = take_segments(lens, count);
			if (count <= FP_CHAIN_SEGMENTS_MAX) {
				assert_bytes(chain_of(&lease), 0, (uint32_t)count * len);
				assert_int_equal(chain_of(&lease).segments, count);
			} else {
				assert_int_equal(fp_chain_of(&lease, &chain), -EINVAL);
				assert_int_equal(fp_chain_over(lease.mbuf, &chain), -EINVAL);
				assert_pieces(chain, NULL, 0);
			}
			fp_lease_release(&lease);
		}
	}
}

/* Whole, the buffer is refused; a window inside its first segment needs nothing of that. */
static void
assert_is_refused(const struct fp_lease *lease)
{
	struct fp_lease narrow = *lease;
	struct fp_chain chain;

	chain.len = 1;
	assert_int_equal(fp_chain_of(lease, &chain), -EBADMSG);
	assert_pieces(chain, NULL, 0);
	assert_int_equal(fp_chain_over(lease->mbuf, &chain), -EBADMSG);
	assert_pieces(chain, NULL, 0);
	assert_int_equal(fp_lease_slice(&narrow, 0, 1), 0);
	assert_bytes(chain_of(&narrow), 0, 1);
}

static void
mbufs_that_contradict_each_other_are_refused(void **state)
{
	static const uint16_t lens[] = { 4, 0, 5 };
	struct fp_lease lease = take_segments(lens, COUNT(lens));
	struct rte_mbuf *head = lease.mbuf;
	struct rte_mbuf *second = head->next;
	struct rte_mbuf *last = second->next;
	struct fp_chain chain;

	(void)state;
	head->pkt_len = 10;
	assert_is_refused(&lease);
	head->pkt_len = 8;
	assert_is_refused(&lease);
	head->pkt_len = 0;
	assert_is_refused(&lease);
	head->pkt_len = UINT32_MAX;
	assert_is_refused(&lease);
	head->pkt_len = 9;
	head->nb_segs = 2;
	assert_is_refused(&lease);
	head->nb_segs = 4;
	assert_is_refused(&lease);
	head->nb_segs = 0;
	assert_is_refused(&lease);
	head->nb_segs = 3;
	second->next = NULL;
	assert_is_refused(&lease);
	second->next = head;
	assert_is_refused(&lease);
	second->next = last;
	last->next = second;
	assert_is_refused(&lease);
	last->next = NULL;
	last->data_off = (uint16_t)(last->buf_len - 4);
	assert_is_refused(&lease);
	last->data_off = (uint16_t)(last->buf_len + 1);
	assert_is_refused(&lease);
	last->data_off = RTE_PKTMBUF_HEADROOM;
	assert_bytes(chain_of(&lease), 0, 9);
	assert_int_equal(fp_chain_over(NULL, &chain), -EINVAL);
	fp_lease_release(&lease);
}

static void
a_window_behind_the_data_is_refused(void **state)
{
	static const uint16_t lens[] = { 6 };
	struct fp_lease lease = take_segments(lens, 1);
	struct fp_chain chain;

	(void)state;
	assert_int_equal(rte_pktmbuf_trim(lease.mbuf, 1), 0);
	assert_int_equal(fp_chain_of(&lease, &chain), -EBADMSG);
	assert_pieces(chain, NULL, 0);
	lease.len = 5;
	assert_bytes(chain_of(&lease), 0, 5);
	lease.mbuf->data_off = (uint16_t)(lease.mbuf->buf_len - 4);
	lease.len = 4;
	assert_int_equal(fp_chain_of(&lease, &chain), -EBADMSG);
	lease.mbuf->data_off = RTE_PKTMBUF_HEADROOM;
	fp_lease_release(&lease);
}

static void
slices_never_pass_the_end_whatever_the_numbers(void **state)
{
	static const uint32_t numbers[] = { 0, 1, 4, 8, 9, 10, 0x7fffffff, 0x80000000,
		UINT32_MAX - 1, UINT32_MAX };
	static const uint16_t lens[] = { 4, 0, 5, 200 };
	struct fp_lease lease = take_segments(lens, COUNT(lens));
	struct fp_chain chain = chain_of(&lease);
	struct fp_chain_position position;
	struct fp_cspan view;
	uint8_t scratch[16];

	(void)state;
	assert_int_equal(fp_chain_slice(chain, 0, 9, &chain), 0);
	for (size_t i = 0; i < COUNT(numbers); i++) {
		for (size_t k = 0; k < COUNT(numbers); k++) {
			uint64_t end = (uint64_t)numbers[i] + numbers[k];
			struct fp_chain out = fp_chain_none();
			int expected = end <= 9 ? 0 : -ERANGE;

			assert_int_equal(
				fp_chain_slice(chain, numbers[i], numbers[k], &out), expected);
			assert_bytes(out, expected == 0 ? numbers[i] : 0,
				expected == 0 ? (uint32_t)end : 0);
			assert_int_equal(fp_chain_view(chain, numbers[i], numbers[k],
						 fp_span_over(scratch, sizeof(scratch)), &view),
				end <= 9 ? 0 : -ENODATA);
		}
		assert_int_equal(fp_chain_position_at(chain, numbers[i], &position),
			numbers[i] <= 9 ? 0 : -ERANGE);
	}
	fp_lease_release(&lease);
}

static void
a_slice_ends_with_the_segment_of_its_last_byte(void **state)
{
	static const uint16_t lens[] = { 0, 3, 0, 4, 0 };
	static const uint32_t whole[] = { 3, 0, 4 };
	static const uint32_t first[] = { 3 };
	static const uint32_t middle[] = { 1, 0, 2 };
	static const uint32_t nothing[] = { 0 };
	struct fp_lease lease = take_segments(lens, COUNT(lens));
	struct fp_chain chain = chain_of(&lease);
	struct fp_chain out;

	(void)state;
	assert_int_equal(fp_chain_slice(chain, 0, 7, &out), 0);
	assert_pieces(out, whole, COUNT(whole));
	assert_int_equal(fp_chain_slice(chain, 0, 3, &out), 0);
	assert_pieces(out, first, COUNT(first));
	assert_true(fp_chain_is_single(out));
	assert_int_equal(fp_chain_slice(chain, 2, 3, &out), 0);
	assert_pieces(out, middle, COUNT(middle));
	assert_bytes(out, 2, 5);
	assert_int_equal(fp_chain_slice(chain, 7, 0, &out), 0);
	assert_pieces(out, nothing, COUNT(nothing));
	fp_lease_release(&lease);
}

static void
a_position_prefers_the_start_of_the_next_segment_with_bytes(void **state)
{
	static const uint16_t lens[] = { 0, 3, 0, 4, 0 };
	struct fp_lease lease = take_segments(lens, COUNT(lens));
	struct fp_chain chain = chain_of(&lease);
	const struct rte_mbuf *of_three = lease.mbuf->next;
	const struct rte_mbuf *of_four = of_three->next->next;
	struct fp_chain_position position;
	struct fp_chain first;

	(void)state;
	assert_int_equal(fp_chain_position_at(chain, 0, &position), 0);
	assert_ptr_equal(position.segment, of_three);
	assert_int_equal(position.off, 0);
	assert_int_equal(fp_chain_position_at(chain, 3, &position), 0);
	assert_ptr_equal(position.segment, of_four);
	assert_int_equal(position.off, 0);
	/* The end of the chain stays where its last byte is, though mbufs follow. */
	assert_int_equal(fp_chain_position_at(chain, 7, &position), 0);
	assert_ptr_equal(position.segment, of_four);
	assert_int_equal(position.off, 4);
	assert_int_equal(fp_chain_slice(chain, 0, 3, &first), 0);
	assert_int_equal(fp_chain_position_at(first, 3, &position), 0);
	assert_ptr_equal(position.segment, of_three);
	assert_int_equal(position.off, 3);
	fp_lease_release(&lease);
}

static void
all_forms_of_a_position_mean_the_same(void **state)
{
	static const uint16_t lens[] = { 0, 3, 0, 4, 0 };
	struct fp_lease lease = take_segments(lens, COUNT(lens));
	struct fp_chain chain = chain_of(&lease);
	const struct rte_mbuf *of_three = lease.mbuf->next;
	const struct rte_mbuf *of_four = of_three->next->next;
	const struct fp_chain_position forms[] = { { of_three, 3 }, { of_three->next, 0 },
		{ of_four, 0 } };
	const struct fp_chain_position ends[] = { { of_four, 4 }, { of_four->next, 0 } };
	struct fp_chain out;
	uint32_t off;

	(void)state;
	for (size_t i = 0; i < COUNT(forms); i++) {
		assert_int_equal(fp_chain_offset(chain, forms[i], &off), 0);
		assert_int_equal(off, 3);
		for (size_t k = 0; k < COUNT(ends); k++) {
			assert_int_equal(fp_chain_slice_between(chain, forms[i], ends[k], &out), 0);
			assert_bytes(out, 3, 7);
			assert_int_equal(
				fp_chain_slice_between(chain, ends[k], forms[i], &out), -ERANGE);
		}
		for (size_t k = 0; k < COUNT(forms); k++) {
			assert_int_equal(
				fp_chain_slice_between(chain, forms[i], forms[k], &out), 0);
			assert_bytes(out, 3, 3);
		}
	}
	fp_lease_release(&lease);
}

static void
a_position_of_elsewhere_is_refused(void **state)
{
	static const uint16_t lens[] = { 3, 4, 5 };
	struct fp_lease lease = take_segments(lens, COUNT(lens));
	struct fp_chain chain = chain_of(&lease);
	const struct rte_mbuf *second = lease.mbuf->next;
	const struct fp_chain_position outside[] = { { lease.mbuf, 0 }, { second, 0 },
		{ second, 4 }, { second->next, 0 }, { NULL, 0 }, { second, UINT32_MAX } };
	const struct fp_chain_position inside = { second, 2 };
	struct fp_chain out;
	uint32_t off = 99;

	(void)state;
	/* Two bytes in the middle of the second segment. */
	assert_int_equal(fp_chain_slice(chain, 4, 2, &chain), 0);
	assert_int_equal(fp_chain_offset(chain, inside, &off), 0);
	assert_int_equal(off, 1);
	for (size_t i = 0; i < COUNT(outside); i++) {
		off = 99;
		assert_int_equal(fp_chain_offset(chain, outside[i], &off), -ERANGE);
		assert_int_equal(off, 99);
		assert_int_equal(fp_chain_slice_between(chain, inside, outside[i], &out), -ERANGE);
		assert_int_equal(fp_chain_slice_between(chain, outside[i], inside, &out), -ERANGE);
	}
	fp_lease_release(&lease);
}

static void
a_byte_is_found_in_the_chain_and_not_behind_it(void **state)
{
	static const uint16_t lens[] = { 0, 3, 0, 4, 3 };
	struct fp_lease lease = take_segments(lens, COUNT(lens));
	struct fp_chain chain = chain_of(&lease);
	struct fp_chain_position position = { NULL, 7 };
	uint32_t off;

	(void)state;
	assert_int_equal(fp_chain_slice(chain, 1, 5, &chain), 0);
	for (uint8_t byte = 0; byte < 10; byte++) {
		bool is_there = byte >= 1 && byte < 6;

		position.segment = NULL;
		assert_int_equal(fp_chain_position_of(chain, byte, &position), is_there);
		assert_int_equal(position.segment != NULL, is_there);
		if (is_there) {
			assert_int_equal(fp_chain_offset(chain, position, &off), 0);
			assert_int_equal(off, byte - 1);
		}
	}
	fp_lease_release(&lease);
}

static void
a_copy_fits_or_writes_nothing(void **state)
{
	static const uint16_t lens[] = { 3, 0, 4 };
	struct fp_lease lease = take_segments(lens, COUNT(lens));
	struct fp_chain chain = chain_of(&lease);
	uint8_t to[9];

	(void)state;
	for (uint32_t room = 0; room <= 8; room++) {
		memset(to, 0xee, sizeof(to));
		assert_int_equal(
			fp_chain_copy_to(chain, fp_span_over(to, room)), room < 7 ? -ERANGE : 0);
		for (size_t i = 0; i < sizeof(to); i++)
			assert_int_equal(to[i], room >= 7 && i < 7 ? i : 0xee);
	}
	fp_lease_release(&lease);
}

static void
a_view_copies_only_what_lies_in_several_segments(void **state)
{
	static const uint16_t lens[] = { 3, 0, 4 };
	struct fp_lease lease = take_segments(lens, COUNT(lens));
	struct fp_chain chain = chain_of(&lease);
	const uint8_t *second = rte_pktmbuf_mtod(lease.mbuf->next->next, const uint8_t *);
	uint8_t scratch[3] = { 0xee, 0xee, 0xee };
	struct fp_cspan view = fp_cspan_over(scratch, 1);

	(void)state;
	assert_int_equal(fp_chain_view(chain, 3, 4, fp_span_over(NULL, 0), &view), 0);
	assert_ptr_equal(view.data, second);
	assert_int_equal(view.len, 4);
	assert_int_equal(fp_chain_view(chain, 3, 0, fp_span_over(NULL, 0), &view), 0);
	assert_ptr_equal(view.data, second);
	assert_int_equal(view.len, 0);
	assert_int_equal(fp_chain_view(chain, 1, 4, fp_span_over(scratch, 3), &view), -ERANGE);
	assert_int_equal(view.len, 0);
	assert_int_equal(scratch[0], 0xee);
	assert_int_equal(fp_chain_view(chain, 2, 2, fp_span_over(scratch, 3), &view), 0);
	assert_ptr_equal(view.data, scratch);
	assert_int_equal(view.len, 2);
	assert_int_equal(scratch[0], 2);
	assert_int_equal(scratch[1], 3);
	assert_int_equal(scratch[2], 0xee);
	fp_lease_release(&lease);
}

static void
note_free(void *addr, void *opaque)
{
	(void)addr;
	(*(unsigned int *)opaque)++;
}

static void
segments_against_inaccessible_pages_are_read_to_their_ends(void **state)
{
	static const uint16_t lens[] = { 5, 1, 0, 7 };
	struct rte_mbuf_ext_shared_info infos[COUNT(lens)];
	struct fp_test_guard guards[COUNT(lens)];
	struct rte_mbuf *head = NULL;
	struct fp_chain_position position;
	struct fp_chain out;
	struct fp_lease lease;
	unsigned int freed = 0;
	uint8_t byte = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(lens); i++) {
		struct rte_mbuf *segment = rte_pktmbuf_alloc(pool->mempool);

		assert_int_equal(fp_test_guard_create(&guards[i], 1), 0);
		for (uint16_t k = lens[i]; k != 0; k--)
			*(guards[i].end - k) = byte++;
		infos[i].free_cb = note_free;
		infos[i].fcb_opaque = &freed;
		rte_mbuf_ext_refcnt_set(&infos[i], 1);
		rte_pktmbuf_attach_extbuf(segment, guards[i].end - lens[i], 0, lens[i], &infos[i]);
		segment->data_off = 0;
		segment->data_len = lens[i];
		segment->pkt_len = lens[i];
		if (head == NULL) {
			head = segment;
		} else {
			assert_int_equal(rte_pktmbuf_chain(head, segment), 0);
		}
	}
	lease = take(head);
	assert_bytes(chain_of(&lease), 0, 13);
	for (uint32_t off = 0; off <= 13; off++) {
		for (uint32_t len = 0; len <= 13 - off; len++) {
			assert_int_equal(fp_chain_slice(chain_of(&lease), off, len, &out), 0);
			assert_bytes(out, off, off + len);
			assert_false(fp_chain_position_of(out, 99, &position));
		}
	}
	fp_lease_release(&lease);
	assert_int_equal(freed, COUNT(lens));
	for (size_t i = 0; i < COUNT(lens); i++) {
		/* The end of the lease has poisoned what is not the pool's. */
		fp_unpoison(guards[i].start, (size_t)(guards[i].end - guards[i].start));
		fp_test_guard_destroy(&guards[i]);
	}
}

static void
make_chain_of(void *arg)
{
	struct fp_chain chain;

	if (fp_chain_of(arg, &chain) != 0)
		abort();
}

static void
an_empty_lease_has_no_chain(void **state)
{
	struct fp_lease none = fp_lease_none();

	(void)state;
	ASSERT_PANICS(make_chain_of, &none, "chain: the lease is empty");
}

static void
walk(void *arg)
{
	struct fp_chain rest = *(struct fp_chain *)arg;
	struct fp_cspan piece;

	while (fp_chain_try_next(&rest, &piece))
		;
}

static void
segments_that_change_under_a_chain_end_the_program(void **state)
{
	static const uint16_t lens[] = { 3, 4 };
	struct fp_lease lease = take_segments(lens, COUNT(lens));
	struct rte_mbuf *last = lease.mbuf->next;
	struct fp_chain chain = chain_of(&lease);
	struct fp_chain tail;

	(void)state;
	assert_int_equal(fp_chain_slice(chain, 6, 1, &tail), 0);
	last->data_len = 3;
	ASSERT_PANICS(walk, &chain, "chain: 1 bytes in 0 segments are left");
	last->data_len = 2;
	ASSERT_PANICS(walk, &tail, "segments must not change while a chain looks at them");
	last->data_len = 4;
	lease.mbuf->next = NULL;
	ASSERT_PANICS(walk, &chain, "chain: 4 bytes in 1 segments are left");
	lease.mbuf->next = last;
	fp_lease_release(&lease);
}

#if FP_LIFETIME
static void
a_lease_that_is_over_has_no_chain(void **state)
{
	static const uint16_t lens[] = { 3, 4 };
	struct fp_lease lease = take_segments(lens, COUNT(lens));
	struct fp_lease copied = lease;

	(void)state;
	fp_lease_release(&lease);
	ASSERT_PANICS(make_chain_of, &copied, "chain: the lease of buffer");
}
#endif

#if FP_LIFETIME == FP_LIFETIME_FULL
static void
get_position(void *arg)
{
	struct fp_chain_position position;

	if (fp_chain_position_at(*(struct fp_chain *)arg, 1, &position) != 0)
		abort();
}

static void
get_offset(void *arg)
{
	struct fp_chain *chain = arg;
	struct fp_chain_position position = { chain->first, 0 };
	uint32_t off;

	if (fp_chain_offset(*chain, position, &off) != 0)
		abort();
}

static void
find(void *arg)
{
	struct fp_chain_position position;

	if (!fp_chain_position_of(*(struct fp_chain *)arg, 0, &position))
		abort();
}

static void
slice(void *arg)
{
	struct fp_chain out;

	if (fp_chain_slice(*(struct fp_chain *)arg, 1, 1, &out) != 0)
		abort();
}

static void
copy(void *arg)
{
	uint8_t to[16];

	if (fp_chain_copy_to(*(struct fp_chain *)arg, fp_span_over(to, sizeof(to))) != 0)
		abort();
}

static void
view_part(void *arg)
{
	struct fp_cspan view;

	if (fp_chain_view(*(struct fp_chain *)arg, 0, 1, fp_span_over(NULL, 0), &view) != 0)
		abort();
}

static void
compare(void *arg)
{
	uint8_t bytes[7] = { 0 };

	(void)fp_chain_equal(*(struct fp_chain *)arg, fp_cspan_over(bytes, sizeof(bytes)));
}

static void
ask_for_the_first(void *arg)
{
	(void)fp_chain_first(*(struct fp_chain *)arg);
}

static void
ask_whether_single(void *arg)
{
	(void)fp_chain_is_single(*(struct fp_chain *)arg);
}

static void
read_piece(void *arg)
{
	(void)fp_cspan_at(*(struct fp_cspan *)arg, 0);
}

static void
every_use_after_the_lease_panics_at_level_full(void **state)
{
	static const uint16_t lens[] = { 3, 4 };
	static const fp_test_call_fn uses[] = { walk, get_position, get_offset, find, slice, copy,
		view_part, compare, ask_for_the_first, ask_whether_single };
	struct fp_lease lease = take_segments(lens, COUNT(lens));
	struct fp_chain chain = chain_of(&lease);
	struct fp_chain rest = chain;
	struct fp_cspan piece;

	(void)state;
	assert_true(fp_chain_try_next(&rest, &piece));
	assert_true(fp_chain_try_next(&rest, &piece));
	for (size_t i = 0; i < COUNT(uses); i++)
		uses[i](&chain);
	read_piece(&piece);
	fp_lease_release(&lease);
	for (size_t i = 0; i < COUNT(uses); i++)
		ASSERT_PANICS(uses[i], &chain, "made under generation 1");
	ASSERT_PANICS(read_piece, &piece, "made under generation 1");
}
#endif

#if FP_HAS_ASAN
static void
read_byte(void *arg)
{
	uint8_t byte = **(const uint8_t *const *)arg;

	(void)fprintf(stderr, "%u\n", byte);
}

static void
all_segments_are_accessible_only_while_leased(void **state)
{
	static const uint16_t lens[] = { 3, 8 };
	struct fp_lease lease = take_segments(lens, COUNT(lens));
	struct fp_chain chain = chain_of(&lease);
	struct fp_cspan piece;
	const uint8_t *byte;

	(void)state;
	assert_true(fp_chain_try_next(&chain, &piece));
	assert_true(fp_chain_try_next(&chain, &piece));
	byte = piece.data + 7;
	assert_int_equal(*byte, 10);
	fp_lease_release(&lease);
	ASSERT_ASAN_STOPS(read_byte, &byte);
}
#endif

static int
create_pool(void **state)
{
	struct fp_pool_params params = { "chained", BUFFERS, DATA_ROOM, 0, SOCKET_ID_ANY };

	(void)state;
	return fp_pool_create(&params, &pool);
}

/* No buffer is out. */
static int
destroy_pool(void **state)
{
	int result = 0;

	(void)state;
	if (fp_pool_held(pool) != 0 || rte_mempool_avail_count(pool->mempool) != pool->count)
		result = -1;
	fp_pool_destroy(pool);
	return result;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, create_pool, destroy_pool)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_chain_is_two_words_below_level_full),
		TEST(a_chain_of_nothing_has_no_bytes_and_no_segments),
		TEST(a_whole_window_goes_on_through_all_segments),
		TEST(a_window_that_reaches_the_first_segments_end_goes_on_behind_it),
		TEST(a_window_inside_the_first_segment_is_all_of_the_chain),
		TEST(chains_have_up_to_64_segments),
		TEST(mbufs_that_contradict_each_other_are_refused),
		TEST(a_window_behind_the_data_is_refused),
		TEST(slices_never_pass_the_end_whatever_the_numbers),
		TEST(a_slice_ends_with_the_segment_of_its_last_byte),
		TEST(a_position_prefers_the_start_of_the_next_segment_with_bytes),
		TEST(all_forms_of_a_position_mean_the_same),
		TEST(a_position_of_elsewhere_is_refused),
		TEST(a_byte_is_found_in_the_chain_and_not_behind_it),
		TEST(a_copy_fits_or_writes_nothing),
		TEST(a_view_copies_only_what_lies_in_several_segments),
		TEST(segments_against_inaccessible_pages_are_read_to_their_ends),
		TEST(an_empty_lease_has_no_chain),
		TEST(segments_that_change_under_a_chain_end_the_program),
#if FP_LIFETIME
		TEST(a_lease_that_is_over_has_no_chain),
#endif
#if FP_LIFETIME == FP_LIFETIME_FULL
		TEST(every_use_after_the_lease_panics_at_level_full),
#endif
#if FP_HAS_ASAN
		TEST(all_segments_are_accessible_only_while_leased),
#endif
	};
	int failed;

	if (fp_test_eal_init() != 0)
		return 1;
	failed = cmocka_run_group_tests_name("fp_chain", tests, NULL, NULL);
	fp_test_eal_fini();
	return failed;
}
