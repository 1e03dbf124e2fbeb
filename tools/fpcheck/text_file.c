/* SPDX-License-Identifier: BSD-3-Clause */

#include "text_file.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* All that a stream has, or NULL. */
static char *
read_stream(FILE *stream, size_t *len)
{
	size_t cap = 1 << 16;
	size_t used = 0;
	char *text = malloc(cap + 1);

	while (text != NULL) {
		char *more;

		used += fread(text + used, 1, cap - used, stream);
		if (used < cap)
			break;
		cap *= 2;
		more = realloc(text, cap + 1);
		if (more == NULL)
			free(text);
		text = more;
	}
	if (text == NULL || ferror(stream)) {
		free(text);
		return NULL;
	}
	text[used] = '\0';
	if (len != NULL)
		*len = used;
	return text;
}

char *
text_file_read(const char *path, size_t *len)
{
	FILE *stream = fopen(path, "re");
	struct stat status;
	char *text = NULL;
	int error;

	if (stream == NULL)
		return NULL;
	if (fstat(fileno(stream), &status) == 0 && S_ISDIR(status.st_mode)) {
		errno = EISDIR;
	} else {
		text = read_stream(stream, len);
	}
	error = errno;
	fclose(stream);
	errno = error;
	return text;
}

char *
text_file_canonical(const char *folder, const char *path)
{
	char *joined = NULL;
	char *canonical;

	if (path[0] == '/' || folder == NULL) {
		joined = strdup(path);
	} else if (asprintf(&joined, "%s/%s", folder, path) < 0) {
		joined = NULL;
	}
	if (joined == NULL)
		abort();
	canonical = realpath(joined, NULL);
	if (canonical == NULL)
		return joined;
	free(joined);
	return canonical;
}

const char *
text_file_shown(const char *path)
{
	static _Thread_local char folder[PATH_MAX];
	size_t len;

	if (folder[0] == '\0' && getcwd(folder, sizeof(folder)) == NULL)
		return path;
	len = strlen(folder);
	if (strncmp(path, folder, len) == 0 && path[len] == '/')
		return path + len + 1;
	return path;
}
