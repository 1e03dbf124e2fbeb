/* SPDX-License-Identifier: BSD-3-Clause */

#include "fp_panic.h"
#include "fp_reader.h"
#include "fp_writer.h"

const uint8_t fpi_reader_empty[1] = { 0 };

struct fp_reader
fpi_reader_faulted(void)
{
	struct fp_reader reader = { 0 };

	return reader;
}

void
fpi_writer_overrun(const struct fp_writer *writer, uint32_t count)
{
	fp_panic("writer overrun: %u bytes more, %u of %u written; size the buffer for the largest "
		 "message, or ask fp_writer_room() first",
		count, writer->pos, writer->cap);
}

void
fpi_writer_length(const struct fp_writer *writer, struct fp_length_slot slot, uint32_t count)
{
	fp_panic("length slot at %u: %u bytes behind it, %u written in all; a slot belongs to the "
		 "writer that reserved it and holds lengths up to 65535",
		slot.pos, count, writer->pos);
}
