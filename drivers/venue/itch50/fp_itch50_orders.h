/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Decoders of the messages of orders and trades: A F E C X D U P Q B.
 *
 * The number before a field is its offset in the message [bytes]. Private to the driver.
 */

#ifndef FP_ITCH50_ORDERS_H
#define FP_ITCH50_ORDERS_H

#include "fp_itch50_types.h"

/** Name the locate of an add, A or F: the first one of it in mid-day. */
FP_COLD static int
fp_itch50_name_by_add(
	struct fp_itch50_names *names, FP_SCOPED struct fp_cspan view, struct fp_message *out)
{
	struct fp_reader reader = fp_reader_open(view);
	struct fp_itch50_head head = fp_itch50_read_head(&reader);

	fp_reader_skip(&reader, 13);
	return fp_itch50_name(
		names, head, fp_reader_read_bytes(&reader, sizeof(struct fp_symbol8)), 0, out);
}

/** Append the OrderAdd of A or F, and before it the name of its locate if it has none. */
static inline bool
fp_itch50_put_add(FP_SCOPED struct fp_cspan view, struct fp_itch50_output *out, bool is_attributed)
{
	struct fp_reader reader = fp_reader_open(view);
	struct fp_itch50_head head = fp_itch50_read_head(&reader);
	uint64_t order_id;
	uint32_t shares;
	uint32_t price;
	uint8_t side;

	if (FP_UNLIKELY(!fp_itch50_is_named(out->names, head.locate))) {
		int messages = fp_itch50_name_by_add(out->names, view, out->next);

		if (messages < 0)
			return false;
		out->next += messages;
	}
	order_id = fp_reader_read_be64(&reader);
	side = fp_reader_read_u8(&reader);
	shares = fp_reader_read_be32(&reader);
	fp_reader_skip(&reader, 8);
	price = fp_reader_read_be32(&reader);
	if (FP_UNLIKELY(!fp_itch50_is_side(side) || shares == 0 || !fp_itch50_is_price(price)))
		return false;
	*out->next++ = (struct fp_message){
		.len = FP_MESSAGE_LEN(order_add),
		.type = FP_MESSAGE_ORDER_ADD,
		.instrument_id = head.locate,
		.time_ns = head.time_ns,
		.order_add = {
			.order_id = order_id,
			.price = { price },
			.quantity = { shares },
			.attribution = is_attributed ? fp_itch50_read_tag(&reader) :
						       (struct fp_tag4){ { 0 } },
			.side = side,
		},
	};
	return true;
}

/** A: 11 order, 19 side, 20 shares, 24 stock, 32 price. */
static inline bool
fp_itch50_decode_add(FP_SCOPED struct fp_cspan view, struct fp_itch50_output *out)
{
	return fp_itch50_put_add(view, out, false);
}

/** F: as A, 36 market participant. */
static inline bool
fp_itch50_decode_add_attributed(FP_SCOPED struct fp_cspan view, struct fp_itch50_output *out)
{
	return fp_itch50_put_add(view, out, true);
}

/** E: 11 order, 19 shares, 23 match. */
static inline bool
fp_itch50_decode_executed(FP_SCOPED struct fp_cspan view, struct fp_itch50_output *out)
{
	struct fp_reader reader = fp_reader_open(view);
	struct fp_itch50_head head = fp_itch50_read_head(&reader);
	uint64_t order_id = fp_reader_read_be64(&reader);
	uint32_t shares = fp_reader_read_be32(&reader);
	uint64_t match_id = fp_reader_read_be64(&reader);

	*out->next++ = (struct fp_message){
		.len = FP_MESSAGE_LEN(order_execute),
		.type = FP_MESSAGE_ORDER_EXECUTE,
		.instrument_id = head.locate,
		.time_ns = head.time_ns,
		.order_execute = {
			.order_id = order_id,
			.quantity = { shares },
			.match_id = match_id,
		},
	};
	return true;
}

/** C: as E, 31 printable, 32 price. */
static inline bool
fp_itch50_decode_executed_priced(FP_SCOPED struct fp_cspan view, struct fp_itch50_output *out)
{
	struct fp_reader reader = fp_reader_open(view);
	struct fp_itch50_head head = fp_itch50_read_head(&reader);
	uint64_t order_id = fp_reader_read_be64(&reader);
	uint32_t shares = fp_reader_read_be32(&reader);
	uint64_t match_id = fp_reader_read_be64(&reader);
	uint8_t printable = fp_reader_read_u8(&reader);
	uint32_t price = fp_reader_read_be32(&reader);

	if (FP_UNLIKELY(!fp_itch50_is_either(printable, 'Y', 'N') || !fp_itch50_is_price(price)))
		return false;
	*out->next++ = (struct fp_message){
		.len = FP_MESSAGE_LEN(order_execute),
		.type = FP_MESSAGE_ORDER_EXECUTE,
		.instrument_id = head.locate,
		.time_ns = head.time_ns,
		.order_execute = {
			.order_id = order_id,
			.quantity = { shares },
			.price = { price },
			.match_id = match_id,
			.flags = printable == 'Y' ?
				FP_EXECUTE_F_PRICED :
				FP_EXECUTE_F_PRICED | FP_EXECUTE_F_NON_PRINTABLE,
		},
	};
	return true;
}

/** X: 11 order, 19 shares that were cancelled. */
static inline bool
fp_itch50_decode_cancelled(FP_SCOPED struct fp_cspan view, struct fp_itch50_output *out)
{
	struct fp_reader reader = fp_reader_open(view);
	struct fp_itch50_head head = fp_itch50_read_head(&reader);
	uint64_t order_id = fp_reader_read_be64(&reader);
	uint32_t shares = fp_reader_read_be32(&reader);

	*out->next++ = (struct fp_message){
		.len = FP_MESSAGE_LEN(order_reduce),
		.type = FP_MESSAGE_ORDER_REDUCE,
		.instrument_id = head.locate,
		.time_ns = head.time_ns,
		.order_reduce = { .order_id = order_id, .quantity = { shares } },
	};
	return true;
}

/** D: 11 order. */
static inline bool
fp_itch50_decode_deleted(FP_SCOPED struct fp_cspan view, struct fp_itch50_output *out)
{
	struct fp_reader reader = fp_reader_open(view);
	struct fp_itch50_head head = fp_itch50_read_head(&reader);
	uint64_t order_id = fp_reader_read_be64(&reader);

	*out->next++ = (struct fp_message){
		.len = FP_MESSAGE_LEN(order_delete),
		.type = FP_MESSAGE_ORDER_DELETE,
		.instrument_id = head.locate,
		.time_ns = head.time_ns,
		.order_delete = { .order_id = order_id },
	};
	return true;
}

/** U: 11 order, 19 new order, 27 shares, 31 price. */
static inline bool
fp_itch50_decode_replaced(FP_SCOPED struct fp_cspan view, struct fp_itch50_output *out)
{
	struct fp_reader reader = fp_reader_open(view);
	struct fp_itch50_head head = fp_itch50_read_head(&reader);
	uint64_t order_id = fp_reader_read_be64(&reader);
	uint64_t new_order_id = fp_reader_read_be64(&reader);
	uint32_t shares = fp_reader_read_be32(&reader);
	uint32_t price = fp_reader_read_be32(&reader);

	if (FP_UNLIKELY(shares == 0 || !fp_itch50_is_price(price)))
		return false;
	*out->next++ = (struct fp_message){
		.len = FP_MESSAGE_LEN(order_replace),
		.type = FP_MESSAGE_ORDER_REPLACE,
		.instrument_id = head.locate,
		.time_ns = head.time_ns,
		.order_replace = {
			.order_id = order_id,
			.new_order_id = new_order_id,
			.price = { price },
			.quantity = { shares },
		},
	};
	return true;
}

/** P: 11 order (always 0), 19 side, 20 shares, 24 stock, 32 price, 36 match. */
static inline bool
fp_itch50_decode_trade(FP_SCOPED struct fp_cspan view, struct fp_itch50_output *out)
{
	struct fp_reader reader = fp_reader_open(view);
	struct fp_itch50_head head = fp_itch50_read_head(&reader);
	uint64_t match_id;
	uint32_t shares;
	uint32_t price;
	uint8_t side;

	fp_reader_skip(&reader, 8);
	side = fp_reader_read_u8(&reader);
	shares = fp_reader_read_be32(&reader);
	fp_reader_skip(&reader, 8);
	price = fp_reader_read_be32(&reader);
	match_id = fp_reader_read_be64(&reader);
	if (FP_UNLIKELY(!fp_itch50_is_side(side) || !fp_itch50_is_price(price)))
		return false;
	*out->next++ = (struct fp_message){
		.len = FP_MESSAGE_LEN(trade),
		.type = FP_MESSAGE_TRADE,
		.instrument_id = head.locate,
		.time_ns = head.time_ns,
		.trade = {
			.price = { price },
			.quantity = { shares },
			.match_id = match_id,
			.side = side,
			.kind = FP_TRADE_REGULAR,
		},
	};
	return true;
}

/** Q: 11 shares (u64), 19 stock, 27 price, 31 match, 39 cross type. */
static inline bool
fp_itch50_decode_cross(FP_SCOPED struct fp_cspan view, struct fp_itch50_output *out)
{
	struct fp_reader reader = fp_reader_open(view);
	struct fp_itch50_head head = fp_itch50_read_head(&reader);
	uint64_t shares = fp_reader_read_be64(&reader);
	uint64_t match_id;
	uint32_t price;

	fp_reader_skip(&reader, 8);
	price = fp_reader_read_be32(&reader);
	match_id = fp_reader_read_be64(&reader);
	if (FP_UNLIKELY(shares > INT64_MAX || !fp_itch50_is_price(price)))
		return false;
	*out->next++ = (struct fp_message){
		.len = FP_MESSAGE_LEN(trade),
		.type = FP_MESSAGE_TRADE,
		.instrument_id = head.locate,
		.time_ns = head.time_ns,
		.trade = {
			.price = { price },
			.quantity = { (int64_t)shares },
			.match_id = match_id,
			.kind = FP_TRADE_CROSS,
			.conditions = fp_reader_read_u8(&reader),
		},
	};
	return true;
}

/** B: 11 match of the trade that is void. */
static inline bool
fp_itch50_decode_broken_trade(FP_SCOPED struct fp_cspan view, struct fp_itch50_output *out)
{
	struct fp_reader reader = fp_reader_open(view);
	struct fp_itch50_head head = fp_itch50_read_head(&reader);

	*out->next++ = (struct fp_message){
		.len = FP_MESSAGE_LEN(trade),
		.type = FP_MESSAGE_TRADE,
		.instrument_id = head.locate,
		.time_ns = head.time_ns,
		.trade = {
			.match_id = fp_reader_read_be64(&reader),
			.kind = FP_TRADE_BREAK,
		},
	};
	return true;
}

#endif /* FP_ITCH50_ORDERS_H */
