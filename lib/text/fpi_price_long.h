/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Prices as text of any length, byte by byte: what fpi_price_short.h does not take, and the judge
 * of everything that is refused.
 */

#ifndef FPI_PRICE_LONG_H
#define FPI_PRICE_LONG_H

#include "fp_price_text.h"

/**
 * Parse the price that a text begins with, as fp_price_parse_prefix() does.
 *
 * @param[in]  text      The memory below it is checked already.
 * @param[in]  decimals  Scale of the result [0..FP_PRICE_DECIMALS_MAX].
 * @param[in]  excess    What to do with digits that the scale does not hold.
 * @param[out] ticks     The price; 0 on error.
 * @param[out] end       Length of the number, also of one that is too large or has digits too
 *                       many [bytes]; 0 with -EBADMSG.
 * @return As fp_price_parse_prefix().
 */
FP_MUST_CHECK int fpi_price_parse_long(struct fp_cspan text, uint8_t decimals,
	enum fp_price_excess excess, int64_t *ticks, uint32_t *end);

/** Write a price that is known to take @p len bytes. */
void fpi_price_format_long(
	uint8_t *to, bool is_negative, uint64_t magnitude, uint32_t decimals, uint32_t len);

#endif /* FPI_PRICE_LONG_H */
