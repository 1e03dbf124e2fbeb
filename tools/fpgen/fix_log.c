/* SPDX-License-Identifier: BSD-3-Clause */

#include "fix_log.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture.h"
#include "complain.h"
#include "fix_faults.h"
#include "fix_market.h"
#include "fix_orders.h"
#include "fix_truth.h"
#include "frame.h"

#define FROM_ADDRESS    0xc6336403 /* 198.51.100.3 */
#define HEARTBEAT_EVERY 1000       /* messages */
#define SAFE_AT_END     2          /* messages that no fault reaches into: nothing would follow */

/* All parts of one run; large, so not on the stack. */
struct fix_log {
	const struct fpgen_options *options;
	FILE *file;             /* the log, or NULL */
	struct capture capture; /* in its place */
	struct frame_path path; /* of the capture */
	uint64_t datagrams;     /* of the capture */
	struct random_source random;
	struct fix_market market;
	struct fix_orders orders;
	struct fix_faults faults;
	struct fix_truth truth;
	struct fix_message message;
};

static const char *
begin_string(const struct fpgen_options *options)
{
	static const char *const texts[] = {
		[FPGEN_FIX_4_2] = "FIX.4.2",
		[FPGEN_FIX_4_4] = "FIX.4.4",
		[FPGEN_FIX_T_1_1] = "FIXT.1.1",
	};

	return texts[options->version];
}

/* Bytes of the log, or a datagram. */
static void
put(struct fix_log *log, const char *bytes, size_t len)
{
	uint8_t frame[FRAME_MAX];

	log->truth.bytes += len;
	if (log->file != NULL) {
		(void)fwrite(bytes, 1, len, log->file); /* ferror() at the end */
		return;
	}
	len = frame_build(&log->path, (const uint8_t *)bytes, len, frame);
	capture_write(&log->capture, 0, log->datagrams++, frame, len);
}

static void
put_separator(struct fix_log *log)
{
	static const char *const texts[] = {
		[FPGEN_SEPARATOR_NONE] = "",
		[FPGEN_SEPARATOR_LF] = "\n",
		[FPGEN_SEPARATOR_CRLF] = "\r\n",
	};
	const char *text = texts[log->options->separator];

	if (log->file != NULL)
		put(log, text, strlen(text));
}

/* What stands between two messages and is none; its end is one that a reader knows. */
static void
put_garbage(struct fix_log *log)
{
	char garbage[FIX_GARBAGE_MAX + 1];
	size_t len = fix_faults_garbage(&log->faults, garbage);

	if (len == 0)
		return;
	fix_truth_before(&log->truth, log->message.sequence, FPGEN_FIX_GARBAGE);
	if (log->options->separator == FPGEN_SEPARATOR_NONE)
		garbage[len++] = FIX_SOH;
	put(log, garbage, len);
	put_separator(log);
}

/* The header that all messages have. */
static void
begin_message(struct fix_log *log, char type, uint64_t sequence, uint64_t ms)
{
	struct fix_message *message = &log->message;

	fix_begin(message, type, sequence);
	fix_add_number(message, 34, sequence);
	fix_add_text(message, 49, "FPGEN");
	fix_add_text(message, 56, "READER");
	fix_add_time(message, 52, ms);
}

static void
add_body(struct fix_log *log, uint32_t symbol, uint64_t ms)
{
	struct fix_message *message = &log->message;

	switch (message->type) {
	case 'A':
		fix_add_character(message, 98, '0');
		fix_add_number(message, 108, 30);
		if (log->options->version == FPGEN_FIX_T_1_1)
			fix_add_character(message, 1137, '9');
		return;
	case '0':
	case '5':
		return;
	case 'W':
	case 'X':
		fix_market_add(&log->market, symbol, message);
		return;
	default:
		fix_orders_add(&log->orders, ms, message);
		return;
	}
}

/* Type of message idx of the log, and the symbol of market data. */
static char
choose_type(struct fix_log *log, uint64_t idx, uint32_t *symbol)
{
	if (idx == 0)
		return 'A';
	if (idx + 1 == log->options->messages)
		return '5';
	if (idx % HEARTBEAT_EVERY == 0)
		return '0';
	if (random_below(&log->random, 1000000) < log->options->orders_ppm)
		return fix_orders_next(&log->orders);
	return fix_market_next(&log->market, symbol);
}

static void
write_all(struct fix_log *log)
{
	const uint64_t count = log->options->messages;
	uint64_t sequence = 0;

	for (uint64_t idx = 0; idx < count; idx++) {
		const uint64_t ms = idx * 1000 / log->options->rate_hz;
		const bool is_safe = idx == 0 || idx + SAFE_AT_END >= count;
		enum fpgen_fix_fault fault = FPGEN_FIX_FAULTS;
		unsigned int missing = 0;
		uint32_t symbol = 0;
		char type;

		fix_faults_draw(&log->faults);
		if (!is_safe)
			missing = fix_faults_gap(&log->faults);
		sequence += 1 + missing;
		type = choose_type(log, idx, &symbol);
		begin_message(log, type, sequence, ms);
		add_body(log, symbol, ms);
		fix_end(&log->message, begin_string(log->options));
		if (missing != 0)
			fix_truth_before(&log->truth, sequence, FPGEN_FIX_GAP);
		if (!is_safe) {
			put_garbage(log);
			fault = fix_faults_damage(&log->faults, &log->message);
		}
		put(log, log->message.bytes, log->message.len);
		put_separator(log);
		fix_truth_message(&log->truth, &log->message, fault);
	}
}

static int
open_output(struct fix_log *log)
{
	const struct fpgen_options *options = log->options;

	if (options->is_datagrams) {
		log->path = (struct frame_path){ .to = options->lines[0], .from_ip = FROM_ADDRESS };
		return capture_open(&log->capture, options->output, options->rate_hz);
	}
	log->file = fopen(options->output, "wb");
	if (log->file == NULL) {
		complain("%s: cannot be written: %m", options->output);
		return -EIO;
	}
	return 0;
}

static int
close_output(struct fix_log *log)
{
	bool is_whole;

	if (log->file == NULL)
		return capture_close(&log->capture);
	is_whole = ferror(log->file) == 0;
	is_whole = fclose(log->file) == 0 && is_whole;
	if (!is_whole)
		complain("%s: not all could be written: %m", log->options->output);
	return is_whole ? 0 : -EIO;
}

int
fix_log_run(const struct fpgen_options *options)
{
	struct fix_log *log = calloc(1, sizeof(*log));
	uint64_t seed = options->seed;
	int rc;

	if (log == NULL) {
		complain("no memory");
		return -ENOMEM;
	}
	log->options = options;
	random_seed(&log->random, random_mix(&seed));
	fix_market_init(
		&log->market, random_mix(&seed), (uint32_t)options->symbols, options->dirt_ppm);
	fix_orders_init(&log->orders, random_mix(&seed), (uint32_t)options->symbols,
		options->version == FPGEN_FIX_4_2);
	fix_faults_init(&log->faults, options);
	rc = open_output(log);
	if (rc == 0) {
		write_all(log);
		rc = close_output(log);
	}
	if (rc == 0)
		rc = fix_truth_write(&log->truth, options, &log->market, &log->orders);
	fix_truth_fini(&log->truth);
	free(log);
	return rc;
}
