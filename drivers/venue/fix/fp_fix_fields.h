/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * The fields of a framed FIX message, one after the other, as views: tag and value.
 *
 *    message     35=X|52=20260102-10:11:12.131|268=2|279=0|269=1|55=FABLE|270=1|...
 *    equals      ..1....1........................1......1.....1.....1........1.....
 *    ends        ....1.......................1.......1.....1.....1.........1......1
 *
 * Opened on a frame, the cursor begins at tag 35 and ends before tag 10. A field is a tag of 1 to 9
 * digits without a leading zero, '=', and a value of at least one byte. The value of a data field
 * (see FP_FIX_DATA_FIELDS) is as long as the field before it says, delimiters included; the length
 * field stands directly before it.
 *
 * A bit says of each byte of a window of the message whether it is '=' or the delimiter; they are
 * made in one pass over it, and a message that is longer takes a pass for each further window. So a
 * field is found without a loop and without a branch that depends on how long it is.
 *
 * What is wrong with a field ends the walk: fp_fix_fields_next() answers false, and
 * fp_fix_fields_fault() says why and where. A cursor is a value for the stack, used by one thread.
 */

#ifndef FP_FIX_FIELDS_H
#define FP_FIX_FIELDS_H

#include "fp_endian.h"
#include "fp_fix_frame.h"
#include "fp_fix_number.h"
#include "fp_fix_tags.h"
#include "fp_span_endian.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Bytes of the message that a cursor has bits of. */
#define FP_FIX_WINDOW_BYTES 4096U

/** Words of 64 bits of a window, and one without any behind. */
#define FP_FIX_WINDOW_WORDS (FP_FIX_WINDOW_BYTES / 64U + 1U)

/** One field. */
struct fp_fix_field {
	uint32_t tag;          /**< [1..999999999] */
	uint32_t offset;       /**< Of the tag in the message [bytes]. */
	struct fp_cspan value; /**< At least one byte; lives as long as the message. */
};

/** Cursor over the fields of a message; nobody looks into it. */
struct fp_fix_fields {
	struct fp_cspan message;              /**< Borrowed. */
	uint32_t pos;                         /**< Offset of the next tag [bytes]. */
	uint32_t plain_end;                   /**< Fields before it may be plain [bytes]. */
	uint32_t window;                      /**< Offset of the first bit's byte [bytes]. */
	uint32_t end;                         /**< Offset of "10=" [bytes]. */
	uint32_t data_tag;                    /**< Tag that must come next; 0 = any. */
	uint32_t data_len;                    /**< Length of its value [bytes]. */
	struct fp_fix_fault fault;            /**< What ended the walk. */
	uint64_t ends[FP_FIX_WINDOW_WORDS];   /**< Bits of the delimiters. */
	uint64_t equals[FP_FIX_WINDOW_WORDS]; /**< Bits of every '='. */
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

/** A field that announces data was taken: false when it announces none that can be. */
FP_COLD bool fp_fix_fields_expect(struct fp_fix_fields *fields, const struct fp_fix_field *field);

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

/** At least 57 bits from a bit on. */
static inline uint64_t
fp_fix_bits_from(const uint64_t words[FP_FIX_WINDOW_WORDS], uint32_t bit)
{
	return fp_load_le64((const uint8_t *)words + bit / 8) >> bit % 8;
}

/**
 * Take the next field.
 *
 * @param[in,out] fields  Cursor.
 * @param[out]    field   Filled on success.
 * @return False at the end, and when a field is malformed.
 * @cost   No allocation; no loop over bytes but for data, fields of more than 56 bytes, and faults.
 *         Bench: bench_fix, walk.
 */
FP_HOT_PATH static inline bool
fp_fix_fields_next(struct fp_fix_fields *fields, struct fp_fix_field *field)
{
	uint32_t pos = fields->pos, digits, len;
	uint64_t ends, equals;

	if (FP_UNLIKELY(pos >= fields->plain_end))
		return fp_fix_fields_unusual(fields, field);
	ends = fp_fix_bits_from(fields->ends, pos - fields->window);
	equals = fp_fix_bits_from(fields->equals, pos - fields->window);
	if (FP_UNLIKELY(ends == 0 || equals == 0))
		return fp_fix_fields_unusual(fields, field);
	len = (uint32_t)__builtin_ctzll(ends);
	digits = (uint32_t)__builtin_ctzll(equals);
	/* The trailer lies behind: there are 8 bytes. */
	field->tag =
		fp_fix_number(fp_cspan_read_le64(fp_cspan_slice(fields->message, pos, 8)), digits);
	if (FP_UNLIKELY(field->tag == 0 || len <= digits + 1))
		return fp_fix_fields_unusual(fields, field);
	field->offset = pos;
	field->value = fp_cspan_slice(fields->message, pos + digits + 1, len - digits - 1);
	fields->pos = pos + len + 1;
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
