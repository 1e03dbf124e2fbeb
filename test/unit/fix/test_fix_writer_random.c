/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Random messages are the naive ones, and fp_fix_fields_next() takes them apart into what was
 * written.
 */

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "fp_fix_fields.h"
#include "naive_message.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define MESSAGES   20000
#define FIELDS_MAX 24

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
		struct fp_fix_index index;
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
		fields = fp_fix_fields_open(&frame, &index);
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_messages_are_the_naive_ones_and_walk_to_their_end),
	};

	return cmocka_run_group_tests_name("fix_writer_random", tests, naive_map, naive_unmap);
}
