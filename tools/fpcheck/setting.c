/* SPDX-License-Identifier: BSD-3-Clause */

#include "setting.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define AT(field) offsetof(struct settings, field)

const struct setting setting_rows[] = {
	{ "build-dir", "DIR", 'p', false, SETTING_PATH, AT(build_dir), 0, 0,
		"where compile_commands.json is" },
	{ "config", "FILE", 0, false, SETTING_PATH, AT(config), 0, 0,
		"configuration [.fpcheck of the root, when it is there]" },
	{ "root", "DIR", 0, true, SETTING_PATH, AT(root), 0, 0,
		"headers below are checked as the sources are [the current folder]" },
	{ "rules", "LIST", 0, true, SETTING_RULES, AT(rules), 0, 0,
		"ids or words, by commas; -ID leaves one out [all]" },
	{ "format", "text|json|sarif", 0, true, SETTING_FORMAT, AT(format), 0, 0,
		"how findings are printed [text]" },
	{ "output", "FILE", 'o', false, SETTING_PATH, AT(output), 0, 0,
		"where they are printed [standard output]" },
	{ "jobs", "N", 'j', true, SETTING_NUMBER, AT(jobs), 1, 64, "threads [one per processor]" },
	{ "exclude", "GLOB", 0, true, SETTING_LIST, AT(exclude), 0, 0,
		"files that are not checked" },
	{ "hot", "GLOB", 0, true, SETTING_LIST, AT(hot), 0, 0,
		"files all of whose functions are hot" },
	{ "memory", "GLOB", 0, true, SETTING_LIST, AT(memory), 0, 0,
		"files that may make views of raw pointers" },
	{ "table", "FILE", 0, true, SETTING_PATH_LIST, AT(tables), 0, 0,
		"what more functions do to buffers" },
	{ "define", "NAME[=TEXT]", 'D', true, SETTING_LIST, AT(define), 0, 0,
		"defined in every source" },
	{ "stack-bytes", "N", 0, true, SETTING_NUMBER, AT(stack_bytes), 0, UINT32_MAX,
		"largest local array of hot code [1024]" },
	{ "budget-steps", "N", 0, true, SETTING_NUMBER, AT(budget_steps), 1, UINT32_MAX,
		"instructions that are followed per function at most [100000]" },
	{ "budget-mib", "N", 0, true, SETTING_NUMBER, AT(budget_mib), 1, 1U << 20,
		"memory per function at most [256]" },
	{ "strict", NULL, 0, true, SETTING_FLAG, AT(is_strict), 0, 0,
		"a function that is not analysed to its end is an error" },
	{ "verbose", NULL, 'v', false, SETTING_FLAG, AT(is_verbose), 0, 0,
		"say each file, and the processor time it took" },
	{ "print-tables", NULL, 0, false, SETTING_FLAG, AT(is_printing_tables), 0, 0,
		"print the built-in tables, and stop" },
	{ "dump-ir", "FUNCTION", 0, false, SETTING_TEXT, AT(dump_function), 0, 0,
		"print how a function of the only FILE is understood, and stop" },
};

const size_t setting_count = sizeof(setting_rows) / sizeof(setting_rows[0]);

/* Digits only: no sign, no space, no hex. */
static bool
parse_number(const char *text, const struct setting *row, uint32_t *out)
{
	unsigned long long number;
	char *end;

	if (text[0] < '0' || text[0] > '9')
		return false;
	errno = 0;
	number = strtoull(text, &end, 10);
	if (errno != 0 || *end != '\0' || number < row->min || number > row->max)
		return false;
	*out = (uint32_t)number;
	return true;
}

/* All rules of an id or of a word. */
static uint32_t
rules_of(const char *name, size_t len)
{
	uint32_t rules = 0;
	enum finding_rule rule;

	if (len == 3 && strncasecmp(name, "all", len) == 0)
		return (1U << RULE_COUNT) - 1;
	if (finding_rule_of(name, len, &rule))
		return 1U << rule;
	for (unsigned int i = 0; i < RULE_COUNT; i++) {
		const char *word = finding_rule_word((enum finding_rule)i);

		if (strlen(word) == len && strncasecmp(word, name, len) == 0)
			rules |= 1U << i;
	}
	return rules;
}

/* "R-04-01,heap", or from all with "-FP0404": a list that begins with one to leave out. */
static bool
parse_rules(const char *text, uint32_t *out, char *error, size_t error_cap)
{
	uint32_t rules = text[strspn(text, ", ")] == '-' ? (1U << RULE_COUNT) - 1 : 0;
	bool is_empty = true;

	while (*(text += strspn(text, ", ")) != '\0') {
		const bool is_left_out = *text == '-';
		const char *name = is_left_out ? text + 1 : text;
		const size_t len = strcspn(name, ", ");
		const uint32_t named = rules_of(name, len);

		if (named == 0) {
			snprintf(error, error_cap, "there is no rule '%.*s': --help lists them",
				(int)(len > 80 ? 80 : len), name);
			return false;
		}
		rules = is_left_out ? rules & ~named : rules | named;
		is_empty = false;
		text = name + len;
	}
	if (is_empty) {
		snprintf(error, error_cap, "a list of rules is needed");
		return false;
	}
	*out = rules;
	return true;
}

static bool
parse_format(const char *text, enum report_format *format)
{
	static const char *const words[] = {
		[REPORT_TEXT] = "text", [REPORT_JSON] = "json", [REPORT_SARIF] = "sarif"
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(text, words[i]) == 0) {
			*format = (enum report_format)i;
			return true;
		}
	}
	return false;
}

static const char *
make_path(struct settings *settings, const char *folder, const char *path)
{
	if (path[0] == '/' || strcmp(folder, ".") == 0)
		return region_text(&settings->texts, path, strlen(path));
	return region_format(&settings->texts, "%s/%s", folder, path);
}

/* A flag of the command line has no value; the configuration file says yes or no. */
static bool
parse_flag(const char *text, bool *flag)
{
	if (text == NULL || strcmp(text, "yes") == 0 || strcmp(text, "true") == 0) {
		*flag = true;
	} else if (strcmp(text, "no") == 0 || strcmp(text, "false") == 0) {
		*flag = false;
	} else {
		return false;
	}
	return true;
}

bool
setting_set(struct settings *settings, const struct setting *row, const char *value,
	const char *folder, char *error, size_t error_cap)
{
	void *field = (char *)settings + row->offset;
	bool is_right = true;

	switch (row->kind) {
	case SETTING_TEXT:
		*(const char **)field = region_text(&settings->texts, value, strlen(value));
		break;
	case SETTING_PATH:
		*(const char **)field = make_path(settings, folder, value);
		break;
	case SETTING_LIST:
		settings_append(settings, field, value);
		break;
	case SETTING_PATH_LIST:
		settings_append(settings, field, make_path(settings, folder, value));
		break;
	case SETTING_NUMBER:
		is_right = parse_number(value, row, field);
		break;
	case SETTING_FLAG:
		is_right = parse_flag(value, field);
		break;
	case SETTING_RULES:
		return parse_rules(value, field, error, error_cap);
	case SETTING_FORMAT:
		is_right = parse_format(value, field);
		break;
	}
	if (!is_right && row->kind == SETTING_NUMBER) {
		snprintf(error, error_cap, "'%s' is not a number from %" PRIu32 " to %" PRIu32,
			value, row->min, row->max);
	} else if (!is_right) {
		snprintf(error, error_cap, "'%s' is not one of %s", value,
			row->kind == SETTING_FLAG ? "yes and no" : row->argument);
	}
	return is_right;
}
