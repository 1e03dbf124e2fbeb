/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * The example of docs/guide/fix.md: a market data snapshot is written, and what was written taken
 * apart again. The functions stand in the guide as they stand here.
 */

#include <inttypes.h>
#include <stdio.h>

#include <fp_fix_fields.h>
#include <fp_fix_writer.h>

/* A best bid as a snapshot; its length, or 0 when an identifier cannot be written. */
static uint32_t
write_bid(struct fp_writer *writer, const struct fp_fix_header *header, struct fp_symbol16 symbol,
	struct fp_price price, struct fp_qty size)
{
	struct fp_fix_writer message;

	fp_fix_writer_begin(&message, writer, FP_FIX_4_4, "W");
	if (fp_fix_write_header(&message, header) != 0 ||
		fp_fix_write_symbol16(&message, FP_FIX_TAG_SYMBOL, symbol) != 0)
		return 0; /* not ended: the writer is where it was */
	fp_fix_write_count(&message, FP_FIX_TAG_NO_MD_ENTRIES, 1);
	fp_fix_write_char(&message, FP_FIX_TAG_MD_ENTRY_TYPE, '0');
	fp_fix_write_price(&message, FP_FIX_TAG_MD_ENTRY_PX, price, 2);
	fp_fix_write_qty(&message, FP_FIX_TAG_MD_ENTRY_SIZE, size);
	return fp_fix_writer_end(&message);
}

/* The fields of the message that the bytes begin with; how many, or 0 when it is garbled. */
static uint32_t
print_fields(FP_SCOPED struct fp_cspan bytes)
{
	struct fp_fix_index index;
	struct fp_fix_fields fields;
	struct fp_fix_frame frame;
	struct fp_fix_fault fault;
	struct fp_fix_field field;
	uint32_t count = 0;

	if (fp_fix_frame(bytes, &frame, &fault) != 0)
		return 0; /* -ENODATA: more bytes are needed; -EBADMSG: see fault */
	fields = fp_fix_fields_open(&frame, &index);
	while (fp_fix_fields_next(&fields, &field)) {
		printf("%" PRIu32 " = %.*s\n", field.tag, (int)field.value.len,
			(const char *)field.value.data);
		count++;
	}
	return fp_fix_fields_fault(&fields).reason == FP_MALFORMED_COUNT ? count : 0;
}

int
main(void)
{
	static uint8_t buffer[512];
	const struct fp_fix_header header = { fp_cspan_over("EXCHANGE", 8),
		fp_cspan_over("FIRM", 4), 7, UINT64_C(1709208000123456789), 3 };
	const struct fp_symbol16 symbol = { "ESZ6" };
	struct fp_writer writer = fp_writer_open(fp_span_over(buffer, sizeof(buffer)));
	uint32_t len = write_bid(
		&writer, &header, symbol, (struct fp_price){ 512550 }, (struct fp_qty){ 300 });

	return len != 0 && print_fields(fp_cspan_over(buffer, len)) == 10 ? 0 : 1;
}
