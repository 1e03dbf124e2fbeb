/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Orders of FIX to native messages: what was asked for (D, F, G), and what became of it (8).
 *
 * An order rests in the book when its reports have a limit price (44): what has none is executed or
 * cancelled outside of it.
 *
 * Private to the driver.
 */

#ifndef FP_FIX_ORDERS_H
#define FP_FIX_ORDERS_H

#include "fp_fix_values.h"

/** Fields that are used: O(name), of enum fp_fix_tag. */
#define FP_FIX_ORDER_FIELDS(O) \
	O(CL_ORD_ID)           \
	O(EXEC_ID)             \
	O(EXEC_REF_ID)         \
	O(EXEC_TRANS_TYPE)     \
	O(EXEC_TYPE)           \
	O(LAST_PX)             \
	O(LAST_QTY)            \
	O(LEAVES_QTY)          \
	O(ORDER_ID)            \
	O(ORDER_QTY)           \
	O(ORD_STATUS)          \
	O(ORIG_CL_ORD_ID)      \
	O(PRICE)               \
	O(SECURITY_ID)         \
	O(SIDE)                \
	O(SYMBOL)              \
	O(TRANSACT_TIME)

#define FP_FIX_ORDER_ENUM(name) FP_FIX_ORDER_##name,

/** Where a field of an order is kept. */
enum fp_fix_order_field {
	FP_FIX_ORDER_FIELDS(FP_FIX_ORDER_ENUM) FP_FIX_ORDER_COUNT,
};

/** Fields of a message about an order; tag 0 = the field is not there. */
struct fp_fix_order {
	struct fp_fix_field values[FP_FIX_ORDER_COUNT];
};

/** Where a tag is kept; FP_FIX_ORDER_COUNT for tags that are not used. */
static inline uint32_t
fp_fix_order_idx(uint32_t tag)
{
	switch (tag) {
#define FP_FIX_ORDER_CASE(name) \
	case FP_FIX_TAG_##name: \
		return FP_FIX_ORDER_##name;
		FP_FIX_ORDER_FIELDS(FP_FIX_ORDER_CASE)
#undef FP_FIX_ORDER_CASE
	default:
		return FP_FIX_ORDER_COUNT;
	}
}

/** Keep the fields of the body; false when one is malformed, or twice there. */
static inline bool
fp_fix_read_order(struct fp_fix_decoder *decoder, struct fp_fix_order *order)
{
	struct fp_fix_fields fields = decoder->header->fields;
	struct fp_fix_field field = decoder->header->first;

	for (uint32_t idx = 0; idx < FP_FIX_ORDER_COUNT; idx++)
		order->values[idx].tag = 0;
	for (bool is_there = decoder->header->has_body; is_there;
		is_there = fp_fix_fields_next(&fields, &field)) {
		uint32_t idx = fp_fix_order_idx(field.tag);

		if (idx == FP_FIX_ORDER_COUNT)
			continue;
		if (FP_UNLIKELY(order->values[idx].tag != 0)) {
			return fp_fix_refuse(
				&decoder->fault, FP_MALFORMED_FIELD_ORDER, field.offset);
		}
		order->values[idx] = field;
	}
	decoder->fault = fp_fix_fields_fault(&fields);
	return decoder->fault.reason == FP_MALFORMED_COUNT &&
		fp_fix_read_time(decoder, &order->values[FP_FIX_ORDER_TRANSACT_TIME]);
}

/** The order's instrument, named first if need be. */
static inline bool
fp_fix_read_order_instrument(
	struct fp_fix_decoder *decoder, const struct fp_fix_order *order, uint32_t *instrument_id)
{
	const struct fp_fix_slot *slot = fp_fix_read_instrument(decoder,
		&order->values[FP_FIX_ORDER_SYMBOL], &order->values[FP_FIX_ORDER_SECURITY_ID]);

	*instrument_id = slot != NULL ? slot->id : 0;
	return slot != NULL;
}

/** D, F, G: something is asked for. */
static inline bool
fp_fix_decode_request(struct fp_fix_decoder *decoder, enum fp_request_kind kind)
{
	struct fp_message_order_request body = { .kind = (uint8_t)kind };
	const struct fp_fix_field *values;
	struct fp_fix_order order;
	uint32_t instrument_id;

	if (!fp_fix_read_order(decoder, &order))
		return false;
	values = order.values;
	if (values[FP_FIX_ORDER_CL_ORD_ID].tag == 0 ||
		(kind != FP_REQUEST_NEW && values[FP_FIX_ORDER_ORIG_CL_ORD_ID].tag == 0))
		return fp_fix_refuse_missing(decoder, &values[FP_FIX_ORDER_CL_ORD_ID]);
	if (!fp_fix_read_id_of(decoder, &values[FP_FIX_ORDER_CL_ORD_ID], &body.order_id) ||
		!fp_fix_read_side(decoder, &values[FP_FIX_ORDER_SIDE], &body.side) ||
		!fp_fix_read_quantity(decoder, &values[FP_FIX_ORDER_ORDER_QTY], &body.quantity))
		return false;
	if (kind != FP_REQUEST_NEW &&
		!fp_fix_read_id_of(
			decoder, &values[FP_FIX_ORDER_ORIG_CL_ORD_ID], &body.original_id))
		return false;
	if (values[FP_FIX_ORDER_PRICE].tag != 0) {
		body.flags = FP_REQUEST_F_PRICED;
		if (!fp_fix_read_price(decoder, &values[FP_FIX_ORDER_PRICE],
			    &values[FP_FIX_ORDER_PRICE], &body.price))
			return false;
	}
	if (!fp_fix_read_order_instrument(decoder, &order, &instrument_id))
		return false;
	*fp_batch_next(decoder->batch) = (struct fp_message){
		.len = FP_MESSAGE_LEN(order_request),
		.type = FP_MESSAGE_ORDER_REQUEST,
		.instrument_id = instrument_id,
		.time_ns = decoder->time_ns,
		.order_request = body,
	};
	return true;
}

/** What a report says of an order that has an event. */
struct fp_fix_report {
	const struct fp_fix_field *values;
	uint64_t order_id;
	uint32_t instrument_id;
	bool is_resting; /**< It has a limit price. */
};

/** Append an event of the report's instrument, its body to be filled in. */
static inline struct fp_message *
fp_fix_append_event(struct fp_fix_decoder *decoder, const struct fp_fix_report *report,
	enum fp_message_type type, uint16_t len)
{
	struct fp_message *message = fp_batch_next(decoder->batch);

	*message = (struct fp_message){
		.len = len,
		.type = (uint8_t)type,
		.instrument_id = report->instrument_id,
		.time_ns = decoder->time_ns,
	};
	return message;
}

/** What is open of the order: 151, or 38 when that is not there. */
static inline bool
fp_fix_read_open(
	struct fp_fix_decoder *decoder, const struct fp_fix_report *report, struct fp_qty *quantity)
{
	const struct fp_fix_field *field = &report->values[FP_FIX_ORDER_LEAVES_QTY];

	if (field->tag == 0)
		field = &report->values[FP_FIX_ORDER_ORDER_QTY];
	if (field->tag == 0)
		return fp_fix_refuse_missing(decoder, &report->values[FP_FIX_ORDER_ORDER_ID]);
	return fp_fix_read_quantity(decoder, field, quantity);
}

/** A new order rests, or one has another price or quantity. */
static inline bool
fp_fix_report_open(struct fp_fix_decoder *decoder, const struct fp_fix_report *report, bool is_new)
{
	struct fp_message *message;
	struct fp_price price;
	struct fp_qty quantity;
	uint8_t side;

	if (!report->is_resting)
		return true;
	if (!fp_fix_read_side(decoder, &report->values[FP_FIX_ORDER_SIDE], &side) ||
		!fp_fix_read_price(decoder, &report->values[FP_FIX_ORDER_PRICE],
			&report->values[FP_FIX_ORDER_PRICE], &price) ||
		!fp_fix_read_open(decoder, report, &quantity))
		return false;
	if (quantity.units == 0 && is_new)
		return true;
	if (is_new) {
		message = fp_fix_append_event(
			decoder, report, FP_MESSAGE_ORDER_ADD, FP_MESSAGE_LEN(order_add));
		message->order_add.order_id = report->order_id;
		message->order_add.price = price;
		message->order_add.quantity = quantity;
		message->order_add.side = side;
	} else if (quantity.units == 0) {
		message = fp_fix_append_event(
			decoder, report, FP_MESSAGE_ORDER_DELETE, FP_MESSAGE_LEN(order_delete));
		message->order_delete.order_id = report->order_id;
	} else {
		message = fp_fix_append_event(
			decoder, report, FP_MESSAGE_ORDER_REPLACE, FP_MESSAGE_LEN(order_replace));
		message->order_replace.order_id = report->order_id;
		message->order_replace.new_order_id = report->order_id;
		message->order_replace.price = price;
		message->order_replace.quantity = quantity;
	}
	return true;
}

/** What the status of an order says by itself, without an execution. */
static inline bool
fp_fix_report_status(
	struct fp_fix_decoder *decoder, const struct fp_fix_report *report, char status)
{
	struct fp_message *message;

	switch (status) {
	case '0':
		return fp_fix_report_open(decoder, report, true);
	case '5':
		return fp_fix_report_open(decoder, report, false);
	case '3':
	case '4':
	case 'C':
		if (!report->is_resting)
			return true;
		message = fp_fix_append_event(
			decoder, report, FP_MESSAGE_ORDER_DELETE, FP_MESSAGE_LEN(order_delete));
		message->order_delete.order_id = report->order_id;
		return true;
	default:
		return true;
	}
}

/** A trade outside of the book, or one that is void. */
static inline bool
fp_fix_report_trade(struct fp_fix_decoder *decoder, const struct fp_fix_report *report,
	enum fp_trade_kind kind, uint64_t match_id)
{
	struct fp_message_trade body = { .match_id = match_id, .kind = (uint8_t)kind };
	const struct fp_fix_field *price = &report->values[FP_FIX_ORDER_LAST_PX];

	if (!fp_fix_read_side(decoder, &report->values[FP_FIX_ORDER_SIDE], &body.side) ||
		!fp_fix_read_quantity(
			decoder, &report->values[FP_FIX_ORDER_LAST_QTY], &body.quantity))
		return false;
	if ((kind != FP_TRADE_BREAK || price->tag != 0) &&
		!fp_fix_read_price(
			decoder, price, &report->values[FP_FIX_ORDER_LAST_QTY], &body.price))
		return false;
	fp_fix_append_event(decoder, report, FP_MESSAGE_TRADE, FP_MESSAGE_LEN(trade))->trade = body;
	return true;
}

/** Part or all of the order was executed. */
static inline bool
fp_fix_report_execution(struct fp_fix_decoder *decoder, const struct fp_fix_report *report)
{
	struct fp_message_order_execute body = { .order_id = report->order_id,
		.flags = FP_EXECUTE_F_PRICED };
	const struct fp_fix_field *values = report->values;

	if (!fp_fix_read_quantity(decoder, &values[FP_FIX_ORDER_LAST_QTY], &body.quantity) ||
		!fp_fix_read_id_of(decoder, &values[FP_FIX_ORDER_EXEC_ID], &body.match_id))
		return false;
	if (body.quantity.units == 0) {
		return fp_fix_report_status(
			decoder, report, fp_fix_letter(&values[FP_FIX_ORDER_ORD_STATUS]));
	}
	if (!report->is_resting)
		return fp_fix_report_trade(decoder, report, FP_TRADE_REGULAR, body.match_id);
	if (!fp_fix_read_price(decoder, &values[FP_FIX_ORDER_LAST_PX],
		    &values[FP_FIX_ORDER_LAST_QTY], &body.price))
		return false;
	fp_fix_append_event(
		decoder, report, FP_MESSAGE_ORDER_EXECUTE, FP_MESSAGE_LEN(order_execute))
		->order_execute = body;
	return true;
}

/** An execution is void; when it is corrected, another one stands for it. */
static FP_COLD bool
fp_fix_report_break(
	struct fp_fix_decoder *decoder, const struct fp_fix_report *report, bool is_correct)
{
	const struct fp_fix_field *values = report->values;
	const struct fp_fix_field *void_one = &values[FP_FIX_ORDER_EXEC_REF_ID];
	uint64_t void_id, match_id;

	if (void_one->tag == 0)
		void_one = &values[FP_FIX_ORDER_EXEC_ID];
	if (!fp_fix_read_id_of(decoder, void_one, &void_id) ||
		!fp_fix_read_id_of(decoder, &values[FP_FIX_ORDER_EXEC_ID], &match_id) ||
		!fp_fix_report_trade(decoder, report, FP_TRADE_BREAK, void_id))
		return false;
	return !is_correct || fp_fix_report_trade(decoder, report, FP_TRADE_REGULAR, match_id);
}

/** What a report is about. */
enum fp_fix_event {
	FP_FIX_EVENT_NONE,
	FP_FIX_EVENT_STATUS,
	FP_FIX_EVENT_EXECUTION,
	FP_FIX_EVENT_CANCEL,
	FP_FIX_EVENT_CORRECT,
};

/** What a report is about; *status is its type, or the order's status where there is no type. */
static inline enum fp_fix_event
fp_fix_event_of(const struct fp_fix_field *values, char *status)
{
	const struct fp_fix_field *type = &values[FP_FIX_ORDER_EXEC_TYPE];

	/* FIX 4.0 has no type */
	*status = fp_fix_letter(type->tag != 0 ? type : &values[FP_FIX_ORDER_ORD_STATUS]);
	switch (fp_fix_letter(&values[FP_FIX_ORDER_EXEC_TRANS_TYPE])) {
	case '1':
		return FP_FIX_EVENT_CANCEL;
	case '2':
		return FP_FIX_EVENT_CORRECT;
	case '3':
		return FP_FIX_EVENT_NONE;
	default:
		break;
	}
	switch (*status) {
	case '1':
	case '2':
	case 'F':
		return FP_FIX_EVENT_EXECUTION;
	case 'G':
		return FP_FIX_EVENT_CORRECT;
	case 'H':
		return FP_FIX_EVENT_CANCEL;
	case '0':
	case '3':
	case '4':
	case '5':
	case 'C':
		return FP_FIX_EVENT_STATUS;
	default:
		return FP_FIX_EVENT_NONE;
	}
}

/** 8: what became of an order. */
static inline bool
fp_fix_decode_report(struct fp_fix_decoder *decoder)
{
	struct fp_fix_report report;
	struct fp_fix_order order;
	enum fp_fix_event event;
	char status;

	if (!fp_fix_read_order(decoder, &order))
		return false;
	report.values = order.values;
	report.is_resting = order.values[FP_FIX_ORDER_PRICE].tag != 0;
	if (order.values[FP_FIX_ORDER_ORDER_ID].tag == 0)
		return fp_fix_refuse_missing(decoder, &order.values[FP_FIX_ORDER_ORDER_ID]);
	if (!fp_fix_read_id_of(decoder, &order.values[FP_FIX_ORDER_ORDER_ID], &report.order_id))
		return false;
	event = fp_fix_event_of(order.values, &status);
	if (event == FP_FIX_EVENT_NONE)
		return true;
	if (!fp_fix_read_order_instrument(decoder, &order, &report.instrument_id))
		return false;
	switch (event) {
	case FP_FIX_EVENT_EXECUTION:
		return fp_fix_report_execution(decoder, &report);
	case FP_FIX_EVENT_CANCEL:
	case FP_FIX_EVENT_CORRECT:
		return fp_fix_report_break(decoder, &report, event == FP_FIX_EVENT_CORRECT);
	case FP_FIX_EVENT_STATUS:
	case FP_FIX_EVENT_NONE:
		break;
	}
	return fp_fix_report_status(decoder, &report, status);
}

#endif /* FP_FIX_ORDERS_H */
