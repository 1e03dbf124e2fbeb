/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Integers and bool from ASCII text.
 *
 *   fp_text_read_u64(), _i64()     plain decimal: what messages are read with
 *   fp_text_parse_TYPE()           by a format's symbol, TYPE being i8 to i64 and u8 to u64
 *   fp_text_parse_bool()
 *
 * Text is read from the start of a view up to the first byte that cannot go on with it, which may
 * be the end: how much that was is the second result. Who wants all of the view to be a number
 * compares it with the length.
 *
 *   G, D   digits; before them one '+' or '-' for signed types
 *   N      digits, with any ',' between or behind them; then perhaps '.' and zeros. One '+' before
 *          them for all types, '-' for signed ones. Digits may be missing before ".0".
 *   X      hexadecimal digits in both cases; no sign, no 0x. The value has these bits: FF is -1 of
 *          a signed type of 8 bits
 *
 * Each symbol means the same in both cases, and 0 means G. Leading zeros are free, in any number.
 * Blanks are not passed over. A number beyond its type is an error, never clamped or cut. On every
 * error value and consumed are 0. There is no locale, and nothing is read outside the view.
 */

#ifndef FP_TEXT_PARSE_H
#define FP_TEXT_PARSE_H

#include "fp_span.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Read an unsigned integer in plain decimal, as `G` does: digits, and no sign.
 *
 * @param[in]  text      The number stands at its start.
 * @param[out] value     The number; 0 on error.
 * @param[out] consumed  Length of the number [bytes]; 0 on error.
 * @return 0, or -EBADMSG when there is no number; -EOVERFLOW when it does not fit the type.
 * @threads Any.
 * @cost    No loop up to 19 digits; as fast where the view ends with the number. Bench: bench_text.
 */
FP_HOT_PATH FP_MUST_CHECK int
fp_text_read_u64(FP_SCOPED struct fp_cspan text, uint64_t *value, uint32_t *consumed);

/** Read a signed integer in plain decimal: perhaps one '+' or '-', digits. @see fp_text_read_u64 */
FP_HOT_PATH FP_MUST_CHECK int
fp_text_read_i64(FP_SCOPED struct fp_cspan text, int64_t *value, uint32_t *consumed);

/**
 * Read an integer by the symbol of a format.
 *
 * Types i8 to i32 and u8 to u64 have the same function: fp_text_parse_u16() and so on.
 *
 * @param[in]  text      The number stands at its start.
 * @param[in]  symbol    G, D, N or X, in either case; 0 is G.
 * @param[out] value     The number; 0 on error.
 * @param[out] consumed  Length of the number [bytes]; 0 on error.
 * @return 0, or -EBADMSG when there is no number, or one of format N has a fraction; -EOVERFLOW
 *         when it does not fit the type; -EINVAL when there is no such symbol, whatever the text.
 * @threads Any.
 */
FP_MUST_CHECK int
fp_text_parse_i64(FP_SCOPED struct fp_cspan text, char symbol, int64_t *value, uint32_t *consumed);

/**
 * Read `true` or `false`, each letter in either case.
 *
 * @param[in]  text      The word stands at its start; what follows it is not looked at.
 * @param[in]  symbol    G or l, in this case only, with the same meaning; 0 is G.
 * @param[out] value     What it says; false on error.
 * @param[out] consumed  Length of the word [bytes]; 0 on error.
 * @return 0, or -EBADMSG when there is neither; -EINVAL when there is no such symbol.
 * @threads Any.
 */
FP_MUST_CHECK int
fp_text_parse_bool(FP_SCOPED struct fp_cspan text, char symbol, bool *value, uint32_t *consumed);

/* A type takes no parentheses: NOLINTBEGIN(bugprone-macro-parentheses) */
#define FPI_TEXT_PARSE(name, type)              \
	FP_MUST_CHECK int fp_text_parse_##name( \
		FP_SCOPED struct fp_cspan text, char symbol, type *value, uint32_t *consumed);

FPI_TEXT_PARSE(i8, int8_t)
FPI_TEXT_PARSE(i16, int16_t)
FPI_TEXT_PARSE(i32, int32_t)
FPI_TEXT_PARSE(u8, uint8_t)
FPI_TEXT_PARSE(u16, uint16_t)
FPI_TEXT_PARSE(u32, uint32_t)
FPI_TEXT_PARSE(u64, uint64_t)

#undef FPI_TEXT_PARSE
/* NOLINTEND(bugprone-macro-parentheses) */

#ifdef __cplusplus
}
#endif

#endif /* FP_TEXT_PARSE_H */
