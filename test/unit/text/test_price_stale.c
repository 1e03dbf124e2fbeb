/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * At level full prices, times and symbols as text panic when the memory of their view has gone,
 * also where the bytes that are there would be refused; an empty view is not touched.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fp_price_text.h"
#include "fp_reader_text.h"
#include "fp_symbol_text.h"
#include "fp_test_panic.h"
#include "fp_test_skip.h"
#include "fp_timestamp.h"
#include "fp_writer_text.h"
#include "text_ways.h"

#define LEN 40

static uint8_t bytes[LEN] = "20240229-12:34:56";

/* The word that the watch looks at, and what it was when the view was made. */
static uint32_t word;

static struct fp_span
view(uint32_t len)
{
	struct fp_watch watch = { &word, 7 };

	return fp_span_watched(bytes, len, watch);
}

/* Every function once; which of them is asked for. */
static int
call(int which, struct fp_span to)
{
	struct fp_cspan text = fp_span_const(to);
	struct fp_symbol8 symbol8 = { "A" };
	struct fp_symbol16 symbol16 = { "A" };
	struct fp_price price = { 12345 };
	struct fp_qty qty;
	uint64_t ns;
	uint32_t len;

	switch (which) {
	case 0:
		return fp_price_parse(text, 2, FP_PRICE_EXCESS_REFUSE, &price);
	case 1:
		return fp_price_parse_prefix(text, 2, FP_PRICE_EXCESS_REFUSE, &price, &len);
	case 2:
		return fp_qty_parse(text, &qty);
	case 3:
		return fp_price_format(price, 2, to, &len);
	case 4:
		return fp_timestamp_parse(text, FP_TIMESTAMP_FIX, &ns);
	case 5:
		return fp_timestamp_parse_date_prefix(text, &ns, &len);
	case 6:
		return fp_timestamp_parse_time(text, &ns);
	case 7:
		return fp_timestamp_format(0, FP_TIMESTAMP_ISO, 9, to, &len);
	case 8:
		return fp_timestamp_format_date(0, to, &len);
	case 9:
		return fp_timestamp_format_time(0, 0, to, &len);
	case 10:
		return fp_symbol8_parse(text, &symbol8);
	case 11:
		return fp_symbol16_from_field(text, &symbol16);
	case 12:
		return fp_symbol8_format(symbol8, to, &len);
	default:
		return fp_symbol16_to_field(symbol16, FP_SYMBOL_PADDING_SPACE, to);
	}
}

#define CALLS 14

static void
call_stale(void *arg)
{
	(void)call(*(const int *)arg, view(LEN));
}

static void
write_stale(void *arg)
{
	struct fp_writer writer = fp_writer_open(view(LEN));
	struct fp_price price = { 1 };

	(void)arg;
	fp_writer_write_price(&writer, price, 2);
}

static void
read_stale(void *arg)
{
	struct fp_reader reader = fp_reader_open(fp_span_const(view(LEN)));

	(void)arg;
	(void)fp_reader_read_symbol8(&reader);
}

static void
nothing_is_parsed_or_written_where_memory_has_gone(void **state)
{
	(void)state;
	for (int which = 0; which < CALLS; which++) {
		word = 7;
		(void)call(which, view(LEN));
		word = 8;
		ASSERT_PANICS(call_stale, &which, "a view is used too late");
		(void)call(which, view(0));
	}
	ASSERT_PANICS(write_stale, NULL, "a view is used too late");
	ASSERT_PANICS(read_stale, NULL, "a view is used too late");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_parsed_or_written_where_memory_has_gone),
	};

	if (FP_LIFETIME != FP_LIFETIME_FULL) {
		fp_test_skip_all("views carry no watch below lifetime level full");
		return 0;
	}
	return text_ways_run("price_stale", tests, sizeof(tests) / sizeof(tests[0]));
}
