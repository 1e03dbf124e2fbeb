/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef FPGEN_FIX_MESSAGE_H
#define FPGEN_FIX_MESSAGE_H

/**
 * @file
 * One FIX message being written: fields are appended, then length and checksum are put around them.
 *
 *    8=FIX.4.4|9=LEN|35=...|...|10=ccc|          | is SOH
 */

#include <stddef.h>
#include <stdint.h>

#define FIX_MESSAGE_MAX 2048 /* no generated message is as long [bytes] */
#define FIX_SOH         '\001'
#define FIX_CENTS       100 /* prices are whole cents */

/** A message. */
struct fix_message {
	char type;                   /**< MsgType; those that are written have one character. */
	uint64_t sequence;           /**< MsgSeqNum. */
	size_t len;                  /**< Of bytes. */
	size_t body_at;              /**< Where tag 35 begins. */
	size_t trailer_at;           /**< Where "10=" begins. */
	size_t body_len;             /**< While it is written. */
	char body[FIX_MESSAGE_MAX];  /**< While it is written. */
	char bytes[FIX_MESSAGE_MAX]; /**< The whole message. */
};

/** Begin a message of one type. */
void fix_begin(struct fix_message *message, char type, uint64_t sequence);

/** Append a field of text. */
void fix_add_text(struct fix_message *message, unsigned int tag, const char *value);

/** Append a field that is a whole number. */
void fix_add_number(struct fix_message *message, unsigned int tag, uint64_t value);

/** Append a field of one character. */
void fix_add_character(struct fix_message *message, unsigned int tag, char value);

/** Append a time: @p ms milliseconds after the fixed date. */
void fix_add_time(struct fix_message *message, unsigned int tag, uint64_t ms);

/**
 * Append a price.
 *
 * @param[in,out] message   Under way.
 * @param[in]     tag       Of the field.
 * @param[in]     cents     The price.
 * @param[in]     is_dirty  Write it as a sum of binary fractions comes out: off by less than 1e-11.
 */
void fix_add_price(struct fix_message *message, unsigned int tag, int64_t cents, int is_dirty);

/** Put begin string, length and checksum around the fields. */
void fix_end(struct fix_message *message, const char *begin_string);

#endif /* FPGEN_FIX_MESSAGE_H */
