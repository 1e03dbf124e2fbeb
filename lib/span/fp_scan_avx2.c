/* SPDX-License-Identifier: BSD-3-Clause */

/* The scans with 256 bits at a time. */

#include "fpi_scan.h"

#ifdef RTE_ARCH_X86

#include <immintrin.h>

#define TARGET       FP_TARGET("avx2,bmi,bmi2,tune=haswell")
#define VECTOR       __m256i
#define VECTOR_BYTES 32

static inline TARGET __m256i
vector_load(const uint8_t *from)
{
	return _mm256_loadu_si256((const __m256i *)(const void *)from);
}

static inline TARGET __m256i
vector_splat(uint8_t byte)
{
	return _mm256_set1_epi8((char)byte);
}

static inline TARGET __m128i
vector_low(__m256i a)
{
	return _mm256_castsi256_si128(a);
}

static inline TARGET __m256i
vector_equal(__m256i a, __m256i b)
{
	return _mm256_cmpeq_epi8(a, b);
}

static inline TARGET __m256i
vector_or(__m256i a, __m256i b)
{
	return _mm256_or_si256(a, b);
}

static inline TARGET __m256i
vector_and(__m256i a, __m256i b)
{
	return _mm256_and_si256(a, b);
}

static inline TARGET __m256i
vector_add_u8(__m256i a, __m256i b)
{
	return _mm256_add_epi8(a, b);
}

static inline TARGET __m256i
vector_add_u64(__m256i a, __m256i b)
{
	return _mm256_add_epi64(a, b);
}

/* Each lane moved up by a number of bits. */
static inline TARGET __m256i
vector_shift_u64(__m256i a, uint32_t bits)
{
	return _mm256_sll_epi64(a, _mm_cvtsi32_si128((int)bits));
}

/* The halves of each lane, added. */
static inline TARGET __m256i
vector_halves(__m256i a)
{
	return _mm256_add_epi64(
		_mm256_blend_epi32(a, _mm256_setzero_si256(), 0xaa), _mm256_srli_epi64(a, 32));
}

/* The highest bit of each byte. */
static inline TARGET uint32_t
vector_bits(__m256i a)
{
	return (uint32_t)_mm256_movemask_epi8(a);
}

static inline TARGET uint64_t
vector_sum_u64(__m256i a)
{
	__m128i pair = _mm_add_epi64(_mm256_castsi256_si128(a), _mm256_extracti128_si256(a, 1));

	return (uint64_t)_mm_cvtsi128_si64(_mm_add_epi64(pair, _mm_unpackhi_epi64(pair, pair)));
}

static inline TARGET uint64_t
vector_sum_u8(__m256i a)
{
	return vector_sum_u64(_mm256_sad_epu8(a, _mm256_setzero_si256()));
}

#include "fpi_scan_vector.h"

const struct fpi_scan_table fpi_scan_avx2 = { find, find_any2, find_any3, sum, checksum,
	find_delimiters };

#endif
