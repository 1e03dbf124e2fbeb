/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * What test_no_alloc_calls.c calls a million times: a row of a table.
 *
 * To add a function: one that calls it, and a row in the table of rows at the end of its file:
 * call_rows_span.c for views, call_rows_text.c for numbers as text, call_rows_price.c for prices
 * and times, call_rows_chain.c for views of several segments, call_rows_memory.c for what lends
 * memory, call_rows_fix.c for FIX, test_no_alloc_calls.c for the rest.
 */

#ifndef CALL_ROWS_H
#define CALL_ROWS_H

#include <stdint.h>

#include "fp_lease.h"

/** Makes one call, or one of each of a few functions that belong together. */
typedef void (*call_fn)(void);

/** Functions that are called. */
struct call_row {
	const char *functions; /**< Their names. */
	call_fn call;          /**< Calls them; leaves nothing leased, rented or open. */
};

/** Functions on views. */
extern const struct call_row span_rows[];
extern const uint32_t span_row_count;

/** Functions on numbers as text. */
extern const struct call_row text_rows[];
extern const uint32_t text_row_count;

/** Functions on chains, their reader and its searches. */
extern const struct call_row chain_rows[];
extern const uint32_t chain_row_count;

/** Prices, points in time and symbols as text. */
extern const struct call_row price_rows[];
extern const uint32_t price_row_count;

/** Frames, fields and streams of FIX. */
extern const struct call_row fix_rows[];
extern const uint32_t fix_row_count;

/** Functions on leases, pools, references, hand-offs, arenas, owners and memories. */
extern const struct call_row memory_rows[];
extern const uint32_t memory_row_count;

/** Number of the call of the present row, from 0. */
extern uint64_t call_turn;

/** What the functions come to, so that no call is left out. */
extern volatile uint64_t call_result;

/** Of call_memory_set_up(); with more buffers than any row needs. */
extern struct fp_pool *call_pool;

/** Rent 64 bytes of call_pool. */
struct fp_lease call_rent(void);

/** Make what the rows of FIX work on: 0, or a negative errno. */
int call_fix_set_up(void);

/** Free what call_fix_set_up() made. */
void call_fix_tear_down(void);

/** Make what the memory rows work on: 0, or a negative errno. */
int call_memory_set_up(void);

/** Fail the test when a row left something leased, rented or open. */
void call_memory_check(void);

/** Free what call_memory_set_up() made. */
void call_memory_tear_down(void);

#endif /* CALL_ROWS_H */
