/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Scans of bytes with the widest instructions that may be used: sums, checksums, delimiters.
 *
 * Each scan exists once per path: plain C, SSE4.2, AVX2, AVX-512. All give the same results; one
 * table says which one runs, for these functions and for fp_cspan_index_of_u8(),
 * fp_cspan_index_of_any2_u8() and fp_cspan_index_of_any3_u8() of fp_span_search.h.
 *
 * A program calls fp_scan_choose() once, after rte_eal_init(). Before that the scans work too, also
 * in a constructor: they take the path that every CPU has for which the library was built, which is
 * SSE4.2 for x86 as DPDK is built.
 *
 * Nothing is read outside a view, at no path, not even in the same word.
 */

#ifndef FP_SCAN_H
#define FP_SCAN_H

#include "fp_atomic.h"
#include "fp_span.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What the scans are made of, from narrow to wide. */
enum fp_scan_path {
	FP_SCAN_SCALAR, /**< C; 64 bits at a time, or what the compiler makes of it. */
	FP_SCAN_SSE42,  /**< 128 bits. */
	FP_SCAN_AVX2,   /**< 256 bits, with BMI1 and BMI2. */
	FP_SCAN_AVX512, /**< 512 bits: AVX-512 F, BW and VL, and masked loads. */
	FP_SCAN_PATHS   /**< Their number. */
};

/** Bytes that one struct fp_delimiters tells about. */
#define FP_DELIMITERS_BYTES 64U

/** Where two delimiters are in 64 bytes of a view: bit i for byte i. */
struct fp_delimiters {
	uint64_t first;  /**< Bit i: byte i is the first delimiter. */
	uint64_t second; /**< Bit i: byte i is the second delimiter. */
};

/**
 * The scans of one path; not for users.
 *
 * An address may be NULL where the length is 0. Watches are checked by who calls.
 */
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

/** Address of the table in use; fp_scan_choose() and fp_scan_set() write it. */
extern const void *fpi_scan_in_use;

/** The table in use. Whatever the order in which threads see a choice, each table is right. */
static inline const struct fpi_scan_table *
fpi_scan_table(void)
{
	return (const struct fpi_scan_table *)fp_load_relaxed_cptr(&fpi_scan_in_use);
}

/**
 * Choose the widest path that this CPU has and DPDK's greatest SIMD width allows.
 *
 * The width is that of rte_vect_get_max_simd_bitwidth(): 256 bits unless EAL was given
 * --force-max-simd-bitwidth, so AVX-512 only with 512 (or 0: no limit); 64 is plain C. It is 0
 * before EAL: the path is then the one of the build, whatever EAL will be told.
 *
 * @return The path that is in use from now on.
 * @threads Any, at any time: a scan that runs meanwhile ends as it began. Meant for start-up.
 */
enum fp_scan_path fp_scan_choose(void);

/**
 * Use a path whatever DPDK's width allows: for tests and benchmarks.
 *
 * @param[in] path  Path to use.
 * @return 0, -ENOTSUP when this CPU or build has no such path, -EINVAL when there is none; the one
 *         in use stays then.
 * @threads Any, as fp_scan_choose().
 */
FP_MUST_CHECK int fp_scan_set(enum fp_scan_path path);

/** The path that is in use. @threads Any. */
enum fp_scan_path fp_scan_get(void);

/** Name of a path for reports: "scalar", "sse4.2", "avx2", "avx512"; "unknown" for no path. */
const char *fp_scan_name(enum fp_scan_path path);

/**
 * Sum of all bytes modulo 256: the checksum of FIX.
 *
 * @param[in] span  Bytes to add; none sum up to 0.
 * @cost    No allocation; on wide paths no loop over single bytes. Bench: bench_scan/sum.
 */
FP_HOT_PATH static inline uint8_t
fp_cspan_sum_u8(FP_SCOPED struct fp_cspan span)
{
	fpi_cspan_check(span);
	/* fpcheck: allow FP0409 because the CPU chose the function at start */
	return fpi_scan_table()->sum(span.data, span.len);
}

/**
 * The sum of RFC 1071 over the bytes in pairs, folded to 16 bits and not inverted.
 *
 * A pair is a 16-bit number as this machine has it in memory, so that the result, stored as such a
 * number, has the order of the network: it is the value of DPDK's rte_raw_cksum(). An odd last byte
 * is the first of a pair whose second is 0. The checksum field of a header is the inverted sum over
 * the header with that field 0; over a header with its checksum the sum is 0xffff.
 *
 * @param[in] span  Bytes to add, of any length; none sum up to 0, and so do bytes that are all 0.
 *                  No others do: what is 0 modulo 65535 otherwise gives 0xffff.
 * @cost    No allocation; on wide paths no loop over single bytes. Bench: bench_scan/checksum.
 * @source  RFC 1071
 */
FP_HOT_PATH static inline uint16_t
fp_cspan_internet_checksum(FP_SCOPED struct fp_cspan span)
{
	fpi_cspan_check(span);
	/* fpcheck: allow FP0409 because the CPU chose the function at start */
	return fpi_scan_table()->checksum(span.data, span.len);
}

/**
 * Find all of two delimiters and the sum of all bytes in one pass.
 *
 * @param[in]  span    Bytes to look at.
 * @param[in]  first   A delimiter.
 * @param[in]  second  The other one; both bits are set where the two are equal.
 * @param[out] blocks  Shape [(span.len + 63) / 64]: 64 bytes of the view each, in order; bits
 *                     for bytes past the end are 0. May be NULL when the view is empty. Not part of
 *                     the memory that is viewed.
 * @return Sum of all bytes modulo 256, as fp_cspan_sum_u8() gives it.
 * @cost    No allocation. Bench: bench_scan/delimiters.
 */
FP_HOT_PATH static inline uint8_t
fp_cspan_find_delimiters(
	FP_SCOPED struct fp_cspan span, uint8_t first, uint8_t second, struct fp_delimiters *blocks)
{
	fpi_cspan_check(span);
	/* fpcheck: allow FP0409 because the CPU chose the function at start */
	return fpi_scan_table()->find_delimiters(span.data, span.len, first, second, blocks);
}

#ifdef __cplusplus
}
#endif

#endif /* FP_SCAN_H */
