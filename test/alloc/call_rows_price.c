/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Rows of test_no_alloc_calls.c: prices, points in time and symbols as text, by themselves and
 * through cursors, right and wrong, by the short way and the long one.
 */

#include <rte_common.h>

#include "call_rows.h"
#include "fp_price_text.h"
#include "fp_reader_text.h"
#include "fp_symbol_text.h"
#include "fp_timestamp.h"
#include "fp_writer_text.h"

#define ROOM 64

static uint8_t room[ROOM];

static struct fp_cspan
text(const char *from)
{
	return fp_cspan_over(from, (uint32_t)strlen(from));
}

static void
call_price(void)
{
	static const char *const texts[] = { "25929.17", "25929.169999999996", "1e5", "-0.5",
		"99999999999999999999" };
	struct fp_cspan from = text(texts[call_turn % RTE_DIM(texts)]);
	enum fp_price_excess excess = (enum fp_price_excess)(call_turn % 4);
	struct fp_price price;
	struct fp_qty qty;
	uint32_t len;

	call_result += (uint64_t)fp_price_parse(from, 8, excess, &price);
	call_result += (uint64_t)price.ticks;
	call_result += (uint64_t)fp_price_parse_prefix(from, 2, excess, &price, &len);
	call_result += (uint64_t)price.ticks + len;
	call_result += (uint64_t)fp_qty_parse(from, &qty);
	call_result += (uint64_t)qty.units;
	price.ticks = (int64_t)(call_turn << (call_turn % 48));
	call_result += (uint64_t)fp_price_format(price, 4, fp_span_over(room, ROOM), &len);
	call_result += (uint64_t)fp_price_format(price, 9, fp_span_over(room, 4), &len) + len;
}

static void
call_timestamp(void)
{
	struct fp_span to = fp_span_over(room, ROOM);
	uint64_t ns = call_turn * UINT64_C(1000000007);
	uint32_t len;

	call_result += (uint64_t)fp_timestamp_format(ns, FP_TIMESTAMP_FIX, 9, to, &len);
	call_result +=
		(uint64_t)fp_timestamp_parse(fp_cspan_over(room, len), FP_TIMESTAMP_FIX, &ns);
	call_result += (uint64_t)fp_timestamp_format(ns, FP_TIMESTAMP_ISO, 3, to, &len);
	call_result += (uint64_t)fp_timestamp_parse_prefix(
		fp_cspan_over(room, ROOM), FP_TIMESTAMP_ISO, &ns, &len);
	call_result += (uint64_t)fp_timestamp_format_date(ns, to, &len);
	call_result += (uint64_t)fp_timestamp_parse_date(fp_cspan_over(room, len), &ns);
	call_result += (uint64_t)fp_timestamp_parse_date_prefix(fp_span_const(to), &ns, &len);
	call_result += (uint64_t)fp_timestamp_format_time(ns % 1000000007, 6, to, &len);
	call_result += (uint64_t)fp_timestamp_parse_time(fp_cspan_over(room, len), &ns);
	call_result += (uint64_t)fp_timestamp_parse_time_prefix(fp_span_const(to), &ns, &len);
	call_result += ns + len;
}

static void
call_symbol(void)
{
	struct fp_span to = fp_span_over(room, 16);
	struct fp_symbol8 symbol8;
	struct fp_symbol16 symbol16;
	uint32_t len;

	call_result += (uint64_t)fp_symbol8_parse(text("BRK.B"), &symbol8);
	call_result += (uint64_t)fp_symbol16_parse(text("ABCDEFGHIJ"), &symbol16);
	call_result += (uint64_t)fp_symbol8_format(symbol8, to, &len) + fp_symbol8_len(symbol8);
	call_result += (uint64_t)fp_symbol16_format(symbol16, to, &len) + fp_symbol16_len(symbol16);
	call_result += (uint64_t)fp_symbol8_to_field(symbol8, FP_SYMBOL_PADDING_SPACE, to);
	call_result += (uint64_t)fp_symbol8_from_field(fp_span_const(to), &symbol8);
	call_result += (uint64_t)fp_symbol16_to_field(symbol16, FP_SYMBOL_PADDING_NUL, to);
	call_result += (uint64_t)fp_symbol16_from_field(fp_span_const(to), &symbol16);
	call_result += fp_symbol16_len(symbol16);
}

static void
call_cursors(void)
{
	static uint8_t wide[256];
	struct fp_writer writer = fp_writer_open(fp_span_over(wide, sizeof(wide)));
	struct fp_symbol8 symbol8 = { "ZVZZT" };
	struct fp_symbol16 symbol16 = { "ZVZZT" };
	struct fp_price price = { (int64_t)call_turn };
	struct fp_reader reader;

	fp_writer_write_symbol8(&writer, symbol8, FP_SYMBOL_PADDING_SPACE);
	fp_writer_write_symbol16(&writer, symbol16, FP_SYMBOL_PADDING_NUL);
	fp_writer_write_symbol8_text(&writer, symbol8);
	fp_writer_write_symbol16_text(&writer, symbol16);
	fp_writer_write_ascii_u64(&writer, call_turn, 12);
	fp_writer_write_ascii_i64(&writer, -(int64_t)call_turn, 0);
	fp_writer_write_price(&writer, price, 4);
	fp_writer_write_timestamp(&writer, call_turn, FP_TIMESTAMP_FIX, 6);
	reader = fp_reader_open(fp_cspan_over(wide, fp_writer_written(&writer)));
	symbol8 = fp_reader_read_symbol8(&reader);
	symbol16 = fp_reader_read_symbol16(&reader);
	call_result += fp_symbol8_len(symbol8) + fp_symbol16_len(symbol16);
}

const struct call_row price_rows[] = {
	{ "fp_price_text.h: parse, parse_prefix, format; fp_qty_parse", call_price },
	{ "fp_timestamp.h: parse, format, dates, times", call_timestamp },
	{ "fp_symbol_text.h: parse, format, fields", call_symbol },
	{ "fp_writer_text.h, fp_reader_text.h", call_cursors },
};
const uint32_t price_row_count = RTE_DIM(price_rows);
