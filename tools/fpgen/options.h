/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef FPGEN_OPTIONS_H
#define FPGEN_OPTIONS_H

/**
 * @file
 * The command line of fpgen: one table of rows gives the parser, the checks and the help.
 *
 * Numbers are all uint64_t and percentages are millionths, so that a row can say where its value
 * goes.
 */

#include <stdbool.h>
#include <stdint.h>

#define FPGEN_LINES       2 /* most lines a capture carries: A and B */
#define FPGEN_SESSION_LEN 10
#define FPGEN_PAYLOAD_MAX 8972 /* UDP payload of a jumbo frame [bytes] */
#define FPGEN_PAYLOAD_MIN 72   /* Mold header and the longest ITCH message [bytes] */

enum fpgen_mode {
	FPGEN_ITCH = 1,
	FPGEN_WRAP = 2,
};

/** Where a line goes; host byte order. */
struct fpgen_endpoint {
	uint32_t ip;
	uint16_t port; /**< 0 = not given. */
};

/** Everything the command line can say. */
struct fpgen_options {
	enum fpgen_mode mode;
	const char *input;  /**< BinaryFILE to wrap; NULL for itch. */
	const char *output; /**< pcap. */
	const char *truth;  /**< JSON; NULL = output with .json behind. */
	uint64_t seed;
	uint64_t messages;
	uint64_t symbols;
	uint64_t max_live;                        /**< [orders] */
	char session[FPGEN_SESSION_LEN + 1];      /**< padded with spaces. */
	struct fpgen_endpoint lines[FPGEN_LINES]; /**< B has port 0 when there is none. */
	uint64_t max_payload;                     /**< [bytes] */
	uint64_t messages_per_packet;             /**< 0 = as many as fit. */
	uint64_t rate_hz;                         /**< datagrams per second, in timestamps only. */
	uint64_t heartbeats;                      /**< one after so many datagrams; 0 = none. */
	bool no_end;
	uint16_t vlans[2]; /**< outer first. */
	unsigned int vlan_count;
	uint64_t damage_seed;
	bool has_damage_seed;
	uint64_t loss_ppm[FPGEN_LINES];
	uint64_t duplicates_ppm;
	uint64_t reorder_ppm;
	uint64_t truncate_ppm;
	uint64_t bitflips_ppm;
	bool fix_checksums;
};

/** What options_parse() found. */
enum options_result {
	OPTIONS_RUN,
	OPTIONS_HELP,  /**< the help was printed on stdout. */
	OPTIONS_WRONG, /**< a complaint was printed on stderr. */
};

/**
 * Read the command line.
 *
 * @param[in]  argc     From main().
 * @param[in]  argv     From main(); @p options borrows its strings.
 * @param[out] options  Filled with what was said and the defaults.
 */
enum options_result options_parse(int argc, char **argv, struct fpgen_options *options);

/** How many lines the capture has: 1 or 2. */
static inline unsigned int
options_line_count(const struct fpgen_options *options)
{
	return options->lines[1].port != 0 ? 2 : 1;
}

#endif /* FPGEN_OPTIONS_H */
