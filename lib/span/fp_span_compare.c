/* SPDX-License-Identifier: BSD-3-Clause */

#include "fp_span_compare.h"
#include "fpi_width.h"

/* Index of the first byte that differs; @len when none of @len does. */
static uint32_t
first_difference(const uint8_t *a, const uint8_t *b, uint32_t len)
{
	uint32_t i = 0;

	while (len - i >= sizeof(uint64_t)) {
		uint64_t left;
		uint64_t right;

		memcpy(&left, a + i, sizeof(left));
		memcpy(&right, b + i, sizeof(right));
		if (left != right)
			break;
		i += (uint32_t)sizeof(left);
	}
	while (i < len && a[i] == b[i])
		i++;
	return i;
}

/* Equal elements are equal bytes, whatever the width. */
static uint32_t
equal_bytes(struct fp_cspan a, struct fp_cspan b)
{
	fpi_cspan_check(a);
	fpi_cspan_check(b);
	return first_difference(a.data, b.data, a.len < b.len ? a.len : b.len);
}

#define WIDTH 8
#include "fpi_compare_width.h"
#undef WIDTH

#define WIDTH 16
#include "fpi_compare_width.h"
#undef WIDTH

#define WIDTH 32
#include "fpi_compare_width.h"
#undef WIDTH

#define WIDTH 64
#include "fpi_compare_width.h"
#undef WIDTH
