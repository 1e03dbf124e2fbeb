/* SPDX-License-Identifier: BSD-3-Clause */

#include "compile_db.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "text_file.h"

/* What to do when there is no database, for those who see one for the first time. */
#define HOW_TO_MAKE "Meson writes it; CMake with -DCMAKE_EXPORT_COMPILE_COMMANDS=ON; make with bear"

/* What is wrong with an entry's shape; NULL when nothing is. */
static const char *
find_fault(const json_t *entry)
{
	const json_t *arguments = json_object_get(entry, "arguments");
	size_t i;
	json_t *argument;

	if (!json_is_object(entry))
		return "is no object";
	if (!json_is_string(json_object_get(entry, "file")))
		return "has no text \"file\"";
	if (!json_is_string(json_object_get(entry, "directory")))
		return "has no text \"directory\"";
	if (arguments == NULL) {
		return json_is_string(json_object_get(entry, "command"))
			? NULL
			: "has neither a text \"command\" nor a list \"arguments\"";
	}
	if (!json_is_array(arguments))
		return "has \"arguments\" that are no list";
	json_array_foreach(arguments, i, argument)
	{
		if (!json_is_string(argument))
			return "has \"arguments\" that are not all texts";
	}
	return NULL;
}

static void
read_command(struct compile_entry *out, const json_t *entry)
{
	const json_t *arguments = json_object_get(entry, "arguments");
	struct words words = { 0 };
	json_t *argument;
	size_t i;

	json_array_foreach(arguments, i, argument)
		words_add_text(&words, json_string_value(argument));
	if (arguments == NULL)
		words_add_command(&words, json_string_value(json_object_get(entry, "command")));
	for (i = 1; i < words.count; i++)
		words_add_text(&out->command, words.words[i]);
	words_fini(&words);
}

static void
read_entry(struct compile_db *db, const json_t *entry, const char *folder)
{
	struct compile_entry *out = &db->entries[db->count++];

	out->directory =
		text_file_canonical(folder, json_string_value(json_object_get(entry, "directory")));
	out->file = text_file_canonical(
		out->directory, json_string_value(json_object_get(entry, "file")));
	read_command(out, entry);
}

static void
read_entries(
	struct compile_db *db, const json_t *list, const char *path, struct problem_list *problems)
{
	char *canonical = text_file_canonical(NULL, path);
	json_t *entry;
	size_t i;

	*strrchr(canonical, '/') = '\0';
	db->entries = calloc(json_array_size(list) + 1, sizeof(*db->entries));
	if (db->entries == NULL)
		abort();
	json_array_foreach(list, i, entry)
	{
		const char *fault = find_fault(entry);

		if (fault == NULL) {
			read_entry(db, entry, canonical);
		} else {
			PROBLEM_OF_FILE(
				problems, PROBLEM_INPUT, path, "entry %zu %s", i + 1, fault);
		}
	}
	free(canonical);
}

bool
compile_db_read(struct compile_db *db, const char *path, struct problem_list *problems)
{
	json_error_t error;
	size_t len = 0;
	char *text = text_file_read(path, &len);
	json_t *list;

	*db = (struct compile_db){ 0 };
	if (text == NULL) {
		PROBLEM_OF_FILE(problems, PROBLEM_INPUT, path,
			"cannot be read: %s (" HOW_TO_MAKE ")", strerrordesc_np(errno));
		return false;
	}
	list = json_loadb(text, len, 0, &error);
	free(text);
	if (list == NULL) {
		const struct place at = { path, error.line > 0 ? (uint32_t)error.line : 0,
			error.column > 0 ? (uint32_t)error.column : 0 };

		problem_add(problems, PROBLEM_INPUT, len == 0 ? &(struct place){ path, 0, 0 } : &at,
			len == 0 ? "is empty (" HOW_TO_MAKE ")" : "is no JSON: %s", error.text);
		return false;
	}
	if (!json_is_array(list)) {
		PROBLEM_OF_FILE(problems, PROBLEM_INPUT, path, "is no list of compile commands");
	} else if (json_array_size(list) == 0) {
		PROBLEM_OF_FILE(
			problems, PROBLEM_INPUT, path, "has no entry: nothing was compiled");
	} else {
		read_entries(db, list, path, problems);
	}
	json_decref(list);
	if (db->count > 0)
		return true;
	compile_db_fini(db);
	return false;
}

void
compile_db_fini(struct compile_db *db)
{
	for (size_t i = 0; i < db->count; i++) {
		free(db->entries[i].file);
		free(db->entries[i].directory);
		words_fini(&db->entries[i].command);
	}
	free(db->entries);
	*db = (struct compile_db){ 0 };
}
