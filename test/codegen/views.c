/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Accesses through views. plain.c has functions of the same names that do the same by hand; both
 * are to be the same instructions.
 */

#include "accesses.h"
#include "fp_span_element.h"
#include "fp_span_endian.h"

uint8_t
read_byte(struct fp_cspan span, uint32_t index)
{
	return fp_cspan_at(span, index);
}

void
write_byte(struct fp_span span, uint32_t index, uint8_t value)
{
	fp_span_set(span, index, value);
}

uint16_t
read_element16(struct fp_cspan span, uint32_t index)
{
	return fp_cspan_get_u16(span, index);
}

uint32_t
read_element32(struct fp_cspan span, uint32_t index)
{
	return fp_cspan_get_u32(span, index);
}

void
write_element64(struct fp_span span, uint32_t index, uint64_t value)
{
	fp_span_set_u64(span, index, value);
}

uint64_t
read_be64(struct fp_cspan span)
{
	return fp_cspan_read_be64(span);
}

uint32_t
read_in_slice(struct fp_cspan span, uint32_t start)
{
	return fp_cspan_read_le32(fp_cspan_slice(span, start, 8));
}

uint32_t
read_message(struct fp_cspan span)
{
	struct fp_cspan message = fp_cspan_slice(span, 4, 12);
	uint32_t sum = fp_cspan_get_u32(message, 0);

	sum += fp_cspan_get_u32(message, 2);
	sum += fp_cspan_at(message, 5);
	return sum;
}

uint64_t
sum_elements(struct fp_cspan span)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < span.len / 4; i++)
		sum += fp_cspan_get_u32(span, i);
	return sum;
}

uint8_t
control(struct fp_cspan span, uint32_t index)
{
	return fp_cspan_at(span, index);
}
