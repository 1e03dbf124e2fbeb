/* SPDX-License-Identifier: BSD-3-Clause */

/* Streams out of a log that has text between its messages: fp_fix_stream_pass_text(). */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fix_run.h"
#include "fp_test_eal.h"
#include "naive_fix.h"

#define INPUT_MAX 65536U

static uint8_t input[INPUT_MAX];
static uint32_t input_len;

/* '|' stands for the delimiter. */
static void
put(const char *text)
{
	assert_true(input_len + strlen(text) <= INPUT_MAX);
	for (; *text != '\0'; text++)
		input[input_len++] = *text == '|' ? FP_FIX_SOH : (uint8_t)*text;
}

static void
put_message(const char *body)
{
	static struct fix_text text;

	fix_make_44(&text, body);
	assert_true(input_len + text.len <= INPUT_MAX);
	memcpy(input + input_len, text.bytes, text.len);
	input_len += text.len;
}

/* So many messages and bytes skipped, in every cut. */
static struct fix_run
expect(uint32_t messages, uint32_t garbled, uint64_t skipped)
{
	struct fix_run whole = fix_run_whole(input, input_len);

	assert_int_equal(whole.messages, messages);
	assert_int_equal(whole.garbled, garbled);
	assert_int_equal(whole.skipped, skipped);
	for (uint32_t chunk = 1; chunk <= 64; chunk++) {
		struct fix_run run = fix_run_chunks(input, input_len, chunk);

		assert_true(fix_runs_equal(&run, &whole));
	}
	for (uint32_t first = 0; first <= input_len; first++) {
		struct fix_run run = fix_run_two(input, input_len, first);

		assert_true(fix_runs_equal(&run, &whole));
	}
	input_len = 0;
	return whole;
}

static void
text_in_front_of_messages_is_passed_over(void **state)
{
	static const char *const fronts[] = { "20130724-03:42:30.876 : ", "<14:02:01, A->B> (",
		"[8] 8=F 8= ", "2013-07-24 INFO: FIX.4.4:A->B:", "\t", "9=5 -> ", "\x80" };

	(void)state;
	for (size_t i = 0; i < sizeof(fronts) / sizeof(fronts[0]); i++) {
		for (int k = 0; k < 4; k++) {
			put(fronts[i]);
			put_message("35=0|112=a|");
			put(k % 2 == 0 ? "\n" : ") JUNK\r\n");
		}
		(void)expect(4, 0, 0);
	}
}

static void
lines_of_text_are_passed_over(void **state)
{
	(void)state;
	put("# a log\n\r\nconnected to 192.0.2.1, 8=FIX.4.4 follows? 8=no\n8\n8=\n");
	put("x 8=FI\n");
	put_message("35=0|112=a|");
	put("\ndisconnected\n9=1000000 95=7\n");
	put_message("35=0|112=b|");
	put("\nthe end");
	/* the one in the first line looks like a message */
	assert_int_equal(
		expect(2, 1, strlen("8=FIX.4.4 follows? 8=no\n8\n8=\nx 8=FI\n")).faults[0].reason,
		FP_MALFORMED_HEADER_VERSION);
}

static void
a_word_that_ends_like_a_begin_is_text(void **state)
{
	(void)state;
	put("58=FIX.4.4 x8=FIX ");
	put_message("35=0|112=a|");
	(void)expect(1, 0, 0);
}

static void
what_has_a_delimiter_is_no_text(void **state)
{
	struct fix_run run;

	(void)state;
	put_message("35=0|112=a|");
	put("\ntext\n");
	put("14:02 =FIX.4.4|9=5|35=0|10=163|\n14:03 : ");
	put_message("35=0|112=b|");
	run = expect(2, 1, strlen("14:02 =FIX.4.4|9=5|35=0|10=163|\n14:03 : "));
	assert_int_equal(run.faults[0].reason, FP_MALFORMED_FIELD_ORDER);
	assert_int_equal(run.faults[0].start, run.faults[0].offset);
}

/* Line feeds in data are the message's; behind a garbled message its text's are not. */
static void
lines_of_data_are_no_text(void **state)
{
	(void)state;
	put("14:02 : ");
	put_message("35=0|95=21|96=a\nb 8=FIX.4.4|9=5|35\n|112=a|");
	put("\n14:03 : ");
	put_message("35=0|112=b|");
	(void)expect(2, 0, 0);
}

static void
messages_behind_a_garbled_line_are_found(void **state)
{
	uint32_t start;
	uint64_t len;

	(void)state;
	put("14:02 : ");
	start = input_len;
	put("8=FIX.4.4|9=30|35=0|58=see 8=FIX.4.4 or 58=FIX|10=000|\n14:03 : ");
	len = input_len - start;
	put_message("35=0|112=b|");
	put("\n");
	(void)expect(1, 1, len);
}

/* Without being asked for, text is garbled: test_fix_stream. Begin anew, and it is still passed. */
static void
a_reset_goes_on_to_pass_text(void **state)
{
	(void)state;
	fp_fix_stream_reset(fix_stream);
	put("14:02 : ");
	put_message("35=0|112=a|");
	(void)expect(1, 0, 0);
}

static int
set_up(void **state)
{
	int error = fix_run_set_up(state);

	if (error == 0)
		fp_fix_stream_pass_text(fix_stream);
	return error;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_in_front_of_messages_is_passed_over),
		cmocka_unit_test(lines_of_text_are_passed_over),
		cmocka_unit_test(a_word_that_ends_like_a_begin_is_text),
		cmocka_unit_test(what_has_a_delimiter_is_no_text),
		cmocka_unit_test(lines_of_data_are_no_text),
		cmocka_unit_test(messages_behind_a_garbled_line_are_found),
		cmocka_unit_test(a_reset_goes_on_to_pass_text),
	};

	int failed;

	if (fp_test_eal_init() != 0)
		return EXIT_FAILURE;
	failed = cmocka_run_group_tests_name("fix_text", tests, set_up, fix_run_tear_down);
	fp_test_eal_fini();
	return failed;
}
