/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Sums of bytes as one writes them without a library, compiled at -O3: once for the processor that
 * the library is built for, and once for the one that compiles.
 */

#ifndef BYTE_LOOPS_H
#define BYTE_LOOPS_H

#include <stdint.h>

/** Added up in 32 bits. */
uint8_t byte_loop_u32(const uint8_t *data, uint32_t len);

/** Added up in 8 bits, which compilers make shorter vector code of. */
uint8_t byte_loop_u8(const uint8_t *data, uint32_t len);

/** byte_loop_u32() for the processor that compiles. */
uint8_t byte_loop_u32_native(const uint8_t *data, uint32_t len);

/** byte_loop_u8() for the processor that compiles. */
uint8_t byte_loop_u8_native(const uint8_t *data, uint32_t len);

#endif /* BYTE_LOOPS_H */
