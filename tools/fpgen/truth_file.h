/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef FPGEN_TRUTH_FILE_H
#define FPGEN_TRUTH_FILE_H

/**
 * @file
 * What every truth is made with, and the file that it goes to.
 *
 * A value that cannot be made for want of memory is NULL; setting it fails and reports false. Who
 * makes an object gathers that and gives both to truth_object().
 */

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "options.h"

/** Put a value into an object, which takes it. */
bool truth_set(json_t *object, const char *key, json_t *value);

/** Put a number. */
bool truth_set_number(json_t *object, const char *key, uint64_t value);

/** Put a percentage, given in millionths, as text. */
bool truth_set_percent(json_t *object, const char *key, uint64_t ppm);

/** Put a seed, as text: they have 64 bits and JSON's integers have not. */
bool truth_set_seed(json_t *object, const char *key, uint64_t seed);

/** The object when all of it could be made; else it is released, and NULL. */
json_t *truth_object(json_t *object, bool is_whole);

/**
 * Write the truth where the options want it, and release it.
 *
 * @param[in] object   NULL: it could not be made.
 * @param[in] options  Name the file.
 * @return 0, or a negative errno; then a line was printed.
 */
int truth_write_file(json_t *object, const struct fpgen_options *options);

#endif /* FPGEN_TRUTH_FILE_H */
