/* SPDX-License-Identifier: BSD-3-Clause */

#include <errno.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <rte_cfgfile.h>
#include <rte_lcore.h>

#include "config.h"
#include "config_value.h"
#include "fp_panic.h"
#include "fp_synthetic.h"

/* Entries of one section that are looked at: several times the keys that any has. */
#define ENTRIES_MAX 64

/* How a value is read. */
enum kind {
	KIND_NUMBER,   /* uint32_t in [min, max] */
	KIND_SIZE,     /* the same, or `auto` = 0 */
	KIND_NUMBER64, /* uint64_t in [min, max] */
	KIND_BOOL,     /* uint32_t: yes or no */
	KIND_VERIFY,   /* uint32_t: yes, no or auto */
	KIND_TEXT,     /* char[CONFIG_TEXT_BYTES] */
	KIND_GROUP,    /* uint32_t: an IPv4 address or `any` */
	KIND_ADDRESS,  /* uint32_t: an IPv4 address */
	KIND_ENDPOINT, /* struct config_line: ADDRESS:PORT */
	KIND_MAC,      /* uint8_t[6] */
	KIND_LCORES,   /* the queues */
};

/* One key of a section. */
struct key {
	const char *name;
	enum kind kind;
	size_t offset; /* in the section's structure */
	uint64_t min;
	uint64_t max;
	const char *expected; /* NULL = made from kind, min and max */
};

/* A section that is being read: its keys and where they go. */
struct section {
	const char *title;
	const struct key *keys;
	size_t key_count;
	void *to;
};

#define AT(type, field) offsetof(struct type, field)

static const struct key engine_keys[] = {
	{ "lcores", KIND_LCORES, 0, 0, 0, "(port,queue,lcore) triples, separated by commas" },
	{ "burst", KIND_NUMBER, AT(config, burst), 1, FP_FRAME_BURST_MAX, NULL },
	{ "line_wait_us", KIND_NUMBER, AT(config, line_wait_us), 0, 1000000, NULL },
	{ "books", KIND_BOOL, AT(config, books), 0, 0, NULL },
	{ "allow_numa_mismatch", KIND_BOOL, AT(config, allow_numa_mismatch), 0, 0, NULL },
};

static const struct key pool_keys[] = {
	{ "rx_buffers", KIND_SIZE, AT(config, rx_buffers), 64, FP_POOL_BUFFERS_MAX, NULL },
	{ "tx_buffers", KIND_SIZE, AT(config, tx_buffers), 64, FP_POOL_BUFFERS_MAX, NULL },
};

static const struct key port_keys[] = {
	{ "device", KIND_TEXT, AT(config_port, device), 0, 0,
		"a vdev with its arguments (net_...), a PCI address, or synthetic" },
	{ "rx_descriptors", KIND_NUMBER, AT(config_port, rx_descriptors), 64, 4096, NULL },
	{ "tx_descriptors", KIND_NUMBER, AT(config_port, tx_descriptors), 64, 4096, NULL },
	{ "promiscuous", KIND_BOOL, AT(config_port, promiscuous), 0, 0, NULL },
	{ "verify_checksum", KIND_VERIFY, AT(config_port, verify_checksum), 0, 0, NULL },
};

static const struct key channel_keys[] = {
	{ "venue", KIND_TEXT, AT(config_channel, venue), 0, 0, "the name of a venue" },
	{ "transport", KIND_TEXT, AT(config_channel, transport), 0, 0, "a transport of the venue" },
	{ "group", KIND_GROUP, AT(config_channel, lines[0].group), 0, 0, NULL },
	{ "udp_port", KIND_NUMBER, AT(config_channel, lines[0].port), 1, UINT16_MAX, NULL },
	{ "group_b", KIND_GROUP, AT(config_channel, lines[1].group), 0, 0, NULL },
	{ "udp_port_b", KIND_NUMBER, AT(config_channel, lines[1].port), 1, UINT16_MAX, NULL },
	{ "port", KIND_NUMBER, AT(config_channel, port), 0, UINT16_MAX - 1, NULL },
	{ "instruments", KIND_SIZE, AT(config_channel, instruments), 1, 1U << 24, NULL },
	{ "orders", KIND_SIZE, AT(config_channel, orders), 1, 1U << 28, NULL },
	{ "levels", KIND_SIZE, AT(config_channel, levels), 1, 1U << 28, NULL },
};

static const struct key publisher_keys[] = {
	{ "port", KIND_NUMBER, AT(config_publisher, port), 0, UINT16_MAX - 1, NULL },
	{ "destination", KIND_ENDPOINT, AT(config_publisher, to), 0, 0, NULL },
	{ "source", KIND_ADDRESS, AT(config_publisher, source), 0, 0, NULL },
	{ "destination_mac", KIND_MAC, AT(config_publisher, destination_mac), 0, 0, NULL },
};

static const struct key synthetic_keys[] = {
	{ "seed", KIND_NUMBER64, AT(config_synthetic, seed), 0, UINT64_MAX, NULL },
	{ "messages", KIND_NUMBER64, AT(config_synthetic, messages), 16, 1U << 30, NULL },
	{ "rate", KIND_NUMBER64, AT(config_synthetic, rate), 0, 1000000000, NULL },
	{ "symbols", KIND_NUMBER, AT(config_synthetic, symbols), 1, 60000, NULL },
	{ "orders", KIND_NUMBER, AT(config_synthetic, orders), 1, 1U << 28, NULL },
	{ "passes", KIND_NUMBER, AT(config_synthetic, passes), 0, UINT32_MAX, NULL },
	{ "max_payload", KIND_NUMBER, AT(config_synthetic, max_payload), 72, 1472, NULL },
	{ "max_messages", KIND_NUMBER, AT(config_synthetic, max_messages), 0, 100, NULL },
};

/* Print the one line that every error is. */
static FP_PRINTF(5, 6) int complain(FILE *errors, const struct config *config, const char *section,
	const char *key, const char *fmt, ...)
{
	va_list args;

	fprintf(errors, "fablepool: %s%s", config->file, config->file[0] != '\0' ? ": " : "");
	if (section != NULL)
		fprintf(errors, "[%s] ", section);
	if (key != NULL)
		fprintf(errors, "%s: ", key);
	va_start(args, fmt);
	vfprintf(errors, fmt, args);
	va_end(args);
	fputc('\n', errors);
	return -EINVAL;
}

/* What a key takes, in words. */
static void
describe_expected(const struct key *key, char text[CONFIG_TEXT_BYTES])
{
	static const char *const words[KIND_LCORES + 1] = {
		[KIND_BOOL] = "yes or no",
		[KIND_VERIFY] = "yes, no or auto",
		[KIND_GROUP] = "an IPv4 address, or any",
		[KIND_ADDRESS] = "an IPv4 address",
		[KIND_ENDPOINT] = "ADDRESS:PORT",
		[KIND_MAC] = "a MAC address",
	};

	if (key->expected != NULL) {
		snprintf(text, CONFIG_TEXT_BYTES, "%s", key->expected);
	} else if (key->kind <= KIND_NUMBER64) {
		snprintf(text, CONFIG_TEXT_BYTES, "a number from %ju to %ju%s", (uintmax_t)key->min,
			(uintmax_t)key->max, key->kind == KIND_SIZE ? ", or auto" : "");
	} else {
		snprintf(text, CONFIG_TEXT_BYTES, "%s", words[key->kind]);
	}
}

/* Step over blanks and one character. */
static bool
take_character(const char **text, char wanted)
{
	*text += strspn(*text, " ");
	if (**text != wanted)
		return false;
	(*text)++;
	return true;
}

/* Step over blanks and one number in [0, max]. */
static bool
take_number(const char **text, uint64_t max, uint64_t *number)
{
	char digits[16] = "";
	size_t len;

	*text += strspn(*text, " ");
	len = strspn(*text, "0123456789");
	if (len == 0 || len >= sizeof(digits))
		return false;
	memcpy(digits, *text, len);
	*text += len;
	return value_parse_number(digits, 0, max, number);
}

/* (port,queue,lcore),(port,queue,lcore) */
static bool
parse_lcores(const char *text, struct config *config)
{
	config->queue_count = 0;
	do {
		uint64_t port;
		uint64_t queue;
		uint64_t lcore;

		if (config->queue_count == CONFIG_QUEUES_MAX || !take_character(&text, '(') ||
			!take_number(&text, CONFIG_PORT_NONE - 1, &port) ||
			!take_character(&text, ',') || !take_number(&text, UINT16_MAX, &queue) ||
			!take_character(&text, ',') || !take_number(&text, UINT16_MAX, &lcore) ||
			!take_character(&text, ')'))
			return false;
		config->queues[config->queue_count++] = (struct config_queue){ (uint16_t)port,
			(uint16_t)queue, (unsigned int)lcore };
	} while (take_character(&text, ','));
	return *text == '\0';
}

static bool
parse_scaled(const struct key *key, const char *text, void *to)
{
	uint64_t number = 0;

	if (key->kind == KIND_SIZE && strcmp(text, "auto") == 0) {
		*(uint32_t *)to = 0;
		return true;
	}
	if (!value_parse_number(text, key->min, key->max, &number))
		return false;
	if (key->kind == KIND_NUMBER64) {
		*(uint64_t *)to = number;
	} else {
		*(uint32_t *)to = (uint32_t)number;
	}
	return true;
}

static bool
parse_value(const struct key *key, const char *text, void *base)
{
	void *to = (char *)base + key->offset;
	struct config_line *line = to;

	switch (key->kind) {
	case KIND_NUMBER:
	case KIND_SIZE:
	case KIND_NUMBER64:
		return parse_scaled(key, text, to);
	case KIND_BOOL:
		return value_parse_bool(text, to);
	case KIND_VERIFY:
		if (strcmp(text, "auto") == 0) {
			*(uint32_t *)to = CONFIG_VERIFY_AUTO;
			return true;
		}
		return value_parse_bool(text, to);
	case KIND_TEXT:
		snprintf(to, CONFIG_TEXT_BYTES, "%s", text);
		return text[0] != '\0' && strlen(text) < CONFIG_TEXT_BYTES;
	case KIND_GROUP:
		if (strcmp(text, "any") == 0) {
			*(uint32_t *)to = FP_DEMUX_ANY_GROUP;
			return true;
		}
		return value_parse_ipv4(text, to) && *(uint32_t *)to != FP_DEMUX_ANY_GROUP;
	case KIND_ADDRESS:
		return value_parse_ipv4(text, to);
	case KIND_ENDPOINT:
		return value_parse_endpoint(text, &line->group, &line->port);
	case KIND_MAC:
		return value_parse_mac(text, to);
	case KIND_LCORES:
		return parse_lcores(text, base);
	}
	return false;
}

static const struct key *
find_key(const struct section *section, const char *name)
{
	for (size_t i = 0; i < section->key_count; i++) {
		if (strcmp(section->keys[i].name, name) == 0)
			return &section->keys[i];
	}
	return NULL;
}

static int
read_entries(struct config *config, const struct section *section,
	const struct rte_cfgfile_entry *entries, int count, FILE *errors)
{
	char expected[CONFIG_TEXT_BYTES];

	FP_ASSERT(section->to != NULL);
	for (int i = 0; i < count; i++) {
		const struct key *key = find_key(section, entries[i].name);

		if (key == NULL) {
			return complain(errors, config, section->title, entries[i].name,
				"there is no such key here; docs/guide/configuration.md has all");
		}
		for (int j = 0; j < i; j++) {
			if (strcmp(entries[j].name, entries[i].name) == 0) {
				return complain(
					errors, config, section->title, key->name, "given twice");
			}
		}
		if (!parse_value(key, entries[i].value, section->to)) {
			describe_expected(key, expected);
			return complain(errors, config, section->title, key->name,
				"\"%s\": expected %s", entries[i].value, expected);
		}
	}
	return 0;
}

#define SECTION(title, keys, to)               \
	(struct section)                       \
	{                                      \
		title, keys, RTE_DIM(keys), to \
	}

/* Find what a section title stands for, and make the port or channel that it begins. */
static int
open_section(struct config *config, const char *title, struct section *section, FILE *errors)
{
	uint64_t number;

	if (strcmp(title, "engine") == 0) {
		*section = SECTION(title, engine_keys, config);
	} else if (strcmp(title, "pool") == 0) {
		*section = SECTION(title, pool_keys, config);
	} else if (strcmp(title, "publisher") == 0) {
		config->has_publisher = true;
		*section = SECTION(title, publisher_keys, &config->publisher);
	} else if (strcmp(title, "synthetic") == 0) {
		*section = SECTION(title, synthetic_keys, &config->synthetic);
	} else if (strncmp(title, "port ", 5) == 0) {
		if (!value_parse_number(title + 5, 0, CONFIG_PORT_NONE - 1, &number)) {
			return complain(errors, config, title, NULL,
				"expected [port N], N from 0 to %u", CONFIG_PORT_NONE - 1);
		}
		if (config_find_port(config, (uint32_t)number) != NULL)
			return complain(errors, config, title, NULL, "the port is there twice");
		*section = SECTION(title, port_keys, config_add_port(config, (uint16_t)number));
	} else if (strncmp(title, "channel ", 8) == 0) {
		if (title[8] == '\0' || strlen(title + 8) >= FP_CHANNEL_NAME_BYTES) {
			return complain(errors, config, title, NULL,
				"expected [channel NAME], NAME of 1 to %d characters",
				FP_CHANNEL_NAME_BYTES - 1);
		}
		*section = SECTION(title, channel_keys, config_add_channel(config, title + 8));
	} else {
		return complain(errors, config, title, NULL,
			"expected [engine], [pool], [port N], [channel NAME], [publisher] or "
			"[synthetic]");
	}
	if (section->to == NULL)
		return complain(errors, config, title, NULL, "there are too many of these");
	return 0;
}

/* True when a section of this title stands before place idx of the file. */
static bool
is_repeated(struct rte_cfgfile *file, int idx, const char *title)
{
	char other[CFG_NAME_LEN];

	for (int i = 0; i < idx; i++) {
		(void)rte_cfgfile_section_entries_by_index(file, i, other, NULL, 0);
		if (strcmp(other, title) == 0)
			return true;
	}
	return false;
}

static int
read_file(struct config *config, struct rte_cfgfile *file, FILE *errors)
{
	int count = rte_cfgfile_num_sections(file, NULL, 0);
	int error = 0;

	for (int i = 0; i < count && error == 0; i++) {
		struct rte_cfgfile_entry entries[ENTRIES_MAX];
		struct section section = { 0 };
		char title[CFG_NAME_LEN];
		int entry_count =
			rte_cfgfile_section_entries_by_index(file, i, title, entries, ENTRIES_MAX);

		if (is_repeated(file, i, title))
			return complain(errors, config, title, NULL, "the section is there twice");
		error = open_section(config, title, &section, errors);
		if (error == 0)
			error = read_entries(config, &section, entries, entry_count, errors);
	}
	return error;
}

int
config_load(struct config *config, const char *path, FILE *errors)
{
	struct rte_cfgfile *file;
	struct stat status;
	int error;

	snprintf(config->file, sizeof(config->file), "%s", path);
	if (access(path, R_OK) != 0) {
		return complain(errors, config, NULL, NULL, "cannot be read: %s",
			strerror(errno)); /* NOLINT(concurrency-mt-unsafe): start-up */
	}
	if (stat(path, &status) != 0 || S_ISDIR(status.st_mode))
		return complain(errors, config, NULL, NULL, "is a directory, expected a file");
	file = rte_cfgfile_load(path, CFG_FLAG_EMPTY_VALUES);
	if (file == NULL) {
		return complain(errors, config, NULL, NULL,
			"is no INI file: expected [section] lines with key = value lines below, "
			"; begins a comment");
	}
	error = read_file(config, file, errors);
	rte_cfgfile_close(file);
	return error;
}

void
config_init(struct config *config)
{
	memset(config, 0, sizeof(*config));
	config->burst = 32;
	config->books = 1;
	config->line_wait_us = 1000;
	config->publisher.port = CONFIG_PORT_NONE;
	config->publisher.to.group = 0xefff0001; /* 239.255.0.1 */
	config->publisher.to.port = 30001;
	config->publisher.source = 0xc6336402; /* 198.51.100.2 */
	config->synthetic.seed = 1;
	config->synthetic.messages = 1000000;
	config->synthetic.symbols = 8000;
	config->synthetic.orders = 200000;
	config->synthetic.max_payload = FP_PACKET_MAX_BYTES;
}

struct config_port *
config_add_port(struct config *config, uint16_t number)
{
	struct config_port *port = &config->ports[config->port_count];

	if (config->port_count == CONFIG_PORTS_MAX)
		return NULL;
	config->port_count++;
	port->number = number;
	port->rx_descriptors = 1024;
	port->tx_descriptors = 1024;
	port->promiscuous = 1;
	port->verify_checksum = CONFIG_VERIFY_AUTO;
	return port;
}

struct config_channel *
config_add_channel(struct config *config, const char *name)
{
	struct config_channel *channel = &config->channels[config->channel_count];

	if (config->channel_count == WORKER_CHANNELS_MAX)
		return NULL;
	config->channel_count++;
	snprintf(channel->name, sizeof(channel->name), "%s", name);
	channel->port = CONFIG_PORT_NONE;
	return channel;
}

const struct config_port *
config_find_port(const struct config *config, uint32_t number)
{
	for (uint16_t i = 0; i < config->port_count; i++) {
		if (config->ports[i].number == number)
			return &config->ports[i];
	}
	return NULL;
}

void
config_add_synthetic(struct config *config)
{
	struct config_port *port = config_add_port(config, 0);
	struct config_channel *channel = config_add_channel(config, "synthetic");

	FP_ASSERT(port != NULL && channel != NULL);
	snprintf(port->device, sizeof(port->device), "synthetic");
	snprintf(channel->venue, sizeof(channel->venue), "itch50");
	channel->lines[0].group = FP_SYNTHETIC_GROUP;
	channel->lines[0].port = FP_SYNTHETIC_UDP_PORT;
}

void
config_add_unmatched(struct config *config)
{
	struct config_channel *channel = config_add_channel(config, "none");

	FP_ASSERT(channel != NULL);
	snprintf(channel->venue, sizeof(channel->venue), "native");
	channel->lines[0].group = INADDR_BROADCAST;
	channel->lines[0].port = UINT16_MAX;
}

/* True when the word is one of those in the text. */
static bool
is_listed(const char *word, const char *words)
{
	size_t len = strlen(word);

	for (const char *at = strstr(words, word); at != NULL; at = strstr(at + 1, word)) {
		if ((at == words || at[-1] == ' ') && (at[len] == ' ' || at[len] == '\0'))
			return true;
	}
	return false;
}

static int
complete_channel(struct config *config, struct config_channel *channel, FILE *errors)
{
	char title[CONFIG_TEXT_BYTES];

	snprintf(title, sizeof(title), "channel %s", channel->name);
	if (channel->venue[0] == '\0')
		return complain(errors, config, title, "venue", "is missing");
	if (fp_venue_find(channel->venue) == NULL) {
		return complain(errors, config, title, "venue",
			"\"%s\": expected one of the venues that --help lists", channel->venue);
	}
	if (channel->transport[0] != '\0' &&
		!is_listed(channel->transport, fp_venue_find(channel->venue)->transports)) {
		return complain(errors, config, title, "transport", "\"%s\": expected one of: %s",
			channel->transport, fp_venue_find(channel->venue)->transports);
	}
	if (channel->lines[0].port == 0)
		return complain(errors, config, title, "udp_port", "is missing");
	if (channel->lines[1].group != 0 && channel->lines[1].port == 0)
		return complain(errors, config, title, "udp_port_b", "is missing");
	if (channel->port == CONFIG_PORT_NONE)
		channel->port = config->ports[0].number;
	if (config_find_port(config, channel->port) == NULL) {
		return complain(errors, config, title, "port", "%u: there is no [port %u]",
			channel->port, channel->port);
	}
	return 0;
}

static int
complete_queue(struct config *config, uint16_t idx, FILE *errors)
{
	const struct config_queue *queue = &config->queues[idx];

	if (config_find_port(config, queue->port) == NULL) {
		return complain(errors, config, "engine", "lcores",
			"(%u,%u,%u): there is no [port %u]", queue->port, queue->queue,
			queue->lcore, queue->port);
	}
	if (!rte_lcore_is_enabled(queue->lcore)) {
		return complain(errors, config, "engine", "lcores",
			"(%u,%u,%u): EAL does not use lcore %u; start with -l and that lcore in it",
			queue->port, queue->queue, queue->lcore, queue->lcore);
	}
	for (uint16_t i = 0; i < idx; i++) {
		if (config->queues[i].port == queue->port &&
			config->queues[i].queue == queue->queue) {
			return complain(errors, config, "engine", "lcores",
				"queue %u of port %u is given twice", queue->queue, queue->port);
		}
	}
	return 0;
}

int
config_complete(struct config *config, unsigned int default_lcore, FILE *errors)
{
	int error = 0;

	if (config->port_count == 0)
		return complain(errors, config, NULL, NULL, "there is no [port N] section");
	if (config->channel_count == 0)
		return complain(errors, config, NULL, NULL, "there is no [channel NAME] section");
	if (config->queue_count == 0) {
		for (uint16_t i = 0; i < config->port_count; i++) {
			config->queues[config->queue_count++] =
				(struct config_queue){ config->ports[i].number, 0, default_lcore };
		}
	}
	for (uint16_t i = 0; i < config->queue_count && error == 0; i++)
		error = complete_queue(config, i, errors);
	for (uint16_t i = 0; i < config->channel_count && error == 0; i++)
		error = complete_channel(config, &config->channels[i], errors);
	for (uint16_t i = 0; i < config->port_count; i++)
		config->has_synthetic |= strcmp(config->ports[i].device, "synthetic") == 0;
	if (error == 0 && config->publisher.port != CONFIG_PORT_NONE &&
		config_find_port(config, config->publisher.port) == NULL) {
		error = complain(errors, config, "publisher", "port", "%u: there is no [port %u]",
			config->publisher.port, config->publisher.port);
	}
	return error;
}

static void
print_keys(FILE *out, const char *section, const struct key *keys, size_t count)
{
	for (size_t i = 0; i < count; i++)
		fprintf(out, "%s %s\n", section, keys[i].name);
}

void
config_print_keys(FILE *out)
{
	print_keys(out, "engine", engine_keys, RTE_DIM(engine_keys));
	print_keys(out, "pool", pool_keys, RTE_DIM(pool_keys));
	print_keys(out, "port", port_keys, RTE_DIM(port_keys));
	print_keys(out, "channel", channel_keys, RTE_DIM(channel_keys));
	print_keys(out, "publisher", publisher_keys, RTE_DIM(publisher_keys));
	print_keys(out, "synthetic", synthetic_keys, RTE_DIM(synthetic_keys));
}
