/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Each search moves a copy of the reader to the hit (find_...), and finish() makes the copy the
 * reader: nothing found leaves the reader as it was.
 */

#include <string.h>

#include "fp_chain_search.h"

/** Some of the 256 bytes. */
struct byte_set {
	uint64_t words[4]; /**< Bit b % 64 of word b / 64: byte b is one of them. */
};

static struct byte_set
make_set(struct fp_cspan bytes)
{
	struct byte_set set = { { 0 } };

	fpi_cspan_check(bytes);
	for (uint32_t i = 0; i < bytes.len; i++)
		set.words[bytes.data[i] / 64] |= UINT64_C(1) << (bytes.data[i] % 64);
	return set;
}

static inline bool
is_in(const struct byte_set *set, uint8_t byte)
{
	return (set->words[byte / 64] >> (byte % 64) & 1) != 0;
}

/* Move to the start of the next piece. */
static inline void
leave_piece(struct fp_chain_reader *at)
{
	fpi_chain_reader_pass(at, at->len - at->pos);
}

static bool
find_byte(struct fp_chain_reader *at, uint8_t byte)
{
	while (!fp_chain_reader_is_end(at)) {
		const uint8_t *found = memchr(at->data + at->pos, byte, at->len - at->pos);

		if (found != NULL) {
			at->pos = (uint32_t)(found - at->data);
			return true;
		}
		leave_piece(at);
	}
	return false;
}

/* Move to the first byte of which it is @is_wanted whether it is in the set. */
static bool
find_in_set(struct fp_chain_reader *at, const struct byte_set *set, bool is_wanted)
{
	while (!fp_chain_reader_is_end(at)) {
		for (uint32_t i = at->pos; i < at->len; i++) {
			if (is_in(set, at->data[i]) == is_wanted) {
				at->pos = i;
				return true;
			}
		}
		leave_piece(at);
	}
	return false;
}

static bool
find_unescaped(struct fp_chain_reader *at, uint8_t delimiter, uint8_t escape)
{
	bool is_escaped = false;

	while (!fp_chain_reader_is_end(at)) {
		for (uint32_t i = at->pos; i < at->len; i++) {
			if (at->data[i] == delimiter && !is_escaped) {
				at->pos = i;
				return true;
			}
			is_escaped = at->data[i] == escape && !is_escaped;
		}
		leave_piece(at);
	}
	return false;
}

/* True when the next bytes are those; the copy ends behind what was the same. */
static bool
is_here(struct fp_chain_reader at, struct fp_cspan bytes)
{
	uint32_t done = 0;

	if (fp_chain_reader_remaining(&at) < bytes.len)
		return false;
	while (done < bytes.len) {
		uint32_t len = RTE_MIN(at.len - at.pos, bytes.len - done);

		if (memcmp(at.data + at.pos, bytes.data + done, len) != 0)
			return false;
		done += len;
		fpi_chain_reader_pass(&at, len);
	}
	return true;
}

/* The sequence has a first byte. */
static bool
find_span(struct fp_chain_reader *at, struct fp_cspan bytes)
{
	while (fp_chain_reader_remaining(at) >= bytes.len && find_byte(at, bytes.data[0])) {
		if (is_here(*at, bytes))
			return true;
		fpi_chain_reader_pass(at, 1);
	}
	return false;
}

static bool
find_le16(struct fp_chain_reader *at, uint16_t wanted)
{
	struct fp_chain_reader behind = *at;
	uint16_t value;

	while (fp_chain_reader_try_le16(&behind, &value)) {
		if (value == wanted)
			return true;
		*at = behind;
	}
	return false;
}

/* The delimiter, @delimiter_len bytes long, is where @at is: lend what is before it and move. */
static bool
finish(struct fp_chain_reader *reader, struct fp_chain_reader *at, uint32_t delimiter_len,
	bool advance_past, struct fp_chain *out)
{
	uint32_t from = fp_chain_reader_consumed(reader);

	if (out != NULL &&
		fp_chain_slice(reader->chain, from, fp_chain_reader_consumed(at) - from, out) != 0)
		return false;
	if (advance_past)
		fpi_chain_reader_pass(at, delimiter_len);
	*reader = *at;
	return true;
}

bool
fp_chain_reader_is_next(struct fp_chain_reader *reader, uint8_t byte, bool advance_past)
{
	uint8_t next;

	if (!fp_chain_reader_try_peek(reader, &next) || next != byte)
		return false;
	if (advance_past)
		fpi_chain_reader_pass(reader, 1);
	return true;
}

bool
fp_chain_reader_is_next_span(
	struct fp_chain_reader *reader, struct fp_cspan bytes, bool advance_past)
{
	fpi_chain_reader_check(reader);
	fpi_cspan_check(bytes);
	if (!is_here(*reader, bytes))
		return false;
	if (advance_past)
		fpi_chain_reader_pass(reader, bytes.len);
	return true;
}

bool
fp_chain_reader_try_read_to(
	struct fp_chain_reader *reader, uint8_t delimiter, bool advance_past, struct fp_chain *out)
{
	struct fp_chain_reader at = *reader;

	fpi_chain_reader_check(reader);
	return find_byte(&at, delimiter) && finish(reader, &at, 1, advance_past, out);
}

int
fp_chain_reader_view_to(struct fp_chain_reader *reader, uint8_t delimiter, bool advance_past,
	struct fp_span scratch, struct fp_cspan *out)
{
	struct fp_chain_reader at = *reader;
	uint32_t from = fp_chain_reader_consumed(reader);
	int result;

	fpi_chain_reader_check(reader);
	if (!find_byte(&at, delimiter))
		return -ENODATA;
	result = fp_chain_reader_view(reader, fp_chain_reader_consumed(&at) - from, scratch, out);
	if (result == 0 && advance_past)
		fpi_chain_reader_pass(reader, 1);
	return result;
}

bool
fp_chain_reader_try_read_to_escaped(struct fp_chain_reader *reader, uint8_t delimiter,
	uint8_t escape, bool advance_past, struct fp_chain *out)
{
	struct fp_chain_reader at = *reader;

	fpi_chain_reader_check(reader);
	return find_unescaped(&at, delimiter, escape) && finish(reader, &at, 1, advance_past, out);
}

bool
fp_chain_reader_try_read_to_span(struct fp_chain_reader *reader, struct fp_cspan delimiter,
	bool advance_past, struct fp_chain *out)
{
	struct fp_chain_reader at = *reader;

	fpi_chain_reader_check(reader);
	fpi_cspan_check(delimiter);
	return (delimiter.len == 0 || find_span(&at, delimiter)) &&
		finish(reader, &at, delimiter.len, advance_past, out);
}

bool
fp_chain_reader_try_read_to_any(struct fp_chain_reader *reader, struct fp_cspan set,
	bool advance_past, struct fp_chain *out)
{
	struct byte_set bytes = make_set(set);
	struct fp_chain_reader at = *reader;

	fpi_chain_reader_check(reader);
	return find_in_set(&at, &bytes, true) && finish(reader, &at, 1, advance_past, out);
}

bool
fp_chain_reader_try_advance_to(struct fp_chain_reader *reader, uint8_t delimiter, bool advance_past)
{
	return fp_chain_reader_try_read_to(reader, delimiter, advance_past, NULL);
}

bool
fp_chain_reader_try_advance_to_any(
	struct fp_chain_reader *reader, struct fp_cspan set, bool advance_past)
{
	return fp_chain_reader_try_read_to_any(reader, set, advance_past, NULL);
}

bool
fp_chain_reader_try_read_to_le16(
	struct fp_chain_reader *reader, uint16_t delimiter, bool advance_past, struct fp_chain *out)
{
	struct fp_chain_reader at = *reader;

	fpi_chain_reader_check(reader);
	return find_le16(&at, delimiter) && finish(reader, &at, 2, advance_past, out);
}

bool
fp_chain_reader_try_advance_to_le16(
	struct fp_chain_reader *reader, uint16_t delimiter, bool advance_past)
{
	return fp_chain_reader_try_read_to_le16(reader, delimiter, advance_past, NULL);
}

uint32_t
fp_chain_reader_advance_past(struct fp_chain_reader *reader, uint8_t byte)
{
	return fp_chain_reader_advance_past_any(reader, fp_cspan_over(&byte, 1));
}

uint32_t
fp_chain_reader_advance_past_any(struct fp_chain_reader *reader, struct fp_cspan set)
{
	struct byte_set bytes = make_set(set);
	uint32_t from = fp_chain_reader_consumed(reader);

	fpi_chain_reader_check(reader);
	/* Where there is no other byte it ends at the end. */
	(void)find_in_set(reader, &bytes, false);
	return fp_chain_reader_consumed(reader) - from;
}
