/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * fpgen: captures of MoldUDP64, and FIX logs, with a truth beside them.
 *
 *   source -> mold -> line A, line B -> capture
 *                  \-> truth
 *
 * FIX logs go another way: see fix_log.h.
 */

#include <errno.h>
#include <stdlib.h>

#include "capture.h"
#include "complain.h"
#include "fix_log.h"
#include "line.h"
#include "mold.h"
#include "options.h"
#include "source.h"
#include "truth.h"

/* All parts of one run; large, so not on the stack. */
struct fpgen {
	struct fpgen_options options;
	struct source source;
	struct mold mold;
	struct capture capture;
	struct truth truth;
	unsigned int line_count;
	struct line lines[FPGEN_LINES];
};

static void
send_datagram(struct fpgen *gen, const struct mold_datagram *datagram)
{
	bool is_intact[FPGEN_LINES];

	for (unsigned int i = 0; i < gen->line_count; i++)
		is_intact[i] = line_send(&gen->lines[i], datagram);
	truth_datagram(&gen->truth, datagram, is_intact, gen->line_count);
}

/* Close the datagram being filled; a heartbeat follows when it is time for one. */
static void
send_filled(struct fpgen *gen)
{
	struct mold_datagram datagram = mold_close(&gen->mold);
	const uint64_t every = gen->options.heartbeats;

	send_datagram(gen, &datagram);
	if (every != 0 && (gen->truth.datagrams - gen->truth.heartbeats) % every == 0) {
		datagram = mold_close(&gen->mold);
		gen->truth.heartbeats++;
		send_datagram(gen, &datagram);
	}
}

static void
send_end(struct fpgen *gen)
{
	const bool is_intact[FPGEN_LINES] = { true, true };
	struct mold_datagram datagram;

	if (gen->options.no_end) {
		for (unsigned int i = 0; i < gen->line_count; i++)
			line_flush(&gen->lines[i]);
		return;
	}
	datagram = mold_end(&gen->mold);
	for (unsigned int i = 0; i < gen->line_count; i++)
		line_end(&gen->lines[i], &datagram);
	truth_datagram(&gen->truth, &datagram, is_intact, gen->line_count);
	gen->truth.has_end = true;
}

/* @return 0 at the end of the source, or what stopped it. */
static int
send_all(struct fpgen *gen)
{
	uint16_t len;
	int rc;

	while ((rc = source_next(&gen->source, &len)) == 0) {
		if (!mold_fits(&gen->mold, len))
			send_filled(gen);
		mold_add(&gen->mold, gen->source.message, len);
		gen->truth.messages++;
		gen->truth.by_type[gen->source.message[0]]++;
	}
	if (gen->mold.count > 0)
		send_filled(gen);
	send_end(gen);
	return rc == -ENODATA ? 0 : rc;
}

static int
run(struct fpgen *gen)
{
	const struct fpgen_options *options = &gen->options;
	int rc = source_open(&gen->source, options);
	int close_rc;

	if (rc == 0)
		rc = capture_open(&gen->capture, options->output, options->rate_hz);
	if (rc == 0) {
		gen->line_count = options_line_count(options);
		mold_init(&gen->mold, options);
		for (unsigned int i = 0; i < gen->line_count; i++)
			line_init(&gen->lines[i], i, options, &gen->capture, &gen->truth);
		rc = send_all(gen);
		if (rc != 0)
			complain("%s: not complete, and no truth is written", options->output);
	}
	close_rc = capture_close(&gen->capture);
	rc = rc == 0 ? close_rc : rc;
	if (rc == 0)
		rc = truth_write(&gen->truth, options, &gen->source, &gen->capture);
	truth_fini(&gen->truth);
	source_close(&gen->source);
	return rc;
}

int
main(int argc, char **argv)
{
	struct fpgen *gen = calloc(1, sizeof(*gen));
	enum options_result parsed;
	int status = 0;

	if (gen == NULL) {
		complain("no memory");
		return 1;
	}
	parsed = options_parse(argc, argv, &gen->options);
	if (parsed == OPTIONS_WRONG)
		status = 2;
	if (parsed == OPTIONS_RUN &&
		(gen->options.mode == FPGEN_FIX ? fix_log_run(&gen->options) : run(gen)) != 0)
		status = 1;
	free(gen);
	return status;
}
