/* SPDX-License-Identifier: BSD-3-Clause */

#include "truth_file.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "complain.h"

bool
truth_set(json_t *object, const char *key, json_t *value)
{
	return json_object_set_new(object, key, value) == 0;
}

bool
truth_set_number(json_t *object, const char *key, uint64_t value)
{
	return truth_set(object, key, json_integer((json_int_t)value));
}

bool
truth_set_percent(json_t *object, const char *key, uint64_t ppm)
{
	char text[32];

	snprintf(text, sizeof(text), "%" PRIu64 ".%04" PRIu64, ppm / 10000, ppm % 10000);
	return truth_set(object, key, json_string(text));
}

bool
truth_set_seed(json_t *object, const char *key, uint64_t seed)
{
	return truth_set(object, key, json_sprintf("%" PRIu64, seed));
}

json_t *
truth_object(json_t *object, bool is_whole)
{
	if (is_whole)
		return object;
	json_decref(object);
	return NULL;
}

/* The truth's path: the caller frees it. */
static char *
make_path(const struct fpgen_options *options)
{
	const size_t room = strlen(options->output) + sizeof(".json");
	char *path;

	if (options->truth != NULL)
		return strdup(options->truth);
	path = malloc(room);
	if (path != NULL)
		snprintf(path, room, "%s.json", options->output);
	return path;
}

static int
write_file(const char *path, const json_t *object)
{
	FILE *file = fopen(path, "w");
	bool ok;

	if (file == NULL) {
		complain("%s: cannot be written: %m", path);
		return -EIO;
	}
	ok = json_dumpf(object, file, JSON_INDENT(1)) == 0 && fputc('\n', file) != EOF;
	ok = fclose(file) == 0 && ok;
	if (!ok)
		complain("%s: not all could be written: %m", path);
	return ok ? 0 : -EIO;
}

int
truth_write_file(json_t *object, const struct fpgen_options *options)
{
	char *path = make_path(options);
	int rc = -ENOMEM;

	if (object == NULL || path == NULL) {
		complain("the truth cannot be made: no memory, or a file name that is not UTF-8");
	} else {
		rc = write_file(path, object);
	}
	free(path);
	json_decref(object);
	return rc;
}
