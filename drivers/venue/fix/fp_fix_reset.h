/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * The place of a message in the session that is the channel's: by its number, and what
 * SequenceReset and Logon do to the numbers.
 *
 *    SequenceReset 34=n 123=Y 36=m    n to m - 1 are filled, m is next
 *    SequenceReset 36=m               m is next, whatever 34 says
 *    Logon 34=n 141=Y                 the session begins anew at n
 *
 * Private to the driver.
 */

#ifndef FP_FIX_RESET_H
#define FP_FIX_RESET_H

#include "fp_channel.h"
#include "fp_fix_header.h"

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

/** Read what a SequenceReset or a Logon says; false when it is malformed. */
static FP_COLD bool
fp_fix_read_reset(struct fp_fix_header *header, struct fp_fix_reset *reset)
{
	struct fp_fix_fields fields = header->fields;
	struct fp_fix_field field = header->first;

	*reset = (struct fp_fix_reset){ 0 };
	for (bool is_there = header->has_body; is_there;
		is_there = fp_fix_fields_next(&fields, &field)) {
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
	if (fp_fix_fields_fault(&fields).reason == FP_MALFORMED_COUNT)
		return true;
	header->fault = fp_fix_fields_fault(&fields);
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
		(reset.is_gap_fill && header->place.first == 0) ||
		(!reset.is_gap_fill && reset.next < continuity->next)) {
		(void)fp_fix_refuse(&header->fault, FP_MALFORMED_SEQUENCE,
			header->values[FP_FIX_HEADER_MSG_TYPE].offset);
		return FP_FIX_MISPLACED;
	}
	if (reset.is_gap_fill) {
		placing = fp_fix_place_in_order(channel, header, line, batch);
	} else {
		header->place.count = 0; /* whatever else is wrong with it: no number is lost */
	}
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

#endif /* FP_FIX_RESET_H */
