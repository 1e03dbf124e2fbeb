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
 * The delimiters are found in one pass over the message, as bits, in an index that the caller has
 * room for. So a plain field is taken without a loop over its bytes. Nobody but the one who opens a
 * cursor writes to its index.
 *
 * A cursor is a small value: what is not plain takes it and gives it back, so its address goes
 * nowhere. In a loop of its owner it stays in registers, whatever is called in between.
 *
 * What is wrong with a field ends the walk: fp_fix_fields_next() answers false, and
 * fp_fix_fields_fault() says why and where. A cursor is used by one thread.
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

/** Blocks of 64 bytes of the longest message. */
#define FP_FIX_INDEX_BLOCKS ((FP_FIX_MESSAGE_MAX + FP_DELIMITERS_BYTES - 1) / FP_DELIMITERS_BYTES)

/** One field. */
struct fp_fix_field {
	uint32_t tag;          /**< [1..999999999] */
	uint32_t offset;       /**< Of the tag in the message [bytes]. */
	struct fp_cspan value; /**< At least one byte; lives as long as the message. */
};

/** Where the delimiters of a message are; only as much is touched as the message needs. */
struct fp_fix_index {
	struct fp_delimiters blocks[FP_FIX_INDEX_BLOCKS + 1]; /**< And one without any. */
};

/**
 * Cursor over the fields of a message; nobody looks into it. A copy goes on by itself.
 *
 * Neighbours of one type that a step changes would be put into one vector register by gcc 12, and
 * taken out of it again at each step: so there are none.
 */
struct fp_fix_fields {
	struct fp_cspan message;           /**< Borrowed. */
	uint64_t bits;                     /**< Delimiters not passed; 0 = the unusual way. */
	const struct fp_delimiters *block; /**< The block that they are of. */
	uint64_t start;                    /**< Offset of its first byte [bytes]. */
	const struct fp_fix_index *index;  /**< Of the message; borrowed. */
	uint64_t pos;                      /**< Offset of the next tag [bytes]. */
	uint32_t end;                      /**< Offset of "10=" [bytes]. */
	uint32_t data_tag;                 /**< Tag that must come next; 0 = any. */
	uint32_t data_len;                 /**< Length of its value [bytes]. */
	struct fp_fix_fault fault;         /**< What ended the walk. */
};

/** What comes of a step: the cursor behind it, and the field. */
struct fp_fix_step {
	struct fp_fix_fields fields; /**< Cursor. */
	struct fp_fix_field field;   /**< Filled when there is one. */
	bool is_there;               /**< There is one. */
};

/** Find the delimiters of a message; the sum of the bytes before its trailer. */
FP_HOT_PATH uint8_t fp_fix_index_message(
	FP_SCOPED const struct fp_fix_frame *frame, struct fp_fix_index *index);

/**
 * Frame the message at the start of @p bytes and find its delimiters, in one pass over its bytes;
 * fp_fix_fields_begin() then opens a cursor.
 *
 * @param[in]  bytes  As for fp_fix_frame().
 * @param[out] frame  As of fp_fix_frame().
 * @param[out] index  Filled on success.
 * @param[out] fault  Filled with -EBADMSG.
 * @return As fp_fix_frame().
 * @cost   Bench: bench_fix, dispatch.
 */
FP_MUST_CHECK FP_HOT_PATH int fp_fix_frame_index(FP_RETAINS struct fp_cspan bytes,
	struct fp_fix_frame *frame, struct fp_fix_index *index, struct fp_fix_fault *fault);

/** Open a cursor on a message whose delimiters were found. */
FP_RETURNS(frame)
FP_HOT_PATH static inline struct fp_fix_fields
fp_fix_fields_begin(const struct fp_fix_frame *frame, const struct fp_fix_index *index)
{
	struct fp_fix_fields fields;

	fields.message = frame->message;
	fields.index = index;
	/* The begin and the length are less than a block. */
	fields.block = index->blocks;
	fields.bits = index->blocks[0].first >> frame->body << frame->body;
	fields.start = 0;
	fields.pos = frame->body;
	fields.end = frame->trailer;
	fields.data_tag = 0;
	fields.data_len = 0;
	fields.fault.reason = FP_MALFORMED_COUNT;
	fields.fault.offset = 0;
	return fields;
}

/**
 * Find the delimiters of a message and open a cursor on it.
 *
 * @param[in]  frame  The message.
 * @param[out] index  Room that the cursor and its copies use.
 * @return The cursor.
 */
static inline struct fp_fix_fields
fp_fix_fields_open(const struct fp_fix_frame *frame, struct fp_fix_index *index)
{
	(void)fp_fix_index_message(frame, index);
	return fp_fix_fields_begin(frame, index);
}

/** A step to whatever is not plain: data, long fields, faults, the end behind data. */
FP_COLD struct fp_fix_step fp_fix_fields_unusual(struct fp_fix_fields fields);

/** A step took a field that may announce data: it took none when it announces none that can be. */
FP_COLD struct fp_fix_step fp_fix_fields_expect(struct fp_fix_step step);

/** Go on from where a step led. */
static inline bool
fp_fix_fields_go(struct fp_fix_fields *fields, struct fp_fix_field *field, struct fp_fix_step step)
{
	*fields = step.fields;
	if (step.is_there)
		*field = step.field;
	return step.is_there;
}

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
 *         Bench: bench_fix, walk. Always inline: gcc 12 makes a function of its cold end otherwise,
 *         and the cursor's address goes there; bench_fix, dispatch, 84 ns instead of 79.
 */
FP_HOT_PATH static FP_ALWAYS_INLINE bool
fp_fix_fields_next(struct fp_fix_fields *fields, struct fp_fix_field *field)
{
	uint64_t bits = fields->bits, end;
	uint32_t digits;
	struct fp_fix_step step;

	if (FP_UNLIKELY(bits == 0)) {
		if (fields->pos >= fields->end && fields->data_tag == 0)
			return false;
		return fp_fix_fields_go(fields, field, fp_fix_fields_unusual(*fields));
	}
#if FP_LIFETIME == FP_LIFETIME_FULL
	fp_watch_check(fields->message.watch);
	field->value.watch = fields->message.watch;
#endif
	/* The field is as long as it is, and the trailer lies behind: there are 8 bytes. */
	end = fields->start + fp_fix_first_bit(bits);
	field->tag = fp_fix_read_tag(fields->message.data + fields->pos, &digits);
	if (FP_UNLIKELY(field->tag == 0 || fields->pos + digits + 1 >= end))
		return fp_fix_fields_go(fields, field, fp_fix_fields_unusual(*fields));
	field->offset = (uint32_t)fields->pos;
	/* fpcheck: allow R-04-06 because the field lies in the message; a slice costs 3 % here */
	field->value.data = fields->message.data + fields->pos + digits + 1;
	field->value.len = (uint32_t)(end - (fields->pos + digits + 1));
	fields->pos = end + 1;
	fields->bits = bits & (bits - 1);
	if (fields->bits == 0) {
		fields->block++;
		fields->start += FP_DELIMITERS_BYTES;
		fields->bits = fields->block->first;
	}
	/* A tag that shares a length tag's place is told from it there: a branch less here. */
	if (FP_LIKELY(fp_fix_data_tags[field->tag % FP_FIX_DATA_PLACES] == 0))
		return true;
	step.fields = *fields;
	step.field = *field;
	step.is_there = true;
	return fp_fix_fields_go(fields, field, fp_fix_fields_expect(step));
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
