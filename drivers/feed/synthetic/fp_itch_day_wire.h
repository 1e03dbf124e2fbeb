/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef FP_ITCH_DAY_WIRE_H
#define FP_ITCH_DAY_WIRE_H

/**
 * @file
 * Big-endian stores, each returning where the next field begins.
 *
 * A message is written as the list of its fields in wire order, so that no offset is spelled twice.
 * Private to the synthetic feed and fpgen.
 */

#include <stdint.h>
#include <string.h>

static inline uint8_t *
put_u8(uint8_t *at, unsigned int value)
{
	at[0] = (uint8_t)value;
	return at + 1;
}

static inline uint8_t *
put_be16(uint8_t *at, unsigned int value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
	return at + 2;
}

static inline uint8_t *
put_be32(uint8_t *at, uint32_t value)
{
	at[0] = (uint8_t)(value >> 24);
	at[1] = (uint8_t)(value >> 16);
	at[2] = (uint8_t)(value >> 8);
	at[3] = (uint8_t)value;
	return at + 4;
}

static inline uint8_t *
put_be48(uint8_t *at, uint64_t value)
{
	return put_be32(put_be16(at, (unsigned int)(value >> 32 & 0xffff)), (uint32_t)value);
}

static inline uint8_t *
put_be64(uint8_t *at, uint64_t value)
{
	return put_be32(put_be32(at, (uint32_t)(value >> 32)), (uint32_t)value);
}

/** Copy @p len bytes of text; the caller has padded it to the field's width. */
static inline uint8_t *
put_text(uint8_t *at, const char *text, size_t len)
{
	memcpy(at, text, len);
	return at + len;
}

#endif /* FP_ITCH_DAY_WIRE_H */
