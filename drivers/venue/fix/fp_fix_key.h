/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Tags as text, made by the compiler where a tag is a constant: "270=" is one store then.
 */

#ifndef FP_FIX_KEY_H
#define FP_FIX_KEY_H

#include <stdint.h>

#include "fp_common.h"
#include "fp_fix_tags.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Highest tag that is written: seven digits and '=' fill a register. FIX defines five digits. */
#define FP_FIX_KEY_TAG_MAX 9999999U

/** Longest text of a tag, with its '=' [bytes]. */
#define FP_FIX_KEY_BYTES_MAX 8U

/** A tag and its '=' as text. */
struct fp_fix_key {
	uint64_t text; /**< The first character in the lowest byte; 0 behind '='. */
	uint32_t len;  /**< Characters, '=' included [bytes, 2..FP_FIX_KEY_BYTES_MAX]. */
	uint32_t sum;  /**< Of the characters and of the SOH that will end the field. */
};

/** The tag of the field that says how long data field @p data_tag is; 0 = it is no data field. */
static inline uint32_t
fp_fix_length_tag(uint32_t data_tag)
{
#define FPI_FIX_LENGTH_CASE(length, data) \
	case data:                        \
		return length;
	switch (data_tag) {
		FP_FIX_DATA_FIELDS(FPI_FIX_LENGTH_CASE)
	default:
		return 0;
	}
#undef FPI_FIX_LENGTH_CASE
}

/** True when no single field of that tag can be written. */
static inline bool
fp_fix_tag_is_reserved(uint32_t tag)
{
#define FPI_FIX_RESERVED_CASE(length, data) \
	case length:                        \
	case data:
	switch (tag) {
		FP_FIX_DATA_FIELDS(FPI_FIX_RESERVED_CASE)
	case 0:
	case FP_FIX_TAG_BEGIN_STRING:
	case FP_FIX_TAG_BODY_LENGTH:
	case FP_FIX_TAG_CHECK_SUM:
	case FP_FIX_TAG_MSG_TYPE:
		return true;
	default:
		return tag > FP_FIX_KEY_TAG_MAX;
	}
#undef FPI_FIX_RESERVED_CASE
}

/** The text of any tag [1..FP_FIX_KEY_TAG_MAX], without judgement; fp_fix_key() is for callers. */
static inline struct fp_fix_key
fp_fix_key_text(uint32_t tag)
{
	uint32_t len = 1U + (tag >= 10) + (tag >= 100) + (tag >= 1000) + (tag >= 10000) +
		(tag >= 100000) + (tag >= 1000000);
	uint64_t digits = (uint64_t)(tag / 1000000 % 10) | (uint64_t)(tag / 100000 % 10) << 8 |
		(uint64_t)(tag / 10000 % 10) << 16 | (uint64_t)(tag / 1000 % 10) << 24 |
		(uint64_t)(tag / 100 % 10) << 32 | (uint64_t)(tag / 10 % 10) << 40 |
		(uint64_t)(tag % 10) << 48;
	struct fp_fix_key key;

	key.text =
		(digits | UINT64_C(0x30303030303030)) >> 8 * (7 - len) | (uint64_t)'=' << 8 * len;
	key.len = len + 1;
	key.sum = (uint32_t)(digits * UINT64_C(0x0101010101010101) >> 56) + '0' * len + '=' +
		FP_FIX_SOH;
	return key;
}

/** The text of a tag that is a variable. @see fp_fix_key */
struct fp_fix_key fp_fix_key_of(uint32_t tag);

/**
 * Make the text of a tag.
 *
 * Nothing is left to do at run time when @p tag is a constant; a tag that is a variable takes about
 * as long as a short number.
 *
 * @param[in] tag  [1..FP_FIX_KEY_TAG_MAX]; the tags that fp_fix_writer_begin() and
 *                 fp_fix_writer_end() write, and data fields with their lengths, panic.
 */
static inline struct fp_fix_key
fp_fix_key(uint32_t tag)
{
	if (!__builtin_constant_p(tag) || fp_fix_tag_is_reserved(tag))
		return fp_fix_key_of(tag);
	return fp_fix_key_text(tag);
}

#ifdef __cplusplus
}
#endif

#endif /* FP_FIX_KEY_H */
