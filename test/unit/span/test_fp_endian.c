/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Loads, stores and reversals against ones that go byte by byte.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fp_endian.h"
#include "fp_test_panic.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define IS_BIG (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)

/* xorshift: the same values in every run */
static uint64_t
next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* F(name, type, bytes, is_big): every load with its store. */
#define WIDTHS(F)                   \
	F(le16, uint16_t, 2, false) \
	F(le32, uint32_t, 4, false) \
	F(le64, uint64_t, 8, false) \
	F(u16, uint16_t, 2, IS_BIG) \
	F(u32, uint32_t, 4, IS_BIG) \
	F(u64, uint64_t, 8, IS_BIG) \
	F(be16, uint16_t, 2, true)  \
	F(be32, uint32_t, 4, true)  \
	F(be48, uint64_t, 6, true)  \
	F(be64, uint64_t, 8, true)

#define CALLS(name, type, bytes, is_big)                   \
	static uint64_t load_##name(const void *from)      \
	{                                                  \
		return fp_load_##name(from);               \
	}                                                  \
	static void store_##name(void *to, uint64_t value) \
	{                                                  \
		fp_store_##name(to, (type)value);          \
	}

WIDTHS(CALLS)

static const struct {
	const char *name;
	uint64_t (*load)(const void *from);
	void (*store)(void *to, uint64_t value);
	unsigned int bytes;
	bool is_big;
} widths[] = {
#define ROW(name, type, bytes, is_big) { #name, load_##name, store_##name, bytes, is_big },
	WIDTHS(ROW)
};

/* Number of the byte at place i that holds the bits from 8 * number on. */
static unsigned int
byte_number(unsigned int i, unsigned int count, bool is_big)
{
	return is_big ? count - 1 - i : i;
}

static void
check_width(size_t width, unsigned int align, uint64_t value)
{
	_Alignas(8) uint8_t area[24];
	_Alignas(8) uint8_t expected[24];
	unsigned int count = widths[width].bytes;
	uint64_t low = count == 8 ? value : value & ((UINT64_C(1) << 8 * count) - 1);

	memset(area, 0xc3, sizeof(area));
	memset(expected, 0xc3, sizeof(expected));
	for (unsigned int i = 0; i < count; i++) {
		expected[8 + align + i] =
			(uint8_t)(value >> 8 * byte_number(i, count, widths[width].is_big));
	}
	widths[width].store(area + 8 + align, value);
	assert_memory_equal(area, expected, sizeof(area));
	assert_true(widths[width].load(expected + 8 + align) == low);
}

static void
loads_and_stores_are_those_of_single_bytes_at_every_alignment(void **state)
{
	static const uint64_t values[] = { 0, 1, 0x80, 0xff00, UINT64_C(0x0102030405060708),
		UINT64_C(0x8070605040302010), UINT64_C(0x8000000000000000), UINT64_MAX };
	uint64_t seed = 4;

	(void)state;
	for (size_t width = 0; width < COUNT(widths); width++) {
		for (unsigned int align = 0; align < 8; align++) {
			for (size_t i = 0; i < COUNT(values); i++)
				check_width(width, align, values[i]);
			for (int i = 0; i < 200; i++)
				check_width(width, align, next_random(&seed));
		}
	}
}

static void
loads_and_stores_stay_inside_their_bytes(void **state)
{
	struct fp_test_guard guard;

	(void)state;
	assert_int_equal(fp_test_guard_create(&guard, 8), 0);
	for (size_t width = 0; width < COUNT(widths); width++) {
		uint8_t *at = guard.end - widths[width].bytes;

		widths[width].store(at, UINT64_C(0x1122334455667788));
		assert_true(widths[width].load(at) != 0);
	}
	fp_test_guard_destroy(&guard);
}

/* The bytes of the value in the opposite order, one by one. */
static uint64_t
reverse_bytes(uint64_t value, unsigned int count)
{
	uint64_t reversed = 0;

	for (unsigned int i = 0; i < count; i++)
		reversed = reversed << 8 | (value >> 8 * i & 0xff);
	return reversed;
}

static void
check_reversal(uint64_t value)
{
	assert_int_equal(fp_reverse_u8((uint8_t)value), (uint8_t)value);
	assert_int_equal(fp_reverse_i8((int8_t)value), (int8_t)value);
	assert_true(fp_reverse_u16((uint16_t)value) == reverse_bytes(value, 2));
	assert_true(fp_reverse_u32((uint32_t)value) == reverse_bytes(value, 4));
	assert_true(fp_reverse_u64(value) == reverse_bytes(value, 8));
	assert_true(fp_reverse_i16((int16_t)value) == (int16_t)reverse_bytes(value, 2));
	assert_true(fp_reverse_i32((int32_t)value) == (int32_t)reverse_bytes(value, 4));
	assert_true(fp_reverse_i64((int64_t)value) == (int64_t)reverse_bytes(value, 8));
}

static void
reversals_are_those_of_single_bytes(void **state)
{
	uint64_t seed = 5;

	(void)state;
	check_reversal(0);
	check_reversal(UINT64_MAX);
	for (unsigned int bit = 0; bit < 64; bit++)
		check_reversal(UINT64_C(1) << bit);
	for (int i = 0; i < 1000; i++)
		check_reversal(next_random(&seed));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(loads_and_stores_are_those_of_single_bytes_at_every_alignment),
		cmocka_unit_test(loads_and_stores_stay_inside_their_bytes),
		cmocka_unit_test(reversals_are_those_of_single_bytes),
	};

	return cmocka_run_group_tests_name("fp_endian", tests, NULL, NULL);
}
