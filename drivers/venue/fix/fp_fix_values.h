/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Values of fields as native ones, for the decoders of market data and of orders.
 *
 * Each function answers false when the value is outside its domain or not there, and says so in the
 * fault of the decoder that asked.
 *
 * Private to the driver.
 */

#ifndef FP_FIX_VALUES_H
#define FP_FIX_VALUES_H

#include "fp_fix_header.h"
#include "fp_fix_symbol_text.h"
#include "fp_fix_symbols.h"
#include "fp_price_text.h"

/** A message that is decoded. */
struct fp_fix_decoder {
	struct fp_fix *fix;
	struct fp_batch *batch;
	struct fp_fix_header *header; /**< Its cursor is used up. */
	uint32_t mark;                /**< Count of the batch before it. */
	uint64_t time_ns;             /**< Of the message [ns since 1970, UTC]. */
	struct fp_fix_fault fault;    /**< What is wrong with it. */
};

/** Note that the message lacks a field. @return False. */
static inline bool
fp_fix_refuse_missing(struct fp_fix_decoder *decoder, const struct fp_fix_field *beside)
{
	uint32_t offset = beside->tag != 0 ? beside->offset
					   : decoder->header->values[FP_FIX_HEADER_MSG_TYPE].offset;

	return fp_fix_refuse(&decoder->fault, FP_MALFORMED_FIELD_MISSING, offset);
}

/** Note that a field has no value of its domain. @return False. */
static inline bool
fp_fix_refuse_value(struct fp_fix_decoder *decoder, const struct fp_fix_field *field)
{
	return fp_fix_refuse(&decoder->fault, FP_MALFORMED_MESSAGE_FIELD, field->offset);
}

/** The one letter that a field says; NUL when it says another number of them, or is not there. */
static inline char
fp_fix_letter(const struct fp_fix_field *field)
{
	if (field->tag == 0 || field->value.len != 1)
		return '\0';
	return (char)fp_cspan_at(field->value, 0);
}

/** A price that must be there. */
static inline bool
fp_fix_read_price(struct fp_fix_decoder *decoder, const struct fp_fix_field *field,
	const struct fp_fix_field *beside, struct fp_price *price)
{
	if (FP_UNLIKELY(field->tag == 0))
		return fp_fix_refuse_missing(decoder, beside);
	if (FP_UNLIKELY(fp_price_parse(field->value, decoder->fix->symbols.price_decimals,
				(enum fp_price_excess)decoder->fix->price_excess, price) != 0))
		return fp_fix_refuse_value(decoder, field);
	return true;
}

/** A quantity; 0 when it is not there. */
static inline bool
fp_fix_read_quantity(
	struct fp_fix_decoder *decoder, const struct fp_fix_field *field, struct fp_qty *quantity)
{
	quantity->units = 0;
	if (field->tag == 0 || FP_LIKELY(fp_qty_parse(field->value, quantity) == 0))
		return true;
	return fp_fix_refuse_value(decoder, field);
}

/** An id; 0 when it is not there. */
static inline bool
fp_fix_read_id_of(struct fp_fix_decoder *decoder, const struct fp_fix_field *field, uint64_t *id)
{
	*id = 0;
	if (field->tag == 0 || FP_LIKELY(fp_fix_read_id(field->value, id)))
		return true;
	return fp_fix_refuse_value(decoder, field);
}

/** Tag 54, which must be there: 1 buys; 2, 5 and 6 sell. */
static inline bool
fp_fix_read_side(struct fp_fix_decoder *decoder, const struct fp_fix_field *field, uint8_t *side)
{
	*side = 0;
	switch (fp_fix_letter(field)) {
	case '1':
		*side = FP_SIDE_BUY;
		return true;
	case '2':
	case '5':
	case '6':
		*side = FP_SIDE_SELL;
		return true;
	default:
		return field->tag == 0 ? fp_fix_refuse_missing(decoder, field)
				       : fp_fix_refuse_value(decoder, field);
	}
}

/** A point in time: tag 60; the time of sending when it is not there. */
static inline bool
fp_fix_read_time(struct fp_fix_decoder *decoder, const struct fp_fix_field *field)
{
	if (field->tag == 0) {
		decoder->time_ns = decoder->header->place.send_time_ns;
		return true;
	}
	if (FP_LIKELY(fp_timestamp_parse(field->value, FP_TIMESTAMP_FIX, &decoder->time_ns) == 0))
		return true;
	return fp_fix_refuse_value(decoder, field);
}

/**
 * The instrument of tag 55, or of tag 48 when 55 is not there or longer than a symbol may be; it is
 * named first if need be.
 *
 * @return Its slot; NULL when neither field is a symbol.
 */
static inline struct fp_fix_slot *
fp_fix_read_instrument(struct fp_fix_decoder *decoder, const struct fp_fix_field *symbol,
	const struct fp_fix_field *security)
{
	const struct fp_fix_field *field = symbol;
	uint64_t key[2];

	if (FP_UNLIKELY(
		    symbol->tag == 0 || (symbol->value.len > FP_SYMBOL_LEN && security->tag != 0)))
		field = security;
	if (FP_UNLIKELY(field->tag == 0)) {
		(void)fp_fix_refuse_missing(decoder, field);
		return NULL;
	}
	if (FP_UNLIKELY(!fp_fix_read_symbol(decoder->header->frame->message, field, key))) {
		(void)fp_fix_refuse_value(decoder, field);
		return NULL;
	}
	return fp_fix_symbols_get(&decoder->fix->symbols, key, decoder->time_ns, decoder->batch);
}

#endif /* FP_FIX_VALUES_H */
