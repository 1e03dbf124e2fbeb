/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Integers at the start of views: at every length and alignment, before memory that may not be
 * touched, and with too few bytes.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fp_span_endian.h"
#include "fp_test_panic.h"

#define VALUE UINT64_C(0x1122334455667788)

/* The functions of one width and byte order. */
struct width {
	uint32_t bytes;
	bool is_big;
	uint64_t (*read)(struct fp_cspan span);
	bool (*try_read)(struct fp_cspan span, uint64_t *out);
	void (*write)(struct fp_span span, uint64_t value);
	bool (*try_write)(struct fp_span span, uint64_t value);
};

#define CALLS(order, bits)                                                           \
	static uint64_t read_##order##bits(struct fp_cspan span)                     \
	{                                                                            \
		return fp_cspan_read_##order##bits(span);                            \
	}                                                                            \
	static bool try_read_##order##bits(struct fp_cspan span, uint64_t *out)      \
	{                                                                            \
		uint##bits##_t value = 1;                                            \
		bool is_read = fp_cspan_try_read_##order##bits(span, &value);        \
                                                                                     \
		*out = value;                                                        \
		return is_read;                                                      \
	}                                                                            \
	static void write_##order##bits(struct fp_span span, uint64_t value)         \
	{                                                                            \
		fp_span_write_##order##bits(span, (uint##bits##_t)value);            \
	}                                                                            \
	static bool try_write_##order##bits(struct fp_span span, uint64_t value)     \
	{                                                                            \
		return fp_span_try_write_##order##bits(span, (uint##bits##_t)value); \
	}

CALLS(le, 16)
CALLS(le, 32)
CALLS(le, 64)
CALLS(be, 16)
CALLS(be, 32)
CALLS(be, 64)

#define ROW(order, bits, is_big)                                                \
	{                                                                       \
		(bits) / 8, is_big, read_##order##bits, try_read_##order##bits, \
			write_##order##bits, try_write_##order##bits            \
	}

static const struct width widths[] = { ROW(le, 16, false), ROW(le, 32, false), ROW(le, 64, false),
	ROW(be, 16, true), ROW(be, 32, true), ROW(be, 64, true) };

#define WIDTH_COUNT (sizeof(widths) / sizeof(widths[0]))

/* What the lowest bytes of VALUE are in memory. */
static void
lay_out(const struct width *width, uint8_t *bytes)
{
	for (uint32_t i = 0; i < width->bytes; i++) {
		uint32_t place = width->is_big ? width->bytes - 1 - i : i;

		bytes[place] = (uint8_t)(VALUE >> 8 * i);
	}
}

static void
integers_are_at_the_start_of_views_of_any_length(void **state)
{
	struct fp_test_guard guard;

	(void)state;
	assert_int_equal(fp_test_guard_create(&guard, 64), 0);
	for (size_t i = 0; i < WIDTH_COUNT; i++) {
		const struct width *width = &widths[i];
		uint64_t mask = UINT64_MAX >> (64 - 8 * width->bytes);

		for (uint32_t len = width->bytes; len < 32; len++) {
			struct fp_span span = fp_span_over(guard.end - len, len);
			uint8_t expected[8];
			uint64_t out = 0;

			lay_out(width, expected);
			memset(guard.end - len, 0x5a, len);
			width->write(span, VALUE);
			assert_memory_equal(span.data, expected, width->bytes);
			for (uint32_t rest = width->bytes; rest < len; rest++)
				assert_int_equal(span.data[rest], 0x5a);
			assert_true(width->read(fp_span_const(span)) == (VALUE & mask));
			assert_true(width->try_read(fp_span_const(span), &out));
			assert_true(out == (VALUE & mask));
			assert_true(width->try_write(span, 0));
			assert_true(width->read(fp_span_const(span)) == 0);
		}
	}
	fp_test_guard_destroy(&guard);
}

/* What a child does. */
struct request {
	const struct width *width;
	struct fp_span span;
};

static void
run_read(void *arg)
{
	struct request *request = arg;

	(void)request->width->read(fp_span_const(request->span));
}

static void
run_write(void *arg)
{
	struct request *request = arg;

	request->width->write(request->span, VALUE);
}

static void
too_few_bytes_are_refused_and_nothing_changes(void **state)
{
	uint8_t bytes[8];
	char text[80];

	(void)state;
	for (size_t i = 0; i < WIDTH_COUNT; i++) {
		for (uint32_t len = 0; len < widths[i].bytes; len++) {
			uint8_t *data = len == 0 ? NULL : bytes;
			struct request request = { &widths[i], fp_span_over(data, len) };
			uint64_t out = 1;

			memset(bytes, 0x5a, sizeof(bytes));
			assert_false(widths[i].try_read(fp_span_const(request.span), &out));
			assert_true(out == 0);
			assert_false(widths[i].try_write(request.span, VALUE));
			for (size_t at = 0; at < sizeof(bytes); at++)
				assert_int_equal(bytes[at], 0x5a);
			(void)snprintf(text, sizeof(text), "slice [0, +%u) of a view of %u bytes",
				widths[i].bytes, len);
			ASSERT_PANICS(run_read, &request, text);
			ASSERT_PANICS(run_write, &request, text);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(integers_are_at_the_start_of_views_of_any_length),
		cmocka_unit_test(too_few_bytes_are_refused_and_nothing_changes),
	};

	return cmocka_run_group_tests_name("fp_span_endian", tests, NULL, NULL);
}
