/* SPDX-License-Identifier: BSD-3-Clause */

/* What ends the program: too little room, mistakes in calls, memory that has gone. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fp_test_panic.h"
#include "naive_message.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define EMPTY_BYTES (10 + 8 + 5 + 7) /* "8=FIX.4.2|9=00005|35=0|10=ccc|" */

static const uint64_t noon = UINT64_C(1709208000123456789); /* 2024-02-29 12:00:00.123456789 */

/* What a child writes: one field, of a kind of its own. */
typedef void (*write_fn)(struct fp_fix_writer *message);

static void
write_u64(struct fp_fix_writer *message)
{
	fp_fix_write_u64(message, 12345, 1234567890);
}

static void
write_price(struct fp_fix_writer *message)
{
	fp_fix_write_price(message, 44, (struct fp_price){ INT64_MIN }, 9);
}

static void
write_char(struct fp_fix_writer *message)
{
	fp_fix_write_char(message, 1234567, 'A');
}

static void
write_timestamp(struct fp_fix_writer *message)
{
	fp_fix_write_timestamp(message, 52, noon, 9);
}

static void
write_time(struct fp_fix_writer *message)
{
	fp_fix_write_time(message, 273, noon, 0);
}

static void
write_date(struct fp_fix_writer *message)
{
	fp_fix_write_date(message, 272, noon);
}

static void
write_bytes(struct fp_fix_writer *message)
{
	assert_int_equal(fp_fix_write_bytes(message, 58, fp_cspan_over("hello", 5)), 0);
}

static void
write_data(struct fp_fix_writer *message)
{
	assert_int_equal(fp_fix_write_data(message, 89, fp_cspan_over("hello", 5)), 0);
}

static const struct {
	write_fn write;
	uint32_t len;
	uint32_t most; /* that a field of the kind takes */
} kinds[] = {
	{ write_u64, 6 + 10 + 1, FP_FIX_FIELD_MAX(FP_FIX_INTEGER_BYTES_MAX) },
	{ write_price, 3 + 21 + 1, FP_FIX_FIELD_MAX(FP_FIX_PRICE_BYTES_MAX) },
	{ write_char, 8 + 1 + 1, FP_FIX_FIELD_MAX(1) },
	{ write_timestamp, 3 + 27 + 1, FP_FIX_FIELD_MAX(FP_FIX_TIMESTAMP_BYTES_MAX) },
	{ write_time, 4 + 8 + 1, FP_FIX_FIELD_MAX(FP_FIX_TIMESTAMP_BYTES_MAX) },
	{ write_date, 4 + 8 + 1, FP_FIX_FIELD_MAX(FP_FIX_TIMESTAMP_BYTES_MAX) },
	{ write_bytes, 3 + 5 + 1, FP_FIX_FIELD_MAX(5) },
	{ write_data, 3 + 1 + 1 + 3 + 5 + 1, FP_FIX_DATA_MAX(5) },
};

struct request {
	uint32_t cap;
	write_fn write;
};

static void
write_message(void *arg)
{
	struct request *request = arg;
	struct fp_writer writer = writer_of(request->cap);
	struct fp_fix_writer message;

	fp_fix_writer_begin(&message, &writer, FP_FIX_4_2, "0");
	if (request->write != NULL)
		request->write(&message);
	if (fp_fix_writer_end(&message) != request->cap)
		abort();
}

static void
room_for_exactly_the_message_is_enough_and_one_byte_less_panics(void **state)
{
	struct request request = { EMPTY_BYTES, NULL };
	char text[64];

	(void)state;
	write_message(&request);
	request.cap--;
	ASSERT_PANICS(write_message, &request, "a field of 23 bytes more, 0 of 22 written");
	request.cap = 3;
	ASSERT_PANICS(write_message, &request, "a field of 23 bytes more, 0 of 0 written");
	for (size_t i = 0; i < COUNT(kinds); i++) {
		request.cap = EMPTY_BYTES + kinds[i].len;
		request.write = kinds[i].write;
		write_message(&request);
		request.cap--;
		(void)snprintf(text, sizeof(text), ", %u of %u written (the trailer",
			kinds[i].write == write_data ? 23 + 5 : 23, request.cap - 7);
		ASSERT_PANICS(write_message, &request, text);
		assert_true(kinds[i].len <= kinds[i].most);
	}
}

static uint8_t area[2000];

/* A mistake in a field. */
static void
write_mistake(void *arg)
{
	struct fp_writer writer = fp_writer_open(fp_span_over(area, sizeof(area)));
	struct fp_fix_writer message;
	struct fp_fix_writer none;
	int error = 0;

	memset(&none, 0, sizeof(none));
	fp_fix_writer_begin(&message, &writer, FP_FIX_4_2, "0");
	switch (*(uint32_t *)arg) {
	case 0:
		fp_fix_write_price(&message, 44, (struct fp_price){ 1 }, 10);
		break;
	case 1:
		fp_fix_write_char(&message, 54, FP_FIX_SOH);
		break;
	case 2:
		fp_fix_write_timestamp(&message, 52, 0, 4);
		break;
	case 3:
		fp_fix_write_time(&message, 273, 0, 12);
		break;
	case 4:
		error = fp_fix_write_data(&message, 97, fp_cspan_over("a", 1));
		break;
	case 5:
		fp_fix_write_u64(&none, 34, 1);
		break;
	case 6:
		error = fp_fix_write_bytes(&message, 58, fp_cspan_over(area, UINT32_MAX));
		break;
	default:
		error = fp_fix_write_data(&message, 96, fp_cspan_over(area, UINT32_MAX - 3));
		break;
	}
	assert_int_equal(error, 0);
}

/* A mistake in the begin or the end. */
static void
begin_or_end_wrongly(void *arg)
{
	struct fp_writer writer = fp_writer_open(fp_span_over(area, sizeof(area)));
	struct fp_fix_writer message;

	fp_fix_writer_begin(&message, &writer, FP_FIX_4_2, "0");
	switch (*(uint32_t *)arg) {
	case 0:
		fp_fix_writer_begin(&message, &writer, FP_FIX_4_2, "");
		break;
	case 1:
		fp_fix_writer_begin(&message, &writer, FP_FIX_4_2, "123456789");
		break;
	case 2:
		fp_fix_writer_begin(&message, &writer, FP_FIX_4_2, "1\0012");
		break;
	case 3:
		fp_fix_writer_begin(&message, &writer, (enum fp_fix_version)99, "0");
		break;
	case 4:
		(void)fp_fix_writer_end(&message);
		(void)fp_fix_writer_end(&message);
		break;
	case 5:
		(void)fp_fix_writer_end(&message);
		fp_fix_write_u64(&message, 34, 1);
		break;
	default:
		fp_writer_write_u8(&writer, 0);
		(void)fp_fix_writer_end(&message);
		break;
	}
}

static void
mistakes_panic_and_say_what_to_do(void **state)
{
	static const char *const fields[] = {
		"FIX price of 10 decimals: 0 to 9",
		"SOH as a character",
		"timestamp: 4 digits behind the seconds; 0, 3, 6 or 9",
		"12 digits behind the seconds",
		"FIX tag 97 is no data field",
		"a field after its end",
		"a field of 4294967295 bytes more",
		"a field of 4294967292 bytes more",
	};
	static const char *const ends[] = {
		"1 to 8 characters, and no SOH",
		"1 to 8 characters, and no SOH",
		"1 to 8 characters, and no SOH",
		"FIX version 99 is none",
		"ended twice",
		"a field after its end",
		"begun at 0 of its writer, which is at 1 now",
	};

	(void)state;
	for (uint32_t i = 0; i < COUNT(fields); i++)
		ASSERT_PANICS(write_mistake, &i, fields[i]);
	for (uint32_t i = 0; i < COUNT(ends); i++)
		ASSERT_PANICS(begin_or_end_wrongly, &i, ends[i]);
}

static void
write_reserved(void *arg)
{
	static uint8_t bytes[200];
	struct fp_writer writer = fp_writer_open(fp_span_over(bytes, sizeof(bytes)));
	struct fp_fix_writer message;

	fp_fix_writer_begin(&message, &writer, FP_FIX_4_2, "0");
	fp_fix_write_u64(&message, *(uint32_t *)arg, 1);
}

static void
write_check_sum(void *arg)
{
	static uint8_t bytes[200];
	struct fp_writer writer = fp_writer_open(fp_span_over(bytes, sizeof(bytes)));
	struct fp_fix_writer message;

	(void)arg;
	fp_fix_writer_begin(&message, &writer, FP_FIX_4_2, "0");
	fp_fix_write_u64(&message, FP_FIX_TAG_CHECK_SUM, 1);
}

static void
tags_that_are_not_the_callers_panic(void **state)
{
	static const struct {
		uint32_t tag;
		const char *text;
	} rows[] = {
		{ 0, "FIX tag 0 is none" },
		{ 8, "FIX tag 8 is not a field" },
		{ 9, "FIX tag 9 is not a field" },
		{ 10, "FIX tag 10 is not a field" },
		{ 35, "FIX tag 35 is not a field" },
		{ 95, "FIX tag 95 is a data field or the length of one" },
		{ 96, "FIX tag 96 is a data field or the length of one" },
		{ 10000000, "FIX tag 10000000 is none that can be written: 1 to 9999999" },
		{ UINT32_MAX, "FIX tag 4294967295 is none" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		uint32_t tag = rows[i].tag;

		ASSERT_PANICS(write_reserved, &tag, rows[i].text);
	}
	ASSERT_PANICS(write_check_sum, NULL, "FIX tag 10 is not a field");
}

/* A message, a value or an end on memory that has gone. */
static void
write_late(void *arg)
{
	static uint8_t bytes[200];
	uint32_t word = 3;
	struct fp_watch watch = { &word, 3 };
	struct fp_span span = fp_span_watched(bytes, 100, watch);
	struct fp_writer writer =
		fp_writer_open(*(int *)arg == 2 ? fp_span_over(bytes + 100, 100) : span);
	struct fp_fix_writer message;
	int error = 0;

	fp_fix_writer_begin(&message, &writer, FP_FIX_4_2, "0");
	word = 4;
	if (*(int *)arg == 0)
		fp_fix_write_u64(&message, 34, 1);
	if (*(int *)arg == 1)
		(void)fp_fix_writer_end(&message);
	if (*(int *)arg == 2)
		error = fp_fix_write_bytes(&message, 58, fp_span_const(span));
	if (error != 0)
		abort();
}

static void
memory_that_has_gone_panics_at_level_full_alone(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++) {
#if FP_LIFETIME == FP_LIFETIME_FULL
		ASSERT_PANICS(write_late, &i, "made under generation 3");
#else
		struct fp_test_end end;

		fp_test_run_child(write_late, &i, &end);
		if (i != 2) /* the bytes are NUL, and no SOH */
			assert_int_equal(end.status, 0);
#endif
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(room_for_exactly_the_message_is_enough_and_one_byte_less_panics),
		cmocka_unit_test(mistakes_panic_and_say_what_to_do),
		cmocka_unit_test(tags_that_are_not_the_callers_panic),
		cmocka_unit_test(memory_that_has_gone_panics_at_level_full_alone),
	};

	return cmocka_run_group_tests_name("fix_writer_panics", tests, naive_map, naive_unmap);
}
