/* SPDX-License-Identifier: BSD-3-Clause */

/* The scans with 128 bits at a time. */

#include "fpi_scan.h"

#ifdef RTE_ARCH_X86

#include <immintrin.h>

#define TARGET       FP_TARGET("sse4.2")
#define VECTOR       __m128i
#define VECTOR_BYTES 16

static inline TARGET __m128i
vector_load(const uint8_t *from)
{
	return _mm_loadu_si128((const __m128i *)(const void *)from);
}

static inline TARGET __m128i
vector_splat(uint8_t byte)
{
	return _mm_set1_epi8((char)byte);
}

static inline TARGET __m128i
vector_low(__m128i a)
{
	return a;
}

static inline TARGET __m128i
vector_equal(__m128i a, __m128i b)
{
	return _mm_cmpeq_epi8(a, b);
}

static inline TARGET __m128i
vector_or(__m128i a, __m128i b)
{
	return _mm_or_si128(a, b);
}

static inline TARGET __m128i
vector_and(__m128i a, __m128i b)
{
	return _mm_and_si128(a, b);
}

static inline TARGET __m128i
vector_add_u8(__m128i a, __m128i b)
{
	return _mm_add_epi8(a, b);
}

static inline TARGET __m128i
vector_add_u64(__m128i a, __m128i b)
{
	return _mm_add_epi64(a, b);
}

/* Each lane moved up by a number of bits. */
static inline TARGET __m128i
vector_shift_u64(__m128i a, uint32_t bits)
{
	return _mm_sll_epi64(a, _mm_cvtsi32_si128((int)bits));
}

/* The halves of each lane, added. */
static inline TARGET __m128i
vector_halves(__m128i a)
{
	return _mm_add_epi64(_mm_blend_epi16(a, _mm_setzero_si128(), 0xcc), _mm_srli_epi64(a, 32));
}

/* The highest bit of each byte. */
static inline TARGET uint32_t
vector_bits(__m128i a)
{
	return (uint32_t)_mm_movemask_epi8(a);
}

static inline TARGET uint64_t
vector_sum_u64(__m128i a)
{
	return (uint64_t)_mm_cvtsi128_si64(_mm_add_epi64(a, _mm_unpackhi_epi64(a, a)));
}

static inline TARGET uint64_t
vector_sum_u8(__m128i a)
{
	return vector_sum_u64(_mm_sad_epu8(a, _mm_setzero_si128()));
}

#include "fpi_scan_vector.h"

const struct fpi_scan_table fpi_scan_sse42 = { find, find_any2, find_any3, sum, checksum,
	find_delimiters };

#endif
