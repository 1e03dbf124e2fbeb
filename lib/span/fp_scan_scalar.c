/* SPDX-License-Identifier: BSD-3-Clause */

#include "fpi_scan.h"

/* What is looked at without leaving the loop between [bytes]. */
#define BLOCK_BYTES 64U

/*
 * Body of a function: the first byte, which is called value, for which is_wanted holds. A loop that
 * is never left early is one that compilers turn into vector code.
 */
#define FIND_FIRST(is_wanted)                                 \
	uint32_t i = 0;                                       \
                                                              \
	for (; len - i >= BLOCK_BYTES; i += BLOCK_BYTES) {    \
		uint8_t hits = 0;                             \
                                                              \
		for (uint32_t k = 0; k < BLOCK_BYTES; k++) {  \
			uint8_t value = data[(size_t)i + k];  \
                                                              \
			hits = (uint8_t)(hits | (is_wanted)); \
		}                                             \
		if (hits != 0)                                \
			break;                                \
	}                                                     \
	for (; i < len; i++) {                                \
		uint8_t value = data[i];                      \
                                                              \
		if (is_wanted)                                \
			return i;                             \
	}                                                     \
	return -1;

static int64_t
find(const uint8_t *data, uint32_t len, uint8_t a)
{
	FIND_FIRST(value == a)
}

static int64_t
find_any2(const uint8_t *data, uint32_t len, uint8_t a, uint8_t b)
{
	FIND_FIRST((value == a) | (value == b))
}

static int64_t
find_any3(const uint8_t *data, uint32_t len, uint8_t a, uint8_t b, uint8_t c)
{
	FIND_FIRST((value == a) | (value == b) | (value == c))
}

static uint8_t
sum(const uint8_t *data, uint32_t len)
{
	uint8_t total = 0;

	for (uint32_t i = 0; i < len; i++)
		total = (uint8_t)(total + data[i]);
	return total;
}

/* Up to eight bytes as the machine has them, the two halves added. */
static inline uint64_t
load_halves(const uint8_t *from, uint32_t count)
{
	uint64_t word = 0;

	memcpy(&word, from, count);
	return (word & UINT32_MAX) + (word >> 32);
}

/*
 * 2^16 is 1 in the checksum's arithmetic: the halves of a word of any width may be added as
 * numbers, and no view is so long that 64 bits overflow. Four sums do not wait for each other.
 */
static uint16_t
checksum(const uint8_t *data, uint32_t len)
{
	uint64_t sums[4] = { 0 };
	uint32_t left = len;

	for (; left >= 32; left -= 32, data += 32) {
		sums[0] += load_halves(data, 8);
		sums[1] += load_halves(data + 8, 8);
		sums[2] += load_halves(data + 16, 8);
		sums[3] += load_halves(data + 24, 8);
	}
	sums[0] += sums[1] + sums[2] + sums[3];
	for (; left >= 8; left -= 8, data += 8)
		sums[0] += load_halves(data, 8);
	if ((left & 4) != 0) {
		sums[0] += load_halves(data, 4);
		data += 4;
	}
	if ((left & 2) != 0) {
		sums[0] += load_halves(data, 2);
		data += 2;
	}
	if ((left & 1) != 0)
		sums[0] += load_halves(data, 1);
	return fpi_scan_fold(sums[0]);
}

static uint8_t
find_delimiters(const uint8_t *data, uint32_t len, uint8_t first, uint8_t second,
	struct fp_delimiters *blocks)
{
	uint8_t total = 0;

	for (uint32_t i = 0; i < len; i++) {
		struct fp_delimiters *block = &blocks[i / FP_DELIMITERS_BYTES];
		uint32_t bit = i % FP_DELIMITERS_BYTES;

		if (bit == 0) {
			block->first = 0;
			block->second = 0;
		}
		block->first |= (uint64_t)(data[i] == first) << bit;
		block->second |= (uint64_t)(data[i] == second) << bit;
		total = (uint8_t)(total + data[i]);
	}
	return total;
}

const struct fpi_scan_table fpi_scan_scalar = { find, find_any2, find_any3, sum, checksum,
	find_delimiters };
