/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * What writers put as text is what snprintf() writes, into a room that ends at an inaccessible
 * page; one byte less of room panics. Readers take symbols from fields of a fixed width.
 */

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fp_reader_text.h"
#include "fp_test_panic.h"
#include "fp_writer_text.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct fp_test_guard guard;

/* A writer with exactly so much room, behind a byte that is written already. */
static struct fp_writer
open_at_wall(uint32_t len)
{
	struct fp_writer writer = fp_writer_open(fp_span_over(guard.end - len - 1, len + 1));

	fp_writer_write_u8(&writer, 'x');
	return writer;
}

static void
check(const struct fp_writer *writer, const char *right)
{
	uint32_t len = (uint32_t)strlen(right);

	assert_int_equal(fp_writer_room(writer), 0);
	assert_int_equal(guard.end[-1 - (int)len], 'x');
	if (memcmp(guard.end - len, right, len) != 0) {
		fail_msg("\"%.*s\", right is \"%s\"", (int)len, (const char *)guard.end - len,
			right);
	}
}

static void
check_number(uint64_t value, uint8_t min_digits)
{
	char right[128];
	struct fp_writer writer;

	(void)snprintf(right, sizeof(right), "%0*" PRIu64, (int)min_digits, value);
	writer = open_at_wall((uint32_t)strlen(right));
	fp_writer_write_ascii_u64(&writer, value, min_digits);
	check(&writer, right);
	(void)snprintf(right, sizeof(right), "%.*" PRId64, min_digits != 0 ? (int)min_digits : 1,
		(int64_t)value);
	writer = open_at_wall((uint32_t)strlen(right));
	fp_writer_write_ascii_i64(&writer, (int64_t)value, min_digits);
	check(&writer, right);
}

static void
numbers_are_written_as_by_snprintf(void **state)
{
	static const uint8_t min_digits[] = { 0, 1, 2, 3, 8, 19, 20, 21, 99 };
	uint64_t power = 1;

	(void)state;
	for (int digits = 0; digits < 20; digits++, power *= 10) {
		for (size_t i = 0; i < COUNT(min_digits); i++) {
			check_number(power, min_digits[i]);
			check_number(power - 1, min_digits[i]);
			check_number(0 - power, min_digits[i]);
		}
	}
	check_number(UINT64_MAX, 0);
	check_number((uint64_t)INT64_MAX, 0);
	check_number((uint64_t)INT64_MIN, 0);
}

static void
prices_and_times_are_written_one_after_the_other(void **state)
{
	static const char right[] = "-12.3400|0|25929.170000000|20240229-12:34:56.789|"
				    "2024-02-29T12:34:56.789000000Z|BRK.B|ABCDEFGHIJKLMNOP|";
	const uint64_t ns = UINT64_C(1709210096789000000);
	struct fp_symbol8 symbol8 = { "BRK.B" };
	struct fp_symbol16 symbol16 = { { 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K',
		'L', 'M', 'N', 'O', 'P' } };
	struct fp_price price = { -123400 };
	struct fp_writer writer = open_at_wall(sizeof(right) - 1);

	(void)state;
	fp_writer_write_price(&writer, price, 4);
	fp_writer_write_u8(&writer, '|');
	price.ticks = 0;
	fp_writer_write_price(&writer, price, 0);
	fp_writer_write_u8(&writer, '|');
	price.ticks = 25929170000000;
	fp_writer_write_price(&writer, price, 9);
	fp_writer_write_u8(&writer, '|');
	fp_writer_write_timestamp(&writer, ns, FP_TIMESTAMP_FIX, 3);
	fp_writer_write_u8(&writer, '|');
	fp_writer_write_timestamp(&writer, ns, FP_TIMESTAMP_ISO, 9);
	fp_writer_write_u8(&writer, '|');
	fp_writer_write_symbol8_text(&writer, symbol8);
	fp_writer_write_u8(&writer, '|');
	fp_writer_write_symbol16_text(&writer, symbol16);
	fp_writer_write_u8(&writer, '|');
	check(&writer, right);
}

static void
fixed_fields_are_padded_and_read_back(void **state)
{
	static const enum fp_symbol_padding paddings[] = { FP_SYMBOL_PADDING_NUL,
		FP_SYMBOL_PADDING_SPACE };

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct fp_symbol8 symbol8 = { "ZVZZT" };
		struct fp_symbol16 symbol16 = { "A" };
		struct fp_writer writer = open_at_wall(24);
		struct fp_reader reader;

		fp_writer_write_symbol8(&writer, symbol8, paddings[i]);
		fp_writer_write_symbol16(&writer, symbol16, paddings[i]);
		assert_int_equal(fp_writer_room(&writer), 0);
		assert_int_equal(guard.end[-1], paddings[i]);
		assert_int_equal(guard.end[-17], paddings[i]);
		reader = fp_reader_open(fp_cspan_over(guard.end - 24, 24));
		symbol8 = fp_reader_read_symbol8(&reader);
		assert_memory_equal(symbol8.text, "ZVZZT\0\0\0", 8);
		symbol16 = fp_reader_read_symbol16(&reader);
		assert_memory_equal(symbol16.text, "A\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16);
		assert_true(fp_reader_ok(&reader));
		assert_int_equal(fp_reader_remaining(&reader), 0);
	}
}

static void
a_field_that_is_short_or_no_symbol_latches_the_fault(void **state)
{
	static const char *const fields[] = { "        ", " ABC    ", "A\x01      ",
		"AB\0 \0\0\0\0" };

	(void)state;
	for (uint32_t len = 0; len < 16; len++) {
		struct fp_reader reader;
		struct fp_symbol16 symbol;

		memset(guard.end - 16, 'A', 16);
		reader = fp_reader_open(fp_cspan_over(guard.end - len, len));
		symbol = fp_reader_read_symbol16(&reader);
		assert_false(fp_reader_ok(&reader));
		assert_int_equal(fp_symbol16_len(symbol), 0);
		symbol = fp_reader_read_symbol16(&reader);
		assert_int_equal(fp_symbol16_len(symbol), 0);
		assert_false(fp_reader_ok(&reader));
		reader = fp_reader_open(fp_cspan_over(guard.end - len, len));
		assert_int_equal(fp_symbol8_len(fp_reader_read_symbol8(&reader)), len < 8 ? 0 : 8);
		assert_true(fp_reader_ok(&reader) == (len >= 8));
	}
	for (size_t i = 0; i < COUNT(fields); i++) {
		struct fp_reader reader = fp_reader_open(fp_cspan_over(fields[i], 8));

		assert_int_equal(fp_symbol8_len(fp_reader_read_symbol8(&reader)), 0);
		assert_false(fp_reader_ok(&reader));
	}
}

/* What is written into one byte less than it takes. */
enum text {
	U64,
	I64,
	PRICE,
	TIMESTAMP,
	SYMBOL8,
	SYMBOL16,
	SYMBOL8_TEXT,
	SYMBOL16_TEXT,
};

static const uint32_t lengths[] = {
	[U64] = 5,
	[I64] = 6,
	[PRICE] = 7,
	[TIMESTAMP] = 21,
	[SYMBOL8] = 8,
	[SYMBOL16] = 16,
	[SYMBOL8_TEXT] = 3,
	[SYMBOL16_TEXT] = 3,
};

static void
overrun(void *arg)
{
	enum text text = *(const enum text *)arg;
	struct fp_writer writer = open_at_wall(lengths[text] - 1);
	struct fp_symbol8 symbol8 = { "ABC" };
	struct fp_symbol16 symbol16 = { "ABC" };
	struct fp_price price = { -12345 };

	switch (text) {
	case U64:
		fp_writer_write_ascii_u64(&writer, 12, 5);
		break;
	case I64:
		fp_writer_write_ascii_i64(&writer, -12345, 0);
		break;
	case PRICE:
		fp_writer_write_price(&writer, price, 2);
		break;
	case TIMESTAMP:
		fp_writer_write_timestamp(&writer, 0, FP_TIMESTAMP_FIX, 3);
		break;
	case SYMBOL8:
		fp_writer_write_symbol8(&writer, symbol8, FP_SYMBOL_PADDING_SPACE);
		break;
	case SYMBOL16:
		fp_writer_write_symbol16(&writer, symbol16, FP_SYMBOL_PADDING_SPACE);
		break;
	case SYMBOL8_TEXT:
		fp_writer_write_symbol8_text(&writer, symbol8);
		break;
	case SYMBOL16_TEXT:
		fp_writer_write_symbol16_text(&writer, symbol16);
		break;
	}
}

static void
a_hundred_digits(void *arg)
{
	struct fp_writer writer = open_at_wall(200);

	(void)arg;
	fp_writer_write_ascii_u64(&writer, 1, 100);
}

static void
an_overrun_panics(void **state)
{
	(void)state;
	for (enum text text = U64; text <= SYMBOL16_TEXT; text++)
		ASSERT_PANICS(overrun, &text, "writer overrun");
	ASSERT_PANICS(a_hundred_digits, NULL, "100 digits");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_written_as_by_snprintf),
		cmocka_unit_test(prices_and_times_are_written_one_after_the_other),
		cmocka_unit_test(fixed_fields_are_padded_and_read_back),
		cmocka_unit_test(a_field_that_is_short_or_no_symbol_latches_the_fault),
		cmocka_unit_test(an_overrun_panics),
	};
	int result;

	if (fp_test_guard_create(&guard, 256) != 0)
		return 1;
	result = cmocka_run_group_tests_name("fp_cursor_text", tests, NULL, NULL);
	fp_test_guard_destroy(&guard);
	return result;
}
