/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * The end of the program on a programming error.
 *
 * A panic is ours, never the wire's: a lease released twice, a view used too late, a writer that
 * overruns its buffer. It prints what a person needs to act and aborts, at every lifetime level
 * that can see the mistake.
 */

#ifndef FP_PANIC_H
#define FP_PANIC_H

#include "fp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Print what went wrong with a backtrace on standard error, then abort.
 *
 * @param[in] fmt  What happened, to which object, and what the caller should have done.
 * @threads Any; of two at once the first prints, the other waits for the end.
 */
FP_COLD FP_NORETURN FP_PRINTF(1, 2) void fp_panic(const char *fmt, ...);

/** Stop the program if a condition that only a programming error can break does not hold. */
#define FP_ASSERT(condition)                                                                 \
	do {                                                                                 \
		if (FP_UNLIKELY(!(condition)))                                               \
			fp_panic("%s:%d: %s does not hold", __FILE__, __LINE__, #condition); \
	} while (0)

#ifdef __cplusplus
}
#endif

#endif /* FP_PANIC_H */
