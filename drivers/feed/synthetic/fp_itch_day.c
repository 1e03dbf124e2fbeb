/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * How the day ends on exactly the wanted count with no order left:
 *
 *   left  = messages still to come, spare = left - live - the closing system events.
 *
 * While trading, every live order has its closing delete reserved. An add takes 2 from spare (its
 * own message and the later delete), a delete or a full execution takes nothing (it uses the
 * reserved one), all else takes 1. Trading stops when spare is 0, so spare never goes below 0, and
 * then one delete per live order and the closing events are exactly what is left.
 */

#include "fp_itch_day.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "fp_itch_day_book.h"
#include "fp_itch_day_notice.h"
#include "fp_itch_day_random.h"
#include "fp_itch_day_state.h"
#include "fp_itch_day_wire.h"

#define AT_START       (UINT64_C(14400) * NS_PER_S) /* 04:00 */
#define AT_SPIN_END    (UINT64_C(15000) * NS_PER_S) /* 04:10 */
#define AT_OPEN        (UINT64_C(34200) * NS_PER_S) /* 09:30 */
#define AT_CLOSE       (UINT64_C(57600) * NS_PER_S) /* 16:00 */
#define AT_SWEPT       (UINT64_C(71999) * NS_PER_S)
#define AT_END         (UINT64_C(72000) * NS_PER_S) /* 20:00 */
#define CLOSING_EVENTS 3                            /* S'M', S'E', S'C' */
#define SPIN_SHARE     30  /* messages per symbol at least; its spin takes 2.75 */
#define PACE_EVERY     256 /* messages between two looks at the clock's pace */
#define FIRST_REF      1000

/* References rise by one, now and then by two; one in sixteen is overtaken by its successor. */
static uint64_t
new_ref(struct fp_itch_day *day)
{
	const uint64_t bits = random_next(&day->random);
	uint64_t ref;

	if (day->held_ref != 0 && (bits & 1) == 0) {
		ref = day->held_ref;
		day->held_ref = 0;
		return ref;
	}
	ref = day->next_ref++;
	if ((bits >> 1 & 31) == 0)
		day->next_ref++;
	if (day->held_ref == 0 && (bits >> 6 & 15) == 0) {
		day->held_ref = ref;
		ref = day->next_ref++;
	}
	return ref;
}

static uint16_t
add_order(struct fp_itch_day *day, uint8_t *message)
{
	struct day_book *book = &day->book;
	const uint32_t symbol_idx = busy_symbol(day);
	struct day_symbol *symbol = &book->symbols[symbol_idx];
	const uint64_t bits = random_next(&day->random);
	const bool has_mpid = (bits & 31) == 0;
	const uint32_t slot = day_book_take(book);
	struct day_order *order = &book->orders[slot];
	uint8_t *at;

	day_book_walk(book, symbol, (uint32_t)(bits >> 5));
	order->ref = new_ref(day);
	order->symbol_idx = (uint16_t)symbol_idx;
	order->side = (bits >> 63) != 0 ? DAY_SELL : DAY_BUY;
	day_symbol_place(symbol, order, random_next(&day->random));
	order->shares = new_shares(symbol, random_next(&day->random));
	day_book_link(book, slot);

	at = put_head(day, message, has_mpid ? 'F' : 'A', symbol_idx + 1);
	at = put_be64(at, order->ref);
	at = put_u8(at, order->side == DAY_SELL ? 'S' : 'B');
	at = put_be32(at, order->shares);
	at = put_text(at, symbol->name, 8);
	at = put_price(at, order->tick);
	if (has_mpid)
		at = put_mpid(at, bits >> 16);
	return length(message, at);
}

static uint16_t
delete_order(struct fp_itch_day *day, uint8_t *message, uint32_t slot)
{
	const struct day_order *order = &day->book.orders[slot];
	uint8_t *at = put_head(day, message, 'D', order->symbol_idx + 1U);

	at = put_be64(at, order->ref);
	day_book_remove(&day->book, slot);
	return length(message, at);
}

/* Seven deletes in ten meet a recent order. */
static uint32_t
order_to_delete(struct fp_itch_day *day)
{
	if (random_below(&day->random, 10) < 7)
		return day_book_recent(&day->book, &day->random);
	return day_book_any(&day->book, &day->random);
}

/* Half of the replaces pull back an order that the price comes near to; so levels do empty. */
static uint16_t
replace_order(struct fp_itch_day *day, uint8_t *message)
{
	struct day_book *book = &day->book;
	const uint64_t bits = random_next(&day->random);
	const uint32_t slot = (bits & 1) == 0 ? day_book_touch(book, &day->random)
					      : day_book_recent(book, &day->random);
	struct day_order *order = &book->orders[slot];
	struct day_symbol *symbol = &book->symbols[order->symbol_idx];
	uint8_t *at = put_head(day, message, 'U', order->symbol_idx + 1U);

	at = put_be64(at, order->ref);
	day_book_unlink(book, slot);
	order->ref = new_ref(day);
	if ((bits >> 1 & 3) == 0)
		order->shares = new_shares(symbol, random_next(&day->random));
	day_symbol_place(symbol, order, random_next(&day->random));
	day_book_link(book, slot);
	at = put_be64(at, order->ref);
	at = put_be32(at, order->shares);
	at = put_price(at, order->tick);
	return length(message, at);
}

/* A part of what remains, in whole hundreds if that is possible; the whole only of one share. */
static uint32_t
part_of(uint32_t shares, uint64_t bits)
{
	const uint32_t unit = shares > 100 ? 100 : 1;
	const uint32_t units = (shares - 1) / unit;

	return units == 0 ? shares : unit * (1 + (uint32_t)((bits >> 32) * units >> 32));
}

static void
reduce(struct day_book *book, uint32_t slot, uint32_t shares)
{
	book->orders[slot].shares -= shares;
	if (book->orders[slot].shares == 0)
		day_book_remove(book, slot);
}

static uint16_t
cancel_part(struct fp_itch_day *day, uint8_t *message)
{
	const uint32_t slot = day_book_recent(&day->book, &day->random);
	const struct day_order *order = &day->book.orders[slot];
	const uint32_t shares = part_of(order->shares, random_next(&day->random));
	uint8_t *at = put_head(day, message, 'X', order->symbol_idx + 1U);

	at = put_be64(at, order->ref);
	at = put_be32(at, shares);
	reduce(&day->book, slot, shares);
	return length(message, at);
}

/* 'E' at the display price, or with @with_price 'C' one tick better for the resting order. */
static uint16_t
execute_order(struct fp_itch_day *day, uint8_t *message, bool with_price)
{
	struct day_book *book = &day->book;
	const uint32_t slot = day_book_touch(book, &day->random);
	const struct day_order *order = &book->orders[slot];
	const uint64_t bits = random_next(&day->random);
	const uint32_t shares = (bits & 1) != 0 ? order->shares : part_of(order->shares, bits);
	uint8_t *at;

	if (order->symbol_idx == day->halted || order->symbol_idx == day->op_halted)
		return cancel_part(day, message);
	at = put_head(day, message, with_price ? 'C' : 'E', order->symbol_idx + 1U);
	at = put_be64(at, order->ref);
	at = put_be32(at, shares);
	at = put_be64(at, day->match++);
	if (with_price) {
		at = put_u8(at, (bits >> 2 & 3) == 0 ? 'N' : 'Y');
		at = put_price(at, order->side == DAY_SELL ? order->tick + 1 : order->tick - 1);
	}
	reduce(book, slot, shares);
	return length(message, at);
}

/* --- the course of the day --- */

/* Move the clock on, as far as the stage's end at most. */
static void
advance(struct fp_itch_day *day, uint64_t messages_ahead)
{
	if (day->pace-- == 0) {
		day->pace = PACE_EVERY - 1;
		day->step_ns = (day->until_ns - day->now_ns) / (messages_ahead + 1);
	}
	day->now_ns += random_exponential(&day->random, day->step_ns);
	if (day->now_ns > day->until_ns)
		day->now_ns = day->until_ns;
}

static void
enter(struct fp_itch_day *day, enum day_stage stage, uint64_t until_ns)
{
	day->stage = stage;
	day->until_ns = until_ns;
	day->cursor = 0;
	day->pace = 0;
}

/* One message about an order or a notice; spare is at least 1 (see the top of this file). */
static uint16_t
trade(struct fp_itch_day *day, uint8_t *message, uint64_t spare)
{
	const struct day_book *book = &day->book;
	const uint32_t draw = random_below(&day->random, 1000);
	const bool can_add = book->live < book->cap && spare >= 2;

	advance(day, day->left - book->live);
	if (draw < 446 || (draw < 980 && book->live == 0)) {
		if (can_add)
			return add_order(day, message);
		if (book->live == 0)
			return notice(day, message);
		return delete_order(day, message, order_to_delete(day));
	}
	if (draw < 869)
		return delete_order(day, message, order_to_delete(day));
	if (draw < 949)
		return replace_order(day, message);
	if (draw < 970)
		return execute_order(day, message, false);
	if (draw < 971)
		return execute_order(day, message, true);
	if (draw < 980)
		return cancel_part(day, message);
	return notice(day, message);
}

/* One message per symbol, for every @every-th symbol; moves on to @after behind the last. */
static uint32_t
spin(struct fp_itch_day *day, uint32_t every, enum day_stage after)
{
	const uint32_t symbol_idx = day->cursor;

	advance(day, UINT64_C(2) * day->symbols);
	day->cursor += every;
	if (day->cursor >= day->symbols) {
		day->stage = after;
		day->cursor = 0;
	}
	return symbol_idx;
}

static uint16_t
open_market(struct fp_itch_day *day, uint8_t *message)
{
	enter(day, STAGE_TRADING, AT_CLOSE);
	return system_event(day, message, AT_OPEN, 'Q');
}

static uint16_t
sweep(struct fp_itch_day *day, uint8_t *message)
{
	if (day->book.live == 0) {
		day->stage = STAGE_END;
		return system_event(day, message, AT_SWEPT, 'E');
	}
	advance(day, day->book.live);
	return delete_order(day, message, day_book_any(&day->book, &day->random));
}

uint16_t
fp_itch_day_next(struct fp_itch_day *day, uint8_t *message)
{
	uint64_t spare;

	if (day->left == 0)
		return 0;
	spare = day->left - day->book.live;
	day->left--;
	switch (day->stage) {
	case STAGE_START:
		enter(day, STAGE_DIRECTORY, AT_SPIN_END);
		return system_event(day, message, AT_START, 'O');
	case STAGE_DIRECTORY:
		return directory(day, message, spin(day, 1, STAGE_ACTION));
	case STAGE_ACTION:
		return trading_action(day, message, spin(day, 1, STAGE_REG_SHO), 'T');
	case STAGE_REG_SHO:
		return reg_sho(day, message, spin(day, 4, STAGE_POSITION));
	case STAGE_POSITION:
		return participant(day, message, spin(day, 2, STAGE_SYSTEM_HOURS));
	case STAGE_SYSTEM_HOURS:
		day->stage = STAGE_MARKET_HOURS;
		return system_event(day, message, AT_SPIN_END, 'S');
	case STAGE_MARKET_HOURS:
		return open_market(day, message);
	case STAGE_TRADING:
		if (spare > CLOSING_EVENTS)
			return trade(day, message, spare - CLOSING_EVENTS);
		enter(day, STAGE_SWEEP, AT_SWEPT);
		return system_event(day, message, AT_CLOSE, 'M');
	case STAGE_SWEEP:
		return sweep(day, message);
	case STAGE_END:
		break;
	}
	return system_event(day, message, AT_END, 'C');
}

/* --- creation --- */

/* Four letters in alphabetical order, spread over the alphabet. */
static void
name_symbol(struct day_symbol *symbol, uint32_t number)
{
	memset(symbol->name, ' ', sizeof(symbol->name));
	for (int at = 3; at >= 0; at--) {
		symbol->name[at] = (char)('A' + number % 26);
		number /= 26;
	}
}

static void
create_symbols(struct fp_itch_day *day)
{
	const uint32_t spread = 26 * 26 * 26 * 26 / day->symbols;

	for (uint32_t i = 0; i < day->symbols; i++) {
		struct day_symbol *symbol = &day->book.symbols[i];
		const uint64_t bits = random_next(&day->random);

		name_symbol(symbol, i * spread);
		memset(symbol->near, 0xff, sizeof(symbol->near)); /* DAY_NONE */
		memset(symbol->far, 0xff, sizeof(symbol->far));
		/* 5.00 to 645.00, every octave equally likely. */
		symbol->mid_tick = (500U << bits % 7) + (uint32_t)(bits >> 32) % (500U << bits % 7);
		symbol->drift = (bits >> 8 & 1) != 0 ? 1 : -1;
		symbol->round_lot = (bits >> 9 & 63) == 0 ? 10 : 100;
	}
}

/*
 * Zipf's law as an alias table (Vose's construction): column i keeps its symbol below the threshold
 * and gives another one above it. Which symbol has which rank is drawn.
 */
static int
create_alias(struct fp_itch_day *day)
{
	const uint32_t n = day->symbols;
	uint64_t *weights = malloc(n * sizeof(*weights));
	uint32_t *stack = malloc(n * sizeof(*stack));
	uint64_t total = 0;
	uint32_t poor = 0;
	uint32_t rich = n;

	if (weights == NULL || stack == NULL) {
		free(weights);
		free(stack);
		return -ENOMEM;
	}
	for (uint32_t i = 0; i < n; i++)
		stack[i] = i;
	for (uint32_t rank = 0; rank < n; rank++) {
		const uint32_t pick = rank + random_below(&day->random, n - rank);
		const uint32_t symbol_idx = stack[pick];

		stack[pick] = stack[rank];
		weights[symbol_idx] = (UINT64_C(1) << 28) / (rank + 1);
		total += weights[symbol_idx];
	}
	/* Poor columns hold less than the mean: from the left of the stack; rich from the right. */
	for (uint32_t i = 0; i < n; i++) {
		weights[i] *= n;
		stack[weights[i] < total ? poor++ : --rich] = i;
	}
	while (poor > 0 && rich < n) {
		const uint32_t from = stack[rich];
		const uint32_t to = stack[--poor];

		day->alias[to] = (weights[to] << 32) / total << 32 | from;
		weights[from] -= total - weights[to];
		if (weights[from] < total) {
			rich++;
			stack[poor++] = from;
		}
	}
	while (poor > 0) {
		poor--;
		day->alias[stack[poor]] = UINT64_C(0xffffffff) << 32 | stack[poor];
	}
	for (; rich < n; rich++)
		day->alias[stack[rich]] = UINT64_C(0xffffffff) << 32 | stack[rich];
	free(weights);
	free(stack);
	return 0;
}

int
fp_itch_day_create(const struct fp_itch_day_params *params, struct fp_itch_day **out)
{
	struct fp_itch_day *day;
	uint64_t symbols;
	uint64_t cap;

	*out = NULL;
	if (params->messages < FP_ITCH_DAY_MESSAGES_MIN || params->symbols == 0 ||
		params->symbols > FP_ITCH_DAY_SYMBOLS_MAX || params->max_live_orders == 0)
		return -EINVAL;
	symbols = params->messages / SPIN_SHARE;
	symbols = symbols == 0 ? 1 : symbols;
	symbols = symbols > params->symbols ? params->symbols : symbols;
	cap = params->messages / 2;
	cap = cap > params->max_live_orders ? params->max_live_orders : cap;

	day = calloc(1, sizeof(*day));
	if (day == NULL)
		return -ENOMEM;
	day->symbols = (uint32_t)symbols;
	day->book.cap = (uint32_t)cap;
	day->book.symbols = calloc(symbols, sizeof(*day->book.symbols));
	day->book.orders = calloc(cap, sizeof(*day->book.orders));
	day->book.slots = calloc(cap, sizeof(*day->book.slots));
	day->alias = calloc(symbols, sizeof(*day->alias));
	if (day->book.symbols == NULL || day->book.orders == NULL || day->book.slots == NULL ||
		day->alias == NULL)
		goto fail_day;
	random_seed(&day->random, params->seed);
	create_symbols(day);
	if (create_alias(day) != 0)
		goto fail_day;
	day->left = params->messages;
	day->next_ref = FIRST_REF;
	day->match = FIRST_MATCH;
	day->halted = DAY_NONE;
	day->op_halted = DAY_NONE;
	*out = day;
	return 0;

fail_day:
	fp_itch_day_destroy(day);
	return -ENOMEM;
}

void
fp_itch_day_destroy(struct fp_itch_day *day)
{
	if (day == NULL)
		return;
	free(day->alias);
	free(day->book.slots);
	free(day->book.orders);
	free(day->book.symbols);
	free(day);
}
