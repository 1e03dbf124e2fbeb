/* SPDX-License-Identifier: BSD-3-Clause */

#include "options.h"

#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "complain.h"
#include "fp_itch_day.h"

#define BOTH      (FPGEN_ITCH | FPGEN_WRAP)
#define MADE      (FPGEN_ITCH | FPGEN_FIX)
#define ALL       (FPGEN_ITCH | FPGEN_WRAP | FPGEN_FIX)
#define FIRST_KEY 256 /* getopt's value for row 0; above any letter */

#define FIX_SYMBOLS 20 /* of a FIX log, unless told otherwise */

enum row_kind {
	ROW_NUMBER,  /* uint64_t, min to max */
	ROW_PERCENT, /* uint64_t in millionths */
	ROW_TEXT,    /* const char * */
	ROW_FLAG,    /* bool */
	ROW_ENDPOINT,
	ROW_SESSION,
	ROW_VLANS,
	ROW_CHOICE, /* uint64_t: which word of `argument` */
};

struct row {
	const char *name;
	const char *argument; /* as the help calls it */
	enum row_kind kind;
	unsigned int modes;
	size_t offset; /* in struct fpgen_options */
	uint64_t min;
	uint64_t max;
	const char *help;
};

#define AT(field) offsetof(struct fpgen_options, field)

static const struct row rows[] = {
	{ "output", "FILE", ROW_TEXT, ALL, AT(output), 0, 0,
		"capture or log to write (also -o); needed" },
	{ "truth", "FILE", ROW_TEXT, ALL, AT(truth), 0, 0,
		"truth to write [the output's name and .json]" },
	{ "seed", "N", ROW_NUMBER, ALL, AT(seed), 0, UINT64_MAX,
		"seed of the day, and of the damage [1]" },
	{ "messages", "N", ROW_NUMBER, MADE, AT(messages), FP_ITCH_DAY_MESSAGES_MIN, UINT32_MAX,
		"messages of the day, all told [1000000]" },
	{ "symbols", "N", ROW_NUMBER, MADE, AT(symbols), 1, FP_ITCH_DAY_SYMBOLS_MAX,
		"symbols, if the day is long enough for so many [8000, for fix 20]" },
	{ "max-live", "N", ROW_NUMBER, FPGEN_ITCH, AT(max_live), 1, UINT32_MAX,
		"most live orders at any moment [1000000]" },
	{ "session", "NAME", ROW_SESSION, BOTH, AT(session), 0, 0,
		"MoldUDP64 session, padded with spaces to 10 characters [FPGEN00001]" },
	{ "group", "IP:PORT", ROW_ENDPOINT, ALL, AT(lines[0]), 0, 0,
		"multicast group of line A [233.54.12.111:26477]" },
	{ "max-payload", "BYTES", ROW_NUMBER, BOTH, AT(max_payload), FPGEN_PAYLOAD_MIN,
		FPGEN_PAYLOAD_MAX, "UDP payload at most [1472]" },
	{ "messages-per-packet", "N", ROW_NUMBER, BOTH, AT(messages_per_packet), 1, 65534,
		"messages per datagram at most [as many as fit]" },
	{ "rate", "HZ", ROW_NUMBER, ALL, AT(rate_hz), 1, 1000000000,
		"datagrams, for fix messages, per second, in the timestamps [1000000]" },
	{ "heartbeats", "N", ROW_NUMBER, BOTH, AT(heartbeats), 1, UINT32_MAX,
		"a heartbeat after every N datagrams [none]" },
	{ "no-end", NULL, ROW_FLAG, BOTH, AT(no_end), 0, 0, "leave out the end of session" },
	{ "vlan", "ID[,ID]", ROW_VLANS, BOTH, 0, 1, 4094,
		"VLAN tag, or outer and inner tag [none]" },
	{ "line-b", "IP:PORT", ROW_ENDPOINT, BOTH, AT(lines[1]), 0, 0,
		"a second line: the same datagrams to another group" },
	{ "damage-seed", "N", ROW_NUMBER, ALL, AT(damage_seed), 0, UINT64_MAX,
		"seed of the damage [that of --seed]" },
	{ "loss", "P", ROW_PERCENT, BOTH, AT(loss_ppm[0]), 0, 0, "datagrams lost on line A" },
	{ "loss-b", "P", ROW_PERCENT, BOTH, AT(loss_ppm[1]), 0, 0, "datagrams lost on line B" },
	{ "duplicates", "P", ROW_PERCENT, BOTH, AT(duplicates_ppm), 0, 0, "datagrams sent twice" },
	{ "reorder", "P", ROW_PERCENT, BOTH, AT(reorder_ppm), 0, 0,
		"datagrams swapped with one 1 to 4 frames later" },
	{ "truncate", "P", ROW_PERCENT, BOTH, AT(truncate_ppm), 0, 0,
		"frames cut short at a random byte" },
	{ "bitflips", "P", ROW_PERCENT, BOTH, AT(bitflips_ppm), 0, 0,
		"frames with 1 to 8 bits flipped from the IP header on" },
	{ "fix-checksums", NULL, ROW_FLAG, BOTH, AT(fix_checksums), 0, 0,
		"flip payload bits only, and make the UDP checksum right again" },
	{ "version", "4.2|4.4|fixt", ROW_CHOICE, FPGEN_FIX, AT(version), 0, 0,
		"what the messages begin with [4.4]" },
	{ "separator", "none|lf|crlf", ROW_CHOICE, FPGEN_FIX, AT(separator), 0, 0,
		"what stands between two messages [lf]" },
	{ "datagrams", NULL, ROW_FLAG, FPGEN_FIX, AT(is_datagrams), 0, 0,
		"a capture of one message per datagram instead of a log" },
	{ "orders", "P", ROW_PERCENT, FPGEN_FIX, AT(orders_ppm), 0, 0,
		"messages that belong to orders, the rest being market data [20]" },
	{ "dirty-prices", "P", ROW_PERCENT, FPGEN_FIX, AT(dirt_ppm), 0, 0,
		"market prices with the dirt of binary fractions, such as 25.929999999999" },
	{ "cut", "P", ROW_PERCENT, FPGEN_FIX, AT(fix_faults_ppm[FPGEN_FIX_CUT]), 0, 0,
		"messages without their last bytes" },
	{ "bad-length", "P", ROW_PERCENT, FPGEN_FIX, AT(fix_faults_ppm[FPGEN_FIX_LENGTH]), 0, 0,
		"messages with a wrong BodyLength" },
	{ "bad-checksum", "P", ROW_PERCENT, FPGEN_FIX, AT(fix_faults_ppm[FPGEN_FIX_CHECKSUM]), 0, 0,
		"messages with a wrong CheckSum" },
	{ "gaps", "P", ROW_PERCENT, FPGEN_FIX, AT(fix_faults_ppm[FPGEN_FIX_GAP]), 0, 0,
		"messages before which 1 to 5 are missing" },
	{ "garbage", "P", ROW_PERCENT, FPGEN_FIX, AT(fix_faults_ppm[FPGEN_FIX_GARBAGE]), 0, 0,
		"messages before which there are bytes of no message" },
};

#define ROW_COUNT (sizeof(rows) / sizeof(rows[0]))

/* Which commands know a row, where that is not all. */
static const char *
describe_modes(unsigned int modes)
{
	switch (modes) {
	case FPGEN_ITCH:
		return "; itch only";
	case FPGEN_FIX:
		return "; fix only";
	case BOTH:
		return "; not fix";
	case MADE:
		return "; not wrap";
	default:
		return "";
	}
}

static void
print_help(void)
{
	puts("fpgen: captures of MoldUDP64 in UDP in IPv4 in Ethernet, from a seed or a file, and\n"
	     "FIX logs from a seed\n"
	     "\n"
	     "  fpgen itch [options] -o FILE         a generated Nasdaq ITCH 5.0 day\n"
	     "  fpgen wrap INPUT [options] -o FILE   a BinaryFILE (length, message, ..., 0)\n"
	     "  fpgen fix [options] -o FILE          a generated FIX session, as its log\n"
	     "\n"
	     "Options; the default in brackets, P a percentage of the datagrams or messages such\n"
	     "as 0.5:");
	for (size_t i = 0; i < ROW_COUNT; i++) {
		char left[48];

		snprintf(left, sizeof(left), "--%s %s", rows[i].name,
			rows[i].argument == NULL ? "" : rows[i].argument);
		printf("  %-24s %s%s\n", left, rows[i].help, describe_modes(rows[i].modes));
	}
	puts("  --help                   this text (also -h)\n"
	     "\n"
	     "A datagram is lost, or else truncated, or else flipped; it may be duplicated and\n"
	     "reordered as well, and a duplicate is damaged as its original is. All but --loss\n"
	     "strikes both lines, each on its own. The end of session is never damaged. A FIX\n"
	     "message is cut, or else its length or else its checksum is wrong. Equal arguments\n"
	     "give equal files, byte for byte.\n"
	     "Exit status: 0 done, 1 it could not be done, 2 the command line is wrong.");
}

/* --- values --- */

/* Digits only: no sign, no space, no hex. */
static bool
parse_number(const char *text, uint64_t min, uint64_t max, uint64_t *out)
{
	char *end;

	if (text[0] < '0' || text[0] > '9')
		return false;
	errno = 0;
	*out = strtoull(text, &end, 10);
	return errno == 0 && *end == '\0' && *out >= min && *out <= max;
}

/* "0.5" is 5000 millionths: at most 3 digits, a point, at most 4 digits. */
static bool
parse_percent(const char *text, uint64_t *ppm)
{
	const size_t whole = strspn(text, "0123456789");
	const size_t decimals = text[whole] == '.' ? strspn(text + whole + 1, "0123456789") : 0;
	char digits[8];

	if (whole == 0 || whole > 3 || decimals > 4 || (text[whole] == '.' && decimals == 0) ||
		text[whole + (decimals != 0) + decimals] != '\0')
		return false;
	memset(digits, '0', sizeof(digits));
	memcpy(digits, text, whole);
	memcpy(digits + whole, text + whole + 1, decimals);
	digits[whole + 4] = '\0';
	return parse_number(digits, 0, 1000000, ppm);
}

static bool
parse_endpoint(const char *text, struct fpgen_endpoint *endpoint)
{
	const char *colon = strchr(text, ':');
	char ip[INET_ADDRSTRLEN];
	struct in_addr address;
	uint64_t port;

	if (colon == NULL || (size_t)(colon - text) >= sizeof(ip))
		return false;
	memcpy(ip, text, (size_t)(colon - text));
	ip[colon - text] = '\0';
	if (inet_pton(AF_INET, ip, &address) != 1 || !parse_number(colon + 1, 1, 65535, &port))
		return false;
	endpoint->ip = ntohl(address.s_addr);
	endpoint->port = (uint16_t)port;
	return endpoint->ip >> 28 == 14;
}

static bool
parse_session(const char *text, char *session)
{
	const size_t len = strlen(text);

	if (len == 0 || len > FPGEN_SESSION_LEN)
		return false;
	memset(session, ' ', FPGEN_SESSION_LEN);
	for (size_t i = 0; i < len; i++) {
		if (text[i] < ' ' || text[i] > '~')
			return false;
		session[i] = text[i];
	}
	return true;
}

static bool
parse_vlans(const char *text, const struct row *row, struct fpgen_options *options)
{
	const char *comma = strchr(text, ',');
	const size_t len = comma == NULL ? strlen(text) : (size_t)(comma - text);
	char outer[8];
	uint64_t ids[2] = { 0, 0 };

	if (len >= sizeof(outer))
		return false;
	memcpy(outer, text, len);
	outer[len] = '\0';
	if (!parse_number(outer, row->min, row->max, &ids[0]))
		return false;
	if (comma != NULL && !parse_number(comma + 1, row->min, row->max, &ids[1]))
		return false;
	options->vlans[0] = (uint16_t)ids[0];
	options->vlans[1] = (uint16_t)ids[1];
	options->vlan_count = comma == NULL ? 1 : 2;
	return true;
}

/* One of the words that the row's argument lists; their number is the value. */
static bool
parse_choice(const char *text, const char *words, uint64_t *choice)
{
	for (*choice = 0; *words != '\0'; (*choice)++) {
		const size_t len = strcspn(words, "|");

		if (strlen(text) == len && memcmp(text, words, len) == 0)
			return true;
		words += len + (words[len] == '|');
	}
	return false;
}

/* --- rows --- */

static void
complain_value(const struct row *row, const char *text)
{
	switch (row->kind) {
	case ROW_NUMBER:
	case ROW_VLANS:
		complain("--%s %s: expected %s from %" PRIu64 " to %" PRIu64, row->name, text,
			row->kind == ROW_VLANS ? "one number, or two and a comma," : "a number",
			row->min, row->max);
		break;
	case ROW_PERCENT:
		complain("--%s %s: expected a percentage from 0 to 100, at most 4 decimals",
			row->name, text);
		break;
	case ROW_ENDPOINT:
		complain("--%s %s: expected a multicast address and a port, as 233.54.12.111:26477",
			row->name, text);
		break;
	case ROW_SESSION:
		complain("--%s %s: expected 1 to 10 printable characters", row->name, text);
		break;
	case ROW_CHOICE:
		complain("--%s %s: expected one of %s", row->name, text, row->argument);
		break;
	case ROW_TEXT:
	case ROW_FLAG:
		complain("--%s: expected a file name", row->name);
		break;
	}
}

static bool
set_value(const struct row *row, const char *text, struct fpgen_options *options)
{
	void *field = (char *)options + row->offset;
	const bool yes = true;

	switch (row->kind) {
	case ROW_NUMBER:
		return parse_number(text, row->min, row->max, field);
	case ROW_PERCENT:
		return parse_percent(text, field);
	case ROW_ENDPOINT:
		return parse_endpoint(text, field);
	case ROW_SESSION:
		return parse_session(text, field);
	case ROW_VLANS:
		return parse_vlans(text, row, options);
	case ROW_CHOICE:
		return parse_choice(text, row->argument, field);
	case ROW_TEXT:
		memcpy(field, &text, sizeof(text));
		return text[0] != '\0';
	case ROW_FLAG:
		memcpy(field, &yes, sizeof(yes));
		return true;
	}
	return false;
}

static const char *const mode_names[] = {
	[FPGEN_ITCH] = "itch",
	[FPGEN_WRAP] = "wrap",
	[FPGEN_FIX] = "fix",
};

static bool
set_row(const struct row *row, const char *text, struct fpgen_options *options)
{
	if ((row->modes & options->mode) == 0) {
		complain("--%s: fpgen %s does not know this option", row->name,
			mode_names[options->mode]);
		return false;
	}
	if (!set_value(row, text, options)) {
		complain_value(row, text);
		return false;
	}
	if (row->offset == AT(damage_seed))
		options->has_damage_seed = true;
	return true;
}

static void
fill_long_options(struct option *longs)
{
	for (size_t i = 0; i < ROW_COUNT; i++) {
		longs[i].name = rows[i].name;
		longs[i].has_arg = rows[i].kind == ROW_FLAG ? no_argument : required_argument;
		longs[i].flag = NULL;
		longs[i].val = FIRST_KEY + (int)i;
	}
	longs[ROW_COUNT] = (struct option){ "help", no_argument, NULL, 'h' };
	longs[ROW_COUNT + 1] = (struct option){ NULL, 0, NULL, 0 };
}

/* What is wrong by what follows it: a datagram has nothing that follows. */
static bool
has_stream_faults(const struct fpgen_options *options)
{
	return options->fix_faults_ppm[FPGEN_FIX_CUT] != 0 ||
		options->fix_faults_ppm[FPGEN_FIX_LENGTH] != 0 ||
		options->fix_faults_ppm[FPGEN_FIX_GARBAGE] != 0;
}

/* What the rows cannot tell one by one; and the one argument without dashes. */
static enum options_result
check_whole(int argc, char **argv, struct fpgen_options *options)
{
	if (options->mode == FPGEN_WRAP && optind < argc)
		options->input = argv[optind++];
	if (optind < argc) {
		complain("%s: unexpected; see fpgen --help", argv[optind]);
		return OPTIONS_WRONG;
	}
	if (options->mode == FPGEN_WRAP && options->input == NULL) {
		complain("wrap: expected the BinaryFILE to wrap");
		return OPTIONS_WRONG;
	}
	if (options->output == NULL) {
		complain("-o: expected the capture to write; see fpgen --help");
		return OPTIONS_WRONG;
	}
	if (options->truth != NULL && strcmp(options->truth, options->output) == 0) {
		complain("--truth %s: expected another file than the capture", options->truth);
		return OPTIONS_WRONG;
	}
	if (options->is_datagrams && has_stream_faults(options)) {
		complain("--datagrams: --cut, --bad-length and --garbage are for logs");
		return OPTIONS_WRONG;
	}
	if (options->loss_ppm[1] != 0 && options->lines[1].port == 0) {
		complain("--loss-b: expected --line-b IP:PORT with it");
		return OPTIONS_WRONG;
	}
	if (options->lines[1].port == options->lines[0].port &&
		options->lines[1].ip == options->lines[0].ip) {
		complain("--line-b: expected another group or port than that of line A");
		return OPTIONS_WRONG;
	}
	if (!options->has_damage_seed)
		options->damage_seed = options->seed;
	return OPTIONS_RUN;
}

static const struct fpgen_options defaults = {
	.seed = 1,
	.messages = 1000000,
	.symbols = 8000,
	.max_live = 1000000,
	.session = "FPGEN00001",
	.lines = { { 0xe9360c6f, 26477 } },
	.max_payload = 1472,
	.rate_hz = 1000000,
	.version = FPGEN_FIX_4_4,
	.separator = FPGEN_SEPARATOR_LF,
	.orders_ppm = 200000,
};

static bool
set_mode(const char *word, struct fpgen_options *options)
{
	for (unsigned int mode = FPGEN_ITCH; mode <= FPGEN_FIX; mode <<= 1) {
		if (strcmp(word, mode_names[mode]) == 0)
			options->mode = (enum fpgen_mode)mode;
	}
	if (options->mode == FPGEN_FIX)
		options->symbols = FIX_SYMBOLS;
	return options->mode != 0;
}

enum options_result
options_parse(int argc, char **argv, struct fpgen_options *options)
{
	struct option longs[ROW_COUNT + 2];
	int key;

	*options = defaults;
	if (argc >= 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
		print_help();
		return OPTIONS_HELP;
	}
	if (argc < 2 || !set_mode(argv[1], options)) {
		complain("%s: expected itch, wrap or fix; see fpgen --help",
			argc < 2 ? "no command" : argv[1]);
		return OPTIONS_WRONG;
	}
	fill_long_options(longs);
	optind = 2;
	/* The colon: a missing argument gives ':', nothing is printed for us. No threads. */
	/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
	while ((key = getopt_long(argc, argv, ":o:h", longs, NULL)) != -1) {
		if (key == 'h') {
			print_help();
			return OPTIONS_HELP;
		}
		if (key == '?' || key == ':') {
			complain("%s: %s; see fpgen --help", argv[optind - 1],
				key == ':' ? "expected a value" : "unknown option");
			return OPTIONS_WRONG;
		}
		if (!set_row(&rows[key == 'o' ? 0 : key - FIRST_KEY], optarg, options))
			return OPTIONS_WRONG;
	}
	return check_whole(argc, argv, options);
}
