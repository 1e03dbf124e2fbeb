/* SPDX-License-Identifier: BSD-3-Clause */

#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "setting.h"
#include "text_file.h"

struct reading {
	struct settings *settings;
	struct problem_list *problems;
	struct place at;
	char *folder;
};

static const struct setting *
find_key(const char *key)
{
	for (size_t i = 0; i < setting_count; i++) {
		const char *name = setting_rows[i].name;
		size_t c = 0;

		while (name[c] != '\0' && (key[c] == name[c] || (key[c] == '_' && name[c] == '-')))
			c++;
		if (name[c] == '\0' && key[c] == '\0')
			return setting_rows[i].is_in_file ? &setting_rows[i] : NULL;
	}
	return NULL;
}

static char *
trim(char *text)
{
	size_t len;

	text += strspn(text, " \t\r");
	len = strlen(text);
	while (len > 0 && isspace((unsigned char)text[len - 1]))
		len--;
	text[len] = '\0';
	return text;
}

static void
set_value(const struct reading *reading, const struct setting *row, const char *value)
{
	char error[256];

	if (!setting_set(reading->settings, row, value, reading->folder, error, sizeof(error))) {
		problem_add(reading->problems, PROBLEM_SETTING, &reading->at, "%s: %s", row->name,
			error);
	}
}

/* A list takes all words of its line. */
static void
set_values(const struct reading *reading, const struct setting *row, char *value)
{
	char *rest = NULL;

	if (row->kind != SETTING_LIST && row->kind != SETTING_PATH_LIST) {
		set_value(reading, row, value);
		return;
	}
	for (char *word = strtok_r(value, " \t", &rest); word != NULL;
		word = strtok_r(NULL, " \t", &rest))
		set_value(reading, row, word);
}

static void
read_setting(const struct reading *reading, char *line)
{
	char *equals = strchr(line, '=');
	const struct setting *row;
	const char *key;
	char *value;

	if (equals == NULL) {
		problem_add(reading->problems, PROBLEM_SETTING, &reading->at,
			"a line 'key = value' is needed, not '%.80s'", line);
		return;
	}
	*equals = '\0';
	key = trim(line);
	value = trim(equals + 1);
	row = find_key(key);
	if (row == NULL) {
		problem_add(reading->problems, PROBLEM_SETTING, &reading->at,
			"there is no key '%.80s'", key);
	} else if (*value == '\0') {
		problem_add(reading->problems, PROBLEM_SETTING, &reading->at, "%s has no value",
			row->name);
	} else {
		set_values(reading, row, value);
	}
}

/* "#" begins a comment at the start of a word: it may be part of a glob. */
static void
cut_comment(char *line)
{
	for (char *mark = strchr(line, '#'); mark != NULL; mark = strchr(mark + 1, '#')) {
		if (mark == line || isspace((unsigned char)mark[-1])) {
			*mark = '\0';
			return;
		}
	}
}

void
config_read(struct settings *settings, const char *path, struct problem_list *problems)
{
	struct reading reading = { settings, problems, { path, 0, 0 }, NULL };
	char *text = text_file_read(path, NULL);
	const char *slash = strrchr(path, '/');
	char *next = text;

	if (text == NULL) {
		problem_add(problems, PROBLEM_SETTING, &reading.at, "cannot be read: %s",
			strerrordesc_np(errno));
		return;
	}
	reading.folder = slash == NULL ? strdup(".") : strndup(path, (size_t)(slash - path));
	if (slash == path)
		reading.folder[0] = '\0';
	while (next != NULL) {
		char *line = strsep(&next, "\n");

		reading.at.line++;
		cut_comment(line);
		line = trim(line);
		if (*line != '\0')
			read_setting(&reading, line);
	}
	free(reading.folder);
	free(text);
}

void
config_read_tables(struct settings *settings, struct problem_list *problems)
{
	settings->contracts = contracts_create();
	for (size_t i = 0; i < settings->tables.count; i++) {
		const char *path = settings->tables.texts[i];
		char *text = text_file_read(path, NULL);
		char error[512];

		if (text == NULL) {
			PROBLEM_OF_FILE(problems, PROBLEM_SETTING, path, "cannot be read: %s",
				strerrordesc_np(errno));
		} else if (contracts_parse(settings->contracts, text, path, error, sizeof(error)) <
			0) {
			PROBLEM_OF_FILE(problems, PROBLEM_SETTING, NULL, "%s", error);
		}
		free(text);
	}
}
