/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef FP_ITCH_DAY_RANDOM_H
#define FP_ITCH_DAY_RANDOM_H

/**
 * @file
 * Random numbers that are the same on every machine: xoshiro256**, seeded by splitmix64.
 *
 * Integers only: no result depends on a compiler's or a libm's floating point.
 * Private to the synthetic feed and fpgen.
 * @source  Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2018
 */

#include <stdint.h>

/** State of one stream of numbers; never all zero once seeded. */
struct random_source {
	uint64_t state[4];
};

/** Step of splitmix64: @p seed moves on, the result is well mixed even for seeds 0, 1, 2... */
static inline uint64_t
random_mix(uint64_t *seed)
{
	uint64_t z = (*seed += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static inline void
random_seed(struct random_source *random, uint64_t seed)
{
	for (unsigned int i = 0; i < 4; i++)
		random->state[i] = random_mix(&seed);
}

static inline uint64_t
random_rotate(uint64_t value, unsigned int bits)
{
	return value << bits | value >> (64 - bits);
}

/** Next 64 random bits. */
static inline uint64_t
random_next(struct random_source *random)
{
	uint64_t *s = random->state;
	const uint64_t result = random_rotate(s[1] * 5, 7) * 9;
	const uint64_t shifted = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= shifted;
	s[3] = random_rotate(s[3], 45);
	return result;
}

/** Uniform in 0..@p bound - 1; @p bound at least 1. The bias is below bound / 2^32. */
static inline uint32_t
random_below(struct random_source *random, uint32_t bound)
{
	return (uint32_t)((random_next(random) >> 32) * bound >> 32);
}

/** How many heads in a row: n with probability 2^-(n+1), at most 31; from 32 random @p bits. */
static inline uint32_t
random_run(uint32_t bits)
{
	return (uint32_t)__builtin_ctz(bits | UINT32_C(1) << 31);
}

/**
 * Nearly exponential with the given mean (true mean 1.04 of it), at most 22 means.
 *
 * The density halves from one octave to the next and is flat inside each: -log2 of a uniform
 * variate with a straight line in place of the logarithm's mantissa.
 *
 * @param[in,out] random  Numbers.
 * @param[in]     mean    Wanted mean [0..2^42].
 */
static inline uint64_t
random_exponential(struct random_source *random, uint64_t mean)
{
	const uint64_t bits = random_next(random);
	const uint64_t octaves_q16 =
		(uint64_t)random_run((uint32_t)(bits >> 32)) << 16 | (bits & 0xffff);
	const uint64_t ln2_q16 = 45426;

	return (octaves_q16 * ln2_q16 >> 16) * mean >> 16;
}

#endif /* FP_ITCH_DAY_RANDOM_H */
