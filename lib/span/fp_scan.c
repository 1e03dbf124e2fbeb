/* SPDX-License-Identifier: BSD-3-Clause */

/* rte_vect_get_max_simd_bitwidth(). */
#define ALLOW_EXPERIMENTAL_API

#include <rte_common.h>
#include <rte_cpuflags.h>
#include <rte_vect.h>

#include "fp_scan.h"
#include "fpi_scan.h"

/* What every CPU has for which the library was built. */
#ifdef __SSE4_2__
#define PATH_OF_THE_BUILD  FP_SCAN_SSE42
#define TABLE_OF_THE_BUILD fpi_scan_sse42
#else
#define PATH_OF_THE_BUILD  FP_SCAN_SCALAR
#define TABLE_OF_THE_BUILD fpi_scan_scalar
#endif

/* Constant before any constructor runs, so that no scan finds it empty. */
const void *fpi_scan_in_use = &TABLE_OF_THE_BUILD;

static const struct {
	const char *name;
	const struct fpi_scan_table *table; /* NULL = not in this build */
	uint16_t width;                     /* [bits] */
} paths[FP_SCAN_PATHS] = {
	[FP_SCAN_SCALAR] = { "scalar", &fpi_scan_scalar, 0 },
#ifdef RTE_ARCH_X86
	[FP_SCAN_SSE42] = { "sse4.2", &fpi_scan_sse42, RTE_VECT_SIMD_128 },
	[FP_SCAN_AVX2] = { "avx2", &fpi_scan_avx2, RTE_VECT_SIMD_256 },
	[FP_SCAN_AVX512] = { "avx512", &fpi_scan_avx512, RTE_VECT_SIMD_512 },
#else
	[FP_SCAN_SSE42] = { "sse4.2", NULL, 0 },
	[FP_SCAN_AVX2] = { "avx2", NULL, 0 },
	[FP_SCAN_AVX512] = { "avx512", NULL, 0 },
#endif
};

#ifdef RTE_ARCH_X86
static bool
has_flags(const enum rte_cpu_flag_t *flags, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		if (rte_cpu_get_flag_enabled(flags[i]) != 1)
			return false;
	}
	return true;
}

/* A flag of OSXSAVE, too: wide registers are of no use where the kernel does not save them. */
static bool
has_cpu(enum fp_scan_path path)
{
	static const enum rte_cpu_flag_t sse42[] = { RTE_CPUFLAG_SSE4_2 };
	static const enum rte_cpu_flag_t avx2[] = { RTE_CPUFLAG_OSXSAVE, RTE_CPUFLAG_AVX2,
		RTE_CPUFLAG_BMI1, RTE_CPUFLAG_BMI2 };
	static const enum rte_cpu_flag_t avx512[] = { RTE_CPUFLAG_AVX512F, RTE_CPUFLAG_AVX512BW,
		RTE_CPUFLAG_AVX512VL };

	switch (path) {
	case FP_SCAN_SCALAR:
		return true;
	case FP_SCAN_SSE42:
		return has_flags(sse42, RTE_DIM(sse42));
	case FP_SCAN_AVX2:
		return has_flags(avx2, RTE_DIM(avx2));
	case FP_SCAN_AVX512:
		return has_flags(avx2, RTE_DIM(avx2)) && has_flags(avx512, RTE_DIM(avx512));
	case FP_SCAN_PATHS:
		break;
	}
	return false;
}
#else
static bool
has_cpu(enum fp_scan_path path)
{
	return path == FP_SCAN_SCALAR;
}
#endif

static void
use(enum fp_scan_path path)
{
	fp_store_relaxed_cptr(&fpi_scan_in_use, paths[path].table);
}

enum fp_scan_path
fp_scan_choose(void)
{
	uint16_t width = rte_vect_get_max_simd_bitwidth();
	enum fp_scan_path path = FP_SCAN_AVX512;

	if (width == 0) { /* EAL has not been started */
		use(PATH_OF_THE_BUILD);
		return PATH_OF_THE_BUILD;
	}
	while (path > FP_SCAN_SCALAR && (paths[path].width > width || !has_cpu(path)))
		path--;
	use(path);
	return path;
}

int
fp_scan_set(enum fp_scan_path path)
{
	if ((unsigned int)path >= FP_SCAN_PATHS)
		return -EINVAL;
	if (!has_cpu(path))
		return -ENOTSUP;
	use(path);
	return 0;
}

enum fp_scan_path
fp_scan_get(void)
{
	const struct fpi_scan_table *table = fpi_scan_table();
	enum fp_scan_path path = FP_SCAN_AVX512;

	while (path > FP_SCAN_SCALAR && paths[path].table != table)
		path--;
	return path;
}

const char *
fp_scan_name(enum fp_scan_path path)
{
	return (unsigned int)path < FP_SCAN_PATHS ? paths[path].name : "unknown";
}
