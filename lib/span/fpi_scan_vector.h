/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Template of fp_scan_sse42.c and fp_scan_avx2.c: the scans for vectors of VECTOR_BYTES. Who
 * includes it defines VECTOR, VECTOR_BYTES, TARGET (the attribute of all functions) and the vector_
 * functions that are used here.
 *
 * What does not fill a vector at the end of a view is read by a vector that ends with the view. The
 * bytes that it shares with those before do no harm to a search, whose bits for them are the same;
 * from a sum they are masked out. A view shorter than 16 bytes is read by two loads of half the
 * size that overlap, and so on down to three of one byte.
 *
 * What takes the number of needles is inlined in any case, once for each number: gcc 12 decides
 * otherwise in part, and a search of 150 bytes takes 3.2 ns instead of 2.4.
 */

#include "fpi_scan_short.h"

#define BLOCK_BYTES FP_DELIMITERS_BYTES

#define ZEROS_16 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
#define ONES_16  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255

/* A block's masks: what is read from index n on keeps the last n bytes of the block. */
static const uint8_t keep_masks[2 * BLOCK_BYTES] = { ZEROS_16, ZEROS_16, ZEROS_16, ZEROS_16,
	ONES_16, ONES_16, ONES_16, ONES_16 };

/* The mask that keeps the last n bytes of a vector [0..VECTOR_BYTES]. */
static inline TARGET VECTOR
keep_last(uint32_t n)
{
	return vector_load(keep_masks + BLOCK_BYTES - VECTOR_BYTES + n);
}

/* 0 to 15 bytes with zeros behind them. */
static inline TARGET __m128i
load_below_16(const uint8_t *data, uint32_t len)
{
	uint64_t low = 0;
	uint64_t high = 0;
	uint32_t words[2];

	if (len >= 8) {
		memcpy(&low, data, 8);
		memcpy(&high, data + len - 8, 8);
		high = high >> 8 * (15 - len) >> 8; /* by 64 where len is 8 */
	} else if (len >= 4) {
		memcpy(&words[0], data, 4);
		memcpy(&words[1], data + len - 4, 4);
		low = words[0] | (uint64_t)words[1] << 8 * (len - 4);
	} else if (len != 0) {
		low = data[0] | (uint64_t)data[len / 2] << 8 * (len / 2) |
			(uint64_t)data[len - 1] << 8 * (len - 1);
	}
	return _mm_set_epi64x((int64_t)high, (int64_t)low);
}

/* Less than a vector with zeros behind it. */
static inline TARGET VECTOR
load_below(const uint8_t *data, uint32_t len)
{
#if VECTOR_BYTES == 16
	return load_below_16(data, len);
#else
	static const uint8_t moves[32] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
		128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128 };

	if (len < 16)
		return _mm256_zextsi128_si256(load_below_16(data, len));
	return _mm256_set_m128i(
		_mm_shuffle_epi8(load_16(data + len - 16), load_16(moves + 32 - len)),
		load_16(data));
#endif
}

/* Up to three bytes that are looked for. */
struct needles {
	VECTOR bytes[3];
};

/* The vector at @from, compared with the needles. */
static FP_ALWAYS_INLINE TARGET VECTOR
compare(const uint8_t *from, const struct needles *needles, int count)
{
	VECTOR bytes = vector_load(from);
	VECTOR hits = vector_equal(bytes, needles->bytes[0]);

	if (count > 1)
		hits = vector_or(hits, vector_equal(bytes, needles->bytes[1]));
	if (count > 2)
		hits = vector_or(hits, vector_equal(bytes, needles->bytes[2]));
	return hits;
}

/* Where the needles are in 32 bytes. */
static FP_ALWAYS_INLINE TARGET uint64_t
find_in_32(const uint8_t *from, const struct needles *needles, int count)
{
	uint64_t found = vector_bits(compare(from, needles, count));

	if (VECTOR_BYTES == 16)
		found |= (uint64_t)vector_bits(compare(from + 16, needles, count)) << 16;
	return found;
}

/* Where the needles are in 64 bytes. */
static FP_ALWAYS_INLINE TARGET uint64_t
find_in_64(const uint8_t *from, const struct needles *needles, int count)
{
	return find_in_32(from, needles, count) | find_in_32(from + 32, needles, count) << 32;
}

/* Whether a needle is among 128 bytes. */
static FP_ALWAYS_INLINE TARGET bool
is_in_128(const uint8_t *from, const struct needles *needles, int count)
{
	VECTOR hits = compare(from, needles, count);

	for (size_t i = 1; i < 128 / VECTOR_BYTES; i++)
		hits = vector_or(hits, compare(from + i * VECTOR_BYTES, needles, count));
	return vector_bits(hits) != 0;
}

/* The first needle in 128 bytes of a view. */
static FP_ALWAYS_INLINE TARGET int64_t
find_first_in_128(const uint8_t *data, uint32_t at, const struct needles *needles, int count)
{
	struct found low = { find_in_64(data + at, needles, count), at };
	struct found high = { find_in_64(data + at + 64, needles, count), at + 64 };

	return position_of(first_found(low, high));
}

/* Where the needles are in at most 32 bytes. */
static FP_ALWAYS_INLINE TARGET uint64_t
find_in_short(const uint8_t *data, uint32_t len, const __m128i *needles, int count)
{
	if (FP_LIKELY(len >= 16))
		return find_in_16_to_32(data, len, needles, count);
	return find_in_16(load_below_16(data, len), needles, count) & ((UINT64_C(1) << len) - 1);
}

/* Where the needles are in 33 to 64 bytes. */
static FP_ALWAYS_INLINE TARGET uint64_t
find_in_33_to_64(const uint8_t *data, uint32_t len, const struct needles *needles, int count)
{
	return find_in_32(data, needles, count) |
		find_in_32(data + len - 32, needles, count) << (len - 32);
}

static FP_ALWAYS_INLINE TARGET int64_t
find_first(const uint8_t *data, uint32_t len, uint8_t a, uint8_t b, uint8_t c, int count)
{
	struct needles needles;
	struct found found = { 0, 0 };
	uint32_t at;

	if (FP_LIKELY(len <= 32)) {
		const __m128i short_needles[3] = { _mm_set1_epi8((char)a), _mm_set1_epi8((char)b),
			_mm_set1_epi8((char)c) };

		found.bits = find_in_short(data, len, short_needles, count);
		return position_of(found);
	}
	needles.bytes[0] = vector_splat(a);
	needles.bytes[1] = vector_splat(b);
	needles.bytes[2] = vector_splat(c);
	if (len <= 64) {
		found.bits = find_in_33_to_64(data, len, &needles, count);
		return position_of(found);
	}
	if (len <= 128) {
		struct found rest = { find_in_64(data + len - 64, &needles, count), len - 64 };

		found.bits = find_in_64(data, &needles, count);
		return position_of(first_found(found, rest));
	}
	if (is_in_128(data, &needles, count))
		return find_first_in_128(data, 0, &needles, count);
	/* From here on at the start of lines: a vector that lies in two takes twice the time. */
	at = 128 - (uint32_t)((uintptr_t)data % FP_CACHE_LINE_BYTES);
	for (; len - at > 128; at += 128) {
		if (is_in_128(data + at, &needles, count))
			return find_first_in_128(data, at, &needles, count);
	}
	return find_first_in_128(data, len - 128, &needles, count);
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

/* Bytes are added modulo 256 in each byte of a vector, which cannot be told from their sum. */
static TARGET uint8_t
sum(const uint8_t *data, uint32_t len)
{
	VECTOR sums[4] = { vector_splat(0), vector_splat(0), vector_splat(0), vector_splat(0) };
	const uint32_t step = 4 * VECTOR_BYTES;
	uint32_t left = len;

	if (len < VECTOR_BYTES)
		return (uint8_t)vector_sum_u8(load_below(data, len));
	for (; left >= step; left -= step, data += step) {
		for (size_t i = 0; i < 4; i++)
			sums[i] = vector_add_u8(sums[i], vector_load(data + i * VECTOR_BYTES));
	}
	for (; left >= VECTOR_BYTES; left -= VECTOR_BYTES, data += VECTOR_BYTES)
		sums[0] = vector_add_u8(sums[0], vector_load(data));
	sums[1] = vector_add_u8(
		sums[1], vector_and(vector_load(data + left - VECTOR_BYTES), keep_last(left)));
	return (uint8_t)vector_sum_u8(
		vector_add_u8(vector_add_u8(sums[0], sums[1]), vector_add_u8(sums[2], sums[3])));
}

/*
 * 2^16 is 1 in the checksum's arithmetic: the halves of 64 bits may be added as numbers. The last
 * vector of a view of odd length begins in the middle of a pair: what is the low byte of a pair
 * there is the high one in the view, which multiplying by 2^8 makes good.
 */
static TARGET uint16_t
checksum(const uint8_t *data, uint32_t len)
{
	VECTOR sums[2] = { vector_splat(0), vector_splat(0) };
	const uint32_t step = 2 * VECTOR_BYTES;
	uint32_t left = len;
	VECTOR last;

	if (len < VECTOR_BYTES)
		return fpi_scan_fold(vector_sum_u64(vector_halves(load_below(data, len))));
	for (; left >= step; left -= step, data += step) {
		for (size_t i = 0; i < 2; i++) {
			sums[i] = vector_add_u64(
				sums[i], vector_halves(vector_load(data + i * VECTOR_BYTES)));
		}
	}
	for (; left >= VECTOR_BYTES; left -= VECTOR_BYTES, data += VECTOR_BYTES)
		sums[0] = vector_add_u64(sums[0], vector_halves(vector_load(data)));
	last = vector_and(vector_load(data + left - VECTOR_BYTES), keep_last(left));
	last = vector_shift_u64(vector_halves(last), 8 * (len & 1));
	return fpi_scan_fold(
		vector_sum_u64(vector_add_u64(vector_add_u64(sums[0], sums[1]), last)));
}

/* One block; of the last @kept bytes only where it is not a whole one. */
static FP_ALWAYS_INLINE TARGET VECTOR
scan_block(
	const uint8_t *from, uint32_t kept, const VECTOR delimiters[2], struct fp_delimiters *block)
{
	VECTOR total = vector_splat(0);
	uint64_t first = 0;
	uint64_t second = 0;

	for (uint32_t i = 0; i < BLOCK_BYTES; i += VECTOR_BYTES) {
		VECTOR bytes = vector_load(from + i);

		first |= (uint64_t)vector_bits(vector_equal(bytes, delimiters[0])) << i;
		second |= (uint64_t)vector_bits(vector_equal(bytes, delimiters[1])) << i;
		if (kept != BLOCK_BYTES)
			bytes = vector_and(bytes, vector_load(keep_masks + kept + i));
		total = vector_add_u8(total, bytes);
	}
	block->first = first >> (BLOCK_BYTES - kept);
	block->second = second >> (BLOCK_BYTES - kept);
	return total;
}

/* In less than a block. */
static TARGET void
find_short_delimiters(const uint8_t *data, uint32_t len, uint8_t first, uint8_t second,
	struct fp_delimiters *block)
{
	const struct needles firsts = { { vector_splat(first) } };
	const struct needles seconds = { { vector_splat(second) } };

	if (len > 32) {
		block->first = find_in_33_to_64(data, len, &firsts, 1);
		block->second = find_in_33_to_64(data, len, &seconds, 1);
	} else {
		const __m128i short_firsts[1] = { vector_low(firsts.bytes[0]) };
		const __m128i short_seconds[1] = { vector_low(seconds.bytes[0]) };

		block->first = find_in_short(data, len, short_firsts, 1);
		block->second = find_in_short(data, len, short_seconds, 1);
	}
}

static TARGET uint8_t
find_delimiters(const uint8_t *data, uint32_t len, uint8_t first, uint8_t second,
	struct fp_delimiters *blocks)
{
	const VECTOR delimiters[2] = { vector_splat(first), vector_splat(second) };
	VECTOR total = vector_splat(0);
	uint32_t left = len;

	if (len == 0)
		return 0;
	if (len < BLOCK_BYTES) {
		find_short_delimiters(data, len, first, second, blocks);
		return sum(data, len);
	}
	for (; left >= BLOCK_BYTES; left -= BLOCK_BYTES, data += BLOCK_BYTES)
		total = vector_add_u8(total, scan_block(data, BLOCK_BYTES, delimiters, blocks++));
	if (left != 0) {
		total = vector_add_u8(
			total, scan_block(data + left - BLOCK_BYTES, left, delimiters, blocks));
	}
	return (uint8_t)vector_sum_u8(total);
}
