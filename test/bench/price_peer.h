/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * What C++ offers for the texts of bench_price, behind functions that C can call.
 *
 * Each goes over all texts, as the cases in C do, so that a call costs one text nothing.
 */

#ifndef PRICE_PEER_H
#define PRICE_PEER_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Where a text lies in the buffer of all texts. */
struct price_text {
	uint32_t offset; /**< [bytes] */
	uint32_t len;    /**< [bytes] */
};

/** Sum of from_chars(double) and llround(), texts at @p decimals; bit 63 also counts refusals. */
uint64_t price_peer_from_chars(
	const char *buffer, const struct price_text *texts, uint32_t count, double scale);

/** One text by from_chars(double) and llround(). */
int64_t price_peer_from_chars_one(const char *text, uint32_t len, double scale);

/** Write prices with to_chars() of the integer and a point put in; sum of the lengths. */
uint64_t price_peer_to_chars(const int64_t *ticks, uint32_t count, uint32_t decimals, char *to);

#ifdef __cplusplus
}
#endif

#endif /* PRICE_PEER_H */
