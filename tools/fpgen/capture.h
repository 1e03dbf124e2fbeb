/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef FPGEN_CAPTURE_H
#define FPGEN_CAPTURE_H

/**
 * @file
 * The pcap being written: classic format, nanoseconds, little-endian or as the host is.
 *
 * What is due at n goes to a fixed date + n / rate, on line B half a step later; a frame that finds
 * its moment taken comes one nanosecond after the frame before it.
 */

#include <pcap/pcap.h>
#include <stddef.h>
#include <stdint.h>

#include "options.h"

/** An open capture. */
struct capture {
	pcap_t *pcap;
	pcap_dumper_t *dumper;
	const char *path;
	uint64_t rate_hz;
	uint64_t last_ns; /**< after the fixed date. */
	uint64_t frames[FPGEN_LINES];
};

/** Begin @p path anew. @return 0, or a negative errno; then a line was printed. */
int capture_open(struct capture *capture, const char *path, uint64_t rate_hz);

/** Append a frame of one line, @p due datagrams after the first of the undamaged stream. */
void capture_write(struct capture *capture, unsigned int line_idx, uint64_t due,
	const uint8_t *frame, size_t len);

/** Finish. @return 0, or -EIO not all could be written; then a line was printed. */
int capture_close(struct capture *capture);

#endif /* FPGEN_CAPTURE_H */
