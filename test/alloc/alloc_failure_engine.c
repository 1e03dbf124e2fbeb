/* SPDX-License-Identifier: BSD-3-Clause */

/* The engine's start, in parts and as a whole, as main() does it. Rows: see alloc_failure.h. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <rte_common.h>
#include <rte_lcore.h>

#include "alloc_failure.h"
#include "control.h"
#include "engine.h"
#include "replay.h"
#include "summary.h"
#include "telemetry.h"

#define SMALL                                          \
	"[pool]\nrx_buffers = 512\ntx_buffers = 512\n" \
	"[synthetic]\nmessages = 64\nsymbols = 4\norders = 16\n"

#define SIZES "instruments = 64\norders = 256\nlevels = 256\n"

static const char one_channel[] =
	SMALL "[port 0]\ndevice = synthetic\nrx_descriptors = 64\n"
	      "[channel itch]\nvenue = itch50\ngroup = 233.54.12.111\nudp_port = 26477\n" SIZES;

/* Two ports, a channel with two lines, and a published port of its own. */
static const char two_channels[] = SMALL
	"[port 0]\ndevice = synthetic\nrx_descriptors = 64\n"
	"[port 1]\ndevice = net_null_second,size=64\n"
	"[publisher]\nport = 1\n"
	"[channel itch]\nvenue = itch50\ngroup = 233.54.12.111\nudp_port = 26477\nport = 0\n" SIZES
	"[channel deep]\nvenue = iex\ngroup = any\nudp_port = 10378\n"
	"group_b = 233.215.21.4\nudp_port_b = 10379\nport = 1\n" SIZES;

/* A capture of one MoldUDP64 heartbeat. */
static const uint8_t capture[] = {
	/* file: pcap 2.4, little-endian, Ethernet */
	0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0,
	/* record: 62 bytes */
	0, 0, 0, 0, 0, 0, 0, 0, 62, 0, 0, 0, 62, 0, 0, 0,
	/* Ethernet, IPv4 without a fault, UDP without a checksum */
	1, 0, 0x5e, 0x36, 0x0c, 0x6f, 2, 0, 0xc6, 0x33, 0x64, 1, 8, 0, 0x45, 0, 0, 48, 0, 0, 0, 0,
	16, 17, 0x8a, 0xe3, 198, 51, 100, 1, 233, 54, 12, 111, 0x67, 0x6d, 0x67, 0x6d, 0, 28, 0, 0,
	/* MoldUDP64: session, sequence, count */
	'S', 'E', 'S', 'S', 'I', 'O', 'N', '0', '0', '1', 0, 0, 0, 0, 0, 0, 0, 1, 0, 0
};

/* A FIX log of one heartbeat. */
static const char fix_log[] = "8=FIX.4.4\0019=5\00135=0\00110=163\001";

static struct config config;
static struct engine engine;
static struct control control;
static struct replay replay;
static json_t *summary;
static char file[] = "/tmp/fp-alloc-XXXXXX";
static const char *publish; /* NULL = to a port */

static void
write_file(const void *bytes, size_t len)
{
	int fd;

	memcpy(file, "/tmp/fp-alloc-XXXXXX", sizeof(file));
	fd = mkstemp(file);
	assert_true(fd >= 0);
	assert_true(write(fd, bytes, len) == (ssize_t)len);
	assert_int_equal(close(fd), 0);
}

static void
remove_file(void)
{
	(void)unlink(file);
}

static void
write_one_channel(void)
{
	publish = NULL;
	write_file(one_channel, sizeof(one_channel) - 1);
}

static void
write_two_channels(void)
{
	publish = NULL;
	write_file(two_channels, sizeof(two_channels) - 1);
}

static void
write_capture(void)
{
	publish = "/dev/null";
	write_file(capture, sizeof(capture));
}

static void
write_fix_log(void)
{
	publish = NULL;
	write_file(fix_log, sizeof(fix_log) - 1);
}

static int
load_config(void)
{
	config_init(&config);
	return config_load(&config, file, stderr);
}

static int
load_and_complete_config(void)
{
	int error = load_config();

	return error != 0 ? error : config_complete(&config, rte_get_main_lcore(), stderr);
}

static int
survey(void)
{
	config_init(&config);
	if (!replay_survey(file, &config, &replay))
		return -EIO;
	return replay.packets == 1 && config.channel_count == 1 ? 0 : SCENARIO_BAD_OUT;
}

/* From a configuration to ports that run, in the order of main(). */
static int
start(void)
{
	if (config_complete(&config, rte_get_main_lcore(), stderr) != 0 ||
		!engine_create(&engine, &config, publish) || !engine_print_plan(&engine) ||
		telemetry_start(&engine) != 0)
		return -EIO;
	for (uint16_t i = 0; i < engine.port_count; i++) {
		if (!port_start(&engine.ports[i]))
			return -EIO;
	}
	return 0;
}

static int
start_from_file(void)
{
	int error = load_config();

	return error != 0 ? error : start();
}

static int
start_replay(void)
{
	struct config_port *port;
	int error = survey();

	if (error != 0)
		return error;
	port = config_add_port(&config, 0);
	snprintf(port->device, sizeof(port->device), "net_pcap_replay,rx_pcap=%s", file);
	config.rx_buffers = 2048;
	config.tx_buffers = 512;
	config.channels[0].instruments = 64;
	config.channels[0].orders = 256;
	config.channels[0].levels = 256;
	return start();
}

/* Looking at the beginning of a log allocates nothing. */
static int
start_fix(void)
{
	struct config_port *port;

	config_init(&config);
	if (!replay_survey(file, &config, &replay))
		return -EIO;
	port = config_add_port(&config, 0);
	snprintf(port->device, sizeof(port->device), PORT_FILE_PREFIX "%s", file);
	config.rx_buffers = 2048;
	config.tx_buffers = 512;
	config.channels[0].instruments = 64;
	config.channels[0].orders = 256;
	config.channels[0].levels = 256;
	return start();
}

static void
stop(void)
{
	engine_close_ports(&engine);
	telemetry_stop();
	engine_destroy(&engine);
	memset(&engine, 0, sizeof(engine));
	remove_file();
}

static void
prepare_engine(void)
{
	write_one_channel();
	assert_int_equal(start_from_file(), 0);
}

static int
start_telemetry(void)
{
	return telemetry_start(&engine);
}

static int
start_control(void)
{
	memset(&control, 0, sizeof(control));
	control.engine = &engine;
	return control_start(&control) ? 0 : -EIO;
}

static void
stop_control(void)
{
	if (control.thread != 0)
		control_join(&control);
	stop();
}

/* The tree is whole or it is not there: part of the truth would hide a leak. */
static int
make_summary(void)
{
	summary = summary_make(&engine);
	if (summary == NULL)
		return -ENOMEM;
	return json_object_get(summary, "leaks") != NULL &&
			json_array_size(json_object_get(summary, "pools")) == 2 &&
			json_object_size(json_object_get(summary, "latency_ns")) == 7
		? 0
		: SCENARIO_BAD_OUT;
}

static int
make_books(void)
{
	summary = summary_make_books(&engine);
	if (summary == NULL)
		return -ENOMEM;
	return json_object_size(summary) == 1 ? 0 : SCENARIO_BAD_OUT;
}

static void
free_summary(void)
{
	json_decref(summary);
	summary = NULL;
	stop();
}

/* name, prepare, create, destroy, documented errors, prints */
const struct scenario engine_scenarios[] = {
	{ "config_load", write_two_channels, load_and_complete_config, remove_file, { -EINVAL },
		true },
	{ "replay_survey", write_capture, survey, remove_file, { -EIO }, true },
	{ "engine_synthetic", write_one_channel, start_from_file, stop, { -EINVAL, -EIO }, true },
	{ "engine_replay", write_capture, start_replay, stop, { -EIO }, true },
	{ "engine_fix", write_fix_log, start_fix, stop, { -EINVAL, -EIO }, true },
	{ "engine_two_channels", write_two_channels, start_from_file, stop, { -EINVAL, -EIO },
		true },
	{ "telemetry_start", prepare_engine, start_telemetry, stop, { -ENOMEM }, true },
	{ "control_start", prepare_engine, start_control, stop_control, { -EIO }, true },
	{ "summary_make", prepare_engine, make_summary, free_summary, { -ENOMEM }, false },
	{ "summary_make_books", prepare_engine, make_books, free_summary, { -ENOMEM }, false },
};
const uint32_t engine_scenario_count = RTE_DIM(engine_scenarios);
