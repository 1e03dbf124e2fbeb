/* SPDX-License-Identifier: BSD-3-Clause */

#include <stdlib.h>
#include <string.h>

#include "fp_test_chain_ops.h"

/* What stands in outputs that an operation does not touch. */
#define UNTOUCHED UINT64_C(0x5555555555555555)

uint8_t fp_test_chain_scratch[FP_TEST_CHAIN_BYTES_MAX + 1];

static bool
is_one_piece(const struct fp_test_chain_pair *pair, uint32_t len)
{
	return len == 0 || len <= pair->of->end_of[pair->pos] - pair->pos;
}

void
fp_test_chain_lent(const struct fp_test_chain_pair *pair, struct fp_chain out,
	struct fp_test_chain_answer *answer)
{
	struct fp_chain_position position;

	answer->has_out = true;
	answer->out_len = fp_chain_len(out);
	if (fp_chain_position_at(out, 0, &position) != 0 ||
		fp_chain_offset(pair->of->chain, position, &answer->out_off) != 0)
		answer->out_off = UINT32_MAX;
	/* Where no bytes lie has many answers. */
	if (answer->out_len == 0)
		answer->out_off = 0;
	if (answer->out_off > pair->of->len || answer->out_len > pair->of->len - answer->out_off ||
		!fp_chain_equal(
			out, fp_cspan_over(pair->of->bytes + answer->out_off, answer->out_len)))
		answer->out_off = UINT32_MAX;
}

void
fp_test_chain_lent_view(const struct fp_test_chain_pair *pair, struct fp_cspan out, uint32_t off,
	struct fp_test_chain_answer *answer)
{
	answer->has_out = true;
	answer->is_copied = out.data == fp_test_chain_scratch;
	answer->out_len = out.len;
	answer->out_off = out.len == 0 ? 0 : off;
	if (out.len > pair->of->len - off ||
		(out.len != 0 && memcmp(out.data, pair->of->bytes + off, out.len) != 0))
		answer->out_off = UINT32_MAX;
}

void
fp_test_chain_lend(
	const struct fp_test_chain_pair *pair, uint32_t len, struct fp_test_chain_answer *answer)
{
	answer->has_out = true;
	answer->out_len = len;
	answer->out_off = len == 0 ? 0 : pair->pos;
}

struct fp_span
fp_test_chain_clean(uint32_t room)
{
	memset(fp_test_chain_scratch, 0xee, sizeof(fp_test_chain_scratch));
	return fp_span_over(fp_test_chain_scratch, room);
}

bool
fp_test_chain_is_clean(uint32_t len)
{
	for (; len < sizeof(fp_test_chain_scratch); len++) {
		if (fp_test_chain_scratch[len] != 0xee)
			return false;
	}
	return true;
}

void
fp_test_chain_lend_view(struct fp_test_chain_pair *pair, uint32_t len, uint32_t room,
	struct fp_test_chain_answer *answer)
{
	bool is_in_place = is_one_piece(pair, len);

	if (!is_in_place && len > room) {
		answer->result = -ERANGE;
		return;
	}
	fp_test_chain_lend(pair, len, answer);
	answer->is_copied = !is_in_place;
	pair->pos += len;
}

/* Operations of one table. */
static unsigned int
count_ops(const struct fp_test_chain_op *table)
{
	unsigned int count = 0;

	while (table[count].name != NULL)
		count++;
	return count;
}

unsigned int
fp_test_chain_ops(void)
{
	return count_ops(fp_test_chain_reads) + count_ops(fp_test_chain_searches);
}

static const struct fp_test_chain_op *
op_at(unsigned int op)
{
	static unsigned int reads;

	if (reads == 0)
		reads = count_ops(fp_test_chain_reads);
	return op < reads ? &fp_test_chain_reads[op] : &fp_test_chain_searches[op - reads];
}

enum fp_test_chain_args
fp_test_chain_op_args(unsigned int op)
{
	return op_at(op)->args;
}

const char *
fp_test_chain_op_name(unsigned int op)
{
	return op_at(op)->name;
}

/* Take down where each byte of the part [off, off + len) lies. */
static void
note_bytes(struct fp_test_chain *chain, const uint16_t *lens, uint32_t count, uint32_t off)
{
	uint32_t start = 0;

	for (uint32_t i = 0; i < count; i++) {
		const uint8_t *data = rte_pktmbuf_mtod(&chain->mbufs[i], const uint8_t *);
		uint32_t first = RTE_MAX(start, off);
		uint32_t end = RTE_MIN(start + lens[i], off + chain->len);

		for (uint32_t at = first; at < end; at++) {
			chain->bytes[at - off] = data[at - start];
			chain->segment_of[at - off] = (uint8_t)i;
			chain->start_of[at - off] = first - off;
			chain->end_of[at - off] = end - off;
		}
		start += lens[i];
	}
}

void
fp_test_chain_build(struct fp_test_chain *chain, uint8_t *const *segments, const uint16_t *lens,
	uint32_t count, uint32_t off, uint32_t len)
{
	struct rte_mbuf *head = &chain->mbufs[0];

	memset(chain->mbufs, 0, count * sizeof(chain->mbufs[0]));
	for (uint32_t i = 0; i < count; i++) {
		struct rte_mbuf *mbuf = &chain->mbufs[i];

		mbuf->buf_addr = segments[i];
		mbuf->buf_len = lens[i];
		mbuf->data_len = lens[i];
		mbuf->nb_segs = 1;
		mbuf->next = i + 1 < count ? mbuf + 1 : NULL;
		head->pkt_len += lens[i];
	}
	head->nb_segs = (uint16_t)count;
	if (fp_chain_over(head, &chain->chain) != 0)
		abort();
	if (len != UINT32_MAX && fp_chain_slice(chain->chain, off, len, &chain->chain) != 0)
		abort();
	chain->len = fp_chain_len(chain->chain);
	if (chain->len > FP_TEST_CHAIN_BYTES_MAX)
		abort();
	note_bytes(chain, lens, count, len == UINT32_MAX ? 0 : off);
}

void
fp_test_chain_open(struct fp_test_chain_pair *pair, const struct fp_test_chain *chain)
{
	pair->of = chain;
	pair->reader = fp_chain_reader_open(chain->chain);
	pair->pos = 0;
	pair->is_ok = true;
}

/* The current piece is that of the next byte, and the position is at that byte. */
static const char *
compare_place(const struct fp_test_chain_pair *pair)
{
	const struct fp_test_chain *of = pair->of;
	const struct fp_chain_reader *reader = &pair->reader;
	struct fp_cspan current = fp_chain_reader_current(reader);
	struct fp_cspan unread = fp_chain_reader_unread_span(reader);
	struct fp_chain_position position = fp_chain_reader_position(reader);
	const struct rte_mbuf *mbuf;
	const uint8_t *byte;

	if (fp_test_chain_remaining(pair) == 0) {
		if (current.len != 0 || unread.len != 0)
			return "there is a piece at the end";
		if (of->len == 0 || !pair->is_ok)
			return NULL;
		mbuf = &of->mbufs[of->segment_of[of->len - 1]];
		byte = rte_pktmbuf_mtod_offset(mbuf, const uint8_t *, position.off);
		if (position.segment != mbuf || byte[-1] != of->bytes[of->len - 1])
			return "the position is not the end";
		return NULL;
	}
	mbuf = &of->mbufs[of->segment_of[pair->pos]];
	if (position.segment != mbuf ||
		unread.data != rte_pktmbuf_mtod_offset(mbuf, const uint8_t *, position.off))
		return "the position is not where the next byte lies";
	if (unread.len != of->end_of[pair->pos] - pair->pos)
		return "the unread part of the piece is of another length";
	if (current.len != of->end_of[pair->pos] - of->start_of[pair->pos] ||
		current.data != unread.data - (pair->pos - of->start_of[pair->pos]))
		return "the piece is another one";
	return NULL;
}

const char *
fp_test_chain_compare(const struct fp_test_chain_pair *pair)
{
	const struct fp_chain_reader *reader = &pair->reader;
	struct fp_chain unread = fp_chain_reader_unread(reader);

	if (fp_chain_reader_ok(reader) != pair->is_ok)
		return pair->is_ok ? "a fault is latched" : "no fault is latched";
	if (fp_chain_reader_len(reader) != (pair->is_ok ? pair->of->len : 0))
		return "the length is another one";
	if (fp_chain_reader_consumed(reader) != pair->pos)
		return "the consumed bytes are not as many";
	if (fp_chain_reader_remaining(reader) != fp_test_chain_remaining(pair) ||
		fp_chain_reader_is_end(reader) != (fp_test_chain_remaining(pair) == 0))
		return "the remaining bytes are not as many";
	if (!fp_chain_equal(unread,
		    fp_cspan_over(pair->of->bytes + pair->pos, fp_test_chain_remaining(pair))))
		return "the unread bytes are others";
	return compare_place(pair);
}

const char *
fp_test_chain_step(struct fp_test_chain_pair *pair, const struct fp_test_chain_step *step)
{
	struct fp_test_chain_answer untouched = { 0, UNTOUCHED, false, false, 0, 0 };
	struct fp_test_chain_answer expected = untouched;
	struct fp_test_chain_answer got = untouched;

	op_at(step->op)->run(pair, step, &got);
	op_at(step->op)->naive(pair, step, &expected);
	if (got.result != expected.result)
		return "it returned something else";
	if (got.value != expected.value)
		return "the integer is another one";
	if (got.has_out != expected.has_out || got.out_off != expected.out_off ||
		got.out_len != expected.out_len)
		return "it lent other bytes";
	/* Of no bytes it cannot be told where they are. */
	if (got.out_len != 0 && got.is_copied != expected.is_copied)
		return got.is_copied ? "it copied" : "it did not copy";
	return fp_test_chain_compare(pair);
}
