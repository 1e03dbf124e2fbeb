/* SPDX-License-Identifier: BSD-3-Clause */

#include "fp_continuity.h"

/* Take the datagram as where the stream is now; what was there before does not matter any more. */
static void
adopt(struct fp_continuity *continuity, const struct fp_datagram_header *header)
{
	continuity->session = header->session;
	continuity->next = header->first + header->count;
	continuity->newest_send_ns = header->send_time_ns;
	continuity->candidate_next = 0;
	continuity->candidate_run = 0;
}

/*
 * Let datagrams that follow each other vouch for a place that is hard to believe. A copy of one of
 * them, from the other line, neither adds to the run nor ends it.
 */
static bool
is_confirmed(struct fp_continuity *continuity, const struct fp_datagram_header *header,
	uint32_t wanted_run)
{
	uint64_t end = header->first + header->count;
	bool is_same = continuity->candidate_next != 0 &&
		fp_session_equal(continuity->candidate_session, header->session);

	if (is_same && header->first == continuity->candidate_next) {
		continuity->candidate_run++;
	} else if (is_same && header->first >= continuity->candidate_first &&
		end <= continuity->candidate_next) {
		return false;
	} else {
		continuity->candidate_session = header->session;
		continuity->candidate_first = header->first;
		continuity->candidate_run = 1;
	}
	continuity->candidate_next = end;
	return continuity->candidate_run >= wanted_run;
}

/* A session that begins anew, or that was confirmed: all before this datagram is missing. */
struct fp_continuity_result
fp_continuity_restart(struct fp_continuity *continuity, const struct fp_datagram_header *header)
{
	struct fp_continuity_result result = { FP_CONTINUITY_RESTART, 0, 1, header->first - 1 };

	adopt(continuity, header);
	return result;
}

static struct fp_continuity_result
place_backward(struct fp_continuity *continuity, const struct fp_datagram_header *header)
{
	struct fp_continuity_result result = { FP_CONTINUITY_DUPLICATE, header->count, 0, 0 };
	bool is_newer = continuity->newest_send_ns != 0 &&
		header->send_time_ns > continuity->newest_send_ns;
	uint64_t end = header->first + header->count;
	bool is_far;

	if (is_newer && header->first == 1)
		return fp_continuity_restart(continuity, header);
	if (end > continuity->next) {
		result.verdict = FP_CONTINUITY_IN_ORDER;
		result.skip = (uint32_t)(continuity->next - header->first);
		continuity->next = end;
		continuity->candidate_next = 0;
		if (header->send_time_ns > continuity->newest_send_ns)
			continuity->newest_send_ns = header->send_time_ns;
		return result;
	}
	/*
	 * The other line lags and old datagrams are resent, so that a short way back takes a long
	 * run to be believed. Nothing lags so far: there the place where the cursor is was the
	 * error.
	 */
	is_far = continuity->next - end > FP_CONTINUITY_LAG;
	if (header->count != 0 &&
		is_confirmed(continuity, header,
			is_far ? FP_CONTINUITY_CONFIRM : FP_CONTINUITY_CONFIRM_BACK))
		return fp_continuity_restart(continuity, header);
	return result;
}

static struct fp_continuity_result
place_forward(struct fp_continuity *continuity, const struct fp_datagram_header *header)
{
	struct fp_continuity_result result = { FP_CONTINUITY_GAP, 0, continuity->next,
		header->first - continuity->next };

	if (result.lost > FP_CONTINUITY_LEAP && !continuity->is_verified &&
		!is_confirmed(continuity, header, FP_CONTINUITY_CONFIRM)) {
		result.verdict = FP_CONTINUITY_UNCONFIRMED;
		result.lost = 0;
		return result;
	}
	continuity->next = header->first + header->count;
	if (header->send_time_ns > continuity->newest_send_ns)
		continuity->newest_send_ns = header->send_time_ns;
	continuity->candidate_next = 0;
	return result;
}

struct fp_continuity_result
fpi_continuity_unusual(struct fp_continuity *continuity, const struct fp_datagram_header *header)
{
	struct fp_continuity_result result = { FP_CONTINUITY_IN_ORDER, 0, 0, 0 };

	if (header->first == 0 || header->first + header->count < header->first) {
		result.verdict = FP_CONTINUITY_IMPOSSIBLE;
		return result;
	}
	if (continuity->next == 0) {
		adopt(continuity, header);
		return result;
	}
	if (!fp_session_equal(header->session, continuity->session)) {
		if (header->first == 1 || is_confirmed(continuity, header, FP_CONTINUITY_CONFIRM))
			return fp_continuity_restart(continuity, header);
		result.verdict = FP_CONTINUITY_UNCONFIRMED;
		return result;
	}
	if (header->first > continuity->next)
		return place_forward(continuity, header);
	if (header->first < continuity->next)
		return place_backward(continuity, header);
	/* A heartbeat at the expected place: the stream is whole and where it was thought to be. */
	continuity->candidate_next = 0;
	if (header->send_time_ns > continuity->newest_send_ns)
		continuity->newest_send_ns = header->send_time_ns;
	return result;
}
