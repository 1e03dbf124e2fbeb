/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Integers in both byte orders whose bytes are known from the reference implementation, and views
 * that are too short for them.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fp_span_endian.h"
#include "fp_test_panic.h"
#include "fp_test_skip.h"
#include "vector_rows.h"

#define MARK 0xa5

static const char *folder;

/* An integer read and written by a width and byte order; bytes of the view may be too few. */
struct width {
	const char *name; /* as in Read<name><Little|Big>Endian */
	const char *type;
	uint32_t bytes;
	bool is_big;
	bool (*try_read)(struct fp_cspan span, uint64_t *out);
	bool (*try_write)(struct fp_span span, uint64_t value);
	uint64_t (*read)(struct fp_cspan span);
	void (*write)(struct fp_span span, uint64_t value);
	uint64_t (*reverse)(uint64_t value);
};

#define CALLS(order, bits, sign, stype)                                                   \
	static bool try_read_##order##_##sign##bits(struct fp_cspan span, uint64_t *out)  \
	{                                                                                 \
		uint##bits##_t value = 1;                                                 \
		bool is_read = fp_cspan_try_read_##order##bits(span, &value);             \
                                                                                          \
		*out = (uint64_t)(stype)value;                                            \
		return is_read;                                                           \
	}                                                                                 \
	static bool try_write_##order##_##sign##bits(struct fp_span span, uint64_t value) \
	{                                                                                 \
		return fp_span_try_write_##order##bits(span, (uint##bits##_t)value);      \
	}                                                                                 \
	static uint64_t read_##order##_##sign##bits(struct fp_cspan span)                 \
	{                                                                                 \
		return (uint64_t)(stype)fp_cspan_read_##order##bits(span);                \
	}                                                                                 \
	static void write_##order##_##sign##bits(struct fp_span span, uint64_t value)     \
	{                                                                                 \
		fp_span_write_##order##bits(span, (uint##bits##_t)value);                 \
	}                                                                                 \
	static uint64_t reverse_##order##_##sign##bits(uint64_t value)                    \
	{                                                                                 \
		return (uint64_t)fp_reverse_##sign##bits((stype)value);                   \
	}

#define WIDTHS(F)                               \
	F(le, 16, u, uint16_t, "UInt16", false) \
	F(le, 32, u, uint32_t, "UInt32", false) \
	F(le, 64, u, uint64_t, "UInt64", false) \
	F(le, 16, i, int16_t, "Int16", false)   \
	F(le, 32, i, int32_t, "Int32", false)   \
	F(le, 64, i, int64_t, "Int64", false)   \
	F(be, 16, u, uint16_t, "UInt16", true)  \
	F(be, 32, u, uint32_t, "UInt32", true)  \
	F(be, 64, u, uint64_t, "UInt64", true)  \
	F(be, 16, i, int16_t, "Int16", true)    \
	F(be, 32, i, int32_t, "Int32", true)    \
	F(be, 64, i, int64_t, "Int64", true)

#define FUNCTIONS(order, bits, sign, stype, name, is_big) CALLS(order, bits, sign, stype)
WIDTHS(FUNCTIONS)

static const struct width widths[] = {
#define ROW(order, bits, sign, stype, name, is_big)                               \
	{ name, #sign #bits, (bits) / 8, is_big, try_read_##order##_##sign##bits, \
		try_write_##order##_##sign##bits, read_##order##_##sign##bits,    \
		write_##order##_##sign##bits, reverse_##order##_##sign##bits },
	WIDTHS(ROW)
};

#define WIDTH_COUNT (sizeof(widths) / sizeof(widths[0]))

/* Bytes of a column of hexadecimal digits; 0 with the row failed when it is none of 8 at most. */
static uint32_t
take_hex(struct fp_test_vectors *rows, const char *column, uint8_t bytes[8])
{
	const char *text = fp_test_vectors_get(rows, column);
	size_t digits = strlen(text);
	uint64_t value;

	if (digits > 16 || digits % 2 != 0 || strspn(text, "0123456789abcdefABCDEF") != digits) {
		fp_test_vectors_fail(rows, "%s: no bytes", column);
		return 0;
	}
	value = strtoull(text, NULL, 16);
	for (size_t i = 0; i < digits / 2; i++)
		bytes[i] = (uint8_t)(value >> (4 * digits - 8 * (i + 1)));
	return (uint32_t)(digits / 2);
}

static void
check_integer(struct fp_test_vectors *rows, const struct width *width)
{
	uint8_t expected[8];
	uint8_t bytes[11];
	uint64_t value = (uint64_t)fp_test_vectors_number(rows, "value");
	uint64_t reversed = (uint64_t)fp_test_vectors_number(rows, "reverse_endianness");
	uint64_t out = 1;

	if (take_hex(rows, width->is_big ? "bytes_be" : "bytes_le", expected) != width->bytes)
		fp_test_vectors_fail(rows, "another width");
	/* With and without bytes behind the integer. */
	for (uint32_t more = 0; more < 3; more++) {
		struct fp_span span = fp_span_over(bytes, width->bytes + more);

		memset(bytes, MARK, sizeof(bytes));
		width->write(span, value);
		if (memcmp(bytes, expected, width->bytes) != 0 || bytes[width->bytes] != MARK)
			fp_test_vectors_fail(rows, "%s written otherwise", width->name);
		memset(bytes, MARK, sizeof(bytes));
		if (!width->try_write(span, value) || memcmp(bytes, expected, width->bytes) != 0 ||
			bytes[width->bytes] != MARK)
			fp_test_vectors_fail(rows, "%s tried and written otherwise", width->name);
		if (width->read(fp_span_const(span)) != value ||
			!width->try_read(fp_span_const(span), &out) || out != value)
			fp_test_vectors_fail(rows, "%s read otherwise", width->name);
	}
	if (width->reverse(value) != reversed || width->reverse(reversed) != value)
		fp_test_vectors_fail(rows, "reversed otherwise");
}

static void
check_primitive(struct fp_test_vectors *rows)
{
	const char *type = fp_test_vectors_get(rows, "type");
	bool is_known = false;

	for (size_t i = 0; i < WIDTH_COUNT; i++) {
		if (strcmp(widths[i].type, type) == 0) {
			check_integer(rows, &widths[i]);
			is_known = true;
		}
	}
	if (!is_known && (strcmp(type, "u8") == 0 || strcmp(type, "i8") == 0)) {
		int64_t value = fp_test_vectors_number(rows, "value");
		int64_t reversed = type[0] == 'u' ? fp_reverse_u8((uint8_t)value)
						  : fp_reverse_i8((int8_t)value);

		if (reversed != fp_test_vectors_number(rows, "reverse_endianness"))
			fp_test_vectors_fail(rows, "reversed otherwise");
	} else if (!is_known) {
		fp_test_vectors_fail(rows, "nobody knows the type");
	}
}

/* A read or write that is too long for its view. */
struct access {
	const struct width *width;
	struct fp_span span;
};

static void
read_short(void *arg)
{
	struct access *access = arg;

	(void)access->width->read(fp_span_const(access->span));
}

static void
write_short(void *arg)
{
	struct access *access = arg;

	access->width->write(access->span, 0);
}

/* Which width and order <name><Little|Big>Endian means. */
static const struct width *
find_width(const char *op)
{
	for (size_t i = 0; i < WIDTH_COUNT; i++) {
		size_t len = strlen(widths[i].name);

		if (strncmp(op, widths[i].name, len) == 0 &&
			strcmp(op + len, widths[i].is_big ? "BigEndian" : "LittleEndian") == 0)
			return &widths[i];
	}
	return NULL;
}

static void
check_short(struct fp_test_vectors *rows)
{
	const char *op = fp_test_vectors_get(rows, "op");
	const char *outcome = fp_test_vectors_get(rows, "outcome");
	bool is_try = strncmp(op, "Try", 3) == 0;
	bool is_read = strncmp(op + (is_try ? 3 : 0), "Read", 4) == 0;
	const struct width *width = find_width(op + (is_try ? 3 : 0) + (is_read ? 4 : 5));
	const char *expected = is_read ? "0 (out value = 0)" : "0 (dest untouched)";
	int64_t len = fp_test_vectors_number(rows, "span_len");
	uint8_t bytes[8] = { MARK, MARK, MARK, MARK, MARK, MARK, MARK, MARK };
	struct access access = { width, fp_span_over(bytes, (uint32_t)len) };
	uint64_t out = 1;

	if (width == NULL || len < 0 || len >= width->bytes ||
		strcmp(outcome, is_try ? expected : "throws out_of_range") != 0) {
		fp_test_vectors_fail(rows, "nobody knows the operation or the outcome");
		return;
	}
	if (!is_try) {
		ASSERT_PANICS(is_read ? read_short : write_short, &access, "of a view of");
	} else if (is_read && (width->try_read(fp_span_const(access.span), &out) || out != 0)) {
		fp_test_vectors_fail(rows, "read, or not zero");
	} else if (!is_read && width->try_write(access.span, 0)) {
		fp_test_vectors_fail(rows, "written");
	}
	for (size_t i = 0; i < sizeof(bytes); i++) {
		if (bytes[i] != MARK)
			fp_test_vectors_fail(rows, "bytes changed");
	}
}

static void
integers_have_the_bytes_that_are_expected(void **state)
{
	(void)state;
	vector_run_file(folder, "binary_primitives.tsv", check_primitive);
}

static void
integers_that_do_not_fit_end_as_expected(void **state)
{
	(void)state;
	vector_run_file(folder, "binary_primitives_short.tsv", check_short);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(integers_have_the_bytes_that_are_expected),
		cmocka_unit_test(integers_that_do_not_fit_end_as_expected),
	};

	folder = fp_test_vectors_dir(argc, argv, FP_SHARED_DIR "/vectors");
	if (fp_test_skips_without(folder))
		return 0;
	return cmocka_run_group_tests_name("endian_vectors", tests, NULL, NULL);
}
