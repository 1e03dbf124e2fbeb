/* SPDX-License-Identifier: BSD-3-Clause */

#include <execinfo.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "fp_lifetime.h"
#include "fp_panic.h"

#define BACKTRACE_FRAMES 32
#define EXPLAINERS_MAX   8

#if FP_LIFETIME == FP_LIFETIME_TRUST
const char FPI_LIFETIME_SYMBOL[] = "trust";
#elif FP_LIFETIME == FP_LIFETIME_REF
const char FPI_LIFETIME_SYMBOL[] = "ref";
#else
const char FPI_LIFETIME_SYMBOL[] = "full";
#endif

/* Owners of watched words, by what they are asked; written before main() only. */
static fp_explain_fn explainers[EXPLAINERS_MAX];

void
fp_explainer_add(fp_explain_fn explain)
{
	for (size_t i = 0; i < EXPLAINERS_MAX; i++) {
		if (explainers[i] == NULL || explainers[i] == explain) {
			explainers[i] = explain;
			return;
		}
	}
	fp_panic("more than %d kinds of memory explain themselves", EXPLAINERS_MAX);
}

/* Write one line under the heading; the caller has the stream. */
static FP_PRINTF(1, 0) void begin(const char *fmt, va_list args)
{
	/* For good: what another thread has to say waits for the end and does not cut in. */
	flockfile(stderr);
	fputs("fablepool: panic: ", stderr);
	vfprintf(stderr, fmt, args);
	fputc('\n', stderr);
}

void
fp_panic_open(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	begin(fmt, args);
	va_end(args);
}

void
fp_panic_note(const char *fmt, ...)
{
	va_list args;

	fputs("  ", stderr);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
}

void
fp_panic_note_code(const char *what, void *address)
{
	fprintf(stderr, "  %s: ", what);
	fflush(stderr);
	backtrace_symbols_fd(&address, 1, STDERR_FILENO);
}

void
fp_panic_close(void)
{
	void *frames[BACKTRACE_FRAMES];
	int count;

	fputs("backtrace:\n", stderr);
	fflush(stderr);
	count = backtrace(frames, BACKTRACE_FRAMES);
	backtrace_symbols_fd(frames, count, STDERR_FILENO);
	abort();
}

void
fp_panic(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	begin(fmt, args);
	va_end(args);
	fp_panic_close();
}

void
fpi_watch_stale(const uint32_t *word, uint32_t stamp)
{
	fp_panic_open("a view is used too late: it was made under generation %u, the memory is now "
		      "at generation %u; take the lease, not the span, to keep data beyond its "
		      "frame",
		stamp, fp_load_relaxed_u32(word));
	fp_panic_note_code("used at", __builtin_return_address(0));
	for (size_t i = 0; i < EXPLAINERS_MAX && explainers[i] != NULL; i++) {
		if (explainers[i](word))
			break;
	}
	fp_panic_close();
}
