/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Symbols of FIX as two words, without a loop over their characters.
 *
 *    message   ...|55=FABLE|270=...|10=ccc|
 *                     FABLE|27             8 bytes from the value on are in the message, whatever
 *                                          its length, since "|10=ccc|" lies behind every field
 *
 * Takes what fp_symbol16_parse() takes: 1 to 16 characters from 0x20 to 0x7e, the first and the
 * last no space.
 *
 * Private to the driver.
 */

#ifndef FP_FIX_SYMBOL_TEXT_H
#define FP_FIX_SYMBOL_TEXT_H

#include "fp_fix_fields.h"
#include "fp_span_endian.h"

/** Not 0 in the bytes of a word that are not from 0x20 to 0x7e; a byte of 0x80 upsets others. */
static inline uint64_t
fp_fix_unprintable(uint64_t word)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);

	return (word | (word + ones) | ~(word + ones * (0x80 - ' '))) & ones << 7;
}

/** The first @p len [1..8] characters of a word; *is_bad gets bits when one is not printable. */
static inline uint64_t
fp_fix_characters(uint64_t word, uint32_t len, uint64_t *is_bad)
{
	uint64_t mask = UINT64_MAX >> (64 - 8 * len);

	word &= mask;
	*is_bad |= fp_fix_unprintable(word | (UINT64_C(0x2020202020202020) & ~mask));
	return word;
}

/**
 * Read a symbol.
 *
 * @param[in]  message  That the field was found in.
 * @param[in]  field    Of it.
 * @param[out] key      The characters, padded with NUL, as loaded little-endian.
 * @return False when it is none; @p key is unspecified then.
 */
static inline bool
fp_fix_read_symbol(struct fp_cspan message, const struct fp_fix_field *field, uint64_t key[2])
{
	uint32_t start = (uint32_t)(field->value.data - message.data);
	uint32_t len = field->value.len;
	uint64_t is_bad = 0, word;

	if (FP_UNLIKELY(len - 1 >= 16))
		return false;
	word = fp_cspan_read_le64(fp_cspan_slice(message, start, 8));
	if (FP_UNLIKELY((uint8_t)word == ' ' || fp_cspan_at(field->value, len - 1) == ' '))
		return false;
	key[1] = 0;
	if (FP_UNLIKELY(len > 8)) {
		key[1] = fp_cspan_read_le64(fp_cspan_slice(message, start + 8, 8));
		key[1] = fp_fix_characters(key[1], len - 8, &is_bad);
		len = 8;
	}
	key[0] = fp_fix_characters(word, len, &is_bad);
	return FP_LIKELY(is_bad == 0);
}

#endif /* FP_FIX_SYMBOL_TEXT_H */
