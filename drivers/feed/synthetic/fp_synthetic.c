/* SPDX-License-Identifier: BSD-3-Clause */

#include <stdlib.h>
#include <time.h>

#include <rte_bus_vdev.h>
#include <rte_cycles.h>
#include <rte_ethdev.h>
#include <rte_malloc.h>
#include <rte_memcpy.h>

#include "feed_headers.h"
#include "feed_pace.h"
#include "fp_itch_day.h"
#include "fp_panic.h"
#include "fp_poison.h"
#include "fp_synthetic.h"

#define PORT_NAME "net_null_synthetic"

#define MOLD_BYTES    20
#define HEADERS_BYTES (FEED_HEADERS_BYTES + MOLD_BYTES)
#define SEQUENCE_OFF  (FEED_HEADERS_BYTES + 10)
#define TIME_OFF      5 /* of an ITCH message */
#define PAYLOAD_MIN   (MOLD_BYTES + 2 + FP_ITCH_DAY_MESSAGE_MAX)
#define PAYLOAD_MAX   FEED_PAYLOAD_MAX
#define NS_PER_DAY    (86400ull * 1000000000ull)

/** Messages of a datagram at most: the shortest of the day has 12 bytes. */
#define DATAGRAM_MESSAGES_MAX (PAYLOAD_MAX / 14)

/** One frame of the corpus; its bytes follow, then where its messages' times stand. */
struct frame {
	uint16_t len;        /**< [bytes] */
	uint16_t count;      /**< Messages. */
	uint16_t *times;     /**< Offsets of times in the frame; shape [count]. */
	const uint8_t *data; /**< Shape [len]. */
};

struct fp_synthetic {
	/* hot */
	const struct frame *frames; /**< Shape [count]. */
	uint32_t count;             /**< Frames of the corpus. */
	uint32_t next;              /**< Frame to send next. */
	uint64_t sequence;          /**< Of the next message. */
	uint64_t messages;          /**< Sent so far. */
	struct feed_pace pace;      /**< In messages. */
	uint64_t midnight_tsc;      /**< Clock at the last midnight, UTC, may be "negative". */
	uint32_t passes_left;       /**< 0 with is_done false = without end. */
	bool keep_times;
	bool is_done;
	/* cold */
	uint16_t port_id;
	struct fp_arena *arena;
	const struct rte_eth_rxtx_callback *callback;
};

/** Frame under construction. */
struct builder {
	uint8_t data[HEADERS_BYTES + PAYLOAD_MAX];
	uint16_t times[DATAGRAM_MESSAGES_MAX];
	struct fp_writer writer;
	uint16_t count;
};

uint64_t
fp_synthetic_bytes(const struct fp_synthetic_params *params)
{
	/* A message of this mix has 31 bytes with its length; the rest is per frame. */
	uint64_t per_frame = params->max_messages != 0 ? params->max_messages : 20;
	uint64_t frame_bytes = HEADERS_BYTES + FP_CACHE_LINE_BYTES + sizeof(struct frame) + 16;

	return params->messages * 38 + (params->messages / per_frame + 64) * frame_bytes +
		(1U << 20);
}

static void
write_headers(struct fp_writer *writer, uint16_t payload_len, uint16_t count)
{
	feed_write_headers(writer, FP_SYNTHETIC_GROUP, FP_SYNTHETIC_UDP_PORT, payload_len);
	fp_writer_write_bytes(writer, fp_cspan_over(FP_SYNTHETIC_SESSION, 10));
	fp_writer_write_be64(writer, 0);
	fp_writer_write_be16(writer, count);
}

static void
begin_frame(struct builder *builder)
{
	builder->writer = fp_writer_open(fp_span_over(builder->data, sizeof(builder->data)));
	fp_writer_write_zeros(&builder->writer, HEADERS_BYTES);
	builder->count = 0;
}

/* Move the finished frame into the arena. */
static int
end_frame(struct builder *builder, struct fp_arena *arena, struct frame *frame)
{
	uint16_t len = (uint16_t)fp_writer_written(&builder->writer);
	struct fp_writer headers = fp_writer_open(fp_span_over(builder->data, HEADERS_BYTES));
	uint8_t *data = fp_arena_array(arena, 1, len, FP_CACHE_LINE_BYTES);
	uint16_t *times = fp_arena_array(arena, builder->count, sizeof(*times), sizeof(*times));

	if (data == NULL || times == NULL)
		return -ENOMEM;
	write_headers(&headers, (uint16_t)(len - HEADERS_BYTES + MOLD_BYTES), builder->count);
	memcpy(data, builder->data, len);
	memcpy(times, builder->times, builder->count * sizeof(*times));
	*frame =
		(struct frame){ .len = len, .count = builder->count, .times = times, .data = data };
	begin_frame(builder);
	return 0;
}

/* Pack the whole day into frames; *count is their number. */
static int
pack_day(struct fp_itch_day *day, const struct fp_synthetic_params *params, struct fp_arena *arena,
	struct frame *frames, uint64_t cap, uint32_t *count)
{
	uint16_t max_messages = params->max_messages != 0 ? params->max_messages : UINT16_MAX;
	uint32_t end = HEADERS_BYTES - MOLD_BYTES + params->max_payload;
	uint8_t message[FP_ITCH_DAY_MESSAGE_MAX];
	struct builder builder;
	uint16_t len;
	int error;

	*count = 0;
	begin_frame(&builder);
	while ((len = fp_itch_day_next(day, message)) != 0) {
		uint32_t written = fp_writer_written(&builder.writer);

		if (written + 2 + len > end || builder.count == max_messages) {
			if (*count == cap)
				return -ENOMEM;
			error = end_frame(&builder, arena, &frames[(*count)++]);
			if (error != 0)
				return error; /* the builder is still full */
			written = HEADERS_BYTES;
		}
		builder.times[builder.count++] = (uint16_t)(written + 2 + TIME_OFF);
		fp_writer_write_be16(&builder.writer, len);
		fp_writer_write_bytes(&builder.writer, fp_cspan_over(message, len));
	}
	if (builder.count == 0)
		return 0;
	return *count < cap ? end_frame(&builder, arena, &frames[(*count)++]) : -ENOMEM;
}

static int
generate(struct fp_synthetic *feed, const struct fp_synthetic_params *params)
{
	const struct fp_itch_day_params day_params = {
		.seed = params->seed,
		.messages = params->messages,
		.symbols = params->symbols,
		.max_live_orders = params->max_live_orders,
	};
	uint64_t per_frame = params->max_messages != 0 ? params->max_messages
						       : params->max_payload / (2 + 50) - 1;
	uint64_t cap = params->messages / RTE_MAX(per_frame, 1U) + 2;
	struct fp_itch_day *day;
	struct frame *frames;
	int error = fp_itch_day_create(&day_params, &day);

	if (error != 0)
		return error;
	frames = fp_arena_array(feed->arena, cap, sizeof(*frames), FP_CACHE_LINE_BYTES);
	error = frames == NULL ? -ENOMEM
			       : pack_day(day, params, feed->arena, frames, cap, &feed->count);
	feed->frames = frames;
	fp_itch_day_destroy(day);
	return error;
}

/* Nanoseconds since midnight, UTC, as the clock stands. */
static uint64_t
nanoseconds_of_day(const struct fp_synthetic *feed, uint64_t tsc)
{
	uint64_t cycles = tsc - feed->midnight_tsc;
	uint64_t hz = feed->pace.hz;
	uint64_t seconds = cycles / hz;

	return (seconds * 1000000000ULL + cycles % hz * 1000000000ULL / hz) % NS_PER_DAY;
}

static void
set_clock(struct fp_synthetic *feed)
{
	struct timespec now;
	uint64_t hz = rte_get_tsc_hz();
	uint64_t tsc = rte_rdtsc();
	uint64_t second;

	feed_pace_start(&feed->pace, feed->pace.rate, hz, tsc);
	(void)clock_gettime(CLOCK_REALTIME, &now);
	second = (uint64_t)now.tv_sec % 86400;
	feed->midnight_tsc = tsc - second * hz - (uint64_t)now.tv_nsec * hz / 1000000000ULL;
}

static bool
are_valid(const struct fp_synthetic_params *params)
{
	return params->max_payload >= PAYLOAD_MIN && params->max_payload <= PAYLOAD_MAX &&
		params->messages >= FP_ITCH_DAY_MESSAGES_MIN && params->symbols != 0 &&
		params->symbols <= FP_ITCH_DAY_SYMBOLS_MAX && params->max_live_orders != 0;
}

int
fp_synthetic_create(const struct fp_synthetic_params *params, struct fp_synthetic **out)
{
	const struct fp_arena_params arena_params = {
		.name = "synthetic_corpus",
		.cap = fp_synthetic_bytes(params),
		.socket_id = params->socket_id,
	};
	struct fp_synthetic *feed;
	struct fp_arena *arena;
	int error;

	*out = NULL;
	if (!are_valid(params))
		return -EINVAL;
	error = fp_arena_create(&arena_params, &arena);
	if (error != 0)
		return error;
	feed = fp_arena_array(arena, 1, sizeof(*feed), FP_CACHE_LINE_BYTES);
	if (feed == NULL) {
		error = -ENOMEM;
		goto fail_destroy_arena;
	}
	feed->arena = arena;
	feed->sequence = 1;
	feed->pace.rate = params->rate;
	feed->passes_left = params->passes;
	feed->keep_times = params->keep_times;
	error = generate(feed, params);
	if (error != 0)
		goto fail_destroy_arena;
	error = rte_vdev_init(PORT_NAME, "size=64,no-rx=0");
	if (error != 0) {
		error = error == -EEXIST || error == -ENOMEM ? error : -EIO;
		goto fail_destroy_arena;
	}
	if (rte_eth_dev_get_port_by_name(PORT_NAME, &feed->port_id) != 0) {
		error = -EIO;
		goto fail_uninit_port;
	}
	*out = feed;
	return 0;

fail_uninit_port:
	(void)rte_vdev_uninit(PORT_NAME);
fail_destroy_arena:
	fp_arena_destroy(arena);
	return error;
}

/*
 * Take the callback away. DPDK leaves it with the queue when a port is closed, and would call it
 * for the next port of that number; its memory is the caller's to free.
 */
static void
detach(struct fp_synthetic *feed)
{
	uint16_t port_id;

	if (feed->callback == NULL)
		return;
	if (rte_eth_dev_get_port_by_name(PORT_NAME, &port_id) != 0) {
		fp_panic("port %u of the embedded feed was closed before the feed was destroyed: "
			 "stop it only, fp_synthetic_destroy() closes it",
			feed->port_id);
	}
	(void)rte_eth_remove_rx_callback(port_id, 0, feed->callback);
	/* NOLINTNEXTLINE(performance-no-int-to-ptr): DPDK gives it as const */
	rte_free((void *)(uintptr_t)feed->callback);
	feed->callback = NULL;
}

void
fp_synthetic_destroy(struct fp_synthetic *feed)
{
	if (feed == NULL)
		return;
	detach(feed);
	(void)rte_vdev_uninit(PORT_NAME); /* closes it */
	fp_arena_destroy(feed->arena);
}

uint16_t
fp_synthetic_port(const struct fp_synthetic *feed)
{
	return feed->port_id;
}

bool
fp_synthetic_is_done(const struct fp_synthetic *feed)
{
	return fp_load_relaxed_bool(&feed->is_done);
}

uint64_t
fp_synthetic_messages(const struct fp_synthetic *feed)
{
	return fp_load_relaxed_u64(&feed->messages);
}

/* Copy one frame into an mbuf and make it the next of the stream. */
static inline void
fill(struct fp_synthetic *feed, const struct frame *frame, uint64_t ns, struct rte_mbuf *mbuf)
{
	uint8_t *data = rte_pktmbuf_mtod(mbuf, uint8_t *);

	mbuf->data_len = frame->len;
	mbuf->pkt_len = frame->len;
	fp_unpoison(data, frame->len);
	rte_memcpy(data, frame->data, frame->len);
	fp_store_be64(data + SEQUENCE_OFF, feed->sequence);
	feed->sequence += frame->count;
	if (!feed->keep_times) {
		for (uint16_t i = 0; i < frame->count; i++)
			fp_store_be48(data + frame->times[i], ns);
	}
}

/* The day is over: begin anew, or be done. */
static void
end_pass(struct fp_synthetic *feed)
{
	feed->next = 0;
	if (feed->passes_left != 0 && --feed->passes_left == 0)
		fp_store_relaxed_bool(&feed->is_done, true);
}

static uint16_t
on_receive(uint16_t port_id, uint16_t queue_id, struct rte_mbuf **mbufs, uint16_t count,
	uint16_t max_count, void *arg)
{
	struct fp_synthetic *feed = arg;
	uint64_t now = rte_rdtsc();
	uint64_t allowed = feed_pace_allowed(&feed->pace, now, 2ULL * DATAGRAM_MESSAGES_MAX);
	uint64_t ns = feed->keep_times ? 0 : nanoseconds_of_day(feed, now);
	uint64_t sent = 0;
	uint16_t filled = 0;

	(void)port_id;
	(void)queue_id;
	(void)max_count;
	while (filled < count && !feed->is_done) {
		const struct frame *frame = &feed->frames[feed->next];

		if (sent + frame->count > allowed)
			break;
		fill(feed, frame, ns, mbufs[filled++]);
		sent += frame->count;
		if (++feed->next == feed->count) {
			end_pass(feed);
			break; /* a burst holds one day only: a reader can stop between two */
		}
	}
	feed_pace_spend(&feed->pace, sent);
	fp_store_relaxed_u64(&feed->messages, feed->messages + sent);
	if (filled < count)
		rte_pktmbuf_free_bulk(mbufs + filled, count - filled);
	return filled;
}

int
fp_synthetic_attach(struct fp_synthetic *feed)
{
	set_clock(feed);
	feed->callback = rte_eth_add_rx_callback(feed->port_id, 0, on_receive, feed);
	return feed->callback != NULL ? 0 : -ENOMEM;
}
