/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * The scans with 512 bits at a time. What does not fill a vector at the end is read under a mask:
 * no byte outside is touched, and those left out are 0 and are added without harm.
 */

#include "fpi_scan.h"

#ifdef RTE_ARCH_X86

#include <immintrin.h>

#define TARGET       FP_TARGET("avx512f,avx512bw,avx512vl,bmi,bmi2,tune=haswell")
#define VECTOR_BYTES 64U

#include "fpi_scan_short.h"

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

static inline TARGET __m512i
splat(uint8_t byte)
{
	return _mm512_set1_epi8((char)byte);
}

/* Whether a needle is among 256 bytes. */
static FP_ALWAYS_INLINE TARGET bool
is_in_256(const uint8_t *from, const struct needles *needles, int count)
{
	uint64_t found = 0;

	for (size_t i = 0; i < 4; i++)
		found |= find_in_64(load_64(from + i * VECTOR_BYTES), needles, count);
	return found != 0;
}

/* Where the needles are in the 64 bytes at a position of a view. */
static FP_ALWAYS_INLINE TARGET struct found
find_at(const uint8_t *data, uint32_t at, const struct needles *needles, int count)
{
	struct found found = { find_in_64(load_64(data + at), needles, count), at };

	return found;
}

/* The first needle in two times 128 bytes of a view, which may overlap. */
static FP_ALWAYS_INLINE TARGET int64_t
find_first_in_two(const uint8_t *data, uint32_t at, uint32_t then_at, const struct needles *needles,
	int count)
{
	return position_of(first_found(first_found(find_at(data, at, needles, count),
					       find_at(data, at + 64, needles, count)),
		first_found(find_at(data, then_at, needles, count),
			find_at(data, then_at + 64, needles, count))));
}

static FP_ALWAYS_INLINE TARGET int64_t
find_first(const uint8_t *data, uint32_t len, uint8_t a, uint8_t b, uint8_t c, int count)
{
	struct needles needles;
	struct found found = { 0, 0 };
	uint32_t at;

	if (FP_LIKELY(len - 16 <= 16)) {
		const __m128i short_needles[3] = { _mm_set1_epi8((char)a), _mm_set1_epi8((char)b),
			_mm_set1_epi8((char)c) };

		found.bits = find_in_16_to_32(data, len, short_needles, count);
		return position_of(found);
	}
	needles.bytes[0] = splat(a);
	needles.bytes[1] = splat(b);
	needles.bytes[2] = splat(c);
	if (len <= VECTOR_BYTES) {
		found.bits = find_in_64(load_below(data, len), &needles, count) & lowest(len);
		return position_of(found);
	}
	if (len <= 128) {
		return position_of(first_found(find_at(data, 0, &needles, count),
			find_at(data, len - 64, &needles, count)));
	}
	if (len <= 256)
		return find_first_in_two(data, 0, len - 128, &needles, count);
	if (is_in_256(data, &needles, count))
		return find_first_in_two(data, 0, 128, &needles, count);
	/* From here on at the start of lines: a vector that lies in two takes twice the time. */
	at = 256 - (uint32_t)((uintptr_t)data % FP_CACHE_LINE_BYTES);
	for (; len - at > 256; at += 256) {
		if (is_in_256(data + at, &needles, count))
			return find_first_in_two(data, at, at + 128, &needles, count);
	}
	return find_first_in_two(data, len - 256, len - 128, &needles, count);
}

static TARGET int64_t
find(const uint8_t *data, uint32_t len, uint8_t a)
{
	return find_first(data, len, a, a, a, 1);
}

static TARGET int64_t
find_any2(const uint8_t *data, uint32_t len, uint8_t a, uint8_t b)
{
	return find_first(data, len, a, b, b, 2);
}

static TARGET int64_t
find_any3(const uint8_t *data, uint32_t len, uint8_t a, uint8_t b, uint8_t c)
{
	return find_first(data, len, a, b, c, 3);
}

static inline TARGET uint64_t
sum_four_u64(__m256i four)
{
	__m128i two =
		_mm_add_epi64(_mm256_castsi256_si128(four), _mm256_extracti128_si256(four, 1));

	return (uint64_t)_mm_cvtsi128_si64(_mm_add_epi64(two, _mm_unpackhi_epi64(two, two)));
}

static inline TARGET uint64_t
sum_u64(__m512i a)
{
	return sum_four_u64(
		_mm256_add_epi64(_mm512_castsi512_si256(a), _mm512_extracti64x4_epi64(a, 1)));
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
	const uint32_t step = 4 * VECTOR_BYTES;
	uint32_t left = len;

	for (; left >= step; left -= step, data += step) {
		for (size_t i = 0; i < 4; i++)
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

/* A header of IPv4, or less. */
static inline TARGET uint64_t
sum_of_32(const uint8_t *data, uint32_t len)
{
	__m256i a = _mm256_maskz_loadu_epi8((__mmask32)lowest(len), data);

	return sum_four_u64(
		_mm256_add_epi64(_mm256_maskz_mov_epi32(0x55, a), _mm256_srli_epi64(a, 32)));
}

/* 2^16 is 1 in the checksum's arithmetic: the halves of 64 bits may be added as numbers. */
static TARGET uint16_t
checksum(const uint8_t *data, uint32_t len)
{
	__m512i sums[2] = { splat(0), splat(0) };
	const uint32_t step = 2 * VECTOR_BYTES;
	uint32_t left = len;

	if (len <= 32)
		return fpi_scan_fold(sum_of_32(data, len));
	for (; left >= step; left -= step, data += step) {
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
