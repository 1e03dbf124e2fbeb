/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Plain decimal text. Eight characters are looked at together: the first that is no digit gives the
 * number of digits, a shift moves them to the end of the register and zeros to its start, and three
 * multiplications make the number. So random lengths cost one mispredicted branch, not one a digit.
 *
 * Near the end of a view, eight bytes that end with the view are loaded and shifted; a view of less
 * than eight is put together from two loads that overlap. Nothing outside the view is read.
 */

#include "fp_text_parse.h"
#include "fpi_text_digits.h"

/* What a run of digits comes to. */
struct run {
	uint64_t value;
	uint32_t count; /* digits; 0 when the value does not fit 64 bits or there is no digit */
};

static const uint64_t powers[9] = { 1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000 };

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

/* Digits one by one, behind any number of leading zeros: for 20 and more of them. */
FP_COLD static struct run
read_long(const uint8_t *text, uint32_t len)
{
	struct run run = { 0, 0 };
	uint32_t pos = 0;
	bool is_beyond = false;

	while (len - pos >= 8 && fp_load_le64(text + pos) == FPI_TEXT_ZEROS)
		pos += 8;
	while (pos < len && text[pos] >= '0' && text[pos] <= '9') {
		uint64_t digit = text[pos] - (uint64_t)'0';

		is_beyond = is_beyond || __builtin_mul_overflow(run.value, 10U, &run.value) ||
			__builtin_add_overflow(run.value, digit, &run.value);
		pos++;
	}
	run.count = is_beyond ? 0 : pos;
	return run;
}

/* Digits at the start of the text. */
static inline struct run
read_digits(const uint8_t *text, uint32_t len)
{
	struct run run;
	uint64_t digits;
	uint64_t more;
	uint32_t count;

	if (len < 8) {
		digits = load_short(text, len) ^ FPI_TEXT_ZEROS;
		run.count = (uint32_t)__builtin_ctzll(fpi_text_others(digits)) / 8;
		run.value = first_digits(digits, run.count);
		return run;
	}
	digits = fp_load_le64(text) ^ FPI_TEXT_ZEROS;
	run.count = count_digits(digits);
	run.value = first_digits(digits, run.count);
	if (run.count < 8)
		return run;
	more = load_from(text, len, 8) ^ FPI_TEXT_ZEROS;
	count = count_digits(more);
	run.count = 8 + count;
	run.value = run.value * powers[count] + first_digits(more, count);
	if (count < 8)
		return run;
	more = load_from(text, len, 16) ^ FPI_TEXT_ZEROS;
	count = count_digits(more);
	if (count > 3)
		return read_long(text, len);
	run.count = 16 + count;
	run.value = run.value * powers[count] + first_digits(more, count);
	return run;
}

/* Why there is no number in a text that begins like this. */
FP_COLD static int
read_error(const uint8_t *text, uint32_t len)
{
	return len != 0 && text[0] >= '0' && text[0] <= '9' ? -EOVERFLOW : -EBADMSG;
}

int
fp_text_read_u64(struct fp_cspan text, uint64_t *value, uint32_t *consumed)
{
	struct run run;

	fpi_cspan_check(text);
	run = read_digits(text.data, text.len);
	*consumed = run.count;
	*value = run.value;
	if (FP_LIKELY(run.count != 0))
		return 0;
	*value = 0;
	return read_error(text.data, text.len);
}

int
fp_text_read_i64(struct fp_cspan text, int64_t *value, uint32_t *consumed)
{
	const uint8_t *first = text.data;
	uint32_t is_negative;
	uint32_t sign;
	struct run run;

	*value = 0;
	*consumed = 0;
	if (text.len == 0)
		return -EBADMSG;
	fpi_cspan_check(text);
	is_negative = first[0] == '-';
	sign = is_negative | (first[0] == '+');
	run = read_digits(first + sign, text.len - sign);
	if (FP_UNLIKELY(run.count == 0))
		return read_error(first + sign, text.len - sign);
	if (FP_UNLIKELY(run.value > (uint64_t)INT64_MAX + is_negative))
		return -EOVERFLOW;
	*value = (int64_t)(is_negative ? 0 - run.value : run.value);
	*consumed = run.count + sign;
	return 0;
}
