/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * The fields of a framed FIX message, one after the other, as views: tag and value.
 *
 *    block of 64 bytes     35=X|52=20260102-10:11:12.131|268=2|279=0|269=1|55=FABLE|270=1
 *    its delimiters        ....|........................|.....|.....|.....|........|.....
 *
 * Opened on a frame, the cursor begins at tag 35 and ends before tag 10. A field is a tag of 1 to 9
 * digits without a leading zero, '=', and a value of at least one byte. The value of a data field
 * (see FP_FIX_DATA_FIELDS) is as long as the field before it says, delimiters included; the length
 * field stands directly before it.
 *
 * The delimiters of FP_FIX_WINDOW_BYTES of the message are found in one pass, and the walk goes
 * from one to the next; a longer message takes another pass for each further window.
 *
 * What is wrong with a field ends the walk: fp_fix_fields_next() answers false, and
 * fp_fix_fields_fault() says why and where. A cursor is a value for the stack, used by one thread.
 */

#ifndef FP_FIX_FIELDS_H
#define FP_FIX_FIELDS_H

#include "fp_fix_frame.h"
#include "fp_fix_scan.h"
#include "fp_fix_tags.h"
#include "fp_span_endian.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Blocks of 64 bytes whose delimiters a cursor holds. */
#define FP_FIX_WINDOW_BLOCKS 64U

/** Bytes whose delimiters a cursor holds. */
#define FP_FIX_WINDOW_BYTES (FP_FIX_WINDOW_BLOCKS * 64U)

/** One field. */
struct fp_fix_field {
	uint32_t tag;          /**< [1..999999999] */
	uint32_t offset;       /**< Of the tag in the message [bytes]. */
	struct fp_cspan value; /**< At least one byte; lives as long as the message. */
};

/** Cursor over the fields of a message; nobody looks into it. */
struct fp_fix_fields {
	struct fp_cspan message;   /**< Borrowed. */
	uint64_t bits;             /**< Delimiters of the block that are not passed yet. */
	uint32_t block;            /**< Which block of the window it is. */
	uint32_t base;             /**< Offset of that block [bytes]. */
	uint32_t pos;              /**< Offset of the next tag [bytes]. */
	uint32_t plain_end;        /**< Fields before it are walked over as plain ones [bytes]. */
	uint32_t end;              /**< Offset of "10=" [bytes]. */
	uint32_t data_tag;         /**< Tag that must come next; 0 = any. */
	uint32_t data_len;         /**< Length of its value [bytes]. */
	struct fp_fix_fault fault; /**< What ended the walk. */
	struct fp_delimiters blocks[FP_FIX_WINDOW_BLOCKS]; /**< Delimiters by block. */
};

/** Open a cursor on a message. */
struct fp_fix_fields fp_fix_fields_open(const struct fp_fix_frame *frame);

/**
 * Frame the message at the start of @p bytes and open a cursor on it, in one pass over its bytes.
 *
 * @param[in]  bytes   As for fp_fix_frame().
 * @param[out] frame   As of fp_fix_frame().
 * @param[out] fields  Opened on success.
 * @param[out] fault   Filled with -EBADMSG.
 * @return As fp_fix_frame().
 * @cost   Bench: bench_fix, dispatch.
 */
FP_MUST_CHECK FP_HOT_PATH int fp_fix_frame_fields(struct fp_cspan bytes, struct fp_fix_frame *frame,
	struct fp_fix_fields *fields, struct fp_fix_fault *fault);

/** fp_fix_fields_next() for whatever is not plain: data, long tags, faults, the end. */
FP_COLD bool fp_fix_fields_unusual(struct fp_fix_fields *fields, struct fp_fix_field *field);

/** A field that may announce data was taken: false when it announces none that can be. */
FP_COLD bool fp_fix_fields_expect(struct fp_fix_fields *fields, const struct fp_fix_field *field);

/** Find the delimiters of the next window. */
FP_COLD void fp_fix_fields_refill(struct fp_fix_fields *fields);

/** Go on to the next block. */
static inline void
fp_fix_fields_turn(struct fp_fix_fields *fields)
{
	if (FP_UNLIKELY(++fields->block == FP_FIX_WINDOW_BLOCKS))
		fp_fix_fields_refill(fields);
	fields->base += 64;
	fields->bits = fields->blocks[fields->block].first;
}

/** Tags from here on announce no data. */
#define FP_FIX_LENGTH_TAGS 640U

/** Tag of the data whose length the index gives, or 0. */
extern const uint16_t fp_fix_data_tags[FP_FIX_LENGTH_TAGS];

/** Tag of the data whose length a tag gives, or 0. */
static inline uint32_t
fp_fix_data_tag(uint32_t tag)
{
	return tag < FP_FIX_LENGTH_TAGS ? fp_fix_data_tags[tag] : 0;
}

/**
 * The number of up to 7 digits that 8 bytes begin with and '=' ends.
 *
 * @param[in]  bytes   In the order of the machine's loads, the first one lowest.
 * @param[out] digits  How many there are.
 * @return The number; 0 when it is none, has no digits, begins with '0', or has more than 7 digits.
 */
static inline uint32_t
fp_fix_tag_of(uint64_t bytes, uint32_t *digits)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t equal = bytes ^ ones * '=';
	uint64_t value = bytes ^ ones * '0';
	uint32_t unused;

	/* The highest bit of the first byte that is '=', and perhaps of later ones. */
	equal = (equal - ones) & ~equal & ones << 7;
	if (FP_UNLIKELY(equal == 0 || (uint8_t)(bytes - '1') > 8))
		return 0;
	unused = 71 - (uint32_t)__builtin_ctzll(equal);
	*digits = 8 - unused / 8;
	/* The digits go to the last of 8 places, zeros before them. */
	value <<= unused;
	if (FP_UNLIKELY(((value + ones * 0x76) & ones << 7) != 0 || (value & ones << 7) != 0))
		return 0;
	value = value * 10 + (value >> 8);
	return (uint32_t)(((value & UINT64_C(0xff000000ff)) * UINT64_C(0xf424000000064) +
				  (value >> 16 & UINT64_C(0xff000000ff)) *
					  UINT64_C(0x271000000001)) >>
		32);
}

/**
 * Take the next field.
 *
 * @param[in,out] fields  Cursor.
 * @param[out]    field   Filled on success.
 * @return False at the end, and when a field is malformed.
 * @cost   No allocation, no loop over bytes but for data and tags of 8 digits. Bench: bench_fix.
 */
FP_HOT_PATH static inline bool
fp_fix_fields_next(struct fp_fix_fields *fields, struct fp_fix_field *field)
{
	uint32_t pos = fields->pos, digits, start, end;

	if (FP_UNLIKELY(pos >= fields->plain_end))
		return fp_fix_fields_unusual(fields, field);
	while (fields->bits == 0)
		fp_fix_fields_turn(fields);
	end = fields->base + (uint32_t)__builtin_ctzll(fields->bits);
	/* The trailer lies behind: there are 8 bytes. */
	field->tag =
		fp_fix_tag_of(fp_cspan_read_le64(fp_cspan_slice(fields->message, pos, 8)), &digits);
	start = pos + digits + 1;
	if (FP_UNLIKELY(field->tag == 0 || start >= end))
		return fp_fix_fields_unusual(fields, field);
	field->offset = pos;
	field->value = fp_cspan_slice(fields->message, start, end - start);
	fields->bits &= fields->bits - 1;
	fields->pos = end + 1;
	if (FP_UNLIKELY(fp_fix_data_tag(field->tag) != 0))
		return fp_fix_fields_expect(fields, field);
	return true;
}

/** Why the walk ended: reason FP_MALFORMED_COUNT when at the end of the message. */
static inline struct fp_fix_fault
fp_fix_fields_fault(const struct fp_fix_fields *fields)
{
	return fields->fault;
}

#ifdef __cplusplus
}
#endif

#endif /* FP_FIX_FIELDS_H */
