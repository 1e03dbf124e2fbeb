/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * The venue "native": packets of our own wire, so that one engine can feed another.
 *
 * Messages are passed on as they came, those included by which the engine upstream speaks of its
 * own losses (Gap, Stale, BookClear). What is checked is what would harm a reader further on:
 * lengths, sides, quantities below zero, symbols that are no names. Codes and flags are passed on
 * whatever they are, since a newer engine may know more of them; types that are not in the schema
 * are counted and skipped by their length.
 *
 * A header that contradicts itself is rejected before continuity sees it; whatever is wrong further
 * on is found after acceptance, and the range of the datagram is declared a gap. Such a datagram
 * leaves nothing behind, neither in the batch nor in the counts by type.
 */

#include <string.h>

#include "fp_channel.h"
#include "fp_counter.h"
#include "fp_packet.h"
#include "fp_venues.h"

/* No reason to reject. */
#define WELL_FORMED FP_MALFORMED_COUNT

static inline enum fp_malformed
read_header(struct fp_reader *reader, struct fp_datagram_header *place)
{
	struct fp_packet_header header;
	int error = fp_packet_decode(reader, &header);

	if (FP_UNLIKELY(error != 0))
		return error == -ENODATA ? FP_MALFORMED_HEADER_SHORT : FP_MALFORMED_HEADER_VERSION;
	if (FP_UNLIKELY(header.payload_len != fp_reader_remaining(reader)))
		return FP_MALFORMED_PAYLOAD_LENGTH;
	if (FP_UNLIKELY(header.count == 0 && header.payload_len != 0))
		return FP_MALFORMED_PAYLOAD_LENGTH;
	if (FP_UNLIKELY(header.count * FP_MESSAGE_HEADER_BYTES > header.payload_len))
		return FP_MALFORMED_MESSAGE_COUNT;
	place->session = (struct fp_session_id){ 0, header.session };
	place->first = header.sequence;
	place->count = header.count;
	place->send_time_ns = header.send_time_ns;
	return WELL_FORMED;
}

static inline bool
is_side(uint8_t side)
{
	return side == FP_SIDE_BUY || side == FP_SIDE_SELL;
}

/* The most significant bit of any of them says that one is below zero. */
static inline bool
is_quantity(struct fp_qty a, struct fp_qty b)
{
	return (a.units | b.units) >= 0;
}

/* Printable characters, neither the first nor the last a space, then NUL. */
static FP_COLD bool
is_symbol(struct fp_symbol16 symbol)
{
	uint32_t len = 0, end;

	while (len < FP_SYMBOL_LEN && symbol.text[len] >= ' ' && symbol.text[len] <= '~')
		len++;
	for (end = len; end < FP_SYMBOL_LEN && symbol.text[end] == '\0';)
		end++;
	return len != 0 && symbol.text[0] != ' ' && symbol.text[len - 1] != ' ' &&
		end == FP_SYMBOL_LEN;
}

/* True when no field of the message would harm who reads it. */
static inline bool
is_in_domain(const struct fp_message *message)
{
	const struct fp_qty none = { 0 };

	switch (message->type) {
	case FP_MESSAGE_INSTRUMENT:
		return message->instrument.price_decimals <= FP_PRICE_DECIMALS_MAX &&
			is_symbol(message->instrument.symbol);
	case FP_MESSAGE_ORDER_ADD:
		return is_side(message->order_add.side) &&
			is_quantity(message->order_add.quantity, none);
	case FP_MESSAGE_ORDER_EXECUTE:
		return is_quantity(message->order_execute.quantity, none);
	case FP_MESSAGE_ORDER_REDUCE:
		return is_quantity(message->order_reduce.quantity, none);
	case FP_MESSAGE_ORDER_REPLACE:
		return is_quantity(message->order_replace.quantity, none);
	case FP_MESSAGE_ORDER_REQUEST:
		return is_side(message->order_request.side) &&
			is_quantity(message->order_request.quantity, none);
	case FP_MESSAGE_LEVEL_UPDATE:
		return is_side(message->level_update.side) &&
			is_quantity(message->level_update.quantity, none);
	case FP_MESSAGE_QUOTE:
		return is_quantity(message->quote.bid_quantity, message->quote.ask_quantity);
	case FP_MESSAGE_TRADE:
		return (message->trade.side == 0 || is_side(message->trade.side)) &&
			is_quantity(message->trade.quantity, none);
	default:
		return true;
	}
}

/*
 * Take the next message, all of it; a message that does not end inside the payload is one more than
 * are present.
 */
static inline enum fp_malformed
read_message(struct fp_reader *payload, struct fp_cspan *view, uint8_t *type)
{
	struct fp_reader start = *payload;
	uint16_t len;

	if (FP_UNLIKELY(!fp_reader_require(&start, FP_MESSAGE_HEADER_BYTES)))
		return FP_MALFORMED_MESSAGE_COUNT;
	len = fp_reader_read_le16(&start);
	*type = fp_reader_read_u8(&start);
	if (FP_UNLIKELY(len < FP_MESSAGE_HEADER_BYTES))
		return FP_MALFORMED_MESSAGE_SHORT;
	if (FP_UNLIKELY(len % 8 != 0))
		return FP_MALFORMED_MESSAGE_LENGTH;
	if (FP_UNLIKELY(!fp_reader_try_bytes(payload, len, view)))
		return FP_MALFORMED_MESSAGE_COUNT;
	return WELL_FORMED;
}

/* Append one message whose type is known. */
static inline enum fp_malformed
decode_message(FP_SCOPED struct fp_cspan view, struct fp_batch *batch)
{
	struct fp_message *message = fp_batch_next(batch);

	if (FP_UNLIKELY(fp_message_decode(view, message) != 0))
		return FP_MALFORMED_MESSAGE_LENGTH;
	return FP_LIKELY(is_in_domain(message)) ? WELL_FORMED : FP_MALFORMED_MESSAGE_FIELD;
}

/* Move past messages that were delivered before. */
static FP_COLD enum fp_malformed
skip_messages(struct fp_reader *payload, uint32_t count)
{
	enum fp_malformed reason = WELL_FORMED;
	struct fp_cspan view;
	uint8_t type;

	for (uint32_t i = 0; i < count && reason == WELL_FORMED; i++)
		reason = read_message(payload, &view, &type);
	return reason;
}

/* Decode count messages, which must be all that is there; *decoded of them were counted. */
static inline enum fp_malformed
decode_messages(struct fp_channel *channel, struct fp_reader payload, uint32_t count,
	struct fp_batch *batch, uint32_t *decoded)
{
	enum fp_malformed reason;
	struct fp_cspan view;
	uint8_t type;

	for (*decoded = 0; *decoded < count; ++*decoded) {
		reason = read_message(&payload, &view, &type);
		if (FP_UNLIKELY(reason != WELL_FORMED))
			return reason;
		if (FP_UNLIKELY(fp_message_lengths[type] == 0)) {
			fp_counter_add(&channel->counters.unknown_types, 1);
			continue;
		}
		reason = decode_message(view, batch);
		if (FP_UNLIKELY(reason != WELL_FORMED))
			return reason;
		fp_channel_count_type(channel, type);
	}
	return fp_reader_remaining(&payload) == 0 ? WELL_FORMED : FP_MALFORMED_PAYLOAD_LENGTH;
}

/* Count the first messages, all of them good, as if they had not been. */
static FP_COLD void
uncount(struct fp_channel *channel, struct fp_reader payload, uint32_t count)
{
	const uint64_t minus_one = UINT64_MAX;
	struct fp_cspan view;
	uint8_t type;

	for (uint32_t i = 0; i < count; i++) {
		if (read_message(&payload, &view, &type) != WELL_FORMED)
			return;
		fp_counter_add(fp_message_lengths[type] != 0 ? &channel->counters.by_type[type]
							     : &channel->counters.unknown_types,
			minus_one);
	}
}

static inline void
receive_datagram(
	struct fp_channel *channel, const struct fp_datagram *datagram, struct fp_batch *batch)
{
	struct fp_reader payload = fp_reader_open(datagram->payload);
	uint32_t skip, mark, decoded = 0;
	struct fp_datagram_header place;
	enum fp_malformed reason;

	reason = read_header(&payload, &place);
	if (FP_UNLIKELY(reason != WELL_FORMED)) {
		fp_channel_reject_header(channel, reason);
		return;
	}
	skip = fp_channel_accept(channel, datagram->line, &place, batch);
	if (skip == place.count)
		return;

	mark = batch->count;
	if (FP_UNLIKELY(skip != 0))
		reason = skip_messages(&payload, skip);
	if (FP_LIKELY(reason == WELL_FORMED))
		reason = decode_messages(channel, payload, place.count - skip, batch, &decoded);
	if (FP_LIKELY(reason == WELL_FORMED)) {
		fp_channel_delivered(channel, place.count - skip);
		return;
	}
	uncount(channel, payload, decoded);
	fp_channel_reject(channel, &place, skip, reason, batch, mark);
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
	(void)params;
	return 0;
}

static int
init(struct fp_channel *channel, struct fp_arena *arena, const struct fp_venue_params *params)
{
	(void)channel;
	(void)arena;
	if (params->transport != NULL && strcmp(params->transport, "udp") != 0)
		return -EINVAL;
	return 0;
}

static void
type_name(uint8_t type, char text[FP_VENUE_TYPE_BYTES])
{
	memset(text, 0, FP_VENUE_TYPE_BYTES);
	memccpy(text, fp_message_name(type), '\0', FP_VENUE_TYPE_BYTES - 1);
}

FP_HOT_PATH static bool
peek(FP_SCOPED struct fp_cspan payload, struct fp_datagram_header *place)
{
	struct fp_reader reader = fp_reader_open(payload);

	return read_header(&reader, place) == WELL_FORMED;
}

struct fp_venue fp_venue_native = {
	.name = "native",
	.transports = "udp",
	.price_decimals = 0, /* each instrument says its own */
	.state_bytes = state_bytes,
	.init = init,
	.receive = receive,
	.peek = peek,
	.type_name = type_name,
};

FP_VENUE_REGISTER(fp_venue_native)
