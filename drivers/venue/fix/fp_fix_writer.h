/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Writes FIX messages: BodyLength is patched in place, and CheckSum was kept while writing.
 *
 *    8=FIX.4.4|9=00147|35=W|  tag=value| ...  10=ccc|
 *    begin                    write           end        | is SOH
 *
 * A message is begun on a fp_writer, its fields are written in the order of the calls, and its end
 * moves the writer past it. Until then the writer stays where it was: a message that is not ended
 * has never been written. The writer's room is the message's alone until its end; what is behind
 * the message is left as it was.
 *
 * Buffers are sized at design time, so a message that does not fit, or is longer than
 * FP_FIX_MESSAGE_MAX, is a programming error and panics; who does not know asks
 * fp_fix_writer_room() first, with FP_FIX_FIELD_MAX() for what a field may take. So do tags that
 * are not the caller's to write. Values that come from elsewhere and cannot be written (bytes that
 * are empty or hold SOH) are an error, and the field is left out.
 *
 * A fp_fix_writer is a value for the stack, used by one thread. Nothing allocates.
 */

#ifndef FP_FIX_WRITER_H
#define FP_FIX_WRITER_H

#include "fp_error.h"
#include "fp_fix_frame.h"
#include "fp_fix_key.h"
#include "fp_span.h"
#include "fp_units.h"
#include "fp_writer.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Digits of BodyLength; zeros are in front of shorter ones. FP_FIX_MESSAGE_MAX has as many. */
#define FP_FIX_LENGTH_DIGITS 5U

/** Longest message type [bytes]. */
#define FP_FIX_TYPE_BYTES_MAX 8U

/** Longest value of an integer, with its sign [bytes]. */
#define FP_FIX_INTEGER_BYTES_MAX 20U

/** Longest value of a price, with sign and point [bytes]. */
#define FP_FIX_PRICE_BYTES_MAX 21U

/** Longest value of a point in time [bytes]. */
#define FP_FIX_TIMESTAMP_BYTES_MAX 27U

/** Most that a field takes whose value has @p value_bytes: its tag, '=' and SOH with it [bytes]. */
#define FP_FIX_FIELD_MAX(value_bytes) (FP_FIX_KEY_BYTES_MAX + (value_bytes) + 1U)

/** Most that a data field of @p value_bytes takes, with the field of its length [bytes]. */
#define FP_FIX_DATA_MAX(value_bytes) (FP_FIX_FIELD_MAX(5U) + FP_FIX_FIELD_MAX(value_bytes))

/** Most that begin and end of a message take: room for less panics in fp_fix_writer_begin(). */
#define FP_FIX_EMPTY_MESSAGE_MAX (11U + 3U + FP_FIX_LENGTH_DIGITS + 4U + FP_FIX_TYPE_BYTES_MAX + 7U)

/** A message that is being written. Fields are the writer's own. */
struct fp_fix_writer {
	struct fp_span room;      /**< From "8=" to the end of what the message may take. */
	uint32_t pos;             /**< Bytes written. */
	uint32_t limit;           /**< Where the last field may end; the trailer still fits. */
	uint32_t sum;             /**< Of the bytes written, but for the digits of BodyLength. */
	uint32_t body;            /**< Offset of tag 35 [bytes]. */
	uint32_t start;           /**< Position of the writer below [bytes]. */
	struct fp_writer *writer; /**< That the message is written on; NULL = it has ended. */
};

/** The standard header of a session's message. */
struct fp_fix_header {
	struct fp_cspan sender;   /**< 49 SenderCompID. */
	struct fp_cspan target;   /**< 56 TargetCompID. */
	uint64_t sequence;        /**< 34 MsgSeqNum. */
	uint64_t sending_time_ns; /**< 52 SendingTime [ns since 1970]. */
	uint8_t second_digits;    /**< Of tag 52 behind the seconds [0, 3, 6, 9]. */
};

/**
 * Begin a message: tags 8, 9 and 35.
 *
 * @param[out]    message  To be written to by the functions below.
 * @param[in,out] writer   With room for FP_FIX_EMPTY_MESSAGE_MAX; not to be used before
 *                         fp_fix_writer_end(), and to live as long.
 * @param[in]     version  Of the begin string.
 * @param[in]     type     Tag 35, such as "W" [1..FP_FIX_TYPE_BYTES_MAX bytes, no SOH]; else it
 *                         panics.
 */
FP_HOT_PATH void fp_fix_writer_begin(struct fp_fix_writer *message, struct fp_writer *writer,
	enum fp_fix_version version, const char *type);

/**
 * End a message: BodyLength, and CheckSum as tag 10.
 *
 * @param[in,out] message  Not ended; any field written to it afterwards panics.
 * @return Length of the message, from "8=" to the last SOH [bytes]: the writer moved by it.
 * @cost   No pass over what was written.
 */
FP_HOT_PATH uint32_t fp_fix_writer_end(struct fp_fix_writer *message);

/** Bytes that fields may still take: the trailer is accounted for. 0 when the message has ended. */
static inline uint32_t
fp_fix_writer_room(const struct fp_fix_writer *message)
{
	return message->limit - message->pos;
}

/*
 * What the functions below call, with the text of the tag made: for who keeps fp_fix_key(tag) of
 * tags that are variables.
 */

/** Write an unsigned integer. @see fp_fix_write_u64 */
FP_HOT_PATH void
fp_fix_put_u64(struct fp_fix_writer *message, struct fp_fix_key key, uint64_t value);

/** Write a signed integer. @see fp_fix_write_i64 */
FP_HOT_PATH void
fp_fix_put_i64(struct fp_fix_writer *message, struct fp_fix_key key, int64_t value);

/** Write a price. @see fp_fix_write_price */
FP_HOT_PATH void fp_fix_put_price(struct fp_fix_writer *message, struct fp_fix_key key,
	struct fp_price price, uint8_t decimals);

/** Write a character. @see fp_fix_write_char */
FP_HOT_PATH void fp_fix_put_char(struct fp_fix_writer *message, struct fp_fix_key key, char value);

/** Write a point in time. @see fp_fix_write_timestamp */
FP_HOT_PATH void fp_fix_put_timestamp(
	struct fp_fix_writer *message, struct fp_fix_key key, uint64_t ns, uint8_t second_digits);

/** Write a day. @see fp_fix_write_date */
FP_HOT_PATH void fp_fix_put_date(struct fp_fix_writer *message, struct fp_fix_key key, uint64_t ns);

/** Write a time of day. @see fp_fix_write_time */
FP_HOT_PATH void fp_fix_put_time(
	struct fp_fix_writer *message, struct fp_fix_key key, uint64_t ns, uint8_t second_digits);

/** Write bytes. @see fp_fix_write_bytes */
FP_HOT_PATH FP_MUST_CHECK int fp_fix_put_bytes(
	struct fp_fix_writer *message, struct fp_fix_key key, FP_SCOPED struct fp_cspan value);

/** Write a symbol. @see fp_fix_write_symbol16 */
FP_HOT_PATH FP_MUST_CHECK int fp_fix_put_symbol16(
	struct fp_fix_writer *message, struct fp_fix_key key, struct fp_symbol16 symbol);

/** Write an unsigned integer: a length, a sequence number, the number of a group's entries. */
static inline void
fp_fix_write_u64(struct fp_fix_writer *message, uint32_t tag, uint64_t value)
{
	fp_fix_put_u64(message, fp_fix_key(tag), value);
}

/** Write a signed integer, '-' when negative. */
static inline void
fp_fix_write_i64(struct fp_fix_writer *message, uint32_t tag, int64_t value)
{
	fp_fix_put_i64(message, fp_fix_key(tag), value);
}

/**
 * Write a price: all its decimals, a digit before the point, no '+'.
 *
 * @param[in,out] message   Not ended.
 * @param[in]     tag       As for fp_fix_key().
 * @param[in]     price     Any value.
 * @param[in]     decimals  Its digits behind the point [0..FP_PRICE_DECIMALS_MAX], more panics;
 *                          with 0 there is no point.
 */
static inline void
fp_fix_write_price(
	struct fp_fix_writer *message, uint32_t tag, struct fp_price price, uint8_t decimals)
{
	fp_fix_put_price(message, fp_fix_key(tag), price, decimals);
}

/** Write a quantity, without decimals. */
static inline void
fp_fix_write_qty(struct fp_fix_writer *message, uint32_t tag, struct fp_qty qty)
{
	fp_fix_put_i64(message, fp_fix_key(tag), qty.units);
}

/** Write how many entries of a group follow; 0 is legal. The entries are the caller's fields. */
static inline void
fp_fix_write_count(struct fp_fix_writer *message, uint32_t tag, uint32_t entries)
{
	fp_fix_put_u64(message, fp_fix_key(tag), entries);
}

/** Write a character that the program chose; SOH panics. One from elsewhere is a value of bytes. */
static inline void
fp_fix_write_char(struct fp_fix_writer *message, uint32_t tag, char value)
{
	fp_fix_put_char(message, fp_fix_key(tag), value);
}

/** Write Y or N. */
static inline void
fp_fix_write_bool(struct fp_fix_writer *message, uint32_t tag, bool value)
{
	fp_fix_put_char(message, fp_fix_key(tag), value ? 'Y' : 'N');
}

/**
 * Write a point in time as UTCTimestamp: YYYYMMDD-HH:MM:SS, and the digits behind the seconds.
 *
 * @param[in,out] message        Not ended.
 * @param[in]     tag            As for fp_fix_key().
 * @param[in]     ns             Nanoseconds since 1970; any value; rounded down.
 * @param[in]     second_digits  Digits behind the seconds [0, 3, 6, 9]; others panic.
 */
static inline void
fp_fix_write_timestamp(
	struct fp_fix_writer *message, uint32_t tag, uint64_t ns, uint8_t second_digits)
{
	fp_fix_put_timestamp(message, fp_fix_key(tag), ns, second_digits);
}

/** Write the day of a point in time as UTCDateOnly: YYYYMMDD. @see fp_fix_write_timestamp */
static inline void
fp_fix_write_date(struct fp_fix_writer *message, uint32_t tag, uint64_t ns)
{
	fp_fix_put_date(message, fp_fix_key(tag), ns);
}

/** Write the time of day of a point in time as UTCTimeOnly. @see fp_fix_write_timestamp */
static inline void
fp_fix_write_time(struct fp_fix_writer *message, uint32_t tag, uint64_t ns, uint8_t second_digits)
{
	fp_fix_put_time(message, fp_fix_key(tag), ns, second_digits);
}

/**
 * Write bytes as they are: identifiers, texts, numbers that are text already.
 *
 * @param[in,out] message  Not ended.
 * @param[in]     tag      As for fp_fix_key().
 * @param[in]     value    At least one byte, no SOH; outside of the writer's span.
 * @return 0, or -EBADMSG when @p value is empty or holds SOH; nothing is written then.
 */
FP_MUST_CHECK static inline int
fp_fix_write_bytes(struct fp_fix_writer *message, uint32_t tag, FP_SCOPED struct fp_cspan value)
{
	return fp_fix_put_bytes(message, fp_fix_key(tag), value);
}

/**
 * Write a symbol: its characters before the first NUL.
 *
 * @return As fp_fix_write_bytes(); a symbol that begins with NUL is empty.
 */
FP_MUST_CHECK static inline int
fp_fix_write_symbol16(struct fp_fix_writer *message, uint32_t tag, struct fp_symbol16 symbol)
{
	return fp_fix_put_symbol16(message, fp_fix_key(tag), symbol);
}

/** Write a symbol of up to 8 characters. @see fp_fix_write_symbol16 */
FP_MUST_CHECK static inline int
fp_fix_write_symbol8(struct fp_fix_writer *message, uint32_t tag, struct fp_symbol8 symbol)
{
	struct fp_symbol16 wide;

	memcpy(wide.text, symbol.text, sizeof(symbol.text));
	memset(wide.text + sizeof(symbol.text), 0, sizeof(wide.text) - sizeof(symbol.text));
	return fp_fix_put_symbol16(message, fp_fix_key(tag), wide);
}

/**
 * Write a data field, and before it the field that says how long it is.
 *
 * @param[in,out] message   Not ended.
 * @param[in]     data_tag  Of FP_FIX_DATA_FIELDS, such as 96 (95 is written before it); another one
 *                          panics.
 * @param[in]     value     At least one byte, any bytes; outside of the writer's span.
 * @return 0, or -EBADMSG when @p value is empty; nothing is written then.
 */
FP_HOT_PATH FP_MUST_CHECK int fp_fix_write_data(
	struct fp_fix_writer *message, uint32_t data_tag, FP_SCOPED struct fp_cspan value);

/**
 * Write the header of a session's message: tags 49, 56, 34 and 52, in this order.
 *
 * @param[in,out] message  Just begun: these tags stand directly behind tag 35.
 * @param[in]     header   What they say.
 * @return 0, or -EBADMSG when sender or target is empty or holds SOH; nothing is written then.
 */
FP_HOT_PATH FP_MUST_CHECK int
fp_fix_write_header(struct fp_fix_writer *message, const struct fp_fix_header *header);

/**
 * Write the header of a feed without a session, as FIXT feeds do: tags 52, 1180 and 1181.
 *
 * @param[in,out] message   Just begun.
 * @param[in]     appl_id   1180 ApplID, the feed's name.
 * @param[in]     sequence  1181 ApplSeqNum.
 * @param[in]     ns        52 SendingTime, written with 9 digits [ns since 1970].
 * @return As fp_fix_write_bytes() of @p appl_id.
 */
FP_HOT_PATH FP_MUST_CHECK int fp_fix_write_feed_header(struct fp_fix_writer *message,
	FP_SCOPED struct fp_cspan appl_id, uint64_t sequence, uint64_t ns);

#ifdef __cplusplus
}
#endif

#endif /* FP_FIX_WRITER_H */
