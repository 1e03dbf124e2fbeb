/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Integers and bool to ASCII text.
 *
 *   fp_text_write_u64(), _i64()    plain decimal: what messages are written with
 *   fp_text_format_TYPE()          in a standard format, TYPE being i8 to i64 and u8 to u64
 *   fp_text_format_bool()
 *
 * A standard format is a symbol and a precision, in text `D3`:
 *
 *   G    plain decimal, '-' when negative; takes no precision
 *   D    the same, with zeros in front up to as many digits as the precision says
 *   N    thousands separated by ',', then '.' and as many zeros as the precision says (none: 2)
 *   X    hexadecimal, of the type's own width (-1 of 8 bits is FF), with zeros in front as in D;
 *        x has small letters, the other symbols mean the same in both cases
 *
 * Text is written at the start of a view. Nothing behind what was written is changed; when the view
 * is too short, the bytes inside it may have any values. There is no locale and no terminating NUL.
 */

#ifndef FP_TEXT_FORMAT_H
#define FP_TEXT_FORMAT_H

#include "fp_span.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Largest precision of a format. */
#define FP_TEXT_PRECISION_MAX 99

/** The format has no precision. */
#define FP_TEXT_PRECISION_NONE UINT8_MAX

/** Room that any integer of 64 bits fits into in plain decimal [bytes]. */
#define FP_TEXT_DECIMAL_BYTES_MAX 20

/** How a value is written. All zero is the default: G. */
struct fp_text_format {
	char symbol;       /**< What kind of text; 0 = the default of the type. */
	uint8_t precision; /**< 0 to FP_TEXT_PRECISION_MAX, or FP_TEXT_PRECISION_NONE. */
};

/**
 * Read a format from its text: nothing, or a symbol and up to two digits.
 *
 * Whether a type knows the symbol is found when a value is written.
 *
 * @param[in]  text    Such as `D3`; all of it is the format.
 * @param[out] format  The format; the default on error.
 * @return 0, or -EBADMSG when the text is no format.
 * @threads Any.
 */
FP_MUST_CHECK int
fp_text_format_parse(FP_SCOPED struct fp_cspan text, struct fp_text_format *format);

/**
 * Write an integer in plain decimal, as `G` does.
 *
 * @param[in]  value    Any.
 * @param[out] to       Room at its start; FP_TEXT_DECIMAL_BYTES_MAX is always enough.
 * @param[out] written  Length of the text [bytes]; 0 on error.
 * @return 0, or -ERANGE when the text does not fit.
 * @threads Any.
 * @cost    No loop over the digits, no division. Bench: bench_text.
 */
FP_HOT_PATH FP_MUST_CHECK int
fp_text_write_u64(uint64_t value, FP_SCOPED struct fp_span to, uint32_t *written);

/** Write a signed integer in plain decimal, '-' when negative. @see fp_text_write_u64 */
FP_HOT_PATH FP_MUST_CHECK int
fp_text_write_i64(int64_t value, FP_SCOPED struct fp_span to, uint32_t *written);

/**
 * Write an integer in a standard format.
 *
 * Types i8 to i32 and u8 to u64 have the same function: fp_text_format_u16() and so on. They
 * differ in hexadecimal only, where a negative value has the width of its type.
 *
 * @param[in]  value    Any.
 * @param[in]  format   G, D, N or X.
 * @param[out] to       Room at its start.
 * @param[out] written  Length of the text [bytes]; 0 on error.
 * @return 0, or -ERANGE when the text does not fit; -EINVAL when there is no such symbol or
 *         precision, whatever the room; -ENOTSUP when G has a precision.
 * @threads Any.
 */
FP_MUST_CHECK int fp_text_format_i64(int64_t value, struct fp_text_format format,
	FP_SCOPED struct fp_span to, uint32_t *written);

/**
 * Write `True` or `False` (format G), or `true` or `false` (format l).
 *
 * @param[in]  value    Any.
 * @param[in]  format   G or l, in this case only; a precision says nothing.
 * @param[out] to       Room at its start.
 * @param[out] written  Length of the text [bytes]; 0 on error.
 * @return 0, or -ERANGE when the text does not fit; -EINVAL when there is no such symbol or
 *         precision, whatever the room.
 * @threads Any.
 */
FP_MUST_CHECK int fp_text_format_bool(
	bool value, struct fp_text_format format, FP_SCOPED struct fp_span to, uint32_t *written);

/* A type takes no parentheses: NOLINTBEGIN(bugprone-macro-parentheses) */
#define FPI_TEXT_FORMAT(name, type)                                                       \
	FP_MUST_CHECK int fp_text_format_##name(type value, struct fp_text_format format, \
		FP_SCOPED struct fp_span to, uint32_t *written);

FPI_TEXT_FORMAT(i8, int8_t)
FPI_TEXT_FORMAT(i16, int16_t)
FPI_TEXT_FORMAT(i32, int32_t)
FPI_TEXT_FORMAT(u8, uint8_t)
FPI_TEXT_FORMAT(u16, uint16_t)
FPI_TEXT_FORMAT(u32, uint32_t)
FPI_TEXT_FORMAT(u64, uint64_t)

#undef FPI_TEXT_FORMAT
/* NOLINTEND(bugprone-macro-parentheses) */

#ifdef __cplusplus
}
#endif

#endif /* FP_TEXT_FORMAT_H */
