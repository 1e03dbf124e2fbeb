/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Plain decimal text. Numbers have one of four classes by their length: 1 to 3, 4 to 8, 9 to 16,
 * and 17 to 20 digits. Inside a class nothing depends on the length but shifts and addresses: the
 * text is covered by stores of one width, the last of which ends with the text and overlaps the
 * one before. So random lengths are mispredicted by class only, and every store lies inside the
 * text.
 */

#include "fp_text_format.h"
#include "fpi_text_digits.h"
#include "fpi_text_masked.h"

/* Bits that the zeros in front take of eight digits; the last digit is none of them. */
static inline uint32_t
leading_bits(uint64_t digits)
{
	return (uint32_t)__builtin_ctzll(digits | UINT64_C(1) << 56) & 0x38;
}

/*
 * Write the digits of @value, and '-' in front of them if @is_negative, which is 0 or 1. Returns
 * the length, or 0 when there is no room.
 */
static inline uint32_t
write_decimal(uint64_t value, uint32_t is_negative, struct fp_span span)
{
	uint8_t *to = span.data;
	uint64_t high = value;
	uint64_t middle = 0;
	uint64_t low = 0;
	uint64_t digits;
	uint32_t behind = 0; /* digits after those of `high` */
	uint32_t bits;
	uint32_t len;

	if (value >= FPI_TEXT_10_8) {
		high = value / FPI_TEXT_10_8;
		low = fpi_text_digits((uint32_t)(value - high * FPI_TEXT_10_8)) | FPI_TEXT_ZEROS;
		behind = 8;
		if (value >= FPI_TEXT_10_16) {
			uint64_t higher = value / FPI_TEXT_10_16;

			middle = fpi_text_digits((uint32_t)(high - higher * FPI_TEXT_10_8)) |
				FPI_TEXT_ZEROS;
			high = higher;
			behind = 16;
		}
	}
	digits = fpi_text_digits((uint32_t)high);
	bits = leading_bits(digits);
	digits |= FPI_TEXT_ZEROS;
	len = is_negative + 8 - bits / 8 + behind;
	if (FP_UNLIKELY(len > span.len))
		return 0;
	fpi_cspan_check(fp_span_const(span));
	to[0] = '-'; /* a digit takes its place when there is no sign */
	if (behind == 0) {
		uint8_t *first = to + is_negative;

		if (bits <= 32) {
			fp_store_le32(first, (uint32_t)(digits >> bits));
			fp_store_le32(to + len - 4, (uint32_t)(digits >> 32));
		} else {
			uint32_t half = (len - is_negative) / 2;

			first[0] = (uint8_t)(digits >> bits);
			first[half] = (uint8_t)(digits >> (bits + 8 * half));
			to[len - 1] = (uint8_t)(digits >> 56);
		}
		return len;
	}
	fp_store_le64(to + is_negative, digits >> bits);
	if (behind == 16)
		fp_store_le64(to + len - 16, middle);
	fp_store_le64(to + len - 8, low);
	return len;
}

int
fp_text_write_u64(uint64_t value, struct fp_span to, uint32_t *written)
{
	if (fpi_text_use_masked())
		return fpi_text_write_u64_masked(value, to, written);
	*written = write_decimal(value, 0, to);
	return *written != 0 ? 0 : -ERANGE;
}

int
fp_text_write_i64(int64_t value, struct fp_span to, uint32_t *written)
{
	uint32_t is_negative = value < 0;

	if (fpi_text_use_masked())
		return fpi_text_write_i64_masked(value, to, written);
	*written =
		write_decimal(is_negative ? 0 - (uint64_t)value : (uint64_t)value, is_negative, to);
	return *written != 0 ? 0 : -ERANGE;
}
