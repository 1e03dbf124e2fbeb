/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * libFuzzer on numbers and bool as text: the input says which type, symbol, precision and room, and
 * then is the number or the text. The naive functions of text_types.c know what is right.
 */

#include "../unit/text/text_types.h"
#include "fpi_text_decimal.h"
#include "fuzz_input.h"

#define MARK 0xa5

/* What the input begins with. */
struct choice {
	const struct text_type *type; /* NULL = bool */
	struct fp_text_format format;
};

static void
take_choice(struct fuzz_input *input, struct choice *choice)
{
	static const char symbols[] = { 0, 'G', 'g', 'D', 'd', 'N', 'n', 'X', 'x', 'l' };
	uint8_t type = fuzz_take_u8(input) % (TEXT_TYPES + 1);
	uint8_t symbol = fuzz_take_u8(input);

	choice->type = type < TEXT_TYPES ? &text_types[type] : NULL;
	/* Seldom a symbol that there may not be. */
	choice->format.symbol = symbols[symbol % sizeof(symbols)];
	if (symbol >= 240)
		choice->format.symbol = (char)(symbol - 200);
	choice->format.precision = fuzz_take_u8(input);
	if (choice->format.precision > 110)
		choice->format.precision = FP_TEXT_PRECISION_NONE;
}

static void
run_format(const struct choice *choice, uint64_t value, uint8_t cap)
{
	uint8_t *room = malloc(cap != 0 ? cap : 1);
	struct fp_span to = fp_span_over(cap != 0 ? room : NULL, cap);
	char expected[TEXT_MAX];
	uint32_t written = 1;
	int error;
	int len;

	FUZZ_CHECK(room != NULL);
	if (cap != 0)
		memset(room, MARK, cap);
	if (choice->type != NULL) {
		value = text_type_cut(choice->type, value);
		len = naive_format(choice->type, value, choice->format, expected);
		error = choice->type->format(value, choice->format, to, &written);
	} else {
		len = naive_format_bool(value % 2 != 0, choice->format, expected);
		error = fp_text_format_bool(value % 2 != 0, choice->format, to, &written);
	}
	if (len > cap)
		len = -ERANGE;
	FUZZ_CHECK(error == (len < 0 ? len : 0));
	FUZZ_CHECK(written == (len < 0 ? 0 : (uint32_t)len));
	FUZZ_CHECK(len < 0 || memcmp(room, expected, written) == 0);
	for (uint32_t i = written; error == 0 && i < cap; i++)
		FUZZ_CHECK(room[i] == MARK);
	free(room);
}

static void
run_parse(const struct choice *choice, const struct fuzz_copy *copy)
{
	struct fp_cspan text = fp_cspan_over(copy->data, copy->len);
	char symbol = choice->format.symbol;
	uint64_t expected = 0;
	uint64_t value = 1;
	uint32_t expected_len = 0;
	uint32_t len = 1;
	bool expected_word = false;
	bool word = true;

	if (choice->type != NULL) {
		int error = naive_parse(choice->type, text, symbol, &expected, &expected_len);

		FUZZ_CHECK(choice->type->parse(text, symbol, &value, &len) == error);
		FUZZ_CHECK(value == expected && len == expected_len);
	} else {
		int error = naive_parse_bool(text, symbol, &expected_word, &expected_len);

		FUZZ_CHECK(fp_text_parse_bool(text, symbol, &word, &len) == error);
		FUZZ_CHECK(word == expected_word && len == expected_len);
	}
}

/* The text of a format, too: what is taken for one is a symbol and at most two digits. */
static void
run_format_text(const struct fuzz_copy *copy)
{
	struct fp_text_format format = { 'Q', 1 };
	int error = fp_text_format_parse(fp_cspan_over(copy->data, copy->len), &format);
	bool is_format = copy->len <= 3;
	uint32_t precision = 0;

	for (uint32_t i = 1; i < copy->len && is_format; i++) {
		is_format = copy->data[i] >= '0' && copy->data[i] <= '9';
		precision = 10 * precision + copy->data[i] - '0';
	}
	FUZZ_CHECK(error == (is_format ? 0 : -EBADMSG));
	FUZZ_CHECK(format.symbol == (is_format && copy->len > 0 ? (char)copy->data[0] : 0));
	FUZZ_CHECK(format.precision ==
		(is_format && copy->len > 1 ? precision : FP_TEXT_PRECISION_NONE));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct fuzz_input input = { data, len };
	uint8_t what = fuzz_take_u8(&input);
	uint8_t cap = fuzz_take_u8(&input);
	struct choice choice;
	struct fuzz_copy copy;

	take_choice(&input, &choice);
	FUZZ_CHECK(fpi_text_set_masked((what & 4) != 0 && fpi_text_has_masked()) == 0);
	if ((what & 3) == 0) {
		run_format(&choice, fuzz_take_number(&input, 8), cap);
		return 0;
	}
	copy = fuzz_take_copy(&input, cap);
	if ((what & 3) == 1) {
		run_format_text(&copy);
	} else {
		run_parse(&choice, &copy);
	}
	free(copy.base);
	return 0;
}
