/* SPDX-License-Identifier: BSD-3-Clause */

/* Template of fp_span_copy.c: the functions for elements of WIDTH bits. */

void
NAME(fp_span_fill)(struct fp_span span, ELEMENT value)
{
	fpi_cspan_check(fp_span_const(span));
	for (uint32_t i = 0; i < span.len / ELEMENT_BYTES; i++)
		NAME(store)(span.data, i, value);
}

void
NAME(fp_span_reverse)(struct fp_span span)
{
	uint32_t count = span.len / ELEMENT_BYTES;

	fpi_cspan_check(fp_span_const(span));
	for (uint32_t i = 0; i < count / 2; i++) {
		ELEMENT value = NAME(load)(span.data, i);

		NAME(store)(span.data, i, NAME(load)(span.data, count - 1 - i));
		NAME(store)(span.data, count - 1 - i, value);
	}
}

void
NAME(fp_span_replace)(struct fp_span span, ELEMENT old, ELEMENT value)
{
	fpi_cspan_check(fp_span_const(span));
	/* Each element is written, changed or not: that way the loop has no branch. */
	for (uint32_t i = 0; i < span.len / ELEMENT_BYTES; i++) {
		ELEMENT now = NAME(load)(span.data, i);

		NAME(store)(span.data, i, now == old ? value : now);
	}
}
