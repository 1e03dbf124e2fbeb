/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * The table behind fp_scan.h: one function per scan, one table per path. Not for users.
 *
 * The functions trust their arguments: an address may be NULL where the length is 0, and watches
 * were checked by who calls.
 */

#ifndef FPI_SCAN_H
#define FPI_SCAN_H

#include "fp_atomic.h"
#include "fp_scan.h"

/** The scans of one path. */
struct fpi_scan_table {
	/** Position of the first byte that is a, or -1. */
	int64_t (*find)(const uint8_t *data, uint32_t len, uint8_t a);
	/** Position of the first byte that is a or b, or -1. */
	int64_t (*find_any2)(const uint8_t *data, uint32_t len, uint8_t a, uint8_t b);
	/** Position of the first byte that is a, b or c, or -1. */
	int64_t (*find_any3)(const uint8_t *data, uint32_t len, uint8_t a, uint8_t b, uint8_t c);
	/** As fp_cspan_sum_u8(). */
	uint8_t (*sum)(const uint8_t *data, uint32_t len);
	/** As fp_cspan_internet_checksum(). */
	uint16_t (*checksum)(const uint8_t *data, uint32_t len);
	/** As fp_cspan_find_delimiters(). */
	uint8_t (*find_delimiters)(const uint8_t *data, uint32_t len, uint8_t first, uint8_t second,
		struct fp_delimiters *blocks);
};

extern const struct fpi_scan_table fpi_scan_scalar;
#ifdef RTE_ARCH_X86
extern const struct fpi_scan_table fpi_scan_sse42;
extern const struct fpi_scan_table fpi_scan_avx2;
extern const struct fpi_scan_table fpi_scan_avx512;
#endif

/** Address of the table in use; fp_scan_choose() and fp_scan_set() write it. */
extern const void *fpi_scan_in_use;

/** The table in use. Whatever the order in which threads see a choice, each table is right. */
static inline const struct fpi_scan_table *
fpi_scan_table(void)
{
	return (const struct fpi_scan_table *)fp_load_relaxed_cptr(&fpi_scan_in_use);
}

/**
 * Fold a sum of 16-bit numbers, or of wider ones that count as their halves, to 16 bits.
 *
 * The upper half of a number and itself with its halves swapped, added, is the sum of the halves
 * and of what they carry. Inlined in any case, because compilers do not inline by themselves what
 * is compiled for another processor: a checksum of 20 bytes takes a tenth more time.
 */
static FP_ALWAYS_INLINE uint16_t
fpi_scan_fold(uint64_t sum)
{
	uint32_t half = (uint32_t)((sum + (sum << 32 | sum >> 32)) >> 32);

	return (uint16_t)((half + (half << 16 | half >> 16)) >> 16);
}

#endif /* FPI_SCAN_H */
