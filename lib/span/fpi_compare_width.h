/* SPDX-License-Identifier: BSD-3-Clause */

/* Template of fp_span_compare.c: the functions for elements of WIDTH bits. */

uint32_t
NAME(fp_cspan_common_prefix)(struct fp_cspan a, struct fp_cspan b)
{
	return equal_bytes(a, b) / ELEMENT_BYTES;
}

/*
 * Compare in the order that unsigned elements have after @flip was applied to both: 0 keeps their
 * order, the sign bit makes it that of signed ones.
 */
static int
NAME(order)(struct fp_cspan a, struct fp_cspan b, ELEMENT flip)
{
	uint32_t a_count = a.len / ELEMENT_BYTES;
	uint32_t b_count = b.len / ELEMENT_BYTES;
	uint32_t i = NAME(fp_cspan_common_prefix)(a, b);

	if (i == a_count || i == b_count)
		return (a_count > b_count) - (a_count < b_count);
	return (NAME(load)(a.data, i) ^ flip) < (NAME(load)(b.data, i) ^ flip) ? -1 : 1;
}

int
NAME(fp_cspan_compare)(struct fp_cspan a, struct fp_cspan b)
{
	return NAME(order)(a, b, 0);
}

int
SIGNED_NAME(fp_cspan_compare)(struct fp_cspan a, struct fp_cspan b)
{
	return NAME(order)(a, b, SIGN_BIT);
}

/* Search in the same order. */
static int64_t
NAME(bisect)(struct fp_cspan span, ELEMENT value, ELEMENT flip)
{
	int64_t low = 0;
	int64_t high = (int64_t)(span.len / ELEMENT_BYTES) - 1;

	fpi_cspan_check(span);
	while (low <= high) {
		int64_t middle = low + ((high - low) >> 1);
		ELEMENT found = NAME(load)(span.data, (uint32_t)middle);

		if (found == value)
			return middle;
		if ((found ^ flip) < (value ^ flip)) {
			low = middle + 1;
		} else {
			high = middle - 1;
		}
	}
	return ~low;
}

int64_t
NAME(fp_cspan_binary_search)(struct fp_cspan span, ELEMENT value)
{
	return NAME(bisect)(span, value, 0);
}

int64_t
SIGNED_NAME(fp_cspan_binary_search)(struct fp_cspan span, SIGNED_ELEMENT value)
{
	return NAME(bisect)(span, (ELEMENT)value, SIGN_BIT);
}
