/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Bytes for a stream that are put together piece by piece.
 */

#ifndef FIX_INPUT_H
#define FIX_INPUT_H

#include <stdint.h>

/** Most bytes. */
#define INPUT_MAX (24U << 20)

/** The bytes; of fix_input_set_up(). */
extern uint8_t *input;

/** How many there are. */
extern uint32_t input_len;

/** Make room for the input, and fix_stream. */
int fix_input_set_up(void **state);

/** Free both. */
int fix_input_tear_down(void **state);

/** Begin with none. */
void input_clear(void);

/** Add a text; '|' stands for the delimiter. */
void input_put(const char *text);

/** Add bytes. */
void input_put_bytes(const void *bytes, uint32_t len);

/** Add a message of FIX 4.4 with this body, '|' for the delimiter. */
void input_put_message(const char *body);

#endif /* FIX_INPUT_H */
