/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Symbols as text: struct fp_symbol8 and fp_symbol16 from views and to text.
 *
 *   text   1 to 8 (16) bytes           "BRK.B"
 *   field  the same on a wire with     "BRK.B   " or "BRK.B\0\0\0"
 *          fields of a fixed width
 *
 * A symbol is characters from 0x20 to 0x7e; the first and the last are no space. On our own wire
 * a field is padded with NUL, on those of Nasdaq, IEX and others with spaces.
 *
 * Nothing is read or written outside the views. Any thread.
 */

#ifndef FP_SYMBOL_TEXT_H
#define FP_SYMBOL_TEXT_H

#include "fp_span.h"
#include "fp_units.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What fills up a field behind its characters. */
enum fp_symbol_padding {
	FP_SYMBOL_PADDING_NUL = 0,     /**< As on our own wire. */
	FP_SYMBOL_PADDING_SPACE = ' ', /**< As on most others. */
};

/**
 * Take a text for a symbol.
 *
 * @param[in]  text    All of the characters, and nothing else.
 * @param[out] symbol  The symbol; all NUL on error.
 * @return 0; -EBADMSG no bytes, one that is not printable, or a space at an end; -ERANGE more than
 *         8 bytes.
 */
FP_MUST_CHECK FP_HOT_PATH int
fp_symbol8_parse(FP_SCOPED struct fp_cspan text, struct fp_symbol8 *symbol);

/** Take a text of up to 16 bytes for a symbol. @see fp_symbol8_parse */
FP_MUST_CHECK FP_HOT_PATH int
fp_symbol16_parse(FP_SCOPED struct fp_cspan text, struct fp_symbol16 *symbol);

/**
 * Take a field of fixed width for a symbol.
 *
 * @param[in]  field   Characters, then spaces or NULs to its end, not both; any width.
 * @param[out] symbol  The symbol; all NUL on error.
 * @return 0; -EBADMSG nothing but padding, a byte that is not printable, or a space in front;
 *         -ERANGE more than 8 characters before the padding.
 */
FP_MUST_CHECK FP_HOT_PATH int
fp_symbol8_from_field(FP_SCOPED struct fp_cspan field, struct fp_symbol8 *symbol);

/** Take a field with up to 16 characters for a symbol. @see fp_symbol8_from_field */
FP_MUST_CHECK FP_HOT_PATH int
fp_symbol16_from_field(FP_SCOPED struct fp_cspan field, struct fp_symbol16 *symbol);

/** Number of characters before the first NUL [0..8]. */
FP_HOT_PATH uint32_t fp_symbol8_len(struct fp_symbol8 symbol);

/** Number of characters before the first NUL [0..16]. */
FP_HOT_PATH uint32_t fp_symbol16_len(struct fp_symbol16 symbol);

/**
 * Write the characters of a symbol, without padding.
 *
 * @param[in]  symbol   Its characters up to the first NUL are taken as they are.
 * @param[in]  to       Room for the text; what is behind the text stays.
 * @param[out] written  Length of the text [bytes]; 0 on error.
 * @return 0, or -ERANGE when @p to is too short; nothing is written then.
 */
FP_MUST_CHECK FP_HOT_PATH int
fp_symbol8_format(struct fp_symbol8 symbol, FP_SCOPED struct fp_span to, uint32_t *written);

/** Write the characters of a symbol, without padding. @see fp_symbol8_format */
FP_MUST_CHECK FP_HOT_PATH int
fp_symbol16_format(struct fp_symbol16 symbol, FP_SCOPED struct fp_span to, uint32_t *written);

/**
 * Fill a field of fixed width: the characters of a symbol, then padding.
 *
 * @param[in] symbol   Its characters up to the first NUL are taken as they are.
 * @param[in] padding  What stands behind them.
 * @param[in] field    All of it is written.
 * @return 0, or -ERANGE when @p field is shorter than the symbol; nothing is written then.
 */
FP_MUST_CHECK FP_HOT_PATH int fp_symbol8_to_field(
	struct fp_symbol8 symbol, enum fp_symbol_padding padding, FP_SCOPED struct fp_span field);

/** Fill a field of fixed width. @see fp_symbol8_to_field */
FP_MUST_CHECK FP_HOT_PATH int fp_symbol16_to_field(
	struct fp_symbol16 symbol, enum fp_symbol_padding padding, FP_SCOPED struct fp_span field);

#ifdef __cplusplus
}
#endif

#endif /* FP_SYMBOL_TEXT_H */
