/* SPDX-License-Identifier: BSD-3-Clause */

#include "fix_message.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "complain.h"

#define FIRST_HOUR 14 /* 2024-01-02 14:00:00, as in the captures */

/* Messages have a bound by construction: at most ten entries of a hundred bytes. */
__attribute__((format(printf, 2, 3))) static void
add(struct fix_message *message, const char *format, ...)
{
	const size_t room = sizeof(message->body) - message->body_len;
	va_list arguments;
	int written;

	va_start(arguments, format);
	written = vsnprintf(message->body + message->body_len, room, format, arguments);
	va_end(arguments);
	if (written < 0 || (size_t)written >= room) {
		complain("a message outgrew its room of %zu bytes", sizeof(message->body));
		abort();
	}
	message->body_len += (size_t)written;
}

void
fix_begin(struct fix_message *message, char type, uint64_t sequence)
{
	message->type = type;
	message->sequence = sequence;
	message->body_len = 0;
	fix_add_character(message, 35, type);
}

void
fix_add_text(struct fix_message *message, unsigned int tag, const char *value)
{
	add(message, "%u=%s%c", tag, value, FIX_SOH);
}

void
fix_add_number(struct fix_message *message, unsigned int tag, uint64_t value)
{
	add(message, "%u=%" PRIu64 "%c", tag, value, FIX_SOH);
}

void
fix_add_character(struct fix_message *message, unsigned int tag, char value)
{
	add(message, "%u=%c%c", tag, value, FIX_SOH);
}

void
fix_add_time(struct fix_message *message, unsigned int tag, uint64_t ms)
{
	const uint64_t seconds = ms / 1000;
	const uint64_t hours = FIRST_HOUR + seconds / 3600;

	add(message, "%u=202401%02u-%02u:%02u:%02u.%03u%c", tag,
		(unsigned int)(2 + hours / 24 % 28), (unsigned int)(hours % 24),
		(unsigned int)(seconds / 60 % 60), (unsigned int)(seconds % 60),
		(unsigned int)(ms % 1000), FIX_SOH);
}

void
fix_add_price(struct fix_message *message, unsigned int tag, int64_t cents, int is_dirty)
{
	const int64_t below = cents - 1;

	if (is_dirty && (cents & 1) != 0) {
		add(message, "%u=%" PRId64 ".%02" PRId64 "9999999999%c", tag, below / FIX_CENTS,
			below % FIX_CENTS, FIX_SOH);
	} else if (is_dirty) {
		add(message, "%u=%" PRId64 ".%02" PRId64 "0000000001%c", tag, cents / FIX_CENTS,
			cents % FIX_CENTS, FIX_SOH);
	} else if (cents % FIX_CENTS == 0) {
		add(message, "%u=%" PRId64 "%c", tag, cents / FIX_CENTS, FIX_SOH);
	} else {
		add(message, "%u=%" PRId64 ".%02" PRId64 "%c", tag, cents / FIX_CENTS,
			cents % FIX_CENTS, FIX_SOH);
	}
}

void
fix_end(struct fix_message *message, const char *begin_string)
{
	unsigned int sum = 0;
	int head = snprintf(message->bytes, sizeof(message->bytes), "8=%s%c9=%zu%c", begin_string,
		FIX_SOH, message->body_len, FIX_SOH);

	message->body_at = (size_t)head;
	message->trailer_at = message->body_at + message->body_len;
	if (message->trailer_at + 8 > sizeof(message->bytes)) {
		complain("a message outgrew its room of %zu bytes", sizeof(message->bytes));
		abort();
	}
	memcpy(message->bytes + head, message->body, message->body_len);
	for (size_t i = 0; i < message->trailer_at; i++)
		sum += (uint8_t)message->bytes[i];
	snprintf(message->bytes + message->trailer_at, 8, "10=%03u%c", sum % 256, FIX_SOH);
	message->len = message->trailer_at + 7;
}
