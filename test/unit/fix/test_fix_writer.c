/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * What the writer wrote is compared with a message that is put together naively, byte by byte, with
 * snprintf() and loops; and it is framed and walked by fp_fix_frame() and fp_fix_fields_next().
 * Messages lie against an inaccessible page, and what stands behind them must stay.
 */

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "fp_fix_fields.h"
#include "fp_fix_writer.h"
#include "fp_test_panic.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define AREA_BYTES 70000
#define MESSAGES   20000
#define FIELDS_MAX 24

static struct fp_test_guard guard;
static const uint64_t noon = UINT64_C(1709208000123456789); /* 2024-02-29 12:00:00.123456789 */

/* A message that is put together naively. */
static struct naive {
	char body[AREA_BYTES];
	size_t len;
	char whole[AREA_BYTES];
	size_t whole_len;
} naive;

static void
naive_bytes(uint32_t tag, const void *value, size_t len)
{
	int written = snprintf(naive.body + naive.len, AREA_BYTES - naive.len, "%u=", tag);

	naive.len += (size_t)written;
	memcpy(naive.body + naive.len, value, len);
	naive.len += len;
	naive.body[naive.len++] = FP_FIX_SOH;
}

static void
naive_text(uint32_t tag, const char *value)
{
	naive_bytes(tag, value, strlen(value));
}

static void
naive_begin(const char *type)
{
	naive.len = 0;
	naive_text(35, type);
}

static void
naive_end(const char *version)
{
	unsigned sum = 0;

	naive.whole_len = (size_t)snprintf(naive.whole, sizeof(naive.whole), "8=%s%c9=%05u%c",
		version, FP_FIX_SOH, (unsigned)naive.len, FP_FIX_SOH);
	memcpy(naive.whole + naive.whole_len, naive.body, naive.len);
	naive.whole_len += naive.len;
	for (size_t i = 0; i < naive.whole_len; i++)
		sum += (uint8_t)naive.whole[i];
	naive.whole_len += (size_t)snprintf(
		naive.whole + naive.whole_len, 16, "10=%03u%c", sum % 256, FP_FIX_SOH);
}

/* A writer whose span ends where memory ends. */
static struct fp_writer
writer_of(uint32_t cap)
{
	memset(guard.end - cap, 0xee, cap);
	return fp_writer_open(fp_span_over(guard.end - cap, cap));
}

/* End the message: it is the naive one, and what is behind it stayed. */
static void
assert_written(struct fp_fix_writer *message, const char *version)
{
	struct fp_writer *writer = message->writer;
	uint32_t start = fp_writer_written(writer), end;
	struct fp_fix_frame frame;
	struct fp_fix_fault fault;

	naive_end(version);
	assert_int_equal(fp_fix_writer_end(message), naive.whole_len);
	end = fp_writer_written(writer);
	assert_int_equal(end - start, naive.whole_len);
	assert_memory_equal(writer->data + start, naive.whole, naive.whole_len);
	for (uint32_t i = end; i < writer->cap; i++)
		assert_int_equal(writer->data[i], 0xee);
	assert_int_equal(
		fp_fix_frame(fp_cspan_over(writer->data + start, end - start), &frame, &fault), 0);
	assert_int_equal(frame.message.len, naive.whole_len);
}

static void
assert_field(struct fp_fix_fields *fields, uint32_t tag, const char *value)
{
	struct fp_fix_field field;

	assert_true(fp_fix_fields_next(fields, &field));
	assert_int_equal(field.tag, tag);
	assert_int_equal(field.value.len, strlen(value));
	assert_memory_equal(field.value.data, value, field.value.len);
}

static void
a_message_is_framed_and_has_the_fields_that_were_written(void **state)
{
	struct fp_symbol16 symbol = { "ESZ6" };
	struct fp_fix_header header = { fp_cspan_over("EXEC", 4), fp_cspan_over("BANZAI", 6), 7,
		noon, 3 };
	struct fp_writer writer = writer_of(400);
	struct fp_fix_writer message;
	struct fp_fix_fields fields;
	struct fp_fix_frame frame;
	struct fp_fix_fault fault;
	struct fp_fix_field field;

	(void)state;
	fp_fix_writer_begin(&message, &writer, FP_FIX_4_4, "W");
	assert_int_equal(fp_fix_write_header(&message, &header), 0);
	assert_int_equal(fp_fix_write_symbol16(&message, 55, symbol), 0);
	fp_fix_write_count(&message, FP_FIX_TAG_NO_MD_ENTRIES, 1);
	fp_fix_write_char(&message, FP_FIX_TAG_MD_ENTRY_TYPE, '0');
	fp_fix_write_price(&message, FP_FIX_TAG_MD_ENTRY_PX, (struct fp_price){ -512550 }, 2);
	fp_fix_write_qty(&message, FP_FIX_TAG_MD_ENTRY_SIZE, (struct fp_qty){ 300 });
	fp_fix_write_date(&message, FP_FIX_TAG_MD_ENTRY_DATE, noon);
	fp_fix_write_time(&message, FP_FIX_TAG_MD_ENTRY_TIME, noon, 6);
	fp_fix_write_bool(&message, FP_FIX_TAG_POSS_DUP_FLAG, true);
	assert_int_equal(fp_fix_write_data(&message, 96, fp_cspan_over("a\001b", 3)), 0);
	assert_int_equal(fp_writer_written(&writer), 0);
	assert_true(fp_fix_writer_end(&message) > 150);
	assert_int_equal(fp_fix_frame(fp_cspan_over(writer.data, writer.pos), &frame, &fault), 0);
	assert_int_equal(frame.version, FP_FIX_4_4);
	fields = fp_fix_fields_open(&frame);
	assert_field(&fields, 35, "W");
	assert_field(&fields, 49, "EXEC");
	assert_field(&fields, 56, "BANZAI");
	assert_field(&fields, 34, "7");
	assert_field(&fields, 52, "20240229-12:00:00.123");
	assert_field(&fields, 55, "ESZ6");
	assert_field(&fields, 268, "1");
	assert_field(&fields, 269, "0");
	assert_field(&fields, 270, "-5125.50");
	assert_field(&fields, 271, "300");
	assert_field(&fields, 272, "20240229");
	assert_field(&fields, 273, "12:00:00.123456");
	assert_field(&fields, 43, "Y");
	assert_field(&fields, 95, "3");
	assert_field(&fields, 96, "a\001b");
	assert_false(fp_fix_fields_next(&fields, &field));
	assert_int_equal(fp_fix_fields_fault(&fields).reason, FP_MALFORMED_COUNT);
}

static void
every_version_and_length_of_type_begins_a_message(void **state)
{
	static const char *const versions[] = { "FIX.4.0", "FIX.4.1", "FIX.4.2", "FIX.4.3",
		"FIX.4.4", "FIX.5.0", "FIXT.1.1" };
	static const char *const types[] = { "0", "AE", "UAB", "1234", "12345", "123456", "1234567",
		"\xff\xff\xff\xff\xff\xff\xff\xff" };

	(void)state;
	for (size_t v = 0; v < COUNT(versions); v++) {
		for (size_t t = 0; t < COUNT(types); t++) {
			struct fp_writer writer = writer_of(50);
			struct fp_fix_writer message;

			fp_fix_writer_begin(&message, &writer, (enum fp_fix_version)v, types[t]);
			naive_begin(types[t]);
			assert_written(&message, versions[v]);
		}
	}
}

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

/* The price as text, digit by digit from the right. */
static const char *
naive_price(char text[40], int64_t ticks, uint32_t decimals)
{
	uint64_t rest = ticks < 0 ? 0 - (uint64_t)ticks : (uint64_t)ticks;
	char *at = text + 39;
	uint32_t digits = 0;

	*at = '\0';
	do {
		if (digits == decimals && decimals != 0)
			*--at = '.';
		*--at = (char)('0' + rest % 10);
		rest /= 10;
		digits++;
	} while (rest != 0 || digits <= decimals);
	if (ticks < 0)
		*--at = '-';
	return at;
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
a_data_field_holds_a_whole_message(void **state)
{
	struct fp_writer writer = writer_of(300);
	struct fp_fix_writer message;
	struct fp_fix_fields fields;
	struct fp_fix_frame frame;
	struct fp_fix_fault fault;
	struct fp_fix_field field;
	uint32_t len;

	(void)state;
	fp_fix_writer_begin(&message, &writer, FP_FIX_T_1_1, "n");
	fp_fix_write_u64(&message, 34, 5);
	naive_begin("n");
	naive_text(34, "5");
	assert_written(&message, "FIXT.1.1");
	len = (uint32_t)naive.whole_len;
	memcpy(data, naive.whole, len);

	writer = writer_of(300);
	fp_fix_writer_begin(&message, &writer, FP_FIX_T_1_1, "n");
	assert_int_equal(fp_fix_write_data(&message, 213, fp_cspan_over(data, len)), 0);
	fp_fix_write_u64(&message, 34, 6);
	(void)fp_fix_writer_end(&message);
	assert_int_equal(fp_fix_frame(fp_cspan_over(writer.data, writer.pos), &frame, &fault), 0);
	fields = fp_fix_fields_open(&frame);
	assert_field(&fields, 35, "n");
	assert_true(fp_fix_fields_next(&fields, &field));
	assert_true(fp_fix_fields_next(&fields, &field));
	assert_int_equal(field.tag, 213);
	assert_int_equal(fp_fix_frame(field.value, &frame, &fault), 0);
	assert_int_equal(frame.message.len, len);
	assert_field(&fields, 34, "6");
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

static void
messages_stand_one_behind_the_other_and_a_dropped_one_leaves_nothing(void **state)
{
	struct fp_writer writer = writer_of(200);
	uint32_t total = 0;

	(void)state;
	for (uint64_t i = 0; i < 3; i++) {
		struct fp_fix_writer dropped;
		struct fp_fix_writer message;

		fp_fix_writer_begin(&dropped, &writer, FP_FIX_4_2, "8");
		fp_fix_write_u64(&dropped, 34, UINT64_MAX);
		memset(writer.data + writer.pos, 0xee, fp_writer_room(&writer));
		fp_fix_writer_begin(&message, &writer, FP_FIX_4_2, "0");
		naive_begin("0");
		fp_fix_write_u64(&message, 34, i);
		naive_text(34, (char[2]){ (char)('0' + i), '\0' });
		assert_written(&message, "FIX.4.2");
		total += (uint32_t)naive.whole_len;
	}
	assert_int_equal(fp_writer_written(&writer), total);
}

/* A step of the same random numbers every time. */
static uint64_t
next_random(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

static uint32_t
random_tag(uint64_t *seed)
{
	static const uint32_t limits[] = { 10, 100, 1000, 10000, 100000, 10000000 };
	uint32_t tag;

	do {
		tag = (uint32_t)next_random(seed) % limits[next_random(seed) % COUNT(limits)];
	} while (fp_fix_tag_is_reserved(tag));
	return tag;
}

/* One random field, to the message and to the naive one; 0 or the writer's error. */
static void
random_field(struct fp_fix_writer *message, uint64_t *seed)
{
	uint32_t tag = random_tag(seed);
	int64_t number = (int64_t)(next_random(seed) >> next_random(seed) % 64);
	uint32_t len = (uint32_t)(next_random(seed) % 40 + 1);
	uint8_t decimals = (uint8_t)(next_random(seed) % 10);
	uint8_t bytes[40];
	char text[40];
	bool is_cut = false;

	switch (next_random(seed) % 5) {
	case 0:
		fp_fix_write_i64(message, tag, number);
		(void)snprintf(text, sizeof(text), "%" PRId64, number);
		naive_text(tag, text);
		break;
	case 1:
		fp_fix_write_price(message, tag, (struct fp_price){ number }, decimals);
		naive_text(tag, naive_price(text, number, decimals));
		break;
	case 2:
		fp_fix_write_char(message, tag, (char)('A' + decimals));
		naive_text(tag, (char[2]){ (char)('A' + decimals), '\0' });
		break;
	case 3:
		for (uint32_t i = 0; i < len; i++) {
			bytes[i] = (uint8_t)next_random(seed);
			is_cut |= bytes[i] == FP_FIX_SOH;
		}
		assert_int_equal(fp_fix_write_bytes(message, tag, fp_cspan_over(bytes, len)),
			is_cut ? -EBADMSG : 0);
		if (!is_cut)
			naive_bytes(tag, bytes, len);
		break;
	default:
		for (uint32_t i = 0; i < len; i++)
			bytes[i] = (uint8_t)(next_random(seed) % 4);
		assert_int_equal(fp_fix_write_data(message, 96, fp_cspan_over(bytes, len)), 0);
		(void)snprintf(text, sizeof(text), "%u", len);
		naive_text(95, text);
		naive_bytes(96, bytes, len);
		break;
	}
}

static void
random_messages_are_the_naive_ones_and_walk_to_their_end(void **state)
{
	uint64_t seed = UINT64_C(0x9e3779b97f4a7c15);
	uint32_t walked = 0;

	(void)state;
	for (int i = 0; i < MESSAGES; i++) {
		struct fp_writer writer = writer_of(2000);
		struct fp_fix_writer message;
		uint64_t count = next_random(&seed) % FIELDS_MAX;
		struct fp_fix_fields fields;
		struct fp_fix_frame frame;
		struct fp_fix_fault fault;
		struct fp_fix_field field;
		size_t offset = 0;

		fp_fix_writer_begin(&message, &writer, FP_FIX_4_4, "X");
		naive_begin("X");
		for (uint64_t j = 0; j < count; j++)
			random_field(&message, &seed);
		assert_written(&message, "FIX.4.4");
		assert_int_equal(
			fp_fix_frame(fp_cspan_over(writer.data, writer.pos), &frame, &fault), 0);
		fields = fp_fix_fields_open(&frame);
		while (fp_fix_fields_next(&fields, &field)) {
			char text[16];
			int len = snprintf(text, sizeof(text), "%u=", field.tag);

			/* the fields, put together again, are the body */
			assert_memory_equal(naive.body + offset, text, len);
			offset += (size_t)len;
			assert_memory_equal(naive.body + offset, field.value.data, field.value.len);
			offset += field.value.len + 1;
			walked++;
		}
		assert_int_equal(offset, naive.len);
		assert_int_equal(fp_fix_fields_fault(&fields).reason, FP_MALFORMED_COUNT);
	}
	assert_true(walked > MESSAGES);
}

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

#define EMPTY_BYTES (10 + 8 + 5 + 7) /* "8=FIX.4.2|9=00005|35=0|10=ccc|" */

struct request {
	uint32_t cap;
	write_fn write;
};

static void
write_message(void *arg)
{
	struct request *request = arg;
	struct fp_writer writer =
		fp_writer_open(fp_span_over(guard.end - request->cap, request->cap));
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

static void
no_message_is_longer_than_the_longest_that_is_framed(void **state)
{
	static uint8_t bytes[FP_FIX_MESSAGE_MAX];
	struct fp_writer writer = writer_of(FP_FIX_MESSAGE_MAX + 1000);
	struct fp_fix_writer message;
	uint32_t len;

	(void)state;
	fp_fix_writer_begin(&message, &writer, FP_FIX_4_2, "0");
	len = fp_fix_writer_room(&message) - 13; /* 95= and five digits, 96=, two SOH */
	assert_int_equal(fp_fix_writer_room(&message), FP_FIX_MESSAGE_MAX - EMPTY_BYTES);
	naive_begin("0");
	memset(bytes, 0xff, sizeof(bytes));
	assert_int_equal(fp_fix_write_data(&message, 96, fp_cspan_over(bytes, len)), 0);
	naive_text(95, "64957");
	naive_bytes(96, bytes, len);
	assert_int_equal(fp_fix_writer_room(&message), 0);
	assert_written(&message, "FIX.4.2");
	assert_int_equal(naive.whole_len, FP_FIX_MESSAGE_MAX);
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

static void
headers_are_written_whole_or_not_at_all(void **state)
{
	struct fp_fix_header header = { fp_cspan_over("A", 1), fp_cspan_over("B\001", 2),
		UINT64_MAX, noon, 9 };
	struct fp_writer writer = writer_of(200);
	struct fp_fix_writer message;

	(void)state;
	fp_fix_writer_begin(&message, &writer, FP_FIX_T_1_1, "X");
	naive_begin("X");
	assert_int_equal(fp_fix_write_header(&message, &header), -EBADMSG);
	header.target.len = 0;
	assert_int_equal(fp_fix_write_header(&message, &header), -EBADMSG);
	assert_int_equal(
		fp_fix_write_feed_header(&message, fp_cspan_over(NULL, 0), 1, noon), -EBADMSG);
	header.target.len = 1;
	assert_int_equal(fp_fix_write_header(&message, &header), 0);
	naive_text(49, "A");
	naive_text(56, "B");
	naive_text(34, "18446744073709551615");
	naive_text(52, "20240229-12:00:00.123456789");
	assert_int_equal(fp_fix_write_feed_header(&message, fp_cspan_over("JSE", 3), 9, noon), 0);
	naive_text(52, "20240229-12:00:00.123456789");
	naive_text(1180, "JSE");
	naive_text(1181, "9");
	assert_written(&message, "FIXT.1.1");
}

static int
map_guard(void **state)
{
	(void)state;
	return fp_test_guard_create(&guard, AREA_BYTES);
}

static int
unmap_guard(void **state)
{
	(void)state;
	fp_test_guard_destroy(&guard);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_is_framed_and_has_the_fields_that_were_written),
		cmocka_unit_test(every_version_and_length_of_type_begins_a_message),
		cmocka_unit_test(integers_of_every_length_are_written),
		cmocka_unit_test(prices_of_every_length_and_scale_are_written),
		cmocka_unit_test(points_in_time_are_those_of_libc),
		cmocka_unit_test(every_day_of_64_bits_is_the_one_of_libc),
		cmocka_unit_test(characters_and_bool_are_one_byte),
		cmocka_unit_test(bytes_of_every_length_are_written_and_those_with_soh_are_not),
		cmocka_unit_test(symbols_end_with_their_padding),
		cmocka_unit_test(data_fields_hold_any_byte),
		cmocka_unit_test(a_data_field_holds_a_whole_message),
		cmocka_unit_test(tags_of_every_length_are_the_same_as_constants_and_as_variables),
		cmocka_unit_test(
			messages_stand_one_behind_the_other_and_a_dropped_one_leaves_nothing),
		cmocka_unit_test(random_messages_are_the_naive_ones_and_walk_to_their_end),
		cmocka_unit_test(room_for_exactly_the_message_is_enough_and_one_byte_less_panics),
		cmocka_unit_test(no_message_is_longer_than_the_longest_that_is_framed),
		cmocka_unit_test(mistakes_panic_and_say_what_to_do),
		cmocka_unit_test(tags_that_are_not_the_callers_panic),
		cmocka_unit_test(memory_that_has_gone_panics_at_level_full_alone),
		cmocka_unit_test(headers_are_written_whole_or_not_at_all),
	};

	return cmocka_run_group_tests_name("fix_writer", tests, map_guard, unmap_guard);
}
