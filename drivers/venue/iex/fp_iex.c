/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * The venue "iex": DEEP 1.0 and TOPS 1.6 over IEX-TP, one decoder for both, since their types do
 * not contradict each other.
 *
 * What is taken from whom. A message shorter than its type is malformed, a longer one is read up to
 * the length that is known: IEX reserves the right to let messages grow. A type that is not known
 * is counted and skipped. Letters of a status are passed on whatever they are, since IEX may add
 * some; a symbol must be characters and then spaces, since it becomes a name downstream.
 *
 * Which malformed datagrams move the cursor. A header that contradicts itself (a count that the
 * payload has no room for, a payload without messages) is rejected before continuity sees it, so
 * that it cannot make good messages to come pass for duplicates. Whatever is wrong further on is
 * found after acceptance, and the range of the datagram is declared a gap there and then. Such a
 * datagram leaves nothing behind: not in the batch, not in the counts by type, not in the symbols.
 *
 * The stream offset. In sequence, each datagram begins at the offset where the one before ended. A
 * datagram that is next in sequence at another offset is delivered all the same: its numbers agree
 * with its own bytes, the sequence says that nothing is missing, and no good data is dropped for a
 * number that nobody needs. It is counted (struct fp_iex).
 */

#include <string.h>

#include "fp_channel.h"
#include "fp_counter.h"
#include "fp_iex_messages.h"
#include "fp_venues.h"

/* No reason to reject. */
#define WELL_FORMED FP_MALFORMED_COUNT

/* Fewest bytes of a block: its length. */
#define BLOCK_BYTES 2

/* Header of a datagram. */
struct header {
	struct fp_datagram_header place;
	uint64_t offset;      /* of the payload in the stream [bytes] */
	uint16_t payload_len; /* what follows the header [bytes] */
};

/* Leaves the reader at the first block. */
static inline enum fp_malformed
read_header(struct fp_reader *reader, struct header *header)
{
	uint16_t protocol;
	uint8_t version;

	if (!fp_reader_require(reader, FP_IEX_HEADER_BYTES))
		return FP_MALFORMED_HEADER_SHORT;
	version = fp_reader_read_u8(reader);
	fp_reader_skip(reader, 1);
	protocol = fp_reader_read_le16(reader);
	header->place.session.high = fp_reader_read_le32(reader);
	header->place.session.low = fp_reader_read_le32(reader);
	header->payload_len = fp_reader_read_le16(reader);
	header->place.count = fp_reader_read_le16(reader);
	header->offset = fp_reader_read_le64(reader);
	header->place.first = fp_reader_read_le64(reader);
	header->place.send_time_ns = fp_reader_read_le64(reader);
	if (FP_UNLIKELY(version != FP_IEX_VERSION ||
		    (protocol != FP_IEX_PROTOCOL_DEEP && protocol != FP_IEX_PROTOCOL_TOPS)))
		return FP_MALFORMED_HEADER_VERSION;
	if (FP_UNLIKELY(header->payload_len != fp_reader_remaining(reader)))
		return FP_MALFORMED_PAYLOAD_LENGTH;
	if (FP_UNLIKELY(header->place.count == 0 && header->payload_len != 0))
		return FP_MALFORMED_PAYLOAD_LENGTH;
	if (FP_UNLIKELY(header->place.count * BLOCK_BYTES > header->payload_len))
		return FP_MALFORMED_MESSAGE_COUNT;
	/* On the wire it is signed: the upper half is no sequence of anybody's. */
	if (FP_UNLIKELY(header->place.first > INT64_MAX))
		return FP_MALFORMED_SEQUENCE;
	return WELL_FORMED;
}

/* Why a message of that type is FP_IEX_DECODED_BAD. */
static FP_COLD enum fp_malformed
find_fault(uint8_t type, uint32_t len)
{
	return len < fp_iex_type_lengths[type] ? FP_MALFORMED_MESSAGE_LENGTH
					       : FP_MALFORMED_MESSAGE_FIELD;
}

/* Take the next block's message; false when the block does not end inside the payload. */
static inline bool
read_block(struct fp_reader *blocks, struct fp_cspan *message)
{
	uint16_t len;

	return fp_reader_try_le16(blocks, &len) && fp_reader_try_bytes(blocks, len, message);
}

/* Move past messages that were delivered before; false when they are not all there. */
static FP_COLD bool
skip_blocks(struct fp_reader *blocks, uint32_t count)
{
	struct fp_cspan message;
	bool is_there = true;

	for (uint32_t i = 0; i < count && is_there; i++)
		is_there = read_block(blocks, &message);
	return is_there;
}

/* Decode count messages, which must be all that is there; *decoded of them were counted. */
static inline enum fp_malformed
decode_blocks(struct fp_channel *channel, struct fp_reader blocks, uint32_t count,
	struct fp_batch *batch, uint32_t *decoded)
{
	enum fp_iex_decoding decoding;
	struct fp_cspan message;
	uint8_t type;

	for (*decoded = 0; *decoded < count; ++*decoded) {
		if (FP_UNLIKELY(!read_block(&blocks, &message)))
			return FP_MALFORMED_MESSAGE_COUNT;
		if (FP_UNLIKELY(message.len == 0))
			return FP_MALFORMED_MESSAGE_SHORT;
		type = fp_cspan_at(message, 0);
		decoding = fp_iex_decode_message(channel->state, type, message, batch);
		if (FP_LIKELY(decoding == FP_IEX_DECODED)) {
			fp_channel_count_type(channel, type);
		} else if (decoding == FP_IEX_DECODED_UNKNOWN) {
			fp_counter_add(&channel->counters.unknown_types, 1);
		} else {
			return find_fault(type, message.len);
		}
	}
	return fp_reader_remaining(&blocks) == 0 ? WELL_FORMED : FP_MALFORMED_PAYLOAD_LENGTH;
}

/* Count the first messages, all of them good, as if they had not been. */
static FP_COLD void
uncount(struct fp_channel *channel, struct fp_reader blocks, uint32_t count)
{
	const uint64_t minus_one = UINT64_MAX;
	struct fp_cspan message;
	uint8_t type;

	for (uint32_t i = 0; i < count && read_block(&blocks, &message); i++) {
		type = fp_cspan_at(message, 0);
		fp_counter_add(fp_iex_type_lengths[type] != 0 ? &channel->counters.by_type[type]
							      : &channel->counters.unknown_types,
			minus_one);
	}
}

/* Compare offsets and move on, as the channel's cursor did. */
static inline void
follow_offset(
	struct fp_iex *iex, struct fp_channel *channel, const struct header *header, bool is_next)
{
	if (FP_UNLIKELY(is_next && header->offset != iex->next_offset))
		fp_counter_add(&channel->counters.offset_breaks, 1);
	if (channel->continuity.next == header->place.first + header->place.count &&
		fp_session_equal(channel->continuity.session, header->place.session))
		iex->next_offset = header->offset + header->payload_len;
}

static inline void
receive_datagram(
	struct fp_channel *channel, const struct fp_datagram *datagram, struct fp_batch *batch)
{
	struct fp_reader blocks = fp_reader_open(datagram->payload);
	struct fp_iex *iex = channel->state;
	uint32_t skip, mark, decoded = 0;
	enum fp_malformed reason;
	struct header header;
	bool is_next;

	reason = read_header(&blocks, &header);
	if (FP_UNLIKELY(reason != WELL_FORMED)) {
		fp_channel_reject_header(channel, reason);
		return;
	}
	is_next = header.place.first == channel->continuity.next &&
		fp_session_equal(header.place.session, channel->continuity.session);
	skip = fp_channel_accept(channel, datagram->line, &header.place, batch);
	follow_offset(iex, channel, &header, is_next);
	if (skip == header.place.count)
		return;

	mark = batch->count;
	fp_iex_symbols_begin(
		&iex->symbols, (uint32_t)(channel->counters.session_restarts % UINT32_MAX) + 1);
	if (FP_UNLIKELY(skip != 0 && !skip_blocks(&blocks, skip))) {
		reason = FP_MALFORMED_MESSAGE_COUNT;
	} else {
		reason = decode_blocks(channel, blocks, header.place.count - skip, batch, &decoded);
	}
	if (FP_LIKELY(reason == WELL_FORMED)) {
		fp_channel_delivered(channel, header.place.count - skip);
		return;
	}
	uncount(channel, blocks, decoded);
	fp_iex_symbols_undo(&iex->symbols, batch, mark);
	fp_channel_reject(channel, &header.place, skip, reason, batch, mark);
}

FP_HOT_PATH static uint16_t
receive(struct fp_channel *channel, const struct fp_datagram *datagrams, uint16_t count,
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

static uint64_t
state_bytes(const struct fp_venue_params *params)
{
	return fp_arena_array_bytes(1, sizeof(struct fp_iex), FP_CACHE_LINE_BYTES) +
		fp_iex_symbols_bytes(params->max_instruments);
}

static int
init(struct fp_channel *channel, struct fp_arena *arena, const struct fp_venue_params *params)
{
	struct fp_iex *iex;

	if (params->transport != NULL && strcmp(params->transport, "iextp") != 0)
		return -EINVAL;
	if (params->max_instruments == 0 || params->max_instruments > FP_IEX_INSTRUMENTS_MAX)
		return -EINVAL;
	iex = fp_arena_array(arena, 1, sizeof(*iex), FP_CACHE_LINE_BYTES);
	if (iex == NULL)
		return -ENOMEM;
	channel->state = iex;
	return fp_iex_symbols_init(&iex->symbols, arena, params->max_instruments);
}

/* Types are letters and digits; what is not, came from the wire and is shown as a number. */
static void
type_name(uint8_t type, char text[FP_VENUE_TYPE_BYTES])
{
	static const char digits[] = "0123456789abcdef";

	memset(text, 0, 8);
	if ((type >= '0' && type <= '9') || (type >= 'A' && type <= 'Z') ||
		(type >= 'a' && type <= 'z')) {
		text[0] = (char)type;
		return;
	}
	text[0] = '0';
	text[1] = 'x';
	text[2] = digits[type >> 4];
	text[3] = digits[type & 0xf];
}

FP_HOT_PATH static bool
peek(FP_SCOPED struct fp_cspan payload, struct fp_datagram_header *place)
{
	struct fp_reader reader = fp_reader_open(payload);
	struct header header;
	bool is_readable = read_header(&reader, &header) == WELL_FORMED;

	*place = header.place;
	return is_readable;
}

struct fp_venue fp_venue_iex = {
	.name = "iex",
	.transports = "iextp",
	.price_decimals = FP_IEX_PRICE_DECIMALS,
	.state_bytes = state_bytes,
	.init = init,
	.receive = receive,
	.peek = peek,
	.type_name = type_name,
};

FP_VENUE_REGISTER(fp_venue_iex)
