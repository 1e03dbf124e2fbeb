/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Scans that framing and the walk of fields are made of: those of fp_scan.h, or plain C where the
 * library has none.
 */

#ifndef FP_FIX_SCAN_H
#define FP_FIX_SCAN_H

#include "fp_span.h"

#if defined(__has_include) && __has_include("fp_scan.h")
#include "fp_scan.h"
#else

#ifdef __cplusplus
extern "C" {
#endif

/** Where two delimiters are in 64 bytes of a view: bit i for byte i. */
struct fp_delimiters {
	uint64_t first;  /**< Bit i: byte i is the first delimiter. */
	uint64_t second; /**< Bit i: byte i is the second delimiter. */
};

/** Sum of all bytes modulo 256. */
static inline uint8_t
fp_cspan_sum_u8(struct fp_cspan span)
{
	uint8_t sum = 0;

	for (uint32_t i = 0; i < span.len; i++)
		sum = (uint8_t)(sum + fp_cspan_at(span, i));
	return sum;
}

/**
 * Find two delimiters, and the sum of all bytes modulo 256.
 *
 * @param[in]  span    Bytes to look at.
 * @param[in]  first   A delimiter.
 * @param[in]  second  The other one.
 * @param[out] blocks  Shape [(span.len + 63) / 64]; bits for bytes past the end are 0.
 */
static inline uint8_t
fp_cspan_find_delimiters(
	struct fp_cspan span, uint8_t first, uint8_t second, struct fp_delimiters *blocks)
{
	uint8_t sum = 0;

	for (uint32_t i = 0; i < span.len; i++) {
		uint8_t byte = fp_cspan_at(span, i);
		uint64_t bit = UINT64_C(1) << i % 64;

		if (i % 64 == 0) {
			blocks[i / 64].first = 0;
			blocks[i / 64].second = 0;
		}
		blocks[i / 64].first |= byte == first ? bit : 0;
		blocks[i / 64].second |= byte == second ? bit : 0;
		sum = (uint8_t)(sum + byte);
	}
	return sum;
}

#ifdef __cplusplus
}
#endif

#endif

#endif /* FP_FIX_SCAN_H */
