/* SPDX-License-Identifier: BSD-3-Clause */

#include <string.h>

#include "fp_channel.h"

/* Drivers of this process; written by constructors before main() only. */
static struct fp_venue *venues;

void
fp_venue_register(struct fp_venue *venue)
{
	venue->next = venues;
	venues = venue;
}

const struct fp_venue *
fp_venue_next(const struct fp_venue *venue)
{
	return venue == NULL ? venues : venue->next;
}

const struct fp_venue *
fp_venue_find(const char *name)
{
	const struct fp_venue *venue = NULL;

	while ((venue = fp_venue_next(venue)) != NULL) {
		if (strcmp(venue->name, name) == 0)
			return venue;
	}
	return NULL;
}

uint64_t
fp_channel_bytes(const struct fp_venue *venue, const struct fp_venue_params *params)
{
	return fp_arena_array_bytes(1, sizeof(struct fp_channel), FP_CACHE_LINE_BYTES) +
		venue->state_bytes(params);
}

int
fp_channel_create(const char *name, uint16_t id, const struct fp_venue *venue,
	const struct fp_venue_params *params, struct fp_arena *arena, struct fp_channel **out)
{
	size_t len = strnlen(name, FP_CHANNEL_NAME_BYTES);
	struct fp_channel *channel;
	int error;

	*out = NULL;
	if (len == 0 || len == FP_CHANNEL_NAME_BYTES)
		return -EINVAL;
	channel = fp_arena_array(arena, 1, sizeof(*channel), FP_CACHE_LINE_BYTES);
	if (channel == NULL)
		return -ENOMEM;
	channel->venue = venue;
	channel->id = id;
	memcpy(channel->name, name, len);
	channel->fault.reason = FP_MALFORMED_COUNT;
	error = venue->init(channel, arena, params);
	if (error != 0)
		return error;
	*out = channel;
	return 0;
}

int
fp_batch_init(struct fp_batch *batch, struct fp_arena *arena)
{
	batch->count = 0;
	batch->messages = fp_arena_array(
		arena, FP_BATCH_MESSAGES, sizeof(*batch->messages), FP_CACHE_LINE_BYTES);
	return batch->messages != NULL ? 0 : -ENOMEM;
}

static void
append_gap(struct fp_channel *channel, uint64_t first, uint64_t lost, struct fp_batch *batch)
{
	struct fp_message *message = fp_batch_next(batch);

	fp_counter_add(&channel->counters.gaps, 1);
	fp_counter_add(&channel->counters.lost, lost);
	*message = (struct fp_message){
		.len = FP_MESSAGE_LEN(gap),
		.type = FP_MESSAGE_GAP,
		.gap = { .first = first, .count = lost },
	};
}

static void
append_clear(struct fp_batch *batch)
{
	struct fp_message *message = fp_batch_next(batch);

	*message = (struct fp_message){
		.len = FP_MESSAGE_LEN(book_clear),
		.type = FP_MESSAGE_BOOK_CLEAR,
		.book_clear = { .reason = FP_CLEAR_SESSION },
	};
}

uint32_t
fpi_channel_unusual(struct fp_channel *channel, uint8_t line,
	const struct fp_datagram_header *header, const struct fp_continuity_result *result,
	struct fp_batch *batch)
{
	struct fp_channel_counters *counters = &channel->counters;

	switch (result->verdict) {
	case FP_CONTINUITY_IMPOSSIBLE:
		fp_counter_add(&counters->malformed[FP_MALFORMED_SEQUENCE], 1);
		return header->count;
	case FP_CONTINUITY_UNCONFIRMED:
		fp_counter_add(&counters->unconfirmed, 1);
		return header->count;
	case FP_CONTINUITY_DUPLICATE:
		if (header->count == 0)
			break;
		fp_channel_duplicate(channel, line, header);
		return header->count;
	case FP_CONTINUITY_RESTART:
		fp_counter_add(&counters->session_restarts, 1);
		append_clear(batch);
		break;
	case FP_CONTINUITY_IN_ORDER:
	case FP_CONTINUITY_GAP:
		break;
	}
	if (header->count == 0)
		fp_counter_add(&counters->heartbeats, 1);
	if (result->lost != 0) {
		fp_counter_add(&counters->lines[line].gaps, 1);
		append_gap(channel, result->gap_first, result->lost, batch);
	}
	fp_counter_add(&counters->duplicates, result->skip);
	return result->skip;
}

void
fp_channel_duplicate(
	struct fp_channel *channel, uint8_t line, const struct fp_datagram_header *header)
{
	fp_counter_add(&channel->counters.lines[line].duplicates, 1);
	fp_counter_add(&channel->counters.duplicates, header->count);
}

void
fp_channel_restart(struct fp_channel *channel, uint8_t line,
	const struct fp_datagram_header *header, struct fp_batch *batch)
{
	struct fp_continuity_result result = fp_continuity_restart(&channel->continuity, header);

	(void)fpi_channel_unusual(channel, line, header, &result, batch);
}

void
fp_channel_note_fault(struct fp_channel *channel, enum fp_malformed reason, uint64_t offset)
{
	fp_store_relaxed_u64(&channel->fault.offset, offset);
	fp_store_relaxed_u64(&channel->fault.reason, reason);
}

void
fp_channel_reject_header(struct fp_channel *channel, enum fp_malformed reason)
{
	fp_counter_add(&channel->counters.malformed[reason], 1);
}

void
fp_channel_reject(struct fp_channel *channel, const struct fp_datagram_header *header,
	uint32_t skip, enum fp_malformed reason, struct fp_batch *batch, uint32_t mark)
{
	batch->count = mark;
	fp_counter_add(&channel->counters.malformed[reason], 1);
	if (skip < header->count)
		append_gap(channel, header->first + skip, header->count - skip, batch);
}

void
fp_channel_drop_copy(
	struct fp_channel *channel, uint8_t line, const struct fp_datagram_header *header)
{
	fp_counter_add(&channel->counters.datagrams, 1);
	fp_counter_add(&channel->counters.lines[line].datagrams, 1);
	fp_channel_duplicate(channel, line, header);
}

void
fp_channel_end_of_session(struct fp_channel *channel, struct fp_batch *batch)
{
	struct fp_message *message = fp_batch_next(batch);

	*message = (struct fp_message){
		.len = FP_MESSAGE_LEN(end_of_session),
		.type = FP_MESSAGE_END_OF_SESSION,
		.end_of_session = { .messages = channel->continuity.next - 1 },
	};
}
