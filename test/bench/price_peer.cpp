/* SPDX-License-Identifier: BSD-3-Clause */

#include <charconv>
#include <cmath>
#include <cstring>

#include "price_peer.h"

int64_t
price_peer_from_chars_one(const char *text, uint32_t len, double scale)
{
	double value = 0;

	if (std::from_chars(text, text + len, value).ec != std::errc())
		return INT64_MIN;
	return std::llround(value * scale);
}

uint64_t
price_peer_from_chars(
	const char *buffer, const struct price_text *texts, uint32_t count, double scale)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < count; i++) {
		const char *text = buffer + texts[i].offset;

		sum += (uint64_t)price_peer_from_chars_one(text, texts[i].len, scale);
	}
	return sum;
}

/* Digits of the integer, those behind the point moved by one; zeros where there are too few. */
static uint32_t
to_chars_one(int64_t ticks, uint32_t decimals, char *to)
{
	char digits[24] = {};
	char *start = digits;
	char *end = std::to_chars(digits, digits + sizeof(digits), ticks).ptr;
	char *at = to;
	uint32_t count;

	if (*start == '-')
		*at++ = *start++;
	count = (uint32_t)(end - start);
	if (count > decimals) {
		std::memcpy(at, start, count - decimals);
		at += count - decimals;
		start += count - decimals;
		*at++ = '.';
	} else {
		*at++ = '0';
		*at++ = '.';
		std::memset(at, '0', decimals - count);
		at += decimals - count;
	}
	std::memcpy(at, start, (size_t)(end - start));
	return (uint32_t)(at + (end - start) - to);
}

uint64_t
price_peer_to_chars(const int64_t *ticks, uint32_t count, uint32_t decimals, char *to)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < count; i++)
		sum += to_chars_one(ticks[i], decimals, to);
	return sum;
}
