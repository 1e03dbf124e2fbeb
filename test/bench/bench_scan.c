/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Scans of bytes on each path beside what else there is for the same work, in the same run.
 *
 *   find_none    the byte is not in the view                        memchr()
 *   find_hit     it is, at a place that nobody can foresee           memchr()
 *   any2_none, any3_none  one of two bytes, of three                 memchr()
 *   sum          of bytes modulo 256                                 loops, see byte_loops.h
 *   checksum     of RFC 1071                                         rte_raw_cksum()
 *   delimiters   two delimiters and the sum
 *
 * A view begins anywhere in a buffer that the first cache holds; where it begins says where the hit
 * is. A sample is a batch of calls that do not wait for each other; who competes takes turns batch
 * by batch, so that a change of the machine's speed hits all of them, and each has other views in
 * each turn. One JSON line per competitor: ns per call, and its speed in relation to the first one.
 *
 * usage: bench_scan [EAL arguments] -- [turns]
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_common.h>
#include <rte_cycles.h>
#include <rte_eal.h>
#include <rte_ip.h>

#include "byte_loops.h"
#include "fp_scan.h"
#include "fp_span_search.h"

#define BUFFER_BYTES    32768
#define STARTS          65536
#define BATCH_BYTES     262144
#define BATCH_MAX       2048
#define TURNS_MAX       100000
#define WARM_UP         20
#define COMPETITORS_MAX 8
#define NEEDLE          1

/* Views of one length. */
struct views {
	const uint8_t *data;    /* What they begin in. */
	const uint32_t *starts; /* Where they begin, shape [count]. */
	uint32_t count;
	uint32_t len;         /* [bytes] */
	struct fp_cspan span; /* The one at data. */
};

typedef uint64_t (*run_fn)(const struct views *views);

/* What is called may change memory for all the compiler knows, but not the locals. */
#define RUN(name, what)                                        \
	static uint64_t run_##name(const struct views *views)  \
	{                                                      \
		struct fp_cspan span = views->span;            \
		const uint32_t *start = views->starts;         \
		const uint32_t *end = start + views->count;    \
		const uint8_t *buffer = views->data;           \
		uint32_t len = views->len;                     \
		uint64_t total = 0;                            \
                                                               \
		for (; start != end; start++) {                \
			const uint8_t *data = buffer + *start; \
                                                               \
			span.data = data;                      \
			total += (uint64_t)(what);             \
		}                                              \
		(void)span;                                    \
		(void)len;                                     \
		return total;                                  \
	}

static inline uint64_t
delimiters(struct fp_cspan span)
{
	struct fp_delimiters blocks[32];
	uint8_t sum = fp_cspan_find_delimiters(span, '\1', '=', blocks);

	return sum + blocks[0].first;
}

RUN(memchr, (uintptr_t)memchr(data, NEEDLE, len))
RUN(find, fp_cspan_index_of_u8(span, NEEDLE))
RUN(any2, fp_cspan_index_of_any2_u8(span, NEEDLE, NEEDLE + 1))
RUN(any3, fp_cspan_index_of_any3_u8(span, NEEDLE, NEEDLE + 1, NEEDLE + 2))
RUN(loop_u32, byte_loop_u32(data, len))
RUN(loop_u32_native, byte_loop_u32_native(data, len))
RUN(loop_u8, byte_loop_u8(data, len))
RUN(loop_u8_native, byte_loop_u8_native(data, len))
RUN(sum, fp_cspan_sum_u8(span))
RUN(raw_cksum, rte_raw_cksum(data, len))
RUN(checksum, fp_cspan_internet_checksum(span))
RUN(delimiters, delimiters(span))

/* Who competes beside the paths; the first one is what the others are compared with. */
struct other {
	const char *name;
	run_fn run;
};

static const struct bench_case {
	const char *name;
	run_fn run; /* On each path. */
	bool has_hit;
	struct other others[5];
	uint32_t lens[5];
} cases[] = {
	{ "find_none", run_find, false, { { "memchr", run_memchr } }, { 16, 150, 1472, 16384 } },
	{ "find_hit", run_find, true, { { "memchr", run_memchr } }, { 16, 150, 1472, 16384 } },
	{ "any2_none", run_any2, false, { { "memchr", run_memchr } }, { 16, 150, 1472, 16384 } },
	{ "any3_none", run_any3, false, { { "memchr", run_memchr } }, { 16, 150, 1472, 16384 } },
	{ "sum", run_sum, false,
		{ { "loop_u32", run_loop_u32 }, { "loop_u32_native", run_loop_u32_native },
			{ "loop_u8", run_loop_u8 }, { "loop_u8_native", run_loop_u8_native } },
		{ 16, 150, 1472, 16384 } },
	{ "checksum", run_checksum, false, { { "rte_raw_cksum", run_raw_cksum } },
		{ 20, 150, 1472, 16384 } },
	{ "delimiters", run_delimiters, false, { { NULL, NULL } }, { 16, 150, 1472 } },
};

/* One that takes part, and the cycles of its batches. */
struct competitor {
	const char *name;
	run_fn run;
	int path; /* -1: no scan */
	uint64_t *batches;
};

struct bench {
	uint8_t *buffer;
	uint32_t *starts;
	long turns;
	struct competitor competitors[COMPETITORS_MAX];
	int count;
	uint64_t result; /* So that no call is left out. */
};

static void
stop(const char *reason)
{
	rte_exit(EXIT_FAILURE, "bench_scan: %s\n", reason);
}

static uint64_t
random_u64(void)
{
	static uint64_t state = 88172645463325252;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

/* No needle, or needles so far from each other that a view has one, at any of its places. */
static void
fill(struct bench *bench, uint32_t len, bool has_hit)
{
	uint32_t distance = 2 * len - 1;
	uint32_t hits = RTE_MAX(1U, BUFFER_BYTES / distance - 1);

	for (uint32_t i = 0; i < BUFFER_BYTES; i++)
		bench->buffer[i] = (uint8_t)(random_u64() % 200 + 32);
	for (uint32_t i = 0; i < hits && has_hit; i++)
		bench->buffer[len + i * distance] = NEEDLE;
	for (uint32_t i = 0; i < STARTS; i++) {
		uint32_t hit = len + (uint32_t)(random_u64() % hits) * distance;

		bench->starts[i] = has_hit ? hit - (uint32_t)(random_u64() % len)
					   : (uint32_t)(random_u64() % (BUFFER_BYTES - len));
	}
}

static void
add(struct bench *bench, const char *name, run_fn run, int path)
{
	struct competitor *competitor = &bench->competitors[bench->count++];

	competitor->name = name;
	competitor->run = run;
	competitor->path = path;
}

static void
enter(struct bench *bench, const struct bench_case *which)
{
	bench->count = 0;
	for (const struct other *other = which->others; other->run != NULL; other++)
		add(bench, other->name, other->run, -1);
	for (int path = 0; path < FP_SCAN_PATHS; path++) {
		if (fp_scan_set((enum fp_scan_path)path) == 0)
			add(bench, fp_scan_name((enum fp_scan_path)path), which->run, path);
	}
}

/* One batch of one competitor; each has views of its own. */
static void
measure(struct bench *bench, int idx, long turn, uint32_t len)
{
	struct competitor *competitor = &bench->competitors[idx];
	uint32_t count = RTE_MIN(BATCH_BYTES / len, (uint32_t)BATCH_MAX);
	uint64_t section = (uint64_t)(turn + WARM_UP) * (uint32_t)bench->count + (uint32_t)idx;
	struct views views = { bench->buffer, bench->starts + section * count % (STARTS - count),
		count, len, fp_cspan_over(bench->buffer, len) };
	uint64_t start;

	if (competitor->path >= 0 && fp_scan_set((enum fp_scan_path)competitor->path) != 0)
		stop("a path is not there any more");
	start = rte_rdtsc_precise();
	bench->result += competitor->run(&views);
	competitor->batches[RTE_MAX(turn, 0L)] = (rte_rdtsc_precise() - start) * 16 / count;
}

static int
compare(const void *a, const void *b)
{
	uint64_t left = *(const uint64_t *)a;
	uint64_t right = *(const uint64_t *)b;

	return (left > right) - (left < right);
}

static void
report(struct bench *bench, const char *name, uint32_t len)
{
	long middle = bench->turns / 2;
	double first = 0;

	for (int idx = 0; idx < bench->count; idx++) {
		struct competitor *competitor = &bench->competitors[idx];
		uint64_t *batches = competitor->batches;
		double p50;

		qsort(batches, (size_t)bench->turns, sizeof(uint64_t), compare);
		p50 = (double)batches[middle] / 16 * 1e9 / (double)rte_get_tsc_hz();
		if (idx == 0)
			first = p50;
		printf("{\"bench\": \"scan\", \"case\": \"%s\", \"bytes\": %u, \"who\": \"%s\", "
		       "\"lifetime\": \"%s\", \"turns\": %ld, \"p50_ns\": %.2f, \"gb_s\": %.1f, "
		       "\"speed_ratio\": %.2f}\n",
			name, len, competitor->name, FP_LIFETIME_NAME, bench->turns, p50, len / p50,
			first / p50);
	}
}

static void
run_case(struct bench *bench, const struct bench_case *which, uint32_t len)
{
	fill(bench, len, which->has_hit);
	enter(bench, which);
	for (long turn = -WARM_UP; turn < bench->turns; turn++) {
		for (int idx = 0; idx < bench->count; idx++)
			measure(bench, idx, turn, len);
	}
	report(bench, which->name, len);
}

int
main(int argc, char **argv)
{
	int eal_argc = rte_eal_init(argc, argv);
	struct bench bench = { 0 };

	if (eal_argc < 0)
		return EXIT_FAILURE;
	bench.turns = argc - eal_argc > 1 ? strtol(argv[eal_argc + 1], NULL, 10) : 1001;
	if (bench.turns < 1 || bench.turns > TURNS_MAX)
		stop("turns: expected 1 to 100000");
	bench.buffer = aligned_alloc(64, BUFFER_BYTES);
	bench.starts = calloc(STARTS, sizeof(uint32_t));
	for (int i = 0; i < COMPETITORS_MAX; i++) {
		bench.competitors[i].batches = calloc((size_t)bench.turns, sizeof(uint64_t));
		if (bench.competitors[i].batches == NULL)
			stop("no room");
	}
	if (bench.buffer == NULL || bench.starts == NULL)
		stop("no room");
	for (size_t i = 0; i < RTE_DIM(cases); i++) {
		for (const uint32_t *len = cases[i].lens; *len != 0; len++)
			run_case(&bench, &cases[i], *len);
	}
	for (int i = 0; i < COMPETITORS_MAX; i++)
		free(bench.competitors[i].batches);
	free(bench.starts);
	free(bench.buffer);
	(void)rte_eal_cleanup();
	return bench.result == 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
