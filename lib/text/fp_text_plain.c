/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Plain decimal text in C, eight digits at a time.
 *
 * Numbers are written in one of four classes by their length: 1 to 3, 4 to 8, 9 to 16, and 17 to 20
 * digits. Inside a class nothing depends on the length but shifts and addresses: the text is
 * covered by stores of one width, the last of which ends with the text and overlaps the one before.
 * Every store lies inside the text.
 *
 * Of eight characters that are read, the first that is no digit gives the number of digits, a shift
 * moves them to the end of the register and zeros to its start, and three multiplications make the
 * number. Near the end of a view, eight bytes that end with the view are loaded and shifted; a view
 * of less than eight is put together from two loads that overlap. Nothing outside the view is read.
 *
 * So random lengths are mispredicted by class, not once per digit.
 */

#include <rte_common.h>

#include "fpi_text_decimal.h"
#include "fpi_text_digits.h"

/* Digits that were read. */
struct run {
	uint64_t value;
	uint32_t count; /* 0 = none, or the value does not fit 64 bits */
};

/* The characters of a view of less than eight bytes; zeros behind them. */
static inline uint64_t
load_short(const uint8_t *text, uint32_t len)
{
	uint32_t half = len / 2;

	if (len >= 4)
		return fp_load_le32(text) | (uint64_t)fp_load_le32(text + len - 4) << 8 * (len - 4);
	if (len == 0)
		return 0;
	return text[0] | (uint64_t)text[half] << 8 * half |
		(uint64_t)text[len - 1] << 8 * (len - 1);
}

/* The characters from @pos on, up to eight; zeros behind them. The view has at least eight. */
static inline uint64_t
load_from(const uint8_t *text, uint32_t len, uint32_t pos)
{
	uint32_t left = len - pos;
	uint32_t missing = left < 8 ? 8 - left : 0;

	/* In two steps, since all eight may be missing. */
	return fp_load_le64(text + (pos - missing)) >> 4 * missing >> 4 * missing;
}

/* The first @count of eight digits, 0 to 8, as a number. */
static inline uint64_t
first_digits(uint64_t digits, uint32_t count)
{
	uint32_t others = 4 * (8 - count);

	return fpi_text_number(digits << others << others);
}

static inline uint32_t
count_digits(uint64_t digits)
{
	uint64_t others = fpi_text_others(digits);

	return others == 0 ? 8 : (uint32_t)__builtin_ctzll(others) / 8;
}

/* Bits that the zeros in front take of eight digits; the last digit is none of them. */
static inline uint32_t
leading_bits(uint64_t digits)
{
	return (uint32_t)__builtin_ctzll(digits | UINT64_C(1) << 56) & 0x38;
}

/* Nine digits and more; not inline, so that the shorter ones save no registers. */
static __rte_noinline uint32_t
write_long(uint64_t value, uint32_t is_negative, struct fp_span span)
{
	uint64_t high = value / FP_DIGITS_10_8;
	uint64_t low = fp_digits_split((uint32_t)(value - high * FP_DIGITS_10_8)) | FP_DIGITS_ZEROS;
	uint64_t middle = low;
	uint32_t behind = 8; /* digits after those of `high` */
	uint64_t digits;
	uint32_t bits;
	uint32_t len;

	if (value >= FP_DIGITS_10_16) {
		uint64_t higher = value / FP_DIGITS_10_16;

		middle = fp_digits_split((uint32_t)(high - higher * FP_DIGITS_10_8)) |
			FP_DIGITS_ZEROS;
		high = higher;
		behind = 16;
	}
	digits = fp_digits_split((uint32_t)high);
	bits = leading_bits(digits);
	len = is_negative + 8 - bits / 8 + behind;
	if (FP_UNLIKELY(len > span.len))
		return 0;
	fpi_cspan_check(fp_span_const(span));
	span.data[0] = '-'; /* a digit takes its place when there is no sign */
	fp_store_le64(span.data + is_negative, (digits | FP_DIGITS_ZEROS) >> bits);
	fp_store_le64(span.data + len - behind, middle);
	fp_store_le64(span.data + len - 8, low);
	return len;
}

/*
 * Write the digits of @value, and '-' in front of them if @is_negative, which is 0 or 1. Returns
 * the length, or 0 when there is no room.
 */
static inline uint32_t
write_decimal(uint64_t value, uint32_t is_negative, struct fp_span span)
{
	uint8_t *to = span.data;
	uint64_t digits;
	uint32_t count;
	uint32_t bits;

	if (value >= FP_DIGITS_10_8)
		return write_long(value, is_negative, span);
	digits = fp_digits_split((uint32_t)value);
	bits = leading_bits(digits);
	digits |= FP_DIGITS_ZEROS;
	count = 8 - bits / 8;
	if (FP_UNLIKELY(count + is_negative > span.len))
		return 0;
	fpi_cspan_check(fp_span_const(span));
	to[0] = '-'; /* as above */
	to += is_negative;
	if (bits <= 32) {
		fp_store_le32(to, (uint32_t)(digits >> bits));
		fp_store_le32(to + count - 4, (uint32_t)(digits >> 32));
	} else {
		to[0] = (uint8_t)(digits >> bits);
		to[count / 2] = (uint8_t)(digits >> (bits + 8 * (count / 2)));
		to[count - 1] = (uint8_t)(digits >> 56);
	}
	return count + is_negative;
}

int
fpi_text_write_u64_plain(uint64_t value, struct fp_span to, uint32_t *written)
{
	*written = write_decimal(value, 0, to);
	return *written != 0 ? 0 : -ERANGE;
}

int
fpi_text_write_i64_plain(int64_t value, struct fp_span to, uint32_t *written)
{
	uint32_t is_negative = value < 0;

	*written =
		write_decimal(is_negative ? 0 - (uint64_t)value : (uint64_t)value, is_negative, to);
	return *written != 0 ? 0 : -ERANGE;
}

/* Digits one by one, behind any number of leading zeros: for 20 and more of them. */
FP_COLD static struct run
read_each(const uint8_t *text, uint32_t len)
{
	struct run run = { 0, 0 };
	uint32_t pos = 0;
	bool is_beyond = false;

	while (len - pos >= 8 && fp_load_le64(text + pos) == FP_DIGITS_ZEROS)
		pos += 8;
	while (pos < len && text[pos] >= '0' && text[pos] <= '9') {
		uint64_t digit = text[pos] - (uint64_t)'0';

		is_beyond = is_beyond || __builtin_mul_overflow(run.value, 10U, &run.value) ||
			__builtin_add_overflow(run.value, digit, &run.value);
		pos++;
	}
	if (!is_beyond) {
		run.count = pos;
	} else {
		run.value = 0;
	}
	return run;
}

/* Digits at the start of the text. */
static inline struct run
read_digits(const uint8_t *text, uint32_t len)
{
	struct run run;
	uint64_t digits;
	uint32_t count;

	if (len < 8) {
		digits = load_short(text, len) ^ FP_DIGITS_ZEROS;
		run.count = (uint32_t)__builtin_ctzll(fpi_text_others(digits)) / 8;
		run.value = first_digits(digits, run.count);
		return run;
	}
	digits = fp_load_le64(text) ^ FP_DIGITS_ZEROS;
	run.count = count_digits(digits);
	run.value = first_digits(digits, run.count);
	if (run.count < 8)
		return run;
	digits = load_from(text, len, 8) ^ FP_DIGITS_ZEROS;
	count = count_digits(digits);
	run.count = 8 + count;
	run.value = run.value * fp_digits_pow10[count] + first_digits(digits, count);
	if (count < 8)
		return run;
	digits = load_from(text, len, 16) ^ FP_DIGITS_ZEROS;
	count = count_digits(digits);
	if (count > 3)
		return read_each(text, len);
	run.count = 16 + count;
	run.value = run.value * fp_digits_pow10[count] + first_digits(digits, count);
	return run;
}

/* Why there is no number, or none that fits, in what begins at @pos. */
FP_COLD static int
read_error(struct fp_cspan text, uint32_t pos)
{
	return pos < text.len && text.data[pos] >= '0' && text.data[pos] <= '9' ? -EOVERFLOW
										: -EBADMSG;
}

int
fpi_text_read_u64_plain(struct fp_cspan text, uint64_t *value, uint32_t *consumed)
{
	struct run run;

	fpi_cspan_check(text);
	run = read_digits(text.data, text.len);
	*value = run.value;
	*consumed = run.count;
	return FP_LIKELY(run.count != 0) ? 0 : read_error(text, 0);
}

int
fpi_text_read_i64_plain(struct fp_cspan text, int64_t *value, uint32_t *consumed)
{
	uint32_t is_negative;
	uint32_t sign;
	struct run run;

	*value = 0;
	*consumed = 0;
	if (text.len == 0)
		return -EBADMSG;
	fpi_cspan_check(text);
	is_negative = text.data[0] == '-';
	sign = fpi_text_sign(text.data[0]);
	run = read_digits(text.data + sign, text.len - sign);
	if (FP_UNLIKELY(run.count == 0 || run.value > (uint64_t)INT64_MAX + is_negative))
		return read_error(text, sign);
	*value = (int64_t)(is_negative != 0 ? 0 - run.value : run.value);
	*consumed = run.count + sign;
	return 0;
}
