/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Files as one text, and names of files.
 */

#ifndef FPCHECK_TEXT_FILE_H
#define FPCHECK_TEXT_FILE_H

#include <stddef.h>

/**
 * A whole file, with a zero behind it; the caller frees it. NULL with errno when it cannot be read
 * or is no file.
 *
 * @param[out] len  Its bytes; may be NULL.
 */
char *text_file_read(const char *path, size_t *len);

/** Absolute and without links, "." and ".."; of a file that is not there as far as it can be. The
 *  caller frees it. */
char *text_file_canonical(const char *folder, const char *path);

/** The path as seen from the current folder when it is below it; else the path itself. */
const char *text_file_shown(const char *path);

#endif /* FPCHECK_TEXT_FILE_H */
