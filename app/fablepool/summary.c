/* SPDX-License-Identifier: BSD-3-Clause */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <rte_cycles.h>

#include "fp_counter.h"
#include "summary.h"

/* Holders that are listed of each pool that leaked. */
#define HOLDERS_LISTED 16

static void
set(json_t *object, const char *key, uint64_t value)
{
	json_object_set_new(object, key, json_integer((json_int_t)value));
}

static void
set_text(json_t *object, const char *key, const char *value)
{
	json_object_set_new(object, key, json_string(value));
}

/* Frames that the workers received from a port and dropped, by reason. */
static json_t *
make_port(const struct engine *engine, const struct port *port)
{
	json_t *tree = json_object();
	json_t *reasons = json_object();
	uint64_t dropped[FP_DROP_COUNT] = { 0 };
	uint64_t received = 0;
	uint64_t sent = 0;

	for (uint16_t i = 0; i < engine->worker_count; i++) {
		const struct worker *worker = engine->workers[i].worker;

		for (uint16_t j = 0; j < worker->queue_count; j++) {
			const struct worker_queue *queue = &worker->queues[j];

			if (queue->port_id != port->port_id)
				continue;
			received += fp_counter_get(&queue->received);
			for (int reason = 0; reason < FP_DROP_COUNT; reason++)
				dropped[reason] += fp_counter_get(&queue->dropped[reason]);
		}
	}
	if (port == engine->publish_port) {
		for (uint16_t i = 0; i < engine->channel_count; i++)
			sent += fp_counter_get(&engine->channels[i].publisher->counters.packets);
	}
	if (port->number == CONFIG_PORT_NONE) {
		set_text(tree, "number", "sink");
	} else {
		set(tree, "number", port->number);
	}
	set_text(tree, "device", port->device);
	set(tree, "received", received);
	set(tree, "sent", sent);
	for (int reason = 0; reason < FP_DROP_COUNT; reason++)
		set(reasons, fp_drop_name((enum fp_drop)reason), dropped[reason]);
	json_object_set_new(tree, "dropped", reasons);
	return tree;
}

static json_t *
make_types(const struct fp_channel *channel)
{
	json_t *tree = json_object();
	char name[FP_VENUE_TYPE_BYTES];

	for (unsigned int type = 0; type < 256; type++) {
		uint64_t count = fp_counter_get(&channel->counters.by_type[type]);

		if (count == 0)
			continue;
		channel->venue->type_name((uint8_t)type, name);
		set(tree, name, count);
	}
	return tree;
}

static json_t *
make_lines(const struct fp_channel_counters *counters)
{
	json_t *tree = json_array();

	for (int line = 0; line < FP_CHANNEL_LINES; line++) {
		json_t *of_line = json_object();

		set(of_line, "datagrams", fp_counter_get(&counters->lines[line].datagrams));
		set(of_line, "duplicates", fp_counter_get(&counters->lines[line].duplicates));
		set(of_line, "gaps", fp_counter_get(&counters->lines[line].gaps));
		json_array_append_new(tree, of_line);
	}
	return tree;
}

static json_t *
make_channel(const struct engine_channel *from)
{
	const struct fp_channel_counters *counters = &from->channel->counters;
	json_t *tree = json_object();
	json_t *malformed = json_object();

	set_text(tree, "name", from->channel->name);
	set_text(tree, "venue", from->channel->venue->name);
	set(tree, "datagrams", fp_counter_get(&counters->datagrams));
	set(tree, "heartbeats", fp_counter_get(&counters->heartbeats));
	set(tree, "messages", fp_counter_get(&counters->messages));
	json_object_set_new(tree, "by_type", make_types(from->channel));
	set(tree, "gaps", fp_counter_get(&counters->gaps));
	set(tree, "lost", fp_counter_get(&counters->lost));
	set(tree, "duplicates", fp_counter_get(&counters->duplicates));
	set(tree, "session_restarts", fp_counter_get(&counters->session_restarts));
	set(tree, "waited", fp_counter_get(&counters->waited));
	set(tree, "offset_breaks", fp_counter_get(&counters->offset_breaks));
	set(tree, "unconfirmed", fp_counter_get(&counters->unconfirmed));
	set(tree, "unknown_types", fp_counter_get(&counters->unknown_types));
	for (int reason = 0; reason < FP_MALFORMED_COUNT; reason++) {
		set(malformed, fp_malformed_name((enum fp_malformed)reason),
			fp_counter_get(&counters->malformed[reason]));
	}
	json_object_set_new(tree, "malformed", malformed);
	set(tree, "stale_books",
		from->books == NULL ? 0
				    : fp_counter_get(&fp_books_counters(from->books)->stale_books));
	json_object_set_new(tree, "lines", make_lines(counters));
	return tree;
}

/* The counters of the books, of all channels together. */
static json_t *
make_books_counters(const struct engine *engine)
{
	struct fp_books_counters sum = { 0 };
	json_t *tree = json_object();

	for (uint16_t i = 0; i < engine->channel_count; i++) {
		const struct fp_books_counters *of_channel;

		if (engine->channels[i].books == NULL)
			continue;
		of_channel = fp_books_counters(engine->channels[i].books);
		sum.instruments += fp_counter_get(&of_channel->instruments);
		sum.orders += fp_counter_get(&of_channel->orders);
		sum.levels += fp_counter_get(&of_channel->levels);
		sum.quote_changes += fp_counter_get(&of_channel->quote_changes);
		sum.unknown_orders += fp_counter_get(&of_channel->unknown_orders);
		sum.duplicate_orders += fp_counter_get(&of_channel->duplicate_orders);
		sum.over_reductions += fp_counter_get(&of_channel->over_reductions);
		sum.orders_refused += fp_counter_get(&of_channel->orders_refused);
		sum.levels_refused += fp_counter_get(&of_channel->levels_refused);
		sum.instruments_refused += fp_counter_get(&of_channel->instruments_refused);
		sum.bad_fields += fp_counter_get(&of_channel->bad_fields);
	}
	set(tree, "symbols", sum.instruments);
	set(tree, "orders", sum.orders);
	set(tree, "levels", sum.levels);
	set(tree, "quote_changes", sum.quote_changes);
	set(tree, "unknown_orders", sum.unknown_orders);
	set(tree, "duplicate_orders", sum.duplicate_orders);
	set(tree, "over_reductions", sum.over_reductions);
	set(tree, "orders_refused", sum.orders_refused);
	set(tree, "levels_refused", sum.levels_refused);
	set(tree, "instruments_refused", sum.instruments_refused);
	set(tree, "bad_fields", sum.bad_fields);
	return tree;
}

static json_t *
make_published(const struct engine *engine)
{
	struct publisher_counters sum = { 0 };
	json_t *tree = json_object();
	json_t *types = json_object();

	for (uint16_t i = 0; i < engine->channel_count; i++) {
		const struct publisher_counters *of_channel =
			&engine->channels[i].publisher->counters;

		sum.packets += fp_counter_get(&of_channel->packets);
		sum.messages += fp_counter_get(&of_channel->messages);
		sum.bytes += fp_counter_get(&of_channel->bytes);
		sum.dropped_packets += fp_counter_get(&of_channel->dropped_packets);
		sum.dropped_messages += fp_counter_get(&of_channel->dropped_messages);
		for (int type = 0; type < 256; type++)
			sum.by_type[type] += fp_counter_get(&of_channel->by_type[type]);
	}
	set(tree, "packets", sum.packets);
	set(tree, "messages", sum.messages);
	set(tree, "bytes", sum.bytes);
	set(tree, "dropped_packets", sum.dropped_packets);
	set(tree, "dropped_messages", sum.dropped_messages);
	for (unsigned int type = 0; type < 256; type++) {
		if (sum.by_type[type] != 0)
			set(types, fp_message_name((uint8_t)type), sum.by_type[type]);
	}
	json_object_set_new(tree, "by_type", types);
	return tree;
}

static json_t *
make_lcore(const struct engine_worker *from)
{
	const struct fp_poll *poll = &from->worker->poll;
	json_t *tree = json_object();

	set(tree, "lcore", from->lcore_id);
	set(tree, "frames", fp_counter_get(&poll->counters.frames));
	set(tree, "busy_cycles", fp_counter_get(&poll->counters.busy_cycles));
	set(tree, "total_cycles", fp_counter_get(&poll->counters.total_cycles));
	set(tree, "packets", fp_counter_get(&poll->counters.packets));
	set(tree, "longest_cycles", fp_counter_get(&poll->counters.longest_cycles));
	set(tree, "stalls", fp_counter_get(&poll->stalls));
	return tree;
}

static json_t *
make_pool(const struct fp_pool *pool)
{
	struct fp_pool_counters total;
	json_t *tree = json_object();

	fp_pool_count(pool, &total);
	set_text(tree, "name", pool->name);
	set(tree, "buffers", pool->count);
	set(tree, "received", total.received);
	set(tree, "rented", total.rented);
	set(tree, "returned", total.returned);
	set(tree, "handed_to_tx", total.handed_to_tx);
	set(tree, "held", fp_pool_held(pool));
	set(tree, "refused", total.refused);
	set(tree, "missing", engine_missing(pool));
	return tree;
}

static json_t *
make_latency(const struct engine *engine)
{
	struct fp_histogram_summary latency;
	static struct fp_histogram sum; /* too large for the stack; used once, at the end */
	json_t *tree = json_object();

	fp_histogram_init(&sum);
	for (uint16_t i = 0; i < engine->worker_count; i++)
		fp_histogram_merge(&sum, &engine->workers[i].worker->latency);
	fp_histogram_get_summary(&sum, rte_get_tsc_hz(), &latency);
	set(tree, "p50", latency.p50);
	set(tree, "p90", latency.p90);
	set(tree, "p99", latency.p99);
	set(tree, "p99.9", latency.p99_9);
	set(tree, "p99.99", latency.p99_99);
	set(tree, "max", latency.max);
	set(tree, "count", latency.count);
	return tree;
}

json_t *
summary_make(const struct engine *engine)
{
	json_t *tree = json_object();
	json_t *ports = json_array();
	json_t *channels = json_array();
	json_t *lcores = json_array();
	json_t *pools = json_array();
	uint64_t leaks = 0;

	set_text(tree, "schema", SUMMARY_SCHEMA);
	set_text(tree, "version", FP_VERSION);
	set_text(tree, "lifetime", FP_LIFETIME_NAME);
	json_object_set_new(tree, "seconds",
		json_real(
			(double)(engine->stop_tsc - engine->start_tsc) / (double)rte_get_tsc_hz()));
	for (uint16_t i = 0; i < engine->port_count; i++)
		json_array_append_new(ports, make_port(engine, &engine->ports[i]));
	for (uint16_t i = 0; i < engine->channel_count; i++)
		json_array_append_new(channels, make_channel(&engine->channels[i]));
	for (uint16_t i = 0; i < engine->worker_count; i++) {
		const struct fp_pool *of_worker[2] = { engine->workers[i].rx_pool,
			engine->workers[i].tx_pool };

		json_array_append_new(lcores, make_lcore(&engine->workers[i]));
		for (int j = 0; j < 2; j++) {
			json_array_append_new(pools, make_pool(of_worker[j]));
			leaks += fp_pool_held(of_worker[j]) + engine_missing(of_worker[j]);
		}
	}
	json_object_set_new(tree, "ports", ports);
	json_object_set_new(tree, "channels", channels);
	json_object_set_new(tree, "books", make_books_counters(engine));
	json_object_set_new(tree, "published", make_published(engine));
	json_object_set_new(tree, "lcores", lcores);
	json_object_set_new(tree, "pools", pools);
	json_object_set_new(tree, "latency_ns", make_latency(engine));
	set(tree, "leaks", leaks);
	return tree;
}

uint64_t
summary_leaks(const json_t *summary)
{
	return (uint64_t)json_integer_value(json_object_get(summary, "leaks"));
}

/* Name and value of every number of an object that is not zero. */
static void
print_counts(json_t *object)
{
	const char *key;
	json_t *value;

	json_object_foreach(object, key, value)
	{
		if (json_integer_value(value) != 0)
			printf(" %s=%" JSON_INTEGER_FORMAT, key, json_integer_value(value));
	}
}

/* One line: name and value of every scalar; objects in brackets. */
static void
print_members(json_t *object)
{
	const char *key;
	json_t *value;

	json_object_foreach(object, key, value)
	{
		if (json_is_integer(value)) {
			printf(" %s=%" JSON_INTEGER_FORMAT, key, json_integer_value(value));
		} else if (json_is_string(value)) {
			printf(" %s=%s", key, json_string_value(value));
		} else if (json_is_object(value)) {
			printf(" %s{", key);
			print_counts(value);
			printf(" }");
		}
	}
}

void
summary_print(const json_t *summary)
{
	static const char *const sections[] = { "ports", "channels", "books", "published", "lcores",
		"pools", "latency_ns" };

	printf("summary (%s, lifetime %s, %.3f s)\n",
		json_string_value(json_object_get(summary, "schema")),
		json_string_value(json_object_get(summary, "lifetime")),
		json_real_value(json_object_get(summary, "seconds")));
	for (size_t i = 0; i < RTE_DIM(sections); i++) {
		json_t *section = json_object_get(summary, sections[i]);
		size_t count = json_is_array(section) ? json_array_size(section) : 1;

		for (size_t j = 0; j < count; j++) {
			printf("  %-10s", sections[i]);
			print_members(
				json_is_array(section) ? json_array_get(section, j) : section);
			putchar('\n');
		}
	}
	printf("  %-10s %ju\n", "leaks", (uintmax_t)summary_leaks(summary));
}

bool
summary_write(const json_t *tree, const char *path)
{
	int status = strcmp(path, "-") == 0 ? json_dumpf(tree, stdout, JSON_INDENT(2))
					    : json_dump_file(tree, path, JSON_INDENT(2));

	if (status != 0) {
		fprintf(stderr, "fablepool: %s could not be written\n", path);
		return false;
	}
	if (strcmp(path, "-") == 0)
		putchar('\n');
	return true;
}

static void
print_pool_holders(const struct fp_pool *pool)
{
	struct fp_pool_holder holders[HOLDERS_LISTED];
	uint32_t count = fp_pool_holders(pool, 0, holders, HOLDERS_LISTED);

	if (fp_pool_held(pool) != 0) {
		fprintf(stderr, "fablepool: pool %s: %ju buffers are still leased\n", pool->name,
			(uintmax_t)fp_pool_held(pool));
	}
	if (engine_missing(pool) != 0) {
		fprintf(stderr, "fablepool: pool %s: %ju buffers were not given back by a driver\n",
			pool->name, (uintmax_t)engine_missing(pool));
	}
	for (uint32_t i = 0; i < count; i++) {
		fprintf(stderr, "  buffer %u: %s by lcore %u, generation %u, %u more leases\n",
			holders[i].buffer_idx, fp_slot_op_name(holders[i].slot.op),
			holders[i].slot.lcore, holders[i].slot.generation, holders[i].slot.shares);
	}
}

void
summary_print_holders(const struct engine *engine)
{
	for (uint16_t i = 0; i < engine->worker_count; i++) {
		print_pool_holders(engine->workers[i].rx_pool);
		print_pool_holders(engine->workers[i].tx_pool);
	}
}

static json_t *
make_side(const struct fp_books *books, uint32_t instrument_id, enum fp_side side)
{
	json_t *tree = json_array();
	struct fp_level level;

	for (uint32_t depth = 0; fp_books_level(books, instrument_id, side, depth, &level) == 0;
		depth++) {
		json_array_append_new(tree,
			json_pack("[I, I, I]", (json_int_t)level.price.ticks,
				(json_int_t)level.quantity.units, (json_int_t)level.orders));
	}
	return tree;
}

static bool
is_empty(const struct fp_books *books, uint32_t id)
{
	struct fp_quote quote;

	(void)fp_books_quote(books, id, &quote);
	return quote.bid_quantity.units == 0 && quote.ask_quantity.units == 0;
}

static json_t *
make_channel_books(const struct fp_books *books)
{
	json_t *tree = json_object();

	for (uint32_t id = 1; id <= fp_books_max_instruments(books); id++) {
		struct fp_symbol16 symbol = fp_books_symbol(books, id);
		char name[FP_SYMBOL_LEN + 16];
		struct fp_quote quote;
		json_t *book;

		if (!fp_books_exists(books, id))
			continue;
		snprintf(name, sizeof(name), "%.*s", FP_SYMBOL_LEN, symbol.text);
		/* A number that this session has not named and does not use is an earlier one's. */
		if (name[0] == '\0' && is_empty(books, id) && !fp_books_is_stale(books, id))
			continue;
		if (name[0] == '\0')
			snprintf(name, sizeof(name), "#%u", id);
		book = json_object();
		(void)fp_books_quote(books, id, &quote);
		set(book, "instrument_id", id);
		json_object_set_new(book, "stale", json_boolean(fp_books_is_stale(books, id)));
		json_object_set_new(book, "quote",
			json_pack("[I, I, I, I]", (json_int_t)quote.bid_price.ticks,
				(json_int_t)quote.bid_quantity.units,
				(json_int_t)quote.ask_price.ticks,
				(json_int_t)quote.ask_quantity.units));
		json_object_set_new(book, "bids", make_side(books, id, FP_SIDE_BUY));
		json_object_set_new(book, "asks", make_side(books, id, FP_SIDE_SELL));
		json_object_set_new(tree, name, book);
	}
	return tree;
}

json_t *
summary_make_books(const struct engine *engine)
{
	json_t *tree = json_object();

	for (uint16_t i = 0; i < engine->channel_count; i++) {
		if (engine->channels[i].books != NULL) {
			json_object_set_new(tree, engine->channels[i].channel->name,
				make_channel_books(engine->channels[i].books));
		}
	}
	return tree;
}
