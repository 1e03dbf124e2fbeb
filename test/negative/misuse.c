/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * One misuse of the library in a process of its own:
 *
 *     misuse NAME        run it; "ended" on standard output when it came to its end
 *     misuse --list      the table, as docs/08-checking.md has it
 *     misuse --expect    what each is to end with in this build, for test_misuse.py
 */

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fp_test_eal.h"
#include "misuse.h"

#define DATA_ROOM (RTE_PKTMBUF_HEADROOM + 128)

static volatile uint64_t sink;

void
misuse_unprepared(int error)
{
	fprintf(stderr, "misuse: cannot be prepared: %s\n", fp_error_text(error));
	_exit(EXIT_FAILURE);
}

void
misuse_answers(int error)
{
	if (error != 0)
		printf("answered: -%s\n", strerrorname_np(-error));
}

void
misuse_says(const char *fmt, ...)
{
	va_list args;

	fputs("answered: ", stdout);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	putchar('\n');
}

void
misuse_use(uint64_t value)
{
	sink = value;
}

struct fp_pool *
misuse_pool_named(const char *name, uint32_t buffers)
{
	struct fp_pool_params params = { name, buffers, DATA_ROOM, 0, SOCKET_ID_ANY };
	struct fp_pool *pool;

	misuse_must(fp_pool_create(&params, &pool));
	return pool;
}

struct fp_pool *
misuse_pool(uint32_t buffers)
{
	return misuse_pool_named("misuse", buffers);
}

struct fp_lease
misuse_rent(struct fp_pool *pool)
{
	struct fp_lease lease;

	misuse_must(fp_lease_rent(pool, MISUSE_BYTES, rte_rdtsc(), &lease));
	return lease;
}

struct fp_arena *
misuse_arena_named(const char *name, uint32_t flags)
{
	struct fp_arena_params params = { name, FP_ARENA_PAGE_BYTES, SOCKET_ID_ANY, flags };
	struct fp_arena *arena;

	misuse_must(fp_arena_create(&params, &arena));
	return arena;
}

struct fp_arena *
misuse_arena(void)
{
	return misuse_arena_named("misuse", 0);
}

struct fp_span
misuse_take(struct fp_arena *arena)
{
	struct fp_span span;

	misuse_must(fp_arena_span(arena, 64, 8, &span));
	return span;
}

struct fp_owners *
misuse_owners(uint32_t count)
{
	struct fp_owners_params params = { "misuse", count, 64, SOCKET_ID_ANY };
	struct fp_owners *owners;

	misuse_must(fp_owners_create(&params, &owners));
	return owners;
}

struct fp_owner
misuse_owner(struct fp_owners *owners)
{
	struct fp_owner owner;

	misuse_must(fp_owner_rent(owners, MISUSE_BYTES, &owner));
	return owner;
}

/** A file's part of the table. */
struct part {
	const char *about;
	const struct misuse *rows;
	const size_t *count;
};

static const struct part parts[] = {
	{ "Views and cursors of buffers", misuse_view_rows, &misuse_view_count },
	{ "Chains and cursors on them", misuse_chain_rows, &misuse_chain_count },
	{ "Bounds", misuse_span_rows, &misuse_span_count },
	{ "Leases", misuse_lease_rows, &misuse_lease_count },
	{ "Pools", misuse_pool_rows, &misuse_pool_count },
	{ "References", misuse_ref_rows, &misuse_ref_count },
	{ "Owners, memories, pins", misuse_owner_rows, &misuse_owner_count },
	{ "Arenas", misuse_arena_rows, &misuse_arena_count },
	{ "Frames", misuse_frame_rows, &misuse_frame_count },
	{ "Raw pointers", misuse_raw_rows, &misuse_raw_count },
};

static void
print_cell(const struct misuse_end *end)
{
	switch (end->how) {
	case MISUSE_SILENT:
		printf(" - |");
		break;
	case MISUSE_ANSWERS:
		/* The errno, without the numbers that go with it. */
		printf(" `%.*s` |", (int)strcspn(end->words, "|"), end->words);
		break;
	case MISUSE_PANICS:
		printf(" panic |");
		break;
	case MISUSE_FAULTS:
		printf(" SIGSEGV |");
		break;
	}
}

static void
print_markdown(const struct misuse *misuse)
{
	printf("| `%s` |", misuse->name);
	print_cell(&misuse->trust);
	print_cell(&misuse->ref);
	print_cell(&misuse->full);
	printf(" %s |\n", misuse->is_poisoned ? "poison" : "-");
}

/* What this build is to make of it: name, end, words, by tabs. */
static void
print_expected(const struct misuse *misuse)
{
	static const char *const hows[] = { "silent", "answers", "panics", "faults" };
	const struct misuse_end *ends[] = { &misuse->trust, &misuse->ref, &misuse->full };
	const struct misuse_end *end = ends[FP_LIFETIME];

	if (FP_HAS_ASAN && misuse->is_poisoned && end->how == MISUSE_SILENT) {
		printf("%s\tpoison\tuse-after-poison\n", misuse->name);
	} else {
		printf("%s\t%s\t%s\n", misuse->name, hows[end->how], end->words);
	}
}

static int
list(bool is_markdown)
{
	for (size_t i = 0; i < RTE_DIM(parts); i++) {
		if (is_markdown) {
			printf("%s| %s | trust | ref | full | ASan |\n|---|---|---|---|---|\n",
				i != 0 ? "\n" : "", parts[i].about);
		}
		for (size_t j = 0; j < *parts[i].count; j++) {
			if (is_markdown) {
				print_markdown(&parts[i].rows[j]);
			} else {
				print_expected(&parts[i].rows[j]);
			}
		}
	}
	return EXIT_SUCCESS;
}

static const struct misuse *
find(const char *name)
{
	for (size_t i = 0; i < RTE_DIM(parts); i++) {
		for (size_t j = 0; j < *parts[i].count; j++) {
			if (strcmp(parts[i].rows[j].name, name) == 0)
				return &parts[i].rows[j];
		}
	}
	return NULL;
}

int
main(int argc, char **argv)
{
	const struct misuse *misuse;

	if (argc == 2 && strcmp(argv[1], "--list") == 0)
		return list(true);
	if (argc == 2 && strcmp(argv[1], "--expect") == 0)
		return list(false);
	misuse = argc == 2 ? find(argv[1]) : NULL;
	if (misuse == NULL) {
		fprintf(stderr, "usage: misuse NAME | --list | --expect\n");
		return EXIT_FAILURE;
	}
	misuse_must(fp_test_eal_init());
	misuse->run();
	puts("ended");
	fp_test_eal_fini();
	return EXIT_SUCCESS;
}
