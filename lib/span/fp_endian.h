/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Loads and stores of integers in a stated byte order, at any alignment.
 *
 * They take a bare address and check nothing: cursors and spans do that before they call. Each is
 * one instruction on a machine that can load unaligned, two with a byte swap.
 */

#ifndef FP_ENDIAN_H
#define FP_ENDIAN_H

#include <stdint.h>
#include <string.h>

#include "fp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define FPI_LE16(value) (value)
#define FPI_LE32(value) (value)
#define FPI_LE64(value) (value)
#define FPI_BE16(value) __builtin_bswap16(value)
#define FPI_BE32(value) __builtin_bswap32(value)
#define FPI_BE64(value) __builtin_bswap64(value)
#else
#define FPI_LE16(value) __builtin_bswap16(value)
#define FPI_LE32(value) __builtin_bswap32(value)
#define FPI_LE64(value) __builtin_bswap64(value)
#define FPI_BE16(value) (value)
#define FPI_BE32(value) (value)
#define FPI_BE64(value) (value)
#endif

/* One load and one store for each width and byte order; constant-size memcpy is one move. */
#define FPI_ENDIAN(bits, order, ORDER)                                            \
	static inline uint##bits##_t fp_load_##order##bits(const void *from)      \
	{                                                                         \
		uint##bits##_t raw;                                               \
                                                                                  \
		memcpy(&raw, from, sizeof(raw));                                  \
		return (uint##bits##_t)FPI_##ORDER##bits(raw);                    \
	}                                                                         \
                                                                                  \
	static inline void fp_store_##order##bits(void *to, uint##bits##_t value) \
	{                                                                         \
		uint##bits##_t raw = (uint##bits##_t)FPI_##ORDER##bits(value);    \
                                                                                  \
		memcpy(to, &raw, sizeof(raw));                                    \
	}

FPI_ENDIAN(16, le, LE)
FPI_ENDIAN(32, le, LE)
FPI_ENDIAN(64, le, LE)
FPI_ENDIAN(16, be, BE)
FPI_ENDIAN(32, be, BE)
FPI_ENDIAN(64, be, BE)

#undef FPI_ENDIAN

/*
 * fp_load_u<bits>(), fp_store_u<bits>(): the machine's own byte order.
 * fp_reverse_u<bits>(), fp_reverse_i<bits>(): the same bytes in the opposite order.
 */
#define FPI_NATIVE(bits, reversed)                                               \
	static inline uint##bits##_t fp_load_u##bits(const void *from)           \
	{                                                                        \
		uint##bits##_t value;                                            \
                                                                                 \
		memcpy(&value, from, sizeof(value));                             \
		return value;                                                    \
	}                                                                        \
                                                                                 \
	static inline void fp_store_u##bits(void *to, uint##bits##_t value)      \
	{                                                                        \
		memcpy(to, &value, sizeof(value));                               \
	}                                                                        \
                                                                                 \
	static inline uint##bits##_t fp_reverse_u##bits(uint##bits##_t value)    \
	{                                                                        \
		return reversed(value);                                          \
	}                                                                        \
                                                                                 \
	static inline int##bits##_t fp_reverse_i##bits(int##bits##_t value)      \
	{                                                                        \
		return (int##bits##_t)fp_reverse_u##bits((uint##bits##_t)value); \
	}

FPI_NATIVE(16, __builtin_bswap16)
FPI_NATIVE(32, __builtin_bswap32)
FPI_NATIVE(64, __builtin_bswap64)

#undef FPI_NATIVE

/** One byte has no order: the value itself. */
static inline uint8_t
fp_reverse_u8(uint8_t value)
{
	return value;
}

/** One byte has no order: the value itself. */
static inline int8_t
fp_reverse_i8(int8_t value)
{
	return value;
}

/** Load the 48-bit big-endian integer at @p from [6 bytes], as ITCH writes times. */
static inline uint64_t
fp_load_be48(const void *from)
{
	const uint8_t *bytes = (const uint8_t *)from;

	return (uint64_t)fp_load_be16(bytes) << 32 | fp_load_be32(bytes + 2);
}

/** Store the low 48 bits of @p value big-endian at @p to [6 bytes]. */
static inline void
fp_store_be48(void *to, uint64_t value)
{
	uint8_t *bytes = (uint8_t *)to;

	fp_store_be16(bytes, (uint16_t)(value >> 32));
	fp_store_be32(bytes + 2, (uint32_t)value);
}

#ifdef __cplusplus
}
#endif

#endif /* FP_ENDIAN_H */
