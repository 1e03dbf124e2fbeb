/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Market data of FIX to native messages: snapshots (W) and increments (X).
 *
 *    W   55 ... 268=n | 269 270 271 ... | 269 270 271 ... | more fields of the message
 *    X      ... 268=n | 279 269 55 270 ... | 279 ... |          an entry without 55 is about the
 *                                                               instrument of the one before
 *
 * An entry begins with its delimiter: 269 in W, 279 in X. Tags of FP_FIX_ENTRY_FIELDS are the
 * entry's; tags that are used of the message (262; in W 55, 48) end the group; any other tag is
 * passed over wherever it is, since venues add theirs. 60 among the entries is an entry's own, as
 * some venues have it, unless it is the only one and in the last entry: then it is the message's.
 *
 * Private to the driver.
 */

#ifndef FP_FIX_MARKET_H
#define FP_FIX_MARKET_H

#include "fp_fix_entry.h"

/** Where in a message its group is. */
enum fp_fix_group {
	FP_FIX_GROUP_BEFORE, /**< 268 was not there yet. */
	FP_FIX_GROUP_INSIDE,
	FP_FIX_GROUP_BEHIND,
};

/** A message of market data that is decoded. */
struct fp_fix_market {
	struct fp_fix_entry entry; /**< The last one; of W or X as the message is. */
	struct fp_fix_field time;  /**< 60 */
	struct fp_fix_field count; /**< 268 */
	uint64_t announced;        /**< Entries, by 268. */
	uint64_t entries;          /**< Entries begun. */
	uint64_t entry_times;      /**< 60 among the entries. */
	uint32_t delimiter;        /**< Tag that begins an entry. */
	enum fp_fix_group group;
	bool is_late; /**< 60 is behind the group: it is to be decoded again. */
};

/** Note that the group is not what 268 and the delimiters say. @return False. */
static inline bool
fp_fix_refuse_group(struct fp_fix_market *market, uint32_t offset)
{
	return fp_fix_refuse(&market->entry.decoder->fault, FP_MALFORMED_GROUP_COUNT, offset);
}

/** Find the message's own fields behind the group; what is malformed there is found later. */
static FP_COLD void
fp_fix_look_ahead(struct fp_fix_market *market, struct fp_fix_fields fields)
{
	bool is_snapshot = !market->entry.is_increment;
	struct fp_fix_field field;

	while (fp_fix_fields_next(&fields, &field)) {
		if (is_snapshot && field.tag == FP_FIX_TAG_SYMBOL && market->entry.symbol.tag == 0)
			market->entry.symbol = field;
		if (is_snapshot && field.tag == FP_FIX_TAG_SECURITY_ID &&
			market->entry.security.tag == 0)
			market->entry.security = field;
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
			&market->entry.decoder->fault, FP_MALFORMED_FIELD_ORDER, field->offset);
	}
	*own = *field;
	return true;
}

/** 268: the group begins. */
static inline bool
fp_fix_begin_group(
	struct fp_fix_market *market, const struct fp_fix_field *field, struct fp_fix_fields fields)
{
	bool is_snapshot = !market->entry.is_increment;

	if (!fp_fix_keep_own(market, &market->count, field))
		return false;
	if (!fp_fix_read_number(field->value, &market->announced))
		return fp_fix_refuse_group(market, field->offset);
	if (is_snapshot && market->entry.symbol.tag == 0)
		fp_fix_look_ahead(market, fields);
	market->group = market->announced != 0 ? FP_FIX_GROUP_INSIDE : FP_FIX_GROUP_BEHIND;
	if (!fp_fix_read_time(market->entry.decoder, &market->time))
		return false;
	if (!is_snapshot)
		return true;
	if (!fp_fix_entry_instrument(&market->entry))
		return false;
	fp_fix_append_clear(&market->entry, market->entry.decoder->time_ns);
	return true;
}

/** A field of an entry; the delimiter ends the entry before. */
static inline bool
fp_fix_take_of_entry(struct fp_fix_market *market, const struct fp_fix_field *field, uint32_t idx)
{
	if (FP_UNLIKELY(market->group != FP_FIX_GROUP_INSIDE))
		return fp_fix_refuse_group(market, field->offset);
	if (field->tag == market->delimiter) {
		if (market->entries != 0 && !fp_fix_decode_entry(&market->entry))
			return false;
		if (FP_UNLIKELY(++market->entries > market->announced))
			return fp_fix_refuse_group(market, field->offset);
		for (uint32_t i = 0; i < FP_FIX_ENTRY_COUNT; i++)
			market->entry.values[i].tag = 0;
	} else if (FP_UNLIKELY(market->entries == 0 || market->entry.values[idx].tag != 0)) {
		return fp_fix_refuse_group(market, field->offset);
	}
	market->entry.values[idx] = *field;
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
		return fp_fix_keep_own(market, &market->entry.symbol, field);
	case FP_FIX_TAG_SECURITY_ID:
		return fp_fix_keep_own(market, &market->entry.security, field);
	case FP_FIX_TAG_TRANSACT_TIME:
		market->is_late = market->group == FP_FIX_GROUP_BEHIND && market->time.tag == 0;
		return fp_fix_keep_own(market, &market->time, field);
	default:
		return true;
	}
}

/** Take one field of the body. */
static inline bool
fp_fix_take_of_market(
	struct fp_fix_market *market, const struct fp_fix_field *field, struct fp_fix_fields fields)
{
	uint32_t idx = fp_fix_entry_idx(field->tag);
	bool is_snapshot = !market->entry.is_increment;

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
	const struct fp_fix_field *moment = &market->entry.values[FP_FIX_ENTRY_TRANSACT_TIME];

	if (FP_LIKELY(market->entry_times != 1 || moment->tag == 0 || market->time.tag != 0))
		return false;
	if (market->entries == 1 && market->entry.is_increment)
		return false;
	market->time = *moment;
	market->is_late = true;
	return true;
}

/** Walk over the body; false when it is malformed, or is_late. */
static inline bool
fp_fix_walk_market(struct fp_fix_market *market)
{
	struct fp_fix_decoder *decoder = market->entry.decoder;
	struct fp_fix_fields fields = decoder->header->fields;
	struct fp_fix_field field = decoder->header->first;

	for (bool is_there = decoder->header->has_body; is_there;
		is_there = fp_fix_fields_next(&fields, &field)) {
		if (!fp_fix_take_of_market(market, &field, fields) || market->is_late)
			return false;
	}
	decoder->fault = fp_fix_fields_fault(&fields);
	if (decoder->fault.reason != FP_MALFORMED_COUNT)
		return false;
	if (market->group == FP_FIX_GROUP_BEFORE)
		return fp_fix_refuse_missing(decoder, &market->count);
	if (market->entries != market->announced)
		return fp_fix_refuse_group(market, market->count.offset);
	return market->entries == 0 ||
		(!fp_fix_is_time_of_all(market) && fp_fix_decode_entry(&market->entry));
}

/** Begin the body of W, or of X, which is an increment. */
static inline void
fp_fix_market_begin(struct fp_fix_market *market, struct fp_fix_decoder *decoder, bool is_increment)
{
	market->entry.decoder = decoder;
	market->entry.symbol.tag = 0;
	market->entry.security.tag = 0;
	market->time.tag = 0;
	market->count.tag = 0;
	market->announced = 0;
	market->entries = 0;
	market->entry_times = 0;
	market->entry.slot = NULL;
	market->entry.is_increment = is_increment;
	market->delimiter = is_increment ? FP_FIX_TAG_MD_UPDATE_ACTION : FP_FIX_TAG_MD_ENTRY_TYPE;
	market->group = FP_FIX_GROUP_BEFORE;
	market->is_late = false;
}

/** 60 is behind the group: take back what was decoded with another time, and decode it again. */
static FP_COLD bool
fp_fix_decode_late(struct fp_fix_market *market)
{
	struct fp_fix_decoder *decoder = market->entry.decoder;
	struct fp_fix_symbols *symbols = &decoder->fix->symbols;
	struct fp_fix_field time = market->time;

	fp_fix_symbols_undo(symbols, decoder->batch, decoder->mark);
	fp_fix_symbols_begin(symbols, symbols->session);
	decoder->batch->count = decoder->mark;
	fp_fix_market_begin(market, decoder, market->entry.is_increment);
	market->time = time;
	return fp_fix_walk_market(market);
}

/** Append what W says, or X, which is an increment; false when it is malformed. */
static inline bool
fp_fix_decode_market(struct fp_fix_decoder *decoder, bool is_increment)
{
	struct fp_fix_market market;

	fp_fix_market_begin(&market, decoder, is_increment);
	if (FP_LIKELY(fp_fix_walk_market(&market)))
		return true;
	return market.is_late && fp_fix_decode_late(&market);
}

#endif /* FP_FIX_MARKET_H */
