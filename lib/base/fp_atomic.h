/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * The few atomic operations that the library needs, usable from C and C++ headers alike.
 *
 * Most shared words here have one writer: a relaxed load and a relaxed store are enough and cost
 * no more than plain ones, while a reader on another thread never sees half a value.
 */

#ifndef FP_ATOMIC_H
#define FP_ATOMIC_H

#include <stdint.h>

#include "fp_common.h"

#if defined(__SANITIZE_THREAD__)
#define FP_HAS_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define FP_HAS_TSAN 1
#endif
#endif
#ifndef FP_HAS_TSAN
/** 1 in builds with ThreadSanitizer, else 0. */
#define FP_HAS_TSAN 0
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* clang-tidy does not see that the builtins write. NOLINTBEGIN(readability-non-const-parameter) */

/** Read a word that another thread may write. */
static inline uint64_t
fp_load_relaxed_u64(const uint64_t *word)
{
	return __atomic_load_n(word, __ATOMIC_RELAXED);
}

/** Write a word that other threads may read; one thread writes it. */
static inline void
fp_store_relaxed_u64(uint64_t *word, uint64_t value)
{
	__atomic_store_n(word, value, __ATOMIC_RELAXED);
}

/** Read a word that another thread may write. */
static inline uint32_t
fp_load_relaxed_u32(const uint32_t *word)
{
	return __atomic_load_n(word, __ATOMIC_RELAXED);
}

/** Write a word that other threads may read; one thread writes it. */
static inline void
fp_store_relaxed_u32(uint32_t *word, uint32_t value)
{
	__atomic_store_n(word, value, __ATOMIC_RELAXED);
}

/** Read a word, and see all that its writer did before it wrote. */
static inline uint32_t
fp_load_acquire_u32(const uint32_t *word)
{
	return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}

/** Write a word after all that this thread did before is visible. */
static inline void
fp_store_release_u32(uint32_t *word, uint32_t value)
{
	__atomic_store_n(word, value, __ATOMIC_RELEASE);
}

/** Read an address that another thread may write. */
static inline void *
fp_load_relaxed_ptr(void *const *word)
{
	return __atomic_load_n(word, __ATOMIC_RELAXED);
}

/** Read an address of constants that another thread may write. */
static inline const void *
fp_load_relaxed_cptr(const void *const *word)
{
	return __atomic_load_n(word, __ATOMIC_RELAXED);
}

/** Write an address of constants that other threads may read. */
static inline void
fp_store_relaxed_cptr(const void **word, const void *value)
{
	__atomic_store_n(word, value, __ATOMIC_RELAXED);
}

/** Read a word, and see all that its writers did before they wrote. */
static inline uint64_t
fp_load_acquire_u64(const uint64_t *word)
{
	return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}

/** Add to a word that several threads write; the old value. */
static inline uint32_t
fp_add_shared_u32(uint32_t *word, uint32_t n)
{
	return __atomic_fetch_add(word, n, __ATOMIC_RELAXED);
}

/** Add to a word that several threads write. */
static inline void
fp_add_shared_u64(uint64_t *word, uint64_t n)
{
	__atomic_fetch_add(word, n, __ATOMIC_RELAXED);
}

/** Add 1 to a word that several threads write; the new value. */
static inline uint16_t
fp_increment_shared_u16(uint16_t *word)
{
	return __atomic_add_fetch(word, 1, __ATOMIC_RELAXED);
}

/** Take 1 from a word that several threads write, after all they did before; the old value. */
static inline uint16_t
fp_decrement_shared_u16(uint16_t *word)
{
	return __atomic_fetch_sub(word, 1, __ATOMIC_ACQ_REL);
}

/** Read a word that another thread may write. */
static inline uint16_t
fp_load_relaxed_u16(const uint16_t *word)
{
	return __atomic_load_n(word, __ATOMIC_RELAXED);
}

/**
 * Write a word that several threads write, if it still has the value that was seen.
 *
 * @param[in,out] word  To write.
 * @param[in,out] seen  Its expected value; what it really is when false is returned.
 * @param[in]     next  Its value when true is returned.
 */
static inline bool
fp_replace_shared_u16(uint16_t *word, uint16_t *seen, uint16_t next)
{
	return __atomic_compare_exchange_n(
		word, seen, next, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

/** Read a word, and see all that its writers did before they wrote. */
static inline uint16_t
fp_load_acquire_u16(const uint16_t *word)
{
	return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}

/**
 * Take 1 from a count [0..INT16_MAX] that several threads write, after all they did before.
 *
 * @return True when it was 0; it wraps then. The sign tells, which costs less than the old value.
 */
static inline bool
fp_decrement_below_u16(uint16_t *word)
{
	return __atomic_sub_fetch((int16_t *)word, 1, __ATOMIC_ACQ_REL) < 0;
}

/** Write a word that other threads may read; one thread writes it. */
static inline void
fp_store_relaxed_u16(uint16_t *word, uint16_t value)
{
	__atomic_store_n(word, value, __ATOMIC_RELAXED);
}

/** Write a byte that other threads may read. */
static inline void
fp_store_relaxed_u8(uint8_t *word, uint8_t value)
{
	__atomic_store_n(word, value, __ATOMIC_RELAXED);
}

/** What this thread writes from here on is seen after what it wrote before; free on x86. */
static inline void
fp_fence_release(void)
{
	__atomic_thread_fence(__ATOMIC_RELEASE);
}

/** What this thread reads from here on is read after what it read before; free on x86. */
static inline void
fp_fence_acquire(void)
{
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
}

/** Write a word after all that this thread did before is visible. */
static inline void
fp_store_release_u64(uint64_t *word, uint64_t value)
{
	__atomic_store_n(word, value, __ATOMIC_RELEASE);
}

/**
 * Write @p desired if the word is still @p expected, ordered with all before and after.
 *
 * @param[in,out] word      Written by several threads.
 * @param[in,out] expected  What it should be; on failure what it is.
 * @param[in]     desired   What it becomes.
 * @return True when it was written.
 */
static inline bool
fp_compare_exchange_u64(uint64_t *word, uint64_t *expected, uint64_t desired)
{
	return __atomic_compare_exchange_n(
		word, expected, desired, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
}

/** Read a pointer, and see all that its writer did before it wrote. */
static inline void *
fp_load_acquire_ptr(void *const *word)
{
	return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}

/** Write a pointer after all that this thread did before is visible. */
static inline void
fp_store_release_ptr(void **word, void *value)
{
	__atomic_store_n(word, value, __ATOMIC_RELEASE);
}

/** Read a flag that another thread may write. */
static inline bool
fp_load_relaxed_bool(const bool *word)
{
	return __atomic_load_n(word, __ATOMIC_RELAXED);
}

/** Write a flag that other threads may read. */
static inline void
fp_store_relaxed_bool(bool *word, bool value)
{
	__atomic_store_n(word, value, __ATOMIC_RELAXED);
}

/** Take a flag that keeps others out, unless somebody has it. @return True when it was taken. */
static inline bool
fp_try_lock(bool *flag)
{
	return !__atomic_exchange_n(flag, true, __ATOMIC_ACQUIRE);
}

/** Give a flag back that fp_try_lock() took. */
static inline void
fp_unlock(bool *flag)
{
	__atomic_store_n(flag, false, __ATOMIC_RELEASE);
}

/* NOLINTEND(readability-non-const-parameter) */

#ifdef __cplusplus
}
#endif

#endif /* FP_ATOMIC_H */
