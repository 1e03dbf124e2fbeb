/* SPDX-License-Identifier: BSD-3-Clause */

/* Places and lengths that a view does not have. Its bounds are held at every level. */

#include "fp_reader.h"
#include "fp_span_copy.h"
#include "fp_span_element.h"
#include "fp_writer.h"
#include "misuse.h"

static uint8_t bytes[MISUSE_BYTES] FP_CACHE_ALIGNED;

static struct fp_span
over_bytes(void)
{
	return fp_span_over(bytes, sizeof(bytes));
}

MISUSE(index_past_end)
{
	misuse_use(fp_span_at(over_bytes(), MISUSE_BYTES));
}

MISUSE(index_negative)
{
	int32_t index = -1;

	fp_span_set(over_bytes(), (uint32_t)index, 7);
}

MISUSE(slice_past_end)
{
	misuse_use(fp_span_slice(over_bytes(), 8, MISUSE_BYTES).len);
}

MISUSE(slice_that_wraps)
{
	misuse_use(fp_span_slice(over_bytes(), 8, UINT32_MAX - 4).len);
}

MISUSE(slice_from_past_end)
{
	misuse_use(fp_span_slice_from(over_bytes(), MISUSE_BYTES + 1).len);
}

MISUSE(try_slice_past_end)
{
	struct fp_span out;

	misuse_answers(fp_span_try_slice(over_bytes(), 8, UINT32_MAX - 4, &out));
}

MISUSE(copy_to_shorter)
{
	struct fp_span to = fp_span_slice(over_bytes(), 0, 4);

	fp_cspan_copy(fp_span_const(over_bytes()), to);
}

MISUSE(try_copy_to_shorter)
{
	struct fp_span to = fp_span_slice(over_bytes(), 0, 4);

	misuse_answers(fp_cspan_try_copy(fp_span_const(over_bytes()), to));
}

MISUSE(element_past_end)
{
	misuse_use(fp_cspan_get_u64(fp_span_const(over_bytes()), MISUSE_BYTES / 8));
}

MISUSE(element_that_wraps)
{
	fp_span_set_u32(over_bytes(), UINT32_MAX / 4 + 1, 7);
}

MISUSE(cast_misaligned)
{
	struct fp_span out;

	misuse_answers(fp_span_cast(fp_span_slice_from(over_bytes(), 1), 4, &out));
}

MISUSE(part_of_another_view)
{
	static const uint8_t other[4];

	misuse_use(fp_span_part(over_bytes(), fp_cspan_over(other, 4)).len);
}

MISUSE(view_at_null)
{
	misuse_use(fp_span_over(NULL, 4).len);
}

MISUSE(writer_overrun)
{
	struct fp_writer writer = fp_writer_open(fp_span_slice(over_bytes(), 0, 6));

	fp_writer_write_be32(&writer, 7);
	fp_writer_write_be32(&writer, 7);
}

MISUSE(writer_length_of_other_slot)
{
	struct fp_writer writer = fp_writer_open(over_bytes());
	struct fp_writer other = fp_writer_open(over_bytes());
	struct fp_length_slot slot;

	fp_writer_write_zeros(&other, 8);
	slot = fp_writer_reserve_u16(&other);
	fp_writer_patch_be16(&writer, slot);
}

MISUSE(reader_past_end)
{
	struct fp_reader reader = fp_reader_open(fp_span_const(fp_span_slice(over_bytes(), 0, 6)));
	uint64_t sum = fp_reader_read_be32(&reader);

	sum += fp_reader_read_be32(&reader);
	sum += fp_reader_read_u8(&reader);
	misuse_says("%s, sum %lu", fp_reader_ok(&reader) ? "read" : "a latched fault", sum);
}

const struct misuse misuse_span_rows[] = {
	ROW(index_past_end, ALL(PANICS("slice [60, +1) of a view of 60 bytes")), NOT_POISONED),
	ROW(index_negative, ALL(PANICS("slice [4294967295, +1) of a view of 60 bytes")),
		NOT_POISONED),
	ROW(slice_past_end, ALL(PANICS("slice [8, +60) of a view of 60 bytes")), NOT_POISONED),
	ROW(slice_that_wraps, ALL(PANICS("slice [8, +4294967291) of a view of 60 bytes")),
		NOT_POISONED),
	ROW(slice_from_past_end, ALL(PANICS("slice [61, +0) of a view of 60 bytes")), NOT_POISONED),
	ROW(try_slice_past_end, ALL(ANSWERS("-ERANGE")), NOT_POISONED),
	ROW(copy_to_shorter, ALL(PANICS("60|4")), NOT_POISONED),
	ROW(try_copy_to_shorter, ALL(ANSWERS("-ERANGE")), NOT_POISONED),
	ROW(element_past_end,
		ALL(PANICS("element 7 of 8 bytes each in a view of 60 bytes, which has 7 of them")),
		NOT_POISONED),
	ROW(element_that_wraps, ALL(PANICS("element 1073741824 of 4 bytes each")), NOT_POISONED),
	ROW(cast_misaligned, ALL(ANSWERS("-EINVAL")), NOT_POISONED),
	ROW(part_of_another_view, ALL(PANICS("of a view of 60 bytes")), NOT_POISONED),
	ROW(view_at_null, ALL(PANICS("a view of 4 bytes at NULL")), NOT_POISONED),
	ROW(writer_overrun, ALL(PANICS("writer overrun: 4 bytes more, 4 of 6 written")),
		NOT_POISONED),
	ROW(writer_length_of_other_slot, ALL(PANICS("length slot at 8")), NOT_POISONED),
	ROW(reader_past_end, ALL(ANSWERS("a latched fault|sum 0")), NOT_POISONED),
};
const size_t misuse_span_count = RTE_DIM(misuse_span_rows);
