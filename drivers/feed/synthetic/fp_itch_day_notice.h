/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef FP_ITCH_DAY_NOTICE_H
#define FP_ITCH_DAY_NOTICE_H

/**
 * @file
 * Messages about anything but an order: system, symbols, crosses, trades, market-wide matters.
 *
 * Private to fp_itch_day.c.
 * @source  ITCH 5.0 rev 2023-04-28, field order and domains of each type
 */

#include <stdbool.h>
#include <stdint.h>

#include "fp_itch_day_state.h"

#define AT_OPENED (UINT64_C(34500) * NS_PER_S) /* 09:35, crosses are no opening crosses any more */
#define AT_LATE   (UINT64_C(57300) * NS_PER_S) /* 15:55, crosses are closing crosses */

static inline uint16_t
system_event(struct fp_itch_day *day, uint8_t *message, uint64_t now_ns, char code)
{
	uint8_t *at;

	day->now_ns = now_ns;
	at = put_head(day, message, 'S', 0);
	return length(message, put_u8(at, (unsigned char)code));
}

static inline uint16_t
directory(struct fp_itch_day *day, uint8_t *message, uint32_t symbol_idx)
{
	const uint64_t bits = random_next(&day->random);
	const bool is_fund = (bits & 7) == 0;
	uint8_t *at = put_head(day, message, 'R', symbol_idx + 1);

	at = put_name(day, at, symbol_idx);
	at = put_u8(at, (unsigned char)one_of("QQQGSNNAPZ", bits));
	at = put_u8(at, (bits >> 3 & 63) == 0 ? 'D' : 'N');
	at = put_be32(at, day->book.symbols[symbol_idx].round_lot);
	at = put_u8(at, 'N');
	at = put_u8(at, is_fund ? 'Q' : 'C');
	at = put_text(at, is_fund ? "E " : "Z ", 2);
	at = put_u8(at, 'P');
	at = put_u8(at, (bits >> 9 & 63) == 0 ? 'Y' : 'N');
	at = put_u8(at, (bits >> 15 & 255) == 0 ? 'Y' : 'N');
	at = put_u8(at, (bits >> 23 & 3) == 0 ? '1' : '2');
	at = put_u8(at, is_fund ? 'Y' : 'N');
	at = put_be32(at, is_fund && (bits >> 25 & 7) == 0 ? 3 : 0);
	at = put_u8(at, is_fund && (bits >> 28 & 7) == 0 ? 'Y' : 'N');
	return length(message, at);
}

static inline uint16_t
trading_action(struct fp_itch_day *day, uint8_t *message, uint32_t symbol_idx, char state)
{
	uint8_t *at = put_head(day, message, 'H', symbol_idx + 1);

	at = put_name(day, at, symbol_idx);
	at = put_u8(at, (unsigned char)state);
	at = put_u8(at, ' ');
	return length(message, put_text(at, state == 'T' ? "    " : "LUDP", 4));
}

static inline uint16_t
reg_sho(struct fp_itch_day *day, uint8_t *message, uint32_t symbol_idx)
{
	uint8_t *at = put_head(day, message, 'Y', symbol_idx + 1);

	at = put_name(day, at, symbol_idx);
	return length(
		message, put_u8(at, (unsigned char)one_of("00000012", random_next(&day->random))));
}

static inline uint16_t
participant(struct fp_itch_day *day, uint8_t *message, uint32_t symbol_idx)
{
	const uint64_t bits = random_next(&day->random);
	uint8_t *at = put_head(day, message, 'L', symbol_idx + 1);

	at = put_mpid(at, bits);
	at = put_name(day, at, symbol_idx);
	at = put_u8(at, (bits >> 3 & 1) == 0 ? 'Y' : 'N');
	at = put_u8(at, (unsigned char)one_of("NNNNPSRL", bits << 8));
	return length(message, put_u8(at, (unsigned char)one_of("AAAAAAEWSD", bits)));
}

/* Halt a symbol; the next call lets it trade again. */
static inline uint16_t
halt_or_resume(struct fp_itch_day *day, uint8_t *message)
{
	const uint32_t halted = day->halted;

	if (halted != DAY_NONE) {
		day->halted = DAY_NONE;
		return trading_action(day, message, halted, 'T');
	}
	day->halted = busy_symbol(day);
	return trading_action(day, message, day->halted, one_of("HHPQ", random_next(&day->random)));
}

static inline uint16_t
operational_halt(struct fp_itch_day *day, uint8_t *message)
{
	const uint32_t symbol_idx = day->op_halted == DAY_NONE ? busy_symbol(day) : day->op_halted;
	uint8_t *at = put_head(day, message, 'h', symbol_idx + 1);

	day->op_halted = day->op_halted == DAY_NONE ? symbol_idx : DAY_NONE;
	at = put_name(day, at, symbol_idx);
	at = put_u8(at, 'Q');
	return length(message, put_u8(at, day->op_halted == DAY_NONE ? 'T' : 'H'));
}

static inline char
cross_type(const struct fp_itch_day *day)
{
	if (day->now_ns < AT_OPENED)
		return 'O';
	return day->now_ns < AT_LATE ? 'H' : 'C';
}

static inline uint16_t
hidden_trade(struct fp_itch_day *day, uint8_t *message, uint32_t symbol_idx)
{
	const struct day_symbol *symbol = &day->book.symbols[symbol_idx];
	uint8_t *at = put_head(day, message, 'P', symbol_idx + 1);

	at = put_be64(at, 0);
	at = put_u8(at, 'B');
	at = put_be32(at, new_shares(symbol, random_next(&day->random)));
	at = put_text(at, symbol->name, 8);
	at = put_price(at, symbol->mid_tick);
	return length(message, put_be64(at, day->match++));
}

static inline uint16_t
cross_trade(struct fp_itch_day *day, uint8_t *message, uint32_t symbol_idx)
{
	uint8_t *at = put_head(day, message, 'Q', symbol_idx + 1);

	at = put_be64(at, UINT64_C(100) * random_below(&day->random, 2000));
	at = put_name(day, at, symbol_idx);
	at = put_price(at, day->book.symbols[symbol_idx].mid_tick);
	at = put_be64(at, day->match++);
	return length(message, put_u8(at, (unsigned char)cross_type(day)));
}

static inline uint16_t
broken_trade(struct fp_itch_day *day, uint8_t *message, uint32_t symbol_idx)
{
	const uint64_t issued = day->match - FIRST_MATCH;
	const uint32_t known = issued > 1000 ? 1000 : (uint32_t)issued;
	uint8_t *at;

	if (known == 0)
		return participant(day, message, symbol_idx);
	at = put_head(day, message, 'B', symbol_idx + 1);
	return length(message, put_be64(at, day->match - 1 - random_below(&day->random, known)));
}

static inline uint16_t
imbalance(struct fp_itch_day *day, uint8_t *message, uint32_t symbol_idx)
{
	const uint64_t bits = random_next(&day->random);
	const uint32_t mid_tick = day->book.symbols[symbol_idx].mid_tick;
	const char direction = one_of("BBSSN", bits);
	uint8_t *at = put_head(day, message, 'I', symbol_idx + 1);

	at = put_be64(at, UINT64_C(100) * (bits & 1023));
	at = put_be64(at, direction == 'N' ? 0 : UINT64_C(100) * (1 + (bits >> 10 & 255)));
	at = put_u8(at, (unsigned char)direction);
	at = put_name(day, at, symbol_idx);
	at = put_price(at, direction == 'S' ? mid_tick - 2 : mid_tick + 2);
	at = put_price(at, direction == 'S' ? mid_tick - 1 : mid_tick + 1);
	at = put_price(at, mid_tick);
	at = put_u8(at, (unsigned char)cross_type(day));
	return length(message, put_u8(at, (unsigned char)one_of("LLLL123A", bits << 16)));
}

static inline uint16_t
retail_interest(struct fp_itch_day *day, uint8_t *message, uint32_t symbol_idx)
{
	uint8_t *at = put_head(day, message, 'N', symbol_idx + 1);

	at = put_name(day, at, symbol_idx);
	return length(
		message, put_u8(at, (unsigned char)one_of("BSAN", random_next(&day->random))));
}

static inline uint16_t
auction_collar(struct fp_itch_day *day, uint8_t *message, uint32_t symbol_idx)
{
	const uint32_t mid_tick = day->book.symbols[symbol_idx].mid_tick;
	uint8_t *at = put_head(day, message, 'J', symbol_idx + 1);

	at = put_name(day, at, symbol_idx);
	at = put_price(at, mid_tick);
	at = put_price(at, mid_tick + mid_tick / 20);
	at = put_price(at, mid_tick - mid_tick / 20);
	return length(message, put_be32(at, random_below(&day->random, 3)));
}

static inline uint16_t
ipo_release(struct fp_itch_day *day, uint8_t *message, uint32_t symbol_idx)
{
	const bool is_cancelled = random_below(&day->random, 8) == 0;
	uint8_t *at = put_head(day, message, 'K', 0);

	at = put_name(day, at, symbol_idx);
	at = put_be32(at, is_cancelled ? 0 : (uint32_t)(day->now_ns / NS_PER_S) + 900);
	at = put_u8(at, is_cancelled ? 'C' : 'A');
	return length(message, put_price(at, day->book.symbols[symbol_idx].mid_tick));
}

static inline uint16_t
direct_listing(struct fp_itch_day *day, uint8_t *message, uint32_t symbol_idx)
{
	const uint32_t mid_tick = day->book.symbols[symbol_idx].mid_tick;
	uint8_t *at = put_head(day, message, 'O', symbol_idx + 1);

	at = put_name(day, at, symbol_idx);
	at = put_u8(at, random_below(&day->random, 2) == 0 ? 'N' : 'Y');
	at = put_price(at, mid_tick - mid_tick / 5);
	at = put_price(at, mid_tick + mid_tick * 4 / 5);
	at = put_price(at, mid_tick);
	at = put_be64(at, day->now_ns);
	at = put_price(at, mid_tick - mid_tick / 10);
	return length(message, put_price(at, mid_tick + mid_tick / 10));
}

static inline uint16_t
market_decline(struct fp_itch_day *day, uint8_t *message, bool is_breach)
{
	const uint64_t index = UINT64_C(4000) * 100000000; /* Price(8) */
	uint8_t *at = put_head(day, message, is_breach ? 'W' : 'V', 0);

	if (is_breach)
		return length(message, put_u8(at, '1'));
	at = put_be64(at, index * 93 / 100);
	at = put_be64(at, index * 87 / 100);
	return length(message, put_be64(at, index * 80 / 100));
}

/* A message about something else than an order, by its weight in a thousand. */
static inline uint16_t
notice(struct fp_itch_day *day, uint8_t *message)
{
	const uint32_t draw = random_below(&day->random, 1000);
	const uint32_t symbol_idx = busy_symbol(day);

	if (draw < 560 && symbol_idx != day->halted && symbol_idx != day->op_halted)
		return hidden_trade(day, message, symbol_idx);
	if (draw < 760)
		return imbalance(day, message, symbol_idx);
	if (draw < 830)
		return cross_trade(day, message, symbol_idx);
	if (draw < 880)
		return participant(day, message, symbol_idx);
	if (draw < 930)
		return retail_interest(day, message, symbol_idx);
	if (draw < 960)
		return halt_or_resume(day, message);
	if (draw < 970)
		return reg_sho(day, message, symbol_idx);
	if (draw < 980)
		return auction_collar(day, message, symbol_idx);
	if (draw < 988)
		return broken_trade(day, message, symbol_idx);
	if (draw < 992)
		return operational_halt(day, message);
	if (draw < 995)
		return ipo_release(day, message, symbol_idx);
	if (draw < 998)
		return direct_listing(day, message, symbol_idx);
	return market_decline(day, message, draw == 999);
}

#endif /* FP_ITCH_DAY_NOTICE_H */
