/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Who speaks and where in its session a message is: the header of a message, the table of sessions,
 * and what Logon and SequenceReset do to the numbers.
 *
 *    8 9 35 | 49 56 34 52 43 ... 1180 1181 | body        34 = number in the session (49, 56)
 *             header, in any order                       1181 = number in the session (1180)
 *
 * A message with 34 or 1181 has a place; one with neither has none and is delivered as it comes,
 * unless its session has been numbered before.
 *
 * Private to the driver, included by its one .c file.
 */

#ifndef FP_FIX_SESSION_H
#define FP_FIX_SESSION_H

#include "fp_channel.h"
#include "fp_fix.h"
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
 * Header of a message, and the way to its body. The cursor uses the index, so a header stays
 * where it is.
 */
struct fp_fix_header {
	const struct fp_fix_frame *frame;                /**< Of the message. */
	struct fp_fix_field values[FP_FIX_HEADER_COUNT]; /**< Tag 0 = the field is not there. */
	struct fp_fix_index index;                       /**< Of the message. */
	struct fp_fix_fields fields;                     /**< Behind the body's first field. */
	struct fp_fix_field first;                       /**< That field. */
	bool has_body;                                   /**< There is one. */
	struct fp_fix_fault fault;                       /**< What is wrong with the header. */
	struct fp_datagram_header place;                 /**< Of the message, its count being 1. */
	bool is_numbered;                                /**< It has a place. */
	bool is_copy;                                    /**< It says that it was sent before. */
};

/** What SequenceReset and Logon say of the numbers. */
struct fp_fix_reset {
	uint64_t next;    /**< 36 */
	bool has_next;    /**< There is a 36. */
	bool is_gap_fill; /**< 123=Y */
	bool is_anew;     /**< 141=Y */
};

/** What a message is in its session. */
enum fp_fix_placing {
	FP_FIX_PLACED,   /**< To be delivered. */
	FP_FIX_PASSED,   /**< Counted, and not to be delivered. */
	FP_FIX_MISPLACED /**< To be rejected: see the header's fault. */
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

/** Keep the fields of the header, up to the first one of the body; false when one is malformed. */
static inline bool
fp_fix_split(const struct fp_fix_frame *frame, struct fp_fix_header *header)
{
	uint32_t idx;

	for (idx = 0; idx < FP_FIX_HEADER_COUNT; idx++)
		header->values[idx].tag = 0;
	header->frame = frame;
	header->fault = (struct fp_fix_fault){ .reason = FP_MALFORMED_COUNT };
	header->fields = fp_fix_fields_open(frame, &header->index);
	while ((header->has_body = fp_fix_fields_next(&header->fields, &header->first))) {
		idx = fp_fix_header_idx(header->first.tag);
		if (idx == FP_FIX_HEADER_NONE)
			break;
		if (FP_UNLIKELY(!fp_fix_header_keep(header, &header->first, idx)))
			return false;
	}
	if (!header->has_body) {
		header->fault = fp_fix_fields_fault(&header->fields);
		return header->fault.reason == FP_MALFORMED_COUNT;
	}
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
	if (header->is_numbered && place->first == 0)
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

/** Bytes of arena that the table of sessions takes at most. */
static inline uint64_t
fp_fix_sessions_bytes(void)
{
	return fp_arena_array_bytes(
		FP_FIX_SESSIONS_MAX, sizeof(struct fp_continuity), FP_CACHE_LINE_BYTES);
}

/** Make an empty table of sessions; 0, or -ENOMEM. */
FP_MUST_CHECK static FP_COLD int
fp_fix_sessions_init(struct fp_fix_sessions *sessions, struct fp_arena *arena)
{
	sessions->places = fp_arena_array(
		arena, FP_FIX_SESSIONS_MAX, sizeof(*sessions->places), FP_CACHE_LINE_BYTES);
	return sessions->places != NULL ? 0 : -ENOMEM;
}

/** True when it is the session that is in the channel. */
static inline bool
fp_fix_is_current(const struct fp_channel *channel, const struct fp_fix_sessions *sessions,
	struct fp_session_id session)
{
	return sessions->count != 0 && fp_session_equal(channel->continuity.session, session);
}

/** Where a session is in the table; count when it is not. */
static FP_COLD uint32_t
fp_fix_sessions_find(const struct fp_fix_sessions *sessions, struct fp_session_id session)
{
	uint32_t idx = 0;

	while (idx < sessions->count && !fp_session_equal(sessions->places[idx].session, session))
		idx++;
	return idx;
}

/** Put another session's place into the channel; false when it is new and the table is full. */
static FP_COLD bool
fp_fix_sessions_change(
	struct fp_channel *channel, struct fp_fix_sessions *sessions, struct fp_session_id session)
{
	uint32_t idx = fp_fix_sessions_find(sessions, session);

	if (idx == FP_FIX_SESSIONS_MAX)
		return false;
	if (sessions->count != 0)
		sessions->places[sessions->current] = channel->continuity;
	if (idx == sessions->count) {
		sessions->places[idx] =
			(struct fp_continuity){ .session = session, .is_verified = true };
		sessions->count++;
	}
	sessions->current = idx;
	channel->continuity = sessions->places[idx];
	return true;
}

/** Read what a SequenceReset or a Logon says; false when it is malformed. The body is used up. */
static FP_COLD bool
fp_fix_read_reset(struct fp_fix_header *header, struct fp_fix_reset *reset)
{
	struct fp_fix_fields *fields = &header->fields;
	struct fp_fix_field field = header->first;

	*reset = (struct fp_fix_reset){ 0 };
	for (bool is_there = header->has_body; is_there;
		is_there = fp_fix_fields_next(fields, &field)) {
		if (field.tag == FP_FIX_TAG_NEW_SEQ_NO) {
			if (reset->has_next) {
				return fp_fix_refuse(
					&header->fault, FP_MALFORMED_FIELD_ORDER, field.offset);
			}
			if (!fp_fix_read_number(field.value, &reset->next)) {
				return fp_fix_refuse(
					&header->fault, FP_MALFORMED_MESSAGE_FIELD, field.offset);
			}
			reset->has_next = true;
		} else if (field.tag == FP_FIX_TAG_GAP_FILL_FLAG) {
			reset->is_gap_fill = fp_fix_is_letter(&field, 'Y');
		} else if (field.tag == FP_FIX_TAG_RESET_SEQ_NUM_FLAG) {
			reset->is_anew = fp_fix_is_letter(&field, 'Y');
		}
	}
	/* what is wrong with the time of sending stays noted */
	if (fp_fix_fields_fault(fields).reason == FP_MALFORMED_COUNT)
		return true;
	header->fault = fp_fix_fields_fault(fields);
	return false;
}

/** Place a message by its number. */
static inline enum fp_fix_placing
fp_fix_place_in_order(struct fp_channel *channel, const struct fp_fix_header *header, uint8_t line,
	struct fp_batch *batch)
{
	const struct fp_datagram_header *place = &header->place;

	if (FP_UNLIKELY(header->is_copy && place->first < channel->continuity.next)) {
		fp_channel_duplicate(channel, line, place);
		return FP_FIX_PASSED;
	}
	return fp_channel_accept(channel, line, place, batch) == 0 ? FP_FIX_PLACED : FP_FIX_PASSED;
}

/**
 * Place a SequenceReset. With 123=Y the numbers from its own on to the one before 36 are filled;
 * without, its own number does not count, and 36 is the next. Neither goes back.
 */
static FP_COLD enum fp_fix_placing
fp_fix_place_reset(struct fp_channel *channel, struct fp_fix_header *header, uint8_t line,
	struct fp_batch *batch)
{
	struct fp_continuity *continuity = &channel->continuity;
	enum fp_fix_placing placing = FP_FIX_PLACED;
	struct fp_fix_reset reset;

	if (!fp_fix_read_reset(header, &reset))
		return FP_FIX_MISPLACED;
	if (!reset.has_next) {
		(void)fp_fix_refuse(&header->fault, FP_MALFORMED_FIELD_MISSING,
			header->values[FP_FIX_HEADER_MSG_TYPE].offset);
		return FP_FIX_MISPLACED;
	}
	if (reset.next <= (reset.is_gap_fill ? header->place.first : 0) ||
		(!reset.is_gap_fill && reset.next < continuity->next)) {
		(void)fp_fix_refuse(&header->fault, FP_MALFORMED_SEQUENCE,
			header->values[FP_FIX_HEADER_MSG_TYPE].offset);
		return FP_FIX_MISPLACED;
	}
	if (reset.is_gap_fill)
		placing = fp_fix_place_in_order(channel, header, line, batch);
	if (reset.next > continuity->next)
		fp_continuity_skip_to(continuity, reset.next);
	return placing;
}

/** Place a Logon, which may say that the session begins anew. */
static FP_COLD enum fp_fix_placing
fp_fix_place_logon(struct fp_channel *channel, struct fp_fix_header *header, uint8_t line,
	struct fp_batch *batch)
{
	const struct fp_continuity *continuity = &channel->continuity;
	const struct fp_datagram_header *place = &header->place;
	bool is_old = place->send_time_ns != 0 && place->send_time_ns < continuity->newest_send_ns;
	/* what came last may come again: from the other line, or resent */
	bool is_last = place->first + 1 == continuity->next &&
		place->send_time_ns == continuity->newest_send_ns;
	struct fp_fix_reset reset;

	if (!fp_fix_read_reset(header, &reset))
		return FP_FIX_MISPLACED;
	if (!reset.is_anew || header->is_copy || is_old || is_last ||
		place->first >= continuity->next)
		return fp_fix_place_in_order(channel, header, line, batch);
	fp_channel_restart(channel, line, place, batch);
	return FP_FIX_PLACED;
}

/**
 * Place a message in its session, which becomes the channel's.
 *
 * @param[in,out] channel  Continuity and counters are updated.
 * @param[in,out] header   As read; its fault says why a message is MISPLACED.
 * @param[in]     line     It came on.
 * @param[in,out] batch    What continuity has to say is appended.
 * @return What to do with it.
 */
static inline enum fp_fix_placing
fp_fix_place(struct fp_channel *channel, struct fp_fix_header *header, uint8_t line,
	struct fp_batch *batch)
{
	const struct fp_fix_field *type = &header->values[FP_FIX_HEADER_MSG_TYPE];
	struct fp_fix_sessions *sessions = &((struct fp_fix *)channel->state)->sessions;
	bool is_current = fp_fix_is_current(channel, sessions, header->place.session);

	if (FP_UNLIKELY(!header->is_numbered)) {
		if (!is_current &&
			fp_fix_sessions_find(sessions, header->place.session) == sessions->count)
			return FP_FIX_PLACED;
		(void)fp_fix_refuse(&header->fault, FP_MALFORMED_FIELD_MISSING, type->offset);
		return FP_FIX_MISPLACED;
	}
	if (FP_UNLIKELY(!is_current &&
		    !fp_fix_sessions_change(channel, sessions, header->place.session))) {
		fp_counter_add(&channel->counters.unconfirmed, 1);
		return FP_FIX_PASSED;
	}
	if (FP_UNLIKELY(fp_fix_is_letter(type, '4')))
		return fp_fix_place_reset(channel, header, line, batch);
	if (FP_UNLIKELY(fp_fix_is_letter(type, 'A')))
		return fp_fix_place_logon(channel, header, line, batch);
	return fp_fix_place_in_order(channel, header, line, batch);
}

#endif /* FP_FIX_SESSION_H */
