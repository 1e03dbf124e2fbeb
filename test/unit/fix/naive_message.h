/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * A FIX message that is put together naively, byte by byte, with snprintf() and loops, and the
 * comparison of what the writer wrote with it.
 *
 * There is one of them at a time. Messages are written against an inaccessible page, and what
 * stands behind them must stay.
 */

#ifndef NAIVE_MESSAGE_H
#define NAIVE_MESSAGE_H

#include <stddef.h>
#include <stdint.h>

#include "fp_fix_writer.h"

/** Longest message [bytes]. */
#define NAIVE_MESSAGE_MAX 70000

/** The message. */
struct naive_message {
	char body[NAIVE_MESSAGE_MAX];  /**< From tag 35 on. */
	size_t len;                    /**< Of the body [bytes]. */
	char whole[NAIVE_MESSAGE_MAX]; /**< From tag 8 to the end, made by assert_written(). */
	size_t whole_len;              /**< Of the message [bytes]. */
};

extern struct naive_message naive;

/** Begin it: tag 35. */
void naive_begin(const char *type);

/** Add a field of any bytes. */
void naive_bytes(uint32_t tag, const void *value, size_t len);

/** Add a field of a string. */
void naive_text(uint32_t tag, const char *value);

/** The text of a price, digit by digit from the right; it ends with @p text. */
const char *naive_price(char text[40], int64_t ticks, uint32_t decimals);

/** A writer of @p cap bytes whose span ends where memory ends. */
struct fp_writer writer_of(uint32_t cap);

/**
 * End the writer's message and the naive one: they are the same, fp_fix_frame() takes it, and what
 * is behind it stayed.
 */
void assert_written(struct fp_fix_writer *message, const char *version);

/** Map the memory that writer_of() gives; of a group of tests. */
int naive_map(void **state);

/** Unmap it. */
int naive_unmap(void **state);

#endif /* NAIVE_MESSAGE_H */
