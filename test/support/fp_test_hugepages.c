/* SPDX-License-Identifier: BSD-3-Clause */

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "fp_test_hugepages.h"

#define FOLDER "/sys/kernel/mm/hugepages/hugepages-2048kB/"

/* What this process has added. */
static long added;

static long
read_number(int fd)
{
	char text[32] = "";

	if (pread(fd, text, sizeof(text) - 1, 0) <= 0)
		return 0;
	return strtol(text, NULL, 10);
}

static long
read_free(void)
{
	int fd = open(FOLDER "free_hugepages", O_RDONLY);
	long count = 0;

	if (fd >= 0) {
		count = read_number(fd);
		(void)close(fd);
	}
	return count;
}

/* Change the number of pages, under a lock that all that do so take; what it was changed by. */
static long
change(long by)
{
	int fd = open(FOLDER "nr_hugepages", O_RDWR);
	char text[32];
	long before;
	long after;
	int len;

	if (fd < 0)
		return 0;
	(void)flock(fd, LOCK_EX);
	before = read_number(fd);
	len = snprintf(text, sizeof(text), "%ld", before + by);
	after = pwrite(fd, text, (size_t)len, 0) == len ? read_number(fd) : before;
	(void)close(fd);
	return after - before;
}

bool
fp_test_hugepages_reserve(long count)
{
	long missing = count - read_free();

	if (missing > 0)
		added = change(missing);
	if (read_free() >= count)
		return true;
	fp_test_hugepages_restore();
	return false;
}

void
fp_test_hugepages_restore(void)
{
	if (added > 0)
		(void)change(-added);
	added = 0;
}
