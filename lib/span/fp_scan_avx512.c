/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * The scans with 512 bits at a time. What does not fill a vector at the end is read under a mask: no
 * byte outside is touched, and those left out are 0 and are added without harm.
 */

#include "fpi_scan.h"

#ifdef RTE_ARCH_X86

#include <immintrin.h>

#define TARGET       FP_TARGET("avx512f,avx512bw,avx512vl,bmi,bmi2,tune=haswell")
#define VECTOR_BYTES 64U

/* Up to three bytes that are looked for. */
struct needles {
	__m512i bytes[3];
};

static inline TARGET __m512i
load_64(const uint8_t *from)
{
	return _mm512_loadu_si512(from);
}

/* The lowest @n bits [0..64]. */
static inline TARGET uint64_t
lowest(uint32_t n)
{
	return _bzhi_u64(UINT64_MAX, n);
}

/* At most 64 bytes with zeros behind them. */
static inline TARGET __m512i
load_below(const uint8_t *from, uint32_t len)
{
	return _mm512_maskz_loadu_epi8(lowest(len), from);
}

/* Where the needles are in 64 bytes. */
static FP_ALWAYS_INLINE TARGET uint64_t
find_in_64(__m512i bytes, const struct needles *needles, int count)
{
	uint64_t found = _mm512_cmpeq_epi8_mask(bytes, needles->bytes[0]);

	if (count > 1)
		found |= _mm512_cmpeq_epi8_mask(bytes, needles->bytes[1]);
	if (count > 2)
		found |= _mm512_cmpeq_epi8_mask(bytes, needles->bytes[2]);
	return found;
}

/* Whether a needle is among 256 bytes. */
static FP_ALWAYS_INLINE TARGET bool
is_in_256(const uint8_t *from, const struct needles *needles, int count)
{
	uint64_t found = 0;

	for (uint32_t i = 0; i < 4; i++)
		found |= find_in_64(load_64(from + i * VECTOR_BYTES), needles, count);
	return found != 0;
}

static FP_ALWAYS_INLINE TARGET int64_t
find_first(const uint8_t *data, uint32_t len, const struct needles *needles, int count)
{
	uint32_t at = 0;
	uint64_t found;

	if (len <= VECTOR_BYTES) {
		found = find_in_64(load_below(data, len), needles, count) & lowest(len);
		return found == 0 ? -1 : __builtin_ctzll(found);
	}
	while (len - at > 256 && !is_in_256(data + at, needles, count))
		at += 256;
	for (; len - at > VECTOR_BYTES; at += VECTOR_BYTES) {
		found = find_in_64(load_64(data + at), needles, count);
		if (found != 0)
			return (int64_t)at + __builtin_ctzll(found);
	}
	at = len - VECTOR_BYTES;
	found = find_in_64(load_64(data + at), needles, count);
	return found == 0 ? -1 : (int64_t)at + __builtin_ctzll(found);
}

static inline TARGET __m512i
splat(uint8_t byte)
{
	return _mm512_set1_epi8((char)byte);
}

static TARGET int64_t
find(const uint8_t *data, uint32_t len, uint8_t a)
{
	const struct needles needles = { { splat(a) } };

	return find_first(data, len, &needles, 1);
}

static TARGET int64_t
find_any2(const uint8_t *data, uint32_t len, uint8_t a, uint8_t b)
{
	const struct needles needles = { { splat(a), splat(b) } };

	return find_first(data, len, &needles, 2);
}

static TARGET int64_t
find_any3(const uint8_t *data, uint32_t len, uint8_t a, uint8_t b, uint8_t c)
{
	const struct needles needles = { { splat(a), splat(b), splat(c) } };

	return find_first(data, len, &needles, 3);
}

static inline TARGET uint64_t
sum_u64(__m512i a)
{
	__m256i four = _mm256_add_epi64(_mm512_castsi512_si256(a), _mm512_extracti64x4_epi64(a, 1));
	__m128i two =
		_mm_add_epi64(_mm256_castsi256_si128(four), _mm256_extracti128_si256(four, 1));

	return (uint64_t)_mm_cvtsi128_si64(_mm_add_epi64(two, _mm_unpackhi_epi64(two, two)));
}

static inline TARGET uint8_t
sum_u8(__m512i a)
{
	return (uint8_t)sum_u64(_mm512_sad_epu8(a, _mm512_setzero_si512()));
}

/* Bytes are added modulo 256 in each byte of a vector, which cannot be told from their sum. */
static TARGET uint8_t
sum(const uint8_t *data, uint32_t len)
{
	__m512i sums[4] = { splat(0), splat(0), splat(0), splat(0) };
	uint32_t left = len;

	for (; left >= 4 * VECTOR_BYTES; left -= 4 * VECTOR_BYTES, data += 4 * VECTOR_BYTES) {
		for (uint32_t i = 0; i < 4; i++)
			sums[i] = _mm512_add_epi8(sums[i], load_64(data + i * VECTOR_BYTES));
	}
	for (; left >= VECTOR_BYTES; left -= VECTOR_BYTES, data += VECTOR_BYTES)
		sums[0] = _mm512_add_epi8(sums[0], load_64(data));
	sums[1] = _mm512_add_epi8(sums[1], load_below(data, left));
	return sum_u8(_mm512_add_epi8(
		_mm512_add_epi8(sums[0], sums[1]), _mm512_add_epi8(sums[2], sums[3])));
}

/* The halves of each 64 bits, added. */
static inline TARGET __m512i
halves(__m512i a)
{
	return _mm512_add_epi64(_mm512_maskz_mov_epi32(0x5555, a), _mm512_srli_epi64(a, 32));
}

/* 2^16 is 1 in the checksum's arithmetic: the halves of 64 bits may be added as numbers. */
static TARGET uint16_t
checksum(const uint8_t *data, uint32_t len)
{
	__m512i sums[2] = { splat(0), splat(0) };
	uint32_t left = len;

	for (; left >= 2 * VECTOR_BYTES; left -= 2 * VECTOR_BYTES, data += 2 * VECTOR_BYTES) {
		sums[0] = _mm512_add_epi64(sums[0], halves(load_64(data)));
		sums[1] = _mm512_add_epi64(sums[1], halves(load_64(data + VECTOR_BYTES)));
	}
	if (left >= VECTOR_BYTES) {
		sums[0] = _mm512_add_epi64(sums[0], halves(load_64(data)));
		data += VECTOR_BYTES;
		left -= VECTOR_BYTES;
	}
	sums[1] = _mm512_add_epi64(sums[1], halves(load_below(data, left)));
	return fpi_scan_fold(sum_u64(_mm512_add_epi64(sums[0], sums[1])));
}

/* One block; behind its end @keep is 0, and so is what is loaded. */
static inline TARGET void
find_in_block(
	__m512i bytes, uint64_t keep, const struct needles *delimiters, struct fp_delimiters *block)
{
	block->first = _mm512_cmpeq_epi8_mask(bytes, delimiters->bytes[0]) & keep;
	block->second = _mm512_cmpeq_epi8_mask(bytes, delimiters->bytes[1]) & keep;
}

static TARGET uint8_t
find_delimiters(const uint8_t *data, uint32_t len, uint8_t first, uint8_t second,
	struct fp_delimiters *blocks)
{
	const struct needles delimiters = { { splat(first), splat(second) } };
	__m512i total = splat(0);
	uint32_t left = len;

	for (; left >= VECTOR_BYTES; left -= VECTOR_BYTES, data += VECTOR_BYTES) {
		__m512i bytes = load_64(data);

		total = _mm512_add_epi8(total, bytes);
		find_in_block(bytes, UINT64_MAX, &delimiters, blocks++);
	}
	if (left != 0) {
		__m512i bytes = load_below(data, left);

		total = _mm512_add_epi8(total, bytes);
		find_in_block(bytes, lowest(left), &delimiters, blocks);
	}
	return sum_u8(total);
}

const struct fpi_scan_table fpi_scan_avx512 = { find, find_any2, find_any3, sum, checksum,
	find_delimiters };

#endif
