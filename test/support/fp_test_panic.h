/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * For tests of what must end the program: the bad call runs in a child, and memory that may not be
 * touched ends it by a signal.
 *
 * EAL's memory is shared with the child: what the child does to a pool stays done. Prepare before
 * the call, let the child do nothing but the call, and destroy the pool or arena after it.
 */

#ifndef FP_TEST_PANIC_H
#define FP_TEST_PANIC_H

#include <stddef.h>
#include <stdint.h>

/** The call that must not return. */
typedef void (*fp_test_call_fn)(void *arg);

/** How a child ended. */
struct fp_test_end {
	int status;      /**< As waitpid() gives it. */
	char text[8192]; /**< What it wrote to standard error, or the beginning of it. */
};

/** Memory whose end is the end of what may be accessed. */
struct fp_test_guard {
	uint8_t *start; /**< First accessible byte. */
	uint8_t *end;   /**< First inaccessible byte: [end - n, end) is n bytes right against it. */
};

/** Run call(arg) in a child and wait for its end; it exits with 0 when the call returns. */
void fp_test_run_child(fp_test_call_fn call, void *arg, struct fp_test_end *end);

/** Use ASSERT_PANICS(). */
void fp_test_panics(fp_test_call_fn call, void *arg, const char *text, const char *file, int line);

/** Use ASSERT_ASAN_STOPS(). */
void fp_test_asan_stops(fp_test_call_fn call, void *arg, const char *file, int line);

/** Assert that call(arg) ends in fp_panic() and that its message contains @p text. */
#define ASSERT_PANICS(call, arg, text) fp_test_panics(call, arg, text, __FILE__, __LINE__)

/** Assert that AddressSanitizer ends call(arg) because it accesses what fp_poison() poisoned. */
#define ASSERT_ASAN_STOPS(call, arg) fp_test_asan_stops(call, arg, __FILE__, __LINE__)

/** Map at least @p len accessible bytes and an inaccessible page behind them; 0 or -1. */
int fp_test_guard_create(struct fp_test_guard *guard, size_t len);

/** Unmap it. */
void fp_test_guard_destroy(struct fp_test_guard *guard);

#endif /* FP_TEST_PANIC_H */
