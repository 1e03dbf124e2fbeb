/* SPDX-License-Identifier: BSD-3-Clause */

#include "complain.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

void
complain(const char *format, ...)
{
	const int saved = errno; /* for %m */
	va_list arguments;

	fputs("fpgen: ", stderr);
	errno = saved;
	va_start(arguments, format);
	/* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): false with several files */
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
}
