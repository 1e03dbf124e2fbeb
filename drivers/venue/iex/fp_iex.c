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
#include "fp_iex_symbols.h"

/* No reason to reject. */
#define WELL_FORMED FP_MALFORMED_COUNT

/* Fewest bytes of a block: its length. */
#define BLOCK_BYTES 2

#define LENGTH_ENTRY(code, bytes, name) [code] = (bytes),

/* Least length of a message by its type [bytes]; 0 = no such type. */
static const uint8_t type_lengths[256] = { FP_IEX_MESSAGES(LENGTH_ENTRY) };

/* What became of a message. */
enum decoding {
	DECODED,
	DECODED_UNKNOWN, /* its type is not known: skipped */
	DECODED_BAD,     /* it is too short for its type, or a field is wrong */
};

/* Header of a datagram. */
struct header {
	struct fp_datagram_header place;
	uint64_t offset;      /* of the payload in the stream [bytes] */
	uint16_t payload_len; /* what follows the header [bytes] */
};

/* What all messages about a symbol begin with. */
struct event {
	uint8_t type;
	uint8_t flags;
	uint32_t instrument_id;
	uint64_t time_ns;
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

/*
 * What reads from a message's reader must be inlined where the length is a constant; left to itself
 * gcc 12 keeps the three decoders that serve two or three types out of line, with 17 checks that can
 * not fail. The DEEP 1.0 sample, 392,000 messages, 3.2 to a datagram: 33.0 instead of 37.0 cycles a
 * message with gcc 12, 32.2 instead of 34.2 with clang 14.
 */

/* What the message begins with; false when the symbol is none. */
static FP_ALWAYS_INLINE bool
read_event(
	struct fp_iex *iex, struct fp_reader *reader, struct fp_batch *batch, struct event *event)
{
	event->type = fp_reader_read_u8(reader);
	event->flags = fp_reader_read_u8(reader);
	event->time_ns = fp_reader_read_le64(reader);
	event->instrument_id = fp_iex_symbols_id(
		&iex->symbols, fp_reader_read_le64(reader), event->time_ns, batch);
	return event->instrument_id != 0;
}

static inline void
append_status(struct fp_batch *batch, const struct event *event, enum fp_status_kind kind,
	uint8_t status, struct fp_tag4 reason)
{
	/* Padded with spaces on the wire, with NUL in ours. */
	for (uint32_t len = sizeof(reason.text); len != 0 && reason.text[len - 1] == ' '; len--)
		reason.text[len - 1] = '\0';
	*fp_batch_next(batch) = (struct fp_message){
		.len = FP_MESSAGE_LEN(trading_status),
		.type = FP_MESSAGE_TRADING_STATUS,
		.instrument_id = event->instrument_id,
		.time_ns = event->time_ns,
		.trading_status = { .reason = reason, .kind = (uint8_t)kind, .status = status },
	};
}

static inline bool
decode_system_event(struct fp_iex *iex, struct fp_reader reader, struct fp_batch *batch)
{
	struct event event = { .type = fp_reader_read_u8(&reader) };

	(void)iex;
	event.flags = fp_reader_read_u8(&reader);
	event.time_ns = fp_reader_read_le64(&reader);
	append_status(batch, &event, FP_STATUS_SYSTEM, event.flags, (struct fp_tag4){ "" });
	return true;
}

static inline bool
decode_security_directory(struct fp_iex *iex, struct fp_reader reader, struct fp_batch *batch)
{
	struct fp_iex_naming naming = { .has_lot = true };

	fp_reader_skip(&reader, 2);
	naming.time_ns = fp_reader_read_le64(&reader);
	naming.key = fp_reader_read_le64(&reader);
	naming.lot = fp_reader_read_le32(&reader);
	return fp_iex_symbols_set_lot(&iex->symbols, &naming, batch) != 0;
}

static inline bool
decode_trading_status(struct fp_iex *iex, struct fp_reader reader, struct fp_batch *batch)
{
	struct fp_tag4 reason;
	struct event event;

	if (!read_event(iex, &reader, batch, &event))
		return false;
	fp_reader_read_into(&reader, reason.text, sizeof(reason.text));
	append_status(batch, &event, FP_STATUS_TRADING, event.flags, reason);
	return true;
}

/* Messages that say one letter about a symbol. */
static FP_ALWAYS_INLINE bool
decode_letter(struct fp_iex *iex, struct fp_reader reader, struct fp_batch *batch,
	enum fp_status_kind kind)
{
	struct event event;

	if (!read_event(iex, &reader, batch, &event))
		return false;
	append_status(batch, &event, kind, event.flags, (struct fp_tag4){ "" });
	return true;
}

static inline bool
decode_retail_liquidity(struct fp_iex *iex, struct fp_reader reader, struct fp_batch *batch)
{
	return decode_letter(iex, reader, batch, FP_STATUS_RETAIL);
}

static inline bool
decode_operational_halt(struct fp_iex *iex, struct fp_reader reader, struct fp_batch *batch)
{
	return decode_letter(iex, reader, batch, FP_STATUS_OPERATIONAL);
}

static inline bool
decode_security_event(struct fp_iex *iex, struct fp_reader reader, struct fp_batch *batch)
{
	return decode_letter(iex, reader, batch, FP_STATUS_SECURITY);
}

/* The status is a number here and a digit with other venues: it becomes the digit. */
static inline bool
decode_short_sale(struct fp_iex *iex, struct fp_reader reader, struct fp_batch *batch)
{
	struct fp_tag4 detail = { { ' ', ' ', ' ', ' ' } };
	struct event event;

	if (!read_event(iex, &reader, batch, &event))
		return false;
	detail.text[0] = (char)fp_reader_read_u8(&reader);
	append_status(batch, &event, FP_STATUS_SHORT_SALE,
		event.flags <= 9 ? (uint8_t)('0' + event.flags) : event.flags, detail);
	return true;
}

static FP_ALWAYS_INLINE bool
decode_level(struct fp_iex *iex, struct fp_reader reader, struct fp_batch *batch, enum fp_side side)
{
	struct event event;
	uint32_t size;

	if (!read_event(iex, &reader, batch, &event))
		return false;
	size = fp_reader_read_le32(&reader);
	*fp_batch_next(batch) = (struct fp_message){
		.len = FP_MESSAGE_LEN(level_update),
		.type = FP_MESSAGE_LEVEL_UPDATE,
		.instrument_id = event.instrument_id,
		.time_ns = event.time_ns,
		.level_update = {
			.price = { (int64_t)fp_reader_read_le64(&reader) },
			.quantity = { size },
			.side = (uint8_t)side,
			.flags = event.flags & FP_IEX_LEVEL_COMPLETE ? 0 : FP_LEVEL_F_PARTIAL,
		},
	};
	return true;
}

static inline bool
decode_buy_level(struct fp_iex *iex, struct fp_reader reader, struct fp_batch *batch)
{
	return decode_level(iex, reader, batch, FP_SIDE_BUY);
}

static inline bool
decode_sell_level(struct fp_iex *iex, struct fp_reader reader, struct fp_batch *batch)
{
	return decode_level(iex, reader, batch, FP_SIDE_SELL);
}

static FP_ALWAYS_INLINE bool
decode_trade(struct fp_iex *iex, struct fp_reader reader, struct fp_batch *batch,
	enum fp_trade_kind kind)
{
	struct event event;
	uint64_t price;
	uint32_t size;

	if (!read_event(iex, &reader, batch, &event))
		return false;
	size = fp_reader_read_le32(&reader);
	price = fp_reader_read_le64(&reader);
	*fp_batch_next(batch) = (struct fp_message){
		.len = FP_MESSAGE_LEN(trade),
		.type = FP_MESSAGE_TRADE,
		.instrument_id = event.instrument_id,
		.time_ns = event.time_ns,
		.trade = {
			.price = { (int64_t)price },
			.quantity = { size },
			.match_id = fp_reader_read_le64(&reader),
			.kind = (uint8_t)kind,
			.conditions = event.flags,
		},
	};
	return true;
}

static inline bool
decode_trade_report(struct fp_iex *iex, struct fp_reader reader, struct fp_batch *batch)
{
	return decode_trade(iex, reader, batch, FP_TRADE_REGULAR);
}

static inline bool
decode_trade_break(struct fp_iex *iex, struct fp_reader reader, struct fp_batch *batch)
{
	return decode_trade(iex, reader, batch, FP_TRADE_BREAK);
}

static inline bool
decode_quote(struct fp_iex *iex, struct fp_reader reader, struct fp_batch *batch)
{
	uint64_t bid_price, ask_price;
	struct event event;
	uint32_t bid_size;

	if (!read_event(iex, &reader, batch, &event))
		return false;
	bid_size = fp_reader_read_le32(&reader);
	bid_price = fp_reader_read_le64(&reader);
	ask_price = fp_reader_read_le64(&reader);
	*fp_batch_next(batch) = (struct fp_message){
		.len = FP_MESSAGE_LEN(quote),
		.type = FP_MESSAGE_QUOTE,
		.instrument_id = event.instrument_id,
		.time_ns = event.time_ns,
		.quote = {
			.bid_price = { (int64_t)bid_price },
			.bid_quantity = { bid_size },
			.ask_price = { (int64_t)ask_price },
			.ask_quantity = { fp_reader_read_le32(&reader) },
			.flags = event.flags & FP_IEX_QUOTE_HALTED ? FP_QUOTE_F_HALTED : 0,
		},
	};
	return true;
}

/* Messages that have no native counterpart: only the symbol is looked at. */
static inline bool
decode_nothing(struct fp_reader reader)
{
	fp_reader_skip(&reader, 10);
	return fp_iex_symbol_is_valid(fp_reader_read_le64(&reader));
}

static inline bool
decode_official_price(struct fp_iex *iex, struct fp_reader reader, struct fp_batch *batch)
{
	(void)iex;
	(void)batch;
	return decode_nothing(reader);
}

static inline bool
decode_auction_information(struct fp_iex *iex, struct fp_reader reader, struct fp_batch *batch)
{
	(void)iex;
	(void)batch;
	return decode_nothing(reader);
}

/* Each case reads from a view of its type's constant length, so that no read is left to check. */
#define DECODE_CASE(code, bytes, name)                                                            \
	case code:                                                                                \
		return message.len >= (bytes) &&                                                  \
				decode_##name(iex,                                                \
					fp_reader_open(fp_cspan_slice(message, 0, bytes)), batch) \
			? DECODED                                                                 \
			: DECODED_BAD;

/* Append what a message says. */
static inline enum decoding
decode_message(
	struct fp_iex *iex, uint8_t type, FP_SCOPED struct fp_cspan message, struct fp_batch *batch)
{
	switch (type) {
		FP_IEX_MESSAGES(DECODE_CASE)
	default:
		return DECODED_UNKNOWN;
	}
}

/* Why a message of that type is DECODED_BAD. */
static FP_COLD enum fp_malformed
find_fault(uint8_t type, uint32_t len)
{
	return len < type_lengths[type] ? FP_MALFORMED_MESSAGE_LENGTH : FP_MALFORMED_MESSAGE_FIELD;
}

/* Add to a counter that only this lcore writes; the sum is formed modulo 2^64. */
static inline void
add(uint64_t *counter, uint64_t n)
{
	fp_store_relaxed_u64(counter, fp_load_relaxed_u64(counter) + n);
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
	enum decoding decoding;
	struct fp_cspan message;
	uint8_t type;

	for (*decoded = 0; *decoded < count; ++*decoded) {
		if (FP_UNLIKELY(!read_block(&blocks, &message)))
			return FP_MALFORMED_MESSAGE_COUNT;
		if (FP_UNLIKELY(message.len == 0))
			return FP_MALFORMED_MESSAGE_SHORT;
		type = fp_cspan_at(message, 0);
		decoding = decode_message(channel->state, type, message, batch);
		if (FP_LIKELY(decoding == DECODED)) {
			fp_channel_count_type(channel, type);
		} else if (decoding == DECODED_UNKNOWN) {
			add(&channel->counters.unknown_types, 1);
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
		add(type_lengths[type] != 0 ? &channel->counters.by_type[type]
					    : &channel->counters.unknown_types,
			minus_one);
	}
}

/* Compare offsets and move on, as the channel's cursor did. */
static inline void
follow_offset(struct fp_iex *iex, const struct fp_channel *channel, const struct header *header,
	bool is_next)
{
	if (FP_UNLIKELY(is_next && header->offset != iex->next_offset))
		iex->offset_breaks++;
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
		fp_channel_reject_header(channel, datagram->line, reason);
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
type_name(uint8_t type, char text[8])
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

static struct fp_venue iex_venue = {
	.name = "iex",
	.transports = "iextp",
	.price_decimals = FP_IEX_PRICE_DECIMALS,
	.state_bytes = state_bytes,
	.init = init,
	.receive = receive,
	.type_name = type_name,
};

FP_VENUE_REGISTER(iex_venue)
