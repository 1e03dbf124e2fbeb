/* SPDX-License-Identifier: BSD-3-Clause */

#include <stdio.h>
#include <string.h>

#include <rte_eal.h>
#include <rte_lcore.h>

#include "control.h"
#include "eal.h"
#include "options.h"
#include "replay.h"
#include "summary.h"
#include "telemetry.h"

#define STATUS_OK    0
#define STATUS_ERROR 1
#define STATUS_LEAK  3

/* The demo's pace, where the user names none. */
#define DEFAULT_RATE 1000000

/* Lcore that polls when the configuration names none: a worker if there is one. */
static unsigned int
default_lcore(void)
{
	unsigned int worker = rte_get_next_lcore(-1, 1, 0);

	return worker < RTE_MAX_LCORE ? worker : rte_get_main_lcore();
}

/* What plays the file, in the port's words; false when the reason was printed. */
static bool
name_replay_device(char device[CONFIG_TEXT_BYTES], const char *path, const struct replay *replay)
{
	if (strlen(path) > CONFIG_TEXT_BYTES - 32) {
		fprintf(stderr, "fablepool: --replay %s: expected a shorter path\n", path);
		return false;
	}
	if (replay->is_fix) {
		snprintf(device, CONFIG_TEXT_BYTES, PORT_FILE_PREFIX "%s", path);
		return true;
	}
	/* Commas separate a driver's arguments. */
	if (strchr(path, ',') != NULL) {
		fprintf(stderr, "fablepool: --replay %s: expected a path without commas\n", path);
		return false;
	}
	snprintf(device, CONFIG_TEXT_BYTES, "net_pcap_replay,rx_pcap=%s", path);
	return true;
}

/* The file takes the place of the ports that the configuration names. */
static bool
add_replay_port(struct config *config, const char *path, const struct replay *replay)
{
	uint32_t verify =
		config->port_count != 0 ? config->ports[0].verify_checksum : CONFIG_VERIFY_AUTO;
	struct config_port *port;

	config->port_count = 0;
	config->queue_count = 0;
	for (uint16_t i = 0; i < config->channel_count; i++)
		config->channels[i].port = CONFIG_PORT_NONE;
	config->publisher.port = CONFIG_PORT_NONE;
	port = config_add_port(config, 0);
	port->verify_checksum = verify == CONFIG_VERIFY_AUTO
		? (replay->has_checksums ? CONFIG_VERIFY_YES : CONFIG_VERIFY_NO)
		: verify;
	return name_replay_device(port->device, path, replay);
}

/* Look through the file that is to be replayed, and set the configuration up for it. */
static bool
configure_replay(struct config *config, const char *path, struct replay *replay)
{
	if (!replay_survey(path, config, replay))
		return false;
	if (!replay->is_fix && replay->packets == 0) {
		printf("replay: %s holds no packets\n", path);
	} else if (config->channel_count == 0) {
		printf("replay: nothing in %s is recognised: name its channels with --config\n",
			path);
	}
	if (!add_replay_port(config, path, replay))
		return false;
	if (config->channel_count == 0)
		config_add_unmatched(config);
	return true;
}

/* From options and file to a configuration that fits together. */
static bool
configure(struct config *config, const struct options *options, struct replay *replay)
{
	config_init(config);
	config->synthetic.rate = DEFAULT_RATE;
	if (options->config != NULL && config_load(config, options->config, stderr) != 0)
		return false;
	if (options->rate != UINT64_MAX)
		config->synthetic.rate = options->rate;
	if (options->seed != UINT64_MAX)
		config->synthetic.seed = options->seed;
	if (options->replay != NULL) {
		if (!configure_replay(config, options->replay, replay))
			return false;
	} else if (options->config == NULL) {
		config_add_synthetic(config);
	}
	return config_complete(config, default_lcore(), stderr) == 0;
}

/* Print and write what the run came to. */
static int
report(const struct engine *engine, const struct options *options)
{
	json_t *summary = summary_make(engine);
	json_t *books = options->books != NULL ? summary_make_books(engine) : NULL;
	int status = STATUS_OK;

	if (summary == NULL) {
		fputs("fablepool: the heap has no room for the summary\n", stderr);
		status = STATUS_ERROR;
	} else {
		summary_print(summary);
		if (options->json != NULL && !summary_write(summary, options->json))
			status = STATUS_ERROR;
	}
	if (options->books != NULL && !summary_write(books, options->books))
		status = STATUS_ERROR;
	if (engine_leaks(engine) != 0) {
		summary_print_holders(engine);
		status = STATUS_LEAK;
	}
	json_decref(books);
	json_decref(summary);
	return status;
}

static int
run(const struct config *config, const struct options *options, const struct replay *replay)
{
	static struct engine engine; /* large, and telemetry answers for it */
	struct control control = {
		.engine = &engine,
		.duration_s = options->duration_s,
		.period_s = options->period_s,
		.is_replay = options->replay != NULL && !replay->is_fix,
		.replay_packets = replay->packets,
	};
	int status = STATUS_ERROR;

	if (engine_create(&engine, config, options->publish) && engine_print_plan(&engine) &&
		telemetry_start(&engine) == 0 && control_start(&control)) {
		bool has_run;

		if (options->duration_s == 0 && options->replay == NULL)
			puts("running until Ctrl-C; --stats-period S prints a line every S s");
		fflush(stdout);
		has_run = engine_run(&engine);

		control_join(&control);
		engine_close_ports(&engine);
		if (has_run)
			status = report(&engine, options);
	} else {
		engine_close_ports(&engine);
	}
	telemetry_stop();
	engine_destroy(&engine);
	return status;
}

int
main(int argc, char **argv)
{
	static struct config config; /* too large for the stack */
	struct replay replay = { 0 };
	struct options options;
	int status = STATUS_ERROR;
	int eal_argc;

	switch (options_parse(argc, argv, &options, &eal_argc)) {
	case OPTIONS_EXIT:
		return STATUS_OK;
	case OPTIONS_WRONG:
		return STATUS_ERROR;
	case OPTIONS_RUN:
		break;
	}
	control_install_signals();
	if (!eal_start(eal_argc, argv))
		return STATUS_ERROR;
	if (configure(&config, &options, &replay))
		status = run(&config, &options, &replay);
	eal_stop();
	return status;
}
