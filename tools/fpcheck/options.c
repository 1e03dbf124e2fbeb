/* SPDX-License-Identifier: BSD-3-Clause */

#include "options.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "config.h"
#include "setting.h"
#include "version.h"

#define FIRST_KEY   256 /* getopt's value for row 0; above any letter */
#define KEY_HELP    'h'
#define KEY_VERSION 'V'
#define OPTIONS_MAX 40

static void
print_options(void)
{
	for (size_t i = 0; i < setting_count; i++) {
		const struct setting *row = &setting_rows[i];
		char letter[8] = "";
		char left[64];

		if (row->letter != 0)
			snprintf(letter, sizeof(letter), "-%c, ", row->letter);
		snprintf(left, sizeof(left), "%s--%s %s", letter, row->name,
			row->argument == NULL ? "" : row->argument);
		printf("  %-26s %s\n", left, row->help);
	}
}

static void
print_help(void)
{
	puts("fpcheck: finds, at compile time, buffers and views of DPDK programs that are used\n"
	     "after their life, freed twice, lost on a path, and what hot code must not do\n"
	     "\n"
	     "  fpcheck -p BUILDDIR [options] [FILE or FOLDER...]   with compile_commands.json\n"
	     "  fpcheck [options] FILE... -- [compiler flags]       without\n"
	     "\n"
	     "Options; the default in brackets:");
	print_options();
	puts("  -h, --help                 this text\n"
	     "  -V, --version              the version\n"
	     "\n"
	     "A GLOB matches a path or the end of one from a '/' on; * crosses slashes, and a\n"
	     "folder with a '/' behind it is all that is below it.\n"
	     "\n"
	     "Rules:");
	for (unsigned int i = 0; i < RULE_COUNT; i++) {
		printf("  %-8s %-12s %s\n", finding_rule_id((enum finding_rule)i),
			finding_rule_word((enum finding_rule)i),
			finding_rule_text((enum finding_rule)i));
	}
	puts("\n"
	     "A configuration file has lines 'key = value', # for comments; keys are named as the\n"
	     "options, with '_' for '-'. Lists take several lines, or several values by spaces.\n"
	     "\n"
	     "A finding is allowed by a comment on its line, or alone above it, or above the\n"
	     "function, or (allow-file) in the first 40 lines of the file:\n"
	     "  /* fpcheck: allow FP0404 because this is printed once, at the end */\n"
	     "  // fpcheck: allow-file R-04-06, FP0405: the reason\n"
	     "\n"
	     "Exit status: 0 clean, 1 findings, 2 something could not be analysed (the rest was).");
}

static void
make_options(struct option *options, char *letters)
{
	size_t letter_count = 0;

	letters[letter_count++] = KEY_HELP;
	letters[letter_count++] = KEY_VERSION;
	for (size_t i = 0; i < setting_count; i++) {
		const struct setting *row = &setting_rows[i];
		const int has_argument = row->argument == NULL ? no_argument : required_argument;

		options[i] = (struct option){ row->name, has_argument, NULL, FIRST_KEY + (int)i };
		if (row->letter != 0) {
			letters[letter_count++] = row->letter;
			if (row->argument != NULL)
				letters[letter_count++] = ':';
		}
	}
	options[setting_count] = (struct option){ "help", no_argument, NULL, KEY_HELP };
	options[setting_count + 1] = (struct option){ "version", no_argument, NULL, KEY_VERSION };
	options[setting_count + 2] = (struct option){ 0 };
	letters[letter_count] = '\0';
}

static const struct setting *
find_row(int key)
{
	if (key >= FIRST_KEY)
		return &setting_rows[key - FIRST_KEY];
	for (size_t i = 0; i < setting_count; i++) {
		if (setting_rows[i].letter == (char)key)
			return &setting_rows[i];
	}
	return NULL;
}

static enum options_result
set_option(struct settings *settings, int key)
{
	const struct setting *row = find_row(key);
	char error[256];

	if (row == NULL) {
		fputs("fpcheck: --help lists the options\n", stderr);
		return OPTIONS_WRONG;
	}
	if (setting_set(settings, row, optarg, ".", error, sizeof(error)))
		return OPTIONS_RUN;
	fprintf(stderr, "fpcheck: --%s: %s\n", row->name, error);
	return OPTIONS_WRONG;
}

/* Of the words: files up to "--", the compiler's flags behind it. */
static enum options_result
read_line(int argc, char **argv, struct settings *settings)
{
	struct option options[OPTIONS_MAX];
	char letters[OPTIONS_MAX];
	int key;

	make_options(options, letters);
	optind = 0;
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): before any other thread exists */
	while ((key = getopt_long(argc, argv, letters, options, NULL)) != -1) {
		if (key == KEY_HELP) {
			print_help();
			return OPTIONS_DONE;
		}
		if (key == KEY_VERSION) {
			puts("fpcheck " FPCHECK_VERSION);
			return OPTIONS_DONE;
		}
		if (set_option(settings, key) != OPTIONS_RUN)
			return OPTIONS_WRONG;
	}
	for (int i = optind; i < argc; i++)
		settings_append(settings, &settings->files, argv[i]);
	return OPTIONS_RUN;
}

/* Where our own words end. */
static int
count_words(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--") == 0)
			return i;
	}
	return argc;
}

/* The file that was named, or the one of the root when it is there. */
static void
read_config(struct settings *settings, const struct settings *line, struct problem_list *problems)
{
	char path[4096];

	if (line->config != NULL) {
		config_read(settings, line->config, problems);
		return;
	}
	snprintf(path, sizeof(path), "%s/.fpcheck", line->root == NULL ? "." : line->root);
	if (access(path, F_OK) == 0)
		config_read(settings, path, problems);
}

enum options_result
options_read(int argc, char **argv, struct settings *settings, struct problem_list *problems)
{
	const int words = count_words(argc, argv);
	struct settings line;
	enum options_result result;

	/* Once to know the configuration, once more to win over it. */
	settings_init(&line);
	result = read_line(words, argv, &line);
	if (result == OPTIONS_RUN) {
		read_config(settings, &line, problems);
		result = read_line(words, argv, settings);
	}
	settings_fini(&line);
	for (int i = words + 1; i < argc; i++)
		settings_append(settings, &settings->flags, argv[i]);
	return result;
}
