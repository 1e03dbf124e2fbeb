/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * What views.c does, written with a pointer, a length and one comparison that ends in the same cold
 * function. The views are taken apart at once, so that nothing of lib/span is used.
 */

#include "accesses.h"
#include "fp_endian.h"
#include "fp_span_element.h"

uint8_t
read_byte(struct fp_cspan span, uint32_t index)
{
	const uint8_t *data = span.data;
	uint32_t len = span.len;

	if (FP_UNLIKELY(index >= len))
		fpi_span_bounds(len, index, 1);
	return data[index];
}

void
write_byte(struct fp_span span, uint32_t index, uint8_t value)
{
	uint8_t *data = span.data;
	uint32_t len = span.len;

	if (FP_UNLIKELY(index >= len))
		fpi_span_bounds(len, index, 1);
	data[index] = value;
}

uint16_t
read_element16(struct fp_cspan span, uint32_t index)
{
	const uint8_t *data = span.data;
	uint32_t len = span.len;

	if (FP_UNLIKELY(index >= len / 2))
		fpi_span_element(len, index, 2);
	return fp_load_u16(data + (size_t)index * 2);
}

uint32_t
read_element32(struct fp_cspan span, uint32_t index)
{
	const uint8_t *data = span.data;
	uint32_t len = span.len;

	if (FP_UNLIKELY(index >= len / 4))
		fpi_span_element(len, index, 4);
	return fp_load_u32(data + (size_t)index * 4);
}

void
write_element64(struct fp_span span, uint32_t index, uint64_t value)
{
	uint8_t *data = span.data;
	uint32_t len = span.len;

	if (FP_UNLIKELY(index >= len / 8))
		fpi_span_element(len, index, 8);
	fp_store_u64(data + (size_t)index * 8, value);
}

uint64_t
read_be64(struct fp_cspan span)
{
	const uint8_t *data = span.data;
	uint32_t len = span.len;

	if (FP_UNLIKELY(len < 8))
		fpi_span_bounds(len, 0, 8);
	return fp_load_be64(data);
}

uint32_t
read_in_slice(struct fp_cspan span, uint32_t start)
{
	const uint8_t *data = span.data;
	uint32_t len = span.len;

	if (FP_UNLIKELY(start > len || len - start < 8))
		fpi_span_bounds(len, start, 8);
	return fp_load_le32(data + start);
}

uint32_t
read_message(struct fp_cspan span)
{
	const uint8_t *data = span.data;
	uint32_t len = span.len;
	uint32_t sum;

	if (FP_UNLIKELY(len < 4 || len - 4 < 12))
		fpi_span_bounds(len, 4, 12);
	sum = fp_load_u32(data + 4);
	sum += fp_load_u32(data + 12);
	sum += data[9];
	return sum;
}

uint64_t
sum_elements(struct fp_cspan span)
{
	const uint8_t *data = span.data;
	uint32_t len = span.len;
	uint64_t sum = 0;

	for (uint32_t i = 0; i < len / 4; i++)
		sum += fp_load_u32(data + (size_t)i * 4);
	return sum;
}

/* Not the same, so that the comparison shows that it can tell: it checks one byte less. */
uint8_t
control(struct fp_cspan span, uint32_t index)
{
	const uint8_t *data = span.data;
	uint32_t len = span.len;

	if (FP_UNLIKELY(index > len))
		fpi_span_bounds(len, index, 1);
	return data[index];
}
