/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Rows of test_no_alloc_calls.c: everything that can be asked of a view. Each function is called
 * for every type of elements that it exists for.
 */

#include <rte_common.h>

#include "call_rows.h"
#include "fp_endian.h"
#include "fp_scan.h"
#include "fp_span.h"
#include "fp_span_compare.h"
#include "fp_span_copy.h"
#include "fp_span_element.h"
#include "fp_span_endian.h"
#include "fp_span_search.h"
#include "fp_span_sequence.h"

#define VIEW_BYTES 32

static uint8_t bytes[2 * VIEW_BYTES] __rte_aligned(8);

/* All but one byte, which moves, are 0: what is searched is found late or not at all. */
static struct fp_cspan
view(void)
{
	static uint32_t last;

	bytes[last] = 0;
	last = (uint32_t)(call_turn % VIEW_BYTES);
	bytes[last] = 1;
	return fp_cspan_over(bytes, VIEW_BYTES);
}

/* A set or sequence of two elements of up to 8 bytes that begins with a 0. */
static struct fp_cspan
needle(uint32_t elem_bytes)
{
	static const uint8_t of_bytes[2] = { 0, 7 };
	static const uint64_t wider[2] = { 0, UINT64_MAX };

	return elem_bytes == 1 ? fp_cspan_over(of_bytes, 2) : fp_cspan_over(wider, 2 * elem_bytes);
}

static void
call_spans(void)
{
	struct fp_span to = fp_span_over(bytes, VIEW_BYTES);
	struct fp_cspan from = fp_cspan_over(bytes + VIEW_BYTES, VIEW_BYTES);
	struct fp_cspan slice = fp_cspan_slice(from, 8, 16);
	struct fp_span part = fp_span_slice_from(to, 8);

	bytes[0] = (uint8_t)call_turn;
	call_result += (uint64_t)fp_cspan_try_slice(from, VIEW_BYTES - 4, 8, &slice);
	call_result += (uint64_t)fp_cspan_try_slice(from, 8, 16, &slice);
	call_result += (uint64_t)fp_span_try_slice(to, VIEW_BYTES - 4, 8, &part);
	call_result += (uint64_t)fp_span_try_slice(to, 8, 16, &part);
	call_result += (uint64_t)fp_cspan_try_copy(from, to);
	call_result += (uint64_t)fp_cspan_try_copy(from, part);
	call_result += fp_cspan_offset(from, slice) + fp_cspan_at(slice, 1);
	call_result += fp_cspan_equal(fp_span_const(fp_span_slice(to, 0, 8)), slice);
	call_result += fp_cspan_is_empty(slice) + fp_span_is_empty(part);
	call_result += fp_cspan_same(slice, from) + fp_cspan_overlaps(slice, from);
	call_result += fp_cspan_slice_from(from, VIEW_BYTES - 4).len +
		fp_span_part(to, fp_span_const(part)).len;
	fp_span_set(to, 3, (uint8_t)call_turn);
	call_result += fp_span_at(to, 3);
}

#define CALL_NATIVE(bits)                                                       \
	do {                                                                    \
		fp_store_u##bits(bytes + 1, (uint##bits##_t)call_turn);         \
		call_result += fp_load_u##bits(bytes + 2);                      \
		call_result += fp_reverse_u##bits((uint##bits##_t)call_turn) +  \
			(uint64_t)fp_reverse_i##bits((int##bits##_t)call_turn); \
	} while (0)

static void
call_endian(void)
{
	uint16_t u16 = (uint16_t)call_turn;
	uint32_t u32 = (uint32_t)call_turn;

	fp_store_le16(bytes + 1, u16);
	fp_store_be16(bytes + 3, u16);
	fp_store_le32(bytes + 5, u32);
	fp_store_be32(bytes + 9, u32);
	fp_store_le64(bytes + 13, call_turn);
	fp_store_be64(bytes + 21, call_turn);
	fp_store_be48(bytes + 29, call_turn);
	call_result += fp_load_le16(bytes) + fp_load_be16(bytes + 2) + fp_load_le32(bytes + 4) +
		fp_load_be32(bytes + 8) + fp_load_le64(bytes + 12) + fp_load_be64(bytes + 20) +
		fp_load_be48(bytes + 28);
	CALL_NATIVE(16);
	CALL_NATIVE(32);
	CALL_NATIVE(64);
	call_result += fp_reverse_u8((uint8_t)call_turn) + (uint64_t)fp_reverse_i8((int8_t)u16);
}

#define CALL_SPAN_ENDIAN(name, bits)                                                          \
	do {                                                                                  \
		uint##bits##_t value = (uint##bits##_t)call_turn;                             \
                                                                                              \
		fp_span_write_##name(fp_span_over(bytes, VIEW_BYTES), value);                 \
		call_result += fp_span_try_write_##name(fp_span_over(bytes + 8, 8), value);   \
		call_result += fp_span_try_write_##name(fp_span_over(bytes + 8, 1), value);   \
		call_result += fp_cspan_read_##name(fp_cspan_over(bytes + 1, VIEW_BYTES));    \
		call_result += fp_cspan_try_read_##name(fp_cspan_over(bytes + 2, 8), &value); \
		call_result += value;                                                         \
		call_result += fp_cspan_try_read_##name(fp_cspan_over(bytes + 2, 1), &value); \
	} while (0)

static void
call_span_endian(void)
{
	CALL_SPAN_ENDIAN(le16, 16);
	CALL_SPAN_ENDIAN(be16, 16);
	CALL_SPAN_ENDIAN(le32, 32);
	CALL_SPAN_ENDIAN(be32, 32);
	CALL_SPAN_ENDIAN(le64, 64);
	CALL_SPAN_ENDIAN(be64, 64);
}

#define CALL_ELEMENT(bits)                                                                         \
	do {                                                                                       \
		fp_span_set_u##bits(fp_span_over(bytes, 31), 2, (uint##bits##_t)call_turn);        \
		call_result += fp_cspan_get_u##bits(fp_cspan_over(bytes + 1, 31), 1);              \
		call_result += (uint64_t)fp_span_cast(fp_span_over(bytes, 31), (bits) / 8, &part); \
		call_result += (uint64_t)fp_cspan_overlap_offset(                                  \
			fp_cspan_over(bytes, 32), slice, (bits) / 8, &is_overlap, &offset);        \
	} while (0)

static void
call_elements(void)
{
	struct fp_cspan slice = fp_cspan_over(bytes + 8, 32);
	struct fp_span part = fp_span_over(bytes, 1);
	bool is_overlap = false;
	int64_t offset = 0;

	CALL_ELEMENT(8);
	CALL_ELEMENT(16);
	CALL_ELEMENT(32);
	CALL_ELEMENT(64);
	call_result += (uint64_t)fp_cspan_cast(fp_cspan_over(bytes + 1, 31), 4, &slice);
	call_result += (uint64_t)fp_cspan_cast(fp_cspan_over(bytes, 31), 4, &slice);
	call_result += part.len + slice.len + is_overlap + (uint64_t)offset;
}

#define CALL_COPY(bits)                                                      \
	do {                                                                 \
		fp_span_fill_u##bits(span, (uint##bits##_t)call_turn);       \
		fp_span_reverse_u##bits(span);                               \
		fp_span_replace_u##bits(span, (uint##bits##_t)call_turn, 0); \
	} while (0)

static void
call_copy(void)
{
	struct fp_span span = fp_span_over(bytes, VIEW_BYTES - 1);

	fp_cspan_copy(fp_cspan_over(bytes + VIEW_BYTES, VIEW_BYTES - 1), span);
	CALL_COPY(8);
	CALL_COPY(16);
	CALL_COPY(32);
	CALL_COPY(64);
	fp_span_clear(span);
}

#define CALL_ORDER(name, type)                                                                 \
	do {                                                                                   \
		call_result += (uint64_t)fp_cspan_compare_##name(span, other);                 \
		call_result += (uint64_t)fp_cspan_binary_search_##name(span, (type)call_turn); \
	} while (0)

static void
call_compare(void)
{
	struct fp_cspan span = view();
	struct fp_cspan other = fp_cspan_over(bytes + VIEW_BYTES, VIEW_BYTES);

	CALL_ORDER(u8, uint8_t);
	CALL_ORDER(i8, int8_t);
	CALL_ORDER(u16, uint16_t);
	CALL_ORDER(i16, int16_t);
	CALL_ORDER(u32, uint32_t);
	CALL_ORDER(i32, int32_t);
	CALL_ORDER(u64, uint64_t);
	CALL_ORDER(i64, int64_t);
	call_result += fp_cspan_common_prefix_u8(span, other) +
		fp_cspan_common_prefix_u16(span, other) + fp_cspan_common_prefix_u32(span, other) +
		fp_cspan_common_prefix_u64(span, other);
	call_result += fp_cspan_starts_with(span, fp_cspan_slice(other, 0, VIEW_BYTES / 2)) +
		fp_cspan_ends_with(span, fp_cspan_slice(other, 0, VIEW_BYTES / 2));
}

#define CALL_VALUES(direction, name)                                                              \
	do {                                                                                      \
		call_result += (uint64_t)fp_cspan_##direction##_of_##name(span, 1);               \
		call_result += (uint64_t)fp_cspan_##direction##_of_any2_##name(span, 2, 1);       \
		call_result += (uint64_t)fp_cspan_##direction##_of_any3_##name(span, 3, 2, 1);    \
		call_result += (uint64_t)fp_cspan_##direction##_of_any_##name(span, set);         \
		call_result += (uint64_t)fp_cspan_##direction##_of_except_##name(span, 0);        \
		call_result += (uint64_t)fp_cspan_##direction##_of_except2_##name(span, 0, 1);    \
		call_result += (uint64_t)fp_cspan_##direction##_of_except3_##name(span, 0, 1, 2); \
		call_result += (uint64_t)fp_cspan_##direction##_of_except_any_##name(span, set);  \
	} while (0)

#define CALL_RANGE(direction, name)                                                             \
	do {                                                                                    \
		call_result += (uint64_t)fp_cspan_##direction##_of_in_range_##name(span, 1, 2); \
		call_result +=                                                                  \
			(uint64_t)fp_cspan_##direction##_of_except_in_range_##name(span, 0, 2); \
	} while (0)

#define CALL_TRIM(name)                                                       \
	do {                                                                  \
		call_result += fp_cspan_trim_start_##name(span, 0).len;       \
		call_result += fp_cspan_trim_end_##name(span, 0).len;         \
		call_result += fp_cspan_trim_##name(span, 0).len;             \
		call_result += fp_cspan_trim_start_any_##name(span, set).len; \
		call_result += fp_cspan_trim_end_any_##name(span, set).len;   \
		call_result += fp_cspan_trim_any_##name(span, set).len;       \
	} while (0)

/* Each search for elements of one unsigned type, and the ranges of the signed one. */
#define SEARCH(bits)                                               \
	static void call_search_u##bits(void)                      \
	{                                                          \
		struct fp_cspan span = view();                     \
		struct fp_cspan set = needle((bits) / 8);          \
                                                                   \
		CALL_VALUES(index, u##bits);                       \
		CALL_VALUES(last_index, u##bits);                  \
		CALL_TRIM(u##bits);                                \
		call_result += fp_cspan_count_u##bits(span, 0);    \
		call_result += fp_cspan_contains_u##bits(span, 1); \
	}                                                          \
                                                                   \
	static void call_ranges_##bits(void)                       \
	{                                                          \
		struct fp_cspan span = view();                     \
                                                                   \
		CALL_RANGE(index, u##bits);                        \
		CALL_RANGE(last_index, u##bits);                   \
		CALL_RANGE(index, i##bits);                        \
		CALL_RANGE(last_index, i##bits);                   \
	}

SEARCH(8)
SEARCH(16)
SEARCH(32)
SEARCH(64)

#define CALL_SEQUENCE(bits)                                                                  \
	do {                                                                                 \
		struct fp_cspan sequence = needle((bits) / 8);                               \
                                                                                             \
		call_result += (uint64_t)fp_cspan_index_of_seq_u##bits(span, sequence);      \
		call_result += (uint64_t)fp_cspan_last_index_of_seq_u##bits(span, sequence); \
		call_result += fp_cspan_count_seq_u##bits(span, sequence);                   \
		/* one that occurs, whose element repeats */                                 \
		sequence = fp_cspan_over(bytes + VIEW_BYTES, 2 * (bits) / 8);                \
		call_result += (uint64_t)fp_cspan_index_of_seq_u##bits(span, sequence);      \
		call_result += (uint64_t)fp_cspan_last_index_of_seq_u##bits(span, sequence); \
		call_result += fp_cspan_count_seq_u##bits(span, sequence);                   \
	} while (0)

static void
call_sequence(void)
{
	struct fp_cspan span = view();

	CALL_SEQUENCE(8);
	CALL_SEQUENCE(16);
	CALL_SEQUENCE(32);
	CALL_SEQUENCE(64);
}

/* On each path in turns; asking for the CPU's flags is too slow for each call. */
static void
call_scans(void)
{
	struct fp_cspan span = view();
	struct fp_delimiters block;

	if (call_turn % 1024 == 0) {
		uint64_t path = call_turn / 1024 % FP_SCAN_PATHS;

		call_result += (uint64_t)fp_scan_choose();
		call_result += (uint64_t)fp_scan_set((enum fp_scan_path)path);
	}
	call_result += fp_cspan_sum_u8(span) + fp_cspan_internet_checksum(span);
	call_result += fp_cspan_find_delimiters(span, 1, 0, &block) + block.first + block.second;
	call_result += (uint64_t)fp_cspan_index_of_u8(span, 1);
	call_result += (uint64_t)fp_cspan_index_of_any2_u8(span, 2, 1);
	call_result += (uint64_t)fp_cspan_index_of_any3_u8(span, 3, 2, 1);
	call_result += (uint64_t)fp_scan_get() + (uint64_t)*fp_scan_name(fp_scan_get());
}

const struct call_row span_rows[] = {
	{ "fp_span, fp_cspan", call_spans },
	{ "fp_load, fp_store, fp_reverse", call_endian },
	{ "fp_scan.h: scans on each path, fp_scan_choose, fp_scan_set", call_scans },
	{ "fp_span_endian.h: read, try_read, write, try_write", call_span_endian },
	{ "fp_span_element.h: get, set, cast, overlap_offset", call_elements },
	{ "fp_span_copy.h: copy, fill, clear, reverse, replace", call_copy },
	{ "fp_span_compare.h: compare, binary_search, common_prefix ...", call_compare },
	{ "fp_span_search.h: values, sets, count, trim of bytes", call_search_u8 },
	{ "fp_span_search.h: values, sets, count, trim of 16 bits", call_search_u16 },
	{ "fp_span_search.h: values, sets, count, trim of 32 bits", call_search_u32 },
	{ "fp_span_search.h: values, sets, count, trim of 64 bits", call_search_u64 },
	{ "fp_span_search.h: ranges of bytes", call_ranges_8 },
	{ "fp_span_search.h: ranges of 16 bits", call_ranges_16 },
	{ "fp_span_search.h: ranges of 32 bits", call_ranges_32 },
	{ "fp_span_search.h: ranges of 64 bits", call_ranges_64 },
	{ "fp_span_sequence.h: index_of_seq, last_index_of_seq, count_seq", call_sequence },
};
const uint32_t span_row_count = RTE_DIM(span_rows);
