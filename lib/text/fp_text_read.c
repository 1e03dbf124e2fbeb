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
#include "fpi_text_masked.h"
#include "fpi_text_run.h"

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
FP_COLD static struct fpi_text_run
read_each(const uint8_t *text, uint32_t len)
{
	struct fpi_text_run run = { 0, 0 };
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
	if (!is_beyond) {
		run.count = pos;
	} else {
		run.value = 0;
	}
	return run;
}

struct fpi_text_run
fpi_text_read_long(const uint8_t *text, uint32_t len)
{
	uint64_t digits = load_from(text, len, 16) ^ FPI_TEXT_ZEROS;
	uint32_t count = count_digits(digits);
	uint64_t first = fpi_text_number(fp_load_le64(text) ^ FPI_TEXT_ZEROS);
	uint64_t second = fpi_text_number(fp_load_le64(text + 8) ^ FPI_TEXT_ZEROS);
	struct fpi_text_run run;

	if (count > 3)
		return read_each(text, len);
	run.count = 16 + count;
	run.value = (first * FPI_TEXT_10_8 + second) * powers[count] + first_digits(digits, count);
	return run;
}

/* Digits at the start of the text, up to sixteen. */
static inline struct fpi_text_run
read_digits(const uint8_t *text, uint32_t len)
{
	struct fpi_text_run run;
	uint64_t digits;
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
	digits = load_from(text, len, 8) ^ FPI_TEXT_ZEROS;
	count = count_digits(digits);
	run.count = 8 + count;
	run.value = run.value * powers[count] + first_digits(digits, count);
	return run;
}

int
fpi_text_read_error(struct fp_cspan text, uint32_t pos)
{
	return pos < text.len && text.data[pos] >= '0' && text.data[pos] <= '9' ? -EOVERFLOW
										: -EBADMSG;
}

int
fp_text_read_u64(struct fp_cspan text, uint64_t *value, uint32_t *consumed)
{
	if (fpi_text_use_masked())
		return fpi_text_read_u64_masked(text, value, consumed);
	fpi_cspan_check(text);
	return fpi_text_end_u64(text, read_digits(text.data, text.len), value, consumed);
}

int
fp_text_read_i64(struct fp_cspan text, int64_t *value, uint32_t *consumed)
{
	struct fpi_text_sign sign;

	if (fpi_text_use_masked())
		return fpi_text_read_i64_masked(text, value, consumed);
	fpi_cspan_check(text);
	sign = fpi_text_sign(text);
	return fpi_text_end_i64(text, sign, read_digits(text.data + sign.len, text.len - sign.len),
		value, consumed);
}
