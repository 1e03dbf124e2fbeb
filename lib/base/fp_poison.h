/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * AddressSanitizer's poison for memory that it does not know: buffers and arenas.
 *
 * What is released is poisoned and what is granted is unpoisoned, so that a raw pointer that is
 * used too late is caught with a stack, at any lifetime level. Without -fsanitize=address these are
 * nothing. Starts are granular to 8 bytes, ends are exact.
 */

#ifndef FP_POISON_H
#define FP_POISON_H

#include "fp_common.h"

#if defined(__SANITIZE_ADDRESS__)
#define FP_HAS_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define FP_HAS_ASAN 1
#endif
#endif
#ifndef FP_HAS_ASAN
/** 1 in builds with AddressSanitizer, else 0. */
#define FP_HAS_ASAN 0
#endif

#if FP_HAS_ASAN
#include <sanitizer/asan_interface.h>
#endif

#ifdef __cplusplus
extern "C" {
#endif

/** Any access to [data, data + len) is an error from here on. */
static inline void
fp_poison(const void *data, size_t len)
{
#if FP_HAS_ASAN
	__asan_poison_memory_region(data, len);
#else
	(void)data;
	(void)len;
#endif
}

/** [data, data + len) may be accessed from here on. */
static inline void
fp_unpoison(const void *data, size_t len)
{
#if FP_HAS_ASAN
	__asan_unpoison_memory_region(data, len);
#else
	(void)data;
	(void)len;
#endif
}

#ifdef __cplusplus
}
#endif

#endif /* FP_POISON_H */
