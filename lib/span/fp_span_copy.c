/* SPDX-License-Identifier: BSD-3-Clause */

#include "fp_span_copy.h"
#include "fp_panic.h"
#include "fpi_width.h"

void
fp_cspan_copy(struct fp_cspan from, struct fp_span to)
{
	if (FP_UNLIKELY(fp_cspan_try_copy(from, to) != 0)) {
		fp_panic("copy of %u bytes into a view of %u bytes: check the length before, or "
			 "use fp_cspan_try_copy() for lengths that come from outside",
			from.len, to.len);
	}
}

void
fp_span_clear(struct fp_span span)
{
	fp_span_fill_u8(span, 0);
}

#define WIDTH 8
#include "fpi_copy_width.h"
#undef WIDTH

#define WIDTH 16
#include "fpi_copy_width.h"
#undef WIDTH

#define WIDTH 32
#include "fpi_copy_width.h"
#undef WIDTH

#define WIDTH 64
#include "fpi_copy_width.h"
#undef WIDTH
