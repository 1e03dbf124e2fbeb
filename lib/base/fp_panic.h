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

/**
 * Begin a panic of several lines: what went wrong, to which object.
 *
 * Followed by any number of fp_panic_note() and ended by fp_panic_close(), by the same thread; what
 * another thread has to say waits for the end, which does not come for it.
 */
FP_COLD FP_PRINTF(1, 2) void fp_panic_open(const char *fmt, ...);

/** Add a line to the panic that this thread has begun. */
FP_COLD FP_PRINTF(1, 2) void fp_panic_note(const char *fmt, ...);

/** Add a line that names the code at an address, as the dynamic symbols and addr2line know it. */
FP_COLD void fp_panic_note_code(const char *what, void *address);

/** Print the backtrace and abort. */
FP_COLD FP_NORETURN void fp_panic_close(void);

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
