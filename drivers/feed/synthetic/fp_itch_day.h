/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef FP_ITCH_DAY_H
#define FP_ITCH_DAY_H

/**
 * @file
 * A plausible Nasdaq ITCH 5.0 exchange day, drawn from a seed, one message at a time.
 *
 *   S'O' | R.. H.. Y.. L.. | S'S' S'Q' | trading | S'M' | D of every order left | S'E' S'C'
 *   04:00                               09:30     16:00                           20:00
 *
 * The day is closed: every order that was added is gone at the end, no reference is used twice, and
 * no reduction is larger than what remains. Equal parameters give equal bytes on every machine.
 * Prices walk by ticks of 0.01 and every displayed book stays uncrossed; executions take the first
 * order of the best level.
 * One thread at a time per day. The heap is touched by create and destroy only.
 */

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Longest message of the day: 'I' [bytes]. */
#define FP_ITCH_DAY_MESSAGE_MAX  50
/** Smallest day: six system events, one symbol, and something to trade [messages]. */
#define FP_ITCH_DAY_MESSAGES_MIN 16
/** Most symbols: stock locates are 16 bits wide [symbols]. */
#define FP_ITCH_DAY_SYMBOLS_MAX  60000

/** What kind of day to draw. */
struct fp_itch_day_params {
	uint64_t seed;     /**< any value; equal seeds give equal days. */
	uint64_t messages; /**< total wanted, from S'O' to S'C' [messages, from the MIN up]. */
	uint32_t symbols;  /**< wanted; fewer are used when the spin would exceed a tenth
				       of the messages [1..FP_ITCH_DAY_SYMBOLS_MAX]. */
	uint32_t max_live_orders; /**< orders in all books at any moment [1..]. */
};

/** A day under way. @threads One at a time. */
struct fp_itch_day;

/**
 * Prepare a day; nothing is drawn ahead of fp_itch_day_next().
 *
 * @param[in]  params  What to draw; not kept.
 * @param[out] out     The day, or NULL on failure.
 * @return 0, or -EINVAL a parameter is outside its range; -ENOMEM.
 * @owns    The caller owns the day until fp_itch_day_destroy().
 * @cost    About 560 bytes per symbol and 44 bytes per live order.
 */
int fp_itch_day_create(const struct fp_itch_day_params *params, struct fp_itch_day **out)
	__attribute__((warn_unused_result));

/**
 * Draw the next message, without a length prefix.
 *
 * Exactly @c params.messages calls return a message.
 *
 * @param[in,out] day      The day.
 * @param[out]    message  Room for FP_ITCH_DAY_MESSAGE_MAX bytes.
 * @return Length written [bytes, 12..50]; 0 when the day is over, and ever after.
 * @cost    No allocation, no system call; 50 to 200 ns.
 * @source  ITCH 5.0 rev 2023-04-28
 */
uint16_t fp_itch_day_next(struct fp_itch_day *day, uint8_t *message);

/**
 * Give the memory back.
 *
 * @param[in] day  The day; NULL is allowed.
 */
void fp_itch_day_destroy(struct fp_itch_day *day);

#ifdef __cplusplus
}
#endif

#endif /* FP_ITCH_DAY_H */
