/* SPDX-License-Identifier: BSD-3-Clause */

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "config.h"
#include "config_value.h"
#include "fp_channel.h"
#include "options.h"

enum option_id {
	OPTION_CONFIG = 1,
	OPTION_REPLAY,
	OPTION_PUBLISH,
	OPTION_JSON,
	OPTION_BOOKS,
	OPTION_DURATION,
	OPTION_PERIOD,
	OPTION_RATE,
	OPTION_SEED,
	OPTION_LIST_KEYS,
	OPTION_VERSION,
	OPTION_HELP,
};

static const struct option long_options[] = {
	{ "config", required_argument, NULL, OPTION_CONFIG },
	{ "replay", required_argument, NULL, OPTION_REPLAY },
	{ "publish", required_argument, NULL, OPTION_PUBLISH },
	{ "json", required_argument, NULL, OPTION_JSON },
	{ "books", required_argument, NULL, OPTION_BOOKS },
	{ "duration", required_argument, NULL, OPTION_DURATION },
	{ "stats-period", required_argument, NULL, OPTION_PERIOD },
	{ "rate", required_argument, NULL, OPTION_RATE },
	{ "seed", required_argument, NULL, OPTION_SEED },
	{ "list-keys", no_argument, NULL, OPTION_LIST_KEYS },
	{ "version", no_argument, NULL, OPTION_VERSION },
	{ "help", no_argument, NULL, OPTION_HELP },
	{ NULL, 0, NULL, 0 },
};

static void
print_help(void)
{
	const struct fp_venue *venue = NULL;

	puts("usage: fablepool [EAL arguments] [-- options]\n"
	     "\n"
	     "Receives market data, decodes it, keeps books and publishes normalised messages.\n"
	     "Without EAL arguments it picks some that work here and prints them; without\n"
	     "--config and --replay it runs on an embedded feed that needs no NIC.\n"
	     "\n"
	     "  --config FILE       ports, lcores, channels and publisher (INI)\n"
	     "  --replay FILE       play a pcap, a pcapng or a FIX log once, then end; without\n"
	     "                      --config the channels are found by what the file holds\n"
	     "  --publish FILE      write what is published to a pcap instead of a port\n"
	     "  --duration S        end after S seconds\n"
	     "  --stats-period S    print a line every S seconds\n"
	     "  --rate N            messages a second of the embedded feed; 0 = unlimited\n"
	     "  --seed N            of the embedded feed\n"
	     "  --json FILE         write the summary as JSON too; - is standard output\n"
	     "  --books FILE        write the books as they are at the end as JSON\n"
	     "  --list-keys         print every section and key of the configuration file\n"
	     "  --version\n"
	     "  --help\n"
	     "\n"
	     "venues:");
	while ((venue = fp_venue_next(venue)) != NULL)
		printf("  %-10s over %s\n", venue->name, venue->transports);
}

static enum options_verdict
complain(const char *option, const char *value, const char *expected)
{
	fprintf(stderr, "fablepool: --%s %s: expected %s\n", option, value, expected);
	return OPTIONS_WRONG;
}

static enum options_verdict
read_number(const char *option, const char *value, uint64_t max, uint64_t *to)
{
	char expected[64];

	if (value_parse_number(value, 0, max, to))
		return OPTIONS_RUN;
	snprintf(expected, sizeof(expected), "a number from 0 to %ju", (uintmax_t)max);
	return complain(option, value, expected);
}

static enum options_verdict
read_option(int id, const char *value, struct options *options)
{
	switch (id) {
	case OPTION_CONFIG:
		options->config = value;
		return OPTIONS_RUN;
	case OPTION_REPLAY:
		options->replay = value;
		return OPTIONS_RUN;
	case OPTION_PUBLISH:
		options->publish = value;
		return OPTIONS_RUN;
	case OPTION_JSON:
		options->json = value;
		return OPTIONS_RUN;
	case OPTION_BOOKS:
		options->books = value;
		return OPTIONS_RUN;
	case OPTION_DURATION:
		return read_number("duration", value, 31536000, &options->duration_s);
	case OPTION_PERIOD:
		return read_number("stats-period", value, 86400, &options->period_s);
	case OPTION_RATE:
		return read_number("rate", value, 1000000000, &options->rate);
	case OPTION_SEED:
		return read_number("seed", value, UINT64_MAX - 1, &options->seed);
	case OPTION_LIST_KEYS:
		config_print_keys(stdout);
		return OPTIONS_EXIT;
	case OPTION_VERSION:
		puts("fablepool " FP_VERSION);
		return OPTIONS_EXIT;
	case OPTION_HELP:
		print_help();
		return OPTIONS_EXIT;
	default:
		fputs("fablepool: --help lists the options\n", stderr);
		return OPTIONS_WRONG;
	}
}

/* One of our options before `--` would make EAL print its own usage: say what is wrong instead. */
static enum options_verdict
check_eal_part(char **argv, int eal_argc)
{
	for (int i = 1; i < eal_argc; i++) {
		for (const struct option *option = long_options; option->name != NULL; option++) {
			size_t len = strlen(option->name);

			if (strncmp(argv[i], "--", 2) != 0 ||
				strncmp(argv[i] + 2, option->name, len) != 0 ||
				(argv[i][2 + len] != '\0' && argv[i][2 + len] != '='))
				continue;
			if (option->val >= OPTION_LIST_KEYS && eal_argc == 2)
				return read_option(option->val, NULL, NULL);
			fprintf(stderr,
				"fablepool: %s is not for EAL: write it after --, as in "
				"\"fablepool -- %s ...\"\n",
				argv[i], argv[i]);
			return OPTIONS_WRONG;
		}
	}
	return OPTIONS_RUN;
}

enum options_verdict
options_parse(int argc, char **argv, struct options *options, int *eal_argc)
{
	enum options_verdict verdict;
	int id;

	*options = (struct options){ .rate = UINT64_MAX, .seed = UINT64_MAX };
	*eal_argc = 1;
	while (*eal_argc < argc && strcmp(argv[*eal_argc], "--") != 0)
		(*eal_argc)++;
	verdict = check_eal_part(argv, *eal_argc);
	if (verdict != OPTIONS_RUN || *eal_argc == argc)
		return verdict;

	argv += *eal_argc;
	argc -= *eal_argc;
	argv[0] = (char[]){ "fablepool" };
	optind = 1;
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): before any other thread exists */
	while ((id = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		verdict = read_option(id, optarg, options);
		if (verdict != OPTIONS_RUN)
			return verdict;
	}
	if (optind < argc) {
		fprintf(stderr, "fablepool: \"%s\": expected an option; --help lists them\n",
			argv[optind]);
		return OPTIONS_WRONG;
	}
	return OPTIONS_RUN;
}
