/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Prices and quantities as text, exactly: decimal digits to a scaled integer and back.
 *
 *   text      ["-"] digits ["." digits]           digits on at least one side of the point
 *   price     text * 10^decimals                  decimals of the instrument [0..9]
 *
 * This is the FIX data type float. Leading zeros and zeros at the end are free, in any number;
 * ".5" and "5." are 0.5 and 5, "-0" is 0. There is no exponent, no '+', no blank, no separator of
 * thousands. What has more digits than the scale holds is judged by enum fp_price_excess; what
 * does not fit 64 bits is an error and never wraps. Nothing here is floating point.
 *
 * Nothing is read or written outside the views. Any thread.
 */

#ifndef FP_PRICE_TEXT_H
#define FP_PRICE_TEXT_H

#include "fp_span.h"
#include "fp_units.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Longest text of a price: sign, digits and point [bytes]. */
#define FP_PRICE_TEXT_MAX 21

/** What becomes of digits behind the last decimal of the scale, zeros apart. */
enum fp_price_excess {
	FP_PRICE_EXCESS_REFUSE,    /**< -ERANGE. */
	FP_PRICE_EXCESS_HALF_AWAY, /**< To the nearest; halves away from zero: 0.5 is 1. */
	FP_PRICE_EXCESS_HALF_EVEN, /**< To the nearest; halves to the even one: 0.5 is 0. */
	FP_PRICE_EXCESS_TRUNCATE,  /**< Towards zero. */
};

/**
 * Parse a text that is a price from its first byte to its last.
 *
 * Of several errors the first of this list is given: -EBADMSG, -EOVERFLOW, -ERANGE.
 *
 * @param[in]  text      Digits with their sign and point; any length.
 * @param[in]  decimals  Scale of the result [0..FP_PRICE_DECIMALS_MAX]; more panics.
 * @param[in]  excess    What to do with digits that the scale does not hold.
 * @param[out] price     The price; 0 on error.
 * @return 0; -EBADMSG the text is no number of that form; -EOVERFLOW it is outside int64 after
 *         scaling and rounding; -ERANGE the scale does not hold all digits, with
 *         FP_PRICE_EXCESS_REFUSE only.
 * @cost   No allocation. A text of up to 16 bytes takes no loop, nor does one of up to 32 where the
 *         CPU has AVX-512 BW and VL. Bench: bench_price.
 * @source FIX 4.2 to 5.0 SP2, data type float
 */
FP_MUST_CHECK FP_HOT_PATH int fp_price_parse(FP_SCOPED struct fp_cspan text, uint8_t decimals,
	enum fp_price_excess excess, struct fp_price *price);

/**
 * Parse the price that a text begins with.
 *
 * The longest beginning that is a price is taken: of "1.5e3" it is "1.5", of "5.-" it is "5.".
 *
 * @param[in]  text      Digits, then anything.
 * @param[in]  decimals  As for fp_price_parse().
 * @param[in]  excess    As for fp_price_parse().
 * @param[out] price     The price; 0 on error.
 * @param[out] consumed  Length of what was parsed [bytes]; 0 on error.
 * @return As fp_price_parse(); -EBADMSG no beginning is a price.
 */
FP_MUST_CHECK FP_HOT_PATH int fp_price_parse_prefix(FP_SCOPED struct fp_cspan text,
	uint8_t decimals, enum fp_price_excess excess, struct fp_price *price, uint32_t *consumed);

/**
 * Write a price as text: all decimals of its scale, a digit before the point, no '+'.
 *
 * @param[in]  price     The price; any value.
 * @param[in]  decimals  Digits behind the point [0..FP_PRICE_DECIMALS_MAX], more panics; with 0
 *                       there is no point.
 * @param[in]  to        Room for the text, FP_PRICE_TEXT_MAX bytes at most; what is behind the
 *                       text stays.
 * @param[out] written   Length of the text [bytes]; 0 on error.
 * @return 0, or -ERANGE when @p to is too short; nothing is written then.
 */
FP_MUST_CHECK FP_HOT_PATH int fp_price_format(
	struct fp_price price, uint8_t decimals, FP_SCOPED struct fp_span to, uint32_t *written);

/**
 * Parse a text that is a quantity: as a price without decimals, and not negative.
 *
 * "100" and "100.00" are 100.
 *
 * @param[in]  text  Digits; any length.
 * @param[out] qty   The quantity; 0 on error.
 * @return 0; -EBADMSG no number; -EOVERFLOW more than INT64_MAX; -ERANGE negative, or a part of
 *         one unit.
 */
FP_MUST_CHECK FP_HOT_PATH int fp_qty_parse(FP_SCOPED struct fp_cspan text, struct fp_qty *qty);

#ifdef __cplusplus
}
#endif

#endif /* FP_PRICE_TEXT_H */
