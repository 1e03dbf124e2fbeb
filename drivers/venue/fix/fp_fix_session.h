/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * The table of sessions of a channel, and a message's place in its own.
 *
 * Who speaks becomes the session of the channel. A message without a number is delivered as it
 * comes, unless its session has been numbered before.
 *
 * Private to the driver.
 */

#ifndef FP_FIX_SESSION_H
#define FP_FIX_SESSION_H

#include "fp_fix.h"
#include "fp_fix_reset.h"

/** Bytes of arena that the table of sessions takes at most. */
static inline uint64_t
fp_fix_sessions_bytes(void)
{
	return fp_arena_array_bytes(
		FP_FIX_SESSIONS_MAX, sizeof(struct fp_continuity), FP_CACHE_LINE_BYTES);
}

/** Make an empty table of sessions; 0, or -ENOMEM. */
FP_MUST_CHECK static inline int
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
