/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Numbers for texts: ids of orders and executions, names of who speaks, and plain numbers.
 *
 *   id      canonical decimal below 2^63, not 0      its value
 *           any other text of 1..64 bytes            2^63 + the lower 63 bits of its hash
 *   name    up to 8 bytes                            the bytes, little-endian, padded with NUL
 *           longer                                   2^63 + the lower 63 bits of its hash
 *
 * The hash takes the text in pieces of 8 bytes, little-endian, the last padded with NUL:
 *
 *   h = len * A;   for each piece: h = (h ^ piece) * B, h ^= h >> 32;   h *= C, h ^= h >> 32
 *
 * A = 0x9e3779b97f4a7c15, B = 0x9fb21c651e98df25, C = 0xd6e8feb86659fd93, all modulo 2^64. Two
 * texts of one length that differ in one piece only have different states ever after, and so
 * different ids but for the top bit. Among n ids that are hashed a collision has odds of about
 * n^2 / 2^64: 5 in 10^8 for a million, 5 in 100 for a thousand million.
 *
 * Private to the driver and its tests.
 */

#ifndef FP_FIX_IDS_H
#define FP_FIX_IDS_H

#include "fp_reader.h"

/** Longest text of an id [bytes]. */
#define FP_FIX_ID_MAX 64U

/** Set in what is a hash, and in no number. */
#define FP_FIX_HASHED (UINT64_C(1) << 63)

/** Most bytes of a name that are kept as they are. */
#define FP_FIX_NAME_MAX 8U

/** The next up to 8 bytes, little-endian, padded with NUL. */
static inline uint64_t
fp_fix_read_piece(struct fp_reader *reader)
{
	uint32_t len = fp_reader_remaining(reader);
	uint64_t piece = 0;

	if (len >= 8)
		return fp_reader_read_le64(reader);
	for (uint32_t i = 0; i < len; i++)
		piece |= (uint64_t)fp_reader_read_u8(reader) << 8 * i;
	return piece;
}

/** The hash of a text, its top bit set. */
static inline uint64_t
fp_fix_hash(struct fp_cspan text)
{
	struct fp_reader reader = fp_reader_open(text);
	uint64_t hash = text.len * UINT64_C(0x9e3779b97f4a7c15);

	while (fp_reader_remaining(&reader) != 0) {
		hash = (hash ^ fp_fix_read_piece(&reader)) * UINT64_C(0x9fb21c651e98df25);
		hash ^= hash >> 32;
	}
	hash *= UINT64_C(0xd6e8feb86659fd93);
	return (hash ^ hash >> 32) | FP_FIX_HASHED;
}

/** Read a number below 2^63: digits only, zeros in front are free. */
FP_MUST_CHECK static inline bool
fp_fix_read_number(struct fp_cspan text, uint64_t *number)
{
	uint64_t value = 0;

	for (uint32_t i = 0; i < text.len; i++) {
		uint8_t digit = (uint8_t)(fp_cspan_at(text, i) - '0');

		if (digit > 9 || value > INT64_MAX / 10)
			return false;
		value = value * 10 + digit;
	}
	*number = value;
	return text.len != 0 && value <= INT64_MAX;
}

/** The id that a text stands for; false when it is longer than FP_FIX_ID_MAX. */
FP_MUST_CHECK static inline bool
fp_fix_read_id(struct fp_cspan text, uint64_t *id)
{
	if (FP_UNLIKELY(text.len > FP_FIX_ID_MAX))
		return false;
	if (fp_cspan_at(text, 0) == '0' || !fp_fix_read_number(text, id))
		*id = fp_fix_hash(text);
	return true;
}

/** The number that stands for a name; 0 for none. */
static inline uint64_t
fp_fix_name(struct fp_cspan text)
{
	struct fp_reader reader = fp_reader_open(text);

	return text.len <= FP_FIX_NAME_MAX ? fp_fix_read_piece(&reader) : fp_fix_hash(text);
}

#endif /* FP_FIX_IDS_H */
