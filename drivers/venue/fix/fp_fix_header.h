/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Header of a message: who speaks, with which number, and when.
 *
 *    8 9 35 | 49 56 34 52 43 ... 1180 1181 | body        34 = number in the session (49, 56)
 *             header, in any order                       1181 = number in the session (1180)
 *
 * A message with 34 or 1181 has a place; one with neither has none.
 *
 * Private to the driver.
 */

#ifndef FP_FIX_HEADER_H
#define FP_FIX_HEADER_H

#include "fp_continuity.h"
#include "fp_fix_fields.h"
#include "fp_fix_ids.h"
#include "fp_timestamp.h"

/** The part of a session's id that says that ApplID is its name; no text of a CompID is that. */
#define FP_FIX_SESSION_OF_APPLICATION 1U

/** Fields of the header that are used: H(name), of enum fp_fix_tag. */
#define FP_FIX_HEADER_FIELDS(H) \
	H(MSG_TYPE)             \
	H(SENDER_COMP_ID)       \
	H(TARGET_COMP_ID)       \
	H(MSG_SEQ_NUM)          \
	H(SENDING_TIME)         \
	H(POSS_DUP_FLAG)        \
	H(APPL_ID)              \
	H(APPL_SEQ_NUM)

/** Tags of the header that are passed over: H(number). @source FIX 4.0 to FIXT 1.1 */
#define FP_FIX_HEADER_OTHERS(H) \
	H(50)                   \
	H(57)                   \
	H(90)                   \
	H(91)                   \
	H(97)                   \
	H(115)                  \
	H(116)                  \
	H(122)                  \
	H(128)                  \
	H(129)                  \
	H(142)                  \
	H(143)                  \
	H(144)                  \
	H(145)                  \
	H(212)                  \
	H(213)                  \
	H(347)                  \
	H(369)                  \
	H(370)                  \
	H(627)                  \
	H(628)                  \
	H(629)                  \
	H(630)                  \
	H(1128)                 \
	H(1129)                 \
	H(1130)                 \
	H(1131)                 \
	H(1156)

#define FP_FIX_HEADER_ENUM(name) FP_FIX_HEADER_##name,

/** Where a field of the header is kept. */
enum fp_fix_header_field {
	FP_FIX_HEADER_FIELDS(FP_FIX_HEADER_ENUM) FP_FIX_HEADER_COUNT,
	FP_FIX_HEADER_OTHER, /**< Nowhere: it is passed over. */
	FP_FIX_HEADER_NONE,  /**< Nowhere: it belongs to the body. */
};

/**
 * Header of a message, and the way to its body. Who goes over the body takes a copy of the cursor,
 * which then stays in registers.
 */
struct fp_fix_header {
	const struct fp_fix_frame *frame;                /**< Of the message. */
	struct fp_fix_field values[FP_FIX_HEADER_COUNT]; /**< Tag 0 = the field is not there. */
	struct fp_fix_fields fields;                     /**< Behind the body's first field. */
	struct fp_fix_field first;                       /**< That field. */
	bool has_body;                                   /**< There is one. */
	struct fp_fix_fault fault;                       /**< What is wrong with the header. */
	struct fp_datagram_header place;                 /**< Of the message, its count being 1. */
	bool is_numbered;                                /**< It has a place. */
	bool is_copy;                                    /**< It says that it was sent before. */
};

/** Note what is wrong; use fp_fix_refuse(). */
static FP_COLD void
fp_fix_note(struct fp_fix_fault *fault, enum fp_malformed reason, uint32_t offset)
{
	fault->reason = reason;
	fault->offset = offset;
}

/** Note what is wrong. @return False, as the compiler can see. */
static inline bool
fp_fix_refuse(struct fp_fix_fault *fault, enum fp_malformed reason, uint32_t offset)
{
	fp_fix_note(fault, reason, offset);
	return false;
}

/** Where a tag of the header is kept. */
static inline uint32_t
fp_fix_header_idx(uint32_t tag)
{
	switch (tag) {
#define FP_FIX_HEADER_CASE(name) \
	case FP_FIX_TAG_##name:  \
		return FP_FIX_HEADER_##name;
		FP_FIX_HEADER_FIELDS(FP_FIX_HEADER_CASE)
#undef FP_FIX_HEADER_CASE
#define FP_FIX_HEADER_CASE(number) case number:
		FP_FIX_HEADER_OTHERS(FP_FIX_HEADER_CASE)
#undef FP_FIX_HEADER_CASE
		return FP_FIX_HEADER_OTHER;
	default:
		return FP_FIX_HEADER_NONE;
	}
}

/** Keep a field of the header; false when it was there before. */
static inline bool
fp_fix_header_keep(struct fp_fix_header *header, const struct fp_fix_field *field, uint32_t idx)
{
	if (idx >= FP_FIX_HEADER_COUNT)
		return true;
	if (FP_UNLIKELY(header->values[idx].tag != 0))
		return fp_fix_refuse(&header->fault, FP_MALFORMED_FIELD_ORDER, field->offset);
	header->values[idx] = *field;
	return true;
}

/** True when there is such a field in the header. */
static inline bool
fp_fix_header_has(const struct fp_fix_header *header, enum fp_fix_header_field idx)
{
	return header->values[idx].tag != 0;
}

/** True when the header says one letter, that one. */
static inline bool
fp_fix_is_letter(const struct fp_fix_field *field, char letter)
{
	return field->tag != 0 && field->value.len == 1 &&
		fp_cspan_at(field->value, 0) == (uint8_t)letter;
}

/**
 * Look for fields of the header among those of the body, where they do not belong. What is
 * malformed there is found when the body is decoded.
 */
static FP_COLD bool
fp_fix_search_header(struct fp_fix_header *header)
{
	struct fp_fix_fields fields = header->fields;
	struct fp_fix_field field;

	while (fp_fix_fields_next(&fields, &field)) {
		if (!fp_fix_header_keep(header, &field, fp_fix_header_idx(field.tag)))
			return false;
	}
	return true;
}

/**
 * Keep the fields of the header, up to the first one of the body.
 *
 * @param[in]  frame   Of the message; lives as long as @p header.
 * @param[in]  index   Of the message; lives as long as @p header.
 * @param[out] header  The fields, and what is wrong with them.
 * @return False when one is malformed.
 */
static inline bool
fp_fix_split(const struct fp_fix_frame *frame, const struct fp_fix_index *index,
	struct fp_fix_header *header)
{
	struct fp_fix_fields fields = fp_fix_fields_begin(frame, index);
	struct fp_fix_field field;
	uint32_t idx;

	for (idx = 0; idx < FP_FIX_HEADER_COUNT; idx++)
		header->values[idx].tag = 0;
	header->frame = frame;
	header->fault = (struct fp_fix_fault){ .reason = FP_MALFORMED_COUNT };
	while ((header->has_body = fp_fix_fields_next(&fields, &field))) {
		idx = fp_fix_header_idx(field.tag);
		if (idx == FP_FIX_HEADER_NONE)
			break;
		if (FP_UNLIKELY(!fp_fix_header_keep(header, &field, idx)))
			return false;
	}
	header->fields = fields;
	if (!header->has_body) {
		header->fault = fp_fix_fields_fault(&fields);
		return header->fault.reason == FP_MALFORMED_COUNT;
	}
	header->first = field;
	if (FP_LIKELY(fp_fix_header_has(header, FP_FIX_HEADER_MSG_SEQ_NUM) &&
		    fp_fix_header_has(header, FP_FIX_HEADER_SENDER_COMP_ID) &&
		    fp_fix_header_has(header, FP_FIX_HEADER_TARGET_COMP_ID)))
		return true;
	if (fp_fix_header_has(header, FP_FIX_HEADER_APPL_SEQ_NUM) &&
		fp_fix_header_has(header, FP_FIX_HEADER_APPL_ID))
		return true;
	return fp_fix_search_header(header);
}

/** The number that stands for the text of a field; 0 when it is not there. */
static inline uint64_t
fp_fix_name_of(const struct fp_fix_header *header, enum fp_fix_header_field idx)
{
	return fp_fix_header_has(header, idx) ? fp_fix_name(header->values[idx].value) : 0;
}

/** Find out who speaks, and with which number. */
static inline bool
fp_fix_read_place(struct fp_fix_header *header)
{
	struct fp_datagram_header *place = &header->place;
	enum fp_fix_header_field number = FP_FIX_HEADER_MSG_SEQ_NUM;
	const struct fp_fix_field *field;

	*place = (struct fp_datagram_header){ .count = 1 };
	header->is_copy = fp_fix_is_letter(&header->values[FP_FIX_HEADER_POSS_DUP_FLAG], 'Y');
	if (!fp_fix_header_has(header, FP_FIX_HEADER_MSG_SEQ_NUM) &&
		(fp_fix_header_has(header, FP_FIX_HEADER_APPL_SEQ_NUM) ||
			fp_fix_header_has(header, FP_FIX_HEADER_APPL_ID))) {
		number = FP_FIX_HEADER_APPL_SEQ_NUM;
		place->session.high = fp_fix_name_of(header, FP_FIX_HEADER_APPL_ID);
		place->session.low = FP_FIX_SESSION_OF_APPLICATION;
	} else {
		place->session.high = fp_fix_name_of(header, FP_FIX_HEADER_SENDER_COMP_ID);
		place->session.low = fp_fix_name_of(header, FP_FIX_HEADER_TARGET_COMP_ID);
	}
	field = &header->values[number];
	header->is_numbered = field->tag != 0;
	if (header->is_numbered && !fp_fix_read_number(field->value, &place->first))
		return fp_fix_refuse(&header->fault, FP_MALFORMED_MESSAGE_FIELD, field->offset);
	/* that of a SequenceReset may not count, and is 0 then with some */
	if (header->is_numbered && place->first == 0 &&
		!fp_fix_is_letter(&header->values[FP_FIX_HEADER_MSG_TYPE], '4'))
		return fp_fix_refuse(&header->fault, FP_MALFORMED_SEQUENCE, field->offset);
	return true;
}

/** The time of sending; false, and 0, when it is none. A message without it has 0. */
static inline bool
fp_fix_read_sending_time(struct fp_fix_header *header)
{
	const struct fp_fix_field *field = &header->values[FP_FIX_HEADER_SENDING_TIME];

	if (field->tag == 0 ||
		fp_timestamp_parse(field->value, FP_TIMESTAMP_FIX, &header->place.send_time_ns) ==
			0)
		return true;
	return fp_fix_refuse(&header->fault, FP_MALFORMED_MESSAGE_FIELD, field->offset);
}

#endif /* FP_FIX_HEADER_H */
