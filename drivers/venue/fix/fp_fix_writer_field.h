/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * The place of a field in a message that is written, and eight characters at a time with their sum.
 *
 * Text is made in registers of eight characters, the first in the lowest byte, and stored eight
 * bytes at a time. What such a store writes behind the field, seven bytes at most, is the place of
 * the next field or of the trailer: limit keeps room for the trailer's seven bytes behind each
 * field, so nothing outside of the message is touched. The sum of the characters is taken from the
 * same registers.
 */

#ifndef FP_FIX_WRITER_FIELD_H
#define FP_FIX_WRITER_FIELD_H

#include "fp_digits.h"
#include "fp_fix_writer.h"
#include "fp_panic.h"

#define FP_FIX_EACH_BYTE UINT64_C(0x0101010101010101)

/** Stop the program: the message has no room for @p len bytes, or it has ended. */
static FP_COLD FP_NORETURN void
fp_fix_panic_room(const struct fp_fix_writer *message, uint32_t len)
{
	if (message->writer == NULL)
		fp_panic("FIX message: a field after its end; begin the next message first");
	fp_panic("FIX message: a field of %u bytes more, %u of %u written (the trailer takes 7 "
		 "more, and no message is longer than %u); size the buffer for the largest "
		 "message, or ask fp_fix_writer_room() first",
		len, message->pos, message->limit, FP_FIX_MESSAGE_MAX);
}

/** Take the place of the next @p len bytes; panics when there is none. */
static inline uint8_t *
fp_fix_claim(struct fp_fix_writer *message, uint32_t len)
{
	uint32_t pos = message->pos;

	if (FP_UNLIKELY(len > message->limit - pos))
		fp_fix_panic_room(message, len);
#if FP_LIFETIME == FP_LIFETIME_FULL
	fp_watch_check(message->room.watch);
#endif
	message->pos = pos + len;
	return message->room.data + pos;
}

/**
 * Take the place of a field and write its tag.
 *
 * The caller writes the value, then SOH behind it, and adds the sum of the value and of the key.
 *
 * @return Place of the value [value_len + 1 bytes, and seven more that may be overwritten].
 */
static inline uint8_t *
fp_fix_claim_field(struct fp_fix_writer *message, struct fp_fix_key key, uint32_t value_len)
{
	uint8_t *to = fp_fix_claim(message, key.len + value_len + 1);

	fp_store_le64(to, key.text);
	return to + key.len;
}

/** Sum of eight characters; those that are not used are 0. */
static inline uint32_t
fp_fix_sum(uint64_t word)
{
	uint64_t pairs =
		(word & UINT64_C(0x00ff00ff00ff00ff)) + (word >> 8 & UINT64_C(0x00ff00ff00ff00ff));

	return (uint32_t)(pairs * UINT64_C(0x0001000100010001) >> 48);
}

/** The same of values that come to less than 256, such as digits that are not yet characters. */
static inline uint32_t
fp_fix_digit_sum(uint64_t digits)
{
	return (uint32_t)(digits * FP_FIX_EACH_BYTE >> 56);
}

/** True when one of the eight bytes is SOH. */
static inline bool
fp_fix_has_soh(uint64_t word)
{
	uint64_t zeroed = word ^ (FP_FIX_EACH_BYTE * FP_FIX_SOH);

	return ((zeroed - FP_FIX_EACH_BYTE) & ~zeroed & FP_FIX_EACH_BYTE * 0x80) != 0;
}

#endif /* FP_FIX_WRITER_FIELD_H */
