/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Plain decimal text of up to sixteen digits in one register of 128 bits: with a mask a text of any
 * length is one load or one store that touches nothing else, and no branch depends on the length.
 * Longer numbers and all errors of reading are left to the functions in C.
 */

#include <rte_common.h>
#include <rte_cpuflags.h>

#include "fpi_text_decimal.h"
#include "fpi_text_digits.h"

#ifdef RTE_ARCH_X86

#include <immintrin.h>

#include "fpi_text_sixteen.h"

#define TARGET FPI_TEXT_MASKED

/* Indexes that shift sixteen characters to the back; what comes in is zero. */
static const uint8_t shifts[32] FP_CACHE_ALIGNED = {
	0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, /* zeros */
	0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, /* zeros */
	0, 1, 2, 3, 4, 5, 6, 7,                         /* the characters */
	8, 9, 10, 11, 12, 13, 14, 15,                   /* the characters */
};

/* The sixteen digits of two numbers below 10^8; fp_digits_split() explains the steps. */
static inline TARGET __m128i
split_digits(uint32_t first, uint32_t second)
{
	__m128i eights = _mm_set_epi64x(second, first);
	__m128i high = _mm_srli_epi64(_mm_mul_epu32(eights, _mm_set1_epi64x(0xd1b71759)), 45);
	__m128i low = _mm_sub_epi32(eights, _mm_mul_epu32(high, _mm_set1_epi64x(10000)));
	__m128i fours = _mm_or_si128(high, _mm_slli_epi64(low, 32));
	__m128i twos;

	high = _mm_srli_epi16(_mm_mulhi_epu16(fours, _mm_set1_epi32(5243)), 3);
	low = _mm_sub_epi16(fours, _mm_mullo_epi16(high, _mm_set1_epi32(100)));
	twos = _mm_or_si128(high, _mm_slli_epi32(low, 16));
	high = _mm_mulhi_epu16(twos, _mm_set1_epi16(6554));
	low = _mm_sub_epi16(twos, _mm_mullo_epi16(high, _mm_set1_epi16(10)));
	return _mm_or_si128(high, _mm_slli_epi16(low, 8));
}

/*
 * Length of the text; 0 when it does not fit. @value is below 10^16, @is_negative is 0 or 1. The
 * sixteen digits are stored where their last one belongs; those in front of the text are masked.
 */
static inline TARGET uint32_t
write_decimal(uint64_t value, uint32_t is_negative, struct fp_span to)
{
	uint64_t first = value / FP_DIGITS_10_8;
	__m128i digits = split_digits((uint32_t)first, (uint32_t)(value - first * FP_DIGITS_10_8));
	/* The last digit is there even if it is zero. */
	uint32_t zeros = (uint32_t)__builtin_ctz(_mm_test_epi8_mask(digits, digits) | 1U << 15);
	uint32_t len = is_negative + 16 - zeros;

	if (FP_UNLIKELY(len > to.len))
		return 0;
	fpi_cspan_check(fp_span_const(to));
	to.data[0] = '-'; /* a digit takes its place when there is no sign */
	_mm_mask_storeu_epi8(to.data + is_negative - zeros, (__mmask16)(UINT16_MAX << zeros),
		_mm_or_si128(digits, _mm_set1_epi8('0')));
	return len;
}

TARGET int
fpi_text_write_u64_masked(uint64_t value, struct fp_span to, uint32_t *written)
{
	if (FP_UNLIKELY(value >= FP_DIGITS_10_16))
		return fpi_text_write_u64_plain(value, to, written);
	*written = write_decimal(value, 0, to);
	return *written != 0 ? 0 : -ERANGE;
}

TARGET int
fpi_text_write_i64_masked(int64_t value, struct fp_span to, uint32_t *written)
{
	uint32_t is_negative = value < 0;
	uint64_t magnitude = is_negative ? 0 - (uint64_t)value : (uint64_t)value;

	if (FP_UNLIKELY(magnitude >= FP_DIGITS_10_16))
		return fpi_text_write_i64_plain(value, to, written);
	*written = write_decimal(magnitude, is_negative, to);
	return *written != 0 ? 0 : -ERANGE;
}

/* The digits at the start of a text, up to sixteen of them: their count. */
static inline TARGET uint32_t
read_digits(const uint8_t *text, uint32_t len, uint64_t *value)
{
	/* Any number above 15 keeps all bits; they are counted in 8 bits. */
	uint32_t there = _bzhi_u32(UINT16_MAX, len | (0 - (uint32_t)(len > 15)));
	__m128i digits = _mm_maskz_loadu_epi8((__mmask16)there, text);
	uint32_t count;

	digits = _mm_sub_epi8(digits, _mm_set1_epi8('0'));
	count = (uint32_t)__builtin_ctz(
		_mm_cmpgt_epu8_mask(digits, _mm_set1_epi8(9)) | UINT32_C(1) << 16);
	digits = _mm_shuffle_epi8(
		digits, _mm_loadu_si128((const __m128i *)(const void *)(shifts + count)));
	*value = fpi_text_join(digits);
	return count;
}

TARGET int
fpi_text_read_u64_masked(struct fp_cspan text, uint64_t *value, uint32_t *consumed)
{
	uint64_t magnitude;
	uint32_t count;

	fpi_cspan_check(text);
	count = read_digits(text.data, text.len, &magnitude);
	if (FP_UNLIKELY(count == 0 || count == 16))
		return fpi_text_read_u64_plain(text, value, consumed);
	*value = magnitude;
	*consumed = count;
	return 0;
}

TARGET int
fpi_text_read_i64_masked(struct fp_cspan text, int64_t *value, uint32_t *consumed)
{
	uint64_t magnitude;
	uint32_t is_negative;
	uint32_t sign;
	uint32_t count;

	if (FP_UNLIKELY(text.len == 0))
		return fpi_text_read_i64_plain(text, value, consumed);
	fpi_cspan_check(text);
	is_negative = text.data[0] == '-';
	sign = fpi_text_sign(text.data[0]);
	count = read_digits(text.data + sign, text.len - sign, &magnitude);
	if (FP_UNLIKELY(count == 0 || count == 16))
		return fpi_text_read_i64_plain(text, value, consumed);
	*value = (int64_t)(is_negative != 0 ? 0 - magnitude : magnitude);
	*consumed = count + sign;
	return 0;
}

bool
fpi_text_has_masked(void)
{
	static const enum rte_cpu_flag_t flags[] = { RTE_CPUFLAG_OSXSAVE, RTE_CPUFLAG_BMI1,
		RTE_CPUFLAG_BMI2, RTE_CPUFLAG_LZCNT, RTE_CPUFLAG_AVX512F, RTE_CPUFLAG_AVX512BW,
		RTE_CPUFLAG_AVX512VL };

	for (uint32_t i = 0; i < RTE_DIM(flags); i++) {
		if (rte_cpu_get_flag_enabled(flags[i]) != 1)
			return false;
	}
	return true;
}

#else

int
fpi_text_write_u64_masked(uint64_t value, struct fp_span to, uint32_t *written)
{
	return fpi_text_write_u64_plain(value, to, written);
}

int
fpi_text_write_i64_masked(int64_t value, struct fp_span to, uint32_t *written)
{
	return fpi_text_write_i64_plain(value, to, written);
}

int
fpi_text_read_u64_masked(struct fp_cspan text, uint64_t *value, uint32_t *consumed)
{
	return fpi_text_read_u64_plain(text, value, consumed);
}

int
fpi_text_read_i64_masked(struct fp_cspan text, int64_t *value, uint32_t *consumed)
{
	return fpi_text_read_i64_plain(text, value, consumed);
}

bool
fpi_text_has_masked(void)
{
	return false;
}

#endif
