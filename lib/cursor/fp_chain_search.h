/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Searches of the chain reader: for bytes, sets of bytes and sequences, across segments.
 *
 * A search begins at the cursor and ends at the chain's end. What is found is lent as a chain
 * without the delimiter, with the lifetime of the reader's chain. Nothing found: false, no move,
 * and the output untouched. `advance_past` says whether the cursor ends behind the delimiter or on
 * it. An empty sequence is found where the cursor is; an empty set is never found.
 */

#ifndef FP_CHAIN_SEARCH_H
#define FP_CHAIN_SEARCH_H

#include "fp_chain_reader.h"

#ifdef __cplusplus
extern "C" {
#endif

/** True when the next byte is @p byte; the cursor moves past it if @p advance_past. */
FP_HOT_PATH bool
fp_chain_reader_is_next(struct fp_chain_reader *reader, uint8_t byte, bool advance_past);

/** True when the next bytes are @p bytes; the cursor moves past them if @p advance_past. */
FP_HOT_PATH bool fp_chain_reader_is_next_span(
	struct fp_chain_reader *reader, FP_SCOPED struct fp_cspan bytes, bool advance_past);

/**
 * View what stands before a delimiter, and move to it.
 *
 * @param[in,out] reader        Cursor.
 * @param[in]     delimiter     Byte wanted.
 * @param[in]     advance_past  Move past the delimiter, too.
 * @param[out]    out           All bytes up to the delimiter.
 * @return False when it does not occur.
 */
FP_MUST_CHECK FP_HOT_PATH bool fp_chain_reader_try_read_to(
	struct fp_chain_reader *reader, uint8_t delimiter, bool advance_past, struct fp_chain *out);

/**
 * View what stands before a delimiter in one piece, and move to it.
 *
 * @param[in,out] reader        Cursor; does not move on error.
 * @param[in]     delimiter     Byte wanted.
 * @param[in]     advance_past  Move past the delimiter, too.
 * @param[out]    scratch       Room of the caller's, written to only if what was found lies in
 *                              several segments.
 * @param[out]    out           All bytes up to the delimiter, with the lifetime of the reader's
 *                              chain or, where copied, of @p scratch; untouched on error.
 * @return 0; -ENODATA the delimiter does not occur; -ERANGE what stands before it lies in several
 *         segments and is longer than @p scratch.
 */
FP_MUST_CHECK FP_HOT_PATH int
fp_chain_reader_view_to(struct fp_chain_reader *reader, uint8_t delimiter, bool advance_past,
	FP_RETAINS struct fp_span scratch, struct fp_cspan *out);

/**
 * View what stands before a delimiter that is not escaped, and move to it.
 *
 * A delimiter is escaped by an odd number of @p escape directly before it; those are counted from
 * the cursor on. @p out has the escapes in it.
 *
 * @param[in,out] reader        Cursor.
 * @param[in]     delimiter     Byte wanted.
 * @param[in]     escape        Byte that escapes it.
 * @param[in]     advance_past  Move past the delimiter, too.
 * @param[out]    out           All bytes up to the delimiter.
 * @return False when it does not occur unescaped.
 */
FP_MUST_CHECK FP_HOT_PATH bool fp_chain_reader_try_read_to_escaped(struct fp_chain_reader *reader,
	uint8_t delimiter, uint8_t escape, bool advance_past, struct fp_chain *out);

/**
 * View what stands before a sequence of bytes, and move to it.
 *
 * @param[in,out] reader        Cursor.
 * @param[in]     delimiter     Bytes wanted; may lie in several segments.
 * @param[in]     advance_past  Move past the delimiter, too.
 * @param[out]    out           All bytes up to the delimiter.
 * @return False when it does not occur.
 * @cost   Up to remaining * delimiter.len comparisons.
 */
FP_MUST_CHECK FP_HOT_PATH bool fp_chain_reader_try_read_to_span(struct fp_chain_reader *reader,
	FP_SCOPED struct fp_cspan delimiter, bool advance_past, struct fp_chain *out);

/** View what stands before any byte of @p set, and move to it. @see fp_chain_reader_try_read_to */
FP_MUST_CHECK FP_HOT_PATH bool fp_chain_reader_try_read_to_any(struct fp_chain_reader *reader,
	FP_SCOPED struct fp_cspan set, bool advance_past, struct fp_chain *out);

/** Move to a delimiter, or past it. @see fp_chain_reader_try_read_to */
FP_MUST_CHECK FP_HOT_PATH bool fp_chain_reader_try_advance_to(
	struct fp_chain_reader *reader, uint8_t delimiter, bool advance_past);

/** Move to any byte of @p set, or past it. @see fp_chain_reader_try_read_to */
FP_MUST_CHECK FP_HOT_PATH bool fp_chain_reader_try_advance_to_any(
	struct fp_chain_reader *reader, FP_SCOPED struct fp_cspan set, bool advance_past);

/**
 * Move to a little-endian integer of 16 bits, or past it.
 *
 * The bytes from the cursor on are taken two by two: a match at an odd distance is none, and a last
 * single byte is not looked at.
 */
FP_MUST_CHECK FP_HOT_PATH bool fp_chain_reader_try_advance_to_le16(
	struct fp_chain_reader *reader, uint16_t delimiter, bool advance_past);

/** View what stands before such an integer. @see fp_chain_reader_try_advance_to_le16 */
FP_MUST_CHECK FP_HOT_PATH bool fp_chain_reader_try_read_to_le16(struct fp_chain_reader *reader,
	uint16_t delimiter, bool advance_past, struct fp_chain *out);

/** Move past all following bytes that are @p byte; how many there were. */
FP_HOT_PATH uint32_t fp_chain_reader_advance_past(struct fp_chain_reader *reader, uint8_t byte);

/** Move past all following bytes that are in @p set; how many there were. */
FP_HOT_PATH uint32_t fp_chain_reader_advance_past_any(
	struct fp_chain_reader *reader, FP_SCOPED struct fp_cspan set);

#ifdef __cplusplus
}
#endif

#endif /* FP_CHAIN_SEARCH_H */
