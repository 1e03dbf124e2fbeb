/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * The 23 messages of TotalView-ITCH 5.0: their lengths, and a decoder for each.
 *
 *    0      1        3          5            11
 *    | type | locate | tracking | time (u48) | fields, big-endian, to the type's length
 *
 * A decoder gets a view of exactly its type's length, reads every field that the native message or
 * a check needs, and appends 0, 1 or 2 native messages. The caller compares the length with the
 * constant of the type first; the compiler then proves all reads in range and drops their checks.
 *
 * What is checked, because a book or the native format cannot carry anything else:
 *
 *    every Price(4)         at most 200,000.0000, the venue's stated ceiling
 *    side of A F P          'B' or 'S'
 *    shares of A F U        not 0: an order of nothing cannot stand in a book
 *    shares of Q            at most INT64_MAX; 0 is a cross without volume
 *    printable of C         'Y' or 'N'
 *    symbol of R            begins with neither space nor NUL; so of an add that names its locate
 *
 * All other letters and numbers are passed on or skipped as they come: event codes, states, reasons,
 * market makers, Price(8). E, C, X and P of 0 shares change nothing and pass. Times are not checked.
 * Private to the driver.
 */

#ifndef FP_ITCH50_MESSAGES_H
#define FP_ITCH50_MESSAGES_H

#include "fp_itch50_names.h"
#include "fp_message.h"
#include "fp_reader.h"

/** Types: T(letter, length [bytes], name). */
#define FP_ITCH50_TYPES(T)               \
	T('S', 12, system_event)         \
	T('R', 39, stock_directory)      \
	T('H', 25, trading_action)       \
	T('Y', 20, reg_sho)              \
	T('L', 26, participant_position) \
	T('V', 35, mwcb_levels)          \
	T('W', 12, mwcb_status)          \
	T('K', 28, ipo_quoting)          \
	T('J', 35, luld_collar)          \
	T('h', 21, operational_halt)     \
	T('A', 36, add)                  \
	T('F', 40, add_attributed)       \
	T('E', 31, executed)             \
	T('C', 36, executed_priced)      \
	T('X', 23, cancelled)            \
	T('D', 19, deleted)              \
	T('U', 35, replaced)             \
	T('P', 44, trade)                \
	T('Q', 40, cross)                \
	T('B', 19, broken_trade)         \
	T('I', 50, imbalance)            \
	T('N', 20, retail_interest)      \
	T('O', 48, direct_listing)

/** Highest Price(4): 200,000.0000 [10^-4 dollars]. */
#define FP_ITCH50_PRICE_MAX 0x77359400u

/** Where decoders put what they decode. Lives in registers. */
struct fp_itch50_output {
	struct fp_message *next;       /**< Place of the next native message. */
	struct fp_itch50_names *names; /**< Of the channel. */
};

/** Read the type, locate, tracking number and time: 11 bytes. */
static inline struct fp_itch50_head
fp_itch50_read_head(struct fp_reader *reader)
{
	struct fp_itch50_head head;

	fp_reader_skip(reader, 1);
	head.locate = fp_reader_read_be16(reader);
	/* Tracking number and time are eight bytes together: one load, and the time is its rest. */
	head.time_ns = fp_reader_read_be64(reader) & UINT64_C(0xffffffffffff);
	return head;
}

/** True when a Price(4) is one that the venue can send. */
static inline bool
fp_itch50_is_price(uint32_t price)
{
	return price <= FP_ITCH50_PRICE_MAX;
}

/** True for one of two letters. A product, since which of them it is no branch can be taught. */
static inline bool
fp_itch50_is_either(uint8_t letter, uint8_t one, uint8_t other)
{
	return (uint32_t)(letter ^ one) * (uint32_t)(letter ^ other) == 0;
}

/** True for the two letters of a side. */
static inline bool
fp_itch50_is_side(uint8_t side)
{
	return fp_itch50_is_either(side, FP_SIDE_BUY, FP_SIDE_SELL);
}

/** Read four characters; NUL takes the place of the spaces on their right. */
static inline struct fp_tag4
fp_itch50_read_tag(struct fp_reader *reader)
{
	struct fp_tag4 tag;

	fp_reader_read_into(reader, tag.text, sizeof(tag.text));
	for (size_t len = sizeof(tag.text); len > 0 && tag.text[len - 1] == ' '; len--)
		tag.text[len - 1] = '\0';
	return tag;
}

/** Append a TradingStatus. */
static inline void
fp_itch50_put_status(struct fp_itch50_output *out, struct fp_itch50_head head,
	enum fp_status_kind kind, uint8_t status, struct fp_tag4 reason)
{
	*out->next++ = (struct fp_message){
		.len = FP_MESSAGE_LEN(trading_status),
		.type = FP_MESSAGE_TRADING_STATUS,
		.instrument_id = head.locate,
		.time_ns = head.time_ns,
		.trading_status = {
			.reason = reason,
			.kind = (uint8_t)kind,
			.status = status,
		},
	};
}

/*
 * One decoder per type. view is of the type's length; false when a field is outside its domain, and
 * whatever was appended is to be taken back then.
 */

/** S: 11 event code. */
static inline bool
fp_itch50_decode_system_event(FP_SCOPED struct fp_cspan view, struct fp_itch50_output *out)
{
	struct fp_reader reader = fp_reader_open(view);
	struct fp_itch50_head head = fp_itch50_read_head(&reader);

	head.locate = 0;
	fp_itch50_put_status(
		out, head, FP_STATUS_SYSTEM, fp_reader_read_u8(&reader), (struct fp_tag4){ { 0 } });
	return true;
}

/** R: 11 stock, 21 round lot. */
static inline bool
fp_itch50_decode_stock_directory(FP_SCOPED struct fp_cspan view, struct fp_itch50_output *out)
{
	struct fp_reader reader = fp_reader_open(view);
	struct fp_itch50_head head = fp_itch50_read_head(&reader);
	struct fp_cspan symbol = fp_reader_read_bytes(&reader, sizeof(struct fp_symbol8));
	uint32_t lot;
	int messages;

	fp_reader_skip(&reader, 2);
	lot = fp_reader_read_be32(&reader);
	messages = fp_itch50_name(out->names, head, symbol, lot, out->next);
	if (messages < 0)
		return false;
	out->next += messages;
	return true;
}

/** H: 19 trading state, 21 reason. */
static inline bool
fp_itch50_decode_trading_action(FP_SCOPED struct fp_cspan view, struct fp_itch50_output *out)
{
	struct fp_reader reader = fp_reader_open(view);
	struct fp_itch50_head head = fp_itch50_read_head(&reader);
	uint8_t state;

	fp_reader_skip(&reader, 8);
	state = fp_reader_read_u8(&reader);
	fp_reader_skip(&reader, 1);
	fp_itch50_put_status(out, head, FP_STATUS_TRADING, state, fp_itch50_read_tag(&reader));
	return true;
}

/** Y: 19 Reg SHO action. */
static inline bool
fp_itch50_decode_reg_sho(FP_SCOPED struct fp_cspan view, struct fp_itch50_output *out)
{
	struct fp_reader reader = fp_reader_open(view);
	struct fp_itch50_head head = fp_itch50_read_head(&reader);

	fp_reader_skip(&reader, 8);
	fp_itch50_put_status(out, head, FP_STATUS_SHORT_SALE, fp_reader_read_u8(&reader),
		(struct fp_tag4){ { 0 } });
	return true;
}

/** L: participants and their letters; no native message has them. */
static inline bool
fp_itch50_decode_participant_position(FP_SCOPED struct fp_cspan view, struct fp_itch50_output *out)
{
	(void)view;
	(void)out;
	return true;
}

/** V: three Price(8) without a stated ceiling; no native message has them. */
static inline bool
fp_itch50_decode_mwcb_levels(FP_SCOPED struct fp_cspan view, struct fp_itch50_output *out)
{
	(void)view;
	(void)out;
	return true;
}

/** W: 11 level that was breached. */
static inline bool
fp_itch50_decode_mwcb_status(FP_SCOPED struct fp_cspan view, struct fp_itch50_output *out)
{
	struct fp_reader reader = fp_reader_open(view);
	struct fp_itch50_head head = fp_itch50_read_head(&reader);

	head.locate = 0;
	fp_itch50_put_status(out, head, FP_STATUS_BREAKER, fp_reader_read_u8(&reader),
		(struct fp_tag4){ { 0 } });
	return true;
}

/** K: 24 price; no native message has it. */
static inline bool
fp_itch50_decode_ipo_quoting(FP_SCOPED struct fp_cspan view, struct fp_itch50_output *out)
{
	struct fp_reader reader = fp_reader_open(view);

	(void)out;
	fp_reader_skip(&reader, 24);
	return fp_itch50_is_price(fp_reader_read_be32(&reader));
}

/** J: 19 reference, 23 upper and 27 lower price; no native message has them. */
static inline bool
fp_itch50_decode_luld_collar(FP_SCOPED struct fp_cspan view, struct fp_itch50_output *out)
{
	struct fp_reader reader = fp_reader_open(view);
	uint32_t reference;
	uint32_t upper;
	uint32_t lower;

	(void)out;
	fp_reader_skip(&reader, 19);
	reference = fp_reader_read_be32(&reader);
	upper = fp_reader_read_be32(&reader);
	lower = fp_reader_read_be32(&reader);
	return fp_itch50_is_price(reference) && fp_itch50_is_price(upper) &&
		fp_itch50_is_price(lower);
}

/** h: 19 market code, 20 action; the market becomes the reason. */
static inline bool
fp_itch50_decode_operational_halt(FP_SCOPED struct fp_cspan view, struct fp_itch50_output *out)
{
	struct fp_reader reader = fp_reader_open(view);
	struct fp_itch50_head head = fp_itch50_read_head(&reader);
	struct fp_tag4 market = { { 0 } };

	fp_reader_skip(&reader, 8);
	market.text[0] = (char)fp_reader_read_u8(&reader);
	fp_itch50_put_status(out, head, FP_STATUS_OPERATIONAL, fp_reader_read_u8(&reader), market);
	return true;
}

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

/** I: 36 far, 40 near and 44 reference price; no native message has them. */
static inline bool
fp_itch50_decode_imbalance(FP_SCOPED struct fp_cspan view, struct fp_itch50_output *out)
{
	struct fp_reader reader = fp_reader_open(view);
	uint32_t far;
	uint32_t near;
	uint32_t reference;

	(void)out;
	fp_reader_skip(&reader, 36);
	far = fp_reader_read_be32(&reader);
	near = fp_reader_read_be32(&reader);
	reference = fp_reader_read_be32(&reader);
	return fp_itch50_is_price(far) && fp_itch50_is_price(near) && fp_itch50_is_price(reference);
}

/** N: one letter; no native message has it. */
static inline bool
fp_itch50_decode_retail_interest(FP_SCOPED struct fp_cspan view, struct fp_itch50_output *out)
{
	(void)view;
	(void)out;
	return true;
}

/** O: 20 minimum, 24 maximum, 28 near, 40 lower and 44 upper price; no native message has them. */
static inline bool
fp_itch50_decode_direct_listing(FP_SCOPED struct fp_cspan view, struct fp_itch50_output *out)
{
	struct fp_reader reader = fp_reader_open(view);
	bool is_valid;

	(void)out;
	fp_reader_skip(&reader, 20);
	is_valid = fp_itch50_is_price(fp_reader_read_be32(&reader));
	is_valid = fp_itch50_is_price(fp_reader_read_be32(&reader)) && is_valid;
	is_valid = fp_itch50_is_price(fp_reader_read_be32(&reader)) && is_valid;
	fp_reader_skip(&reader, 8);
	is_valid = fp_itch50_is_price(fp_reader_read_be32(&reader)) && is_valid;
	return fp_itch50_is_price(fp_reader_read_be32(&reader)) && is_valid;
}

#endif /* FP_ITCH50_MESSAGES_H */
