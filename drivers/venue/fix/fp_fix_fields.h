/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * The fields of a framed FIX message, one after the other, as views: tag and value.
 *
 * Opened on a frame, the cursor begins at tag 35 and ends before tag 10. A field is a tag of 1 to 9
 * digits without a leading zero, '=', and a value of at least one byte. The value of a data field
 * (see FP_FIX_DATA_FIELDS) is as long as the field before it says, delimiters included.
 *
 * What is wrong with a field ends the walk: fp_fix_fields_next() answers false, and
 * fp_fix_fields_fault() says why and where. A cursor is a value for the stack, used by one thread.
 */

#ifndef FP_FIX_FIELDS_H
#define FP_FIX_FIELDS_H

#include "fp_fix_frame.h"
#include "fp_fix_tags.h"

#ifdef __cplusplus
extern "C" {
#endif

/** One field. */
struct fp_fix_field {
	uint32_t tag;          /**< [1..999999999] */
	uint32_t offset;       /**< Of the tag in the message [bytes]. */
	struct fp_cspan value; /**< At least one byte; lives as long as the message. */
};

/** Cursor over the fields of a message. */
struct fp_fix_fields {
	struct fp_cspan message;   /**< Borrowed. */
	uint32_t pos;              /**< Offset of the next tag [bytes]. */
	uint32_t end;              /**< Offset of "10=" [bytes]. */
	uint32_t data_tag;         /**< Tag that must come next; 0 = any. */
	uint32_t data_len;         /**< Length of its value [bytes]. */
	struct fp_fix_fault fault; /**< What ended the walk. */
};

/** Open a cursor on a message. */
struct fp_fix_fields fp_fix_fields_open(const struct fp_fix_frame *frame);

/**
 * Take the next field.
 *
 * @param[in,out] fields  Cursor.
 * @param[out]    field   Filled on success.
 * @return False at the end, and when a field is malformed.
 */
bool fp_fix_fields_next(struct fp_fix_fields *fields, struct fp_fix_field *field);

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
