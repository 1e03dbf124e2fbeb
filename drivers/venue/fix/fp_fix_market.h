/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Market data of FIX to native messages: snapshots (W) and increments (X).
 *
 *    W   55 ... 268=n | 269 270 271 ... | 269 270 271 ... | more fields of the message
 *    X      ... 268=n | 279 269 55 270 ... | 279 ... |          an entry without 55 is about the
 *                                                               instrument of the one before
 *
 * An entry begins with its delimiter: 269 in W, 279 in X. Of an entry the tags below are used; tags
 * that are used of the message (262; in W 55, 48) end the group; any other tag is passed over
 * wherever it is, since venues add theirs. 60 among the entries is an entry's own, as some venues
 * have it, unless it is the only one and in the last entry: then it is the message's.
 *
 * Private to the driver, included by its one .c file.
 */

#ifndef FP_FIX_MARKET_H
#define FP_FIX_MARKET_H

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

/** Where in a message its group is. */
enum fp_fix_group {
	FP_FIX_GROUP_BEFORE, /**< 268 was not there yet. */
	FP_FIX_GROUP_INSIDE,
	FP_FIX_GROUP_BEHIND,
};

/** A message of market data that is decoded. */
struct fp_fix_market {
	struct fp_fix_decoder *decoder;
	struct fp_fix_field entry[FP_FIX_ENTRY_COUNT]; /**< Of the entry; tag 0 = not there. */
	struct fp_fix_field symbol;   /**< 55 of the message, or of the last entry that had one. */
	struct fp_fix_field security; /**< 48 likewise. */
	struct fp_fix_field time;     /**< 60 */
	struct fp_fix_field count;    /**< 268 */
	uint64_t announced;           /**< Entries, by 268. */
	uint64_t entries;             /**< Entries begun. */
	uint64_t entry_times;         /**< 60 among the entries. */
	uint32_t instrument_id;       /**< Of symbol and security; 0 = not asked for yet. */
	uint32_t delimiter;           /**< Tag that begins an entry. */
	enum fp_fix_group group;
	bool is_late; /**< 60 is behind the group: it is to be decoded again. */
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

/** Note that the group is not what 268 and the delimiters say. @return False. */
static inline bool
fp_fix_refuse_group(struct fp_fix_market *market, uint32_t offset)
{
	return fp_fix_refuse(&market->decoder->fault, FP_MALFORMED_GROUP_COUNT, offset);
}

/** The instrument that the entry is about, named first if need be. */
static inline bool
fp_fix_entry_instrument(struct fp_fix_market *market)
{
	return market->instrument_id != 0 ||
		fp_fix_read_instrument(market->decoder, &market->symbol, &market->security,
			&market->instrument_id);
}

/** Append an event of the entry's instrument and time, its body to be filled in. */
static inline struct fp_message *
fp_fix_append_entry(
	struct fp_fix_market *market, enum fp_message_type type, uint16_t len, uint64_t time_ns)
{
	struct fp_message *message = fp_batch_next(market->decoder->batch);

	*message = (struct fp_message){
		.len = len,
		.type = (uint8_t)type,
		.instrument_id = market->instrument_id,
		.time_ns = time_ns,
	};
	return message;
}

/** The time of an entry: 272 and 273 if both are there, else its 60, else the message's. */
static inline bool
fp_fix_entry_time(struct fp_fix_market *market, uint64_t *time_ns)
{
	const struct fp_fix_field *date = &market->entry[FP_FIX_ENTRY_MD_ENTRY_DATE];
	const struct fp_fix_field *time = &market->entry[FP_FIX_ENTRY_MD_ENTRY_TIME];
	const struct fp_fix_field *moment = &market->entry[FP_FIX_ENTRY_TRANSACT_TIME];
	uint64_t day_ns, ns_of_day;

	*time_ns = market->decoder->time_ns;
	if (date->tag == 0 || time->tag == 0) {
		if (moment->tag == 0 ||
			fp_timestamp_parse(moment->value, FP_TIMESTAMP_FIX, time_ns) == 0)
			return true;
		return fp_fix_refuse_value(market->decoder, moment);
	}
	if (fp_timestamp_parse_date(date->value, &day_ns) != 0)
		return fp_fix_refuse_value(market->decoder, date);
	if (fp_timestamp_parse_time(time->value, &ns_of_day) != 0 ||
		day_ns > UINT64_MAX - ns_of_day)
		return fp_fix_refuse_value(market->decoder, time);
	*time_ns = day_ns + ns_of_day;
	return true;
}

/** A price level has a new total; the action '2' takes it away. */
static inline bool
fp_fix_decode_level(struct fp_fix_market *market, char action, uint8_t side, uint64_t time_ns)
{
	const struct fp_fix_field *entry = market->entry;
	struct fp_message_level_update body = { .side = side };
	struct fp_fix_decoder *decoder = market->decoder;

	if (!fp_fix_read_price(decoder, &entry[FP_FIX_ENTRY_MD_ENTRY_PX],
		    &entry[FP_FIX_ENTRY_MD_ENTRY_TYPE], &body.price))
		return false;
	if (action != '2') {
		if (entry[FP_FIX_ENTRY_MD_ENTRY_SIZE].tag == 0)
			return fp_fix_refuse_missing(decoder, &entry[FP_FIX_ENTRY_MD_ENTRY_TYPE]);
		if (!fp_fix_read_quantity(
			    decoder, &entry[FP_FIX_ENTRY_MD_ENTRY_SIZE], &body.quantity))
			return false;
	}
	fp_fix_append_entry(market, FP_MESSAGE_LEVEL_UPDATE, FP_MESSAGE_LEN(level_update), time_ns)
		->level_update = body;
	fp_fix_symbols_note_level(&decoder->fix->symbols, market->instrument_id, decoder->batch);
	return true;
}

/** Price and size of an order; both must be there. */
static inline bool
fp_fix_read_limit(struct fp_fix_market *market, struct fp_price *price, struct fp_qty *quantity)
{
	const struct fp_fix_field *entry = market->entry;
	const struct fp_fix_field *id = &entry[FP_FIX_ENTRY_MD_ENTRY_ID];

	if (!fp_fix_read_price(market->decoder, &entry[FP_FIX_ENTRY_MD_ENTRY_PX], id, price))
		return false;
	if (entry[FP_FIX_ENTRY_MD_ENTRY_SIZE].tag == 0)
		return fp_fix_refuse_missing(market->decoder, id);
	return fp_fix_read_quantity(market->decoder, &entry[FP_FIX_ENTRY_MD_ENTRY_SIZE], quantity);
}

/** An order, which has an id, was added (action '0'), changed ('1') or taken away ('2'). */
static inline bool
fp_fix_decode_order(struct fp_fix_market *market, char action, uint8_t side, uint64_t time_ns)
{
	const struct fp_fix_field *old = &market->entry[FP_FIX_ENTRY_MD_ENTRY_REF_ID];
	struct fp_fix_decoder *decoder = market->decoder;
	uint64_t order_id, new_order_id;
	struct fp_message *message;
	struct fp_price price;
	struct fp_qty quantity;

	if (!fp_fix_read_id_of(decoder, &market->entry[FP_FIX_ENTRY_MD_ENTRY_ID], &new_order_id))
		return false;
	if (action == '2') {
		fp_fix_append_entry(
			market, FP_MESSAGE_ORDER_DELETE, FP_MESSAGE_LEN(order_delete), time_ns)
			->order_delete.order_id = new_order_id;
		return true;
	}
	if (!fp_fix_read_limit(market, &price, &quantity))
		return false;
	if (action == '0') {
		message = fp_fix_append_entry(
			market, FP_MESSAGE_ORDER_ADD, FP_MESSAGE_LEN(order_add), time_ns);
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
		market, FP_MESSAGE_ORDER_REPLACE, FP_MESSAGE_LEN(order_replace), time_ns);
	message->order_replace.order_id = order_id;
	message->order_replace.new_order_id = new_order_id;
	message->order_replace.price = price;
	message->order_replace.quantity = quantity;
	return true;
}

/** A trade, or with action '2' one that is void; changed ('1'), the old one is void. */
static inline bool
fp_fix_decode_trade(struct fp_fix_market *market, char action, uint64_t time_ns)
{
	const struct fp_fix_field *price = &market->entry[FP_FIX_ENTRY_MD_ENTRY_PX];
	struct fp_message_trade body = { .kind = FP_TRADE_REGULAR };
	struct fp_fix_decoder *decoder = market->decoder;

	if (!fp_fix_read_quantity(
		    decoder, &market->entry[FP_FIX_ENTRY_MD_ENTRY_SIZE], &body.quantity) ||
		!fp_fix_read_id_of(
			decoder, &market->entry[FP_FIX_ENTRY_MD_ENTRY_ID], &body.match_id))
		return false;
	if ((action != '2' || price->tag != 0) &&
		!fp_fix_read_price(
			decoder, price, &market->entry[FP_FIX_ENTRY_MD_ENTRY_TYPE], &body.price))
		return false;
	if (action == '2' || (action == '1' && body.match_id != 0)) {
		body.kind = FP_TRADE_BREAK;
		fp_fix_append_entry(market, FP_MESSAGE_TRADE, FP_MESSAGE_LEN(trade), time_ns)
			->trade = body;
		body.kind = FP_TRADE_REGULAR;
	}
	if (action != '2') {
		fp_fix_append_entry(market, FP_MESSAGE_TRADE, FP_MESSAGE_LEN(trade), time_ns)
			->trade = body;
	}
	return true;
}

/** Append that the book of the instrument is empty. */
static inline void
fp_fix_append_clear(struct fp_fix_market *market, uint64_t time_ns)
{
	fp_fix_append_entry(market, FP_MESSAGE_BOOK_CLEAR, FP_MESSAGE_LEN(book_clear), time_ns)
		->book_clear.reason = FP_CLEAR_VENUE;
}

/** What an entry does: '0', '1' or '2'; NUL when it says something else. In W all is new. */
static inline char
fp_fix_entry_action(const struct fp_fix_market *market)
{
	char action;

	if (market->delimiter == FP_FIX_TAG_MD_ENTRY_TYPE)
		return '0';
	action = fp_fix_letter(&market->entry[FP_FIX_ENTRY_MD_UPDATE_ACTION]);
	if (action < '0' || action > '2')
		return '\0';
	return action;
}

/** Take over the instrument that an entry of X names. */
static inline void
fp_fix_inherit(struct fp_fix_market *market)
{
	const struct fp_fix_field *entry = market->entry;

	if (entry[FP_FIX_ENTRY_SYMBOL].tag == 0 && entry[FP_FIX_ENTRY_SECURITY_ID].tag == 0)
		return;
	market->symbol = entry[FP_FIX_ENTRY_SYMBOL];
	market->security = entry[FP_FIX_ENTRY_SECURITY_ID];
	market->instrument_id = 0;
}

/** Decode an entry, all fields of which are there. */
static inline bool
fp_fix_decode_entry(struct fp_fix_market *market)
{
	const struct fp_fix_field *entry = market->entry;
	const struct fp_fix_field *type = &entry[FP_FIX_ENTRY_MD_ENTRY_TYPE];
	bool has_id = entry[FP_FIX_ENTRY_MD_ENTRY_ID].tag != 0;
	char action = fp_fix_entry_action(market);
	char letter = fp_fix_letter(type);
	uint64_t time_ns;

	fp_fix_inherit(market);
	if (FP_UNLIKELY(action == '\0'))
		return fp_fix_refuse_value(market->decoder, &entry[FP_FIX_ENTRY_MD_UPDATE_ACTION]);
	/* an order that is known needs no side */
	if (type->tag == 0 && has_id && action != '0')
		letter = '0';
	if (FP_UNLIKELY(letter == '\0' && type->tag == 0)) {
		return fp_fix_refuse_missing(
			market->decoder, &entry[FP_FIX_ENTRY_MD_UPDATE_ACTION]);
	}
	if (letter != '0' && letter != '1' && letter != '2' && letter != 'J')
		return true;
	if (!fp_fix_entry_instrument(market) || !fp_fix_entry_time(market, &time_ns))
		return false;
	if (letter == '2')
		return fp_fix_decode_trade(market, action, time_ns);
	if (letter != 'J') {
		uint8_t side = letter == '0' ? FP_SIDE_BUY : FP_SIDE_SELL;

		return has_id ? fp_fix_decode_order(market, action, side, time_ns)
			      : fp_fix_decode_level(market, action, side, time_ns);
	}
	/* a snapshot is of an empty book to begin with */
	if (market->delimiter != FP_FIX_TAG_MD_ENTRY_TYPE)
		fp_fix_append_clear(market, time_ns);
	return true;
}

/** Find the message's own fields behind the group; what is malformed there is found later. */
static FP_COLD void
fp_fix_look_ahead(struct fp_fix_market *market, const struct fp_fix_fields *from)
{
	struct fp_fix_fields fields = *from;
	bool is_snapshot = market->delimiter == FP_FIX_TAG_MD_ENTRY_TYPE;
	struct fp_fix_field field;

	while (fp_fix_fields_next(&fields, &field)) {
		if (is_snapshot && field.tag == FP_FIX_TAG_SYMBOL && market->symbol.tag == 0)
			market->symbol = field;
		if (is_snapshot && field.tag == FP_FIX_TAG_SECURITY_ID && market->security.tag == 0)
			market->security = field;
		if (field.tag == FP_FIX_TAG_TRANSACT_TIME && market->time.tag == 0)
			market->time = field;
	}
}

/** Keep a field of the message itself, which is there once. */
static inline bool
fp_fix_keep_own(
	struct fp_fix_market *market, struct fp_fix_field *own, const struct fp_fix_field *field)
{
	if (own->tag != 0 && own->offset != field->offset) {
		return fp_fix_refuse(
			&market->decoder->fault, FP_MALFORMED_FIELD_ORDER, field->offset);
	}
	*own = *field;
	return true;
}

/** 268: the group begins. */
static inline bool
fp_fix_begin_group(struct fp_fix_market *market, const struct fp_fix_field *field,
	const struct fp_fix_fields *fields)
{
	bool is_snapshot = market->delimiter == FP_FIX_TAG_MD_ENTRY_TYPE;

	if (!fp_fix_keep_own(market, &market->count, field))
		return false;
	if (!fp_fix_read_number(field->value, &market->announced))
		return fp_fix_refuse_group(market, field->offset);
	if (is_snapshot && market->symbol.tag == 0)
		fp_fix_look_ahead(market, fields);
	market->group = market->announced != 0 ? FP_FIX_GROUP_INSIDE : FP_FIX_GROUP_BEHIND;
	if (!fp_fix_read_time(market->decoder, &market->time))
		return false;
	if (!is_snapshot)
		return true;
	if (!fp_fix_entry_instrument(market))
		return false;
	fp_fix_append_clear(market, market->decoder->time_ns);
	return true;
}

/** A field of an entry; the delimiter ends the entry before. */
static inline bool
fp_fix_take_of_entry(struct fp_fix_market *market, const struct fp_fix_field *field, uint32_t idx)
{
	if (FP_UNLIKELY(market->group != FP_FIX_GROUP_INSIDE))
		return fp_fix_refuse_group(market, field->offset);
	if (field->tag == market->delimiter) {
		if (market->entries != 0 && !fp_fix_decode_entry(market))
			return false;
		if (FP_UNLIKELY(++market->entries > market->announced))
			return fp_fix_refuse_group(market, field->offset);
		for (uint32_t i = 0; i < FP_FIX_ENTRY_COUNT; i++)
			market->entry[i].tag = 0;
	} else if (FP_UNLIKELY(market->entries == 0 || market->entry[idx].tag != 0)) {
		return fp_fix_refuse_group(market, field->offset);
	}
	market->entry[idx] = *field;
	return true;
}

/** A field that is the message's own: it ends the group. */
static inline bool
fp_fix_take_of_message(struct fp_fix_market *market, const struct fp_fix_field *field)
{
	if (market->group == FP_FIX_GROUP_INSIDE)
		market->group = FP_FIX_GROUP_BEHIND;
	switch (field->tag) {
	case FP_FIX_TAG_SYMBOL:
		return fp_fix_keep_own(market, &market->symbol, field);
	case FP_FIX_TAG_SECURITY_ID:
		return fp_fix_keep_own(market, &market->security, field);
	case FP_FIX_TAG_TRANSACT_TIME:
		market->is_late = market->group == FP_FIX_GROUP_BEHIND && market->time.tag == 0;
		return fp_fix_keep_own(market, &market->time, field);
	default:
		return true;
	}
}

/** Take one field of the body. */
static inline bool
fp_fix_take_of_market(struct fp_fix_market *market, const struct fp_fix_field *field,
	const struct fp_fix_fields *fields)
{
	uint32_t idx = fp_fix_entry_idx(field->tag);
	bool is_snapshot = market->delimiter == FP_FIX_TAG_MD_ENTRY_TYPE;

	if (idx == FP_FIX_ENTRY_SYMBOL || idx == FP_FIX_ENTRY_SECURITY_ID) {
		if (is_snapshot || market->group == FP_FIX_GROUP_BEFORE || market->announced == 0)
			return fp_fix_take_of_message(market, field);
		return fp_fix_take_of_entry(market, field, idx);
	}
	if (idx == FP_FIX_ENTRY_TRANSACT_TIME) {
		if (market->group != FP_FIX_GROUP_INSIDE)
			return fp_fix_take_of_message(market, field);
		market->entry_times++;
	}
	if (is_snapshot && idx == FP_FIX_ENTRY_MD_UPDATE_ACTION)
		return true;
	if (idx != FP_FIX_ENTRY_COUNT)
		return fp_fix_take_of_entry(market, field, idx);
	switch (field->tag) {
	case FP_FIX_TAG_NO_MD_ENTRIES:
		return fp_fix_begin_group(market, field, fields);
	case FP_FIX_TAG_MD_REQ_ID:
		return fp_fix_take_of_message(market, field);
	default:
		return true;
	}
}

/** The only 60 is in the last entry: it is the message's, found late. */
static inline bool
fp_fix_is_time_of_all(struct fp_fix_market *market)
{
	const struct fp_fix_field *moment = &market->entry[FP_FIX_ENTRY_TRANSACT_TIME];

	if (FP_LIKELY(market->entry_times != 1 || moment->tag == 0 || market->time.tag != 0))
		return false;
	if (market->entries == 1 && market->delimiter == FP_FIX_TAG_MD_UPDATE_ACTION)
		return false;
	market->time = *moment;
	market->is_late = true;
	return true;
}

/** Walk over the body; false when it is malformed, or is_late. */
static inline bool
fp_fix_walk_market(struct fp_fix_market *market)
{
	struct fp_fix_decoder *decoder = market->decoder;
	struct fp_fix_fields *fields = &decoder->header->fields;
	struct fp_fix_field field = decoder->header->first;

	for (bool is_there = decoder->header->has_body; is_there;
		is_there = fp_fix_fields_next(fields, &field)) {
		if (!fp_fix_take_of_market(market, &field, fields) || market->is_late)
			return false;
	}
	decoder->fault = fp_fix_fields_fault(fields);
	if (decoder->fault.reason != FP_MALFORMED_COUNT)
		return false;
	if (market->group == FP_FIX_GROUP_BEFORE)
		return fp_fix_refuse_missing(decoder, &market->count);
	if (market->entries != market->announced)
		return fp_fix_refuse_group(market, market->count.offset);
	return market->entries == 0 ||
		(!fp_fix_is_time_of_all(market) && fp_fix_decode_entry(market));
}

/** Begin the body of W (delimiter 269) or X (279). */
static inline void
fp_fix_market_begin(
	struct fp_fix_market *market, struct fp_fix_decoder *decoder, uint32_t delimiter)
{
	market->decoder = decoder;
	market->symbol.tag = 0;
	market->security.tag = 0;
	market->time.tag = 0;
	market->count.tag = 0;
	market->announced = 0;
	market->entries = 0;
	market->entry_times = 0;
	market->instrument_id = 0;
	market->delimiter = delimiter;
	market->group = FP_FIX_GROUP_BEFORE;
	market->is_late = false;
}

/** 60 is behind the group: take back what was decoded with another time, and decode it again. */
static FP_COLD bool
fp_fix_decode_late(struct fp_fix_market *market)
{
	struct fp_fix_decoder *decoder = market->decoder;
	struct fp_fix_symbols *symbols = &decoder->fix->symbols;
	struct fp_fix_header *header = decoder->header;
	uint32_t first = header->first.offset;
	struct fp_fix_field time = market->time;

	header->fields = fp_fix_fields_open(header->frame, &header->index);
	while (fp_fix_fields_next(&header->fields, &header->first) && header->first.offset != first)
		continue;
	fp_fix_symbols_undo(symbols, decoder->batch, decoder->mark);
	fp_fix_symbols_begin(symbols, symbols->session);
	decoder->batch->count = decoder->mark;
	fp_fix_market_begin(market, decoder, market->delimiter);
	market->time = time;
	return fp_fix_walk_market(market);
}

/** W or X, by the tag that begins an entry. */
static inline bool
fp_fix_decode_market(struct fp_fix_decoder *decoder, uint32_t delimiter)
{
	struct fp_fix_market market;

	fp_fix_market_begin(&market, decoder, delimiter);
	if (FP_LIKELY(fp_fix_walk_market(&market)))
		return true;
	return market.is_late && fp_fix_decode_late(&market);
}

#endif /* FP_FIX_MARKET_H */
