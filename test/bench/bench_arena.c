/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * What allocation costs: 64 bytes from an arena, from a bare pointer that is moved on, and from
 * DPDK's heap, in the same run.
 *
 *   pointer_64   a pointer moved on and compared with its end: the least that can be done
 *   span_64      fp_arena_span()
 *   take_64      fp_arena_take(): 8 elements of 8 bytes
 *   scope        fp_arena_mark() and fp_arena_release()
 *   reset        one allocation and fp_arena_reset(): a frame that used its scratch
 *   heap_64      rte_malloc() and rte_free()
 *
 * A sample is one batch, so that the time-stamp counter costs little; cases take turns batch by
 * batch, so that a change of the machine's speed hits all of them. The memory that is handed out is
 * not touched. One JSON line per case, in cycles of the time-stamp counter per operation.
 *
 * usage: bench_arena [EAL arguments] -- [samples]
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <rte_cycles.h>
#include <rte_eal.h>
#include <rte_malloc.h>

#include "fp_arena.h"

#define BATCH       256
#define CAP         (1U << 20)
#define SAMPLES_MAX 1000000
#define WARM_UP     100

/* A bare pointer, kept in memory as an arena keeps its own. */
struct pointer {
	uint8_t *next;
	uint8_t *end;
};

struct bench {
	struct fp_arena *arena;
	struct pointer pointer;
	uint8_t *memory; /* Behind the pointer. */
};

/* The compiler must take it for used, and the state of the allocator for changed. */
static inline void
keep(const void *memory)
{
	__asm__ volatile("" : : "r"(memory) : "memory");
}

/* Out of memory: every case frees what it takes before that. */
static void
refused(void)
{
	rte_exit(EXIT_FAILURE, "bench_arena: an allocation was refused: the figures are void\n");
}

static void
run_pointer(struct bench *bench)
{
	struct pointer *pointer = &bench->pointer;

	for (int i = 0; i < BATCH; i++) {
		uint8_t *data = pointer->next;

		if ((size_t)(pointer->end - data) < 64)
			refused();
		pointer->next = data + 64;
		keep(data);
	}
}

static void
run_span(struct bench *bench)
{
	for (int i = 0; i < BATCH; i++) {
		struct fp_span span;

		if (fp_arena_span(bench->arena, 64, 8, &span) != 0)
			refused();
		keep(span.data);
	}
}

static void
run_take(struct bench *bench)
{
	for (int i = 0; i < BATCH; i++) {
		struct fp_array array;

		if (FP_ARENA_TAKE(bench->arena, uint64_t, 8, &array) != 0)
			refused();
		keep(array.data);
	}
}

static void
run_scope(struct bench *bench)
{
	for (int i = 0; i < BATCH; i++)
		fp_arena_release(bench->arena, fp_arena_mark(bench->arena));
}

static void
run_reset(struct bench *bench)
{
	for (int i = 0; i < BATCH; i++) {
		struct fp_span span;

		if (fp_arena_span(bench->arena, 64, 8, &span) != 0)
			refused();
		keep(span.data);
		fp_arena_reset(bench->arena);
	}
}

static void
run_heap(struct bench *bench)
{
	(void)bench;
	for (int i = 0; i < BATCH; i++) {
		void *memory = rte_malloc(NULL, 64, 8);

		if (memory == NULL)
			refused();
		keep(memory);
		rte_free(memory);
	}
}

static const struct {
	const char *name;
	void (*run)(struct bench *bench);
} cases[] = {
	{ "pointer_64", run_pointer },
	{ "span_64", run_span },
	{ "take_64", run_take },
	{ "scope", run_scope },
	{ "reset", run_reset },
	{ "heap_64", run_heap },
};

#define CASES ((int)RTE_DIM(cases))

static int
compare(const void *a, const void *b)
{
	uint64_t left = *(const uint64_t *)a;
	uint64_t right = *(const uint64_t *)b;

	return (left > right) - (left < right);
}

/* Cycles of one batch; the memory that it took is given back outside of them. */
static uint64_t
measure(struct bench *bench, int idx)
{
	uint64_t start;
	uint64_t cycles;

	bench->pointer.next = bench->memory;
	fp_arena_reset(bench->arena);
	start = rte_rdtsc_precise();
	cases[idx].run(bench);
	cycles = rte_rdtsc_precise() - start;
	return cycles;
}

static double
per_operation(uint64_t cycles)
{
	return (double)cycles / BATCH;
}

static void
report(uint64_t *const batches[CASES], long samples)
{
	double ns = 1e9 / (double)rte_get_tsc_hz();
	double heap;

	for (int idx = 0; idx < CASES; idx++)
		qsort(batches[idx], (size_t)samples, sizeof(uint64_t), compare);
	heap = per_operation(batches[CASES - 1][samples / 2]);
	for (int idx = 0; idx < CASES; idx++) {
		double p50 = per_operation(batches[idx][samples / 2]);

		printf("{\"bench\": \"arena\", \"case\": \"%s\", \"lifetime\": \"%s\", "
		       "\"samples\": %ld, \"batch\": %d, \"p50_cycles\": %.2f, \"p99_cycles\": "
		       "%.2f, \"p50_ns\": %.2f, \"heap_64_ratio\": %.1f}\n",
			cases[idx].name, FP_LIFETIME_NAME, samples, BATCH, p50,
			per_operation(batches[idx][samples * 99 / 100]), p50 * ns, heap / p50);
	}
}

int
main(int argc, char **argv)
{
	const struct fp_arena_params params = { "bench", CAP, SOCKET_ID_ANY, 0 };
	int eal_argc = rte_eal_init(argc, argv);
	uint64_t *batches[CASES];
	struct bench bench;
	long samples;

	if (eal_argc < 0)
		return EXIT_FAILURE;
	samples = argc - eal_argc > 1 ? strtol(argv[eal_argc + 1], NULL, 10) : 10000;
	if (samples < 1 || samples > SAMPLES_MAX) {
		fprintf(stderr, "bench_arena: samples: expected 1 to %d\n", SAMPLES_MAX);
		return EXIT_FAILURE;
	}
	if (fp_arena_create(&params, &bench.arena) != 0)
		refused();
	bench.memory = calloc(1, CAP);
	bench.pointer.end = bench.memory + CAP;
	for (int idx = 0; idx < CASES; idx++) {
		batches[idx] = calloc((size_t)samples, sizeof(uint64_t));
		if (batches[idx] == NULL || bench.memory == NULL)
			refused();
	}
	for (long i = -WARM_UP; i < samples; i++) {
		for (int idx = 0; idx < CASES; idx++)
			batches[idx][RTE_MAX(i, 0L)] = measure(&bench, idx);
	}
	report(batches, samples);
	for (int idx = 0; idx < CASES; idx++)
		free(batches[idx]);
	free(bench.memory);
	fp_arena_destroy(bench.arena);
	(void)rte_eal_cleanup();
	return EXIT_SUCCESS;
}
