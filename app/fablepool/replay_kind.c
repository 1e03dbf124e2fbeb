/* SPDX-License-Identifier: BSD-3-Clause */

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <rte_common.h>

#include "replay_kind.h"

/* Bytes of the beginning that are looked at: so much of it may be blank lines or text. */
#define BEGIN_BYTES 65536

/* How a FIX message begins, whatever its version. */
#define FIX_BEGIN "8=FIX"

/* Bytes from there to behind the delimiter at most: "8=FIXT.1.1|". */
#define FIX_BEGIN_FIELD_BYTES 11

/* Bytes in which the tag of the length begins, whatever stands for the delimiter. */
#define FIX_HEAD_BYTES 24

#define SOH '\001'

static enum replay_kind
complain(const char *path, const char *reason)
{
	fprintf(stderr, "fablepool: %s cannot be replayed: %s\n", path, reason);
	return REPLAY_NONE;
}

/* pcap in microseconds or nanoseconds, of either byte order, and pcapng. */
static bool
is_capture(const uint8_t *begin, size_t len)
{
	static const uint8_t magics[][4] = {
		{ 0xa1, 0xb2, 0xc3, 0xd4 },
		{ 0xd4, 0xc3, 0xb2, 0xa1 },
		{ 0xa1, 0xb2, 0x3c, 0x4d },
		{ 0x4d, 0x3c, 0xb2, 0xa1 },
		{ 0x0a, 0x0d, 0x0d, 0x0a },
	};

	for (size_t i = 0; i < RTE_DIM(magics); i++) {
		if (len >= sizeof(magics[i]) && memcmp(begin, magics[i], sizeof(magics[i])) == 0)
			return true;
	}
	return false;
}

/* A FIX message, perhaps after blank lines. */
static bool
begins_with_fix(const uint8_t *begin, size_t len)
{
	size_t at = 0;

	while (at < len && (begin[at] == '\n' || begin[at] == '\r'))
		at++;
	return len - at >= strlen(FIX_BEGIN) &&
		memcmp(begin + at, FIX_BEGIN, strlen(FIX_BEGIN)) == 0;
}

/* A FIX message behind text: what a log writes in front of it, or whole lines. */
static bool
has_fix_in_text(const uint8_t *begin, size_t len)
{
	const uint8_t *end = begin + len;
	const uint8_t *at = begin;

	while ((at = memmem(at, (size_t)(end - at), FIX_BEGIN, strlen(FIX_BEGIN))) != NULL) {
		size_t field = RTE_MIN((size_t)(end - at), (size_t)FIX_BEGIN_FIELD_BYTES);

		if ((at == begin || !isalnum(at[-1])) && memchr(at, SOH, field) != NULL)
			return true;
		at++;
	}
	return false;
}

/* A message whose delimiters were replaced: "8=FIX.4.4|9=", and no delimiter anywhere. */
static bool
has_shown_delimiters(const uint8_t *begin, size_t len)
{
	const uint8_t *at = memmem(begin, len, FIX_BEGIN, strlen(FIX_BEGIN));
	size_t head = at == NULL ? 0 : RTE_MIN(len - (size_t)(at - begin), (size_t)FIX_HEAD_BYTES);

	return memchr(begin, SOH, len) == NULL && head != 0 && memmem(at, head, "9=", 2) != NULL;
}

static enum replay_kind
fix_kind_of(const char *path, const uint8_t *begin, size_t len)
{
	if (has_shown_delimiters(begin, len)) {
		return complain(path,
			"the fields of its messages do not end with SOH (byte 0x01), but with "
			"what a viewer shows for it, as '|' or \"^A\": expected the bytes that "
			"were sent");
	}
	if (begins_with_fix(begin, len))
		return REPLAY_FIX;
	if (has_fix_in_text(begin, len))
		return REPLAY_FIX_TEXT;
	return complain(path,
		"its format is not known: expected a pcap or pcapng, or a FIX log, whose messages "
		"begin with " FIX_BEGIN);
}

/* Open what can be read several times from its beginning; -1 when the reason was printed. */
static int
open_regular(const char *path, uint64_t *bytes)
{
	const char *reason = NULL;
	struct stat status = { 0 };
	/* A pipe without a writer would not let go before one comes. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0 || fstat(fd, &status) != 0) {
		reason = strerror(errno); /* NOLINT(concurrency-mt-unsafe): start-up */
	} else if (S_ISDIR(status.st_mode)) {
		reason = "it is a directory, expected a file";
	} else if (!S_ISREG(status.st_mode)) {
		reason = "it is a device or a pipe, expected a file: it is read more than once";
	} else if (status.st_size == 0) {
		reason = "it is empty";
	}
	if (reason == NULL) {
		*bytes = (uint64_t)status.st_size;
		return fd;
	}
	(void)complain(path, reason);
	if (fd >= 0)
		(void)close(fd);
	return -1;
}

enum replay_kind
replay_kind_of(const char *path, uint64_t *bytes)
{
	static uint8_t begin[BEGIN_BYTES]; /* start-up: one thread */
	ssize_t len;
	int fd = open_regular(path, bytes);

	if (fd < 0)
		return REPLAY_NONE;
	len = pread(fd, begin, sizeof(begin), 0);
	(void)close(fd);
	if (len < 0)
		return complain(path, "its beginning cannot be read");
	if (is_capture(begin, (size_t)len))
		return REPLAY_CAPTURE;
	if (len >= 2 && begin[0] == 0x1f && begin[1] == 0x8b) {
		fprintf(stderr, "fablepool: %s is compressed: gunzip it first\n", path);
		return REPLAY_NONE;
	}
	return fix_kind_of(path, begin, (size_t)len);
}
