/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Prices as text once more, slowly and in the obvious way: strings of digits, carried by hand.
 */

#ifndef NAIVE_PRICE_H
#define NAIVE_PRICE_H

#include <stddef.h>

#include "fp_price_text.h"

/** Longest text that is understood [bytes]. */
#define NAIVE_PRICE_LEN_MAX 256

/** What fp_price_parse_prefix() has to answer, and how long the number is, errors or not. */
struct naive_price {
	int error;
	int64_t ticks;
	uint32_t len; /**< Of the number that the text begins with; 0 when it is none. */
};

/** Parse the price that a text begins with. */
struct naive_price
naive_price_parse(const uint8_t *text, uint32_t len, uint8_t decimals, enum fp_price_excess excess);

/** Write a price, with a NUL behind it; returns its length. */
uint32_t naive_price_format(int64_t ticks, uint8_t decimals, char *to);

#endif /* NAIVE_PRICE_H */
