/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Prices, quantities and symbols, each its own type so that units cannot be mixed up by accident.
 *
 * A price is a scaled integer: its ticks count 10^-decimals of the currency unit, and the decimals
 * belong to the instrument (4 for Nasdaq and IEX). Nothing here is floating point.
 */

#ifndef FP_UNITS_H
#define FP_UNITS_H

#include <stdint.h>
#include <string.h>

#include "fp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Characters in the longest symbol. */
#define FP_SYMBOL_LEN 16

/** Most decimals that a price may have. */
#define FP_PRICE_DECIMALS_MAX 9

/** A price. */
struct fp_price {
	int64_t ticks; /**< [10^-decimals of the currency unit, the instrument's decimals] */
};

/** A quantity. */
struct fp_qty {
	int64_t units; /**< [shares or contracts, 0..INT64_MAX] */
};

/** A symbol of up to 8 characters, padded with NUL; no terminator when all 8 are used. */
struct fp_symbol8 {
	char text[8]; /**< Characters from the left, then NUL. */
};

/** A symbol of up to 16 characters, padded with NUL; no terminator when all 16 are used. */
struct fp_symbol16 {
	char text[FP_SYMBOL_LEN]; /**< Characters from the left, then NUL. */
};

/** A code of up to 4 characters (market participant, reason), padded with NUL. */
struct fp_tag4 {
	char text[4]; /**< Characters from the left, then NUL. */
};

/** Side of an order or level, as the wire and the books say it. */
enum fp_side {
	FP_SIDE_BUY = 'B',
	FP_SIDE_SELL = 'S',
};

/** True when the two symbols are the same. */
static inline bool
fp_symbol16_equal(struct fp_symbol16 a, struct fp_symbol16 b)
{
	return memcmp(a.text, b.text, sizeof(a.text)) == 0;
}

#ifdef __cplusplus
}
#endif

#endif /* FP_UNITS_H */
