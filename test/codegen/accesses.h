/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Accesses that are written twice: through views in views.c, by hand in plain.c.
 */

#ifndef ACCESSES_H
#define ACCESSES_H

#include "fp_span.h"

/** One byte, checked. */
uint8_t read_byte(struct fp_cspan span, uint32_t index);

/** One byte, checked. */
void write_byte(struct fp_span span, uint32_t index, uint8_t value);

/** One element, checked. */
uint16_t read_element16(struct fp_cspan span, uint32_t index);

/** One element, checked. */
uint32_t read_element32(struct fp_cspan span, uint32_t index);

/** One element, checked. */
void write_element64(struct fp_span span, uint32_t index, uint64_t value);

/** The first integer, checked. */
uint64_t read_be64(struct fp_cspan span);

/** The first integer of a slice: the check of the slice is enough. */
uint32_t read_in_slice(struct fp_cspan span, uint32_t start);

/** Three fields of a slice of known length: one check for all. */
uint32_t read_message(struct fp_cspan span);

/** All elements: the bound of the loop is enough. */
uint64_t sum_elements(struct fp_cspan span);

/** One byte, checked in two ways that differ. */
uint8_t control(struct fp_cspan span, uint32_t index);

#endif /* ACCESSES_H */
