/* SPDX-License-Identifier: BSD-3-Clause */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <rte_cycles.h>

#include "fp_counter.h"
#include "summary.h"

/* Holders that are listed of each pool that leaked. */
#define HOLDERS_LISTED 16

/* A tree that is being made: one node that could not be made leaves it without its truth. */
struct making {
	bool is_incomplete; /* the heap is full */
};

/* Put a new value into an object; takes the value, NULL being one that could not be made. */
static void
put(struct making *making, json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, value) != 0)
		making->is_incomplete = true;
}

/* Put a new value at the end of an array; takes the value, NULL as for put(). */
static void
append(struct making *making, json_t *array, json_t *value)
{
	if (json_array_append_new(array, value) != 0)
		making->is_incomplete = true;
}

static void
set(struct making *making, json_t *object, const char *key, uint64_t value)
{
	put(making, object, key, json_integer((json_int_t)value));
}

static void
set_text(struct making *making, json_t *object, const char *key, const char *value)
{
	put(making, object, key, json_string(value));
}

/* The whole tree, or NULL with what there is of it released. */
static json_t *
finish(const struct making *making, json_t *tree)
{
	if (!making->is_incomplete)
		return tree;
	json_decref(tree);
	return NULL;
}

/* Frames that the workers received from a port and dropped, by reason. */
static json_t *
make_port(struct making *making, const struct engine *engine, const struct port *port)
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
		set_text(making, tree, "number", "sink");
	} else {
		set(making, tree, "number", port->number);
	}
	set_text(making, tree, "device", port->device);
	set(making, tree, "received", received);
	set(making, tree, "sent", sent);
	for (int reason = 0; reason < FP_DROP_COUNT; reason++)
		set(making, reasons, fp_drop_name((enum fp_drop)reason), dropped[reason]);
	put(making, tree, "dropped", reasons);
	return tree;
}

static json_t *
make_types(struct making *making, const struct fp_channel *channel)
{
	json_t *tree = json_object();
	char name[FP_VENUE_TYPE_BYTES];

	for (unsigned int type = 0; type < 256; type++) {
		uint64_t count = fp_counter_get(&channel->counters.by_type[type]);

		if (count == 0)
			continue;
		channel->venue->type_name((uint8_t)type, name);
		set(making, tree, name, count);
	}
	return tree;
}

static json_t *
make_lines(struct making *making, const struct fp_channel_counters *counters)
{
	json_t *tree = json_array();

	for (int line = 0; line < FP_CHANNEL_LINES; line++) {
		json_t *of_line = json_object();

		set(making, of_line, "datagrams", fp_counter_get(&counters->lines[line].datagrams));
		set(making, of_line, "duplicates",
			fp_counter_get(&counters->lines[line].duplicates));
		set(making, of_line, "gaps", fp_counter_get(&counters->lines[line].gaps));
		append(making, tree, of_line);
	}
	return tree;
}

static const char *
fault_name(const struct fp_channel_fault *fault)
{
	uint64_t reason = fp_counter_get(&fault->reason);

	return reason == FP_MALFORMED_COUNT ? "none" : fp_malformed_name((enum fp_malformed)reason);
}

static json_t *
make_channel(struct making *making, const struct engine_channel *from)
{
	const struct fp_channel_counters *counters = &from->channel->counters;
	json_t *tree = json_object();
	json_t *malformed = json_object();

	set_text(making, tree, "name", from->channel->name);
	set_text(making, tree, "venue", from->channel->venue->name);
	set(making, tree, "datagrams", fp_counter_get(&counters->datagrams));
	set(making, tree, "heartbeats", fp_counter_get(&counters->heartbeats));
	set(making, tree, "messages", fp_counter_get(&counters->messages));
	put(making, tree, "by_type", make_types(making, from->channel));
	set(making, tree, "gaps", fp_counter_get(&counters->gaps));
	set(making, tree, "lost", fp_counter_get(&counters->lost));
	set(making, tree, "duplicates", fp_counter_get(&counters->duplicates));
	set(making, tree, "session_restarts", fp_counter_get(&counters->session_restarts));
	set(making, tree, "waited", fp_counter_get(&counters->waited));
	set(making, tree, "offset_breaks", fp_counter_get(&counters->offset_breaks));
	set(making, tree, "unconfirmed", fp_counter_get(&counters->unconfirmed));
	set(making, tree, "unknown_types", fp_counter_get(&counters->unknown_types));
	for (int reason = 0; reason < FP_MALFORMED_COUNT; reason++) {
		set(making, malformed, fp_malformed_name((enum fp_malformed)reason),
			fp_counter_get(&counters->malformed[reason]));
	}
	put(making, tree, "malformed", malformed);
	set_text(making, tree, "last_fault", fault_name(&from->channel->fault));
	set(making, tree, "last_fault_offset", fp_counter_get(&from->channel->fault.offset));
	set(making, tree, "stale_books",
		from->books == NULL ? 0
				    : fp_counter_get(&fp_books_counters(from->books)->stale_books));
	put(making, tree, "lines", make_lines(making, counters));
	return tree;
}

/* The counters of the books, of all channels together. */
static json_t *
make_books_counters(struct making *making, const struct engine *engine)
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
	set(making, tree, "symbols", sum.instruments);
	set(making, tree, "orders", sum.orders);
	set(making, tree, "levels", sum.levels);
	set(making, tree, "quote_changes", sum.quote_changes);
	set(making, tree, "unknown_orders", sum.unknown_orders);
	set(making, tree, "duplicate_orders", sum.duplicate_orders);
	set(making, tree, "over_reductions", sum.over_reductions);
	set(making, tree, "orders_refused", sum.orders_refused);
	set(making, tree, "levels_refused", sum.levels_refused);
	set(making, tree, "instruments_refused", sum.instruments_refused);
	set(making, tree, "bad_fields", sum.bad_fields);
	return tree;
}

static json_t *
make_published(struct making *making, const struct engine *engine)
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
	set(making, tree, "packets", sum.packets);
	set(making, tree, "messages", sum.messages);
	set(making, tree, "bytes", sum.bytes);
	set(making, tree, "dropped_packets", sum.dropped_packets);
	set(making, tree, "dropped_messages", sum.dropped_messages);
	for (unsigned int type = 0; type < 256; type++) {
		if (sum.by_type[type] != 0)
			set(making, types, fp_message_name((uint8_t)type), sum.by_type[type]);
	}
	put(making, tree, "by_type", types);
	return tree;
}

static json_t *
make_lcore(struct making *making, const struct engine_worker *from)
{
	const struct fp_poll *poll = &from->worker->poll;
	json_t *tree = json_object();

	set(making, tree, "lcore", from->lcore_id);
	set(making, tree, "frames", fp_counter_get(&poll->counters.frames));
	set(making, tree, "busy_cycles", fp_counter_get(&poll->counters.busy_cycles));
	set(making, tree, "total_cycles", fp_counter_get(&poll->counters.total_cycles));
	set(making, tree, "packets", fp_counter_get(&poll->counters.packets));
	set(making, tree, "longest_cycles", fp_counter_get(&poll->counters.longest_cycles));
	set(making, tree, "stalls", fp_counter_get(&poll->stalls));
	return tree;
}

static json_t *
make_pool(struct making *making, struct fp_pool *pool)
{
	struct fp_pool_counters total;
	json_t *tree = json_object();

	fp_pool_count(pool, &total);
	set_text(making, tree, "name", pool->name);
	set(making, tree, "buffers", pool->count);
	set(making, tree, "received", total.received);
	set(making, tree, "rented", total.rented);
	set(making, tree, "returned", total.returned);
	set(making, tree, "handed_to_tx", total.handed_to_tx);
	set(making, tree, "held", fp_pool_held(pool));
	set(making, tree, "refused", total.refused);
	set(making, tree, "missing", engine_missing(pool));
	return tree;
}

static json_t *
make_latency(struct making *making, const struct engine *engine)
{
	struct fp_histogram_summary latency;
	static struct fp_histogram sum; /* too large for the stack; used once, at the end */
	json_t *tree = json_object();

	fp_histogram_init(&sum);
	for (uint16_t i = 0; i < engine->worker_count; i++)
		fp_histogram_merge(&sum, &engine->workers[i].worker->latency);
	fp_histogram_get_summary(&sum, rte_get_tsc_hz(), &latency);
	set(making, tree, "p50", latency.p50);
	set(making, tree, "p90", latency.p90);
	set(making, tree, "p99", latency.p99);
	set(making, tree, "p99.9", latency.p99_9);
	set(making, tree, "p99.99", latency.p99_99);
	set(making, tree, "max", latency.max);
	set(making, tree, "count", latency.count);
	return tree;
}

json_t *
summary_make(const struct engine *engine)
{
	struct making making = { 0 };
	json_t *tree = json_object();
	json_t *ports = json_array();
	json_t *channels = json_array();
	json_t *lcores = json_array();
	json_t *pools = json_array();

	set_text(&making, tree, "schema", SUMMARY_SCHEMA);
	set_text(&making, tree, "version", FP_VERSION);
	set_text(&making, tree, "lifetime", FP_LIFETIME_NAME);
	put(&making, tree, "seconds",
		json_real(
			(double)(engine->stop_tsc - engine->start_tsc) / (double)rte_get_tsc_hz()));
	for (uint16_t i = 0; i < engine->port_count; i++)
		append(&making, ports, make_port(&making, engine, &engine->ports[i]));
	for (uint16_t i = 0; i < engine->channel_count; i++)
		append(&making, channels, make_channel(&making, &engine->channels[i]));
	for (uint16_t i = 0; i < engine->worker_count; i++) {
		struct fp_pool *of_worker[2] = { engine->workers[i].rx_pool,
			engine->workers[i].tx_pool };

		append(&making, lcores, make_lcore(&making, &engine->workers[i]));
		for (int j = 0; j < 2; j++)
			append(&making, pools, make_pool(&making, of_worker[j]));
	}
	put(&making, tree, "ports", ports);
	put(&making, tree, "channels", channels);
	put(&making, tree, "books", make_books_counters(&making, engine));
	put(&making, tree, "published", make_published(&making, engine));
	put(&making, tree, "lcores", lcores);
	put(&making, tree, "pools", pools);
	put(&making, tree, "latency_ns", make_latency(&making, engine));
	set(&making, tree, "leaks", engine_leaks(engine));
	return finish(&making, tree);
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
	printf("  %-10s %ju\n", "leaks",
		(uintmax_t)json_integer_value(json_object_get(summary, "leaks")));
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

/* One line: what last happened to a buffer, who did it, for how long it has been held. */
static void
print_holder(const struct fp_pool_holder *holder)
{
	const struct fp_slot *slot = &holder->slot;
	const uint64_t now = rte_rdtsc();
	const uint64_t age = slot->tsc < now ? now - slot->tsc : 0;

	fprintf(stderr, "  buffer %u: %s by ", holder->buffer_idx, fp_slot_op_name(slot->op));
	if (slot->lcore == FP_SLOT_NO_LCORE) {
		fputs("a thread without lcore", stderr);
	} else {
		fprintf(stderr, "lcore %u", slot->lcore);
	}
	fprintf(stderr, " %.3f s ago, generation %u, %u more leases\n",
		(double)age / (double)rte_get_tsc_hz(), slot->generation, slot->shares);
}

static void
print_pool_holders(struct fp_pool *pool)
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
	for (uint32_t i = 0; i < count; i++)
		print_holder(&holders[i]);
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
make_side(struct making *making, const struct fp_books *books, uint32_t instrument_id,
	enum fp_side side)
{
	json_t *tree = json_array();
	struct fp_level level;

	for (uint32_t depth = 0; fp_books_level(books, instrument_id, side, depth, &level) == 0;
		depth++) {
		append(making, tree,
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
make_channel_books(struct making *making, const struct fp_books *books)
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
		set(making, book, "instrument_id", id);
		put(making, book, "stale", json_boolean(fp_books_is_stale(books, id)));
		put(making, book, "quote",
			json_pack("[I, I, I, I]", (json_int_t)quote.bid_price.ticks,
				(json_int_t)quote.bid_quantity.units,
				(json_int_t)quote.ask_price.ticks,
				(json_int_t)quote.ask_quantity.units));
		put(making, book, "bids", make_side(making, books, id, FP_SIDE_BUY));
		put(making, book, "asks", make_side(making, books, id, FP_SIDE_SELL));
		put(making, tree, name, book);
	}
	return tree;
}

json_t *
summary_make_books(const struct engine *engine)
{
	struct making making = { 0 };
	json_t *tree = json_object();

	for (uint16_t i = 0; i < engine->channel_count; i++) {
		if (engine->channels[i].books != NULL) {
			put(&making, tree, engine->channels[i].channel->name,
				make_channel_books(&making, engine->channels[i].books));
		}
	}
	return finish(&making, tree);
}
