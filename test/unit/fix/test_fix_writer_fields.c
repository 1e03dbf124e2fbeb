/* SPDX-License-Identifier: BSD-3-Clause */

/* Each kind of field with all its lengths and with its extremes, against a naive message. */

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "fp_test_panic.h"
#include "naive_message.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void
integers_of_every_length_are_written(void **state)
{
	uint64_t edge = 1;

	(void)state;
	for (int digits = 0; digits <= 20; digits++) {
		for (uint64_t i = 0; i < 5; i++) {
			uint64_t value = digits == 20 ? UINT64_MAX - i : edge + i - 2;
			struct fp_writer writer = writer_of(200);
			struct fp_fix_writer message;
			char text[32];

			fp_fix_writer_begin(&message, &writer, FP_FIX_4_2, "0");
			naive_begin("0");
			fp_fix_write_u64(&message, 1, value);
			(void)snprintf(text, sizeof(text), "%" PRIu64, value);
			naive_text(1, text);
			fp_fix_write_i64(&message, 12, (int64_t)value);
			(void)snprintf(text, sizeof(text), "%" PRId64, (int64_t)value);
			naive_text(12, text);
			fp_fix_write_i64(&message, 123, (int64_t)(0 - value));
			(void)snprintf(text, sizeof(text), "%" PRId64, (int64_t)(0 - value));
			naive_text(123, text);
			fp_fix_write_count(&message, 1234, (uint32_t)value);
			(void)snprintf(text, sizeof(text), "%u", (uint32_t)value);
			naive_text(1234, text);
			assert_written(&message, "FIX.4.2");
		}
		edge *= 10; /* wraps behind the last one, which is not used */
	}
}

static void
prices_of_every_length_and_scale_are_written(void **state)
{
	static const int64_t extremes[] = { INT64_MIN, INT64_MIN + 1, -1, 0, 1, INT64_MAX };
	char text[40];

	(void)state;
	for (uint8_t decimals = 0; decimals <= FP_PRICE_DECIMALS_MAX; decimals++) {
		for (int64_t edge = 1, i = 0; i < 95; i++) {
			int64_t ticks =
				i < (int64_t)COUNT(extremes) ? extremes[i] : edge + i % 5 - 2;
			struct fp_writer writer = writer_of(120);
			struct fp_fix_writer message;

			fp_fix_writer_begin(&message, &writer, FP_FIX_4_2, "0");
			naive_begin("0");
			for (int sign = 0; sign < 2; sign++) {
				fp_fix_write_price(
					&message, 44, (struct fp_price){ ticks }, decimals);
				naive_text(44, naive_price(text, ticks, decimals));
				ticks = (int64_t)(0 - (uint64_t)ticks);
			}
			assert_written(&message, "FIX.4.2");
			if (i % 5 == 4 && edge < INT64_MAX / 10)
				edge *= 10;
		}
	}
}

static void
points_in_time_are_those_of_libc(void **state)
{
	static const uint64_t edges[] = { 0, UINT64_MAX, UINT64_C(951782400000000000),
		UINT64_C(4107542399999999999), UINT64_C(68169599999999999) };
	uint64_t ns = 1;

	(void)state;
	for (uint32_t i = 0; i < 20000; i++) {
		struct fp_writer writer = writer_of(300);
		struct fp_fix_writer message;
		uint64_t at = i < COUNT(edges) ? edges[i] : ns;
		time_t seconds = (time_t)(at / 1000000000);
		uint32_t fraction = (uint32_t)(at % 1000000000);
		char day[16], clock[16], text[64];
		struct tm tm;

		fp_fix_writer_begin(&message, &writer, FP_FIX_4_2, "0");
		assert_non_null(gmtime_r(&seconds, &tm));
		(void)strftime(day, sizeof(day), "%Y%m%d", &tm);
		(void)strftime(clock, sizeof(clock), "%H:%M:%S", &tm);
		naive_begin("0");
		fp_fix_write_date(&message, 272, at);
		naive_text(272, day);
		for (uint8_t digits = 0; digits <= 9; digits = (uint8_t)(digits + 3)) {
			uint32_t divisor = digits == 3 ? 1000000 : digits == 6 ? 1000 : 1;

			fp_fix_write_timestamp(&message, 52, at, digits);
			(void)snprintf(text, sizeof(text), digits == 0 ? "%s-%s" : "%s-%s.%0*u",
				day, clock, digits, fraction / divisor);
			naive_text(52, text);
			fp_fix_write_time(&message, 273, at, digits);
			naive_text(273, text + strlen(day) + 1);
		}
		assert_written(&message, "FIX.4.2");
		ns = ns * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	}
}

static void
every_day_of_64_bits_is_the_one_of_libc(void **state)
{
	uint32_t days = (uint32_t)(UINT64_MAX / UINT64_C(86400000000000));

	(void)state;
	for (uint32_t day = 0; day <= days; day++) {
		struct fp_writer writer = writer_of(50);
		struct fp_fix_writer message;
		time_t seconds = (time_t)day * 86400;
		char text[16];
		struct tm tm;

		assert_non_null(gmtime_r(&seconds, &tm));
		(void)strftime(text, sizeof(text), "%Y%m%d", &tm);
		fp_fix_writer_begin(&message, &writer, FP_FIX_4_2, "0");
		naive_begin("0");
		fp_fix_write_date(&message, 272, day * UINT64_C(86400000000000));
		naive_text(272, text);
		assert_written(&message, "FIX.4.2");
	}
}

static void
characters_and_bool_are_one_byte(void **state)
{
	(void)state;
	for (int c = 0; c < 256; c++) {
		struct fp_writer writer = writer_of(60);
		struct fp_fix_writer message;
		char value = (char)c;

		fp_fix_writer_begin(&message, &writer, FP_FIX_4_2, "0");
		if (value == FP_FIX_SOH)
			continue;
		naive_begin("0");
		fp_fix_write_char(&message, 1234567, value);
		naive_bytes(1234567, &value, 1);
		fp_fix_write_bool(&message, 43, c % 2 == 0);
		naive_text(43, c % 2 == 0 ? "Y" : "N");
		assert_written(&message, "FIX.4.2");
	}
}

/* Bytes of every length, each right against the end of memory that can be read. */
static void
bytes_of_every_length_are_written_and_those_with_soh_are_not(void **state)
{
	struct fp_test_guard from;

	(void)state;
	assert_int_equal(fp_test_guard_create(&from, 4096), 0);
	for (uint32_t len = 1; len <= 150; len++) {
		uint8_t *value = from.end - len;
		struct fp_writer writer = writer_of(len + 60);
		struct fp_fix_writer message;

		fp_fix_writer_begin(&message, &writer, FP_FIX_4_2, "0");
		naive_begin("0");
		for (uint32_t i = 0; i < len; i++)
			value[i] = (uint8_t)(i % 3 == 0 ? 0xff : 2 + 7 * i);
		for (uint32_t i = 0; i < len; i++) {
			uint8_t byte = value[i] == FP_FIX_SOH ? 3 : value[i];

			value[i] = byte;
		}
		for (uint32_t i = 0; i < len; i++) {
			uint8_t byte = value[i];
			uint32_t room = fp_fix_writer_room(&message);

			value[i] = FP_FIX_SOH;
			assert_int_equal(
				fp_fix_write_bytes(&message, 58, fp_cspan_over(value, len)),
				-EBADMSG);
			assert_int_equal(fp_fix_writer_room(&message), room);
			value[i] = byte;
		}
		assert_int_equal(fp_fix_write_bytes(&message, 58, fp_cspan_over(value, len)), 0);
		naive_bytes(58, value, len);
		assert_int_equal(
			fp_fix_write_bytes(&message, 58, fp_cspan_over(NULL, 0)), -EBADMSG);
		assert_written(&message, "FIX.4.2");
	}
	fp_test_guard_destroy(&from);
}

static void
symbols_end_with_their_padding(void **state)
{
	static const char letters[] = "ABCDEFGHIJKLMNOP";

	(void)state;
	for (size_t len = 0; len <= 16; len++) {
		struct fp_writer writer = writer_of(100);
		struct fp_fix_writer message;
		struct fp_symbol16 wide = { { 0 } };
		struct fp_symbol8 narrow = { { 0 } };

		fp_fix_writer_begin(&message, &writer, FP_FIX_4_2, "0");
		naive_begin("0");
		memcpy(wide.text, letters, len);
		memcpy(narrow.text, letters, len < 8 ? len : 8);
		if (len < 15) /* what is behind the first NUL is no part of it */
			wide.text[len + 1] = FP_FIX_SOH;
		assert_int_equal(
			fp_fix_write_symbol16(&message, 55, wide), len == 0 ? -EBADMSG : 0);
		assert_int_equal(
			fp_fix_write_symbol8(&message, 55, narrow), len == 0 ? -EBADMSG : 0);
		if (len != 0) {
			naive_bytes(55, letters, len);
			naive_bytes(55, letters, len < 8 ? len : 8);
			wide.text[len - 1] = FP_FIX_SOH;
			assert_int_equal(fp_fix_write_symbol16(&message, 55, wide), -EBADMSG);
		}
		assert_written(&message, "FIX.4.2");
	}
}

static uint8_t data[9000];

/* A data field of some length, written as its length field and itself. */
static void
check_pair(uint32_t length_tag, uint32_t data_tag)
{
	struct fp_writer writer = writer_of(9060);
	struct fp_fix_writer message;
	uint32_t len = data_tag == 96 ? (uint32_t)sizeof(data) : data_tag % 80 + 1;
	char text[16];

	fp_fix_writer_begin(&message, &writer, FP_FIX_4_2, "0");
	naive_begin("0");
	assert_int_equal(fp_fix_write_data(&message, data_tag, fp_cspan_over(data, len)), 0);
	assert_int_equal(fp_fix_write_data(&message, data_tag, fp_cspan_over(NULL, 0)), -EBADMSG);
	(void)snprintf(text, sizeof(text), "%u", len);
	naive_text(length_tag, text);
	naive_bytes(data_tag, data, len);
	assert_written(&message, "FIX.4.2");
}

static void
data_fields_hold_any_byte(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(i % 5 == 0 ? FP_FIX_SOH : i);
#define CHECK_PAIR(length_tag, data_tag) check_pair(length_tag, data_tag);
	FP_FIX_DATA_FIELDS(CHECK_PAIR)
#undef CHECK_PAIR
}

static void
tags_of_every_length_are_the_same_as_constants_and_as_variables(void **state)
{
	struct fp_writer writer = writer_of(300);
	struct fp_fix_writer message;
	volatile uint32_t tag = 1;

	(void)state;
	fp_fix_writer_begin(&message, &writer, FP_FIX_4_2, "0");
	naive_begin("0");
#define CHECK_TAG(constant)                              \
	do {                                             \
		fp_fix_write_u64(&message, constant, 1); \
		fp_fix_write_u64(&message, tag, 1);      \
		assert_int_equal(tag, constant);         \
		naive_text(constant, "1");               \
		naive_text(constant, "1");               \
		tag = tag * 10 + (constant) % 10 + 1;    \
	} while (0)
	CHECK_TAG(1);
	CHECK_TAG(12);
	CHECK_TAG(123);
	CHECK_TAG(1234);
	CHECK_TAG(12345);
	CHECK_TAG(123456);
	CHECK_TAG(1234567);
	assert_written(&message, "FIX.4.2");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(integers_of_every_length_are_written),
		cmocka_unit_test(prices_of_every_length_and_scale_are_written),
		cmocka_unit_test(points_in_time_are_those_of_libc),
		cmocka_unit_test(every_day_of_64_bits_is_the_one_of_libc),
		cmocka_unit_test(characters_and_bool_are_one_byte),
		cmocka_unit_test(bytes_of_every_length_are_written_and_those_with_soh_are_not),
		cmocka_unit_test(symbols_end_with_their_padding),
		cmocka_unit_test(data_fields_hold_any_byte),
		cmocka_unit_test(tags_of_every_length_are_the_same_as_constants_and_as_variables),
	};

	return cmocka_run_group_tests_name("fix_writer_fields", tests, naive_map, naive_unmap);
}
