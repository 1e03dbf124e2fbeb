/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * What the venue "fix" costs from bytes to native messages, and where that goes.
 *
 *   walk      frame, sum and every field: what the venue has to do before it decodes anything
 *   udp       fp_channel_receive(), a message per datagram, 32 at once; the batch is emptied then
 *   stream    the same of pieces of 1,400 bytes of one stream
 *
 *   session   header split, who and where, time of sending, place in the session; without framing
 *   time      fp_timestamp_parse() of every 52
 *   symbol    the text as two words and the table, of every 55
 *   price     fp_price_parse() of every 270
 *   quantity  fp_qty_parse() of every 271
 *
 * The log has 100,000 messages, in parts of 1,000. A sample is a part; cases take turns part by
 * part, so that a change of the machine's speed hits all of them, and a run goes through the log.
 * Every part is one session that goes on; both transports must make the same of it. One JSON line
 * per case: nanoseconds and cycles of the time-stamp counter per message of the log, and the ratio
 * to walk.
 *
 * usage: bench_fix_venue [EAL arguments] -- [runs]
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_common.h>
#include <rte_cycles.h>
#include <rte_eal.h>

#include "fix_log.h"
#include "fp_fix_session.h"
#include "fp_fix_symbol_text.h"
#include "fp_fix_symbols.h"
#include "fp_price_text.h"
#include "fp_scan.h"

#define PARTS       100
#define MESSAGES    1000U /* of a part */
#define RUNS_MAX    10000
#define DECIMALS    8
#define BURST       32
#define PIECE_BYTES 1400U
#define INSTRUMENTS 8192U
#define ROW_MAX     (8 * MESSAGES)

/* Fields of one tag. */
struct row {
	struct fp_fix_field fields[ROW_MAX];
	uint32_t count;
};

/* A part of the log, cut as each case needs it. */
struct part {
	struct fix_log log;
	struct fp_cspan whole; /* all of it */
	uint64_t first;        /* number of its first message */
	struct fp_datagram messages[MESSAGES];
	struct fp_datagram pieces[MESSAGES];
	uint32_t pieces_count;
	uint64_t straddling; /* bytes of messages that lie in two pieces */
	struct fp_fix_frame frames[MESSAGES];
	struct row times, symbols, prices, quantities;
};

/* A channel and where it puts its messages. */
struct feed {
	struct fp_arena *arena;
	struct fp_channel *channel;
	struct fp_batch batch;
	uint64_t natives; /* messages that it made */
	uint64_t sum;     /* of some of their bytes */
};

static struct feed udp, stream, header_only;
static struct part parts[PARTS];
static uint64_t sink; /* what no compiler may leave out */

static void
wrong(const char *what)
{
	rte_exit(EXIT_FAILURE, "bench_fix_venue: %s: the figures are void\n", what);
}

static void
feed_init(struct feed *feed, const char *name, const char *transport)
{
	const struct fp_venue *venue = fp_venue_find("fix");
	const struct fp_venue_params params = {
		.transport = transport,
		.max_instruments = INSTRUMENTS,
		.price_decimals = DECIMALS,
		.price_excess = FP_PRICE_EXCESS_TRUNCATE,
	};
	struct fp_arena_params room = { name, 0, -1, 0 };

	if (venue == NULL)
		wrong("there is no such venue");
	room.cap = fp_channel_bytes(venue, &params) +
		fp_arena_array_bytes(
			FP_BATCH_MESSAGES, sizeof(struct fp_message), FP_CACHE_LINE_BYTES);
	if (fp_arena_create(&room, &feed->arena) != 0 ||
		fp_channel_create("c", 0, venue, &params, feed->arena, &feed->channel) != 0 ||
		fp_batch_init(&feed->batch, feed->arena) != 0)
		wrong("there is no memory");
}

/* All of the datagrams; what the batch holds is used up after each burst. */
static void
receive(struct feed *feed, const struct fp_datagram *datagrams, uint32_t count)
{
	for (uint32_t at = 0; at < count;) {
		uint16_t burst = (uint16_t)RTE_MIN(count - at, (uint32_t)BURST);

		at += fp_channel_receive(feed->channel, datagrams + at, burst, &feed->batch);
		feed->natives += feed->batch.count;
		for (uint32_t i = 0; i < feed->batch.count; i += 16)
			feed->sum += feed->batch.messages[i].instrument_id;
		feed->batch.count = 0;
	}
}

/* Go on at the part, whichever came before. */
static void
resume(struct feed *feed, const struct part *part)
{
	feed->channel->continuity.next = part->first;
}

static struct fp_fix_index fix_index;

static void
run_walk(const struct part *part)
{
	struct fp_cspan rest = fp_cspan_over(part->log.bytes, part->log.len);
	struct fp_fix_frame frame;
	struct fp_fix_fields fields;
	struct fp_fix_field field;
	struct fp_fix_fault fault;

	while (rest.len != 0) {
		if (fp_fix_frame_index(rest, &frame, &fix_index, &fault) != 0)
			wrong("a message was refused");
		fields = fp_fix_fields_begin(&frame, &fix_index);
		while (fp_fix_fields_next(&fields, &field))
			sink += field.tag + field.value.len;
		rest = fp_cspan_slice_from(rest, frame.message.len);
	}
}

static void
run_udp(const struct part *part)
{
	resume(&udp, part);
	receive(&udp, part->messages, MESSAGES);
}

static void
run_stream(const struct part *part)
{
	resume(&stream, part);
	receive(&stream, part->pieces, part->pieces_count);
}

static void
run_session(const struct part *part)
{
	struct fp_fix_header header;

	resume(&header_only, part);
	for (uint32_t i = 0; i < MESSAGES; i++) {
		(void)fp_fix_index_message(&part->frames[i], &fix_index);
		if (!fp_fix_split(&part->frames[i], &fix_index, &header) ||
			!fp_fix_read_place(&header) || !fp_fix_read_sending_time(&header) ||
			fp_fix_place(header_only.channel, &header, 0, &header_only.batch) !=
				FP_FIX_PLACED)
			wrong("a message has no place");
	}
}

static void
run_time(const struct part *part)
{
	uint64_t time_ns;

	for (uint32_t i = 0; i < part->times.count; i++) {
		if (fp_timestamp_parse(part->times.fields[i].value, FP_TIMESTAMP_FIX, &time_ns) !=
			0)
			wrong("a time was refused");
		sink += time_ns;
	}
}

static void
run_symbol(const struct part *part)
{
	struct fp_fix_symbols *table = &((struct fp_fix *)header_only.channel->state)->symbols;
	uint64_t key[2];

	fp_fix_symbols_begin(table, 1);
	for (uint32_t i = 0; i < part->symbols.count; i++) {
		if (!fp_fix_read_symbol(part->whole, &part->symbols.fields[i], key))
			wrong("a symbol was refused");
		sink += fp_fix_symbols_get(table, key, 0, &header_only.batch)->id;
	}
	header_only.batch.count = 0;
}

static void
run_price(const struct part *part)
{
	struct fp_price price;

	for (uint32_t i = 0; i < part->prices.count; i++) {
		if (fp_price_parse(part->prices.fields[i].value, DECIMALS, FP_PRICE_EXCESS_TRUNCATE,
			    &price) != 0)
			wrong("a price was refused");
		sink += (uint64_t)price.ticks;
	}
}

static void
run_quantity(const struct part *part)
{
	struct fp_qty quantity;

	for (uint32_t i = 0; i < part->quantities.count; i++) {
		if (fp_qty_parse(part->quantities.fields[i].value, &quantity) != 0)
			wrong("a quantity was refused");
		sink += (uint64_t)quantity.units;
	}
}

/* The first is what the others are set in relation to. */
static const struct {
	const char *name;
	void (*run)(const struct part *part);
} cases[] = {
	{ "walk", run_walk },
	{ "udp", run_udp },
	{ "stream", run_stream },
	{ "session", run_session },
	{ "time", run_time },
	{ "symbol", run_symbol },
	{ "price", run_price },
	{ "quantity", run_quantity },
};

#define CASES ((int)RTE_DIM(cases))

static void
keep(struct row *row, const struct fp_fix_field *field)
{
	if (row->count == ROW_MAX)
		wrong("a tag is there too often");
	row->fields[row->count++] = *field;
}

static void
keep_values(struct part *part, struct fp_fix_fields *fields)
{
	struct fp_fix_field field;

	while (fp_fix_fields_next(fields, &field)) {
		switch (field.tag) {
		case FP_FIX_TAG_SENDING_TIME:
			keep(&part->times, &field);
			break;
		case FP_FIX_TAG_SYMBOL:
			keep(&part->symbols, &field);
			break;
		case FP_FIX_TAG_MD_ENTRY_PX:
			keep(&part->prices, &field);
			break;
		case FP_FIX_TAG_MD_ENTRY_SIZE:
			keep(&part->quantities, &field);
			break;
		default:
			break;
		}
	}
}

static void
part_init(struct part *part, int idx)
{
	struct fp_cspan rest, message;
	struct fp_fix_fields fields;
	struct fp_fix_fault fault;

	part->first = 1 + (uint64_t)idx * MESSAGES;
	if (fix_log_init_session(&part->log, MESSAGES, (uint64_t)idx << 32, part->first) != 0)
		wrong("there is no memory");
	part->whole = fp_cspan_over(part->log.bytes, part->log.len);
	rest = part->whole;
	for (uint32_t i = 0; i < MESSAGES; i++) {
		if (fp_fix_frame_index(rest, &part->frames[i], &fix_index, &fault) != 0)
			wrong("a message was refused");
		fields = fp_fix_fields_begin(&part->frames[i], &fix_index);
		message = part->frames[i].message;
		part->messages[i] = (struct fp_datagram){ .payload = message };
		keep_values(part, &fields);
		rest = fp_cspan_slice_from(rest, message.len);
	}
	for (uint32_t i = 0, at = 0; i < MESSAGES; at += part->messages[i++].payload.len) {
		if (at / PIECE_BYTES != (at + part->messages[i].payload.len - 1) / PIECE_BYTES)
			part->straddling += part->messages[i].payload.len;
	}
	for (uint32_t at = 0; at < part->log.len; at += PIECE_BYTES) {
		part->pieces[part->pieces_count++].payload = fp_cspan_over(
			part->log.bytes + at, RTE_MIN(PIECE_BYTES, part->log.len - at));
	}
}

static void
sample(const struct part *part, uint64_t *const cycles[CASES], long at)
{
	for (int idx = 0; idx < CASES; idx++) {
		uint64_t start = rte_rdtsc_precise();

		cases[idx].run(part);
		cycles[idx][at] = rte_rdtsc_precise() - start;
	}
	if (udp.natives != stream.natives)
		wrong("the transports differ");
}

static void
verify(const struct feed *feed, uint64_t messages)
{
	const struct fp_channel_counters *counters = &feed->channel->counters;

	if (counters->messages != messages || counters->gaps != 0 ||
		counters->session_restarts != 0 || counters->duplicates != 0)
		wrong("messages are missing");
	for (int i = 0; i < FP_MALFORMED_COUNT; i++) {
		if (counters->malformed[i] != 0)
			wrong("a message was rejected");
	}
}

static int
compare(const void *a, const void *b)
{
	uint64_t left = *(const uint64_t *)a;
	uint64_t right = *(const uint64_t *)b;

	return (left > right) - (left < right);
}

/* Bytes that the stream of a feed copied since it began. */
static uint64_t
carried(const struct feed *feed)
{
	const struct fp_fix *fix = feed->channel->state;

	return fp_fix_stream_counters(fix->stream)->carried;
}

static void
report(uint64_t *const cycles[CASES], long runs)
{
	size_t samples = (size_t)runs * PARTS;
	size_t middle = samples / 2;
	double to_ns = 1e9 / (double)rte_get_tsc_hz();
	double bytes = 0, fields = 0;
	uint64_t straddling = 0;

	for (int i = 0; i < PARTS; i++) {
		bytes += parts[i].log.len;
		fields += parts[i].log.fields;
		straddling += parts[i].straddling;
	}
	if (carried(&udp) != 0 || carried(&stream) != straddling * (uint64_t)(runs + 1))
		wrong("more was copied than messages that lie in two pieces");
	for (int idx = 0; idx < CASES; idx++)
		qsort(cycles[idx], samples, sizeof(uint64_t), compare);
	printf("{\"bench\": \"fix_venue\", \"lifetime\": \"%s\", \"scan\": \"%s\", \"runs\": %ld, "
	       "\"messages\": %u, \"bytes_avg\": %.1f, \"fields_avg\": %.1f, \"natives_avg\": "
	       "%.2f, \"copied_by_stream\": %.4f}\n",
		FP_LIFETIME_NAME, fp_scan_name(fp_scan_get()), runs, PARTS * MESSAGES,
		bytes / PARTS / MESSAGES, fields / PARTS / MESSAGES,
		(double)udp.natives / (double)udp.channel->counters.messages,
		(double)straddling / bytes);
	for (int idx = 0; idx < CASES; idx++) {
		double p50 = (double)cycles[idx][middle];

		printf("{\"bench\": \"fix_venue\", \"case\": \"%s\", \"p50_ns\": %.1f, "
		       "\"min_ns\": %.1f, \"p50_cycles\": %.1f, \"ratio_to_walk\": %.3f}\n",
			cases[idx].name, p50 * to_ns / MESSAGES,
			(double)cycles[idx][0] * to_ns / MESSAGES, p50 / MESSAGES,
			p50 / (double)cycles[0][middle]);
	}
}

int
main(int argc, char **argv)
{
	int eal_argc = rte_eal_init(argc, argv);
	uint64_t *cycles[CASES];
	long runs;

	if (eal_argc < 0)
		return EXIT_FAILURE;
	runs = argc - eal_argc > 1 ? strtol(argv[eal_argc + 1], NULL, 10) : 21;
	if (runs < 1 || runs > RUNS_MAX) {
		fprintf(stderr, "bench_fix_venue: runs: expected 1 to %d\n", RUNS_MAX);
		return EXIT_FAILURE;
	}
	(void)fp_scan_choose();
	feed_init(&udp, "udp", "udp");
	feed_init(&stream, "stream", "stream");
	feed_init(&header_only, "header", "udp");
	for (int idx = 0; idx < CASES; idx++) {
		cycles[idx] = calloc((size_t)runs * PARTS, sizeof(uint64_t));
		if (cycles[idx] == NULL)
			wrong("there is no memory");
	}
	for (int i = 0; i < PARTS; i++) {
		part_init(&parts[i], i);
		sample(&parts[i], cycles, 0); /* warm up */
	}
	for (long i = 0; i < runs * PARTS; i++)
		sample(&parts[i % PARTS], cycles, i);
	verify(&udp, (uint64_t)(runs + 1) * PARTS * MESSAGES);
	verify(&stream, (uint64_t)(runs + 1) * PARTS * MESSAGES);
	report(cycles, runs);
	for (int idx = 0; idx < CASES; idx++)
		free(cycles[idx]);
	for (int i = 0; i < PARTS; i++)
		fix_log_fini(&parts[i].log);
	fp_arena_destroy(udp.arena);
	fp_arena_destroy(stream.arena);
	fp_arena_destroy(header_only.arena);
	(void)rte_eal_cleanup();
	return EXIT_SUCCESS;
}
