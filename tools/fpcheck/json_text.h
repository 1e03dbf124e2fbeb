/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Texts of sources and of file systems, which may be any bytes, as JSON has them.
 */

#ifndef FPCHECK_JSON_TEXT_H
#define FPCHECK_JSON_TEXT_H

#include <jansson.h>

/** A new string; what is no UTF-8 in it becomes U+FFFD, as everywhere. NULL becomes null. */
json_t *json_text(const char *text);

#endif /* FPCHECK_JSON_TEXT_H */
