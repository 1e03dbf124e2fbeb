/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Points in time against a calendar that counts days one by one, in both styles, with the texts
 * right against an inaccessible page.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../span/walls.h"
#include "fp_test_panic.h"
#include "fp_timestamp.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define NS_PER_SEC   UINT64_C(1000000000)
#define SECS_PER_DAY UINT64_C(86400)
#define NS_PER_DAY   (SECS_PER_DAY * NS_PER_SEC)
#define DAYS_MAX     213503U /* The last day that begins within 64 bits. */
#define FILL         0xa5

static struct walls walls;

/* A day of the naive calendar. */
struct day {
	unsigned int year;
	unsigned int month;
	unsigned int day;
};

static unsigned int
month_days(unsigned int year, unsigned int month)
{
	bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	if (month == 2)
		return is_leap ? 29 : 28;
	return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

static void
next_day(struct day *day)
{
	if (++day->day <= month_days(day->year, day->month))
		return;
	day->day = 1;
	if (++day->month <= 12)
		return;
	day->month = 1;
	day->year++;
}

static struct fp_cspan
at_wall(const char *text, size_t len)
{
	memcpy(walls.end - len, text, len);
	return fp_cspan_over(walls.end - len, (uint32_t)len);
}

static int
parse(const char *text, enum fp_timestamp_style style, uint64_t *ns)
{
	return fp_timestamp_parse(at_wall(text, strlen(text)), style, ns);
}

/* Written into the exact room, and not into less. */
static void
check_written(uint64_t ns, enum fp_timestamp_style style, uint8_t digits, const char *right)
{
	uint32_t len = (uint32_t)strlen(right);
	uint8_t *to = walls.end - len;
	uint32_t written = 77;

	assert_int_equal(
		fp_timestamp_format(ns, style, digits, fp_span_over(to, len), &written), 0);
	assert_int_equal(written, len);
	if (memcmp(to, right, len) != 0)
		fail_msg("\"%.*s\", right is \"%s\"", (int)len, (const char *)to, right);
	memset(to, FILL, len);
	assert_int_equal(
		fp_timestamp_format(ns, style, digits, fp_span_over(to + 1, len - 1), &written),
		-ERANGE);
	assert_int_equal(written, 0);
	for (uint32_t i = 0; i < len; i++)
		assert_int_equal(to[i], FILL);
}

static void
each_day_to_the_end_of_64_bits_is_read_and_written(void **state)
{
	char text[32];
	struct day day = { 1970, 1, 1 };

	(void)state;
	for (uint32_t days = 0; days <= DAYS_MAX; days++, next_day(&day)) {
		uint64_t right = days * NS_PER_DAY;
		uint32_t written;
		uint64_t ns;

		(void)snprintf(text, sizeof(text), "%04u%02u%02u", day.year, day.month, day.day);
		assert_int_equal(fp_timestamp_parse_date(at_wall(text, 8), &ns), 0);
		assert_true(ns == right);
		assert_int_equal(fp_timestamp_format_date(right + days % SECS_PER_DAY * NS_PER_SEC,
					 fp_span_over(walls.end - 8, 8), &written),
			0);
		assert_memory_equal(walls.end - 8, text, 8);
		(void)snprintf(text, sizeof(text), "%04u-%02u-%02uT00:00:00Z", day.year, day.month,
			day.day);
		assert_int_equal(parse(text, FP_TIMESTAMP_ISO, &ns), 0);
		assert_true(ns == right);
		assert_int_equal(fp_timestamp_format(right, FP_TIMESTAMP_ISO, 0,
					 fp_span_over(walls.end - 20, 20), &written),
			0);
		assert_memory_equal(walls.end - 20, text, 20);
	}
}

static void
each_second_of_a_day_is_read_and_written(void **state)
{
	const uint64_t day = 19782 * NS_PER_DAY; /* 2024-02-29 */

	(void)state;
	for (uint32_t secs = 0; secs < SECS_PER_DAY; secs++) {
		char text[32];
		uint32_t written;
		uint64_t ns;

		(void)snprintf(text, sizeof(text), "20240229-%02u:%02u:%02u", secs / 3600,
			secs / 60 % 60, secs % 60);
		assert_int_equal(parse(text, FP_TIMESTAMP_FIX, &ns), 0);
		assert_true(ns == day + secs * NS_PER_SEC);
		assert_int_equal(fp_timestamp_format(ns, FP_TIMESTAMP_FIX, 0,
					 fp_span_over(walls.end - 17, 17), &written),
			0);
		assert_memory_equal(walls.end - 17, text, 17);
		assert_int_equal(fp_timestamp_parse_time(at_wall(text + 9, 8), &ns), 0);
		assert_true(ns == secs * NS_PER_SEC);
		assert_int_equal(
			fp_timestamp_format_time(ns, 0, fp_span_over(walls.end - 8, 8), &written),
			0);
		assert_memory_equal(walls.end - 8, text + 9, 8);
	}
}

/* Each day number that a month does not have, for each month of 1970 to 2555 and some before. */
static void
days_that_a_month_does_not_have_are_refused(void **state)
{
	char text[32];

	(void)state;
	for (unsigned int year = 1900; year <= 2555; year++) {
		for (unsigned int month = 0; month <= 99; month += month == 13 ? 86 : 1) {
			for (unsigned int day = 0; day <= 99; day += day == 32 ? 67 : 1) {
				bool exists = month >= 1 && month <= 12 && day >= 1 &&
					day <= month_days(year, month);
				bool fits = year >= 1970 &&
					year * 10000 + month * 100 + day <= 25540721;
				int right = !exists ? -EBADMSG : fits ? 0 : -ERANGE;
				uint64_t ns = 77;

				(void)snprintf(
					text, sizeof(text), "%04u%02u%02u", year, month, day);
				assert_int_equal(
					fp_timestamp_parse_date(at_wall(text, 8), &ns), right);
				assert_true(right == 0 || ns == 0);
			}
		}
	}
}

static void
the_ends_of_the_range_are_where_64_bits_end(void **state)
{
	static const struct {
		const char *text;
		int error;
		uint64_t ns;
	} rows[] = {
		{ "19700101-00:00:00", 0, 0 },
		{ "19700101-00:00:00.000000001", 0, 1 },
		{ "19691231-23:59:59.999999999", -ERANGE, 0 },
		{ "00000101-00:00:00", -ERANGE, 0 },
		{ "25540721-23:34:33.709551615", 0, UINT64_MAX },
		{ "25540721-23:34:33.709551616", -ERANGE, 0 },
		{ "25540721-23:34:34", -ERANGE, 0 },
		{ "25540722-00:00:00", -ERANGE, 0 },
		{ "99991231-23:59:59", -ERANGE, 0 },
		{ "99991231-23:59:59x", -EBADMSG, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		uint64_t ns = 77;

		assert_int_equal(parse(rows[i].text, FP_TIMESTAMP_FIX, &ns), rows[i].error);
		assert_true(ns == rows[i].ns);
	}
	check_written(UINT64_MAX, FP_TIMESTAMP_FIX, 9, "25540721-23:34:33.709551615");
	check_written(UINT64_MAX, FP_TIMESTAMP_ISO, 9, "2554-07-21T23:34:33.709551615Z");
	check_written(0, FP_TIMESTAMP_FIX, 0, "19700101-00:00:00");
}

static void
fractions_of_one_to_twelve_digits_are_read(void **state)
{
	static const uint64_t right[13] = { 0, 900000000, 980000000, 987000000, 987600000,
		987650000, 987654000, 987654300, 987654320, 987654321, 987654321, 987654321,
		987654321 };
	static const char digits[] = ".9876543219876";
	char text[64];

	(void)state;
	for (uint32_t count = 1; count <= 13; count++) {
		uint64_t ns = 77;
		uint64_t of_day = 77;
		uint32_t consumed;

		(void)snprintf(text, sizeof(text), "19700101-00:00:00%.*s", (int)count + 1, digits);
		assert_int_equal(parse(text, FP_TIMESTAMP_FIX, &ns), count <= 12 ? 0 : -EBADMSG);
		assert_true(ns == (count <= 12 ? right[count] : 0));
		assert_int_equal(
			fp_timestamp_parse_time(at_wall(text + 9, strlen(text) - 9), &of_day),
			count <= 12 ? 0 : -EBADMSG);
		assert_true(of_day == ns);
		(void)snprintf(
			text, sizeof(text), "1970-01-01T00:00:00%.*sZ$", (int)count + 1, digits);
		assert_int_equal(fp_timestamp_parse_prefix(at_wall(text, strlen(text)),
					 FP_TIMESTAMP_ISO, &ns, &consumed),
			count <= 12 ? 0 : -EBADMSG);
		assert_true(ns == of_day);
		assert_int_equal(consumed, count <= 12 ? 21 + count : 0);
	}
}

static void
a_prefix_ends_where_the_text_goes_on_otherwise(void **state)
{
	static const struct {
		const char *text;
		enum fp_timestamp_style style;
		uint32_t consumed;
	} rows[] = {
		{ "20240229-12:34:56", FP_TIMESTAMP_FIX, 17 },
		{ "20240229-12:34:56$$$", FP_TIMESTAMP_FIX, 17 },
		{ "20240229-12:34:56.", FP_TIMESTAMP_FIX, 17 },
		{ "20240229-12:34:56.x", FP_TIMESTAMP_FIX, 17 },
		{ "20240229-12:34:561", FP_TIMESTAMP_FIX, 17 },
		{ "20240229-12:34:56.1x", FP_TIMESTAMP_FIX, 19 },
		{ "20240229-12:34:56.123.4", FP_TIMESTAMP_FIX, 21 },
		{ "20240229-12:34:56Z", FP_TIMESTAMP_FIX, 17 },
		{ "2024-02-29T12:34:56Z", FP_TIMESTAMP_ISO, 20 },
		{ "2024-02-29T12:34:56ZZ", FP_TIMESTAMP_ISO, 20 },
		{ "2024-02-29T12:34:56.5Z ", FP_TIMESTAMP_ISO, 22 },
		{ "2024-02-29T12:34:56", FP_TIMESTAMP_ISO, 0 },
		{ "2024-02-29T12:34:56.Z", FP_TIMESTAMP_ISO, 0 },
		{ "2024-02-29T12:34:56+00:00", FP_TIMESTAMP_ISO, 0 },
		{ "2024-02-29t12:34:56z", FP_TIMESTAMP_ISO, 0 },
		{ "2024-02-29 12:34:56Z", FP_TIMESTAMP_ISO, 0 },
		{ "", FP_TIMESTAMP_FIX, 0 },
		{ "20240229-12:34:5", FP_TIMESTAMP_FIX, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		size_t len = strlen(rows[i].text);
		uint32_t consumed = 77;
		uint64_t ns = 77;
		uint64_t whole = 77;
		int error = fp_timestamp_parse_prefix(
			at_wall(rows[i].text, len), rows[i].style, &ns, &consumed);
		bool is_whole = rows[i].consumed == len && len != 0;

		assert_int_equal(error, rows[i].consumed != 0 ? 0 : -EBADMSG);
		assert_int_equal(consumed, rows[i].consumed);
		assert_true((ns != 0) == (error == 0));
		assert_int_equal(
			parse(rows[i].text, rows[i].style, &whole), is_whole ? 0 : -EBADMSG);
		assert_true(whole == (is_whole ? ns : 0));
	}
}

static void
a_leap_second_is_the_last_of_a_day(void **state)
{
	uint64_t ns;
	uint64_t next;
	uint8_t to[16];
	uint32_t written;

	(void)state;
	assert_int_equal(parse("20161231-23:59:60.25", FP_TIMESTAMP_FIX, &ns), 0);
	assert_int_equal(parse("20170101-00:00:00.25", FP_TIMESTAMP_FIX, &next), 0);
	assert_true(ns == next);
	assert_int_equal(parse("20161231-23:58:60", FP_TIMESTAMP_FIX, &ns), -EBADMSG);
	assert_int_equal(parse("20161231-22:59:60", FP_TIMESTAMP_FIX, &ns), -EBADMSG);
	assert_int_equal(parse("20161231-23:59:61", FP_TIMESTAMP_FIX, &ns), -EBADMSG);
	assert_int_equal(parse("20161231-24:00:00", FP_TIMESTAMP_FIX, &ns), -EBADMSG);
	assert_int_equal(fp_timestamp_parse_time(at_wall("23:59:60.5", 10), &ns), 0);
	assert_true(ns == NS_PER_DAY + NS_PER_SEC / 2);
	assert_int_equal(
		fp_timestamp_format_time(ns, 3, fp_span_over(to, sizeof(to)), &written), 0);
	assert_int_equal(written, 12);
	assert_memory_equal(to, "23:59:60.500", 12);
	assert_int_equal(fp_timestamp_format_time(NS_PER_DAY + NS_PER_SEC, 0,
				 fp_span_over(to, sizeof(to)), &written),
		-EINVAL);
	assert_int_equal(written, 0);
}

/* True when the text with one byte changed is a point in time all the same. */
static bool
is_still_valid(const char *text, enum fp_timestamp_style style)
{
	unsigned int year, month, day, hour, minute, second;
	const char *form =
		style == FP_TIMESTAMP_ISO ? "0000-00-00T00:00:00.000Z" : "00000000-00:00:00.000";

	for (size_t i = 0; form[i] != '\0'; i++) {
		if (form[i] == '0' ? text[i] < '0' || text[i] > '9' : text[i] != form[i])
			return false;
	}
	if (sscanf(text,
		    style == FP_TIMESTAMP_ISO ? "%4u-%2u-%2uT%2u:%2u:%2u" : "%4u%2u%2u-%2u:%2u:%2u",
		    &year, &month, &day, &hour, &minute, &second) != 6)
		return false;
	return month >= 1 && month <= 12 && day >= 1 && day <= month_days(year, month) &&
		hour < 24 && minute < 60 &&
		(second < 60 || (hour == 23 && minute == 59 && second == 60));
}

/* Every byte at one place of the text. */
static void
damage(const char *undamaged, size_t at, enum fp_timestamp_style style)
{
	char text[32];
	size_t len = strlen(undamaged);

	for (int byte = 0; byte < 256; byte++) {
		uint64_t ns = 77;
		bool is_valid;
		int error;

		memcpy(text, undamaged, len + 1);
		text[at] = (char)byte;
		is_valid = is_still_valid(text, style);
		error = fp_timestamp_parse(at_wall(text, len), style, &ns);
		if (is_valid != (error != -EBADMSG))
			fail_msg("\"%s\": %d", text, error);
		assert_true(error == 0 || ns == 0);
	}
}

static void
each_byte_that_damages_a_text_makes_it_refused(void **state)
{
	static const struct {
		enum fp_timestamp_style style;
		const char *text;
	} rows[] = {
		{ FP_TIMESTAMP_FIX, "20240229-23:59:58.123" },
		{ FP_TIMESTAMP_FIX, "19991130-10:00:09.999" },
		{ FP_TIMESTAMP_ISO, "2024-02-29T23:59:58.123Z" },
		{ FP_TIMESTAMP_ISO, "1999-11-30T10:00:09.999Z" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		for (size_t at = 0; rows[i].text[at] != '\0'; at++)
			damage(rows[i].text, at, rows[i].style);
	}
}

static void
each_text_cut_short_is_refused_and_what_is_written_is_read(void **state)
{
	uint8_t to[FP_TIMESTAMP_TEXT_MAX + 8];
	uint64_t ns = 1;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		enum fp_timestamp_style style = i % 2 == 0 ? FP_TIMESTAMP_FIX : FP_TIMESTAMP_ISO;
		uint8_t digits = (uint8_t)(i % 4 * 3);
		uint32_t written;
		uint64_t scale = digits == 0 ? NS_PER_SEC
			: digits == 3        ? 1000000
			: digits == 6        ? 1000
					     : 1;
		uint64_t back;

		ns = ns * 6364136223846793005U + 1442695040888963407U;
		memset(to, FILL, sizeof(to));
		assert_int_equal(fp_timestamp_format(
					 ns, style, digits, fp_span_over(to, sizeof(to)), &written),
			0);
		for (uint32_t j = written; j < sizeof(to); j++)
			assert_int_equal(to[j], FILL);
		assert_int_equal(
			fp_timestamp_parse(at_wall((const char *)to, written), style, &back), 0);
		assert_true(back == ns / scale * scale);
		for (uint32_t len = 0; i < 8 && len < (style == FP_TIMESTAMP_ISO ? written : 17);
			len++) {
			assert_int_equal(
				fp_timestamp_parse(at_wall((const char *)to, len), style, &back),
				-EBADMSG);
		}
	}
}

static void
format_with_four_digits(void *arg)
{
	uint8_t to[32];
	uint32_t written;

	(void)arg;
	assert_int_equal(
		fp_timestamp_format(0, FP_TIMESTAMP_FIX, 4, fp_span_over(to, sizeof(to)), &written),
		0);
}

static void
format_time_with_twelve_digits(void *arg)
{
	uint8_t to[32];
	uint32_t written;

	(void)arg;
	assert_int_equal(
		fp_timestamp_format_time(0, 12, fp_span_over(to, sizeof(to)), &written), 0);
}

static void
digits_other_than_0_3_6_9_panic(void **state)
{
	(void)state;
	ASSERT_PANICS(format_with_four_digits, NULL, "4 digits");
	ASSERT_PANICS(format_time_with_twelve_digits, NULL, "12 digits");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_day_to_the_end_of_64_bits_is_read_and_written),
		cmocka_unit_test(each_second_of_a_day_is_read_and_written),
		cmocka_unit_test(days_that_a_month_does_not_have_are_refused),
		cmocka_unit_test(the_ends_of_the_range_are_where_64_bits_end),
		cmocka_unit_test(fractions_of_one_to_twelve_digits_are_read),
		cmocka_unit_test(a_prefix_ends_where_the_text_goes_on_otherwise),
		cmocka_unit_test(a_leap_second_is_the_last_of_a_day),
		cmocka_unit_test(each_byte_that_damages_a_text_makes_it_refused),
		cmocka_unit_test(each_text_cut_short_is_refused_and_what_is_written_is_read),
		cmocka_unit_test(digits_other_than_0_3_6_9_panic),
	};
	int result;

	if (walls_create(&walls, 4096) != 0)
		return 1;
	result = cmocka_run_group_tests_name("fp_timestamp", tests, NULL, NULL);
	walls_destroy(&walls);
	return result;
}
