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
	FPGEN_FIX = 4,
};

/** What a FIX log says it is written in. */
enum fpgen_fix_version {
	FPGEN_FIX_4_2,
	FPGEN_FIX_4_4,
	FPGEN_FIX_T_1_1,
};

/** What stands between two messages of a FIX log. */
enum fpgen_separator {
	FPGEN_SEPARATOR_NONE,
	FPGEN_SEPARATOR_LF,
	FPGEN_SEPARATOR_CRLF,
};

/** What goes wrong in a FIX log; see fix_faults.h. */
enum fpgen_fix_fault {
	FPGEN_FIX_CUT,
	FPGEN_FIX_LENGTH,
	FPGEN_FIX_CHECKSUM,
	FPGEN_FIX_GAP,
	FPGEN_FIX_GARBAGE,
	FPGEN_FIX_FAULTS,
};

/** Where a line goes; host byte order. */
struct fpgen_endpoint {
	uint32_t ip;
	uint16_t port; /**< 0 = not given. */
};

/** Everything the command line can say. */
struct fpgen_options {
	enum fpgen_mode mode;
	const char *input;  /**< BinaryFILE to wrap; else NULL. */
	const char *output; /**< pcap, or FIX log. */
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
	uint64_t version;    /**< enum fpgen_fix_version. */
	uint64_t separator;  /**< enum fpgen_separator. */
	bool is_datagrams;   /**< A capture of one FIX message per datagram. */
	uint64_t orders_ppm; /**< FIX messages that belong to orders. */
	uint64_t dirt_ppm;   /**< FIX prices that are written with binary dirt. */
	uint64_t fix_faults_ppm[FPGEN_FIX_FAULTS];
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
