/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Attributes and annotations that every other header uses.
 *
 * Two kinds live here. The first group changes what the compiler does (hot, cold, must-check). The
 * second group changes nothing that runs: it states who owns and who keeps what, for readers and
 * for fpcheck, which finds the statements as clang annotate attributes.
 */

#ifndef FP_COMMON_H
#define FP_COMMON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fp_config.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The result says whether the call worked: ignoring it is a compile-time warning. */
#define FP_MUST_CHECK __attribute__((warn_unused_result))

/** Rarely called: kept out of the hot text section and never inlined. */
#define FP_COLD __attribute__((cold, noinline))

/** Never returns. */
#define FP_NORETURN __attribute__((noreturn))

/** Arguments @p fmt_idx and following are checked as printf does. */
#define FP_PRINTF(fmt_idx, first_idx) __attribute__((format(printf, fmt_idx, first_idx)))

/** Runs before main(), for registries that drivers add themselves to. */
#define FP_CONSTRUCTOR __attribute__((constructor))

/** Kept in the object although nothing refers to it. */
#define FP_USED __attribute__((used))

/** Inline without the compiler's judgement; each use gives its measurement beside it. */
#define FP_ALWAYS_INLINE inline __attribute__((always_inline))

/**
 * The function may use the instruction sets named in the text @p sets beyond those that all others
 * may use: it is called after a look at the CPU.
 */
#define FP_TARGET(sets) __attribute__((target(sets)))

/** Size that keeps two fields from sharing a cache line or its prefetched neighbour [bytes]. */
#define FP_CACHE_LINE_BYTES 64

/** Start the variable or field on a cache line of its own. */
#define FP_CACHE_ALIGNED __attribute__((aligned(FP_CACHE_LINE_BYTES)))

/** The condition holds nearly always. */
#define FP_LIKELY(condition) __builtin_expect(!!(condition), 1)

/** The condition holds nearly never. */
#define FP_UNLIKELY(condition) __builtin_expect(!!(condition), 0)

/**
 * The condition is as likely as not and no pattern is in it: choose by it without a branch.
 */
#ifdef __clang__
#define FP_UNPREDICTABLE(condition) __builtin_unpredictable(!!(condition))
#else
#define FP_UNPREDICTABLE(condition) __builtin_expect_with_probability(!!(condition), 1, 0.5)
#endif

/** Let the compiler forget what it knows about a variable, such as that it is equal to another. */
#define FP_FORGET(variable) __asm__("" : "+r"(variable))

#ifdef __clang__
#define FPI_ANNOTATE(text) __attribute__((annotate(text)))
#else
#define FPI_ANNOTATE(text)
#endif

/*
 * An annotated parameter has an address, and an inline function that is called per byte then keeps
 * it in memory: small datagrams take more than twice as long to decode. So parameters are annotated
 * where nothing is optimised, and where who reads the annotations defines FP_ANNOTATE.
 */
#if defined(__clang__) && (!defined(__OPTIMIZE__) || defined(FP_ANNOTATE))
#define FPI_ANNOTATE_PARAM(text) __attribute__((annotate(text)))
#else
#define FPI_ANNOTATE_PARAM(text)
#endif

/** The function runs per packet or per message: fpcheck applies the hot-path rules to it. */
#define FP_HOT_PATH FPI_ANNOTATE("fp_hot_path")

/** The view passed here is not kept by the callee, neither stored nor returned (R-04-02). */
#define FP_SCOPED FPI_ANNOTATE_PARAM("fp_scoped")

/** The returned view lives as long as the argument @p param does. */
#define FP_RETURNS(param) FPI_ANNOTATE("fp_returns:" #param)

/** The callee now owns what is passed here, whatever it returns. */
#define FP_TAKES FPI_ANNOTATE_PARAM("fp_takes")

/** What is passed here is kept beyond the call: by the callee, or in what it fills for us. */
#define FP_RETAINS FPI_ANNOTATE_PARAM("fp_retains")

/** The callee owns the first n elements of the array passed here, n being its return value. */
#define FP_CONSUMES_PREFIX FPI_ANNOTATE_PARAM("fp_consumes_prefix")

/** The buffer passed here may come back as another one: earlier views of it are dead. */
#define FP_REPLACES FPI_ANNOTATE_PARAM("fp_replaces")

#ifdef __cplusplus
}
#endif

#endif /* FP_COMMON_H */
