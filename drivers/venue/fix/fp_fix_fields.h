/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * The fields of a framed FIX message, one after the other, as views: tag and value.
 *
 *    message     35=X|52=20260102-10:11:12.131|268=2|279=0|269=1|55=FABLE|270=1|...
 *    bits        ....1.......................1.....1.....1.....1........1.....1
 *
 * Opened on a frame, the cursor begins at tag 35 and ends before tag 10. A field is a tag of 1 to 9
 * digits without a leading zero, '=', and a value of at least one byte. The value of a data field
 * (see FP_FIX_DATA_FIELDS) is as long as the field before it says, delimiters included; the length
 * field stands directly before it.
 *
 * The delimiters are found in one pass over the message, as bits, FP_FIX_WINDOW_BYTES of it at a
 * time. So a plain field is taken without a loop over its bytes.
 *
 * What is wrong with a field ends the walk: fp_fix_fields_next() answers false, and
 * fp_fix_fields_fault() says why and where. A cursor is a value for the stack, used by one thread.
 */

#ifndef FP_FIX_FIELDS_H
#define FP_FIX_FIELDS_H

#include "fp_fix_frame.h"
#include "fp_fix_number.h"
#include "fp_fix_tags.h"
#include "fp_scan.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Bytes of the message that a cursor has bits of. */
#define FP_FIX_WINDOW_BYTES 4096U

/** Blocks of 64 bytes of a window. */
#define FP_FIX_WINDOW_BLOCKS (FP_FIX_WINDOW_BYTES / 64U)

/** One field. */
struct fp_fix_field {
	uint32_t tag;          /**< [1..999999999] */
	uint32_t offset;       /**< Of the tag in the message [bytes]. */
	struct fp_cspan value; /**< At least one byte; lives as long as the message. */
};

/** Cursor over the fields of a message; nobody looks into it. */
struct fp_fix_fields {
	struct fp_cspan message;   /**< Borrowed. */
	uint64_t bits;             /**< Delimiters of the block not passed; 0 = the unusual way. */
	uint32_t block;            /**< Which block of the window it is. */
	uint32_t window;           /**< Offset of the first block [bytes]. */
	uint32_t pos;              /**< Offset of the next tag [bytes]. */
	uint32_t end;              /**< Offset of "10=" [bytes]. */
	uint32_t data_tag;         /**< Tag that must come next; 0 = any. */
	uint32_t data_len;         /**< Length of its value [bytes]. */
	struct fp_fix_fault fault; /**< What ended the walk. */
	struct fp_delimiters blocks[FP_FIX_WINDOW_BLOCKS + 1]; /**< And one without any. */
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

/** fp_fix_fields_next() for whatever is not plain: data, long fields, faults, windows, the end. */
FP_COLD bool fp_fix_fields_unusual(struct fp_fix_fields *fields, struct fp_fix_field *field);

/** A field was taken that may announce data: false when it announces none that can be. */
FP_COLD bool fp_fix_fields_expect(struct fp_fix_fields *fields, const struct fp_fix_field *field);

/** Places of fp_fix_data_tags[]: a power of two, and more than there are length tags. */
#define FP_FIX_DATA_PLACES 1024U

/** By length tag, the tag of the data, or 0. */
extern const uint16_t fp_fix_data_tags[FP_FIX_DATA_PLACES];

/** Tag of the data whose length a tag gives, or 0. */
static inline uint32_t
fp_fix_data_tag(uint32_t tag)
{
	return tag < FP_FIX_DATA_PLACES ? fp_fix_data_tags[tag] : 0;
}

/**
 * Take the next field.
 *
 * @param[in,out] fields  Cursor.
 * @param[out]    field   Filled on success.
 * @return False at the end, and when a field is malformed.
 * @cost   No allocation; no loop over bytes but for data, fields of more than 64 bytes, and faults.
 *         Bench: bench_fix, walk.
 */
FP_HOT_PATH static inline bool
fp_fix_fields_next(struct fp_fix_fields *fields, struct fp_fix_field *field)
{
	uint64_t bits = fields->bits;
	uint32_t block = fields->block, pos = fields->pos, digits, end;

	if (FP_UNLIKELY(bits == 0))
		return fp_fix_fields_unusual(fields, field);
#if FP_LIFETIME == FP_LIFETIME_FULL
	fp_watch_check(fields->message.watch);
	field->value.watch = fields->message.watch;
#endif
	/* The field is as long as it is, and the trailer lies behind: there are 8 bytes. */
	end = fields->window + block * 64 + fp_fix_first_bit(bits);
	field->tag = fp_fix_read_tag(fields->message.data + pos, &digits);
	if (FP_UNLIKELY(field->tag == 0 || pos + digits + 1 >= end))
		return fp_fix_fields_unusual(fields, field);
	field->offset = pos;
	field->value.data = fields->message.data + pos + digits + 1;
	field->value.len = end - (pos + digits + 1);
	fields->pos = end + 1;
	bits &= bits - 1;
	if (bits == 0) {
		bits = fields->blocks[block + 1].first;
		fields->block = block + 1;
	}
	fields->bits = bits;
	/* A tag that shares a length tag's place is told from it there: a branch less here. */
	if (FP_UNLIKELY(fp_fix_data_tags[field->tag % FP_FIX_DATA_PLACES] != 0))
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
