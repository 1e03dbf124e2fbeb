/* SPDX-License-Identifier: BSD-3-Clause */

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_common.h>

#include "fix_bytes.h"

#define SOH           1
#define TRAILER_BYTES 7
#define LENGTH_MAX    65000U
#define DECIMALS      9

/* A message: where its body begins and ends. */
struct message {
	const uint8_t *body;
	const uint8_t *trailer;
};

static void
wrong(const char *what)
{
	rte_exit(EXIT_FAILURE, "bench_fix: byte by byte, %s: the figures are void\n", what);
}

static inline struct message
frame(const uint8_t *at, const uint8_t *end)
{
	const uint8_t *start = at;
	struct message message;
	uint32_t length = 0;
	uint8_t sum = 0;
	uint32_t announced = 0;

	if (end - at < 24 || memcmp(at, "8=FIX", 5) != 0)
		wrong("no begin");
	while (*at != SOH && at < end - 2)
		at++;
	if (memcmp(at + 1, "9=", 2) != 0)
		wrong("no length");
	for (at += 3; at < end && *at != SOH; at++) {
		if (*at < '0' || *at > '9' || length > LENGTH_MAX)
			wrong("a bad length");
		length = length * 10 + *at - '0';
	}
	message.body = at + 1;
	if (end - message.body < (ptrdiff_t)length + TRAILER_BYTES ||
		memcmp(message.body, "35=", 3) != 0)
		wrong("a short message");
	message.trailer = message.body + length;
	if (message.trailer[-1] != SOH || memcmp(message.trailer, "10=", 3) != 0 ||
		message.trailer[6] != SOH)
		wrong("no trailer");
	for (int i = 3; i < 6; i++) {
		if (message.trailer[i] < '0' || message.trailer[i] > '9')
			wrong("a bad sum");
		announced = announced * 10 + message.trailer[i] - '0';
	}
	for (at = start; at < message.trailer; at++)
		sum = (uint8_t)(sum + *at);
	if (sum != announced)
		wrong("another sum");
	return message;
}

void
fix_bytes_frame(const struct fix_log *log, struct fix_found *found)
{
	const uint8_t *at = log->bytes;
	const uint8_t *end = at + log->len;

	while (at < end) {
		struct message message = frame(at, end);

		found->messages++;
		found->tags += (uint64_t)(message.trailer - message.body);
		at = message.trailer + TRAILER_BYTES;
	}
}

/* A field: the byte before the value, and the delimiter behind. */
static inline uint32_t
next_field(const uint8_t *at, const uint8_t *end, const uint8_t **equal, const uint8_t **soh)
{
	uint32_t tag = 0;

	for (*equal = at; *equal < end && **equal != '='; (*equal)++) {
		if (**equal < '0' || **equal > '9' || *equal - at > 8)
			wrong("a bad tag");
		tag = tag * 10 + **equal - '0';
	}
	for (*soh = *equal; *soh < end && **soh != SOH; (*soh)++)
		;
	if (*at == '0' || *equal == at || *soh - *equal < 2 || *soh == end)
		wrong("a bad field");
	return tag;
}

void
fix_bytes_walk(const struct fix_log *log, struct fix_found *found)
{
	const uint8_t *at = log->bytes;
	const uint8_t *end = at + log->len;

	while (at < end) {
		struct message message = frame(at, end);
		const uint8_t *equal;
		const uint8_t *soh;

		for (at = message.body; at < message.trailer; at = soh + 1) {
			found->tags += next_field(at, message.trailer, &equal, &soh);
			found->lengths += (uint64_t)(soh - equal - 1);
		}
		found->messages++;
		at = message.trailer + TRAILER_BYTES;
	}
}

static uint64_t
price_of(const uint8_t *at, const uint8_t *end)
{
	int64_t ticks = 0;
	int decimals = -1;
	bool is_negative = *at == '-';

	for (at += is_negative; at < end; at++) {
		if (*at == '.' && decimals < 0) {
			decimals = 0;
			continue;
		}
		if (*at < '0' || *at > '9')
			wrong("a bad price");
		if (decimals == DECIMALS)
			continue;
		decimals += decimals >= 0;
		if (__builtin_mul_overflow(ticks, 10, &ticks) ||
			__builtin_add_overflow(ticks, *at - '0', &ticks))
			wrong("a price that is too long");
	}
	for (decimals = decimals < 0 ? 0 : decimals; decimals < DECIMALS; decimals++) {
		if (__builtin_mul_overflow(ticks, 10, &ticks))
			wrong("a price that is too high");
	}
	return is_negative ? -(uint64_t)ticks : (uint64_t)ticks;
}

static inline void
dispatch(uint32_t tag, const uint8_t *value, const uint8_t *soh, struct fix_found *found)
{
	uint64_t len = (uint64_t)(soh - value);

	switch (tag) {
	case 35:
		found->types += value[0];
		break;
	case 52:
		found->lengths += len;
		break;
	case 55:
		found->symbols += soh[-1];
		break;
	case 268:
		found->entries += (uint64_t)(value[0] - '0');
		break;
	case 269:
		found->sides[(value[0] - '0') & 3]++;
		break;
	case 270:
		found->prices += price_of(value, soh);
		break;
	case 271:
		found->sizes += len;
		break;
	case 279:
		found->actions[(value[0] - '0') & 3]++;
		break;
	case 1180:
		found->feeds += len;
		break;
	case 1181:
		found->sequences += len;
		break;
	default:
		wrong("a tag that is not in the log");
	}
}

void
fix_bytes_dispatch(const struct fix_log *log, struct fix_found *found)
{
	const uint8_t *at = log->bytes;
	const uint8_t *end = at + log->len;

	while (at < end) {
		struct message message = frame(at, end);
		const uint8_t *equal;
		const uint8_t *soh;

		for (at = message.body; at < message.trailer; at = soh + 1) {
			uint32_t tag = next_field(at, message.trailer, &equal, &soh);

			dispatch(tag, equal + 1, soh, found);
		}
		found->messages++;
		at = message.trailer + TRAILER_BYTES;
	}
}
