/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * What it costs to read and to write a price, beside what C and C++ offer for it.
 *
 *   parse_mix     d{1,4}[.d{0,4}] at 8 decimals: fp_price_parse(), from_chars(double) and
 *                 llround(), strtod() and llround(), and a loop over the digits with our checks
 *   parse_feed    [-]d{1,5}.d{2,6}, one in eight negative
 *   parse_long    d{1,9}.d{8}: 10 to 18 bytes
 *   parse_dirt    cents as binary floats write them, 17 to 20 bytes: 25929.169999999996; to the
 *                 nearest of 8 decimals
 *   parse_prefix  parse_feed with a SOH behind each: fp_price_parse_prefix() of all that follows
 *   parse_page    parse_mix, each text right against an inaccessible page
 *   format        1 to 12 digits at 4 decimals: fp_price_format(), snprintf("%.4f"), to_chars() of
 *                 the integer with a point put in
 *   timestamp     FIX, 9 digits: fp_timestamp_parse() and fp_timestamp_format()
 *
 * The texts are 65,536 in random order, as views of their exact length, next to each other. A run
 * goes over all of them; the cases take turns run by run, so that a change of the machine's speed
 * hits all of them. Time is what the thread has run: a run of snprintf() takes 10 ms, and on a
 * machine that others use it is nearly always interrupted. "plain" is what CPUs without masked
 * loads get. One JSON line per case: nanoseconds per text, median over the runs, and its
 * ratio to ours of the same group. At the end it says how many of the prices of 17 and more digits
 * each of them got wrong.
 *
 * usage: bench_price [runs]
 */

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "fp_price_text.h"
#include "fp_timestamp.h"
#include "fpi_text_decimal.h"
#include "price_peer.h"

#define TEXTS        65536U
#define TEXT_BYTES   32UL
#define PAGES        2048U
#define RUNS_MAX     1001
#define WARM_UP      3
#define SCALE        1e8
#define DECIMALS     8
#define FORMAT_PLACE 4

/* Texts of one kind, in one buffer without gaps, and with a NUL behind each for strtod(). */
struct texts {
	char *buffer;
	char *terminated;
	struct price_text at[TEXTS];
	uint32_t used;
};

struct bench {
	struct texts mix;
	struct texts feed;
	struct texts wide;
	struct texts dirt;
	struct texts fields;
	struct texts page;
	struct texts stamp;
	int64_t ticks[TEXTS];
	uint64_t ns[TEXTS];
};

static struct bench bench;
static uint64_t random_state = 0x9e3779b97f4a7c15;

static uint64_t
next_random(void)
{
	uint64_t z = (random_state += 0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

static uint32_t
random_to(uint32_t low, uint32_t high)
{
	return low + (uint32_t)(next_random() % (high - low + 1));
}

static uint32_t
put_digits(char *to, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		to[i] = (char)('0' + next_random() % 10);
	return count;
}

static uint32_t
make_mix(char *to)
{
	uint32_t len = put_digits(to, random_to(1, 4));

	if (next_random() % 2 == 0)
		return len;
	to[len++] = '.';
	return len + put_digits(to + len, random_to(0, 4));
}

static uint32_t
make_feed(char *to)
{
	uint32_t len = 0;

	if (next_random() % 8 == 0)
		to[len++] = '-';
	len += put_digits(to + len, random_to(1, 5));
	to[len++] = '.';
	return len + put_digits(to + len, random_to(2, 6));
}

static uint32_t
make_wide(char *to)
{
	uint32_t len = put_digits(to, random_to(1, 9));

	to[len++] = '.';
	return len + put_digits(to + len, 8);
}

static uint32_t
make_dirt(char *to)
{
	int len;

	do {
		double price = (double)random_to(1, 9999999) * 0.01;

		len = snprintf(to, TEXT_BYTES, "%.17g", price);
	} while (len < 17 || len > 20);
	return (uint32_t)len;
}

static uint32_t
make_field(char *to)
{
	uint32_t len = make_feed(to);

	to[len] = '\x01';
	return len + 1;
}

static uint32_t
make_stamp(char *to)
{
	uint32_t written;

	if (fp_timestamp_format(next_random(), FP_TIMESTAMP_FIX, 9,
		    fp_span_over(to, (uint32_t)TEXT_BYTES), &written) != 0)
		abort();
	return written;
}

static void
make_texts(struct texts *texts, uint32_t (*make)(char *to))
{
	texts->buffer = calloc(TEXTS + 1, TEXT_BYTES);
	texts->terminated = calloc(TEXTS + 1, TEXT_BYTES);
	if (texts->buffer == NULL || texts->terminated == NULL)
		abort();
	for (uint32_t i = 0; i < TEXTS; i++) {
		texts->at[i].offset = texts->used;
		texts->at[i].len = make(texts->buffer + texts->used);
		memcpy(texts->terminated + i * TEXT_BYTES, texts->buffer + texts->used,
			texts->at[i].len);
		texts->used += texts->at[i].len;
	}
}

/* The first of the mix, each at the end of a page of its own. */
static void
make_pages(struct texts *texts, const struct texts *mix)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *map = mmap(NULL, 2UL * PAGES * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (map == MAP_FAILED)
		abort();
	texts->buffer = map;
	for (uint32_t i = 0; i < TEXTS; i++) {
		size_t idx = i % PAGES;

		texts->at[i].len = mix->at[idx].len;
		texts->at[i].offset = (uint32_t)((2 * idx + 1) * page) - mix->at[idx].len;
		if (i >= PAGES)
			continue;
		if (mprotect(map + 2 * idx * page, page, PROT_READ | PROT_WRITE) != 0)
			abort();
		memcpy(map + texts->at[i].offset, mix->buffer + mix->at[idx].offset,
			mix->at[idx].len);
	}
}

static struct fp_cspan
view(const struct texts *texts, uint32_t idx)
{
	return fp_cspan_over(texts->buffer + texts->at[idx].offset, texts->at[idx].len);
}

/* The parser's name, and what is to become of digits beyond the scale. */
#define PARSE(name, parse, excess)                                                \
	static uint64_t name(const struct texts *texts)                           \
	{                                                                         \
		uint64_t sum = 0;                                                 \
                                                                                  \
		for (uint32_t i = 0; i < TEXTS; i++) {                            \
			struct fp_price price;                                    \
                                                                                  \
			if (parse(view(texts, i), DECIMALS, excess, &price) != 0) \
				abort();                                          \
			sum += (uint64_t)price.ticks;                             \
		}                                                                 \
		return sum;                                                       \
	}

PARSE(parse_ours, fp_price_parse, FP_PRICE_EXCESS_REFUSE)
PARSE(parse_plain, fpi_price_parse_plain, FP_PRICE_EXCESS_REFUSE)
PARSE(round_ours, fp_price_parse, FP_PRICE_EXCESS_HALF_AWAY)
PARSE(round_plain, fpi_price_parse_plain, FP_PRICE_EXCESS_HALF_AWAY)

/* All that follows is given; the text ends where its number does. */
static uint64_t
parse_prefixes(const struct texts *texts)
{
	struct fp_cspan all = fp_cspan_over(texts->buffer, texts->used);
	uint64_t sum = 0;

	for (uint32_t i = 0; i < TEXTS; i++) {
		struct fp_price price;
		uint32_t consumed;

		if (fp_price_parse_prefix(fp_cspan_slice_from(all, texts->at[i].offset), DECIMALS,
			    FP_PRICE_EXCESS_REFUSE, &price, &consumed) != 0 ||
			consumed + 1 != texts->at[i].len)
			abort();
		sum += (uint64_t)price.ticks;
	}
	return sum;
}

/* Byte by byte, with the checks of ours: the form of the text, and 64 bits. */
static int
parse_loop_one(const char *text, uint32_t len, int64_t *ticks)
{
	uint32_t pos = text[0] == '-';
	uint32_t digits = 0;
	uint32_t behind = 0;
	bool has_point = false;
	uint64_t value = 0;

	for (; pos < len; pos++) {
		uint32_t digit = (uint32_t)(uint8_t)text[pos] - '0';

		if (digit <= 9) {
			if (__builtin_mul_overflow(value, 10, &value) ||
				__builtin_add_overflow(value, digit, &value))
				return -1;
			digits++;
			behind += has_point;
		} else if (text[pos] == '.' && !has_point) {
			has_point = true;
		} else {
			return -1;
		}
	}
	if (digits == 0 || behind > DECIMALS)
		return -1;
	for (; behind < DECIMALS; behind++) {
		if (__builtin_mul_overflow(value, 10, &value))
			return -1;
	}
	if (value > INT64_MAX)
		return -1;
	*ticks = text[0] == '-' ? -(int64_t)value : (int64_t)value;
	return 0;
}

static uint64_t
parse_loop(const struct texts *texts)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < TEXTS; i++) {
		int64_t ticks;

		if (parse_loop_one(texts->buffer + texts->at[i].offset, texts->at[i].len, &ticks) !=
			0)
			abort();
		sum += (uint64_t)ticks;
	}
	return sum;
}

static uint64_t
parse_strtod(const struct texts *texts)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < TEXTS; i++) {
		const char *text = texts->terminated + i * TEXT_BYTES;

		sum += (uint64_t)llround(strtod(text, NULL) * SCALE);
	}
	return sum;
}

static uint64_t
parse_from_chars(const struct texts *texts)
{
#if HAS_PRICE_PEER
	return price_peer_from_chars(texts->buffer, texts->at, TEXTS, SCALE);
#else
	return texts->used;
#endif
}

static uint64_t
format_ours(const struct texts *texts)
{
	uint8_t to[FP_PRICE_TEXT_MAX + 11];
	uint64_t sum = 0;

	(void)texts;
	for (uint32_t i = 0; i < TEXTS; i++) {
		struct fp_price price = { bench.ticks[i] };
		uint32_t written;

		if (fp_price_format(price, FORMAT_PLACE, fp_span_over(to, sizeof(to)), &written) !=
			0)
			abort();
		sum += written;
		__asm__ volatile("" : : "r"(to) : "memory");
	}
	return sum;
}

static uint64_t
format_snprintf(const struct texts *texts)
{
	char to[64];
	uint64_t sum = 0;

	(void)texts;
	for (uint32_t i = 0; i < TEXTS; i++) {
		double price = (double)bench.ticks[i] / 1e4;

		sum += (uint64_t)snprintf(to, sizeof(to), "%.*f", FORMAT_PLACE, price);
	}
	return sum;
}

static uint64_t
format_to_chars(const struct texts *texts)
{
	char to[64];

	(void)texts;
#if HAS_PRICE_PEER
	return price_peer_to_chars(bench.ticks, TEXTS, FORMAT_PLACE, to);
#else
	return sizeof(to);
#endif
}

static uint64_t
parse_stamps(const struct texts *texts)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < TEXTS; i++) {
		uint64_t ns;

		if (fp_timestamp_parse(view(texts, i), FP_TIMESTAMP_FIX, &ns) != 0)
			abort();
		sum += ns;
	}
	return sum;
}

static uint64_t
format_stamps(const struct texts *texts)
{
	uint8_t to[FP_TIMESTAMP_TEXT_MAX];
	uint64_t sum = 0;

	(void)texts;
	for (uint32_t i = 0; i < TEXTS; i++) {
		uint32_t written;

		if (fp_timestamp_format(bench.ns[i], FP_TIMESTAMP_FIX, 9,
			    fp_span_over(to, sizeof(to)), &written) != 0)
			abort();
		sum += written;
		__asm__ volatile("" : : "r"(to) : "memory");
	}
	return sum;
}

static const struct {
	const char *group;
	const char *name;
	uint64_t (*run)(const struct texts *texts);
	const struct texts *texts;
} cases[] = {
	{ "parse_mix", "fp_price_parse", parse_ours, &bench.mix },
	{ "parse_mix", "plain", parse_plain, &bench.mix },
	{ "parse_mix", "from_chars", parse_from_chars, &bench.mix },
	{ "parse_mix", "strtod", parse_strtod, &bench.mix },
	{ "parse_mix", "loop", parse_loop, &bench.mix },
	{ "parse_feed", "fp_price_parse", parse_ours, &bench.feed },
	{ "parse_feed", "plain", parse_plain, &bench.feed },
	{ "parse_feed", "from_chars", parse_from_chars, &bench.feed },
	{ "parse_feed", "strtod", parse_strtod, &bench.feed },
	{ "parse_feed", "loop", parse_loop, &bench.feed },
	{ "parse_long", "fp_price_parse", parse_ours, &bench.wide },
	{ "parse_long", "plain", parse_plain, &bench.wide },
	{ "parse_long", "from_chars", parse_from_chars, &bench.wide },
	{ "parse_long", "strtod", parse_strtod, &bench.wide },
	{ "parse_long", "loop", parse_loop, &bench.wide },
	{ "parse_dirt", "fp_price_parse", round_ours, &bench.dirt },
	{ "parse_dirt", "plain", round_plain, &bench.dirt },
	{ "parse_dirt", "from_chars", parse_from_chars, &bench.dirt },
	{ "parse_dirt", "strtod", parse_strtod, &bench.dirt },
	{ "parse_prefix", "fp_price_parse_prefix", parse_prefixes, &bench.fields },
	{ "parse_prefix", "from_chars", parse_from_chars, &bench.fields },
	{ "parse_page", "fp_price_parse", parse_ours, &bench.page },
	{ "parse_page", "from_chars", parse_from_chars, &bench.page },
	{ "parse_page", "loop", parse_loop, &bench.page },
	{ "format", "fp_price_format", format_ours, NULL },
	{ "format", "snprintf", format_snprintf, NULL },
	{ "format", "to_chars", format_to_chars, NULL },
	{ "timestamp", "fp_timestamp_parse", parse_stamps, &bench.stamp },
	{ "timestamp", "fp_timestamp_format", format_stamps, NULL },
};

#define CASES ((int)(sizeof(cases) / sizeof(cases[0])))

static int
compare(const void *a, const void *b)
{
	double left = *(const double *)a;
	double right = *(const double *)b;

	return (left > right) - (left < right);
}

static double
measure(int idx, uint64_t *sum)
{
	struct timespec start;
	struct timespec end;

	(void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &start);
	*sum += cases[idx].run(cases[idx].texts);
	(void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end);
	return ((double)(end.tv_sec - start.tv_sec) * 1e9 + (double)(end.tv_nsec - start.tv_nsec)) /
		TEXTS;
}

/* Prices of 17 and 18 digits: the price is the digits, so that what is right is known. */
static void
report_wrong(void)
{
	char text[24];
	uint32_t ours = 0;
	uint32_t from_chars = 0;
	uint32_t by_strtod = 0;

	for (uint32_t i = 0; i < TEXTS; i++) {
		uint32_t whole = random_to(9, 10);
		struct fp_price price = { 0 };
		int64_t right;
		int error;

		put_digits(text, whole + 1 + DECIMALS);
		text[0] = (char)('1' + next_random() % 9);
		text[whole + DECIMALS] = '\0';
		right = (int64_t)strtoll(text, NULL, 10);
		memmove(text + whole + 1, text + whole, DECIMALS);
		text[whole] = '.';
		text[whole + 1 + DECIMALS] = '\0';
		error = fp_price_parse(fp_cspan_over(text, whole + 1 + DECIMALS), DECIMALS,
			FP_PRICE_EXCESS_REFUSE, &price);
		ours += error != 0 || price.ticks != right;
		by_strtod += llround(strtod(text, NULL) * SCALE) != right;
#if HAS_PRICE_PEER
		from_chars += price_peer_from_chars_one(text, whole + 1 + DECIMALS, SCALE) != right;
#endif
	}
	printf("{\"bench\": \"price\", \"case\": \"wrong_of_%u\", \"fp_price_parse\": %u, "
	       "\"from_chars\": %u, \"strtod\": %u}\n",
		TEXTS, ours, from_chars, by_strtod);
}

int
main(int argc, char **argv)
{
	static double times[CASES][RUNS_MAX];
	long runs = argc > 1 ? strtol(argv[1], NULL, 10) : 21;
	uint64_t sums[CASES] = { 0 };
	double ours = 1;

	if (runs < 1 || runs > RUNS_MAX) {
		fprintf(stderr, "bench_price: runs: expected 1 to %d\n", RUNS_MAX);
		return EXIT_FAILURE;
	}
	make_texts(&bench.mix, make_mix);
	make_texts(&bench.feed, make_feed);
	make_texts(&bench.wide, make_wide);
	make_texts(&bench.dirt, make_dirt);
	make_texts(&bench.fields, make_field);
	make_texts(&bench.stamp, make_stamp);
	make_pages(&bench.page, &bench.mix);
	for (uint32_t i = 0; i < TEXTS; i++) {
		static const int64_t limits[] = { 10, 100, 1000, 10000, 100000, 1000000, 10000000,
			100000000, 1000000000, 10000000000, 100000000000, 1000000000000 };

		bench.ticks[i] = (int64_t)next_random() % limits[next_random() % 12];
		bench.ns[i] = next_random();
	}
	for (long i = -WARM_UP; i < runs; i++) {
		for (int idx = 0; idx < CASES; idx++)
			times[idx][i < 0 ? 0 : i] = measure(idx, &sums[idx]);
	}
	for (int idx = 0; idx < CASES; idx++) {
		double p50;

		qsort(times[idx], (size_t)runs, sizeof(double), compare);
		p50 = times[idx][runs / 2];
		if (idx == 0 || strcmp(cases[idx].group, cases[idx - 1].group) != 0)
			ours = p50;
		printf("{\"bench\": \"price\", \"group\": \"%s\", \"case\": \"%s\", "
		       "\"lifetime\": \"%s\", \"runs\": %ld, \"texts\": %u, \"p50_ns\": %.2f, "
		       "\"ours_ratio\": %.2f, \"sum\": %" PRIu64 "}\n",
			cases[idx].group, cases[idx].name, FP_LIFETIME_NAME, runs, TEXTS, p50,
			ours / p50, sums[idx]);
	}
	report_wrong();
	return EXIT_SUCCESS;
}
