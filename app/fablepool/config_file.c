/* SPDX-License-Identifier: BSD-3-Clause */

/* Reading the configuration file: the table of all keys, and values by their kind. */

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <rte_cfgfile.h>

#include "config.h"
#include "config_lines.h"
#include "config_value.h"
#include "fp_panic.h"

/* Entries of one section that are looked at: several times the keys that any has. */
#define ENTRIES_MAX 64

/* How a value is read. */
enum kind {
	KIND_NUMBER,   /* uint32_t in [min, max] */
	KIND_SIZE,     /* the same, or `auto` = 0 */
	KIND_NUMBER64, /* uint64_t in [min, max] */
	KIND_BOOL,     /* uint32_t: yes or no */
	KIND_VERIFY,   /* uint32_t: yes, no or auto */
	KIND_EXCESS,   /* uint32_t: enum fp_price_excess */
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
		"a vdev with its arguments (net_...), a PCI address, file:PATH, or synthetic" },
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
	{ "price_decimals", KIND_NUMBER, AT(config_channel, price_decimals), 0, 9, NULL },
	{ "price_excess", KIND_EXCESS, AT(config_channel, price_excess), 0, 0, NULL },
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

/* What a key takes, in words. */
static void
describe_expected(const struct key *key, char text[CONFIG_TEXT_BYTES])
{
	static const char *const words[KIND_LCORES + 1] = {
		[KIND_BOOL] = "yes or no",
		[KIND_VERIFY] = "yes, no or auto",
		[KIND_EXCESS] = "refuse, half_away, half_even or truncate",
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
parse_excess(const char *text, uint32_t *to)
{
	static const char *const names[] = {
		[FP_PRICE_EXCESS_REFUSE] = "refuse",
		[FP_PRICE_EXCESS_HALF_AWAY] = "half_away",
		[FP_PRICE_EXCESS_HALF_EVEN] = "half_even",
		[FP_PRICE_EXCESS_TRUNCATE] = "truncate",
	};

	for (*to = 0; *to < RTE_DIM(names); (*to)++) {
		if (strcmp(text, names[*to]) == 0)
			return true;
	}
	return false;
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
	case KIND_EXCESS:
		return parse_excess(text, to);
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
			return config_complain(errors, config, section->title, entries[i].name,
				"there is no such key here; docs/guide/configuration.md has all");
		}
		for (int j = 0; j < i; j++) {
			if (strcmp(entries[j].name, entries[i].name) == 0) {
				return config_complain(
					errors, config, section->title, key->name, "given twice");
			}
		}
		if (!parse_value(key, entries[i].value, section->to)) {
			describe_expected(key, expected);
			return config_complain(errors, config, section->title, key->name,
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
		*section = SECTION(title, publisher_keys, &config->publisher);
	} else if (strcmp(title, "synthetic") == 0) {
		*section = SECTION(title, synthetic_keys, &config->synthetic);
	} else if (strncmp(title, "port ", 5) == 0) {
		if (!value_parse_number(title + 5, 0, CONFIG_PORT_NONE - 1, &number)) {
			return config_complain(errors, config, title, NULL,
				"expected [port N], N from 0 to %u", CONFIG_PORT_NONE - 1);
		}
		if (config_find_port(config, (uint32_t)number) != NULL) {
			return config_complain(
				errors, config, title, NULL, "the port is there twice");
		}
		*section = SECTION(title, port_keys, config_add_port(config, (uint16_t)number));
	} else if (strncmp(title, "channel ", 8) == 0) {
		if (title[8] == '\0' || strlen(title + 8) >= FP_CHANNEL_NAME_BYTES) {
			return config_complain(errors, config, title, NULL,
				"expected [channel NAME], NAME of 1 to %d characters",
				FP_CHANNEL_NAME_BYTES - 1);
		}
		*section = SECTION(title, channel_keys, config_add_channel(config, title + 8));
	} else {
		return config_complain(errors, config, title, NULL,
			"expected [engine], [pool], [port N], [channel NAME], [publisher] or "
			"[synthetic]");
	}
	if (section->to == NULL)
		return config_complain(errors, config, title, NULL, "there are too many of these");
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

		if (is_repeated(file, i, title)) {
			return config_complain(
				errors, config, title, NULL, "the section is there twice");
		}
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
	struct stat status = { 0 };
	FILE *lines;
	int error;

	snprintf(config->file, sizeof(config->file), "%s", path);
	if (access(path, R_OK) != 0) {
		return config_complain(errors, config, NULL, NULL, "cannot be read: %s",
			strerror(errno)); /* NOLINT(concurrency-mt-unsafe): start-up */
	}
	/* It is read twice, which a pipe cannot be. */
	if (stat(path, &status) != 0 || !S_ISREG(status.st_mode)) {
		return config_complain(errors, config, NULL, NULL, "is %s, expected a file",
			S_ISDIR(status.st_mode) ? "a directory" : "a device or a pipe");
	}
	lines = fopen(path, "re");
	if (lines == NULL)
		return config_complain(errors, config, NULL, NULL, "cannot be opened");
	error = config_check_lines(config, lines, errors);
	fclose(lines);
	if (error != 0)
		return error;
	errno = 0;
	file = rte_cfgfile_load(path, CFG_FLAG_EMPTY_VALUES);
	if (file == NULL && errno == ENOMEM)
		return config_complain(errors, config, NULL, NULL, "the heap has no room for it");
	if (file == NULL) {
		return config_complain(errors, config, NULL, NULL,
			"is no INI file: expected [section] lines with key = value lines below, "
			"; begins a comment");
	}
	error = read_file(config, file, errors);
	rte_cfgfile_close(file);
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
