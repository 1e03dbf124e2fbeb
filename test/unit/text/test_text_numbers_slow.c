/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Every number of 32 bits, and random ones of 64, to text and back; and numbers of two gigabytes of
 * leading zeros. Expected text is counted up digit by digit, or made by division.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>
#include <pthread.h>

#include "text_walls.h"

#define THREADS       2
#define RANDOM_VALUES 100000000UL
#define HUGE_BYTES    ((1UL << 31) - 1)
#define CHUNK_BYTES   (1UL << 20)

static const struct fp_text_format plain = { 0, FP_TEXT_PRECISION_NONE };

/* A decimal number that is counted: its digits at the end, '0' in front of them. */
struct odometer {
	char digits[32];
	uint32_t len; /* of the digits */
};

static void
odometer_set(struct odometer *odometer, uint64_t value)
{
	uint32_t pos = sizeof(odometer->digits);

	memset(odometer->digits, '0', sizeof(odometer->digits));
	do {
		odometer->digits[--pos] = (char)('0' + value % 10);
		value /= 10;
	} while (value != 0);
	odometer->len = (uint32_t)sizeof(odometer->digits) - pos;
}

static void
odometer_add_one(struct odometer *odometer)
{
	uint32_t pos = sizeof(odometer->digits) - 1;

	while (odometer->digits[pos] == '9')
		odometer->digits[pos--] = '0';
	odometer->digits[pos]++;
	if (sizeof(odometer->digits) - pos > odometer->len)
		odometer->len = (uint32_t)sizeof(odometer->digits) - pos;
}

/* Magnitudes from first to last; and how many numbers were right. */
struct range {
	pthread_t thread;
	uint64_t first;
	uint64_t last;
	uint64_t right;
};

/* True when the text is a sign, if negative, and the digits. */
static bool
is_text(const uint8_t *text, uint32_t len, bool is_negative, const struct odometer *odometer)
{
	return len == odometer->len + is_negative && (!is_negative || text[0] == '-') &&
		memcmp(text + is_negative,
			odometer->digits + sizeof(odometer->digits) - odometer->len,
			odometer->len) == 0;
}

static bool
check_u32(uint32_t value, const struct odometer *odometer)
{
	uint8_t text[32];
	uint32_t back = value + 1;
	uint32_t len = 0;
	uint32_t consumed = 0;

	return fp_text_format_u32(value, plain, fp_span_over(text, 10), &len) == 0 &&
		is_text(text, len, false, odometer) &&
		fp_text_parse_u32(fp_cspan_over(text, len), 0, &back, &consumed) == 0 &&
		back == value && consumed == len;
}

static bool
check_i32(int32_t value, const struct odometer *odometer)
{
	uint8_t text[32];
	int32_t back = (int32_t) ~(uint32_t)value;
	uint32_t len = 0;
	uint32_t consumed = 0;

	return fp_text_format_i32(value, plain, fp_span_over(text, 11), &len) == 0 &&
		is_text(text, len, value < 0, odometer) &&
		fp_text_parse_i32(fp_cspan_over(text, len), 0, &back, &consumed) == 0 &&
		back == value && consumed == len;
}

static void *
run_u32(void *arg)
{
	struct range *range = arg;
	struct odometer odometer;

	odometer_set(&odometer, range->first);
	for (uint64_t value = range->first; value <= range->last; value++) {
		range->right += check_u32((uint32_t)value, &odometer);
		odometer_add_one(&odometer);
	}
	return NULL;
}

/* Both signs of a magnitude. */
static void *
run_i32(void *arg)
{
	struct range *range = arg;
	struct odometer odometer;

	odometer_set(&odometer, range->first);
	for (uint64_t value = range->first; value <= range->last; value++) {
		if (value <= INT32_MAX)
			range->right += check_i32((int32_t)value, &odometer);
		if (value != 0)
			range->right += check_i32((int32_t)(0 - value), &odometer);
		odometer_add_one(&odometer);
	}
	return NULL;
}

/* Run on all threads; how many numbers were right. */
static uint64_t
run_threads(void *(*run)(void *arg), uint64_t last)
{
	struct range ranges[THREADS];
	uint64_t right = 0;

	for (uint64_t i = 0; i < THREADS; i++) {
		ranges[i].first = i == 0 ? 0 : ranges[i - 1].last + 1;
		ranges[i].last = i == THREADS - 1 ? last : last / THREADS * (i + 1);
		ranges[i].right = 0;
		assert_int_equal(pthread_create(&ranges[i].thread, NULL, run, &ranges[i]), 0);
	}
	for (int i = 0; i < THREADS; i++) {
		assert_int_equal(pthread_join(ranges[i].thread, NULL), 0);
		right += ranges[i].right;
	}
	return right;
}

static void
all_numbers_of_32_bits_without_sign_come_back(void **state)
{
	(void)state;
	for (int path = 0; path < text_paths(); path++) {
		text_use_path(path);
		assert_int_equal(run_threads(run_u32, UINT32_MAX), UINT64_C(1) << 32);
	}
}

static void
all_numbers_of_32_bits_with_sign_come_back(void **state)
{
	(void)state;
	for (int path = 0; path < text_paths(); path++) {
		text_use_path(path);
		assert_int_equal(run_threads(run_i32, (uint64_t)INT32_MAX + 1), UINT64_C(1) << 32);
	}
}

static bool
check_64(uint64_t value, bool is_signed)
{
	bool is_negative = is_signed && (int64_t)value < 0;
	struct odometer odometer;
	uint8_t text[32];
	uint64_t back = ~value;
	int64_t signed_back = (int64_t)~value;
	uint32_t len = 0;
	uint32_t consumed = 0;
	int error;

	odometer_set(&odometer, is_negative ? 0 - value : value);
	error = is_signed ? fp_text_write_i64((int64_t)value, fp_span_over(text, 20), &len)
			  : fp_text_write_u64(value, fp_span_over(text, 20), &len);
	if (error != 0 || !is_text(text, len, is_negative, &odometer))
		return false;
	error = is_signed ? fp_text_read_i64(fp_cspan_over(text, len), &signed_back, &consumed)
			  : fp_text_read_u64(fp_cspan_over(text, len), &back, &consumed);
	return error == 0 && consumed == len && (is_signed ? (uint64_t)signed_back : back) == value;
}

/* Digits from 1 to 20, as many of each. */
static void *
run_64(void *arg)
{
	struct range *range = arg;
	uint64_t random = range->first + 1;

	for (uint64_t i = range->first; i <= range->last; i++) {
		uint64_t limit = 10;
		uint64_t value;

		random ^= random << 13;
		random ^= random >> 7;
		random ^= random << 17;
		value = random * UINT64_C(0x2545f4914f6cdd1d);
		for (uint64_t digits = random % 20; digits > 0; digits--)
			limit *= 10;
		if (random % 20 < 19)
			value %= limit;
		range->right += check_64(value, false) && check_64(value, true) &&
			check_64(0 - value, true);
	}
	return NULL;
}

static void
random_numbers_of_64_bits_come_back(void **state)
{
	(void)state;
	for (int path = 0; path < text_paths(); path++) {
		text_use_path(path);
		assert_int_equal(run_threads(run_64, RANDOM_VALUES - 1), RANDOM_VALUES);
	}
}

/* Two gigabytes of '0': one megabyte of them, mapped as often as it takes. */
static uint8_t *
map_zeros(void)
{
	size_t len = HUGE_BYTES + 1;
	int file = memfd_create("zeros", 0);
	uint8_t *map = mmap(NULL, len, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uint8_t *chunk;

	assert_true(file >= 0 && map != MAP_FAILED);
	assert_int_equal(ftruncate(file, CHUNK_BYTES), 0);
	for (size_t pos = 0; pos < len; pos += CHUNK_BYTES) {
		chunk = mmap(map + pos, CHUNK_BYTES, PROT_READ | PROT_WRITE,
			MAP_FIXED |
				(pos == 0 || pos == len - CHUNK_BYTES ? MAP_PRIVATE : MAP_SHARED),
			file, 0);
		assert_true(chunk == map + pos);
		if (pos == CHUNK_BYTES)
			memset(chunk, '0', CHUNK_BYTES);
	}
	assert_int_equal(close(file), 0);
	return map;
}

static void
two_gigabytes_of_leading_zeros_do_not_overflow(void **state)
{
	static const struct {
		const char *last;
		bool is_negative;
		int error;
		int32_t value;
	} rows[] = {
		{ "2", true, 0, -2 },
		{ "2147483647", false, 0, INT32_MAX },
		{ "2147483648", true, 0, INT32_MIN },
		{ "2147483648", false, -EOVERFLOW, 0 },
		{ "2147483649", true, -EOVERFLOW, 0 },
	};
	uint8_t *map = map_zeros();

	(void)state;
	for (int path = 0; path < text_paths(); path++) {
		text_use_path(path);
		for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
			size_t len = strlen(rows[i].last);
			uint32_t consumed = 1;
			int32_t value = 1;

			memset(map, '0', 1);
			memset(map + HUGE_BYTES - 20, '0', 20);
			map[0] = rows[i].is_negative ? '-' : '0';
			memcpy(map + HUGE_BYTES - len, rows[i].last, len);
			for (const char *symbol = path == 0 ? "DN" : "D"; *symbol != 0; symbol++) {
				assert_int_equal(fp_text_parse_i32(fp_cspan_over(map, HUGE_BYTES),
							 *symbol, &value, &consumed),
					rows[i].error);
				assert_int_equal(value, rows[i].value);
				assert_int_equal(consumed, rows[i].error == 0 ? HUGE_BYTES : 0);
			}
		}
	}
	assert_int_equal(munmap(map, HUGE_BYTES + 1), 0);
}

static void
two_gigabytes_of_leading_zeros_are_hexadecimal_too(void **state)
{
	uint8_t *map = map_zeros();
	uint32_t consumed = 1;
	uint32_t value = 1;

	(void)state;
	for (uint8_t i = 0; i < 8; i++)
		map[HUGE_BYTES - 8 + i] = (uint8_t) "89abcdef"[i];
	assert_int_equal(
		fp_text_parse_u32(fp_cspan_over(map, HUGE_BYTES), 'X', &value, &consumed), 0);
	assert_int_equal(value, 0x89abcdef);
	assert_int_equal(consumed, HUGE_BYTES);
	map[HUGE_BYTES - 9] = '1';
	assert_int_equal(fp_text_parse_u32(fp_cspan_over(map, HUGE_BYTES), 'X', &value, &consumed),
		-EOVERFLOW);
	assert_int_equal(consumed, 0);
	assert_int_equal(munmap(map, HUGE_BYTES + 1), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_gigabytes_of_leading_zeros_do_not_overflow),
		cmocka_unit_test(two_gigabytes_of_leading_zeros_are_hexadecimal_too),
		cmocka_unit_test(random_numbers_of_64_bits_come_back),
		cmocka_unit_test(all_numbers_of_32_bits_without_sign_come_back),
		cmocka_unit_test(all_numbers_of_32_bits_with_sign_come_back),
	};

	return cmocka_run_group_tests_name("text_numbers_slow", tests, NULL, NULL);
}
