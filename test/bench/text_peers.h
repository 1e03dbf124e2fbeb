/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * What bench_text.c compares with: the same loops around functions of C++ libraries.
 */

#ifndef TEXT_PEERS_H
#define TEXT_PEERS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Numbers of a set. */
#define TEXT_NUMBERS 65536U

/** Room for the text of one number [bytes]. */
#define TEXT_SLOT 32UL

/** Numbers and their text. */
struct text_set {
	int64_t values[TEXT_NUMBERS];            /**< To be written. */
	uint8_t slots[TEXT_NUMBERS * TEXT_SLOT]; /**< Where they are written. */
	uint32_t lens[TEXT_NUMBERS];             /**< How long they have become [bytes]. */
	const uint8_t *texts[TEXT_NUMBERS];      /**< To be read. */
	uint32_t text_lens[TEXT_NUMBERS];        /**< How much of each may be read [bytes]. */
	int64_t results[TEXT_NUMBERS];           /**< What was read. */
};

/** std::to_chars(). */
void peer_to_chars(struct text_set *set);

/** fmt::format_int, whose text is left where it makes it: one copy less than the others. */
void peer_format_int(struct text_set *set);

/** fmt::format_to() with a format that was compiled. */
void peer_format_to(struct text_set *set);

/** std::from_chars(). */
void peer_from_chars(struct text_set *set);

#ifdef __cplusplus
}
#endif

#endif /* TEXT_PEERS_H */
