/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * BufferWriter, text: numbers, prices, symbols and points in time as characters.
 *
 * As with all writers an overrun is a programming error and panics. A text has no terminator.
 */

#ifndef FP_WRITER_TEXT_H
#define FP_WRITER_TEXT_H

#include "fp_price_text.h"
#include "fp_symbol_text.h"
#include "fp_timestamp.h"
#include "fp_writer.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Longest number that a writer fills up with zeros [digits]. */
#define FP_WRITER_DIGITS_MAX 99

/**
 * Write a number in decimal digits.
 *
 * @param[in,out] writer      Cursor.
 * @param[in]     value       The number.
 * @param[in]     min_digits  Zeros are put in front up to so many digits
 *                            [0..FP_WRITER_DIGITS_MAX]; more panics. 0 and 1 put none.
 */
FP_HOT_PATH void
fp_writer_write_ascii_u64(struct fp_writer *writer, uint64_t value, uint8_t min_digits);

/** Write a number in decimal digits; '-' is not counted. @see fp_writer_write_ascii_u64 */
FP_HOT_PATH void
fp_writer_write_ascii_i64(struct fp_writer *writer, int64_t value, uint8_t min_digits);

/** Write a price with all of its decimals [0..FP_PRICE_DECIMALS_MAX]. @see fp_price_format */
FP_HOT_PATH void
fp_writer_write_price(struct fp_writer *writer, struct fp_price price, uint8_t decimals);

/** Write a point in time with 0, 3, 6 or 9 digits behind its seconds. @see fp_timestamp_format */
FP_HOT_PATH void fp_writer_write_timestamp(
	struct fp_writer *writer, uint64_t ns, enum fp_timestamp_style style, uint8_t digits);

/** Write 8 bytes: the characters of a symbol, then padding. @see fp_reader_read_symbol8 */
FP_HOT_PATH void fp_writer_write_symbol8(
	struct fp_writer *writer, struct fp_symbol8 symbol, enum fp_symbol_padding padding);

/** Write 16 bytes: the characters of a symbol, then padding. @see fp_reader_read_symbol16 */
FP_HOT_PATH void fp_writer_write_symbol16(
	struct fp_writer *writer, struct fp_symbol16 symbol, enum fp_symbol_padding padding);

/** Write the characters of a symbol, without padding. */
FP_HOT_PATH void fp_writer_write_symbol8_text(struct fp_writer *writer, struct fp_symbol8 symbol);

/** Write the characters of a symbol, without padding. */
FP_HOT_PATH void fp_writer_write_symbol16_text(struct fp_writer *writer, struct fp_symbol16 symbol);

#ifdef __cplusplus
}
#endif

#endif /* FP_WRITER_TEXT_H */
