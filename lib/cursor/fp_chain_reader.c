/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * A reader's state follows from its chain and the number of bytes consumed alone: the current piece
 * is the one in which the next byte lies, `rest` is what is behind that piece, and at the end there
 * is no piece and no rest. Every move ends in pass() or enter(), which keep it so; that is why
 * `len - pos > count` is all that a read has to ask before it loads and adds.
 */

#include <string.h>

#include <rte_common.h>

#include "fp_chain_reader.h"
#include "fp_reader.h"

struct fp_chain_reader
fpi_chain_reader_faulted(void)
{
	struct fp_chain_reader reader;

	reader.data = NULL;
	reader.len = 0;
	reader.pos = 0;
	reader.rest = fp_chain_none();
	reader.chain = fp_chain_none();
	return reader;
}

void
fpi_chain_reader_enter(struct fp_chain_reader *reader, uint32_t count)
{
	struct fp_cspan piece;

	while (fp_chain_try_next(&reader->rest, &piece)) {
		if (count < piece.len) {
			reader->data = piece.data;
			reader->len = piece.len;
			reader->pos = count;
			return;
		}
		count -= piece.len;
	}
	/* The end, and no fault: with one latched nothing remains that could be passed. */
	reader->data = fpi_reader_empty;
	reader->len = 0;
	reader->pos = 0;
}

struct fp_chain_reader
fp_chain_reader_open(struct fp_chain chain)
{
	struct fp_chain_reader reader;

	reader.rest = chain;
	reader.chain = chain;
	fpi_chain_reader_enter(&reader, 0);
	return reader;
}

struct fpi_chain_value
fpi_chain_reader_cross(struct fp_chain_reader *reader, uint32_t count)
{
	struct fpi_chain_value value = { 0, false };

	if (fp_chain_reader_remaining(reader) < count)
		return value;
	value.is_there = true;
	for (uint32_t i = 0; i < count; i++) {
		value.le |= (uint64_t)reader->data[reader->pos] << (8 * i);
		fpi_chain_reader_pass(reader, 1);
	}
	return value;
}

/* Move past @count bytes, which remain, and copy them. */
static void
copy_out(struct fp_chain_reader *reader, uint8_t *to, uint32_t count)
{
	while (count != 0) {
		uint32_t len = RTE_MIN(count, reader->len - reader->pos);

		memcpy(to, reader->data + reader->pos, len);
		fpi_chain_reader_pass(reader, len);
		to += len;
		count -= len;
	}
}

/* View the next @count bytes, which remain. */
static struct fp_chain
ahead(const struct fp_chain_reader *reader, uint32_t count)
{
	struct fp_chain out = fp_chain_none();

	if (fp_chain_slice(reader->chain, fp_chain_reader_consumed(reader), count, &out) != 0)
		return fp_chain_none();
	return out;
}

struct fp_chain
fp_chain_reader_unread(const struct fp_chain_reader *reader)
{
	return ahead(reader, fp_chain_reader_remaining(reader));
}

struct fp_chain_position
fp_chain_reader_position(const struct fp_chain_reader *reader)
{
	struct fp_chain unread = fp_chain_reader_unread(reader);
	struct fp_chain_position position;

	position.segment = unread.first;
	position.off = unread.off;
	return position;
}

void
fp_chain_reader_advance_to_end(struct fp_chain_reader *reader)
{
	fpi_chain_reader_check(reader);
	fpi_chain_reader_pass(reader, fp_chain_reader_remaining(reader));
}

int
fp_chain_reader_rewind(struct fp_chain_reader *reader, uint32_t count)
{
	uint32_t consumed = fp_chain_reader_consumed(reader);

	fpi_chain_reader_check(reader);
	if (count > consumed)
		return -ERANGE;
	if (count <= reader->pos) {
		reader->pos -= count;
	} else {
		reader->rest = reader->chain;
		fpi_chain_reader_enter(reader, consumed - count);
	}
	return 0;
}

bool
fp_chain_reader_try_peek_at(const struct fp_chain_reader *reader, uint32_t off, uint8_t *value)
{
	struct fp_chain_reader ahead_reader;

	fpi_chain_reader_check(reader);
	if (off >= fp_chain_reader_remaining(reader))
		return false;
	if (FP_LIKELY(off < reader->len - reader->pos)) {
		*value = reader->data[reader->pos + off];
		return true;
	}
	ahead_reader = *reader;
	fpi_chain_reader_pass(&ahead_reader, off);
	*value = ahead_reader.data[ahead_reader.pos];
	return true;
}

void
fp_chain_reader_read_into(struct fp_chain_reader *reader, void *to, uint32_t count)
{
	fpi_chain_reader_check(reader);
	if (fp_chain_reader_require(reader, count)) {
		copy_out(reader, (uint8_t *)to, count);
	} else {
		memset(to, 0, count);
	}
}

bool
fp_chain_reader_try_copy(const struct fp_chain_reader *reader, struct fp_span to)
{
	struct fp_chain_reader copied = *reader;

	fpi_chain_reader_check(reader);
	fpi_cspan_check(fp_span_const(to));
	if (fp_chain_reader_remaining(reader) < to.len)
		return false;
	copy_out(&copied, to.data, to.len);
	return true;
}

bool
fp_chain_reader_try_slice(struct fp_chain_reader *reader, uint32_t count, struct fp_chain *out)
{
	fpi_chain_reader_check(reader);
	if (fp_chain_reader_remaining(reader) < count)
		return false;
	*out = ahead(reader, count);
	fpi_chain_reader_pass(reader, count);
	return true;
}

int
fp_chain_reader_view(struct fp_chain_reader *reader, uint32_t count, struct fp_span scratch,
	struct fp_cspan *out)
{
	struct fp_cspan unread = fp_chain_reader_unread_span(reader);

	fpi_chain_reader_check(reader);
	if (fp_chain_reader_remaining(reader) < count)
		return -ENODATA;
	if (FP_LIKELY(count <= unread.len)) {
		*out = fp_cspan_slice(unread, 0, count);
		fpi_chain_reader_pass(reader, count);
		return 0;
	}
	if (scratch.len < count)
		return -ERANGE;
	fpi_cspan_check(fp_span_const(scratch));
	copy_out(reader, scratch.data, count);
	*out = fp_span_const(fp_span_slice(scratch, 0, count));
	return 0;
}
