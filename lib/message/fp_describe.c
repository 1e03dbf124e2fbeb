/* SPDX-License-Identifier: BSD-3-Clause */

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "fp_message.h"

/** A line that grows; what does not fit is cut off. */
struct line {
	char *text;
	size_t cap;
	size_t len;
};

static FP_PRINTF(2, 3) void append(struct line *line, const char *fmt, ...)
{
	va_list args;
	int added;

	va_start(args, fmt);
	added = vsnprintf(line->text + line->len, line->cap - line->len, fmt, args);
	va_end(args);
	if (added > 0)
		line->len += (size_t)added;
	if (line->len >= line->cap)
		line->len = line->cap - 1;
}

/* Single characters are printed as they are when they can be, in hex otherwise. */
static void
append_u8(struct line *line, const char *name, uint8_t value)
{
	if (value >= '0' && value <= 'z') {
		append(line, " %s=%c", name, value);
	} else {
		append(line, " %s=%u", name, value);
	}
}

static void
append_text(struct line *line, const char *name, const char *text, size_t len)
{
	append(line, " %s=\"", name);
	for (size_t i = 0; i < len && text[i] != '\0'; i++) {
		if (text[i] >= ' ' && text[i] <= '~') {
			append(line, "%c", text[i]);
		} else {
			append(line, "\\x%02x", (uint8_t)text[i]);
		}
	}
	append(line, "\"");
}

#define PRINT_u8(name)       append_u8(line, #name, body->name)
#define PRINT_u16(name)      append(line, " " #name "=%" PRIu16, body->name)
#define PRINT_u32(name)      append(line, " " #name "=%" PRIu32, body->name)
#define PRINT_u64(name)      append(line, " " #name "=%" PRIu64, body->name)
#define PRINT_price(name)    append(line, " " #name "=%" PRId64, body->name.ticks)
#define PRINT_qty(name)      append(line, " " #name "=%" PRId64, body->name.units)
#define PRINT_symbol16(name) append_text(line, #name, body->name.text, sizeof(body->name.text))
#define PRINT_tag4(name)     append_text(line, #name, body->name.text, sizeof(body->name.text))
#define PRINT_pad2(name)     (void)0
#define PRINT_pad3(name)     (void)0
#define PRINT_pad5(name)     (void)0
#define PRINT_pad6(name)     (void)0
#define PRINT_pad7(name)     (void)0

#define PRINT_FIELD(kind, field, help) PRINT_##kind(field);

#define PRINTER(code, NAME, name, help)                                                   \
	static void print_##name(struct line *line, const struct fp_message_##name *body) \
	{                                                                                 \
		FP_FIELDS_##NAME(PRINT_FIELD)                                             \
	}

FP_MESSAGES(PRINTER)

#define PRINT_CASE(code, NAME, name, help)           \
	case code:                                   \
		print_##name(&line, &message->name); \
		break;

/* The text is written through the line. NOLINTBEGIN(readability-non-const-parameter) */
size_t
fp_message_describe(const struct fp_message *message, char *text, size_t cap)
/* NOLINTEND(readability-non-const-parameter) */
{
	struct line line = { text, cap, 0 };

	append(&line, "%s instrument=%" PRIu32 " time_ns=%" PRIu64, fp_message_name(message->type),
		message->instrument_id, message->time_ns);
	switch (message->type) {
		FP_MESSAGES(PRINT_CASE)
	default:
		append(&line, " type=0x%02x", message->type);
	}
	return line.len;
}
