/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * IEX-TP 1 and the messages of DEEP 1.0 and TOPS 1.6 on the wire, little-endian.
 *
 *    0     1      2        4       8         12      14    16      24    32       40
 *    | ver | zero | proto  | chan. | session | bytes | cnt | offset| seq | sent   | count x block
 *
 *    block:    | le16 length | message of that length |
 *    message:  | type | flags | time i64 | symbol 8 | fields of the type        (S ends after time)
 *
 * The offset is that of the payload in the stream of all payloads of the session [bytes]. Prices
 * are i64 with four decimals, times are ns since 1970 UTC, symbols are padded with spaces.
 *
 * Private to the driver.
 */

#ifndef FP_IEX_WIRE_H
#define FP_IEX_WIRE_H

/** Length of the IEX-TP header [bytes]. */
#define FP_IEX_HEADER_BYTES 40

/** Version of IEX-TP. */
#define FP_IEX_VERSION 1

/** Message protocol of TOPS 1.6. */
#define FP_IEX_PROTOCOL_TOPS 0x8003

/** Message protocol of DEEP 1.0. */
#define FP_IEX_PROTOCOL_DEEP 0x8004

/** Decimals of every price. */
#define FP_IEX_PRICE_DECIMALS 4

/** Level update: the event is complete, the book may be looked at. */
#define FP_IEX_LEVEL_COMPLETE 0x01

/** Quote update: the symbol is halted, paused or not available. */
#define FP_IEX_QUOTE_HALTED 0x80

/**
 * Messages of DEEP 1.0 and TOPS 1.6: M(type, length, name).
 *
 * IEX reserves the right to let a message grow without notice, so the length is the least that the
 * type has; bytes beyond it are ignored.
 *
 * @source IEX TOPS 1.66, "Architecture" (messages may grow); layouts as in the Open Markets
 *         Initiative's dissectors of DEEP 1.08 and TOPS 1.66; S H O P E T B '8' '5' also as seen in
 *         392,000 real messages, D I X Q A not
 */
#define FP_IEX_TYPES(M)                \
	M('S', 10, system_event)       \
	M('D', 31, security_directory) \
	M('H', 22, trading_status)     \
	M('I', 18, retail_liquidity)   \
	M('O', 18, operational_halt)   \
	M('P', 19, short_sale)         \
	M('E', 18, security_event)     \
	M('8', 30, buy_level)          \
	M('5', 30, sell_level)         \
	M('T', 38, trade_report)       \
	M('B', 38, trade_break)        \
	M('X', 26, official_price)     \
	M('Q', 42, quote)              \
	M('A', 80, auction_information)

#endif /* FP_IEX_WIRE_H */
