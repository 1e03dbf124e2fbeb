/* SPDX-License-Identifier: BSD-3-Clause */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "naive_fix.h"

/* Frame a message with this body, '|' for the delimiter; the text lives until the next call. */
static struct fp_fix_frame
frame_of(const char *body)
{
	static struct fix_text text;
	struct fp_fix_frame frame;
	struct fp_fix_fault fault;

	fix_make_44(&text, body);
	assert_int_equal(fp_fix_frame(fp_cspan_over(text.bytes, text.len), &frame, &fault), 0);
	assert_true(fix_agrees(text.bytes, text.len));
	return frame;
}

static void
fields_come_in_their_order_with_tag_place_and_value(void **state)
{
	static const struct {
		uint32_t tag;
		uint32_t offset; /* in the body */
		const char *value;
	} rows[] = {
		{ 35, 0, "W" },
		{ 9, 5, "=" },
		{ 123456789, 9, "a=b=" },
		{ 1180, 24, " " },
		{ 12345678, 31, "\xff" },
		{ 1234567, 42, "x" },
		{ 12345, 52, "y" },
	};
	struct fp_fix_frame frame =
		frame_of("35=W|9==|123456789=a=b=|1180= |12345678=\xff|1234567=x|12345=y|");
	struct fp_fix_index index;
	struct fp_fix_fields fields = fp_fix_fields_open(&frame, &index);
	struct fp_fix_field field;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_true(fp_fix_fields_next(&fields, &field));
		assert_int_equal(field.tag, rows[i].tag);
		assert_int_equal(field.offset, frame.body + rows[i].offset);
		assert_int_equal(field.value.len, strlen(rows[i].value));
		assert_memory_equal(field.value.data, rows[i].value, field.value.len);
	}
	assert_false(fp_fix_fields_next(&fields, &field));
	assert_false(fp_fix_fields_next(&fields, &field));
	assert_int_equal(fp_fix_fields_fault(&fields).reason, FP_MALFORMED_COUNT);
}

/* What is wrong, where, and behind how many good fields. */
static void
what_is_no_field_ends_the_walk(void **state)
{
	static const struct {
		const char *body;
		uint32_t good;
		enum fp_malformed reason;
		uint32_t offset; /* in the body */
	} rows[] = {
		{ "35=W|12345678901234567890=1|", 1, FP_MALFORMED_FIELD_SYNTAX, 5 },
		{ "35=W|1234567890=1|", 1, FP_MALFORMED_FIELD_SYNTAX, 5 },
		{ "35=W|018=1|", 1, FP_MALFORMED_FIELD_SYNTAX, 5 },
		{ "35=W|0=1|", 1, FP_MALFORMED_FIELD_SYNTAX, 5 },
		{ "35=W|+1=1|", 1, FP_MALFORMED_FIELD_SYNTAX, 5 },
		{ "35=W|-1=1|", 1, FP_MALFORMED_FIELD_SYNTAX, 5 },
		{ "35=W| 1=1|", 1, FP_MALFORMED_FIELD_SYNTAX, 5 },
		{ "35=W|1 =1|", 1, FP_MALFORMED_FIELD_SYNTAX, 5 },
		{ "35=W|1a=1|", 1, FP_MALFORMED_FIELD_SYNTAX, 5 },
		{ "35=W|1234a=1|", 1, FP_MALFORMED_FIELD_SYNTAX, 5 },
		{ "35=W|12345a=1|", 1, FP_MALFORMED_FIELD_SYNTAX, 5 },
		{ "35=W|=1|", 1, FP_MALFORMED_FIELD_SYNTAX, 5 },
		{ "35=W||", 1, FP_MALFORMED_FIELD_SYNTAX, 5 },
		{ "35=W||||", 1, FP_MALFORMED_FIELD_SYNTAX, 5 },
		{ "35=W|58|", 1, FP_MALFORMED_FIELD_SYNTAX, 5 },
		{ "35=W|58|59=1|", 1, FP_MALFORMED_FIELD_SYNTAX, 5 },
		{ "35=W|58=|", 1, FP_MALFORMED_FIELD_SYNTAX, 8 },
		{ "35=W|58=|59=1|", 1, FP_MALFORMED_FIELD_SYNTAX, 8 },
		{ "35=|58=1|", 0, FP_MALFORMED_FIELD_SYNTAX, 3 },
		{ "35=W|58=1\n|59=1|x|", 3, FP_MALFORMED_FIELD_SYNTAX, 16 },
		/* data: too long, too short, none, letters, another tag, nothing behind */
		{ "35=W|95=4|96=abc|58=1|", 2, FP_MALFORMED_DATA_LENGTH, 13 },
		{ "35=W|95=2|96=abc|58=1|", 2, FP_MALFORMED_DATA_LENGTH, 13 },
		{ "35=W|95=3|96=|58=1|", 2, FP_MALFORMED_DATA_LENGTH, 13 },
		{ "35=W|95=900|96=abc|", 2, FP_MALFORMED_DATA_LENGTH, 15 },
		{ "35=W|95=4|96=abc|", 2, FP_MALFORMED_DATA_LENGTH, 13 },
		{ "35=W|95=65000|96=abc|", 2, FP_MALFORMED_DATA_LENGTH, 17 },
		{ "35=W|95=4294967299|96=abc|", 1, FP_MALFORMED_DATA_LENGTH, 5 },
		{ "35=W|95=18446744073709551619|96=abc|", 1, FP_MALFORMED_DATA_LENGTH, 5 },
		{ "35=W|95=0|96=abc|", 1, FP_MALFORMED_DATA_LENGTH, 5 },
		{ "35=W|95=3x|96=abc|", 1, FP_MALFORMED_DATA_LENGTH, 5 },
		{ "35=W|95=-3|96=abc|", 1, FP_MALFORMED_DATA_LENGTH, 5 },
		{ "35=W|95=|96=abc|", 1, FP_MALFORMED_FIELD_SYNTAX, 8 },
		{ "35=W|95=3|58=abc|96=abc|", 2, FP_MALFORMED_DATA_LENGTH, 13 },
		{ "35=W|95=3|91=abc|", 2, FP_MALFORMED_DATA_LENGTH, 13 },
		{ "35=W|95=3|", 2, FP_MALFORMED_DATA_LENGTH, 10 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fp_fix_frame frame = frame_of(rows[i].body);
		struct fp_fix_index index;
		struct fp_fix_fields fields = fp_fix_fields_open(&frame, &index);
		struct fp_fix_field field;
		uint32_t good = 0;

		while (fp_fix_fields_next(&fields, &field))
			good++;
		/* The length field of data that cannot be is given up with it. */
		assert_int_equal(good, rows[i].good);
		assert_int_equal(fp_fix_fields_fault(&fields).reason, rows[i].reason);
		assert_int_equal(fp_fix_fields_fault(&fields).offset, frame.body + rows[i].offset);
	}
}

static void
data_holds_any_byte(void **state)
{
	static const uint32_t lens[] = { 1, 2, 7, 8, 63, 64, 65, 200, 4000, 4096, 9000 };
	static const struct {
		uint32_t length;
		uint32_t data;
	} pairs[] = { { 90, 91 }, { 93, 89 }, { 95, 96 }, { 212, 213 }, { 348, 349 }, { 350, 351 },
		{ 352, 353 }, { 354, 355 }, { 356, 357 }, { 358, 359 }, { 360, 361 }, { 362, 363 },
		{ 364, 365 }, { 445, 446 }, { 618, 619 }, { 621, 622 } };
	static char body[10000];
	static struct fix_text text;

	(void)state;
	for (size_t i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
		for (size_t k = 0; k < sizeof(pairs) / sizeof(pairs[0]); k++) {
			struct fp_fix_frame frame;
			struct fp_fix_index index;
			struct fp_fix_fields fields;
			struct fp_fix_field field;
			struct fp_fix_fault fault;
			int len = snprintf(body, sizeof(body),
				"35=n\001%u=%u\001%u=", pairs[k].length, lens[i], pairs[k].data);

			for (uint32_t j = 0; j < lens[i]; j++)
				body[len++] = "\001=8\00110=000\001\xff"[j % 11];
			len += snprintf(body + len, 16, "\00158=end\001");
			fix_make(&text, "FIX.5.0", body, (uint32_t)len, false);
			assert_int_equal(fp_fix_frame_index(fp_cspan_over(text.bytes, text.len),
						 &frame, &index, &fault),
				0);
			fields = fp_fix_fields_begin(&frame, &index);
			assert_true(fp_fix_fields_next(&fields, &field));
			assert_true(fp_fix_fields_next(&fields, &field));
			assert_int_equal(field.tag, pairs[k].length);
			assert_true(fp_fix_fields_next(&fields, &field));
			assert_int_equal(field.tag, pairs[k].data);
			assert_int_equal(field.value.len, lens[i]);
			assert_true(fp_fix_fields_next(&fields, &field));
			assert_int_equal(field.tag, 58);
			assert_false(fp_fix_fields_next(&fields, &field));
			assert_true(fix_agrees(text.bytes, text.len));
		}
	}
}

/* A message of its own, its trailer included, is a value like any other. */
static void
a_message_inside_of_data_is_a_value(void **state)
{
	static struct fix_text inner;
	static struct fix_text outer;
	char body[600];
	int len;
	struct fp_fix_frame frame;
	struct fp_fix_index index;
	struct fp_fix_fields fields;
	struct fp_fix_field field;
	struct fp_fix_fault fault;

	(void)state;
	fix_make_44(&inner, "35=8|37=1|10=2|58=a|");
	len = snprintf(body, sizeof(body), "35=n\001212=%u\001213=%.*s\001", inner.len,
		(int)inner.len, (const char *)inner.bytes);
	fix_make(&outer, "FIX.4.4", body, (uint32_t)len, false);
	assert_int_equal(
		fp_fix_frame_index(fp_cspan_over(outer.bytes, outer.len), &frame, &index, &fault),
		0);
	fields = fp_fix_fields_begin(&frame, &index);
	for (int i = 0; i < 3; i++)
		assert_true(fp_fix_fields_next(&fields, &field));
	assert_int_equal(field.tag, 213);
	assert_int_equal(field.value.len, inner.len);
	assert_int_equal(fp_fix_frame(field.value, &frame, &fault), 0);
	assert_false(fp_fix_fields_next(&fields, &field));
	assert_int_equal(fp_fix_fields_fault(&fields).reason, FP_MALFORMED_COUNT);
}

/* tag=value and a delimiter, one behind the other, from body to trailer. */
static void
the_fields_joined_are_the_body(void **state)
{
	static struct fix_text text;
	static uint8_t joined[FP_FIX_MESSAGE_MAX + 64];
	uint64_t random = 2;

	(void)state;
	for (int round = 0; round < 2000; round++) {
		struct fp_fix_frame frame;
		struct fp_fix_index index;
		struct fp_fix_fields fields;
		struct fp_fix_field field;
		struct fp_fix_fault fault;
		uint32_t len = 0;

		fix_make_random(&text, &random);
		assert_int_equal(fp_fix_frame_index(fp_cspan_over(text.bytes, text.len), &frame,
					 &index, &fault),
			0);
		fields = fp_fix_fields_begin(&frame, &index);
		while (fp_fix_fields_next(&fields, &field)) {
			len += (uint32_t)snprintf((char *)joined + len, 16, "%u=", field.tag);
			memcpy(joined + len, field.value.data, field.value.len);
			len += field.value.len;
			joined[len++] = FP_FIX_SOH;
		}
		assert_int_equal(fp_fix_fields_fault(&fields).reason, FP_MALFORMED_COUNT);
		assert_int_equal(len, frame.trailer - frame.body);
		assert_memory_equal(joined, text.bytes + frame.body, len);
	}
}

/* Both at one index. */
static void
a_copy_of_a_cursor_goes_on_by_itself(void **state)
{
	static struct fix_text text;
	uint64_t random = 3;

	(void)state;
	for (int round = 0; round < 500; round++) {
		struct fp_fix_frame frame;
		struct fp_fix_index index;
		struct fp_fix_fields fields;
		struct fp_fix_fields copy;
		struct fp_fix_field field;
		struct fp_fix_fault fault;
		uint64_t sums[3] = { 0, 0, 0 };

		fix_make_random(&text, &random);
		assert_int_equal(fp_fix_frame_index(fp_cspan_over(text.bytes, text.len), &frame,
					 &index, &fault),
			0);
		fields = fp_fix_fields_begin(&frame, &index);
		for (uint64_t i = fix_random(&random) % 8; i > 0; i--)
			(void)fp_fix_fields_next(&fields, &field);
		copy = fields;
		while (fp_fix_fields_next(&copy, &field))
			sums[0] += (uint64_t)field.tag * field.offset + field.value.len;
		copy = fields;
		while (fp_fix_fields_next(&fields, &field)) {
			sums[1] += (uint64_t)field.tag * field.offset + field.value.len;
			if (fp_fix_fields_next(&copy, &field))
				sums[2] += (uint64_t)field.tag * field.offset + field.value.len;
		}
		assert_true(sums[0] == sums[1] && sums[1] == sums[2]);
		assert_int_equal(fp_fix_fields_fault(&fields).reason, FP_MALFORMED_COUNT);
		assert_false(fp_fix_fields_next(&copy, &field));
	}
}

/* A body of a first field and others of a length each; its length. */
static uint32_t
put_fields(char *body, uint32_t first, uint32_t field, uint32_t limit)
{
	uint32_t len = (uint32_t)snprintf(body, 16, "35=");

	memset(body + len, 'a', first);
	len += first;
	body[len++] = FP_FIX_SOH;
	while (len < limit) {
		uint32_t start = len;

		len += (uint32_t)snprintf(body + len, 16, "%u=", start + 1);
		do {
			body[len++] = '=';
		} while (len - start < field);
		body[len++] = FP_FIX_SOH;
	}
	return len;
}

/* Fields of every length around the ends of blocks. */
static void
fields_cross_blocks_anywhere(void **state)
{
	static char body[20000];
	static struct fix_text text;

	(void)state;
	for (uint32_t first = 1; first < 140; first++) {
		for (uint32_t field = 4; field < 140; field += 3) {
			uint32_t limit = field % 4 == 0 ? 9000 : 300;

			fix_make(&text, "FIXT.1.1", body, put_fields(body, first, field, limit),
				false);
			assert_true(fix_agrees(text.bytes, text.len));
		}
	}
}

static void
random_bodies_are_walked_as_the_model_does(void **state)
{
	static const uint8_t likely[] = { '0', '1', '9', '5', '=', FP_FIX_SOH, FP_FIX_SOH, '=' };
	static const char plausible[] = "95=5\00196=1=2\0013\00155=A";
	static struct fix_text text;
	uint64_t random = 3;

	(void)state;
	for (int round = 0; round < 30000; round++) {
		char body[300] = "35=X|";
		uint32_t len = 5 + (uint32_t)(fix_random(&random) % 290);

		for (uint32_t i = 5; i < len; i++)
			body[i] = (char)likely[fix_random(&random) % 8];
		if (len > 40 && fix_random(&random) % 2 == 0)
			memcpy(body + 5, plausible, sizeof(plausible) - 1);
		body[4] = FP_FIX_SOH;
		body[len - 1] = FP_FIX_SOH;
		fix_make(&text, "FIX.4.4", body, len, false);
		assert_true(fix_agrees(text.bytes, text.len));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_come_in_their_order_with_tag_place_and_value),
		cmocka_unit_test(what_is_no_field_ends_the_walk),
		cmocka_unit_test(data_holds_any_byte),
		cmocka_unit_test(a_message_inside_of_data_is_a_value),
		cmocka_unit_test(the_fields_joined_are_the_body),
		cmocka_unit_test(a_copy_of_a_cursor_goes_on_by_itself),
		cmocka_unit_test(fields_cross_blocks_anywhere),
		cmocka_unit_test(random_bodies_are_walked_as_the_model_does),
	};

	return cmocka_run_group_tests_name("fix_fields", tests, NULL, NULL);
}
