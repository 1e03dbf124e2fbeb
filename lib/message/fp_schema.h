/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * The native wire format, version 1: the one list of its messages and their fields.
 *
 * Structures, sizes, encoder, decoder, printer and the table in the documents come from here; a
 * field is named nowhere else. A message on the wire, little-endian:
 *
 *    0       2      3      4            8           16
 *    | len   | type | zero | instr. id  | time_ns   | fields, naturally aligned, to len
 *
 * Rules of the list: a field stands at a multiple of its own size, the sizes of a message's fields
 * add up to a multiple of 8 and to at most 48, gaps are fields named pad. A released code is never
 * reused and a released message never changes; new ones get new codes, and readers skip what they
 * do not know by its length.
 *
 * Kinds of field: u8, u16, u32, u64, price, qty, symbol16, tag4 (see fp_units.h), pad1..pad7.
 */

#ifndef FP_SCHEMA_H
#define FP_SCHEMA_H

/** Messages: M(code, NAME, name, help). */
#define FP_MESSAGES(M)                                                                            \
	M(0x01, HEARTBEAT, heartbeat, "the publisher is alive")                                   \
	M(0x02, END_OF_SESSION, end_of_session, "nothing follows in this session")                \
	M(0x03, INSTRUMENT, instrument, "a symbol and its price scale, before its first use")     \
	M(0x10, ORDER_ADD, order_add, "a new displayed order")                                    \
	M(0x11, ORDER_EXECUTE, order_execute, "part or all of an order was executed")             \
	M(0x12, ORDER_REDUCE, order_reduce, "part of an order was cancelled")                     \
	M(0x13, ORDER_DELETE, order_delete, "what remained of an order was cancelled")            \
	M(0x14, ORDER_REPLACE, order_replace, "an order got a new id, price and quantity")        \
	M(0x15, ORDER_REQUEST, order_request, "an order, its change or its cancel was asked for") \
	M(0x20, LEVEL_UPDATE, level_update, "a price level has a new total quantity")             \
	M(0x21, QUOTE, quote, "best bid and offer")                                               \
	M(0x22, TRADE, trade, "a trade that touches no displayed order")                          \
	M(0x23, TRADING_STATUS, trading_status, "the state of an instrument or the market")       \
	M(0x30, BOOK_CLEAR, book_clear, "the book (instrument_id 0: every book) is empty now")    \
	M(0x31, GAP, gap, "messages were lost upstream")                                          \
	M(0x32, STALE, stale, "the book (instrument_id 0: every book) can no longer be trusted")

/*
 * Fields: F(kind, name, help).
 */
#define FP_FIELDS_HEARTBEAT(F) F(u64, messages, "messages of the channel before this one")

#define FP_FIELDS_END_OF_SESSION(F) F(u64, messages, "messages of the channel before this one")

#define FP_FIELDS_INSTRUMENT(F)                                \
	F(symbol16, symbol, "name, padded with NUL")           \
	F(u32, lot, "round lot [units]")                       \
	F(u8, price_decimals, "decimals of its prices [0..9]") \
	F(pad3, pad, "zero")

#define FP_FIELDS_ORDER_ADD(F)                                         \
	F(u64, order_id, "the venue's id, unique in its session")      \
	F(price, price, "limit")                                       \
	F(qty, quantity, "displayed")                                  \
	F(tag4, attribution, "market participant, NUL when anonymous") \
	F(u8, side, "'B' or 'S'")                                      \
	F(pad3, pad, "zero")

#define FP_FIELDS_ORDER_EXECUTE(F)                                                         \
	F(u64, order_id, "the order")                                                      \
	F(qty, quantity, "executed now")                                                   \
	F(price, price, "of the execution, when flag PRICED is set; else the order's own") \
	F(u64, match_id, "the venue's id of the execution")                                \
	F(u8, flags, "FP_EXECUTE_F_*")                                                     \
	F(pad7, pad, "zero")

#define FP_FIELDS_ORDER_REDUCE(F)     \
	F(u64, order_id, "the order") \
	F(qty, quantity, "cancelled now")

#define FP_FIELDS_ORDER_DELETE(F) F(u64, order_id, "the order")

#define FP_FIELDS_ORDER_REPLACE(F)                 \
	F(u64, order_id, "the order as it was")    \
	F(u64, new_order_id, "its id from now on") \
	F(price, price, "new limit")               \
	F(qty, quantity, "new displayed total")

#define FP_FIELDS_ORDER_REQUEST(F)                                              \
	F(u64, order_id, "the asker's own id")                                  \
	F(u64, original_id, "of the order to be changed or cancelled; 0 = new") \
	F(price, price, "limit, when flag PRICED is set; else 0")               \
	F(qty, quantity, "asked for; 0 when the request does not say")          \
	F(u8, side, "'B' or 'S'")                                               \
	F(u8, kind, "enum fp_request_kind")                                     \
	F(u8, flags, "FP_REQUEST_F_*")                                          \
	F(pad5, pad, "zero")

#define FP_FIELDS_LEVEL_UPDATE(F)                          \
	F(price, price, "of the level")                    \
	F(qty, quantity, "new total; 0 removes the level") \
	F(u8, side, "'B' or 'S'")                          \
	F(u8, flags, "FP_LEVEL_F_*")                       \
	F(pad6, pad, "zero")

#define FP_FIELDS_QUOTE(F)                                                      \
	F(price, bid_price, "best bid; 0 with quantity 0 when there is none")   \
	F(qty, bid_quantity, "at the best bid")                                 \
	F(price, ask_price, "best offer; 0 with quantity 0 when there is none") \
	F(qty, ask_quantity, "at the best offer")                               \
	F(u8, flags, "FP_QUOTE_F_*")                                            \
	F(pad7, pad, "zero")

#define FP_FIELDS_TRADE(F)                                                      \
	F(price, price, "of the trade")                                         \
	F(qty, quantity, "traded")                                              \
	F(u64, match_id, "the venue's id of the trade")                         \
	F(u8, side, "'B', 'S' or NUL when the venue does not say")              \
	F(u8, kind, "enum fp_trade_kind")                                       \
	F(u8, conditions, "the venue's own sale condition flags or cross type") \
	F(pad5, pad, "zero")

#define FP_FIELDS_TRADING_STATUS(F)                \
	F(tag4, reason, "the venue's reason code") \
	F(u8, kind, "enum fp_status_kind")         \
	F(u8, status, "the venue's status letter") \
	F(pad2, pad, "zero")

#define FP_FIELDS_BOOK_CLEAR(F)               \
	F(u8, reason, "enum fp_clear_reason") \
	F(pad7, pad, "zero")

#define FP_FIELDS_GAP(F)                                     \
	F(u64, first, "first sequence number lost upstream") \
	F(u64, count, "messages lost")

#define FP_FIELDS_STALE(F)                    \
	F(u8, reason, "enum fp_stale_reason") \
	F(pad7, pad, "zero")

#endif /* FP_SCHEMA_H */
