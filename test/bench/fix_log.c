/* SPDX-License-Identifier: BSD-3-Clause */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fix_log.h"

/* A message that is put together. */
struct text {
	char bytes[FIX_LOG_MESSAGE_MAX];
	uint32_t len;
	uint32_t fields;
};

/* splitmix64 */
static uint64_t
next(uint64_t *state)
{
	uint64_t word = *state += UINT64_C(0x9e3779b97f4a7c15);

	word = (word ^ word >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	word = (word ^ word >> 27) * UINT64_C(0x94d049bb133111eb);
	return word ^ word >> 31;
}

static uint32_t
below(uint64_t *state, uint32_t limit)
{
	return (uint32_t)((next(state) >> 32) * limit >> 32);
}

static void
put(struct text *text, uint32_t tag, const char *value)
{
	int len = snprintf(
		text->bytes + text->len, sizeof(text->bytes) - text->len, "%u=%s\001", tag, value);

	text->len += (uint32_t)len;
	text->fields++;
}

static void
put_number(struct text *text, uint32_t tag, uint64_t number)
{
	char value[24];

	snprintf(value, sizeof(value), "%" PRIu64, number);
	put(text, tag, value);
}

/* 1 to 5 digits, and 0 to 6 decimals; one of 16 has 12. */
static void
put_price(struct text *text, uint32_t tag, uint64_t *state)
{
	static const uint32_t limits[] = { 10, 100, 1000, 10000, 100000 };
	uint32_t whole = below(state, limits[below(state, 5)]);
	int decimals = below(state, 16) == 0 ? 12 : (int)below(state, 7);
	char value[40];
	char digits[16];

	snprintf(digits, sizeof(digits), "%012" PRIu64, next(state) % UINT64_C(1000000000000));
	if (decimals == 0) {
		put_number(text, tag, whole);
		return;
	}
	snprintf(value, sizeof(value), "%" PRIu32 ".%.*s", whole, decimals, digits);
	put(text, tag, value);
}

/* A quantity. */
static void
put_size(struct text *text, uint64_t *state)
{
	put_number(text, 271, next(state) >> (40 + below(state, 20)));
}

/* Of any letters. */
static void
put_symbol(struct text *text, uint64_t *state)
{
	char value[16];
	uint32_t len = 2 + below(state, 7);

	for (uint32_t i = 0; i < len; i++)
		value[i] = (char)('A' + below(state, 26));
	value[len] = '\0';
	put(text, 55, value);
}

static void
put_entry(struct text *text, uint64_t *state, int is_first)
{
	put_number(text, 279, below(state, 3));
	put_number(text, 269, below(state, 3));
	if (is_first || below(state, 4) == 0)
		put_symbol(text, state);
	put_price(text, 270, state);
	if (below(state, 4) == 0)
		put_size(text, state);
}

static void
put_time(struct text *text, uint32_t tag, uint64_t *state)
{
	char time[32];

	snprintf(time, sizeof(time), "20260102-%02u:%02u:%02u.%03u", below(state, 24),
		below(state, 60), below(state, 60), below(state, 1000));
	put(text, tag, time);
}

static void
make(struct text *text, uint64_t *state, uint64_t sequence)
{
	uint32_t entries = 1 + below(state, 3);

	text->len = 0;
	text->fields = 0;
	put(text, 35, below(state, 2) == 0 ? "W" : "X");
	put_time(text, 52, state);
	put_number(text, 1180, 1 + below(state, 300));
	put_number(text, 1181, sequence);
	put_number(text, 268, entries);
	for (uint32_t i = 0; i < entries; i++)
		put_entry(text, state, i == 0);
}

/* One of FIX_LOG_SYMBOLS, of 2 to 7 letters that its number gives. */
static void
put_known_symbol(struct text *text, uint64_t *state)
{
	uint64_t number = below(state, FIX_LOG_SYMBOLS);
	char value[16];
	uint32_t len = 2;

	value[0] = (char)('A' + number % 26);
	value[1] = (char)('A' + number / 26 % 26);
	for (uint64_t rest = number / 676, extra = number % 6; rest != 0 || len < 2 + extra;
		rest /= 26)
		value[len++] = (char)('A' + rest % 26);
	value[len] = '\0';
	put(text, 55, value);
}

/* An entry that makes sense by itself: a level or a trade. */
static void
put_whole_entry(struct text *text, uint64_t *state, int is_first, int is_increment)
{
	uint32_t action = below(state, 3);

	if (is_increment)
		put_number(text, 279, action);
	put_number(text, 269, below(state, 3));
	if (is_increment && (is_first || below(state, 4) == 0))
		put_known_symbol(text, state);
	put_price(text, 270, state);
	if (!is_increment || action != 2 || below(state, 2) == 0)
		put_size(text, state);
}

static void
make_of_session(struct text *text, uint64_t *state, uint64_t sequence)
{
	static const uint32_t counts[] = { 1, 1, 2, 3 };
	uint32_t entries = counts[below(state, 4)];
	int is_increment = (int)below(state, 2);

	text->len = 0;
	text->fields = 0;
	put(text, 35, is_increment ? "X" : "W");
	put(text, 49, "VENUE");
	put(text, 56, "FIRM");
	put_number(text, 34, sequence);
	put_time(text, 52, state);
	if (!is_increment)
		put_known_symbol(text, state);
	put_number(text, 268, entries);
	for (uint32_t i = 0; i < entries; i++)
		put_whole_entry(text, state, i == 0, is_increment);
}

/* Head, body and trailer behind the log's end; there is room. */
static void
append(struct fix_log *log, const char *version, const struct text *text)
{
	uint8_t *start = log->bytes + log->len;
	int len = snprintf((char *)start, FIX_LOG_MESSAGE_MAX, "8=%s\0019=%u\001%.*s", version,
		text->len, (int)text->len, text->bytes);
	uint32_t sum = 0;

	for (int i = 0; i < len; i++)
		sum += start[i];
	len += snprintf((char *)start + len, 8, "10=%03u\001", sum % 256);
	log->len += (uint32_t)len;
	log->messages++;
	log->fields += text->fields;
}

int
fix_log_init(struct fix_log *log, uint32_t messages, uint64_t seed)
{
	struct text text;

	memset(log, 0, sizeof(*log));
	log->bytes = calloc(messages, FIX_LOG_MESSAGE_MAX);
	if (log->bytes == NULL)
		return -1;
	for (uint32_t i = 0; i < messages; i++) {
		make(&text, &seed, 100000 + i * 7UL);
		append(log, "FIXT.1.1", &text);
	}
	return 0;
}

int
fix_log_init_session(struct fix_log *log, uint32_t messages, uint64_t seed, uint64_t first)
{
	struct text text;

	memset(log, 0, sizeof(*log));
	log->bytes = calloc(messages, FIX_LOG_MESSAGE_MAX);
	if (log->bytes == NULL)
		return -1;
	for (uint32_t i = 0; i < messages; i++) {
		make_of_session(&text, &seed, first + i);
		append(log, "FIX.4.4", &text);
	}
	return 0;
}

void
fix_log_fini(struct fix_log *log)
{
	free(log->bytes);
}
