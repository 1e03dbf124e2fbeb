/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * The lifetime level of a build, and the watch that `full` puts into every view.
 *
 * A watch is the address of a word that changes when the memory below a view goes away (the
 * generation of a buffer's slot, the epoch of an arena) and the value that the word had when the
 * view was made. Comparing the two is the whole check; it is compiled out below `full`.
 *
 * Objects of different levels have different layouts and do not link: each translation unit refers
 * to a symbol that is named after its level and that only a library of the same level defines.
 */

#ifndef FP_LIFETIME_H
#define FP_LIFETIME_H

#include <stdint.h>

#include "fp_atomic.h"

#ifdef __cplusplus
extern "C" {
#endif

#if FP_LIFETIME == FP_LIFETIME_TRUST
#define FPI_LIFETIME_SYMBOL fpi_lifetime_trust
#elif FP_LIFETIME == FP_LIFETIME_REF
#define FPI_LIFETIME_SYMBOL fpi_lifetime_ref
#elif FP_LIFETIME == FP_LIFETIME_FULL
#define FPI_LIFETIME_SYMBOL fpi_lifetime_full
#else
#error "FP_LIFETIME is none of FP_LIFETIME_TRUST, FP_LIFETIME_REF, FP_LIFETIME_FULL"
#endif

/** Name of the level: "trust", "ref" or "full". Defined under one name per level. */
extern const char FPI_LIFETIME_SYMBOL[];

/** The level in words, for reports. */
#define FP_LIFETIME_NAME FPI_LIFETIME_SYMBOL

/** Keeps the reference to the level's symbol in every object that includes this header. */
FP_USED static const char *const fpi_lifetime_level = FPI_LIFETIME_SYMBOL;

/** What a view made at level `full` compares before each access. */
struct fp_watch {
	const uint32_t *word; /**< Generation or epoch that moves on; NULL = never does. */
	uint32_t stamp;       /**< Value of *word when the view was made. */
};

/** A watch on memory that outlives every view (constants, the caller's stack). */
static inline struct fp_watch
fp_watch_none(void)
{
	struct fp_watch watch = { NULL, 0 };

	return watch;
}

/**
 * Say to whom a watched word belongs and what last happened there, by fp_panic_note().
 *
 * @param[in] word  Of the watch that has gone stale.
 * @return False, and nothing printed, when the word is none of its own.
 */
typedef bool (*fp_explain_fn)(const uint32_t *word);

/** Ask @p explain about stale watches, too. @threads Before main(): an FP_CONSTRUCTOR calls it. */
void fp_explainer_add(fp_explain_fn explain);

/** Stop the program: a view was used after its lease or epoch had ended. */
FP_COLD FP_NORETURN void fpi_watch_stale(const uint32_t *word, uint32_t stamp);

/** Panic if the word has moved on since the watch was made. */
static inline void
fp_watch_check(struct fp_watch watch)
{
	if (watch.word != NULL && FP_UNLIKELY(fp_load_relaxed_u32(watch.word) != watch.stamp))
		fpi_watch_stale(watch.word, watch.stamp);
}

#ifdef __cplusplus
}
#endif

#endif /* FP_LIFETIME_H */
