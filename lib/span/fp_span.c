/* SPDX-License-Identifier: BSD-3-Clause */

#include "fp_span.h"
#include "fp_panic.h"
#include "fp_span_element.h"

void
fpi_span_bounds(uint32_t len, uint32_t start, uint32_t count)
{
	fp_panic("slice [%u, +%u) of a view of %u bytes: check the length before slicing, or use "
		 "fp_cspan_try_slice() for lengths that come from outside",
		start, count, len);
}

void
fpi_span_element(uint32_t len, uint32_t index, uint32_t elem_bytes)
{
	fp_panic("element %u of %u bytes each in a view of %u bytes, which has %u of them: check "
		 "the index before",
		index, elem_bytes, len, len / elem_bytes);
}

void
fpi_span_null(uint32_t len)
{
	fp_panic("a view of %u bytes at NULL: only an empty view may have no address; check what "
		 "gave the address",
		len);
}

int
fp_cspan_overlap_offset(struct fp_cspan first, struct fp_cspan second, uint32_t elem_bytes,
	bool *overlap, int64_t *offset)
{
	int64_t distance;

	if (elem_bytes == 0)
		return -EINVAL;
	first.len -= first.len % elem_bytes;
	second.len -= second.len % elem_bytes;
	if (!fp_cspan_overlaps(first, second)) {
		*overlap = false;
		*offset = 0;
		return 0;
	}
	distance = (int64_t)((uintptr_t)second.data - (uintptr_t)first.data);
	if (distance % elem_bytes != 0)
		return -EINVAL;
	*overlap = true;
	*offset = distance / elem_bytes;
	return 0;
}
