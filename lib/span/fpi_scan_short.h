/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * What the vector paths have in common for short views and for positions. Who includes it defines
 * TARGET, the attribute of all functions.
 */

static inline TARGET __m128i
load_16(const uint8_t *from)
{
	return _mm_loadu_si128((const __m128i *)(const void *)from);
}

/* Where the needles are in 16 bytes. */
static FP_ALWAYS_INLINE TARGET uint64_t
find_in_16(__m128i bytes, const __m128i *needles, int count)
{
	__m128i hits = _mm_cmpeq_epi8(bytes, needles[0]);

	if (count > 1)
		hits = _mm_or_si128(hits, _mm_cmpeq_epi8(bytes, needles[1]));
	if (count > 2)
		hits = _mm_or_si128(hits, _mm_cmpeq_epi8(bytes, needles[2]));
	return (uint32_t)_mm_movemask_epi8(hits);
}

/* Where the needles are in 16 to 32 bytes; 128 bits leave no upper halves to clear. */
static FP_ALWAYS_INLINE TARGET uint64_t
find_in_16_to_32(const uint8_t *data, uint32_t len, const __m128i *needles, int count)
{
	return find_in_16(load_16(data), needles, count) |
		find_in_16(load_16(data + len - 16), needles, count) << (len - 16);
}

/* Bits that say where a needle is in 64 bytes that begin at a position of a view. */
struct found {
	uint64_t bits;
	uint32_t at;
};

/*
 * The first of two that is not empty. No branch: where a needle is cannot be foreseen, and two
 * guesses instead of one make a search that ends at any place of 1,472 bytes a quarter slower.
 */
static FP_ALWAYS_INLINE struct found
first_found(struct found a, struct found b)
{
	uint64_t a_is_empty = 0 - (uint64_t)(a.bits == 0);

	a.bits |= b.bits & a_is_empty;
	a.at += (b.at - a.at) & (uint32_t)a_is_empty;
	return a;
}

/* The position of the first needle, or -1. */
static FP_ALWAYS_INLINE int64_t
position_of(struct found found)
{
	return found.bits == 0 ? -1 : (int64_t)found.at + __builtin_ctzll(found.bits);
}
