/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Scans that framing and the walk of fields are made of, in plain C.
 */

#ifndef FP_FIX_SCAN_H
#define FP_FIX_SCAN_H

#include "fp_span.h"

/** Sum of all bytes modulo 256. */
static inline uint8_t
fp_cspan_sum_u8(struct fp_cspan span)
{
	uint8_t sum = 0;

	for (uint32_t i = 0; i < span.len; i++)
		sum = (uint8_t)(sum + fp_cspan_at(span, i));
	return sum;
}

#endif /* FP_FIX_SCAN_H */
