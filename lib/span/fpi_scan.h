/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * What the files behind fp_scan.h share: the table of each path, and how a checksum is folded.
 */

#ifndef FPI_SCAN_H
#define FPI_SCAN_H

#include "fp_scan.h"

extern const struct fpi_scan_table fpi_scan_scalar;
#ifdef RTE_ARCH_X86
extern const struct fpi_scan_table fpi_scan_sse42;
extern const struct fpi_scan_table fpi_scan_avx2;
extern const struct fpi_scan_table fpi_scan_avx512;
#endif

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
