/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef FPGEN_SOURCE_H
#define FPGEN_SOURCE_H

/**
 * @file
 * Where the messages come from: a generated day, or a BinaryFILE.
 *
 *   BinaryFILE: { u16 length, message } ... , length 0 = end of session        big-endian
 */

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "fp_itch_day.h"
#include "options.h"

/** One of the two. */
struct source {
	struct fp_itch_day *day; /**< or NULL. */
	FILE *file;              /**< or NULL. */
	const char *name;        /**< of the file. */
	uint64_t offset;         /**< of the next length prefix [bytes]. */
	uint64_t messages;       /**< given so far. */
	uint16_t longest;        /**< that fits a datagram [bytes]. */
	bool is_cut_off;         /**< the file ended inside a message. */
	bool has_end;            /**< the file had its length 0. */
	uint8_t message[FPGEN_PAYLOAD_MAX];
};

/**
 * Open what the options name.
 *
 * @return 0, or a negative errno; then a line was printed.
 */
int source_open(struct source *source, const struct fpgen_options *options);

/**
 * The next message, in source->message.
 *
 * @param[in,out] source  Open.
 * @param[out]    len     Its length [bytes].
 * @return 0, or -ENODATA no more; -EBADMSG a length that cannot be right, or -EIO; then a line was
 *         printed. A file that is cut off gives one line of warning and -ENODATA.
 */
int source_next(struct source *source, uint16_t *len);

/** Close it; harmless when nothing is open. */
void source_close(struct source *source);

#endif /* FPGEN_SOURCE_H */
