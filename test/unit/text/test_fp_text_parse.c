/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Numbers and bool from text, against the naive functions: every byte at every place, leading
 * zeros, numbers around the limits of the types, and texts at random.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "text_walls.h"

#define RANDOM_TEXTS 20000
#define ZEROS_MAX    40

static const char symbols[] = { 0, 'G', 'g', 'D', 'd', 'N', 'n', 'X', 'x' };

static uint64_t
next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state * UINT64_C(0x2545f4914f6cdd1d);
}

/* Parse as the naive function does, in this place of the memory and against its ends. */
static void
check_text(const struct text_type *type, char symbol, const void *text, uint32_t len)
{
	struct text_parse_call call = { .type = type, .symbol = symbol };
	const char *wrong;

	call.error =
		naive_parse(type, fp_cspan_over(text, len), symbol, &call.value, &call.consumed);
	wrong = text_check_parse(&call, text, len);
	if (wrong != NULL) {
		fail_msg("%s '%c' \"%.*s\": %s", type->name, symbol, (int)len, (const char *)text,
			wrong);
	}
}

/* The same, for the types of 64 bits and one that is smaller. */
static void
check_types(char symbol, const void *text, uint32_t len)
{
	check_text(&text_types[3], symbol, text, len);
	check_text(&text_types[6], symbol, text, len);
	check_text(&text_types[7], symbol, text, len);
}

/* Digits with every byte at one place. */
static void
check_every_byte(char *text, uint32_t len, uint32_t pos)
{
	for (uint32_t i = 0; i < len; i++)
		text[i] = (char)('1' + i % 9);
	for (int byte = 0; byte < 256; byte++) {
		text[pos] = (char)byte;
		check_types("DNX"[byte % 3], text, len);
		check_types('D', text, len);
	}
}

static void
every_byte_at_every_place_goes_on_or_ends_the_number(void **state)
{
	char text[24];

	(void)state;
	for (int path = 0; path < text_paths(); path++) {
		text_use_path(path);
		for (uint32_t len = 1; len <= sizeof(text); len++) {
			for (uint32_t pos = 0; pos < len; pos++)
				check_every_byte(text, len, pos);
		}
	}
}

/* The number's text with zeros, a sign and a tail around it. */
static void
check_with_zeros(const struct text_type *type, char symbol, const char *digits, uint32_t len)
{
	static const char *const signs[] = { "", "-", "+", "--" };
	char text[ZEROS_MAX + 2 * TEXT_MAX];

	for (int sign = 0; sign < 4; sign++) {
		for (uint32_t zeros = 0; zeros <= ZEROS_MAX; zeros += zeros < 20 ? 1 : 10) {
			uint32_t start = (uint32_t)strlen(signs[sign]);

			memcpy(text, signs[sign], start);
			memset(text + start, '0', zeros);
			memcpy(text + start + zeros, digits, len);
			check_text(type, symbol, text, start + zeros + len);
		}
	}
}

/* What begins a number one digit longer, too. */
static void
numbers_around_the_limits_fit_or_do_not(void **state)
{
	char digits[TEXT_MAX + 1];

	(void)state;
	for (int path = 0; path < text_paths(); path++) {
		text_use_path(path);
		for (int i = 0; i < TEXT_TYPES; i++) {
			const struct text_type *type = &text_types[i];

			for (int off = -22; off <= 22; off++) {
				uint64_t limit = UINT64_MAX >> (64 - type->bits + type->is_signed);
				const struct fp_text_format format = { 0, 0 };
				int len = naive_format(
					&text_types[7], limit + (uint64_t)off, format, digits);

				digits[len] = (char)('0' + (off + 22) % 10);
				check_with_zeros(type, 'D', digits, (uint32_t)len);
				check_with_zeros(type, 'D', digits, (uint32_t)len + 1);
				check_with_zeros(type, 'N', digits, (uint32_t)len);
				check_with_zeros(type, 'X', digits, (uint32_t)len);
			}
		}
	}
}

/* The first and the last @len digits of a long number, and as many hexadecimal ones. */
static void
check_length(const struct text_type *type, uint32_t len)
{
	const char *digits = "922337203685477580718446744073709551616";

	for (uint32_t s = 0; s < sizeof(symbols); s++)
		check_with_zeros(type, symbols[s], digits, len);
	check_with_zeros(type, 'D', digits + 39 - len, len);
	check_with_zeros(type, 'X', "ffffffffffffffffffff", len % 20);
}

static void
numbers_of_any_length_fit_or_do_not(void **state)
{
	(void)state;
	for (int path = 0; path < text_paths(); path++) {
		text_use_path(path);
		for (int i = 0; i < TEXT_TYPES; i++) {
			for (uint32_t len = 0; len <= 39; len++)
				check_length(&text_types[i], len);
		}
	}
}

/* A text of mostly digits, or of anything; its ends are anything more often. */
static uint32_t
make_text(uint64_t *seed, char text[48])
{
	static const char alphabet[] = "0000123456789999+--,,..$ aAfFgxX\xb0\x3a\x2f";
	uint64_t choice = next_random(seed);
	uint32_t len = (uint32_t)(choice % 48);
	uint32_t letters = (choice >> 8 & 3) == 0 ? sizeof(alphabet) - 1 : 16;

	for (uint32_t i = 0; i < len; i++)
		text[i] = alphabet[next_random(seed) % letters];
	if ((choice >> 10 & 1) != 0 && len > 0)
		text[0] = alphabet[next_random(seed) % (sizeof(alphabet) - 1)];
	if ((choice >> 11 & 1) != 0 && len > 0)
		text[len - 1] = alphabet[next_random(seed) % (sizeof(alphabet) - 1)];
	return len;
}

static void
texts_at_random_are_parsed_as_by_the_naive_function(void **state)
{
	uint64_t seed = 4711;
	char text[48];

	(void)state;
	for (int path = 0; path < text_paths(); path++) {
		text_use_path(path);
		for (int n = 0; n < RANDOM_TEXTS; n++) {
			uint32_t len = make_text(&seed, text);
			char symbol = symbols[next_random(&seed) % sizeof(symbols)];

			for (int i = 0; i < TEXT_TYPES; i++)
				check_text(&text_types[i], symbol, text, len);
		}
	}
}

static void
symbols_are_known_or_refused_whatever_the_text(void **state)
{
	static const char *const texts[] = { "", "1", "$", "true" };

	(void)state;
	for (int symbol = -128; symbol < 128; symbol++) {
		for (int t = 0; t < 4; t++) {
			uint32_t len = (uint32_t)strlen(texts[t]);
			struct text_parse_call word = { .symbol = (char)symbol };
			bool value;

			for (int i = 0; i < TEXT_TYPES; i++)
				check_text(&text_types[i], (char)symbol, texts[t], len);
			word.error = naive_parse_bool(
				fp_cspan_over(texts[t], len), (char)symbol, &value, &word.consumed);
			word.value = value;
			assert_null(text_check_parse(&word, texts[t], len));
		}
	}
}

/* A word with every byte in the place of a letter. */
static void
check_every_letter(const char *word, uint32_t len, uint32_t pos)
{
	char text[6];

	memcpy(text, word, len);
	for (int byte = 0; byte < 256; byte++) {
		struct text_parse_call call = { .symbol = 0 };
		bool value;

		text[pos] = (char)byte;
		call.error = naive_parse_bool(fp_cspan_over(text, len), 0, &value, &call.consumed);
		call.value = value;
		assert_null(text_check_parse(&call, text, len));
	}
}

static void
bool_is_a_word_in_any_case(void **state)
{
	static const char *const words[] = { "true", "FALSE", "fAlSe" };

	(void)state;
	for (int w = 0; w < 3; w++) {
		for (uint32_t len = 0; len <= strlen(words[w]); len++) {
			for (uint32_t pos = 0; pos < len; pos++)
				check_every_letter(words[w], len, pos);
		}
	}
}

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
		cmocka_unit_test(every_byte_at_every_place_goes_on_or_ends_the_number),
		cmocka_unit_test(numbers_around_the_limits_fit_or_do_not),
		cmocka_unit_test(numbers_of_any_length_fit_or_do_not),
		cmocka_unit_test(texts_at_random_are_parsed_as_by_the_naive_function),
		cmocka_unit_test(symbols_are_known_or_refused_whatever_the_text),
		cmocka_unit_test(bool_is_a_word_in_any_case),
	};

	return cmocka_run_group_tests_name("fp_text_parse", tests, set_up, tear_down);
}
