/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * BufferReader, text: symbols in fields of a fixed width.
 *
 * As with all reads a field that is too short latches the fault, and so does one that is no
 * symbol: nothing but padding, a byte that is not printable, a space in front.
 */

#ifndef FP_READER_TEXT_H
#define FP_READER_TEXT_H

#include "fp_reader.h"
#include "fp_symbol_text.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Read a symbol of 8 bytes, padded with spaces or with NULs.
 *
 * @param[in,out] reader  Cursor; the fault is latched when fewer remain or they are no symbol.
 * @return The symbol; all NUL with the fault.
 */
FP_HOT_PATH struct fp_symbol8 fp_reader_read_symbol8(struct fp_reader *reader);

/** Read a symbol of 16 bytes, padded with spaces or with NULs. @see fp_reader_read_symbol8 */
FP_HOT_PATH struct fp_symbol16 fp_reader_read_symbol16(struct fp_reader *reader);

#ifdef __cplusplus
}
#endif

#endif /* FP_READER_TEXT_H */
