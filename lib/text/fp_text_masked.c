/* SPDX-License-Identifier: BSD-3-Clause */

#include <rte_common.h>
#include <rte_cpuflags.h>

#include "fpi_text_digits.h"
#include "fpi_text_masked.h"
#include "fpi_text_run.h"

uint32_t fpi_text_is_masked;

#ifdef RTE_ARCH_X86

#include <immintrin.h>

#define TARGET FP_TARGET("avx512f,avx512bw,avx512vl,bmi,bmi2")

/* Sixteen characters behind and before as many that a shuffle takes for zeros. */
static const uint8_t shifts[48] FP_CACHE_ALIGNED = {
	0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, /* zeros */
	0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, /* */
	0, 1, 2, 3, 4, 5, 6, 7,                         /* the characters */
	8, 9, 10, 11, 12, 13, 14, 15,                   /* */
	0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, /* zeros */
	0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, /* */
};

/* Move all characters by @count places to the front [-16..16]; zeros come in. */
static inline TARGET __m128i
shift_to_front(__m128i characters, int32_t count)
{
	const __m128i *from = (const __m128i *)(const void *)(shifts + 16 + count);

	return _mm_shuffle_epi8(characters, _mm_loadu_si128(from));
}

/* The sixteen digits of two numbers below 10^8; fpi_text_digits() explains the steps. */
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

/* Seventeen digits and more: those in front of the last sixteen, and these. */
static __rte_noinline TARGET uint32_t
write_long(uint64_t value, uint32_t is_negative, struct fp_span to)
{
	uint64_t above = value / FPI_TEXT_10_16;
	uint64_t below = value - above * FPI_TEXT_10_16;
	uint64_t first = below / FPI_TEXT_10_8;
	uint64_t head = fpi_text_digits((uint32_t)above);
	uint32_t bits = (uint32_t)__builtin_ctzll(head) & 0x38;
	uint32_t len = is_negative + 24 - bits / 8;
	__m128i digits;

	if (len > to.len)
		return 0;
	fpi_cspan_check(fp_span_const(to));
	digits = split_digits((uint32_t)first, (uint32_t)(below - first * FPI_TEXT_10_8));
	to.data[0] = '-'; /* a digit takes its place when there is no sign */
	fp_store_le32(to.data + is_negative, (uint32_t)((head | FPI_TEXT_ZEROS) >> bits));
	_mm_storeu_si128(
		(__m128i *)(void *)(to.data + len - 16), _mm_or_si128(digits, _mm_set1_epi8('0')));
	return len;
}

/* Length of the text; 0 when it does not fit. @is_negative is 0 or 1. */
static inline TARGET uint32_t
write_decimal(uint64_t value, uint32_t is_negative, struct fp_span to)
{
	uint64_t first = value / FPI_TEXT_10_8;
	uint32_t zeros;
	uint32_t len;
	__m128i digits;

	if (FP_UNLIKELY(value >= FPI_TEXT_10_16))
		return write_long(value, is_negative, to);
	digits = split_digits((uint32_t)first, (uint32_t)(value - first * FPI_TEXT_10_8));
	/* The last digit is there even if it is zero. */
	zeros = (uint32_t)__builtin_ctz(_mm_test_epi8_mask(digits, digits) | 1U << 15);
	len = is_negative + 16 - zeros;
	if (FP_UNLIKELY(len > to.len))
		return 0;
	fpi_cspan_check(fp_span_const(to));
	to.data[0] = '-';
	digits = shift_to_front(_mm_or_si128(digits, _mm_set1_epi8('0')), (int32_t)zeros);
	_mm_mask_storeu_epi8(to.data + is_negative, (__mmask16)(UINT32_C(0xffff) >> zeros), digits);
	return len;
}

TARGET int
fpi_text_write_u64_masked(uint64_t value, struct fp_span to, uint32_t *written)
{
	*written = write_decimal(value, 0, to);
	return *written != 0 ? 0 : -ERANGE;
}

TARGET int
fpi_text_write_i64_masked(int64_t value, struct fp_span to, uint32_t *written)
{
	uint32_t is_negative = value < 0;

	*written =
		write_decimal(is_negative ? 0 - (uint64_t)value : (uint64_t)value, is_negative, to);
	return *written != 0 ? 0 : -ERANGE;
}

/* The digits at the start of a text, up to sixteen of them. */
static inline TARGET struct fpi_text_run
read_digits(const uint8_t *text, uint32_t len)
{
	const __m128i by_10 = _mm_set1_epi16(10 | 1 << 8);
	const __m128i by_100 = _mm_set1_epi32(100 | 1 << 16);
	const __m128i by_10000 = _mm_set1_epi32(10000 | 1 << 16);
	__mmask16 there = (__mmask16)_bzhi_u32(UINT16_MAX, len < 16 ? len : 16);
	__m128i digits = _mm_maskz_loadu_epi8(there, text);
	struct fpi_text_run run;
	uint64_t eights;

	digits = _mm_sub_epi8(digits, _mm_set1_epi8('0'));
	run.count =
		(uint32_t)__builtin_ctz(_mm_cmpgt_epu8_mask(digits, _mm_set1_epi8(9)) | 1U << 16);
	digits = shift_to_front(digits, (int32_t)run.count - 16);
	digits = _mm_madd_epi16(_mm_maddubs_epi16(digits, by_10), by_100);
	digits = _mm_madd_epi16(_mm_packus_epi32(digits, digits), by_10000);
	eights = (uint64_t)_mm_cvtsi128_si64(digits);
	run.value = (uint32_t)eights * FPI_TEXT_10_8 + (eights >> 32);
	return run;
}

TARGET int
fpi_text_read_u64_masked(struct fp_cspan text, uint64_t *value, uint32_t *consumed)
{
	fpi_cspan_check(text);
	return fpi_text_end_u64(text, read_digits(text.data, text.len), value, consumed);
}

TARGET int
fpi_text_read_i64_masked(struct fp_cspan text, int64_t *value, uint32_t *consumed)
{
	struct fpi_text_sign sign;

	fpi_cspan_check(text);
	sign = fpi_text_sign(text);
	return fpi_text_end_i64(text, sign, read_digits(text.data + sign.len, text.len - sign.len),
		value, consumed);
}

static bool
has_instructions(void)
{
	static const enum rte_cpu_flag_t flags[] = { RTE_CPUFLAG_OSXSAVE, RTE_CPUFLAG_BMI1,
		RTE_CPUFLAG_BMI2, RTE_CPUFLAG_AVX512F, RTE_CPUFLAG_AVX512BW, RTE_CPUFLAG_AVX512VL };

	for (uint32_t i = 0; i < RTE_DIM(flags); i++) {
		if (rte_cpu_get_flag_enabled(flags[i]) != 1)
			return false;
	}
	return true;
}

#else

/* Never called. */
int
fpi_text_write_u64_masked(uint64_t value, struct fp_span to, uint32_t *written)
{
	(void)value;
	(void)to;
	(void)written;
	return -ENOTSUP;
}

int
fpi_text_write_i64_masked(int64_t value, struct fp_span to, uint32_t *written)
{
	return fpi_text_write_u64_masked((uint64_t)value, to, written);
}

int
fpi_text_read_u64_masked(struct fp_cspan text, uint64_t *value, uint32_t *consumed)
{
	(void)text;
	(void)value;
	(void)consumed;
	return -ENOTSUP;
}

int
fpi_text_read_i64_masked(struct fp_cspan text, int64_t *value, uint32_t *consumed)
{
	(void)value;
	return fpi_text_read_u64_masked(text, NULL, consumed);
}

static bool
has_instructions(void)
{
	return false;
}

#endif

int
fpi_text_set_masked(bool is_masked)
{
	if (is_masked && !has_instructions())
		return -ENOTSUP;
	fp_store_relaxed_u32(&fpi_text_is_masked, is_masked);
	return 0;
}

/* Text may be written before it has run, in C. */
FP_CONSTRUCTOR static void
choose(void)
{
	fp_store_relaxed_u32(&fpi_text_is_masked, has_instructions());
}
