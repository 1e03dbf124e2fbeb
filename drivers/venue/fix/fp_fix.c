/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * The venue "fix": FIX 4.0 to 4.4, 5.0 and FIXT 1.1, market data and orders, as tag=value messages
 * in datagrams, in one stream, or in a log with text between them.
 *
 * Which malformed messages move the cursor. What is garbled (no frame, a wrong sum), and what has a
 * header that cannot be read, is counted and has no other effect: it does not advance the sequence,
 * so that the next good message reveals the gap. What is malformed inside is found after its place
 * is known, and its number is declared a gap there and then. Such a message leaves nothing behind:
 * not in the batch, not in the counts by type, not in the symbols.
 *
 * A datagram is a stream of its own, so that both transports give the same of the same messages;
 * what follows a garbled message in its datagram is used.
 *
 * Why a datagram of len bytes decodes to at most len / 8 + 8 messages (fp_batch_bound()). An entry
 * of a group that decodes to one message has 12 bytes or more ("279=2|278=1|"), to two, 17
 * ("279=2|55=A|278=1|"), to three, 29 ("279=1|269=2|55=A|278=1|270=1|"): 8 for each at least. What
 * a message decodes to beside its entries is a clear and a gap of continuity, a gap when it is
 * rejected, and one Instrument with one or two events: with 26 bytes of frame, 5 of a number, and
 * 15 or more of fields that an event needs, this is less than one for 8 bytes, too.
 */

#include <string.h>

#include "fp_fix_market.h"
#include "fp_fix_orders.h"
#include "fp_fix_session.h"
#include "fp_venues.h"

#define TRANSPORT_DATAGRAMS "udp"
#define TRANSPORT_STREAM    "stream"
#define TRANSPORT_LOG       "log"

/* Types that are known: M(code, name). */
#define TYPES(M)                \
	M('0', heartbeat)       \
	M('1', test_request)    \
	M('2', resend_request)  \
	M('3', reject)          \
	M('4', sequence_reset)  \
	M('5', logout)          \
	M('8', execution)       \
	M('A', logon)           \
	M('D', new_order)       \
	M('F', cancel_request)  \
	M('G', replace_request) \
	M('V', data_request)    \
	M('W', snapshot)        \
	M('X', increment)

/* Names by type code; NULL = no such type. */
#define NAME_ENTRY(code, name) [code] = #name,
static const char *const type_names[256] = { TYPES(NAME_ENTRY) };

/* The type's code; NUL when it is not known. */
static inline uint8_t
type_of(const struct fp_fix_header *header)
{
	uint8_t type = (uint8_t)fp_fix_letter(&header->values[FP_FIX_HEADER_MSG_TYPE]);

	return type_names[type] != NULL ? type : '\0';
}

/* Append what a message says; false when it is malformed. */
static inline bool
decode_message(struct fp_fix_decoder *decoder, uint8_t type)
{
	switch (type) {
	case 'W':
		return fp_fix_decode_market(decoder, false);
	case 'X':
		return fp_fix_decode_market(decoder, true);
	case 'D':
	case 'F':
	case 'G':
		return fp_fix_decode_request(decoder, (enum fp_request_kind)type);
	case '8':
		return fp_fix_decode_report(decoder);
	default:
		return true;
	}
}

/* Reject a message that has no place. */
static FP_COLD void
reject_header(struct fp_channel *channel, const struct fp_fix_fault *fault, uint64_t start)
{
	fp_channel_note_fault(channel, fault->reason, start + fault->offset);
	fp_channel_reject_header(channel, fault->reason);
}

/* Take back what a message decoded to, and say that it is lost. */
static FP_COLD void
reject_message(struct fp_channel *channel, const struct fp_fix_decoder *decoder, uint64_t start)
{
	const struct fp_fix_fault *fault = &decoder->fault;

	fp_fix_symbols_undo(&decoder->fix->symbols, decoder->batch, decoder->mark);
	fp_channel_note_fault(channel, fault->reason, start + fault->offset);
	fp_channel_reject(
		channel, &decoder->header->place, 0, fault->reason, decoder->batch, decoder->mark);
}

/* Decode a message that has its place. */
static inline void
deliver_message(struct fp_channel *channel, struct fp_fix_header *header, bool has_time,
	uint64_t start, struct fp_batch *batch)
{
	struct fp_fix_decoder decoder = {
		.fix = channel->state, .batch = batch, .header = header, .mark = batch->count
	};
	uint8_t type = type_of(header);

	decoder.fault = header->fault;
	fp_fix_symbols_begin(&decoder.fix->symbols,
		(uint32_t)(channel->counters.session_restarts % UINT32_MAX) + 1);
	if (FP_UNLIKELY(!has_time || !decode_message(&decoder, type))) {
		reject_message(channel, &decoder, start);
		return;
	}
	if (FP_LIKELY(type != '\0')) {
		fp_channel_count_type(channel, type);
	} else {
		fp_counter_add(&channel->counters.unknown_types, 1);
	}
	fp_channel_delivered(channel, 1);
}

/* A message, framed and its delimiters found; it began at start. */
static inline void
receive_message(struct fp_channel *channel, const struct fp_fix_frame *frame, uint64_t start,
	uint8_t line, struct fp_batch *batch)
{
	const struct fp_fix *fix = channel->state;
	enum fp_fix_placing placing = FP_FIX_MISPLACED;
	struct fp_fix_header header;
	bool has_time = true;

	if (FP_LIKELY(fp_fix_split(frame, &fix->index, &header) && fp_fix_read_place(&header))) {
		has_time = fp_fix_read_sending_time(&header);
		placing = fp_fix_place(channel, &header, line, batch);
	}
	if (FP_LIKELY(placing == FP_FIX_PLACED)) {
		deliver_message(channel, &header, has_time, start, batch);
	} else if (placing == FP_FIX_MISPLACED) {
		reject_header(channel, &header.fault, start);
	}
}

/* Bytes of the next message at most [bytes]. */
static inline uint32_t
next_bytes(const struct fp_fix *fix)
{
	uint64_t left = fix->fed - fp_fix_stream_offset(fix->stream);

	return left < FP_FIX_MESSAGE_MAX ? (uint32_t)left : FP_FIX_MESSAGE_MAX;
}

/* Take a message of the stream. */
static inline void
receive_framed(struct fp_channel *channel, const struct fp_fix_frame *frame, uint8_t line,
	struct fp_batch *batch)
{
	struct fp_fix *fix = channel->state;

	(void)fp_fix_index_message(frame, &fix->index);
	receive_message(channel, frame,
		fix->before + fp_fix_stream_offset(fix->stream) - frame->message.len, line, batch);
}

/* Take what the stream has; false when the batch has no room for the next message. */
static inline bool
drain_stream(struct fp_channel *channel, uint8_t line, struct fp_batch *batch)
{
	struct fp_fix *fix = channel->state;
	struct fp_fix_stream_fault fault;
	struct fp_fix_frame frame;
	int error;

	while (FP_LIKELY(fp_batch_has_room(batch, next_bytes(fix)))) {
		error = fp_fix_stream_next(fix->stream, &frame, &fault);
		if (FP_LIKELY(error == 0)) {
			receive_framed(channel, &frame, line, batch);
		} else if (error == -EBADMSG) {
			fp_channel_note_fault(channel, fault.reason, fix->before + fault.offset);
			fp_channel_reject_header(channel, fault.reason);
		} else {
			return true;
		}
	}
	return false;
}

/* What is no plain message in a datagram, and all that follows: the rest behind the offset. */
static FP_COLD void
receive_rest(struct fp_channel *channel, const struct fp_datagram *datagram, uint32_t offset,
	struct fp_batch *batch)
{
	struct fp_fix *fix = channel->state;

	fp_fix_stream_reset(fix->stream);
	fix->before = offset;
	fix->fed = datagram->payload.len - offset;
	fp_fix_stream_feed(fix->stream, fp_cspan_slice_from(datagram->payload, offset));
	/* the caller has room for all of the datagram */
	(void)drain_stream(channel, datagram->line, batch);
	fp_fix_stream_finish(fix->stream);
	(void)drain_stream(channel, datagram->line, batch);
}

/*
 * A datagram of whole messages; it has one at least. Messages that follow each other are framed and
 * their delimiters found in one pass; for whatever else there is the stream is asked.
 */
static inline void
receive_datagram(
	struct fp_channel *channel, const struct fp_datagram *datagram, struct fp_batch *batch)
{
	struct fp_cspan left = datagram->payload;
	struct fp_fix *fix = channel->state;
	struct fp_fix_fault fault;
	struct fp_fix_frame frame;

	if (FP_UNLIKELY(left.len == 0)) {
		fp_channel_note_fault(channel, FP_MALFORMED_MESSAGE_SHORT, 0);
		fp_channel_reject_header(channel, FP_MALFORMED_MESSAGE_SHORT);
		return;
	}
	do {
		uint32_t start = datagram->payload.len - left.len;

		if (FP_UNLIKELY(fp_fix_frame_index(left, &frame, &fix->index, &fault) != 0)) {
			receive_rest(channel, datagram, start, batch);
			return;
		}
		receive_message(channel, &frame, start, datagram->line, batch);
		left = fp_cspan_slice_from(left, frame.message.len);
	} while (left.len != 0);
}

static inline uint16_t
receive_datagrams(struct fp_channel *channel, const struct fp_datagram *datagrams, uint16_t count,
	struct fp_batch *batch)
{
	uint16_t used;

	for (used = 0; used < count; used++) {
		if (FP_UNLIKELY(!fp_batch_has_room(batch, datagrams[used].payload.len)))
			break;
		receive_datagram(channel, &datagrams[used], batch);
	}
	return used;
}

/*
 * Payloads of a stream. Where the batch has no room for what is in the first of them, that is not
 * used up, and the stream keeps its view until it is offered again.
 */
static inline uint16_t
receive_stream(struct fp_channel *channel, const struct fp_datagram *datagrams, uint16_t count,
	struct fp_batch *batch)
{
	struct fp_fix *fix = channel->state;
	uint16_t used;

	for (used = 0; used < count; used++) {
		if (FP_UNLIKELY(datagrams[used].line != 0)) {
			/* two lines are two streams, and there is one */
			fp_channel_reject_header(channel, FP_MALFORMED_HEADER_VERSION);
			continue;
		}
		if (!fix->is_fed) {
			fp_fix_stream_feed(fix->stream, datagrams[used].payload);
			fix->fed += datagrams[used].payload.len;
		}
		fix->is_fed = !drain_stream(channel, 0, batch);
		if (FP_UNLIKELY(fix->is_fed))
			break;
	}
	return used;
}

FP_HOT_PATH static uint16_t
receive(struct fp_channel *channel, const struct fp_datagram *datagrams, uint16_t count,
	struct fp_batch *batch)
{
	const struct fp_fix *fix = channel->state;

	return fix->is_stream ? receive_stream(channel, datagrams, count, batch)
			      : receive_datagrams(channel, datagrams, count, batch);
}

static void
finish(struct fp_channel *channel, struct fp_batch *batch)
{
	struct fp_fix *fix = channel->state;

	if (!fix->is_stream)
		return;
	fp_fix_stream_finish(fix->stream);
	(void)drain_stream(channel, 0, batch);
}

static uint64_t
state_bytes(const struct fp_venue_params *params)
{
	return fp_arena_array_bytes(1, sizeof(struct fp_fix), FP_CACHE_LINE_BYTES) +
		fp_fix_symbols_bytes(params->max_instruments) + fp_fix_sessions_bytes() +
		fp_fix_stream_bytes();
}

static bool
is_transport(const struct fp_venue_params *params, const char *name)
{
	return params->transport != NULL && strcmp(params->transport, name) == 0;
}

/* True when the venue can do what it is asked for. */
static bool
is_possible(const struct fp_venue_params *params)
{
	return (params->transport == NULL || is_transport(params, TRANSPORT_DATAGRAMS) ||
		       is_transport(params, TRANSPORT_STREAM) ||
		       is_transport(params, TRANSPORT_LOG)) &&
		params->max_instruments != 0 && params->max_instruments <= FP_FIX_INSTRUMENTS_MAX &&
		(params->price_decimals <= FP_PRICE_DECIMALS_MAX ||
			params->price_decimals == FP_VENUE_PRICE_DECIMALS) &&
		params->price_excess <= FP_PRICE_EXCESS_TRUNCATE;
}

static int
init(struct fp_channel *channel, struct fp_arena *arena, const struct fp_venue_params *params)
{
	bool is_log = is_transport(params, TRANSPORT_LOG);
	struct fp_fix *fix;
	int error;

	if (!is_possible(params))
		return -EINVAL;
	fix = fp_arena_array(arena, 1, sizeof(*fix), FP_CACHE_LINE_BYTES);
	if (fix == NULL)
		return -ENOMEM;
	channel->state = fix;
	fix->is_stream = is_log || is_transport(params, TRANSPORT_STREAM);
	fix->price_excess = params->price_excess;
	error = fp_fix_symbols_init(&fix->symbols, arena, params->max_instruments);
	if (error == 0)
		error = fp_fix_sessions_init(&fix->sessions, arena);
	if (error == 0)
		error = fp_fix_stream_create(arena, &fix->stream);
	if (error == 0 && is_log)
		fp_fix_stream_pass_text(fix->stream);
	fix->symbols.price_decimals = params->price_decimals == FP_VENUE_PRICE_DECIMALS
		? FP_FIX_PRICE_DECIMALS
		: params->price_decimals;
	return error;
}

static void
type_name(uint8_t type, char text[FP_VENUE_TYPE_BYTES])
{
	const char *name = type_names[type] != NULL ? type_names[type] : "unknown";

	memset(text, 0, FP_VENUE_TYPE_BYTES);
	memccpy(text, name, '\0', FP_VENUE_TYPE_BYTES - 1);
}

/* The place of the message at an offset, and where the next one begins; false when it has none. */
static bool
peek_message(struct fp_cspan payload, uint32_t *offset, struct fp_datagram_header *place)
{
	struct fp_cspan left = fp_cspan_slice_from(payload, *offset);
	struct fp_fix_fault fault;
	struct fp_fix_index index; /* there is no channel here; what the message needs is touched */
	struct fp_fix_frame frame;
	struct fp_fix_header header;

	if (fp_fix_frame_index(left, &frame, &index, &fault) != 0 ||
		!fp_fix_split(&frame, &index, &header) || !fp_fix_read_place(&header) ||
		!header.is_numbered || header.is_copy ||
		fp_fix_is_letter(&header.values[FP_FIX_HEADER_MSG_TYPE], '4'))
		return false;
	(void)fp_fix_read_sending_time(&header);
	*place = header.place;
	*offset += frame.message.len;
	while (*offset < payload.len &&
		(fp_cspan_at(payload, *offset) == '\n' || fp_cspan_at(payload, *offset) == '\r'))
		++*offset;
	return true;
}

/*
 * A datagram can wait for its turn when it is one run of numbers of one session, to its last byte.
 * What is not is delivered as it comes.
 */
FP_HOT_PATH static bool
peek(FP_SCOPED struct fp_cspan payload, struct fp_datagram_header *place)
{
	struct fp_datagram_header next;
	uint32_t offset = 0;

	if (!peek_message(payload, &offset, place))
		return false;
	while (offset < payload.len) {
		if (!peek_message(payload, &offset, &next) ||
			!fp_session_equal(next.session, place->session) ||
			next.first != place->first + place->count)
			return false;
		place->count++;
	}
	return true;
}

struct fp_venue fp_venue_fix = {
	.name = "fix",
	.transports = TRANSPORT_DATAGRAMS " " TRANSPORT_STREAM " " TRANSPORT_LOG,
	.price_decimals = FP_FIX_PRICE_DECIMALS,
	.has_text_prices = true,
	.state_bytes = state_bytes,
	.init = init,
	.receive = receive,
	.finish = finish,
	.peek = peek,
	.type_name = type_name,
};

FP_VENUE_REGISTER(fp_venue_fix)
