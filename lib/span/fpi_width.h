/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Names for the templates of this folder: a .c file defines WIDTH as 8, 16, 32 or 64 and includes
 * its template fpi_*_width.h, once for each width.
 */

#ifndef FPI_WIDTH_H
#define FPI_WIDTH_H

#include "fp_span.h"

#define PASTE_NAME(name, sign, width)  name##_##sign##width
#define PASTE_TYPE(sign, width)        sign##width##_t
#define EXPAND_NAME(name, sign, width) PASTE_NAME(name, sign, width)
#define EXPAND_TYPE(sign, width)       PASTE_TYPE(sign, width)

/** Name of the function for unsigned elements of the width, and for signed ones. */
#define NAME(name)        EXPAND_NAME(name, u, WIDTH)
#define SIGNED_NAME(name) EXPAND_NAME(name, i, WIDTH)

/** Type of the elements, and the signed one. */
#define ELEMENT        EXPAND_TYPE(uint, WIDTH)
#define SIGNED_ELEMENT EXPAND_TYPE(int, WIDTH)

/** Size of an element [bytes]. */
#define ELEMENT_BYTES (WIDTH / 8U)

/** The bit that makes a signed element negative. */
#define SIGN_BIT ((ELEMENT)((ELEMENT)1 << (WIDTH - 1)))

/* Element @index of @data, which need not be aligned. */
#define LOAD(width)                                                                             \
	static inline uint##width##_t load_u##width(const uint8_t *data, uint32_t index)        \
	{                                                                                       \
		uint##width##_t value;                                                          \
                                                                                                \
		memcpy(&value, data + (size_t)index * sizeof(value), sizeof(value));            \
		return value;                                                                   \
	}                                                                                       \
                                                                                                \
	static inline void store_u##width(uint8_t *data, uint32_t index, uint##width##_t value) \
	{                                                                                       \
		memcpy(data + (size_t)index * sizeof(value), &value, sizeof(value));            \
	}

LOAD(8)
LOAD(16)
LOAD(32)
LOAD(64)

#undef LOAD

#endif /* FPI_WIDTH_H */
