/* SPDX-License-Identifier: BSD-3-Clause */

#include "fp_span.h"
#include "fp_panic.h"

void
fpi_span_bounds(uint32_t len, uint32_t start, uint32_t count)
{
	fp_panic("slice [%u, +%u) of a view of %u bytes: check the length before slicing, or use "
		 "fp_cspan_try_slice() for lengths that come from outside",
		start, count, len);
}
