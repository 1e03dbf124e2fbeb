/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * What writing a FIX message costs: a snapshot of about 160 bytes with a session's header and two
 * entries, whose numbers differ in value and length from message to message.
 *
 *   template   the message is there already and is copied by memcpy(): the least that can be done
 *   writer     fp_fix_writer, tags are constants
 *   variable   the same, tags are variables
 *   second     fp_fix_writer, and one pass over the message as if its sum were yet to be made
 *   plain      loops that write digit by digit, and a pass over the message for its sum
 *   snprintf   one call for the fields, one for the begin, and a pass for the sum
 *
 * All write the same bytes, which is checked before. A sample is one batch over messages in an
 * order that repeats after 4096 only, so that no branch is learnt; cases take turns batch by batch.
 * One JSON line per case, in cycles of the time-stamp counter per message; the ratios are those of
 * the medians.
 *
 * usage: bench_fix_writer [samples]
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_common.h>
#include <rte_cycles.h>

#include "fp_fix_writer.h"

#define QUOTES      4096
#define BATCH       512
#define TEXT_MAX    256
#define SAMPLES_MAX 100000
#define WARM_UP     16

#define DAY_NS UINT64_C(86400000000000)

struct quote {
	uint64_t sequence;
	uint64_t ns;
	struct fp_symbol8 symbol;
	struct fp_price prices[2];
	struct fp_qty sizes[2];
	uint32_t len;        /* of the message */
	char text[TEXT_MAX]; /* the message */
};

struct bench {
	struct quote *quotes;
	uint32_t next;
	uint8_t out[TEXT_MAX];
};

typedef uint32_t (*write_fn)(const struct quote *quote, uint8_t *out);

/* The compiler must take it for used. */
static inline void
keep(const void *memory)
{
	__asm__ volatile("" : : "r"(memory) : "memory");
}

/* The compiler must not know it. */
static inline uint32_t
hidden(uint32_t value)
{
	__asm__ volatile("" : "+r"(value));
	return value;
}

static uint32_t
write_template(const struct quote *quote, uint8_t *out)
{
	memcpy(out, quote->text, quote->len);
	return quote->len;
}

#define WRITE_MESSAGE(TAG)                                                                   \
	do {                                                                                 \
		struct fp_writer writer = fp_writer_open(fp_span_over(out, TEXT_MAX));       \
		struct fp_fix_writer message;                                                \
		int error;                                                                   \
                                                                                             \
		fp_fix_writer_begin(&message, &writer, FP_FIX_4_4, "W");                     \
		error = fp_fix_write_bytes(&message, TAG(49), fp_cspan_over("EXCHANGE", 8)); \
		error |= fp_fix_write_bytes(&message, TAG(56), fp_cspan_over("FIRM01", 6));  \
		fp_fix_write_u64(&message, TAG(34), quote->sequence);                        \
		fp_fix_write_timestamp(&message, TAG(52), quote->ns, 9);                     \
		error |= fp_fix_write_symbol8(&message, TAG(55), quote->symbol);             \
		fp_fix_write_count(&message, TAG(268), 2);                                   \
		for (int i = 0; i < 2; i++) {                                                \
			fp_fix_write_char(&message, TAG(269), (char)('0' + i));              \
			fp_fix_write_price(&message, TAG(270), quote->prices[i], 4);         \
			fp_fix_write_qty(&message, TAG(271), quote->sizes[i]);               \
		}                                                                            \
		return error != 0 ? 0 : fp_fix_writer_end(&message);                         \
	} while (0)

#define CONSTANT(tag) (tag)
#define VARIABLE(tag) hidden(tag)

static uint32_t
write_writer(const struct quote *quote, uint8_t *out)
{
	WRITE_MESSAGE(CONSTANT);
}

static uint32_t
write_variable(const struct quote *quote, uint8_t *out)
{
	WRITE_MESSAGE(VARIABLE);
}

static uint8_t
sum_of(const uint8_t *from, uint32_t len)
{
	uint8_t sum = 0;

	for (uint32_t i = 0; i < len; i++)
		sum = (uint8_t)(sum + from[i]);
	return sum;
}

static uint32_t
write_second(const struct quote *quote, uint8_t *out)
{
	uint32_t len = write_writer(quote, out);
	uint8_t sum = sum_of(out, len - FP_FIX_TRAILER_BYTES);

	keep(&sum);
	return len;
}

/* Put the begin before a body at out + 18, and the trailer behind it. */
static uint32_t
finish(uint8_t *out, uint32_t len)
{
	char begin[32];
	uint8_t sum;

	(void)snprintf(begin, sizeof(begin), "8=FIX.4.4\0019=%05u\001", len);
	memcpy(out, begin, 18);
	sum = sum_of(out, 18 + len);
	return 18 + len + (uint32_t)sprintf((char *)out + 18 + len, "10=%03u\001", sum);
}

static uint32_t
write_snprintf(const struct quote *quote, uint8_t *out)
{
	char day[32];
	int len;

	(void)snprintf(day, sizeof(day), "20240229-%02u:%02u:%02u.%09u",
		(uint32_t)(quote->ns % DAY_NS / UINT64_C(3600000000000)),
		(uint32_t)(quote->ns / UINT64_C(60000000000) % 60),
		(uint32_t)(quote->ns / 1000000000 % 60), (uint32_t)(quote->ns % 1000000000));
	len = snprintf((char *)out + 18, TEXT_MAX - 18,
		"35=W\00149=EXCHANGE\00156=FIRM01\00134=%" PRIu64
		"\00152=%s\00155=%.8s\001268=2\001"
		"269=0\001270=%" PRId64 ".%04u\001271=%" PRId64 "\001"
		"269=1\001270=%" PRId64 ".%04u\001271=%" PRId64 "\001",
		quote->sequence, day, quote->symbol.text, quote->prices[0].ticks / 10000,
		(uint32_t)(quote->prices[0].ticks % 10000), quote->sizes[0].units,
		quote->prices[1].ticks / 10000, (uint32_t)(quote->prices[1].ticks % 10000),
		quote->sizes[1].units);
	return finish(out, (uint32_t)len);
}

static uint8_t *
plain_text(uint8_t *to, const char *text)
{
	while (*text != '\0')
		*to++ = (uint8_t)*text++;
	return to;
}

/* At least so many digits. */
static uint8_t *
plain_digits(uint8_t *to, uint64_t value, int least)
{
	char digits[21];
	int count = 0;

	do {
		digits[count++] = (char)('0' + value % 10);
		value /= 10;
	} while (value != 0 || count < least);
	while (count > 0)
		*to++ = (uint8_t)digits[--count];
	return to;
}

static uint32_t
write_plain(const struct quote *quote, uint8_t *out)
{
	uint8_t *to =
		plain_text(out, "8=FIX.4.4\0019=00000\00135=W\00149=EXCHANGE\00156=FIRM01\00134=");
	uint32_t len;

	to = plain_digits(to, quote->sequence, 1);
	to = plain_text(to, "\00152=20240229-");
	to = plain_digits(to, quote->ns % DAY_NS / UINT64_C(3600000000000), 2);
	*to++ = ':';
	to = plain_digits(to, quote->ns / UINT64_C(60000000000) % 60, 2);
	*to++ = ':';
	to = plain_digits(to, quote->ns / 1000000000 % 60, 2);
	*to++ = '.';
	to = plain_digits(to, quote->ns % 1000000000, 9);
	to = plain_text(to, "\00155=");
	for (int i = 0; i < 8 && quote->symbol.text[i] != '\0'; i++)
		*to++ = (uint8_t)quote->symbol.text[i];
	to = plain_text(to, "\001268=2\001");
	for (int i = 0; i < 2; i++) {
		to = plain_text(to, i == 0 ? "269=0\001270=" : "269=1\001270=");
		to = plain_digits(to, (uint64_t)quote->prices[i].ticks / 10000, 1);
		*to++ = '.';
		to = plain_digits(to, (uint64_t)quote->prices[i].ticks % 10000, 4);
		to = plain_text(to, "\001271=");
		to = plain_digits(to, (uint64_t)quote->sizes[i].units, 1);
		*to++ = FP_FIX_SOH;
	}
	len = (uint32_t)(to - out);
	(void)plain_digits(out + 12, len - 18, 5);
	to = plain_text(to, "10=");
	to = plain_digits(to, sum_of(out, len), 3);
	*to++ = FP_FIX_SOH;
	return (uint32_t)(to - out);
}

static const struct {
	const char *name;
	write_fn write;
} cases[] = {
	{ "template", write_template },
	{ "writer", write_writer },
	{ "variable", write_variable },
	{ "second", write_second },
	{ "plain", write_plain },
	{ "snprintf", write_snprintf },
};

#define CASES ((int)RTE_DIM(cases))

static uint64_t
next_random(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

/* A number of 1 to @p digits digits; each length as often as the others. */
static uint64_t
random_number(uint64_t *seed, uint64_t digits)
{
	uint64_t limit = 10;

	for (uint64_t i = next_random(seed) % digits; i > 0; i--)
		limit *= 10;
	return next_random(seed) % (limit - limit / 10) + limit / 10;
}

/* Make the messages: 0, or -1 when the cases do not write the same. */
static int
prepare(struct bench *bench)
{
	uint64_t seed = UINT64_C(0x2545f4914f6cdd1d);

	for (uint32_t i = 0; i < QUOTES; i++) {
		struct quote *quote = &bench->quotes[i];
		uint64_t letters = next_random(&seed) % 6 + 3;

		quote->sequence = random_number(&seed, 8);
		quote->ns = UINT64_C(1709164800000000000) + next_random(&seed) % DAY_NS;
		for (uint64_t j = 0; j < letters; j++)
			quote->symbol.text[j] = (char)('A' + next_random(&seed) % 26);
		for (int j = 0; j < 2; j++) {
			quote->prices[j].ticks = (int64_t)random_number(&seed, 9);
			quote->sizes[j].units = (int64_t)random_number(&seed, 6);
		}
		quote->len = write_snprintf(quote, (uint8_t *)quote->text);
		for (int j = 0; j < CASES; j++) {
			memset(bench->out, 0, TEXT_MAX);
			if (cases[j].write(quote, bench->out) != quote->len ||
				memcmp(bench->out, quote->text, quote->len) != 0) {
				fprintf(stderr, "bench_fix_writer: %s: another message\n",
					cases[j].name);
				return -1;
			}
		}
	}
	return 0;
}

static int
compare(const void *a, const void *b)
{
	uint64_t left = *(const uint64_t *)a;
	uint64_t right = *(const uint64_t *)b;

	return (left > right) - (left < right);
}

/* Cycles of one batch. */
static uint64_t
measure(struct bench *bench, int idx)
{
	write_fn write = cases[idx].write;
	uint64_t start = rte_rdtsc_precise();

	for (uint32_t i = 0; i < BATCH; i++) {
		uint32_t len = write(&bench->quotes[(bench->next + i) % QUOTES], bench->out);

		keep(bench->out + len);
	}
	return rte_rdtsc_precise() - start;
}

static uint64_t batches[CASES][SAMPLES_MAX];

static void
report(long samples, const struct bench *bench)
{
	double p50[CASES], bytes = 0;
	long middle = samples / 2, late = samples * 99 / 100;

	for (uint32_t i = 0; i < QUOTES; i++)
		bytes += bench->quotes[i].len;
	for (int idx = 0; idx < CASES; idx++) {
		qsort(batches[idx], (size_t)samples, sizeof(uint64_t), compare);
		p50[idx] = (double)batches[idx][middle] / BATCH;
	}
	for (int idx = 0; idx < CASES; idx++) {
		printf("{\"bench\": \"fix_writer\", \"case\": \"%s\", \"lifetime\": \"%s\", "
		       "\"samples\": %ld, \"message_bytes\": %.1f, \"p50_cycles\": %.1f, "
		       "\"p99_cycles\": %.1f, \"ratio_to_template\": %.2f, "
		       "\"ratio_to_snprintf\": %.3f}\n",
			cases[idx].name, FP_LIFETIME_NAME, samples, bytes / QUOTES, p50[idx],
			(double)batches[idx][late] / BATCH, p50[idx] / p50[0],
			p50[idx] / p50[CASES - 1]);
	}
}

int
main(int argc, char **argv)
{
	long samples = argc > 1 ? strtol(argv[1], NULL, 10) : 1000;
	static struct quote quotes[QUOTES];
	struct bench bench = { .quotes = quotes };

	if (samples < 1 || samples > SAMPLES_MAX) {
		fprintf(stderr, "bench_fix_writer: samples: expected 1 to %d\n", SAMPLES_MAX);
		return EXIT_FAILURE;
	}
	if (prepare(&bench) != 0)
		return EXIT_FAILURE;
	for (long i = -WARM_UP; i < samples; i++) {
		for (int idx = 0; idx < CASES; idx++)
			batches[idx][RTE_MAX(i, 0L)] = measure(&bench, idx);
		bench.next += BATCH;
	}
	report(samples, &bench);
	return EXIT_SUCCESS;
}
