/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * What a FIX message costs, in the library and in a loop over its bytes that checks the same.
 *
 *   frame      fp_fix_frame(): begin, length, "10=" where it ends, and the sum
 *   walk       fp_fix_frame_index() and every field
 *   dispatch   the same, each field by its tag, every price scaled to nine decimals
 *
 *   frame_bytes, walk_bytes, dispatch_bytes: '=' and the delimiter are looked for byte by byte, and
 *   the sum is a loop of its own
 *
 * The log has 100,000 messages, in parts of 5,000. A sample is a part; cases take turns part by
 * part, so that a change of the machine's speed hits all of them, and a run goes through the log.
 * Both must find the same: the sums of tags, lengths and prices are compared. One JSON line per
 * case, in nanoseconds per message, with the ratio to the loop over bytes.
 *
 * usage: bench_fix [EAL arguments] -- [runs]
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_common.h>
#include <rte_cycles.h>
#include <rte_eal.h>

#include "fix_bytes.h"
#include "fix_log.h"
#include "fp_fix_fields.h"
#include "fp_price_text.h"
#include "fp_scan.h"

#define PARTS    20
#define MESSAGES 5000U /* of a part */
#define RUNS_MAX 10000
#define DECIMALS 9

static void
wrong(const char *what)
{
	rte_exit(EXIT_FAILURE, "bench_fix: %s: the figures are void\n", what);
}

static void
run_frame(const struct fix_log *log, struct fix_found *found)
{
	struct fp_cspan rest = fp_cspan_over(log->bytes, log->len);
	struct fp_fix_frame frame;
	struct fp_fix_fault fault;

	while (rest.len != 0) {
		if (fp_fix_frame(rest, &frame, &fault) != 0)
			wrong("a message was refused");
		found->messages++;
		found->tags += frame.trailer - frame.body;
		rest = fp_cspan_slice_from(rest, frame.message.len);
	}
}

static void
run_walk(const struct fix_log *log, struct fix_found *found)
{
	struct fp_cspan rest = fp_cspan_over(log->bytes, log->len);
	struct fp_fix_frame frame;
	struct fp_fix_index index;
	struct fp_fix_fields fields;
	struct fp_fix_field field;
	struct fp_fix_fault fault;

	while (rest.len != 0) {
		if (fp_fix_frame_index(rest, &frame, &index, &fault) != 0)
			wrong("a message was refused");
		fields = fp_fix_fields_begin(&frame, &index);
		while (fp_fix_fields_next(&fields, &field)) {
			found->tags += field.tag;
			found->lengths += field.value.len;
		}
		if (fp_fix_fields_fault(&fields).reason != FP_MALFORMED_COUNT)
			wrong("a field was refused");
		found->messages++;
		rest = fp_cspan_slice_from(rest, frame.message.len);
	}
}

static void
dispatch(const struct fp_fix_field *field, struct fix_found *found)
{
	struct fp_price price;

	switch (field->tag) {
	case 35:
		found->types += fp_cspan_at(field->value, 0);
		break;
	case 52:
		found->lengths += field->value.len;
		break;
	case 55:
		found->symbols += fp_cspan_at(field->value, field->value.len - 1);
		break;
	case 268:
		found->entries += fp_cspan_at(field->value, 0) - '0';
		break;
	case 269:
		found->sides[(fp_cspan_at(field->value, 0) - '0') & 3]++;
		break;
	case 270:
		if (fp_price_parse(field->value, DECIMALS, FP_PRICE_EXCESS_TRUNCATE, &price) != 0)
			wrong("a price was refused");
		found->prices += (uint64_t)price.ticks;
		break;
	case 271:
		found->sizes += field->value.len;
		break;
	case 279:
		found->actions[(fp_cspan_at(field->value, 0) - '0') & 3]++;
		break;
	case 1180:
		found->feeds += field->value.len;
		break;
	case 1181:
		found->sequences += field->value.len;
		break;
	default:
		wrong("a tag that is not in the log");
	}
}

static void
run_dispatch(const struct fix_log *log, struct fix_found *found)
{
	struct fp_cspan rest = fp_cspan_over(log->bytes, log->len);
	struct fp_fix_frame frame;
	struct fp_fix_index index;
	struct fp_fix_fields fields;
	struct fp_fix_field field;
	struct fp_fix_fault fault;

	while (rest.len != 0) {
		if (fp_fix_frame_index(rest, &frame, &index, &fault) != 0)
			wrong("a message was refused");
		fields = fp_fix_fields_begin(&frame, &index);
		while (fp_fix_fields_next(&fields, &field))
			dispatch(&field, found);
		if (fp_fix_fields_fault(&fields).reason != FP_MALFORMED_COUNT)
			wrong("a field was refused");
		found->messages++;
		rest = fp_cspan_slice_from(rest, frame.message.len);
	}
}

/* Each case of the library, then the loop over bytes that finds the same. */
static const struct {
	const char *name;
	void (*run)(const struct fix_log *log, struct fix_found *found);
} cases[] = {
	{ "frame", run_frame },
	{ "frame_bytes", fix_bytes_frame },
	{ "walk", run_walk },
	{ "walk_bytes", fix_bytes_walk },
	{ "dispatch", run_dispatch },
	{ "dispatch_bytes", fix_bytes_dispatch },
};

#define CASES ((int)RTE_DIM(cases))

static int
compare(const void *a, const void *b)
{
	uint64_t left = *(const uint64_t *)a;
	uint64_t right = *(const uint64_t *)b;

	return (left > right) - (left < right);
}

static uint64_t
measure(const struct fix_log *log, int idx, struct fix_found *found)
{
	uint64_t start = rte_rdtsc_precise();

	*found = (struct fix_found){ 0 };
	cases[idx].run(log, found);
	return rte_rdtsc_precise() - start;
}

static void
sample(const struct fix_log *log, uint64_t *const cycles[CASES], long at)
{
	struct fix_found found[CASES];

	for (int idx = 0; idx < CASES; idx++) {
		cycles[idx][at] = measure(log, idx, &found[idx]);
		if (found[idx].messages != log->messages)
			wrong("messages are missing");
		if (idx % 2 != 0 && memcmp(&found[idx], &found[idx - 1], sizeof(found[0])) != 0)
			wrong("two ways to read the log differ");
	}
}

static void
report(const struct fix_log logs[PARTS], uint64_t *const cycles[CASES], long runs)
{
	size_t samples = (size_t)runs * PARTS;
	size_t middle = samples / 2;
	double per_message = 1e9 / (double)rte_get_tsc_hz() / MESSAGES;
	double bytes = 0;
	double fields = 0;

	for (int i = 0; i < PARTS; i++) {
		bytes += logs[i].len;
		fields += logs[i].fields;
	}
	for (int idx = 0; idx < CASES; idx++)
		qsort(cycles[idx], samples, sizeof(uint64_t), compare);
	for (int idx = 0; idx < CASES; idx++) {
		double p50 = (double)cycles[idx][middle];

		printf("{\"bench\": \"fix\", \"case\": \"%s\", \"lifetime\": \"%s\", \"scan\": "
		       "\"%s\", \"runs\": %ld, \"messages\": %u, \"bytes_avg\": %.1f, "
		       "\"fields_avg\": %.1f, \"p50_ns\": %.1f, \"min_ns\": %.1f, \"ratio\": "
		       "%.3f}\n",
			cases[idx].name, FP_LIFETIME_NAME, fp_scan_name(fp_scan_get()), runs,
			PARTS * MESSAGES, bytes / PARTS / MESSAGES, fields / PARTS / MESSAGES,
			p50 * per_message, (double)cycles[idx][0] * per_message,
			p50 / (double)cycles[idx | 1][middle]);
	}
}

int
main(int argc, char **argv)
{
	int eal_argc = rte_eal_init(argc, argv);
	uint64_t *cycles[CASES];
	struct fix_log logs[PARTS];
	long runs;

	if (eal_argc < 0)
		return EXIT_FAILURE;
	runs = argc - eal_argc > 1 ? strtol(argv[eal_argc + 1], NULL, 10) : 21;
	if (runs < 1 || runs > RUNS_MAX) {
		fprintf(stderr, "bench_fix: runs: expected 1 to %d\n", RUNS_MAX);
		return EXIT_FAILURE;
	}
	(void)fp_scan_choose();
	for (int idx = 0; idx < CASES; idx++) {
		cycles[idx] = calloc((size_t)runs * PARTS, sizeof(uint64_t));
		if (cycles[idx] == NULL)
			wrong("there is no memory");
	}
	for (int i = 0; i < PARTS; i++) {
		if (fix_log_init(&logs[i], MESSAGES, (uint64_t)i << 32) != 0)
			wrong("there is no memory");
		sample(&logs[i], cycles, 0); /* warm up */
	}
	for (long i = 0; i < runs * PARTS; i++)
		sample(&logs[i % PARTS], cycles, i);
	report(logs, cycles, runs);
	for (int idx = 0; idx < CASES; idx++)
		free(cycles[idx]);
	for (int i = 0; i < PARTS; i++)
		fix_log_fini(&logs[i]);
	(void)rte_eal_cleanup();
	return EXIT_SUCCESS;
}
