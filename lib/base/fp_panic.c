/* SPDX-License-Identifier: BSD-3-Clause */

#include <execinfo.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "fp_lifetime.h"
#include "fp_panic.h"

#define BACKTRACE_FRAMES 32

#if FP_LIFETIME == FP_LIFETIME_TRUST
const char FPI_LIFETIME_SYMBOL[] = "trust";
#elif FP_LIFETIME == FP_LIFETIME_REF
const char FPI_LIFETIME_SYMBOL[] = "ref";
#else
const char FPI_LIFETIME_SYMBOL[] = "full";
#endif

void
fp_panic(const char *fmt, ...)
{
	void *frames[BACKTRACE_FRAMES];
	va_list args;
	int count;

	/* For good: what another thread has to say waits for the end and does not cut in. */
	flockfile(stderr);
	fputs("fablepool: panic: ", stderr);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputs("\nbacktrace:\n", stderr);
	fflush(stderr);
	count = backtrace(frames, BACKTRACE_FRAMES);
	backtrace_symbols_fd(frames, count, STDERR_FILENO);
	abort();
}

void
fpi_watch_stale(const uint32_t *word, uint32_t stamp)
{
	fp_panic("a view is used too late: it was made under generation %u, the memory is now at "
		 "generation %u; take the lease, not the span, to keep data beyond its frame",
		stamp, fp_load_relaxed_u32(word));
}
