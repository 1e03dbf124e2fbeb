/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Rows of test_no_alloc_calls.c: numbers as text. Each function is called for every type, with
 * numbers of every length and with what it refuses.
 */

#include <rte_common.h>

#include "call_rows.h"
#include "fp_text_format.h"
#include "fp_text_parse.h"

#define ROOM 160

static uint8_t room[ROOM];

/* A number of another length each time. */
static uint64_t
number(void)
{
	return call_turn * UINT64_C(0x9e3779b97f4a7c15) >> call_turn % 64;
}

static void
call_decimal(void)
{
	struct fp_span to = fp_span_over(room, ROOM);
	uint64_t value = 0;
	int64_t signed_value = 0;
	uint32_t len = 0;

	call_result += (uint64_t)fp_text_write_u64(number(), to, &len);
	call_result += (uint64_t)fp_text_read_u64(fp_cspan_over(room, len), &value, &len);
	call_result += (uint64_t)fp_text_write_i64((int64_t)(0 - number()), to, &len);
	call_result += (uint64_t)fp_text_read_i64(fp_cspan_over(room, len), &signed_value, &len);
	call_result += value + (uint64_t)signed_value + len;
	/* What does not fit, and what is no number. */
	call_result += (uint64_t)fp_text_write_u64(number(), fp_span_slice(to, 0, 2), &len);
	call_result += (uint64_t)fp_text_read_u64(fp_cspan_over("x", 1), &value, &len);
	call_result += (uint64_t)fp_text_read_u64(
		fp_cspan_over("00000000099999999999999999999", 29), &value, &len);
}

#define CALL_FORMATS(name, type)                                                   \
	do {                                                                       \
		static const char symbols[] = { 0, 'G', 'D', 'N', 'X', 'x', '$' }; \
		char symbol = symbols[call_turn % sizeof(symbols)];                \
		struct fp_text_format format = { symbol, FP_TEXT_PRECISION_NONE }; \
		type value = 0;                                                    \
		uint32_t len = 0;                                                  \
                                                                                   \
		call_result += (uint64_t)fp_text_format_##name(                    \
			(type)number(), format, fp_span_over(room, ROOM), &len);   \
		call_result += (uint64_t)fp_text_parse_##name(                     \
			fp_cspan_over(room, len), symbol, &value, &len);           \
		call_result += (uint64_t)value + len;                              \
		format.precision = (uint8_t)(call_turn % 100);                     \
		call_result += (uint64_t)fp_text_format_##name(                    \
			(type)number(), format, fp_span_over(room, ROOM), &len);   \
	} while (0)

static void
call_formats(void)
{
	CALL_FORMATS(i8, int8_t);
	CALL_FORMATS(i16, int16_t);
	CALL_FORMATS(i32, int32_t);
	CALL_FORMATS(i64, int64_t);
	CALL_FORMATS(u8, uint8_t);
	CALL_FORMATS(u16, uint16_t);
	CALL_FORMATS(u32, uint32_t);
	CALL_FORMATS(u64, uint64_t);
}

static void
call_bool(void)
{
	struct fp_text_format format = { 0, 0 };
	uint32_t len = 0;
	bool value = false;

	call_result += (uint64_t)fp_text_format_parse(
		fp_cspan_over(call_turn % 2 == 0 ? "l" : "G999", call_turn % 2 == 0 ? 1 : 4),
		&format);
	call_result += (uint64_t)fp_text_format_bool(
		call_turn % 3 == 0, format, fp_span_over(room, (uint32_t)(call_turn % 9)), &len);
	call_result += (uint64_t)fp_text_parse_bool(fp_cspan_over(room, len), 0, &value, &len);
	call_result += value + len;
}

const struct call_row text_rows[] = {
	{ "fp_text_write_u64, _i64, fp_text_read_u64, _i64", call_decimal },
	{ "fp_text_format_i8 ... _u64, fp_text_parse_i8 ... _u64", call_formats },
	{ "fp_text_format_parse, fp_text_format_bool, fp_text_parse_bool", call_bool },
};
const uint32_t text_row_count = RTE_DIM(text_rows);
