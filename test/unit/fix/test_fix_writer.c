/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Whole messages: they are framed and walked by fp_fix_frame() and fp_fix_fields_next(), and they
 * are the naive ones.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fp_fix_fields.h"
#include "naive_message.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define EMPTY_BYTES (10 + 8 + 5 + 7) /* "8=FIX.4.2|9=00005|35=0|10=ccc|" */

static const uint64_t noon = UINT64_C(1709208000123456789); /* 2024-02-29 12:00:00.123456789 */

static void
assert_field(struct fp_fix_fields *fields, uint32_t tag, const char *value)
{
	struct fp_fix_field field = { 0 };

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
	struct fp_fix_index index;
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
	fields = fp_fix_fields_open(&frame, &index);
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
a_data_field_holds_a_whole_message(void **state)
{
	struct fp_writer writer = writer_of(300);
	struct fp_fix_writer message;
	struct fp_fix_index index;
	struct fp_fix_fields fields;
	struct fp_fix_frame frame;
	struct fp_fix_fault fault;
	struct fp_fix_field field = { 0 };
	uint8_t inner[100];
	uint32_t len;

	(void)state;
	fp_fix_writer_begin(&message, &writer, FP_FIX_T_1_1, "n");
	fp_fix_write_u64(&message, 34, 5);
	naive_begin("n");
	naive_text(34, "5");
	assert_written(&message, "FIXT.1.1");
	len = (uint32_t)naive.whole_len;
	assert_true(len <= sizeof(inner));
	memcpy(inner, naive.whole, len);

	writer = writer_of(300);
	fp_fix_writer_begin(&message, &writer, FP_FIX_T_1_1, "n");
	assert_int_equal(fp_fix_write_data(&message, 213, fp_cspan_over(inner, len)), 0);
	fp_fix_write_u64(&message, 34, 6);
	(void)fp_fix_writer_end(&message);
	assert_int_equal(fp_fix_frame(fp_cspan_over(writer.data, writer.pos), &frame, &fault), 0);
	fields = fp_fix_fields_open(&frame, &index);
	assert_field(&fields, 35, "n");
	assert_true(fp_fix_fields_next(&fields, &field));
	assert_true(fp_fix_fields_next(&fields, &field));
	assert_int_equal(field.tag, 213);
	assert_int_equal(fp_fix_frame(field.value, &frame, &fault), 0);
	assert_int_equal(frame.message.len, len);
	assert_field(&fields, 34, "6");
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_is_framed_and_has_the_fields_that_were_written),
		cmocka_unit_test(every_version_and_length_of_type_begins_a_message),
		cmocka_unit_test(a_data_field_holds_a_whole_message),
		cmocka_unit_test(
			messages_stand_one_behind_the_other_and_a_dropped_one_leaves_nothing),
		cmocka_unit_test(headers_are_written_whole_or_not_at_all),
		cmocka_unit_test(no_message_is_longer_than_the_longest_that_is_framed),
	};

	return cmocka_run_group_tests_name("fix_writer", tests, naive_map, naive_unmap);
}
