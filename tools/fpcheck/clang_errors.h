/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * The parser's errors, one by one.
 *
 * libclang counts all diagnostics when one is asked for by its number; a header that is included
 * in the middle of a struct has thousands.
 */

#ifndef FPCHECK_CLANG_ERRORS_H
#define FPCHECK_CLANG_ERRORS_H

#include <clang-c/Index.h>

/** An error; it lives as long as the translation unit. */
typedef void (*clang_error_fn)(CXDiagnostic error, void *context);

/** Call @p visit for each error of a translation unit, in order; warnings and notes are none. */
void clang_errors_each(CXTranslationUnit tu, clang_error_fn visit, void *context);

#endif /* FPCHECK_CLANG_ERRORS_H */
