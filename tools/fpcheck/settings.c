/* SPDX-License-Identifier: BSD-3-Clause */

#include "settings.h"

#include <fnmatch.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define JOBS_MAX 64

/* One per processor that this process may use. */
static uint32_t
default_jobs(void)
{
	cpu_set_t set;
	int count;

	if (sched_getaffinity(0, sizeof(set), &set) != 0)
		return 1;
	count = CPU_COUNT(&set);
	return count > JOBS_MAX ? JOBS_MAX : (uint32_t)count;
}

void
settings_init(struct settings *settings)
{
	*settings = (struct settings){
		.rules = (1U << RULE_COUNT) - 1,
		.jobs = default_jobs(),
		.stack_bytes = 1024,
		.budget_steps = 100000,
		.budget_mib = 256,
	};
	region_init(&settings->texts, NULL);
}

void
settings_fini(struct settings *settings)
{
	free(settings->files.texts);
	free(settings->exclude.texts);
	free(settings->hot.texts);
	free(settings->memory.texts);
	free(settings->define.texts);
	free(settings->tables.texts);
	free(settings->flags.texts);
	contracts_destroy(settings->contracts);
	region_fini(&settings->texts);
}

void
settings_append(struct settings *settings, struct text_list *list, const char *text)
{
	char **texts = realloc(list->texts, (list->count + 1) * sizeof(*texts));

	if (texts == NULL)
		abort();
	list->texts = texts;
	list->texts[list->count++] = region_text(&settings->texts, text, strlen(text));
}

/* "*" crosses slashes, and a folder with a slash behind it is all that is below. */
static bool
matches(const char *glob, const char *path)
{
	const size_t len = strlen(glob);

	if (len > 0 && glob[len - 1] == '/') {
		char below[4096];

		return snprintf(below, sizeof(below), "%s*", glob) < (int)sizeof(below) &&
			fnmatch(below, path, 0) == 0;
	}
	return fnmatch(glob, path, 0) == 0;
}

bool
settings_match(const struct text_list *globs, const char *path)
{
	for (size_t i = 0; i < globs->count; i++) {
		const char *end = path;

		while (end != NULL) {
			if (matches(globs->texts[i], end))
				return true;
			end = strchr(end, '/');
			end = end == NULL ? NULL : end + 1;
		}
	}
	return false;
}
