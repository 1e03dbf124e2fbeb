/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Names appear in summaries and telemetry: each is one word of its own, in the list's order.
 */

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fp_error.h"
#include "fp_fault.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Small letters, digits and underscores, and not the answer for values outside the list. */
static void
assert_is_name(const char *name)
{
	assert_true(islower((unsigned char)name[0]));
	for (const char *c = name; *c != '\0'; c++)
		assert_true(islower((unsigned char)*c) || isdigit((unsigned char)*c) || *c == '_');
	assert_string_not_equal(name, "unknown");
}

static void
drop_reasons_have_names_and_help_of_their_own(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < FP_DROP_COUNT; i++) {
		enum fp_drop reason = (enum fp_drop)i;

		assert_is_name(fp_drop_name(reason));
		assert_true(fp_drop_help(reason)[0] != '\0');
		for (unsigned int other = 0; other < i; other++) {
			assert_string_not_equal(
				fp_drop_name(reason), fp_drop_name((enum fp_drop)other));
			assert_string_not_equal(
				fp_drop_help(reason), fp_drop_help((enum fp_drop)other));
		}
	}
}

static void
malformed_reasons_have_names_and_help_of_their_own(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < FP_MALFORMED_COUNT; i++) {
		enum fp_malformed reason = (enum fp_malformed)i;

		assert_is_name(fp_malformed_name(reason));
		assert_true(fp_malformed_help(reason)[0] != '\0');
		for (unsigned int other = 0; other < i; other++) {
			assert_string_not_equal(fp_malformed_name(reason),
				fp_malformed_name((enum fp_malformed)other));
			assert_string_not_equal(fp_malformed_help(reason),
				fp_malformed_help((enum fp_malformed)other));
		}
	}
}

static void
names_are_those_of_their_constants(void **state)
{
	(void)state;
	assert_string_equal(fp_drop_name(FP_DROP_SEGMENTED), "segmented");
	assert_string_equal(fp_drop_name(FP_DROP_IP_CHECKSUM), "ip_checksum");
	assert_string_equal(fp_drop_name(FP_DROP_NO_CHANNEL), "no_channel");
	assert_int_equal(FP_DROP_NO_CHANNEL, FP_DROP_COUNT - 1);
	assert_string_equal(fp_malformed_name(FP_MALFORMED_HEADER_SHORT), "header_short");
	assert_string_equal(fp_malformed_name(FP_MALFORMED_SEQUENCE), "sequence");
	assert_string_equal(fp_malformed_name(FP_MALFORMED_GROUP_COUNT), "group_count");
	assert_int_equal(FP_MALFORMED_GROUP_COUNT, FP_MALFORMED_COUNT - 1);
}

static void
values_outside_the_lists_are_unknown(void **state)
{
	static const unsigned int outside[] = { 64, 255, 0x7fffffff, UINT32_MAX };

	(void)state;
	for (size_t i = 0; i < COUNT(outside); i++) {
		assert_string_equal(fp_drop_name((enum fp_drop)outside[i]), "unknown");
		assert_string_equal(fp_drop_help((enum fp_drop)outside[i]), "");
		assert_string_equal(fp_malformed_name((enum fp_malformed)outside[i]), "unknown");
		assert_string_equal(fp_malformed_help((enum fp_malformed)outside[i]), "");
	}
	assert_string_equal(fp_drop_name(FP_DROP_COUNT), "unknown");
	assert_string_equal(fp_malformed_name(FP_MALFORMED_COUNT), "unknown");
}

static void
every_error_of_the_set_has_words_of_its_own(void **state)
{
	static const int errors[] = { 0, -EINVAL, -ENOMEM, -ENOENT, -EEXIST, -ENOBUFS, -ENODATA,
		-ERANGE, -EBADMSG, -ESTALE, -EOVERFLOW, -EBUSY, -ENOTSUP, -EIO };

	(void)state;
	for (size_t i = 0; i < COUNT(errors); i++) {
		assert_string_not_equal(fp_error_text(errors[i]), "unknown error");
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(fp_error_text(errors[i]), fp_error_text(errors[j]));
	}
	assert_string_equal(fp_error_text(-EPERM), "unknown error");
	assert_string_equal(fp_error_text(EINVAL), "unknown error");
	assert_string_equal(fp_error_text(INT32_MAX), "unknown error");
	assert_string_equal(fp_error_text(INT32_MIN + 1), "unknown error");
	assert_string_equal(fp_error_text(INT32_MIN), "unknown error");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(drop_reasons_have_names_and_help_of_their_own),
		cmocka_unit_test(malformed_reasons_have_names_and_help_of_their_own),
		cmocka_unit_test(names_are_those_of_their_constants),
		cmocka_unit_test(values_outside_the_lists_are_unknown),
		cmocka_unit_test(every_error_of_the_set_has_words_of_its_own),
	};

	return cmocka_run_group_tests_name("fp_fault", tests, NULL, NULL);
}
