/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Numbers and bool to text: against the naive functions, for all small types, at every number of
 * digits, with every format; and back.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fp_test_panic.h"
#include "fp_test_skip.h"
#include "text_walls.h"

#define RANDOM_VALUES 100000

static const struct fp_text_format plain = { 0, FP_TEXT_PRECISION_NONE };

static uint64_t
next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state * UINT64_C(0x2545f4914f6cdd1d);
}

/* Format as the naive function does, and read it back where the format loses nothing. */
static void
check_value(const struct text_type *type, uint64_t value, struct fp_text_format format)
{
	char expected[TEXT_MAX];
	uint8_t text[TEXT_MAX];
	uint32_t written = 0;
	uint32_t consumed = 0;
	uint64_t back = 0;
	int len = naive_format(type, value, format, expected);

	if (len < 0 || type->format(value, format, fp_span_over(text, TEXT_MAX), &written) != 0 ||
		written != (uint32_t)len || memcmp(text, expected, written) != 0) {
		fail_msg("%s %lld: %.*s, not %.*s", type->name, (long long)value, (int)written,
			(const char *)text, len, expected);
	}
	if (type->parse(fp_cspan_over(text, written), format.symbol, &back, &consumed) != 0 ||
		back != value || consumed != written) {
		fail_msg("%s %s: %lld, %u bytes", type->name, expected, (long long)back, consumed);
	}
}

static void
every_value_of_8_and_16_bits_is_written_and_read(void **state)
{
	static const struct fp_text_format formats[] = { { 0, 0 }, { 'D', 4 }, { 'N', 0 },
		{ 'X', FP_TEXT_PRECISION_NONE } };

	(void)state;
	for (int path = 0; path < text_paths(); path++) {
		text_use_path(path);
		for (int i = 0; i < TEXT_TYPES; i++) {
			const struct text_type *type = &text_types[i];

			for (uint64_t bits = 0; type->bits <= 16 && bits >> type->bits == 0;
				bits++) {
				for (int f = 0; f < 4; f++)
					check_value(type, text_type_cut(type, bits), formats[f]);
			}
		}
	}
}

/* Numbers next to those where the length changes, in the type's width. */
static void
check_around(uint64_t middle, struct fp_text_format format)
{
	for (int i = 0; i < TEXT_TYPES; i++) {
		for (uint64_t off = 0; off < 5; off++) {
			check_value(&text_types[i], text_type_cut(&text_types[i], middle + off - 2),
				format);
			check_value(&text_types[i],
				text_type_cut(&text_types[i], 0 - (middle + off - 2)), format);
		}
	}
}

static void
numbers_at_every_length_are_written_and_read(void **state)
{
	static const struct fp_text_format formats[] = { { 0, FP_TEXT_PRECISION_NONE },
		{ 'g', FP_TEXT_PRECISION_NONE }, { 'D', FP_TEXT_PRECISION_NONE }, { 'd', 0 },
		{ 'D', 1 }, { 'D', 19 }, { 'D', 20 }, { 'D', 21 }, { 'd', 99 },
		{ 'N', FP_TEXT_PRECISION_NONE }, { 'n', 0 }, { 'N', 1 }, { 'N', 99 },
		{ 'X', FP_TEXT_PRECISION_NONE }, { 'x', 0 }, { 'x', 15 }, { 'X', 16 }, { 'x', 17 },
		{ 'X', 99 } };

	(void)state;
	for (int path = 0; path < text_paths(); path++) {
		text_use_path(path);
		for (size_t f = 0; f < sizeof(formats) / sizeof(formats[0]); f++) {
			for (uint64_t power = 1, k = 0; k < 20; k++, power *= 10)
				check_around(power, formats[f]);
			for (int shift = 0; shift < 64; shift++)
				check_around(UINT64_C(1) << shift, formats[f]);
		}
	}
}

static void
random_numbers_are_written_and_read(void **state)
{
	uint64_t seed = 42;

	(void)state;
	for (int path = 0; path < text_paths(); path++) {
		text_use_path(path);
		for (int i = 0; i < RANDOM_VALUES; i++) {
			uint64_t value = next_random(&seed);
			uint64_t choice = next_random(&seed);
			const struct text_type *type = &text_types[choice % TEXT_TYPES];

			value >>= choice >> 8 & 63;
			if ((choice >> 16 & 1) != 0)
				value = 0 - value;
			check_value(type, text_type_cut(type, value), plain);
		}
	}
}

static void
nothing_outside_the_view_is_written_at_any_length(void **state)
{
	(void)state;
	for (int path = 0; path < text_paths(); path++) {
		text_use_path(path);
		for (uint64_t power = 1, k = 0; k < 40; k++, power = k == 20 ? 1 : power * 10) {
			/* 1 to 19 digits, then the same with a sign; 10^19 is negative as it is. */
			struct text_format_call call = { text_type_find("i64"),
				k < 20 ? power : 0 - power, plain };
			char expected[TEXT_MAX];
			const char *wrong;
			int len;

			len = naive_format(call.type, call.value, plain, expected);
			wrong = text_check_format(&call, expected, (uint32_t)len);
			if (wrong != NULL)
				fail_msg("%.*s: %s", len, expected, wrong);
		}
	}
}

/* Every symbol and precision is known, refused or not supported as by the naive function. */
static void
formats_are_known_or_refused(void **state)
{
	uint8_t text[TEXT_MAX];
	char expected[TEXT_MAX];
	uint32_t written;

	(void)state;
	for (int symbol = -128; symbol < 128; symbol++) {
		for (int precision = 0; precision < 256; precision++) {
			struct fp_text_format format = { (char)symbol, (uint8_t)precision };
			struct fp_span to = fp_span_over(text, TEXT_MAX);

			for (int i = 0; i < TEXT_TYPES; i++) {
				int len = naive_format(&text_types[i], 77, format, expected);
				int error = text_types[i].format(77, format, to, &written);

				assert_int_equal(error, len < 0 ? len : 0);
				assert_int_equal(written, len < 0 ? 0 : len);
				if (len > 0)
					assert_memory_equal(text, expected, (size_t)len);
			}
			for (int value = 0; value < 2; value++) {
				int len = naive_format_bool(value != 0, format, expected);
				int error = fp_text_format_bool(value != 0, format, to, &written);

				assert_int_equal(error, len < 0 ? len : 0);
				assert_int_equal(written, len < 0 ? 0 : len);
				if (len > 0)
					assert_memory_equal(text, expected, (size_t)len);
			}
		}
	}
}

static void
bool_is_written_inside_its_room(void **state)
{
	struct text_format_call call = { NULL, 1, { 'l', 7 } };

	(void)state;
	assert_null(text_check_format(&call, "true", 4));
	call.value = 0;
	call.format.symbol = 'G';
	assert_null(text_check_format(&call, "False", 5));
}

static void
the_text_of_a_format_is_a_symbol_and_two_digits_at_most(void **state)
{
	static const struct {
		const char *text;
		int error;
		struct fp_text_format format;
	} rows[] = {
		{ "", 0, { 0, FP_TEXT_PRECISION_NONE } },
		{ "D", 0, { 'D', FP_TEXT_PRECISION_NONE } },
		{ "D0", 0, { 'D', 0 } },
		{ "d3", 0, { 'd', 3 } },
		{ "N03", 0, { 'N', 3 } },
		{ "X99", 0, { 'X', 99 } },
		{ "$9", 0, { '$', 9 } },
		{ "7", 0, { '7', FP_TEXT_PRECISION_NONE } },
		{ "G100", -EBADMSG, { 0, FP_TEXT_PRECISION_NONE } },
		{ "Ga", -EBADMSG, { 0, FP_TEXT_PRECISION_NONE } },
		{ "G$", -EBADMSG, { 0, FP_TEXT_PRECISION_NONE } },
		{ "G1 ", -EBADMSG, { 0, FP_TEXT_PRECISION_NONE } },
		{ "G-1", -EBADMSG, { 0, FP_TEXT_PRECISION_NONE } },
		{ "D001", -EBADMSG, { 0, FP_TEXT_PRECISION_NONE } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fp_cspan text = fp_cspan_over(rows[i].text, (uint32_t)strlen(rows[i].text));
		struct fp_text_format format = { 'Q', 1 };

		assert_int_equal(fp_text_format_parse(text, &format), rows[i].error);
		assert_int_equal(format.symbol, rows[i].format.symbol);
		assert_int_equal(format.precision, rows[i].format.precision);
	}
}

#if FP_LIFETIME == FP_LIFETIME_FULL
static uint8_t room[64] = "12345678";
static const uint32_t generation = 2;

/* A view of memory that has gone, of @len bytes. */
static struct fp_span
stale(uint32_t len)
{
	const struct fp_watch watch = { &generation, 1 };

	return fp_span_watched(room, len, watch);
}

/* Formats to a view of memory that has gone: by the way, the symbol and the type. */
struct stale_call {
	int path;
	char symbol;
	uint64_t value;
	bool is_bool;
};

static void
write_stale(void *arg)
{
	const struct stale_call *call = arg;
	const struct fp_text_format format = { call->symbol, FP_TEXT_PRECISION_NONE };
	uint32_t written;

	text_use_path(call->path);
	(void)(call->is_bool ? fp_text_format_bool(true, format, stale(64), &written)
			     : fp_text_format_u64(call->value, format, stale(64), &written));
}

static void
read_stale(void *arg)
{
	const struct stale_call *call = arg;
	uint64_t value;
	uint32_t consumed;
	bool word;

	text_use_path(call->path);
	(void)(call->is_bool ? fp_text_parse_bool(fp_span_const(stale(8)), 0, &word, &consumed)
			     : fp_text_parse_u64(
				       fp_span_const(stale(8)), call->symbol, &value, &consumed));
}

static void
memory_that_has_gone_is_neither_written_nor_read(void **state)
{
	uint64_t value = 1;
	uint32_t count = 1;

	(void)state;
	for (int path = 0; path < text_paths(); path++) {
		for (const char *symbol = "GDNX"; *symbol != '\0'; symbol++) {
			struct stale_call call = { path, *symbol, 7, false };

			ASSERT_PANICS(write_stale, &call, "used too late");
			ASSERT_PANICS(read_stale, &call, "used too late");
			call.value = UINT64_MAX;
			ASSERT_PANICS(write_stale, &call, "used too late");
		}
		text_use_path(path);
		/* What touches nothing is not checked. */
		assert_int_equal(fp_text_write_u64(77, stale(1), &count), -ERANGE);
		assert_int_equal(
			fp_text_read_u64(fp_span_const(stale(0)), &value, &count), -EBADMSG);
	}
	struct stale_call word = { 0, 'G', 0, true };

	ASSERT_PANICS(write_stale, &word, "used too late");
	ASSERT_PANICS(read_stale, &word, "used too late");
}
#endif

static int
set_up(void **state)
{
	(void)state;
	return text_walls_create();
}

static int
tear_down(void **state)
{
	(void)state;
	text_walls_destroy();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_value_of_8_and_16_bits_is_written_and_read),
		cmocka_unit_test(numbers_at_every_length_are_written_and_read),
		cmocka_unit_test(random_numbers_are_written_and_read),
		cmocka_unit_test(nothing_outside_the_view_is_written_at_any_length),
		cmocka_unit_test(formats_are_known_or_refused),
		cmocka_unit_test(bool_is_written_inside_its_room),
		cmocka_unit_test(the_text_of_a_format_is_a_symbol_and_two_digits_at_most),
#if FP_LIFETIME == FP_LIFETIME_FULL
		cmocka_unit_test(memory_that_has_gone_is_neither_written_nor_read),
#endif
	};

	return cmocka_run_group_tests_name("fp_text_format", tests, set_up, tear_down);
}
