/* SPDX-License-Identifier: BSD-3-Clause */

#include "worker.h"
#include "fp_counter.h"
#include "fp_panic.h"
#include "fp_udp.h"

/* Messages between the one that is applied and the one whose tables are asked for. */
#define PREFETCH_DISTANCE 8

uint64_t
worker_bytes(uint16_t burst)
{
	return fp_arena_array_bytes(1, sizeof(struct worker), FP_CACHE_LINE_BYTES) +
		fp_arena_array_bytes(
			FP_BATCH_MESSAGES, sizeof(struct fp_message), FP_CACHE_LINE_BYTES) +
		fp_arena_array_bytes(burst, sizeof(struct fp_lease), FP_CACHE_LINE_BYTES) +
		fp_arena_array_bytes(burst, sizeof(struct fp_datagram), FP_CACHE_LINE_BYTES);
}

int
worker_create(struct worker **out, unsigned int lcore_id, uint16_t burst, struct fp_arena *arena)
{
	struct worker *worker =
		fp_arena_array(arena, 1, sizeof(struct worker), FP_CACHE_LINE_BYTES);
	int error;

	*out = NULL;
	if (worker == NULL)
		return -ENOMEM;
	error = fp_poll_init(&worker->poll, burst, arena, NULL);
	if (error != 0)
		return error;
	error = fp_batch_init(&worker->batch, arena);
	if (error != 0)
		return error;
	worker->datagrams =
		fp_arena_array(arena, burst, sizeof(struct fp_datagram), FP_CACHE_LINE_BYTES);
	if (worker->datagrams == NULL)
		return -ENOMEM;
	fp_histogram_init(&worker->latency);
	worker->lcore_id = lcore_id;
	*out = worker;
	return 0;
}

void
worker_add_stream(struct worker *worker, const struct worker_stream *stream)
{
	struct worker_stream *to = &worker->stream_table[worker->stream_count];

	FP_ASSERT(worker->stream_count < WORKER_CHANNELS_MAX &&
		stream->channel->id < WORKER_CHANNELS_MAX);
	*to = *stream;
	worker->stream_count++;
	worker->streams[stream->channel->id] = to;
}

/* Only a venue's own quote says whether the instrument is halted. */
static uint8_t
halted_flag(const struct fp_message *message)
{
	return message->type == FP_MESSAGE_QUOTE ? message->quote.flags & FP_QUOTE_F_HALTED : 0;
}

/* Publish what the books conclude from a message: a new best bid or offer, a book gone stale. */
static void
publish_conclusions(struct worker_stream *stream, const struct fp_message *message, uint32_t result)
{
	struct fp_quote quote;

	if ((result & FP_BOOK_F_STALE) != 0) {
		const struct fp_message stale = {
			.len = FP_MESSAGE_LEN(stale),
			.type = FP_MESSAGE_STALE,
			.instrument_id = message->instrument_id,
			.time_ns = message->time_ns,
			.stale = { .reason = FP_BOOK_STALE_REASON(result) },
		};

		publisher_write(stream->publisher, &stale);
	}
	if ((result & FP_BOOK_F_QUOTE) != 0) {
		bool is_fresh = fp_books_quote(stream->books, message->instrument_id, &quote);
		const struct fp_message best = {
			.len = FP_MESSAGE_LEN(quote),
			.type = FP_MESSAGE_QUOTE,
			.instrument_id = message->instrument_id,
			.time_ns = message->time_ns,
			.quote = {
				.bid_price = quote.bid_price,
				.bid_quantity = quote.bid_quantity,
				.ask_price = quote.ask_price,
				.ask_quantity = quote.ask_quantity,
				.flags = (uint8_t)((is_fresh ? 0 : FP_QUOTE_F_STALE) |
					halted_flag(message)),
			},
		};

		publisher_write(stream->publisher, &best);
	}
}

/*
 * What an upstream engine concluded is not passed on: our own books conclude it again. The same
 * holds for its sign of life.
 */
static bool
is_passed_on(uint8_t type, bool has_books)
{
	if (type == FP_MESSAGE_HEARTBEAT)
		return false;
	return !has_books || (type != FP_MESSAGE_QUOTE && type != FP_MESSAGE_STALE);
}

/* Apply a batch to the books, publish, and empty it. */
static void
apply_batch(struct worker *worker, struct worker_stream *stream)
{
	const struct fp_message *messages = worker->batch.messages;
	uint32_t count = worker->batch.count;
	uint32_t result = 0;

	worker->batch.count = 0;
	if (stream->books == NULL && stream->publisher == NULL)
		return;
	fp_frame_stage(&worker->poll, FP_STAGE_BOOK);
	for (uint32_t i = 0; i < count; i++) {
		if (stream->books != NULL) {
			if (i + PREFETCH_DISTANCE < count)
				fp_books_prefetch(stream->books, &messages[i + PREFETCH_DISTANCE]);
			result = fp_books_apply(stream->books, &messages[i]);
		}
		if (stream->publisher == NULL)
			continue;
		if (is_passed_on(messages[i].type, stream->books != NULL))
			publisher_write(stream->publisher, &messages[i]);
		if (result != 0)
			publish_conclusions(stream, &messages[i], result);
	}
}

/* Give datagrams of one channel to its venue, and what comes of them to the books. */
static void
deliver(struct worker *worker, struct worker_stream *stream, const struct fp_datagram *datagrams,
	uint16_t count)
{
	uint16_t done = 0;

	while (done < count) {
		fp_frame_stage(&worker->poll, FP_STAGE_DECODE);
		done = (uint16_t)(done +
			fp_channel_receive(stream->channel, datagrams + done,
				(uint16_t)(count - done), &worker->batch));
		apply_batch(worker, stream);
	}
}

/* Deliver the datagram of the lowest sequence that waits; what is missing before it is a gap. */
static void
deliver_held(struct worker *worker, struct worker_stream *stream)
{
	struct fp_held held = fp_hold_take(stream->hold);
	const struct fp_datagram datagram = { .payload = fp_lease_span(&held.lease),
		.line = held.line };

	deliver(worker, stream, &datagram, 1);
	fp_lease_release(&held.lease);
}

/* Deliver what waits and is due: nothing is missing before it any more. */
static FP_COLD void
drain_due(struct worker *worker, struct worker_stream *stream)
{
	while (fp_hold_is_due(stream->hold, stream->channel->continuity.next))
		deliver_held(worker, stream);
}

/* Give up on what is missing first. */
static FP_COLD void
give_up_one(struct worker *worker, struct worker_stream *stream)
{
	deliver_held(worker, stream);
	drain_due(worker, stream);
}

/* Give up on all that is missing: nothing waits any more. */
static FP_COLD void
give_up_all(struct worker *worker, struct worker_stream *stream)
{
	while (stream->hold->count != 0)
		give_up_one(worker, stream);
}

/* Let a datagram of the frame wait: its lease outlives the frame. */
static FP_COLD void
hold_back(struct worker *worker, struct worker_stream *stream, uint16_t idx,
	const struct fp_datagram *datagram, const struct fp_datagram_header *header)
{
	struct fp_lease lease = fp_frame_keep(&worker->poll, idx);
	uint32_t off = fp_cspan_offset(fp_lease_span(&lease), datagram->payload);

	if (fp_lease_slice(&lease, (uint16_t)off, (uint16_t)datagram->payload.len) != 0)
		fp_panic("the payload of a datagram lies outside its frame");
	fp_hold_put(stream->hold, &lease, header, datagram->line, worker->poll.tsc);
	fp_counter_add(&stream->channel->counters.waited, 1);
}

/*
 * One datagram of a channel with two lines: when messages before it are missing, they may still
 * come on the other line, and it waits. One call of the venue per datagram is the price of two
 * lines.
 */
static void
arbitrate(struct worker *worker, struct worker_stream *stream, uint16_t idx,
	const struct fp_datagram *datagram)
{
	struct fp_channel *channel = stream->channel;
	struct fp_datagram_header header;
	/* fpcheck: allow FP0409 because the venue is configured: the price of two lines */
	bool is_readable = channel->venue->peek(datagram->payload, &header);

	/* What waits belongs to the session that goes on: it comes before whatever begins anew. */
	if (is_readable && stream->hold->count != 0 &&
		(header.first == 1 ||
			!fp_session_equal(header.session, channel->continuity.session)))
		give_up_all(worker, stream);
	if (is_readable && fp_hold_wants(channel, &header, channel->continuity.next)) {
		if (fp_hold_has(stream->hold, &header)) {
			fp_channel_drop_copy(channel, datagram->line, &header);
			return;
		}
		if (stream->hold->count == FP_HOLD_MAX)
			give_up_one(worker, stream);
		if (fp_hold_wants(channel, &header, channel->continuity.next)) {
			hold_back(worker, stream, idx, datagram, &header);
			return;
		}
	}
	deliver(worker, stream, datagram, 1);
	if (stream->hold->count != 0)
		drain_due(worker, stream);
}

/* Find the channel of each frame and deliver them in runs. */
static void
process(struct worker *worker, struct worker_queue *queue)
{
	struct worker_stream *stream = NULL;
	uint16_t run = 0;

	fp_frame_stage(&worker->poll, FP_STAGE_DECODE);
	for (uint16_t i = 0; i < worker->poll.count; i++) {
		const struct fp_lease *lease = &worker->poll.leases[i];
		const struct fp_demux_route *route = NULL;
		enum fp_drop reason = FP_DROP_SEGMENTED;
		struct fp_udp udp;

		if (FP_UNLIKELY(fp_lease_has_bad_checksum(lease))) {
			reason = FP_DROP_NIC_CHECKSUM;
		} else if (FP_LIKELY(fp_lease_is_contiguous(lease))) {
			reason = fp_udp_parse(fp_lease_span(lease), queue->verify_checksum, &udp);
		}
		if (FP_LIKELY(reason == FP_DROP_COUNT)) {
			route = fp_demux_find(&worker->demux, udp.destination, udp.port);
			if (FP_UNLIKELY(route == NULL))
				reason = FP_DROP_NO_CHANNEL;
		}
		if (FP_UNLIKELY(reason != FP_DROP_COUNT)) {
			fp_counter_add(&queue->dropped[reason], 1);
			continue;
		}
		if (stream == NULL || route->channel != stream->channel) {
			if (run != 0)
				deliver(worker, stream, worker->datagrams, run);
			run = 0;
			stream = worker->streams[route->channel->id];
		}
		/* fpcheck: allow FP0403 because the frame reads them again before it ends */
		worker->datagrams[run].payload = udp.payload;
		worker->datagrams[run].line = route->line;
		if (FP_UNLIKELY(stream->hold != NULL)) {
			arbitrate(worker, stream, i, &worker->datagrams[run]);
		} else {
			run++;
		}
	}
	if (run != 0)
		deliver(worker, stream, worker->datagrams, run);
}

/* Datagrams that have waited for too long: what is missing before them will not come. */
static void
drain_overdue(struct worker *worker)
{
	for (uint16_t i = 0; i < worker->stream_count; i++) {
		struct worker_stream *stream = &worker->stream_table[i];

		while (stream->hold != NULL &&
			fp_hold_is_overdue(stream->hold, worker->poll.tsc - worker->wait_cycles))
			give_up_one(worker, stream);
	}
}

/* All publishers begin or end a frame. */
static void
begin_publishers(struct worker *worker)
{
	for (uint16_t i = 0; i < worker->stream_count; i++) {
		if (worker->stream_table[i].publisher != NULL)
			publisher_begin(worker->stream_table[i].publisher, worker->poll.tsc);
	}
}

static void
flush_publishers(struct worker *worker)
{
	fp_frame_stage(&worker->poll, FP_STAGE_TRANSMIT);
	for (uint16_t i = 0; i < worker->stream_count; i++) {
		if (worker->stream_table[i].publisher != NULL)
			publisher_flush(worker->stream_table[i].publisher);
	}
}

bool
worker_frame(struct worker *worker, struct worker_queue *queue)
{
	struct fp_poll *poll = &worker->poll;

	fp_frame_open(poll);
	if (fp_frame_receive(poll, queue->port_id, queue->queue_id, queue->pool) != 0) {
		fp_counter_add(&queue->received, poll->count);
		begin_publishers(worker);
		process(worker, queue);
		drain_overdue(worker);
		flush_publishers(worker);
	}
	return fp_frame_close(poll);
}

/* Copy a book out for a thread that asked; between frames, so that nobody changes it meanwhile. */
static FP_COLD void
fill_snapshot(struct worker *worker)
{
	static const enum fp_side sides[2] = { FP_SIDE_BUY, FP_SIDE_SELL };
	struct worker_snapshot *snapshot = &worker->snapshot;
	const struct worker_stream *stream = snapshot->channel_id < WORKER_CHANNELS_MAX
		? worker->streams[snapshot->channel_id]
		: NULL;

	snapshot->instrument_id = 0;
	if (stream != NULL && stream->books != NULL)
		snapshot->instrument_id = fp_books_find(stream->books, snapshot->symbol);
	if (snapshot->instrument_id != 0) {
		snapshot->is_stale = fp_books_is_stale(stream->books, snapshot->instrument_id);
		snapshot->price_decimals =
			fp_books_price_decimals(stream->books, snapshot->instrument_id);
		for (int side = 0; side < 2; side++) {
			uint32_t depth = 0;

			while (depth < WORKER_SNAPSHOT_LEVELS &&
				fp_books_level(stream->books, snapshot->instrument_id, sides[side],
					depth, &snapshot->levels[side][depth]) == 0)
				depth++;
			snapshot->depth[side] = depth;
		}
	}
	/* A2: pairs with R2, the acquire load of the asker; makes the copy visible. */
	fp_store_release_u32(&snapshot->state, WORKER_SNAPSHOT_FILLED);
}

/* Let the venue account for what it has of a stream that does not go on. */
static FP_COLD void
finish_channel(struct worker *worker, struct worker_stream *stream)
{
	if (stream->channel->venue->finish == NULL)
		return;
	stream->channel->venue->finish(stream->channel, &worker->batch);
	apply_batch(worker, stream);
}

void
worker_drain(struct worker *worker)
{
	begin_publishers(worker);
	for (uint16_t i = 0; i < worker->stream_count; i++) {
		struct worker_stream *stream = &worker->stream_table[i];

		if (stream->hold != NULL)
			give_up_all(worker, stream);
		finish_channel(worker, stream);
	}
	flush_publishers(worker);
}

/* What a frame without packets has time for. */
FP_HOT_PATH static void
do_idle_work(struct worker *worker)
{
	begin_publishers(worker);
	drain_overdue(worker);
	flush_publishers(worker);
	for (uint16_t i = 0; i < worker->stream_count; i++) {
		if (worker->stream_table[i].publisher != NULL)
			publisher_idle(worker->stream_table[i].publisher, worker->poll.tsc);
	}
}

int
worker_run(void *arg)
{
	struct worker *worker = arg;

	fp_poll_start(&worker->poll);
	while (fp_poll_goes_on(&worker->poll)) {
		bool has_moved = false;

		for (uint16_t i = 0; i < worker->queue_count; i++)
			has_moved |= worker_frame(worker, &worker->queues[i]);
		if (!has_moved)
			do_idle_work(worker);
		/* R3: pairs with A3 in telemetry's ask(). */
		if (FP_UNLIKELY(
			    fp_load_acquire_u32(&worker->snapshot.state) == WORKER_SNAPSHOT_ASKED))
			fill_snapshot(worker);
	}
	worker_drain(worker);
	for (uint16_t i = 0; i < worker->stream_count; i++) {
		if (worker->stream_table[i].publisher != NULL)
			publisher_end(worker->stream_table[i].publisher);
	}
	return 0;
}
