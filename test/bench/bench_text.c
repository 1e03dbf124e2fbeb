/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * What numbers as text cost, beside std::to_chars, std::from_chars, {fmt} and snprintf.
 *
 *   format   fp_text_write_i64(), each number into a slot of its own
 *   exact    fp_text_read_i64() of views that end with the number, as a field does, one behind the
 *            other with a byte between them
 *   prefix   the same of views of 32 bytes that begin with the number
 *   _plain   the same in C, as on a CPU without AVX-512
 *
 * A set is 65,536 random numbers, more than a branch predictor learns: as many of each number of
 * digits, one in eight negative where the digits vary. Cases take turns, set by set; one JSON line
 * per case, in ns per number, with the median of its ratio to each peer, turn by turn.
 *
 * usage: bench_text [turns]
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "fp_text_format.h"
#include "fp_text_parse.h"
#include "fpi_text_decimal.h"
#include "text_peers.h"

#define TURNS_MAX 1001

/* A loop over a set, and its figures. */
struct bench_case {
	const char *name;
	void (*run)(struct text_set *set);
	double ns[TURNS_MAX]; /* per number */
};

static struct text_set set;
static uint8_t packed[TEXT_NUMBERS * TEXT_SLOT + TEXT_SLOT];

/* A loop that went wrong has no figures. */
static void
void_figures(void)
{
	fprintf(stderr, "bench_text: a number was refused or is another: the figures are void\n");
	_exit(EXIT_FAILURE);
}

static void
run_write(struct text_set *numbers)
{
	for (uint32_t i = 0; i < TEXT_NUMBERS; i++) {
		struct fp_span to = fp_span_over(numbers->slots + i * TEXT_SLOT, TEXT_SLOT);

		if (fp_text_write_i64(numbers->values[i], to, &numbers->lens[i]) != 0)
			void_figures();
	}
}

static void
run_read(struct text_set *numbers)
{
	for (uint32_t i = 0; i < TEXT_NUMBERS; i++) {
		struct fp_cspan text = fp_cspan_over(numbers->texts[i], numbers->text_lens[i]);
		uint32_t consumed;

		if (fp_text_read_i64(text, &numbers->results[i], &consumed) != 0)
			void_figures();
	}
}

static void
run_write_plain(struct text_set *numbers)
{
	for (uint32_t i = 0; i < TEXT_NUMBERS; i++) {
		struct fp_span to = fp_span_over(numbers->slots + i * TEXT_SLOT, TEXT_SLOT);

		if (fpi_text_write_i64_plain(numbers->values[i], to, &numbers->lens[i]) != 0)
			void_figures();
	}
}

static void
run_read_plain(struct text_set *numbers)
{
	for (uint32_t i = 0; i < TEXT_NUMBERS; i++) {
		struct fp_cspan text = fp_cspan_over(numbers->texts[i], numbers->text_lens[i]);
		uint32_t consumed;

		if (fpi_text_read_i64_plain(text, &numbers->results[i], &consumed) != 0)
			void_figures();
	}
}

static void
run_snprintf(struct text_set *numbers)
{
	for (uint32_t i = 0; i < TEXT_NUMBERS; i++) {
		numbers->lens[i] = (uint32_t)snprintf((char *)numbers->slots + i * TEXT_SLOT,
			TEXT_SLOT, "%lld", (long long)numbers->values[i]);
	}
}

static uint64_t
next_random(void)
{
	static uint64_t state = UINT64_C(88172645463325252);

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state * UINT64_C(0x2545f4914f6cdd1d);
}

static void
make_numbers(uint32_t digits_min, uint32_t digits_max)
{
	for (uint32_t i = 0; i < TEXT_NUMBERS; i++) {
		uint32_t digits =
			digits_min + (uint32_t)(next_random() % (digits_max - digits_min + 1));
		uint64_t low = 1;
		uint64_t value;

		for (uint32_t n = 1; n < digits; n++)
			low *= 10;
		value = digits == 1 ? next_random() % 10 : low + next_random() % (9 * low);
		if (value > INT64_MAX)
			value = INT64_MAX;
		if (digits_min != digits_max && next_random() % 8 == 0)
			value = 0 - value;
		set.values[i] = (int64_t)value;
	}
}

/* Texts to read: one behind the other, or in slots with something behind them. */
static void
make_texts(bool is_exact)
{
	uint8_t *next = packed;

	for (uint32_t i = 0; i < TEXT_NUMBERS; i++) {
		memset(next, '\x01', TEXT_SLOT);
		set.text_lens[i] =
			(uint32_t)sprintf((char *)next, "%lld", (long long)set.values[i]);
		next[set.text_lens[i]] = '\x01';
		set.texts[i] = next;
		next += is_exact ? set.text_lens[i] + 1 : TEXT_SLOT;
		if (!is_exact)
			set.text_lens[i] = TEXT_SLOT;
	}
}

static double
now_ns(void)
{
	struct timespec time;

	(void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
	return 1e9 * (double)time.tv_sec + (double)time.tv_nsec;
}

static int
compare(const void *a, const void *b)
{
	double left = *(const double *)a;
	double right = *(const double *)b;

	return (left > right) - (left < right);
}

static double
median(const double *of, int turns)
{
	static double sorted[TURNS_MAX];

	memcpy(sorted, of, (size_t)turns * sizeof(of[0]));
	qsort(sorted, (size_t)turns, sizeof(sorted[0]), compare);
	return sorted[turns / 2];
}

/* Median over the turns of one case's time by another's. */
static double
ratio(const struct bench_case *a, const struct bench_case *b, int turns)
{
	static double ratios[TURNS_MAX];

	for (int turn = 0; turn < turns; turn++)
		ratios[turn] = a->ns[turn] / b->ns[turn];
	return median(ratios, turns);
}

/* Run the cases in turn; the first @ours of them are the library's. */
static void
run_cases(const char *what, struct bench_case *cases, int count, int ours, int turns)
{
	for (int turn = -2; turn < turns; turn++) {
		for (int i = 0; i < count; i++) {
			double start = now_ns();

			cases[i].run(&set);
			cases[i].ns[turn < 0 ? 0 : turn] = (now_ns() - start) / TEXT_NUMBERS;
		}
	}
	for (int i = 0; i < ours; i++) {
		printf("{\"bench\": \"text\", \"set\": \"%s\", \"case\": \"%s\", \"lifetime\": "
		       "\"%s\", \"turns\": %d, \"p50_ns\": %.2f",
			what, cases[i].name, FP_LIFETIME_NAME, turns, median(cases[i].ns, turns));
		for (int k = ours; k < count; k++) {
			printf(", \"%s_ns\": %.2f, \"%s_ratio\": %.2f", cases[k].name,
				median(cases[k].ns, turns), cases[k].name,
				ratio(&cases[i], &cases[k], turns));
		}
		printf("}\n");
	}
}

static void
check_results(void)
{
	for (uint32_t i = 0; i < TEXT_NUMBERS; i++) {
		if (set.results[i] != set.values[i])
			void_figures();
	}
}

static void
bench_set(uint32_t digits_min, uint32_t digits_max, int turns)
{
	static struct bench_case writers[] = { { "format", run_write, { 0 } },
		{ "format_plain", run_write_plain, { 0 } }, { "to_chars", peer_to_chars, { 0 } },
		{ "format_int", peer_format_int, { 0 } }, { "format_to", peer_format_to, { 0 } },
		{ "snprintf", run_snprintf, { 0 } } };
	static struct bench_case readers[] = { { "", run_read, { 0 } },
		{ "", run_read_plain, { 0 } }, { "from_chars", peer_from_chars, { 0 } } };
	char what[16];

	(void)snprintf(what, sizeof(what), "%u-%u", digits_min, digits_max);
	make_numbers(digits_min, digits_max);
	run_cases(what, writers, 6, 2, turns);
	for (int is_exact = 1; is_exact >= 0; is_exact--) {
		readers[0].name = is_exact != 0 ? "exact" : "prefix";
		readers[1].name = is_exact != 0 ? "exact_plain" : "prefix_plain";
		make_texts(is_exact != 0);
		run_cases(what, readers, 3, 2, turns);
		check_results();
		run_read(&set);
		check_results();
	}
}

int
main(int argc, char **argv)
{
	long turns = argc > 1 ? strtol(argv[1], NULL, 10) : 101;

	if (turns < 1 || turns > TURNS_MAX) {
		fprintf(stderr, "bench_text: turns: expected 1 to %d\n", TURNS_MAX);
		return EXIT_FAILURE;
	}
	bench_set(1, 19, (int)turns);
	bench_set(5, 9, (int)turns);
	bench_set(7, 7, (int)turns);
	return EXIT_SUCCESS;
}
