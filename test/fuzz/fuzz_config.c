/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Any bytes as a configuration file.
 *
 * It ends in one line that says what is wrong, or in a configuration whose every number is in the
 * range that docs/guide/configuration.md gives and in which no line of the file was passed over.
 */

#include <ctype.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include <rte_log.h>

#include "config.h"
#include "fuzz_input.h"

/* What one line of a file may hold, and a value. */
#define LINE_BYTES  322
#define KEY_BYTES   63
#define VALUE_BYTES 255

/* What the lines of an accepted file add up to. */
struct lines {
	uint32_t ports;
	uint32_t channels;
	uint32_t triples; /* of lcores */
};

/* What was complained of. */
struct errors {
	FILE *file;
	char *text;
	size_t len;
};

static int file = -1;
static char path[32];

int
/* NOLINTNEXTLINE(readability-non-const-parameter): the type is libFuzzer's */
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	/* What DPDK's reader has to say beside the one line. */
	rte_log_set_global_level(RTE_LOG_EMERG);
	file = memfd_create("fuzz_config", 0);
	FUZZ_CHECK(file >= 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	return 0;
}

static void
write_file(const uint8_t *data, size_t len)
{
	FUZZ_CHECK(ftruncate(file, 0) == 0);
	FUZZ_CHECK(len == 0 || pwrite(file, data, len, 0) == (ssize_t)len);
}

/* The text without the spaces around it. */
static struct fp_cspan
trim(struct fp_cspan text)
{
	while (text.len != 0 && isspace(text.data[0]))
		text = fp_cspan_slice(text, 1, text.len - 1);
	while (text.len != 0 && isspace(text.data[text.len - 1]))
		text = fp_cspan_slice(text, 0, text.len - 1);
	return text;
}

static bool
begins_with(struct fp_cspan text, const char *with)
{
	size_t len = strlen(with);

	return text.len >= len && memcmp(text.data, with, len) == 0;
}

/* Where the byte is, or the text's length. */
static uint32_t
find(struct fp_cspan text, uint8_t wanted)
{
	uint32_t at = 0;

	while (at < text.len && text.data[at] != wanted)
		at++;
	return at;
}

static void
check_pair(struct fp_cspan text, struct lines *lines)
{
	uint32_t equals = find(text, '=');
	struct fp_cspan value;
	struct fp_cspan key;

	FUZZ_CHECK(equals != text.len);
	key = trim(fp_cspan_slice(text, 0, equals));
	value = trim(fp_cspan_slice(text, equals + 1, text.len - equals - 1));
	FUZZ_CHECK(key.len != 0 && key.len <= KEY_BYTES && value.len <= VALUE_BYTES);
	if (key.len == strlen("lcores") && begins_with(key, "lcores")) {
		for (uint32_t i = 0; i < value.len; i++)
			lines->triples += value.data[i] == '(';
	}
}

/* A line of an accepted file is a comment, a title or a pair, from its first byte to its last. */
static void
check_line(struct fp_cspan text, struct lines *lines)
{
	uint32_t comment = find(text, ';');

	FUZZ_CHECK(find(text, '\0') == text.len && text.len <= LINE_BYTES);
	if (comment != text.len && (comment == 0 || text.data[comment - 1] != '\\'))
		text = fp_cspan_slice(text, 0, comment);
	text = trim(text);
	if (text.len == 0)
		return;
	if (text.data[0] != '[') {
		check_pair(text, lines);
		return;
	}
	FUZZ_CHECK(find(text, ']') == text.len - 1);
	text = trim(fp_cspan_slice(text, 1, text.len - 2));
	lines->ports += begins_with(text, "port ");
	lines->channels += begins_with(text, "channel ");
	FUZZ_CHECK(!begins_with(text, "channel ") ||
		text.len < strlen("channel ") + FP_CHANNEL_NAME_BYTES);
}

static struct lines
check_lines(struct fp_cspan text)
{
	struct lines lines = { 0 };

	while (text.len != 0) {
		uint32_t end = find(text, '\n');

		check_line(fp_cspan_slice(text, 0, end), &lines);
		end = end == text.len ? end : end + 1;
		text = fp_cspan_slice(text, end, text.len - end);
	}
	return lines;
}

/* 0 is `auto`. */
static bool
is_size(uint32_t size, uint32_t min, uint32_t max)
{
	return size == 0 || (size >= min && size <= max);
}

static void
check_channel(const struct config_channel *channel)
{
	FUZZ_CHECK(channel->name[0] != '\0');
	FUZZ_CHECK(strnlen(channel->name, sizeof(channel->name)) < sizeof(channel->name));
	FUZZ_CHECK(strnlen(channel->venue, sizeof(channel->venue)) < sizeof(channel->venue));
	FUZZ_CHECK(strnlen(channel->transport, sizeof(channel->transport)) <
		sizeof(channel->transport));
	for (int i = 0; i < FP_CHANNEL_LINES; i++)
		FUZZ_CHECK(channel->lines[i].port <= UINT16_MAX);
	FUZZ_CHECK(channel->port <= CONFIG_PORT_NONE);
	FUZZ_CHECK(is_size(channel->instruments, 1, 16777216));
	FUZZ_CHECK(is_size(channel->orders, 1, 268435456));
	FUZZ_CHECK(is_size(channel->levels, 1, 268435456));
	FUZZ_CHECK(
		channel->price_decimals <= 9 || channel->price_decimals == FP_VENUE_PRICE_DECIMALS);
	FUZZ_CHECK(channel->price_excess <= FP_PRICE_EXCESS_TRUNCATE ||
		channel->price_excess == CONFIG_EXCESS_DEFAULT);
}

static void
check_port(const struct config *config, uint16_t idx)
{
	const struct config_port *port = &config->ports[idx];

	FUZZ_CHECK(config_find_port(config, port->number) == port);
	FUZZ_CHECK(strnlen(port->device, sizeof(port->device)) < sizeof(port->device));
	FUZZ_CHECK(port->rx_descriptors >= 64 && port->rx_descriptors <= 4096);
	FUZZ_CHECK(port->tx_descriptors >= 64 && port->tx_descriptors <= 4096);
	FUZZ_CHECK(port->promiscuous <= 1 && port->verify_checksum <= CONFIG_VERIFY_AUTO);
}

static void
check_synthetic(const struct config_synthetic *synthetic)
{
	FUZZ_CHECK(synthetic->messages >= 16 && synthetic->messages <= 1073741824);
	FUZZ_CHECK(synthetic->rate <= 1000000000);
	FUZZ_CHECK(synthetic->symbols >= 1 && synthetic->symbols <= 60000);
	FUZZ_CHECK(synthetic->orders >= 1 && synthetic->orders <= 268435456);
	FUZZ_CHECK(synthetic->max_payload >= 72 && synthetic->max_payload <= 1472);
	FUZZ_CHECK(synthetic->max_messages <= 100);
}

static void
check_values(const struct config *config)
{
	FUZZ_CHECK(config->burst >= 1 && config->burst <= 512);
	FUZZ_CHECK(config->line_wait_us <= 1000000);
	FUZZ_CHECK(config->books <= 1 && config->allow_numa_mismatch <= 1);
	FUZZ_CHECK(is_size(config->rx_buffers, 64, FP_POOL_BUFFERS_MAX));
	FUZZ_CHECK(is_size(config->tx_buffers, 64, FP_POOL_BUFFERS_MAX));
	FUZZ_CHECK(config->port_count <= CONFIG_PORTS_MAX);
	FUZZ_CHECK(config->queue_count <= CONFIG_QUEUES_MAX);
	FUZZ_CHECK(config->channel_count <= WORKER_CHANNELS_MAX);
	FUZZ_CHECK(config->publisher.port <= CONFIG_PORT_NONE);
	FUZZ_CHECK(config->publisher.to.port >= 1 && config->publisher.to.port <= UINT16_MAX);
	for (uint16_t i = 0; i < config->port_count; i++)
		check_port(config, i);
	for (uint16_t i = 0; i < config->channel_count; i++)
		check_channel(&config->channels[i]);
	check_synthetic(&config->synthetic);
}

/* What the engine's plan takes for granted. */
static void
check_complete(const struct config *config)
{
	FUZZ_CHECK(config->port_count != 0 && config->channel_count != 0);
	FUZZ_CHECK(config->queue_count != 0);
	for (uint16_t i = 0; i < config->queue_count; i++)
		FUZZ_CHECK(config_find_port(config, config->queues[i].port) != NULL);
	for (uint16_t i = 0; i < config->channel_count; i++) {
		FUZZ_CHECK(fp_venue_find(config->channels[i].venue) != NULL);
		FUZZ_CHECK(config->channels[i].lines[0].port != 0);
		FUZZ_CHECK(config_find_port(config, config->channels[i].port) != NULL);
	}
}

/* Nothing on success, one line on failure. */
static void
check_errors(int error, struct errors *errors)
{
	static const char begin[] = "fablepool: ";

	FUZZ_CHECK(fflush(errors->file) == 0);
	FUZZ_CHECK(error == 0 || error == -EINVAL);
	if (error == 0) {
		FUZZ_CHECK(errors->len == 0);
		return;
	}
	FUZZ_CHECK(errors->len > sizeof(begin));
	FUZZ_CHECK(strncmp(errors->text, begin, sizeof(begin) - 1) == 0);
	FUZZ_CHECK(memchr(errors->text, '\n', errors->len) == errors->text + errors->len - 1);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct config config;
	struct errors errors = { 0 };
	struct lines lines;
	int error;

	errors.file = open_memstream(&errors.text, &errors.len);
	FUZZ_CHECK(errors.file != NULL);
	write_file(data, len);
	config_init(&config);
	error = config_load(&config, path, errors.file);
	check_errors(error, &errors);
	if (error == 0) {
		lines = check_lines(fp_cspan_over(data, (uint32_t)len));
		FUZZ_CHECK(config.port_count == lines.ports);
		FUZZ_CHECK(config.channel_count == lines.channels);
		FUZZ_CHECK(config.queue_count == lines.triples);
		check_values(&config);
		error = config_complete(&config, 0, errors.file);
		check_errors(error, &errors);
		if (error == 0)
			check_complete(&config);
	}
	fclose(errors.file);
	free(errors.text);
	return 0;
}
