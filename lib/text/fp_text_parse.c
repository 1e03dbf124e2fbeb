/* SPDX-License-Identifier: BSD-3-Clause */

#include "fp_text_parse.h"

/* What a type can hold. */
struct type {
	uint64_t positive_max; /* largest number */
	uint64_t negative_max; /* largest magnitude behind a '-'; 0 = there is no '-' */
	uint32_t hex_digits;   /* of its width */
};

/* What was read. */
struct number {
	uint64_t bits; /* as a signed number of 64 bits, or as an unsigned one */
	uint32_t len;  /* [bytes] */
};

static bool
is_digit(uint8_t character)
{
	return character >= '0' && character <= '9';
}

/* Value of a hexadecimal digit; 16 when it is none. */
static uint32_t
hex_value(uint8_t character)
{
	uint8_t letter = character | 0x20;

	if (is_digit(character))
		return (uint32_t)(character - '0');
	return letter >= 'a' && letter <= 'f' ? (uint32_t)(letter - 'a' + 10) : 16;
}

/* G and D: the two functions for 64 bits, and what they read judged by the type. */
static int
parse_decimal(struct fp_cspan text, const struct type *type, struct number *number)
{
	uint64_t unsigned_value = 0;
	int64_t value = 0;
	uint32_t len = 0;
	int error;

	if (type->negative_max == 0) {
		error = fp_text_read_u64(text, &unsigned_value, &len);
		if (error == 0 && unsigned_value > type->positive_max)
			error = -EOVERFLOW;
	} else {
		error = fp_text_read_i64(text, &value, &len);
		unsigned_value = (uint64_t)value;
		if (error == 0 &&
			(value < 0 ? 0 - unsigned_value > type->negative_max
				   : unsigned_value > type->positive_max))
			error = -EOVERFLOW;
	}
	number->bits = unsigned_value;
	number->len = len;
	return error;
}

/* Digits with any ',' behind the first of them; moves @pos on and says whether they fit. */
static bool
read_groups(struct fp_cspan text, uint32_t *pos, uint64_t max, uint64_t *value)
{
	bool is_beyond = false;

	for (; *pos < text.len; (*pos)++) {
		uint8_t character = text.data[*pos];

		if (is_digit(character)) {
			uint64_t digit = character - (uint64_t)'0';

			is_beyond = is_beyond || *value > (max - digit) / 10;
			*value = *value * 10 + digit;
		} else if (character != ',') {
			break;
		}
	}
	return !is_beyond;
}

/* N: a sign, digits with ',', a fraction of nothing but zeros. */
static int
parse_grouped(struct fp_cspan text, const struct type *type, struct number *number)
{
	bool is_negative = text.len != 0 && text.data[0] == '-';
	uint64_t max = is_negative ? type->negative_max : type->positive_max;
	bool has_digits = false;
	bool fits = true;
	uint64_t value = 0;
	uint32_t pos = 0;

	if (is_negative && type->negative_max == 0)
		return -EBADMSG;
	if (is_negative || (text.len != 0 && text.data[0] == '+'))
		pos++;
	if (pos < text.len && is_digit(text.data[pos])) {
		has_digits = true;
		fits = read_groups(text, &pos, max, &value);
	}
	if (pos < text.len && text.data[pos] == '.') {
		uint32_t point = pos++;

		while (pos < text.len && text.data[pos] == '0')
			pos++;
		has_digits = has_digits || pos > point + 1;
		if (pos < text.len && is_digit(text.data[pos]))
			return -EBADMSG;
	}
	if (!has_digits)
		return -EBADMSG;
	if (!fits)
		return -EOVERFLOW;
	number->bits = is_negative ? 0 - value : value;
	number->len = pos;
	return 0;
}

/* X: digits, of which those behind the leading zeros fit the type's width. */
static int
parse_hex(struct fp_cspan text, const struct type *type, struct number *number)
{
	uint32_t significant = 0;
	uint64_t bits = 0;
	uint32_t pos = 0;

	for (; pos < text.len; pos++) {
		uint32_t digit = hex_value(text.data[pos]);

		if (digit == 16)
			break;
		bits = bits << 4 | digit;
		if (significant != 0 || digit != 0)
			significant++;
	}
	if (pos == 0)
		return -EBADMSG;
	if (significant > type->hex_digits)
		return -EOVERFLOW;
	number->bits = bits;
	number->len = pos;
	return 0;
}

static int
parse_integer(struct fp_cspan text, char symbol, const struct type *type, struct number *number)
{
	fpi_cspan_check(text);
	switch (symbol) {
	case 0:
	case 'G':
	case 'g':
	case 'D':
	case 'd':
		return parse_decimal(text, type, number);
	case 'N':
	case 'n':
		return parse_grouped(text, type, number);
	case 'X':
	case 'x':
		return parse_hex(text, type, number);
	default:
		return -EINVAL;
	}
}

/* A type takes no parentheses: NOLINTBEGIN(bugprone-macro-parentheses) */
#define PARSE(name, ctype, positive_max, negative_max)                                             \
	int fp_text_parse_##name(                                                                  \
		struct fp_cspan text, char symbol, ctype *value, uint32_t *consumed)               \
	{                                                                                          \
		static const struct type type = { positive_max, negative_max, 2 * sizeof(ctype) }; \
		struct number number = { 0, 0 };                                                   \
		int error = parse_integer(text, symbol, &type, &number);                           \
                                                                                                   \
		*value = error == 0 ? (ctype)number.bits : 0;                                      \
		*consumed = error == 0 ? number.len : 0;                                           \
		return error;                                                                      \
	}

PARSE(u8, uint8_t, UINT8_MAX, 0)
PARSE(u16, uint16_t, UINT16_MAX, 0)
PARSE(u32, uint32_t, UINT32_MAX, 0)
PARSE(u64, uint64_t, UINT64_MAX, 0)
PARSE(i8, int8_t, INT8_MAX, (uint64_t)INT8_MAX + 1)
PARSE(i16, int16_t, INT16_MAX, (uint64_t)INT16_MAX + 1)
PARSE(i32, int32_t, INT32_MAX, (uint64_t)INT32_MAX + 1)
PARSE(i64, int64_t, INT64_MAX, (uint64_t)INT64_MAX + 1)
/* NOLINTEND(bugprone-macro-parentheses) */

/* True when the text begins with the word, given in small letters. */
static bool
begins_with(struct fp_cspan text, const char *word, uint32_t len)
{
	uint32_t i = 0;

	if (text.len < len)
		return false;
	while (i < len && (text.data[i] | 0x20) == word[i])
		i++;
	return i == len;
}

int
fp_text_parse_bool(struct fp_cspan text, char symbol, bool *value, uint32_t *consumed)
{
	*value = false;
	*consumed = 0;
	if (symbol != 0 && symbol != 'G' && symbol != 'l')
		return -EINVAL;
	fpi_cspan_check(text);
	if (begins_with(text, "true", 4)) {
		*value = true;
		*consumed = 4;
		return 0;
	}
	if (begins_with(text, "false", 5)) {
		*consumed = 5;
		return 0;
	}
	return -EBADMSG;
}
