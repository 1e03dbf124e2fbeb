/* SPDX-License-Identifier: BSD-3-Clause */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fp_test_panic.h"
#include "naive_fix.h"

static const char *const bodies[] = {
	"35=0|",
	"35=W|34=7|49=VENUE|52=20260102-10:11:12.131|55=FABLE|268=2|269=0|270=99.5|269=1|270=100|",
	"35=X|1180=3|1181=1234567|268=1|279=2|269=1|55=A|270=25929.169999999996|",
	"35=B|95=11|96=a\00110=123\001b=|58=x=y|",
	"35=n|212=36|213=8=FIX.4.2\0019=5\00135=0\00110=161\0018=FIX.4.2\001|",
};

#define BODIES (sizeof(bodies) / sizeof(bodies[0]))

static int
frame(const void *bytes, uint32_t len, struct fp_fix_frame *out, struct fp_fix_fault *fault)
{
	return fp_fix_frame(fp_cspan_over(bytes, len), out, fault);
}

static void
every_begin_string_is_known(void **state)
{
	static const struct {
		const char *begin;
		enum fp_fix_version version;
	} rows[] = {
		{ "FIX.4.0", FP_FIX_4_0 },
		{ "FIX.4.1", FP_FIX_4_1 },
		{ "FIX.4.2", FP_FIX_4_2 },
		{ "FIX.4.3", FP_FIX_4_3 },
		{ "FIX.4.4", FP_FIX_4_4 },
		{ "FIX.5.0", FP_FIX_5_0 },
		{ "FIXT.1.1", FP_FIX_T_1_1 },
	};
	static const char *const others[] = { "FIX.4.5", "FIX.3.9", "FIX.5.1", "FIX.6.0",
		"FIXT.1.2", "FIXT.1.", "FIX.4.44", "FIX", "FIY.4.4", "fix.4.4", "" };
	static struct fix_text text;
	struct fp_fix_frame out;
	struct fp_fix_fault fault;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		for (size_t k = 0; k < BODIES; k++) {
			fix_make(
				&text, rows[i].begin, bodies[k], (uint32_t)strlen(bodies[k]), true);
			assert_int_equal(frame(text.bytes, text.len, &out, &fault), 0);
			assert_int_equal(out.version, rows[i].version);
			assert_int_equal(out.message.len, text.len);
		}
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		fix_make(&text, others[i], bodies[1], (uint32_t)strlen(bodies[1]), true);
		assert_int_equal(frame(text.bytes, text.len, &out, &fault), -EBADMSG);
		assert_int_equal(fault.reason, FP_MALFORMED_HEADER_VERSION);
		assert_int_equal(fault.offset, 0);
	}
}

/* The example of the standard's readers: its sum is known. */
static void
the_shortest_message_is_framed(void **state)
{
	static const char text[] = "8=FIX.4.4\0019=5\00135=0\00110=163\001";
	struct fp_fix_frame out;
	struct fp_fix_fault fault;

	(void)state;
	assert_int_equal(sizeof(text) - 1, FP_FIX_MESSAGE_MIN);
	assert_int_equal(frame(text, sizeof(text) - 1, &out, &fault), 0);
	assert_int_equal(out.body, 14);
	assert_int_equal(out.trailer, 19);
}

static void
a_length_may_begin_with_zeros(void **state)
{
	static const char *const lengths[] = { "5", "05", "00005", "0000005", "00000005",
		"0000000005" };
	struct fp_fix_frame out;
	struct fp_fix_fault fault;
	char text[64];

	(void)state;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		int len = snprintf(
			text, sizeof(text), "8=FIX.4.4\0019=%s\00135=0\00110=000\001", lengths[i]);

		fix_mend_sum((uint8_t *)text, (uint32_t)len);
		assert_int_equal(frame(text, (uint32_t)len, &out, &fault), 0);
		assert_int_equal(out.message.len, len);
	}
}

/* Refused as soon as the bytes are there that make it none, whatever follows, and not before. */
static void
what_cannot_become_a_message_does_not_wait(void **state)
{
	static const struct {
		const char *text; /* its last byte is the one too much */
		enum fp_malformed reason;
		uint32_t offset;
	} rows[] = {
		{ "x", FP_MALFORMED_FIELD_ORDER, 0 },
		{ "9", FP_MALFORMED_FIELD_ORDER, 0 },
		{ "88", FP_MALFORMED_FIELD_ORDER, 0 },
		{ "8=X", FP_MALFORMED_HEADER_VERSION, 0 },
		{ "8=FIX.4.9", FP_MALFORMED_HEADER_VERSION, 0 },
		{ "8=FIX.4.4|3", FP_MALFORMED_FIELD_ORDER, 10 },
		{ "8=FIX.4.4|95", FP_MALFORMED_FIELD_ORDER, 10 },
		{ "8=FIX.4.4|9=|", FP_MALFORMED_BODY_LENGTH, 12 },
		{ "8=FIX.4.4|9=-", FP_MALFORMED_BODY_LENGTH, 12 },
		{ "8=FIX.4.4|9=02A", FP_MALFORMED_BODY_LENGTH, 14 },
		{ "8=FIX.4.4|9=5 ", FP_MALFORMED_BODY_LENGTH, 13 },
		{ "8=FIX.4.4|9=0|", FP_MALFORMED_BODY_LENGTH, 12 },
		{ "8=FIX.4.4|9=4|", FP_MALFORMED_BODY_LENGTH, 12 },
		{ "8=FIX.4.4|9=00000000001", FP_MALFORMED_BODY_LENGTH, 12 },
		{ "8=FIX.4.4|9=65000", FP_MALFORMED_MESSAGE_LONG, 12 },
		{ "8=FIX.4.4|9=65536", FP_MALFORMED_MESSAGE_LONG, 12 },
		{ "8=FIX.4.4|9=64976|", FP_MALFORMED_MESSAGE_LONG, 12 },
		{ "8=FIX.4.4|9=100000", FP_MALFORMED_MESSAGE_LONG, 12 },
		{ "8=FIX.4.4|9=0429496", FP_MALFORMED_MESSAGE_LONG, 12 },
		{ "8=FIX.4.4|9=5|4", FP_MALFORMED_FIELD_ORDER, 14 },
		{ "8=FIX.4.4|9=5|34", FP_MALFORMED_FIELD_ORDER, 14 },
		{ "8=FIX.4.4|9=5|35=00", FP_MALFORMED_BODY_LENGTH, 19 },
		{ "8=FIX.4.4|9=5|35=0|4", FP_MALFORMED_BODY_LENGTH, 19 },
		{ "8=FIX.4.4|9=5|35=0|108", FP_MALFORMED_BODY_LENGTH, 19 },
		{ "8=FIX.4.4|9=5|35=0|10=|", FP_MALFORMED_CHECKSUM, 19 },
		{ "8=FIX.4.4|9=5|35=0|10=1x", FP_MALFORMED_CHECKSUM, 19 },
		{ "8=FIX.4.4|9=5|35=0|10=256", FP_MALFORMED_CHECKSUM, 19 },
		{ "8=FIX.4.4|9=5|35=0|10=1633", FP_MALFORMED_CHECKSUM, 19 },
		{ "8=FIX.4.4|9=5|35=0|10=164|", FP_MALFORMED_CHECKSUM, 19 },
	};
	struct fp_fix_frame out;
	struct fp_fix_fault fault;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint8_t text[64] = { 0 };
		uint32_t len = (uint32_t)strlen(rows[i].text);

		memcpy(text, rows[i].text, len);
		for (uint32_t k = 0; k < len; k++)
			text[k] = text[k] == '|' ? FP_FIX_SOH : text[k];
		for (uint32_t k = 0; k < len; k++)
			assert_int_equal(frame(text, k, &out, &fault), -ENODATA);
		for (uint32_t k = len; k < sizeof(text); k++) {
			assert_int_equal(frame(text, k, &out, &fault), -EBADMSG);
			assert_int_equal(fault.reason, rows[i].reason);
			assert_int_equal(fault.offset, rows[i].offset);
		}
	}
}

/* At each length against memory that may not be touched. */
static void
a_message_cut_anywhere_waits_for_more(void **state)
{
	static struct fix_text text;
	struct fp_test_guard guard;
	struct fp_fix_frame out;
	struct fp_fix_fault fault;
	uint32_t body;

	(void)state;
	assert_int_equal(fp_test_guard_create(&guard, 4096), 0);
	for (size_t i = 0; i < BODIES; i++) {
		fix_make_44(&text, bodies[i]);
		body = naive_frame(text.bytes, text.len).body;
		for (uint32_t len = 0; len < text.len; len++) {
			memcpy(guard.end - len, text.bytes, len);
			assert_int_equal(frame(guard.end - len, len, &out, &fault), -ENODATA);
			/* Where the trailer is to be is known with the length. */
			assert_int_equal(
				out.trailer, len >= body ? text.len - FP_FIX_TRAILER_BYTES : 0);
		}
		memcpy(guard.end - text.len, text.bytes, text.len);
		assert_int_equal(frame(guard.end - text.len, text.len, &out, &fault), 0);
		assert_true(fix_agrees(guard.end - text.len, text.len));
	}
	fp_test_guard_destroy(&guard);
}

static void
every_damage_of_a_byte_is_judged_as_the_model_does(void **state)
{
	static struct fix_text text;

	(void)state;
	for (size_t i = 0; i < BODIES; i++) {
		fix_make_44(&text, bodies[i]);
		for (uint32_t at = 0; at < text.len; at++) {
			uint8_t was = text.bytes[at];

			for (uint32_t byte = 0; byte < 256; byte++) {
				text.bytes[at] = (uint8_t)byte;
				assert_true(fix_agrees(text.bytes, text.len));
				/* A sum modulo 256 sees every damage of one byte. */
				assert_true((naive_frame(text.bytes, text.len).error == 0) ==
					(byte == was));
			}
			text.bytes[at] = was;
		}
	}
}

static void
random_damage_is_judged_as_the_model_does(void **state)
{
	static const uint8_t likely[] = { '0', '1', '8', '9', '=', FP_FIX_SOH, 'x', '3' };
	static struct fix_text text;
	uint64_t random = 1;
	uint32_t framed = 0;

	(void)state;
	for (int round = 0; round < 30000; round++) {
		uint32_t count = (uint32_t)(fix_random(&random) % 4);

		fix_make_random(&text, &random);
		for (uint32_t i = 0; i < count; i++) {
			/* in half of the rounds at the front */
			uint32_t limit = fix_random(&random) % 2 == 0 ? 24 : text.len;

			text.bytes[fix_random(&random) % limit] = likely[fix_random(&random) % 8];
		}
		if (fix_random(&random) % 4 != 0)
			fix_mend_sum(text.bytes, text.len);
		if (fix_random(&random) % 8 == 0)
			text.len = (uint32_t)(fix_random(&random) % text.len);
		framed += naive_frame(text.bytes, text.len).error == 0;
		assert_true(fix_agrees(text.bytes, text.len));
	}
	assert_in_range(framed, 10000, 25000);
}

static void
the_longest_message_is_framed_and_one_byte_more_refused(void **state)
{
	static uint8_t body[FP_FIX_MESSAGE_MAX];
	static struct fix_text text;
	struct fp_fix_frame out;
	struct fp_fix_fault fault;
	static const char start[] = "35=B\00158=";
	uint32_t len = FP_FIX_MESSAGE_MAX - 18 - FP_FIX_TRAILER_BYTES;

	(void)state;
	memset(body, 'x', sizeof(body));
	memcpy(body, start, sizeof(start) - 1);
	body[len - 1] = FP_FIX_SOH;
	fix_make(&text, "FIX.4.4", body, len, false);
	assert_int_equal(text.len, FP_FIX_MESSAGE_MAX);
	assert_true(fix_agrees(text.bytes, text.len));
	assert_int_equal(frame(text.bytes, text.len, &out, &fault), 0);
	body[len - 1] = 'x';
	body[len] = FP_FIX_SOH;
	fix_make(&text, "FIX.4.4", body, len + 1, false);
	assert_int_equal(frame(text.bytes, text.len, &out, &fault), -EBADMSG);
	assert_int_equal(fault.reason, FP_MALFORMED_MESSAGE_LONG);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_begin_string_is_known),
		cmocka_unit_test(the_shortest_message_is_framed),
		cmocka_unit_test(a_length_may_begin_with_zeros),
		cmocka_unit_test(what_cannot_become_a_message_does_not_wait),
		cmocka_unit_test(a_message_cut_anywhere_waits_for_more),
		cmocka_unit_test(every_damage_of_a_byte_is_judged_as_the_model_does),
		cmocka_unit_test(random_damage_is_judged_as_the_model_does),
		cmocka_unit_test(the_longest_message_is_framed_and_one_byte_more_refused),
	};

	return cmocka_run_group_tests_name("fix_frame", tests, NULL, NULL);
}
