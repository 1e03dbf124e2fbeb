/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef FP_ITCH_DAY_STATE_H
#define FP_ITCH_DAY_STATE_H

/**
 * @file
 * The state of a day under way, and the fields that many of its messages share.
 *
 * Private to fp_itch_day.c and the headers it is made of.
 */

#include <stdint.h>
#include <string.h>

#include "fp_itch_day.h"
#include "fp_itch_day_book.h"
#include "fp_itch_day_random.h"
#include "fp_itch_day_wire.h"

#define NS_PER_S    UINT64_C(1000000000)
#define FIRST_MATCH 1

enum day_stage {
	STAGE_START,
	STAGE_DIRECTORY,
	STAGE_ACTION,
	STAGE_REG_SHO,
	STAGE_POSITION,
	STAGE_SYSTEM_HOURS,
	STAGE_MARKET_HOURS,
	STAGE_TRADING,
	STAGE_SWEEP,
	STAGE_END,
};

struct fp_itch_day {
	struct random_source random;
	uint64_t left;   /* messages still to come */
	uint64_t now_ns; /* since midnight */
	uint64_t step_ns;
	uint64_t until_ns; /* the clock waits here within the stage */
	uint64_t next_ref;
	uint64_t held_ref; /* a reference that was overtaken; 0 = none */
	uint64_t match;    /* next match number */
	uint32_t cursor;   /* symbol that the spin has reached */
	uint32_t symbols;
	uint32_t pace;      /* messages until step_ns is looked at again */
	uint32_t halted;    /* symbol under 'H', or DAY_NONE */
	uint32_t op_halted; /* symbol under 'h', or DAY_NONE */
	uint16_t tracking;
	enum day_stage stage;
	uint64_t *alias; /* Zipf: per symbol, threshold << 32 | the other symbol */
	struct day_book book;
};

static inline uint8_t *
put_head(struct fp_itch_day *day, uint8_t *at, char type, uint32_t locate)
{
	at = put_u8(at, (unsigned char)type);
	at = put_be16(at, locate);
	at = put_be16(at, day->tracking++);
	return put_be48(at, day->now_ns);
}

static inline uint8_t *
put_name(const struct fp_itch_day *day, uint8_t *at, uint32_t symbol_idx)
{
	return put_text(at, day->book.symbols[symbol_idx].name, 8);
}

static inline uint8_t *
put_price(uint8_t *at, uint32_t tick)
{
	return put_be32(at, tick * DAY_TICK);
}

static inline uint8_t *
put_mpid(uint8_t *at, uint64_t bits)
{
	static const char mpids[][5] = { "NSDQ", "GSCO", "JPMS", "CDEL", "VIRT", "UBSS", "MSCO",
		"ETMM" };

	return put_text(at, mpids[bits % 8], 4);
}

static inline uint16_t
length(const uint8_t *message, const uint8_t *end)
{
	return (uint16_t)(end - message);
}

/* One of the letters; those that should be common are repeated in the text. */
static inline char
one_of(const char *letters, uint64_t bits)
{
	return letters[(bits >> 32) * strlen(letters) >> 32];
}

static inline uint32_t
busy_symbol(struct fp_itch_day *day)
{
	const uint64_t bits = random_next(&day->random);
	const uint32_t symbol_idx = (uint32_t)((bits >> 32) * day->symbols >> 32);
	const uint64_t alias = day->alias[symbol_idx];

	return (uint32_t)bits < alias >> 32 ? symbol_idx : (uint32_t)alias;
}

static inline uint32_t
new_shares(const struct day_symbol *symbol, uint64_t bits)
{
	if ((bits & 7) == 0)
		return 1 + (uint32_t)(bits >> 3) % 99;
	return symbol->round_lot * (1 + random_run((uint32_t)(bits >> 32)) % 20);
}

#endif /* FP_ITCH_DAY_STATE_H */
