/* SPDX-License-Identifier: BSD-3-Clause */

#include "sources.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "compile_db.h"
#include "flags.h"
#include "text_file.h"

struct search {
	struct sources *sources;
	struct settings *settings;
	struct problem_list *problems;
	struct compile_db db;
	size_t not_c_count;       /* Entries. */
	size_t other_flags_count; /* Entries of a source that another one has with other flags. */
};

static bool
ends_with(const char *text, const char *end)
{
	const size_t len = strlen(text);
	const size_t end_len = strlen(end);

	return len > end_len && strcmp(text + len - end_len, end) == 0;
}

static bool
is_below(const char *path, const char *folder)
{
	const size_t len = strlen(folder);

	return strncmp(path, folder, len) == 0 &&
		(path[len] == '/' || (len > 0 && folder[len - 1] == '/'));
}

static const struct source *
find_source(const struct sources *sources, const char *file)
{
	for (size_t i = 0; i < sources->count; i++) {
		if (strcmp(sources->sources[i].file, file) == 0)
			return &sources->sources[i];
	}
	return NULL;
}

static bool
are_words_equal(const struct words *one, const struct words *other)
{
	size_t i = 0;

	while (i < one->count && i < other->count && strcmp(one->words[i], other->words[i]) == 0)
		i++;
	return i == one->count && i == other->count;
}

/* What keeps a file from being read as a source; NULL when nothing does. */
static const char *
find_obstacle(const char *file, struct stat *status)
{
	if (stat(file, status) != 0 || access(file, R_OK) != 0)
		return strerrordesc_np(errno);
	return S_ISREG(status->st_mode) ? NULL : "it is no regular file";
}

/* The flags in front are what fpcheck itself wants; those of the user come last and win. */
static void
make_flags(struct words *flags, const char *file, const char *directory,
	const struct words *command, const struct search *search)
{
	const struct settings *settings = search->settings;
	struct words unread = { 0 };
	char flag[4200];

	flags_add(flags, command, directory, &unread);
	for (size_t i = 0; i < unread.count; i++) {
		PROBLEM_OF_FILE(search->problems, PROBLEM_INPUT, file,
			"is parsed without the flags of %s, which cannot be read", unread.words[i]);
	}
	words_fini(&unread);
	words_add_text(flags, "-x");
	words_add_text(flags, "c");
	snprintf(flag, sizeof(flag), "-working-directory=%s", directory);
	words_add_text(flags, flag);
	words_add_text(flags, "-DFP_ANNOTATE");
	words_add_text(flags, "-Wno-everything");
	words_add_text(flags, "-ferror-limit=0");
	for (size_t i = 0; i < settings->define.count; i++) {
		words_add_text(flags, "-D");
		words_add_text(flags, settings->define.texts[i]);
	}
}

static void
append_source(struct sources *sources, const struct source *source)
{
	sources->sources = realloc(sources->sources, (sources->count + 1) * sizeof(*source));
	if (sources->sources == NULL)
		abort();
	sources->sources[sources->count++] = *source;
}

static void
add_source(
	struct search *search, const char *file, const char *directory, const struct words *command)
{
	const struct source *known = find_source(search->sources, file);
	struct words flags = { 0 };
	struct stat status = { 0 };
	const char *obstacle;

	if (settings_match(&search->settings->exclude, file))
		return;
	obstacle = known == NULL ? find_obstacle(file, &status) : NULL;
	if (obstacle != NULL) {
		PROBLEM_OF_FILE(
			search->problems, PROBLEM_INPUT, file, "cannot be read: %s", obstacle);
		return;
	}
	make_flags(&flags, file, directory, command, search);
	if (known == NULL) {
		append_source(search->sources,
			&(struct source){ .file = strdup(file),
				.directory = strdup(directory),
				.flags = flags,
				.bytes = (uint64_t)status.st_size });
	} else {
		search->other_flags_count += !are_words_equal(&known->flags, &flags);
		words_fini(&flags);
	}
}

static void
add_entry(struct search *search, const struct compile_entry *entry)
{
	struct words command = { 0 };

	if (!ends_with(entry->file, ".c")) {
		search->not_c_count++;
		return;
	}
	for (size_t i = 0; i < entry->command.count; i++)
		words_add_text(&command, entry->command.words[i]);
	for (size_t i = 0; i < search->settings->flags.count; i++)
		words_add_text(&command, search->settings->flags.texts[i]);
	add_source(search, entry->file, entry->directory, &command);
	words_fini(&command);
}

/* A header is parsed as a source, with the flags of a source near it. */
static const struct compile_entry *
find_neighbour(const struct compile_db *db, const char *file)
{
	const struct compile_entry *nearest = &db->entries[0];
	size_t nearest_len = 0;

	for (size_t i = 0; i < db->count; i++) {
		const char *other = db->entries[i].file;
		size_t len = 0;

		while (file[len] != '\0' && file[len] == other[len])
			len++;
		if (len > nearest_len && ends_with(other, ".c")) {
			nearest = &db->entries[i];
			nearest_len = len;
		}
	}
	return nearest;
}

/* A FILE or FOLDER of the command line, looked up in the database. */
static void
add_named(struct search *search, const char *name)
{
	char *path = text_file_canonical(NULL, name);
	bool is_found = false;

	for (size_t i = 0; i < search->db.count; i++) {
		const struct compile_entry *entry = &search->db.entries[i];

		if (strcmp(entry->file, path) == 0 && !ends_with(path, ".c")) {
			PROBLEM_OF_FILE(search->problems, PROBLEM_INPUT, path, "is no C source");
			is_found = true;
		} else if (strcmp(entry->file, path) == 0 || is_below(entry->file, path)) {
			add_entry(search, entry);
			is_found = true;
		}
	}
	if (is_found) {
		free(path);
		return;
	}
	if (access(path, R_OK) != 0) {
		PROBLEM_OF_FILE(search->problems, PROBLEM_INPUT, path, "cannot be read: %s",
			strerrordesc_np(errno));
	} else if (ends_with(path, ".h")) {
		const struct compile_entry *neighbour = find_neighbour(&search->db, path);

		add_source(search, path, neighbour->directory, &neighbour->command);
	} else {
		PROBLEM_OF_FILE(search->problems, PROBLEM_INPUT, path,
			"has no entry in compile_commands.json: it is not compiled");
	}
	free(path);
}

/* Without a database: each file with the flags from the command line. */
static void
add_alone(struct search *search, const char *name)
{
	char *path = text_file_canonical(NULL, name);
	char *folder = text_file_canonical(NULL, ".");
	struct words command = { 0 };
	struct stat status;

	for (size_t i = 0; i < search->settings->flags.count; i++)
		words_add_text(&command, search->settings->flags.texts[i]);
	if (stat(path, &status) == 0 && S_ISDIR(status.st_mode)) {
		PROBLEM_OF_FILE(search->problems, PROBLEM_INPUT, path,
			"is a folder: that needs compile_commands.json (-p)");
	} else if (stat(path, &status) == 0 && !ends_with(path, ".c") && !ends_with(path, ".h")) {
		PROBLEM_OF_FILE(search->problems, PROBLEM_INPUT, path, "is no C source");
	} else {
		add_source(search, path, folder, &command);
	}
	words_fini(&command);
	free(folder);
	free(path);
}

/* The database that was named or that lies where one usually does; NULL when there is none. */
static char *
find_database(const struct settings *settings)
{
	static const char *const usual[] = { "compile_commands.json",
		"build/compile_commands.json" };
	char *path = NULL;

	if (settings->build_dir != NULL) {
		return asprintf(&path, "%s/compile_commands.json", settings->build_dir) < 0 ? NULL
											    : path;
	}
	if (settings->files.count > 0 && settings->flags.count > 0)
		return NULL;
	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++) {
		if (access(usual[i], F_OK) == 0)
			return strdup(usual[i]);
	}
	return NULL;
}

static void
search_database(struct search *search, const char *path)
{
	const struct settings *settings = search->settings;

	if (!compile_db_read(&search->db, path, search->problems))
		return;
	for (size_t i = 0; i < settings->files.count; i++)
		add_named(search, settings->files.texts[i]);
	for (size_t i = 0; settings->files.count == 0 && i < search->db.count; i++)
		add_entry(search, &search->db.entries[i]);
	if (search->not_c_count > 0) {
		PROBLEM_OF_FILE(search->problems, PROBLEM_NOTE, path,
			"%zu %s no C source, and not checked", search->not_c_count,
			search->not_c_count == 1 ? "entry is" : "entries are");
	}
	if (search->other_flags_count > 0) {
		PROBLEM_OF_FILE(search->problems, PROBLEM_NOTE, path,
			"%zu more %s of a source with other flags: the first one counts",
			search->other_flags_count,
			search->other_flags_count == 1 ? "entry is" : "entries are");
	}
	compile_db_fini(&search->db);
}

static int
compare_sources(const void *left, const void *right)
{
	const struct source *one = left;
	const struct source *other = right;

	if (one->bytes != other->bytes)
		return one->bytes > other->bytes ? -1 : 1;
	return strcmp(one->file, other->file);
}

/* The folder that all sources are below. */
static char *
find_common_folder(const struct sources *sources)
{
	char *folder = strdup(sources->sources[0].file);

	*strrchr(folder, '/') = '\0';
	for (size_t i = 1; i < sources->count; i++) {
		while (*folder != '\0' && !is_below(sources->sources[i].file, folder))
			*strrchr(folder, '/') = '\0';
	}
	return folder;
}

/* The current folder, unless no source is below it: then somebody looks in from outside. */
static void
find_root(struct settings *settings, const struct sources *sources)
{
	char *root = text_file_canonical(NULL, settings->root == NULL ? "." : settings->root);
	bool is_right = settings->root != NULL || sources->count == 0;

	for (size_t i = 0; !is_right && i < sources->count; i++)
		is_right = is_below(sources->sources[i].file, root);
	if (!is_right) {
		free(root);
		root = find_common_folder(sources);
	}
	settings->root = region_text(&settings->texts, root, strlen(root));
	free(root);
}

void
sources_find(struct sources *sources, struct settings *settings, struct problem_list *problems)
{
	struct search search = { .sources = sources, .settings = settings, .problems = problems };
	char *path = find_database(settings);

	*sources = (struct sources){ 0 };
	if (path != NULL) {
		search_database(&search, path);
	} else if (settings->files.count == 0) {
		PROBLEM_OF_FILE(problems, PROBLEM_INPUT, NULL,
			"no compile_commands.json here or in build: name its folder with -p");
	} else {
		for (size_t i = 0; i < settings->files.count; i++)
			add_alone(&search, settings->files.texts[i]);
	}
	free(path);
	/* Nobody is to take the silence about nothing for a clean result. */
	if (sources->count == 0 && !problem_is_any(problems))
		PROBLEM_OF_FILE(problems, PROBLEM_INPUT, NULL, "there is no C source to check");
	if (sources->count > 1)
		qsort(sources->sources, sources->count, sizeof(*sources->sources), compare_sources);
	find_root(settings, sources);
}

void
sources_fini(struct sources *sources)
{
	for (size_t i = 0; i < sources->count; i++) {
		free(sources->sources[i].file);
		free(sources->sources[i].directory);
		words_fini(&sources->sources[i].flags);
	}
	free(sources->sources);
	*sources = (struct sources){ 0 };
}
