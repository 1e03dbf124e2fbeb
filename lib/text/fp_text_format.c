/* SPDX-License-Identifier: BSD-3-Clause */

#include "fp_text_format.h"
#include "fpi_text_digits.h"

#define HEX_DIGITS_MAX 16U

/* An integer of any type. */
struct integer {
	uint64_t magnitude; /* without its sign */
	uint64_t bits;      /* as the type holds it */
	bool is_negative;
};

int
fp_text_format_parse(struct fp_cspan text, struct fp_text_format *format)
{
	const struct fp_text_format none = { 0, FP_TEXT_PRECISION_NONE };
	uint32_t precision = 0;

	*format = none;
	if (text.len == 0)
		return 0;
	if (text.len > 3)
		return -EBADMSG;
	for (uint32_t i = 1; i < text.len; i++) {
		uint8_t character = fp_cspan_at(text, i);

		if (character < '0' || character > '9')
			return -EBADMSG;
		precision = 10 * precision + character - '0';
	}
	format->symbol = (char)fp_cspan_at(text, 0);
	if (text.len > 1)
		format->precision = (uint8_t)precision;
	return 0;
}

/* True when the precision is there or left out, but nothing else. */
static bool
has_valid_precision(struct fp_text_format format)
{
	return format.precision <= FP_TEXT_PRECISION_MAX ||
		format.precision == FP_TEXT_PRECISION_NONE;
}

/* True when no format was given, in either of the two ways to say so. */
static bool
is_default(struct fp_text_format format)
{
	return format.symbol == 0 &&
		(format.precision == 0 || format.precision == FP_TEXT_PRECISION_NONE);
}

/* The number's digits, in an array that outlives the view of it, and their count. */
static uint32_t
split_decimal(uint64_t value, uint8_t digits[FP_TEXT_DECIMAL_BYTES_MAX])
{
	uint32_t count = 0;
	int error =
		fp_text_write_u64(value, fp_span_over(digits, FP_TEXT_DECIMAL_BYTES_MAX), &count);

	(void)error; /* the longest number fits */
	return count;
}

static uint8_t *
put_zeros(uint8_t *to, uint32_t count)
{
	memset(to, '0', count);
	return to + count;
}

/* G: as the functions for 64 bits write it. */
static uint32_t
write_plain(const struct integer *integer, struct fp_span to)
{
	uint32_t len = 0;
	int error = integer->is_negative
		? fp_text_write_i64((int64_t)(0 - integer->magnitude), to, &len)
		: fp_text_write_u64(integer->magnitude, to, &len);

	(void)error; /* a length of 0 says it */
	return len;
}

/* D: a sign, zeros, digits. */
static uint32_t
write_padded(const struct integer *integer, uint32_t digits_min, struct fp_span to)
{
	uint8_t digits[FP_TEXT_DECIMAL_BYTES_MAX];
	uint32_t count = split_decimal(integer->magnitude, digits);
	uint32_t zeros = digits_min > count ? digits_min - count : 0;
	uint32_t len = integer->is_negative + zeros + count;
	uint8_t *next = to.data;

	if (len > to.len)
		return 0;
	fpi_cspan_check(fp_span_const(to));
	if (integer->is_negative)
		*next++ = '-';
	next = put_zeros(next, zeros);
	memcpy(next, digits, count);
	return len;
}

/* N: a sign, digits in groups of three, a fraction of zeros. */
static uint32_t
write_grouped(const struct integer *integer, uint32_t decimals, struct fp_span to)
{
	uint8_t digits[FP_TEXT_DECIMAL_BYTES_MAX];
	uint32_t count = split_decimal(integer->magnitude, digits);
	uint32_t len = integer->is_negative + count + (count - 1) / 3;
	uint8_t *next = to.data;

	if (decimals != 0)
		len += 1 + decimals;
	if (len > to.len)
		return 0;
	fpi_cspan_check(fp_span_const(to));
	if (integer->is_negative)
		*next++ = '-';
	for (uint32_t i = 0; i < count; i++) {
		if (i != 0 && (count - i) % 3 == 0)
			*next++ = ',';
		*next++ = digits[i];
	}
	if (decimals != 0) {
		*next++ = '.';
		(void)put_zeros(next, decimals);
	}
	return len;
}

/* X: zeros, digits; those from ten on are letters from @ten on. */
static uint32_t
write_hex(uint64_t bits, uint32_t digits_min, char ten, struct fp_span to)
{
	uint32_t count = HEX_DIGITS_MAX - (uint32_t)__builtin_clzll(bits | 1) / 4;
	uint32_t zeros = digits_min > count ? digits_min - count : 0;
	uint8_t *next = to.data;

	if (zeros + count > to.len)
		return 0;
	fpi_cspan_check(fp_span_const(to));
	next = put_zeros(next, zeros);
	for (uint32_t i = count; i > 0; i--) {
		uint32_t digit = bits >> 4 * (i - 1) & 0xf;

		*next++ = (uint8_t)(digit < 10 ? '0' + digit : ten + digit - 10);
	}
	return zeros + count;
}

static int
format_integer(const struct integer *integer, struct fp_text_format format, struct fp_span to,
	uint32_t *written)
{
	bool has_precision = format.precision != FP_TEXT_PRECISION_NONE;
	uint32_t precision = has_precision ? format.precision : 0;

	*written = 0;
	if (!has_valid_precision(format))
		return -EINVAL;
	if (is_default(format)) {
		format.symbol = 'G';
		has_precision = false;
	}
	switch (format.symbol) {
	case 'G':
	case 'g':
		if (has_precision)
			return -ENOTSUP;
		*written = write_plain(integer, to);
		break;
	case 'D':
	case 'd':
		*written = write_padded(integer, precision, to);
		break;
	case 'N':
	case 'n':
		*written = write_grouped(integer, has_precision ? precision : 2, to);
		break;
	case 'X':
	case 'x':
		/* 'a' is as far from 'x' as 'A' is from 'X'. */
		*written = write_hex(
			integer->bits, precision, (char)(format.symbol - ('X' - 'A')), to);
		break;
	default:
		return -EINVAL;
	}
	return *written != 0 ? 0 : -ERANGE;
}

#define FORMAT_UNSIGNED(bits)                                                          \
	int fp_text_format_u##bits(uint##bits##_t value, struct fp_text_format format, \
		struct fp_span to, uint32_t *written)                                  \
	{                                                                              \
		const struct integer integer = { value, value, false };                \
                                                                                       \
		return format_integer(&integer, format, to, written);                  \
	}

/* What the type holds, widened without its sign. */
#define FORMAT_SIGNED(bits)                                                           \
	int fp_text_format_i##bits(int##bits##_t value, struct fp_text_format format, \
		struct fp_span to, uint32_t *written)                                 \
	{                                                                             \
		uint64_t wide = (uint64_t)value;                                      \
		const struct integer integer = { value < 0 ? 0 - wide : wide,         \
			(uint##bits##_t)value, value < 0 };                           \
                                                                                      \
		return format_integer(&integer, format, to, written);                 \
	}

FORMAT_UNSIGNED(8)
FORMAT_UNSIGNED(16)
FORMAT_UNSIGNED(32)
FORMAT_UNSIGNED(64)
FORMAT_SIGNED(8)
FORMAT_SIGNED(16)
FORMAT_SIGNED(32)
FORMAT_SIGNED(64)

int
fp_text_format_bool(bool value, struct fp_text_format format, struct fp_span to, uint32_t *written)
{
	const char *word = value ? "True" : "False";
	uint32_t len = value ? 4 : 5;

	*written = 0;
	if (!has_valid_precision(format))
		return -EINVAL;
	if (format.symbol == 'l') {
		word = value ? "true" : "false";
	} else if (format.symbol != 'G' && !is_default(format)) {
		return -EINVAL;
	}
	if (len > to.len)
		return -ERANGE;
	fpi_cspan_check(fp_span_const(to));
	memcpy(to.data, word, len);
	*written = len;
	return 0;
}
