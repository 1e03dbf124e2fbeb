/* SPDX-License-Identifier: BSD-3-Clause */

#include <ctype.h>
#include <string.h>

#include "text_types.h"

/* A type takes no parentheses: NOLINTBEGIN(bugprone-macro-parentheses) */
#define FUNCTIONS(name, type)                                                                     \
	static int format_##name(uint64_t value, struct fp_text_format format, struct fp_span to, \
		uint32_t *written)                                                                \
	{                                                                                         \
		return fp_text_format_##name((type)value, format, to, written);                   \
	}                                                                                         \
	static int parse_##name(                                                                  \
		struct fp_cspan text, char symbol, uint64_t *value, uint32_t *consumed)           \
	{                                                                                         \
		type number = 1;                                                                  \
		int error = fp_text_parse_##name(text, symbol, &number, consumed);                \
                                                                                                  \
		*value = (uint64_t)number;                                                        \
		return error;                                                                     \
	}
/* NOLINTEND(bugprone-macro-parentheses) */

FUNCTIONS(i8, int8_t)
FUNCTIONS(i16, int16_t)
FUNCTIONS(i32, int32_t)
FUNCTIONS(i64, int64_t)
FUNCTIONS(u8, uint8_t)
FUNCTIONS(u16, uint16_t)
FUNCTIONS(u32, uint32_t)
FUNCTIONS(u64, uint64_t)

const struct text_type text_types[TEXT_TYPES] = {
	{ "i8", 8, true, format_i8, parse_i8 },
	{ "i16", 16, true, format_i16, parse_i16 },
	{ "i32", 32, true, format_i32, parse_i32 },
	{ "i64", 64, true, format_i64, parse_i64 },
	{ "u8", 8, false, format_u8, parse_u8 },
	{ "u16", 16, false, format_u16, parse_u16 },
	{ "u32", 32, false, format_u32, parse_u32 },
	{ "u64", 64, false, format_u64, parse_u64 },
};

const struct text_type *
text_type_find(const char *name)
{
	for (int i = 0; i < TEXT_TYPES; i++) {
		if (strcmp(text_types[i].name, name) == 0)
			return &text_types[i];
	}
	return NULL;
}

uint64_t
text_type_cut(const struct text_type *type, uint64_t value)
{
	uint64_t sign = UINT64_C(1) << (type->bits - 1);
	uint64_t mask = sign | (sign - 1);

	value &= mask;
	return type->is_signed && (value & sign) != 0 ? value | ~mask : value;
}

/* A text that is made from its end. */
struct backwards {
	char *next; /* behind the next character */
};

static void
put(struct backwards *text, char character)
{
	*--text->next = character;
}

/* Digits of a number, at least so many, with a ',' in front of each third one if asked. */
static void
put_number(struct backwards *text, uint64_t value, uint64_t base, int digits_min, bool has_groups)
{
	int digits = 0;

	while (value != 0 || digits == 0 || digits < digits_min) {
		if (has_groups && digits != 0 && digits % 3 == 0)
			put(text, ',');
		put(text, "0123456789ABCDEF"[value % base]);
		value /= base;
		digits++;
	}
}

int
naive_format(const struct text_type *type, uint64_t value, struct fp_text_format format,
	char text[TEXT_MAX])
{
	bool has_precision = format.precision != FP_TEXT_PRECISION_NONE;
	bool is_negative = type->is_signed && (int64_t)value < 0;
	uint64_t magnitude = is_negative ? 0 - value : value;
	int precision = has_precision ? format.precision : 0;
	char symbol = (char)toupper((unsigned char)format.symbol);
	struct backwards end = { text + TEXT_MAX };
	int len;

	if (has_precision && precision > 99)
		return -EINVAL;
	if (symbol == 0 && precision == 0) {
		symbol = 'G';
	} else if (symbol == 'G' && has_precision) {
		return -ENOTSUP;
	}
	if (symbol == 'X') {
		uint64_t bits =
			type->bits == 64 ? value : value & ((UINT64_C(1) << type->bits) - 1);

		put_number(&end, bits, 16, precision, false);
		is_negative = false;
	} else if (symbol == 'N') {
		for (int i = 0; i < (has_precision ? precision : 2); i++)
			put(&end, '0');
		if (!has_precision || precision != 0)
			put(&end, '.');
		put_number(&end, magnitude, 10, 0, true);
	} else if (symbol == 'G' || symbol == 'D') {
		put_number(&end, magnitude, 10, precision, false);
	} else {
		return -EINVAL;
	}
	if (is_negative)
		put(&end, '-');
	len = (int)(text + TEXT_MAX - end.next);
	memmove(text, end.next, (size_t)len);
	for (int i = 0; format.symbol == 'x' && i < len; i++)
		text[i] = (char)tolower((unsigned char)text[i]);
	return len;
}

/* The byte at a position; -1 at the end. */
static int
at(struct fp_cspan text, uint32_t pos)
{
	return pos < text.len ? text.data[pos] : -1;
}

/* A number that is being read; it stops growing beyond 64 bits. */
struct naive_number {
	uint64_t value;
	uint32_t digits;
	bool is_huge;
};

static void
add_digit(struct naive_number *number, uint64_t base, uint64_t digit)
{
	if (number->value > (UINT64_MAX - digit) / base) {
		number->is_huge = true;
	} else {
		number->value = number->value * base + digit;
	}
	number->digits++;
}

/* X: the number has all bits of the type. */
static int
naive_parse_hex(
	const struct text_type *type, struct fp_cspan text, uint64_t *value, uint32_t *consumed)
{
	struct naive_number number = { 0, 0, false };
	uint32_t pos = 0;

	for (; isxdigit(at(text, pos)); pos++) {
		int digit = toupper(at(text, pos));

		add_digit(&number, 16, (uint64_t)(digit <= '9' ? digit - '0' : digit - 'A' + 10));
	}
	if (number.digits == 0)
		return -EBADMSG;
	if (number.is_huge || (type->bits < 64 && number.value >> type->bits != 0))
		return -EOVERFLOW;
	*value = text_type_cut(type, number.value);
	*consumed = pos;
	return 0;
}

static int
naive_parse_decimal(const struct text_type *type, struct fp_cspan text, bool has_groups,
	uint64_t *value, uint32_t *consumed)
{
	uint64_t max = UINT64_MAX >> (64 - type->bits + type->is_signed);
	struct naive_number number = { 0, 0, false };
	bool is_negative = at(text, 0) == '-';
	uint32_t pos = 0;

	if (type->is_signed && is_negative) {
		max++;
		pos = 1;
	} else if (at(text, 0) == '+' && (type->is_signed || has_groups)) {
		pos = 1;
	}
	while (isdigit(at(text, pos)) ||
		(has_groups && number.digits > 0 && at(text, pos) == ',')) {
		if (at(text, pos) != ',')
			add_digit(&number, 10, (uint64_t)(at(text, pos) - '0'));
		pos++;
	}
	if (has_groups && at(text, pos) == '.') {
		pos++;
		while (at(text, pos) == '0') {
			number.digits++;
			pos++;
		}
		if (isdigit(at(text, pos)))
			return -EBADMSG;
	}
	if (number.digits == 0)
		return -EBADMSG;
	if (number.is_huge || number.value > max)
		return -EOVERFLOW;
	*value = is_negative ? 0 - number.value : number.value;
	*consumed = pos;
	return 0;
}

int
naive_parse(const struct text_type *type, struct fp_cspan text, char symbol, uint64_t *value,
	uint32_t *consumed)
{
	*value = 0;
	*consumed = 0;
	if (symbol != 0 && strchr("GgDdNnXx", symbol) == NULL)
		return -EINVAL;
	if (symbol == 'X' || symbol == 'x')
		return naive_parse_hex(type, text, value, consumed);
	return naive_parse_decimal(type, text, symbol == 'N' || symbol == 'n', value, consumed);
}

int
naive_parse_bool(struct fp_cspan text, char symbol, bool *value, uint32_t *consumed)
{
	char word[6] = { 0 };

	*value = false;
	*consumed = 0;
	if (symbol != 0 && symbol != 'G' && symbol != 'l')
		return -EINVAL;
	for (uint32_t i = 0; i < 5 && i < text.len; i++)
		word[i] = (char)toupper(text.data[i]);
	if (strncmp(word, "TRUE", 4) == 0) {
		*value = true;
		*consumed = 4;
		return 0;
	}
	*consumed = strcmp(word, "FALSE") == 0 ? 5 : 0;
	return *consumed != 0 ? 0 : -EBADMSG;
}

int
naive_format_bool(bool value, struct fp_text_format format, char text[TEXT_MAX])
{
	bool has_precision = format.precision != FP_TEXT_PRECISION_NONE;

	if ((has_precision && format.precision > 99) ||
		(format.symbol != 'G' && format.symbol != 'l' &&
			!(format.symbol == 0 && (!has_precision || format.precision == 0))))
		return -EINVAL;
	memcpy(text, value ? "True" : "False", value ? 4 : 5);
	if (format.symbol == 'l')
		text[0] = (char)tolower((unsigned char)text[0]);
	return value ? 4 : 5;
}
