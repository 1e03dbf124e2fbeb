/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * One entry of market data to native messages: a level, an order, a trade or an empty book.
 *
 *    269  0 1 without 278    level     279  0 1 new or changed, 2 taken away
 *         0 1 with 278       order          0 added, 1 replaced, 2 deleted
 *         2                  trade          1 the old one is void, 2 it is void
 *         J                  clear
 *
 * Other types are passed over. Private to the driver.
 */

#ifndef FP_FIX_ENTRY_H
#define FP_FIX_ENTRY_H

#include "fp_fix_values.h"

/** Fields of an entry: E(name), of enum fp_fix_tag. */
#define FP_FIX_ENTRY_FIELDS(E) \
	E(MD_ENTRY_TYPE)       \
	E(MD_ENTRY_PX)         \
	E(MD_ENTRY_SIZE)       \
	E(MD_ENTRY_DATE)       \
	E(MD_ENTRY_TIME)       \
	E(MD_ENTRY_ID)         \
	E(MD_UPDATE_ACTION)    \
	E(MD_ENTRY_REF_ID)     \
	E(SYMBOL)              \
	E(SECURITY_ID)         \
	E(TRANSACT_TIME)

#define FP_FIX_ENTRY_ENUM(name) FP_FIX_ENTRY_##name,

/** Where a field of an entry is kept. */
enum fp_fix_entry_field {
	FP_FIX_ENTRY_FIELDS(FP_FIX_ENTRY_ENUM) FP_FIX_ENTRY_COUNT,
};

/** An entry, and what those before it and the message say of it. */
struct fp_fix_entry {
	struct fp_fix_decoder *decoder;
	struct fp_fix_field values[FP_FIX_ENTRY_COUNT]; /**< Tag 0 = the field is not there. */
	struct fp_fix_field symbol;   /**< 55 of the message, or of the last entry that had one. */
	struct fp_fix_field security; /**< 48 likewise. */
	struct fp_fix_slot *slot;     /**< Of symbol and security; NULL = not asked for yet. */
	bool is_increment;            /**< Of X: it says itself what it does. */
};

/** Where a tag is kept; FP_FIX_ENTRY_COUNT for tags that are not of an entry. */
static inline uint32_t
fp_fix_entry_idx(uint32_t tag)
{
	switch (tag) {
#define FP_FIX_ENTRY_CASE(name) \
	case FP_FIX_TAG_##name: \
		return FP_FIX_ENTRY_##name;
		FP_FIX_ENTRY_FIELDS(FP_FIX_ENTRY_CASE)
#undef FP_FIX_ENTRY_CASE
	default:
		return FP_FIX_ENTRY_COUNT;
	}
}

/** Find the instrument of the entry, named first if need be; false when there is none. */
static inline bool
fp_fix_entry_instrument(struct fp_fix_entry *entry)
{
	if (entry->slot == NULL) {
		entry->slot =
			fp_fix_read_instrument(entry->decoder, &entry->symbol, &entry->security);
	}
	return entry->slot != NULL;
}

/** Append an event of the entry's instrument and time, its body to be filled in. */
static inline struct fp_message *
fp_fix_append_entry(
	struct fp_fix_entry *entry, enum fp_message_type type, uint16_t len, uint64_t time_ns)
{
	struct fp_message *message = fp_batch_next(entry->decoder->batch);

	*message = (struct fp_message){
		.len = len,
		.type = (uint8_t)type,
		.instrument_id = entry->slot->id,
		.time_ns = time_ns,
	};
	return message;
}

/** The time of an entry: 272 and 273 if both are there, else its 60, else the message's. */
static inline bool
fp_fix_entry_time(struct fp_fix_entry *entry, uint64_t *time_ns)
{
	const struct fp_fix_field *date = &entry->values[FP_FIX_ENTRY_MD_ENTRY_DATE];
	const struct fp_fix_field *time = &entry->values[FP_FIX_ENTRY_MD_ENTRY_TIME];
	const struct fp_fix_field *moment = &entry->values[FP_FIX_ENTRY_TRANSACT_TIME];
	uint64_t day_ns, ns_of_day;

	*time_ns = entry->decoder->time_ns;
	if (date->tag == 0 || time->tag == 0) {
		if (moment->tag == 0 ||
			fp_timestamp_parse(moment->value, FP_TIMESTAMP_FIX, time_ns) == 0)
			return true;
		return fp_fix_refuse_value(entry->decoder, moment);
	}
	if (fp_timestamp_parse_date(date->value, &day_ns) != 0)
		return fp_fix_refuse_value(entry->decoder, date);
	if (fp_timestamp_parse_time(time->value, &ns_of_day) != 0 ||
		day_ns > UINT64_MAX - ns_of_day)
		return fp_fix_refuse_value(entry->decoder, time);
	*time_ns = day_ns + ns_of_day;
	return true;
}

/** A price level has a new total; the action '2' takes it away. */
static inline bool
fp_fix_decode_level(struct fp_fix_entry *entry, char action, uint8_t side, uint64_t time_ns)
{
	const struct fp_fix_field *values = entry->values;
	struct fp_message_level_update body = { .side = side };
	struct fp_fix_decoder *decoder = entry->decoder;

	if (!fp_fix_read_price(decoder, &values[FP_FIX_ENTRY_MD_ENTRY_PX],
		    &values[FP_FIX_ENTRY_MD_ENTRY_TYPE], &body.price))
		return false;
	if (action != '2') {
		if (values[FP_FIX_ENTRY_MD_ENTRY_SIZE].tag == 0)
			return fp_fix_refuse_missing(decoder, &values[FP_FIX_ENTRY_MD_ENTRY_TYPE]);
		if (!fp_fix_read_quantity(
			    decoder, &values[FP_FIX_ENTRY_MD_ENTRY_SIZE], &body.quantity))
			return false;
	}
	fp_fix_append_entry(entry, FP_MESSAGE_LEVEL_UPDATE, FP_MESSAGE_LEN(level_update), time_ns)
		->level_update = body;
	fp_fix_symbols_note_level(entry->slot, decoder->mark, decoder->batch);
	return true;
}

/** Price and size of an order; both must be there. */
static inline bool
fp_fix_read_limit(struct fp_fix_entry *entry, struct fp_price *price, struct fp_qty *quantity)
{
	const struct fp_fix_field *values = entry->values;
	const struct fp_fix_field *id = &values[FP_FIX_ENTRY_MD_ENTRY_ID];

	if (!fp_fix_read_price(entry->decoder, &values[FP_FIX_ENTRY_MD_ENTRY_PX], id, price))
		return false;
	if (values[FP_FIX_ENTRY_MD_ENTRY_SIZE].tag == 0)
		return fp_fix_refuse_missing(entry->decoder, id);
	return fp_fix_read_quantity(entry->decoder, &values[FP_FIX_ENTRY_MD_ENTRY_SIZE], quantity);
}

/** An order, which has an id, was added (action '0'), changed ('1') or taken away ('2'). */
static inline bool
fp_fix_decode_order(struct fp_fix_entry *entry, char action, uint8_t side, uint64_t time_ns)
{
	const struct fp_fix_field *old = &entry->values[FP_FIX_ENTRY_MD_ENTRY_REF_ID];
	struct fp_fix_decoder *decoder = entry->decoder;
	uint64_t order_id, new_order_id;
	struct fp_message *message;
	struct fp_price price;
	struct fp_qty quantity;

	if (!fp_fix_read_id_of(decoder, &entry->values[FP_FIX_ENTRY_MD_ENTRY_ID], &new_order_id))
		return false;
	if (action == '2') {
		fp_fix_append_entry(
			entry, FP_MESSAGE_ORDER_DELETE, FP_MESSAGE_LEN(order_delete), time_ns)
			->order_delete.order_id = new_order_id;
		return true;
	}
	if (!fp_fix_read_limit(entry, &price, &quantity))
		return false;
	if (action == '0') {
		message = fp_fix_append_entry(
			entry, FP_MESSAGE_ORDER_ADD, FP_MESSAGE_LEN(order_add), time_ns);
		message->order_add.order_id = new_order_id;
		message->order_add.price = price;
		message->order_add.quantity = quantity;
		message->order_add.side = side;
		return true;
	}
	order_id = new_order_id;
	if (old->tag != 0 && !fp_fix_read_id_of(decoder, old, &order_id))
		return false;
	message = fp_fix_append_entry(
		entry, FP_MESSAGE_ORDER_REPLACE, FP_MESSAGE_LEN(order_replace), time_ns);
	message->order_replace.order_id = order_id;
	message->order_replace.new_order_id = new_order_id;
	message->order_replace.price = price;
	message->order_replace.quantity = quantity;
	return true;
}

/** A trade, or with action '2' one that is void; changed ('1'), the old one is void. */
static inline bool
fp_fix_decode_trade(struct fp_fix_entry *entry, char action, uint64_t time_ns)
{
	const struct fp_fix_field *price = &entry->values[FP_FIX_ENTRY_MD_ENTRY_PX];
	struct fp_message_trade body = { .kind = FP_TRADE_REGULAR };
	struct fp_fix_decoder *decoder = entry->decoder;

	if (!fp_fix_read_quantity(
		    decoder, &entry->values[FP_FIX_ENTRY_MD_ENTRY_SIZE], &body.quantity) ||
		!fp_fix_read_id_of(
			decoder, &entry->values[FP_FIX_ENTRY_MD_ENTRY_ID], &body.match_id))
		return false;
	if ((action != '2' || price->tag != 0) &&
		!fp_fix_read_price(
			decoder, price, &entry->values[FP_FIX_ENTRY_MD_ENTRY_TYPE], &body.price))
		return false;
	if (action == '2' || (action == '1' && body.match_id != 0)) {
		body.kind = FP_TRADE_BREAK;
		fp_fix_append_entry(entry, FP_MESSAGE_TRADE, FP_MESSAGE_LEN(trade), time_ns)
			->trade = body;
		body.kind = FP_TRADE_REGULAR;
	}
	if (action != '2') {
		fp_fix_append_entry(entry, FP_MESSAGE_TRADE, FP_MESSAGE_LEN(trade), time_ns)
			->trade = body;
	}
	return true;
}

/** Append that the book of the instrument is empty. */
static inline void
fp_fix_append_clear(struct fp_fix_entry *entry, uint64_t time_ns)
{
	fp_fix_append_entry(entry, FP_MESSAGE_BOOK_CLEAR, FP_MESSAGE_LEN(book_clear), time_ns)
		->book_clear.reason = FP_CLEAR_VENUE;
}

/** What an entry does: '0', '1' or '2'; NUL when it says something else. In W all is new. */
static inline char
fp_fix_entry_action(const struct fp_fix_entry *entry)
{
	char action;

	if (!entry->is_increment)
		return '0';
	action = fp_fix_letter(&entry->values[FP_FIX_ENTRY_MD_UPDATE_ACTION]);
	if (action < '0' || action > '2')
		return '\0';
	return action;
}

/** Take over the instrument that an entry of X names. */
static inline void
fp_fix_inherit(struct fp_fix_entry *entry)
{
	const struct fp_fix_field *values = entry->values;

	if (values[FP_FIX_ENTRY_SYMBOL].tag == 0 && values[FP_FIX_ENTRY_SECURITY_ID].tag == 0)
		return;
	entry->symbol = values[FP_FIX_ENTRY_SYMBOL];
	entry->security = values[FP_FIX_ENTRY_SECURITY_ID];
	entry->slot = NULL;
}

/** Decode an entry, all fields of which are there. */
static inline bool
fp_fix_decode_entry(struct fp_fix_entry *entry)
{
	const struct fp_fix_field *values = entry->values;
	const struct fp_fix_field *type = &values[FP_FIX_ENTRY_MD_ENTRY_TYPE];
	bool has_id = values[FP_FIX_ENTRY_MD_ENTRY_ID].tag != 0;
	char action = fp_fix_entry_action(entry);
	char letter = fp_fix_letter(type);
	uint64_t time_ns;

	fp_fix_inherit(entry);
	if (FP_UNLIKELY(action == '\0'))
		return fp_fix_refuse_value(entry->decoder, &values[FP_FIX_ENTRY_MD_UPDATE_ACTION]);
	/* an order that is known needs no side */
	if (type->tag == 0 && has_id && action != '0')
		letter = '0';
	if (FP_UNLIKELY(letter == '\0' && type->tag == 0)) {
		return fp_fix_refuse_missing(
			entry->decoder, &values[FP_FIX_ENTRY_MD_UPDATE_ACTION]);
	}
	if (letter != '0' && letter != '1' && letter != '2' && letter != 'J')
		return true;
	if (!fp_fix_entry_instrument(entry) || !fp_fix_entry_time(entry, &time_ns))
		return false;
	if (letter == '2')
		return fp_fix_decode_trade(entry, action, time_ns);
	if (letter != 'J') {
		uint8_t side = letter == '0' ? FP_SIDE_BUY : FP_SIDE_SELL;

		return has_id ? fp_fix_decode_order(entry, action, side, time_ns)
			      : fp_fix_decode_level(entry, action, side, time_ns);
	}
	/* a snapshot is of an empty book to begin with */
	if (entry->is_increment)
		fp_fix_append_clear(entry, time_ns);
	return true;
}

#endif /* FP_FIX_ENTRY_H */
