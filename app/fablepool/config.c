/* SPDX-License-Identifier: BSD-3-Clause */

#include <netinet/in.h>
#include <stdarg.h>
#include <string.h>

#include <rte_lcore.h>

#include "config.h"
#include "fp_file_feed.h"
#include "fp_panic.h"
#include "fp_synthetic.h"

/* Print the one line that every error is. */
int
config_complain(FILE *errors, const struct config *config, const char *section, const char *key,
	const char *fmt, ...)
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
	channel->price_decimals = FP_VENUE_PRICE_DECIMALS;
	channel->price_excess = CONFIG_EXCESS_DEFAULT;
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
config_add_fix(struct config *config, const char *transport)
{
	struct config_channel *channel = config_add_channel(config, "FIX");

	FP_ASSERT(channel != NULL);
	snprintf(channel->venue, sizeof(channel->venue), "fix");
	snprintf(channel->transport, sizeof(channel->transport), "%s", transport);
	channel->lines[0].group = FP_FILE_FEED_GROUP;
	channel->lines[0].port = FP_FILE_FEED_UDP_PORT;
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

	if (strchr(word, ' ') != NULL)
		return false;
	for (const char *at = strstr(words, word); at != NULL; at = strstr(at + 1, word)) {
		if ((at == words || at[-1] == ' ') && (at[len] == ' ' || at[len] == '\0'))
			return true;
	}
	return false;
}

/* Prices that the wire has as integers are taken as they are. */
static int
check_prices(const struct config *config, const struct config_channel *channel, const char *title,
	FILE *errors)
{
	const struct fp_venue *venue = fp_venue_find(channel->venue);
	const char *key = NULL;

	if (channel->price_decimals != FP_VENUE_PRICE_DECIMALS)
		key = "price_decimals";
	if (channel->price_excess != CONFIG_EXCESS_DEFAULT)
		key = "price_excess";
	if (key == NULL || venue->has_text_prices)
		return 0;
	return config_complain(errors, config, title, key,
		"the wire of venue %s fixes the decimals of its prices: expected no such key "
		"here",
		venue->name);
}

static int
complete_channel(struct config *config, struct config_channel *channel, FILE *errors)
{
	char title[CONFIG_TEXT_BYTES];

	snprintf(title, sizeof(title), "channel %s", channel->name);
	if (channel->venue[0] == '\0')
		return config_complain(errors, config, title, "venue", "is missing");
	if (fp_venue_find(channel->venue) == NULL) {
		return config_complain(errors, config, title, "venue",
			"\"%s\": expected one of the venues that --help lists", channel->venue);
	}
	if (channel->transport[0] != '\0' &&
		!is_listed(channel->transport, fp_venue_find(channel->venue)->transports)) {
		return config_complain(errors, config, title, "transport",
			"\"%s\": expected one of: %s", channel->transport,
			fp_venue_find(channel->venue)->transports);
	}
	if (channel->lines[0].port == 0)
		return config_complain(errors, config, title, "udp_port", "is missing");
	if (channel->lines[1].group != 0 && channel->lines[1].port == 0)
		return config_complain(errors, config, title, "udp_port_b", "is missing");
	/* The bytes of a stream have no numbers by which two copies could be told apart. */
	if (channel->lines[1].port != 0 &&
		(strcmp(channel->transport, "stream") == 0 ||
			strcmp(channel->transport, "log") == 0)) {
		return config_complain(errors, config, title, "udp_port_b",
			"a stream has one line: expected no such key here");
	}
	if (channel->port == CONFIG_PORT_NONE)
		channel->port = config->ports[0].number;
	if (config_find_port(config, channel->port) == NULL) {
		return config_complain(errors, config, title, "port", "%u: there is no [port %u]",
			channel->port, channel->port);
	}
	return check_prices(config, channel, title, errors);
}

static int
complete_queue(struct config *config, uint16_t idx, FILE *errors)
{
	const struct config_queue *queue = &config->queues[idx];

	if (config_find_port(config, queue->port) == NULL) {
		return config_complain(errors, config, "engine", "lcores",
			"(%u,%u,%u): there is no [port %u]", queue->port, queue->queue,
			queue->lcore, queue->port);
	}
	if (!rte_lcore_is_enabled(queue->lcore)) {
		return config_complain(errors, config, "engine", "lcores",
			"(%u,%u,%u): EAL does not use lcore %u; start with -l and that lcore in it",
			queue->port, queue->queue, queue->lcore, queue->lcore);
	}
	for (uint16_t i = 0; i < idx; i++) {
		if (config->queues[i].port == queue->port &&
			config->queues[i].queue == queue->queue) {
			return config_complain(errors, config, "engine", "lcores",
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
		return config_complain(errors, config, NULL, NULL, "there is no [port N] section");
	if (config->channel_count == 0) {
		return config_complain(
			errors, config, NULL, NULL, "there is no [channel NAME] section");
	}
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
	if (error == 0 && config->publisher.port != CONFIG_PORT_NONE &&
		config_find_port(config, config->publisher.port) == NULL) {
		error = config_complain(errors, config, "publisher", "port",
			"%u: there is no [port %u]", config->publisher.port,
			config->publisher.port);
	}
	return error;
}
