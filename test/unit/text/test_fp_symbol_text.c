/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Symbols from texts and fields of every length and padding, and back into every room, with both
 * against an inaccessible page.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../span/walls.h"
#include "fp_symbol_text.h"

#define FILL      0xa5
#define FIELD_MAX 24U

static const char letters[] = "AB.C/D-E F~G!H9IJKLMNOP";

static struct walls walls;
static struct walls room_walls;

static struct fp_cspan
at_wall(const void *text, uint32_t len)
{
	if (len != 0)
		memcpy(walls.end - len, text, len);
	return fp_cspan_over(walls.end - len, len);
}

/* Both kinds from one text: they differ in what is too long. */
static void
check_parse(const void *text, uint32_t len, bool is_symbol)
{
	struct fp_symbol8 symbol8;
	struct fp_symbol16 symbol16;
	char right[FIELD_MAX] = { 0 };
	int right8 = !is_symbol ? -EBADMSG : len > 8 ? -ERANGE : 0;
	int right16 = !is_symbol ? -EBADMSG : len > 16 ? -ERANGE : 0;

	memset(&symbol8, FILL, sizeof(symbol8));
	memset(&symbol16, FILL, sizeof(symbol16));
	assert_int_equal(fp_symbol8_parse(at_wall(text, len), &symbol8), right8);
	assert_int_equal(fp_symbol16_parse(at_wall(text, len), &symbol16), right16);
	if (right8 == 0)
		memcpy(right, text, len);
	assert_memory_equal(symbol8.text, right, 8);
	assert_int_equal(fp_symbol8_len(symbol8), right8 == 0 ? len : 0);
	if (right16 == 0)
		memcpy(right, text, len);
	assert_memory_equal(symbol16.text, right, 16);
	assert_int_equal(fp_symbol16_len(symbol16), right16 == 0 ? len : 0);
}

static void
each_byte_at_each_place_is_judged(void **state)
{
	(void)state;
	check_parse("", 0, false);
	for (uint32_t len = 1; len <= 18; len++) {
		for (uint32_t at = 0; at < len; at++) {
			for (int byte = 0; byte < 256; byte++) {
				char text[FIELD_MAX];
				bool is_end = at == 0 || at == len - 1;
				bool is_right = byte >= (is_end ? '!' : ' ') && byte <= '~';

				memset(text, 'X', sizeof(text));
				text[at] = (char)byte;
				check_parse(text, len, is_right);
			}
		}
	}
}

static bool
is_filled(const uint8_t *from, uint32_t len)
{
	for (uint32_t i = 0; i < len; i++) {
		if (from[i] != FILL)
			return false;
	}
	return true;
}

/* A symbol into each room: as text and as a field of that width. */
static void
check_rooms(struct fp_symbol16 symbol, const char *text, uint32_t len)
{
	static const enum fp_symbol_padding paddings[] = { FP_SYMBOL_PADDING_NUL,
		FP_SYMBOL_PADDING_SPACE };
	struct fp_symbol8 symbol8 = { { 0 } };
	struct fp_symbol16 back;
	uint32_t written = 77;

	for (uint32_t room = 0; room <= FIELD_MAX; room++) {
		uint8_t *to = room_walls.end - room;

		memset(to, FILL, room);
		assert_int_equal(fp_symbol16_format(symbol, fp_span_over(to, room), &written),
			room < len ? -ERANGE : 0);
		assert_int_equal(written, room < len ? 0 : len);
		if (written != 0)
			assert_memory_equal(to, text, len);
		assert_true(is_filled(to + written, room - written));
		for (int i = 0; i < 2; i++) {
			int right = room < len ? -ERANGE : 0;

			memset(to, FILL, room);
			assert_int_equal(
				fp_symbol16_to_field(symbol, paddings[i], fp_span_over(to, room)),
				right);
			if (right != 0) {
				assert_true(is_filled(to, room));
				continue;
			}
			for (uint32_t j = 0; j < room; j++)
				assert_int_equal(to[j], j < len ? (uint8_t)text[j] : paddings[i]);
			if (len == 0)
				continue;
			assert_int_equal(fp_symbol16_from_field(fp_cspan_over(to, room), &back), 0);
			assert_true(fp_symbol16_equal(back, symbol));
			assert_int_equal(fp_symbol8_from_field(fp_cspan_over(to, room), &symbol8),
				len <= 8 ? 0 : -ERANGE);
			assert_memory_equal(symbol8.text, len <= 8 ? text : "\0\0\0\0\0\0\0",
				len <= 8 ? len : 8);
		}
	}
}

static void
symbols_survive_texts_and_fields_of_every_width(void **state)
{
	(void)state;
	for (uint32_t len = 0; len <= FP_SYMBOL_LEN; len++) {
		struct fp_symbol16 symbol = { { 0 } };

		memcpy(symbol.text, letters, len);
		if (len != 0 && symbol.text[len - 1] == ' ')
			continue;
		check_rooms(symbol, letters, len);
	}
}

static void
symbols_of_eight_are_written_as_those_of_sixteen(void **state)
{
	uint8_t field[8];

	(void)state;
	for (uint32_t len = 1; len <= 8; len++) {
		struct fp_symbol8 symbol = { { 0 } };
		uint32_t written;

		memcpy(symbol.text, letters, len);
		assert_int_equal(fp_symbol8_format(
					 symbol, fp_span_over(room_walls.end - len, len), &written),
			0);
		assert_int_equal(written, len);
		assert_memory_equal(room_walls.end - len, letters, len);
		assert_int_equal(fp_symbol8_format(symbol,
					 fp_span_over(room_walls.end - len, len - 1), &written),
			-ERANGE);
		assert_int_equal(fp_symbol8_to_field(symbol, FP_SYMBOL_PADDING_SPACE,
					 fp_span_over(field, sizeof(field))),
			0);
		for (uint32_t i = 0; i < 8; i++)
			assert_int_equal(field[i], i < len ? letters[i] : ' ');
		assert_int_equal(fp_symbol8_to_field(symbol, FP_SYMBOL_PADDING_SPACE,
					 fp_span_over(field, len - 1)),
			-ERANGE);
	}
}

static void
fields_with_a_padding_that_is_none_are_refused(void **state)
{
	static const char *const fields[] = { "        ", "\0\0\0\0\0\0\0\0", "ABC \0\0\0\0",
		"ABC\0    ", " ABC    ", "\0ABC    ", "A\0BC    ", "A\x7f      ", "\xc3\x84      ",
		"A\tB     " };
	struct fp_symbol8 symbol;

	(void)state;
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		assert_int_equal(fp_symbol8_from_field(at_wall(fields[i], 8), &symbol), -EBADMSG);
		assert_int_equal(fp_symbol8_len(symbol), 0);
	}
	assert_int_equal(fp_symbol8_from_field(at_wall("", 0), &symbol), -EBADMSG);
	assert_int_equal(fp_symbol8_from_field(at_wall("ZVZZT ", 6), &symbol), 0);
	assert_memory_equal(symbol.text, "ZVZZT\0\0\0", 8);
	assert_int_equal(fp_symbol8_from_field(at_wall("BRK B   ", 8), &symbol), 0);
	assert_memory_equal(symbol.text, "BRK B\0\0\0", 8);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_byte_at_each_place_is_judged),
		cmocka_unit_test(symbols_survive_texts_and_fields_of_every_width),
		cmocka_unit_test(symbols_of_eight_are_written_as_those_of_sixteen),
		cmocka_unit_test(fields_with_a_padding_that_is_none_are_refused),
	};
	int result;

	if (walls_create(&walls, 4096) != 0 || walls_create(&room_walls, 4096) != 0)
		return 1;
	result = cmocka_run_group_tests_name("fp_symbol_text", tests, NULL, NULL);
	walls_destroy(&room_walls);
	walls_destroy(&walls);
	return result;
}
