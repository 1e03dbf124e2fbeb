/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Two windows on the stream, by absolute offsets:
 *
 *    carry    [carry_base, carry_base + carry_len)      copied, of chunks before and of this one
 *    chunk    [chunk_base, chunk_base + chunk.len)      borrowed
 *
 * What is at `at` is looked at in the carry as long as it lies before the chunk, then in the chunk.
 * The carry reaches at least to the chunk then, and takes more of it as far as a message needs it.
 *
 * Work is linear. Each byte is copied at most once, and moved inside of the carry only when as many
 * were used up before. What is skipped is read once, from the start of a garbled message to where
 * the next may begin. Framing what may be a message costs its head, and the sum of one whose
 * trailer is where it ought to be: when SUMS_MAX of such sums were wrong in messages that lie one
 * over the other, all of them are passed over at once.
 *
 * The text of a log is read as what is skipped, too, but nothing is told of it until a delimiter
 * shows that it is no text.
 */

#include "fp_fix_stream.h"
#include <assert.h>

#include "fp_counter.h"
#include "fp_fix_fields.h"
#include "fp_panic.h"

/* Room for a message and as much again, so that moving it to the front is paid for. */
#define CARRY_CAP 130000U
static_assert(CARRY_CAP == 2 * FP_FIX_MESSAGE_MAX, "room for two messages");

/* With so many bytes the length is known, or refused: "8=FIXT.1.1|9=0123456789|" [bytes]. */
#define HEAD_BYTES 24U

/* Wrong sums in messages that lie one over the other, before all of them are passed over. */
#define SUMS_MAX 8U

/* Digits behind which a number of the skipped is no length any more. */
#define SKIPPED_LENGTH_MAX 9999999999UL

#define BEGIN_BYTES 5U
#define NO_MATCH    0xffU

static const uint8_t begin[BEGIN_BYTES] = { '8', '=', 'F', 'I', 'X' };

/* How far into a garbled message. */
struct skip {
	uint64_t counted;    /* offset of what is not counted as skipped yet */
	uint64_t limit;      /* where the message ends, by what it says, or may end */
	uint64_t pass;       /* bytes of data to pass over */
	uint64_t value;      /* of the field, if that is a length */
	uint64_t data_bytes; /* that the field before announced */
	uint32_t data_tag;   /* whose; 0 = none */
	uint32_t tag;        /* of the field; 0 = none that matters */
	uint8_t matched;     /* bytes of begin[]; NO_MATCH = not behind a delimiter */
	bool is_value;       /* behind '=' */
	bool is_text;        /* the line holds no delimiter so far, and the stream passes text */
	bool is_told;        /* as garbled; text is not */
};

struct fp_fix_stream {
	/* fpcheck: allow FP0403 because who feeds keeps the bytes until they are used up */
	struct fp_cspan chunk;
	struct fp_span carry;
	uint64_t chunk_base;
	uint64_t carry_base;
	uint64_t at;
	uint64_t suspect_end; /* end of the furthest message whose sum was wrong */
	uint32_t carry_len;
	uint32_t wrong_sums; /* before suspect_end */
	bool is_skipping;
	bool is_finished;
	bool is_log;
	struct skip skip;
	struct fp_fix_stream_counters counters;
};

static uint64_t
fed_end(const struct fp_fix_stream *stream)
{
	return stream->chunk_base + stream->chunk.len;
}

static bool
is_carried(const struct fp_fix_stream *stream)
{
	return stream->at < stream->chunk_base;
}

/* All bytes from `at` on that lie in one piece. */
static struct fp_cspan
window(const struct fp_fix_stream *stream)
{
	uint32_t start;

	if (!is_carried(stream)) {
		start = (uint32_t)(stream->at - stream->chunk_base);
		return fp_cspan_slice_from(stream->chunk, start);
	}
	start = (uint32_t)(stream->at - stream->carry_base);
	return fp_cspan_slice(fp_span_const(stream->carry), start, stream->carry_len - start);
}

uint64_t
fp_fix_stream_bytes(void)
{
	return fp_arena_array_bytes(1, sizeof(struct fp_fix_stream), FP_CACHE_LINE_BYTES) +
		(uint64_t)CARRY_CAP + FP_CACHE_LINE_BYTES;
}

int
fp_fix_stream_create(struct fp_arena *arena, struct fp_fix_stream **out)
{
	struct fp_fix_stream *stream =
		fp_arena_array(arena, 1, sizeof(*stream), FP_CACHE_LINE_BYTES);

	*out = NULL;
	if (stream == NULL ||
		fp_arena_span(arena, CARRY_CAP, FP_CACHE_LINE_BYTES, &stream->carry) != 0)
		return -ENOMEM;
	fp_fix_stream_reset(stream);
	*out = stream;
	return 0;
}

void
fp_fix_stream_reset(struct fp_fix_stream *stream)
{
	stream->chunk = fp_cspan_over(NULL, 0);
	stream->chunk_base = 0;
	stream->carry_base = 0;
	stream->carry_len = 0;
	stream->at = 0;
	stream->suspect_end = 0;
	stream->wrong_sums = 0;
	stream->is_skipping = false;
	stream->is_finished = false;
}

void
fp_fix_stream_pass_text(struct fp_fix_stream *stream)
{
	stream->is_log = true;
}

void
fp_fix_stream_feed(struct fp_fix_stream *stream, struct fp_cspan chunk)
{
	if (stream->is_finished) {
		fp_panic("FIX stream: %u bytes are fed after its end: call "
			 "fp_fix_stream_reset() first",
			chunk.len);
	}
	if (stream->chunk.len != 0) {
		fp_panic("FIX stream: %u bytes are fed while those before are not used up: call "
			 "fp_fix_stream_next() until it answers -ENODATA",
			chunk.len);
	}
	/* fpcheck: allow FP0403 because the caller was told to keep them until then */
	stream->chunk = chunk;
	fp_counter_add(&stream->counters.bytes, chunk.len);
}

void
fp_fix_stream_finish(struct fp_fix_stream *stream)
{
	stream->is_finished = true;
}

/* Copy bytes of the chunk behind what is carried; how many. */
static uint32_t
carry(struct fp_fix_stream *stream, uint32_t count)
{
	uint64_t carried_end = stream->carry_base + stream->carry_len;
	uint64_t there = fed_end(stream) - carried_end;
	struct fp_span room;
	struct fp_cspan kept;

	if (count > there)
		count = (uint32_t)there;
	if (count == 0)
		return 0;
	if (count > CARRY_CAP - stream->carry_len) {
		kept = window(stream);
		FP_ASSERT(fp_cspan_try_copy(kept, stream->carry) == 0);
		stream->carry_base = stream->at;
		stream->carry_len = kept.len;
	}
	room = fp_span_slice(stream->carry, stream->carry_len, count);
	kept = fp_cspan_slice(stream->chunk, (uint32_t)(carried_end - stream->chunk_base), count);
	FP_ASSERT(fp_cspan_try_copy(kept, room) == 0);
	stream->carry_len += count;
	fp_counter_add(&stream->counters.carried, count);
	return count;
}

/* The message at `at` is not there as a whole: true when there is more of it now. */
static bool
has_more(struct fp_fix_stream *stream, const struct fp_fix_frame *frame, uint32_t len)
{
	uint32_t wanted = HEAD_BYTES;

	if (frame->trailer != 0)
		wanted = frame->trailer + FP_FIX_TRAILER_BYTES;
	return is_carried(stream) && wanted > len && carry(stream, wanted - len) != 0;
}

/* All that was fed is used up, or kept: the chunk is not needed any more. */
static int
end_chunk(struct fp_fix_stream *stream)
{
	if (!is_carried(stream)) {
		stream->carry_base = stream->at;
		stream->carry_len = 0;
		(void)carry(stream, (uint32_t)(fed_end(stream) - stream->at));
	}
	stream->chunk_base = fed_end(stream);
	stream->chunk = fp_cspan_over(NULL, 0);
	return -ENODATA;
}

/* A field of the skipped has ended before the offset. */
static void
end_field(struct skip *skip, uint64_t offset)
{
	skip->data_tag = 0;
	if (skip->is_value && skip->tag == FP_FIX_TAG_BODY_LENGTH) {
		skip->limit = offset + skip->value;
	} else if (skip->is_value && skip->tag == FP_FIX_TAG_CHECK_SUM) {
		skip->limit = offset; /* the message is over: no data is announced any more */
	} else if (skip->is_value) {
		skip->data_tag = fp_fix_data_tag(skip->tag);
		skip->data_bytes = skip->value;
	}
	skip->tag = 0;
	skip->is_value = false;
}

/* A byte of a tag or value of the skipped; the next is at the offset. */
static void
take_byte(struct skip *skip, uint8_t byte, uint64_t offset)
{
	uint8_t digit = (uint8_t)(byte - '0');

	if (skip->is_value) {
		if (digit > 9 || skip->value > SKIPPED_LENGTH_MAX / 10) {
			skip->tag = 0;
		} else {
			skip->value = skip->value * 10 + digit;
		}
	} else if (digit <= 9 && skip->tag < UINT32_MAX / 10 - 1) {
		skip->tag = skip->tag * 10 + digit;
	} else {
		skip->is_value = true;
		skip->value = 0;
		if (byte != '=')
			skip->tag = 0;
		if (skip->tag != 0 && skip->tag == skip->data_tag && skip->limit > offset &&
			skip->data_bytes < skip->limit - offset)
			skip->pass = skip->data_bytes;
	}
}

/* True for what a tag or a word ends with: in "58=FIX" no message begins. */
static bool
is_word(uint8_t byte)
{
	return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
		(byte >= 'a' && byte <= 'z');
}

/* The byte before the offset: true when the bytes before the offset are begin[]. */
static bool
skip_byte(struct skip *skip, uint8_t byte, uint64_t offset)
{
	bool is_separator = byte == '\n' || byte == '\r';

	if (byte == FP_FIX_SOH) {
		end_field(skip, offset);
		skip->matched = 0;
		skip->is_text = false;
		return false;
	}
	if (!is_separator || skip->is_value || skip->tag != 0)
		take_byte(skip, byte, offset);
	if (skip->matched < BEGIN_BYTES && byte == begin[skip->matched]) {
		skip->matched++;
	} else if (is_separator || (skip->is_text && !is_word(byte))) {
		skip->matched = 0;
	} else {
		skip->matched = NO_MATCH;
	}
	return skip->matched == BEGIN_BYTES;
}

/* All before the offset is skipped, unless it is text. */
static void
count_skipped(struct fp_fix_stream *stream, uint64_t offset)
{
	if (!stream->skip.is_told)
		return;
	fp_counter_add(&stream->counters.skipped, offset - stream->skip.counted);
	stream->skip.counted = offset;
}

/* Where a message may begin the stream goes on; what was carried of it may be begin[] alone. */
static void
end_skip(struct fp_fix_stream *stream, uint64_t start)
{
	count_skipped(stream, start);
	stream->is_skipping = false;
	stream->at = start;
	if (start < stream->chunk_base && (stream->carry_len == 0 || start < stream->carry_base)) {
		stream->carry_base = start;
		stream->carry_len = (uint32_t)(stream->chunk_base - start);
		for (uint32_t i = 0; i < stream->carry_len; i++)
			fp_span_set(stream->carry, i, begin[i]);
	}
}

/* A line of what is skipped begins at the offset. */
static void
begin_line(struct fp_fix_stream *stream, uint64_t offset)
{
	struct skip *skip = &stream->skip;

	skip->is_text = stream->is_log;
	if (skip->is_told)
		return;
	skip->counted = offset;
	skip->tag = 0;
	skip->data_tag = 0;
	skip->is_value = false;
}

/* Skip bytes of the view, up to a begin[], a line's end, or a delimiter in text: how many. */
static uint32_t
skip_some(struct skip *skip, struct fp_cspan view, uint64_t start, bool *is_begin)
{
	uint32_t i = 0;

	while (i < view.len) {
		uint64_t left = view.len - i;
		uint8_t byte;

		if (skip->pass != 0) {
			uint64_t passed = skip->pass < left ? skip->pass : left;

			skip->pass -= passed;
			i += (uint32_t)passed;
			skip->tag = 0;
			skip->matched = NO_MATCH;
			continue;
		}
		byte = fp_cspan_at(view, i++);
		*is_begin = skip_byte(skip, byte, start + i);
		if (*is_begin || byte == '\n' || (byte == FP_FIX_SOH && !skip->is_told))
			break;
	}
	return i;
}

/*
 * Go on to where a message may begin, and answer 0; -ENODATA when that is not among what was fed;
 * -EBADMSG when what was read as text is none.
 */
static int
skip_on(struct fp_fix_stream *stream)
{
	struct skip *skip = &stream->skip;
	struct fp_cspan view;

	while (!fp_cspan_is_empty(view = window(stream))) {
		bool is_begin = false;
		uint32_t count = skip_some(skip, view, stream->at, &is_begin);
		uint8_t last = fp_cspan_at(view, count - 1);

		stream->at += count;
		if (is_begin) {
			end_skip(stream, stream->at - BEGIN_BYTES);
			return 0;
		}
		if (last == FP_FIX_SOH && !skip->is_told)
			return -EBADMSG;
		if (last == '\n' && skip->matched == 0)
			begin_line(stream, stream->at);
	}
	/* What may become a begin is not skipped yet. */
	count_skipped(stream,
		stream->at -
			(skip->matched < BEGIN_BYTES && !stream->is_finished ? skip->matched : 0));
	stream->carry_len = 0;
	return -ENODATA;
}

/* Tell what is wrong at `at`. */
static int
tell(struct fp_fix_stream *stream, enum fp_malformed reason, uint64_t start, uint64_t offset,
	struct fp_fix_stream_fault *fault)
{
	fault->reason = reason;
	fault->start = start;
	fault->offset = offset;
	fp_counter_add(&stream->counters.garbled, 1);
	fp_counter_add(&stream->counters.malformed[reason], 1);
	return -EBADMSG;
}

/* What is at `at` is garbled: skip it from now on. */
static int
begin_skip(struct fp_fix_stream *stream, const struct fp_fix_fault *seen, uint32_t end,
	struct fp_fix_stream_fault *fault)
{
	(void)tell(stream, seen->reason, stream->at, stream->at + seen->offset, fault);
	stream->is_skipping = true;
	stream->skip = (struct skip){
		.counted = stream->at,
		.limit = stream->at + FP_FIX_MESSAGE_MAX,
		.matched = NO_MATCH,
		.is_told = true,
	};
	if (end == 0)
		return -EBADMSG;
	if (stream->at >= stream->suspect_end)
		stream->wrong_sums = 0;
	if (stream->at + end > stream->suspect_end)
		stream->suspect_end = stream->at + end;
	if (++stream->wrong_sums == SUMS_MAX) {
		/* up to the delimiter at the end of the last one */
		stream->skip.pass = stream->suspect_end - stream->at - 1;
		stream->skip.is_value = true;
	}
	return -EBADMSG;
}

/* True when the stream passes text and the bytes do not begin as begin[] does. */
static bool
is_text(const struct fp_fix_stream *stream, struct fp_cspan view)
{
	for (uint32_t i = 0; stream->is_log && i < BEGIN_BYTES && i < view.len; i++) {
		if (fp_cspan_at(view, i) != begin[i])
			return true;
	}
	return false;
}

/* What is at `at` may be text: read it as what is skipped, untold. */
static void
begin_text(struct fp_fix_stream *stream)
{
	stream->is_skipping = true;
	stream->skip = (struct skip){
		.counted = stream->at,
		.limit = stream->at + FP_FIX_MESSAGE_MAX,
		.is_text = true,
	};
}

/* What was read as text has a delimiter: it is garbled from its line's beginning. */
static int
end_text(struct fp_fix_stream *stream, struct fp_fix_stream_fault *fault)
{
	uint64_t start = stream->skip.counted;

	stream->skip.is_told = true;
	return tell(stream, FP_MALFORMED_FIELD_ORDER, start, start, fault);
}

/* Pass over what separates messages; the bytes at `at` then. */
static struct fp_cspan
pass_separators(struct fp_fix_stream *stream)
{
	struct fp_cspan view;

	for (;;) {
		uint32_t i = 0;

		view = window(stream);
		while (i < view.len &&
			(fp_cspan_at(view, i) == '\n' || fp_cspan_at(view, i) == '\r'))
			i++;
		stream->at += i;
		if (i < view.len || i == 0)
			return fp_cspan_slice_from(view, i);
	}
}

/* Frame what is at `at`, as far as it is there; *view is all of it in one piece. */
static int
frame_next(struct fp_fix_stream *stream, struct fp_fix_frame *frame, struct fp_fix_fault *seen,
	struct fp_cspan *view)
{
	int error;

	do {
		*view = pass_separators(stream);
		error = fp_fix_frame(*view, frame, seen);
	} while (error == -ENODATA && has_more(stream, frame, view->len));
	return error;
}

int
fp_fix_stream_next(
	struct fp_fix_stream *stream, struct fp_fix_frame *frame, struct fp_fix_stream_fault *fault)
{
	struct fp_fix_fault seen;
	struct fp_cspan view;
	int error;

	for (;;) {
		error = stream->is_skipping ? skip_on(stream) : 0;
		if (FP_UNLIKELY(error != 0))
			return error == -ENODATA ? end_chunk(stream) : end_text(stream, fault);
		error = frame_next(stream, frame, &seen, &view);
		if (FP_LIKELY(error != -EBADMSG || !is_text(stream, view)))
			break;
		begin_text(stream);
	}
	if (error == 0) {
		stream->at += frame->message.len;
		fp_counter_add(&stream->counters.messages, 1);
		return 0;
	}
	if (error == -ENODATA) {
		if (!stream->is_finished || view.len == 0)
			return end_chunk(stream);
		seen.reason = FP_MALFORMED_MESSAGE_SHORT;
		seen.offset = view.len;
		return begin_skip(stream, &seen, 0, fault);
	}
	return begin_skip(stream, &seen,
		seen.reason == FP_MALFORMED_CHECKSUM ? frame->trailer + FP_FIX_TRAILER_BYTES : 0,
		fault);
}

uint64_t
fp_fix_stream_offset(const struct fp_fix_stream *stream)
{
	return stream->at;
}

const struct fp_fix_stream_counters *
fp_fix_stream_counters(const struct fp_fix_stream *stream)
{
	return &stream->counters;
}
